//! Weights that the data give.

use super::eigen;
use super::moments::all_equal;
use super::standardise::standardise;
use crate::{Error, Matrix, check};

/// Entropy weights: indicators that tell regions apart weigh more.
///
/// `table` is regions by indicators, normalised and not negative. With `p_ij = u_ij / Σ_i u_ij` and `e_j = -Σ p
/// ln p / ln n` (`0 ln 0 = 0`): `w_j = (1 - e_j) / Σ (1 - e)`.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`]; [`Error::TooFew`] for fewer than 2 rows; [`Error::Zero`] with
/// argument `column` for an indicator that sums to zero; [`Error::Undefined`] if no indicator tells regions
/// apart; [`Error::Range`].
///
/// # Reference
/// Shannon (1948); Zeleny, M. (1982), Multiple Criteria Decision Making, McGraw-Hill.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::entropy_weights};
/// // The first indicator is the same everywhere.
/// let w = entropy_weights(Matrix::new(&[1.0, 0.0, 1.0, 1.0], 2, 2)?)?;
/// assert_eq!(w, [0.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn entropy_weights(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    check::non_negative("table", table.data())?;
    check::at_least("rows", table.rows(), 2)?;
    let mut spread = Vec::with_capacity(table.cols());
    for j in 0..table.cols() {
        let column = table.col(j);
        let total = quyu_math::sum(&column);
        check::in_range("the sum of a column", &[total])?;
        if total == 0.0 {
            return Err(Error::Zero {
                argument: "column",
                index: j,
            });
        }
        let term = |i: usize| match column[i] / total {
            p if p > 0.0 => -p * quyu_math::ln(p),
            _ => 0.0,
        };
        let entropy = quyu_math::sum_by(column.len(), term) / quyu_math::ln(column.len() as f64);
        // Equal values have entropy one, whatever rounding makes of it.
        spread.push(if all_equal(&column) {
            0.0
        } else {
            (1.0 - entropy).max(0.0)
        });
    }
    shares_of(&spread, "no indicator tells regions apart")
}

/// CRITIC weights: indicators weigh by their spread and by how little they repeat others.
///
/// `table` is regions by indicators, normalised to one scale (usually min-max). `C_j = sd_j Σ_k (1 - r_jk)`,
/// `w_j = C_j / Σ C`; sd with ddof 1, which does not change the weights.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer than 2 rows; [`Error::Zero`] with argument `standard
/// deviation` for a constant indicator; [`Error::Undefined`] if all indicators repeat each other;
/// [`Error::Range`].
///
/// # Reference
/// Diakoulaki, D., Mavrotas, G. & Papayannakis, L. (1995), Determining objective weights in multiple criteria
/// problems: the CRITIC method, Computers and Operations Research 22, 763-770.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::critic_weights};
/// // The first two indicators are the same, the third is not.
/// let table = [0.0, 0.0, 1.0, 0.5, 0.5, 0.0, 1.0, 1.0, 1.0];
/// let w = critic_weights(Matrix::new(&table, 3, 3)?)?;
/// assert!(w[0] == w[1] && w[2] > w[0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn critic_weights(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let standard = standardise(table, 1)?;
    let p = table.cols();
    let correlations = correlations(standard.matrix());
    let conflict = |j: usize| {
        quyu_math::sum_by(p, |k| {
            if k == j {
                0.0
            } else {
                1.0 - correlations[j * p + k]
            }
        })
        .max(0.0)
    };
    let content: Vec<f64> = (0..p).map(|j| standard.sd[j] * conflict(j)).collect();
    check::in_range("the content of an indicator", &content)?;
    shares_of(&content, "all indicators repeat each other")
}

/// Weights from the first principal component of the correlation matrix: squared loadings, which sum to one.
///
/// # Errors
/// As [`super::pca`].
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 6.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::pca_weights};
/// let table = [1.0, 2.0, 5.0, 2.0, 4.0, 1.0, 3.0, 6.0, 3.0, 4.0, 8.0, 4.0];
/// let w = pca_weights(Matrix::new(&table, 4, 3)?)?;
/// assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// assert!((w[0] - w[1]).abs() < 1e-12 && w[2] < w[0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn pca_weights(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let standard = standardise(table, 1)?;
    let found = eigen::symmetric(correlations(standard.matrix()), table.cols())?;
    Ok(found.vectors[0].iter().map(|l| l * l).collect())
}

/// Correlation matrix of z-scores with ddof 1.
pub(crate) fn correlations(z: Matrix<'_>) -> Vec<f64> {
    let p = z.cols();
    let columns: Vec<Vec<f64>> = (0..p).map(|j| z.col(j)).collect();
    let product = |at: usize| quyu_math::dot(&columns[at / p], &columns[at % p]) / (z.rows() - 1) as f64;
    (0..p * p).map(|at| product(at).clamp(-1.0, 1.0)).collect()
}

fn shares_of(values: &[f64], reason: &'static str) -> Result<Vec<f64>, Error> {
    let sum = quyu_math::sum(values);
    check::in_range("the sum of weights", &[sum])?;
    if sum <= 0.0 {
        return Err(Error::Undefined { reason });
    }
    Ok(values.iter().map(|v| v / sum).collect())
}

/// Cronbach's alpha: do indicators measure one thing?
///
/// `α = k² c̄ / Σ S` with the covariance matrix S (n - 1) of the k columns and c̄ its mean off the diagonal. 1
/// at most; values from 0.7 are read as consistent. Depends on the units: standardise first where they differ.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer than 2 rows or columns; [`Error::Undefined`] if the sum of
/// the columns does not vary; [`Error::Range`].
///
/// # Reference
/// Cronbach, L. J. (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16, 297-334.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::cronbach_alpha};
/// let alpha = cronbach_alpha(Matrix::new(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0], 3, 2)?)?;
/// assert!((alpha - 1.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cronbach_alpha(table: Matrix<'_>) -> Result<f64, Error> {
    check::finite("table", table.data())?;
    check::at_least("rows", table.rows(), 2)?;
    check::at_least("columns", table.cols(), 2)?;
    let scale = super::moments::power_of_two_below(table.data());
    let (n, k) = (table.rows(), table.cols() as f64);
    let columns: Vec<Vec<f64>> = (0..table.cols())
        .map(|j| {
            let column: Vec<f64> = table.col(j).iter().map(|v| v / scale).collect();
            let mean = quyu_math::sum(&column) / n as f64;
            column.iter().map(|v| v - mean).collect()
        })
        .collect();
    let all: Vec<f64> = (0..n)
        .map(|i| quyu_math::sum_by(columns.len(), |j| columns[j][i]))
        .collect();
    let whole = quyu_math::dot(&all, &all);
    let own = quyu_math::sum_by(columns.len(), |j| quyu_math::dot(&columns[j], &columns[j]));
    if whole <= own * f64::EPSILON {
        return Err(Error::Undefined {
            reason: "the sum of the columns does not vary",
        });
    }
    // k² times the mean of k (k - 1) covariances, whose sum is the variance of the sum less the variances.
    let alpha = k / (k - 1.0) * (whole - own) / whole;
    check::in_range("alpha", &[alpha])?;
    Ok(alpha)
}

/// Cronbach's alpha with missing values: each covariance is taken over the rows in which both columns are
/// observed.
///
/// `values` are rows by `columns`, row-major. As [`cronbach_alpha`] otherwise; with nothing missing the two
/// agree. Pairwise covariances need not fit together, so that alpha may exceed 1.
///
/// # Errors
/// [`Error::NotFinite`] for an observed value; [`Error::Length`] if `values` are not whole rows;
/// [`Error::TooFew`] for fewer than 2 columns or a pair of columns observed together fewer than 2 times;
/// [`Error::Undefined`], [`Error::Range`] as there.
///
/// # Reference
/// As [`cronbach_alpha`]; pairwise as in COINr.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::cronbach_alpha_observed;
/// let values = [Some(1.0), Some(1.0), Some(2.0), Some(2.0), Some(3.0), None];
/// let alpha = cronbach_alpha_observed(&values, 2)?;
/// assert!((alpha - 4.0 * 0.5 / (1.0 + 0.5 + 2.0 * 0.5)).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cronbach_alpha_observed(values: &[Option<f64>], columns: usize) -> Result<f64, Error> {
    check::at_least("columns", columns, 2)?;
    check::length("values", values.len() % columns, 0)?;
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    check::finite("values", &known)?;
    let scale = super::moments::power_of_two_below(&known);
    let mut sums = (0.0, 0.0);
    for j in 0..columns {
        for k in j..columns {
            let pairs: Vec<(f64, f64)> = values
                .chunks_exact(columns)
                .filter_map(|row| row[j].zip(row[k]).map(|(a, b)| (a / scale, b / scale)))
                .collect();
            check::at_least("rows observed in both columns", pairs.len(), 2)?;
            let n = pairs.len() as f64;
            let mean_j = quyu_math::sum_by(pairs.len(), |i| pairs[i].0) / n;
            let mean_k = quyu_math::sum_by(pairs.len(), |i| pairs[i].1) / n;
            let product = |i: usize| (pairs[i].0 - mean_j) * (pairs[i].1 - mean_k);
            let covariance = quyu_math::sum_by(pairs.len(), product) / (n - 1.0);
            if j == k {
                sums.0 += covariance;
            } else {
                sums.1 += 2.0 * covariance;
            }
        }
    }
    let (own, others) = sums;
    if own + others <= own * f64::EPSILON {
        return Err(Error::Undefined {
            reason: "the sum of the columns does not vary",
        });
    }
    let k = columns as f64;
    let alpha = k / (k - 1.0) * others / (own + others);
    check::in_range("alpha", &[alpha])?;
    Ok(alpha)
}
