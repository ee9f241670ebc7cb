//! From a text to rows of fields that know their lines.

use csv::StringRecord;

use super::blocks::LONGEST;
use super::fault::{Fault, Problem};
use super::place::{place_of_line, shortened};
use super::raw::ReadOptions;

/// Memory that the rows of a table may take, in bytes by the three below: 4 GiB.
pub(super) const HELD: u64 = 4 << 30;
/// Bytes that a row takes up beside its texts, each of its fields, and all that is said of a column.
pub(super) const ROW: u64 = 160;
pub(super) const FIELD: u64 = 8;
pub(super) const COLUMN: u64 = 1 << 10;

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its part: the file that it stands in.
    pub(super) part: u32,
    /// Its line, or its number in a sheet.
    pub(super) number: u64,
    /// First byte in the text of its part.
    pub(super) start: usize,
    /// Its fields, trimmed.
    pub(super) fields: StringRecord,
}

/// A text that was split.
#[derive(Debug)]
pub(super) struct Split {
    /// Rows, the header among them.
    pub(super) rows: Vec<Row>,
    /// Rows that hold nothing.
    pub(super) blank: usize,
    /// Between fields.
    pub(super) delimiter: u8,
}

/// Splits a text. The text may be changed where a line is no row, so that lines keep their numbers.
pub(super) fn split(text: &mut String, name: &str, options: &ReadOptions) -> Result<Split, Problem> {
    split_within(HELD, text, name, options)
}

/// Splits a text whose rows may take so many bytes of memory.
fn split_within(limit: u64, text: &mut String, name: &str, options: &ReadOptions) -> Result<Split, Problem> {
    if text.trim().is_empty() {
        return Err(Fault::Empty.into());
    }
    refuse_markup(text)?;
    refuse_long_lines(text)?;
    let mut delimiter = options.delimiter;
    // Excel's own note on the delimiter is no row.
    if let Some(rest) = text.strip_prefix("sep=") {
        delimiter = delimiter.or(rest.bytes().next());
        blank_out(text, 1);
    }
    if let Some(row) = options.header_row {
        if text.lines().count() < usize::try_from(row).unwrap_or(usize::MAX) {
            return Err(Fault::NoHeaderRow { row }.into());
        }
        blank_out(text, row.saturating_sub(1));
    }
    let delimiter = delimiter.unwrap_or_else(|| likely(text, name, options.quote));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quote(options.quote)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut blank) = (Vec::new(), 0);
    let mut weight = text.len() as u64;
    let mut counter = Lines::default();
    for record in reader.records() {
        // The text is UTF-8 and its rows may have any length: there is nothing left to go wrong.
        let Ok(mut fields) = record else { continue };
        let start = fields.position().map_or(0, |p| p.byte() as usize);
        let (number, start) = counter.at(text, start);
        trim(&mut fields);
        if fields.iter().all(str::is_empty) {
            blank += 1;
            continue;
        }
        let field = if rows.is_empty() { COLUMN } else { FIELD };
        weight += ROW + field * fields.len() as u64;
        if weight > limit {
            return Err(Fault::TooHeavy { limit }.into());
        }
        rows.push(Row {
            part: 0,
            number,
            start,
            fields,
        });
    }
    if let Some(problem) = rows.last().and_then(|last| open_quote(text, last, options.quote)) {
        return Err(problem);
    }
    Ok(Split {
        rows,
        blank,
        delimiter,
    })
}

/// Takes the first lines out and leaves their ends.
pub(super) fn blank_out(text: &mut String, lines: u64) {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    let end = match lines {
        0 => return,
        n => ends.take(n as usize).last().unwrap_or(text.len()),
    };
    text.replace_range(..end, &"\n".repeat(lines as usize));
}

/// No table of figures has lines of so many bytes.
fn refuse_long_lines(text: &str) -> Result<(), Problem> {
    let mut start = 0;
    for (line, end) in memchr::memchr_iter(b'\n', text.as_bytes())
        .chain([text.len()])
        .enumerate()
    {
        if end.saturating_sub(start) > LONGEST {
            let shown = text[start..].chars().take(100).collect::<String>();
            return Err(Problem {
                fault: Fault::LongLine,
                place: Some(place_of_line(line as u64 + 1, &shown)),
            });
        }
        start = end + 1;
    }
    Ok(())
}

/// A quote that nobody closed swallows the rest of the file.
fn open_quote(text: &str, last: &Row, quote: u8) -> Option<Problem> {
    let rest = &text[last.start..];
    let quotes = rest.bytes().filter(|b| *b == quote).count();
    let swallowed = rest.trim_end().contains('\n');
    if quotes % 2 == 0 || !swallowed {
        return None;
    }
    // Of an odd number of quotes the last one has no partner. It may stand on a later line of the record.
    let quote = char::from(quote);
    let at = rest.rfind(quote)?;
    let before = &rest[..at];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = rest[start..].lines().next().unwrap_or_default();
    let number = last.number + before.bytes().filter(|b| *b == b'\n').count() as u64;
    let end = at - start + quote.len_utf8();
    Some(Problem {
        fault: Fault::OpenQuote,
        place: Some(shortened(number, None, line, at - start, end)),
    })
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
    let stem = [".gz", ".zst"]
        .iter()
        .find_map(|e| name.strip_suffix(e))
        .unwrap_or(name);
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

/// Delimiters that are looked for, in the order that decides a tie.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

#[cfg(test)]
mod tests {
    use super::*;

    /// A few bytes may unpack to more rows than any memory holds, each of a few bytes.
    #[test]
    fn rows_are_counted_by_the_memory_that_they_take() {
        let text = |rows: usize| "region,x\n".to_owned() + &"A,1\n".repeat(rows);
        let rows = |limit: u64, rows: usize| {
            split_within(limit, &mut text(rows), "t", &ReadOptions::default()).map(|s| s.rows.len())
        };
        let weight = |rows: u64| 9 + 4 * rows + (ROW + 2 * COLUMN) + rows * (ROW + 2 * FIELD);
        assert_eq!(rows(weight(100), 100), Ok(101));
        let error = rows(weight(100) - 1, 100).unwrap_err();
        assert_eq!(
            error.fault,
            Fault::TooHeavy {
                limit: weight(100) - 1
            }
        );
        // Columns are heavier than fields.
        let header = ",".repeat(5_000_000);
        let error = split(
            &mut format!("region{header}\nA{header}\n"),
            "t",
            &ReadOptions::default(),
        );
        assert_eq!(error.unwrap_err().fault, Fault::TooHeavy { limit: HELD });
    }
}
