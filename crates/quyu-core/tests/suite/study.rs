//! A study: which vintage is read, complete blocks, what a reader is told.

use quyu_core::{CoreError, Missing, Need, NoteKind, Period, Study};

use crate::made::{REGIONS, Row, atlas, code, codes, noted, set, study, term, vintage, year};

/// `gdp` and `pop` of three regions in two years, `pop` of c in 2010 missing.
const ROWS: [Row<'static>; 11] = [
    ("gdp", "v1", 2010, "X:a", 1.0),
    ("gdp", "v1", 2010, "X:b", 2.0),
    ("gdp", "v1", 2010, "X:c", 3.0),
    ("gdp", "v1", 2020, "X:a", 4.0),
    ("gdp", "v1", 2020, "X:b", 5.0),
    ("gdp", "v1", 2020, "X:c", 6.0),
    ("pop", "v1", 2010, "X:a", 7.0),
    ("pop", "v1", 2010, "X:b", 8.0),
    ("pop", "v1", 2020, "X:a", 9.0),
    ("pop", "v1", 2020, "X:b", 10.0),
    ("pop", "v1", 2020, "X:c", 11.0),
];

const THREE: [&str; 3] = ["X:a", "X:b", "X:c"];

fn block(study: &Study) -> Result<quyu_core::Block, CoreError> {
    study.block(
        &[term("gdp"), term("pop")],
        &codes(&THREE),
        &[year(2010), year(2020)],
    )
}

#[test]
fn a_block_that_is_complete_holds_every_value_in_its_place() {
    let study = study(&atlas(&ROWS), &[]);
    let block = study
        .block(
            &[term("gdp"), term("pop")],
            &codes(&["X:b", "X:a"]),
            &[year(2010), year(2020)],
        )
        .unwrap();
    assert_eq!(block.regions, codes(&["X:b", "X:a"]), "in the order asked for");
    assert_eq!(
        (block.column(0, 1), block.column(1, 0)),
        (&[5.0, 4.0][..], &[8.0, 7.0][..])
    );
    assert_eq!(block.regions_by_terms(1), [5.0, 10.0, 4.0, 9.0]);
    assert_eq!(block.notes, []);
}

#[test]
fn what_is_missing_is_an_error_that_names_the_cells() {
    let study = study(&atlas(&ROWS), &[]);
    insta::assert_snapshot!(block(&study).unwrap_err(), @r#"pop is missing for X:c in 2010; choose other regions or years, or write `missing = "drop"`"#);
    let error = study
        .block(&[term("gdp")], &codes(&REGIONS), &[year(2010), year(2020)])
        .unwrap_err();
    insta::assert_snapshot!(error, @r#"gdp is missing for X:d in 2010, X:e in 2010, X:f in 2010, X:d in 2020 and 2 more; choose other regions or years, or write `missing = "drop"`"#);
}

#[test]
fn a_drop_is_balanced_and_said() {
    let study = Study {
        missing: Missing::Drop,
        ..study(&atlas(&ROWS), &[])
    };
    let block = block(&study).unwrap();
    assert_eq!(block.regions, codes(&["X:a", "X:b"]));
    for (t, y) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(
            block.column(t, y).len(),
            2,
            "the region is left out of every year and term"
        );
    }
    assert_eq!(block.column(0, 1), [4.0, 5.0]);
    let [note] = &block.notes[..] else {
        panic!("{:?}", block.notes)
    };
    assert_eq!(
        (note.kind, &note.regions[..]),
        (NoteKind::Missing, &codes(&["X:c"])[..])
    );
    insta::assert_snapshot!(note.text, @"1 of 3 regions is left out because a figure is missing: Region c.");
    let all = study
        .block(&[term("gdp")], &codes(&REGIONS), &[year(2010)])
        .unwrap();
    insta::assert_snapshot!(all.notes[0].text, @"3 of 6 regions are left out because a figure is missing: Region d, Region e, Region f.");
    let none = study
        .block(&[term("gdp")], &codes(&THREE), &[year(2015)])
        .unwrap_err();
    insta::assert_snapshot!(none, @"gdp is complete for none of the regions of `some`: nothing is left after dropping");
}

#[test]
fn figures_that_are_not_trusted_are_said_where_they_are_used() {
    let atlas = noted(&[
        (("gdp", "v1", 2020, "X:a", 1.0), "distrusted: a comma was lost"),
        (("gdp", "v1", 2020, "X:b", 2.0), "low trust: read from a chart"),
        (("gdp", "v1", 2020, "X:c", 3.0), "an ordinary remark"),
        (("papers", "v1", 2020, "X:c", 3.0), ""),
    ]);
    let study = study(&atlas, &[]);
    let said = |name: &str, regions: &[&str]| -> Vec<String> {
        let block = study
            .block(&[term(name)], &codes(regions), &[year(2020)])
            .unwrap();
        assert!(block.notes.iter().all(|n| n.kind == NoteKind::Trust));
        block.notes.into_iter().map(|n| n.text).collect()
    };
    insta::assert_debug_snapshot!(said("gdp", &THREE), @r#"
    [
        "Label of gdp, Region b 2020 (lower trust): read from a chart.",
        "Label of gdp, Region a 2020 (marked as distrusted): a comma was lost.",
    ]
    "#);
    insta::assert_debug_snapshot!(said("papers", &["X:c"]), @r#"
    [
        "The source is of lower trust for: Label of papers.",
    ]
    "#);
    assert!(said("gdp", &["X:c"]).is_empty());
    let sum = study
        .aggregate(&term("gdp"), &set(&atlas, &THREE), year(2020))
        .unwrap()
        .unwrap();
    assert_eq!(sum.warnings.len(), 2, "a sum remembers what went in");
    assert_eq!(study.notes_on(&[term("gdp")], &[sum]).len(), 2);
}

#[test]
fn a_source_line_names_publishers_and_vintages() {
    let mut rows = ROWS.to_vec();
    rows.extend([
        ("rd", "v2", 2020, "X:a", 1.0),
        ("va.farm", "v1", 2020, "X:a", 1.0),
        ("va.make", "v1", 2020, "X:a", 1.0),
    ]);
    rows.extend([
        ("papers", "v1", 2020, "X:a", 1.0),
        ("price", "v1", 2020, "X:a", 1.0),
    ]);
    let study = study(&atlas(&rows), &[]);
    let line = |names: &[&str]| {
        let terms: Vec<_> = names.iter().map(|n| term(n)).collect();
        study
            .block(&terms, &codes(&["X:a"]), &[year(2020)])
            .unwrap()
            .source
    };
    insta::assert_snapshot!(line(&["gdp", "pop", "rd"]), @"Office. Vintages: gdp, pop [v1]; rd [v2].");
    insta::assert_snapshot!(line(&["gdp", "va.farm", "va.make"]), @"Office. Vintages: gdp, va [v1].");
    insta::assert_snapshot!(line(&["gdp", "pop", "va.farm", "papers", "price"]), @"Office. Vintages: 5 series [v1].");
}

/// `gdp` in three vintages: v1 and v2 for a, `city` for f, which no study here looks at.
fn several() -> Vec<Row<'static>> {
    vec![
        ("gdp", "v1", 2020, "X:a", 1.0),
        ("gdp", "v2", 2020, "X:a", 2.0),
        ("gdp", "city", 2020, "X:f", 3.0),
        ("gdp", "e1", 2019, "X:b", 4.0),
        ("gdp", "e2", 2020, "X:b", 5.0),
        ("rd", "v1", 2020, "X:a", 6.0),
    ]
}

fn gdp(choices: &[(&str, &str)], region: &str, at: i32) -> Result<Option<f64>, CoreError> {
    let atlas = atlas(&several());
    let mut study = study(&atlas, choices);
    (study.focus, study.reference) = (set(&atlas, &["X:a"]), set(&atlas, &["X:a", "X:b"]));
    Ok(study
        .value(&term("gdp"), &code(region), year(at))?
        .map(|d| d.value))
}

#[test]
fn a_vintage_is_read_where_it_is_chosen_and_asked_for_where_it_is_not() {
    assert_eq!(gdp(&[("gdp", "v2")], "X:a", 2020), Ok(Some(2.0)));
    assert_eq!(gdp(&[("gdp", "v1")], "X:b", 2020), Ok(None));
    assert_eq!(gdp(&[("gdp", "edition")], "X:b", 2019), Ok(Some(4.0)));
    assert_eq!(gdp(&[("gdp", "edition")], "X:b", 2020), Ok(Some(5.0)));
    let error = gdp(&[], "X:a", 2020).unwrap_err();
    insta::assert_snapshot!(error, @"gdp exists in several vintages (e1, e2, v1, v2); say which under `vintages`");
    let study = study(&atlas(&several()), &[("rd", "v2")]);
    insta::assert_snapshot!(study.value(&term("rd"), &code("X:a"), year(2020)).unwrap_err(), @"rd has no vintage v2; it has v1");
    insta::assert_snapshot!(study.value(&term("pop"), &code("X:a"), year(2020)).unwrap_err(), @"pop has no vintage at all; it has no data in the packages of this case");
}

#[test]
fn a_vintage_that_no_region_of_the_study_has_is_no_choice() {
    let atlas = atlas(&[("gdp", "v1", 2020, "X:a", 1.0), ("gdp", "city", 2020, "X:f", 3.0)]);
    let mut study = study(&atlas, &[]);
    (study.focus, study.reference) = (set(&atlas, &["X:a"]), set(&atlas, &["X:a", "X:b"]));
    let found = study
        .value(&term("gdp"), &code("X:a"), year(2020))
        .unwrap()
        .unwrap();
    assert_eq!(found.value, 1.0);
}

#[test]
fn two_vintages_of_a_series_in_one_cell_are_refused() {
    let atlas = atlas(&[("gdp", "e1", 2020, "X:a", 1.0), ("gdp", "e2", 2020, "X:a", 2.0)]);
    let study = study(&atlas, &[("gdp", "edition")]);
    insta::assert_snapshot!(study.value(&term("gdp"), &code("X:a"), year(2020)).unwrap_err(), @"gdp for X:a in 2020 exists in e1 and e2, which the choice `edition` does not tell apart");
}

#[test]
fn other_vintages_are_read_from_text() {
    let atlas = atlas(&several());
    let study = study(&atlas, &[("gdp", "v1")]);
    let value = |s: &Study| {
        s.value(&term("gdp"), &code("X:a"), year(2020))
            .unwrap()
            .unwrap()
            .value
    };
    assert_eq!(value(&study.with_vintages(" gdp = v2 , rd=v1").unwrap()), 2.0);
    assert_eq!(value(&study.with_vintages("").unwrap()), 1.0);
    insta::assert_snapshot!(study.with_vintages("gdp v2").unwrap_err(), @"`gdp v2` is not a well-formed choice of a vintage (`indicator=vintage`)");
    insta::assert_snapshot!(study.with_vintages("gdp=v9").unwrap_err(), @"unknown vintage or series `v9`; did you mean `v1` or `v2`?");
    insta::assert_snapshot!(study.with_vintages("gpd=v2").unwrap_err(), @"unknown indicator in a choice of vintages `gpd`; did you mean `gdp`?");
}

#[test]
fn growth_of_a_ratio_stays_in_the_series_of_its_parts() {
    let parts = |name| [2015, 2016, 2017].map(|y| (name, "first", y, "X:a", 1.0));
    let study = study(&atlas(&[parts("rd"), parts("gdp")].concat()), &[]);
    let one = |name: &str, from: i32| study.one_series(&term(name), &codes(&["X:a"]), year(from), year(2017));
    for name in ["gdp", "rd_share"] {
        assert!(
            matches!(one(name, 2015), Err(CoreError::BrokenSeries { .. })),
            "{name}"
        );
        assert_eq!(one(name, 2016), Ok(()), "{name}");
    }
}

#[test]
fn needs_are_checked_before_anything_runs() {
    let study = study(&atlas(&several()), &[("gdp", "v1")]);
    let check = |need: Need| study.check(&[need]);
    assert_eq!(check(Need::Indicator(term("gdp"))), Ok(()));
    for (need, said) in [
        (
            Need::Indicator(term("gpd")),
            "unknown indicator `gpd`; did you mean `gdp`",
        ),
        (
            Need::Indicator(term("va.frm")),
            "unknown class `va.frm`; did you mean `farm`?",
        ),
        (
            Need::Indicator(term("va")),
            "va has no vintage at all; it has no data",
        ),
        (Need::Partition("halves".to_owned()), "unknown partition `halves`"),
    ] {
        let error = check(need).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn a_choice_for_an_indicator_that_does_not_exist_is_a_slip() {
    let study = study(&atlas(&several()), &[("gpd", "v1")]);
    insta::assert_snapshot!(study.check(&[]).unwrap_err(), @"unknown indicator in a choice of vintages `gpd`; did you mean `gdp`?");
    let prefix = crate::made::study(&atlas(&several()), &[("rd", "v1"), ("va", "v1")]);
    assert_eq!(prefix.check(&[]), Ok(()));
}

#[test]
fn years_with_figures_are_those_of_any_region() {
    let mut study = study(&atlas(&ROWS), &[]);
    let years = |s: &Study, name: &str| s.observed_years(&term(name), &codes(&THREE)).unwrap();
    assert_eq!(years(&study, "gdp"), [year(2010), year(2020)]);
    study.period = Period {
        from: year(2015),
        to: year(2020),
    };
    assert_eq!(years(&study, "gdp"), [year(2020)]);
    assert_eq!(years(&study, "gdp_pc"), [], "no population of the year before");
}

#[test]
fn vintages_of_a_block_are_told_in_a_few_words() {
    let mut rows = vec![("rd", "v2", 2020, "X:a", 1.0)];
    rows.extend(ROWS);
    let atlas = atlas(&rows);
    let block = study(&atlas, &[])
        .block(&[term("gdp"), term("rd")], &codes(&["X:a"]), &[year(2020)])
        .unwrap();
    assert_eq!(block.vintages(&atlas.vintages), "v1 / v2");
    assert!(block.from.contains(&(crate::made::id("rd"), vintage("v2"))));
}
