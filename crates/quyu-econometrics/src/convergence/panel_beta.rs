//! Beta convergence in a panel.

use super::beta::log_ratio;
use super::speed::Speed;
use crate::regression::{Coefficient, Effects, Inference, PanelCovariance, Within, within};
use crate::{Error, Matrix, check};
use quyu_math::ln;

/// Options of [`panel_beta`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelBetaOptions {
    /// Effects that are absorbed; of regions and years by default.
    pub effects: Effects,
    /// Standard errors; clustered by region by default.
    pub covariance: PanelCovariance,
    /// Years from one period to the next; 1 by default.
    pub step: f64,
}

impl Default for PanelBetaOptions {
    fn default() -> Self {
        Self {
            effects: Effects::default(),
            covariance: PanelCovariance::default(),
            step: 1.0,
        }
    }
}

/// A growth regression on a panel.
#[derive(Debug, Clone)]
pub struct PanelBeta {
    /// The panel regression.
    pub regression: Within,
    /// Coefficients with standard errors: the slope on the logarithm, then the conditions; behind the constant where the
    /// regression is pooled.
    pub inference: Inference,
    /// Slope on the logarithm at the start of each step.
    pub beta: Coefficient,
    /// Speed and half-life; none where 1 + beta · step is not positive.
    pub speed: Option<Speed>,
}

/// The growth regression on a panel with effects of regions and years.
///
/// (1/τ) ln(y_it / y_i,t-1) = b ln y_i,t-1 + c'z_it + region + year, with τ = `step` years between periods. `levels` are regions by
/// periods; each condition is regions by steps (one period fewer). λ = -ln(1 + b τ) / τ. With effects of regions every region
/// converges to a level of its own, and the estimate of b is biased downwards by about 1/steps (Nickell 1981): the speed is too
/// high in short panels.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two periods; [`Error::Negative`], [`Error::Zero`], [`Error::NotFinite`], [`Error::Length`],
/// [`Error::Domain`] for the step; as [`within`] and [`Within::inference`].
///
/// # References
/// Islam 1995, Quarterly Journal of Economics 110:1127-1170. Nickell 1981, Econometrica 49:1417-1426.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{PanelBetaOptions, panel_beta}};
/// let levels = [1.0, 1.3, 1.6, 1.7, 2.0, 2.1, 2.6, 2.5, 4.0, 4.1, 4.0, 4.4];
/// let fit = panel_beta(Matrix::new(&levels, 3, 4)?, &[], &PanelBetaOptions::default())?;
/// assert!(fit.beta.estimate < 0.0 && fit.beta.df == 2.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn panel_beta(
    levels: Matrix<'_>,
    conditions: &[Matrix<'_>],
    options: &PanelBetaOptions,
) -> Result<PanelBeta, Error> {
    check::at_least("levels", levels.cols(), 2)?;
    check::positive("levels", levels.data())?;
    if !(options.step > 0.0 && options.step.is_finite()) {
        return Err(Error::Domain {
            option: "step",
            value: options.step,
            domain: "above 0",
        });
    }
    let (regions, steps) = (levels.rows(), levels.cols() - 1);
    let (mut growth, mut start) = (Vec::new(), Vec::new());
    for r in 0..regions {
        for pair in levels.row(r).windows(2) {
            growth.push(log_ratio(pair[0], pair[1]) / options.step);
            start.push(ln(pair[0]));
        }
    }
    check::in_range("a growth rate", &growth)?;
    let mut x = vec![Matrix::of(&start, regions, steps)];
    x.extend_from_slice(conditions);
    let regression = within(Matrix::of(&growth, regions, steps), &x, options.effects)?;
    let inference = regression.inference(options.covariance)?;
    let position = usize::from(options.effects == Effects::Pooled);
    let beta = inference.coefficients[position];
    Ok(PanelBeta {
        speed: Speed::of(beta, options.step),
        regression,
        inference,
        beta,
    })
}
