//! LISA Markov: how regions move between the quadrants of the Moran scatter plot.

use super::counts::Transitions;
use super::spatial::spatial_lags;
use super::states::States;
use crate::convergence::check_neighbours;
use crate::regression::ChiSquareTest;
use crate::{Error, Matrix, check};
use quyu_math::{sum, sum_by};

/// Moves between quadrants: 0 high among high, 1 low among high, 2 low among low, 3 high among low.
#[derive(Debug, Clone, PartialEq)]
pub struct LisaMarkov {
    /// The quadrant of each region that has neighbours, in the order of the panel.
    pub states: States,
    /// Counts of moves between quadrants.
    pub transitions: Transitions,
    /// Expected counts if regions and their neighbourhoods move independently of each other, row-major.
    pub expected: Vec<f64>,
    /// Σ (count - expected)² / expected over the cells with an expectation. Degrees of freedom: a quadrant that somebody left has three free
    /// probabilities, each of the two chains of two states has one in each state; the difference, 8 where all occur. (giddy counts 9.)
    pub independence: ChiSquareTest,
    /// Regions without neighbours, which are in none of the above; their values count in the mean.
    pub islands: Vec<usize>,
}

/// Transitions between the quadrants of the Moran scatter plot.
///
/// With z the value less the mean of its period and the lag Σ w_ij z_j, a region is high if z > 0, its neighbourhood if the lag is > 0; what is
/// exactly zero counts as low. Weights as in [`spatial_markov`](super::spatial_markov()), usually with rows that add up to one.
///
/// The expectation is that of two chains apart, one of the regions between high and low, one of the neighbourhoods: count of the
/// quadrant times the product of their probabilities. (giddy 2.3.8 applies its test to a table in another order.)
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Length`], [`Error::Label`] for neighbours; [`Error::TooFew`] for a single period; [`Error::Undefined`] if there
/// are only islands, or nothing can move independently; [`Error::Range`].
///
/// # References
/// Rey 2001, Geographical Analysis 33:195-214.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::markov::lisa_markov};
/// let income = [1.0, 3.0, 1.0, 2.0, 2.5, 3.0, 2.0, 1.0, 3.0, 9.0, 2.0, 1.0];
/// let ring: Vec<Vec<(usize, f64)>> = (0..4).map(|i| vec![((i + 1) % 4, 0.5), ((i + 3) % 4, 0.5)]).collect();
/// let moves = lisa_markov(Matrix::new(&income, 4, 3)?, &ring)?;
/// assert_eq!(moves.transitions.row_sums().iter().sum::<f64>(), 8.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn lisa_markov(panel: Matrix<'_>, neighbours: &[Vec<(usize, f64)>]) -> Result<LisaMarkov, Error> {
    check::finite("panel", panel.data())?;
    check_neighbours(neighbours, panel.rows())?;
    check::at_least("panel", panel.cols(), 2)?;
    let periods = panel.cols();
    let (kept, islands): (Vec<usize>, Vec<usize>) =
        (0..panel.rows()).partition(|i| !neighbours[*i].is_empty());
    if kept.is_empty() {
        return Err(Error::Undefined {
            reason: "no region has neighbours",
        });
    }
    let z = deviations(panel)?;
    let lags = spatial_lags(&z, periods, neighbours, &kept)?;
    let own = kept.iter().flat_map(|i| &z[i * periods..(i + 1) * periods]);
    let quadrants = own.zip(&lags).map(|(z, lag)| match (*z > 0.0, *lag > 0.0) {
        (true, true) => 0,
        (false, true) => 1,
        (false, false) => 2,
        (true, false) => 3,
    });
    let states = States::new(quadrants.collect(), periods, 4)?;
    let transitions = states.transitions()?;
    let (expected, free) = independent(&transitions);
    let counts = transitions.counts();
    let statistic = sum_by(16, |c| {
        let away = counts[c] - expected[c];
        if expected[c] > 0.0 {
            away * away / expected[c]
        } else {
            0.0
        }
    });
    Ok(LisaMarkov {
        independence: ChiSquareTest::new("a chi-square", statistic, free)?,
        states,
        transitions,
        expected,
        islands,
    })
}

/// Values less the mean of their period, row-major.
fn deviations(panel: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let n = panel.rows() as f64;
    let means: Vec<f64> = panel.column_sums().iter().map(|s| s / n).collect();
    let rows = panel.data().chunks_exact(panel.cols());
    let z: Vec<f64> = rows
        .flat_map(|row| row.iter().zip(&means).map(|(v, m)| v - m))
        .collect();
    check::in_range("a deviation from the mean", &z)?;
    Ok(z)
}

/// Own state and neighbourhood of a quadrant: 0 low, 1 high.
const PARTS: [(usize, usize); 4] = [(1, 1), (0, 1), (0, 0), (1, 0)];

/// Expected counts under independence, and the degrees of freedom of the test.
fn independent(transitions: &Transitions) -> (Vec<f64>, usize) {
    let counts = transitions.counts();
    let rows = transitions.row_sums();
    // Counts of a chain of two states: [from][to].
    let marginal = |part: fn((usize, usize)) -> usize| {
        let mut table = [[0.0; 2]; 2];
        for c in 0..16 {
            table[part(PARTS[c / 4])][part(PARTS[c % 4])] += counts[c];
        }
        table
    };
    let (own, lag) = (marginal(|p| p.0), marginal(|p| p.1));
    let p = |table: &[[f64; 2]; 2], from: usize, to: usize| table[from][to] / sum(&table[from]);
    let expected: Vec<f64> = (0..16)
        .map(|c| {
            let (from, to) = (PARTS[c / 4], PARTS[c % 4]);
            match rows[c / 4] > 0.0 {
                true => rows[c / 4] * p(&own, from.0, to.0) * p(&lag, from.1, to.1),
                false => 0.0,
            }
        })
        .collect();
    // Free probabilities: cells that can be filled less one in each row used, less those of the two chains.
    let joint: usize = (0..4)
        .map(|i| expected[4 * i..4 * i + 4].iter().filter(|e| **e > 0.0).count())
        .map(|cells| cells.saturating_sub(1))
        .sum();
    let chain = |table: &[[f64; 2]; 2]| table.iter().filter(|row| row.iter().all(|c| *c > 0.0)).count();
    (expected, joint.saturating_sub(chain(&own) + chain(&lag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quyu_math::rng::Stream;

    /// The statistic of two chains that are independent by construction, over many samples: the mean of a chi-square variable is its
    /// degrees of freedom, the variance twice that.
    #[test]
    fn eight_degrees_of_freedom_are_those_of_independent_chains() {
        let (own, lag) = ([0.3, 0.7], [0.2, 0.6]);
        let samples = 1_200;
        let (mut total, mut squares) = (0.0, 0.0);
        for s in 0..samples {
            let stream = &mut Stream::new(17, s);
            let mut counts = vec![0.0; 16];
            for _ in 0..150 {
                let mut state = (usize::from(stream.unit() < 0.5), usize::from(stream.unit() < 0.5));
                for _ in 0..15 {
                    let next = (
                        usize::from(stream.unit() < own[state.0]),
                        usize::from(stream.unit() < lag[state.1]),
                    );
                    let place = |s| PARTS.iter().position(|p| *p == s).unwrap();
                    counts[4 * place(state) + place(next)] += 1.0;
                    state = next;
                }
            }
            let moves = Transitions::new(counts.clone(), 4).unwrap();
            let (expected, free) = independent(&moves);
            assert_eq!(free, 8);
            let statistic: f64 = counts
                .iter()
                .zip(&expected)
                .map(|(c, e)| (c - e) * (c - e) / e)
                .sum();
            total += statistic;
            squares += statistic * statistic;
        }
        // The standard error of the mean is 4 / sqrt(1200), about 0.12: nine degrees lie eight of them away.
        let n = samples as f64;
        let mean = total / n;
        assert!((mean - 8.0).abs() < 0.45, "{mean}");
        let variance = squares / n - mean * mean;
        assert!((variance - 16.0).abs() < 3.0, "{variance}");
    }
}
