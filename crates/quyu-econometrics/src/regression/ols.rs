//! Ordinary least squares.

use super::coefficient::{ChiSquareTest, FTest};
use super::covariance::{Covariance, Inference, middle};
use super::design::{Design, power_of_two};
use crate::{Error, Matrix, check};
use quyu_math::{dot, ln, sqrt, sum, sum_by};
use std::f64::consts::TAU;

/// Options of [`ols`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OlsOptions {
    /// Whether a constant stands before the columns of x; yes by default.
    pub constant: bool,
}

impl Default for OlsOptions {
    fn default() -> Self {
        Self { constant: true }
    }
}

/// A least-squares regression.
#[derive(Debug, Clone)]
pub struct Ols {
    /// The coefficients: the constant first if there is one, then the columns of x.
    pub coefficients: Vec<f64>,
    /// y minus what the regression says, one a unit.
    pub residuals: Vec<f64>,
    /// Weight of each unit's own y in its fitted value, 0 to 1; they add up to the number of coefficients.
    pub leverages: Vec<f64>,
    /// Number of units.
    pub n: usize,
    /// Number of coefficients.
    pub k: usize,
    /// Sum of squared residuals.
    pub rss: f64,
    /// Sum of squares of y, around its mean if there is a constant.
    pub tss: f64,
    constant: bool,
    design: Design,
}

/// Least squares of y on a constant and the columns of x: the coefficients that minimise the sum of squared residuals.
///
/// `x` has a row for each unit and a column for each regressor, without the constant. Computed by Householder
/// reflections, so that regressors far from zero lose no digits. At least one degree of freedom must be left.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::TooFew`] for no more units than coefficients,
/// [`Error::Singular`] if a column follows from others, [`Error::Range`].
///
/// # References
/// White 1980, Econometrica 48:817-838. MacKinnon & White 1985, Journal of Econometrics 29:305-325. Cameron & Miller 2015,
/// Journal of Human Resources 50:317-372. Golub 1965, Numerische Mathematik 7:206-216.
///
/// ```
/// use quyu_econometrics::{Matrix, regression::{Covariance, OlsOptions, ols}};
/// let y = [1.0, 3.0, 2.0, 5.0];
/// let x = Matrix::new(&[0.0, 1.0, 2.0, 3.0], 4, 1)?;
/// let fit = ols(&y, x, &OlsOptions::default())?;
/// assert!((fit.coefficients[1] - 1.1).abs() < 1e-14);
/// let robust = fit.inference(Covariance::Hc1)?;
/// assert!(robust.coefficients[1].p_value().is_some_and(|p| p < 0.1));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn ols(y: &[f64], x: Matrix<'_>, options: &OlsOptions) -> Result<Ols, Error> {
    check::not_empty("y", y)?;
    check::finite("y", y)?;
    check::length("x", x.rows(), y.len())?;
    Ols::of(y, Design::of_table(x, options.constant)?, options.constant)
}

impl Ols {
    pub(crate) fn of(y: &[f64], design: Design, constant: bool) -> Result<Self, Error> {
        let found = design.project(y);
        check::in_range("a coefficient", &found.coefficients)?;
        check::in_range("a residual", &found.residuals)?;
        let mean = if constant { sum(y) / y.len() as f64 } else { 0.0 };
        let tss = sum_by(y.len(), |i| (y[i] - mean) * (y[i] - mean));
        let rss = dot(&found.residuals, &found.residuals);
        check::in_range("a sum of squares", &[tss, rss])?;
        Ok(Self {
            leverages: (0..design.n).map(|i| dot(design.row(i), design.row(i))).collect(),
            coefficients: found.coefficients,
            residuals: found.residuals,
            n: design.n,
            k: design.k,
            rss,
            tss,
            constant,
            design,
        })
    }

    /// Units less coefficients.
    pub fn df(&self) -> usize {
        self.n - self.k
    }

    /// s² = rss / (n - k).
    pub fn variance(&self) -> f64 {
        self.rss / self.df() as f64
    }

    /// R² = 1 - rss / tss; none where y does not vary.
    pub fn r_squared(&self) -> Option<f64> {
        (self.tss > 0.0).then(|| (1.0 - self.rss / self.tss).clamp(0.0, 1.0))
    }

    /// 1 - (1 - R²) (n - 1) / (n - k), with n in place of n - 1 if there is no constant.
    pub fn adjusted_r_squared(&self) -> Option<f64> {
        let n = (self.n - usize::from(self.constant)) as f64;
        self.r_squared().map(|r2| 1.0 - (1.0 - r2) * n / self.df() as f64)
    }

    /// Logarithm of the likelihood for normal errors, -(n/2) (ln 2π + ln(rss / n) + 1); none for a perfect fit.
    pub fn log_likelihood(&self) -> Option<f64> {
        let n = self.n as f64;
        (self.rss > 0.0).then(|| -0.5 * n * (ln(TAU) + ln(self.rss / n) + 1.0))
    }

    /// Akaike's criterion -2 ln L + 2 k; the variance is not counted.
    pub fn aic(&self) -> Option<f64> {
        self.log_likelihood().map(|l| -2.0 * l + 2.0 * self.k as f64)
    }

    /// Schwarz's criterion -2 ln L + k ln n; the variance is not counted.
    pub fn bic(&self) -> Option<f64> {
        self.log_likelihood()
            .map(|l| -2.0 * l + self.k as f64 * ln(self.n as f64))
    }

    /// Standard errors by the covariance named.
    ///
    /// # Errors
    /// [`Error::Length`] if the labels of groups are not one a unit; [`Error::TooFew`] for fewer than two groups;
    /// [`Error::Undefined`] for HC2 and HC3 where a unit has a leverage of one; [`Error::Range`].
    pub fn inference(&self, covariance: Covariance<'_>) -> Result<Inference, Error> {
        let (middle, df) = middle(&self.design, &self.residuals, covariance)?;
        Inference::new(&self.coefficients, &self.design, &middle, df)
    }

    /// The test that all coefficients but the constant are zero, with equal variances: F with k - 1 and n - k degrees of
    /// freedom.
    ///
    /// # Errors
    /// [`Error::Undefined`] for a perfect fit or where there is nothing but a constant; [`Error::Range`].
    pub fn f_test(&self) -> Result<FTest, Error> {
        let q = self.k - usize::from(self.constant);
        if q == 0 || self.rss == 0.0 {
            return Err(Error::Undefined {
                reason: "there is nothing to test, or the fit is perfect",
            });
        }
        let explained = (self.tss - self.rss).max(0.0) / q as f64;
        FTest::new(
            "an F statistic",
            explained / self.variance(),
            (q as f64, self.df() as f64),
        )
    }

    /// The test of Breusch & Pagan in the form of Koenker: n R² of the regression of the squared residuals on the same
    /// regressors, chi-square with k - 1 degrees of freedom if the variance does not depend on them.
    ///
    /// # Errors
    /// [`Error::Undefined`] without a constant, or where the squared residuals do not vary; [`Error::Range`].
    ///
    /// # References
    /// Breusch & Pagan 1979, Econometrica 47:1287-1294. Koenker 1981, Journal of Econometrics 17:107-112.
    pub fn breusch_pagan(&self) -> Result<ChiSquareTest, Error> {
        let scale = power_of_two(&self.residuals);
        let squares: Vec<f64> = self.residuals.iter().map(|e| (e * scale) * (e * scale)).collect();
        let mean = sum(&squares) / self.n as f64;
        let total = sum_by(self.n, |i| (squares[i] - mean) * (squares[i] - mean));
        if !self.constant || total <= f64::EPSILON * f64::EPSILON * mean * mean {
            return Err(Error::Undefined {
                reason: "the test needs a constant, and squared residuals that vary",
            });
        }
        let left = self.design.project(&squares).residuals;
        let share = (1.0 - dot(&left, &left) / total).clamp(0.0, 1.0);
        ChiSquareTest::new("a statistic", self.n as f64 * share, self.k - 1)
    }
}

/// Coefficients of y on a constant and the columns of x, the constant first. `w` are weights of the squares.
pub(crate) fn with_constant(y: &[f64], x: Matrix<'_>, w: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    check::at_least("y", x.rows(), x.cols() + 1)?;
    let root = |i: usize| w.map_or(1.0, |w| sqrt(w[i]));
    let column = |j: usize| {
        (0..x.rows())
            .map(|i| root(i) * if j == 0 { 1.0 } else { x.at(i, j - 1) })
            .collect()
    };
    let columns: Vec<Vec<f64>> = (0..=x.cols()).map(column).collect();
    let target: Vec<f64> = (0..x.rows()).map(|i| root(i) * y[i]).collect();
    Ok(Design::of(columns, "x")?.project(&target).coefficients)
}
