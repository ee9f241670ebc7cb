//! Plugins on growth: shift-share analysis, structural change and convergence.

mod cells;
mod convergence;
mod frame;
mod shift_share;
mod structural_change;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    convergence::beta::ENTRY,
    convergence::clubs::ENTRY,
    convergence::gamma::ENTRY,
    convergence::kernel::ENTRY,
    convergence::markov::ENTRY,
    convergence::panel_beta::ENTRY,
    convergence::rank_markov::ENTRY,
    shift_share::ENTRY,
    convergence::sigma::ENTRY,
    structural_change::ENTRY,
];
