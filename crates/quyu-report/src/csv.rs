//! Tidy tables as CSV: the full precision behind a report.

use quyu_core::number::{significant, twelve_digits};
use quyu_core::{Cell, ColumnName, Table};

/// The CSV text of a table: RFC 4180, lines end in LF, a missing value is an empty field.
///
/// Numbers have twelve significant digits, p-values four: what comes from an approximation of a distribution is not
/// promised to more.
pub fn csv(table: &Table) -> String {
    let mut text = String::new();
    let names: Vec<String> = table.columns.iter().map(|c| c.name.to_string()).collect();
    line(&mut text, &names);
    for row in &table.rows {
        let fields: Vec<String> = row
            .iter()
            .zip(&table.columns)
            .map(|(cell, column)| written(cell, column.name))
            .collect();
        line(&mut text, &fields);
    }
    text
}

/// A cell as the CSV holds it, before quoting; filters of placeholders compare with this.
pub(crate) fn written(cell: &Cell, column: ColumnName) -> String {
    match (cell, column) {
        (Cell::Text(text), _) => text.clone(),
        (Cell::Integer(i), _) => i.to_string(),
        (Cell::Number(x), ColumnName::PValue) => significant(*x, 4),
        (Cell::Number(x), _) => twelve_digits(*x),
        (Cell::Missing, _) => String::new(),
    }
}

pub(crate) fn line(text: &mut String, fields: &[String]) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        // A line of one empty field would read as no line at all.
        if field.contains([',', '"', '\n', '\r']) || (field.is_empty() && fields.len() == 1) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push('\n');
}
