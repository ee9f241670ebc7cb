//! Which regions are like mine?

use quyu_math::rng::Stream;

use super::moments::Moments;
use crate::{Error, Matrix, check};

/// How indicators are made comparable before distances are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Comparable {
    /// To 0..1 by the range over all rows.
    #[default]
    MinMax,
    /// z-scores (ddof 0).
    ZScore,
    /// As they are.
    AsGiven,
}

/// A region that was compared with the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its row.
    pub region: usize,
    /// Structural distance `Σ w_j (u_rj - u_sj)²`.
    pub distance: f64,
    /// What each indicator adds to the distance.
    pub contributions: Vec<f64>,
}

/// Options of [`nearest_regions`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MatchOptions<'a> {
    /// Weight of each indicator; they are divided by their sum. Absent: equal weights.
    pub weights: Option<&'a [f64]>,
    /// How indicators are made comparable.
    pub comparable: Comparable,
    /// Rows that are not candidates, beside the target itself (such as regions of the same country).
    pub excluded: Option<&'a [bool]>,
}

/// All candidate regions by structural distance to a target, nearest first.
///
/// The distance is the weighted sum of squared differences (no root is taken), as in the reference-region tools
/// of smart specialisation, and each result says what each indicator adds to it. Ties stand in the order of
/// rows.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Label`] for a target beyond the rows; [`Error::Length`], [`Error::Negative`]
/// for weights or exclusions; [`Error::Zero`] for weights that sum to zero or a column whose values are all
/// equal; [`Error::Empty`] if nobody is left; [`Error::Range`].
///
/// # Reference
/// Navarro, M., Gibaja, J. J., Franco, S., Murciego, A., Gianelle, C., Hegyi, F. B. & Kleibrink, A. (2014),
/// Regional benchmarking in the smart specialisation process: identification of reference regions based on
/// structural similarity, JRC S3 Working Paper 03/2014.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{MatchOptions, nearest_regions}};
/// let table = [0.0, 0.0, 1.0, 10.0, 0.5, 10.0];
/// let found = nearest_regions(Matrix::new(&table, 3, 2)?, 0, &MatchOptions::default())?;
/// assert_eq!(found[0].region, 2);
/// assert_eq!(found[0].contributions, [0.125, 0.5]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn nearest_regions(
    table: Matrix<'_>,
    target: usize,
    options: &MatchOptions<'_>,
) -> Result<Vec<Match>, Error> {
    let comparison = Comparison::of(table, target, options)?;
    Ok(comparison.ranked(&comparison.weights))
}

/// Options of [`match_stability`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchStabilityOptions {
    /// How many regions count as the nearest. Default 5.
    pub top: usize,
    /// Each weight is multiplied by a factor drawn uniformly from `1 - spread` to `1 + spread`. Default 0.5.
    pub spread: f64,
    /// Number of draws. Default 1,000.
    pub draws: usize,
    /// Seed; draw number b takes stream b. Default 1.
    pub seed: u64,
}

impl Default for MatchStabilityOptions {
    fn default() -> Self {
        Self {
            top: 5,
            spread: 0.5,
            draws: 1000,
            seed: 1,
        }
    }
}

/// Stability of the nearest regions under other weights: for each row the share of the draws in which it is
/// among the nearest; 0 for the target and the excluded.
///
/// # Errors
/// As [`nearest_regions`]; [`Error::Domain`] unless 0 < spread <= 1 and `top` and `draws` are at least 1.
///
/// # Reference
/// Navarro et al. (2014), as in [`nearest_regions`], for the distance; the spread of weights as in Saisana,
/// Saltelli & Tarantola (2005), Journal of the Royal Statistical Society A 168, 307-323.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{MatchOptions, MatchStabilityOptions, match_stability}};
/// let table = Matrix::new(&[0.0, 0.0, 1.0, 0.1, 0.1, 1.0, 1.0, 1.0], 4, 2)?;
/// let options = MatchStabilityOptions { top: 1, draws: 200, ..Default::default() };
/// let shares = match_stability(table, 0, &MatchOptions::default(), &options)?;
/// assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// assert_eq!(shares[3], 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn match_stability(
    table: Matrix<'_>,
    target: usize,
    options: &MatchOptions<'_>,
    stability: &MatchStabilityOptions,
) -> Result<Vec<f64>, Error> {
    let MatchStabilityOptions {
        top,
        spread,
        draws,
        seed,
    } = *stability;
    if !(spread > 0.0 && spread <= 1.0) {
        return Err(Error::Domain {
            option: "spread",
            value: spread,
            domain: "above 0, at most 1",
        });
    }
    for (option, value) in [("top", top), ("draws", draws)] {
        if value == 0 {
            return Err(Error::Domain {
                option,
                value: 0.0,
                domain: "1 or more",
            });
        }
    }
    let comparison = Comparison::of(table, target, options)?;
    let mut counts = vec![0_usize; table.rows()];
    for draw in 0..draws {
        let mut stream = Stream::new(seed, draw as u64);
        let factor = |stream: &mut Stream| 1.0 - spread + 2.0 * spread * stream.unit();
        let weights: Vec<f64> = comparison
            .weights
            .iter()
            .map(|w| w * factor(&mut stream))
            .collect();
        comparison
            .ranked(&weights)
            .iter()
            .take(top)
            .for_each(|found| counts[found.region] += 1);
    }
    Ok(counts.iter().map(|&c| c as f64 / draws as f64).collect())
}

/// The target beside the candidates, with comparable indicators.
struct Comparison {
    squares: Vec<(usize, Vec<f64>)>,
    weights: Vec<f64>,
}

impl Comparison {
    fn of(table: Matrix<'_>, target: usize, options: &MatchOptions<'_>) -> Result<Self, Error> {
        check::finite("table", table.data())?;
        if target >= table.rows() {
            return Err(Error::Label {
                argument: "target",
                index: 0,
                found: target,
                limit: table.rows(),
            });
        }
        let weights = weights(options.weights, table.cols())?;
        if let Some(excluded) = options.excluded {
            check::length("excluded", excluded.len(), table.rows())?;
        }
        let columns: Vec<Vec<f64>> = (0..table.cols())
            .map(|j| comparable(&table.col(j), j, options.comparable))
            .collect::<Result<_, _>>()?;
        let candidate = |&r: &usize| r != target && !options.excluded.is_some_and(|excluded| excluded[r]);
        let squares: Vec<(usize, Vec<f64>)> = (0..table.rows())
            .filter(candidate)
            .map(|r| {
                (
                    r,
                    columns
                        .iter()
                        .map(|u| (u[r] - u[target]) * (u[r] - u[target]))
                        .collect(),
                )
            })
            .collect();
        if squares.is_empty() {
            return Err(Error::Empty {
                argument: "candidates",
            });
        }
        for (_, squares) in &squares {
            check::in_range("a structural distance", &[quyu_math::sum(squares)])?;
        }
        Ok(Self { squares, weights })
    }

    fn ranked(&self, weights: &[f64]) -> Vec<Match> {
        let mut matches: Vec<Match> = self
            .squares
            .iter()
            .map(|(region, squares)| {
                let contributions: Vec<f64> = squares.iter().zip(weights).map(|(s, w)| w * s).collect();
                Match {
                    region: *region,
                    distance: quyu_math::sum(&contributions),
                    contributions,
                }
            })
            .collect();
        matches.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.region.cmp(&b.region)));
        matches
    }
}

/// Weights divided by their sum, or equal ones.
fn weights(given: Option<&[f64]>, count: usize) -> Result<Vec<f64>, Error> {
    let Some(given) = given else {
        return Ok(vec![1.0 / count as f64; count]);
    };
    check::length("weights", given.len(), count)?;
    check::non_negative("weights", given)?;
    let sum = quyu_math::sum(given);
    check::in_range("the sum of weights", &[sum])?;
    if sum == 0.0 {
        return Err(Error::Zero {
            argument: "weights",
            index: 0,
        });
    }
    Ok(given.iter().map(|w| w / sum).collect())
}

fn comparable(column: &[f64], index: usize, kind: Comparable) -> Result<Vec<f64>, Error> {
    let m = Moments::of(column);
    let scaled = column.iter().map(|v| v / m.scale);
    match kind {
        Comparable::AsGiven => Ok(column.to_vec()),
        Comparable::ZScore => {
            let sd = (m.squares / column.len() as f64).sqrt();
            if sd == 0.0 {
                return Err(Error::Zero {
                    argument: "standard deviation",
                    index,
                });
            }
            Ok(scaled.map(|v| (v - m.mean) / sd).collect())
        }
        Comparable::MinMax => {
            let (low, high) = scaled
                .clone()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                    (low.min(v), high.max(v))
                });
            if low == high {
                return Err(Error::Zero {
                    argument: "range",
                    index,
                });
            }
            Ok(scaled.map(|v| (v - low) / (high - low)).collect())
        }
    }
}

/// The assignment of rows to columns with the smallest total cost, each column taken at most once (Hungarian
/// method).
///
/// Element r of the result is the column of row r. There must be at least as many columns as rows.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] for fewer columns than rows; [`Error::Range`].
///
/// # Reference
/// Kuhn, H. W. (1955), The Hungarian method for the assignment problem, Naval Research Logistics Quarterly 2,
/// 83-97; in the form with shortest augmenting paths (Jonker & Volgenant 1987).
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::optimal_assignment};
/// // The first row's nearest is column 0, but the second row needs it more.
/// let costs = [1.0, 2.0, 9.0, 1.0, 8.0, 9.0];
/// assert_eq!(optimal_assignment(Matrix::new(&costs, 2, 3)?)?, [1, 0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn optimal_assignment(costs: Matrix<'_>) -> Result<Vec<usize>, Error> {
    check::finite("costs", costs.data())?;
    let (n, m) = (costs.rows(), costs.cols());
    check::at_least("columns", m, n)?;
    let scale = super::moments::power_of_two_below(costs.data());
    // Rows and columns count from 1; column 0 is where the search starts.
    let (mut row_price, mut column_price) = (vec![0.0; n + 1], vec![0.0; m + 1]);
    let (mut taken_by, mut came_from) = (vec![0; m + 1], vec![0; m + 1]);
    for row in 1..=n {
        taken_by[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; m + 1];
        let mut visited = vec![false; m + 1];
        while taken_by[column] != 0 {
            visited[column] = true;
            let current = taken_by[column];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for j in (1..=m).filter(|&j| !visited[j]) {
                let reduced = costs.at(current - 1, j - 1) / scale - row_price[current] - column_price[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    came_from[j] = column;
                }
                if least[j] < step {
                    step = least[j];
                    next = j;
                }
            }
            for j in 0..=m {
                if visited[j] {
                    row_price[taken_by[j]] += step;
                    column_price[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            taken_by[column] = taken_by[came_from[column]];
            column = came_from[column];
        }
    }
    let mut assigned = vec![0; n];
    for j in 1..=m {
        if taken_by[j] > 0 {
            assigned[taken_by[j] - 1] = j - 1;
        }
    }
    Ok(assigned)
}
