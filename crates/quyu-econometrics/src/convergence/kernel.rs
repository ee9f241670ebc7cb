//! Kernel densities: the distribution of regions, and how it moves.

use super::markov::linear_quantile;
use crate::{Error, check, parallel};
use quyu_math::{exp, pow, sqrt, sum, sum_by};
use std::f64::consts::TAU;

/// The bandwidth of a kernel density.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Bandwidth {
    /// Scott 1992: sd n^(-1/5), sd with n - 1; the default of scipy.
    #[default]
    Scott,
    /// Silverman 1986, eq. 3.31: 0.9 min(sd, IQR / 1.34) n^(-1/5); the default of R's `density`. The IQR counts only where it
    /// is positive.
    Nrd0,
    /// This bandwidth.
    Given(f64),
}

/// The bandwidth for a sample.
///
/// In the unit of x; the formulas stand at [`Bandwidth`].
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values; [`Error::NotFinite`]; [`Error::Undefined`] if all are equal; [`Error::Domain`] for a given
/// one that is not positive; [`Error::Range`].
///
/// # References
/// Scott 1992, Multivariate Density Estimation, ch. 6. Silverman 1986, Density Estimation for Statistics and Data Analysis, ch. 3.
///
/// ```
/// use quyu_econometrics::convergence::{Bandwidth, bandwidth};
/// let h = bandwidth(&[1.0, 2.0, 3.0], Bandwidth::Scott)?;
/// assert!((h - 3.0f64.powf(-0.2)).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bandwidth(x: &[f64], rule: Bandwidth) -> Result<f64, Error> {
    check::at_least("x", x.len(), 2)?;
    check::finite("x", x)?;
    if let Bandwidth::Given(h) = rule {
        return match h > 0.0 && h.is_finite() {
            true => Ok(h),
            false => Err(Error::Domain {
                option: "bandwidth",
                value: h,
                domain: "above 0",
            }),
        };
    }
    let sd = sqrt(covariance(x, x)?);
    if sd == 0.0 {
        return Err(Error::Undefined {
            reason: "all values are equal, so that there is no bandwidth",
        });
    }
    let spread = match rule {
        Bandwidth::Nrd0 => {
            let range = linear_quantile(x, 0.75) - linear_quantile(x, 0.25);
            0.9 * if range > 0.0 { sd.min(range / 1.34) } else { sd }
        }
        _ => sd,
    };
    check::result("a bandwidth", spread * pow(x.len() as f64, -0.2))
}

/// With n - 1.
fn covariance(x: &[f64], y: &[f64]) -> Result<f64, Error> {
    let n = x.len() as f64;
    let (mx, my) = (sum(x) / n, sum(y) / n);
    check::result(
        "a covariance",
        sum_by(x.len(), |i| (x[i] - mx) * (y[i] - my)) / (n - 1.0),
    )
}

/// A kernel density at points.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// The bandwidth used.
    pub bandwidth: f64,
    /// The density at each point, per unit of x.
    pub density: Vec<f64>,
}

/// The density of x at points: (1 / (n h)) Σ φ((p - x_i) / h) with the normal kernel φ.
///
/// Divide incomes by their mean first to compare years.
///
/// # Errors
/// As [`bandwidth`]; [`Error::NotFinite`] for a point; [`Error::Range`].
///
/// # References
/// Scott 1992, Multivariate Density Estimation, Wiley. Silverman 1986, Density Estimation. Quah 1997, Journal of Economic Growth 2:27-59.
///
/// ```
/// use quyu_econometrics::convergence::{Bandwidth, density};
/// let d = density(&[0.0, 0.0, 1.0], &[0.0, 5.0], Bandwidth::Given(1.0))?;
/// assert!(d.density[0] > 0.3 && d.density[1] < 1e-4);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn density(x: &[f64], points: &[f64], rule: Bandwidth) -> Result<Density, Error> {
    check::finite("points", points)?;
    let h = bandwidth(x, rule)?;
    let at = |p: f64| sum_by(x.len(), |i| kernel((p - x[i]) / h)) / x.len() as f64 / h;
    let density: Vec<f64> = parallel::map(points.len(), 16, |i| at(points[i]));
    check::in_range("a density", &density)?;
    Ok(Density {
        bandwidth: h,
        density,
    })
}

fn kernel(z: f64) -> f64 {
    exp(-0.5 * z * z) / sqrt(TAU)
}

/// By what the joint density is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelMarginal {
    /// The density of the first period with its own (smaller) bandwidth, as two calls of scipy give it; a row does not integrate
    /// to exactly one.
    #[default]
    Own,
    /// The integral of the joint density over the last period: each row integrates to one.
    Joint,
}

/// A stochastic kernel on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct StochasticKernel {
    /// f(x0, x1), row-major: a row for each point of the first period.
    pub joint: Vec<f64>,
    /// f(x0).
    pub marginal: Vec<f64>,
    /// f(x1 | x0) = f(x0, x1) / f(x0), row-major; none where no region is near x0, so that f(x0) is zero to the last digit.
    pub conditional: Vec<Option<f64>>,
}

/// Where do regions go that are at x0 now? The conditional density of the last period given the first.
///
/// The joint density has a normal kernel with the bandwidth matrix n^(-1/3) S, S the covariance of the two periods with n - 1 (Scott 1992).
/// Mass along the diagonal is persistence, mass along a horizontal line convergence.
///
/// # Errors
/// [`Error::TooFew`] below three regions; [`Error::Length`], [`Error::NotFinite`], [`Error::Empty`] for grids; [`Error::Singular`] where one
/// period is a line of the other; [`Error::Range`].
///
/// # References
/// Quah 1997, Journal of Economic Growth 2:27-59. Magrini 2009, in Capello & Nijkamp (eds), Handbook of Regional Growth and Development Theories.
///
/// ```
/// use quyu_econometrics::convergence::{KernelMarginal, stochastic_kernel};
/// let (before, after) = ([0.5, 0.8, 1.0, 1.2, 1.5], [0.7, 0.8, 1.1, 1.1, 1.3]);
/// let k = stochastic_kernel(&before, &after, &[0.5, 1.5], &[0.7, 1.3], KernelMarginal::Joint)?;
/// assert!(k.conditional[0] > k.conditional[1]); // who was poor is more likely poor than rich
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn stochastic_kernel(
    first: &[f64],
    last: &[f64],
    grid_first: &[f64],
    grid_last: &[f64],
    marginal: KernelMarginal,
) -> Result<StochasticKernel, Error> {
    check::at_least("first", first.len(), 3)?;
    check::length("last", last.len(), first.len())?;
    check::finite("first", first)?;
    check::finite("last", last)?;
    for (name, grid) in [("grid_first", grid_first), ("grid_last", grid_last)] {
        check::not_empty(name, grid)?;
        check::finite(name, grid)?;
    }
    let n = first.len() as f64;
    let (sd0, sd1) = (sqrt(covariance(first, first)?), sqrt(covariance(last, last)?));
    // Standardised, the bandwidth matrix has the correlation alone.
    let scaled = |x: &[f64], sd: f64| -> Vec<f64> { x.iter().map(|v| v / sd).collect() };
    let (a, b) = (scaled(first, sd0), scaled(last, sd1));
    let r = covariance(&a, &b).unwrap_or(f64::NAN);
    let rest = 1.0 - r * r;
    if rest.is_nan() || rest <= 1e-12 {
        return Err(Error::Singular { argument: "last" });
    }
    let h = pow(n, -1.0 / 6.0);
    let (p0, p1) = (scaled(grid_first, sd0), scaled(grid_last, sd1));
    let factor = 1.0 / (n * TAU * h * h * sqrt(rest)) / sd0 / sd1;
    let row = |p: &f64| -> Vec<f64> {
        let at = |q: &f64| {
            factor
                * sum_by(a.len(), |i| {
                    let (u, v) = ((p - a[i]) / h, (q - b[i]) / h);
                    exp(-0.5 * (u * u - 2.0 * r * u * v + v * v) / rest)
                })
        };
        p1.iter().map(at).collect()
    };
    let joint: Vec<f64> = parallel::map(p0.len(), 1, |i| row(&p0[i])).concat();
    let own = match marginal {
        KernelMarginal::Own => Bandwidth::Scott,
        KernelMarginal::Joint => Bandwidth::Given(h * sd0),
    };
    let marginal = density(first, grid_first, own)?.density;
    check::in_range("a joint density", &joint)?;
    let conditional = joint
        .iter()
        .enumerate()
        .map(|(c, f)| Some(f / marginal[c / grid_last.len()]).filter(|q| q.is_finite()))
        .collect();
    Ok(StochasticKernel {
        joint,
        marginal,
        conditional,
    })
}
