//! The guide: its tables, its generated pages, and every command in it, run and compared. `UPDATE=1` writes them anew.

mod blocks;
mod data;
mod pages;

use std::path::{Path, PathBuf};

use crate::run::{root, run, words};

fn folder() -> PathBuf {
    root().join("crates/quyu-cli/guide/src")
}

fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|v| v == "1")
}

/// Compares a file of the guide with what it should hold, or writes it; says what differs.
fn settle(path: &Path, should: &str) -> Option<String> {
    let is = std::fs::read_to_string(path).unwrap_or_default();
    if is == should {
        return None;
    }
    if update() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, should).unwrap();
        return None;
    }
    let line = is.lines().zip(should.lines()).position(|(a, b)| a != b);
    let at = line.unwrap_or_else(|| is.lines().count().min(should.lines().count()));
    let of = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_owned();
    Some(format!(
        "{}, line {}:\n  is     {}\n  should {}",
        path.display(),
        at + 1,
        of(&is),
        of(should)
    ))
}

fn none(differences: Vec<String>) {
    assert!(
        differences.is_empty(),
        "{}\n`cargo xtask guide` writes the guide anew",
        differences.join("\n")
    );
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_packages() {
    let tables = data::tables();
    none(
        tables
            .iter()
            .filter_map(|(name, text)| settle(&folder().join("data").join(name), text))
            .collect(),
    );
    let names = quyu_io::files::names(&folder().join("data")).unwrap();
    assert_eq!(names.len(), tables.len(), "{names:?}");
}

/// Every page: the written ones with their commands run, the generated ones made.
#[test]
fn every_page_says_what_its_commands_print() {
    let mut sources = pages::generated();
    for name in quyu_io::files::names(&folder()).unwrap() {
        if name.ends_with(".md") && !sources.iter().any(|(n, _)| *n == name) {
            let text = std::fs::read_to_string(folder().join(&name)).unwrap();
            sources.push((name, text));
        }
    }
    let run = |(name, text): &(String, String)| settle(&folder().join(name), &blocks::filled(text));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let take = || sources.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        std::iter::from_fn(take).filter_map(run).collect::<Vec<_>>()
    };
    let differences = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    none(differences);
}

/// A command that prose names exists, with the flags that it is given.
#[test]
fn every_command_named_in_prose_exists() {
    let mut named = 0;
    for name in quyu_io::files::names(&folder()).unwrap() {
        if !name.ends_with(".md") {
            continue;
        }
        let text = std::fs::read_to_string(folder().join(&name)).unwrap();
        for code in text.lines().flat_map(|l| l.split('`').skip(1).step_by(2)) {
            let Some(rest) = code.strip_prefix("quyu ") else {
                continue;
            };
            let command = rest.split(' ').next().unwrap();
            if command.chars().all(|c| c.is_ascii_uppercase()) || command.starts_with('-') {
                continue;
            }
            let help = run(Path::new("."), &words(&format!("{command} --help")));
            assert_eq!(help.code, 0, "{name}: {code}");
            for flag in rest.split(' ').filter(|w| w.starts_with("--")) {
                assert!(
                    help.out.contains(&format!("{flag} ")) || help.out.contains(&format!("{flag}[")),
                    "{name}: {code}"
                );
            }
            if let Some((_, variant)) = rest.split_once("--variant ") {
                assert!(
                    help.out.contains(variant.split(' ').next().unwrap()),
                    "{name}: {code}"
                );
            }
            named += 1;
        }
    }
    assert!(named > 60, "{named}");
}

/// `SUMMARY.md` leads to every page, and to no other.
#[test]
fn the_contents_lead_to_every_page() {
    let text = std::fs::read_to_string(folder().join("SUMMARY.md")).unwrap();
    let mut linked: Vec<String> = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_owned())
        .collect();
    linked.sort();
    let mut pages: Vec<String> = Vec::new();
    let families = quyu_catalog::families().map(|(family, _)| format!("families/{family}/"));
    for prefix in ["".to_owned(), "families/".to_owned()]
        .into_iter()
        .chain(families)
    {
        let names = quyu_io::files::names(&folder().join(&prefix)).unwrap();
        let own = names
            .into_iter()
            .filter(|n| n.ends_with(".md") && n != "SUMMARY.md");
        pages.extend(own.map(|n| format!("{prefix}{n}")));
    }
    pages.sort();
    assert_eq!(linked, pages);
}
