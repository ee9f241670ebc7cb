//! An analysis from outside of the workspace's crates joins the registry, and an id belongs to one plugin.

use std::collections::BTreeMap;

use quyu_core::{Cell, ColumnName, Entry, ParamValue, Params, Registry};

use crate::packages::{term, toy, toy_study, year};

fn both() -> Registry {
    Registry::new(quyu_catalog::entries().chain(regional_range::ENTRIES)).expect("no duplicate id")
}

#[test]
fn a_foreign_analysis_joins_those_of_the_workspace() {
    let ids: Vec<&str> = both().iter().map(|e| e.id).collect();
    assert_eq!(ids.len(), quyu_catalog::entries().count() + 1);
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(ids.contains(&"range") && ids.contains(&"gini"));
    let error = both().get("rang").unwrap_err().to_string();
    assert!(error.contains("`range`"), "{error}");
}

#[test]
fn a_foreign_analysis_runs_on_the_toy_package() {
    let registry = both();
    let entry = registry.get("range").expect("it is plugged in");
    let given = BTreeMap::from([("value".to_owned(), ParamValue::Text("gdp_pc".to_owned()))]);
    let params = Params::check(entry.id, entry.params, &given).expect("good parameters");
    let analysis = (entry.build)(&params).expect("it can be built");
    let atlas = toy();
    let study = toy_study(&atlas, None);
    study
        .check(&analysis.needs())
        .expect("the toy package has what it needs");
    let findings = analysis.run(&study, &()).expect("it runs");
    let table = findings.table("range").expect("the main table");
    // The same range by hand: the figures of every region through the data model, sorted.
    for row in 0..table.rows.len() {
        let at = table.cell(row, ColumnName::Year).and_then(Cell::number).unwrap() as i32;
        let mut values: Vec<f64> = study
            .focus
            .members()
            .iter()
            .map(|r| study.value(&term("gdp_pc"), r, year(at)).unwrap().unwrap().value)
            .collect();
        values.sort_by(f64::total_cmp);
        let expected = values[values.len() - 1] - values[0];
        assert!(expected > 0.0);
        assert_eq!(
            table.cell(row, ColumnName::Estimate),
            Some(&Cell::Number(expected))
        );
    }
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn an_id_that_is_taken_is_refused() {
    static TAKEN: [Entry; 1] = [Entry {
        id: "gini",
        ..regional_range_entry()
    }];
    let error = Registry::new(quyu_catalog::entries().chain(&TAKEN)).unwrap_err();
    assert_eq!(error.id, "gini");
    insta::assert_snapshot!(error, @"two analyses are called `gini`: an id belongs to one plugin");
}

/// The foreign entry by value, so that a test can give it another id.
const fn regional_range_entry() -> Entry {
    let from = &regional_range::ENTRIES[0];
    Entry {
        id: from.id,
        summary: from.summary,
        manual: from.manual,
        params: from.params,
        example: from.example,
        build: from.build,
        additive: from.additive,
    }
}
