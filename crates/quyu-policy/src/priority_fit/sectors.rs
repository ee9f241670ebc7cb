//! The classes of the figures, and which of them the divisions of an item belong to.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::{AnalysisError, Study, Term};

use super::ENTRY;

/// One class of the figures.
pub(super) struct Sector {
    pub(super) code: String,
    pub(super) name: String,
    /// Divisions that it holds; one where items are coded by the classes themselves.
    pub(super) divisions: usize,
}

/// The classes of an indicator, and the way from divisions to them.
pub(super) struct Sectors {
    pub(super) terms: Vec<Term>,
    pub(super) list: Vec<Sector>,
    /// The scheme of the divisions.
    pub(super) scheme: String,
    class_of: BTreeMap<String, usize>,
}

pub(super) fn refuse(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

impl Sectors {
    /// The classes of `value`, and the one scheme of items of these lists that leads to them.
    pub(super) fn of(study: &Study, value: &Term, lists: &[String]) -> Result<Self, AnalysisError> {
        let codebook = &study.atlas.codebook;
        let indicator = codebook.indicator(&value.indicator)?;
        let terms = study.classes(value)?;
        let (Some(target), true) = (&indicator.scheme, terms.len() > 1) else {
            return Err(refuse(format!("`{value}` is not split by two classes or more")));
        };
        let scheme = scheme(study, target, lists)?;
        let position = |code: &str| {
            let same = |t: &Term| t.class.as_ref().is_some_and(|c| c.as_str() == code);
            terms.iter().position(same)
        };
        let class_of: BTreeMap<String, usize> = if scheme == *target {
            let own = terms.iter().filter_map(|t| t.class.as_ref());
            own.zip(0..).map(|(c, i)| (c.to_string(), i)).collect()
        } else {
            let leads = study.atlas.relations.crosswalks.iter();
            leads
                .filter(|c| c.from_scheme == scheme && c.to_scheme == *target)
                .filter_map(|c| Some((c.from.to_string(), position(c.to.as_str())?)))
                .collect()
        };
        let list = terms.iter().enumerate().map(|(i, term)| Sector {
            code: term.class.as_ref().map(ToString::to_string).unwrap_or_default(),
            name: name(study, term),
            divisions: class_of.values().filter(|c| **c == i).count(),
        });
        Ok(Self {
            list: list.collect(),
            terms,
            scheme,
            class_of,
        })
    }

    /// The class that holds a division.
    pub(super) fn class_of(&self, division: &str) -> Option<usize> {
        self.class_of.get(division).copied()
    }
}

fn name(study: &Study, term: &Term) -> String {
    let codebook = &study.atlas.codebook;
    let found = codebook.indicator(&term.indicator).ok().and_then(|i| {
        let same = |c: &&quyu_core::Class| Some(&c.code) == term.class.as_ref();
        codebook.classes_of(i).iter().find(same)
    });
    found.map_or_else(|| term.to_string(), |c| c.label_en.clone())
}

/// The scheme by which items of the lists are coded and that is the target or leads to it.
fn scheme(study: &Study, target: &str, lists: &[String]) -> Result<String, AnalysisError> {
    let relations = &study.atlas.relations;
    let coded: BTreeSet<&str> = relations
        .priorities
        .iter()
        .filter(|row| lists.contains(&row.list))
        .map(|row| row.scheme.as_str())
        .collect();
    let leads = |scheme: &&&str| {
        **scheme == target
            || relations
                .crosswalks
                .iter()
                .any(|c| c.from_scheme == **scheme && c.to_scheme == target)
    };
    let found: Vec<&&str> = coded.iter().filter(leads).collect();
    match found.as_slice() {
        [one] => Ok((**one).to_owned()),
        [] => Err(refuse(format!(
            "no item of these lists is coded by `{target}`, the classes of the figures, or by divisions that \
             `crosswalk_divisions.csv` leads from: the codings are by {}",
            if coded.is_empty() {
                "nothing".to_owned()
            } else {
                Vec::from_iter(coded).join(", ")
            }
        ))),
        [a, b, ..] => Err(refuse(format!(
            "items are coded by both `{a}` and `{b}`, and both lead to `{target}`: keep one of the two in `incidence.csv`"
        ))),
    }
}
