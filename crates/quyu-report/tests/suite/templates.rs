//! The language of prose.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quyu_core::{Atlas, Findings, Period, RegionSet, Year};
use quyu_report::template::{Known, Scope, Template, typed_digits};

use crate::fake::{atlas, findings, sets};

fn period() -> Option<Period> {
    let (from, to) = (Year::new(2010).unwrap(), Year::new(2019).unwrap());
    Some(Period { from, to })
}

fn known(found: Option<(String, Findings)>, number: Option<usize>) -> Known {
    Known {
        title: Some("Who is ahead".into()),
        period: period(),
        found,
        table: number,
        figure: None,
    }
}

/// The sections that the templates below refer to: `r` has findings, `prose` has none.
fn sections() -> BTreeMap<String, Known> {
    let found = Some(("ranking".to_owned(), findings(3)));
    BTreeMap::from([
        ("r".to_owned(), known(found, Some(2))),
        ("prose".to_owned(), known(None, None)),
    ])
}

/// What a template becomes, or the message that says why not.
fn written(text: &str) -> Result<String, String> {
    let (atlas, sections): (_, _) = (atlas(), sections());
    let sets: BTreeMap<String, RegionSet> = sets(&atlas);
    let atlas: &Atlas = &atlas;
    let scope = Scope {
        atlas,
        sets: &sets,
        sections: &sections,
        period: period(),
    };
    let template = Template::parse(text).map_err(|e| e.to_string())?;
    template.render(&scope).map_err(|e| e.to_string())
}

fn same(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(written(text).as_deref(), Ok(*expected), "{text}");
    }
}

#[test]
fn cells_are_picked_by_filters_and_written_in_a_style() {
    same(&[
        ("{r.value[region=320000,year=2019]|fixed1}", "123.6"),
        ("{r.value[region=Jiangsu, year=2019]|yuan0}", "124"),
        ("{r.value[region=江苏,year=to] | index3}", "123.605"),
        ("{r.share[rank=1,year=2010]|share1}", "7.0"),
        ("{r.share[rank=1,year=2010]|percent0}", "7\u{a0}%"),
        ("{r.rank[name=Shandong,year=to]|rank}", "3rd"),
        ("{r.rank[name=Shandong,year=to]}", "3"),
        ("{r.year[name=\"Shandong\",value>30,year!=2010]}", "2019"),
        ("{r.p_value[rank=1,year=to]|fixed3}", "0.012"),
        ("{r.p_value[rank=1,year=to]|p}", "0.0123"),
        ("{r.year[p_value=0.01235,rank=1,year=to]}", "2019"),
        (
            "{r/ranking-years.estimate[year=from,component=between]|index3}",
            "0.250",
        ),
        ("{r.name[rank=1,year=to]}", "Beijing"),
        ("{from}–{to}", "2010–2019"),
    ]);
}

#[test]
fn arithmetic_takes_cells_and_typed_factors() {
    same(&[
        (
            "{r.value[rank=1,year=to] - r.value[rank=2,year=to]|fixed1}",
            "40.4",
        ),
        (
            "{r.value[rank=1,year=from] / r.value[rank=1,year=to] - 1|signed_share1}",
            "−57.3",
        ),
        (
            "{abs(r.value[rank=3,year=to] - r.value[rank=1,year=to])|fixed0}",
            "124",
        ),
        (
            "{(r.value[rank=1,year=to] + r.value[rank=2,year=to]) / 2 * 10|fixed0}",
            "1,438",
        ),
        ("{r.value[rank=3,year=to] * -1|signed0}", "−40"),
        ("{to - from in words} years", "nine years"),
    ]);
}

#[test]
fn functions_give_words_names_counts_and_links() {
    let two = "r.value[rank=2,year=from], r.value[rank=2,year=to]";
    same(&[
        (&format!("{{rose({two})}}"), "rose"),
        (
            "{rose(r.value[rank=2,year=to], r.value[rank=2,year=from])}",
            "fell",
        ),
        (
            "{rose(r.value[rank=3,year=from], r.value[rank=3,year=to])}",
            "did not change",
        ),
        (
            "{above(r.value[rank=1,year=to], r.value[rank=2,year=to])}",
            "above",
        ),
        ("{more(r.value[rank=2,year=to], r.value[rank=1,year=to])}", "less"),
        ("{count(r.value[year=to,value>100])}", "2"),
        ("{count(r.value[year=to,value>100]) in Words}", "Two"),
        ("{list(r.name[year=to])}", "Beijing, Jiangsu and Shandong"),
        ("{list(r.name[year=to,value<=100])}", "Shandong"),
        ("{name(320000)} {name_zh(Jiangsu)}", "Jiangsu 江苏"),
        ("{name_zh(r.region[rank=1,year=to])}", "北京"),
        (
            "{set(coast)} {set_zh(coast)} {set(fake:all)}",
            "The coast 沿海 All provinces",
        ),
        ("{members(fake:all) in words}", "three"),
        (
            "{label(gdp)} {label_zh(gdp)}",
            "Gross domestic product 地区生产总值",
        ),
        (
            "{table(r)}, {section(prose)}",
            "[Table 2](#r), [Who is ahead](#prose)",
        ),
        ("{{r}}", "{r}"),
    ]);
}

#[test]
fn directions_agree_with_the_digits_that_a_reader_sees() {
    let pair = "r/ranking-years.estimate[year=from,component=between], \
                r/ranking-years.estimate[year=to,component=between]";
    same(&[
        (&format!("{{rose({pair})}}"), "rose"),
        (&format!("{{rose({pair})|index3}}"), "did not change"),
        (&format!("{{rose({pair})|percent2}}"), "rose"),
    ]);
}

#[test]
fn conditions_choose_an_arm() {
    let test = |condition: &str| written(&format!("{{if {condition}}}yes{{else}}no{{end}}")).unwrap();
    let first = "r.value[rank=1,year=to]";
    for (condition, expected) in [
        (format!("{first} > 100"), "yes"),
        (format!("{first} > 100 and {first} < 100"), "no"),
        (format!("{first} > 100 or {first} < 100 and {first} < 0"), "yes"),
        (format!("{first} == 164"), "yes"),
        (format!("{first} >= 164.4|fixed0"), "yes"),
        (format!("{first} - 64 != 100"), "no"),
        ("r.name[rank=1,year=to] == 'Beijing'".to_owned(), "yes"),
        ("r.name[rank=1,year=to] != \"Beijing\"".to_owned(), "no"),
        ("missing(r.p_value[rank=3,year=to])".to_owned(), "yes"),
        ("missing(r.value[region=Tibet])".to_owned(), "yes"),
        ("missing(r.value[rank=3,year=to])".to_owned(), "no"),
    ] {
        assert_eq!(test(&condition), expected, "{condition}");
    }
    same(&[
        ("{if to < from}a{else if to > from}b{else}c{end}", "b"),
        ("{if to < from}a{end}", ""),
        ("{if to > from}{if to == from}a{else}b{end}{end}", "b"),
        ("One.\n\n{if to < from}\ngone\n{end}\n\nTwo.", "One.\n\nTwo."),
        // What an arm asks for does not matter if the arm is not taken.
        ("{if to < from}{r.value[region=Tibet]|fixed0}{end}", ""),
    ]);
}

#[test]
fn every_error_says_what_to_do() {
    let slips = [
        // Cannot be read.
        "{r.value",
        "a } b",
        "{}",
        "{r.value|fixed9}",
        "{rise(r.value, r.share)}",
        "{r.value[year]}",
        "{r.value[year=2019}",
        "{r.value + }",
        "{12 * 3|fixed0}",
        "{'words'}",
        "{end}",
        "{if to > from}a",
        "{if to > from}a{else}b{else}c{end}",
        "{if to}a{end}",
        "{to in figures}",
        // Has no value.
        "{q.value|fixed0}",
        "{prose.value|fixed0}",
        "{r/rankings.value|fixed0}",
        "{r.vale|fixed0}",
        "{r.silhouette|fixed0}",
        "{r.value[region=Jiangsi]|fixed0}",
        "{r.value[region=Jiangsu,year=2030]|fixed0}",
        "{r.value[year=2019]|fixed0}",
        "{r.value[rank=1,year=to]}",
        "{r.name[rank=1,year=to]|fixed0}",
        "{r.value[rank=2,year=to]|rank}",
        "{r.p_value[rank=3,year=to]|fixed3}",
        "{r.value[rank=1,year=to] / (to - to)|fixed0}",
        "{r.name[rank=1,year=to] + 1|fixed0}",
        "{more(r.value[rank=1,year=to], r.value[rank=1,year=to])}",
        "{list(r.value[year=to])}",
        "{name(Jiangsi)}",
        "{set(cost)}",
        "{set_zh(fake:all)}",
        "{label(gdpp)}",
        "{figure(r)}",
        "{table(q)}",
    ];
    let messages: Vec<String> = slips.iter().map(|s| written(s).expect_err(s)).collect();
    let messages = messages.join("\n");
    insta::assert_snapshot!(messages);
}

#[test]
fn names_are_checked_in_arms_that_are_not_taken() {
    let (atlas, sections) = (atlas(), sections());
    let sets = sets(&atlas);
    let scope = Scope {
        atlas: &atlas,
        sets: &sets,
        sections: &sections,
        period: None,
    };
    let analyses = BTreeMap::from([("r".to_owned(), true), ("prose".to_owned(), false)]);
    let text =
        "{if to < from}{x.value}{name(Jiangsi)}{prose.value}{table(y)}{else}{r.any}{name(r.region)}{end}";
    let wrong = Template::parse(text).unwrap().check(&scope, &analyses);
    let messages: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    let messages = messages.join("\n");
    insta::assert_snapshot!(messages);
}

#[test]
fn typed_digits_are_found_wherever_they_hide() {
    let digits = |text: &str| typed_digits(&Template::parse(text).unwrap());
    assert!(digits("In {from} {r.value[year=2019]|fixed1} of {{braces}} and one.").is_empty());
    assert_eq!(
        digits("{if to > from}a 12th{else}b{end} x² ３"),
        ["12th", "x²", "３"]
    );
}

#[test]
fn words_of_a_cell_are_escaped() {
    same(&[(
        "{list(r/ranking-years.note[component=between,year=to])}",
        "a, \"b\"",
    )]);
    assert_eq!(
        quyu_report::escape::escape("a|b *c* gdp_pc _d_ R&D &amp; [e](f)"),
        { "a\\|b \\*c\\* gdp_pc \\_d\\_ R&D \\&amp; [e\\](f)" }
    );
}

/// Pieces from which slips are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "{{",
            "if ",
            "else if ",
            "{else}",
            "{end}",
            "r.value",
            "[",
            "]",
            "year=2019",
            ",",
            "|",
            "fixed1",
            "(",
            ")",
            "rose(",
            "count(",
            "name(",
            " in words",
            "-",
            "/",
            "*",
            "and",
            "or",
            "==",
            "'",
            "\"",
            "1.5",
            "to",
            "from",
            "missing(",
            ".",
            "，",
            "é",
            "\n",
            "{if to > from}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(pieces in prop::collection::vec(piece(), 0..24)) {
        let _ = written(&pieces.concat());
    }

    #[test]
    fn text_without_braces_stays_as_it_is(text in "[a-zA-Z,.*_]{1,40}") {
        prop_assert_eq!(written(&text).unwrap(), text);
    }

    #[test]
    fn depth_is_an_error_not_an_overflow(depth in 0usize..5_000) {
        let _ = written(&format!("{{{}to{}}}", "(".repeat(depth), ")".repeat(depth)));
        let _ = written(&format!("{}x{}", "{if to > from}".repeat(depth), "{end}".repeat(depth)));
    }
}
