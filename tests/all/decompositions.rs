//! The decompositions: the values worked by hand in `datasets/toy/README.md`, and the law that parts add up, over every variant.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;
use std::sync::Arc;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{Batch, Findings, Missing, ParamValue, Params, Period, Study, Table, Values};

use crate::packages::{real, study, toy_study, vintages, year};
use crate::toy::{WEIGHTED, close, number, run};

/// ln 3.
const LN_3: f64 = 1.098_612_288_668_109_8;

type Given = [(&'static str, &'static str)];

fn weighted(more: &Given) -> Vec<(&'static str, &'static str)> {
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

const SECTORS: &Given = &[("value", "va4"), ("weight", "pop")];

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

/// Every variant of every decomposition, with the column of its parts and the components that add up to which.
type Sum = (&'static str, &'static [&'static str]);
const LAWS: &[(&str, &Given, C, &[Sum])] = &[
    ("decompose", &[("variant", "theil-t")], C::Estimate, ENTROPY),
    ("decompose", &[("variant", "mld")], C::Estimate, ENTROPY),
    (
        "decompose",
        &[("variant", "ge"), ("alpha", "-1.5")],
        C::Estimate,
        ENTROPY,
    ),
    (
        "decompose",
        &[("variant", "ge"), ("alpha", "0.4")],
        C::Estimate,
        ENTROPY,
    ),
    (
        "decompose",
        &[("variant", "ge"), ("alpha", "3")],
        C::Estimate,
        ENTROPY,
    ),
    (
        "decompose",
        &[("variant", "atkinson"), ("epsilon", "0.5")],
        C::Estimate,
        PRODUCT,
    ),
    (
        "decompose",
        &[("variant", "atkinson"), ("epsilon", "1")],
        C::Estimate,
        PRODUCT,
    ),
    (
        "decompose",
        &[("variant", "atkinson-means"), ("epsilon", "1")],
        C::Estimate,
        MEANS,
    ),
    (
        "decompose",
        &[("variant", "atkinson-das-parikh"), ("epsilon", "0.5")],
        C::Estimate,
        &[("total", &["within", "between", "residual"])],
    ),
    (
        "decompose",
        &[("variant", "gini-dagum")],
        C::Estimate,
        &[
            ("total", &["within", "net-between", "transvariation"]),
            ("within", &["within-group"]),
        ],
    ),
    (
        "decompose",
        &[("variant", "gini-residual")],
        C::Estimate,
        &[
            ("total", &["within", "between", "overlap"]),
            ("within", &["within-group"]),
        ],
    ),
    (
        "decompose",
        &[("variant", "gini-yitzhaki")],
        C::Estimate,
        &[
            ("total", &["within", "between", "stratification"]),
            ("within", &["within-group"]),
        ],
    ),
    (
        "decompose-nested",
        &[("variant", "theil-t")],
        C::Contribution,
        NESTED,
    ),
    ("decompose-nested", &[("variant", "mld")], C::Contribution, NESTED),
    (
        "decompose-nested",
        &[("variant", "ge"), ("alpha", "2")],
        C::Contribution,
        NESTED,
    ),
    (
        "decompose-two-way",
        &[("variant", "theil-t")],
        C::Contribution,
        CROSSED,
    ),
    (
        "decompose-two-way",
        &[("variant", "mld")],
        C::Contribution,
        CROSSED,
    ),
    (
        "decompose-two-way",
        &[("variant", "ge"), ("alpha", "0.5")],
        C::Contribution,
        CROSSED,
    ),
    (
        "decompose-sources",
        &[("variant", "lerman-yitzhaki")],
        C::Estimate,
        &[("total", &["contribution"])],
    ),
    (
        "decompose-sources",
        &[("variant", "shorrocks")],
        C::Estimate,
        &[("total", &["contribution"])],
    ),
    (
        "decompose-change",
        &[("variant", "exact")],
        C::Contribution,
        CHANGE,
    ),
    (
        "decompose-change",
        &[("variant", "approximation")],
        C::Contribution,
        &[(
            "total",
            &[
                "within",
                "population-within",
                "population-between",
                "means",
                "error",
            ],
        )],
    ),
    ("shapley", &[("index", "gini")], C::Contribution, SHAPLEY),
    (
        "shapley",
        &[("index", "theil-t"), ("variant", "absent-zero")],
        C::Contribution,
        SHAPLEY,
    ),
    ("shapley", &[("index", "mld")], C::Contribution, SHAPLEY),
    (
        "shapley",
        &[("index", "ge"), ("alpha", "2")],
        C::Contribution,
        SHAPLEY,
    ),
    (
        "shapley",
        &[("index", "atkinson"), ("epsilon", "0.5")],
        C::Contribution,
        SHAPLEY,
    ),
    ("shapley", &[("index", "cv")], C::Contribution, SHAPLEY),
    ("shapley", &[("index", "hoover")], C::Contribution, SHAPLEY),
    (
        "decompose-regression",
        &[("transform", "log")],
        C::Contribution,
        TERMS,
    ),
    (
        "decompose-regression",
        &[("transform", "none")],
        C::Contribution,
        TERMS,
    ),
    (
        "spatial-gini",
        &[],
        C::Contribution,
        &[("total", &["neighbours", "others"])],
    ),
];
const ENTROPY: &[Sum] = &[
    ("total", &["between", "within"]),
    ("within", &["within-group"]),
    ("between", &["between-group"]),
];
const PRODUCT: &[Sum] = &[
    ("total", &["within", "between", "cross"]),
    ("within", &["within-group"]),
];
const MEANS: &[Sum] = &[("total", &["within", "between", "cross"])];
const NESTED: &[Sum] = &[
    ("total", &["between", "between-nested", "within"]),
    ("between-nested", &["between-nested-group"]),
    ("within", &["within-group"]),
    ("within", &["within-nested"]),
];
const CROSSED: &[Sum] = &[(
    "total",
    &["between-group", "between-crossed", "interaction", "within-cells"],
)];
const CHANGE: &[Sum] = &[
    (
        "total",
        &["within", "population-within", "population-between", "means"],
    ),
    ("within", &["within-group"]),
    ("population-within", &["population-within-group"]),
    ("population-between", &["population-between-group"]),
    ("means", &["means-group"]),
];
const SHAPLEY: &[Sum] = &[("total", &["source"])];
const TERMS: &[Sum] = &[("total", &["term", "residual"])];

/// Sums of a column by component, for each year and vintage.
fn sums(table: &Table, column: C) -> Vec<BTreeMap<String, Vec<f64>>> {
    let mut found: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for row in 0..table.rows.len() {
        let key = format!("{:?} {:?}", table.cell(row, C::Year), table.cell(row, C::Vintage));
        let Some(Cell::Text(component)) = table.cell(row, C::Component) else {
            panic!("{}: a row without a component", table.id)
        };
        let value = table.cell(row, column).and_then(Cell::number).unwrap();
        let of = found.entry(key).or_default();
        of.entry(component.clone()).or_default().push(value);
    }
    found.into_values().collect()
}

/// Parts add up: |sum - total| <= 1e-12 (|total| + sum |parts|).
fn assert_adds_up(id: &str, given: &Given, findings: &Findings, column: C, laws: &[Sum]) {
    let years = sums(findings.table(id).unwrap(), column);
    assert!(!years.is_empty());
    for of in years {
        for (total, parts) in laws {
            let total = of[*total][0];
            let parts: Vec<f64> = parts.iter().flat_map(|part| of[*part].clone()).collect();
            let (sum, size) = (
                parts.iter().sum::<f64>(),
                parts.iter().map(|p| p.abs()).sum::<f64>(),
            );
            assert!(
                (sum - total).abs() <= 1e-12 * (total.abs() + size),
                "{id} {given:?}: {parts:?} add up to {sum}, not to {total}"
            );
        }
    }
}

/// What an entry needs beside its variant to run on figures per head, or on sectors.
fn completed(
    id: &str,
    own: &Given,
    heads: &Given,
    sectors: &Given,
    groups: [&'static str; 2],
) -> Vec<(&'static str, &'static str)> {
    let mut given = own.to_vec();
    given.extend(match id {
        "decompose-sources" | "shapley" => sectors,
        _ => heads,
    });
    match id {
        "decompose" | "decompose-change" => given.push(("group", groups[0])),
        "decompose-nested" => given.extend([("group", groups[0]), ("nested", groups[1])]),
        "decompose-two-way" => given.extend([("group", groups[0]), ("crossed", groups[1])]),
        "decompose-regression" => given.extend([("features", "rd_per_gdp"), ("group", groups[0])]),
        "spatial-gini" => {
            given.retain(|(name, _)| *name != "weight");
            given.push(("permutations", "19"));
        }
        _ => {}
    }
    given
}

#[test]
fn every_variant_of_every_decomposition_adds_up_on_the_toy_data() {
    for (id, own, column, laws) in LAWS {
        for weight in [true, false] {
            let mut given = completed(id, own, WEIGHTED, SECTORS, ["halves", "zones"]);
            given.retain(|(name, _)| weight || *name != "weight");
            assert_adds_up(id, own, &run(id, None, &given), *column, laws);
        }
    }
    // No decomposition of the registry escapes the law.
    let registry = quyu_catalog::registry().unwrap();
    let named = |id: &str| LAWS.iter().any(|(law, ..)| *law == id);
    for entry in registry.iter().filter(|e| e.id.starts_with("decompose")) {
        assert!(named(entry.id), "no law for {}", entry.id);
        let variants = entry.params.iter().find(|p| p.name == "variant");
        if let Some(quyu_core::ParamKind::Choice(words)) = variants.map(|p| p.kind) {
            for word in words {
                let has = |own: &Given| own.contains(&("variant", *word));
                assert!(
                    LAWS.iter().any(|(id, own, ..)| *id == entry.id && has(own)),
                    "no law for {} {word}",
                    entry.id
                );
            }
        }
    }
}

/// Runs an entry in a study, after its needs were checked.
fn run_in(study: &Study, id: &str, given: &Given) -> Findings {
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

#[test]
fn every_variant_adds_up_on_the_provinces() {
    let atlas = real();
    let all: Vec<String> = atlas
        .set("cn-provinces:all")
        .unwrap()
        .members()
        .iter()
        .map(ToString::to_string)
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let choices = [("gdp", "4EC"), ("va3", "4EC"), ("pop", "pre-7PC")];
    let study = study(&atlas, &all, &choices, 2015, 2019);
    let heads: &Given = &[("value", "gdp_pc"), ("weight", "implied_pop")];
    let sectors: &Given = &[("value", "va3"), ("weight", "implied_pop")];
    for (id, own, column, laws) in LAWS {
        let given = completed(id, own, heads, sectors, ["macro3", "macro4"]);
        assert_adds_up(id, own, &run_in(&study, id, &given), *column, laws);
    }
}

#[test]
fn many_groups_have_a_table_that_can_be_read_and_a_figure_that_can_be_drawn() {
    let atlas = real();
    let europe = Study {
        focus: atlas.set("eu-nuts2:eu27").unwrap().clone(),
        period: Period {
            from: year(2019),
            to: year(2019),
        },
        missing: Missing::Drop,
        vintages: vintages(&atlas, &[]),
        ..study(&atlas, &["110000"], &[], 2019, 2019)
    };
    for (variant, columns) in [("theil-t", 4), ("gini-dagum", 5)] {
        let given = [
            ("value", "gdp_pc_pps"),
            ("weight", "pop_eu"),
            ("group", "country"),
            ("variant", variant),
        ];
        let findings = run_in(&europe, "decompose", &given);
        assert_eq!(
            findings
                .table("decompose")
                .unwrap()
                .view
                .as_ref()
                .unwrap()
                .head
                .len(),
            columns
        );
        for figure in &findings.figures {
            quyu_plotting::svg(figure).unwrap();
        }
        if let Some(pairs) = findings.table("pairs") {
            assert!(
                pairs.rows.len() > 1000 && pairs.view.is_none(),
                "{}",
                pairs.rows.len()
            );
        }
    }
}

/// The stream of `decompose` over rows year, group, value, weight.
fn streamed(variant: &Given, rows: &[(&str, &str, f64, f64)], parts: usize) -> Result<Findings, String> {
    let entry = quyu_catalog::registry().unwrap().get("decompose").unwrap();
    let given: BTreeMap<String, ParamValue> = weighted(&[("group", "halves")])
        .iter()
        .chain(variant)
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check("decompose", entry.params, &given).unwrap();
    let build = entry.additive.unwrap();
    let mut whole = build(&params).map_err(|e| e.to_string())?;
    for chunk in rows.chunks(rows.len().div_ceil(parts)) {
        let mut part = build(&params).unwrap();
        let years: Vec<&str> = chunk.iter().map(|r| r.0).collect();
        let groups: Vec<&str> = chunk.iter().map(|r| r.1).collect();
        let (x, w): (Vec<f64>, Vec<f64>) = chunk.iter().map(|r| (r.2, r.3)).unzip();
        let columns = vec![
            Values::Labels(&years),
            Values::Labels(&groups),
            Values::Numbers(&x),
            Values::Numbers(&w),
        ];
        part.push(&Batch::new(columns).unwrap())
            .map_err(|e| e.to_string())?;
        whole.merge(part);
    }
    whole.finish().map_err(|e| e.to_string())
}

#[test]
fn a_stream_of_many_parts_is_the_run_and_knows_its_limits() {
    let atlas = crate::packages::toy();
    let toy = toy_study(&atlas, None);
    let of = |text: &str, region: &quyu_core::RegionCode, at: i32| {
        let term = crate::packages::term(text);
        toy.value(&term, region, year(at)).unwrap().unwrap().value
    };
    let mut rows = Vec::new();
    for (at, label) in [(2010, "2010"), (2020, "2020")] {
        for (i, region) in toy.focus.members().iter().enumerate() {
            let group = if i < 5 { "north" } else { "south" };
            rows.push((label, group, of("gdp_pc", region, at), of("pop", region, at)));
        }
    }
    for own in [
        &[("variant", "theil-t")] as &Given,
        &[("variant", "mld")],
        &[("variant", "ge"), ("alpha", "2")],
        &[("variant", "ge"), ("alpha", "-1")],
    ] {
        let direct = run(
            "decompose",
            None,
            &weighted(&[&[("group", "halves")], own].concat()),
        );
        for parts in [1, 3, 20] {
            let stream = streamed(own, &rows, parts).unwrap();
            let table = stream.table("decompose").unwrap();
            assert_eq!(table.rows.len(), direct.table("decompose").unwrap().rows.len());
            for row in 0..table.rows.len() {
                let text = |c| match table.cell(row, c).unwrap() {
                    Cell::Text(t) => t.clone(),
                    Cell::Integer(i) => i.to_string(),
                    _ => String::new(),
                };
                let keys = [text(C::Year), text(C::Component), text(C::Group)];
                let keys = [
                    (C::Year, keys[0].as_str()),
                    (C::Component, &keys[1]),
                    (C::Group, &keys[2]),
                ];
                let ours = table.cell(row, C::Estimate).unwrap().number().unwrap();
                close(ours, number(&direct, "decompose", C::Estimate, &keys));
            }
        }
    }
    let one = |x: f64, w: f64| [("2020", "north", 1.0, 1.0), ("2020", "south", x, w)];
    let refused = |own: &Given, rows: &[(&str, &str, f64, f64)]| streamed(own, rows, 1).unwrap_err();
    let (theil, mld): (&Given, &Given) = (&[("variant", "theil-t")], &[("variant", "mld")]);
    insta::assert_snapshot!(refused(theil, &one(-1.0, 1.0)), @"`decompose`: Theil T in 2020, group `south`: a value is negative (-1)");
    insta::assert_snapshot!(refused(mld, &one(0.0, 1.0)), @"`decompose`: Theil L (mean log deviation) in 2020, group `south`: a value is zero, where the index is not defined");
    insta::assert_snapshot!(refused(theil, &one(f64::NAN, 1.0)), @"`decompose`: Theil T in 2020, group `south`: a value is not finite");
    insta::assert_snapshot!(refused(theil, &one(1.0, -1.0)), @"`decompose`: Theil T in 2020, group `south`: a weight is negative (-1)");
    insta::assert_snapshot!(refused(theil, &[("2020", "north", 0.0, 1.0)]), @"`decompose`: Theil T in 2020: undefined: all values are zero");
    insta::assert_snapshot!(refused(&[("variant", "gini-dagum")], &one(1.0, 1.0)), @"`decompose`: `gini-dagum` compares every value with the others and is no function of sums; `theil-t`, `mld` and `ge` are");
}

#[test]
fn what_a_report_prints_is_the_manual_of_the_variants_used() {
    let entry = quyu_catalog::registry().unwrap().get("decompose").unwrap();
    let theil = entry.manual_of(&["theil-t"]);
    assert!(!theil.contains("**Variant"), "{theil}");
    assert!(theil.contains("**Definition.**") && theil.contains("**References.**"));
    let dagum = entry.manual_of(&["theil-t", "gini-dagum"]);
    assert!(dagum.contains("**Variant `gini-dagum`.**") && !dagum.contains("**Variant `ge`.**"));
    assert_eq!(entry.default_of("variant"), Some("theil-t"));
    let quyu_core::ParamKind::Choice(words) = entry.params.iter().find(|p| p.name == "variant").unwrap().kind
    else {
        panic!("variants are a choice")
    };
    for word in &words[2..] {
        assert!(
            entry
                .manual_of(&[word])
                .contains(&format!("**Variant `{word}`.**")),
            "{word}"
        );
    }
}

#[test]
fn regions_without_a_neighbour_are_named() {
    let atlas = crate::packages::toy();
    let findings = run_in(
        &toy_study(&atlas, Some("TOY:A TOY:B TOY:J")),
        "spatial-gini",
        &[("value", "gdp_pc")],
    );
    let note = findings
        .notes
        .iter()
        .find(|n| n.text.contains("Without a neighbour"))
        .unwrap();
    assert!(note.text.contains("Jovia") && note.regions.len() == 1, "{note:?}");
    let single: Arc<_> = atlas;
    let one_group = run_in(
        &toy_study(&single, Some("TOY:A TOY:B")),
        "decompose",
        &weighted(&[("group", "halves")]),
    );
    assert!(
        one_group
            .notes
            .iter()
            .any(|n| n.text.contains("one group of `halves`"))
    );
}
