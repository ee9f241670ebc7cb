//! Small files and folders, as a whole.

use std::io::{Error, ErrorKind, Result};
use std::path::Path;

/// The text of a file, without a byte order mark.
///
/// # Errors
/// What the system says; of the kind `InvalidData` where the file is not UTF-8, of `IsADirectory` where it is a folder.
///
/// ```
/// let error = quyu_io::files::text(std::path::Path::new("no/such/file")).unwrap_err();
/// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
/// ```
pub fn text(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(Error::from(ErrorKind::IsADirectory));
    }
    let bytes = std::fs::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// The names in a folder, in order.
///
/// # Errors
/// What the system says.
///
/// ```
/// let error = quyu_io::files::names(std::path::Path::new("no/such/folder")).unwrap_err();
/// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
/// ```
pub fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_utf8_and_names_are_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("b", &b"\xEF\xBB\xBFtext"[..]), ("a", &b"\xFF"[..])] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        assert_eq!(names(folder.path()).unwrap(), ["a", "b"]);
        assert_eq!(text(&folder.path().join("b")).unwrap(), "text");
        assert_eq!(
            text(&folder.path().join("a")).unwrap_err().kind(),
            ErrorKind::InvalidData
        );
        assert_eq!(text(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
    }
}
