//! Where a table differs from its schema.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use super::form::{Field, ForeignKey};
use super::types::{Format, Typed};
use super::{Difference, Schema, SchemaError, What};
use crate::table::Raw;
use crate::table::fault::Spot;

/// A field of the schema and its column.
struct Column<'a> {
    field: &'a Field,
    format: Format<'a>,
    pattern: Option<Regex>,
    at: usize,
}

/// All differences, in the order: columns, then fields column by column, then keys.
///
/// # Errors
/// [`SchemaError::Senseless`] where a foreign key names a column that the other table does not have.
pub fn check(schema: &Schema, raw: &Raw) -> Result<Vec<Difference>, SchemaError> {
    let mut found = header(schema, raw);
    let missing = schema
        .table
        .missing_values
        .clone()
        .unwrap_or_else(|| vec![String::new()]);
    let is_missing = |text: &str| missing.iter().any(|m| m == text);
    for column in columns(schema, raw)? {
        let mut first: BTreeMap<&str, Spot> = BTreeMap::new();
        for row in 0..raw.len() {
            let text = raw.field(row, column.at);
            let what = if is_missing(text) {
                column.field.constraints.required.then_some(What::Empty)
            } else {
                let again = column
                    .field
                    .constraints
                    .unique
                    .then(|| first.insert(text, raw.spot(row)))
                    .flatten();
                match again {
                    Some(line) => {
                        first.insert(text, line.clone());
                        Some(What::Repeated {
                            what: "value",
                            key: text.to_owned(),
                            first: line,
                        })
                    }
                    None => column.differs(text),
                }
            };
            found.extend(what.map(|what| at(raw, row, column.at, &column.field.name, what)));
        }
    }
    let primary = std::iter::once(&schema.table.primary_key.0).filter(|k| !k.is_empty());
    for key in primary.chain(&schema.table.unique_keys) {
        found.extend(repeated(raw, key));
    }
    for key in &schema.table.foreign_keys {
        found.extend(lost(schema, raw, key, &is_missing)?);
    }
    Ok(found)
}

fn at(raw: &Raw, row: usize, column: usize, name: &str, what: What) -> Difference {
    Difference {
        what,
        place: Some(raw.place(row, column)),
        column: name.to_owned(),
    }
}

/// Columns that are too many, too few, or in another order.
fn header(schema: &Schema, raw: &Raw) -> Vec<Difference> {
    let fields: Vec<&String> = schema.table.fields.iter().map(|f| &f.name).collect();
    let whole = |what, name: &String| Difference {
        what,
        place: None,
        column: name.clone(),
    };
    let absent = fields.iter().filter(|n| !raw.header.contains(n));
    let mut found: Vec<Difference> = absent
        .map(|n| whole(What::NoColumn { name: (*n).clone() }, n))
        .collect();
    let strange = raw.header.iter().filter(|n| !fields.contains(n));
    found.extend(strange.map(|n| whole(What::NoField { name: n.clone() }, n)));
    if found.is_empty()
        && let Some((column, field)) = raw.header.iter().zip(&fields).find(|(a, b)| a != *b)
    {
        let what = What::Order {
            found: column.clone(),
            expected: (*field).clone(),
        };
        found.push(whole(what, column));
    }
    found
}

fn columns<'a>(schema: &'a Schema, raw: &Raw) -> Result<Vec<Column<'a>>, SchemaError> {
    let mut all = Vec::new();
    for field in &schema.table.fields {
        let Some(at) = raw.header.iter().position(|h| *h == field.name) else {
            continue;
        };
        let senseless = |reason| SchemaError::Senseless { reason };
        let format = Format::of(field).map_err(senseless)?;
        let whole = |p: &String| Regex::new(&format!("^(?:{p})$")).map_err(|e| senseless(e.to_string()));
        let pattern = field.constraints.pattern.as_ref().map(whole).transpose()?;
        all.push(Column {
            field,
            format,
            pattern,
            at,
        });
    }
    Ok(all)
}

impl Column<'_> {
    /// What is wrong with a text that is not missing.
    fn differs(&self, text: &str) -> Option<What> {
        let Some(value) = self.format.read(text) else {
            return Some(What::Type {
                text: text.to_owned(),
                kind: self.format.name(),
            });
        };
        self.broken(text, &value).map(|constraint| What::Constraint {
            text: text.to_owned(),
            constraint,
        })
    }

    /// The constraint that a value breaks, as the end of "is not".
    fn broken(&self, text: &str, value: &Typed) -> Option<String> {
        let c = &self.field.constraints;
        let length = text.chars().count();
        if let Some(n) = c.min_length.filter(|n| length < *n) {
            return Some(format!("{n} characters long or longer"));
        }
        if let Some(n) = c.max_length.filter(|n| length > *n) {
            return Some(format!("{n} characters long or shorter"));
        }
        if let (Some(form), Some(pattern)) = (&self.pattern, &c.pattern)
            && !form.is_match(text)
        {
            return Some(format!("of the form `{pattern}`"));
        }
        if let Some(choices) = &c.choices {
            let same = |choice: &Value| match choice {
                Value::String(s) if s == text => true,
                other => self.format.bound(other).as_ref() == Some(value),
            };
            if !choices.iter().any(same) {
                return Some(format!("one of {}", listed(choices)));
            }
        }
        let bounds: [(&Option<Value>, &str, &[Ordering]); 4] = [
            (&c.minimum, "at least", &[Ordering::Greater, Ordering::Equal]),
            (&c.maximum, "at most", &[Ordering::Less, Ordering::Equal]),
            (&c.exclusive_minimum, "above", &[Ordering::Greater]),
            (&c.exclusive_maximum, "below", &[Ordering::Less]),
        ];
        bounds.into_iter().find_map(|(bound, words, allowed)| {
            let bound = bound.as_ref()?;
            let compared = value.compare(&self.format.bound(bound)?);
            // NaN is on neither side of any bound.
            let holds = compared.is_some_and(|o| allowed.contains(&o));
            (!holds).then(|| format!("{words} {}", plain(bound)))
        })
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(choices: &[Value]) -> String {
    const MOST: usize = 8;
    let some: Vec<String> = choices
        .iter()
        .take(MOST)
        .map(|c| format!("`{}`", plain(c)))
        .collect();
    match choices.len().saturating_sub(MOST) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

/// Positions of columns; nothing if one is not there, which the header has told.
fn positions(raw: &Raw, names: &[String]) -> Option<Vec<usize>> {
    names
        .iter()
        .map(|n| raw.header.iter().position(|h| h == n))
        .collect()
}

fn key<'a>(raw: &'a Raw, row: usize, columns: &[usize]) -> Vec<&'a str> {
    columns.iter().map(|c| raw.field(row, *c)).collect()
}

fn repeated(raw: &Raw, names: &[String]) -> Vec<Difference> {
    let Some(columns) = positions(raw, names) else {
        return Vec::new();
    };
    let mut first: BTreeMap<Vec<&str>, Spot> = BTreeMap::new();
    let mut found = Vec::new();
    for row in 0..raw.len() {
        let key = key(raw, row, &columns);
        if let Some(line) = first.get(&key) {
            let what = What::Repeated {
                what: "key",
                key: key.join(", "),
                first: line.clone(),
            };
            found.push(at(raw, row, columns[0], &names.join(", "), what));
        } else {
            first.insert(key, raw.spot(row));
        }
    }
    found
}

fn lost(
    schema: &Schema,
    raw: &Raw,
    foreign: &ForeignKey,
    is_missing: &dyn Fn(&str) -> bool,
) -> Result<Vec<Difference>, SchemaError> {
    let name = &foreign.reference.resource;
    let far = match name.is_empty() {
        true => Some(raw),
        false => schema.others.get(name),
    };
    let (Some(far), Some(columns)) = (far, positions(raw, &foreign.fields.0)) else {
        return Ok(Vec::new());
    };
    let there = &foreign.reference.fields.0;
    let targets = positions(far, there).ok_or_else(|| SchemaError::Senseless {
        reason: format!(
            "a foreign key leads to {} of `{}`, which it does not have",
            there.join(", "),
            far.name
        ),
    })?;
    let known: BTreeSet<Vec<&str>> = (0..far.len()).map(|r| key(far, r, &targets)).collect();
    let target = match name.is_empty() {
        true => format!("column {} of the table itself", there.join(", ")),
        false => format!("column {} of {name}", there.join(", ")),
    };
    let mut found = Vec::new();
    for row in 0..raw.len() {
        let key = key(raw, row, &columns);
        // A missing reference refers to nothing.
        if !key.iter().all(|k| is_missing(k)) && !known.contains(&key) {
            let what = What::Lost {
                key: key.join(", "),
                target: target.clone(),
            };
            found.push(at(raw, row, columns[0], &foreign.fields.0.join(", "), what));
        }
    }
    Ok(found)
}
