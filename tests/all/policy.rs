//! Policy on the toy data, worked by hand in `datasets/toy/README.md`, and what the package of China says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quyu_core::ColumnName as C;
use quyu_core::figure::Chart;
use quyu_core::findings::Cell;
use quyu_core::{AnalysisError, Atlas, CoreError, Findings, ParamValue, Params, Study};

use crate::packages::{datasets, real, study, toy, toy_study};

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
fn codes_are_shared_out_among_the_lists_and_called_by_name() {
    let found = try_run(&toy(), "priority-sets", &TOY).unwrap();
    let table = found.table("priority-sets-overlaps").unwrap();
    let text = |r: usize, column| match table.cell(r, column) {
        Some(Cell::Text(t)) => t.clone(),
        other => panic!("{other:?} is no text"),
    };
    let rows: Vec<(String, String)> = (0..table.rows.len())
        .map(|r| (text(r, C::Group), text(r, C::Value)))
        .collect();
    let by_hand = [
        ("P", "Research; Services"),
        ("Q", "Seafaring"),
        ("P, Q", "Making"),
    ];
    assert_eq!(rows, by_hand.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let [heat, overlaps] = found.figures.as_slice() else {
        panic!("a figure of each kind");
    };
    let Chart::Heat { columns, rows, .. } = &heat.chart else {
        panic!("no heat map");
    };
    assert_eq!(columns, &["Dorania, 2018", "Estria, 2019"]);
    assert_eq!(rows[3].label, "n4 Seafaring");
    assert_eq!(rows[3].values, [Some(0.0), Some(0.5)]);
    let Chart::Overlaps { sets, shared, .. } = &overlaps.chart else {
        panic!("no overlaps");
    };
    let sizes: Vec<usize> = sets.iter().map(|s| s.size).collect();
    assert_eq!(sizes, [4, 3, 2]);
    assert_eq!(shared[0].members, [true, true, false]);
    assert_eq!(
        overlaps.alt,
        "Of 4 codes of Four invented national fields, 1 is in every list: Making. Each is in one list at least."
    );
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

/// Runs `instrument-mix` on the real packages, looking at one region.
fn mix_of(region: &str) -> Result<Findings, AnalysisError> {
    let study = study(&real(), &[region], &[], 2010, 2020);
    let entry = quyu_catalog::registry().unwrap().get("instrument-mix").unwrap();
    let analysis = (entry.build)(&Params::check(entry.id, entry.params, &BTreeMap::new())?)?;
    analysis.run(&study, &())
}

#[test]
fn a_mix_is_that_of_the_focus_and_what_lies_in_it() {
    let found = mix_of("Shandong").unwrap();
    let places: BTreeSet<String> = texts(&found, "instrument-mix", &["evenness"], C::Name)
        .into_iter()
        .collect();
    let known = ["Jinan (Shandong)", "Qingdao (Shandong)", "Shandong"];
    assert_eq!(places, known.map(str::to_owned).into());
    assert_eq!(
        found.notes[1].text,
        "Left out, for they are not of Test: documents of China."
    );
    let Chart::Stacked { parts, bars, .. } = &found.figures[0].chart else {
        panic!("no stacks");
    };
    // The alternative text says of every bar what is drawn.
    for (bar, part) in bars
        .iter()
        .flat_map(|bar| parts.iter().zip(&bar.parts))
        .map(|(p, v)| (v, p))
    {
        let said = format!(
            "{part} {} %",
            quyu_core::number::styled(bar / 100.0, quyu_core::Style::Percent(0))
        );
        assert!(
            found.figures[0].alt.contains(&said),
            "{said}: {}",
            found.figures[0].alt
        );
    }
    let jinan = mix_of("370100").unwrap();
    assert_eq!(
        texts(&jinan, "instrument-mix", &["evenness"], C::Name),
        ["Jinan (Shandong)"]
    );
    assert_eq!(
        mix_of("Jiangsu").unwrap_err().to_string(),
        "`instrument-mix`: no document of Test is coded; coded are documents of China, Jinan (Shandong), Qingdao (Shandong), Shandong"
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

/// Runs `priority-fit` on a study, with one indicator.
fn fit(study: &Study, lists: &[&str], value: &str, breadth: i64) -> Result<Findings, AnalysisError> {
    let entry = quyu_catalog::registry().unwrap().get("priority-fit").unwrap();
    let word = |w: &str| ParamValue::Text(w.to_owned());
    let lists = lists.iter().map(|l| word(l)).collect();
    let given = BTreeMap::from([
        ("lists".to_owned(), ParamValue::List(lists)),
        ("value".to_owned(), word(value)),
        ("breadth".to_owned(), ParamValue::Integer(breadth)),
    ]);
    let analysis = (entry.build)(&Params::check("priority-fit", entry.params, &given)?)?;
    study.check(&analysis.needs())?;
    analysis.run(study, &())
}

/// The cells of one column in the rows that hold these words.
fn cells(findings: &Findings, table: &str, words: &[&str], column: C) -> Vec<Cell> {
    let table = findings.table(table).unwrap();
    let holds = |row: &Vec<Cell>, word: &&str| row.contains(&Cell::Text((*word).to_owned()));
    let at = table.position(column).unwrap();
    let rows = table
        .rows
        .iter()
        .filter(|row| words.iter().all(|w| holds(row, w)));
    rows.map(|row| row[at].clone()).collect()
}

fn texts(findings: &Findings, table: &str, words: &[&str], column: C) -> Vec<String> {
    let text = |cell| match cell {
        Cell::Text(t) => t,
        other => panic!("{other:?} is no text"),
    };
    cells(findings, table, words, column)
        .into_iter()
        .map(text)
        .collect()
}

#[test]
fn priorities_fit_as_worked_by_hand() {
    let study = toy_study(&toy(), None);
    let found = fit(&study, &["P", "Q"], "jobs4", 10).unwrap();
    let quotients = |list| -> Vec<Option<f64>> {
        let found = cells(&found, "priority-fit-items", &[list], C::Estimate);
        found.iter().map(Cell::number).collect()
    };
    let by_hand = [
        Some(5.0 / 6.0),
        Some(2.0),
        None,
        Some(5.0 / 4.0),
        Some(20.0 / 17.0),
    ];
    for (found, by_hand) in quotients("P").into_iter().zip(by_hand) {
        match (found, by_hand) {
            (Some(a), Some(b)) => close(a, b),
            (a, b) => assert_eq!(a, b),
        }
    }
    for (found, by_hand) in quotients("Q")
        .into_iter()
        .zip([230.0 / 249.0, 25.0 / 83.0, 280.0 / 249.0])
    {
        close(found.unwrap(), by_hand);
    }
    let of = |list, statistic| number(&found, "priority-fit", &[list, statistic]);
    close(of("P", "items"), 5.0);
    close(of("P", "measurable"), 4.0);
    close(of("P", "fit-rate"), 3.0 / 4.0);
    close(of("P", "strong-without-priority"), 0.0);
    close(of("Q", "fit-rate"), 1.0 / 3.0);
    close(of("Q", "strong-without-priority"), 1.0);
    let chance = |column| -> f64 {
        let cells = cells(&found, "priority-fit", &["P", "named-and-strong"], column);
        cells[0].number().unwrap()
    };
    close(chance(C::Estimate), 2.0);
    close(chance(C::Expected), 3.0 / 2.0);
    close(chance(C::PValue), 1.0 / 2.0);
    let ranks = cells(&found, "priority-fit-items", &["P", "Laboratories"], C::Rank);
    assert_eq!(ranks, [Cell::Integer(1)]);
}

#[test]
fn an_item_in_a_broad_class_is_listed_with_the_reason() {
    let study = toy_study(&toy(), None);
    let found = fit(&study, &["P", "Q"], "jobs4", 2).unwrap();
    let readings = |list| texts(&found, "priority-fit-items", &[list], C::Variant);
    assert_eq!(
        readings("P"),
        ["too-broad", "strong", "no-code", "strong", "too-broad"]
    );
    assert_eq!(readings("Q"), ["too-broad", "not-strong", "strong"]);
    let why = texts(&found, "priority-fit-items", &["Fine making"], C::Note);
    assert_eq!(why, ["too broad a class: Making"]);
    let of = |column| -> f64 {
        let cells = cells(&found, "priority-fit", &["P", "named-and-strong"], column);
        cells[0].number().unwrap()
    };
    close(of(C::Expected), 4.0 / 3.0);
    close(of(C::PValue), 1.0 / 3.0);
    let said: Vec<&str> = found.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(
        said[1].starts_with("4 of 8 items cannot be measured: 3 touch a class of more than 2"),
        "{said:?}"
    );
    assert!(
        said[1].ends_with("(Making 3); 1 touch no division of a class."),
        "{said:?}"
    );
}

#[test]
fn eleven_local_items_touch_no_manufacturing_and_the_seven_of_cities_have_no_sections() {
    let china = real();
    let all: Vec<String> = china
        .policy
        .lists
        .iter()
        .filter(|(_, list)| list.level != "national")
        .map(|(id, _)| id.clone())
        .collect();
    let lists: Vec<&str> = all.iter().map(String::as_str).collect();
    let study = study(&china, &["Jiangsu"], &[], 2013, 2020);
    let found = fit(&study, &lists, "emp", 10).unwrap();
    let reading = |word: &str| texts(&found, "priority-fit-items", &[word], C::Name);
    let mut measured = reading("strong");
    measured.extend(reading("not-strong"));
    measured.sort();
    assert_eq!(
        measured,
        ["Energy", "Modern finance", "Quality tourism", "Shale gas"]
    );
    // What would be measurable if the figures of cities had sections.
    let sections = |item: &(String, String)| -> Vec<String> {
        let relations = &china.relations;
        let rows = relations
            .priorities
            .iter()
            .filter(|r| (&r.list, &r.item) == (&item.0, &item.1) && r.scheme == "GB/T 4754-2017");
        rows.flat_map(|r| {
            let code = quyu_core::ClassCode::new(&r.code).unwrap();
            relations.crosswalk("GB/T 4754-2017", &code, "GB/T 4754")
        })
        .map(|c| c.to_string())
        .collect()
    };
    let local = china.policy.items.keys().filter(|(list, _)| all.contains(list));
    let without = local.filter(|key| sections(key).iter().all(|s| s != "C") && !sections(key).is_empty());
    assert_eq!(without.count(), 11);
    let jinan = texts(
        &found,
        "priority-fit-items",
        &["JN_TEN_2018", "Modern logistics"],
        C::Note,
    );
    assert_eq!(jinan, ["no figures by class for Jinan"]);
}

#[test]
fn a_national_list_an_unknown_one_and_an_indicator_without_classes_are_refused() {
    let study = toy_study(&toy(), None);
    let refused = |lists: &[&str], value| fit(&study, lists, value, 10).unwrap_err().to_string();
    assert_eq!(
        refused(&["N"], "jobs4"),
        "`priority-fit`: `N` is a national list, and the nation cannot be strong beside itself: name lists of provinces or cities"
    );
    assert!(refused(&["PP"], "jobs4").contains("priority list"));
    assert_eq!(
        refused(&["P"], "pop"),
        "`priority-fit`: `pop` is not split by two classes or more"
    );
}

#[test]
fn a_timeline_is_in_order_and_holds_the_centre_the_focus_and_what_lies_in_it() {
    let toy = try_run(&toy(), "timeline", &[("lists", &["Q", "P"])]).unwrap();
    assert_eq!(
        texts(&toy, "timeline", &[], C::Document),
        ["D-1", "P", "E-1", "Q"]
    );
    let alone = |region: &str| {
        let study = study(&real(), &[region], &[], 2010, 2020);
        let entry = quyu_catalog::registry().unwrap().get("timeline").unwrap();
        let analysis =
            (entry.build)(&Params::check(entry.id, entry.params, &BTreeMap::new()).unwrap()).unwrap();
        analysis.run(&study, &()).unwrap()
    };
    let found = alone("Shandong");
    let levels = |level| texts(&found, "timeline", &[level], C::Document).len();
    assert_eq!([levels("central"), levels("province"), levels("city")], [7, 5, 3]);
    let dates = texts(&found, "timeline", &[], C::Date);
    assert_eq!(
        dates[..5],
        ["2012-09", "2013-02-04", "2015-05-08", "2015-06-11", "2015"]
    );
    let Chart::Dots { rows, .. } = &found.figures[0].chart else {
        panic!("no dots");
    };
    let places: Vec<f64> = rows
        .iter()
        .flat_map(|r| r.values.iter().flatten().copied())
        .collect();
    assert_eq!(places.len(), rows.len());
    assert!(places.windows(2).all(|w| w[0] <= w[1]), "{places:?}");
    let known = texts(&found, "timeline", &["CEN-2015-STR"], C::Variant);
    assert_eq!(known, ["year"]);
    assert_eq!(
        found.notes[1].text,
        "Left out: 7 documents of the register, neither central nor of Test or a region in it."
    );
    assert_eq!(
        texts(&alone("Chongqing"), "timeline", &["province"], C::Document),
        ["CQ-2021-MFG14"]
    );
    let misspelt = try_run(&atlas(&["cn-policy"]), "timeline", &[("lists", &["SD_TEN_2017"])]);
    assert!(misspelt.unwrap_err().to_string().contains("SD_TEN_2018"));
    let none = try_run(&atlas(&["cn-provinces"]), "timeline", &[]).unwrap_err();
    assert!(matches!(none, AnalysisError::Data(CoreError::NoPolicy { .. })));
}
