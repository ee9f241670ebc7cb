//! The filter of Hodrick and Prescott.

use crate::{Error, check};

/// A series split into trend and cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct HpTrend {
    /// The smooth part.
    pub trend: Vec<f64>,
    /// The rest: series minus trend.
    pub cycle: Vec<f64>,
}

/// The trend τ that minimises Σ (y - τ)² + λ Σ (τ_{t+1} - 2 τ_t + τ_{t-1})².
///
/// λ = 400 for yearly data is what Phillips & Sul take before the log t test; Hodrick & Prescott took 100, Ravn & Uhlig 2002 take
/// 6.25; 1,600 is for quarters. λ = 0 leaves the series, a very large one makes a straight line. At least three periods. Solved as a
/// system with five bands, in time proportional to the length.
///
/// # Errors
/// [`Error::TooFew`], [`Error::NotFinite`]; [`Error::Domain`] for a λ below 0 or above 1e12, where digits are lost;
/// [`Error::Range`].
///
/// # References
/// Hodrick & Prescott 1997, Journal of Money, Credit and Banking 29:1-16.
///
/// ```
/// use quyu_econometrics::convergence::hp_filter;
/// let line = [1.0, 3.0, 5.0, 7.0, 9.0];
/// let split = hp_filter(&line, 400.0)?;
/// assert!(split.cycle.iter().all(|c| c.abs() < 1e-11)); // a line is its own trend
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn hp_filter(series: &[f64], lambda: f64) -> Result<HpTrend, Error> {
    check::at_least("series", series.len(), 3)?;
    check::finite("series", series)?;
    check::between("lambda", lambda, (0.0, 1e12), "0 to 1e12")?;
    let n = series.len();
    // I + λ D'D, its diagonal and the two bands beside it.
    let (mut main, mut near, mut far) = (vec![1.0; n], vec![0.0; n], vec![0.0; n]);
    for t in 0..n - 2 {
        main[t] += lambda;
        main[t + 1] += 4.0 * lambda;
        main[t + 2] += lambda;
        near[t] -= 2.0 * lambda;
        near[t + 1] -= 2.0 * lambda;
        far[t] += lambda;
    }
    // L D L' with unit L: `one` and `two` are the bands of L.
    let (mut pivot, mut one, mut two) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut forward = vec![0.0; n];
    for t in 0..n {
        let (mut d, mut e, mut y) = (main[t], near[t], series[t]);
        if t >= 1 {
            d -= one[t - 1] * one[t - 1] * pivot[t - 1];
            e -= one[t - 1] * two[t - 1] * pivot[t - 1];
            y -= one[t - 1] * forward[t - 1];
        }
        if t >= 2 {
            d -= two[t - 2] * two[t - 2] * pivot[t - 2];
            y -= two[t - 2] * forward[t - 2];
        }
        (pivot[t], one[t], two[t], forward[t]) = (d, e / d, far[t] / d, y);
    }
    let mut trend = vec![0.0; n];
    for t in (0..n).rev() {
        let mut y = forward[t] / pivot[t];
        if t + 1 < n {
            y -= one[t] * trend[t + 1];
        }
        if t + 2 < n {
            y -= two[t] * trend[t + 2];
        }
        trend[t] = y;
    }
    let cycle: Vec<f64> = series.iter().zip(&trend).map(|(y, t)| y - t).collect();
    check::in_range("a trend", &trend)?;
    check::in_range("a cycle", &cycle)?;
    Ok(HpTrend { trend, cycle })
}
