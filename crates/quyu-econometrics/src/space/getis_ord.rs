//! Getis and Ord's G: whether high values lie with high ones.

use super::pairs::{GraphSums, Pairs};
use super::permute::{Product, test_of_pairs};
use super::sample::{Islands, check_values, scaled, unit};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::{PermutationOptions, PermutationTest};
use crate::{Error, check};
use quyu_math::{sum, sums_by};

/// General G with its moments.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneralG {
    /// G.
    pub estimate: f64,
    /// The expected value over all permutations.
    pub expected: f64,
    /// The number of units in the moments.
    pub n: usize,
    /// The units without neighbours.
    pub islands: Vec<usize>,
    /// Against the moments over all permutations. None where the statistic cannot vary, and for n < 4.
    pub randomisation: Option<Analytic>,
}

/// General G of values that have a natural zero.
///
/// With `m_r = Σ x^r` and S0, S1, S2 as in [`moran`](super::moran):
///
/// ```text
/// G   = Σ_ij w_ij x_i x_j / (m1² - m2)
/// E   = S0 / (n (n - 1))
/// V   = [B0 m2² + B1 m4 + B2 m1² m2 + B3 m1 m3 + B4 m1⁴] / [(m1² - m2)² n (n-1)(n-2)(n-3)] - E²
/// B0  = (n² - 3n + 3) S1 - n S2 + 3 S0²        B1 = -[(n² - n) S1 - 2n S2 + 6 S0²]
/// B2  = -[2n S1 - (n + 3) S2 + 6 S0²]          B3 = 4 (n - 1) S1 - 2 (n + 1) S2 + 8 S0²
/// B4  = S1 - S2 + S0²
/// ```
///
/// G above its expected value means that high values lie together, below it that low ones do or that high and low ones alternate. Meant for
/// binary weights. In the unit of the weights; does not change with the unit of x, but with its origin: **negative values
/// are an error**. Islands leave n in the moments by default, while the sums of x stay those of all units.
///
/// # Errors
/// As [`moran`](super::moran); [`Error::Negative`] for a value; [`Error::Undefined`] also if fewer than two values are above zero.
///
/// # Reference
/// Getis & Ord 1992, Geographical Analysis 24:189-206.
///
/// ```
/// use quyu_econometrics::space::{general_g, Islands, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let found = general_g(&[1.0, 2.0, 4.0, 5.0], &w, Islands::Drop)?;
/// assert!((found.estimate - 2.0 * 30.0 / (144.0 - 46.0)).abs() < 1e-15); // 1·2 + 2·4 + 4·5 = 30
/// assert_eq!(found.expected, 0.5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn general_g(x: &[f64], weights: &Weights, islands: Islands) -> Result<GeneralG, Error> {
    let map = Map::new(x, weights)?;
    let n = islands.count(weights) as f64;
    check::at_least("units with neighbours", n as usize, 2)?;
    let estimate = check::result("general G", map.pairs.sum(&map.x, |a, b| a * b) / map.products)?;
    let GraphSums { s0, s1, s2 } = map.sums;
    let expected = s0 / (n * (n - 1.0));
    let [m1, m2, m3, m4] = sums_by(map.x.len(), |i| {
        let v = map.x[i];
        [v, v * v, v * v * v, v * v * v * v]
    });
    let terms = [
        ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0) * m2 * m2,
        -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0) * m4,
        -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s0 * s0) * m1 * m1 * m2,
        (4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s0 * s0) * m1 * m3,
        (s1 - s2 + s0 * s0) * m1 * m1 * m1 * m1,
    ];
    let divisor = map.products * map.products * n * (n - 1.0) * (n - 2.0) * (n - 3.0);
    let size = terms.iter().fold(0.0, |size, t| size + (t / divisor).abs());
    let variance = terms.iter().sum::<f64>() / divisor - expected * expected;
    Ok(GeneralG {
        estimate,
        expected,
        n: n as usize,
        islands: weights.islands(),
        randomisation: (n > 3.0)
            .then(|| Analytic::new(estimate, expected, variance, size))
            .flatten(),
    })
}

/// The permutation test of general G: the values change places at random.
///
/// The statistic is that of [`general_g`]; with R random orders, p = (1 + as extreme ones) / (1 + R).
///
/// # Errors
/// As [`general_g`]; [`Error::Domain`] for no permutations.
///
/// # References
/// Getis & Ord 1992, Geographical Analysis 24:189-206.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{general_g_test, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let test = general_g_test(&[1.0, 2.0, 4.0, 5.0], &w, &PermutationOptions::default())?;
/// assert!(test.exact && test.greater < 0.5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn general_g_test(
    x: &[f64],
    weights: &Weights,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let map = Map::new(x, weights)?;
    test_of_pairs(&map.pairs, &map.x, Product, |sum| sum / map.products, options)
}

struct Map {
    /// In a unit of their own: the largest is between 1 and 2.
    x: Vec<f64>,
    pairs: Pairs,
    sums: GraphSums,
    /// `m1² - m2`: the sum of `x_i x_j` over all pairs.
    products: f64,
}

impl Map {
    fn new(x: &[f64], weights: &Weights) -> Result<Self, Error> {
        check_values("x", x, weights, 2)?;
        check::non_negative("x", x)?;
        if x.iter().all(|v| *v == x[0]) {
            return Err(Error::Undefined {
                reason: "all values are equal",
            });
        }
        let x = scaled(x, unit(x));
        let total = sum(&x);
        let products = quyu_math::sum_by(x.len(), |i| x[i] * (total - x[i]));
        if x.iter().filter(|v| **v > 0.0).count() < 2 || products < 1e-290 {
            return Err(Error::Undefined {
                reason: "fewer than two values are above zero",
            });
        }
        let pairs = Pairs::new(weights);
        Ok(Self {
            x,
            sums: GraphSums::new(weights, &pairs)?,
            pairs,
            products,
        })
    }
}
