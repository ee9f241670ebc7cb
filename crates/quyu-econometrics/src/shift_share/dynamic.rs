//! Shift-share year by year.

use super::arcelus::{ArcelusForm, arcelus};
use super::classic::classic;
use super::esteban::esteban_marquillas;
use super::reference::Reference;
use super::result::{Component, ShiftShare, Table, close};
use crate::{Error, Matrix, check};

/// Which additive shift-share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Variant {
    /// [`classic`]
    #[default]
    Classic,
    /// [`esteban_marquillas`]
    EstebanMarquillas,
    /// [`arcelus`] with [`ArcelusForm::Full`]
    Arcelus,
    /// [`arcelus`] with [`ArcelusForm::Short`]
    ArcelusShort,
}

/// The shift-share of that name, where the variant is a value and not known in advance.
///
/// Formulas, units and zeros are those of the variant.
///
/// # Errors
/// Those of the variant.
///
/// # References
/// Those of the variant: [`classic`], [`esteban_marquillas`], [`arcelus`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Reference, Variant, classic, shift_share}};
/// let (base, end) = (Matrix::new(&[1.0, 2.0], 2, 1)?, Matrix::new(&[2.0, 3.0], 2, 1)?);
/// assert_eq!(shift_share(base, end, Reference::Nation, Variant::Classic)?, classic(base, end, Reference::Nation)?);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn shift_share(
    base: Matrix<'_>,
    end: Matrix<'_>,
    reference: Reference<'_>,
    variant: Variant,
) -> Result<ShiftShare, Error> {
    match variant {
        Variant::Classic => classic(base, end, reference),
        Variant::EstebanMarquillas => esteban_marquillas(base, end, reference),
        Variant::Arcelus => arcelus(base, end, reference, ArcelusForm::Full),
        Variant::ArcelusShort => arcelus(base, end, reference, ArcelusForm::Short),
    }
}

/// What regions are compared with in each year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum YearlyReference<'a> {
    /// The sum of all regions given.
    #[default]
    Nation,
    /// The sum of all regions but the region itself.
    Rest,
    /// Years (rows) by sectors (columns) of a larger nation or of peers.
    Given(Matrix<'a>),
    /// The same with totals published apart from the sectors.
    Published {
        /// Years by sectors.
        sectors: Matrix<'a>,
        /// Total of each year.
        totals: &'a [f64],
    },
}

impl<'a> YearlyReference<'a> {
    /// Whether the reference has a row for each year and a column for each sector.
    pub(crate) fn check(&self, tables: &[Matrix<'_>]) -> Result<(), Error> {
        let (Self::Given(sectors) | Self::Published { sectors, .. }) = self else {
            return Ok(());
        };
        check::length("reference years", sectors.rows(), tables.len())?;
        if let Self::Published { totals, .. } = self {
            check::length("reference totals", totals.len(), tables.len())?;
        }
        Ok(())
    }

    /// The reference from year `t` to the next.
    pub(crate) fn pair(&self, t: usize) -> Reference<'a> {
        match *self {
            Self::Nation => Reference::Nation,
            Self::Rest => Reference::Rest,
            Self::Given(sectors) => Reference::Given {
                base: sectors.row(t),
                end: sectors.row(t + 1),
            },
            Self::Published { sectors, totals } => Reference::Published {
                base: sectors.row(t),
                end: sectors.row(t + 1),
                base_total: totals[t],
                end_total: totals[t + 1],
            },
        }
    }
}

/// A shift-share over a series of years.
#[derive(Debug, Clone, PartialEq)]
pub struct Dynamic {
    /// The parts between each year and the next.
    pub yearly: Vec<ShiftShare>,
    /// The yearly parts added up; they add up to the change from the first year to the last. A cell is marked
    /// `zero_base` if it is in any year but the last.
    pub sum: ShiftShare,
}

/// Dynamic shift-share (Barff-Knight): the parts of each year, and their sums.
///
/// The weights and rates of [`classic`] (or another variant) are taken anew each year, so that a sector that
/// grew in between counts with its new size; a comparison of the two end years holds the first structure fixed
/// and puts what follows from its change into the region.
///
/// `tables` are the years in order, each regions by sectors in one unit.
///
/// # Errors
/// Those of the variant; [`Error::TooFew`] for fewer than two years; [`Error::Length`] for tables or references
/// of another shape.
///
/// # Reference
/// Barff, R. A. & Knight, P. L. (1988), Dynamic shift-share analysis, Growth and Change 19(2), 1-10.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Component, Variant, YearlyReference, dynamic}};
/// let years = [[10.0, 10.0], [20.0, 20.0], [80.0, 40.0]];
/// let tables: Vec<_> = years.iter().map(|y| Matrix::new(y, 2, 1)).collect::<Result<_, _>>()?;
/// let found = dynamic(&tables, YearlyReference::Nation, Variant::Classic)?;
/// // 10 · 100 % in the first year, 20 · 200 % in the second.
/// assert_eq!(found.sum.part(Component::National).unwrap().by_region[0], 50.0);
/// assert_eq!(found.sum.change.by_region[0], 70.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn dynamic(
    tables: &[Matrix<'_>],
    reference: YearlyReference<'_>,
    variant: Variant,
) -> Result<Dynamic, Error> {
    check::at_least("tables", tables.len(), 2)?;
    reference.check(tables)?;
    let yearly: Vec<ShiftShare> = (1..tables.len())
        .map(|t| shift_share(tables[t - 1], tables[t], reference.pair(t - 1), variant))
        .collect::<Result<_, _>>()?;
    let sum = add_years(&yearly, tables[0], tables[tables.len() - 1])?;
    Ok(Dynamic { yearly, sum })
}

fn add_years(yearly: &[ShiftShare], first: Matrix<'_>, last: Matrix<'_>) -> Result<ShiftShare, Error> {
    let sectors = first.cols();
    let change = first
        .data()
        .iter()
        .zip(last.data())
        .map(|(from, to)| to - from)
        .collect();
    let change = Table::new(change, sectors)?;
    let mut parts: Vec<(Component, Table)> = Vec::new();
    for (p, (component, _)) in yearly[0].parts.iter().enumerate() {
        let cell = |at: usize| quyu_math::sum_by(yearly.len(), |t| yearly[t].parts[p].1.cells[at]);
        parts.push((
            *component,
            Table::new((0..first.data().len()).map(cell).collect(), sectors)?,
        ));
    }
    close(&mut parts, &change)?;
    let zero_base = (0..first.data().len())
        .map(|at| yearly.iter().any(|year| year.zero_base[at]))
        .collect();
    Ok(ShiftShare {
        regions: first.rows(),
        sectors,
        parts,
        change,
        zero_base,
    })
}
