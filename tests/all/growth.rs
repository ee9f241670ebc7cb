//! Structural change and the variants of shift-share: the values of `datasets/toy/README.md`, and the refusals.

use quyu_core::ColumnName as C;
use quyu_core::Findings;

use crate::packages::{study, toy};
use crate::refusals::{of, refusal, whole};
use crate::toy::{close, number, run};

const VA4: (&str, &str) = ("value", "va4");
const JOBS: (&str, &str) = ("value", "jobs4");
const EMPLOYED: (&str, &str) = ("employment", "jobs4");

#[expect(clippy::disallowed_methods, reason = "a test compares to rounding")]
fn ln(x: f64) -> f64 {
    x.ln()
}

fn degrees_of_tangent(tangent: f64) -> f64 {
    tangent.atan().to_degrees()
}

/// Root of the sum of weights times squared logarithms.
fn root(terms: &[(f64, f64)]) -> f64 {
    terms.iter().map(|(w, x)| w * ln(*x) * ln(*x)).sum::<f64>().sqrt()
}

#[test]
fn speed_of_change_is_the_one_worked_by_hand() {
    let of = |variant: &str, statistic: &str, region: &str| {
        let found = run("structural-change", Some("TOY:D"), &[VA4, ("variant", variant)]);
        let keys = [(C::Region, region), (C::Statistic, statistic)];
        number(&found, "structural-change", C::Estimate, &keys)
    };
    let ratios = [0.5, 5.0 / 4.0, 3.0 / 2.0];
    let weigh = |w: [f64; 3]| root(&[(w[0], ratios[0]), (w[1], ratios[1]), (w[2], ratios[2])]);
    for (variant, by_hand) in [
        ("lilien", weigh([1.0 / 8.0, 5.0 / 12.0, 1.0 / 8.0])),
        ("lilien-base", weigh([1.0 / 4.0, 1.0 / 3.0, 1.0 / 12.0])),
        ("lilien-modified", weigh([1.0 / 32.0, 5.0 / 36.0, 1.0 / 96.0])),
    ] {
        close(of(variant, variant, "toy:all"), by_hand);
    }
    let dorania = [
        (2.0 / 64.0, 1.0 / 4.0),
        (23.0 / 64.0, 23.0 / 24.0),
        (28.0 / 64.0, 7.0 / 6.0),
        (11.0 / 64.0, 11.0 / 8.0),
    ];
    close(of("lilien", "lilien", "test"), root(&dorania));
    close(of("lilien", "nav", "test"), 7.0 / 64.0);
    close(of("lilien", "nav", "toy:all"), 1.0 / 8.0);
    close(of("lilien", "moore-cosine", "toy:all"), (12.0_f64 / 13.0).sqrt());
    close(
        of("lilien", "moore-angle", "toy:all"),
        degrees_of_tangent((1.0_f64 / 12.0).sqrt()),
    );
    close(of("lilien", "moore-cosine", "test"), 83.0 / 7190.0_f64.sqrt());
    close(
        of("lilien", "moore-angle", "test"),
        degrees_of_tangent(301.0_f64.sqrt() / 83.0),
    );
}

#[test]
fn steps_and_the_whole_period_are_the_ones_worked_by_hand() {
    let found = run("structural-change", None, &[JOBS]);
    for (from, to, nav) in [
        ("2010", "2020", 0.3),
        ("2010", "2015", 0.2),
        ("2015", "2020", 0.125),
    ] {
        let keys = [(C::From, from), (C::To, to), (C::Statistic, "nav")];
        close(number(&found, "structural-change", C::Estimate, &keys), nav);
    }
    // Every region of the reference stands in `regions`, Dorania among them.
    let keys = [(C::Region, "TOY:D"), (C::Statistic, "nav")];
    close(number(&found, "regions", C::Estimate, &keys), 0.3);
}

#[test]
fn what_groups_added_is_the_one_worked_by_hand() {
    let groups = (
        "class_group",
        "emerging = research services, to-be-upgraded = making",
    );
    let all = [
        ("emerging", [5.0 / 12.0, 13.0 / 24.0, 1.6, 2.0 / 3.0, 2.0 / 3.0]),
        (
            "to-be-upgraded",
            [1.0 / 3.0, 1.0 / 3.0, 1.0, 1.0 / 3.0, 1.0 / 3.0],
        ),
        ("other", [1.0 / 4.0, 1.0 / 8.0, 0.0, 0.0, 0.0]),
    ];
    let dorania = [
        (
            "emerging",
            [1.0 / 2.0, 39.0 / 64.0, 35.0 / 4.0, 35.0 / 8.0, 5.0 / 8.0],
        ),
        (
            "to-be-upgraded",
            [3.0 / 8.0, 23.0 / 64.0, 20.0 / 3.0, 5.0 / 2.0, 5.0 / 14.0],
        ),
        ("other", [1.0 / 8.0, 1.0 / 32.0, 1.0, 1.0 / 8.0, 1.0 / 56.0]),
    ];
    for (focus, by_hand) in [(None, all), (Some("TOY:D"), dorania)] {
        let found = run("structural-change", focus, &[VA4, groups]);
        for (group, values) in by_hand {
            let statistics = [
                "base-share",
                "end-share",
                "growth",
                "contribution",
                "share-of-growth",
            ];
            for (statistic, value) in statistics.into_iter().zip(values) {
                let keys = [(C::Group, group), (C::Statistic, statistic)];
                close(number(&found, "groups", C::Estimate, &keys), value);
            }
        }
    }
    // A set is pooled: D and E grow from 480 to 2,560, research from 80 to 470.
    let pair = run("structural-change", Some("TOY:D TOY:E"), &[VA4]);
    let keys = [(C::Class, "research"), (C::Statistic, "contribution")];
    close(number(&pair, "classes", C::Estimate, &keys), 390.0 / 480.0);
}

fn part(found: &Findings, class: &str, component: &str) -> f64 {
    number(
        found,
        "shift-share",
        C::Contribution,
        &[(C::Class, class), (C::Component, component)],
    )
}

fn of_dorania(params: &[(&str, &str)], by_hand: &[(&str, &str, f64)]) {
    let found = run("shift-share", Some("TOY:D"), params);
    for (class, component, value) in by_hand {
        close(part(&found, class, component), *value);
    }
}

#[test]
fn variants_stand_side_by_side_with_the_values_worked_by_hand() {
    let found = run("shift-share-variants", Some("TOY:D"), &[VA4]);
    for (variant, component, amount) in [
        ("classic", "change", 1120.0),
        ("classic", "industry-mix", 30.0),
        ("classic", "regional", 930.0),
        ("classic-rest", "national", 640.0 / 7.0),
        ("esteban-marquillas", "competitive", 2440.0 / 3.0),
        ("esteban-marquillas", "allocation", 350.0 / 3.0),
        ("arcelus", "regional", 960.0),
        ("arcelus", "interaction", -440.0 / 3.0 + 350.0 / 3.0),
        ("arcelus-short", "interaction", 0.0),
    ] {
        let keys = [(C::Variant, variant), (C::Component, component)];
        let share = number(&found, "shift-share-variants", C::Share, &keys);
        assert!(
            (share - amount / 160.0).abs() < 1e-12,
            "{variant}, {component}: {share}"
        );
    }
    let spatial = run(
        "shift-share-variants",
        Some("TOY:D"),
        &[VA4, ("neighbours", "contiguity-all")],
    );
    let x = 5.0 / 3.0 + 1800.0 / 17.0 + 3240.0 / 19.0 + 95.0 / 2.0;
    let keys = [
        (C::Variant, "nazara-hewings-industry"),
        (C::Component, "neighbour"),
    ];
    let share = number(&spatial, "shift-share-variants", C::Share, &keys);
    assert!((share - (x - 190.0) / 160.0).abs() < 1e-12, "{share}");
}

#[test]
fn variants_of_the_regional_shift_are_the_ones_worked_by_hand() {
    of_dorania(
        &[VA4, ("variant", "esteban-marquillas")],
        &[
            ("farming", "competitive", 40.0),
            ("making", "competitive", 2720.0 / 9.0),
            ("services", "competitive", 3280.0 / 9.0),
            ("research", "competitive", 320.0 / 3.0),
            ("total", "competitive", 2440.0 / 3.0),
            ("farming", "allocation", -20.0),
            ("total", "allocation", 350.0 / 3.0),
        ],
    );
    of_dorania(
        &[VA4, ("variant", "arcelus")],
        &[
            ("total", "national-expected", 160.0),
            ("total", "national-differential", 0.0),
            ("total", "industry-mix-expected", 0.0),
            ("total", "industry-mix-differential", 30.0),
            ("total", "regional-expected", 960.0),
            ("total", "regional-differential", 0.0),
            ("farming", "interaction-expected", -200.0),
            ("total", "interaction-expected", -440.0 / 3.0),
            ("total", "interaction-differential", 350.0 / 3.0),
        ],
    );
    of_dorania(
        &[VA4, ("variant", "arcelus-short")],
        &[
            ("farming", "interaction-expected", -240.0),
            ("total", "interaction-expected", -440.0 / 3.0),
            ("total", "interaction-differential", 440.0 / 3.0),
        ],
    );
    let national = |params: &[(&str, &str)], value| of_dorania(params, &[("total", "national", value)]);
    national(&[VA4, ("reference", "rest")], 640.0 / 7.0);
    national(
        &[VA4, ("reference", "peers"), ("peers", "toy:pair")],
        2080.0 / 3.0,
    );
}

#[test]
fn spatial_variants_are_the_ones_worked_by_hand() {
    let sum = 5.0 / 3.0 + 1800.0 / 17.0 + 3240.0 / 19.0 + 95.0 / 2.0;
    let rates = 10.0 / 3.0 + 92.0 + 1060.0 / 7.0 + 190.0 / 9.0;
    for (name, near, whole) in [
        ("nazara-hewings", sum, 960.0 / 7.0),
        ("mayor-lopez", rates, 160.0 / 3.0),
    ] {
        of_dorania(
            &[VA4, ("variant", name)],
            &[
                ("total", "national", 160.0),
                ("total", "neighbour", near - 160.0),
                ("total", "local", 1120.0 - near),
            ],
        );
        let industry = format!("{name}-industry");
        of_dorania(
            &[VA4, ("variant", &industry)],
            &[
                ("total", "industry-mix", 30.0),
                ("total", "neighbour", near - 190.0),
                ("total", "local", 1120.0 - near),
            ],
        );
        let total = format!("{name}-total");
        of_dorania(
            &[VA4, ("variant", &total)],
            &[
                ("total", "regional", whole),
                ("total", "neighbour", near - 160.0 - whole),
                ("total", "local", 1120.0 - near),
            ],
        );
    }
}

#[test]
fn jobs_and_productivity_are_the_ones_worked_by_hand() {
    of_dorania(
        &[VA4, EMPLOYED, ("variant", "rigby-anderson")],
        &[
            ("total", "output-national", 40.0),
            ("total", "output-industry-mix", -15.0),
            ("total", "output-regional", 145.0),
            ("total", "productivity-national", -30.0),
            ("total", "productivity-industry-mix", 13.0),
            ("total", "productivity-regional", -153.0),
            ("total", "change", 0.0),
        ],
    );
    let whole = [
        ("total", "within", 21.3),
        ("total", "between", 2.5),
        ("total", "interaction", 4.2),
        ("total", "change", 28.0),
    ];
    let levels = [
        ("making", "between", -0.25),
        ("making", "interaction", -2.05),
        ("research", "between", 2.0),
        ("research", "interaction", 2.4),
    ];
    let relative = [
        ("making", "between", -0.05),
        ("making", "interaction", -0.65),
        ("research", "between", 1.2),
        ("research", "interaction", -3.2),
    ];
    for (variant, cells) in [("productivity", levels), ("productivity-relative", relative)] {
        let params = [VA4, EMPLOYED, ("variant", variant)];
        of_dorania(&params, &[whole, cells].concat());
    }
}

#[test]
fn steps_and_factors_are_the_ones_worked_by_hand() {
    of_dorania(
        &[JOBS, ("variant", "dynamic")],
        &[
            ("total", "national", 10.0),
            ("total", "industry-mix", -3.0),
            ("total", "regional", -7.0),
        ],
    );
    of_dorania(
        &[JOBS, ("variant", "dynamic-esteban-marquillas")],
        &[
            ("total", "competitive", -23.0 / 3.0),
            ("total", "allocation", 2.0 / 3.0),
        ],
    );
    // One step over the whole period is the classic one.
    of_dorania(
        &[JOBS, ("variant", "dynamic"), ("years", "2010, 2020")],
        &[("total", "industry-mix", -2.0), ("total", "regional", -8.0)],
    );
    let factor = |found: &Findings, component| {
        let keys = [(C::Region, "TOY:D"), (C::Component, component)];
        number(found, "shift-share", C::Estimate, &keys)
    };
    let gerfin = run("shift-share", Some("TOY:D"), &[VA4, ("variant", "gerfin")]);
    let steps = run(
        "shift-share",
        Some("TOY:D"),
        &[JOBS, ("variant", "dynamic-gerfin")],
    );
    for (component, static_, mean) in [
        ("net-shift", 4.0, 4.0_f64 / 5.0),
        ("industry-mix", 35.0 / 32.0, 14.0 / 15.0),
        ("regional", 128.0 / 35.0, 6.0 / 7.0),
    ] {
        close(factor(&gerfin, component), static_);
        close(factor(&steps, component), mean.sqrt());
    }
}

#[test]
fn structural_change_refuses_in_these_words() {
    let all = whole();
    let refused = |group: &str| refusal("structural-change", &[VA4, ("class_group", group)], &all);
    insta::assert_snapshot!(refusal("structural-change", &[("value", "gdp")], &all), @"`structural-change`: `gdp` is not split by sector");
    insta::assert_snapshot!(refusal("structural-change", &[("value", "va4.farming")], &all), @"`structural-change`: `va4.farming` is not split by sector");
    insta::assert_snapshot!(refusal("structural-change", &[VA4], &study(&toy(), &["TOY:A"], &[], 2020, 2020)), @"`structural-change`: the first year (2020) must lie before the last (2020)");
    insta::assert_snapshot!(refusal("structural-change", &[VA4], &study(&toy(), &["TOY:A"], &[], 2010, 2019)), @"`structural-change`: `va4.farming` has figures for 1 year(s) between 2010 and 2019; change needs two");
    insta::assert_snapshot!(refusal("structural-change", &[VA4, ("variant", "lilian")], &all), @"`structural-change` takes for `variant` one of `lilien`, `lilien-base` or `lilien-modified`, not `lilian`; did you mean `lilien`?");
    insta::assert_snapshot!(refused("emerging = reserch"), @"`structural-change`: there is no sector `reserch` to group; did you mean `research`?");
    insta::assert_snapshot!(refused("emerging = "), @"`structural-change`: `emerging =` is not of the form `label = class class`");
    insta::assert_snapshot!(refused("a = research, b = research"), @"`structural-change`: the sector `research` stands twice in `class_group`");
    insta::assert_snapshot!(refused("a = research, a = making"), @"`structural-change`: the group `a` stands twice in `class_group`");
    insta::assert_snapshot!(refused("TOY-3"), @"`structural-change`: no crosswalk leads from the scheme `TOY-4` to `TOY-3`");
}

#[test]
fn variants_of_shift_share_refuse_in_these_words() {
    let all = whole();
    let refused = |params: &[(&str, &str)]| refusal("shift-share", &[&[VA4], params].concat(), &all);
    insta::assert_snapshot!(refused(&[("variant", "gerfn")]), @"`shift-share` takes for `variant` one of `classic`, `esteban-marquillas`, `arcelus`, `arcelus-short`, `gerfin`, `rigby-anderson`, `nazara-hewings`, `nazara-hewings-industry`, `nazara-hewings-total`, `mayor-lopez`, `mayor-lopez-industry`, `mayor-lopez-total`, `dynamic`, `dynamic-esteban-marquillas`, `dynamic-arcelus`, `dynamic-arcelus-short`, `dynamic-gerfin`, `productivity` or `productivity-relative`, not `gerfn`; did you mean `gerfin`?");
    insta::assert_snapshot!(refused(&[("variant", "rigby-anderson")]), @"`shift-share`: `rigby-anderson` needs `employment`: persons employed by the same sectors");
    insta::assert_snapshot!(refused(&[EMPLOYED]), @"`shift-share`: `employment` belongs to `rigby-anderson` and `productivity`; `classic` does not use it");
    insta::assert_snapshot!(refused(&[("variant", "productivity"), ("employment", "pop")]), @"`shift-share`: `pop` is not split by the same sectors as `va4`");
    insta::assert_snapshot!(refused(&[("variant", "productivity"), EMPLOYED, ("reference", "rest")]), @"`shift-share`: `productivity` looks at one region and has no `reference`");
    insta::assert_snapshot!(refused(&[("neighbours", "contiguity")]), @"`shift-share`: `neighbours` belongs to the spatial variants; `classic` does not use it");
    insta::assert_snapshot!(refused(&[("years", "2010, 2020")]), @"`shift-share`: `years` belongs to the dynamic variants; `classic` takes the first and the last year of the study");
    insta::assert_snapshot!(refused(&[("variant", "dynamic"), ("years", "2010")]), @"`shift-share`: `years` needs at least two years");
    insta::assert_snapshot!(refused(&[("variant", "dynamic"), ("years", "2010, 2021")]), @"`shift-share`: `2021` of `years` lie outside 2010 to 2020");
    insta::assert_snapshot!(refused(&[("reference", "peers")]), @r#"`shift-share`: `reference = "peers"` needs `peers`, a set of regions"#);
    insta::assert_snapshot!(refused(&[("peers", "toy:pair")]), @r#"`shift-share`: `peers` is used with `reference = "peers"` only"#);
    insta::assert_snapshot!(refused(&[("reference", "peers"), ("peers", "toy:pairs")]), @"unknown set `toy:pairs`; did you mean `toy:pair`?");
    let mut far = of(&["TOY:A"]);
    far.reference = of(&["TOY:A", "TOY:J"]).focus;
    insta::assert_snapshot!(refusal("shift-share", &[VA4, ("variant", "nazara-hewings")], &far), @"`shift-share`: Altera, Jovia have no neighbour among the regions of Test over `contiguity`, so there is no neighbour effect; leave such regions out of the reference");
    let mut alone = of(&["TOY:A"]);
    alone.reference = of(&["TOY:A"]).focus;
    insta::assert_snapshot!(refusal("shift-share", &[VA4, ("reference", "rest")], &alone), @"`shift-share`: beside one of the regions the others hold nothing in 2010, so there is no rest to compare it with");
}
