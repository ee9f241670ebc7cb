//! Plugins on innovation profiles: a region beside its reference, principal components, clusters of regions.

mod clusters;
mod composite;
mod composite_sensitivity;
mod features;
mod pca;
mod profile;
mod steps;
mod typology;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    clusters::ENTRY,
    composite::ENTRY,
    composite_sensitivity::ENTRY,
    pca::ENTRY,
    profile::ENTRY,
];
