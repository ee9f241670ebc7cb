//! Distances between regions.

use rayon::prelude::*;

use super::moments::power_of_two_below;
use crate::{Error, Matrix, check};

/// The distance between each pair of points: symmetric, zero to itself.
///
/// Stored as the upper triangle, row after row without the diagonal (`d(0,1), d(0,2), …, d(1,2), …`), as SciPy's `pdist`
/// and R's `dist` do (for a symmetric matrix the two orders are the same).
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    points: usize,
    condensed: Vec<f64>,
}

impl Distances {
    /// Wraps distances computed elsewhere.
    ///
    /// # Errors
    /// [`Error::Empty`] for no points, [`Error::Length`] if there are not `points (points - 1) / 2` of them,
    /// [`Error::NotFinite`], [`Error::Negative`].
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::Distances;
    /// let d = Distances::new(vec![1.0, 2.0, 3.0], 3)?;
    /// assert_eq!(d.between(2, 0), 2.0);
    /// assert_eq!(d.between(1, 1), 0.0);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn new(condensed: Vec<f64>, points: usize) -> Result<Self, Error> {
        if points == 0 {
            return Err(Error::Empty {
                argument: "distances",
            });
        }
        let pairs = points
            .checked_mul(points - 1)
            .map_or(usize::MAX, |ordered| ordered / 2);
        check::length("distances", condensed.len(), pairs)?;
        check::non_negative("distances", &condensed)?;
        Ok(Self { points, condensed })
    }

    /// Euclidean distances between the rows of `table`: `√ Σ (a - b)²`, in the common unit of its columns.
    ///
    /// Columns in different units have to be standardised first. The table is divided by a power of two on the way, which
    /// changes no digit and keeps squares of huge and tiny values inside the range of a double.
    ///
    /// # Errors
    /// [`Error::NotFinite`]; [`Error::Range`] if a distance exceeds the range of a double.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::{Matrix, profiles::Distances};
    /// let d = Distances::euclidean(Matrix::new(&[0.0, 0.0, 3.0, 4.0], 2, 2)?)?;
    /// assert_eq!(d.between(0, 1), 5.0);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn euclidean(table: Matrix<'_>) -> Result<Self, Error> {
        check::finite("table", table.data())?;
        let scale = power_of_two_below(table.data());
        let scaled: Vec<f64> = table.data().iter().map(|v| v / scale).collect();
        let (points, cols) = (table.rows(), table.cols());
        let condensed: Vec<f64> = (0..points)
            .into_par_iter()
            .flat_map_iter(|i| {
                let rest = scaled[(i + 1) * cols..].chunks_exact(cols);
                let own = &scaled[i * cols..(i + 1) * cols];
                rest.map(move |other| squared(own, other).sqrt() * scale)
            })
            .collect();
        check::in_range("a distance", &condensed)?;
        Ok(Self { points, condensed })
    }

    /// Number of points.
    pub fn points(&self) -> usize {
        self.points
    }

    /// The upper triangle, row after row.
    pub fn condensed(&self) -> &[f64] {
        &self.condensed
    }

    /// The distance between points `i` and `j`.
    ///
    /// # Panics
    /// If a position is not below the number of points.
    pub fn between(&self, i: usize, j: usize) -> f64 {
        assert!(
            i < self.points && j < self.points,
            "point {i} or {j} of {}",
            self.points
        );
        match i.cmp(&j) {
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Less => self.row(i)[j - i - 1],
            std::cmp::Ordering::Greater => self.row(j)[i - j - 1],
        }
    }

    /// The distances from point `i` to the points after it.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        let start = i * (2 * self.points - i - 1) / 2;
        &self.condensed[start..start + self.points - i - 1]
    }
}

/// The squared Euclidean distance.
pub(crate) fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}
