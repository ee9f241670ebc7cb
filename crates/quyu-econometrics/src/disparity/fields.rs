//! Regression-based decomposition.

use crate::{Error, Matrix, check, regression};
use quyu_math::{sum_by, sums_by};

/// How much of the variance of a (logged) variable each term of its regression accounts for.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields {
    /// Share of each term in the variance; may be negative. With `residual` they add up to 1.
    pub shares: Vec<f64>,
    /// Share of the residual, 1 - R^2.
    pub residual: f64,
    /// The constant, then the coefficient of each column.
    pub coefficients: Vec<f64>,
    /// The variance that is shared out, ddof 0, weighted.
    pub variance: f64,
}

/// Fields' decomposition: share_k = cov(z_k, y) / var(y) of the fitted part z_k of each term of a regression.
///
/// y is what the regression explains, for incomes their logarithm (take it first). `x` has a row for each unit and a column for
/// each regressor, without the constant; `terms[j]` is the term to which column j belongs, so that the dummies of a
/// categorical variable make one term (which level is left out does not matter). Weighted least squares with weights w, and the
/// same weights in covariance and variance, ddof 0.
///
/// Shares are pure numbers; a coefficient is in the unit of y per unit of its column.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Label`]; [`Error::Negative`] or [`Error::Zero`] for a
/// weight that is not positive; [`Error::TooFew`] for fewer units than coefficients; [`Error::Singular`] if a column follows
/// from others; [`Error::Undefined`] if y does not vary; [`Error::Range`].
///
/// # References
/// Fields 2003, Research in Labor Economics 22:1-38.
///
/// ```
/// use quyu_econometrics::{Matrix, disparity::fields};
/// let log_income = [1.0, 2.0, 2.5, 4.0];
/// let schooling = Matrix::new(&[0.0, 1.0, 2.0, 3.0], 4, 1)?;
/// let split = fields(&log_income, schooling, &[0], 1, None)?;
/// assert!((split.shares[0] + split.residual - 1.0).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn fields(
    y: &[f64],
    x: Matrix<'_>,
    terms: &[usize],
    n_terms: usize,
    w: Option<&[f64]>,
) -> Result<Fields, Error> {
    check_input(y, x, w)?;
    check::labels("terms", terms, x.cols(), n_terms)?;
    let coefficients = regression::with_constant(y, x, w)?;
    let n = y.len();
    let weight = |i: usize| w.map_or(1.0, |w| w[i]);
    let [total, moment] = sums_by(n, |i| [weight(i), weight(i) * y[i]]);
    let centred = |i: usize| weight(i) / total * (y[i] - moment / total);
    let variance = sum_by(n, |i| centred(i) * (y[i] - moment / total));
    if variance == 0.0 {
        return Err(Error::Undefined {
            reason: "y does not vary",
        });
    }
    let mut shares = vec![0.0; n_terms];
    for (j, term) in terms.iter().enumerate() {
        // A constant in z_k drops out of the covariance, so the column may be centred anywhere.
        let first = x.at(0, j);
        shares[*term] += coefficients[j + 1] * sum_by(n, |i| centred(i) * (x.at(i, j) - first)) / variance;
    }
    let fitted = |i: usize| coefficients[0] + sum_by(x.cols(), |j| coefficients[j + 1] * x.at(i, j));
    let residual = sum_by(n, |i| centred(i) * (y[i] - fitted(i))) / variance;
    check::in_range("a share", &shares)?;
    check::in_range("a coefficient", &coefficients)?;
    check::in_range("the variance", &[variance, residual])?;
    Ok(Fields {
        shares,
        residual,
        coefficients,
        variance,
    })
}

fn check_input(y: &[f64], x: Matrix<'_>, w: Option<&[f64]>) -> Result<(), Error> {
    check::not_empty("y", y)?;
    check::finite("y", y)?;
    check::length("x", x.rows(), y.len())?;
    check::finite("x", x.data())?;
    let Some(w) = w else { return Ok(()) };
    check::length("w", w.len(), y.len())?;
    check::non_negative("w", w)?;
    match w.iter().position(|w| *w == 0.0) {
        Some(index) => Err(Error::Zero { argument: "w", index }),
        None => Ok(()),
    }
}
