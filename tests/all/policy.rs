//! Policy on the toy data, worked by hand in `datasets/toy/README.md`, and what the package of China says.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{AnalysisError, Atlas, CoreError, Findings, ParamValue, Params, Study};

use crate::packages::{datasets, toy, toy_study};

fn atlas(ids: &[&str]) -> Arc<Atlas> {
    let ids: Vec<String> = ids.iter().map(|s| (*s).to_owned()).collect();
    Arc::new(quyu_io::load::atlas(&datasets(), &ids).unwrap())
}

fn try_run(atlas: &Arc<Atlas>, id: &str, params: &[(&str, &[&str])]) -> Result<Findings, AnalysisError> {
    let study = Study {
        atlas: Arc::clone(atlas),
        ..toy_study(&toy(), None)
    };
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let word = |w: &&str| ParamValue::Text((*w).to_owned());
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::List(v.iter().map(word).collect())))
        .collect();
    let params = Params::check(id, entry.params, &given)?;
    let analysis = (entry.build)(&params)?;
    study.check(&analysis.needs())?;
    analysis.run(&study, &())
}

/// The number in the one row of a table that holds all these words.
fn number(findings: &Findings, table: &str, words: &[&str]) -> f64 {
    let table = findings.table(table).unwrap();
    let holds = |row: &Vec<Cell>, word: &str| row.contains(&Cell::Text(word.to_owned()));
    let rows: Vec<&Vec<Cell>> = table
        .rows
        .iter()
        .filter(|row| words.iter().all(|w| holds(row, w)))
        .collect();
    assert_eq!(rows.len(), 1, "{words:?}");
    let column = table
        .position(C::Estimate)
        .or(table.position(C::Distance))
        .unwrap();
    rows[0][column].number().unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12, "{found}, by hand {expected}");
}

const TOY: [(&str, &[&str]); 2] = [("lists", &["P", "Q"]), ("schemes", &["N"])];

#[test]
fn priority_sets_are_the_ones_worked_by_hand() {
    let found = try_run(&toy(), "priority-sets", &TOY).unwrap();
    let by_hand = [
        ("P", "containment", 4.0 / 5.0),
        ("P", "containment-full", 3.0 / 5.0),
        ("P", "tailoring", 1.0 / 5.0),
        ("P", "echo", 3.0 / 4.0),
        ("P", "specificity", 2.0 / 3.0),
        ("Q", "containment", 2.0 / 3.0),
        ("Q", "tailoring", 1.0 / 3.0),
        ("Q", "echo", 1.0 / 2.0),
        ("Q", "specificity", 1.0 / 2.0),
    ];
    for (list, statistic, value) in by_hand {
        close(number(&found, "priority-sets", &[list, statistic]), value);
    }
    let pair = |statistic| number(&found, "priority-sets-pairs", &["P", "Q", statistic]);
    close(pair("jaccard"), 1.0 / 4.0);
    close(pair("overlap"), 1.0 / 2.0);
    let table = found.table("priority-sets-pairs").unwrap();
    let contained: Vec<f64> = (0..table.rows.len())
        .filter(|r| table.cell(*r, C::Statistic) == Some(&Cell::Text("containment".to_owned())))
        .filter_map(|r| table.cell(r, C::Estimate)?.number())
        .collect();
    assert_eq!(contained, [1.0 / 3.0, 1.0 / 2.0]);
}

#[test]
fn mixes_are_the_ones_worked_by_hand() {
    let found = try_run(&toy(), "instrument-mix", &[]).unwrap();
    let of = |words: &[&str]| number(&found, "instrument-mix", words);
    close(of(&["Dorania", "FUN"]), 1.0 / 2.0);
    close(of(&["Dorania", "supply"]), 3.0 / 4.0);
    close(of(&["Estria", "demand"]), 1.0 / 2.0);
    close(of(&["Dorania", "entropy"]), 1.5 * std::f64::consts::LN_2);
    close(of(&["Dorania", "evenness"]), 3.0 / 4.0);
    close(of(&["Dorania", "hhi"]), 3.0 / 8.0);
    close(of(&["Dorania", "concreteness"]), 1.0);
    close(of(&["Dorania", "organisational"]), 1.0);
    close(of(&["Estria", "concreteness"]), 3.0 / 2.0);
    let apart = |statistic| {
        number(
            &found,
            "instrument-mix-distances",
            &["Dorania", "Estria", statistic],
        )
    };
    close(apart("chi-square"), (5.0_f64 / 3.0).sqrt());
    close(
        apart("jensen-shannon"),
        std::f64::consts::LN_2 - 3.0 / 8.0 * quyu_math::ln(3.0),
    );
    assert!(
        found.notes[0].text.contains("9 clauses of 2 documents"),
        "{:?}",
        found.notes
    );
}

#[test]
fn agreement_is_the_one_worked_by_hand() {
    let found = try_run(&toy(), "coder-agreement", &[]).unwrap();
    let of = |words: &[&str]| number(&found, "coder-agreement", words);
    close(of(&["primary", "kappa"]), 5.0 / 7.0);
    close(of(&["primary", "alpha-nominal"]), 91.0 / 125.0);
    close(of(&["concreteness", "kappa"]), 35.0 / 53.0);
    close(of(&["concreteness", "kappa-linear"]), 8.0 / 11.0);
    close(of(&["concreteness", "kappa-quadratic"]), 37.0 / 46.0);
    close(of(&["concreteness", "alpha-ordinal"]), 73.0 / 90.0);
}

#[test]
fn emerging_industries_of_shandong_are_a_subset_and_the_others_are_not() {
    let china = atlas(&["cn-policy"]);
    let params: [(&str, &[&str]); 2] = [("lists", &["SD_TEN_2018"]), ("schemes", &["MIC2025", "SEI2018"])];
    let found = try_run(&china, "priority-sets", &params).unwrap();
    let table = found.table("priority-sets-items").unwrap();
    let count = |scheme: &str, category: &str, fit: &str| {
        let text = |row: usize, column| match table.cell(row, column) {
            Some(Cell::Text(t)) => t.clone(),
            _ => String::new(),
        };
        (0..table.rows.len())
            .filter(|r| {
                text(*r, C::OtherList) == scheme
                    && text(*r, C::Group) == category
                    && text(*r, C::Variant) == fit
            })
            .count()
    };
    for scheme in ["MIC2025", "SEI2018"] {
        assert_eq!(count(scheme, "emerging", "full"), 3);
        assert_eq!(count(scheme, "emerging", "partial"), 2);
        assert_eq!(count(scheme, "to_be_upgraded", "full"), 0);
    }
    assert_eq!(count("MIC2025", "to_be_upgraded", "partial"), 2);
    assert_eq!(count("MIC2025", "to_be_upgraded", "none"), 3);
    assert_eq!(count("SEI2018", "to_be_upgraded", "partial"), 3);
    assert_eq!(count("SEI2018", "to_be_upgraded", "none"), 2);
}

#[test]
fn one_coder_is_said_and_names_are_helped() {
    let china = atlas(&["cn-policy"]);
    let refused = try_run(&china, "coder-agreement", &[]).unwrap_err();
    assert!(
        matches!(&refused, AnalysisError::Data(CoreError::OneCoder { documents }) if !documents.is_empty())
    );
    assert!(refused.to_string().contains("codings.csv"), "{refused}");
    let none = try_run(&atlas(&["cn-provinces"]), "instrument-mix", &[]).unwrap_err();
    assert!(matches!(none, AnalysisError::Data(CoreError::NoPolicy { .. })));
    let misspelt: [(&str, &[&str]); 2] = [("lists", &["SD_TEN_2017"]), ("schemes", &["MIC2025"])];
    let near = try_run(&china, "priority-sets", &misspelt)
        .unwrap_err()
        .to_string();
    assert!(near.contains("SD_TEN_2018"), "{near}");
}
