//! Plugins on policy: priorities of three levels of government, and how well they fit; the mix of instruments; how far
//! coders agree.

mod priority_sets;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[priority_sets::ENTRY];
