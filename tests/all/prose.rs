//! The prose of the committed cases: no digit in it was typed, and what a case says by hand agrees with the packages.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use quyu_report::template::{Template, typed_digits};
use quyu_report::{Case, run};
use toml::Value;

use crate::packages::{datasets, real};

/// Every case with its text.
pub(crate) fn cases() -> Vec<(String, String)> {
    let folder = datasets().join("../reports");
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path: PathBuf| {
            let text = fs::read_to_string(path.join("case.toml")).ok()?;
            Some((path.file_name()?.to_str()?.to_owned(), text))
        })
        .collect();
    found.sort();
    assert!(found.len() >= 5, "the cases are not where they were");
    found
}

/// Calls `see` for every text of a case: what stands under a language, but for the names of sets, which are words of the case.
fn texts(value: &mut Value, see: &mut dyn FnMut(&mut String)) {
    match value {
        Value::Table(table) => {
            for (key, inner) in table.iter_mut() {
                match inner {
                    Value::String(text) if key == "en" => see(text),
                    _ if key == "sets" => {}
                    _ => texts(inner, see),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| texts(item, see)),
        _ => {}
    }
}

#[test]
fn no_digit_of_a_case_is_typed_by_hand() {
    for (id, text) in cases() {
        let mut value: Value = toml::from_str(&text).unwrap();
        texts(&mut value, &mut |text| {
            let template = Template::parse(text).unwrap();
            assert_eq!(typed_digits(&template), Vec::<String>::new(), "{id}: {text}");
        });
    }
}

/// The other half of the proof: a digit typed into any text of any case stops the report before it is written.
#[test]
fn a_digit_typed_anywhere_in_a_case_is_refused() {
    let registry = quyu_catalog::registry().unwrap();
    for (id, text) in cases() {
        let mut value: Value = toml::from_str(&text).unwrap();
        let mut written = 0;
        texts(&mut value, &mut |text| {
            written += 1;
            text.push_str(&format!(" typed-{written}-by-hand"));
        });
        assert!(written > 10, "{id} has hardly a text");
        let case = Case::parse(&toml::to_string(&value).unwrap()).unwrap();
        let Err(refused) = run(&case, &real(), &registry, &()) else {
            panic!("{id} was written with typed digits");
        };
        let said = refused.to_string();
        for n in 1..=written {
            assert!(
                said.contains(&format!("typed-{n}-by-hand")),
                "{id}: text {n} was not looked at"
            );
        }
    }
}

/// Sections of GB/T 4754-2017 by the last division of each.
const SECTIONS: [(u32, &str); 20] = [
    (5, "A"),
    (12, "B"),
    (43, "C"),
    (46, "D"),
    (50, "E"),
    (52, "F"),
    (60, "G"),
    (62, "H"),
    (65, "I"),
    (69, "J"),
    (70, "K"),
    (72, "L"),
    (75, "M"),
    (79, "N"),
    (82, "O"),
    (83, "P"),
    (85, "Q"),
    (90, "R"),
    (96, "S"),
    (97, "T"),
];

/// The sections that the items of a category of Shandong's ten industries touch.
fn touched(category: &str) -> BTreeSet<&'static str> {
    let read = |name: &str| fs::read_to_string(datasets().join("cn-policy").join(name)).unwrap();
    let (items, incidence) = (read("items.csv"), read("incidence.csv"));
    let of_category: BTreeSet<&str> = items
        .lines()
        .filter(|line| line.starts_with("SD_TEN_2018,") && line.contains(&format!(",{category},")))
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(of_category.len(), 5, "{category}");
    incidence
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|row| row[0] == "SD_TEN_2018" && row[2] == "GB/T 4754-2017" && of_category.contains(row[1]))
        .filter_map(|row| {
            let division: u32 = row[3].parse().ok()?;
            SECTIONS
                .iter()
                .find(|(last, _)| division <= *last)
                .map(|(_, s)| *s)
        })
        .collect()
}

#[test]
fn the_groups_of_sections_of_shandong_are_those_of_the_crosswalk() {
    let (emerging, upgraded) = (touched("emerging"), touched("to_be_upgraded"));
    let by_hand: Vec<(&str, BTreeSet<&str>)> = vec![
        ("Emerging only", emerging.difference(&upgraded).copied().collect()),
        (
            "To be upgraded only",
            upgraded.difference(&emerging).copied().collect(),
        ),
        ("Both", emerging.intersection(&upgraded).copied().collect()),
    ];
    let text = fs::read_to_string(datasets().join("../reports/shandong/case.toml")).unwrap();
    let value: Value = toml::from_str(&text).unwrap();
    let sections = value["section"].as_array().unwrap();
    let section = sections
        .iter()
        .find(|s| s["id"].as_str() == Some("emerging"))
        .unwrap();
    let groups = section["params"]["class_group"].as_array().unwrap();
    let written: Vec<(&str, BTreeSet<&str>)> = groups
        .iter()
        .map(|group| {
            let (label, classes) = group.as_str().unwrap().split_once(" = ").unwrap();
            (label, classes.split(' ').collect())
        })
        .collect();
    assert_eq!(written, by_hand);
}

/// The case that CONTRIBUTING.md gives to somebody who adds a first one.
#[test]
fn the_first_case_of_the_guide_runs() {
    let guide = include_str!("../../CONTRIBUTING.md");
    let block = guide
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let text: Vec<&str> = block
        .lines()
        .map(|line| line.strip_prefix("   ").unwrap_or(line))
        .collect();
    let case = Case::parse(&text.join("\n")).unwrap();
    let artifacts = run(&case, &real(), &quyu_catalog::registry().unwrap(), &()).unwrap();
    assert_eq!(artifacts.tables[0].0, "cities.csv");
    assert!(
        artifacts.markdown.contains("Shenzhen, with 195,230 yuan."),
        "{}",
        artifacts.markdown
    );
}
