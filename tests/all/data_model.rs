//! Figures of the deck and of the data notes, through the data model; refusals with their messages.

use quyu_core::CoreError;

use crate::packages::{real, set, study, term, year};

fn aggregate(members: &[&str], choices: &[(&str, &str)], indicator: &str, at: i32) -> f64 {
    let atlas = real();
    let study = study(&atlas, members, choices, at, at);
    let found = study
        .aggregate(&term(indicator), &study.focus, year(at))
        .expect("no error");
    found.expect("a figure").value
}

const DECK: &[(&str, &str)] = &[("gdp", "first-release"), ("pop", "pre-7PC")];

#[test]
fn per_head_figures_of_the_deck() {
    // Published: 123,607 and 70,653. The year-end populations at hand are rounded to 10,000 persons.
    assert_eq!(aggregate(&["Jiangsu"], DECK, "gdp_pc", 2019).round(), 123_605.0);
    assert_eq!(aggregate(&["山东"], DECK, "gdp_pc", 2019).round(), 70_654.0);
}

#[test]
fn a_ratio_of_sums_is_not_a_mean_of_ratios() {
    let members = [
        "NUTS 2021:DE11",
        "NUTS 2021:DE12",
        "NUTS 2021:DE13",
        "NUTS 2021:DE14",
    ];
    let pooled = aggregate(&members, &[], "gerd_intensity", 2019);
    let mean: f64 = members
        .iter()
        .map(|m| aggregate(&[m], &[], "gerd_intensity", 2019))
        .sum::<f64>()
        / 4.0;
    assert_eq!(format!("{pooled:.2} {mean:.2}"), "5.75 5.18");
}

#[test]
fn the_twin_city_pole_is_pooled() {
    let choices = [("gdp", "city-yearbook")];
    let pooled = aggregate(&["510100", "500000"], &choices, "gdp_pc", 2020);
    let mean: f64 = ["510100", "500000"]
        .iter()
        .map(|m| aggregate(&[m], &choices, "gdp_pc", 2020))
        .sum::<f64>()
        / 2.0;
    assert_eq!(format!("{pooled:.0} {mean:.0}"), "81120 81926");
}

#[test]
fn the_nation_is_the_sum_of_its_units() {
    let atlas = real();
    let study = study(&atlas, &["Jiangsu"], &[("rd_exp", "as-published")], 2019, 2019);
    let found = study
        .aggregate(&term("rd_exp"), &study.reference, year(2019))
        .unwrap()
        .unwrap();
    let published = study.value(
        &term("rd_exp"),
        &quyu_core::RegionCode::parse("100000").unwrap(),
        year(2019),
    );
    let published = published.unwrap().unwrap().value;
    assert!(
        (found.value / published - 1.0).abs() < 1e-8,
        "{} and {published}",
        found.value
    );
    assert!(
        !study
            .reference
            .contains(&quyu_core::RegionCode::parse("100000").unwrap())
    );
}

#[test]
fn vintages_that_do_not_belong_together_are_refused() {
    let atlas = real();
    let study = study(
        &atlas,
        &["Heilongjiang"],
        &[("gdp_pc", "first-release"), ("gdp", "4EC"), ("pop", "post-7PC")],
        2019,
        2019,
    );
    let error = study
        .aggregate(&term("gdp_pc"), &study.focus, year(2019))
        .unwrap_err();
    assert!(
        matches!(&error, CoreError::VintagePair { allowed, .. } if allowed == &["pop[pre-7PC]"]),
        "{error}"
    );
    insta::assert_snapshot!(error, @"gdp[4EC] over pop[post-7PC] in 2019 mixes vintages that do not belong together; gdp[4EC] may be divided by pop[pre-7PC]");
}

#[test]
fn growth_stays_inside_one_series() {
    let atlas = real();
    let study = study(&atlas, &["Jiangsu"], &[("gdp", "first-release")], 2018, 2021);
    let error = study
        .one_series(&term("gdp"), study.focus.members(), year(2019), year(2020))
        .unwrap_err();
    insta::assert_snapshot!(error, @"growth of gdp from 2019 [first-release] to 2020 [first-release] would leave one series of vintages: what looks like growth may be a revision");
    assert!(
        study
            .one_series(&term("gdp"), study.focus.members(), year(2020), year(2021))
            .is_ok()
    );
}

#[test]
fn a_vintage_must_be_chosen_where_there_are_several() {
    let atlas = real();
    let study = study(&atlas, &["Jiangsu"], &[], 2019, 2019);
    let error = study
        .aggregate(&term("gdp"), &study.focus, year(2019))
        .unwrap_err();
    assert!(matches!(error, CoreError::AmbiguousVintage { .. }), "{error}");
}

#[test]
fn a_province_and_its_city_are_not_one_set() {
    let atlas = real();
    let members = ["Sichuan".to_owned(), "Chengdu".to_owned()];
    let error = atlas.set_of("pole", "Pole", None, &members).unwrap_err();
    insta::assert_snapshot!(error, @"the set `pole` holds both 510000 (Sichuan) and 510100 (Chengdu), which lies in it: keep one of them");
    assert_eq!(set(&atlas, &["Chengdu", "重庆"]).members().len(), 2);
}

#[test]
fn unknown_names_get_near_ones() {
    let atlas = real();
    let region = atlas.regions.find("Jiangsi").unwrap_err();
    insta::assert_snapshot!(region, @"unknown region `Jiangsi`; did you mean `Jiangsu`, `Jiangxi` or `Guangxi`?");
    let indicator = atlas.codebook.find("gdp_per").unwrap_err();
    assert!(indicator.to_string().contains("`gdp_pc`"), "{indicator}");
    let partition = atlas.partition("macro5").unwrap_err();
    assert!(partition.to_string().contains("`macro3`"), "{partition}");
    let registry = quyu_catalog::registry().unwrap();
    insta::assert_snapshot!(registry.get("giny").unwrap_err(), @"there is no analysis `giny`; did you mean `gini`?");
}

#[test]
fn regions_are_found_by_code_and_by_name_in_two_languages() {
    let atlas = real();
    for query in ["320000", "Jiangsu", "jiangsu", "江苏省", "江苏"] {
        assert_eq!(
            atlas.regions.find(query).unwrap().code.to_string(),
            "320000",
            "{query}"
        );
    }
    assert_eq!(atlas.regions.find("NUTS 2021:ES21").unwrap().code.code(), "ES21");
}

#[test]
fn an_index_has_no_value_for_a_set() {
    let atlas = real();
    let study = study(&atlas, &["Jiangsu", "Anhui"], &[("gdp", "4EC")], 2019, 2019);
    let error = study
        .aggregate(&term("gdp_index"), &study.focus, year(2019))
        .unwrap_err();
    assert!(matches!(error, CoreError::NotAggregable { .. }), "{error}");
}
