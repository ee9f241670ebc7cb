//! How much an index owes to the choices that made it.

use quyu_math::rng::Stream;

use super::aggregate::{Mean, aggregate, shares};
use super::normalise::{Direction, Scale, normalise, ranks};
use super::standardise::standardise;
use crate::{Error, Matrix, check, parallel};

/// The choices over which [`rank_sensitivity`] draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensitivityOptions<'a> {
    /// Scales to choose from; the first is the nominal one.
    pub scales: &'a [Scale],
    /// Means to choose from; the first is the nominal one. Every scale must suit every mean: geometric and
    /// harmonic means need positive scores.
    pub means: &'a [Mean],
    /// Each weight is multiplied by a factor drawn uniformly from `1 - spread` to `1 + spread`. Default 0.25.
    pub weight_spread: f64,
    /// Number of replicates. Default 1,000.
    pub replicates: usize,
    /// Seed; replicate number b draws from stream b. Default 1.
    pub seed: u64,
    /// Level of the rank intervals. Default 0.95.
    pub confidence: f64,
}

impl Default for SensitivityOptions<'_> {
    fn default() -> Self {
        Self {
            scales: &[Scale::MinMax {
                low: 1.0,
                high: 100.0,
            }],
            means: &[Mean::Arithmetic, Mean::Geometric],
            weight_spread: 0.25,
            replicates: 1000,
            seed: 1,
            confidence: 0.95,
        }
    }
}

/// Ranks under other choices. Rank 1 is the best; ties take the smallest.
#[derive(Debug, Clone, PartialEq)]
pub struct RankSensitivity {
    /// Rank with the first scale, the first mean and the given weights.
    pub nominal: Vec<f64>,
    /// Mean rank over the replicates.
    pub mean: Vec<f64>,
    /// Lower end of the interval of ranks.
    pub low: Vec<f64>,
    /// Upper end of the interval of ranks.
    pub high: Vec<f64>,
}

/// Monte Carlo over the choices behind an index: scale, mean and weights are drawn anew in each replicate, and
/// every region gets an interval of ranks.
///
/// `table` is regions by indicators, `directions` and `weights` one a column. Ends of the interval are the
/// inverse of the empirical distribution of the ranks at `(1 - confidence) / 2` and `(1 + confidence) / 2`.
///
/// # Errors
/// Those of [`super::normalise`] and [`super::weighted_mean`]; [`Error::Empty`] for no scale or mean;
/// [`Error::Length`]; [`Error::Domain`] unless 0 <= spread <= 1, 0 < confidence < 1 and there are replicates.
///
/// # Reference
/// Saisana, M., Saltelli, A. & Tarantola, S. (2005), Uncertainty and sensitivity analysis techniques as tools
/// for the quality assessment of composite indicators, Journal of the Royal Statistical Society A 168, 307-323.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Direction, SensitivityOptions, rank_sensitivity}};
/// let table = Matrix::new(&[9.0, 9.0, 6.0, 1.0, 1.0, 6.0], 3, 2)?;
/// let found = rank_sensitivity(table, &[Direction::Higher; 2], &[1.0, 1.0], &SensitivityOptions::default())?;
/// assert_eq!(found.nominal, [1.0, 2.0, 2.0]);
/// assert_eq!((found.low[0], found.high[0]), (1.0, 1.0)); // best whatever one chooses
/// assert_eq!((found.low[1], found.high[1]), (2.0, 3.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn rank_sensitivity(
    table: Matrix<'_>,
    directions: &[Direction],
    weights: &[f64],
    options: &SensitivityOptions<'_>,
) -> Result<RankSensitivity, Error> {
    check_options(options)?;
    check::length("directions", directions.len(), table.cols())?;
    let weights = shares(weights, table.cols())?;
    // A scale does not depend on the draw: each is made once.
    let scores: Vec<Vec<f64>> = options
        .scales
        .iter()
        .map(|scale| scored(table, directions, *scale))
        .collect::<Result<_, _>>()?;
    let rank = |scores: &[f64], weights: &[f64], mean| -> Result<Vec<f64>, Error> {
        let index = aggregate(Matrix::of(scores, table.rows(), table.cols()), weights, mean)?;
        Ok(ranks(&index.iter().map(|v| -v).collect::<Vec<_>>()))
    };
    let draw = |b: usize| {
        let mut stream = Stream::new(options.seed, b as u64);
        let scale = stream.below(scores.len() as u64) as usize;
        let mean = options.means[stream.below(options.means.len() as u64) as usize];
        let factor = |stream: &mut Stream| 1.0 + options.weight_spread * (2.0 * stream.unit() - 1.0);
        let weights: Vec<f64> = weights.iter().map(|w| w * factor(&mut stream)).collect();
        rank(&scores[scale], &weights, mean)
    };
    let drawn: Vec<Vec<f64>> = parallel::map(options.replicates, 16, draw)
        .into_iter()
        .collect::<Result<_, _>>()?;
    let mut result = RankSensitivity {
        nominal: rank(&scores[0], &weights, options.means[0])?,
        mean: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
    };
    for region in 0..table.rows() {
        let mut own: Vec<f64> = drawn.iter().map(|ranks| ranks[region]).collect();
        own.sort_by(f64::total_cmp);
        let at = |p: f64| own[((p * own.len() as f64).ceil() as usize).clamp(1, own.len()) - 1];
        result.mean.push(quyu_math::sum(&own) / own.len() as f64);
        result.low.push(at((1.0 - options.confidence) / 2.0));
        result.high.push(at((1.0 + options.confidence) / 2.0));
    }
    Ok(result)
}

fn check_options(options: &SensitivityOptions<'_>) -> Result<(), Error> {
    for (argument, empty) in [
        ("scales", options.scales.is_empty()),
        ("means", options.means.is_empty()),
    ] {
        if empty {
            return Err(Error::Empty { argument });
        }
    }
    check_draws(options.weight_spread, options.confidence, options.replicates)
}

/// The options that every Monte Carlo over an index has.
pub(crate) fn check_draws(weight_spread: f64, confidence: f64, replicates: usize) -> Result<(), Error> {
    if !(0.0..=1.0).contains(&weight_spread) {
        return Err(Error::Domain {
            option: "weight_spread",
            value: weight_spread,
            domain: "0 to 1",
        });
    }
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::Domain {
            option: "confidence",
            value: confidence,
            domain: "between 0 and 1",
        });
    }
    if replicates == 0 {
        return Err(Error::Domain {
            option: "replicates",
            value: 0.0,
            domain: "1 or more",
        });
    }
    Ok(())
}

/// The table on that scale, row-major.
fn scored(table: Matrix<'_>, directions: &[Direction], scale: Scale) -> Result<Vec<f64>, Error> {
    let columns: Vec<Vec<f64>> = directions
        .iter()
        .enumerate()
        .map(|(j, direction)| normalise(&table.col(j), scale, *direction))
        .collect::<Result<_, _>>()?;
    Ok((0..table.data().len())
        .map(|at| columns[at % table.cols()][at / table.cols()])
        .collect())
}

/// How much of the variance of an output each uncertain input explains.
#[derive(Debug, Clone, PartialEq)]
pub struct SobolIndices {
    /// First-order index of each input: the share it explains alone. Monte Carlo error may take it a little
    /// below 0.
    pub first: Vec<f64>,
    /// Total index of each input: the share it has a part in, interactions included.
    pub total: Vec<f64>,
    /// Variance of the output.
    pub variance: f64,
}

/// Sobol indices of first and total order of a model of independent inputs, each uniform on [0, 1).
///
/// Map a uniform number to a choice inside `model` (`(u * 3.0) as usize` for one of three scales, `0.5 + u` for
/// a weight, …). With rows of two independent samples A and B and `A_i` = A with column i of B: `S_i =
/// mean[f(B) (f(A_i) - f(A))] / V`, `T_i = mean[(f(A) - f(A_i))²] / 2V`. Costs `samples · (inputs + 2)` calls;
/// row number j draws from stream j.
///
/// # Errors
/// Those of `model`; [`Error::Domain`] for no inputs; [`Error::TooFew`] for fewer than 2 samples;
/// [`Error::Range`] if the model returns what is not finite; [`Error::Undefined`] if the output does not vary.
///
/// # Reference
/// Sobol', I. M. (1993), Sensitivity estimates for nonlinear mathematical models. Saltelli, A. et al. (2010),
/// Variance based sensitivity analysis of model output, Computer Physics Communications 181, 259-270; Jansen,
/// M. J. W. (1999) for the total index.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::sobol_indices;
/// let found = sobol_indices(2, 20_000, 1, |u| Ok(u[0] + 2.0 * u[1]))?;
/// assert!((found.first[0] - 0.2).abs() < 0.03 && (found.first[1] - 0.8).abs() < 0.03);
/// assert!((found.total[0] - 0.2).abs() < 0.03);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn sobol_indices(
    inputs: usize,
    samples: usize,
    seed: u64,
    model: impl Fn(&[f64]) -> Result<f64, Error> + Sync,
) -> Result<SobolIndices, Error> {
    if inputs == 0 {
        return Err(Error::Domain {
            option: "inputs",
            value: 0.0,
            domain: "1 or more",
        });
    }
    check::at_least("samples", samples, 2)?;
    // f(A), f(B), f(A_1), …, f(A_k) of each row.
    let row = |row: usize| {
        let mut stream = Stream::new(seed, row as u64);
        let a: Vec<f64> = (0..inputs).map(|_| stream.unit()).collect();
        let b: Vec<f64> = (0..inputs).map(|_| stream.unit()).collect();
        let mut outputs = vec![model(&a)?, model(&b)?];
        for i in 0..inputs {
            let mut mixed = a.clone();
            mixed[i] = b[i];
            outputs.push(model(&mixed)?);
        }
        check::in_range("the model", &outputs)?;
        Ok(outputs)
    };
    let outputs: Vec<Vec<f64>> = parallel::map(samples, 16, row)
        .into_iter()
        .collect::<Result<_, Error>>()?;
    let mean_of = |f: &dyn Fn(&[f64]) -> f64| quyu_math::sum_by(samples, |j| f(&outputs[j])) / samples as f64;
    let mean = mean_of(&|o| (o[0] + o[1]) / 2.0);
    let variance = mean_of(&|o| ((o[0] - mean) * (o[0] - mean) + (o[1] - mean) * (o[1] - mean)) / 2.0);
    if variance == 0.0 {
        return Err(Error::Undefined {
            reason: "the output does not vary",
        });
    }
    let result = SobolIndices {
        // Centred: the products then carry no square of the mean.
        first: (0..inputs)
            .map(|i| mean_of(&|o| (o[1] - mean) * (o[2 + i] - o[0])) / variance)
            .collect(),
        total: (0..inputs)
            .map(|i| mean_of(&|o| (o[0] - o[2 + i]) * (o[0] - o[2 + i])) / (2.0 * variance))
            .collect(),
        variance,
    };
    check::in_range("a Sobol index", &result.first)?;
    check::in_range("a Sobol index", &result.total)?;
    check::in_range("the variance of the model", &[variance])?;
    Ok(result)
}

/// What each indicator really weighs in an index: its squared correlation with it, 0 to 1.
///
/// Nominal weights say what one is willing to trade; correlated indicators weigh more than theirs. This is the
/// linear main effect.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`]; [`Error::TooFew`] for fewer than 2 rows; [`Error::Zero`] with
/// argument `standard deviation` for a constant indicator or, with the index 0, a constant index.
///
/// # Reference
/// Paruolo, P., Saisana, M. & Saltelli, A. (2013), Ratings and rankings: voodoo or science?, Journal of the
/// Royal Statistical Society A 176, 609-634.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::effective_weights};
/// let table = [1.0, 3.0, 2.0, 1.0, 3.0, 2.0];
/// let w = effective_weights(Matrix::new(&table, 3, 2)?, &[1.0, 2.0, 3.0])?;
/// assert!((w[0] - 1.0).abs() < 1e-12 && (w[1] - 0.25).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn effective_weights(table: Matrix<'_>, index: &[f64]) -> Result<Vec<f64>, Error> {
    check::length("index", index.len(), table.rows())?;
    check::finite("index", index)?;
    let (indicators, index) = (
        standardise(table, 0)?,
        standardise(Matrix::of(index, index.len(), 1), 0)?,
    );
    let n = table.rows();
    let correlation =
        |j: usize| quyu_math::sum_by(n, |i| indicators.z[i * table.cols() + j] * index.z[i]) / n as f64;
    Ok((0..table.cols())
        .map(|j| (correlation(j) * correlation(j)).min(1.0))
        .collect())
}
