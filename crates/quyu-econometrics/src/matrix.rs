//! A borrowed row-major matrix: the shape of every public table in this crate.

use crate::Error;

/// `rows` x `cols` numbers, row after row. Regions are rows; sectors, indicators or years are columns.
///
/// ```
/// use quyu_econometrics::Matrix;
/// let m = Matrix::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3)?;
/// assert_eq!(m.row(1), [4.0, 5.0, 6.0]);
/// assert_eq!(m.at(0, 2), 3.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix<'a> {
    data: &'a [f64],
    rows: usize,
    cols: usize,
}

impl<'a> Matrix<'a> {
    /// Wraps `data`.
    ///
    /// # Errors
    /// [`Error::Empty`] if a dimension is zero, [`Error::Length`] if `data.len() != rows * cols`.
    pub fn new(data: &'a [f64], rows: usize, cols: usize) -> Result<Self, Error> {
        if rows == 0 || cols == 0 {
            return Err(Error::Empty { argument: "matrix" });
        }
        match rows.checked_mul(cols) {
            Some(expected) if expected == data.len() => Ok(Self { data, rows, cols }),
            expected => Err(Error::Length {
                argument: "matrix",
                found: data.len(),
                expected: expected.unwrap_or(usize::MAX),
            }),
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// All numbers, row after row.
    pub fn data(&self) -> &'a [f64] {
        self.data
    }

    /// Row `i` as a slice.
    pub fn row(&self, i: usize) -> &'a [f64] {
        &self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// The element in row `i` and column `j`.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.data[i * self.cols + j]
    }

    /// Column `j`, copied.
    pub fn col(&self, j: usize) -> Vec<f64> {
        (0..self.rows).map(|i| self.at(i, j)).collect()
    }

    /// A matrix over data that this crate laid out itself.
    pub(crate) fn of(data: &'a [f64], rows: usize, cols: usize) -> Self {
        debug_assert_eq!(data.len(), rows * cols);
        Self { data, rows, cols }
    }

    /// For each row and column the sum over all other rows. Added up from both ends rather than subtracted from the
    /// total, so that "nobody else has any" is an exact zero.
    pub(crate) fn sums_of_other_rows(&self) -> Vec<f64> {
        let mut others = vec![0.0; self.data.len()];
        let mut running = vec![0.0; self.cols];
        for r in 0..self.rows {
            for (j, sum) in running.iter_mut().enumerate() {
                others[r * self.cols + j] = *sum;
                *sum += self.at(r, j);
            }
        }
        running.fill(0.0);
        for r in (0..self.rows).rev() {
            for (j, sum) in running.iter_mut().enumerate() {
                others[r * self.cols + j] += *sum;
                *sum += self.at(r, j);
            }
        }
        others
    }

    /// The sum of each column, added up pairwise over rows: the same bits whatever the machine.
    pub(crate) fn column_sums(&self) -> Vec<f64> {
        add_rows(self.data, self.cols)
    }
}

/// Rows added up one after the other; beyond this many the rows are halved first.
const ROWS_IN_TURN: usize = 64;

fn add_rows(data: &[f64], cols: usize) -> Vec<f64> {
    let rows = data.len() / cols;
    if rows > ROWS_IN_TURN {
        let (head, tail) = data.split_at(rows / 2 * cols);
        let mut sums = add_rows(head, cols);
        for (sum, other) in sums.iter_mut().zip(add_rows(tail, cols)) {
            *sum += other;
        }
        return sums;
    }
    let mut sums = vec![0.0; cols];
    for row in data.chunks_exact(cols) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sums
}
