//! How good a partition is, by several criteria.

use super::distance::{Distances, squared};
use super::separation::{means, sum_of_squares};
use super::{moments::power_of_two_below, partition};
use crate::{Error, Matrix, check};

/// Calinski and Harabasz's index: between over within variance, `(B / (k - 1)) / (W / (n - k))`. The larger the
/// better.
///
/// # Errors
/// As [`super::sum_of_squares`]; [`Error::TooFew`] unless there are 2 to n - 1 clusters; [`Error::Undefined`]
/// if all clusters are points (W = 0); [`Error::Range`].
///
/// # Reference
/// Caliński, T. & Harabasz, J. (1974), A dendrite method for cluster analysis, Communications in Statistics 3,
/// 1-27.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::calinski_harabasz};
/// let ch = calinski_harabasz(Matrix::new(&[0.0, 2.0, 9.0, 11.0], 4, 1)?, &[0, 0, 1, 1])?;
/// assert_eq!(ch, (81.0 / 1.0) / (4.0 / 2.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn calinski_harabasz(table: Matrix<'_>, labels: &[usize]) -> Result<f64, Error> {
    let ss = sum_of_squares(table, labels)?;
    let (n, k) = (labels.len(), ss.by_cluster.len());
    check::at_least("clusters", k, 2)?;
    check::at_least("points", n, k + 1)?;
    if ss.within == 0.0 {
        return Err(Error::Undefined {
            reason: "no cluster has any spread",
        });
    }
    let index = ss.between / (k - 1) as f64 / (ss.within / (n - k) as f64);
    check::in_range("the index", &[index])?;
    Ok(index)
}

/// Davies and Bouldin's index: how much each cluster overlaps with the one most like it, on average. The
/// smaller the better.
///
/// `1/k Σ_a max_b (s_a + s_b) / |c_a - c_b|`, `s` the mean distance of the members to their centre (not its
/// root mean square).
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`]; [`Error::TooFew`] for one cluster;
/// [`Error::Undefined`] for labels with a gap or two clusters with the same centre; [`Error::Range`].
///
/// # Reference
/// Davies, D. L. & Bouldin, D. W. (1979), A cluster separation measure, IEEE Transactions on Pattern Analysis
/// and Machine Intelligence 1, 224-227.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::davies_bouldin};
/// let db = davies_bouldin(Matrix::new(&[0.0, 2.0, 9.0, 11.0], 4, 1)?, &[0, 0, 1, 1])?;
/// assert!((db - 2.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn davies_bouldin(table: Matrix<'_>, labels: &[usize]) -> Result<f64, Error> {
    let clusters = Clusters::of(table, labels)?;
    let k = clusters.sizes.len();
    let spread: Vec<f64> = (0..k)
        .map(|c| clusters.sum_to_centre(c) / clusters.sizes[c] as f64)
        .collect();
    let mut worst = vec![0.0_f64; k];
    for a in 0..k {
        for b in (0..k).filter(|&b| b != a) {
            let apart = clusters.between_centres(a, b);
            if apart == 0.0 {
                return Err(Error::Undefined {
                    reason: "two clusters have the same centre",
                });
            }
            worst[a] = worst[a].max((spread[a] + spread[b]) / apart);
        }
    }
    let index = quyu_math::sum(&worst) / k as f64;
    check::in_range("the index", &[index])?;
    Ok(index)
}

/// How far two clusters are apart, in [`generalised_dunn`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Distance of the nearest members (δ1).
    Nearest,
    /// Distance of the farthest members (δ2).
    Farthest,
    /// Mean distance between the members (δ3).
    Mean,
    /// Distance of the centres (δ4).
    Centres,
    /// Mean distance of all members to their own centre (δ5).
    OwnCentres,
}

/// How wide a cluster is, in [`generalised_dunn`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wide {
    /// Largest distance inside (Δ1).
    Largest,
    /// Mean distance over the pairs inside (Δ2).
    Mean,
    /// Twice the mean distance to the centre (Δ3).
    Centre,
}

/// Dunn's index: distance of the two nearest clusters over the diameter of the widest. The larger the better.
///
/// [`generalised_dunn`] with [`Apart::Nearest`] and [`Wide::Largest`].
///
/// # Errors
/// As [`generalised_dunn`].
///
/// # Reference
/// Dunn, J. C. (1974), Well-separated clusters and optimal fuzzy partitions, Journal of Cybernetics 4, 95-104.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::dunn};
/// assert_eq!(dunn(Matrix::new(&[0.0, 2.0, 9.0, 11.0], 4, 1)?, &[0, 0, 1, 1])?, 7.0 / 2.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn dunn(table: Matrix<'_>, labels: &[usize]) -> Result<f64, Error> {
    generalised_dunn(table, labels, Apart::Nearest, Wide::Largest)
}

/// Generalised Dunn indices: the smallest distance between two clusters over the largest width of one, for any
/// of five distances and three widths. The larger the better.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`]; [`Error::TooFew`] for one cluster;
/// [`Error::Undefined`] for labels with a gap or if no cluster has any width; [`Error::Range`].
///
/// # Reference
/// Bezdek, J. C. & Pal, N. R. (1998), Some new indexes of cluster validity, IEEE Transactions on Systems, Man,
/// and Cybernetics B 28, 301-315.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Apart, Wide, generalised_dunn}};
/// let table = Matrix::new(&[0.0, 2.0, 9.0, 11.0], 4, 1)?;
/// assert_eq!(generalised_dunn(table, &[0, 0, 1, 1], Apart::Centres, Wide::Centre)?, 9.0 / 2.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn generalised_dunn(table: Matrix<'_>, labels: &[usize], apart: Apart, wide: Wide) -> Result<f64, Error> {
    let clusters = Clusters::of(table, labels)?;
    let k = clusters.sizes.len();
    let widest = (0..k).fold(0.0, |max: f64, c| max.max(clusters.width(c, wide)));
    if widest == 0.0 {
        return Err(Error::Undefined {
            reason: "no cluster has any width",
        });
    }
    let mut nearest = f64::INFINITY;
    for a in 0..k {
        for b in a + 1..k {
            nearest = nearest.min(clusters.apart(a, b, apart));
        }
    }
    let index = nearest / widest;
    check::in_range("the index", &[index])?;
    Ok(index)
}

/// A partition of a table that was divided by a power of two: the indices are free of scale.
struct Clusters<'a> {
    points: Vec<f64>,
    cols: usize,
    labels: &'a [usize],
    sizes: Vec<usize>,
    centres: Vec<f64>,
    distances: Distances,
}

impl<'a> Clusters<'a> {
    fn of(table: Matrix<'_>, labels: &'a [usize]) -> Result<Self, Error> {
        check::finite("table", table.data())?;
        let sizes = partition::sizes(labels, table.rows())?;
        check::at_least("clusters", sizes.len(), 2)?;
        let scale = power_of_two_below(table.data());
        let points: Vec<f64> = table.data().iter().map(|v| v / scale).collect();
        let scaled = Matrix::of(&points, table.rows(), table.cols());
        let (centres, distances) = (means(scaled, labels, &sizes), Distances::euclidean(scaled)?);
        Ok(Self {
            centres,
            distances,
            cols: table.cols(),
            points,
            labels,
            sizes,
        })
    }

    fn centre(&self, c: usize) -> &[f64] {
        &self.centres[c * self.cols..(c + 1) * self.cols]
    }

    fn members(&self, c: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.labels.len()).filter(move |&i| self.labels[i] == c)
    }

    fn between_centres(&self, a: usize, b: usize) -> f64 {
        squared(self.centre(a), self.centre(b)).sqrt()
    }

    fn sum_to_centre(&self, c: usize) -> f64 {
        let to = |i: usize| squared(&self.points[i * self.cols..(i + 1) * self.cols], self.centre(c)).sqrt();
        quyu_math::sum(&self.members(c).map(to).collect::<Vec<_>>())
    }

    /// Distances between the members of two clusters; inside one cluster each pair once.
    fn pairs(&self, a: usize, b: usize) -> Vec<f64> {
        let others = |i: usize| self.members(b).filter(move |&j| a != b || j > i);
        self.members(a)
            .flat_map(|i| others(i).map(move |j| self.distances.between(i, j)))
            .collect()
    }

    fn apart(&self, a: usize, b: usize, kind: Apart) -> f64 {
        let count = (self.sizes[a] * self.sizes[b]) as f64;
        match kind {
            Apart::Nearest => self
                .pairs(a, b)
                .iter()
                .fold(f64::INFINITY, |least: f64, &d| least.min(d)),
            Apart::Farthest => self.pairs(a, b).iter().fold(0.0, |most: f64, &d| most.max(d)),
            Apart::Mean => quyu_math::sum(&self.pairs(a, b)) / count,
            Apart::Centres => self.between_centres(a, b),
            Apart::OwnCentres => {
                (self.sum_to_centre(a) + self.sum_to_centre(b)) / (self.sizes[a] + self.sizes[b]) as f64
            }
        }
    }

    fn width(&self, c: usize, kind: Wide) -> f64 {
        if self.sizes[c] == 1 {
            return 0.0;
        }
        match kind {
            Wide::Largest => self.pairs(c, c).iter().fold(0.0, |most: f64, &d| most.max(d)),
            Wide::Mean => {
                let pairs = self.pairs(c, c);
                quyu_math::sum(&pairs) / pairs.len() as f64
            }
            Wide::Centre => 2.0 * self.sum_to_centre(c) / self.sizes[c] as f64,
        }
    }
}
