//! `quyu list`: the analyses, by family.

use clap::ArgMatches;
use quyu_core::Entry;
use quyu_core::suggest::Near;
use serde_json::json;

use crate::exit::Failure;
use crate::flags::{self, given, wrong};
use crate::terminal::{Paint, Terminal, to_stdout, wrapped};

/// Writes the list.
pub(crate) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<(), Failure> {
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
    let wanted = |entry: &(&str, &'static Entry)| shown(entry.0) && taken(&entry.1);
    to_stdout(&summaries(&wanted, terminal.paint, terminal.prose()))
}

/// The analyses of each family that are wanted, in order of name, each with what it is, in lines of this width.
pub(crate) fn summaries(
    wanted: &dyn Fn(&(&str, &'static Entry)) -> bool,
    paint: Paint,
    width: usize,
) -> String {
    let families: Vec<(&str, Vec<&'static Entry>)> = quyu_catalog::families()
        .map(|(family, entries)| {
            let mut entries: Vec<&'static Entry> = entries.iter().filter(|e| wanted(&(family, *e))).collect();
            entries.sort_by_key(|e| e.id);
            (family, entries)
        })
        .filter(|(_, entries)| !entries.is_empty())
        .collect();
    let ids = families
        .iter()
        .flat_map(|(_, entries)| entries.iter().map(|e| e.id.len()));
    let widest = ids.max().unwrap_or(0);
    let indent = " ".repeat(widest + 4);
    let mut text = String::new();
    for (family, entries) in families {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", paint.bold(family)));
        for entry in entries {
            let summary = wrapped(entry.summary, width.saturating_sub(widest + 4), &indent);
            text.push_str(&format!("  {:widest$}  {summary}\n", entry.id));
        }
    }
    text
}

/// The names alone, a paragraph a family.
pub(crate) fn names(paint: Paint, width: usize) -> String {
    let mut text = String::new();
    for (family, entries) in quyu_catalog::families() {
        let mut ids: Vec<&str> = entries.iter().map(|e| e.id).collect();
        ids.sort_unstable();
        let ids = wrapped(&ids.join(", "), width.saturating_sub(4), "    ");
        text.push_str(&format!("  {}\n    {ids}\n", paint.bold(family)));
    }
    text
}
