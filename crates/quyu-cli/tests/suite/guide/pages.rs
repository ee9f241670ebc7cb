//! Pages that are made from the declarations: one for each family, and the JSON Schema.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use quyu_core::Entry;
use serde::Deserialize;

use crate::run::{root, run, words};

/// How an analysis is shown: a command on the toy data and one on the provinces, or why a table of one's own is not enough.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub(super) toy: Option<String>,
    pub(super) provinces: Option<String>,
    /// Why the packages hold no example.
    no_provinces: Option<String>,
    not: Option<String>,
}

pub(super) fn examples() -> BTreeMap<String, Example> {
    let path = root().join("crates/quyu-cli/guide/examples.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Name and text of each page, its console blocks still without output.
pub(super) fn generated() -> Vec<(String, String)> {
    let examples = examples();
    let families = quyu_catalog::families().map(|(family, entries)| {
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|e| e.id);
        let mut text = format!("{MADE}\n\n# {}\n", capital(family));
        text.push_str("\n| analysis | what it answers |\n|---|---|\n");
        for entry in &entries {
            text.push_str(&format!("| [`{0}`](#{0}) | {1} |\n", entry.id, entry.summary));
        }
        entries
            .iter()
            .for_each(|e| text.push_str(&section(e, &examples[e.id])));
        (format!("families/{family}.md"), text)
    });
    families
        .chain([("result-schema.md".to_owned(), schema_page())])
        .collect()
}

const MADE: &str = "<!-- Made by `cargo xtask guide` from the declarations of the analyses and guide/examples.toml; not edited by hand. -->";

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn section(entry: &Entry, example: &Example) -> String {
    let mut text = format!(
        "\n## {}\n\n{}.\n\n{}\n",
        entry.id,
        entry.summary,
        entry.manual.trim()
    );
    if !entry.params.is_empty() {
        text.push_str("\n| parameter | takes | meaning | default |\n|---|---|---|---|\n");
        for param in entry.params {
            let default = match (param.default, param.required) {
                (Some(default), _) => format!("`{default}`"),
                (None, true) => "required".to_owned(),
                (None, false) => String::new(),
            };
            text.push_str(&format!(
                "| `{}` | {} | {} | {default} |\n",
                param.name,
                param.kind.expected().replace('|', "\\|"),
                param.help.replace('|', "\\|")
            ));
        }
    }
    if entry.additive.is_some() {
        text.push_str("\n**Rows without a key.** `--rows` takes them, as [their page](../rows.md) says.\n");
    }
    if let Some(not) = &example.not {
        text.push_str(&format!("\n**Not on a table of one's own.** {not}\n"));
    }
    if let Some(not) = &example.no_provinces {
        text.push_str(&format!("\n**Not on the Chinese provinces.** {not}\n"));
    }
    for (on, args) in [
        ("the toy data", &example.toy),
        ("the Chinese provinces", &example.provinces),
    ] {
        if let Some(args) = args {
            assert!(!args.contains("```"));
            text.push_str(&format!(
                "\nOn {on}:\n\n```console\n$ quyu {} {args}\n```\n",
                entry.id
            ));
        }
    }
    text
}

fn schema_page() -> String {
    let schema = run(Path::new("."), &words("schema")).out;
    format!(
        "{MADE}\n\n# JSON Schema of a result\n\n`quyu schema` writes it. Every result of `--format json` validates against it; a test of the project runs \
         all analyses and checks. What the fields mean stands in [Output](output.md).\n\n```json\n{schema}```\n"
    )
}

/// Each analysis has its examples, or a reason why there are none; and no others.
#[test]
fn every_analysis_is_shown_or_says_why_not() {
    let examples = examples();
    let ids: Vec<String> = quyu_catalog::registry()
        .unwrap()
        .iter()
        .map(|e| e.id.to_owned())
        .collect();
    assert_eq!(examples.keys().cloned().collect::<Vec<_>>(), ids);
    for (id, example) in &examples {
        let shown = example.toy.is_some() && (example.provinces.is_some() != example.no_provinces.is_some());
        assert!(shown != example.not.is_some(), "{id}");
    }
}

/// Every result as JSON is what the published schema says; and what the schema refuses is refused.
#[test]
fn every_result_validates_against_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&run(Path::new("."), &words("schema")).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in super::data::tables_once() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut seen = 0;
    for (id, example) in examples() {
        let Some(args) = example.toy else {
            let ran = run(folder.path(), &words(&format!("{id} toy.csv")));
            assert!(ran.code == 2 || ran.code == 3, "{id}: {}", ran.err);
            continue;
        };
        // A pipe behind the command only shortens the page.
        let args = args
            .split(" | ")
            .next()
            .unwrap_or_default()
            .replace(" --format csv", "");
        let command = format!("quyu {id} {args} --format json");
        let bin = Path::new(crate::run::binary()).parent().unwrap();
        let output = std::process::Command::new("/bin/sh")
            .args(["-c", &command])
            .current_dir(folder.path())
            .env("PATH", bin)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&result).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{id}: {wrong:?}");
        assert_eq!(result["analysis"], id.as_str());
        let mut broken = result.clone();
        broken["tables"][0]["rows"][0][0] = serde_json::json!({"a": 1});
        assert!(!validator.is_valid(&broken), "{id}");
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}
