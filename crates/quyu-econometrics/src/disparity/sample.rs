//! Values and weights after their checks: what every disparity index starts from.

use crate::{Error, check, parallel};
use quyu_math::lanes::{Path, chunk_dot, chunk_scan};
use quyu_math::tree;
use std::borrow::Cow;

/// Which values an index accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// Every finite number.
    Finite,
    /// Zero and above.
    NonNegative,
    /// Above zero, wherever the weight is.
    Positive,
}

/// A population of regions: no unit of weight zero, values and weights far from the limits of a double.
///
/// Both are divided by a power of two where their size asks for it, which changes no digit: `unit` is that power for the
/// values, and indices that have no unit need not know it.
#[derive(Debug)]
pub(crate) struct Sample<'a> {
    pub(crate) x: Cow<'a, [f64]>,
    pub(crate) w: Option<Cow<'a, [f64]>>,
    /// A value as it was given is `x[i] * unit`.
    pub(crate) unit: f64,
    /// Sum of the weights, or the number of units.
    pub(crate) weight: f64,
    pub(crate) mean: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// Products of two numbers of this size can be added up a million billion times without overflow.
const LARGE: f64 = 1e140;
const SMALL: f64 = 1e-140;

impl<'a> Sample<'a> {
    pub(crate) fn new(x: &'a [f64], w: Option<&'a [f64]>, domain: Domain) -> Result<Self, Error> {
        check::not_empty("x", x)?;
        let seen = Seen::of(x);
        let seen_w = w.map(Seen::of);
        if !seen.finite {
            check::finite("x", x)?;
        }
        if let (Some(w), Some(seen_w)) = (w, &seen_w) {
            check::length("w", w.len(), x.len())?;
            if !seen_w.finite || seen_w.min < 0.0 {
                check::non_negative("w", w)?;
            }
        }
        if domain != Domain::Finite && seen.min <= 0.0 {
            check_sign(x, w, domain)?;
        }
        let plain =
            seen.needs_no_change() && seen_w.as_ref().is_none_or(|w| w.needs_no_change() && w.min > 0.0);
        let (x, w) = (Cow::Borrowed(x), w.map(Cow::Borrowed));
        if plain {
            Self::of_checked(x, w, 1.0, seen, seen_w)
        } else {
            Self::changed(x, w)
        }
    }

    /// Drops units of weight zero and rescales, which most samples need not.
    fn changed(x: Cow<'a, [f64]>, w: Option<Cow<'a, [f64]>>) -> Result<Self, Error> {
        let (x, w) = match w {
            Some(w) if w.contains(&0.0) => {
                let counts = |(v, w): (&f64, &f64)| (*w > 0.0).then_some((*v, *w));
                let (x, w): (Vec<f64>, Vec<f64>) = x.iter().zip(w.iter()).filter_map(counts).unzip();
                (Cow::Owned(x), Some(Cow::Owned(w)))
            }
            w => (x, w),
        };
        if x.is_empty() {
            return Err(Error::Undefined {
                reason: "all weights are zero",
            });
        }
        let (x, unit) = rescale(x);
        let w = w.map(|w| rescale(w).0);
        if w.as_ref().is_some_and(|w| w.contains(&0.0)) {
            return Err(Error::Range {
                what: "the ratio of two weights",
            });
        }
        let (seen, seen_w) = (Seen::of(&x), w.as_deref().map(Seen::of));
        Self::of_checked(x, w, unit, seen, seen_w)
    }

    fn of_checked(
        x: Cow<'a, [f64]>,
        w: Option<Cow<'a, [f64]>>,
        unit: f64,
        Seen { sum, min, max, .. }: Seen,
        seen_w: Option<Seen>,
    ) -> Result<Self, Error> {
        let weight = seen_w.map_or(x.len() as f64, |w| w.sum);
        let total = match &w {
            None => sum,
            Some(w) => {
                let path = Path::best();
                let [total] =
                    parallel::chunk_sums(x.len(), |range| [chunk_dot(path, &w[range.clone()], &x[range])]);
                total
            }
        };
        // Equal values have no rounding in their mean.
        let mean = if min == max { min } else { total / weight };
        Ok(Self {
            x,
            w,
            unit,
            weight,
            mean,
            min,
            max,
        })
    }

    /// A sample whose values have a positive mean, as every relative index needs.
    pub(crate) fn relative(x: &'a [f64], w: Option<&'a [f64]>, domain: Domain) -> Result<Self, Error> {
        let sample = Self::new(x, w, domain)?;
        if sample.max == 0.0 && sample.min == 0.0 {
            return Err(Error::Undefined {
                reason: "all values are zero",
            });
        }
        if sample.mean <= 0.0 {
            return Err(Error::Undefined {
                reason: "the mean is not positive",
            });
        }
        Ok(sample)
    }

    /// The same sample without a borrow.
    pub(crate) fn into_owned(self) -> Sample<'static> {
        Sample {
            x: Cow::Owned(self.x.into_owned()),
            w: self.w.map(|w| Cow::Owned(w.into_owned())),
            ..self
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    /// The weight of unit `i`.
    #[inline(always)]
    pub(crate) fn weight_at(&self, i: usize) -> f64 {
        self.w.as_ref().map_or(1.0, |w| w[i])
    }

    /// The ratio of value `i` to the mean.
    #[inline(always)]
    pub(crate) fn ratio(&self, i: usize) -> f64 {
        self.x[i] / self.mean
    }

    /// The relative deviation of value `i` from the mean: [`Sample::ratio`] - 1 with all digits where both are close.
    #[inline(always)]
    pub(crate) fn deviation(&self, i: usize) -> f64 {
        (self.x[i] - self.mean) / self.mean
    }

    /// The ratio of the smallest value to the mean.
    pub(crate) fn ratio_of_min(&self) -> f64 {
        self.min / self.mean
    }

    /// The ratio of the largest value to the mean.
    pub(crate) fn ratio_of_max(&self) -> f64 {
        self.max / self.mean
    }

    /// Whether all values are the same.
    pub(crate) fn is_equal(&self) -> bool {
        self.min == self.max
    }

    /// The weighted mean of `f(i)`.
    pub(crate) fn mean_of(&self, f: impl Fn(usize) -> f64 + Sync) -> f64 {
        let [mean] = self.means_of(|i| [f(i)]);
        mean
    }

    /// Weighted means of the components of `f(i)`.
    pub(crate) fn means_of<const K: usize>(&self, f: impl Fn(usize) -> [f64; K] + Sync) -> [f64; K] {
        let sums = match &self.w {
            None => parallel::sums(self.len(), f),
            Some(w) => parallel::sums(self.len(), |i| f(i).map(|v| w[i] * v)),
        };
        sums.map(|s| s / self.weight)
    }
}

/// What belongs to the units that a [`Sample`] keeps, of something that stands beside them.
pub(crate) fn counted<'a, T: Copy>(values: &'a [T], w: Option<&[f64]>) -> Cow<'a, [T]> {
    match w {
        Some(w) if w.contains(&0.0) => values
            .iter()
            .zip(w)
            .filter(|(_, w)| **w > 0.0)
            .map(|(value, _)| *value)
            .collect(),
        _ => Cow::Borrowed(values),
    }
}

/// Sum, extremes and finiteness of a slice.
pub(crate) struct Seen {
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) finite: bool,
}

impl Seen {
    fn of(values: &[f64]) -> Self {
        Self::of_parts(std::iter::once(values))
    }

    /// Of values that stand in several places; each place is cut into chunks of its own.
    pub(crate) fn of_parts<'a>(parts: impl Iterator<Item = &'a [f64]>) -> Self {
        let path = Path::best();
        let of = |values: &'a [f64]| parallel::chunks(values.len(), |range| chunk_scan(path, &values[range]));
        let chunks: Vec<_> = parts.flat_map(of).collect();
        let leaves: Vec<f64> = chunks.iter().map(|chunk| chunk.sum).collect();
        Self {
            sum: tree(&leaves),
            min: chunks.iter().fold(f64::INFINITY, |min, chunk| min.min(chunk.min)),
            max: chunks
                .iter()
                .fold(f64::NEG_INFINITY, |max, chunk| max.max(chunk.max)),
            finite: chunks.iter().all(|chunk| chunk.finite),
        }
    }

    fn largest(&self) -> f64 {
        self.max.max(-self.min)
    }

    pub(crate) fn needs_no_change(&self) -> bool {
        let largest = self.largest();
        largest == 0.0 || (SMALL..LARGE).contains(&largest)
    }
}

fn check_sign(x: &[f64], w: Option<&[f64]>, domain: Domain) -> Result<(), Error> {
    let counts = |i: usize| w.is_none_or(|w| w[i] > 0.0);
    if let Some(index) = x.iter().position(|v| *v < 0.0) {
        return Err(Error::Negative {
            argument: "x",
            index,
            value: x[index],
        });
    }
    match domain == Domain::Positive {
        true => match (0..x.len()).find(|i| x[*i] == 0.0 && counts(*i)) {
            Some(index) => Err(Error::Zero { argument: "x", index }),
            None => Ok(()),
        },
        false => Ok(()),
    }
}

/// Divides by a power of two where the largest magnitude is extreme, and returns that power.
fn rescale(values: Cow<'_, [f64]>) -> (Cow<'_, [f64]>, f64) {
    let seen = Seen::of(&values);
    if seen.needs_no_change() {
        return (values, 1.0);
    }
    let unit = power_of_two_near(seen.largest());
    (Cow::Owned(values.iter().map(|v| v / unit).collect()), unit)
}

/// The power of two at or below `v`, kept away from the smallest exponents so that its inverse is finite.
fn power_of_two_near(v: f64) -> f64 {
    f64::from_bits(v.max(f64::MIN_POSITIVE * 4.0).to_bits() & 0x7ff0_0000_0000_0000)
}
