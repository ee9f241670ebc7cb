//! How fast a structure changes.

use crate::{Error, check};

/// Which shares weigh the growth differences in Lilien's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LilienWeights {
    /// Shares of the end year (Lilien 1982).
    #[default]
    End,
    /// Shares of the base year.
    Base,
    /// The product of both shares, with the growth of shares: the modified index (Stamer 1998), symmetric in
    /// time.
    Product,
}

/// Lilien's index: the dispersion of sectoral growth rates.
///
/// ```text
/// σ = √ Σ s_i' · (ln(e_i' / e_i) - ln(e' / e))²
/// ```
///
/// with the share `s_i'` of sector i in the end year; 0 if all sectors grow alike. `Product` weighs with `s_i ·
/// s_i'`. A pure number.
///
/// **Zeros.** A weight of zero (a sector that vanishes, for `End`) takes the limit 0. A sector with a positive
/// weight but a zero in the other year is infinitely far from the mean growth: an error names it.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] with
/// argument `base` or `end` and the sector without a growth rate, or `base total` or `end total`;
/// [`Error::Range`].
///
/// # Reference
/// Lilien, D. M. (1982), Sectoral shifts and cyclical unemployment, Journal of Political Economy 90, 777-793.
/// Stamer, M. (1998), Interpolation, dimension reduction and structural change: the modified Lilien index;
/// Dietrich, A. (2012), Does growth cause structural change, or is it the other way around?, Empirical
/// Economics 43, 915-944.
///
/// # Example
/// ```
/// use quyu_econometrics::shift_share::{LilienWeights, lilien};
/// assert!(lilien(&[10.0, 30.0], &[20.0, 60.0], LilienWeights::End)? < 1e-15); // both double
/// let sigma = lilien(&[50.0, 50.0], &[60.0, 40.0], LilienWeights::End)?;
/// assert!((sigma - (0.6 * 1.2_f64.ln().powi(2) + 0.4 * 0.8_f64.ln().powi(2)).sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn lilien(base: &[f64], end: &[f64], weights: LilienWeights) -> Result<f64, Error> {
    let (old, new) = structures(base, end)?;
    let weight = |i: usize| match weights {
        LilienWeights::End => new[i],
        LilienWeights::Base => old[i],
        LilienWeights::Product => old[i] * new[i],
    };
    for i in 0..old.len() {
        if weight(i) > 0.0 && (old[i] == 0.0 || new[i] == 0.0) {
            let argument = if old[i] == 0.0 { "base" } else { "end" };
            return Err(Error::Zero { argument, index: i });
        }
    }
    let squares = quyu_math::sum_by(old.len(), |i| {
        if weight(i) == 0.0 {
            return 0.0;
        }
        // Growth beyond that of the total is the growth of the share.
        let growth = quyu_math::ln(new[i] / old[i]);
        weight(i) * (growth * growth)
    });
    check::in_range("the growth of a share", &[squares])?;
    Ok(squares.sqrt())
}

/// Norm of absolute values: half the sum of the absolute changes of shares.
///
/// `NAV = ½ Σ |s_i' - s_i|`: the share of the whole that would have to change its sector, 0 to 1. Also known as
/// the Michaely or structural change index.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] with
/// argument `base total` or `end total`.
///
/// # Reference
/// Dietrich (2012), as in [`lilien`]. Michaely, M. (1962), Concentration in International Trade, North-Holland.
///
/// # Example
/// ```
/// use quyu_econometrics::shift_share::norm_of_absolute_values;
/// let nav = norm_of_absolute_values(&[50.0, 50.0], &[60.0, 40.0])?;
/// assert!((nav - 0.1).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn norm_of_absolute_values(base: &[f64], end: &[f64]) -> Result<f64, Error> {
    let (old, new) = structures(base, end)?;
    Ok((quyu_math::sum_by(old.len(), |i| (new[i] - old[i]).abs()) / 2.0).min(1.0))
}

/// Moore's measure of structural change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moore {
    /// The angle between the two structures in radians, 0 (same shares) to π/2 (no sector in common).
    pub angle: f64,
    /// Its cosine, 1 to 0: Moore's own index.
    pub cosine: f64,
}

/// Moore's index: the angle between the structures of two years as vectors.
///
/// `cos θ = Σ s_i s_i' / √(Σ s_i² · Σ s_i'²)`. The angle is not taken from the cosine, which has no digits left
/// for it where the structures are close: `θ = 2 atan2(|u - v|, |u + v|)` for the unit vectors u and v.
/// Multiply by 180/π for degrees.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] with
/// argument `base total` or `end total`.
///
/// # Reference
/// Moore, J. H. (1978), A measure of structural change in output, Review of Income and Wealth 24, 105-118.
///
/// # Example
/// ```
/// use quyu_econometrics::shift_share::moore;
/// let m = moore(&[1.0, 0.0], &[1.0, 1.0])?;
/// assert!((m.angle - std::f64::consts::FRAC_PI_4).abs() < 1e-15);
/// assert!((m.cosine - 0.5_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moore(base: &[f64], end: &[f64]) -> Result<Moore, Error> {
    let (old, new) = structures(base, end)?;
    let (old, new) = (unit(&old), unit(&new));
    let norm = |sign: f64| {
        quyu_math::sum_by(old.len(), |i| (old[i] + sign * new[i]) * (old[i] + sign * new[i])).sqrt()
    };
    let cosine = quyu_math::dot(&old, &new).clamp(0.0, 1.0);
    let angle = 2.0 * quyu_math::atan2(norm(-1.0), norm(1.0));
    Ok(Moore {
        angle: angle.min(std::f64::consts::FRAC_PI_2),
        cosine,
    })
}

/// The vector of length one in the same direction.
fn unit(vector: &[f64]) -> Vec<f64> {
    let length = quyu_math::dot(vector, vector).sqrt();
    vector.iter().map(|v| v / length).collect()
}

/// Shares of the sectors in the base and in the end year.
fn structures(base: &[f64], end: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
    if base.is_empty() {
        return Err(Error::Empty { argument: "base" });
    }
    check::length("end", end.len(), base.len())?;
    check::non_negative("base", base)?;
    check::non_negative("end", end)?;
    let shares = |values: &[f64], total: &'static str| {
        let sum = quyu_math::sum(values);
        check::in_range("the sum of a structure", &[sum])?;
        if sum == 0.0 {
            return Err(Error::Zero {
                argument: total,
                index: 0,
            });
        }
        Ok(values.iter().map(|v| v / sum).collect())
    };
    Ok((shares(base, "base total")?, shares(end, "end total")?))
}
