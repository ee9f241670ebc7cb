//! The inputs: random with a fixed seed. Sizes matter, not values.

use quyu_econometrics::convergence::hp_filter;
use quyu_math::rng::Stream;
use quyu_math::{exp, normal_quantile};

fn normal(stream: &mut Stream) -> f64 {
    normal_quantile(stream.unit().max(1e-12))
}

/// Incomes of a wide spread.
pub(crate) fn incomes(n: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 0);
    (0..n).map(|_| exp(normal(&mut stream))).collect()
}

/// Weights between one half and three halves.
pub(crate) fn weights(n: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 1);
    (0..n).map(|_| 0.5 + stream.unit()).collect()
}

/// Standard normal cells without clusters.
pub(crate) fn table(rows: usize, cols: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 2);
    (0..rows * cols).map(|_| normal(&mut stream)).collect()
}

/// Jobs of regions in industries in two years.
pub(crate) fn two_years(regions: usize, industries: usize) -> (Vec<f64>, Vec<f64>) {
    let mut stream = Stream::new(1, 3);
    let base: Vec<f64> = (0..regions * industries)
        .map(|_| 100.0 * exp(normal(&mut stream)))
        .collect();
    let end = base
        .iter()
        .map(|cell| cell * (0.8 + 0.6 * stream.unit()))
        .collect();
    (base, end)
}

/// Jobs of a wide spread in which large regions have more industries.
pub(crate) fn jobs(regions: usize, industries: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, 4);
    (0..regions * industries)
        .map(|at| {
            let (r, i) = ((at / industries) as f64, (at % industries) as f64);
            let reach = (r + 1.0) / regions as f64 - 0.5 * i / industries as f64;
            exp(1.5 * normal(&mut stream) + 2.0 * reach)
        })
        .collect()
}

/// Random places on a square, and a value that rises to one corner.
pub(crate) fn places(n: usize) -> (Vec<(f64, f64)>, Vec<f64>) {
    let mut stream = Stream::new(1, 5);
    let points: Vec<(f64, f64)> = (0..n).map(|_| (stream.unit(), stream.unit())).collect();
    let values = points.iter().map(|(a, b)| a + b + stream.unit()).collect();
    (points, values)
}

/// Incomes that drift, region by region.
pub(crate) fn panel(n: usize, periods: usize) -> Vec<f64> {
    let mut cells = Vec::with_capacity(n * periods);
    for i in 0..n {
        let mut stream = Stream::new(2, i as u64);
        let mut log = normal(&mut stream) * 0.5;
        for _ in 0..periods {
            cells.push(exp(log));
            log = 0.97 * log + 0.1 * (stream.unit() - 0.5);
        }
    }
    cells
}

/// Five neighbours each.
pub(crate) fn ring(n: usize) -> Vec<[usize; 5]> {
    (0..n)
        .map(|i| [1, 2, 54, n - 1, n - 54].map(|d| (i + d) % n))
        .collect()
}

/// Smoothed paths to seven ends.
pub(crate) fn paths(n: usize, periods: usize) -> Vec<f64> {
    let mut cells = Vec::with_capacity(n * periods);
    for i in 0..n {
        let mut stream = Stream::new(3, i as u64);
        let (end, gap) = (7.0 + 0.6 * stream.below(7) as f64, stream.unit() - 0.5);
        let mut walk = 0.0;
        let path: Vec<f64> = (0..periods)
            .map(|t| {
                walk += 0.04 * (stream.unit() - 0.5);
                end + gap * exp(-0.08 * t as f64) + walk
            })
            .collect();
        cells.extend(hp_filter(&path, 400.0).expect("a trend").trend);
    }
    cells
}
