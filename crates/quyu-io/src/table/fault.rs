//! What can be wrong with a table, with the place where it is.

use std::fmt;

use quyu_core::suggest::{Near, quoted};

pub use super::spot::{Place, Spot, Unit};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No byte, or nothing but white space.
    #[error("the table is empty")]
    Empty,
    /// A header and nothing else.
    #[error("there is a header and no row below it")]
    HeaderOnly,
    /// A file of another kind.
    #[error("this is {what}, not a text table")]
    Foreign {
        /// What it is.
        what: &'static str,
    },
    /// Bytes that no text has.
    #[error("this is not text: it holds a byte 0")]
    Binary,
    /// Bytes that are not of the encoding.
    #[error("the bytes are not {encoding}")]
    Encoding {
        /// The encoding that was expected.
        encoding: &'static str,
        /// Encodings in which they can be read.
        fits: Vec<&'static str>,
    },
    /// A compressed file that ends too early or is damaged.
    #[error("the compressed file cannot be unpacked: {reason}")]
    Packed {
        /// What the unpacker said.
        reason: String,
    },
    /// A file of typed columns or a workbook that cannot be read.
    #[error("this {what} is damaged: {reason}")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// What its reader said.
        reason: String,
    },
    /// A column that is no figure and no name.
    #[error("the column `{column}` holds {holds}")]
    NoFigures {
        /// The column.
        column: String,
        /// What it holds.
        holds: String,
    },
    /// A sheet that the workbook does not have.
    #[error("there is no sheet `{name}`{near}")]
    UnknownSheet {
        /// The name.
        name: String,
        /// Names that resemble it.
        near: Near,
        /// All sheets.
        sheets: Vec<String>,
    },
    /// A sheet that holds no table, in a workbook that has other sheets.
    #[error("the sheet `{name}` holds no table: there is no row below its header")]
    EmptySheet {
        /// The sheet that was read.
        name: String,
        /// The others.
        others: Vec<String>,
    },
    /// A workbook without a sheet of cells.
    #[error("the workbook has no sheet of cells")]
    NoSheet,
    /// A sheet was asked for, and the table has none.
    #[error("--sheet is for workbooks, and this is a {what}")]
    SheetOfWhat {
        /// What it is.
        what: &'static str,
    },
    /// A header further down than the table is long.
    #[error("there is no row {row} that could be the header")]
    NoHeaderRow {
        /// The row.
        row: u64,
    },
    /// Files that are no parts of one table.
    #[error(
        "its columns are not those of {first}{}{}",
        listed("; it lacks", lacks),
        listed("; it has besides", besides)
    )]
    OtherHeader {
        /// The first file.
        first: String,
        /// Columns of the first that this one lacks.
        lacks: Vec<String>,
        /// Columns of this one that the first lacks.
        besides: Vec<String>,
    },
    /// Columns of an SDMX table that vary, so that a region and year has several figures.
    #[error("{} each region and year has one figure only where {} fixed", vary(columns), if columns.len() == 1 { "it is" } else { "they are" })]
    Varying {
        /// The columns.
        columns: Vec<Varying>,
    },
    /// More text than is read at once.
    #[error("the table has more than {limit} bytes when unpacked")]
    TooLong {
        /// The limit.
        limit: u64,
    },
    /// More rows than are held at once.
    #[error("its rows take more than {limit} bytes of memory")]
    TooHeavy {
        /// The limit.
        limit: u64,
    },
    /// A sheet with a few cells far from the others.
    #[error("its cells lie so far apart that as a table it has more than {fields} empty fields")]
    Scattered {
        /// Empty fields that are allowed.
        fields: u64,
    },
    /// A record that no table of figures has.
    #[error("a line has more than {} bytes", super::blocks::LONGEST)]
    LongLine,
    /// What can be read as a whole, but not row by row.
    #[error("{what} cannot be read row by row")]
    NoStream {
        /// What.
        what: &'static str,
    },
    /// A row with too many or too few fields.
    #[error("the row has {found} field{}, the header has {expected}", if *found == 1 { "" } else { "s" })]
    Ragged {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A quote that is opened and never closed.
    #[error("a quote is opened here and never closed")]
    OpenQuote,
    /// A column that the table does not have.
    #[error("there is no column `{name}`{near}")]
    UnknownColumn {
        /// What it should be: `value`.
        role: String,
        /// The name.
        name: String,
        /// Names that resemble it.
        near: Near,
        /// All columns.
        columns: Vec<String>,
    },
    /// A name that several columns bear.
    #[error("the columns {} are {} called `{name}`", quoted(&numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), "and"), if numbers.len() == 2 { "both" } else { "all" })]
    AmbiguousColumn {
        /// The name.
        name: String,
        /// Their numbers, from 1.
        numbers: Vec<usize>,
    },
    /// No column of regions.
    #[error("no column holds the regions: there is none called `region`")]
    NoRegions {
        /// Columns of words, which may be it.
        candidates: Vec<String>,
    },
    /// A wide table without years in its header.
    #[error("no column is a year, as a wide table has them (`2020`, `gdp_2020`)")]
    NoYears,
    /// A text that is no number.
    #[error("`{text}` is not a number")]
    NotANumber {
        /// The text.
        text: String,
        /// What it may be.
        guess: Guess,
    },
    /// NaN or infinity spelled out, or a number beyond the range of a double.
    #[error("`{text}` is not a finite number")]
    NotFinite {
        /// The text.
        text: String,
    },
    /// A text that is no year.
    #[error("`{text}` is not a year from 1800 to 2200")]
    NotAYear {
        /// The text.
        text: String,
    },
    /// A row without a value, where nobody said to leave it out.
    #[error("the value is missing")]
    MissingValue,
    /// A key that is empty.
    #[error("the {role} is empty")]
    EmptyKey {
        /// `region`, `time` or `class`.
        role: &'static str,
    },
    /// A table that holds no sums of a query.
    #[error("these are no sums that a query of `quyu sql` computed: {reason}")]
    NoSums {
        /// What is missing, in a phrase.
        reason: String,
    },
    /// A sum that is no number.
    #[error("the sum is no number: a figure of the table was infinite or none")]
    NoSum,
    /// A count of rows that is no whole number.
    #[error("this is no count of rows, which is a whole number from 0 up")]
    NoCount,
    /// Two rows with the same key and other figures.
    #[error("a second row for {key}; the first is {first}")]
    Duplicate {
        /// Region, year and class in words.
        key: String,
        /// The first one.
        first: Spot,
        /// Columns that would tell the rows apart.
        told_apart_by: Vec<Apart>,
    },
    /// A region in two groups of one partition.
    #[error("{region} is in group `{found}` here and in `{expected}` in {first}")]
    TwoGroups {
        /// The region.
        region: String,
        /// The group here.
        found: String,
        /// The group before.
        expected: String,
        /// The first.
        first: Spot,
    },
    /// A region without a group.
    #[error("{region} has no group in `{column}`")]
    NoGroup {
        /// The region.
        region: String,
        /// The partition.
        column: String,
    },
    /// A region that is linked to itself.
    #[error("`{region}` is linked to itself")]
    OwnNeighbour {
        /// The region.
        region: String,
    },
    /// A link that was given before with another weight.
    #[error("the link from `{from}` to `{to}` stands in {first} already, with another weight")]
    LinkedTwice {
        /// Where it begins.
        from: String,
        /// Where it ends.
        to: String,
        /// The first one.
        first: Spot,
    },
    /// A weight below 0.
    #[error("the weight `{text}` is below 0")]
    NegativeLink {
        /// The text.
        text: String,
    },
    /// Links none of which joins two regions of the table.
    #[error(
        "none of the {count} links joins two regions of the table; `{region}` is none of its regions{near}"
    )]
    NoLinks {
        /// How many links there are.
        count: usize,
        /// The first region that the table does not have.
        region: String,
        /// Regions that resemble it.
        near: Near,
    },
    /// A column of numbers without any.
    #[error("the column `{column}` holds no number")]
    NoNumbers {
        /// The column.
        column: String,
    },
    /// A filter that cannot be read.
    #[error("`{text}` is not a condition: {expected} is expected {}", found.as_ref().map_or("at its end".to_owned(), |f| format!("where `{f}` stands")))]
    Condition {
        /// The text that cannot be read.
        text: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there; nothing at the end.
        found: Option<String>,
    },
    /// A filter that no row passes.
    #[error("no row is left by `{text}`")]
    NothingLeft {
        /// The filter.
        text: String,
    },
}

fn listed(before: &str, names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!("{before} {}", quoted(names, "and")),
    }
}

/// A column that tells rows of the same key apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The column.
    pub column: String,
    /// Whether it holds years.
    pub years: bool,
    /// What its first row holds.
    pub example: String,
}

/// A column that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varying {
    /// The column.
    pub column: String,
    /// Its first values.
    pub values: Vec<String>,
    /// How many more values there are.
    pub more: usize,
    /// Its value in the combination of values that most rows have.
    pub common: String,
}

fn vary(columns: &[Varying]) -> String {
    let names: Vec<String> = columns.iter().map(|v| v.column.clone()).collect();
    let verb = if columns.len() == 1 { "varies:" } else { "vary:" };
    format!("{} {verb}", quoted(&names, "and"))
}

/// What a text that is no number may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// A decimal comma.
    DecimalComma,
    /// Thousands set apart by this character.
    Thousands(char),
    /// Thousands set apart by points, with a decimal comma.
    Continental,
    /// A number with a percent sign.
    Percent,
    /// A number with a unit or mark behind it.
    Attached,
    /// A number in brackets, as accountants write one below zero.
    Bracketed,
    /// A mark for a missing value.
    Mark,
    /// A word.
    Word,
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What.
    pub fault: Fault,
    /// Where, if it is in one place.
    pub place: Option<Place>,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self { fault, place: None }
    }
}

/// Why a table could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is in it.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// The data model refused it.
    #[error("{file}: {source}")]
    Model {
        /// The file.
        file: String,
        /// Why.
        source: quyu_core::CoreError,
    },
}

impl TableError {
    /// One problem by itself.
    pub fn of(file: &str, problem: impl Into<Problem>) -> Self {
        only(file, problem)
    }
}

/// Everything that is wrong with a table; the first of them if there are very many.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems {
    /// The file.
    pub file: String,
    /// The problems, in the order of the file.
    pub all: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.all.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{}", self.file)?;
            if let Some(place) = &problem.place {
                write!(f, ", {}", place.spot)?;
            }
            write!(f, ": {}", problem.fault)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

/// How many problems of one kind are told; the rest are counted.
const MOST: usize = 5;

/// Gathers problems.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    all: Vec<Problem>,
    more: usize,
}

impl Gathered {
    /// Notes a problem.
    pub(crate) fn add(&mut self, problem: impl Into<Problem>) {
        let problem = problem.into();
        let kind = std::mem::discriminant(&problem.fault);
        let same = self
            .all
            .iter()
            .filter(|p| std::mem::discriminant(&p.fault) == kind);
        if same.count() < MOST {
            self.all.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them as an error.
    pub(crate) fn into_error(self, file: &str) -> TableError {
        TableError::Problems(Problems {
            file: file.to_owned(),
            all: self.all,
            more: self.more,
        })
    }

    /// Stops if there are any.
    pub(crate) fn stop(self, file: &str) -> Result<(), TableError> {
        if self.is_empty() {
            return Ok(());
        }
        Err(self.into_error(file))
    }
}

/// One problem by itself.
pub(crate) fn only(file: &str, problem: impl Into<Problem>) -> TableError {
    TableError::Problems(Problems {
        file: file.to_owned(),
        all: vec![problem.into()],
        more: 0,
    })
}
