//! The indices as values, for what works with any of them.

use super::sample::{Domain, Sample};
use super::*;
use crate::{Error, check};

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
    /// [`cv`], which is [`williamson`] where there are weights.
    Cv(CvOptions),
    /// [`williamson_unweighted`]; without weights it is [`cv`].
    WilliamsonUnweighted,
    /// [`hoover`].
    Hoover,
    /// [`variance_of_logs`].
    VarianceOfLogs(LogCentre),
    /// [`coulter`] of the totals `w x` against the weights; without weights of `x` against equal shares.
    Coulter,
    /// [`kolm`] with its `alpha`.
    Kolm(f64),
    /// [`wolfson`].
    Wolfson(WolfsonScale),
    /// [`esteban_ray`] with its `alpha`: every region is a group, with values relative to the mean.
    EstebanRay(f64),
    /// [`quantile_ratio`].
    QuantileRatio {
        /// The upper quantile: 0.9 for P90/P10.
        high: f64,
        /// The lower quantile.
        low: f64,
    },
    /// [`quintile_share_ratio`].
    QuintileShareRatio,
    /// [`top_bottom_ratio`].
    TopBottomRatio {
        /// The part of the weight at the rich end: 0.1 for [`palma`].
        top: f64,
        /// The part at the poor end: 0.4 for [`palma`].
        bottom: f64,
    },
}

impl Index {
    /// The index of x.
    ///
    /// # Errors
    /// Those of the function that the variant names.
    ///
    /// ```
    /// use quyu_econometrics::disparity::Index;
    /// assert_eq!(Index::Hoover.of(&[1.0, 3.0], None)?, 0.25);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn of(&self, x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
        match *self {
            Self::Gini(options) => gini(x, w, &options),
            Self::SGini(nu) => s_gini(x, w, nu),
            Self::TheilT => theil_t(x, w),
            Self::Mld => mld(x, w),
            Self::Ge(alpha) => ge(x, w, alpha),
            Self::Atkinson(epsilon) => atkinson(x, w, epsilon),
            Self::Cv(options) => cv(x, w, &options),
            Self::WilliamsonUnweighted => match w {
                Some(w) => williamson_unweighted(x, w),
                None => cv(x, None, &CvOptions::default()),
            },
            Self::Hoover => hoover(x, w),
            Self::VarianceOfLogs(centre) => variance_of_logs(x, w, centre),
            Self::Coulter => coulter_of_totals(x, w),
            Self::Kolm(alpha) => kolm(x, w, alpha),
            Self::Wolfson(scale) => wolfson(x, w, scale),
            Self::EstebanRay(alpha) => esteban_ray_of_units(x, w, alpha),
            Self::QuantileRatio { high, low } => quantile_ratio(x, w, high, low),
            Self::QuintileShareRatio => quintile_share_ratio(x, w),
            Self::TopBottomRatio { top, bottom } => top_bottom_ratio(x, w, top, bottom),
        }
    }
}

fn coulter_of_totals(x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
    let Some(w) = w else {
        return coulter(x, None);
    };
    check::not_empty("x", x)?;
    check::length("w", w.len(), x.len())?;
    check::non_negative("w", w)?;
    check::non_negative("x", x)?;
    let totals: Vec<f64> = x.iter().zip(w).map(|(x, w)| x * w).collect();
    check::in_range("the product of a value and its weight", &totals)?;
    coulter(&totals, Some(w))
}

fn esteban_ray_of_units(x: &[f64], w: Option<&[f64]>, alpha: f64) -> Result<f64, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    let units = 0..sample.len();
    let (means, shares): (Vec<f64>, Vec<f64>) = units.map(|i| (sample.ratio(i), sample.weight_at(i))).unzip();
    esteban_ray(&means, &shares, alpha)
}
