//! Tables as Parquet.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

/// One column to be written; `None` is a missing value.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Texts.
    Texts(Vec<Option<String>>),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Numbers.
    Numbers(Vec<Option<f64>>),
}

/// Why a table cannot be written: columns of unequal length.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be written as Parquet: {0}")]
pub struct Unwritable(String);

impl Values {
    fn array(&self) -> (DataType, ArrayRef) {
        match self {
            Values::Texts(all) => (DataType::Utf8, Arc::new(all.iter().collect::<StringArray>())),
            Values::Integers(all) => (
                DataType::Int64,
                Arc::new(all.iter().copied().collect::<Int64Array>()),
            ),
            Values::Numbers(all) => (
                DataType::Float64,
                Arc::new(all.iter().copied().collect::<Float64Array>()),
            ),
        }
    }
}

/// Columns of one length as a batch of Arrow.
pub(crate) fn batch(columns: &[(String, Values)]) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (name, values) in columns {
        let (kind, array) = values.array();
        fields.push(Field::new(name, kind, true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// A table as the bytes of a Parquet file, packed with zstd; `about` goes into the metadata of the file. The same table gives the
/// same bytes.
///
/// # Errors
/// [`Unwritable`] if the columns are of unequal length.
///
/// ```
/// use quyu_io::table::columnar::write::{Values, parquet};
/// let columns = [("region".to_owned(), Values::Texts(vec![Some("A".to_owned())])), ("x".to_owned(), Values::Numbers(vec![None]))];
/// assert!(parquet(&columns, &[])?.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parquet(columns: &[(String, Values)], about: &[(&str, &str)]) -> Result<Vec<u8>, Unwritable> {
    let wrong = |e: String| Unwritable(e);
    let batch = batch(columns).map_err(|e| wrong(e.to_string()))?;
    let about: Vec<KeyValue> = about
        .iter()
        .map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned()))
        .collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_key_value_metadata(Some(about))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .map_err(|e| wrong(e.to_string()))?;
    writer.write(&batch).map_err(|e| wrong(e.to_string()))?;
    writer.close().map_err(|e| wrong(e.to_string()))?;
    Ok(bytes)
}
