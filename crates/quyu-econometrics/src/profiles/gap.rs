//! The gap statistic: more clusters than nothing would show?

use quyu_math::rng::Stream;

use super::distance::Distances;
use super::kmeans::{KMeansOptions, kmeans};
use super::pca::{PcaOptions, pca};
use crate::{Error, Matrix, check, parallel};

/// What the dispersion of a cluster adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dispersion {
    /// Squared distances: W is the within sum of squares, as in the paper.
    #[default]
    Squared,
    /// Distances: half the sum over clusters of their pairwise distances over their size, the default of R's
    /// `clusGap`.
    Plain,
}

/// Options of [`gap_statistic`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapOptions {
    /// Number of reference tables. Default 200.
    pub replicates: usize,
    /// What the dispersion adds up.
    pub dispersion: Dispersion,
    /// The k-means used throughout; its seed is also that of the reference tables, of which number b draws from
    /// stream b.
    pub kmeans: KMeansOptions,
}

impl Default for GapOptions {
    fn default() -> Self {
        let kmeans = KMeansOptions {
            starts: 10,
            ..KMeansOptions::default()
        };
        Self {
            replicates: 200,
            dispersion: Dispersion::Squared,
            kmeans,
        }
    }
}

/// The gap for each number of clusters from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Logarithm of the dispersion of the data.
    pub log_dispersion: Vec<f64>,
    /// Mean over the reference tables less that of the data.
    pub gap: Vec<f64>,
    /// Standard deviation (n - 1) over the reference tables, times `√(1 + 1/B)`.
    pub std_error: Vec<f64>,
    /// The smallest k with `gap_k >= gap_(k+1) - se_(k+1)`; `k_max` if there is none.
    pub chosen: usize,
}

/// The gap statistic for k-means with 1 to `k_max` clusters.
///
/// Compares the logarithm of the within dispersion with its mean over tables without clusters: uniform in the
/// box that the data fill along their principal axes.
///
/// # Errors
/// As [`super::kmeans`] for every k; [`Error::Domain`] for `k_max` of zero; [`Error::TooFew`] for fewer than 2
/// replicates or 3 rows; [`Error::Zero`] for a constant column; [`Error::Undefined`] if `k_max` clusters leave
/// no dispersion.
///
/// # Reference
/// Tibshirani, R., Walther, G. & Hastie, T. (2001), Estimating the number of clusters in a data set via the gap
/// statistic, Journal of the Royal Statistical Society B 63, 411-423.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{GapOptions, gap_statistic}};
/// let table: Vec<f64> = (0..24).map(|i| f64::from(i % 12) * 0.1 + if i < 12 { 0.0 } else { 50.0 }).collect();
/// let gap = gap_statistic(Matrix::new(&table, 24, 1)?, 3, &GapOptions { replicates: 50, ..Default::default() })?;
/// assert_eq!(gap.chosen, 2);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gap_statistic(table: Matrix<'_>, k_max: usize, options: &GapOptions) -> Result<Gap, Error> {
    if k_max == 0 {
        return Err(Error::Domain {
            option: "k_max",
            value: 0.0,
            domain: "1 or more",
        });
    }
    check::at_least("replicates", options.replicates, 2)?;
    check::at_least("rows", table.rows(), 3)?;
    let axes = pca(
        table,
        &PcaOptions {
            scale: false,
            ddof: 1,
        },
    )?;
    let log_dispersion = log_dispersions(table, k_max, options)?;
    let bounds: Vec<(f64, f64)> = (0..axes.components)
        .map(|c| {
            let scores = axes.scores.iter().skip(c).step_by(axes.components);
            scores.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &s| {
                (low.min(s), high.max(s))
            })
        })
        .collect();
    let reference = |b: usize| {
        let mut stream = Stream::new(options.kmeans.seed, b as u64);
        let drawn: Vec<f64> = (0..table.rows() * bounds.len())
            .map(|at| {
                let (low, high) = bounds[at % bounds.len()];
                low + stream.unit() * (high - low)
            })
            .collect();
        log_dispersions(Matrix::of(&drawn, table.rows(), bounds.len()), k_max, options)
    };
    let references: Vec<Vec<f64>> = parallel::map(options.replicates, 1, reference)
        .into_iter()
        .collect::<Result<_, _>>()?;
    let count = references.len() as f64;
    let mut result = Gap {
        log_dispersion,
        gap: Vec::new(),
        std_error: Vec::new(),
        chosen: k_max,
    };
    for k in 0..k_max {
        let mean = quyu_math::sum_by(references.len(), |b| references[b][k]) / count;
        let squares = quyu_math::sum_by(references.len(), |b| {
            (references[b][k] - mean) * (references[b][k] - mean)
        });
        result.gap.push(mean - result.log_dispersion[k]);
        result
            .std_error
            .push((squares / (count - 1.0) * (1.0 + 1.0 / count)).sqrt());
    }
    let enough = (1..k_max).find(|&k| result.gap[k - 1] >= result.gap[k] - result.std_error[k]);
    result.chosen = enough.unwrap_or(k_max);
    Ok(result)
}

fn log_dispersions(table: Matrix<'_>, k_max: usize, options: &GapOptions) -> Result<Vec<f64>, Error> {
    let distances = match options.dispersion {
        Dispersion::Squared => None,
        Dispersion::Plain => Some(Distances::euclidean(table)?),
    };
    (1..=k_max)
        .map(|k| {
            let found = kmeans(table, k, &options.kmeans)?;
            let dispersion = distances.as_ref().map_or(found.within, |distances| {
                let inside = |i: usize| {
                    let row = distances.row(i);
                    let own = found.labels[i];
                    let sum = quyu_math::sum_by(row.len(), |at| {
                        if found.labels[i + 1 + at] == own {
                            row[at]
                        } else {
                            0.0
                        }
                    });
                    sum / found.sizes[own] as f64
                };
                quyu_math::sum_by(table.rows(), inside) / 2.0
            });
            if dispersion <= 0.0 {
                return Err(Error::Undefined {
                    reason: "the clusters have no dispersion left",
                });
            }
            Ok(quyu_math::ln(dispersion))
        })
        .collect()
}
