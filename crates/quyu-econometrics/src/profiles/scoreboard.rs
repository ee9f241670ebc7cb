//! An index after the Regional Innovation Scoreboard.

use super::moments::{MomentType, Moments, all_equal, skewness};
use super::normalise::{Direction, Scale, normalise};
use super::outliers::range;
use crate::{Error, Matrix, check};

/// The performance groups of the scoreboard since 2021.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PerformanceGroup {
    /// Below 70 % of the reference.
    Emerging,
    /// From 70 %.
    Moderate,
    /// From 100 %.
    Strong,
    /// From 125 %.
    Leader,
}

impl PerformanceGroup {
    /// The group of a score relative to the reference = 100.
    ///
    /// # Reference
    /// Hollanders & Es-Sadki (2021), as in [`ris_like`].
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::PerformanceGroup;
    /// assert_eq!(PerformanceGroup::of(125.0), PerformanceGroup::Leader);
    /// assert_eq!(PerformanceGroup::of(99.9), PerformanceGroup::Moderate);
    /// ```
    pub fn of(relative: f64) -> Self {
        match relative {
            r if r >= 125.0 => Self::Leader,
            r if r >= 100.0 => Self::Strong,
            r if r >= 70.0 => Self::Moderate,
            _ => Self::Emerging,
        }
    }

    /// The name.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::PerformanceGroup;
    /// assert_eq!(PerformanceGroup::Strong.name(), "Strong");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Emerging => "Emerging",
            Self::Moderate => "Moderate",
            Self::Strong => "Strong",
            Self::Leader => "Leader",
        }
    }
}

/// An index with its groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Scoreboard {
    /// The index of each row, 0 to 1.
    pub index: Vec<f64>,
    /// The index with the reference at 100.
    pub relative: Vec<f64>,
    /// The performance group.
    pub group: Vec<PerformanceGroup>,
    /// How many square roots were taken of each indicator.
    pub roots: Vec<usize>,
    /// Scores of the indicators, 0 to 1, row-major: rows by indicators. Their mean is the index.
    pub scores: Vec<f64>,
}

/// A simple index in the manner of the scoreboard, for one year.
///
/// Square root, once, of an indicator with skewness (type 2) above 0.5; min-max over the rows, turned round
/// where less is better; unweighted mean; 100 = the mean of the indices weighted with `weights` (population).
///
/// `table` is regions by indicators, `directions` one a column, `weights` one a row.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`]; [`Error::Negative`] for a skewed indicator with a negative value,
/// or a weight; [`Error::TooFew`] for fewer than 3 rows; [`Error::Undefined`] if all values of an indicator are
/// equal, or the reference is zero; [`Error::Zero`] for weights that sum to zero.
///
/// # Reference
/// Hollanders, H. & Es-Sadki, N. (2021), Regional Innovation Scoreboard 2021, European Commission; methodology
/// report.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Direction, ris_like}};
/// let table = [1.0, 9.0, 2.0, 8.0, 3.0, 7.0, 4.0, 5.0];
/// let found = ris_like(Matrix::new(&table, 4, 2)?, &[Direction::Higher, Direction::Lower], &[1.0; 4])?;
/// assert_eq!((found.index[0], found.index[3]), (0.0, 1.0));
/// assert_eq!(found.group[3].name(), "Leader");
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn ris_like(table: Matrix<'_>, directions: &[Direction], weights: &[f64]) -> Result<Scoreboard, Error> {
    check_shape(table, directions)?;
    let weights = super::aggregate::shares(weights, table.rows())?;
    let mut index = vec![0.0; table.rows()];
    let mut all = vec![0.0; table.data().len()];
    let mut roots = Vec::with_capacity(table.cols());
    for (j, &direction) in directions.iter().enumerate() {
        let (column, taken) = rooted(&table.col(j), 1)?;
        let scores = normalise(&column, Scale::MinMax { low: 0.0, high: 1.0 }, direction)?;
        for (i, score) in scores.into_iter().enumerate() {
            index[i] += score;
            all[i * table.cols() + j] = score;
        }
        roots.push(taken);
    }
    index.iter_mut().for_each(|sum| *sum /= table.cols() as f64);
    let reference = quyu_math::dot(&index, &weights);
    finish(index, reference, roots, all)
}

/// The scoreboard's pipeline over several years.
///
/// `table` holds all region-years as rows, `reference` the reference's own ratios (the nation's in the year
/// shown), one a column. For each indicator: values beyond two standard deviations (ddof 1) of the mean become
/// the nearest value kept; square roots are taken until the skewness (type 2) is at most 0.5, at most twice;
/// min-max over all rows, turned round where less is better; unweighted mean over indicators. 100 = the index
/// that the reference gets from the same treatment, cut to the range of the rows.
///
/// # Errors
/// As [`ris_like`] without weights; [`Error::Length`] for a reference of another length.
///
/// # Reference
/// Hollanders & Es-Sadki (2021), as in [`ris_like`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Direction, regional_scoreboard}};
/// let table = [1.0, 2.0, 3.0, 4.0];
/// let found = regional_scoreboard(Matrix::new(&table, 4, 1)?, &[Direction::Higher], &[2.5])?;
/// assert!((found.relative[3] - 200.0).abs() < 1e-9); // the reference lies in the middle
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn regional_scoreboard(
    table: Matrix<'_>,
    directions: &[Direction],
    reference: &[f64],
) -> Result<Scoreboard, Error> {
    check_shape(table, directions)?;
    check::length("reference", reference.len(), table.cols())?;
    check::finite("reference", reference)?;
    let (mut index, mut of_reference) = (vec![0.0; table.rows()], 0.0);
    let mut all = vec![0.0; table.data().len()];
    let mut roots = Vec::with_capacity(table.cols());
    for (j, &direction) in directions.iter().enumerate() {
        let kept = without_outliers(&table.col(j));
        let (low, high) = range(&kept);
        let (column, taken) = rooted(&kept, 2)?;
        let mut last = reference[j].clamp(low, high);
        (0..taken).for_each(|_| last = last.sqrt());
        let (low, high) = range(&column);
        let place = |v: f64| {
            let share = (v - low) / (high - low);
            if direction == Direction::Lower {
                1.0 - share
            } else {
                share
            }
        };
        if low == high {
            return Err(Error::Undefined {
                reason: "all values of an indicator are equal",
            });
        }
        for (i, v) in column.into_iter().enumerate() {
            index[i] += place(v);
            all[i * table.cols() + j] = place(v);
        }
        of_reference += place(last);
        roots.push(taken);
    }
    let count = table.cols() as f64;
    index.iter_mut().for_each(|sum| *sum /= count);
    finish(index, of_reference / count, roots, all)
}

fn check_shape(table: Matrix<'_>, directions: &[Direction]) -> Result<(), Error> {
    check::finite("table", table.data())?;
    check::length("directions", directions.len(), table.cols())?;
    check::at_least("rows", table.rows(), 3)
}

/// Square roots while the skewness exceeds 0.5, at most `limit` times.
fn rooted(column: &[f64], limit: usize) -> Result<(Vec<f64>, usize), Error> {
    let mut current = column.to_vec();
    let mut taken = 0;
    while taken < limit && !all_equal(&current) && skewness(&current, MomentType::Type2)? > 0.5 {
        check::non_negative("indicator", &current)?;
        current.iter_mut().for_each(|v| *v = v.sqrt());
        taken += 1;
    }
    Ok((current, taken))
}

/// Values beyond two standard deviations of the mean take the nearest value within.
fn without_outliers(column: &[f64]) -> Vec<f64> {
    let m = Moments::of(column);
    let sd = (m.squares / (column.len() - 1) as f64).sqrt();
    let inside = |v: &&f64| (**v / m.scale - m.mean).abs() <= 2.0 * sd;
    let kept: Vec<f64> = column.iter().filter(inside).copied().collect();
    let (low, high) = range(&kept);
    column.iter().map(|v| v.clamp(low, high)).collect()
}

fn finish(index: Vec<f64>, reference: f64, roots: Vec<usize>, scores: Vec<f64>) -> Result<Scoreboard, Error> {
    if reference <= 0.0 {
        return Err(Error::Undefined {
            reason: "the reference has the index zero",
        });
    }
    let relative: Vec<f64> = index.iter().map(|i| 100.0 * i / reference).collect();
    check::in_range("a relative score", &relative)?;
    let group = relative.iter().map(|&r| PerformanceGroup::of(r)).collect();
    Ok(Scoreboard {
        index,
        relative,
        group,
        roots,
        scores,
    })
}
