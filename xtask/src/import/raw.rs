//! The raw tables, read with the place of every cell, so that an error can name it.

use std::path::{Path, PathBuf};

use csv::StringRecord;

/// What can go wrong while the raw folder is read and turned into packages.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table is not well-formed CSV.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the reader said, with the line.
        source: csv::Error,
    },
    /// The header of a table is not the one this import was written for.
    #[error("{file}: expected the columns {expected}, found {found}")]
    Header {
        /// The file, relative to the raw folder.
        file: String,
        /// The columns this import knows.
        expected: String,
        /// The columns in the file.
        found: String,
    },
    /// A column that the table does not have.
    #[error("{file}: no column {column}")]
    Column {
        /// The file.
        file: String,
        /// The column asked for.
        column: String,
    },
    /// A cell that does not say what it should.
    #[error("{file}, row {row}, column {column}: {value:?} is not {expected}")]
    Cell {
        /// The file.
        file: String,
        /// The line of the file, the header being line 1.
        row: u64,
        /// The column.
        column: String,
        /// The text of the cell.
        value: String,
        /// What was expected instead.
        expected: String,
    },
    /// Two statements of one fact that should agree and do not.
    #[error("{file}, row {row}: {key} is {found}, but {other} has {expected}")]
    Differs {
        /// The file.
        file: String,
        /// The line of the file.
        row: u64,
        /// What is stated twice.
        key: String,
        /// The statement in this file.
        found: String,
        /// Where the other statement stands.
        other: String,
        /// The other statement.
        expected: String,
    },
    /// Rows read and rows accounted for are not the same number.
    #[error("{file}: {read} {unit} read, but {accounted} accounted for")]
    Unbalanced {
        /// The file.
        file: String,
        /// What is counted.
        unit: &'static str,
        /// How many were read.
        read: usize,
        /// How many were carried, dropped, set aside or left out.
        accounted: usize,
    },
    /// A file in the raw folder that the import does not know.
    #[error("{file}: this import does not know the file")]
    UnknownFile {
        /// The file.
        file: String,
    },
    /// The packages themselves are at fault.
    #[error(transparent)]
    Datasets(#[from] crate::datasets::DatasetsError),
}

/// A raw table in memory.
pub(crate) struct Raw {
    file: String,
    columns: &'static [&'static str],
    records: Vec<StringRecord>,
}

/// One row of a raw table, which knows where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    raw: &'a Raw,
    record: &'a StringRecord,
}

impl Raw {
    /// Reads `file` under `dir`. The header must be `columns`, neither more nor less: a new column of
    /// the raw folder must not be lost in silence.
    pub(crate) fn read(
        dir: &Path,
        file: &str,
        columns: &'static [&'static str],
    ) -> Result<Self, ImportError> {
        let path = dir.join(file);
        let file_reader = std::fs::File::open(&path).map_err(|source| ImportError::Io {
            path: path.clone(),
            source,
        })?;
        Self::from_reader(file, file_reader, columns)
    }

    /// Reads a table that is kept in the project, not in the raw folder.
    pub(crate) fn parse(
        file: &str,
        text: &str,
        columns: &'static [&'static str],
    ) -> Result<Self, ImportError> {
        Self::from_reader(file, text.as_bytes(), columns)
    }

    fn from_reader(
        file: &str,
        bytes: impl std::io::Read,
        columns: &'static [&'static str],
    ) -> Result<Self, ImportError> {
        let wrap = |source| ImportError::Csv {
            path: PathBuf::from(file),
            source,
        };
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(wrap)?;
        if header.iter().ne(columns.iter().copied()) {
            return Err(ImportError::Header {
                file: file.to_owned(),
                expected: columns.join(","),
                found: header.iter().collect::<Vec<_>>().join(","),
            });
        }
        let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(wrap)?;
        Ok(Self {
            file: file.to_owned(),
            columns,
            records,
        })
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { raw: self, record })
    }
}

impl<'a> Row<'a> {
    /// The text of a cell.
    pub(crate) fn text(self, column: &str) -> Result<&'a str, ImportError> {
        let position = self.raw.columns.iter().position(|known| *known == column);
        position
            .and_then(|at| self.record.get(at))
            .ok_or_else(|| ImportError::Column {
                file: self.raw.file.clone(),
                column: column.to_owned(),
            })
    }

    /// The line of the file, the header being line 1.
    pub(crate) fn line(self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// A number in its shortest form: the fewest digits that read back to the same f64.
    pub(crate) fn number(self, column: &str) -> Result<String, ImportError> {
        let text = self.text(column)?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value.to_string()),
            _ => Err(self.cell(column, text, "a finite number")),
        }
    }

    /// A year of four digits.
    pub(crate) fn year(self, column: &str) -> Result<String, ImportError> {
        let text = self.text(column)?;
        if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text.to_owned())
        } else {
            Err(self.cell(column, text, "a year of four digits"))
        }
    }

    /// An error about one cell of this row.
    pub(crate) fn cell(self, column: &str, value: &str, expected: &str) -> ImportError {
        ImportError::Cell {
            file: self.raw.file.clone(),
            row: self.line(),
            column: column.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// An error about a fact that is stated differently elsewhere.
    pub(crate) fn differs(self, key: &str, found: &str, other: &str, expected: &str) -> ImportError {
        ImportError::Differs {
            file: self.raw.file.clone(),
            row: self.line(),
            key: key.to_owned(),
            found: found.to_owned(),
            other: other.to_owned(),
            expected: expected.to_owned(),
        }
    }
}
