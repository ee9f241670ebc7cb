//! From a block of text to the columns that are asked for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use csv::StringRecord;
use memchr::{memchr, memchr3_iter};
use quyu_core::Missing;

use super::super::blocks::{Block, Cut};
use super::super::fault::{Fault, Gathered, Problem, TableError, only};
use super::super::head::Named;
use super::super::place::{place_of_field, place_of_line};
use super::super::{split, text};
use super::{Chunk, Filled, Kind, RowsError, Tally, Wish};

/// How blocks are read.
pub(super) struct Reading<'a> {
    head: &'a Named,
    wish: &'a Wish,
    /// The columns that are looked at, in the order of the table.
    looked_at: Vec<usize>,
    /// For each column of the table, its place among those.
    slots: Vec<Option<usize>>,
    /// Of each column that is asked for, its place among those and in the table.
    wanted: Vec<(usize, usize)>,
    /// Whether a number may be a mark for a missing value.
    marks: bool,
    spare: Mutex<Spare>,
}

/// Memory of blocks that are done with. What a block takes is given back to the system and asked for again otherwise, page by page,
/// which takes longer than to read it.
#[derive(Default)]
struct Spare {
    buffers: Vec<Vec<u8>>,
    columns: Vec<(Vec<Filled>, Vec<u32>)>,
}

/// A block that was read.
pub(super) struct Done {
    pub(super) columns: Vec<Filled>,
    pub(super) text: String,
    /// Line of each row, after `before`.
    pub(super) lines: Vec<u32>,
    pub(super) before: u64,
    pub(super) tally: Tally,
}

impl Done {
    pub(super) fn chunk(&self) -> Chunk<'_> {
        Chunk {
            columns: &self.columns,
            text: &self.text,
            lines: &self.lines,
            before: self.before,
        }
    }
}

/// A row: where it begins, and where its fields are in the text.
struct Row<'a> {
    text: &'a str,
    spans: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    fn field(&self, slot: usize) -> &'a str {
        let (start, end) = self.spans[slot];
        &self.text[start as usize..end as usize]
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(head: &'a Named, wish: &'a Wish) -> Self {
        let mut looked_at: Vec<usize> = wish.columns.iter().map(|(c, _)| *c).collect();
        looked_at.extend(wish.conditions.columns());
        looked_at.sort_unstable();
        looked_at.dedup();
        let slots: Vec<Option<usize>> = (0..head.header.len())
            .map(|c| looked_at.binary_search(&c).ok())
            .collect();
        let slot = |column: usize| slots[column].unwrap_or_default();
        let wanted = wish.columns.iter().map(|(c, _)| (slot(*c), *c)).collect();
        Self {
            head,
            wish,
            looked_at,
            slots,
            wanted,
            marks: head.options.numbers.marks_with_numbers(),
            spare: Mutex::default(),
        }
    }

    /// A buffer for a block.
    pub(super) fn buffer(&self) -> Vec<u8> {
        self.spare().buffers.pop().unwrap_or_default()
    }

    /// Takes back the memory of a block that was taken in.
    pub(super) fn reuse(&self, done: Done) {
        let mut spare = self.spare();
        spare.buffers.push(done.text.into_bytes());
        spare.columns.push((done.columns, done.lines));
    }

    fn spare(&self) -> MutexGuard<'_, Spare> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Columns without rows, and lines.
    fn empty(&self, bytes: usize) -> (Vec<Filled>, Vec<u32>) {
        if let Some((mut columns, mut lines)) = self.spare().columns.pop() {
            columns.iter_mut().for_each(|filled| filled.truncate(0));
            lines.clear();
            return (columns, lines);
        }
        // A guess at the number of rows: two bytes a field at least.
        let rows = bytes / (4 * self.head.header.len().max(1));
        let columns = self.wish.columns.iter().map(|(_, kind)| match kind {
            Kind::Number => Filled::Numbers(Vec::with_capacity(rows)),
            Kind::Label => Filled::Labels(Vec::with_capacity(rows)),
        });
        (columns.collect(), Vec::with_capacity(rows))
    }

    pub(super) fn failed(&self, cut: Cut) -> TableError {
        match cut {
            Cut::Io(source) => TableError::Io {
                file: self.head.name.clone(),
                source,
            },
            Cut::Endless(lines) => {
                let place = place_of_line(lines + 1, "");
                let problem = Problem {
                    fault: Fault::LongLine,
                    place: Some(place),
                };
                only(&self.head.name, problem)
            }
        }
    }

    /// Reads a block, with the problems in it.
    pub(super) fn read<E>(&self, block: Block) -> Result<Done, RowsError<E>> {
        let lines = block.lines;
        let text = String::from_utf8(block.bytes).map_err(|e| {
            let fault = text::misfit("UTF-8", e.as_bytes());
            RowsError::Table(only(&self.head.name, fault))
        })?;
        if text.contains('\0') {
            return Err(RowsError::Table(only(&self.head.name, Fault::Binary)));
        }
        let quoted = memchr(self.head.options.quote, text.as_bytes()).is_some();
        let mut taker = Taker::new(self, text.len(), lines);
        let unquoted = if quoted {
            taker.quoted(&text, lines)
        } else {
            taker.plain(&text);
            text
        };
        taker.wrong.stop(&self.head.name).map_err(RowsError::Table)?;
        Ok(Done {
            columns: taker.columns,
            text: unquoted,
            lines: taker.lines,
            before: lines,
            tally: taker.tally,
        })
    }
}

/// Takes the rows of one block in.
struct Taker<'a> {
    reading: &'a Reading<'a>,
    columns: Vec<Filled>,
    /// Line of each row that was taken, and line ends before the block.
    lines: Vec<u32>,
    before: u64,
    tally: Tally,
    wrong: Gathered,
}

impl<'a> Taker<'a> {
    fn new(reading: &'a Reading<'a>, bytes: usize, before: u64) -> Self {
        let (columns, lines) = reading.empty(bytes);
        Self {
            reading,
            columns,
            lines,
            before,
            tally: Tally::default(),
            wrong: Gathered::default(),
        }
    }

    /// Lines without a quote among them.
    fn plain(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let delimiter = self.reading.head.delimiter;
        let mut spans = vec![(0, 0); self.reading.looked_at.len()];
        let mut line = Line::new(0, self.before + 1);
        let mut from = 0;
        let stops = memchr3_iter(delimiter, b'\n', b'\r', bytes).chain(std::iter::once(bytes.len()));
        for stop in stops {
            let slot = self.reading.slots.get(line.fields).copied().flatten();
            if slot.is_some() || line.blank {
                let (a, b) = trimmed(text, from, stop);
                line.blank &= a == b;
                if let Some(slot) = slot {
                    spans[slot] = (a as u32, b as u32);
                }
            }
            line.fields += 1;
            from = stop + 1;
            let end = bytes.get(stop).copied();
            if end != Some(delimiter) {
                let row = Row { text, spans: &spans };
                self.end(&row, &line, stop);
                let number = line.number + u64::from(end == Some(b'\n'));
                line = Line::new(from, number);
            }
        }
    }

    /// A line has come to its end.
    fn end(&mut self, row: &Row<'_>, line: &Line, end: usize) {
        if line.blank {
            return;
        }
        let shown = &row.text[line.start..end];
        // A delimiter at the end of every line is harmless.
        let last = shown.as_bytes().last() == Some(&self.reading.head.delimiter);
        let width = self.reading.head.header.len();
        let found = line.fields - usize::from(line.fields == width + 1 && last);
        self.row(row, found, line.number, shown);
    }

    /// Records with quotes among them: their fields are written out one after the other, and that text is returned.
    fn quoted(&mut self, text: &str, lines: u64) -> String {
        let mut records = csv::ReaderBuilder::new()
            .delimiter(self.reading.head.delimiter)
            .quote(self.reading.head.options.quote)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut fields = StringRecord::new();
        let mut plain = String::with_capacity(text.len());
        let mut spans = vec![(0, 0); self.reading.looked_at.len()];
        let mut at = split::Lines::default();
        let width = self.reading.head.header.len();
        // The text is UTF-8 and its rows may have any length: there is nothing left to go wrong.
        while records.read_record(&mut fields).unwrap_or(false) {
            let start = fields.position().map_or(0, |p| p.byte() as usize);
            let (line, start) = at.at(text, start);
            if fields.iter().all(|f| f.trim().is_empty()) {
                continue;
            }
            let begun = plain.len();
            for (slot, &column) in self.reading.looked_at.iter().enumerate() {
                let from = plain.len();
                plain.push_str(fields.get(column).unwrap_or_default().trim());
                spans[slot] = (from as u32, plain.len() as u32);
            }
            let last = fields.get(width).is_some_and(|f| f.trim().is_empty());
            let found = fields.len() - usize::from(fields.len() == width + 1 && last);
            let shown = text[start..].lines().next().unwrap_or_default();
            let row = Row {
                text: &plain,
                spans: &spans,
            };
            if !self.row(&row, found, lines + line, shown) {
                plain.truncate(begun);
            }
        }
        plain
    }

    /// Takes a row in; `false` if it is left out.
    fn row(&mut self, row: &Row<'_>, found: usize, number: u64, line: &str) -> bool {
        let head = self.reading.head;
        let expected = head.header.len();
        if found != expected {
            let fault = Fault::Ragged { found, expected };
            let place = Some(place_of_line(number, line));
            self.wrong.add(Problem { fault, place });
            return false;
        }
        match self.values(row) {
            Ok(Verdict::Taken) => {
                self.tally.taken += 1;
                self.lines.push((number - self.before) as u32);
                true
            }
            Ok(Verdict::Missing) => {
                self.tally.missing += 1;
                false
            }
            Ok(Verdict::Filtered) => {
                self.tally.filtered += 1;
                false
            }
            Err((column, fault)) => {
                let (delimiter, quote) = (head.delimiter, head.options.quote);
                let name = head.header.get(column).cloned();
                let place = place_of_field(number, line, column, name, delimiter, quote);
                self.wrong.add(Problem {
                    fault,
                    place: Some(place),
                });
                false
            }
        }
    }

    /// Reads the values of a row and takes them in.
    fn values(&mut self, row: &Row<'_>) -> Result<Verdict, (usize, Fault)> {
        let reading = self.reading;
        let (wish, numbers) = (reading.wish, &reading.head.options.numbers);
        let slot = |column: usize| reading.slots[column].unwrap_or_default();
        let field = |column: usize| row.field(slot(column));
        if !wish.conditions.hold(numbers, field)? {
            return Ok(Verdict::Filtered);
        }
        let before = self.lines.len();
        for (filled, &(slot, column)) in self.columns.iter_mut().zip(&reading.wanted) {
            let (start, end) = row.spans[slot];
            let taken = match filled {
                Filled::Labels(labels) => {
                    labels.push((start, end));
                    Ok(start < end)
                }
                Filled::Numbers(filled) => {
                    let bytes = &row.text.as_bytes()[start as usize..end as usize];
                    match numbers.quickly(bytes).filter(|_| !reading.marks) {
                        Some(number) => {
                            filled.push(number);
                            Ok(true)
                        }
                        None => numbers.read(row.field(slot)).map(|number| {
                            filled.extend(number);
                            number.is_some()
                        }),
                    }
                }
            };
            let verdict = match (taken, wish.missing) {
                (Ok(true), _) => continue,
                (Ok(false), Missing::Drop) => Ok(Verdict::Missing),
                (Ok(false), Missing::Error) => Err((column, Fault::MissingValue)),
                (Err(fault), _) => Err((column, fault)),
            };
            // What was taken in of the row goes again.
            self.columns.iter_mut().for_each(|filled| filled.truncate(before));
            return verdict;
        }
        Ok(Verdict::Taken)
    }
}

/// A line that is being read.
struct Line {
    start: usize,
    number: u64,
    fields: usize,
    blank: bool,
}

impl Line {
    fn new(start: usize, number: u64) -> Self {
        Self {
            start,
            number,
            fields: 0,
            blank: true,
        }
    }
}

/// What becomes of a row.
enum Verdict {
    Taken,
    Missing,
    Filtered,
}

/// First and last byte of a field without white space around it.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let bytes = &text.as_bytes()[start..end];
    // Spaces are ASCII below `!`, or begin and end with a byte above it.
    let plain = |b: Option<&u8>| b.is_none_or(|b| (b'!'..=b'~').contains(b));
    if plain(bytes.first()) && plain(bytes.last()) {
        return (start, end);
    }
    let field = &text[start..end];
    let left = field.len() - field.trim_start().len();
    let inner = field.trim().len();
    (start + left, start + left + inner)
}
