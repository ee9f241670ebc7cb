//! The coefficient of variation and Williamson's index.

use super::gini::Negative;
use super::sample::{Domain, Sample};
use crate::{Error, check};
use quyu_math::sqrt;

/// What the coefficient of variation is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Normalisation {
    /// Nothing.
    #[default]
    None,
    /// Its maximum, so that the result is 1 when one region has everything: sqrt(n - 1) with ddof 0, sqrt(n) with ddof 1,
    /// sqrt(sum w / w_k - 1) with weights, k being the region of the smallest weight.
    Maximum,
    /// What the R package REAT divides by: sqrt(n) with ddof 0, sqrt(n - 1) with ddof 1. The first never reaches 1, the
    /// second exceeds it.
    Reat,
}

/// Options of [`cv`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CvOptions {
    /// What is subtracted from n in the variance: 0 (the population, the default) or 1 (a sample). 1 is for unweighted
    /// values.
    pub ddof: u8,
    /// Normalisation; none by default.
    pub normalisation: Normalisation,
    /// Negative values; an error by default, since the index is meant for what has a natural zero.
    pub negative: Negative,
}

/// The coefficient of variation: the standard deviation relative to the mean.
///
/// CV = sqrt(sum f (x - mu)^2) / mu with f = w / sum w and mu = sum f x; without `w` every region counts once. With
/// `ddof` 1 the unweighted variance is divided by n - 1.
///
/// Range with ddof 0 and no weights: [0, sqrt(n - 1)]. Zeros count as they are. One region, or all equal: 0 with ddof 0.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] for a negative weight, or value unless
/// allowed; [`Error::Domain`] if `ddof` is above 1, or 1 with weights; [`Error::TooFew`] for one region where the result
/// is 0 / 0; [`Error::Undefined`] if all values or all weights are zero or the mean is not positive; [`Error::Range`].
///
/// # References
/// Kohn & Öztürk 2013 and Lessmann & Seidel 2017, European Economic Review 92:110-132 (use on regions).
///
/// ```
/// use quyu_econometrics::disparity::{cv, CvOptions, Normalisation};
/// let x = [0.0, 0.0, 0.0, 8.0];
/// assert!((cv(&x, None, &CvOptions::default())? - 3f64.sqrt()).abs() < 1e-15);
/// let normalised = CvOptions { normalisation: Normalisation::Maximum, ..Default::default() };
/// assert!((cv(&x, None, &normalised)? - 1.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cv(x: &[f64], w: Option<&[f64]>, options: &CvOptions) -> Result<f64, Error> {
    if options.ddof > 1 || (options.ddof == 1 && w.is_some()) {
        let domain = "0, or 1 without weights";
        return Err(Error::Domain {
            option: "ddof",
            value: f64::from(options.ddof),
            domain,
        });
    }
    let domain = match options.negative {
        Negative::Error => Domain::NonNegative,
        Negative::Allow => Domain::Finite,
    };
    let sample = Sample::relative(x, w, domain)?;
    let corrected = options.ddof == 1 || options.normalisation == Normalisation::Maximum;
    if corrected && sample.len() == 1 {
        return Err(Error::TooFew {
            argument: "x",
            found: 1,
            needed: 2,
        });
    }
    let n = sample.len() as f64;
    let population = of_sample(&sample);
    let value = if options.ddof == 1 {
        population * sqrt(n / (n - 1.0))
    } else {
        population
    };
    let divisor = match (options.normalisation, options.ddof) {
        (Normalisation::None, _) => 1.0,
        (Normalisation::Maximum, 0) => sqrt(largest_squared(&sample)),
        (Normalisation::Maximum, _) | (Normalisation::Reat, 0) => sqrt(n),
        (Normalisation::Reat, _) if sample.len() == 1 => 1.0,
        (Normalisation::Reat, _) => sqrt(n - 1.0),
    };
    check::result("the coefficient of variation", value / divisor)
}

/// The square of the largest possible coefficient: the unit of the smallest weight has everything.
fn largest_squared(sample: &Sample<'_>) -> f64 {
    match &sample.w {
        None => sample.len() as f64 - 1.0,
        Some(w) => sample.weight / w.iter().copied().fold(f64::INFINITY, f64::min) - 1.0,
    }
}

pub(crate) fn of_sample(sample: &Sample<'_>) -> f64 {
    if sample.is_equal() {
        return 0.0;
    }
    let [square, drift] = sample.means_of(|i| {
        let d = sample.deviation(i);
        [d * d, d]
    });
    sqrt((square - drift * drift).max(0.0)) / (1.0 + drift)
}

/// Williamson's weighted coefficient of variation: V_w = sqrt(sum f (x - mu)^2) / mu.
///
/// x is income per head, f the population share of each region and mu = sum f x the national value, so that the index
/// is [`cv`] with population weights. The weights are required: they are the idea.
///
/// Range: [0, sqrt(sum w / w_min - 1)].
///
/// # Errors
/// As [`cv`] with its default options.
///
/// # References
/// Williamson 1965, Economic Development and Cultural Change 13(4), part II.
///
/// ```
/// use quyu_econometrics::disparity::williamson;
/// let v = williamson(&[10.0, 20.0], &[3.0, 1.0])?;
/// assert!((v - (3.0f64 * 2.5 * 2.5 + 7.5 * 7.5).sqrt() / 2.0 / 12.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn williamson(x: &[f64], w: &[f64]) -> Result<f64, Error> {
    cv(x, Some(w), &CvOptions::default())
}

/// Williamson's unweighted index: V_uw = sqrt((1/n) sum (x - mu)^2) / mu around the national value mu = sum f x.
///
/// Every region counts once, but the centre is the population-weighted mean. Regions of weight zero are left out.
///
/// # Errors
/// As [`williamson`].
///
/// # References
/// Williamson 1965, Economic Development and Cultural Change 13(4), part II.
///
/// ```
/// use quyu_econometrics::disparity::williamson_unweighted;
/// let v = williamson_unweighted(&[10.0, 20.0], &[3.0, 1.0])?;
/// assert!((v - ((2.5f64 * 2.5 + 7.5 * 7.5) / 2.0).sqrt() / 12.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn williamson_unweighted(x: &[f64], w: &[f64]) -> Result<f64, Error> {
    let sample = Sample::relative(x, Some(w), Domain::NonNegative)?;
    if sample.is_equal() {
        return Ok(0.0);
    }
    let sum = crate::parallel::sum(sample.len(), |i| sample.deviation(i) * sample.deviation(i));
    check::result("the coefficient of variation", sqrt(sum / sample.len() as f64))
}
