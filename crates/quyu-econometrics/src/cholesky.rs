//! Cholesky factors of small symmetric matrices.

use crate::Error;

/// `L` with `L Lᵀ` = the matrix.
pub(crate) struct Cholesky {
    lower: Vec<f64>,
    n: usize,
}

impl Cholesky {
    /// Of a symmetric positive definite matrix, row-major.
    pub(crate) fn of(matrix: &[f64], n: usize, argument: &'static str) -> Result<Self, Error> {
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let sum = (0..j).fold(matrix[i * n + j], |sum, k| {
                    sum - lower[i * n + k] * lower[j * n + k]
                });
                if i == j {
                    // What is left of the diagonal must be more than its rounding.
                    if !sum.is_finite() || sum <= matrix[i * n + i] * 1e-13 {
                        return Err(Error::Singular { argument });
                    }
                    lower[i * n + i] = sum.sqrt();
                } else {
                    lower[i * n + j] = sum / lower[j * n + j];
                }
            }
        }
        Ok(Self { lower, n })
    }

    /// `A⁻¹`, row-major, of a symmetric positive definite matrix whose rows may have very different units: the diagonal is scaled
    /// to one first.
    pub(crate) fn inverse_of(matrix: &[f64], n: usize, argument: &'static str) -> Result<Vec<f64>, Error> {
        let scale: Vec<f64> = (0..n).map(|i| matrix[i * n + i].sqrt()).collect();
        if scale.iter().any(|s| !s.is_finite() || *s <= 0.0) {
            return Err(Error::Singular { argument });
        }
        let unit = |at: usize| scale[at / n] * scale[at % n];
        let scaled: Vec<f64> = matrix.iter().enumerate().map(|(at, v)| v / unit(at)).collect();
        let factors = Self::of(&scaled, n, argument)?;
        let columns: Vec<Vec<f64>> = (0..n).map(|c| factors.column_of_inverse(c)).collect();
        Ok((0..n * n).map(|at| columns[at % n][at / n] / unit(at)).collect())
    }

    fn column_of_inverse(&self, column: usize) -> Vec<f64> {
        let (n, l) = (self.n, &self.lower);
        let mut v = vec![0.0; n];
        v[column] = 1.0;
        for i in column..n {
            let rest = (column..i).fold(v[i], |rest, m| rest - l[i * n + m] * v[m]);
            v[i] = rest / l[i * n + i];
        }
        for i in (0..n).rev() {
            let rest = (i + 1..n).fold(v[i], |rest, m| rest - l[m * n + i] * v[m]);
            v[i] = rest / l[i * n + i];
        }
        v
    }

    /// `xᵀ A⁻¹ x`.
    pub(crate) fn quadratic(&self, x: &[f64]) -> f64 {
        let mut solved: Vec<f64> = Vec::with_capacity(self.n);
        for (i, value) in x.iter().enumerate() {
            let row = &self.lower[i * self.n..=i * self.n + i];
            let rest = row.iter().zip(&solved).fold(*value, |rest, (l, y)| rest - l * y);
            solved.push(rest / row[i]);
        }
        solved.iter().fold(0.0, |sum, y| sum + y * y)
    }

    /// `ln det A`.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * (0..self.n).fold(0.0, |sum, i| sum + quyu_math::ln(self.lower[i * self.n + i]))
    }
}
