//! Gamma convergence: do regions change places?

use crate::regression::ChiSquareTest;
use crate::{Error, Matrix, check};
use quyu_math::{sum, sum_by};

/// Gamma of each period against the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Gamma {
    /// Var(R_0 + ... + R_t) / Var((t + 1) R_0): all years up to t (Kendall's concordance); 1 for the first period.
    pub full: Vec<f64>,
    /// Var(R_0 + R_t) / Var(2 R_0): the year t alone; 1 for the first period.
    pub binary: Vec<f64>,
    /// The test of the full index for each period after the first: m (n - 1) gamma with m = t + 1 rankings of n regions is
    /// chi-square with n - 1 degrees of freedom if rankings are independent of each other. (A small p says that places persist.)
    pub tests: Vec<ChiSquareTest>,
}

/// Gamma convergence: 1 if nobody changes places, falling as ranks mix.
///
/// Ranks R ascend; equal values share their mean rank. (convergEU multiplies the first ranks by one more than the number of
/// periods.)
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer than two regions; [`Error::Undefined`] if all are equal in the first period.
///
/// # References
/// Boyle & McCarthy 1997, Oxford Bulletin of Economics and Statistics 59:257-264.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::gamma};
/// let income = [1.0, 2.0, 2.0, 1.0, 3.0, 3.0]; // the first two of three regions change places
/// let g = gamma(Matrix::new(&income, 3, 2)?)?;
/// assert_eq!(g.binary, [1.0, 0.75]); // ranks add up to 3, 3, 6: variance 2 (divisor n) against 8/3
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gamma(panel: Matrix<'_>) -> Result<Gamma, Error> {
    check::finite("panel", panel.data())?;
    check::at_least("panel", panel.rows(), 2)?;
    let n = panel.rows() as f64;
    let base = mid_ranks(&panel.col(0));
    let spread = square(&base);
    if spread == 0.0 {
        return Err(Error::Undefined {
            reason: "all regions are equal in the first period",
        });
    }
    let mut running = base.clone();
    let mut gamma = Gamma {
        full: vec![1.0],
        binary: vec![1.0],
        tests: Vec::new(),
    };
    for t in 1..panel.cols() {
        let ranks = mid_ranks(&panel.col(t));
        let pair: Vec<f64> = base.iter().zip(&ranks).map(|(a, b)| a + b).collect();
        running
            .iter_mut()
            .zip(&ranks)
            .for_each(|(sum, rank)| *sum += rank);
        let m = t as f64 + 1.0;
        let full = square(&running) / (m * m * spread);
        gamma.full.push(full);
        gamma.binary.push(square(&pair) / (4.0 * spread));
        gamma.tests.push(ChiSquareTest::new(
            "gamma",
            m * (n - 1.0) * full,
            panel.rows() - 1,
        )?);
    }
    Ok(gamma)
}

/// Σ (r - mean)².
fn square(r: &[f64]) -> f64 {
    let mean = sum(r) / r.len() as f64;
    sum_by(r.len(), |i| (r[i] - mean) * (r[i] - mean))
}

/// Ascending ranks from 1; equal values share their mean rank.
pub(super) fn mid_ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    let mut before = 0;
    // -0 and 0 are equal, whatever their order.
    for run in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let rank = before as f64 + 0.5 * (run.len() as f64 + 1.0);
        run.iter().for_each(|i| ranks[*i] = rank);
        before += run.len();
    }
    ranks
}
