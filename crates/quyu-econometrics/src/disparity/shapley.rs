//! Shapley's value: contributions to any index, whatever its formula.

use crate::{Error, Matrix, check};
use quyu_math::sum;

/// More players than this make more than a million coalitions.
const MOST: usize = 20;

/// Shares a value out over players by Shapley's rule.
///
/// phi_k = sum over coalitions S without k of |S|! (K - |S| - 1)! / K! [v(S + k) - v(S)]: the mean of what k adds, over all
/// orders of arrival. `value` gets, for each player, whether it is present, and is called once for each of the 2^K coalitions. The
/// contributions add up to v(all) - v(none).
///
/// A contribution has the unit of `value`.
///
/// # Errors
/// [`Error::Empty`] without players; [`Error::Domain`] for more than 20; every error of `value`; [`Error::Range`].
///
/// # References
/// Shapley 1953; Shorrocks 2013, J. Econ. Inequality 11:99-126.
///
/// ```
/// use quyu_econometrics::disparity::shapley;
/// // A pair of gloves is worth 1; two left ones and one right one are for hire.
/// let phi = shapley(3, |here| Ok(f64::from(u8::from(here[2] && (here[0] || here[1])))))?;
/// assert!((phi[2] - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn shapley(
    players: usize,
    mut value: impl FnMut(&[bool]) -> Result<f64, Error>,
) -> Result<Vec<f64>, Error> {
    if players == 0 {
        return Err(Error::Empty { argument: "players" });
    }
    if players > MOST {
        return Err(Error::Domain {
            option: "players",
            value: players as f64,
            domain: "at most 20",
        });
    }
    let mut values = Vec::with_capacity(1 << players);
    let mut present = vec![false; players];
    for coalition in 0u32..1 << players {
        for (k, here) in present.iter_mut().enumerate() {
            *here = coalition >> k & 1 == 1;
        }
        values.push(value(&present)?);
    }
    let weights = arrival_weights(players);
    let contribution = |k: usize| {
        let without = (0usize..1 << players).filter(|coalition| coalition >> k & 1 == 0);
        let terms = without.map(|s| weights[s.count_ones() as usize] * (values[s | 1 << k] - values[s]));
        sum(&terms.collect::<Vec<_>>())
    };
    let shares: Vec<f64> = (0..players).map(contribution).collect();
    check::in_range("a contribution", &shares)?;
    Ok(shares)
}

/// |S|! (K - |S| - 1)! / K! for each size of S: 1 / (K C(K - 1, |S|)).
fn arrival_weights(players: usize) -> Vec<f64> {
    let mut choose = 1.0;
    let mut weights = Vec::with_capacity(players);
    for size in 0..players {
        weights.push(1.0 / (players as f64 * choose));
        choose = choose * (players - 1 - size) as f64 / (size + 1) as f64;
    }
    weights
}

/// What stands in for a source that is absent from a coalition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// Its mean: the source is there, but everybody has the same of it.
    #[default]
    Mean,
    /// Nothing.
    Zero,
}

/// Shares an index of the sum of sources out over the sources by Shapley's rule.
///
/// `sources` has a row for each unit and a column for each source. `index` is any index, such as
/// `|x, w| gini(x, w, &GiniOptions::default())`; where it is undefined because every total is zero, it counts as 0, and so it
/// does where all totals are equal. The contributions add up to the index of the total.
///
/// A contribution has the unit of the index. Zeros, negative totals and weights are treated as the index treats them.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`]; [`Error::Domain`] for more than 20 sources; every error of `index` but the one
/// named above.
///
/// # References
/// Shorrocks 2013, J. Econ. Inequality 11:99-126; Araar & Duclos 2008, Distributive Analysis Stata Package (mean as default).
///
/// ```
/// use quyu_econometrics::{Matrix, disparity::{Absent, gini, shapley_sources}};
/// let sources = Matrix::new(&[1.0, 0.0, 2.0, 1.0, 3.0, 5.0], 3, 2)?;
/// let phi = shapley_sources(sources, None, Absent::Mean, |x, w| gini(x, w, &Default::default()))?;
/// let total = gini(&[1.0, 3.0, 8.0], None, &Default::default())?;
/// assert!((phi[0] + phi[1] - total).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn shapley_sources(
    sources: Matrix<'_>,
    w: Option<&[f64]>,
    absent: Absent,
    index: impl Fn(&[f64], Option<&[f64]>) -> Result<f64, Error>,
) -> Result<Vec<f64>, Error> {
    check::finite("sources", sources.data())?;
    let means = column_means(sources, w)?;
    let stand_in = |k: usize| match absent {
        Absent::Mean => means[k],
        Absent::Zero => 0.0,
    };
    shapley(sources.cols(), |present| {
        let of = |row: &[f64]| -> f64 {
            let parts = row
                .iter()
                .enumerate()
                .map(|(k, v)| if present[k] { *v } else { stand_in(k) });
            sum(&parts.collect::<Vec<_>>())
        };
        if present.iter().all(|here| !here) {
            return Ok(0.0);
        }
        let x: Vec<f64> = (0..sources.rows()).map(|i| of(sources.row(i))).collect();
        if x.iter().all(|v| *v == 0.0) {
            Ok(0.0)
        } else {
            index(&x, w)
        }
    })
}

fn column_means(sources: Matrix<'_>, w: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    let mean = |k: usize| {
        let column = sources.col(k);
        super::sample::Sample::new(&column, w, super::sample::Domain::Finite).map(|s| s.mean * s.unit)
    };
    (0..sources.cols()).map(mean).collect()
}
