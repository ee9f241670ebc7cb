//! Indicators made comparable: z-scores and logarithms of skewed columns.

use super::moments::{MomentType, Moments, skewness};
use crate::{Error, Matrix, check};

/// A table of z-scores with the mean and standard deviation that made them.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// z-scores, row-major, in the shape of the input. Pure numbers.
    pub z: Vec<f64>,
    /// Mean of each column, in its unit.
    pub mean: Vec<f64>,
    /// Standard deviation of each column, in its unit.
    pub sd: Vec<f64>,
}

impl Standardised {
    /// The z-scores as a matrix.
    pub fn matrix(&self) -> Matrix<'_> {
        Matrix::of(&self.z, self.z.len() / self.mean.len(), self.mean.len())
    }
}

/// z-scores of each column: `z = (x - mean) / sd`, with `sd² = Σ (x - mean)² / (n - ddof)`.
///
/// `ddof` is 0 for the deviation of a whole population (the default of every clustering function here) and 1
/// for that of a sample. Within sums of squares of the z-scores differ between the two by the factor n / (n -
/// 1).
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] if there are not more rows than `ddof`, or one row only;
/// [`Error::Zero`] with argument `standard deviation` and the index of the column whose values are all equal;
/// [`Error::Range`] if a deviation is beyond the range of a double.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 5; Milligan, G. W. & Cooper, M. C. (1988), A study of
/// standardization of variables in cluster analysis, Journal of Classification 5, 181-204.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::standardise};
/// let table = [1.0, 10.0, 2.0, 30.0, 3.0, 20.0];
/// let z = standardise(Matrix::new(&table, 3, 2)?, 1)?;
/// assert_eq!(z.mean, [2.0, 20.0]);
/// assert_eq!(z.sd, [1.0, 10.0]);
/// assert_eq!(z.z, [-1.0, -1.0, 0.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn standardise(table: Matrix<'_>, ddof: usize) -> Result<Standardised, Error> {
    check::finite("table", table.data())?;
    check::at_least("rows", table.rows(), 2.max(ddof.saturating_add(1)))?;
    let (rows, cols) = (table.rows(), table.cols());
    let mut result = Standardised {
        z: vec![0.0; rows * cols],
        mean: vec![0.0; cols],
        sd: vec![0.0; cols],
    };
    for j in 0..cols {
        let m = Moments::of(&table.col(j));
        let sd = (m.squares / (rows - ddof) as f64).sqrt();
        if sd == 0.0 {
            return Err(Error::Zero {
                argument: "standard deviation",
                index: j,
            });
        }
        for i in 0..rows {
            result.z[i * cols + j] = (table.at(i, j) / m.scale - m.mean) / sd;
        }
        result.mean[j] = m.mean * m.scale;
        result.sd[j] = sd * m.scale;
    }
    check::in_range("a standard deviation", &result.sd)?;
    if result.sd.contains(&0.0) {
        return Err(Error::Range {
            what: "a standard deviation",
        });
    }
    Ok(result)
}

/// A table with the logarithm of its skewed columns.
#[derive(Debug, Clone, PartialEq)]
pub struct LogSkewed {
    /// The table, row-major; a column marked in `logged` holds natural logarithms.
    pub table: Vec<f64>,
    /// Which columns were replaced by their logarithm.
    pub logged: Vec<bool>,
    /// Skewness (type 2) of each column before.
    pub skewness: Vec<f64>,
}

impl LogSkewed {
    /// The table as a matrix.
    pub fn matrix(&self) -> Matrix<'_> {
        Matrix::of(
            &self.table,
            self.table.len() / self.logged.len(),
            self.logged.len(),
        )
    }
}

/// Natural logarithm of every column whose skewness (type 2, as in COINr) exceeds `threshold`; usual is 1.
///
/// A few very large regions otherwise become clusters of their own. Whether to take logarithms changes a
/// typology: show both.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] below 3 rows; [`Error::Domain`] if the threshold is not finite;
/// [`Error::Undefined`] if all values of a column are equal; [`Error::Negative`] or [`Error::Zero`] (index
/// row-major) if a skewed column has a value without a logarithm.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators, step 5; Joanes & Gill (1998), as in [`super::skewness`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::log_skewed};
/// let table = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0, 100.0, 4.0];
/// let treated = log_skewed(Matrix::new(&table, 4, 2)?, 1.0)?;
/// assert_eq!(treated.logged, [true, false]);
/// assert_eq!(treated.table[0], 0.0); // ln 1
/// assert_eq!(treated.table[7], 4.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn log_skewed(table: Matrix<'_>, threshold: f64) -> Result<LogSkewed, Error> {
    check::finite("table", table.data())?;
    check::at_least("rows", table.rows(), 3)?;
    if !threshold.is_finite() {
        return Err(Error::Domain {
            option: "threshold",
            value: threshold,
            domain: "a finite number",
        });
    }
    let skews: Vec<f64> = (0..table.cols())
        .map(|j| skewness(&table.col(j), MomentType::Type2))
        .collect::<Result<_, _>>()?;
    let logged: Vec<bool> = skews.iter().map(|&s| s > threshold).collect();
    let mut treated = table.data().to_vec();
    for (index, value) in treated
        .iter_mut()
        .enumerate()
        .filter(|(index, _)| logged[index % logged.len()])
    {
        if *value < 0.0 {
            return Err(Error::Negative {
                argument: "table",
                index,
                value: *value,
            });
        }
        if *value == 0.0 {
            return Err(Error::Zero {
                argument: "table",
                index,
            });
        }
        *value = quyu_math::ln(*value);
    }
    Ok(LogSkewed {
        table: treated,
        logged,
        skewness: skews,
    })
}
