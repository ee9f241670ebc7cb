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
