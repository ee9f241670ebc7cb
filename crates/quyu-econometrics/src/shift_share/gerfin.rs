//! The index method of Gerfin: shift-share as factors.

use super::reference::{Benchmark, Reference};
use crate::{Error, Matrix, check};

/// Factors of one region. `net_shift = industry_mix · regional`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gerfin {
    /// Growth that the sectors held would have brought, relative to the growth of the reference. Above 1:
    /// favourable.
    pub industry_mix: f64,
    /// Actual size relative to what the sectors held would have brought. Above 1: better than the sectors'
    /// rates.
    pub regional: f64,
    /// Growth factor of the region relative to that of the reference.
    pub net_shift: f64,
}

/// Gerfin's index method: the growth factor of each region beside that of the reference, as a product of two
/// factors.
///
/// With base `e_i`, end `e_i'` of the region and `E_i`, `E_i'` of the reference (no index: sums over sectors):
///
/// ```text
/// industry mix = [Σ e_i (E_i' / E_i) / e] / (E' / E)
/// regional     = e' / Σ e_i (E_i' / E_i)
/// net shift    = (e' / e) / (E' / E) = industry mix · regional
/// ```
///
/// One result for each region (row). All are pure numbers around 1.
///
/// # Errors
/// As [`super::classic`]; [`Error::Zero`] also with argument `base total`, `expected end` or `reference end`
/// where a region, what its sectors would have brought, or the reference is zero (index: the region).
///
/// # Reference
/// Gerfin, H. (1964), Gesamtwirtschaftliches Wachstum und regionale Entwicklung, Kyklos 17, 565-593.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Reference, gerfin}};
/// let base = [100.0, 50.0, 100.0, 150.0];
/// let end = [120.0, 60.0, 100.0, 240.0];
/// let factors = gerfin(Matrix::new(&base, 2, 2)?, Matrix::new(&end, 2, 2)?, Reference::Nation)?;
/// // 100 · 1.1 + 50 · 1.5 = 185 of 150, in a nation that grows by 1.3.
/// assert!((factors[0].industry_mix - 185.0 / 150.0 / 1.3).abs() < 1e-12);
/// assert!((factors[0].regional - 180.0 / 185.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gerfin(base: Matrix<'_>, end: Matrix<'_>, reference: Reference<'_>) -> Result<Vec<Gerfin>, Error> {
    let benchmark = Benchmark::new(base, end, reference)?;
    (0..base.rows())
        .map(|r| {
            let (from, to) = (quyu_math::sum(base.row(r)), quyu_math::sum(end.row(r)));
            let rates = benchmark.rates(r);
            let expected = from + quyu_math::sum_by(rates.len(), |i| base.at(r, i) * rates[i]);
            let reference_factor = 1.0 + benchmark.total_rate(r);
            let divisors = [
                ("base total", from),
                ("expected end", expected),
                ("reference end", reference_factor),
            ];
            if let Some((argument, _)) = divisors.into_iter().find(|(_, divisor)| *divisor <= 0.0) {
                return Err(Error::Zero { argument, index: r });
            }
            let factors = Gerfin {
                industry_mix: expected / from / reference_factor,
                regional: to / expected,
                net_shift: to / from / reference_factor,
            };
            check::in_range(
                "a factor",
                &[factors.industry_mix, factors.regional, factors.net_shift],
            )?;
            Ok(factors)
        })
        .collect()
}

/// Gerfin's factors over a series of years.
#[derive(Debug, Clone, PartialEq)]
pub struct GerfinSeries {
    /// Factors of each pair of consecutive years, for each region.
    pub yearly: Vec<Vec<Gerfin>>,
    /// For each region the geometric means of its yearly factors, so that mix times regional is still the net
    /// shift.
    pub mean: Vec<Gerfin>,
}

/// Gerfin's factors year by year, with geometric means (arithmetic ones, as one package takes them, lose the
/// product).
///
/// `tables` are the years in order, each regions by sectors; the reference is the sum of the regions, or each
/// region's rest.
///
/// # Errors
/// As [`gerfin`]; [`Error::TooFew`] for fewer than two years; errors of [`super::YearlyReference`].
///
/// # Reference
/// Gerfin (1964); Barff, R. A. & Knight, P. L. (1988), Dynamic shift-share analysis, Growth and Change 19(2),
/// 1-10.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{YearlyReference, gerfin_dynamic}};
/// let years = [[10.0, 10.0], [20.0, 20.0], [80.0, 40.0]];
/// let tables: Vec<_> = years.iter().map(|y| Matrix::new(y, 2, 1)).collect::<Result<_, _>>()?;
/// let found = gerfin_dynamic(&tables, YearlyReference::Nation)?;
/// let product = found.yearly[0][0].net_shift * found.yearly[1][0].net_shift;
/// assert!((found.mean[0].net_shift - product.sqrt()).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gerfin_dynamic(
    tables: &[Matrix<'_>],
    reference: super::YearlyReference<'_>,
) -> Result<GerfinSeries, Error> {
    check::at_least("tables", tables.len(), 2)?;
    reference.check(tables)?;
    let yearly: Vec<Vec<Gerfin>> = (1..tables.len())
        .map(|t| gerfin(tables[t - 1], tables[t], reference.pair(t - 1)))
        .collect::<Result<_, _>>()?;
    let mean = (0..tables[0].rows())
        .map(|r| {
            let of = |factor: fn(&Gerfin) -> f64| {
                geometric_mean(&yearly.iter().map(|year| factor(&year[r])).collect::<Vec<_>>())
            };
            Gerfin {
                industry_mix: of(|g| g.industry_mix),
                regional: of(|g| g.regional),
                net_shift: of(|g| g.net_shift),
            }
        })
        .collect();
    Ok(GerfinSeries { yearly, mean })
}

/// Zero if one of the factors is zero.
fn geometric_mean(factors: &[f64]) -> f64 {
    if factors.contains(&0.0) {
        return 0.0;
    }
    quyu_math::exp(quyu_math::sum_by(factors.len(), |t| quyu_math::ln(factors[t])) / factors.len() as f64)
}
