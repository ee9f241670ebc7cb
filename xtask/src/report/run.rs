//! From the cases to their files, and to the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use quyu_core::{Atlas, Registry};
use quyu_io::atomic::{interrupted, repair, replace_folder, write_file};
use quyu_report::{Artifacts, Card, Case, Report, index};

use super::ReportTaskError;
use super::check::{self, Difference};
use super::files::{self, Files, OWNED};
use super::progress::Progress;
use super::site;

/// Largest figure in bytes.
const LARGEST_FIGURE: usize = 60_000;
/// Largest size of all reports together in bytes.
const LARGEST_REPORTS: usize = 8_000_000;

/// What becomes of the reports.
pub(super) enum Job {
    /// They are compared with what is on the disk.
    Check,
    /// They are written.
    Write,
    /// They are written, and as pages into this folder.
    WriteWithPages(PathBuf),
    /// Only the pages are written, into this folder.
    Pages(PathBuf),
}

/// A case with everything that it writes.
pub(super) struct Written {
    pub(super) report: Report,
    pub(super) files: Files,
}

/// Does what is to be done; returns a line that says what was done.
pub(super) fn reports(
    root: &Path,
    named: &[String],
    job: &Job,
    progress: &Progress,
) -> Result<String, ReportTaskError> {
    let folder = root.join("reports");
    if matches!(job, Job::Check) {
        if let Some(path) = interrupted(&folder)?.into_iter().next() {
            return Err(ReportTaskError::Interrupted { path });
        }
    } else if !matches!(job, Job::Pages(_)) {
        for path in repair(&folder)? {
            progress.line(&format!(
                "repaired {}, which an interrupted run left",
                path.display()
            ));
        }
    }
    let cases = files::cases(&folder, named)?;
    let analyses = |c: &Case| c.sections.iter().filter(|s| s.analysis.is_some()).count();
    progress.total(cases.iter().map(analyses).sum());
    let written = write_all(&cases, &root.join("datasets"), progress)?;
    let common = if named.is_empty() {
        common(&written)
    } else {
        Files::new()
    };
    sizes(&written, &common)?;
    let all = named.is_empty();
    match job {
        Job::Check => checked(&folder, &written, &common, all),
        Job::Write => to_disk(&folder, &written, &common, progress),
        Job::WriteWithPages(site) => {
            let said = to_disk(&folder, &written, &common, progress)?;
            Ok(format!("{said}\n{}", site::to_disk(site, &written, all)?))
        }
        Job::Pages(site) => site::to_disk(site, &written, all),
    }
}

/// Runs all cases, several at a time; an error in one does not hide those of the others.
fn write_all(cases: &[Case], datasets: &Path, progress: &Progress) -> Result<Vec<Written>, ReportTaskError> {
    let registry = quyu_catalog::registry()?;
    let mut distinct: Vec<&Case> = cases.iter().collect();
    distinct.sort_by_key(|case| &case.packages);
    distinct.dedup_by_key(|case| &case.packages);
    let loaded = at_once(&distinct, |case| load(case, datasets, progress));
    let (mut atlases, mut wrong) = (BTreeMap::new(), Vec::new());
    for (case, atlas) in distinct.into_iter().zip(loaded) {
        match atlas {
            Ok(atlas) => {
                atlases.insert(case.packages.as_slice(), atlas);
            }
            Err(error) => wrong.push(error),
        }
    }
    let ready: Vec<(&Case, &Arc<Atlas>)> = cases
        .iter()
        .filter_map(|case| Some((case, atlases.get(case.packages.as_slice())?)))
        .collect();
    let mut written = Vec::new();
    for result in at_once(&ready, |(case, atlas)| write(case, atlas, &registry, progress)) {
        match result {
            Ok(one) => written.push(one),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() {
        Ok(written)
    } else {
        Err(ReportTaskError::Several { all: wrong })
    }
}

/// What `make` makes of each item, in their order, on as many threads as there are processors.
fn at_once<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    // Each thread takes the next item that nobody has; which one that is, the answers must not tell.
    let numbered = || {
        let take = || {
            let n = next.fetch_add(1, Ordering::Relaxed);
            items.get(n).map(|item| (n, make(item)))
        };
        std::iter::from_fn(take).collect::<Vec<(usize, R)>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut made = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads.min(items.len()))
            .map(|_| scope.spawn(numbered))
            .collect();
        let mut made = Vec::new();
        for thread in running {
            match thread.join() {
                Ok(part) => made.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    });
    made.sort_by_key(|(n, _)| *n);
    made.into_iter().map(|(_, one)| one).collect()
}

fn load(case: &Case, datasets: &Path, progress: &Progress) -> Result<Arc<Atlas>, ReportTaskError> {
    progress.doing(&format!("{}: reading {}", case.id, case.packages.join(", ")));
    let atlas = quyu_io::load::atlas(datasets, &case.packages);
    atlas.map(Arc::new).map_err(|source| ReportTaskError::Load {
        case: case.id.clone(),
        source,
    })
}

fn write(
    case: &Case,
    atlas: &Arc<Atlas>,
    registry: &Registry,
    progress: &Progress,
) -> Result<Written, ReportTaskError> {
    let artifacts: Artifacts = quyu_report::run(case, atlas, registry, progress)?;
    let mut files = Files::new();
    files.insert(PathBuf::from("report.md"), artifacts.markdown.into_bytes());
    for (name, text) in artifacts.tables {
        files.insert(Path::new("tables").join(name), text.into_bytes());
    }
    for (stem, figure) in artifacts.figures {
        let svg = quyu_plotting::svg(&figure).map_err(|source| ReportTaskError::Plot {
            case: case.id.clone(),
            figure: stem.clone(),
            source,
        })?;
        files.insert(Path::new("figures").join(format!("{stem}.svg")), svg.into_bytes());
    }
    Ok(Written {
        report: artifacts.report,
        files,
    })
}

/// The files that stand beside the folders of the cases.
fn common(written: &[Written]) -> Files {
    let cards: Vec<Card> = written.iter().map(|w| Card::of(&w.report)).collect();
    Files::from([
        (PathBuf::from("README.md"), index(&cards).into_bytes()),
        (
            PathBuf::from("case.schema.json"),
            Case::json_schema().into_bytes(),
        ),
    ])
}

fn sizes(written: &[Written], common: &Files) -> Result<(), ReportTaskError> {
    let limit = |what: String, bytes: usize, limit: usize| match bytes > limit {
        true => Err(ReportTaskError::TooLarge { what, bytes, limit }),
        false => Ok(()),
    };
    for one in written {
        for (path, bytes) in one.files.iter().filter(|(p, _)| p.starts_with("figures")) {
            limit(
                format!("reports/{}/{}", one.report.id, path.display()),
                bytes.len(),
                LARGEST_FIGURE,
            )?;
        }
    }
    let all = written.iter().map(|w| &w.files).chain([common]);
    let total = all.flat_map(Files::values).map(Vec::len).sum();
    limit("all reports together".to_owned(), total, LARGEST_REPORTS)
}

fn checked(folder: &Path, written: &[Written], common: &Files, all: bool) -> Result<String, ReportTaskError> {
    let mut differences: Vec<Difference> = Vec::new();
    let mut files = 0;
    for one in written {
        let on_disk = files::on_disk(&folder.join(&one.report.id))?;
        differences.extend(check::compare(
            &Path::new("reports").join(&one.report.id),
            &on_disk,
            &one.files,
        ));
        files += one.files.len();
    }
    let mut beside = Files::new();
    for path in common.keys().filter(|p| folder.join(p).is_file()) {
        beside.insert(path.clone(), files::read(&folder.join(path))?);
    }
    differences.extend(check::compare(Path::new("reports"), &beside, common));
    files += common.len();
    if all {
        let orphans = files::orphans(folder)?.into_iter();
        differences
            .extend(orphans.map(|o| Difference::Extra(Path::new("reports").join(o).join("report.md"))));
    }
    if differences.is_empty() {
        return Ok(format!(
            "{} reports are what the data says ({files} files)",
            written.len()
        ));
    }
    Err(ReportTaskError::Differs { differences, files })
}

fn to_disk(
    folder: &Path,
    written: &[Written],
    common: &Files,
    progress: &Progress,
) -> Result<String, ReportTaskError> {
    let mut changed = 0;
    for one in written {
        let target = folder.join(&one.report.id);
        let on_disk = files::on_disk(&target)?;
        let differing = check::compare(Path::new(""), &on_disk, &one.files).len();
        // What is the same is not touched: no folder is renamed for nothing.
        if differing > 0 {
            progress.line(&format!("{}: {differing} files changed", one.report.id));
            let files: Vec<(PathBuf, Vec<u8>)> = one.files.clone().into_iter().collect();
            replace_folder(&target, &OWNED, &files)?;
        }
        changed += differing;
    }
    for (path, bytes) in common {
        let target = folder.join(path);
        if !target.is_file() || files::read(&target)? != *bytes {
            write_file(&target, bytes)?;
            changed += 1;
        }
    }
    Ok(format!(
        "{} reports written, {changed} files changed",
        written.len()
    ))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A folder `reports` with one hand-written case, and what the case yields.
    pub(crate) fn sample() -> (tempfile::TempDir, Vec<Written>, Files) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("x")).unwrap();
        std::fs::write(folder.path().join("x/case.toml"), "by hand").unwrap();
        let files = [
            ("report.md", "# X\n\nGDP is 123,605 yuan.\n"),
            ("figures/a.svg", "<svg><path d=\"M 10 20\"/></svg>\n"),
            ("tables/a.csv", "region,value\n320000,123604.9\n"),
        ];
        let written = Written {
            report: Report {
                id: "x".into(),
                title: "X".into(),
                title_zh: None,
                lede: "It is X.".into(),
                summary: None,
                chapters: Vec::new(),
                methods: Vec::new(),
                files: Vec::new(),
                packages: Vec::new(),
                version: "0.0.0".into(),
            },
            files: files
                .map(|(p, t)| (PathBuf::from(p), t.as_bytes().to_vec()))
                .into(),
        };
        let common = common(std::slice::from_ref(&written));
        (folder, vec![written], common)
    }

    fn check_of(folder: &Path, written: &[Written], common: &Files) -> Vec<String> {
        match checked(folder, written, common, true) {
            Ok(_) => Vec::new(),
            Err(ReportTaskError::Differs { differences, .. }) => {
                differences.iter().map(ToString::to_string).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_was_written_passes_the_check_and_is_not_written_again() {
        let (folder, written, common) = sample();
        assert_eq!(check_of(folder.path(), &written, &common).len(), 5);
        let first = to_disk(folder.path(), &written, &common, &Progress::new()).unwrap();
        assert_eq!(first, "1 reports written, 5 files changed");
        assert!(check_of(folder.path(), &written, &common).is_empty());
        let second = to_disk(folder.path(), &written, &common, &Progress::new()).unwrap();
        assert_eq!(second, "1 reports written, 0 files changed");
        assert_eq!(
            std::fs::read_to_string(folder.path().join("x/case.toml")).unwrap(),
            "by hand"
        );
    }

    #[test]
    fn a_digit_changed_in_any_file_is_named() {
        let (folder, written, common) = sample();
        to_disk(folder.path(), &written, &common, &Progress::new()).unwrap();
        for (path, from, to) in [
            ("x/report.md", "605", "606"),
            ("x/figures/a.svg", "20", "21"),
            ("x/tables/a.csv", "4.9", "4.8"),
            ("README.md", "It is", "It was"),
            ("case.schema.json", "2020-12", "2020-11"),
        ] {
            let file = folder.path().join(path);
            let right = std::fs::read_to_string(&file).unwrap();
            assert!(right.contains(from), "{path}");
            std::fs::write(&file, right.replacen(from, to, 1)).unwrap();
            let differences = check_of(folder.path(), &written, &common);
            assert_eq!(differences.len(), 1, "{differences:?}");
            assert!(
                differences[0].starts_with(&format!("reports/{path}: differs")),
                "{differences:?}"
            );
            assert!(
                differences[0].contains(to) && differences[0].contains(from),
                "{differences:?}"
            );
            std::fs::write(&file, right).unwrap();
        }
    }

    #[test]
    fn files_that_nothing_writes_are_named_and_removed() {
        let (folder, written, common) = sample();
        to_disk(folder.path(), &written, &common, &Progress::new()).unwrap();
        std::fs::write(folder.path().join("x/tables/old.csv"), "").unwrap();
        std::fs::create_dir(folder.path().join("gone")).unwrap();
        std::fs::write(folder.path().join("gone/report.md"), "").unwrap();
        let differences = check_of(folder.path(), &written, &common);
        let expected = ["reports/x/tables/old.csv", "reports/gone/report.md"];
        assert_eq!(
            differences,
            expected.map(|e| format!("{e}: no case writes this file"))
        );
        to_disk(folder.path(), &written, &common, &Progress::new()).unwrap();
        assert!(!folder.path().join("x/tables/old.csv").exists());
    }

    #[test]
    fn a_figure_that_is_too_large_is_refused() {
        let (_folder, mut written, common) = sample();
        written[0]
            .files
            .insert("figures/b.svg".into(), vec![b' '; LARGEST_FIGURE + 1]);
        let message = sizes(&written, &common).unwrap_err().to_string();
        assert_eq!(
            message,
            "reports/x/figures/b.svg has 60001 bytes; the limit is 60000"
        );
    }

    #[test]
    fn cases_are_found_by_name() {
        let (folder, ..) = sample();
        let message = |named: &[&str]| {
            let named: Vec<String> = named.iter().map(|n| (*n).to_owned()).collect();
            files::cases(folder.path(), &named).unwrap_err().to_string()
        };
        assert_eq!(
            message(&["xx"]),
            "there is no case `xx` in reports/; did you mean `x`?"
        );
        assert!(message(&[]).starts_with("reports/x/case.toml:1:"));
        let text = "schema = 1\nid = \"y\"\npackages = []\ntitle.en = \"Y\"\nlede.en = \"Y.\"\n";
        std::fs::write(folder.path().join("x/case.toml"), text).unwrap();
        assert!(message(&[]).contains("`id` is `y`, the folder is `x`"));
    }
}
