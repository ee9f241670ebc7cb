//! The report as data, before it is Markdown or anything else. Every text is final Markdown.

use quyu_core::{Note, PackageStamp, View};

use crate::case::ChapterId;

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Id of the case.
    pub id: String,
    /// Title.
    pub title: String,
    /// Title in Chinese.
    pub title_zh: Option<String>,
    /// One sentence on what the region is.
    pub lede: String,
    /// What a reader sees first.
    pub summary: Option<Summary>,
    /// The chapters that have something to say, in their order.
    pub chapters: Vec<Chapter>,
    /// The analyses used, each once.
    pub methods: Vec<Method>,
    /// The tables written beside the report.
    pub files: Vec<TableFile>,
    /// The data packages used.
    pub packages: Vec<PackageStamp>,
    /// Version of quyu.
    pub version: String,
}

/// The first screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The figures that matter.
    pub blocks: Vec<Block>,
    /// Place of the section that the figures come from, if no chapter prints it.
    pub anchor: Option<String>,
    /// The findings, a sentence each.
    pub findings: Vec<String>,
    /// What to be careful about.
    pub care: Option<String>,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// Which one.
    pub id: ChapterId,
    /// Title.
    pub title: String,
    /// The question it answers.
    pub question: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its id, which is also its anchor.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows and says.
    pub blocks: Vec<Block>,
    /// The tables behind it.
    pub files: Vec<TableFile>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Paragraphs.
    Prose(String),
    /// A table.
    Table(ShownTable),
    /// A figure.
    Figure(ShownFigure),
    /// What a reader must know about the tables and figures above.
    Notes(Vec<Note>),
}

/// A table as a reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownTable {
    /// Number in the report.
    pub number: usize,
    /// The reader's version.
    pub view: View,
    /// How many of its rows the text shows, if not the usual number.
    pub rows: Option<usize>,
    /// The file with all rows in full precision.
    pub file: TableFile,
}

/// A figure in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownFigure {
    /// Number in the report.
    pub number: usize,
    /// Stem of its file.
    pub stem: String,
    /// Title.
    pub title: String,
    /// The finding for somebody who cannot see it.
    pub alt: String,
    /// Data and vintage.
    pub source: String,
}

/// A table written beside the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// Name of the file.
    pub name: String,
    /// What it holds.
    pub title: String,
    /// Number of rows.
    pub rows: usize,
    /// Units of the columns that have one.
    pub units: Vec<(String, String)>,
}

/// The method note of one analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Id of the analysis.
    pub id: String,
    /// What it answers.
    pub summary: String,
    /// Its manual.
    pub manual: String,
    /// Where it is used.
    pub uses: Vec<Use>,
}

/// One use of an analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The section.
    pub section: String,
    /// Its title; `None` if no chapter prints it.
    pub title: Option<String>,
    /// Parameters as given, by name.
    pub params: Vec<(String, String)>,
}
