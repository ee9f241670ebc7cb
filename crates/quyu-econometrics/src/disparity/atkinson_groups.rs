//! Atkinson's index within and between groups.

use super::atkinson::of_sample;
use super::sample::{Domain, Sample, counted};
use super::{Index, Running};
use crate::{Error, check};
use quyu_math::pow;

/// Atkinson's index by groups in the three forms that are used.
#[derive(Debug, Clone, PartialEq)]
pub struct AtkinsonDecomposition {
    /// The index over all units.
    pub total: f64,
    /// Equally-distributed-equivalent incomes, the form of Blackorby, Donaldson and Auersperg: the default.
    pub ede: AtkinsonParts,
    /// Group means, the other order of the same idea.
    pub means: AtkinsonParts,
    /// The form of Das and Parikh: none for `epsilon` = 1, where it has no value, and where a power overflows.
    pub das_parikh: Option<AtkinsonResidual>,
    /// One row for each label.
    pub groups: Vec<AtkinsonGroup>,
}

/// total = within + between - within * between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtkinsonParts {
    /// The share lost within groups.
    pub within: f64,
    /// The share lost between groups.
    pub between: f64,
    /// within * between, which the two have in common.
    pub cross: f64,
}

/// total = within + between + residual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtkinsonResidual {
    /// [sum v_g (m_g A_g / mu)^(1-e)]^(1/(1-e)) over groups with A_g > 0.
    pub within: f64,
    /// The index of the group means.
    pub between: f64,
    /// What is left.
    pub residual: f64,
}

/// One group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtkinsonGroup {
    /// Share of the weight, v_g.
    pub population_share: f64,
    /// Share of the total.
    pub income_share: f64,
    /// The index inside the group; none if the group is empty or holds nothing but zeros.
    pub index: Option<f64>,
}

/// Splits Atkinson's index by groups: total = within + between - within * between.
///
/// `ede`: A_W = 1 - sum v_g ede_g / mu with ede_g = m_g (1 - A_g), and A_B = 1 - mu (1 - A) / sum v_g ede_g, the order of the
/// article and of Stata's ineqdeco. `means`: A_B is the index of the group means with weights v_g and
/// A_W = 1 - (1 - A) / (1 - A_B), the order of the R package IC2. `das_parikh` adds up with a residual.
///
/// Every part is a pure number from 0 to 1 (the residual of Das and Parikh may be negative). From `epsilon` = 1 on a zero makes the
/// index of its group 1, the limit; negative values are an error, a unit of weight zero is left out.
///
/// # Errors
/// As [`atkinson`](super::atkinson); [`Error::Length`] or [`Error::Label`] for the labels; [`Error::Undefined`] if
/// everything is lost inside the groups (`epsilon >= 1` and a zero in each), so that nothing is left to compare.
///
/// # References
/// Blackorby, Donaldson & Auersperg 1981, Canadian J. Economics 14:665-685; Das & Parikh 1982, Economics Letters 10:23-28.
///
/// ```
/// use quyu_econometrics::disparity::decompose_atkinson;
/// let split = decompose_atkinson(&[1.0, 4.0, 3.0, 8.0], None, &[0, 0, 1, 1], 2, 0.5)?;
/// let parts = split.ede;
/// assert!((parts.within + parts.between - parts.cross - split.total).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_atkinson(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
    epsilon: f64,
) -> Result<AtkinsonDecomposition, Error> {
    check::between(
        "epsilon",
        epsilon,
        (0.0, f64::MAX),
        "a finite number, not negative",
    )?;
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    let labels = counted(groups, w);
    let mut members = vec![Vec::new(); n_groups];
    for (i, label) in labels.iter().enumerate() {
        members[*label].push(i);
    }
    let rows: Vec<AtkinsonGroup> = members
        .iter()
        .map(|members| group_row(&sample, members, epsilon))
        .collect::<Result<_, _>>()?;
    assemble(rows, of_sample(&sample, epsilon)?, epsilon)
}

/// [`decompose_atkinson`] from rows that arrive in parts: each group is a stream of [`Index::Atkinson`] of one `epsilon`.
///
/// Row g of the result is group g; a group without rows gives a row of zeros. It agrees with [`decompose_atkinson`] to 1e-12.
///
/// # Errors
/// [`Error::Empty`] without groups; [`Error::Undefined`] if a stream is of another index or of another `epsilon`, if no row counts or
/// all values are zero, and as [`decompose_atkinson`]; [`Error::Range`].
///
/// # References
/// Blackorby, Donaldson & Auersperg 1981, Canadian J. Economics 14:665-685; Das & Parikh 1982, Economics Letters 10:23-28.
///
/// ```
/// use quyu_econometrics::disparity::{Index, Running, decompose_atkinson, decompose_atkinson_groups};
/// let mut groups = vec![Running::new(Index::Atkinson(0.5))?; 2];
/// groups[0].push(&[1.0, 4.0], None)?;
/// groups[1].push(&[3.0, 8.0], None)?;
/// let direct = decompose_atkinson(&[1.0, 4.0, 3.0, 8.0], None, &[0, 0, 1, 1], 2, 0.5)?;
/// assert!((decompose_atkinson_groups(&groups)?.ede.within - direct.ede.within).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_atkinson_groups(groups: &[Running]) -> Result<AtkinsonDecomposition, Error> {
    let Some(first) = groups.first() else {
        return Err(Error::Empty { argument: "groups" });
    };
    let Index::Atkinson(epsilon) = first.index else {
        return Err(Error::Undefined {
            reason: "the streams are not of Atkinson's index",
        });
    };
    let mut all = Running::new(first.index)?;
    for group in groups {
        all.merge(group)?;
    }
    let total = all.value()?;
    let [weight, income] = held(&all)?;
    let row = |group: &Running| -> Result<AtkinsonGroup, Error> {
        let [own, own_income] = held(group)?;
        Ok(AtkinsonGroup {
            population_share: own / weight,
            income_share: own_income / income,
            index: match own_income > 0.0 {
                true => Some(group.value()?),
                false => None,
            },
        })
    };
    let rows = groups.iter().map(row).collect::<Result<_, _>>()?;
    assemble(rows, total, epsilon)
}

/// Sums of the weights and of the weighted values.
fn held(stream: &Running) -> Result<[f64; 2], Error> {
    let income = stream.whole()?.map_or(0.0, |part| part.weight * part.mean);
    Ok([stream.weight()?, income])
}

/// The three forms, from the shares and indices of the groups.
fn assemble(rows: Vec<AtkinsonGroup>, total: f64, epsilon: f64) -> Result<AtkinsonDecomposition, Error> {
    let between_means = index_of_means(&rows, epsilon)?;
    // 1 - sum v_g ede_g / mu, because the income shares add up to 1.
    let lost_within = quyu_math::sum_by(rows.len(), |g| {
        rows[g].income_share * rows[g].index.unwrap_or(0.0)
    });
    // Shares add up to 1 but for the last digit, so that groups are asked one by one whether anything is left.
    let nothing_left = rows
        .iter()
        .all(|row| row.income_share == 0.0 || row.index == Some(1.0));
    if nothing_left || lost_within >= 1.0 || between_means >= 1.0 {
        return Err(Error::Undefined {
            reason: "nothing is left between groups",
        });
    }
    // A = W + B - W B, solved for the part that is not known.
    let other = |known: f64| (total - known) / (1.0 - known);
    let result = AtkinsonDecomposition {
        total,
        ede: parts(lost_within, other(lost_within)),
        means: parts(other(between_means), between_means),
        das_parikh: das_parikh(&rows, epsilon, total, between_means),
        groups: rows,
    };
    check::in_range("the index", &[total, result.ede.between, result.means.within])?;
    Ok(result)
}

fn parts(within: f64, between: f64) -> AtkinsonParts {
    let (within, between) = (within.max(0.0), between.max(0.0));
    AtkinsonParts {
        within,
        between,
        cross: within * between,
    }
}

fn group_row(sample: &Sample<'_>, members: &[usize], epsilon: f64) -> Result<AtkinsonGroup, Error> {
    let of = |values: &[f64]| -> Vec<f64> { members.iter().map(|i| values[*i]).collect() };
    let x = of(&sample.x);
    let w = sample.w.as_ref().map(|w| of(w));
    if x.is_empty() {
        return Ok(AtkinsonGroup {
            population_share: 0.0,
            income_share: 0.0,
            index: None,
        });
    }
    let group = Sample::new(&x, w.as_deref(), Domain::NonNegative)?;
    // A group is rescaled on its own, so its weight is summed in the unit of the whole.
    let weight = w.as_deref().map_or(x.len() as f64, quyu_math::sum);
    let population_share = weight / sample.weight;
    let relative_mean = group.mean * group.unit / sample.mean;
    let index = if relative_mean > 0.0 {
        Some(of_sample(&group, epsilon)?)
    } else {
        None
    };
    Ok(AtkinsonGroup {
        population_share,
        income_share: population_share * relative_mean,
        index,
    })
}

fn index_of_means(rows: &[AtkinsonGroup], epsilon: f64) -> Result<f64, Error> {
    let filled = || rows.iter().filter(|row| row.population_share > 0.0);
    let means: Vec<f64> = filled()
        .map(|row| row.income_share / row.population_share)
        .collect();
    let shares: Vec<f64> = filled().map(|row| row.population_share).collect();
    of_sample(
        &Sample::relative(&means, Some(&shares), Domain::NonNegative)?,
        epsilon,
    )
}

fn das_parikh(rows: &[AtkinsonGroup], epsilon: f64, total: f64, between: f64) -> Option<AtkinsonResidual> {
    let a = 1.0 - epsilon;
    if a == 0.0 {
        return None;
    }
    let lost = |row: &AtkinsonGroup| match row.index {
        Some(index) if index > 0.0 => {
            row.population_share * pow(row.income_share / row.population_share * index, a)
        }
        _ => 0.0,
    };
    let power = quyu_math::sum_by(rows.len(), |g| lost(&rows[g]));
    let within = if power == 0.0 { 0.0 } else { pow(power, 1.0 / a) };
    within.is_finite().then_some(AtkinsonResidual {
        within,
        between,
        residual: total - within - between,
    })
}
