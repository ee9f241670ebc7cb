//! How well each point lies in its cluster.

use super::{distance::Distances, moments::power_of_two_below, partition};
use crate::{Error, check, parallel};

/// Silhouette widths, from -1 (nearer to another cluster) to 1 (far from every other).
#[derive(Debug, Clone, PartialEq)]
pub struct Silhouette {
    /// Width of each point.
    pub values: Vec<f64>,
    /// The nearest other cluster of each point: where it would go next.
    pub neighbour: Vec<usize>,
    /// Mean width of each cluster.
    pub cluster_means: Vec<f64>,
    /// Mean width over all points (not the mean of the cluster means).
    pub mean: f64,
}

/// Silhouette widths of a partition.
///
/// With `a` the mean distance to the other members of the own cluster and `b` the smallest mean distance to the
/// members of another cluster: `s = (b - a) / max(a, b)`. A cluster of one has `s = 0` (Rousseeuw's convention;
/// some packages give 1 and flatter partitions with outliers), and so has a point at distance zero from all
/// others.
///
/// `labels` run from 0 without a gap, as [`super::renumber`] makes them.
///
/// # Errors
/// [`Error::Length`], [`Error::Label`], [`Error::Undefined`] if a number below the largest label has no member,
/// [`Error::TooFew`] for one cluster only.
///
/// # Reference
/// Rousseeuw, P. J. (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster
/// analysis, Journal of Computational and Applied Mathematics 20, 53-65.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Distances, silhouette}};
/// let d = Distances::euclidean(Matrix::new(&[0.0, 1.0, 10.0], 3, 1)?)?;
/// let s = silhouette(&d, &[0, 0, 1])?;
/// assert_eq!(s.values, [(10.0 - 1.0) / 10.0, (9.0 - 1.0) / 9.0, 0.0]);
/// assert_eq!(s.neighbour, [1, 1, 0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn silhouette(distances: &Distances, labels: &[usize]) -> Result<Silhouette, Error> {
    let sizes = partition::sizes(labels, distances.points())?;
    check::at_least("clusters", sizes.len(), 2)?;
    let sums = sums_to_clusters(distances, labels, sizes.len());
    let (values, neighbour): (Vec<f64>, Vec<usize>) = sums
        .chunks_exact(sizes.len())
        .zip(labels)
        .map(|(sums, &own)| width(sums, own, &sizes))
        .unzip();
    let cluster_means = (0..sizes.len())
        .map(|c| {
            let members: Vec<f64> = labels
                .iter()
                .zip(&values)
                .filter(|(l, _)| **l == c)
                .map(|(_, v)| *v)
                .collect();
            quyu_math::sum(&members) / sizes[c] as f64
        })
        .collect();
    let mean = quyu_math::sum(&values) / values.len() as f64;
    Ok(Silhouette {
        values,
        neighbour,
        cluster_means,
        mean,
    })
}

/// Points by clusters, row-major: the sum of the distances to the members of each cluster, in a unit near the
/// largest distance (widths are free of scale, and so no sum can overflow). Each sum runs over the members in
/// their order, whoever adds it.
fn sums_to_clusters(distances: &Distances, labels: &[usize], clusters: usize) -> Vec<f64> {
    // The inverse of a power of two is exact, and a product quicker than a quotient.
    let unit = 1.0 / power_of_two_below(distances.condensed());
    let n = labels.len();
    let block = |block: usize| {
        let points = block * BLOCK..n.min((block + 1) * BLOCK);
        let mut sums = vec![0.0; points.len() * clusters];
        // Clusters by points: what one point adds to its cluster's sums then lies side by side.
        let mut by_cluster = vec![0.0; clusters * BLOCK];
        for j in 0..points.start {
            let row = &distances.row(j)[points.start - j - 1..points.end - j - 1];
            let own = &mut by_cluster[labels[j] * BLOCK..][..row.len()];
            own.iter_mut().zip(row).for_each(|(sum, d)| *sum += d * unit);
        }
        for (at, sums) in sums.chunks_exact_mut(clusters).enumerate() {
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum = by_cluster[c * BLOCK + at];
            }
        }
        for j in points.clone() {
            let row = &distances.row(j)[..points.end - j - 1];
            let after = &mut sums[(j + 1 - points.start) * clusters..];
            for (d, sums) in row.iter().zip(after.chunks_exact_mut(clusters)) {
                sums[labels[j]] += d * unit;
            }
        }
        for (at, sums) in sums.chunks_mut(TOGETHER * clusters).enumerate() {
            add_after(
                distances,
                labels,
                points.start + at * TOGETHER,
                sums,
                clusters,
                unit,
            );
        }
        sums
    };
    parallel::map(n.div_ceil(BLOCK), 1, block).concat()
}

/// Adds the distances to the points after each of some points that follow each other, `first` and on. The points
/// take turns, so that no sum waits for the one before it.
fn add_after(
    distances: &Distances,
    labels: &[usize],
    first: usize,
    sums: &mut [f64],
    clusters: usize,
    unit: f64,
) {
    let count = sums.len() / clusters;
    let end = first + count;
    for (i, sums) in (first..end).zip(sums.chunks_exact_mut(clusters)) {
        for (d, &label) in distances.row(i).iter().zip(&labels[i + 1..end]) {
            sums[label] += d * unit;
        }
    }
    let rest: Vec<&[f64]> = (first..end).map(|i| &distances.row(i)[end - i - 1..]).collect();
    let Ok(rest) = <[&[f64]; TOGETHER]>::try_from(rest.as_slice()) else {
        for (row, sums) in rest.iter().zip(sums.chunks_exact_mut(clusters)) {
            for (d, &label) in row.iter().zip(&labels[end..]) {
                sums[label] += d * unit;
            }
        }
        return;
    };
    for (at, &label) in labels[end..].iter().enumerate() {
        for (p, row) in rest.iter().enumerate() {
            sums[p * clusters + label] += row[at] * unit;
        }
    }
}

/// Points that take turns.
const TOGETHER: usize = 4;
/// Points whose sums one thread takes in one go.
const BLOCK: usize = 64;

/// Width and nearest other cluster of a point of cluster `own`.
fn width(sums: &[f64], own: usize, sizes: &[usize]) -> (f64, usize) {
    let mut nearest = (f64::INFINITY, own);
    for (c, (sum, &size)) in sums.iter().zip(sizes).enumerate().filter(|(c, _)| *c != own) {
        let mean = sum / size as f64;
        if mean < nearest.0 {
            nearest = (mean, c);
        }
    }
    let (b, neighbour) = nearest;
    if sizes[own] == 1 {
        return (0.0, neighbour);
    }
    let a = sums[own] / (sizes[own] - 1) as f64;
    let larger = a.max(b);
    (if larger > 0.0 { (b - a) / larger } else { 0.0 }, neighbour)
}
