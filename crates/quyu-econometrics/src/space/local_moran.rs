//! Local Moran: which regions lie in clusters, and which stand out from their neighbours.

use super::conditional::{LocalTest, test_of_lags};
use super::sample::{Deviations, Islands, check_values};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::PermutationOptions;
use crate::{Error, check};
use quyu_math::{sqrt, sum_by};

/// What the products of a unit and its neighbours are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalScale {
    /// `Σ z² / (n - 1)` (esda).
    #[default]
    NMinusOne,
    /// `Σ z² / n` (spdep).
    N,
}

/// Options of [`local_moran`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LocalMoranOptions {
    /// The scale.
    pub scale: LocalScale,
    /// Whether units without neighbours have a value (zero) and count in n.
    pub islands: Islands,
}

/// Where a unit lies in the Moran scatter plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// High among high neighbours.
    HighHigh,
    /// Low among high neighbours.
    LowHigh,
    /// Low among low neighbours.
    LowLow,
    /// High among low neighbours.
    HighLow,
}

impl Quadrant {
    pub(super) fn of(value: f64, lag: f64) -> Self {
        match (value > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, true) => Self::LowHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
        }
    }

    /// `high-high`, `low-high`, `low-low` or `high-low`: the unit first, then its neighbours.
    pub fn name(self) -> &'static str {
        match self {
            Self::HighHigh => "high-high",
            Self::LowHigh => "low-high",
            Self::LowLow => "low-low",
            Self::HighLow => "high-low",
        }
    }
}

/// Local Moran of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// I_i.
    pub estimate: f64,
    /// The value of the unit in standard deviations (ddof 0) from the mean: the abscissa of the Moran scatter plot.
    pub z: f64,
    /// The spatial lag of these: the ordinate.
    pub lag: f64,
    /// The signs of both; zero counts as low.
    pub quadrant: Quadrant,
    /// Against the moments over all permutations of all values (Anselin 1995). None where the statistic cannot vary.
    pub total: Option<Analytic>,
    /// Against the moments over the permutations that leave the unit's own value in place (Sokal, Oden & Thomson 1998). None where
    /// the statistic cannot vary.
    pub conditional: Option<Analytic>,
}

/// Local Moran of every unit; none for a unit without neighbours ([`Islands::Drop`]).
///
/// `I_i = ((n - 1) / Σ z²) z_i Σ_j w_ij z_j` with z = x - mean; [`LocalScale::N`] has n in place of n - 1. Positive in a cluster of like
/// values, negative where a unit differs from its neighbours. `Σ I_i = ((n - 1) / n) S0 I` for the global I of
/// [`moran`](super::moran). n and islands as there.
///
/// **Moments.** Both kinds are exact over permutations, with `m_r = Σ z^r / N`, `W = Σ_j w_ij`, `S = Σ_j w_ij²`, c the
/// scale (n - 1) / Σ z²:
///
/// ```text
/// total        E = -c W m2 / (N - 1)
///              V = c² [S (N m2² - m4) / (N - 1) + (W² - S)(2 m4 - N m2²) / ((N - 1)(N - 2))] - E²
/// conditional  E = -c W z_i² / (N - 1)
///              V = c² z_i² v [(N - 1) S - W²] / (N - 2),  v the variance (ddof 0) of the other values
/// ```
///
/// # Errors
/// As [`moran`](super::moran), but at least three units.
///
/// # References
/// Anselin 1995, Geographical Analysis 27:93-115. Sokal, Oden & Thomson 1998, Geographical Analysis 30:331-354.
///
/// ```
/// use quyu_econometrics::space::{local_moran, LocalMoranOptions, Quadrant, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let found = local_moran(&[1.0, 2.0, 4.0, 5.0], &w, &LocalMoranOptions::default())?;
/// let first = found[0].unwrap();
/// assert!((first.estimate - 3.0 * 2.0 / 10.0).abs() < 1e-15); // (3 / 10) · (-2) · (-1)
/// assert_eq!(first.quadrant, Quadrant::LowLow);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_moran(
    x: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
) -> Result<Vec<Option<LocalMoran>>, Error> {
    check_values("x", x, weights, 3)?;
    let values = Deviations::new(x)?;
    let scale = scale(&values, weights, options)?;
    let z = &values.z;
    let n = z.len() as f64;
    let lags = weights.lag_of(z);
    let sd = sqrt(values.square / n);
    let (m2, m4) = (values.square / n, values.sum_of_fourth_powers() / n);
    let local = |i: usize| {
        let (_, row) = weights.row(i);
        if row.is_empty() && options.islands == Islands::Drop {
            return None;
        }
        let [sum, squares] = quyu_math::sums_by(row.len(), |k| [row[k], row[k] * row[k]]);
        let estimate = scale * z[i] * lags[i];
        let mean = -scale * sum * m2 / (n - 1.0);
        let terms = [
            scale * scale * squares * (n * m2 * m2 - m4) / (n - 1.0),
            scale * scale * (sum * sum - squares) * (2.0 * m4 - n * m2 * m2) / ((n - 1.0) * (n - 2.0)),
            -mean * mean,
        ];
        let size = terms.iter().map(|t| t.abs()).sum();
        let total = Analytic::new(estimate, mean, terms.iter().sum(), size);
        let rest = (values.square - z[i] * z[i]) / (n - 1.0);
        let centre = z[i] / (n - 1.0);
        let of_row = ((n - 1.0) * squares - sum * sum) / (n - 2.0);
        let factor = scale * scale * z[i] * z[i];
        let conditional = Analytic::new(
            estimate,
            -scale * sum * z[i] * centre,
            factor * (rest - centre * centre) * of_row,
            factor * rest * (n - 1.0) * squares / (n - 2.0),
        );
        Some(LocalMoran {
            estimate,
            z: z[i] / sd,
            lag: lags[i] / sd,
            quadrant: Quadrant::of(z[i], lags[i]),
            total,
            conditional,
        })
    };
    let units: Vec<Option<LocalMoran>> = (0..z.len()).map(local).collect();
    let numbers = units.iter().flatten().flat_map(|u| [u.estimate, u.lag]);
    check::in_range("a local Moran", &numbers.collect::<Vec<_>>())?;
    Ok(units)
}

/// The conditional permutation test of local Moran: the value of a unit stays, its neighbours are drawn from the others.
///
/// None for a unit without neighbours, unless islands are kept. The draws of permutation r come from stream r of the seed, and
/// all units share them: each unit's p-value is what draws of its own would give, the p-values of several units go together. Always
/// random (`exact_up_to` has no effect); the alternative is chosen afterwards with [`Tails::p_value`](super::Tails::p_value). One unit in
/// twenty is significant at 5 % by chance: see [`false_discovery_threshold`](super::false_discovery_threshold).
///
/// # Errors
/// As [`local_moran`]; [`Error::Domain`] for no permutations.
///
/// # Reference
/// Anselin 1995, Geographical Analysis 27:93-115.
///
/// ```
/// use quyu_econometrics::inference::PermutationOptions;
/// use quyu_econometrics::space::{local_moran_test, LocalMoranOptions, Weights};
/// let ring: Vec<_> = (0..12).map(|i| (i, (i + 1) % 12)).collect();
/// let w = Weights::contiguity(12, &ring)?;
/// let x: Vec<f64> = (0..12).map(|i| if i < 4 { 10.0 } else { i as f64 / 10.0 }).collect();
/// let options = PermutationOptions { permutations: 999, ..Default::default() };
/// let tests = local_moran_test(&x, &w, &LocalMoranOptions::default(), &options)?;
/// // Two high neighbours by chance: (3/11)(2/10), about 0.055; both cannot be.
/// assert!((tests[1].unwrap().p.greater - 0.055).abs() < 0.03);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn local_moran_test(
    x: &[f64],
    weights: &Weights,
    options: &LocalMoranOptions,
    permutations: &PermutationOptions,
) -> Result<Vec<Option<LocalTest>>, Error> {
    check_values("x", x, weights, 3)?;
    let values = Deviations::new(x)?;
    let scale = scale(&values, weights, options)?;
    let tests = test_of_lags(weights, &values, permutations.permutations, permutations.seed)?;
    let nothing = || (options.islands == Islands::Keep).then(LocalTest::of_nothing);
    let tests: Vec<Option<LocalTest>> = tests
        .into_iter()
        .zip(&values.z)
        .map(|(test, z)| test.map(|test| test.times(scale * z)).or_else(nothing))
        .collect();
    let numbers = tests.iter().flatten().flat_map(|t| [t.observed, t.std_dev]);
    check::in_range("a local Moran", &numbers.collect::<Vec<_>>())?;
    Ok(tests)
}

pub(super) fn scale(
    values: &Deviations,
    weights: &Weights,
    options: &LocalMoranOptions,
) -> Result<f64, Error> {
    let n = options.islands.count(weights);
    check::at_least("units with neighbours", n, 2)?;
    let squares = weights.values();
    let total = sum_by(squares.len(), |k| squares[k] * squares[k]);
    check::in_range("a sum of squared weights", &[total, 1.0 / total])?;
    Ok(match options.scale {
        LocalScale::NMinusOne => (n - 1) as f64 / values.square,
        LocalScale::N => n as f64 / values.square,
    })
}
