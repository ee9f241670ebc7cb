//! Labelled groups of sectors.

use quyu_core::suggest::{Near, quoted};
use quyu_core::{AnalysisError, ParamError, Params, Study, Term};

use super::ENTRY;
use crate::frame::{codes, refuse};

/// The label of sectors that no group names.
const OTHER: &str = "other";

/// The parameter `class_group`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ClassGroups {
    /// Labels with the codes of their classes.
    Listed(Vec<(String, Vec<String>)>),
    /// Classes of another scheme, to which a crosswalk leads.
    Scheme(String),
}

fn misfit(reason: String) -> ParamError {
    ParamError::Combination {
        analysis: ENTRY.id.to_owned(),
        reason,
    }
}

impl ClassGroups {
    pub(super) fn new(params: &Params) -> Result<Option<Self>, ParamError> {
        let texts = params.texts("class_group");
        match texts.as_slice() {
            [] => Ok(None),
            [scheme] if !scheme.contains('=') => Ok(Some(Self::Scheme((*scheme).to_owned()))),
            _ => {
                let listed: Vec<(String, Vec<String>)> =
                    texts.iter().map(|t| parse(t)).collect::<Result<_, _>>()?;
                check(&listed)?;
                Ok(Some(Self::Listed(listed)))
            }
        }
    }

    /// The group of each sector, numbered from 0, and the labels of the groups.
    pub(super) fn labels(
        &self,
        study: &Study,
        value: &Term,
        terms: &[Term],
    ) -> Result<(Vec<usize>, Vec<String>), AnalysisError> {
        match self {
            Self::Listed(listed) => by_list(listed, &codes(terms)),
            Self::Scheme(scheme) => by_crosswalk(study, value, terms, scheme),
        }
    }
}

/// Reads `label = class class`.
fn parse(text: &str) -> Result<(String, Vec<String>), ParamError> {
    let refused = || misfit(format!("`{text}` is not of the form `label = class class`"));
    let (label, classes) = text.split_once('=').ok_or_else(refused)?;
    let classes: Vec<String> = classes.split_whitespace().map(str::to_owned).collect();
    if label.trim().is_empty() || classes.is_empty() {
        return Err(refused());
    }
    Ok((label.trim().to_owned(), classes))
}

/// No label twice, no class in two groups.
fn check(listed: &[(String, Vec<String>)]) -> Result<(), ParamError> {
    for (i, (label, _)) in listed.iter().enumerate() {
        if listed[..i].iter().any(|(other, _)| other == label) {
            return Err(misfit(format!(
                "the group `{label}` stands twice in `class_group`"
            )));
        }
    }
    let classes: Vec<&String> = listed.iter().flat_map(|(_, classes)| classes).collect();
    for (i, class) in classes.iter().enumerate() {
        if classes[..i].contains(class) {
            return Err(misfit(format!(
                "the sector `{class}` stands twice in `class_group`"
            )));
        }
    }
    Ok(())
}

/// Numbers the groups that listed names give to classes.
pub(super) fn by_list(
    listed: &[(String, Vec<String>)],
    known: &[&str],
) -> Result<(Vec<usize>, Vec<String>), AnalysisError> {
    for class in listed.iter().flat_map(|(_, classes)| classes) {
        if !known.contains(&class.as_str()) {
            let near = Near::to(class, known.iter().copied());
            return Err(refuse(
                ENTRY.id,
                format!("there is no sector `{class}` to group{near}"),
            ));
        }
    }
    let group = |code: &&str| {
        listed
            .iter()
            .position(|(_, classes)| classes.iter().any(|c| c == code))
    };
    let found: Vec<Option<usize>> = known.iter().map(group).collect();
    let mut labels: Vec<String> = listed.iter().map(|(label, _)| label.clone()).collect();
    if found.contains(&None) {
        // Somebody may have called a group so.
        match labels.iter().position(|l| l == OTHER) {
            Some(at) => return Ok((found.iter().map(|g| g.unwrap_or(at)).collect(), labels)),
            None => labels.push(OTHER.to_owned()),
        }
    }
    Ok((found.iter().map(|g| g.unwrap_or(listed.len())).collect(), labels))
}

/// Groups that are the classes of another scheme: each sector must correspond to exactly one of them.
fn by_crosswalk(
    study: &Study,
    value: &Term,
    terms: &[Term],
    scheme: &str,
) -> Result<(Vec<usize>, Vec<String>), AnalysisError> {
    let relations = &study.atlas.relations;
    let indicator = study.atlas.codebook.indicator(&value.indicator)?;
    let from = indicator.scheme.as_deref().unwrap_or_default();
    let leads = relations.crosswalks.iter().filter(|c| c.from_scheme == from);
    let schemes: Vec<&str> = leads.map(|c| c.to_scheme.as_str()).collect();
    if !schemes.contains(&scheme) {
        let near = Near::to(scheme, schemes.iter().copied());
        return Err(refuse(
            ENTRY.id,
            format!("no crosswalk leads from the scheme `{from}` to `{scheme}`{near}"),
        ));
    }
    let mut labels: Vec<String> = Vec::new();
    let mut groups = Vec::new();
    for term in terms {
        let Some(class) = &term.class else { continue };
        let found = relations.crosswalk(from, class, scheme);
        let [one] = found.as_slice() else {
            let several: Vec<String> = found.iter().map(ToString::to_string).collect();
            let found = if several.is_empty() {
                "nothing".to_owned()
            } else {
                quoted(&several, "and")
            };
            return Err(refuse(
                ENTRY.id,
                format!("`{class}` corresponds to {found} of `{scheme}`, not to exactly one of its classes"),
            ));
        };
        let label = one.to_string();
        let at = labels.iter().position(|l| *l == label).unwrap_or_else(|| {
            labels.push(label);
            labels.len() - 1
        });
        groups.push(at);
    }
    Ok((groups, labels))
}
