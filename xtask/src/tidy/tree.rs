//! Rules on which files there are: sizes, names, links, snapshots, the map of the crates.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use quyu_core::ColumnName;

use super::{Breach, File, Rule};

/// The largest file, in bytes.
const LARGEST: usize = 1 << 20;
/// The largest table of a data package, in bytes.
const LARGEST_TABLE: usize = 3 << 20;
/// The largest figure, in bytes.
const LARGEST_FIGURE: usize = 60_000;
/// All reports together, in bytes.
const LARGEST_REPORTS: usize = 8_000_000;

/// What stands beside the six folders, dotfiles aside.
const TOP_LEVEL: [&str; 16] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "rustfmt.toml",
    "benches",
    "crates",
    "datasets",
    "reports",
    "tests",
    "xtask",
];

/// Breaches in the list of files.
pub(super) fn breaches(files: &[File]) -> Vec<Breach> {
    let mut found = sizes(files);
    found.extend(top_level(files));
    found.extend(links(files));
    found.extend(snapshots(files));
    found.extend(vocabulary(files));
    found.extend(excerpts(files));
    found
}

fn sizes(files: &[File]) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut reports = 0;
    for file in files {
        let in_reports = file.path.starts_with("reports");
        let (limit, advice) = if in_reports && file.extension() == "svg" {
            (LARGEST_FIGURE, "draw less in this figure")
        } else if file.path.starts_with("datasets") && file.extension() == "csv" {
            (LARGEST_TABLE, "split the table by theme")
        } else {
            (LARGEST, "split it, or let a test make it")
        };
        if file.bytes > limit {
            found.push(Breach::of(
                &file.path,
                Rule::Size,
                format!("{advice}: it has {} bytes, the limit is {limit}", file.bytes),
            ));
        }
        reports += if in_reports { file.bytes } else { 0 };
    }
    if reports > LARGEST_REPORTS {
        let advice =
            format!("shorten the reports: they have {reports} bytes, the limit is {LARGEST_REPORTS}");
        found.push(Breach::of(Path::new("reports"), Rule::Size, advice));
    }
    found
}

fn top_level(files: &[File]) -> Vec<Breach> {
    let first = |file: &File| match file.path.components().next() {
        Some(Component::Normal(name)) => name.to_str().map(str::to_owned),
        _ => None,
    };
    let names: BTreeSet<String> = files.iter().filter_map(first).collect();
    let extra = names
        .iter()
        .filter(|n| !n.starts_with('.') && !TOP_LEVEL.contains(&n.as_str()));
    let extra = extra.map(|n| {
        Breach::of(
            Path::new(n),
            Rule::TopLevel,
            "move it into one of the six folders: the top level holds nothing else",
        )
    });
    let missing = TOP_LEVEL
        .iter()
        .filter(|t| !names.contains(**t))
        .map(|t| Breach::of(Path::new(t), Rule::TopLevel, "it is missing: bring it back"));
    extra.chain(missing).collect()
}

/// Relative links of Markdown files lead somewhere.
fn links(files: &[File]) -> Vec<Breach> {
    let mut there: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        there.extend(file.path.ancestors().map(Path::to_owned));
    }
    let mut found = Vec::new();
    for file in files.iter().filter(|f| f.extension() == "md") {
        let mut in_code = false;
        for (number, line) in file.lines() {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            if in_code {
                continue;
            }
            for target in targets(line) {
                let to = resolved(file.path.parent().unwrap_or(Path::new("")), target);
                if !to.is_some_and(|to| there.contains(&to)) {
                    found.push(Breach::at(
                        &file.path,
                        number,
                        Rule::Links,
                        format!("`{target}` leads nowhere: mend or remove the link"),
                    ));
                }
            }
        }
    }
    found
}

/// Targets of relative links in a line, without anchors.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("](") {
        let rest = &line[at + 2..];
        let end = rest.find([')', ' ']).unwrap_or(rest.len());
        let target = rest[..end].split('#').next().unwrap_or_default();
        let foreign = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
        // Inside `code` a link is an example of one.
        let quoted = line[..at].matches('`').count() % 2 == 1;
        if !foreign && !quoted {
            found.push(target);
        }
    }
    found
}

/// The path that a link in a file of this folder means; none if it leaves the project.
fn resolved(folder: &Path, target: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir if !path.pop() => return None,
            Component::ParentDir | Component::CurDir => {}
            Component::Normal(name) => path.push(name),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// Snapshots that wait for a decision, or that nothing can write any more. `cargo xtask ci` also compares with the list
/// of those that the tests looked at.
fn snapshots(files: &[File]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files {
        let name = file.path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
            found.push(Breach::of(
                &file.path,
                Rule::Snapshots,
                "accept or reject it (`cargo insta review`), then delete it",
            ));
        }
        if let Some(stem) = name.strip_suffix(".snap") {
            let source = file
                .lines()
                .find_map(|(_, l)| l.strip_prefix("source: "))
                .map(|s| PathBuf::from(s.trim_matches('"')));
            let writer = files
                .iter()
                .find(|f| source.as_ref() == Some(&f.path))
                .and_then(|f| f.text.as_ref());
            if !writer.is_some_and(|text| written_by(stem, text)) {
                found.push(Breach::of(
                    &file.path,
                    Rule::Snapshots,
                    "no test of its source file writes it: delete it",
                ));
            }
        }
    }
    found
}

/// Whether a test in the text can be the writer of a snapshot: `crate__module__name-2` is of `fn name`, or of an
/// assertion that names it.
fn written_by(stem: &str, text: &str) -> bool {
    let name = stem.rsplit("__").next().unwrap_or(stem);
    let plain = match name.rsplit_once('-') {
        Some((front, number)) if number.bytes().all(|b| b.is_ascii_digit()) => front,
        _ => name,
    };
    [name, plain].iter().any(|n| {
        text.contains(&format!("fn {n}("))
            || text.contains(&format!("fn test_{n}("))
            || text.contains(&format!("\"{n}\""))
    })
}

/// What the README quotes from reports is what they say: quoted lines, and the text of figures. Links to tables inside a
/// report are left out of a quotation.
fn excerpts(files: &[File]) -> Vec<Breach> {
    let is_report = |f: &&File| f.path.starts_with("reports") && f.path.ends_with("report.md");
    let mut said: BTreeSet<String> = BTreeSet::new();
    for report in files.iter().filter(is_report) {
        let folder = report.path.parent().unwrap_or(Path::new("")).display();
        for (_, line) in report.lines() {
            said.insert(without_table_links(line));
            said.insert(line.replace("](figures/", &format!("]({folder}/figures/")));
        }
    }
    let Some(readme) = files.iter().find(|f| f.path == Path::new("README.md")) else {
        return Vec::new();
    };
    let quoted = readme.lines().filter_map(|(number, line)| {
        let quoted = line.strip_prefix("> ").map(without_table_links);
        let figure = (line.starts_with("![") && line.contains("](reports/")).then(|| line.to_owned());
        quoted.or(figure).map(|q| (number, q))
    });
    quoted
        .filter(|(_, q)| !said.contains(q))
        .map(|(number, _)| {
            let advice = "no report says this any more: quote anew";
            Breach::at(&readme.path, number, Rule::Excerpts, advice)
        })
        .collect()
}

/// A line without ` ([Table 3](#gini))`.
fn without_table_links(line: &str) -> String {
    let mut text = line.to_owned();
    while let Some(start) = text.find(" ([Table ") {
        let Some(end) = text[start..].find("))") else {
            break;
        };
        text.replace_range(start..start + end + 2, "");
    }
    text
}

/// Every word of the closed lists stands in CONTRIBUTING.md: the columns of results, the parameters of analyses. Every
/// analysis stands in README.md.
fn vocabulary(files: &[File]) -> Vec<Breach> {
    let Some(guide) = files.iter().find(|f| f.path == Path::new("CONTRIBUTING.md")) else {
        return Vec::new();
    };
    let entries: Vec<_> = quyu_catalog::entries().collect();
    let columns = ColumnName::ALL.iter().map(|c| ("column", c.as_str()));
    let params = entries
        .iter()
        .flat_map(|e| e.params.iter().map(|p| ("parameter", p.name)));
    let mut found = words_missing(guide, columns.chain(params));
    if let Some(readme) = files.iter().find(|f| f.path == Path::new("README.md")) {
        found.extend(words_missing(readme, entries.iter().map(|e| ("analysis", e.id))));
    }
    found
}

fn words_missing<'a>(guide: &File, words: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Breach> {
    let text = guide.text.as_deref().unwrap_or_default();
    let words: BTreeSet<(&str, &str)> = words
        .filter(|(_, word)| !text.contains(&format!("`{word}`")))
        .collect();
    words
        .into_iter()
        .map(|(kind, word)| {
            Breach::of(
                &guide.path,
                Rule::Vocabulary,
                format!("list the {kind} `{word}`, or use the word that is there for it"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(path: &str, bytes: usize) -> File {
        File {
            path: PathBuf::from(path),
            bytes,
            text: None,
        }
    }

    fn paths(breaches: &[Breach]) -> Vec<&str> {
        breaches.iter().map(|b| b.file.to_str().unwrap()).collect()
    }

    #[test]
    fn limits_depend_on_what_a_file_is() {
        let fits = [
            sized("reports/x/figures/a.svg", LARGEST_FIGURE),
            sized("datasets/x/a.csv", LARGEST_TABLE),
            sized("crates/a.rs", LARGEST),
        ];
        assert_eq!(sizes(&fits), []);
        let over: Vec<File> = fits
            .iter()
            .map(|f| sized(f.path.to_str().unwrap(), f.bytes + 1))
            .collect();
        assert_eq!(
            paths(&sizes(&over)),
            ["reports/x/figures/a.svg", "datasets/x/a.csv", "crates/a.rs"]
        );
        let many: Vec<File> = (0..9)
            .map(|i| sized(&format!("reports/x/{i}.csv"), 1_000_000))
            .collect();
        assert_eq!(paths(&sizes(&many)), ["reports"]);
    }

    #[test]
    fn the_top_level_is_a_closed_list() {
        let mut files: Vec<File> = TOP_LEVEL.iter().map(|t| sized(t, 1)).collect();
        files.push(sized(".ci/run", 1));
        assert_eq!(top_level(&files), []);
        files.push(sized("notes.md", 1));
        files.push(sized("scripts/a.sh", 1));
        files.retain(|f| f.path != Path::new("README.md"));
        assert_eq!(
            paths(&top_level(&files)),
            ["notes.md", "scripts/a.sh", "README.md"].map(|p| p.split('/').next().unwrap())
        );
    }

    #[test]
    fn links_lead_somewhere() {
        let text = "\
[a](x.md#part) [b](../README.md) [c](https://x.org/y) [d](#here) `[e](none.md)`
```text
[f](none.md)
```
![g](img/none.svg) [h](../../out.md)
";
        let files = [
            File::made("docs/a.md", text),
            File::made("docs/x.md", "\n"),
            File::made("README.md", "[docs](docs)\n"),
        ];
        let found: Vec<String> = links(&files).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "docs/a.md:5: links: `img/none.svg` leads nowhere: mend or remove the link",
                "docs/a.md:5: links: `../../out.md` leads nowhere: mend or remove the link",
            ]
        );
    }

    #[test]
    fn a_snapshot_has_a_writer_and_waits_for_nothing() {
        let snap = "---\nsource: a/tests/x.rs\n---\n";
        let files = [
            File::made(
                "a/tests/x.rs",
                "fn one_thing() {}\nfn other() { check(\"named\") }\n",
            ),
            File::made("a/snapshots/x__one_thing.snap", snap),
            File::made("a/snapshots/x__one_thing-2.snap", snap),
            File::made("a/snapshots/x__named.snap", snap),
            File::made("a/snapshots/x__gone.snap", snap),
            File::made(
                "a/snapshots/y__one_thing.snap",
                "---\nsource: a/tests/y.rs\n---\n",
            ),
            File::made("a/snapshots/x__one_thing.snap.new", snap),
        ];
        assert_eq!(
            paths(&snapshots(&files)),
            [
                "a/snapshots/x__gone.snap",
                "a/snapshots/y__one_thing.snap",
                "a/snapshots/x__one_thing.snap.new"
            ]
        );
    }

    #[test]
    fn what_is_quoted_is_what_reports_say() {
        let report = "It grew 3.1 % ([Table 2](#gini)).\n\n![Lines.](figures/a.svg)\n";
        let fresh = "> It grew 3.1 %.\n>\n![Lines.](reports/x/figures/a.svg)\n";
        let files = |readme: &str| {
            [
                File::made("README.md", readme),
                File::made("reports/x/report.md", report),
            ]
        };
        assert_eq!(excerpts(&files(fresh)), []);
        assert_eq!(excerpts(&files("> It grew 3.2 %.\n")).len(), 1);
        assert_eq!(excerpts(&files("![Bars.](reports/x/figures/a.svg)\n")).len(), 1);
    }

    #[test]
    fn words_outside_the_vocabulary_are_named_once() {
        let guide = File::made("CONTRIBUTING.md", "| `value` | the variable |\n");
        let words = [
            ("parameter", "value"),
            ("parameter", "wight"),
            ("parameter", "wight"),
        ];
        let found = words_missing(&guide, words.into_iter());
        assert_eq!(found.len(), 1);
        assert!(found[0].advice.contains("`wight`"));
    }
}
