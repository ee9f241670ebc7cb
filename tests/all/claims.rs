//! The audit of claims: the toy claims worked by hand, and spot values on the real packages.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::ColumnName as C;
use quyu_core::figure::Chart;
use quyu_core::findings::Cell;
use quyu_core::{Findings, ParamValue, Params, Study};

use crate::packages::{real, study, toy, toy_study};
use crate::toy::{close, number, run};

/// The text in the one row of a claim.
fn text(findings: &Findings, claim: &str, column: C) -> String {
    let table = findings.table("claims").unwrap();
    let is = |row: &usize| table.cell(*row, C::Claim) == Some(&Cell::Text(claim.to_owned()));
    let row = (0..table.rows.len()).find(is).unwrap();
    match table.cell(row, column).unwrap() {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn trial(findings: &Findings, claim: &str, k: &str, column: C) -> f64 {
    number(findings, "trials", column, &[(C::Claim, claim), (C::K, k)])
}

fn real_findings() -> Findings {
    let atlas = real();
    let study = study(&atlas, &["320000"], &[], 2018, 2020);
    let all = atlas.set("cn-provinces:all").unwrap().clone();
    let study = Study { focus: all, ..study };
    let entry = quyu_catalog::registry().unwrap().get("claims").unwrap();
    let params = Params::check("claims", entry.params, &BTreeMap::new()).unwrap();
    (entry.build)(&params).unwrap().run(&study, &()).unwrap()
}

#[test]
fn the_toy_claims_have_the_verdicts_worked_by_hand() {
    let findings = run("claims", None, &[]);
    for (claim, verdict) in [
        ("T1", "reproduced"),
        ("T2", "reproduced under another definition"),
        ("T3", "not reproduced"),
        ("T4", "reproduced"),
        ("T5", "cannot be checked"),
    ] {
        assert_eq!(text(&findings, claim, C::Verdict), verdict, "{claim}");
    }
    for (claim, k, value, low, high) in [
        ("T1", "1", 20_000.0, 19_999.5, 20_000.5),
        (
            "T2",
            "1",
            40_000.0 / 3.0,
            1e4 * 319.0 / 241.0,
            1e4 * 321.0 / 239.0,
        ),
        ("T2", "2", 15_000.0, 14_999.5, 15_000.5),
        (
            "T3",
            "1",
            160.0 / 3.0,
            100.0 * 2559.0 / 4803.0,
            100.0 * 2561.0 / 4797.0,
        ),
        ("T3", "2", 20.0, 100.0 * 479.0 / 2403.0, 100.0 * 481.0 / 2397.0),
        ("T4", "1", 6.0, 6.0, 6.0),
    ] {
        close(trial(&findings, claim, k, C::Estimate), value);
        close(trial(&findings, claim, k, C::ConfLow), low);
        close(trial(&findings, claim, k, C::ConfHigh), high);
    }
    let counts = |verdict: &str| number(&findings, "verdicts", C::N, &[(C::Verdict, verdict)]);
    assert_eq!([counts("reproduced"), counts("total")], [2.0, 5.0]);
}

#[test]
fn the_figures_hold_the_verdicts_by_subject_and_the_numbers_in_percent_of_the_claim() {
    let findings = run("claims", None, &[]);
    let [verdicts, numbers] = findings.figures.as_slice() else {
        panic!("two figures");
    };
    let Chart::Heat { columns, rows, .. } = &verdicts.chart else {
        panic!("no matrix");
    };
    assert_eq!(columns[1], "reproduced under another definition");
    let fluvia = rows.iter().find(|r| r.label == "Altera and Fluvia (1)").unwrap();
    assert_eq!(fluvia.values, [Some(0.0), Some(1.0), Some(0.0), Some(0.0)]);
    let sum: f64 = rows.iter().flat_map(|r| r.values.iter().flatten()).sum();
    assert_eq!(sum, 5.0);
    let Chart::Dots { rows, reference, .. } = &numbers.chart else {
        panic!("no dots");
    };
    assert_eq!(reference.as_ref().unwrap().value, 100.0);
    // T1 20,000 of 20,000; T2 pooled 40,000/3 of 15,000, the mean 15,000; T3 160/3 % of 50 %.
    let by_hand = [(100.0, None), (800.0 / 9.0, Some(100.0)), (320.0 / 3.0, None)];
    for (row, (said, another)) in rows.iter().zip(by_hand) {
        assert!((row.values[0].unwrap() - said).abs() < 1e-9, "{row:?}");
        assert_eq!(row.values[1], another, "{row:?}");
    }
    assert!(
        numbers
            .alt
            .starts_with("Of 3 numbers that are computed 1 fit as said."),
        "{}",
        numbers.alt
    );
}

#[test]
fn an_unknown_claim_is_refused_with_near_names() {
    let atlas = toy();
    let entry = quyu_catalog::registry().unwrap().get("claims").unwrap();
    let given = BTreeMap::from([("claim".to_owned(), ParamValue::Text("T11".to_owned()))]);
    let params = Params::check("claims", entry.params, &given).unwrap();
    let error = (entry.build)(&params)
        .unwrap()
        .run(&toy_study(&atlas, None), &())
        .unwrap_err();
    assert!(error.to_string().starts_with("unknown claim `T11`"), "{error}");
}

#[test]
fn a_trial_that_cannot_be_read_is_refused_by_number_and_claim() {
    let refusal = |change: fn(&mut quyu_core::audit::Trial)| {
        let mut atlas = (*toy()).clone();
        change(&mut atlas.audit.trials[0]);
        let entry = quyu_catalog::registry().unwrap().get("claims").unwrap();
        let params = Params::check("claims", entry.params, &BTreeMap::new()).unwrap();
        let study = toy_study(&std::sync::Arc::new(atlas), None);
        (entry.build)(&params)
            .unwrap()
            .run(&study, &())
            .unwrap_err()
            .to_string()
    };
    let said = [
        refusal(|t| t.term = "gdp pc".to_owned()),
        refusal(|t| t.term = "gdp_pd".to_owned()),
        refusal(|t| t.of = "Alterra".to_owned()),
        refusal(|t| t.statistic = "median".to_owned()),
        refusal(|t| t.criterion = "= 3".to_owned()),
        refusal(|t| t.year = None),
    ];
    assert!(said.iter().all(|s| s.contains("trial 1 of T1: ")), "{said:#?}");
    insta::assert_snapshot!(said.join("\n"), @r"
    `claims`: trial 1 of T1: `value` needs a term
    `claims`: trial 1 of T1: unknown indicator `gdp_pd`; did you mean `gdp_pc` or `gdp`?
    `claims`: trial 1 of T1: unknown region `Alterra`; did you mean `Altera`?
    `claims`: trial 1 of T1: there is no statistic `median`
    `claims`: trial 1 of T1: `= 3` is not a comparison such as `> 0` or `<= 100`
    `claims`: trial 1 of T1: `value` needs a year
    ");
}

#[test]
fn spot_values_of_the_real_claims() {
    let findings = real_findings();
    // First-release GDP over the mean of two year-end populations, by hand from the yearbook.
    let population = (8051.0 + 8070.0) / 2.0;
    close(
        trial(&findings, "C01", "1", C::Estimate),
        1e4 * 99_631.52 / population,
    );
    close(
        trial(&findings, "C01", "1", C::ConfLow),
        1e4 * 99_631.515 / (population + 0.5),
    );
    close(
        trial(&findings, "C01", "1", C::ConfHigh),
        1e4 * 99_631.525 / (population - 0.5),
    );
    close(
        trial(&findings, "C02", "1", C::Estimate),
        1e4 * 71_067.53 / ((10_047.0 + 10_070.0) / 2.0),
    );
    // The pooled figure and the wrong mean of the two cities.
    assert_eq!(trial(&findings, "C03", "4", C::Estimate).round(), 81_120.0);
    close(
        trial(&findings, "C03", "5", C::Estimate),
        (85_679.0 + 78_173.0) / 2.0,
    );
    assert_eq!(
        text(&findings, "C03", C::Note),
        "Missing: GDP per capita of Chengdu, 2019."
    );
    let industry = trial(&findings, "C04", "1", C::Estimate);
    assert!((11.85..11.95).contains(&industry), "{industry}");
    for (claim, verdict) in [
        ("C01", "reproduced"),
        ("C02", "reproduced"),
        ("C03", "cannot be checked"),
        ("C05", "reproduced under another definition"),
        ("C06", "not reproduced"),
        ("C07", "reproduced under another definition"),
        ("C08", "reproduced under another definition"),
        ("C09", "reproduced"),
        ("C11", "not reproduced"),
        ("C12", "cannot be checked"),
        ("C16", "cannot be checked"),
        ("C20", "reproduced"),
        ("C47", "not reproduced"),
    ] {
        assert_eq!(text(&findings, claim, C::Verdict), verdict, "{claim}");
    }
}

#[test]
fn the_report_shows_every_claim_of_the_package_in_a_table() {
    let folder = crate::packages::datasets().join("../reports/claims");
    let case = std::fs::read_to_string(folder.join("case.toml")).unwrap();
    let case = quyu_report::case::Case::parse(&case).unwrap();
    let shown = |section: &&quyu_report::case::SectionSpec| {
        section.chapter.is_some() && section.show.tables.iter().flatten().any(|t| t == "claims")
    };
    let mut listed = Vec::new();
    for section in case.sections.iter().filter(shown) {
        match section.params.get("claim") {
            Some(quyu_report::case::Given::List(ids)) => listed.extend(ids.iter().map(ToString::to_string)),
            other => panic!("{}: {other:?}", section.id),
        }
    }
    let once: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "a claim stands in two tables");
    let atlas = real();
    let known: BTreeSet<&String> = atlas.audit.claims.iter().map(|c| &c.id).collect();
    assert_eq!(once, known);
}

#[test]
fn a_brief_view_shows_four_columns_and_the_table_keeps_all() {
    let (long, short) = (
        run("claims", None, &[]),
        run("claims", None, &[("brief", "true")]),
    );
    let heads = |found: &quyu_core::Findings| {
        let view = found.tables[0].view.clone().unwrap();
        view.head.into_iter().map(|h| h.label).collect::<Vec<_>>()
    };
    assert_eq!(heads(&short), ["Claim", "Claimed", "Ours (interval)", "Verdict"]);
    assert_eq!(heads(&long).len(), 7);
    assert_eq!(short.tables[0].rows, long.tables[0].rows);
}
