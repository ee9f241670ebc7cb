//! What the analyses of lists and documents share: how a list is called, whose it is, and what is said of one that is not there.

use quyu_core::policy::Policy;
use quyu_core::suggest::Near;
use quyu_core::{AnalysisError, CoreError, Study};

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

/// Whether a study looks at the region of a list, or at the set of regions that made it.
pub(crate) fn of_focus(study: &Study, list: &str) -> bool {
    study.atlas.policy.lists.get(list).is_some_and(|l| {
        let region = study.atlas.regions.known(&l.region);
        let set = study.atlas.sets.get(&l.region);
        region.is_some_and(|r| study.focus.contains(&r.code))
            || set.is_some_and(|s| s.members() == study.focus.members())
    })
}

/// Short names of lists: place and year, and the id where two would be called the same.
pub(crate) fn shorts(policy: &Policy, lists: &[&str]) -> Vec<String> {
    let short = |list: &str| {
        policy.lists.get(list).map_or_else(
            || list.to_owned(),
            |l| {
                let place = l.region_name.split(" (").next().unwrap_or_default();
                format!("{place}, {}", l.year)
            },
        )
    };
    let all: Vec<String> = lists.iter().map(|list| short(list)).collect();
    let twice = |name: &String| all.iter().filter(|n| *n == name).count() > 1;
    let name = |(name, list): (&String, &&str)| match twice(name) {
        true => format!("{name} ({list})"),
        false => name.clone(),
    };
    all.iter().zip(lists).map(name).collect()
}

/// Whether a study looks at a region, or at one in which it lies.
pub(crate) fn in_focus(study: &Study, region: &str) -> bool {
    let regions = &study.atlas.regions;
    regions.known(region).is_some_and(|region| {
        let mut chain = regions.ancestors(&region.code);
        chain.push(region.code.clone());
        chain.iter().any(|code| study.focus.contains(code))
    })
}
