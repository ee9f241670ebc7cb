//! Plugins on innovation profiles: a region beside its reference, principal components, clusters of regions.

mod clusters;
mod features;
mod pca;
mod profile;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[clusters::ENTRY, pca::ENTRY, profile::ENTRY];
