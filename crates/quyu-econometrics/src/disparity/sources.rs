//! Disparity by source of income, or by any components that add up to the total.

use super::rank::mid_ranks;
use super::sample::{Domain, Sample, counted};
use crate::{Error, Matrix, check};
use quyu_math::{sum_by, sums_by};

/// One source in the decomposition of the Gini index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GiniSource {
    /// Share of the source in the total, S_k.
    pub share: f64,
    /// Gini index of the source, G_k; none if the source has no mean.
    pub gini: Option<f64>,
    /// Gini correlation of the source with the total, R_k in [-1, 1]; none where S_k G_k is zero.
    pub correlation: Option<f64>,
    /// Contribution to the index, C_k = S_k G_k R_k: the concentration index times the share.
    pub absolute: f64,
    /// Contribution as a share of the index, C_k / G; none if the index is zero.
    pub relative: Option<f64>,
    /// Relative contribution over share: above 1, more of this source raises the index; none where the share is zero.
    pub elasticity: Option<f64>,
    /// Relative change of the index when the source grows by one per cent everywhere, in per cent: C_k / G - S_k.
    pub marginal: Option<f64>,
}

/// The Gini index of a total, by sources.
#[derive(Debug, Clone, PartialEq)]
pub struct GiniSources {
    /// The Gini index of the total: the sum of the absolute contributions.
    pub total: f64,
    /// One row for each source, in the order of the columns.
    pub sources: Vec<GiniSource>,
}

/// Splits the Gini index of the sum of sources: G = sum_k S_k G_k R_k.
///
/// `sources` has a row for each unit and a column for each source; the total is the sum of a row. With mid-ranks F of the total
/// (units that tie share one rank, so that the order of rows does not matter), C_k = (2 / mu) sum f_i y_ik (F_i - 1/2), and
/// R_k = C_k / (S_k G_k). A source may be negative (a tax); the mean of the total must be positive.
///
/// Shares, contributions and the index are pure numbers; [`GiniSource::marginal`] is per cent per per cent. Zeros count in full, a
/// unit of weight zero is left out.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] for a weight; [`Error::Undefined`] if the mean of the total is
/// not positive or all weights are zero; [`Error::Range`].
///
/// # References
/// Lerman & Yitzhaki 1985, Rev. Econ. Stat. 67:151-156; Stark, Taylor & Yitzhaki 1986, Economic Journal 96:722-740.
///
/// ```
/// use quyu_econometrics::{Matrix, disparity::gini_by_source};
/// let wages_and_rents = [3.0, 0.0, 4.0, 1.0, 5.0, 5.0];
/// let split = gini_by_source(Matrix::new(&wages_and_rents, 3, 2)?, None)?;
/// let sum: f64 = split.sources.iter().map(|s| s.absolute).sum();
/// assert!((sum - split.total).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gini_by_source(sources: Matrix<'_>, w: Option<&[f64]>) -> Result<GiniSources, Error> {
    let table = Table::new(sources, w)?;
    let sample = &table.total;
    let ranks = mid_ranks(&sample.x, sample.w.as_deref());
    let weighted_rank = |i: usize| sample.weight_at(i) / sample.weight * (ranks[i] - 0.5);
    let scale =
        |deviations: &dyn Fn(usize) -> f64| 2.0 * sum_by(sample.len(), |i| weighted_rank(i) * deviations(i));
    let total = scale(&|i| sample.x[i] - sample.mean) / sample.mean;
    let mut rows = Vec::new();
    for k in 0..sources.cols() {
        let y = &table.columns[k];
        let mean = table.mean(y);
        let absolute = scale(&|i| y[i] - mean) / sample.mean;
        let share = mean / sample.mean;
        let gini = table.gini(y, mean)?;
        rows.push(source_row(share, gini, absolute, total));
    }
    let finite =
        |s: &GiniSource| s.absolute.is_finite() && s.share.is_finite() && s.gini.is_none_or(f64::is_finite);
    match total.is_finite() && rows.iter().all(finite) {
        true => Ok(GiniSources {
            total: total.max(0.0),
            sources: rows,
        }),
        false => Err(Error::Range {
            what: "a contribution",
        }),
    }
}

fn source_row(share: f64, gini: Option<f64>, absolute: f64, total: f64) -> GiniSource {
    let ratio = |a: f64, b: f64| Some(a / b).filter(|r| r.is_finite());
    let relative = if total > 0.0 { ratio(absolute, total) } else { None };
    GiniSource {
        share,
        gini,
        correlation: gini.and_then(|gini| ratio(absolute, share * gini)),
        absolute,
        relative,
        elasticity: relative.and_then(|relative| ratio(relative, share)),
        marginal: relative
            .map(|relative| relative - share)
            .filter(|m| m.is_finite()),
    }
}

/// The sources of units that count, and their sum.
struct Table {
    columns: Vec<Vec<f64>>,
    total: Sample<'static>,
}

impl Table {
    fn new(sources: Matrix<'_>, w: Option<&[f64]>) -> Result<Self, Error> {
        check::finite("sources", sources.data())?;
        let totals: Vec<f64> = (0..sources.rows())
            .map(|i| quyu_math::sum(sources.row(i)))
            .collect();
        check::in_range("the total of a unit", &totals)?;
        let total = Sample::relative(&totals, w, Domain::Finite)?.into_owned();
        let scaled = |k: usize| -> Vec<f64> {
            counted(&sources.col(k), w)
                .iter()
                .map(|v| v / total.unit)
                .collect()
        };
        let columns = (0..sources.cols()).map(scaled).collect();
        Ok(Self { columns, total })
    }

    fn mean(&self, y: &[f64]) -> f64 {
        sum_by(y.len(), |i| self.total.weight_at(i) * y[i]) / self.total.weight
    }

    /// The Gini index of a source; of one that is negative on average, by pairs over the negative mean.
    fn gini(&self, y: &[f64], mean: f64) -> Result<Option<f64>, Error> {
        if mean == 0.0 {
            return Ok(None);
        }
        let flipped: Vec<f64> = y.iter().map(|v| v * mean.signum()).collect();
        let sample = Sample::relative(&flipped, self.total.w.as_deref(), Domain::Finite)?;
        let gini = if sample.is_equal() {
            0.0
        } else {
            super::gini::of_sample(&sample)
        };
        Ok(Some(gini * mean.signum()))
    }
}

/// Splits the variance of the sum of sources: the natural decomposition of any index after Shorrocks.
///
/// Returns s_k = cov(y_k, y) / var(y) for each column; the shares add up to 1. `sources` has a row for each unit; with
/// weights both moments are weighted, and ddof drops out. A share is negative where a source equalises.
///
/// Shares are pure numbers. Zeros count in full, a unit of weight zero is left out.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`]; [`Error::Negative`] for a weight; [`Error::Undefined`] if all totals are equal
/// or all weights are zero; [`Error::Range`].
///
/// # References
/// Shorrocks 1982, Econometrica 50:193-211.
///
/// ```
/// use quyu_econometrics::{Matrix, disparity::shorrocks_shares};
/// let s = shorrocks_shares(Matrix::new(&[1.0, 0.0, 2.0, 1.0, 3.0, 5.0], 3, 2)?, None)?;
/// assert!((s[0] + s[1] - 1.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn shorrocks_shares(sources: Matrix<'_>, w: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    check::finite("sources", sources.data())?;
    let totals: Vec<f64> = (0..sources.rows())
        .map(|i| quyu_math::sum(sources.row(i)))
        .collect();
    check::in_range("the total of a unit", &totals)?;
    let sample = Sample::new(&totals, w, Domain::Finite)?;
    if sample.is_equal() {
        return Err(Error::Undefined {
            reason: "all totals are equal",
        });
    }
    let drift = sample.mean_of(|i| sample.x[i] - sample.mean);
    let centred = |i: usize| sample.x[i] - sample.mean - drift;
    let mut shares = Vec::new();
    for k in 0..sources.cols() {
        let y = counted(&sources.col(k), w)
            .iter()
            .map(|v| v / sample.unit)
            .collect::<Vec<_>>();
        let mean = sample.mean_of(|i| y[i]);
        let [covariance, variance] = sums_by(y.len(), |i| {
            let weight = sample.weight_at(i);
            [
                weight * (y[i] - mean) * centred(i),
                weight * centred(i) * centred(i),
            ]
        });
        shares.push(covariance / variance);
    }
    check::in_range("a share", &shares)?;
    Ok(shares)
}
