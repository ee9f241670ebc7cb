//! The Hoover index.

use super::sample::{Domain, Sample};
use crate::{Error, check, parallel};

/// The Hoover index (Ricci-Schutz, Robin Hood, Pietra): the share of income that would have to move for equality.
///
/// H = (1/2) sum f |x / mu - 1| with f = w / sum w and mu = sum f x; without `w` every region counts once. x is a value per
/// head, w the heads: for totals against a reference distribution use [`hoover_between`].
///
/// Range: [0, 1 - w_min / sum w]. Zeros count as they are. One region, or all equal: 0.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values or
/// all weights are zero; [`Error::Range`].
///
/// # References
/// Hoover 1936, Rev. Econ. Stat. 18:162-171; Schutz 1951, American Economic Review 41:107-122.
///
/// ```
/// use quyu_econometrics::disparity::hoover;
/// assert!((hoover(&[1.0, 1.0, 4.0], None)? - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn hoover(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::result("the Hoover index", of_sample(&sample))
}

pub(crate) fn of_sample(sample: &Sample<'_>) -> f64 {
    if sample.is_equal() {
        return 0.0;
    }
    // Where the values are nearly equal, what rounding left in the mean is not small beside their deviations.
    let drift = sample.mean_of(|i| sample.deviation(i));
    0.5 * sample.mean_of(|i| (sample.deviation(i) - drift).abs()) / (1.0 + drift)
}

/// The Hoover index of one distribution over regions against another: H = (1/2) sum |x / sum x - a / sum a|.
///
/// x are totals (the income of each region), a the totals of the reference (its population). With a = w and x = w y this
/// is [`hoover`] of y with weights w.
///
/// Range: [0, 1]; 0 where the shares agree, 1 where the two never meet in a region.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if one of the two
/// sums to zero.
///
/// # References
/// Hoover 1936, Rev. Econ. Stat. 18:162-171.
///
/// ```
/// use quyu_econometrics::disparity::hoover_between;
/// assert_eq!(hoover_between(&[1.0, 3.0], &[1.0, 1.0])?, 0.25);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn hoover_between(x: &[f64], reference: &[f64]) -> Result<f64, Error> {
    check::not_empty("x", x)?;
    check::length("reference", reference.len(), x.len())?;
    check::non_negative("reference", reference)?;
    let x = Sample::relative(x, None, Domain::NonNegative)?;
    let reference = Sample::relative(reference, None, Domain::NonNegative)?;
    let n = x.len();
    let distance = parallel::sum(n, |i| (x.ratio(i) - reference.ratio(i)).abs());
    check::result("the Hoover index", 0.5 * distance / n as f64)
}
