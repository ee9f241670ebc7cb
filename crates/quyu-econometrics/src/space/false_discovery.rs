//! Many tests at once.

use crate::{Error, check};

/// The largest p-value that is significant when the expected share of false ones among the significant is held at `level`; none if no
/// p-value is.
///
/// With p sorted ascending, the largest `p_(i) <= level · i / n` (Benjamini & Hochberg). Local statistics test every unit at
/// once: at 5 % one unit in twenty is a false find, and this is the threshold that accounts for it.
///
/// # Errors
/// [`Error::Empty`]; [`Error::NotFinite`]; [`Error::Domain`] for a p-value or level outside [0, 1].
///
/// # Reference
/// Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57:289-300. Caldas de Castro & Singer 2006, Geographical
/// Analysis 38:180-208 (local statistics).
///
/// ```
/// use quyu_econometrics::space::false_discovery_threshold;
/// let p = [0.01, 0.02, 0.03, 0.6, 0.04];
/// assert_eq!(false_discovery_threshold(&p, 0.05)?, Some(0.04)); // 0.04 = 0.05 · 4 / 5
/// assert_eq!(false_discovery_threshold(&p, 0.01)?, None);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn false_discovery_threshold(p: &[f64], level: f64) -> Result<Option<f64>, Error> {
    check::not_empty("p", p)?;
    check::finite("p", p)?;
    check::between("level", level, (0.0, 1.0), "0 to 1")?;
    for p in p {
        check::between("p", *p, (0.0, 1.0), "0 to 1")?;
    }
    let mut sorted = p.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = p.len() as f64;
    let significant = |(i, p): &(usize, &f64)| **p <= level * ((*i + 1) as f64 / n);
    Ok(sorted.iter().enumerate().rfind(significant).map(|(_, p)| *p))
}
