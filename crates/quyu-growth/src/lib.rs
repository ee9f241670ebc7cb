//! Plugins on growth: shift-share analysis and convergence.

mod convergence;
mod shift_share;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    convergence::beta::ENTRY,
    convergence::gamma::ENTRY,
    convergence::markov::ENTRY,
    convergence::sigma::ENTRY,
    shift_share::ENTRY,
];
