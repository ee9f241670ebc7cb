//! `cargo xtask reference --from DIR`: writes our own reference cases anew from a folder of cases of other packages.
//!
//! Only cases whose inputs are free are taken: inline values and tables that were made up for the purpose. Figures, and
//! the name, version and call of the package, are carried over; the sentence that says what a case computes is ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use quyu_io::atomic::{self, WriteError};
use serde_json::{Map, Value};

use crate::checkout;

/// Where the cases come from.
#[derive(Debug, Args)]
#[command(after_help = "\
Writes tests/reference/cases/ and tests/reference/tables/ as a whole. A case without a sentence in \
xtask/src/reference/definitions.toml is an error, and so is a sentence without a case.\n\n\
Exit codes: 0 written, or the same as before; 1 with --check: it would change; 3 the cases cannot be used; 5 reading or \
writing failed.")]
pub(crate) struct ReferenceArgs {
    /// The folder with `cases/` and `data/`.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Write nothing; fail if something would change.
    #[arg(long)]
    check: bool,
}

/// Tables whose figures may be carried over, and what we call them.
const TABLES: [(&str, &str); 5] = [
    ("data/synthetic_provinces31.csv", "tables/provinces31.csv"),
    (
        "data/synthetic_provinces31_knn4_w.csv",
        "tables/provinces31_neighbours.csv",
    ),
    ("data/synthetic_nested40.csv", "tables/nested40.csv"),
    ("data/econgeo_b10x6.csv", "tables/presence10x6.csv"),
    ("data/econgeo_m5x4.csv", "tables/counts5x4.csv"),
];

/// Inputs that are remarks for a reader; the sentence of the case says the same.
const REMARKS: [&str; 4] = ["layout", "standardise", "normalise", "pairs"];

/// Our sentences.
const DEFINITIONS: &str = include_str!("reference/definitions.toml");

/// Why no cases were written.
#[derive(Debug, thiserror::Error)]
enum ReferenceError {
    /// A file of the folder.
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// A case that is no JSON.
    #[error("{}: {source}", path.display())]
    Json {
        path: PathBuf,
        source: serde_json::Error,
    },
    /// A table that is no CSV.
    #[error("{}: {source}", path.display())]
    Csv { path: PathBuf, source: csv::Error },
    /// A case that lacks something.
    #[error("{}: there is no `{key}`", path.display())]
    Lacks { path: PathBuf, key: &'static str },
    /// The sentences cannot be read.
    #[error("xtask/src/reference/definitions.toml: {source}")]
    Definitions { source: Box<toml::de::Error> },
    /// Cases without a sentence.
    #[error("xtask/src/reference/definitions.toml: write a sentence for {}", ids.join(", "))]
    Undefined { ids: Vec<String> },
    /// Sentences without a case.
    #[error("xtask/src/reference/definitions.toml: there is no free case {}", ids.join(", "))]
    Unused { ids: Vec<String> },
    /// Writing.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl ReferenceError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Read { .. } | Self::Write(_) => 5,
            _ => 3,
        }
    }
}

/// Files by their path inside `tests/reference`.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Writes the cases, or compares them.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(args: &ReferenceArgs) -> ExitCode {
    let place = checkout::root().join("tests/reference");
    match work(args, &place) {
        Ok((text, same)) => {
            println!("{text}");
            if args.check && !same {
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn work(args: &ReferenceArgs, place: &Path) -> Result<(String, bool), ReferenceError> {
    let source = Source::read(&args.from)?;
    let definitions: BTreeMap<String, String> =
        toml::from_str(DEFINITIONS).map_err(|source| ReferenceError::Definitions {
            source: Box::new(source),
        })?;
    let files = source.files(&definitions)?;
    let cases = source.free().count();
    let left = source.cases.len() - cases;
    let same = standing(place)? == files;
    let done = match (same, args.check) {
        (true, _) => "as before",
        (false, true) => "they would change: run it without --check",
        (false, false) => "written",
    };
    if !same && !args.check {
        std::fs::create_dir_all(place).map_err(read_error(place))?;
        let files: Vec<(PathBuf, Vec<u8>)> = files.into_iter().collect();
        atomic::replace_folder(place, &["cases", "tables"], &files)?;
    }
    let text = format!("reference: {cases} cases, {left} left out because their tables are not free; {done}");
    Ok((text, same))
}

/// What stands in the folder now.
fn standing(place: &Path) -> Result<Files, ReferenceError> {
    let mut files = Files::new();
    for inside in ["cases", "tables"] {
        let folder = place.join(inside);
        if !folder.is_dir() {
            continue;
        }
        for path in list(&folder)? {
            let bytes = std::fs::read(&path).map_err(read_error(&path))?;
            files.insert(path.strip_prefix(place).unwrap_or(&path).to_owned(), bytes);
        }
    }
    Ok(files)
}

fn read_error(path: &Path) -> impl FnOnce(std::io::Error) -> ReferenceError {
    let path = path.to_owned();
    move |source| ReferenceError::Read { path, source }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, ReferenceError> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read_error(folder))? {
        paths.push(entry.map_err(read_error(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// A folder of cases.
struct Source {
    folder: PathBuf,
    cases: Vec<(PathBuf, Value)>,
}

impl Source {
    fn read(folder: &Path) -> Result<Self, ReferenceError> {
        let mut cases = Vec::new();
        for path in list(&folder.join("cases"))? {
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let bytes = std::fs::read(&path).map_err(read_error(&path))?;
            let case = serde_json::from_slice(&bytes).map_err(|source| ReferenceError::Json {
                path: path.clone(),
                source,
            })?;
            cases.push((path, case));
        }
        Ok(Self {
            folder: folder.to_owned(),
            cases,
        })
    }

    /// The cases whose tables may be carried over.
    fn free(&self) -> impl Iterator<Item = &(PathBuf, Value)> {
        self.cases
            .iter()
            .filter(|(_, case)| tables(case).all(|t| TABLES.iter().any(|(from, _)| *from == t)))
    }

    /// Everything that is written.
    fn files(&self, definitions: &BTreeMap<String, String>) -> Result<Files, ReferenceError> {
        let mut files = Files::new();
        let mut undefined = Vec::new();
        let mut used = Vec::new();
        for (path, case) in self.free() {
            let id = text(path, case, "id")?;
            used.push(id);
            let Some(definition) = definitions.get(id) else {
                undefined.push(id.to_owned());
                continue;
            };
            let ours = ours(path, case, definition)?;
            files.insert(
                PathBuf::from(format!("cases/{id}.json")),
                written(&ours).into_bytes(),
            );
            for table in tables(case) {
                let (from, to) = TABLES
                    .iter()
                    .find(|(from, _)| *from == table)
                    .unwrap_or(&TABLES[0]);
                files.insert(PathBuf::from(to), self.table(from)?);
            }
        }
        if !undefined.is_empty() {
            return Err(ReferenceError::Undefined { ids: undefined });
        }
        let unused: Vec<String> = definitions
            .keys()
            .filter(|d| !used.contains(&d.as_str()))
            .cloned()
            .collect();
        if !unused.is_empty() {
            return Err(ReferenceError::Unused { ids: unused });
        }
        Ok(files)
    }

    /// A table, its cells as they are, without needless quotation marks.
    fn table(&self, file: &str) -> Result<Vec<u8>, ReferenceError> {
        let path = self.folder.join(file);
        let wrap = |source| ReferenceError::Csv {
            path: path.clone(),
            source,
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(&path)
            .map_err(wrap)?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in reader.records() {
            writer.write_record(&row.map_err(wrap)?).map_err(wrap)?;
        }
        writer
            .into_inner()
            .map_err(|error| read_error(&path)(error.into_error()))
    }
}

/// The tables that a case names.
fn tables(case: &Value) -> impl Iterator<Item = &str> {
    let inputs = case["inputs"].as_object();
    inputs
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_str)
        .filter(|v| v.starts_with("data/"))
}

fn text<'a>(path: &Path, case: &'a Value, key: &'static str) -> Result<&'a str, ReferenceError> {
    case[key].as_str().ok_or_else(|| ReferenceError::Lacks {
        path: path.to_owned(),
        key,
    })
}

/// A case in our form.
fn ours(path: &Path, case: &Value, definition: &str) -> Result<Value, ReferenceError> {
    let peer = text(path, case, "peer")?;
    let package = package(peer);
    let source = match text(path, case, "kind")? {
        _ if package.is_empty() => "formula",
        "peer_run" | "peer_transcribed" => "package",
        "formula_with_peer_check" => "formula and package",
        _ => "formula",
    };
    let known = |key: &str| {
        let text = case[key].as_str().unwrap_or_default();
        let said = !package.is_empty() && !text.is_empty() && text != "-";
        said.then(|| text.replace(" (sourced)", ""))
            .map_or(Value::Null, Value::from)
    };
    let mut inputs = Map::new();
    for (key, value) in case["inputs"].as_object().into_iter().flatten() {
        if REMARKS.contains(&key.as_str()) {
            continue;
        }
        let table = TABLES.iter().find(|(from, _)| value.as_str() == Some(*from));
        inputs.insert(
            key.clone(),
            table.map_or_else(|| value.clone(), |(_, to)| Value::from(*to)),
        );
    }
    let mut ours = Map::new();
    for key in ["id", "area"] {
        ours.insert(key.to_owned(), Value::from(text(path, case, key)?));
    }
    ours.insert("definition".to_owned(), Value::from(definition));
    ours.insert("source".to_owned(), Value::from(source));
    let name = if package.is_empty() {
        Value::Null
    } else {
        Value::from(package.as_str())
    };
    ours.insert("package".to_owned(), name);
    ours.insert("version".to_owned(), known("peer_version"));
    ours.insert("call".to_owned(), known("peer_call"));
    ours.insert("inputs".to_owned(), Value::Object(inputs));
    for key in ["expected", "tolerance"] {
        if case[key].is_null() {
            return Err(ReferenceError::Lacks {
                path: path.to_owned(),
                key,
            });
        }
        ours.insert(key.to_owned(), case[key].clone());
    }
    Ok(Value::Object(ours))
}

/// The packages in a peer's name: what stands in brackets is a remark.
fn package(peer: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for c in peer.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let parts = plain.split([';', '/']).map(str::trim);
    let parts: Vec<&str> = parts.filter(|p| !p.is_empty() && *p != "formula").collect();
    parts.join("; ")
}

/// JSON for people: an object a line for each key, a list of plain values on one line.
fn written(case: &Value) -> String {
    let mut text = String::new();
    write(case, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    let nested = |v: &Value| v.is_array() || v.is_object();
    let new_line = |depth: usize, text: &mut String| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                text.push_str(if i > 0 { "," } else { "" });
                new_line(depth + 1, text);
                text.push_str(&format!("{}: ", Value::from(key.as_str())));
                write(value, depth + 1, text);
            }
            new_line(depth, text);
            text.push('}');
        }
        Value::Array(items) if items.iter().any(nested) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                text.push_str(if i > 0 { "," } else { "" });
                new_line(depth + 1, text);
                write(item, depth + 1, text);
            }
            new_line(depth, text);
            text.push(']');
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            text.push_str(&format!("[{}]", items.join(", ")));
        }
        plain => text.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn folder(cases: &[Value]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for inside in ["cases", "data"] {
            std::fs::create_dir(folder.path().join(inside)).unwrap();
        }
        for case in cases {
            let id = case["id"].as_str().unwrap();
            std::fs::write(folder.path().join(format!("cases/{id}.json")), case.to_string()).unwrap();
        }
        let table = "\"city\",\"y\"\n\"c01\",1.50\n";
        std::fs::write(folder.path().join("data/synthetic_nested40.csv"), table).unwrap();
        folder
    }

    fn case(id: &str, file: Option<&str>) -> Value {
        let mut case = json!({
            "id": id, "area": "a", "kind": "peer_run", "definition": "Somebody's sentence.", "peer": "pkg::f (sourced)",
            "peer_version": "1.0", "peer_call": "f(x)", "inputs": { "x": [1.0, null], "layout": "rows" },
            "expected": { "g": 0.5, "m": [[1, 2], [3, 4]] }, "tolerance": { "rel": 1e-9, "abs": 0.0 },
            "other_peers": { "z": 1 },
        });
        if let Some(file) = file {
            case["inputs"]["file"] = file.into();
        }
        case
    }

    fn sentences(ids: &[&str]) -> BTreeMap<String, String> {
        ids.iter()
            .map(|id| ((*id).to_owned(), "Our sentence.".to_owned()))
            .collect()
    }

    #[test]
    fn free_cases_are_carried_over_and_others_are_left() {
        let cases = [
            case("inline", None),
            case("made_up", Some("data/synthetic_nested40.csv")),
            case("foreign", Some("data/somebodys_table.csv")),
        ];
        let folder = folder(&cases);
        let source = Source::read(folder.path()).unwrap();
        let files = source.files(&sentences(&["inline", "made_up"])).unwrap();
        let names: Vec<&str> = files.keys().map(|p| p.to_str().unwrap()).collect();
        assert_eq!(
            names,
            ["cases/inline.json", "cases/made_up.json", "tables/nested40.csv"]
        );
        assert_eq!(files[Path::new("tables/nested40.csv")], b"city,y\nc01,1.50\n");
        let expected = r#"{
  "id": "inline",
  "area": "a",
  "definition": "Our sentence.",
  "source": "package",
  "package": "pkg::f",
  "version": "1.0",
  "call": "f(x)",
  "inputs": {
    "x": [1.0, null]
  },
  "expected": {
    "g": 0.5,
    "m": [
      [1, 2],
      [3, 4]
    ]
  },
  "tolerance": {
    "rel": 1e-9,
    "abs": 0.0
  }
}
"#;
        assert_eq!(
            String::from_utf8_lossy(&files[Path::new("cases/inline.json")]),
            expected
        );
    }

    #[test]
    fn every_case_has_a_sentence_and_every_sentence_a_case() {
        let folder = folder(&[case("one", None)]);
        let source = Source::read(folder.path()).unwrap();
        let error = source.files(&sentences(&[])).unwrap_err();
        assert!(
            matches!(&error, ReferenceError::Undefined { ids } if ids == &["one"]),
            "{error}"
        );
        let error = source.files(&sentences(&["one", "two"])).unwrap_err();
        assert!(
            matches!(&error, ReferenceError::Unused { ids } if ids == &["two"]),
            "{error}"
        );
    }

    #[test]
    fn remarks_in_brackets_are_no_package() {
        assert_eq!(package("(formula); fpc::clusterboot"), "fpc::clusterboot");
        assert_eq!(package("(formula; no peer implements it)"), "");
        assert_eq!(package("REAT / EconGeo / formula"), "REAT; EconGeo");
    }

    #[test]
    fn the_sentences_are_read() {
        let read: BTreeMap<String, String> = toml::from_str(DEFINITIONS).unwrap();
        assert!(
            read.values().all(|s| s.ends_with('.')),
            "a sentence ends with a full stop"
        );
    }
}
