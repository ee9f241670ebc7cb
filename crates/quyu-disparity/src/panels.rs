//! `disparity`, `quantile-ratios`, `polarisation`, `concentration-index`: several indices side by side, or of two variables.

use quyu_core::{Analysis, Entry, Param, ParamError, ParamKind, Params};
use quyu_econometrics::disparity::{Correction, GiniOptions, Index, Negative, WolfsonScale};

use crate::compare::{ALTERNATIVE, COMPARE, PERMUTATIONS, TEST};
use crate::entries::{
    COEFFICIENT as CV, EXAMPLE, MEAN_LOG_DEVIATION, ROBIN_HOOD, THEIL_T, gini, held, index_params, manual,
    shared,
};
use crate::families::{COEFFICIENT as COULTER, LOGS, atkinson, ge, generalised_gini};
use crate::held::Shown;
use crate::index::{Indices, Kind};
use crate::measure::{Measure, What};
use crate::panel_rows;
use crate::sample::{BY, VALUE, VINTAGE, WEIGHT};
use crate::uncertainty::{CI, CONFIDENCE, REPLICATES, SEED, STRATA};

/// The declaration of `disparity`.
pub(crate) const DISPARITY: Entry = Entry {
    id: "disparity",
    summary: "All indices of disparity side by side, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, and does the answer depend on the index?

**Definition.** A row for each index and year, each as in the manual of its own analysis: `gini`; `generalised-gini(3)`; `theil-t`; `mld`; `ge(-1)` and `ge(2)`;
`atkinson(0.5)`, `atkinson(1)` and `atkinson(2)`; `cv` (with population as the weight Williamson's index); `hoover`; `variance-of-logs`; `coulter`; the ratios
`p90-p10`, `s80-s20`, `top20-bottom20` and `palma` of `quantile-ratios`; `wolfson` of `polarisation`. The parameter of an index stands in its name. All
are 0 where all regions are equal, but for the ratios, which are 1 (`palma` is 1/4). An index that is undefined for the
values of a year (a zero under a logarithm) is left empty, and a note says why; a negative value is an error. The figure shows five indices relative
to their first year.

**References.** Cowell 2011, Measuring Inequality; Portnov and Felsenstein 2010, Letters in Spatial and Resource Sciences 3:11-20 (how the
indices differ on regions).
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| {
        panel(
            DISPARITY.id,
            p,
            all(),
            ("Disparity", &["gini", "theil-t", "mld", "cv", "hoover"]),
        )
    },
    additive: Some(|p| held(DISPARITY.id, p, all(), Shown::Panel("Disparity"))),
};

fn all() -> Vec<Measure> {
    vec![
        gini(PLAIN),
        generalised_gini(3.0),
        THEIL_T,
        MEAN_LOG_DEVIATION,
        ge(-1.0),
        ge(2.0),
        atkinson(0.5),
        atkinson(1.0),
        atkinson(2.0),
        CV,
        ROBIN_HOOD,
        LOGS,
        COULTER,
        P90_P10,
        S80_S20,
        TOP_BOTTOM,
        PALMA,
        wolfson(WolfsonScale::FosterWolfson),
    ]
}

const PLAIN: GiniOptions = GiniOptions {
    correction: Correction::None,
    negative: Negative::Error,
};

fn panel(
    id: &'static str,
    params: &Params,
    measures: Vec<Measure>,
    (title, drawn): (&'static str, &'static [&'static str]),
) -> Result<Box<dyn Analysis>, ParamError> {
    let mut indices = Indices::new(id, params, measures)?;
    indices.kind = Kind::Panel { title, drawn };
    Ok(Box::new(indices))
}

/// The declaration of `quantile-ratios`.
pub(crate) const QUANTILE_RATIOS: Entry = Entry {
    id: "quantile-ratios",
    summary: "Ratios of the rich to the poor end: P90/P10, S80/S20, OECD's, Palma",
    manual: manual!("\
**Question.** How many times as much do the richest regions have as the poorest?

**Definition.** The quantile P is the smallest value whose cumulative share of the weight exceeds p; where one is equal to p, the mean of that value and
the next. `p90-p10`, `p90-p50`, `p50-p10`: ratios of quantiles. `s80-s20` (Eurostat): the mean of the regions above P80 over the mean of those at or below
P20; whole regions. `top20-bottom20` (OECD, Regions and Cities at a Glance): the mean of the richest regions that hold 20 % of the
weight over that of the poorest 20 %, the boundary region with its fraction. `palma`: the share of the richest 10 % in the total over that of the poorest
40 %, with fractions. 1 = all equal, but for `palma`, which is 1/4. A ratio whose lower end is zero is left empty, and a note says
why; a negative value is an error.

With few regions a quantile is the value of one region and jumps from one to the next. These ratios have no linearised standard error.

**References.** Hyndman and Fan 1996, American Statistician 50:361-365 (quantile, definition 2 with weights); Alfons and Templ 2013, Journal of
Statistical Software 54(15); Palma 2011, Development and Change 42:87-153.
"),
    params: index_params![],
    example: EXAMPLE,
    build: |p| {
        let drawn = ("Quantile ratios", &["p90-p10", "s80-s20", "top20-bottom20", "palma"][..]);
        panel(QUANTILE_RATIOS.id, p, RATIOS.to_vec(), drawn)
    },
    additive: Some(|p| held(QUANTILE_RATIOS.id, p, RATIOS.to_vec(), Shown::Panel("Quantile ratios"))),
};

const RATIOS: [Measure; 6] = [P90_P10, P90_P50, P50_P10, S80_S20, TOP_BOTTOM, PALMA];

const fn ratio(name: &'static str, label: &'static str, high: f64, low: f64) -> Measure {
    Measure::new(name, label, Index::QuantileRatio { high, low })
}

const P90_P10: Measure = ratio("p90-p10", "P90/P10", 0.9, 0.1);
const P90_P50: Measure = ratio("p90-p50", "P90/P50", 0.9, 0.5);
const P50_P10: Measure = ratio("p50-p10", "P50/P10", 0.5, 0.1);
const S80_S20: Measure = Measure::new("s80-s20", "S80/S20", Index::QuintileShareRatio);
const TOP_BOTTOM: Measure = Measure::new(
    "top20-bottom20",
    "Top 20 % / bottom 20 %",
    Index::TopBottomRatio {
        top: 0.2,
        bottom: 0.2,
    },
);
const PALMA: Measure = Measure::new(
    "palma",
    "Palma ratio",
    Index::TopBottomRatio {
        top: 0.1,
        bottom: 0.4,
    },
);

/// The declaration of `polarisation`.
pub(crate) const POLARISATION: Entry = Entry {
    id: "polarisation",
    summary: "Polarisation of regions: Wolfson's, and Esteban and Ray's",
    manual: manual!("\
**Question.** Do the regions fall apart into camps, beyond being unequal?

**Definition.** `wolfson` = (2 (1/2 - L(1/2)) - G) m / median with the Lorenz curve L, the Gini coefficient G, the mean m and the weighted median: how far the
middle has emptied. `variant = \"wolfson-1994\"` is twice that, the scale of the article of 1994. `esteban-ray` = sum over i, j of
p_i^(1 + a) p_j |m_i - m_j| / m with a = `alpha` between 0 and 1.6, the sensitivity to polarisation; at 0 it is twice the Gini coefficient. The poles i are the
regions, or the groups of `group` with their weighted means; p are shares of the weight. 0 = all equal. Zeros count as they are, unless the
median is zero, which leaves `wolfson` empty; a negative value is an error.

`esteban-ray` depends on what counts as a pole: over many small regions it falls with their number. `compare` is not offered with `group`.

**References.** Wolfson 1994, American Economic Review 84(2):353-358; Foster and Wolfson 2010, Journal of Economic Inequality 8:247-273; Esteban and Ray
1994, Econometrica 62:819-851.
"),
    params: index_params![
        Param::with_default(
            "variant",
            ParamKind::Choice(&["foster-wolfson", "wolfson-1994"]),
            "foster-wolfson",
            "the scale of Wolfson's index",
        ),
        Param::with_default(
            "alpha",
            ParamKind::Number { min: 0.0, max: 1.6 },
            "1",
            "sensitivity to polarisation of Esteban and Ray's index",
        ),
        Param::optional(
            "group",
            ParamKind::Expr,
            "a partition whose groups are the poles of Esteban and Ray's index; without it the regions",
        ),
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\n",
    build: polarisation,
    additive: Some(|p| panel_rows::polarisation(POLARISATION.id, p, polarisations(p))),
};

fn polarisation(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let group = params.text("group").map(str::to_owned);
    if group.is_some() && !params.texts("compare").is_empty() {
        return Err(ParamError::Combination {
            analysis: POLARISATION.id.to_owned(),
            reason: "`compare` works with the regions as poles, not with `group`".to_owned(),
        });
    }
    let mut indices = Indices::new(POLARISATION.id, params, polarisations(params).to_vec())?;
    indices.group = group;
    indices.kind = Kind::Panel {
        title: "Polarisation",
        drawn: &["wolfson", "wolfson-1994"],
    };
    Ok(Box::new(indices))
}

/// Wolfson's index, and Esteban and Ray's over regions or over groups.
fn polarisations(params: &Params) -> [Measure; 2] {
    let alpha = params.number("alpha").unwrap_or(1.0);
    let scale = match params.text("variant") {
        Some("wolfson-1994") => WolfsonScale::Wolfson1994,
        _ => WolfsonScale::FosterWolfson,
    };
    let what = match params.text("group") {
        Some(_) => What::Groups(alpha),
        None => What::Index(Index::EstebanRay(alpha)),
    };
    let esteban_ray = Measure::of_what("esteban-ray", "Esteban-Ray", Some(("alpha", alpha)), what);
    [wolfson(scale), esteban_ray]
}

const fn wolfson(scale: WolfsonScale) -> Measure {
    match scale {
        WolfsonScale::FosterWolfson => Measure::new("wolfson", "Wolfson", Index::Wolfson(scale)),
        WolfsonScale::Wolfson1994 => {
            Measure::new("wolfson-1994", "Wolfson (scale of 1994)", Index::Wolfson(scale))
        }
    }
}

/// The declaration of `concentration-index`.
pub(crate) const CONCENTRATION: Entry = Entry {
    id: "concentration-index",
    summary: "Concentration index: does a variable gather in the regions that are rich in another?",
    manual: manual!(without compare: "\
**Question.** Do patents (or doctors, or research) gather where income is high, and how much?

**Definition.** Regions stand in ascending order of `ranked_by`; regions that tie there share their weight. With F the cumulative share of the weight and m the
weighted mean of the value: C(v) = 1 - sum (x_i / m) ((1 - F before i)^v - (1 - F_i)^v) for v = `nu`. For `nu` = 2, the default, it is (2 / m) sum f x (R - 1/2) with
mid-ranks R: the area between the concentration curve and the diagonal, doubled. Positive where the value gathers at the upper end of
`ranked_by`, negative at the lower; at most the Gini coefficient of the value, which it is if both order the regions alike. Zeros count as they are; a
negative value is an error, a negative `ranked_by` is not.

`compare` and `linearised` are not offered here.

**References.** Kakwani 1977, Econometrica 45:719-727; Wagstaff 2002, Health Economics 11:677-690 (`nu`).
"),
    params: &[
        VALUE,
        Param::required(
            "ranked_by",
            ParamKind::Column,
            "the variable by which regions are ranked, such as GDP per head",
        ),
        WEIGHT,
        BY,
        VINTAGE,
        Param::with_default(
            "nu",
            ParamKind::Number { min: 1.0, max: 100.0 },
            "2",
            "weight of the lower end of the ranking",
        ),
        CI,
        REPLICATES,
        CONFIDENCE,
        SEED,
        STRATA,
    ],
    example: "value = \"pat_grant_inv_pc\"\nranked_by = \"gdp_pc\"\nweight = \"pop\"\n",
    build: |p| {
        Ok(Box::new(Indices::new(
            CONCENTRATION.id,
            p,
            vec![concentration(p).0],
        )?))
    },
    additive: Some(|p| panel_rows::concentration(CONCENTRATION.id, p, concentration(p))),
};

/// The index and its `nu`.
fn concentration(params: &Params) -> (Measure, f64) {
    let nu = params.number("nu").unwrap_or(2.0);
    let what = What::Concentration(nu);
    let measure = Measure::of_what(
        "concentration-index",
        "Concentration index",
        Some(("nu", nu)),
        what,
    );
    (measure, nu)
}
