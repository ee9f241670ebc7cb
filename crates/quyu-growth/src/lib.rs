//! Plugins on growth: shift-share analysis.

mod shift_share;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[shift_share::ENTRY];
