//! `gamma-convergence`: do regions change places?

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Role};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind,
    Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::{Gamma, gamma};

use super::{at_least, failed, observed, panel};

/// The declaration of `gamma-convergence`.
pub(crate) const ENTRY: Entry = Entry {
    id: "gamma-convergence",
    summary: "Whether regions keep their ranks: concordance of each year with the first",
    manual: MANUAL,
    params: &[Param::required(
        "value",
        ParamKind::Column,
        "the variable by which regions are ranked",
    )],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do the regions change places, or is the order of the first year still that of the last?

**Definition.** With ascending ranks R of the regions of the focus (equal values share their mean rank): gamma of year t = variance of
R_first + ... + R_t over the variance of m R_first, m years; `binary` takes the first year and year t alone. 1 if nobody changes places, falling as
ranks mix. The test takes m (n - 1) gamma as chi-square with n - 1 degrees of freedom, as Kendall's coefficient of concordance: a small p says that
the order persists beyond chance.

**Limits.** Ranks say nothing of distances: all may come closer without a change of places. Many equal values in the first year make its variance
small and gamma large, even above 1.

**References.** Boyle and McCarthy 1997, Oxford Bulletin of Economics and Statistics 59:257-264.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Ranks {
        value: params.term(ENTRY.id, "value")?,
    }))
}

#[derive(Debug)]
struct Ranks {
    value: Term,
}

impl Analysis for Ranks {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone()), Need::Period]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = observed(ENTRY.id, study, std::slice::from_ref(&self.value))?;
        at_least(ENTRY.id, study, &block, 2)?;
        let names = block.regions.clone();
        let at_cell = failed("gamma convergence", &names, block.years.len());
        let cells = panel(&block, 0);
        let table = Matrix::new(&cells, block.regions.len(), block.years.len()).map_err(&at_cell)?;
        let found = gamma(table).map_err(&at_cell)?;
        let title = format!(
            "Concordance of ranks with {}, {}, {}",
            block.years[0],
            study.atlas.codebook.label(&self.value),
            study.focus.name_en
        );
        Ok(Findings {
            tables: vec![yearly(&title, &block, &found)],
            figures: vec![figure(title, &block, &found)],
            notes: block.notes,
        })
    }
}

fn yearly(title: &str, block: &Block, found: &Gamma) -> Table {
    let columns = vec![
        Column::key(C::Year),
        Column::key(C::Statistic),
        Column::of(C::Estimate, "1"),
        Column::of(C::PValue, "1"),
        Column::key(C::N),
    ];
    let mut table = Table::new(ENTRY.id, title, columns);
    let mut rows = Vec::new();
    for (t, year) in block.years.iter().enumerate() {
        let p = t.checked_sub(1).map(|t| found.tests[t].p_value);
        for (statistic, estimate, p) in [("gamma", found.full[t], p), ("binary", found.binary[t], None)] {
            table.push(vec![
                Cell::Integer(i64::from(year.get())),
                statistic.into(),
                estimate.into(),
                p.into(),
                block.regions.len().into(),
            ]);
        }
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(year.to_string()),
                Shown::Number(found.full[t], Style::Fixed(3)),
                Shown::Number(found.binary[t], Style::Fixed(3)),
                Shown::maybe(p, Style::P),
                Shown::Text(block.regions.len().to_string()),
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
        source: block.source.clone(),
    })
}

fn figure(title: String, block: &Block, found: &Gamma) -> Figure {
    let line = |label: &str, values: &[f64], role| Line {
        label: label.to_owned(),
        points: block
            .years
            .iter()
            .zip(values)
            .map(|(y, g)| Some((f64::from(y.get()), *g)))
            .collect(),
        role,
    };
    let last = |values: &[f64]| styled(values.last().copied().unwrap_or(1.0), Style::Fixed(3));
    let end = block.years.last().map_or_else(String::new, ToString::to_string);
    Figure {
        id: ENTRY.id.to_owned(),
        alt: format!(
            "{title}, by year. It begins at 1; in {end} it is {} over all years and {} for that year alone.",
            last(&found.full),
            last(&found.binary)
        ),
        title,
        source: block.source.clone(),
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
