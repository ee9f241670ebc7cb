//! The Gini index of values that stand in several places: sorted where they stand, without a copy of them.

use std::sync::{Mutex, PoisonError};

use super::gini::{GiniOptions, gini};
use super::rank::weight_before;
use super::sample::Seen;
use crate::sort::{self, Scratch};
use crate::{Error, check, parallel};
use quyu_math::lanes::{Path, chunk_dot};
use quyu_math::{sum, sums_by, trees};

/// Values of a population and their weights, which stand in one place of several.
#[derive(Debug)]
pub struct Part<'a> {
    /// Values.
    pub x: &'a mut [f64],
    /// As many weights; all parts have weights or none has.
    pub w: Option<&'a mut [f64]>,
}

/// Below this many values a copy costs nothing.
const FEW: usize = if cfg!(test) { 1 << 8 } else { 1 << 14 };
/// Values that are sorted together: they fit the cache of a core.
const RUN: usize = if cfg!(test) { 1 << 9 } else { 1 << 17 };
/// Of each run every 4,096th value is a border between stretches of values.
const STEP: usize = if cfg!(test) { 1 << 5 } else { 1 << 12 };

/// The Gini index of many values, as [`gini`] without options defines it, in little more memory than they take.
///
/// Each part is left sorted by value in runs, and its weights with it: the pairs stay pairs. Where [`gini`] holds a sorted copy of
/// its input, this holds a few million bytes for each thread. The result differs from that of [`gini`] by rounding alone and is the same for any
/// number of threads; it depends on where the parts are cut by rounding.
///
/// # Errors
/// As [`gini`]; positions count through the parts.
///
/// ```
/// use quyu_econometrics::disparity::{Part, gini_of_parts};
/// let (mut x, mut more) = ([35.0, 10.0, 50.0], [20.0, 20.0]);
/// let (mut w, mut with) = ([0.5, 5.0, 2.0], [1.0, 3.0]);
/// let g = gini_of_parts(&mut [
///     Part { x: &mut x, w: Some(&mut w) },
///     Part { x: &mut more, w: Some(&mut with) },
/// ])?;
/// assert!((g - 0.332894158981115).abs() < 1e-14);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn gini_of_parts(parts: &mut [Part<'_>]) -> Result<f64, Error> {
    let Some(whole) = Whole::of(parts) else {
        let (x, w) = copied(parts)?;
        return gini(&x, w.as_deref(), &GiniOptions::default());
    };
    let runs = sorted_runs(parts);
    let borders = borders(&runs);
    let cuts = parallel::map(runs.len(), 4, |i| cuts(runs[i].x, &borders));
    // What lies below each border and above the one before, then what lies on it; at last what lies above all.
    let stretches = parallel::map_with(borders.len() + 1, 16, Scratch::default, |scratch, i| {
        let pieces = |from: usize| {
            let pairs = runs.iter().zip(&cuts);
            pairs.map(move |(run, cuts)| run.cut(cuts[from], cuts[from + 1]))
        };
        let between = between(pieces(2 * i), &whole, scratch);
        let on = |border: &f64| on(pieces(2 * i + 1), *border, &whole);
        [between, borders.get(i).map_or([0.0; 3], on)]
    });
    let stretches: Vec<[f64; 3]> = stretches.into_iter().flatten().collect();
    let weights: Vec<f64> = stretches.iter().map(|[weight, ..]| *weight).collect();
    let terms: Vec<f64> = stretches
        .iter()
        .zip(weight_before(&weights))
        .map(|([_, centred, ranked], below)| (2.0 * below / whole.weight - 1.0) * centred + ranked)
        .collect();
    let drift: Vec<f64> = stretches.iter().map(|[_, centred, _]| *centred).collect();
    let index = sum(&terms) / (whole.weight * whole.mean + sum(&drift));
    check::result("the Gini index", index.max(0.0))
}

/// What is known of all parts before the values are sorted.
struct Whole {
    weight: f64,
    mean: f64,
}

impl Whole {
    /// `None` for few values and for all that needs a closer look: what is refused, what is all one, and sizes near the limits of
    /// a double.
    fn of(parts: &[Part<'_>]) -> Option<Self> {
        let count: usize = parts.iter().map(|part| part.x.len()).sum();
        let weighted = parts.first().is_some_and(|part| part.w.is_some());
        let fits = |part: &Part<'_>| {
            part.w
                .as_ref()
                .map_or(!weighted, |w| weighted && w.len() == part.x.len())
        };
        if count < FEW || !parts.iter().all(fits) {
            return None;
        }
        let plain = |seen: &Seen| seen.finite && seen.min >= 0.0 && seen.max > 0.0 && seen.needs_no_change();
        let x = Seen::of_parts(parts.iter().map(|part| &*part.x));
        if !plain(&x) || x.min == x.max {
            return None;
        }
        let Some(w) = weighted.then(|| Seen::of_parts(parts.iter().filter_map(|part| part.w.as_deref())))
        else {
            return Some(Self {
                weight: count as f64,
                mean: x.sum / count as f64,
            });
        };
        // A unit of weight zero takes part in nothing, but it may be the one that differs.
        if !plain(&w) || (w.min == 0.0 && all_one(parts)) {
            return None;
        }
        let mean = weighted_total(parts) / w.sum;
        // Products may be too small for a double although their factors are not.
        (mean >= f64::MIN_POSITIVE).then_some(Self { weight: w.sum, mean })
    }
}

/// Whether all values that have a weight are the same.
fn all_one(parts: &[Part<'_>]) -> bool {
    let pairs = parts
        .iter()
        .filter_map(|part| Some((&*part.x, part.w.as_deref()?)));
    let mut counted = pairs
        .flat_map(|(x, w)| x.iter().zip(w))
        .filter(|(_, w)| **w > 0.0)
        .map(|(x, _)| *x);
    let first = counted.next();
    counted.all(|x| Some(x) == first)
}

/// sum w x.
fn weighted_total(parts: &[Part<'_>]) -> f64 {
    let path = Path::best();
    let leaves: Vec<[f64; 1]> = parts
        .iter()
        .filter_map(|part| Some((&*part.x, part.w.as_deref()?)))
        .flat_map(|(x, w)| parallel::chunks(x.len(), |range| [chunk_dot(path, &w[range.clone()], &x[range])]))
        .collect();
    let [total] = trees(&leaves);
    total
}

/// All parts in one piece.
fn copied(parts: &[Part<'_>]) -> Result<(Vec<f64>, Option<Vec<f64>>), Error> {
    let x: Vec<f64> = parts.iter().flat_map(|part| part.x.iter().copied()).collect();
    let w: Vec<f64> = parts
        .iter()
        .flat_map(|part| part.w.iter().flat_map(|w| w.iter().copied()))
        .collect();
    check::not_empty("x", &x)?;
    let weighted = parts.iter().any(|part| part.w.is_some());
    for part in parts.iter().filter(|_| weighted) {
        check::length("w", part.w.as_ref().map_or(0, |w| w.len()), part.x.len())?;
    }
    Ok((x, weighted.then_some(w)))
}

/// Values in ascending order, and their weights.
struct Run<'a> {
    x: &'a [f64],
    w: Option<&'a [f64]>,
}

impl<'a> Run<'a> {
    fn cut(&self, start: usize, end: usize) -> Self {
        Run {
            x: &self.x[start..end],
            w: self.w.map(|w| &w[start..end]),
        }
    }

    fn weight(&self) -> f64 {
        self.w.map_or(self.x.len() as f64, sum)
    }
}

/// Cuts the parts into runs and sorts each.
fn sorted_runs<'a>(parts: &'a mut [Part<'_>]) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    for part in parts {
        let xs = part.x.chunks_mut(RUN);
        match part.w.as_deref_mut() {
            Some(w) => runs.extend(xs.zip(w.chunks_mut(RUN)).map(|(x, w)| Mutex::new((x, Some(w))))),
            None => runs.extend(xs.map(|x| Mutex::new((x, None)))),
        }
    }
    parallel::map_with(runs.len(), 4, Scratch::default, |scratch, i| {
        let mut run = runs[i].lock().unwrap_or_else(PoisonError::into_inner);
        let (x, w) = &mut *run;
        sort::in_place(x, w.as_deref_mut(), scratch);
    });
    runs.into_iter()
        .map(|run| run.into_inner().unwrap_or_else(PoisonError::into_inner))
        .map(|(x, w)| Run { x, w: w.map(|w| &*w) })
        .collect()
}

/// Values that cut the whole into stretches of a few thousand values, ascending, each of them once.
fn borders(runs: &[Run<'_>]) -> Vec<f64> {
    let mut borders: Vec<f64> = runs
        .iter()
        .flat_map(|run| run.x.iter().skip(STEP / 2).step_by(STEP).copied())
        .collect();
    borders.sort_unstable_by(f64::total_cmp);
    borders.dedup();
    borders
}

/// Where ascending values are cut: at their beginning, before and after the values that are on each border, and at their end.
fn cuts(x: &[f64], borders: &[f64]) -> Vec<usize> {
    let mut cuts = Vec::with_capacity(2 * borders.len() + 2);
    let mut at = 0;
    cuts.push(at);
    for border in borders {
        at += ahead(&x[at..], |v| v < *border);
        cuts.push(at);
        at += ahead(&x[at..], |v| v <= *border);
        cuts.push(at);
    }
    cuts.push(x.len());
    cuts
}

/// The number of values at the beginning that are `before`: looked for near the beginning first, where it mostly is.
fn ahead(x: &[f64], before: impl Fn(f64) -> bool) -> usize {
    let mut step = 1;
    while step < x.len() && before(x[step - 1]) {
        step *= 2;
    }
    x[..step.min(x.len())].partition_point(|v| before(*v))
}

/// Of a stretch: sum w, sum w (x - mean), and sum w (x - mean) (2 b + w) / W, where b is the weight before in the stretch.
fn between<'a>(stretch: impl Iterator<Item = Run<'a>>, whole: &Whole, scratch: &mut Scratch) -> [f64; 3] {
    let pairs = sort::gathered(stretch.map(|run| (run.x, run.w)), scratch);
    let mut below = 0.0;
    sums_by(pairs.len(), |i| {
        let (value, weight) = sort::pair(pairs[i]);
        let centred = weight * (value - whole.mean);
        let rank = (2.0 * below + weight) / whole.weight;
        below += weight;
        [weight, centred, centred * rank]
    })
}

/// The same of values that are all one: the sum over w (2 b + w) is the square of their weight, in whatever order they stand.
fn on<'a>(runs: impl Iterator<Item = Run<'a>>, border: f64, whole: &Whole) -> [f64; 3] {
    let weights: Vec<f64> = runs.map(|run| run.weight()).collect();
    let weight = sum(&weights);
    let centred = weight * (border - whole.mean);
    [weight, centred, centred * (weight / whole.weight)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use quyu_math::rng::Stream;

    /// Spread values, ties, many zeros, one spot with outliers, all one.
    fn shapes(n: usize) -> Vec<Vec<f64>> {
        let mut s = Stream::new(7, 0);
        let mut of = |f: &dyn Fn(&mut Stream) -> f64| (0..n).map(|_| f(&mut s)).collect::<Vec<_>>();
        vec![
            of(&|s| quyu_math::exp(10.0 * s.unit())),
            of(&|s| (s.unit() * 5.0).floor()),
            of(&|s| {
                if s.below(3) == 0 {
                    s.unit() - 0.5 + 0.5
                } else {
                    -0.0
                }
            }),
            of(&|s| {
                if s.below(1000) == 0 {
                    1e6
                } else {
                    1.0 + s.unit() * 1e-3
                }
            }),
            of(&|_| 7.0),
        ]
    }

    fn cut<'a>(x: &'a mut [f64], w: Option<&'a mut [f64]>, size: usize) -> Vec<Part<'a>> {
        match w {
            Some(w) => x
                .chunks_mut(size)
                .zip(w.chunks_mut(size))
                .map(|(x, w)| Part { x, w: Some(w) })
                .collect(),
            None => x.chunks_mut(size).map(|x| Part { x, w: None }).collect(),
        }
    }

    #[test]
    fn like_gini_wherever_the_parts_are_cut() {
        for n in [1, FEW - 1, FEW, 5_000] {
            for (shape, x) in shapes(n).into_iter().enumerate() {
                let mut s = Stream::new(8, 0);
                // Some units count for nothing.
                let w: Vec<f64> = (0..n).map(|_| f64::from(s.below(20) as u32)).collect();
                for weights in [None, Some(w)] {
                    let expected = gini(&x, weights.as_deref(), &GiniOptions::default());
                    for size in [1, 100, RUN, n] {
                        let (mut x, mut w) = (x.clone(), weights.clone());
                        let found = gini_of_parts(&mut cut(&mut x, w.as_deref_mut(), size));
                        match (&expected, &found) {
                            (Ok(e), Ok(f)) => assert!((e - f).abs() < 1e-14, "{shape} {n} {size}: {e} {f}"),
                            _ => assert_eq!(expected, found, "{shape} {n} {size}"),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn weights_stay_with_their_values() {
        let mut x: Vec<f64> = (0..4_000).map(|i| f64::from(i * 7_919 % 1_009)).collect();
        let mut w: Vec<f64> = x.iter().map(|v| v + 1.0).collect();
        gini_of_parts(&mut cut(&mut x, Some(&mut w), 1_500)).unwrap();
        assert!(x.iter().zip(&w).all(|(x, w)| x + 1.0 == *w));
        assert!(x[..RUN].is_sorted() && !x[..1_500].is_sorted());
    }

    #[test]
    fn what_gini_refuses_is_refused_with_its_position() {
        let refused = |change: &dyn Fn(&mut Vec<f64>, &mut Vec<f64>)| {
            let (mut x, mut w) = (vec![2.0; 2_000], vec![1.0; 2_000]);
            x[0] = 1.0;
            change(&mut x, &mut w);
            let expected = gini(&x, Some(&w), &GiniOptions::default()).unwrap_err();
            assert_eq!(gini_of_parts(&mut cut(&mut x, Some(&mut w), 300)), Err(expected));
        };
        refused(&|x, _| x[1_500] = -1.0);
        refused(&|x, _| x[1_500] = f64::NAN);
        refused(&|_, w| w[1_500] = -1.0);
        refused(&|_, w| w[1_500] = f64::INFINITY);
        refused(&|_, w| w.fill(0.0));
        refused(&|x, _| x.fill(0.0));
    }

    #[test]
    fn only_some_parts_with_weights_are_refused() {
        let (mut x, mut more, mut w) = ([1.0, 2.0], [3.0], [1.0, 1.0]);
        let parts = &mut [
            Part {
                x: &mut x,
                w: Some(&mut w),
            },
            Part {
                x: &mut more,
                w: None,
            },
        ];
        assert!(matches!(gini_of_parts(parts), Err(Error::Length { .. })));
        assert_eq!(gini_of_parts(&mut []), Err(Error::Empty { argument: "x" }));
    }

    #[test]
    fn extreme_sizes_change_nothing() {
        let x: Vec<f64> = (1..3_000).map(|i| f64::from(i * 31 % 2_003)).collect();
        let expected = gini(&x, None, &GiniOptions::default()).unwrap();
        for unit in [1e-300, 1.0, 1e300] {
            let mut x: Vec<f64> = x.iter().map(|v| v * unit).collect();
            let found = gini_of_parts(&mut cut(&mut x, None, 700)).unwrap();
            assert!((expected - found).abs() < 1e-14, "{unit}");
        }
    }
}
