//! The result as JSON, in the envelope of version 1, and its rows as lines of JSON.

use std::collections::BTreeMap;

use quyu_core::{Cell, ParamKind, Table};
use quyu_io::table::Input;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Outcome;

/// Version of the envelope. A new field does not raise it; a field that changes its meaning does.
const SCHEMA: u32 = 1;

/// The result of an analysis, as `quyu ID FILE --format json` writes it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Result of quyu")]
struct Envelope {
    /// The version of quyu that wrote it.
    quyu: String,
    /// The version of this form: 1. A new field does not raise it; a field that changes its meaning does.
    #[schemars(range(min = 1, max = 1))]
    schema: u32,
    /// Id of the analysis, as `quyu list` names it.
    analysis: String,
    /// Its parameters, defaults included, and the flags that were given, by their names.
    parameters: BTreeMap<String, Parameter>,
    /// The table, then any file beside it.
    input: Vec<Source>,
    /// The tables of the result, the main one under the id of the analysis.
    tables: Vec<Tidy>,
    /// What has to be known about the result.
    notes: Vec<Remark>,
}

/// The value of a parameter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
enum Parameter {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A word or name.
    Text(String),
    /// Several of these.
    List(Vec<Parameter>),
}

/// A file that was read.
#[derive(Debug, Serialize, JsonSchema)]
struct Source {
    /// Its name without its folder, or `standard input`.
    name: String,
    /// SHA-256 of its bytes in hexadecimal; null where not all of them were read.
    #[schemars(regex(pattern = r"^[0-9a-f]{64}$"))]
    sha256: Option<String>,
    /// Rows below the header, before any filter.
    rows: usize,
}

/// A tidy table: a row an estimate.
#[derive(Debug, Serialize, JsonSchema)]
struct Tidy {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// Its columns, keys first.
    columns: Vec<Column>,
    /// Its rows, each with a value for every column.
    rows: Vec<Vec<Field>>,
}

/// A column.
#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    /// One of the names of the glossary.
    name: String,
    /// What its values are, where they are not missing.
    #[serde(rename = "type")]
    kind: Kind,
    /// Their unit; `1` where there is none to speak of.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Whole numbers.
    Integer,
    /// Numbers, with the shortest digits that read back to the same bits; never infinite.
    Number,
    /// Text.
    String,
}

/// A value.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Cell")]
enum Field {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A missing value: `null`.
    Missing(()),
}

/// Something that has to be known about the result.
#[derive(Debug, Serialize, JsonSchema)]
struct Remark {
    /// `missing`, `vintage`, `trust`, `zero`, `method`, `break`, or `input` for what is odd about the table.
    kind: String,
    /// In words.
    text: String,
    /// The regions it is about; empty for all.
    regions: Vec<String>,
}

/// The JSON Schema of a result.
pub(crate) fn schema() -> String {
    let schema = schemars::schema_for!(Envelope);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Everything about a result.
pub(crate) fn envelope(outcome: &Outcome<'_>) -> String {
    serde_json::to_string(&whole(outcome)).unwrap_or_default() + "\n"
}

/// Everything about a result but its tables.
pub(crate) fn about(outcome: &Outcome<'_>) -> String {
    let mut all = serde_json::to_value(whole(outcome)).unwrap_or(Value::Null);
    if let Some(all) = all.as_object_mut() {
        all.shift_remove("tables");
    }
    all.to_string()
}

fn whole(outcome: &Outcome<'_>) -> Envelope {
    let noted = outcome.findings.notes.iter().map(|note| Remark {
        kind: note.kind.as_str().to_owned(),
        text: note.text.clone(),
        regions: note.regions.iter().map(ToString::to_string).collect(),
    });
    let warned = outcome.warnings.iter().map(|warning| Remark {
        kind: "input".to_owned(),
        text: warning.clone(),
        regions: Vec::new(),
    });
    let source = |i: &Input| Source {
        name: i.name.clone(),
        sha256: Some(i.sha256.clone()).filter(|hash| !hash.is_empty()),
        rows: i.rows,
    };
    Envelope {
        quyu: env!("CARGO_PKG_VERSION").to_owned(),
        schema: SCHEMA,
        analysis: outcome.entry.id.to_owned(),
        parameters: parameters(outcome),
        input: outcome.inputs.iter().map(source).collect(),
        tables: outcome.findings.tables.iter().map(table).collect(),
        notes: noted.chain(warned).collect(),
    }
}

/// The parameters of the analysis, defaults included, and the flags of the study that were given.
fn parameters(outcome: &Outcome<'_>) -> BTreeMap<String, Parameter> {
    let mut all = BTreeMap::new();
    for param in outcome.entry.params {
        let text = outcome
            .written
            .get(param.name)
            .map(String::as_str)
            .or(param.default);
        if let Some(text) = text {
            all.insert(param.name.to_owned(), parameter(&param.kind, text));
        }
    }
    for (name, text) in &outcome.study {
        all.insert(name.clone(), Parameter::Text(text.clone()));
    }
    all
}

fn parameter(kind: &ParamKind, text: &str) -> Parameter {
    let plain = || Parameter::Text(text.to_owned());
    match kind {
        ParamKind::Integer { .. } => text.parse().map_or_else(|_| plain(), Parameter::Integer),
        ParamKind::Number { .. } => text.parse().map_or_else(|_| plain(), Parameter::Number),
        ParamKind::Flag => Parameter::Flag(text == "true"),
        ParamKind::List(inner) => {
            Parameter::List(text.split(',').map(|t| parameter(inner, t.trim())).collect())
        }
        _ => plain(),
    }
}

fn table(table: &Table) -> Tidy {
    let column = |(i, column): (usize, &quyu_core::Column)| Column {
        name: column.name.as_str().to_owned(),
        kind: kind(table, i),
        unit: column.unit.clone(),
    };
    Tidy {
        id: table.id.clone(),
        title: table.title.clone(),
        columns: table.columns.iter().enumerate().map(column).collect(),
        rows: table.rows.iter().map(|r| r.iter().map(value).collect()).collect(),
    }
}

/// The type of a column.
pub(crate) fn kind(table: &Table, column: usize) -> Kind {
    let mut kind = Kind::Integer;
    for cell in table.rows.iter().map(|r| &r[column]) {
        match cell {
            Cell::Text(_) => return Kind::String,
            Cell::Number(_) => kind = Kind::Number,
            Cell::Integer(_) | Cell::Missing => {}
        }
    }
    kind
}

fn value(cell: &Cell) -> Field {
    match cell {
        Cell::Text(text) => Field::Text(text.clone()),
        Cell::Integer(i) => Field::Integer(*i),
        // Adding zero takes the sign off a zero.
        Cell::Number(x) => Field::Number(*x + 0.0),
        Cell::Missing => Field::Missing(()),
    }
}

/// A line a row, each an object.
pub(crate) fn lines(table: &Table) -> String {
    let mut text = String::new();
    for row in &table.rows {
        let object: Map<String, Value> = table
            .columns
            .iter()
            .zip(row)
            .map(|(c, cell)| {
                (
                    c.name.to_string(),
                    serde_json::to_value(value(cell)).unwrap_or(Value::Null),
                )
            })
            .collect();
        text.push_str(&Value::Object(object).to_string());
        text.push('\n');
    }
    text
}
