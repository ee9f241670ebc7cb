//! Codes, ids, years and terms: what exists is well formed. Near names.

use proptest::prelude::*;
use quyu_core::suggest::{Near, quoted};
use quyu_core::{ClassCode, CoreError, IndicatorId, OWN, RegionCode, Term, Vintage, Year};

fn malformed<T: std::fmt::Debug>(found: Result<T, CoreError>) -> bool {
    matches!(found, Err(CoreError::Malformed { .. }))
}

#[test]
fn a_region_code_is_six_digits_or_a_scheme_and_a_code() {
    let full_width = "３２００００";
    for bad in [
        "",
        "32",
        "3200000",
        "32000a",
        " 320000",
        "NUTS 2021:",
        ":ES21",
        "A:b:c",
        "A: b",
        "A :b",
        full_width,
    ] {
        assert!(malformed(RegionCode::parse(bad)), "{bad:?}");
    }
    let code = RegionCode::parse("NUTS 2021:ES21").unwrap();
    assert_eq!((code.scheme(), code.code()), ("NUTS 2021", "ES21"));
    assert_eq!(
        RegionCode::parse("GB/T 2260:320000"),
        RegionCode::parse("320000"),
        "the scheme that may be left out"
    );
}

#[test]
fn ids_hold_only_their_characters() {
    for (text, indicator, vintage, class) in [
        ("gdp_pc", true, true, true),
        ("4EC", true, true, true),
        ("pre-7PC", false, true, true),
        ("C.10", false, false, true),
        ("", false, false, false),
        ("a b", false, false, false),
        ("va[4EC]", false, false, false),
        ("増", false, false, false),
    ] {
        assert_eq!(IndicatorId::new(text).is_ok(), indicator, "indicator {text:?}");
        assert_eq!(Vintage::new(text).is_ok(), vintage, "vintage {text:?}");
        assert_eq!(ClassCode::new(text).is_ok(), class, "class {text:?}");
    }
    insta::assert_snapshot!(IndicatorId::new("a b").unwrap_err(), @"`a b` is not a well-formed indicator id");
}

#[test]
fn a_year_is_one_that_statistics_know() {
    for (year, known) in [
        (1799, false),
        (1800, true),
        (2200, true),
        (2201, false),
        (20199, false),
    ] {
        assert_eq!(Year::new(year).is_ok(), known, "{year}");
    }
    let (first, last) = (Year::new(2018).unwrap(), Year::new(2020).unwrap());
    let through: Vec<i32> = first.through(last).into_iter().map(Year::get).collect();
    assert_eq!(through, [2018, 2019, 2020]);
    assert_eq!(last.through(first), []);
    assert_eq!(last.previous().get(), 2019);
}

#[test]
fn a_term_is_an_indicator_or_one_class_of_it() {
    let classed = Term::parse("emp.C.10").unwrap();
    assert_eq!(classed.indicator.as_str(), "emp");
    assert_eq!(classed.class.unwrap().as_str(), "C.10");
    assert_eq!(Term::parse("gdp").unwrap().class, None);
    for bad in ["", ".", "gdp.", ".industry", "gdp .industry", "va.in dustry"] {
        assert!(malformed(Term::parse(bad)), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(
        scheme in "[A-Z][A-Za-z0-9 ]{0,8}[0-9]", code in "[A-Z0-9]{1,6}", digits in "[0-9]{6}",
        indicator in "[a-z][a-z0-9_]{0,8}", class in "[A-Za-z0-9_.-]{1,6}",
    ) {
        let foreign = RegionCode::new(&scheme, &code).unwrap();
        prop_assert_eq!(RegionCode::parse(&foreign.to_string()).unwrap(), foreign);
        let chinese = RegionCode::parse(&digits).unwrap();
        prop_assert_eq!(chinese.to_string(), digits);
        let term = Term::parse(&format!("{indicator}.{class}")).unwrap();
        prop_assert_eq!(Term::parse(&term.to_string()).unwrap(), term);
    }

    #[test]
    fn near_names_are_known_and_few(name in "[a-c]{0,5}", known in proptest::collection::vec("[a-c]{1,5}", 0..8)) {
        let near = Near::to(&name, known.iter().map(String::as_str));
        prop_assert!(near.0.len() <= 3);
        prop_assert!(near.0.iter().all(|n| known.contains(n)));
        prop_assert!(!known.contains(&name) || near.0.first() == Some(&name), "the same name is the nearest");
    }
}

#[test]
fn near_names_are_sorted_by_distance_and_leave_out_what_is_foreign() {
    let known = ["gdp", "gdp_pc", "gdp_index", "pop", "rd_exp"];
    assert_eq!(Near::to("gpd", known).0, ["gdp"]);
    assert_eq!(Near::to("GDP_PC", known).0, ["gdp_pc", "gdp"]);
    assert_eq!(Near::to("weather", known).0, [] as [&str; 0]);
    assert_eq!(Near::to("江苏", ["江苏省", "浙江省"]).0, ["江苏省"]);
}

#[test]
fn lists_read_as_sentences() {
    let names = |n: usize| -> Vec<String> { ["a", "b", "c"][..n].iter().map(|s| (*s).to_owned()).collect() };
    let said: Vec<String> = (0..4).map(|n| quoted(&names(n), "or")).collect();
    assert_eq!(said, ["", "`a`", "`a` or `b`", "`a`, `b` or `c`"]);
    assert_eq!(Near(names(2)).to_string(), "; did you mean `a` or `b`?");
    assert_eq!(Near::default().to_string(), "");
}

#[test]
fn a_name_of_an_own_table_is_printed_as_it_stands_and_read_back_with_its_scheme() {
    for name in ["Berlin: Mitte", "320000", "江苏"] {
        let code = RegionCode::new(OWN, name).unwrap();
        assert_eq!(code.to_string(), name);
        assert_eq!(RegionCode::parse(&code.spelled()).unwrap(), code);
    }
    assert!(malformed(RegionCode::new(OWN, " A")) && malformed(RegionCode::new(OWN, "")));
    assert_ne!(RegionCode::new(OWN, "320000"), RegionCode::parse("320000"));
    let nuts = RegionCode::parse("NUTS 2021:ES21").unwrap();
    assert_eq!(RegionCode::parse(&nuts.spelled()).unwrap(), nuts);
}

#[test]
fn a_table_without_years_has_one_period_that_is_no_year() {
    assert_eq!(Year::UNDATED.to_string(), "undated");
    assert!(malformed(Year::new(Year::UNDATED.get())));
    assert_eq!(Year::UNDATED.through(Year::UNDATED), [Year::UNDATED]);
}
