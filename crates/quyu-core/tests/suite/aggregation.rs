//! Laws of aggregation: sums add up, ratios are ratios of sums, what is not observed is implied or refused.

use proptest::prelude::*;
use quyu_core::{CoreError, Missing, Study};
use quyu_testkit::strategies::{positive, positive_value};
use quyu_testkit::{Tolerance, assert_close, close};

use crate::made::{REGIONS, Row, aggregate, atlas, code, set, study, term, year};

/// Regions in order, each with a value.
fn rows<'a>(name: &'a str, vintage: &'a str, year: i32, values: &[f64]) -> Vec<Row<'a>> {
    REGIONS
        .iter()
        .zip(values)
        .map(|(r, x)| (name, vintage, year, *r, *x))
        .collect()
}

/// A study of these columns in vintage v1 in 2020; `pop` also of 2019.
fn world(columns: &[(&str, &[f64])], before: &[f64]) -> Study {
    let mut all = rows("pop", "v1", 2019, before);
    for (name, values) in columns {
        all.extend(rows(name, "v1", 2020, values));
    }
    study(&atlas(&all), &[])
}

fn value(study: &Study, name: &str, members: &[&str]) -> f64 {
    aggregate(study, name, members).unwrap().value
}

fn triples() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    proptest::collection::vec((positive_value(), positive_value(), positive_value()), 2..=6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_sum_over_a_union_is_the_sum_of_the_sums(x in positive(2..7), cut in 1usize..5) {
        let n = x.len();
        let cut = cut.min(n - 1);
        let study = world(&[("gdp", &x)], &[]);
        let whole = value(&study, "gdp", &REGIONS[..n]);
        let parts = value(&study, "gdp", &REGIONS[..cut]) + value(&study, "gdp", &REGIONS[cut..n]);
        prop_assert!(close(whole, parts, Tolerance::LAW), "{whole} and {parts}");
    }

    #[test]
    fn a_ratio_of_sums_lies_between_the_ratios(of in triples()) {
        let n = of.len();
        let [gdp, pop, before] = [0, 1, 2].map(|i| of.iter().map(|t| [t.0, t.1, t.2][i]).collect::<Vec<f64>>());
        let study = world(&[("gdp", &gdp), ("pop", &pop)], &before);
        let pooled = value(&study, "gdp_pc", &REGIONS[..n]);
        let single: Vec<f64> = REGIONS[..n].iter().map(|r| value(&study, "gdp_pc", &[r])).collect();
        let (low, high) = single.iter().fold((f64::MAX, 0.0f64), |(l, h), x| (l.min(*x), h.max(*x)));
        prop_assert!(low * (1.0 - 1e-12) <= pooled && pooled <= high * (1.0 + 1e-12), "{low} {pooled} {high}");
        // And it is the ratio of the sums, not another mean.
        let by_hand = gdp.iter().sum::<f64>() / pop.iter().zip(&before).map(|(a, b)| (a + b) / 2.0).sum::<f64>() * 1e4;
        prop_assert!(close(pooled, by_hand, Tolerance::LAW), "{pooled} and {by_hand}");
    }

    #[test]
    fn a_part_that_is_not_observed_is_implied_by_the_other(of in triples()) {
        let n = of.len();
        let [gdp, pop, before] = [0, 1, 2].map(|i| of.iter().map(|t| [t.0, t.1, t.2][i]).collect::<Vec<f64>>());
        let per_head: Vec<f64> = of.iter().map(|t| t.0 / ((t.1 + t.2) / 2.0) * 1e4).collect();
        let both = world(&[("gdp_pc", &per_head), ("gdp", &gdp), ("pop", &pop)], &before);
        let numerator = world(&[("gdp_pc", &per_head), ("gdp", &gdp)], &[]);
        let denominator = world(&[("gdp_pc", &per_head), ("pop", &pop)], &before);
        let expected = value(&both, "gdp_pc", &REGIONS[..n]);
        for one in [&numerator, &denominator] {
            let found = value(one, "gdp_pc", &REGIONS[..n]);
            prop_assert!(close(found, expected, Tolerance::LAW), "{found} and {expected}");
        }
    }

    #[test]
    fn members_have_no_order(x in positive(6..7), order in Just(REGIONS.to_vec()).prop_shuffle()) {
        let before: Vec<f64> = x.iter().rev().copied().collect();
        let study = world(&[("gdp", &x), ("pop", &before)], &before);
        for name in ["gdp", "gdp_pc"] {
            prop_assert_eq!(aggregate(&study, name, &REGIONS), aggregate(&study, name, &order));
        }
    }

    #[test]
    fn a_set_of_one_has_the_value_of_its_member(x in positive(6..7)) {
        let study = world(&[("gdp", &x), ("pop", &x), ("price", &x), ("rd_share", &x)], &x);
        for name in ["gdp", "gdp_pc", "price", "rd_share"] {
            for region in REGIONS {
                let own = study.value(&term(name), &code(region), year(2020)).unwrap().unwrap();
                prop_assert_eq!(aggregate(&study, name, &[region]).unwrap(), own);
            }
        }
    }
}

#[test]
fn a_stock_is_halved_between_its_year_ends() {
    let study = world(&[("gdp", &[300.0, 100.0]), ("pop", &[20.0, 30.0])], &[10.0]);
    assert_close(
        value(&study, "gdp_pc", &["X:a"]),
        300.0 / 15.0 * 1e4,
        Tolerance::ROUNDING,
    );
    let error = aggregate(&study, "gdp_pc", &["X:a", "X:b"]).unwrap_err();
    insta::assert_snapshot!(error, @r#"pop is missing for X:b in 2019; choose other regions or years, or write `missing = "drop"`"#);
}

#[test]
fn the_two_year_ends_are_of_one_vintage() {
    let mut all = rows("gdp", "e2", 2020, &[300.0]);
    all.extend(rows("pop", "e2", 2020, &[20.0]));
    let mut joined = all.clone();
    joined.extend(rows("pop", "e1", 2019, &[10.0]));
    all.extend(rows("pop", "e2", 2019, &[10.0]));
    let per_head = |rows: &[Row<'_>]| {
        let study = study(&atlas(rows), &[("gdp", "edition"), ("pop", "edition")]);
        study
            .value(&term("gdp_pc"), &code("X:a"), year(2020))
            .unwrap()
            .map(|d| d.value)
    };
    assert_eq!(per_head(&all), Some(200_000.0));
    assert_eq!(per_head(&joined), None);
}

#[test]
fn an_implied_population_is_a_sum_of_implied_ones() {
    let study = world(
        &[("gdp", &[300.0, 100.0]), ("gdp_pc", &[20_000.0, 10_000.0])],
        &[],
    );
    assert_close(
        value(&study, "implied_pop", &["X:a", "X:b"]),
        150.0 + 100.0,
        Tolerance::ROUNDING,
    );
}

#[test]
fn a_ratio_by_class_takes_its_parts_by_class() {
    let parts: [(&str, &[f64]); 3] = [
        ("gdp", &[100.0, 300.0]),
        ("va.farm", &[10.0, 90.0]),
        ("va.make", &[90.0, 210.0]),
    ];
    let computed = world(&parts, &[]);
    assert_eq!(value(&computed, "va_share.farm", &["X:a"]), 10.0);
    assert_eq!(value(&computed, "va_share.farm", &["X:a", "X:b"]), 25.0);
    let observed = world(&[("gdp", &[100.0, 300.0]), ("va_share.farm", &[10.0, 30.0])], &[]);
    assert_eq!(value(&observed, "va_share.farm", &["X:a", "X:b"]), 25.0);
    insta::assert_snapshot!(aggregate(&computed, "va_share", &["X:a"]).unwrap_err(), @"va_share is split by class: write `indicator.class`, for example `va.industry`");
    insta::assert_snapshot!(aggregate(&computed, "va_share.frm", &["X:a"]).unwrap_err(), @"unknown class `va_share.frm`; did you mean `farm`?");
    insta::assert_snapshot!(aggregate(&computed, "gdp.farm", &["X:a"]).unwrap_err(), @"gdp is not split by class");
}

#[test]
fn what_cannot_be_aggregated_is_refused() {
    let two = ["X:a", "X:b"];
    let study = world(&[("price", &[101.0, 102.0]), ("rd_share", &[2.0, 3.0])], &[]);
    insta::assert_snapshot!(aggregate(&study, "price", &two).unwrap_err(), @"price is a chained index and has no value for a set of regions");
    insta::assert_snapshot!(aggregate(&study, "rd_share", &two).unwrap_err(), @"rd_share cannot be aggregated over `some` in 2020: neither rd nor gdp is observed in the vintage of the ratio");
    insta::assert_snapshot!(aggregate(&study, "weather", &two).unwrap_err(), @"unknown indicator `weather`");
}

#[test]
fn no_ratio_over_zero_and_no_part_from_a_ratio_of_zero() {
    let two = ["X:a", "X:b"];
    let zero_gdp = world(&[("rd", &[1.0, 2.0]), ("gdp", &[0.0, 5.0])], &[]);
    insta::assert_snapshot!(aggregate(&zero_gdp, "rd_share", &["X:a"]).unwrap_err(), @"gdp is zero for X:a in 2020, so rd_share has no value");
    assert_eq!(
        value(&zero_gdp, "rd_share", &two),
        60.0,
        "the ratio of the sums has a denominator"
    );
    let all_zero = world(&[("rd", &[1.0, 2.0]), ("gdp", &[0.0, 0.0])], &[]);
    assert!(matches!(
        aggregate(&all_zero, "rd_share", &two),
        Err(CoreError::ZeroDenominator { .. })
    ));
    for rd in [0.0, 1.0] {
        let zero_ratio = world(&[("rd_share", &[2.0, 0.0]), ("rd", &[1.0, rd])], &[]);
        let error = aggregate(&zero_ratio, "rd_share", &two).unwrap_err();
        assert_eq!(
            error.to_string(),
            "rd_share is zero for X:b in 2020, so gdp has no value"
        );
    }
}

#[test]
fn what_is_missing_is_an_error_or_nothing_never_a_smaller_sum() {
    let mut study = world(&[("gdp", &[1.0, 2.0]), ("rd", &[1.0, 2.0, 3.0])], &[]);
    let three = set(&study.atlas, &["X:a", "X:b", "X:c"]);
    for name in ["gdp", "rd_share"] {
        let error = study.aggregate(&term(name), &three, year(2020)).unwrap_err();
        let expected = CoreError::Missing {
            indicator: "gdp".to_owned(),
            cells: vec![(code("X:c"), year(2020))],
        };
        assert_eq!(error, expected, "{name}");
    }
    study.missing = Missing::Drop;
    for name in ["gdp", "rd_share"] {
        assert_eq!(
            study.aggregate(&term(name), &three, year(2020)).unwrap(),
            None,
            "{name}"
        );
    }
    let one = set(&study.atlas, &["X:c"]);
    assert_eq!(study.aggregate(&term("gdp"), &one, year(2020)).unwrap(), None);
}

#[test]
fn vintages_of_the_parts_meet_only_where_they_may() {
    let two = ["X:a", "X:b"];
    let mut all = rows("gdp", "v2", 2020, &[1.0, 2.0]);
    for v in ["p1", "p2"] {
        all.extend(rows("pop", v, 2019, &[1.0, 1.0]));
        all.extend(rows("pop", v, 2020, &[1.0, 1.0]));
        all.extend(rows("pop", v, 2018, &[1.0, 1.0]));
    }
    all.extend(rows("gdp", "v2", 2019, &[1.0, 2.0]));
    let atlas = atlas(&all);
    let found = |pop: &str, at: i32| {
        let study = study(&atlas, &[("pop", pop)]);
        study
            .aggregate(&term("gdp_pc"), &set(&atlas, &two), year(at))
            .map(|d| d.unwrap())
    };
    let datum = found("p1", 2019).unwrap();
    assert_eq!(datum.value, 15_000.0);
    let from: Vec<String> = datum.from.iter().map(|(i, v)| format!("{i}[{v}]")).collect();
    assert_eq!(from, ["gdp[v2]", "pop[p1]"]);
    insta::assert_snapshot!(found("p2", 2019).unwrap_err(), @"gdp[v2] over pop[p2] in 2019 mixes vintages that do not belong together; gdp[v2] may be divided by pop[p1]");
    insta::assert_snapshot!(found("p1", 2020).unwrap_err(), @"gdp[v2] over pop[p1] in 2020 mixes vintages that do not belong together; gdp[v2] may be divided by no vintage of pop in that year");
}
