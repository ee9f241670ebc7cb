//! Parameters: every kind, its bounds, its defaults, its refusals.

use std::collections::BTreeMap;

use quyu_core::{Param, ParamError, ParamKind, ParamValue, Params};

const WHOLE: ParamKind = ParamKind::Integer { min: 2, max: 30 };
static DECLARED: [Param; 9] = [
    Param::required("value", ParamKind::Column, "what is looked at"),
    Param::optional("share", ParamKind::Number { min: 0.0, max: 1.0 }, "a share"),
    Param::with_default("k", WHOLE, "3", "how many"),
    Param::with_default(
        "method",
        ParamKind::Choice(&["k-means", "ward"]),
        "k-means",
        "how",
    ),
    Param::with_default("members", ParamKind::Flag, "false", "each by itself"),
    Param::optional("features", ParamKind::List(&ParamKind::Column), "which ones"),
    Param::optional("years", ParamKind::List(&WHOLE), "when"),
    Param::optional("file", ParamKind::Path, "where"),
    Param::optional("group", ParamKind::Expr, "by what"),
];

fn text(t: &str) -> ParamValue {
    ParamValue::Text(t.to_owned())
}

/// The parameters with a value for the required one and for one other.
fn check(name: &str, value: ParamValue) -> Result<Params, ParamError> {
    let mut given = BTreeMap::from([("value".to_owned(), text("gdp"))]);
    given.insert(name.to_owned(), value);
    Params::check("test", &DECLARED, &given)
}

#[test]
fn defaults_are_filled_in_and_nothing_else() {
    let params = check("value", text("va.industry")).unwrap();
    assert_eq!(params.term("test", "value").unwrap().to_string(), "va.industry");
    assert_eq!(
        (params.integer("k"), params.text("method")),
        (Some(3), Some("k-means"))
    );
    assert!(!params.flag("members"));
    assert_eq!(
        (params.number("share"), params.text("file"), params.text("group")),
        (None, None, None)
    );
    assert_eq!(
        (params.texts("features"), params.integers("years")),
        (vec![], vec![])
    );
}

#[test]
fn every_kind_is_read_from_text_and_from_its_own_type() {
    let number = |v| check("share", v).unwrap().number("share");
    assert_eq!(
        [number(text("0.25")), number(ParamValue::Number(0.25))],
        [Some(0.25); 2]
    );
    assert_eq!(number(ParamValue::Integer(1)), Some(1.0));
    let whole = |v| check("k", v).unwrap().integer("k");
    assert_eq!([whole(text("7")), whole(ParamValue::Integer(7))], [Some(7); 2]);
    let flag = |v| check("members", v).unwrap().flag("members");
    assert!(flag(text("true")) && flag(ParamValue::Flag(true)) && !flag(text("false")));
    assert_eq!(
        check("method", text("ward")).unwrap().text("method"),
        Some("ward")
    );
    assert_eq!(
        check("file", text("a/b.csv")).unwrap().text("file"),
        Some("a/b.csv")
    );
    assert_eq!(
        check("group", text("halves")).unwrap().text("group"),
        Some("halves")
    );
}

#[test]
fn a_list_is_read_from_commas_and_from_a_list() {
    let listed = ParamValue::List(vec![text("gdp"), text("va.industry")]);
    for value in [text("gdp, va.industry"), listed] {
        let params = check("features", value).unwrap();
        assert_eq!(params.texts("features"), ["gdp", "va.industry"]);
        assert_eq!(params.terms("test", "features").unwrap().len(), 2);
    }
    assert_eq!(check("years", text("2,30")).unwrap().integers("years"), [2, 30]);
}

#[test]
fn bounds_belong_to_the_range_and_what_lies_beyond_does_not() {
    for (value, fits) in [
        ("0", true),
        ("1", true),
        ("-0.001", false),
        ("1.001", false),
        ("NaN", false),
        ("inf", false),
    ] {
        assert_eq!(check("share", text(value)).is_ok(), fits, "{value}");
    }
    for (value, fits) in [
        ("2", true),
        ("30", true),
        ("1", false),
        ("31", false),
        ("2.0", false),
        ("", false),
    ] {
        assert_eq!(check("k", text(value)).is_ok(), fits, "{value}");
        assert_eq!(
            check("years", text(&format!("3,{value}"))).is_ok(),
            fits,
            "{value} in a list"
        );
    }
}

#[test]
fn refusals_say_what_was_expected() {
    let refusal = |name: &str, value: ParamValue| check(name, value).unwrap_err().to_string();
    insta::assert_snapshot!(refusal("valeu", text("gdp")), @"`test` has no parameter `valeu`; did you mean `value`?");
    insta::assert_snapshot!(refusal("method", text("k-mean")), @"`test` takes for `method` one of `k-means` or `ward`, not `k-mean`; did you mean `k-means`?");
    insta::assert_snapshot!(refusal("k", text("31")), @"`test` takes for `k` a whole number from 2 to 30, not `31`");
    insta::assert_snapshot!(refusal("k", ParamValue::Number(3.0)), @"`test` takes for `k` a whole number from 2 to 30, not `3.0`");
    insta::assert_snapshot!(refusal("share", text("half")), @"`test` takes for `share` a number from 0 to 1, not `half`");
    insta::assert_snapshot!(refusal("members", text("yes")), @"`test` takes for `members` true or false, not `yes`");
    insta::assert_snapshot!(refusal("members", ParamValue::Integer(1)), @"`test` takes for `members` true or false, not `1`");
    insta::assert_snapshot!(refusal("file", text("")), @"`test` takes for `file` a path, not ``");
    insta::assert_snapshot!(refusal("features", text("gdp,")), @"`test` takes for `features` a list, each an indicator or column, not ``");
    insta::assert_snapshot!(refusal("years", ParamValue::List(vec![ParamValue::Integer(1)])), @"`test` takes for `years` a list, each a whole number from 2 to 30, not `1`");
    insta::assert_snapshot!(refusal("group", ParamValue::List(vec![text("a"), text("b")])), @"`test` takes for `group` a name or expression, not `[a, b]`");
}

#[test]
fn a_required_parameter_is_required() {
    let error = Params::check("test", &DECLARED, &BTreeMap::new()).unwrap_err();
    insta::assert_snapshot!(error, @"`test` needs the parameter `value`: what is looked at");
    static LISTED: [Param; 1] = [Param::required(
        "features",
        ParamKind::List(&ParamKind::Column),
        "which ones",
    )];
    let empty = BTreeMap::from([("features".to_owned(), ParamValue::List(Vec::new()))]);
    let error = Params::check("test", &LISTED, &empty).unwrap_err();
    insta::assert_snapshot!(error, @"`test` takes for `features` a list, each an indicator or column, not `[]`");
}

#[test]
fn a_term_that_is_not_well_formed_is_refused() {
    let params = check("value", text("gdp per head")).unwrap();
    insta::assert_snapshot!(params.term("test", "value").unwrap_err(), @"`test` takes for `value` an indicator or column, not `gdp per head`");
    let params = check("features", text("gdp, va.")).unwrap();
    insta::assert_snapshot!(params.terms("test", "features").unwrap_err(), @"`test` takes for `features` an indicator or column, not `va.`");
}
