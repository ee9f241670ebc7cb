//! The bootstrap of the Gini index from counts: values are sorted once, and a replicate says how often it takes each.

use super::bootstrap::Draws;
use crate::disparity::{Correction, GiniOptions, Index, Negative};
use crate::{Error, parallel};
use quyu_math::rng::EightStreams;

/// Replicates that are worked out side by side, where the counts of all of them fit the cache of a core.
const SIDE: usize = 8;
const FEW: usize = 1 << 13;

/// Whether the bootstrap of this index is one of counts: products of two sums stay far inside the range of a double.
pub(super) fn suit(x: &[f64], w: Option<&[f64]>, index: Index) -> bool {
    let plain = GiniOptions {
        correction: Correction::None,
        negative: Negative::Error,
    };
    let fits = |v: &f64| *v == 0.0 || (1e-60..1e60).contains(v);
    index == Index::Gini(plain)
        && i32::try_from(x.len()).is_ok()
        && x.iter().all(fits)
        && w.is_none_or(|w| w.iter().all(|w| *w > 0.0 && fits(w)))
}

/// The index of every replicate, in order.
pub(super) fn gini(x: &[f64], w: Option<&[f64]>, draws: &Draws<'_>) -> Vec<Result<f64, Error>> {
    let ordered = Ordered::new(x, w);
    if draws.strata.is_some() || draws.n > FEW {
        return draws.map(Vec::new, |counts, replicate| {
            ordered.alone(draws, replicate, counts)
        });
    }
    let replicates = draws.options.replicates;
    let side = |counts: &mut Vec<_>, k: usize| ordered.side(draws, k * SIDE, counts);
    parallel::map_with(replicates.div_ceil(SIDE), 8, Vec::new, side)
        .into_iter()
        .flatten()
        .take(replicates)
        .collect()
}

/// Values `centre + z` in ascending order.
struct Ordered {
    z: Vec<f64>,
    w: Option<Vec<f64>>,
    centre: f64,
    /// The unit that has each value.
    order: Vec<usize>,
}

impl Ordered {
    fn new(x: &[f64], w: Option<&[f64]>) -> Self {
        let order = crate::disparity::order(x);
        // Around the smallest value, differences keep the digits of small values and of nearly equal ones.
        let centre = x[order[0]];
        Self {
            z: order.iter().map(|i| x[*i] - centre).collect(),
            w: w.map(|w| order.iter().map(|i| w[*i]).collect()),
            centre,
            order,
        }
    }

    fn alone(&self, draws: &Draws<'_>, replicate: usize, counts: &mut Vec<[i32; 1]>) -> Result<f64, Error> {
        zeros(counts, self.z.len());
        draws.each(replicate, |_, row| counts[row][0] += 1);
        let [index] = self.indices(counts);
        index
    }

    /// The replicates from `first` on.
    fn side(
        &self,
        draws: &Draws<'_>,
        first: usize,
        counts: &mut Vec<[i32; SIDE]>,
    ) -> [Result<f64, Error>; SIDE] {
        zeros(counts, self.z.len());
        let mut streams = EightStreams::new(draws.options.seed, first as u64);
        let mut rows = [[0; SIDE]; 16];
        for start in (0..draws.n).step_by(rows.len()) {
            if !streams.below(draws.n as u32, &mut rows) {
                return std::array::from_fn(|k| self.alone(draws, first + k, &mut Vec::new()));
            }
            for rows in rows.iter().take(draws.n - start) {
                for (side, row) in rows.iter().enumerate() {
                    counts[*row as usize][side] += 1;
                }
            }
        }
        self.indices(counts)
    }

    /// The index of replicates that take each unit so often.
    fn indices<const L: usize>(&self, counts: &[[i32; L]]) -> [Result<f64, Error>; L] {
        let indices = match &self.w {
            None => self.unweighted(counts),
            Some(w) => self.weighted(w, counts),
        };
        std::array::from_fn(|side| {
            let taken = |unit: &usize| counts[*unit][side] > 0;
            let first = self.order.iter().position(taken).unwrap_or(0);
            let last = self.order.iter().rposition(taken).unwrap_or(0);
            match self.z[first] == self.z[last] {
                // Equal values: exactly zero, and undefined if that value is zero.
                true if self.centre + self.z[first] > 0.0 => Ok(0.0),
                true => Err(ALL_ZERO),
                false => Ok(indices[side]),
            }
        })
    }

    /// sum c z (2 C + c - n) / (n sum c (centre + z)), where C counts what came before: ranks are whole numbers.
    fn unweighted<const L: usize>(&self, counts: &[[i32; L]]) -> [f64; L] {
        let (n, centre) = (self.z.len() as f64, self.centre);
        let (mut twice_before, mut moment, mut ranked) = ([-n; L], [0.0; L], [0.0; L]);
        for (z, unit) in self.z.iter().zip(&self.order) {
            let counts = counts[*unit].map(f64::from);
            for side in 0..L {
                let product = counts[side] * z;
                ranked[side] += product * (twice_before[side] + counts[side]);
                moment[side] += product;
                twice_before[side] += 2.0 * counts[side];
            }
        }
        std::array::from_fn(|side| (ranked[side] / (n * (n * centre + moment[side]))).max(0.0))
    }

    /// The same with weights, around the mean of the replicate, which may lie far from `centre`.
    fn weighted<const L: usize>(&self, w: &[f64], counts: &[[i32; L]]) -> [f64; L] {
        let (mut total, mut moment) = ([0.0; L], [0.0; L]);
        let values = || self.z.iter().zip(w).zip(&self.order);
        for ((z, w), unit) in values() {
            let counts = counts[*unit].map(f64::from);
            for side in 0..L {
                let a = counts[side] * w;
                total[side] += a;
                moment[side] += a * z;
            }
        }
        let mean: [f64; L] = std::array::from_fn(|side| moment[side] / total[side]);
        let (mut twice_before, mut ranked) = (total.map(|total: f64| -total), [0.0; L]);
        for ((z, w), unit) in values() {
            let counts = counts[*unit].map(f64::from);
            for side in 0..L {
                let a = counts[side] * w;
                ranked[side] += a * (z - mean[side]) * (twice_before[side] + a);
                twice_before[side] += 2.0 * a;
            }
        }
        std::array::from_fn(|side| {
            (ranked[side] / (total[side] * total[side] * (self.centre + mean[side]))).max(0.0)
        })
    }
}

fn zeros<const L: usize>(counts: &mut Vec<[i32; L]>, n: usize) {
    counts.clear();
    counts.resize(n, [0; L]);
}

const ALL_ZERO: Error = Error::Undefined {
    reason: "all values are zero",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::BootstrapOptions;

    /// Ties, zeros and a value far from the others; the last makes replicates of zeros alone likely.
    #[test]
    fn replicates_side_by_side_are_those_of_each_alone() {
        let long: Vec<f64> = (0..137).map(|i| f64::from(i * i % 59)).collect();
        for x in [
            &[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0][..],
            &long,
            &[0.0, 0.0, 7.0],
            &[2.0],
        ] {
            let w: Vec<f64> = (0..x.len()).map(|i| 0.5 + (i % 5) as f64).collect();
            for w in [None, Some(&w[..])] {
                let options = BootstrapOptions {
                    replicates: 203,
                    seed: 5,
                };
                let draws = Draws::new(x.len(), None, &options).unwrap();
                let ordered = Ordered::new(x, w);
                let alone = |i| ordered.alone(&draws, i, &mut Vec::new());
                let expected: Vec<_> = (0..options.replicates).map(alone).collect();
                assert_eq!(gini(x, w, &draws), expected);
            }
        }
    }
}
