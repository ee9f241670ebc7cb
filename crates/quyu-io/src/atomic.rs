//! Writing that survives a kill: what is read afterwards is the old state or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A write that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

trait At<T> {
    fn at(self, path: &Path) -> Result<T, WriteError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, WriteError> {
        self.map_err(|source| WriteError {
            path: path.to_owned(),
            source,
        })
    }
}

/// Is held while anything is written.
static WRITING: Mutex<()> = Mutex::new(());

fn writing() -> MutexGuard<'static, ()> {
    // A thread that died while it wrote left what a kill leaves.
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until no file is being written and lets none be begun while the guard lives: a program that ends then leaves nothing
/// half-written.
///
/// ```
/// let all_is_whole = quyu_io::atomic::pause();
/// drop(all_is_whole);
/// ```
pub fn pause() -> Pause {
    Pause(writing())
}

/// Nothing is written while it lives: see [`pause`].
#[derive(Debug)]
pub struct Pause(#[expect(dead_code, reason = "held, not looked at")] MutexGuard<'static, ()>);

/// Is asked before every step on the disk; tests stop there, as a kill would.
type Gate<'a> = &'a mut dyn FnMut() -> io::Result<()>;

/// Writes a file under a temporary name in its folder, syncs it and renames it.
///
/// # Errors
/// [`WriteError`]; the old file is then untouched.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let _held = writing();
    let temporary = beside(path, "new");
    sync_write(&temporary, bytes)?;
    fs::rename(&temporary, path).at(path)?;
    sync_folder(parent(path))
}

/// Makes a folder and those above it, if they are not there.
///
/// # Errors
/// [`WriteError`].
pub fn make_folder(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).at(path)
}

/// What is there already when a file is to be written for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and fail.
    Keep,
    /// Replace it, if it is a file.
    Replace,
}

/// Writes a file that somebody asked for: whole or not at all. A folder, device or pipe is never replaced, and nothing is left
/// of a write that fails.
///
/// # Errors
/// [`WriteError`] of the kind `AlreadyExists` where [`Existing::Keep`] finds something; what is there is then untouched.
pub fn write_asked(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), WriteError> {
    let _held = writing();
    let there = fs::symlink_metadata(path).ok();
    let refused = match (&there, existing) {
        (None, _) => None,
        (Some(_), Existing::Keep) => Some(io::ErrorKind::AlreadyExists),
        (Some(meta), Existing::Replace) if meta.is_dir() => Some(io::ErrorKind::IsADirectory),
        (Some(meta), Existing::Replace) if !meta.is_file() => Some(io::ErrorKind::InvalidInput),
        (Some(_), Existing::Replace) => None,
    };
    if let Some(kind) = refused {
        return Err(io::Error::from(kind)).at(path);
    }
    let temporary = beside(path, &format!("{}.new", std::process::id()));
    let done = sync_write(&temporary, bytes).and_then(|()| match existing {
        Existing::Replace => fs::rename(&temporary, path).at(path),
        // A link fails where a file has appeared in the meantime; a rename would replace it.
        Existing::Keep => fs::hard_link(&temporary, path).at(path),
    });
    // After a rename there is nothing left to remove.
    let _ = fs::remove_file(&temporary);
    // The message names the file that was asked for, not the temporary one.
    done.map_err(|error| WriteError {
        path: path.to_owned(),
        source: error.source,
    })?;
    sync_folder(parent(path))
}

/// Replaces a folder as a whole: `files` (paths inside it, bytes) stand for everything under the names in `owned`, and
/// whatever else the folder holds, such as a file written by hand, is carried over.
///
/// `.name.new` is filled and synced, the folder is renamed to `.name.old`, `.name.new` to the folder, `.name.old` is
/// removed. [`repair`] runs first, so that a kill at any step leaves the old folder or the new one, whole.
///
/// # Errors
/// [`WriteError`]; call [`repair`] afterwards.
pub fn replace_folder(target: &Path, owned: &[&str], files: &[(PathBuf, Vec<u8>)]) -> Result<(), WriteError> {
    let _held = writing();
    replace(target, owned, files, &mut || Ok(()))
}

/// The files and folders inside `folder` whose replacement was interrupted.
///
/// # Errors
/// [`WriteError`] if the folder cannot be listed.
pub fn interrupted(folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).at(folder)? {
        let name = entry.at(folder)?.file_name();
        let hidden = name.to_str().and_then(|n| n.strip_prefix('.'));
        let target = hidden.and_then(|n| n.strip_suffix(".new").or_else(|| n.strip_suffix(".old")));
        found.extend(target.filter(|t| !t.is_empty()).map(|t| folder.join(t)));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Brings everything inside `folder` back to a whole state after a kill, and says what was touched.
///
/// # Errors
/// [`WriteError`]; calling it again is safe.
pub fn repair(folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let _held = writing();
    let targets = interrupted(folder)?;
    for target in &targets {
        mend(target, &mut || Ok(()))?;
    }
    Ok(targets)
}

fn replace(
    target: &Path,
    owned: &[&str],
    files: &[(PathBuf, Vec<u8>)],
    gate: Gate<'_>,
) -> Result<(), WriteError> {
    mend(target, gate)?;
    let (new, old) = (beside(target, "new"), beside(target, "old"));
    step(gate, &new, |p| fs::create_dir_all(p))?;
    let stands = target.exists();
    if stands {
        carry_over(target, &new, owned, gate)?;
    }
    for (path, bytes) in files {
        let file = new.join(path);
        step(gate, &file, |p| fs::create_dir_all(parent(p)))?;
        gate().at(&file)?;
        sync_write(&file, bytes)?;
    }
    sync_tree(&new)?;
    if stands {
        step(gate, target, |p| fs::rename(p, &old))?;
    }
    step(gate, target, |p| fs::rename(&new, p))?;
    sync_folder(parent(target))?;
    match stands {
        true => step(gate, &old, |p| fs::remove_dir_all(p)),
        false => Ok(()),
    }
}

fn mend(target: &Path, gate: Gate<'_>) -> Result<(), WriteError> {
    let (new, old) = (beside(target, "new"), beside(target, "old"));
    if !target.exists() && old.exists() {
        // Between the two renames: back to the old state, which is whole in any case.
        step(gate, target, |p| fs::rename(&old, p))?;
    }
    for left in [&old, &new] {
        // Without a target there is nothing that these could be left-overs of: they may be the only copy.
        if left.is_dir() && target.exists() {
            step(gate, left, |p| fs::remove_dir_all(p))?;
        } else if left.is_file() {
            step(gate, left, |p| fs::remove_file(p))?;
        }
    }
    Ok(())
}

fn step(gate: Gate<'_>, path: &Path, act: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), WriteError> {
    gate().and_then(|()| act(path)).at(path)
}

/// Copies what is not owned.
fn carry_over(from: &Path, to: &Path, owned: &[&str], gate: Gate<'_>) -> Result<(), WriteError> {
    for entry in fs::read_dir(from).at(from)? {
        let entry = entry.at(from)?;
        let name = entry.file_name();
        if owned.iter().any(|o| name.as_os_str() == *o) {
            continue;
        }
        copy(&entry.path(), &to.join(&name), gate)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, gate: Gate<'_>) -> Result<(), WriteError> {
    if from.is_dir() {
        step(gate, to, |p| fs::create_dir_all(p))?;
        return carry_over(from, to, &[], gate);
    }
    step(gate, from, |p| fs::copy(p, to).map(|_| ()))?;
    File::open(to).and_then(|f| f.sync_all()).at(to)
}

/// `.name.new` or `.name.old` beside `name`.
fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{what}"))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn sync_write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let mut file = File::create(path).at(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).at(path)
}

fn sync_tree(folder: &Path) -> Result<(), WriteError> {
    for entry in fs::read_dir(folder).at(folder)? {
        let path = entry.at(folder)?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        }
    }
    sync_folder(folder)
}

/// Makes renames in a folder last. Only Unix can open a folder; elsewhere the system does it by itself.
fn sync_folder(folder: &Path) -> Result<(), WriteError> {
    if cfg!(unix) {
        File::open(folder).and_then(|f| f.sync_all()).at(folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const OWNED: [&str; 3] = ["report.md", "tables", "figures"];

    fn file(path: &str, text: &str) -> (PathBuf, Vec<u8>) {
        (PathBuf::from(path), text.as_bytes().to_vec())
    }

    /// A folder with a report, a case and a note that somebody put there by hand.
    fn before(folder: &Path) -> PathBuf {
        let target = folder.join("jiangsu");
        for (path, text) in [
            ("case.toml", "by hand"),
            ("notes/todo.md", "by hand, too"),
            ("report.md", "old"),
            ("tables/gone.csv", "old"),
        ] {
            let path = target.join(path);
            fs::create_dir_all(parent(&path)).unwrap();
            fs::write(path, text).unwrap();
        }
        target
    }

    fn new_files() -> Vec<(PathBuf, Vec<u8>)> {
        vec![
            file("report.md", "new"),
            file("figures/a.svg", "new"),
            file("tables/a.csv", "new"),
        ]
    }

    /// All files below a folder with their contents.
    fn contents(folder: &Path) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                let inner = contents(&path).into_iter();
                all.extend(inner.map(|(k, v)| (format!("{name}/{k}"), v)));
            } else {
                all.insert(name, fs::read_to_string(path).unwrap());
            }
        }
        all
    }

    /// Runs a replacement that is killed after so many steps; says whether it was.
    fn killed_after(steps: usize, act: impl FnOnce(Gate<'_>) -> Result<(), WriteError>) -> bool {
        let mut left = steps;
        let mut gate = || match left.checked_sub(1) {
            Some(fewer) => {
                left = fewer;
                Ok(())
            }
            None => Err(io::Error::other("killed")),
        };
        act(&mut gate).is_err()
    }

    #[test]
    fn a_folder_is_replaced_and_what_is_not_owned_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = before(folder.path());
        replace_folder(&target, &OWNED, &new_files()).unwrap();
        let names: Vec<String> = contents(folder.path()).into_keys().collect();
        let expected = [
            "case.toml",
            "figures/a.svg",
            "notes/todo.md",
            "report.md",
            "tables/a.csv",
        ];
        assert_eq!(names, expected.map(|n| format!("jiangsu/{n}")));
    }

    #[test]
    fn a_kill_at_any_step_leaves_the_old_folder_or_the_new_one() {
        let whole: Vec<BTreeMap<String, String>> = [false, true]
            .map(|replaced| {
                let folder = tempfile::tempdir().unwrap();
                let target = before(folder.path());
                if replaced {
                    replace_folder(&target, &OWNED, &new_files()).unwrap();
                }
                contents(folder.path())
            })
            .into();
        let mut seen = [false, false];
        for steps in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let target = before(folder.path());
            let killed = killed_after(steps, |gate| replace(&target, &OWNED, &new_files(), gate));
            let case = contents(folder.path())
                .into_iter()
                .any(|(k, v)| k.ends_with("case.toml") && v == "by hand");
            assert!(case, "case.toml is lost after {steps} steps");
            repair(folder.path()).unwrap();
            let now = contents(folder.path());
            let state = whole.iter().position(|w| *w == now);
            seen[state.unwrap_or_else(|| panic!("neither old nor new after {steps} steps: {now:?}"))] = true;
            assert!(interrupted(folder.path()).unwrap().is_empty());
            if !killed {
                break;
            }
        }
        assert_eq!(seen, [true, true]);
    }

    #[test]
    fn a_repair_may_be_killed_as_well() {
        for steps in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let target = before(folder.path());
            // The worst moment: the folder is away, both copies are there.
            fs::rename(&target, beside(&target, "old")).unwrap();
            fs::create_dir(beside(&target, "new")).unwrap();
            let killed = killed_after(steps, |gate| mend(&target, gate));
            assert_eq!(repair(folder.path()).unwrap().len(), usize::from(killed));
            assert_eq!(contents(&target)["case.toml"], "by hand");
            assert_eq!(contents(&target)["report.md"], "old");
            if !killed {
                break;
            }
        }
    }

    #[test]
    fn a_file_is_replaced_and_its_left_over_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("README.md");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        fs::write(beside(&path, "new"), "ha").unwrap();
        repair(folder.path()).unwrap();
        assert_eq!(
            contents(folder.path()),
            BTreeMap::from([("README.md".to_owned(), "two".to_owned())])
        );
    }

    #[test]
    fn a_file_that_was_asked_for_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        write_asked(&path, b"one", Existing::Keep).unwrap();
        let kind = |p: &Path, existing| write_asked(p, b"two", existing).unwrap_err().source.kind();
        assert_eq!(kind(&path, Existing::Keep), io::ErrorKind::AlreadyExists);
        assert_eq!(contents(folder.path())["out.csv"], "one");
        write_asked(&path, b"three", Existing::Replace).unwrap();
        assert_eq!(
            contents(folder.path()),
            BTreeMap::from([("out.csv".to_owned(), "three".to_owned())])
        );
        assert_eq!(
            kind(folder.path(), Existing::Replace),
            io::ErrorKind::IsADirectory
        );
        let nowhere = folder.path().join("none").join("a.csv");
        assert_eq!(kind(&nowhere, Existing::Keep), io::ErrorKind::NotFound);
        assert_eq!(contents(folder.path()).len(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("above/report");
        replace_folder(&target, &OWNED, &new_files()).unwrap();
        replace_folder(&target, &OWNED, &new_files()[..1]).unwrap();
        assert_eq!(
            contents(folder.path()),
            BTreeMap::from([("above/report/report.md".to_owned(), "new".to_owned())])
        );
    }

    #[test]
    fn nothing_is_begun_while_writing_is_paused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let paused = pause();
        std::thread::scope(|scope| {
            let write = scope.spawn(|| write_asked(&path, b"one", Existing::Keep));
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert_eq!(contents(folder.path()).len(), 0);
            drop(paused);
            write.join().unwrap().unwrap();
        });
        assert_eq!(contents(folder.path())["a.csv"], "one");
    }

    #[test]
    fn an_error_names_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_file(&folder.path().join("none/a.md"), b"").unwrap_err();
        assert!(error.to_string().contains(".a.md.new"), "{error}");
    }
}
