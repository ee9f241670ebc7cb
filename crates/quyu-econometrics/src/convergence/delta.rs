//! Delta convergence: the distance to the best.

use crate::{Error, Matrix, check};
use quyu_math::sum_by;

/// Which value is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Best {
    /// The highest.
    #[default]
    Highest,
    /// The lowest, as of unemployment.
    Lowest,
}

/// Delta of each period: the sum of all distances to the best region, Σ_i |best - x_i|, in the unit of the values.
///
/// Falls where regions come nearer to the best, whoever that is; over the number of regions it is the mean distance.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Range`].
///
/// # References
/// Heichel, Pape & Sommerer 2005, Journal of European Public Policy 12:817-840. Eurofound 2018, Upward convergence in the EU.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{Best, delta}};
/// let rate = [60.0, 66.0, 70.0, 71.0]; // two regions, two years
/// assert_eq!(delta(Matrix::new(&rate, 2, 2)?, Best::Highest)?, [10.0, 5.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn delta(panel: Matrix<'_>, best: Best) -> Result<Vec<f64>, Error> {
    check::finite("panel", panel.data())?;
    (0..panel.cols())
        .map(|t| {
            let x = panel.col(t);
            let pick = match best {
                Best::Highest => x.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                Best::Lowest => x.iter().copied().fold(f64::INFINITY, f64::min),
            };
            check::result("delta", sum_by(x.len(), |i| (pick - x[i]).abs()))
        })
        .collect()
}
