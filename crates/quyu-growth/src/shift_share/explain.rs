//! Errors of the numerics with the names of regions and sectors instead of positions.

use quyu_core::AnalysisError;
use quyu_econometrics::Error;
use quyu_econometrics::shift_share::Reference;

use super::ENTRY;
use super::compare::{Compare, Peers};
use crate::frame::{Frame, refuse};

/// The tables and what they are compared with.
#[derive(Clone, Copy)]
pub(super) struct Asked<'f, 's> {
    pub(super) frame: &'f Frame<'s>,
    pub(super) compare: &'f Compare,
    pub(super) peers: Option<&'f Peers>,
}

impl<'f> Asked<'f, '_> {
    /// The reference of the value between two years, by position.
    pub(super) fn reference(&self, from: usize, to: usize) -> Reference<'f> {
        self.of(self.peers.map(|p| p.value.as_slice()), from, to)
    }

    /// The reference of employment.
    pub(super) fn employment_reference(&self, from: usize, to: usize) -> Reference<'f> {
        self.of(self.peers.map(|p| p.employment.as_slice()), from, to)
    }

    fn of(&self, peers: Option<&'f [Vec<f64>]>, from: usize, to: usize) -> Reference<'f> {
        match (self.compare, peers) {
            (_, Some(sums)) => Reference::Given {
                base: &sums[from],
                end: &sums[to],
            },
            (Compare::Rest, None) => Reference::Rest,
            _ => Reference::Nation,
        }
    }

    /// Says which region and sector an error between the first and the last year is about.
    pub(super) fn explain(&self, error: Error) -> AnalysisError {
        self.explain_step(error, 0)
    }

    /// The same for a step that begins with the year at this position.
    pub(super) fn explain_step(&self, error: Error, from: usize) -> AnalysisError {
        let frame = self.frame;
        let names = Names {
            regions: &(0..frame.regions.len())
                .map(|r| frame.region(r))
                .collect::<Vec<_>>(),
            sectors: &frame.sectors(),
            year: &frame.years[from].to_string(),
            tables: [frame.value.get(from), frame.employment.get(from)]
                .into_iter()
                .flatten()
                .map(Vec::as_slice)
                .collect(),
            rest: *self.compare == Compare::Rest,
        };
        names.explain(error)
    }
}

/// What positions stand for.
pub(super) struct Names<'a> {
    pub(super) regions: &'a [String],
    pub(super) sectors: &'a [String],
    /// The first year.
    pub(super) year: &'a str,
    /// The tables of that year.
    pub(super) tables: Vec<&'a [f64]>,
    /// Whether each region is compared with the others.
    pub(super) rest: bool,
}

impl Names<'_> {
    pub(super) fn explain(&self, error: Error) -> AnalysisError {
        let Error::Zero { argument, index } = error else {
            return AnalysisError::statistic(ENTRY.id, error);
        };
        let (year, cols) = (self.year, self.sectors.len());
        let cell = self
            .regions
            .get(index / cols)
            .map(|region| (region, &self.sectors[index % cols]));
        let reason = match (argument, cell) {
            ("reference", _) if index < cols => self.lacking(index),
            ("reference total", _) if self.rest => {
                format!(
                    "beside one of the regions the others hold nothing in {year}, so there is no rest to compare it with"
                )
            }
            ("reference total", _) => {
                format!("the reference is zero in {year}, so nothing grows at its rate")
            }
            ("neighbours' base", Some((region, sector))) => {
                format!(
                    "{region}: {sector} has no growth rate next door, for neighbours had nothing of it in {year}"
                )
            }
            ("base output", Some((region, sector))) => {
                format!("{region}: {sector} employed people in {year}, but its output is zero")
            }
            ("base total" | "expected end" | "reference end", _) if index < self.regions.len() => format!(
                "{}: a factor from {year} on would divide by zero ({argument})",
                self.regions[index]
            ),
            _ => return AnalysisError::statistic(ENTRY.id, error),
        };
        refuse(ENTRY.id, reason)
    }

    /// A sector that a region holds and its reference does not.
    fn lacking(&self, col: usize) -> String {
        let cols = self.sectors.len();
        let alone = |table: &&[f64]| {
            let holds = |row: &usize| table[row * cols + col] > 0.0;
            let holders: Vec<usize> = (0..self.regions.len()).filter(holds).collect();
            match holders.as_slice() {
                [one] if self.rest => Some(*one),
                [first, ..] if !self.rest => Some(*first),
                _ => None,
            }
        };
        let region = self.tables.iter().find_map(alone);
        format!(
            "{}: {} is held in {}, and its reference holds nothing of it, so there is no rate to compare with",
            region.map_or("a region", |r| &self.regions[r]),
            self.sectors[col],
            self.year
        )
    }
}
