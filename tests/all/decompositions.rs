//! The decompositions: the values worked by hand in `datasets/toy/README.md`, and how an entry is run in a study.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use quyu_core::ColumnName as C;
use quyu_core::{Findings, ParamValue, Params, Study};

use crate::toy::{WEIGHTED, close, number, run};

/// ln 3.
const LN_3: f64 = 1.098_612_288_668_109_8;

pub(crate) type Given = [(&'static str, &'static str)];

pub(crate) fn weighted(more: &Given) -> Vec<(&'static str, &'static str)> {
    [WEIGHTED, more].concat()
}

/// The estimates of components and groups in 2020 are as given.
fn check(findings: &Findings, table: &str, column: C, expected: &[(&str, &str, f64)]) {
    for (component, group, value) in expected {
        let mut keys = vec![(C::Component, *component), (C::Group, *group)];
        if findings.table(table).unwrap().position(C::Year).is_some() {
            keys.push((C::Year, "2020"));
        }
        close(number(findings, table, column, &keys), *value);
    }
}

#[test]
fn generalised_entropy_of_order_two_is_the_one_worked_by_hand() {
    let params = weighted(&[("group", "halves"), ("variant", "ge"), ("alpha", "2")]);
    let expected = [
        ("total", "", 29.0 / 40.0),
        ("between", "", 1.0 / 4.0),
        ("within-group", "north", 9.0 / 20.0),
        ("within-group", "south", 1.0 / 40.0),
        ("inside", "north", 27.0 / 80.0),
        ("inside", "south", 3.0 / 20.0),
    ];
    check(
        &run("decompose", None, &params),
        "decompose",
        C::Estimate,
        &expected,
    );
}

#[test]
fn atkinson_is_the_one_worked_by_hand_in_three_forms() {
    let by_hand = [
        ("atkinson", "cross", [63.0 / 143.0, 25.0 / 168.0, -75.0 / 1144.0]),
        ("atkinson-means", "cross", [2.0 / 7.0, 1.0 / 3.0, -2.0 / 21.0]),
        (
            "atkinson-das-parikh",
            "residual",
            [12.0 / 73.0, 1.0 / 3.0, 40.0 / 1533.0],
        ),
    ];
    for (variant, third, [within, between, rest]) in by_hand {
        let params = weighted(&[("group", "halves"), ("variant", variant), ("epsilon", "2")]);
        let expected = [
            ("total", "", 11.0 / 21.0),
            ("within", "", within),
            ("between", "", between),
            (third, "", rest),
            ("inside", "north", 6.0 / 11.0),
            ("inside", "south", 3.0 / 13.0),
        ];
        check(
            &run("decompose", None, &params),
            "decompose",
            C::Estimate,
            &expected,
        );
    }
}

#[test]
fn the_gini_coefficient_by_groups_is_the_one_worked_by_hand_in_three_forms() {
    let of = |variant| {
        run(
            "decompose",
            None,
            &weighted(&[("group", "halves"), ("variant", variant)]),
        )
    };
    let shared = [
        ("total", "", 38.0 / 75.0),
        ("inside", "north", 21.0 / 50.0),
        ("inside", "south", 7.0 / 25.0),
    ];
    let dagum = of("gini-dagum");
    check(&dagum, "decompose", C::Estimate, &shared);
    check(
        &dagum,
        "decompose",
        C::Estimate,
        &[
            ("within", "", 7.0 / 45.0),
            ("within-group", "north", 7.0 / 75.0),
            ("within-group", "south", 14.0 / 225.0),
            ("net-between", "", 1.0 / 3.0),
            ("transvariation", "", 4.0 / 225.0),
        ],
    );
    for (component, value) in [
        ("gini", 79.0 / 125.0),
        ("affluence", 75.0 / 79.0),
        ("net-between", 1.0 / 3.0),
        ("transvariation", 4.0 / 225.0),
    ] {
        let keys = [
            (C::Group, "north"),
            (C::OtherGroup, "south"),
            (C::Year, "2020"),
            (C::Component, component),
        ];
        close(number(&dagum, "pairs", C::Estimate, &keys), value);
    }
    let own = [
        (C::Group, "north"),
        (C::OtherGroup, "north"),
        (C::Year, "2020"),
        (C::Component, "gini"),
    ];
    close(number(&dagum, "pairs", C::Estimate, &own), 21.0 / 50.0);
    let residual = of("gini-residual");
    check(&residual, "decompose", C::Estimate, &shared);
    check(
        &residual,
        "decompose",
        C::Estimate,
        &[
            ("within", "", 7.0 / 45.0),
            ("between", "", 1.0 / 3.0),
            ("overlap", "", 4.0 / 225.0),
        ],
    );
    let yitzhaki = of("gini-yitzhaki");
    check(&yitzhaki, "decompose", C::Estimate, &shared);
    check(
        &yitzhaki,
        "decompose",
        C::Estimate,
        &[
            ("within", "", 28.0 / 75.0),
            ("between", "", 16.0 / 75.0),
            ("stratification", "", -2.0 / 25.0),
            ("stratum", "north", 8.0 / 21.0),
            ("stratum", "south", 2.0 / 7.0),
        ],
    );
}

#[test]
fn the_nested_split_is_the_one_worked_by_hand() {
    let of = |variant| {
        let params = weighted(&[("group", "halves"), ("nested", "zones"), ("variant", variant)]);
        run("decompose-nested", None, &params)
    };
    let theil = of("theil-t");
    let between = 0.6 * LN_3 - 11.0 / 15.0 * LN_2;
    let expected = [
        ("total", "", 11.0 / 15.0 * LN_2),
        ("between", "", LN_2 / 3.0),
        ("between-nested", "", between),
        ("within", "", 17.0 / 15.0 * LN_2 - 0.6 * LN_3),
        ("between-nested-group", "north", between),
        ("between-nested-group", "south", 0.0),
        ("within-group", "south", LN_2 / 15.0),
    ];
    check(&theil, "decompose-nested", C::Contribution, &expected);
    for (group, nested, own, share) in [
        ("north", "inland", 16.0 / 9.0 * LN_2 - LN_3, 0.6),
        ("north", "coast", 0.0, 1.0 / 15.0),
        ("south", "inland", LN_2 / 3.0, 0.2),
    ] {
        for (component, value) in [("inside", own), ("within-nested", share * own)] {
            let keys = [
                (C::Year, "2020"),
                (C::Component, component),
                (C::Group, group),
                (C::Nested, nested),
            ];
            close(number(&theil, "decompose-nested", C::Contribution, &keys), value);
        }
    }
    let expected = [
        ("total", "", 2.0 / 3.0 * LN_2),
        ("between", "", LN_2 / 3.0),
        ("between-nested", "", 7.0 / 15.0 * LN_2 - LN_3 / 5.0),
        ("within", "", LN_3 / 5.0 - 2.0 / 15.0 * LN_2),
    ];
    check(&of("mld"), "decompose-nested", C::Contribution, &expected);
}

#[test]
fn two_dimensions_are_the_ones_worked_by_hand() {
    let params = weighted(&[("group", "halves"), ("crossed", "zones")]);
    let findings = run("decompose-two-way", None, &params);
    for (component, value) in [
        ("total", 11.0 / 15.0 * LN_2),
        ("between-group", LN_2 / 3.0),
        ("between-crossed", 1.4 * LN_2 - 0.8 * LN_3),
        ("interaction", 1.4 * LN_3 - 32.0 / 15.0 * LN_2),
        ("within-cells", 17.0 / 15.0 * LN_2 - 0.6 * LN_3),
    ] {
        let keys = [(C::Year, "2020"), (C::Component, component)];
        close(
            number(&findings, "decompose-two-way", C::Contribution, &keys),
            value,
        );
    }
}

pub(crate) const SECTORS: &Given = &[("value", "va4"), ("weight", "pop")];

#[test]
fn the_sectors_as_sources_are_the_ones_worked_by_hand() {
    let findings = run("decompose-sources", None, SECTORS);
    let g = 38.0 / 75.0;
    let by_hand = [
        (
            "farming",
            [
                1.0 / 8.0,
                7.0 / 1440.0,
                29.0 / 225.0,
                35.0 / 116.0,
                -421.0 / 3648.0,
            ],
        ),
        (
            "making",
            [
                1.0 / 3.0,
                31.0 / 180.0,
                1261.0 / 2400.0,
                1240.0 / 1261.0,
                1.0 / 152.0,
            ],
        ),
        (
            "services",
            [
                5.0 / 12.0,
                35.0 / 144.0,
                1769.0 / 3000.0,
                1750.0 / 1769.0,
                115.0 / 1824.0,
            ],
        ),
        (
            "research",
            [
                1.0 / 8.0,
                623.0 / 7200.0,
                319.0 / 450.0,
                623.0 / 638.0,
                167.0 / 3648.0,
            ],
        ),
    ];
    for (class, values) in by_hand {
        let rows = ["value-share", "contribution", "gini", "correlation", "marginal"];
        let of = |component, column| {
            let keys = [(C::Year, "2020"), (C::Class, class), (C::Component, component)];
            number(&findings, "decompose-sources", column, &keys)
        };
        for (component, value) in rows.into_iter().zip(values) {
            close(of(component, C::Estimate), value);
        }
        close(of("contribution", C::Share), values[1] / g);
        close(of("elasticity", C::Estimate), values[1] / g / values[0]);
    }
    assert!(
        findings
            .notes
            .iter()
            .any(|n| n.text.contains("divided by the weight")),
        "{:?}",
        findings.notes
    );
    let shorrocks = run(
        "decompose-sources",
        None,
        &[SECTORS, &[("variant", "shorrocks")]].concat(),
    );
    for (class, share) in [
        ("farming", -8.0 / 2784.0),
        ("making", 895.0 / 2784.0),
        ("services", 1351.0 / 2784.0),
        ("research", 546.0 / 2784.0),
    ] {
        let keys = [
            (C::Year, "2020"),
            (C::Class, class),
            (C::Component, "contribution"),
        ];
        close(number(&shorrocks, "decompose-sources", C::Share, &keys), share);
        let contribution = number(&shorrocks, "decompose-sources", C::Estimate, &keys);
        close(contribution, share * 29.0 / 40.0);
    }
}

#[test]
fn shapley_is_the_one_worked_by_hand_with_both_stand_ins() {
    for (variant, farming, research) in [
        ("absent-mean", 73.0 / 1800.0, 119.0 / 360.0),
        ("absent-zero", -47.0 / 450.0, 107.0 / 225.0),
    ] {
        let params = [
            ("value", "va4.farming, va4.research"),
            ("weight", "pop"),
            ("variant", variant),
        ];
        let findings = run("shapley", None, &params);
        let of = |keys: &[(C, &str)]| {
            number(
                &findings,
                "shapley",
                C::Contribution,
                &[&[(C::Year, "2020")], keys].concat(),
            )
        };
        close(of(&[(C::Class, "farming")]), farming);
        close(of(&[(C::Class, "research")]), research);
        close(of(&[(C::Component, "total")]), 167.0 / 450.0);
    }
}

#[test]
fn the_change_of_mld_is_the_one_worked_by_hand() {
    for variant in ["exact", "approximation"] {
        let params = weighted(&[("group", "halves"), ("variant", variant)]);
        let findings = run("decompose-change", None, &params);
        let expected = [
            ("first-year", "", LN_2 / 5.0),
            ("last-year", "", 2.0 / 3.0 * LN_2),
            ("total", "", 7.0 / 15.0 * LN_2),
            ("within", "", 2.0 / 15.0 * LN_2),
            ("population-within", "", 0.0),
            ("population-between", "", 0.0),
            ("means", "", LN_2 / 3.0),
            ("within-group", "north", 2.0 / 15.0 * LN_2),
            ("within-group", "south", 0.0),
        ];
        check(&findings, "decompose-change", C::Contribution, &expected);
    }
}

#[test]
fn the_regression_and_the_neighbours_are_the_ones_worked_by_hand() {
    let findings = run(
        "decompose-regression",
        None,
        &[("value", "gdp_pc"), ("features", "rd_per_gdp")],
    );
    let of = |component, column| {
        number(
            &findings,
            "decompose-regression",
            column,
            &[(C::Year, "2020"), (C::Component, component)],
        )
    };
    close(of("term", C::Share), 294.0 / 299.0);
    close(of("residual", C::Share), 5.0 / 299.0);
    close(of("term", C::Estimate), 14.0 / 13.0 * LN_2);
    close(of("total", C::Contribution), 1.84 * LN_2 * LN_2);

    let findings = run(
        "spatial-gini",
        None,
        &[("value", "gdp_pc"), ("permutations", "199")],
    );
    let of = |component, column| {
        let keys = [(C::Year, "2020"), (C::Component, component)];
        number(&findings, "spatial-gini", column, &keys)
    };
    close(of("total", C::Contribution), 64.0 / 125.0);
    close(of("neighbours", C::Contribution), 0.134);
    close(of("others", C::Contribution), 0.378);
    // 33 of 45 pairs are no neighbours; the mean over random permutations is near that share of the index.
    let expected = of("others", C::Expected);
    assert!((expected / 0.512 - 33.0 / 45.0).abs() < 0.02, "{expected}");
    let p = of("others", C::PValue);
    assert!((1.0 / 200.0..=1.0).contains(&p), "{p}");
}

/// Runs an entry in a study, after its needs were checked.
pub(crate) fn run_in(study: &Study, id: &str, given: &Given) -> Findings {
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = given
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given).unwrap();
    let analysis = (entry.build)(&params).unwrap();
    study.check(&analysis.needs()).unwrap();
    analysis.run(study, &()).unwrap_or_else(|e| panic!("{id}: {e}"))
}

/// Theil's T of the means of two groups: those regions whose bit is set, and the others.
fn between(mask: u32, heads: &[f64; 10], incomes: &[f64; 10]) -> f64 {
    let share = |of: &[f64; 10], side: bool| {
        let own = (0..10).filter(|r| (mask >> r & 1 == 1) == side).map(|r| of[r]);
        own.sum::<f64>() / of.iter().sum::<f64>()
    };
    let term = |side| {
        let (v, s) = (share(heads, side), share(incomes, side));
        s * quyu_math::ln(s / v)
    };
    term(true) + term(false)
}

#[test]
fn the_test_of_the_part_between_groups_counts_every_arrangement() {
    let params = weighted(&[("group", "halves"), ("test", "permutation")]);
    let findings = run("decompose", None, &params);
    let heads = [80.0, 80.0, 80.0, 80.0, 80.0, 160.0, 160.0, 160.0, 160.0, 160.0];
    let incomes = [
        160.0, 160.0, 320.0, 1280.0, 1280.0, 160.0, 160.0, 320.0, 320.0, 640.0,
    ];
    let all: Vec<f64> = (0u32..1 << 10)
        .filter(|mask| mask.count_ones() == 5)
        .map(|mask| between(mask, &heads, &incomes))
        .collect();
    let observed = between(0b11111, &heads, &incomes);
    let greater = all.iter().filter(|b| **b >= observed - 1e-12).count();
    assert_eq!((all.len(), greater), (252, 10));
    let of = |component, column| {
        let keys = [(C::Year, "2020"), (C::Component, component)];
        number(&findings, "test", column, &keys)
    };
    close(of("between", C::Estimate), LN_2 / 3.0);
    close(of("between", C::PValue), 10.0 / 252.0);
    close(of("between", C::Expected), all.iter().sum::<f64>() / 252.0);
    // The poorest two thirds of the population hold 4/15 of GDP.
    let largest = 4.0 / 15.0 * quyu_math::ln(2.0 / 5.0) + 11.0 / 15.0 * quyu_math::ln(11.0 / 5.0);
    close(of("largest-between", C::Estimate), largest);
}
