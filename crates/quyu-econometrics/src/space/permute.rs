//! Permutations of values over the map, for statistics that add over pairs of neighbours.

use super::pairs::Pairs;
use super::shuffle::exchanges;
use crate::inference::{PermutationOptions, PermutationTest, permutation_test_of_values};
use crate::{Error, parallel};
use quyu_math::rng::Stream;
use quyu_math::{CHUNK, tree};

/// Permutations that are added up together: a vector register holds one number of each.
const LANES: usize = 8;

/// What is added over the pairs, times the weight of the pair.
pub(super) trait Kernel: Copy + Sync {
    /// Symmetric in its arguments.
    fn of(self, a: f64, b: f64) -> f64;
}

/// `a b`: Moran, Getis-Ord, joins of one colour.
#[derive(Clone, Copy)]
pub(super) struct Product;
/// `(a - b)²`: Geary, joins of two colours.
#[derive(Clone, Copy)]
pub(super) struct SquaredGap;
/// `|a - b|`: Gini.
#[derive(Clone, Copy)]
pub(super) struct Gap;

impl Kernel for Product {
    #[inline(always)]
    fn of(self, a: f64, b: f64) -> f64 {
        a * b
    }
}

impl Kernel for SquaredGap {
    #[inline(always)]
    fn of(self, a: f64, b: f64) -> f64 {
        (a - b) * (a - b)
    }
}

impl Kernel for Gap {
    #[inline(always)]
    fn of(self, a: f64, b: f64) -> f64 {
        (a - b).abs()
    }
}

/// The test of `Σ c_ij f(z_i, z_j)` under permutations of z; `statistic` turns the sum into what is reported.
pub(super) fn test_of_pairs(
    pairs: &Pairs,
    z: &[f64],
    kernel: impl Kernel,
    statistic: impl Fn(f64) -> f64 + Sync,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let of = |z: &[f64]| statistic(pairs.sum(z, |a, b| kernel.of(a, b)));
    if is_enumerated(z.len(), options) {
        return permutation_test_of_values(z, |z| Ok(of(z)), options);
    }
    let values = blocks(options, |first, scratch| {
        pair_sums(pairs, z, kernel, options.seed, first, scratch)
    })?;
    let values = values.into_iter().map(&statistic).collect();
    PermutationTest::new(of(z), values, false, options.alternative)
}

/// The test of `Σ a_i z_i` under permutations of z.
pub(super) fn test_of_products(
    a: &[f64],
    z: &[f64],
    statistic: impl Fn(f64) -> f64 + Sync,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let of = |z: &[f64]| statistic(quyu_math::dot(a, z));
    if is_enumerated(z.len(), options) {
        return permutation_test_of_values(z, |z| Ok(of(z)), options);
    }
    let values = blocks(options, |first, scratch| {
        std::array::from_fn(|lane| {
            shuffled(z, options.seed, (first + lane) as u64, &mut scratch.order);
            quyu_math::dot(a, &scratch.order)
        })
    })?;
    let values = values.into_iter().map(&statistic).collect();
    PermutationTest::new(of(z), values, false, options.alternative)
}

/// Whether n! orders are few enough to look at each.
fn is_enumerated(n: usize, options: &PermutationOptions) -> bool {
    let orders = (1..=n).try_fold(1usize, |product, k| {
        product
            .checked_mul(k)
            .filter(|product| *product <= options.exact_up_to)
    });
    orders.is_some()
}

#[derive(Default)]
struct Scratch {
    order: Vec<f64>,
    lanes: Vec<[f64; LANES]>,
    chunks: Vec<[f64; LANES]>,
}

/// The sums of all permutations, block by block on all cores; permutation i is drawn from stream i.
fn blocks(
    options: &PermutationOptions,
    block: impl Fn(usize, &mut Scratch) -> [f64; LANES] + Sync,
) -> Result<Vec<f64>, Error> {
    if options.permutations == 0 {
        return Err(Error::Domain {
            option: "permutations",
            value: 0.0,
            domain: "at least 1",
        });
    }
    let number = options.permutations.div_ceil(LANES);
    let sums: Vec<[f64; LANES]> = parallel::map_with(number, 4, Scratch::default, |scratch, b| {
        block(b * LANES, scratch)
    });
    let mut values: Vec<f64> = sums.into_iter().flatten().collect();
    values.truncate(options.permutations);
    Ok(values)
}

fn shuffled(z: &[f64], seed: u64, stream: u64, order: &mut Vec<f64>) {
    order.clear();
    order.extend_from_slice(z);
    exchanges(&mut Stream::new(seed, stream), z.len() - 1, 1, |i, j| {
        order.swap(i, j)
    });
}

/// Eight permutations, and the sums over pairs for all of them at once.
fn pair_sums(
    pairs: &Pairs,
    z: &[f64],
    kernel: impl Kernel,
    seed: u64,
    first: usize,
    scratch: &mut Scratch,
) -> [f64; LANES] {
    let Scratch { order, lanes, chunks } = scratch;
    lanes.resize(z.len(), [0.0; LANES]);
    for lane in 0..LANES {
        shuffled(z, seed, (first + lane) as u64, order);
        for (unit, value) in lanes.iter_mut().zip(&*order) {
            unit[lane] = *value;
        }
    }
    chunks.clear();
    let all = pairs
        .weight
        .chunks(CHUNK)
        .zip(pairs.left.chunks(CHUNK).zip(pairs.right.chunks(CHUNK)));
    for (weight, (left, right)) in all {
        let mut sums = [0.0; LANES];
        for (c, (i, j)) in weight.iter().zip(left.iter().zip(right)) {
            let (a, b) = (&lanes[*i as usize], &lanes[*j as usize]);
            for lane in 0..LANES {
                sums[lane] += c * kernel.of(a[lane], b[lane]);
            }
        }
        chunks.push(sums);
    }
    std::array::from_fn(|lane| tree(&chunks.iter().map(|sums| sums[lane]).collect::<Vec<_>>()))
}
