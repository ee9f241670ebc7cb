//! Changes to the text of source files and manifests: what goes in, what comes out.

/// A place that an edit looked for and did not find.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no line `{wanted}`")]
pub(super) struct NoPlace {
    /// The line.
    pub(super) wanted: String,
}

fn no_place(wanted: &str) -> NoPlace {
    NoPlace {
        wanted: wanted.to_owned(),
    }
}

/// Adds `mod name;` among the other modules, in order; after the documentation if there are none.
pub(super) fn with_module(text: &str, name: &str) -> String {
    let line = format!("mod {name};");
    let mut lines: Vec<&str> = text.lines().collect();
    let private = |l: &str| l.starts_with("mod ") && l.ends_with(';');
    let after = lines.iter().rposition(|l| private(l) && **l < *line);
    let first = lines.iter().position(|l| private(l));
    match (after, first) {
        (Some(after), _) => lines.insert(after + 1, &line),
        (None, Some(first)) => lines.insert(first, &line),
        (None, None) => {
            let docs = lines.iter().take_while(|l| l.starts_with("//!")).count();
            lines.splice(docs..docs, ["", &line]);
        }
    }
    lines.join("\n") + "\n"
}

/// Adds an item at the end of the list that `opening` begins and `];` ends.
fn with_item(text: &str, opening: &str, item: &str) -> Result<String, NoPlace> {
    let start = text.find(opening).ok_or_else(|| no_place(opening))? + opening.len();
    let end = start + text[start..].find("];").ok_or_else(|| no_place("];"))?;
    let body = text[start..end].trim_end();
    let comma = if body.trim().is_empty() || body.ends_with(',') {
        ""
    } else {
        ","
    };
    Ok(format!(
        "{}{comma}\n    {item},\n{}",
        &text[..start + body.len()],
        &text[end..]
    ))
}

/// Adds the entry of a module to the `ENTRIES` of its crate.
pub(super) fn with_entry(text: &str, module: &str) -> Result<String, NoPlace> {
    with_item(
        text,
        "pub const ENTRIES: &[Entry] = &[",
        &format!("{module}::ENTRY"),
    )
}

/// Adds a crate to the list of the catalog, whose length is written into its type.
pub(super) fn with_crate(text: &str, name: &str) -> Result<String, NoPlace> {
    const OPENING: &str = "let crates: [(&'static str, &'static [Entry]); ";
    let start = text.find(OPENING).ok_or_else(|| no_place(OPENING))? + OPENING.len();
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let length: usize = text[start..start + digits]
        .parse()
        .map_err(|_| no_place(OPENING))?;
    let longer = format!("{}{}{}", &text[..start], length + 1, &text[start + digits..]);
    let family = name.strip_prefix("quyu-").unwrap_or(name);
    let item = format!("(\"{family}\", {}::ENTRIES)", name.replace('-', "_"));
    with_item(&longer, &format!("{OPENING}{}] = [", length + 1), &item)
}

/// Adds a line to a section of a manifest: among the lines of quyu's own crates, in order.
pub(super) fn with_dependency(text: &str, section: &str, line: &str) -> Result<String, NoPlace> {
    let mut lines: Vec<&str> = text.lines().collect();
    let start = lines
        .iter()
        .position(|l| *l == section)
        .ok_or_else(|| no_place(section))?
        + 1;
    let length = lines[start..].iter().take_while(|l| !l.starts_with('[')).count();
    let own = |l: &&str| l.starts_with("quyu-");
    let place = lines[start..start + length]
        .iter()
        .rposition(|l| own(l) && *l < line)
        .map_or(start, |p| start + p + 1);
    lines.insert(place, line);
    Ok(lines.join("\n") + "\n")
}

/// Adds a section to the examples of the guide, in order of id, with the commands that the analysis as written answers.
pub(super) fn with_example(text: &str, id: &str) -> Result<String, NoPlace> {
    let header = |line: &str| {
        line.strip_prefix('[')
            .and_then(|l| l.strip_suffix(']'))
            .map(str::to_owned)
    };
    let first = text.lines().any(|l| header(l).is_some());
    if !first {
        return Err(no_place("[an-analysis]"));
    }
    let section =
        format!("[{id}]\ntoy = \"toy.csv --value gdp_pc\"\nprovinces = \"provinces.csv --value gdp_pc\"\n");
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if header(line.trim_end()).is_some_and(|other| other.as_str() > id) {
            return Ok(format!("{}{section}\n{}", &text[..at], &text[at..]));
        }
        at += line.len();
    }
    Ok(format!("{}\n\n{section}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_stay_in_order() {
        let text = "//! Docs.\n\nmod b;\nmod d;\n\nuse x;\n";
        assert_eq!(
            with_module(text, "c"),
            "//! Docs.\n\nmod b;\nmod c;\nmod d;\n\nuse x;\n"
        );
        assert_eq!(
            with_module(text, "a"),
            "//! Docs.\n\nmod a;\nmod b;\nmod d;\n\nuse x;\n"
        );
        assert_eq!(
            with_module(text, "e"),
            "//! Docs.\n\nmod b;\nmod d;\nmod e;\n\nuse x;\n"
        );
        assert_eq!(
            with_module("//! Docs.\n\nuse x;\n", "a"),
            "//! Docs.\n\nmod a;\n\nuse x;\n"
        );
    }

    #[test]
    fn an_entry_joins_a_list_of_any_form() {
        let joined = |list: &str| {
            with_entry(
                &format!("pub const ENTRIES: &[Entry] = &[{list}];\nrest\n"),
                "new",
            )
            .unwrap()
        };
        let start = "pub const ENTRIES: &[Entry] = &[";
        assert_eq!(
            joined("a::ENTRY"),
            format!("{start}a::ENTRY,\n    new::ENTRY,\n];\nrest\n")
        );
        assert_eq!(
            joined("\n    a::A,\n"),
            format!("{start}\n    a::A,\n    new::ENTRY,\n];\nrest\n")
        );
        assert_eq!(joined(""), format!("{start}\n    new::ENTRY,\n];\nrest\n"));
        assert!(with_entry("fn main() {}\n", "new").is_err());
    }

    #[test]
    fn a_crate_joins_the_catalog_and_is_counted() {
        let text =
            "let crates: [(&'static str, &'static [Entry]); 9] = [\n    (\"a\", quyu_a::ENTRIES),\n];\n";
        let expected = "let crates: [(&'static str, &'static [Entry]); 10] = [\n    (\"a\", quyu_a::ENTRIES),\n    \
                        (\"new-one\", quyu_new_one::ENTRIES),\n];\n";
        assert_eq!(with_crate(text, "quyu-new-one").unwrap(), expected);
    }

    #[test]
    fn an_example_stands_in_order_of_its_id() {
        let text = "# Examples.\n\n[cv]\ntoy = \"a\"\n\n[gini]\ntoy = \"b\"\n";
        let section = |id: &str| {
            format!(
                "[{id}]\ntoy = \"toy.csv --value gdp_pc\"\nprovinces = \"provinces.csv --value gdp_pc\"\n"
            )
        };
        assert_eq!(
            with_example(text, "ge").unwrap(),
            format!(
                "# Examples.\n\n[cv]\ntoy = \"a\"\n\n{}\n[gini]\ntoy = \"b\"\n",
                section("ge")
            )
        );
        assert_eq!(
            with_example(text, "palma").unwrap(),
            format!("{text}\n{}", section("palma"))
        );
        assert_eq!(
            with_example(text, "atkinson").unwrap(),
            text.replace("[cv]", &format!("{}\n[cv]", section("atkinson")))
        );
        assert!(with_example("# None.\n", "ge").is_err());
    }

    #[test]
    fn a_dependency_stands_among_its_own() {
        let text = "[dependencies]\nquyu-a.workspace = true\nquyu-c.workspace = true\n\n[dev-dependencies]\nquyu-b.workspace = true\n";
        let added = with_dependency(text, "[dependencies]", "quyu-b.workspace = true").unwrap();
        assert!(
            added.starts_with("[dependencies]\nquyu-a.workspace = true\nquyu-b.workspace = true\nquyu-c"),
            "{added}"
        );
        let first = with_dependency(text, "[dependencies]", "quyu-0.workspace = true").unwrap();
        assert!(first.starts_with("[dependencies]\nquyu-0"), "{first}");
        assert!(with_dependency(text, "[target]", "x").is_err());
    }
}
