//! Why a case has no report: where in the case, and what is wrong.

use std::fmt;

use quyu_core::suggest::{Near, quoted};
use quyu_core::{AnalysisError, CoreError};

use crate::case::ChapterId;
use crate::template::{SyntaxError, TemplateError};

/// Everything that keeps a case from being a report.
#[derive(Debug, thiserror::Error)]
pub struct ReportError {
    /// Id of the case.
    pub case: String,
    /// What is wrong, in the order of the case.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong, and where.
#[derive(Debug)]
pub struct Problem {
    /// The place in the case.
    pub place: Place,
    /// What is wrong there.
    pub cause: Cause,
}

/// A place in a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `title`.
    Title,
    /// `lede`.
    Lede,
    /// A set.
    Set(String),
    /// `study`.
    Study,
    /// `summary.figures`.
    SummaryFigures,
    /// One of `summary.findings`, from 0.
    Finding(usize),
    /// `summary.care`.
    Care,
    /// Title of a chapter.
    ChapterTitle(ChapterId),
    /// Question of a chapter.
    Question(ChapterId),
    /// Answer of a chapter.
    Answer(ChapterId),
    /// A section as a whole.
    Section(String),
    /// Title of a section.
    SectionTitle(String),
    /// Prose before the tables and figures of a section.
    Text(String),
    /// Prose after them.
    After(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Title => f.write_str("title"),
            Place::Lede => f.write_str("lede"),
            Place::Set(id) => write!(f, "set `{id}`"),
            Place::Study => f.write_str("study"),
            Place::SummaryFigures => f.write_str("figures of the summary"),
            Place::Finding(i) => write!(f, "finding {} of the summary", i + 1),
            Place::Care => f.write_str("care of the summary"),
            Place::ChapterTitle(id) => write!(f, "title of chapter `{id}`"),
            Place::Question(id) => write!(f, "question of chapter `{id}`"),
            Place::Answer(id) => write!(f, "answer of chapter `{id}`"),
            Place::Section(id) => write!(f, "section `{id}`"),
            Place::SectionTitle(id) => write!(f, "title of section `{id}`"),
            Place::Text(id) => write!(f, "text of section `{id}`"),
            Place::After(id) => write!(f, "text after section `{id}`"),
        }
    }
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// A name that the packages do not know, or data that do not fit.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// An analysis that is unknown, was refused its parameters, or failed.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// A template that cannot be read.
    #[error("in {0}")]
    Syntax(#[from] SyntaxError),
    /// A placeholder without value.
    #[error("in {0}")]
    Template(#[from] TemplateError),
    /// Numbers typed by hand.
    #[error(
        "digits are typed by hand in {}: take them from the findings by a placeholder",
        quoted(words, "and")
    )]
    TypedDigits {
        /// The words that hold them.
        words: Vec<String>,
    },
    /// Neither the section nor the case says this.
    #[error("`study.{key}` is given neither here nor in the case")]
    Unsaid {
        /// The key.
        key: &'static str,
    },
    /// A period that ends before it begins.
    #[error("the period ends in {to}, before it begins in {from}")]
    Period {
        /// First year.
        from: i32,
        /// Last year.
        to: i32,
    },
    /// Neither a set nor a region.
    #[error("`{key}` is `{name}`, which is no set of the case, no `package:set` and no region{near}")]
    UnknownSet {
        /// The key.
        key: &'static str,
        /// The name.
        name: String,
        /// Sets and regions that resemble it.
        near: Near,
    },
    /// The summary names a section that is not there or runs no analysis.
    #[error("there is no section `{name}` that runs an analysis{near}")]
    UnknownSection {
        /// The section.
        name: String,
        /// Sections that resemble it.
        near: Near,
    },
    /// `show` names what the analysis does not return.
    #[error("`show` names the {what} `{name}`, which the analysis does not return; it returns {}{near}", if known.is_empty() { "none".to_owned() } else { quoted(known, "and") })]
    UnknownShown {
        /// `table` or `figure`.
        what: &'static str,
        /// The id.
        name: String,
        /// Ids that resemble it.
        near: Near,
        /// The ids there are.
        known: Vec<String>,
    },
    /// `show` names a table that has no reader's version.
    #[error("the table `{table}` is for the CSV alone: it has no version for readers")]
    NoView {
        /// The table.
        table: String,
    },
    /// Two tables or figures would be written to one file.
    #[error("`{file}` would be written twice: rename the section")]
    Clash {
        /// The file.
        file: String,
    },
}

/// Who has to act: decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text of the case.
    Case,
    /// The data.
    Data,
    /// The analysis.
    Analysis,
}

impl Cause {
    /// Who has to act.
    pub fn fault(&self) -> Fault {
        match self {
            Cause::Core(error) | Cause::Analysis(AnalysisError::Data(error)) => match error {
                CoreError::Unknown { .. } | CoreError::Malformed { .. } | CoreError::AmbiguousName { .. } => {
                    Fault::Case
                }
                _ => Fault::Data,
            },
            Cause::Analysis(AnalysisError::Unknown { .. } | AnalysisError::Param(_)) => Fault::Case,
            Cause::Analysis(_) => Fault::Analysis,
            _ => Fault::Case,
        }
    }
}

impl ReportError {
    /// Who has to act on the first problem.
    pub fn fault(&self) -> Fault {
        self.problems.first().map_or(Fault::Case, |p| p.cause.fault())
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "case `{}`, {}: {}", self.case, problem.place, problem.cause)?;
        }
        Ok(())
    }
}

/// Collects problems, so that one run names all of them.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Keeps what is right, notes what is wrong.
    pub(crate) fn note<T>(&mut self, place: Place, result: Result<T, impl Into<Cause>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(cause) => {
                self.add(place, cause);
                None
            }
        }
    }

    pub(crate) fn add(&mut self, place: Place, cause: impl Into<Cause>) {
        self.0.push(Problem {
            place,
            cause: cause.into(),
        });
    }

    /// Stops if there is anything wrong.
    pub(crate) fn stop(self, case: &str) -> Result<(), ReportError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(ReportError {
                case: case.to_owned(),
                problems: self.0,
            }),
        }
    }
}
