//! Decompositions by labels as functions of sums: rows stream through in any number.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::additive::grouped::Grouped;
use quyu_core::additive::sums::{Key, SumRow, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Findings, Need, ParamError};
use quyu_econometrics::Error;

use super::known::Known;
use super::split::Form;
use crate::sample::Sample;
use crate::stream::at_row;

/// What is known of every year: of every cell, by its labels.
pub(crate) type Years = BTreeMap<String, Cells>;
/// What is known of the cells of a year.
pub(crate) type Cells = BTreeMap<Vec<String>, Known>;
/// Makes the result of what is known.
type Show = Box<dyn Fn(&Years) -> Result<Findings, AnalysisError> + Send>;

/// Columns before the labels.
const BEFORE: usize = 2;

/// The sums of every cell in every year.
pub(crate) struct Stream {
    analysis: &'static str,
    name: String,
    /// Names of the labels, in the order of their columns.
    keys: Vec<C>,
    empty: Known,
    weighted: bool,
    last_only: bool,
    columns: Vec<Need>,
    years: Years,
    show: Show,
    /// Why a part could not be merged; said when the stream ends.
    broken: Option<Error>,
}

impl Stream {
    /// A stream of rows with a label of each partition; `show` makes the result of what is known of them.
    pub(crate) fn new(
        (analysis, form): (&'static str, Form),
        sample: &Sample,
        partitions: &[(C, &str)],
        show: Show,
    ) -> Result<Self, ParamError> {
        let empty = Known::new(form).map_err(|e| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: e.to_string(),
        })?;
        let labels = partitions.iter().map(|(_, id)| Need::Partition((*id).to_owned()));
        let numbers = sample.terms().into_iter().map(Need::Indicator);
        Ok(Self {
            analysis,
            name: form.name(),
            keys: partitions.iter().map(|(key, _)| *key).collect(),
            empty,
            weighted: sample.weighted(),
            last_only: sample.last_only(),
            columns: [Need::Period, Need::Region]
                .into_iter()
                .chain(labels)
                .chain(numbers)
                .collect(),
            years: Years::new(),
            show,
            broken: None,
        })
    }

    /// The column of the values, and that of the weights.
    fn numbers(&self) -> (usize, Option<usize>) {
        let x = BEFORE + self.keys.len();
        (x, self.weighted.then_some(x + 1))
    }

    fn refuse(&self, reason: String) -> AnalysisError {
        refuse(self.analysis, reason)
    }

    fn merge_cell(&mut self, year: &str, labels: Vec<String>, part: &Known) {
        let cells = self.years.entry(year.to_owned()).or_default();
        let own = cells.entry(labels).or_insert_with(|| self.empty.clone());
        if let Err(error) = own.merge(part) {
            self.broken.get_or_insert(error);
        }
    }
}

/// A refusal of the study, in the words given.
pub(crate) fn refuse(analysis: &'static str, reason: String) -> AnalysisError {
    AnalysisError::Study { analysis, reason }
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (at_x, at_w) = self.numbers();
        let (years, rows) = (batch.labels(0)?, batch.labels(1)?);
        let mut labels = vec![years];
        for column in BEFORE..at_x {
            labels.push(batch.labels(column)?);
        }
        let x = batch.numbers(at_x)?;
        let w = at_w.map(|at| batch.numbers(at)).transpose()?;
        let grouped = Grouped::by(&labels);
        let (sorted, ends) = grouped.sorted(x);
        let weights = w.map(|w| grouped.sorted(w).0);
        let mut from = 0;
        for (group, (key, end)) in grouped.keys.iter().zip(ends).enumerate() {
            let run = from..end;
            from = end;
            let mut part = self.empty.clone();
            let pushed = part.push(&sorted[run.clone()], weights.as_ref().map(|w| &w[run]));
            if let Err(error) = pushed {
                let of_group = |position: usize| {
                    let mut own = (0..x.len()).filter(|row| grouped.of[*row] as usize == group);
                    own.nth(position).unwrap_or_default()
                };
                let at = |row: usize| (rows[row], years[row], x[row], w.map(|w| w[row]));
                return Err(self.refuse(at_row(&self.name, &error, |position| at(of_group(position)))));
            }
            let names = key[1..].iter().map(|label| (*label).to_owned()).collect();
            self.merge_cell(key[0], names, &part);
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        let Ok(other) = other.downcast::<Stream>() else {
            self.broken.get_or_insert(Error::Undefined {
                reason: "a stream of another analysis was merged into this one",
            });
            return;
        };
        self.broken = self.broken.take().or(other.broken);
        for (year, cells) in other.years {
            for (labels, part) in cells {
                self.merge_cell(&year, labels, &part);
            }
        }
    }

    fn sums(&self) -> Option<Sums> {
        let key = |name, column| Key { name, column };
        let labels = self
            .keys
            .iter()
            .enumerate()
            .map(|(k, name)| key(*name, BEFORE + k));
        Some(Sums {
            keys: std::iter::once(key(C::Year, 0)).chain(labels).collect(),
            terms: self.empty.terms(self.numbers()),
            refusals: self.empty.refusals(self.numbers()),
        })
    }

    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError> {
        for row in rows {
            let (year, labels) = (&row.keys[0], &row.keys[1..]);
            let part = self.empty.of_sums(&row.sums).map_err(|e| {
                let cell = labels.join("`, `");
                self.refuse(format!("{} in {year}, group `{cell}`: {e}", self.name))
            })?;
            self.merge_cell(year, labels.to_vec(), &part);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Findings, AnalysisError> {
        if let Some(error) = &self.broken {
            return Err(self.refuse(format!("{}: {error}", self.name)));
        }
        if self.last_only {
            self.years = self.years.pop_last().into_iter().collect();
        }
        if self.years.is_empty() {
            return Err(self.refuse("there are no rows".to_owned()));
        }
        (self.show)(&self.years)
    }
}
