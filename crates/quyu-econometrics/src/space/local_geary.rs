//! Local Geary: which regions are like their neighbours, and which differ from them.

use super::conditional::{LocalTest, test_of_gaps};
use super::local_moran::{LocalMoranOptions, Quadrant, scale};
use super::sample::{Deviations, Islands, check_values};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::PermutationOptions;
use crate::{Error, check};
use quyu_math::{sqrt, sum, sum_by, sums_by};

/// Local Geary of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalGeary {
    /// c_i: small where the unit is like its neighbours, large where it differs.
    pub estimate: f64,
    /// The value of the unit in standard deviations (ddof 0) from the mean.
    pub z: f64,
    /// The spatial lag of these.
    pub lag: f64,
    /// The signs of both, as in the Moran scatter plot: what a unit that is like its neighbours is alike in.
    pub quadrant: Quadrant,
    /// Against the moments over the permutations that leave the unit's own value in place: z is negative where neighbours are alike.
    /// None where the statistic cannot vary.
    pub conditional: Option<Analytic>,
}

/// Local Geary of every unit; none for a unit without neighbours ([`Islands::Drop`]).
///
/// `c_i = (s / Σ z²) Σ_j w_ij (x_i - x_j)²` with z = x - mean and s = n - 1 (spdep) or, with
/// [`LocalScale::N`](super::LocalScale::N), n (Anselin 1995, esda). At least 0 for weights that are not negative. `Σ c_i = (2 s / (n - 1)) S0 C`
/// for the C of [`geary`](super::geary). n and islands as there.
///
/// **Moments**, exact over the permutations of the other units' values, with `g_j = (x_i - x_j)²` for j other than i, m and v their mean and
/// variance (ddof 0), W = Σ_j w_ij, S = Σ_j w_ij², c the scale:
///
/// ```text
/// E = c W m
/// V = c² v [(N - 1) S - W²] / (N - 2)
/// ```
///
/// # Errors
/// As [`local_moran`](super::local_moran()).
///
/// # References
/// Anselin 1995, Geographical Analysis 27:93-115; 2019, Geographical Analysis 51:133-150.
///
/// ```
/// use quyu_econometrics::space::{local_geary, LocalMoranOptions, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let found = local_geary(&[1.0, 2.0, 4.0, 5.0], &w, &LocalMoranOptions::default())?;
/// assert!((found[1].unwrap().estimate - 3.0 * (1.0 + 4.0) / 10.0).abs() < 1e-15); // (3 / 10) (1² + 2²)
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_geary(
    x: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
) -> Result<Vec<Option<LocalGeary>>, Error> {
    check_values("x", x, weights, 3)?;
    let values = Deviations::new(x)?;
    let scale = scale(&values, weights, options)?;
    let z = &values.z;
    let n = z.len() as f64;
    let lags = weights.lag_of(z);
    let sd = sqrt(values.square / n);
    let local = |i: usize| {
        let (places, row) = weights.row(i);
        if row.is_empty() && options.islands == Islands::Drop {
            return None;
        }
        let gap = |j: usize| (z[i] - z[j]) * (z[i] - z[j]);
        let estimate = scale * sum_by(row.len(), |k| row[k] * gap(places[k] as usize));
        Some(LocalGeary {
            estimate,
            z: z[i] / sd,
            lag: lags[i] / sd,
            quadrant: Quadrant::of(z[i], lags[i]),
            conditional: conditional(estimate, scale, row, &gaps(z, i)),
        })
    };
    let units: Vec<Option<LocalGeary>> = (0..z.len()).map(local).collect();
    let numbers = units.iter().flatten().flat_map(|u| [u.estimate, u.lag]);
    check::in_range("a local Geary", &numbers.collect::<Vec<_>>())?;
    Ok(units)
}

/// Squared gaps of unit i to all others.
fn gaps(z: &[f64], i: usize) -> Vec<f64> {
    let others = z[..i].iter().chain(&z[i + 1..]);
    others.map(|other| (z[i] - other) * (z[i] - other)).collect()
}

fn conditional(estimate: f64, scale: f64, row: &[f64], gaps: &[f64]) -> Option<Analytic> {
    let others = gaps.len() as f64;
    let [weight, squares] = sums_by(row.len(), |k| [row[k], row[k] * row[k]]);
    let mean = sum(gaps) / others;
    let variance = sum_by(gaps.len(), |j| (gaps[j] - mean) * (gaps[j] - mean)) / others;
    let of_row = (others * squares - weight * weight) / (others - 1.0);
    Analytic::new(
        estimate,
        scale * weight * mean,
        scale * scale * variance * of_row,
        scale * scale * mean * mean * others * squares / (others - 1.0),
    )
}

/// The conditional permutation test of local Geary: the value of a unit stays, its neighbours are drawn from the others. `less` is the
/// alternative that it is like its neighbours.
///
/// None for a unit without neighbours, unless islands are kept. Draws and p-values as in
/// [`local_moran_test`](super::local_moran_test).
///
/// # Errors
/// As [`local_geary`]; [`Error::Domain`] for no permutations.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{local_geary_test, LocalMoranOptions, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let options = PermutationOptions { permutations: 999, ..Default::default() };
/// let tests = local_geary_test(&[1.0, 2.0, 4.0, 5.0], &w, &LocalMoranOptions::default(), &options)?;
/// // The neighbour of unit 0 is the nearest of three values: one draw in three.
/// assert!((tests[0].unwrap().p.less - 1.0 / 3.0).abs() < 0.05);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_geary_test(
    x: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
    permutations: &PermutationOptions,
) -> Result<Vec<Option<LocalTest>>, Error> {
    check_values("x", x, weights, 3)?;
    let values = Deviations::new(x)?;
    let scale = scale(&values, weights, options)?;
    let tests = test_of_gaps(weights, &values, permutations.permutations, permutations.seed)?;
    let nothing = || (options.islands == Islands::Keep).then(LocalTest::of_nothing);
    let tests: Vec<Option<LocalTest>> = tests
        .into_iter()
        .map(|test| test.map(|test| test.times(scale)).or_else(nothing))
        .collect();
    let numbers = tests.iter().flatten().flat_map(|t| [t.observed, t.std_dev]);
    check::in_range("a local Geary", &numbers.collect::<Vec<_>>())?;
    Ok(tests)
}
