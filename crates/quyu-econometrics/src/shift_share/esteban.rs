//! The homothetic shift-share of Esteban-Marquillas.

use super::reference::{Benchmark, Reference};
use super::result::{Cells, Component, ShiftShare};
use crate::{Error, Matrix};

/// Shift-share of Esteban-Marquillas: the regional part split into a competitive and an allocation effect.
///
/// With `h_i = e · E_i / E` the size that sector i would have if the region of total `e` had the structure of
/// the reference, and the rates of [`super::classic`]:
///
/// ```text
/// national     = e_i · G
/// industry mix = e_i · (G_i - G)
/// competitive  = h_i · (g_i - G_i)
/// allocation   = (e_i - h_i) · (g_i - G_i)
/// ```
///
/// Competitive and allocation add up to the classic regional part, and all four to the change. The allocation
/// effect is positive where the region is specialised in what it does better than the reference. Components:
/// [`Component::National`], [`Component::IndustryMix`], [`Component::Competitive`], [`Component::Allocation`].
///
/// **Zeros.** A cell with a zero base has no growth rate: its whole residual is competitive, its allocation
/// zero, and `zero_base` says so.
///
/// # Errors
/// As [`super::classic`].
///
/// # Reference
/// Esteban-Marquillas, J. M. (1972), A reinterpretation of shift-share analysis, Regional and Urban Economics
/// 2, 249-255.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Component, Reference, esteban_marquillas}};
/// let base = [100.0, 50.0, 100.0, 150.0];
/// let end = [120.0, 60.0, 100.0, 240.0];
/// let parts = esteban_marquillas(Matrix::new(&base, 2, 2)?, Matrix::new(&end, 2, 2)?, Reference::Nation)?;
/// let competitive = parts.part(Component::Competitive).unwrap();
/// // Region 0 has 150 of 400; half of the nation is in sector 0, so 75 would be expected: 75 · (20 % - 10 %).
/// assert!((competitive.cells[0] - 7.5).abs() < 1e-12);
/// let allocation = parts.part(Component::Allocation).unwrap();
/// assert!((allocation.cells[0] - 2.5).abs() < 1e-12); // (100 - 75) · 10 %
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn esteban_marquillas(
    base: Matrix<'_>,
    end: Matrix<'_>,
    reference: Reference<'_>,
) -> Result<ShiftShare, Error> {
    let benchmark = Benchmark::new(base, end, reference)?;
    let components = [
        Component::National,
        Component::IndustryMix,
        Component::Competitive,
        Component::Allocation,
    ];
    let mut cells = Cells::new(components, base.data().len());
    for r in 0..base.rows() {
        for sector in benchmark.sectors(base, end, r) {
            let [competitive, allocation] = sector.homothetic();
            cells.push([
                sector.base * sector.total_rate,
                sector.base * (sector.rate - sector.total_rate),
                competitive,
                allocation,
            ]);
        }
    }
    cells.finish(base, end)
}
