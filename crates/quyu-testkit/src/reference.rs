//! Reads the reference cases: statistics with inputs and with values that other packages computed.
//!
//! The folder is named by `QUYU_REFERENCE`; without it, it is looked for at `../shared/reference` beside the workspace.
//! Where it is absent, tests skip its cases and say so.

#![expect(clippy::panic, reason = "a test stops at a broken case")]

use crate::{Tolerance, close};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder of reference cases, if there is one.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("QUYU_REFERENCE").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    Some(named.unwrap_or_else(beside)).filter(|folder| folder.join("cases").is_dir())
}

/// One statistic with its input and the values it must have.
#[derive(Debug, Clone)]
pub struct Case {
    /// The name of the case, unique.
    pub id: String,
    /// The group of statistics to which it belongs.
    pub area: String,
    /// The whole case as it stands in its file.
    pub json: Value,
    folder: PathBuf,
}

/// The cases that the project holds itself, in `tests/reference`.
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference")
}

/// All cases of the folder, sorted by id; none if there is no folder.
///
/// # Panics
/// If a case cannot be read: a broken case must not look like a passed one.
pub fn cases() -> Vec<Case> {
    folder().map_or_else(Vec::new, |folder| cases_in(&folder))
}

/// All cases of a folder, sorted by id.
///
/// # Panics
/// If there is no such folder, or a case cannot be read.
pub fn cases_in(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder.join("cases")).expect("the folder of cases can be read");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    files.iter().map(|path| read_case(path, folder)).collect()
}

fn read_case(path: &Path, folder: &Path) -> Case {
    let text = std::fs::read_to_string(path).expect("a case can be read");
    let json: Value = serde_json::from_str(&text).expect("a case is JSON");
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    Case {
        id: text("id"),
        area: text("area"),
        folder: folder.to_owned(),
        json,
    }
}

impl Case {
    /// An input as it stands in the file; `Null` if there is none of this name.
    pub fn input(&self, key: &str) -> &Value {
        &self.json["inputs"][key]
    }

    /// An input that is a number.
    ///
    /// # Panics
    /// If it is not.
    pub fn number(&self, key: &str) -> f64 {
        self.input(key)
            .as_f64()
            .unwrap_or_else(|| panic!("{}: input `{key}` is not a number", self.id))
    }

    /// An input that is a list of numbers, or the column of the table that the input names. A missing value is NaN.
    ///
    /// # Panics
    /// If it is neither.
    pub fn numbers(&self, key: &str) -> Vec<f64> {
        match self.input(key) {
            Value::Array(values) => values.iter().map(number_of).collect(),
            Value::String(column) => self.column(column),
            other => panic!("{}: input `{key}` is {other}", self.id),
        }
    }

    /// A column of the case's table as numbers; an empty cell is NaN.
    ///
    /// # Panics
    /// If the table has no such column, or a cell is no number.
    pub fn column(&self, column: &str) -> Vec<f64> {
        let parse = |cell: String| match cell.as_str() {
            "" | "NA" => f64::NAN,
            text => text
                .parse()
                .unwrap_or_else(|_| panic!("{}: `{text}` in column `{column}`", self.id)),
        };
        self.text_column(column).into_iter().map(parse).collect()
    }

    /// An input that is a list of labels (texts or numbers), or the column that the input names, as text.
    ///
    /// # Panics
    /// If it is neither.
    pub fn texts(&self, key: &str) -> Vec<String> {
        match self.input(key) {
            Value::Array(values) => values
                .iter()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .collect(),
            Value::String(column) => self.text_column(column),
            other => panic!("{}: input `{key}` is {other}", self.id),
        }
    }

    /// [`Case::texts`] as labels `0..k` in order of first appearance, and the texts they stand for.
    pub fn labels(&self, key: &str) -> (Vec<usize>, Vec<String>) {
        labels(&self.texts(key))
    }

    /// A column of the case's table (input `file`).
    ///
    /// # Panics
    /// If there is no table or no such column.
    pub fn text_column(&self, column: &str) -> Vec<String> {
        let file = self
            .input("file")
            .as_str()
            .unwrap_or_else(|| panic!("{}: no input `file`", self.id));
        let table = self.table(file);
        let Some(position) = table.header.iter().position(|name| name == column) else {
            panic!("{}: {file} has no column `{column}`", self.id)
        };
        table
            .rows
            .into_iter()
            .map(|mut row| std::mem::take(&mut row[position]))
            .collect()
    }

    /// A table of the folder, by its path as the case writes it.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn table(&self, file: &str) -> Table {
        let mut reader = csv::Reader::from_path(self.folder.join(file))
            .unwrap_or_else(|error| panic!("{}: {file}: {error}", self.id));
        let header = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        let rows = reader
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect();
        Table { header, rows }
    }

    /// An expected value as it stands in the file; `Null` if there is none of this name.
    pub fn expected(&self, key: &str) -> &Value {
        &self.json["expected"][key]
    }

    /// The tolerance of the case.
    pub fn tolerance(&self) -> Tolerance {
        let part = |key: &str| self.json["tolerance"][key].as_f64().unwrap_or(0.0);
        Tolerance {
            rel: part("rel"),
            abs: part("abs"),
        }
    }

    /// Compares what was found with what is expected: one message for each difference, and for each expected value
    /// that no check answers.
    pub fn differences(&self, checks: &[Check]) -> Vec<String> {
        let mut found = Vec::new();
        for check in checks {
            if let Some(value) = &check.found {
                compare(
                    &check.key,
                    value,
                    self.expected(&check.key),
                    self.tolerance(),
                    &mut found,
                );
            }
        }
        let expected = self.json["expected"].as_object();
        let keys = expected.into_iter().flat_map(|object| object.keys());
        let unanswered = keys.filter(|key| !checks.iter().any(|check| &check.key == *key));
        found.extend(unanswered.map(|key| format!("{key}: nothing was computed for it")));
        found
    }
}

/// A CSV table as text.
#[derive(Debug, Clone)]
pub struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// Labels `0..k` in order of first appearance, and what they stand for.
pub fn labels(texts: &[String]) -> (Vec<usize>, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    let mut label = |text: &String| match names.iter().position(|name| name == text) {
        Some(position) => position,
        None => {
            names.push(text.clone());
            names.len() - 1
        }
    };
    let labels = texts.iter().map(&mut label).collect();
    (labels, names)
}

fn number_of(value: &Value) -> f64 {
    match value.as_str() {
        Some("Inf") => f64::INFINITY,
        Some("-Inf") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or(f64::NAN),
    }
}

/// One answer of ours to one expected value of a case.
#[derive(Debug, Clone)]
pub struct Check {
    /// The name of the expected value.
    pub key: String,
    found: Option<Value>,
    reason: &'static str,
}

impl Check {
    /// A number, or numbers in the nesting of the expected value: anything that serialises to JSON.
    ///
    /// # Panics
    /// If it does not serialise.
    pub fn value(key: &str, found: impl serde::Serialize) -> Self {
        let found = serde_json::to_value(found).expect("a JSON value");
        Self {
            key: key.to_owned(),
            found: Some(found),
            reason: "",
        }
    }

    /// A result: `"error"` or `"Undefined"` (where the message says so) stand for an error.
    ///
    /// # Panics
    /// If the value does not serialise.
    pub fn result<T: serde::Serialize, E: std::fmt::Display>(key: &str, found: Result<T, E>) -> Self {
        match found {
            Ok(value) => Self::value(key, value),
            Err(error) if error.to_string().starts_with("undefined") => Self::value(key, "Undefined"),
            Err(_) => Self::value(key, "error"),
        }
    }

    /// An expected value that is another convention than ours on purpose, or no statistic: the reason is printed.
    pub fn differs(key: &str, reason: &'static str) -> Self {
        Self {
            key: key.to_owned(),
            found: None,
            reason,
        }
    }

    /// The reason why this value is not compared.
    pub fn reason(&self) -> Option<&'static str> {
        self.found.is_none().then_some(self.reason)
    }
}

fn compare(path: &str, found: &Value, expected: &Value, tolerance: Tolerance, differences: &mut Vec<String>) {
    match (found, expected) {
        (Value::Array(f), Value::Array(e)) if f.len() == e.len() => {
            for (i, (f, e)) in f.iter().zip(e).enumerate() {
                compare(&format!("{path}[{i}]"), f, e, tolerance, differences);
            }
        }
        (Value::Object(f), Value::Object(e)) => {
            for (key, e) in e {
                compare(
                    &format!("{path}.{key}"),
                    f.get(key).unwrap_or(&Value::Null),
                    e,
                    tolerance,
                    differences,
                );
            }
        }
        (Value::Number(f), Value::Number(e)) => {
            let (f, e) = (f.as_f64().unwrap_or(f64::NAN), e.as_f64().unwrap_or(f64::NAN));
            if !close(f, e, tolerance) {
                differences.push(format!("{path}: {f} where {e} is expected"));
            }
        }
        (f, e) if f == e => {}
        (f, e) => differences.push(format!("{path}: {f} where {e} is expected")),
    }
}

/// A case and the function that answers it: what test tables hold.
pub type Answer = (&'static str, fn(&Case) -> Vec<Check>);

/// Runs every case that `answers` names, prints what passed, what differs on purpose and what is not covered yet, and
/// fails if a value is not as expected or an answer has no case.
///
/// # Panics
/// If a case fails.
#[expect(clippy::print_stdout, reason = "a test says what it skipped")]
pub fn run(answers: &[Answer], is_ours: impl Fn(&Case) -> bool) {
    let own = cases_in(&own_folder());
    let same = |case: &Case| {
        own.iter()
            .any(|own| own.id == case.id && own.json.get("expected") == case.json.get("expected"))
    };
    let (held, cases): (Vec<Case>, Vec<Case>) = cases().into_iter().filter(is_ours).partition(same);
    println!(
        "{} cases with the same values stand in tests/reference and run there",
        held.len()
    );
    if cases.is_empty() {
        println!(
            "skipped: {} reference cases, because the folder of cases is absent",
            answers.len()
        );
        return;
    }
    compare_all(&cases, answers);
    for (id, _) in answers
        .iter()
        .filter(|(id, _)| !cases.iter().chain(&held).any(|case| case.id == *id))
    {
        println!("skipped: {id}, which is not in the folder");
    }
}

/// Runs the cases of [`own_folder`], which are always there, as [`run`] does.
///
/// # Panics
/// If a case fails, or there is none.
pub fn run_own(answers: &[Answer]) {
    let cases = cases_in(&own_folder());
    assert!(!cases.is_empty(), "tests/reference/cases holds no case");
    compare_all(&cases, answers);
}

#[expect(clippy::print_stdout, reason = "a test says what is not covered")]
fn compare_all(cases: &[Case], answers: &[Answer]) {
    let (mut failures, mut passed, mut uncovered) = (Vec::new(), 0, Vec::new());
    for case in cases {
        let Some((_, answer)) = answers.iter().find(|(id, _)| *id == case.id) else {
            uncovered.push(case.id.as_str());
            continue;
        };
        let checks = answer(case);
        for check in &checks {
            if let Some(reason) = check.reason() {
                println!("differs on purpose: {} {}: {reason}", case.id, check.key);
            }
        }
        let differences = case.differences(&checks);
        passed += usize::from(differences.is_empty());
        failures.extend(
            differences
                .into_iter()
                .map(|difference| format!("{}: {difference}", case.id)),
        );
    }
    println!(
        "{passed} reference cases passed; not yet covered ({}): {}",
        uncovered.len(),
        uncovered.join(", ")
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expected: Value) -> Case {
        let json = serde_json::json!({ "expected": expected, "tolerance": { "rel": 1e-9, "abs": 0.0 } });
        Case {
            id: "made_up".into(),
            area: "test".into(),
            json,
            folder: PathBuf::new(),
        }
    }

    #[test]
    fn differences_are_found_at_every_depth() {
        let case = case(serde_json::json!({ "a": 1.0, "b": [1.0, { "c": "error" }], "d": 2 }));
        let right = [
            Check::value("a", 1.0 + 1e-12),
            Check::value("b", serde_json::json!([1, { "c": "error" }])),
            Check::differs("d", "another convention"),
        ];
        assert_eq!(case.differences(&right), Vec::<String>::new());
        let wrong = [
            Check::value("a", 1.1),
            Check::value("b", serde_json::json!([1.0, { "c": 3.0 }])),
        ];
        assert_eq!(case.differences(&wrong).len(), 3);
        assert_eq!(
            case.differences(&[Check::result("a", Err::<f64, _>("no"))]).len(),
            3
        );
    }

    #[test]
    fn labels_follow_first_appearance() {
        let texts: Vec<String> = ["b", "a", "b"].map(String::from).into();
        assert_eq!(
            labels(&texts),
            (vec![0, 1, 0], vec!["b".to_owned(), "a".to_owned()])
        );
    }
}
