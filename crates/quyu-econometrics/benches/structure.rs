//! How long the measures of structure take on tables of the size that people have.
//!
//! `cargo bench -p quyu-econometrics --bench structure`.

#![allow(clippy::unwrap_used, reason = "a bench stops at what it does not expect")]

use divan::{Bencher, black_box};
use quyu_econometrics::{Matrix, structure::*};
use quyu_math::rng::Stream;

fn main() {
    divan::main();
}

/// Jobs of a wide spread in which large regions have more industries, the same for every run.
fn jobs(regions: usize, industries: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 0);
    (0..regions * industries)
        .map(|at| {
            let (r, i) = ((at / industries) as f64, (at % industries) as f64);
            let reach = (r + 1.0) / regions as f64 - 0.5 * i / industries as f64;
            let taste = quyu_math::normal_quantile(stream.unit().max(1e-12));
            quyu_math::exp(1.5 * taste + 2.0 * reach)
        })
        .collect()
}

const REGIONS: usize = 300;
const INDUSTRIES: usize = 100;

#[divan::bench(sample_count = 20, sample_size = 1)]
fn eci_300x100(bencher: Bencher<'_, '_>) {
    let jobs = jobs(REGIONS, INDUSTRIES);
    let held = specialised(Matrix::new(&jobs, REGIONS, INDUSTRIES).unwrap(), 1.0).unwrap();
    let held = Matrix::new(&held, REGIONS, INDUSTRIES).unwrap();
    bencher.bench_local(|| complexity(black_box(held), ComplexityScaling::Own).unwrap());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn relatedness_100(bencher: Bencher<'_, '_>) {
    let jobs = jobs(REGIONS, INDUSTRIES);
    let held = specialised(Matrix::new(&jobs, REGIONS, INDUSTRIES).unwrap(), 1.0).unwrap();
    let held = Matrix::new(&held, REGIONS, INDUSTRIES).unwrap();
    bencher.bench_local(|| relatedness(black_box(held), Relatedness::Association).unwrap());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn lq_3000x100(bencher: Bencher<'_, '_>) {
    let jobs = jobs(3000, INDUSTRIES);
    let table = Matrix::new(&jobs, 3000, INDUSTRIES).unwrap();
    bencher.bench_local(|| location_quotients(black_box(table), QuotientForm::Ratio).unwrap());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn krugman_3000x100(bencher: Bencher<'_, '_>) {
    let jobs = jobs(3000, INDUSTRIES);
    let table = Matrix::new(&jobs, 3000, INDUSTRIES).unwrap();
    bencher.bench_local(|| krugman(black_box(table), &KrugmanOptions::default()).unwrap());
}
