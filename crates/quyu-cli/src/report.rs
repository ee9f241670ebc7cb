//! `quyu report`: the report of somebody's own case, from `case.toml` and data packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use quyu_core::Registry;
use quyu_core::analysis::Progress;
use quyu_io::atomic::{WriteError, replace_folder};
use quyu_io::files;
use quyu_io::load::{self, LoadError};
use quyu_io::table::Place;
use quyu_io::table::fault::Spot;
use quyu_report::{Artifacts, Case, CaseError, Fault, Parts, ReportError, Watch};

use crate::advice::{plainly, unwritten};
use crate::exit::{ANALYSIS, DATA, Failure, IO, USAGE};
use crate::message::Message;
use crate::progress::Waiting;
use crate::shell::{Typed, quoted};
use crate::terminal::Terminal;

/// What a report consists of.
const OWNED: [&str; 4] = ["report.md", "report.html", "figures", "tables"];
/// The folder of packages, where nobody names another.
const PACKAGES: &str = "datasets";

/// Reads the case, runs its analyses, writes the report.
pub(crate) fn run(
    registry: &Registry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let path = file(matches);
    let text = files::text(&path).map_err(|e| unread(&path, &e))?;
    let shown = path.display().to_string();
    let case = Case::parse(&text).map_err(|e| malformed(&shown, &text, &e))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let out = matches
        .get_one::<PathBuf>("out")
        .cloned()
        .unwrap_or_else(|| folder.join("report"));
    let out = std::path::absolute(&out).map_err(|e| unread(&out, &e))?;
    free(&out, matches.get_flag("force"), typed)?;
    let packages = packages(matches, folder, &case, typed)?;
    let atlas = load::atlas(&packages, &case.packages).map_err(|e| unloaded(&e))?;
    let hears = Hears(Waiting::new("report", terminal));
    let made = quyu_report::run(&case, &Arc::new(atlas), registry, &hears);
    hears.0.over();
    let made = made.map_err(|e| refused(&shown, &e))?;
    let files = written(made, matches.get_flag("html"))?;
    replace_folder(&out, &OWNED, &files).map_err(|error| {
        // The message names the folder that was asked for, not the temporary one.
        let path = out.clone();
        unwritten("--out", &WriteError { path, ..error })
    })
}

/// The case: a file, or `case.toml` in a folder.
fn file(matches: &ArgMatches) -> PathBuf {
    let path = matches.get_one::<PathBuf>("case").cloned().unwrap_or_default();
    if path.is_dir() {
        path.join("case.toml")
    } else {
        path
    }
}

fn unread(path: &Path, error: &std::io::Error) -> Failure {
    let path = quoted(&path.display().to_string());
    Failure::new(
        IO,
        Message::error(format!("{path} cannot be read: {}", plainly(error))),
    )
}

fn malformed(file: &str, text: &str, error: &CaseError) -> Failure {
    let lines: Vec<&str> = text.lines().collect();
    let message = |p: &quyu_report::case::CaseProblem| {
        let line = lines.get(p.line.saturating_sub(1)).copied().unwrap_or_default();
        let start = p.column.saturating_sub(1);
        let word = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '-';
        let place = Place {
            spot: Spot::line(p.line as u64),
            column: None,
            text: line.to_owned(),
            start,
            length: line.chars().skip(start).take_while(word).count().max(1),
        };
        Message::error(p.text.clone()).at(file, Some(place))
    };
    Failure {
        messages: error.problems.iter().map(message).collect(),
        code: USAGE,
    }
}

/// A report takes a folder of its own: what else stands there is not ours to move.
fn free(out: &Path, force: bool, typed: &Typed) -> Result<(), Failure> {
    let names = match files::names(out) {
        Ok(names) => names,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unread(out, &error)),
    };
    let shown = quoted(&out.display().to_string());
    if let Some(other) = names.iter().find(|n| !OWNED.contains(&n.as_str())) {
        let text = format!(
            "{shown} holds `{other}`, which is no part of a report: a report is written into a folder of its own"
        );
        return Err(Failure::new(
            IO,
            Message::error(text).help("name another folder with --out"),
        ));
    }
    if !names.is_empty() && !force {
        let message = Message::error(format!("{shown} holds a report already"))
            .help("to replace it:")
            .command(typed.with("--force", ""));
        return Err(Failure::new(IO, message));
    }
    Ok(())
}

/// The folder of the packages: the one that was named, or the nearest `datasets` beside the case or above it that has them all.
fn packages(matches: &ArgMatches, folder: &Path, case: &Case, typed: &Typed) -> Result<PathBuf, Failure> {
    if let Some(named) = matches.get_one::<PathBuf>("packages") {
        return Ok(named.clone());
    }
    let holds = |datasets: &PathBuf| {
        case.packages
            .iter()
            .all(|p| datasets.join(p).join(quyu_io::package::DESCRIPTOR).is_file())
    };
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute.ancestors().map(|a| a.join(PACKAGES)).find(holds);
    found.ok_or_else(|| {
        let text = format!(
            "no folder `{PACKAGES}` beside the case or above it holds the data packages {}",
            case.packages.join(", ")
        );
        let message = Message::error(text)
            .help("name the folder that does:")
            .command(typed.with("--packages", "FOLDER"));
        Failure::new(USAGE, message)
    })
}

fn unloaded(error: &LoadError) -> Failure {
    let code = match error {
        LoadError::NoPackage { .. } => USAGE,
        LoadError::Io { .. } => IO,
        _ => DATA,
    };
    Failure::new(code, Message::error(error.to_string()))
}

fn refused(file: &str, error: &ReportError) -> Failure {
    let message =
        |p: &quyu_report::error::Problem| Message::error(format!("{}: {}", p.place, p.cause)).at(file, None);
    let code = match error.fault() {
        Fault::Case => USAGE,
        Fault::Data => DATA,
        Fault::Analysis => ANALYSIS,
    };
    Failure {
        messages: error.problems.iter().map(message).collect(),
        code,
    }
}

/// The files of a report by their path in its folder.
fn written(made: Artifacts, page: bool) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let mut drawings = BTreeMap::new();
    for (stem, figure) in made.figures {
        let svg = quyu_plotting::svg(&figure).map_err(|error| {
            let text = format!("the figure `{stem}` cannot be drawn: {error}");
            Failure::new(ANALYSIS, Message::error(text))
        })?;
        drawings.insert(stem, svg);
    }
    let parts = Parts {
        figures: drawings,
        tables: made.tables.into_iter().collect(),
    };
    let mut files = vec![(PathBuf::from("report.md"), made.markdown.into_bytes())];
    if page {
        files.push((
            PathBuf::from("report.html"),
            quyu_report::html(&made.report, &parts).into_bytes(),
        ));
    }
    for (name, text) in parts.tables {
        files.push((Path::new("tables").join(name), text.into_bytes()));
    }
    for (stem, svg) in parts.figures {
        files.push((Path::new("figures").join(format!("{stem}.svg")), svg.into_bytes()));
    }
    Ok(files)
}

/// Tells which section runs.
struct Hears<'a>(Waiting<'a>);

impl Progress for Hears<'_> {
    fn step(&self, _done: usize, _total: usize) {}
}

impl Watch for Hears<'_> {
    fn section(&self, _case: &str, _section: &str, _analysis: &str, number: usize, total: usize) {
        self.0.step(number, total);
    }
}
