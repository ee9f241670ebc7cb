//! The raw folder's own indicator, source and vintage tables. The codebook of the project is edited by
//! hand, so they are not written anywhere: each row is looked up in the codebook and compared.

use std::collections::BTreeMap;
use std::path::Path;

use quyu_io::package::Table;

use super::ledger::{Account, Ledger};
use super::raw::{ImportError, Raw, Row};
use super::{cities, provinces};
use crate::datasets::{self, Files};

/// Where the rows of these tables are found again.
const PACKAGE: &str = "codebook";

const PROVINCE_INDICATORS: &[&str] = &[
    "indicator_id",
    "name_en",
    "name_zh",
    "unit",
    "kind",
    "extensive",
    "numerator",
    "denominator",
    "description",
];
const CITY_INDICATORS: &[&str] = &["indicator_id", "name", "name_zh", "unit", "definition"];
const SOURCES: &[&str] = &[
    "source_id",
    "title",
    "publisher",
    "published",
    "where_read",
    "licence",
    "notes",
];
const VINTAGES: &[&str] = &["vintage", "meaning"];
const PAIRS: &[&str] = &[
    "numerator",
    "numerator_vintage",
    "denominator",
    "denominator_vintage",
    "from",
    "to",
    "note",
];
const SERIES: &[&str] = &["series", "vintages", "note"];
const SECTIONS: &[&str] = &["gbt4754_sections", "nace_group", "note"];

/// Looks every row up in the codebook.
pub(crate) fn read(dir: &Path, codebook: &Files, ledger: &mut Ledger) -> Result<(), ImportError> {
    indicators(dir, codebook, ledger)?;
    let sources = keyed(&datasets::load(codebook, "sources.csv")?, 1);
    for file in ["provinces/sources.csv", "cities/sources.csv"] {
        lookup(dir, ledger, file, SOURCES, &sources, |row| texts(row, SOURCES))?;
    }
    vintages(dir, codebook, ledger)?;
    let pairs = keyed(&datasets::load(codebook, "vintage_pairs.csv")?, PAIRS.len());
    lookup(dir, ledger, "vintage_pairs.csv", PAIRS, &pairs, pair)?;
    let series = columns(&datasets::load(codebook, "vintage_series.csv")?, SERIES);
    lookup(dir, ledger, "vintage_series.csv", SERIES, &series, |row| {
        texts(row, SERIES)
    })?;
    sections(dir, codebook, ledger)
}

/// The rows of a table by their first `columns` cells.
fn keyed(table: &Table, columns: usize) -> BTreeMap<Vec<String>, Vec<String>> {
    let texts = table
        .rows()
        .map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>());
    texts
        .map(|cells| (cells.iter().take(columns).cloned().collect(), cells))
        .collect()
}

/// The rows of a table by their first cell, with some of its columns only: the codebook may say more.
fn columns(table: &Table, columns: &[&str]) -> BTreeMap<Vec<String>, Vec<String>> {
    let cells = table.rows().map(|row| {
        let cells = columns
            .iter()
            .map(|column| row.get(column).unwrap_or_default().to_owned());
        cells.collect::<Vec<_>>()
    });
    cells
        .map(|cells| (cells.iter().take(1).cloned().collect(), cells))
        .collect()
}

fn texts(row: Row<'_>, columns: &[&str]) -> Result<Vec<String>, ImportError> {
    columns
        .iter()
        .map(|column| row.text(column).map(str::to_owned))
        .collect()
}

/// Compares every row of `file`, as `project` words it, with the row of the codebook that has its key.
fn lookup(
    dir: &Path,
    ledger: &mut Ledger,
    file: &str,
    columns: &'static [&'static str],
    known: &BTreeMap<Vec<String>, Vec<String>>,
    project: impl Fn(Row<'_>) -> Result<Vec<String>, ImportError>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, file, columns)?;
    let width = known.keys().next().map_or(1, Vec::len);
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let cells = project(row)?;
        let standing = known
            .get(&cells[..width])
            .map(|cells| cells.join(","))
            .unwrap_or_default();
        if standing != cells.join(",") {
            return Err(row.differs(&cells[0], &cells.join(","), "datasets/codebook", &standing));
        }
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

/// A rule on vintages in the words of the codebook: cities and provinces share their indicators, and
/// value added is an indicator with classes.
fn pair(row: Row<'_>) -> Result<Vec<String>, ImportError> {
    let cells = texts(row, PAIRS)?;
    Ok(cells
        .into_iter()
        .map(|cell| cell.replace(" (city)", "").replace("va_*", "va;va3"))
        .collect())
}

fn indicators(dir: &Path, codebook: &Files, ledger: &mut Ledger) -> Result<(), ImportError> {
    let table = datasets::load(codebook, "indicators.csv")?;
    let known: BTreeMap<_, _> = table
        .rows()
        .map(|row| {
            let cell = |column| row.get(column).unwrap_or_default().to_owned();
            (cell("indicator"), (cell("label_zh"), cell("scheme")))
        })
        .collect();
    let raw = Raw::read(dir, "provinces/indicators.csv", PROVINCE_INDICATORS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let id = row.text("indicator_id")?;
        let (name, class) = provinces::indicator(id);
        let scheme = known_indicator(row, &known, name, class)?;
        // A class, and the census, which the codebook words for every census, have other labels.
        if scheme.is_empty() && name != "pop_census" {
            let (label, found) = (&known[name].0, row.text("name_zh")?);
            if label != found {
                return Err(row.differs(name, found, "datasets/codebook", label));
            }
        }
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)?;
    let raw = Raw::read(dir, "cities/indicators.csv", CITY_INDICATORS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let (name, class) = cities::indicator(row.text("indicator_id")?).unwrap_or(("pat_grant_inv_pc", ""));
        known_indicator(row, &known, name, class)?;
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

/// The scheme of an indicator that must be in the codebook, and have classes if a class is named.
fn known_indicator<'a>(
    row: Row<'_>,
    known: &'a BTreeMap<String, (String, String)>,
    name: &str,
    class: &str,
) -> Result<&'a str, ImportError> {
    match known.get(name) {
        Some((_, scheme)) if scheme.is_empty() == class.is_empty() => Ok(scheme),
        _ => Err(row.cell(
            "indicator_id",
            row.text("indicator_id")?,
            "an indicator of datasets/codebook",
        )),
    }
}

/// City vintages keep their names, but for three that are the provincial `as-published`.
fn vintages(dir: &Path, codebook: &Files, ledger: &mut Ledger) -> Result<(), ImportError> {
    let known = keyed(&datasets::load(codebook, "vintages.csv")?, 1);
    let raw = Raw::read(dir, "cities/vintages.csv", VINTAGES)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let name = row.text("vintage")?;
        if ["nbs_annual", "yearbook_tech", "innocom_list"].contains(&name) {
            account.leave_out("merged into as-published: every value was found equal", 1);
            continue;
        }
        let meaning = format!("city: {}", row.text("meaning")?);
        let standing = known
            .get(&vec![name.to_owned()])
            .map_or("", |cells| cells[1].as_str());
        if standing != meaning {
            return Err(row.differs(name, &meaning, "datasets/codebook", standing));
        }
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

/// One row a pair in the codebook, several sections a row in the raw table.
fn sections(dir: &Path, codebook: &Files, ledger: &mut Ledger) -> Result<(), ImportError> {
    let known = keyed(&datasets::load(codebook, "crosswalk_sections.csv")?, 5);
    let raw = Raw::read(dir, "policy/sections_crosswalk.csv", SECTIONS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        for section in row.text("gbt4754_sections")?.split(';') {
            let group = row.text("nace_group")?;
            let cells = ["GB/T 4754", section, "NACE Rev. 2", group, row.text("note")?].map(str::to_owned);
            if !known.contains_key(&cells[..]) {
                return Err(row.differs(
                    section,
                    group,
                    "datasets/codebook/crosswalk_sections.csv",
                    "no such pair",
                ));
            }
        }
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}
