//! What can be wrong with a package.

use std::path::PathBuf;

/// Why a package or one of its tables cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The descriptor is not JSON of the expected form.
    #[error("{}: {source}", path.display())]
    Descriptor {
        /// The descriptor.
        path: PathBuf,
        /// What the reader said, with line and column.
        source: serde_json::Error,
    },
    /// The package has no resource of that name.
    #[error("package {package} has no table {name:?}; it has {}", known.join(", "))]
    NoResource {
        /// The package.
        package: String,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A table is not what the descriptor says.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A table that is not what its descriptor says, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{}: {kind}", row.map(|row| format!(", row {row}")).unwrap_or_default(),
    column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default())]
pub struct Fault {
    /// The table, as `package/path`.
    pub file: String,
    /// The line of the file, the header being line 1.
    pub row: Option<u64>,
    /// The column, or the columns of a key joined by commas.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The file is longer or shorter than the descriptor says.
    #[error("{found} bytes, the descriptor says {expected}")]
    Bytes {
        /// The length in the descriptor.
        expected: u64,
        /// The length of the file.
        found: u64,
    },
    /// The hash is another one.
    #[error(
        "the table was changed: its hash is sha256:{found}, the descriptor says {expected}; `git diff` shows the change, `cargo xtask datasets` takes it over"
    )]
    Hash {
        /// The hash in the descriptor, with its algorithm.
        expected: String,
        /// The hash of the file.
        found: String,
    },
    /// The file is not well-formed CSV in UTF-8.
    #[error("not well-formed CSV: {message}")]
    Csv {
        /// What the reader said.
        message: String,
    },
    /// A column of the schema is not in the table.
    #[error("the column is missing")]
    MissingColumn,
    /// The table has a column that the schema does not know, or has it in another place.
    #[error("the schema does not have this column here")]
    UnknownColumn,
    /// A cell that must not be empty is empty.
    #[error("the cell is empty")]
    Empty,
    /// A cell is not of the type of its column.
    #[error("{value:?} is not of type {expected}")]
    Type {
        /// The text of the cell.
        value: String,
        /// The type.
        expected: &'static str,
    },
    /// A cell breaks a constraint.
    #[error("{value:?} breaks the constraint {constraint}")]
    Constraint {
        /// The text of the cell.
        value: String,
        /// The constraint in words.
        constraint: String,
    },
    /// A primary key that an earlier row has.
    #[error("the key {key:?} stands in row {first} already")]
    DuplicateKey {
        /// The key, its parts joined by commas.
        key: String,
        /// The earlier row.
        first: u64,
    },
    /// A reference to a row that does not exist.
    #[error("{key:?} is not in {resource}")]
    ForeignKey {
        /// The reference, its parts joined by commas.
        key: String,
        /// The resource referred to.
        resource: String,
    },
    /// A rule that goes beyond the schema, such as a set that holds a region and its ancestor.
    #[error("{message}")]
    Rule {
        /// The rule and how it is broken.
        message: String,
    },
    /// A schema that refers to a field or resource that does not exist.
    #[error("the schema refers to {name:?}, which does not exist")]
    Schema {
        /// The name.
        name: String,
    },
}
