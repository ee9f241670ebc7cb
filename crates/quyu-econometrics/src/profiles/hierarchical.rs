//! Agglomerative clustering: every partition at once, as a tree.

use super::{distance::Distances, moments::power_of_two_below, partition::renumber};
use crate::{Error, Matrix, check};

/// How far two clusters are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Linkage {
    /// As far as their two nearest members.
    Single,
    /// As far as their two farthest members.
    Complete,
    /// The mean distance between their members (UPGMA).
    Average,
    /// The mean of the distances of the two clusters last merged (WPGMA, McQuitty).
    Weighted,
    /// The growth of the within sum of squares that the merge costs: height `√(2 n_a n_b / (n_a + n_b)) |x̄_a -
    /// x̄_b|`. This is R's `ward.D2` and SciPy's `ward`; R's `ward.D` is another thing.
    Ward,
    /// The distance between their centres (UPGMC); heights may fall.
    Centroid,
    /// The distance between the midpoints of the clusters last merged (WPGMC); heights may fall.
    Median,
}

impl Linkage {
    fn method(self) -> kodama::Method {
        match self {
            Self::Single => kodama::Method::Single,
            Self::Complete => kodama::Method::Complete,
            Self::Average => kodama::Method::Average,
            Self::Weighted => kodama::Method::Weighted,
            Self::Ward => kodama::Method::Ward,
            Self::Centroid => kodama::Method::Centroid,
            Self::Median => kodama::Method::Median,
        }
    }
}

/// Two clusters become one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The cluster of the smaller number. Points are 0 to n - 1; merge m (from 0) makes cluster n + m.
    pub a: usize,
    /// The cluster of the larger number.
    pub b: usize,
    /// The distance at which they merge, in the unit of the distances.
    pub height: f64,
    /// Number of points in the new cluster.
    pub size: usize,
}

/// A tree of merges, in the order in which they happen (SciPy's linkage matrix).
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    /// Number of points.
    pub points: usize,
    /// The `points - 1` merges.
    pub merges: Vec<Merge>,
}

impl Dendrogram {
    /// The partition into `k` clusters that the last `k - 1` merges leave apart, numbered by first member.
    ///
    /// # Errors
    /// [`Error::Domain`] unless 1 <= k <= points.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::{Matrix, profiles::ward};
    /// let tree = ward(Matrix::new(&[0.0, 10.0, 1.0, 12.0], 4, 1)?)?;
    /// assert_eq!(tree.cut(2)?, [0, 1, 0, 1]);
    /// assert_eq!(tree.cut(3)?, [0, 1, 0, 2]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn cut(&self, k: usize) -> Result<Vec<usize>, Error> {
        if k == 0 || k > self.points {
            return Err(Error::Domain {
                option: "k",
                value: k as f64,
                domain: "1 to the number of points",
            });
        }
        self.after(self.points - k)
    }

    /// The partition that merges up to `height` (inclusive) leave, numbered by first member.
    ///
    /// # Errors
    /// [`Error::Domain`] for a height that is not a number; [`Error::Undefined`] if heights fall along the
    /// tree, as they can with centroid and median linkage.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::{Matrix, profiles::ward};
    /// let tree = ward(Matrix::new(&[0.0, 10.0, 1.0, 12.0], 4, 1)?)?;
    /// assert_eq!(tree.cut_height(2.0)?, [0, 1, 0, 1]);
    /// assert_eq!(tree.cut_height(1.5)?, [0, 1, 0, 2]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn cut_height(&self, height: f64) -> Result<Vec<usize>, Error> {
        if height.is_nan() {
            return Err(Error::Domain {
                option: "height",
                value: height,
                domain: "a number",
            });
        }
        if !self.merges.is_sorted_by(|a, b| a.height <= b.height) {
            return Err(Error::Undefined {
                reason: "heights of the tree fall, so that no height cuts it once",
            });
        }
        self.after(self.merges.partition_point(|m| m.height <= height))
    }

    /// The partition after the first `done` merges.
    fn after(&self, done: usize) -> Result<Vec<usize>, Error> {
        let mut parent: Vec<usize> = (0..self.points + done).collect();
        for (m, merge) in self.merges[..done].iter().enumerate() {
            parent[merge.a] = self.points + m;
            parent[merge.b] = self.points + m;
        }
        // A cluster has a larger number than its parts: from above, each finds its root already resolved.
        for cluster in (0..parent.len()).rev() {
            parent[cluster] = parent[parent[cluster]];
        }
        renumber(&parent[..self.points])
    }

    /// The points in the order of the tree, so that a drawing has no crossing lines: at each merge first `a`,
    /// then `b`.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::{Matrix, profiles::ward};
    /// let tree = ward(Matrix::new(&[0.0, 10.0, 1.0, 12.0], 4, 1)?)?;
    /// assert_eq!(tree.leaf_order(), [0, 2, 1, 3]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn leaf_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.points);
        let mut open = vec![self.points + self.merges.len() - 1];
        while let Some(cluster) = open.pop() {
            if cluster < self.points {
                order.push(cluster);
            } else {
                let merge = self.merges[cluster - self.points];
                open.extend([merge.b, merge.a]);
            }
        }
        order
    }
}

/// Agglomerative clustering: starts with single points and merges the two nearest clusters until one is left.
///
/// Ward, centroid and median linkage expect Euclidean distances (not squared ones) and give heights as
/// distances. Of equally near pairs the algorithm takes one by its order of search: with tied distances the
/// tree may depend on the order of the points.
///
/// # Errors
/// [`Error::Range`] if a height exceeds the range of a double.
///
/// # Reference
/// Murtagh, F. & Legendre, P. (2014), Ward's hierarchical agglomerative clustering method: which algorithms
/// implement Ward's criterion?, Journal of Classification 31, 274-295. Müllner, D. (2011), Modern hierarchical,
/// agglomerative clustering algorithms, arXiv:1109.2378 (the algorithms of the kodama crate, which does the
/// work).
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Distances, Linkage, linkage}};
/// let d = Distances::euclidean(Matrix::new(&[0.0, 1.0, 5.0], 3, 1)?)?;
/// let tree = linkage(&d, Linkage::Average)?;
/// assert_eq!((tree.merges[0].a, tree.merges[0].b, tree.merges[0].height), (0, 1, 1.0));
/// assert_eq!((tree.merges[1].a, tree.merges[1].b, tree.merges[1].height), (2, 3, 4.5));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn linkage(distances: &Distances, method: Linkage) -> Result<Dendrogram, Error> {
    let points = distances.points();
    let scale = power_of_two_below(distances.condensed());
    let mut scaled: Vec<f64> = distances.condensed().iter().map(|d| d / scale).collect();
    if points == 1 {
        return Ok(Dendrogram {
            points,
            merges: Vec::new(),
        });
    }
    let tree = kodama::linkage(&mut scaled, points, method.method());
    let merges: Vec<Merge> = tree
        .steps()
        .iter()
        .map(|step| Merge {
            a: step.cluster1,
            b: step.cluster2,
            // Squared heights of coinciding centres can round to just below zero; their root is then not a
            // number.
            height: if step.dissimilarity.is_nan() {
                0.0
            } else {
                step.dissimilarity * scale
            },
            size: step.size,
        })
        .collect();
    if merges.iter().any(|m| !m.height.is_finite()) {
        return Err(Error::Range {
            what: "a height of the tree",
        });
    }
    Ok(Dendrogram { points, merges })
}

/// Ward's clustering of the rows of `table` on their Euclidean distances (R's `ward.D2`).
///
/// Half the square of a height is the growth of the within sum of squares at that merge.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Range`].
///
/// # Reference
/// Ward, J. H. (1963), Hierarchical grouping to optimize an objective function, Journal of the American
/// Statistical Association 58, 236-244. Murtagh & Legendre (2014), as in [`linkage`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::ward};
/// let tree = ward(Matrix::new(&[0.0, 2.0, 9.0], 3, 1)?)?;
/// assert_eq!(tree.merges[0].height, 2.0);
/// // 2 · (2 · 1 / 3) · (9 - 1)²
/// assert!((tree.merges[1].height - (4.0 / 3.0 * 64.0_f64).sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn ward(table: Matrix<'_>) -> Result<Dendrogram, Error> {
    check::finite("table", table.data())?;
    linkage(&Distances::euclidean(table)?, Linkage::Ward)
}
