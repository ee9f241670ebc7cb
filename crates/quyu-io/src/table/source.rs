//! Where a table comes from: files, patterns, standard input; gzip and zstd; and what kind of file it is, by its first bytes.

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
pub(crate) const LIMIT: u64 = 2 << 30;

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

/// What kind of file a table is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text with a delimiter between fields.
    Text,
    /// Parquet.
    Parquet,
    /// The file form of Arrow IPC (Feather).
    ArrowFile,
    /// The stream form of Arrow IPC.
    ArrowStream,
    /// An Excel workbook (xlsx).
    Workbook,
}

impl Form {
    /// What the first bytes say; a text where they say nothing.
    pub fn of(first: &[u8]) -> Self {
        match first {
            [b'P', b'A', b'R', b'1', ..] => Form::Parquet,
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Form::ArrowFile,
            // The mark of a message and its length, which is not negative. No text begins so.
            [0xFF, 0xFF, 0xFF, 0xFF, _, _, _, length, ..] if *length < 0x80 => Form::ArrowStream,
            [b'P', b'K', 3, 4, ..] => Form::Workbook,
            _ => Form::Text,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Form::Text => "text table",
            Form::Parquet => "Parquet file",
            Form::ArrowFile => "Arrow file",
            Form::ArrowStream => "Arrow stream",
            Form::Workbook => "Excel workbook",
        }
    }
}

/// The first bytes of a gzip file.
pub(crate) const GZIP: [u8; 2] = [0x1F, 0x8B];
/// The first bytes of a zstd file.
pub(crate) const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The first bytes of files that are no text table.
const FOREIGN: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\xFF\xFF\xFF\xFF", "an Arrow stream"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (xls)"),
    (b"%PDF", "a PDF document"),
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

    /// The files that words name: each a file, a pattern like `data/*.csv`, or `-` for standard input. The files of a pattern come
    /// in the order of their names.
    ///
    /// # Errors
    /// [`TableError::Io`] where a pattern has no file.
    pub fn all(words: &[PathBuf]) -> Result<Vec<Self>, TableError> {
        let mut all = Vec::new();
        for word in words {
            let text = word.to_string_lossy();
            let pattern = text.contains(['*', '?', '[']) && word.symlink_metadata().is_err();
            match (pattern, &*text) {
                (false, "-") => all.push(Source::Stdin),
                (false, _) => all.push(Source::File(word.clone())),
                (true, pattern) => all.extend(matching(pattern)?.into_iter().map(Source::File)),
            }
        }
        Ok(all)
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

    /// Reads everything and unpacks gzip and zstd.
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
        let bytes = unpack(bytes, limit).map_err(|e| match e.kind() {
            // The file is as good as any.
            io::ErrorKind::OutOfMemory => self.failed(e),
            _ => only(
                &name,
                Fault::Packed {
                    reason: e.to_string(),
                },
            ),
        })?;
        if bytes.len() as u64 > limit {
            return Err(only(&name, Fault::TooLong { limit }));
        }
        if Form::of(&bytes) == Form::Text {
            refuse_foreign(&bytes).map_err(|fault| only(&name, fault))?;
        }
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

fn unpack(bytes: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
    if bytes.starts_with(&GZIP) {
        return up_to(MultiGzDecoder::new(bytes.as_slice()), limit);
    }
    if bytes.starts_with(&ZSTD) {
        return up_to(zstd::Decoder::new(bytes.as_slice())?, limit);
    }
    Ok(bytes)
}

/// The files of a pattern.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, TableError> {
    let failed = |kind: io::ErrorKind, reason: String| TableError::Io {
        file: pattern.to_owned(),
        source: io::Error::new(kind, reason),
    };
    let paths = glob::glob(pattern).map_err(|e| failed(io::ErrorKind::InvalidFilename, e.msg.to_owned()))?;
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        let path = path.map_err(|e| failed(e.error().kind(), e.error().to_string()))?;
        if !path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    match found.is_empty() {
        true => Err(failed(
            io::ErrorKind::NotFound,
            "no file matches the pattern".to_owned(),
        )),
        false => Ok(found),
    }
}
