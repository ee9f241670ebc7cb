//! The corpus of `tests/bad-input`: exit codes and messages, and nothing left behind.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::forms::put_into;
use crate::run::{root, run, words};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    args: String,
    text: Option<String>,
    hex: Option<String>,
    /// The form into which the text is put.
    form: Option<String>,
    /// Bytes that are cut off at its end.
    cut: Option<usize>,
    /// Further files, all of them texts.
    #[serde(default)]
    files: BTreeMap<String, String>,
    exit: i32,
}

impl Case {
    fn table(&self) -> Option<Vec<u8>> {
        let text = self.text.as_deref();
        let mut table = match (text, &self.form, self.hex.as_deref()) {
            (Some(text), Some(form), _) => put_into(form, text),
            (Some(text), None, _) => text.as_bytes().to_vec(),
            (None, _, hex) => bytes(hex?),
        };
        table.truncate(table.len() - self.cut.unwrap_or(0));
        Some(table)
    }
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

impl Case {
    /// A folder with its files.
    fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        if let Some(table) = self.table() {
            std::fs::write(folder.path().join("t.csv"), table).unwrap();
        }
        for (name, text) in &self.files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }
}

/// The commands that are advised, each with the error that it is advised against.
fn advised(err: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut error = "";
    let mut lines = err.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("error: ") {
            error = line;
        }
        let Some(command) = line.strip_prefix("      quyu ") else {
            continue;
        };
        let mut command = format!("quyu {command}");
        while command.ends_with('\\') {
            command.push_str(&format!("\n{}", lines.next().unwrap()));
        }
        all.push((error.to_owned(), command));
    }
    all
}

/// Runs what is advised, as a shell reads it: it must not meet the error that it is advised against. Returns the exit codes.
fn followed(folder: &Path, err: &str) -> Vec<String> {
    let bin = Path::new(crate::run::binary()).parent().unwrap();
    let follow = |(error, command): (String, String)| {
        let output = std::process::Command::new("/bin/sh")
            .args(["-c", &command])
            .current_dir(folder)
            .env("PATH", bin)
            .env("COLUMNS", "100")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!told.contains(&error), "{command}\n{told}");
        format!("[{}]", output.status.code().unwrap_or(-1))
    };
    advised(err).into_iter().map(follow).collect()
}

/// Runs a group; returns what was told.
fn told(group: &str) -> String {
    let mut text = String::new();
    for (name, case) in &corpus()[group] {
        let folder = case.folder();
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
            // Where an advised command does not give a result, the table has another fault, or a word in capitals is to be replaced.
            let codes = followed(folder.path(), &ran.err);
            let then = if codes.is_empty() { "" } else { ", as advised " };
            text.push_str(&format!(
                "## {name}\n$ quyu {}\n{}[{}]{then}{}\n\n",
                case.args,
                ran.err,
                ran.code,
                codes.join(" ")
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
            "sdmx",
            "several",
            "statistics",
            "typed",
            "where",
            "workbook"
        ]
    );
    let cases: usize = corpus().values().map(BTreeMap::len).sum();
    assert!(cases >= 150, "{cases}");
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
fn bad_sdmx() {
    insta::assert_snapshot!("bad_sdmx", told("sdmx"));
}

#[test]
fn bad_several() {
    insta::assert_snapshot!("bad_several", told("several"));
}

#[test]
fn bad_typed() {
    insta::assert_snapshot!("bad_typed", told("typed"));
}

#[test]
fn bad_workbook() {
    insta::assert_snapshot!("bad_workbook", told("workbook"));
}

#[test]
fn bad_statistics() {
    insta::assert_snapshot!("bad_statistics", told("statistics"));
}

#[test]
fn bad_where() {
    insta::assert_snapshot!("bad_where", told("where"));
}
