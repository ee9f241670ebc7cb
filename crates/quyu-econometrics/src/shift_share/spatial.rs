//! Spatial shift-share: what the neighbours have to do with it.

use super::reference::{Benchmark, Reference, growth};
use super::result::{Cells, Component, ShiftShare};
use crate::{Error, Matrix, check};

/// Where the neighbours stand in the chain of comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpatialForm {
    /// Nation, then the neighbours' same sector, then the region: `G`, `gW_ir - G`, `g_ir - gW_ir`.
    #[default]
    NeighbourIndustry,
    /// Nation, its sectors, the neighbours' same sector, the region: `G`, `G_i - G`, `gW_ir - G_i`, `g_ir -
    /// gW_ir`.
    IndustryThenNeighbour,
    /// Nation, the neighbours as a whole, their same sector, the region: `G`, `gW_r - G` (as
    /// [`Component::Regional`]), `gW_ir - gW_r`, `g_ir - gW_ir`.
    NeighbourTotal,
}

/// What the growth of several neighbours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NeighbourGrowth {
    /// The growth of their weighted sum (Nazara & Hewings): `Σ w e' / Σ w e - 1`. Large neighbours count for
    /// more.
    #[default]
    OfSum,
    /// The weighted mean of their growth rates (Mayor & López): `Σ w g / Σ w`.
    MeanOfRates,
}

/// Options of [`spatial`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpatialOptions {
    /// The chain of comparisons.
    pub form: SpatialForm,
    /// What the neighbours' growth is.
    pub growth: NeighbourGrowth,
}

/// Spatial shift-share: the growth of neighbours as a step between nation and region.
///
/// With the rates of [`super::classic`] and `gW_ir` the growth of the neighbours of r in sector i, in the
/// default form:
///
/// ```text
/// national  = e_ir · G
/// neighbour = e_ir · (gW_ir - G)
/// local     = (e_ir' - e_ir) - e_ir · gW_ir
/// ```
///
/// The parts add up to the change. `weights` is regions by regions, the weight of neighbour s for region r in
/// row r and column s, with a zero diagonal. Only the proportions in a row matter, so row-standardised and
/// binary weights give the same.
///
/// **Zeros.** A cell with a zero base has no growth rate: its whole end value is local, and `zero_base` says
/// so. A region without neighbours has no neighbour effect: an error names it.
///
/// # Errors
/// As [`super::classic`]; [`Error::Length`] for weights of another shape; [`Error::NotFinite`],
/// [`Error::Negative`] in `weights`; [`Error::Domain`] for a weight on the diagonal; [`Error::Zero`] with
/// argument `weights` and the region that has no neighbour, or with argument `neighbours' base` and the cell
/// (row-major) whose neighbours hold nothing of the sector.
///
/// # Reference
/// Nazara, S. & Hewings, G. J. D. (2004), Spatial structure and taxonomy of decomposition in shift-share
/// analysis, Growth and Change 35(4), 476-490. Mayor, M. & López, A. J. (2008), Spatial shift-share analysis
/// versus spatial filtering: an application to Spanish employment data, Empirical Economics 34, 123-142.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Component, Reference, SpatialOptions, spatial}};
/// // Three regions in a row, one sector.
/// let (base, end) = ([10.0, 20.0, 30.0], [20.0, 30.0, 40.0]);
/// let weights = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
/// let (base, end) = (Matrix::new(&base, 3, 1)?, Matrix::new(&end, 3, 1)?);
/// let parts = spatial(base, end, Reference::Nation, Matrix::new(&weights, 3, 3)?, &SpatialOptions::default())?;
/// let neighbour = parts.part(Component::Neighbour).unwrap();
/// assert_eq!(neighbour.by_region, [0.0, 0.0, 0.0]); // 50 % next door, as in the nation
/// let local = parts.part(Component::Local).unwrap();
/// assert_eq!(local.by_region, [5.0, 0.0, -5.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial(
    base: Matrix<'_>,
    end: Matrix<'_>,
    reference: Reference<'_>,
    weights: Matrix<'_>,
    options: &SpatialOptions,
) -> Result<ShiftShare, Error> {
    let benchmark = Benchmark::new(base, end, reference)?;
    check_weights(weights, base.rows())?;
    let lag = |r: usize| neighbour_rates(base, end, weights, r, options.growth);
    match options.form {
        SpatialForm::NeighbourIndustry => {
            let components = [Component::National, Component::Neighbour, Component::Local];
            let mut cells = Cells::new(components, base.data().len());
            for r in 0..base.rows() {
                let rates = lag(r)?;
                for (sector, near) in benchmark.sectors(base, end, r).zip(rates) {
                    let (e, national) = (sector.base, sector.total_rate);
                    cells.push([e * national, e * (near - national), (sector.end - e) - e * near]);
                }
            }
            cells.finish(base, end)
        }
        SpatialForm::IndustryThenNeighbour => {
            let components = [
                Component::National,
                Component::IndustryMix,
                Component::Neighbour,
                Component::Local,
            ];
            let mut cells = Cells::new(components, base.data().len());
            for r in 0..base.rows() {
                let rates = lag(r)?;
                for (sector, near) in benchmark.sectors(base, end, r).zip(rates) {
                    let (e, national) = (sector.base, sector.total_rate);
                    let mix = e * (sector.rate - national);
                    cells.push([
                        e * national,
                        mix,
                        e * (near - sector.rate),
                        (sector.end - e) - e * near,
                    ]);
                }
            }
            cells.finish(base, end)
        }
        SpatialForm::NeighbourTotal => {
            let components = [
                Component::National,
                Component::Regional,
                Component::Neighbour,
                Component::Local,
            ];
            let (from, to) = (row_sums(base), row_sums(end));
            let (from, to) = (Matrix::of(&from, base.rows(), 1), Matrix::of(&to, base.rows(), 1));
            let mut cells = Cells::new(components, base.data().len());
            for r in 0..base.rows() {
                let rates = lag(r)?;
                let whole = neighbour_rates(from, to, weights, r, options.growth)?[0];
                for (sector, near) in benchmark.sectors(base, end, r).zip(rates) {
                    let (e, national) = (sector.base, sector.total_rate);
                    let around = e * (whole - national);
                    cells.push([
                        e * national,
                        around,
                        e * (near - whole),
                        (sector.end - e) - e * near,
                    ]);
                }
            }
            cells.finish(base, end)
        }
    }
}

fn check_weights(weights: Matrix<'_>, regions: usize) -> Result<(), Error> {
    check::length("weights", weights.rows(), regions)?;
    check::length("weights", weights.cols(), regions)?;
    check::non_negative("weights", weights.data())?;
    for r in 0..regions {
        if weights.at(r, r) != 0.0 {
            return Err(Error::Domain {
                option: "weights",
                value: weights.at(r, r),
                domain: "zero on the diagonal",
            });
        }
        if weights.row(r).iter().all(|&w| w == 0.0) {
            return Err(Error::Zero {
                argument: "weights",
                index: r,
            });
        }
    }
    Ok(())
}

fn row_sums(table: Matrix<'_>) -> Vec<f64> {
    (0..table.rows()).map(|r| quyu_math::sum(table.row(r))).collect()
}

/// Growth of the neighbours of region `r` in each sector. Where the region itself holds nothing, so that the
/// rate is only multiplied by zero, neighbours without a base do no harm.
fn neighbour_rates(
    base: Matrix<'_>,
    end: Matrix<'_>,
    weights: Matrix<'_>,
    r: usize,
    kind: NeighbourGrowth,
) -> Result<Vec<f64>, Error> {
    let near: Vec<(usize, f64)> = weights
        .row(r)
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, w)| *w > 0.0)
        .collect();
    (0..base.cols())
        .map(|i| {
            let rate = match kind {
                NeighbourGrowth::OfSum => {
                    let sum = |table: Matrix<'_>| {
                        quyu_math::sum_by(near.len(), |k| near[k].1 * table.at(near[k].0, i))
                    };
                    (sum(base) > 0.0).then(|| growth(sum(base), sum(end)))
                }
                NeighbourGrowth::MeanOfRates => near.iter().all(|(s, _)| base.at(*s, i) > 0.0).then(|| {
                    let rate = |s: usize| growth(base.at(s, i), end.at(s, i));
                    let weighted = quyu_math::sum_by(near.len(), |k| near[k].1 * rate(near[k].0));
                    weighted / quyu_math::sum_by(near.len(), |k| near[k].1)
                }),
            };
            match rate {
                Some(rate) if rate.is_finite() => Ok(rate),
                Some(_) => Err(Error::Range {
                    what: "the growth of neighbours",
                }),
                None if base.at(r, i) == 0.0 => Ok(0.0),
                None => Err(Error::Zero {
                    argument: "neighbours' base",
                    index: r * base.cols() + i,
                }),
            }
        })
        .collect()
}
