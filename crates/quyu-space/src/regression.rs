//! `spatial-regression`: what a figure depends on, where regions depend on their neighbours.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Interval, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::regression::{ChiSquareTest, Covariance, Ols, OlsOptions, ols};
use quyu_econometrics::space::{
    LagrangeTests, ResidualMoran, SpatialModel, SpatialRegression, lagrange_tests, moran_residuals,
    spatial_error, spatial_lag,
};
use quyu_econometrics::{Error, Matrix};

use crate::map::{COUNT, DISTANCE, Map, NEIGHBOURS, Question, ROW};

/// The declaration of `spatial-regression`.
pub(crate) const ENTRY: Entry = Entry {
    id: "spatial-regression",
    summary: "Regression with a spatial lag or spatial errors, and the tests that choose between them",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "the variable that is explained"),
        Param::required(
            "features",
            ParamKind::List(&ParamKind::Column),
            "the indicators that explain it",
        ),
        Param::with_default(
            "transform",
            ParamKind::Choice(&["none", "log"]),
            "none",
            "whether the value is explained, or its natural logarithm",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["ols", "lag", "error"]),
            "ols",
            "least squares alone, a spatial lag of the value, or spatial errors; all have the tests",
        ),
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        ROW,
        Param::with_default(
            "confidence",
            ParamKind::Number { min: 0.5, max: 0.999 },
            "0.95",
            "level of the intervals",
        ),
    ],
    example: "value = \"gdp_pc\"\nfeatures = [\"rd_per_gdp\"]\ntransform = \"log\"\nvariant = \"error\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** What does a figure depend on, once it is allowed for that neighbours are alike?

**Definition.** The members of the reference in the last year; y the value (`transform = \"log\"`: its natural logarithm), X a constant and the
`features`. Least squares: y = X b + e, classical standard errors, Student's t.

A model with a spatial parameter is estimated by maximum likelihood with normal e: rho or lambda maximises ln det(I - rho W) - n/2 ln(SSE / n) -
n/2 (1 + ln 2 pi) between plus and minus one over the largest eigenvalue of W. Standard errors are those of the information matrix, p and intervals
by the normal distribution. AIC = 2 (coefficients + 2) - 2 ln L (least squares: + 1); `likelihood-ratio`: twice the gain over least squares, chi-square
with 1 degree of freedom.

**Variant `lag`.** y = rho W y + X b + e: y depends on y next door. b is not the effect of x; `impacts` are, means over regions: *direct*
b tr((I - rho W)^-1) / n in the region itself, *total* b 1'(I - rho W)^-1 1 / n in all, *indirect* the rest.

**Variant `error`.** y = X b + u, u = lambda W u + e: what is left out spreads. b is the effect of x.

**Tests.** Of the least squares. `moran`: I of the residuals, with the moments of residuals of independent normal errors. With s2 = e'e / n,
T = tr(W'W + W^2), J = ((WXb)' M (WXb) + T s2) / s2: `lm-error` = (e'We / s2)^2 / T; `lm-lag` = (e'Wy / s2)^2 / J; `robust-lm-error`,
`robust-lm-lag`: the same where the other is there, too; `sarma` both together. Chi-square with 1 degree of freedom, `sarma` with 2. The note follows Anselin's rule: the
one that is significant; if both are, the one whose robust test has the smaller p.

**Limits.** A region without neighbours stays, with a lag of zero. The borders decide: try `neighbours`. With some thirty regions the tests find strong
dependence only, and a lag, spatial errors and a left-out variable look alike. Nothing here is a cause.

**References.** Ord 1975, Journal of the American Statistical Association 70:120-126; Anselin 1988, Spatial Econometrics; Anselin, Bera, Florax and Yoon 1996, Regional
Science and Urban Economics 26:77-104; Anselin 2005, Exploring Spatial Data with GeoDa (the rule); LeSage and Pace 2009, Introduction to Spatial Econometrics; Cliff and Ord
1981, Spatial Processes.
";

/// Level of the rule that chooses.
const LEVEL: f64 = 0.05;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Ols,
    Lag,
    Error,
}

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let question = Question::new(ENTRY.id, params)?;
    let features = params.terms(ENTRY.id, "features")?;
    let repeated = |(i, f): &(usize, &Term)| features[..*i].contains(f) || **f == question.value;
    if let Some((_, term)) = features.iter().enumerate().find(repeated) {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("`{term}` cannot explain itself or stand twice among `features`"),
        });
    }
    Ok(Box::new(Regression {
        question,
        features,
        logs: params.text("transform") == Some("log"),
        variant: match params.text("variant") {
            Some("lag") => Variant::Lag,
            Some("error") => Variant::Error,
            _ => Variant::Ols,
        },
        confidence: params.number("confidence").unwrap_or(0.95),
    }))
}

#[derive(Debug)]
struct Regression {
    question: Question,
    features: Vec<Term>,
    logs: bool,
    variant: Variant,
    confidence: f64,
}

/// A coefficient as it is shown: its name, estimate, standard error, interval and p.
struct Line {
    id: String,
    label: String,
    numbers: [Option<f64>; 5],
}

impl Line {
    fn number(id: &str, label: &str, value: Option<f64>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            numbers: [value, None, None, None, None],
        }
    }
}

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    map: Map,
    y: Vec<f64>,
    ols: Ols,
    spatial: Option<SpatialRegression>,
    moran: ResidualMoran,
    tests: LagrangeTests,
    title: String,
}

impl Analysis for Regression {
    fn needs(&self) -> Vec<Need> {
        let features = self.features.iter().cloned().map(Need::Indicator);
        self.question.needs().into_iter().chain(features).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let terms: Vec<Term> = std::iter::once(&self.question.value)
            .chain(&self.features)
            .cloned()
            .collect();
        let map = self.question.map_of(study, &terms, &[study.period.to])?;
        let worked = self.work(study, map)?;
        let lines = self.lines(&worked).map_err(failed)?;
        let mut tables = vec![self.table(&worked, &lines), tests(&worked)];
        tables.extend(self.impacts(&worked));
        tables.push(regions(&worked));
        Ok(Findings {
            tables,
            figures: vec![self.figure(&worked, &lines)],
            notes: self.notes(&worked),
        })
    }
}

/// As many decimals as show three digits or more of the smaller number, up to six.
fn digits(estimate: Option<f64>, other: Option<f64>) -> Style {
    let sizes = [estimate, other].into_iter().flatten().map(f64::abs);
    let smallest = sizes.filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
    Style::Fixed(match smallest {
        x if x >= 100.0 => 0,
        x if x >= 10.0 => 1,
        x if x >= 1.0 => 2,
        x if x >= 0.1 => 3,
        x if x >= 0.01 => 4,
        _ => 6,
    })
}

fn failed(error: Error) -> AnalysisError {
    AnalysisError::statistic("spatial regression", error)
}

impl Regression {
    fn work<'a>(&self, study: &'a Study, map: Map) -> Result<Worked<'a>, AnalysisError> {
        let (n, k) = (map.x.len(), self.features.len());
        let y = self.explained(&map)?;
        let cells: Vec<f64> = (0..n)
            .flat_map(|r| (1..=k).map(move |f| (f, r)))
            .map(|(f, r)| map.block.column(f, 0)[r])
            .collect();
        let x = Matrix::new(&cells, n, k).map_err(failed)?;
        let spatial = match self.variant {
            Variant::Ols => None,
            Variant::Lag => Some(spatial_lag(&y, x, &map.weights).map_err(failed)?),
            Variant::Error => Some(spatial_error(&y, x, &map.weights).map_err(failed)?),
        };
        let kind = match self.variant {
            Variant::Ols => "Least squares",
            Variant::Lag => "Spatial lag model",
            Variant::Error => "Spatial error model",
        };
        let of = match self.logs {
            true => "of the logarithm of",
            false => "of",
        };
        Ok(Worked {
            title: self.question.title(study, &format!("{kind} {of}")),
            study,
            ols: ols(&y, x, &OlsOptions::default()).map_err(failed)?,
            moran: moran_residuals(&y, x, &map.weights).map_err(failed)?,
            tests: lagrange_tests(&y, x, &map.weights).map_err(failed)?,
            spatial,
            y,
            map,
        })
    }

    fn explained(&self, map: &Map) -> Result<Vec<f64>, AnalysisError> {
        if !self.logs {
            return Ok(map.x.clone());
        }
        let positive = |(i, x): (usize, &f64)| match *x > 0.0 {
            true => Ok(quyu_math::ln(*x)),
            false => Err(AnalysisError::Statistic {
                statistic: "spatial regression",
                region: map.block.regions.get(i).cloned(),
                source: Box::new(Error::Negative {
                    argument: "value",
                    index: i,
                    value: *x,
                }),
            }),
        };
        map.x.iter().enumerate().map(positive).collect()
    }

    /// Names of the coefficients.
    fn names(&self, study: &Study) -> Vec<(String, String)> {
        let features = self.features.iter().map(|f| {
            let label = study.atlas.codebook.label(f);
            (f.to_string(), label)
        });
        std::iter::once(("constant".to_owned(), "Constant".to_owned()))
            .chain(features)
            .collect()
    }

    fn lines(&self, worked: &Worked<'_>) -> Result<Vec<Line>, Error> {
        let names = self.names(worked.study);
        let Some(fit) = &worked.spatial else {
            let inference = worked.ols.inference(Covariance::Classical)?;
            let mut lines = Vec::new();
            for ((id, label), c) in names.into_iter().zip(&inference.coefficients) {
                let (low, high) = c.interval(self.confidence)?;
                let numbers = [
                    Some(c.estimate),
                    Some(c.std_error),
                    Some(low),
                    Some(high),
                    c.p_value(),
                ];
                lines.push(Line { id, label, numbers });
            }
            lines.push(Line::number("r-squared", "R²", worked.ols.r_squared()));
            return Ok(lines);
        };
        let spatial = match self.variant {
            Variant::Lag => ("rho", "Rho (lag of the value)"),
            _ => ("lambda", "Lambda (lag of the errors)"),
        };
        let names = names
            .into_iter()
            .chain([(spatial.0.to_owned(), spatial.1.to_owned())]);
        let q = quyu_math::normal_quantile(0.5 + self.confidence / 2.0);
        let coefficients = fit.coefficients.iter().chain([&fit.spatial]);
        let mut lines: Vec<Line> = names
            .zip(coefficients)
            .map(|((id, label), c)| {
                let half = q * c.std_error;
                let (low, high) = (c.estimate - half, c.estimate + half);
                let p = Some(c.p.two_sided);
                let numbers = [Some(c.estimate), Some(c.std_error), Some(low), Some(high), p];
                Line { id, label, numbers }
            })
            .collect();
        lines.push(Line::number(
            "variance",
            "Variance of the errors",
            Some(fit.variance),
        ));
        lines.push(Line::number(
            "log-likelihood",
            "Log-likelihood",
            Some(fit.log_likelihood),
        ));
        lines.push(Line::number(
            "log-likelihood-linear",
            "Log-likelihood of least squares",
            Some(fit.log_likelihood_linear),
        ));
        lines.push(Line::number("aic", "AIC", Some(fit.aic)));
        let aic = 2.0 * (fit.coefficients.len() as f64 + 1.0 - fit.log_likelihood_linear);
        lines.push(Line::number("aic-linear", "AIC of least squares", Some(aic)));
        let ratio = fit.likelihood_ratio;
        lines.push(Line {
            id: "likelihood-ratio".to_owned(),
            label: "Likelihood ratio against least squares".to_owned(),
            numbers: [Some(ratio.statistic), None, None, None, Some(ratio.p_value)],
        });
        Ok(lines)
    }

    fn table(&self, worked: &Worked<'_>, lines: &[Line]) -> Table {
        let columns = vec![
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::of(C::StdError, "1"),
            Column::of(C::ConfLow, "1"),
            Column::of(C::ConfHigh, "1"),
            Column::of(C::PValue, "1"),
            Column::key(C::N),
        ];
        let mut table = Table::new(ENTRY.id, worked.title.clone(), columns);
        let mut rows = Vec::new();
        for line in lines {
            let mut row: Vec<Cell> = vec![
                i64::from(worked.study.period.to.get()).into(),
                line.id.clone().into(),
            ];
            row.extend(line.numbers.map(Cell::from));
            row.push(worked.y.len().into());
            table.push(row);
            let mut cells = vec![Shown::Text(line.label.clone())];
            let style = digits(line.numbers[0], line.numbers[1]);
            cells.extend(line.numbers[..4].iter().map(|x| Shown::maybe(*x, style)));
            cells.push(Shown::maybe(line.numbers[4], Style::P));
            rows.push(ViewRow { cells, strong: false });
        }
        let level = styled(self.confidence, Style::Percent(0));
        table.with_view(View {
            head: vec![
                Head::text("Term"),
                Head::number("Estimate"),
                Head::number("Standard error"),
                Head::number(format!("{level} % from")),
                Head::number("to"),
                Head::number("p"),
            ],
            rows,
            source: worked.map.block.source.clone(),
        })
    }

    /// Effects of the features in the lag model.
    fn impacts(&self, worked: &Worked<'_>) -> Option<Table> {
        let fit = worked.spatial.as_ref().filter(|fit| !fit.impacts.is_empty())?;
        let columns = [C::Statistic, C::Component, C::Estimate];
        let title = format!("{}: effects of the features", worked.title);
        let mut table = Table::new("impacts", title, columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        for ((id, label), impact) in self.names(worked.study).into_iter().skip(1).zip(&fit.impacts) {
            let parts = [
                ("direct", impact.direct),
                ("indirect", impact.indirect),
                ("total", impact.total),
            ];
            for (part, value) in parts {
                table.push(vec![id.clone().into(), part.into(), value.into()]);
            }
            let mut cells = vec![Shown::Text(label)];
            let style = digits(Some(impact.total), Some(impact.direct));
            cells.extend(parts.map(|(_, value)| Shown::Number(value, style)));
            rows.push(ViewRow { cells, strong: false });
        }
        Some(table.with_view(View {
            head: vec![
                Head::text("Feature"),
                Head::number("Direct"),
                Head::number("Indirect"),
                Head::number("Total"),
            ],
            rows,
            source: worked.map.block.source.clone(),
        }))
    }

    fn notes(&self, worked: &Worked<'_>) -> Vec<Note> {
        // An island is said to leave n elsewhere; in a regression it stays.
        let kept = worked
            .map
            .notes
            .iter()
            .filter(|note| note.kind != NoteKind::Method);
        let mut notes: Vec<Note> = kept.cloned().collect();
        let islands = worked.map.weights.islands();
        if !islands.is_empty() {
            let regions: Vec<_> = islands
                .iter()
                .map(|i| worked.map.block.regions[*i].clone())
                .collect();
            let names: Vec<String> = regions
                .iter()
                .map(|r| worked.study.atlas.regions.label(r))
                .collect();
            notes.push(Note {
                kind: NoteKind::Method,
                text: format!("Without neighbours, with a lag of zero: {}.", names.join(", ")),
                regions,
            });
        }
        let advice = match worked.tests.choice(LEVEL) {
            SpatialModel::Linear => "least squares as they are",
            SpatialModel::Lag => "a spatial lag (`variant = \"lag\"`)",
            SpatialModel::Error => "spatial errors (`variant = \"error\"`)",
        };
        notes.push(Note::new(
            NoteKind::Method,
            format!("The Lagrange multiplier tests at {LEVEL}, by Anselin's rule, are for {advice}."),
        ));
        notes
    }

    /// The coefficients of the features with their intervals, in standard deviations of y a standard deviation of the feature.
    fn figure(&self, worked: &Worked<'_>, lines: &[Line]) -> Figure {
        let sd = |x: &[f64]| {
            let n = x.len() as f64;
            let mean = quyu_math::sum(x) / n;
            quyu_math::sqrt(quyu_math::sum_by(x.len(), |i| (x[i] - mean) * (x[i] - mean)) / n)
        };
        let spread = sd(&worked.y);
        let rows = lines[1..=self.features.len()]
            .iter()
            .enumerate()
            .map(|(f, line)| {
                let scale = sd(worked.map.block.column(f + 1, 0)) / spread;
                let number = |i: usize| line.numbers[i].unwrap_or_default() * scale;
                Interval {
                    label: line.label.clone(),
                    low: number(2),
                    high: number(3),
                    estimate: number(0),
                    nominal: Some(0.0),
                    role: Role::Focus,
                }
            });
        let level = styled(self.confidence, Style::Percent(0));
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{}: coefficients", worked.title),
            alt: format!(
                "Coefficients of {} features with {level} % intervals, in standard deviations; {} regions.",
                self.features.len(),
                worked.y.len()
            ),
            source: worked.map.block.source.clone(),
            chart: Chart::Intervals {
                axis: Axis::new(
                    format!(
                        "{} by a standard deviation of the feature",
                        lower_first(&self.question.label(worked.study))
                    ),
                    "standard deviations",
                ),
                estimate: "coefficient".to_owned(),
                nominal: Some("no effect".to_owned()),
                rows: rows.collect(),
            },
        }
    }
}

/// Tests of the least squares: what they are called in the CSV and for readers.
fn tests(worked: &Worked<'_>) -> Table {
    let chi = |test: ChiSquareTest| (test.statistic, test.p_value);
    let t = &worked.tests;
    let lines = [
        ("lm-lag", "LM, lag", Some(chi(t.lag))),
        ("robust-lm-lag", "Robust LM, lag", t.robust_lag.map(chi)),
        ("lm-error", "LM, errors", Some(chi(t.error))),
        ("robust-lm-error", "Robust LM, errors", t.robust_error.map(chi)),
        ("sarma", "LM, both (SARMA)", t.both.map(chi)),
    ];
    let columns = [C::Statistic, C::Estimate, C::Expected, C::Z, C::PValue];
    let title = format!(
        "{}: tests of spatial dependence in the least squares",
        worked.title
    );
    let mut table = Table::new("tests", title, columns.map(Column::key).to_vec());
    let moran = &worked.moran;
    let z = moran.normality.map(|n| n.z);
    let p = moran.normality.map(|n| n.p.two_sided);
    table.push(vec![
        "moran".into(),
        moran.estimate.into(),
        moran.expected.into(),
        z.into(),
        p.into(),
    ]);
    let row = |label: &str, value: Option<f64>, p: Option<f64>| ViewRow {
        cells: vec![
            Shown::Text(label.to_owned()),
            Shown::maybe(value, Style::Fixed(3)),
            Shown::maybe(p, Style::P),
        ],
        strong: false,
    };
    let mut rows = vec![row("Moran's I of the residuals", Some(moran.estimate), p)];
    for (id, label, test) in lines {
        let (statistic, p) = test.unzip();
        table.push(vec![
            id.into(),
            statistic.into(),
            Cell::Missing,
            Cell::Missing,
            p.into(),
        ]);
        rows.push(row(label, statistic, p));
    }
    table.with_view(View {
        head: vec![Head::text("Test"), Head::number("Statistic"), Head::number("p")],
        rows,
        source: worked.map.block.source.clone(),
    })
}

/// What is explained, and what is left, by region.
fn regions(worked: &Worked<'_>) -> Table {
    let columns = [C::Region, C::Name, C::Value, C::Estimate];
    let title = format!("{}: what was explained, and residuals", worked.title);
    let mut table = Table::new("regions", title, columns.map(Column::key).to_vec());
    let residuals = worked
        .spatial
        .as_ref()
        .map_or(&worked.ols.residuals, |fit| &fit.residuals);
    for ((region, y), residual) in worked.map.block.regions.iter().zip(&worked.y).zip(residuals) {
        table.push(vec![
            region.to_string().into(),
            worked.study.atlas.regions.label(region).into(),
            (*y).into(),
            (*residual).into(),
        ]);
    }
    table
}
