//! The result for a person at a terminal: aligned columns, units in the heads, notes below.

use quyu_core::number::{significant, styled};
use quyu_core::{Cell, Shown, Table, View};

use super::{Outcome, beside, full};
use crate::grid::Grid;
use crate::terminal::{Paint, wrapped};

/// Tables with a reader's version in it; all of one table in full if it was chosen or `--full` was given.
pub(crate) fn rendered(
    outcome: &Outcome<'_>,
    chosen: Option<&Table>,
    all_digits: bool,
    paint: Paint,
    width: usize,
) -> String {
    let prose = width.min(100);
    let tables = &outcome.findings.tables;
    let mut text = String::new();
    let mut source: Option<&str> = None;
    let mut untold: Vec<String> = Vec::new();
    for table in tables.iter().filter(|t| chosen.is_none_or(|c| c.id == t.id)) {
        let view = table.view.as_ref().filter(|_| !all_digits);
        if view.is_none() && chosen.is_none() && !all_digits && tables.iter().any(|t| t.view.is_some()) {
            untold.push(beside(table));
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&paint.bold(&wrapped(&table.title, prose, "")));
        text.push_str("\n\n");
        let grid = match view {
            Some(view) => of_view(view),
            // A reader's version needs no more digits than this; a table that was asked for has them all.
            None if chosen.is_none() && !all_digits => of_table(table, short),
            None => of_table(table, full),
        };
        text.push_str(&grid.rendered(paint, width));
        if let Some(view) = view.filter(|v| !v.source.is_empty() && source != Some(&v.source)) {
            text.push('\n');
            text.push_str(&paint.dim(&wrapped(&view.source, prose, "")));
            text.push('\n');
            source = Some(&view.source);
        }
    }
    for note in &outcome.findings.notes {
        text.push_str(&format!(
            "\nNote: {}\n",
            wrapped(&note.text, prose.saturating_sub(6), "      ")
        ));
    }
    if !untold.is_empty() {
        let line = format!("Also: {}. --table ID shows one in full.", untold.join(", "));
        text.push_str(&format!("\n{}\n", wrapped(&line, prose, "      ")));
    }
    text
}

fn of_view(view: &View) -> Grid {
    let row = |cells: &[Shown]| cells.iter().map(shown).collect();
    Grid {
        head: view.head.iter().map(|h| (h.label.clone(), h.numeric)).collect(),
        rows: view.rows.iter().map(|r| (row(&r.cells), r.strong)).collect(),
    }
}

/// A cell of a reader's version.
pub(crate) fn shown(cell: &Shown) -> String {
    match cell {
        Shown::Text(text) => text.clone(),
        Shown::Number(x, style) => styled(*x, *style),
        Shown::Rank(rank, n) => format!("{rank} of {n}"),
        Shown::Missing => "–".to_owned(),
    }
}

/// A cell with six significant digits; a whole number is a count or a sum and keeps all of its own.
fn short(cell: &Cell) -> String {
    match cell {
        Cell::Number(x) if x.fract() != 0.0 => significant(*x, 6),
        other => full(other),
    }
}

/// The tidy table.
fn of_table(table: &Table, shown: fn(&Cell) -> String) -> Grid {
    let numeric = |c: usize| table.rows.iter().all(|r| !matches!(r[c], Cell::Text(_)));
    let head = table.columns.iter().enumerate().map(|(i, c)| {
        let unit = c.unit.as_ref().filter(|u| *u != "1");
        let label = unit.map_or_else(|| c.name.to_string(), |u| format!("{} ({u})", c.name));
        (label, numeric(i))
    });
    Grid {
        head: head.collect(),
        rows: table
            .rows
            .iter()
            .map(|r| (r.iter().map(shown).collect(), false))
            .collect(),
    }
}
