//! Entropy indices over two nested partitions, and over two crossed ones.

use super::decompose::split;
use super::entropy::Kernel;
use super::sample::counted;
use super::{GeDecomposition, RunningGroup, decompose_ge_groups, theil};
use crate::{Error, check};

/// A generalised entropy index split over regions and the provinces inside them.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedDecomposition {
    /// The index over all units.
    pub total: f64,
    /// Between regions.
    pub between_regions: f64,
    /// Between the provinces of each region, summed over regions.
    pub between_provinces: f64,
    /// Within provinces.
    pub within_provinces: f64,
    /// What each region adds to `between_provinces`, by label.
    pub between_provinces_by_region: Vec<f64>,
    /// What each region adds to `within_provinces`, by label.
    pub within_provinces_by_region: Vec<f64>,
    /// The split over regions alone: its rows have shares and indices of the regions.
    pub regions: GeDecomposition,
    /// The split over provinces alone. A province is one label inside one region: rows are in order of first appearance of the
    /// pair, see `province_labels`.
    pub provinces: GeDecomposition,
    /// For each row of `provinces`, its region and its label.
    pub province_labels: Vec<(usize, usize)>,
}

/// Splits a generalised entropy index over region > province > unit: three parts that add up to the total.
///
/// For Theil's T (`alpha` = 1) the inner parts are weighted by income shares, T = T_between regions + sum_r s_r T_between
/// provinces of r + sum_rp s_rp T_rp; for the mean log deviation (`alpha` = 0) by population shares. A province is
/// identified by its region and its label together, so that labels may repeat between regions.
///
/// For any other `alpha` = a the weights of a region or province with shares v and s are v^(1-a) s^a. Every part is a pure number;
/// zeros and weights as in [`decompose_ge`](super::decompose_ge).
///
/// # Errors
/// As [`decompose_ge`](super::decompose_ge).
///
/// # References
/// Akita 2003, Annals of Regional Science 37(1):55-77; Cowell 2011.
///
/// ```
/// use quyu_econometrics::disparity::decompose_nested;
/// let y = [1.0, 3.0, 2.0, 6.0, 8.0, 4.0];
/// let region = [0, 0, 0, 1, 1, 1];
/// let province = [0, 0, 1, 0, 1, 1];
/// let split = decompose_nested(&y, None, &region, 2, &province, 2, 1.0)?;
/// let sum = split.between_regions + split.between_provinces + split.within_provinces;
/// assert!((split.total - sum).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_nested(
    x: &[f64],
    w: Option<&[f64]>,
    regions: &[usize],
    n_regions: usize,
    provinces: &[usize],
    n_provinces: usize,
    alpha: f64,
) -> Result<NestedDecomposition, Error> {
    let kernel = Kernel::new(alpha)?;
    let sample = theil::sample_for(x, w, kernel)?;
    check::labels("regions", regions, x.len(), n_regions)?;
    check::labels("provinces", provinces, x.len(), n_provinces)?;
    let regions = counted(regions, w);
    let (pairs, province_labels) = pair_labels(&regions, &counted(provinces, w));
    let outer = split(&sample, &regions, n_regions, kernel).finite()?;
    let inner = split(&sample, &pairs, province_labels.len(), kernel).finite()?;
    Ok(assemble(outer, inner, province_labels, kernel))
}

/// [`decompose_nested`] from rows that arrive in parts: `provinces` holds the rows of each, `labels` its region and its own label.
///
/// The rows of the result are in the order given. It agrees with [`decompose_nested`] to 1e-12.
///
/// # Errors
/// As [`decompose_ge_groups`]; [`Error::Length`] and [`Error::Label`] for the labels.
///
/// # References
/// Akita 2003, Annals of Regional Science 37(1):55-77; Cowell 2011.
///
/// ```
/// use quyu_econometrics::disparity::{RunningGroup, decompose_nested_groups};
/// let mut provinces = vec![RunningGroup::new(1.0)?; 3];
/// for (province, x) in provinces.iter_mut().zip([[1.0, 3.0], [2.0, 6.0], [8.0, 4.0]]) {
///     province.push(&x, None)?;
/// }
/// let split = decompose_nested_groups(&provinces, &[(0, 0), (0, 1), (1, 0)], 2)?;
/// let sum = split.between_regions + split.between_provinces + split.within_provinces;
/// assert!((split.total - sum).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_nested_groups(
    provinces: &[RunningGroup],
    labels: &[(usize, usize)],
    n_regions: usize,
) -> Result<NestedDecomposition, Error> {
    check::length("labels", labels.len(), provinces.len())?;
    let inner = decompose_ge_groups(provinces)?;
    let outer = decompose_ge_groups(&margin(provinces, labels.iter().map(|l| l.0), n_regions)?)?;
    Ok(assemble(outer, inner, labels.to_vec(), provinces[0].kernel()))
}

/// Cells merged into the groups of one label.
fn margin(
    cells: &[RunningGroup],
    labels: impl Iterator<Item = usize>,
    n: usize,
) -> Result<Vec<RunningGroup>, Error> {
    let labels: Vec<usize> = labels.collect();
    check::labels("labels", &labels, cells.len(), n)?;
    let Some(first) = cells.first() else {
        return Err(Error::Empty { argument: "groups" });
    };
    let mut groups = vec![RunningGroup::new(first.kernel().alpha())?; n];
    for (cell, label) in cells.iter().zip(labels) {
        groups[label].merge(cell)?;
    }
    Ok(groups)
}

/// The split over both partitions, from the splits over each.
fn assemble(
    outer: GeDecomposition,
    inner: GeDecomposition,
    province_labels: Vec<(usize, usize)>,
    kernel: Kernel,
) -> NestedDecomposition {
    let n_regions = outer.groups.len();
    let mut within = vec![0.0; n_regions];
    for (province, (region, _)) in inner.groups.iter().zip(&province_labels) {
        within[*region] += province.within;
    }
    // Inside region r the provinces have their own mean, so the part between them is computed there and then weighted.
    let means = split_means(&outer, &inner, &province_labels, n_regions, kernel);
    NestedDecomposition {
        total: outer.total,
        between_regions: outer.between,
        between_provinces: quyu_math::sum(&means),
        within_provinces: quyu_math::sum(&within),
        between_provinces_by_region: means,
        within_provinces_by_region: within,
        regions: outer,
        provinces: inner,
        province_labels,
    }
}

/// For each region, the index of the means of its provinces, weighted as the region's own index is in the total.
fn split_means(
    outer: &GeDecomposition,
    inner: &GeDecomposition,
    labels: &[(usize, usize)],
    n_regions: usize,
    kernel: Kernel,
) -> Vec<f64> {
    let mut between = vec![(0.0, 0.0); n_regions];
    for (province, (region, _)) in inner.groups.iter().zip(labels) {
        let mean = outer.groups[*region].relative_mean;
        let d = (province.relative_mean - mean) / mean;
        let share = province.population_share / outer.groups[*region].population_share;
        if mean > 0.0 {
            between[*region].0 += share * kernel.at(province.relative_mean / mean, d);
            between[*region].1 += share * d;
        }
    }
    // A region without units or with nothing but zeros has no index, and adds nothing.
    let weighted = |(row, (mean_of_t, drift)): (&super::GeGroup, (f64, f64))| match row.index {
        None => 0.0,
        Some(_) => {
            row.population_share * kernel.weight_of_group(row.relative_mean) * kernel.index(mean_of_t, drift)
        }
    };
    outer.groups.iter().zip(between).map(weighted).collect()
}

/// One label for each pair that occurs, in order of first appearance.
fn pair_labels(outer: &[usize], inner: &[usize]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut seen = std::collections::BTreeMap::new();
    let mut pairs = Vec::new();
    let labels = outer.iter().zip(inner).map(|(o, i)| {
        *seen.entry((*o, *i)).or_insert_with(|| {
            pairs.push((*o, *i));
            pairs.len() - 1
        })
    });
    (labels.collect(), pairs)
}

/// A generalised entropy index split over two partitions that cross, such as regions and sectors.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoWayDecomposition {
    /// The index over all units.
    pub total: f64,
    /// Between the groups of the first partition.
    pub between_first: f64,
    /// Between the groups of the second partition.
    pub between_second: f64,
    /// What the cells have between them beyond the two margins; may be negative.
    pub interaction: f64,
    /// Within the cells.
    pub within_cells: f64,
}

/// Splits a generalised entropy index in two dimensions: total = first + second + interaction + within cells.
///
/// A cell is a pair of labels. Between cells = between the first groups + between the second groups + interaction, each by
/// [`decompose_ge`](super::decompose_ge).
///
/// With B the index of group means, interaction = B(cells) - B(first) - B(second). Every part is a pure number; zeros and weights as in
/// [`decompose_ge`](super::decompose_ge).
///
/// # Errors
/// As [`decompose_ge`](super::decompose_ge).
///
/// # References
/// Akita & Miyata 2013, The bi-dimensional decomposition of regional inequality, Papers in Regional Science 92:S219-S237.
///
/// ```
/// use quyu_econometrics::disparity::decompose_two_way;
/// let y = [1.0, 2.0, 4.0, 8.0];
/// let split = decompose_two_way(&y, None, &[0, 0, 1, 1], 2, &[0, 1, 0, 1], 2, 1.0)?;
/// assert!(split.within_cells.abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_two_way(
    x: &[f64],
    w: Option<&[f64]>,
    first: &[usize],
    n_first: usize,
    second: &[usize],
    n_second: usize,
    alpha: f64,
) -> Result<TwoWayDecomposition, Error> {
    let kernel = Kernel::new(alpha)?;
    let sample = theil::sample_for(x, w, kernel)?;
    check::labels("first", first, x.len(), n_first)?;
    check::labels("second", second, x.len(), n_second)?;
    let (first, second) = (counted(first, w), counted(second, w));
    let (cells, pairs) = pair_labels(&first, &second);
    let by_cell = split(&sample, &cells, pairs.len(), kernel).finite()?;
    let between_first = split(&sample, &first, n_first, kernel).finite()?.between;
    let between_second = split(&sample, &second, n_second, kernel).finite()?.between;
    Ok(two_way(&by_cell, between_first, between_second))
}

/// [`decompose_two_way`] from rows that arrive in parts: `cells` holds the rows of each pair of labels. It agrees to 1e-12.
///
/// # Errors
/// As [`decompose_ge_groups`]; [`Error::Length`] and [`Error::Label`] for the labels.
///
/// # References
/// Akita & Miyata 2013, Papers in Regional Science 92:S219-S237.
///
/// ```
/// use quyu_econometrics::disparity::{RunningGroup, decompose_two_way_groups};
/// let mut cells = vec![RunningGroup::new(1.0)?; 2];
/// cells[0].push(&[1.0, 3.0], None)?;
/// cells[1].push(&[6.0], None)?;
/// let split = decompose_two_way_groups(&cells, &[(0, 0), (1, 0)], 2, 1)?;
/// assert_eq!(split.between_second, 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn decompose_two_way_groups(
    cells: &[RunningGroup],
    labels: &[(usize, usize)],
    n_first: usize,
    n_second: usize,
) -> Result<TwoWayDecomposition, Error> {
    check::length("labels", labels.len(), cells.len())?;
    let first = margin(cells, labels.iter().map(|l| l.0), n_first)?;
    let second = margin(cells, labels.iter().map(|l| l.1), n_second)?;
    Ok(two_way(
        &decompose_ge_groups(cells)?,
        decompose_ge_groups(&first)?.between,
        decompose_ge_groups(&second)?.between,
    ))
}

fn two_way(cells: &GeDecomposition, between_first: f64, between_second: f64) -> TwoWayDecomposition {
    TwoWayDecomposition {
        total: cells.total,
        between_first,
        between_second,
        interaction: cells.between - between_first - between_second,
        within_cells: cells.within,
    }
}
