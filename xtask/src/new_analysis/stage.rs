//! Several files change together, or none does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be written or put back.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub(super) struct StageError {
    path: PathBuf,
    source: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StageError {
    let path = path.to_owned();
    move |source| StageError { path, source }
}

/// A new text for a file; its path is relative to the root.
pub(super) type Change = (PathBuf, String);

/// Changes that are in place, and what stood there before.
#[derive(Debug, Default)]
pub(super) struct Applied {
    done: Vec<(PathBuf, Option<Vec<u8>>)>,
    folders: Vec<PathBuf>,
}

/// Writes all texts into one hidden folder, then renames one after the other into its place. After a failure, what was
/// renamed is put back.
pub(super) fn apply(root: &Path, changes: &[Change]) -> Result<Applied, StageError> {
    let stage = root.join(".new-analysis.new");
    if stage.exists() {
        // Left by a run that was killed.
        fs::remove_dir_all(&stage).map_err(at(&stage))?;
    }
    let mut applied = Applied::default();
    let result = fill(&stage, changes).and_then(|()| applied.put(root, &stage, changes));
    let removed = fs::remove_dir_all(&stage).map_err(at(&stage));
    match result.and(removed) {
        Ok(()) => Ok(applied),
        Err(error) => {
            applied.undo()?;
            Err(error)
        }
    }
}

fn fill(stage: &Path, changes: &[Change]) -> Result<(), StageError> {
    fs::create_dir(stage).map_err(at(stage))?;
    for (number, (_, text)) in changes.iter().enumerate() {
        let file = stage.join(number.to_string());
        fs::write(&file, text).map_err(at(&file))?;
    }
    Ok(())
}

impl Applied {
    fn put(&mut self, root: &Path, stage: &Path, changes: &[Change]) -> Result<(), StageError> {
        for (number, (path, _)) in changes.iter().enumerate() {
            let target = root.join(path);
            self.make_folder(target.parent().unwrap_or(root))?;
            let before = match fs::read(&target) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(at(&target)(error)),
            };
            fs::rename(stage.join(number.to_string()), &target).map_err(at(&target))?;
            self.done.push((target, before));
        }
        Ok(())
    }

    fn make_folder(&mut self, folder: &Path) -> Result<(), StageError> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make_folder(parent)?;
        }
        fs::create_dir(folder).map_err(at(folder))?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    /// Puts everything back, the last change first.
    pub(super) fn undo(self) -> Result<(), StageError> {
        for (path, before) in self.done.into_iter().rev() {
            match before {
                Some(bytes) => fs::write(&path, bytes),
                None => fs::remove_file(&path),
            }
            .map_err(at(&path))?;
        }
        for folder in self.folders.into_iter().rev() {
            fs::remove_dir(&folder).map_err(at(&folder))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn contents(root: &Path, inside: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(root.join(inside)).unwrap() {
            let name = format!("{inside}{}", entry.unwrap().file_name().to_str().unwrap());
            if root.join(&name).is_dir() {
                found.insert(format!("{name}/"), String::new());
                found.extend(contents(root, &format!("{name}/")));
            } else {
                let text = fs::read_to_string(root.join(&name)).unwrap();
                found.insert(name, text);
            }
        }
        found
    }

    fn changes(paths: &[&str]) -> Vec<Change> {
        paths
            .iter()
            .map(|p| (PathBuf::from(p), format!("new {p}")))
            .collect()
    }

    #[test]
    fn changes_are_made_together_and_can_be_undone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list"), "old").unwrap();
        // A run that was killed left this.
        fs::create_dir(folder.path().join(".new-analysis.new")).unwrap();
        let before = BTreeMap::from([("list".to_owned(), "old".to_owned())]);
        let applied = apply(folder.path(), &changes(&["a/b/c", "list"])).unwrap();
        let names: Vec<String> = contents(folder.path(), "").into_keys().collect();
        assert_eq!(names, ["a/", "a/b/", "a/b/c", "list"]);
        assert_eq!(contents(folder.path(), "")["list"], "new list");
        applied.undo().unwrap();
        assert_eq!(contents(folder.path(), ""), before);
    }

    #[test]
    fn a_failure_half_way_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list"), "old").unwrap();
        fs::create_dir(folder.path().join("taken")).unwrap();
        let before = contents(folder.path(), "");
        // A folder stands where the last file should go.
        let error = apply(folder.path(), &changes(&["a/b", "list", "taken"])).unwrap_err();
        assert!(error.to_string().contains("taken"), "{error}");
        assert_eq!(contents(folder.path(), ""), before);
    }
}
