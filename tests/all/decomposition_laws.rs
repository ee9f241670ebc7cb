//! The law that the parts of a decomposition add up, over every variant, on the toy data and on the provinces.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{Findings, Missing, Period, Study, Table};

use crate::decompositions::{Given, SECTORS, run_in};
use crate::packages::{real, study, vintages, year};
use crate::toy::{WEIGHTED, run};

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
