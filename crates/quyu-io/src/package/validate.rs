//! Validation of tables against their descriptor. Pure: bytes and tables in, faults out.

use std::collections::{BTreeMap, BTreeSet};

use super::descriptor::{Constraints, Descriptor, Field, FieldType, ForeignKey, Resource, Schema};
use super::error::{Fault, FaultKind};
use super::table::{Row, Table};

/// Compares length and hash with the descriptor.
///
/// # Errors
///
/// The first of [`FaultKind::Bytes`] and [`FaultKind::Hash`].
pub fn check_bytes(file: &str, resource: &Resource, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |kind| Fault {
        file: file.to_owned(),
        row: None,
        column: None,
        kind,
    };
    let found = bytes.len() as u64;
    if found != resource.bytes {
        return Err(fault(FaultKind::Bytes {
            expected: resource.bytes,
            found,
        }));
    }
    let found = super::sha256(bytes);
    if resource.hash.strip_prefix("sha256:") != Some(found.as_str()) {
        return Err(fault(FaultKind::Hash {
            expected: resource.hash.clone(),
            found,
        }));
    }
    Ok(())
}

/// The faults of the rows of one table: types, constraints and the primary key.
pub fn check_rows(schema: &Schema, table: &Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    for row in table.rows() {
        for (position, field) in schema.fields.iter().enumerate() {
            let kind = check_cell(field, row.at(position));
            faults.extend(kind.map(|kind| row.fault(&field.name, kind)));
        }
    }
    faults.extend(duplicates(schema, table));
    faults
}

/// What is wrong with one cell, if anything.
fn check_cell(field: &Field, value: &str) -> Option<FaultKind> {
    if value.is_empty() {
        return field.constraints.required.then_some(FaultKind::Empty);
    }
    let typed = match field.kind {
        FieldType::String => true,
        FieldType::Boolean => matches!(value, "true" | "false"),
        FieldType::Integer => value.parse::<i64>().is_ok(),
        FieldType::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
    };
    if !typed {
        return Some(FaultKind::Type {
            value: value.to_owned(),
            expected: field.kind.name(),
        });
    }
    broken_constraint(&field.constraints, value).map(|constraint| FaultKind::Constraint {
        value: value.to_owned(),
        constraint,
    })
}

fn broken_constraint(constraints: &Constraints, value: &str) -> Option<String> {
    let Constraints {
        minimum,
        maximum,
        choices,
        ..
    } = constraints;
    if !choices.is_empty() && !choices.iter().any(|choice| choice == value) {
        return Some(format!("one of {}", choices.join(", ")));
    }
    // Bounds are small whole numbers, which an f64 holds exactly.
    let number = value.parse::<f64>().unwrap_or_default();
    match (minimum, maximum) {
        (Some(least), _) if number < *least as f64 => Some(format!("at least {least}")),
        (_, Some(most)) if number > *most as f64 => Some(format!("at most {most}")),
        _ => None,
    }
}

/// Rows whose primary key an earlier row has.
fn duplicates(schema: &Schema, table: &Table) -> Vec<Fault> {
    let columns = match positions(table, &schema.primary_key) {
        Ok(columns) => columns,
        Err(fault) => return vec![fault],
    };
    let mut first = BTreeMap::new();
    let mut faults = Vec::new();
    for row in table.rows() {
        let key = key(row, &columns);
        if let Some(line) = first.get(&key) {
            let kind = FaultKind::DuplicateKey {
                key: key.join(","),
                first: *line,
            };
            faults.push(row.fault(&schema.primary_key.join(","), kind));
        } else {
            first.insert(key, row.line());
        }
    }
    faults
}

fn key<'a>(row: Row<'a>, columns: &[usize]) -> Vec<&'a str> {
    columns.iter().map(|column| row.at(*column)).collect()
}

/// The places of columns that a schema names; a name that is no column is a fault of the schema.
fn positions(table: &Table, columns: &[String]) -> Result<Vec<usize>, Fault> {
    let place = |column: &String| {
        table.position(column).ok_or_else(|| Fault {
            file: table.file().to_owned(),
            row: None,
            column: None,
            kind: FaultKind::Schema { name: column.clone() },
        })
    };
    columns.iter().map(place).collect()
}

/// The references of all tables that lead nowhere. A table that could not be read is passed over: its own
/// fault has been reported.
pub fn check_foreign_keys(descriptor: &Descriptor, tables: &BTreeMap<String, Table>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for resource in &descriptor.resources {
        let Some(table) = tables.get(&resource.name) else {
            continue;
        };
        for foreign in &resource.schema.foreign_keys {
            let far = match foreign.reference.resource.as_str() {
                "" => Some(table),
                name if descriptor.resources.iter().any(|other| other.name == name) => tables.get(name),
                name => {
                    let kind = FaultKind::Schema {
                        name: name.to_owned(),
                    };
                    faults.push(Fault {
                        file: table.file().to_owned(),
                        row: None,
                        column: None,
                        kind,
                    });
                    None
                }
            };
            if let Some(far) = far {
                faults.extend(lost_references(table, far, foreign));
            }
        }
    }
    faults
}

fn lost_references(near: &Table, far: &Table, foreign: &ForeignKey) -> Vec<Fault> {
    let columns = positions(near, &foreign.fields);
    let targets = positions(far, &foreign.reference.fields);
    let (columns, targets) = match (columns, targets) {
        (Ok(columns), Ok(targets)) => (columns, targets),
        (columns, targets) => return columns.err().into_iter().chain(targets.err()).collect(),
    };
    let known: BTreeSet<_> = far.rows().map(|row| key(row, &targets)).collect();
    let mut faults = Vec::new();
    for row in near.rows() {
        let key = key(row, &columns);
        // An empty reference refers to nothing.
        if !key.iter().all(|part| part.is_empty()) && !known.contains(&key) {
            let kind = FaultKind::ForeignKey {
                key: key.join(","),
                resource: far.file().to_owned(),
            };
            faults.push(row.fault(&foreign.fields.join(","), kind));
        }
    }
    faults
}
