//! The Gini index.

use super::rank::{Sorted, weight_before};
use super::sample::{Domain, Sample};
use crate::{Error, check, parallel};
use quyu_math::lanes::{Path, chunk_ranked_sums};
use quyu_math::{CHUNK, chunk_sum, sums_by};

/// Whether the index is corrected for the number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Correction {
    /// The index of the population at hand.
    #[default]
    None,
    /// Divided by 1 - sum f^2, which is (n - 1) / n for equal weights: the index reaches 1 when one unit has everything
    /// (Deltas 2003).
    EffectiveSample,
    /// Pairs of two different units only, each unit facing the others with their weights: Berger 2008. The same number as
    /// `EffectiveSample` for equal weights, another one for unequal weights.
    WithoutSelf,
}

/// What to do with negative values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Negative {
    /// A negative value is an error.
    #[default]
    Error,
    /// The definition by pairs is used as it stands. The index may exceed 1; the mean must be positive.
    Allow,
}

/// Options of [`gini`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GiniOptions {
    /// Small-sample correction; none by default.
    pub correction: Correction,
    /// Negative values; an error by default.
    pub negative: Negative,
}

/// The Gini index: half the mean absolute difference between two regions, relative to the mean.
///
/// G = sum_ij f_i f_j |x_i - x_j| / (2 mu) with f = w / sum w and mu = sum f x, computed in n log n operations as
/// sum f_i (x_i - mu)(F_i + F_(i-1) - 1) / mu over ascending x with cumulative weights F. Without `w` every region counts
/// once. A fraction, not per cent.
///
/// Range: [0, 1 - w_min / sum w]; with a correction up to 1. Zeros count as they are. One region: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] for a negative weight, or value unless
/// [`Negative::Allow`]; [`Error::Undefined`] if all values or all weights are zero, if the mean is not positive, or if a
/// correction is 0 / 0 because one unit holds all weight.
///
/// # References
/// Gini 1912; Lerman & Yitzhaki 1989, J. Econometrics 42:43-47 (weights); Deltas 2003, Rev. Econ. Stat. 85(1):226-234 and
/// Berger 2008, J. Official Statistics 24(4):541-555 (corrections).
///
/// ```
/// use quyu_econometrics::disparity::{gini, Correction, GiniOptions};
/// let x = [35.0, 10.0, 50.0, 20.0, 20.0];
/// let w = [0.5, 5.0, 2.0, 1.0, 3.0];
/// let g = gini(&x, Some(&w), &GiniOptions::default())?;
/// assert!((g - 0.332894158981115).abs() < 1e-14);
/// let corrected = GiniOptions { correction: Correction::EffectiveSample, ..Default::default() };
/// assert!((gini(&x, Some(&w), &corrected)? - 0.47338981209949).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gini(x: &[f64], w: Option<&[f64]>, options: &GiniOptions) -> Result<f64, Error> {
    let domain = match options.negative {
        Negative::Error => Domain::NonNegative,
        Negative::Allow => Domain::Finite,
    };
    let sample = Sample::relative(x, w, domain)?;
    let index = if sample.is_equal() {
        0.0
    } else {
        of_sample(&sample)
    };
    check::result("the Gini index", correct(&sample, index, options.correction)?)
}

fn correct(sample: &Sample<'_>, index: f64, correction: Correction) -> Result<f64, Error> {
    let undefined = Err(Error::Undefined {
        reason: "one unit holds all weight: the correction is 0 / 0",
    });
    match correction {
        Correction::None => Ok(index),
        _ if sample.len() == 1 => undefined,
        Correction::EffectiveSample => match 1.0 - concentration_of_weights(sample) {
            effective if effective > 0.0 => Ok(index / effective),
            _ => undefined,
        },
        Correction::WithoutSelf => Ok(without_self(sample)),
    }
}

/// sum f^2.
fn concentration_of_weights(sample: &Sample<'_>) -> f64 {
    match &sample.w {
        None => 1.0 / sample.len() as f64,
        Some(w) => parallel::sum(w.len(), |i| (w[i] / sample.weight) * (w[i] / sample.weight)),
    }
}

/// 1 - sum_i f_i [sum_(j != i) w_j min(x_i, x_j)] / (W - w_i) / mu.
fn without_self(sample: &Sample<'_>) -> f64 {
    let sorted = Sorted::of(sample);
    let mut income_below = 0.0;
    let terms = sorted.cumulative().into_iter().enumerate().map(|(i, below)| {
        let (x, w) = (sorted.x[i], sorted.weight_at(i));
        let above = (sample.weight - below - w).max(0.0);
        let facing = (income_below + above * x) / (sample.weight - w);
        income_below += w * x;
        w * facing
    });
    let terms: Vec<f64> = terms.collect();
    1.0 - quyu_math::sum(&terms) / (sample.weight * sample.mean)
}

/// The index of a sample that has a positive mean.
pub(crate) fn of_sample(sample: &Sample<'_>) -> f64 {
    let sorted = Sorted::of(sample);
    let [covariance, drift] = match &sorted.w {
        None => ranked_sums(&sorted.x, sample.mean),
        Some(w) => weighted_sums(&sorted.x, w, sample),
    };
    (covariance / (sample.weight * sample.mean + drift)).max(0.0)
}

/// sum (x_i - mean) (2 i - n - 1) / n over ascending x, and sum (x_i - mean).
fn ranked_sums(x: &[f64], mean: f64) -> [f64; 2] {
    let (n, path) = (x.len() as f64, Path::best());
    let [ranked, drift] = parallel::chunk_sums(x.len(), |range| {
        let first = 2.0 * range.start as f64 + 1.0 - n;
        chunk_ranked_sums(path, &x[range], mean, first)
    });
    [ranked / n, drift]
}

/// sum w_i (x_i - mean) (F_i + F_(i-1) - 1) over ascending x, and sum w_i (x_i - mean). The weight before a chunk comes from the
/// sums of the chunks, the weight inside from the chunk alone.
fn weighted_sums(x: &[f64], w: &[f64], sample: &Sample<'_>) -> [f64; 2] {
    let before = weight_before(&parallel::chunks(w.len(), |range| chunk_sum(&w[range])));
    parallel::chunk_sums(x.len(), |range| {
        let mut below = before[range.start / CHUNK];
        sums_by(range.len(), |k| {
            let (w, centred) = (w[range.start + k], x[range.start + k] - sample.mean);
            let rank = (2.0 * below + w) / sample.weight - 1.0;
            below += w;
            [w * centred * rank, w * centred]
        })
    })
}
