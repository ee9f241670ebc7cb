//! Entropy indices within and between groups.

use super::entropy::Kernel;
use super::sample::{Sample, counted};
use super::theil;
use crate::{Error, check, parallel};
use quyu_math::lanes::{Path, gaps_into};

/// A generalised entropy index split into what lies within groups and what lies between them.
#[derive(Debug, Clone, PartialEq)]
pub struct GeDecomposition {
    /// The index over all units.
    pub total: f64,
    /// The part within groups: the sum of [`GeGroup::within`].
    pub within: f64,
    /// The part between groups: the index where every unit has the mean of its group.
    pub between: f64,
    /// One row for each label `0..n_groups`.
    pub groups: Vec<GeGroup>,
}

/// What one group contributes.
#[derive(Debug, Clone, PartialEq)]
pub struct GeGroup {
    /// Number of units with a weight above zero.
    pub n: usize,
    /// Share of the weight, v_g.
    pub population_share: f64,
    /// Share of the total, s_g.
    pub income_share: f64,
    /// Mean of the group relative to the overall mean, s_g / v_g; 0 for an empty group.
    pub relative_mean: f64,
    /// The index inside the group; none if the group is empty or holds nothing but zeros.
    pub index: Option<f64>,
    /// Contribution to `within`: v_g^(1-a) s_g^a times the index, an addend that is never negative.
    pub within: f64,
    /// Contribution to `between`: with r = s_g/v_g, v_g (r^a - r) / (a (a-1)) for a > 1/2, which is s_g ln(s_g/v_g) for
    /// Theil's T, and v_g (r^a - 1) / (a (a-1)) below, which is v_g ln(v_g/s_g) for the mean log deviation. Positive on
    /// one side of the mean and negative on the other.
    pub between: f64,
}

/// Splits a generalised entropy index into within and between groups: total = within + between.
///
/// With shares of population v_g and of income s_g and the index GE_g inside group g,
/// within = sum v_g^(1-a) s_g^a GE_g, and between is the index of the group means with weights v_g. `alpha` = 1 is Theil's T
/// (weights s_g), `alpha` = 0 the mean log deviation (weights v_g). `within` is computed from the groups, not as a
/// remainder; a group of zeros adds nothing to it. `groups[i]` is the label of unit i, below `n_groups`; a label that no
/// unit has gives a row of zeros.
///
/// Every part is a pure number, in the unit of the index. A zero counts in full for `alpha` above 0 and is an error from 0 down;
/// a unit of weight zero is left out.
///
/// # Errors
/// As [`ge`](super::ge), and [`Error::Length`] or [`Error::Label`] for the labels.
///
/// # References
/// Theil 1967; Shorrocks 1984, Econometrica 52:1369-1385.
///
/// ```
/// use quyu_econometrics::disparity::decompose_ge;
/// let x = [1.0, 2.0, 3.0, 10.0, 12.0, 20.0];
/// let split = decompose_ge(&x, None, &[0, 0, 0, 1, 1, 1], 2, 2.0)?;
/// assert!((split.within - 0.0755208333333334).abs() < 1e-15);
/// assert!((split.between - 0.28125).abs() < 1e-15);
/// assert!((split.total - split.within - split.between).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_ge(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
    alpha: f64,
) -> Result<GeDecomposition, Error> {
    let kernel = Kernel::new(alpha)?;
    let sample = theil::sample_for(x, w, kernel)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    let labels = counted(groups, w);
    split(&sample, &labels, n_groups, kernel).finite()
}

impl GeDecomposition {
    pub(crate) fn finite(self) -> Result<Self, Error> {
        check::in_range("the total", &[self.total])?;
        check::in_range("the part within groups", &[self.within])?;
        check::in_range("the part between groups", &[self.between])?;
        let finite =
            |g: &GeGroup| g.index.is_none_or(f64::is_finite) && g.within.is_finite() && g.between.is_finite();
        if self.groups.iter().all(finite) {
            Ok(self)
        } else {
            Err(Error::Range {
                what: "the contribution of a group",
            })
        }
    }
}

/// What is needed of a group before its index can be computed.
pub(super) struct Moments {
    pub(super) n: usize,
    pub(super) share: f64,
    pub(super) mean: f64,
    /// The mean relative to the overall mean, and that ratio minus 1: each has the digits that the other loses.
    pub(super) ratio: f64,
    pub(super) deviation: f64,
    pub(super) equal: bool,
}

fn moments(sample: &Sample<'_>, labels: &[usize], n_groups: usize) -> Vec<Moments> {
    let sums = parallel::group_sums(labels, n_groups, |i| {
        let w = sample.weight_at(i);
        [1.0, w, w * sample.x[i], w * sample.deviation(i)]
    });
    let equal = groups_of_equals(&sample.x, labels, n_groups);
    let moment = |([n, weight, income, deviation], equal): ([f64; 4], Option<f64>)| {
        // An empty group has no mean; nothing is asked of it.
        let divisor = if n == 0.0 { 1.0 } else { weight };
        let mean = equal.unwrap_or(income / divisor);
        Moments {
            n: n as usize,
            share: weight / sample.weight,
            mean,
            ratio: mean / sample.mean,
            deviation: deviation / divisor,
            equal: equal.is_some(),
        }
    };
    sums.into_iter().zip(equal).map(moment).collect()
}

/// For each group the value that all its units have, if they do: its index is zero without any rounding.
fn groups_of_equals(x: &[f64], labels: &[usize], n_groups: usize) -> Vec<Option<f64>> {
    let rows = (8 * n_groups).max(parallel::WORTHWHILE);
    let part = |number: usize| {
        let mut extremes = vec![(f64::INFINITY, f64::NEG_INFINITY); n_groups];
        let range = number * rows..x.len().min((number + 1) * rows);
        for (value, label) in x[range.clone()].iter().zip(&labels[range]) {
            let (min, max) = &mut extremes[*label];
            (*min, *max) = (value.min(*min), value.max(*max));
        }
        extremes
    };
    let wider = |a: (f64, f64), b: &(f64, f64)| (b.0.min(a.0), b.1.max(a.1));
    let extremes = parallel::map(x.len().div_ceil(rows), 1, part)
        .into_iter()
        .reduce(|mut all, part| {
            all.iter_mut()
                .zip(&part)
                .for_each(|(all, part)| *all = wider(*all, part));
            all
        });
    let equal = |(min, max)| (min == max).then_some(min);
    extremes.map_or(vec![None; n_groups], |all| all.into_iter().map(equal).collect())
}

pub(crate) fn split(
    sample: &Sample<'_>,
    labels: &[usize],
    n_groups: usize,
    kernel: Kernel,
) -> GeDecomposition {
    let moments = moments(sample, labels, n_groups);
    let [mean_of_t, drift] = theil::means_of_gaps(sample, kernel);
    let inside = sums_inside(sample, labels, &moments, kernel);
    let groups: Vec<GeGroup> = moments
        .iter()
        .zip(inside)
        .map(|(group, sums)| {
            let [mean_of_t, own_drift] = sums.map(|sum| sum / sample.weight / group.share);
            row(group, kernel.index(mean_of_t, own_drift), drift, kernel)
        })
        .collect();
    let part = |f: fn(&GeGroup) -> f64| quyu_math::sum_by(groups.len(), |g| f(&groups[g]));
    let mean_of_t_between = quyu_math::sum_by(moments.len(), |g| match moments[g].n {
        0 => 0.0,
        _ => moments[g].share * kernel.at(moments[g].ratio, moments[g].deviation),
    });
    GeDecomposition {
        total: if sample.is_equal() {
            0.0
        } else {
            kernel.index(mean_of_t, drift)
        },
        within: part(|g| g.within),
        between: if sample.is_equal() {
            0.0
        } else {
            kernel.index(mean_of_t_between, drift)
        },
        groups,
    }
}

/// For each group the sums of w t and of w d around its own mean.
fn sums_inside(sample: &Sample<'_>, labels: &[usize], moments: &[Moments], kernel: Kernel) -> Vec<[f64; 2]> {
    let means: Vec<f64> = moments.iter().map(|group| group.mean).collect();
    let Some(gap) = kernel.gap() else {
        return parallel::group_sums(labels, moments.len(), |i| {
            let (w, mean) = (sample.weight_at(i), means[labels[i]]);
            let d = (sample.x[i] - mean) / mean;
            [w * kernel.at(sample.x[i] / mean, d), w * d]
        });
    };
    let path = Path::best();
    parallel::group_sums_of_chunks(labels, moments.len(), |range, sums| {
        // A loop for each step, so that all but the first and the last become vectors.
        let own: Vec<f64> = labels[range.clone()].iter().map(|label| means[*label]).collect();
        let pairs = || sample.x[range.clone()].iter().zip(&own);
        let r: Vec<f64> = pairs().map(|(x, mean)| x / mean).collect();
        let d: Vec<f64> = pairs().map(|(x, mean)| (x - mean) / mean).collect();
        let mut t = vec![0.0; range.len()];
        gaps_into(path, gap, &r, &d, &mut t);
        for (k, i) in range.enumerate() {
            let w = sample.weight_at(i);
            sums[labels[i]][0] += w * t[k];
            sums[labels[i]][1] += w * d[k];
        }
    })
}

pub(super) fn row(group: &Moments, index: f64, drift: f64, kernel: Kernel) -> GeGroup {
    if group.n == 0 {
        return GeGroup {
            n: 0,
            population_share: 0.0,
            income_share: 0.0,
            relative_mean: 0.0,
            index: None,
            within: 0.0,
            between: 0.0,
        };
    }
    let relative_mean = group.ratio / (1.0 + drift);
    let index = match (relative_mean > 0.0, group.equal) {
        (false, _) => None,
        (true, true) => Some(0.0),
        (true, false) => Some(index),
    };
    GeGroup {
        n: group.n,
        population_share: group.share,
        income_share: group.share * relative_mean,
        relative_mean,
        index,
        within: index.map_or(0.0, |index| {
            group.share * kernel.weight_of_group(relative_mean) * index
        }),
        between: group.share * kernel.term(relative_mean, (group.deviation - drift) / (1.0 + drift)),
    }
}

/// The part between groups for many labellings of the same units.
pub(crate) struct BetweenGroups<'a> {
    sample: Sample<'a>,
    kernel: Kernel,
    n_groups: usize,
    drift: f64,
}

impl<'a> BetweenGroups<'a> {
    pub(crate) fn new(
        x: &'a [f64],
        w: Option<&'a [f64]>,
        n_groups: usize,
        alpha: f64,
    ) -> Result<Self, Error> {
        let kernel = Kernel::new(alpha)?;
        let sample = theil::sample_for(x, w, kernel)?;
        let drift = sample.mean_of(|i| sample.deviation(i));
        Ok(Self {
            sample,
            kernel,
            n_groups,
            drift,
        })
    }

    /// The part between groups where unit i, of those that count, has label `labels[i]`.
    pub(crate) fn of(&self, labels: &[usize]) -> f64 {
        let sums = parallel::group_sums(labels, self.n_groups, |i| {
            let w = self.sample.weight_at(i);
            [w, w * self.sample.x[i], w * self.sample.deviation(i)]
        });
        let mean_of_t = quyu_math::sum_by(self.n_groups, |g| match sums[g] {
            [0.0, ..] => 0.0,
            [weight, income, deviation] => {
                let ratio = income / weight / self.sample.mean;
                weight / self.sample.weight * self.kernel.at(ratio, deviation / weight)
            }
        });
        self.kernel.index(mean_of_t, self.drift)
    }
}

/// The largest value that the part between groups could have with groups of these sizes, in the order of their means.
///
/// The poorest weight goes to the group with the lowest mean until that group has its size, the next weight to the next group,
/// and so on; a unit that straddles two groups is divided. `between / max_between` says how much of what groups of these
/// sizes could explain they do explain; it does not fall mechanically with fewer groups as the share of the total does.
///
/// A pure number, in the unit of the index; zeros and weights as in [`decompose_ge`].
///
/// # Errors
/// As [`decompose_ge`].
///
/// # References
/// Elbers, Lanjouw, Mistiaen & Özler 2008, J. Econ. Inequality 6:231-245.
///
/// ```
/// use quyu_econometrics::disparity::{max_between_ge, theil_t};
/// let best = max_between_ge(&[1.0, 8.0, 2.0, 9.0], None, &[0, 0, 1, 1], 2, 1.0)?;
/// assert!((best - theil_t(&[1.5, 8.5], None)?).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn max_between_ge(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
    alpha: f64,
) -> Result<f64, Error> {
    let kernel = Kernel::new(alpha)?;
    let sample = theil::sample_for(x, w, kernel)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    if sample.is_equal() {
        return Ok(0.0);
    }
    let mut groups = moments(&sample, &counted(groups, w), n_groups);
    groups.retain(|group| group.n > 0);
    groups.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    let means = sorted_means(&sample, &groups);
    let [mean_of_t, drift] = quyu_math::sums_by(groups.len(), |g| {
        let share = groups[g].share;
        [share * kernel.at(1.0 + means[g], means[g]), share * means[g]]
    });
    check::result("the part between groups", kernel.index(mean_of_t, drift))
}

/// Mean relative deviations of groups that are filled with units in ascending order.
fn sorted_means(sample: &Sample<'_>, groups: &[Moments]) -> Vec<f64> {
    let order = super::rank::order(&sample.x);
    // What is left of a unit or a group after rounding counts as nothing.
    let crumb = 1e-12 * sample.weight;
    let mut units = order.iter().map(|i| (sample.deviation(*i), sample.weight_at(*i)));
    let (mut deviation, mut left) = units.next().unwrap_or((0.0, 0.0));
    let mut fill = |group: &Moments| {
        let size = group.share * sample.weight;
        let (mut filled, mut moment) = (0.0, 0.0);
        while size - filled > crumb {
            if left <= crumb {
                match units.next() {
                    Some(unit) => (deviation, left) = unit,
                    None => break,
                }
            }
            let part = left.min(size - filled);
            filled += part;
            moment += part * deviation;
            left -= part;
        }
        if filled > 0.0 { moment / filled } else { deviation }
    };
    groups.iter().map(&mut fill).collect()
}
