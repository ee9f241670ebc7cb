//! Sums over all cores with the bits of one.

use quyu_math::{CHUNK, sums_by, tree};
use rayon::prelude::*;
use std::ops::Range;

/// Below this many elements a second thread costs more than it brings.
pub(crate) const WORTHWHILE: usize = 1 << 15;

/// [`quyu_math::sums_by`] on all cores: the chunks are leaves of the same tree whoever adds them.
pub(crate) fn sums<const K: usize>(n: usize, f: impl Fn(usize) -> [f64; K] + Sync) -> [f64; K] {
    if n < WORTHWHILE {
        return sums_by(n, f);
    }
    chunk_sums(n, |range| sums_by(range.len(), |i| f(range.start + i)))
}

/// The sums of leaves that `leaf` computes for ranges of at most [`CHUNK`] elements: for loops over whole chunks.
pub(crate) fn chunk_sums<const K: usize>(
    n: usize,
    leaf: impl Fn(Range<usize>) -> [f64; K] + Sync,
) -> [f64; K] {
    let leaves = chunks(n, leaf);
    std::array::from_fn(|j| tree(&leaves.iter().map(|leaf| leaf[j]).collect::<Vec<_>>()))
}

/// `f` of every chunk, in order.
pub(crate) fn chunks<T: Send>(n: usize, f: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let range = |chunk: usize| chunk * CHUNK..n.min((chunk + 1) * CHUNK);
    let count = n.div_ceil(CHUNK);
    match n < WORTHWHILE {
        true => (0..count).map(|chunk| f(range(chunk))).collect(),
        false => (0..count)
            .into_par_iter()
            .with_min_len(4)
            .map(|chunk| f(range(chunk)))
            .collect(),
    }
}

/// [`sums`] for one component.
pub(crate) fn sum(n: usize, f: impl Fn(usize) -> f64 + Sync) -> f64 {
    let [total] = sums(n, |i| [f(i)]);
    total
}

/// Sums of `f(i)` over the elements of each label.
pub(crate) fn group_sums<const K: usize>(
    labels: &[usize],
    groups: usize,
    f: impl Fn(usize) -> [f64; K] + Sync,
) -> Vec<[f64; K]> {
    group_sums_of_chunks(labels, groups, |range, sums| {
        for i in range {
            add(&mut sums[labels[i]], &f(i));
        }
    })
}

/// Sums by label, where `collect` adds a range of at most [`CHUNK`] rows to a table of sums.
///
/// Rows are taken in blocks whose borders depend on the number of rows and groups alone, and the tables of blocks are added in
/// order: the same bits for any number of threads.
pub(crate) fn group_sums_of_chunks<const K: usize>(
    labels: &[usize],
    groups: usize,
    collect: impl Fn(Range<usize>, &mut [[f64; K]]) + Sync,
) -> Vec<[f64; K]> {
    // A block has a table of its own, which should be small beside its rows; and few rows a group keep the error small.
    let rows = (8 * groups).next_multiple_of(CHUNK).max(CHUNK);
    let block = |start: usize| {
        let mut table = vec![[0.0; K]; groups];
        let end = labels.len().min(start + rows);
        for from in (start..end).step_by(CHUNK) {
            collect(from..end.min(from + CHUNK), &mut table);
        }
        table
    };
    let run = |first: usize| {
        let starts = (first..labels.len().min(first + BLOCKS_IN_RUN * rows)).step_by(rows);
        starts
            .map(block)
            .reduce(add_tables)
            .unwrap_or_else(|| vec![[0.0; K]; groups])
    };
    let firsts: Vec<usize> = (0..labels.len()).step_by(BLOCKS_IN_RUN * rows).collect();
    let runs: Vec<_> = match labels.len() < WORTHWHILE {
        true => firsts.into_iter().map(run).collect(),
        false => firsts.into_par_iter().map(run).collect(),
    };
    runs.into_iter()
        .reduce(add_tables)
        .unwrap_or_else(|| vec![[0.0; K]; groups])
}

/// Blocks that one thread adds up before the results meet.
const BLOCKS_IN_RUN: usize = 8;

fn add<const K: usize>(sum: &mut [f64; K], values: &[f64; K]) {
    for (s, v) in sum.iter_mut().zip(values) {
        *s += v;
    }
}

fn add_tables<const K: usize>(mut left: Vec<[f64; K]>, right: Vec<[f64; K]>) -> Vec<[f64; K]> {
    for (l, r) in left.iter_mut().zip(&right) {
        add(l, r);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_do_not_show() {
        let n = 300_000;
        let f = |i: usize| [1.0 / (1.0 + i as f64), (i % 7) as f64 - 3.3];
        let labels: Vec<usize> = (0..n).map(|i| (i * 7919) % 13).collect();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| (sums(n, f), group_sums(&labels, 13, f)))
        };
        let one = on(1);
        assert_eq!(one.0, sums_by(n, f));
        assert_eq!(one, on(2));
        assert_eq!(one, on(8));
    }
}
