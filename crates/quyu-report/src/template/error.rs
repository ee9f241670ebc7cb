//! What can be wrong with a template.

use quyu_core::CoreError;
use quyu_core::suggest::{Near, quoted};

use super::style::STYLES;

/// A placeholder that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {problem}", problem.shown(written))]
pub struct SyntaxError {
    /// The placeholder without its braces, or the text from a stray brace on.
    pub written: String,
    /// What is wrong with it.
    pub problem: Syntax,
}

/// What is wrong with a placeholder as written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Syntax {
    /// A brace that is not closed.
    #[error("the brace is not closed")]
    Unclosed,
    /// A closing brace without an opening one.
    #[error("a closing brace without an opening one; write `}}}}` for the character")]
    Stray,
    /// `else` or `end` without `if`.
    #[error("there is no `if` before it")]
    NoIf,
    /// A second `else`, or an `else if` after `else`.
    #[error("it stands after the `else` of its `if`")]
    AfterElse,
    /// `if` without `end`.
    #[error("there is no `{{end}}` to it")]
    NoEnd,
    /// Too many conditions or brackets inside each other.
    #[error("conditions or brackets are nested too deeply")]
    TooDeep,
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should stand here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// No style of this name.
    #[error("there is no style `{name}`; the styles are {}{near}", STYLES.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(", "))]
    UnknownStyle {
        /// The name.
        name: String,
        /// Styles that resemble it.
        near: Near,
    },
    /// No function of this name.
    #[error("there is no function `{name}`{near}")]
    UnknownFunction {
        /// The name.
        name: String,
        /// Functions that resemble it.
        near: Near,
    },
    /// A placeholder without any reference.
    #[error("it rests on no finding: a number must not be typed")]
    OnlyTyped,
}

impl Syntax {
    /// The place in a message: a placeholder in its braces, or the text around a stray one.
    fn shown(&self, written: &str) -> String {
        match self {
            Syntax::Unclosed | Syntax::Stray => format!("`{written}`"),
            _ => format!("`{{{written}}}`"),
        }
    }

    pub(super) fn at(self, written: &str) -> SyntaxError {
        SyntaxError {
            written: written.to_owned(),
            problem: self,
        }
    }
}

/// A placeholder that has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{{{written}}}`: {problem}")]
pub struct TemplateError {
    /// The placeholder, without its braces.
    pub written: String,
    /// Why it has no value.
    pub problem: Lack,
}

/// Why a placeholder has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Lack {
    /// No section of this id.
    #[error("the case has no section `{name}`{near}")]
    UnknownSection {
        /// The id.
        name: String,
        /// Sections that resemble it.
        near: Near,
    },
    /// A section that runs no analysis.
    #[error("the section `{name}` runs no analysis")]
    NoAnalysis {
        /// The section.
        name: String,
    },
    /// No such table.
    #[error(
        "the section `{section}` has no table `{table}`; it has {}{near}",
        quoted(known, "and")
    )]
    UnknownTable {
        /// The section.
        section: String,
        /// The table.
        table: String,
        /// Tables that resemble it.
        near: Near,
        /// The tables there are.
        known: Vec<String>,
    },
    /// No such column.
    #[error(
        "the table `{table}` of section `{section}` has no column `{column}`; it has {}{near}",
        quoted(known, "and")
    )]
    UnknownColumn {
        /// The section.
        section: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Columns that resemble it.
        near: Near,
        /// The columns there are.
        known: Vec<String>,
    },
    /// No row matches.
    #[error("no row of `{table}` in section `{section}` has {filter}; {column} is one of {existing}{near}")]
    NoRow {
        /// The section.
        section: String,
        /// The table.
        table: String,
        /// The condition that nothing meets, as written.
        filter: String,
        /// Its column.
        column: String,
        /// The values that exist there.
        existing: String,
        /// Those that resemble the one asked for, if not all are listed.
        near: Near,
    },
    /// Several rows match.
    #[error("{n} rows of `{table}` in section `{section}` match; tell them apart by {by}")]
    SeveralRows {
        /// The section.
        section: String,
        /// The table.
        table: String,
        /// How many.
        n: usize,
        /// Columns that differ, with their values.
        by: String,
    },
    /// The cell is missing.
    #[error("the cell is missing; ask `{{if missing(…)}}` first")]
    MissingCell,
    /// A number without a style.
    #[error("say how the number is written, for example `|fixed1`")]
    NoStyle,
    /// A style that is not for this number.
    #[error("the style is not for the number {value}")]
    WrongStyle {
        /// The number.
        value: String,
    },
    /// Words where a number is needed.
    #[error("`{text}` is not a number")]
    NotANumber {
        /// The words.
        text: String,
    },
    /// A number where words are needed.
    #[error("words are needed, not a number")]
    NotWords,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Two values that are equal as displayed, and no word for it.
    #[error("the two are equal as displayed: put the sentence under `{{if … > …}}`")]
    Tie,
    /// No table or figure of the section is shown, or no chapter prints it.
    #[error("the section `{name}` shows no {what}")]
    NotShown {
        /// The section.
        name: String,
        /// `table`, `figure` or `title`.
        what: &'static str,
    },
    /// A region without a Chinese name.
    #[error("`{name}` has no Chinese name")]
    NoChineseName {
        /// The region or set.
        name: String,
    },
    /// A name that the packages do not know.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl Lack {
    pub(crate) fn at(self, written: &str) -> TemplateError {
        TemplateError {
            written: written.to_owned(),
            problem: self,
        }
    }
}
