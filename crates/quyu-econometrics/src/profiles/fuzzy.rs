//! Fuzzy c-means: provinces that sit between two clusters.

use super::distance::squared;
use super::kmeans::{KMeansOptions, kmeans};
use super::moments::power_of_two_below;
use crate::{Error, Matrix, check};

/// Options of [`fuzzy_cmeans`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FuzzyOptions {
    /// The fuzzifier m, above 1; the nearer to 1 the crisper. Default 2.
    pub fuzzifier: f64,
    /// Limit of iterations. Default 10,000.
    pub max_iterations: usize,
    /// Ends when no centre moves by more than this, relative to the largest value of the table. Default 1e-13.
    pub tolerance: f64,
    /// The k-means whose centres are the start.
    pub start: KMeansOptions,
}

impl Default for FuzzyOptions {
    fn default() -> Self {
        Self {
            fuzzifier: 2.0,
            max_iterations: 10_000,
            tolerance: 1e-13,
            start: KMeansOptions::default(),
        }
    }
}

/// A fuzzy partition.
#[derive(Debug, Clone, PartialEq)]
pub struct Fuzzy {
    /// Membership of each point in each cluster, row-major: points by clusters; each row sums to 1.
    pub memberships: Vec<f64>,
    /// Centre of each cluster, row-major: clusters by columns. In the order of the k-means clusters they
    /// started from.
    pub centres: Vec<f64>,
    /// The objective, a mean over the points: `1/n Σ u^m d²`.
    pub objective: f64,
}

/// Fuzzy c-means: each point belongs to each cluster to a degree.
///
/// Minimises `Σ_i Σ_c u_ic^m |x_i - c|²` by turns: `u_ic = 1 / Σ_c' (d²_ic / d²_ic')^(1/(m-1))`, centres are
/// means weighted by `u^m`. A point that lies on a centre belongs to it alone. Starts from k-means, iterates
/// until the centres stand still.
///
/// # Errors
/// As [`super::kmeans`]; [`Error::Domain`] for a fuzzifier not above 1 or a tolerance that is not positive;
/// [`Error::NotConverged`]; [`Error::Range`].
///
/// # Reference
/// Bezdek, J. C. (1981), Pattern Recognition with Fuzzy Objective Function Algorithms, Plenum.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{FuzzyOptions, fuzzy_cmeans}};
/// let found = fuzzy_cmeans(Matrix::new(&[0.0, 1.0, 5.5, 10.0, 11.0], 5, 1)?, 2, &FuzzyOptions::default())?;
/// assert!(found.memberships[0] > 0.9); // row 0
/// assert!((found.memberships[4] - 0.5).abs() < 1e-6); // row 2 lies between
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn fuzzy_cmeans(table: Matrix<'_>, k: usize, options: &FuzzyOptions) -> Result<Fuzzy, Error> {
    let FuzzyOptions {
        fuzzifier, tolerance, ..
    } = *options;
    if !fuzzifier.is_finite() || fuzzifier <= 1.0 {
        return Err(Error::Domain {
            option: "fuzzifier",
            value: fuzzifier,
            domain: "above 1",
        });
    }
    if !tolerance.is_finite() || tolerance <= 0.0 {
        return Err(Error::Domain {
            option: "tolerance",
            value: tolerance,
            domain: "a positive number",
        });
    }
    let scale = power_of_two_below(table.data());
    let start = kmeans(table, k, &options.start)?;
    let scaled: Vec<f64> = table.data().iter().map(|v| v / scale).collect();
    let scaled = Matrix::of(&scaled, table.rows(), table.cols());
    let mut centres: Vec<f64> = start.centres.iter().map(|c| c / scale).collect();
    for _ in 0..options.max_iterations {
        let memberships = memberships(scaled, &centres, fuzzifier);
        let next = weighted_means(scaled, &memberships, k, fuzzifier);
        check::in_range("a fuzzy centre", &next)?;
        let moved = next
            .iter()
            .zip(&centres)
            .fold(0.0, |max: f64, (a, b)| max.max((a - b).abs()));
        centres = next;
        if moved <= tolerance {
            return finish(scaled, centres, fuzzifier, scale);
        }
    }
    Err(Error::NotConverged {
        algorithm: "fuzzy c-means",
        iterations: options.max_iterations,
    })
}

fn memberships(table: Matrix<'_>, centres: &[f64], fuzzifier: f64) -> Vec<f64> {
    let mut all = Vec::with_capacity(table.rows() * centres.len() / table.cols());
    for i in 0..table.rows() {
        let distances: Vec<f64> = centres
            .chunks_exact(table.cols())
            .map(|centre| squared(table.row(i), centre))
            .collect();
        let least = distances
            .iter()
            .fold(f64::INFINITY, |least: f64, &d| least.min(d));
        // Relative to the nearest centre no power can overflow; on a centre only the centre counts.
        let affinity = |&d: &f64| match (least > 0.0, d == least) {
            (_, true) => 1.0,
            (false, false) => 0.0,
            (true, false) if fuzzifier == 2.0 => least / d,
            (true, false) => quyu_math::pow(least / d, 1.0 / (fuzzifier - 1.0)),
        };
        let affinities: Vec<f64> = distances.iter().map(affinity).collect();
        let sum = quyu_math::sum(&affinities);
        all.extend(affinities.iter().map(|a| a / sum));
    }
    all
}

fn power(u: f64, fuzzifier: f64) -> f64 {
    if fuzzifier == 2.0 {
        u * u
    } else {
        quyu_math::pow(u, fuzzifier)
    }
}

fn weighted_means(table: Matrix<'_>, memberships: &[f64], k: usize, fuzzifier: f64) -> Vec<f64> {
    let weight = |i: usize, c: usize| power(memberships[i * k + c], fuzzifier);
    let mut centres = Vec::with_capacity(k * table.cols());
    for c in 0..k {
        let all = quyu_math::sum_by(table.rows(), |i| weight(i, c));
        for j in 0..table.cols() {
            centres.push(quyu_math::sum_by(table.rows(), |i| weight(i, c) * table.at(i, j)) / all);
        }
    }
    centres
}

fn finish(table: Matrix<'_>, centres: Vec<f64>, fuzzifier: f64, scale: f64) -> Result<Fuzzy, Error> {
    let memberships = memberships(table, &centres, fuzzifier);
    let k = centres.len() / table.cols();
    let sum = quyu_math::sum_by(memberships.len(), |at| {
        let centre = &centres[at % k * table.cols()..][..table.cols()];
        power(memberships[at], fuzzifier) * squared(table.row(at / k), centre)
    });
    let objective = sum / table.rows() as f64 * scale * scale;
    check::in_range("the objective", &[objective])?;
    Ok(Fuzzy {
        memberships,
        centres: centres.iter().map(|c| c * scale).collect(),
        objective,
    })
}
