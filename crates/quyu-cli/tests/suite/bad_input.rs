//! The corpus of `tests/bad-input`: exit codes and messages, and nothing left behind.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::run::{root, run, words};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    args: String,
    text: Option<String>,
    hex: Option<String>,
    exit: i32,
}

type Corpus = BTreeMap<String, BTreeMap<String, Case>>;

fn corpus() -> Corpus {
    let text = std::fs::read_to_string(root().join("tests/bad-input/cases.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digits).collect()
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|e| {
            (
                e.file_name().into_string().unwrap(),
                std::fs::read(e.path()).unwrap(),
            )
        })
        .collect()
}

/// Runs a group; returns what was told.
fn told(group: &str) -> String {
    let mut text = String::new();
    for (name, case) in &corpus()[group] {
        let folder = tempfile::tempdir().unwrap();
        let table = case
            .text
            .clone()
            .map(String::into_bytes)
            .or(case.hex.as_deref().map(bytes));
        if let Some(table) = table {
            std::fs::write(folder.path().join("t.csv"), table).unwrap();
        }
        let before = contents(folder.path());
        let ran = run(folder.path(), &words(&case.args));
        assert_eq!(ran.code, case.exit, "{group}.{name}: {}", ran.err);
        assert_eq!(ran.out, "", "{group}.{name} writes to standard output");
        assert!(
            ran.err.contains("error:") || case.args.is_empty(),
            "{group}.{name}: {}",
            ran.err
        );
        assert!(
            !ran.err.contains("panicked") && !ran.err.contains("this is a bug"),
            "{group}.{name}: {}",
            ran.err
        );
        assert_eq!(
            contents(folder.path()),
            before,
            "{group}.{name} leaves or changes a file"
        );
        if !case.args.is_empty() {
            text.push_str(&format!(
                "## {name}\n$ quyu {}\n{}[{}]\n\n",
                case.args, ran.err, ran.code
            ));
        }
    }
    text
}

/// Every group has its test below.
#[test]
fn no_group_is_forgotten() {
    let groups: Vec<String> = corpus().into_keys().collect();
    assert_eq!(
        groups,
        [
            "columns",
            "encoding",
            "files",
            "keys",
            "numbers",
            "parameters",
            "rows",
            "statistics",
            "where"
        ]
    );
    let cases: usize = corpus().values().map(BTreeMap::len).sum();
    assert!(cases >= 110, "{cases}");
}

#[test]
fn bad_columns() {
    insta::assert_snapshot!("bad_columns", told("columns"));
}

#[test]
fn bad_encoding() {
    insta::assert_snapshot!("bad_encoding", told("encoding"));
}

#[test]
fn bad_files() {
    insta::assert_snapshot!("bad_files", told("files"));
}

#[test]
fn bad_keys() {
    insta::assert_snapshot!("bad_keys", told("keys"));
}

#[test]
fn bad_numbers() {
    insta::assert_snapshot!("bad_numbers", told("numbers"));
}

#[test]
fn bad_parameters() {
    insta::assert_snapshot!("bad_parameters", told("parameters"));
}

#[test]
fn bad_rows() {
    insta::assert_snapshot!("bad_rows", told("rows"));
}

#[test]
fn bad_statistics() {
    insta::assert_snapshot!("bad_statistics", told("statistics"));
}

#[test]
fn bad_where() {
    insta::assert_snapshot!("bad_where", told("where"));
}
