//! Theil's indices and generalised entropy.

use super::entropy::Kernel;
use super::sample::{Domain, Sample};
use crate::{Error, check, parallel};
use quyu_math::lanes::{Path, chunk_gap_sums};

/// Theil's T, the generalised entropy of parameter 1: T = sum f (x / mu) ln(x / mu).
///
/// f = w / sum w and mu = sum f x; without `w` every region counts once; natural logarithm. Income shares against
/// population shares: T = sum s ln(s / f) with s = f x / mu.
///
/// Range: [0, ln(sum w / w_min)]. A zero adds nothing: 0 ln 0 = 0. One region, or all equal: 0. A unit of weight zero is
/// left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all values or
/// all weights are zero.
///
/// # References
/// Theil 1967, Economics and Information Theory, ch. 4; Cowell 2011, Measuring Inequality, ch. 3 (zeros).
///
/// ```
/// use quyu_econometrics::disparity::theil_t;
/// let half_has_all = [0.0, 0.0, 0.0, 10.0, 10.0, 10.0];
/// assert!((theil_t(&half_has_all, None)? - 2f64.ln()).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn theil_t(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    of_kernel(x, w, Kernel::XlnX)
}

/// The mean log deviation, Theil's L, the generalised entropy of parameter 0: L = sum f ln(mu / x).
///
/// f = w / sum w and mu = sum f x; without `w` every region counts once; natural logarithm.
///
/// Range: [0, inf). One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] for a zero, where the
/// index has no finite value; [`Error::Undefined`] if all weights are zero.
///
/// # References
/// Theil 1967; Shorrocks 1980, Econometrica 48:613-625.
///
/// ```
/// use quyu_econometrics::disparity::mld;
/// let l = mld(&[1.0, 3.0], None)?;
/// assert!((l - (2f64.ln() - 3f64.ln() / 2.0)).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mld(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    of_kernel(x, w, Kernel::Ln)
}

/// Generalised entropy of any parameter: GE(a) = (sum f (x / mu)^a - 1) / (a (a - 1)).
///
/// GE(0) is [`mld`], GE(1) is [`theil_t`], GE(2) half the squared coefficient of variation (ddof 0); the function is smooth
/// in `alpha`, and stays exact next to 0 and 1. f = w / sum w and mu = sum f x; without `w` every region counts once. The
/// smaller `alpha`, the more the index looks at the poor end.
///
/// One region, or all equal: 0. A unit of weight zero is left out.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] for a zero if
/// `alpha <= 0`; [`Error::Domain`] if `alpha` is not finite; [`Error::Undefined`] if all values or all weights are zero;
/// [`Error::Range`] if a power leaves the range of a double.
///
/// # References
/// Shorrocks 1980, Econometrica 48:613-625; Cowell 2011, Measuring Inequality, ch. 3.
///
/// ```
/// use quyu_econometrics::disparity::ge;
/// let x = [1.0, 2.0, 3.0, 10.0, 12.0, 20.0];
/// assert!((ge(&x, None, 2.0)? - 0.356770833333333).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn ge(x: &[f64], w: Option<&[f64]>, alpha: f64) -> Result<f64, Error> {
    of_kernel(x, w, Kernel::new(alpha)?)
}

fn of_kernel(x: &[f64], w: Option<&[f64]>, kernel: Kernel) -> Result<f64, Error> {
    let sample = sample_for(x, w, kernel)?;
    check::result("the entropy index", of_sample(&sample, kernel))
}

/// The sample of an index with this kernel. Where the index looks at ln x, no ratio to the mean may underflow.
pub(crate) fn sample_for<'a>(
    x: &'a [f64],
    w: Option<&'a [f64]>,
    kernel: Kernel,
) -> Result<Sample<'a>, Error> {
    let domain = if kernel.needs_positive() {
        Domain::Positive
    } else {
        Domain::NonNegative
    };
    let sample = Sample::relative(x, w, domain)?;
    let ratio = |v: f64| v / sample.unit / sample.mean;
    let underflow = |v: &f64| *v > 0.0 && ratio(*v) < f64::MIN_POSITIVE;
    if kernel.is_logarithmic() && sample.ratio_of_min() < f64::MIN_POSITIVE && x.iter().any(underflow) {
        return Err(Error::Range {
            what: "the ratio of a value to the mean",
        });
    }
    Ok(sample)
}

/// The index of a sample that has a positive mean.
pub(crate) fn of_sample(sample: &Sample<'_>, kernel: Kernel) -> f64 {
    if sample.is_equal() {
        return 0.0;
    }
    let [mean_of_t, drift] = means_of_gaps(sample, kernel);
    kernel.index(mean_of_t, drift)
}

/// Weighted means of the kernel and of the relative deviation.
pub(crate) fn means_of_gaps(sample: &Sample<'_>, kernel: Kernel) -> [f64; 2] {
    let Some(gap) = kernel.gap() else {
        return sample.means_of(|i| {
            let d = sample.deviation(i);
            [kernel.at(sample.ratio(i), d), d]
        });
    };
    let path = Path::best();
    let sums = parallel::chunk_sums(sample.len(), |range| {
        let w = sample.w.as_ref().map(|w| &w[range.clone()]);
        chunk_gap_sums(path, gap, &sample.x[range], w, sample.mean)
    });
    sums.map(|sum| sum / sample.weight)
}
