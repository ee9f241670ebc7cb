//! A table of text in memory.

use csv::StringRecord;

use super::descriptor::Schema;
use super::error::{Fault, FaultKind};

/// A table as text: cells are read as they are, a missing value is the empty text.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    header: Vec<String>,
    records: Vec<StringRecord>,
}

/// A row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl Table {
    /// The file in messages: `package/path`.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The place of a column, to read many rows with [`Row::at`].
    pub fn position(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
}

impl<'a> Row<'a> {
    /// The cell of a column, if the table has the column.
    pub fn get(self, column: &str) -> Option<&'a str> {
        self.table
            .position(column)
            .and_then(|position| self.record.get(position))
    }

    /// The cell in a place given by [`Table::position`]; empty beyond the last column.
    pub fn at(self, position: usize) -> &'a str {
        self.record.get(position).unwrap_or_default()
    }

    /// All cells.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        self.record.iter()
    }

    /// The line of the file, the header being line 1.
    pub fn line(self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// A fault of this row.
    pub fn fault(self, column: &str, kind: FaultKind) -> Fault {
        Fault {
            file: self.table.file.clone(),
            row: Some(self.line()),
            column: Some(column.to_owned()),
            kind,
        }
    }
}

/// Reads the bytes of a table. Its header must be the fields of the schema, in their order.
///
/// # Errors
///
/// The first fault: a missing or unknown column, or what makes the file no CSV.
pub fn parse_table(file: &str, schema: &Schema, bytes: &[u8]) -> Result<Table, Fault> {
    let fault = |row, column: Option<&str>, kind| Fault {
        file: file.to_owned(),
        row,
        column: column.map(str::to_owned),
        kind,
    };
    let malformed = |error: csv::Error| {
        let row = error.position().map(csv::Position::line);
        fault(
            row,
            None,
            FaultKind::Csv {
                message: error.to_string(),
            },
        )
    };
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Vec<_> = reader
        .headers()
        .map_err(malformed)?
        .iter()
        .map(str::to_owned)
        .collect();
    for field in &schema.fields {
        if !header.contains(&field.name) {
            return Err(fault(Some(1), Some(&field.name), FaultKind::MissingColumn));
        }
    }
    let fields = schema
        .fields
        .iter()
        .map(|field| Some(&field.name))
        .chain(std::iter::repeat(None));
    if let Some((name, _)) = header
        .iter()
        .zip(fields)
        .find(|(name, field)| Some(*name) != *field)
    {
        return Err(fault(Some(1), Some(name), FaultKind::UnknownColumn));
    }
    let records = reader
        .into_records()
        .collect::<Result<Vec<_>, _>>()
        .map_err(malformed)?;
    Ok(Table {
        file: file.to_owned(),
        header,
        records,
    })
}
