//! From the slope of a growth regression to the speed of convergence.

use crate::regression::Coefficient;
use quyu_math::{ln, ln_1p};
use std::f64::consts::LN_2;

/// How fast the gap to the steady state closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// λ = -ln(1 + b T) / T, a year: the share of the gap that is closed in a short time. Below zero if regions diverge.
    /// Standard error by the delta method: se(b) / (1 + b T), which is also the Gauss-Newton one of nonlinear least squares.
    pub speed: Coefficient,
    /// ln 2 / λ, in years, with the standard error se(λ) ln 2 / λ²; none where regions do not converge.
    pub half_life: Option<Coefficient>,
}

impl Speed {
    /// From b, the slope of average yearly growth over T years on the logarithm at the start. None where 1 + b T is not
    /// positive: regions overtake each other within the period, and no speed says so.
    pub(crate) fn of(slope: Coefficient, years: f64) -> Option<Self> {
        let moved = slope.estimate * years;
        let kept = 1.0 + moved;
        if kept <= 0.0 {
            return None;
        }
        // ln(1 + bT) near zero keeps its digits with ln_1p, near -1 with ln.
        let log = if moved > -0.5 { ln_1p(moved) } else { ln(kept) };
        let speed = Coefficient {
            estimate: -log / years,
            std_error: slope.std_error / kept,
            df: slope.df,
        };
        let half_life = Coefficient {
            estimate: LN_2 / speed.estimate,
            std_error: speed.std_error / speed.estimate * (LN_2 / speed.estimate),
            df: slope.df,
        };
        let finite = |c: &Coefficient| c.estimate.is_finite() && c.std_error.is_finite();
        finite(&speed).then_some(Self {
            speed,
            half_life: (speed.estimate > 0.0 && finite(&half_life)).then_some(half_life),
        })
    }
}
