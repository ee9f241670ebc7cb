//! Reference cases of disparity indices, decompositions and inference.

use quyu_econometrics::Matrix;
use quyu_econometrics::disparity::*;
use quyu_econometrics::inference::*;
use quyu_testkit::reference::{Answer, Case, Check};
use serde_json::json;

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("atkinson_subgroup_bda", atkinson_by_group),
        ("atkinson_subgroup_dp", atkinson_by_group),
        ("atkinson_zeros", atkinson_zeros),
        ("bootstrap_ci_fixed_replicates", bootstrap_intervals),
        ("coulter_dalton", coulter_dalton),
        ("cv_variants", cv_variants),
        ("fields_regression_based", regression_based),
        ("ge2_ddof_additivity", ge_by_group),
        ("ge_subgroup_weighted_a0", ge_by_group),
        ("ge_subgroup_weighted_a1", ge_by_group),
        ("gini_finite_methods", gini_finite_methods),
        ("gini_missing_values", gini_missing),
        ("gini_source_lerman_yitzhaki", lerman_yitzhaki),
        ("gini_subgroup_yitzhaki", yitzhaki),
        ("gini_unweighted_ties", gini_plain),
        ("gini_weight_scale_invariance", gini_weight_scale),
        ("gini_weighted_bias_corrected", gini_corrected),
        ("gini_weighted_counties", gini_plain),
        ("herfindahl_family", herfindahl_family),
        ("hoover_ricci_schutz", |case| {
            vec![Check::result("hoover", hoover(&case.numbers("x"), None))]
        }),
        ("igini_individual_components", individual),
        ("linearised_se_convey", linearised_errors),
        ("lorenz_weighted", lorenz_weighted),
        ("mld_nested_two_stage", mld_nested),
        ("oecd_theil_decomposition_formula", oecd_theil),
        ("permutation_exact_theil_between", exact_permutation),
        ("polarisation_esteban_ray", polarisation),
        ("reat_disp_panel", panel_of_indices),
        ("s_gini", extended_gini),
        ("shapley_sources_gini", shapley_gini),
        ("shorrocks_factor", shorrocks),
        ("theil_l_provinces", |case| {
            vec![Check::result("theil_l", mld(&case.numbers("x"), None))]
        }),
        ("theil_permutation_pvalue_panel", theil_permutation),
        ("theil_t_provinces", |case| {
            vec![Check::result("theil_t", theil_t(&case.numbers("x"), None))]
        }),
        ("theil_t_subgroup_mexico", mexico),
        ("theil_t_subgroup_zero_within", ge_by_group),
        ("theil_weighted_counties", theil_weighted),
        ("williamson_cv", |case| {
            vec![Check::result(
                "vw",
                williamson(&case.numbers("x"), &case.numbers("w")),
            )]
        }),
        ("wolfson_polarisation", wolfson_scales),
    ]
}

fn weights(case: &Case) -> Option<Vec<f64>> {
    (!case.input("w").is_null()).then(|| case.numbers("w"))
}

fn plain(x: &[f64], w: Option<&[f64]>) -> f64 {
    gini(x, w, &GiniOptions::default()).unwrap()
}

fn gini_plain(case: &Case) -> Vec<Check> {
    vec![Check::value(
        "gini",
        plain(&case.numbers("x"), weights(case).as_deref()),
    )]
}

fn with(correction: Correction) -> GiniOptions {
    GiniOptions {
        correction,
        ..Default::default()
    }
}

fn gini_corrected(case: &Case) -> Vec<Check> {
    let options = with(Correction::EffectiveSample);
    vec![Check::result(
        "gini",
        gini(&case.numbers("x"), weights(case).as_deref(), &options),
    )]
}

fn gini_weight_scale(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), case.numbers("w"));
    let scaled = |factor: f64| plain(&x, Some(&w.iter().map(|w| w * factor).collect::<Vec<_>>()));
    vec![Check::value(
        "gini",
        case.numbers("factors")
            .into_iter()
            .map(scaled)
            .collect::<Vec<_>>(),
    )]
}

fn gini_finite_methods(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), case.numbers("w"));
    let ours = plain(&x, Some(&w));
    let pairs = gini(&x, Some(&w), &with(Correction::WithoutSelf)).unwrap();
    vec![Check::value("method", [ours, ours, ours, pairs, ours])]
}

fn cv_variants(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let variant = |ddof, normalisation| {
        cv(
            &x,
            None,
            &CvOptions {
                ddof,
                normalisation,
                ..Default::default()
            },
        )
    };
    vec![
        Check::result("cv_ddof0", variant(0, Normalisation::None)),
        Check::result("cv_norm", variant(0, Normalisation::Maximum)),
        Check::result("cv_ddof1", variant(1, Normalisation::None)),
        Check::result("cv_norm_ddof0", variant(0, Normalisation::Reat)),
        Check::result("cv_norm_ddof1", variant(1, Normalisation::Reat)),
    ]
}

fn theil_weighted(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), weights(case));
    vec![
        Check::result("theil_t", theil_t(&x, w.as_deref())),
        Check::result("theil_l", mld(&x, w.as_deref())),
    ]
}

fn lorenz_weighted(case: &Case) -> Vec<Check> {
    let curve = lorenz(&case.numbers("x"), weights(case).as_deref()).unwrap();
    vec![
        Check::value("p", curve.cum_weight),
        Check::value("L", curve.cum_share),
    ]
}

/// Cases without `alpha` are about the index that their name says.
fn ge_by_group(case: &Case) -> Vec<Check> {
    let alpha = match case.id.as_str() {
        "ge2_ddof_additivity" => 2.0,
        "theil_t_subgroup_zero_within" => 1.0,
        _ => case.number("alpha"),
    };
    let (x, w) = (case.numbers("x"), weights(case));
    let (groups, names) = case.labels("group");
    let split = decompose_ge(&x, w.as_deref(), &groups, names.len(), alpha).unwrap();
    vec![
        Check::value("total", split.total),
        Check::value("within", split.within),
        Check::value("between", split.between),
    ]
}

fn oecd_theil(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let split = decompose_ge(&case.numbers("x"), None, &groups, names.len(), 1.0).unwrap();
    let reason = "the printed formula does not add up; documented, not offered";
    vec![
        Check::value("total", json!(split.total)),
        Check::value("exact_within", split.within),
        Check::value("exact_between", split.between),
        Check::differs("oecd_within_as_printed", reason),
        Check::differs("oecd_between_as_printed", reason),
    ]
}

fn atkinson_by_group(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let (x, w) = (case.numbers("x"), weights(case));
    let split = decompose_atkinson(&x, w.as_deref(), &groups, names.len(), case.number("epsilon")).unwrap();
    let total = Check::value("total", split.total);
    if case.id == "atkinson_subgroup_dp" {
        let parts = split.das_parikh.unwrap();
        return vec![
            total,
            Check::value("within", parts.within),
            Check::value("between", parts.between),
            Check::value("residual", parts.residual),
        ];
    }
    vec![
        total,
        Check::value("within", split.means.within),
        Check::value("between", split.means.between),
        Check::value("cross", split.means.cross),
        Check::value("within_ede", split.ede.within),
        Check::value("between_ede", split.ede.between),
    ]
}

fn atkinson_zeros(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let values: Vec<f64> = case
        .numbers("epsilon")
        .iter()
        .map(|epsilon| atkinson(&x, None, *epsilon).unwrap())
        .collect();
    vec![Check::value("atkinson", values)]
}

fn bootstrap_intervals(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let table = case.table(case.input("index_file").as_str().unwrap());
    let rows: Vec<usize> = table
        .rows
        .iter()
        .flatten()
        .map(|cell| cell.parse().unwrap())
        .collect();
    let statistic = |rows: &[usize]| {
        gini(
            &rows.iter().map(|i| x[*i]).collect::<Vec<_>>(),
            None,
            &GiniOptions::default(),
        )
    };
    let result = bootstrap_given(x.len(), &rows, statistic).unwrap();
    let jack = jackknife_index(&x, None, Index::Gini(GiniOptions::default())).unwrap();
    let levels: Vec<f64> = case
        .expected("conf")
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect();
    let rule = QuantileRule::Normal;
    let of = |f: &dyn Fn(f64) -> Interval| {
        levels
            .iter()
            .map(|level| f(*level))
            .map(|i| [i.low, i.high])
            .collect::<Vec<_>>()
    };
    let bca = |centre| of(&|level| result.bca(&jack, level, rule, centre).unwrap());
    vec![
        Check::value("t0", result.estimate),
        Check::value("replicates", &result.replicates),
        Check::value("conf", &levels),
        Check::value("z0", result.bias_correction().unwrap()),
        Check::value("normal", of(&|level| result.normal(level).unwrap())),
        Check::value("basic", of(&|level| result.basic(level, rule).unwrap())),
        Check::value("percentile", of(&|level| result.percentile(level, rule).unwrap())),
        Check::value("a", jack.acceleration(Acceleration::Estimate).unwrap()),
        Check::value("bca", bca(Acceleration::Estimate)),
        Check::value(
            "a_jackknife_mean",
            jack.acceleration(Acceleration::JackknifeMean).unwrap(),
        ),
        Check::value("bca_jackknife_mean", bca(Acceleration::JackknifeMean)),
    ]
}

fn coulter_dalton(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), weights(case));
    vec![
        Check::result("coulter_unweighted", coulter(&x, None)),
        Check::result("coulter_weighted", coulter(&x, w.as_deref())),
        Check::result("dalton", dalton(&x, None)),
    ]
}

/// Columns of a table side by side, row-major.
fn columns(case: &Case, names: &[String]) -> (Vec<f64>, usize) {
    let columns: Vec<Vec<f64>> = names.iter().map(|name| case.column(name)).collect();
    let rows = columns[0].len();
    (
        (0..rows)
            .flat_map(|i| columns.iter().map(move |c| c[i]))
            .collect(),
        rows,
    )
}

fn regression_based(case: &Case) -> Vec<Check> {
    let (gdp, pop) = (case.numbers("y"), case.numbers("w"));
    let log: Vec<f64> = gdp.iter().map(|v| quyu_math::ln(*v)).collect();
    let (region, names) = quyu_testkit::reference::labels(&case.text_column("region"));
    let (numeric, rows) = columns(case, &["edu".into(), "rd".into()]);
    // One dummy for every level but the first.
    let dummy = |i: usize, level: usize| f64::from(u8::from(region[i] == level));
    let design: Vec<f64> = (0..rows)
        .flat_map(|i| {
            let own = numeric[2 * i..2 * i + 2].to_vec();
            own.into_iter()
                .chain((1..names.len()).map(move |level| dummy(i, level)))
        })
        .collect();
    let cols = 1 + names.len();
    let terms: Vec<usize> = (0..cols).map(|j| j.min(2)).collect();
    let split = fields(
        &log,
        Matrix::new(&design, rows, cols).unwrap(),
        &terms,
        3,
        Some(&pop),
    )
    .unwrap();
    let shares: Vec<f64> = split.shares.iter().copied().chain([split.residual]).collect();
    let w = Some(pop.as_slice());
    vec![
        Check::value("terms", ["edu", "rd", "region", "residual"]),
        Check::value("share", shares),
        Check::value(
            "inequality",
            json!({
                "gini": plain(&gdp, w),
                "mld": mld(&gdp, w).unwrap(),
                "theil": theil_t(&gdp, w).unwrap(),
                "variance_logincome": variance_of_logs(&gdp, w, LogCentre::MeanOfLogs).unwrap(),
            }),
        ),
    ]
}

fn gini_missing(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), case.numbers("w"));
    let weighted = drop_missing(&x, Some(&w)).unwrap();
    let alone = drop_missing(&x, None).unwrap();
    vec![
        Check::result("default", gini(&x, Some(&w), &GiniOptions::default())),
        Check::value("gini_weighted", plain(&weighted.x, weighted.w.as_deref())),
        Check::value("dropped_weighted", weighted.dropped.len()),
        Check::value("gini_unweighted", plain(&alone.x, None)),
        Check::value("dropped_unweighted", alone.dropped.len()),
    ]
}

fn lerman_yitzhaki(case: &Case) -> Vec<Check> {
    let names: Vec<String> = case
        .expected("source")
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect();
    let (data, rows) = columns(case, &names);
    let sources = Matrix::new(&data, rows, names.len()).unwrap();
    let split = gini_by_source(sources, weights(case).as_deref()).unwrap();
    let each = |f: &dyn Fn(&GiniSource) -> f64| split.sources.iter().map(f).collect::<Vec<_>>();
    vec![
        Check::value("source", names),
        Check::value("share", each(&|s| s.share)),
        Check::value("gini", each(&|s| s.gini.unwrap())),
        Check::value("gini_corr", each(&|s| s.correlation.unwrap())),
        Check::value("absolute", each(&|s| s.absolute)),
        Check::value("relative", each(&|s| s.relative.unwrap())),
        Check::value("elasticity", each(&|s| s.elasticity.unwrap())),
        Check::value("marginal", each(&|s| s.marginal.unwrap())),
    ]
}

fn yitzhaki(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let split =
        decompose_gini_yitzhaki(&case.numbers("x"), weights(case).as_deref(), &groups, names.len()).unwrap();
    vec![
        Check::value("total", split.total),
        Check::value("within", split.within),
        Check::value("between", split.between),
        Check::value("stratification", split.stratification),
    ]
}

fn herfindahl_family(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let index = herfindahl(&x).unwrap();
    vec![
        Check::value("hhi", index.hhi),
        Check::value("hhi_norm", index.normalised),
        Check::value("equivalent", index.equivalent),
        Check::result("herfindahl_m2", generalised_herfindahl(&x, case.number("m"))),
        Check::result("rosenbluth", rosenbluth(&x)),
    ]
}

fn individual(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let parts = individual_gini(&case.numbers("x"), weights(case).as_deref(), &groups, names.len()).unwrap();
    vec![
        Check::value("g", parts.g),
        Check::value("between", parts.between),
        Check::value("within", parts.within),
        Check::value("total", parts.total),
    ]
}

fn linearised_errors(case: &Case) -> Vec<Check> {
    let (a, b) = (case.numbers("gini_x"), case.numbers("ge_x"));
    let of = |x: &[f64], index| linearised(x, None, index, GiniLinearisation::Convey).unwrap();
    let mut checks = Vec::new();
    for (name, result) in [
        ("gini", of(&a, Index::Gini(GiniOptions::default()))),
        ("theil_t", of(&b, Index::TheilT)),
        ("mld", of(&b, Index::Mld)),
        ("atkinson", of(&b, Index::Atkinson(0.5))),
    ] {
        checks.push(Check::value(name, result.estimate));
        checks.push(Check::value(&format!("{name}_se"), result.std_error));
    }
    checks
}

fn mld_nested(case: &Case) -> Vec<Check> {
    let ((regions, r), (provinces, p)) = (case.labels("level1"), case.labels("level2"));
    let (y, pop) = (case.numbers("y"), case.numbers("pop"));
    let split = decompose_nested(&y, Some(&pop), &regions, r.len(), &provinces, p.len(), 0.0).unwrap();
    vec![
        Check::value("total", split.total),
        Check::value("between_regions", split.between_regions),
        Check::value("between_provinces_within_regions", split.between_provinces),
        Check::value("within_provinces", split.within_provinces),
    ]
}

fn exact_permutation(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let options = PermutationOptions {
        alternative: Alternative::Greater,
        ..Default::default()
    };
    let test = between_test(&case.numbers("x"), None, &groups, names.len(), 1.0, &options).unwrap();
    assert!(test.exact);
    vec![
        Check::value("observed", test.observed),
        Check::value("n_permutations", test.values.len()),
        Check::value("p_ge", test.p_value),
        Check::value("all", test.values),
    ]
}

fn polarisation(case: &Case) -> Vec<Check> {
    let p = esteban_ray(
        &case.numbers("mean"),
        &case.numbers("share"),
        case.number("alpha"),
    )
    .unwrap();
    vec![Check::value("P", p), Check::value("raw", p)]
}

fn panel_of_indices(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), case.numbers("w"));
    let weighted = Some(w.as_slice());
    let corrected = with(Correction::EffectiveSample);
    let shares = herfindahl(&x).unwrap();
    let variation = |w, normalisation| {
        cv(
            &x,
            w,
            &CvOptions {
                normalisation,
                ..Default::default()
            },
        )
        .unwrap()
    };
    let mean = |w: Option<&[f64]>| {
        let weight = |i: usize| w.map_or(1.0, |w| w[i]);
        let [total, moment] = quyu_math::sums_by(x.len(), |i| [weight(i), weight(i) * x[i]]);
        moment / total
    };
    vec![
        Check::value("gini", plain(&x, None)),
        Check::result("gini_effective_sample", gini(&x, None, &corrected)),
        Check::value("gini_weighted", plain(&x, weighted)),
        Check::result("gini_weighted_effective_sample", gini(&x, weighted, &corrected)),
        Check::value("hhi", shares.hhi),
        Check::value("hhi_norm", shares.normalised),
        Check::value("hhi_equivalent", shares.equivalent),
        Check::result("hoover", hoover(&x, None)),
        Check::result("hoover_weighted", hoover(&x, weighted)),
        Check::result("theil_t", theil_t(&x, None)),
        Check::result("theil_t_weighted", theil_t(&x, weighted)),
        Check::result("mld", mld(&x, None)),
        Check::result("mld_weighted", mld(&x, weighted)),
        Check::result("coulter_weighted", coulter(&x, weighted)),
        Check::result("atkinson_0p5", atkinson(&x, None, 0.5)),
        Check::result("dalton", dalton(&x, None)),
        Check::value("sd", variation(None, Normalisation::None) * mean(None)),
        Check::value(
            "sd_weighted",
            variation(weighted, Normalisation::None) * mean(weighted),
        ),
        Check::value("cv", variation(None, Normalisation::None)),
        Check::value("cv_norm", variation(None, Normalisation::Maximum)),
        Check::result("williamson", williamson(&x, &w)),
    ]
}

fn extended_gini(case: &Case) -> Vec<Check> {
    let (x, w) = (case.numbers("x"), weights(case));
    let values: Vec<f64> = case
        .numbers("nu")
        .iter()
        .map(|nu| s_gini(&x, w.as_deref(), *nu).unwrap())
        .collect();
    vec![Check::value("sgini", values)]
}

fn shapley_gini(case: &Case) -> Vec<Check> {
    let names = case.texts("sources");
    let (data, rows) = columns(case, &names);
    let sources = Matrix::new(&data, rows, names.len()).unwrap();
    // Rents may be losses, so a coalition of sources may be negative for some.
    let allow = GiniOptions {
        negative: Negative::Allow,
        ..Default::default()
    };
    let phi = |absent| shapley_sources(sources, None, absent, |x, w| gini(x, w, &allow)).unwrap();
    let totals: Vec<f64> = (0..rows).map(|i| quyu_math::sum(sources.row(i))).collect();
    vec![
        Check::value("source", &names),
        Check::value("phi_zero", phi(Absent::Zero)),
        Check::value("phi_mean", phi(Absent::Mean)),
        Check::result("total", gini(&totals, None, &allow)),
    ]
}

fn shorrocks(case: &Case) -> Vec<Check> {
    let names = case.texts("sources");
    let (data, rows) = columns(case, &names);
    let shares = shorrocks_shares(Matrix::new(&data, rows, names.len()).unwrap(), None).unwrap();
    vec![Check::value("source", &names), Check::value("s", shares)]
}

fn theil_permutation(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let options = PermutationOptions {
        permutations: case.number("permutations") as usize,
        alternative: Alternative::Greater,
        ..Default::default()
    };
    let p = |column: String| {
        between_test(&case.column(&column), None, &groups, names.len(), 1.0, &options)
            .unwrap()
            .p_value
    };
    vec![Check::value(
        "p",
        case.texts("columns").into_iter().map(p).collect::<Vec<_>>(),
    )]
}

fn mexico(case: &Case) -> Vec<Check> {
    let (groups, names) = case.labels("group");
    let x = case.numbers("x");
    let split = decompose_ge(&x, None, &groups, names.len(), 1.0).unwrap();
    let by_name = |f: &dyn Fn(&GeGroup) -> f64| {
        let id = |name: &str| name.parse::<f64>().unwrap().to_string();
        let pairs = names
            .iter()
            .zip(&split.groups)
            .map(|(name, group)| (id(name), json!(f(group))));
        serde_json::Value::Object(pairs.collect())
    };
    vec![
        Check::value("total", split.total),
        Check::value("within", split.within),
        Check::value("between", split.between),
        Check::result(
            "between_max_elmo",
            max_between_ge(&x, None, &groups, names.len(), 1.0),
        ),
        Check::value("group_theil", by_name(&|g| g.index.unwrap())),
        Check::value("group_contrib", by_name(&|g| g.within)),
    ]
}

fn wolfson_scales(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    vec![
        Check::result("wolfson", wolfson(&x, None, WolfsonScale::FosterWolfson)),
        Check::result("wolfson_1994", wolfson(&x, None, WolfsonScale::Wolfson1994)),
    ]
}
