//! Sigma convergence between two periods, with tests that know that the regions are the same.

use super::sigma::{SigmaOptions, check_values, transformed, variance};
use crate::regression::{ChiSquareTest, FTest};
use crate::{Error, check};
use quyu_math::{f_tails, ln, normal_cdf, sqrt, sum, sum_by};

/// A statistic that is standard normal under the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalTest {
    /// The statistic.
    pub z: f64,
    /// Upper tail of the normal distribution.
    pub p_value: f64,
}

/// Sigma of two periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SigmaChange {
    /// Number of regions.
    pub n: usize,
    /// Sigma of the first period.
    pub first: f64,
    /// Sigma of the last period.
    pub last: f64,
    /// first / last: above 1 if the spread fell.
    pub quotient: f64,
    /// The F test for two independent samples, `df` n - 1 and n - 1, two-sided. The regions of two years are no independent
    /// samples: printed because REAT and others print it.
    pub independent: FTest,
    /// Lichtenberg 1994: first² / last² as F with n - 2 and n - 2 degrees of freedom, upper tail. Too cautious where the
    /// years are correlated (Carree & Klomp 1997).
    pub lichtenberg: FTest,
    /// The likelihood-ratio test of Carree & Klomp 1997 (T2), chi-square with 1 degree of freedom, two-sided by nature;
    /// none where the years are perfectly correlated.
    pub carree_klomp_lr: Option<ChiSquareTest>,
    /// The test of Carree & Klomp 1997 (T3), normal; the upper tail is convergence. None where |π| is 1 or more.
    pub carree_klomp: Option<NormalTest>,
}

/// Compares the spread of the same regions in two periods.
///
/// With z the logarithms (or values over their mean, or values: the measure of the options), s0² and s1² their variances, s01
/// their covariance, π = s01 / s0² the slope of z1 on z0, n regions:
///
/// * F = s0² / s1², for independent samples and in Lichtenberg's test;
/// * T2 = (n - 2.5) ln(1 + (s0² - s1²)² / (4 (s0² s1² - s01²)));
/// * T3 = sqrt(n) (s0² / s1² - 1) / (2 sqrt(1 - π²)).
///
/// For the coefficient of variation the tests take the means as known.
///
/// # Errors
/// As [`sigma`](super::sigma()); [`Error::TooFew`] below four regions; [`Error::Undefined`] if the regions are all equal in a
/// period.
///
/// # References
/// Lichtenberg 1994, Review of Economics and Statistics 76:576-579. Carree & Klomp 1997, Review of Economics and Statistics
/// 79:683-686.
///
/// ```
/// use quyu_econometrics::convergence::{SigmaOptions, sigma_change};
/// let before = [1.0, 2.0, 4.0, 8.0, 3.0];
/// let after = [2.0, 2.5, 5.0, 7.0, 4.0];
/// let change = sigma_change(&before, &after, &SigmaOptions::default())?;
/// assert!(change.quotient > 1.0 && change.carree_klomp.is_some_and(|t| t.p_value < 0.05));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn sigma_change(first: &[f64], last: &[f64], options: &SigmaOptions) -> Result<SigmaChange, Error> {
    options.check()?;
    check::length("last", last.len(), first.len())?;
    check::at_least("first", first.len(), 4)?;
    let z = [first, last].map(|x| {
        check_values(x, options.measure)?;
        transformed(x.to_vec(), options.measure, None)
    });
    let [a, b] = z;
    let (a, b) = (a?, b?);
    let n = a.len() as f64;
    let (va, vb) = (variance(&a, None, options.ddof), variance(&b, None, options.ddof));
    check::in_range("a variance", &[va, vb])?;
    if va == 0.0 || vb == 0.0 {
        return Err(Error::Undefined {
            reason: "the regions are all equal in a period",
        });
    }
    let ratio = va / vb;
    check::in_range("a ratio of variances", &[ratio])?;
    let (lower, upper) = f_tails(ratio, n - 1.0, n - 1.0);
    let (r, slope) = correlation_and_slope(&a, &b);
    Ok(SigmaChange {
        n: a.len(),
        first: sqrt(va),
        last: sqrt(vb),
        quotient: sqrt(va) / sqrt(vb),
        independent: FTest {
            statistic: ratio,
            df: (n - 1.0, n - 1.0),
            p_value: (2.0 * lower.min(upper)).min(1.0),
        },
        lichtenberg: FTest::new("an F statistic", ratio, (n - 2.0, n - 2.0))?,
        carree_klomp_lr: likelihood_ratio(n, ratio, r),
        carree_klomp: (slope.abs() < 1.0).then(|| {
            let z = sqrt(n) * (ratio - 1.0) / (2.0 * sqrt(1.0 - slope * slope));
            NormalTest {
                z,
                p_value: normal_cdf(-z),
            }
        }),
    })
}

/// T2, written with the ratio q of the variances and the correlation r: (s0² - s1²)² / (s0² s1² - s01²) = (q - 1)² / (q (1 - r²)).
fn likelihood_ratio(n: f64, q: f64, r: f64) -> Option<ChiSquareTest> {
    let rest = 1.0 - r * r;
    if rest <= 1e-14 {
        return None;
    }
    let change = (q - 1.0) / (q * rest) * (q - 1.0) / 4.0;
    ChiSquareTest::new("a likelihood ratio", (n - 2.5) * ln(1.0 + change), 1).ok()
}

fn correlation_and_slope(a: &[f64], b: &[f64]) -> (f64, f64) {
    let centred = |x: &[f64]| -> Vec<f64> {
        let mean = sum(x) / x.len() as f64;
        x.iter().map(|v| v - mean).collect()
    };
    let (a, b) = (centred(a), centred(b));
    let root = |x: &[f64]| sqrt(sum_by(x.len(), |i| x[i] * x[i]));
    let (ra, rb) = (root(&a), root(&b));
    let r = sum_by(a.len(), |i| (a[i] / ra) * (b[i] / rb));
    (r, r * (rb / ra))
}
