//! The difference of an index between two years or two sets of regions.

use super::bootstrap::{Bootstrap, BootstrapOptions, bootstrap, collect};
use super::permutation::{PermutationOptions, PermutationTest};
use crate::disparity::Index;
use crate::{Error, check, parallel};
use quyu_math::rng::Stream;

/// Values and weights of one year or one set.
#[derive(Debug, Clone, Copy)]
pub struct Sampled<'a> {
    /// Values.
    pub x: &'a [f64],
    /// Weights; none where every region counts once.
    pub w: Option<&'a [f64]>,
}

impl Sampled<'_> {
    fn index(&self, index: Index) -> Result<f64, Error> {
        index.of(self.x, self.w)
    }

    fn pick(&self, rows: &[usize], index: Index) -> Result<f64, Error> {
        let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<_>>();
        index.of(&pick(self.x), self.w.map(pick).as_deref())
    }
}

/// The bootstrap of `index(second) - index(first)`.
///
/// `paired` means the same regions in the same order: a region is drawn once for both years, so that what the years have in
/// common cancels. Otherwise the two sets are resampled apart, the first from even streams of the seed and the second from
/// odd ones.
///
/// # Errors
/// As [`bootstrap`] and as the index; [`Error::Length`] if paired sets differ in length.
///
/// # References
/// Biewen 2002, J. Econometrics 108:317-342; Davison & Hinkley 1997, Bootstrap Methods and their Application, ch. 3 (two samples).
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::{bootstrap_difference, BootstrapOptions, Sampled};
/// let (before, after) = ([1.0, 2.0, 6.0, 3.0], [2.0, 3.0, 7.0, 4.0]);
/// let (a, b) = (Sampled { x: &before, w: None }, Sampled { x: &after, w: None });
/// let result = bootstrap_difference(a, b, true, Index::TheilT, &BootstrapOptions::default())?;
/// assert!(result.estimate < 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bootstrap_difference(
    first: Sampled<'_>,
    second: Sampled<'_>,
    paired: bool,
    index: Index,
    options: &BootstrapOptions,
) -> Result<Bootstrap, Error> {
    let estimate = second.index(index)? - first.index(index)?;
    if paired {
        check::length("second", second.x.len(), first.x.len())?;
        let difference = |rows: &[usize]| Ok(second.pick(rows, index)? - first.pick(rows, index)?);
        return bootstrap(first.x.len(), None, difference, options);
    }
    if options.replicates == 0 {
        return Err(Error::Domain {
            option: "replicates",
            value: 0.0,
            domain: "at least 1",
        });
    }
    let resample = |set: Sampled<'_>, stream: u64| {
        let mut stream = Stream::new(options.seed, stream);
        let rows: Vec<usize> = set.x.iter().map(|_| stream.index(set.x.len())).collect();
        set.pick(&rows, index)
    };
    let replicate = |i: usize| Ok(resample(second, 2 * i as u64 + 1)? - resample(first, 2 * i as u64)?);
    collect(
        estimate,
        parallel::map(options.replicates, parallel::REPLICATES, replicate),
    )
}

/// The result of [`difference_test`]: the observed value is `index(second) - index(first)`.
pub type DifferenceTest = PermutationTest;

/// Tests whether an index differs between two years or two sets by exchanging regions between them.
///
/// Paired: each region swaps its two years or not, at random; all 2^n patterns where they are few
/// ([`PermutationOptions::exact_up_to`]), in binary order with the first region as the lowest digit. Not paired: all regions are put together and
/// divided anew into sets of the two sizes, at random. An index has no unit, but an absolute difference of the levels would count as a
/// difference here: divide each set by its mean first, which this function does.
///
/// # Errors
/// As the index; [`Error::Length`] if paired sets differ in length, or if only one of the two has weights;
/// [`Error::Domain`] for no permutations.
///
/// # References
/// Fisher 1935; Pitman 1937, Supplement to the JRSS 4:119-130; North, Curtis & Sham 2002, Am. J. Human Genetics 71:439-441 (one added to
/// both counts).
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::{difference_test, PermutationOptions, Sampled};
/// let (before, after) = ([1.0, 2.0, 6.0, 3.0], [2.0, 3.0, 7.0, 4.0]);
/// let (a, b) = (Sampled { x: &before, w: None }, Sampled { x: &after, w: None });
/// let test = difference_test(a, b, true, Index::TheilT, &PermutationOptions::default())?;
/// assert!(test.exact && test.values.len() == 16);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn difference_test(
    first: Sampled<'_>,
    second: Sampled<'_>,
    paired: bool,
    index: Index,
    options: &PermutationOptions,
) -> Result<DifferenceTest, Error> {
    first.index(index)?;
    second.index(index)?;
    if first.w.is_some() != second.w.is_some() {
        return Err(Error::Length {
            argument: "w",
            found: 0,
            expected: first.x.len(),
        });
    }
    let units = [first, second].map(relative);
    let n = units[0].len();
    let difference = |a: &[(f64, f64)], b: &[(f64, f64)]| -> Result<f64, Error> {
        let of = |units: &[(f64, f64)]| {
            let (x, w): (Vec<f64>, Vec<f64>) = units.iter().copied().unzip();
            index.of(&x, first.w.map(|_| w.as_slice()))
        };
        Ok(of(b)? - of(a)?)
    };
    let observed = difference(&units[0], &units[1])?;
    if paired {
        check::length("second", second.x.len(), n)?;
        return paired_test(observed, &units, difference, options);
    }
    let pool: Vec<(f64, f64)> = units.concat();
    let divide = |i: usize| {
        let mut pool = pool.clone();
        Stream::new(options.seed, i as u64).shuffle(&mut pool);
        difference(&pool[..n], &pool[n..])
    };
    PermutationTest::new(observed, random(divide, options)?, false, options.alternative)
}

/// Values relative to the mean of their set, with weights.
fn relative(set: Sampled<'_>) -> Vec<(f64, f64)> {
    let weight = |i: usize| set.w.map_or(1.0, |w| w[i]);
    let [total, moment] = quyu_math::sums_by(set.x.len(), |i| [weight(i), weight(i) * set.x[i]]);
    (0..set.x.len())
        .map(|i| (set.x[i] / (moment / total), weight(i)))
        .collect()
}

fn paired_test(
    observed: f64,
    units: &[Vec<(f64, f64)>; 2],
    difference: impl Fn(&[(f64, f64)], &[(f64, f64)]) -> Result<f64, Error> + Sync,
    options: &PermutationOptions,
) -> Result<PermutationTest, Error> {
    let n = units[0].len();
    let swapped = |swap: &dyn Fn(usize) -> bool| {
        let side = |first: bool| {
            (0..n)
                .map(|i| units[usize::from(swap(i) == first)][i])
                .collect::<Vec<_>>()
        };
        difference(&side(true), &side(false))
    };
    if n < 53 && 1usize << n <= options.exact_up_to {
        let values = (0usize..1 << n)
            .map(|pattern| swapped(&|i| pattern >> i & 1 == 1))
            .collect::<Result<_, _>>()?;
        return PermutationTest::new(observed, values, true, options.alternative);
    }
    let draw = |i: usize| {
        let mut stream = Stream::new(options.seed, i as u64);
        let swaps: Vec<bool> = (0..n).map(|_| stream.below(2) == 1).collect();
        swapped(&|i| swaps[i])
    };
    PermutationTest::new(observed, random(draw, options)?, false, options.alternative)
}

fn random(
    draw: impl Fn(usize) -> Result<f64, Error> + Sync,
    options: &PermutationOptions,
) -> Result<Vec<f64>, Error> {
    if options.permutations == 0 {
        return Err(Error::Domain {
            option: "permutations",
            value: 0.0,
            domain: "at least 1",
        });
    }
    parallel::map(options.permutations, parallel::REPLICATES, draw)
        .into_iter()
        .collect()
}
