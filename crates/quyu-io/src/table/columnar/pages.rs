//! The pages of Parquet, looked at when they are unpacked and before their values are read: the reader reserves memory for as many values
//! as a page claims to have, and a reservation that fails ends the program.

use std::sync::Arc;

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::ROWS;
use super::thrift::{self, Flaw};

/// Texts of one page: writers end a page at some ten thousand.
const MOST: u64 = 1 << 26;

/// Reads these columns of one row group.
pub(super) fn read<T: ChunkReader + 'static>(
    input: T,
    metadata: &ArrowReaderMetadata,
    piece: usize,
    roots: &[usize],
) -> Result<ParquetRecordBatchReader> {
    let schema = metadata.parquet_schema();
    let mask = ProjectionMask::roots(schema, roots.iter().copied());
    let levels = parquet_to_arrow_field_levels(schema, mask, None)?;
    let group = Group {
        input: Arc::new(input),
        metadata: metadata.metadata().clone(),
        piece,
    };
    let rows = ROWS.min(group.num_rows()).max(1);
    ParquetRecordBatchReader::try_new_with_row_groups(&levels, &group, rows, None)
}

struct Group<T> {
    input: Arc<T>,
    metadata: Arc<ParquetMetaData>,
    piece: usize,
}

impl<T: ChunkReader + 'static> RowGroups for Group<T> {
    fn num_rows(&self) -> usize {
        let rows = self.metadata.row_group(self.piece).num_rows();
        usize::try_from(rows).unwrap_or(0)
    }

    fn column_chunks(&self, i: usize) -> Result<Box<dyn PageIterator>> {
        let column = self.metadata.row_group(self.piece).column(i);
        thrift::check_pages(&*self.input, column).map_err(ParquetError::General)?;
        let pages = SerializedPageReader::new(self.input.clone(), column, self.num_rows(), None)?;
        let pages = Pages {
            pages,
            column: column.column_descr_ptr(),
        };
        Ok(Box::new(Chunk(Some(Box::new(pages)))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.metadata.row_group(self.piece)))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The pages of one column in one row group.
struct Chunk(Option<Box<dyn PageReader>>);

impl Iterator for Chunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for Chunk {}

struct Pages<T: ChunkReader> {
    pages: SerializedPageReader<T>,
    column: ColumnDescPtr,
}

impl<T: ChunkReader> Pages<T> {
    fn checked(&self, page: Option<Page>) -> Result<Option<Page>> {
        if let Some(page) = &page {
            look_at(page, (self.column.max_rep_level(), self.column.max_def_level()))?;
        }
        Ok(page)
    }
}

impl<T: ChunkReader> Iterator for Pages<T> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<T: ChunkReader> PageReader for Pages<T> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        self.checked(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.pages.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        let page = self.pages.take_deferred_dictionary()?;
        self.checked(page)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

/// Refuses a page that claims more values than it can hold, by the highest levels of repetition and definition of its column.
fn look_at(page: &Page, levels: (i16, i16)) -> Result<()> {
    if let Page::DictionaryPage { buf, num_values, .. } = page
        && *num_values as usize > buf.len()
    {
        return Err(ParquetError::General(too_many(u64::from(*num_values))));
    }
    // Lengths of texts that are packed as differences: their count stands at the head of the list, and there are two lists where
    // what a text shares with the one before is left out.
    let lists = match page.encoding() {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => return Ok(()),
    };
    let mut values = values(page, levels).unwrap_or_default();
    let most = MOST.min(u64::from(page.num_values()));
    for _ in 0..lists {
        match past_list(&mut values, most) {
            Ok(()) => (),
            Err(Flaw::Cut) => break,
            Err(Flaw::Wrong(reason)) => return Err(ParquetError::General(reason)),
        }
    }
    Ok(())
}

/// The values of a data page, which stand after its levels.
fn values(page: &Page, levels: (i16, i16)) -> Option<&[u8]> {
    match page {
        Page::DataPage {
            buf,
            num_values,
            def_level_encoding,
            rep_level_encoding,
            ..
        } => {
            let rest = past_levels(buf, *num_values, levels.0, *rep_level_encoding)?;
            past_levels(rest, *num_values, levels.1, *def_level_encoding)
        }
        Page::DataPageV2 {
            buf,
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } => buf
            .get(*rep_levels_byte_len as usize..)?
            .get(*def_levels_byte_len as usize..),
        Page::DictionaryPage { .. } => None,
    }
}

fn past_levels(bytes: &[u8], count: u32, highest: i16, encoding: Encoding) -> Option<&[u8]> {
    if highest <= 0 {
        return Some(bytes);
    }
    #[expect(deprecated, reason = "old files have it")]
    match encoding {
        Encoding::RLE => {
            let (length, rest) = bytes.split_first_chunk()?;
            rest.get(u32::from_le_bytes(*length) as usize..)
        }
        Encoding::BIT_PACKED => {
            let bits = u64::from(i16::BITS - highest.leading_zeros());
            bytes.get((u64::from(count) * bits).div_ceil(8) as usize..)
        }
        _ => None,
    }
}

/// Goes past a list of numbers packed as differences: blocks, each in parts of so many numbers of one width in bits.
fn past_list(bytes: &mut &[u8], most: u64) -> std::result::Result<(), Flaw> {
    let block = thrift::unsigned(bytes)?;
    let parts = thrift::unsigned(bytes)?;
    let count = thrift::unsigned(bytes)?;
    let _first = thrift::unsigned(bytes)?;
    if count > most {
        return Err(Flaw::Wrong(too_many(count)));
    }
    let numbers = block.checked_div(parts).ok_or(Flaw::Cut)?;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        let _least = thrift::unsigned(bytes)?;
        for width in thrift::taken(bytes, parts)? {
            if left > 0 {
                thrift::taken(bytes, numbers.saturating_mul(u64::from(*width)) / 8)?;
                left = left.saturating_sub(numbers);
            }
        }
    }
    Ok(())
}

fn too_many(count: u64) -> String {
    format!("a page claims to have {count} values, more than it can hold")
}
