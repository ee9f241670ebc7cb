//! The figures: which codes the lists take up, and which of them they share.

use quyu_core::figure::{Axis, Chart, Figure, HeatRow, OverlapSet, Role, Shared};
use quyu_core::policy::Policy;
use quyu_econometrics::policy::Combination;

use super::ENTRY;
use super::side::Side;
use crate::lists::shorts;

/// Combinations of lists that a figure shows.
const MOST: usize = 15;
const SOURCE: &str = "Crosswalk of priorities";

fn short(policy: &Policy, sides: &[Side<'_>]) -> Vec<String> {
    let ids: Vec<&str> = sides.iter().map(|s| s.list).collect();
    shorts(policy, &ids)
}

/// National codes by lists, as a matrix.
pub(super) fn heat(policy: &Policy, sides: &[Side<'_>]) -> Figure {
    let first = &sides[0];
    let row = |(code, name): &(&str, &str)| HeatRow {
        label: format!("{code} {name}"),
        values: sides.iter().map(|side| Some(side.reach(code))).collect(),
        role: Role::Other,
    };
    let names = short(policy, sides);
    let most = sides.iter().zip(&names).max_by_key(|(s, _)| s.touched());
    let (touched, who) = most.map_or((0, ""), |(s, name)| (s.touched(), name));
    let missed: Vec<&str> = (0..first.universe.len())
        .filter(|c| sides.iter().all(|s| !s.set[*c]))
        .map(|c| first.universe[c].1)
        .collect();
    Figure {
        id: format!("{}-{}", ENTRY.id, first.scheme.to_lowercase()),
        title: format!("What the lists take up of {}", first.nation),
        alt: format!(
            "Of {} codes of {}, {who} takes up the most: {touched}. Taken up by no list: {}.",
            first.universe.len(),
            first.nation,
            named(&missed)
        ),
        source: SOURCE.to_owned(),
        chart: Chart::Heat {
            axis: Axis {
                decimals: Some(1),
                ..Axis::new("Taken up: 1 in full, 1/2 in part", "")
            },
            centre: None,
            columns: names,
            rows: first.universe.iter().map(row).collect(),
        },
    }
}

fn named(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join("; ")
    }
}

/// The combinations of the nation and the lists, as bars over a matrix of dots.
pub(super) fn overlaps(policy: &Policy, sides: &[Side<'_>], found: &[Combination]) -> Figure {
    let first = &sides[0];
    let nation = OverlapSet {
        label: policy
            .lists
            .get(first.scheme)
            .map_or(first.scheme.to_owned(), |l| {
                format!("{}, {}", l.region_name, l.year)
            }),
        size: first.universe.len(),
        role: Role::Peer,
    };
    let set = |(side, label): (&Side<'_>, String)| OverlapSet {
        label,
        size: side.touched(),
        role: if side.focus { Role::Focus } else { Role::Other },
    };
    let sets = sides.iter().zip(short(policy, sides)).map(set);
    let names = |c: Option<&Combination>| -> Vec<&str> {
        let elements = c.map_or(&[][..], |c| &c.elements);
        elements.iter().map(|e| first.universe[*e].1).collect()
    };
    let of_degree = |degree: usize| found.iter().find(|c| c.degree() == degree);
    let (all, none) = (names(of_degree(sides.len() + 1)), names(of_degree(1)));
    let in_all = match all.len() {
        0 => "none is in every list".to_owned(),
        1 => format!("1 is in every list: {}", named(&all)),
        n => format!("{n} are in every list: {}", named(&all)),
    };
    let in_none = match none.len() {
        0 => "Each is in one list at least.".to_owned(),
        _ => format!("In no list: {}.", named(&none)),
    };
    let role = |c: &Combination| match c.degree() {
        1 => Role::Other,
        n if n == sides.len() + 1 => Role::Focus,
        _ => Role::Peer,
    };
    Figure {
        id: format!("{}-overlaps-{}", ENTRY.id, first.scheme.to_lowercase()),
        title: format!("What the lists share of {}", first.nation),
        alt: format!(
            "Of {} codes of {}, {in_all}. {in_none}",
            first.universe.len(),
            first.nation
        ),
        source: SOURCE.to_owned(),
        chart: Chart::Overlaps {
            axis: Axis::new("Codes taken up by exactly the lists marked below", ""),
            sets: std::iter::once(nation).chain(sets).collect(),
            shared: found
                .iter()
                .map(|c| Shared {
                    members: c.members.clone(),
                    size: c.elements.len(),
                    role: role(c),
                })
                .collect(),
            most: MOST,
        },
    }
}
