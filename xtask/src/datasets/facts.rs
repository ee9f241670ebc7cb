//! The observations of all packages in one index, for checks that run across tables.

use std::collections::BTreeMap;

use quyu_io::package::{Fault, FaultKind, Package, PackageError, Table};

/// What identifies a figure, as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) indicator: String,
    pub(crate) class: String,
    pub(crate) vintage: String,
    pub(crate) year: i32,
    pub(crate) region: String,
}

/// All figures, and the members of all sets.
#[derive(Default)]
pub(crate) struct Facts {
    values: BTreeMap<Key, f64>,
    sets: BTreeMap<String, Vec<String>>,
}

impl Facts {
    /// Adds the observations and sets of a package. A figure that another package has is a fault.
    pub(crate) fn add(&mut self, package: &Package) -> Result<Vec<Fault>, PackageError> {
        let mut faults = Vec::new();
        for resource in &package.descriptor().resources {
            if resource.path.starts_with("observations/") {
                faults.extend(self.add_table(&package.table(&resource.name)?));
            } else if resource.name == "sets" {
                for row in package.table("sets")?.rows() {
                    let [set, region] = ["set", "region"].map(|column| row.get(column).unwrap_or_default());
                    let name = format!("{}:{set}", package.name());
                    self.sets.entry(name).or_default().push(region.to_owned());
                }
            }
        }
        Ok(faults)
    }

    fn add_table(&mut self, table: &Table) -> Vec<Fault> {
        let mut faults = Vec::new();
        for row in table.rows() {
            let cell = |column| row.get(column).unwrap_or_default();
            let text = cell("value");
            // What is not a number or a year has been reported by the validation of the table.
            let (Ok(value), Ok(year)) = (text.parse::<f64>(), cell("year").parse()) else {
                continue;
            };
            if value.to_string() != text {
                let message = format!("{text} is not the shortest form of the number, which is {value}");
                faults.push(row.fault("value", FaultKind::Rule { message }));
            }
            let key = Key {
                indicator: cell("indicator").to_owned(),
                class: cell("class").to_owned(),
                vintage: cell("vintage").to_owned(),
                year,
                region: cell("region").to_owned(),
            };
            if self.values.insert(key, value).is_some() {
                let message = "another package has this figure".to_owned();
                faults.push(row.fault("region,year,indicator,class,vintage", FaultKind::Rule { message }));
            }
        }
        faults
    }

    /// A figure.
    pub(crate) fn get(
        &self,
        region: &str,
        year: i32,
        (indicator, class): (&str, &str),
        vintage: &str,
    ) -> Option<f64> {
        let key = Key {
            indicator: indicator.to_owned(),
            class: class.to_owned(),
            vintage: vintage.to_owned(),
            year,
            region: region.to_owned(),
        };
        self.values.get(&key).copied()
    }

    /// The keys of an indicator and class, in all vintages.
    pub(crate) fn keys<'a>(&'a self, indicator: &'a str, class: &'a str) -> impl Iterator<Item = &'a Key> {
        self.values
            .keys()
            .filter(move |key| key.indicator == indicator && key.class == class)
    }

    /// The members of a set, which is named `package:set`; none where there is no such set.
    pub(crate) fn set(&self, name: &str) -> &[String] {
        self.sets.get(name).map_or(&[], Vec::as_slice)
    }

    /// The number of figures.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}
