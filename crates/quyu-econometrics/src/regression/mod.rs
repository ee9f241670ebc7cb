//! Regression: least squares with robust standard errors, nonlinear least squares, panels.
//!
//! | question | function |
//! |---|---|
//! | what does y depend on? | [`ols`], with [`Ols::inference`] for standard errors |
//! | is the spread of the errors constant? | [`Ols::breusch_pagan`] |
//! | are several coefficients zero together? | [`Inference::joint_test`] |
//! | what if the model is not linear? | [`nls`] |
//! | regions over years | [`within`], [`random_effects`] |
//!
//! Standard errors that a package names: [`Covariance`] has the classical one, HC0 to HC3, clustered and Newey-West. p-values
//! come from Student's t (`quyu_math::student_t_two_sided`); statsmodels takes the normal distribution for robust
//! covariances, which [`Coefficient::df`] set to infinity gives.

mod coefficient;
mod covariance;
mod design;
mod lu;
mod nls;
mod ols;
mod panel;
mod qr;

pub use coefficient::{ChiSquareTest, Coefficient, FTest};
pub use covariance::{Covariance, Inference};
pub(crate) use design::power_of_two;
pub(crate) use lu::Lu;
pub use nls::{Nls, NlsOptions, nls};
pub(crate) use ols::with_constant;
pub use ols::{Ols, OlsOptions, ols};
pub use panel::{Effects, PanelCovariance, RandomEffects, SmallSample, Within, random_effects, within};
