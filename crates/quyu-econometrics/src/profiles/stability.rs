//! How sure a typology is: does it come back when regions are drawn anew?

use quyu_math::rng::Stream;

use super::partition;
use crate::{Error, Matrix, check, parallel};

/// Options of [`cluster_stability`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StabilityOptions {
    /// Number of bootstrap replicates. Default 1,000.
    pub replicates: usize,
    /// Seed; replicate number b draws from stream b. Default 1.
    pub seed: u64,
}

impl Default for StabilityOptions {
    fn default() -> Self {
        Self {
            replicates: 1000,
            seed: 1,
        }
    }
}

/// Stability of the clusters of a partition.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// Mean Jaccard similarity of each cluster with the most similar cluster of a replicate. Above 0.75 is read
    /// as stable, below 0.6 as not to be believed.
    pub mean_jaccard: Vec<f64>,
    /// Share of the replicates in which each cluster dissolved (similarity of at most 0.5).
    pub dissolved: Vec<f64>,
    /// Share of the replicates that drew a point in which it lay in the replicate's cluster that is most
    /// similar to its own. Low for a region that sits between two clusters.
    pub point_stability: Vec<f64>,
    /// Replicates on which the method failed (too few different rows), left out of the means.
    pub failed: usize,
}

/// Bootstrap stability of each cluster: rows are drawn with replacement, each drawn row is kept once, clustered
/// anew by `method`, and each cluster is compared with the most similar new one, on the rows drawn.
///
/// `labels` run from 0 without a gap and are the partition in question; `method` is whatever made it, for
/// example `|rows| Ok(kmeans(rows, 3, &options)?.labels)`. A cluster of which no row was drawn has similarity 0
/// in that replicate.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Label`], [`Error::Undefined`] for labels with a gap;
/// [`Error::Domain`] for no replicates; the error of `method` if it fails on every replicate.
///
/// # Reference
/// Hennig, C. (2007), Cluster-wise assessment of cluster stability, Computational Statistics and Data Analysis
/// 52, 258-271.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::*};
/// let table: Vec<f64> = (0..20).map(|i| f64::from(i % 10) * 0.1 + if i < 10 { 0.0 } else { 50.0 }).collect();
/// let table = Matrix::new(&table, 20, 1)?;
/// let options = KMeansOptions { starts: 5, ..Default::default() };
/// let labels = kmeans(table, 2, &options)?.labels;
/// let method = |rows: Matrix<'_>| Ok(kmeans(rows, 2, &options)?.labels);
/// let stability = cluster_stability(table, &labels, method, &StabilityOptions { replicates: 50, seed: 1 })?;
/// assert_eq!(stability.mean_jaccard, [1.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cluster_stability(
    table: Matrix<'_>,
    labels: &[usize],
    method: impl Fn(Matrix<'_>) -> Result<Vec<usize>, Error> + Sync,
    options: &StabilityOptions,
) -> Result<Stability, Error> {
    check::finite("table", table.data())?;
    let k = partition::sizes(labels, table.rows())?.len();
    if options.replicates == 0 {
        return Err(Error::Domain {
            option: "replicates",
            value: 0.0,
            domain: "1 or more",
        });
    }
    let outcomes: Vec<Result<Replicate, Error>> = parallel::map(options.replicates, 1, |b| {
        replicate(
            table,
            labels,
            k,
            &method,
            &mut Stream::new(options.seed, b as u64),
        )
    });
    let mut first_error = None;
    let mut done = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        match outcome {
            Ok(replicate) => done.push(replicate),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    if let (true, Some(error)) = (done.is_empty(), first_error) {
        return Err(error);
    }
    let count = done.len() as f64;
    let share = |f: &dyn Fn(&Replicate) -> f64| quyu_math::sum_by(done.len(), |b| f(&done[b])) / count;
    let point = |i: usize| {
        let drawn = done.iter().filter(|r| r.kept[i].is_some()).count();
        let kept = done.iter().filter(|r| r.kept[i] == Some(true)).count();
        // A row that no replicate drew was never seen to move.
        if drawn == 0 {
            1.0
        } else {
            kept as f64 / drawn as f64
        }
    };
    Ok(Stability {
        mean_jaccard: (0..k).map(|c| share(&|r| r.jaccard[c])).collect(),
        dissolved: (0..k)
            .map(|c| share(&|r| f64::from(r.jaccard[c] <= 0.5)))
            .collect(),
        point_stability: (0..labels.len()).map(point).collect(),
        failed: options.replicates - done.len(),
    })
}

struct Replicate {
    /// Largest similarity of each cluster.
    jaccard: Vec<f64>,
    /// For each row drawn, whether it lies in the most similar new cluster.
    kept: Vec<Option<bool>>,
}

fn replicate(
    table: Matrix<'_>,
    labels: &[usize],
    k: usize,
    method: impl Fn(Matrix<'_>) -> Result<Vec<usize>, Error>,
    stream: &mut Stream,
) -> Result<Replicate, Error> {
    let n = table.rows();
    let mut drawn = vec![false; n];
    (0..n).for_each(|_| drawn[stream.below(n as u64) as usize] = true);
    let rows: Vec<usize> = (0..n).filter(|&i| drawn[i]).collect();
    let cells: Vec<f64> = rows.iter().flat_map(|&i| table.row(i).iter().copied()).collect();
    let new = method(Matrix::of(&cells, rows.len(), table.cols()))?;
    let new_sizes = partition::sizes(&new, rows.len())?;
    let mut replicate = Replicate {
        jaccard: vec![0.0; k],
        kept: vec![None; n],
    };
    for c in 0..k {
        let size = rows.iter().filter(|&&i| labels[i] == c).count();
        let mut best = (0.0, 0);
        for (d, new_size) in new_sizes.iter().enumerate() {
            let both = rows
                .iter()
                .zip(&new)
                .filter(|(i, label)| labels[**i] == c && **label == d)
                .count();
            let similarity = both as f64 / (size + new_size - both) as f64;
            if similarity > best.0 {
                best = (similarity, d);
            }
        }
        replicate.jaccard[c] = best.0;
        for (&i, &label) in rows.iter().zip(&new).filter(|(i, _)| labels[**i] == c) {
            replicate.kept[i] = Some(label == best.1);
        }
    }
    Ok(replicate)
}
