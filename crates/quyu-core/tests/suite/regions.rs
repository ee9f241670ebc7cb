//! Regions by name, sets in which nothing is counted twice, partitions that cover.

use quyu_core::{CoreError, Level, Partition, Region, RegionSet, Regions};

use crate::made::{code, codes, region};

/// A nation, two provinces, a city in each; Jilin is the name of a province and the short name of its city.
fn regions() -> Regions {
    let mut all = Regions::default();
    for (code, name, parent) in [
        ("100000", "China", None),
        ("220000", "Jilin", Some("100000")),
        ("220200", "Jilin City", Some("220000")),
        ("510000", "Sichuan", Some("100000")),
        ("510100", "Chengdu", Some("510000")),
    ] {
        let short_en = name.trim_end_matches(" City").to_owned();
        let region = Region {
            short_en,
            name_zh: (name == "Chengdu").then(|| "成都市".to_owned()),
            ..region(code, name, parent)
        };
        all.insert(region).unwrap();
    }
    all
}

fn set(members: &[&str]) -> Result<RegionSet, CoreError> {
    RegionSet::new(&regions(), "s", "S", None, codes(members))
}

#[test]
fn a_region_is_found_by_code_and_by_any_of_its_names() {
    let regions = regions();
    for query in ["510100", "Chengdu", "CHENGDU", "成都市"] {
        assert_eq!(regions.find(query).unwrap().code, code("510100"), "{query}");
    }
    assert_eq!(
        regions.find("Jilin").unwrap().code,
        code("220000"),
        "the long name decides"
    );
    assert_eq!(regions.label(&code("220200")), "Jilin");
    assert_eq!(regions.label(&code("990000")), "990000");
}

#[test]
fn a_name_that_two_regions_bear_is_refused() {
    let mut regions = regions();
    regions
        .insert(region("510200", "Jilin City", Some("510000")))
        .unwrap();
    insta::assert_snapshot!(regions.find("jilin city").unwrap_err(), @"`jilin city` names more than one region: `220200` and `510200`; use the code");
    insta::assert_snapshot!(regions.find("Chengsu").unwrap_err(), @"unknown region `Chengsu`; did you mean `Chengdu`?");
}

#[test]
fn a_code_belongs_to_one_region() {
    let mut regions = regions();
    regions
        .insert(region("510100", "Chengdu", Some("510000")))
        .unwrap();
    insta::assert_snapshot!(regions.insert(region("510100", "Mianyang", None)).unwrap_err(), @"region `510100` is defined twice, and not in the same way");
}

#[test]
fn a_set_refuses_what_would_be_counted_twice() {
    insta::assert_snapshot!(set(&[]).unwrap_err(), @"the set `s` has no members");
    insta::assert_snapshot!(set(&["510100", "220200", "510100"]).unwrap_err(), @"the set `s` holds 510100 twice");
    insta::assert_snapshot!(set(&["510100", "510000"]).unwrap_err(), @"the set `s` holds both 510000 (Sichuan) and 510100 (Chengdu), which lies in it: keep one of them");
    insta::assert_snapshot!(set(&["100000", "510100"]).unwrap_err(), @"the set `s` holds both 100000 (China) and 510100 (Chengdu), which lies in it: keep one of them");
    insta::assert_snapshot!(set(&["510200"]).unwrap_err(), @"unknown region `510200`; did you mean `510000`, `510100` or `220200`?");
}

#[test]
fn a_set_may_mix_levels_and_keeps_the_order_of_codes() {
    let mixed = set(&["510100", "220000"]).unwrap();
    assert_eq!(mixed.members(), codes(&["220000", "510100"]));
    assert!(mixed.contains(&code("510100")) && !mixed.contains(&code("510000")));
    let single = RegionSet::single(regions().find("Chengdu").unwrap());
    assert_eq!(
        (single.id.as_str(), single.members()),
        ("510100", &codes(&["510100"])[..])
    );
    assert_eq!(single.name_zh.as_deref(), Some("成都市"));
}

#[test]
fn ancestors_are_nearest_first_and_a_circle_ends() {
    assert_eq!(regions().ancestors(&code("510100")), codes(&["510000", "100000"]));
    let mut circle = Regions::default();
    for (a, b) in [("X:a", "X:b"), ("X:b", "X:c"), ("X:c", "X:a")] {
        circle.insert(region(a, a, Some(b))).unwrap();
    }
    assert_eq!(circle.ancestors(&code("X:a")), codes(&["X:b", "X:c"]));
    assert!(
        RegionSet::new(&circle, "s", "S", None, codes(&["X:a"])).is_ok(),
        "a region does not lie in itself"
    );
}

#[test]
fn a_level_is_one_of_those_of_the_packages() {
    assert_eq!(Level::parse("municipality").unwrap(), Level::Province);
    insta::assert_snapshot!(Level::parse("provnce").unwrap_err(), @"unknown level `provnce`; did you mean `province`?");
}

/// North holds a and b, south c; a second set has its own south.
fn partition() -> Partition {
    let mut parts = Partition::new("halves", "Halves");
    for (region, group, label) in [
        ("X:c", "south", "South"),
        ("X:a", "north", "North"),
        ("X:b", "north", "North"),
        ("X:z", "south", "South of Z"),
    ] {
        parts.assign(code(region), group, label).unwrap();
    }
    parts
}

#[test]
fn a_partition_covers_with_the_groups_that_occur_in_their_own_order() {
    let labels = |members: &[&str]| {
        let (labels, groups) = partition().cover("s", &codes(members)).unwrap();
        let names: Vec<String> = groups.into_iter().map(|g| g.label).collect();
        (labels, names.join(", "))
    };
    assert_eq!(
        labels(&["X:a", "X:b", "X:c"]),
        (vec![1, 1, 0], "South, North".to_owned())
    );
    assert_eq!(labels(&["X:b", "X:a"]), (vec![0, 0], "North".to_owned()));
    assert_eq!(
        labels(&["X:z", "X:c"]),
        (vec![1, 0], "South, South of Z".to_owned()),
        "groups of two sets share an id, not a label"
    );
}

#[test]
fn a_partition_names_whom_it_does_not_cover_and_who_is_in_two_groups() {
    insta::assert_snapshot!(partition().cover("s", &codes(&["X:a", "X:d", "X:e"])).unwrap_err(), @"the partition `halves` does not cover the set `s`: no group for `X:d` and `X:e`");
    let mut parts = partition();
    parts.assign(code("X:a"), "north", "North").unwrap();
    insta::assert_snapshot!(parts.assign(code("X:a"), "south", "South").unwrap_err(), @"group of region `X:a` is defined twice, and not in the same way");
}
