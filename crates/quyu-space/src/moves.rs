//! What chains on a map share: yearly figures of all regions, their neighbours, tables of moves.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Role};
use quyu_core::{
    AnalysisError, Cell, Column, Head, Note, NoteKind, RegionCode, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::convergence::markov::Transitions;
use quyu_econometrics::regression::ChiSquareTest;

use crate::map::{Map, Question};

/// Figures of several years on a map.
pub(crate) struct Panel {
    pub(crate) map: Map,
    /// Regions by years, row-major.
    pub(crate) cells: Vec<f64>,
    pub(crate) years: usize,
    pub(crate) neighbours: Vec<Vec<(usize, f64)>>,
    /// First and last year.
    pub(crate) span: String,
}

impl Panel {
    /// The years in which the value is observed; steps between them have one length and stay in one series of vintages.
    pub(crate) fn load(
        analysis: &'static str,
        question: &Question,
        study: &Study,
    ) -> Result<Self, AnalysisError> {
        let members = study.reference.members();
        let years = study.observed_years(&question.value, members)?;
        let refuse = |reason: String| AnalysisError::Study { analysis, reason };
        let (Some(first), Some(last)) = (years.first(), years.last()) else {
            return Err(refuse(format!("`{}` is observed in no year", question.value)));
        };
        if first == last {
            return Err(refuse(format!(
                "`{}` is observed in {first} alone",
                question.value
            )));
        }
        let steps: Vec<i32> = years
            .windows(2)
            .map(|pair| pair[1].get() - pair[0].get())
            .collect();
        if let Some(other) = steps.iter().find(|s| **s != steps[0]) {
            return Err(refuse(format!(
                "the steps between observed years have different lengths ({} and {other}); choose a period without gaps",
                steps[0]
            )));
        }
        for pair in years.windows(2) {
            study.one_series(&question.value, members, pair[0], pair[1])?;
        }
        let mut map = question.map_of(study, std::slice::from_ref(&question.value), &years)?;
        if steps[0] != 1 {
            map.notes.push(Note::new(
                NoteKind::Method,
                format!("A step is {} years.", steps[0]),
            ));
        }
        let regions = map.block.regions.len();
        let cells = (0..regions)
            .flat_map(|r| (0..years.len()).map(move |y| (y, r)))
            .map(|(y, r)| map.block.column(0, y)[r]);
        Ok(Self {
            cells: cells.collect(),
            years: years.len(),
            neighbours: (0..regions)
                .map(|i| map.weights.neighbours(i).collect())
                .collect(),
            span: format!("{first} to {last}"),
            map,
        })
    }

    /// Names the region at which a statistic failed.
    pub(crate) fn failed(&self, statistic: &'static str) -> impl Fn(Error) -> AnalysisError {
        let (regions, years): (Vec<RegionCode>, usize) = (self.map.block.regions.clone(), self.years);
        move |error| {
            let cell = match &error {
                Error::NotFinite { index, .. }
                | Error::Negative { index, .. }
                | Error::Zero { index, .. } => Some(*index / years),
                _ => None,
            };
            AnalysisError::Statistic {
                statistic,
                region: cell.and_then(|r| regions.get(r).cloned()),
                source: Box::new(error),
            }
        }
    }
}

/// One table of moves: what its neighbourhood is called, and the counts.
pub(crate) struct Moves<'a> {
    pub(crate) around: String,
    pub(crate) counts: &'a Transitions,
    /// Expected counts, where there is a hypothesis.
    pub(crate) expected: Option<&'a [f64]>,
}

/// Probabilities and numbers of moves; `states` names the states.
pub(crate) fn table(id: &str, title: &str, states: &[String], all: &[Moves<'_>], source: &str) -> Table {
    let columns = [C::Group, C::FromState, C::ToState, C::Estimate, C::N, C::Expected];
    let mut table = Table::new(id, title, columns.map(Column::key).to_vec());
    let k = states.len();
    let mut rows = Vec::new();
    let several = all.len() > 1;
    for moves in all {
        let (p, counts) = (moves.counts.probabilities(), moves.counts.counts());
        for (i, total) in moves.counts.row_sums().into_iter().enumerate() {
            for j in 0..k {
                let c = i * k + j;
                table.push(vec![
                    moves.around.clone().into(),
                    states[i].clone().into(),
                    states[j].clone().into(),
                    p[c].into(),
                    (counts[c] as usize).into(),
                    moves.expected.map_or(Cell::Missing, |e| e[c].into()),
                ]);
            }
            let mut cells = Vec::new();
            if several {
                cells.push(Shown::Text(moves.around.clone()));
            }
            cells.push(Shown::Text(states[i].clone()));
            cells.extend((0..k).map(|j| Shown::maybe(p[i * k + j], Style::Fixed(3))));
            cells.push(Shown::Number(total, Style::Fixed(0)));
            rows.push(ViewRow { cells, strong: false });
        }
    }
    let mut head = Vec::new();
    if several {
        head.push(Head::text("Neighbours"));
    }
    head.push(Head::text("From"));
    head.extend(states.iter().map(|s| Head::number(format!("To {s}"))));
    head.push(Head::number("Moves"));
    // More classes than fit beside each other are for the CSV alone.
    if head.len() > 7 {
        return table;
    }
    table.with_view(View {
        head,
        rows,
        source: source.to_owned(),
    })
}

/// Chi-square tests: name for the CSV, name for readers, test.
pub(crate) fn tests(title: String, lines: &[(&str, &str, ChiSquareTest)], source: &str) -> Table {
    let columns = [C::Statistic, C::Estimate, C::N, C::PValue];
    let mut table = Table::new("tests", title, columns.map(Column::key).to_vec());
    let mut rows = Vec::new();
    for (id, label, test) in lines {
        table.push(vec![
            (*id).into(),
            test.statistic.into(),
            test.df.into(),
            test.p_value.into(),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text((*label).to_owned()),
                Shown::Number(test.statistic, Style::Fixed(2)),
                Shown::Number(test.df as f64, Style::Fixed(0)),
                Shown::Number(test.p_value, Style::P),
            ],
            strong: false,
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Test"),
            Head::number("Chi-square"),
            Head::number("Degrees of freedom"),
            Head::number("p"),
        ],
        rows,
        source: source.to_owned(),
    })
}

/// Probabilities as a heat map, a row a state (in each neighbourhood).
pub(crate) fn heat(id: &str, title: &str, states: &[String], all: &[Moves<'_>], source: &str) -> Figure {
    let k = states.len();
    let mut rows = Vec::new();
    for moves in all {
        let p = moves.counts.probabilities();
        for (i, row) in p.chunks(k).enumerate() {
            rows.push(HeatRow {
                label: match all.len() {
                    1 => format!("From {}", states[i]),
                    _ => format!("{}, from {}", moves.around, states[i]),
                },
                values: row.to_vec(),
                role: Role::Other,
            });
        }
    }
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        alt: format!(
            "Heat map of the probabilities of moves between {k} states, {} rows.",
            rows.len()
        ),
        source: source.to_owned(),
        chart: Chart::Heat {
            axis: Axis::new("Probability", ""),
            centre: None,
            columns: states.iter().map(|s| format!("To {s}")).collect(),
            rows,
        },
    }
}
