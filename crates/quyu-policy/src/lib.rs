//! Plugins on what is said of regions and policy: the audit of claims.
//!
//! A number is what the study gives; a verdict is what one rule makes of it.

mod claims;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[claims::ENTRY];
