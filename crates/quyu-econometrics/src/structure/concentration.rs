//! How concentrated industries are over regions.

use super::table::Structure;
use crate::disparity::{GiniOptions, gini, hoover_between};
use crate::{Error, Matrix, check};

/// Which of the two a Gini of location quotients is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GiniSide {
    /// The concentration of each industry over regions.
    #[default]
    Concentration,
    /// The specialisation of each region over industries.
    Specialisation,
}

/// What weighs the location quotients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GiniWeights {
    /// The size of the regions (or industries) in the whole table: the Lorenz curve of shares against shares
    /// (Hoover, Balassa).
    #[default]
    Size,
    /// Each region (or industry) counts once, as REAT's `gini.conc` and `gini.spec` have it.
    None,
}

/// The locational Gini (Hoover-Balassa): the Gini index of location quotients.
///
/// For an industry the area between the diagonal and the Lorenz curve of its regional shares against the
/// regional shares of all industries, doubled: 0 where it lies as everything does, towards 1 where one small
/// region has it all. (Krugman's version is the area undoubled, 0 to 0.5: half of this.) For a region the same
/// over industries.
///
/// One value an industry (column), or a region (row) for [`GiniSide::Specialisation`].
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Undefined`] if the table is zero; [`Error::Zero`] with
/// argument `region total` or `industry total` for an empty row or column.
///
/// # Reference
/// Hoover, E. M. (1936), The measurement of industrial localization, Review of Economics and Statistics 18,
/// 162-171. Krugman, P. (1991), Geography and Trade, MIT Press. Unweighted: Farhauer, O. & Kröll, A. (2014),
/// Standorttheorien, Springer.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{GiniSide, GiniWeights, locational_gini}};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let g = locational_gini(Matrix::new(&jobs, 2, 2)?, GiniSide::Concentration, GiniWeights::Size)?;
/// // 60 % of the regions' jobs hold 40 % of the industry.
/// assert!((g[0] - 0.2).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn locational_gini(table: Matrix<'_>, side: GiniSide, weights: GiniWeights) -> Result<Vec<f64>, Error> {
    let structure = Structure::with_full_regions(table)?;
    check::positive("industry total", &structure.industries)?;
    let quotient = |r: usize, i: usize| structure.quotient(r, i).unwrap_or_default();
    let (count, sizes) = match side {
        GiniSide::Concentration => (table.cols(), &structure.regions),
        GiniSide::Specialisation => (table.rows(), &structure.industries),
    };
    (0..count)
        .map(|k| {
            let quotients: Vec<f64> = match side {
                GiniSide::Concentration => (0..table.rows()).map(|r| quotient(r, k)).collect(),
                GiniSide::Specialisation => (0..table.cols()).map(|i| quotient(k, i)).collect(),
            };
            check::in_range("a location quotient", &quotients)?;
            let weights = (weights == GiniWeights::Size).then_some(sizes.as_slice());
            gini(&quotients, weights, &GiniOptions::default())
        })
        .collect()
}

/// Hoover's index of each industry: half the sum of the absolute differences between its regional shares and
/// those of a reference, 0 to 1: the share of the industry that would have to move.
///
/// `reference` is one value a region: population, area, or all jobs. Without one it is the sum over the
/// industries of the table.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Length`]; [`Error::Undefined`] if the table, an industry
/// or the reference is zero.
///
/// # Reference
/// Hoover, E. M. (1936), as in [`locational_gini`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::hoover_concentration};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let h = hoover_concentration(Matrix::new(&jobs, 2, 2)?, Some(&[1.0, 1.0]))?;
/// assert!((h[0] - 0.1).abs() < 1e-12); // 60 % against half of the people
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn hoover_concentration(table: Matrix<'_>, reference: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    let structure = Structure::of(table)?;
    let reference = reference.unwrap_or(&structure.regions);
    check::length("reference", reference.len(), table.rows())?;
    (0..table.cols())
        .map(|i| hoover_between(&table.col(i), reference))
        .collect()
}

/// Raw concentration of one industry, without what is known of plants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawConcentration {
    /// `G = Σ (s_r - x_r)²`: 0 where the industry lies as everything does, below 2.
    pub raw: f64,
    /// `G / (1 - Σ x_r²)`: what the Ellison-Glaeser index would be if the industry's plants were many and small.
    pub scaled: f64,
}

/// Raw concentration of each industry: the part of the Ellison-Glaeser index that needs no plants.
///
/// With `s_r` the share of region r in the industry and `x_r` its share in all industries of the table. The index
/// itself is `(scaled - H) / (1 - H)` with H the Herfindahl index of the plants ([`super::ellison_glaeser`]): an
/// industry of few large plants is concentrated by that alone, and without H nothing tells the two apart.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if the table is zero or all of it lies in one
/// region; [`Error::Zero`] with argument `industry total` for an empty column.
///
/// # Reference
/// Ellison, G. & Glaeser, E. L. (1997), Journal of Political Economy 105, 889-927.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::raw_concentration};
/// let jobs = [10.0, 0.0, 0.0, 10.0];
/// let g = raw_concentration(Matrix::new(&jobs, 2, 2)?)?;
/// assert_eq!((g[0].raw, g[0].scaled), (0.5, 1.0)); // all of it in one of two equal regions
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn raw_concentration(table: Matrix<'_>) -> Result<Vec<RawConcentration>, Error> {
    let structure = Structure::of(table)?;
    check::positive("industry total", &structure.industries)?;
    let share = |r: usize| structure.regions[r] / structure.total;
    let rest = 1.0 - quyu_math::sum_by(table.rows(), |r| share(r) * share(r));
    if rest <= 0.0 {
        return Err(Error::Undefined {
            reason: "everything lies in one region",
        });
    }
    let of = |i: usize| {
        let raw = quyu_math::sum_by(table.rows(), |r| {
            let gap = table.at(r, i) / structure.industries[i] - share(r);
            gap * gap
        });
        RawConcentration {
            raw,
            scaled: raw / rest,
        }
    };
    let found: Vec<RawConcentration> = (0..table.cols()).map(of).collect();
    for one in &found {
        check::in_range("a concentration", &[one.scaled])?;
    }
    Ok(found)
}
