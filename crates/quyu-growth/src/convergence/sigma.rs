//! `sigma-convergence`: the spread of regions, year by year, and whether it fell.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::{
    SigmaChange, SigmaMeasure, SigmaOptions, SigmaTrend, sigma, sigma_change, sigma_trend,
};
use quyu_econometrics::regression::Covariance;

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, Span, VALUE, When, chain_manual};
use super::{at_least, failed};

/// The declaration of `sigma-convergence`.
pub(crate) const ENTRY: Entry = Entry {
    id: "sigma-convergence",
    summary: "Spread of a variable over regions, year by year, with tests that it fell",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::optional(
            "weight",
            ParamKind::Column,
            "population or another weight of the yearly spread; without it every region counts once",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["sd-of-logs", "cv"]),
            "sd-of-logs",
            "the standard deviation of logarithms, or the coefficient of variation",
        ),
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Do the regions become more alike?

**Definition.** `variant = \"sd-of-logs\"`: sigma is the standard deviation of the natural logarithms over the regions of the focus, with
division by n; `variant = \"cv\"`: the standard deviation over the mean. With a weight both are weighted by its shares of the year. The
regions are the same in all years. The trend is the slope of a least-squares line of sigma on the year (three years or more).

**Tests.** They compare the first and the last year and count every region once, also where sigma is weighted. With s0 and s1 the standard
deviations, v their covariance over the regions, n regions and p = v / s0²: `carree-klomp-lr` is
(n - 2.5) ln(1 + (s0² - s1²)² / (4 (s0² s1² - v²))), chi-square with one degree of freedom, which asks whether sigma changed;
`carree-klomp` is sqrt(n) (s0² / s1² - 1) / (2 sqrt(1 - p²)), normal, which asks whether it fell, and exists only where |p| < 1;
`lichtenberg` is s0² / s1² as F with n - 2 and n - 2 degrees of freedom, which is too cautious where the two years are correlated. The usual
F test for two independent samples is not offered: the regions of two years are no independent samples.

",
    chain_manual!(),
    "
**Limits.** Sigma may rise although the poor grow faster (beta convergence), when shocks are large. Regions are the population, not a
sample; the tests ask about the process behind them. Values must be positive for logarithms.

**References.** Barro and Sala-i-Martin 1992, Journal of Political Economy 100:223-251; Lichtenberg 1994, Review of Economics and Statistics
76:576-579; Carree and Klomp 1997, Review of Economics and Statistics 79:683-686.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let weighted = params.text("weight").is_some();
    let weight = weighted.then(|| params.term(ENTRY.id, "weight")).transpose()?;
    let measure = match params.text("variant") {
        Some("cv") => SigmaMeasure::CoefficientOfVariation,
        _ => SigmaMeasure::SdOfLogs,
    };
    Ok(Box::new(Sigma {
        asked: Asked::new(ENTRY.id, params)?,
        weight: weight.into_iter().collect(),
        options: SigmaOptions { measure, ddof: 0 },
    }))
}

#[derive(Debug)]
struct Sigma {
    asked: Asked,
    /// One or none.
    weight: Vec<Term>,
    options: SigmaOptions,
}

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    series: Series,
    sigma: Vec<f64>,
    trend: Option<SigmaTrend>,
    change: SigmaChange,
    title: String,
    statistic: (&'static str, &'static str),
}

impl Analysis for Sigma {
    fn needs(&self) -> Vec<Need> {
        let weight = self.weight.iter().cloned().map(Need::Indicator);
        self.asked.needs().into_iter().chain(weight).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (series, weights) =
            self.asked
                .load_with(ENTRY.id, study, Span::Observed, &self.weight, When::Always)?;
        at_least(ENTRY.id, study, series.regions.len(), 4)?;
        let (rows, cols) = (series.regions.len(), series.years.len());
        let names = series.regions.clone();
        let at_cell = failed("sigma convergence", &names, cols);
        let weights = weights
            .first()
            .map(|w| Matrix::new(w, rows, cols))
            .transpose()
            .map_err(&at_cell)?;
        let table = series.matrix().map_err(&at_cell)?;
        let sigma = sigma(table, weights, &self.options).map_err(&at_cell)?;
        let (first, last) = (series.column(0), series.column(cols - 1));
        let at_region = failed("sigma convergence", &names, 1);
        let change = sigma_change(&first, &last, &self.options).map_err(&at_region)?;
        let years: Vec<f64> = series.years.iter().map(|y| f64::from(y.get())).collect();
        let trend = (cols > 2)
            .then(|| sigma_trend(&sigma, &years, Covariance::Classical))
            .transpose()
            .map_err(&at_region)?;
        let statistic = match self.options.measure {
            SigmaMeasure::CoefficientOfVariation => ("cv", "Coefficient of variation"),
            _ => ("sd-of-logs", "Standard deviation of logarithms"),
        };
        let weighted = match weights {
            Some(_) => "weighted",
            None => "every region counts once",
        };
        let worked = Worked {
            title: format!(
                "{} of {}, {} ({weighted})",
                statistic.1,
                lower_first(&self.asked.label(study)),
                study.focus.name_en
            ),
            study,
            series,
            sigma,
            trend,
            change,
            statistic,
        };
        Ok(Findings {
            tables: vec![worked.yearly(), worked.tests()],
            figures: vec![worked.figure()],
            notes: worked.notes(),
        })
    }
}

impl Worked<'_> {
    fn yearly(&self) -> Table {
        let columns = vec![
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::key(C::N),
        ];
        let mut table = Table::new(ENTRY.id, self.title.clone(), columns);
        let mut rows = Vec::new();
        for (year, sigma) in self.series.years.iter().zip(&self.sigma) {
            table.push(vec![
                Cell::Integer(i64::from(year.get())),
                self.statistic.0.into(),
                (*sigma).into(),
                self.series.regions.len().into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(year.to_string()),
                    Shown::Number(*sigma, Style::Fixed(3)),
                    Shown::Text(self.series.regions.len().to_string()),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Year"),
                Head::number(self.statistic.1),
                Head::number("Regions"),
            ],
            rows,
            source: self.series.source.clone(),
        })
    }

    /// Name for the CSV, name for readers, statistic, p-value.
    fn rows(&self) -> Vec<(&'static str, &'static str, f64, Option<f64>)> {
        let c = &self.change;
        let mut rows = vec![("quotient", "First year over last", c.quotient, None)];
        if let Some(t) = c.carree_klomp_lr {
            rows.push((
                "carree-klomp-lr",
                "Carree-Klomp, changed (chi-square)",
                t.statistic,
                Some(t.p_value),
            ));
        }
        if let Some(t) = c.carree_klomp {
            rows.push((
                "carree-klomp",
                "Carree-Klomp, fell (normal)",
                t.z,
                Some(t.p_value),
            ));
        }
        let l = c.lichtenberg;
        rows.push((
            "lichtenberg",
            "Lichtenberg, fell (F)",
            l.statistic,
            Some(l.p_value),
        ));
        if let Some(trend) = &self.trend {
            let slope = trend.slope;
            rows.push(("trend", "Trend, change a year", slope.estimate, slope.p_value()));
        }
        rows
    }

    fn tests(&self) -> Table {
        let (from, to) = self.ends();
        let columns = vec![
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::of(C::PValue, "1"),
            Column::key(C::N),
        ];
        let title = format!("{}: tests, {from} to {to}", self.title);
        let mut table = Table::new("tests", title, columns);
        let mut rows = Vec::new();
        for (id, label, estimate, p) in self.rows() {
            table.push(vec![
                Cell::Integer(from),
                Cell::Integer(to),
                id.into(),
                estimate.into(),
                p.into(),
                self.change.n.into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(label.to_owned()),
                    Shown::Number(estimate, Style::Fixed(3)),
                    Shown::maybe(p, Style::P),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![Head::text("Test"), Head::number("Statistic"), Head::number("p")],
            rows,
            source: self.series.source.clone(),
        })
    }

    fn ends(&self) -> (i64, i64) {
        let year = |y: Option<&quyu_core::Year>| y.map_or(0, |y| i64::from(y.get()));
        (year(self.series.years.first()), year(self.series.years.last()))
    }

    fn figure(&self) -> Figure {
        let (from, to) = self.ends();
        let value = |s: Option<&f64>| styled(s.copied().unwrap_or_default(), Style::Fixed(3));
        let points = self.series.years.iter().zip(&self.sigma);
        Figure {
            id: ENTRY.id.to_owned(),
            title: self.title.clone(),
            alt: format!(
                "{} by year. {} in {from}, {} in {to}.",
                self.title,
                value(self.sigma.first()),
                value(self.sigma.last())
            ),
            source: self.series.source.clone(),
            chart: Chart::Lines {
                x: Axis::years(),
                y: Axis::new(self.statistic.1, ""),
                lines: vec![Line {
                    label: self.study.focus.name_en.clone(),
                    points: points.map(|(y, s)| Some((f64::from(y.get()), *s))).collect(),
                    role: Role::Focus,
                }],
                from_zero: false,
            },
        }
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = self.series.notes.clone();
        if self.change.carree_klomp.is_none() {
            notes.push(Note::new(
                NoteKind::Method,
                "The normal test of Carree and Klomp does not exist here: the last year rises with the first one for one or more.",
            ));
        }
        notes
    }
}
