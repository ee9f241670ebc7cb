//! Moments under the null hypothesis, and the p-values that the normal distribution gives them.

use crate::inference::Alternative;
use quyu_math::{normal_cdf, sqrt};

/// P-values of a statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Probability of a value as large, or larger.
    pub greater: f64,
    /// Probability of a value as small, or smaller.
    pub less: f64,
    /// Probability of a value as far from the expected one, on either side.
    pub two_sided: f64,
}

impl Tails {
    /// The p-value of an alternative.
    pub fn p_value(&self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => self.two_sided,
            Alternative::Greater => self.greater,
            Alternative::Less => self.less,
        }
    }

    /// Of a standard normal variable.
    pub(super) fn normal(z: f64) -> Self {
        Self {
            greater: normal_cdf(-z),
            less: normal_cdf(z),
            two_sided: 2.0 * normal_cdf(-z.abs()),
        }
    }

    /// `(1 + count) / (1 + R)`, and twice the smaller of the two, at most 1.
    pub(super) fn counted(greater: usize, less: usize, permutations: usize) -> Self {
        let p = |count: usize| (1.0 + count as f64) / (1.0 + permutations as f64);
        Self {
            greater: p(greater),
            less: p(less),
            two_sided: (2.0 * p(greater).min(p(less))).min(1.0),
        }
    }
}

/// A statistic against its moments under the null hypothesis, by the normal distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Analytic {
    /// The expected value.
    pub expected: f64,
    /// The variance.
    pub variance: f64,
    /// (observed - expected) / √variance.
    pub z: f64,
    /// P-values of z.
    pub p: Tails,
}

impl Analytic {
    /// None where the moments are not defined or beyond a double, or where the statistic does not vary beyond rounding: `size` is the size of the
    /// terms whose difference the variance is.
    pub(super) fn new(observed: f64, expected: f64, variance: f64, size: f64) -> Option<Self> {
        let varies = variance > 1e-12 * size && (f64::MIN_POSITIVE..f64::INFINITY).contains(&variance);
        let z = (observed - expected) / sqrt(variance);
        (varies && z.is_finite() && expected.is_finite()).then(|| Self {
            expected,
            variance,
            z,
            p: Tails::normal(z),
        })
    }
}
