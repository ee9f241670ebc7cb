//! From what a case says to the studies of its sections.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::suggest::Near;
use quyu_core::{Atlas, Missing, Period, RegionSet, Study, VintageChoice, Year};

use crate::case::{Case, MissingSpec, PeriodSpec, SetSpec, StudySpec};
use crate::error::Cause;

/// A set of the case.
pub(crate) fn set(atlas: &Atlas, id: &str, spec: &SetSpec) -> Result<RegionSet, Cause> {
    let (en, zh) = match &spec.name {
        Some(name) => (Some(name.en.clone()), name.zh.clone()),
        None => (None, None),
    };
    if let Some(members) = &spec.members {
        return Ok(atlas.set_of(id, &en.unwrap_or_else(|| id.to_owned()), zh, members)?);
    }
    let mut set = atlas
        .set(spec.from_package.as_deref().unwrap_or_default())?
        .clone();
    id.clone_into(&mut set.id);
    if let Some(en) = en {
        set.name_en = en;
        set.name_zh = zh;
    }
    Ok(set)
}

/// What a section looks at: its own words, else those of the case.
pub(crate) struct Studies<'a> {
    pub(crate) case: &'a Case,
    pub(crate) atlas: &'a Arc<Atlas>,
    pub(crate) sets: &'a BTreeMap<String, RegionSet>,
}

impl Studies<'_> {
    /// The study of a section.
    pub(crate) fn of(&self, own: &StudySpec) -> Result<Study, Cause> {
        let default = &self.case.study;
        let missing = own.missing.or(default.missing).unwrap_or(MissingSpec::Error);
        Ok(Study {
            atlas: Arc::clone(self.atlas),
            focus: self.regions("focus", own.focus.as_ref().or(default.focus.as_ref()))?,
            reference: self.regions("reference", own.reference.as_ref().or(default.reference.as_ref()))?,
            period: self.period(own)?.ok_or(Cause::Unsaid { key: "period" })?,
            vintages: self.vintages(own)?,
            missing: match missing {
                MissingSpec::Error => Missing::Error,
                MissingSpec::Drop => Missing::Drop,
            },
            seed: u64::from(own.seed.or(default.seed).unwrap_or(1)),
        })
    }

    /// The period of a section, if anybody says one.
    pub(crate) fn period(&self, own: &StudySpec) -> Result<Option<Period>, Cause> {
        let Some(PeriodSpec { from, to }) = own.period.or(self.case.study.period) else {
            return Ok(None);
        };
        if from > to {
            return Err(Cause::Period { from, to });
        }
        Ok(Some(Period {
            from: Year::new(from)?,
            to: Year::new(to)?,
        }))
    }

    fn vintages(&self, own: &StudySpec) -> Result<VintageChoice, Cause> {
        let known = self.atlas.known_vintages();
        let read = |spec: &StudySpec| VintageChoice::new(&self.atlas.vintages, &known, spec.vintages.clone());
        Ok(read(&self.case.study)?.overridden_by(&read(own)?))
    }

    /// A set of the case, a set of a package, or a region by itself.
    fn regions(&self, key: &'static str, name: Option<&String>) -> Result<RegionSet, Cause> {
        let name = name.ok_or(Cause::Unsaid { key })?;
        let set = self.sets.get(name).or_else(|| self.atlas.sets.get(name));
        if let Some(set) = set {
            return Ok(set.clone());
        }
        match self.atlas.regions.find(name) {
            Ok(region) => Ok(RegionSet::single(region)),
            Err(quyu_core::CoreError::Unknown { .. }) => Err(self.unknown(key, name)),
            Err(other) => Err(other.into()),
        }
    }

    fn unknown(&self, key: &'static str, name: &str) -> Cause {
        let regions = self.atlas.regions.iter();
        let names: Vec<String> = regions
            .flat_map(|r| [r.code.to_string(), r.name_en.clone(), r.short_en.clone()])
            .collect();
        let sets = self.sets.keys().chain(self.atlas.sets.keys());
        Cause::UnknownSet {
            key,
            name: name.to_owned(),
            near: Near::to(name, sets.chain(&names).map(String::as_str)),
        }
    }
}
