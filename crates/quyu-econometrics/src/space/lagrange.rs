//! Lagrange multiplier tests: whether a regression needs a spatial lag or spatial errors.

use super::regression::Regression;
use super::weights::Weights;
use crate::regression::ChiSquareTest;
use crate::{Error, Matrix, check};
use quyu_math::dot;

/// Lagrange multiplier tests of a linear regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LagrangeTests {
    /// No spatial lag, if there are no spatial errors.
    pub lag: ChiSquareTest,
    /// No spatial errors, if there is no spatial lag.
    pub error: ChiSquareTest,
    /// No spatial lag, whether or not there are spatial errors. None where the two cannot be told apart.
    pub robust_lag: Option<ChiSquareTest>,
    /// No spatial errors, whether or not there is a spatial lag. None where the two cannot be told apart.
    pub robust_error: Option<ChiSquareTest>,
    /// Neither (two degrees of freedom). None where the two cannot be told apart.
    pub both: Option<ChiSquareTest>,
}

/// What the tests advise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpatialModel {
    /// The linear regression as it is.
    Linear,
    /// [`spatial_lag`](super::spatial_lag).
    Lag,
    /// [`spatial_error`](super::spatial_error).
    Error,
}

impl LagrangeTests {
    /// The decision rule of Anselin (2005): no test of `lag` and `error` significant at `level`: linear; one of them: that one; both: the
    /// one whose robust test has the smaller p-value (without robust tests, whose own has).
    pub fn choice(&self, level: f64) -> SpatialModel {
        let smaller = |lag: f64, error: f64| match lag <= error {
            true => SpatialModel::Lag,
            false => SpatialModel::Error,
        };
        match (self.lag.p_value <= level, self.error.p_value <= level) {
            (false, false) => SpatialModel::Linear,
            (true, false) => SpatialModel::Lag,
            (false, true) => SpatialModel::Error,
            (true, true) => match (self.robust_lag, self.robust_error) {
                (Some(lag), Some(error)) if lag.p_value != error.p_value => {
                    smaller(lag.p_value, error.p_value)
                }
                // P-values too small to differ are compared by their statistics.
                (Some(lag), Some(error)) => smaller(-lag.statistic, -error.statistic),
                _ => smaller(-self.lag.statistic, -self.error.statistic),
            },
        }
    }
}

/// Lagrange multiplier tests of the regression of y on a constant and the columns of x.
///
/// With residuals e, `σ² = e'e / n`, `T = tr(W'W + W²)`, `M = I - X (X'X)⁻¹ X'`, b the coefficients and
/// `J = [(W X b)' M (W X b) + T σ²] / σ²`:
///
/// ```text
/// error         (e'We / σ²)² / T
/// lag           (e'Wy / σ²)² / J
/// robust error  (e'We / σ² - (T / J) e'Wy / σ²)² / (T (1 - T / J))
/// robust lag    (e'Wy / σ² - e'We / σ²)² / (J - T)
/// both          robust lag + error
/// ```
///
/// Chi-square with one degree of freedom, `both` with two. They need the linear regression alone. Usually with row-standardised weights;
/// islands stay, with a lag of zero.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`]; [`Error::TooFew`] below two units more than coefficients; [`Error::Singular`] for regressors that
/// depend on each other or are constant; [`Error::Undefined`] for a map without links, or if there are no residuals;
/// [`Error::Range`].
///
/// # References
/// Anselin 1988, Geographical Analysis 20:1-17. Anselin, Bera, Florax & Yoon 1996, Regional Science and Urban Economics 26:77-104.
/// Anselin 2005, Exploring Spatial Data with GeoDa (the decision rule).
///
/// ```
/// use quyu_econometrics::{Matrix, space::{lagrange_tests, SpatialModel, Style, Weights}};
/// let ring: Vec<_> = (0..12).map(|i| (i, (i + 1) % 12)).collect();
/// let w = Weights::contiguity(12, &ring)?.styled(Style::Row)?;
/// let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0];
/// // Residuals that alternate: neighbours push each other apart.
/// let y: Vec<f64> = x.iter().enumerate().map(|(i, x)| 2.0 * x + if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
/// let tests = lagrange_tests(&y, Matrix::new(&x, 12, 1)?, &w)?;
/// assert!(tests.error.p_value < 0.01);
/// assert_eq!(tests.choice(0.05), SpatialModel::Error);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn lagrange_tests(y: &[f64], x: Matrix<'_>, weights: &Weights) -> Result<LagrangeTests, Error> {
    let regression = Regression::new(y, x, weights)?;
    let variance = regression.square / regression.n as f64;
    let e = &regression.residuals;
    let of_error = dot(e, &weights.lag_of(e)) / variance;
    let of_lag = dot(e, &weights.lag_of(&regression.y)) / variance;
    let trace = trace(weights);
    let fitted = weights.lag_of(&regression.fitted(&regression.coefficients));
    let (_, rest) = regression.of(&fitted)?;
    let explained = dot(&rest, &rest) / variance;
    let information = explained + trace;
    check::in_range(
        "a Lagrange multiplier",
        &[of_error, of_lag, information, 1.0 / trace],
    )?;
    let error = of_error * of_error / trace;
    // J - T and 1 - T/J are what the lag of the fit adds: nothing where the regressors do not vary next door.
    let apart = explained > 1e-12 * information;
    let robust_lag = (of_lag - of_error) * (of_lag - of_error) / explained;
    let share = trace / information;
    let gap = of_error - share * of_lag;
    let robust_error = gap * gap / (trace * (explained / information));
    let all = [error, of_lag * of_lag / information];
    check::in_range("a Lagrange multiplier", &all)?;
    let test = |statistic: f64, df| ChiSquareTest::new("a Lagrange multiplier", statistic, df);
    let robust = |statistic: f64, df| match apart && statistic.is_finite() {
        true => test(statistic, df).map(Some),
        false => Ok(None),
    };
    Ok(LagrangeTests {
        lag: test(all[1], 1)?,
        error: test(error, 1)?,
        robust_lag: robust(robust_lag, 1)?,
        robust_error: robust(robust_error, 1)?,
        both: robust(robust_lag + error, 2)?,
    })
}

/// `tr(W'W + W²) = Σ_ij (w_ij² + w_ij w_ji)`.
fn trace(weights: &Weights) -> f64 {
    let back = weights.transposed();
    quyu_math::sum_by(weights.units(), |i| {
        let squares: f64 = weights.neighbours(i).map(|(_, w)| w * w).sum();
        let mutual: f64 = weights.neighbours(i).map(|(j, w)| w * back.weight(i, j)).sum();
        squares + mutual
    })
}
