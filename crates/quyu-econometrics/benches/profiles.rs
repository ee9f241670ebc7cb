//! How long a typology of many regions and a whole composite index take.
//!
//! `cargo bench -p quyu-econometrics --bench profiles`, with `RAYON_NUM_THREADS=1` for one core.

use divan::{Bencher, black_box};
use quyu_econometrics::{Matrix, profiles::*};
use quyu_math::rng::Stream;

fn main() {
    divan::main();
}

/// Standard normal indicators without clusters, the same for every run.
fn table(rows: usize, cols: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 0);
    (0..rows * cols)
        .map(|_| quyu_math::normal_quantile(stream.unit().max(1e-12)))
        .collect()
}

/// Indicators of 3,000 regions in the comparison with other packages.
const COLUMNS: usize = 8;

/// k-means with k = 2..8, ten starts each, and the silhouette of every partition.
#[divan::bench(args = [31, 3000], sample_count = 5, sample_size = 1)]
fn kmeans_k2to8_silhouette(bencher: Bencher<'_, '_>, n: usize) {
    let data = table(n, COLUMNS);
    let options = KMeansOptions {
        starts: 10,
        ..KMeansOptions::default()
    };
    bencher.bench_local(|| {
        let table = Matrix::new(black_box(&data), n, COLUMNS)?;
        let distances = Distances::euclidean(table)?;
        (2..=8)
            .map(|k| Ok(silhouette(&distances, &kmeans(table, k, &options)?.labels)?.mean))
            .collect::<Result<Vec<f64>, quyu_econometrics::Error>>()
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn kmeans_k2to8_n3000(bencher: Bencher<'_, '_>) {
    let data = table(3000, COLUMNS);
    let options = KMeansOptions {
        starts: 10,
        ..KMeansOptions::default()
    };
    bencher.bench_local(|| {
        let table = Matrix::new(black_box(&data), 3000, COLUMNS)?;
        (2..=8)
            .map(|k| Ok(kmeans(table, k, &options)?.within))
            .collect::<Result<Vec<f64>, quyu_econometrics::Error>>()
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn distances_and_silhouette_n3000(bencher: Bencher<'_, '_>) {
    let data = table(3000, COLUMNS);
    let labels: Vec<usize> = (0..3000).map(|i| i % 5).collect();
    bencher.bench_local(|| {
        let table = Matrix::new(black_box(&data), 3000, COLUMNS)?;
        silhouette(&Distances::euclidean(table)?, &labels)
    });
}

#[divan::bench(args = [31, 3000], sample_count = 5, sample_size = 1)]
fn ward_tree(bencher: Bencher<'_, '_>, n: usize) {
    let data = table(n, COLUMNS);
    bencher.bench_local(|| ward(Matrix::new(black_box(&data), n, COLUMNS)?));
}

#[divan::bench(args = [31], sample_count = 5, sample_size = 1)]
fn kmedoids_k4(bencher: Bencher<'_, '_>, n: usize) {
    let data = table(n, COLUMNS);
    bencher.bench_local(|| {
        kmedoids(
            &Distances::euclidean(Matrix::new(black_box(&data), n, COLUMNS)?)?,
            4,
        )
    });
}

/// Winsorised, on [1, 100], with each rule of weights, as a weighted mean: the size of the ASEM index of COINr.
#[divan::bench(args = ["equal", "pca", "entropy", "critic"], sample_count = 20, sample_size = 5)]
fn composite_51x49(bencher: Bencher<'_, '_>, weights: &str) {
    let data = table(51, 49);
    let options = CompositeOptions {
        outliers: OutlierRule::WinsoriseOrLog(OutlierOptions::default()),
        weights: match weights {
            "pca" => WeightRule::Components,
            "entropy" => WeightRule::Entropy,
            "critic" => WeightRule::Critic,
            _ => WeightRule::Equal,
        },
        ..CompositeOptions::default()
    };
    bencher.bench_local(|| {
        composite(
            Matrix::new(black_box(&data), 51, 49)?,
            &[Direction::Higher; 49],
            &options,
        )
    });
}
