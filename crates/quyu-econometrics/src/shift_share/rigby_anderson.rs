//! The split of jobs into output and productivity.

use super::reference::{Benchmark, Reference, growth};
use super::result::{Cells, Component, ShiftShare};
use crate::{Error, Matrix, check};

/// Shift-share of Rigby and Anderson: the change of employment through output and through productivity, each
/// split into nation, mix and region.
///
/// `employment` and `output` are [base, end], each regions by sectors; `reference` is that of employment and
/// that of output. Cell rates: `g^q` of output, `g^e` of employment, `g^p = g^e - g^q`; with capitals the same
/// rates of the reference. For x = q and x = p:
///
/// ```text
/// national     = e · G^x
/// industry mix = e · (G_i^x - G^x)
/// regional     = e · (g^x - G_i^x)
/// ```
///
/// The output parts say what change of employment output alone would have brought at the output per worker of
/// the base year (a Laspeyres view); the productivity parts are the rest, negative where productivity grew. The
/// six add up to the change of employment.
///
/// **Zeros.** A cell without employment in the base year: its end value is the regional output part, and
/// `zero_base` says so. A cell with employment but no output in the base year is an error.
///
/// # Errors
/// As [`super::classic`], for both tables; [`Error::Zero`] with argument `base output` and the cell (row-major)
/// that has employment but no output.
///
/// # Reference
/// Rigby, D. L. & Anderson, W. P. (1993), Employment change, growth and productivity in Canadian manufacturing:
/// an extension and application of shift-share analysis, Canadian Journal of Regional Science 16(1), 69-88.
/// Haynes, K. E. & Dinc, M. (1997), Productivity change in manufacturing regions: a multifactor/shift-share
/// approach, Growth and Change 28(2), 201-221.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, shift_share::{Component, Reference, rigby_anderson}};
/// let (e0, e1) = ([100.0, 100.0], [100.0, 120.0]);
/// let (q0, q1) = ([10.0, 10.0], [12.0, 12.0]);
/// let column = |cells| Matrix::new(cells, 2, 1);
/// let parts = rigby_anderson(
///     [column(&e0)?, column(&e1)?],
///     [column(&q0)?, column(&q1)?],
///     [Reference::Nation, Reference::Nation],
/// )?;
/// // Output grew by 20 % everywhere; the first region made it without more people.
/// assert!((parts.part(Component::OutputNational).unwrap().by_region[0] - 20.0).abs() < 1e-12);
/// assert!((parts.part(Component::ProductivityRegional).unwrap().by_region[0] - -10.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn rigby_anderson(
    employment: [Matrix<'_>; 2],
    output: [Matrix<'_>; 2],
    reference: [Reference<'_>; 2],
) -> Result<ShiftShare, Error> {
    let ([base, end], [base_output, end_output]) = (employment, output);
    check::same_shape("output", base_output, base)?;
    let (jobs, made) = (
        Benchmark::new(base, end, reference[0])?,
        Benchmark::new(base_output, end_output, reference[1])?,
    );
    let components = [
        Component::OutputNational,
        Component::OutputIndustryMix,
        Component::OutputRegional,
        Component::ProductivityNational,
        Component::ProductivityIndustryMix,
        Component::ProductivityRegional,
    ];
    let mut cells = Cells::new(components, base.data().len());
    for r in 0..base.rows() {
        let (all_jobs, all_made) = (jobs.total_rate(r), made.total_rate(r));
        for (i, (&rate, &rate_made)) in jobs.rates(r).iter().zip(made.rates(r)).enumerate() {
            let e = base.at(r, i);
            if e > 0.0 && base_output.at(r, i) == 0.0 {
                return Err(Error::Zero {
                    argument: "base output",
                    index: r * base.cols() + i,
                });
            }
            let change = end.at(r, i) - e;
            // What output alone brings; a cell that starts from nothing starts by its output.
            let by_output = if e > 0.0 {
                e * growth(base_output.at(r, i), end_output.at(r, i))
            } else {
                change
            };
            cells.push([
                e * all_made,
                e * (rate_made - all_made),
                by_output - e * rate_made,
                e * (all_jobs - all_made),
                e * ((rate - rate_made) - (all_jobs - all_made)),
                (change - by_output) - e * (rate - rate_made),
            ]);
        }
    }
    cells.finish(base, end)
}
