//! Sorting many numbers on all cores, with one copy of them.
//!
//! Numbers are first scattered into buckets by their leading bits, in parallel; a bucket fits a core's cache and is sorted there by
//! its next bits. The scatter writes each element to a place that no other element has, through atomic cells, which costs
//! nothing and needs no unsafe code. Equal values keep the order of the input, so that the result does not depend on threads.

use crate::parallel;
use rayon::slice::ParallelSliceMut;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Below this many elements the library's sort is faster.
const FEW: usize = 1 << 14;
/// Leading bits of the first scatter.
const BITS: u32 = 11;
/// A bucket larger than this is left to the library's parallel sort: its values are nearly all in one spot.
/// Tests take this path with fewer values.
const GIANT: usize = if cfg!(test) { 1 << 16 } else { 1 << 19 };

/// Ascending values with the weights beside them; equal values keep the order of the input. `extremes` are the smallest and
/// the largest value.
pub(crate) fn ascending(x: &[f64], w: Option<&[f64]>, extremes: (f64, f64)) -> (Vec<f64>, Option<Vec<f64>>) {
    match w {
        None => (values(x, extremes), None),
        Some(w) => {
            let (x, w) = pairs(x, w, extremes);
            (x, Some(w))
        }
    }
}

fn values(x: &[f64], extremes: (f64, f64)) -> Vec<f64> {
    if x.len() < FEW {
        let mut x = x.to_vec();
        x.sort_unstable_by(f64::total_cmp);
        return x;
    }
    let buckets = Buckets::new(x, extremes);
    let cells = cells(x.len());
    buckets.scatter(x, |from, to| cells[to].store(key(x[from]), Relaxed));
    buckets.each(|bucket, scratch| {
        scratch.keys.clear();
        scratch
            .keys
            .extend(cells[bucket.clone()].iter().map(|cell| cell.load(Relaxed)));
        sort_keys(scratch);
        for (cell, key) in cells[bucket].iter().zip(&scratch.keys) {
            cell.store(value(*key).to_bits(), Relaxed);
        }
    });
    floats(cells)
}

fn pairs(x: &[f64], w: &[f64], extremes: (f64, f64)) -> (Vec<f64>, Vec<f64>) {
    if x.len() < FEW {
        let mut pairs: Vec<(f64, f64)> = x.iter().copied().zip(w.iter().copied()).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        return pairs.into_iter().unzip();
    }
    let buckets = Buckets::new(x, extremes);
    let (keys, weights) = (cells(x.len()), cells(x.len()));
    buckets.scatter(x, |from, to| {
        keys[to].store(key(x[from]), Relaxed);
        weights[to].store(w[from].to_bits(), Relaxed);
    });
    buckets.each(|bucket, scratch| {
        scratch.pairs.clear();
        let (k, w) = (&keys[bucket.clone()], &weights[bucket]);
        scratch
            .pairs
            .extend(k.iter().zip(w).map(|(k, w)| (k.load(Relaxed), w.load(Relaxed))));
        sort_pairs(scratch);
        for ((k, w), (key, weight)) in k.iter().zip(w).zip(&scratch.pairs) {
            k.store(value(*key).to_bits(), Relaxed);
            w.store(*weight, Relaxed);
        }
    });
    (floats(keys), floats(weights))
}

/// Sorts values and their weights where they stand; equal values keep their order.
pub(crate) fn in_place(x: &mut [f64], w: Option<&mut [f64]>, scratch: &mut Scratch) {
    let Some(w) = w else {
        scratch.keys.clear();
        scratch.keys.extend(x.iter().map(|v| key(*v)));
        sort_keys(scratch);
        for (v, key) in x.iter_mut().zip(&scratch.keys) {
            *v = value(*key);
        }
        return;
    };
    gathered(std::iter::once((&*x, Some(&*w))), scratch);
    for ((v, w), sorted) in x.iter_mut().zip(w).zip(&scratch.pairs) {
        (*v, *w) = pair(*sorted);
    }
}

/// Values and weights of several places in ascending order, as [`pair`] reads them; equal values keep the order of the places. Without
/// weights each is 1.
pub(crate) fn gathered<'a, 'b>(
    places: impl Iterator<Item = (&'a [f64], Option<&'a [f64]>)>,
    scratch: &'b mut Scratch,
) -> &'b [(u64, u64)] {
    scratch.pairs.clear();
    for (x, w) in places {
        match w {
            Some(w) => scratch
                .pairs
                .extend(x.iter().zip(w).map(|(x, w)| (key(*x), w.to_bits()))),
            None => scratch.pairs.extend(x.iter().map(|x| (key(*x), 1f64.to_bits()))),
        }
    }
    if scratch.pairs.len() > 1 {
        sort_pairs(scratch);
    }
    &scratch.pairs
}

/// Value and weight.
#[inline(always)]
pub(crate) fn pair((key, weight): (u64, u64)) -> (f64, f64) {
    (value(key), f64::from_bits(weight))
}

/// Whole numbers in the order of the doubles.
#[inline(always)]
fn key(v: f64) -> u64 {
    let bits = v.to_bits();
    bits ^ (((bits as i64 >> 63) as u64) | 1 << 63)
}

#[inline(always)]
fn value(key: u64) -> f64 {
    f64::from_bits(key ^ (((!key as i64 >> 63) as u64) | 1 << 63))
}

fn cells(n: usize) -> Vec<AtomicU64> {
    // Zeroed memory that the system hands out when it is first touched; the cells take its place.
    vec![0; n].into_iter().map(AtomicU64::new).collect()
}

/// The same memory as doubles.
fn floats(cells: Vec<AtomicU64>) -> Vec<f64> {
    cells
        .into_iter()
        .map(|cell| f64::from_bits(cell.into_inner()))
        .collect()
}

/// Where the elements of each part of the input go in each bucket.
struct Buckets {
    low: u64,
    shift: u32,
    part: usize,
    /// For each part the first free place of each bucket.
    places: Vec<Vec<usize>>,
    borders: Vec<usize>,
}

impl Buckets {
    fn new(x: &[f64], (min, max): (f64, f64)) -> Self {
        let part = x.len().div_ceil(16).max(FEW);
        // Zeros of both signs may be the extremes, whichever of them was found.
        let low = key(if min == 0.0 { -0.0 } else { min });
        let high = key(if max == 0.0 { 0.0 } else { max });
        let shift = shift_for(high - low, BITS);
        let count = |number: usize| {
            let mut counts = vec![0; 1 << BITS];
            for v in part_of(x, number, part) {
                counts[((key(*v) - low) >> shift) as usize] += 1;
            }
            counts
        };
        let mut places: Vec<Vec<usize>> = parallel::map(x.len().div_ceil(part), 1, count);
        let mut borders = vec![0];
        let mut next = 0;
        for bucket in 0..1 << BITS {
            for counts in &mut places {
                let count = counts[bucket];
                counts[bucket] = next;
                next += count;
            }
            borders.push(next);
        }
        Self {
            low,
            shift,
            part,
            places,
            borders,
        }
    }

    /// Calls `put` with the position of every element and the place where it belongs. Parts keep the order of the input.
    fn scatter(&self, x: &[f64], put: impl Fn(usize, usize) + Sync) {
        parallel::each(self.places.len(), &|number| {
            let mut places = self.places[number].clone();
            for (i, v) in part_of(x, number, self.part).iter().enumerate() {
                let place = &mut places[((key(*v) - self.low) >> self.shift) as usize];
                put(number * self.part + i, *place);
                *place += 1;
            }
        });
    }

    /// Calls `sort` with every bucket that has an order to find.
    fn each(&self, sort: impl Fn(Range<usize>, &mut Scratch) + Sync) {
        const BLOCK: usize = 16;
        parallel::each((1 << BITS) / BLOCK, &|block| {
            let mut scratch = Scratch::default();
            for bucket in block * BLOCK..(block + 1) * BLOCK {
                let range = self.borders[bucket]..self.borders[bucket + 1];
                if !range.is_empty() {
                    sort(range, &mut scratch);
                }
            }
        });
    }
}

/// Part `number` of `x`, cut into parts of a length.
fn part_of(x: &[f64], number: usize, part: usize) -> &[f64] {
    &x[number * part..x.len().min((number + 1) * part)]
}

/// So many places to the right that a range of keys fits `bits` bits.
fn shift_for(range: u64, bits: u32) -> u32 {
    (u64::BITS - range.leading_zeros()).saturating_sub(bits)
}

/// What a bucket is sorted on.
#[derive(Default)]
pub(crate) struct Scratch {
    keys: Vec<u64>,
    other_keys: Vec<u64>,
    pairs: Vec<(u64, u64)>,
    other_pairs: Vec<(u64, u64)>,
    counts: Vec<u32>,
}

fn sort_keys(scratch: &mut Scratch) {
    let Scratch {
        keys,
        other_keys,
        counts,
        ..
    } = scratch;
    if keys.len() > GIANT {
        keys.par_sort_unstable();
        return;
    }
    if spread(keys, other_keys, counts, |k| *k) {
        sort_runs(other_keys, counts, |run| run.sort_unstable(), |a, b| a > b);
        std::mem::swap(keys, other_keys);
    }
}

fn sort_pairs(scratch: &mut Scratch) {
    let Scratch {
        pairs,
        other_pairs,
        counts,
        ..
    } = scratch;
    if pairs.len() > GIANT {
        pairs.par_sort_by_key(|pair| pair.0);
        return;
    }
    if spread(pairs, other_pairs, counts, |pair| pair.0) {
        sort_runs(
            other_pairs,
            counts,
            |run| run.sort_by_key(|pair| pair.0),
            |a, b| a.0 > b.0,
        );
        std::mem::swap(pairs, other_pairs);
    }
}

/// Distributes a bucket over about as many runs as it has elements. `counts` has the end of each run afterwards. False where
/// all keys are equal, and nothing is done.
fn spread<T: Copy + Default>(
    from: &[T],
    to: &mut Vec<T>,
    counts: &mut Vec<u32>,
    key: impl Fn(&T) -> u64,
) -> bool {
    let (low, high) = from.iter().fold((u64::MAX, 0), |(low, high), t| {
        (key(t).min(low), key(t).max(high))
    });
    if low == high {
        return false;
    }
    let bits = from.len().ilog2().clamp(1, 14);
    let shift = shift_for(high - low, bits);
    counts.clear();
    counts.resize(1 << bits, 0);
    for t in from {
        counts[((key(t) - low) >> shift) as usize] += 1;
    }
    let mut next = 0;
    for count in counts.iter_mut() {
        (*count, next) = (next, next + *count);
    }
    to.clear();
    to.resize(from.len(), T::default());
    for t in from {
        let place = &mut counts[((key(t) - low) >> shift) as usize];
        to[*place as usize] = *t;
        *place += 1;
    }
    true
}

/// Sorts each run: short ones by insertion, long ones by the library.
fn sort_runs<T: Copy>(
    all: &mut [T],
    ends: &[u32],
    library: impl Fn(&mut [T]),
    above: impl Fn(&T, &T) -> bool,
) {
    let mut start = 0;
    for end in ends {
        let end = *end as usize;
        match end - start {
            0 | 1 => {}
            2..=24 => insert(&mut all[start..end], &above),
            _ => library(&mut all[start..end]),
        }
        start = end;
    }
}

fn insert<T: Copy>(run: &mut [T], above: impl Fn(&T, &T) -> bool) {
    for i in 1..run.len() {
        let element = run[i];
        let mut place = i;
        while place > 0 && above(&run[place - 1], &element) {
            run[place] = run[place - 1];
            place -= 1;
        }
        run[place] = element;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quyu_math::rng::Stream;

    /// Shapes that take each path: spread, ties, one spot with outliers, negatives, zeros of both signs, all equal.
    fn shapes(n: usize) -> Vec<Vec<f64>> {
        let mut s = Stream::new(1, 0);
        let mut of = |f: &dyn Fn(&mut Stream) -> f64| (0..n).map(|_| f(&mut s)).collect::<Vec<_>>();
        vec![
            of(&|s| quyu_math::exp(10.0 * s.unit())),
            of(&|s| (s.unit() * 50.0).floor()),
            of(&|s| {
                if s.below(1000) == 0 {
                    1e300
                } else {
                    1.0 + s.unit() * 1e-3
                }
            }),
            of(&|s| (s.unit() - 0.5) * 1e-300),
            of(&|s| if s.below(2) == 0 { 0.0 } else { -0.0 }),
            of(&|_| 7.0),
        ]
    }

    #[test]
    fn like_the_library() {
        for n in [0, 1, 100, FEW - 1, FEW, 150_000] {
            for x in shapes(n) {
                let w: Vec<f64> = (0..n).map(|i| i as f64).collect();
                let mut expected: Vec<(f64, f64)> = x.iter().copied().zip(w.iter().copied()).collect();
                expected.sort_by(|a, b| a.0.total_cmp(&b.0));
                let (ex, ew): (Vec<f64>, Vec<f64>) = expected.into_iter().unzip();
                let bits = |v: &[f64]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                let extremes = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
                    (v.min(a), v.max(b))
                });
                assert_eq!(bits(&ascending(&x, None, extremes).0), bits(&ex), "{n}");
                let (sx, sw) = ascending(&x, Some(&w), extremes);
                assert_eq!((bits(&sx), sw), (bits(&ex), Some(ew)), "{n}");
            }
        }
    }

    #[test]
    fn keys_keep_the_order() {
        let v = [
            f64::MIN,
            -1.0,
            -f64::MIN_POSITIVE,
            -0.0,
            0.0,
            5e-324,
            1.0,
            f64::MAX,
        ];
        assert!(v.windows(2).all(|p| key(p[0]) < key(p[1])));
        assert!(v.iter().all(|v| value(key(*v)).to_bits() == v.to_bits()));
    }
}
