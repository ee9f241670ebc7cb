//! A regression as geometry: the column space of the regressors, the coefficients in it, the residuals outside it.

use super::qr::Qr;
use crate::{Error, Matrix, check};

/// The regressors, factored. Columns are scaled by powers of two, so that squares neither overflow nor vanish and no
/// digit is lost.
#[derive(Debug, Clone)]
pub(crate) struct Design {
    /// Orthonormal columns that span the regressors, row-major n by k.
    pub(crate) q: Vec<f64>,
    /// R⁻¹ in the units of the data, row-major.
    pub(crate) inverse: Vec<f64>,
    pub(crate) n: usize,
    pub(crate) k: usize,
    qr: Qr,
    scales: Vec<f64>,
}

/// The coefficients, and what is left of y, in the units of the data.
pub(crate) struct Projection {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) residuals: Vec<f64>,
}

impl Design {
    /// Of at least one column of finite numbers, none longer than it has rows.
    pub(crate) fn of(mut columns: Vec<Vec<f64>>, argument: &'static str) -> Result<Self, Error> {
        let (n, k) = (columns.first().map_or(0, Vec::len), columns.len());
        let scales: Vec<f64> = columns.iter().map(|column| power_of_two(column)).collect();
        for (column, scale) in columns.iter_mut().zip(&scales) {
            column.iter_mut().for_each(|v| *v *= scale);
        }
        let qr = Qr::of(columns, argument)?;
        let mut inverse = qr.inverse();
        for (row, scale) in inverse.chunks_exact_mut(k).zip(&scales) {
            row.iter_mut().for_each(|v| *v *= scale);
        }
        Ok(Self {
            q: qr.thin(),
            inverse,
            n,
            k,
            qr,
            scales,
        })
    }

    /// The columns of a table, behind a column of ones if there is a constant. At least one degree of freedom is left.
    pub(crate) fn of_table(x: Matrix<'_>, constant: bool) -> Result<Self, Error> {
        check::finite("x", x.data())?;
        let ones = constant.then(|| vec![1.0; x.rows()]);
        let columns: Vec<Vec<f64>> = ones.into_iter().chain((0..x.cols()).map(|j| x.col(j))).collect();
        check::at_least("y", x.rows(), columns.len() + 1)?;
        Self::of(columns, "x")
    }

    pub(crate) fn project(&self, y: &[f64]) -> Projection {
        let scale = power_of_two(y);
        let mut rotated: Vec<f64> = y.iter().map(|v| v * scale).collect();
        self.qr.rotate(&mut rotated);
        let coefficients = self.qr.solve(&rotated);
        rotated[..self.k].fill(0.0);
        self.qr.rotate_back(&mut rotated);
        let coefficients = coefficients.iter().zip(&self.scales);
        Projection {
            coefficients: coefficients.map(|(b, s)| b * s / scale).collect(),
            residuals: rotated.iter().map(|e| e / scale).collect(),
        }
    }

    /// The row of Q of a unit.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.q[i * self.k..(i + 1) * self.k]
    }
}

/// 2^-e where the largest absolute value lies in [2^e, 2^(e+1)); within the range in which it and its inverse are
/// normal numbers.
pub(crate) fn power_of_two(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
    let exponent = (largest.to_bits() >> 52) as i64 - 1023;
    let clamped = exponent.clamp(-1000, 1000);
    f64::from_bits(((1023 - clamped) as u64) << 52)
}
