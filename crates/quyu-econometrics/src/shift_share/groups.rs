//! What a group of sectors added to growth.

use crate::{Error, check};

/// One group of sectors in the growth of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupContribution {
    /// Base value, summed over the group.
    pub base: f64,
    /// End value, summed over the group.
    pub end: f64,
    /// Share in the whole in the base year, 0 to 1.
    pub base_share: f64,
    /// Share in the whole in the end year, 0 to 1.
    pub end_share: f64,
    /// Growth rate of the group; none if it started from zero.
    pub growth: Option<f64>,
    /// Contribution to the growth rate of the whole: change of the group over the base of the whole. The
    /// contributions of all groups add up to the growth rate of the whole.
    pub contribution: f64,
    /// Share in the change of the whole; none if the whole did not change. Beyond 0 to 1 where groups moved in
    /// opposite directions: then read `contribution`.
    pub share_of_change: Option<f64>,
}

/// Contributions of labelled groups of sectors (emerging, to be upgraded, …) to the growth of their sum.
///
/// `base`, `end` and `labels` hold one element a sector; `labels` are 0 to k - 1, and the result has one
/// element a group.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Label`] for a label
/// beyond the number of sectors; [`Error::Undefined`] for a group without a sector; [`Error::Zero`] with
/// argument `base total` or `end total`; [`Error::Range`].
///
/// # References
/// An identity of accounting, as statistical offices publish contributions to growth.
///
/// # Example
/// ```
/// use quyu_econometrics::shift_share::group_contributions;
/// let groups = group_contributions(&[20.0, 30.0, 50.0], &[40.0, 30.0, 60.0], &[0, 1, 1])?;
/// assert_eq!(groups[0].growth, Some(1.0));
/// assert_eq!(groups[0].contribution, 0.2); // 20 of the 30 points of growth
/// assert!((groups[0].share_of_change.unwrap() - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn group_contributions(
    base: &[f64],
    end: &[f64],
    labels: &[usize],
) -> Result<Vec<GroupContribution>, Error> {
    if base.is_empty() {
        return Err(Error::Empty { argument: "base" });
    }
    check::length("end", end.len(), base.len())?;
    check::non_negative("base", base)?;
    check::non_negative("end", end)?;
    let groups = crate::profiles::sizes(labels, base.len())?.len();
    let (from, to) = (quyu_math::sum(base), quyu_math::sum(end));
    check::in_range("the sum over sectors", &[from, to])?;
    for (argument, total) in [("base total", from), ("end total", to)] {
        if total == 0.0 {
            return Err(Error::Zero { argument, index: 0 });
        }
    }
    let sum = |values: &[f64], group: usize| {
        quyu_math::sum_by(values.len(), |i| if labels[i] == group { values[i] } else { 0.0 })
    };
    let contributions: Vec<GroupContribution> = (0..groups)
        .map(|group| {
            let (base, end) = (sum(base, group), sum(end, group));
            GroupContribution {
                base,
                end,
                base_share: base / from,
                end_share: end / to,
                growth: (base > 0.0).then(|| (end - base) / base),
                contribution: (end - base) / from,
                share_of_change: (from != to).then(|| (end - base) / (to - from)),
            }
        })
        .collect();
    for group in &contributions {
        let rates = [
            group.contribution,
            group.growth.unwrap_or_default(),
            group.share_of_change.unwrap_or_default(),
        ];
        check::in_range("a growth rate", &rates)?;
    }
    Ok(contributions)
}
