//! The checkout that a task works on.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout that cargo runs this from: right also from a subfolder and by --manifest-path.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    package.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The target folder in which this program was built.
pub(crate) fn target(root: &Path) -> PathBuf {
    let program = std::env::current_exe().ok();
    let built = program.and_then(|p| Some(p.parent()?.parent()?.to_owned()));
    built.unwrap_or_else(|| root.join("target"))
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The files that belong to the project, relative to the root and in order: what git tracks or would add. Where
/// there is no git, everything but build products and hidden folders.
pub(crate) fn files(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let git = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let mut files = match git {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout)
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .collect(),
        _ => walked(root)?,
    };
    // A file that was deleted and not yet committed is still in the index.
    files.retain(|file| root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// All files below a folder but build products and hidden folders, in order.
pub(crate) fn walked(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(root, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(root: &Path, inside: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root.join(inside))? {
        let entry = entry?;
        let path = inside.join(entry.file_name());
        let name = entry.file_name().to_string_lossy().into_owned();
        let product =
            name == ".git" || (inside.as_os_str().is_empty() && name == "target") || name.ends_with(".new");
        if entry.path().is_dir() && !product {
            walk(root, &path, found)?;
        } else if entry.path().is_file() {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_without_git() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("a.rs", ""),
            ("target/b", ""),
            ("crates/c/target/d.rs", ""),
            (".git/e", ""),
        ] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        assert_eq!(
            walked(folder.path()).unwrap(),
            [PathBuf::from("a.rs"), PathBuf::from("crates/c/target/d.rs")]
        );
    }

    #[test]
    fn the_root_holds_the_six_folders() {
        for name in ["benches", "crates", "datasets", "reports", "tests", "xtask"] {
            assert!(root().join(name).is_dir(), "{name}");
        }
    }
}
