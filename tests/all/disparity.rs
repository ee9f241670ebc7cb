//! Indices of disparity on the toy data: values worked by hand, inference, and what is refused.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{AnalysisError, Batch, Findings, NoteKind, ParamValue, Params, Values};

use crate::packages::{toy, toy_study};

fn params(id: &str, given: &[(&str, &str)]) -> Params {
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = given
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    Params::check(id, entry.params, &given).unwrap()
}

fn try_run(id: &str, focus: Option<&str>, given: &[(&str, &str)]) -> Result<Findings, AnalysisError> {
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    (entry.build)(&params(id, given))?.run(&toy_study(&toy(), focus), &())
}

fn run(id: &str, focus: Option<&str>, given: &[(&str, &str)]) -> Findings {
    try_run(id, focus, given).unwrap()
}

/// The cell of the one row whose cells are as given.
fn cell(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> Cell {
    let table = findings.table(table).unwrap();
    let text = |cell: &Cell| match cell {
        Cell::Text(t) => t.clone(),
        Cell::Integer(i) => i.to_string(),
        _ => String::new(),
    };
    let fits = |row: &usize| {
        keys.iter()
            .all(|(c, v)| text(table.cell(*row, *c).unwrap()) == *v)
    };
    let rows: Vec<usize> = (0..table.rows.len()).filter(fits).collect();
    assert_eq!(rows.len(), 1, "{keys:?}");
    table.cell(rows[0], column).unwrap().clone()
}

fn number(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> f64 {
    cell(findings, table, column, keys).number().unwrap()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
        "{found}, by hand {expected}"
    );
}

const WEIGHTED: &[(&str, &str)] = &[("value", "gdp_pc"), ("weight", "pop")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [WEIGHTED, more].concat()
}

/// Statistic, value of 2010, value of 2020: `datasets/toy/README.md`.
fn by_hand() -> Vec<(&'static str, f64, f64)> {
    let (ln2, root) = (std::f64::consts::LN_2, 2.0_f64.sqrt());
    vec![
        ("gini", 7.0 / 25.0, 38.0 / 75.0),
        ("generalised-gini(3)", 48.0 / 125.0, 704.0 / 1125.0),
        ("ge(-1)", 3.0 / 20.0, 11.0 / 20.0),
        ("ge(2)", 3.0 / 20.0, 29.0 / 40.0),
        (
            "atkinson(0.5)",
            (13.0 - 8.0 * root) / 25.0,
            (14.0 - 6.0 * root) / 25.0,
        ),
        (
            "atkinson(1)",
            1.0 - quyu_math::pow(2.0, -0.2),
            1.0 - quyu_math::pow(2.0, -2.0 / 3.0),
        ),
        ("atkinson(2)", 3.0 / 13.0, 11.0 / 21.0),
        (
            "variance-of-logs",
            14.0 / 25.0 * ln2 * ln2,
            14.0 / 9.0 * ln2 * ln2,
        ),
        ("coulter", (1.0_f64 / 60.0).sqrt(), (1.0_f64 / 18.0).sqrt()),
        ("p90-p10", 4.0, 16.0),
        ("s80-s20", 4.0, 16.0),
        ("top20-bottom20", 4.0, 12.0),
        ("palma", 1.0, 3.0),
        ("wolfson", 3.0 / 25.0, 19.0 / 75.0),
    ]
}

fn both_years(findings: &Findings, table: &str, statistic: &str, values: [f64; 2]) {
    for (year, value) in ["2010", "2020"].into_iter().zip(values) {
        let keys = [(C::Year, year), (C::Statistic, statistic)];
        close(number(findings, table, C::Estimate, &keys), value);
    }
}

#[test]
fn the_panel_has_the_values_worked_by_hand() {
    let findings = run("disparity", None, WEIGHTED);
    for (statistic, first, last) in by_hand() {
        both_years(&findings, "disparity", statistic, [first, last]);
    }
    assert_eq!(findings.table("disparity").unwrap().rows.len(), 18 * 2);
}

#[test]
fn each_index_by_itself_is_that_of_the_panel() {
    let single = [
        ("ge", ("alpha", "-1"), "ge(-1)"),
        ("ge", ("alpha", "2"), "ge(2)"),
        ("atkinson", ("epsilon", "0.5"), "atkinson(0.5)"),
        ("atkinson", ("epsilon", "1"), "atkinson(1)"),
        ("atkinson", ("epsilon", "2"), "atkinson(2)"),
        ("generalised-gini", ("nu", "3"), "generalised-gini(3)"),
        (
            "variance-of-logs",
            ("variant", "variance-of-logs"),
            "variance-of-logs",
        ),
        ("coulter", ("by", "year"), "coulter"),
        ("quantile-ratios", ("by", "year"), "palma"),
        ("quantile-ratios", ("by", "year"), "s80-s20"),
        ("polarisation", ("alpha", "1"), "wolfson"),
    ];
    for (id, own, statistic) in single {
        let (_, first, last) = by_hand().into_iter().find(|(s, ..)| *s == statistic).unwrap();
        both_years(&run(id, None, &with(&[own])), id, statistic, [first, last]);
    }
    let ln2 = std::f64::consts::LN_2;
    let logs = run(
        "variance-of-logs",
        None,
        &with(&[("variant", "logarithmic-variance")]),
    );
    both_years(
        &logs,
        "variance-of-logs",
        "logarithmic-variance",
        [0.6 * ln2 * ln2, 2.0 * ln2 * ln2],
    );
    let ratios = run("quantile-ratios", None, WEIGHTED);
    both_years(&ratios, "quantile-ratios", "p90-p50", [2.0, 8.0]);
    both_years(&ratios, "quantile-ratios", "p50-p10", [2.0, 2.0]);
}

#[test]
fn polarisation_concentration_and_kolm_are_the_ones_worked_by_hand() {
    let of = |year| [(C::Year, year)];
    let regions = run("polarisation", None, WEIGHTED);
    let keys = [(C::Year, "2010"), (C::Statistic, "esteban-ray(1)")];
    close(number(&regions, "polarisation", C::Estimate, &keys), 14.0 / 225.0);
    // North 1/3 of the people at twice the mean, south 2/3 at half of it: (1/9 x 2/3 + 4/9 x 1/3) x 3/2.
    let halves = run("polarisation", None, &with(&[("group", "halves")]));
    both_years(&halves, "polarisation", "esteban-ray(1)", [0.0, 1.0 / 3.0]);
    let patents = run(
        "concentration-index",
        None,
        &[
            ("value", "pat_grant_inv_pc"),
            ("ranked_by", "gdp_pc"),
            ("weight", "pop"),
        ],
    );
    close(
        number(&patents, "concentration-index", C::Estimate, &of("2020")),
        104.0 / 225.0,
    );
    let alpha = (std::f64::consts::LN_2 / 10_000.0).to_string();
    let kolm = run("kolm", None, &with(&[("alpha", &alpha)]));
    close(
        number(&kolm, "kolm", C::Estimate, &of("2010")),
        10_000.0 * quyu_math::log2(1.25),
    );
    let unit = |t: &quyu_core::Table| t.columns[t.position(C::Estimate).unwrap()].unit.clone();
    assert_ne!(unit(kolm.table("kolm").unwrap()).as_deref(), Some("1"));
}

#[test]
fn shares_are_concentrated_as_worked_by_hand() {
    let findings = run("herfindahl", None, &[("value", "gdp"), ("alpha", "2")]);
    let ln = quyu_math::ln;
    let entropy = ln(30.0) - 28.0 / 15.0 * ln(2.0);
    for (statistic, value) in [
        ("hhi", 13.0 / 90.0),
        ("hhi-normalised", 4.0 / 81.0),
        ("hhi-equivalent", 90.0 / 13.0),
        ("hannah-kay(2)", 90.0 / 13.0),
        ("rosenbluth", 3.0 / 20.0),
        ("entropy", entropy),
        ("entropy-relative", entropy / ln(10.0)),
        ("entropy-equivalent", quyu_math::exp(entropy)),
    ] {
        let keys = [(C::Year, "2010"), (C::Statistic, statistic)];
        close(number(&findings, "herfindahl", C::Estimate, &keys), value);
    }
    let keys = [(C::Year, "2020"), (C::Statistic, "hhi")];
    close(number(&findings, "herfindahl", C::Estimate, &keys), 8.0 / 45.0);
    let one = run("herfindahl", Some("TOY:A"), &[("value", "gdp")]);
    let keys = [(C::Year, "2020"), (C::Statistic, "hhi-normalised")];
    assert_eq!(cell(&one, "herfindahl", C::Estimate, &keys), Cell::Missing);
    assert!(one.notes.iter().any(|n| n.text.contains("0 / 0 for one region")));
}

#[test]
fn the_jackknife_and_the_exact_test_are_the_ones_worked_by_hand() {
    // 10, 20, 40: Gini 2/7; without one of them 1/6, 3/10, 1/6.
    let given = [("value", "gdp_pc"), ("ci", "jackknife")];
    let findings = run("gini", Some("TOY:A TOY:C TOY:E"), &given);
    let of = |column| number(&findings, "gini", column, &[(C::Year, "2010")]);
    close(of(C::Estimate), 2.0 / 7.0);
    close(of(C::StdError), 4.0 / 45.0);
    let half = quyu_math::normal_quantile(0.975) * 4.0 / 45.0;
    close(of(C::ConfLow), 2.0 / 7.0 - half);
    close(of(C::ConfHigh), 2.0 / 7.0 + half);
    // A and D: 10 and 20, then 20 and 160: four exchanges with differences 2/9, -2/9, 10/77, -10/77.
    let compare = [
        ("value", "gdp_pc"),
        ("compare", "2010, 2020"),
        ("test", "permutation"),
    ];
    for (alternative, p) in [("two-sided", 0.5), ("greater", 0.25), ("less", 1.0)] {
        let given = [&compare[..], &[("alternative", alternative)]].concat();
        let findings = run("gini", Some("TOY:A TOY:D"), &given);
        let of = |component, column| number(&findings, "difference", column, &[(C::Component, component)]);
        close(of("first", C::Estimate), 1.0 / 6.0);
        close(of("second", C::Estimate), 7.0 / 18.0);
        close(of("difference", C::Estimate), 2.0 / 9.0);
        close(of("difference", C::PValue), p);
    }
}

#[test]
fn every_interval_stands_beside_the_note_on_the_population() {
    for ci in [
        "percentile",
        "basic",
        "bca",
        "studentised",
        "jackknife",
        "linearised",
    ] {
        let more = [("ci", ci), ("replicates", "99"), ("compare", "2010, 2020")];
        let findings = run("theil", None, &with(&more));
        for (table, keys) in [
            ("theil", [(C::Year, "2020")]),
            ("difference", [(C::Component, "difference")]),
        ] {
            let of = |column| number(&findings, table, column, &keys);
            assert!(of(C::StdError) > 0.0, "{ci}");
            assert!(of(C::ConfLow) < of(C::ConfHigh), "{ci}");
        }
        let said = |n: &quyu_core::Note| {
            n.kind == NoteKind::Method && n.text.starts_with("Regions are the population, not a sample")
        };
        assert_eq!(findings.notes.iter().filter(|n| said(n)).count(), 1, "{ci}");
    }
    let plain = run("theil", None, WEIGHTED);
    assert!(plain.table("theil").unwrap().position(C::StdError).is_none());
    assert!(plain.table("difference").is_none());
}

#[test]
fn a_seed_is_an_answer_for_any_number_of_threads() {
    let more = [
        ("ci", "bca"),
        ("replicates", "199"),
        ("compare", "2010, 2020"),
        ("test", "permutation"),
        ("permutations", "199"),
        ("strata", "halves"),
    ];
    let on = |threads: usize, seed: &str| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run("gini", None, &[&with(&more)[..], &[("seed", seed)]].concat()))
    };
    let one = on(1, "7");
    assert_eq!(one, on(2, "7"));
    assert_eq!(one, on(8, "7"));
    let error = |f: &Findings| number(f, "gini", C::StdError, &[(C::Year, "2020")]);
    assert_ne!(error(&one), error(&on(2, "8")));
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let refused = |id: &str, focus: Option<&str>, given: &[(&str, &str)]| {
        try_run(id, focus, given)
            .map(|_| "it ran")
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(refused("hoover", None, &with(&[("ci", "linearised")])), @r#"`hoover`: there is no linearised standard error of the Hoover index: ask for `ci = "jackknife"`"#);
    insta::assert_snapshot!(refused("gini", None, &with(&[("strata", "halves")])), @"`gini`: `strata` says where a bootstrap draws and needs `ci` to be a bootstrap interval");
    insta::assert_snapshot!(refused("gini", None, &with(&[("test", "permutation")])), @"`gini`: `test` is of a difference and needs `compare`: two years or two sets");
    insta::assert_snapshot!(refused("gini", None, &with(&[("compare", "2010")])), @"`gini`: `compare` takes two years or two sets, not 1 names");
    insta::assert_snapshot!(refused("gini", None, &with(&[("compare", "2010, toy:pair")])), @"`gini`: `compare` takes two years or two sets, not one of each");
    insta::assert_snapshot!(refused("gini", None, &with(&[("compare", "2010, 2015")])), @"`gini`: there are no figures for 2015");
    insta::assert_snapshot!(refused("gini", None, &with(&[("compare", "toy:all, toy:pair")])), @"`gini`: All ten regions and Two regions of the north share Dorania: sets that are compared must not");
    insta::assert_snapshot!(refused("gini", Some("TOY:A"), &with(&[("ci", "jackknife")])), @"`gini`: a standard error needs at least two regions, and Test has only TOY:A");
    insta::assert_snapshot!(refused("herfindahl", None, &[("value", "gdp_pc")]), @"`herfindahl`: `gdp_pc` does not add up over regions, so it has no shares: take an indicator that does");
    insta::assert_snapshot!(refused("polarisation", None, &with(&[("group", "halves"), ("compare", "2010, 2020")])), @"`polarisation`: `compare` works with the regions as poles, not with `group`");
}

#[test]
fn zeros_and_negatives_name_their_region() {
    let refused = |id: &str, first: &str| {
        let atlas = crate::loader::edited(crate::loader::GDP, |text| {
            text.lines()
                .map(|l| match l.starts_with("B,2020,gdp_pc,") {
                    true => format!(
                        "B,2020,gdp_pc,,toy,{first},{}\n",
                        l.splitn(7, ',').nth(6).unwrap()
                    ),
                    false => format!("{l}\n"),
                })
                .collect()
        });
        let study = toy_study(&std::sync::Arc::new(atlas.unwrap()), None);
        let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
        (entry.build)(&params(id, WEIGHTED)).unwrap().run(&study, &())
    };
    for id in ["mld", "gini", "disparity"] {
        let error = refused(id, "-1").unwrap_err().to_string();
        assert!(
            error.contains("(at TOY:B)") && error.contains("negative"),
            "{error}"
        );
    }
    let error = refused("mld", "0").unwrap_err().to_string();
    assert!(error.contains("(at TOY:B)") && error.contains("zero"), "{error}");
    let panel = refused("disparity", "0").unwrap();
    let keys = [(C::Year, "2020"), (C::Statistic, "mld")];
    assert_eq!(cell(&panel, "disparity", C::Estimate, &keys), Cell::Missing);
    let note = panel.notes.iter().find(|n| n.kind == NoteKind::Zero).unwrap();
    assert!(note.text.contains("TOY:B is zero"), "{}", note.text);
}

#[test]
fn a_stream_names_the_region_that_it_refuses() {
    let push = |id: &str, x: f64| {
        let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
        let mut stream = entry.additive.unwrap()(&params(id, &[("value", "gdp_pc")])).unwrap();
        let values = [1.0, x];
        let columns = vec![
            Values::Labels(&["2020", "2020"]),
            Values::Labels(&["TOY:A", "TOY:B"]),
            Values::Numbers(&values),
        ];
        stream
            .push(&Batch::new(columns).unwrap())
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(push("mld", 0.0), @"`mld`: Theil L (mean log deviation): the value of TOY:B in 2020 is zero, where the index is not defined");
    insta::assert_snapshot!(push("theil", -2.0), @"`theil`: Theil T: the value of TOY:B in 2020 is negative (-2)");
    insta::assert_snapshot!(push("cv", f64::NAN), @"`cv`: a figure of TOY:B in 2020 is not a finite number");
    let entry = quyu_catalog::registry().unwrap().get("theil").unwrap();
    let refused = entry.additive.unwrap()(&params("theil", &with(&[("ci", "bca")])));
    insta::assert_snapshot!(refused.err().unwrap(), @"`theil`: `ci` needs regions that are known by name, and a stream of rows has none");
}

#[test]
fn one_lorenz_curve_lies_above_the_other_as_worked_by_hand() {
    // 2010 lies above at every share; times the mean, 2020 is level up to 4/15 and above from there.
    let findings = run("lorenz", None, &with(&[("compare", "2010, 2020")]));
    let verdict = |statistic| cell(&findings, "dominance", C::Verdict, &[(C::Statistic, statistic)]);
    assert_eq!(verdict("lorenz"), Cell::Text("first".to_owned()));
    assert_eq!(verdict("generalised-lorenz"), Cell::Text("second".to_owned()));
    assert!(run("lorenz", None, WEIGHTED).table("dominance").is_none());
}

#[test]
fn lines_of_several_vintages_say_what_they_mean() {
    let atlas = crate::packages::real();
    let mut china = crate::packages::study(
        &atlas,
        &["Jiangsu"],
        &[("gdp", "4EC"), ("pat_grant_inv", "as-published")],
        2016,
        2019,
    );
    china.focus = china.reference.clone();
    let gini = |vintages: &[&str]| {
        let text = |v: &str| ParamValue::Text(v.to_owned());
        let lines = vintages.iter().map(|v| text(v)).collect();
        let given = [
            ("value".to_owned(), text("pat_grant_inv_pc")),
            ("vintage".to_owned(), ParamValue::List(lines)),
        ];
        let entry = quyu_catalog::registry().unwrap().get("gini").unwrap();
        let params = Params::check("gini", entry.params, &given.into()).unwrap();
        (entry.build)(&params).unwrap().run(&china, &()).unwrap()
    };
    let said = |found: &Findings, words: &str| found.notes.iter().any(|n| n.text.starts_with(words));
    let two = gini(&["pop=pre-7PC", "pop=post-7PC"]);
    assert!(
        said(&two, "pre-7PC: national: population as published"),
        "{:?}",
        two.notes
    );
    assert!(said(&two, "post-7PC: "), "{:?}", two.notes);
    // A label inside a title begins in lower case.
    assert!(
        two.tables[0]
            .title
            .starts_with("Gini coefficient of invention patents"),
        "{}",
        two.tables[0].title
    );
    let one = gini(&["pop=post-7PC"]);
    assert!(!said(&one, "post-7PC: "), "{:?}", one.notes);
}
