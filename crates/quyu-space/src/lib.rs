//! Plugins on how regions lie in space: spatial autocorrelation, global and local.

mod geary;
mod getis_ord;
mod global;
mod join_counts;
mod local_moran;
mod map;
mod moran;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    geary::ENTRY,
    getis_ord::ENTRY,
    join_counts::ENTRY,
    local_moran::ENTRY,
    moran::ENTRY,
];
