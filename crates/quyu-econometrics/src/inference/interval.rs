//! Confidence intervals and the quantiles behind them.

use super::bootstrap::Bootstrap;
use crate::{Error, check};
use quyu_math::{normal_cdf, normal_quantile};

/// How a quantile between two replicates is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuantileRule {
    /// At (R + 1) p, between two replicates on the scale of the normal distribution: Davison & Hinkley 1997, and boot.ci.
    #[default]
    Normal,
    /// At (R + 1) p, between two replicates on a straight line: Hyndman & Fan type 6.
    Linear,
}

/// The construction of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Quantiles of the replicates.
    Percentile,
    /// Quantiles mirrored at the estimate.
    Basic,
    /// Estimate less bias, plus and minus normal quantiles times the standard error.
    Normal,
    /// Bias-corrected and accelerated.
    Bca,
    /// Quantiles of studentised deviations.
    Studentised,
}

/// What the jackknife values are centred at in the acceleration of [`Bootstrap::bca`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Acceleration {
    /// Their mean: Efron & Tibshirani 1993, eq. 14.15.
    #[default]
    JackknifeMean,
    /// The estimate: the R package boot.
    Estimate,
}

/// A confidence interval with the rules that made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Level, between 0 and 1.
    pub confidence: f64,
    /// Construction.
    pub method: Method,
    /// How quantiles were read; of no effect for [`Method::Normal`].
    pub rule: QuantileRule,
}

impl Interval {
    pub(crate) fn new(
        (low, high): (f64, f64),
        confidence: f64,
        method: Method,
        rule: QuantileRule,
    ) -> Result<Self, Error> {
        check::in_range("the end of an interval", &[low, high])?;
        Ok(Self {
            low,
            high,
            confidence,
            method,
            rule,
        })
    }
}

/// The quantile of replicates at (R + 1) p, within their range. Changes their order: two places of it are worked out, not all.
pub(crate) fn quantile(values: &mut [f64], p: f64, rule: QuantileRule) -> f64 {
    let count = values.len() as f64;
    let position = (count + 1.0) * p;
    // A level such as 0.95 is not a double; what is whole but for that is whole.
    let whole = position.round();
    let position = if (position - whole).abs() < 1e-9 {
        whole
    } else {
        position
    };
    let k = position.floor().clamp(1.0, count);
    let (_, low, above) = values.select_nth_unstable_by(k as usize - 1, f64::total_cmp);
    let (low, next) = (*low, above.iter().min_by(|a, b| a.total_cmp(b)));
    let Some(&high) = next.filter(|_| position > 1.0) else {
        return low;
    };
    let part = match rule {
        _ if position == k => 0.0,
        QuantileRule::Linear => position - k,
        QuantileRule::Normal => {
            let z = |k: f64| normal_quantile(k / (count + 1.0));
            (normal_quantile(p) - z(k)) / (z(k + 1.0) - z(k))
        }
    };
    low + part * (high - low)
}

pub(crate) fn bca_interval(
    bootstrap: &Bootstrap,
    acceleration: f64,
    (lower, upper): (f64, f64),
    (confidence, rule): (f64, QuantileRule),
) -> Result<Interval, Error> {
    let mut values = bootstrap.at_least_two()?;
    let z0 = bootstrap.bias_correction()?;
    let mut end = |p: f64| {
        let z = z0 + normal_quantile(p);
        quantile(&mut values, normal_cdf(z0 + z / (1.0 - acceleration * z)), rule)
    };
    Interval::new((end(lower), end(upper)), confidence, Method::Bca, rule)
}
