//! Kolm's absolute index.

use super::sample::{Domain, Sample};
use crate::{Error, check};
use quyu_math::{exp, exp_gap, ln, ln_1p};

/// Kolm's index: K(a) = (1 / a) ln sum f exp(a (mu - x)), an absolute measure in the unit of x.
///
/// f = w / sum w and mu = sum f x; without `w` every region counts once. It does not change when every region gains the
/// same amount, and `alpha` has the unit of 1 / x: for money choose it near 1 / mu. Values may be negative or zero.
///
/// Range: [0, mu - min]. One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`] for a weight; [`Error::Domain`] unless
/// `alpha` is finite and above 0; [`Error::Undefined`] if all weights are zero; [`Error::Range`].
///
/// # References
/// Kolm 1976, J. Econ. Theory 12:416-442 and 13:82-111.
///
/// ```
/// use quyu_econometrics::disparity::kolm;
/// let k = kolm(&[1.0, 3.0], None, 1.0)?;
/// assert!((k - 1f64.cosh().ln()).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn kolm(x: &[f64], w: Option<&[f64]>, alpha: f64) -> Result<f64, Error> {
    check::between(
        "alpha",
        alpha,
        (f64::MIN_POSITIVE, f64::MAX),
        "a finite number above 0",
    )?;
    let sample = Sample::new(x, w, Domain::Finite)?;
    if sample.is_equal() {
        return Ok(0.0);
    }
    // In the unit of the sample, alpha grows as the values shrink.
    let alpha = check::result("alpha in the unit of the values", alpha * sample.unit)?;
    let gap = |i: usize| alpha * (sample.mean - sample.x[i]);
    let largest = check::result("the exponent", alpha * (sample.mean - sample.min))?;
    let log_mean = if largest < 30.0 {
        let [gaps, drift] = sample.means_of(|i| [exp_gap(gap(i)), gap(i)]);
        ln_1p(gaps + drift) - drift
    } else {
        let drift = sample.mean_of(gap);
        largest + ln(sample.mean_of(|i| exp(gap(i) - largest))) - drift
    };
    check::result("Kolm's index", (log_mean / alpha).max(0.0) * sample.unit)
}
