//! What the analyses of priority lists share: how a list is called, and what is said of one that is not there.

use quyu_core::policy::Policy;
use quyu_core::suggest::Near;
use quyu_core::{AnalysisError, CoreError};

/// A list that is not there, with lists that resemble it.
pub(crate) fn unknown(what: &'static str, name: &str, policy: &Policy) -> AnalysisError {
    CoreError::Unknown {
        what,
        name: name.to_owned(),
        near: Near::to(name, policy.lists.keys().map(String::as_str)),
    }
    .into()
}

/// A list in words: its place, its year and its id.
pub(crate) fn title(policy: &Policy, list: &str) -> String {
    policy.lists.get(list).map_or_else(
        || list.to_owned(),
        |l| format!("{}, {} ({list})", l.region_name, l.year),
    )
}
