//! Plugins on policy and on what is said of regions: priorities of three levels of government, the mix of instruments, how far
//! coders agree, the audit of claims.
//!
//! A number is what the study gives; a verdict is what one rule makes of it.

mod claims;
mod coder_agreement;
mod instrument_mix;
mod lists;
mod priority_fit;
mod priority_sets;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    claims::ENTRY,
    coder_agreement::ENTRY,
    instrument_mix::ENTRY,
    priority_fit::ENTRY,
    priority_sets::ENTRY,
];
