//! The descriptor: the part of the specification that the project's packages use, and no more.

use serde::{Deserialize, Serialize};

/// `datapackage.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The id of the package: the name of its folder.
    pub name: String,
    /// A title.
    pub title: String,
    /// A description.
    pub description: String,
    /// The version of the package.
    pub version: String,
    /// The profile: `tabular-data-package`.
    pub profile: String,
    /// Licences and terms of use.
    pub licenses: Vec<Licence>,
    /// Where the figures come from.
    pub sources: Vec<Source>,
    /// The tables.
    pub resources: Vec<Resource>,
}

/// A licence, or the terms under which figures may be reprinted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// An identifier, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// In words.
    pub title: String,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A table of the package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The name by which it is asked for.
    pub name: String,
    /// Its path from the folder of the package, with `/`.
    pub path: String,
    /// The profile: `tabular-data-resource`.
    pub profile: String,
    /// What it holds.
    pub title: String,
    /// `csv`.
    pub format: String,
    /// `text/csv`.
    pub mediatype: String,
    /// `utf-8`.
    pub encoding: String,
    /// Its length.
    pub bytes: u64,
    /// Its hash: `sha256:` and 64 hexadecimal digits.
    pub hash: String,
    /// Its columns and keys.
    pub schema: Schema,
}

/// A table schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schema {
    /// The columns, in the order of the file.
    pub fields: Vec<Field>,
    /// The texts that stand for a missing value: the empty one alone.
    pub missing_values: Vec<String>,
    /// The columns that identify a row.
    pub primary_key: Vec<String>,
    /// References to other tables of the package.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What it means.
    pub description: String,
    /// What its cells must satisfy.
    #[serde(default, skip_serializing_if = "Constraints::is_empty")]
    pub constraints: Constraints,
}

/// The types in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A finite number.
    Number,
    /// `true` or `false`.
    Boolean,
}

impl FieldType {
    /// The name of the type in a descriptor.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// The constraints in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// The cell must not be empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// The closed list of texts.
    #[serde(default, rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

impl Constraints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Columns that refer to a row of another table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// The columns here.
    pub fields: Vec<String>,
    /// The columns there.
    pub reference: Reference,
}

/// The far end of a foreign key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The resource; empty for the table itself.
    pub resource: String,
    /// Its columns.
    pub fields: Vec<String>,
}
