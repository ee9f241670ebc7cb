//! Commands that are no analysis: check, report, man, schema.

use std::path::Path;

use crate::run::{root, run, words};

const PACKAGE: &str = r#"{
  "name": "own",
  "resources": [
    {
      "name": "figures", "path": "figures.csv",
      "schema": {
        "fields": [
          {"name": "region", "constraints": {"required": true}},
          {"name": "year", "type": "year", "constraints": {"minimum": 2000}},
          {"name": "gdp", "type": "number", "constraints": {"minimum": 0}}
        ],
        "missingValues": ["", "NA"],
        "primaryKey": ["region", "year"],
        "foreignKeys": [{"fields": "region", "reference": {"resource": "regions", "fields": "id"}}]
      }
    },
    {"name": "regions", "path": "regions.csv", "dialect": {"delimiter": ";"}, "schema": {"fields": [{"name": "id"}, {"name": "name"}]}}
  ]
}"#;

fn package(figures: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("datapackage.json", PACKAGE);
    write("figures.csv", figures);
    write("regions.csv", "id;name\nA;Altera\nB;Borea\n");
    write(
        "bad.json",
        "{\"fields\": [{\"name\": \"a\", \"type\": \"colour\"}]}",
    );
    folder
}

#[test]
fn a_table_that_is_what_its_schema_says() {
    let folder = package("region,year,gdp\nA,2010,1.5\nB,2010,NA\n");
    let ran = run(
        folder.path(),
        &words("check figures.csv --schema datapackage.json"),
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "figures.csv: 2 rows and 3 columns are what datapackage.json says\n"
    );
    let ran = run(
        folder.path(),
        &words("check regions.csv --schema datapackage.json"),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn all_differences_of_a_table_are_told_at_once() {
    let many: String = (0..8).map(|i| format!("A,{},1\n", 1990 + i)).collect();
    let folder = package(&format!(
        "region,year,gdp\nA,2010,x\nA,2010,-2\nC,2011,1\n,2012,\n{many}"
    ));
    let mut text = String::new();
    for args in [
        "check figures.csv --schema datapackage.json",
        "check figures.csv --schema datapackage.json --resource figure",
        "check regions.csv --schema datapackage.json --resource figures",
        "check figures.csv --schema bad.json",
        "check figures.csv --schema none.json",
    ] {
        let ran = run(folder.path(), &words(args));
        assert_eq!(ran.out, "");
        text.push_str(&format!("$ quyu {args}\n{}[{}]\n\n", ran.err, ran.code));
    }
    insta::assert_snapshot!("differences_of_a_table", text);
    let all = run(
        folder.path(),
        &words("check figures.csv --schema datapackage.json --all"),
    );
    assert_eq!(all.err.matches("is not at least 2000").count(), 8, "{}", all.err);
}

/// The packages of the project are what their own descriptors say.
#[test]
fn the_packages_of_the_project_hold_against_their_schemas() {
    for file in [
        "regions.csv",
        "contiguity.csv",
        "partitions.csv",
        "observations/population.csv",
    ] {
        let folder = root().join("datasets/cn-provinces");
        let ran = run(
            &folder,
            &words(&format!("check {file} --schema datapackage.json")),
        );
        assert_eq!(ran.code, 0, "{file}: {}", ran.err);
    }
}

const CASE: &str = r#"
schema = 1
id = "mine"
packages = ["toy"]
title = { en = "Ten regions" }
lede = { en = "GDP per head of the ten regions." }

[study]
focus = "toy:all"
reference = "toy:all"
period = { from = 2010, to = 2020 }

[chapters]
findings = { title = { en = "Findings" }, question = { en = "How far apart?" } }

[[section]]
id = "gini"
chapter = "findings"
analysis = "gini"
title = { en = "How unequal" }
text = { en = "See the table." }
params = { value = "gdp_pc", weight = "pop" }
"#;

fn case(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    std::fs::write(folder.path().join("mine/case.toml"), text).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    quyu_io::files::names(folder).unwrap()
}

#[test]
fn a_case_becomes_a_report_in_a_folder_of_its_own() {
    let folder = case(CASE);
    let packages = root().join("datasets");
    let args = |more: &str| {
        let mut args = words(&format!("report mine {more} --packages"));
        args.push(packages.display().to_string());
        args
    };
    let ran = run(folder.path(), &args("--html"));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let out = folder.path().join("mine/report");
    assert_eq!(names(&out), ["figures", "report.html", "report.md", "tables"]);
    assert_eq!(names(&folder.path().join("mine")), ["case.toml", "report"]);
    let page = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(page.contains("0.2800") || page.contains("0.280"), "{page}");
    let again = run(folder.path(), &args(""));
    assert_eq!(again.code, 5);
    assert!(again.err.contains("holds a report already"), "{}", again.err);
    let forced = run(folder.path(), &args("--force"));
    assert_eq!(forced.code, 0, "{}", forced.err);
    // What is not written any more is gone.
    assert_eq!(names(&out), ["figures", "report.md", "tables"]);
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let refused = run(folder.path(), &args("--force"));
    assert_eq!(refused.code, 5);
    assert!(refused.err.contains("`notes.txt`"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn packages_are_found_above_the_case() {
    let ran = run(
        &root(),
        &words("report reports/pearl-river-delta --out /proc/none"),
    );
    // The packages were found and the analyses ran; only the folder cannot be written.
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("/proc/none"), "{}", ran.err);
}

#[test]
fn what_is_wrong_with_a_case_is_told_with_its_place() {
    let mut text = String::new();
    let wrong = [
        CASE.replace("analysis = \"gini\"", "analysis = \"ginni\""),
        CASE.replace("focus =", "fokus ="),
        CASE.replace("See the table.", "It was 17."),
        CASE.to_owned(),
    ];
    for (i, case_text) in wrong.iter().enumerate() {
        let folder = case(case_text);
        let mut args = words("report mine/case.toml");
        if i < 3 {
            args.extend([
                "--packages".to_owned(),
                root().join("datasets").display().to_string(),
            ]);
        }
        let ran = run(folder.path(), &args);
        text.push_str(&format!("{}[{}]\n\n", ran.err, ran.code));
        assert_eq!(names(&folder.path().join("mine")), ["case.toml"]);
    }
    let none = run(Path::new("."), &words("report none.toml"));
    text.push_str(&format!("{}[{}]\n", none.err, none.code));
    insta::assert_snapshot!("what_is_wrong_with_a_case", text);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &words("man --out pages"));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let pages = names(&folder.path().join("pages"));
    for entry in quyu_catalog::registry().unwrap().iter() {
        assert!(pages.contains(&format!("quyu-{}.1", entry.id)), "{}", entry.id);
    }
    let page = std::fs::read_to_string(folder.path().join("pages/quyu-gini.1")).unwrap();
    assert!(
        page.contains(".TH quyu-gini 1") && page.contains("value"),
        "{page}"
    );
    let one = run(folder.path(), &words("man gini"));
    assert_eq!(one.out, page);
    let again = run(folder.path(), &words("man --out pages"));
    assert_eq!(again.code, 5, "{}", again.err);
    let near = run(folder.path(), &words("man ginni"));
    assert_eq!(near.code, 2);
    assert!(near.err.contains("did you mean `gini`"), "{}", near.err);
}
