//! Whether what is named is what is strong, beside chance.

use crate::{Error, check};

/// Classes that are named beside classes that are strong, and what a blind choice would give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChanceFit {
    /// All classes, N.
    pub all: usize,
    /// Classes named, n.
    pub named: usize,
    /// Strong classes, K.
    pub strong: usize,
    /// Classes named and strong.
    pub both: usize,
    /// `n K / N`: strong classes among n drawn blindly. None without a class.
    pub expected: Option<f64>,
    /// Probability that n classes drawn without replacement from the N hold at least as many strong ones (the upper tail of
    /// the hypergeometric distribution, exact). None where nothing is named.
    pub p_value: Option<f64>,
}

/// Compares a choice of classes with a blind one, both given as membership of the same classes in the same order.
///
/// The model is a draw of n classes without replacement, each of the N as likely: a plain reference point, for no government
/// draws lots. Where all classes are named, or all are strong, the probability is 1.
///
/// # Errors
/// [`Error::Length`] if they differ in length.
///
/// # Reference
/// Fisher, R. A. (1935), The Design of Experiments, Oliver and Boyd (the exact test of a two-by-two table, one-sided).
///
/// # Example
/// ```
/// use quyu_econometrics::policy::chance_fit;
/// let fit = chance_fit(&[true, true, false], &[true, true, false])?;
/// assert_eq!(fit.expected, Some(4.0 / 3.0));
/// assert!((fit.p_value.unwrap() - 1.0 / 3.0).abs() < 1e-15); // one pair of three
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn chance_fit(named: &[bool], strong: &[bool]) -> Result<ChanceFit, Error> {
    check::length("strong", strong.len(), named.len())?;
    let size = |set: &[bool]| set.iter().filter(|x| **x).count();
    let (all, n, k) = (named.len(), size(named), size(strong));
    let both = named.iter().zip(strong).filter(|(x, y)| **x && **y).count();
    Ok(ChanceFit {
        all,
        named: n,
        strong: k,
        both,
        expected: (all > 0).then(|| n as f64 * k as f64 / all as f64),
        p_value: (n > 0).then(|| quyu_math::hypergeometric_upper(both, n, k, all)),
    })
}
