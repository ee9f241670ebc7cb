//! Rules of the packages that go beyond a table schema.

use std::collections::{BTreeMap, BTreeSet};

use quyu_io::package::{Fault, FaultKind, Package, PackageError, Row, Table};

use super::subset;

/// The tables of a package by name.
type Tables = BTreeMap<String, Table>;

/// All tables of a package.
pub(crate) fn tables(package: &Package) -> Result<Tables, PackageError> {
    let resources = package.descriptor().resources.iter();
    resources.map(|resource| Ok((resource.name.clone(), package.table(&resource.name)?))).collect()
}

/// The faults of one package. A rule about a table that the package does not have is kept.
pub(crate) fn check(tables: &Tables) -> Vec<Fault> {
    let rules: [fn(&Tables) -> Vec<Fault>; 11] = [
        order,
        indicators,
        vintages,
        observed_classes,
        alternatives,
        sets,
        partitions,
        contiguity,
        tiles,
        incidence,
        clauses,
    ];
    rules.iter().flat_map(|rule| rule(tables)).collect()
}

/// The fault of a row that breaks a rule.
fn broken(row: Row<'_>, column: &str, message: impl Into<String>) -> Fault {
    row.fault(column, FaultKind::Rule { message: message.into() })
}

fn cell<'a>(row: Row<'a>, column: &str) -> &'a str {
    row.get(column).unwrap_or_default()
}

/// Tables other than the codebook's are sorted, so that a diff is readable.
fn order(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for table in tables.values().filter(|table| !table.file().contains("codebook/")) {
        let rows: Vec<_> = table.rows().collect();
        let unsorted = rows.windows(2).find(|pair| pair[0].iter().gt(pair[1].iter()));
        faults.extend(unsorted.map(|pair| broken(pair[1], &table.header()[0], "the rows are not sorted")));
    }
    faults
}

/// Every ratio names both parts, and every part exists.
fn indicators(tables: &Tables) -> Vec<Fault> {
    let Some(table) = tables.get("indicators") else { return Vec::new() };
    let schemes: BTreeMap<_, _> =
        table.rows().map(|row| (cell(row, "indicator"), cell(row, "scheme"))).collect();
    let known_classes = known_classes(tables);
    let mut faults = Vec::new();
    for row in table.rows() {
        let parts = subset::parts(row);
        let (unit, nature) = (cell(row, "unit"), cell(row, "nature"));
        let named = !cell(row, "numerator").is_empty() && !cell(row, "denominator").is_empty();
        let implied = !cell(row, "implied_from").is_empty();
        if (nature == "intensive") != named {
            faults.push(broken(row, "numerator", "an intensive indicator names both parts, and no other does"));
        }
        if (named || implied) == cell(row, "scale").is_empty() {
            faults.push(broken(row, "scale", "a ratio or an implied part has a scale, and no other has"));
        }
        if (unit.contains('%') || unit.contains(" per ")) && nature.starts_with("extensive") {
            faults.push(broken(row, "unit", "a percentage or a figure per head is a ratio"));
        }
        for part in parts.iter().filter(|part| !schemes.contains_key(*part)) {
            faults.push(broken(row, "numerator", format!("{part} is not an indicator")));
        }
        for term in [cell(row, "numerator"), cell(row, "denominator")] {
            let Some((id, class)) = term.split_once('.') else { continue };
            let scheme = schemes.get(id).copied().unwrap_or_default();
            if !known_classes.contains(&(scheme, class)) {
                faults.push(broken(row, "numerator", format!("{class} is not a class of {id}")));
            }
        }
    }
    faults
}

fn known_classes(tables: &Tables) -> BTreeSet<(&str, &str)> {
    let rows = tables.get("classes").into_iter().flat_map(Table::rows);
    rows.map(|row| (cell(row, "scheme"), cell(row, "class"))).collect()
}

/// Rules on vintages name vintages and indicators that exist. A package holds a part of both, so this is a
/// rule of the master, which has the crosswalk of sections.
fn vintages(tables: &Tables) -> Vec<Fault> {
    let (Some(vintages), Some(indicators), true) =
        (tables.get("vintages"), tables.get("indicators"), tables.contains_key("crosswalk_sections"))
    else {
        return Vec::new();
    };
    let vintages: BTreeSet<_> = vintages.rows().map(|row| cell(row, "vintage")).collect();
    let indicators: BTreeSet<_> = indicators.rows().map(|row| cell(row, "indicator")).collect();
    let known = |name: &str| name == "*" || vintages.contains(name);
    let matched = |pattern: &str| {
        let prefix = pattern.strip_suffix('*');
        indicators.iter().any(|id| prefix.map_or(*id == pattern, |prefix| id.starts_with(prefix)))
    };
    let mut faults = Vec::new();
    let mut expect = |row, column, known: &dyn Fn(&str) -> bool| {
        let lost = cell(row, column).split(';').find(|name| !known(name));
        faults.extend(lost.map(|name| broken(row, column, format!("{name} matches nothing"))));
    };
    for row in tables.get("vintage_pairs").into_iter().flat_map(Table::rows) {
        expect(row, "numerator", &matched);
        expect(row, "denominator", &matched);
        expect(row, "numerator_vintage", &known);
        expect(row, "denominator_vintage", &known);
    }
    for row in tables.get("vintage_series").into_iter().flat_map(Table::rows) {
        expect(row, "vintages", &known);
    }
    faults
}

fn observations(tables: &Tables) -> impl Iterator<Item = Row<'_>> {
    let observed = tables.iter().filter(|(name, _)| name.starts_with("observations-"));
    observed.flat_map(|(_, table)| table.rows())
}

/// A class is given where the indicator has a scheme, and is one of its classes.
fn observed_classes(tables: &Tables) -> Vec<Fault> {
    let indicators = tables.get("indicators").into_iter().flat_map(Table::rows);
    let schemes: BTreeMap<_, _> = indicators.map(|row| (cell(row, "indicator"), cell(row, "scheme"))).collect();
    let known = known_classes(tables);
    let alternatives = tables.get("alternatives").into_iter().flat_map(Table::rows);
    let mut faults = Vec::new();
    for row in observations(tables).chain(alternatives) {
        let class = cell(row, "class");
        match schemes.get(cell(row, "indicator")).copied().unwrap_or_default() {
            "" if class.is_empty() => {}
            "" => faults.push(broken(row, "class", "the indicator has no classes")),
            scheme if known.contains(&(scheme, class)) => {}
            scheme => faults.push(broken(row, "class", format!("{class:?} is not a class of {scheme}"))),
        }
    }
    faults
}

/// A second value belongs to a figure that stands in the observations.
fn alternatives(tables: &Tables) -> Vec<Fault> {
    const KEY: [&str; 5] = ["region", "year", "indicator", "class", "vintage"];
    let Some(table) = tables.get("alternatives") else { return Vec::new() };
    let standing: BTreeSet<_> = observations(tables).map(|row| KEY.map(|column| cell(row, column))).collect();
    let lost = table.rows().filter(|row| !standing.contains(&KEY.map(|column| cell(*row, column))));
    lost.map(|row| broken(row, &KEY.join(","), "no observation has this key")).collect()
}

/// A set never holds a region and one of its ancestors: the region would count twice.
fn sets(tables: &Tables) -> Vec<Fault> {
    let (Some(sets), Some(regions)) = (tables.get("sets"), tables.get("regions")) else { return Vec::new() };
    let parents: BTreeMap<_, _> = regions.rows().map(|row| (cell(row, "region"), cell(row, "parent"))).collect();
    let members: BTreeSet<_> = sets.rows().map(|row| (cell(row, "set"), cell(row, "region"))).collect();
    let mut faults = Vec::new();
    for row in sets.rows() {
        let mut ancestor = parents.get(cell(row, "region")).copied().unwrap_or_default();
        // No chain of parents is longer than the table, so a loop in it ends as well.
        for _ in 0..parents.len() {
            if members.contains(&(cell(row, "set"), ancestor)) {
                faults.push(broken(row, "region", format!("the set also holds {ancestor}, which contains it")));
                break;
            }
            ancestor = parents.get(ancestor).copied().unwrap_or_default();
        }
    }
    faults
}

/// A partition covers its set. (Exactly once: its key and its foreign key see to the rest.)
fn partitions(tables: &Tables) -> Vec<Fault> {
    let (Some(sets), Some(partitions)) = (tables.get("sets"), tables.get("partitions")) else {
        return Vec::new();
    };
    let mut covered: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in partitions.rows() {
        let members = covered.entry((cell(row, "partition"), cell(row, "set"))).or_default();
        members.insert(cell(row, "region"));
    }
    let mut faults = Vec::new();
    for ((partition, set), members) in covered {
        for row in sets.rows().filter(|row| cell(*row, "set") == set) {
            if !members.contains(cell(row, "region")) {
                faults.push(broken(row, "region", format!("partition {partition} of {set} leaves it out")));
            }
        }
    }
    faults
}

/// Each pair stands once, the lesser code first.
fn contiguity(tables: &Tables) -> Vec<Fault> {
    let rows = tables.get("contiguity").into_iter().flat_map(Table::rows);
    let wrong = rows.filter(|row| cell(*row, "region_a") >= cell(*row, "region_b"));
    wrong.map(|row| broken(row, "region_a", "the lesser code comes first")).collect()
}

/// No two regions share a tile.
fn tiles(tables: &Tables) -> Vec<Fault> {
    let mut taken = BTreeMap::new();
    let mut faults = Vec::new();
    for row in tables.get("tilegrid").into_iter().flat_map(Table::rows) {
        if let Some(other) = taken.insert((cell(row, "row"), cell(row, "col")), cell(row, "region")) {
            faults.push(broken(row, "row", format!("{other} has this tile")));
        }
    }
    faults
}

/// A code of a national list or of GB/T 4754-2017 exists. (ISIC has no table of its own here.)
fn incidence(tables: &Tables) -> Vec<Fault> {
    let mut known = BTreeSet::new();
    for row in tables.get("items").into_iter().flat_map(Table::rows) {
        known.insert((cell(row, "list"), cell(row, "code")));
    }
    for row in tables.get("divisions").into_iter().flat_map(Table::rows) {
        known.insert(("GB/T 4754-2017", cell(row, "gbt_division")));
    }
    let rows = tables.get("incidence").into_iter().flat_map(Table::rows);
    let lost = rows.filter(|row| {
        let scheme = cell(*row, "scheme");
        scheme != "ISIC Rev. 4" && !known.contains(&(scheme, cell(*row, "code")))
    });
    lost.map(|row| broken(row, "code", format!("{} has no such code", cell(row, "scheme")))).collect()
}

/// The columns of the instruments say what the primary and the secondary codes say.
fn clauses(tables: &Tables) -> Vec<Fault> {
    let instruments = tables.get("instruments").into_iter().flat_map(Table::rows);
    let instruments: Vec<_> = instruments.map(|row| cell(row, "instrument")).collect();
    let mut faults = Vec::new();
    for row in tables.get("clauses").into_iter().flat_map(Table::rows) {
        let primary = cell(row, "primary");
        let codes: Vec<_> = cell(row, "secondary").split(';').chain([primary]).collect();
        if primary != "NONE" && !instruments.contains(&primary) {
            faults.push(broken(row, "primary", format!("{primary} is not an instrument")));
        }
        for instrument in &instruments {
            if codes.contains(instrument) != (cell(row, instrument) == "1") {
                faults.push(broken(row, instrument, "does not agree with the primary and secondary codes"));
            }
        }
    }
    faults
}

/// A region that two packages describe is described in the same words.
pub(crate) fn same_regions(packages: &BTreeMap<String, Tables>) -> Vec<Fault> {
    const COLUMNS: [&str; 9] =
        ["region", "scheme", "name_en", "name_zh", "short_en", "short_zh", "level", "parent", "note"];
    let mut first: BTreeMap<&str, [&str; 9]> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in packages.values().filter_map(|tables| tables.get("regions")).flat_map(Table::rows) {
        let cells = COLUMNS.map(|column| cell(row, column));
        let standing = *first.entry(cell(row, "region")).or_insert(cells);
        let column = COLUMNS.iter().zip(cells.iter().zip(standing)).find(|(_, (here, there))| **here != *there);
        faults.extend(column.map(|(column, (_, there))| broken(row, column, format!("another package has {there:?}"))));
    }
    faults
}

/// The neighbours of the members of `all`: 1 where a member has none, and the number of pairs by border.
pub(crate) fn neighbours(tables: &Tables) -> Vec<(String, f64)> {
    let (Some(pairs), Some(sets)) = (tables.get("contiguity"), tables.get("sets")) else { return Vec::new() };
    let mut linked = BTreeSet::new();
    for row in pairs.rows().filter(|row| cell(*row, "default") == "true") {
        linked.extend([cell(row, "region_a"), cell(row, "region_b")]);
    }
    let members = sets.rows().filter(|row| cell(*row, "set") == "all").map(|row| cell(row, "region"));
    members.map(|region| (region.to_owned(), if linked.contains(region) { 0.0 } else { 1.0 })).collect()
}
