//! Location quotients.

use super::against::{check_threshold, reaches};
use super::table::Structure;
use crate::{Error, Matrix, check, profiles::standardise};

/// How a region's share of an industry is set beside the share in all regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotientForm {
    /// The location quotient (Balassa index): share over share, 0 upwards, 1 = as everywhere.
    #[default]
    Ratio,
    /// The additive quotient: share less share, -1 to 1, 0 = as everywhere.
    Difference,
    /// `(LQ - 1) / (LQ + 1)`: -1 to 1, 0 = as everywhere (Laursen's symmetric index).
    Symmetric,
    /// `ln LQ`, 0 = as everywhere: twice and half are as far from it. None for a cell of zero, whose logarithm
    /// has no limit.
    Log,
}

impl QuotientForm {
    /// The share of a region beside that of the reference, which is positive.
    pub(crate) fn of(self, share: f64, reference: f64) -> Option<f64> {
        let lq = share / reference;
        match self {
            QuotientForm::Ratio => Some(lq),
            QuotientForm::Difference => Some(share - reference),
            QuotientForm::Symmetric => Some((lq - 1.0) / (lq + 1.0)),
            QuotientForm::Log => (lq > 0.0).then(|| quyu_math::ln(lq)),
        }
    }
}

/// Location quotients: the share of an industry in a region beside its share in all regions.
///
/// `LQ_ri = (m_ri / m_r) / (m_i / m)` with the sums of the row, the column and the table; row-major, in the
/// shape of the table. Not rounded.
///
/// **Zeros.** An empty region or an industry that nobody has gives no quotient: `None`, never 0 in disguise.
/// (To count it as 0, as some packages do, take `unwrap_or(0.0)`.)
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if the whole table is zero;
/// [`Error::Range`].
///
/// # Reference
/// Florence, P. S. (1939), Report on the Location of Industry, PEP. Balassa, B. (1965), Trade liberalisation
/// and "revealed" comparative advantage, Manchester School 33, 99-123. Laursen, K. (2015), Revealed comparative
/// advantage and the alternatives as measures of international specialization, Eurasian Business Review 5,
/// 99-115.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{QuotientForm, location_quotients}};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let lq = location_quotients(Matrix::new(&jobs, 2, 2)?, QuotientForm::Ratio)?;
/// assert_eq!(lq[0], Some(0.75 / 0.5)); // 30 of 40 where everywhere it is 50 of 100
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn location_quotients(table: Matrix<'_>, form: QuotientForm) -> Result<Vec<Option<f64>>, Error> {
    let structure = Structure::of(table)?;
    let mut quotients = Vec::with_capacity(table.data().len());
    for r in 0..table.rows() {
        for i in 0..table.cols() {
            let quotient = structure
                .quotient(r, i)
                .and_then(|_| form.of(structure.in_region(r, i), structure.industry_share(i)));
            if quotient.is_some_and(|lq| !lq.is_finite()) {
                return Err(Error::Range {
                    what: "a location quotient",
                });
            }
            quotients.push(quotient);
        }
    }
    Ok(quotients)
}

/// Standardised location quotients: z-scores over the regions, industry by industry.
///
/// `(LQ_ri - mean_r LQ_ri) / sd_r LQ_ri`: values above 1.96 stand out where the quotients of an industry are
/// roughly normal. (One package subtracts the means of the other dimension; this is the definition of the
/// paper.) `ddof` is 0 or, as in the paper's software, 1. Row-major, in the shape of the table.
///
/// # Errors
/// As [`location_quotients`]; [`Error::Zero`] with argument `region total` or `industry total` for an empty row
/// or column, or `standard deviation` for an industry with the same quotient everywhere; [`Error::TooFew`].
///
/// # Reference
/// O'Donoghue, D. & Gleave, B. (2004), A note on methods for measuring industrial agglomeration, Regional
/// Studies 38, 419-427.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::standardised_quotients};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let z = standardised_quotients(Matrix::new(&jobs, 2, 2)?, 0)?;
/// assert!((z[0] - 1.0).abs() < 1e-12 && (z[2] + 1.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn standardised_quotients(table: Matrix<'_>, ddof: usize) -> Result<Vec<f64>, Error> {
    let structure = Structure::with_full_regions(table)?;
    check::positive("industry total", &structure.industries)?;
    let quotients: Vec<f64> = location_quotients(table, QuotientForm::Ratio)?
        .into_iter()
        .flatten()
        .collect();
    Ok(standardise(Matrix::of(&quotients, table.rows(), table.cols()), ddof)?.z)
}

/// Location quotients shrunken towards the industry's mean: what is left of a quotient when small numbers are
/// distrusted.
///
/// For counts (persons, patents). With the expected count `E_ri = m_r m_i / m` and, over the regions of an
/// industry, the mean `μ = Σ m_ri / Σ E_ri` (1) and the variance `A = Σ E (LQ - μ)² / Σ E - μ / Ē`, at least 0:
///
/// ```text
/// shrunken = w · LQ + (1 - w) · μ,   w = A / (A + μ / E_ri)
/// ```
///
/// A quotient that rests on many expected counts stays; one that rests on few moves to the mean. Row-major, in
/// the shape of the table.
///
/// # Errors
/// As [`location_quotients`]; [`Error::Zero`] with argument `region total` or `industry total` for an empty row
/// or column.
///
/// # Reference
/// Marshall, R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied
/// Statistics 40, 283-294 (the global moment estimator, here with the quotient as the rate).
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{QuotientForm, location_quotients, shrunken_quotients}};
/// let jobs = [300.0, 100.0, 200.0, 400.0, 1.0, 3.0];
/// let table = Matrix::new(&jobs, 3, 2)?;
/// let (raw, shrunken) = (location_quotients(table, QuotientForm::Ratio)?, shrunken_quotients(table)?);
/// let moved = |at: usize| (raw[at].unwrap() - shrunken[at]).abs();
/// assert!(moved(4) > moved(0)); // the region of four jobs is not believed
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn shrunken_quotients(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let structure = Structure::with_full_regions(table)?;
    check::positive("industry total", &structure.industries)?;
    let (rows, cols) = (table.rows(), table.cols());
    let mut shrunken = vec![0.0; rows * cols];
    for i in 0..cols {
        let expected = |r: usize| structure.regions[r] * structure.industry_share(i);
        let quotient = |r: usize| structure.quotient(r, i).unwrap_or(1.0);
        let all = quyu_math::sum_by(rows, expected);
        let mean = structure.industries[i] / all;
        let squares = quyu_math::sum_by(rows, |r| {
            expected(r) / all * (quotient(r) - mean) * (quotient(r) - mean)
        });
        let variance = (squares - mean / (all / rows as f64)).max(0.0);
        for r in 0..rows {
            // Without variance beyond that of counting, every quotient is the mean.
            let weight = if variance > 0.0 {
                variance / (variance + mean / expected(r))
            } else {
                0.0
            };
            shrunken[r * cols + i] = mean + weight * (quotient(r) - mean);
        }
    }
    check::in_range("a location quotient", &shrunken)?;
    Ok(shrunken)
}

/// The incidence of specialisation: 1 where the location quotient is at least `threshold` (usual is 1), 0
/// elsewhere, also for an empty region or industry. Row-major, in the shape of the table.
///
/// # Errors
/// As [`location_quotients`]; [`Error::Domain`] unless the threshold is finite and positive.
///
/// # Reference
/// Hausmann, R. et al. (2014), The Atlas of Economic Complexity, MIT Press (threshold 1, reached by equality).
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::specialised};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// assert_eq!(specialised(Matrix::new(&jobs, 2, 2)?, 1.0)?, [1.0, 0.0, 0.0, 1.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn specialised(table: Matrix<'_>, threshold: f64) -> Result<Vec<f64>, Error> {
    check_threshold(threshold)?;
    let structure = Structure::of(table)?;
    let mut incidence = Vec::with_capacity(table.data().len());
    for r in 0..table.rows() {
        for i in 0..table.cols() {
            // Cross-multiplied: counts that make exactly 1 must not fall below it by a rounded division.
            incidence.push(f64::from(reaches(
                structure.cells.at(r, i),
                structure.regions[r],
                structure.industries[i],
                structure.total,
                threshold,
            )));
        }
    }
    Ok(incidence)
}
