//! The toy data through the registry: every value worked by hand in `datasets/toy/README.md`.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{Findings, ParamValue, Params};

use crate::packages::{toy, toy_study};

/// Runs an analysis on all ten regions, or on those named.
pub(crate) fn run(id: &str, focus: Option<&str>, params: &[(&str, &str)]) -> Findings {
    let atlas = toy();
    let study = toy_study(&atlas, focus);
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given).unwrap();
    (entry.build)(&params).unwrap().run(&study, &()).unwrap()
}

/// The number in the one row whose cells are as given.
pub(crate) fn number(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> f64 {
    let table = findings.table(table).unwrap();
    let text = |cell: &Cell| match cell {
        Cell::Text(t) => t.clone(),
        Cell::Integer(i) => i.to_string(),
        _ => String::new(),
    };
    let fits = |row: &usize| {
        keys.iter()
            .all(|(c, v)| text(table.cell(*row, *c).unwrap()) == *v)
    };
    let rows: Vec<usize> = (0..table.rows.len()).filter(fits).collect();
    assert_eq!(rows.len(), 1, "{keys:?}");
    table.cell(rows[0], column).unwrap().number().unwrap()
}

pub(crate) fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
        "{found}, by hand {expected}"
    );
}

pub(crate) const WEIGHTED: &[(&str, &str)] = &[("value", "gdp_pc"), ("weight", "pop")];

#[test]
fn indices_are_the_ones_worked_by_hand() {
    let ln2 = std::f64::consts::LN_2;
    let by_hand = [
        ("gini", 7.0 / 25.0, 38.0 / 75.0),
        ("theil", ln2 / 5.0, 11.0 / 15.0 * ln2),
        ("mld", ln2 / 5.0, 2.0 / 3.0 * ln2),
        ("cv", 0.3_f64.sqrt(), 1.45_f64.sqrt()),
        ("hoover", 1.0 / 5.0, 2.0 / 5.0),
    ];
    for (id, first, last) in by_hand {
        let findings = run(id, None, WEIGHTED);
        close(number(&findings, id, C::Estimate, &[(C::Year, "2010")]), first);
        close(number(&findings, id, C::Estimate, &[(C::Year, "2020")]), last);
    }
    let unweighted = run("gini", None, &[("value", "gdp_pc")]);
    for (year, by_hand) in [("2010", 7.0 / 25.0), ("2020", 64.0 / 125.0)] {
        close(
            number(&unweighted, "gini", C::Estimate, &[(C::Year, year)]),
            by_hand,
        );
    }
    let williamson = run("cv", None, &[WEIGHTED, &[("variant", "williamson")]].concat());
    close(
        number(&williamson, "cv", C::Estimate, &[(C::Year, "2020")]),
        1.45_f64.sqrt(),
    );
}

#[test]
fn the_lorenz_curve_runs_through_the_points_worked_by_hand() {
    let findings = run("lorenz", None, WEIGHTED);
    let table = findings.table("lorenz").unwrap();
    // Regions of one income stand together: the points after the last of each.
    let by_hand = [
        (
            2010,
            vec![
                (0, 0.0, 0.0),
                (4, 2.0 / 5.0, 1.0 / 5.0),
                (8, 4.0 / 5.0, 3.0 / 5.0),
                (10, 1.0, 1.0),
            ],
        ),
        (
            2020,
            vec![
                (0, 0.0, 0.0),
                (2, 4.0 / 15.0, 1.0 / 15.0),
                (6, 10.0 / 15.0, 4.0 / 15.0),
                (8, 13.0 / 15.0, 7.0 / 15.0),
                (10, 1.0, 1.0),
            ],
        ),
    ];
    for (year, points) in by_hand {
        let of_year = |row: &usize| table.cell(*row, C::Year) == Some(&Cell::Integer(year));
        let rows: Vec<usize> = (0..table.rows.len()).filter(of_year).collect();
        assert_eq!(rows.len(), 11);
        for (at, weight, share) in points {
            close(
                table.cell(rows[at], C::CumWeight).unwrap().number().unwrap(),
                weight,
            );
            close(
                table.cell(rows[at], C::CumShare).unwrap().number().unwrap(),
                share,
            );
        }
    }
}

#[test]
fn both_indices_lie_between_and_within_the_halves_as_worked_by_hand() {
    // Multiples of ln 2: total, between, within the north, within the south, the north and the south by themselves.
    let by_hand = [
        (
            "theil-t",
            "2010",
            [1.0 / 5.0, 0.0, 1.0 / 15.0, 2.0 / 15.0, 1.0 / 5.0, 1.0 / 5.0],
        ),
        (
            "mld",
            "2010",
            [1.0 / 5.0, 0.0, 1.0 / 15.0, 2.0 / 15.0, 1.0 / 5.0, 1.0 / 5.0],
        ),
        (
            "theil-t",
            "2020",
            [
                11.0 / 15.0,
                1.0 / 3.0,
                1.0 / 3.0,
                1.0 / 15.0,
                1.0 / 2.0,
                1.0 / 5.0,
            ],
        ),
        (
            "mld",
            "2020",
            [2.0 / 3.0, 1.0 / 3.0, 1.0 / 5.0, 2.0 / 15.0, 3.0 / 5.0, 1.0 / 5.0],
        ),
    ];
    for (variant, year, parts) in by_hand {
        let params = [WEIGHTED, &[("group", "halves"), ("variant", variant)]].concat();
        let findings = run("decompose", None, &params);
        let rows = [
            ("total", None),
            ("between", None),
            ("within-group", Some("north")),
            ("within-group", Some("south")),
            ("inside", Some("north")),
            ("inside", Some("south")),
        ];
        for ((component, group), by_hand) in rows.into_iter().zip(parts) {
            let mut keys = vec![(C::Year, year), (C::Component, component)];
            keys.extend(group.map(|g| (C::Group, g)));
            close(
                number(&findings, "decompose", C::Estimate, &keys),
                by_hand * std::f64::consts::LN_2,
            );
        }
        let between = number(
            &findings,
            "decompose",
            C::Share,
            &[(C::Year, year), (C::Component, "between")],
        );
        close(between, parts[1] / parts[0]);
    }
}

/// Change, national share, industry mix and regional share of each column of a table of README.md.
const COMPONENTS: [&str; 4] = ["change", "national", "industry-mix", "regional"];

#[test]
fn shift_share_of_dorania_is_the_one_worked_by_hand() {
    let findings = run("shift-share", Some("TOY:D"), &[("value", "va4")]);
    for (class, by_hand) in [
        ("farming", [20.0, 20.0, -20.0, 20.0]),
        ("making", [400.0, 60.0, 0.0, 340.0]),
        ("services", [500.0, 60.0, 30.0, 410.0]),
        ("research", [200.0, 20.0, 20.0, 160.0]),
        ("total", [1120.0, 160.0, 30.0, 930.0]),
    ] {
        for (component, value) in COMPONENTS.into_iter().zip(by_hand) {
            let keys = [(C::Class, class), (C::Component, component)];
            close(number(&findings, "shift-share", C::Contribution, &keys), value);
            close(number(&findings, "shift-share", C::Share, &keys), value / 160.0);
        }
    }
}

#[test]
fn shift_share_of_every_region_is_the_one_worked_by_hand() {
    let findings = run("shift-share", None, &[("value", "va4")]);
    let by_hand = [
        [80.0, 80.0, 160.0, 1120.0, 960.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [80.0, 80.0, 160.0, 160.0, 320.0, 160.0, 160.0, 320.0, 320.0, 640.0],
        [-25.0, -10.0, -5.0, 30.0, 110.0, -30.0, -40.0, -35.0, -65.0, 70.0],
        [
            25.0, 10.0, 5.0, 930.0, 530.0, -130.0, -120.0, -285.0, -255.0, -710.0,
        ],
    ];
    for (component, values) in COMPONENTS.into_iter().zip(by_hand) {
        for (region, value) in ('A'..='J').zip(values) {
            let region = format!("TOY:{region}");
            let keys = [(C::Region, region.as_str()), (C::Component, component)];
            close(number(&findings, "regions", C::Contribution, &keys), value);
        }
    }
    for (component, all) in COMPONENTS.into_iter().zip([2400.0, 2400.0, 0.0, 0.0]) {
        close(
            number(
                &findings,
                "shift-share",
                C::Contribution,
                &[(C::Class, "total"), (C::Component, component)],
            ),
            all,
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test compares to rounding")]
fn convergence_is_the_one_worked_by_hand() {
    let ln2 = std::f64::consts::LN_2;
    let value = ("value", "gdp_pc");
    let found = run("sigma-convergence", None, &[value]);
    for (year, variance) in [("2010", 0.56f64), ("2020", 1.84)] {
        let sigma = number(&found, "sigma-convergence", C::Estimate, &[(C::Year, year)]);
        close(sigma, variance.sqrt() * ln2);
    }
    let test = |statistic| number(&found, "tests", C::Estimate, &[(C::Statistic, statistic)]);
    close(test("quotient"), (0.56f64 / 1.84).sqrt());
    close(test("lichtenberg"), 0.56 / 1.84);
    close(test("carree-klomp-lr"), 7.5 * 1.8f64.ln());
    assert!(found.notes.iter().any(|n| n.text.contains("Carree and Klomp")));
    for params in [vec![value], vec![value, ("group", "halves")]] {
        let found = run("beta-convergence", None, &params);
        let of = |statistic| {
            number(
                &found,
                "beta-convergence",
                C::Estimate,
                &[(C::Statistic, statistic)],
            )
        };
        close(of("beta"), 1.0 / 35.0);
        close(of("speed"), -(9.0f64 / 7.0).ln() / 10.0);
        assert!(found.notes.iter().any(|n| n.text.contains("no half-life")));
    }
    let found = run("gamma-convergence", None, &[value]);
    for statistic in ["gamma", "binary"] {
        let keys = [(C::Year, "2020"), (C::Statistic, statistic)];
        close(
            number(&found, "gamma-convergence", C::Estimate, &keys),
            11.0 / 12.0,
        );
    }
    let found = run("markov", None, &[value, ("classes", "2")]);
    for (from, to, p, moves) in [
        ("1", "1", 1.0, 4.0),
        ("1", "2", 0.0, 0.0),
        ("2", "1", 1.0 / 3.0, 2.0),
        ("2", "2", 2.0 / 3.0, 4.0),
    ] {
        let keys = [(C::FromState, from), (C::ToState, to)];
        close(number(&found, "markov", C::Estimate, &keys), p);
        close(number(&found, "markov", C::N, &keys), moves);
    }
    let state = |from, statistic| {
        let keys = [(C::FromState, from), (C::Statistic, statistic)];
        number(&found, "states", C::Estimate, &keys)
    };
    close(state("1", "long-run"), 1.0);
    close(state("2", "long-run"), 0.0);
    close(state("2", "stay"), 3.0);
    close(state("all", "mobility"), 1.0 / 3.0);
}

#[test]
fn key_figures_are_sums_and_ratios_of_sums() {
    let features = (
        "features",
        "gdp, gdp_pc, rd_per_gdp, pat_grant_inv_pc, papers_sci_pc",
    );
    let findings = run("key-figures", Some("TOY:D TOY:E"), &[features, ("from", "2010")]);
    for (indicator, own, all) in [
        ("gdp", 2560.0, 4800.0),
        ("gdp_pc", 160_000.0, 40_000.0),
        ("rd_per_gdp", 4.0, 132.8 / 48.0),
        ("pat_grant_inv_pc", 6.0, 2.0),
        ("papers_sci_pc", 6.0, 1840.0 / 1200.0),
    ] {
        let of = |column| number(&findings, "key-figures", column, &[(C::Statistic, indicator)]);
        close(of(C::Value), own);
        close(of(C::Expected), all);
        close(of(C::Share), own / all);
    }
    let change = |column| number(&findings, "change", column, &[(C::Statistic, "gdp")]);
    close(change(C::Estimate), 100.0 * (2560.0 - 480.0) / 480.0);
    close(change(C::Expected), 100.0);
}

#[test]
fn sets_side_by_side_are_pooled_each_for_itself() {
    let found = run(
        "comparison",
        Some("TOY:D"),
        &[
            ("features", "gdp, gdp_pc, rd_per_gdp"),
            ("peers", "toy:pair, toy:all, TOY:E"),
            ("from", "2010"),
        ],
    );
    for (set, indicator, value, change) in [
        ("test", "gdp", 1280.0, 700.0),
        ("TOY:E", "gdp", 1280.0, 300.0),
        ("toy:pair", "gdp", 2560.0, 100.0 * 2080.0 / 480.0),
        ("toy:all", "gdp", 4800.0, 100.0),
        ("toy:pair", "gdp_pc", 160_000.0, 100.0 * 130.0 / 30.0),
        ("toy:all", "gdp_pc", 40_000.0, 100.0),
    ] {
        let of = |column| {
            let keys = [(C::Region, set), (C::Statistic, indicator)];
            number(&found, "comparison", column, &keys)
        };
        close(of(C::Value), value);
        close(of(C::Estimate), change);
    }
    let shared = run(
        "comparison",
        Some("TOY:D"),
        &[
            ("features", "gdp, gdp_pc"),
            ("peers", "toy:pair"),
            ("shares", "true"),
        ],
    );
    for (set, indicator, share) in [
        ("test", "gdp", 1280.0 / 4800.0),
        ("toy:pair", "gdp", 2560.0 / 4800.0),
        ("toy:pair", "gdp_pc", 4.0),
    ] {
        let keys = [(C::Region, set), (C::Statistic, indicator)];
        close(number(&shared, "comparison", C::Share, &keys), share);
    }
    // Percentages change by points.
    let keys = [(C::Region, "toy:all"), (C::Statistic, "rd_per_gdp")];
    close(number(&found, "comparison", C::Value, &keys), 132.8 / 48.0);
    let base = run(
        "key-figures",
        None,
        &[("features", "rd_per_gdp"), ("from", "2010")],
    );
    let points = number(&base, "change", C::Estimate, &[(C::Statistic, "rd_per_gdp")]);
    close(number(&found, "comparison", C::Estimate, &keys), points);
}

#[test]
fn peers_stand_beside_the_focus_in_a_series_and_not_twice() {
    let found = run(
        "series",
        Some("TOY:D"),
        &[("value", "gdp_pc"), ("peers", "toy:pair")],
    );
    let of = |region| {
        number(
            &found,
            "series",
            C::Value,
            &[(C::Region, region), (C::Year, "2010")],
        )
    };
    close(of("test"), 20_000.0);
    close(of("TOY:E"), 40_000.0);
    let table = found.table("series").unwrap();
    assert!(
        (0..table.rows.len()).all(|row| { table.cell(row, C::Region) != Some(&Cell::Text("TOY:D".into())) })
    );
}

#[test]
fn the_plain_mean_of_ratios_is_another_number() {
    let findings = run(
        "key-figures",
        None,
        &[("features", "gdp_pc"), ("mean_of_ratios", "true")],
    );
    let of = |variant| number(&findings, "key-figures", C::Value, &[(C::Variant, variant)]);
    close(of("ratio-of-sums"), 40_000.0);
    close(of("mean-of-ratios"), 50_000.0);
}

#[test]
fn key_figures_of_one_region_have_a_rank_and_equal_ones_share_the_smaller() {
    for (region, rank) in [
        ("D", 1.0),
        ("E", 1.0),
        ("C", 3.0),
        ("J", 3.0),
        ("H", 5.0),
        ("G", 9.0),
    ] {
        let findings = run(
            "key-figures",
            Some(&format!("TOY:{region}")),
            &[("features", "gdp_pc")],
        );
        close(number(&findings, "key-figures", C::Rank, &[]), rank);
        close(number(&findings, "key-figures", C::N, &[]), 10.0);
        let ranking = run("ranking", None, &[("value", "gdp_pc")]);
        let code = format!("TOY:{region}");
        close(
            number(&ranking, "ranking", C::Rank, &[(C::Region, code.as_str())]),
            rank,
        );
    }
}

#[test]
fn a_ranking_is_in_order_of_value_then_code() {
    let findings = run("ranking", None, &[("value", "gdp_pc")]);
    let table = findings.table("ranking").unwrap();
    let column = |name| (0..10).map(move |row| table.cell(row, name).unwrap().clone());
    let regions: Vec<Cell> = "DECJABHIFG"
        .chars()
        .map(|c| Cell::Text(format!("TOY:{c}")))
        .collect();
    assert_eq!(column(C::Region).collect::<Vec<_>>(), regions);
    let ranks: Vec<f64> = column(C::Rank).filter_map(|c| c.number()).collect();
    assert_eq!(ranks, [1.0, 1.0, 3.0, 3.0, 5.0, 5.0, 5.0, 5.0, 9.0, 9.0]);
}

#[test]
fn a_composition_has_the_shares_worked_by_hand() {
    let findings = run("composition", Some("TOY:D"), &[("value", "va4")]);
    for (class, own, all) in [
        ("farming", 40.0, 600.0),
        ("making", 460.0, 1600.0),
        ("services", 560.0, 2000.0),
        ("research", 220.0, 600.0),
    ] {
        let of = |column| number(&findings, "composition", column, &[(C::Class, class)]);
        close(of(C::Value), own);
        close(of(C::Share), own / 1280.0);
        close(of(C::Expected), all / 4800.0);
    }
}

#[test]
fn a_series_is_the_ratio_of_sums_of_every_year_and_has_gaps() {
    let findings = run("series", Some("TOY:D TOY:E"), &[("value", "gdp_pc")]);
    let of = |region, year| {
        number(
            &findings,
            "series",
            C::Value,
            &[(C::Region, region), (C::Year, year)],
        )
    };
    // D and E pooled: 480 of GDP over 160 of population in 2010.
    close(of("test", "2010"), 30_000.0);
    close(of("test", "2020"), 160_000.0);
    close(of("toy:all", "2010"), 20_000.0);
    close(of("toy:all", "2020"), 40_000.0);
    let table = findings.table("series").unwrap();
    let missing = (0..table.rows.len()).filter(|r| table.cell(*r, C::Value) == Some(&Cell::Missing));
    assert_eq!(
        (table.rows.len(), missing.count()),
        (22, 18),
        "no year is filled in"
    );
}

#[test]
fn a_set_is_not_compared_with_itself() {
    let all = run("series", None, &[("value", "gdp_pc")]);
    assert_eq!(
        all.table("series").unwrap().rows.len(),
        11,
        "one line of eleven years"
    );
    let members = run("series", None, &[("value", "gdp_pc"), ("members", "true")]);
    assert_eq!(
        members.table("series").unwrap().rows.len(),
        11 * 11,
        "the members and all of them together"
    );
}

#[test]
fn a_profile_stands_beside_the_pooled_values_worked_by_hand() {
    let features = ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc");
    let findings = run("profile", Some("TOY:D"), &[features, ("peers", "toy:pair")]);
    for (indicator, own, all, pair) in [
        ("rd_per_gdp", 4.0, 132.8 / 48.0, 4.0),
        ("pat_grant_inv_pc", 8.0, 2.0, 6.0),
        ("papers_sci_pc", 4.0, 1840.0 / 1200.0, 6.0),
    ] {
        let of = |column, group| {
            number(
                &findings,
                "profile",
                column,
                &[(C::Statistic, indicator), (C::Group, group)],
            )
        };
        close(of(C::Value, "reference"), own);
        close(of(C::Expected, "reference"), all);
        close(of(C::Expected, "peers"), pair);
    }
    // R&D per GDP 1 1 2 4 4 0.5 0.5 1 1 2: mean 1.7, sum of squares 44.5.
    let z = number(
        &findings,
        "profile",
        C::Z,
        &[(C::Statistic, "rd_per_gdp"), (C::Group, "reference")],
    );
    close(z, (4.0 - 1.7) / (44.5_f64 / 10.0 - 1.7 * 1.7).sqrt());
}

#[test]
fn coverage_counts_the_cells_between_the_first_and_the_last_year() {
    let findings = run("coverage", None, &[("features", "gdp, pop")]);
    let of = |indicator, column| number(&findings, "coverage", column, &[(C::Statistic, indicator)]);
    for (indicator, from, missing) in [("gdp", 2010.0, 9.0 * 10.0), ("pop", 2009.0, 8.0 * 10.0)] {
        close(of(indicator, C::From), from);
        close(of(indicator, C::To), 2020.0);
        close(of(indicator, C::N), 10.0);
        close(of(indicator, C::Value), missing);
    }
}

#[test]
fn the_only_vintage_of_the_toy_data_is_the_sum_of_all() {
    let findings = run("vintages", None, &[("value", "gdp")]);
    let of = |year| {
        number(
            &findings,
            "vintages",
            C::Value,
            &[(C::Year, year), (C::Vintage, "toy")],
        )
    };
    close(of("2010"), 2400.0);
    close(of("2020"), 4800.0);
}

#[test]
fn neighbours_are_the_ones_worked_by_hand() {
    let all: &[(&str, &str)] = &[("value", "gdp_pc"), ("style", "binary")];
    let one = |id: &str, column| number(&run(id, None, all), id, column, &[]);
    close(one("moran", C::Estimate), 5.0 / 72.0);
    close(one("moran", C::Expected), -1.0 / 9.0);
    close(one("geary", C::Estimate), 861.0 / 832.0);
    close(one("getis-ord", C::Estimate), 127.0 / 323.0);
    close(one("getis-ord", C::Expected), 4.0 / 15.0);
    let local = run("local-moran", None, all);
    close(
        number(&local, "local-moran", C::Estimate, &[(C::Name, "Dorania")]),
        33.0 / 26.0,
    );
    let joins = run("join-counts", None, all);
    let count = |name: &str, column| number(&joins, "join-counts", column, &[(C::Statistic, name)]);
    close(count("both above the whole", C::Estimate), 1.0);
    close(count("one above, one not", C::Estimate), 4.0);
    close(count("neither above", C::Estimate), 7.0);
    close(count("both above the whole", C::Expected), 4.0 / 15.0);
}
