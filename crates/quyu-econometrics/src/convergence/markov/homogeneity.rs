//! Are several chains the same?

use super::counts::Transitions;
use crate::regression::ChiSquareTest;
use crate::{Error, check};
use quyu_math::{ln, sum_by};

/// Tests that several samples of transitions come from one chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homogeneity {
    /// Likelihood ratio 2 Σ n ln(p of the sample / p of all), with the degrees of freedom of Bickenbach & Bode.
    pub likelihood_ratio: ChiSquareTest,
    /// Pearson: Σ n_i (p of the sample - p of all)² / p of all, with the same degrees of freedom.
    pub pearson: ChiSquareTest,
    /// Kullback, Kupperman & Ku: the likelihood ratio with k (s - 1)(k - 1) degrees of freedom, whatever is empty.
    pub kullback: ChiSquareTest,
}

/// Tests that `samples` (sub-periods, groups of regions, classes of neighbourhood) have the same transition probabilities.
///
/// n_sij counts of sample s; p_ij of all samples together. Degrees of freedom Σ_i (a_i - 1)(b_i - 1) with a_i samples that have transitions from
/// state i and b_i states that are reached from it in any sample: cells that cannot differ do not count. At least one degree must be
/// left. Approximate where expected counts are small.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two samples, [`Error::Length`] for different numbers of states; [`Error::Undefined`] if nothing can differ;
/// [`Error::Range`].
///
/// # References
/// Anderson & Goodman 1957, Annals of Mathematical Statistics 28:89-110. Kullback, Kupperman & Ku 1962, Technometrics 4:573-608. Bickenbach & Bode
/// 2003, International Regional Science Review 26:363-392.
///
/// ```
/// use quyu_econometrics::convergence::markov::{Transitions, homogeneity};
/// let early = Transitions::new(vec![40.0, 10.0, 10.0, 40.0], 2)?;
/// let late = Transitions::new(vec![25.0, 25.0, 20.0, 30.0], 2)?;
/// let test = homogeneity(&[early, late])?;
/// assert_eq!(test.pearson.df, 2);
/// assert!(test.pearson.p_value < 0.01);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn homogeneity(samples: &[Transitions]) -> Result<Homogeneity, Error> {
    check::at_least("samples", samples.len(), 2)?;
    let k = samples[0].k();
    for sample in samples {
        check::length("samples", sample.k(), k)?;
    }
    let rows: Vec<Vec<f64>> = samples.iter().map(Transitions::row_sums).collect();
    let s = samples.len();
    let (mut ratio, mut pearson, mut df) = (0.0, 0.0, 0);
    for i in 0..k {
        let from = sum_by(s, |s| rows[s][i]);
        check::in_range("a sum of counts", &[from])?;
        if from == 0.0 {
            continue;
        }
        let cell = |s: usize, j: usize| samples[s].counts()[i * k + j];
        let all: Vec<f64> = (0..k).map(|j| sum_by(s, |s| cell(s, j)) / from).collect();
        let each = |f: &dyn Fn(f64, f64, f64) -> f64| {
            sum_by(s * k, |c| {
                let (s, j) = (c / k, c % k);
                match rows[s][i] > 0.0 && all[j] > 0.0 {
                    true => f(cell(s, j), rows[s][i], all[j]),
                    false => 0.0,
                }
            })
        };
        ratio += each(&|n, row, p| if n > 0.0 { 2.0 * n * ln(n / row / p) } else { 0.0 });
        pearson += each(&|n, row, p| row * (n / row - p) * (n / row - p) / p);
        let used = rows.iter().filter(|row| row[i] > 0.0).count();
        let reached = all.iter().filter(|p| **p > 0.0).count();
        // A probability may vanish under a count that is nearly all.
        df += (used - 1) * reached.saturating_sub(1);
    }
    if df == 0 {
        return Err(Error::Undefined {
            reason: "no probability can differ between the samples",
        });
    }
    // Equal samples may come out as a negative rounding.
    let ratio = ratio.max(0.0);
    Ok(Homogeneity {
        likelihood_ratio: ChiSquareTest::new("a likelihood ratio", ratio, df)?,
        pearson: ChiSquareTest::new("a chi-square", pearson, df)?,
        kullback: ChiSquareTest::new("a likelihood ratio", ratio, k * (s - 1) * (k - 1))?,
    })
}
