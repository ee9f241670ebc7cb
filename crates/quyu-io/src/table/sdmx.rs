//! SDMX-CSV, the form in which Eurostat and the OECD publish their tables: which columns are keys, and which must be fixed.
//!
//! Eurostat: `DATAFLOW,LAST UPDATE,freq,…,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG`. OECD and version 2 of the standard:
//! `STRUCTURE,STRUCTURE_ID,ACTION,…,REF_AREA,…,TIME_PERIOD,OBS_VALUE,OBS_STATUS`. The columns before `OBS_VALUE` are dimensions: one
//! of them that varies and is used for nothing would put several figures into one region and year.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Fault, TableError, Varying, only};
use super::raw::Raw;
use super::warn::Warning;

/// What the columns of an SDMX table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sdmx {
    /// The column of regions, if there is one.
    pub region: Option<usize>,
    /// The column of years.
    pub time: usize,
    /// The column of values.
    pub value: usize,
    /// Columns that tell one figure of a region and year from another.
    dimensions: Vec<usize>,
    /// Columns that mark values.
    flags: Vec<usize>,
}

/// What stands before the dimensions and says nothing of the values.
const ABOUT: [&str; 7] = [
    "DATAFLOW",
    "LAST UPDATE",
    "STRUCTURE",
    "STRUCTURE_ID",
    "STRUCTURE_NAME",
    "ACTION",
    "SERIES_KEY",
];
/// Attributes behind the value that change its meaning as a dimension does.
const UNITS: [&str; 5] = ["UNIT_MULT", "UNIT_MEASURE", "CURRENCY", "BASE_PER", "PRICE_BASE"];
const REGIONS: [&str; 3] = ["geo", "REF_AREA", "GEO"];
const FLAGS: [&str; 3] = ["OBS_FLAG", "OBS_STATUS", "CONF_STATUS"];

/// Values of a column that a message shows.
const SHOWN: usize = 8;

/// The meaning of marks, in the code lists of Eurostat and SDMX. A normal value (A) and free publication (F of `CONF_STATUS`) are none.
const MARKS: [(char, &str); 14] = [
    ('b', "break in the series"),
    ('c', "confidential"),
    ('d', "definition differs"),
    ('e', "estimated"),
    ('f', "forecast"),
    ('i', "imputed"),
    ('l', "not collected"),
    ('m', "missing"),
    ('n', "not significant"),
    ('p', "provisional"),
    ('r', "revised"),
    ('s', "estimated by the publisher"),
    ('u', "of low reliability"),
    ('z', "not applicable"),
];

/// The id of a column; Eurostat writes `geo:Geopolitical entity` where labels are asked for.
fn id(header: &str) -> &str {
    header.split(':').next().unwrap_or_default().trim()
}

impl Sdmx {
    /// What the header of a table says; `None` if it is no SDMX table.
    pub fn of(header: &[String]) -> Option<Self> {
        let position = |name: &str| header.iter().position(|h| id(h) == name);
        let about = ["DATAFLOW", "STRUCTURE"];
        about.iter().find_map(|name| position(name))?;
        let (time, value) = (position("TIME_PERIOD")?, position("OBS_VALUE")?);
        let region = REGIONS.iter().find_map(|name| position(name));
        let dimension = |c: &usize| {
            let name = id(&header[*c]);
            let before = *c < value && !ABOUT.contains(&name) && !is_label(header, *c);
            (before || UNITS.contains(&name)) && *c != time && Some(*c) != region
        };
        Some(Self {
            region,
            time,
            value,
            dimensions: (0..header.len()).filter(dimension).collect(),
            flags: FLAGS.iter().filter_map(|name| position(name)).collect(),
        })
    }

    /// Refuses a dimension that varies and is used for nothing, and says what is the same in all rows and which values are marked.
    ///
    /// # Errors
    /// [`Fault::Varying`] with the values of each such dimension.
    pub fn check(&self, raw: &Raw, used: &[usize]) -> Result<Vec<Warning>, TableError> {
        let (mut fixed, mut varying) = (Vec::new(), Vec::new());
        for &column in self.dimensions.iter().filter(|c| !used.contains(c)) {
            let values = counted(raw, column);
            match values.as_slice() {
                [] => {}
                [(one, _)] => fixed.push((raw.header[column].clone(), one.clone())),
                _ => varying.push((column, values)),
            }
        }
        if !varying.is_empty() {
            let columns: Vec<usize> = varying.iter().map(|(c, _)| *c).collect();
            let common = commonest(raw, &columns);
            let varying = varying
                .into_iter()
                .zip(common)
                .map(|((column, values), common)| Varying {
                    column: raw.header[column].clone(),
                    more: values.len().saturating_sub(SHOWN),
                    values: values.into_iter().take(SHOWN).map(|(value, _)| value).collect(),
                    common,
                });
            let columns = varying.collect();
            return Err(only(&raw.name, Fault::Varying { columns }));
        }
        let mut warnings = Vec::new();
        if !fixed.is_empty() {
            warnings.push(Warning::Fixed { columns: fixed });
        }
        warnings.extend(self.flags.iter().filter_map(|c| marks(raw, *c)));
        Ok(warnings)
    }
}

/// The OECD puts a column of labels (`Reference area`) behind each column of codes (`REF_AREA`).
fn is_label(header: &[String], column: usize) -> bool {
    let codes = |name: &str| !name.chars().any(|c| c.is_lowercase() || c == ' ');
    let labels = |name: &str| name.chars().any(char::is_lowercase);
    column > 0
        && codes(&header[column - 1])
        && labels(&header[column])
        && header.iter().any(|h| h == "STRUCTURE")
}

/// The values of a column and how often each occurs, in the order of the file; an empty field is one too if there are others.
fn counted(raw: &Raw, column: usize) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in 0..raw.len() {
        let count = counts.entry(raw.field(row, column)).or_insert((row, 0));
        count.1 += 1;
    }
    if counts.len() == 1 && counts.contains_key("") {
        return Vec::new();
    }
    let mut all: Vec<(&str, (usize, usize))> = counts.into_iter().collect();
    all.sort_by_key(|(_, (first, _))| *first);
    all.into_iter()
        .map(|(value, (_, count))| (value.to_owned(), count))
        .collect()
}

/// The combination of values that most rows have; of several the first in the file.
fn commonest(raw: &Raw, columns: &[usize]) -> Vec<String> {
    let mut counts: BTreeMap<Vec<&str>, (usize, usize)> = BTreeMap::new();
    for row in 0..raw.len() {
        let values = columns.iter().map(|c| raw.field(row, *c)).collect();
        counts.entry(values).or_insert((row, 0)).1 += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(_, (first, count))| (*count, std::cmp::Reverse(*first)));
    most.map(|(values, _)| values.into_iter().map(str::to_owned).collect())
        .unwrap_or_default()
}

/// Which values are marked, and with what.
fn marks(raw: &Raw, column: usize) -> Option<Warning> {
    let confidential = id(&raw.header[column]) == "CONF_STATUS";
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..raw.len() {
        let field = raw.field(row, column);
        // `A: Normal value`: the code alone.
        let mut told = BTreeSet::new();
        for mark in id(field).chars().filter(|c| c.is_alphabetic()) {
            let small = mark.to_ascii_lowercase();
            if small == 'a' || (confidential && small == 'f') {
                continue;
            }
            let meaning = MARKS
                .iter()
                .find(|(m, _)| *m == small)
                .map(|(_, meaning)| *meaning);
            told.insert(meaning.map_or(format!("marked {mark}"), str::to_owned));
        }
        for mark in told {
            *counts.entry(mark).or_insert(0) += 1;
        }
    }
    (!counts.is_empty()).then(|| Warning::Marked {
        column: raw.header[column].clone(),
        counts: counts.into_iter().collect(),
    })
}
