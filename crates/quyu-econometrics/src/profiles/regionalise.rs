//! Clusters that hang together on the map.

use std::collections::BTreeSet;

use super::distance::squared;
use super::moments::power_of_two_below;
use super::partition::renumber;
use super::separation::sum_of_squares;
use crate::{Error, Matrix, check};

/// A partition into contiguous regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Regionalisation {
    /// Cluster of each point; clusters are numbered by first member.
    pub labels: Vec<usize>,
    /// Within sum of squares.
    pub within: f64,
}

/// Ward's clustering under the constraint of contiguity: only neighbours merge.
///
/// `edges` are pairs of neighbouring rows; order and repeats do not matter. From single points, the two
/// neighbouring clusters whose merge costs the least within sum of squares, `n_a n_b / (n_a + n_b) |x̄_a -
/// x̄_b|²`, become one, until `k` are left; of equal costs the pair with the smallest first members.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] unless 1 <= k <= rows; [`Error::Label`] for an edge beyond the rows;
/// [`Error::Undefined`] if the map has more parts than `k`; [`Error::Range`].
///
/// # Reference
/// Gordon, A. D. (1996), A survey of constrained classification, Computational Statistics and Data Analysis 21,
/// 17-29.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::constrained_ward};
/// // Rows 0 and 3 are alike but do not touch.
/// let found = constrained_ward(Matrix::new(&[0.0, 5.0, 6.0, 0.1], 4, 1)?, &[(0, 1), (1, 2), (2, 3)], 3)?;
/// assert_eq!(found.labels, [0, 1, 1, 2]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn constrained_ward(
    table: Matrix<'_>,
    edges: &[(usize, usize)],
    k: usize,
) -> Result<Regionalisation, Error> {
    let scaled = prepare(table, edges, k)?;
    let (n, cols) = (table.rows(), table.cols());
    let mut near = neighbours(n, edges);
    let mut sizes = vec![1.0; n];
    let mut means = scaled;
    let mut owner: Vec<usize> = (0..n).collect();
    for _ in k..n {
        let cost = |a: usize, b: usize| {
            let apart = squared(&means[a * cols..(a + 1) * cols], &means[b * cols..(b + 1) * cols]);
            sizes[a] * sizes[b] / (sizes[a] + sizes[b]) * apart
        };
        let pairs = (0..n).flat_map(|a| near[a].iter().filter(move |&&b| b > a).map(move |&b| (a, b)));
        let best = pairs
            .map(|(a, b)| (cost(a, b), a, b))
            .reduce(|x, y| if y.0 < x.0 { y } else { x });
        let Some((_, a, b)) = best else {
            return Err(Error::Undefined {
                reason: "the map has more parts than clusters are asked for",
            });
        };
        // The cluster keeps the smaller number: that of its first member.
        let all = sizes[a] + sizes[b];
        for j in 0..cols {
            means[a * cols + j] = (sizes[a] * means[a * cols + j] + sizes[b] * means[b * cols + j]) / all;
        }
        sizes[a] = all;
        for c in std::mem::take(&mut near[b]) {
            near[c].remove(&b);
            if c != a {
                near[c].insert(a);
                near[a].insert(c);
            }
        }
        owner.iter_mut().filter(|o| **o == b).for_each(|o| *o = a);
    }
    finish(table, &owner)
}

/// Options of [`skater`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkaterOptions {
    /// No cluster gets fewer members than this. Default 1.
    pub minimum_size: usize,
}

impl Default for SkaterOptions {
    fn default() -> Self {
        Self { minimum_size: 1 }
    }
}

/// SKATER: the minimum spanning tree of the map, cut `k - 1` times where that lowers the within sum of squares
/// most.
///
/// `edges` are pairs of neighbouring rows; the cost of an edge is the Euclidean distance of its ends. Cuts are
/// final: the method is quick and its clusters contiguous, but not always the best there are.
///
/// # Errors
/// As [`constrained_ward`], but the map must be in one part; [`Error::Undefined`] also if no cut leaves
/// clusters of the minimum size; [`Error::Domain`] for a minimum size of zero.
///
/// # Reference
/// Assunção, R. M., Neves, M. C., Câmara, G. & Freitas, C. D. C. (2006), Efficient regionalization techniques
/// for socio-economic geographical units using minimum spanning trees, International Journal of Geographical
/// Information Science 20, 797-811.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{SkaterOptions, skater}};
/// let table = Matrix::new(&[0.0, 5.0, 6.0, 0.1], 4, 1)?;
/// let found = skater(table, &[(0, 1), (1, 2), (2, 3)], 3, &SkaterOptions::default())?;
/// assert_eq!(found.labels, [0, 1, 1, 2]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn skater(
    table: Matrix<'_>,
    edges: &[(usize, usize)],
    k: usize,
    options: &SkaterOptions,
) -> Result<Regionalisation, Error> {
    if options.minimum_size == 0 {
        return Err(Error::Domain {
            option: "minimum_size",
            value: 0.0,
            domain: "1 or more",
        });
    }
    let scaled = prepare(table, edges, k)?;
    let scaled = Matrix::of(&scaled, table.rows(), table.cols());
    let mut tree = spanning_tree(scaled, edges)?;
    for _ in 1..k {
        let mut best: Option<(f64, usize)> = None;
        for cut in 0..tree.len() {
            let (low, high) = tree[cut];
            let parts = [
                side(&tree, cut, low, table.rows()),
                side(&tree, cut, high, table.rows()),
            ];
            if parts.iter().any(|part| part.len() < options.minimum_size) {
                continue;
            }
            let whole: Vec<usize> = parts.concat();
            let gain = spread(scaled, &whole) - spread(scaled, &parts[0]) - spread(scaled, &parts[1]);
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, cut));
            }
        }
        let Some((_, cut)) = best else {
            return Err(Error::Undefined {
                reason: "no cut leaves clusters of the minimum size",
            });
        };
        tree.remove(cut);
    }
    let mut owner: Vec<usize> = (0..table.rows()).collect();
    for start in 0..table.rows() {
        if owner[start] == start {
            side(&tree, tree.len(), start, table.rows())
                .into_iter()
                .for_each(|i| owner[i] = start);
        }
    }
    finish(table, &owner)
}

/// Checks the arguments and divides the table by a power of two.
fn prepare(table: Matrix<'_>, edges: &[(usize, usize)], k: usize) -> Result<Vec<f64>, Error> {
    check::finite("table", table.data())?;
    if k == 0 || k > table.rows() {
        return Err(Error::Domain {
            option: "k",
            value: k as f64,
            domain: "1 to the number of rows",
        });
    }
    if let Some(index) = edges.iter().position(|&(a, b)| a.max(b) >= table.rows()) {
        let (found, limit) = (edges[index].0.max(edges[index].1), table.rows());
        return Err(Error::Label {
            argument: "edges",
            index,
            found,
            limit,
        });
    }
    let scale = power_of_two_below(table.data());
    Ok(table.data().iter().map(|v| v / scale).collect())
}

fn neighbours(n: usize, edges: &[(usize, usize)]) -> Vec<BTreeSet<usize>> {
    let mut near = vec![BTreeSet::new(); n];
    for &(a, b) in edges.iter().filter(|(a, b)| a != b) {
        near[a].insert(b);
        near[b].insert(a);
    }
    near
}

/// Kruskal's minimum spanning tree; of equal edges the one with the smaller ends.
fn spanning_tree(table: Matrix<'_>, edges: &[(usize, usize)]) -> Result<Vec<(usize, usize)>, Error> {
    let near = neighbours(table.rows(), edges);
    let pairs = (0..table.rows()).flat_map(|a| near[a].iter().filter(move |&&b| b > a).map(move |&b| (a, b)));
    let mut costs: Vec<(f64, usize, usize)> = pairs
        .map(|(a, b)| (squared(table.row(a), table.row(b)), a, b))
        .collect();
    costs.sort_by(|x, y| x.0.total_cmp(&y.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut part: Vec<usize> = (0..table.rows()).collect();
    let mut tree = Vec::with_capacity(table.rows());
    for (_, a, b) in costs {
        let (kept, gone) = (part[a].min(part[b]), part[a].max(part[b]));
        if kept != gone {
            part.iter_mut().filter(|p| **p == gone).for_each(|p| *p = kept);
            tree.push((a, b));
        }
    }
    if tree.len() + 1 < table.rows() {
        return Err(Error::Undefined {
            reason: "the map is not in one part",
        });
    }
    Ok(tree)
}

/// The points that hang together with `start` when edge `cut` is taken out of the forest.
fn side(tree: &[(usize, usize)], cut: usize, start: usize, points: usize) -> Vec<usize> {
    let mut near = vec![Vec::new(); points];
    for (_, &(a, b)) in tree.iter().enumerate().filter(|(edge, _)| *edge != cut) {
        near[a].push(b);
        near[b].push(a);
    }
    let mut seen = vec![false; points];
    seen[start] = true;
    let mut open = vec![start];
    let mut found = Vec::new();
    while let Some(point) = open.pop() {
        found.push(point);
        for &other in &near[point] {
            if !seen[other] {
                seen[other] = true;
                open.push(other);
            }
        }
    }
    found.sort_unstable();
    found
}

/// Sum of squared distances of the points to their mean.
fn spread(table: Matrix<'_>, points: &[usize]) -> f64 {
    let count = points.len() as f64;
    let column = |j: usize| {
        let mean = quyu_math::sum_by(points.len(), |p| table.at(points[p], j)) / count;
        quyu_math::sum_by(points.len(), |p| {
            (table.at(points[p], j) - mean) * (table.at(points[p], j) - mean)
        })
    };
    quyu_math::sum_by(table.cols(), column)
}

fn finish(table: Matrix<'_>, owner: &[usize]) -> Result<Regionalisation, Error> {
    let labels = renumber(owner)?;
    let within = sum_of_squares(table, &labels)?.within;
    Ok(Regionalisation { labels, within })
}
