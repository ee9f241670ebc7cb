//! Bivariate local Moran: where a variable goes with another one next door.

use super::conditional::{LocalTest, test_of_lags};
use super::local_moran::{LocalMoran, LocalMoranOptions, LocalScale, Quadrant};
use super::sample::{Deviations, Islands, check_values};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::PermutationOptions;
use crate::{Error, check};
use quyu_math::{sqrt, sum_by, sums_by};

/// Local Moran of x in a unit and y in its neighbours; none for a unit without neighbours ([`Islands::Drop`]).
///
/// `I_i = s dx_i Σ_j w_ij dy_j / √(Σ dx² Σ dy²)` with deviations from the means and s = n - 1 (esda) or n
/// ([`LocalScale::N`]). `Σ I_i = (s / n) S0 I` for the I of [`moran_bivariate`](super::moran_bivariate). The fields of [`LocalMoran`]:
/// `z` is that of x, `lag` that of y, `quadrant` the signs of both; `conditional` against the moments over permutations of the other units' y;
/// `total` is none. It mixes the correlation of x and y in one place with that between places.
///
/// # Errors
/// As [`local_moran`](super::local_moran()), for x and for y.
///
/// # References
/// Anselin, Syabri & Smirnov 2002, Visualizing multivariate spatial correlation with dynamically linked windows.
///
/// ```
/// use quyu_econometrics::space::{local_moran, local_moran_bivariate, LocalMoranOptions, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let (x, minus) = ([1.0, 2.0, 4.0, 5.0], [-1.0, -2.0, -4.0, -5.0]);
/// let options = LocalMoranOptions::default();
/// let (own, other) = (local_moran(&x, &w, &options)?, local_moran_bivariate(&x, &minus, &w, &options)?);
/// assert!((own[0].unwrap().estimate + other[0].unwrap().estimate).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_moran_bivariate(
    x: &[f64],
    y: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
) -> Result<Vec<Option<LocalMoran>>, Error> {
    let two = Two::new(x, y, weights, options)?;
    let n = x.len() as f64;
    let (dx, dy) = (&two.x.z, &two.y.z);
    let lags = weights.lag_of(dy);
    let (sx, sy) = (sqrt(two.x.square / n), sqrt(two.y.square / n));
    let local = |i: usize| {
        let (_, row) = weights.row(i);
        if row.is_empty() && options.islands == Islands::Drop {
            return None;
        }
        let [sum, squares] = sums_by(row.len(), |k| [row[k], row[k] * row[k]]);
        let factor = two.scale * dx[i];
        let centre = dy[i] / (n - 1.0);
        let rest = (two.y.square - dy[i] * dy[i]) / (n - 1.0);
        let of_row = ((n - 1.0) * squares - sum * sum) / (n - 2.0);
        let estimate = factor * lags[i];
        Some(LocalMoran {
            estimate,
            z: dx[i] / sx,
            lag: lags[i] / sy,
            quadrant: Quadrant::of(dx[i], lags[i]),
            total: None,
            conditional: Analytic::new(
                estimate,
                -factor * sum * centre,
                factor * factor * (rest - centre * centre) * of_row,
                factor * factor * rest * (n - 1.0) * squares / (n - 2.0),
            ),
        })
    };
    let units: Vec<Option<LocalMoran>> = (0..dx.len()).map(local).collect();
    let numbers = units.iter().flatten().flat_map(|u| [u.estimate, u.lag]);
    check::in_range("a local Moran", &numbers.collect::<Vec<_>>())?;
    Ok(units)
}

/// The conditional permutation test of bivariate local Moran: x and y of a unit stay, the y of its neighbours are drawn from the others.
///
/// Draws and p-values as in [`local_moran_test`](super::local_moran_test).
///
/// # Errors
/// As [`local_moran_bivariate`]; [`Error::Domain`] for no permutations.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{local_moran_bivariate_test, LocalMoranOptions, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let (x, y) = ([1.0, 2.0, 4.0, 5.0], [9.0, 1.0, 4.0, 5.0]);
/// let options = PermutationOptions { permutations: 999, ..Default::default() };
/// let tests = local_moran_bivariate_test(&x, &y, &w, &LocalMoranOptions::default(), &options)?;
/// // x of unit 0 is low, the y beside it the lowest of three: one draw in three is as far on this side.
/// assert!((tests[0].unwrap().p.greater - 1.0 / 3.0).abs() < 0.05);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_moran_bivariate_test(
    x: &[f64],
    y: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
    permutations: &PermutationOptions,
) -> Result<Vec<Option<LocalTest>>, Error> {
    let two = Two::new(x, y, weights, options)?;
    let tests = test_of_lags(weights, &two.y, permutations.permutations, permutations.seed)?;
    let nothing = || (options.islands == Islands::Keep).then(LocalTest::of_nothing);
    let tests: Vec<Option<LocalTest>> = tests
        .into_iter()
        .zip(&two.x.z)
        .map(|(test, dx)| test.map(|test| test.times(two.scale * dx)).or_else(nothing))
        .collect();
    let numbers = tests.iter().flatten().flat_map(|t| [t.observed, t.std_dev]);
    check::in_range("a local Moran", &numbers.collect::<Vec<_>>())?;
    Ok(tests)
}

/// Two variables on a map.
struct Two {
    x: Deviations,
    y: Deviations,
    scale: f64,
}

impl Two {
    fn new(x: &[f64], y: &[f64], weights: &Weights, options: &LocalMoranOptions) -> Result<Self, Error> {
        check_values("x", x, weights, 3)?;
        check_values("y", y, weights, 3)?;
        let (x, y) = (Deviations::new(x)?, Deviations::new(y)?);
        let n = options.islands.count(weights);
        check::at_least("units with neighbours", n, 2)?;
        let values = weights.values();
        let total = sum_by(values.len(), |k| values[k] * values[k]);
        check::in_range("a sum of squared weights", &[total, 1.0 / total])?;
        let units = match options.scale {
            LocalScale::NMinusOne => (n - 1) as f64,
            LocalScale::N => n as f64,
        };
        Ok(Self {
            scale: units / sqrt(x.square) / sqrt(y.square),
            x,
            y,
        })
    }
}
