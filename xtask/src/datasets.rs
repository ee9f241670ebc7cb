//! `cargo xtask datasets [--check]`: keeps the data packages in step with the codebook, and checks them.

mod check;
mod facts;
mod files;
mod identities;
mod rules;
mod subset;

use std::path::{Path, PathBuf};

use clap::Args;
use quyu_io::atomic;
use quyu_io::package::{DESCRIPTOR, Descriptor, Fault, Licence, PackageError, Source, describe, format_of};
use serde::Deserialize;

pub(crate) use self::files::{Files, csv_bytes};
pub(crate) use self::subset::load;

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
    /// A file or folder could not be replaced.
    #[error(transparent)]
    Write(#[from] atomic::WriteError),
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
    #[error("the data packages are not as they should be: {count} fault(s)")]
    Failed {
        /// How many.
        count: usize,
    },
    /// A table that should be there.
    #[error("no table {path}")]
    NoTable {
        /// The table.
        path: String,
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
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_owned)
        .join("datasets")
}

/// The master codebook.
pub(crate) fn master(datasets: &Path) -> Result<Files, DatasetsError> {
    files::read_all(&datasets.join(subset::CODEBOOK))
}

/// A package with everything that is generated: the codebook subset and the descriptor. The master itself
/// has no subset.
pub(crate) fn complete(master: &Files, mut package: Files) -> Result<Files, DatasetsError> {
    if package.contains_key("indicators.csv") {
        return with_descriptor(package);
    }
    package.retain(|path, _| !path.starts_with(&format!("{}/", subset::CODEBOOK)));
    let subset = subset::compute(master, &package)?;
    package.extend(subset);
    with_descriptor(package)
}

/// The package with the descriptor that fits its tables, under the head that it has.
fn with_descriptor(mut package: Files) -> Result<Files, DatasetsError> {
    let wrap = |source| {
        DatasetsError::from(PackageError::Descriptor {
            path: DESCRIPTOR.into(),
            source,
        })
    };
    let head = package.get(DESCRIPTOR).map_or(&[][..], Vec::as_slice);
    let head: Head = serde_json::from_slice(head).map_err(wrap)?;
    let mut resources = Vec::new();
    for (path, bytes) in package.iter().filter(|(path, _)| path.ends_with(".csv")) {
        let format = format_of(&head.name, path).ok_or_else(|| DatasetsError::UnknownTable {
            package: head.name.clone(),
            path: path.clone(),
        })?;
        resources.push(describe(format, path, bytes));
    }
    let descriptor = Descriptor {
        name: head.name,
        title: head.title,
        description: head.description,
        version: head.version,
        profile: "tabular-data-package".to_owned(),
        licenses: head.licenses,
        sources: subset::sources(&package)?.unwrap_or(head.sources),
        resources,
    };
    let mut text = serde_json::to_string_pretty(&descriptor).map_err(wrap)?;
    text.push('\n');
    package.insert(DESCRIPTOR.to_owned(), text.into_bytes());
    Ok(package)
}

/// Puts a whole package into its place, unless it stands there already.
pub(crate) fn replace(datasets: &Path, id: &str, package: Files) -> Result<(), DatasetsError> {
    let place = datasets.join(id);
    files::make_folder(&place)?;
    if files::read_all(&place)? == package {
        return Ok(());
    }
    let owned: Vec<_> = files::entries(&place)?
        .iter()
        .map(|path| files::name(path))
        .collect();
    let owned: Vec<_> = owned.iter().map(String::as_str).collect();
    let files: Vec<_> = package
        .into_iter()
        .map(|(path, bytes)| (PathBuf::from(path), bytes))
        .collect();
    Ok(atomic::replace_folder(&place, &owned, &files)?)
}

/// Writes the generated files of the package in `dir`, as far as they have changed.
fn refresh(master: &Files, dir: &Path) -> Result<(), DatasetsError> {
    let standing = files::read_all(dir)?;
    let wanted = complete(master, standing.clone())?;
    for (path, bytes) in wanted
        .iter()
        .filter(|(path, bytes)| standing.get(*path) != Some(*bytes))
    {
        let file = dir.join(path);
        files::make_folder(file.parent().unwrap_or(dir))?;
        atomic::write_file(&file, bytes)?;
    }
    for path in standing.keys().filter(|path| !wanted.contains_key(*path)) {
        files::remove(&dir.join(path))?;
    }
    Ok(())
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
        return if report.faults == 0 {
            Ok(())
        } else {
            Err(DatasetsError::Failed { count: report.faults })
        };
    }
    atomic::repair(&datasets)?;
    let master = master(&datasets)?;
    for dir in files::folders(&datasets)? {
        refresh(&master, &dir)?;
    }
    Ok(())
}
