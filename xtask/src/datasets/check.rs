//! `cargo xtask datasets --check`: proves the packages, writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quyu_io::atomic;
use quyu_io::package::{DESCRIPTOR, Package, PackageError, Table};

use super::facts::Facts;
use super::identities::{Cell, IDENTITIES, Identity};
use super::{DatasetsError, Files, complete, files, master, rules};

/// The list of deviations that are known, with the reason of each.
const KNOWN: &str = "known-deviations.csv";
/// The greatest length of a table.
const GREATEST_TABLE: usize = 3 * 1024 * 1024;

/// The lines to print, and how many of them report something wrong.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) lines: Vec<String>,
    pub(crate) faults: usize,
}

impl Report {
    fn good(&mut self, line: String) {
        self.lines.push(format!("ok    {line}"));
    }

    fn bad(&mut self, line: impl std::fmt::Display) {
        self.lines.push(format!("FAULT {line}"));
        self.faults += 1;
    }
}

/// Checks everything. The identities run only over packages whose tables are sound.
pub(crate) fn check(datasets: &Path) -> Result<Report, DatasetsError> {
    let mut report = Report::default();
    let (master, mut packages) = (master(datasets)?, Vec::new());
    for path in atomic::interrupted(datasets)? {
        report.bad(format!(
            "{}: a write was interrupted; run cargo xtask datasets",
            files::name(&path)
        ));
    }
    for dir in files::folders(datasets)? {
        let package = Package::open(&dir)?;
        check_package(&master, &package, &mut report)?;
        packages.push(package);
    }
    if report.faults > 0 {
        return Ok(report);
    }
    let tables = packages
        .iter()
        .map(|package| Ok((package.name().to_owned(), rules::tables(package)?)));
    let tables: BTreeMap<_, _> = tables.collect::<Result<_, PackageError>>()?;
    for (name, tables) in &tables {
        let before = report.faults;
        rules::check(tables).iter().for_each(|fault| report.bad(fault));
        if report.faults == before {
            report.good(format!(
                "{name}: units, parts, classes, sets, partitions, neighbours, tiles"
            ));
        }
    }
    rules::same_regions(&tables)
        .iter()
        .for_each(|fault| report.bad(fault));
    let mut facts = Facts::default();
    let before = report.faults;
    for package in &packages {
        facts.add(package)?.iter().for_each(|fault| report.bad(fault));
    }
    if report.faults == before {
        report.good(format!(
            "{} figures in their shortest form, no key in two packages",
            facts.len()
        ));
    }
    let known = Known::read(datasets)?;
    for identity in &IDENTITIES {
        judge(identity, &(identity.cells)(&facts), &known, &mut report);
    }
    if let Some(tables) = tables.get("cn-provinces") {
        neighbours(tables, &known, &mut report);
    }
    for (check, place) in known.unused() {
        report.bad(format!(
            "{KNOWN}: {check} at {place} deviates no longer: take it out of the list"
        ));
    }
    Ok(report)
}

/// Schema, keys, hashes, sizes, and the drift of what is generated.
fn check_package(master: &Files, package: &Package, report: &mut Report) -> Result<(), DatasetsError> {
    let before = report.faults;
    package.validate()?.iter().for_each(|fault| report.bad(fault));
    let name = package.name();
    if package.dir().file_name() != Some(name.as_ref()) {
        report.bad(format!("{name}/{DESCRIPTOR}: the folder has another name"));
    }
    let standing = files::read_all(package.dir())?;
    let wanted = complete(master, standing.clone())?;
    let paths: BTreeSet<_> = standing.keys().chain(wanted.keys()).collect();
    for path in paths
        .into_iter()
        .filter(|path| standing.get(*path) != wanted.get(*path))
    {
        // A table that was changed has been reported with its hash.
        if path != DESCRIPTOR || report.faults == before {
            report.bad(format!(
                "{name}/{path}: not what is generated from the tables; run cargo xtask datasets"
            ));
        }
    }
    let (mut tables, mut rows) = (0, 0);
    for (path, bytes) in standing.iter().filter(|(path, _)| path.ends_with(".csv")) {
        tables += 1;
        rows += bytes
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_sub(1);
        if bytes.len() > GREATEST_TABLE {
            report.bad(format!("{name}/{path}: longer than 3 MiB"));
        }
        if bytes.contains(&b'\r') {
            report.bad(format!("{name}/{path}: a line ends in CR"));
        }
    }
    if report.faults == before {
        report.good(format!(
            "{name}: {tables} tables, {rows} rows: schema, keys, foreign keys, hashes, codebook"
        ));
    }
    Ok(())
}

/// The known deviations, and which of them were met.
struct Known {
    listed: BTreeSet<(String, String)>,
    met: std::cell::RefCell<BTreeSet<(String, String)>>,
}

impl Known {
    fn read(datasets: &Path) -> Result<Self, DatasetsError> {
        let path = datasets.join(KNOWN);
        let wrap = |source| DatasetsError::Csv {
            path: path.clone(),
            source,
        };
        let mut reader = csv::Reader::from_path(&path).map_err(wrap)?;
        let mut listed = BTreeSet::new();
        for record in reader.records() {
            let record = record.map_err(wrap)?;
            let cell = |at| record.get(at).unwrap_or_default().to_owned();
            listed.insert((cell(0), cell(1)));
        }
        Ok(Self {
            listed,
            met: std::cell::RefCell::default(),
        })
    }

    fn holds(&self, check: &str, place: &str) -> bool {
        let key = (check.to_owned(), place.to_owned());
        let listed = self.listed.contains(&key);
        if listed {
            self.met.borrow_mut().insert(key);
        }
        listed
    }

    fn unused(&self) -> Vec<(String, String)> {
        self.listed.difference(&self.met.borrow()).cloned().collect()
    }
}

/// Prints an identity with its largest deviation, and every violation that is not known.
fn judge(identity: &Identity, cells: &[Cell], known: &Known, report: &mut Report) {
    let Identity {
        id,
        label,
        unit,
        tolerance,
        ..
    } = identity;
    // The tolerance is a number of printed digits; the slack is for the binary form of both sides.
    let beyond = |cell: &&Cell| cell.deviation > tolerance + 1e-6 * tolerance.max(1e-3);
    let (listed, new): (Vec<_>, Vec<_>) = cells
        .iter()
        .filter(beyond)
        .partition(|cell| known.holds(id, &cell.place));
    let within = cells.iter().filter(|cell| !beyond(cell));
    let largest = within.reduce(|a, b| if b.deviation > a.deviation { b } else { a });
    let largest = match largest {
        None => "none within the tolerance".to_owned(),
        Some(cell) if cell.deviation == 0.0 => "no deviation".to_owned(),
        Some(cell) => format!(
            "largest deviation {} {unit} at {}",
            digits(cell.deviation),
            cell.place
        ),
    };
    let mut line = format!("{id}: {label}: {} cells, {largest}", cells.len());
    if !listed.is_empty() {
        let listed: Vec<_> = listed
            .iter()
            .map(|cell| format!("{} ({} {unit})", cell.place, digits(cell.deviation)))
            .collect();
        line.push_str(&format!("; known: {}", listed.join(", ")));
    }
    if cells.is_empty() {
        report.bad(format!("{id}: {label}: nothing to compare"));
    } else if new.is_empty() {
        report.good(line);
    }
    for cell in new {
        let deviation = digits(cell.deviation);
        report.bad(format!(
            "{id}: {label}: {} deviates by {deviation} {unit}, more than {tolerance}",
            cell.place
        ));
    }
}

/// A deviation with four significant digits at most.
fn digits(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{value:.3e}");
    text.parse::<f64>().map_or(text, |rounded| rounded.to_string())
}

/// The provinces have 68 borders by land, and every one of them has a neighbour.
fn neighbours(tables: &BTreeMap<String, Table>, known: &Known, report: &mut Report) {
    let identity = |id, label, unit| Identity {
        id,
        label,
        unit,
        tolerance: 0.0,
        cells: |_| Vec::new(),
    };
    let borders = rules::borders(tables);
    let cell = Cell {
        place: format!("{borders} pairs"),
        deviation: borders.abs_diff(68) as f64,
    };
    let label = "pairs of provinces with a border by land, each once = 68";
    judge(&identity("borders", label, "pairs"), &[cell], known, report);
    let found = rules::neighbours(tables);
    let cells: Vec<_> = found
        .into_iter()
        .map(|(place, deviation)| Cell { place, deviation })
        .collect();
    judge(
        &identity("neighbours", "every province has a neighbour", "missing"),
        &cells,
        known,
        report,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(places: &[&str]) -> Known {
        let listed = places
            .iter()
            .map(|place| ("test".to_owned(), (*place).to_owned()))
            .collect();
        Known {
            listed,
            met: std::cell::RefCell::default(),
        }
    }

    fn judged(known: &Known, cells: &[(&str, f64)]) -> Report {
        let identity = Identity {
            id: "test",
            label: "parts = whole",
            unit: "items",
            tolerance: 0.3,
            cells: |_| Vec::new(),
        };
        let cell = |(place, deviation): &(&str, f64)| Cell {
            place: (*place).to_owned(),
            deviation: *deviation,
        };
        let mut report = Report::default();
        judge(
            &identity,
            &cells.iter().map(cell).collect::<Vec<_>>(),
            known,
            &mut report,
        );
        report
    }

    #[test]
    fn an_identity_prints_its_cells_and_the_largest_deviation() {
        let report = judged(&known(&[]), &[("a", 0.1), ("b", 0.3000000000010914), ("c", 0.0)]);
        assert_eq!(
            report.lines,
            ["ok    test: parts = whole: 3 cells, largest deviation 0.3 items at b"]
        );
    }

    #[test]
    fn a_new_violation_is_a_fault_and_a_known_one_is_named() {
        let known = known(&["b", "gone"]);
        let report = judged(&known, &[("a", 0.5), ("b", 9.0)]);
        assert_eq!((report.faults, report.lines.len()), (1, 1));
        assert!(report.lines[0].starts_with("FAULT test: parts = whole: a deviates by 0.5 items"));
        let report = judged(&known, &[("b", 9.0)]);
        assert!(report.faults == 0 && report.lines[0].ends_with("known: b (9 items)"));
        assert_eq!(known.unused(), [("test".to_owned(), "gone".to_owned())]);
    }

    #[test]
    fn an_identity_without_cells_proves_nothing() {
        assert_eq!(judged(&known(&[]), &[]).faults, 1);
    }
}
