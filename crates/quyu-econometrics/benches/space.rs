//! How long permutation tests on a map take.
//!
//! `cargo bench -p quyu-econometrics --bench space`, with `RAYON_NUM_THREADS=1` for one core.

use divan::{Bencher, black_box};
use quyu_econometrics::inference::PermutationOptions;
use quyu_econometrics::space::*;
use quyu_math::rng::Stream;

fn main() {
    divan::main();
}

/// Random places with their six nearest neighbours, row-standardised, and a value for each.
fn map(n: usize) -> (Vec<f64>, Weights) {
    let mut stream = Stream::new(1, 0);
    let points: Vec<(f64, f64)> = (0..n).map(|_| (stream.unit(), stream.unit())).collect();
    let x = points.iter().map(|(a, b)| a + b + stream.unit()).collect();
    let near = nearest(&points, 6, Ties::First, Metric::Planar).and_then(|w| w.styled(Style::Row));
    (x, near.expect("points have neighbours"))
}

fn permutations(permutations: usize) -> PermutationOptions {
    PermutationOptions {
        permutations,
        ..Default::default()
    }
}

#[divan::bench(args = [31, 3_000], sample_count = 9, sample_size = 1)]
fn moran_permutations_9999(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = map(n);
    bencher.bench_local(|| moran_test(black_box(&x), &w, Islands::Drop, &permutations(9_999)));
}

#[divan::bench(args = [31, 3_000], sample_count = 9, sample_size = 1)]
fn local_moran_permutations_999(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = map(n);
    bencher.bench_local(|| {
        local_moran_test(
            black_box(&x),
            &w,
            &LocalMoranOptions::default(),
            &permutations(999),
        )
    });
}

#[divan::bench(args = [3_000], sample_count = 9, sample_size = 1)]
fn gini_permutations_99(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = map(n);
    bencher.bench_local(|| gini_test(black_box(&x), &w, &permutations(99)));
}

#[divan::bench(args = [3_000], sample_count = 9, sample_size = 1)]
fn moran_analytic(bencher: Bencher<'_, '_>, n: usize) {
    let (x, w) = map(n);
    bencher.bench_local(|| moran(black_box(&x), &w, Islands::Drop));
}

#[divan::bench(args = [3_000], sample_count = 5, sample_size = 1)]
fn six_nearest(bencher: Bencher<'_, '_>, n: usize) {
    bencher.bench_local(|| map(black_box(n)));
}
