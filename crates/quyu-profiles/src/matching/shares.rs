//! Shares of classes under two classifications: which classes of the targets stand for a class of the candidates.

use quyu_core::{AnalysisError, ClassCode, RegionCode, Study, Term, Year};

use super::refused;

/// Share of the total that the observed classes of a candidate must make.
pub(super) const COVERED: f64 = 0.97;

/// Two totals that are split by class.
#[derive(Debug)]
pub(super) struct Composition {
    pub(super) value: Term,
    pub(super) peer_value: Term,
    pub(super) peer_total: Option<Term>,
    pub(super) peer_year: Option<i64>,
    pub(super) classes: Vec<String>,
}

/// A class of the candidates with those of the targets that lead to it.
pub(super) struct Group {
    pub(super) peer: Term,
    pub(super) own: Vec<Term>,
    pub(super) label: String,
}

impl Composition {
    pub(super) fn year(&self, study: &Study) -> Result<Year, AnalysisError> {
        match self.peer_year.and_then(|y| i32::try_from(y).ok()) {
            Some(year) => Ok(Year::new(year)?),
            None => Ok(study.period.to),
        }
    }

    /// The classes of the candidates that any class of the targets leads to: not those of no answer.
    fn reached(&self, study: &Study) -> Result<Vec<Term>, AnalysisError> {
        let (from, to) = (
            self.scheme(study, &self.value)?,
            self.scheme(study, &self.peer_value)?,
        );
        let own = study.classes(&self.value)?;
        let leads = |class: &ClassCode| {
            let mut codes = own.iter().filter_map(|t| t.class.as_ref());
            from == to || codes.any(|code| study.atlas.relations.crosswalk(&from, code, &to).contains(class))
        };
        let mut all = study.classes(&self.peer_value)?;
        all.retain(|t| t.class.as_ref().is_some_and(leads));
        Ok(all)
    }

    fn scheme(&self, study: &Study, term: &Term) -> Result<String, AnalysisError> {
        let found = study.atlas.codebook.indicator(&term.indicator)?.scheme.clone();
        found.ok_or_else(|| refused(format!("`{term}` is not split by class")))
    }

    /// The classes that are taken, in the order of the candidates' classification.
    pub(super) fn groups(&self, study: &Study) -> Result<Vec<Group>, AnalysisError> {
        let codebook = &study.atlas.codebook;
        let (from, to) = (
            self.scheme(study, &self.value)?,
            self.scheme(study, &self.peer_value)?,
        );
        let own = study.classes(&self.value)?;
        let leads = |term: &Term, class: &ClassCode| match &term.class {
            Some(code) if from == to => code == class,
            Some(code) => study.atlas.relations.crosswalk(&from, code, &to) == [class.clone()],
            None => false,
        };
        let theirs = study.classes(&self.peer_value)?;
        let is = |t: &Term, name: &str| t.class.as_ref().is_some_and(|c| c.as_str() == name);
        if let Some(unknown) = self.classes.iter().find(|c| !theirs.iter().any(|t| is(t, c))) {
            return Err(refused(format!("`{}` has no class `{unknown}`", self.peer_value)));
        }
        let mut groups = Vec::new();
        for peer in theirs {
            let taken = self.classes.is_empty() || self.classes.iter().any(|c| is(&peer, c));
            let Some(class) = peer.class.clone().filter(|_| taken) else {
                continue;
            };
            let own: Vec<Term> = own.iter().filter(|t| leads(t, &class)).cloned().collect();
            if own.is_empty() {
                return Err(refused(format!("no class of `{}` leads to `{peer}`", self.value)));
            }
            let classes = codebook.classes_of(codebook.indicator(&peer.indicator)?);
            let found = classes.iter().find(|c| c.code == class);
            groups.push(Group {
                label: found.map_or_else(|| peer.to_string(), |c| c.label_en.clone()),
                peer,
                own,
            });
        }
        match groups.len() {
            0 | 1 => Err(refused("shares need two classes or more".to_owned())),
            _ => Ok(groups),
        }
    }

    /// Whether the observed classes of some regions together make up their total.
    pub(super) fn covers(&self, study: &Study, parts: &[RegionCode]) -> Result<bool, AnalysisError> {
        let Some(total) = &self.peer_total else {
            return Ok(true);
        };
        let year = self.year(study)?;
        let (mut seen, mut whole) = (Vec::new(), Vec::new());
        for region in parts {
            for term in self.reached(study)? {
                seen.extend(study.value(&term, region, year)?.map(|d| d.value));
            }
            whole.extend(study.value(total, region, year)?.map(|d| d.value));
        }
        Ok(whole.len() == parts.len() && quyu_math::sum(&seen) >= COVERED * quyu_math::sum(&whole))
    }
}
