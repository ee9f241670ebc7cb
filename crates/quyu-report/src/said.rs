//! The numbers of the prose as a table: what each sentence states, at full precision, and where it comes from.

use quyu_core::number::significant;
use quyu_core::{Cell, Column, ColumnName, Table};

use crate::error::Place;
use crate::template::Said;

/// Stem of the file of this table.
pub(crate) const STEM: &str = "text";

/// One row a number, in the order in which a reader meets them: where it stands, the placeholder that it comes from, its value and
/// how the text writes it.
pub(crate) fn table(said: &[(Place, Said)]) -> Table {
    let columns = [
        ColumnName::Place,
        ColumnName::Source,
        ColumnName::Value,
        ColumnName::Note,
    ];
    let title = "Numbers of the text: where each stands, the cells that it comes from, its value and how it is written";
    let mut table = Table::new(STEM, title, columns.map(Column::key).to_vec());
    for (place, said) in said {
        table.push(vec![
            Cell::from(place.to_string()),
            Cell::from(said.placeholder.as_str()),
            Cell::from(value(said)),
            Cell::from(said.shown.as_str()),
        ]);
    }
    table
}

/// The number as precisely as the tables hold it: a p-value is promised to four digits only.
fn value(said: &Said) -> f64 {
    match said.placeholder.contains(".p_value") {
        true => significant(said.value, 4).parse().unwrap_or(said.value),
        false => said.value,
    }
}
