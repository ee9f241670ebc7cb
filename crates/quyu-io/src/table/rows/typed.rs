//! From batches of typed columns to the columns that are asked for.

use quyu_core::Missing;

use super::super::columnar::{Batch, Batches, Column, Table};
use super::super::fault::{Fault, Gathered, Place, Problem, Spot, TableError};
use super::super::head::Named;
use super::super::place::place_in_row;
use super::reading::Done;
use super::{Filled, Kind, Tally, Wish};

/// Rows that are taken together: what is made of them costs something for each part.
const ROWS: usize = 128 << 10;

/// One piece of a table.
pub(super) struct Typed<'a> {
    named: &'a Named,
    wish: &'a Wish,
    /// The columns of a batch: those of the wish, then those that conditions compare.
    read: Vec<(usize, Kind)>,
    batches: Batches,
}

impl<'a> Typed<'a> {
    pub(super) fn new(
        (table, named): (&Table, &'a Named),
        wish: &'a Wish,
        piece: usize,
    ) -> Result<Self, TableError> {
        let mut read = wish.columns.clone();
        read.extend(wish.conditions.columns().map(|column| (column, Kind::Label)));
        Ok(Self {
            batches: table.read(piece, &read, &named.options.numbers)?,
            named,
            wish,
            read,
        })
    }

    /// The next rows, with the problems in them.
    pub(super) fn next(&mut self) -> Option<Result<Done, TableError>> {
        let mut rows: Option<Rows> = None;
        while rows.as_ref().is_none_or(|r| r.seen < ROWS) {
            let batch = match self.batches.next() {
                None => break,
                Some(Ok(batch)) => batch,
                Some(Err(error)) => return Some(Err(error)),
            };
            rows.get_or_insert_with(|| Rows::new(self.wish, batch.before))
                .take(self, &batch);
        }
        rows.map(|rows| {
            rows.wrong.stop(&self.named.name)?;
            Ok(rows.done)
        })
    }

    /// Whether a row counts.
    fn verdict(&self, batch: &Batch, row: usize) -> Result<Verdict, (usize, Fault)> {
        let field = |column: usize| {
            let place = self.read.iter().position(|r| *r == (column, Kind::Label));
            batch.label_at(place.unwrap_or_default(), row)
        };
        let holds = self.wish.conditions.hold(&self.named.options.numbers, field);
        let place = |(column, fault): (usize, Fault)| {
            let place = self.read.iter().position(|r| r.0 == column);
            (place.unwrap_or_default(), fault)
        };
        if !holds.map_err(place)? {
            return Ok(Verdict::Filtered);
        }
        let missing = (0..self.wish.columns.len()).find(|place| is_missing(batch, *place, row));
        match (missing, self.wish.missing) {
            (None, _) => Ok(Verdict::Taken),
            (Some(_), Missing::Drop) => Ok(Verdict::Missing),
            (Some(place), Missing::Error) => Err((place, Fault::MissingValue)),
        }
    }

    fn place(&self, batch: &Batch, row: usize, place: usize) -> Place {
        let shown = |place: usize| match &batch.columns[place] {
            Column::Numbers(x) if x[row].is_nan() => String::new(),
            Column::Numbers(x) => x[row].to_string(),
            Column::Labels(_) => batch.label_at(place, row).to_owned(),
        };
        let fields: Vec<String> = (0..batch.columns.len()).map(shown).collect();
        let name = self.named.header.get(self.read[place].0).cloned();
        let spot = Spot::row(batch.before + row as u64 + 1);
        place_in_row(spot, fields.iter().map(String::as_str), place, name)
    }
}

fn is_missing(batch: &Batch, place: usize, row: usize) -> bool {
    match &batch.columns[place] {
        Column::Numbers(x) => x[row].is_nan(),
        Column::Labels(_) => batch.label_at(place, row).is_empty(),
    }
}

enum Verdict {
    Taken,
    Missing,
    Filtered,
}

/// Rows of several batches.
struct Rows {
    done: Done,
    seen: usize,
    wrong: Gathered,
}

impl Rows {
    fn new(wish: &Wish, before: u64) -> Self {
        let columns = wish.columns.iter().map(|(_, kind)| match kind {
            Kind::Number => Filled::Numbers(Vec::with_capacity(ROWS)),
            Kind::Label => Filled::Labels(Vec::with_capacity(ROWS)),
        });
        Self {
            done: Done {
                columns: columns.collect(),
                text: String::new(),
                lines: Vec::with_capacity(ROWS),
                before,
                tally: Tally::default(),
            },
            seen: 0,
            wrong: Gathered::default(),
        }
    }

    fn take(&mut self, typed: &Typed<'_>, batch: &Batch) {
        // Labels are cut from the text of the batch, which follows that of the batches before it.
        let moved = self.done.text.len() as u32;
        self.done.text.push_str(&batch.text);
        let first = self.seen as u32;
        self.seen += batch.rows;
        for row in 0..batch.rows {
            match typed.verdict(batch, row) {
                Ok(Verdict::Taken) => {
                    self.done.tally.taken += 1;
                    self.done.lines.push(first + row as u32 + 1);
                    self.fill(batch, row, moved);
                }
                Ok(Verdict::Missing) => self.done.tally.missing += 1,
                Ok(Verdict::Filtered) => self.done.tally.filtered += 1,
                Err((place, fault)) => self.wrong.add(Problem {
                    fault,
                    place: Some(typed.place(batch, row, place)),
                }),
            }
        }
    }

    fn fill(&mut self, batch: &Batch, row: usize, moved: u32) {
        for (filled, column) in self.done.columns.iter_mut().zip(&batch.columns) {
            match (filled, column) {
                (Filled::Numbers(all), Column::Numbers(x)) => all.push(x[row]),
                (Filled::Labels(all), Column::Labels(spans)) => {
                    let (start, end) = spans[row];
                    all.push((start + moved, end + moved));
                }
                // A column is of the kind that was asked for.
                _ => {}
            }
        }
    }
}
