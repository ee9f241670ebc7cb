//! Rows that stream by: the columns that a statistic asks for, block by block and on several threads, in memory that does not grow
//! with the table.
//!
//! A table read so is read by the rules of [`super::raw`]: the same delimiters, quotes, numbers, missing values and faults. What differs
//! is that a row needs no key: it is a unit of its own.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, mpsc};

use csv::StringRecord;
use memchr::{memchr, memchr_iter, memchr2};
use quyu_core::Missing;

use super::blocks::{BLOCK, Block, Blocks, Cut};
use super::fault::{Fault, Gathered, Problem, TableError, only};
use super::filter::Conditions;
use super::head::{Head, Named};
use super::{raw, text};

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
    rows: usize,
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
        self.rows
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
) -> Result<Tally, RowsError<E>>
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
) -> Result<Tally, RowsError<E>>
where
    T: Send,
    E: Send,
{
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
        Ok(total)
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

/// How blocks are read.
struct Reading<'a> {
    head: &'a Named,
    wish: &'a Wish,
    /// The columns that are looked at, in the order of the table.
    looked_at: Vec<usize>,
    /// For each column of the table, its place among those.
    slots: Vec<Option<usize>>,
    /// Whether a number may be a mark for a missing value.
    marks: bool,
}

/// A block that was read.
struct Done {
    columns: Vec<Filled>,
    text: String,
    tally: Tally,
}

impl Done {
    fn chunk(&self) -> Chunk<'_> {
        Chunk {
            columns: &self.columns,
            text: &self.text,
            rows: self.tally.taken as usize,
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
    fn new(head: &'a Named, wish: &'a Wish) -> Self {
        let mut looked_at: Vec<usize> = wish.columns.iter().map(|(c, _)| *c).collect();
        looked_at.extend(wish.conditions.columns());
        looked_at.sort_unstable();
        looked_at.dedup();
        let slots = (0..head.header.len())
            .map(|c| looked_at.binary_search(&c).ok())
            .collect();
        Self {
            head,
            wish,
            looked_at,
            slots,
            marks: head.options.numbers.marks_with_numbers(),
        }
    }

    fn failed(&self, cut: Cut) -> TableError {
        match cut {
            Cut::Io(source) => TableError::Io {
                file: self.head.name.clone(),
                source,
            },
            Cut::Endless(lines) => {
                let place = raw::place_of_line(lines + 1, "");
                let problem = Problem {
                    fault: Fault::LongLine,
                    place: Some(place),
                };
                only(&self.head.name, problem)
            }
        }
    }

    /// Reads a block, with the problems in it.
    fn read<E>(&self, block: Block) -> Result<Done, RowsError<E>> {
        let lines = block.lines;
        let text = String::from_utf8(block.bytes).map_err(|e| {
            let fault = text::misfit("UTF-8", e.as_bytes());
            RowsError::Table(only(&self.head.name, fault))
        })?;
        if text.contains('\0') {
            return Err(RowsError::Table(only(&self.head.name, Fault::Binary)));
        }
        let quoted = memchr(self.head.options.quote, text.as_bytes()).is_some();
        let mut taker = Taker::new(self, text.len());
        let unquoted = if quoted {
            taker.quoted(&text, lines)
        } else {
            taker.plain(&text, lines);
            text
        };
        taker.wrong.stop(&self.head.name).map_err(RowsError::Table)?;
        Ok(Done {
            columns: taker.columns,
            text: unquoted,
            tally: taker.tally,
        })
    }
}

/// Takes the rows of one block in.
struct Taker<'a> {
    reading: &'a Reading<'a>,
    columns: Vec<Filled>,
    /// The numbers of a row, until all of it is known to be whole.
    numbers: Vec<f64>,
    tally: Tally,
    wrong: Gathered,
}

impl<'a> Taker<'a> {
    fn new(reading: &'a Reading<'a>, bytes: usize) -> Self {
        // A guess at the number of rows: two bytes a field at least.
        let rows = bytes / (4 * reading.head.header.len().max(1));
        let columns = reading.wish.columns.iter().map(|(_, kind)| match kind {
            Kind::Number => Filled::Numbers(Vec::with_capacity(rows)),
            Kind::Label => Filled::Labels(Vec::with_capacity(rows)),
        });
        Self {
            reading,
            columns: columns.collect(),
            numbers: Vec::new(),
            tally: Tally::default(),
            wrong: Gathered::default(),
        }
    }

    /// Lines without a quote among them.
    fn plain(&mut self, text: &str, lines: u64) {
        let bytes = text.as_bytes();
        let width = self.reading.head.header.len();
        let mut spans = vec![(0, 0); self.reading.looked_at.len()];
        let (mut start, mut number) = (0, lines + 1);
        while start < bytes.len() {
            let end = memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |n| start + n);
            let line = &bytes[start..end];
            let (mut fields, mut from, mut blank) = (0, 0, true);
            let stops = memchr_iter(self.reading.head.delimiter, line).chain(std::iter::once(line.len()));
            for stop in stops {
                let slot = self.reading.slots.get(fields).copied().flatten();
                if slot.is_some() || blank {
                    let (a, b) = trimmed(text, start + from, start + stop);
                    blank &= a == b;
                    if let Some(slot) = slot {
                        spans[slot] = (a as u32, b as u32);
                    }
                }
                fields += 1;
                from = stop + 1;
            }
            if !blank {
                // A delimiter at the end of every line is harmless.
                let last = line.last() == Some(&self.reading.head.delimiter);
                let found = fields - usize::from(fields == width + 1 && last);
                let row = Row { text, spans: &spans };
                self.row(&row, found, number, &text[start..end]);
            }
            number += u64::from(bytes.get(end) == Some(&b'\n'));
            start = end + 1;
        }
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
        let mut at = raw::Lines::default();
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
            let place = Some(raw::place_of_line(number, line));
            self.wrong.add(Problem { fault, place });
            return false;
        }
        match self.values(row) {
            Ok(Verdict::Taken) => {
                self.tally.taken += 1;
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
                let place = raw::place_of_field(number, line, column, name, delimiter, quote);
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
        self.numbers.clear();
        for &(column, kind) in &wish.columns {
            let text = field(column);
            let number = match kind {
                Kind::Label => (!text.is_empty()).then_some(0.0),
                Kind::Number => match numbers.quickly(text).filter(|_| !reading.marks) {
                    Some(number) => Some(number),
                    None => numbers.read(text).map_err(|fault| (column, fault))?,
                },
            };
            match (number, wish.missing) {
                (Some(number), _) => self.numbers.push(number),
                (None, Missing::Drop) => return Ok(Verdict::Missing),
                (None, Missing::Error) => return Err((column, Fault::MissingValue)),
            }
        }
        for ((filled, &number), &(column, _)) in self.columns.iter_mut().zip(&self.numbers).zip(&wish.columns)
        {
            match filled {
                Filled::Numbers(numbers) => numbers.push(number),
                Filled::Labels(labels) => labels.push(row.spans[slot(column)]),
            }
        }
        Ok(Verdict::Taken)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::raw::{Raw, ReadOptions};
    use super::super::source::Bytes;
    use super::*;

    type Rows = Vec<(String, u64)>;

    fn open(text: &str) -> Result<Head, TableError> {
        let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        Head::of("t.csv".into(), reader, &ReadOptions::default())
    }

    fn wish(columns: &[(usize, Kind)], missing: Missing, threads: usize) -> Wish {
        Wish {
            columns: columns.to_vec(),
            conditions: Conditions::default(),
            missing,
            threads,
        }
    }

    fn streamed(text: &str, size: usize, threads: usize) -> Result<(Rows, Tally), String> {
        let wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Drop, threads);
        let mut all = Rows::new();
        let take = |chunk: &Chunk<'_>| {
            let bits = chunk.numbers(1).iter().map(|x| x.to_bits());
            let labels = chunk.labels(0).into_iter().map(str::to_owned);
            Ok::<Rows, ()>(labels.zip(bits).collect())
        };
        let merge = |rows: Rows| {
            all.extend(rows);
            Ok(())
        };
        let head = open(text).map_err(|e| e.to_string())?;
        match fold_in_blocks(head, &wish, size, take, merge) {
            Ok(tally) => Ok((all, tally)),
            Err(RowsError::Table(e)) => Err(e.to_string()),
            Err(RowsError::Taker(())) => Err(String::new()),
        }
    }

    /// The same by the reader that holds everything.
    fn whole(text: &str) -> Result<(Rows, Tally), String> {
        let bytes = Bytes {
            name: "t.csv".into(),
            sha256: String::new(),
            bytes: text.as_bytes().to_vec(),
        };
        let raw = Raw::read(bytes, &ReadOptions::default()).map_err(|e| e.to_string())?;
        let (mut rows, mut tally) = (Rows::new(), Tally::default());
        for row in 0..raw.len() {
            let number = raw.number(row, 1).map_err(|p| p.fault.to_string())?;
            match (raw.field(row, 0), number) {
                ("", _) | (_, None) => tally.missing += 1,
                (label, Some(x)) => {
                    rows.push((label.to_owned(), x.to_bits()));
                    tally.taken += 1;
                }
            }
        }
        Ok((rows, tally))
    }

    fn table() -> impl Strategy<Value = String> {
        let label = prop_oneof![
            "[a-c ]{0,3}",
            "\"[a,\n ]{0,3}\"",
            "\"\"\"é\"",
            Just("区".to_owned())
        ];
        let number = prop_oneof![
            "-?[0-9]{1,3}(\\.[0-9]{1,3})?",
            Just("NA".to_owned()),
            "\"[0-9]\"",
            " [0-9] ?",
            Just(String::new())
        ];
        let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just(",\n")];
        let row = (label, number, end).prop_map(|(l, n, e)| format!("{l},{n}{e}"));
        prop::collection::vec(row, 1..20).prop_map(|rows| format!("name,x\n{}", rows.concat()))
    }

    proptest! {
        #[test]
        fn a_table_that_streams_is_the_table_that_is_held(text in table(), size in 1usize..40, threads in 1usize..4) {
            let expected = whole(&text);
            match (streamed(&text, size, threads), expected) {
                (Ok(found), Ok(expected)) => prop_assert_eq!(found, expected, "{:?}", text),
                (Err(_), Err(_)) => {}
                (found, expected) => prop_assert!(false, "{:?}: {:?}, held {:?}", text, found, expected),
            }
        }
    }

    #[test]
    fn problems_are_told_with_their_line_and_the_first_block_decides() {
        let text = "name,x\na,1\n\nb,oops\nc,2,3\n\"d\n\",4\ne,5 %\n";
        let error = streamed(text, 1 << 20, 2).unwrap_err();
        holds(
            &error,
            &[
                "line 4: `oops` is not a number",
                "line 5: the row has 3 fields",
                "line 8: `5 %`",
            ],
        );
        let error = streamed(text, 1, 2).unwrap_err();
        assert!(error.contains("line 4") && !error.contains("line 5"), "{error}");
    }

    fn holds(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn what_is_missing_stops_or_is_counted() {
        let head = open("name,x\na,1\nb,NA\n,2\n").unwrap();
        let wish = wish(&[(1, Kind::Number)], Missing::Error, 1);
        let error = fold(head, &wish, |_| Ok::<(), ()>(()), |()| Ok(())).unwrap_err();
        let RowsError::Table(error) = error else {
            panic!("no table error")
        };
        assert!(
            error.to_string().contains("line 3: the value is missing"),
            "{error}"
        );
        let (rows, tally) = streamed("name,x\na,1\nb,NA\n,2\n", 4, 2).unwrap();
        assert_eq!((rows.len(), tally.missing), (1, 2));
    }

    #[test]
    fn conditions_leave_rows_out_before_their_values_are_read() {
        let head = open("name,x\na,1\nb,not yet\n").unwrap();
        let conditions = Conditions::parse("name = a", |name| head.named.column("where", name)).unwrap();
        let wish = Wish {
            conditions,
            ..wish(&[(1, Kind::Number)], Missing::Error, 1)
        };
        let tally = fold(
            head,
            &wish,
            |c| Ok::<usize, ()>(c.rows()),
            |n| {
                assert_eq!(n, 1);
                Ok(())
            },
        );
        assert_eq!(
            tally.unwrap(),
            Tally {
                taken: 1,
                missing: 0,
                filtered: 1
            }
        );
    }

    #[test]
    fn a_taker_that_fails_ends_it() {
        let head = open("x\n1\n2\n").unwrap();
        let wish = wish(&[(0, Kind::Number)], Missing::Error, 2);
        let result = fold_in_blocks(head, &wish, 1, |_| Err::<(), u8>(7), |()| Ok(()));
        assert!(matches!(result, Err(RowsError::Taker(7))));
    }
}
