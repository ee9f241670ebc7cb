//! From what is legal and probably wrong to what is told: a warning or a note, and a way out.

use quyu_io::table::Warning;

use crate::advice::Adviser;
use crate::exit::Failure;
use crate::message::Message;

impl Adviser<'_> {
    /// A failure, with the sheets that were not read: the column that is missed may be on one of them.
    pub(crate) fn with_sheets(&self, mut failure: Failure, warnings: &[Warning], file: &str) -> Failure {
        let sheets = warnings.iter().filter(|w| matches!(w, Warning::Sheets { .. }));
        failure.messages.extend(sheets.map(|w| self.warning(w, file)));
        failure
    }

    /// What is legal and probably wrong.
    pub(crate) fn warning(&self, warning: &Warning, file: &str) -> Message {
        let text = warning.to_string();
        let message = match warning {
            Warning::Fixed { .. } | Warning::Marked { .. } | Warning::Sheets { .. } => Message::note(text),
            _ => Message::warning(text),
        };
        let message = message.at(file, None);
        match warning {
            Warning::Total { region, column, .. } => message
                .help("to leave it out:")
                .command(self.typed.with_condition(&unequal(column, region))),
            Warning::TotalClass { class, column, .. } => message
                .help("to leave it out:")
                .command(self.typed.with_condition(&unequal(column, class))),
            Warning::Unweighted { .. } => message
                .help("to count people, name the column of population:")
                .command(self.typed.with("--weight", "POPULATION")),
            Warning::Sheets { others, .. } => message.help("to read another one:").command(
                self.typed
                    .with("--sheet", others.first().map_or("", String::as_str)),
            ),
            Warning::Levels { column, length, .. } => {
                message
                    .help("to keep one level:")
                    .command(self.typed.with_condition(&format!(
                        "{} like '{}'",
                        column_in_condition(column),
                        "_".repeat(*length)
                    )))
            }
            Warning::Shares { .. } => {
                message.help("check that every class is there once, and that no total is among them")
            }
            Warning::Spellings { .. } => message.help("write the name in one way in all rows"),
            Warning::Percentage { .. } => {
                message.help("check the figure; a growth rate may exceed 100, a share may not")
            }
            _ => message,
        }
    }
}

fn unequal(column: &str, text: &str) -> String {
    format!(
        "{} != '{}'",
        column_in_condition(column),
        text.replace('\'', "''")
    )
}

/// The condition that a column has this text.
pub(crate) fn equal(column: &str, text: &str) -> String {
    format!("{} = '{}'", column_in_condition(column), text.replace('\'', "''"))
}

fn column_in_condition(column: &str) -> String {
    let plain = column.chars().all(|c| c.is_alphanumeric() || c == '_');
    match plain {
        true => column.to_owned(),
        false => format!("\"{}\"", column.replace('"', "\"\"")),
    }
}
