//! How far two partitions agree.

use std::collections::BTreeMap;

use crate::{Error, check};

/// Agreement of two partitions of the same points. Numbers of labels do not matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Rand index: share of the pairs of points on which the two agree, together or apart.
    pub rand: f64,
    /// Adjusted Rand index: 1 for the same partition, 0 as by chance.
    pub adjusted_rand: f64,
    /// Mutual information in nats.
    pub mutual_information: f64,
    /// Mutual information over the arithmetic mean of the two entropies, 0 to 1.
    pub normalised_mutual_information: f64,
    /// Mutual information adjusted for chance, with the arithmetic mean: 1 for the same partition, 0 as by
    /// chance.
    pub adjusted_mutual_information: f64,
}

/// Compares two partitions: adjusted Rand index, mutual information plain, normalised and adjusted.
///
/// With the contingency table `n_ij`, its sums `a_i`, `b_j` and pairs `C(n, 2)`: `ARI = (Σ C(n_ij,2) - E) / (½
/// [Σ C(a_i,2) + Σ C(b_j,2)] - E)`, `E = Σ C(a_i,2) Σ C(b_j,2) / C(n,2)`. `AMI = (MI - E MI) / (mean of
/// entropies - E MI)` with the expectation under random labels of the same sizes (hypergeometric). Two
/// partitions that are both one cluster, or both single points, agree fully: 1.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`].
///
/// # Reference
/// Hubert, L. & Arabie, P. (1985), Comparing partitions, Journal of Classification 2, 193-218. Vinh, N. X.,
/// Epps, J. & Bailey, J. (2010), Information theoretic measures for clusterings comparison, Journal of Machine
/// Learning Research 11, 2837-2854.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::agreement;
/// let a = agreement(&[0, 0, 1, 1], &[5, 5, 2, 2])?;
/// assert_eq!((a.rand, a.adjusted_rand), (1.0, 1.0));
/// let b = agreement(&[0, 0, 1, 1], &[0, 1, 0, 1])?;
/// assert_eq!(b.adjusted_rand, -0.5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn agreement(one: &[usize], other: &[usize]) -> Result<Agreement, Error> {
    if one.is_empty() {
        return Err(Error::Empty { argument: "one" });
    }
    check::length("other", other.len(), one.len())?;
    let table = Contingency::of(one, other);
    let (rand, adjusted_rand) = table.rand();
    let (mi, mean_entropy) = (
        table.mutual_information(),
        (table.entropy_one() + table.entropy_other()) / 2.0,
    );
    let expected = table.expected_mutual_information();
    let same = table.same();
    let ratio = |above: f64, below: f64| {
        if same {
            1.0
        } else if below.abs() < 1e-15 {
            0.0
        } else {
            above / below
        }
    };
    Ok(Agreement {
        rand,
        adjusted_rand,
        mutual_information: mi,
        normalised_mutual_information: ratio(mi, mean_entropy).clamp(0.0, 1.0),
        adjusted_mutual_information: ratio(mi - expected, mean_entropy - expected),
    })
}

/// How many points share each pair of labels.
struct Contingency {
    n: f64,
    cells: Vec<(usize, usize, f64)>,
    one: Vec<f64>,
    other: Vec<f64>,
}

impl Contingency {
    fn of(one: &[usize], other: &[usize]) -> Self {
        let number = |labels: &[usize]| {
            let mut numbers = BTreeMap::new();
            labels.iter().for_each(|&label| {
                let next = numbers.len();
                numbers.entry(label).or_insert(next);
            });
            numbers
        };
        let (rows, cols) = (number(one), number(other));
        let mut cells = BTreeMap::new();
        let (mut a, mut b) = (vec![0.0; rows.len()], vec![0.0; cols.len()]);
        for (x, y) in one.iter().zip(other) {
            let (i, j) = (rows[x], cols[y]);
            *cells.entry((i, j)).or_insert(0.0) += 1.0;
            a[i] += 1.0;
            b[j] += 1.0;
        }
        let cells = cells.into_iter().map(|((i, j), n)| (i, j, n)).collect();
        Self {
            n: one.len() as f64,
            cells,
            one: a,
            other: b,
        }
    }

    /// The same partition: every label of one goes with one label of the other.
    fn same(&self) -> bool {
        self.cells.len() == self.one.len() && self.cells.len() == self.other.len()
    }

    fn rand(&self) -> (f64, f64) {
        let pairs = |n: f64| n * (n - 1.0) / 2.0;
        let sum = |sizes: &[f64]| sizes.iter().map(|&n| pairs(n)).sum::<f64>();
        let together = self.cells.iter().map(|&(_, _, n)| pairs(n)).sum::<f64>();
        let (a, b, all) = (sum(&self.one), sum(&self.other), pairs(self.n));
        if self.same() {
            return (1.0, 1.0);
        }
        // Multiplied out, numerator and denominator are whole numbers: nothing is rounded before the division.
        let rand = (all + 2.0 * together - a - b) / all;
        (rand, (together * all - a * b) / ((a + b) / 2.0 * all - a * b))
    }

    fn entropy(&self, sizes: &[f64]) -> f64 {
        -quyu_math::sum_by(sizes.len(), |i| {
            sizes[i] / self.n * quyu_math::ln(sizes[i] / self.n)
        })
    }

    fn entropy_one(&self) -> f64 {
        self.entropy(&self.one)
    }

    fn entropy_other(&self) -> f64 {
        self.entropy(&self.other)
    }

    fn mutual_information(&self) -> f64 {
        quyu_math::sum_by(self.cells.len(), |c| {
            let (i, j, n) = self.cells[c];
            n / self.n * quyu_math::ln(n * self.n / (self.one[i] * self.other[j]))
        })
        .max(0.0)
    }

    /// The mean of the mutual information over all partitions with clusters of these sizes.
    fn expected_mutual_information(&self) -> f64 {
        let log_factorial: Vec<f64> = std::iter::once(0.0)
            .chain((1..=self.n as usize).scan(0.0, |sum, k| {
                *sum += quyu_math::ln(k as f64);
                Some(*sum)
            }))
            .collect();
        let log = |n: f64| log_factorial[n as usize];
        let mut terms = Vec::new();
        for &a in &self.one {
            for &b in &self.other {
                let mut n = (a + b - self.n).max(1.0);
                while n <= a.min(b) {
                    let probability = log(a) + log(b) + log(self.n - a) + log(self.n - b)
                        - log(self.n)
                        - log(n)
                        - log(a - n)
                        - log(b - n)
                        - log(self.n - a - b + n);
                    let information = n / self.n * quyu_math::ln(self.n * n / (a * b));
                    terms.push(information * quyu_math::exp(probability));
                    n += 1.0;
                }
            }
        }
        quyu_math::sum(&terms)
    }
}
