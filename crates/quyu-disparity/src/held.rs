//! Indices that need all values at once: rows stream in and their columns are held, as numbers and nothing else.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::additive::grouped::runs;
use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Cell, Findings, Need, Note, NoteKind};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{self, Correction, GiniOptions, Index, Negative, Part};
use quyu_math::Sum;

use crate::bins::Bins;
use crate::index::empty_table;
use crate::measure::{Columns, Measure, What};
use crate::sample::Sample;
use crate::stream::{columns, title_of_rows};
use crate::undefined::Undefined;

/// One index that must be defined, or several side by side, where what is undefined is left empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    One,
    Panel(&'static str),
}

/// The columns of every year.
pub(crate) struct Held {
    id: &'static str,
    measures: Vec<Measure>,
    shown: Shown,
    weighted: bool,
    last_only: bool,
    columns: Vec<Need>,
    years: BTreeMap<String, Rows>,
    /// Whether a part was merged in that could not be taken.
    lost: bool,
}

/// What is held of a year.
enum Rows {
    /// The columns in pieces, as they came: a long column that grows would be copied again and again.
    Whole(Vec<Piece>),
    Counted(Bins),
}

/// Values and their weights; without weights the second column is empty.
#[derive(Default)]
struct Piece {
    x: Vec<f64>,
    w: Vec<f64>,
}

/// Times the memory of columns that computing with them takes, the columns included: they are put in one piece, and sorted copies are made.
/// Measured with ten million rows: 2 (Hoover) to 5 (polarisation).
pub(crate) const COPIES: usize = 5;

/// A piece of so many rows is long enough to stand alone.
const LONG: usize = 1 << 16;

impl Default for Rows {
    fn default() -> Self {
        Rows::Whole(Vec::new())
    }
}

impl Rows {
    fn push(&mut self, x: &[f64], w: Option<&[f64]>) {
        match self {
            Rows::Whole(pieces) => {
                let last = match pieces.last_mut() {
                    Some(last) if last.x.len() < LONG => last,
                    _ => pieces.push_mut(Piece::default()),
                };
                last.x.extend_from_slice(x);
                last.w.extend_from_slice(w.unwrap_or_default());
            }
            Rows::Counted(bins) => bins.push(x, w),
        }
    }

    /// Takes in the rows that follow.
    fn append(&mut self, more: Vec<Piece>, weighted: bool) {
        for piece in more {
            match self {
                Rows::Whole(pieces) if piece.x.len() >= LONG => pieces.push(piece),
                _ => self.push(&piece.x, weighted.then_some(piece.w.as_slice())),
            }
        }
    }

    fn count(&mut self) {
        if let Rows::Whole(pieces) = self {
            let mut bins = Bins::default();
            for Piece { x, w } in pieces.drain(..) {
                bins.push(&x, (!w.is_empty()).then_some(w.as_slice()));
            }
            *self = Rows::Counted(bins);
        }
    }

    /// Number of rows and sum of their weights.
    fn counted(&self, weighted: bool) -> (usize, f64) {
        match self {
            Rows::Whole(pieces) => {
                let (mut rows, mut weight) = (0, Sum::new());
                for Piece { x, w } in pieces {
                    rows += x.len();
                    weight.push(w);
                }
                let weight = if weighted { weight.value() } else { rows as f64 };
                (rows, weight)
            }
            Rows::Counted(bins) => bins.counted(),
        }
    }
}

/// The columns in one piece each.
fn joined(pieces: &mut Vec<Piece>) -> Piece {
    let mut pieces = pieces.drain(..);
    let mut whole = pieces.next().unwrap_or_default();
    for Piece { x, w } in pieces {
        whole.x.extend(x);
        whole.w.extend(w);
    }
    whole
}

/// An index of a year.
struct Found {
    value: f64,
    /// How far it may be off.
    off: f64,
}

impl Held {
    pub(crate) fn new(id: &'static str, measures: Vec<Measure>, shown: Shown, sample: &Sample) -> Self {
        Self {
            id,
            measures,
            shown,
            weighted: sample.weighted(),
            last_only: sample.last_only(),
            columns: columns(sample),
            years: BTreeMap::new(),
            lost: false,
        }
    }

    fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.id,
            reason,
        }
    }

    /// What no index here takes is said while the row is at hand.
    fn check(&self, (region, year): (&str, &str), (x, w): (f64, Option<f64>)) -> Result<(), AnalysisError> {
        let what = if !x.is_finite() || w.is_some_and(|w| !w.is_finite()) {
            format!("a figure of {region} in {year} is not a finite number")
        } else if let Some(w) = w.filter(|w| *w < 0.0) {
            format!("the weight of {region} in {year} is negative ({w})")
        } else if x < 0.0 && !self.measures.iter().all(takes_negative) {
            let label = self.measures[0].label();
            format!("{label}: the value of {region} in {year} is negative ({x})")
        } else {
            return Ok(());
        };
        Err(self.refuse(what))
    }

    fn found(&self, measure: &Measure, rows: &mut Rows) -> Result<Found, Error> {
        let exact = |value| Found { value, off: 0.0 };
        match rows {
            // The only one that asks for the order of the rows may put them in order where they stand.
            Rows::Whole(pieces) if self.measures.len() == 1 && is_plain_gini(measure) => {
                let weighted = self.weighted;
                let pieces = pieces.iter_mut();
                let mut parts: Vec<Part<'_>> = pieces
                    .map(|Piece { x, w }| Part {
                        x,
                        w: weighted.then_some(w),
                    })
                    .collect();
                disparity::gini_of_parts(&mut parts).map(exact)
            }
            Rows::Whole(pieces) => {
                let whole = joined(pieces);
                let held = Columns {
                    x: whole.x.as_slice().into(),
                    w: self.weighted.then(|| whole.w.as_slice().into()),
                    rank: None,
                    groups: None,
                };
                let value = measure.of(&held);
                pieces.push(whole);
                value.map(exact)
            }
            Rows::Counted(_) if !obeys_transfers(measure) => Err(Error::Undefined {
                reason: "every row would be needed, and they are more than the memory allowed holds",
            }),
            Rows::Counted(bins) => {
                let (low, high) = bins.bracket(measure)?;
                Ok(Found {
                    value: low + (high - low) / 2.0,
                    off: (high - low).abs() / 2.0,
                })
            }
        }
    }

    fn said(&self, measure: &Measure, year: &str, error: &Error) -> String {
        format!("{} is not defined in {year}: {}.", measure.label(), why(error))
    }
}

fn why(error: &Error) -> String {
    match error {
        Error::Zero { .. } => "a value is zero".to_owned(),
        Error::Undefined { reason } => (*reason).to_owned(),
        other => other.to_string(),
    }
}

/// Whether an index is defined for negative values.
fn takes_negative(measure: &Measure) -> bool {
    match measure.what {
        What::Index(Index::Gini(options)) => options.negative == Negative::Allow,
        What::Index(Index::Kolm(_)) => true,
        _ => false,
    }
}

/// Whether the index is the Gini index as it is without options.
fn is_plain_gini(measure: &Measure) -> bool {
    matches!(measure.what, What::Index(Index::Gini(options)) if options == GiniOptions::default())
}

/// Whether an index cannot fall where a transfer runs from a poorer to a richer row, and counts rows by their weight alone.
fn obeys_transfers(measure: &Measure) -> bool {
    match measure.what {
        What::Index(Index::Gini(options)) => {
            options.correction == Correction::None && options.negative == Negative::Error
        }
        What::Index(
            Index::SGini(_)
            | Index::Hoover
            | Index::TheilT
            | Index::Mld
            | Index::Ge(_)
            | Index::Atkinson(_)
            | Index::Cv(_),
        ) => true,
        _ => false,
    }
}

impl Additive for Held {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, regions, x) = (batch.labels(0)?, batch.labels(1)?, batch.numbers(2)?);
        let w = match self.weighted {
            true => Some(batch.numbers(3)?),
            false => None,
        };
        for (i, &value) in x.iter().enumerate() {
            self.check((regions[i], years[i]), (value, w.map(|w| w[i])))?;
        }
        // Rows of one year that stand together are taken together.
        for (year, rows) in runs(years) {
            if !self.years.contains_key(year) {
                self.years.insert(year.to_owned(), Rows::default());
            }
            if let Some(held) = self.years.get_mut(year) {
                held.push(&x[rows.clone()], w.map(|w| &w[rows]));
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        let Ok(other) = other.downcast::<Held>() else {
            self.lost = true;
            return;
        };
        self.lost |= other.lost;
        for (year, rows) in other.years {
            match (self.years.entry(year).or_default(), rows) {
                (ours, Rows::Whole(pieces)) => ours.append(pieces, self.weighted),
                // Parts are counted after they were merged.
                (_, Rows::Counted(_)) => self.lost = true,
            }
        }
    }

    fn sums(&self) -> Option<Sums> {
        None
    }

    fn take(&mut self, _rows: &[SumRow]) -> Result<(), AnalysisError> {
        Err(self.refuse("it is no function of sums".to_owned()))
    }

    fn held(&self) -> usize {
        let of = |rows: &Rows| match rows {
            Rows::Whole(pieces) => pieces.iter().map(|p| 8 * (p.x.len() + p.w.len())).sum(),
            Rows::Counted(_) => 0,
        };
        let rows: usize = self.years.values().map(of).sum();
        // What sorts rows where they stand takes little more; others copy them (COPIES).
        match self.measures.as_slice() {
            [only] if is_plain_gini(only) => rows + rows / 8,
            _ => COPIES * rows,
        }
    }

    fn condense(&mut self) -> Result<(), AnalysisError> {
        if !self.measures.iter().any(obeys_transfers) {
            let label = self.measures[0].label();
            return Err(self.refuse(format!(
                "{label} needs every row, and they are more than the memory allowed holds"
            )));
        }
        self.years.values_mut().for_each(Rows::count);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Findings, AnalysisError> {
        if self.lost {
            return Err(self.refuse("a stream of another analysis was merged into this one".to_owned()));
        }
        if self.years.is_empty() {
            return Err(self.refuse("there are no rows".to_owned()));
        }
        let first = &self.measures[0];
        let title = match self.shown {
            Shown::One => first.label(),
            Shown::Panel(title) => title.to_owned(),
        };
        let unit = first.is_relative().then_some("1");
        let mut table = empty_table(self.id, title_of_rows(&title, &self.columns), unit, false);
        let (mut undefined, mut off) = (Undefined::default(), 0.0f64);
        let mut years = std::mem::take(&mut self.years);
        if self.last_only {
            years = years.pop_last().into_iter().collect();
        }
        for measure in &self.measures {
            for (year, rows) in &mut years {
                let (n, weight) = rows.counted(self.weighted);
                let found = match self.found(measure, rows) {
                    Ok(found) => {
                        off = off.max(found.off);
                        Some(found.value)
                    }
                    Err(error @ (Error::Zero { .. } | Error::Undefined { .. }))
                        if self.shown != Shown::One =>
                    {
                        undefined.push(measure.label(), year, why(&error));
                        None
                    }
                    Err(error) => return Err(self.refuse(self.said(measure, year, &error))),
                };
                table.push(vec![
                    year.parse().map_or_else(|_| year.clone().into(), Cell::Integer),
                    Cell::Missing,
                    measure.name().into(),
                    found.into(),
                    n.into(),
                    weight.into(),
                ]);
            }
        }
        let mut notes = undefined.notes();
        if years.values().any(|r| matches!(r, Rows::Counted(_))) {
            let text = format!(
                "The rows are more than the memory allowed holds. They were counted in narrow classes of values, and an estimate is \
                 the middle of what the index can be with them: it is off by {off:.1e} at most.",
            );
            notes.push(Note::new(NoteKind::Method, text));
        }
        Ok(Findings {
            tables: vec![table],
            notes,
            ..Findings::default()
        })
    }
}
