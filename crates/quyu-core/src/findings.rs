//! What an analysis found: tidy tables, figures as data, and notes for the reader.

use std::fmt;

use crate::figure::Figure;
use crate::names::RegionCode;

/// Everything an analysis returns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// Tidy tables, one row an estimate, each optionally with a view for readers.
    pub tables: Vec<Table>,
    /// Figures without pixels.
    pub figures: Vec<Figure>,
    /// What a reader must know before trusting a number.
    pub notes: Vec<Note>,
}

impl Findings {
    /// The table with this id.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.id == id)
    }
}

macro_rules! glossary {
    ($($variant:ident = $name:literal: $meaning:literal;)*) => {
        /// The closed glossary of result columns: one name for one thing, everywhere.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ColumnName {
            $(#[doc = $meaning] $variant,)*
        }

        impl ColumnName {
            /// All columns of the glossary, in its order.
            pub const ALL: &'static [ColumnName] = &[$(ColumnName::$variant,)*];

            /// The name as written in CSV, JSON and placeholders.
            pub fn as_str(self) -> &'static str {
                match self { $(ColumnName::$variant => $name,)* }
            }

            /// What the column holds.
            pub fn meaning(self) -> &'static str {
                match self { $(ColumnName::$variant => $meaning,)* }
            }

            /// The column of this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|c| c.as_str() == name)
            }
        }
    };
}

glossary! {
    Region = "region": "Code of a region";
    Name = "name": "Name of the region or item, in English";
    Group = "group": "Group of a partition";
    Nested = "nested": "Group of a finer partition inside a group";
    Year = "year": "Year";
    From = "from": "First year of a change";
    To = "to": "Last year of a change";
    Class = "class": "Sector, technology field or source that a composition is split by";
    Component = "component": "Part of a decomposition";
    Variant = "variant": "Named variant of a statistic";
    Statistic = "statistic": "The statistic or indicator in the row";
    Estimate = "estimate": "Value of a statistic";
    StdError = "std_error": "Standard error";
    ConfLow = "conf_low": "Lower end of an interval";
    ConfHigh = "conf_high": "Upper end of an interval";
    PValue = "p_value": "Probability under the null hypothesis";
    Share = "share": "Share of a total, 0 to 1";
    Value = "value": "Value of an indicator";
    OtherRegion = "other_region": "Code of the region compared with";
    OtherGroup = "other_group": "Group compared with";
    OtherClass = "other_class": "Class compared with";
    FromState = "from_state": "State at the start of a transition";
    ToState = "to_state": "State at the end of a transition";
    CumWeight = "cum_weight": "Cumulative share of the weight";
    CumShare = "cum_share": "Cumulative share of the value";
    List = "list": "Priority list";
    OtherList = "other_list": "Priority list compared with";
    Item = "item": "Item of a list, by its number";
    Document = "document": "Policy document or list, by its id";
    Date = "date": "Date, as far as it is known";
    Source = "source": "Source of a figure";
    Vintage = "vintage": "Vintage of a figure";
    Claim = "claim": "Claim that is checked";
    Place = "place": "Where a claim was made or a number of the text stands";
    Verdict = "verdict": "Verdict on a claim";
    Contribution = "contribution": "Contribution in the unit of the total";
    Rank = "rank": "Rank, 1 for the best; equal values share the smaller rank";
    N = "n": "Number of units";
    WeightSum = "weight_sum": "Sum of the weights";
    Expected = "expected": "Value of the reference or under the null hypothesis";
    Z = "z": "Standardised value";
    Cluster = "cluster": "Number of a cluster, from 1";
    K = "k": "Number of clusters";
    Silhouette = "silhouette": "Silhouette width, -1 to 1";
    Stability = "stability": "Stability of a cluster or choice, 0 to 1";
    Distance = "distance": "Distance";
    Unit = "unit": "Unit of the value in the row";
    Note = "note": "Note on the row";
}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A tidy table: one row an estimate, columns from the glossary.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Stem of the CSV file, unique within the findings; the main table of an analysis bears the analysis' id.
    pub id: String,
    /// What the table holds, in a phrase.
    pub title: String,
    /// The columns, keys first.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// The reader's version for a report; `None` if the table is for the CSV alone.
    pub view: Option<View>,
}

impl Table {
    /// An empty table with these columns.
    pub fn new(id: impl Into<String>, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            columns,
            rows: Vec::new(),
            view: None,
        }
    }

    /// Position of a column.
    pub fn position(&self, name: ColumnName) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// The cell of a row in a column.
    pub fn cell(&self, row: usize, name: ColumnName) -> Option<&Cell> {
        self.rows.get(row)?.get(self.position(name)?)
    }

    /// Appends a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(
            row.len(),
            self.columns.len(),
            "row and columns of table `{}`",
            self.id
        );
        self.rows.push(row);
    }

    /// Sets the reader's version.
    #[must_use]
    pub fn with_view(mut self, view: View) -> Self {
        self.view = Some(view);
        self
    }
}

/// A column of a tidy table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name from the glossary.
    pub name: ColumnName,
    /// Its unit, where all rows share one: "1" for a pure number.
    pub unit: Option<String>,
}

impl Column {
    /// A column without a unit (keys and labels).
    pub fn key(name: ColumnName) -> Self {
        Self { name, unit: None }
    }

    /// A column whose numbers share a unit.
    pub fn of(name: ColumnName, unit: impl Into<String>) -> Self {
        Self {
            name,
            unit: Some(unit.into()),
        }
    }
}

/// One cell. A number is finite; what is missing is [`Cell::Missing`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A code, name or word.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Not observed or not defined.
    Missing,
}

impl Cell {
    /// The number in the cell, if it holds one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(x) => Some(*x),
            Cell::Integer(i) => Some(*i as f64),
            _ => None,
        }
    }
}

impl From<f64> for Cell {
    fn from(x: f64) -> Self {
        if x.is_finite() {
            Cell::Number(x)
        } else {
            Cell::Missing
        }
    }
}

impl From<Option<f64>> for Cell {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Cell::Missing, Cell::from)
    }
}

impl From<&str> for Cell {
    fn from(s: &str) -> Self {
        Cell::Text(s.to_owned())
    }
}

impl From<String> for Cell {
    fn from(s: String) -> Self {
        Cell::Text(s)
    }
}

impl From<i64> for Cell {
    fn from(i: i64) -> Self {
        Cell::Integer(i)
    }
}

impl From<usize> for Cell {
    fn from(i: usize) -> Self {
        Cell::Integer(i as i64)
    }
}

/// How a number is shown to a reader; the CSV beside the report keeps full precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A share as a percentage with this many decimals, without the sign: 0.1234 is "12.3" with one.
    Percent(u8),
    /// This many decimals, thousands separated by commas.
    Fixed(u8),
    /// A whole number without separators (a year).
    Year,
    /// As [`Style::Fixed`], with a plus sign for what is positive.
    Signed(u8),
    /// As [`Style::Percent`], with a plus sign for what is positive.
    SignedPercent(u8),
    /// A probability under the null hypothesis: four decimals, and "<0.0001" for what would be shown as zero.
    P,
}

/// The reader's version of a table: at most seven columns, numbers styled, the row of interest in bold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// Column heads, with units in brackets.
    pub head: Vec<Head>,
    /// Rows in reading order, totals last.
    pub rows: Vec<ViewRow>,
    /// Line under the table: data and vintage.
    pub source: String,
}

/// One column head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Label with unit.
    pub label: String,
    /// Whether the column holds numbers, which are set flush right.
    pub numeric: bool,
}

impl Head {
    /// The head of a text column.
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: false,
        }
    }

    /// The head of a column of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: true,
        }
    }
}

/// One row of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewRow {
    /// The cells.
    pub cells: Vec<Shown>,
    /// Set in bold: the region of interest, or a total.
    pub strong: bool,
}

/// One cell of a view.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Words.
    Text(String),
    /// A number and how to write it.
    Number(f64, Style),
    /// A rank among n.
    Rank(usize, usize),
    /// Missing: an en dash.
    Missing,
}

impl Shown {
    /// A number if there is one.
    pub fn maybe(x: Option<f64>, style: Style) -> Self {
        x.map_or(Shown::Missing, |x| Shown::Number(x, style))
    }
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Regions or cells left out because something is missing.
    Missing,
    /// Which vintages a number rests on, or that they differ.
    Vintage,
    /// A source of lower trust.
    Trust,
    /// A value of zero that matters for the statistic.
    Zero,
    /// Anything else about the method that a reader must know.
    Method,
    /// A break in a series.
    Break,
}

impl NoteKind {
    /// The name as written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            NoteKind::Missing => "missing",
            NoteKind::Vintage => "vintage",
            NoteKind::Trust => "trust",
            NoteKind::Zero => "zero",
            NoteKind::Method => "method",
            NoteKind::Break => "break",
        }
    }
}

/// A note that stands where the number stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// One or two sentences.
    pub text: String,
    /// The regions it concerns.
    pub regions: Vec<RegionCode>,
}

impl Note {
    /// A note that concerns no region in particular.
    pub fn new(kind: NoteKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            regions: Vec::new(),
        }
    }
}
