//! `gamma-convergence`: do regions change places?

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, ParamError, Params, Progress, Shown,
    Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::convergence::{Gamma, gamma};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, VALUE, chain_manual};
use super::{at_least, failed};

/// The declaration of `gamma-convergence`.
pub(crate) const ENTRY: Entry = Entry {
    id: "gamma-convergence",
    summary: "Whether regions keep their ranks: concordance of each year with the first",
    manual: MANUAL,
    params: &[VALUE, CHAIN, BASE_YEAR, POPULATION],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Do the regions change places, or is the order of the first year still that of the last?

**Definition.** With ascending ranks R of the regions of the focus (equal values share their mean rank): gamma of year t = variance of
R_first + ... + R_t over the variance of m R_first, m years; `binary` takes the first year and year t alone. 1 if nobody changes places, falling as
ranks mix. The test takes m (n - 1) gamma as chi-square with n - 1 degrees of freedom, as Kendall's coefficient of concordance: a small p says that
the order persists beyond chance.

",
    chain_manual!(),
    "
**Limits.** Ranks say nothing of distances: all may come closer without a change of places. Many equal values in the first year make its variance
small and gamma large, even above 1.

**References.** Boyle and McCarthy 1997, Oxford Bulletin of Economics and Statistics 59:257-264.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Ranks {
        asked: Asked::new(ENTRY.id, params)?,
    }))
}

#[derive(Debug)]
struct Ranks {
    asked: Asked,
}

impl Analysis for Ranks {
    fn needs(&self) -> Vec<Need> {
        self.asked.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let series = self.asked.load(ENTRY.id, study)?;
        at_least(ENTRY.id, study, series.regions.len(), 2)?;
        let names = series.regions.clone();
        let at_cell = failed("gamma convergence", &names, series.years.len());
        let table = series.matrix().map_err(&at_cell)?;
        let found = gamma(table).map_err(&at_cell)?;
        let title = format!(
            "Concordance of ranks with {}, {}, {}",
            series.years[0],
            lower_first(&self.asked.label(study)),
            study.focus.name_en
        );
        Ok(Findings {
            tables: vec![yearly(&title, &series, &found)],
            figures: vec![figure(title, &series, &found)],
            notes: series.notes,
        })
    }
}

fn yearly(title: &str, series: &Series, found: &Gamma) -> Table {
    let columns = vec![
        Column::key(C::Year),
        Column::key(C::Statistic),
        Column::of(C::Estimate, "1"),
        Column::of(C::PValue, "1"),
        Column::key(C::N),
    ];
    let mut table = Table::new(ENTRY.id, title, columns);
    let mut rows = Vec::new();
    for (t, year) in series.years.iter().enumerate() {
        let p = t.checked_sub(1).map(|t| found.tests[t].p_value);
        for (statistic, estimate, p) in [("gamma", found.full[t], p), ("binary", found.binary[t], None)] {
            table.push(vec![
                Cell::Integer(i64::from(year.get())),
                statistic.into(),
                estimate.into(),
                p.into(),
                series.regions.len().into(),
            ]);
        }
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(year.to_string()),
                Shown::Number(found.full[t], Style::Fixed(3)),
                Shown::Number(found.binary[t], Style::Fixed(3)),
                Shown::maybe(p, Style::P),
                Shown::Text(series.regions.len().to_string()),
            ],
            strong: false,
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Year"),
            Head::number("Gamma"),
            Head::number("Binary"),
            Head::number("p"),
            Head::number("Regions"),
        ],
        rows,
        source: series.source.clone(),
    })
}

fn figure(title: String, series: &Series, found: &Gamma) -> Figure {
    let line = |label: &str, values: &[f64], role| Line {
        label: label.to_owned(),
        points: series
            .years
            .iter()
            .zip(values)
            .map(|(y, g)| Some((f64::from(y.get()), *g)))
            .collect(),
        role,
    };
    let last = |values: &[f64]| styled(values.last().copied().unwrap_or(1.0), Style::Fixed(3));
    let end = series.years.last().map_or_else(String::new, ToString::to_string);
    Figure {
        id: ENTRY.id.to_owned(),
        alt: format!(
            "{title}, by year. It begins at 1; in {end} it is {} over all years and {} for that year alone.",
            last(&found.full),
            last(&found.binary)
        ),
        title,
        source: series.source.clone(),
        chart: Chart::Lines {
            x: Axis::years(),
            y: Axis::new("Concordance", ""),
            lines: vec![
                line("all years", &found.full, Role::Focus),
                line("the year alone", &found.binary, Role::Reference),
            ],
            from_zero: false,
        },
    }
}
