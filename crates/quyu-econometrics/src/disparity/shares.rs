//! Concentration of shares: Herfindahl, Hannah-Kay, Rosenbluth and entropy.

use super::sample::{Domain, Sample};
use crate::{Error, check, parallel};
use quyu_math::{exp, ln, pow};

/// The Herfindahl-Hirschman index and its transformations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Herfindahl {
    /// sum s^2, from 1/n to 1.
    pub hhi: f64,
    /// (hhi - 1/n) / (1 - 1/n), from 0 to 1; none for one unit, where it is 0 / 0.
    pub normalised: Option<f64>,
    /// 1 / hhi: the number of units of equal size with the same index.
    pub equivalent: f64,
}

/// The Herfindahl-Hirschman index of the shares s = x / sum x.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values are zero.
///
/// # References
/// Hirschman 1945; Herfindahl 1950; Hirschman 1964, American Economic Review 54:761.
///
/// ```
/// use quyu_econometrics::disparity::herfindahl;
/// let h = herfindahl(&[1.0, 1.0, 2.0])?;
/// assert!((h.hhi - 0.375).abs() < 1e-15);
/// assert!((h.normalised.unwrap_or(0.0) - 0.0625).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn herfindahl(x: &[f64]) -> Result<Herfindahl, Error> {
    let sample = Sample::relative(x, None, Domain::NonNegative)?;
    let n = x.len() as f64;
    // hhi = (1 + CV^2) / n: the excess over equality keeps its digits.
    let excess = sample.mean_of(|i| sample.deviation(i) * sample.deviation(i));
    let hhi = (1.0 + excess) / n;
    Ok(Herfindahl {
        hhi,
        normalised: (x.len() > 1).then(|| excess / (n - 1.0)),
        equivalent: 1.0 / hhi,
    })
}

/// The generalised Herfindahl index (sum s^(m + 1))^(1 / m) of the shares s = x / sum x; `m` = 1 is the HHI.
///
/// Its inverse is the number of equal units of Hannah and Kay with parameter m + 1. `m` = 0 is the limit
/// exp(sum s ln s).
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] unless `m` is finite and above -1;
/// [`Error::Undefined`] if all values are zero; [`Error::Range`].
///
/// # References
/// Hannah & Kay 1977, Concentration in Modern Industry; Hill 1973, Ecology 54:427-432.
///
/// ```
/// use quyu_econometrics::disparity::generalised_herfindahl;
/// let h = generalised_herfindahl(&[1.0, 1.0, 2.0, 2.0, 2.0, 5.0, 9.0, 9.0, 10.0], 2.0)?;
/// assert!((h - 0.194563448162226).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn generalised_herfindahl(x: &[f64], m: f64) -> Result<f64, Error> {
    if !m.is_finite() || m <= -1.0 {
        return Err(Error::Domain {
            option: "m",
            value: m,
            domain: "a finite number above -1",
        });
    }
    let sample = Sample::relative(x, None, Domain::NonNegative)?;
    let n = x.len() as f64;
    if m == 0.0 {
        return Ok(exp(-nats(&sample)));
    }
    // Shares relative to the largest do not underflow, so the sum is at least 1.
    let largest = sample.ratio_of_max() / n;
    let power = |i: usize| match sample.x[i] {
        0.0 => 0.0,
        v => pow(v / sample.max, m + 1.0),
    };
    let log = (ln(parallel::sum(x.len(), power)) + ln(largest)) / m + ln(largest);
    check::result("the index", exp(log))
}

/// Rosenbluth's index 1 / (2 sum_i i s_(i) - 1), where the largest share has rank 1.
///
/// Range: from 1/n to 1. It is 1 / (n (1 - G)) with the Gini index G of the shares.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values are zero.
///
/// # References
/// Rosenbluth 1955, in: Business Concentration and Price Policy; Hall & Tideman 1967, JASA 62:162-168.
///
/// ```
/// use quyu_econometrics::disparity::rosenbluth;
/// assert!((rosenbluth(&[1.0, 1.0, 2.0])? - 0.4).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn rosenbluth(x: &[f64]) -> Result<f64, Error> {
    let sample = Sample::relative(x, None, Domain::NonNegative)?;
    let gini = if sample.is_equal() {
        0.0
    } else {
        super::gini::of_sample(&sample)
    };
    Ok(1.0 / (x.len() as f64 * (1.0 - gini)))
}

/// Shannon's entropy of shares and its transformations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareEntropy {
    /// H = -sum s ln s, in nats, from 0 to ln n.
    pub nats: f64,
    /// H / ln 2.
    pub bits: f64,
    /// H / ln n, from 0 to 1; none for one unit, where it is 0 / 0.
    pub relative: Option<f64>,
    /// e^H: the number of units of equal size with the same entropy.
    pub equivalent: f64,
}

/// Shannon's entropy of the shares s = x / sum x, with 0 ln 0 = 0.
///
/// ln n - H is Theil's T of x.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values are zero.
///
/// # References
/// Shannon 1948, Bell System Technical Journal 27:379-423; Theil 1967.
///
/// ```
/// use quyu_econometrics::disparity::share_entropy;
/// let h = share_entropy(&[1.0, 1.0, 2.0])?;
/// assert!((h.bits - 1.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn share_entropy(x: &[f64]) -> Result<ShareEntropy, Error> {
    let sample = Sample::relative(x, None, Domain::NonNegative)?;
    let nats = nats(&sample);
    Ok(ShareEntropy {
        nats,
        bits: nats / std::f64::consts::LN_2,
        relative: (x.len() > 1).then(|| nats / ln(x.len() as f64)),
        equivalent: exp(nats),
    })
}

fn nats(sample: &Sample<'_>) -> f64 {
    let theil = super::theil::of_sample(sample, super::entropy::Kernel::XlnX);
    (ln(sample.len() as f64) - theil).max(0.0)
}
