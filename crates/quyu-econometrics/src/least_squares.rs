//! Weighted least squares by Householder reflections, for the regression inside a statistic.

use crate::{Error, Matrix};
use quyu_math::{dot, sqrt, sum_by};

/// Coefficients of y on a constant and the columns of x, the constant first. `w` are weights of the squares.
pub(crate) fn with_constant(y: &[f64], x: Matrix<'_>, w: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    let (n, k) = (x.rows(), x.cols() + 1);
    if n < k {
        return Err(Error::TooFew {
            argument: "y",
            found: n,
            needed: k,
        });
    }
    let root = |i: usize| w.map_or(1.0, |w| sqrt(w[i]));
    let column = |j: usize| {
        (0..n)
            .map(|i| root(i) * if j == 0 { 1.0 } else { x.at(i, j - 1) })
            .collect()
    };
    let mut columns: Vec<Vec<f64>> = (0..k).map(column).collect();
    let mut target: Vec<f64> = (0..n).map(|i| root(i) * y[i]).collect();
    let mut diagonal = Vec::with_capacity(k);
    for j in 0..k {
        let size = sqrt(dot(&columns[j], &columns[j]));
        let (done, rest) = columns.split_at_mut(j + 1);
        let pivot = &mut done[j];
        let below = sqrt(dot(&pivot[j..], &pivot[j..]));
        // A column that the earlier ones explain to the last digits has no coefficient of its own.
        if below.is_nan() || below <= 1e-11 * size {
            return Err(Error::Singular { argument: "x" });
        }
        let signed = if pivot[j] > 0.0 { -below } else { below };
        diagonal.push(signed);
        pivot[j] -= signed;
        let square = dot(&pivot[j..], &pivot[j..]);
        for other in rest.iter_mut().chain([&mut target]) {
            let scale = 2.0 * dot(&pivot[j..], &other[j..]) / square;
            for (o, p) in other[j..].iter_mut().zip(&pivot[j..]) {
                *o -= scale * p;
            }
        }
    }
    let mut coefficients = vec![0.0; k];
    for j in (0..k).rev() {
        let known = sum_by(k - j - 1, |m| columns[j + 1 + m][j] * coefficients[j + 1 + m]);
        coefficients[j] = (target[j] - known) / diagonal[j];
    }
    Ok(coefficients)
}
