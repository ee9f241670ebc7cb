//! Permutation tests.

use super::spread;
use crate::disparity::decompose_ge;
use crate::{Error, check, parallel};
use quyu_math::rng::Stream;

/// Which permutations count as extreme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alternative {
    /// Both ends: twice the smaller of the two one-sided p-values, at most 1.
    #[default]
    TwoSided,
    /// As large as observed, or larger: for shares between groups and other statistics that can only be large by structure.
    Greater,
    /// As small as observed, or smaller.
    Less,
}

/// Options of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermutationOptions {
    /// Number of random permutations; 9,999 by default.
    pub permutations: usize,
    /// Seed of the streams; 1 by default.
    pub seed: u64,
    /// Which end counts; both by default.
    pub alternative: Alternative,
    /// If there are no more distinct arrangements than this, all are enumerated and the test is exact; 10,000 by default,
    /// 0 never to enumerate.
    pub exact_up_to: usize,
}

impl Default for PermutationOptions {
    fn default() -> Self {
        Self {
            permutations: 9_999,
            seed: 1,
            alternative: Alternative::TwoSided,
            exact_up_to: 10_000,
        }
    }
}

/// The result of a permutation test.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationTest {
    /// The statistic of the data.
    pub observed: f64,
    /// The p-value of the alternative that was asked for.
    pub p_value: f64,
    /// The alternative.
    pub alternative: Alternative,
    /// One-sided p-value of large values.
    pub greater: f64,
    /// One-sided p-value of small values.
    pub less: f64,
    /// min(1, 2 min(greater, less)).
    pub two_sided: f64,
    /// Whether every arrangement was enumerated. Then p = count / number, the observed one among them; otherwise
    /// p = (1 + count) / (1 + number).
    pub exact: bool,
    /// Mean of the statistic over the permutations.
    pub mean: f64,
    /// Standard deviation of the statistic over the permutations, ddof 0.
    pub std_dev: f64,
    /// (observed - mean) / std_dev; none if the statistic does not vary.
    pub z: Option<f64>,
    /// The statistic of each permutation, in order: lexicographic if exact, by stream if random.
    pub values: Vec<f64>,
}

/// A permutation that differs from the observed one by rounding alone counts as equal to it: by this part of the largest
/// statistic.
const SAME: f64 = 1e-12;

impl PermutationTest {
    pub(crate) fn new(
        observed: f64,
        values: Vec<f64>,
        exact: bool,
        alternative: Alternative,
    ) -> Result<Self, Error> {
        check::in_range("the statistic of a permutation", &values)?;
        let slack = SAME
            * values
                .iter()
                .fold(observed.abs(), |largest, v| largest.max(v.abs()));
        let count = |extreme: &dyn Fn(f64) -> bool| values.iter().filter(|v| extreme(**v)).count() as f64;
        let own = if exact { 0.0 } else { 1.0 };
        let number = values.len() as f64;
        let p = |count: f64| (own + count) / (own + number);
        let greater = p(count(&|v| v >= observed - slack));
        let less = p(count(&|v| v <= observed + slack));
        let two_sided = (2.0 * greater.min(less)).min(1.0);
        let mean = spread::mean(&values);
        let std_dev = spread::root_square(&values, mean, number);
        check::in_range("the spread of the permutations", &[mean, std_dev])?;
        let p_value = match alternative {
            Alternative::TwoSided => two_sided,
            Alternative::Greater => greater,
            Alternative::Less => less,
        };
        let z = Some((observed - mean) / std_dev).filter(|z| z.is_finite());
        Ok(Self {
            observed,
            p_value,
            alternative,
            greater,
            less,
            two_sided,
            exact,
            mean,
            std_dev,
            z,
            values,
        })
    }
}

/// Tests whether labels matter: permutes them over the units and compares a statistic.
///
/// `statistic` gets the labels of all units in a new order; what it computes from values and weights stays with the units.
/// Arrangements that differ only by swapping equal labels are one. Exact where there are few ([`PermutationOptions::exact_up_to`]),
/// in lexicographic order; otherwise permutation i is drawn from stream i of the seed.
///
/// # Errors
/// [`Error::Empty`] for no units; [`Error::Domain`] for no permutations; every error of `statistic`.
///
/// # References
/// Fisher 1935; North, Curtis & Sham 2002, Am. J. Human Genetics 71:439-441 (one added to both counts).
///
/// ```
/// use quyu_econometrics::inference::{permutation_test, PermutationOptions};
/// let x = [1.0, 2.0, 8.0, 9.0];
/// let difference = |labels: &[usize]| {
///     Ok(x.iter().zip(labels).map(|(x, l)| if *l == 0 { -x } else { *x }).sum::<f64>())
/// };
/// let test = permutation_test(&[0, 0, 1, 1], difference, &PermutationOptions::default())?;
/// assert_eq!((test.exact, test.values.len(), test.greater), (true, 6, 1.0 / 6.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn permutation_test(
    labels: &[usize],
    statistic: impl Fn(&[usize]) -> Result<f64, Error> + Sync,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    if labels.is_empty() {
        return Err(Error::Empty { argument: "labels" });
    }
    let observed = statistic(labels)?;
    if arrangements(labels).is_some_and(|number| number <= options.exact_up_to) {
        let values = every_arrangement(labels)
            .iter()
            .map(|l| statistic(l))
            .collect::<Result<_, _>>()?;
        return PermutationTest::new(observed, values, true, options.alternative);
    }
    let values = random(labels, statistic, options)?;
    PermutationTest::new(observed, values, false, options.alternative)
}

/// Tests whether the places of values matter: permutes the values over the units and compares a statistic.
///
/// For statistics of neighbours, such as Moran's I. As [`permutation_test`], and exact where n! is small.
///
/// # Errors
/// As [`permutation_test`].
///
/// # References
/// Cliff & Ord 1981, Spatial Processes, ch. 2 (values at random over places); as [`permutation_test`].
///
/// ```
/// use quyu_econometrics::inference::{permutation_test_of_values, PermutationOptions};
/// let chain = |x: &[f64]| Ok(x.windows(2).map(|p| p[0] * p[1]).sum::<f64>());
/// let test = permutation_test_of_values(&[-2.0, -1.0, 1.0, 2.0], chain, &PermutationOptions::default())?;
/// assert!(test.exact && test.values.len() == 24);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn permutation_test_of_values(
    x: &[f64],
    statistic: impl Fn(&[f64]) -> Result<f64, Error> + Sync,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    check::not_empty("x", x)?;
    let observed = statistic(x)?;
    let places: Vec<usize> = (0..x.len()).collect();
    if arrangements(&places).is_some_and(|number| number <= options.exact_up_to) {
        let pick = |order: &Vec<usize>| order.iter().map(|i| x[*i]).collect::<Vec<_>>();
        let values = every_arrangement(&places)
            .iter()
            .map(|o| statistic(&pick(o)))
            .collect::<Result<_, _>>()?;
        return PermutationTest::new(observed, values, true, options.alternative);
    }
    let values = random(x, statistic, options)?;
    PermutationTest::new(observed, values, false, options.alternative)
}

/// Tests whether a partition explains more of an entropy index than chance: the part between groups under random labels.
///
/// The statistic is `between` of [`decompose_ge`] (Theil's T for `alpha` = 1). Since it can only be large by structure, ask for
/// [`Alternative::Greater`].
///
/// # Errors
/// As [`decompose_ge`] and [`permutation_test`].
///
/// # References
/// Rey & Sastré-Gutiérrez 2010, Spatial Economic Analysis 5:277-298.
///
/// ```
/// use quyu_econometrics::inference::{between_test, Alternative, PermutationOptions};
/// let options = PermutationOptions { alternative: Alternative::Greater, ..Default::default() };
/// let x = [2.0, 3.0, 5.0, 8.0, 13.0, 21.0];
/// let test = between_test(&x, None, &[0, 0, 1, 0, 1, 1], 2, 1.0, &options)?;
/// assert_eq!((test.exact, test.p_value), (true, 0.2));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn between_test(
    x: &[f64],
    w: Option<&[f64]>,
    groups: &[usize],
    n_groups: usize,
    alpha: f64,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let observed = decompose_ge(x, w, groups, n_groups, alpha)?.between;
    let between = crate::disparity::BetweenGroups::new(x, w, n_groups, alpha)?;
    // Units of weight zero have a label, but nothing depends on it.
    let labels: Vec<usize> = crate::disparity::counted(groups, w).into_owned();
    let mut test = permutation_test(&labels, |labels| Ok(between.of(labels)), options)?;
    test.observed = observed;
    Ok(test)
}

fn random<T: Copy + Send + Sync>(
    units: &[T],
    statistic: impl Fn(&[T]) -> Result<f64, Error> + Sync,
    options: &PermutationOptions,
) -> Result<Vec<f64>, Error> {
    if options.permutations == 0 {
        return Err(Error::Domain {
            option: "permutations",
            value: 0.0,
            domain: "at least 1",
        });
    }
    let shuffled = |buffer: &mut Vec<T>, i: usize| {
        buffer.clear();
        buffer.extend_from_slice(units);
        Stream::new(options.seed, i as u64).shuffle(buffer);
        statistic(buffer)
    };
    parallel::map_with(options.permutations, parallel::REPLICATES, Vec::new, shuffled)
        .into_iter()
        .collect()
}

/// Number of distinct arrangements: n! over the factorials of the numbers of equal labels. None above 2^53.
fn arrangements(labels: &[usize]) -> Option<usize> {
    let mut sorted = labels.to_vec();
    sorted.sort_unstable();
    let mut number = 1.0f64;
    let mut placed = 0.0;
    for run in sorted.chunk_by(|a, b| a == b) {
        // Times the binomial coefficient of what is placed so far, whole after each step.
        for k in 1..=run.len() {
            placed += 1.0;
            number = (number * placed / k as f64).round();
            if number > 9e15 {
                return None;
            }
        }
    }
    Some(number as usize)
}

/// All distinct arrangements in lexicographic order.
fn every_arrangement(labels: &[usize]) -> Vec<Vec<usize>> {
    let mut current = labels.to_vec();
    current.sort_unstable();
    let mut all = Vec::new();
    loop {
        all.push(current.clone());
        let Some(i) = (1..current.len()).rev().find(|i| current[i - 1] < current[*i]) else {
            return all;
        };
        let pivot = i - 1;
        let Some(j) = (i..current.len()).rev().find(|j| current[*j] > current[pivot]) else {
            return all;
        };
        current.swap(pivot, j);
        current[i..].reverse();
    }
}
