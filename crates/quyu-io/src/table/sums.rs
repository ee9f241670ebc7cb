//! Sums that another engine computed by the query of an analysis, read from a table.

use quyu_core::additive::sql::{MISSING, STAMP};
use quyu_core::additive::sums::{SumRow, Sums};

use super::fault::{Fault, Problem, TableError, only};
use super::raw::Raw;

/// What the table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Sums by key.
    pub rows: Vec<SumRow>,
    /// Rows with a missing figure or key; they are in no sum.
    pub missing: u64,
    /// Rows outside the domain of the statistic; they are in no sum.
    pub refused: Vec<Refused>,
}

/// Rows of one key that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The labels of the key.
    pub keys: Vec<String>,
    /// The reason, by its name in [`Sums::refusals`].
    pub name: &'static str,
    /// How many.
    pub count: u64,
}

/// What the query was made for, as the query has carried it: the same in every row.
///
/// # Errors
/// [`Fault::NoSums`] if there is no such column, or rows differ in it.
pub fn stamp(raw: &Raw) -> Result<&str, TableError> {
    let wrong = |reason: &str| {
        let reason = reason.to_owned();
        only(&raw.name, Fault::NoSums { reason })
    };
    let column = raw.header.iter().position(|h| h == STAMP);
    let column =
        column.ok_or_else(|| wrong("there is no column `quyu`, which says what they are sums for"))?;
    if raw.is_empty() {
        return Err(wrong("there is no row"));
    }
    match (1..raw.len()).all(|row| raw.field(row, column) == raw.field(0, column)) {
        true => Ok(raw.field(0, column)),
        false => Err(wrong("they are sums of several queries")),
    }
}

/// Reads the sums that were asked for.
///
/// # Errors
/// [`Fault::NoSums`] for a column that is missing; faults of numbers; [`Fault::NoCount`] for a count of rows that is none and
/// [`Fault::NoSum`] for a sum that is none.
pub fn read(raw: &Raw, sums: &Sums) -> Result<Answer, TableError> {
    let column = |name: &str| {
        let found = raw.header.iter().position(|h| h == name);
        found.ok_or_else(|| {
            let reason = format!("there is no column `{name}`");
            only(&raw.name, Fault::NoSums { reason })
        })
    };
    let all = |names: Vec<&str>| names.into_iter().map(column).collect::<Result<Vec<_>, _>>();
    let keys = all(sums.keys.iter().map(|k| k.name.as_str()).collect())?;
    let terms = all(sums.terms.iter().map(|t| t.name).collect())?;
    let refusals = all(sums.refusals.iter().map(|r| r.name).collect())?;
    let missing = column(MISSING)?;
    let number = |row: usize, column: usize| raw.number(row, column).map_err(|p| only(&raw.name, p));
    let at = |row: usize, column: usize, fault: Fault| {
        let place = Some(raw.place(row, column));
        only(&raw.name, Problem { fault, place })
    };
    let count = |row: usize, column: usize| match number(row, column)? {
        Some(x) if x >= 0.0 && x.fract() == 0.0 => Ok(x as u64),
        _ => Err(at(row, column, Fault::NoCount)),
    };
    let mut answer = Answer::default();
    for row in 0..raw.len() {
        let labels = || {
            keys.iter()
                .map(|c| raw.field(row, *c).to_owned())
                .collect::<Vec<_>>()
        };
        answer.missing += count(row, missing)?;
        for (refusal, column) in sums.refusals.iter().zip(&refusals) {
            let refused = Refused {
                keys: labels(),
                name: refusal.name,
                count: count(row, *column)?,
            };
            answer.refused.extend((refused.count > 0).then_some(refused));
        }
        // A key of which no row counts has no sums at all: an engine sums nothing to NULL.
        if number(row, terms[0])?.is_none() || count(row, terms[0])? == 0 {
            continue;
        }
        let sum = |column: &usize| number(row, *column)?.ok_or_else(|| at(row, *column, Fault::NoSum));
        answer.rows.push(SumRow {
            keys: labels(),
            sums: terms.iter().map(sum).collect::<Result<_, _>>()?,
        });
    }
    Ok(answer)
}
