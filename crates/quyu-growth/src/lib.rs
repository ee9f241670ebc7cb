//! Plugins on growth: shift-share analysis and structural change.

mod cells;
mod frame;
mod shift_share;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[shift_share::ENTRY];
