//! Help pages, the list, the manuals: reviewed as they are printed.

use std::path::Path;

use crate::run::{run, words};

/// Whether a table has no use for a parameter: it has one vintage, no tile map, and no sets of regions.
pub(crate) fn in_vain(param: &quyu_core::Param) -> bool {
    let set =
        "a set (`package:set`)|the set (`package:set`)|sets (`package:set`)|a set of regions, `package:id`";
    ["vintage", "neighbour_count", "distance"].contains(&param.name)
        || (param.name != "reference" && set.split('|').any(|s| param.help.starts_with(s)))
}

fn page(args: &str) -> String {
    let ran = run(Path::new("."), &words(args));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args}");
    ran.out
}

#[test]
fn help_of_an_analysis() {
    insta::assert_snapshot!("help_of_an_analysis", page("gini --help"));
}

/// The commands, then the analyses by family; on one page.
#[test]
fn first_page() {
    insta::assert_snapshot!("first_page", page("-h"));
    assert_eq!(page("-h"), run(Path::new("."), &[]).err);
}

#[test]
fn help_of_a_tool() {
    insta::assert_snapshot!("help_of_a_tool", page("cells --help"));
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
        for param in entry.params.iter().filter(|p| !in_vain(p)) {
            assert!(
                help.contains(&format!("-{}", param.name.replace('_', "-"))),
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
    // A word longer than a line stays whole.
    let fits = |line: &str, width: usize| line.chars().count() <= width || !line.trim().contains(' ');
    for entry in registry.iter() {
        for line in page(&format!("explain {}", entry.id)).lines() {
            assert!(fits(line, 100), "{line}");
        }
        let help = page(&format!("{} --help", entry.id));
        let usage = help.split("\n\n").find(|p| p.starts_with("Usage: ")).unwrap();
        for line in usage.lines() {
            assert!(fits(line, 80), "{line}");
        }
        assert!(
            help.lines().all(|l| fits(l, 100) && l == l.trim_end()),
            "{}",
            entry.id
        );
    }
}

/// What a case writes `name = "word"` is a flag on the command line.
#[test]
fn help_speaks_of_flags() {
    for entry in quyu_catalog::registry().unwrap().iter() {
        for text in [format!("{} --help", entry.id), format!("explain {}", entry.id)] {
            let text = page(&text);
            let case = text
                .split('`')
                .skip(1)
                .step_by(2)
                .find(|code| code.contains(" = \"") && code.ends_with('"'));
            assert_eq!(case, None, "{}", entry.id);
        }
    }
    assert!(page("clusters --help").contains("With `--method hierarchical`"));
    assert!(page("explain local-moran").contains("(`--variant n` has n for n - 1)"));
    assert!(page("explain moran").contains("In a case alone, not on a table.\n  neighbour_count\n"));
    // An item of a list begins a line.
    assert!(page("explain shift-share").contains("\n- `arcelus` writes"));
}

#[test]
fn a_manual_page_holds_the_definition() {
    let page = page("man gini");
    assert!(
        page.contains("Definition. With values x, weights w") && page.contains(".SH SYNOPSIS"),
        "{page}"
    );
    assert!(!page.contains("**"));
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
