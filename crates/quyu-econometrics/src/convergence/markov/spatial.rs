//! Spatial Markov chains: transitions given the neighbourhood.

use super::classes::{ClassRule, classify, relative};
use super::counts::Transitions;
use super::homogeneity::{Homogeneity, homogeneity};
use super::states::{States, count_table};
use crate::convergence::check_neighbours;
use crate::{Error, Matrix, check};

/// How neighbourhoods are classified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LagClasses<'a> {
    /// The spatial lag by its own rule, for example as many pooled quantiles of lags as there are classes (giddy).
    Rule(ClassRule<'a>),
    /// The spatial lag by the limits of the values themselves (Rey 2001); not for [`ClassRule::YearlyQuantiles`].
    SameLimits,
    /// The class that the neighbours have most often, counted with their weights; of several the lowest. (giddy draws one at random.)
    MostFrequent,
}

/// Options of [`spatial_markov`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialMarkovOptions<'a> {
    /// Classes of the regions' own values; five quantiles of all periods by default.
    pub rule: ClassRule<'a>,
    /// Classes of their neighbourhoods; five quantiles of all lags by default.
    pub lags: LagClasses<'a>,
    /// Whether values are divided by the mean of their period first (default).
    pub relative: bool,
}

impl Default for SpatialMarkovOptions<'_> {
    fn default() -> Self {
        Self {
            rule: ClassRule::PooledQuantiles(5),
            lags: LagClasses::Rule(ClassRule::PooledQuantiles(5)),
            relative: true,
        }
    }
}

/// Transitions given the class of the neighbourhood at their start.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialMarkov {
    /// Classes of the regions that have neighbours, in the order of the panel.
    pub states: States,
    /// Classes of their neighbourhoods.
    pub lags: States,
    /// Limits of the classes of values.
    pub limits: Vec<Vec<f64>>,
    /// Limits of the classes of neighbourhoods; none where they have the most frequent class.
    pub lag_limits: Vec<Vec<f64>>,
    /// One table for each class of neighbourhood, the lowest first.
    pub conditional: Vec<Transitions>,
    /// All transitions.
    pub pooled: Transitions,
    /// Regions without neighbours, which are in none of the above; their values count in the mean and the limits.
    pub islands: Vec<usize>,
}

impl SpatialMarkov {
    /// The test that the neighbourhood does not matter: [`homogeneity`] of the conditional tables.
    ///
    /// # Errors
    /// As [`homogeneity`].
    pub fn homogeneity(&self) -> Result<Homogeneity, Error> {
        homogeneity(&self.conditional)
    }
}

/// Transitions between classes, given the class of the neighbours.
///
/// `neighbours[i]` are the positions and weights of the neighbours of region i. The lag of a region is Σ w_ij x_j; weights are taken as they
/// are, so give rows that add up to one if the lag is to be a mean. The lag of a transition is that of its first period.
///
/// # Errors
/// As [`classes`](super::classes()); [`Error::Length`], [`Error::Label`], [`Error::NotFinite`] for neighbours; [`Error::TooFew`] for a single period;
/// [`Error::Domain`] for the same limits with yearly quantiles; [`Error::Undefined`] if there are only islands; [`Error::Range`].
///
/// # References
/// Rey 2001, Geographical Analysis 33:195-214.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::markov::*};
/// let income = [1.0, 1.0, 2.0, 2.0, 2.0, 4.0, 4.0, 3.0, 4.0];
/// let line = [vec![(1, 1.0)], vec![(0, 0.5), (2, 0.5)], vec![(1, 1.0)]];
/// let rule = ClassRule::PooledQuantiles(2);
/// let options = SpatialMarkovOptions { rule, lags: LagClasses::Rule(rule), relative: true };
/// let chain = spatial_markov(Matrix::new(&income, 3, 3)?, &line, &options)?;
/// assert_eq!(chain.conditional.len(), 2);
/// assert_eq!(chain.pooled.row_sums().iter().sum::<f64>(), 6.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn spatial_markov(
    panel: Matrix<'_>,
    neighbours: &[Vec<(usize, f64)>],
    options: &SpatialMarkovOptions<'_>,
) -> Result<SpatialMarkov, Error> {
    check::finite("panel", panel.data())?;
    check_neighbours(neighbours, panel.rows())?;
    check::at_least("panel", panel.cols(), 2)?;
    let periods = panel.cols();
    let scaled;
    let cells = match options.relative {
        true => {
            scaled = relative(panel)?;
            scaled.as_slice()
        }
        false => panel.data(),
    };
    let own = classify(cells, periods, options.rule)?;
    let (kept, islands): (Vec<usize>, Vec<usize>) =
        (0..panel.rows()).partition(|i| !neighbours[*i].is_empty());
    if kept.is_empty() {
        return Err(Error::Undefined {
            reason: "no region has neighbours",
        });
    }
    let states = match islands.is_empty() {
        true => own.states.clone(),
        false => States::new(
            kept.iter()
                .flat_map(|i| own.states.row(*i).iter().copied())
                .collect(),
            periods,
            own.states.k(),
        )?,
    };
    let (lags, lag_limits) = match options.lags {
        LagClasses::MostFrequent => (most_frequent(&own.states, neighbours, &kept)?, Vec::new()),
        LagClasses::Rule(rule) => {
            let found = classify(&spatial_lags(cells, periods, neighbours, &kept)?, periods, rule)?;
            (found.states, found.limits)
        }
        LagClasses::SameLimits => {
            check::between(
                "sets of limits",
                own.limits.len() as f64,
                (1.0, 1.0),
                "one for all periods, where lags take the same limits",
            )?;
            let lags = spatial_lags(cells, periods, neighbours, &kept)?;
            let found = classify(&lags, periods, ClassRule::Limits(&own.limits[0]))?;
            (found.states, found.limits)
        }
    };
    Ok(SpatialMarkov {
        conditional: conditional(&states, &lags)?,
        pooled: states.transitions()?,
        limits: own.limits,
        states,
        lags,
        lag_limits,
        islands,
    })
}

/// Σ w_ij x_jt of the regions kept, row-major.
pub(super) fn spatial_lags(
    cells: &[f64],
    periods: usize,
    neighbours: &[Vec<(usize, f64)>],
    kept: &[usize],
) -> Result<Vec<f64>, Error> {
    let mut lags = vec![0.0; kept.len() * periods];
    for (lag, i) in lags.chunks_exact_mut(periods).zip(kept) {
        for (j, weight) in &neighbours[*i] {
            let row = &cells[j * periods..(j + 1) * periods];
            lag.iter_mut().zip(row).for_each(|(lag, x)| *lag += weight * x);
        }
    }
    check::in_range("a spatial lag", &lags)?;
    Ok(lags)
}

/// The class with the largest sum of weights among the neighbours; of several the lowest.
fn most_frequent(states: &States, neighbours: &[Vec<(usize, f64)>], kept: &[usize]) -> Result<States, Error> {
    let (k, periods) = (states.k(), states.periods());
    let mut found = Vec::with_capacity(kept.len() * periods);
    for i in kept {
        for t in 0..periods {
            let mut weight = vec![0.0; k];
            for (j, w) in &neighbours[*i] {
                weight[states.row(*j)[t]] += w;
            }
            let best = (1..k).fold(0, |best, c| if weight[c] > weight[best] { c } else { best });
            found.push(best);
        }
    }
    States::new(found, periods, k)
}

fn conditional(states: &States, lags: &States) -> Result<Vec<Transitions>, Error> {
    let (k, m) = (states.k(), lags.k());
    let mut counts = count_table(m, k)?;
    for i in 0..states.regions() {
        for (pair, lag) in states.row(i).windows(2).zip(lags.row(i)) {
            counts[(lag * k + pair[0]) * k + pair[1]] += 1;
        }
    }
    Ok(counts
        .chunks_exact(k * k)
        .map(|table| Transitions::of_counts(table, k))
        .collect())
}
