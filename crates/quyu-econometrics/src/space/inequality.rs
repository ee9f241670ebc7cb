//! Inequality of neighbours and of others, with the test that places matter.

use super::pairs::Pairs;
use super::permute::{Gap, test_of_pairs};
use super::sample::{check_values, scaled, unit};
use super::weights::Weights;
use crate::disparity::{SpatialGini, spatial_gini};
use crate::inference::{PermutationOptions, PermutationTest};
use crate::{Error, check};
use quyu_math::sum;

/// The Gini index by pairs of neighbours and other pairs, and the permutation test of the neighbours' part.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialGiniTest {
    /// The split of [`spatial_gini`].
    pub split: SpatialGini,
    /// The test; its statistic is `split.neighbours`. `less` is the alternative that neighbours are alike.
    pub test: PermutationTest,
}

/// Splits the Gini index into pairs of neighbours and other pairs, and tests whether places matter.
///
/// `G = Σ_ij |x_i - x_j| / (2 n² μ)`, each ordered pair counted where `weights` has a link or not ([`spatial_gini`]); the size of
/// a weight does not matter. The values change places at random; the index stays the same, the split does not. Since the two parts add
/// up to the index, the test of one is the test of the other: what is `less` for neighbours is `greater` for the others
/// (the statistic of pysal's `Gini_Spatial`).
///
/// For a Theil index between and within regions of a map, with labels that change places, see
/// [`between_test`](crate::inference::between_test).
///
/// # Errors
/// As [`spatial_gini`]; [`Error::Length`]; [`Error::Undefined`] for a map without links and for equal values; [`Error::Domain`] for
/// no permutations.
///
/// # Reference
/// Rey & Smith 2013, Letters in Spatial and Resource Sciences 6:55-70.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{gini_test, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let found = gini_test(&[1.0, 2.0, 4.0, 5.0], &w, &PermutationOptions::default())?;
/// assert!((found.split.neighbours - 8.0 / (2.0 * 16.0 * 3.0)).abs() < 1e-15); // gaps 1 + 2 + 1, both ways
/// assert_eq!(found.test.less, 2.0 / 24.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gini_test(
    x: &[f64],
    weights: &Weights,
    options: &PermutationOptions,
) -> Result<SpatialGiniTest, Error> {
    check_values("x", x, weights, 2)?;
    let links: Vec<(usize, usize)> = (0..weights.units())
        .flat_map(|i| weights.neighbours(i).map(move |(j, _)| (i, j)))
        .collect();
    let split = spatial_gini(x, &links)?;
    if x.iter().all(|v| *v == x[0]) {
        return Err(Error::Undefined {
            reason: "all values are equal",
        });
    }
    let n = x.len() as f64;
    let x = scaled(x, unit(x));
    let divisor = 2.0 * n * sum(&x);
    check::in_range("the sum of the values", &[1.0 / divisor])?;
    let pairs = Pairs::new(&weights.with_values(vec![1.0; weights.links()]));
    let test = test_of_pairs(&pairs, &x, Gap, |sum| sum / divisor, options)?;
    Ok(SpatialGiniTest { split, test })
}
