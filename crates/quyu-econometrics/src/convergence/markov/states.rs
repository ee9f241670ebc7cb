//! The state of each region in each period.

use super::counts::Transitions;
use crate::{Error, check};
use std::ops::Range;

/// States of regions (rows) over periods (columns), each below the number of states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct States {
    states: Vec<usize>,
    periods: usize,
    k: usize,
}

impl States {
    /// Row-major states 0 to k - 1, `periods` for each region.
    ///
    /// # Errors
    /// [`Error::Empty`]; [`Error::Length`] if there are not `periods` states for each region; [`Error::Label`] for a state that is
    /// not below `k`.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::States;
    /// let states = States::new(vec![0, 1, 1, 0, 0, 0], 3, 2)?;
    /// assert_eq!(states.transitions()?.counts(), [2.0, 1.0, 0.0, 1.0]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn new(states: Vec<usize>, periods: usize, k: usize) -> Result<Self, Error> {
        if states.is_empty() || periods == 0 {
            return Err(Error::Empty { argument: "states" });
        }
        check::length("states", states.len(), states.len().next_multiple_of(periods))?;
        check::labels("states", &states, states.len(), k)?;
        Ok(Self { states, periods, k })
    }

    /// All states, row after row.
    pub fn states(&self) -> &[usize] {
        &self.states
    }

    /// Number of regions.
    pub fn regions(&self) -> usize {
        self.states.len() / self.periods
    }

    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Number of states.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The states of a region over time.
    pub fn row(&self, region: usize) -> &[usize] {
        &self.states[region * self.periods..(region + 1) * self.periods]
    }

    /// Counts of the transitions from each period to the next, over all regions.
    ///
    /// # Errors
    /// [`Error::TooFew`] for a single period; [`Error::Range`] for more states than a table can have.
    pub fn transitions(&self) -> Result<Transitions, Error> {
        self.transitions_within(0..self.periods)
    }

    /// Counts of the transitions within a range of periods (0-based): two ranges that share a period share no transition.
    ///
    /// # Errors
    /// As [`States::transitions`]; [`Error::Label`] for a range that ends beyond the last period.
    pub fn transitions_within(&self, periods: Range<usize>) -> Result<Transitions, Error> {
        if periods.end > self.periods {
            return Err(Error::Label {
                argument: "periods",
                index: 1,
                found: periods.end,
                limit: self.periods + 1,
            });
        }
        check::at_least("periods", periods.len(), 2)?;
        let mut counts = count_table(1, self.k)?;
        for row in self.states.chunks_exact(self.periods) {
            for pair in row[periods.clone()].windows(2) {
                counts[pair[0] * self.k + pair[1]] += 1;
            }
        }
        Ok(Transitions::of_counts(&counts, self.k))
    }
}

/// `tables` tables of k by k zeros.
pub(super) fn count_table(tables: usize, k: usize) -> Result<Vec<u32>, Error> {
    let cells = k.checked_mul(k).and_then(|cells| cells.checked_mul(tables));
    match cells {
        Some(cells) if cells <= 1 << 28 => Ok(vec![0; cells]),
        _ => Err(Error::Range {
            what: "the number of pairs of states",
        }),
    }
}
