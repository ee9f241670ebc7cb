//! `gini`, `theil`, `mld`, `cv`, `hoover`: one index a year.

use quyu_core::{Additive, Analysis, Entry, Param, ParamError, ParamKind, Params};
use quyu_econometrics::disparity::{self, CvOptions, Index};

use crate::compare::{ALTERNATIVE, COMPARE, PERMUTATIONS, TEST};
use crate::held::{Held, Shown};
use crate::index::Indices;
use crate::measure::Measure;
use crate::sample::{BY, Sample, VALUE, VINTAGE, WEIGHT};
use crate::stream::Stream;
use crate::uncertainty::{CI, CONFIDENCE, REPLICATES, SEED, STRATA};

/// The parameters of an index: the sample, those of its own, and those of inference.
macro_rules! index_params {
    ($($own:expr),* $(,)?) => {
        &[
            VALUE, WEIGHT, BY, VINTAGE, $($own,)* CI, REPLICATES, CONFIDENCE, SEED, STRATA, COMPARE, TEST,
            PERMUTATIONS, ALTERNATIVE,
        ]
    };
}
pub(crate) use index_params;

/// A part of a manual that indices share. What begins with `With` is shown where it is used.
macro_rules! shared {
    (data) => { "
**Data.** The regions of the focus in every year of the period, each with its value and its weight; without a weight every
region counts once. A missing value is an error unless the study says `missing = \"drop\"`, which leaves the region out of all
years and says so. Several choices of vintages give several lines that are never joined.
" };
    (ci) => { "
**With `ci`.** A standard error and an interval. `percentile`, `basic`, `bca` and `studentised` are bootstrap intervals
(regions are drawn with replacement, value and weight together; the same draws in every year; with `strata` a region is replaced by one of
its own group); their standard error is the standard deviation of the replicates, that of `studentised` the jackknife's. `jackknife` and
`linearised` take plus and minus normal quantiles. An interval says how far the index would move if the same process had drawn such regions again
(Efron and Tibshirani 1993, An Introduction to the Bootstrap; DiCiccio and Efron 1996, Statistical Science 11:189-228).
" };
    (compare) => { "
**With `compare`.** The table `difference`: the index of the second year or set less that of the first, with the error of the difference where `ci` is
given. `test = \"permutation\"` exchanges regions between the two, at random or all ways where they are few, and gives
p = (1 + count) / (1 + R), or count / number for all ways; two-sided is twice the smaller side, at most 1.
" };
    (limits) => { "
**Limits.** Regions are the population, not a sample: a difference between two years is a fact, its cause is not. An index
over regions says nothing about people inside a region.
" };
}
pub(crate) use shared;

/// A manual: the text of one index, then what it shares with the others.
macro_rules! manual {
    (without compare: $($text:literal)*) => {
        concat!($($text,)* shared!(data), shared!(ci), shared!(limits))
    };
    ($($text:literal)*) => {
        concat!($($text,)* shared!(data), shared!(ci), shared!(compare), shared!(limits))
    };
}
pub(crate) use manual;

pub(crate) const EXAMPLE: &str = "value = \"gdp_pc\"\nweight = \"pop\"\n";

/// The declaration of `gini`.
pub(crate) const GINI: Entry = Entry {
    id: "gini",
    summary: "Gini coefficient of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions?

**Definition.** With values x, weights w, f = w / sum of w and mean m = sum f x:
G = sum over i, j of f_i f_j |x_i - x_j| / (2 m). 0 = all equal; without correction the largest possible value is 1 less the
weight share of the richest region. `correction = \"effective-sample\"` divides by 1 - sum f^2, which is n / (n - 1) for equal
weights. Values must not be negative; `negative = \"allow\"` takes the same pairwise formula, which may then exceed 1.

**References.** Gini 1914; Lerman and Yitzhaki 1989, Journal of Econometrics 42:43-47; Deltas 2003, Review of Economics and
Statistics 85(1):226-234 (correction).
"),
    params: index_params![
        Param::with_default(
            "correction",
            ParamKind::Choice(&["none", "effective-sample"]),
            "none",
            "correct the small-sample bias by the effective number of regions",
        ),
        Param::with_default(
            "negative",
            ParamKind::Choice(&["error", "allow"]),
            "error",
            "refuse negative values, or take the pairwise form",
        ),
    ],
    example: EXAMPLE,
    build: |p| build(GINI.id, p, gini(gini_options(p))),
    additive: Some(|p| held(GINI.id, p, vec![gini(gini_options(p))], Shown::One)),
};

fn gini_options(params: &Params) -> disparity::GiniOptions {
    disparity::GiniOptions {
        correction: match params.text("correction") {
            Some("effective-sample") => disparity::Correction::EffectiveSample,
            _ => disparity::Correction::None,
        },
        negative: match params.text("negative") {
            Some("allow") => disparity::Negative::Allow,
            _ => disparity::Negative::Error,
        },
    }
}

/// The declaration of `theil`.
pub(crate) const THEIL: Entry = Entry {
    id: "theil",
    summary: "Theil's T of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, in a measure that splits exactly into groups?

**Definition.** T = sum f (x/m) ln(x/m), the generalised entropy of order 1, with natural logarithms; 0 ln 0 = 0, so that a
region with nothing counts in full. 0 = all equal; the largest value is ln(1/f) of the region that has everything. Theil's L is
the analysis `mld`.

**References.** Theil 1967, Economics and Information Theory; Shorrocks 1980, Econometrica 48:613-625; Cowell 2011, Measuring
Inequality, chapter 3 (zeros).
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| build(THEIL.id, p, THEIL_T),
    additive: Some(|p| stream(THEIL.id, p, THEIL_T)),
};

/// The declaration of `mld`.
pub(crate) const MLD: Entry = Entry {
    id: "mld",
    summary: "Theil's L (mean log deviation) of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, in a measure that looks hardest at the poorest?

**Definition.** L = sum f ln(m/x), the generalised entropy of order 0, with natural logarithms. It is infinite where a value is
zero, so a zero is an error.

**References.** Theil 1967; Shorrocks 1980, Econometrica 48:613-625.
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| build(MLD.id, p, MEAN_LOG_DEVIATION),
    additive: Some(|p| stream(MLD.id, p, MEAN_LOG_DEVIATION)),
};

/// The declaration of `cv`.
pub(crate) const CV: Entry = Entry {
    id: "cv",
    summary: "Coefficient of variation (Williamson's index) over regions, year by year",
    manual: manual!("\
**Question.** How far do the regions lie from the national mean, in units of that mean?

**Definition.** `variant = \"cv\"`: sqrt(sum f (x - m)^2) / m, with division by n (ddof 0). With population as the weight this is
Williamson's V_w, around the weighted mean, which is the national value (`variant = \"williamson\"`, which requires a
weight). `variant = \"williamson-unweighted\"` is V_uw: unweighted squares around the weighted mean.

**References.** Williamson 1965, Economic Development and Cultural Change 13(4).
"),
    params: index_params![
        Param::with_default(
            "variant",
            ParamKind::Choice(&["cv", "williamson", "williamson-unweighted"]),
            "cv",
            "the plain coefficient, or Williamson's V_w or V_uw",
        ),
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nvariant = \"williamson\"\n",
    build: |p| build(CV.id, p, variation(p)?),
    additive: Some(|p| stream(CV.id, p, variation(p)?)),
};

fn variation(params: &Params) -> Result<Measure, ParamError> {
    let measure = match params.text("variant") {
        Some("williamson") => WILLIAMSON,
        Some("williamson-unweighted") => WILLIAMSON_UNWEIGHTED,
        _ => return Ok(COEFFICIENT),
    };
    match params.text("weight") {
        Some(_) => Ok(measure),
        None => Err(ParamError::Combination {
            analysis: CV.id.to_owned(),
            reason: "Williamson's index needs `weight`, the population".to_owned(),
        }),
    }
}

/// The declaration of `hoover`.
pub(crate) const HOOVER: Entry = Entry {
    id: "hoover",
    summary: "Hoover index (Robin Hood, Ricci-Schutz) over regions, year by year",
    manual: manual!("\
**Question.** Which share of the total would have to move for all regions to be equal?

**Definition.** H = 1/2 sum f |x - m| / m. With population as weight and GDP per head as value it is half the sum of the
absolute differences between the shares of GDP and of population.

**References.** Hoover 1936, Review of Economics and Statistics 18:162-171.
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| build(HOOVER.id, p, ROBIN_HOOD),
    additive: Some(|p| held(HOOVER.id, p, vec![ROBIN_HOOD], Shown::One)),
};

const PLAIN_CV: Index = Index::Cv(CvOptions {
    ddof: 0,
    normalisation: disparity::Normalisation::None,
    negative: disparity::Negative::Error,
});

pub(crate) const fn gini(options: disparity::GiniOptions) -> Measure {
    Measure::new("gini", "Gini coefficient", Index::Gini(options))
}

pub(crate) const THEIL_T: Measure = Measure::new("theil-t", "Theil T", Index::TheilT);
pub(crate) const MEAN_LOG_DEVIATION: Measure =
    Measure::new("mld", "Theil L (mean log deviation)", Index::Mld);
pub(crate) const COEFFICIENT: Measure = Measure::new("cv", "Coefficient of variation", PLAIN_CV);
const WILLIAMSON: Measure = Measure::new("williamson", "Williamson's V_w", PLAIN_CV);
const WILLIAMSON_UNWEIGHTED: Measure = Measure::new(
    "williamson-unweighted",
    "Williamson's V_uw",
    Index::WilliamsonUnweighted,
);
pub(crate) const ROBIN_HOOD: Measure = Measure::new("hoover", "Hoover index", Index::Hoover);

pub(crate) fn build(
    id: &'static str,
    params: &Params,
    measure: Measure,
) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Indices::new(id, params, vec![measure])?))
}

/// The index of a stream of rows, which knows neither the order of regions nor who they are in another year.
pub(crate) fn stream(
    id: &'static str,
    params: &Params,
    measure: Measure,
) -> Result<Box<dyn Additive>, ParamError> {
    refuse_inference(id, params)?;
    let sample = Sample::new(id, params)?;
    Ok(Box::new(Stream::new(
        id,
        vec![measure],
        &sample,
        sample.weighted(),
    )?))
}

/// The indices of a stream of rows that need all values at once.
pub(crate) fn held(
    id: &'static str,
    params: &Params,
    measures: Vec<Measure>,
    shown: Shown,
) -> Result<Box<dyn Additive>, ParamError> {
    refuse_inference(id, params)?;
    Ok(Box::new(Held::new(
        id,
        measures,
        shown,
        &Sample::new(id, params)?,
    )))
}

/// What draws regions anew needs all of them at once, and what compares needs to know who they are.
pub(crate) fn refuse_inference(id: &str, params: &Params) -> Result<(), ParamError> {
    let refused = ["ci", "compare", "test"]
        .into_iter()
        .find(|name| params.text(name).is_some() || !params.texts(name).is_empty());
    if let Some(name) = refused {
        return Err(ParamError::Combination {
            analysis: id.to_owned(),
            reason: format!("`{name}` needs regions that are known by name, and a stream of rows has none"),
        });
    }
    Ok(())
}
