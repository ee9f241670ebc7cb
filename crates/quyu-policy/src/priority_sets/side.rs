//! One list beside one national list: its items with their codes there.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::policy::{Fit, Item};
use quyu_core::{AnalysisError, Study};

use crate::lists::{of_focus, title, unknown};

/// An item with its codes in one scheme.
pub(super) struct Mapped<'a> {
    pub(super) number: &'a str,
    pub(super) item: &'a Item,
    pub(super) codes: BTreeSet<&'a str>,
}

impl Mapped<'_> {
    /// How far it meets this scheme: one that has no code of it meets nothing.
    pub(super) fn fit(&self) -> Fit {
        match self.item.fit {
            _ if self.codes.is_empty() => Fit::None,
            Some(Fit::Full) => Fit::Full,
            _ => Fit::Partial,
        }
    }
}

/// One list beside one scheme.
pub(super) struct Side<'a> {
    pub(super) list: &'a str,
    /// The list in words.
    pub(super) title: String,
    /// Whether its region is looked at.
    pub(super) focus: bool,
    pub(super) scheme: &'a str,
    /// The national list in words.
    pub(super) nation: &'a str,
    pub(super) items: Vec<Mapped<'a>>,
    /// Membership of the codes of the scheme, in order.
    pub(super) set: Vec<bool>,
    /// The codes of the scheme, each with its name.
    pub(super) universe: Vec<(&'a str, &'a str)>,
}

impl Side<'_> {
    pub(super) fn count(&self, fit: Fit) -> usize {
        self.items.iter().filter(|i| i.fit() == fit).count()
    }

    pub(super) fn touched(&self) -> usize {
        self.set.iter().filter(|x| **x).count()
    }

    /// The best fit of the items that touch a code: 1 in full, 1/2 in part, 0 not at all.
    pub(super) fn reach(&self, code: &str) -> f64 {
        let best = self
            .items
            .iter()
            .filter(|i| i.codes.contains(code))
            .map(Mapped::fit)
            .max();
        match best {
            Some(Fit::Full) => 1.0,
            Some(Fit::Partial) => 0.5,
            _ => 0.0,
        }
    }
}

/// Reads a list beside a national one.
pub(super) fn side<'a>(study: &'a Study, list: &'a str, scheme: &'a str) -> Result<Side<'a>, AnalysisError> {
    let policy = &study.atlas.policy;
    let universe: Vec<(&str, &str)> = policy
        .items_of(scheme)
        .into_iter()
        .map(|(_, item)| (item.code.as_str(), item.name_en.as_str()))
        .filter(|(code, _)| !code.is_empty())
        .collect();
    if universe.is_empty() {
        return Err(unknown("national list with codes", scheme, policy));
    }
    let mut codes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let touched = study.atlas.relations.priorities.iter();
    for row in touched.filter(|row| row.list == list && row.scheme == scheme) {
        codes
            .entry(row.item.as_str())
            .or_default()
            .insert(row.code.as_str());
    }
    let items: Vec<Mapped<'_>> = policy
        .items_of(list)
        .into_iter()
        .map(|(number, item)| Mapped {
            number,
            item,
            codes: codes.get(number).cloned().unwrap_or_default(),
        })
        .collect();
    if items.is_empty() {
        return Err(unknown("priority list", list, policy));
    }
    let set = universe
        .iter()
        .map(|(code, _)| items.iter().any(|i| i.codes.contains(code)))
        .collect();
    Ok(Side {
        list,
        title: title(policy, list),
        focus: of_focus(study, list),
        scheme,
        nation: study.atlas.codebook.scheme_label(scheme),
        items,
        set,
        universe,
    })
}
