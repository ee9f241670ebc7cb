//! Beta convergence in a cross-section: do those who were poor grow faster?

use super::speed::Speed;
use crate::regression::{Coefficient, Covariance, Inference, Ols, OlsOptions, ols};
use crate::{Error, Matrix, check};
use quyu_math::ln;

/// A growth regression.
#[derive(Debug, Clone)]
pub struct Beta {
    /// The regression of yearly growth on a constant, the logarithm at the start and the conditions, in this order.
    pub regression: Ols,
    /// Coefficients with the standard errors of the covariance chosen.
    pub inference: Inference,
    /// Slope on the logarithm at the start: below zero if the poor grow faster.
    pub beta: Coefficient,
    /// Speed and half-life; none where 1 + beta · years is not positive.
    pub speed: Option<Speed>,
    /// What is explained: ln(last / first) / years of each region.
    pub growth: Vec<f64>,
}

/// The growth regression of Barro and Sala-i-Martin by ordinary least squares.
///
/// (1/T) ln(y_T / y_0) = a + b ln y_0 + c'z, with T = `years`. Absolute convergence without conditions z, conditional with them
/// (a row for each region, a column for each condition; a dummy for each group of regions but one gives convergence within
/// groups). Speed λ = -ln(1 + b T) / T, half-life ln 2 / λ, standard errors by the delta method. (REAT's `betaconv.speed` leaves
/// out T inside the logarithm.)
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] and [`Error::Zero`] for values without logarithm;
/// [`Error::Domain`] unless `years` is positive; [`Error::TooFew`], [`Error::Singular`] (also if all start equal);
/// [`Error::Range`]; and those of [`Ols::inference`].
///
/// # References
/// Barro & Sala-i-Martin 1992, Journal of Political Economy 100:223-251; 2004, Economic Growth, chapter 11.
///
/// ```
/// use quyu_econometrics::{convergence::beta, regression::Covariance};
/// let first = [1.0, 2.0, 4.0, 8.0];
/// let last = first.map(|y: f64| 3.0 * y.sqrt()); // half of each gap in logarithms is closed in ten years
/// let fit = beta(&first, &last, 10.0, None, Covariance::Hc1)?;
/// assert!((fit.beta.estimate + 0.05).abs() < 1e-14);
/// let half_life = fit.speed.and_then(|s| s.half_life).map(|h| h.estimate);
/// assert!((half_life.unwrap_or_default() - 10.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn beta(
    first: &[f64],
    last: &[f64],
    years: f64,
    conditions: Option<Matrix<'_>>,
    covariance: Covariance<'_>,
) -> Result<Beta, Error> {
    let growth = yearly_growth(first, last, years)?;
    let extra = conditions.map_or(0, |z| z.cols());
    if let Some(z) = conditions {
        check::length("conditions", z.rows(), first.len())?;
        check::finite("conditions", z.data())?;
    }
    let mut cells = Vec::with_capacity(first.len() * (extra + 1));
    for (i, y) in first.iter().enumerate() {
        cells.push(ln(*y));
        cells.extend(conditions.into_iter().flat_map(|z| z.row(i)));
    }
    let x = Matrix::of(&cells, first.len(), extra + 1);
    let regression = ols(&growth, x, &OlsOptions::default())?;
    let inference = regression.inference(covariance)?;
    let beta = inference.coefficients[1];
    Ok(Beta {
        speed: Speed::of(beta, years),
        regression,
        inference,
        beta,
        growth,
    })
}

fn yearly_growth(first: &[f64], last: &[f64], years: f64) -> Result<Vec<f64>, Error> {
    check::not_empty("first", first)?;
    check::length("last", last.len(), first.len())?;
    check::positive("first", first)?;
    check::positive("last", last)?;
    if !(years > 0.0 && years.is_finite()) {
        return Err(Error::Domain {
            option: "years",
            value: years,
            domain: "above 0",
        });
    }
    let growth: Vec<f64> = first
        .iter()
        .zip(last)
        .map(|(a, b)| log_ratio(*a, *b) / years)
        .collect();
    check::in_range("a growth rate", &growth)?;
    Ok(growth)
}

/// ln(b / a), where the ratio may leave the range of a double.
pub(super) fn log_ratio(a: f64, b: f64) -> f64 {
    let ratio = b / a;
    if ratio.is_normal() {
        ln(ratio)
    } else {
        ln(b) - ln(a)
    }
}

/// The growth regression in its nonlinear form.
#[derive(Debug, Clone)]
pub struct BetaNls {
    /// The constant.
    pub alpha: Coefficient,
    /// The speed λ, estimated itself.
    pub speed: Coefficient,
    /// ln 2 / λ; none where regions do not converge.
    pub half_life: Option<Coefficient>,
    /// Coefficients of the conditions.
    pub conditions: Vec<Coefficient>,
    /// Sum of squared residuals.
    pub rss: f64,
}

/// Nonlinear least squares of (1/T) ln(y_T / y_0) = a - [(1 - e^(-λT)) / T] ln y_0 + c'z.
///
/// With one T this is the linear regression with b = -(1 - e^(-λT)) / T written otherwise: the same residuals, and the minimum is
/// taken from the linear one exactly, without iteration. The standard error of λ is the Gauss-Newton one,
/// se(b) e^(λT), of the covariance chosen. The general [`nls`](crate::regression::nls) finds the same from a start.
///
/// # Errors
/// As [`beta`]; [`Error::Undefined`] where 1 + b T is not positive: the sum of squares then falls for ever with λ.
///
/// # References
/// Barro & Sala-i-Martin 1992, as in [`beta`].
///
/// ```
/// use quyu_econometrics::{convergence::beta_nls, regression::Covariance};
/// let fit = beta_nls(&[1.0, 2.0, 4.0, 8.0], &[2.0, 3.0, 5.0, 9.0], 10.0, None, Covariance::Classical)?;
/// assert!(fit.speed.estimate > 0.0 && fit.half_life.is_some());
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn beta_nls(
    first: &[f64],
    last: &[f64],
    years: f64,
    conditions: Option<Matrix<'_>>,
    covariance: Covariance<'_>,
) -> Result<BetaNls, Error> {
    let linear = beta(first, last, years, conditions, covariance)?;
    let speed = linear.speed.ok_or(Error::Undefined {
        reason: "1 + beta times years is not positive: no speed of convergence fits",
    })?;
    let coefficients = &linear.inference.coefficients;
    Ok(BetaNls {
        alpha: coefficients[0],
        speed: speed.speed,
        half_life: speed.half_life,
        conditions: coefficients[2..].to_vec(),
        rss: linear.regression.rss,
    })
}
