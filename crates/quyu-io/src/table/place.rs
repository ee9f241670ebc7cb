//! Where something is in a table, and what is shown of it.

use super::fault::{Place, Spot};

/// Longest stretch of a line that a message shows.
const WIDEST: usize = 72;

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

/// A stretch of the line around the bytes in question. A line may be very long: only what is shown is looked at.
pub(crate) fn shortened(line: u64, column: Option<String>, text: &str, start: usize, end: usize) -> Place {
    stretch(Spot::line(line), column, text, start, end)
}

/// As [`shortened`], at any spot.
pub(crate) fn stretch(spot: Spot, column: Option<String>, text: &str, start: usize, end: usize) -> Place {
    let inner: Vec<char> = text[start..end].chars().take(WIDEST).collect();
    // One more than fits, so that it is seen that there is more.
    let mut before: Vec<char> = text[..start].chars().rev().take(WIDEST + 1).collect();
    before.reverse();
    let after: Vec<char> = text[end..].chars().take(WIDEST + 1).collect();
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
        spot,
        column,
        text: shown.replace(['\t', '\n', '\r'], " "),
        start,
        length: inner.len(),
    }
}

/// A field of a row that is no line of text: its fields with bars between them.
pub(crate) fn place_in_row<'a>(
    spot: Spot,
    fields: impl Iterator<Item = &'a str>,
    column: usize,
    name: Option<String>,
) -> Place {
    let (mut text, mut span) = (String::new(), (0, 0));
    for (at, field) in fields.enumerate() {
        if at > 0 {
            text.push_str(" | ");
        }
        let start = text.len();
        text.push_str(field);
        if at == column {
            span = (start, text.len());
        }
    }
    stretch(spot, name, &text, span.0, span.1)
}
