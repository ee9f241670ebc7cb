//! The JSON of schemas, resources and packages: what it may say, and what of it makes sense.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::SchemaError;
use super::types::Format;

/// A table schema. Keys that the specification does not know are passed over, as it asks.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TableSchema {
    /// The columns.
    pub fields: Vec<Field>,
    /// Texts that stand for a missing value; the empty one if nothing is said.
    pub missing_values: Option<Vec<String>>,
    /// The columns that identify a row.
    pub primary_key: Names,
    /// Columns that together are unique (version 2).
    pub unique_keys: Vec<Vec<String>>,
    /// References to other rows.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type; text if nothing is said.
    #[serde(rename = "type", default)]
    pub kind: Kind,
    /// The form of its type.
    #[serde(default)]
    pub format: Option<String>,
    /// What its values must satisfy.
    #[serde(default)]
    pub constraints: Constraints,
    /// Texts that are true.
    #[serde(default)]
    pub true_values: Option<Vec<String>>,
    /// Texts that are false.
    #[serde(default)]
    pub false_values: Option<Vec<String>>,
    /// Before a fraction.
    #[serde(default)]
    pub decimal_char: Option<String>,
    /// Between thousands.
    #[serde(default)]
    pub group_char: Option<String>,
    /// Whether numbers stand without a currency or percent sign; they do if nothing is said.
    #[serde(default)]
    pub bare_number: Option<bool>,
}

/// The types of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is what the specification calls it")]
pub enum Kind {
    #[default]
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
    List,
    Date,
    Time,
    Datetime,
    Year,
    Yearmonth,
    Duration,
    Geopoint,
    Geojson,
    Any,
}

/// What values must satisfy.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Constraints {
    /// No value is missing.
    pub required: bool,
    /// No value stands twice.
    pub unique: bool,
    /// Fewest characters.
    pub min_length: Option<usize>,
    /// Most characters.
    pub max_length: Option<usize>,
    /// The least value.
    pub minimum: Option<Value>,
    /// The greatest value.
    pub maximum: Option<Value>,
    /// What every value exceeds (version 2).
    pub exclusive_minimum: Option<Value>,
    /// What exceeds every value (version 2).
    pub exclusive_maximum: Option<Value>,
    /// A regular expression for the whole text.
    pub pattern: Option<String>,
    /// The values there may be.
    #[serde(rename = "enum")]
    pub choices: Option<Vec<Value>>,
}

/// One name or several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Names(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Names {
    fn from(names: OneOrMany) -> Self {
        match names {
            OneOrMany::One(name) => Names(vec![name]),
            OneOrMany::Many(names) => Names(names),
        }
    }
}

/// Columns that refer to a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ForeignKey {
    /// The columns here.
    pub fields: Names,
    /// The columns there.
    pub reference: Reference,
}

/// The far end of a foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reference {
    /// The table; empty for the table itself.
    #[serde(default)]
    pub resource: String,
    /// Its columns.
    pub fields: Names,
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Dialect {
    /// Between fields.
    pub delimiter: Option<String>,
    /// Around fields that hold the delimiter.
    pub quote_char: Option<String>,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Encoding, which the resource says.
    #[serde(skip)]
    pub encoding: String,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: None,
            quote_char: None,
            header: true,
            encoding: String::new(),
        }
    }
}

/// A descriptor of any of the three kinds.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Descriptor {
    pub(super) resources: Vec<Resource>,
    schema: Option<Value>,
    fields: Option<Value>,
    pub(super) dialect: Dialect,
    #[serde(skip)]
    whole: Value,
}

/// A table of a package.
#[derive(Debug, Deserialize)]
pub(super) struct Resource {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    path: Names,
    #[serde(default)]
    schema: Option<Value>,
    #[serde(default)]
    pub(super) dialect: Dialect,
    #[serde(default)]
    pub(super) encoding: String,
}

/// Reads a descriptor.
pub(super) fn read(path: &Path) -> Result<Descriptor, SchemaError> {
    let text = text(path)?;
    let json = |source| SchemaError::Json {
        path: path.to_owned(),
        source,
    };
    let mut descriptor: Descriptor = serde_json::from_str(&text).map_err(json)?;
    descriptor.whole = serde_json::from_str(&text).map_err(json)?;
    Ok(descriptor)
}

fn text(path: &Path) -> Result<String, SchemaError> {
    crate::files::text(path).map_err(|source| SchemaError::Io {
        path: path.to_owned(),
        source,
    })
}

/// A schema as it stands, or in the file that it names.
fn schema(value: &Value, path: &Path, folder: &Path) -> Result<TableSchema, SchemaError> {
    let json = |path: &Path, source| SchemaError::Json {
        path: path.to_owned(),
        source,
    };
    match value {
        Value::String(file) => {
            let file = folder.join(file);
            serde_json::from_str(&text(&file)?).map_err(|e| json(&file, e))
        }
        other => serde_json::from_value(other.clone()).map_err(|e| json(path, e)),
    }
}

impl Descriptor {
    /// The schema of a file that is no package.
    pub(super) fn alone(&self, path: &Path, folder: &Path) -> Result<TableSchema, SchemaError> {
        match (&self.schema, &self.fields) {
            (Some(inner), _) => schema(inner, path, folder),
            (None, Some(_)) => schema(&self.whole, path, folder),
            (None, None) => Err(SchemaError::Neither {
                path: path.to_owned(),
            }),
        }
    }
}

impl Resource {
    /// Its file, from the folder of the package.
    pub(super) fn path(&self) -> Option<&str> {
        self.path.0.first().map(String::as_str)
    }

    pub(super) fn file_name(&self) -> Option<&str> {
        self.path().and_then(|p| p.rsplit('/').next())
    }

    pub(super) fn schema(&self, path: &Path, folder: &Path) -> Result<TableSchema, SchemaError> {
        let found = self.schema.as_ref().ok_or_else(|| SchemaError::Senseless {
            reason: format!("the table `{}` of the package has no schema", self.name),
        })?;
        schema(found, path, folder)
    }
}

impl TableSchema {
    /// Keys name fields, patterns and formats can be read.
    pub(super) fn sensible(&self) -> Result<(), SchemaError> {
        let wrong = |reason: String| Err(SchemaError::Senseless { reason });
        let known = |name: &String| self.fields.iter().any(|f| f.name == *name);
        let own = self.foreign_keys.iter().flat_map(|k| &k.fields.0);
        let keys = self
            .primary_key
            .0
            .iter()
            .chain(self.unique_keys.iter().flatten())
            .chain(own);
        if let Some(name) = keys.into_iter().find(|n| !known(n)) {
            return wrong(format!(
                "a key names the field `{name}`, which the schema does not have"
            ));
        }
        if let Some(key) = self
            .foreign_keys
            .iter()
            .find(|k| k.fields.0.len() != k.reference.fields.0.len())
        {
            return wrong(format!(
                "a foreign key has {} fields here and {} there",
                key.fields.0.len(),
                key.reference.fields.0.len()
            ));
        }
        for (i, field) in self.fields.iter().enumerate() {
            if self.fields[..i].iter().any(|f| f.name == field.name) {
                return wrong(format!("the schema has two fields `{}`", field.name));
            }
            if let Err(reason) = Format::of(field) {
                return wrong(format!("the field `{}` has {reason}", field.name));
            }
            if let Some(pattern) = &field.constraints.pattern
                && regex::Regex::new(pattern).is_err()
            {
                return wrong(format!(
                    "the pattern `{pattern}` of the field `{}` is no regular expression that can be read here",
                    field.name
                ));
            }
        }
        Ok(())
    }
}
