//! `cargo xtask site`: writes the pages and tries them in a browser.

mod axe;
mod browser;
mod check;
mod page;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::{checkout, report};
use browser::{Browser, BrowserError};
use check::Problem;

/// Exit code of a step that could not run for want of a program: neither passed nor failed.
pub(crate) const SKIPPED: u8 = 77;

/// Nothing to choose.
#[derive(Debug, Args)]
#[command(after_help = "\
The pages of `cargo xtask report --html` are written to the folder `site` of cargo's target folder and opened in \
headless Chromium, at 1280 and at 390 pixels, in light and in dark. A page fails where it logs an error, fetches \
anything, is wider than the window, has an anchor or link that leads nowhere, a download that is not the table beside \
the report, a table that does not sort, keys that do not work, or a violation that axe-core finds.\n\n\
First the checker tries itself on the pages in tests/site/broken: each must fail by the rule it is named after.\n\n\
Needed: Chromium (its path in CHROMIUM, or on PATH) and npm, which fetches axe-core at the version and hash of \
tests/site/package-lock.json. On Debian: apt-get install chromium npm.\n\n\
Exit codes: 0 ok, 1 a page fails, 77 skipped because Chromium or npm is missing, others as `cargo xtask report`.")]
pub(crate) struct SiteArgs {}

/// Why the pages could not be tried.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SiteError {
    /// A program that is not there.
    #[error("SKIPPED, no page was opened: {0}")]
    Missing(String),
    /// A file.
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// The checker of accessibility could not be fetched.
    #[error("npm could not fetch axe-core: {0}")]
    Npm(String),
    /// The browser.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// A page that is wrong passed.
    #[error(
        "the checker does not see that tests/site/broken/{page} breaks the rule `{rule}`; it found: {found}"
    )]
    Blind {
        page: String,
        rule: String,
        found: String,
    },
}

pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> SiteError {
    let path = path.to_owned();
    move |source| SiteError::Io { path, source }
}

/// Writes the pages, tries them, and says how it went.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(_args: &SiteArgs) -> ExitCode {
    let site = match report::pages() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(error.exit_code());
        }
    };
    match tried(&checkout::root(), &site) {
        Ok((pages, problems)) if problems.is_empty() => {
            println!("site: {pages} pages are sound");
            ExitCode::SUCCESS
        }
        Ok((pages, problems)) => {
            problems.iter().for_each(|p| println!("{p}"));
            println!("site: {} problems in {pages} pages", problems.len());
            ExitCode::FAILURE
        }
        Err(error @ SiteError::Missing(_)) => {
            eprintln!("site: {error}");
            ExitCode::from(SKIPPED)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Tries the checker, then the pages; returns how many there are and what is wrong with them.
#[expect(clippy::print_stdout, reason = "xtask talks to a person")]
fn tried(root: &Path, site: &Path) -> Result<(usize, Vec<Problem>), SiteError> {
    let program = browser::program()?;
    let axe = axe::source(root)?;
    let mut browser = Browser::start(&program)?;
    let broken = root.join("tests").join("site").join("broken");
    let pages = html_files(&broken)?;
    for page in &pages {
        // `download.bytes.html` breaks the rule `download`.
        let rule = page.split('.').next().unwrap_or_default();
        let found = check::page(&mut browser, &axe, &broken, page, &broken.join(rule))?;
        if !found.iter().any(|p| p.rule == rule) {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            return Err(SiteError::Blind {
                page: page.clone(),
                rule: rule.to_owned(),
                found: found.join("; "),
            });
        }
    }
    println!(
        "site: the checker sees what is wrong with {} broken pages",
        pages.len()
    );
    let pages = html_files(site)?;
    let mut problems = Vec::new();
    for page in &pages {
        println!("site: {page}");
        let tables = root
            .join("reports")
            .join(page.trim_end_matches(".html"))
            .join("tables");
        problems.extend(check::page(&mut browser, &axe, site, page, &tables)?);
    }
    browser.close()?;
    Ok((pages.len(), problems))
}

/// Pages in a folder, in order of name.
fn html_files(folder: &Path) -> Result<Vec<String>, SiteError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let name = entry.map_err(io(folder))?.file_name();
        names.extend(name.to_str().filter(|n| n.ends_with(".html")).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
