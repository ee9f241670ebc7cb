//! Rows that stream by: the columns that a statistic asks for, block by block and on several threads, in memory that does not grow
//! with the table.
//!
//! A table read so is read by the rules of [`super::raw`]: the same delimiters, quotes, numbers, missing values and faults. What differs
//! is that a row needs no key: it is a unit of its own.

mod files;
mod ordered;
mod reading;
#[cfg(test)]
mod tests;
mod typed;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use quyu_core::Missing;

use super::blocks::{BLOCK, Block};
use super::columnar;
use super::fault::{Fault, TableError, only};
use super::filter::Conditions;
use super::head::{Head, Named};
use super::raw::ReadOptions;
use super::source::Source;
use reading::Reading;
use typed::Typed;

pub use files::{Files, Read};

/// What a column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers; a missing one is what [`Missing`] says.
    Number,
    /// Texts; an empty one is a missing one.
    Label,
}

/// The rows of one block, column by column in the order of the wish.
#[derive(Debug)]
pub struct Chunk<'a> {
    columns: &'a [Filled],
    text: &'a str,
    /// Line of each row, after that of the block.
    lines: &'a [u32],
    before: u64,
}

/// One column of a block.
#[derive(Debug)]
enum Filled {
    Numbers(Vec<f64>),
    /// First and last byte of each label.
    Labels(Vec<(u32, u32)>),
}

impl Filled {
    fn truncate(&mut self, rows: usize) {
        match self {
            Self::Numbers(numbers) => numbers.truncate(rows),
            Self::Labels(labels) => labels.truncate(rows),
        }
    }
}

impl<'a> Chunk<'a> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The line of a row in the file, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.before + self.lines.get(row).map_or(0, |line| u64::from(*line))
    }

    /// The numbers of a column; empty if it holds labels.
    pub fn numbers(&self, column: usize) -> &'a [f64] {
        match self.columns.get(column) {
            Some(Filled::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// The labels of a column; none if it holds numbers.
    pub fn labels(&self, column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let (spans, text) = match self.columns.get(column) {
            Some(Filled::Labels(spans)) => (spans.as_slice(), self.text),
            _ => Default::default(),
        };
        spans
            .iter()
            .map(move |(start, end)| &text[*start as usize..*end as usize])
    }
}

/// How many rows there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows that were taken.
    pub taken: u64,
    /// Rows left out because a value is missing.
    pub missing: u64,
    /// Rows that no condition keeps.
    pub filtered: u64,
}

/// All rows are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// How many there were.
    pub tally: Tally,
    /// SHA-256 of the bytes as they were read, before unpacking; empty where not all of them were read.
    pub sha256: String,
}

/// Which rows and columns are read.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Position in the header and kind of each column.
    pub columns: Vec<(usize, Kind)>,
    /// Which rows are kept.
    pub conditions: Conditions,
    /// What becomes of a row with a missing value.
    pub missing: Missing,
    /// Threads that read; the result does not depend on it.
    pub threads: usize,
}

/// Why the rows could not be taken in.
#[derive(Debug)]
pub enum RowsError<E> {
    /// The table.
    Table(TableError),
    /// What was done with them.
    Taker(E),
}

impl Tally {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.taken + self.missing + self.filtered
    }

    fn add(&mut self, other: Tally) {
        self.taken += other.taken;
        self.missing += other.missing;
        self.filtered += other.filtered;
    }
}

/// A table that is open, whose rows are to stream by.
pub enum Stream {
    /// A text.
    Text(Head),
    /// Typed columns, and what is known of them.
    Typed(columnar::Table, Named),
}

impl Stream {
    /// Opens a table of any form that streams.
    ///
    /// # Errors
    /// [`TableError`]: a workbook, and what has no row below the header, is refused.
    pub fn open(source: &Source, options: &ReadOptions) -> Result<Self, TableError> {
        match columnar::Table::open(source)? {
            None => Head::open(source, options).map(Self::Text),
            Some(table) => {
                let named = Named {
                    name: table.name.clone(),
                    header: table.header.clone(),
                    delimiter: b',',
                    options: options.clone(),
                };
                Ok(Self::Typed(table, named))
            }
        }
    }

    /// What is known before the first row.
    pub fn named(&self) -> &Named {
        match self {
            Self::Text(head) => &head.named,
            Self::Typed(_, named) => named,
        }
    }
}

/// Folds all rows: each block into a `T` of its own, merged in the order of the file, so that the result has the same bits for any
/// number of threads.
///
/// # Errors
/// [`RowsError::Table`] with the problems of the first block that has any, [`RowsError::Taker`] with the first error of `take` or `merge`.
pub fn fold<T, E>(
    stream: Stream,
    wish: &Wish,
    take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
    merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Folded, RowsError<E>>
where
    T: Send,
    E: Send,
{
    match stream {
        Stream::Text(head) => fold_text(head, wish, BLOCK, take, merge),
        Stream::Typed(table, named) => fold_typed((&table, &named), wish, take, merge),
    }
}

fn fold_text<T, E>(
    head: Head,
    wish: &Wish,
    size: usize,
    take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
    merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Folded, RowsError<E>>
where
    T: Send,
    E: Send,
{
    let hash = head.hash();
    let (head, blocks) = head.into_blocks(size);
    let blocks = Mutex::new(blocks);
    let reading = Reading::new(&head, wish);
    let next = || {
        // A thread that panicked has left nothing to go on with.
        let mut blocks = blocks.lock().ok()?;
        let index = blocks.index();
        match blocks.next_in(reading.buffer()) {
            Ok(block) => Some((index, Ok(block?))),
            Err(cut) => {
                // A failure is the last one.
                blocks.stop();
                Some((index, Err(RowsError::Table(reading.failed(cut)))))
            }
        }
    };
    let work = |block: Result<Block, _>, send: &mut Sender<'_, (T, Tally), RowsError<E>>| {
        send(block.and_then(|block| {
            let read = reading.read(block)?;
            let taken = take(&read.chunk()).map_err(RowsError::Taker)?;
            let tally = read.tally;
            reading.reuse(read);
            Ok((taken, tally))
        }));
    };
    let tally = tallied(&head.name, wish.threads, next, work, merge)?;
    Ok(Folded {
        tally,
        sha256: hash.finish(),
    })
}

fn fold_typed<T, E>(
    (table, named): (&columnar::Table, &Named),
    wish: &Wish,
    take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
    merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Folded, RowsError<E>>
where
    T: Send,
    E: Send,
{
    let piece = AtomicUsize::new(0);
    let next = || {
        let piece = piece.fetch_add(1, Relaxed);
        (piece < table.pieces()).then_some((piece, piece))
    };
    let work = |piece: usize, send: &mut Sender<'_, (T, Tally), RowsError<E>>| {
        let mut typed = match Typed::new((table, named), wish, piece) {
            Ok(typed) => typed,
            Err(error) => {
                send(Err(RowsError::Table(error)));
                return;
            }
        };
        while let Some(read) = typed.next() {
            let part = read.map_err(RowsError::Table).and_then(|read| {
                let taken = take(&read.chunk()).map_err(RowsError::Taker)?;
                Ok((taken, read.tally))
            });
            let failed = part.is_err();
            if !send(part) || failed {
                return;
            }
        }
    };
    let tally = tallied(&named.name, wish.threads, next, work, merge)?;
    // Only the columns that were asked for were read, and a hash is one of all bytes.
    Ok(Folded {
        tally,
        sha256: String::new(),
    })
}

/// Takes a part of a job; `false` if nobody wants the next one.
type Sender<'a, T, E> = dyn FnMut(Result<T, E>) -> bool + 'a;

/// Merges the parts in order and counts their rows.
fn tallied<J, T, E>(
    name: &str,
    threads: usize,
    next: impl Fn() -> Option<(usize, J)> + Sync,
    work: impl Fn(J, &mut Sender<'_, (T, Tally), RowsError<E>>) + Sync,
    mut merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Tally, RowsError<E>>
where
    T: Send,
    E: Send,
{
    let mut total = Tally::default();
    ordered::merged(threads, next, work, |(taken, tally)| {
        total.add(tally);
        merge(taken).map_err(RowsError::Taker)
    })?;
    match total == Tally::default() {
        true => Err(RowsError::Table(only(name, Fault::HeaderOnly))),
        false => Ok(total),
    }
}
