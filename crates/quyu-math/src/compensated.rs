//! A sum in two numbers, for places that hold very many sums.

/// A running sum that carries what rounding took from it: right to the last digits for any number of addends of one sign, in 16
/// bytes. [`crate::Sum`] is for streams whose order of additions must be that of a slice.
///
/// # References
/// Neumaier 1974, Zeitschrift für Angewandte Mathematik und Mechanik 54:39-51.
///
/// ```
/// use quyu_math::Compensated;
/// let mut sum = Compensated::default();
/// [1.0, 1e100, 1.0, -1e100].into_iter().for_each(|x| sum.add(x));
/// assert_eq!(sum.value(), 2.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    /// Adds a number.
    pub fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += match self.sum.abs() >= x.abs() {
            true => (self.sum - sum) + x,
            false => (x - sum) + self.sum,
        };
        self.sum = sum;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.add(other.sum);
        self.lost += other.lost;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        self.sum + self.lost
    }
}
