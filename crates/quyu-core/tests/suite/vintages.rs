//! Which vintages may meet, which form a series, which a study means.

use std::collections::BTreeSet;

use quyu_core::{CoreError, Term, VintageChoice, VintagePair, VintageRules};

use crate::made::{id, rules, vintage, year};

fn pair(numerators: &[&str], v: &[&str], denominators: &[&str], w: &[&str]) -> VintagePair {
    let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let all = |list: &[&str]| list.iter().map(|t| vintage(t)).collect::<Vec<_>>();
    VintagePair {
        numerators: texts(numerators),
        numerator_vintages: all(v),
        denominators: texts(denominators),
        denominator_vintages: all(w),
        from: year(2000),
        to: year(2019),
        note: String::new(),
    }
}

fn meet(pairs: Vec<VintagePair>, n: (&str, &str), d: (&str, &str), at: i32) -> Result<(), CoreError> {
    let rules = VintageRules {
        pairs,
        ..VintageRules::default()
    };
    rules.meet((&id(n.0), &vintage(n.1)), (&id(d.0), &vintage(d.1)), year(at))
}

#[test]
fn vintages_meet_where_a_row_says_so_and_nowhere_else() {
    let rows = || {
        vec![
            pair(&["gdp", "pat_*"], &["v2"], &["pop"], &["p1"]),
            pair(&["*"], &["once"], &["gdp"], &[]),
        ]
    };
    for (n, d, at, may) in [
        (("gdp", "v2"), ("pop", "p1"), 2000, true),
        (("gdp", "v2"), ("pop", "p1"), 2019, true),
        (("gdp", "v2"), ("pop", "p1"), 2020, false),
        (("gdp", "v2"), ("pop", "p2"), 2010, false),
        (("gdp", "v1"), ("pop", "p1"), 2010, false),
        (("gdp", "v2"), ("area", "p1"), 2010, false),
        (("pop", "p1"), ("gdp", "v2"), 2010, false),
        (("gdp_pc", "v2"), ("pop", "p1"), 2010, false),
        (("pat_grant", "v2"), ("pop", "p1"), 2010, true),
        (("anything", "once"), ("gdp", "v9"), 2010, true),
        (("anything", "once"), ("pop", "p1"), 2010, false),
        (("gdp", "same"), ("pop", "same"), 2050, true),
    ] {
        assert_eq!(meet(rows(), n, d, at).is_ok(), may, "{n:?} over {d:?} in {at}");
    }
}

#[test]
fn a_refusal_names_each_partner_once() {
    let rows = vec![
        pair(&["gdp"], &["v2"], &["pop"], &["p1", "p2"]),
        pair(&["gdp"], &["v2"], &["*"], &["p1", "p3"]),
    ];
    insta::assert_snapshot!(meet(rows, ("gdp", "v2"), ("pop", "p9"), 2010).unwrap_err(), @"gdp[v2] over pop[p9] in 2010 mixes vintages that do not belong together; gdp[v2] may be divided by pop[p1], pop[p2], pop[p3]");
    insta::assert_snapshot!(meet(Vec::new(), ("gdp", "v2"), ("pop", "p1"), 2010).unwrap_err(), @"gdp[v2] over pop[p1] in 2010 mixes vintages that do not belong together; gdp[v2] may be divided by no vintage of pop in that year");
}

#[test]
fn growth_stays_in_one_series() {
    let one = |from: (i32, &str), to: (i32, &str)| {
        let (a, b) = (vintage(from.1), vintage(to.1));
        rules().one_series(&id("gdp"), (year(from.0), &a), (year(to.0), &b))
    };
    for (from, to, inside) in [
        ((2010, "v1"), (2020, "v1"), true),
        ((2010, "v1"), (2020, "v2"), false),
        ((2010, "e1"), (2020, "e2"), true),
        ((2010, "unlisted"), (2020, "unlisted"), true),
        ((2010, "first"), (2015, "first"), true),
        ((2015, "first"), (2016, "first"), false),
        ((2010, "first"), (2020, "first"), false),
        ((2016, "first"), (2020, "first"), true),
    ] {
        assert_eq!(one(from, to).is_ok(), inside, "{from:?} to {to:?}");
    }
    insta::assert_snapshot!(one((2015, "first"), (2016, "first")).unwrap_err(), @"growth of gdp from 2015 [first] to 2016 [first] would leave one series of vintages: what looks like growth may be a revision");
}

#[test]
fn three_vintages_of_a_series_are_called_by_its_name() {
    let mut rules = rules();
    rules.series[2].vintages.push(vintage("e3"));
    let all = ["e1", "e2", "e3", "v1"].map(vintage);
    let short = |n: usize| rules.short(&all[..n].iter().collect::<BTreeSet<_>>(), " / ");
    assert_eq!(
        [short(1), short(2), short(3), short(4)],
        ["e1", "e1 / e2", "edition", "e1 / e2 / e3 / v1"]
    );
}

fn choose(choices: &[(&str, &str)]) -> Result<VintageChoice, CoreError> {
    let known = ["v1", "v2", "p1"].map(vintage);
    let choices = choices.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    VintageChoice::new(&rules(), &known, choices)
}

#[test]
fn the_longest_prefix_up_to_an_underscore_is_meant() {
    let choice = choose(&[("gdp", "v1"), ("gdp_pc", "v2"), ("gd", "p1")]).unwrap();
    let of = |name: &str| {
        choice
            .of(&Term::parse(name).unwrap().indicator)
            .map(|(word, _)| word)
    };
    assert_eq!(of("gdp"), Some("v1"));
    assert_eq!(of("gdp_index"), Some("v1"));
    assert_eq!(of("gdp_pc"), Some("v2"));
    assert_eq!(of("gdp_pc_rank"), Some("v2"));
    assert_eq!(of("gdpx"), None, "a prefix ends at an underscore");
    assert_eq!(of("pop"), None);
}

#[test]
fn a_choice_is_a_known_vintage_or_a_series() {
    let series = choose(&[("gdp", "edition")]).unwrap();
    assert_eq!(series.of(&id("gdp")).unwrap().1, ["e1", "e2"].map(vintage));
    insta::assert_snapshot!(choose(&[("gdp", "v3")]).unwrap_err(), @"unknown vintage or series `v3`; did you mean `v1` or `v2`?");
    insta::assert_snapshot!(choose(&[("gdp", "v 1")]).unwrap_err(), @"`v 1` is not a well-formed vintage");
}

#[test]
fn a_section_overrides_the_choice_of_its_case_key_by_key() {
    let (case, section) = (
        choose(&[("gdp", "v1"), ("pop", "p1")]).unwrap(),
        choose(&[("gdp", "v2")]).unwrap(),
    );
    let both = case.overridden_by(&section);
    assert_eq!(both.of(&id("gdp")).unwrap().0, "v2");
    assert_eq!(both.of(&id("pop")).unwrap().0, "p1");
}
