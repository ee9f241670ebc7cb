//! `cargo xtask datasets [--check]`: keeps the data packages in step with the codebook, and checks them.

mod check;
mod facts;
mod files;
mod identities;
mod rules;
mod subset;

use std::path::{Path, PathBuf};

use clap::Args;
use quyu_io::package::{DESCRIPTOR, Descriptor, Fault, Licence, Package, PackageError, Source, describe, format_of};
use serde::Deserialize;

pub(crate) use self::files::Swap;
pub(crate) use self::files::csv_bytes;

/// Arguments of `cargo xtask datasets`.
#[derive(Debug, Args)]
pub(crate) struct DatasetsArgs {
    /// Write nothing; fail if a package is not as it should be.
    #[arg(long)]
    pub(crate) check: bool,
}

/// What can go wrong with the data packages.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatasetsError {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A package or a table could not be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A table is not what it should be.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A list is not well-formed CSV.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the reader said, with the line.
        source: csv::Error,
    },
    /// The check found something wrong; every fault has been printed.
    #[error("the data packages have {count} faults")]
    Failed {
        /// How many.
        count: usize,
    },
    /// A table whose format is not known.
    #[error("{package}/{path}: no format is known for this table")]
    UnknownTable {
        /// The package.
        package: String,
        /// The table.
        path: String,
    },
}

/// The part of a descriptor that is written by hand.
#[derive(Debug, Deserialize)]
struct Head {
    name: String,
    title: String,
    description: String,
    version: String,
    licenses: Vec<Licence>,
    #[serde(default)]
    sources: Vec<Source>,
}

/// The folder of all packages.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned).join("datasets")
}

/// Writes the codebook subset and the descriptor of the package in `dir`.
///
/// # Errors
///
/// A table that cannot be read, or whose format is not known.
pub(crate) fn refresh(datasets: &Path, dir: &Path) -> Result<(), DatasetsError> {
    subset::write(datasets, dir)?;
    files::write_if_changed(&dir.join(DESCRIPTOR), &descriptor(dir)?)
}

/// The descriptor that fits the tables in `dir`, under the head that stands there.
fn descriptor(dir: &Path) -> Result<Vec<u8>, DatasetsError> {
    let path = dir.join(DESCRIPTOR);
    let wrap = |source| DatasetsError::from(PackageError::Descriptor { path: path.clone(), source });
    let head: Head = serde_json::from_slice(&files::read(&path)?).map_err(wrap)?;
    let mut resources = Vec::new();
    for table in files::tables(dir)? {
        let format = format_of(&head.name, &table).ok_or_else(|| DatasetsError::UnknownTable {
            package: head.name.clone(),
            path: table.clone(),
        })?;
        resources.push(describe(format, &table, &files::read(&dir.join(&table))?));
    }
    let descriptor = Descriptor {
        name: head.name,
        title: head.title,
        description: head.description,
        version: head.version,
        profile: "tabular-data-package".to_owned(),
        licenses: head.licenses,
        sources: subset::sources(dir)?.unwrap_or(head.sources),
        resources,
    };
    let mut text = serde_json::to_string_pretty(&descriptor).map_err(wrap)?;
    text.push('\n');
    Ok(text.into_bytes())
}

/// All packages by name.
fn packages(datasets: &Path) -> Result<Vec<Package>, DatasetsError> {
    let mut found = Vec::new();
    for dir in files::folders(datasets)? {
        found.push(Package::open(&dir)?);
    }
    Ok(found)
}

/// Refreshes all packages, or checks them.
///
/// # Errors
///
/// What keeps a package from being read or written; with `--check`, [`DatasetsError::Failed`] if anything
/// is not as it should be, after all of it was printed.
#[expect(clippy::print_stdout, reason = "xtask talks to a person")]
pub(crate) fn run(args: &DatasetsArgs) -> Result<(), DatasetsError> {
    let datasets = folder();
    if args.check {
        let report = check::check(&datasets)?;
        for line in &report.lines {
            println!("{line}");
        }
        return if report.faults == 0 { Ok(()) } else { Err(DatasetsError::Failed { count: report.faults }) };
    }
    for dir in files::folders(&datasets)? {
        refresh(&datasets, &dir)?;
    }
    Ok(())
}
