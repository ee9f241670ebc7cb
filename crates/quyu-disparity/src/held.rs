//! Indices that need all values at once: rows stream in and their columns are held, as numbers and nothing else.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Cell, Findings, Need, Note, NoteKind};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{Correction, Index, Negative};
use quyu_math::sum;

use crate::bins::Bins;
use crate::index::empty_table;
use crate::measure::{Columns, Measure, What};
use crate::sample::Sample;
use crate::stream::columns;

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
    Whole { x: Vec<f64>, w: Vec<f64> },
    Counted(Bins),
}

impl Default for Rows {
    fn default() -> Self {
        Rows::Whole {
            x: Vec::new(),
            w: Vec::new(),
        }
    }
}

impl Rows {
    fn push(&mut self, x: &[f64], w: Option<&[f64]>) {
        match self {
            Rows::Whole { x: held, w: weights } => {
                held.extend_from_slice(x);
                weights.extend_from_slice(w.unwrap_or_default());
            }
            Rows::Counted(bins) => bins.push(x, w),
        }
    }

    fn count(&mut self) {
        if let Rows::Whole { x, w } = self {
            let mut bins = Bins::default();
            bins.push(x, (!w.is_empty()).then_some(w.as_slice()));
            *self = Rows::Counted(bins);
        }
    }
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

    fn found(&self, measure: &Measure, rows: &Rows) -> Result<Found, Error> {
        match rows {
            Rows::Whole { x, w } => {
                let held = Columns {
                    x: x.as_slice().into(),
                    w: self.weighted.then(|| w.as_slice().into()),
                    rank: None,
                    groups: None,
                };
                let value = measure.of(&held)?;
                Ok(Found { value, off: 0.0 })
            }
            Rows::Counted(_) if !obeys_transfers(measure) => Err(Error::Undefined {
                reason: "it needs every row, and they are more than the memory allowed holds",
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
        let why = match error {
            Error::Zero { .. } => "a value is zero".to_owned(),
            Error::Undefined { reason } => (*reason).to_owned(),
            other => other.to_string(),
        };
        format!("{} is not defined in {year}: {why}.", measure.label())
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
        let mut from = 0;
        // Rows of one year that stand together are taken together.
        for run in years.chunk_by(|a, b| a == b) {
            let rows = from..from + run.len();
            from = rows.end;
            if !self.years.contains_key(run[0]) {
                self.years.insert(run[0].to_owned(), Rows::default());
            }
            if let Some(held) = self.years.get_mut(run[0]) {
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
                (ours, Rows::Whole { x, w }) => ours.push(&x, self.weighted.then_some(w.as_slice())),
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
            Rows::Whole { x, w } => 8 * (x.len() + w.len()),
            Rows::Counted(_) => 0,
        };
        self.years.values().map(of).sum()
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

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
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
        let mut table = empty_table(self.id, title, unit, false);
        let (mut notes, mut off) = (Vec::new(), 0.0f64);
        let last = self.years.keys().next_back().filter(|_| self.last_only);
        for measure in &self.measures {
            for (year, rows) in self.years.iter().filter(|(y, _)| last.is_none_or(|l| l == *y)) {
                let found = match self.found(measure, rows) {
                    Ok(found) => {
                        off = off.max(found.off);
                        Some(found.value)
                    }
                    Err(error @ (Error::Zero { .. } | Error::Undefined { .. }))
                        if self.shown != Shown::One =>
                    {
                        notes.push(Note::new(NoteKind::Method, self.said(measure, year, &error)));
                        None
                    }
                    Err(error) => return Err(self.refuse(self.said(measure, year, &error))),
                };
                let (n, weight) = match rows {
                    Rows::Whole { x, w } if self.weighted => (x.len(), sum(w)),
                    Rows::Whole { x, .. } => (x.len(), x.len() as f64),
                    Rows::Counted(bins) => bins.counted(),
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
        if self.years.values().any(|r| matches!(r, Rows::Counted(_))) {
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
