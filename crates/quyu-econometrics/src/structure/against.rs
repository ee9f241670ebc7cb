//! Location quotients beside a reference of the caller's choice: the rest, another set, one region.

use super::quotient::QuotientForm;
use crate::{Error, Matrix, check};

/// Location quotients beside a reference that need not be the sum of the table.
///
/// `LQ_ri = (m_ri / m_r) / (b_i / b)` with the sums `m_r` of the row and `b` of the reference. `reference` has one
/// row for all regions, or a row for each (its own rest, for example). Row-major, in the shape of the table; a
/// pure number in the range of the [`QuotientForm`]. With the column sums of the table as the reference it is
/// [`super::location_quotients`].
///
/// **Zeros.** `None` where the region or its reference is empty, or the reference has nothing of the industry: a
/// share beside nothing is no quotient. With [`QuotientForm::Log`] also where the region has nothing of it.
///
/// # Errors
/// [`Error::Length`] if the reference has other industries than the table, or neither one row nor one a region;
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Range`].
///
/// # Reference
/// As [`super::location_quotients`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{QuotientForm, quotients_against}};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let rest = [20.0, 40.0, 30.0, 10.0];
/// let (jobs, rest) = (Matrix::new(&jobs, 2, 2)?, Matrix::new(&rest, 2, 2)?);
/// let lq = quotients_against(jobs, rest, QuotientForm::Ratio)?;
/// assert!((lq[0].unwrap() - 0.75 / (20.0 / 60.0)).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn quotients_against(
    table: Matrix<'_>,
    reference: Matrix<'_>,
    form: QuotientForm,
) -> Result<Vec<Option<f64>>, Error> {
    let mut quotients = Vec::with_capacity(table.data().len());
    each_cell(table, reference, |own, whole, other, base| {
        let quotient = (whole > 0.0 && other > 0.0)
            .then(|| form.of(own / whole, other / base))
            .flatten();
        quotients.push(quotient);
        quotient.is_none_or(f64::is_finite)
    })?;
    Ok(quotients)
}

/// The incidence of specialisation beside a reference of the caller's choice: 1 where the location quotient of
/// [`quotients_against`] is at least `threshold`, 0 elsewhere, also where there is no quotient.
///
/// Compared by cross-multiplication, so that counts that make exactly the threshold are never lost to a rounded
/// division. Row-major, in the shape of the table.
///
/// # Errors
/// As [`quotients_against`]; [`Error::Domain`] unless the threshold is finite and positive.
///
/// # Reference
/// Hausmann, R. et al. (2014), The Atlas of Economic Complexity, MIT Press (threshold 1, reached by equality).
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::specialised_against};
/// let (jobs, nation) = ([30.0, 10.0], [5.0, 5.0]);
/// let held = specialised_against(Matrix::new(&jobs, 1, 2)?, Matrix::new(&nation, 1, 2)?, 1.5)?;
/// assert_eq!(held, [1.0, 0.0]); // 75 % beside 50 % is exactly 1.5
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn specialised_against(
    table: Matrix<'_>,
    reference: Matrix<'_>,
    threshold: f64,
) -> Result<Vec<f64>, Error> {
    check_threshold(threshold)?;
    let mut incidence = Vec::with_capacity(table.data().len());
    each_cell(table, reference, |own, whole, other, base| {
        incidence.push(f64::from(reaches(own, whole, other, base, threshold)));
        true
    })?;
    Ok(incidence)
}

/// Whether `(own / whole) / (other / base)` reaches the threshold.
pub(crate) fn reaches(own: f64, whole: f64, other: f64, base: f64, threshold: f64) -> bool {
    if !(whole > 0.0 && other > 0.0) {
        return false;
    }
    let (left, right) = (own * base, whole * other);
    if left.is_finite() && right.is_finite() {
        left >= threshold * right
    } else {
        own >= threshold * (whole * (other / base))
    }
}

pub(crate) fn check_threshold(threshold: f64) -> Result<(), Error> {
    if threshold.is_finite() && threshold > 0.0 {
        return Ok(());
    }
    Err(Error::Domain {
        option: "threshold",
        value: threshold,
        domain: "a positive number",
    })
}

/// Hands each cell with the sum of its row, the reference and the sum of the reference to `take`, which says
/// whether what came out is a number.
fn each_cell(
    table: Matrix<'_>,
    reference: Matrix<'_>,
    mut take: impl FnMut(f64, f64, f64, f64) -> bool,
) -> Result<(), Error> {
    check::length("reference", reference.cols(), table.cols())?;
    if reference.rows() != 1 {
        check::length("reference", reference.rows(), table.rows())?;
    }
    check::non_negative("table", table.data())?;
    check::non_negative("reference", reference.data())?;
    for r in 0..table.rows() {
        let other = reference.row(if reference.rows() == 1 { 0 } else { r });
        let (whole, base) = (quyu_math::sum(table.row(r)), quyu_math::sum(other));
        check::in_range("a sum of the table", &[whole, base])?;
        for (own, other) in table.row(r).iter().zip(other) {
            if !take(*own, whole, *other, base) {
                return Err(Error::Range {
                    what: "a location quotient",
                });
            }
        }
    }
    Ok(())
}

/// How the specialisations of two regions lie to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuotientOverlap {
    /// Pearson's correlation of the two columns of quotients, -1 to 1: negative where each is specialised in what
    /// the other is not. None where the quotients of one do not vary, or fewer than two industries have both.
    pub correlation: Option<f64>,
    /// Shared specialisations beside all that either has (Jaccard), 0 to 1; none where neither is specialised.
    pub shared: Option<f64>,
    /// Number of industries in which exactly one of the two is specialised.
    pub complementary: usize,
}

/// Overlap and complementarity of the specialisations of two regions, from their location quotients.
///
/// `x` and `y` hold one quotient an industry (ratio form, at least 0), in the same order; an industry without a
/// quotient in one of them is left out. A region is specialised where its quotient is at least `threshold`.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Domain`] unless the
/// threshold is finite and positive.
///
/// # Reference
/// Jaccard, P. (1912), The distribution of the flora in the alpine zone, New Phytologist 11, 37-50. The
/// correlation is Pearson's; to read its negative sign as complementarity is our convention, no author's index.
///
/// # Example
/// ```
/// use quyu_econometrics::structure::quotient_overlap;
/// let o = quotient_overlap(&[Some(1.5), Some(0.5)], &[Some(0.8), Some(1.2)], 1.0)?;
/// assert_eq!((o.shared, o.complementary), (Some(0.0), 2));
/// assert!((o.correlation.unwrap() + 1.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn quotient_overlap(
    x: &[Option<f64>],
    y: &[Option<f64>],
    threshold: f64,
) -> Result<QuotientOverlap, Error> {
    if x.is_empty() {
        return Err(Error::Empty { argument: "x" });
    }
    check::length("y", y.len(), x.len())?;
    check_threshold(threshold)?;
    let pairs: Vec<(f64, f64)> = x
        .iter()
        .zip(y)
        .filter_map(|(a, b)| Some(((*a)?, (*b)?)))
        .collect();
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    check::non_negative("x", &a)?;
    check::non_negative("y", &b)?;
    let count = |which: fn(bool, bool) -> bool| {
        let held = |(p, q): &&(f64, f64)| which(*p >= threshold, *q >= threshold);
        pairs.iter().filter(held).count()
    };
    let (both, either) = (count(|p, q| p && q), count(|p, q| p || q));
    Ok(QuotientOverlap {
        correlation: correlation(&a, &b),
        shared: (either > 0).then(|| both as f64 / either as f64),
        complementary: either - both,
    })
}

/// Pearson's correlation, or none where one side does not vary.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len();
    if n < 2 {
        return None;
    }
    // Scaled first, so that squares of large quotients stay inside the range of a double.
    let scaled = |v: &[f64]| {
        let largest = v.iter().fold(0.0, |max: f64, x| max.max(*x));
        let v: Vec<f64> = v.iter().map(|x| x / largest).collect();
        let mean = quyu_math::sum(&v) / n as f64;
        v.iter().map(|x| x - mean).collect::<Vec<f64>>()
    };
    let (a, b) = (scaled(a), scaled(b));
    let length = |v: &[f64]| quyu_math::dot(v, v).sqrt();
    let (la, lb) = (length(&a), length(&b));
    // Differences of the size of rounding are none.
    let flat = (n as f64).sqrt() * 1e-14;
    (la > flat && lb > flat).then(|| (quyu_math::dot(&a, &b) / (la * lb)).clamp(-1.0, 1.0))
}
