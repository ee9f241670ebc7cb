//! The three largest eigenvalues of a symmetric matrix and the vector of the second: reflections to tridiagonal form,
//! bisection, inverse iteration. Cubic once, where rotations are cubic in every sweep.

/// What [`leading`] finds.
pub(crate) struct Leading {
    /// The second largest eigenvalue.
    pub(crate) second: f64,
    /// The third largest, or zero for a matrix of two rows.
    pub(crate) third: f64,
    /// The vector of the second, of length one.
    pub(crate) vector: Vec<f64>,
}

/// Of the symmetric `n` by `n` matrix `a` (row-major, finite, `n` at least 2). Only `+ - * / √`, always in one order,
/// hence the same bits on every machine.
pub(crate) fn leading(mut a: Vec<f64>, n: usize) -> Leading {
    let mut mirrors: Vec<Vec<f64>> = Vec::with_capacity(n);
    let (mut diagonal, mut beside) = (vec![0.0; n], vec![0.0; n - 1]);
    for k in 0..n - 1 {
        diagonal[k] = a[k * n + k];
        let (mirror, corner) = mirror_of(&a[k * n + k + 1..(k + 1) * n]);
        beside[k] = corner;
        reflect(&mut a, n, k + 1, &mirror);
        mirrors.push(mirror);
    }
    diagonal[n - 1] = a[n * n - 1];
    let tri = Tridiagonal { diagonal, beside };
    let second = tri.eigenvalue(1);
    let third = if n > 2 { tri.eigenvalue(2) } else { 0.0 };
    let mut vector = tri.vector(second);
    // Back through the reflections, the last one first.
    for (k, mirror) in mirrors.iter().enumerate().rev() {
        let tail = &mut vector[k + 1..];
        let twice = 2.0 * quyu_math::dot(mirror, tail);
        for (x, m) in tail.iter_mut().zip(mirror) {
            *x -= twice * m;
        }
    }
    Leading {
        second,
        third,
        vector,
    }
}

/// The unit vector of the reflection that takes `x` to its first axis, and where it lands. Zero if it lies there.
fn mirror_of(x: &[f64]) -> (Vec<f64>, f64) {
    let mut mirror = x.to_vec();
    if x[1..].iter().all(|v| *v == 0.0) {
        mirror.fill(0.0);
        return (mirror, x[0]);
    }
    let length = quyu_math::dot(x, x).sqrt();
    // Away from x, so that the difference loses no digits.
    let corner = if x[0] > 0.0 { -length } else { length };
    mirror[0] -= corner;
    let size = quyu_math::dot(&mirror, &mirror).sqrt();
    if size == 0.0 {
        mirror.fill(0.0);
        return (mirror, x[0]);
    }
    mirror.iter_mut().for_each(|v| *v /= size);
    (mirror, corner)
}

/// Reflects the square of `a` that begins at `from` on both sides.
fn reflect(a: &mut [f64], n: usize, from: usize, mirror: &[f64]) {
    let row = |r: usize| r * n + from..(r + 1) * n;
    let image: Vec<f64> = (from..n)
        .map(|r| 2.0 * quyu_math::dot(&a[row(r)], mirror))
        .collect();
    let half = quyu_math::dot(mirror, &image);
    let w: Vec<f64> = image.iter().zip(mirror).map(|(p, m)| p - half * m).collect();
    for r in from..n {
        let (mr, wr) = (mirror[r - from], w[r - from]);
        for ((cell, m), w) in a[row(r)].iter_mut().zip(mirror).zip(&w) {
            *cell -= mr * w + wr * m;
        }
    }
}

struct Tridiagonal {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

impl Tridiagonal {
    /// A bound on all eigenvalues.
    fn bound(&self) -> f64 {
        let at = |i: usize| self.beside.get(i).map_or(0.0, |b| b.abs());
        let reach = |i: usize| self.diagonal[i].abs() + at(i) + if i > 0 { at(i - 1) } else { 0.0 };
        (0..self.diagonal.len())
            .map(reach)
            .fold(f64::MIN_POSITIVE, f64::max)
    }

    /// How many eigenvalues lie above `x` (Sturm).
    fn above(&self, x: f64, tiny: f64) -> usize {
        let (mut count, mut q) = (0, 1.0);
        for (i, d) in self.diagonal.iter().enumerate() {
            let pull = if i == 0 {
                0.0
            } else {
                self.beside[i - 1] * self.beside[i - 1] / q
            };
            q = d - x - pull;
            if q.abs() < tiny {
                q = -tiny;
            }
            count += usize::from(q > 0.0);
        }
        count
    }

    /// The eigenvalue that `place` others exceed.
    fn eigenvalue(&self, place: usize) -> f64 {
        let bound = self.bound();
        let tiny = bound * f64::EPSILON * f64::EPSILON;
        let (mut low, mut high) = (-bound, bound);
        loop {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                return middle;
            }
            if self.above(middle, tiny) > place {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// The vector of a simple eigenvalue, of length one.
    fn vector(&self, eigenvalue: f64) -> Vec<f64> {
        // No direction is left out of the start, and no symmetry of the matrix is met by it.
        let mut x: Vec<f64> = (1..=self.diagonal.len())
            .map(|i| 1.0 + (i as f64 * 0.618_033_988_749_894_9).fract())
            .collect();
        for _ in 0..4 {
            x = self.solve(eigenvalue, x);
            let largest = x.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
            x.iter_mut().for_each(|v| *v /= largest);
        }
        let length = quyu_math::dot(&x, &x).sqrt();
        x.iter().map(|v| v / length).collect()
    }

    /// Solves `(T - shift) x = b` by elimination with exchange of neighbouring rows.
    fn solve(&self, shift: f64, mut b: Vec<f64>) -> Vec<f64> {
        let n = b.len();
        let tiny = self.bound() * f64::EPSILON;
        let off = |i: usize| self.beside.get(i).copied().unwrap_or(0.0);
        // Each finished row has at most three elements.
        let mut rows = vec![[0.0; 3]; n];
        let mut current = [self.diagonal[0] - shift, off(0), 0.0];
        for i in 0..n - 1 {
            let mut next = [off(i), self.diagonal[i + 1] - shift, off(i + 1)];
            if next[0].abs() > current[0].abs() {
                std::mem::swap(&mut current, &mut next);
                b.swap(i, i + 1);
            }
            if current[0].abs() < tiny {
                current[0] = tiny;
            }
            let factor = next[0] / current[0];
            b[i + 1] -= factor * b[i];
            rows[i] = current;
            current = [next[1] - factor * current[1], next[2] - factor * current[2], 0.0];
        }
        if current[0].abs() < tiny {
            current[0] = tiny;
        }
        rows[n - 1] = current;
        for i in (0..n).rev() {
            let known = |k: usize| if i + k < n { rows[i][k] * b[i + k] } else { 0.0 };
            b[i] = (b[i] - known(1) - known(2)) / rows[i][0];
        }
        b
    }
}

#[cfg(test)]
mod tests {
    use super::leading;
    use crate::profiles::symmetric_eigen;

    #[test]
    fn pairs_are_those_of_rotations() {
        for n in [2, 3, 5, 24] {
            let cell = |i: usize, j: usize| {
                let (i, j) = (i.min(j) as f64, i.max(j) as f64);
                ((3.0 * i + 7.0 * j + 1.0) * 0.37).fract() + if i == j { 2.0 + i } else { 0.0 }
            };
            let a: Vec<f64> = (0..n * n).map(|at| cell(at / n, at % n)).collect();
            let slow = symmetric_eigen(a.clone(), n).unwrap();
            let fast = leading(a, n);
            assert!((slow.values[1] - fast.second).abs() < 1e-12 * slow.values[0]);
            if n > 2 {
                assert!((slow.values[2] - fast.third).abs() < 1e-12 * slow.values[0]);
            }
            let along = quyu_math::dot(&slow.vectors[1], &fast.vector);
            assert!((along.abs() - 1.0).abs() < 1e-12, "{n}: {along}");
            for (s, f) in slow.vectors[1].iter().zip(&fast.vector) {
                assert!((s - along.signum() * f).abs() < 1e-11, "{n}");
            }
        }
    }

    #[test]
    fn a_matrix_in_parts_has_its_pairs() {
        // Blocks with eigenvalues 3, 1 and 2.
        let fast = leading(vec![2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 2.0], 3);
        assert!((fast.second - 2.0).abs() < 1e-14 && (fast.third - 1.0).abs() < 1e-14);
        assert!((fast.vector[2].abs() - 1.0).abs() < 1e-14);
    }
}
