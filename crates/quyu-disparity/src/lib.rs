//! Plugins on disparity: one index a year, the Lorenz curve, and decomposition by groups.

mod decompose;
mod index;
mod lorenz;
mod sample;
mod stream;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    index::CV,
    decompose::GROUPS,
    decompose::NESTED,
    decompose::TWO_WAY,
    decompose::SOURCES,
    decompose::CHANGE,
    decompose::SHAPLEY,
    decompose::REGRESSION,
    decompose::SPATIAL_GINI,
    index::GINI,
    index::HOOVER,
    lorenz::ENTRY,
    index::MLD,
    index::THEIL,
];
