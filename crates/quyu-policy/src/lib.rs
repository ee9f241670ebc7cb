//! Plugins on policy: priorities of three levels of government, the mix of instruments, how far coders agree.

mod coder_agreement;
mod instrument_mix;
mod priority_sets;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    coder_agreement::ENTRY,
    instrument_mix::ENTRY,
    priority_sets::ENTRY,
];
