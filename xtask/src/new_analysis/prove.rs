//! `cargo xtask new-analysis --check`: what the command writes compiles, is formatted, passes the lints and keeps the
//! contract. It is run on a copy of the tree, into a crate that exists and into a new one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{NewAnalysisError, scaffold};
use crate::checkout;

/// How the copy is built: it shares the compiled dependencies, and is kept, so that a second proof compiles only what
/// changed. The numerics are not optimised in it: the toy data are small.
///
/// The level of debug information must differ from that of the tree: cargo names the crates of a workspace by their path
/// inside it, and without a difference in the profile the copy's crates would be taken for those of the tree.
/// Dependencies have a level of their own in `Cargo.toml`, so that this one does not touch them.
const PROFILE: [&str; 6] = [
    "--config",
    "profile.dev.debug=\"line-directives-only\"",
    "--config",
    "profile.dev.package.quyu-econometrics.opt-level=0",
    "--config",
    "profile.dev.package.quyu-math.opt-level=0",
];

/// Scaffolds in a copy and runs the contract suite there.
pub(super) fn prove(root: &Path) -> Result<(), NewAnalysisError> {
    let target = checkout::target(root);
    let copy = target.join("new-analysis");
    mirror(root, &copy)?;
    scaffold(&copy, "quyu-summary", "scaffold-joined", false)?;
    scaffold(&copy, "quyu-scaffold", "scaffold-founded", true)?;
    let mut format = vec!["fmt", "--check"];
    for package in ["quyu-summary", "quyu-scaffold", "quyu-catalog"] {
        format.extend(["--package", package]);
    }
    cargo(&copy, &target, &format)?;
    let mut test = PROFILE.to_vec();
    test.extend(["test", "--locked", "--workspace", "--test", "all", "contract"]);
    cargo(&copy, &target, &test)
}

/// Makes the copy equal to the tree, and touches only what differs. Reports are left out: nothing here reads them.
fn mirror(root: &Path, copy: &Path) -> Result<(), NewAnalysisError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| NewAnalysisError::Read { path, source }
    };
    let files = checkout::files(root).map_err(failed(root))?;
    let wanted: BTreeSet<PathBuf> = files.into_iter().filter(|f| !f.starts_with("reports")).collect();
    for file in &wanted {
        let (from, to) = (root.join(file), copy.join(file));
        let bytes = std::fs::read(&from).map_err(failed(&from))?;
        if std::fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        let folder = to.parent().unwrap_or(copy);
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        std::fs::write(&to, bytes).map_err(failed(&to))?;
    }
    for file in checkout::walked(copy).map_err(failed(copy))? {
        if !wanted.contains(&file) {
            std::fs::remove_file(copy.join(&file)).map_err(failed(&copy.join(&file)))?;
        }
    }
    Ok(())
}

fn cargo(copy: &Path, target: &Path, args: &[&str]) -> Result<(), NewAnalysisError> {
    let failed = |message: String| NewAnalysisError::Program {
        program: "cargo",
        message,
    };
    let status = checkout::cargo()
        .args(args)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(format!(
            "`cargo {}` in a copy with two new analyses: {status}",
            args.join(" ")
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_follows_the_tree_and_forgets_what_is_gone() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |file: &str, text: &str| {
            let path = from.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("a.rs", "one");
        write("crates/b.rs", "two");
        write("reports/c.md", "three");
        mirror(from.path(), to.path()).unwrap();
        std::fs::write(to.path().join("crates/scaffold.rs"), "left").unwrap();
        let stamp = std::fs::metadata(to.path().join("a.rs"))
            .unwrap()
            .modified()
            .unwrap();
        write("crates/b.rs", "changed");
        mirror(from.path(), to.path()).unwrap();
        assert_eq!(
            checkout::walked(to.path()).unwrap(),
            [PathBuf::from("a.rs"), PathBuf::from("crates/b.rs")]
        );
        assert_eq!(
            std::fs::read_to_string(to.path().join("crates/b.rs")).unwrap(),
            "changed"
        );
        assert_eq!(
            std::fs::metadata(to.path().join("a.rs"))
                .unwrap()
                .modified()
                .unwrap(),
            stamp
        );
    }
}
