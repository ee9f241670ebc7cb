//! The part of the codebook that a package uses, so that the package validates alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quyu_io::package::{Format, Package, Row, Source, Table, describe, format_of, parse_table};

use super::{DatasetsError, files};

/// The name of the master, and of the folder of the subset in a package.
pub(crate) const CODEBOOK: &str = "codebook";

/// What the tables of a package refer to.
#[derive(Default)]
struct Used {
    indicators: BTreeSet<String>,
    vintages: BTreeSet<String>,
    sources: BTreeSet<String>,
    schemes: BTreeSet<String>,
}

/// Writes the subset into the package in `dir`, and removes tables that it no longer needs.
pub(crate) fn write(datasets: &Path, dir: &Path) -> Result<(), DatasetsError> {
    let folder = dir.join(CODEBOOK);
    for (name, bytes) in drift(datasets, dir)? {
        match bytes {
            Some(bytes) => files::write_if_changed(&folder.join(name), &bytes)?,
            None => files::remove(&folder.join(name))?,
        }
    }
    Ok(())
}

/// The tables of the subset that are not as they should be: with their bytes, or `None` for a table that
/// should not be there. The master has no subset.
pub(crate) fn drift(datasets: &Path, dir: &Path) -> Result<Vec<(String, Option<Vec<u8>>)>, DatasetsError> {
    let master = datasets.join(CODEBOOK);
    if dir == master {
        return Ok(Vec::new());
    }
    let wanted = compute(&master, dir)?;
    let folder = dir.join(CODEBOOK);
    let standing = if folder.is_dir() { files::tables(&folder)? } else { Vec::new() };
    let needless = standing.into_iter().filter(|name| !wanted.contains_key(name)).map(|name| (name, None));
    let mut drift: Vec<_> = needless.collect();
    for (name, bytes) in wanted {
        let path = folder.join(&name);
        if !path.is_file() || files::read(&path)? != bytes {
            drift.push((name, Some(bytes)));
        }
    }
    Ok(drift)
}

/// The subset for the package in `dir`: the bytes of each table by its name.
fn compute(master: &Path, dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, DatasetsError> {
    let codebook = Package::open(master)?;
    let indicators = codebook.table("indicators")?;
    let mut used = used(dir)?;
    close(&indicators, &mut used.indicators);
    let of_used = |column: &str| cells_of(&indicators, &used.indicators, column);
    let units = of_used("unit");
    let schemes: BTreeSet<_> = of_used("scheme").into_iter().chain(used.schemes).collect();
    let has = |set: &BTreeSet<String>, row: Row<'_>, column: &str| row.get(column).is_some_and(|cell| set.contains(cell));
    let meets = |row: Row<'_>, column: &str| {
        row.get(column).unwrap_or_default().split(';').any(|name| name == "*" || used.vintages.contains(name))
    };
    let mut subset = BTreeMap::new();
    let mut keep = |name: &str, wanted: &dyn Fn(Row<'_>) -> bool| -> Result<(), DatasetsError> {
        let table = codebook.table(name)?;
        let rows: Vec<_> = table.rows().filter(|row| wanted(*row)).map(|row| row.iter().collect()).collect();
        if !rows.is_empty() {
            let header: Vec<_> = table.header().iter().map(String::as_str).collect();
            subset.insert(format!("{name}.csv"), files::csv_bytes(&header, rows));
        }
        Ok(())
    };
    keep("indicators", &|row| has(&used.indicators, row, "indicator"))?;
    keep("units", &|row| has(&units, row, "unit"))?;
    keep("schemes", &|row| has(&schemes, row, "scheme"))?;
    keep("classes", &|row| has(&schemes, row, "scheme"))?;
    keep("vintages", &|row| has(&used.vintages, row, "vintage"))?;
    keep("sources", &|row| has(&used.sources, row, "source"))?;
    if !used.vintages.is_empty() {
        keep("vintage_pairs", &|row| meets(row, "numerator_vintage") && meets(row, "denominator_vintage"))?;
        keep("vintage_series", &|row| meets(row, "vintages"))?;
    }
    Ok(subset)
}

/// The ids in the observations and alternatives, and the schemes in a crosswalk.
fn used(dir: &Path) -> Result<Used, DatasetsError> {
    let mut used = Used::default();
    for path in files::tables(dir)? {
        let observed = path.starts_with("observations/") || path == "alternatives.csv";
        if !observed && path != "incidence.csv" {
            continue;
        }
        let Some(format) = format_of("", &path) else { continue };
        let table = load(dir, &path, format)?;
        for row in table.rows() {
            let note = |set: &mut BTreeSet<String>, column| {
                if let Some(cell) = row.get(column)
                    && !set.contains(cell)
                {
                    set.insert(cell.to_owned());
                }
            };
            note(&mut used.indicators, "indicator");
            note(&mut used.vintages, "vintage");
            note(&mut used.sources, "source");
            note(&mut used.schemes, "scheme");
        }
    }
    Ok(used)
}

fn load(dir: &Path, path: &str, format: &Format) -> Result<Table, DatasetsError> {
    let bytes = files::read(&dir.join(path))?;
    let schema = describe(format, path, &[]).schema;
    Ok(parse_table(path, &schema, &bytes)?)
}

/// Adds the parts of every ratio in the set, and every indicator whose parts are all in it.
fn close(indicators: &Table, set: &mut BTreeSet<String>) {
    loop {
        let before = set.len();
        for row in indicators.rows() {
            let id = row.get("indicator").unwrap_or_default();
            let parts = parts(row);
            if set.contains(id) {
                set.extend(parts.into_iter().map(str::to_owned));
            } else if !parts.is_empty() && parts.iter().all(|part| set.contains(*part)) {
                set.insert(id.to_owned());
            }
        }
        if set.len() == before {
            return;
        }
    }
}

/// The indicators that a ratio or an implied part is made of.
pub(crate) fn parts(row: Row<'_>) -> Vec<&str> {
    let terms = ["numerator", "denominator"].map(|column| row.get(column).unwrap_or_default());
    let implied = row.get("implied_from").unwrap_or_default().split('/');
    let ids = terms.into_iter().chain(implied).filter(|term| !term.is_empty());
    ids.map(|term| term.split_once('.').map_or(term, |(id, _)| id)).collect()
}

fn cells_of(indicators: &Table, ids: &BTreeSet<String>, column: &str) -> BTreeSet<String> {
    let rows = indicators.rows().filter(|row| row.get("indicator").is_some_and(|id| ids.contains(id)));
    rows.filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

/// The sources of a package for its descriptor, from its own source table.
pub(crate) fn sources(dir: &Path) -> Result<Option<Vec<Source>>, DatasetsError> {
    let path = ["sources.csv", "codebook/sources.csv"].into_iter().find(|path| dir.join(path).is_file());
    let Some((path, format)) = path.and_then(|path| format_of("", path).map(|format| (path, format))) else {
        return Ok(None);
    };
    let table = load(dir, path, format)?;
    let source = |row: Row<'_>| {
        let address = row.get("where_read").unwrap_or_default();
        let is_address = address.starts_with("http") && !address.contains(char::is_whitespace);
        Source {
            title: row.get("title").unwrap_or_default().to_owned(),
            path: is_address.then(|| address.to_owned()),
        }
    };
    Ok(Some(table.rows().map(source).collect()))
}
