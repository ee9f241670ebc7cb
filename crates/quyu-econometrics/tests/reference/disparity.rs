//! Reference cases of disparity indices, decompositions and inference.

use quyu_econometrics::disparity::*;
use quyu_testkit::reference::{Answer, Case, Check};
use serde_json::json;

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("cv_variants", cv_variants),
        ("ge2_ddof_additivity", ge_by_group),
        ("ge_subgroup_weighted_a0", ge_by_group),
        ("ge_subgroup_weighted_a1", ge_by_group),
        ("gini_finite_methods", gini_finite_methods),
        ("gini_unweighted_ties", gini_plain),
        ("gini_weight_scale_invariance", gini_weight_scale),
        ("gini_weighted_bias_corrected", gini_corrected),
        ("gini_weighted_counties", gini_plain),
        ("hoover_ricci_schutz", |case| {
            vec![Check::result("hoover", hoover(&case.numbers("x"), None))]
        }),
        ("lorenz_weighted", lorenz_weighted),
        ("oecd_theil_decomposition_formula", oecd_theil),
        ("theil_l_provinces", |case| {
            vec![Check::result("theil_l", mld(&case.numbers("x"), None))]
        }),
        ("theil_t_provinces", |case| {
            vec![Check::result("theil_t", theil_t(&case.numbers("x"), None))]
        }),
        ("theil_t_subgroup_zero_within", ge_by_group),
        ("theil_weighted_counties", theil_weighted),
        ("williamson_cv", |case| {
            vec![Check::result(
                "vw",
                williamson(&case.numbers("x"), &case.numbers("w")),
            )]
        }),
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
