//! The reports as HTML pages in one folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use quyu_io::atomic::write_file;
use quyu_report::{Parts, Report, html, html_index};

use super::ReportTaskError;
use super::files::{Files, list, read};
use super::run::Written;
use crate::checkout;

/// Where the pages go: beside what cargo builds, because they are built and not committed.
pub(super) fn folder(root: &Path) -> PathBuf {
    checkout::target(root).join("site")
}

/// Writes the pages; returns a line that says what was done. With `all` cases there are also an index and no page that
/// no case writes any more.
pub(super) fn to_disk(folder: &Path, written: &[Written], all: bool) -> Result<String, ReportTaskError> {
    let failed = |source| ReportTaskError::Read {
        path: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let pages = pages(written, all);
    for (path, bytes) in &pages {
        let target = folder.join(path);
        if !target.is_file() || read(&target)? != *bytes {
            write_file(&target, bytes)?;
        }
    }
    for name in list(folder)?.iter().filter(|n| all && n.ends_with(".html")) {
        if !pages.contains_key(Path::new(name)) {
            std::fs::remove_file(folder.join(name)).map_err(failed)?;
        }
    }
    Ok(format!("{} pages in {}", pages.len(), folder.display()))
}

fn pages(written: &[Written], all: bool) -> Files {
    let mut pages = Files::new();
    for one in written {
        let parts = Parts {
            figures: texts(&one.files, "figures", Path::file_stem),
            tables: texts(&one.files, "tables", Path::file_name),
        };
        let page = html(&one.report, &parts);
        pages.insert(
            PathBuf::from(format!("{}.html", one.report.id)),
            page.into_bytes(),
        );
    }
    if all {
        let reports: Vec<&Report> = written.iter().map(|w| &w.report).collect();
        pages.insert(PathBuf::from("index.html"), html_index(&reports).into_bytes());
    }
    pages
}

/// The files of a folder by a part of their names.
fn texts(
    files: &Files,
    folder: &str,
    key: fn(&Path) -> Option<&std::ffi::OsStr>,
) -> BTreeMap<String, String> {
    let inside = files.iter().filter(|(path, _)| path.starts_with(folder));
    inside
        .filter_map(|(path, bytes)| {
            let name = key(path)?.to_string_lossy().into_owned();
            Some((name, String::from_utf8_lossy(bytes).into_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::run::tests::sample;

    #[test]
    fn pages_hold_their_tables_and_old_pages_go_when_all_are_written() {
        let (_folder, written, _) = sample();
        let site = tempfile::tempdir().unwrap();
        std::fs::write(site.path().join("gone.html"), "").unwrap();
        to_disk(site.path(), &written, false).unwrap();
        assert_eq!(list(site.path()).unwrap(), ["gone.html", "x.html"]);
        to_disk(site.path(), &written, true).unwrap();
        assert_eq!(list(site.path()).unwrap(), ["index.html", "x.html"]);
        let tables = texts(&written[0].files, "tables", Path::file_name);
        assert_eq!(tables["a.csv"], "region,value\n320000,123604.9\n");
        let figures = texts(&written[0].files, "figures", Path::file_stem);
        assert_eq!(figures.keys().collect::<Vec<_>>(), ["a"]);
    }
}
