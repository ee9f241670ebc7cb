//! `panel-convergence`: does each region converge to a level of its own, and how fast?

use quyu_core::ColumnName as C;
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::{PanelBeta, PanelBetaOptions, panel_beta};
use quyu_econometrics::regression::{Coefficient, Effects, PanelCovariance, SmallSample};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, Span, VALUE, When, chain_manual};
use super::{at_least, failed};

/// The declaration of `panel-convergence`.
pub(crate) const ENTRY: Entry = Entry {
    id: "panel-convergence",
    summary: "Growth regression on a panel with effects of regions and years: speed to each region's own level",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::optional(
            "conditions",
            ParamKind::List(&ParamKind::Column),
            "indicators at the start of each step that stand beside the value, as they are",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["two-ways", "region", "time", "pooled"]),
            "two-ways",
            "which effects are taken out: of regions and years, of one of them, or of none",
        ),
        Param::with_default(
            "covariance",
            ParamKind::Choice(&["clustered", "arellano", "classical", "driscoll-kraay"]),
            "clustered",
            "standard errors: clustered by region with or without a small-sample factor, of equal variances, or robust to correlation between regions",
        ),
        Param::with_default(
            "confidence",
            ParamKind::Number { min: 0.5, max: 0.999 },
            "0.95",
            "level of the intervals",
        ),
    ],
    example: "value = \"income_yearly\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** How fast does each region come nearer to a level of its own, whatever made the levels differ?

**Definition.** For each region i and each step of T years between observed years: ln(y_it / y_i,t-1) / T on ln y_i,t-1 and the `conditions` at the
start of the step, with a constant for each region and each year (`two-ways`), for one of them (`region`, `time`), or one for all (`pooled`). Beta is
the slope on ln y. Speed = -ln(1 + beta T) / T; half-life = ln 2 / speed where that is positive; their standard errors by the delta method.
`covariance`: clustered by region with the factor G / (G - 1) (n - 1) / (n - k), without it (`arellano`), rss over degrees of freedom
(`classical`), or after Driscoll and Kraay with 1 lag. p and intervals by Student's t: G - 1 degrees of freedom where clustered, years - 1
with Driscoll and Kraay.

",
    chain_manual!(),
    "
**Limits.** With effects of regions the slope is biased downwards by about one over the number of steps (Nickell): in short panels the speed is too high. Yearly steps
mix the business cycle with convergence; a study of every fifth year does not. With effects of regions beta does not say that regions
become alike: each has its own level. Values must be positive; steps must have one length.

**References.** Islam 1995, Quarterly Journal of Economics 110:1127-1170; Nickell 1981, Econometrica 49:1417-1426; Arellano 1987, Oxford Bulletin of Economics and
Statistics 49:431-434; Driscoll and Kraay 1998, Review of Economics and Statistics 80:549-560.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let effects = match params.text("variant") {
        Some("region") => Effects::Region,
        Some("time") => Effects::Time,
        Some("pooled") => Effects::Pooled,
        _ => Effects::TwoWays,
    };
    Ok(Box::new(Panel {
        asked: Asked::new(ENTRY.id, params)?,
        conditions: params.terms(ENTRY.id, "conditions")?,
        effects,
        covariance: match params.text("covariance") {
            Some("arellano") => PanelCovariance::Clustered(SmallSample::None),
            Some("classical") => PanelCovariance::Classical,
            Some("driscoll-kraay") => PanelCovariance::DriscollKraay { lags: 1 },
            _ => PanelCovariance::default(),
        },
        confidence: params.number("confidence").unwrap_or(0.95),
    }))
}

#[derive(Debug)]
struct Panel {
    asked: Asked,
    conditions: Vec<Term>,
    effects: Effects,
    covariance: PanelCovariance,
    confidence: f64,
}

impl Analysis for Panel {
    fn needs(&self) -> Vec<Need> {
        let conditions = self.conditions.iter().cloned().map(Need::Indicator);
        self.asked.needs().into_iter().chain(conditions).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (series, conditions) =
            self.asked
                .load_with(ENTRY.id, study, Span::Observed, &self.conditions, When::Starts)?;
        let step = series.step(ENTRY.id)?;
        at_least(ENTRY.id, study, series.regions.len(), 3)?;
        let (rows, cols) = (series.regions.len(), series.years.len());
        let names = series.regions.clone();
        let at_cell = failed("panel convergence", &names, cols);
        let levels = series.matrix().map_err(&at_cell)?;
        let tables: Vec<Matrix<'_>> = conditions
            .iter()
            .map(|cells| Matrix::new(cells, rows, cols - 1))
            .collect::<Result<_, _>>()
            .map_err(&at_cell)?;
        let options = PanelBetaOptions {
            effects: self.effects,
            covariance: self.covariance,
            step: f64::from(step),
        };
        let fit = panel_beta(levels, &tables, &options).map_err(&at_cell)?;
        let mut notes = series.notes.clone();
        let mut say = |text: String| notes.push(Note::new(NoteKind::Method, text));
        if step != 1 {
            say(format!("A step is {step} years."));
        }
        if matches!(self.effects, Effects::Region | Effects::TwoWays) {
            say(format!(
                "{} steps: with effects of regions the slope is biased downwards by about one over this number.",
                cols - 1
            ));
        }
        match &fit.speed {
            None => say("There is no speed of convergence: 1 + beta times years is not positive.".to_owned()),
            Some(speed) if speed.half_life.is_none() => {
                say("There is no half-life: regions do not converge.".to_owned());
            }
            Some(_) => {}
        }
        Ok(Findings {
            tables: vec![self.table(study, &series, &fit)?],
            figures: Vec::new(),
            notes,
        })
    }
}

impl Panel {
    /// Name for the CSV, name for readers, coefficient.
    fn rows(&self, study: &Study, fit: &PanelBeta) -> Vec<(String, String, Coefficient)> {
        let first = usize::from(self.effects == Effects::Pooled);
        let coefficients = &fit.inference.coefficients;
        let named = |id: &str, label: &str, c: Coefficient| (id.to_owned(), label.to_owned(), c);
        let mut rows = vec![named(
            "beta",
            "Beta (slope on ln at the start of a step)",
            fit.beta,
        )];
        if first == 1 {
            rows.push(named("constant", "Constant", coefficients[0]));
        }
        for (term, c) in self.conditions.iter().zip(&coefficients[first + 1..]) {
            rows.push((term.to_string(), study.atlas.codebook.label(term), *c));
        }
        if let Some(speed) = &fit.speed {
            rows.push(named("speed", "Speed a year", speed.speed));
            if let Some(half_life) = speed.half_life {
                rows.push(named("half-life", "Half-life (years)", half_life));
            }
        }
        rows
    }

    fn table(&self, study: &Study, series: &Series, fit: &PanelBeta) -> Result<Table, AnalysisError> {
        let columns = [
            C::Statistic,
            C::Estimate,
            C::StdError,
            C::ConfLow,
            C::ConfHigh,
            C::PValue,
            C::N,
        ];
        let effects = match self.effects {
            Effects::Pooled => "no effects",
            Effects::Region => "effects of regions",
            Effects::Time => "effects of years",
            Effects::TwoWays => "effects of regions and years",
        };
        let title = format!(
            "Panel growth regression of {}, {}, {}: {effects}",
            lower_first(&self.asked.label(study)),
            study.focus.name_en,
            series.span()
        );
        let mut table = Table::new(ENTRY.id, title, columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        let n = fit.regression.n;
        for (id, label, c) in self.rows(study, fit) {
            let (low, high) = c
                .interval(self.confidence)
                .map_err(|e| AnalysisError::statistic("panel convergence", e))?;
            table.push(vec![
                id.clone().into(),
                c.estimate.into(),
                c.std_error.into(),
                low.into(),
                high.into(),
                c.p_value().into(),
                n.into(),
            ]);
            let digits = Style::Fixed(if id == "half-life" { 1 } else { 4 });
            let mut cells = vec![Shown::Text(label)];
            cells.extend([c.estimate, c.std_error, low, high].map(|x| Shown::Number(x, digits)));
            cells.push(Shown::maybe(c.p_value(), Style::P));
            rows.push(ViewRow {
                cells,
                strong: id == "beta",
            });
        }
        let within = fit.regression.r_squared_within;
        let mut last: Vec<Cell> = vec!["r-squared-within".into(), within.into()];
        last.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]);
        last.push(n.into());
        table.push(last);
        let mut cells = vec![
            Shown::Text(format!("R² within regions ({n} observations)")),
            Shown::maybe(within, Style::Fixed(3)),
        ];
        cells.extend(vec![Shown::Missing; 4]);
        rows.push(ViewRow { cells, strong: false });
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
            source: series.source.clone(),
        }))
    }
}
