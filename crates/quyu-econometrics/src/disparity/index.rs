//! The indices as values, for what works with any of them.

use super::*;
use crate::Error;

/// A disparity index with its parameters: what bootstrap, jackknife and tests take.
///
/// ```
/// use quyu_econometrics::disparity::{Index, theil_t};
/// let x = [1.0, 2.0, 6.0];
/// assert_eq!(Index::TheilT.of(&x, None), theil_t(&x, None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Index {
    /// [`gini`].
    Gini(GiniOptions),
    /// [`s_gini`] with its `nu`.
    SGini(f64),
    /// [`theil_t`].
    TheilT,
    /// [`mld`].
    Mld,
    /// [`ge`] with its `alpha`.
    Ge(f64),
    /// [`atkinson`] with its `epsilon`.
    Atkinson(f64),
    /// [`cv`].
    Cv(CvOptions),
    /// [`hoover`].
    Hoover,
    /// [`variance_of_logs`].
    VarianceOfLogs(LogCentre),
    /// [`kolm`] with its `alpha`.
    Kolm(f64),
    /// [`wolfson`].
    Wolfson(WolfsonScale),
}

impl Index {
    /// The index of x.
    ///
    /// # Errors
    /// Those of the function that the variant names.
    pub fn of(&self, x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
        match *self {
            Self::Gini(options) => gini(x, w, &options),
            Self::SGini(nu) => s_gini(x, w, nu),
            Self::TheilT => theil_t(x, w),
            Self::Mld => mld(x, w),
            Self::Ge(alpha) => ge(x, w, alpha),
            Self::Atkinson(epsilon) => atkinson(x, w, epsilon),
            Self::Cv(options) => cv(x, w, &options),
            Self::Hoover => hoover(x, w),
            Self::VarianceOfLogs(centre) => variance_of_logs(x, w, centre),
            Self::Kolm(alpha) => kolm(x, w, alpha),
            Self::Wolfson(scale) => wolfson(x, w, scale),
        }
    }
}
