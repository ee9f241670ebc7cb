//! Geary's C: how much neighbours differ.

use super::pairs::{GraphSums, Pairs};
use super::permute::{SquaredGap, test_of_pairs};
use super::sample::{Deviations, Islands, check_values};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::{PermutationOptions, PermutationTest};
use crate::{Error, check};

/// Geary's C with its moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Geary {
    /// C: below 1 where neighbours are alike, above 1 where they differ more than any two units.
    pub estimate: f64,
    /// 1: the expected value where values and places have nothing to do with each other.
    pub expected: f64,
    /// The number of units in the factor and the moments.
    pub n: usize,
    /// The units without neighbours.
    pub islands: Vec<usize>,
    /// Against the moments of independent normal values: z is negative where neighbours are alike. None where the statistic
    /// cannot vary.
    pub normality: Option<Analytic>,
    /// Against the moments over all permutations of the values, with the same sign. None where the statistic cannot vary, and for
    /// n < 4.
    pub randomisation: Option<Analytic>,
}

/// Geary's C of values on a map.
///
/// With the symbols of [`moran`](super::moran):
///
/// ```text
/// C       = ((n - 1) / (2 S0)) Σ_ij w_ij (x_i - x_j)² / Σ z²
/// E       = 1
/// V_norm  = [(2 S1 + S2)(n - 1) - 4 S0²] / [2 (n + 1) S0²]
/// V_rand  = {(n - 1) S1 [n² - 3n + 3 - (n - 1) k] - ¼ (n - 1) S2 [n² + 3n - 6 - (n² - n + 2) k]
///            + S0² [n² - 3 - (n - 1)² k]} / [n (n - 2)(n - 3) S0²]
/// z       = (C - 1) / √V
/// ```
///
/// No unit; at least 0. Does not change with unit or origin of x, nor with a common factor of the weights. **z is negative under positive
/// autocorrelation**, as in esda; spdep prints the opposite sign. Islands as in [`moran`](super::moran).
///
/// # Errors
/// As [`moran`](super::moran).
///
/// # References
/// Geary 1954, The Incorporated Statistician 5:115-145. Cliff & Ord 1981.
///
/// ```
/// use quyu_econometrics::space::{geary, Islands, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let found = geary(&[1.0, 2.0, 4.0, 5.0], &w, Islands::Drop)?;
/// assert!((found.estimate - 3.0 * 6.0 / (6.0 * 10.0)).abs() < 1e-15); // squared gaps 1 + 4 + 1, Σ z² = 10
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn geary(x: &[f64], weights: &Weights, islands: Islands) -> Result<Geary, Error> {
    let (values, pairs, sums, n) = prepare(x, weights, islands)?;
    let estimate = (n - 1.0) / (2.0 * sums.s0) * (pairs.sum(&values.z, gap) / values.square);
    check::result("Geary's C", estimate)?;
    let GraphSums { s0, s1, s2 } = sums;
    let against = |terms: [f64; 3], divisor: f64| {
        let divisor = divisor * s0 * s0;
        let size = terms.iter().fold(0.0, |size, t| size + (t / divisor).abs());
        Analytic::new(estimate, 1.0, terms.iter().sum::<f64>() / divisor, size)
    };
    let k = values.kurtosis();
    let normal = [2.0 * s1 * (n - 1.0), s2 * (n - 1.0), -4.0 * s0 * s0];
    let random = [
        (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * k),
        -0.25 * (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * k),
        s0 * s0 * (n * n - 3.0 - (n - 1.0) * (n - 1.0) * k),
    ];
    Ok(Geary {
        estimate,
        expected: 1.0,
        n: n as usize,
        islands: weights.islands(),
        normality: against(normal, 2.0 * (n + 1.0)),
        randomisation: (n > 3.0)
            .then(|| against(random, n * (n - 2.0) * (n - 3.0)))
            .flatten(),
    })
}

/// The permutation test of Geary's C: the values change places at random. `less` is the alternative that neighbours are alike.
///
/// The statistic is that of [`geary`]; with R random orders, p = (1 + as extreme ones) / (1 + R).
///
/// # Errors
/// As [`geary`]; [`Error::Domain`] for no permutations.
///
/// # References
/// Cliff & Ord 1981, Spatial Processes, ch. 2.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{geary_test, Islands, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let test = geary_test(&[1.0, 2.0, 4.0, 5.0], &w, Islands::Drop, &PermutationOptions::default())?;
/// assert_eq!((test.exact, test.less), (true, 2.0 / 24.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn geary_test(
    x: &[f64],
    weights: &Weights,
    islands: Islands,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let (values, pairs, sums, n) = prepare(x, weights, islands)?;
    let of = |sum: f64| (n - 1.0) / (2.0 * sums.s0) * (sum / values.square);
    test_of_pairs(&pairs, &values.z, SquaredGap, of, options)
}

fn gap(a: f64, b: f64) -> f64 {
    (a - b) * (a - b)
}

fn prepare(
    x: &[f64],
    weights: &Weights,
    islands: Islands,
) -> Result<(Deviations, Pairs, GraphSums, f64), Error> {
    check_values("x", x, weights, 2)?;
    let pairs = Pairs::new(weights);
    let sums = GraphSums::new(weights, &pairs)?;
    let n = islands.count(weights);
    check::at_least("units with neighbours", n, 2)?;
    Ok((Deviations::new(x)?, pairs, sums, n as f64))
}
