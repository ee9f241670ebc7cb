//! Indicators made into one number.

use super::moments::Moments;
use super::outliers::range;
use crate::{Error, Matrix, check};

/// Which mean adds indicators up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mean {
    /// `Σ w x`: what one indicator lacks another makes good in full.
    Arithmetic,
    /// `exp Σ w ln x`: what one lacks is harder to make good. Positive values: rescale to [1, 100] first.
    Geometric,
    /// `1 / Σ (w / x)`: harder still. Positive values.
    Harmonic,
    /// `(Σ w x^p)^(1/p)`; p = 1 arithmetic, -1 harmonic. Values that are not negative, positive for p < 0.
    Power(f64),
}

/// Weighted mean of one region's indicators, the weights divided by their sum.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Length`]; [`Error::Negative`] for a weight;
/// [`Error::Negative`] or [`Error::Zero`] for a value the mean has no meaning for; [`Error::Zero`] for weights
/// that sum to zero; [`Error::Domain`] for a power that is zero or not finite; [`Error::Range`].
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 6.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{Mean, weighted_mean};
/// assert_eq!(weighted_mean(&[1.0, 4.0], &[1.0, 1.0], Mean::Arithmetic)?, 2.5);
/// assert!((weighted_mean(&[1.0, 4.0], &[1.0, 1.0], Mean::Geometric)? - 2.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn weighted_mean(values: &[f64], weights: &[f64], mean: Mean) -> Result<f64, Error> {
    check::not_empty("values", values)?;
    let weights = shares(weights, values.len())?;
    check_for_mean(values, mean)?;
    let sum = |f: &dyn Fn(f64) -> f64| {
        quyu_math::sum_by(values.len(), |i| {
            if weights[i] > 0.0 {
                weights[i] * f(values[i])
            } else {
                0.0
            }
        })
    };
    // In units of the largest value no power can overflow.
    let largest = values.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
    let result = match mean {
        Mean::Arithmetic if largest > 0.0 => largest * sum(&|x| x / largest),
        Mean::Arithmetic => 0.0,
        Mean::Geometric => quyu_math::exp(sum(&quyu_math::ln)),
        Mean::Harmonic => largest / sum(&|x| largest / x),
        Mean::Power(_) if largest == 0.0 => 0.0,
        Mean::Power(p) => largest * quyu_math::pow(sum(&|x| quyu_math::pow(x / largest, p)), 1.0 / p),
    };
    check::in_range("a mean", &[result])?;
    Ok(result)
}

fn check_for_mean(values: &[f64], mean: Mean) -> Result<(), Error> {
    match mean {
        Mean::Arithmetic => check::finite("values", values),
        Mean::Geometric | Mean::Harmonic => check::positive("values", values),
        Mean::Power(p) if !p.is_finite() || p == 0.0 => Err(Error::Domain {
            option: "power",
            value: p,
            domain: "a finite number but 0",
        }),
        Mean::Power(p) if p < 0.0 => check::positive("values", values),
        Mean::Power(_) => check::non_negative("values", values),
    }
}

/// Weights divided by their sum.
pub(crate) fn shares(weights: &[f64], count: usize) -> Result<Vec<f64>, Error> {
    check::length("weights", weights.len(), count)?;
    check::non_negative("weights", weights)?;
    let sum = quyu_math::sum(weights);
    check::in_range("the sum of weights", &[sum])?;
    if sum == 0.0 {
        return Err(Error::Zero {
            argument: "weights",
            index: 0,
        });
    }
    Ok(weights.iter().map(|w| w / sum).collect())
}

/// A mean of what is observed, and how much of the weight that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedMean {
    /// The mean, with the weights of the observed indicators divided by their sum.
    pub value: f64,
    /// Share of the weight that was observed, 0 to 1: say it beside the value.
    pub observed: f64,
}

/// Weighted mean of the observed indicators of a region.
///
/// # Errors
/// As [`weighted_mean`]; [`Error::Empty`] if nothing is observed.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 6.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{Mean, observed_mean};
/// let m = observed_mean(&[Some(4.0), None, Some(2.5)], &[0.2, 0.5, 0.3], Mean::Arithmetic)?;
/// assert!((m.value - 3.1).abs() < 1e-12 && (m.observed - 0.5).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn observed_mean(values: &[Option<f64>], weights: &[f64], mean: Mean) -> Result<ObservedMean, Error> {
    let all = shares(weights, values.len())?;
    let (kept, weights): (Vec<f64>, Vec<f64>) = values
        .iter()
        .zip(&all)
        .filter_map(|(value, weight)| value.map(|value| (value, *weight)))
        .unzip();
    let value = weighted_mean(&kept, &weights, mean)?;
    Ok(ObservedMean {
        value,
        observed: quyu_math::sum(&weights).min(1.0),
    })
}

/// Weighted mean of each row of `table` (regions by indicators).
///
/// # Errors
/// As [`weighted_mean`].
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 6.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Mean, aggregate}};
/// let table = Matrix::new(&[1.0, 3.0, 5.0, 5.0], 2, 2)?;
/// assert_eq!(aggregate(table, &[1.0, 1.0], Mean::Arithmetic)?, [2.0, 5.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn aggregate(table: Matrix<'_>, weights: &[f64], mean: Mean) -> Result<Vec<f64>, Error> {
    (0..table.rows())
        .map(|i| weighted_mean(table.row(i), weights, mean))
        .collect()
}

/// Options of [`mazziotta_pareto`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MpiOptions {
    /// Divisor n - ddof in the standard deviations of columns and rows: 0 (default, the paper's) or 1.
    pub ddof: usize,
    /// The penalty for unbalanced rows is subtracted (default: more is better) or, for phenomena of which less
    /// is better, added.
    pub add_penalty: bool,
}

/// Mazziotta-Pareto index: the mean of standardised indicators with a penalty for imbalance.
///
/// `z = 100 + 10 (x - x̄_j) / s_j`; with `M` the mean and `S` the standard deviation of a row of z: `MPI = M -
/// S² / M` (or plus). The columns point in one direction.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] unless there are 2 rows and columns; [`Error::Zero`] with argument
/// `standard deviation` for a constant column; [`Error::Range`].
///
/// # Reference
/// Mazziotta, M. & Pareto, A. (2016), On a generalized non-compensatory composite index for measuring
/// socio-economic phenomena, Social Indicators Research 127, 983-1003.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{MpiOptions, mazziotta_pareto}};
/// let index = mazziotta_pareto(Matrix::new(&[1.0, 3.0, 3.0, 1.0, 2.0, 2.0], 3, 2)?, &MpiOptions::default())?;
/// assert_eq!(index[2], 100.0); // balanced: no penalty
/// assert!(index[0] < 100.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mazziotta_pareto(table: Matrix<'_>, options: &MpiOptions) -> Result<Vec<f64>, Error> {
    check::at_least("columns", table.cols(), 2.max(options.ddof.saturating_add(1)))?;
    let standard = super::standardise::standardise(table, options.ddof)?;
    let index: Vec<f64> = standard
        .z
        .chunks_exact(table.cols())
        .map(|row| {
            let scores: Vec<f64> = row.iter().map(|z| 100.0 + 10.0 * z).collect();
            let m = Moments::of(&scores);
            let mean = m.mean * m.scale;
            let variance = m.squares * m.scale * m.scale / (row.len() - options.ddof) as f64;
            let sign = if options.add_penalty { 1.0 } else { -1.0 };
            mean + sign * variance / mean
        })
        .collect();
    check::in_range("the index", &index)?;
    Ok(index)
}

/// Outranking matrix: for each pair of regions the weight of the indicators in which the first is better, plus
/// half of that in which they tie. Regions by regions, row-major, zero diagonal. More is better in every
/// column.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], [`Error::Negative`], [`Error::Zero`] as for weights of
/// [`weighted_mean`].
///
/// # Reference
/// Munda, G. (2008), Social Multi-Criteria Evaluation for a Sustainable Economy, Springer.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::outranking};
/// let better = outranking(Matrix::new(&[1.0, 5.0, 2.0, 5.0], 2, 2)?, &[0.4, 0.6])?;
/// assert!((better[1] - 0.3).abs() < 1e-15 && (better[2] - 0.7).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn outranking(table: Matrix<'_>, weights: &[f64]) -> Result<Vec<f64>, Error> {
    check::finite("table", table.data())?;
    let weights = shares(weights, table.cols())?;
    let n = table.rows();
    let better = |at: usize| {
        let (a, b) = (table.row(at / n), table.row(at % n));
        if at / n == at % n {
            return 0.0;
        }
        quyu_math::sum_by(weights.len(), |j| match a[j].total_cmp(&b[j]) {
            _ if a[j] == b[j] => weights[j] / 2.0,
            std::cmp::Ordering::Greater => weights[j],
            _ => 0.0,
        })
    };
    Ok((0..n * n).map(better).collect())
}

/// Copeland score of each region: the number of regions it outranks (weight above one half) less the number
/// that outrank it.
///
/// # Errors
/// As [`outranking`].
///
/// # Reference
/// Copeland, A. H. (1951), A reasonable social welfare function, University of Michigan; Munda (2008), as in
/// [`outranking`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::copeland};
/// assert_eq!(copeland(Matrix::new(&[1.0, 5.0, 2.0, 5.0], 2, 2)?, &[0.4, 0.6])?, [-1.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn copeland(table: Matrix<'_>, weights: &[f64]) -> Result<Vec<f64>, Error> {
    let n = table.rows();
    let better = outranking(table, weights)?;
    let score = |i: usize| {
        let against = (0..n).filter(|&j| j != i).map(|j| better[i * n + j]);
        against
            .map(|w| f64::from(i8::from(w > 0.5 + 1e-12) - i8::from(w < 0.5 - 1e-12)))
            .sum()
    };
    Ok((0..n).map(score).collect())
}

/// TOPSIS: nearness to the best and distance from the worst, 0 to 1.
///
/// `table` is regions by indicators on one scale, more is better. With `d⁺`, `d⁻` the Euclidean distances of
/// the weighted rows to the best and to the worst value of every column: `C = d⁻ / (d⁺ + d⁻)`.
///
/// # Errors
/// As for weights of [`weighted_mean`]; [`Error::NotFinite`]; [`Error::Undefined`] if all regions are equal;
/// [`Error::Range`].
///
/// # Reference
/// Hwang, C.-L. & Yoon, K. (1981), Multiple Attribute Decision Making, Springer.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::topsis};
/// let c = topsis(Matrix::new(&[0.0, 0.0, 1.0, 1.0, 0.5, 0.5], 3, 2)?, &[1.0, 1.0])?;
/// assert_eq!(c, [0.0, 1.0, 0.5]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn topsis(table: Matrix<'_>, weights: &[f64]) -> Result<Vec<f64>, Error> {
    check::finite("table", table.data())?;
    let weights = shares(weights, table.cols())?;
    let ends: Vec<(f64, f64)> = (0..table.cols()).map(|j| range(&table.col(j))).collect();
    let spans: Vec<f64> = ends.iter().map(|(low, high)| high - low).collect();
    check::in_range("the range of the values", &spans)?;
    // Relative to the largest weighted span no square can overflow or vanish.
    let span = spans
        .iter()
        .zip(&weights)
        .fold(0.0, |max: f64, (span, w)| max.max(w * span));
    if span == 0.0 {
        return Err(Error::Undefined {
            reason: "all regions are equal",
        });
    }
    let distance = |i: usize, end: &dyn Fn(usize) -> f64| {
        quyu_math::sum_by(ends.len(), |j| {
            let gap = weights[j] * (table.at(i, j) - end(j)) / span;
            gap * gap
        })
        .sqrt()
    };
    let score = |i: usize| {
        let (to_best, to_worst) = (distance(i, &|j| ends[j].1), distance(i, &|j| ends[j].0));
        to_worst / (to_best + to_worst)
    };
    Ok((0..table.rows()).map(score).collect())
}

/// Grey relational grade of each region with the ideal one, 0 to 1.
///
/// `table` is regions by indicators on one scale, more is better; the ideal has the best value of every column.
/// With `Δ_ij` the distance to the ideal, `m` and `M` the smallest and largest of all: `ξ = (m + ρM) / (Δ +
/// ρM)`, and the grade is the weighted mean of ξ. ρ is usually 0.5.
///
/// # Errors
/// As for weights of [`weighted_mean`]; [`Error::NotFinite`]; [`Error::Domain`] unless 0 < ρ <= 1;
/// [`Error::Undefined`] if all regions are equal; [`Error::Range`].
///
/// # Reference
/// Deng, J. (1989), Introduction to grey system theory, Journal of Grey System 1, 1-24.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::grey_relational};
/// let grade = grey_relational(Matrix::new(&[0.0, 1.0], 2, 1)?, &[1.0], 0.5)?;
/// assert_eq!(grade, [0.5 / 1.5, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn grey_relational(table: Matrix<'_>, weights: &[f64], rho: f64) -> Result<Vec<f64>, Error> {
    if !(rho > 0.0 && rho <= 1.0) {
        return Err(Error::Domain {
            option: "rho",
            value: rho,
            domain: "above 0, at most 1",
        });
    }
    check::finite("table", table.data())?;
    let weights = shares(weights, table.cols())?;
    let best: Vec<f64> = (0..table.cols()).map(|j| range(&table.col(j)).1).collect();
    let gap = |i: usize, j: usize| best[j] - table.at(i, j);
    let gaps: Vec<f64> = (0..table.data().len())
        .map(|at| gap(at / table.cols(), at % table.cols()))
        .collect();
    check::in_range("the range of the values", &gaps)?;
    let (least, most) = range(&gaps);
    if most == 0.0 {
        return Err(Error::Undefined {
            reason: "all regions are equal",
        });
    }
    let grade = |i: usize| {
        quyu_math::sum_by(weights.len(), |j| {
            weights[j] * ((least / most + rho) / (gap(i, j) / most + rho))
        })
    };
    Ok((0..table.rows()).map(grade).collect())
}

/// The form of the coupling degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CouplingForm {
    /// `C = n (Π u)^(1/n) / Σ u`: near 1 as soon as the subsystems are of one order.
    #[default]
    Standard,
    /// Wang, Kong, Ren, Tian et al. (2021): `C = √{[1 - Σ_{i>j} |u_i - u_j| / (n(n-1)/2)] · [Π u_i / max
    /// u]^(1/(n-1))}`: spread over the whole range.
    Adjusted,
}

/// Coupling of subsystems in a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coupling {
    /// Coupling degree C, 0 to 1: are the subsystems alike?
    pub coupling: f64,
    /// Their level T, the weighted mean.
    pub level: f64,
    /// Coupling coordination degree `D = √(C T)`.
    pub coordination: f64,
}

/// Coupling coordination degree of the subsystems (columns) of each region (row).
///
/// Values lie in (0, 1]: put min-max scores on [0.01, 1] where a subsystem would be zero by construction, and
/// say so. The formulas stand at [`CouplingForm`] and [`Coupling`].
///
/// # Errors
/// As for weights of [`weighted_mean`]; [`Error::NotFinite`], [`Error::Negative`], [`Error::Zero`];
/// [`Error::Domain`] for a value above 1; [`Error::TooFew`] for fewer than 2 subsystems.
///
/// # Reference
/// Liao, C. (1999), Quantitative judgement and classification system for coordinated development of environment
/// and economy, Tropical Geography 19, 171-177. Wang, S., Kong, W., Ren, L., Zhi, D. & Dai, B. (2021), Research
/// on misuses and modification of coupling coordination degree model in China, Journal of Natural Resources 36,
/// 793-810.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{CouplingForm, coupling_coordination}};
/// let found = coupling_coordination(Matrix::new(&[0.8, 0.2], 1, 2)?, &[1.0, 1.0], CouplingForm::Standard)?[0];
/// assert!((found.coupling - 0.8).abs() < 1e-12); // 2 √0.16 / 1
/// assert!((found.level - 0.5).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn coupling_coordination(
    table: Matrix<'_>,
    weights: &[f64],
    form: CouplingForm,
) -> Result<Vec<Coupling>, Error> {
    check::positive("table", table.data())?;
    check::at_least("subsystems", table.cols(), 2)?;
    if let Some(&value) = table.data().iter().find(|&&u| u > 1.0) {
        return Err(Error::Domain {
            option: "table",
            value,
            domain: "0 to 1",
        });
    }
    let weights = shares(weights, table.cols())?;
    let n = table.cols() as f64;
    let couple = |row: &[f64]| {
        let logs = quyu_math::sum_by(row.len(), |j| quyu_math::ln(row[j]));
        let coupling = match form {
            CouplingForm::Standard => n * quyu_math::exp(logs / n) / quyu_math::sum(row),
            CouplingForm::Adjusted => {
                let pairs = (0..row.len()).flat_map(|i| row[..i].iter().map(move |u| (row[i] - u).abs()));
                let apart = quyu_math::sum(&pairs.collect::<Vec<_>>()) / (n * (n - 1.0) / 2.0);
                let relative = quyu_math::exp((logs - n * quyu_math::ln(range(row).1)) / (n - 1.0));
                ((1.0 - apart).max(0.0) * relative).sqrt()
            }
        };
        let coupling = coupling.min(1.0);
        let level = quyu_math::dot(row, &weights);
        Coupling {
            coupling,
            level,
            coordination: (coupling * level).sqrt(),
        }
    };
    Ok((0..table.rows()).map(|i| couple(table.row(i))).collect())
}
