//! The explicit list of plugins, and nothing else.
//!
//! A crate of yours joins with `Registry::new(quyu_catalog::entries().chain(theirs))`.

use quyu_core::registry::DuplicateId;
use quyu_core::{Entry, Registry};

/// All entries of the workspace, crate by crate.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let crates: [&'static [Entry]; 6] = [
        quyu_disparity::ENTRIES,
        quyu_growth::ENTRIES,
        quyu_profiles::ENTRIES,
        quyu_space::ENTRIES,
        quyu_summary::ENTRIES,
        quyu_structure::ENTRIES,
    ];
    crates.into_iter().flatten()
}

/// The registry of the workspace.
///
/// # Errors
/// [`DuplicateId`] if two plugins claim one id.
///
/// ```
/// let registry = quyu_catalog::registry()?;
/// assert_eq!(registry.get("gini")?.id, "gini");
/// assert!(registry.get("ginni").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn registry() -> Result<Registry, DuplicateId> {
    Registry::new(entries())
}
