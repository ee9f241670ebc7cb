//! Distances between regions.

use crate::cholesky::Cholesky;

use super::{moments::power_of_two_below, standardise::standardise};
use crate::{Error, Matrix, check, parallel};

/// The distance between each pair of points: symmetric, zero to itself.
///
/// Stored as the upper triangle, row after row without the diagonal (`d(0,1), d(0,2), …, d(1,2), …`), as
/// SciPy's `pdist` and R's `dist` do (for a symmetric matrix the two orders are the same).
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
    /// Columns in different units have to be standardised first. The table is divided by a power of two on the
    /// way, which changes no digit and keeps squares of huge and tiny values inside the range of a double.
    ///
    /// # Errors
    /// [`Error::NotFinite`]; [`Error::Range`] if a distance exceeds the range of a double.
    ///
    /// # Reference
    /// Kaufman, L. & Rousseeuw, P. J. (1990), Finding Groups in Data, Wiley, chapter 1.
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
        let columns: Vec<Vec<f64>> = (0..cols)
            .map(|j| scaled.iter().skip(j).step_by(cols).copied().collect())
            .collect();
        let row = |i: usize| {
            let mut row = vec![0.0; points - i - 1];
            distances_after(&columns, i, scale, &mut row);
            row
        };
        let condensed = parallel::map(points, 16, row).concat();
        check::in_range("a distance", &condensed)?;
        Ok(Self { points, condensed })
    }

    /// Gower's dissimilarity of mixed indicators: the mean over indicators of `|x - y| / range` for numbers and
    /// of "not the same" for categories, 0 to 1.
    ///
    /// `numeric` is rows by indicators; each slice of `categories` holds one label a row. All indicators count
    /// alike; ranges are those of the rows given.
    ///
    /// # Errors
    /// [`Error::NotFinite`]; [`Error::Length`]; [`Error::Zero`] with argument `range` and the column whose
    /// values are all equal.
    ///
    /// # Reference
    /// Gower, J. C. (1971), A general coefficient of similarity and some of its properties, Biometrics 27,
    /// 857-871.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::{Matrix, profiles::Distances};
    /// let d = Distances::gower(Matrix::new(&[0.0, 5.0, 10.0], 3, 1)?, &[&[0, 0, 1]])?;
    /// assert_eq!(d.between(0, 1), (0.5 + 0.0) / 2.0);
    /// assert_eq!(d.between(0, 2), 1.0);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn gower(numeric: Matrix<'_>, categories: &[&[usize]]) -> Result<Self, Error> {
        check::finite("numeric", numeric.data())?;
        for labels in categories {
            check::length("categories", labels.len(), numeric.rows())?;
        }
        let mut units = Vec::with_capacity(numeric.cols());
        for j in 0..numeric.cols() {
            let column = numeric.col(j);
            let (low, high) = super::outliers::range(&column);
            if low == high {
                return Err(Error::Zero {
                    argument: "range",
                    index: j,
                });
            }
            // Each column in units of a power of two near its size, where no difference leaves the range of a
            // double.
            let scale = power_of_two_below(&column);
            units.push((scale, high / scale - low / scale));
        }
        let count = (numeric.cols() + categories.len()) as f64;
        let mut condensed = Vec::new();
        for a in 0..numeric.rows() {
            for b in a + 1..numeric.rows() {
                let numbers = quyu_math::sum_by(units.len(), |j| {
                    let (scale, range) = units[j];
                    (numeric.at(a, j) / scale - numeric.at(b, j) / scale).abs() / range
                });
                let differing = categories.iter().filter(|labels| labels[a] != labels[b]).count();
                condensed.push((numbers + differing as f64) / count);
            }
        }
        Ok(Self {
            points: numeric.rows(),
            condensed,
        })
    }

    /// Number of points.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::Distances;
    /// let d = Distances::new(vec![1.0, 2.0, 3.0], 3)?;
    /// assert_eq!(d.points(), 3);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn points(&self) -> usize {
        self.points
    }

    /// The upper triangle, row after row.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::Distances;
    /// let d = Distances::new(vec![1.0, 2.0, 3.0], 3)?;
    /// assert_eq!(d.condensed(), [1.0, 2.0, 3.0]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn condensed(&self) -> &[f64] {
        &self.condensed
    }

    /// The distance between points `i` and `j`.
    ///
    /// # Panics
    /// If a position is not below the number of points.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::Distances;
    /// let d = Distances::new(vec![1.0, 2.0, 3.0], 3)?;
    /// assert_eq!((d.between(1, 2), d.between(2, 1)), (3.0, 3.0));
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
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

/// Squared Mahalanobis distance of each row to the mean: `(x - x̄)ᵀ S⁻¹ (x - x̄)` with the covariance matrix S
/// (n - 1). Large for a region that is unlike the others in the combination of its indicators.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] unless there are more rows than columns; [`Error::Zero`] for a
/// constant column; [`Error::Singular`] if columns depend on each other.
///
/// # Reference
/// Mahalanobis, P. C. (1936), On the generalised distance in statistics, Proceedings of the National Institute
/// of Sciences of India 2, 49-55.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::mahalanobis};
/// let d = mahalanobis(Matrix::new(&[1.0, 2.0, 6.0], 3, 1)?)?;
/// assert!((d[0] - 4.0 / 7.0).abs() < 1e-12); // (1 - 3)² / 7
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mahalanobis(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    check::at_least("rows", table.rows(), table.cols() + 1)?;
    // The distance is free of the units of the columns: z-scores keep the matrix well scaled.
    let standard = standardise(table, 1)?;
    let z = standard.matrix();
    let columns: Vec<Vec<f64>> = (0..z.cols()).map(|j| z.col(j)).collect();
    let divisor = (z.rows() - 1) as f64;
    let product = |at: usize| quyu_math::dot(&columns[at / z.cols()], &columns[at % z.cols()]) / divisor;
    let correlations: Vec<f64> = (0..z.cols() * z.cols()).map(product).collect();
    let factor = Cholesky::of(&correlations, z.cols(), "covariance")?;
    Ok((0..z.rows()).map(|i| factor.quadratic(z.row(i))).collect())
}

/// The distances from point `i` to the points after it. Column by column over stretches of points, each square
/// added in the order of the columns, as [`squared`] adds them.
fn distances_after(columns: &[Vec<f64>], i: usize, scale: f64, row: &mut [f64]) {
    const STRETCH: usize = 64;
    for (at, out) in row.chunks_mut(STRETCH).enumerate() {
        let first = i + 1 + at * STRETCH;
        for column in columns {
            let own = column[i];
            for (sum, other) in out.iter_mut().zip(&column[first..]) {
                *sum += (own - other) * (own - other);
            }
        }
        out.iter_mut().for_each(|sum| *sum = sum.sqrt() * scale);
    }
}

/// The squared Euclidean distance.
pub(crate) fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}
