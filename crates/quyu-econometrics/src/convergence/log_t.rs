//! The log t regression of Phillips and Sul.

use crate::{Error, Matrix, check};
use quyu_math::{cos, ln, normal_cdf, pow, sin, sqrt, sum, sum_by};
use std::f64::consts::PI;

/// How many of the first periods are left out of the regression.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Trim {
    /// The rule of Phillips & Sul: r = 0.3 for up to 50 periods, 0.2 from 100 on, linear between.
    #[default]
    PhillipsSul,
    /// r itself: the package ConvergenceClubs has 1/3.
    Fraction(f64),
}

/// Options of [`log_t`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LogTOptions {
    /// The periods left out.
    pub trim: Trim,
}

/// A log t regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogT {
    /// Slope on ln t: twice the speed; 2 or more is convergence of levels, 0 to 2 of growth rates.
    pub slope: f64,
    /// The constant.
    pub constant: f64,
    /// Standard error of the slope, robust to serial correlation.
    pub std_error: f64,
    /// slope / standard error: below -1.65 convergence is rejected at 5 %.
    pub t: f64,
    /// Probability of a t as low as this if regions converge: the lower tail of the normal distribution.
    pub p_value: f64,
    /// Number of the first period in the regression, from 1.
    pub first: usize,
}

/// Do all regions converge? The regression of Phillips and Sul.
///
/// With h_it = x_it / mean_i x_it and H_t = mean_i (h_it - 1)², least squares of ln(H_1 / H_t) - 2 ln(ln t) on a constant and ln t,
/// for t = t0 to T, t0 = round(r T) + 1 (halves to even). The standard error is sqrt(w / Σ (ln t - mean)²) with w the long-run
/// variance of the residuals e_1 ... e_m by the quadratic spectral kernel with the fixed bandwidth
/// 1.3221 (m 4 ρ² / (1 - ρ)⁴)^(1/5), ρ the first-order autocorrelation; as in the package ConvergenceClubs the products of
/// w leave out the last residual, and their sum is over m - 1. One-sided: H0 is convergence.
///
/// `panel` are regions by periods, usually trends of logarithms ([`hp_filter`](super::hp_filter)); values are relative, so they must not be
/// negative.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two regions, or fewer than five periods in the regression; [`Error::NotFinite`],
/// [`Error::Negative`]; [`Error::Domain`] for r outside 0 to 1; [`Error::Undefined`] if regions are all equal, or all zero, in a period,
/// or the fit is perfect.
///
/// # References
/// Phillips & Sul 2007, Econometrica 75:1771-1855; 2009, Journal of Applied Econometrics 24:1153-1185. Andrews 1991, Econometrica
/// 59:817-858.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{LogTOptions, log_t}};
/// let series = |start: f64| (0..20).map(move |t| 10.0 + start * (0.8f64).powi(t) + 0.01 * f64::from(t % 3));
/// let cells: Vec<f64> = [-3.0, 1.0, 2.0].into_iter().flat_map(series).collect();
/// let fit = log_t(Matrix::new(&cells, 3, 20)?, &LogTOptions::default())?;
/// assert!(fit.t > 1.65 && fit.first == 7);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn log_t(panel: Matrix<'_>, options: &LogTOptions) -> Result<LogT, Error> {
    let panel = Scaled::of(panel)?;
    let axis = Axis::new(panel.periods, options)?;
    let members: Vec<usize> = (0..panel.regions).collect();
    check::at_least("panel", members.len(), 2)?;
    let spread = Pool::of(&panel, &members).spread().ok_or(Error::Undefined {
        reason: "all regions are zero in a period",
    })?;
    match axis.fit(&spread) {
        Verdict::Fit(fit) => Ok(fit),
        Verdict::Converged | Verdict::Diverged => Err(Error::Undefined {
            reason: "regions are equal in a period, or the fit is perfect",
        }),
    }
}

/// The panel divided by a power of two, so that squares are doubles; every statistic here is relative.
pub(super) struct Scaled {
    cells: Vec<f64>,
    pub(super) regions: usize,
    pub(super) periods: usize,
}

impl Scaled {
    pub(super) fn of(panel: Matrix<'_>) -> Result<Self, Error> {
        check::non_negative("panel", panel.data())?;
        let scale = crate::regression::power_of_two(panel.data());
        Ok(Self {
            cells: panel.data().iter().map(|v| v * scale).collect(),
            regions: panel.rows(),
            periods: panel.cols(),
        })
    }

    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.cells[i * self.periods..(i + 1) * self.periods]
    }
}

/// Mean and sum of squared deviations of a set of regions in each period, which grow with the set (Welford 1962).
#[derive(Clone)]
pub(super) struct Pool {
    n: f64,
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Pool {
    pub(super) fn of(panel: &Scaled, members: &[usize]) -> Self {
        let mut pool = Self {
            n: 0.0,
            mean: vec![0.0; panel.periods],
            square: vec![0.0; panel.periods],
        };
        members.iter().for_each(|i| pool.add(panel.row(*i)));
        pool
    }

    pub(super) fn add(&mut self, row: &[f64]) {
        self.n += 1.0;
        for ((x, mean), square) in row.iter().zip(&mut self.mean).zip(&mut self.square) {
            let away = x - *mean;
            *mean += away / self.n;
            *square += away * (x - *mean);
        }
    }

    /// H_t of the set; none where all are zero in a period.
    pub(super) fn spread(&self) -> Option<Vec<f64>> {
        let relative = |(mean, square): (&f64, &f64)| square / self.n / mean / mean;
        let spread: Vec<f64> = self.mean.iter().zip(&self.square).map(relative).collect();
        self.mean.iter().all(|m| *m > 0.0).then_some(spread)
    }

    /// H_t of the set and one more region.
    pub(super) fn spread_with(&self, row: &[f64]) -> Option<Vec<f64>> {
        let mut pool = self.clone();
        pool.add(row);
        pool.spread()
    }
}

/// What a set of regions does.
pub(super) enum Verdict {
    Fit(LogT),
    /// Equal in the last period, or a perfect fit with a slope that is not negative.
    Converged,
    Diverged,
}

impl Verdict {
    pub(super) fn t(&self) -> f64 {
        match self {
            Self::Fit(fit) => fit.t,
            Self::Converged => f64::INFINITY,
            Self::Diverged => f64::NEG_INFINITY,
        }
    }
}

/// The regressor, which all sets share.
pub(super) struct Axis {
    first: usize,
    /// ln t less its mean.
    x: Vec<f64>,
    mean: f64,
    square: f64,
    /// 2 ln(ln t).
    penalty: Vec<f64>,
}

impl Axis {
    pub(super) fn new(periods: usize, options: &LogTOptions) -> Result<Self, Error> {
        let t = periods as f64;
        let r = match options.trim {
            Trim::Fraction(r) => r,
            Trim::PhillipsSul => (0.3 - 0.1 * (t - 50.0) / 50.0).clamp(0.2, 0.3),
        };
        check::between("r", r, (0.0, 1.0), "0 to 1")?;
        // ln(ln 1) does not exist.
        let first = ((r * t).round_ties_even() as usize + 1).max(2);
        check::at_least("periods", (periods + 1).saturating_sub(first), 5)?;
        let logs: Vec<f64> = (first..=periods).map(|t| ln(t as f64)).collect();
        let mean = sum(&logs) / logs.len() as f64;
        let x: Vec<f64> = logs.iter().map(|l| l - mean).collect();
        Ok(Self {
            first,
            square: sum_by(x.len(), |i| x[i] * x[i]),
            penalty: logs.iter().map(|l| 2.0 * ln(*l)).collect(),
            x,
            mean,
        })
    }

    pub(super) fn fit(&self, spread: &[f64]) -> Verdict {
        let window = &spread[self.first - 1..];
        if spread[0] <= 0.0 || window.iter().any(|h| *h <= 0.0) {
            let last = window.last().is_some_and(|h| *h <= 0.0);
            return if last {
                Verdict::Converged
            } else {
                Verdict::Diverged
            };
        }
        let y: Vec<f64> = window
            .iter()
            .zip(&self.penalty)
            .map(|(h, p)| ln(spread[0] / h) - p)
            .collect();
        let m = y.len();
        let centre = sum(&y) / m as f64;
        let slope = sum_by(m, |i| self.x[i] * (y[i] - centre)) / self.square;
        let e: Vec<f64> = (0..m).map(|i| y[i] - centre - slope * self.x[i]).collect();
        let std_error = sqrt(long_run_variance(&e) / self.square);
        let t = slope / std_error;
        if !t.is_finite() {
            return if slope >= 0.0 {
                Verdict::Converged
            } else {
                Verdict::Diverged
            };
        }
        Verdict::Fit(LogT {
            slope,
            constant: centre - slope * self.mean,
            std_error,
            t,
            p_value: normal_cdf(t),
            first: self.first,
        })
    }
}

/// The quadratic spectral estimate with the fixed bandwidth: all squares, and the products without the last residual.
fn long_run_variance(e: &[f64]) -> f64 {
    let m = e.len();
    let near = sum_by(m - 1, |j| e[j] * e[j]);
    let rho = sum_by(m - 1, |j| e[j] * e[j + 1]) / near;
    let rest = (1.0 - rho) * (1.0 - rho);
    let bandwidth = 1.3221 * pow(4.0 * rho * rho / (rest * rest) * m as f64, 0.2);
    let far = sum_by(m - 2, |l| {
        let lag = l + 1;
        let z = 1.2 * PI * lag as f64 / bandwidth;
        // A bandwidth of zero keeps no lag; a very large one keeps all.
        let weight = match z {
            z if z > 1e8 => 0.0,
            z if z < 1e-4 => 1.0 - z * z / 10.0,
            z => 3.0 / (z * z) * (sin(z) / z - cos(z)),
        };
        weight * sum_by(m - 1 - lag, |j| e[j] * e[j + lag])
    });
    (near + e[m - 1] * e[m - 1] + 2.0 * far) / (m as f64 - 1.0)
}
