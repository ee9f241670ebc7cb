//! Treatment of outliers in an indicator.

use super::moments::{MomentType, Moments, all_equal, kurtosis, skewness};
use crate::{Error, check};

/// When an indicator passes and how far it may be changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutlierOptions {
    /// An indicator passes if the absolute value of its skewness is below this … Default 2.
    pub skewness: f64,
    /// … or its excess kurtosis is below this. Default 3.5.
    pub kurtosis: f64,
    /// No more points than this are changed in all. Default 5.
    pub max_points: usize,
}

impl Default for OutlierOptions {
    fn default() -> Self {
        Self {
            skewness: 2.0,
            kurtosis: 3.5,
            max_points: 5,
        }
    }
}

impl OutlierOptions {
    fn check(&self) -> Result<(), Error> {
        for (option, value) in [("skewness", self.skewness), ("kurtosis", self.kurtosis)] {
            if !value.is_finite() {
                return Err(Error::Domain {
                    option,
                    value,
                    domain: "a finite number",
                });
            }
        }
        Ok(())
    }
}

/// An indicator after treatment.
#[derive(Debug, Clone, PartialEq)]
pub struct Treated {
    /// The values, in the order of the input.
    pub values: Vec<f64>,
    /// How many points were changed by winsorisation.
    pub changed: usize,
    /// Whether the indicator passes now.
    pub passes: bool,
    /// Whether the logarithm stands in for winsorisation ([`treat`] only).
    pub logged: bool,
}

/// Winsorisation as the JRC does it: while the indicator does not pass, its largest values (smallest, where it
/// is skewed to the left) become equal to the next.
///
/// Passes: `|G1| < skewness` or `G2 < kurtosis`, both of type 2. Tied extremes move together; a step after
/// which more than `max_points` points would be changed in all is not taken, so the limit holds (in one package
/// ties may exceed it). An indicator whose values are all equal passes.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer than 4 values; [`Error::Domain`].
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators. Becker, W. et al. (2022), COINr: an R
/// package for developing composite indicators, Journal of Open Source Software 7(78), 4567.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{OutlierOptions, winsorise};
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 1000.0];
/// let treated = winsorise(&x, &OutlierOptions::default())?;
/// assert_eq!(treated.values[9], 9.0);
/// assert_eq!((treated.changed, treated.passes), (1, true));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn winsorise(values: &[f64], options: &OutlierOptions) -> Result<Treated, Error> {
    options.check()?;
    check::finite("values", values)?;
    check::at_least("values", values.len(), 4)?;
    let mut current = values.to_vec();
    let mut changed = vec![false; values.len()];
    loop {
        let passes = passes(&current, options)?;
        let done = |changed: &[bool]| changed.iter().filter(|c| **c).count();
        if passes {
            return Ok(Treated {
                changed: done(&changed),
                values: current,
                passes,
                logged: false,
            });
        }
        // Mirrored where the long tail is the lower one: then extremes are always maxima.
        let sign = if skewness(&current, MomentType::Type2)? >= 0.0 {
            1.0
        } else {
            -1.0
        };
        let extreme = current
            .iter()
            .fold(f64::NEG_INFINITY, |max: f64, v| max.max(sign * v));
        let next = current
            .iter()
            .map(|v| sign * v)
            .filter(|&v| v < extreme)
            .fold(f64::NEG_INFINITY, |max: f64, v| max.max(v));
        let mut after = changed.clone();
        after
            .iter_mut()
            .zip(&current)
            .filter(|(_, v)| sign * **v == extreme)
            .for_each(|(c, _)| *c = true);
        if done(&after) > options.max_points {
            return Ok(Treated {
                changed: done(&changed),
                values: current,
                passes,
                logged: false,
            });
        }
        current
            .iter_mut()
            .filter(|v| sign * **v == extreme)
            .for_each(|v| *v = sign * next);
        changed = after;
    }
}

/// Winsorisation, or where that does not suffice the logarithm `ln(x - min + 0.01 (max - min))` of the
/// untreated values.
///
/// # Errors
/// As [`winsorise`].
///
/// # Reference
/// As [`winsorise`]; the logarithm is that of the Global Innovation Index as COINr documents it.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{OutlierOptions, treat};
/// let x = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 50.0, 1000.0];
/// let treated = treat(&x, &OutlierOptions { max_points: 0, ..Default::default() })?;
/// assert!(treated.logged);
/// assert!((treated.values[0] - 9.99_f64.ln()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn treat(values: &[f64], options: &OutlierOptions) -> Result<Treated, Error> {
    let treated = winsorise(values, options)?;
    if treated.passes {
        return Ok(treated);
    }
    let (low, high) = range(values);
    let shifted: Vec<f64> = values.iter().map(|v| v - low + 0.01 * (high - low)).collect();
    check::in_range("the range of the values", &shifted)?;
    if shifted.contains(&0.0) {
        return Err(Error::Range {
            what: "the range of the values",
        });
    }
    let values: Vec<f64> = shifted.into_iter().map(quyu_math::ln).collect();
    Ok(Treated {
        passes: passes(&values, options)?,
        values,
        changed: 0,
        logged: true,
    })
}

fn passes(values: &[f64], options: &OutlierOptions) -> Result<bool, Error> {
    if all_equal(values) {
        return Ok(true);
    }
    let skewed = skewness(values, MomentType::Type2)?.abs() >= options.skewness;
    Ok(!skewed || kurtosis(values, MomentType::Type2)? < options.kurtosis)
}

/// Smallest and largest value.
pub(crate) fn range(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| {
            (low.min(v), high.max(v))
        })
}

/// Box-Cox transformation of positive values: `(x^λ - 1) / λ`, and `ln x` for λ = 0.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Zero`]; [`Error::Domain`] if λ is not finite;
/// [`Error::Range`].
///
/// # Reference
/// Box, G. E. P. & Cox, D. R. (1964), An analysis of transformations, Journal of the Royal Statistical Society
/// B 26, 211-252.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::box_cox;
/// assert_eq!(box_cox(&[1.0, 4.0], 0.5)?, [0.0, 2.0]);
/// assert_eq!(box_cox(&[1.0], 0.0)?, [0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn box_cox(values: &[f64], lambda: f64) -> Result<Vec<f64>, Error> {
    if !lambda.is_finite() {
        return Err(Error::Domain {
            option: "lambda",
            value: lambda,
            domain: "a finite number",
        });
    }
    check::positive("values", values)?;
    let transform = |&x: &f64| {
        // e^u - 1 keeps the digits of a small exponent, and of a small λ.
        let u = lambda * quyu_math::ln(x);
        if lambda == 0.0 {
            quyu_math::ln(x)
        } else {
            quyu_math::exp_m1(u) / lambda
        }
    };
    let transformed: Vec<f64> = values.iter().map(transform).collect();
    check::in_range("a transformed value", &transformed)?;
    Ok(transformed)
}

/// The λ between -2 and 2 that makes the transformed values most like a normal sample: the maximum of the
/// profile likelihood `-n/2 ln var(λ) + (λ - 1) Σ ln x`, to 1e-8.
///
/// # Errors
/// As [`box_cox`]; [`Error::TooFew`] for fewer than 3 values; [`Error::Undefined`] if all are equal.
///
/// # Reference
/// Box & Cox (1964), as in [`box_cox`].
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::box_cox_lambda;
/// // Logarithms of these values are symmetric around their mean.
/// let x: Vec<f64> = (-4..=4).map(|k| f64::from(k).exp()).collect();
/// assert!(box_cox_lambda(&x)?.abs() < 1e-6);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn box_cox_lambda(values: &[f64]) -> Result<f64, Error> {
    check::at_least("values", values.len(), 3)?;
    check::positive("values", values)?;
    if all_equal(values) {
        return Err(Error::Undefined {
            reason: "all values are equal",
        });
    }
    let n = values.len() as f64;
    let logs: Vec<f64> = values.iter().map(|&x| quyu_math::ln(x)).collect();
    let mean_log = quyu_math::sum(&logs) / n;
    // Values relative to their geometric mean have the same best λ, and the second term vanishes.
    let relative: Vec<f64> = logs.iter().map(|l| quyu_math::exp(l - mean_log)).collect();
    let likelihood = |lambda: f64| -> Result<f64, Error> {
        let m = Moments::of(&box_cox(&relative, lambda)?);
        Ok(-n / 2.0 * (quyu_math::ln(m.squares / n) + 2.0 * quyu_math::ln(m.scale)))
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-2.0, 2.0);
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_a, mut at_b) = (likelihood(a)?, likelihood(b)?);
    while high - low > 1e-8 {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - golden * (high - low);
            at_a = likelihood(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + golden * (high - low);
            at_b = likelihood(b)?;
        }
    }
    Ok((low + high) / 2.0)
}
