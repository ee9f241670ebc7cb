//! `cargo xtask report`: writes the case reports, or checks that they are what the data says.

mod check;
mod diff;
mod files;
mod progress;
mod run;
mod site;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use quyu_core::registry::DuplicateId;
use quyu_core::suggest::Near;
use quyu_io::atomic::WriteError;
use quyu_io::load::LoadError;
use quyu_plotting::PlotError;
use quyu_report::{CaseError, Fault, ReportError};

use check::Difference;
use progress::Progress;

/// Exit code of what must not happen.
const BUG: u8 = 70;

/// Which reports, and whether to write them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each folder of reports/ with a case.toml is a case. Its report.md, figures/ and tables/ are replaced as a whole, so \
that a kill leaves the old report or the new one. The index reports/README.md and reports/case.schema.json are \
written or checked when all cases are.

With --html each report also becomes one page that needs nothing else, in the folder `site` of cargo's target folder, \
and all of them an index. `cargo xtask site` tries the pages in a browser.

Exit codes: 0 ok, 1 a committed file differs, 2 the case is wrong, 3 the data, 4 an analysis, 5 reading or writing, \
70 a bug.")]
pub(crate) struct ReportArgs {
    /// Cases by the name of their folder; all if none is named.
    #[arg(value_name = "CASE")]
    cases: Vec<String>,
    /// Write nothing; fail with a short diff where committed files differ.
    #[arg(long)]
    check: bool,
    /// Also write each report as an HTML page, into target/site.
    #[arg(long, conflicts_with = "check")]
    html: bool,
}

/// Why there are no reports, or not these.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReportTaskError {
    /// The program runs outside of the sources it was built from.
    #[error("{} is not the root of quyu: run `cargo xtask report` inside a checkout", root.display())]
    NoRoot { root: PathBuf },
    /// No case of this name.
    #[error("there is no case `{name}` in reports/{near}")]
    UnknownCase { name: String, near: Near },
    /// A case that is not well formed.
    #[error("{}", located(path, source))]
    Form { path: PathBuf, source: CaseError },
    /// A case whose id is not the name of its folder.
    #[error("{}: `id` is `{id}`, the folder is `{folder}`: they must be the same", path.display())]
    Id {
        path: PathBuf,
        id: String,
        folder: String,
    },
    /// A case that has no report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A data package.
    #[error("case `{case}`: {source}")]
    Load { case: String, source: LoadError },
    /// A figure that cannot be drawn.
    #[error("case `{case}`, figure `{figure}`: {source}")]
    Plot {
        case: String,
        figure: String,
        source: PlotError,
    },
    /// A file that is larger than a reader or a repository should carry.
    #[error("{what} has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        what: String,
        bytes: usize,
        limit: usize,
    },
    /// A file that cannot be read.
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// A file that cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An earlier run was killed while it wrote.
    #[error("writing {} was interrupted: run `cargo xtask report` once without --check", path.display())]
    Interrupted { path: PathBuf },
    /// Two plugins of one name.
    #[error(transparent)]
    Registry(#[from] DuplicateId),
    /// Committed files are not what the data says.
    #[error("{} of {} committed files differ from what the data says; `cargo xtask report` writes them anew", differences.len(), files)]
    Differs {
        differences: Vec<Difference>,
        files: usize,
    },
    /// Several cases failed.
    #[error("{}", all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several { all: Vec<ReportTaskError> },
}

fn located(path: &Path, error: &CaseError) -> String {
    let lines = error
        .problems
        .iter()
        .map(|p| format!("{}:{}:{}: {}", path.display(), p.line, p.column, p.text));
    lines.collect::<Vec<_>>().join("\n")
}

impl ReportTaskError {
    /// What the shell is told.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Differs { .. } | Self::TooLarge { .. } | Self::Interrupted { .. } => 1,
            Self::NoRoot { .. } | Self::UnknownCase { .. } | Self::Form { .. } | Self::Id { .. } => 2,
            Self::Report(error) => match error.fault() {
                Fault::Case => 2,
                Fault::Data => 3,
                Fault::Analysis => 4,
            },
            Self::Load { source, .. } => match source {
                LoadError::NoPackage { .. } => 2,
                LoadError::Io { .. } => 5,
                _ => 3,
            },
            Self::Plot { .. } => 4,
            Self::Read { .. } | Self::Write(_) => 5,
            Self::Registry(_) => BUG,
            Self::Several { all } => all.first().map_or(BUG, Self::exit_code),
        }
    }
}

/// Writes or checks reports, and says how it went.
pub(crate) fn run(args: &ReportArgs) -> ExitCode {
    let progress = Progress::new();
    let work = || {
        let root = root()?;
        let job = match (args.check, args.html) {
            (true, _) => run::Job::Check,
            (false, false) => run::Job::Write,
            (false, true) => run::Job::WriteWithPages(site::folder(&root)),
        };
        run::reports(&root, &args.cases, &job, &progress)
    };
    std::panic::set_hook(Box::new(bug));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    progress.close();
    let Ok(result) = result else {
        return ExitCode::from(BUG);
    };
    match result {
        Ok(summary) => {
            progress.line(&summary);
            ExitCode::SUCCESS
        }
        Err(error) => {
            if let ReportTaskError::Differs { differences, .. } = &error {
                differences.iter().for_each(|d| progress.line(&d.to_string()));
            }
            error
                .to_string()
                .lines()
                .for_each(|line| progress.line(&format!("error: {line}")));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Runs all cases and writes nothing but the pages; returns their folder.
pub(crate) fn pages() -> Result<PathBuf, ReportTaskError> {
    let progress = Progress::new();
    let root = root()?;
    let folder = site::folder(&root);
    let written = run::reports(&root, &[], &run::Job::Pages(folder.clone()), &progress);
    progress.close();
    written.map(|_| folder)
}

/// Says where a panic came from, without a backtrace.
#[expect(clippy::print_stderr, reason = "xtask talks to a person")]
fn bug(info: &std::panic::PanicHookInfo<'_>) {
    eprintln!("error: this is a bug in quyu, please report it: {info}");
}

/// The checkout that cargo runs this from: right also from a subfolder, by --manifest-path, and with a target folder
/// that was built elsewhere.
fn root() -> Result<PathBuf, ReportTaskError> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let root = package.parent().map(Path::to_path_buf).unwrap_or_default();
    let whole = ["Cargo.toml", "xtask", "datasets", "reports"]
        .iter()
        .all(|name| root.join(name).exists());
    if whole {
        Ok(root)
    } else {
        Err(ReportTaskError::NoRoot { root })
    }
}
