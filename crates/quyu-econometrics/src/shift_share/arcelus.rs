//! The extension of Arcelus.

use super::reference::{Benchmark, Reference, growth};
use super::result::{Cells, Component, ShiftShare};
use crate::{Error, Matrix};

/// How Arcelus's regional growth and its interaction with sectors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ArcelusForm {
    /// Industry mix `G_i - G`, regional growth `g_r - G`, interaction `g_ir - g_r - G_i + G`: eight parts.
    #[default]
    Full,
    /// Regional growth `g_r - G`, interaction `g_ir - g_r`, which then contains the industry mix: six parts.
    Short,
}

/// Shift-share of Arcelus: every effect split over the expected size of a sector and what the region holds
/// beyond it, and the regional part split into the growth of the whole region and what is particular to the
/// sector in it.
///
/// With `h_i` as in [`super::esteban_marquillas`], `d_i = e_i - h_i`, region growth `g_r` and the rates of
/// [`super::classic`], for `w = h_i` (expected) and `w = d_i` (differential):
///
/// ```text
/// national     = w · G
/// industry mix = w · (G_i - G)
/// regional     = w · (g_r - G)
/// interaction  = w · (g_ir - g_r - G_i + G)
/// ```
///
/// The eight parts add up to the change. Regional plus interaction on the expected size is the competitive
/// effect of Esteban-Marquillas, on the rest his allocation effect. [`ArcelusForm::Short`] has no industry mix
/// and the interaction `g_ir - g_r`.
///
/// **Zeros.** A cell with a zero base: the interaction takes the residual as in [`super::esteban_marquillas`].
/// A region that had nothing at all in the base year has no growth rate; its parts but the interaction are
/// zero.
///
/// # Errors
/// As [`super::classic`].
///
/// # Reference
/// Arcelus, F. J. (1984), An extension of shift-share analysis, Growth and Change 15(1), 3-8.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{ArcelusForm, Component, Reference, arcelus}};
/// let base = [100.0, 50.0, 100.0, 150.0];
/// let end = [120.0, 60.0, 100.0, 240.0];
/// let (base, end) = (Matrix::new(&base, 2, 2)?, Matrix::new(&end, 2, 2)?);
/// let parts = arcelus(base, end, Reference::Nation, ArcelusForm::Full)?;
/// assert_eq!(parts.parts.len(), 8);
/// // Region 0 grows by 20 %, the nation by 30 %; 75 is the expected size of its first sector.
/// let regional = parts.part(Component::RegionalExpected).unwrap();
/// assert!((regional.cells[0] - 75.0 * -0.1).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn arcelus(
    base: Matrix<'_>,
    end: Matrix<'_>,
    reference: Reference<'_>,
    form: ArcelusForm,
) -> Result<ShiftShare, Error> {
    let benchmark = Benchmark::new(base, end, reference)?;
    match form {
        ArcelusForm::Full => {
            let components = [
                Component::NationalExpected,
                Component::NationalDifferential,
                Component::IndustryMixExpected,
                Component::IndustryMixDifferential,
                Component::RegionalExpected,
                Component::RegionalDifferential,
                Component::InteractionExpected,
                Component::InteractionDifferential,
            ];
            let mut cells = Cells::new(components, base.data().len());
            each_cell(&benchmark, base, end, |[national, mix, regional, interaction]| {
                cells.push([
                    national[0],
                    national[1],
                    mix[0],
                    mix[1],
                    regional[0],
                    regional[1],
                    interaction[0],
                    interaction[1],
                ]);
            });
            cells.finish(base, end)
        }
        ArcelusForm::Short => {
            let components = [
                Component::NationalExpected,
                Component::NationalDifferential,
                Component::RegionalExpected,
                Component::RegionalDifferential,
                Component::InteractionExpected,
                Component::InteractionDifferential,
            ];
            let mut cells = Cells::new(components, base.data().len());
            each_cell(&benchmark, base, end, |[national, mix, regional, interaction]| {
                let [expected, differential] = [mix[0] + interaction[0], mix[1] + interaction[1]];
                cells.push([
                    national[0],
                    national[1],
                    regional[0],
                    regional[1],
                    expected,
                    differential,
                ]);
            });
            cells.finish(base, end)
        }
    }
}

/// Hands out national, mix, regional and interaction of each cell, each as [expected, differential].
fn each_cell(benchmark: &Benchmark, base: Matrix<'_>, end: Matrix<'_>, mut take: impl FnMut([[f64; 2]; 4])) {
    for r in 0..base.rows() {
        let (from, to) = (quyu_math::sum(base.row(r)), quyu_math::sum(end.row(r)));
        let region_rate = if from > 0.0 {
            growth(from, to)
        } else {
            benchmark.total_rate(r)
        };
        for sector in benchmark.sectors(base, end, r) {
            let weights = [sector.expected, sector.base - sector.expected];
            let homothetic = sector.homothetic();
            let of = |rate: f64| weights.map(|weight| weight * rate);
            let regional = of(region_rate - sector.total_rate);
            let interaction = [homothetic[0] - regional[0], homothetic[1] - regional[1]];
            take([
                of(sector.total_rate),
                of(sector.rate - sector.total_rate),
                regional,
                interaction,
            ]);
        }
    }
}
