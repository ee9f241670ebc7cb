//! Shift-share as a function of sums: rows stream through in any number.

use std::any::Any;

use quyu_core::ColumnName as C;
use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Cell, Column, Findings, Need, ParamError, Params, Table};
use quyu_econometrics::shift_share::{self as numerics, Reference, ShiftShare as Parts, YearlyReference};
use quyu_econometrics::{Error, Matrix};

use super::compare::Compare;
use super::explain::Names;
use super::gerfin::named;
use super::variant::Kind;
use super::{ENTRY, ShiftShare, misfit};
use crate::cells::{Cells, Tables};
use crate::frame::refuse;

/// What needs more than the rows is no stream.
pub(super) fn build(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let asked = ShiftShare::new(params)?;
    if asked.chain.is_some() {
        return Err(misfit(
            "`chain` needs yearly indices and cannot be a sum over rows",
        ));
    }
    if !asked.substitutes.is_empty() {
        return Err(misfit(
            "`substitute` needs another indicator, which a stream of rows does not hold",
        ));
    }
    if matches!(asked.kind, Kind::Spatial(_)) {
        return Err(misfit(format!(
            "`{}` needs to know who is whose neighbour, which a stream of rows does not hold",
            asked.variant
        )));
    }
    if matches!(asked.compare, Compare::Peers(_)) {
        return Err(misfit(
            "`peers` needs a set of regions, which a stream of rows does not hold",
        ));
    }
    if !asked.years.is_empty() {
        return Err(misfit(
            "`years` picks years of a study; a stream takes all periods that its rows name",
        ));
    }
    let mut terms = vec![asked.value.clone()];
    terms.extend(asked.employment.clone());
    Ok(Box::new(Stream {
        kind: asked.kind,
        rest: asked.compare == Compare::Rest,
        cells: Cells::new(ENTRY.id, terms),
    }))
}

/// Sums by region, sector and period.
struct Stream {
    kind: Kind,
    rest: bool,
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
        let Self { kind, rest, cells } = *self;
        let tables = cells.finish()?;
        let done = Done { rest, tables };
        let table = match kind {
            Kind::Gerfin(dynamic) => done.factors(dynamic)?,
            Kind::Productivity(reallocation) => done.productivity(reallocation)?,
            _ => {
                let parts = done.parts(kind)?;
                done.additive(&parts)
            }
        };
        Ok(Findings {
            tables: vec![table],
            ..Findings::default()
        })
    }
}

/// All rows are in.
struct Done {
    rest: bool,
    tables: Tables,
}

impl Done {
    fn matrices(&self, number: usize) -> Result<Vec<Matrix<'_>>, AnalysisError> {
        let (rows, cols) = (self.tables.regions.len(), self.tables.classes.len());
        let tables = self.tables.numbers[number].iter();
        tables
            .map(|t| Matrix::new(t, rows, cols).map_err(|e| AnalysisError::statistic(ENTRY.id, e)))
            .collect()
    }

    /// The step of a series in which an error lies: the first that fails by itself.
    fn explain_series(&self, error: Error, fails: impl Fn(usize) -> bool) -> AnalysisError {
        let step = (0..self.tables.years.len() - 1).find(|&t| fails(t));
        self.explain(error, step.unwrap_or(0))
    }

    fn explain(&self, error: Error, from: usize) -> AnalysisError {
        let tables = &self.tables;
        let names = Names {
            regions: &tables.regions,
            sectors: &tables.classes,
            year: &tables.years[from],
            tables: tables
                .numbers
                .iter()
                .map(|years| years[from].as_slice())
                .collect(),
            rest: self.rest,
        };
        names.explain(error)
    }

    fn reference(&self) -> Reference<'static> {
        if self.rest {
            Reference::Rest
        } else {
            Reference::Nation
        }
    }

    fn yearly(&self) -> YearlyReference<'static> {
        if self.rest {
            YearlyReference::Rest
        } else {
            YearlyReference::Nation
        }
    }

    fn parts(&self, kind: Kind) -> Result<Parts, AnalysisError> {
        let value = self.matrices(0)?;
        let (base, end) = (value[0], value[value.len() - 1]);
        let found = match kind {
            Kind::Dynamic(variant) => {
                let fails = |t: usize| {
                    numerics::shift_share(value[t], value[t + 1], self.reference(), variant).is_err()
                };
                return numerics::dynamic(&value, self.yearly(), variant)
                    .map(|found| found.sum)
                    .map_err(|e| self.explain_series(e, fails));
            }
            Kind::RigbyAnderson => {
                let jobs = self.matrices(1)?;
                let employment = [jobs[0], jobs[jobs.len() - 1]];
                numerics::rigby_anderson(employment, [base, end], [self.reference(); 2])
            }
            Kind::Static(variant) => numerics::shift_share(base, end, self.reference(), variant),
            // The others are no streams or have functions of their own.
            _ => numerics::classic(base, end, self.reference()),
        };
        found.map_err(|e| self.explain(e, 0))
    }

    /// The parts of every region.
    fn additive(&self, parts: &Parts) -> Table {
        let mut table = self.table("regions", C::Contribution);
        for (r, region) in self.tables.regions.iter().enumerate() {
            table.push(row(region, "change", parts.change.by_region[r]));
            for (component, part) in &parts.parts {
                table.push(row(region, component.name(), part.by_region[r]));
            }
        }
        table
    }

    fn factors(&self, dynamic: bool) -> Result<Table, AnalysisError> {
        let value = self.matrices(0)?;
        let found = if dynamic {
            numerics::gerfin_dynamic(&value, self.yearly()).map(|series| series.mean)
        } else {
            numerics::gerfin(value[0], value[value.len() - 1], self.reference())
        };
        let fails = |t: usize| numerics::gerfin(value[t], value[t + 1], self.reference()).is_err();
        let found = found.map_err(|e| match dynamic {
            true => self.explain_series(e, fails),
            false => self.explain(e, 0),
        })?;
        let mut table = self.table(ENTRY.id, C::Estimate);
        for (region, factors) in self.tables.regions.iter().zip(found) {
            for (name, factor) in named(&factors) {
                table.push(row(region, name, factor));
            }
        }
        Ok(table)
    }

    fn productivity(&self, reallocation: numerics::Reallocation) -> Result<Table, AnalysisError> {
        let (output, labour) = (self.matrices(0)?, self.matrices(1)?);
        let last = output.len() - 1;
        let mut table = self.table("regions", C::Contribution);
        for (r, region) in self.tables.regions.iter().enumerate() {
            let pair = |tables: &[Matrix<'_>]| [tables[0].row(r).to_vec(), tables[last].row(r).to_vec()];
            let (output, labour) = (pair(&output), pair(&labour));
            let found =
                numerics::productivity([&labour[0], &labour[1]], [&output[0], &output[1]], reallocation)
                    .map_err(|e| refuse(ENTRY.id, format!("{region}: {e}")))?;
            let parts = ["within", "between", "interaction"].into_iter().zip(found.total);
            for (name, amount) in parts.chain([("change", found.change)]) {
                table.push(row(region, name, amount));
            }
        }
        Ok(table)
    }

    fn table(&self, id: &str, column: C) -> Table {
        let years = &self.tables.years;
        Table::new(
            id,
            format!("Shift-share, {} to {}", years[0], years[years.len() - 1]),
            [C::Region, C::Component, column].map(Column::key).to_vec(),
        )
    }
}

fn row(region: &str, component: &str, amount: f64) -> Vec<Cell> {
    vec![region.into(), component.into(), amount.into()]
}
