//! Which rows of a table a reference means.

use std::collections::BTreeSet;

use quyu_core::suggest::Near;
use quyu_core::{Cell, ColumnName, Period, RegionCode, Table};

use super::error::Lack;
use super::eval::{Scope, no_analysis, unknown_section};
use super::tree::{Filter, Reference, Relation};
use crate::csv::written;

/// At most this many existing values are listed in a message.
const LISTED: usize = 12;

/// The rows that a reference means, and the column it asks for.
pub(super) struct Rows<'a> {
    pub(super) table: &'a Table,
    pub(super) column: usize,
    pub(super) rows: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn name(&self) -> ColumnName {
        self.table.columns[self.column].name
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &'a Cell> + '_ {
        self.rows.iter().map(|row| &self.table.rows[*row][self.column])
    }
}

/// A filter whose names are resolved.
struct Wanted {
    column: usize,
    relation: Relation,
    value: String,
    /// The code, if the column holds regions and the value names one.
    code: Option<String>,
}

impl Wanted {
    fn passes(&self, table: &Table, row: usize) -> bool {
        let cell = &table.rows[row][self.column];
        let same = || {
            let text = written(cell, table.columns[self.column].name);
            text == self.value || Some(&text) == self.code.as_ref()
        };
        match self.relation {
            Relation::Equal => same(),
            Relation::NotEqual => !same(),
            relation => match (cell.number(), self.value.parse::<f64>()) {
                (Some(x), Ok(limit)) => x.partial_cmp(&limit).is_some_and(|o| relation.holds(o)),
                _ => false,
            },
        }
    }
}

impl Scope<'_> {
    /// The rows that a reference means.
    pub(super) fn rows(&self, reference: &Reference) -> Result<Rows<'_>, Lack> {
        let table = self.table(reference)?;
        let column = position(reference, table, &reference.column)?;
        let wanted = self.wanted(reference, table)?;
        let rows = (0..table.rows.len())
            .filter(|row| wanted.iter().all(|w| w.passes(table, *row)))
            .collect();
        Ok(Rows { table, column, rows })
    }

    fn table(&self, reference: &Reference) -> Result<&Table, Lack> {
        let id = &reference.section;
        let section = self
            .sections
            .get(id)
            .ok_or_else(|| unknown_section(id, self.sections.keys()))?;
        let (analysis, findings) = section.found.as_ref().ok_or_else(|| no_analysis(id))?;
        let name = reference.table.as_ref().unwrap_or(analysis);
        findings.table(name).ok_or_else(|| Lack::UnknownTable {
            section: id.clone(),
            table: name.clone(),
            near: Near::to(name, findings.tables.iter().map(|t| t.id.as_str())),
            known: findings.tables.iter().map(|t| t.id.clone()).collect(),
        })
    }

    fn wanted(&self, reference: &Reference, table: &Table) -> Result<Vec<Wanted>, Lack> {
        let period = self.sections.get(&reference.section).and_then(|s| s.period);
        let one = |filter: &Filter| {
            let column = position(reference, table, &filter.column)?;
            let name = table.columns[column].name;
            let value = year(name, &filter.value, period).unwrap_or_else(|| filter.value.clone());
            let region = is_region(name)
                .then(|| self.atlas.regions.known(&value))
                .flatten();
            Ok(Wanted {
                column,
                relation: filter.relation,
                code: region.map(|r| r.code.to_string()),
                value,
            })
        };
        reference.filters.iter().map(one).collect()
    }

    /// Why no row matches: the first filter that leaves nothing, with what it could have been.
    pub(super) fn no_row(&self, reference: &Reference, table: &Table) -> Lack {
        let wanted = match self.wanted(reference, table) {
            Ok(wanted) => wanted,
            Err(lack) => return lack,
        };
        let mut left: Vec<usize> = (0..table.rows.len()).collect();
        for (filter, wanted) in reference.filters.iter().zip(&wanted) {
            let existing = self.distinct(table, &left, wanted.column);
            left.retain(|row| wanted.passes(table, *row));
            if left.is_empty() {
                return Lack::NoRow {
                    section: reference.section.clone(),
                    table: table.id.clone(),
                    filter: filter.written(),
                    column: filter.column.clone(),
                    near: near_unless_listed(&filter.value, &existing),
                    existing: listed(&existing),
                };
            }
        }
        Lack::MissingCell
    }

    /// The columns of words and whole numbers in which some rows differ, with their values.
    pub(super) fn differing(&self, rows: &Rows<'_>) -> String {
        let table = rows.table;
        let words = |c: &usize| {
            let mut cells = rows.rows.iter().map(|row| &table.rows[*row][*c]);
            cells.all(|cell| matches!(cell, Cell::Text(_) | Cell::Integer(_)))
        };
        let parts: Vec<String> = (0..table.columns.len())
            .filter(words)
            .map(|c| (table.columns[c].name, self.distinct(table, &rows.rows, c)))
            .filter(|(_, values)| values.len() > 1)
            .map(|(name, values)| format!("`{name}` ({})", listed(&values)))
            .collect();
        parts.join(" or ")
    }

    /// The distinct values of a column in some rows, in their order; regions by name.
    fn distinct(&self, table: &Table, rows: &[usize], column: usize) -> Vec<String> {
        let name = table.columns[column].name;
        let mut seen = BTreeSet::new();
        let values = rows.iter().map(|row| written(&table.rows[*row][column], name));
        let distinct = values.filter(|v| seen.insert(v.clone()));
        distinct
            .map(|v| match RegionCode::parse(&v) {
                Ok(code) if is_region(name) => self.atlas.regions.label(&code),
                _ => v,
            })
            .collect()
    }
}

impl Filter {
    fn written(&self) -> String {
        // The last spelling of a relation is the usual one: `=`, not `==`.
        let relation = Relation::WRITTEN.iter().rev().find(|(_, r)| *r == self.relation);
        format!(
            "{}{}{}",
            self.column,
            relation.map_or("=", |(w, _)| w),
            self.value
        )
    }
}

fn is_region(column: ColumnName) -> bool {
    matches!(column, ColumnName::Region | ColumnName::OtherRegion)
}

/// `from` and `to` in a column of years mean the ends of the section's period.
fn year(column: ColumnName, value: &str, period: Option<Period>) -> Option<String> {
    let years = matches!(column, ColumnName::Year | ColumnName::From | ColumnName::To);
    match (value, period) {
        ("from", Some(p)) if years => Some(p.from.to_string()),
        ("to", Some(p)) if years => Some(p.to.to_string()),
        _ => None,
    }
}

fn position(reference: &Reference, table: &Table, column: &str) -> Result<usize, Lack> {
    let known = || table.columns.iter().map(|c| c.name.as_str());
    ColumnName::parse(column)
        .and_then(|c| table.position(c))
        .ok_or_else(|| Lack::UnknownColumn {
            section: reference.section.clone(),
            table: table.id.clone(),
            column: column.to_owned(),
            near: Near::to(column, known()),
            known: known().map(str::to_owned).collect(),
        })
}

/// Near names help only where not all values are listed.
fn near_unless_listed(name: &str, values: &[String]) -> Near {
    match values.len() > LISTED {
        true => Near::to(name, values.iter().map(String::as_str)),
        false => Near::default(),
    }
}

/// Values in a message; only the first ones of many.
fn listed(values: &[String]) -> String {
    let more = values.len().saturating_sub(LISTED);
    let listed = values[..values.len() - more].join(", ");
    match more {
        0 => listed,
        _ => format!("{listed} and {more} more"),
    }
}
