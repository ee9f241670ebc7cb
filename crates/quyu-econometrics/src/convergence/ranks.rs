//! Changes of places between two periods: Kendall's tau, its spatial part, and the cohesion of changes.

use super::check_neighbours;
use super::gamma::mid_ranks;
use crate::{Error, check};
use quyu_math::{normal_cdf, sqrt, sum_by};

/// Kendall's rank correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KendallTau {
    /// tau-b, -1 to 1.
    pub tau: f64,
    /// Pairs of regions in the same order in both periods.
    pub concordant: u64,
    /// Pairs that changed places.
    pub discordant: u64,
    /// Pairs tied in the first period only.
    pub tied_first: u64,
    /// Pairs tied in the last period only.
    pub tied_last: u64,
    /// Two-sided probability under independence, from the normal distribution of tau / sqrt((4n + 10) / (9n(n - 1))), without a
    /// correction for ties.
    pub p_value: f64,
}

#[derive(Default)]
struct Pairs {
    concordant: u64,
    discordant: u64,
    tied_first: u64,
    tied_last: u64,
}

impl Pairs {
    fn count(&mut self, dx: f64, dy: f64) {
        match (dx == 0.0, dy == 0.0) {
            (true, true) => {}
            (true, false) => self.tied_first += 1,
            (false, true) => self.tied_last += 1,
            (false, false) if (dx > 0.0) == (dy > 0.0) => self.concordant += 1,
            (false, false) => self.discordant += 1,
        }
    }

    fn tau(&self) -> Result<f64, Error> {
        let both = (self.concordant + self.discordant) as f64;
        let (x, y) = (both + self.tied_last as f64, both + self.tied_first as f64);
        if x == 0.0 || y == 0.0 {
            return Err(Error::Undefined {
                reason: "all pairs are tied in a period",
            });
        }
        Ok((self.concordant as f64 - self.discordant as f64) / sqrt(x * y))
    }
}

fn check_pair(first: &[f64], last: &[f64]) -> Result<(), Error> {
    check::at_least("first", first.len(), 2)?;
    check::length("last", last.len(), first.len())?;
    check::finite("first", first)?;
    check::finite("last", last)
}

/// Kendall's tau-b between two periods: 1 if no two regions changed places.
///
/// # Errors
/// [`Error::TooFew`], [`Error::Length`], [`Error::NotFinite`]; [`Error::Undefined`] if all regions are equal in a period.
///
/// # References
/// Kendall 1945, Biometrika 33:239-251. Christensen 2005, Computational Statistics 20:51-62.
///
/// ```
/// use quyu_econometrics::convergence::kendall_tau;
/// let k = kendall_tau(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0])?;
/// assert_eq!((k.concordant, k.discordant), (5, 1));
/// assert!((k.tau - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn kendall_tau(first: &[f64], last: &[f64]) -> Result<KendallTau, Error> {
    check_pair(first, last)?;
    let mut pairs = Pairs::default();
    for i in 0..first.len() {
        for j in 0..i {
            pairs.count(order(first[i], first[j]), order(last[i], last[j]));
        }
    }
    let tau = pairs.tau()?;
    let n = first.len() as f64;
    let z = tau / sqrt((4.0 * n + 10.0) / (9.0 * n * (n - 1.0)));
    Ok(KendallTau {
        tau,
        concordant: pairs.concordant,
        discordant: pairs.discordant,
        tied_first: pairs.tied_first,
        tied_last: pairs.tied_last,
        p_value: 2.0 * normal_cdf(-z.abs()),
    })
}

/// The sign of a - b, which the difference of two doubles has always.
fn order(a: f64, b: f64) -> f64 {
    f64::from(i8::from(a > b) - i8::from(a < b))
}

/// Kendall's tau of neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialTau {
    /// tau over neighbouring pairs.
    pub tau: f64,
    /// Neighbouring pairs in the same order in both periods.
    pub concordant: u64,
    /// Neighbouring pairs that changed places.
    pub discordant: u64,
    /// Neighbouring pairs.
    pub pairs: u64,
}

/// Kendall's tau over pairs of neighbours alone: below the tau of all pairs if places are exchanged among neighbours.
///
/// A pair counts once if either is a neighbour of the other (a weight that is not zero). The denominator is the root of the pairs not tied in
/// the first period times those not tied in the last.
///
/// # Errors
/// As [`kendall_tau`]; [`Error::Length`] or [`Error::Label`] for neighbours that do not fit; [`Error::Undefined`] if there are no neighbours or
/// all are tied.
///
/// # References
/// Rey 2014, Fast algorithms for a space-time concordance measure, Computational Statistics 29:799-811.
///
/// ```
/// use quyu_econometrics::convergence::spatial_tau;
/// let line = [vec![(1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0)]];
/// let s = spatial_tau(&[1.0, 2.0, 3.0], &[2.0, 1.0, 3.0], &line)?;
/// assert_eq!((s.pairs, s.concordant, s.tau), (2, 1, 0.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial_tau(
    first: &[f64],
    last: &[f64],
    neighbours: &[Vec<(usize, f64)>],
) -> Result<SpatialTau, Error> {
    check_pair(first, last)?;
    check_neighbours(neighbours, first.len())?;
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (i, list) in neighbours.iter().enumerate() {
        let real = list.iter().filter(|(j, weight)| *j != i && *weight != 0.0);
        edges.extend(real.map(|(j, _)| (i.min(*j), i.max(*j))));
    }
    edges.sort_unstable();
    edges.dedup();
    let mut pairs = Pairs::default();
    for (i, j) in &edges {
        pairs.count(order(first[*i], first[*j]), order(last[*i], last[*j]));
    }
    Ok(SpatialTau {
        tau: pairs.tau()?,
        concordant: pairs.concordant,
        discordant: pairs.discordant,
        pairs: edges.len() as u64,
    })
}

/// How far the regions of a group move together in rank: theta = Σ_g |Σ_{i in g} d_i| / Σ_i |d_i|, 0 to 1.
///
/// d_i is the rank of a region in the last period less that in the first, equal values with their mean rank; 1 if within each group all move
/// the same way.
///
/// # Errors
/// As [`kendall_tau`]; [`Error::Length`] for labels; [`Error::Undefined`] if no rank changes.
///
/// # References
/// Rey 2004, in Getis, Mur & Zoller (eds), Spatial Econometrics and Spatial Statistics, Palgrave, 193-213.
///
/// ```
/// use quyu_econometrics::convergence::theta;
/// let t = theta(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 1.0, 2.0], &[0, 0, 1, 1])?;
/// assert_eq!(t, 1.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn theta(first: &[f64], last: &[f64], groups: &[usize]) -> Result<f64, Error> {
    check_pair(first, last)?;
    check::length("groups", groups.len(), first.len())?;
    let (a, b) = (mid_ranks(first), mid_ranks(last));
    let change: Vec<f64> = b.iter().zip(&a).map(|(b, a)| b - a).collect();
    let whole = sum_by(change.len(), |i| change[i].abs());
    if whole == 0.0 {
        return Err(Error::Undefined {
            reason: "no rank changes",
        });
    }
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|i| groups[*i]);
    let parts: Vec<f64> = order
        .chunk_by(|i, j| groups[*i] == groups[*j])
        .map(|group| sum_by(group.len(), |m| change[group[m]]).abs())
        .collect();
    Ok(quyu_math::sum(&parts) / whole)
}
