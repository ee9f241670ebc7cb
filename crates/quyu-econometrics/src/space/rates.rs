//! Rates of populations of different size, made comparable.

use crate::{Error, check};
use quyu_math::{sqrt, sum, sums_by};

/// Rates standardised by their empirical Bayes mean and variance: to look for clusters of rates with
/// [`moran`](super::moran), where small populations have rates that vary more.
///
/// With events e_i, populations p_i, rates `r_i = e_i / p_i`:
///
/// ```text
/// b   = Σ e / Σ p
/// a   = Σ p_i (r_i - b)² / Σ p - b / (Σ p / n)
/// v_i = a + b / p_i,  or  b / p_i  where that is negative
/// z_i = (r_i - b) / √v_i
/// ```
///
/// # Errors
/// [`Error::Empty`]; [`Error::Length`]; [`Error::NotFinite`], [`Error::Negative`] for events; the same and [`Error::Zero`] for
/// populations; [`Error::Undefined`] without any event, or if a variance is zero; [`Error::Range`].
///
/// # Reference
/// Assunção & Reis 1999, Statistics in Medicine 18:2147-2162.
///
/// ```
/// use quyu_econometrics::space::standardised_rates;
/// let z = standardised_rates(&[1.0, 3.0, 8.0], &[100.0, 100.0, 100.0])?;
/// // b = 0.04, a = 0.00086667 - 0.0004, v = 0.00086667
/// assert!((z[0] + 0.03 / (0.0026f64 / 3.0).sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn standardised_rates(events: &[f64], populations: &[f64]) -> Result<Vec<f64>, Error> {
    check::not_empty("events", events)?;
    check::length("populations", populations.len(), events.len())?;
    check::non_negative("events", events)?;
    check::positive("populations", populations)?;
    let n = events.len();
    let (e, p) = (sum(events), sum(populations));
    if e == 0.0 {
        return Err(Error::Undefined {
            reason: "there is no event",
        });
    }
    let overall = e / p;
    let rate = |i: usize| events[i] / populations[i];
    let [square] = sums_by(n, |i| {
        let gap = rate(i) - overall;
        [populations[i] / p * (gap * gap)]
    });
    let between = square - overall / (p / n as f64);
    let mut z = Vec::with_capacity(n);
    for (i, population) in populations.iter().enumerate() {
        let within = overall / population;
        let variance = match between + within {
            v if v < 0.0 => within,
            v => v,
        };
        if variance == 0.0 {
            return Err(Error::Undefined {
                reason: "the variance of a rate is zero",
            });
        }
        z.push((rate(i) - overall) / sqrt(variance));
    }
    check::in_range("a standardised rate", &z)?;
    Ok(z)
}
