//! A line or row of a file, and what stands there.

use std::fmt;

/// A line of a text or a row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file, where a table has several.
    pub file: Option<String>,
    /// What is counted.
    pub unit: Unit,
    /// Its number, from 1.
    pub number: u64,
}

/// What rows are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Lines of a text.
    #[default]
    Line,
    /// Rows of a workbook, its header among them; rows of typed columns, which have no header among them.
    Row,
}

impl Unit {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Line => "line",
            Unit::Row => "row",
        }
    }
}

impl Spot {
    /// A line of the only file.
    pub fn line(number: u64) -> Self {
        Self {
            file: None,
            unit: Unit::Line,
            number,
        }
    }

    /// A row of the only file.
    pub(crate) fn row(number: u64) -> Self {
        Self {
            file: None,
            unit: Unit::Row,
            number,
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.unit.word(), self.number)?;
        match &self.file {
            Some(file) => write!(f, " of {file}"),
            None => Ok(()),
        }
    }
}

/// Where in a table something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line or row.
    pub spot: Spot,
    /// Name of the column, if it is about one.
    pub column: Option<String>,
    /// The line as it stands in the file, shortened around the text in question.
    pub text: String,
    /// First character of the text in question.
    pub start: usize,
    /// Number of its characters.
    pub length: usize,
}
