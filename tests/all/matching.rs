//! `match`: values worked by hand in `datasets/toy/README.md`, and structures under two classifications.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::{Findings, ParamValue, Params};

use crate::packages::{real, study};
use crate::profiles::{RATIOS, cell, close, column, number, numbers, run, text};

#[test]
fn the_nearest_region_and_its_distance_are_the_ones_worked_by_hand() {
    let found = run("match", Some("TOY:D"), &[RATIOS, ("top", "2")]);
    let distance = |region: &str| number(&found, "match", C::Distance, &[(C::OtherRegion, region)]);
    let (patents, papers) = (64.0 / 225.0, 256.0 / 961.0);
    close(distance("TOY:E"), (patents + papers) / 3.0);
    close(distance("TOY:J"), (16.0 / 49.0 + patents + 64.0 / 961.0) / 3.0);
    assert_eq!(column(&found, "match", C::OtherRegion)[..2], ["TOY:E", "TOY:J"]);
    let share = |statistic: &str| {
        let keys = [(C::OtherRegion, "TOY:E"), (C::Statistic, statistic)];
        number(&found, "contributions", C::Share, &keys)
    };
    close(share("rd_per_gdp"), 0.0);
    close(share("pat_grant_inv_pc"), patents / (patents + papers));
    // Two of nine are among the two nearest in every draw.
    close(numbers(&found, "match", C::Stability).iter().sum(), 2.0);
}

#[test]
fn an_optimal_assignment_gives_nobody_twice() {
    let found = run("match", Some("TOY:D TOY:E"), &[RATIOS]);
    // Both would have J; E is further from the others than D.
    let given = column(&found, "assignment", C::OtherRegion);
    assert_eq!(given.len(), 2);
    assert_ne!(given[0], given[1]);
    let sum: f64 = numbers(&found, "assignment", C::Distance).iter().sum();
    let table = found.table("match").unwrap();
    let distance = |a: &str, b: &str| {
        cell(table, C::Distance, &[(C::Region, a), (C::OtherRegion, b)])
            .number()
            .unwrap()
    };
    let others: Vec<String> = "ABCFGHIJ".chars().map(|c| format!("TOY:{c}")).collect();
    let mut least = f64::INFINITY;
    for a in &others {
        for b in others.iter().filter(|b| *b != a) {
            least = least.min(distance("TOY:D", a) + distance("TOY:E", b));
        }
    }
    close(sum, least);
}

fn square(x: f64) -> f64 {
    x * x
}

/// Jobs of the target beside value added of the candidates, one of which is a set added up.
const TWO_SIDED: [(&str, &str); 8] = [
    ("features", "pop"),
    ("value", "jobs4"),
    ("peer_value", "va4"),
    ("peer_total", "gdp"),
    ("class", "farming, making"),
    ("peers", "toy:pair"),
    ("pooled", "toy:pair"),
    ("replicates", "10"),
];

#[test]
fn shares_of_two_data_sets_are_compared_as_worked_by_hand() {
    let found = run(
        "match",
        Some("TOY:A"),
        &[&TWO_SIDED[..], &[("standardise", "none")]].concat(),
    );
    let distance = |region: &str| number(&found, "match", C::Distance, &[(C::OtherRegion, region)]);
    close(distance("TOY:D"), 2.0 * square(21.0 / 50.0) / 3.0);
    close(distance("TOY:E"), 2.0 * square(11.0 / 26.0) / 3.0);
    // The pair is the ratio of the sums, not the mean of the shares.
    let pair = (80.0 * 80.0 + 2.0 * square(75.0 / 178.0)) / 3.0;
    close(distance("toy:pair"), pair);
    // Three candidates, and the five nearest are asked for: only the nearest is counted.
    let stability = |region: &str| number(&found, "match", C::Stability, &[(C::OtherRegion, region)]);
    close(stability("TOY:D"), 1.0);
    close(stability("TOY:E"), 0.0);
}

#[test]
fn choices_say_where_each_candidate_would_stand() {
    let found = run(
        "match",
        Some("TOY:A"),
        &[&TWO_SIDED[..], &[("top", "1"), ("assess", "true")]].concat(),
    );
    let table = found.table("choices").unwrap();
    let mut seen = 0;
    for factor in [0, 1, 2] {
        for values in ["logarithms", "levels"] {
            for scale in ["range", "z-scores"] {
                let choice = format!("weight {factor}, {values}, {scale}");
                let rank = |region: &str| {
                    let keys = [(C::Variant, choice.as_str()), (C::OtherRegion, region)];
                    text(cell(table, C::Rank, &keys))
                };
                assert_eq!(rank("TOY:D"), "1", "{choice}");
                // The pair lies between D and E in structure, and beyond both in size.
                assert_eq!(rank("toy:pair"), if factor == 0 { "2" } else { "3" }, "{choice}");
                seen += 2;
            }
        }
    }
    // E is second in all, behind D alone: the pair takes no rank from it.
    assert_eq!(table.rows.len(), seen);
    assert_eq!(column(&found, "steady", C::OtherRegion), ["TOY:D"]);
    close(numbers(&found, "steady", C::Stability)[0], 1.0);
}

#[test]
fn what_is_compared_stands_beside_the_range_of_the_candidates() {
    let found = run(
        "match",
        Some("TOY:A"),
        &[&TWO_SIDED[..], &[("assess", "true")]].concat(),
    );
    let table = found.table("ranges").unwrap();
    let of = |statistic: &str, column: C| cell(table, column, &[(C::Statistic, statistic)]);
    let figure = |statistic: &str, column: C| of(statistic, column).number().unwrap();
    close(figure("va4.farming", C::Value), 0.5);
    close(figure("va4.farming", C::ConfLow), 1.0 / 13.0);
    close(figure("va4.farming", C::ConfHigh), 2.0 / 25.0);
    assert_eq!(text(of("va4.farming", C::Note)), "above all candidates");
    assert_eq!(text(of("va4.making", C::Note)), "below all candidates");
    assert_eq!(text(of("pop", C::Note)), "");
}

/// Sections of GB/T 4754 on one side, groups of NACE on the other: sums typed off the two tables of observations.
#[test]
fn structures_under_two_classifications_are_compared_by_the_groups_of_one() {
    let atlas = real();
    let mut study = study(&atlas, &["320000"], &[("pop", "pre-7PC")], 2019, 2019);
    study.missing = quyu_core::Missing::Drop;
    let entry = quyu_catalog::registry().unwrap().get("match").unwrap();
    let run = |changed: &[(&str, &str)]| {
        let mut given: BTreeMap<String, ParamValue> = BTreeMap::new();
        let base = [
            ("features", "pop"),
            ("peer_features", "pop_eu"),
            ("value", "emp"),
            ("peer_value", "emp_nace"),
            ("peer_total", "emp_nace_total"),
            ("peer_year", "2015"),
            ("class", "B-E, F, G-I, J, K, M_N, O-Q, R-U"),
            ("peers", "eu-nuts2:basque-country"),
            ("pooled", "eu-nuts2:baden-wuerttemberg"),
            ("standardise", "none"),
            ("replicates", "10"),
        ];
        for (key, value) in base.iter().chain(changed) {
            given.insert((*key).to_owned(), ParamValue::Text((*value).to_owned()));
        }
        let params = Params::check("match", entry.params, &given)?;
        (entry.build)(&params)?.run(&study, &())
    };
    let found: Findings = run(&[]).unwrap();
    let table = found.table("contributions").unwrap();
    let term = |other: &str, statistic: &str| {
        let keys = [(C::OtherRegion, other), (C::Statistic, statistic)];
        cell(table, C::Contribution, &keys).number().unwrap()
    };
    // Mining, manufacturing and utilities of Jiangsu, of all sections but farming and real estate.
    let (industry, all) = (4.0259 + 453.7372 + 14.2893, 1300.5095);
    let basque = 183.4 / 861.5;
    close(
        term("NUTS 2021:ES21", "emp_nace.B-E"),
        square(industry / all - basque) / 9.0,
    );
    // A pooled set is the ratio of the sums, with Tübingen, which lacks real estate.
    let bw = (639.9 + 365.5 + 334.4 + 291.9) / 5562.2;
    let code = column(&found, "match", C::OtherRegion);
    let pooled = code.iter().find(|c| *c != "NUTS 2021:ES21").unwrap();
    close(term(pooled, "emp_nace.B-E"), square(industry / all - bw) / 9.0);
    // 10,000 persons and persons meet in one unit.
    close(term("NUTS 2021:ES21", "pop"), square(8070.0 - 217.788) / 9.0);
    let notes: Vec<&str> = found.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(!notes.iter().any(|n| n.contains("Left out")), "{notes:?}");
    let all = run(&[("peers", "eu-nuts2:eu27"), ("assess", "true")]).unwrap();
    // Counted in the table of observations, and the pooled set.
    assert_eq!(text(all.table("match").unwrap().cell(0, C::N).unwrap()), "189");
    assert_eq!(column(&all, "left-out", C::Region).len(), 242 - 188);
    let left = all.notes.iter().find(|n| n.text.contains("Left out")).unwrap();
    assert_eq!(left.regions.len(), 242 - 188);
    let refused = |changed: &[(&str, &str)]| run(changed).map(|_| "it ran").unwrap_err().to_string();
    assert!(refused(&[("peer_features", "gdp_pc_eur")]).contains("cannot be compared"));
    assert!(refused(&[("class", "B-E, Z")]).contains("no class `Z`"));
    assert!(refused(&[("peers", "cn-provinces:all")]).contains("in the focus and among the candidates"));
}
