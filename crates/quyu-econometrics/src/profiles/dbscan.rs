//! Density-based clusters.

use super::distance::Distances;
use crate::Error;

/// DBSCAN: clusters are what hangs together through dense neighbourhoods; what hangs on nothing is noise
/// (`None`).
///
/// A point is a core if at least `min_points` points, itself included, lie within `radius` (inclusive). Cores
/// within the radius of each other share a cluster; another point joins the cluster of the core that reaches it
/// first in the order of clusters. Clusters are numbered by their first core.
///
/// # Errors
/// [`Error::Domain`] unless the radius is finite and not negative and `min_points` is at least 1.
///
/// # Reference
/// Ester, M., Kriegel, H.-P., Sander, J. & Xu, X. (1996), A density-based algorithm for discovering clusters in
/// large spatial databases with noise, KDD, 226-231.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Distances, dbscan}};
/// let d = Distances::euclidean(Matrix::new(&[0.0, 1.0, 2.0, 9.0, 20.0, 21.0], 6, 1)?)?;
/// assert_eq!(dbscan(&d, 1.0, 2)?, [Some(0), Some(0), Some(0), None, Some(1), Some(1)]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn dbscan(distances: &Distances, radius: f64, min_points: usize) -> Result<Vec<Option<usize>>, Error> {
    if !radius.is_finite() || radius < 0.0 {
        return Err(Error::Domain {
            option: "radius",
            value: radius,
            domain: "0 or a positive number",
        });
    }
    if min_points == 0 {
        return Err(Error::Domain {
            option: "min_points",
            value: 0.0,
            domain: "1 or more",
        });
    }
    let n = distances.points();
    let near = |i: usize| (0..n).filter(move |&j| distances.between(i, j) <= radius);
    let core: Vec<bool> = (0..n).map(|i| near(i).count() >= min_points).collect();
    let mut labels = vec![None; n];
    let mut clusters = 0;
    for start in 0..n {
        if !core[start] || labels[start].is_some() {
            continue;
        }
        labels[start] = Some(clusters);
        let mut open = vec![start];
        while let Some(point) = open.pop() {
            for other in near(point) {
                if labels[other].is_none() {
                    labels[other] = Some(clusters);
                    if core[other] {
                        open.push(other);
                    }
                }
            }
        }
        clusters += 1;
    }
    Ok(labels)
}
