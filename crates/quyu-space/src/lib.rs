//! Plugins on how regions lie in space: spatial autocorrelation, global and local, moves among neighbours, spatial regression.

mod geary;
mod getis_ord;
mod global;
mod join_counts;
mod lisa_markov;
mod local;
mod local_geary;
mod local_moran;
mod map;
mod moran;
mod moves;
mod regression;
mod spatial_markov;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    geary::ENTRY,
    getis_ord::ENTRY,
    join_counts::ENTRY,
    lisa_markov::ENTRY,
    local_geary::ENTRY,
    local_moran::ENTRY,
    moran::ENTRY,
    spatial_markov::ENTRY,
    regression::ENTRY,
];
