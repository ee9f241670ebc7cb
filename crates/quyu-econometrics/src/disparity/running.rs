//! Indices of rows that arrive in parts: batch by batch, and part by part.

use super::entropy::Kernel;
use super::sample::{Domain, Sample};
use super::{CvOptions, Index, LogCentre, Negative, Normalisation, kolm, logs, theil};
use crate::{Error, check};
use quyu_math::{CHUNK, exp, exp_gap, exp_m1, ln, ln_1p, sqrt, sums_by};

/// An index that is a function of sums, fed in batches and merged from parts, in constant memory.
///
/// Offered for [`Index::TheilT`], [`Index::Mld`], [`Index::Ge`], [`Index::Atkinson`], [`Index::Cv`] (without negatives and
/// normalisation), [`Index::WilliamsonUnweighted`], [`Index::VarianceOfLogs`], [`Index::Kolm`] and [`Index::Coulter`]. What
/// needs the mean or the order before the first row can count (Hoover, Gini, quantiles) is not.
///
/// The state is not the raw sums, whose differences lose their digits where values are nearly equal. A part keeps its weight,
/// its mean and its own index, and two parts are merged by the exact decomposition of the index into within and between:
/// for generalised entropy, `GE = sum v_g (r_g^a GE_g + t(r_g))` with the shares of weight `v_g`, the relative means `r_g`
/// and the gap `t` of the function to its tangent. No addend is negative, so nothing cancels. Rows are cut into chunks of
/// [`CHUNK`] and merged in a tree of chunks: pushed in order, they give the same bits however they were cut
/// into batches, and up to one chunk the bits of [`Index::of`]. Merged parts agree with the whole to 1e-12.
///
/// A row of weight zero counts for nothing. Values and weights that are not zero must lie between 1e-140 and 1e140 in size.
///
/// # References
/// Chan, Golub & LeVeque 1983, American Statistician 37:242-247 (merging variances); Shorrocks 1984, Econometrica
/// 52:1369-1385 (the decomposition that merges the others).
///
/// ```
/// use quyu_econometrics::disparity::{Index, Running, theil_t};
/// let mut first = Running::new(Index::TheilT)?;
/// first.push(&[1.0, 2.0], None)?;
/// let mut second = Running::new(Index::TheilT)?;
/// second.push(&[6.0], None)?;
/// first.merge(&second)?;
/// assert!((first.value()? - theil_t(&[1.0, 2.0, 6.0], None)?).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    pub(super) index: Index,
    pub(super) law: Law,
    pub(super) weighted: Option<bool>,
    pub(super) rows: usize,
    /// Rows that wait for their chunk to fill.
    pub(super) x: Vec<f64>,
    pub(super) w: Vec<f64>,
    /// Merged chunks: levels of a binary counter, the largest first.
    pub(super) parts: Vec<(u32, Part)>,
    /// Weight of zeros that an Atkinson index meets from epsilon = 1 on, where its limit is 1.
    pub(super) zeros: f64,
    /// How far the index may be off because it was made from sums.
    pub(super) blur: f64,
}

/// How two parts become one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Law {
    Entropy(Kernel),
    Logs,
    /// Squares around the weighted mean, each counted once or with the square of its weight.
    Scatter {
        squared: bool,
    },
    Kolm(f64),
}

/// What is known of a set of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) n: f64,
    pub(super) weight: f64,
    pub(super) mean: f64,
    pub(super) state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum State {
    /// The index of the law.
    Index(f64),
    /// The mean log deviation, and the variance of logarithms around their mean.
    Logs { gap: f64, variance: f64 },
    /// Sum of the counts, the mean by them, and the mean square around it.
    Scatter { count: f64, mean: f64, square: f64 },
}

impl Running {
    /// An empty stream.
    ///
    /// # Errors
    /// [`Error::Undefined`] for an index that is no function of sums; [`Error::Domain`] for its parameter.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// assert!(Running::new(Index::Atkinson(0.5)).is_ok());
    /// assert!(Running::new(Index::Hoover).is_err());
    /// ```
    pub fn new(index: Index) -> Result<Self, Error> {
        Ok(Self {
            index,
            law: law(index)?,
            weighted: None,
            rows: 0,
            x: Vec::new(),
            w: Vec::new(),
            parts: Vec::new(),
            zeros: 0.0,
            blur: 0.0,
        })
    }

    /// Takes the next rows, with weights or without; nothing is taken if one of them is refused.
    ///
    /// # Errors
    /// [`Error::Length`] if the lengths differ, or if some batches have weights and others none; [`Error::NotFinite`],
    /// [`Error::Negative`] and [`Error::Zero`] as the index, with the position in this batch; [`Error::Range`] for a size
    /// beyond the limits.
    ///
    /// ```
    /// use quyu_econometrics::{Error, disparity::{Index, Running}};
    /// let mut stream = Running::new(Index::Mld)?;
    /// assert_eq!(stream.push(&[1.0, 0.0], None), Err(Error::Zero { argument: "x", index: 1 }));
    /// assert_eq!(stream.rows(), 0);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn push(&mut self, x: &[f64], w: Option<&[f64]>) -> Result<(), Error> {
        if x.is_empty() && w.is_none_or(<[f64]>::is_empty) {
            return Ok(());
        }
        self.check(x, w)?;
        self.weighted = Some(w.is_some());
        self.rows += x.len();
        for (i, value) in x.iter().enumerate() {
            let weight = w.map_or(1.0, |w| w[i]);
            if weight == 0.0 {
                continue;
            }
            if *value == 0.0 && self.zero_is_the_limit() {
                self.zeros += weight;
                continue;
            }
            self.x.push(*value);
            if w.is_some() {
                self.w.push(weight);
            }
            if self.x.len() == CHUNK {
                let part = self.leaf()?;
                self.x.clear();
                self.w.clear();
                self.append(0, part);
            }
        }
        Ok(())
    }

    /// Takes in the rows of another stream of the same index.
    ///
    /// Parts may have any sizes and come in any order; the last digits depend on both.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the other stream is of another index; [`Error::Length`] if only one of the two has weights.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// let mut stream = Running::new(Index::TheilT)?;
    /// assert!(stream.merge(&Running::new(Index::Mld)?).is_err());
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.index != other.index {
            return Err(Error::Undefined {
                reason: "the two streams are of different indices",
            });
        }
        if let (Some(own), Some(theirs)) = (self.weighted, other.weighted)
            && own != theirs
        {
            return Err(one_has_weights(other.rows));
        }
        let (own, theirs) = (self.whole()?, other.whole()?);
        let level = self
            .parts
            .iter()
            .chain(&other.parts)
            .map(|(level, _)| *level)
            .max();
        let merged = match (own, theirs) {
            (Some(own), Some(theirs)) => Some(self.law.merge(&own, &theirs)),
            (own, theirs) => own.or(theirs),
        };
        self.parts = merged
            .map(|part| (level.unwrap_or(0) + 1, part))
            .into_iter()
            .collect();
        self.x.clear();
        self.w.clear();
        self.weighted = self.weighted.or(other.weighted);
        self.rows += other.rows;
        self.zeros += other.zeros;
        self.blur = self.blur.max(other.blur);
        Ok(())
    }

    /// How many rows were taken, those of weight zero included.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Sum of the weights, or the number of rows without weights.
    ///
    /// # Errors
    /// [`Error::Range`] if the rows that wait cannot be added.
    pub fn weight(&self) -> Result<f64, Error> {
        Ok(self.whole()?.map_or(0.0, |part| part.weight) + self.zeros)
    }

    /// The index of all rows so far; more may follow.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows; [`Error::Undefined`] if all values or all weights are zero; [`Error::Range`].
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// let mut stream = Running::new(Index::Ge(2.0))?;
    /// stream.push(&[1.0, 3.0], None)?;
    /// assert_eq!(stream.value()?, 0.125);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn value(&self) -> Result<f64, Error> {
        let part = match self.whole()? {
            Some(part) => part,
            None if self.rows == 0 => return Err(Error::Empty { argument: "x" }),
            None if self.zeros > 0.0 => return Err(ALL_ZERO),
            None => {
                return Err(Error::Undefined {
                    reason: "all weights are zero",
                });
            }
        };
        if part.mean == 0.0 && !matches!(self.law, Law::Kolm(_)) {
            return Err(ALL_ZERO);
        }
        check::result("the index", self.of(&part)?)
    }

    fn check(&self, x: &[f64], w: Option<&[f64]>) -> Result<(), Error> {
        if let Some(w) = w {
            check::length("w", w.len(), x.len())?;
            check::non_negative("w", w)?;
        }
        if self.weighted.is_some_and(|weighted| weighted != w.is_some()) {
            return Err(one_has_weights(x.len()));
        }
        let counts = |i: usize| w.is_none_or(|w| w[i] > 0.0);
        match domain(self.law, self.index) {
            Domain::Finite => check::finite("x", x)?,
            domain => {
                check::non_negative("x", x)?;
                let zero = |i: &usize| x[*i] == 0.0 && counts(*i);
                if domain == Domain::Positive
                    && let Some(index) = (0..x.len()).find(zero)
                {
                    return Err(Error::Zero { argument: "x", index });
                }
            }
        }
        let far = |v: &f64| *v != 0.0 && !(1e-140..1e140).contains(&v.abs());
        if x.iter().chain(w.into_iter().flatten()).any(far) {
            return Err(Error::Range {
                what: "a value or weight of a stream (1e-140 to 1e140)",
            });
        }
        Ok(())
    }

    pub(super) fn zero_is_the_limit(&self) -> bool {
        matches!(self.index, Index::Atkinson(epsilon) if epsilon >= 1.0)
    }

    /// The rows that wait, as a part.
    fn leaf(&self) -> Result<Part, Error> {
        let w = (!self.w.is_empty()).then_some(self.w.as_slice());
        self.law.leaf(&self.x, w)
    }

    fn append(&mut self, mut level: u32, mut part: Part) {
        while let Some((_, left)) = self.parts.pop_if(|(top, _)| *top <= level) {
            part = self.law.merge(&left, &part);
            level += 1;
        }
        self.parts.push((level, part));
    }

    /// All rows as one part.
    pub(super) fn whole(&self) -> Result<Option<Part>, Error> {
        let last = if self.x.is_empty() {
            None
        } else {
            Some(self.leaf()?)
        };
        let folded = self.parts.iter().map(|(_, part)| *part).chain(last).rev();
        Ok(folded.reduce(|right, left| self.law.merge(&left, &right)))
    }

    pub(super) fn of(&self, part: &Part) -> Result<f64, Error> {
        let undefined = Error::Undefined {
            reason: "the index does not follow from these sums",
        };
        Ok(match (self.index, part.state) {
            (Index::TheilT | Index::Mld | Index::Ge(_) | Index::Kolm(_), State::Index(value)) => value,
            (Index::Cv(options), State::Index(value)) => {
                let cv = sqrt(2.0 * value);
                match options.ddof {
                    0 => cv,
                    _ if part.n < 2.0 => check::at_least("x", part.n as usize, 2).map(|()| cv)?,
                    _ => cv * sqrt(part.n / (part.n - 1.0)),
                }
            }
            (Index::Atkinson(epsilon), State::Index(_)) if epsilon >= 1.0 && self.zeros > 0.0 => 1.0,
            (Index::Atkinson(epsilon), State::Index(value)) => atkinson(1.0 - epsilon, value),
            (Index::VarianceOfLogs(LogCentre::MeanOfLogs), State::Logs { variance, .. }) => variance,
            (Index::VarianceOfLogs(LogCentre::LogOfMean), State::Logs { gap, variance }) => {
                variance + gap * gap
            }
            (Index::WilliamsonUnweighted, State::Scatter { mean, square, .. }) => {
                let shift = mean - part.mean;
                sqrt(square + shift * shift) / part.mean
            }
            (Index::Coulter, State::Scatter { count, mean, square }) => {
                let shift = mean - part.mean;
                sqrt(0.5 * count * (square + shift * shift)) / part.weight / part.mean
            }
            _ => return Err(undefined),
        })
    }
}

const ALL_ZERO: Error = Error::Undefined {
    reason: "all values are zero",
};

fn one_has_weights(rows: usize) -> Error {
    Error::Length {
        argument: "w",
        found: 0,
        expected: rows,
    }
}

fn atkinson(a: f64, entropy: f64) -> f64 {
    match a {
        1.0 => 0.0,
        0.0 => -exp_m1(-entropy),
        a => -exp_m1(ln_1p((a * (a - 1.0) * entropy).max(-1.0)) / a),
    }
}

fn law(index: Index) -> Result<Law, Error> {
    let plain_cv = |options: CvOptions| {
        options.normalisation == Normalisation::None
            && options.negative == Negative::Error
            && options.ddof < 2
    };
    Ok(match index {
        Index::TheilT => Law::Entropy(Kernel::XlnX),
        Index::Mld => Law::Entropy(Kernel::Ln),
        Index::Ge(alpha) => Law::Entropy(Kernel::new(alpha)?),
        Index::Atkinson(epsilon) => {
            let domain = "a finite number, not negative";
            check::between("epsilon", epsilon, (0.0, f64::MAX), domain)?;
            Law::Entropy(Kernel::new(1.0 - epsilon)?)
        }
        Index::Cv(options) if plain_cv(options) => Law::Entropy(Kernel::Square),
        Index::VarianceOfLogs(_) => Law::Logs,
        Index::WilliamsonUnweighted => Law::Scatter { squared: false },
        Index::Coulter => Law::Scatter { squared: true },
        Index::Kolm(alpha) => {
            let range = (f64::MIN_POSITIVE, f64::MAX);
            check::between("alpha", alpha, range, "a finite number above 0")?;
            Law::Kolm(alpha)
        }
        _ => {
            return Err(Error::Undefined {
                reason: "this index is not a function of sums",
            });
        }
    })
}

pub(super) fn domain(law: Law, index: Index) -> Domain {
    match (law, index) {
        (Law::Kolm(_), _) => Domain::Finite,
        (Law::Logs, _) => Domain::Positive,
        (Law::Entropy(_), Index::Atkinson(_)) => Domain::NonNegative,
        (Law::Entropy(kernel), _) if kernel.needs_positive() => Domain::Positive,
        _ => Domain::NonNegative,
    }
}

impl Law {
    fn leaf(self, x: &[f64], w: Option<&[f64]>) -> Result<Part, Error> {
        let sample = Sample::new(x, w, Domain::Finite)?;
        let state = match self {
            Self::Kolm(alpha) => State::Index(kolm(x, w, alpha)?),
            Self::Entropy(_) if sample.mean == 0.0 => State::Index(0.0),
            Self::Entropy(kernel) => State::Index(theil::of_sample(&sample, kernel)),
            Self::Logs => State::Logs {
                gap: theil::of_sample(&sample, Kernel::Ln),
                variance: logs::of_sample(&sample, LogCentre::MeanOfLogs),
            },
            Self::Scatter { squared } => scatter(&sample, squared),
        };
        Ok(Part {
            n: sample.len() as f64,
            weight: sample.weight,
            mean: sample.mean,
            state,
        })
    }

    fn merge(self, a: &Part, b: &Part) -> Part {
        let weight = a.weight + b.weight;
        let shares = [a.weight / weight, b.weight / weight];
        let gap = b.mean - a.mean;
        let mean = common_mean([a.mean, b.mean], shares);
        let between = Between {
            shares,
            // How far the two means lie from the common one.
            deviations: [-gap * shares[1], gap * shares[0]],
            means: [a.mean, b.mean],
            mean,
        };
        let state = match (self, a.state, b.state) {
            (Self::Kolm(alpha), State::Index(a), State::Index(b)) => {
                State::Index(between.kolm(alpha, [a, b]))
            }
            (Self::Entropy(kernel), State::Index(a), State::Index(b)) => {
                State::Index(between.entropy(kernel, [a, b]))
            }
            (
                _,
                State::Logs {
                    gap: ga,
                    variance: va,
                },
                State::Logs {
                    gap: gb,
                    variance: vb,
                },
            ) => {
                let step = ln_ratio(b.mean, a.mean) - (gb - ga);
                State::Logs {
                    gap: between.entropy(Kernel::Ln, [ga, gb]),
                    variance: shares[0] * va + shares[1] * vb + shares[0] * shares[1] * step * step,
                }
            }
            (
                _,
                State::Scatter {
                    count: ca,
                    mean: ma,
                    square: sa,
                },
                State::Scatter {
                    count: cb,
                    mean: mb,
                    square: sb,
                },
            ) => {
                let count = ca + cb;
                let (va, vb, step) = (ca / count, cb / count, mb - ma);
                State::Scatter {
                    count,
                    mean: common_mean([ma, mb], [va, vb]),
                    square: va * sa + vb * sb + va * vb * step * step,
                }
            }
            // Parts of one law have one kind of state.
            (_, own, _) => own,
        };
        Part {
            n: a.n + b.n,
            weight,
            mean,
            state,
        }
    }
}

/// The mean of two parts from their means and shares. It starts at the mean nearer to zero: the way to the other one is then
/// no difference of large numbers, where that one has nearly no share. Equal means are kept as they are.
pub(super) fn common_mean(means: [f64; 2], shares: [f64; 2]) -> f64 {
    let [a, b] = means;
    match a.abs() <= b.abs() {
        true => a + (b - a) * shares[1],
        false => b + (a - b) * shares[0],
    }
}

/// Two means and what they are around.
struct Between {
    shares: [f64; 2],
    deviations: [f64; 2],
    means: [f64; 2],
    mean: f64,
}

impl Between {
    fn sum(&self, f: impl Fn(usize) -> f64) -> f64 {
        self.shares[0] * f(0) + self.shares[1] * f(1)
    }

    fn entropy(&self, kernel: Kernel, within: [f64; 2]) -> f64 {
        if self.mean == 0.0 {
            return 0.0;
        }
        self.sum(|g| {
            let r = self.means[g] / self.mean;
            let inside = match within[g] {
                0.0 => 0.0,
                index => kernel.weight_of_group(r) * index,
            };
            inside + kernel.at(r, self.deviations[g] / self.mean)
        })
    }

    /// K = (1/a) ln sum v_g exp(a (mu - mu_g + K_g)).
    fn kolm(&self, alpha: f64, within: [f64; 2]) -> f64 {
        let exponent = |g: usize| alpha * (within[g] - self.deviations[g]);
        let largest = exponent(0).max(exponent(1));
        let log = if largest < 30.0 {
            ln_1p(self.sum(|g| exp_gap(exponent(g)) + alpha * within[g]))
        } else {
            largest + ln(self.sum(|g| exp(exponent(g) - largest)))
        };
        (log / alpha).max(0.0)
    }
}

/// ln(b / a), with all digits where the two are close.
fn ln_ratio(b: f64, a: f64) -> f64 {
    match (b - a) / a {
        d if d.abs() < 0.5 => ln_1p(d),
        _ => ln(b / a),
    }
}

fn scatter(sample: &Sample<'_>, squared: bool) -> State {
    let count = |i: usize| match squared {
        true => sample.weight_at(i) * sample.weight_at(i),
        false => 1.0,
    };
    let gap = |i: usize| sample.x[i] - sample.mean;
    let [total, moment] = sums_by(sample.len(), |i| [count(i), count(i) * gap(i)]);
    let shift = moment / total;
    let [square] = sums_by(sample.len(), |i| [count(i) * (gap(i) - shift) * (gap(i) - shift)]);
    State::Scatter {
        count: total,
        mean: sample.mean + shift,
        square: square / total,
    }
}
