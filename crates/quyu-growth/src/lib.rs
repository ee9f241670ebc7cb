//! Plugins on growth: shift-share analysis and structural change.

mod cells;
mod frame;
mod shift_share;
mod structural_change;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[shift_share::ENTRY, structural_change::ENTRY];
