//! The plugin interface: one trait, one entry per analysis.

use std::any::Any;
use std::fmt::Debug;

use crate::error::CoreError;
use crate::findings::{Findings, Table};
use crate::indicator::Term;
use crate::names::RegionCode;
use crate::params::{Param, ParamError, Params};
use crate::study::Study;
use crate::suggest::Near;

/// An analysis, ready to run.
pub trait Analysis: Debug + Send + Sync {
    /// What the analysis will ask of a study; named and checked before anything runs.
    fn needs(&self) -> Vec<Need>;

    /// Runs it.
    ///
    /// # Errors
    /// [`AnalysisError`] if the study lacks something or the statistic is undefined for it.
    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError>;
}

/// A statistic that is a function of sums. Rows need no unique key, so micro-data streams through it in constant
/// memory.
pub trait Additive: Any + Send {
    /// The columns of a batch, in the order in which [`Additive::push`] reads them.
    fn columns(&self) -> &[Need];

    /// Takes rows in.
    ///
    /// # Errors
    /// [`AnalysisError`] if a value is outside the domain of the statistic.
    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError>;

    /// Takes in the sums of the chunk that follows; chunks are merged in order.
    fn merge(&mut self, other: Box<dyn Additive>);

    /// The sums so far: what another engine would be asked for.
    fn sums(&self) -> Table;

    /// The result.
    ///
    /// # Errors
    /// [`AnalysisError`] if the statistic is undefined for the sums.
    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError>;
}

/// Something that an analysis asks of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Numbers of an indicator, all classes of it if it is classed and the term names none.
    Indicator(Term),
    /// A partition of the focus.
    Partition(String),
    /// A place on a tile-grid map for each region.
    Tiles,
    /// Borders between regions.
    Neighbours,
    /// Priority lists.
    Priorities,
    /// Clauses of policy documents, coded by instrument.
    Clauses,
    /// A register of policy documents.
    Documents,
    /// Claims to be checked.
    Claims,
    /// Years: a first and a last one of a study, a label of each row of a stream.
    Period,
    /// The region of each row of a stream.
    Region,
    /// The class of each row of a stream.
    Class,
}

/// Values of one column of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values<'a> {
    /// Numbers.
    Numbers(&'a [f64]),
    /// Labels of groups, regions, classes or periods.
    Labels(&'a [&'a str]),
}

/// Rows for an [`Additive`] statistic, column by column.
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
        let length = |v: &Values<'_>| match v {
            Values::Numbers(x) => x.len(),
            Values::Labels(x) => x.len(),
        };
        if columns.windows(2).any(|w| length(&w[0]) != length(&w[1])) {
            return Err(AnalysisError::Batch {
                reason: "columns of different length",
            });
        }
        Ok(Self { columns })
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

/// Hears how far an analysis is.
pub trait Progress {
    /// `done` of `total` steps.
    fn step(&self, done: usize, total: usize);
}

/// Nobody listens.
impl Progress for () {
    fn step(&self, _done: usize, _total: usize) {}
}

/// Builds an analysis from checked parameters.
pub type Build = fn(&Params) -> Result<Box<dyn Analysis>, ParamError>;

/// Builds the additive form of an analysis from checked parameters.
pub type BuildAdditive = fn(&Params) -> Result<Box<dyn Additive>, ParamError>;

/// The declaration of one analysis: the command line, case.toml, the manual and the docs are made from it.
#[derive(Debug)]
pub struct Entry {
    /// Id; also the subcommand.
    pub id: &'static str,
    /// What it answers, in a line.
    pub summary: &'static str,
    /// Question, formula, units, limits, references: Markdown. What is said of one variant or one optional
    /// parameter alone stands in a paragraph of its own: see [`Entry::manual_of`].
    pub manual: &'static str,
    /// Parameters.
    pub params: &'static [Param],
    /// Parameters in TOML that run on `datasets/toy`.
    pub example: &'static str,
    /// Builds it.
    pub build: Build,
    /// Its form for streams, where the statistic is a function of sums.
    pub additive: Option<BuildAdditive>,
}

impl Entry {
    /// The manual for somebody who meets these variants and optional parameters only. A paragraph that begins with
    /// ``**Variant `x`.**`` or ``**With `x`.**`` is left out unless `x` is among them; everything else stays.
    pub fn manual_of(&self, used: &[&str]) -> String {
        let kept = |paragraph: &&str| {
            let name = ["**Variant `", "**With `"]
                .iter()
                .find_map(|mark| paragraph.strip_prefix(mark))
                .and_then(|rest| rest.split_once('`'));
            name.is_none_or(|(name, _)| used.contains(&name))
        };
        let paragraphs: Vec<&str> = self.manual.split("\n\n").filter(kept).collect();
        paragraphs.join("\n\n")
    }

    /// What a parameter is without being given, if anything.
    pub fn default_of(&self, param: &str) -> Option<&'static str> {
        self.params.iter().find(|p| p.name == param)?.default
    }
}

/// Why an analysis has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// No analysis of this id.
    #[error("there is no analysis `{id}`{near}")]
    Unknown {
        /// The id.
        id: String,
        /// Ids that resemble it.
        near: Near,
    },
    /// The parameters were refused.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The study lacks something.
    #[error(transparent)]
    Data(#[from] CoreError),
    /// The statistic is undefined for the data.
    #[error("{statistic}{}: {source}", region.as_ref().map(|r| format!(" (at {r})")).unwrap_or_default())]
    Statistic {
        /// Which one.
        statistic: &'static str,
        /// The region at which it failed, if one can be named.
        region: Option<RegionCode>,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The study cannot be asked this.
    #[error("`{analysis}`: {reason}")]
    Study {
        /// The analysis.
        analysis: &'static str,
        /// What is missing or does not fit, in a sentence.
        reason: String,
    },
    /// A batch that does not fit the columns of a stream.
    #[error("the rows do not fit: {reason}")]
    Batch {
        /// What does not fit.
        reason: &'static str,
    },
}

impl AnalysisError {
    /// A statistic that is undefined for the data.
    pub fn statistic(
        statistic: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Statistic {
            statistic,
            region: None,
            source: Box::new(source),
        }
    }
}
