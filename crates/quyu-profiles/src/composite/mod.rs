//! `composite`: one index of many indicators, each step by a named choice.

mod output;

pub(crate) use output::Weighed;
mod scoreboard;

use quyu_core::{
    Analysis, AnalysisError, Block, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind,
    Params, Progress, Study, Term,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::profiles::{
    Aggregation, CompositeOptions, Direction, Mean, Reshape, Scale, Scales, WeightRule, composite,
    cronbach_alpha, effective_weights,
};

use crate::features::{FEATURES, Features};
use crate::steps::{self, AGGREGATIONS, OUTLIERS, TRANSFORMS, WEIGHTS};

/// The declaration of `composite`.
pub(crate) const ENTRY: Entry = Entry {
    id: "composite",
    summary: "One index of many indicators and the ranks it gives, each step by a named choice",
    manual: MANUAL,
    params: &[
        FEATURES,
        DIRECTION,
        Param::with_default(
            "variant",
            ParamKind::Choice(&["steps", "ris", "ris-like"]),
            "steps",
            "the steps chosen below, or a pipeline as a whole: after the Regional Innovation Scoreboard, or its simple form for one year",
        ),
        Param::with_default(
            "outliers",
            ParamKind::Choice(OUTLIERS),
            "none",
            "what is done to extreme values",
        ),
        Param::with_default(
            "transform",
            ParamKind::Choice(TRANSFORMS),
            "none",
            "what is done to the shape of an indicator after the outliers",
        ),
        Param::with_default(
            "normalise",
            ParamKind::Choice(&[
                "min-max",
                "z-score",
                "rank",
                "percentile-rank",
                "borda",
                "distance-to-best",
                "distance-to-reference",
                "distance-to-target",
                "fraction-of-best",
            ]),
            "min-max",
            "the scale of the indicators",
        ),
        Param::optional(
            "targets",
            ParamKind::List(&NUMBER),
            "with `normalise = \"distance-to-target\"`: the target of each indicator, in its unit",
        ),
        Param::with_default(
            "weights",
            ParamKind::Choice(WEIGHTS),
            "equal",
            "where the weights of the indicators come from",
        ),
        GIVEN_WEIGHTS,
        Param::with_default(
            "aggregation",
            ParamKind::Choice(AGGREGATIONS),
            "arithmetic",
            "how the scores become one number",
        ),
        Param::with_default(
            "power",
            ParamKind::Number {
                min: -100.0,
                max: 100.0,
            },
            "2",
            "with `aggregation = \"power\"`: the power",
        ),
        Param::optional(
            "weight",
            ParamKind::Column,
            "with `variant = \"ris-like\"`: the population, by which the regions' indices are averaged to 100",
        ),
        Param::optional(
            "years",
            ParamKind::List(&ParamKind::Integer { min: 1900, max: 2100 }),
            "with `variant = \"ris\"`: the years over which the scale runs; absent: all years of the period in which every indicator is observed",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\noutliers = \"winsorise\"\nweights = \"given\"\ngiven_weights = [2, 1, 1]\n",
    build,
    additive: None,
};

pub(crate) const NUMBER: ParamKind = ParamKind::Number {
    min: -1e15,
    max: 1e15,
};

/// Whether more is better.
pub(crate) const DIRECTION: Param = Param::optional(
    "direction",
    ParamKind::List(&ParamKind::Choice(&["higher", "lower"])),
    "whether more of each indicator is better; absent: as the codebook has it",
);

/// Weights of the case.
pub(crate) const GIVEN_WEIGHTS: Param = Param::optional(
    "given_weights",
    ParamKind::List(&NUMBER),
    "with `weights = \"given\"`: a number for each indicator; they are divided by their sum",
);

const MANUAL: &str = "\
**Question.** Taken together, where does each region stand, and on which steps does that rest?

**Definition.** Indicators of the last year go through five steps. *Outliers*: `winsorise` replaces the largest values (smallest,
where skewed to the left) by the next while the absolute skewness is at least 2 and the excess kurtosis at least 3.5 (type 2), at most five;
`winsorise-or-log` takes ln(x - min + 1 % of the range) of the untreated values where that does not suffice. *Transform*: logarithm of
indicators with a skewness above 1, of all, square root, or Box-Cox at the most likely power. *Normalise*, turned round where less is better:
`min-max` to [1, 100] ([0.01, 1] before coupling), `z-score` (ddof 0), `rank` (from the worst, ties share the smaller), `percentile-rank`, `borda`, `distance-to-best`
1 - (max - x)/(max - min), `distance-to-reference` with the reference's own value in place of max, `distance-to-target` (x - min)/(target - min),
`fraction-of-best` x/max. *Weights* on the scores, divided by their sum: `equal`, `given`, `pca` (squared loadings of the first component), `entropy`
(1 less the entropy of the shares over ln n), `critic` (standard deviation times the sum of 1 - correlation). *Aggregation*: weighted arithmetic,
geometric, harmonic or power mean; `mazziotta-pareto` M - S²/M of 100 + 10 z; `copeland` (regions outranked less those that outrank);
`topsis` (distance from the worst over both distances); `grey-relational` (resolution 0.5); `coupling` and `coupling-adjusted`: the
coordination degree of the indicators as subsystems; `benefit-of-doubt`: each region's best weights. *Effective weight*: squared
correlation of an indicator's scores with the index. The contribution of an indicator to an arithmetic mean is weight times score.

`ris`, after the Regional Innovation Scoreboard: values beyond two standard deviations of the mean of all region-years take the nearest value kept, square
roots while the skewness exceeds 0.5 (at most twice), min-max over all years, unweighted mean, 100 = the index of the reference's own ratios.
`ris-like`: one year, one square root where the skewness exceeds 0.5, min-max, mean, 100 = the population-weighted mean of the regions' indices.
Groups: leader from 125, strong from 100, moderate from 70, emerging below.

**Limits.** An index is an opinion about weights. Read `composite-sensitivity` before a rank. The benefit of the doubt leaves ties at the
top. Adjusted coupling is not monotone: a region that is as bad in everything may pass one that is better in something. A group of the scoreboard ends at a number, not at a difference.

**References.** OECD and JRC 2008, Handbook on Constructing Composite Indicators; Hollanders and Es-Sadki 2021, Regional Innovation Scoreboard;
Mazziotta and Pareto 2016, Social Indicators Research 127:983-1003; Munda 2008, Social Multi-Criteria Evaluation; Hwang and Yoon 1981, Multiple
Attribute Decision Making; Deng 1989, Journal of Grey System 1:1-24; Diakoulaki et al. 1995, Computers and Operations Research 22:763-770; Cherchye et al. 2007, Social Indicators
Research 82:111-145; Wang et al. 2021, Journal of Natural Resources 36:793-810; Paruolo, Saisana and Saltelli 2013, JRSS A 176:609-634.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let word = |name: &str| params.text(name).unwrap_or_default().to_owned();
    let features = Features::new(ENTRY.id, params)?;
    let count = features.terms.len();
    let (normalise, weights) = (word("normalise"), word("weights"));
    let targets = steps::one_each(
        ENTRY.id,
        params,
        "targets",
        normalise == "distance-to-target",
        count,
    )?;
    let given = steps::one_each(ENTRY.id, params, "given_weights", weights == "given", count)?;
    let weight = params
        .text("weight")
        .map(|_| params.term(ENTRY.id, "weight"))
        .transpose()?;
    let built = Composite {
        direction: steps::direction_words(ENTRY.id, params, count)?,
        features,
        variant: word("variant"),
        outliers: word("outliers"),
        transform: word("transform"),
        normalise,
        targets,
        weights,
        given,
        aggregation: word("aggregation"),
        power: params.number("power").unwrap_or(2.0),
        weight,
        years: params.integers("years"),
    };
    match built.contradiction() {
        Some(reason) => Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason,
        }),
        None => Ok(Box::new(built)),
    }
}

#[derive(Debug)]
struct Composite {
    features: Features,
    direction: Vec<Direction>,
    variant: String,
    outliers: String,
    transform: String,
    normalise: String,
    targets: Vec<f64>,
    weights: String,
    given: Vec<f64>,
    aggregation: String,
    power: f64,
    weight: Option<Term>,
    years: Vec<i64>,
}

/// An index, however it was made.
struct Made {
    /// The index that is shown.
    index: Vec<f64>,
    /// The index before it was related to the reference.
    raw: Vec<Option<f64>>,
    ranks: Vec<usize>,
    groups: Vec<Option<&'static str>>,
    /// Regions by indicators.
    scores: Vec<f64>,
    /// Nominal weights; none where an aggregation has no common ones.
    weights: Vec<Option<f64>>,
    /// What was done to each indicator.
    treatment: Vec<String>,
    /// Whether the index is the sum of weight times score.
    additive: bool,
    notes: Vec<Note>,
}

impl Composite {
    /// Parameters that do not go together.
    fn contradiction(&self) -> Option<String> {
        let uses_weights = steps::aggregation(&self.aggregation, self.power).uses_weights();
        let pipeline = self.variant != "steps";
        let any_step = [&self.outliers, &self.transform].iter().any(|w| *w != "none")
            || self.normalise != "min-max"
            || self.weights != "equal"
            || self.aggregation != "arithmetic";
        let relative = ["distance-to-reference", "distance-to-target"].contains(&self.normalise.as_str());
        if pipeline && any_step {
            return Some(format!(
                "`variant = \"{}\"` sets every step itself; leave the others out",
                self.variant
            ));
        }
        if self.variant == "ris-like" && self.weight.is_none() {
            return Some("`ris-like` needs `weight`, the population".to_owned());
        }
        if self.variant != "ris-like" && self.weight.is_some() {
            return Some("`weight` is for `variant = \"ris-like\"`".to_owned());
        }
        if self.variant != "ris" && !self.years.is_empty() {
            return Some("`years` is for `variant = \"ris\"`".to_owned());
        }
        if relative && (self.transform != "none" || self.outliers == "winsorise-or-log") {
            return Some(format!(
                "`{}` compares with a figure in the unit of the indicator; leave `transform` out, and logarithms of outliers",
                self.normalise
            ));
        }
        if !uses_weights && self.weights != "equal" {
            return Some(format!(
                "`aggregation = \"{}\"` takes no weights",
                self.aggregation
            ));
        }
        if self.aggregation.starts_with("coupling") && self.normalise != "min-max" {
            return Some("coupling needs scores in (0, 1]: `normalise = \"min-max\"`".to_owned());
        }
        steps::misfit(&self.normalise, &self.weights, &self.aggregation, self.power)
    }
}

impl Analysis for Composite {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.features.needs();
        needs.extend(self.weight.clone().map(Need::Indicator));
        needs.push(Need::Tiles);
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let directions = steps::directions(ENTRY.id, study, &self.features, &self.direction)?;
        let (block, made) = match self.variant.as_str() {
            "ris" => self.ris(study, &directions)?,
            "ris-like" => self.ris_like(study, &directions)?,
            _ => self.steps(study, &directions)?,
        };
        let table = Matrix::new(&made.scores, block.regions.len(), self.features.terms.len())
            .map_err(|e| AnalysisError::statistic("composite index", e))?;
        // Without variation of the index or a score there is nothing to correlate.
        let effective = effective_weights(table, &made.index).ok();
        let mut notes = block.notes.clone();
        notes.extend(made.notes.iter().cloned());
        notes.extend(cronbach_alpha(table).ok().map(|alpha| {
            Note::new(
                NoteKind::Method,
                format!("Cronbach's alpha of the scores is {alpha:.2}; from 0.7 indicators are read as measuring one thing."),
            )
        }));
        let output = output::Output {
            study,
            block: &block,
            made: &made,
            features: &self.features,
            directions: &directions,
            variant: &self.variant,
        };
        let mut figures = vec![output.bars()];
        figures.extend(output.map());
        Ok(Findings {
            tables: vec![
                output.main(),
                output.scores(),
                output.weights(effective.as_deref()),
            ],
            figures,
            notes,
        })
    }
}

impl Composite {
    /// The scale of each indicator where it differs from indicator to indicator.
    fn scales(&self, study: &Study) -> Result<Option<Vec<Scale>>, AnalysisError> {
        match self.normalise.as_str() {
            "distance-to-target" => {
                let scale = |&target: &f64| Scale::DistanceToTarget { target, cap: false };
                Ok(Some(self.targets.iter().map(scale).collect()))
            }
            "distance-to-reference" => {
                let scale = |reference| Scale::DistanceToReference {
                    reference,
                    cap: false,
                };
                let values = self.of_reference(study)?;
                Ok(Some(values.into_iter().map(scale).collect()))
            }
            _ => Ok(None),
        }
    }

    /// The reference's own value of each indicator in the last year.
    fn of_reference(&self, study: &Study) -> Result<Vec<f64>, AnalysisError> {
        let year = study.period.to;
        self.features
            .terms
            .iter()
            .map(|term| {
                let found = study.aggregate(term, &study.reference, year)?;
                found.map(|d| d.value).ok_or_else(|| AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: format!(
                        "{} has no value for the reference {} in {year}",
                        study.atlas.codebook.label(term),
                        study.reference.name_en
                    ),
                })
            })
            .collect()
    }

    fn steps(&self, study: &Study, directions: &[Direction]) -> Result<(Block, Made), AnalysisError> {
        let block = self.features.block(study)?;
        let raw = block.regions_by_terms(0);
        let (rows, cols) = (block.regions.len(), self.features.terms.len());
        let table =
            Matrix::new(&raw, rows, cols).map_err(|e| AnalysisError::statistic("composite index", e))?;
        let each = self.scales(study)?;
        let aggregation = steps::aggregation(&self.aggregation, self.power);
        let common = steps::scale(&self.normalise, self.aggregation.starts_with("coupling"));
        let options = CompositeOptions {
            outliers: steps::outliers(&self.outliers),
            reshape: steps::reshape(&self.transform),
            scales: each.as_deref().map_or(Scales::One(common), Scales::Each),
            weights: steps::weights(&self.weights, &self.given),
            aggregation,
        };
        let found = composite(table, directions, &options).map_err(|error| {
            steps::blame(ENTRY.id, study, &block, &error, |j| {
                let column = table.col(j);
                let own = each.as_ref().map_or(common, |scales| scales[j]);
                let alone = CompositeOptions {
                    scales: Scales::One(own),
                    weights: WeightRule::Equal,
                    aggregation: match aggregation {
                        Aggregation::Mean(mean) => Aggregation::Mean(mean),
                        _ => Aggregation::Mean(Mean::Arithmetic),
                    },
                    ..options
                };
                composite(Matrix::new(&column, rows, 1)?, &directions[j..=j], &alone).map(|_| ())
            })
        })?;
        let common_weights = aggregation.uses_weights();
        let mut notes = Vec::new();
        if aggregation == Aggregation::MazziottaPareto {
            notes.push(Note::new(
                NoteKind::Method,
                "The Mazziotta-Pareto index standardises the scores itself; `normalise` turns them only.",
            ));
        }
        let treatment = (0..cols)
            .map(|j| {
                let mut said = Vec::new();
                match found.winsorised[j] {
                    0 => {}
                    1 => said.push("1 value winsorised".to_owned()),
                    n => said.push(format!("{n} values winsorised")),
                }
                match options.reshape {
                    Reshape::SquareRoot => said.push("square root".to_owned()),
                    Reshape::BoxCox => said.push("Box-Cox".to_owned()),
                    _ if found.logged[j] => said.push("logarithm".to_owned()),
                    _ => {}
                }
                said.join(", ")
            })
            .collect();
        let made = Made {
            raw: vec![None; rows],
            groups: vec![None; rows],
            weights: found
                .weights
                .iter()
                .map(|w| common_weights.then_some(*w))
                .collect(),
            additive: aggregation == Aggregation::Mean(Mean::Arithmetic),
            index: found.index,
            ranks: found.ranks,
            scores: found.scores,
            treatment,
            notes,
        };
        Ok((block, made))
    }
}
