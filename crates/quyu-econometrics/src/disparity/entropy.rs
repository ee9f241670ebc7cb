//! The kernel of generalised entropy, shared by the indices and their decompositions.
//!
//! With r = x / c for any pivot c near the mean, d = r - 1 and t(r) = (r^a - 1 - a d) / (a (a - 1)), the index is
//! `(1 + e)^-a (sum f t(r) - t(1 + e))`, where 1 + e is the weighted mean of r. The terms t are never negative, and they
//! are computed as gaps between a function and its tangent, so that no digit is lost where regions are nearly equal or
//! where a is close to 0 or 1.

use crate::{Error, check};
use quyu_math::lanes::Gap;
use quyu_math::{exp, exp_gap, exp_m1, ln, ln_1p, ln_gap, xlnx_gap};

/// t for one value of the parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kernel {
    /// a = 0: mean log deviation.
    Ln,
    /// a = 1: Theil T.
    XlnX,
    /// a = 2: half the squared coefficient of variation.
    Square,
    /// a up to 1/2, written around a = 0.
    Low(f64),
    /// a above 1/2, written around a = 1.
    High(f64),
}

impl Kernel {
    pub(crate) fn new(alpha: f64) -> Result<Self, Error> {
        check::between("alpha", alpha, (f64::MIN, f64::MAX), "any finite number")?;
        Ok(match alpha {
            // So near to 0 that a step of ln x would underflow: the limit has all the digits there are.
            a if a.abs() < 1e-290 => Self::Ln,
            1.0 => Self::XlnX,
            2.0 => Self::Square,
            a if a <= 0.5 => Self::Low(a),
            a => Self::High(a),
        })
    }

    pub(crate) fn alpha(self) -> f64 {
        match self {
            Self::Ln => 0.0,
            Self::XlnX => 1.0,
            Self::Square => 2.0,
            Self::Low(a) | Self::High(a) => a,
        }
    }

    /// Whether the index has no finite value as soon as one region has nothing.
    pub(crate) fn needs_positive(self) -> bool {
        self.alpha() <= 0.0
    }

    /// Whether a value far below the mean counts by its logarithm: the kernels written around a = 0.
    pub(crate) fn is_logarithmic(self) -> bool {
        matches!(self, Self::Ln | Self::Low(_))
    }

    /// The vectorised loop for this kernel, if there is one.
    pub(crate) fn gap(self) -> Option<Gap> {
        match self {
            Self::Ln => Some(Gap::Ln),
            Self::XlnX => Some(Gap::XlnX),
            _ => None,
        }
    }

    /// t(r) with d = r - 1 given as well.
    #[inline(always)]
    pub(crate) fn at(self, r: f64, d: f64) -> f64 {
        match self {
            Self::Ln => ln_gap(r, d),
            Self::XlnX => xlnx_gap(r, d),
            Self::Square => 0.5 * d * d,
            Self::Low(a) if r > 0.0 => (ln_gap(r, d) - exp_gap(a * ln_of(r, d)) / a) / (1.0 - a),
            Self::High(a) if r > 0.0 => {
                (r * exp_gap((a - 1.0) * ln_of(r, d)) / (a - 1.0) + xlnx_gap(r, d)) / a
            }
            Self::Low(a) | Self::High(a) => 1.0 / a,
        }
    }

    /// The index from the mean of t around a pivot, where the mean of r is 1 + drift.
    pub(crate) fn index(self, mean_of_t: f64, drift: f64) -> f64 {
        let centred = mean_of_t - self.at(1.0 + drift, drift);
        (self.power(drift) * centred).max(0.0)
    }

    /// (1 + drift)^-a.
    fn power(self, drift: f64) -> f64 {
        match self {
            Self::Ln => 1.0,
            _ => exp(-self.alpha() * ln_1p(drift)),
        }
    }

    /// What a group with relative mean r adds to the index between groups, for one unit of population share: (r^a - 1) /
    /// (a (a - 1)) for a up to 1/2, which is -ln r at 0, and (r^a - r) / (a (a - 1)) above, which is r ln r at 1. The two
    /// sums over groups are the same because the mean of r is 1. Signed; d = r - 1 is given as well.
    pub(crate) fn term(self, r: f64, d: f64) -> f64 {
        match self {
            Self::Ln => -ln_of(r, d),
            Self::Low(a) if r == 0.0 => 1.0 / (a * (1.0 - a)),
            Self::Low(a) => exp_m1(a * ln_of(r, d)) / a / (a - 1.0),
            _ if r == 0.0 => 0.0,
            Self::XlnX => r * ln_of(r, d),
            Self::Square => 0.5 * r * d,
            Self::High(a) => r * exp_m1((a - 1.0) * ln_of(r, d)) / (a - 1.0) / a,
        }
    }

    /// r^a: what the index of a group with relative mean r counts in the total, for one unit of population share.
    pub(crate) fn weight_of_group(self, r: f64) -> f64 {
        match self {
            Self::Ln => 1.0,
            Self::XlnX => r,
            Self::Square => r * r,
            Self::Low(a) | Self::High(a) => quyu_math::pow(r, a),
        }
    }
}

/// ln r, from d near 1 and from r elsewhere.
#[inline(always)]
fn ln_of(r: f64, d: f64) -> f64 {
    if d.abs() < 0.5 { ln_1p(d) } else { ln(r) }
}
