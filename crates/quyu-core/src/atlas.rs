//! The atlas: what the loaded data packages hold together.

use std::collections::BTreeMap;

use crate::audit::Audit;
use crate::error::CoreError;
use crate::indicator::Codebook;
use crate::names::{RegionCode, Vintage};
use crate::panel::Panel;
use crate::policy::Policy;
use crate::region::{Partition, RegionSet, Regions};
use crate::relations::Relations;
use crate::suggest::Near;
use crate::vintage::VintageRules;

/// What identifies a data package in the foot of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageStamp {
    /// Id of the package.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its `datapackage.json`, in hexadecimal.
    pub sha256: String,
}

/// Regions, sets, partitions, codebook, observations and relations of the loaded packages.
#[derive(Debug, Clone, Default)]
pub struct Atlas {
    /// The packages, in the order in which they were asked for.
    pub packages: Vec<PackageStamp>,
    /// All regions.
    pub regions: Regions,
    /// The codebook.
    pub codebook: Codebook,
    /// Rules about vintages.
    pub vintages: VintageRules,
    /// All observations.
    pub panel: Panel,
    /// Borders, maps, priority lists, crosswalks.
    pub relations: Relations,
    /// Priority lists, instruments, documents, coded clauses.
    pub policy: Policy,
    /// Claims and what they are checked against beside observations.
    pub audit: Audit,
    /// Sets by `package:id`.
    pub sets: BTreeMap<String, RegionSet>,
    /// Partitions by id.
    pub partitions: BTreeMap<String, Partition>,
}

impl Atlas {
    /// The set named `package:id`.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn set(&self, name: &str) -> Result<&RegionSet, CoreError> {
        self.sets.get(name).ok_or_else(|| CoreError::Unknown {
            what: "set",
            name: name.to_owned(),
            near: Near::to(name, self.sets.keys().map(String::as_str)),
        })
    }

    /// The partition of this id.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn partition(&self, id: &str) -> Result<&Partition, CoreError> {
        self.partitions.get(id).ok_or_else(|| CoreError::Unknown {
            what: "partition",
            name: id.to_owned(),
            near: Near::to(id, self.partitions.keys().map(String::as_str)),
        })
    }

    /// Builds a set of regions from codes or names.
    ///
    /// # Errors
    /// As [`RegionSet::new`], and [`CoreError::Unknown`] region.
    pub fn set_of(
        &self,
        id: &str,
        name_en: &str,
        name_zh: Option<String>,
        members: &[String],
    ) -> Result<RegionSet, CoreError> {
        let codes: Result<Vec<RegionCode>, CoreError> = members
            .iter()
            .map(|m| self.regions.find(m).map(|r| r.code.clone()))
            .collect();
        RegionSet::new(&self.regions, id, name_en, name_zh, codes?)
    }

    /// All vintages that are observed or described, in order.
    pub fn known_vintages(&self) -> Vec<Vintage> {
        let mut known: Vec<Vintage> = self.panel.terms().flat_map(|t| self.panel.vintages(t)).collect();
        known.sort();
        known.dedup();
        known
    }
}
