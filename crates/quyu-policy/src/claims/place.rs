//! The regions that a trial names: codes, sets and groups of partitions, joined by plus signs.

use quyu_core::suggest::Near;
use quyu_core::{Atlas, CoreError, RegionCode, RegionSet};

/// Most members that are named one by one.
const MOST_NAMED: usize = 9;

/// The parts of `a+b+c`.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split('+').map(str::trim).filter(|part| !part.is_empty())
}

/// The set of all regions named: `320000`, `package:set`, or `package:set/partition/group`.
pub(crate) fn regions(atlas: &Atlas, text: &str) -> Result<RegionSet, CoreError> {
    let mut codes: Vec<RegionCode> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for part in parts(text) {
        let (name, members) = one(atlas, part)?;
        names.push(name);
        codes.extend(members);
    }
    let name = match names.len() {
        n if n > MOST_NAMED => format!("{n} regions and sets"),
        _ => listed(&names),
    };
    RegionSet::new(&atlas.regions, text, name, None, codes)
}

/// "A, B and C".
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

fn one(atlas: &Atlas, part: &str) -> Result<(String, Vec<RegionCode>), CoreError> {
    let mut words = part.split('/');
    let (base, partition, group) = (words.next().unwrap_or_default(), words.next(), words.next());
    let set = match (atlas.sets.get(base), atlas.regions.known(base)) {
        (Some(set), _) => set.clone(),
        (None, Some(region)) => {
            let mut single = RegionSet::single(region);
            single.name_en.clone_from(&region.short_en);
            single
        }
        (None, None) if base.contains(':') => atlas.set(base)?.clone(),
        (None, None) => RegionSet::single(atlas.regions.find(base)?),
    };
    let (Some(partition), Some(group)) = (partition, group) else {
        return Ok((set.name_en.clone(), set.members().to_vec()));
    };
    let (of, groups) = atlas.partition(partition)?.cover(&set.id, set.members())?;
    let position = groups.iter().position(|g| g.id == group);
    let position = position.ok_or_else(|| CoreError::Unknown {
        what: "group",
        name: group.to_owned(),
        near: Near::to(group, groups.iter().map(|g| g.id.as_str())),
    })?;
    let members = set.members().iter().zip(&of).filter(|(_, g)| **g == position);
    Ok((
        groups[position].label.clone(),
        members.map(|(code, _)| code.clone()).collect(),
    ))
}

/// The name of a set within a sentence.
pub(crate) fn inside(set: &RegionSet) -> String {
    match set.name_en.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => set.name_en.clone(),
    }
}
