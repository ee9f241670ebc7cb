//! Order: sorted values, cumulative weights, ranks.

use super::sample::Sample;
use crate::sort;
use quyu_math::CHUNK;

/// Values in ascending order, with their weights beside them. Equal values keep the order of the input.
pub(crate) struct Sorted {
    pub(crate) x: Vec<f64>,
    pub(crate) w: Option<Vec<f64>>,
}

impl Sorted {
    pub(crate) fn of(sample: &Sample<'_>) -> Self {
        let (x, w) = sort::ascending(&sample.x, sample.w.as_deref(), (sample.min, sample.max));
        Self { x, w }
    }

    pub(crate) fn weight_at(&self, i: usize) -> f64 {
        self.w.as_ref().map_or(1.0, |w| w[i])
    }

    /// For each position, the weight of everything before it.
    pub(crate) fn cumulative(&self) -> Vec<f64> {
        match &self.w {
            None => (0..self.x.len()).map(|i| i as f64).collect(),
            Some(w) => weight_before(w),
        }
    }
}

/// Exclusive prefix sums. Each chunk is cumulated from zero and then lifted, which keeps the error small.
pub(crate) fn weight_before(w: &[f64]) -> Vec<f64> {
    let mut before = Vec::with_capacity(w.len());
    let mut base = 0.0;
    for chunk in w.chunks(CHUNK) {
        let mut local = 0.0;
        for weight in chunk {
            before.push(base + local);
            local += weight;
        }
        base += local;
    }
    before
}

/// Positions in ascending order of `x`; equal values keep the order of the input.
pub(crate) fn order(x: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|i, j| x[*i].total_cmp(&x[*j]));
    order
}

/// Runs of equal values in an ascending `order`: positions in it, from and to.
pub(crate) fn ties<'a>(
    x: &'a [f64],
    order: &'a [usize],
) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    let mut start = 0;
    order.chunk_by(|i, j| x[*i] == x[*j]).map(move |run| {
        let range = start..start + run.len();
        start = range.end;
        range
    })
}

/// For each unit the share of weight at smaller values plus half the share at its own value: units that tie share one
/// rank, which lies in (0, 1).
pub(crate) fn mid_ranks(x: &[f64], w: Option<&[f64]>) -> Vec<f64> {
    let order = order(x);
    let weight = |i: usize| w.map_or(1.0, |w| w[i]);
    let total = quyu_math::sum_by(x.len(), weight);
    let mut ranks = vec![0.0; x.len()];
    let mut below = 0.0;
    for run in ties(x, &order) {
        let own = quyu_math::sum_by(run.len(), |k| weight(order[run.start + k]));
        for i in &order[run] {
            ranks[*i] = (below + 0.5 * own) / total;
        }
        below += own;
    }
    ranks
}
