//! The classic (Dunn) shift-share.

use super::reference::{Benchmark, Reference};
use super::result::{Cells, Component, ShiftShare};
use crate::{Error, Matrix};

/// Classic shift-share (Dunn): how much of each change is the nation, the industry mix, the region.
///
/// For region r and sector i, with base `e`, end `e'`, sector growth rate `G_i` and total growth rate `G` of
/// the reference:
///
/// ```text
/// national     = e · G
/// industry mix = e · (G_i - G)
/// regional     = (e' - e) - e · G_i          ( = e · (g_i - G_i) where e > 0 )
/// ```
///
/// Base-year weights, growth as rates; the three add up to `e' - e`. Components: [`Component::National`],
/// [`Component::IndustryMix`], [`Component::Regional`].
///
/// **Shapes and units.** `base` and `end` are regions by sectors in one unit, which is also the unit of the
/// result.
///
/// **Zeros.** A cell with a zero base has no growth rate: the regional part is a residual, so its whole end
/// value is regional, and `zero_base` says so. A sector that the reference did not hold in the base year while
/// a region did is an error.
///
/// # Errors
/// [`Error::Length`] for tables of different shape or a reference of another length, [`Error::NotFinite`],
/// [`Error::Negative`], [`Error::Zero`] if the reference total or a sector held by a region is zero in the
/// reference, [`Error::Range`] if a part exceeds the range of a double.
///
/// # Reference
/// Dunn, E. S. (1960), A statistical and analytical technique for regional analysis, Papers of the Regional
/// Science Association 6, 97-112.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Component, Reference, classic}};
/// // Two regions, two sectors: the first sector grows by 10 %, the second by 50 %, both together by 30 %.
/// let base = [100.0, 50.0, 100.0, 150.0];
/// let end = [120.0, 60.0, 100.0, 240.0];
/// let parts = classic(Matrix::new(&base, 2, 2)?, Matrix::new(&end, 2, 2)?, Reference::Nation)?;
/// let first = |component| parts.part(component).unwrap().by_region[0];
/// assert!((first(Component::National) - 45.0).abs() < 1e-12); // 150 · 30 %
/// assert!((first(Component::IndustryMix) - -10.0).abs() < 1e-12); // 100 · -20 % + 50 · 20 %
/// assert!((first(Component::Regional) - -5.0).abs() < 1e-12); // the rest of the change
/// assert_eq!(parts.change.by_region[0], 30.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn classic(base: Matrix<'_>, end: Matrix<'_>, reference: Reference<'_>) -> Result<ShiftShare, Error> {
    let benchmark = Benchmark::new(base, end, reference)?;
    let components = [Component::National, Component::IndustryMix, Component::Regional];
    let mut cells = Cells::new(components, base.data().len());
    for r in 0..base.rows() {
        let total_rate = benchmark.total_rate(r);
        let pairs = base.row(r).iter().zip(end.row(r));
        for ((&from, &to), &rate) in pairs.zip(benchmark.rates(r)) {
            cells.push([
                from * total_rate,
                from * (rate - total_rate),
                (to - from) - from * rate,
            ]);
        }
    }
    cells.finish(base, end)
}
