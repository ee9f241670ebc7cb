//! Moran's I of the residuals of a regression.

use super::regression::Regression;
use super::tails::Analytic;
use super::weights::Weights;
use crate::cholesky::Cholesky;
use crate::{Error, Matrix, check};
use quyu_math::{dot, sum_by};

/// Moran's I of residuals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualMoran {
    /// I of the residuals.
    pub estimate: f64,
    /// The expected value if the errors are independent: not -1 / (n - 1), for residuals depend on each other.
    pub expected: f64,
    /// Against the moments of the residuals of independent normal errors. None where the statistic cannot vary.
    pub normality: Option<Analytic>,
}

/// Moran's I of the residuals of the regression of y on a constant and the columns of x.
///
/// With residuals e, X the constant and the regressors, `M = I - X (X'X)⁻¹ X'`, k columns of X:
///
/// ```text
/// I = (n / S0) e'We / e'e
/// E = (n / S0) tr(MW) / (n - k)
/// V = (n / S0)² [tr(MWMW') + tr(MWMW) + tr(MW)²] / ((n - k)(n - k + 2)) - E²
/// ```
///
/// Islands stay, with a lag of zero. It says that something is missing, not what: [`lagrange_tests`](super::lagrange_tests) tell a lag from
/// spatial errors.
///
/// # Errors
/// As [`lagrange_tests`](super::lagrange_tests); [`Error::Undefined`] if the weights add up to zero.
///
/// # References
/// Cliff & Ord 1981, Spatial Processes, ch. 8. Anselin 1988, Spatial Econometrics, ch. 8.
///
/// ```
/// use quyu_econometrics::{Matrix, space::{moran_residuals, Style, Weights}};
/// let ring: Vec<_> = (0..12).map(|i| (i, (i + 1) % 12)).collect();
/// let w = Weights::contiguity(12, &ring)?.styled(Style::Row)?;
/// let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0];
/// // Residuals that alternate: neighbours push each other apart.
/// let y: Vec<f64> = x.iter().enumerate().map(|(i, x)| 2.0 * x + if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
/// let found = moran_residuals(&y, Matrix::new(&x, 12, 1)?, &w)?;
/// assert!(found.estimate < -0.9 && found.normality.unwrap().p.less < 0.01);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moran_residuals(y: &[f64], x: Matrix<'_>, weights: &Weights) -> Result<ResidualMoran, Error> {
    let regression = Regression::new(y, x, weights)?;
    let total = quyu_math::sum(weights.values());
    if total == 0.0 {
        return Err(Error::Undefined {
            reason: "the weights add up to zero",
        });
    }
    let (n, k) = (regression.n as f64, regression.k as f64);
    let e = &regression.residuals;
    let factor = n / total;
    let estimate = factor * (dot(e, &weights.lag_of(e)) / regression.square);
    let [trace, square, mutual] = traces(&regression, weights)?;
    let expected = factor * trace / (n - k);
    let divisor = (n - k) * (n - k + 2.0);
    let terms = [square, mutual, trace * trace].map(|t| factor * factor * t / divisor);
    let spread = terms.iter().fold(-expected * expected, |sum, t| sum + t);
    let size = terms.iter().fold(expected * expected, |sum, t| sum + t.abs());
    check::in_range("Moran's I", &[estimate, expected, spread, size])?;
    Ok(ResidualMoran {
        estimate,
        expected,
        normality: Analytic::new(estimate, expected, spread, size),
    })
}

/// tr(MW), tr(MWMW') and tr(MWMW), from sparse weights: with Q = (X'X)⁻¹ and A = X'WX the parts that M takes away are traces of k by k
/// tables.
fn traces(regression: &Regression, weights: &Weights) -> Result<[f64; 3], Error> {
    let (columns, k) = (regression.columns(), regression.k);
    let back = weights.transposed();
    let table = |left: &[Vec<f64>], right: &[Vec<f64>]| -> Vec<f64> {
        (0..k * k).map(|c| dot(&left[c / k], &right[c % k])).collect()
    };
    let q = Cholesky::inverse_of(&table(&columns, &columns), k, "x")?;
    let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
        (0..k * k)
            .map(|c| sum_by(k, |m| a[c / k * k + m] * b[m * k + c % k]))
            .collect()
    };
    let trace_with = |a: &[f64], b: &[f64]| sum_by(k * k, |c| a[c] * b[c % k * k + c / k]);
    // WX and W'X, column by column.
    let ahead: Vec<Vec<f64>> = columns.iter().map(|c| weights.lag_of(c)).collect();
    let behind: Vec<Vec<f64>> = columns.iter().map(|c| back.lag_of(c)).collect();
    let qa = product(&q, &table(&columns, &ahead));
    let qa_back = product(&q, &table(&columns, &behind));
    let diagonal = quyu_math::sum(
        &(0..regression.n)
            .map(|i| weights.weight(i, i))
            .collect::<Vec<_>>(),
    );
    let squares = sum_by(weights.values().len(), |c| {
        weights.values()[c] * weights.values()[c]
    });
    let both = sum_by(regression.n, |i| {
        weights
            .neighbours(i)
            .map(|(j, w)| w * back.weight(i, j))
            .fold(0.0, |a, b| a + b)
    });
    let identity_trace = |qa: &[f64]| sum_by(k, |i| qa[i * k + i]);
    Ok([
        diagonal - identity_trace(&qa),
        squares - trace_with(&q, &table(&behind, &behind)) - trace_with(&q, &table(&ahead, &ahead))
            + trace_with(&qa, &qa_back),
        both - 2.0 * trace_with(&q, &table(&behind, &ahead)) + trace_with(&qa, &qa),
    ])
}
