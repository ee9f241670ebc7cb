//! Local G: hot and cold spots.

use super::conditional::{LocalTest, test_of_lags};
use super::sample::{Deviations, check_values};
use super::weights::Weights;
use crate::inference::PermutationOptions;
use crate::{Error, check};
use quyu_math::{sqrt, sums_by};

/// Whether a unit is among its own neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum LocalG {
    /// Gi: the neighbours alone, against the other units.
    #[default]
    Gi,
    /// Gi*: the unit with its neighbours, against all units. The weight that the unit gives to itself: 1 for binary weights.
    GiStar(f64),
}

/// Ord and Getis's local G of every unit as a standardised value: high in a hot spot, low in a cold one.
///
/// With `W = Σ_j w_ij`, `S = Σ_j w_ij²`:
///
/// ```text
/// Gi   z = (Σ_j w_ij x_j - W a) / √(v [(n - 1) S - W²] / (n - 2)),  a and v mean and variance (ddof 0) of x without unit i
/// Gi*  z = (Σ_j w_ij x_j - W a) / √(v [n S - W²] / (n - 1)),        a and v of all x; w_ii is in all sums
/// ```
///
/// No unit; x may be negative. z does not change with unit or origin of x, nor when a row of the weights (with w_ii) is multiplied by a constant:
/// row-standardised weights with the unit among its neighbours are binary ones with an own weight of 1. None where z is not
/// defined: Gi of a unit without neighbours, of one that neighbours all others alike, or where the others are all equal. n is the number of
/// all units.
///
/// # Errors
/// As [`moran`](super::moran), but at least three units; [`Error::Domain`] for an own weight that is not above zero.
///
/// # References
/// Getis & Ord 1992, Geographical Analysis 24:189-206. Ord & Getis 1995, Geographical Analysis 27:286-306.
///
/// ```
/// use quyu_econometrics::space::{local_g, LocalG, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let z = local_g(&[1.0, 2.0, 4.0, 5.0], &w, LocalG::Gi)?;
/// // Unit 0: neighbour 2, the others 2, 4, 5: mean 11/3, variance 14/9, [3 · 1 - 1] / 2 = 1.
/// assert!((z[0].unwrap() - (2.0 - 11.0 / 3.0) / (14.0f64 / 9.0).sqrt()).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_g(x: &[f64], weights: &Weights, kind: LocalG) -> Result<Vec<Option<f64>>, Error> {
    check_values("x", x, weights, 3)?;
    let own = own_weight(kind)?;
    let values = Deviations::new(x)?;
    let lags = weights.lag_of(&values.z);
    let n = x.len() as f64;
    let z = |i: usize| {
        let (_, row) = weights.row(i);
        let [sum, squares] = sums_by(row.len(), |k| [row[k], row[k] * row[k]]);
        let deviation = values.z[i];
        match own {
            None => {
                let mean = -deviation / (n - 1.0);
                let square = (values.square - deviation * deviation) / (n - 1.0);
                let variance = square - mean * mean;
                let spread = ((n - 1.0) * squares - sum * sum) / (n - 2.0);
                let size = square * (n - 1.0) * squares / (n - 2.0);
                standardised(lags[i] - sum * mean, variance * spread, size)
            }
            Some(own) => {
                let (sum, squares) = (sum + own, squares + own * own);
                let spread = (n * squares - sum * sum) / (n - 1.0);
                let variance = values.square / n * spread;
                standardised(
                    lags[i] + own * deviation,
                    variance,
                    values.square * squares / (n - 1.0),
                )
            }
        }
    };
    let z: Vec<Option<f64>> = (0..x.len()).map(z).collect();
    check::in_range("a local G", &z.iter().flatten().copied().collect::<Vec<_>>())?;
    Ok(z)
}

/// None where the variance is nothing but the rounding of terms of this size.
fn standardised(gap: f64, variance: f64, size: f64) -> Option<f64> {
    (variance > 1e-12 * size && variance > 0.0).then(|| gap / sqrt(variance))
}

/// The conditional permutation test of local G: the value of a unit stays, its neighbours are drawn from the others.
///
/// The statistic is the weighted sum of the neighbours' deviations from the mean in standard deviations (ddof 0), with the own one for Gi*; in
/// one unit's test all that turns it into G or z is constant, so the p-values are those of G. None for units without neighbours. Draws and
/// p-values as in [`local_moran_test`](super::local_moran_test).
///
/// # Errors
/// As [`local_g`]; [`Error::Domain`] for no permutations.
///
/// # References
/// Ord & Getis 1995, Geographical Analysis 27:286-306. Anselin 1995, Geographical Analysis 27:93-115 (conditional permutation).
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{local_g_test, LocalG, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let tests = local_g_test(&[1.0, 2.0, 4.0, 5.0], &w, LocalG::Gi, &PermutationOptions::default())?;
/// // Unit 3 has the neighbour 4, the largest of 1, 2, 4: one draw in three.
/// assert!((tests[3].unwrap().p.greater - 1.0 / 3.0).abs() < 0.02);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_g_test(
    x: &[f64],
    weights: &Weights,
    kind: LocalG,
    permutations: &PermutationOptions,
) -> Result<Vec<Option<LocalTest>>, Error> {
    check_values("x", x, weights, 3)?;
    let own = own_weight(kind)?.unwrap_or(0.0);
    let values = Deviations::new(x)?;
    let per_sd = 1.0 / sqrt(values.square / x.len() as f64);
    let tests = test_of_lags(weights, &values, permutations.permutations, permutations.seed)?;
    let tests: Vec<Option<LocalTest>> = tests
        .into_iter()
        .zip(&values.z)
        .map(|(test, z)| test.map(|test| test.times(per_sd).plus(own * z * per_sd)))
        .collect();
    let numbers = tests
        .iter()
        .flatten()
        .flat_map(|t| [t.observed, t.mean, t.std_dev]);
    check::in_range("a local G", &numbers.collect::<Vec<_>>())?;
    Ok(tests)
}

fn own_weight(kind: LocalG) -> Result<Option<f64>, Error> {
    match kind {
        LocalG::Gi => Ok(None),
        LocalG::GiStar(own) if own.is_finite() && own > 0.0 => Ok(Some(own)),
        LocalG::GiStar(own) => Err(Error::Domain {
            option: "own weight",
            value: own,
            domain: "above 0",
        }),
    }
}
