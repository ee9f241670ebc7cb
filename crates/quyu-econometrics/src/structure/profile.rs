//! How specialised each region is, in several measures side by side.

use super::table::Structure;
use crate::disparity::{herfindahl, share_entropy};
use crate::{Error, Matrix, check};

/// Measures of specialisation and diversity of one region, all of the shares of industries in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionalProfile {
    /// Herfindahl-Hirschman index `Σ s²`: 1 over the number of industries to 1.
    pub hhi: f64,
    /// Shannon entropy `-Σ s ln s` in nats (divide by ln 2 for bits).
    pub entropy: f64,
    /// Mean location quotient weighted with the region's own shares, `Σ s² / s_i`: 1 where the structure is
    /// that of all regions.
    pub mean_quotient: f64,
    /// Hachman index: 1 over the mean quotient, 0 to 1; 1 where the structure is that of all regions.
    pub hachman: f64,
    /// Relative specialisation of Duranton and Puga: the largest location quotient.
    pub relative_specialisation: f64,
    /// Relative diversity of Duranton and Puga: `1 / Σ |s - s_i|`; none where the structure is exactly that of
    /// all regions.
    pub relative_diversity: Option<f64>,
}

/// Measures of specialisation and diversity of each region, against all regions together (own region included).
///
/// Industries that nobody has are left out. The formulas stand at the fields of [`RegionalProfile`].
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Undefined`] if the table is zero; [`Error::Zero`] with
/// argument `region total` and the empty region; [`Error::Range`].
///
/// # Reference
/// Duranton, G. & Puga, D. (2000), Diversity and specialisation in cities: why, where and when does it matter?,
/// Urban Studies 37, 533-555. Hachman index: Moore, E. (2001), Bureau of Economic and Business Research,
/// University of Utah.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::regional_profiles};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let first = regional_profiles(Matrix::new(&jobs, 2, 2)?)?[0];
/// assert!((first.hhi - (0.5625 + 0.0625)).abs() < 1e-12);
/// assert!((first.hachman - 1.0 / (0.5625 / 0.5 + 0.0625 / 0.5)).abs() < 1e-12);
/// assert!((first.relative_specialisation - 1.5).abs() < 1e-12);
/// assert!((first.relative_diversity.unwrap() - 2.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn regional_profiles(table: Matrix<'_>) -> Result<Vec<RegionalProfile>, Error> {
    let structure = Structure::with_full_regions(table)?;
    let held: Vec<usize> = (0..table.cols())
        .filter(|&i| structure.industries[i] > 0.0)
        .collect();
    (0..table.rows())
        .map(|r| {
            let quotients: Vec<f64> = held
                .iter()
                .map(|&i| structure.quotient(r, i).unwrap_or_default())
                .collect();
            check::in_range("a location quotient", &quotients)?;
            let mean_quotient =
                quyu_math::sum_by(held.len(), |k| quotients[k] * structure.in_region(r, held[k]));
            let distance = quyu_math::sum_by(held.len(), |k| {
                (structure.in_region(r, held[k]) - structure.industry_share(held[k])).abs()
            });
            let relative_diversity = (distance > 0.0).then(|| 1.0 / distance).filter(|d| d.is_finite());
            Ok(RegionalProfile {
                hhi: herfindahl(table.row(r))?.hhi,
                entropy: share_entropy(table.row(r))?.nats,
                mean_quotient,
                hachman: 1.0 / mean_quotient,
                relative_specialisation: quotients.iter().fold(0.0, |max: f64, &lq| max.max(lq)),
                relative_diversity,
            })
        })
        .collect()
}
