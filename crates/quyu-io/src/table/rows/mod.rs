//! Rows that stream by: the columns that a statistic asks for, block by block and on several threads, in memory that does not grow
//! with the table.
//!
//! A table read so is read by the rules of [`super::raw`]: the same delimiters, quotes, numbers, missing values and faults. What differs
//! is that a row needs no key: it is a unit of its own.

mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, mpsc};

use quyu_core::Missing;

use super::blocks::{BLOCK, Block, Blocks};
use super::fault::{Fault, TableError, only};
use super::filter::Conditions;
use super::head::Head;
use reading::Reading;

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

    /// The labels of a column; empty if it holds numbers.
    pub fn labels(&self, column: usize) -> Vec<&'a str> {
        match self.columns.get(column) {
            Some(Filled::Labels(spans)) => {
                let text = self.text;
                spans
                    .iter()
                    .map(|(start, end)| &text[*start as usize..*end as usize])
                    .collect()
            }
            _ => Vec::new(),
        }
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
    /// SHA-256 of the bytes as they were read, before unpacking.
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

/// Folds all rows: each block into a `T` of its own, merged in the order of the file, so that the result has the same bits for any
/// number of threads.
///
/// # Errors
/// [`RowsError::Table`] with the problems of the first block that has any, [`RowsError::Taker`] with the first error of `take` or `merge`.
pub fn fold<T, E>(
    head: Head,
    wish: &Wish,
    take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
    merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Folded, RowsError<E>>
where
    T: Send,
    E: Send,
{
    fold_in_blocks(head, wish, BLOCK, take, merge)
}

fn fold_in_blocks<T, E>(
    head: Head,
    wish: &Wish,
    size: usize,
    take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
    mut merge: impl FnMut(T) -> Result<(), E>,
) -> Result<Folded, RowsError<E>>
where
    T: Send,
    E: Send,
{
    let hash = head.hash();
    let (head, blocks) = head.into_blocks(size);
    let blocks = Mutex::new(blocks);
    let reading = Reading::new(&head, wish);
    let (sender, done) = mpsc::channel();
    let work = |sender: mpsc::Sender<_>| {
        loop {
            let Some((index, block)) = next(&blocks, &reading) else {
                break;
            };
            let result = block.and_then(|block| {
                let read = reading.read(block)?;
                let taken = take(&read.chunk()).map_err(RowsError::Taker)?;
                Ok((taken, read.tally))
            });
            if sender.send((index, result)).is_err() {
                break;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..wish.threads.max(1) {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        let mut total = Tally::default();
        let (mut early, mut turn) = (BTreeMap::new(), 0);
        for (index, result) in done {
            early.insert(index, result);
            while let Some(result) = early.remove(&turn) {
                let (taken, tally): (T, Tally) = result?;
                merge(taken).map_err(RowsError::Taker)?;
                total.add(tally);
                turn += 1;
            }
        }
        if total == Tally::default() {
            return Err(RowsError::Table(only(&head.name, Fault::HeaderOnly)));
        }
        Ok(Folded {
            tally: total,
            sha256: hash.finish(),
        })
    })
}

/// The next block and its index, or why there is none; a failure is the last one.
fn next<R: Read, E>(
    blocks: &Mutex<Blocks<R>>,
    reading: &Reading<'_>,
) -> Option<(usize, Result<Block, RowsError<E>>)> {
    // A thread that panicked has left nothing to go on with.
    let mut blocks = blocks.lock().ok()?;
    let index = blocks.index();
    match blocks.next() {
        Ok(None) => None,
        Ok(Some(block)) => Some((index, Ok(block))),
        Err(cut) => {
            blocks.stop();
            Some((index, Err(RowsError::Table(reading.failed(cut)))))
        }
    }
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.taken += other.taken;
        self.missing += other.missing;
        self.filtered += other.filtered;
    }
}
