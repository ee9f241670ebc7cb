//! A table as Parquet; what else the result says stands in the metadata of the file, under `quyu`.

use quyu_core::{Cell, Table};
use quyu_io::table::columnar::write::{Values, parquet};

use super::{Outcome, json};
use crate::exit::{BUG, Failure};
use crate::message::Message;

/// The table as the bytes of a file.
pub(crate) fn rendered(outcome: &Outcome<'_>, table: &Table) -> Result<Vec<u8>, Failure> {
    let columns: Vec<(String, Values)> = (0..table.columns.len())
        .map(|i| (table.columns[i].name.to_string(), values(table, i)))
        .collect();
    let about = [("quyu", json::about(outcome))];
    let about = about.each_ref().map(|(key, text)| (*key, text.as_str()));
    // The columns of a table are of one length.
    parquet(&columns, &about).map_err(|e| Failure::new(BUG, Message::error(e.to_string())))
}

fn values(table: &Table, column: usize) -> Values {
    let cells = table.rows.iter().map(|row| &row[column]);
    match json::kind(table, column) {
        "string" => Values::Texts(
            cells
                .map(|cell| (*cell != Cell::Missing).then(|| super::full(cell)))
                .collect(),
        ),
        "number" => Values::Numbers(
            cells
                .map(|cell| match cell {
                    // Adding zero takes the sign off a zero.
                    Cell::Number(x) => Some(*x + 0.0),
                    Cell::Integer(i) => Some(*i as f64),
                    Cell::Text(_) | Cell::Missing => None,
                })
                .collect(),
        ),
        _ => Values::Integers(
            cells
                .map(|cell| match cell {
                    Cell::Integer(i) => Some(*i),
                    _ => None,
                })
                .collect(),
        ),
    }
}
