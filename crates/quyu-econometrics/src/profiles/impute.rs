//! Missing values filled in, only where one asks for it.

use crate::{Error, check};

/// What stands in for a missing value in [`impute_by_group`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centre {
    /// The mean of the observed values of the group.
    #[default]
    Mean,
    /// Their median.
    Median,
}

/// Fills missing values with the mean or median of the observed values of their group. Observed values stay.
///
/// # Errors
/// [`Error::Length`]; [`Error::NotFinite`] for an observed value; [`Error::Undefined`] for a group of which
/// nothing is observed.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 3.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{Centre, impute_by_group};
/// let filled = impute_by_group(&[Some(1.0), None, Some(3.0), Some(9.0)], &[0, 0, 0, 1], Centre::Mean)?;
/// assert_eq!(filled, [1.0, 2.0, 3.0, 9.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn impute_by_group(values: &[Option<f64>], groups: &[usize], centre: Centre) -> Result<Vec<f64>, Error> {
    check::length("groups", groups.len(), values.len())?;
    check_observed(values)?;
    values
        .iter()
        .zip(groups)
        .map(|(value, group)| match value {
            Some(value) => Ok(*value),
            None => {
                let of_group = values.iter().zip(groups).filter(|(_, g)| *g == group);
                centre_of(of_group.filter_map(|(value, _)| *value).collect(), centre)
            }
        })
        .collect()
}

fn check_observed(values: &[Option<f64>]) -> Result<(), Error> {
    match values.iter().position(|v| v.is_some_and(|v| !v.is_finite())) {
        Some(index) => Err(Error::NotFinite {
            argument: "values",
            index,
        }),
        None => Ok(()),
    }
}

fn centre_of(mut observed: Vec<f64>, centre: Centre) -> Result<f64, Error> {
    let n = observed.len();
    if n == 0 {
        return Err(Error::Undefined {
            reason: "a group has no observed value",
        });
    }
    let filled = match centre {
        Centre::Mean => quyu_math::sum(&observed) / n as f64,
        Centre::Median => {
            observed.sort_by(f64::total_cmp);
            observed[(n - 1) / 2] / 2.0 + observed[n / 2] / 2.0
        }
    };
    check::in_range("a filled value", &[filled])?;
    Ok(filled)
}

/// The last observation carried forward: a missing value takes the one before it in time; before the first
/// observation it stays missing.
///
/// `values` are one unit's, in the order of time.
///
/// # Errors
/// [`Error::NotFinite`] for an observed value.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 3.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::carry_forward;
/// assert_eq!(carry_forward(&[None, Some(1.0), None])?, [None, Some(1.0), Some(1.0)]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn carry_forward(values: &[Option<f64>]) -> Result<Vec<Option<f64>>, Error> {
    check_observed(values)?;
    let mut last = None;
    Ok(values
        .iter()
        .map(|value| {
            last = value.or(last);
            last
        })
        .collect())
}

/// Linear interpolation over time; before the first and after the last observation the nearest one. Stays
/// missing if nothing is observed.
///
/// `times` and `values` are one unit's; times ascend strictly.
///
/// # Errors
/// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Domain`] if times do not ascend.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 3.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::interpolate;
/// let filled = interpolate(&[2018.0, 2019.0, 2021.0, 2022.0], &[Some(1.0), None, Some(4.0), None])?;
/// assert_eq!(filled, [Some(1.0), Some(2.0), Some(4.0), Some(4.0)]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn interpolate(times: &[f64], values: &[Option<f64>]) -> Result<Vec<Option<f64>>, Error> {
    check::length("times", times.len(), values.len())?;
    check::finite("times", times)?;
    check_observed(values)?;
    if let Some(at) = (1..times.len()).find(|&t| times[t] <= times[t - 1]) {
        return Err(Error::Domain {
            option: "times",
            value: times[at],
            domain: "ascending",
        });
    }
    let observed: Vec<(f64, f64)> = times
        .iter()
        .zip(values)
        .filter_map(|(t, v)| v.map(|v| (*t, v)))
        .collect();
    let fill = |time: f64| {
        let after = observed.partition_point(|(t, _)| *t < time);
        match (
            after.checked_sub(1).map(|before| observed[before]),
            observed.get(after),
        ) {
            (Some((t0, v0)), Some(&(t1, v1))) => {
                // A weighted mean of the two: no difference of values can overflow.
                let weight = (time - t0) / (t1 - t0);
                Some(v0 * (1.0 - weight) + v1 * weight)
            }
            (Some((_, only)), None) | (None, Some(&(_, only))) => Some(only),
            (None, None) => None,
        }
    };
    let filled: Vec<Option<f64>> = times
        .iter()
        .zip(values)
        .map(|(time, value)| value.or_else(|| fill(*time)))
        .collect();
    check::in_range(
        "a filled value",
        &filled.iter().flatten().copied().collect::<Vec<_>>(),
    )?;
    Ok(filled)
}
