//! Where a table comes from: a file, standard input, gzip.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;

use super::fault::{Fault, TableError, only};

/// Where a table comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// The longest table that is held in memory, unpacked: 2 GiB.
const LIMIT: u64 = 2 << 30;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// Name of the file without its folder, or `standard input`.
    pub name: String,
    /// Hash of the bytes as they were read, before unpacking.
    pub sha256: String,
    /// The bytes, unpacked.
    pub bytes: Vec<u8>,
}

/// The first bytes of a gzip file.
pub(crate) const GZIP: [u8; 2] = [0x1F, 0x8B];

/// The first bytes of files that are no text table.
const FOREIGN: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (xls)"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"%PDF", "a PDF document"),
    (b"\x28\xB5\x2F\xFD", "a file packed with zstd"),
    (b"BZh", "a file packed with bzip2"),
    (b"\xFD7zXZ", "a file packed with xz"),
    (b"SQLite format", "an SQLite database"),
];

impl Source {
    /// Name without its folder.
    pub fn name(&self) -> String {
        match self {
            Source::File(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |n| n.to_string_lossy().into_owned(),
            ),
            Source::Stdin => "standard input".to_owned(),
        }
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>, TableError> {
        Ok(match self {
            Source::File(path) => {
                // Opening a folder succeeds on some systems, and reading it fails with a riddle.
                if path.is_dir() {
                    return Err(self.failed(io::Error::from(io::ErrorKind::IsADirectory)));
                }
                Box::new(File::open(path).map_err(|e| self.failed(e))?)
            }
            Source::Stdin => Box::new(io::stdin()),
        })
    }

    /// What the system said, with the name of the file as it was given.
    pub(crate) fn failed(&self, source: io::Error) -> TableError {
        let file = match self {
            Source::File(path) => path.display().to_string(),
            Source::Stdin => self.name(),
        };
        TableError::Io { file, source }
    }

    /// Reads everything and unpacks gzip.
    ///
    /// # Errors
    /// [`TableError::Io`], or a fault: a file of another kind, a damaged archive, too much text.
    pub fn read(&self) -> Result<Bytes, TableError> {
        self.read_up_to(LIMIT)
    }

    pub(crate) fn read_up_to(&self, limit: u64) -> Result<Bytes, TableError> {
        let name = self.name();
        let io = |e| self.failed(e);
        let bytes = up_to(self.open()?, limit).map_err(io)?;
        let sha256 = crate::package::sha256(&bytes);
        let bytes = unpack(bytes, limit).map_err(|fault| only(&name, fault))?;
        if bytes.len() as u64 > limit {
            return Err(only(&name, Fault::TooLong { limit }));
        }
        refuse_foreign(&bytes).map_err(|fault| only(&name, fault))?;
        Ok(Bytes { name, sha256, bytes })
    }
}

/// Refuses what is known to be no text table.
pub(crate) fn refuse_foreign(bytes: &[u8]) -> Result<(), Fault> {
    match FOREIGN.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, what)) => Err(Fault::Foreign { what }),
        None => Ok(()),
    }
}

/// Reads one byte more than the limit at most, so that the caller sees that there is more.
fn up_to(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unpack(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Fault> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    up_to(MultiGzDecoder::new(bytes.as_slice()), limit).map_err(|e| Fault::Packed {
        reason: e.to_string(),
    })
}
