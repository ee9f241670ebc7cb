//! Tables of typed columns: Parquet and Arrow IPC, read batch by batch, only the columns that are asked for.
//!
//! A column of whole or decimal numbers is read as numbers, one of texts as it stands; dates are texts like `2020-01-31`. What is no
//! figure and no name (true or false, lists, bytes) is refused where it is asked for, and only there.

mod claims;
mod pages;
#[cfg(test)]
pub(crate) mod tests;
mod thrift;
mod values;
pub mod write;

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use super::fault::{Fault, TableError, only};
use super::guard::guarded;
use super::number::Numbers;
use super::raw;
use super::rows::Kind;
use super::source::{Form, Source};

pub use values::{Batch, Column, Type};

/// Rows of a batch.
const ROWS: usize = 16 << 10;

/// Where the bytes are.
#[derive(Debug, Clone)]
enum Store {
    File(PathBuf),
    Memory(Bytes),
}

/// A table of typed columns that is open: what is known before the first row.
///
/// ```no_run
/// # use quyu_io::table::{columnar::{Column, Table}, rows::Kind, Numbers, Source};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = Source::File("firms.parquet".into());
/// if let Some(table) = Table::open(&source)? {
///     let turnover = table.column("value", "turnover")?;
///     for piece in 0..table.pieces() {
///         for batch in table.read(piece, &[(turnover, Kind::Number)], &Numbers::default())? {
///             if let Column::Numbers(numbers) = &batch?.columns[0] {
///                 println!("{} rows", numbers.len());
///             }
///         }
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    /// The file.
    pub name: String,
    /// Names of the columns; one without a name is called by its number.
    pub header: Vec<String>,
    /// What each column holds.
    pub types: Vec<Type>,
    form: Form,
    store: Store,
    /// Of Parquet: its metadata.
    parquet: Option<ArrowReaderMetadata>,
}

/// The batches of one piece of a table, in order.
pub struct Batches {
    name: String,
    form: Form,
    numbers: Numbers,
    records: Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>,
    /// The rest of a record batch that is longer than a batch.
    rest: Option<RecordBatch>,
    /// For each column that is asked for: its place in the record batch, its name, what it is read as.
    columns: Vec<(usize, String, Kind)>,
    /// Rows before the next batch.
    before: u64,
}

impl Table {
    /// Opens a file of typed columns; `None` if it is of another kind, or standard input, which cannot be read from its end.
    ///
    /// # Errors
    /// [`TableError::Io`], or [`Fault::Damaged`].
    pub fn open(source: &Source) -> Result<Option<Self>, TableError> {
        let Source::File(path) = source else {
            return Ok(None);
        };
        let mut first = Vec::new();
        let opened = source.open()?;
        opened
            .take(8)
            .read_to_end(&mut first)
            .map_err(|e| source.failed(e))?;
        let form = Form::of(&first);
        match form {
            Form::Parquet | Form::ArrowFile | Form::ArrowStream => {
                Self::of(source.name(), form, Store::File(path.clone())).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A table whose bytes are held already.
    pub(crate) fn of_bytes(name: String, form: Form, bytes: Vec<u8>) -> Result<Self, TableError> {
        Self::of(name, form, Store::Memory(Bytes::from(bytes)))
    }

    fn of(name: String, form: Form, store: Store) -> Result<Self, TableError> {
        guarded(|| Self::read_schema(name.clone(), form, store))
            .map_err(|reason| damaged(&name, form, reason))?
    }

    fn read_schema(name: String, form: Form, store: Store) -> Result<Self, TableError> {
        let wrong = |reason: String| damaged(&name, form, reason);
        let mut parquet = None;
        let schema = match form {
            Form::Parquet => {
                // What a writer noted on its own types is left aside: the types of Parquet itself say enough.
                let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
                let metadata = match &store {
                    Store::File(path) => metadata(&file(&name, path)?, options),
                    Store::Memory(bytes) => metadata(bytes, options),
                };
                let metadata = metadata.map_err(|e| wrong(plain(&e)))?;
                let schema = metadata.schema().clone();
                parquet = Some(metadata);
                schema
            }
            Form::ArrowFile => match &store {
                Store::File(path) => file_schema(buffered(&name, path)?),
                Store::Memory(bytes) => file_schema(Cursor::new(bytes.clone())),
            }
            .map_err(wrong)?,
            _ => match &store {
                Store::File(path) => stream_schema(buffered(&name, path)?),
                Store::Memory(bytes) => stream_schema(Cursor::new(bytes.clone())),
            }
            .map_err(wrong)?,
        };
        let (header, types) = columns_of(&schema);
        Ok(Self {
            name,
            header,
            types,
            form,
            store,
            parquet,
        })
    }

    /// The column of this name, or of this number from 1 if none bears the name.
    ///
    /// # Errors
    /// [`Fault::UnknownColumn`] with near names, [`Fault::AmbiguousColumn`].
    pub fn column(&self, role: &str, name: &str) -> Result<usize, Fault> {
        raw::column(&self.header, role, name)
    }

    /// How many pieces can be read independently of one another: the row groups of Parquet; Arrow has one. The cuts follow from the
    /// file alone.
    pub fn pieces(&self) -> usize {
        self.parquet.as_ref().map_or(1, |m| m.metadata().num_row_groups())
    }

    /// Reads these columns of one piece. Memory holds a page of each column and a batch, not the piece.
    ///
    /// # Errors
    /// [`TableError`]: a column that is no figure and no name, a damaged file. Texts that should be numbers are told by the batches.
    pub fn read(
        &self,
        piece: usize,
        wish: &[(usize, Kind)],
        numbers: &Numbers,
    ) -> Result<Batches, TableError> {
        let mut roots: Vec<usize> = wish.iter().map(|(column, _)| *column).collect();
        roots.sort_unstable();
        roots.dedup();
        let mut columns = Vec::new();
        for (column, kind) in wish {
            let name = self.header[*column].clone();
            if let Type::Other(holds) = &self.types[*column] {
                let fault = Fault::NoFigures {
                    column: name,
                    holds: holds.clone(),
                };
                return Err(only(&self.name, fault));
            }
            let place = roots.binary_search(column).unwrap_or_default();
            columns.push((place, name, *kind));
        }
        Ok(Batches {
            name: self.name.clone(),
            form: self.form,
            numbers: numbers.clone(),
            records: guarded(|| self.records(piece, roots))
                .map_err(|reason| damaged(&self.name, self.form, reason))??,
            rest: None,
            columns,
            before: self.rows_before(piece),
        })
    }

    fn rows_before(&self, piece: usize) -> u64 {
        let groups = self.parquet.iter().flat_map(|m| m.metadata().row_groups());
        groups.take(piece).map(|g| g.num_rows().max(0) as u64).sum()
    }

    fn records(
        &self,
        piece: usize,
        roots: Vec<usize>,
    ) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>, TableError> {
        let wrong = |reason: String| damaged(&self.name, self.form, reason);
        if let Some(metadata) = &self.parquet {
            let records = match &self.store {
                Store::File(path) => pages::read(file(&self.name, path)?, metadata, piece, &roots),
                Store::Memory(bytes) => pages::read(bytes.clone(), metadata, piece, &roots),
            };
            return Ok(Box::new(records.map_err(|e| wrong(plain(&e)))?));
        }
        let some = Some(roots);
        Ok(match (self.form, &self.store) {
            (Form::ArrowFile, Store::File(path)) => Box::new(
                FileReader::try_new(buffered(&self.name, path)?, some).map_err(|e| wrong(e.to_string()))?,
            ),
            (Form::ArrowFile, Store::Memory(bytes)) => Box::new(
                FileReader::try_new(Cursor::new(bytes.clone()), some).map_err(|e| wrong(e.to_string()))?,
            ),
            (_, Store::File(path)) => Box::new(
                StreamReader::try_new(buffered(&self.name, path)?, some).map_err(|e| wrong(e.to_string()))?,
            ),
            (_, Store::Memory(bytes)) => Box::new(
                StreamReader::try_new(Cursor::new(bytes.clone()), some).map_err(|e| wrong(e.to_string()))?,
            ),
        })
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        let records = match self.rest.take() {
            Some(rest) => rest,
            None => match guarded(|| self.records.next()) {
                Ok(None) => return None,
                Ok(Some(Ok(records))) => records,
                Ok(Some(Err(error))) => return Some(Err(self.end(error.to_string()))),
                Err(reason) => return Some(Err(self.end(reason))),
            },
        };
        let now = records.slice(0, records.num_rows().min(ROWS));
        if records.num_rows() > ROWS {
            self.rest = Some(records.slice(ROWS, records.num_rows() - ROWS));
        }
        let batch = guarded(|| Batch::of(&now, &self.columns, &self.numbers, self.before));
        self.before += now.num_rows() as u64;
        Some(match batch {
            Ok(Ok(batch)) => Ok(batch),
            Ok(Err(gathered)) => Err(gathered.into_error(&self.name)),
            Err(reason) => Err(self.end(reason)),
        })
    }
}

impl Batches {
    /// Nothing follows a damaged place.
    fn end(&mut self, reason: String) -> TableError {
        self.records = Box::new(std::iter::empty());
        damaged(&self.name, self.form, reason)
    }
}

/// What the footer says.
fn metadata(
    input: &impl ChunkReader,
    options: ArrowReaderOptions,
) -> Result<ArrowReaderMetadata, ParquetError> {
    thrift::check_footer(input).map_err(ParquetError::General)?;
    ArrowReaderMetadata::load(input, options)
}

fn file_schema(mut file: impl Read + Seek) -> Result<SchemaRef, String> {
    claims::check_file(&mut file)?;
    file.rewind().map_err(|e| e.to_string())?;
    let reader = FileReader::try_new(file, None).map_err(|e| e.to_string())?;
    Ok(reader.schema())
}

fn stream_schema(mut stream: impl Read + Seek) -> Result<SchemaRef, String> {
    claims::check_stream(&mut stream)?;
    stream.rewind().map_err(|e| e.to_string())?;
    let reader = StreamReader::try_new(stream, None).map_err(|e| e.to_string())?;
    Ok(reader.schema())
}

fn columns_of(schema: &Schema) -> (Vec<String>, Vec<Type>) {
    let fields = schema.fields();
    let names: Vec<String> = fields.iter().map(|f| f.name().trim().to_owned()).collect();
    let types = fields.iter().map(|f| Type::of(f.data_type())).collect();
    (raw::names(&names, true), types)
}

fn file(name: &str, path: &std::path::Path) -> Result<File, TableError> {
    File::open(path).map_err(|source| TableError::Io {
        file: name.to_owned(),
        source,
    })
}

fn buffered(name: &str, path: &std::path::Path) -> Result<BufReader<File>, TableError> {
    file(name, path).map(BufReader::new)
}

/// What a reader says, without the name of the library before it.
fn plain(error: &ParquetError) -> String {
    match error {
        ParquetError::General(text) | ParquetError::EOF(text) | ParquetError::NYI(text) => text.clone(),
        other => other.to_string(),
    }
}

fn damaged(name: &str, form: Form, reason: String) -> TableError {
    let what = form.name();
    // "Parser error: …" says what part of the reader it is, which is of no use to anybody else.
    let reason = match reason.split_once(" error: ") {
        Some((part, rest)) if !part.contains(' ') => rest.to_owned(),
        _ => reason,
    };
    only(name, Fault::Damaged { what, reason })
}
