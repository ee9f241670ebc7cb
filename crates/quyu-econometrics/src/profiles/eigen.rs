//! Eigenvalues and eigenvectors of a symmetric matrix.

use crate::Error;

/// Sweeps after which the method has always converged long ago (it needs about ten).
const SWEEPS: usize = 100;

/// Eigenvalues in descending order with unit eigenvectors; `vectors[c]` belongs to `values[c]`.
pub(crate) struct Eigen {
    pub(crate) values: Vec<f64>,
    pub(crate) vectors: Vec<Vec<f64>>,
}

/// Cyclic Jacobi rotations of the symmetric `n` by `n` matrix `a` (row-major). Only `+ - * / √`, always in one
/// order, hence the same bits on every machine. Each vector has its largest absolute element positive; among
/// elements that are as large but for rounding the first decides.
pub(crate) fn symmetric(mut a: Vec<f64>, n: usize) -> Result<Eigen, Error> {
    // Row c of `v` becomes eigenvector c.
    let mut v = vec![0.0; n * n];
    for i in 0..n {
        v[i * n + i] = 1.0;
    }
    let norm = a.iter().fold(0.0, |max: f64, x| max.max(x.abs()));
    let mut sweep = 0;
    while off_diagonal(&a, n) > norm * f64::EPSILON * f64::EPSILON {
        if sweep == SWEEPS {
            return Err(Error::NotConverged {
                algorithm: "Jacobi eigenvalues",
                iterations: SWEEPS,
            });
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, n, p, q);
            }
        }
        sweep += 1;
    }
    Ok(sorted(&a, &v, n))
}

/// The largest absolute element off the diagonal.
fn off_diagonal(a: &[f64], n: usize) -> f64 {
    (0..n)
        .flat_map(|i| a[i * n + i + 1..(i + 1) * n].iter())
        .fold(0.0, |max: f64, x| max.max(x.abs()))
}

/// The rotation in the plane (p, q) that makes element (p, q) zero.
fn rotate(a: &mut [f64], v: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
    // The smaller root of t² + 2θt - 1 = 0; for a θ whose square overflows it is 1 / 2θ.
    let t = if theta.abs() > 1e150 {
        0.5 / theta
    } else {
        theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt())
    };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..n {
        let (akp, akq) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * akp - s * akq;
        a[k * n + q] = s * akp + c * akq;
    }
    for k in 0..n {
        let (apk, aqk) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * apk - s * aqk;
        a[q * n + k] = s * apk + c * aqk;
        let (vpk, vqk) = (v[p * n + k], v[q * n + k]);
        v[p * n + k] = c * vpk - s * vqk;
        v[q * n + k] = s * vpk + c * vqk;
    }
    a[p * n + q] = 0.0;
    a[q * n + p] = 0.0;
}

fn sorted(a: &[f64], v: &[f64], n: usize) -> Eigen {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j * n + j].total_cmp(&a[i * n + i]));
    Eigen {
        values: order.iter().map(|&i| a[i * n + i]).collect(),
        vectors: order.iter().map(|&i| with_sign(&v[i * n..(i + 1) * n])).collect(),
    }
}

/// The vector or its negative, such that its largest absolute element is positive.
fn with_sign(vector: &[f64]) -> Vec<f64> {
    let largest = vector.iter().fold(0.0, |max: f64, x| max.max(x.abs()));
    let leading = vector
        .iter()
        .find(|x| x.abs() >= largest * (1.0 - 1e-9))
        .copied()
        .unwrap_or(1.0);
    let sign = if leading < 0.0 { -1.0 } else { 1.0 };
    vector.iter().map(|x| sign * x + 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::symmetric;

    #[test]
    fn a_matrix_with_known_eigenvalues() {
        // Eigenvalues of the second difference matrix: 2 - √2, 2, 2 + √2.
        let eigen = symmetric(vec![2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0], 3).unwrap();
        let root = 2.0_f64.sqrt();
        for (found, expected) in eigen.values.iter().zip([2.0 + root, 2.0, 2.0 - root]) {
            assert!((found - expected).abs() < 1e-14);
        }
        assert!((eigen.vectors[0][1] - root / 2.0).abs() < 1e-14);
    }

    #[test]
    fn equal_elements_do_not_let_rounding_choose_the_sign() {
        let eigen = symmetric(vec![1.0, 0.3, 0.3, 1.0], 2).unwrap();
        assert!(eigen.vectors[1][0] > 0.0 && eigen.vectors[1][1] < 0.0);
    }

    #[test]
    fn a_diagonal_matrix_is_only_sorted() {
        let eigen = symmetric(vec![1.0, 0.0, 0.0, 5.0], 2).unwrap();
        assert_eq!(eigen.values, [5.0, 1.0]);
        assert_eq!(eigen.vectors[0], [0.0, 1.0]);
    }
}
