//! Linearised standard errors.

use crate::disparity::{Domain, Sample};
use crate::disparity::{Index, LogCentre, Sorted};
use crate::{Error, check};
use quyu_math::{exp, ln, pow, sqrt, sum, sum_by};

/// Which linearised variable of the Gini index is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GiniLinearisation {
    /// The derivative of the index by the weight of a unit.
    #[default]
    Derivative,
    /// That of the R package convey, which ranks inclusively and so adds f_i x_i / sum w x: without weights only.
    Convey,
}

/// A linearised standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct Linearised {
    /// The index.
    pub estimate: f64,
    /// sqrt(n / (n - 1) sum (u - mean u)^2).
    pub std_error: f64,
    /// The linearised variable of each unit that counts.
    pub influence: Vec<f64>,
}

/// The standard error of an index from its linearised variable, for units drawn with replacement.
///
/// u_i is the weight of unit i times the derivative of the index by it; the standard error is
/// sqrt(n / (n - 1) sum (u_i - mean u)^2). Offered for the Gini index without correction, Theil T, mean log deviation,
/// generalised entropy, Atkinson, the coefficient of variation (ddof 0) and the variance of logarithms around their mean.
///
/// Regions are a population, not a sample: see the [module](super) before you print this. The default standard error of this
/// library is the [jackknife](super::jackknife_index).
///
/// # Errors
/// As the index, and [`Error::TooFew`] for one unit; [`Error::Zero`] where the logarithm of a value is needed;
/// [`Error::Domain`] for the convey variant with weights; [`Error::Undefined`] for an index without linearised variable here.
///
/// # References
/// Deville 1999, Survey Methodology 25:193-203; Biewen & Jenkins 2003, IZA 763; Langel & Tillé 2013, JRSS A 176:521-540.
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::{linearised, GiniLinearisation};
/// let s = linearised(&[1.0, 2.0, 6.0, 3.0], None, Index::TheilT, GiniLinearisation::Derivative)?;
/// assert!(s.std_error > 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn linearised(
    x: &[f64],
    w: Option<&[f64]>,
    index: Index,
    gini: GiniLinearisation,
) -> Result<Linearised, Error> {
    let estimate = index.of(x, w)?;
    let domain = match index {
        Index::TheilT | Index::Gini(_) | Index::Ge(_) | Index::Atkinson(_) | Index::Cv(_) => {
            Domain::NonNegative
        }
        _ => Domain::Positive,
    };
    let sample = Sample::relative(x, w, domain)?;
    check::at_least("x", sample.len(), 2)?;
    let influence = match index {
        Index::Gini(options) if options == Default::default() => of_gini(&sample, estimate, gini)?,
        Index::TheilT => entropy(&sample, 1.0, estimate),
        Index::Mld => entropy(&sample, 0.0, estimate),
        Index::Ge(alpha) => entropy(&sample, alpha, estimate),
        Index::Atkinson(epsilon) => of_atkinson(&sample, epsilon, estimate)?,
        Index::Cv(options) if options == Default::default() => of_cv(&sample, estimate),
        Index::VarianceOfLogs(LogCentre::MeanOfLogs) => of_logs(&sample),
        _ => {
            return Err(Error::Undefined {
                reason: "this index has no linearised variable here",
            });
        }
    };
    check::in_range("a linearised value", &influence)?;
    let n = influence.len() as f64;
    let mean = sum(&influence) / n;
    let squares = sum_by(influence.len(), |i| (influence[i] - mean) * (influence[i] - mean));
    Ok(Linearised {
        estimate,
        std_error: check::result("the standard error", sqrt(n / (n - 1.0) * squares))?,
        influence,
    })
}

fn shares(sample: &Sample<'_>, f: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..sample.len())
        .map(|i| sample.weight_at(i) / sample.weight * f(i))
        .collect()
}

fn entropy(sample: &Sample<'_>, alpha: f64, index: f64) -> Vec<f64> {
    let r = |i: usize| sample.ratio(i);
    let d = |i: usize| sample.deviation(i);
    match alpha {
        0.0 => shares(sample, |i| d(i) - ln(r(i)) - index),
        1.0 => shares(sample, |i| {
            let entropy = if r(i) == 0.0 { 0.0 } else { r(i) * ln(r(i)) };
            entropy - index - (index + 1.0) * d(i)
        }),
        a => {
            let mean = 1.0 + a * (a - 1.0) * index;
            shares(sample, |i| {
                (pow(r(i), a) - mean - a * mean * d(i)) / (a * (a - 1.0))
            })
        }
    }
}

/// CV^2 = 2 GE(2), so its derivative is that of GE(2) over CV.
fn of_cv(sample: &Sample<'_>, index: f64) -> Vec<f64> {
    if index == 0.0 {
        return vec![0.0; sample.len()];
    }
    let of_square = entropy(sample, 2.0, 0.5 * index * index);
    of_square.into_iter().map(|u| u / index).collect()
}

/// f_i [(ln x_i - mean of ln x)^2 - V].
fn of_logs(sample: &Sample<'_>) -> Vec<f64> {
    let log = |i: usize| ln(sample.ratio(i));
    let mean = sample.mean_of(log);
    let square = |i: usize| (log(i) - mean) * (log(i) - mean);
    let variance = sample.mean_of(square);
    shares(sample, |i| square(i) - variance)
}

fn of_atkinson(sample: &Sample<'_>, epsilon: f64, index: f64) -> Result<Vec<f64>, Error> {
    let a = 1.0 - epsilon;
    if a <= 0.0
        && let Some(index) = sample.x.iter().position(|v| *v == 0.0)
    {
        return Err(Error::Zero { argument: "x", index });
    }
    let kept = 1.0 - index;
    if a == 0.0 {
        let mean = ln(kept);
        return Ok(shares(sample, |i| {
            kept * (sample.deviation(i) - (ln(sample.ratio(i)) - mean))
        }));
    }
    let mean = exp(a * ln(kept));
    Ok(shares(sample, |i| {
        kept * (sample.deviation(i) - (pow(sample.ratio(i), a) / mean - 1.0) / a)
    }))
}

/// D_i = sum_j w_j |x_i - x_j| from ranks; u_i = w_i [D_i / (W Y) - G / W - G x_i / Y].
fn of_gini(sample: &Sample<'_>, index: f64, variant: GiniLinearisation) -> Result<Vec<f64>, Error> {
    if variant == GiniLinearisation::Convey && sample.w.is_some() {
        return Err(Error::Domain {
            option: "gini",
            value: 1.0,
            domain: "the convey variant has no weights",
        });
    }
    let order = crate::disparity::order(&sample.x);
    let sorted = Sorted::of(sample);
    let below = sorted.cumulative();
    let income: Vec<f64> = order
        .iter()
        .map(|i| sample.weight_at(*i) * sample.deviation(*i))
        .collect();
    let moment = sum(&income);
    let mut done = 0.0;
    let mut influence = vec![0.0; sample.len()];
    for (k, i) in order.iter().enumerate() {
        let w = sample.weight_at(*i);
        done += income[k];
        let gap = sample.deviation(*i) * (2.0 * (below[k] + w) - sample.weight) - (2.0 * done - moment);
        let derivative = gap / sample.weight - index * (1.0 + sample.ratio(*i));
        let extra = match variant {
            GiniLinearisation::Derivative => 0.0,
            GiniLinearisation::Convey => sample.ratio(*i) / sample.weight,
        };
        influence[*i] = w / sample.weight * (derivative + extra);
    }
    Ok(influence)
}
