//! The part of the codebook that a package uses, so that the package validates alone.

use std::collections::BTreeSet;

use quyu_io::package::{Row, Source, Table, describe, format_of, parse_table};

use super::DatasetsError;
use super::files::{Files, csv_bytes};

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

/// The subset of the `master` codebook for a package, by path. A table without rows is left out.
pub(crate) fn compute(master: &Files, package: &Files) -> Result<Files, DatasetsError> {
    let indicators = load(master, "indicators.csv")?;
    let mut used = used(package)?;
    close(&indicators, &mut used.indicators);
    let of_used = |column| cells_of(&indicators, &used.indicators, column);
    let units = of_used("unit");
    let schemes: BTreeSet<_> = of_used("scheme").union(&used.schemes).cloned().collect();
    let has =
        |set: &BTreeSet<String>, row: Row<'_>, column| row.get(column).is_some_and(|cell| set.contains(cell));
    let meets = |row: Row<'_>, column| {
        let mut names = row.get(column).unwrap_or_default().split(';');
        names.any(|name| name == "*" || used.vintages.contains(name)) && !used.vintages.is_empty()
    };
    let mut subset = Files::new();
    let mut keep = |name: &str, wanted: &dyn Fn(Row<'_>) -> bool| -> Result<(), DatasetsError> {
        let table = load(master, name)?;
        let rows: Vec<_> = table
            .rows()
            .filter(|row| wanted(*row))
            .map(|row| row.iter().collect())
            .collect();
        if !rows.is_empty() {
            let header: Vec<_> = table.header().iter().map(String::as_str).collect();
            subset.insert(format!("{CODEBOOK}/{name}"), csv_bytes(&header, rows));
        }
        Ok(())
    };
    keep("indicators.csv", &|row| has(&used.indicators, row, "indicator"))?;
    keep("units.csv", &|row| has(&units, row, "unit"))?;
    keep("schemes.csv", &|row| has(&schemes, row, "scheme"))?;
    keep("classes.csv", &|row| has(&schemes, row, "scheme"))?;
    keep("vintages.csv", &|row| has(&used.vintages, row, "vintage"))?;
    keep("sources.csv", &|row| has(&used.sources, row, "source"))?;
    keep("vintage_pairs.csv", &|row| {
        meets(row, "numerator_vintage") && meets(row, "denominator_vintage")
    })?;
    keep("vintage_series.csv", &|row| meets(row, "vintages"))?;
    Ok(subset)
}

/// The ids in the observations and alternatives, and the schemes in a crosswalk.
fn used(package: &Files) -> Result<Used, DatasetsError> {
    let mut used = Used::default();
    let referring = |path: &&String| {
        let named = ["alternatives.csv", "incidence.csv", "crosswalk_divisions.csv"];
        path.starts_with("observations/") || named.contains(&path.as_str())
    };
    for path in package.keys().filter(referring) {
        let table = load(package, path)?;
        let note = |set: &mut BTreeSet<String>, column| {
            let Some(position) = table.position(column) else {
                return;
            };
            let cells: BTreeSet<_> = table.rows().map(|row| row.at(position)).collect();
            set.extend(cells.into_iter().map(str::to_owned));
        };
        note(&mut used.indicators, "indicator");
        note(&mut used.vintages, "vintage");
        note(&mut used.sources, "source");
        for column in ["scheme", "scheme_from", "scheme_to"] {
            note(&mut used.schemes, column);
        }
    }
    Ok(used)
}

/// A table by its format, whatever the descriptor says: the master is edited by hand, and its descriptor is
/// behind until it is refreshed.
pub(crate) fn load(files: &Files, path: &str) -> Result<Table, DatasetsError> {
    let missing = || DatasetsError::NoTable {
        path: path.to_owned(),
    };
    let bytes = files.get(path).ok_or_else(missing)?;
    let format = format_of("", path).ok_or_else(missing)?;
    Ok(parse_table(path, &describe(format, path, &[]).schema, bytes)?)
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
    ids.map(|term| term.split_once('.').map_or(term, |(id, _)| id))
        .collect()
}

fn cells_of(indicators: &Table, ids: &BTreeSet<String>, column: &str) -> BTreeSet<String> {
    let rows = indicators
        .rows()
        .filter(|row| row.get("indicator").is_some_and(|id| ids.contains(id)));
    rows.filter_map(|row| row.get(column))
        .filter(|cell| !cell.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The sources of a package for its descriptor, from its own source table if it has one.
pub(crate) fn sources(package: &Files) -> Result<Option<Vec<Source>>, DatasetsError> {
    let path = ["sources.csv", "codebook/sources.csv"]
        .into_iter()
        .find(|path| package.contains_key(*path));
    let Some(path) = path else { return Ok(None) };
    let table = load(package, path)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables by path, from the text under their headers.
    fn files(parts: &[(&str, &str)]) -> Files {
        let file = |(path, rows): &(&str, &str)| {
            let header: Vec<_> = format_of("", path).unwrap().header().collect();
            (
                (*path).to_owned(),
                format!("{}\n{rows}", header.join(",")).into_bytes(),
            )
        };
        parts.iter().map(file).collect()
    }

    fn master() -> Files {
        files(&[
            (
                "indicators.csv",
                "gdp,G,G,yuan,extensive-flow,,,,,,higher,current,,ok,\n\
                 pc,P,P,yuan per person,intensive,gdp,pop,1,,,higher,current,,ok,\n\
                 pop,N,N,persons,extensive-stock,,,,,,neutral,none,,ok,\n\
                 implied,I,I,persons,extensive-stock,,,1,,gdp/pc,neutral,none,,ok,\n\
                 va_share,V,V,%,intensive,va.agri,gdp,100,,,neutral,current,,ok,\n\
                 va,V,V,yuan,extensive-flow,,,,,,neutral,current,CN-9,ok,\n",
            ),
            (
                "units.csv",
                "%,%,%\nyuan,Y,元\nyuan per person,Y,元\npersons,P,人\n",
            ),
            ("schemes.csv", "CN-9,Nine,\nSEI2018,Nine fields,\n"),
            ("classes.csv", "CN-9,agri,A,A,1\n"),
            ("vintages.csv", "4EC,fourth\n5EC,fifth\n"),
            (
                "sources.csv",
                "S1,One,NBS,,https://example.org/one,,\nS2,Two,NBS,,a book,,\n",
            ),
            (
                "vintage_pairs.csv",
                "*,4EC,pop,*,2000,2024,\n*,5EC,pop,5EC,2000,2024,\n",
            ),
            ("vintage_series.csv", "new,5EC,,\nold,3EC;4EC,2018,\n"),
        ])
    }

    fn first_cells(subset: &Files, name: &str) -> Vec<String> {
        let table = load(subset, &format!("codebook/{name}.csv")).unwrap();
        table.rows().map(|row| row.at(0).to_owned()).collect()
    }

    #[test]
    fn a_subset_has_what_is_used_its_parts_and_what_follows_from_it() {
        let package = files(&[("observations/accounts.csv", "A,2019,pc,,4EC,1,S1,\n")]);
        let subset = compute(&master(), &package).unwrap();
        assert_eq!(
            first_cells(&subset, "indicators"),
            ["gdp", "pc", "pop", "implied"]
        );
        assert_eq!(
            first_cells(&subset, "units"),
            ["yuan", "yuan per person", "persons"]
        );
        assert_eq!(first_cells(&subset, "vintages"), ["4EC"]);
        assert_eq!(first_cells(&subset, "sources"), ["S1"]);
        assert_eq!(first_cells(&subset, "vintage_pairs").len(), 1);
        assert_eq!(first_cells(&subset, "vintage_series"), ["old"]);
        assert!(!subset.contains_key("codebook/classes.csv"));
    }

    #[test]
    fn a_crosswalk_needs_its_schemes_only() {
        let package = files(&[("incidence.csv", "L,1,SEI2018,S1\n")]);
        let subset = compute(&master(), &package).unwrap();
        assert_eq!(subset.keys().collect::<Vec<_>>(), ["codebook/schemes.csv"]);
        assert_eq!(first_cells(&subset, "schemes"), ["SEI2018"]);
    }

    #[test]
    fn only_an_address_becomes_the_path_of_a_source() {
        let sources = sources(&master()).unwrap().unwrap();
        let paths: Vec<_> = sources.iter().map(|source| source.path.as_deref()).collect();
        assert_eq!(paths, [Some("https://example.org/one"), None]);
    }
}
