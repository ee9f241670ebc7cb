//! The user's guide: its pages are compared with what the commands print, or written anew, and it is built as a book.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout;

/// Write the user's guide anew and build it, or check it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The pages stand in crates/quyu-cli/guide/src. A test runs every command in them and compares what it prints; without --check it \
                  writes what differs, and the pages of the families and the tables anew. The book is built by mdBook into the folder `guide` of \
                  cargo's target folder."
)]
pub(crate) struct GuideArgs {
    /// Write no page; fail where one is not what its commands print.
    #[arg(long)]
    check: bool,
    /// Only build the book from the pages as they are.
    #[arg(long, conflicts_with = "check")]
    book: bool,
}

/// Where the guide stands.
const GUIDE: &str = "crates/quyu-cli/guide";
/// What builds it, a workspace of its own.
const BUILDER: &str = "xtask/book/Cargo.toml";

/// Why there is no guide, or not this one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GuideError {
    /// A program that did not run.
    #[error("cargo cannot be run: {0}")]
    Run(#[from] std::io::Error),
    /// Pages that are not what their commands print.
    #[error("pages of the guide are not what their commands print; `cargo xtask guide` writes them anew")]
    Differs,
    /// The book.
    #[error("the book cannot be built")]
    Book,
}

/// Writes or checks the pages and builds the book.
pub(crate) fn run(args: &GuideArgs) -> Result<(), GuideError> {
    let root = checkout::root();
    if !args.book && !pages(&root, args.check).status()?.success() {
        return Err(GuideError::Differs);
    }
    match book(&root).status()?.success() {
        true => Ok(()),
        false => Err(GuideError::Book),
    }
}

/// The tests of the guide, with the features of the whole workspace, so that nothing is built twice.
fn pages(root: &Path, check: bool) -> Command {
    let mut command = checkout::cargo();
    command
        .args([
            "test",
            "--locked",
            "--workspace",
            "--test",
            "suite",
            "--",
            "guide::",
        ])
        .env("UPDATE", if check { "0" } else { "1" })
        .current_dir(root);
    command
}

fn book(root: &Path) -> Command {
    let target: PathBuf = checkout::target(root);
    let mut command = checkout::cargo();
    command
        .args([
            "run",
            "--quiet",
            "--locked",
            "--manifest-path",
            BUILDER,
            "--target-dir",
        ])
        .arg(target.join("book"))
        .arg("--")
        .arg(root.join(GUIDE))
        .arg(target.join("guide"))
        .current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_writes_nothing() {
        let update = |check: bool| {
            let command = pages(Path::new("."), check);
            let set = command.get_envs().find(|(k, _)| *k == "UPDATE");
            set.and_then(|(_, v)| v).map(std::ffi::OsStr::to_owned)
        };
        assert_eq!(update(true), Some("0".into()));
        assert_eq!(update(false), Some("1".into()));
    }

    #[test]
    fn the_builder_and_the_guide_are_there() {
        let root = checkout::root();
        assert!(root.join(BUILDER).is_file() && root.join(GUIDE).join("book.toml").is_file());
    }
}
