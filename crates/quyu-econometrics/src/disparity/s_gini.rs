//! The generalised Gini index and the concentration index.

use super::rank::{order, ties};
use super::sample::{Domain, Sample};
use crate::{Error, check};
use quyu_math::{exp_m1, ln_1p, pow};

/// The extended (single-parameter) Gini index: G(v) = 1 - sum (x_i / mu) [(1 - F_(i-1))^v - (1 - F_i)^v].
///
/// x ascending, F cumulative shares of weight, mu the weighted mean; without `w` every region counts once. `nu` = 2 is the
/// Gini index; a larger `nu` looks more at the poor end; 1 gives 0.
///
/// Range: [0, 1). Zeros count as they are. One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] unless `nu` is finite
/// and at least 1; [`Error::Undefined`] if all values or all weights are zero.
///
/// # References
/// Donaldson & Weymark 1980, J. Econ. Theory 22:67-86; Yitzhaki 1983, Int. Econ. Review 24:617-628.
///
/// ```
/// use quyu_econometrics::disparity::s_gini;
/// let (x, w) = ([35.0, 10.0, 50.0, 20.0, 20.0], [0.5, 5.0, 2.0, 1.0, 3.0]);
/// assert!((s_gini(&x, Some(&w), 3.0)? - 0.440625537033855).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn s_gini(x: &[f64], w: Option<&[f64]>, nu: f64) -> Result<f64, Error> {
    check_nu(nu)?;
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::result("the index", of_sample(&sample, &sample.x, nu).max(0.0))
}

/// The concentration index of x over regions ranked by another variable: the extended Gini with the ranks of `by`.
///
/// C(v) = 1 - sum (x_i / mu) [(1 - F_(i-1))^v - (1 - F_i)^v] with regions in ascending order of `by`; regions with equal
/// `by` share their weight on the axis, so that their order does not matter. For `nu` = 2 it is
/// (2 / mu) sum f_i x_i (R_i - 1/2) with mid-ranks R. Positive where x gathers at the upper end of `by`, at most the Gini
/// index of x, and equal to it where `by` orders as x does.
///
/// `by` may have any finite values; regions of weight zero are left out.
///
/// # Errors
/// As [`s_gini`], and [`Error::Length`] or [`Error::NotFinite`] for `by`.
///
/// # References
/// Kakwani 1977, Econometrica 45:719-727; Wagstaff 2002, Health Economics 11:677-690 (`nu`).
///
/// ```
/// use quyu_econometrics::disparity::concentration;
/// let patents = [1.0, 2.0, 9.0];
/// let income = [30.0, 10.0, 20.0];
/// assert!((concentration(&patents, &income, None, 2.0)? + 1.0 / 18.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn concentration(x: &[f64], by: &[f64], w: Option<&[f64]>, nu: f64) -> Result<f64, Error> {
    check_nu(nu)?;
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::length("by", by.len(), x.len())?;
    check::finite("by", by)?;
    check::result(
        "the index",
        of_sample(&sample, &super::sample::counted(by, w), nu),
    )
}

fn check_nu(nu: f64) -> Result<(), Error> {
    check::between("nu", nu, (1.0, f64::MAX), "a finite number, at least 1")
}

fn of_sample(sample: &Sample<'_>, by: &[f64], nu: f64) -> f64 {
    if sample.is_equal() {
        return 0.0;
    }
    let order = order(by);
    let runs: Vec<_> = ties(by, &order).collect();
    // From the top of the order down: the share of weight that a unit adds must keep its digits where deviations are large.
    let mut above = 0.0;
    let mut terms = Vec::with_capacity(runs.len());
    for run in runs.into_iter().rev() {
        let members = &order[run];
        let [weight, deviation] = quyu_math::sums_by(members.len(), |k| {
            let w = sample.weight_at(members[k]);
            [w, w * sample.deviation(members[k])]
        });
        let from = above + weight;
        // from^v - above^v without cancellation.
        let step = -pow(from / sample.weight, nu) * exp_m1(nu * ln_1p(-(weight / from)));
        terms.push(-deviation / weight * step);
        above = from;
    }
    let drift = sample.mean_of(|i| sample.deviation(i));
    // The weights of the ranks add up to 1, so the pivot drops out but for the last rounding.
    (quyu_math::sum(&terms) + drift) / (1.0 + drift)
}
