//! How long the disparity indices, their decompositions and their bootstrap take, beside the physical floors: reading the
//! memory once, and sorting the keys once.
//!
//! `cargo bench -p quyu-econometrics --bench disparity`, with `RAYON_NUM_THREADS=1` for one core.

use divan::{Bencher, black_box};
use quyu_econometrics::disparity::*;
use quyu_econometrics::inference::*;
use quyu_math::rng::Stream;

fn main() {
    divan::main();
}

/// Incomes of a wide spread, the same for every run.
fn incomes(n: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 0);
    (0..n)
        .map(|_| quyu_math::exp(quyu_math::normal_quantile(stream.unit().max(1e-12))))
        .collect()
}

fn weights(n: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 1);
    (0..n).map(|_| 0.5 + stream.unit()).collect()
}

const SIZES: [usize; 2] = [1_000_000, 10_000_000];

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn floor_read_memory_once(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    bencher.bench_local(|| quyu_math::sum(black_box(&x)));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn floor_sort_keys_once(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    bencher.with_inputs(|| x.clone()).bench_local_values(|mut x| {
        x.sort_unstable_by(f64::total_cmp);
        x
    });
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn gini_unweighted(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    bencher.bench_local(|| gini(black_box(&x), None, &GiniOptions::default()));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn gini_weighted(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = (incomes(n), weights(n));
    bencher.bench_local(|| gini(black_box(&x), Some(&w), &GiniOptions::default()));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn theil(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    bencher.bench_local(|| theil_t(black_box(&x), None));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn mean_log_deviation_weighted(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = (incomes(n), weights(n));
    bencher.bench_local(|| mld(black_box(&x), Some(&w)));
}

#[divan::bench(args = [30_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn theil_by_3000_groups(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    let groups: Vec<usize> = (0..n).map(|i| (i * 7_919) % 3_000).collect();
    bencher.bench_local(|| decompose_ge(black_box(&x), None, &groups, 3_000, 1.0));
}

#[divan::bench(args = [31, 3_000], sample_count = 5, sample_size = 1)]
fn bootstrap_gini_10000(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    let options = BootstrapOptions {
        replicates: 10_000,
        seed: 1,
    };
    bencher.bench_local(|| {
        bootstrap_index(
            black_box(&x),
            None,
            None,
            Index::Gini(GiniOptions::default()),
            &options,
        )
    });
}

#[divan::bench(args = [31, 3_000], sample_count = 5, sample_size = 1)]
fn jackknife_gini(bencher: Bencher<'_, '_>, n: usize) {
    let x = incomes(n);
    bencher.bench_local(|| jackknife_index(black_box(&x), None, Index::Gini(GiniOptions::default())));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn permutation_of_theil_999_n32_7_years(bencher: Bencher<'_, '_>) {
    let years: Vec<Vec<f64>> = (0..7).map(|year| incomes(32 + year)[year..].to_vec()).collect();
    let groups: Vec<usize> = (0..32).map(|i| i % 5).collect();
    let options = PermutationOptions {
        permutations: 999,
        ..Default::default()
    };
    bencher.bench_local(|| {
        years
            .iter()
            .map(|x| between_test(x, None, &groups, 5, 1.0, &options))
            .collect::<Vec<_>>()
    });
}
