//! Pages that are made from the declarations: one for each family, and the JSON Schema.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use quyu_core::{Entry, Param, ParamKind};
use serde::Deserialize;

use crate::help::in_vain;
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
    let mut pages = vec![
        ("SUMMARY.md".to_owned(), contents()),
        ("result-schema.md".to_owned(), schema_page()),
    ];
    for (family, entries) in families() {
        let mut text = format!("{MADE}\n\n# {}\n", capital(family));
        text.push_str("\n| analysis | what it answers |\n|---|---|\n");
        for entry in entries {
            text.push_str(&format!(
                "| [`{0}`]({family}/{0}.md) | {1} |\n",
                entry.id, entry.summary
            ));
            let page = format!(
                "{MADE}\n\n# {}\n{}",
                entry.id,
                section(entry, &examples[entry.id])
            );
            pages.push((format!("families/{family}/{}.md", entry.id), page));
        }
        pages.push((format!("families/{family}.md"), text));
    }
    pages
}

/// Families, with their analyses in order of name.
fn families() -> Vec<(&'static str, Vec<&'static Entry>)> {
    let sorted = |entries: &'static [Entry]| {
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|e| e.id);
        entries
    };
    quyu_catalog::families()
        .map(|(family, entries)| (family, sorted(entries)))
        .collect()
}

/// The contents: the lines that stand there, and below each family the pages of its analyses. A new family stands last.
fn contents() -> String {
    let text = std::fs::read_to_string(super::folder().join("SUMMARY.md")).unwrap();
    let target = |family: &str| format!("(families/{family}.md)");
    let pages = |(family, entries): &(&str, Vec<&Entry>)| -> String {
        let line = |e: &&Entry| format!("  - [{0}](families/{family}/{0}.md)\n", e.id);
        entries.iter().map(line).collect()
    };
    let mut out = String::new();
    for line in text.lines().filter(|l| !l.starts_with("  - ")) {
        if line.ends_with("(result-schema.md)") {
            for new in families()
                .iter()
                .filter(|(family, _)| !text.contains(&target(family)))
            {
                out.push_str(&format!(
                    "- [{}]{}\n{}",
                    capital(new.0),
                    target(new.0),
                    pages(new)
                ));
            }
        }
        out.push_str(&format!("{line}\n"));
        let known = families()
            .into_iter()
            .find(|(family, _)| line.ends_with(&target(family)));
        out.push_str(&known.as_ref().map(pages).unwrap_or_default());
    }
    out
}

const MADE: &str = "<!-- Made by `cargo xtask guide` from the declarations of the analyses and guide/examples.toml; not edited by hand. -->";

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// The flag of a parameter, or its name in a case where no table of one's own is enough.
fn called(name: &str, on_tables: bool) -> String {
    match name {
        _ if !on_tables => name.to_owned(),
        "region" | "time" | "class" => format!("--only-{name}"),
        _ => format!("--{}", name.replace('_', "-")),
    }
}

/// What a case writes `name = "word"` is a flag and its value on the command line.
fn spoken(text: &str, on_tables: bool) -> String {
    let name_and_word = |part: &str| -> Option<String> {
        let (name, word) = part.split_once(" = ")?;
        let word = word.trim_matches('"');
        let name_only = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let one_word = word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains(' ');
        (name_only && one_word).then(|| format!("{} {word}", called(name, true)))
    };
    let part = |(i, part): (usize, &str)| match i % 2 == 1 && on_tables {
        true => name_and_word(part).unwrap_or_else(|| part.to_owned()),
        false => part.to_owned(),
    };
    text.split('`')
        .enumerate()
        .map(part)
        .collect::<Vec<_>>()
        .join("`")
}

/// What a parameter takes.
fn takes(param: &Param, on_tables: bool) -> String {
    let case = param.kind.expected();
    let partition = ["group", "nested", "crossed", "strata", "other_group"].contains(&param.name);
    match param.kind {
        _ if !on_tables => case,
        _ if param.name == "neighbours" => "a file of pairs of regions".to_owned(),
        ParamKind::Column => "a column".to_owned(),
        ParamKind::List(ParamKind::Column) => "columns, with commas between".to_owned(),
        ParamKind::Expr if partition => "a column of groups".to_owned(),
        ParamKind::Expr => "a name".to_owned(),
        ParamKind::List(ParamKind::Expr) => "a list, with commas between".to_owned(),
        ParamKind::List(ParamKind::Number { .. }) => "numbers, with commas between".to_owned(),
        _ => case.replace(&format!(" to {}", i64::MAX), " up"),
    }
}

/// What a parameter is for; a table of one's own has no borders, and takes a file of them.
fn meaning(param: &Param, on_tables: bool) -> String {
    match param.name {
        "neighbours" if on_tables => {
            "who is whose neighbour: see [Neighbours](../../neighbours.md)".to_owned()
        }
        _ => spoken(param.help, on_tables),
    }
}

/// A command in lines that a page holds, broken before flags and pipes.
fn broken(command: &str) -> String {
    let parts = command.replace(" | ", " \u{0}| ").replace(" --", " \u{0}--");
    let (mut out, mut used) = (String::new(), 0);
    for part in parts.split(" \u{0}") {
        let wide = part.chars().count();
        if used > 0 && used + 1 + wide > PAGE {
            out.push_str(" \\\n   ");
            used = 3;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(part);
        used += wide;
    }
    out
}

/// Columns of text that a page has, less the prompt and the mark at the end of a line that goes on.
const PAGE: usize = 86;

fn section(entry: &Entry, example: &Example) -> String {
    let on_tables = example.not.is_none();
    let mut text = format!(
        "\n{}.\n\n{}\n",
        entry.summary,
        spoken(entry.manual.trim(), on_tables)
    );
    let params = entry.params.iter().filter(|p| !on_tables || !in_vain(p));
    let params: Vec<&Param> = params.collect();
    if !params.is_empty() {
        let head = if on_tables { "flag" } else { "parameter" };
        text.push_str(&format!(
            "\n| {head} | takes | meaning | default |\n|---|---|---|---|\n"
        ));
        for param in params {
            let default = match (param.default, param.required) {
                _ if on_tables && param.name == "neighbours" && param.default.is_some() => {
                    "required".to_owned()
                }
                (Some(default), _) => format!("`{default}`"),
                (None, true) => "required".to_owned(),
                (None, false) => String::new(),
            };
            text.push_str(&format!(
                "| `{}` | {} | {} | {default} |\n",
                called(param.name, on_tables),
                takes(param, on_tables).replace('|', "\\|"),
                meaning(param, on_tables).replace('|', "\\|")
            ));
        }
    }
    if entry.additive.is_some() {
        text.push_str(
            "\n**Rows without a key.** `--rows` takes them, as [their page](../../rows.md) says.\n",
        );
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
            let command = broken(&format!("quyu {} {args}", entry.id));
            text.push_str(&format!("\n## On {on}\n\n```console\n$ {command}\n```\n"));
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
