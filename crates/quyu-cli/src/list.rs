//! `quyu list`: the analyses, by family.

use clap::ArgMatches;
use quyu_core::suggest::Near;
use quyu_core::{Entry, Registry};
use serde_json::json;

use crate::exit::Failure;
use crate::flags::{self, given, wrong};
use crate::terminal::{Terminal, to_stdout, wrapped};

/// Writes the list.
pub(crate) fn run(registry: &Registry, matches: &ArgMatches, terminal: &Terminal) -> Result<(), Failure> {
    let families: Vec<&str> = quyu_catalog::families().map(|(f, _)| f).collect();
    let wanted = given(matches, "family");
    if let Some(family) = wanted.filter(|f| !families.contains(&f.as_str())) {
        let near = Near::to(family, families.iter().copied());
        return Err(wrong(format!(
            "there is no family `{family}`{near}\n(the families are {})",
            families.join(", ")
        )));
    }
    let shown = |family: &str| wanted.is_none_or(|w| w == family);
    let rows = matches.get_flag(flags::ROWS);
    let taken = |entry: &&'static Entry| !rows || entry.additive.is_some();
    if given(matches, "format").is_some_and(|f| f == "json") {
        let mut all = Vec::new();
        for (family, entries) in quyu_catalog::families().filter(|(f, _)| shown(f)) {
            all.extend(
                entries
                    .iter()
                    .filter(taken)
                    .map(|e| json!({ "id": e.id, "family": family, "summary": e.summary })),
            );
        }
        return to_stdout(&(serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"));
    }
    let widest = registry
        .iter()
        .filter(taken)
        .map(|e| e.id.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (family, entries) in quyu_catalog::families().filter(|(f, _)| shown(f)) {
        let mut entries: Vec<_> = entries.iter().filter(taken).collect();
        if entries.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&terminal.paint.bold(family));
        text.push('\n');
        entries.sort_by_key(|e| e.id);
        for entry in entries {
            let indent = " ".repeat(widest + 4);
            let summary = wrapped(
                entry.summary,
                terminal.prose().saturating_sub(widest + 4),
                &indent,
            );
            text.push_str(&format!("  {:widest$}  {summary}\n", entry.id));
        }
    }
    to_stdout(&text)
}
