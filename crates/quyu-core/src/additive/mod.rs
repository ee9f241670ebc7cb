//! Analyses that take rows in as they come, and what they know of the rows as sums.

pub mod grouped;
pub mod sql;
pub mod sums;

use std::any::Any;

use crate::analysis::{AnalysisError, Need};
use crate::findings::Findings;
use sums::{SumRow, Sums};

/// An analysis of rows that stream by: each is a unit of its own and needs no key.
///
/// What is known of two sets of rows adds up to what is known of both. Mostly it is a set of sums, in memory that does not grow with
/// the rows, and any engine can compute them ([`Additive::sums`]). Where the order of the values matters it is the columns themselves.
pub trait Additive: Any + Send {
    /// The columns of a batch, in the order in which [`Additive::push`] reads them.
    fn columns(&self) -> &[Need];

    /// Takes rows in.
    ///
    /// # Errors
    /// [`AnalysisError`] if a value is outside the domain of the statistic.
    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError>;

    /// Takes in what is known of the rows that follow; parts are merged in order.
    fn merge(&mut self, other: Box<dyn Additive>);

    /// The sums that the result is a function of: what another engine would be asked for. `None` where it is no function of sums.
    fn sums(&self) -> Option<Sums>;

    /// Takes in sums that were computed elsewhere, as [`Additive::sums`] declares them.
    ///
    /// # Errors
    /// [`AnalysisError`] if no rows can have such sums.
    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError>;

    /// Bytes that grow with the number of rows, those included that the result will take beside them; none for sums.
    fn held(&self) -> usize {
        0
    }

    /// Whether the result has a figure.
    fn draws(&self) -> bool {
        false
    }

    /// Gives up exactness for memory that does not grow any more; the result says how far it may be off.
    ///
    /// # Errors
    /// [`AnalysisError::Study`] if nothing smaller than the rows would do.
    fn condense(&mut self) -> Result<(), AnalysisError> {
        Ok(())
    }

    /// The result.
    ///
    /// # Errors
    /// [`AnalysisError`] if the statistic is undefined for the rows.
    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError>;
}

/// Values of one column of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values<'a> {
    /// Numbers.
    Numbers(&'a [f64]),
    /// Labels of groups, regions, classes or periods.
    Labels(&'a [&'a str]),
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Values::Numbers(x) => x.len(),
            Values::Labels(x) => x.len(),
        }
    }
}

/// Rows for an [`Additive`] analysis, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch<'a> {
    columns: Vec<Values<'a>>,
}

impl<'a> Batch<'a> {
    /// Columns of equal length, in the order of [`Additive::columns`].
    ///
    /// # Errors
    /// [`AnalysisError::Batch`] if the lengths differ.
    pub fn new(columns: Vec<Values<'a>>) -> Result<Self, AnalysisError> {
        if columns.windows(2).any(|w| w[0].len() != w[1].len()) {
            return Err(AnalysisError::Batch {
                reason: "columns of different length",
            });
        }
        Ok(Self { columns })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Values::len)
    }

    /// The numbers of a column.
    ///
    /// # Errors
    /// [`AnalysisError::Batch`] if there is no such column of numbers.
    pub fn numbers(&self, column: usize) -> Result<&'a [f64], AnalysisError> {
        match self.columns.get(column) {
            Some(Values::Numbers(x)) => Ok(x),
            _ => Err(AnalysisError::Batch {
                reason: "a column of numbers is missing",
            }),
        }
    }

    /// The labels of a column.
    ///
    /// # Errors
    /// [`AnalysisError::Batch`] if there is no such column of labels.
    pub fn labels(&self, column: usize) -> Result<&'a [&'a str], AnalysisError> {
        match self.columns.get(column) {
            Some(Values::Labels(x)) => Ok(x),
            _ => Err(AnalysisError::Batch {
                reason: "a column of labels is missing",
            }),
        }
    }
}
