//! What a composite index owes to the choices at every step.

use quyu_math::rng::Stream;

use super::composite::{
    Aggregation, CompositeOptions, OutlierRule, Reshape, Scales, WeightRule, aggregated, best_first,
    composite, weigh,
};
use super::normalise::{Direction, Scale};
use super::sensitivity::{RankSensitivity, SobolIndices, sobol_indices};
use crate::{Error, Matrix, parallel};

/// The choices at each step over which [`composite_sensitivity`] and [`composite_sobol`] draw. The first of each
/// list is the nominal one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositeChoices<'a> {
    /// Treatments of outliers. Default: none, and winsorisation.
    pub outliers: &'a [OutlierRule],
    /// Transformations. Default: none.
    pub reshapes: &'a [Reshape],
    /// Scales. Default: min-max to [1, 100], and ranks.
    pub scales: &'a [Scale],
    /// Weights. Default: equal.
    pub weights: &'a [WeightRule<'a>],
    /// Aggregations. Default: arithmetic and geometric mean.
    pub aggregations: &'a [Aggregation],
    /// Each weight is multiplied by a factor drawn uniformly from `1 - spread` to `1 + spread`. Default 0.25.
    pub weight_spread: f64,
    /// Replicates of the Monte Carlo, and draws of weights for the Sobol indices. Default 1,000.
    pub replicates: usize,
    /// Rows of the two samples behind the Sobol indices. Default 512.
    pub samples: usize,
    /// Seed; replicate number b draws from stream b. Default 1.
    pub seed: u64,
    /// Level of the rank intervals. Default 0.95.
    pub confidence: f64,
}

impl Default for CompositeChoices<'_> {
    fn default() -> Self {
        Self {
            outliers: &[
                OutlierRule::Keep,
                OutlierRule::Winsorise(super::OutlierOptions {
                    skewness: 2.0,
                    kurtosis: 3.5,
                    max_points: 5,
                }),
            ],
            reshapes: &[Reshape::None],
            scales: &[
                Scale::MinMax {
                    low: 1.0,
                    high: 100.0,
                },
                Scale::Rank,
            ],
            weights: &[WeightRule::Equal],
            aggregations: &[
                Aggregation::Mean(super::Mean::Arithmetic),
                Aggregation::Mean(super::Mean::Geometric),
            ],
            weight_spread: 0.25,
            replicates: 1000,
            samples: 512,
            seed: 1,
            confidence: 0.95,
        }
    }
}

/// Monte Carlo over every choice of a composite index: each replicate draws one of each list and new weights,
/// and every region gets an interval of ranks.
///
/// The steps are those of [`composite`]. Ends of the interval are the inverse of the empirical distribution of
/// the ranks at `(1 - confidence) / 2` and `(1 + confidence) / 2`. Every combination has to be defined: z-scores
/// have no geometric mean.
///
/// # Errors
/// As [`composite`] for any combination; [`Error::Empty`] for an empty list; [`Error::Domain`] unless 0 <=
/// spread <= 1, 0 < confidence < 1 and there are replicates.
///
/// # Reference
/// Saisana, M., Saltelli, A. & Tarantola, S. (2005), Uncertainty and sensitivity analysis techniques as tools
/// for the quality assessment of composite indicators, Journal of the Royal Statistical Society A 168, 307-323.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{CompositeChoices, Direction, composite_sensitivity}};
/// let table = Matrix::new(&[9.0, 9.0, 6.0, 1.0, 1.0, 6.0, 2.0, 2.0], 4, 2)?;
/// let found = composite_sensitivity(table, &[Direction::Higher; 2], &CompositeChoices::default())?;
/// assert_eq!((found.low[0], found.nominal[0], found.high[0]), (1.0, 1.0, 1.0)); // best whatever one chooses
/// assert!(found.low[1] < found.high[1]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn composite_sensitivity(
    table: Matrix<'_>,
    directions: &[Direction],
    choices: &CompositeChoices<'_>,
) -> Result<RankSensitivity, Error> {
    let grid = Grid::of(table, directions, choices)?;
    let draw = |b: usize| {
        let mut stream = Stream::new(choices.seed, b as u64);
        let mut one_of = |count: usize| stream.below(count as u64) as usize;
        let draw = [
            one_of(choices.outliers.len()),
            one_of(choices.reshapes.len()),
            one_of(choices.scales.len()),
            one_of(choices.weights.len()),
            one_of(choices.aggregations.len()),
        ];
        let factors = grid.factors(&mut stream);
        grid.ranks(draw, Some(&factors))
    };
    let drawn: Vec<Vec<usize>> = parallel::map(choices.replicates, 16, draw)
        .into_iter()
        .collect::<Result<_, _>>()?;
    let mut result = RankSensitivity {
        nominal: grid.ranks([0; 5], None)?.into_iter().map(|r| r as f64).collect(),
        mean: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
    };
    for region in 0..table.rows() {
        let mut own: Vec<usize> = drawn.iter().map(|ranks| ranks[region]).collect();
        own.sort_unstable();
        let at = |p: f64| own[((p * own.len() as f64).ceil() as usize).clamp(1, own.len()) - 1] as f64;
        let sum = quyu_math::sum_by(own.len(), |b| own[b] as f64);
        result.mean.push(sum / own.len() as f64);
        result.low.push(at((1.0 - choices.confidence) / 2.0));
        result.high.push(at((1.0 + choices.confidence) / 2.0));
    }
    Ok(result)
}

/// A step at which there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Treatment of outliers.
    Outliers,
    /// Transformation.
    Reshape,
    /// Scale.
    Scale,
    /// Rule of weights.
    Weights,
    /// Aggregation.
    Aggregation,
    /// The factors by which weights are spread.
    Spread,
}

/// Sobol indices of the choices.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceSobol {
    /// The steps at which something varies, in the order of the indices.
    pub steps: Vec<Step>,
    /// Indices of first and total order of each of these steps.
    pub indices: SobolIndices,
}

/// Which choice moves the ranking most? Sobol indices of first and total order of every step.
///
/// Output: the mean over the regions of the absolute difference between their rank and their nominal rank, or,
/// with `region`, the rank of that one region. Inputs: the choice at each step with more than one (uniform over
/// the list), and the draw of weights as one input (uniform over `replicates` draws), all independent.
///
/// # Errors
/// As [`composite_sensitivity`]; [`Error::Label`] for a region beyond the rows; [`Error::Undefined`] if nothing
/// varies, or the ranking does not depend on any choice.
///
/// # Reference
/// Saisana, Saltelli & Tarantola (2005), as in [`composite_sensitivity`]; estimators as in [`sobol_indices`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{CompositeChoices, Direction, Step, composite_sobol}};
/// let table = Matrix::new(&[9.0, 1.0, 6.0, 5.0, 1.0, 9.0, 2.0, 2.0], 4, 2)?;
/// let found = composite_sobol(table, &[Direction::Higher; 2], &CompositeChoices::default(), None)?;
/// assert_eq!(found.steps, [Step::Outliers, Step::Scale, Step::Aggregation, Step::Spread]);
/// assert!(found.indices.total.iter().all(|t| *t >= 0.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn composite_sobol(
    table: Matrix<'_>,
    directions: &[Direction],
    choices: &CompositeChoices<'_>,
    region: Option<usize>,
) -> Result<ChoiceSobol, Error> {
    let grid = Grid::of(table, directions, choices)?;
    if let Some(found) = region.filter(|r| *r >= table.rows()) {
        return Err(Error::Label {
            argument: "region",
            index: 0,
            found,
            limit: table.rows(),
        });
    }
    let counts = [
        (Step::Outliers, choices.outliers.len()),
        (Step::Reshape, choices.reshapes.len()),
        (Step::Scale, choices.scales.len()),
        (Step::Weights, choices.weights.len()),
        (Step::Aggregation, choices.aggregations.len()),
        (
            Step::Spread,
            if choices.weight_spread > 0.0 {
                choices.replicates
            } else {
                1
            },
        ),
    ];
    let varied: Vec<usize> = (0..counts.len()).filter(|&s| counts[s].1 > 1).collect();
    if varied.is_empty() {
        return Err(Error::Undefined {
            reason: "there is one choice at every step",
        });
    }
    let factors: Vec<Vec<f64>> = (0..choices.replicates as u64)
        .map(|b| grid.factors(&mut Stream::new(choices.seed, b)))
        .collect();
    let nominal = grid.ranks([0; 5], None)?;
    let model = |u: &[f64]| {
        let mut draw = [0; 6];
        for (&step, &u) in varied.iter().zip(u) {
            draw[step] = ((u * counts[step].1 as f64) as usize).min(counts[step].1 - 1);
        }
        let spread = (counts[5].1 > 1).then(|| factors[draw[5]].as_slice());
        let ranks = grid.ranks([draw[0], draw[1], draw[2], draw[3], draw[4]], spread)?;
        Ok(match region {
            Some(region) => ranks[region] as f64,
            None => {
                let moved = ranks.iter().zip(&nominal).map(|(a, b)| a.abs_diff(*b));
                moved.sum::<usize>() as f64 / ranks.len() as f64
            }
        })
    };
    // Another seed than the draws of weights, so that the two do not go together.
    let indices = sobol_indices(varied.len(), choices.samples, choices.seed.wrapping_add(1), model)?;
    Ok(ChoiceSobol {
        steps: varied.iter().map(|&s| counts[s].0).collect(),
        indices,
    })
}

/// Scores and weights of every combination of the steps before aggregation, made once.
struct Grid<'a> {
    scores: Vec<Vec<f64>>,
    weights: Vec<Vec<f64>>,
    choices: &'a CompositeChoices<'a>,
    rows: usize,
    cols: usize,
}

impl<'a> Grid<'a> {
    fn of(
        table: Matrix<'_>,
        directions: &[Direction],
        choices: &'a CompositeChoices<'a>,
    ) -> Result<Self, Error> {
        check_choices(choices)?;
        let mut grid = Self {
            scores: Vec::new(),
            weights: Vec::new(),
            choices,
            rows: table.rows(),
            cols: table.cols(),
        };
        for &outliers in choices.outliers {
            for &reshape in choices.reshapes {
                for &scale in choices.scales {
                    let options = CompositeOptions {
                        outliers,
                        reshape,
                        scales: Scales::One(scale),
                        weights: WeightRule::Equal,
                        aggregation: Aggregation::Mean(super::Mean::Arithmetic),
                    };
                    let scores = composite(table, directions, &options)?.scores;
                    for &rule in choices.weights {
                        grid.weights
                            .push(weigh(Matrix::of(&scores, table.rows(), table.cols()), rule)?);
                    }
                    grid.scores.push(scores);
                }
            }
        }
        Ok(grid)
    }

    fn factors(&self, stream: &mut Stream) -> Vec<f64> {
        let spread = self.choices.weight_spread;
        (0..self.cols)
            .map(|_| 1.0 + spread * (2.0 * stream.unit() - 1.0))
            .collect()
    }

    /// Ranks under one choice of outliers, reshape, scale, weights and aggregation.
    fn ranks(&self, draw: [usize; 5], factors: Option<&[f64]>) -> Result<Vec<usize>, Error> {
        let [outliers, reshape, scale, rule, aggregation] = draw;
        let c = self.choices;
        let at = (outliers * c.reshapes.len() + reshape) * c.scales.len() + scale;
        let nominal = &self.weights[at * c.weights.len() + rule];
        let weights: Vec<f64> = match factors {
            Some(factors) => nominal.iter().zip(factors).map(|(w, f)| w * f).collect(),
            None => nominal.clone(),
        };
        let scores = Matrix::of(&self.scores[at], self.rows, self.cols);
        let index = aggregated(scores, &weights, c.aggregations[aggregation])?;
        Ok(best_first(&index))
    }
}

fn check_choices(choices: &CompositeChoices<'_>) -> Result<(), Error> {
    for (argument, count) in [
        ("outliers", choices.outliers.len()),
        ("reshapes", choices.reshapes.len()),
        ("scales", choices.scales.len()),
        ("weights", choices.weights.len()),
        ("aggregations", choices.aggregations.len()),
    ] {
        if count == 0 {
            return Err(Error::Empty { argument });
        }
    }
    super::sensitivity::check_draws(choices.weight_spread, choices.confidence, choices.replicates)
}
