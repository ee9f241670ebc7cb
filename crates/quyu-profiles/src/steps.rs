//! The steps of a composite index as words of a case, for the index and for its sensitivity.

use quyu_core::{AnalysisError, Block, Direction, ParamError, Params, Study};
use quyu_econometrics::profiles::{
    Aggregation, CouplingForm, Direction as Toward, Mean, OutlierOptions, OutlierRule, Reshape, Scale,
    WeightRule,
};

use crate::features::{Features, SKEWNESS_LIMIT};

/// Treatments of outliers.
pub(crate) const OUTLIERS: &[&str] = &["none", "winsorise", "winsorise-or-log"];
/// Transformations.
pub(crate) const TRANSFORMS: &[&str] = &["none", "log-skewed", "log", "square-root", "box-cox"];
/// Rules of weights.
pub(crate) const WEIGHTS: &[&str] = &["equal", "given", "pca", "entropy", "critic"];
/// Aggregations.
pub(crate) const AGGREGATIONS: &[&str] = &[
    "arithmetic",
    "geometric",
    "harmonic",
    "power",
    "mazziotta-pareto",
    "copeland",
    "topsis",
    "grey-relational",
    "coupling",
    "coupling-adjusted",
    "benefit-of-doubt",
];

pub(crate) fn outliers(word: &str) -> OutlierRule {
    match word {
        "winsorise" => OutlierRule::Winsorise(OutlierOptions::default()),
        "winsorise-or-log" => OutlierRule::WinsoriseOrLog(OutlierOptions::default()),
        _ => OutlierRule::Keep,
    }
}

pub(crate) fn reshape(word: &str) -> Reshape {
    match word {
        "log-skewed" => Reshape::LogSkewed(SKEWNESS_LIMIT),
        "log" => Reshape::Log,
        "square-root" => Reshape::SquareRoot,
        "box-cox" => Reshape::BoxCox,
        _ => Reshape::None,
    }
}

/// A scale that needs no figure beside the values. Coupling takes scores in (0, 1], every other aggregation [1, 100].
pub(crate) fn scale(word: &str, coupling: bool) -> Scale {
    match word {
        "z-score" => Scale::ZScore { ddof: 0 },
        "rank" => Scale::Rank,
        "percentile-rank" => Scale::PercentileRank,
        "borda" => Scale::Borda,
        "distance-to-best" => Scale::DistanceToBest,
        "fraction-of-best" => Scale::FractionOfBest,
        _ if coupling => Scale::MinMax { low: 0.01, high: 1.0 },
        _ => Scale::MinMax {
            low: 1.0,
            high: 100.0,
        },
    }
}

pub(crate) fn weights<'a>(word: &str, given: &'a [f64]) -> WeightRule<'a> {
    match word {
        "given" => WeightRule::Given(given),
        "pca" => WeightRule::Components,
        "entropy" => WeightRule::Entropy,
        "critic" => WeightRule::Critic,
        _ => WeightRule::Equal,
    }
}

pub(crate) fn aggregation(word: &str, power: f64) -> Aggregation {
    match word {
        "geometric" => Aggregation::Mean(Mean::Geometric),
        "harmonic" => Aggregation::Mean(Mean::Harmonic),
        "power" => Aggregation::Mean(Mean::Power(power)),
        "mazziotta-pareto" => Aggregation::MazziottaPareto,
        "copeland" => Aggregation::Copeland,
        "topsis" => Aggregation::Topsis,
        "grey-relational" => Aggregation::GreyRelational(0.5),
        "coupling" => Aggregation::Coupling(CouplingForm::Standard),
        "coupling-adjusted" => Aggregation::Coupling(CouplingForm::Adjusted),
        "benefit-of-doubt" => Aggregation::BenefitOfDoubt,
        _ => Aggregation::Mean(Mean::Arithmetic),
    }
}

/// Why a scale does not go with an aggregation or a rule of weights; none if it does.
pub(crate) fn misfit(normalise: &str, weights: &str, aggregation: &str, power: f64) -> Option<String> {
    let negative = normalise == "z-score";
    let from_zero = [
        "borda",
        "percentile-rank",
        "distance-to-best",
        "distance-to-reference",
        "distance-to-target",
    ]
    .contains(&normalise);
    let inverse = aggregation == "power" && power < 0.0;
    let positive = ["geometric", "harmonic"].contains(&aggregation) || inverse;
    let not_negative = positive || ["power", "benefit-of-doubt"].contains(&aggregation);
    if negative && not_negative {
        return Some(format!(
            "`aggregation = \"{aggregation}\"` has no meaning for negative scores; z-scores are negative below the mean"
        ));
    }
    if negative && weights == "entropy" {
        return Some(
            "entropy weights have no meaning for z-scores, which are negative below the mean".to_owned(),
        );
    }
    if from_zero && positive {
        return Some(format!(
            "`aggregation = \"{aggregation}\"` needs positive scores, and `normalise = \"{normalise}\"` gives the worst region 0"
        ));
    }
    None
}

/// A list that must have one number for each indicator where it is used.
pub(crate) fn one_each(
    analysis: &'static str,
    params: &Params,
    name: &'static str,
    used: bool,
    features: usize,
) -> Result<Vec<f64>, ParamError> {
    let given = params.numbers(name);
    if used && given.len() != features {
        return Err(ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: format!(
                "`{name}` has {} numbers for {features} indicators; give one for each",
                given.len()
            ),
        });
    }
    if !used && !given.is_empty() {
        return Err(ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: format!("`{name}` is given, but the steps that are chosen do not use it"),
        });
    }
    Ok(given)
}

/// The words of `direction`, as many as indicators.
pub(crate) fn direction_words(
    analysis: &'static str,
    params: &Params,
    features: usize,
) -> Result<Vec<Toward>, ParamError> {
    let words = params.texts("direction");
    if !words.is_empty() && words.len() != features {
        return Err(ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: format!(
                "`direction` has {} words for {features} indicators; give one for each, or none",
                words.len()
            ),
        });
    }
    let toward = |word: &&str| match *word {
        "lower" => Toward::Lower,
        _ => Toward::Higher,
    };
    Ok(words.iter().map(toward).collect())
}

/// The direction of each indicator: as given, or as the codebook has it.
pub(crate) fn directions(
    analysis: &'static str,
    study: &Study,
    features: &Features,
    given: &[Toward],
) -> Result<Vec<Toward>, AnalysisError> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    features
        .terms
        .iter()
        .map(|term| match study.atlas.codebook.check(term)?.direction {
            Direction::Higher => Ok(Toward::Higher),
            Direction::Lower => Ok(Toward::Lower),
            Direction::Neutral => Err(AnalysisError::Study {
                analysis,
                reason: format!(
                    "the codebook does not say whether more of {} is better; give `direction`",
                    study.atlas.codebook.label(term)
                ),
            }),
        })
        .collect()
}

/// Why the steps have no result, with the indicator and the region where one is to blame: each indicator is tried by
/// itself.
pub(crate) fn blame(
    analysis: &'static str,
    study: &Study,
    block: &Block,
    error: &quyu_econometrics::Error,
    alone: impl Fn(usize) -> Result<(), quyu_econometrics::Error>,
) -> AnalysisError {
    use quyu_econometrics::Error;
    for (j, term) in block.terms.iter().enumerate() {
        let Err(found) = alone(j) else { continue };
        let label = study.atlas.codebook.label(term);
        let row = match found {
            Error::Negative { index, .. } | Error::NotFinite { index, .. } => Some(index),
            Error::Zero {
                argument: "values" | "indicator",
                index,
            } => Some(index),
            _ => None,
        };
        let place = row
            .and_then(|r| block.regions.get(r))
            .map(|r| format!(" (at {})", study.atlas.regions.label(r)))
            .unwrap_or_default();
        return AnalysisError::Study {
            analysis,
            reason: format!("{label}: {found}{place}"),
        };
    }
    AnalysisError::Study {
        analysis,
        reason: error.to_string(),
    }
}
