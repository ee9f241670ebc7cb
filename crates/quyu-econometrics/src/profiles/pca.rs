//! Principal components.

use super::{eigen, moments::power_of_two_below, standardise::standardise};
use crate::{Error, Matrix, check};

/// How components are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PcaOptions {
    /// True (default): of the correlation matrix, each indicator divided by its standard deviation. False: of
    /// the covariance matrix; indicators then need one unit.
    pub scale: bool,
    /// Divisor n - ddof of variances: 0 (default) or 1. With `scale` it changes the scores only.
    pub ddof: usize,
}

impl Default for PcaOptions {
    fn default() -> Self {
        Self { scale: true, ddof: 0 }
    }
}

/// Principal components, in descending order of the variance they carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// Number of components: the smaller of columns and rows - 1.
    pub components: usize,
    /// Variance of each component.
    pub eigenvalues: Vec<f64>,
    /// Share of each component in the variance of all, 0 to 1.
    pub explained: Vec<f64>,
    /// Unit eigenvectors, row-major: indicators by components. The largest absolute value of a component is
    /// positive.
    pub loadings: Vec<f64>,
    /// Correlation of each indicator with each component, row-major: indicators by components. 0 for a
    /// component without variance.
    pub correlations: Vec<f64>,
    /// Scores, row-major: observations by components.
    pub scores: Vec<f64>,
    /// Mean of each indicator.
    pub mean: Vec<f64>,
    /// Standard deviation of each indicator (n - ddof), whether divided by it or not.
    pub sd: Vec<f64>,
}

/// Principal components of the columns of `table`.
///
/// With `Z` the centred (and, with `scale`, standardised) table: eigenvectors of `ZᵀZ / (n - ddof)` by Jacobi
/// rotations, `scores = Z · loadings`. The sign of a component, which the mathematics leaves open, is the one
/// that makes its largest absolute loading positive. Eigenvalues that rounding takes below zero are zero.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer than 2 rows or not more rows than `ddof`; [`Error::Zero`]
/// with argument `standard deviation` and the column if all its values are equal; [`Error::Range`].
///
/// # Reference
/// Jolliffe, I. T. (2002), Principal Component Analysis, 2nd ed., Springer.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{PcaOptions, pca}};
/// let table = [1.0, 2.0, 2.0, 4.1, 3.0, 5.9, 4.0, 8.0];
/// let found = pca(Matrix::new(&table, 4, 2)?, &PcaOptions::default())?;
/// assert!((found.eigenvalues.iter().sum::<f64>() - 2.0).abs() < 1e-12); // two indicators of variance 1
/// assert!(found.explained[0] > 0.99);
/// assert!((found.loadings[0] - 0.5_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn pca(table: Matrix<'_>, options: &PcaOptions) -> Result<Pca, Error> {
    let standard = standardise(table, options.ddof)?;
    let (n, p) = (table.rows(), table.cols());
    // Deviations in `unit`s, a power of two: then no square of them leaves the range of a double.
    let unit = if options.scale {
        1.0
    } else {
        power_of_two_below(&standard.sd)
    };
    let weights: Vec<f64> = standard
        .sd
        .iter()
        .map(|sd| if options.scale { 1.0 } else { sd / unit })
        .collect();
    let data: Vec<f64> = standard
        .z
        .iter()
        .enumerate()
        .map(|(at, z)| z * weights[at % p])
        .collect();
    let found = eigen::symmetric(covariance(Matrix::of(&data, n, p), options.ddof), p)?;
    let components = p.min(n - 1);
    let variances: Vec<f64> = found.values[..components].iter().map(|v| v.max(0.0)).collect();
    let all = quyu_math::sum(&variances);
    let loadings: Vec<f64> = (0..p)
        .flat_map(|j| found.vectors[..components].iter().map(move |vector| vector[j]))
        .collect();
    let raw: Vec<f64> = (0..n * components)
        .map(|at| quyu_math::dot(&data[at / components * p..][..p], &found.vectors[at % components]))
        .collect();
    let correlations = (0..p * components)
        .map(|at| {
            let (j, c) = (at / components, at % components);
            let product = quyu_math::sum_by(n, |i| standard.z[i * p + j] * raw[i * components + c]);
            let of_unit = product / (n - options.ddof) as f64;
            // A component without variance correlates with nothing.
            if variances[c] > 0.0 {
                (of_unit / variances[c].sqrt()).clamp(-1.0, 1.0)
            } else {
                0.0
            }
        })
        .collect();
    let scores: Vec<f64> = raw.iter().map(|score| score * unit).collect();
    let eigenvalues: Vec<f64> = variances.iter().map(|v| v * unit * unit).collect();
    check::in_range("a score", &scores)?;
    check::in_range("an eigenvalue", &eigenvalues)?;
    Ok(Pca {
        components,
        explained: variances.iter().map(|v| v / all).collect(),
        eigenvalues,
        loadings,
        correlations,
        scores,
        mean: standard.mean,
        sd: standard.sd,
    })
}

/// `ZᵀZ / (n - ddof)` of centred columns.
fn covariance(centred: Matrix<'_>, ddof: usize) -> Vec<f64> {
    let p = centred.cols();
    let columns: Vec<Vec<f64>> = (0..p).map(|j| centred.col(j)).collect();
    let divisor = (centred.rows() - ddof) as f64;
    (0..p * p)
        .map(|at| quyu_math::dot(&columns[at / p], &columns[at % p]) / divisor)
        .collect()
}
