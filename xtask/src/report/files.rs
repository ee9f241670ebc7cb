//! The files of the reports: which cases there are, what is on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use quyu_core::suggest::Near;
use quyu_report::Case;

use super::ReportTaskError;

/// What a case folder holds besides `case.toml`: replaced as a whole.
pub(super) const OWNED: [&str; 3] = ["report.md", "figures", "tables"];

/// Generated files by their path inside a folder.
pub(super) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The cases named, in order of name; all of them if none is named.
pub(super) fn cases(reports: &Path, named: &[String]) -> Result<Vec<Case>, ReportTaskError> {
    let folders = folders(reports)?;
    let unknown = named.iter().find(|n| !folders.contains(n));
    if let Some(name) = unknown {
        return Err(ReportTaskError::UnknownCase {
            name: name.clone(),
            near: Near::to(name, folders.iter().map(String::as_str)),
        });
    }
    let wanted = folders.iter().filter(|f| named.is_empty() || named.contains(f));
    let (mut cases, mut wrong) = (Vec::new(), Vec::new());
    for folder in wanted {
        match case(reports, folder) {
            Ok(case) => cases.push(case),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() {
        Ok(cases)
    } else {
        Err(ReportTaskError::Several { all: wrong })
    }
}

fn case(reports: &Path, folder: &str) -> Result<Case, ReportTaskError> {
    let path = reports.join(folder).join("case.toml");
    let text = std::fs::read_to_string(&path).map_err(|source| ReportTaskError::Read {
        path: path.clone(),
        source,
    })?;
    // Messages name the file as somebody in the checkout would.
    let shown = Path::new("reports").join(folder).join("case.toml");
    let case = Case::parse(&text).map_err(|source| ReportTaskError::Form {
        path: shown.clone(),
        source,
    })?;
    if case.id != folder {
        return Err(ReportTaskError::Id {
            path: shown,
            id: case.id,
            folder: folder.to_owned(),
        });
    }
    Ok(case)
}

/// Folders with a `case.toml`, in order of name.
fn folders(reports: &Path) -> Result<Vec<String>, ReportTaskError> {
    let names = list(reports)?;
    let is_case = |n: &String| !n.starts_with('.') && reports.join(n).join("case.toml").is_file();
    Ok(names.into_iter().filter(is_case).collect())
}

/// Folders with a report that no case writes.
pub(super) fn orphans(reports: &Path) -> Result<Vec<String>, ReportTaskError> {
    let names = list(reports)?;
    let orphan = |n: &String| {
        let folder = reports.join(n);
        !n.starts_with('.') && folder.join("report.md").is_file() && !folder.join("case.toml").is_file()
    };
    Ok(names.into_iter().filter(orphan).collect())
}

/// The generated files that are on the disk in the folder of a case.
pub(super) fn on_disk(folder: &Path) -> Result<Files, ReportTaskError> {
    let mut files = Files::new();
    for name in OWNED {
        collect(folder, Path::new(name), &mut files)?;
    }
    Ok(files)
}

fn collect(folder: &Path, inside: &Path, files: &mut Files) -> Result<(), ReportTaskError> {
    let path = folder.join(inside);
    if path.is_dir() {
        for name in list(&path)? {
            collect(folder, &inside.join(name), files)?;
        }
    } else if path.is_file() {
        files.insert(inside.to_owned(), read(&path)?);
    }
    Ok(())
}

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ReportTaskError> {
    std::fs::read(path).map_err(|source| ReportTaskError::Read {
        path: path.to_owned(),
        source,
    })
}

/// Names in a folder, in order.
pub(super) fn list(folder: &Path) -> Result<Vec<String>, ReportTaskError> {
    let failed = |source| ReportTaskError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
