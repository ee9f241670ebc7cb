//! The toy data through the registry: every value worked by hand in `datasets/toy/README.md`.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{Findings, ParamValue, Params};

use crate::packages::{study, toy};

/// Runs an analysis on all ten regions, or on the one named.
fn run(id: &str, focus: Option<&str>, params: &[(&str, &str)]) -> Findings {
    let atlas = toy();
    let all: Vec<String> = atlas
        .set("toy:all")
        .unwrap()
        .members()
        .iter()
        .map(ToString::to_string)
        .collect();
    let focus: Vec<&str> = focus.map_or_else(|| all.iter().map(String::as_str).collect(), |f| vec![f]);
    let study = study(&atlas, &focus, &[], 2010, 2020);
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given).unwrap();
    (entry.build)(&params).unwrap().run(&study, &()).unwrap()
}

/// The number in the one row whose cells are as given.
fn number(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> f64 {
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
    table.cell(rows[0], column).unwrap().number().unwrap()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
        "{found}, by hand {expected}"
    );
}

const WEIGHTED: &[(&str, &str)] = &[("value", "gdp_pc"), ("weight", "pop")];

#[test]
fn indices_are_the_ones_worked_by_hand() {
    let ln2 = std::f64::consts::LN_2;
    let by_hand = [
        ("gini", 7.0 / 25.0, 38.0 / 75.0),
        ("theil", ln2 / 5.0, 11.0 / 15.0 * ln2),
        ("mld", ln2 / 5.0, 2.0 / 3.0 * ln2),
        ("cv", 0.3_f64.sqrt(), 1.45_f64.sqrt()),
        ("hoover", 1.0 / 5.0, 2.0 / 5.0),
    ];
    for (id, first, last) in by_hand {
        let findings = run(id, None, WEIGHTED);
        close(number(&findings, id, C::Estimate, &[(C::Year, "2010")]), first);
        close(number(&findings, id, C::Estimate, &[(C::Year, "2020")]), last);
    }
    let unweighted = run("gini", None, &[("value", "gdp_pc")]);
    close(
        number(&unweighted, "gini", C::Estimate, &[(C::Year, "2020")]),
        64.0 / 125.0,
    );
}

#[test]
fn theil_lies_between_and_within_the_halves_as_worked_by_hand() {
    let ln2 = std::f64::consts::LN_2;
    let params = [WEIGHTED, &[("group", "halves")]].concat();
    let findings = run("decompose", None, &params);
    let part = |component: &str, group: Option<&str>| {
        let mut keys = vec![(C::Year, "2020"), (C::Component, component)];
        keys.extend(group.map(|g| (C::Group, g)));
        number(&findings, "decompose", C::Estimate, &keys)
    };
    close(part("total", None), 11.0 / 15.0 * ln2);
    close(part("between", None), ln2 / 3.0);
    close(part("within-group", Some("north")), ln2 / 3.0);
    close(part("within-group", Some("south")), ln2 / 15.0);
}

#[test]
fn shift_share_of_dorania_is_the_one_worked_by_hand() {
    let findings = run("shift-share", Some("TOY:D"), &[("value", "va4")]);
    let part = |class: &str, component: &str| {
        number(
            &findings,
            "shift-share",
            C::Contribution,
            &[(C::Class, class), (C::Component, component)],
        )
    };
    for (component, value) in [
        ("change", 1120.0),
        ("national", 160.0),
        ("industry-mix", 30.0),
        ("regional", 930.0),
    ] {
        close(part("total", component), value);
    }
    let regional: f64 = findings
        .table("regions")
        .map(|t| {
            let rows = 0..t.rows.len();
            let of = |i: &usize| t.cell(*i, C::Component) == Some(&Cell::Text("regional".into()));
            rows.filter(of)
                .filter_map(|i| t.cell(i, C::Contribution)?.number())
                .sum()
        })
        .unwrap();
    close(regional, 0.0);
}
