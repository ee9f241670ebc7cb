//! The explicit list of plugins, and nothing else.
//!
//! A crate of yours joins with `Registry::new(quyu_catalog::entries().chain(theirs))`.

use quyu_core::registry::DuplicateId;
use quyu_core::{Entry, Registry};

/// All entries of the workspace, crate by crate.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    families().flat_map(|(_, entries)| entries)
}

/// The families: the name of each crate without `quyu-`, and its entries.
pub fn families() -> impl Iterator<Item = (&'static str, &'static [Entry])> {
    let crates: [(&'static str, &'static [Entry]); 7] = [
        ("disparity", quyu_disparity::ENTRIES),
        ("growth", quyu_growth::ENTRIES),
        ("profiles", quyu_profiles::ENTRIES),
        ("space", quyu_space::ENTRIES),
        ("structure", quyu_structure::ENTRIES),
        ("summary", quyu_summary::ENTRIES),
        ("policy", quyu_policy::ENTRIES),
    ];
    crates.into_iter()
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
