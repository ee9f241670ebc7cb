//! Missing values, on request.

use crate::{Error, check};

/// Values and weights without the units that miss one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Complete {
    /// The values that are left.
    pub x: Vec<f64>,
    /// Their weights, where weights were given.
    pub w: Option<Vec<f64>>,
    /// Positions of the units that were dropped: say how many beside the result.
    pub dropped: Vec<usize>,
}

/// Drops every unit whose value or weight is NaN: pairwise-complete deletion.
///
/// Indices refuse a missing value, because what it would have been matters; who drops it does so by this call, and gets
/// to know which units are gone. The weights of the rest keep their proportions.
///
/// # Errors
/// [`Error::Length`]; [`Error::Empty`] if nothing is left.
///
/// ```
/// use quyu_econometrics::disparity::{drop_missing, gini, GiniOptions};
/// let rest = drop_missing(&[1.0, f64::NAN, 3.0, 4.0, 8.0], Some(&[1.0, 2.0, f64::NAN, 2.0, 1.0]))?;
/// assert_eq!(rest.dropped, [1, 2]);
/// let g = gini(&rest.x, rest.w.as_deref(), &GiniOptions::default())?;
/// assert!((g - 0.308823529411765).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn drop_missing(x: &[f64], w: Option<&[f64]>) -> Result<Complete, Error> {
    if let Some(w) = w {
        check::length("w", w.len(), x.len())?;
    }
    let missing = |i: usize| x[i].is_nan() || w.is_some_and(|w| w[i].is_nan());
    let (dropped, kept): (Vec<usize>, Vec<usize>) = (0..x.len()).partition(|i| missing(*i));
    if kept.is_empty() {
        return Err(Error::Empty { argument: "x" });
    }
    let pick = |v: &[f64]| kept.iter().map(|i| v[*i]).collect();
    Ok(Complete {
        x: pick(x),
        w: w.map(pick),
        dropped,
    })
}
