//! Triangular factors of `I - ρW` for sparse weights: log-determinants and solutions for thousands of units.
//!
//! Units are reordered so that neighbours stand close together (reverse Cuthill & McKee 1969), and the factors are kept within
//! the profile that this leaves. No pivots are exchanged: for weights without negatives and `|ρ|` below the inverse of the
//! spectral radius, `I - ρW` is an H-matrix, whose pivots are positive in any order (Berman & Plemmons 1994, ch. 6).

use super::weights::{Symmetry, Weights};
use crate::Error;
use quyu_math::lanes::{Path, chunk_dot};
use quyu_math::{ln, sum_by};

/// An order of the units, and the profile that `I - ρW` has in it.
pub(super) struct Order {
    /// `places[unit]` is the row of the unit.
    places: Vec<usize>,
    /// First column of each row, and first row of each column.
    first: Vec<usize>,
    /// Where row i of the lower factor begins; its columns are `first[i]..i`.
    starts: Vec<usize>,
}

impl Order {
    pub(super) fn new(weights: &Weights) -> Self {
        let n = weights.units();
        let graph = weights.symmetrised(Symmetry::Either);
        let mut places = vec![0; n];
        for (row, unit) in cuthill_mckee(&graph).into_iter().rev().enumerate() {
            places[unit] = row;
        }
        let mut first: Vec<usize> = (0..n).collect();
        for i in 0..n {
            for (j, _) in graph.neighbours(i) {
                let row = places[i];
                first[row] = first[row].min(places[j]);
            }
        }
        let mut starts = vec![0; n + 1];
        for i in 0..n {
            starts[i + 1] = starts[i] + i - first[i];
        }
        Self {
            places,
            first,
            starts,
        }
    }
}

/// Every unit once: component by component from one end, and by distance from there.
fn cuthill_mckee(graph: &Weights) -> Vec<usize> {
    let n = graph.units();
    let mut seen = vec![false; n];
    let mut all = Vec::with_capacity(n);
    for i in 0..n {
        if seen[i] {
            continue;
        }
        let mut start = i;
        let mut depth = 0;
        let mut walk = from(graph, start);
        // To an end of the component: from the last unit of the walk, as long as it is farther.
        while let Some((end, found)) = walk.last().copied().filter(|(_, found)| *found > depth) {
            (start, depth) = (end, found);
            walk = from(graph, start);
        }
        for (unit, _) in walk {
            seen[unit] = true;
            all.push(unit);
        }
    }
    all
}

/// The units of a component by their distance from `start`, with it; in a layer, of few neighbours first.
fn from(graph: &Weights, start: usize) -> Vec<(usize, usize)> {
    let mut walk = vec![(start, 0)];
    let mut seen = std::collections::BTreeSet::from([start]);
    let mut next = 0;
    while let Some((unit, depth)) = walk.get(next).copied() {
        let mut near: Vec<usize> = graph
            .neighbours(unit)
            .map(|(j, _)| j)
            .filter(|j| seen.insert(*j))
            .collect();
        near.sort_by_key(|j| (graph.row(*j).0.len(), *j));
        walk.extend(near.into_iter().map(|j| (j, depth + 1)));
        next += 1;
    }
    walk
}

/// `I - ρW = L U` in the order of the rows, L with a diagonal of ones.
pub(super) struct Factor<'a> {
    order: &'a Order,
    /// Rows of L below the diagonal.
    lower: Vec<f64>,
    /// Columns of U above the diagonal, laid out like the rows of L.
    upper: Vec<f64>,
    diagonal: Vec<f64>,
}

impl<'a> Factor<'a> {
    /// [`Error::Singular`] where a pivot is not positive.
    pub(super) fn new(weights: &Weights, order: &'a Order, rho: f64) -> Result<Self, Error> {
        let n = weights.units();
        let (places, first, starts) = (&order.places, &order.first, &order.starts);
        let mut lower = vec![0.0; starts[n]];
        let mut upper = vec![0.0; starts[n]];
        for i in 0..n {
            for (j, w) in weights.neighbours(i) {
                let (row, column) = (places[i], places[j]);
                match column < row {
                    true => lower[starts[row] + column - first[row]] = -rho * w,
                    false => upper[starts[column] + row - first[column]] = -rho * w,
                }
            }
        }
        let mut diagonal = vec![1.0; n];
        let path = Path::best();
        for j in 0..n {
            let (done_lower, l) = lower.split_at_mut(starts[j]);
            let (done_upper, u) = upper.split_at_mut(starts[j]);
            let width = j - first[j];
            let (l, u) = (&mut l[..width], &mut u[..width]);
            for i in first[j]..j {
                let from = first[i].max(first[j]);
                let (here, there) = (
                    from - first[j]..i - first[j],
                    starts[i] + from - first[i]..starts[i + 1],
                );
                let k = i - first[j];
                u[k] -= chunk_dot(path, &done_lower[there.clone()], &u[here.clone()]);
                l[k] = (l[k] - chunk_dot(path, &l[here], &done_upper[there])) / diagonal[i];
            }
            let pivot = 1.0 - chunk_dot(path, l, u);
            if !pivot.is_finite() || pivot <= 0.0 {
                return Err(Error::Singular { argument: "weights" });
            }
            diagonal[j] = pivot;
        }
        Ok(Self {
            order,
            lower,
            upper,
            diagonal,
        })
    }

    /// `ln det (I - ρW)`.
    pub(super) fn log_determinant(&self) -> f64 {
        sum_by(self.diagonal.len(), |i| ln(self.diagonal[i]))
    }

    /// `(I - ρW)^-1 b` in place; `work` is any vector, kept for its memory.
    pub(super) fn solve(&self, b: &mut [f64], work: &mut Vec<f64>) {
        let n = b.len();
        let (places, first, starts) = (&self.order.places, &self.order.first, &self.order.starts);
        let path = Path::best();
        work.clear();
        work.resize(n, 0.0);
        for (unit, value) in b.iter().enumerate() {
            work[places[unit]] = *value;
        }
        for i in 0..n {
            let row = &self.lower[starts[i]..starts[i + 1]];
            work[i] -= chunk_dot(path, row, &work[first[i]..i]);
        }
        for j in (0..n).rev() {
            work[j] /= self.diagonal[j];
            let x = work[j];
            let column = &self.upper[starts[j]..starts[j + 1]];
            for (value, u) in work[first[j]..j].iter_mut().zip(column) {
                *value -= x * u;
            }
        }
        for (unit, value) in b.iter_mut().enumerate() {
            *value = work[places[unit]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quyu_math::rng::Stream;

    fn random(n: usize, links: usize, seed: u64) -> Weights {
        let mut s = Stream::new(seed, 0);
        let mut all = std::collections::BTreeMap::new();
        for _ in 0..links {
            let (i, j) = (s.index(n), s.index(n));
            if i != j {
                all.insert((i, j), 0.2 + s.unit());
            }
        }
        let links: Vec<_> = all.into_iter().map(|((i, j), w)| (i, j, w)).collect();
        Weights::new(n, &links).unwrap()
    }

    /// The determinant by elimination with exchange of rows.
    fn determinant(w: &Weights, rho: f64) -> f64 {
        let n = w.units();
        let mut a: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| f64::from(i == j) - rho * w.weight(i, j)).collect())
            .collect();
        let mut det = 1.0;
        for k in 0..n {
            let best = (k..n)
                .max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs()))
                .unwrap();
            if best != k {
                a.swap(k, best);
                det = -det;
            }
            det *= a[k][k];
            for i in k + 1..n {
                let (above, below) = a.split_at_mut(i);
                let f = below[0][k] / above[k][k];
                for (b, u) in below[0].iter_mut().zip(&above[k]) {
                    *b -= f * u;
                }
            }
        }
        det
    }

    #[test]
    fn determinants_and_solutions_of_dense_algebra() {
        for (n, links, seed) in [(1, 0, 1), (2, 3, 2), (9, 30, 3), (40, 120, 4), (60, 40, 5)] {
            let w = random(n, links, seed);
            let radius = w.spectral_radius().unwrap();
            for share in [-0.95, -0.3, 0.0, 0.5, 0.99] {
                let rho = if radius > 0.0 { share / radius } else { share };
                let order = Order::new(&w);
                let factor = Factor::new(&w, &order, rho).unwrap();
                let expected = determinant(&w, rho);
                assert!((factor.log_determinant() - ln(expected)).abs() < 1e-11);
                let x: Vec<f64> = (0..n).map(|i| 1.0 + (i % 5) as f64).collect();
                let lag = w.lag_of(&x);
                let mut b: Vec<f64> = x.iter().zip(&lag).map(|(x, l)| x - rho * l).collect();
                factor.solve(&mut b, &mut Vec::new());
                assert!(b.iter().zip(&x).all(|(b, x)| (b - x).abs() < 1e-10));
            }
        }
    }

    #[test]
    fn the_spectral_radius_is_the_largest_eigenvalue() {
        // A ring of n: 2. A path of n: 2 cos(π / (n + 1)). A star of n leaves: √n.
        let ring: Vec<_> = (0..10).map(|i| (i, (i + 1) % 10)).collect();
        let path: Vec<_> = (0..9).map(|i| (i, i + 1)).collect();
        let star: Vec<_> = (1..10).map(|i| (0, i)).collect();
        let expected = [2.0, 2.0 * quyu_math::cos(std::f64::consts::PI / 11.0), 3.0];
        for (pairs, expected) in [ring, path, star].iter().zip(expected) {
            let w = Weights::contiguity(10, pairs).unwrap();
            assert!(
                (w.spectral_radius().unwrap() - expected).abs() < 1e-13,
                "{expected}"
            );
        }
        // No way back: all eigenvalues are zero.
        let w = Weights::new(3, &[(0, 1, 1.0), (1, 2, 1.0), (0, 2, 5.0)]).unwrap();
        assert_eq!(w.spectral_radius().unwrap(), 0.0);
        // Two components, one with a larger value; the weights asymmetric.
        let w = Weights::new(4, &[(0, 1, 4.0), (1, 0, 9.0), (2, 3, 1.0), (3, 2, 2.0)]).unwrap();
        assert!((w.spectral_radius().unwrap() - 6.0).abs() < 1e-13);
    }
}
