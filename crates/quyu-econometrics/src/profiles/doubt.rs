//! Benefit of the doubt: each region weighed as suits it best.

use crate::{Error, Matrix, check};

/// A region's score under the weights that suit it best.
#[derive(Debug, Clone, PartialEq)]
pub struct BenefitOfDoubt {
    /// The score, 0 to 1; 1 if no other region does better under these weights.
    pub score: f64,
    /// The weights.
    pub weights: Vec<f64>,
}

/// Benefit of the doubt: for each region the weights that maximise its score, such that no region scores above
/// 1 with them.
///
/// `max_w Σ w_j y_rj` subject to `Σ w_j y_sj <= 1` for all regions s, `w >= 0`: data envelopment analysis
/// without inputs. `table` is regions by indicators, not negative, more is better. Solved by the simplex method
/// with Bland's rule; where several weights are best, the one found first.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] with argument `column` for an indicator that is
/// zero everywhere, which weights could raise without bound; [`Error::NotConverged`].
///
/// # Reference
/// Cherchye, L., Moesen, W., Rogge, N. & Van Puyenbroeck, T. (2007), An introduction to "benefit of the doubt"
/// composite indicators, Social Indicators Research 82, 111-145.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::benefit_of_doubt};
/// let found = benefit_of_doubt(Matrix::new(&[1.0, 4.0, 4.0, 1.0, 1.0, 1.0], 3, 2)?)?;
/// assert_eq!((found[0].score, found[1].score), (1.0, 1.0)); // each is best at something
/// assert!((found[2].score - 0.4).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn benefit_of_doubt(table: Matrix<'_>) -> Result<Vec<BenefitOfDoubt>, Error> {
    check::non_negative("table", table.data())?;
    let largest: Vec<f64> = (0..table.cols())
        .map(|j| table.col(j).iter().fold(0.0, |max: f64, &v| max.max(v)))
        .collect();
    check::positive("column", &largest)?;
    // Weights take up the unit of a column: solved in units of the largest value.
    let scaled: Vec<f64> = table
        .data()
        .iter()
        .enumerate()
        .map(|(at, v)| v / largest[at % table.cols()])
        .collect();
    let scaled = Matrix::of(&scaled, table.rows(), table.cols());
    (0..table.rows())
        .map(|r| {
            let weights = maximise(scaled, scaled.row(r))?;
            let score = quyu_math::dot(&weights, scaled.row(r)).clamp(0.0, 1.0);
            let weights: Vec<f64> = weights.iter().zip(&largest).map(|(w, unit)| w / unit).collect();
            check::in_range("a weight", &weights)?;
            Ok(BenefitOfDoubt { score, weights })
        })
        .collect()
}

/// `max cᵀ w` subject to `A w <= 1`, `w >= 0`, from the basis of slacks.
fn maximise(a: Matrix<'_>, c: &[f64]) -> Result<Vec<f64>, Error> {
    let (rows, vars) = (a.rows(), a.cols());
    let width = vars + rows + 1;
    let mut tableau = vec![0.0; (rows + 1) * width];
    for r in 0..rows {
        tableau[r * width..r * width + vars].copy_from_slice(a.row(r));
        tableau[r * width + vars + r] = 1.0;
        tableau[r * width + width - 1] = 1.0;
    }
    for (j, value) in c.iter().enumerate() {
        tableau[rows * width + j] = -value;
    }
    let mut basis: Vec<usize> = (vars..vars + rows).collect();
    let limit = 50 * (rows + vars);
    for _ in 0..limit {
        // Bland's rule: the first column that improves, the row with the first basic variable among the
        // tightest.
        let Some(enters) = (0..width - 1).find(|&j| tableau[rows * width + j] < -1e-12) else {
            let mut solution = vec![0.0; vars];
            for (r, &variable) in basis.iter().enumerate().filter(|(_, v)| **v < vars) {
                solution[variable] = tableau[r * width + width - 1].max(0.0);
            }
            return Ok(solution);
        };
        let mut leaves: Option<(f64, usize)> = None;
        for r in 0..rows {
            let pivot = tableau[r * width + enters];
            if pivot > 1e-12 {
                let ratio = tableau[r * width + width - 1] / pivot;
                let tighter = leaves
                    .is_none_or(|(least, row)| ratio < least || (ratio == least && basis[r] < basis[row]));
                if tighter {
                    leaves = Some((ratio, r));
                }
            }
        }
        let Some((_, row)) = leaves else {
            return Err(Error::Undefined {
                reason: "weights can rise without bound",
            });
        };
        pivot(&mut tableau, width, row, enters);
        basis[row] = enters;
    }
    Err(Error::NotConverged {
        algorithm: "benefit of the doubt",
        iterations: limit,
    })
}

fn pivot(tableau: &mut [f64], width: usize, row: usize, column: usize) {
    let divisor = tableau[row * width + column];
    let pivot_row: Vec<f64> = tableau[row * width..(row + 1) * width]
        .iter()
        .map(|v| v / divisor)
        .collect();
    for (r, line) in tableau.chunks_exact_mut(width).enumerate() {
        if r == row {
            line.copy_from_slice(&pivot_row);
            continue;
        }
        let factor = line[column];
        for (value, p) in line.iter_mut().zip(&pivot_row) {
            *value -= factor * p;
        }
        line[column] = 0.0;
    }
}
