//! The registry of analyses, the rows of a stream, and the glossary of result columns.

use std::collections::BTreeSet;

use quyu_core::{
    Analysis, AnalysisError, Batch, Cell, Column, ColumnName, Entry, ParamError, Params, Registry, Table,
    Values,
};

fn build(_: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Err(ParamError::Combination {
        analysis: "none".to_owned(),
        reason: "it is never built".to_owned(),
    })
}

const fn entry(id: &'static str) -> Entry {
    Entry {
        id,
        summary: "",
        manual: "",
        params: &[],
        example: "",
        build,
        additive: None,
    }
}

static ENTRIES: [Entry; 4] = [entry("theil"), entry("gini"), entry("cv"), entry("gini")];

#[test]
fn entries_are_sorted_by_id_and_found_by_it() {
    let registry = Registry::new(&ENTRIES[..3]).unwrap();
    let ids: Vec<&str> = registry.iter().map(|e| e.id).collect();
    assert_eq!(ids, ["cv", "gini", "theil"]);
    assert_eq!(registry.get("theil").unwrap().id, "theil");
    insta::assert_snapshot!(registry.get("giny").unwrap_err(), @"there is no analysis `giny`; did you mean `gini`?");
    insta::assert_snapshot!(registry.get("weather").unwrap_err(), @"there is no analysis `weather`");
}

#[test]
fn an_id_belongs_to_one_plugin() {
    insta::assert_snapshot!(Registry::new(&ENTRIES).unwrap_err(), @"two analyses are called `gini`: an id belongs to one plugin");
}

#[test]
fn the_glossary_is_closed() {
    let mut names = BTreeSet::new();
    for &column in ColumnName::ALL {
        let name = column.as_str();
        assert_eq!(ColumnName::parse(name), Some(column));
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name} is not snake_case"
        );
        assert!(
            !name.starts_with('_') && !name.ends_with('_') && !name.contains("__"),
            "{name}"
        );
        assert!(names.insert(name), "{name} stands for two things");
        assert!(
            !column.meaning().is_empty() && !column.meaning().ends_with('.'),
            "{name}"
        );
    }
    assert_eq!(ColumnName::parse("Region"), None);
    assert_eq!(ColumnName::parse("weather"), None);
}

#[test]
fn a_cell_holds_no_number_that_is_not_finite() {
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Cell::from(x), Cell::Missing);
    }
    assert_eq!(Cell::from(Some(0.5)), Cell::Number(0.5));
    assert_eq!(Cell::from(None), Cell::Missing);
    assert_eq!(
        (Cell::from(3usize).number(), Cell::from("3").number()),
        (Some(3.0), None)
    );
}

#[test]
fn a_table_is_read_by_row_and_column() {
    let columns = [ColumnName::Region, ColumnName::Value].map(Column::key).to_vec();
    let mut table = Table::new("t", "T", columns);
    table.push(vec!["X:a".into(), 1.5.into()]);
    assert_eq!(table.cell(0, ColumnName::Value), Some(&Cell::Number(1.5)));
    assert_eq!(table.cell(1, ColumnName::Value), None);
    assert_eq!(table.cell(0, ColumnName::Share), None);
}

#[test]
fn a_batch_has_columns_of_one_length_and_kind() {
    let (numbers, labels) = ([1.0, 2.0], ["a", "b"]);
    let batch = Batch::new(vec![Values::Labels(&labels), Values::Numbers(&numbers)]).unwrap();
    assert_eq!(
        (batch.labels(0).unwrap(), batch.numbers(1).unwrap()),
        (&labels[..], &numbers[..])
    );
    for error in [
        batch.numbers(0).err(),
        batch.labels(1).err(),
        batch.numbers(2).err(),
    ] {
        assert!(matches!(error, Some(AnalysisError::Batch { .. })));
    }
    let uneven = Batch::new(vec![Values::Labels(&labels), Values::Numbers(&numbers[..1])]);
    insta::assert_snapshot!(uneven.unwrap_err(), @"the rows do not fit: columns of different length");
}
