//! From a study to the frame: which indicator, which classes, which years, which regions.

use quyu_core::indicator::Nature;
use quyu_core::suggest::Near;
use quyu_core::{
    AnalysisError, ClassCode, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionCode, Study,
    Term, Year,
};

use crate::frame::{Class, Frame, Row};

/// The indicator.
pub(crate) const VALUE: Param = Param::required(
    "value",
    ParamKind::Column,
    "an indicator that adds up over regions and is split by class (value added, employment, patents)",
);
/// Some of its classes.
pub(crate) const CLASS: Param = Param::optional(
    "class",
    ParamKind::List(&ParamKind::Expr),
    "the classes that are taken; shares are then of their sum. Without it all classes of the indicator",
);
/// Every year.
pub(crate) const EVERY_YEAR: Param = Param::with_default(
    "by",
    ParamKind::Choice(&["year", "last"]),
    "year",
    "repeat for every year of the period, or take the last year only",
);
/// The last year.
pub(crate) const LAST_YEAR: Param = Param::with_default(
    "by",
    ParamKind::Choice(&["year", "last"]),
    "last",
    "take the last year of the period only, or repeat for every year",
);
/// Several regions, or their sum.
pub(crate) const MEMBERS: Param = Param::with_default(
    "members",
    ParamKind::Flag,
    "true",
    "a row for each member of the focus; `false` adds the members up and looks at them as one region",
);
/// From which quotient on a region is specialised.
pub(crate) const THRESHOLD: Param = Param::with_default(
    "threshold",
    ParamKind::Number { min: 1e-6, max: 1e6 },
    "1",
    "the location quotient from which on a region counts as specialised; reached by equality",
);

/// What the shared parameters say.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) analysis: &'static str,
    value: Term,
    classes: Vec<String>,
    last_only: bool,
    members: bool,
}

impl Scope {
    /// `members`: whether each member of the focus has a row of its own.
    pub(crate) fn new(analysis: &'static str, params: &Params, members: bool) -> Result<Self, ParamError> {
        Ok(Self {
            analysis,
            value: params.term(analysis, "value")?,
            classes: params.texts("class").into_iter().map(str::to_owned).collect(),
            last_only: params.text("by") == Some("last"),
            members,
        })
    }

    pub(crate) fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone())]
    }

    pub(crate) fn value(&self) -> &Term {
        &self.value
    }

    pub(crate) fn last_only(&self) -> bool {
        self.last_only
    }

    /// What a stream of rows cannot say: a choice of classes would drop rows, a focus has members of a study only.
    pub(crate) fn streams(&self) -> Result<(), ParamError> {
        let refuse = |reason: &str| {
            Err(ParamError::Combination {
                analysis: self.analysis.to_owned(),
                reason: reason.to_owned(),
            })
        };
        if !self.classes.is_empty() {
            return refuse("`class` has no meaning for a stream of rows: leave the other rows out of it");
        }
        if !self.members {
            return refuse("`members = false` needs a focus, which a stream of rows does not have");
        }
        Ok(())
    }

    fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.analysis,
            reason,
        }
    }

    /// One term a class, at least two.
    fn terms(&self, study: &Study) -> Result<Vec<Term>, AnalysisError> {
        let indicator = study.atlas.codebook.indicator(&self.value.indicator)?;
        if !matches!(indicator.nature, Nature::Extensive { .. }) {
            return Err(self.refuse(format!(
                "`{}` does not add up over regions and classes, so it has no structure",
                self.value
            )));
        }
        let all = study.classes(&self.value)?;
        let known: Vec<&str> = all
            .iter()
            .filter_map(|t| Some(t.class.as_ref()?.as_str()))
            .collect();
        if let Some(unknown) = self.classes.iter().find(|c| !known.contains(&c.as_str())) {
            let near = Near::to(unknown, known.iter().copied());
            return Err(self.refuse(format!("`{}` has no class `{unknown}`{near}", self.value)));
        }
        let taken = |t: &Term| {
            let code = t.class.as_ref().map(ClassCode::as_str);
            self.classes.is_empty() || self.classes.iter().any(|c| Some(c.as_str()) == code)
        };
        let terms: Vec<Term> = all.into_iter().filter(taken).collect();
        if terms.len() < 2 {
            return Err(self.refuse(format!("`{}` is not split by two classes or more", self.value)));
        }
        Ok(terms)
    }

    /// The years in which anything is observed; the policy on missing values takes over from there.
    fn years(
        &self,
        study: &Study,
        terms: &[Term],
        regions: &[RegionCode],
    ) -> Result<Vec<Year>, AnalysisError> {
        if self.last_only {
            return Ok(vec![study.period.to]);
        }
        let mut years = study.years();
        for term in terms {
            let observed = study.observed_years(term, regions)?;
            years.retain(|y| observed.contains(y));
        }
        if years.is_empty() {
            return Err(self.refuse(format!(
                "`{}` has no year between {} and {} with figures for every class",
                self.value, study.period.from, study.period.to
            )));
        }
        Ok(years)
    }

    /// The frame of a study: the regions of the reference and of the focus.
    pub(crate) fn frame(&self, study: &Study) -> Result<Frame, AnalysisError> {
        let terms = self.terms(study)?;
        let (focus, reference) = (&study.focus, &study.reference);
        let mut regions: Vec<RegionCode> = reference.members().to_vec();
        regions.extend(focus.members().iter().filter(|r| !reference.contains(r)).cloned());
        let years = self.years(study, &terms, &regions)?;
        let block = study.block(&terms, &regions, &years)?;
        let position = |code: &RegionCode| block.regions.iter().position(|r| r == code);
        let present: Vec<usize> = focus.members().iter().filter_map(position).collect();
        let lost = focus.members().iter().filter(|r| position(r).is_none());
        let lost: Vec<String> = lost.map(|r| study.atlas.regions.label(r)).collect();
        if present.is_empty() {
            return Err(self.refuse(format!(
                "{} is left out because a figure is missing, so there is no result for it",
                focus.name_en
            )));
        }
        if !self.members && !lost.is_empty() {
            return Err(self.refuse(format!(
                "a figure of {} is missing: the sum of the others would be that of another region than {}",
                lost.join(", "),
                focus.name_en
            )));
        }
        let inside = |at: &usize| reference.contains(&block.regions[*at]);
        let mut rows = Vec::new();
        if !self.members {
            rows.push(Row {
                code: focus.id.clone(),
                name: focus.name_en.clone(),
                focus: true,
                inside: present.iter().all(inside),
                parts: present.clone(),
            });
        }
        for (at, code) in block.regions.iter().enumerate() {
            let looked_at = present.contains(&at);
            if self.members || !looked_at {
                rows.push(Row {
                    code: code.to_string(),
                    name: study.atlas.regions.label(code),
                    focus: looked_at,
                    inside: inside(&at),
                    parts: vec![at],
                });
            }
        }
        let indicator = study.atlas.codebook.indicator(&self.value.indicator)?;
        let mut notes = block.notes.clone();
        if !self.classes.is_empty() {
            let all = study.classes(&self.value)?.len();
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "Shares are of the {} classes that are taken, of {all}.",
                    terms.len()
                ),
            ));
        }
        Ok(Frame {
            analysis: self.analysis,
            label: indicator.label_en.clone(),
            unit: indicator.unit.clone(),
            focus: focus.name_en.clone(),
            reference: reference.name_en.clone(),
            members: focus.members().len(),
            rows,
            classes: terms.iter().map(|t| class(study, t)).collect(),
            years: years.iter().map(ToString::to_string).collect(),
            notes,
            source: block.source.clone(),
            cells: (0..years.len()).map(|y| block.regions_by_terms(y)).collect(),
            within: (0..block.regions.len()).filter(inside).collect(),
        })
    }
}

fn class(study: &Study, term: &Term) -> Class {
    let codebook = &study.atlas.codebook;
    let found = codebook.indicator(&term.indicator).ok().and_then(|i| {
        let same = |c: &&quyu_core::Class| Some(&c.code) == term.class.as_ref();
        codebook.classes_of(i).iter().find(same)
    });
    Class {
        code: term.class.as_ref().map(ToString::to_string).unwrap_or_default(),
        name: found.map_or_else(|| term.to_string(), |c| c.label_en.clone()),
    }
}
