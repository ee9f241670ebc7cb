//! Join counts: how often two of a kind lie next to each other.

use super::pairs::{GraphSums, Pairs};
use super::permute::{Product, SquaredGap, test_of_pairs};
use super::tails::Analytic;
use super::weights::Weights;
use crate::inference::{PermutationOptions, PermutationTest};
use crate::{Error, check};

/// A count of joins with its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joins {
    /// The number of joins; for weights that are not binary, half the sum of the weights of both directions.
    pub count: f64,
    /// The expected number over all permutations.
    pub expected: f64,
    /// Against the moments over all permutations. None where the count cannot vary.
    pub randomisation: Option<Analytic>,
}

/// Joins by the colours of their ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JoinCounts {
    /// Joins of two units that are marked (black with black).
    pub both: Joins,
    /// Joins of a marked and an unmarked unit (black with white).
    pub one: Joins,
    /// Joins of two units that are not marked (white with white).
    pub neither: Joins,
    /// All joins: `both + one + neither`.
    pub total: f64,
}

/// Which joins a test counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// Both ends are marked (BB).
    Both,
    /// One end is (BW).
    One,
    /// Neither is (WW).
    Neither,
}

/// Counts the joins of marked (black, y = 1) and unmarked (white, y = 0) units.
///
/// ```text
/// BB = ½ Σ_ij w_ij y_i y_j,  BW = ½ Σ_ij w_ij (y_i - y_j)²,  WW = ½ Σ_ij w_ij (1 - y_i)(1 - y_j)
/// ```
///
/// For binary symmetric weights these are numbers of pairs. Moments are those of the permutations of the marks (sampling without
/// replacement): with `a` marked of n, `a^(k) = a (a-1) … (a-k+1)`, b = n - a and S0, S1, S2 as in [`moran`](super::moran):
///
/// ```text
/// E BB = ½ S0 a^(2) / n^(2),  E BW = S0 a b / n^(2)
/// V BB = ¼ {S1 a^(2)/n^(2) + (S2 - 2 S1) a^(3)/n^(3) + (S0² + S1 - S2) a^(4)/n^(4)} - (E BB)²
/// V BW = ¼ {2 S1 a b/n^(2) + (S2 - 2 S1) a b (n-2)/n^(3) + 4 (S0² + S1 - S2) a^(2) b^(2)/n^(4)} - (E BW)²
/// ```
///
/// WW is BB of the other colour. Islands have no joins and stay in n.
///
/// # Errors
/// [`Error::Length`]; [`Error::TooFew`] below two units; [`Error::Undefined`] if all units are of one colour, or the map has no
/// links; [`Error::Range`].
///
/// # Reference
/// Cliff & Ord 1981, Spatial Processes, ch. 2.
///
/// ```
/// use quyu_econometrics::space::{join_counts, Weights};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let joins = join_counts(&[true, true, false, false], &w)?;
/// assert_eq!((joins.both.count, joins.one.count, joins.neither.count), (1.0, 1.0, 1.0));
/// assert!((joins.both.expected - 0.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn join_counts(marked: &[bool], weights: &Weights) -> Result<JoinCounts, Error> {
    let (y, pairs, sums) = prepare(marked, weights)?;
    let opposite: Vec<f64> = y.iter().map(|y| 1.0 - y).collect();
    let n = y.len() as f64;
    let black: f64 = y.iter().sum();
    let white = n - black;
    let counts = [
        0.5 * pairs.sum(&y, |a, b| a * b),
        0.5 * pairs.sum(&y, |a, b| (a - b) * (a - b)),
        0.5 * pairs.sum(&opposite, |a, b| a * b),
    ];
    let share = |a: f64, k: usize| (0..k).fold(1.0, |p, i| p * ((a - i as f64) / (n - i as f64)));
    let one_colour = |count: f64, a: f64| {
        // No three or four of a colour: the factor is zero, whatever n is.
        let part = |k: usize| if a < k as f64 { 0.0 } else { share(a, k) };
        joins(count, sums, 0.5 * sums.s0 * part(2), [part(2), part(3), part(4)])
    };
    let pair = black * white / (n * (n - 1.0));
    let four = match n > 3.0 {
        true => pair * (black - 1.0) * (white - 1.0) / ((n - 2.0) * (n - 3.0)),
        false => 0.0,
    };
    let three = if n > 2.0 { pair } else { 0.0 };
    let result = JoinCounts {
        both: one_colour(counts[0], black),
        one: joins(counts[1], sums, sums.s0 * pair, [2.0 * pair, three, 4.0 * four]),
        neither: one_colour(counts[2], white),
        total: 0.5 * sums.s0,
    };
    check::in_range("a number of joins", &counts)?;
    Ok(result)
}

/// `shares` multiply the sums over one pair, over two pairs with a unit in common, over two pairs without.
fn joins(count: f64, sums: GraphSums, expected: f64, shares: [f64; 3]) -> Joins {
    let GraphSums { s0, s1, s2 } = sums;
    let terms = [
        0.25 * s1 * shares[0],
        0.25 * (s2 - 2.0 * s1) * shares[1],
        0.25 * (s0 * s0 + s1 - s2) * shares[2],
        -expected * expected,
    ];
    let size = terms.iter().map(|t| t.abs()).sum();
    Joins {
        count,
        expected,
        randomisation: Analytic::new(count, expected, terms.iter().sum(), size),
    }
}

/// The permutation test of a count of joins: the marks change places at random.
///
/// The statistic is a count of [`join_counts`]; with R random orders, p = (1 + as extreme ones) / (1 + R).
///
/// # Errors
/// As [`join_counts`]; [`Error::Domain`] for no permutations.
///
/// # References
/// Cliff & Ord 1981, Spatial Processes, ch. 2.
///
/// ```
/// use quyu_econometrics::{inference::PermutationOptions, space::{join_counts_test, JoinKind, Weights}};
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)])?;
/// let marked = [true, true, false, false];
/// let test = join_counts_test(&marked, &w, JoinKind::Both, &PermutationOptions::default())?;
/// assert_eq!((test.exact, test.greater), (true, 0.5)); // three of six pairs touch
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn join_counts_test(
    marked: &[bool],
    weights: &Weights,
    kind: JoinKind,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let (mut y, pairs, _) = prepare(marked, weights)?;
    if kind == JoinKind::Neither {
        y.iter_mut().for_each(|y| *y = 1.0 - *y);
    }
    match kind {
        JoinKind::One => test_of_pairs(&pairs, &y, SquaredGap, |sum| 0.5 * sum, options),
        JoinKind::Both | JoinKind::Neither => test_of_pairs(&pairs, &y, Product, |sum| 0.5 * sum, options),
    }
}

fn prepare(marked: &[bool], weights: &Weights) -> Result<(Vec<f64>, Pairs, GraphSums), Error> {
    check::length("marked", marked.len(), weights.units())?;
    check::at_least("marked", marked.len(), 2)?;
    if weights.links() == 0 {
        return Err(Error::Undefined {
            reason: "no unit has a neighbour",
        });
    }
    if marked.iter().all(|m| *m == marked[0]) {
        return Err(Error::Undefined {
            reason: "all units are of one colour",
        });
    }
    let pairs = Pairs::new(weights);
    let sums = GraphSums::new(weights, &pairs)?;
    Ok((marked.iter().map(|m| f64::from(*m)).collect(), pairs, sums))
}
