//! Frictionless Data Packages (version 1): a folder with `datapackage.json` and CSV tables.
//!
//! The module reads packages as tables of text and validates them: bytes and hashes, header, types and
//! constraints, primary keys, foreign keys. What a table means is the business of the loader. Everything
//! but [`Package::open`] and [`Package::bytes`] works on bytes in memory.

mod descriptor;
mod error;
mod format;
mod table;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use descriptor::{
    Constraints, Descriptor, Field, FieldType, ForeignKey, Licence, Reference, Resource, Schema, Source,
};
pub use error::{Fault, FaultKind, PackageError};
pub use format::{Format, describe, format_of};
pub use table::{Row, Table, parse_table};
pub use validate::{check_bytes, check_foreign_keys, check_rows};

/// The name of the descriptor in the folder of a package.
pub const DESCRIPTOR: &str = "datapackage.json";

/// A data package on disk, with its descriptor in memory.
#[derive(Clone, Debug)]
pub struct Package {
    dir: PathBuf,
    descriptor: Descriptor,
    sha256: String,
}

impl Package {
    /// Reads `datapackage.json` in `dir`.
    ///
    /// # Errors
    ///
    /// [`PackageError::Io`] if it cannot be read, [`PackageError::Descriptor`] if it is not a descriptor.
    pub fn open(dir: &Path) -> Result<Self, PackageError> {
        let path = dir.join(DESCRIPTOR);
        let bytes = read(&path)?;
        let descriptor = serde_json::from_slice(&bytes).map_err(|source| PackageError::Descriptor {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            dir: dir.to_owned(),
            descriptor,
            sha256: sha256(&bytes),
        })
    }

    /// The folder of the package.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The name of the package, which is also its id.
    pub fn name(&self) -> &str {
        &self.descriptor.name
    }

    /// The descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// The SHA-256 of the descriptor's bytes in hexadecimal. The descriptor holds the hashes of all
    /// tables, so this one stands for the whole package.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The resource of that name.
    ///
    /// # Errors
    ///
    /// [`PackageError::NoResource`] with the names there are.
    pub fn resource(&self, name: &str) -> Result<&Resource, PackageError> {
        let found = self
            .descriptor
            .resources
            .iter()
            .find(|resource| resource.name == name);
        found.ok_or_else(|| PackageError::NoResource {
            package: self.name().to_owned(),
            name: name.to_owned(),
            known: self
                .descriptor
                .resources
                .iter()
                .map(|resource| resource.name.clone())
                .collect(),
        })
    }

    /// The bytes of a resource as they are on disk, unchecked.
    ///
    /// # Errors
    ///
    /// [`PackageError::Io`] if they cannot be read.
    pub fn bytes(&self, resource: &Resource) -> Result<Vec<u8>, PackageError> {
        read(&self.dir.join(&resource.path))
    }

    /// The table of that name, after its size, hash and header were compared with the descriptor.
    ///
    /// # Errors
    ///
    /// [`PackageError::NoResource`], [`PackageError::Io`], or [`PackageError::Fault`] with the first fault.
    pub fn table(&self, name: &str) -> Result<Table, PackageError> {
        let resource = self.resource(name)?;
        let bytes = self.bytes(resource)?;
        let file = self.label(resource);
        check_bytes(&file, resource, &bytes)?;
        Ok(parse_table(&file, &resource.schema, &bytes)?)
    }

    /// Every fault of the package: bytes, header, types, constraints, keys, foreign keys.
    ///
    /// # Errors
    ///
    /// Only what keeps a file from being read; faults are in the list.
    pub fn validate(&self) -> Result<Vec<Fault>, PackageError> {
        let (mut faults, mut tables) = (Vec::new(), BTreeMap::new());
        for resource in &self.descriptor.resources {
            let (file, bytes) = (self.label(resource), self.bytes(resource)?);
            faults.extend(check_bytes(&file, resource, &bytes).err());
            match parse_table(&file, &resource.schema, &bytes) {
                Ok(table) => {
                    faults.extend(check_rows(&resource.schema, &table));
                    tables.insert(resource.name.clone(), table);
                }
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(check_foreign_keys(&self.descriptor, &tables));
        Ok(faults)
    }

    /// A resource in messages: `package/path`, never a path of this machine.
    fn label(&self, resource: &Resource) -> String {
        format!("{}/{}", self.name(), resource.path)
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn read(path: &Path) -> Result<Vec<u8>, PackageError> {
    std::fs::read(path).map_err(|source| PackageError::Io {
        path: path.to_owned(),
        source,
    })
}
