//! Which industries go together.

use super::table::check_incidence;
use crate::{Error, Matrix, check};

/// How a number of co-occurrences becomes relatedness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relatedness {
    /// Association strength `c_ij T / (s_i s_j)`, T the sum of the whole matrix (every pair twice). 1 = as by
    /// chance.
    #[default]
    Association,
    /// The same against pairs drawn without replacement (van Eck & Waltman's probability): `c_ij / {[(s_i/T)
    /// s_j/(T - s_i) + (s_j/T) s_i/(T - s_j)] T/2}`.
    Probability,
    /// Cosine `c_ij / √(s_i s_j)`.
    Cosine,
    /// Jaccard `c_ij / (s_i + s_j - c_ij)`.
    Jaccard,
    /// The smaller of the two conditional probabilities (product space of Hidalgo et al.): `c_ij / max(n_i,
    /// n_j)` with n the number of regions that have the industry, 1 on the diagonal.
    MinimumConditional,
}

/// Co-occurrences: in how many regions two industries are both present. Industries by industries, row-major,
/// zero diagonal.
///
/// `incidence` is regions by industries, 0 or 1 ([`super::specialised`] makes one).
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for a cell that is neither 0 nor 1.
///
/// # Reference
/// van Eck & Waltman (2009), as in [`relatedness`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::cooccurrence};
/// let incidence = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0];
/// assert_eq!(cooccurrence(Matrix::new(&incidence, 2, 3)?)?, [0.0, 2.0, 1.0, 2.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cooccurrence(incidence: Matrix<'_>) -> Result<Vec<f64>, Error> {
    check_incidence(incidence)?;
    let n = incidence.cols();
    let mut counts = vec![0.0; n * n];
    for r in 0..incidence.rows() {
        let present: Vec<usize> = (0..n).filter(|&i| incidence.at(r, i) == 1.0).collect();
        for &i in &present {
            for &j in present.iter().filter(|&&j| j != i) {
                counts[i * n + j] += 1.0;
            }
        }
    }
    Ok(counts)
}

/// How far co-occurrences are from those of industries that spread over regions independently, in standard
/// deviations.
///
/// With N regions, `n_i` of them with industry i, and `μ = n_i n_j / N` (hypergeometric):
///
/// ```text
/// z = (c - μ) / √[μ (1 - n_i / N) (N - n_j) / (N - 1)]
/// ```
///
/// Industries by industries, row-major; 0 on the diagonal and for an industry that is everywhere or nowhere,
/// whose co-occurrences cannot vary.
///
/// # Errors
/// As [`cooccurrence`]; [`Error::TooFew`] for fewer than two regions.
///
/// # Reference
/// Teece, D. J., Rumelt, R., Dosi, G. & Winter, S. (1994), Understanding corporate coherence, Journal of
/// Economic Behavior and Organization 23, 1-30.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::cooccurrence_z};
/// let incidence = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
/// let z = cooccurrence_z(Matrix::new(&incidence, 4, 2)?)?;
/// assert!((z[1] - 1.0 / (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cooccurrence_z(incidence: Matrix<'_>) -> Result<Vec<f64>, Error> {
    check::at_least("regions", incidence.rows(), 2)?;
    let counts = cooccurrence(incidence)?;
    let (n, regions, held) = (incidence.cols(), incidence.rows() as f64, incidence.column_sums());
    let z = |at: usize| {
        let (i, j) = (at / n, at % n);
        let mean = held[i] * held[j] / regions;
        let variance = mean * (1.0 - held[i] / regions) * (regions - held[j]) / (regions - 1.0);
        if i == j || variance <= 0.0 {
            0.0
        } else {
            (counts[at] - mean) / variance.sqrt()
        }
    };
    Ok((0..n * n).map(z).collect())
}

/// Relatedness of industries from their co-occurrence in regions. Industries by industries, row-major; zero
/// diagonal but for the minimum conditional probability, which has ones there.
///
/// With c the co-occurrences, `s_i` their row sums and T the sum of all; the formulas stand at [`Relatedness`].
/// They are not interchangeable. An industry that occurs with no other is related to none: 0.
///
/// # Errors
/// As [`cooccurrence`].
///
/// # Reference
/// van Eck, N. J. & Waltman, L. (2009), How to normalize cooccurrence data?, JASIST 60, 1635-1651. Hidalgo, C.
/// A. et al. (2007), The product space conditions the development of nations, Science 317, 482-487. Boschma, R.
/// et al. (2015), Relatedness and technological change in cities, Industrial and Corporate Change 24, 223-250.
/// Steijn, M. (2021), Papers in Evolutionary Economic Geography 20.59.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{Relatedness, relatedness}};
/// let incidence = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0];
/// let table = Matrix::new(&incidence, 2, 3)?;
/// let phi = relatedness(table, Relatedness::MinimumConditional)?;
/// assert_eq!(phi[1], 1.0); // both regions have both
/// assert_eq!(phi[2], 0.5);
/// assert!((relatedness(table, Relatedness::Association)?[1] - 2.0 * 8.0 / 9.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn relatedness(incidence: Matrix<'_>, kind: Relatedness) -> Result<Vec<f64>, Error> {
    let counts = cooccurrence(incidence)?;
    let (n, held) = (incidence.cols(), incidence.column_sums());
    let sums: Vec<f64> = counts.chunks_exact(n).map(quyu_math::sum).collect();
    let total = quyu_math::sum(&sums);
    let related = |at: usize| {
        let (i, j) = (at / n, at % n);
        if i == j {
            return f64::from(kind == Relatedness::MinimumConditional && held[i] > 0.0);
        }
        if counts[at] == 0.0 {
            return 0.0;
        }
        match kind {
            Relatedness::Association => counts[at] * total / (sums[i] * sums[j]),
            Relatedness::Probability => {
                let drawn = sums[i] / total * (sums[j] / (total - sums[i]))
                    + sums[j] / total * (sums[i] / (total - sums[j]));
                counts[at] / (drawn * total / 2.0)
            }
            Relatedness::Cosine => counts[at] / (sums[i] * sums[j]).sqrt(),
            Relatedness::Jaccard => counts[at] / (sums[i] + sums[j] - counts[at]),
            Relatedness::MinimumConditional => counts[at] / held[i].max(held[j]),
        }
    };
    Ok((0..n * n).map(related).collect())
}

/// Relatedness density: how much of what is related to an industry a region already has, 0 to 1.
///
/// `density_ri = Σ_j M_rj φ_ij / Σ_j φ_ij`. `incidence` is regions by industries, `related` industries by
/// industries as [`relatedness`] gives it (whether its diagonal counts is decided there). Row-major, in the
/// shape of `incidence`, as shares and not rounded; 0 for an industry that is related to none.
///
/// # Errors
/// As [`cooccurrence`]; [`Error::Length`], [`Error::Negative`] for `related`; [`Error::Range`].
///
/// # Reference
/// Hidalgo et al. (2007), as in [`relatedness`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::density};
/// let (incidence, related) = ([1.0, 0.0, 0.0], [0.0, 1.0, 3.0, 1.0, 0.0, 0.0, 3.0, 0.0, 0.0]);
/// let d = density(Matrix::new(&incidence, 1, 3)?, Matrix::new(&related, 3, 3)?)?;
/// assert_eq!(d, [0.0, 1.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn density(incidence: Matrix<'_>, related: Matrix<'_>) -> Result<Vec<f64>, Error> {
    check_incidence(incidence)?;
    check_related(incidence, related)?;
    let n = incidence.cols();
    let mut densities = Vec::with_capacity(incidence.data().len());
    let sums: Vec<f64> = (0..n).map(|i| quyu_math::sum(related.row(i))).collect();
    check::in_range("a sum of relatedness", &sums)?;
    for r in 0..incidence.rows() {
        for (i, &sum) in sums.iter().enumerate() {
            let near = quyu_math::dot(incidence.row(r), related.row(i));
            densities.push(if sum > 0.0 { near / sum } else { 0.0 });
        }
    }
    Ok(densities)
}

/// A relatedness matrix that fits the incidence.
pub(crate) fn check_related(incidence: Matrix<'_>, related: Matrix<'_>) -> Result<(), Error> {
    check::length("related", related.rows(), incidence.cols())?;
    check::length("related", related.cols(), incidence.cols())?;
    check::non_negative("related", related.data())
}
