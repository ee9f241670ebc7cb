//! The form of `case.toml`.

use quyu_core::ParamValue;
use quyu_report::Case;
use quyu_report::case::{Given, MissingSpec};

/// The smallest case that is well formed, to which the tests add.
const HEAD: &str = r#"schema = 1
id = "x"
packages = ["fake"]
title.en = "X"
lede.en = "It is X."
"#;

fn problems(text: &str) -> String {
    Case::parse(text).expect_err(text).to_string()
}

#[test]
fn what_a_case_leaves_out_has_a_default() {
    let case = Case::parse(HEAD).unwrap();
    assert!(case.sets.is_empty() && case.sections.is_empty() && case.summary.is_none());
    assert_eq!(case.study.missing, None);
}

#[test]
fn sections_keep_their_order_and_their_parameters() {
    let text = format!(
        "{HEAD}
[[section]]
id = \"b\"
analysis = \"gini\"
study = {{ missing = \"drop\", vintages = {{ gdp = \"4EC\" }} }}
params = {{ value = \"gdp\", k = 3, alpha = 0.5, ci = true, features = [\"a\", \"b\"] }}
[[section]]
id = \"a\"
"
    );
    let case = Case::parse(&text).unwrap();
    assert_eq!(
        case.sections.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(),
        ["b", "a"]
    );
    let section = &case.sections[0];
    assert_eq!(section.study.missing, Some(MissingSpec::Drop));
    assert_eq!(section.study.vintages["gdp"], "4EC");
    let params: Vec<ParamValue> = section.params.values().map(ParamValue::from).collect();
    assert_eq!(
        params,
        [
            ParamValue::Number(0.5),
            ParamValue::Flag(true),
            ParamValue::List(vec![ParamValue::Text("a".into()), ParamValue::Text("b".into())]),
            ParamValue::Integer(3),
            ParamValue::Text("gdp".into()),
        ]
    );
    assert_eq!(
        Given::List(vec![Given::Integer(1), Given::Flag(true)]).to_string(),
        "1, true"
    );
}

#[test]
fn every_slip_has_a_line_and_near_names_and_all_are_told_at_once() {
    let text = r#"schema = 2
id = "X y"
packages = "fake"
title = { en = "X", cn = "叉" }

[sets.pole]
name.en = "Pole"
memebers = ["510100"]

[study]
focus = 12
period = { from = "2010", to = 2020 }
missing = "dropp"

[chapters.finding]
question.en = "Who?"

[[section]]
id = "a"
chapter = "findigns"
titel.en = "A"
params = { when = 2010-01-01 }
show = { tables = "ranking" }

[[section]]
analysis = "gini"
"#;
    let problems = problems(text);
    insta::assert_snapshot!(problems);
}

#[test]
fn what_the_form_cannot_say_is_told_with_its_line() {
    let text = r#"schema = 2
id = "X y"
packages = ["fake"]
title.en = "X"
lede.en = "It is X."

[sets.both]
members = ["A"]
from_package = "fake:all"
[sets.none]
name.en = "None"
[sets.nameless]
members = ["A"]

[[section]]
id = "a"
params = { value = "gdp" }
[[section]]
id = "a"
chapter = "findings"
[[section]]
id = "2nd"
"#;
    let problems = problems(text);
    insta::assert_snapshot!(problems);
}

#[test]
fn a_cut_table_keeps_at_least_two_rows() {
    let problems = problems(&format!(
        "{HEAD}\n[[section]]\nid = \"a\"\nshow = {{ rows = 1 }}\n"
    ));
    assert!(
        problems.contains("`rows` is 1; a table that is cut"),
        "{problems}"
    );
}

#[test]
fn text_that_is_no_toml_is_told_with_its_line() {
    let problems = problems("schema = 1\nid = \"x\n\n[study\n");
    insta::assert_snapshot!(problems);
}

#[test]
fn the_schema_is_json_and_knows_every_key() {
    let schema = Case::json_schema();
    assert!(serde_json::from_str::<serde_json::Value>(&schema).is_ok());
    for key in [
        "packages",
        "from_package",
        "vintages",
        "recommendations",
        "after",
        "\"drop\"",
    ] {
        assert!(schema.contains(key), "{key}");
    }
}
