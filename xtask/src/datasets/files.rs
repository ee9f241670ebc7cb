//! Files and folders of packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use quyu_io::package::DESCRIPTOR;

use super::DatasetsError;

/// The files of a package by their path in it, with `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

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

/// Removes a file.
pub(crate) fn remove(path: &Path) -> Result<(), DatasetsError> {
    fs::remove_file(path).map_err(wrap(path))
}

/// Makes a folder that may exist already.
pub(crate) fn make_folder(path: &Path) -> Result<(), DatasetsError> {
    fs::create_dir_all(path).map_err(wrap(path))
}

/// What a folder holds, sorted.
pub(crate) fn entries(dir: &Path) -> Result<Vec<PathBuf>, DatasetsError> {
    let listing = fs::read_dir(dir).map_err(wrap(dir))?;
    let paths = listing.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(wrap(dir))?;
    paths.sort();
    Ok(paths)
}

/// The last part of a path.
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The folders of packages: those that hold a descriptor.
pub(crate) fn folders(datasets: &Path) -> Result<Vec<PathBuf>, DatasetsError> {
    let packages = entries(datasets)?.into_iter();
    let packages = packages.filter(|path| !name(path).starts_with('.') && path.join(DESCRIPTOR).is_file());
    Ok(packages.collect())
}

/// All files below a folder.
pub(crate) fn read_all(dir: &Path) -> Result<Files, DatasetsError> {
    let mut files = Files::new();
    for path in entries(dir)? {
        if path.is_dir() {
            let inner = read_all(&path)?.into_iter();
            files.extend(inner.map(|(below, bytes)| (format!("{}/{below}", name(&path)), bytes)));
        } else {
            files.insert(name(&path), read(&path)?);
        }
    }
    Ok(files)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let bytes = csv_bytes(&["a", "b"], [vec!["1,5", "say \"x\""], vec!["", "plain text"]]);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "a,b\n\"1,5\",\"say \"\"x\"\"\"\n,plain text\n"
        );
    }
}
