//! Variance of logarithms.

use super::sample::{Domain, Sample};
use crate::{Error, check};
use quyu_math::{ln, ln_1p};

/// Around what the logarithms vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogCentre {
    /// Their own mean: the variance of logarithms.
    #[default]
    MeanOfLogs,
    /// The logarithm of the mean: the logarithmic variance.
    LogOfMean,
}

/// The variance of logarithms: sum f (ln x - c)^2, where c is the weighted mean of ln x (default) or ln mu.
///
/// f = w / sum w, ddof 0, natural logarithm; without `w` every region counts once. Its square root is the sigma of
/// sigma-convergence. Not every transfer from rich to poor lowers it (it fails at the upper end), which is why
/// the entropy indices are to be preferred.
///
/// One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`], [`Error::Zero`] for a zero;
/// [`Error::Undefined`] if all weights are zero; [`Error::Range`].
///
/// # References
/// Sen 1973, On Economic Inequality; Cowell 2011, Measuring Inequality, app. A.
///
/// ```
/// use quyu_econometrics::disparity::{variance_of_logs, LogCentre};
/// let v = variance_of_logs(&[1.0, 4.0], None, LogCentre::MeanOfLogs)?;
/// assert!((v - 2f64.ln().powi(2)).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn variance_of_logs(x: &[f64], w: Option<&[f64]>, centre: LogCentre) -> Result<f64, Error> {
    let sample = Sample::relative(x, w, Domain::Positive)?;
    check::result("the variance of logarithms", of_sample(&sample, centre))
}

pub(crate) fn of_sample(sample: &Sample<'_>, centre: LogCentre) -> f64 {
    if sample.is_equal() {
        return 0.0;
    }
    let log = |i: usize| match sample.deviation(i) {
        d if d.abs() < 0.5 => ln_1p(d),
        _ => ln(sample.ratio(i)),
    };
    let mean = match centre {
        LogCentre::MeanOfLogs => sample.mean_of(log),
        LogCentre::LogOfMean => 0.0,
    };
    sample.mean_of(|i| (log(i) - mean) * (log(i) - mean))
}
