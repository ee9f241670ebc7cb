//! Householder reflections: X = Q R with orthonormal Q and upper triangular R.

use crate::Error;
use quyu_math::{dot, sqrt, sum_by};

/// The factors of a matrix with independent columns. Reflection j stands in column j from row j down, R above it and in
/// `diagonal`.
#[derive(Debug, Clone)]
pub(crate) struct Qr {
    columns: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    squares: Vec<f64>,
}

impl Qr {
    /// Of a matrix given by its columns, none longer than it has rows.
    pub(crate) fn of(mut columns: Vec<Vec<f64>>, argument: &'static str) -> Result<Self, Error> {
        let k = columns.len();
        let (mut diagonal, mut squares) = (Vec::with_capacity(k), Vec::with_capacity(k));
        for j in 0..k {
            let size = sqrt(dot(&columns[j], &columns[j]));
            let (done, rest) = columns.split_at_mut(j + 1);
            let pivot = &mut done[j];
            let below = sqrt(dot(&pivot[j..], &pivot[j..]));
            // A column that the earlier ones explain to the last digits has no coefficient of its own.
            if below.is_nan() || below <= 1e-11 * size {
                return Err(Error::Singular { argument });
            }
            let signed = if pivot[j] > 0.0 { -below } else { below };
            pivot[j] -= signed;
            let square = dot(&pivot[j..], &pivot[j..]);
            diagonal.push(signed);
            squares.push(square);
            for other in rest.iter_mut() {
                reflect(&pivot[j..], square, &mut other[j..]);
            }
        }
        Ok(Self {
            columns,
            diagonal,
            squares,
        })
    }

    /// Qᵀ v, in place.
    pub(crate) fn rotate(&self, v: &mut [f64]) {
        for (j, (pivot, square)) in self.columns.iter().zip(&self.squares).enumerate() {
            reflect(&pivot[j..], *square, &mut v[j..]);
        }
    }

    /// Q v, in place.
    pub(crate) fn rotate_back(&self, v: &mut [f64]) {
        for (j, (pivot, square)) in self.columns.iter().zip(&self.squares).enumerate().rev() {
            reflect(&pivot[j..], *square, &mut v[j..]);
        }
    }

    /// The solution of R b = v[..k].
    pub(crate) fn solve(&self, v: &[f64]) -> Vec<f64> {
        let k = self.columns.len();
        let mut b = vec![0.0; k];
        for j in (0..k).rev() {
            let known = sum_by(k - j - 1, |m| self.columns[j + 1 + m][j] * b[j + 1 + m]);
            b[j] = (v[j] - known) / self.diagonal[j];
        }
        b
    }

    /// R⁻¹, row-major.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let k = self.columns.len();
        let mut inverse = vec![0.0; k * k];
        for c in 0..k {
            let mut unit = vec![0.0; k];
            unit[c] = 1.0;
            for (r, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[r * k + c] = value;
            }
        }
        inverse
    }

    /// The first k columns of Q, row-major: one row a unit.
    pub(crate) fn thin(&self) -> Vec<f64> {
        let (n, k) = (self.columns[0].len(), self.columns.len());
        let mut thin = vec![0.0; n * k];
        for c in 0..k {
            let mut unit = vec![0.0; n];
            unit[c] = 1.0;
            self.rotate_back(&mut unit);
            for (i, value) in unit.into_iter().enumerate() {
                thin[i * k + c] = value;
            }
        }
        thin
    }
}

fn reflect(pivot: &[f64], square: f64, v: &mut [f64]) {
    let scale = 2.0 * dot(pivot, v) / square;
    for (v, p) in v.iter_mut().zip(pivot) {
        *v -= scale * p;
    }
}
