//! The linear regression that spatial models start from: checked, scaled, and with what the tests need.

use super::sample::{scaled, unit};
use super::weights::Weights;
use crate::regression::with_constant;
use crate::{Error, Matrix, check};
use quyu_math::{dot, ln, sum_by};

/// y and the columns of x in units of their own, a constant first.
pub(super) struct Regression {
    pub(super) y: Vec<f64>,
    /// Regressors without the constant, row-major.
    pub(super) x: Vec<f64>,
    pub(super) n: usize,
    /// Number of coefficients, the constant among them.
    pub(super) k: usize,
    pub(super) unit_of_y: f64,
    /// Units of the coefficients: `unit_of_y` over the unit of the column.
    pub(super) units: Vec<f64>,
    /// Residuals of y.
    pub(super) residuals: Vec<f64>,
    pub(super) coefficients: Vec<f64>,
    /// Sum of squared residuals.
    pub(super) square: f64,
}

impl Regression {
    pub(super) fn new(y: &[f64], x: Matrix<'_>, weights: &Weights) -> Result<Self, Error> {
        check::length("y", y.len(), weights.units())?;
        check::length("x", x.rows(), y.len())?;
        check::finite("y", y)?;
        check::finite("x", x.data())?;
        check::at_least("y", y.len(), x.cols() + 3)?;
        if weights.links() == 0 {
            return Err(Error::Undefined {
                reason: "no unit has a neighbour",
            });
        }
        let (n, cols) = (x.rows(), x.cols());
        let unit_of_y = unit(y);
        let column_units: Vec<f64> = (0..cols).map(|j| unit(&x.col(j))).collect();
        let units = std::iter::once(unit_of_y)
            .chain(column_units.iter().map(|u| unit_of_y / u))
            .collect();
        let y = scaled(y, unit_of_y);
        let x: Vec<f64> = (0..n * cols)
            .map(|c| x.data()[c] / column_units[c % cols])
            .collect();
        let mut regression = Self {
            residuals: Vec::new(),
            coefficients: Vec::new(),
            square: 0.0,
            y,
            x,
            n,
            k: cols + 1,
            unit_of_y,
            units,
        };
        regression.coefficients = with_constant(&regression.y, regression.matrix(), None)?;
        regression.residuals = regression.rest(&regression.y, &regression.coefficients);
        regression.square = dot(&regression.residuals, &regression.residuals);
        // Residuals that are nothing but rounding leave no variance to explain.
        if regression.square <= 1e-24 * dot(&regression.y, &regression.y) {
            return Err(Error::Undefined {
                reason: "the regressors explain y without a residual",
            });
        }
        Ok(regression)
    }

    pub(super) fn matrix(&self) -> Matrix<'_> {
        Matrix::of(&self.x, self.n, self.k - 1)
    }

    /// `Xβ`.
    pub(super) fn fitted(&self, coefficients: &[f64]) -> Vec<f64> {
        let x = self.matrix();
        let slopes = &coefficients[1..];
        (0..self.n)
            .map(|i| coefficients[0] + sum_by(slopes.len(), |j| slopes[j] * x.at(i, j)))
            .collect()
    }

    /// `target - Xβ`.
    pub(super) fn rest(&self, target: &[f64], coefficients: &[f64]) -> Vec<f64> {
        let fitted = self.fitted(coefficients);
        target.iter().zip(fitted).map(|(t, f)| t - f).collect()
    }

    /// Coefficients and residuals of another variable on the same regressors.
    pub(super) fn of(&self, target: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let coefficients = with_constant(target, self.matrix(), None)?;
        let rest = self.rest(target, &coefficients);
        Ok((coefficients, rest))
    }

    /// Columns of X, the constant first.
    pub(super) fn columns(&self) -> Vec<Vec<f64>> {
        let x = self.matrix();
        std::iter::once(vec![1.0; self.n])
            .chain((0..self.k - 1).map(|j| x.col(j)))
            .collect()
    }

    /// The log-likelihood of normal errors with the best variance for these squares, in the unit of y.
    pub(super) fn log_likelihood(&self, square: f64, log_determinant: f64) -> f64 {
        let n = self.n as f64;
        let log_variance = ln(square / n) + 2.0 * ln(self.unit_of_y);
        log_determinant - 0.5 * n * (1.0 + ln(2.0 * std::f64::consts::PI) + log_variance)
    }
}
