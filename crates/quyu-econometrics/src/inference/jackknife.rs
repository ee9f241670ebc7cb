//! The jackknife.

use super::interval::Acceleration;
use super::spread;
use crate::disparity::{Correction, GiniOptions, Index, Negative, individual_gini};
use crate::{Error, check, parallel};
use quyu_math::{pow, sqrt, sums_by};

/// A statistic with each unit left out in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// The statistic of all units.
    pub estimate: f64,
    /// The statistic without unit i.
    pub values: Vec<f64>,
    /// (n - 1) (mean of `values` - `estimate`).
    pub bias: f64,
    /// sqrt((n - 1) / n sum (value - mean)^2).
    pub std_error: f64,
}

impl Jackknife {
    fn new(estimate: f64, values: Vec<f64>) -> Result<Self, Error> {
        check::in_range("a jackknife value", &values)?;
        let n = values.len() as f64;
        let mean = spread::mean(&values);
        let bias = (n - 1.0) * (mean - estimate);
        let std_error = sqrt(n - 1.0) * spread::root_square(&values, mean, n);
        check::in_range("the jackknife", &[bias, std_error])?;
        Ok(Self {
            estimate,
            values,
            bias,
            std_error,
        })
    }

    /// The acceleration constant of the BCa interval: sum L^3 / (6 (sum L^2)^1.5) with L the deviations of the values, turned.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the values do not vary.
    pub fn acceleration(&self, centre: Acceleration) -> Result<f64, Error> {
        let centre = match centre {
            Acceleration::JackknifeMean => spread::mean(&self.values),
            Acceleration::Estimate => self.estimate,
        };
        let largest = self.values.iter().map(|v| (centre - v).abs()).fold(0.0, f64::max);
        if largest == 0.0 {
            return Err(Error::Undefined {
                reason: "the jackknife values do not vary",
            });
        }
        let [square, cube] = sums_by(self.values.len(), |i| {
            let l = (centre - self.values[i]) / largest;
            [l * l, l * l * l]
        });
        Ok(cube / (6.0 * pow(square, 1.5)))
    }
}

/// Computes a statistic with each of `n` units left out: its bias and standard error.
///
/// `statistic` gets the positions that are left.
///
/// # Errors
/// [`Error::TooFew`] below two units; every error of `statistic`; [`Error::Range`].
///
/// # References
/// Quenouille 1956; Tukey 1958; Ogwang 2000, Oxford Bulletin of Economics and Statistics 62:123-129 (Gini).
///
/// ```
/// use quyu_econometrics::inference::jackknife;
/// let x = [1.0, 2.0, 6.0];
/// let mean = |rows: &[usize]| Ok(rows.iter().map(|i| x[*i]).sum::<f64>() / rows.len() as f64);
/// let j = jackknife(3, mean)?;
/// // For a mean the jackknife gives the usual standard error.
/// assert!((j.std_error - (7.0f64 / 3.0).sqrt()).abs() < 1e-14 && j.bias.abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn jackknife(
    n: usize,
    statistic: impl Fn(&[usize]) -> Result<f64, Error> + Sync,
) -> Result<Jackknife, Error> {
    check::at_least("n", n, 2)?;
    let estimate = statistic(&(0..n).collect::<Vec<_>>())?;
    let without = |i: usize| statistic(&(0..n).filter(|k| *k != i).collect::<Vec<_>>());
    let values = parallel::map(n, parallel::REPLICATES, without)
        .into_iter()
        .collect::<Result<_, _>>()?;
    Jackknife::new(estimate, values)
}

/// The jackknife of a disparity index over regions.
///
/// The Gini index (without correction) takes n log n operations in all, other indices n each.
///
/// # Errors
/// As [`jackknife`] and as the index.
///
/// # References
/// Quenouille 1956; Tukey 1958; Ogwang 2000, Oxford Bulletin of Economics and Statistics 62:123-129 (Gini).
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::jackknife_index;
/// let j = jackknife_index(&[1.0, 2.0, 6.0, 3.0], None, Index::Gini(Default::default()))?;
/// assert!(j.std_error > 0.0 && j.values.len() == 4);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn jackknife_index(x: &[f64], w: Option<&[f64]>, index: Index) -> Result<Jackknife, Error> {
    check::at_least("x", x.len(), 2)?;
    let plain = GiniOptions {
        correction: Correction::None,
        negative: Negative::Error,
    };
    if index == Index::Gini(plain)
        && x.len() > 2
        && let Some(result) = gini(x, w, index)?
    {
        return Ok(result);
    }
    let statistic = |rows: &[usize]| {
        let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<_>>();
        index.of(&pick(x), w.map(pick).as_deref())
    };
    index.of(x, w)?;
    jackknife(x.len(), statistic)
}

/// Without unit i, the double sum of the index loses the pairs of i twice, and the total and the weight lose i. None where
/// that subtraction would eat the digits: where one unit has nearly all weight or income.
fn gini(x: &[f64], w: Option<&[f64]>, index: Index) -> Result<Option<Jackknife>, Error> {
    let estimate = index.of(x, w)?;
    let parts = individual_gini(x, w, &vec![0; x.len()], 1)?;
    let weight = |i: usize| w.map_or(1.0, |w| w[i]);
    let [total_weight, income] = sums_by(x.len(), |i| [weight(i), weight(i) * x[i]]);
    if !(total_weight * income).is_normal() {
        return Ok(None);
    }
    let mut values = Vec::with_capacity(x.len());
    for (i, part) in parts.g.iter().enumerate() {
        let left_weight = 1.0 - weight(i) / total_weight;
        let left_income = 1.0 - weight(i) * x[i] / income;
        let left = parts.total - 2.0 * part;
        if left_weight < 1e-3 || left_income < 1e-3 || left < 1e-3 * parts.total {
            return Ok(None);
        }
        values.push(left / (left_weight * left_income));
    }
    Jackknife::new(estimate, values).map(Some)
}
