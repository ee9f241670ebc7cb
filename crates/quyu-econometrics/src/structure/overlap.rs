//! How alike two structures are.

use crate::{Error, check};

/// Measures of likeness of two structures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Krugman's distance `Σ |a - b|` of shares, 0 (alike) to 2.
    pub krugman: f64,
    /// Finger and Kreinin's similarity `Σ min(a, b)` of shares, 0 to 1 (alike); equal to `1 - krugman / 2`.
    pub finger_kreinin: f64,
    /// Cosine of the angle between the structures, 0 to 1 (alike): the UNIDO similarity coefficient of
    /// industrial structures.
    pub cosine: f64,
    /// Bray and Curtis's distance of the values themselves, `Σ |x - y| / Σ (x + y)`, 0 to 1: knows size as well
    /// as structure. Of shares it would be `krugman / 2`.
    pub bray_curtis: f64,
    /// Jensen-Shannon divergence of shares in nats, 0 to ln 2. Its square root is a distance.
    pub jensen_shannon: f64,
}

/// Compares two structures: one value a class (industry, technology field) in each, in the same order.
///
/// The formulas stand at the fields of [`Overlap`]; shares are of the sums of `x` and of `y`. Jensen-Shannon is
/// `½ Σ a ln(a / m) + ½ Σ b ln(b / m)` with `m = (a + b) / 2` and `0 ln 0 = 0`.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if one
/// of the structures is zero; [`Error::Range`].
///
/// # Reference
/// Krugman (1991); Finger, J. M. & Kreinin, M. E. (1979), A measure of "export similarity" and its possible
/// uses, Economic Journal 89, 905-912; UNIDO (1979), World Industry since 1960; Bray, J. R. & Curtis, J. T.
/// (1957), Ecological Monographs 27, 325-349; Lin, J. (1991), Divergence measures based on the Shannon entropy,
/// IEEE Transactions on Information Theory 37, 145-151.
///
/// # Example
/// ```
/// use quyu_econometrics::structure::overlap;
/// let o = overlap(&[30.0, 10.0], &[20.0, 20.0])?;
/// assert_eq!(o.finger_kreinin, 0.75);
/// assert_eq!(o.krugman, 0.5);
/// assert_eq!(o.bray_curtis, 0.25);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn overlap(x: &[f64], y: &[f64]) -> Result<Overlap, Error> {
    if x.is_empty() {
        return Err(Error::Empty { argument: "x" });
    }
    check::length("y", y.len(), x.len())?;
    check::non_negative("x", x)?;
    check::non_negative("y", y)?;
    let (a, b) = (shares(x)?, shares(y)?);
    let n = x.len();
    let all = quyu_math::sum(x) + quyu_math::sum(y);
    check::in_range("the sum of a structure", &[all])?;
    let length = |v: &[f64]| quyu_math::dot(v, v).sqrt();
    let pull = |p: f64, q: f64| {
        let middle = (p + q) / 2.0;
        if p > 0.0 {
            p * quyu_math::ln(p / middle)
        } else {
            0.0
        }
    };
    let divergence = quyu_math::sum_by(n, |i| (pull(a[i], b[i]) + pull(b[i], a[i])) / 2.0);
    Ok(Overlap {
        krugman: quyu_math::sum_by(n, |i| (a[i] - b[i]).abs()).min(2.0),
        finger_kreinin: quyu_math::sum_by(n, |i| a[i].min(b[i])).min(1.0),
        cosine: (quyu_math::dot(&a, &b) / (length(&a) * length(&b))).min(1.0),
        // Halves, whose sum is a double where that of the values is one, however it is rounded.
        bray_curtis: (quyu_math::sum_by(n, |i| (x[i] / 2.0 - y[i] / 2.0).abs()) / (all / 2.0)).min(1.0),
        jensen_shannon: divergence.clamp(0.0, std::f64::consts::LN_2),
    })
}

fn shares(values: &[f64]) -> Result<Vec<f64>, Error> {
    let total = quyu_math::sum(values);
    check::in_range("the sum of a structure", &[total])?;
    if total == 0.0 {
        return Err(Error::Undefined {
            reason: "a structure holds nothing",
        });
    }
    Ok(values.iter().map(|v| v / total).collect())
}
