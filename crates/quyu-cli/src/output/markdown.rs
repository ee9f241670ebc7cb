//! The result as GitHub Markdown.

use quyu_core::{Cell, Table};

use super::text::shown;
use super::{Outcome, full};

/// Tables with title, source and notes.
pub(crate) fn rendered(outcome: &Outcome<'_>, chosen: Option<&Table>) -> String {
    let mut text = String::new();
    let tables = &outcome.findings.tables;
    let viewed = tables.iter().any(|t| t.view.is_some());
    for table in tables.iter().filter(|t| chosen.is_none_or(|c| c.id == t.id)) {
        if table.view.is_none() && viewed && chosen.is_none() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("**{}**\n\n", escaped(&table.title)));
        match &table.view {
            Some(view) => {
                row(&mut text, view.head.iter().map(|h| h.label.clone()));
                rule(&mut text, view.head.iter().map(|h| h.numeric));
                for r in &view.rows {
                    let strong = |cell: String| if r.strong { format!("**{cell}**") } else { cell };
                    row(&mut text, r.cells.iter().map(|c| strong(shown(c))));
                }
                if !view.source.is_empty() {
                    text.push_str(&format!("\n*{}*\n", escaped(&view.source)));
                }
            }
            None => {
                row(&mut text, table.columns.iter().map(|c| c.name.to_string()));
                let numeric = |i: usize| table.rows.iter().all(|r| !matches!(r[i], Cell::Text(_)));
                rule(&mut text, (0..table.columns.len()).map(numeric));
                table.rows.iter().for_each(|r| row(&mut text, r.iter().map(full)));
            }
        }
    }
    for (i, note) in outcome.findings.notes.iter().enumerate() {
        text.push_str(if i == 0 { "\n" } else { "" });
        text.push_str(&format!("- {}\n", escaped(&note.text)));
    }
    text
}

fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push('|');
    for cell in cells {
        text.push_str(&format!(" {} |", cell.replace('|', "\\|").replace('\n', " ")));
    }
    text.push('\n');
}

fn rule(text: &mut String, numeric: impl Iterator<Item = bool>) {
    text.push('|');
    numeric.for_each(|n| text.push_str(if n { "---:|" } else { ":---|" }));
    text.push('\n');
}

fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '*' | '_' | '`' | '[' | ']' | '<');
    text.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}
