//! Unordered pairs of neighbours: what every global statistic adds over.

use super::weights::Weights;
use crate::{Error, check};
use quyu_math::{sum, sum_by};

/// Pairs i < j with `c = w_ij + w_ji`, sorted.
pub(super) struct Pairs {
    pub(super) left: Vec<u32>,
    pub(super) right: Vec<u32>,
    pub(super) weight: Vec<f64>,
}

impl Pairs {
    pub(super) fn new(weights: &Weights) -> Self {
        let back = weights.transposed();
        let mut pairs = Self {
            left: Vec::new(),
            right: Vec::new(),
            weight: Vec::new(),
        };
        let mut row: Vec<(u32, f64)> = Vec::new();
        for i in 0..weights.units() {
            row.clear();
            for graph in [weights, &back] {
                let (columns, values) = graph.row(i);
                let above = columns.partition_point(|j| (*j as usize) < i);
                row.extend(
                    columns[above..]
                        .iter()
                        .copied()
                        .zip(values[above..].iter().copied()),
                );
            }
            row.sort_by_key(|(j, _)| *j);
            for run in row.chunk_by(|a, b| a.0 == b.0) {
                pairs.left.push(i as u32);
                pairs.right.push(run[0].0);
                pairs.weight.push(run.iter().map(|(_, w)| w).sum());
            }
        }
        pairs
    }

    /// `Σ_ij w_ij f(z_i, z_j)` for an f that is symmetric.
    pub(super) fn sum(&self, z: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
        sum_by(self.weight.len(), |k| {
            self.weight[k] * f(z[self.left[k] as usize], z[self.right[k] as usize])
        })
    }
}

/// The sums of the weights that the moments of all global statistics need (Cliff & Ord 1981).
#[derive(Debug, Clone, Copy)]
pub(super) struct GraphSums {
    /// `Σ w_ij`.
    pub(super) s0: f64,
    /// `½ Σ (w_ij + w_ji)²`.
    pub(super) s1: f64,
    /// `Σ_i (w_i. + w_.i)²`.
    pub(super) s2: f64,
}

impl GraphSums {
    pub(super) fn new(weights: &Weights, pairs: &Pairs) -> Result<Self, Error> {
        let (rows, columns) = (weights.row_sums(), weights.transposed().row_sums());
        let both = |i: usize| rows[i] + columns[i];
        let sums = Self {
            s0: sum(&pairs.weight),
            s1: sum_by(pairs.weight.len(), |k| pairs.weight[k] * pairs.weight[k]),
            s2: sum_by(rows.len(), |i| both(i) * both(i)),
        };
        check::in_range("a sum of weights", &[sums.s1, sums.s2, sums.s0 * sums.s0])?;
        // Squares of weights that vanish would make a moment of nothing.
        match sums.s1 > 0.0 && sums.s0 * sums.s0 > 1e-290 {
            true => Ok(sums),
            false => Err(Error::Range {
                what: "a sum of squared weights",
            }),
        }
    }
}
