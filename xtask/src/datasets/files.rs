//! Files and folders of packages.

use std::fs;
use std::path::{Path, PathBuf};

use super::DatasetsError;

fn wrap(path: &Path) -> impl Fn(std::io::Error) -> DatasetsError {
    move |source| DatasetsError::Io {
        path: path.to_owned(),
        source,
    }
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, DatasetsError> {
    fs::read(path).map_err(wrap(path))
}

/// Writes a file through a temporary one, unless it holds these bytes already.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<(), DatasetsError> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(wrap(folder))?;
    }
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(wrap(&temporary))?;
    fs::rename(&temporary, path).map_err(wrap(path))
}

/// Removes a file that may not exist.
pub(crate) fn remove(path: &Path) -> Result<(), DatasetsError> {
    if path.exists() {
        fs::remove_file(path).map_err(wrap(path))
    } else {
        Ok(())
    }
}

/// The names in a folder, sorted.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, DatasetsError> {
    let listing = fs::read_dir(dir).map_err(wrap(dir))?;
    let mut paths = listing
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrap(dir))?;
    paths.sort();
    Ok(paths)
}

/// The folders of packages: those that hold a descriptor.
pub(crate) fn folders(datasets: &Path) -> Result<Vec<PathBuf>, DatasetsError> {
    let hidden = |path: &Path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    let packages = entries(datasets)?
        .into_iter()
        .filter(|path| !hidden(path) && path.join(quyu_io::package::DESCRIPTOR).is_file());
    Ok(packages.collect())
}

/// The CSV tables of a package, relative to its folder, with `/`.
pub(crate) fn tables(dir: &Path) -> Result<Vec<String>, DatasetsError> {
    let mut found = Vec::new();
    for path in entries(dir)? {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            found.extend(tables(&path)?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else if name.ends_with(".csv") {
            found.push(name);
        }
    }
    Ok(found)
}

/// A table as bytes: LF, and quotes only where they are needed.
pub(crate) fn csv_bytes<'a>(header: &[&str], rows: impl IntoIterator<Item = Vec<&'a str>>) -> Vec<u8> {
    let mut text = String::new();
    push_line(&mut text, header);
    for row in rows {
        push_line(&mut text, &row);
    }
    text.into_bytes()
}

fn push_line(text: &mut String, cells: &[&str]) {
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

/// A package that is being replaced. The new one is filled as `.<id>.new`; [`Swap::finish`] renames the
/// old one to `.<id>.old`, the new one into its place, and removes the old one.
pub(crate) struct Swap {
    new: PathBuf,
    old: PathBuf,
    place: PathBuf,
}

impl Swap {
    /// Repairs what a kill left behind and opens an empty folder.
    ///
    /// # Errors
    ///
    /// [`DatasetsError::Io`].
    pub(crate) fn begin(datasets: &Path, id: &str) -> Result<Self, DatasetsError> {
        let swap = Self {
            new: datasets.join(format!(".{id}.new")),
            old: datasets.join(format!(".{id}.old")),
            place: datasets.join(id),
        };
        if swap.old.exists() && !swap.place.exists() {
            fs::rename(&swap.old, &swap.place).map_err(wrap(&swap.place))?;
        }
        for leftover in [&swap.new, &swap.old] {
            if leftover.exists() {
                fs::remove_dir_all(leftover).map_err(wrap(leftover))?;
            }
        }
        fs::create_dir_all(&swap.new).map_err(wrap(&swap.new))?;
        Ok(swap)
    }

    /// The folder that is being filled.
    pub(crate) fn folder(&self) -> &Path {
        &self.new
    }

    /// Writes a file into it.
    ///
    /// # Errors
    ///
    /// [`DatasetsError::Io`].
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), DatasetsError> {
        write_if_changed(&self.new.join(path), bytes)
    }

    /// Puts the new folder into its place.
    ///
    /// # Errors
    ///
    /// [`DatasetsError::Io`].
    pub(crate) fn finish(self) -> Result<(), DatasetsError> {
        if self.place.exists() {
            fs::rename(&self.place, &self.old).map_err(wrap(&self.old))?;
        }
        fs::rename(&self.new, &self.place).map_err(wrap(&self.place))?;
        if self.old.exists() {
            fs::remove_dir_all(&self.old).map_err(wrap(&self.old))?;
        }
        Ok(())
    }
}
