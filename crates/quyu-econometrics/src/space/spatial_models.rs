//! Spatial lag and spatial error regressions by maximum likelihood.

use super::likelihood::{Likelihood, Traces};
use super::regression::Regression;
use super::tails::Tails;
use super::weights::Weights;
use crate::cholesky::Cholesky;
use crate::regression::{ChiSquareTest, with_constant};
use crate::{Error, Matrix, check};
use quyu_math::{dot, sqrt};

/// An estimate with its asymptotic standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// estimate / std_error.
    pub z: f64,
    /// P-values of z by the normal distribution.
    pub p: Tails,
}

/// A spatial regression.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialRegression {
    /// The constant, then one coefficient for each column of x.
    pub coefficients: Vec<Coefficient>,
    /// ρ of the lag model, λ of the error model.
    pub spatial: Coefficient,
    /// Variance of the errors: sum of squares over n.
    pub variance: f64,
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// The log-likelihood of the linear regression.
    pub log_likelihood_linear: f64,
    /// The likelihood ratio test of no spatial parameter: twice the difference of the two.
    pub likelihood_ratio: ChiSquareTest,
    /// Akaike's criterion: 2 (coefficients + 2) - 2 log-likelihood.
    pub aic: f64,
    /// `y - ρWy - Xβ` of the lag model, `(I - λW)(y - Xβ)` of the error model.
    pub residuals: Vec<f64>,
    /// Effects of the columns of x, in their order, for the lag model; empty for the error model, whose effects are the coefficients.
    pub impacts: Vec<Impact>,
}

/// What a change of a regressor by one unit everywhere, or in one region, does in the spatial lag model: means over regions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impact {
    /// In the region itself: `β tr((I - ρW)⁻¹) / n`.
    pub direct: f64,
    /// In all other regions together: total - direct.
    pub indirect: f64,
    /// In all regions: `β 1'(I - ρW)⁻¹1 / n`.
    pub total: f64,
}

/// The spatial lag model `y = ρWy + Xβ + ε` by maximum likelihood: y depends on y next door.
///
/// X is a constant and the columns of `x`. ρ maximises
/// `ln det (I - ρW) - n/2 ln (SSE(ρ)/n) - n/2 (1 + ln 2π)`, where SSE(ρ) is that of the regression of `y - ρWy` on X; it lies between
/// minus and plus one over the largest eigenvalue of W (between -1 and 1 for row-standardised weights). Standard errors are those of the
/// information matrix of (σ², ρ, β). Determinants come from sparse triangular factors: some thousands of regions are fine. β alone is not the
/// effect of x: see [`Impact`] (LeSage & Pace 2009).
///
/// # Errors
/// As [`lagrange_tests`](super::lagrange_tests); [`Error::Undefined`] if no chain of links leads back to where it began, or if the
/// likelihood has no maximum inside its range; [`Error::Singular`] for an information matrix without inverse.
///
/// # References
/// Ord 1975, Journal of the American Statistical Association 70:120-126. Anselin 1988, Spatial Econometrics, ch. 6. LeSage & Pace
/// 2009, Introduction to Spatial Econometrics, ch. 2.
///
/// ```
/// use quyu_econometrics::{Matrix, space::{spatial_lag, Style, Weights}};
/// let pairs: Vec<_> = (0..11).map(|i| (i, i + 1)).collect();
/// let w = Weights::contiguity(12, &pairs)?.styled(Style::Row)?;
/// let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0];
/// let y = [5.1, 4.2, 7.0, 5.8, 11.9, 15.2, 9.8, 12.9, 11.1, 9.2, 12.8, 14.9];
/// let fit = spatial_lag(&y, Matrix::new(&x, 12, 1)?, &w)?;
/// assert!(fit.spatial.estimate > 0.0 && fit.log_likelihood >= fit.log_likelihood_linear);
/// assert!((fit.impacts[0].total - fit.coefficients[1].estimate / (1.0 - fit.spatial.estimate)).abs() < 1e-9);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial_lag(y: &[f64], x: Matrix<'_>, weights: &Weights) -> Result<SpatialRegression, Error> {
    let regression = Regression::new(y, x, weights)?;
    let likelihood = Likelihood::new(weights)?;
    let lagged = weights.lag_of(&regression.y);
    let (_, lagged_rest) = regression.of(&lagged)?;
    let [own, mixed, next] = [
        regression.square,
        dot(&regression.residuals, &lagged_rest),
        dot(&lagged_rest, &lagged_rest),
    ];
    let rho = likelihood.maximum(|rho| {
        Ok([
            own - 2.0 * rho * mixed + rho * rho * next,
            2.0 * (rho * next - mixed),
        ])
    })?;
    let filtered: Vec<f64> = regression
        .y
        .iter()
        .zip(&lagged)
        .map(|(y, l)| y - rho * l)
        .collect();
    let (beta, residuals) = regression.of(&filtered)?;
    let square = dot(&residuals, &residuals);
    let variance = square / regression.n as f64;
    let factor = likelihood.factor(rho)?;
    let traces = likelihood.traces(rho)?;
    let errors = lag_errors(&regression, &factor, weights, &beta, variance, traces)?;
    let mut ones = vec![1.0; regression.n];
    factor.solve(&mut ones, &mut Vec::new());
    let n = regression.n as f64;
    let total = quyu_math::sum(&ones) / n;
    // (I - ρW)⁻¹ = I + ρG.
    let direct = 1.0 + rho * traces.g / n;
    let impacts = (1..regression.k).map(|j| {
        let slope = beta[j] * regression.units[j];
        Impact {
            direct: slope * direct,
            indirect: slope * (total - direct),
            total: slope * total,
        }
    });
    let impacts = impacts.collect();
    let estimates = Estimates {
        beta,
        spatial: rho,
        errors,
        residuals,
        square,
    };
    estimates.finish(&regression, factor.log_determinant(), impacts)
}

/// Standard errors of (ρ, β) from the information matrix of (σ², ρ, β).
fn lag_errors(
    regression: &Regression,
    factor: &super::lu::Factor<'_>,
    weights: &Weights,
    beta: &[f64],
    variance: f64,
    traces: Traces,
) -> Result<Vec<f64>, Error> {
    let (n, k) = (regression.n as f64, regression.k);
    let mut fitted = regression.fitted(beta);
    factor.solve(&mut fitted, &mut Vec::new());
    let lagged = weights.lag_of(&fitted);
    let columns = regression.columns();
    let size = k + 2;
    let mut information = vec![0.0; size * size];
    let mut set = |i: usize, j: usize, value: f64| {
        information[i * size + j] = value;
        information[j * size + i] = value;
    };
    set(0, 0, n / (2.0 * variance * variance));
    set(0, 1, traces.g / variance);
    set(
        1,
        1,
        traces.g_squared + traces.g_transposed + dot(&lagged, &lagged) / variance,
    );
    for (i, column) in columns.iter().enumerate() {
        set(1, 2 + i, dot(column, &lagged) / variance);
        for (j, other) in columns[..=i].iter().enumerate() {
            set(2 + i, 2 + j, dot(column, other) / variance);
        }
    }
    let covariance = Cholesky::inverse_of(&information, size, "information matrix")?;
    Ok((1..size).map(|i| sqrt(covariance[i * size + i])).collect())
}

/// The spatial error model `y = Xβ + u`, `u = λWu + ε` by maximum likelihood: what is left out of X spreads.
///
/// λ maximises `ln det (I - λW) - n/2 ln (SSE(λ)/n) - n/2 (1 + ln 2π)`, where SSE(λ) is that of the regression of `(I - λW) y` on
/// `(I - λW) X`; its range is that of ρ in [`spatial_lag`]. Standard errors are those of the information matrix, in which β stands apart
/// from λ and σ². β is the effect of x.
///
/// # Errors
/// As [`spatial_lag`].
///
/// # References
/// Ord 1975, Journal of the American Statistical Association 70:120-126. Anselin 1988, Spatial Econometrics, ch. 6.
///
/// ```
/// use quyu_econometrics::{Matrix, space::{spatial_error, Style, Weights}};
/// let pairs: Vec<_> = (0..11).map(|i| (i, i + 1)).collect();
/// let w = Weights::contiguity(12, &pairs)?.styled(Style::Row)?;
/// let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0];
/// let y = [5.1, 4.2, 7.0, 5.8, 11.9, 15.2, 9.8, 12.9, 11.1, 9.2, 12.8, 14.9];
/// let fit = spatial_error(&y, Matrix::new(&x, 12, 1)?, &w)?;
/// assert!(fit.log_likelihood >= fit.log_likelihood_linear && fit.coefficients.len() == 2);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial_error(y: &[f64], x: Matrix<'_>, weights: &Weights) -> Result<SpatialRegression, Error> {
    let regression = Regression::new(y, x, weights)?;
    let likelihood = Likelihood::new(weights)?;
    let columns = regression.columns();
    let lags: Vec<Vec<f64>> = columns.iter().map(|c| weights.lag_of(c)).collect();
    let lagged = weights.lag_of(&regression.y);
    let filtered = |values: &[f64], lag: &[f64], lambda: f64| -> Vec<f64> {
        values.iter().zip(lag).map(|(v, l)| v - lambda * l).collect()
    };
    let fit = |lambda: f64| -> Result<(Vec<f64>, Vec<f64>, f64), Error> {
        let x: Vec<Vec<f64>> = columns
            .iter()
            .zip(&lags)
            .map(|(c, l)| filtered(c, l, lambda))
            .collect();
        let beta = without_constant(&filtered(&regression.y, &lagged, lambda), &x)?;
        // u = y - Xβ and its lag: ε = u - λWu, and the derivative of ε'ε is -2 (Wu)'ε, since β is at its best.
        let u = regression.rest(&regression.y, &beta);
        let lag = weights.lag_of(&u);
        let e = filtered(&u, &lag, lambda);
        let derivative = -2.0 * dot(&lag, &e);
        Ok((beta, e, derivative))
    };
    let lambda = likelihood.maximum(|lambda| {
        let (_, e, derivative) = fit(lambda)?;
        Ok([dot(&e, &e), derivative])
    })?;
    let (beta, residuals, _) = fit(lambda)?;
    let square = dot(&residuals, &residuals);
    let (n, k) = (regression.n as f64, regression.k);
    let variance = square / n;
    let traces = likelihood.traces(lambda)?;
    let spatial = [
        n / (2.0 * variance * variance),
        traces.g / variance,
        traces.g / variance,
        traces.g_squared + traces.g_transposed,
    ];
    let mut errors = vec![sqrt(Cholesky::inverse_of(&spatial, 2, "information matrix")?[3])];
    let x: Vec<Vec<f64>> = columns
        .iter()
        .zip(&lags)
        .map(|(c, l)| filtered(c, l, lambda))
        .collect();
    let products: Vec<f64> = (0..k * k).map(|c| dot(&x[c / k], &x[c % k])).collect();
    let covariance = Cholesky::inverse_of(&products, k, "x")?;
    errors.extend((0..k).map(|i| sqrt(variance * covariance[i * k + i])));
    let determinant = likelihood.factor(lambda)?.log_determinant();
    let estimates = Estimates {
        beta,
        spatial: lambda,
        errors,
        residuals,
        square,
    };
    estimates.finish(&regression, determinant, Vec::new())
}

/// Least squares on columns, the first of which takes the place of the constant.
///
/// [`with_constant`] adds a column of ones of its own: rows are divided by the first column, and weighted by it again. Where that
/// column has a zero, another way is needed: the normal equations.
fn without_constant(y: &[f64], columns: &[Vec<f64>]) -> Result<Vec<f64>, Error> {
    let first = &columns[0];
    let smallest = first.iter().fold(f64::INFINITY, |a, b| a.min(b.abs()));
    let k = columns.len();
    if smallest > 1e-3 {
        let divided = |values: &[f64]| -> Vec<f64> { values.iter().zip(first).map(|(v, f)| v / f).collect() };
        let others: Vec<Vec<f64>> = columns[1..].iter().map(|c| divided(c)).collect();
        let x: Vec<f64> = (0..y.len())
            .flat_map(|i| others.iter().map(move |c| c[i]))
            .collect();
        let squares: Vec<f64> = first.iter().map(|f| f * f).collect();
        return with_constant(&divided(y), Matrix::of(&x, y.len(), k - 1), Some(&squares));
    }
    let products: Vec<f64> = (0..k * k)
        .map(|c| dot(&columns[c / k], &columns[c % k]))
        .collect();
    let inverse = Cholesky::inverse_of(&products, k, "x")?;
    let right: Vec<f64> = columns.iter().map(|c| dot(c, y)).collect();
    Ok((0..k)
        .map(|i| quyu_math::sum_by(k, |j| inverse[i * k + j] * right[j]))
        .collect())
}

/// What both models have found, in the units of the regression.
struct Estimates {
    beta: Vec<f64>,
    spatial: f64,
    /// Standard errors: of the spatial parameter, then of β.
    errors: Vec<f64>,
    residuals: Vec<f64>,
    square: f64,
}

impl Estimates {
    fn finish(
        self,
        regression: &Regression,
        log_determinant: f64,
        impacts: Vec<Impact>,
    ) -> Result<SpatialRegression, Error> {
        let log_likelihood = regression.log_likelihood(self.square, log_determinant);
        let log_likelihood_linear = regression.log_likelihood(regression.square, 0.0);
        let unit = regression.unit_of_y;
        let betas = self.beta.iter().zip(&self.errors[1..]).zip(&regression.units);
        let fit = SpatialRegression {
            coefficients: betas
                .map(|((b, e), unit)| coefficient(b * unit, e * unit))
                .collect(),
            spatial: coefficient(self.spatial, self.errors[0]),
            variance: self.square / regression.n as f64 * unit * unit,
            log_likelihood,
            log_likelihood_linear,
            likelihood_ratio: ChiSquareTest::new(
                "a likelihood ratio",
                (2.0 * (log_likelihood - log_likelihood_linear)).max(0.0),
                1,
            )?,
            aic: 2.0 * (regression.k as f64 + 2.0 - log_likelihood),
            residuals: self.residuals.iter().map(|e| e * unit).collect(),
            impacts,
        };
        let numbers = fit.coefficients.iter().chain([&fit.spatial]);
        let mut numbers: Vec<f64> = numbers.flat_map(|c| [c.estimate, c.std_error, c.z]).collect();
        numbers.extend([fit.variance, fit.log_likelihood, fit.aic]);
        numbers.extend(fit.impacts.iter().flat_map(|i| [i.direct, i.indirect, i.total]));
        check::in_range("a number of the regression", &numbers)?;
        check::in_range("a residual", &fit.residuals)?;
        Ok(fit)
    }
}

fn coefficient(estimate: f64, std_error: f64) -> Coefficient {
    let z = estimate / std_error;
    Coefficient {
        estimate,
        std_error,
        z,
        p: Tails::normal(z),
    }
}
