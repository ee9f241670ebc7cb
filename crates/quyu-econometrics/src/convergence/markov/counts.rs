//! Counts of transitions.

use super::chain::Chain;
use crate::{Error, check};
use quyu_math::sum;

/// How often regions moved from each state to each.
#[derive(Debug, Clone, PartialEq)]
pub struct Transitions {
    counts: Vec<f64>,
    k: usize,
}

impl Transitions {
    /// Row-major counts of `k` states, origin in rows; they may be weighted, so need not be whole.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`] unless there are k by k; [`Error::NotFinite`], [`Error::Negative`]; [`Error::Range`].
    pub fn new(counts: Vec<f64>, k: usize) -> Result<Self, Error> {
        check::not_empty("counts", &counts)?;
        check::length("counts", counts.len(), k.saturating_mul(k))?;
        check::non_negative("counts", &counts)?;
        check::result("the sum of the counts", sum(&counts))?;
        Ok(Self { counts, k })
    }

    pub(super) fn of_counts(counts: &[u32], k: usize) -> Self {
        Self {
            counts: counts.iter().map(|c| f64::from(*c)).collect(),
            k,
        }
    }

    /// The counts, row-major.
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Number of states.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Transitions that began in each state.
    pub fn row_sums(&self) -> Vec<f64> {
        self.counts.chunks_exact(self.k).map(sum).collect()
    }

    /// Estimated probabilities, count over row sum, row-major: none in the row of a state that nobody was in.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::Transitions;
    /// let moves = Transitions::new(vec![3.0, 1.0, 0.0, 0.0], 2)?;
    /// assert_eq!(moves.probabilities(), [Some(0.75), Some(0.25), None, None]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn probabilities(&self) -> Vec<Option<f64>> {
        let rows = self.counts.chunks_exact(self.k);
        rows.flat_map(|row| {
            let total = sum(row);
            row.iter().map(move |c| (total > 0.0).then(|| c / total))
        })
        .collect()
    }

    /// The chain with the estimated probabilities.
    ///
    /// # Errors
    /// [`Error::Undefined`] if a state was never left: its probabilities are unknown. Use fewer classes.
    pub fn chain(&self) -> Result<Chain, Error> {
        let p: Option<Vec<f64>> = self.probabilities().into_iter().collect();
        match p {
            Some(p) => Chain::new(p, self.k),
            None => Err(Error::Undefined {
                reason: "no transition begins in one of the states",
            }),
        }
    }
}
