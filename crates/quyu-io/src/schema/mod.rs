//! Table Schema of Frictionless Data: what somebody says that a table holds, and where it does not.
//!
//! [`open`] finds the schema of a table in `datapackage.json` or in a file of its own, [`check()`] compares. Everything that is wrong is
//! told, each with its row and column. [`crate::package`] reads the project's own packages, which use a part of the specification.

mod check;
mod form;
mod types;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::table::fault::Spot;
use crate::table::{Encoding, Place, Raw, ReadOptions, Source, TableError};

pub use check::check;
pub use form::{Constraints, Dialect, Field, ForeignKey, Kind, TableSchema};

/// A schema, and the tables that its foreign keys lead to.
#[derive(Debug, Clone)]
pub struct Schema {
    /// What the table should hold.
    pub table: TableSchema,
    /// How the resource says that its file is written.
    pub dialect: Dialect,
    /// Tables of the same package by name, as far as foreign keys name them.
    pub others: BTreeMap<String, Raw>,
}

/// Why there is no schema to check against.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not JSON of the right form.
    #[error("{}: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the reader said, with line and column.
        source: serde_json::Error,
    },
    /// It is JSON, and neither a package, a resource nor a schema.
    #[error("{} has neither `resources` nor `fields`: it is no data package and no Table Schema", path.display())]
    Neither {
        /// The file.
        path: PathBuf,
    },
    /// The package has several tables and none is called so.
    #[error("the package has no table `{name}`; it has {}", known.join(", "))]
    NoResource {
        /// What was looked for: a name, or the name of the file.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The schema contradicts itself.
    #[error("{reason}")]
    Senseless {
        /// How.
        reason: String,
    },
    /// A table that a foreign key leads to.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A difference between a table and its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What.
    pub what: What,
    /// Where, if it is in one field.
    pub place: Option<Place>,
    /// The column, or the columns of a key.
    pub column: String,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum What {
    /// A field of the schema that the table does not have.
    #[error("the schema has a field `{name}`, the table no such column")]
    NoColumn {
        /// The field.
        name: String,
    },
    /// A column that the schema does not have.
    #[error("the table has a column `{name}`, the schema no such field")]
    NoField {
        /// The column.
        name: String,
    },
    /// The columns stand in another order.
    #[error(
        "the columns stand in another order than the fields: `{found}` is where `{expected}` is expected"
    )]
    Order {
        /// The column there.
        found: String,
        /// The field there.
        expected: String,
    },
    /// A field that must be filled in.
    #[error("the field is empty, and the schema requires it")]
    Empty,
    /// A text that is not of the type.
    #[error("`{text}` is not {kind}")]
    Type {
        /// The text.
        text: String,
        /// The type with its article.
        kind: String,
    },
    /// A value that breaks a constraint.
    #[error("`{text}` is not {constraint}")]
    Constraint {
        /// The text.
        text: String,
        /// What it should be.
        constraint: String,
    },
    /// A value or key that an earlier row has.
    #[error("the {what} `{key}` stands in {first} already")]
    Repeated {
        /// `value` or `key`.
        what: &'static str,
        /// It.
        key: String,
        /// The first one.
        first: Spot,
    },
    /// A reference that leads nowhere.
    #[error("`{key}` is not in the {target}")]
    Lost {
        /// The reference.
        key: String,
        /// Columns and table that it refers to.
        target: String,
    },
}

/// Finds the schema of a table: in a data package the resource of that name, or whose path ends in the name of the file, or the only
/// one; else the file is a resource or a Table Schema by itself.
///
/// # Errors
/// [`SchemaError`].
pub fn open(path: &Path, file: &str, resource: Option<&str>) -> Result<Schema, SchemaError> {
    let descriptor = form::read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    if descriptor.resources.is_empty() {
        let table = descriptor.alone(path, folder)?;
        let dialect = descriptor.dialect;
        table.sensible()?;
        return Ok(Schema {
            table,
            dialect,
            others: BTreeMap::new(),
        });
    }
    let wanted = resource.unwrap_or(file).to_owned();
    let one = descriptor.resources.len() == 1 && resource.is_none();
    let found = descriptor.resources.iter().find(|r| match resource {
        Some(name) => r.name == name,
        None => one || r.file_name().is_some_and(|n| n == wanted),
    });
    let found = found.ok_or_else(|| SchemaError::NoResource {
        name: wanted.clone(),
        known: descriptor.resources.iter().map(|r| r.name.clone()).collect(),
    })?;
    let table = found.schema(path, folder)?;
    table.sensible()?;
    let mut others = BTreeMap::new();
    for key in &table.foreign_keys {
        let name = &key.reference.resource;
        if name.is_empty() || *name == found.name || others.contains_key(name) {
            continue;
        }
        let other = descriptor.resources.iter().find(|r| r.name == *name);
        let other = other.ok_or_else(|| SchemaError::Senseless {
            reason: format!("a foreign key leads to the table `{name}`, which the package does not have"),
        })?;
        let file = other.path().ok_or_else(|| SchemaError::Senseless {
            reason: format!("the table `{name}` has no path, so its keys cannot be looked up"),
        })?;
        let options = other.dialect.options(&other.encoding);
        let raw = Raw::read(Source::File(folder.join(file)).read()?, &options)?;
        others.insert(name.clone(), raw);
    }
    let dialect = Dialect {
        encoding: found.encoding.clone(),
        ..found.dialect.clone()
    };
    // A reference to the table by its own name is one to itself.
    let mut table = table;
    for key in &mut table.foreign_keys {
        if key.reference.resource == found.name {
            key.reference.resource.clear();
        }
    }
    Ok(Schema {
        table,
        dialect,
        others,
    })
}

impl Dialect {
    /// How the resource says that its file is read.
    pub fn options(&self, encoding: &str) -> ReadOptions {
        let one = |text: &Option<String>| text.as_ref().and_then(|t| <[u8; 1]>::try_from(t.as_bytes()).ok());
        let default = ReadOptions::default();
        ReadOptions {
            delimiter: one(&self.delimiter).map(|[b]| b),
            quote: one(&self.quote_char).map_or(default.quote, |[b]| b),
            encoding: Encoding::parse(encoding).unwrap_or_default(),
            header: self.header,
            ..default
        }
    }
}
