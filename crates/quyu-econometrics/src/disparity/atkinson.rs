//! Atkinson's index.

use super::entropy::Kernel;
use super::sample::{Domain, Sample};
use super::theil;
use crate::{Error, check};
use quyu_math::{exp, exp_m1, ln, ln_1p, pow};

/// Atkinson's index: the share of income that could be given up for equality without loss of welfare.
///
/// A(e) = 1 - [sum f (x / mu)^(1 - e)]^(1 / (1 - e)), and A(1) = 1 - exp(-sum f ln(mu / x)), with f = w / sum w and
/// mu = sum f x; without `w` every region counts once. `epsilon` is the aversion to inequality: 0 gives 0, and the index
/// tends to 1 - min / mu as it grows.
///
/// Range: [0, 1]. With a zero among the values the limit for `epsilon >= 1` is 1; below 1 a zero counts as it is. One
/// region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] unless `epsilon` is
/// finite and not negative; [`Error::Undefined`] if all values or all weights are zero; [`Error::Range`].
///
/// # References
/// Atkinson 1970, J. Econ. Theory 2:244-263; Cowell 2011, Measuring Inequality, ch. 3 (zeros).
///
/// ```
/// use quyu_econometrics::disparity::atkinson;
/// let x = [0.0, 0.0, 1.0, 2.0, 3.0, 10.0];
/// assert!((atkinson(&x, None, 0.5)? - 0.443595972855317).abs() < 1e-14);
/// assert_eq!(atkinson(&x, None, 1.0)?, 1.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn atkinson(x: &[f64], w: Option<&[f64]>, epsilon: f64) -> Result<f64, Error> {
    check::between(
        "epsilon",
        epsilon,
        (0.0, f64::MAX),
        "a finite number, not negative",
    )?;
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    if epsilon < 1.0 {
        // The range of the ratios is checked as for the entropy index on which this rests.
        theil::sample_for(x, w, Kernel::new(1.0 - epsilon)?)?;
    }
    of_sample(&sample, epsilon)
}

pub(crate) fn of_sample(sample: &Sample<'_>, epsilon: f64) -> Result<f64, Error> {
    if epsilon == 0.0 || sample.is_equal() {
        return Ok(0.0);
    }
    if epsilon >= 1.0 && sample.min == 0.0 {
        return Ok(1.0);
    }
    let kernel = Kernel::new(1.0 - epsilon)?;
    let a = kernel.alpha();
    let entropy = theil::of_sample(sample, kernel);
    let index = match a {
        _ if !entropy.is_finite() => far(sample, a),
        0.0 => -exp_m1(-entropy),
        // The sum of powers is 1 + a (a - 1) GE(a); rounding may take it to zero where nearly nothing is left.
        a => -exp_m1(ln_1p((a * (a - 1.0) * entropy).max(-1.0)) / a),
    };
    check::result("Atkinson's index", index)
}

/// Ratios to the value that counts most have powers of at most 1, which do not overflow.
fn far(sample: &Sample<'_>, a: f64) -> f64 {
    let (most, ratio) = match a < 0.0 {
        true => (sample.min, sample.ratio_of_min()),
        false => (sample.max, sample.ratio_of_max()),
    };
    let mean_power = sample.mean_of(|i| pow(sample.x[i] / most, a));
    1.0 - exp(ln(mean_power) / a + ln(ratio))
}
