//! The panel: unique keys, finite values, any order of rows.

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use proptest::prelude::*;
use quyu_core::{CoreError, Panel};

use crate::made::{Row, code, frame, panel, term, vintage, year};

const ROWS: [Row<'static>; 6] = [
    ("gdp", "v1", 2010, "X:a", 1.0),
    ("gdp", "v1", 2010, "X:b", 2.0),
    ("gdp", "v1", 2020, "X:a", 3.0),
    ("gdp", "v2", 2020, "X:a", 4.0),
    ("va.farm", "v1", 2020, "X:a", 5.0),
    ("va.make", "v1", 2020, "X:a", 6.0),
];

fn value(panel: &Panel, row: &Row<'_>) -> Option<f64> {
    let found = panel.get(&term(row.0), &vintage(row.1), year(row.2), &code(row.3));
    found.map(|o| o.value)
}

#[test]
fn every_key_has_its_own_value() {
    let panel = panel(&ROWS).unwrap();
    assert_eq!(panel.len(), ROWS.len());
    for row in &ROWS {
        assert_eq!(value(&panel, row), Some(row.4), "{row:?}");
    }
    assert_eq!(panel.vintages(&term("gdp")), ["v1", "v2"].map(vintage));
    let terms: Vec<String> = panel.terms().map(ToString::to_string).collect();
    assert_eq!(terms, ["gdp", "va.farm", "va.make"]);
    let keys = panel.keys(&term("gdp"), &vintage("v1"));
    assert_eq!(keys[2], (year(2020), code("X:a")));
    for absent in [
        ("gdp", "v1", 2020, "X:b", 0.0),
        ("gdp", "v3", 2010, "X:a", 0.0),
        ("va", "v1", 2020, "X:a", 0.0),
    ] {
        assert_eq!(value(&panel, &absent), None, "{absent:?}");
    }
}

proptest! {
    #[test]
    fn the_order_of_rows_says_nothing(rows in Just(ROWS.to_vec()).prop_shuffle()) {
        let (sorted, turned) = (panel(&ROWS).unwrap(), panel(&rows).unwrap());
        for row in &ROWS {
            prop_assert_eq!(value(&turned, row), Some(row.4));
        }
        prop_assert_eq!(sorted.terms().collect::<Vec<_>>(), turned.terms().collect::<Vec<_>>());
        let (t, v) = (term("gdp"), vintage("v1"));
        prop_assert_eq!(sorted.keys(&t, &v), turned.keys(&t, &v));
    }

    #[test]
    fn codes_of_any_schemes_are_found(schemes in proptest::collection::btree_set("[A-Z][A-Z ]{0,2}[A-Z]", 1..5)) {
        let mut codes: Vec<String> = schemes.iter().map(|s| format!("{s}:1")).collect();
        codes.push("320000".to_owned());
        let rows: Vec<Row<'_>> = codes.iter().zip(1..).map(|(c, x)| ("gdp", "v1", 2010, c.as_str(), f64::from(x))).collect();
        let panel = panel(&rows).unwrap();
        for row in &rows {
            prop_assert_eq!(value(&panel, row), Some(row.4), "{:?}", row);
        }
    }
}

#[test]
fn one_key_has_one_observation() {
    for at in [0, 4] {
        let mut rows = ROWS.to_vec();
        rows.push(ROWS[at]);
        let error = panel(&rows).unwrap_err();
        assert!(matches!(error, CoreError::DuplicateKey { .. }), "{error}");
    }
    let doubled = |row| panel(&[row, row]).unwrap_err();
    insta::assert_snapshot!(doubled(ROWS[0]), @"two observations of gdp[v1] for X:a in 2010");
    insta::assert_snapshot!(doubled(ROWS[4]), @"two observations of va[v1], class farm, for X:a in 2020");
    let spelled_out = [
        ("gdp", "v1", 2010, "320000", 1.0),
        ("gdp", "v1", 2010, "GB/T 2260:320000", 1.0),
    ];
    assert!(
        matches!(panel(&spelled_out), Err(CoreError::DuplicateKey { .. })),
        "two spellings of one code are one region"
    );
}

#[test]
fn a_value_is_finite() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = panel(&[("gdp", "v1", 2010, "X:a", bad)]).unwrap_err();
        assert!(matches!(error, CoreError::NotFinite { .. }), "{error}");
    }
    insta::assert_snapshot!(panel(&[("gdp", "v1", 2010, "X:a", f64::NAN)]).unwrap_err(), @"the value of gdp for X:a in 2010 is not finite");
}

#[test]
fn names_of_a_panel_are_well_formed() {
    for bad in [
        ("g dp", "v1", 2010, "X:a", 1.0),
        ("gdp.a b", "v1", 2010, "X:a", 1.0),
        ("gdp", "", 2010, "X:a", 1.0),
        ("gdp", "v1", 20199, "X:a", 1.0),
        ("gdp", "v1", 2010, "a", 1.0),
    ] {
        let error = panel(&[bad]).unwrap_err();
        assert!(matches!(error, CoreError::Malformed { .. }), "{bad:?}: {error}");
    }
}

#[test]
fn an_empty_panel_has_nothing() {
    let panel = panel(&[]).unwrap();
    assert!(panel.is_empty() && panel.terms().next().is_none());
    assert_eq!(value(&panel, &ROWS[0]), None);
}

/// The frame of all rows with one column replaced.
fn with(column: Series) -> DataFrame {
    let mut frame = frame(&ROWS.map(|r| (r, "")));
    frame.with_column(column.into_column()).unwrap();
    frame
}

#[test]
fn a_frame_needs_its_columns_in_their_types() {
    let numbers_as_text = with(Series::new("value".into(), ["1"; 6]));
    let years_as_floats = with(Series::new("year".into(), [2010.0; 6]));
    let without_note = frame(&ROWS.map(|r| (r, ""))).drop("note").unwrap();
    for frame in [numbers_as_text, years_as_floats, without_note] {
        let error = Panel::new(frame).unwrap_err();
        assert!(matches!(error, CoreError::Frame { .. }), "{error}");
    }
}

#[test]
fn a_row_without_a_value_is_no_observation() {
    let values = [Some(1.0), None, Some(3.0), Some(4.0), Some(5.0), None];
    let panel = Panel::new(with(Series::new("value".into(), values))).unwrap();
    assert_eq!(panel.len(), 4);
    assert_eq!(
        (value(&panel, &ROWS[0]), value(&panel, &ROWS[1])),
        (Some(1.0), None)
    );
}

#[test]
fn a_class_that_is_null_is_no_class() {
    let class = [None, Some(""), None, None, Some("farm"), Some("make")];
    let panel = Panel::new(with(Series::new("class".into(), class))).unwrap();
    for row in &ROWS {
        assert_eq!(value(&panel, row), Some(row.4), "{row:?}");
    }
}
