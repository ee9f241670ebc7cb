//! Clubs, panels, ranks, kernels, and regressions on a map: the values of `datasets/toy/README.md`, provinces of China, and the refusals.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::{Findings, ParamValue, Params, Study};

use crate::packages::{real, study};
use crate::refusals::{of as one, refusal, whole};
use crate::toy::{close, number, run};

const SERIES: (&str, &str) = ("value", "income_yearly");

/// To the digits that the README prints.
#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 6e-7, "{found}, expected {expected}");
}

fn run_in(study: &Study, id: &str, params: &[(&str, &str)]) -> Findings {
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given).unwrap();
    (entry.build)(&params).unwrap().run(study, &()).unwrap()
}

/// Names of the members of a club.
fn members(found: &Findings, club: &str) -> String {
    let table = found.table("clubs").unwrap();
    let text = |row: usize, column| match table.cell(row, column).unwrap() {
        quyu_core::findings::Cell::Text(text) => text.clone(),
        _ => String::new(),
    };
    let row = (0..table.rows.len()).find(|r| text(*r, C::Cluster) == club);
    row.map_or_else(String::new, |row| text(row, C::Note))
}

/// All provinces of China up to 2019.
fn provinces(from: i32, vintages: &[(&str, &str)]) -> Study {
    let mut china = study(&real(), &["Jiangsu"], vintages, from, 2019);
    china.focus = china.reference.clone();
    china
}

#[test]
fn clubs_of_the_toy_data_are_those_of_another_program() {
    let found = run("clubs", None, &[SERIES, ("smoothing", "6.25")]);
    assert_eq!(members(&found, "1"), "Dorania, Estria, Jovia");
    assert_eq!(members(&found, "2"), "Altera, Borea, Candia, Halia");
    assert_eq!(members(&found, "3"), "Fluvia, Gravia");
    assert_eq!(members(&found, "none"), "Insula");
    for (club, slope, t) in [
        ("all", -1.323971, -69.031251),
        ("1", 4.479379, 7.898517),
        ("2", 4.263172, 8.228982),
        ("3", 4.037433, 11.373306),
    ] {
        let of = |column| number(&found, "clubs", column, &[(C::Cluster, club)]);
        near(of(C::Estimate), slope);
        near(of(C::Z), t);
    }
    // Without logarithms and filter, too, E is with D and J.
    let plain = run(
        "clubs",
        None,
        &[SERIES, ("smoothing", "0"), ("transform", "none")],
    );
    assert!(members(&plain, "1").contains("Estria"));
}

/// An independent program in Python (dense filter, least squares by `lstsq`) found the same clubs and these numbers.
#[test]
fn provinces_converge_in_two_clubs() {
    let china = provinces(
        2000,
        &[("gdp_pc", "4EC"), ("gdp_index", "4EC"), ("pop", "pre-7PC")],
    );
    let params = [("value", "gdp_pc"), ("chain", "gdp_index"), ("population", "pop")];
    let found = run_in(&china, "clubs", &params);
    for (club, n, slope, t) in [
        ("all", 31.0, -0.23763028637878464, -6.55780790393639),
        ("1", 20.0, 0.07435650631196343, 1.3785406758398109),
        ("2", 11.0, 0.2169011880309583, 3.928217475830938),
    ] {
        let of = |column| number(&found, "clubs", column, &[(C::Cluster, club)]);
        close(of(C::N), n);
        assert!((of(C::Estimate) / slope - 1.0).abs() < 1e-6, "{club}");
        assert!((of(C::Z) / t - 1.0).abs() < 1e-6, "{club}");
    }
    let second = members(&found, "2");
    for name in ["Hebei", "Liaoning", "Heilongjiang", "Guangxi", "Xinjiang"] {
        assert_eq!(second.contains(name), name != "Liaoning", "{name}: {second}");
    }
    assert!(members(&found, "none").is_empty());
}

/// The provinces of China, real GDP per head chained from the level of 2019, as a program of its own in Python found it.
#[test]
fn real_growth_is_chained_back_from_the_base_year() {
    let mut china = provinces(
        2010,
        &[
            ("gdp_pc", "4EC"),
            ("gdp", "4EC"),
            ("gdp_index", "4EC"),
            ("implied_pop", "4EC"),
        ],
    );
    let real = |base| {
        [
            ("value", "gdp_pc"),
            ("chain", "gdp_index"),
            ("population", "implied_pop"),
            ("base_year", base),
        ]
    };
    let beta = |china: &Study, params: &[_]| {
        let found = run_in(china, "beta-convergence", params);
        number(&found, "beta-convergence", C::Estimate, &[(C::Statistic, "beta")])
    };
    close(beta(&china, &real("2019")), -0.013632820971136569);
    assert!((beta(&china, &real("2010")) + 0.01639).abs() < 5e-6);
    assert!((beta(&china, &[("value", "gdp_pc")]) + 0.01979).abs() < 5e-6);
    let nonlinear = run_in(
        &china,
        "beta-convergence",
        &[&real("2019")[..], &[("variant", "nonlinear")]].concat(),
    );
    let speed = number(
        &nonlinear,
        "beta-convergence",
        C::Estimate,
        &[(C::Statistic, "speed")],
    );
    close(speed, 0.014544557074081064);
    let table = nonlinear.table("beta-convergence").unwrap();
    assert!(
        table
            .title
            .starts_with("Nonlinear growth regression of GDP per capita at prices of 2019")
    );
    assert!(!format!("{:?}", table.rows).contains("\"beta\""));
    // The line through the points is the regression, in percent; with groups there is none.
    let trend = |params: &[(&str, &str)]| {
        let found = run_in(&china, "beta-convergence", params);
        match &found.figures[0].chart {
            quyu_core::figure::Chart::Scatter { over, .. } => over.trend.as_ref().map(|t| t.slope),
            _ => None,
        }
    };
    close(trend(&real("2019")).unwrap(), -1.363_282_097_113_657);
    assert_eq!(trend(&[("value", "gdp_pc"), ("group", "macro3")]), None);
    // Growth knows no base year.
    let growth = |base| {
        let found = run_in(&china, "beta-convergence", &real(base));
        number(&found, "regions", C::Estimate, &[(C::Region, "520000")])
    };
    close(growth("2019"), growth("2013"));
    china.period.from = crate::packages::year(2000);
    // The base year may lie outside of the period.
    china.period.to = crate::packages::year(2010);
    assert!((beta(&china, &real("2019")) + 0.015297492860903728).abs() < 1e-12);
    china.period.to = crate::packages::year(2019);
    let sigma = run_in(&china, "sigma-convergence", &real("2019"));
    for (year, expected) in [
        ("2000", 0.4915614668543998),
        ("2010", 0.43486740425410836),
        ("2019", 0.3935969139990428),
    ] {
        let found = number(&sigma, "sigma-convergence", C::Estimate, &[(C::Year, year)]);
        close(found, expected);
    }
    let said = |found: &Findings| found.notes.iter().any(|n| n.text.contains("At current prices"));
    assert!(!said(&sigma));
    assert!(said(&run_in(&china, "sigma-convergence", &[("value", "gdp_pc")])));
    let markov = run_in(&china, "markov", &real("2019"));
    for (from, moves) in [
        ("1", [140.0, 11.0, 0.0, 0.0]),
        ("2", [3.0, 132.0, 11.0, 0.0]),
        ("3", [0.0, 7.0, 136.0, 3.0]),
        ("4", [0.0, 0.0, 1.0, 145.0]),
    ] {
        for (to, n) in ["1", "2", "3", "4"].into_iter().zip(moves) {
            let keys = [(C::FromState, from), (C::ToState, to)];
            close(number(&markov, "markov", C::N, &keys), n);
        }
    }
    let gamma = run_in(&china, "gamma-convergence", &real("2019"));
    assert!(gamma.tables[0].title.contains("GDP per capita at prices of 2019"));
}

/// A weight stands beside a chained value, and what is said of the source names both.
#[test]
fn a_chained_spread_may_be_weighted() {
    let china = provinces(
        2010,
        &[
            ("gdp_pc", "4EC"),
            ("gdp", "4EC"),
            ("gdp_index", "4EC"),
            ("pop", "pre-7PC"),
        ],
    );
    let params = [
        ("value", "gdp_pc"),
        ("chain", "gdp_index"),
        ("population", "pop"),
        ("weight", "pop"),
    ];
    let found = run_in(&china, "sigma-convergence", &params);
    let table = found.table("sigma-convergence").unwrap();
    let source = &table.view.as_ref().unwrap().source;
    assert!(
        source.contains("Chained by:") && source.contains("With:"),
        "{source}"
    );
    let plain = run_in(&china, "sigma-convergence", &params[..3]);
    let of = |f: &Findings| number(f, "sigma-convergence", C::Estimate, &[(C::Year, "2019")]);
    assert!((of(&found) - of(&plain)).abs() > 1e-3);
}

#[test]
fn a_panel_converges_as_dummies_say() {
    let found = run("panel-convergence", None, &[SERIES]);
    let of = |name: &str, column| number(&found, "panel-convergence", column, &[(C::Statistic, name)]);
    near(of("beta", C::Estimate), -0.181433);
    near(of("beta", C::StdError), 0.064252);
    near(of("speed", C::Estimate), 0.200200);
    // Pooled, with two years, it is the regression of `beta-convergence`.
    let pooled = [
        ("value", "gdp_pc"),
        ("variant", "pooled"),
        ("covariance", "classical"),
    ];
    let found = run("panel-convergence", None, &pooled);
    let of = |name: &str, column| number(&found, "panel-convergence", column, &[(C::Statistic, name)]);
    close(of("beta", C::Estimate), 1.0 / 35.0);
    let other = run("beta-convergence", None, &[("value", "gdp_pc")]);
    let theirs = |column| number(&other, "beta-convergence", column, &[(C::Statistic, "beta")]);
    close(of("beta", C::StdError), theirs(C::StdError));
}

#[test]
fn ranks_are_held_as_counted() {
    let found = run("rank-markov", None, &[SERIES]);
    let stays = [1.0, 1.0, 0.9, 0.7, 0.8, 1.0, 1.0, 1.0, 0.9, 0.9];
    let holders = [1.0, 1.0, 2.0, 3.0, 2.0, 1.0, 1.0, 1.0, 2.0, 2.0];
    for (rank, (stay, n)) in stays.into_iter().zip(holders).enumerate() {
        let rank = (rank + 1).to_string();
        let of = |column| number(&found, "rank-markov", column, &[(C::Rank, rank.as_str())]);
        close(of(C::Stability), stay);
        close(of(C::N), n);
    }
    let said = found.notes.iter().any(|n| n.text.contains("0.089"));
    assert!(said, "mobility 4/45");
}

#[test]
fn kernels_are_those_of_scipy() {
    let found = run(
        "stochastic-kernel",
        None,
        &[("value", "gdp_pc"), ("variant", "own")],
    );
    assert!(
        found
            .notes
            .iter()
            .any(|n| n.text.contains("0.364 in the first year, 0.743 in the last"))
    );
    // The conditional density from the sixth point of the grid to the eighth: scipy's joint over its marginal.
    let table = found.table("stochastic-kernel").unwrap();
    let value = table.cell(5 * 41 + 7, C::Estimate).unwrap().number().unwrap();
    assert!((value - 0.35126657).abs() < 1e-8, "{value}");
    let point = table.cell(5 * 41 + 40, C::ToState).unwrap().number().unwrap();
    assert!((point - 5.428985753320925).abs() < 1e-12);
    // Rows of the other variant integrate to one, up to what lies beyond the grid.
    let joint = run(
        "stochastic-kernel",
        None,
        &[("value", "gdp_pc"), ("points", "200")],
    );
    let table = joint.table("stochastic-kernel").unwrap();
    let cell = |c: usize, column| table.cell(c, column).unwrap().number().unwrap();
    let step = cell(1, C::ToState) - cell(0, C::ToState);
    let row: f64 = (0..200).map(|j| cell(60 * 200 + j, C::Estimate) * step).sum();
    assert!(row > 0.9 && row < 1.01, "{row}");
}

#[test]
fn chains_on_the_map_are_those_of_giddy() {
    let found = run("lisa-markov", None, &[SERIES]);
    let moves = |from: &str, to: &str| {
        let keys = [(C::FromState, from), (C::ToState, to)];
        number(&found, "lisa-markov", C::N, &keys)
    };
    for (from, counts) in [
        ("high-high", [12.0, 0.0, 0.0, 0.0]),
        ("low-high", [0.0, 38.0, 0.0, 0.0]),
        ("low-low", [0.0, 0.0, 27.0, 0.0]),
        ("high-low", [1.0, 1.0, 1.0, 20.0]),
    ] {
        let to = ["high-high", "low-high", "low-low", "high-low"];
        for (to, count) in to.into_iter().zip(counts) {
            close(moves(from, to), count);
        }
    }
    let found = run("spatial-markov", None, &[SERIES, ("classes", "2")]);
    let moves = |around: &str, from: &str| {
        let keys = [(C::Group, around), (C::FromState, from), (C::ToState, from)];
        number(&found, "spatial-markov", C::N, &keys)
    };
    close(moves("class 1", "class 1"), 20.0);
    close(moves("class 1", "class 2"), 31.0);
    close(moves("class 2", "class 1"), 30.0);
    close(moves("class 2", "class 2"), 19.0);
    close(moves("all", "class 2"), 50.0);
    assert!(found.table("tests").is_none(), "nobody moves: nothing can differ");
}

#[test]
fn two_variables_on_the_map_are_the_ones_worked_by_hand() {
    let binary = ("style", "binary");
    let local = run("local-geary", None, &[("value", "gdp_pc"), binary]);
    let dorania = number(&local, "local-geary", C::Estimate, &[(C::Name, "Dorania")]);
    close(dorania, 2105.0 / 156.0);
    let beside = [("value", "gdp_pc"), ("other", "pop"), binary];
    let found = run("moran", None, &beside);
    close(
        number(&found, "moran", C::Estimate, &[]),
        -14_500.0 / 3.0 / 499_200_000.0_f64.sqrt(),
    );
    close(number(&found, "moran", C::Expected, &[]), 0.0);
    // Local values add up to (n - 1) / n S0 times the global one.
    let local = run("local-moran", None, &beside);
    let table = local.table("local-moran").unwrap();
    let values = (0..10).map(|r| table.cell(r, C::Estimate).unwrap().number().unwrap());
    let total: f64 = values.sum();
    assert!((total - 0.9 * 24.0 * -0.216326368199412).abs() < 1e-9, "{total}");
    let rates = [("value", "pat_grant_inv"), ("population", "pop")];
    near(
        number(&run("moran", None, &rates), "moran", C::Estimate, &[]),
        -0.109098,
    );
    // Places side by side or at corners of the tile map are neighbours, too.
    let near_tiles = [("value", "gdp_pc"), ("neighbours", "tiles-within")];
    let found = run("moran", None, &near_tiles);
    assert!(found.tables[0].title.contains("within 1.5 tiles"));
}

#[test]
fn a_regression_on_the_map_is_that_of_dense_matrices() {
    let given = |variant| {
        [
            ("value", "gdp_pc"),
            ("features", "rd_per_gdp"),
            ("transform", "log"),
            ("variant", variant),
        ]
    };
    let found = run("spatial-regression", None, &given("ols"));
    let of = |found: &Findings, name: &str| {
        number(found, "spatial-regression", C::Estimate, &[(C::Statistic, name)])
    };
    close(of(&found, "rd_per_gdp"), 14.0 / 13.0 * std::f64::consts::LN_2);
    let test = |name: &str| number(&found, "tests", C::Estimate, &[(C::Statistic, name)]);
    for (name, statistic) in [
        ("moran", 1.0 / 156.0),
        ("lm-lag", 0.575838),
        ("lm-error", 0.000457),
        ("robust-lm-lag", 0.618467),
        ("robust-lm-error", 0.043086),
        ("sarma", 0.618924),
    ] {
        near(test(name), statistic);
    }
    near(
        number(&found, "tests", C::Expected, &[(C::Statistic, "moran")]),
        -0.124199,
    );
    assert!(
        found
            .notes
            .iter()
            .any(|n| n.text.contains("least squares as they are"))
    );
    let lag = run("spatial-regression", None, &given("lag"));
    near(of(&lag, "rho"), -0.052463);
    near(of(&lag, "rd_per_gdp"), 0.746311);
    near(of(&lag, "log-likelihood"), 7.139874);
    let impact = |part: &str| number(&lag, "impacts", C::Estimate, &[(C::Component, part)]);
    near(impact("direct"), 0.747117);
    near(impact("total"), 0.709109);
    let error = run("spatial-regression", None, &given("error"));
    near(of(&error, "lambda"), 0.007885);
    near(of(&error, "rd_per_gdp"), 0.746549);
    near(of(&error, "log-likelihood"), 6.882197);
    assert!(error.table("impacts").is_none());
}

#[test]
fn plants_gather_as_worked_by_hand() {
    let given = [
        ("value", "jobs4"),
        ("plants", "plants4"),
        ("area", "toy_area"),
        ("population", "pop"),
    ];
    let found = run("agglomeration", None, &given);
    let index = |class: &str, name: &str| {
        let keys = [(C::Class, class), (C::Statistic, name)];
        number(&found, "agglomeration", C::Estimate, &keys)
    };
    let (g, h, rest): (f64, f64, f64) = (0.043966, 0.0101792, 0.877042);
    close(
        index("research", "ellison-glaeser"),
        (g - rest * h) / (rest * (1.0 - h)),
    );
    close(index("research", "plant-herfindahl"), h);
    near(index("farming", "ellison-glaeser"), 0.030413);
    near(index("services", "ellison-glaeser"), -0.004908);
    let pair = |a: &str, b: &str| number(&found, "pairs", C::Estimate, &[(C::Class, a), (C::OtherClass, b)]);
    near(pair("making", "research"), -0.003462);
    near(pair("farming", "research"), -0.039690);
    let cluster = [(C::Name, "Dorania"), (C::Class, "research")];
    close(number(&found, "clusters", C::Estimate, &cluster), 9.0 / 5.0);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let all = whole();
    let of = |id: &str, params: &[(&str, &str)]| refusal(id, params, &all);
    const PER_HEAD: (&str, &str) = ("value", "gdp_pc");
    insta::assert_snapshot!(of("clubs", &[PER_HEAD]), @"`clubs`: 2 years leave fewer than the five that the regression needs; choose a longer period or a smaller `trim`");
    insta::assert_snapshot!(of("sigma-convergence", &[PER_HEAD, ("base_year", "2020")]), @"`sigma-convergence`: `base_year` is the year whose level a `chain` carries on, which is missing");
    insta::assert_snapshot!(of("clubs", &[SERIES, ("population", "pop")]), @"`clubs`: `population` takes its growth out of a `chain`, which is missing");
    insta::assert_snapshot!(of("clubs", &[SERIES, ("trim", "0.9")]), @"`clubs`: 11 years leave fewer than the five that the regression needs; choose a longer period or a smaller `trim`");
    insta::assert_snapshot!(refusal("clubs", &[SERIES], &one(&["TOY:A"])), @"`clubs`: Test is one region, which has nobody to converge with");
    insta::assert_snapshot!(refusal("stochastic-kernel", &[PER_HEAD], &one(&["TOY:A", "TOY:B"])), @"`stochastic-kernel`: Test has 2 regions with figures, at least 3 are needed");
    insta::assert_snapshot!(refusal("rank-markov", &[PER_HEAD], &one(&["TOY:A"])), @"`rank-markov`: Test has 1 regions with figures, at least 2 are needed");
    insta::assert_snapshot!(of("panel-convergence", &[PER_HEAD, ("conditions", "rd_exp, rd_per_gdp, jobs4.making")]), @"panel convergence: `y` has 10 elements, at least 15 are needed");
    insta::assert_snapshot!(of("moran", &[PER_HEAD, ("other", "pop"), ("population", "pop")]), @"`moran`: `other` and `population` cannot stand together: rates have no second indicator here");
    insta::assert_snapshot!(of("moran", &[PER_HEAD, ("other", "pop"), ("test", "normality")]), @"`moran`: with `other` there is a test by permutations alone");
    let plants = [("value", "jobs4"), ("plants", "plants4")];
    insta::assert_snapshot!(of("agglomeration", &[plants[0], plants[1], ("area", "toy_area")]), @"`agglomeration`: the cluster index needs `area` and `population`, both or none");
    insta::assert_snapshot!(of("agglomeration", &[plants[0], ("plants", "pop")]), @"`agglomeration`: `pop` is not split by the same classes as `jobs4`");
    insta::assert_snapshot!(refusal("agglomeration", &plants, &one(&["TOY:A"])), @"`agglomeration`: Test is one region, over which nothing can gather");
    insta::assert_snapshot!(of("spatial-regression", &[PER_HEAD, ("features", "gdp_pc")]), @"`spatial-regression`: `gdp_pc` cannot explain itself or stand twice among `features`");
    insta::assert_snapshot!(of("spatial-regression", &[PER_HEAD, ("features", "gdp, gdp")]), @"`spatial-regression`: `gdp` cannot explain itself or stand twice among `features`");
}
