//! Coulter's coefficient, and Dalton's ratio with a warning.

use super::sample::{Domain, Sample};
use crate::{Error, check, parallel};
use quyu_math::{ln, sqrt};

/// Coulter's coefficient: sqrt((1/2) sum (x_i / sum x - a_i / sum a)^2).
///
/// x are totals of regions, a those of a reference distribution (population); without a reference every region's share is
/// 1/n. The quadratic sister of [`hoover_between`](super::hoover_between).
///
/// Range: [0, 1]. Zeros count as they are. One region: 0.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if one of the two
/// sums to zero.
///
/// # References
/// Coulter 1989, Measuring Inequality; Portnov & Felsenstein 2010, Letters in Spatial and Resource Sciences 3:11-20.
///
/// ```
/// use quyu_econometrics::disparity::coulter;
/// assert_eq!(coulter(&[1.0, 3.0], None)?, 0.25);
/// assert_eq!(coulter(&[1.0, 3.0], Some(&[1.0, 3.0]))?, 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn coulter(x: &[f64], reference: Option<&[f64]>) -> Result<f64, Error> {
    let values = Sample::relative(x, None, Domain::NonNegative)?;
    let squares = match reference {
        None => parallel::sum(x.len(), |i| values.deviation(i) * values.deviation(i)),
        Some(reference) => {
            check::length("reference", reference.len(), x.len())?;
            check::non_negative("reference", reference)?;
            let reference = Sample::relative(reference, None, Domain::NonNegative)?;
            let gap = |i: usize| values.ratio(i) - reference.ratio(i);
            parallel::sum(x.len(), |i| gap(i) * gap(i))
        }
    };
    check::result("the coefficient", sqrt(0.5 * squares) / x.len() as f64)
}

/// Dalton's ratio: ln mu / ln g with the geometric mean g. **Depends on the unit of x**: it is no index of disparity.
///
/// The ratio for x, 10 x and x / 1000 are three numbers, and where g is near 1 it is anything. It is here because some
/// packages print it among disparity indices, so that a table of theirs can be reproduced. With weights both means are
/// weighted. Do not compare it between variables.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`], [`Error::Zero`]; [`Error::Undefined`]
/// if the geometric mean is 1 or all weights are zero; [`Error::Range`].
///
/// # References
/// Dalton 1920, Economic Journal 30:348-361; Portnov & Felsenstein 2010, Letters in Spatial and Resource Sciences 3:11-20.
///
/// ```
/// use quyu_econometrics::disparity::dalton;
/// let x = [35.0, 10.0, 50.0, 20.0, 20.0];
/// assert!((dalton(&x, None)? - 1.04553927189333).abs() < 1e-13);
/// assert!((dalton(&x.map(|x| 10.0 * x), None)? - 1.026).abs() < 1e-3);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn dalton(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    let sample = Sample::relative(x, w, Domain::Positive)?;
    let unit = ln(sample.unit);
    let log_geometric = sample.mean_of(|i| ln(sample.x[i])) + unit;
    if log_geometric == 0.0 {
        return Err(Error::Undefined {
            reason: "the geometric mean is 1",
        });
    }
    check::result("Dalton's ratio", (ln(sample.mean) + unit) / log_geometric)
}
