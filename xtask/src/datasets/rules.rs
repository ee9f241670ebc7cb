//! Rules of the packages that go beyond a table schema.

use std::collections::{BTreeMap, BTreeSet};

use quyu_io::package::{Fault, FaultKind, Package, PackageError, Row, Table};

use super::subset;

/// The tables of a package by name.
type Tables = BTreeMap<String, Table>;

/// All tables of a package.
pub(crate) fn tables(package: &Package) -> Result<Tables, PackageError> {
    let resources = package.descriptor().resources.iter();
    resources
        .map(|resource| Ok((resource.name.clone(), package.table(&resource.name)?)))
        .collect()
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
    row.fault(
        column,
        FaultKind::Rule {
            message: message.into(),
        },
    )
}

fn cell<'a>(row: Row<'a>, column: &str) -> &'a str {
    row.get(column).unwrap_or_default()
}

/// Tables other than the codebook's are sorted, so that a diff is readable.
fn order(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for table in tables
        .values()
        .filter(|table| !table.file().contains("codebook/"))
    {
        let rows: Vec<_> = table.rows().collect();
        let unsorted = rows.windows(2).find(|pair| pair[0].iter().gt(pair[1].iter()));
        faults.extend(unsorted.map(|pair| broken(pair[1], &table.header()[0], "the rows are not sorted")));
    }
    faults
}

/// Every ratio names both parts, and every part exists.
fn indicators(tables: &Tables) -> Vec<Fault> {
    let Some(table) = tables.get("indicators") else {
        return Vec::new();
    };
    let schemes: BTreeMap<_, _> = table
        .rows()
        .map(|row| (cell(row, "indicator"), cell(row, "scheme")))
        .collect();
    let known_classes = known_classes(tables);
    let mut faults = Vec::new();
    for row in table.rows() {
        let parts = subset::parts(row);
        let (unit, nature) = (cell(row, "unit"), cell(row, "nature"));
        let named = !cell(row, "numerator").is_empty() && !cell(row, "denominator").is_empty();
        let implied = !cell(row, "implied_from").is_empty();
        if (nature == "intensive") != named {
            faults.push(broken(
                row,
                "numerator",
                "an intensive indicator names both parts, and no other does",
            ));
        }
        if (named || implied) == cell(row, "scale").is_empty() {
            faults.push(broken(
                row,
                "scale",
                "a ratio or an implied part has a scale, and no other has",
            ));
        }
        if (unit.contains('%') || unit.contains(" per ")) && nature.starts_with("extensive") {
            faults.push(broken(
                row,
                "unit",
                "a percentage or a figure per head is a ratio",
            ));
        }
        for part in parts.iter().filter(|part| !schemes.contains_key(*part)) {
            faults.push(broken(row, "numerator", format!("{part} is not an indicator")));
        }
        for term in [cell(row, "numerator"), cell(row, "denominator")] {
            let Some((id, class)) = term.split_once('.') else {
                continue;
            };
            let scheme = schemes.get(id).copied().unwrap_or_default();
            if !known_classes.contains(&(scheme, class)) {
                faults.push(broken(
                    row,
                    "numerator",
                    format!("{class} is not a class of {id}"),
                ));
            }
        }
    }
    faults
}

fn known_classes(tables: &Tables) -> BTreeSet<(&str, &str)> {
    let rows = tables.get("classes").into_iter().flat_map(Table::rows);
    rows.map(|row| (cell(row, "scheme"), cell(row, "class")))
        .collect()
}

/// Rules on vintages name vintages and indicators that exist. A package holds a part of both, so this is a
/// rule of the master, which has the crosswalk of sections.
fn vintages(tables: &Tables) -> Vec<Fault> {
    let (Some(vintages), Some(indicators), true) = (
        tables.get("vintages"),
        tables.get("indicators"),
        tables.contains_key("crosswalk_sections"),
    ) else {
        return Vec::new();
    };
    let vintages: BTreeSet<_> = vintages.rows().map(|row| cell(row, "vintage")).collect();
    let indicators: BTreeSet<_> = indicators.rows().map(|row| cell(row, "indicator")).collect();
    let known = |name: &str| name == "*" || vintages.contains(name);
    let matched = |pattern: &str| {
        let prefix = pattern.strip_suffix('*');
        indicators
            .iter()
            .any(|id| prefix.map_or(*id == pattern, |prefix| id.starts_with(prefix)))
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
    let observed = tables
        .iter()
        .filter(|(name, _)| name.starts_with("observations-"));
    observed.flat_map(|(_, table)| table.rows())
}

/// A class is given where the indicator has a scheme, and is one of its classes.
fn observed_classes(tables: &Tables) -> Vec<Fault> {
    let indicators = tables.get("indicators").into_iter().flat_map(Table::rows);
    let schemes: BTreeMap<_, _> = indicators
        .map(|row| (cell(row, "indicator"), cell(row, "scheme")))
        .collect();
    let known = known_classes(tables);
    let alternatives = tables.get("alternatives").into_iter().flat_map(Table::rows);
    let mut faults = Vec::new();
    for row in observations(tables).chain(alternatives) {
        let class = cell(row, "class");
        match schemes.get(cell(row, "indicator")).copied().unwrap_or_default() {
            "" if class.is_empty() => {}
            "" => faults.push(broken(row, "class", "the indicator has no classes")),
            scheme if known.contains(&(scheme, class)) => {}
            scheme => faults.push(broken(
                row,
                "class",
                format!("{class:?} is not a class of {scheme}"),
            )),
        }
    }
    faults
}

/// A second value belongs to a figure that stands in the observations.
fn alternatives(tables: &Tables) -> Vec<Fault> {
    const KEY: [&str; 5] = ["region", "year", "indicator", "class", "vintage"];
    let Some(table) = tables.get("alternatives") else {
        return Vec::new();
    };
    let standing: BTreeSet<_> = observations(tables)
        .map(|row| KEY.map(|column| cell(row, column)))
        .collect();
    let lost = table
        .rows()
        .filter(|row| !standing.contains(&KEY.map(|column| cell(*row, column))));
    lost.map(|row| broken(row, &KEY.join(","), "no observation has this key"))
        .collect()
}

/// A set never holds a region and one of its ancestors: the region would count twice.
fn sets(tables: &Tables) -> Vec<Fault> {
    let (Some(sets), Some(regions)) = (tables.get("sets"), tables.get("regions")) else {
        return Vec::new();
    };
    let parents: BTreeMap<_, _> = regions
        .rows()
        .map(|row| (cell(row, "region"), cell(row, "parent")))
        .collect();
    let members: BTreeSet<_> = sets
        .rows()
        .map(|row| (cell(row, "set"), cell(row, "region")))
        .collect();
    let mut faults = Vec::new();
    for row in sets.rows() {
        let mut ancestor = parents.get(cell(row, "region")).copied().unwrap_or_default();
        // No chain of parents is longer than the table, so a loop in it ends as well.
        for _ in 0..parents.len() {
            if members.contains(&(cell(row, "set"), ancestor)) {
                faults.push(broken(
                    row,
                    "region",
                    format!("the set also holds {ancestor}, which contains it"),
                ));
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
        let members = covered
            .entry((cell(row, "partition"), cell(row, "set")))
            .or_default();
        members.insert(cell(row, "region"));
    }
    let mut faults = Vec::new();
    for ((partition, set), members) in covered {
        for row in sets.rows().filter(|row| cell(*row, "set") == set) {
            if !members.contains(cell(row, "region")) {
                faults.push(broken(
                    row,
                    "region",
                    format!("partition {partition} of {set} leaves it out"),
                ));
            }
        }
    }
    faults
}

/// Each pair stands once, the lesser code first.
fn contiguity(tables: &Tables) -> Vec<Fault> {
    let rows = tables.get("contiguity").into_iter().flat_map(Table::rows);
    let wrong = rows.filter(|row| cell(*row, "region_a") >= cell(*row, "region_b"));
    wrong
        .map(|row| broken(row, "region_a", "the lesser code comes first"))
        .collect()
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

/// A code of a national list or of a classification with divisions exists. (ISIC has no table of its own here.)
fn incidence(tables: &Tables) -> Vec<Fault> {
    let mut known = BTreeSet::new();
    for row in tables.get("items").into_iter().flat_map(Table::rows) {
        known.insert((cell(row, "list"), cell(row, "code")));
    }
    for row in tables.get("divisions").into_iter().flat_map(Table::rows) {
        known.insert(("GB/T 4754-2017", cell(row, "gbt_division")));
    }
    for row in tables
        .get("crosswalk_divisions")
        .into_iter()
        .flat_map(Table::rows)
    {
        known.insert((cell(row, "scheme_from"), cell(row, "class_from")));
    }
    let rows = tables.get("incidence").into_iter().flat_map(Table::rows);
    let lost = rows.filter(|row| {
        let scheme = cell(*row, "scheme");
        scheme != "ISIC Rev. 4" && !known.contains(&(scheme, cell(*row, "code")))
    });
    lost.map(|row| broken(row, "code", format!("{} has no such code", cell(row, "scheme"))))
        .collect()
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
                faults.push(broken(
                    row,
                    instrument,
                    "does not agree with the primary and secondary codes",
                ));
            }
        }
    }
    faults
}

/// A region that two packages describe is described in the same words.
pub(crate) fn same_regions(packages: &BTreeMap<String, Tables>) -> Vec<Fault> {
    const COLUMNS: [&str; 9] = [
        "region", "scheme", "name_en", "name_zh", "short_en", "short_zh", "level", "parent", "note",
    ];
    let mut first: BTreeMap<&str, [&str; 9]> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in packages
        .values()
        .filter_map(|tables| tables.get("regions"))
        .flat_map(Table::rows)
    {
        let cells = COLUMNS.map(|column| cell(row, column));
        let standing = *first.entry(cell(row, "region")).or_insert(cells);
        let column = COLUMNS
            .iter()
            .zip(cells.iter().zip(standing))
            .find(|(_, (here, there))| **here != *there);
        faults.extend(
            column.map(|(column, (_, there))| broken(row, column, format!("another package has {there:?}"))),
        );
    }
    faults
}

/// The number of pairs of neighbours that count by default.
pub(crate) fn borders(tables: &Tables) -> usize {
    let pairs = tables.get("contiguity").into_iter().flat_map(Table::rows);
    pairs.filter(|row| cell(*row, "default") == "true").count()
}

/// The members of `all`, each with 1 where it has no neighbour by default and 0 where it has one.
pub(crate) fn neighbours(tables: &Tables) -> Vec<(String, f64)> {
    let (Some(pairs), Some(sets)) = (tables.get("contiguity"), tables.get("sets")) else {
        return Vec::new();
    };
    let mut linked = BTreeSet::new();
    for row in pairs.rows().filter(|row| cell(*row, "default") == "true") {
        linked.extend([cell(row, "region_a"), cell(row, "region_b")]);
    }
    let members = sets
        .rows()
        .filter(|row| cell(*row, "set") == "all")
        .map(|row| cell(row, "region"));
    members
        .map(|region| (region.to_owned(), if linked.contains(region) { 0.0 } else { 1.0 }))
        .collect()
}

#[cfg(test)]
mod tests {
    use quyu_io::package::{describe, format_of, parse_table};

    use super::*;

    /// Tables of a package by their path and the text under their header.
    fn package(parts: &[(&str, &str)]) -> Tables {
        let table = |(path, rows): &(&str, &str)| {
            let format = format_of("test", path).unwrap();
            let header: Vec<_> = format.header().collect();
            let resource = describe(format, path, b"");
            let text = format!("{}\n{rows}", header.join(","));
            (
                resource.name,
                parse_table(path, &resource.schema, text.as_bytes()).unwrap(),
            )
        };
        parts.iter().map(table).collect()
    }

    /// Where a package breaks a rule: table, row and column.
    fn places(parts: &[(&str, &str)]) -> Vec<String> {
        let faults = check(&package(parts));
        let place = |fault: &Fault| {
            format!(
                "{}:{}:{}",
                fault.file,
                fault.row.unwrap(),
                fault.column.clone().unwrap()
            )
        };
        faults.iter().map(place).collect()
    }

    const REGIONS: &str =
        "1,S,One,,One,,province,,\n11,S,City,,City,,prefecture,1,\n2,S,Two,,Two,,province,,\n";

    #[test]
    fn a_set_with_a_province_and_one_of_its_cities_is_refused() {
        let sets = |rows| places(&[("regions.csv", REGIONS), ("sets.csv", rows)]);
        assert!(sets("s,S,,11\ns,S,,2\n").is_empty());
        assert_eq!(sets("s,S,,1\ns,S,,11\n"), ["sets.csv:3:region"]);
        assert!(sets("s,S,,1\nt,T,,11\n").is_empty());
    }

    #[test]
    fn a_loop_of_parents_ends() {
        let regions = "1,S,One,,One,,province,2,\n2,S,Two,,Two,,province,1,\n";
        assert_eq!(
            places(&[("regions.csv", regions), ("sets.csv", "s,S,,1\n")]),
            ["sets.csv:2:region"]
        );
    }

    #[test]
    fn a_partition_covers_its_set() {
        let sets = ("sets.csv", "s,S,,1\ns,S,,2\n");
        assert_eq!(
            places(&[sets, ("partitions.csv", "p,P,s,g,G,1,\n")]),
            ["sets.csv:3:region"]
        );
        assert!(places(&[sets, ("partitions.csv", "p,P,s,g,G,1,\np,P,s,h,H,2,\n")]).is_empty());
    }

    const RD: &str = "rd,R,R,u,extensive-flow,,,,,,higher,current,,ok,\n";
    const VA: &str = "va,V,V,u,extensive-flow,,,,,,neutral,current,CN-9,ok,\n";

    #[test]
    fn a_ratio_names_both_parts_and_they_exist() {
        let indicators = |row: &str| places(&[("indicators.csv", &format!("{RD}{VA}{row}"))]);
        let classes = ("classes.csv", "CN-9,industry,I,I,1\n");
        let ratio = "x,X,X,%,intensive,rd,va.industry,100,,,higher,current,,ok,\n";
        assert!(places(&[("indicators.csv", &format!("{RD}{VA}{ratio}")), classes]).is_empty());
        assert_eq!(indicators(ratio), ["indicators.csv:4:numerator"]);
        let half = "x,X,X,%,intensive,rd,,100,,,higher,current,,ok,\n";
        assert!(indicators(half).contains(&"indicators.csv:4:numerator".to_owned()));
        let unknown = "x,X,X,%,intensive,rd,gone,100,,,higher,current,,ok,\n";
        assert_eq!(indicators(unknown), ["indicators.csv:4:numerator"]);
        let added = "x,X,X,items per head,extensive-flow,,,,,,higher,none,,ok,\n";
        assert_eq!(indicators(added), ["indicators.csv:4:unit"]);
        let unscaled = "x,X,X,%,intensive,rd,rd,,,,higher,current,,ok,\n";
        assert_eq!(indicators(unscaled), ["indicators.csv:4:scale"]);
    }

    #[test]
    fn a_class_is_given_where_the_indicator_has_a_scheme() {
        let observed = |rows| {
            let indicators = format!("{RD}{VA}");
            places(&[
                ("indicators.csv", &indicators),
                ("classes.csv", "CN-9,industry,I,I,1\n"),
                ("observations/accounts.csv", rows),
            ])
        };
        assert!(observed("1,2019,rd,,v,1,S,\n1,2019,va,industry,v,1,S,\n").is_empty());
        assert_eq!(
            observed("1,2019,va,,v,1,S,\n"),
            ["observations/accounts.csv:2:class"]
        );
        assert_eq!(
            observed("1,2019,va,mining,v,1,S,\n"),
            ["observations/accounts.csv:2:class"]
        );
        assert_eq!(
            observed("1,2019,rd,industry,v,1,S,\n"),
            ["observations/accounts.csv:2:class"]
        );
        assert_eq!(
            observed("2,2019,rd,,v,1,S,\n1,2019,rd,,v,1,S,\n"),
            ["observations/accounts.csv:3:region"]
        );
    }

    #[test]
    fn a_second_value_needs_a_first() {
        let parts = [
            ("indicators.csv", RD),
            ("observations/rd.csv", "1,2019,rd,,v,1,S,\n"),
            ("alternatives.csv", "1,2019,rd,,v,2,T,\n1,2020,rd,,v,2,T,\n"),
        ];
        assert_eq!(
            places(&parts),
            ["alternatives.csv:3:region,year,indicator,class,vintage"]
        );
    }

    #[test]
    fn neighbours_and_tiles_stand_once() {
        let pairs = "1,2,land,true,\n2,1,land,true,\n";
        assert_eq!(
            places(&[("contiguity.csv", pairs)]),
            ["contiguity.csv:3:region_a"]
        );
        assert_eq!(
            places(&[("tilegrid.csv", "1,A,1,1,true\n2,B,1,1,true\n")]),
            ["tilegrid.csv:3:row"]
        );
        let tables = package(&[
            ("contiguity.csv", "1,2,land,true,\n1,3,strait,false,\n"),
            ("sets.csv", "all,A,,1\nall,A,,2\nall,A,,3\n"),
        ]);
        assert_eq!(borders(&tables), 1);
        let alone: Vec<_> = neighbours(&tables)
            .into_iter()
            .filter(|(_, missing)| *missing > 0.0)
            .collect();
        assert_eq!(alone, [("3".to_owned(), 1.0)]);
    }

    #[test]
    fn codes_of_priorities_and_clauses_hold_together() {
        let items = ("items.csv", "SEI2018,1,S1,One,一,,read,\n");
        let lost = "SEI2018,1,SEI2018,S2\n";
        assert_eq!(
            places(&[items, ("incidence.csv", lost)]),
            ["incidence.csv:2:code"]
        );
        assert!(
            places(&[
                items,
                (
                    "incidence.csv",
                    "SEI2018,1,ISIC Rev. 4,26\nSEI2018,1,SEI2018,S1\n"
                )
            ])
            .is_empty()
        );
        let instruments = (
            "instruments.csv",
            "FIN,Finance,in,,environment\nFUN,Funding,in,,supply\n",
        );
        let clause = |flags: &str| {
            places(&[
                instruments,
                ("clauses.csv", &format!("D,1,FUN,FIN,{flags},0,full\n")),
            ])
        };
        assert!(clause("0,0,1,1,0,0,0,0,0").is_empty());
        assert_eq!(clause("0,0,1,0,0,0,0,0,0"), ["clauses.csv:2:FIN"]);
    }

    #[test]
    fn rules_on_vintages_name_what_exists() {
        let rules = |pairs| {
            places(&[
                ("indicators.csv", RD),
                ("vintages.csv", "4EC,fourth\n"),
                ("crosswalk_sections.csv", ""),
                ("vintage_pairs.csv", pairs),
            ])
        };
        assert!(rules("r*,4EC;*,*,*,2000,2024,\n").is_empty());
        assert_eq!(
            rules("q*,4EC,*,*,2000,2024,\n"),
            ["vintage_pairs.csv:2:numerator"]
        );
        assert_eq!(
            rules("rd,6EC,*,*,2000,2024,\n"),
            ["vintage_pairs.csv:2:numerator_vintage"]
        );
    }

    #[test]
    fn a_region_is_described_once() {
        let two = |rows: &str| {
            let packages = [("a", REGIONS), ("b", rows)];
            let packages = packages.map(|(name, rows)| (name.to_owned(), package(&[("regions.csv", rows)])));
            same_regions(&BTreeMap::from(packages)).len()
        };
        assert_eq!(two("1,S,One,,One,,province,,\n"), 0);
        assert_eq!(two("1,S,Uno,,One,,province,,\n"), 1);
    }
}
