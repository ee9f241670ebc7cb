//! Gaussian mixtures.

use super::partition;
use crate::cholesky::Cholesky;
use crate::{Error, Matrix, check};

/// The shape of the components' covariances, named as in mclust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covariance {
    /// One variance for all components and columns: balls of one size.
    Eii,
    /// One variance for each component: balls.
    Vii,
    /// One diagonal for all components.
    Eei,
    /// A diagonal for each component.
    Vvi,
    /// One full matrix for all components.
    Eee,
    /// A full matrix for each component.
    Vvv,
}

impl Covariance {
    fn shared(self) -> bool {
        matches!(self, Self::Eii | Self::Eei | Self::Eee)
    }

    /// Free parameters of the covariances of `k` components in `d` columns.
    fn parameters(self, k: usize, d: usize) -> usize {
        match self {
            Self::Eii => 1,
            Self::Vii => k,
            Self::Eei => d,
            Self::Vvi => k * d,
            Self::Eee => d * (d + 1) / 2,
            Self::Vvv => k * d * (d + 1) / 2,
        }
    }
}

/// Options of [`gaussian_mixture`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixtureOptions {
    /// Limit of iterations. Default 10,000.
    pub max_iterations: usize,
    /// Ends when the log-likelihood changes by less than this, relative to itself. Default 1e-12.
    pub tolerance: f64,
}

impl Default for MixtureOptions {
    fn default() -> Self {
        Self {
            max_iterations: 10_000,
            tolerance: 1e-12,
        }
    }
}

/// A fitted mixture. Components are in the order of the clusters they started from.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// The most probable component of each point.
    pub labels: Vec<usize>,
    /// Probability of each component for each point, row-major: points by components.
    pub probabilities: Vec<f64>,
    /// Mixing proportions.
    pub proportions: Vec<f64>,
    /// Mean of each component, row-major: components by columns.
    pub means: Vec<f64>,
    /// Log-likelihood at the end.
    pub log_likelihood: f64,
    /// Number of free parameters.
    pub parameters: usize,
    /// Bayesian information criterion `2 ln L - v ln n`: the larger the better (some packages write it with the
    /// other sign).
    pub bic: f64,
    /// Iterations made.
    pub iterations: usize,
}

/// Gaussian mixture by expectation-maximisation, from a partition.
///
/// Starts with the maximisation step on `start` (labels from 0 without a gap: of k-means, Ward, …), so that no
/// random number is needed; maximum likelihood estimates (divisor n), free mixing proportions. Compare models
/// and numbers of components by [`Mixture::bic`].
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`], [`Error::Undefined`] for labels with a gap;
/// [`Error::Singular`] if a covariance loses its rank, as with a component of too few points;
/// [`Error::NotConverged`]; [`Error::Range`].
///
/// # Reference
/// Fraley, C. & Raftery, A. E. (2002), Model-based clustering, discriminant analysis, and density estimation,
/// Journal of the American Statistical Association 97, 611-631.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Covariance, MixtureOptions, gaussian_mixture}};
/// let table = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
/// let start = [0, 0, 0, 1, 1, 1];
/// let fit = gaussian_mixture(Matrix::new(&table, 6, 1)?, &start, Covariance::Eii, &MixtureOptions::default())?;
/// assert_eq!(fit.labels, start);
/// assert!((fit.means[0] - 1.0).abs() < 1e-6);
/// assert_eq!(fit.parameters, 1 + 2 + 1); // a proportion, two means, a variance
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gaussian_mixture(
    table: Matrix<'_>,
    start: &[usize],
    covariance: Covariance,
    options: &MixtureOptions,
) -> Result<Mixture, Error> {
    check::finite("table", table.data())?;
    let k = partition::sizes(start, table.rows())?.len();
    let (n, d) = (table.rows(), table.cols());
    let mut probabilities: Vec<f64> = (0..n * k).map(|at| f64::from(start[at / k] == at % k)).collect();
    let mut last = f64::NEG_INFINITY;
    for iteration in 1..=options.max_iterations {
        let model = Model::fit(table, &probabilities, k, covariance)?;
        let log_likelihood = model.expect(table, &mut probabilities)?;
        if (log_likelihood - last).abs() <= options.tolerance * log_likelihood.abs() {
            let parameters = k - 1 + k * d + covariance.parameters(k, d);
            let most_probable =
                |row: &[f64]| (1..k).fold(0, |best, c| if row[c] > row[best] { c } else { best });
            return Ok(Mixture {
                labels: probabilities.chunks_exact(k).map(most_probable).collect(),
                bic: 2.0 * log_likelihood - parameters as f64 * quyu_math::ln(n as f64),
                probabilities,
                proportions: model.proportions,
                means: model.means,
                log_likelihood,
                parameters,
                iterations: iteration,
            });
        }
        last = log_likelihood;
    }
    Err(Error::NotConverged {
        algorithm: "Gaussian mixture",
        iterations: options.max_iterations,
    })
}

struct Model {
    proportions: Vec<f64>,
    means: Vec<f64>,
    factors: Vec<Cholesky>,
}

impl Model {
    /// The maximisation step.
    fn fit(
        table: Matrix<'_>,
        probabilities: &[f64],
        k: usize,
        covariance: Covariance,
    ) -> Result<Self, Error> {
        let (n, d) = (table.rows(), table.cols());
        let weight = |i: usize, c: usize| probabilities[i * k + c];
        let sizes: Vec<f64> = (0..k).map(|c| quyu_math::sum_by(n, |i| weight(i, c))).collect();
        if sizes.iter().any(|&size| size <= 0.0) {
            return Err(Error::Singular {
                argument: "covariance",
            });
        }
        let mean =
            |at: usize| quyu_math::sum_by(n, |i| weight(i, at / d) * table.at(i, at % d)) / sizes[at / d];
        let means: Vec<f64> = (0..k * d).map(mean).collect();
        let mut scatters: Vec<Vec<f64>> = (0..k)
            .map(|c| {
                let deviation = |i: usize, j: usize| table.at(i, j) - means[c * d + j];
                let product = |at: usize| {
                    quyu_math::sum_by(n, |i| weight(i, c) * deviation(i, at / d) * deviation(i, at % d))
                };
                (0..d * d).map(product).collect()
            })
            .collect();
        let mut divisors = sizes.clone();
        if covariance.shared() {
            let pooled = (0..d * d)
                .map(|at| quyu_math::sum_by(k, |c| scatters[c][at]))
                .collect();
            (scatters, divisors) = (vec![pooled], vec![n as f64]);
        }
        let shaped = scatters
            .iter()
            .zip(divisors)
            .map(|(scatter, divisor)| Cholesky::of(&shape(scatter, d, covariance, divisor), d, "covariance"));
        let factors: Vec<Cholesky> = shaped.collect::<Result<_, _>>()?;
        Ok(Self {
            proportions: sizes.iter().map(|size| size / n as f64).collect(),
            means,
            factors,
        })
    }

    /// The expectation step: fills in the probabilities and returns the log-likelihood.
    fn expect(&self, table: Matrix<'_>, probabilities: &mut [f64]) -> Result<f64, Error> {
        let (k, d) = (self.proportions.len(), table.cols());
        let mut logs = Vec::with_capacity(table.rows());
        for (i, row) in probabilities.chunks_exact_mut(k).enumerate() {
            for (c, value) in row.iter_mut().enumerate() {
                let factor = &self.factors[if self.factors.len() == 1 { 0 } else { c }];
                let deviation: Vec<f64> = table
                    .row(i)
                    .iter()
                    .zip(&self.means[c * d..])
                    .map(|(x, m)| x - m)
                    .collect();
                let constant = d as f64 * quyu_math::ln(std::f64::consts::TAU) + factor.log_determinant();
                let density = -0.5 * (constant + factor.quadratic(&deviation));
                *value = quyu_math::ln(self.proportions[c]) + density;
            }
            let largest = row.iter().fold(f64::NEG_INFINITY, |max: f64, &v| max.max(v));
            row.iter_mut()
                .for_each(|value| *value = quyu_math::exp(*value - largest));
            let sum = quyu_math::sum(row);
            row.iter_mut().for_each(|value| *value /= sum);
            logs.push(largest + quyu_math::ln(sum));
        }
        let log_likelihood = quyu_math::sum(&logs);
        check::in_range("the likelihood", &[log_likelihood])?;
        check::in_range("the likelihood", probabilities)?;
        Ok(log_likelihood)
    }
}

/// The covariance of that shape from a scatter matrix.
fn shape(scatter: &[f64], d: usize, covariance: Covariance, divisor: f64) -> Vec<f64> {
    let trace = quyu_math::sum_by(d, |j| scatter[j * d + j]);
    (0..d * d)
        .map(|at| match covariance {
            Covariance::Eee | Covariance::Vvv => scatter[at] / divisor,
            _ if at / d != at % d => 0.0,
            Covariance::Eii | Covariance::Vii => trace / (d as f64 * divisor),
            Covariance::Eei | Covariance::Vvi => scatter[at] / divisor,
        })
        .collect()
}
