//! Polarisation: Wolfson, and Esteban and Ray.

use super::lorenz::lorenz;
use super::rank::{Sorted, order, weight_before};
use super::sample::{Domain, Sample};
use crate::{Error, check};
use quyu_math::{pow, sum, sum_by};

/// The scale of [`wolfson`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WolfsonScale {
    /// (2 (1/2 - L(1/2)) - G) mu / median: Foster & Wolfson.
    #[default]
    FosterWolfson,
    /// Twice that: the scale of Wolfson's article of 1994.
    Wolfson1994,
}

/// Wolfson's index of bipolarisation: how far the middle has emptied.
///
/// W = (2 (1/2 - L(1/2)) - G) mu / median with the Lorenz curve L (straight between its points), the Gini index G and the
/// weighted median (the mean of two where half the weight is met exactly). Without `w` every region counts once.
///
/// Zeros count as they are. One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// As [`gini`](super::gini); [`Error::Undefined`] if the median is zero.
///
/// # References
/// Wolfson 1994, American Economic Review 84(2):353-358; Foster & Wolfson 2010, J. Econ. Inequality 8:247-273.
///
/// ```
/// use quyu_econometrics::disparity::{wolfson, WolfsonScale};
/// let x = [20e3, 25e3, 27e3, 30e3, 35e3, 45e3, 60e3, 75e3, 80e3, 120e3];
/// assert!((wolfson(&x, None, WolfsonScale::FosterWolfson)? - 0.20125).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn wolfson(x: &[f64], w: Option<&[f64]>, scale: WolfsonScale) -> Result<f64, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    if sample.is_equal() {
        return Ok(0.0);
    }
    let median = super::quantiles::of_sorted(&Sorted::of(&sample), sample.weight, 0.5);
    if median == 0.0 {
        return Err(Error::Undefined {
            reason: "the median is zero",
        });
    }
    let gini = super::gini::of_sample(&sample);
    let index = (1.0 - 2.0 * lorenz(x, w)?.at(0.5)? - gini) * (sample.mean / median);
    check::result(
        "the index",
        match scale {
            WolfsonScale::FosterWolfson => index,
            WolfsonScale::Wolfson1994 => 2.0 * index,
        },
    )
}

/// The polarisation of Esteban and Ray: sum_i sum_j p_i^(1 + a) p_j |m_i - m_j| over groups.
///
/// m are the means of groups and p their shares, here normalised to a sum of 1; the constant in front is 1. In the unit of
/// m: pass means relative to the overall mean for an index without unit. `alpha`, the sensitivity to polarisation, lies in
/// [0, 1.6]; at 0 the sum is twice the Gini index times the overall mean.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] for a share; [`Error::Domain`] for
/// `alpha`; [`Error::Undefined`] if all shares are zero; [`Error::Range`].
///
/// # References
/// Esteban & Ray 1994, Econometrica 62:819-851.
///
/// ```
/// use quyu_econometrics::disparity::esteban_ray;
/// let p = esteban_ray(&[10.0, 20.0, 40.0], &[0.2, 0.5, 0.3], 1.6)?;
/// assert!((p - 2.23197161166457).abs() < 1e-13);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn esteban_ray(mean: &[f64], share: &[f64], alpha: f64) -> Result<f64, Error> {
    check::between("alpha", alpha, (0.0, 1.6), "between 0 and 1.6")?;
    check::not_empty("mean", mean)?;
    check::finite("mean", mean)?;
    check::length("share", share.len(), mean.len())?;
    check::non_negative("share", share)?;
    let sample = Sample::new(mean, Some(share), Domain::Finite)?;
    let index = alienation(&sample, |p| pow(p, 1.0 + alpha));
    check::result("the index", index * sample.unit)
}

/// The sum over units of `identified(p)` times the mean distance from the others, with the share of weight p; in ascending order, so that many
/// units are no more than sorted.
fn alienation(sample: &Sample<'_>, identified: impl Fn(f64) -> f64) -> f64 {
    let order = order(&sample.x);
    let shares: Vec<f64> = order
        .iter()
        .map(|i| sample.weight_at(*i) / sample.weight)
        .collect();
    // Around the mean, so that distances keep their digits where the values are far from zero.
    let gaps: Vec<f64> = order.iter().map(|i| sample.x[*i] - sample.mean).collect();
    let moments: Vec<f64> = shares.iter().zip(&gaps).map(|(p, z)| p * z).collect();
    let (below, moment_below) = (weight_before(&shares), weight_before(&moments));
    let (all, moment) = (sum(&shares), sum(&moments));
    sum_by(order.len(), |k| {
        // What lies below less what lies above.
        let lean = 2.0 * below[k] + shares[k] - all;
        let moment_lean = 2.0 * moment_below[k] + moments[k] - moment;
        let distance = gaps[k] * lean - moment_lean;
        identified(shares[k]) * distance.max(0.0)
    })
}
