//! A header and rows that know where they stand in the file.

use csv::StringRecord;
use quyu_core::suggest::Near;

use super::fault::{Fault, Gathered, Place, Problem, TableError, only};
use super::number::Numbers;
use super::source::Bytes;
use super::text::{Encoding, decode};

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// Between fields; `None` finds it in the first line.
    pub delimiter: Option<u8>,
    /// Around fields that hold the delimiter.
    pub quote: u8,
    /// Encoding.
    pub encoding: Encoding,
    /// Whether the first row names the columns.
    pub header: bool,
    /// How numbers are written.
    pub numbers: Numbers,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: b'"',
            encoding: Encoding::Auto,
            header: true,
            numbers: Numbers::default(),
        }
    }
}

/// A row.
#[derive(Debug, Clone)]
struct Row {
    line: u64,
    start: usize,
    fields: StringRecord,
}

/// A table as it stands in its file.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The file.
    pub name: String,
    /// Its hash.
    pub sha256: String,
    /// Names of the columns; one without a name is called by its number.
    pub header: Vec<String>,
    /// How it was read.
    pub options: ReadOptions,
    /// Between fields.
    pub delimiter: u8,
    /// Rows that held nothing and were skipped.
    pub blank: usize,
    text: String,
    rows: Vec<Row>,
}

/// Delimiters that are looked for, in the order that decides a tie.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// Longest stretch of a line that a message shows.
const WIDEST: usize = 72;

impl Raw {
    /// Reads a table.
    ///
    /// # Errors
    /// [`TableError`] with every row that is not whole.
    pub fn read(bytes: Bytes, options: &ReadOptions) -> Result<Self, TableError> {
        let Bytes { name, sha256, bytes } = bytes;
        let mut text = decode(&bytes, options.encoding).map_err(|fault| only(&name, fault))?;
        drop(bytes);
        if text.trim().is_empty() {
            return Err(only(&name, Fault::Empty));
        }
        refuse_markup(&text).map_err(|fault| only(&name, fault))?;
        let mut delimiter = options.delimiter;
        // Excel's own note on the delimiter is no row.
        if let Some(rest) = text.strip_prefix("sep=") {
            delimiter = delimiter.or(rest.bytes().next());
            let end = text.find('\n').map_or(text.len(), |n| n + 1);
            // The line stays, empty, so that lines keep their numbers.
            text.replace_range(..end, "\n");
        }
        let delimiter = delimiter.unwrap_or_else(|| likely(&text, &name, options.quote));
        let mut raw = Self {
            name,
            sha256,
            header: Vec::new(),
            options: options.clone(),
            delimiter,
            blank: 0,
            text,
            rows: Vec::new(),
        };
        raw.split()?;
        Ok(raw)
    }

    fn split(&mut self) -> Result<(), TableError> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.options.quote)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes());
        let (mut rows, mut blank) = (Vec::new(), 0);
        let mut counter = Lines::default();
        for record in reader.records() {
            // The text is UTF-8 and its rows may have any length: there is nothing left to go wrong.
            let Ok(mut fields) = record else { continue };
            let start = fields.position().map_or(0, |p| p.byte() as usize);
            let (line, start) = counter.at(&self.text, start);
            trim(&mut fields);
            if fields.iter().all(str::is_empty) {
                blank += 1;
                continue;
            }
            rows.push(Row { line, start, fields });
        }
        self.blank = blank;
        self.rows = rows;
        if let Some(problem) = self.open_quote() {
            return Err(only(&self.name, problem));
        }
        let width = self.rows.first().map_or(0, |r| r.fields.len());
        if self.options.header && !self.rows.is_empty() {
            let named: Vec<String> = self.rows.remove(0).fields.iter().map(str::to_owned).collect();
            self.header = names(&named, true);
        } else {
            self.header = names(&vec![String::new(); width], false);
        }
        if self.rows.is_empty() {
            return Err(only(&self.name, Fault::HeaderOnly));
        }
        let mut wrong = Gathered::default();
        for row in 0..self.rows.len() {
            let fields = &self.rows[row].fields;
            // A delimiter at the end of every line is harmless.
            let found =
                fields.len() - usize::from(fields.len() == width + 1 && fields.get(width) == Some(""));
            if found != width {
                let fault = Fault::Ragged {
                    found,
                    expected: width,
                };
                wrong.add(Problem {
                    fault,
                    place: Some(self.place_of_row(row)),
                });
            }
        }
        wrong.stop(&self.name)
    }

    /// A quote that nobody closed swallows the rest of the file.
    fn open_quote(&self) -> Option<Problem> {
        let last = self.rows.last()?;
        let rest = &self.text[last.start..];
        let quotes = rest.bytes().filter(|b| *b == self.options.quote).count();
        let swallowed = rest.trim_end().contains('\n');
        if quotes % 2 == 0 || !swallowed {
            return None;
        }
        // Of an odd number of quotes the last one has no partner. It may stand on a later line of the record.
        let quote = char::from(self.options.quote);
        let at = rest.rfind(quote)?;
        let before = &rest[..at];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = rest[start..].lines().next().unwrap_or_default();
        let number = last.line + before.bytes().filter(|b| *b == b'\n').count() as u64;
        let end = at - start + quote.len_utf8();
        Some(Problem {
            fault: Fault::OpenQuote,
            place: Some(shortened(number, None, line, at - start, end)),
        })
    }

    /// Number of rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none; a table that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A field, trimmed.
    pub fn field(&self, row: usize, column: usize) -> &str {
        self.rows[row].fields.get(column).unwrap_or_default()
    }

    /// Line of the file in which a row begins.
    pub fn line(&self, row: usize) -> u64 {
        self.rows[row].line
    }

    /// Keeps the rows at these positions.
    pub(crate) fn keep(&mut self, keep: impl Fn(&Self, usize) -> bool) {
        let kept: Vec<bool> = (0..self.rows.len()).map(|r| keep(self, r)).collect();
        let mut flags = kept.iter();
        self.rows.retain(|_| flags.next().copied().unwrap_or(true));
    }

    /// The column of this name, or of this number from 1 if none bears the name.
    ///
    /// # Errors
    /// [`Fault::UnknownColumn`] with near names, [`Fault::AmbiguousColumn`].
    pub fn column(&self, role: &str, name: &str) -> Result<usize, Fault> {
        column(&self.header, role, name)
    }

    pub(crate) fn unknown(&self, role: &str, name: &str) -> Fault {
        unknown(&self.header, role, name)
    }

    /// The number in a field; `None` is a missing value.
    ///
    /// # Errors
    /// [`Problem`] with its place.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Problem> {
        let read = self.options.numbers.read(self.field(row, column));
        read.map_err(|fault| Problem {
            fault,
            place: Some(self.place(row, column)),
        })
    }

    /// Where a field is.
    pub fn place(&self, row: usize, column: usize) -> Place {
        let row = &self.rows[row];
        let line = self.text[row.start..].lines().next().unwrap_or_default();
        let name = self.header.get(column).cloned();
        place_of_field(row.line, line, column, name, self.delimiter, self.options.quote)
    }

    fn place_of_row(&self, row: usize) -> Place {
        let row = &self.rows[row];
        place_of_line(
            row.line,
            self.text[row.start..].lines().next().unwrap_or_default(),
        )
    }
}

/// A web page or an XML document under the name of a table.
pub(crate) fn refuse_markup(text: &str) -> Result<(), Fault> {
    let mark: String = text.trim_start().chars().take(9).collect();
    let markup = ["<!doctype", "<html", "<?xml"];
    if markup.iter().any(|m| mark.to_ascii_lowercase().starts_with(m)) {
        let what = "a web page or XML document";
        return Err(Fault::Foreign { what });
    }
    Ok(())
}

/// Names of columns: those of the first row if it is a header, else `column1`, `column2`, …
pub(crate) fn names(first: &[String], header: bool) -> Vec<String> {
    let name = |(i, n): (usize, &String)| match header && !n.is_empty() {
        true => n.clone(),
        false => format!("column{}", i + 1),
    };
    first.iter().enumerate().map(name).collect()
}

/// The column of this name, or of this number from 1 if none bears the name.
pub(crate) fn column(header: &[String], role: &str, name: &str) -> Result<usize, Fault> {
    let found: Vec<usize> = (0..header.len()).filter(|&c| header[c] == name).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => match name.parse::<usize>() {
            Ok(number) if (1..=header.len()).contains(&number) => Ok(number - 1),
            _ => Err(unknown(header, role, name)),
        },
        several => Err(Fault::AmbiguousColumn {
            name: name.to_owned(),
            numbers: several.iter().map(|c| c + 1).collect(),
        }),
    }
}

fn unknown(header: &[String], role: &str, name: &str) -> Fault {
    Fault::UnknownColumn {
        role: role.to_owned(),
        name: name.to_owned(),
        near: Near::to(name, header.iter().map(String::as_str)),
        columns: header.to_vec(),
    }
}

/// Counts lines forward.
#[derive(Default)]
pub(crate) struct Lines {
    at: usize,
    line: u64,
}

impl Lines {
    /// Line and byte at which the record at or after this byte begins: line ends before it belong to no record.
    pub(crate) fn at(&mut self, text: &str, start: usize) -> (u64, usize) {
        let skipped = text[start..]
            .bytes()
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let start = start + skipped;
        self.line += text[self.at..start].bytes().filter(|b| *b == b'\n').count() as u64;
        self.at = start;
        (self.line + 1, start)
    }
}

fn trim(fields: &mut StringRecord) {
    // `str::trim` knows the spaces of all scripts, the full-width and the no-break space included.
    if fields.iter().any(|f| f.trim().len() != f.len()) {
        let trimmed = StringRecord::from(fields.iter().map(str::trim).collect::<Vec<_>>());
        *fields = trimmed;
    }
}

/// The delimiter that occurs most often in the first line, outside quotes.
pub(crate) fn likely(text: &str, name: &str, quote: u8) -> u8 {
    let stem = name.strip_suffix(".gz").unwrap_or(name);
    if [".tsv", ".tab"].iter().any(|e| stem.ends_with(e)) {
        return b'\t';
    }
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let mut counts = [0usize; DELIMITERS.len()];
    let mut inside = false;
    for byte in line.bytes() {
        inside ^= byte == quote;
        if let Some(d) = DELIMITERS.iter().position(|d| *d == byte && !inside) {
            counts[d] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    match counts.iter().position(|c| *c == most) {
        Some(d) if most > 0 => DELIMITERS[d],
        _ => b',',
    }
}

/// A field of a line.
pub(crate) fn place_of_field(
    number: u64,
    line: &str,
    column: usize,
    name: Option<String>,
    delimiter: u8,
    quote: u8,
) -> Place {
    let (start, end) = span(line, column, char::from(delimiter), char::from(quote));
    shortened(number, name, line, start, end)
}

/// A line as a whole.
pub(crate) fn place_of_line(number: u64, line: &str) -> Place {
    let mut place = shortened(number, None, line, 0, line.len());
    place.length = place.text.chars().count();
    place
}

/// First and last byte of a field in its line, without white space and quotes around it.
fn span(line: &str, column: usize, delimiter: char, quote: char) -> (usize, usize) {
    let (mut field, mut inside, mut start, mut end) = (0, false, 0, line.len());
    for (at, c) in line.char_indices() {
        if c == quote {
            inside = !inside;
        } else if c == delimiter && !inside {
            if field == column {
                end = at;
                break;
            }
            field += 1;
            start = at + c.len_utf8();
        }
    }
    if field < column {
        return (line.len(), line.len());
    }
    let around = |c: char| c.is_whitespace() || c == quote;
    let text = &line[start..end];
    let inner = text.trim_matches(around);
    let offset = text.len() - text.trim_start_matches(around).len();
    match inner.is_empty() {
        true => (start, end),
        false => (start + offset, start + offset + inner.len()),
    }
}

/// A stretch of the line around the bytes in question.
pub(crate) fn shortened(line: u64, column: Option<String>, text: &str, start: usize, end: usize) -> Place {
    let before: Vec<char> = text[..start].chars().collect();
    let inner: Vec<char> = text[start..end].chars().take(WIDEST).collect();
    let after: Vec<char> = text[end..].chars().collect();
    let room = WIDEST - inner.len();
    let left = before
        .len()
        .min(room / 2 + (room / 2).saturating_sub(after.len()));
    let right = after.len().min(room - left);
    let mut shown: String = if left < before.len() {
        "…".to_owned()
    } else {
        String::new()
    };
    let start = shown.chars().count() + left;
    shown.extend(&before[before.len() - left..]);
    shown.extend(&inner);
    shown.extend(&after[..right]);
    if right < after.len() {
        shown.push('…');
    }
    Place {
        line,
        column,
        text: shown.replace('\t', " "),
        start,
        length: inner.len(),
    }
}
