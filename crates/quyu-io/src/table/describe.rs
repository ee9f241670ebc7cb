//! What a table holds, column by column.

use std::collections::BTreeSet;

use super::raw::Raw;

/// What the fields of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Four-digit years.
    Years,
    /// Numbers.
    Numbers,
    /// Words, or numbers among words.
    Words,
    /// Nothing.
    Empty,
    /// What is no figure and no name, such as lists.
    Other,
}

impl Kind {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Years => "years",
            Kind::Numbers => "numbers",
            Kind::Words => "words",
            Kind::Empty => "empty",
            Kind::Other => "neither",
        }
    }
}

/// A column in brief.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Fields with a value.
    pub present: usize,
    /// Fields without.
    pub missing: usize,
    /// Fields that are no number, in a column in which most are.
    pub odd: usize,
    /// Different values.
    pub distinct: usize,
    /// Smallest and largest number.
    pub range: Option<(f64, f64)>,
    /// The first few values as they stand there.
    pub sample: Vec<String>,
}

/// Values shown of each column.
const SAMPLE: usize = 3;

/// Looks at every column.
pub fn profiles(raw: &Raw) -> Vec<Profile> {
    (0..raw.header.len()).map(|c| profile(raw, c)).collect()
}

fn profile(raw: &Raw, column: usize) -> Profile {
    let numbers = &raw.options.numbers;
    let mut distinct: BTreeSet<&str> = BTreeSet::new();
    let mut sample: Vec<String> = Vec::new();
    let (mut missing, mut read, mut odd, mut years) = (0, 0, 0, 0);
    let mut range: Option<(f64, f64)> = None;
    for row in 0..raw.len() {
        let field = raw.field(row, column);
        let number = numbers.read(field);
        if matches!(number, Ok(None)) {
            missing += 1;
            continue;
        }
        if distinct.insert(field) && sample.len() < SAMPLE {
            sample.push(field.to_owned());
        }
        years += usize::from(raw.year(row, column).is_ok());
        match number {
            Ok(Some(x)) => {
                read += 1;
                range = Some(range.map_or((x, x), |(lo, hi)| (lo.min(x), hi.max(x))));
            }
            _ => odd += 1,
        }
    }
    let present = raw.len() - missing;
    let kind = match present {
        _ if raw.unread.contains_key(&column) => Kind::Other,
        0 => Kind::Empty,
        _ if years == present => Kind::Years,
        // A few slips do not make a column of numbers one of words.
        _ if read * 2 > present => Kind::Numbers,
        _ => Kind::Words,
    };
    let numeric = matches!(kind, Kind::Numbers | Kind::Years);
    Profile {
        name: raw.header[column].clone(),
        kind,
        present,
        missing,
        odd: if kind == Kind::Numbers { odd } else { 0 },
        distinct: distinct.len(),
        range: range.filter(|_| numeric),
        sample,
    }
}
