//! Solutions of small square systems by elimination with row exchanges.

use crate::Error;

/// The factors of a square matrix.
pub(crate) struct Lu {
    cells: Vec<f64>,
    order: Vec<usize>,
    odd: bool,
    n: usize,
}

impl Lu {
    /// Of a row-major matrix.
    pub(crate) fn of(matrix: &[f64], n: usize, argument: &'static str) -> Result<Self, Error> {
        let mut lu = Self::eliminate(matrix, n);
        let singular = |j: usize| {
            let size = matrix[j * n..(j + 1) * n]
                .iter()
                .fold(0.0, |max: f64, v| max.max(v.abs()));
            !size.is_finite() || size == 0.0
        };
        let pivots = (0..n).map(|j| lu.cells[j * n + j].abs());
        let (small, large) = pivots.fold((f64::INFINITY, 0.0f64), |(a, b), p| (a.min(p), b.max(p)));
        if (0..n).any(singular) || small.is_nan() || small <= 1e-14 * large {
            return Err(Error::Singular { argument });
        }
        lu.n = n;
        Ok(lu)
    }

    fn eliminate(matrix: &[f64], n: usize) -> Self {
        let mut cells = matrix.to_vec();
        let mut order: Vec<usize> = (0..n).collect();
        let mut odd = false;
        for j in 0..n {
            let mut pivot = j;
            for i in j + 1..n {
                if cells[i * n + j].abs() > cells[pivot * n + j].abs() {
                    pivot = i;
                }
            }
            if cells[pivot * n + j] == 0.0 {
                continue;
            }
            if pivot != j {
                for c in 0..n {
                    cells.swap(j * n + c, pivot * n + c);
                }
                order.swap(j, pivot);
                odd = !odd;
            }
            for i in j + 1..n {
                let factor = cells[i * n + j] / cells[j * n + j];
                cells[i * n + j] = factor;
                for c in j + 1..n {
                    cells[i * n + c] -= factor * cells[j * n + c];
                }
            }
        }
        Self { cells, order, odd, n }
    }

    /// The determinant of a row-major matrix, which may be zero.
    pub(crate) fn determinant(matrix: &[f64], n: usize) -> f64 {
        let lu = Self::eliminate(matrix, n);
        let sign = if lu.odd { -1.0 } else { 1.0 };
        (0..n).fold(sign, |product, j| product * lu.cells[j * n + j])
    }

    /// The solution of A x = b.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x: Vec<f64> = self.order.iter().map(|i| b[*i]).collect();
        for i in 0..n {
            x[i] = (0..i).fold(x[i], |rest, j| rest - self.cells[i * n + j] * x[j]);
        }
        for i in (0..n).rev() {
            let rest = (i + 1..n).fold(x[i], |rest, j| rest - self.cells[i * n + j] * x[j]);
            x[i] = rest / self.cells[i * n + i];
        }
        x
    }

    /// A⁻¹, row-major.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        let mut inverse = vec![0.0; n * n];
        for c in 0..n {
            let mut unit = vec![0.0; n];
            unit[c] = 1.0;
            for (r, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[r * n + c] = value;
            }
        }
        inverse
    }
}
