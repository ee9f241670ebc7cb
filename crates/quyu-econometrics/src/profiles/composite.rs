//! A composite index as a whole: outliers, transformation, scale, weights, aggregation.

use super::aggregate::{
    CouplingForm, Mean, MpiOptions, aggregate, copeland, coupling_coordination, grey_relational,
    mazziotta_pareto, shares, topsis,
};
use super::doubt::benefit_of_doubt;
use super::moments::{MomentType, all_equal, skewness};
use super::normalise::{Direction, Scale, normalise, ranks};
use super::outliers::{OutlierOptions, box_cox, box_cox_lambda, treat, winsorise};
use super::weights::{critic_weights, entropy_weights, pca_weights};
use crate::{Error, Matrix, check};

/// What is done to extreme values before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum OutlierRule {
    /// Nothing.
    #[default]
    Keep,
    /// [`winsorise`].
    Winsorise(OutlierOptions),
    /// [`treat`]: winsorise, or the logarithm where that does not suffice.
    WinsoriseOrLog(OutlierOptions),
}

/// What is done to the shape of an indicator's distribution after the outliers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Reshape {
    /// Nothing.
    #[default]
    None,
    /// The natural logarithm of an indicator whose skewness (type 2) exceeds this.
    LogSkewed(f64),
    /// The natural logarithm of every indicator.
    Log,
    /// The square root of every indicator.
    SquareRoot,
    /// Box-Cox with the λ that makes each indicator most like a normal sample ([`box_cox_lambda`]).
    BoxCox,
}

/// The scale of each indicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scales<'a> {
    /// One for all.
    One(Scale),
    /// One a column, such as the distance to each indicator's own target.
    Each(&'a [Scale]),
}

/// Where the weights of the indicators come from. They are computed on the scores and divided by their sum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum WeightRule<'a> {
    /// All alike.
    #[default]
    Equal,
    /// These, one a column.
    Given(&'a [f64]),
    /// [`pca_weights`].
    Components,
    /// [`entropy_weights`].
    Entropy,
    /// [`critic_weights`].
    Critic,
}

/// How the scores become one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aggregation {
    /// A weighted mean ([`aggregate`]).
    Mean(Mean),
    /// [`mazziotta_pareto`] with the options' defaults; all indicators weigh alike.
    MazziottaPareto,
    /// [`copeland`].
    Copeland,
    /// [`topsis`].
    Topsis,
    /// [`grey_relational`] with this ρ, usually 0.5.
    GreyRelational(f64),
    /// The coordination degree of [`coupling_coordination`], each indicator a subsystem; scores in (0, 1].
    Coupling(CouplingForm),
    /// [`benefit_of_doubt`]: each region has weights of its own.
    BenefitOfDoubt,
}

impl Aggregation {
    /// Whether the weights of the indicators go in.
    ///
    /// # Example
    /// ```
    /// use quyu_econometrics::profiles::Aggregation;
    /// assert!(Aggregation::Topsis.uses_weights());
    /// assert!(!Aggregation::BenefitOfDoubt.uses_weights());
    /// ```
    pub fn uses_weights(self) -> bool {
        !matches!(self, Self::MazziottaPareto | Self::BenefitOfDoubt)
    }
}

/// The steps of [`composite`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositeOptions<'a> {
    /// Treatment of outliers. Default: none.
    pub outliers: OutlierRule,
    /// Transformation. Default: none.
    pub reshape: Reshape,
    /// Scale. Default: min-max to [1, 100], on which every mean is defined. A reference or target is in the
    /// unit that the indicator has after the transformation.
    pub scales: Scales<'a>,
    /// Weights. Default: equal.
    pub weights: WeightRule<'a>,
    /// Aggregation. Default: the arithmetic mean.
    pub aggregation: Aggregation,
}

impl Default for CompositeOptions<'_> {
    fn default() -> Self {
        Self {
            outliers: OutlierRule::Keep,
            reshape: Reshape::None,
            scales: Scales::One(Scale::MinMax {
                low: 1.0,
                high: 100.0,
            }),
            weights: WeightRule::Equal,
            aggregation: Aggregation::Mean(Mean::Arithmetic),
        }
    }
}

/// A composite index with what led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// The index of each region, in the unit of the aggregation.
    pub index: Vec<f64>,
    /// Rank of each region, 1 for the largest index; equal indices share the smaller rank.
    pub ranks: Vec<usize>,
    /// Scores of the indicators, row-major: regions by indicators; more is better in all.
    pub scores: Vec<f64>,
    /// Weight of each indicator; they sum to 1.
    pub weights: Vec<f64>,
    /// How many values of each indicator the treatment of outliers changed by winsorisation.
    pub winsorised: Vec<usize>,
    /// Which indicators are in logarithms, by the treatment of outliers or by the transformation.
    pub logged: Vec<bool>,
}

/// A composite index from a table of indicators: treat outliers, transform, put on one scale, weigh, aggregate.
///
/// `table` is regions by indicators in their own units, `directions` one a column. Each step is that of the
/// function named at its option, column by column; an indicator of which less is better is turned round by the
/// scale.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Length`], and those of the functions that the options name: a logarithm or a
/// Box-Cox transformation of a value that is not positive ([`Error::Negative`], [`Error::Zero`]), an indicator
/// whose values are all equal ([`Error::Zero`]), scores that an aggregation has no meaning for, such as
/// z-scores in a geometric mean ([`Error::Negative`]). The index of an error about `values` is the row.
///
/// # Reference
/// OECD & JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide. Becker, W. et
/// al. (2022), COINr, Journal of Open Source Software 7(78), 4567.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{CompositeOptions, Direction, composite}};
/// let table = [1.0, 9.0, 2.0, 8.0, 3.0, 5.0]; // the less the better in the second column
/// let table = Matrix::new(&table, 3, 2)?;
/// let found = composite(table, &[Direction::Higher, Direction::Lower], &CompositeOptions::default())?;
/// assert_eq!(found.index, [1.0, (50.5 + 25.75) / 2.0, 100.0]);
/// assert_eq!(found.ranks, [3, 2, 1]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn composite(
    table: Matrix<'_>,
    directions: &[Direction],
    options: &CompositeOptions<'_>,
) -> Result<Composite, Error> {
    check::finite("table", table.data())?;
    check::length("directions", directions.len(), table.cols())?;
    if let Scales::Each(scales) = options.scales {
        check::length("scales", scales.len(), table.cols())?;
    }
    let (rows, cols) = (table.rows(), table.cols());
    let mut scores = vec![0.0; rows * cols];
    let (mut winsorised, mut logged) = (vec![0; cols], vec![false; cols]);
    for (j, &direction) in directions.iter().enumerate() {
        let treated = treated(table.col(j), options.outliers)?;
        let (column, reshaped_log) = reshaped(treated.values, options.reshape)?;
        let scale = match options.scales {
            Scales::One(scale) => scale,
            Scales::Each(scales) => scales[j],
        };
        let column = normalise(&column, scale, direction)?;
        for (i, score) in column.into_iter().enumerate() {
            scores[i * cols + j] = score;
        }
        winsorised[j] = treated.changed;
        logged[j] = treated.logged || reshaped_log;
    }
    let scored = Matrix::of(&scores, rows, cols);
    let weights = weigh(scored, options.weights)?;
    let index = aggregated(scored, &weights, options.aggregation)?;
    Ok(Composite {
        ranks: best_first(&index),
        index,
        scores,
        weights,
        winsorised,
        logged,
    })
}

struct TreatedColumn {
    values: Vec<f64>,
    changed: usize,
    logged: bool,
}

fn treated(values: Vec<f64>, rule: OutlierRule) -> Result<TreatedColumn, Error> {
    let treated = match rule {
        OutlierRule::Keep => {
            return Ok(TreatedColumn {
                values,
                changed: 0,
                logged: false,
            });
        }
        OutlierRule::Winsorise(options) => winsorise(&values, &options)?,
        OutlierRule::WinsoriseOrLog(options) => treat(&values, &options)?,
    };
    Ok(TreatedColumn {
        values: treated.values,
        changed: treated.changed,
        logged: treated.logged,
    })
}

/// The transformed values, and whether they are logarithms.
fn reshaped(values: Vec<f64>, reshape: Reshape) -> Result<(Vec<f64>, bool), Error> {
    let logarithms = |values: &[f64]| -> Result<Vec<f64>, Error> {
        check::positive("values", values)?;
        Ok(values.iter().map(|&v| quyu_math::ln(v)).collect())
    };
    Ok(match reshape {
        Reshape::None => (values, false),
        Reshape::LogSkewed(limit) => {
            if !all_equal(&values) && skewness(&values, MomentType::Type2)? > limit {
                (logarithms(&values)?, true)
            } else {
                (values, false)
            }
        }
        Reshape::Log => (logarithms(&values)?, true),
        Reshape::SquareRoot => {
            check::non_negative("values", &values)?;
            (values.iter().map(|v| v.sqrt()).collect(), false)
        }
        Reshape::BoxCox => (box_cox(&values, box_cox_lambda(&values)?)?, false),
    })
}

/// The weights of the columns of scores; they sum to 1.
pub(crate) fn weigh(scores: Matrix<'_>, rule: WeightRule<'_>) -> Result<Vec<f64>, Error> {
    match rule {
        WeightRule::Equal => Ok(vec![1.0 / scores.cols() as f64; scores.cols()]),
        WeightRule::Given(weights) => shares(weights, scores.cols()),
        WeightRule::Components => pca_weights(scores),
        WeightRule::Entropy => entropy_weights(scores),
        WeightRule::Critic => critic_weights(scores),
    }
}

/// The index of each row of scores.
pub(crate) fn aggregated(scores: Matrix<'_>, weights: &[f64], by: Aggregation) -> Result<Vec<f64>, Error> {
    match by {
        Aggregation::Mean(mean) => aggregate(scores, weights, mean),
        Aggregation::MazziottaPareto => mazziotta_pareto(scores, &MpiOptions::default()),
        Aggregation::Copeland => copeland(scores, weights),
        Aggregation::Topsis => topsis(scores, weights),
        Aggregation::GreyRelational(rho) => grey_relational(scores, weights, rho),
        Aggregation::Coupling(form) => {
            let found = coupling_coordination(scores, weights, form)?;
            Ok(found.into_iter().map(|c| c.coordination).collect())
        }
        Aggregation::BenefitOfDoubt => {
            let found = benefit_of_doubt(scores)?;
            Ok(found.into_iter().map(|b| b.score).collect())
        }
    }
}

/// Rank 1 for the largest; equal values share the smaller rank.
pub(crate) fn best_first(index: &[f64]) -> Vec<usize> {
    let turned: Vec<f64> = index.iter().map(|v| -v).collect();
    ranks(&turned).into_iter().map(|r| r as usize).collect()
}
