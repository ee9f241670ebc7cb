//! From values to classes.

use super::states::States;
use crate::{Error, Matrix, check};

/// Where the limits of classes lie. A value equal to a limit belongs to the lower class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClassRule<'a> {
    /// This many quantiles of the values of all periods together: classes mean the same in every period.
    PooledQuantiles(usize),
    /// This many quantiles of each period: classes are relative places.
    YearlyQuantiles(usize),
    /// Ascending limits, one fewer than classes, the same in every period.
    Limits(&'a [f64]),
}

/// Options of [`classes`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassOptions<'a> {
    /// The rule; five quantiles of all periods by default.
    pub rule: ClassRule<'a>,
    /// Whether values are divided by the mean of their period first (default), so that growth of all moves nobody.
    pub relative: bool,
}

impl Default for ClassOptions<'_> {
    fn default() -> Self {
        Self {
            rule: ClassRule::PooledQuantiles(5),
            relative: true,
        }
    }
}

/// Values put into classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// The class of each region and period, 0 the lowest.
    pub states: States,
    /// Upper limits of all classes but the highest: one list, or one for each period.
    pub limits: Vec<Vec<f64>>,
}

/// Puts the values of a panel (regions by periods) into classes.
///
/// The class of a value is the number of limits below it. Quantiles interpolate linearly at (n - 1) p (type 7 of R, the default of numpy).
/// Where many values are equal two limits may coincide, and the class between them stays empty.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for no classes or more than 4,096, or limits that do not ascend; [`Error::Undefined`] for relative
/// values in a period whose mean is not positive; [`Error::Range`].
///
/// # References
/// Quah 1993, European Economic Review 37:426-434. Rey 2001, Geographical Analysis 33:195-214.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::markov::{ClassOptions, ClassRule, classes}};
/// let income = [1.0, 2.0, 3.0, 4.0, 5.0, 12.0];
/// let options = ClassOptions { rule: ClassRule::Limits(&[0.75, 1.25]), relative: true };
/// let c = classes(Matrix::new(&income, 3, 2)?, &options)?; // means 3 and 6
/// assert_eq!(c.states.states(), [0, 0, 1, 0, 2, 2]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn classes(panel: Matrix<'_>, options: &ClassOptions<'_>) -> Result<Classes, Error> {
    check::finite("panel", panel.data())?;
    match options.relative {
        true => classify(&relative(panel)?, panel.cols(), options.rule),
        false => classify(panel.data(), panel.cols(), options.rule),
    }
}

/// Values over the mean of their period, row-major.
pub(super) fn relative(panel: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let n = panel.rows() as f64;
    let means: Vec<f64> = panel.column_sums().iter().map(|s| s / n).collect();
    check::in_range("a mean", &means)?;
    if means.iter().any(|m| *m <= 0.0) {
        return Err(Error::Undefined {
            reason: "the mean of a period is not positive",
        });
    }
    let cells = panel.data().chunks_exact(panel.cols());
    let relative: Vec<f64> = cells
        .flat_map(|row| row.iter().zip(&means).map(|(v, m)| v / m))
        .collect();
    check::in_range("a relative value", &relative)?;
    Ok(relative)
}

/// Classes of finite values, row-major.
pub(super) fn classify(cells: &[f64], periods: usize, rule: ClassRule<'_>) -> Result<Classes, Error> {
    let limits = match rule {
        ClassRule::PooledQuantiles(k) => vec![quantile_limits(cells.to_vec(), k)?],
        ClassRule::YearlyQuantiles(k) => (0..periods)
            .map(|t| quantile_limits(cells.iter().skip(t).step_by(periods).copied().collect(), k))
            .collect::<Result<_, _>>()?,
        ClassRule::Limits(limits) => {
            check::finite("limits", limits)?;
            if let Some(pair) = limits.windows(2).find(|pair| pair[1] < pair[0]) {
                return Err(Error::Domain {
                    option: "limits",
                    value: pair[1],
                    domain: "ascending",
                });
            }
            vec![limits.to_vec()]
        }
    };
    let k = limits[0].len() + 1;
    let states = match limits.as_slice() {
        [limits] => cells.iter().map(|v| class(*v, limits)).collect(),
        limits => cells
            .iter()
            .enumerate()
            .map(|(c, v)| class(*v, &limits[c % periods]))
            .collect(),
    };
    Ok(Classes {
        states: States::new(states, periods, k)?,
        limits,
    })
}

/// The number of limits below a value.
fn class(value: f64, limits: &[f64]) -> usize {
    match limits.len() {
        0..=16 => limits.iter().map(|limit| usize::from(*limit < value)).sum(),
        _ => limits.partition_point(|limit| *limit < value),
    }
}

fn quantile_limits(mut values: Vec<f64>, k: usize) -> Result<Vec<f64>, Error> {
    check::between("classes", k as f64, (1.0, 4096.0), "1 to 4,096")?;
    let n = values.len();
    let mut limits = Vec::with_capacity(k - 1);
    // Each quantile is looked for in what lies above the one before.
    let mut from = 0;
    for j in 1..k {
        let place = j as f64 / k as f64 * (n - 1) as f64;
        let low = place.floor() as usize;
        let (_, at, above) = values[from..].select_nth_unstable_by(low - from, f64::total_cmp);
        let at = *at;
        let next = above.iter().copied().fold(f64::INFINITY, f64::min);
        limits.push(between(at, next, place - low as f64));
        from = low;
    }
    Ok(limits)
}

/// From a to b by a fraction, exact at both ends.
fn between(a: f64, b: f64, fraction: f64) -> f64 {
    let step = b - a;
    match fraction {
        0.0 => a,
        f if f < 0.5 => a + step * f,
        f => b - step * (1.0 - f),
    }
}

/// The quantile with linear interpolation at (n - 1) p, of at least one value.
pub(in crate::convergence) fn linear_quantile(x: &[f64], p: f64) -> f64 {
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = p * (x.len() - 1) as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(x.len() - 1);
    between(sorted[low], sorted[high], place - low as f64)
}
