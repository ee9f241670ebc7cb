//! How long Markov chains, convergence clubs, regressions and kernels take.
//!
//! `cargo bench -p quyu-econometrics --bench convergence`, with `RAYON_NUM_THREADS=1` for one core.

use divan::{Bencher, black_box};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::markov::*;
use quyu_econometrics::convergence::*;
use quyu_econometrics::regression::*;
use quyu_math::rng::Stream;

fn main() {
    divan::main();
}

const N: usize = 3_000;
const T: usize = 20;

/// Incomes that drift, region by region.
fn panel(n: usize, periods: usize) -> Vec<f64> {
    let mut cells = Vec::with_capacity(n * periods);
    for i in 0..n {
        let mut stream = Stream::new(1, i as u64);
        let mut log = quyu_math::normal_quantile(stream.unit().max(1e-12)) * 0.5;
        for _ in 0..periods {
            cells.push(quyu_math::exp(log));
            log = 0.97 * log + 0.1 * (stream.unit() - 0.5);
        }
    }
    cells
}

/// Five neighbours each, rows that add up to one.
fn neighbours(n: usize) -> Vec<Vec<(usize, f64)>> {
    (0..n)
        .map(|i| [1, 2, 54, n - 1, n - 54].map(|d| ((i + d) % n, 0.2)).to_vec())
        .collect()
}

fn matrix(cells: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(cells, cells.len() / cols, cols).expect("a whole table")
}

#[divan::bench(sample_count = 50)]
fn markov_of_classes_3000x20(bencher: Bencher<'_, '_>) {
    let cells = panel(N, T);
    let found = classes(matrix(&cells, T), &ClassOptions::default()).expect("classes");
    bencher.bench_local(|| {
        let chain = black_box(&found.states).transitions()?.chain()?;
        chain.steady_state()
    });
}

#[divan::bench(sample_count = 50)]
fn markov_from_values_3000x20(bencher: Bencher<'_, '_>) {
    let cells = panel(N, T);
    bencher.bench_local(|| {
        let found = classes(matrix(black_box(&cells), T), &ClassOptions::default())?;
        let chain = found.states.transitions()?.chain()?;
        Ok::<_, quyu_econometrics::Error>((chain.steady_state()?, chain.passage_times()?))
    });
}

#[divan::bench(sample_count = 50)]
fn spatial_markov_3000x20(bencher: Bencher<'_, '_>) {
    let (cells, lists) = (panel(N, T), neighbours(N));
    bencher.bench_local(|| {
        let found = spatial_markov(
            matrix(black_box(&cells), T),
            &lists,
            &SpatialMarkovOptions::default(),
        )?;
        let test = found.homogeneity();
        test.map(|test| (found, test))
    });
}

#[divan::bench(sample_count = 50)]
fn lisa_markov_3000x20(bencher: Bencher<'_, '_>) {
    let (cells, lists) = (panel(N, T), neighbours(N));
    bencher.bench_local(|| lisa_markov(matrix(black_box(&cells), T), &lists));
}

/// Paths of the length and number of the countries of Phillips and Sul, smoothed.
fn paths() -> Vec<f64> {
    let (n, periods) = (152, 34);
    (0..n)
        .flat_map(|i| {
            let mut stream = Stream::new(2, i as u64);
            let (end, gap) = (7.0 + 0.6 * stream.below(7) as f64, stream.unit() - 0.5);
            let mut walk = 0.0;
            let path: Vec<f64> = (0..periods)
                .map(|t| {
                    walk += 0.04 * (stream.unit() - 0.5);
                    end + gap * quyu_math::exp(-0.08 * f64::from(t)) + walk
                })
                .collect();
            hp_filter(&path, 400.0).expect("a trend").trend
        })
        .collect()
}

#[divan::bench(sample_count = 50)]
fn clubs_152x34(bencher: Bencher<'_, '_>) {
    let cells = paths();
    bencher.bench_local(|| clubs(matrix(black_box(&cells), 34), &ClubOptions::default()));
}

#[divan::bench(sample_count = 20)]
fn ols_3000x5_clustered(bencher: Bencher<'_, '_>) {
    let (y, x) = (panel(N, 1), panel(N, 5));
    let labels: Vec<usize> = (0..N).map(|i| i % 31).collect();
    bencher.bench_local(|| {
        let fit = ols(black_box(&y), matrix(&x, 5), &OlsOptions::default())?;
        fit.inference(Covariance::Clustered(&labels))
    });
}

#[divan::bench(sample_count = 20)]
fn panel_beta_3000x20(bencher: Bencher<'_, '_>) {
    let cells = panel(N, T);
    bencher.bench_local(|| panel_beta(matrix(black_box(&cells), T), &[], &PanelBetaOptions::default()));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn stochastic_kernel_3000_on_50x50(bencher: Bencher<'_, '_>) {
    let (x, y) = (panel(N, 1), panel(2 * N, 1));
    let grid: Vec<f64> = (0..50).map(|g| 0.05 * f64::from(g)).collect();
    bencher.bench_local(|| stochastic_kernel(black_box(&x), &y[N..], &grid, &grid, KernelMarginal::Own));
}
