//! axe-core, the checker of accessibility: fetched by npm at the version and hash of the lock file, into the target
//! folder, once.

use std::path::Path;
use std::process::Command;

use super::{SiteError, io};
use crate::checkout;

/// The script that npm installs.
const SCRIPT: &str = "node_modules/axe-core/axe.min.js";

/// The text of the script.
pub(super) fn source(root: &Path) -> Result<String, SiteError> {
    let folder = checkout::target(root).join("site-check");
    std::fs::create_dir_all(&folder).map_err(io(&folder))?;
    let mut fresh = folder.join(SCRIPT).is_file();
    for name in ["package.json", "package-lock.json"] {
        let (from, to) = (root.join("tests").join("site").join(name), folder.join(name));
        let bytes = std::fs::read(&from).map_err(io(&from))?;
        if !std::fs::read(&to).is_ok_and(|there| there == bytes) {
            std::fs::write(&to, bytes).map_err(io(&to))?;
            fresh = false;
        }
    }
    if !fresh {
        install(&folder)?;
    }
    let script = folder.join(SCRIPT);
    std::fs::read_to_string(&script).map_err(io(&script))
}

/// `npm ci` fails where what it fetched has not the hash of the lock file.
fn install(folder: &Path) -> Result<(), SiteError> {
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .output();
    match npm {
        Ok(out) if out.status.success() => Ok(()),
        Ok(out) => Err(SiteError::Npm(String::from_utf8_lossy(&out.stderr).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(SiteError::Missing(
            "npm is not installed (on Debian: apt-get install npm)".to_owned(),
        )),
        Err(error) => Err(SiteError::Npm(error.to_string())),
    }
}
