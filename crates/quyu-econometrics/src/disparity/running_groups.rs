//! The split of an entropy index by groups, from rows that arrive in parts.

use super::decompose::{Moments, row};
use super::entropy::Kernel;
use super::running::common_mean;
use super::sample::{Domain, Sample};
use super::{GeDecomposition, GeGroup, running_sums, theil};
use crate::{Error, check};
use quyu_math::sum_by;

/// What a decomposition by groups needs of one group: its weight, its mean and its own index, in constant memory.
///
/// Not the raw sums, whose differences lose their digits where values are nearly equal. Two parts are merged by the exact split of
/// the index: GE = sum v_k (r_k^a GE_k + t(r_k)) with shares of weight v_k, relative means r_k and the gap t of the function to
/// its tangent; no addend is negative. A row of weight zero counts for nothing. Merged parts agree with the whole to 1e-12.
///
/// # References
/// Shorrocks 1984, Econometrica 52:1369-1385.
///
/// ```
/// use quyu_econometrics::disparity::{RunningGroup, decompose_ge, decompose_ge_groups};
/// let (mut poor, mut rich) = (RunningGroup::new(1.0)?, RunningGroup::new(1.0)?);
/// poor.push(&[1.0, 2.0], None)?;
/// rich.push(&[10.0], None)?;
/// rich.push(&[12.0], None)?;
/// let split = decompose_ge_groups(&[poor, rich])?;
/// let whole = decompose_ge(&[1.0, 2.0, 10.0, 12.0], None, &[0, 0, 1, 1], 2, 1.0)?;
/// assert!((split.within - whole.within).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RunningGroup {
    kernel: Kernel,
    n: usize,
    weight: f64,
    mean: f64,
    index: f64,
}

impl RunningGroup {
    /// A group without rows, for the index of order `alpha`.
    ///
    /// # Errors
    /// [`Error::Domain`] if `alpha` is not finite.
    pub fn new(alpha: f64) -> Result<Self, Error> {
        Ok(Self {
            kernel: Kernel::new(alpha)?,
            n: 0,
            weight: 0.0,
            mean: 0.0,
            index: 0.0,
        })
    }

    /// Takes rows in.
    ///
    /// # Errors
    /// As [`ge`](super::ge) for values and weights; [`Error::Range`] where the weights add up to more than a double holds.
    /// After an error the group is as it was.
    pub fn push(&mut self, x: &[f64], w: Option<&[f64]>) -> Result<(), Error> {
        let domain = if self.kernel.needs_positive() {
            Domain::Positive
        } else {
            Domain::NonNegative
        };
        if x.is_empty() {
            return check::length("w", w.map_or(0, <[f64]>::len), 0);
        }
        let sample = match Sample::new(x, w, domain) {
            // All weights are zero: nothing counts.
            Err(Error::Undefined { .. }) => return Ok(()),
            sample => sample?,
        };
        let index = if sample.max > 0.0 {
            theil::of_sample(&sample, self.kernel)
        } else {
            0.0
        };
        let part = Self {
            kernel: self.kernel,
            n: sample.len(),
            weight: w.map_or(x.len() as f64, quyu_math::sum),
            mean: sample.mean * sample.unit,
            index,
        };
        check::in_range("the sum of the weights", &[part.weight])?;
        check::in_range("the entropy index", &[index])?;
        self.merge(&part)
    }

    /// Takes in what another part of the same group holds.
    ///
    /// # Errors
    /// [`Error::Domain`] if the other part is of another order; [`Error::Range`].
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.kernel != other.kernel {
            return Err(Error::Domain {
                option: "alpha",
                value: other.kernel.alpha(),
                domain: "the order of the group it is merged into",
            });
        }
        if other.n == 0 {
            return Ok(());
        }
        if self.n == 0 {
            self.clone_from(other);
            return Ok(());
        }
        let weight = self.weight + other.weight;
        let (v, theirs) = (self.weight / weight, other.weight / weight);
        let mean = common_mean([self.mean, other.mean], [v, theirs]);
        let index = if mean > 0.0 {
            let part = |v: f64, part: &Self| {
                let (r, d) = (part.mean / mean, (part.mean - mean) / mean);
                let own = self.kernel.weight_of_group(r) * part.index;
                // A group of zeros has no index, whatever power its weight is.
                let own = if part.mean > 0.0 { own } else { 0.0 };
                [v * (own + self.kernel.at(r, d)), v * d]
            };
            let ([a, d], [b, e]) = (part(v, self), part(theirs, other));
            self.kernel.index(a + b, d + e)
        } else {
            0.0
        };
        check::in_range("the merged group", &[weight, mean, index])?;
        self.n += other.n;
        (self.weight, self.mean, self.index) = (weight, mean, index);
        Ok(())
    }

    pub(super) fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Number of rows with a weight above zero.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Sum of the weights.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Sum of weight times value.
    pub fn total(&self) -> f64 {
        self.weight * self.mean
    }

    /// The sum that the index follows from beside weight and total: w x ln x for Theil's T, w ln x for the mean log deviation,
    /// w x^a elsewhere; 0 for a group of zeros.
    pub fn moment(&self) -> f64 {
        running_sums::moment(self.kernel, (self.weight, self.mean), self.index)
    }

    /// The group whose rows have these sums: number, weight, weighted total and [`RunningGroup::moment`].
    ///
    /// # Errors
    /// As [`RunningGroup::new`]; [`Error::NotFinite`]; [`Error::Undefined`] if no rows have such sums.
    ///
    /// ```
    /// use quyu_econometrics::disparity::RunningGroup;
    /// let mut group = RunningGroup::new(2.0)?;
    /// group.push(&[1.0, 3.0], None)?;
    /// assert_eq!(RunningGroup::of_sums(2.0, [2.0, 2.0, 4.0, 10.0])?, group);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn of_sums(alpha: f64, sums: [f64; 4]) -> Result<Self, Error> {
        let mut group = Self::new(alpha)?;
        check::finite("sums", &sums)?;
        let [n, weight, total, moment] = sums;
        if n < 0.0 || n.fract() != 0.0 || weight < 0.0 || (n > 0.0) != (weight > 0.0) {
            return Err(Error::Undefined {
                reason: "no rows have these sums",
            });
        }
        if n > 0.0 {
            group.n = n as usize;
            (group.weight, group.mean) = (weight, total / weight);
            (group.index, _) = running_sums::entropy(group.kernel, (weight, group.mean), moment)?;
        }
        Ok(group)
    }
}

/// Splits a generalised entropy index from what is known of its groups: the result of [`decompose_ge`](super::decompose_ge) on
/// all rows, to 1e-12.
///
/// Row g of the result is group g; a group without rows gives a row of zeros. `total` is the sum of within and between.
///
/// # Errors
/// [`Error::Empty`] without groups; [`Error::Domain`] if they differ in order; [`Error::Undefined`] if no group has a row, or
/// all values are zero; [`Error::Range`].
///
/// # References
/// Shorrocks 1984, Econometrica 52:1369-1385.
///
/// ```
/// use quyu_econometrics::disparity::{RunningGroup, decompose_ge_groups};
/// let mut group = RunningGroup::new(0.0)?;
/// group.push(&[1.0, 2.0], Some(&[1.0, 3.0]))?;
/// let split = decompose_ge_groups(&[group])?;
/// assert_eq!((split.between, split.groups[0].n), (0.0, 2));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_ge_groups(groups: &[RunningGroup]) -> Result<GeDecomposition, Error> {
    let Some(first) = groups.first() else {
        return Err(Error::Empty { argument: "groups" });
    };
    let kernel = first.kernel;
    let mut all = RunningGroup::new(kernel.alpha())?;
    for group in groups {
        all.merge(group)?;
    }
    if all.n == 0 || all.mean <= 0.0 {
        return Err(Error::Undefined {
            reason: if all.n == 0 {
                "no row counts"
            } else {
                "all values are zero"
            },
        });
    }
    let share = |g: &RunningGroup| g.weight / all.weight;
    let deviation = |g: &RunningGroup| (g.mean - all.mean) / all.mean;
    let drift = sum_by(groups.len(), |k| share(&groups[k]) * deviation(&groups[k]));
    let rows: Vec<GeGroup> = groups
        .iter()
        .map(|g| {
            let moments = Moments {
                n: g.n,
                share: share(g),
                mean: g.mean,
                ratio: g.mean / all.mean,
                deviation: deviation(g),
                equal: false,
            };
            row(&moments, g.index, drift, kernel)
        })
        .collect();
    let mean_of_t = sum_by(groups.len(), |k| match groups[k].n {
        0 => 0.0,
        _ => share(&groups[k]) * kernel.at(groups[k].mean / all.mean, deviation(&groups[k])),
    });
    let within = sum_by(rows.len(), |g| rows[g].within);
    let between = kernel.index(mean_of_t, drift);
    GeDecomposition {
        total: within + between,
        within,
        between,
        groups: rows,
    }
    .finite()
}
