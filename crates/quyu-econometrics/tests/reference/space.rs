//! Reference cases of spatial statistics.

use quyu_econometrics::inference::{PermutationOptions, PermutationTest};
use quyu_econometrics::space::*;
use quyu_testkit::reference::{Answer, Case, Check};
use serde_json::{Map, Value, json};

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("geary_global_columbus", geary_global),
        ("geary_global_us", geary_global),
        ("getis_ord_g_columbus", getis_ord_g),
        ("getis_ord_local_us", getis_ord_local),
        ("join_counts", joins),
        ("moran_bivariate", bivariate),
        ("moran_island", island),
        ("moran_permutation", permutation),
        ("weight_styles", styles),
    ]
}

/// The weights of the case in the style that it names.
fn weights(case: &Case, units: usize) -> Weights {
    let table = case.table(case.input("weights").as_str().unwrap());
    let links: Vec<(usize, usize, f64)> = table
        .rows
        .iter()
        .map(|row| {
            (
                row[0].parse().unwrap(),
                row[1].parse().unwrap(),
                row[2].parse().unwrap(),
            )
        })
        .collect();
    let weights = Weights::new(units, &links).unwrap();
    match case.input("style").as_str() {
        Some("row-standardised") => weights.styled(Style::Row).unwrap(),
        Some("binary") => weights.styled(Style::Binary).unwrap(),
        _ => weights,
    }
}

/// Keys that a case may hold, answered where it holds them.
fn present(case: &Case, answers: Vec<(&str, Value)>) -> Vec<Check> {
    let held = |key: &str| !case.expected(key).is_null();
    answers
        .into_iter()
        .filter(|(key, _)| held(key))
        .map(|(key, value)| Check::value(key, value))
        .collect()
}

fn geary_global(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let found = geary(&x, &weights(case, x.len()), Islands::Drop).unwrap();
    let (normal, random) = (found.normality.unwrap(), found.randomisation.unwrap());
    vec![
        Check::value("C", found.estimate),
        Check::value("EC", found.expected),
        Check::value("VC_norm", normal.variance),
        Check::value("z_norm", normal.z),
        Check::value("VC_rand", random.variance),
        Check::value("z_rand", random.z),
    ]
}

fn getis_ord_g(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let found = general_g(&x, &weights(case, x.len()), Islands::Drop).unwrap();
    let random = found.randomisation.unwrap();
    vec![
        Check::value("G", found.estimate),
        Check::value("EG", found.expected),
        Check::value("VG", random.variance),
        Check::value("z", random.z),
    ]
}

fn getis_ord_local(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let w = weights(case, x.len());
    vec![
        Check::value("Gi", local_g(&x, &w, LocalG::Gi).unwrap()),
        Check::value("Gi_star", local_g(&x, &w, LocalG::GiStar(1.0)).unwrap()),
    ]
}

fn joins(case: &Case) -> Vec<Check> {
    let marked: Vec<bool> = case.numbers("y").iter().map(|y| *y == 1.0).collect();
    let found = join_counts(&marked, &weights(case, marked.len())).unwrap();
    vec![
        Check::value("BB", found.both.count),
        Check::value("WW", found.neither.count),
        Check::value("BW", found.one.count),
        Check::value("J", found.total),
    ]
}

fn bivariate(case: &Case) -> Vec<Check> {
    let (x, y) = (case.numbers("x"), case.numbers("y"));
    let found = moran_bivariate(&x, &y, &weights(case, x.len()), Islands::Drop);
    vec![Check::result("I", found)]
}

fn island(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let w = weights(case, x.len());
    let dropped = moran(&x, &w, Islands::Drop).unwrap();
    let kept = moran(&x, &w, Islands::Keep).unwrap();
    vec![
        Check::value("I", dropped.estimate),
        Check::value("EI", dropped.expected),
        Check::value("VI_rand", dropped.randomisation.unwrap().variance),
        Check::value("I_keep", kept.estimate),
        Check::value("EI_keep", kept.expected),
        Check::value("VI_rand_keep", kept.randomisation.unwrap().variance),
    ]
}

fn permutation(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let options = PermutationOptions {
        permutations: case.number("permutations") as usize,
        ..Default::default()
    };
    let found: PermutationTest = moran_test(&x, &weights(case, x.len()), Islands::Drop, &options).unwrap();
    vec![
        Check::value("p_greater", found.greater),
        Check::value("p_less", found.less),
        Check::value("p_two_sided", found.two_sided),
        Check::value("EI_sim", found.mean),
        Check::value("seI_sim", found.std_dev),
        Check::value("z_sim", found.z.unwrap()),
    ]
}

fn styles(case: &Case) -> Vec<Check> {
    let x = case.numbers("x");
    let raw = weights(case, x.len());
    let letters = [
        ("W", Style::Row),
        ("B", Style::Binary),
        ("C", Style::Global),
        ("U", Style::Unit),
        ("S", Style::VarianceStabilising),
    ];
    let answer = |style| {
        let w = raw.styled(style).unwrap();
        let found = moran(&x, &w, Islands::Drop).unwrap();
        let s0: f64 = w.row_sums().iter().sum();
        json!({ "I": found.estimate, "V_rand": found.randomisation.unwrap().variance, "S0": s0 })
    };
    let answers: Map<String, Value> = letters
        .into_iter()
        .map(|(letter, style)| (letter.to_owned(), answer(style)))
        .collect();
    present(
        case,
        answers
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()))
            .collect(),
    )
}
