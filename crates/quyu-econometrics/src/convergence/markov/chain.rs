//! A Markov chain: long run, passage times, sojourn.

use crate::regression::Lu;
use crate::{Error, check};
use quyu_math::{sum, sum_by};

/// Transition probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    p: Vec<f64>,
    k: usize,
}

/// Times of first passage.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageTimes {
    /// Mean number of periods from state i (row) until state j is entered; on the diagonal until the return. Row-major.
    pub mean: Vec<f64>,
    /// Variance of that number, row-major.
    pub variance: Vec<f64>,
}

impl Chain {
    /// Row-major probabilities of `k` states; each row adds up to 1 to nine digits, and is divided by its sum.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] for a row with another sum.
    pub fn new(mut p: Vec<f64>, k: usize) -> Result<Self, Error> {
        check::not_empty("p", &p)?;
        check::length("p", p.len(), k.saturating_mul(k))?;
        check::non_negative("p", &p)?;
        for row in p.chunks_exact_mut(k) {
            let total = sum(row);
            check::between("row sum", total, (1.0 - 1e-9, 1.0 + 1e-9), "1")?;
            if (total - 1.0).abs() > 1e-15 {
                row.iter_mut().for_each(|v| *v /= total);
            }
        }
        Ok(Self { p, k })
    }

    /// The probabilities, row-major.
    pub fn p(&self) -> &[f64] {
        &self.p
    }

    /// Number of states.
    pub fn k(&self) -> usize {
        self.k
    }

    pub(super) fn at(&self, i: usize, j: usize) -> f64 {
        self.p[i * self.k + j]
    }

    /// States that can be reached from `start` (or from which it can be reached), `start` among them.
    fn reachable(&self, start: usize, backwards: bool) -> Vec<bool> {
        let mut seen = vec![false; self.k];
        let mut open = vec![start];
        seen[start] = true;
        while let Some(i) = open.pop() {
            for (j, seen) in seen.iter_mut().enumerate() {
                let p = if backwards { self.at(j, i) } else { self.at(i, j) };
                if p > 0.0 && !*seen {
                    *seen = true;
                    open.push(j);
                }
            }
        }
        seen
    }

    /// A set of states that is never left and whose states all reach each other, ascending.
    fn closed_class(&self) -> Vec<usize> {
        let mut state = 0;
        loop {
            let forward = self.reachable(state, false);
            let back = self.reachable(state, true);
            // A state from which there is no way back is deeper; the set of what it reaches is smaller.
            match (0..self.k).find(|i| forward[*i] && !back[*i]) {
                Some(deeper) => state = deeper,
                None => return (0..self.k).filter(|i| forward[*i]).collect(),
            }
        }
    }

    /// The long-run share of each state, whatever the start: π P = π, Σ π = 1.
    ///
    /// States that are left for ever have 0. By the elimination of Grassmann, Taksar and Heyman, which never subtracts, so that the smallest
    /// share has all its digits. Where the chain is periodic the shares are those of the time spent.
    ///
    /// # Errors
    /// [`Error::Undefined`] if there are two sets of states that are never left: then the start decides.
    ///
    /// # References
    /// Grassmann, Taksar & Heyman 1985, Operations Research 33:1107-1116.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::Chain;
    /// let chain = Chain::new(vec![0.9, 0.1, 0.3, 0.7], 2)?;
    /// let pi = chain.steady_state()?;
    /// assert!((pi[0] - 0.75).abs() < 1e-15);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn steady_state(&self) -> Result<Vec<f64>, Error> {
        let class = self.closed_class();
        if self.reachable(class[0], true).contains(&false) {
            return Err(Error::Undefined {
                reason: "several sets of states are never left, so that the long run depends on the start",
            });
        }
        let m = class.len();
        let mut a: Vec<f64> = class
            .iter()
            .flat_map(|i| class.iter().map(|j| self.at(*i, *j)).collect::<Vec<_>>())
            .collect();
        for n in (1..m).rev() {
            let leave = sum(&a[n * m..n * m + n]);
            for i in 0..n {
                a[i * m + n] /= leave;
                for j in 0..n {
                    a[i * m + j] += a[i * m + n] * a[n * m + j];
                }
            }
        }
        let mut share = vec![1.0; m];
        for n in 1..m {
            share[n] = sum_by(n, |i| share[i] * a[i * m + n]);
        }
        let total = sum(&share);
        check::in_range("a long-run share", &[total])?;
        let mut steady = vec![0.0; self.k];
        for (state, share) in class.iter().zip(share) {
            steady[*state] = share / total;
        }
        Ok(steady)
    }

    /// Mean and variance of the times of first passage, by the fundamental matrix Z = (I - P + 1π)⁻¹: mean
    /// (δ_ij - z_ij + z_jj) / π_j, second moment M(2 Z_dg D - I) + 2(ZM - E(ZM)_dg) with D = diag(1/π).
    ///
    /// # Errors
    /// [`Error::Undefined`] unless every state can be reached from every other; [`Error::Singular`], [`Error::Range`] for chains that nearly
    /// fall apart.
    ///
    /// # References
    /// Kemeny & Snell 1967, Finite Markov Chains, chapter 4.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::Chain;
    /// let chain = Chain::new(vec![0.9, 0.1, 0.3, 0.7], 2)?;
    /// let times = chain.passage_times()?;
    /// assert!((times.mean[1] - 10.0).abs() < 1e-12); // geometric with probability 0.1
    /// assert!((times.variance[1] - 90.0).abs() < 1e-10);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn passage_times(&self) -> Result<PassageTimes, Error> {
        let k = self.k;
        let pi = self.steady_state()?;
        if pi.contains(&0.0) {
            return Err(Error::Undefined {
                reason: "a state cannot be reached from every other",
            });
        }
        let system: Vec<f64> = (0..k * k)
            .map(|c| f64::from(u8::from(c / k == c % k)) - self.p[c] + pi[c % k])
            .collect();
        let z = Lu::of(&system, k, "p")?.inverse();
        let identity = |i: usize, j: usize| if i == j { 1.0 } else { 0.0 };
        let mean: Vec<f64> = (0..k * k)
            .map(|c| {
                let (i, j) = (c / k, c % k);
                (identity(i, j) - z[c] + z[j * k + j]) / pi[j]
            })
            .collect();
        let product: Vec<f64> = (0..k * k)
            .map(|c| sum_by(k, |m| z[c / k * k + m] * mean[m * k + c % k]))
            .collect();
        let variance: Vec<f64> = (0..k * k)
            .map(|c| {
                let j = c % k;
                let second =
                    mean[c] * (2.0 * z[j * k + j] / pi[j] - 1.0) + 2.0 * (product[c] - product[j * k + j]);
                // A passage that takes one period for sure has no variance but its rounding.
                (second - mean[c] * mean[c]).max(0.0)
            })
            .collect();
        check::in_range("a passage time", &mean)?;
        check::in_range("a variance of passage times", &variance)?;
        Ok(PassageTimes { mean, variance })
    }

    /// Mean number of periods that a region stays in each state, 1 / (1 - p_ii); none for a state that is never left.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::Chain;
    /// let chain = Chain::new(vec![0.75, 0.25, 0.0, 1.0], 2)?;
    /// assert_eq!(chain.sojourn(), [Some(4.0), None]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn sojourn(&self) -> Vec<Option<f64>> {
        let stay = (0..self.k).map(|i| 1.0 / (1.0 - self.at(i, i)));
        stay.map(|s| Some(s).filter(|s| s.is_finite())).collect()
    }

    /// Shares of the states after a number of periods, from shares at the start.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] unless the shares add up to 1.
    pub fn after(&self, start: &[f64], periods: usize) -> Result<Vec<f64>, Error> {
        self.check_distribution("start", start)?;
        let mut share = start.to_vec();
        for _ in 0..periods {
            share = (0..self.k)
                .map(|j| sum_by(self.k, |i| share[i] * self.at(i, j)))
                .collect();
        }
        Ok(share)
    }

    pub(super) fn check_distribution(&self, name: &'static str, share: &[f64]) -> Result<(), Error> {
        check::length(name, share.len(), self.k)?;
        check::non_negative(name, share)?;
        check::between(name, sum(share), (1.0 - 1e-9, 1.0 + 1e-9), "adding up to 1")
    }
}
