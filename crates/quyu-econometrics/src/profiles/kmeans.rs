//! k-means.

use linfa::{DatasetBase, traits::Fit};
use linfa_clustering::KMeansInit;
use ndarray::{Array2, ArrayView2};
use quyu_math::rng::Stream;

use super::{distance::squared, moments::power_of_two_below, partition::renumber, separation};
use crate::{Error, Matrix, check, parallel};

/// How the best partition is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KMeansOptions {
    /// Number of starts, each from other centres; the best partition is returned. Default 50.
    pub starts: usize,
    /// Seed of the random starts: start number s draws from stream s. Default 1.
    pub seed: u64,
    /// Limit of iterations of each start. Default 300.
    pub max_iterations: usize,
}

impl Default for KMeansOptions {
    fn default() -> Self {
        Self {
            starts: 50,
            seed: 1,
            max_iterations: 300,
        }
    }
}

/// The best k-means partition found.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    /// Cluster of each point; clusters are numbered by first member.
    pub labels: Vec<usize>,
    /// Mean of each cluster, row-major: clusters by columns.
    pub centres: Vec<f64>,
    /// Number of points in each cluster.
    pub sizes: Vec<usize>,
    /// Sum of squared distances to the centre, of each cluster.
    pub by_cluster: Vec<f64>,
    /// Their sum (the inertia).
    pub within: f64,
    /// How many of the starts ended in a partition as good as this one (to 1e-9). If it is one of many starts,
    /// more are needed.
    pub agreeing_starts: usize,
}

/// k-means: the partition into `k` clusters with the smallest within sum of squares, as far as `starts`
/// searches find it.
///
/// Each start draws centres by k-means++, runs Lloyd's iteration (linfa) and then moves single points while
/// that lowers the sum of squares (Hartigan's exchange): the result is a local minimum of the stronger kind,
/// with exact means as centres. No cluster is empty. The result depends on the data, `k` and the options, not
/// on threads or processor.
///
/// Columns in different units have to be standardised first.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for `k`, `starts` or `max_iterations` of zero; [`Error::TooFew`] if
/// fewer than `k` rows differ; [`Error::Range`]; [`Error::NotConverged`] if a start still moves points after
/// `max_iterations` passes.
///
/// # Reference
/// MacQueen, J. (1967), Some methods for classification and analysis of multivariate observations, 5th Berkeley
/// Symposium. Hartigan, J. A. (1975), Clustering Algorithms, Wiley. Arthur, D. & Vassilvitskii, S. (2007),
/// k-means++: the advantages of careful seeding, SODA, 1027-1035.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{KMeansOptions, kmeans}};
/// let table = [0.0, 9.0, 1.0, 11.0, 2.0];
/// let found = kmeans(Matrix::new(&table, 5, 1)?, 2, &KMeansOptions::default())?;
/// assert_eq!(found.labels, [0, 1, 0, 1, 0]);
/// assert_eq!(found.centres, [1.0, 10.0]);
/// assert_eq!(found.within, 4.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn kmeans(table: Matrix<'_>, k: usize, options: &KMeansOptions) -> Result<KMeans, Error> {
    check::finite("table", table.data())?;
    for (option, value) in [
        ("k", k),
        ("starts", options.starts),
        ("max_iterations", options.max_iterations),
    ] {
        if value == 0 {
            return Err(Error::Domain {
                option,
                value: 0.0,
                domain: "1 or more",
            });
        }
    }
    let scale = power_of_two_below(table.data());
    let scaled: Vec<f64> = table.data().iter().map(|v| v / scale).collect();
    let scaled = Matrix::of(&scaled, table.rows(), table.cols());
    check::at_least("distinct rows", distinct_rows(scaled, k), k)?;
    let found: Vec<Partition> = parallel::map(options.starts, 1, |start| {
        search(scaled, k, start as u64, options)
    })
    .into_iter()
    .collect::<Result<_, _>>()?;
    let best = found.iter().fold(
        &found[0],
        |best, other| if other.within < best.within { other } else { best },
    );
    let agreeing_starts = found
        .iter()
        .filter(|p| p.within <= best.within * (1.0 + 1e-9))
        .count();
    let result = KMeans {
        labels: best.labels.clone(),
        centres: best.centres.iter().map(|c| c * scale).collect(),
        sizes: best.sizes.clone(),
        by_cluster: best.by_cluster.iter().map(|ss| ss * scale * scale).collect(),
        within: best.within * scale * scale,
        agreeing_starts,
    };
    check::in_range("a sum of squares", &result.by_cluster)?;
    check::in_range("a sum of squares", &[result.within])?;
    Ok(result)
}

/// Number of rows that differ from each other, counted up to `enough`.
fn distinct_rows(table: Matrix<'_>, enough: usize) -> usize {
    let mut seen: Vec<&[f64]> = Vec::new();
    for i in 0..table.rows() {
        if seen.len() == enough {
            break;
        }
        if !seen.contains(&table.row(i)) {
            seen.push(table.row(i));
        }
    }
    seen.len()
}

/// A partition with its means.
struct Partition {
    labels: Vec<usize>,
    sizes: Vec<usize>,
    centres: Vec<f64>,
    by_cluster: Vec<f64>,
    within: f64,
}

impl Partition {
    /// Of labels in any order: all sums are taken in the order of the renumbered clusters, so that the same
    /// partition has the same bits from whatever start it came.
    fn of(table: Matrix<'_>, labels: &[usize]) -> Result<Self, Error> {
        let labels = renumber(labels)?;
        let sizes = super::partition::sizes(&labels, table.rows())?;
        let centres = separation::means(table, &labels, &sizes);
        let by_cluster: Vec<f64> = (0..sizes.len())
            .map(|c| separation::around(table, &labels, c, &centres))
            .collect();
        let within = quyu_math::sum(&by_cluster);
        Ok(Self {
            labels,
            sizes,
            centres,
            by_cluster,
            within,
        })
    }
}

/// One start: centres drawn, Lloyd, exchange.
fn search(table: Matrix<'_>, k: usize, start: u64, options: &KMeansOptions) -> Result<Partition, Error> {
    let seeds = plus_plus(table, k, &mut Stream::new(options.seed, start));
    let centres = lloyd(table, &seeds, options.max_iterations)?;
    let mut labels: Vec<usize> = (0..table.rows())
        .map(|i| nearest(table.row(i), &centres))
        .collect();
    exchange(table, &mut labels, k, options.max_iterations)?;
    let partition = Partition::of(table, &labels)?;
    // Rows may differ by so little that every squared distance vanishes.
    if partition.sizes.len() < k {
        return Err(Error::Range {
            what: "the squared distance between rows",
        });
    }
    Ok(partition)
}

/// k-means++: each next centre is a row drawn with probability proportional to its squared distance from the
/// centres so far.
fn plus_plus(table: Matrix<'_>, k: usize, stream: &mut Stream) -> Vec<usize> {
    let rows = table.rows();
    let mut seeds = vec![stream.below(rows as u64) as usize];
    let mut distance: Vec<f64> = (0..rows)
        .map(|i| squared(table.row(i), table.row(seeds[0])))
        .collect();
    while seeds.len() < k {
        let mark = stream.unit() * quyu_math::sum(&distance);
        let mut sum = 0.0;
        // A row at distance zero is never drawn: it would start an empty cluster.
        let mut drawn = seeds[0];
        for (i, d) in distance.iter().enumerate().filter(|(_, d)| **d > 0.0) {
            drawn = i;
            sum += d;
            if sum > mark {
                break;
            }
        }
        seeds.push(drawn);
        for (i, d) in distance.iter_mut().enumerate() {
            *d = d.min(squared(table.row(i), table.row(drawn)));
        }
    }
    seeds
}

/// linfa's iteration from given centres. It counts the old centre as a member, so its centres are near the
/// means but not exactly there: [`exchange`] finishes the work.
fn lloyd(table: Matrix<'_>, seeds: &[usize], max_iterations: usize) -> Result<Vec<f64>, Error> {
    let shape = |_| Error::Range {
        what: "the distances of k-means",
    };
    let centres: Vec<f64> = seeds.iter().flat_map(|&i| table.row(i).iter().copied()).collect();
    let centres = Array2::from_shape_vec((seeds.len(), table.cols()), centres).map_err(shape)?;
    let records = ArrayView2::from_shape((table.rows(), table.cols()), table.data()).map_err(shape)?;
    let model = linfa_clustering::KMeans::params(seeds.len())
        .init_method(KMeansInit::Precomputed(centres))
        .n_runs(1)
        .max_n_iterations(max_iterations as u64)
        .tolerance(1e-4)
        .fit(&DatasetBase::from(records))
        .map_err(|_| Error::Range {
            what: "the distances of k-means",
        })?;
    Ok(model.centroids().iter().copied().collect())
}

/// The number of the nearest centre; of equally near ones the first.
fn nearest(point: &[f64], centres: &[f64]) -> usize {
    let mut best = (f64::INFINITY, 0);
    for (c, centre) in centres.chunks_exact(point.len()).enumerate() {
        let distance = squared(point, centre);
        if distance < best.0 {
            best = (distance, c);
        }
    }
    best.1
}

/// Moves single points to another cluster while that lowers the within sum of squares.
///
/// Taking a point from a cluster of `n` lowers the sum by `n/(n-1) d²`, adding one to a cluster of `n` raises
/// it by `n/(n+1) d²`. An empty cluster costs nothing, so none stays empty while a cluster has two different
/// points.
fn exchange(table: Matrix<'_>, labels: &mut [usize], k: usize, max_passes: usize) -> Result<(), Error> {
    for _ in 0..max_passes {
        // Means are taken anew in each pass, so that rounding of the updates does not add up.
        let mut sizes = vec![0; k];
        labels.iter().for_each(|&label| sizes[label] += 1);
        let divisors: Vec<usize> = sizes.iter().map(|&n: &usize| n.max(1)).collect();
        let mut centres = separation::means(table, labels, &divisors);
        let mut moved = false;
        for (i, label) in labels.iter_mut().enumerate() {
            if let Some(target) = better_cluster(table.row(i), *label, &sizes, &centres) {
                shift(&mut centres, *label, table.row(i), -1.0, sizes[*label]);
                shift(&mut centres, target, table.row(i), 1.0, sizes[target]);
                sizes[*label] -= 1;
                sizes[target] += 1;
                *label = target;
                moved = true;
            }
        }
        if !moved {
            return Ok(());
        }
    }
    Err(Error::NotConverged {
        algorithm: "k-means",
        iterations: max_passes,
    })
}

/// The cluster that lowers the sum of squares most when `point` moves there, if one does.
fn better_cluster(point: &[f64], own: usize, sizes: &[usize], centres: &[f64]) -> Option<usize> {
    if sizes[own] == 1 {
        return None;
    }
    let cols = point.len();
    let distance = |c: usize| squared(point, &centres[c * cols..(c + 1) * cols]);
    let gain = sizes[own] as f64 / (sizes[own] - 1) as f64 * distance(own);
    // The margin keeps rounding from moving a point to and fro.
    let mut best = (gain * (1.0 - 1e-12), None);
    for (c, &n) in sizes.iter().enumerate().filter(|(c, _)| *c != own) {
        let cost = n as f64 / (n + 1) as f64 * distance(c);
        if cost < best.0 {
            best = (cost, Some(c));
        }
    }
    best.1
}

/// Updates the mean of a cluster of `size` points when `point` joins (sign 1) or leaves (sign -1).
fn shift(centres: &mut [f64], cluster: usize, point: &[f64], sign: f64, size: usize) {
    let after = size as f64 + sign;
    let cols = point.len();
    for (centre, value) in centres[cluster * cols..(cluster + 1) * cols]
        .iter_mut()
        .zip(point)
    {
        *centre += sign * (value - *centre) / after;
    }
}
