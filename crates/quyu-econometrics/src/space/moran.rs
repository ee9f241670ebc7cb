//! Moran's I: whether like values lie together.

use super::pairs::{GraphSums, Pairs};
use super::permute::{Product, test_of_pairs, test_of_products};
use super::sample::{Deviations, Islands, check_values};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::{PermutationOptions, PermutationTest};
use crate::{Error, check};
use quyu_math::{dot, sqrt};

/// Moran's I with its moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Moran {
    /// I.
    pub estimate: f64,
    /// `-1 / (n - 1)`: the expected value where values and places have nothing to do with each other.
    pub expected: f64,
    /// The number of units in the factor and the moments.
    pub n: usize,
    /// The units without neighbours.
    pub islands: Vec<usize>,
    /// Against the moments of independent normal values. None where the statistic cannot vary.
    pub normality: Option<Analytic>,
    /// Against the moments over all permutations of the values. None where the statistic cannot vary, and for n < 4.
    pub randomisation: Option<Analytic>,
}

/// Moran's I of values on a map.
///
/// With `z = x - mean`, `S0 = Σ w_ij`, `S1 = ½ Σ (w_ij + w_ji)²`, `S2 = Σ_i (w_i. + w_.i)²`, `k = N Σ z⁴ / (Σ z²)²`:
///
/// ```text
/// I       = (n / S0) Σ_ij w_ij z_i z_j / Σ z²
/// E       = -1 / (n - 1)
/// V_norm  = (n² S1 - n S2 + 3 S0²) / ((n - 1)(n + 1) S0²) - E²
/// V_rand  = {n [(n² - 3n + 3) S1 - n S2 + 3 S0²] - k [(n² - n) S1 - 2n S2 + 6 S0²]} / ((n - 1)(n - 2)(n - 3) S0²) - E²
/// ```
///
/// No unit; does not change with unit or origin of x, nor with a common factor of the weights. Often, not always, between -1 and 1.
/// **Islands** leave n by default, while mean, `Σ z²` and k stay those of all N units ([`Islands`]). All values equal: an
/// error, for like and unlike mean nothing then.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`] for `x`; [`Error::TooFew`] below two units; [`Error::Undefined`] for equal values and for a
/// map without links; [`Error::Range`] for weights whose squares leave the range of a double.
///
/// # References
/// Moran 1950, Biometrika 37:17-23. Cliff & Ord 1981, Spatial Processes. Bivand & Portnov 2004 (islands).
///
/// ```
/// use quyu_econometrics::space::{moran, Islands, Style, Weights};
/// // Four regions in a row, rich ones together.
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?.styled(Style::Row)?;
/// let found = moran(&[1.0, 2.0, 4.0, 5.0], &w, Islands::Drop)?;
/// assert!((found.estimate - 0.5).abs() < 1e-15); // z = -2, -1, 1, 2: (2 + 0.5 + 0.5 + 2) / 10
/// assert_eq!(found.expected, -1.0 / 3.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moran(x: &[f64], weights: &Weights, islands: Islands) -> Result<Moran, Error> {
    let map = Map::new(x, weights, islands)?;
    let estimate = check::result("Moran's I", map.of(map.pairs.sum(&map.values.z, |a, b| a * b)))?;
    let (n, GraphSums { s0, s1, s2 }) = (map.n, map.sums);
    let expected = -1.0 / (n - 1.0);
    let against = |terms: [f64; 3], divisor: f64| {
        let divisor = divisor * s0 * s0;
        let mean_square = terms.iter().sum::<f64>() / divisor;
        let size = terms.iter().fold(0.0, |size, t| size + (t / divisor).abs());
        Analytic::new(estimate, expected, mean_square - expected * expected, size)
    };
    let k = map.values.kurtosis();
    let normal = [n * n * s1, -n * s2, 3.0 * s0 * s0];
    let random = [
        (n * (n * n - 3.0 * n + 3.0) - k * (n * n - n)) * s1,
        (2.0 * n * k - n * n) * s2,
        (3.0 * n - 6.0 * k) * s0 * s0,
    ];
    Ok(Moran {
        estimate,
        expected,
        n: n as usize,
        islands: weights.islands(),
        normality: against(normal, (n - 1.0) * (n + 1.0)),
        randomisation: (n > 3.0)
            .then(|| against(random, (n - 1.0) * (n - 2.0) * (n - 3.0)))
            .flatten(),
    })
}

/// The permutation test of Moran's I: the values change places at random.
///
/// p = (1 + count) / (1 + R), two-sided = min(1, 2 min(greater, less)); exact where n! is small
/// ([`PermutationOptions::exact_up_to`]). Permutation i is drawn from stream i of the seed: the same for any number of threads.
///
/// # Errors
/// As [`moran`]; [`Error::Domain`] for no permutations.
///
/// # References
/// Cliff & Ord 1981. North, Curtis & Sham 2002, Am. J. Human Genetics 71:439-441.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{moran_test, Islands, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let test = moran_test(&[1.0, 2.0, 4.0, 5.0], &w, Islands::Drop, &PermutationOptions::default())?;
/// // Of 24 orders only this one and its mirror image are as clustered.
/// assert_eq!((test.exact, test.greater), (true, 2.0 / 24.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moran_test(
    x: &[f64],
    weights: &Weights,
    islands: Islands,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let map = Map::new(x, weights, islands)?;
    test_of_pairs(&map.pairs, &map.values.z, Product, |sum| map.of(sum), options)
}

/// A variable on a map.
struct Map {
    values: Deviations,
    pairs: Pairs,
    sums: GraphSums,
    n: f64,
}

impl Map {
    fn new(x: &[f64], weights: &Weights, islands: Islands) -> Result<Self, Error> {
        check_values("x", x, weights, 2)?;
        let pairs = Pairs::new(weights);
        let n = islands.count(weights);
        check::at_least("units with neighbours", n, 2)?;
        Ok(Self {
            values: Deviations::new(x)?,
            sums: GraphSums::new(weights, &pairs)?,
            pairs,
            n: n as f64,
        })
    }

    fn of(&self, sum: f64) -> f64 {
        self.n / self.sums.s0 * (sum / self.values.square)
    }
}

/// Bivariate Moran's I: whether a variable goes with another one next door.
///
/// `I = (n / S0) Σ_ij w_ij dx_i dy_j / √(Σ dx² Σ dy²)`: x stays at i, y is that of the neighbours. It mixes the correlation of x and y
/// in one place with that between places, so it is not a test of the latter alone. No unit. n and islands as in [`moran`].
///
/// # Errors
/// As [`moran`], for x and for y.
///
/// # Reference
/// Anselin, Syabri & Smirnov 2002, Visualizing multivariate spatial correlation with dynamically linked windows.
///
/// ```
/// use quyu_econometrics::space::{moran, moran_bivariate, Islands, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let (x, minus) = ([1.0, 2.0, 4.0, 5.0], [-1.0, -2.0, -4.0, -5.0]);
/// let own = moran(&x, &w, Islands::Drop)?.estimate;
/// assert!((moran_bivariate(&x, &minus, &w, Islands::Drop)? + own).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moran_bivariate(x: &[f64], y: &[f64], weights: &Weights, islands: Islands) -> Result<f64, Error> {
    let two = Two::new(x, y, weights, islands)?;
    check::result("Moran's I", two.factor * dot(&two.lagged, &two.y))
}

/// The permutation test of the bivariate Moran's I: y changes places, x stays.
///
/// The statistic is that of [`moran_bivariate`]; with R random orders, p = (1 + as extreme ones) / (1 + R).
///
/// # Errors
/// As [`moran_bivariate`]; [`Error::Domain`] for no permutations.
///
/// # References
/// As in [`moran_bivariate`].
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{moran_bivariate_test, Islands, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let options = PermutationOptions::default();
/// let test = moran_bivariate_test(&[1.0, 2.0, 4.0, 5.0], &[0.0, 1.0, 1.0, 7.0], &w, Islands::Drop, &options)?;
/// assert!(test.exact && test.observed > 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn moran_bivariate_test(
    x: &[f64],
    y: &[f64],
    weights: &Weights,
    islands: Islands,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let two = Two::new(x, y, weights, islands)?;
    test_of_products(&two.lagged, &two.y, |sum| two.factor * sum, options)
}

/// `factor Σ_j lagged_j y_j` is the statistic, lagged being the sum of x over those that have j as a neighbour.
struct Two {
    lagged: Vec<f64>,
    y: Vec<f64>,
    factor: f64,
}

impl Two {
    fn new(x: &[f64], y: &[f64], weights: &Weights, islands: Islands) -> Result<Self, Error> {
        check_values("x", x, weights, 2)?;
        check_values("y", y, weights, 2)?;
        let (x, y) = (Deviations::new(x)?, Deviations::new(y)?);
        let sums = GraphSums::new(weights, &Pairs::new(weights))?;
        let n = islands.count(weights);
        Ok(Self {
            lagged: weights.transposed().lag_of(&x.z),
            factor: n as f64 / sums.s0 / sqrt(x.square) / sqrt(y.square),
            y: y.z,
        })
    }
}
