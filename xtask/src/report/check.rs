//! Comparing committed files with what the data says.

use std::fmt;
use std::path::{Path, PathBuf};

use super::diff::short_diff;
use super::files::Files;

/// One file that is not what it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// It is not there.
    Missing(PathBuf),
    /// Nothing writes it.
    Extra(PathBuf),
    /// Its bytes differ: a short diff, "-" for what is committed and "+" for what the data says.
    Changed(PathBuf, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Missing(path) => write!(f, "{}: is missing", path.display()),
            Difference::Extra(path) => write!(f, "{}: no case writes this file", path.display()),
            Difference::Changed(path, diff) => write!(f, "{}: differs\n{diff}", path.display()),
        }
    }
}

/// Compares committed files with what they should be; `place` is put before the paths.
pub(super) fn compare(place: &Path, committed: &Files, expected: &Files) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (path, bytes) in expected {
        match committed.get(path) {
            None => differences.push(Difference::Missing(place.join(path))),
            Some(old) if old == bytes => {}
            Some(old) => {
                let diff = short_diff(&String::from_utf8_lossy(old), &String::from_utf8_lossy(bytes));
                differences.push(Difference::Changed(place.join(path), diff));
            }
        }
    }
    let extra = committed.keys().filter(|p| !expected.contains_key(*p));
    differences.extend(extra.map(|p| Difference::Extra(place.join(p))));
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter()
            .map(|(p, t)| (PathBuf::from(p), t.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn a_changed_digit_is_caught_named_and_shown() {
        let svg = format!("<svg><path d=\"{}M 10 20\"/></svg>\n", "L 1 2 ".repeat(60));
        let expected = files(&[
            ("report.md", "# Jiangsu\n\nGDP is 123,605 yuan.\n"),
            ("figures/a.svg", &svg),
            ("tables/a.csv", "region,value\n320000,123604.9\n370000,70653.1\n"),
        ]);
        for (path, from, to) in [
            ("report.md", "123,605", "123,606"),
            ("figures/a.svg", "M 10 20", "M 10 21"),
            ("tables/a.csv", "70653.1", "70653.2"),
        ] {
            let mut committed = expected.clone();
            let text = String::from_utf8(committed[Path::new(path)].clone())
                .unwrap()
                .replace(from, to);
            committed.insert(path.into(), text.into_bytes());
            let differences = compare(Path::new("reports/jiangsu"), &committed, &expected);
            let [Difference::Changed(named, diff)] = differences.as_slice() else {
                panic!("{differences:?}");
            };
            assert_eq!(*named, Path::new("reports/jiangsu").join(path));
            let shown =
                |sign: char, what: &str| diff.lines().any(|l| l.starts_with(sign) && l.contains(what));
            assert!(shown('-', to) && shown('+', from), "{diff}");
            assert!(diff.lines().all(|l| l.chars().count() < 140), "{diff}");
        }
    }

    #[test]
    fn missing_and_extra_files_are_named() {
        let differences = compare(
            Path::new("reports/x"),
            &files(&[("tables/old.csv", "")]),
            &files(&[("report.md", "")]),
        );
        let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
        let expected = [
            "reports/x/report.md: is missing",
            "reports/x/tables/old.csv: no case writes this file",
        ];
        assert_eq!(texts, expected);
    }
}
