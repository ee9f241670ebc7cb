//! The analyses of profiles on the toy data: values worked by hand in `datasets/toy/README.md`, laws, and refusals.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{AnalysisError, Findings, ParamValue, Params, Table};

use crate::packages::{real, study, toy, toy_study};

pub(crate) const RATIOS: (&str, &str) = ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc");
const RD: (&str, &str) = ("features", "rd_per_gdp");
const PATENTS: (&str, &str) = ("features", "pat_grant_inv_pc");

pub(crate) fn tried(
    id: &str,
    focus: Option<&str>,
    params: &[(&str, &str)],
) -> Result<Findings, AnalysisError> {
    let study = toy_study(&toy(), focus);
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given)?;
    let analysis = (entry.build)(&params)?;
    study.check(&analysis.needs())?;
    analysis.run(&study, &())
}

pub(crate) fn run(id: &str, focus: Option<&str>, params: &[(&str, &str)]) -> Findings {
    tried(id, focus, params).unwrap_or_else(|e| panic!("{id}: {e}"))
}

/// The study of the national report's typology: 31 provinces, 2019.
const PROVINCES: (&str, &str) = (
    "features",
    "rd_per_gdp, rd_fte_pc, rd_basic_share, rd_ent_share, pat_grant_inv_pc, papers_sci_pc, techmkt_per_gdp, ht_rev_per_gdp, newprod_per_va, budget_st_share",
);

fn on_provinces(id: &str, focus: &[&str], params: &[(&str, &str)]) -> Findings {
    let choices = [
        ("gdp", "first-release"),
        ("va", "4EC"),
        ("pop", "pre-7PC"),
        ("pat_grant_inv", "as-published"),
    ];
    let atlas = real();
    let all: Vec<String> = atlas
        .set("cn-provinces:all")
        .unwrap()
        .members()
        .iter()
        .map(ToString::to_string)
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let focus = if focus.is_empty() { &all } else { focus };
    let study = study(&atlas, focus, &choices, 2018, 2019);
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = [&[PROVINCES], params]
        .concat()
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given).unwrap();
    let found = (entry.build)(&params).unwrap().run(&study, &());
    found.unwrap_or_else(|e| panic!("{id}: {e}"))
}

fn refusal(id: &str, params: &[(&str, &str)]) -> String {
    tried(id, None, params)
        .map(|_| "it ran")
        .expect_err("it must be refused")
        .to_string()
}

pub(crate) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(t) => t.clone(),
        Cell::Integer(i) => i.to_string(),
        _ => String::new(),
    }
}

/// The cell in the one row whose cells are as given.
pub(crate) fn cell<'a>(table: &'a Table, column: C, keys: &[(C, &str)]) -> &'a Cell {
    let fits = |row: &usize| {
        keys.iter()
            .all(|(c, v)| text(table.cell(*row, *c).unwrap()) == *v)
    };
    let rows: Vec<usize> = (0..table.rows.len()).filter(fits).collect();
    assert_eq!(rows.len(), 1, "{keys:?} in {}", table.id);
    table.cell(rows[0], column).unwrap()
}

pub(crate) fn number(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> f64 {
    let table = findings.table(table).unwrap();
    cell(table, column, keys).number().unwrap()
}

/// The cells of a column, in the order of the regions.
pub(crate) fn column(findings: &Findings, table: &str, column: C) -> Vec<String> {
    let table = findings.table(table).unwrap();
    (0..table.rows.len())
        .map(|r| text(table.cell(r, column).unwrap()))
        .collect()
}

pub(crate) fn numbers(findings: &Findings, table: &str, column: C) -> Vec<f64> {
    let table = findings.table(table).unwrap();
    (0..table.rows.len())
        .filter_map(|r| table.cell(r, column).unwrap().number())
        .collect()
}

pub(crate) fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
        "{found}, by hand {expected}"
    );
}

#[test]
fn a_composite_index_is_the_one_worked_by_hand() {
    let found = run("composite", None, &[RATIOS]);
    for (region, by_hand, rank) in [
        ("TOY:D", 2572.0 / 31.0, "1"),
        ("TOY:E", 82.4, "2"),
        ("TOY:G", 64.0 / 31.0, "9"),
        ("TOY:F", 1.0, "10"),
    ] {
        close(
            number(&found, "composite", C::Estimate, &[(C::Region, region)]),
            by_hand,
        );
        let table = found.table("composite").unwrap();
        assert_eq!(text(cell(table, C::Rank, &[(C::Region, region)])), rank);
        // The contributions add up to the index.
        let scores = found.table("scores").unwrap();
        let of_region = |r: &usize| text(scores.cell(*r, C::Region).unwrap()) == region;
        let sum: f64 = (0..scores.rows.len())
            .filter(of_region)
            .map(|r| scores.cell(r, C::Contribution).unwrap().number().unwrap())
            .sum();
        close(sum, by_hand);
    }
    let given = [RATIOS, ("weights", "given"), ("given_weights", "2, 1, 1")];
    let found = run("composite", None, &given);
    close(
        number(&found, "composite", C::Estimate, &[(C::Region, "TOY:E")]),
        (200.0 + 47.2 + 100.0) / 4.0,
    );
    let geometric = run("composite", None, &[PATENTS, ("aggregation", "geometric")]);
    close(
        number(&geometric, "composite", C::Estimate, &[(C::Region, "TOY:E")]),
        47.2,
    );
    // What is good when little turns the order round.
    let lower = run("composite", None, &[PATENTS, ("direction", "lower")]);
    close(
        number(&lower, "composite", C::Estimate, &[(C::Region, "TOY:D")]),
        1.0,
    );
}

#[test]
fn every_choice_of_a_step_gives_an_index() {
    for (step, words) in [
        ("outliers", "winsorise winsorise-or-log"),
        ("transform", "log-skewed log square-root box-cox"),
        (
            "normalise",
            "z-score rank percentile-rank borda distance-to-best distance-to-reference fraction-of-best",
        ),
        ("weights", "pca entropy critic"),
        (
            "aggregation",
            "geometric harmonic power mazziotta-pareto copeland topsis grey-relational coupling coupling-adjusted benefit-of-doubt",
        ),
    ] {
        for word in words.split(' ') {
            let found = run("composite", None, &[RATIOS, (step, word)]);
            let index = numbers(&found, "composite", C::Estimate);
            assert_eq!(index.len(), 10, "{step} = {word}");
            // F is last in every indicator, whatever one does. Adjusted coupling is not monotone: it rewards balance,
            // and F is as bad in everything.
            let last = number(&found, "composite", C::Estimate, &[(C::Region, "TOY:F")]);
            assert!(
                word == "coupling-adjusted" || index.iter().all(|v| *v >= last),
                "{step} = {word}"
            );
        }
    }
    let target = [
        RATIOS,
        ("normalise", "distance-to-target"),
        ("targets", "4, 8, 8"),
    ];
    let found = run("composite", None, &target);
    // All three targets are the largest values: E is short of the patents alone.
    close(
        number(&found, "composite", C::Estimate, &[(C::Region, "TOY:E")]),
        (2.0 + 7.0 / 15.0) / 3.0,
    );
}

#[test]
fn the_scoreboard_is_relative_to_its_reference() {
    let found = run(
        "composite",
        None,
        &[RATIOS, ("variant", "ris-like"), ("weight", "pop")],
    );
    let index = numbers(&found, "composite", C::Estimate);
    let weights = [80.0, 80.0, 80.0, 80.0, 80.0, 160.0, 160.0, 160.0, 160.0, 160.0];
    let mean: f64 = index.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / 1200.0;
    close(mean, 100.0);
    for variant in [
        &[RATIOS, ("variant", "ris-like"), ("weight", "pop")][..],
        &[RATIOS, ("variant", "ris")][..],
    ] {
        let found = run("composite", None, variant);
        let table = found.table("composite").unwrap();
        for row in 0..table.rows.len() {
            let index = table.cell(row, C::Estimate).unwrap().number().unwrap();
            let group = match index {
                i if i >= 125.0 => "Leader",
                i if i >= 100.0 => "Strong",
                i if i >= 70.0 => "Moderate",
                _ => "Emerging",
            };
            assert_eq!(text(table.cell(row, C::Group).unwrap()), group, "{index}");
        }
    }
    // Over both years, without what does not vary between them: the index of D in one year alone is another one.
    let both = run("composite", None, &[RATIOS, ("variant", "ris")]);
    let one = run(
        "composite",
        None,
        &[RATIOS, ("variant", "ris"), ("years", "2020")],
    );
    let of = |f: &Findings| number(f, "composite", C::Value, &[(C::Region, "TOY:H")]);
    assert!((of(&both) - of(&one)).abs() > 1e-6);
}

#[test]
fn ranks_that_no_choice_can_move_have_an_interval_of_one() {
    let found = run(
        "composite-sensitivity",
        Some("TOY:E"),
        &[RATIOS, ("replicates", "300"), ("samples", "64")],
    );
    let id = "composite-sensitivity";
    let of = |column: C, region: &str| number(&found, id, column, &[(C::Region, region)]);
    assert_eq!((of(C::ConfLow, "TOY:F"), of(C::ConfHigh, "TOY:F")), (10.0, 10.0));
    assert_eq!((of(C::ConfLow, "TOY:E"), of(C::ConfHigh, "TOY:E")), (1.0, 2.0));
    for row in 0..10 {
        let table = found.table(id).unwrap();
        let at = |c: C| table.cell(row, c).unwrap().number().unwrap();
        assert!(at(C::ConfLow) <= at(C::Estimate) && at(C::Estimate) <= at(C::ConfHigh));
    }
    let totals: Vec<f64> = numbers(&found, "sobol", C::Estimate);
    assert!(totals.iter().all(|t| (-0.5..=2.0).contains(t)), "{totals:?}");
    let fixed = [
        RATIOS,
        ("outliers", "none"),
        ("normalise", "min-max"),
        ("aggregation", "arithmetic"),
        ("spread", "0"),
    ];
    let found = run(id, None, &fixed);
    let composite = run("composite", None, &[RATIOS]);
    assert_eq!(
        numbers(&found, id, C::ConfLow),
        numbers(&composite, "composite", C::Rank)
    );
    assert_eq!(
        numbers(&found, id, C::ConfHigh),
        numbers(&composite, "composite", C::Rank)
    );
    assert!(found.table("sobol").is_none());
}

#[test]
fn two_partitions_agree_as_worked_by_hand() {
    let id = "partition-agreement";
    let same = run(id, None, &[("group", "halves"), ("other_group", "halves")]);
    assert!(numbers(&same, id, C::Estimate)[..3].iter().all(|v| *v == 1.0));
    // Density splits D and E from the others.
    let pair = [
        ("group", "halves"),
        RD,
        ("method", "dbscan"),
        ("radius", "0.9"),
        ("min_points", "2"),
    ];
    let found = run(id, None, &pair);
    let of = |statistic: &str| number(&found, id, C::Estimate, &[(C::Statistic, statistic)]);
    close(of("adjusted-rand"), 20.0 / 209.0);
    close(of("rand"), 8.0 / 15.0);
    let ln = quyu_math::ln;
    let mutual = 0.3 * ln(0.3 / 0.4) + 0.2 * ln(0.2 / 0.1) + 0.5 * ln(0.5 / 0.4);
    close(of("mutual-information"), mutual);
    let entropies = ln(2.0) - 0.8 * ln(0.8) - 0.2 * ln(0.2);
    close(of("normalised-mutual-information"), mutual / (entropies / 2.0));
}

#[test]
fn connected_groups_are_the_ones_worked_by_hand() {
    let found = run("regionalise", None, &[RD, ("k", "3")]);
    assert_eq!(
        column(&found, "regionalise", C::Cluster),
        ["1", "1", "1", "2", "2", "3", "3", "3", "3", "3"]
    );
    close(
        number(&found, "contiguity", C::Share, &[(C::Variant, "connected")]),
        31.0 / 36.0,
    );
    let price = number(&found, "contiguity", C::Share, &[(C::Variant, "price")]);
    assert!(price > 0.0, "{price}");
    let tree = run("regionalise", None, &[RATIOS, ("k", "2"), ("method", "skater")]);
    assert_eq!(numbers(&tree, "regionalise", C::N).len(), 10);
}

#[test]
fn density_leaves_one_region_in_no_cluster() {
    let params = [
        PATENTS,
        ("method", "dbscan"),
        ("radius", "0.5"),
        ("min_points", "2"),
        ("k_max", "3"),
    ];
    let found = run("clusters", None, &params);
    assert_eq!(
        column(&found, "clusters", C::Cluster),
        ["1", "1", "1", "", "2", "1", "1", "1", "1", "2"]
    );
    let table = found.table("clusters").unwrap();
    assert_eq!(
        cell(table, C::Silhouette, &[(C::Region, "TOY:D")]),
        &Cell::Missing
    );
}

#[test]
fn every_method_says_how_sure_it_is() {
    for method in ["k-means", "ward", "k-medoids", "mixture", "hierarchical", "fuzzy"] {
        let params = [
            RATIOS,
            ("method", method),
            ("k", "2"),
            ("k_max", "4"),
            ("starts", "10"),
            ("replicates", "30"),
            ("assess", "true"),
        ];
        let found = run("clusters", None, &params);
        for table in ["criteria", "stability", "between", "centroids"] {
            assert!(found.table(table).is_some(), "{method}: {table}");
        }
        let stability = numbers(&found, "stability", C::Stability);
        assert_eq!(stability.len(), 2, "{method}");
        assert!(stability.iter().all(|s| (0.0..=1.0).contains(s)), "{method}");
        assert_eq!(numbers(&found, "stability", C::N).iter().sum::<f64>(), 10.0);
        // Memberships are those of the own cluster, the largest: at least a half of two.
        let shares = numbers(&found, "between", C::Share);
        assert!(shares.iter().all(|s| *s >= 0.5 - 1e-12), "{method}: {shares:?}");
        let centroids = found.table("centroids").unwrap();
        let clusters = numbers(&found, "clusters", C::Cluster);
        let first = clusters.iter().filter(|c| **c == 1.0).count() as f64;
        let mean = |cluster: &str| {
            let keys = [(C::Statistic, "rd_per_gdp"), (C::Cluster, cluster)];
            cell(centroids, C::Value, &keys).number().unwrap()
        };
        // The mean of all is 1.7 % of GDP: the centroids, weighted with the sizes, give it back.
        close((first * mean("1") + (10.0 - first) * mean("2")) / 10.0, 1.7);
    }
}

#[test]
fn without_assess_the_tables_are_those_of_before() {
    let found = run("clusters", None, &[RATIOS, ("starts", "10")]);
    let ids: Vec<&str> = found.tables.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, ["clusters", "choice", "separation"]);
}

#[test]
fn a_typology_of_one_indicator_does_not_know_its_unit() {
    let found = run("typology-stability", None, &[RD, ("k", "3"), ("starts", "10")]);
    let agreed = |component: &str, variant: &str| {
        let keys = [
            (C::Component, component),
            (C::Variant, variant),
            (C::Statistic, "adjusted-rand"),
        ];
        number(&found, "typology-stability", C::Estimate, &keys)
    };
    close(agreed("standardise", "min-max"), 1.0);
    assert!(agreed("k", "2") < 1.0);
    assert!(
        numbers(&found, "typology-stability", C::Estimate)
            .iter()
            .all(|v| *v <= 1.0 + 1e-12)
    );
    let stays = numbers(&found, "regions", C::Stability);
    assert_eq!(stays.len(), 10);
    assert!(stays.iter().all(|s| (0.0..=1.0).contains(s)));
}

#[test]
fn refusals_say_what_does_not_fit() {
    let composite = |more: &[(&str, &str)]| refusal("composite", &[&[RATIOS], more].concat());
    insta::assert_snapshot!(composite(&[("variant", "ris-like")]), @"`composite`: `ris-like` needs `weight`, the population");
    insta::assert_snapshot!(composite(&[("variant", "ris"), ("weights", "pca")]), @"`composite`: `variant = \"ris\"` sets every step itself; leave the others out");
    insta::assert_snapshot!(composite(&[("weights", "given"), ("given_weights", "1, 2")]), @"`composite`: `given_weights` has 2 numbers for 3 indicators; give one for each");
    insta::assert_snapshot!(composite(&[("given_weights", "1, 2, 3")]), @"`composite`: `given_weights` is given, but the steps that are chosen do not use it");
    insta::assert_snapshot!(composite(&[("normalise", "z-score"), ("aggregation", "geometric")]), @"`composite`: `aggregation = \"geometric\"` has no meaning for negative scores; z-scores are negative below the mean");
    insta::assert_snapshot!(composite(&[("aggregation", "benefit-of-doubt"), ("weights", "pca")]), @"`composite`: `aggregation = \"benefit-of-doubt\"` takes no weights");
    insta::assert_snapshot!(composite(&[("direction", "higher")]), @"`composite`: `direction` has 1 words for 3 indicators; give one for each, or none");
    insta::assert_snapshot!(composite(&[("variant", "ris"), ("years", "2010")]), @"`composite`: `years` must hold 2020, the year that is shown");
    insta::assert_snapshot!(refusal("composite", &[("features", "pop")]), @"`composite`: the codebook does not say whether more of Resident population, year-end is better; give `direction`");
    insta::assert_snapshot!(refusal("composite-sensitivity", &[RATIOS, ("normalise", "z-score, rank")]), @"`composite-sensitivity`: `aggregation = \"geometric\"` has no meaning for negative scores; z-scores are negative below the mean");
    insta::assert_snapshot!(refusal("clusters", &[RD, ("method", "dbscan"), ("radius", "0.5"), ("min_points", "3"), ("k_max", "3")]), @"`clusters`: DBSCAN with `radius` 0.50 finds 1 cluster; the grouping needs two: try another radius or `min_points`");
    insta::assert_snapshot!(refusal("clusters", &[PATENTS, ("method", "dbscan"), ("radius", "0.5"), ("min_points", "2"), ("k_max", "3"), ("assess", "true")]), @"`clusters`: `assess` needs a method that is asked for a number of clusters; DBSCAN finds its own");
    insta::assert_snapshot!(refusal("typology-stability", &[RATIOS, ("method", "dbscan")]), @"`typology-stability`: `method = \"dbscan\"` finds its own number of clusters; choose another method");
    insta::assert_snapshot!(refusal("typology-stability", &[RATIOS, ("k", "10")]), @"`typology-stability`: `k` is 10, but there are only 10 regions to group");
    insta::assert_snapshot!(refusal("partition-agreement", &[("group", "halves")]), @"`partition-agreement`: give `other_group` or `features`: what `group` is compared with");
    insta::assert_snapshot!(refusal("partition-agreement", &[("group", "halfs"), ("other_group", "halves")]), @"unknown partition `halfs`; did you mean `halves`?");
    insta::assert_snapshot!(refusal("match", &[RATIOS, ("peers", "toy:pairs")]), @"unknown set `toy:pairs`; did you mean `toy:pair`?");
    insta::assert_snapshot!(refusal("regionalise", &[RATIOS, ("k", "11")]), @"`regionalise`: `k` is 11, but there are only 10 regions");
}

#[test]
fn a_map_in_too_many_parts_is_refused_by_name() {
    let atlas = toy();
    let mut without = (*atlas).clone();
    without
        .relations
        .contiguity
        .retain(|b| b.a.code() != "C" && b.b.code() != "C");
    let study = toy_study(&std::sync::Arc::new(without), None);
    let entry = quyu_catalog::registry().unwrap().get("regionalise").unwrap();
    for (method, said) in [
        (
            "skater",
            "the map of neighbours has 2 parts; without a neighbour: Candia; skater needs a map in one part",
        ),
        ("ward", "it ran"),
    ] {
        let given: BTreeMap<String, ParamValue> = [RATIOS, ("method", method), ("k", "2")]
            .iter()
            .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
            .collect();
        let params = Params::check("regionalise", entry.params, &given).unwrap();
        let found = (entry.build)(&params).unwrap().run(&study, &());
        let found = found.map_or_else(|e| e.to_string(), |_| "it ran".to_owned());
        assert!(found.ends_with(said), "{method}: {found}");
    }
}

#[test]
fn the_provinces_have_an_index_a_typology_and_its_doubts() {
    let logged = ("transform", "log-skewed");
    let found = on_provinces(
        "clusters",
        &[],
        &[logged, ("assess", "true"), ("replicates", "40"), ("starts", "20")],
    );
    let stability = numbers(&found, "stability", C::Stability);
    assert_eq!(stability.len(), 3);
    assert_eq!(numbers(&found, "between", C::Silhouette).len(), 31);
    // The centroids are means in original units: sizes times means add up to the sum of all.
    let table = found.table("centroids").unwrap();
    let n = numbers(&found, "stability", C::N);
    for row in (0..table.rows.len()).step_by(3) {
        let at = |r: usize, c: C| table.cell(r, c).unwrap().number().unwrap();
        let sum: f64 = (0..3).map(|c| n[c] * at(row + c, C::Value)).sum();
        close(sum / 31.0, at(row, C::Expected));
    }
    let found = on_provinces("typology-stability", &[], &[logged, ("starts", "20")]);
    let ari = numbers(&found, "typology-stability", C::Estimate);
    assert!(ari.len() > 30 && ari.iter().all(|v| (-0.5..=1.0 + 1e-12).contains(v)));
    let found = on_provinces(
        "composite",
        &[],
        &[("outliers", "winsorise-or-log"), ("weights", "critic")],
    );
    let best = cell(found.table("composite").unwrap(), C::Name, &[(C::Rank, "1")]);
    assert_eq!(text(best), "Beijing");
    let found = on_provinces("composite", &[], &[("variant", "ris"), ("years", "2019")]);
    let beijing = [(C::Name, "Beijing")];
    assert_eq!(
        text(cell(found.table("composite").unwrap(), C::Group, &beijing)),
        "Leader"
    );
    let found = on_provinces("match", &["320000"], &[logged, ("replicates", "100")]);
    close(numbers(&found, "match", C::Stability).iter().sum(), 5.0);
    let found = on_provinces(
        "regionalise",
        &[],
        &[logged, ("k", "4"), ("neighbours", "contiguity-all")],
    );
    assert_eq!(numbers(&found, "regionalise", C::Cluster).len(), 31);
    let found = on_provinces(
        "composite-sensitivity",
        &[],
        &[("replicates", "100"), ("samples", "32")],
    );
    assert_eq!(numbers(&found, "composite-sensitivity", C::Rank).len(), 31);
    assert!(found.table("sobol").is_some());
}
