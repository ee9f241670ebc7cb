//! Styles of weights: how the rows are scaled.

use super::lu::{Factor, Order};
use super::weights::Weights;
use crate::{Error, check};
use quyu_math::{sqrt, sum, sum_by};

/// How weights are scaled, after the letters of Tiefelsdorf, Griffith & Boots (1999).
///
/// With `g_ij` the weights as they are, `m` the number of units that have neighbours:
///
/// | style | letter | `w_ij` |
/// |---|---|---|
/// | `Binary` | B | 1 |
/// | `Row` | W | `g_ij / Σ_j g_ij` |
/// | `Global` | C | `g_ij m / Σ_ij g_ij` |
/// | `Unit` | U | `g_ij / Σ_ij g_ij` |
/// | `VarianceStabilising` | S | `q_ij m / Σ_ij q_ij`, `q_ij = g_ij / √(Σ_j g_ij²)` |
/// | `Spectral` | | `g_ij / λ`, λ the largest eigenvalue of g |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// B: every link counts once.
    Binary,
    /// W: each row adds up to 1, so that a lag is a mean.
    Row,
    /// C: all weights together add up to the number of units with neighbours.
    Global,
    /// U: all weights together add up to 1.
    Unit,
    /// S: between W, which favours units with few links, and C, which favours those with many.
    VarianceStabilising,
    /// The largest eigenvalue becomes 1, symmetry is kept.
    Spectral,
}

impl Weights {
    /// The same links, scaled. Islands stay islands: their rows are empty in every style.
    ///
    /// # Errors
    /// [`Error::Undefined`] if there is no link (except for `Binary`), or no circle of links for `Spectral` (all eigenvalues are
    /// zero); [`Error::Range`].
    ///
    /// # References
    /// Tiefelsdorf, Griffith & Boots 1999, Environment and Planning A 31:165-180. Kelejian & Prucha 2010, Journal of
    /// Econometrics 157:53-67 (spectral).
    ///
    /// ```
    /// use quyu_econometrics::space::{Style, Weights};
    /// let w = Weights::contiguity(3, &[(0, 1), (1, 2)])?;
    /// assert_eq!(w.styled(Style::Row)?.weight(1, 0), 0.5);
    /// assert_eq!(w.styled(Style::Global)?.weight(1, 0), 0.75);
    /// assert_eq!(w.styled(Style::Unit)?.weight(1, 0), 0.25);
    /// assert!((w.styled(Style::Spectral)?.weight(1, 0) - 0.5f64.sqrt()).abs() < 1e-14);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn styled(&self, style: Style) -> Result<Self, Error> {
        if style == Style::Binary {
            return Ok(self.with_values(vec![1.0; self.links()]));
        }
        if self.links() == 0 {
            return Err(Error::Undefined {
                reason: "no unit has a neighbour",
            });
        }
        let with_neighbours = (self.units() - self.islands().len()) as f64;
        let all = |values: &[f64], target: f64| {
            let total = sum(values);
            values.iter().map(|g| g / total * target).collect()
        };
        let values: Vec<f64> = match style {
            Style::Binary => Vec::new(),
            Style::Row => self.by_row(sum),
            Style::Global => all(self.values(), with_neighbours),
            Style::Unit => all(self.values(), 1.0),
            Style::VarianceStabilising => {
                let size = |row: &[f64]| sqrt(sum_by(row.len(), |k| row[k] * row[k]));
                all(&self.by_row(size), with_neighbours)
            }
            Style::Spectral => {
                let radius = self.spectral_radius()?;
                if radius == 0.0 {
                    return Err(Error::Undefined {
                        reason: "all eigenvalues of the weights are zero",
                    });
                }
                self.values().iter().map(|g| g / radius).collect()
            }
        };
        check::in_range("a weight", &values)?;
        if let Some(index) = values.iter().position(|w| *w == 0.0) {
            return Err(Error::Zero {
                argument: "weights",
                index,
            });
        }
        Ok(self.with_values(values))
    }

    fn by_row(&self, size: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let row = |i: usize| {
            let (_, values) = self.row(i);
            let size = size(values);
            values.iter().map(move |g| g / size)
        };
        (0..self.units()).flat_map(row).collect()
    }

    /// The largest eigenvalue, which for weights without negatives is also the largest modulus of an eigenvalue: 1 for
    /// row-standardised weights without islands, 0 where no chain of links leads back to where it began.
    ///
    /// By bisection on the pivots of `λI - W`: they are all positive if and only if λ is above the eigenvalue (Berman & Plemmons
    /// 1994, Nonnegative Matrices, ch. 6).
    ///
    /// # Errors
    /// [`Error::Range`] if the weights are too large or too small.
    pub fn spectral_radius(&self) -> Result<f64, Error> {
        if self.links() == 0 {
            return Ok(0.0);
        }
        let sums = self.row_sums();
        let column_sums = self.transposed().row_sums();
        let largest = |sums: &[f64]| sums.iter().fold(0.0f64, |a, b| a.max(*b));
        let smallest = |sums: &[f64]| sums.iter().fold(f64::INFINITY, |a, b| a.min(*b));
        // The eigenvalue lies between the smallest and the largest sum, by rows and by columns.
        let mut high = largest(&sums).min(largest(&column_sums));
        let mut low = smallest(&sums).max(smallest(&column_sums)).min(high);
        check::in_range("a sum of weights", &[high])?;
        if high == 0.0 || high < 1e-290 {
            return Err(Error::Range {
                what: "a sum of weights",
            });
        }
        if low >= high * (1.0 - 1e-14) {
            return Ok(0.5 * (low + high));
        }
        if !self.has_circle() {
            return Ok(0.0);
        }
        let order = Order::new(self);
        while high - low > 1e-15 * high {
            // In ratios where the two ends are far apart.
            let middle = match low > 0.0 && high < 2.0 * low {
                true => low + 0.5 * (high - low),
                false => sqrt(high) * sqrt(low.max(high * 1e-15)),
            };
            if middle <= low || middle >= high {
                break;
            }
            match Factor::new(self, &order, 1.0 / middle) {
                Ok(_) => high = middle,
                Err(_) => low = middle,
            }
        }
        Ok(0.5 * (low + high))
    }

    /// Whether some chain of links leads back to where it began.
    fn has_circle(&self) -> bool {
        let mut incoming = self.transposed().degrees();
        let mut free: Vec<usize> = (0..self.units()).filter(|i| incoming[*i] == 0).collect();
        let mut removed = 0;
        while let Some(unit) = free.pop() {
            removed += 1;
            for (j, _) in self.neighbours(unit) {
                incoming[j] -= 1;
                if incoming[j] == 0 {
                    free.push(j);
                }
            }
        }
        removed < self.units()
    }
}
