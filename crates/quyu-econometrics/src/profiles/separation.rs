//! What holds clusters together and what keeps them apart.

use super::{
    distance::squared,
    moments::{Moments, power_of_two_below},
    partition,
};
use crate::{Error, Matrix, check};

/// Sums of squared Euclidean distances, in the squared unit of the table. `within` and `between` add up to
/// `total`.
#[derive(Debug, Clone, PartialEq)]
pub struct SumOfSquares {
    /// Around the mean of each cluster, cluster by cluster.
    pub by_cluster: Vec<f64>,
    /// Around the means of the clusters, all clusters together (the inertia of k-means).
    pub within: f64,
    /// Of the means of the clusters around the overall mean, weighted by size.
    pub between: f64,
    /// Around the overall mean.
    pub total: f64,
}

/// The sums of squares of a partition: `Σ |x - x̄_c|²` within, `Σ n_c |x̄_c - x̄|²` between.
///
/// `labels` run from 0 without a gap, as [`super::renumber`] makes them.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`], [`Error::Undefined`] if a number below the
/// largest label has no member, [`Error::Range`].
///
/// # Reference
/// MacQueen, J. (1967), Some methods for classification and analysis of multivariate observations, 5th Berkeley
/// Symposium.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::sum_of_squares};
/// let table = [0.0, 2.0, 9.0, 11.0];
/// let ss = sum_of_squares(Matrix::new(&table, 4, 1)?, &[0, 0, 1, 1])?;
/// assert_eq!(ss.by_cluster, [2.0, 2.0]);
/// assert_eq!((ss.within, ss.between, ss.total), (4.0, 81.0, 85.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn sum_of_squares(table: Matrix<'_>, labels: &[usize]) -> Result<SumOfSquares, Error> {
    check::finite("table", table.data())?;
    let sizes = partition::sizes(labels, table.rows())?;
    let scale = power_of_two_below(table.data());
    let scaled: Vec<f64> = table.data().iter().map(|v| v / scale).collect();
    let scaled = Matrix::of(&scaled, table.rows(), table.cols());
    let means = means(scaled, labels, &sizes);
    let overall = self::means(scaled, &vec![0; labels.len()], &[labels.len()]);
    let by_cluster: Vec<f64> = (0..sizes.len())
        .map(|c| around(scaled, labels, c, &means) * scale * scale)
        .collect();
    let mean_of = |c: usize| &means[c * table.cols()..(c + 1) * table.cols()];
    let between = quyu_math::sum_by(sizes.len(), |c| sizes[c] as f64 * squared(mean_of(c), &overall));
    let (within, between) = (quyu_math::sum(&by_cluster), between * scale * scale);
    check::in_range("a sum of squares", &[within, between, within + between])?;
    Ok(SumOfSquares {
        by_cluster,
        within,
        between,
        total: within + between,
    })
}

/// Sum of squared distances of the members of cluster `c` to its mean.
pub(crate) fn around(table: Matrix<'_>, labels: &[usize], c: usize, means: &[f64]) -> f64 {
    let mean = &means[c * table.cols()..(c + 1) * table.cols()];
    let members = labels.iter().enumerate().filter(|(_, label)| **label == c);
    let squares: Vec<f64> = members.map(|(i, _)| squared(table.row(i), mean)).collect();
    quyu_math::sum(&squares)
}

/// Mean of each cluster, row-major: clusters by columns.
pub(crate) fn means(table: Matrix<'_>, labels: &[usize], sizes: &[usize]) -> Vec<f64> {
    let cols = table.cols();
    let mut sums = vec![0.0; sizes.len() * cols];
    for (i, &label) in labels.iter().enumerate() {
        for (sum, value) in sums[label * cols..(label + 1) * cols]
            .iter_mut()
            .zip(table.row(i))
        {
            *sum += value;
        }
    }
    for (at, sum) in sums.iter_mut().enumerate() {
        *sum /= sizes[at / cols] as f64;
    }
    sums
}

/// What makes each cluster and which indicators keep the clusters apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Separation {
    /// Number of members of each cluster.
    pub sizes: Vec<usize>,
    /// Mean of each cluster in each indicator, row-major: clusters by indicators, in the unit of the table.
    pub means: Vec<f64>,
    /// Mean of each cluster in standard deviations (ddof 0) from the overall mean, row-major: clusters by
    /// indicators.
    pub mean_z: Vec<f64>,
    /// η² of each indicator: share of its variance that lies between the clusters, 0 to 1.
    pub between_share: Vec<f64>,
}

/// Describes the clusters of a partition, indicator by indicator.
///
/// `η² = Σ n_c (x̄_c - x̄)² / Σ (x - x̄)²`: 1 where an indicator is constant inside every cluster, 0 where the
/// clusters have the same mean. Give it the indicators in their own units: means are then readable, and η² and
/// `mean_z` do not depend on the unit.
///
/// `labels` run from 0 without a gap, as [`super::renumber`] makes them.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`], [`Error::Undefined`] if a number below the
/// largest label has no member, [`Error::Zero`] with argument `standard deviation` and the column if all its
/// values are equal.
///
/// # Reference
/// Pearson, K. (1905), On the general theory of skew correlation and non-linear regression, Drapers' Company
/// Research Memoirs, for η².
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::separation};
/// // The first indicator is what the clusters are made of, the second has nothing to do with them.
/// let table = [1.0, 5.0, 1.0, 7.0, 3.0, 5.0, 3.0, 7.0];
/// let s = separation(Matrix::new(&table, 4, 2)?, &[0, 0, 1, 1])?;
/// assert_eq!(s.between_share, [1.0, 0.0]);
/// assert_eq!(s.means, [1.0, 6.0, 3.0, 6.0]);
/// assert_eq!(s.mean_z, [-1.0, 0.0, 1.0, 0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn separation(table: Matrix<'_>, labels: &[usize]) -> Result<Separation, Error> {
    check::finite("table", table.data())?;
    let sizes = partition::sizes(labels, table.rows())?;
    let (clusters, cols) = (sizes.len(), table.cols());
    let mut result = Separation {
        means: vec![0.0; clusters * cols],
        mean_z: vec![0.0; clusters * cols],
        between_share: vec![0.0; cols],
        sizes,
    };
    for j in 0..cols {
        let column = table.col(j);
        let m = Moments::of(&column);
        if m.squares == 0.0 {
            return Err(Error::Zero {
                argument: "standard deviation",
                index: j,
            });
        }
        let sd = (m.squares / table.rows() as f64).sqrt();
        let scaled: Vec<f64> = column.iter().map(|v| v / m.scale).collect();
        let means = means(Matrix::of(&scaled, table.rows(), 1), labels, &result.sizes);
        let mut between = Vec::with_capacity(clusters);
        for (c, mean) in means.into_iter().enumerate() {
            result.means[c * cols + j] = mean * m.scale;
            result.mean_z[c * cols + j] = (mean - m.mean) / sd;
            between.push(result.sizes[c] as f64 * (mean - m.mean) * (mean - m.mean));
        }
        // Rounding may take a share of one a last digit beyond it.
        result.between_share[j] = (quyu_math::sum(&between) / m.squares).min(1.0);
    }
    Ok(result)
}
