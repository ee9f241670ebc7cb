//! Structural change as a function of sums.

use std::any::Any;

use quyu_core::ColumnName as C;
use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{
    Additive, AnalysisError, Batch, Column, Findings, Need, Note, NoteKind, ParamError, Params, Table,
};

use super::ENTRY;
use super::groups::{ClassGroups, by_list};
use super::indices::Weights;
use crate::cells::Cells;
use crate::frame::refuse;

/// Sums by region, sector and period. Groups are of the focus of a study; a stream has the indices of every region, and
/// says so where groups are asked for.
pub(super) fn build(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    Ok(Box::new(Stream {
        groups: ClassGroups::new(params)?,
        weights: Weights::named(params.text("variant")),
        cells: Cells::new(ENTRY.id, vec![params.term(ENTRY.id, "value")?]),
    }))
}

struct Stream {
    groups: Option<ClassGroups>,
    weights: Weights,
    cells: Cells,
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        self.cells.columns()
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        self.cells.push(batch)
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        match other.downcast::<Stream>() {
            Ok(other) => self.cells.merge(other.cells),
            Err(_) => self.cells.lose(),
        }
    }

    fn sums(&self) -> Option<Sums> {
        Some(self.cells.sums())
    }

    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError> {
        self.cells.take(rows);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        let Self {
            groups,
            weights,
            cells,
        } = *self;
        let tables = cells.finish()?;
        // What a run would refuse, a stream refuses.
        if let Some(ClassGroups::Listed(listed)) = &groups {
            let known: Vec<&str> = tables.classes.iter().map(String::as_str).collect();
            by_list(listed, &known)?;
        }
        let (years, cols) = (&tables.years, tables.classes.len());
        let (first, last) = (&tables.numbers[0][0], &tables.numbers[0][years.len() - 1]);
        let mut table = Table::new(
            "regions",
            format!("Change of structure, {} to {}", years[0], years[years.len() - 1]),
            [C::Region, C::Statistic, C::Estimate].map(Column::key).to_vec(),
        );
        for (r, region) in tables.regions.iter().enumerate() {
            let row = r * cols..(r + 1) * cols;
            let found = weights
                .work(&first[row.clone()], &last[row])
                .map_err(|e| refuse(ENTRY.id, format!("{region}: {e}")))?;
            for (statistic, estimate) in found.named() {
                table.push(vec![region.clone().into(), statistic.into(), estimate.into()]);
            }
        }
        Ok(Findings {
            tables: vec![table],
            notes: groups.map(|_| without_groups()).into_iter().collect(),
            ..Findings::default()
        })
    }
}

/// A stream knows no focus, and contributions are of the focus.
fn without_groups() -> Note {
    Note::new(
        NoteKind::Method,
        "Rows that stream through give the indices of every region; what the groups of `class_group` added to growth is a table \
         of a study.",
    )
}
