//! From a case to its report.

use quyu_core::number::twelve_digits;
use quyu_core::{Cell, Column, ColumnName, Table};
use quyu_report::csv::csv;
use quyu_report::{Artifacts, Case, Fault, ReportError, index, run};

use crate::fake::{atlas, registry};

const CASE: &str = include_str!("case.toml");

fn report(text: &str) -> Result<Artifacts, ReportError> {
    run(&Case::parse(text).unwrap(), &atlas(), &registry(), &())
}

/// The message of the case with something replaced.
fn message(replaced: &[(&str, &str)]) -> String {
    let mut text = CASE.to_owned();
    for (from, to) in replaced {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    report(&text).expect_err("an error").to_string()
}

#[test]
fn a_case_becomes_a_report() {
    let artifacts = report(CASE).unwrap();
    insta::assert_snapshot!(artifacts.markdown);
    insta::assert_snapshot!(index(&[artifacts.card]));
    let names: Vec<&str> = artifacts.tables.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(
        names,
        [
            "headline.csv",
            "headline-years.csv",
            "ranking-top.csv",
            "ranking-top-years.csv",
            "income.csv",
            "income-years.csv",
        ]
    );
    // Only what is shown is drawn.
    let stems: Vec<&str> = artifacts.figures.iter().map(|(s, _)| s.as_str()).collect();
    assert_eq!(stems, ["income"]);
}

#[test]
fn a_parameter_can_name_a_set_of_the_case() {
    let among = |set: &str| {
        CASE.replace(
            "params = { rows = 18 }",
            &format!("params = {{ rows = 18, among = \"{set}\" }}"),
        )
    };
    assert!(report(&among("coast")).is_ok());
    let error = report(&among("coats")).expect_err("no such set").to_string();
    assert!(error.contains("did you mean `coast`?"), "{error}");
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(report(CASE).unwrap(), report(CASE).unwrap());
}

#[test]
fn everything_wrong_before_the_run_is_told_at_once() {
    let message = message(&[
        ("reference = \"fake:all\"", "reference = \"fake:al\""),
        ("figures = \"headline\"", "figures = \"headlines\""),
        ("Provinces are", "All 31 provinces are"),
        ("params = { rows = 18 }", "params = { row = 18 }"),
        ("{section(income)}", "{section(incom)}"),
        (
            "\n[[section]]\nid = \"limits\"",
            "\n[[section]]\nid = \"odd\"\nanalysis = \"rankign\"\n[[section]]\nid = \"limits\"",
        ),
    ]);
    insta::assert_snapshot!(message);
}

#[test]
fn each_error_names_the_case_the_section_and_the_cause() {
    let params = "params = { rows = 18 }";
    let messages = [
        message(&[("period = { from = 2010, to = 2019 }", "")]),
        message(&[("from = 2010", "from = 2030")]),
        message(&[("members = [\"Jiangsu\"", "members = [\"Jiangsi\"")]),
        message(&[(params, "params = { rows = 99 }")]),
        message(&[(params, "params = { value = \"gdpp\" }")]),
        message(&[(params, "params = { value = \"gdp\" }")]),
        message(&[(params, "study.vintages.gdp = \"5EC\"")]),
        message(&[(params, "params = { rows = 13 }")]),
        message(&[("tables = [\"ranking\"]", "tables = [\"rankin\"]")]),
        message(&[("tables = [\"ranking\"]", "tables = [\"ranking-years\"]")]),
        message(&[("tables = [\"ranking\"]", "figures = [\"map\"]")]),
        message(&[
            ("id = \"ranking-top\"", "id = \"headline-years\""),
            ("{ranking-top.", "{headline-years."),
        ]),
        message(&[(
            "{ranking-top.name[rank=1,year=to]}",
            "{ranking-top.name[rank=9,year=to]}",
        )]),
        message(&[("It does not show prices.", "{if to > from}prices")]),
    ];
    let messages = messages.join("\n");
    insta::assert_snapshot!(messages);
}

#[test]
fn the_fault_decides_who_has_to_act() {
    let fault = |from: &str, to: &str| report(&CASE.replace(from, to)).expect_err(to).fault();
    assert_eq!(fault("rows = 18", "row = 18"), Fault::Case);
    assert_eq!(fault("rows = 18", "value = \"gdp\""), Fault::Data);
    assert_eq!(fault("rows = 18", "rows = 13"), Fault::Analysis);
}

#[test]
fn csv_quotes_what_must_be_quoted_and_rounds_p_values() {
    let mut table = Table::new(
        "t",
        "T",
        vec![
            Column::key(ColumnName::Name),
            Column::of(ColumnName::Value, "yuan"),
            Column::key(ColumnName::PValue),
        ],
    );
    table.push(vec!["a, \"b\"".into(), (1.0 / 3.0).into(), 0.000_123_456.into()]);
    table.push(vec!["line\nend".into(), (-0.0).into(), Cell::Missing]);
    let expected = format!(
        "name,value,p_value\n\"a, \"\"b\"\"\",{},0.0001235\n\"line\nend\",0,\n",
        twelve_digits(1.0 / 3.0)
    );
    assert_eq!(csv(&table), expected);
}
