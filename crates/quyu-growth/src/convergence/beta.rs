//! `beta-convergence`: do those who were poor grow faster, and how fast does the gap close?

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Over, Point, Role, Trend};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, RegionCode, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::{Beta, BetaNls, beta, beta_nls};
use quyu_econometrics::regression::{Coefficient, Covariance};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, Span, VALUE, When, chain_manual};
use super::{at_least, failed};

/// The declaration of `beta-convergence`.
pub(crate) const ENTRY: Entry = Entry {
    id: "beta-convergence",
    summary: "Growth regression: whether the poor grow faster, speed and half-life",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::optional(
            "group",
            ParamKind::Expr,
            "a partition: a constant for each group, so that convergence is within groups",
        ),
        Param::optional(
            "conditions",
            ParamKind::List(&ParamKind::Column),
            "indicators of the first year that stand beside the value, as they are",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["linear", "nonlinear"]),
            "linear",
            "the slope by least squares, or the speed itself by nonlinear least squares",
        ),
        Param::with_default(
            "covariance",
            ParamKind::Choice(&["classical", "hc0", "hc1", "hc2", "hc3"]),
            "classical",
            "standard errors: of equal variances, or robust ones",
        ),
        Param::with_default(
            "confidence",
            ParamKind::Number { min: 0.5, max: 0.999 },
            "0.95",
            "level of the intervals",
        ),
    ],
    example: "value = \"gdp_pc\"\ngroup = \"halves\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Do regions that were poor grow faster, and how long does it take until half of the gap is closed?

**Definition.** With y0 and y1 the values of the first and the last year and T the years between them, least squares of ln(y1 / y0) / T on a
constant and ln y0, with a constant for each group but the first if `group` is given, and the `conditions` as they are. Every region counts
once. Beta is the slope on ln y0: below zero the poor grow faster. Speed = -ln(1 + beta T) / T, the share of the gap that closes in a
short time; half-life = ln 2 / speed, where speed is positive. Standard errors of both by the delta method. `variant = \"nonlinear\"` estimates the speed itself, by
nonlinear least squares of ln(y1 / y0) / T on a constant less (1 - exp(-speed T)) / T ln y0: with one T the same fit, speed and standard error, written
otherwise; where 1 + beta T is not positive there is none. p-values and intervals by Student's t with n - k degrees of freedom. `covariance`: classical, White (hc0), times
n / (n - k) (hc1), or with leverages (hc2, hc3).

",
    chain_manual!(),
    "
**Limits.** At current prices growth includes inflation, which is the same for all only if prices move alike. A negative beta does not say
that the spread falls (see `sigma-convergence`). Regions are neighbours, not independent draws; errors that are correlated in space make the
standard errors too small. Values must be positive.

**References.** Barro and Sala-i-Martin 1992, Journal of Political Economy 100:223-251; White 1980, Econometrica 48:817-838; MacKinnon and White
1985, Journal of Econometrics 29:305-325.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Growth {
        asked: Asked::new(ENTRY.id, params)?,
        nonlinear: params.text("variant") == Some("nonlinear"),
        group: params.text("group").map(str::to_owned),
        conditions: params.terms(ENTRY.id, "conditions")?,
        covariance: match params.text("covariance") {
            Some("hc0") => Covariance::Hc0,
            Some("hc1") => Covariance::Hc1,
            Some("hc2") => Covariance::Hc2,
            Some("hc3") => Covariance::Hc3,
            _ => Covariance::Classical,
        },
        confidence: params.number("confidence").unwrap_or(0.95),
    }))
}

#[derive(Debug)]
struct Growth {
    asked: Asked,
    nonlinear: bool,
    group: Option<String>,
    conditions: Vec<Term>,
    covariance: Covariance<'static>,
    confidence: f64,
}

/// One line of the result: name for the CSV, name for readers, estimate.
type Estimated = (String, String, Coefficient);

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    /// First and last year.
    series: Series,
    /// Positions and names of groups, where there are any.
    groups: (Vec<usize>, Vec<String>),
    fit: Beta,
    nonlinear: bool,
    rows: Vec<Estimated>,
    value: String,
    unit: String,
    confidence: f64,
}

impl Analysis for Growth {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.asked.needs();
        needs.extend(self.conditions.iter().cloned().map(Need::Indicator));
        needs.extend(self.group.clone().map(Need::Partition));
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (series, conditions) =
            self.asked
                .load_with(ENTRY.id, study, Span::Ends, &self.conditions, When::First)?;
        let groups = self.groups(study, &series.regions)?;
        let (n, extra) = (
            series.regions.len(),
            groups.1.len().saturating_sub(1) + self.conditions.len(),
        );
        at_least(ENTRY.id, study, n, extra + 3)?;
        let mut cells = Vec::with_capacity(n * extra);
        for r in 0..n {
            cells.extend((1..groups.1.len()).map(|g| f64::from(u8::from(groups.0[r] == g))));
            cells.extend(conditions.iter().map(|column| column[r]));
        }
        let names = series.regions.clone();
        let at_region = failed("beta convergence", &names, 1);
        let z = (extra > 0).then(|| Matrix::new(&cells, n, extra));
        let z = z.transpose().map_err(&at_region)?;
        let years = f64::from(study.period.to.get() - study.period.from.get());
        let (first, last) = (series.column(0), series.column(1));
        let fit = beta(&first, &last, years, z, self.covariance).map_err(&at_region)?;
        let rows = match self.nonlinear {
            true => {
                let fit = beta_nls(&first, &last, years, z, self.covariance).map_err(&at_region)?;
                self.speeds(study, &groups.1, &fit)
            }
            false => self.slopes(study, &groups.1, &fit),
        };
        let worked = Worked {
            rows,
            value: self.asked.label(study),
            unit: self.asked.unit(study),
            nonlinear: self.nonlinear,
            study,
            series,
            groups,
            fit,
            confidence: self.confidence,
        };
        Ok(Findings {
            tables: vec![worked.table()?, worked.regions()],
            figures: vec![worked.figure()],
            notes: worked.notes(),
        })
    }
}

impl Growth {
    fn groups(
        &self,
        study: &Study,
        regions: &[RegionCode],
    ) -> Result<(Vec<usize>, Vec<String>), AnalysisError> {
        let Some(id) = &self.group else {
            return Ok((vec![0; regions.len()], Vec::new()));
        };
        let partition = study.atlas.partition(id)?;
        let (labels, groups) = partition.cover(&study.focus.id, regions)?;
        Ok((labels, groups.into_iter().map(|g| g.label).collect()))
    }

    fn slopes(&self, study: &Study, groups: &[String], fit: &Beta) -> Vec<Estimated> {
        let c = &fit.inference.coefficients;
        let mut rows = vec![
            estimated("beta", "Beta (slope on ln of the first year)", c[1]),
            estimated("constant", "Constant", c[0]),
        ];
        rows.extend(self.beside(study, groups, &c[2..]));
        if let Some(speed) = &fit.speed {
            rows.push(estimated("speed", "Speed a year", speed.speed));
            rows.extend(speed.half_life.map(half_life));
        }
        rows
    }

    fn speeds(&self, study: &Study, groups: &[String], fit: &BetaNls) -> Vec<Estimated> {
        let mut rows = vec![
            estimated("speed", "Speed a year", fit.speed),
            estimated("constant", "Constant", fit.alpha),
        ];
        rows.extend(self.beside(study, groups, &fit.conditions));
        rows.extend(fit.half_life.map(half_life));
        rows
    }

    /// The coefficients of groups and conditions.
    fn beside(&self, study: &Study, groups: &[String], coefficients: &[Coefficient]) -> Vec<Estimated> {
        let groups = groups.iter().skip(1).map(|g| (g.clone(), g.clone()));
        let label = |t: &Term| (t.to_string(), study.atlas.codebook.label(t));
        let names = groups.chain(self.conditions.iter().map(label));
        names
            .zip(coefficients)
            .map(|((id, label), c)| (id, label, *c))
            .collect()
    }
}

fn estimated(id: &str, label: &str, coefficient: Coefficient) -> Estimated {
    (id.to_owned(), label.to_owned(), coefficient)
}

fn half_life(coefficient: Coefficient) -> Estimated {
    estimated("half-life", "Half-life (years)", coefficient)
}

impl Worked<'_> {
    fn span(&self) -> String {
        format!("{} to {}", self.study.period.from, self.study.period.to)
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = self.series.notes.clone();
        let mut say = |text: &str| notes.push(Note::new(NoteKind::Method, text));
        match &self.fit.speed {
            None => say("There is no speed of convergence: 1 + beta times years is not positive."),
            Some(speed) if speed.half_life.is_none() => {
                say("There is no half-life: regions do not converge.");
            }
            Some(_) => {}
        }
        notes
    }

    fn table(&self) -> Result<Table, AnalysisError> {
        let columns = vec![
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::of(C::StdError, "1"),
            Column::of(C::ConfLow, "1"),
            Column::of(C::ConfHigh, "1"),
            Column::of(C::PValue, "1"),
            Column::key(C::N),
        ];
        let kind = match self.nonlinear {
            true => "Nonlinear growth regression",
            false => "Growth regression",
        };
        let title = format!("{kind} of {}, {}", lower_first(&self.value), self.span());
        let mut table = Table::new(ENTRY.id, title, columns);
        let main = self.rows.first().map(|row| row.0.clone());
        let mut rows = Vec::new();
        let n = self.series.regions.len();
        let (from, to) = (self.study.period.from, self.study.period.to);
        let mut push = |id: String, numbers: [Option<f64>; 5]| {
            let mut row = vec![
                Cell::Integer(i64::from(from.get())),
                Cell::Integer(i64::from(to.get())),
                id.into(),
            ];
            row.extend(numbers.map(Cell::from));
            row.push(n.into());
            table.push(row);
        };
        for (id, label, c) in &self.rows {
            let (low, high) = c
                .interval(self.confidence)
                .map_err(|e| AnalysisError::statistic("beta convergence", e))?;
            push(
                id.clone(),
                [
                    Some(c.estimate),
                    Some(c.std_error),
                    Some(low),
                    Some(high),
                    c.p_value(),
                ],
            );
            let digits = Style::Fixed(if id == "half-life" { 1 } else { 4 });
            let shown = [c.estimate, c.std_error, low, high].map(|x| Shown::Number(x, digits));
            let mut cells = vec![Shown::Text(label.clone())];
            cells.extend(shown);
            cells.push(Shown::maybe(c.p_value(), Style::P));
            rows.push(ViewRow {
                cells,
                strong: main.as_ref() == Some(id),
            });
        }
        let r_squared = self.fit.regression.r_squared();
        push("r-squared".to_owned(), [r_squared, None, None, None, None]);
        rows.push(ViewRow {
            cells: [
                vec![
                    Shown::Text(format!("R² ({n} regions)")),
                    Shown::maybe(r_squared, Style::Fixed(3)),
                ],
                vec![Shown::Missing; 4],
            ]
            .concat(),
            strong: false,
        });
        let level = styled(self.confidence, Style::Percent(0));
        Ok(table.with_view(View {
            head: vec![
                Head::text("Term"),
                Head::number("Estimate"),
                Head::number("Standard error"),
                Head::number(format!("{level} % from")),
                Head::number("to"),
                Head::number("p"),
            ],
            rows,
            source: self.series.source.clone(),
        }))
    }

    /// What went in: the first year and growth of each region, with the growth that the regression expects.
    fn regions(&self) -> Table {
        let columns = vec![
            Column::key(C::Region),
            Column::key(C::Name),
            Column::of(C::Value, self.unit.clone()),
            Column::of(C::Estimate, "1"),
            Column::of(C::Expected, "1"),
        ];
        let title = format!("Yearly growth (logarithms) by region, {}", self.span());
        let mut table = Table::new("regions", title, columns);
        let first = self.series.column(0);
        let growth = self.fit.growth.iter().zip(&self.fit.regression.residuals);
        for ((region, value), (growth, residual)) in self.series.regions.iter().zip(&first).zip(growth) {
            table.push(vec![
                region.to_string().into(),
                self.study.atlas.regions.label(region).into(),
                (*value).into(),
                (*growth).into(),
                (growth - residual).into(),
            ]);
        }
        table
    }

    /// The line of the regression, where nothing but the first year is in it.
    fn trend(&self) -> Option<Trend> {
        match self.fit.inference.coefficients.as_slice() {
            [constant, slope] => Some(Trend {
                label: "regression".to_owned(),
                intercept: 100.0 * constant.estimate,
                slope: 100.0 * slope.estimate,
            }),
            _ => None,
        }
    }

    fn figure(&self) -> Figure {
        let (from, beta) = (self.study.period.from, self.fit.beta);
        let whole = self.study.focus.members().len() > 1;
        let first = self.series.column(0);
        let points = self.series.regions.iter().enumerate().map(|(r, region)| Point {
            label: self.study.atlas.regions.label(region),
            x: quyu_math::ln(first[r]),
            y: 100.0 * self.fit.growth[r],
            group: self.groups.0[r],
            role: match (whole, self.groups.1.is_empty()) {
                (true, false) => Role::Category(self.groups.0[r]),
                _ => Role::Peer,
            },
        });
        let said = match beta.estimate < 0.0 {
            true => "fell with",
            false => "rose with",
        };
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{}: growth against the first year, {}", self.value, self.span()),
            alt: format!(
                "Scatter of yearly growth against the logarithm of the value in {from}. Growth {said} the value at the start: \
                 slope {}, standard error {}, {} regions.",
                styled(beta.estimate, Style::Fixed(4)),
                styled(beta.std_error, Style::Fixed(4)),
                self.series.regions.len()
            ),
            source: self.series.source.clone(),
            chart: Chart::Scatter {
                x: Axis::new(format!("Logarithm of {} in {from}", self.value), ""),
                y: Axis::new("Growth", "% a year"),
                groups: match self.groups.1.is_empty() {
                    true => vec![self.study.focus.name_en.clone()],
                    false => self.groups.1.clone(),
                },
                points: points.collect(),
                over: Over {
                    trend: self.trend(),
                    ..Over::default()
                },
            },
        }
    }
}
