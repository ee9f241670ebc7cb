//! The Gini index within, between and across groups.

use super::gini::of_sample as gini_of;
use super::rank::{mid_ranks, order};
use super::sample::{Domain, Sample, counted};
use crate::{Error, check};
use quyu_math::{sum_by, sums_by};

/// A group of a Gini decomposition.
#[derive(Debug, Clone, PartialEq)]
pub struct GiniGroup {
    /// Number of units with a weight above zero.
    pub n: usize,
    /// Share of the weight, v_g.
    pub population_share: f64,
    /// Share of the total, s_g.
    pub income_share: f64,
    /// The Gini index inside the group; none if the group is empty or holds nothing but zeros.
    pub index: Option<f64>,
    /// Contribution to the part within groups: v_g s_g times the index (times another weight in [`decompose_gini_yitzhaki`]).
    pub within: f64,
}

/// The units of one group.
struct Members {
    /// Ascending.
    x: Vec<f64>,
    /// Shares of the weight of the group.
    f: Vec<f64>,
    weight: f64,
    /// 0 for no units.
    mean: f64,
}

impl Members {
    fn new(x: Vec<f64>, w: &[f64]) -> Self {
        let weight = quyu_math::sum(w);
        let f: Vec<f64> = w.iter().map(|w| w / weight).collect();
        let mean = match (x.first(), x.last()) {
            (Some(first), Some(last)) if first == last => *first,
            _ => sum_by(x.len(), |i| f[i] * x[i]),
        };
        Self { x, f, weight, mean }
    }

    fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// The mean around a pivot near it, with the digits that a difference of means would lose.
    fn mean_from(&self, pivot: f64) -> f64 {
        sum_by(self.x.len(), |i| self.f[i] * (self.x[i] - pivot))
    }
}

struct Groups {
    members: Vec<Members>,
    weight: f64,
    mean: f64,
}

impl Groups {
    fn of(sample: &Sample<'_>, labels: &[usize], n_groups: usize) -> Self {
        let mut rows = vec![(Vec::new(), Vec::new()); n_groups];
        for i in order(&sample.x) {
            rows[labels[i]].0.push(sample.x[i]);
            rows[labels[i]].1.push(sample.weight_at(i));
        }
        let members = rows.into_iter().map(|(x, w)| Members::new(x, &w)).collect();
        let drift = sample.mean_of(|i| sample.deviation(i));
        Self {
            members,
            weight: sample.weight,
            mean: sample.mean * (1.0 + drift),
        }
    }

    fn population_share(&self, g: usize) -> f64 {
        self.members[g].weight / self.weight
    }

    fn relative_mean(&self, g: usize) -> f64 {
        self.members[g].mean / self.mean
    }

    fn row(&self, g: usize) -> GiniGroup {
        let (v, r) = (self.population_share(g), self.relative_mean(g));
        let members = &self.members[g];
        let distance = mean_distance(members, members);
        GiniGroup {
            n: members.x.len(),
            population_share: v,
            income_share: v * r,
            index: (members.mean > 0.0).then(|| distance / (2.0 * members.mean)),
            within: v * v * distance / (2.0 * self.mean),
        }
    }
}

/// The mean of |x - y| over pairs of one unit from each sorted group, in one merge around the lower of their means.
fn mean_distance(a: &Members, b: &Members) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let pivot = a.mean.min(b.mean);
    let moment = b.mean_from(pivot);
    let (mut below, mut moment_below, mut next) = (0.0, 0.0, 0);
    sum_by(a.x.len(), |i| {
        while next < b.x.len() && b.x[next] < a.x[i] {
            below += b.f[next];
            moment_below += b.f[next] * (b.x[next] - pivot);
            next += 1;
        }
        let (above, moment_above) = (1.0 - below, moment - moment_below);
        a.f[i] * ((a.x[i] - pivot) * (below - above) - (moment_below - moment_above))
    })
    .max(0.0)
}

fn prepare<'a>(
    x: &'a [f64],
    w: Option<&'a [f64]>,
    groups: &[usize],
    n_groups: usize,
) -> Result<(Sample<'a>, Groups), Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    let groups = Groups::of(&sample, &counted(groups, w), n_groups);
    Ok((sample, groups))
}

fn total(sample: &Sample<'_>) -> f64 {
    if sample.is_equal() { 0.0 } else { gini_of(sample) }
}

/// Dagum's decomposition: the Gini index within groups, net between them, and of their overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct DagumDecomposition {
    /// The Gini index over all units.
    pub total: f64,
    /// Within groups, G_w.
    pub within: f64,
    /// Net contribution of the differences between group means, G_nb.
    pub net_between: f64,
    /// Intensity of transvariation, G_t: what lies in pairs whose order is against that of their groups' means.
    pub transvariation: f64,
    /// One row for each label.
    pub groups: Vec<GiniGroup>,
    /// One row for each pair `first < second` of groups that are not empty.
    pub pairs: Vec<DagumPair>,
}

/// Two groups of a [`DagumDecomposition`].
#[derive(Debug, Clone, PartialEq)]
pub struct DagumPair {
    /// Label of one group.
    pub first: usize,
    /// Label of the other group, above `first`.
    pub second: usize,
    /// The Gini index between the two, G_jh = mean |x - y| / (m_j + m_h); 0 if both hold nothing but zeros.
    pub gini: f64,
    /// Relative economic affluence D_jh in [0, 1]: |m_j - m_h| over the mean difference; 0 for equal distributions.
    pub affluence: f64,
    /// The pair's part of `net_between`.
    pub net_between: f64,
    /// The pair's part of `transvariation`.
    pub transvariation: f64,
}

/// Splits the Gini index by groups after Dagum: total = within + net between + transvariation.
///
/// With population shares v and income shares s: G_w = sum_j v_j s_j G_jj; for a pair j, h with the Gini index G_jh between the
/// two and the relative economic affluence D_jh = (d - p) / (d + p), G_nb = sum G_jh (v_j s_h + v_h s_j) D_jh and
/// G_t = sum G_jh (v_j s_h + v_h s_j) (1 - D_jh). Here d is the mean gap of pairs that stand as their groups' means do, p that
/// of the others. Cost: n log n, and n times the number of groups for the pairs.
///
/// Every part is a pure number, in the unit of the index. Zeros count in full, negative values are an error, a unit of weight zero is
/// left out.
///
/// # Errors
/// As [`gini`](super::gini) with its default options; [`Error::Length`] or [`Error::Label`] for the labels.
///
/// # References
/// Dagum 1997, Empirical Economics 22:515-531.
///
/// ```
/// use quyu_econometrics::disparity::decompose_gini_dagum;
/// let split = decompose_gini_dagum(&[1.0, 4.0, 3.0, 6.0], None, &[0, 0, 1, 1], 2)?;
/// assert!((split.within + split.net_between + split.transvariation - split.total).abs() < 1e-15);
/// assert!((split.pairs[0].gini - 2.5 / 7.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_gini_dagum(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
) -> Result<DagumDecomposition, Error> {
    let (sample, groups) = prepare(x, w, groups, n_groups)?;
    let rows: Vec<GiniGroup> = (0..n_groups).map(|g| groups.row(g)).collect();
    let filled: Vec<usize> = (0..n_groups).filter(|g| rows[*g].n > 0).collect();
    let later = |position: usize| filled[position + 1..].iter();
    let pairs: Vec<DagumPair> = filled
        .iter()
        .enumerate()
        .flat_map(|(position, first)| later(position).map(|second| pair(&groups, *first, *second)))
        .collect();
    let result = DagumDecomposition {
        total: total(&sample),
        within: sum_by(n_groups, |g| rows[g].within),
        net_between: sum_by(pairs.len(), |k| pairs[k].net_between),
        transvariation: sum_by(pairs.len(), |k| pairs[k].transvariation),
        groups: rows,
        pairs,
    };
    check::in_range(
        "a part of the index",
        &[
            result.total,
            result.within,
            result.net_between,
            result.transvariation,
        ],
    )?;
    Ok(result)
}

fn pair(groups: &Groups, first: usize, second: usize) -> DagumPair {
    let (a, b) = (&groups.members[first], &groups.members[second]);
    let pivot = a.mean.min(b.mean);
    let distance = mean_distance(a, b);
    // Rounding may leave the gap between the means a last digit above the mean distance.
    let gap = (a.mean_from(pivot) - b.mean_from(pivot)).abs().min(distance);
    // Both orders of a pair of units belong to the pair of groups, so that the 2 of the index drops out.
    let weight = groups.population_share(first) * groups.population_share(second) / groups.mean;
    let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    DagumPair {
        first,
        second,
        gini: ratio(distance, a.mean + b.mean),
        affluence: ratio(gap, distance),
        net_between: weight * gap,
        transvariation: weight * (distance - gap),
    }
}

/// The residual form: the Gini index within and between groups, and the overlap that is left.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualDecomposition {
    /// The Gini index over all units.
    pub total: f64,
    /// Within groups: sum v_g s_g G_g.
    pub within: f64,
    /// The Gini index of the group means with weights v_g.
    pub between: f64,
    /// What is left: 0 where the groups do not overlap. It equals Dagum's transvariation.
    pub overlap: f64,
    /// One row for each label.
    pub groups: Vec<GiniGroup>,
}

/// Splits the Gini index by groups in its residual form: total = within + between + overlap.
///
/// within = sum v_g s_g G_g, between = the Gini index where every unit has the mean of its group, overlap = the rest,
/// which is zero exactly if the ranges of the groups do not overlap.
///
/// Units, zeros and weights as in [`decompose_gini_dagum`].
///
/// # Errors
/// As [`decompose_gini_dagum`].
///
/// # References
/// Bhattacharya & Mahalanobis 1967, JASA 62:143-161; Pyatt 1976, Economic Journal 86:243-255; Lambert & Aronson 1993,
/// Economic Journal 103:1221-1227.
///
/// ```
/// use quyu_econometrics::disparity::decompose_gini_residual;
/// let apart = decompose_gini_residual(&[1.0, 2.0, 5.0, 9.0], None, &[0, 0, 1, 1], 2)?;
/// assert!(apart.overlap.abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_gini_residual(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
) -> Result<ResidualDecomposition, Error> {
    let (sample, groups) = prepare(x, w, groups, n_groups)?;
    let rows: Vec<GiniGroup> = (0..n_groups).map(|g| groups.row(g)).collect();
    let total = total(&sample);
    let within = sum_by(n_groups, |g| rows[g].within);
    let between = of_means(&groups);
    check::in_range("a part of the index", &[total, within, between])?;
    Ok(ResidualDecomposition {
        total,
        within,
        between,
        overlap: total - within - between,
        groups: rows,
    })
}

/// The Gini index of the group means: one unit a group.
fn of_means(groups: &Groups) -> f64 {
    let mut means: Vec<(f64, f64)> = groups
        .members
        .iter()
        .filter(|m| !m.is_empty())
        .map(|m| (m.mean, m.weight))
        .collect();
    means.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (x, w): (Vec<f64>, Vec<f64>) = means.into_iter().unzip();
    let one = Members::new(x, &w);
    mean_distance(&one, &one) / (2.0 * groups.mean)
}

/// Yitzhaki's decomposition: the Gini index within groups, between their mean ranks, and of their stratification.
#[derive(Debug, Clone, PartialEq)]
pub struct YitzhakiDecomposition {
    /// The Gini index over all units.
    pub total: f64,
    /// Within groups: sum s_g G_g, weighted by income shares alone.
    pub within: f64,
    /// Between groups: the covariance of group means and of mean ranks. May be negative.
    pub between: f64,
    /// Impact of stratification: sum s_g G_g Q_g (v_g - 1). Negative where groups form strata.
    pub stratification: f64,
    /// One row for each label; `within` is s_g G_g.
    pub groups: Vec<GiniGroup>,
    /// Index of stratification Q_g of each group, from -1 / (1 - v_g) ... to 1 (the group is a stratum of its own); 0 for a
    /// group of one unit or of equal units.
    pub strata: Vec<f64>,
}

/// Splits the Gini index by groups after Yitzhaki and Lerman: total = within + between + stratification.
///
/// With mid-ranks F of all units and F_g inside group g: within = sum s_g G_g; between = (2 / mu) sum v_g (m_g - mu)
/// (Fbar_g - 1/2); Q_g = [1 - cov_g(x, F) / cov_g(x, F_g)] / (1 - v_g); stratification = sum s_g G_g Q_g (v_g - 1).
///
/// Units, zeros and weights as in [`decompose_gini_dagum`]; ties have mid-ranks.
///
/// # Errors
/// As [`decompose_gini_dagum`].
///
/// # References
/// Yitzhaki & Lerman 1991, Review of Income and Wealth 37:313-329.
///
/// ```
/// use quyu_econometrics::disparity::decompose_gini_yitzhaki;
/// let x = [4.0, 7.0, 1.0, 9.0, 12.0, 3.0, 5.0];
/// let w = [1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 2.5];
/// let split = decompose_gini_yitzhaki(&x, Some(&w), &[0, 0, 0, 1, 1, 1, 2], 3)?;
/// assert!((split.between - 0.0906240757172434).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_gini_yitzhaki(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
) -> Result<YitzhakiDecomposition, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    let labels = counted(groups, w);
    let ranks = mid_ranks(&sample.x, sample.w.as_deref());
    let drift = sample.mean_of(|i| sample.deviation(i));
    let mut members = vec![Vec::new(); n_groups];
    for (i, label) in labels.iter().enumerate() {
        members[*label].push(i);
    }
    let parts: Vec<Stratum> = members
        .iter()
        .map(|m| stratum(&sample, &ranks, m, drift))
        .collect();
    let result = YitzhakiDecomposition {
        total: total(&sample),
        within: sum_by(n_groups, |g| parts[g].row.within),
        between: sum_by(n_groups, |g| parts[g].between),
        stratification: sum_by(n_groups, |g| parts[g].stratification),
        strata: parts.iter().map(|part| part.q).collect(),
        groups: parts.into_iter().map(|part| part.row).collect(),
    };
    check::in_range(
        "a part of the index",
        &[result.total, result.within, result.between, result.stratification],
    )?;
    Ok(result)
}

struct Stratum {
    row: GiniGroup,
    q: f64,
    between: f64,
    stratification: f64,
}

fn stratum(sample: &Sample<'_>, ranks: &[f64], members: &[usize], drift: f64) -> Stratum {
    if members.is_empty() {
        let row = GiniGroup {
            n: 0,
            population_share: 0.0,
            income_share: 0.0,
            index: None,
            within: 0.0,
        };
        return Stratum {
            row,
            q: 0.0,
            between: 0.0,
            stratification: 0.0,
        };
    }
    let x: Vec<f64> = members.iter().map(|i| sample.x[*i]).collect();
    let w: Vec<f64> = members.iter().map(|i| sample.weight_at(*i)).collect();
    let own = mid_ranks(&x, Some(&w));
    let [weight, total, deviation, rank] = sums_by(x.len(), |k| {
        let i = members[k];
        [w[k], w[k] * x[k], w[k] * sample.deviation(i), w[k] * ranks[i]]
    });
    let (mean, deviation, mean_rank) = (total / weight, deviation / weight, rank / weight);
    let [among_all, among_own] = sums_by(x.len(), |k| {
        let centred = w[k] / weight * (x[k] - mean);
        [
            centred * (ranks[members[k]] - mean_rank),
            centred * (own[k] - 0.5),
        ]
    });
    let v = weight / sample.weight;
    let relative_mean = mean / sample.mean / (1.0 + drift);
    let spread = x.iter().any(|value| *value != x[0]) && among_own > 0.0;
    // The Gini index of the group is 2 cov(x, F_g) / m_g.
    let index = if spread { 2.0 * among_own / mean } else { 0.0 };
    let within = v * relative_mean * index;
    let foreign = if spread { 1.0 - among_all / among_own } else { 0.0 };
    let row = GiniGroup {
        n: x.len(),
        population_share: v,
        income_share: v * relative_mean,
        index: (mean > 0.0).then_some(index),
        within,
    };
    Stratum {
        row,
        q: if v < 1.0 { foreign / (1.0 - v) } else { 0.0 },
        between: 2.0 * v * (deviation - drift) / (1.0 + drift) * (mean_rank - 0.5),
        // Q_g (v_g - 1) is minus what is foreign; the form has no 0 / 0 for one group.
        stratification: -within * foreign,
    }
}

/// What each unit has of the Gini index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndividualGini {
    /// The Gini index: the sum of `g`.
    pub total: f64,
    /// g_i = sum_j f_i f_j |x_i - x_j| / (2 mu), in input order; 0 for a unit of weight zero.
    pub g: Vec<f64>,
    /// The part of `g` over units of the same group.
    pub within: Vec<f64>,
    /// The part of `g` over units of other groups.
    pub between: Vec<f64>,
}

/// Splits the Gini index over units, and each unit's part into pairs within its group and with other groups.
///
/// g_i = sum_j f_i f_j |x_i - x_j| / (2 mu) = within_i + between_i, and sum g_i is the index.
///
/// Units, zeros and weights as in [`decompose_gini_dagum`]. Cost: n log n.
///
/// # Errors
/// As [`decompose_gini_dagum`].
///
/// # References
/// Liao 2022, Sociological Methods & Research 51:984-1018.
///
/// ```
/// use quyu_econometrics::disparity::individual_gini;
/// let parts = individual_gini(&[1.0, 2.0, 6.0], None, &[0, 0, 1], 2)?;
/// assert!((parts.g.iter().sum::<f64>() - parts.total).abs() < 1e-15);
/// assert_eq!(parts.within[2], 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn individual_gini(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
) -> Result<IndividualGini, Error> {
    let sample = Sample::relative(x, w, Domain::NonNegative)?;
    check::labels("groups", groups, x.len(), n_groups)?;
    let labels = counted(groups, w);
    let drift = sample.mean_of(|i| sample.deviation(i));
    let scale = 2.0 * sample.weight * sample.weight * (1.0 + drift);
    let all: Vec<usize> = (0..sample.len()).collect();
    let g = gaps(&sample, &all);
    let mut within = vec![0.0; sample.len()];
    let mut members = vec![Vec::new(); n_groups];
    for (i, label) in labels.iter().enumerate() {
        members[*label].push(i);
    }
    for group in &members {
        for (i, gap) in group.iter().zip(gaps(&sample, group)) {
            within[*i] = gap;
        }
    }
    let counts = |i: &usize| w.is_none_or(|w| w[*i] > 0.0);
    let mut result = IndividualGini {
        total: total(&sample),
        g: vec![0.0; x.len()],
        within: vec![0.0; x.len()],
        between: vec![0.0; x.len()],
    };
    for (k, i) in (0..x.len()).filter(counts).enumerate() {
        result.g[i] = g[k] / scale;
        result.within[i] = within[k].min(g[k]) / scale;
        result.between[i] = result.g[i] - result.within[i];
    }
    check::in_range("a part of the index", &result.g)?;
    Ok(result)
}

/// For each member w_i sum_j w_j |z_i - z_j| over the members.
fn gaps(sample: &Sample<'_>, members: &[usize]) -> Vec<f64> {
    let z: Vec<f64> = members.iter().map(|i| sample.deviation(*i)).collect();
    let w: Vec<f64> = members.iter().map(|i| sample.weight_at(*i)).collect();
    let order = order(&z);
    let [weight, moment] = sums_by(z.len(), |k| [w[k], w[k] * z[k]]);
    let (mut below, mut moment_below) = (0.0, 0.0);
    let mut gaps = vec![0.0; z.len()];
    for k in order {
        below += w[k];
        moment_below += w[k] * z[k];
        let gap = z[k] * (2.0 * below - weight) - (2.0 * moment_below - moment);
        gaps[k] = w[k] * gap.max(0.0);
    }
    gaps
}

/// The Gini index by neighbours and by the rest of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialGini {
    /// The Gini index, unweighted.
    pub total: f64,
    /// The part in pairs of neighbours.
    pub neighbours: f64,
    /// The part in pairs that are no neighbours.
    pub others: f64,
    /// `others` / `total`; none if the index is zero.
    pub share_of_others: Option<f64>,
}

/// Splits the Gini index into pairs of neighbours and other pairs: total = neighbours + others.
///
/// G = sum_ij |x_i - x_j| / (2 n^2 mu), each ordered pair counted where `edges` names it or not. `edges` are pairs of
/// positions of neighbours; a pair named once (in one direction) counts in that direction, so give both directions for a
/// symmetric map; a pair named twice counts once, and a unit is no neighbour of itself.
///
/// Test the split with a permutation of x: [`crate::inference::permutation_test`].
///
/// Every part is a pure number, in the unit of the index, which is unweighted. Zeros count in full, negative values are an error.
///
/// # Errors
/// As [`gini`](super::gini) with its default options; [`Error::Label`] for a position that is out of range.
///
/// # References
/// Rey & Smith 2013, Letters in Spatial and Resource Sciences 6:55-70.
///
/// ```
/// use quyu_econometrics::disparity::spatial_gini;
/// let split = spatial_gini(&[1.0, 2.0, 6.0], &[(0, 1), (1, 0)])?;
/// assert!((split.neighbours - 2.0 / (2.0 * 9.0 * 3.0)).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial_gini(x: &[f64], edges: &[(usize, usize)]) -> Result<SpatialGini, Error> {
    let sample = Sample::relative(x, None, Domain::NonNegative)?;
    let n = x.len();
    for (index, (i, j)) in edges.iter().enumerate() {
        if let Some(found) = [*i, *j].into_iter().find(|label| *label >= n) {
            return Err(Error::Label {
                argument: "edges",
                index,
                found,
                limit: n,
            });
        }
    }
    let mut pairs = edges.to_vec();
    pairs.sort_unstable();
    pairs.dedup();
    let drift = sample.mean_of(|i| sample.deviation(i));
    let gap = |k: usize| (sample.deviation(pairs[k].0) - sample.deviation(pairs[k].1)).abs();
    let total = total(&sample);
    let neighbours = sum_by(pairs.len(), gap) / (2.0 * (n as f64) * (n as f64) * (1.0 + drift));
    let others = (total - neighbours).max(0.0);
    check::in_range("a part of the index", &[total, neighbours])?;
    Ok(SpatialGini {
        total,
        neighbours,
        others,
        share_of_others: (total > 0.0).then(|| others / total),
    })
}
