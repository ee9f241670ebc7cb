//! The result as JSON, in the envelope of version 1, and its rows as lines of JSON.

use quyu_core::{Cell, Param, ParamKind, Table};
use quyu_io::table::Input;
use serde_json::{Map, Value, json};

use super::Outcome;

/// Version of the envelope. A new field does not raise it; a field that changes its meaning does.
const SCHEMA: u32 = 1;

/// Everything about a result.
pub(crate) fn envelope(outcome: &Outcome<'_>) -> String {
    object(outcome).to_string() + "\n"
}

/// Everything about a result but its tables.
pub(crate) fn about(outcome: &Outcome<'_>) -> String {
    let mut all = object(outcome);
    if let Some(all) = all.as_object_mut() {
        all.shift_remove("tables");
    }
    all.to_string()
}

fn object(outcome: &Outcome<'_>) -> Value {
    let mut notes: Vec<Value> = Vec::new();
    for note in &outcome.findings.notes {
        let regions: Vec<String> = note.regions.iter().map(ToString::to_string).collect();
        notes.push(json!({ "kind": note.kind.as_str(), "text": note.text, "regions": regions }));
    }
    for warning in &outcome.warnings {
        notes.push(json!({ "kind": "input", "text": warning, "regions": [] }));
    }
    json!({
        "quyu": env!("CARGO_PKG_VERSION"),
        "schema": SCHEMA,
        "analysis": outcome.entry.id,
        "parameters": parameters(outcome),
        "input": outcome.inputs.iter().map(input).collect::<Vec<_>>(),
        "tables": outcome.findings.tables.iter().map(table).collect::<Vec<_>>(),
        "notes": notes,
    })
}

/// A file that went in: its hash is that of its bytes, where all of them were read; its rows are those before any condition.
fn input(input: &Input) -> Value {
    let sha256 = match input.sha256.is_empty() {
        true => Value::Null,
        false => Value::from(input.sha256.as_str()),
    };
    json!({ "name": input.name, "sha256": sha256, "rows": input.rows })
}

/// The parameters of the analysis, defaults included, and the flags of the study that were given.
fn parameters(outcome: &Outcome<'_>) -> Value {
    let mut all = Map::new();
    for param in outcome.entry.params {
        let text = outcome
            .written
            .get(param.name)
            .map(String::as_str)
            .or(param.default);
        if let Some(text) = text {
            all.insert(param.name.to_owned(), typed(param, text));
        }
    }
    for (name, text) in &outcome.study {
        all.insert(name.clone(), Value::from(text.as_str()));
    }
    Value::Object(all)
}

fn typed(param: &Param, text: &str) -> Value {
    of_kind(&param.kind, text)
}

fn of_kind(kind: &ParamKind, text: &str) -> Value {
    match kind {
        ParamKind::Integer { .. } => text
            .parse::<i64>()
            .map_or_else(|_| Value::from(text), Value::from),
        ParamKind::Number { .. } => text
            .parse::<f64>()
            .map_or_else(|_| Value::from(text), Value::from),
        ParamKind::Flag => Value::from(text == "true"),
        ParamKind::List(inner) => Value::Array(text.split(',').map(|t| of_kind(inner, t.trim())).collect()),
        _ => Value::from(text),
    }
}

fn table(table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let mut object = Map::new();
            object.insert("name".into(), Value::from(column.name.as_str()));
            object.insert("type".into(), Value::from(kind(table, i)));
            if let Some(unit) = &column.unit {
                object.insert("unit".into(), Value::from(unit.as_str()));
            }
            Value::Object(object)
        })
        .collect();
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|r| Value::Array(r.iter().map(value).collect()))
        .collect();
    json!({ "id": table.id, "title": table.title, "columns": columns, "rows": rows })
}

/// The type of a column: `string`, `number` or `integer`.
pub(crate) fn kind(table: &Table, column: usize) -> &'static str {
    let mut kind = "integer";
    for cell in table.rows.iter().map(|r| &r[column]) {
        match cell {
            Cell::Text(_) => return "string",
            Cell::Number(_) => kind = "number",
            Cell::Integer(_) | Cell::Missing => {}
        }
    }
    kind
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Integer(i) => Value::from(*i),
        // Adding zero takes the sign off a zero.
        Cell::Number(x) => Value::from(*x + 0.0),
        Cell::Missing => Value::Null,
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
            .map(|(c, cell)| (c.name.to_string(), value(cell)))
            .collect();
        text.push_str(&Value::Object(object).to_string());
        text.push('\n');
    }
    text
}
