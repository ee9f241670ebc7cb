//! k-means.

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
/// Each start draws centres by k-means++, runs Lloyd's iteration and then moves single points while
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
    let mut labels = lloyd(table, &seeds, options.max_iterations);
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

/// Lloyd's iteration from the rows `seeds`: every row goes to its nearest centre (of equally near ones to the
/// first), centres become means, until no row changes. A centre that loses all its rows stays where it is.
fn lloyd(table: Matrix<'_>, seeds: &[usize], max_iterations: usize) -> Vec<usize> {
    let (k, cols) = (seeds.len(), table.cols());
    let mut centres = Centres::new(k, cols);
    for (c, &row) in seeds.iter().enumerate() {
        centres.set(c, table.row(row));
    }
    let mut labels = vec![usize::MAX; table.rows()];
    for _ in 0..max_iterations {
        let mut changed = false;
        let (mut sums, mut sizes) = (vec![0.0; k * cols], vec![0_usize; k]);
        for (row, label) in table.data().chunks_exact(cols).zip(&mut labels) {
            let nearest = centres.nearest(row);
            changed |= nearest != *label;
            *label = nearest;
            sizes[nearest] += 1;
            for (sum, value) in sums[nearest * cols..(nearest + 1) * cols].iter_mut().zip(row) {
                *sum += value;
            }
        }
        if !changed {
            break;
        }
        for c in (0..k).filter(|&c| sizes[c] > 0) {
            let count = sizes[c] as f64;
            let sum = &mut sums[c * cols..(c + 1) * cols];
            sum.iter_mut().for_each(|v| *v /= count);
            centres.set(c, sum);
        }
    }
    labels
}

/// Centres side by side, eight at a time: the squared distances of a point to eight centres cost hardly more
/// than one. Each is the sum over the columns in their order, as in [`super::distance::squared`].
struct Centres {
    /// For each group of eight centres the columns, each with one value a centre. A lane without a centre holds
    /// infinity, and so is never near.
    groups: Vec<Vec<[f64; LANES]>>,
}

const LANES: usize = 8;

impl Centres {
    fn new(k: usize, cols: usize) -> Self {
        let mut groups = vec![vec![[0.0; LANES]; cols]; k.div_ceil(LANES)];
        for c in k..groups.len() * LANES {
            for column in &mut groups[c / LANES] {
                column[c % LANES] = f64::INFINITY;
            }
        }
        Self { groups }
    }

    fn set(&mut self, c: usize, centre: &[f64]) {
        for (column, value) in self.groups[c / LANES].iter_mut().zip(centre) {
            column[c % LANES] = *value;
        }
    }

    /// Squared distances to the centres of a group.
    #[inline(always)]
    fn squares(group: &[[f64; LANES]], point: &[f64]) -> [f64; LANES] {
        let mut squares = [0.0; LANES];
        for (column, value) in group.iter().zip(point) {
            for (square, centre) in squares.iter_mut().zip(column) {
                let apart = value - centre;
                *square += apart * apart;
            }
        }
        squares
    }

    /// The number of the nearest centre; of equally near ones the first.
    #[inline(always)]
    fn nearest(&self, point: &[f64]) -> usize {
        let (mut least, mut nearest) = (f64::INFINITY, 0);
        for (g, group) in self.groups.iter().enumerate() {
            // Both are selected and not branched on: which centre is nearest cannot be foretold.
            for (lane, square) in Self::squares(group, point).into_iter().enumerate() {
                let nearer = square < least;
                least = if nearer { square } else { least };
                nearest = if nearer { g * LANES + lane } else { nearest };
            }
        }
        nearest
    }

    /// Moves the mean of a cluster of `size` points when `point` joins (sign 1) or leaves (sign -1).
    fn shift(&mut self, c: usize, point: &[f64], sign: f64, size: usize) {
        let after = size as f64 + sign;
        for (column, value) in self.groups[c / LANES].iter_mut().zip(point) {
            let centre = &mut column[c % LANES];
            *centre += sign * (value - *centre) / after;
        }
    }
}

/// Moves single points to another cluster while that lowers the within sum of squares.
///
/// Taking a point from a cluster of `n` lowers the sum by `n/(n-1) d²`, adding one to a cluster of `n` raises
/// it by `n/(n+1) d²`. An empty cluster costs nothing, so none stays empty while a cluster has two different
/// points.
fn exchange(table: Matrix<'_>, labels: &mut [usize], k: usize, max_passes: usize) -> Result<(), Error> {
    let cols = table.cols();
    for _ in 0..max_passes {
        // Means are taken anew in each pass, so that rounding of the updates does not add up.
        let mut sizes = vec![0; k];
        labels.iter().for_each(|&label| sizes[label] += 1);
        let divisors: Vec<usize> = sizes.iter().map(|&n: &usize| n.max(1)).collect();
        let means = separation::means(table, labels, &divisors);
        let mut centres = Centres::new(k, cols);
        means
            .chunks_exact(cols)
            .enumerate()
            .for_each(|(c, mean)| centres.set(c, mean));
        let mut factors = Factors::of(&sizes);
        let mut moved = false;
        for (row, label) in table.data().chunks_exact(cols).zip(labels.iter_mut()) {
            if let Some(target) = better_cluster(row, *label, &sizes, &factors, &centres) {
                centres.shift(*label, row, -1.0, sizes[*label]);
                centres.shift(target, row, 1.0, sizes[target]);
                sizes[*label] -= 1;
                sizes[target] += 1;
                factors.set(*label, sizes[*label]);
                factors.set(target, sizes[target]);
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

/// What a squared distance counts when a point leaves or joins each cluster. Filled up to whole groups of
/// [`LANES`].
struct Factors {
    leave: Vec<f64>,
    join: Vec<f64>,
}

impl Factors {
    fn of(sizes: &[usize]) -> Self {
        let mut factors = Self {
            leave: vec![1.0; sizes.len()],
            join: vec![1.0; sizes.len().div_ceil(LANES) * LANES],
        };
        (0..sizes.len()).for_each(|c| factors.set(c, sizes[c]));
        factors
    }

    fn set(&mut self, c: usize, size: usize) {
        // A cluster of one is never left: the factor is not read.
        self.leave[c] = size as f64 / size.saturating_sub(1).max(1) as f64;
        self.join[c] = size as f64 / (size + 1) as f64;
    }
}

/// The cluster that lowers the sum of squares most when `point` moves there, if one does.
#[inline(always)]
fn better_cluster(
    point: &[f64],
    own: usize,
    sizes: &[usize],
    factors: &Factors,
    centres: &Centres,
) -> Option<usize> {
    if sizes[own] == 1 {
        return None;
    }
    let (mut least, mut target) = (f64::INFINITY, own);
    let mut to_own = 0.0;
    for (g, group) in centres.groups.iter().enumerate() {
        let mut costs = Centres::squares(group, point);
        let first = g * LANES;
        if own / LANES == g {
            to_own = costs[own - first];
            costs[own - first] = f64::INFINITY;
        }
        for (cost, factor) in costs.iter_mut().zip(&factors.join[first..first + LANES]) {
            *cost *= factor;
        }
        for (lane, cost) in costs.into_iter().enumerate() {
            let better = cost < least;
            least = if better { cost } else { least };
            target = if better { first + lane } else { target };
        }
    }
    // The margin keeps rounding from moving a point to and fro.
    (least < factors.leave[own] * to_own * (1.0 - 1e-12)).then_some(target)
}
