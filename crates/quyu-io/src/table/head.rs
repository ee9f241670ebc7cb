//! The beginning of a text table that streams by: what kind of file it is, its delimiter and the names of its columns.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex};

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::blocks::{Blocks, Cut};
use super::fault::{Fault, TableError, only};
use super::raw::ReadOptions;
use super::source::{self, Source};
use super::text::{Encoding, wide_mark};
use super::{header, split};

/// Bytes that are looked at to find out what a file is.
const FIRST: usize = 64 << 10;

/// What is known before the first row.
#[derive(Debug, Clone)]
pub struct Named {
    /// The file.
    pub name: String,
    /// Names of the columns; one without a name is called by its number.
    pub header: Vec<String>,
    /// Between fields.
    pub delimiter: u8,
    /// How it is read.
    pub options: ReadOptions,
}

/// A table that is open, with its header read.
pub struct Head {
    /// What is known.
    pub named: Named,
    reader: Box<dyn Read + Send>,
    rest: Vec<u8>,
    lines: u64,
    hash: Hash,
}

/// The hash of what was read so far, as the file holds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hash(Arc<Mutex<Sha256>>);

impl Hash {
    /// In hexadecimal digits.
    pub(crate) fn finish(&self) -> String {
        match self.0.lock() {
            Ok(hash) => hash
                .clone()
                .finalize()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
            // A thread that panicked has left nothing to go on with.
            Err(_) => String::new(),
        }
    }
}

/// A reader that hashes what it reads.
struct Hashed {
    reader: Box<dyn Read + Send>,
    hash: Hash,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        if let Ok(mut hash) = self.hash.0.lock() {
            hash.update(&buffer[..n]);
        }
        Ok(n)
    }
}

impl Named {
    /// The column of this name, or of this number from 1 if none bears the name.
    ///
    /// # Errors
    /// [`Fault::UnknownColumn`] with near names, [`Fault::AmbiguousColumn`].
    pub fn column(&self, role: &str, name: &str) -> Result<usize, Fault> {
        header::column(&self.header, role, name)
    }
}

impl Head {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// [`TableError`]: what is no text table in UTF-8, and what has no row below the header, is refused.
    pub fn open(source: &Source, options: &ReadOptions) -> Result<Self, TableError> {
        Self::of(source.name(), source.open()?, options)
    }

    pub(crate) fn of(
        file: String,
        reader: Box<dyn Read + Send>,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let hash = Hash::default();
        let mut reader: Box<dyn Read + Send> = Box::new(Hashed {
            reader,
            hash: hash.clone(),
        });
        let wrong = |fault: Fault| only(&file, fault);
        let io = |source: io::Error| TableError::Io {
            file: file.clone(),
            source,
        };
        let mut first = up_to(&mut reader, FIRST).map_err(io)?;
        if first.starts_with(&source::GZIP) {
            let packed = Cursor::new(first).chain(reader);
            reader = Box::new(MultiGzDecoder::new(packed));
            let unpack = |e: io::Error| {
                wrong(Fault::Packed {
                    reason: e.to_string(),
                })
            };
            first = up_to(&mut reader, FIRST).map_err(unpack)?;
        } else if first.starts_with(&source::ZSTD) {
            let packed = Cursor::new(first).chain(reader);
            let unpack = |e: io::Error| {
                wrong(Fault::Packed {
                    reason: e.to_string(),
                })
            };
            reader = Box::new(zstd::Decoder::new(packed).map_err(unpack)?);
            first = up_to(&mut reader, FIRST).map_err(unpack)?;
        }
        source::refuse_foreign(&first).map_err(wrong)?;
        if options.sheet.is_some() {
            let what = source::Form::Text.name();
            return Err(wrong(Fault::SheetOfWhat { what }));
        }
        if !matches!(options.encoding, Encoding::Auto | Encoding::Utf8) || wide_mark(&first).is_some() {
            return Err(wrong(Fault::NoStream {
                what: "a table in another encoding than UTF-8",
            }));
        }
        if let Some(rest) = first.strip_prefix(b"\xEF\xBB\xBF") {
            first = rest.to_vec();
        }
        Self::read(file, (reader, hash), first, options)
    }

    fn read(
        file: String,
        (reader, hash): (Box<dyn Read + Send>, Hash),
        first: Vec<u8>,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let wrong = |fault: Fault| only(&file, fault);
        let text = String::from_utf8_lossy(&first);
        split::refuse_markup(&text).map_err(wrong)?;
        let mut delimiter = options.delimiter;
        let mut skipped = 0;
        // Excel's own note on the delimiter is no row.
        if let Some(rest) = first.strip_prefix(b"sep=") {
            delimiter = delimiter.or(rest.first().copied());
            skipped = memchr::memchr(b'\n', &first).map_or(first.len(), |n| n + 1);
        }
        let mut lines = u64::from(skipped > 0);
        if let Some(row) = options.header_row.filter(|row| *row > 1) {
            let ends = memchr::memchr_iter(b'\n', &first);
            let before = usize::try_from(row - 2).unwrap_or(usize::MAX);
            let end = ends.into_iter().nth(before);
            skipped = end.ok_or_else(|| wrong(Fault::NoHeaderRow { row }))? + 1;
            lines = row - 1;
        }
        let below = String::from_utf8_lossy(&first[skipped..]);
        let delimiter = delimiter.unwrap_or_else(|| split::likely(&below, &file, options.quote));
        let begun = Cursor::new(first[skipped..].to_vec()).chain(reader);
        let mut blocks = Blocks::new(begun, delimiter, options.quote, FIRST).after(lines, Vec::new());
        let io = |source| TableError::Io {
            file: file.clone(),
            source,
        };
        let block = match blocks.next() {
            Ok(Some(block)) => block,
            Ok(None) => return Err(wrong(Fault::Empty)),
            Err(Cut::Io(e)) => return Err(io(e)),
            Err(Cut::Endless(_)) => return Err(wrong(Fault::LongLine)),
        };
        let mut records = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .quote(options.quote)
            .has_headers(false)
            .flexible(true)
            .from_reader(block.bytes.as_slice());
        let mut record = csv::ByteRecord::new();
        let mut names = Vec::new();
        // Reading bytes from memory fails at nothing.
        while names.iter().all(String::is_empty) && records.read_byte_record(&mut record).unwrap_or(false) {
            let name = |f: &[u8]| String::from_utf8_lossy(f).trim().to_owned();
            names = record.iter().map(name).collect();
        }
        if names.iter().all(String::is_empty) {
            return Err(wrong(Fault::Empty));
        }
        if split::COLUMN * names.len() as u64 > split::HELD {
            return Err(wrong(Fault::TooHeavy { limit: split::HELD }));
        }
        let used = if options.header {
            records.position().byte() as usize
        } else {
            0
        };
        let lines = block.lines + block.bytes[..used].iter().filter(|b| **b == b'\n').count() as u64;
        let named = Named {
            name: file,
            header: header::names(&names, options.header),
            delimiter,
            options: options.clone(),
        };
        let (reader, unread) = blocks.into_parts();
        let mut rest = block.bytes[used..].to_vec();
        rest.extend(unread);
        Ok(Self {
            named,
            reader: Box::new(reader),
            rest,
            lines,
            hash,
        })
    }

    /// What was read so far.
    pub(crate) fn hash(&self) -> Hash {
        self.hash.clone()
    }

    /// The rows below the header, in blocks of about `size` bytes.
    pub(crate) fn into_blocks(self, size: usize) -> (Named, Blocks<Box<dyn Read + Send>>) {
        let (delimiter, quote) = (self.named.delimiter, self.named.options.quote);
        let blocks = Blocks::new(self.reader, delimiter, quote, size).after(self.lines, self.rest);
        (self.named, blocks)
    }
}

fn up_to(reader: &mut impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
