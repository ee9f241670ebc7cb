//! Indices that are functions of sums: rows stream through in any number.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::additive::grouped::runs;
use quyu_core::additive::sums::{Key, SumRow, Sums};
use quyu_core::{
    Additive, AnalysisError, Batch, Cell, ColumnName, Findings, Need, Note, NoteKind, ParamError,
};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{Index, Running};

use crate::index::empty_table;
use crate::measure::{Measure, What};
use crate::sample::Sample;
use crate::terms;

/// The sums of every year, in constant memory.
#[derive(Debug)]
pub(crate) struct Stream {
    id: &'static str,
    /// The indices, and the position of the sums from which each follows.
    measures: Vec<(Measure, usize)>,
    weighted: bool,
    last_only: bool,
    columns: Vec<Need>,
    empty: Vec<Running>,
    years: BTreeMap<String, Vec<Running>>,
    /// Why a part could not be merged: nothing is left out in silence.
    lost: Option<Error>,
}

/// Columns before the values.
const YEAR: usize = 0;
const REGION: usize = 1;
const X: usize = 2;
const W: usize = 3;

impl Stream {
    /// A stream with columns of values, and of weights if it is weighted.
    pub(crate) fn new(
        id: &'static str,
        measures: Vec<Measure>,
        sample: &Sample,
        weighted: bool,
    ) -> Result<Self, ParamError> {
        let refused = |error: Error| ParamError::Combination {
            analysis: id.to_owned(),
            reason: error.to_string(),
        };
        let mut bases: Vec<Index> = Vec::new();
        let mut placed = Vec::new();
        for measure in measures {
            let base = sums_of(&measure).map_err(refused)?;
            let position = bases.iter().position(|b| *b == base).unwrap_or_else(|| {
                bases.push(base);
                bases.len() - 1
            });
            placed.push((measure, position));
        }
        let empty = bases.into_iter().map(Running::new).collect::<Result<_, _>>();
        Ok(Self {
            id,
            measures: placed,
            weighted,
            last_only: sample.last_only(),
            columns: columns(sample),
            empty: empty.map_err(refused)?,
            years: BTreeMap::new(),
            lost: None,
        })
    }

    /// What is wrong with a row, in words that name its region and year.
    fn refuse(&self, error: &Error, (region, year): (&str, &str), (x, w): (f64, f64)) -> AnalysisError {
        let label = self.measures[0].0.label();
        let reason = match error {
            Error::Negative { argument: "w", .. } => {
                format!("the weight of {region} in {year} is negative ({w})")
            }
            Error::Negative { .. } => {
                format!("{label}: the value of {region} in {year} is negative ({x})")
            }
            Error::Zero { .. } => {
                format!("{label}: the value of {region} in {year} is zero, where the index is not defined")
            }
            Error::NotFinite { .. } => format!("a figure of {region} in {year} is not a finite number"),
            other => format!("{label}: {region} in {year}: {other}"),
        };
        AnalysisError::Study {
            analysis: self.id,
            reason,
        }
    }

    /// What is added up, each with a measure that follows from it.
    fn bases(&self) -> impl Iterator<Item = (&Running, &Measure)> {
        let of = |position: usize| self.measures.iter().find(|(_, p)| *p == position);
        let empty = self.empty.iter().enumerate();
        empty.filter_map(move |(position, running)| Some((running, &of(position)?.0)))
    }

    /// How far the indices may be off because they were made from sums, if they were.
    fn blur(&self) -> Result<Option<Note>, AnalysisError> {
        let mut blur = 0.0f64;
        for (year, streams) in &self.years {
            for (running, (_, measure)) in streams.iter().zip(self.bases()) {
                let off = running.blur().map_err(|e| self.undefined(measure, year, &e))?;
                blur = blur.max(off);
            }
        }
        let text = format!(
            "An index made from sums is a difference of them and has fewer digits than they have: it may be off by {blur:.1e}.",
        );
        Ok((blur > 0.0).then(|| Note::new(NoteKind::Method, text)))
    }

    fn undefined(&self, measure: &Measure, year: &str, error: &Error) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.id,
            reason: format!("{} in {year}: {error}", measure.label()),
        }
    }
}

/// Period and region of a row, then its numbers.
pub(crate) fn columns(sample: &Sample) -> Vec<Need> {
    let numbers = sample.terms().into_iter().map(Need::Indicator);
    [Need::Period, Need::Region].into_iter().chain(numbers).collect()
}

/// The index whose sums a measure follows from. Every kind is named here, so that a new one is not taken for another.
fn sums_of(measure: &Measure) -> Result<Index, Error> {
    let no_sum = Error::Undefined {
        reason: "this statistic is not a function of sums",
    };
    match measure.what {
        What::Index(index) => Running::new(index).map(|_| index),
        What::Share(share) => share.sums().ok_or(no_sum),
        What::Concentration(_) | What::Groups(_) => Err(no_sum),
    }
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, regions, x) = (batch.labels(YEAR)?, batch.labels(REGION)?, batch.numbers(X)?);
        let weights = match self.weighted {
            true => Some(batch.numbers(W)?),
            false => None,
        };
        // Rows of one year that stand together are taken together.
        for (year, rows) in runs(years) {
            if !self.years.contains_key(year) {
                self.years.insert(year.to_owned(), self.empty.clone());
            }
            let sums = self.years.get_mut(year).into_iter().flatten();
            let w = weights.map(|w| &w[rows.clone()]);
            let mut failed = None;
            for running in sums {
                if let Err(error) = running.push(&x[rows.clone()], w) {
                    failed = Some(error);
                    break;
                }
            }
            if let Some(error) = failed {
                let at = match &error {
                    Error::Negative { index, .. }
                    | Error::Zero { index, .. }
                    | Error::NotFinite { index, .. } => rows.start + index,
                    _ => rows.start,
                };
                let values = (x[at], weights.map_or(1.0, |w| w[at]));
                return Err(self.refuse(&error, (regions[at], years[at]), values));
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        let Ok(other) = other.downcast::<Stream>() else {
            self.lost.get_or_insert(Error::Undefined {
                reason: "a stream of another analysis was merged into this one",
            });
            return;
        };
        self.lost = self.lost.take().or(other.lost);
        for (year, theirs) in other.years {
            let ours = self.years.entry(year).or_insert_with(|| self.empty.clone());
            for (own, their) in ours.iter_mut().zip(&theirs) {
                if let Err(error) = own.merge(their) {
                    self.lost.get_or_insert(error);
                }
            }
        }
    }

    fn sums(&self) -> Option<Sums> {
        let w = self.weighted.then_some(W);
        let mut sums = Sums {
            keys: vec![Key {
                name: ColumnName::Year,
                column: YEAR,
            }],
            terms: Vec::new(),
            refusals: Vec::new(),
        };
        for (running, measure) in self.bases() {
            terms::declare(&mut sums, running, measure, (X, w));
        }
        Some(sums)
    }

    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError> {
        let sums = self.sums().map(|s| s.terms).unwrap_or_default();
        let place = |name: &str| sums.iter().position(|t| t.name == name);
        for row in rows {
            let mut parts = Vec::new();
            for (running, measure) in self.bases() {
                let of = |name: &&str| place(name).and_then(|at| row.sums.get(at)).copied();
                let values: Vec<f64> = running.names().iter().filter_map(of).collect();
                let part = sums_of(measure).and_then(|index| Running::of_sums(index, &values));
                parts.push(part.map_err(|e| self.undefined(measure, &row.keys[0], &e))?);
            }
            let label = row.keys[0].clone();
            let ours = self
                .years
                .entry(label.clone())
                .or_insert_with(|| self.empty.clone());
            let merged: Result<(), Error> = ours.iter_mut().zip(&parts).try_for_each(|(o, p)| o.merge(p));
            merged.map_err(|e| self.undefined(&self.measures[0].0, &label, &e))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        let first = &self.measures[0].0;
        let last = self.years.keys().next_back().filter(|_| self.last_only);
        if let Some(error) = &self.lost {
            return Err(AnalysisError::Study {
                analysis: self.id,
                reason: format!("{}: {error}", first.label()),
            });
        }
        if self.years.is_empty() {
            return Err(AnalysisError::Study {
                analysis: self.id,
                reason: "there are no rows".to_owned(),
            });
        }
        // A stream knows no indicator, and so not the unit of an absolute index.
        let unit = first.is_relative().then_some("1");
        let mut table = empty_table(self.id, first.label(), unit, false);
        for (measure, position) in &self.measures {
            for (year, streams) in self.years.iter().filter(|(y, _)| last.is_none_or(|l| l == *y)) {
                let running = &streams[*position];
                let undefined = |error: Error| self.undefined(measure, year, &error);
                let value = running.value().map_err(undefined)?;
                let estimate = match measure.what {
                    What::Share(share) => share.of_sums(running.rows(), value),
                    _ => Some(value),
                };
                table.push(vec![
                    year.parse().map_or_else(|_| year.clone().into(), Cell::Integer),
                    Cell::Missing,
                    measure.name().into(),
                    estimate.into(),
                    running.rows().into(),
                    running.weight().map_err(undefined)?.into(),
                ]);
            }
        }
        Ok(Findings {
            tables: vec![table],
            notes: self.blur()?.into_iter().collect(),
            ..Findings::default()
        })
    }
}
