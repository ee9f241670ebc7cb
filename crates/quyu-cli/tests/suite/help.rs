//! Help pages, the list, the manuals: reviewed as they are printed.

use std::path::Path;

use crate::run::{run, words};

fn page(args: &str) -> String {
    let ran = run(Path::new("."), &words(args));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args}");
    ran.out
}

#[test]
fn help_of_an_analysis() {
    insta::assert_snapshot!("help_of_an_analysis", page("gini --help"));
}

#[test]
fn explain_an_analysis() {
    insta::assert_snapshot!("explain_an_analysis", page("explain gini"));
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(page("--version"), format!("quyu {}\n", env!("CARGO_PKG_VERSION")));
}

/// The registry is the only list: every analysis is a command, is listed, explained and completed.
#[test]
fn every_analysis_is_a_command() {
    let (top, list, fish) = (page("--help"), page("list"), page("completions fish"));
    let registry = quyu_catalog::registry().unwrap();
    for entry in registry.iter() {
        assert!(top.contains(&format!("  {} ", entry.id)), "{}", entry.id);
        assert!(list.contains(&format!("  {} ", entry.id)), "{}", entry.id);
        assert!(fish.contains(entry.id), "{}", entry.id);
        let help = page(&format!("{} --help", entry.id));
        for param in entry.params.iter().filter(|p| p.name != "vintage") {
            assert!(
                help.contains(&format!("--{}", param.name.replace('_', "-"))),
                "{} {}",
                entry.id,
                param.name
            );
        }
        let manual = page(&format!("explain {}", entry.id));
        assert!(
            manual.contains("Parameters.") && manual.contains("quyu "),
            "{}",
            entry.id
        );
    }
}

#[test]
fn lines_of_help_fit_the_terminal() {
    let registry = quyu_catalog::registry().unwrap();
    for entry in registry.iter() {
        for line in page(&format!("explain {}", entry.id)).lines() {
            // A word longer than a line stays whole.
            assert!(
                line.chars().count() <= 100 || !line.trim().contains(' ') || line.contains("quyu "),
                "{line}"
            );
        }
    }
}

/// A parameter of one of these names could not be told from a flag that every command has.
#[test]
fn no_analysis_takes_a_name_of_the_house() {
    let house = [
        "file",
        "format",
        "table",
        "full",
        "out",
        "plot",
        "figure",
        "force",
        "delimiter",
        "quote",
        "decimal",
        "thousands",
        "encoding",
        "missing-values",
        "no-header",
        "header-row",
        "sheet",
        "where",
        "sums",
        "ratio",
        "per",
        "unit",
        "focus",
        "wide",
        "quiet",
        "no-color",
    ];
    for entry in quyu_catalog::registry().unwrap().iter() {
        for param in entry.params {
            assert!(
                !house.contains(&param.name),
                "{} declares `{}`",
                entry.id,
                param.name
            );
        }
    }
}
