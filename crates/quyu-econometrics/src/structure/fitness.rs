//! Fitness and complexity by the nonlinear map.

use super::table::check_incidence;
use crate::{Error, Matrix, check};

/// Options of [`fitness`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitnessOptions {
    /// Number of iterations at most. Default 200.
    pub iterations: usize,
    /// Ends earlier when no value changes by more than this, relative to itself. Default 1e-12.
    pub tolerance: f64,
}

impl Default for FitnessOptions {
    fn default() -> Self {
        Self {
            iterations: 200,
            tolerance: 1e-12,
        }
    }
}

/// Fitness of regions and complexity of industries, each with mean 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitness {
    /// Fitness of each region.
    pub regions: Vec<f64>,
    /// Complexity of each industry.
    pub industries: Vec<f64>,
    /// Iterations made.
    pub iterations: usize,
    /// Whether the tolerance was reached. Without it ranks are usually settled, values are not: some may be on
    /// their way to zero.
    pub converged: bool,
}

/// Fitness of regions: the sum of the complexities of its industries, where an industry is as complex as the
/// least fit region that manages it.
///
/// From ones, in each step `F_r = Σ M_ri Q_i` and `Q_i = 1 / Σ M_ri / F_r` (of the step before), each divided
/// by its mean.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for a cell that is neither 0 nor 1, no iterations, or a negative
/// tolerance; [`Error::Zero`] with argument `diversity` or `ubiquity`; [`Error::Range`] if a value leaves the
/// range of a double.
///
/// # Reference
/// Tacchella, A., Cristelli, M., Caldarelli, G., Gabrielli, A. & Pietronero, L. (2012), A new metrics for
/// countries' fitness and products' complexity, Scientific Reports 2, 723.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{FitnessOptions, fitness}};
/// let incidence = [1.0, 1.0, 0.0, 1.0];
/// let found = fitness(Matrix::new(&incidence, 2, 2)?, &FitnessOptions { iterations: 1, tolerance: 0.0 })?;
/// assert_eq!(found.regions, [4.0 / 3.0, 2.0 / 3.0]);
/// assert_eq!(found.industries, [4.0 / 3.0, 2.0 / 3.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn fitness(incidence: Matrix<'_>, options: &FitnessOptions) -> Result<Fitness, Error> {
    check_incidence(incidence)?;
    if options.iterations == 0 {
        return Err(Error::Domain {
            option: "iterations",
            value: 0.0,
            domain: "1 or more",
        });
    }
    if !options.tolerance.is_finite() || options.tolerance < 0.0 {
        let value = options.tolerance;
        return Err(Error::Domain {
            option: "tolerance",
            value,
            domain: "0 or a positive number",
        });
    }
    let (rows, cols) = (incidence.rows(), incidence.cols());
    check::positive(
        "diversity",
        &(0..rows)
            .map(|r| quyu_math::sum(incidence.row(r)))
            .collect::<Vec<_>>(),
    )?;
    check::positive("ubiquity", &incidence.column_sums())?;
    let (mut regions, mut industries) = (vec![1.0; rows], vec![1.0; cols]);
    let (mut iterations, mut converged) = (0, false);
    while iterations < options.iterations && !converged {
        let fitter = (0..rows)
            .map(|r| quyu_math::dot(incidence.row(r), &industries))
            .collect();
        let least = |i: usize| quyu_math::sum_by(rows, |r| incidence.at(r, i) / regions[r]);
        let harder = (0..cols).map(|i| 1.0 / least(i)).collect();
        let (fitter, harder) = (with_mean_one(fitter), with_mean_one(harder));
        for values in [&fitter, &harder] {
            if !values.iter().all(|v| v.is_finite() && *v > 0.0) {
                return Err(Error::Range { what: "a fitness" });
            }
        }
        converged =
            near(&fitter, &regions, options.tolerance) && near(&harder, &industries, options.tolerance);
        (regions, industries) = (fitter, harder);
        iterations += 1;
    }
    Ok(Fitness {
        regions,
        industries,
        iterations,
        converged,
    })
}

fn with_mean_one(values: Vec<f64>) -> Vec<f64> {
    let mean = quyu_math::sum(&values) / values.len() as f64;
    values.iter().map(|v| v / mean).collect()
}

fn near(new: &[f64], old: &[f64], tolerance: f64) -> bool {
    new.iter()
        .zip(old)
        .all(|(a, b)| (a - b).abs() <= tolerance * a.abs())
}
