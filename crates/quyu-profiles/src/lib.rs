//! Plugins on innovation profiles: a region beside its reference, principal components, composite indices, clusters of
//! regions and how sure they are, regions that are alike.

mod clusters;
mod composite;
mod composite_sensitivity;
mod features;
mod matching;
mod partition_agreement;
mod pca;
mod profile;
mod regionalise;
mod steps;
mod typology;
mod typology_stability;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    clusters::ENTRY,
    composite::ENTRY,
    composite_sensitivity::ENTRY,
    matching::ENTRY,
    partition_agreement::ENTRY,
    regionalise::ENTRY,
    pca::ENTRY,
    profile::ENTRY,
    typology_stability::ENTRY,
];
