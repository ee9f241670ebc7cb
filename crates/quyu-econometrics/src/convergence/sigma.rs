//! Sigma convergence: the spread of regions, period by period.

use crate::regression::{Coefficient, Covariance, Ols, OlsOptions, ols};
use crate::{Error, Matrix, check};
use quyu_math::{ln, sqrt, sums_by};

/// What is called sigma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SigmaMeasure {
    /// Standard deviation of the natural logarithms; values must be positive.
    #[default]
    SdOfLogs,
    /// Standard deviation over the mean; the mean must be positive.
    CoefficientOfVariation,
    /// Standard deviation in the unit of the values, for rates and shares.
    Sd,
}

/// Options of [`sigma`] and [`sigma_change`](super::sigma_change()).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SigmaOptions {
    /// The measure.
    pub measure: SigmaMeasure,
    /// What is taken off the number of regions in the variance: 0 (default) or 1.
    pub ddof: usize,
}

impl SigmaOptions {
    pub(super) fn check(&self) -> Result<(), Error> {
        check::between("ddof", self.ddof as f64, (0.0, 1.0), "0 or 1")
    }
}

/// Sigma of each period: how far the regions lie apart.
///
/// With the weights f of a period (1/n each where there are none) and z = ln x, x / mean or x:
/// sigma = sqrt(Σ f (z - Σ f z)²), times sqrt(n / (n - 1)) for `ddof` 1. Falling sigma is sigma convergence. No unit, except for
/// [`SigmaMeasure::Sd`].
///
/// `weights` has the shape of the panel, for example the population of each year; with weights `ddof` must be 0. A region with a
/// missing value must be left out of all periods first: otherwise sets of different regions are compared.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Negative`] and [`Error::Zero`] for values that have no logarithm and for weights;
/// [`Error::Length`]; [`Error::TooFew`] for one region with `ddof` 1; [`Error::Domain`]; [`Error::Undefined`] for a mean that is
/// not positive; [`Error::Range`].
///
/// # References
/// Barro & Sala-i-Martin 1992, Journal of Political Economy 100:223-251. Dalgaard & Vastrup 2001, Economics Letters 70:283-287:
/// the two measures may move in different directions.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{SigmaOptions, sigma}};
/// let income = Matrix::new(&[1.0, 2.0, 4.0, 4.0], 2, 2)?; // (1, 2) and (4, 4): two regions, two years
/// let s = sigma(income, None, &SigmaOptions::default())?;
/// assert!((s[0] - 2.0f64.ln()).abs() < 1e-15 && (s[1] - 0.5 * 2.0f64.ln()).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn sigma(
    panel: Matrix<'_>,
    weights: Option<Matrix<'_>>,
    options: &SigmaOptions,
) -> Result<Vec<f64>, Error> {
    options.check()?;
    if let Some(weights) = weights {
        check::same_shape("weights", weights, panel)?;
        check::positive("weights", weights.data())?;
        check::between(
            "ddof",
            options.ddof as f64,
            (0.0, 0.0),
            "0 where there are weights",
        )?;
    }
    check::at_least("panel", panel.rows(), 1 + options.ddof)?;
    check_values(panel.data(), options.measure)?;
    (0..panel.cols())
        .map(|t| {
            let z = transformed(
                panel.col(t),
                options.measure,
                weights.map(|w| w.col(t)).as_deref(),
            )?;
            let w = weights.map(|w| w.col(t));
            let sigma = sqrt(variance(&z, w.as_deref(), options.ddof));
            check::result("sigma", sigma)
        })
        .collect()
}

pub(super) fn check_values(x: &[f64], measure: SigmaMeasure) -> Result<(), Error> {
    match measure {
        SigmaMeasure::SdOfLogs => check::positive("panel", x),
        _ => check::finite("panel", x),
    }
}

/// Logarithms, values over their mean, or the values.
pub(super) fn transformed(
    mut x: Vec<f64>,
    measure: SigmaMeasure,
    w: Option<&[f64]>,
) -> Result<Vec<f64>, Error> {
    match measure {
        SigmaMeasure::SdOfLogs => x.iter_mut().for_each(|v| *v = ln(*v)),
        SigmaMeasure::Sd => {}
        SigmaMeasure::CoefficientOfVariation => {
            let mean = mean(&x, w);
            check::in_range("a mean", &[mean])?;
            if mean <= 0.0 {
                return Err(Error::Undefined {
                    reason: "the mean is not positive",
                });
            }
            x.iter_mut().for_each(|v| *v /= mean);
        }
    }
    Ok(x)
}

fn mean(x: &[f64], w: Option<&[f64]>) -> f64 {
    let weight = |i: usize| w.map_or(1.0, |w| w[i]);
    let [total, moment] = sums_by(x.len(), |i| [weight(i), weight(i) * x[i]]);
    moment / total
}

pub(super) fn variance(z: &[f64], w: Option<&[f64]>, ddof: usize) -> f64 {
    let weight = |i: usize| w.map_or(1.0, |w| w[i]);
    let centre = mean(z, w);
    let [total, square] = sums_by(z.len(), |i| {
        [weight(i), weight(i) * ((z[i] - centre) * (z[i] - centre))]
    });
    square / (total - ddof as f64)
}

/// The trend of sigma.
#[derive(Debug, Clone)]
pub struct SigmaTrend {
    /// The regression of sigma on a constant and time.
    pub regression: Ols,
    /// Change of sigma a unit of time; its t test is the usual test of sigma convergence, rough because sigmas of
    /// neighbouring years are not independent.
    pub slope: Coefficient,
}

/// The regression of sigma on time.
///
/// `sigma` and `time` in the order of time, at least three periods; `covariance` may be [`Covariance::NeweyWest`].
///
/// `sigma_t = a + b t + e_t`, by least squares: a slope b below zero, in the unit of sigma for one of time, is convergence.
///
/// # Errors
/// As [`ols`] and [`Ols::inference`].
///
/// # References
/// Sala-i-Martin 1996, Economic Journal 106:1019-1036.
///
/// ```
/// use quyu_econometrics::{convergence::sigma_trend, regression::Covariance};
/// let trend = sigma_trend(&[0.5, 0.45, 0.41, 0.38], &[2000.0, 2001.0, 2002.0, 2003.0], Covariance::Classical)?;
/// assert!((trend.slope.estimate + 0.04).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn sigma_trend(sigma: &[f64], time: &[f64], covariance: Covariance<'_>) -> Result<SigmaTrend, Error> {
    check::not_empty("sigma", sigma)?;
    check::length("time", time.len(), sigma.len())?;
    let regression = ols(sigma, Matrix::of(time, time.len(), 1), &OlsOptions::default())?;
    let slope = regression.inference(covariance)?.coefficients[1];
    Ok(SigmaTrend { regression, slope })
}
