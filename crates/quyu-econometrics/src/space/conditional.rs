//! Conditional permutations: the value of a unit stays, its neighbours are drawn from the other units.

use super::sample::Deviations;
use super::shuffle::exchanges;
use super::tails::Tails;
use super::weights::Weights;
use crate::{Error, parallel};
use quyu_math::rng::Stream;
use quyu_math::sqrt;

/// The permutation test of a local statistic for one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalTest {
    /// The statistic of the data.
    pub observed: f64,
    /// Mean of the statistic over the permutations.
    pub mean: f64,
    /// Standard deviation of the statistic over the permutations, ddof 0.
    pub std_dev: f64,
    /// (observed - mean) / std_dev; none if the statistic does not vary.
    pub z: Option<f64>,
    /// P-values: `(1 + count) / (1 + R)` on one side, `min(1, 2 min(greater, less))` on both.
    pub p: Tails,
}

impl LocalTest {
    /// The test of a statistic that is always zero.
    pub(super) fn of_nothing() -> Self {
        Self {
            observed: 0.0,
            mean: 0.0,
            std_dev: 0.0,
            z: None,
            p: Tails {
                greater: 1.0,
                less: 1.0,
                two_sided: 1.0,
            },
        }
    }

    /// The test of the statistic and a constant.
    pub(super) fn plus(self, constant: f64) -> Self {
        Self {
            observed: self.observed + constant,
            mean: self.mean + constant,
            ..self
        }
    }

    /// The test of `factor · lag` where the lag has this test. A negative factor exchanges the sides, a factor of zero leaves a
    /// statistic that is always zero.
    pub(super) fn times(self, factor: f64) -> Self {
        if factor == 0.0 {
            return Self::of_nothing();
        }
        let (greater, less) = match factor > 0.0 {
            true => (self.p.greater, self.p.less),
            false => (self.p.less, self.p.greater),
        };
        Self {
            observed: factor * self.observed,
            mean: factor * self.mean,
            std_dev: factor.abs() * self.std_dev,
            z: self.z.map(|z| if factor > 0.0 { z } else { -z }),
            p: Tails {
                greater,
                less,
                two_sided: self.p.two_sided,
            },
        }
    }
}

/// Permutations that are added up together.
const LANES: usize = 8;

/// Who the neighbours are in each permutation: positions among the other units, in random order and without repeats.
struct Draws {
    /// For eight permutations the first neighbour of each, the second of each, …
    picks: Vec<[u32; LANES]>,
    /// How many neighbours are drawn: as many as the unit with most has.
    depth: usize,
    permutations: usize,
}

impl Draws {
    /// As many as the unit with most neighbours needs.
    fn of(weights: &Weights, permutations: usize, seed: u64) -> Result<Self, Error> {
        if permutations == 0 {
            return Err(Error::Domain {
                option: "permutations",
                value: 0.0,
                domain: "at least 1",
            });
        }
        let depth = weights.degrees().into_iter().max().unwrap_or(0);
        Ok(Self::new(weights.units() - 1, depth, permutations, seed))
    }

    /// Permutation r is drawn from stream r. All units share the draws, as each is looked at alone: to unit i, position p means
    /// unit p below i and unit p + 1 above.
    fn new(others: usize, depth: usize, permutations: usize, seed: u64) -> Self {
        let identity: Vec<u32> = (0..others as u32).collect();
        let block = |order: &mut Vec<u32>, b: usize| {
            let mut picks = vec![[0; LANES]; depth];
            for lane in 0..LANES {
                order.clone_from(&identity);
                let stream = &mut Stream::new(seed, (b * LANES + lane) as u64);
                exchanges(stream, others - 1, others - depth, |i, j| order.swap(i, j));
                for (pick, unit) in picks.iter_mut().zip(order.iter().rev()) {
                    pick[lane] = *unit;
                }
            }
            picks
        };
        let blocks = parallel::map_with(permutations.div_ceil(LANES), 4, Vec::new, block);
        Self {
            picks: blocks.concat(),
            depth,
            permutations,
        }
    }

    /// The lag of a unit in every permutation; `others` are the values of the other units.
    fn lags(&self, values: &[f64], others: &[f64], lags: &mut Vec<[f64; LANES]>) {
        lags.clear();
        for picks in self.picks.chunks_exact(self.depth) {
            let mut sums = [0.0; LANES];
            for (w, pick) in values.iter().zip(picks) {
                for lane in 0..LANES {
                    sums[lane] += w * others[pick[lane] as usize];
                }
            }
            lags.push(sums);
        }
    }
}

/// Tests the spatial lag of the deviations of every unit with neighbours: none for islands.
pub(super) fn test_of_lags(
    weights: &Weights,
    values: &Deviations,
    permutations: usize,
    seed: u64,
) -> Result<Vec<Option<LocalTest>>, Error> {
    let draws = Draws::of(weights, permutations, seed)?;
    let (n, z) = (weights.units(), &values.z);
    let largest = z.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    let observed = weights.lag_of(z);
    let sums = weights.row_sums();
    Ok(by_parts(n, |units| {
        let mut others: Vec<f64> = [&z[..units.start], &z[units.start + 1..]].concat();
        let mut lags = Vec::new();
        let mut tests = Vec::with_capacity(units.len());
        for i in units {
            // The list for unit i holds unit i - 1 where that for i - 1 held unit i.
            if let Some(before) = i.checked_sub(1) {
                others[before] = z[before];
            }
            let (_, row) = weights.row(i);
            tests.push((!row.is_empty()).then(|| {
                draws.lags(row, &others, &mut lags);
                let expected = -sums[i] * z[i] / (n - 1) as f64;
                let slack = 1e-12 * sums[i] * largest;
                summary(observed[i], expected, slack, &lags, draws.permutations)
            }));
        }
        tests
    }))
}

/// Tests the weighted sum of squared gaps to the neighbours of every unit with neighbours: none for islands.
pub(super) fn test_of_gaps(
    weights: &Weights,
    values: &Deviations,
    permutations: usize,
    seed: u64,
) -> Result<Vec<Option<LocalTest>>, Error> {
    let draws = Draws::of(weights, permutations, seed)?;
    let (n, z) = (weights.units(), &values.z);
    let sums = weights.row_sums();
    Ok(by_parts(n, |units| {
        let (mut gaps, mut lags) = (Vec::new(), Vec::new());
        let of = |i: usize| {
            let (places, row) = weights.row(i);
            if row.is_empty() {
                return None;
            }
            let gap = |other: &f64| (z[i] - other) * (z[i] - other);
            gaps.clear();
            gaps.extend(z[..i].iter().chain(&z[i + 1..]).map(gap));
            draws.lags(row, &gaps, &mut lags);
            let observed = row
                .iter()
                .zip(places)
                .map(|(w, j)| w * gap(&z[*j as usize]))
                .sum();
            let expected = sums[i] * (quyu_math::sum(&gaps) / (n - 1) as f64);
            let largest = gaps.iter().fold(0.0f64, |a, b| a.max(*b));
            Some(summary(
                observed,
                expected,
                1e-12 * sums[i] * largest,
                &lags,
                draws.permutations,
            ))
        };
        units.map(of).collect()
    }))
}

/// Units are cut into parts by position alone, and each has its own result.
fn by_parts(
    n: usize,
    part: impl Fn(std::ops::Range<usize>) -> Vec<Option<LocalTest>> + Sync,
) -> Vec<Option<LocalTest>> {
    const PART: usize = 64;
    parallel::map(n.div_ceil(PART), 1, |p| part(p * PART..n.min((p + 1) * PART))).concat()
}

/// Counts and moments; `pivot` is near the mean.
fn summary(observed: f64, pivot: f64, slack: f64, lags: &[[f64; LANES]], permutations: usize) -> LocalTest {
    let (high, low) = (observed - slack, observed + slack);
    let mut greater = [0u64; LANES];
    let mut less = [0u64; LANES];
    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let mut add = |lags: &[f64; LANES], counted: usize| {
        for lane in 0..counted {
            let gap = lags[lane] - pivot;
            greater[lane] += u64::from(lags[lane] >= high);
            less[lane] += u64::from(lags[lane] <= low);
            sums[lane] += gap;
            squares[lane] += gap * gap;
        }
    };
    let whole = permutations / LANES;
    for lags in &lags[..whole] {
        add(lags, LANES);
    }
    if let Some(rest) = lags.get(whole) {
        add(rest, permutations % LANES);
    }
    let number = permutations as f64;
    let shift = sums.iter().sum::<f64>() / number;
    let mean = pivot + shift;
    let spread = squares.iter().sum::<f64>() / number - shift * shift;
    // What is below the rounding of the lags themselves is no spread.
    let std_dev = if spread > slack * slack { sqrt(spread) } else { 0.0 };
    LocalTest {
        observed,
        mean,
        std_dev,
        z: (std_dev > 0.0).then(|| (observed - mean) / std_dev),
        p: Tails::counted(
            greater.iter().sum::<u64>() as usize,
            less.iter().sum::<u64>() as usize,
            permutations,
        ),
    }
}
