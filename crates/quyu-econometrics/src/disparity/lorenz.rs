//! Lorenz curves.

use super::rank::{Sorted, weight_before};
use super::sample::{Domain, Sample};
use crate::Error;

/// The points of a Lorenz curve, from (0, 0) to (1, 1).
#[derive(Debug, Clone, PartialEq)]
pub struct Lorenz {
    /// Cumulative share of weight, ascending from 0 to 1: n + 1 points.
    pub cum_weight: Vec<f64>,
    /// Share of the total that the poorest units up to this point hold.
    pub cum_share: Vec<f64>,
    /// The weighted mean, by which [`Lorenz::generalised`] scales the curve.
    pub mean: f64,
}

impl Lorenz {
    /// The share held by the poorest part `p` of the weight, on straight lines between the points.
    ///
    /// # Errors
    /// [`Error::Domain`] if `p` is outside [0, 1].
    ///
    /// ```
    /// use quyu_econometrics::disparity::lorenz;
    /// assert_eq!(lorenz(&[3.0, 1.0], None)?.at(0.75)?, 0.625);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn at(&self, p: f64) -> Result<f64, Error> {
        crate::check::between("p", p, (0.0, 1.0), "a share between 0 and 1")?;
        Ok(interpolate(&self.cum_weight, &self.cum_share, p))
    }

    /// Compares this curve with another on their straight lines.
    ///
    /// A curve that lies nowhere below and somewhere above the other one is more equal by every index that obeys the
    /// transfer principle (Atkinson 1970, J. Econ. Theory 2:244-263). Distances up to `tolerance` count as none.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Dominance, lorenz};
    /// let (even, uneven) = (lorenz(&[1.0, 2.0], None)?, lorenz(&[1.0, 3.0], None)?);
    /// assert_eq!(even.dominance(&uneven, 1e-12), Dominance::First);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn dominance(&self, other: &Self, tolerance: f64) -> Dominance {
        compare(
            (&self.cum_weight, &self.cum_share),
            (&other.cum_weight, &other.cum_share),
            tolerance,
        )
    }

    /// [`Lorenz::dominance`] of the generalised curves: what every index of welfare agrees on that likes both more and
    /// more equal (Shorrocks 1983, Economica 50:3-17). Distances up to `tolerance` times the larger mean count as none.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Dominance, lorenz};
    /// let (poor, rich) = (lorenz(&[1.0, 2.0], None)?, lorenz(&[1.0, 3.0], None)?);
    /// assert_eq!(poor.generalised_dominance(&rich, 1e-12), Dominance::Second);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn generalised_dominance(&self, other: &Self, tolerance: f64) -> Dominance {
        let unit = self.mean.max(other.mean);
        let of = |curve: &Self| {
            curve
                .cum_share
                .iter()
                .map(|l| l * (curve.mean / unit))
                .collect::<Vec<_>>()
        };
        compare(
            (&self.cum_weight, &of(self)),
            (&other.cum_weight, &of(other)),
            tolerance,
        )
    }

    /// Ordinates of the generalised curve, in the unit of x: `cum_share` times the mean (Shorrocks 1983, Economica 50:3-17).
    ///
    /// ```
    /// use quyu_econometrics::disparity::lorenz;
    /// assert_eq!(lorenz(&[3.0, 1.0], None)?.generalised(), [0.0, 0.5, 2.0]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn generalised(&self) -> Vec<f64> {
        self.cum_share.iter().map(|l| l * self.mean).collect()
    }
}

/// The Lorenz curve of x: for each unit in ascending order, the shares of weight and of the total up to it.
///
/// p_k = sum_(i <= k) w_i / sum w and L_k = sum_(i <= k) w_i x_i / sum w x for k = 0..n, so that both begin with 0 and end
/// with 1. Equal values keep the order of the input and a point each. Units of weight zero are left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values or
/// all weights are zero.
///
/// # References
/// Lorenz 1905, Publications of the American Statistical Association 9:209-219.
///
/// ```
/// use quyu_econometrics::disparity::lorenz;
/// let curve = lorenz(&[3.0, 1.0], None)?;
/// assert_eq!(curve.cum_weight, [0.0, 0.5, 1.0]);
/// assert_eq!(curve.cum_share, [0.0, 0.25, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn lorenz(x: &[f64], w: Option<&[f64]>) -> Result<Lorenz, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    let sorted = Sorted::of(&sample);
    let n = sorted.x.len();
    let income: Vec<f64> = (0..n).map(|i| sorted.weight_at(i) * sorted.x[i]).collect();
    let mean = crate::check::result("the mean", sample.mean * sample.unit)?;
    Ok(Lorenz {
        cum_weight: shares(&sorted.cumulative(), sample.weight),
        cum_share: shares(&weight_before(&income), sample.weight * sample.mean),
        mean,
    })
}

/// Cumulative sums before each unit as shares, closed by 1.
fn shares(before: &[f64], total: f64) -> Vec<f64> {
    before
        .iter()
        .map(|sum| (sum / total).min(1.0))
        .chain([1.0])
        .collect()
}

/// The ordinate at `p` on the straight lines between the points.
fn interpolate(cum_weight: &[f64], ordinate: &[f64], p: f64) -> f64 {
    let k = cum_weight.partition_point(|q| *q < p);
    if k == 0 || cum_weight[k] == p {
        return ordinate[k];
    }
    let (p0, p1) = (cum_weight[k - 1], cum_weight[k]);
    ordinate[k - 1] + (ordinate[k] - ordinate[k - 1]) * ((p - p0) / (p1 - p0))
}

/// Which of two curves lies above the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dominance {
    /// The two are the same.
    Equal,
    /// The first is nowhere below and somewhere above.
    First,
    /// The second is nowhere below and somewhere above.
    Second,
    /// They cross: indices may disagree.
    Crossing,
}

/// Straight lines can only cross between the points of either curve, so it is enough to look there.
fn compare(first: (&[f64], &[f64]), second: (&[f64], &[f64]), tolerance: f64) -> Dominance {
    let gap = |p: &f64| interpolate(first.0, first.1, *p) - interpolate(second.0, second.1, *p);
    let gaps = || first.0.iter().chain(second.0).map(gap);
    match (gaps().any(|g| g > tolerance), gaps().any(|g| g < -tolerance)) {
        (false, false) => Dominance::Equal,
        (true, false) => Dominance::First,
        (false, true) => Dominance::Second,
        (true, true) => Dominance::Crossing,
    }
}
