//! Laws of aggregation on the real packages: provinces, cities, regions of the EU.

use proptest::prelude::*;
use proptest::sample::subsequence;
use quyu_core::{Cell, ColumnName, CoreError, Missing, NoteKind, ParamValue, Params, RegionCode, Study};
use quyu_testkit::{Tolerance, assert_close, close};

use crate::packages::{real, set, study, term, year};

const CHOICES: &[(&str, &str)] = &[
    ("gdp", "4EC"),
    ("va", "4EC"),
    ("pop", "pre-7PC"),
    ("rd_exp", "as-published"),
];

fn provinces() -> Study {
    study(&real(), &["Jiangsu"], CHOICES, 2000, 2019)
}

fn names(members: &[RegionCode]) -> Vec<String> {
    members.iter().map(ToString::to_string).collect()
}

/// The value over some members, each once.
fn value(study: &Study, name: &str, members: &[RegionCode], at: i32) -> f64 {
    let members = names(members);
    let set = set(
        &study.atlas,
        &members.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    study
        .aggregate(&term(name), &set, year(at))
        .unwrap()
        .unwrap()
        .value
}

/// Two or more of the 31 provinces, in any order, and a place to cut them.
fn some() -> impl Strategy<Value = (Vec<usize>, usize)> {
    subsequence((0..31).collect::<Vec<usize>>(), 2..=31)
        .prop_shuffle()
        .prop_flat_map(|picked| (Just(picked.clone()), 1..picked.len()))
}

#[test]
fn sums_and_ratios_of_provinces_keep_the_laws() {
    let study = provinces();
    let all = study.reference.members().to_vec();
    // Observed sums, a computed ratio, an observed ratio whose denominator is implied, an implied sum, a ratio by class.
    let sums = ["gdp", "rd_exp", "va.industry", "implied_pop"];
    let ratios = ["rd_per_gdp", "gdp_pc", "va_share.industry", "rd_exp_pc"];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let law = |(picked, cut): (Vec<usize>, usize)| {
        let members: Vec<RegionCode> = picked.iter().map(|i| all[*i].clone()).collect();
        let (left, right) = members.split_at(cut);
        for name in sums {
            let of = |part: &[RegionCode]| value(&study, name, part, 2019);
            prop_assert!(
                close(of(&members), of(left) + of(right), Tolerance::LAW),
                "{name}"
            );
        }
        for name in ratios {
            let pooled = value(&study, name, &members, 2019);
            let single: Vec<f64> = members
                .iter()
                .map(|m| value(&study, name, std::slice::from_ref(m), 2019))
                .collect();
            let (low, high) = single
                .iter()
                .fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
            prop_assert!(
                low * (1.0 - 1e-12) <= pooled && pooled <= high * (1.0 + 1e-12),
                "{name}: {low} {pooled} {high}"
            );
            let mut sorted = members.clone();
            sorted.sort();
            prop_assert_eq!(
                pooled,
                value(&study, name, &sorted, 2019),
                "the order of members says nothing"
            );
        }
        Ok(())
    };
    runner.run(&some(), law).unwrap();
}

#[test]
fn a_published_ratio_is_pooled_with_the_denominator_that_it_implies() {
    let study = provinces();
    let members = ["Jiangsu", "Anhui", "Tibet"].map(|n| study.atlas.regions.find(n).unwrap().code.clone());
    let total = |name: &str| value(&study, name, &members, 2010);
    let weighted: f64 = members
        .iter()
        .map(|m| {
            let one = std::slice::from_ref(m);
            value(&study, "gdp_pc", one, 2010) * value(&study, "implied_pop", one, 2010)
        })
        .sum();
    assert_close(
        total("gdp_pc"),
        total("gdp") / total("implied_pop") * 1e4,
        Tolerance::LAW,
    );
    assert_close(total("gdp_pc"), weighted / total("implied_pop"), Tolerance::LAW);
}

#[test]
fn per_head_figures_are_over_the_mean_of_two_year_ends() {
    let study = study(
        &real(),
        &["Jiangsu"],
        &[("gdp", "first-release"), ("pop", "pre-7PC")],
        2019,
        2019,
    );
    let member = study.focus.members().to_vec();
    let of = |name, at| value(&study, name, &member, at);
    let mean = (of("pop", 2018) + of("pop", 2019)) / 2.0;
    assert_close(
        of("gdp_pc", 2019),
        of("gdp", 2019) / mean * 1e4,
        Tolerance::ROUNDING,
    );
    assert!(of("gdp_pc", 2019) != of("gdp", 2019) / of("pop", 2019) * 1e4);
}

#[test]
fn a_city_without_a_figure_is_an_error_or_a_note() {
    let atlas = real();
    let circle = atlas.set("cn-cities:CC").unwrap().clone();
    let mut study = study(&atlas, &["Chongqing"], &[("gdp", "city-yearbook")], 2020, 2023);
    let pooled = |s: &Study| s.aggregate(&term("gdp_pc"), &circle, year(2020));
    let block = |s: &Study| s.block(&[term("gdp_pc")], circle.members(), &[year(2020), year(2021)]);
    insta::assert_snapshot!(pooled(&study).unwrap_err(), @r#"gdp_pc is missing for 510700 in 2020; choose other regions or years, or write `missing = "drop"`"#);
    assert!(matches!(block(&study), Err(CoreError::Missing { cells, .. }) if cells.len() == 1));
    study.missing = Missing::Drop;
    assert_eq!(pooled(&study).unwrap(), None);
    let block = block(&study).unwrap();
    assert_eq!(
        (block.column(0, 0).len(), block.column(0, 1).len()),
        (15, 15),
        "out of both years"
    );
    let said: Vec<(NoteKind, &str)> = block.notes.iter().map(|n| (n.kind, n.text.as_str())).collect();
    insta::assert_debug_snapshot!(said, @r#"
    [
        (
            Missing,
            "1 of 16 regions is left out because a figure is missing: Mianyang.",
        ),
        (
            Trust,
            "GDP per capita, Dazhou 2020 (marked as distrusted): 3% below GDP/population; 2020-census population basis.",
        ),
    ]
    "#);
    insta::assert_snapshot!(block.source, @"China Statistics Press; NBS Department of Urban Surveys. Vintages: gdp_pc [yearbook_2021, yearbook_2022].");
}

#[test]
fn a_source_of_lower_trust_is_said() {
    let study = provinces();
    let block = study
        .block(&[term("techmkt_in_value")], study.focus.members(), &[year(2019)])
        .unwrap();
    let said: Vec<&str> = block.notes.iter().map(|n| n.text.as_str()).collect();
    insta::assert_debug_snapshot!(said, @r#"
    [
        "The source is of lower trust for: Technology market: contract value, by buyer region (inflow).",
    ]
    "#);
    let trusted = study
        .block(&[term("rd_exp")], study.focus.members(), &[year(2019)])
        .unwrap();
    assert_eq!(trusted.notes, []);
}

#[test]
fn vintages_are_printed_in_the_source_line() {
    let study = provinces();
    let line = |names: &[&str]| {
        let terms: Vec<_> = names.iter().map(|n| term(n)).collect();
        study
            .block(&terms, study.focus.members(), &[year(2019)])
            .unwrap()
            .source
    };
    insta::assert_snapshot!(line(&["gdp"]), @"National Bureau of Statistics of China (NBS). Vintages: gdp [4EC].");
    insta::assert_snapshot!(line(&["rd_per_gdp", "rd_exp_pc"]), @"Ministry of Science and Technology; National Bureau of Statistics of China (NBS). Vintages: gdp [4EC]; rd_exp [as-published]; pop [pre-7PC].");
}

#[test]
fn a_ratio_without_its_parts_is_not_averaged() {
    let study = study(&real(), &["Jiangsu"], &[], 2019, 2019);
    let two = set(&study.atlas, &["NUTS 2021:DE11", "NUTS 2021:DE12"]);
    insta::assert_snapshot!(study.aggregate(&term("tertiary_share"), &two, year(2019)).unwrap_err(), @"tertiary_share cannot be aggregated over `test` in 2019: neither tertiary_pop nor pop_25_64 is observed in the vintage of the ratio");
    assert!(matches!(
        study.aggregate(&term("rii"), &two, year(2019)),
        Err(CoreError::NotAggregable { .. })
    ));
}

/// The circle of Chengdu and Chongqing lacks one figure of 2020, the two cities lack none.
#[test]
fn a_gap_of_the_reference_does_not_hide_the_change_of_the_focus() {
    let atlas = real();
    let choices = [("gdp", "city-yearbook")];
    let mut study = study(&atlas, &["510100", "500000"], &choices, 2020, 2023);
    study.reference = atlas.sets["cn-cities:CC"].clone();
    study.missing = Missing::Drop;
    let registry = quyu_catalog::registry().unwrap();
    let entry = registry.get("key-figures").unwrap();
    let text = |t: &str| ParamValue::Text(t.to_owned());
    let given = [("features", text("gdp_pc")), ("from", text("2020"))];
    let given = given.map(|(k, v)| (k.to_owned(), v)).into();
    let params = Params::check(entry.id, entry.params, &given).unwrap();
    let findings = (entry.build)(&params).unwrap().run(&study, &()).unwrap();
    let change = findings.table("change").unwrap();
    // 97,866.1 over 81,119.6 yuan.
    let own = change.cell(0, ColumnName::Estimate).unwrap().number().unwrap();
    assert!((own - 20.644).abs() < 0.01, "{own}");
    assert_eq!(change.cell(0, ColumnName::Expected), Some(&Cell::Missing));
    assert!(findings.notes.iter().all(|n| !n.text.contains("No change")));
}
