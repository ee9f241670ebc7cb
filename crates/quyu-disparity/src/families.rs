//! `ge`, `atkinson`, `generalised-gini`, `variance-of-logs`, `coulter`, `kolm`: indices with a parameter, and the rarer ones.

use quyu_core::{Entry, Param, ParamKind, Params};
use quyu_econometrics::disparity::{Index, LogCentre};

use crate::compare::{ALTERNATIVE, COMPARE, PERMUTATIONS, TEST};
use crate::entries::{EXAMPLE, build, held, index_params, manual, shared, stream};
use crate::held::Shown;
use crate::measure::Measure;
use crate::sample::{BY, VALUE, VINTAGE, WEIGHT};
use crate::uncertainty::{CI, CONFIDENCE, REPLICATES, SEED, STRATA};

const ALPHA: f64 = 2.0;
const EPSILON: f64 = 0.5;

/// The declaration of `ge`.
pub(crate) const GE: Entry = Entry {
    id: "ge",
    summary: "Generalised entropy of any order over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, looking at the poor end or at the rich end as I choose?

**Definition.** With f = weight over the sum of weights and m = sum f x: GE(a) = (sum f (x/m)^a - 1) / (a (a - 1)) for a = `alpha`. GE(0) is Theil's
L (`mld`), GE(1) Theil's T (`theil`), GE(2) half the squared coefficient of variation. The smaller `alpha`, the more the index looks at
the poor. 0 = all equal. A zero counts as it is for `alpha` above 0 (0^a = 0, 0 ln 0 = 0) and is an error for `alpha` of 0 or less, where the index is
infinite; a negative value is an error.

**References.** Shorrocks 1980, Econometrica 48:613-625; Cowell 2011, Measuring Inequality, chapter 3; Biewen and Jenkins 2003, IZA
Discussion Paper 763 (linearised standard error).
"),
    params: index_params![Param::with_default(
        "alpha",
        ParamKind::Number { min: -20.0, max: 20.0 },
        "2",
        "the order of the entropy: below 0 for the poor end, above 2 for the rich end",
    )],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nalpha = -1\n",
    build: |p| build(GE.id, p, ge(p.number("alpha").unwrap_or(ALPHA))),
    additive: Some(|p| stream(GE.id, p, ge(p.number("alpha").unwrap_or(ALPHA)))),
};

pub(crate) const fn ge(alpha: f64) -> Measure {
    Measure::with("ge", "Generalised entropy", ("alpha", alpha), Index::Ge(alpha))
}

/// The declaration of `atkinson`.
pub(crate) const ATKINSON: Entry = Entry {
    id: "atkinson",
    summary: "Atkinson's index of a variable over regions, year by year",
    manual: manual!("\
**Question.** Which share of the total could be given up for equality without loss of welfare?

**Definition.** With f = weight over the sum of weights and m = sum f x: A(e) = 1 - (sum f (x/m)^(1 - e))^(1 / (1 - e)) for e = `epsilon`, and
A(1) = 1 - exp(sum f ln (x/m)). From 0 (all equal) to 1. The larger `epsilon`, the aversion to inequality, the more the poorest
region counts; for very large ones the index is 1 - min/m. With a zero among the values it is 1 from `epsilon` = 1 on, which is its limit; a
negative value is an error.

**References.** Atkinson 1970, Journal of Economic Theory 2:244-263; Cowell 2011, Measuring Inequality, chapter 3 (zeros).
"),
    params: index_params![Param::with_default(
        "epsilon",
        ParamKind::Number { min: 0.0, max: 50.0 },
        "0.5",
        "aversion to inequality: 0 for none",
    )],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nepsilon = 2\n",
    build: |p| build(ATKINSON.id, p, atkinson(p.number("epsilon").unwrap_or(EPSILON))),
    additive: Some(|p| stream(ATKINSON.id, p, atkinson(p.number("epsilon").unwrap_or(EPSILON)))),
};

pub(crate) const fn atkinson(epsilon: f64) -> Measure {
    Measure::with(
        "atkinson",
        "Atkinson index",
        ("epsilon", epsilon),
        Index::Atkinson(epsilon),
    )
}

/// The declaration of `generalised-gini`.
pub(crate) const GENERALISED_GINI: Entry = Entry {
    id: "generalised-gini",
    summary: "Generalised (extended, single-parameter) Gini over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, if the poor count more than the Gini coefficient lets them?

**Definition.** With regions in ascending order, F the cumulative share of the weight and m the weighted mean:
G(v) = 1 - sum (x_i / m) ((1 - F before i)^v - (1 - F_i)^v) for v = `nu`. G(2) is the Gini coefficient, G(1) = 0; the larger `nu`, the more the poor end
counts. From 0 to less than 1. Zeros count as they are; a negative value is an error. There is no default, because 2 would be `gini`.

**References.** Donaldson and Weymark 1980, Journal of Economic Theory 22:67-86; Yitzhaki 1983, International Economic Review 24:617-628.
"),
    params: index_params![Param::required(
        "nu",
        ParamKind::Number { min: 1.0, max: 100.0 },
        "weight of the poor end: 2 is the Gini coefficient",
    )],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nnu = 3\n",
    build: |p| build(GENERALISED_GINI.id, p, generalised_gini(p.number("nu").unwrap_or(2.0))),
    additive: Some(|p| {
        let measure = generalised_gini(p.number("nu").unwrap_or(2.0));
        held(GENERALISED_GINI.id, p, vec![measure], Shown::One)
    }),
};

pub(crate) const fn generalised_gini(nu: f64) -> Measure {
    Measure::with(
        "generalised-gini",
        "Generalised Gini",
        ("nu", nu),
        Index::SGini(nu),
    )
}

/// The declaration of `variance-of-logs`.
pub(crate) const VARIANCE_OF_LOGS: Entry = Entry {
    id: "variance-of-logs",
    summary: "Variance of logarithms over regions, year by year",
    manual: manual!("\
**Question.** How far do the regions lie apart in relative terms?

**Definition.** With f = weight over the sum of weights: sum f (ln x - c)^2, natural logarithm, no correction (ddof 0). The centre c is the mean of
the logarithms (`variant = \"variance-of-logs\"`, the default) or the logarithm of the mean (`variant = \"logarithmic-variance\"`). The square root of the
first is the sigma of sigma-convergence. A zero or a negative value is an error.

It is not sure to fall when a rich region gives to a poorer one (it fails at the rich end), so that the entropy indices are to be
preferred.

**References.** Sen 1973, On Economic Inequality; Cowell 2011, Measuring Inequality, appendix A.
"),
    params: index_params![Param::with_default(
        "variant",
        ParamKind::Choice(&["variance-of-logs", "logarithmic-variance"]),
        "variance-of-logs",
        "around the mean of the logarithms, or around the logarithm of the mean",
    )],
    example: EXAMPLE,
    build: |p| build(VARIANCE_OF_LOGS.id, p, logs(p)),
    additive: Some(|p| stream(VARIANCE_OF_LOGS.id, p, logs(p))),
};

fn logs(params: &Params) -> Measure {
    match params.text("variant") {
        Some("logarithmic-variance") => Measure::new(
            "logarithmic-variance",
            "Logarithmic variance",
            Index::VarianceOfLogs(LogCentre::LogOfMean),
        ),
        _ => LOGS,
    }
}

pub(crate) const LOGS: Measure = Measure::new(
    "variance-of-logs",
    "Variance of logs",
    Index::VarianceOfLogs(LogCentre::MeanOfLogs),
);

/// The declaration of `coulter`.
pub(crate) const COULTER: Entry = Entry {
    id: "coulter",
    summary: "Coulter's coefficient over regions, year by year",
    manual: manual!("\
**Question.** How far do the shares of the regions in the total lie from their shares in the population, counting large gaps more?

**Definition.** sqrt(1/2 sum (s - f)^2) with the shares f of the weight and s of the weighted value (value times weight); without a weight f = 1/n.
The quadratic sister of `hoover`, from 0 to 1. Zeros count as they are; a negative value is an error.

It depends on how the regions are cut: the same disparity over more and smaller regions gives a smaller coefficient.

**References.** Coulter 1989, Measuring Inequality; Portnov and Felsenstein 2010, Letters in Spatial and Resource Sciences 3:11-20.
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| build(COULTER.id, p, COEFFICIENT),
    additive: Some(|p| stream(COULTER.id, p, COEFFICIENT)),
};

pub(crate) const COEFFICIENT: Measure = Measure::new("coulter", "Coulter's coefficient", Index::Coulter);

/// The declaration of `kolm`.
pub(crate) const KOLM: Entry = Entry {
    id: "kolm",
    summary: "Kolm's absolute index of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, if equal gains for all leave inequality as it is?

**Definition.** With f = weight over the sum of weights and m = sum f x: K(a) = (1/a) ln sum f exp(a (m - x)) for a = `alpha`, in the unit of the value. From
0 (all equal) to m - min, which it tends to as `alpha` grows. `alpha` has the unit of 1 / value: for money choose it near 1 / m. There is
no default, because it depends on the unit. Zeros and negative values are allowed.

It is an absolute index: twice the values, with half the `alpha`, give twice the index. The permutation test, which compares values relative
to their mean, is not offered.

**References.** Kolm 1976, Journal of Economic Theory 12:416-442 and 13:82-111.
"),
    params: &[
        VALUE,
        WEIGHT,
        BY,
        VINTAGE,
        Param::required(
            "alpha",
            ParamKind::Number { min: 1e-12, max: 1e12 },
            "aversion to inequality, in 1 / unit of the value: for money near 1 / mean",
        ),
        CI,
        REPLICATES,
        CONFIDENCE,
        SEED,
        STRATA,
        COMPARE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nalpha = 0.00005\n",
    build: |p| build(KOLM.id, p, kolm(p)),
    additive: Some(|p| stream(KOLM.id, p, kolm(p))),
};

fn kolm(params: &Params) -> Measure {
    let alpha = params.number("alpha").unwrap_or(1.0);
    Measure::with("kolm", "Kolm's index", ("alpha", alpha), Index::Kolm(alpha))
}
