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
    decompose::ENTRY,
    index::GINI,
    index::HOOVER,
    lorenz::ENTRY,
    index::MLD,
    index::THEIL,
];
