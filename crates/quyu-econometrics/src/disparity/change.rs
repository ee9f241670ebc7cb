//! Change of the mean log deviation between two years.

use super::{GeDecomposition, RunningGroup, decompose_ge, decompose_ge_groups};
use crate::{Error, check};
use quyu_math::{ln, sum_by};

/// One year for [`mld_change`].
#[derive(Debug, Clone, Copy)]
pub struct Year<'a> {
    /// Values per head.
    pub x: &'a [f64],
    /// Weights; none where every region counts once.
    pub w: Option<&'a [f64]>,
    /// Label of the group of each region.
    pub groups: &'a [usize],
}

/// The change of the mean log deviation and its four causes.
#[derive(Debug, Clone, PartialEq)]
pub struct MldChange {
    /// The index in the first year.
    pub from: f64,
    /// The index in the second year.
    pub to: f64,
    /// `to - from`: the sum of the four parts.
    pub change: f64,
    /// Inequality within groups changed: sum v_g (L_g' - L_g).
    pub within: f64,
    /// Population moved between groups of different inequality: sum L_g (v_g' - v_g).
    pub population_within: f64,
    /// Population moved between groups of different income: -sum ln(m_g / mu) (v_g' - v_g).
    pub population_between: f64,
    /// Relative group means moved: -sum v_g (ln(m_g' / mu') - ln(m_g / mu)).
    pub means: f64,
    /// The two last parts as the article writes them, in group means instead of relative ones; an approximation.
    pub approximation: MldChangeApproximation,
    /// What each group adds to the parts, by label.
    pub groups: Vec<MldChangeGroup>,
}

/// What one group adds to the parts of an [`MldChange`]. Only the sums over all groups have a meaning of their own for the two
/// parts between groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MldChangeGroup {
    /// v_g (L_g' - L_g).
    pub within: f64,
    /// L_g (v_g' - v_g).
    pub population_within: f64,
    /// -ln(m_g / mu) (v_g' - v_g).
    pub population_between: f64,
    /// -v_g (ln(m_g' / mu') - ln(m_g / mu)).
    pub means: f64,
}

/// The approximate form of the two last parts of an [`MldChange`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MldChangeApproximation {
    /// sum (r_g - ln r_g) (v_g' - v_g) with r_g = m_g / mu.
    pub population_between: f64,
    /// sum (s_g - v_g) (ln m_g' - ln m_g) with income shares s_g.
    pub means: f64,
    /// What this form leaves of the change: `change - within - population_within` minus its two parts.
    pub error: f64,
}

/// Splits the change of the mean log deviation between two years by groups, after Mookherjee and Shorrocks.
///
/// Bars are means of the two years: dL = sum v dL_g + sum L_g dv_g - sum ln(m_g/mu) dv_g - sum v_g d ln(m_g/mu), every
/// undifferenced factor being such a mean. The four parts add up exactly. The article goes on to replace the two last parts by an
/// approximation in group means, which is what most programs print: it is in `approximation` with its error.
///
/// The years may have different regions, but the same labels `0..n_groups`; every label must be used in both years.
///
/// Every part is a pure number, in the unit of the index. A zero is an error, because the index is infinite there.
///
/// # Errors
/// As [`mld`](super::mld) and for the labels; [`Error::Undefined`] if a group is empty in one year.
///
/// # References
/// Mookherjee & Shorrocks 1982, Economic Journal 92:886-902.
///
/// ```
/// use quyu_econometrics::disparity::{mld_change, Year};
/// let before = Year { x: &[1.0, 2.0, 4.0], w: None, groups: &[0, 0, 1] };
/// let after = Year { x: &[1.0, 3.0, 5.0], w: None, groups: &[0, 0, 1] };
/// let split = mld_change(before, after, 2)?;
/// let sum = split.within + split.population_within + split.population_between + split.means;
/// assert!((split.change - sum).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mld_change(from: Year<'_>, to: Year<'_>, n_groups: usize) -> Result<MldChange, Error> {
    let split = |year: Year<'_>| decompose_ge(year.x, year.w, year.groups, n_groups, 0.0);
    assemble(
        &[split(from)?, split(to)?],
        log_of_mean(to)? - log_of_mean(from)?,
        n_groups,
    )
}

/// [`mld_change`] from rows that arrive in parts: group g of each year holds its rows. It agrees with [`mld_change`] to 1e-12.
///
/// # Errors
/// As [`decompose_ge_groups`]; [`Error::Domain`] if the groups are not of order 0; [`Error::Length`] if the years differ in the number
/// of groups; [`Error::Undefined`] if a group is empty in one year.
///
/// # References
/// Mookherjee & Shorrocks 1982, Economic Journal 92:886-902.
///
/// ```
/// use quyu_econometrics::disparity::{RunningGroup, mld_change_groups};
/// let mut years = vec![vec![RunningGroup::new(0.0)?; 2]; 2];
/// for (year, x) in years.iter_mut().zip([[1.0, 2.0, 4.0], [1.0, 3.0, 5.0]]) {
///     year[0].push(&x[..2], None)?;
///     year[1].push(&x[2..], None)?;
/// }
/// let split = mld_change_groups(&years[0], &years[1])?;
/// let sum = split.within + split.population_within + split.population_between + split.means;
/// assert!((split.change - sum).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mld_change_groups(from: &[RunningGroup], to: &[RunningGroup]) -> Result<MldChange, Error> {
    check::length("to", to.len(), from.len())?;
    let mut whole = [RunningGroup::new(0.0)?, RunningGroup::new(0.0)?];
    for (whole, year) in whole.iter_mut().zip([from, to]) {
        year.iter().try_for_each(|group| whole.merge(group))?;
    }
    let splits = [decompose_ge_groups(from)?, decompose_ge_groups(to)?];
    let [a, b] = whole.map(|all| ln(all.total() / all.weight()));
    assemble(&splits, b - a, from.len())
}

/// The parts of the change, from the split of each year and the growth of the logarithm of the mean.
fn assemble([a, b]: &[GeDecomposition; 2], growth: f64, n_groups: usize) -> Result<MldChange, Error> {
    if a.groups.iter().chain(&b.groups).any(|g| g.index.is_none()) {
        return Err(Error::Undefined {
            reason: "a group is empty in one year",
        });
    }
    let index = |s: &GeDecomposition, g: usize| s.groups[g].index.unwrap_or(0.0);
    let v = |s: &GeDecomposition, g: usize| s.groups[g].population_share;
    let log = |s: &GeDecomposition, g: usize| ln(s.groups[g].relative_mean);
    let mean = |f: &dyn Fn(&GeDecomposition) -> f64| 0.5 * (f(a) + f(b));
    let step = |f: &dyn Fn(&GeDecomposition) -> f64| f(b) - f(a);
    let total = |part: &dyn Fn(usize) -> f64| sum_by(n_groups, part);

    let groups: Vec<MldChangeGroup> = (0..n_groups)
        .map(|g| MldChangeGroup {
            within: mean(&|s| v(s, g)) * step(&|s| index(s, g)),
            population_within: mean(&|s| index(s, g)) * step(&|s| v(s, g)),
            population_between: -mean(&|s| log(s, g)) * step(&|s| v(s, g)),
            means: -mean(&|s| v(s, g)) * step(&|s| log(s, g)),
        })
        .collect();
    let within = total(&|g| groups[g].within);
    let population_within = total(&|g| groups[g].population_within);
    let population_between = total(&|g| groups[g].population_between);
    let means = total(&|g| groups[g].means);

    let ratio = |s: &GeDecomposition, g: usize| s.groups[g].relative_mean;
    let approximate_population = total(&|g| mean(&|s| ratio(s, g) - log(s, g)) * step(&|s| v(s, g)));
    let gap = |s: &GeDecomposition, g: usize| s.groups[g].income_share - v(s, g);
    let approximate_means = total(&|g| mean(&|s| gap(s, g)) * (step(&|s| log(s, g)) + growth));
    let change = b.total - a.total;
    let rest = change - within - population_within;
    let approximation = MldChangeApproximation {
        population_between: approximate_population,
        means: approximate_means,
        error: rest - approximate_population - approximate_means,
    };
    check::in_range(
        "a part of the change",
        &[change, within, population_between, means, approximation.error],
    )?;
    Ok(MldChange {
        from: a.total,
        to: b.total,
        change,
        within,
        population_within,
        population_between,
        means,
        approximation,
        groups,
    })
}

fn log_of_mean(year: Year<'_>) -> Result<f64, Error> {
    let sample = super::sample::Sample::relative(year.x, year.w, super::sample::Domain::Positive)?;
    Ok(ln(sample.mean) + ln(sample.unit))
}
