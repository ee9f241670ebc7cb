//! `cargo xtask datasets --check`: proves the packages, writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quyu_io::package::{DESCRIPTOR, Package, PackageError};

use super::facts::Facts;
use super::identities::{Cell, IDENTITIES, Identity};
use super::{DatasetsError, descriptor, files, packages, rules, subset};

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
    let packages = packages(datasets)?;
    for package in &packages {
        check_package(datasets, package, &mut report)?;
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
fn check_package(datasets: &Path, package: &Package, report: &mut Report) -> Result<(), DatasetsError> {
    let before = report.faults;
    package.validate()?.iter().for_each(|fault| report.bad(fault));
    let name = package.name();
    let mut rows = 0;
    for resource in &package.descriptor().resources {
        let bytes = package.bytes(resource)?;
        rows += bytes
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_sub(1);
        if bytes.len() > GREATEST_TABLE {
            report.bad(format!("{name}/{}: longer than 3 MiB", resource.path));
        }
        if bytes.contains(&b'\r') {
            report.bad(format!("{name}/{}: a line ends in CR", resource.path));
        }
    }
    for (table, _) in subset::drift(datasets, package.dir())? {
        report.bad(format!(
            "{name}/codebook/{table}: not what datasets/codebook says; run cargo xtask datasets"
        ));
    }
    let standing = files::read(&package.dir().join(DESCRIPTOR))?;
    if report.faults == before && descriptor(package.dir())? != standing {
        report.bad(format!(
            "{name}/{DESCRIPTOR}: not what the tables say; run cargo xtask datasets"
        ));
    }
    if report.faults == before {
        let tables = package.descriptor().resources.len();
        report.good(format!(
            "{name}: {tables} tables, {rows} lines: schema, keys, foreign keys, hashes, codebook"
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

/// Every province has a neighbour by land.
fn neighbours(tables: &BTreeMap<String, quyu_io::package::Table>, known: &Known, report: &mut Report) {
    let identity = Identity {
        id: "neighbours",
        label: "every province has a neighbour",
        unit: "missing",
        tolerance: 0.0,
        cells: |_| Vec::new(),
    };
    let found = rules::neighbours(tables);
    let cells: Vec<_> = found
        .into_iter()
        .map(|(place, deviation)| Cell { place, deviation })
        .collect();
    judge(&identity, &cells, known, report);
}
