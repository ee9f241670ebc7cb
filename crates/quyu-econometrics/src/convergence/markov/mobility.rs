//! Indices of mobility.

use super::chain::Chain;
use crate::regression::Lu;
use crate::{Error, check};
use quyu_math::{exp, ln, sum_by};
use std::f64::consts::LN_2;

/// How mobile a chain is: 0 if everybody stays for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct Mobility {
    /// Prais and Shorrocks: (k - trace P) / (k - 1), the inverse of the harmonic mean of sojourn times times k / (k - 1).
    pub trace: f64,
    /// Shorrocks: 1 - |det P|.
    pub determinant: f64,
    /// Shorrocks: 1 - |λ₂|, with the second largest absolute eigenvalue.
    pub second_eigenvalue: f64,
    /// Bartholomew: (k - k Σ π_i p_ii) / (k - 1), the share that leaves its class.
    pub leaving: f64,
    /// Bartholomew: Σ_i π_i Σ_j p_ij |i - j| / (k - 1), the mean number of classes crossed, over k - 1.
    pub crossing: f64,
    /// Periods in which half of the distance to the long run disappears: -ln 2 / ln |λ₂|; 0 if λ₂ is 0, none if it is 1.
    pub half_life: Option<f64>,
}

impl Chain {
    /// Indices of mobility. `distribution` is π of the two indices of Bartholomew; without one it is the long run. (giddy's default is 1/k.)
    ///
    /// # Errors
    /// [`Error::Undefined`] for a single state, or as [`Chain::steady_state`]; for the distribution [`Error::Length`], [`Error::NotFinite`],
    /// [`Error::Negative`], [`Error::Domain`].
    ///
    /// # References
    /// Prais 1955, Journal of the Royal Statistical Society A 118:56-66. Bartholomew 1967, Stochastic Models for Social Processes. Shorrocks
    /// 1978, Econometrica 46:1013-1024. Formby, Smith & Zheng 2004, Journal of Econometrics 120:181-205.
    ///
    /// ```
    /// use quyu_econometrics::convergence::markov::Chain;
    /// let chain = Chain::new(vec![0.9, 0.1, 0.3, 0.7], 2)?;
    /// let m = chain.mobility(None)?;
    /// assert!((m.trace - 0.4).abs() < 1e-15 && (m.second_eigenvalue - 0.4).abs() < 1e-14);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn mobility(&self, distribution: Option<&[f64]>) -> Result<Mobility, Error> {
        let k = self.k();
        if k < 2 {
            return Err(Error::Undefined {
                reason: "mobility needs two states",
            });
        }
        let steady = self.steady_state()?;
        let share = match distribution {
            Some(share) => {
                self.check_distribution("distribution", share)?;
                share
            }
            None => &steady,
        };
        let count = k as f64;
        let leave = |i: usize| sum_by(k, |j| if i == j { 0.0 } else { self.at(i, j) });
        let cross = |i: usize| sum_by(k, |j| self.at(i, j) * i.abs_diff(j) as f64);
        let second = self.second_eigenvalue(&steady);
        let half_life = match second {
            0.0 => Some(0.0),
            second => Some(-LN_2 / ln(second)).filter(|h| h.is_finite() && *h > 0.0),
        };
        let mobility = Mobility {
            trace: sum_by(k, leave) / (count - 1.0),
            determinant: 1.0 - Lu::determinant(self.p(), k).abs(),
            second_eigenvalue: 1.0 - second,
            leaving: count * sum_by(k, |i| share[i] * leave(i)) / (count - 1.0),
            crossing: sum_by(k, |i| share[i] * cross(i)) / (count - 1.0),
            half_life,
        };
        check::in_range(
            "an index of mobility",
            &[
                mobility.trace,
                mobility.determinant,
                mobility.leaving,
                mobility.crossing,
            ],
        )?;
        Ok(mobility)
    }

    /// |λ₂|: the largest absolute eigenvalue of P - 1π, which has those of P but the 1. From the growth of its powers 2^m, squared
    /// anew and scaled; complex pairs make no difference.
    fn second_eigenvalue(&self, steady: &[f64]) -> f64 {
        let k = self.k();
        let mut a: Vec<f64> = (0..k * k).map(|c| self.p()[c] - steady[c % k]).collect();
        // ln of the norm of the power, over the power.
        let (mut log, mut power) = (0.0, 1.0);
        for _ in 0..60 {
            let norm = (0..k)
                .map(|i| sum_by(k, |j| a[i * k + j].abs()))
                .fold(0.0, f64::max);
            if norm < 1e-300 {
                return 0.0;
            }
            let change = ln(norm) / power;
            log += change;
            if power > 1e15 {
                break;
            }
            a.iter_mut().for_each(|v| *v /= norm);
            a = (0..k * k)
                .map(|c| sum_by(k, |m| a[c / k * k + m] * a[m * k + c % k]))
                .collect();
            power *= 2.0;
        }
        exp(log).min(1.0)
    }
}
