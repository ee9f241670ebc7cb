//! Quantiles and ratios of the rich to the poor end.

use super::lorenz::lorenz;
use super::rank::Sorted;
use super::sample::{Domain, Sample};
use crate::{Error, check};

/// Cumulative weight counts as having met a quantile when it is this near, in shares of the total.
const SAME: f64 = 1e-12;

/// The weighted quantile: the inverse of the weighted distribution function, averaged where it is flat.
///
/// The smallest value whose cumulative weight exceeds `p` of the total; where a cumulative weight is equal to it, the mean of
/// that value and the next one. `p` = 0 and 1 are the smallest and the largest value, `p` = 1/2 the median. Units of weight
/// zero are left out; values may be negative.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`] for a weight; [`Error::Domain`] if `p` is
/// outside [0, 1]; [`Error::Undefined`] if all weights are zero.
///
/// # References
/// Hyndman & Fan 1996, American Statistician 50:361-365, definition 2, with weights.
///
/// ```
/// use quyu_econometrics::disparity::quantile;
/// assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], None, 0.5)?, 2.5);
/// assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], Some(&[1.0, 5.0, 1.0, 1.0]), 0.5)?, 1.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn quantile(x: &[f64], w: Option<&[f64]>, p: f64) -> Result<f64, Error> {
    check::between("p", p, (0.0, 1.0), "a share between 0 and 1")?;
    let sample = Sample::new(x, w, Domain::Finite)?;
    check::result(
        "the quantile",
        of_sorted(&Sorted::of(&sample), sample.weight, p) * sample.unit,
    )
}

/// The quantile in the unit of the sample.
pub(crate) fn of_sorted(sorted: &Sorted, weight: f64, p: f64) -> f64 {
    let last = sorted.x.len() - 1;
    match p {
        0.0 => return sorted.x[0],
        1.0 => return sorted.x[last],
        _ => {}
    }
    let mut up_to = sorted.cumulative();
    for (i, w) in up_to.iter_mut().enumerate() {
        *w = (*w + sorted.weight_at(i)) / weight;
    }
    let k = up_to.partition_point(|share| *share < p - SAME).min(last);
    if (up_to[k] - p).abs() <= SAME && k < last {
        0.5 * sorted.x[k] + 0.5 * sorted.x[k + 1]
    } else {
        sorted.x[k]
    }
}

/// The ratio of two quantiles, as P90/P10 with `high` = 0.9 and `low` = 0.1.
///
/// # Errors
/// As [`quantile`]; [`Error::Negative`] for a negative value; [`Error::Undefined`] if the lower quantile is zero.
///
/// # References
/// Hyndman & Fan 1996, American Statistician 50:361-365, definition 2, with weights (the quantile).
///
/// ```
/// use quyu_econometrics::disparity::quantile_ratio;
/// let x: Vec<f64> = (1..=10).map(f64::from).collect();
/// assert_eq!(quantile_ratio(&x, None, 0.9, 0.1)?, 9.5 / 1.5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn quantile_ratio(x: &[f64], w: Option<&[f64]>, high: f64, low: f64) -> Result<f64, Error> {
    check::between("high", high, (0.0, 1.0), "a share between 0 and 1")?;
    check::between("low", low, (0.0, 1.0), "a share between 0 and 1")?;
    let sample = Sample::new(x, w, Domain::NonNegative)?;
    let sorted = Sorted::of(&sample);
    match of_sorted(&sorted, sample.weight, low) {
        0.0 => Err(Error::Undefined {
            reason: "the lower quantile is zero",
        }),
        bottom => check::result("the ratio", of_sorted(&sorted, sample.weight, high) / bottom),
    }
}

/// The quintile share ratio of Eurostat: the mean of the units above the 80 % quantile over the mean of those at or below
/// the 20 % quantile.
///
/// Whole units only, cut at [`quantile`]; with few regions the two ends may hold more or less than a fifth of the weight,
/// which is why means and not sums are compared. [`top_bottom_ratio`] counts the boundary region with its fraction.
///
/// # Errors
/// As [`quantile`]; [`Error::Negative`] for a negative value; [`Error::Undefined`] if no unit lies above the 80 % quantile or
/// the lower mean is zero.
///
/// # References
/// Eurostat, indicator S80/S20; Alfons & Templ 2013, J. Statistical Software 54(15).
///
/// ```
/// use quyu_econometrics::disparity::quintile_share_ratio;
/// let x: Vec<f64> = (1..=10).map(f64::from).collect();
/// assert!((quintile_share_ratio(&x, None)? - 9.5 / 1.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn quintile_share_ratio(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    let sample = Sample::new(x, w, Domain::NonNegative)?;
    let sorted = Sorted::of(&sample);
    let [low, high] = [0.2, 0.8].map(|p| of_sorted(&sorted, sample.weight, p));
    let mean_where = |inside: &dyn Fn(f64) -> bool| {
        let [w, wx] = quyu_math::sums_by(sample.len(), |i| {
            let w = if inside(sample.x[i]) {
                sample.weight_at(i)
            } else {
                0.0
            };
            [w, w * sample.x[i]]
        });
        if w > 0.0 { wx / w } else { 0.0 }
    };
    match (mean_where(&|v| v > high), mean_where(&|v| v <= low)) {
        (0.0, _) => Err(Error::Undefined {
            reason: "no unit lies above the 80 % quantile",
        }),
        (_, 0.0) => Err(Error::Undefined {
            reason: "the mean of the lowest fifth is zero",
        }),
        (top, bottom) => check::result("the ratio", top / bottom),
    }
}

/// The share of the richest part of the weight over the share of the poorest part, the boundary region with its fraction.
///
/// (1 - L(1 - top)) / L(bottom) on the Lorenz curve. `top` = 0.1 and `bottom` = 0.4 is the Palma ratio; `top` = `bottom`
/// = 0.2 is the ratio of OECD Regions at a Glance, the mean of the richest regions that hold 20 % of the population over
/// that of the poorest 20 %.
///
/// # Errors
/// As [`lorenz`]; [`Error::Domain`] if a part is outside (0, 1]; [`Error::Undefined`] if the poorest part holds nothing.
///
/// # References
/// Palma 2011, Development and Change 42:87-153; OECD, Regions and Cities at a Glance, annex.
///
/// ```
/// use quyu_econometrics::disparity::top_bottom_ratio;
/// let x = [1.0, 2.0, 3.0, 4.0];
/// // The richest half holds 7 of 10, the poorest eighth half of the first unit.
/// assert!((top_bottom_ratio(&x, None, 0.5, 0.125)? - 7.0 / 0.5).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn top_bottom_ratio(x: &[f64], w: Option<&[f64]>, top: f64, bottom: f64) -> Result<f64, Error> {
    check::between("top", top, (f64::MIN_POSITIVE, 1.0), "a share above 0, up to 1")?;
    check::between(
        "bottom",
        bottom,
        (f64::MIN_POSITIVE, 1.0),
        "a share above 0, up to 1",
    )?;
    let curve = lorenz(x, w)?;
    match curve.at(bottom)? {
        0.0 => Err(Error::Undefined {
            reason: "the poorest part holds nothing",
        }),
        low => check::result("the ratio", (1.0 - curve.at(1.0 - top)?) / low),
    }
}

/// The Palma ratio: the share of the richest tenth over that of the poorest four tenths; [`top_bottom_ratio`] at (0.1, 0.4).
///
/// # Errors
/// As [`top_bottom_ratio`].
///
/// # References
/// Palma 2011, Development and Change 42:87-153.
///
/// ```
/// use quyu_econometrics::disparity::palma;
/// let x: Vec<f64> = (1..=10).map(f64::from).collect();
/// assert!((palma(&x, None)? - 1.0).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn palma(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    top_bottom_ratio(x, w, 0.1, 0.4)
}
