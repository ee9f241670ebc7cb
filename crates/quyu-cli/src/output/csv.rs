//! A table as CSV: RFC 4180 with line feeds, all digits, a missing value is an empty field.

use quyu_core::Table;

use super::full;

/// The table as text.
pub(crate) fn rendered(table: &Table) -> String {
    let mut text = String::new();
    line(&mut text, table.columns.iter().map(|c| c.name.to_string()));
    for row in &table.rows {
        line(&mut text, row.iter().map(full));
    }
    text
}

/// One line.
pub(crate) fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push('\n');
}
