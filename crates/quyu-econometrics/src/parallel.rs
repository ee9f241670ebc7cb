//! Work and sums over all cores with the bits of one.

use quyu_math::{CHUNK, sums_by, trees};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Below this many elements a second thread costs more than it brings.
pub(crate) const WORTHWHILE: usize = 1 << 15;

/// Replicates of a small statistic that a thread takes at a time.
pub(crate) const REPLICATES: usize = 16;

/// Calls `f` with every number below `count`.
///
/// The one place that asks for threads: it is not generic, so that the code of the thread pool is compiled once and not anew
/// for every closure, which took two thirds of the time to build this crate.
pub(crate) fn each(count: usize, f: &(dyn Fn(usize) + Sync)) {
    match count {
        0 | 1 => (0..count).for_each(f),
        _ => (0..count).into_par_iter().for_each(f),
    }
}

/// `f(0), f(1), ... f(count - 1)`, where a thread takes `block` of them at a time.
pub(crate) fn map<T: Send>(count: usize, block: usize, f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    map_with(count, block, || (), |(), i| f(i))
}

/// [`map`] with something to write on, made anew for each block.
pub(crate) fn map_with<B, T: Send>(
    count: usize,
    block: usize,
    buffer: impl Fn() -> B + Sync,
    f: impl Fn(&mut B, usize) -> T + Sync,
) -> Vec<T> {
    let blocks = blocks(count.div_ceil(block));
    each(blocks.len(), &|b| {
        let mut buffer = buffer();
        let results = (b * block..count.min((b + 1) * block))
            .map(|i| f(&mut buffer, i))
            .collect();
        *blocks[b].lock().unwrap_or_else(PoisonError::into_inner) = results;
    });
    gather(blocks)
}

/// Places for the results of blocks, which threads fill.
fn blocks<T>(count: usize) -> Vec<Mutex<Vec<T>>> {
    (0..count).map(|_| Mutex::default()).collect()
}

fn gather<T>(blocks: Vec<Mutex<Vec<T>>>) -> Vec<T> {
    let results = |block: Mutex<Vec<T>>| block.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut blocks = blocks.into_iter().map(results);
    let mut all = blocks.next().unwrap_or_default();
    blocks.for_each(|mut block| all.append(&mut block));
    all
}

/// [`quyu_math::sums_by`] on all cores: the chunks are leaves of the same tree whoever adds them.
pub(crate) fn sums<const K: usize>(n: usize, f: impl Fn(usize) -> [f64; K] + Sync) -> [f64; K] {
    chunk_sums(n, |range| sums_by(range.len(), |i| f(range.start + i)))
}

/// The sums of leaves that `leaf` computes for ranges of at most [`CHUNK`] elements: for loops over whole chunks.
pub(crate) fn chunk_sums<const K: usize>(
    n: usize,
    leaf: impl Fn(Range<usize>) -> [f64; K] + Sync,
) -> [f64; K] {
    match n <= CHUNK {
        true => leaf(0..n),
        false => trees(&chunks(n, leaf)),
    }
}

/// `f` of every chunk, in order.
pub(crate) fn chunks<T: Send>(n: usize, f: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let range = |chunk: usize| chunk * CHUNK..n.min((chunk + 1) * CHUNK);
    let block = if n < WORTHWHILE { usize::MAX } else { 4 };
    map(n.div_ceil(CHUNK), block, |chunk| f(range(chunk)))
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
    let count = labels.len().div_ceil(BLOCKS_IN_RUN * rows);
    let block = if labels.len() < WORTHWHILE { usize::MAX } else { 1 };
    map(count, block, |i| run(i * BLOCKS_IN_RUN * rows))
        .into_iter()
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
