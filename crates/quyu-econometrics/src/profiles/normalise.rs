//! Indicators on one scale.

use super::moments::Moments;
use super::outliers::range;
use crate::{Error, check};

/// Whether more of an indicator is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// More is better.
    #[default]
    Higher,
    /// Less is better.
    Lower,
}

/// How an indicator is put on the common scale. Formulas are for more-is-better; min and max are those of the
/// values given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// `low + (high - low) (x - min) / (max - min)`.
    MinMax {
        /// The value of the worst.
        low: f64,
        /// The value of the best.
        high: f64,
    },
    /// `(x - mean) / sd`, variance over n - ddof.
    ZScore {
        /// 0 (population) or 1 (sample).
        ddof: usize,
    },
    /// Rank from the worst: 1, 2, …; ties take the smallest rank of theirs.
    Rank,
    /// `(rank - 1) / (n - 1)`, 0 to 1.
    PercentileRank,
    /// `rank - 1`: the number of regions that are worse.
    Borda,
    /// `1 - (max - x) / (max - min)`: nearness to the best.
    DistanceToBest,
    /// `1 - (r - x) / (r - min)`: nearness to the value r of a reference; above 1 beyond it.
    DistanceToReference {
        /// The value of the reference.
        reference: f64,
        /// Whether values above 1 become 1.
        cap: bool,
    },
    /// `(x - min) / (t - min)`: the way to a target covered; above 1 beyond it. For less-is-better `(max - x) /
    /// (max - t)`.
    DistanceToTarget {
        /// The target.
        target: f64,
        /// Whether values above 1 become 1.
        cap: bool,
    },
    /// `x / max`.
    FractionOfBest,
    /// `100 (x - low) / (high - low)` between fixed ends. For less-is-better `100 (x - high) / (low - high)`.
    Goalposts {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Whether values are cut to 0..100.
        cut: bool,
    },
}

/// Puts an indicator on a common scale.
///
/// For [`Direction::Lower`] the values are turned round first (`-x`) except where the formula says otherwise;
/// min-max then runs from the largest to the smallest value.
///
/// **Missing values** are an error: leave them out before and put them back in after.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`]; [`Error::TooFew`] for one value where ranks or variances need two;
/// [`Error::Zero`] with argument `range` or `standard deviation` if all values are equal (or reference or
/// target lies at the worst value); [`Error::Domain`] for ends that are not finite or not ordered, or for a
/// fraction of values that are negative, zero at most or less-is-better; [`Error::Range`].
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 5.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{Direction, Scale, normalise};
/// let scale = Scale::MinMax { low: 0.0, high: 100.0 };
/// assert_eq!(normalise(&[2.0, 4.0, 3.0], scale, Direction::Higher)?, [0.0, 100.0, 50.0]);
/// assert_eq!(normalise(&[2.0, 4.0, 3.0], scale, Direction::Lower)?, [100.0, 0.0, 50.0]);
/// assert_eq!(normalise(&[2.0, 4.0, 2.0], Scale::Rank, Direction::Higher)?, [1.0, 3.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn normalise(values: &[f64], scale: Scale, direction: Direction) -> Result<Vec<f64>, Error> {
    check::not_empty("values", values)?;
    check::finite("values", values)?;
    let turned: Vec<f64> = match direction {
        Direction::Higher => values.to_vec(),
        Direction::Lower => values.iter().map(|v| -v).collect(),
    };
    let (worst, best) = range(&turned);
    let toward = |v: f64| if direction == Direction::Lower { -v } else { v };
    let normalised = match scale {
        Scale::MinMax { low, high } => {
            finite_option("low", low)?;
            finite_option("high", high)?;
            let span = spread(worst, best)?;
            turned
                .iter()
                .map(|v| low + (high - low) * ((v - worst) / span))
                .collect()
        }
        Scale::ZScore { ddof } => z_scores(&turned, ddof)?,
        Scale::Rank => ranks(&turned),
        Scale::Borda => ranks(&turned).iter().map(|r| r - 1.0).collect(),
        Scale::PercentileRank => {
            check::at_least("values", values.len(), 2)?;
            ranks(&turned)
                .iter()
                .map(|r| (r - 1.0) / (values.len() - 1) as f64)
                .collect()
        }
        Scale::DistanceToBest => {
            let span = spread(worst, best)?;
            turned.iter().map(|v| 1.0 - (best - v) / span).collect()
        }
        Scale::DistanceToReference { reference, cap } => {
            finite_option("reference", reference)?;
            let (reference, span) = (toward(reference), spread(worst, toward(reference))?);
            turned
                .iter()
                .map(|v| capped(1.0 - (reference - v) / span, cap))
                .collect()
        }
        Scale::DistanceToTarget { target, cap } => {
            finite_option("target", target)?;
            let span = spread(worst, toward(target))?;
            turned.iter().map(|v| capped((v - worst) / span, cap)).collect()
        }
        Scale::FractionOfBest => fractions(values, direction)?,
        Scale::Goalposts { low, high, cut } => {
            finite_option("low", low)?;
            finite_option("high", high)?;
            if low >= high {
                return Err(Error::Domain {
                    option: "low",
                    value: low,
                    domain: "below the upper end",
                });
            }
            let (from, to) = if direction == Direction::Lower {
                (high, low)
            } else {
                (low, high)
            };
            let place = |v: &f64| 100.0 * ((v - from) / (to - from));
            values
                .iter()
                .map(place)
                .map(|v| if cut { v.clamp(0.0, 100.0) } else { v })
                .collect()
        }
    };
    check::in_range("a normalised value", &normalised)?;
    Ok(normalised)
}

fn finite_option(option: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Error::Domain {
            option,
            value,
            domain: "a finite number",
        })
    }
}

fn spread(worst: f64, best: f64) -> Result<f64, Error> {
    let span = best - worst;
    check::in_range("the range of the values", &[span])?;
    if span == 0.0 {
        Err(Error::Zero {
            argument: "range",
            index: 0,
        })
    } else {
        Ok(span)
    }
}

fn capped(value: f64, cap: bool) -> f64 {
    if cap { value.min(1.0) } else { value }
}

fn z_scores(values: &[f64], ddof: usize) -> Result<Vec<f64>, Error> {
    check::at_least("values", values.len(), 2.max(ddof.saturating_add(1)))?;
    let m = Moments::of(values);
    let sd = (m.squares / (values.len() - ddof) as f64).sqrt();
    if sd == 0.0 {
        return Err(Error::Zero {
            argument: "standard deviation",
            index: 0,
        });
    }
    Ok(values.iter().map(|v| (v / m.scale - m.mean) / sd).collect())
}

/// Ascending ranks from 1; ties take the smallest.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    values
        .iter()
        .map(|v| (sorted.partition_point(|s| s < v) + 1) as f64)
        .collect()
}

fn fractions(values: &[f64], direction: Direction) -> Result<Vec<f64>, Error> {
    let (low, high) = range(values);
    if direction == Direction::Lower || low < 0.0 || high <= 0.0 {
        let domain = "values from 0 of which more is better, not all 0";
        return Err(Error::Domain {
            option: "values",
            value: low,
            domain,
        });
    }
    Ok(values.iter().map(|v| v / high).collect())
}
