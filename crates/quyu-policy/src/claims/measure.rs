//! What a trial computes: one figure with the interval that the rounding of its inputs implies, or the figure that is missing.

use quyu_core::audit::{Claim, Trial};
use quyu_core::number::styled;
use quyu_core::{AnalysisError, CoreError, Datum, Missing, Span, Study, Style, Term};

use super::verdict::{Criterion, Fit, number_fits};

/// A trial with what came of it.
pub(crate) struct Tried<'a> {
    pub(crate) trial: &'a Trial,
    /// What was computed, in words.
    pub(crate) definition: String,
    pub(crate) outcome: Outcome,
    pub(crate) fit: Fit,
}

/// What came of a trial.
pub(crate) enum Outcome {
    /// A figure.
    Found(Found),
    /// What is missing, in words.
    Lacking(String),
}

/// A figure.
pub(crate) struct Found {
    pub(crate) value: f64,
    pub(crate) rounding: Span,
    pub(crate) unit: String,
    /// The observations behind it.
    pub(crate) used: Vec<Datum>,
    pub(crate) terms: Vec<Term>,
    /// Where it comes from, if not from observations.
    pub(crate) register: Option<String>,
    /// Ids of the priority lists behind it.
    pub(crate) lists: Vec<String>,
    /// Of how many, where some were counted.
    pub(crate) out_of: Option<usize>,
    /// What else a reader wants to know.
    pub(crate) remark: String,
}

impl Found {
    pub(super) fn counted(value: f64, unit: &str, register: String) -> Self {
        Self {
            value,
            rounding: Span::exact(value),
            unit: unit.to_owned(),
            used: Vec::new(),
            terms: Vec::new(),
            register: Some(register),
            lists: Vec::new(),
            out_of: None,
            remark: String::new(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        style(&self.unit)
    }
}

/// How numbers of a unit are written for a reader.
pub(crate) fn style(unit: &str) -> Style {
    match unit {
        "year" => Style::Year,
        "%" => Style::Fixed(1),
        u if u.starts_with("yuan") || matches!(u, "count" | "rank" | "members" | "items" | "clauses") => {
            Style::Fixed(0)
        }
        _ => Style::Fixed(2),
    }
}

/// Tries a claim under one definition.
pub(crate) fn tried<'a>(study: &Study, claim: &Claim, trial: &'a Trial) -> Result<Tried<'a>, AnalysisError> {
    let refused = |reason: String| AnalysisError::Study {
        analysis: super::ENTRY.id,
        reason: format!("trial {} of {}: {reason}", trial.number, trial.claim),
    };
    let criterion = match trial.criterion.as_str() {
        "" => None,
        text => Some(
            Criterion::parse(text)
                .ok_or_else(|| refused(format!("`{text}` is not a comparison such as `> 0` or `<= 100`")))?,
        ),
    };
    let (definition, outcome) = match Measure::of(study, trial).and_then(|m| m.run()) {
        Ok((definition, found)) => (definition, Outcome::Found(found)),
        Err(Stop::Lacks(definition, what)) => (definition, Outcome::Lacking(what)),
        Err(Stop::Data(error)) => return Err(refused(error.to_string())),
        Err(Stop::Malformed(reason)) => return Err(refused(reason)),
    };
    let decides = trial.said != "beside";
    let fit = match (&outcome, decides) {
        (Outcome::Lacking(_), true) => Fit::Lacking,
        (_, false) => Fit::Beside,
        (Outcome::Found(found), true) => match (claim.value, criterion) {
            (Some(value), _) => number_fits(value, claim.last_digit.unwrap_or(1.0), found.rounding),
            (None, Some(criterion)) => criterion.fit(found.rounding),
            (None, None) => return Err(refused("a claim without a number needs a criterion".to_owned())),
        },
    };
    Ok(Tried {
        trial,
        definition,
        outcome,
        fit,
    })
}

/// Why there is no figure.
pub(super) enum Stop {
    /// One is missing: the definition, and which.
    Lacks(String, String),
    /// The data model refuses.
    Data(CoreError),
    /// The trial cannot be read.
    Malformed(String),
}

impl From<CoreError> for Stop {
    fn from(error: CoreError) -> Self {
        Stop::Data(error)
    }
}

/// A trial on its own study.
pub(super) struct Measure<'a> {
    pub(super) study: Study,
    pub(super) trial: &'a Trial,
}

/// The definition in words, and the figure.
pub(super) type Measured = Result<(String, Found), Stop>;

impl<'a> Measure<'a> {
    fn of(study: &Study, trial: &'a Trial) -> Result<Self, Stop> {
        let study = Study {
            missing: Missing::Error,
            ..study.with_vintages(&trial.vintages)?
        };
        Ok(Self { study, trial })
    }

    fn run(&self) -> Measured {
        match self.trial.statistic.as_str() {
            "missing" => Err(Stop::Lacks(String::new(), self.trial.remark.clone())),
            "members" => self.members(),
            "items" => self.items(),
            "contained" => self.contained(),
            "issued" => self.issued(),
            "coded" => self.coded(),
            "vague" => self.vague(),
            _ => self.observed(),
        }
    }

    pub(super) fn malformed(&self, what: &str) -> Stop {
        Stop::Malformed(format!("`{}` needs {what}", self.trial.statistic))
    }

    /// The definition with the remark of the trial.
    pub(super) fn defined(&self, text: String) -> String {
        match self.trial.remark.as_str() {
            "" => text,
            remark => format!("{text}: {remark}"),
        }
    }
}

/// A number with its interval, where a reader would see that it has one.
pub(crate) fn shown(found: &Found) -> String {
    let style = found.style();
    let [own, low, high] = [found.value, found.rounding.low, found.rounding.high].map(|x| styled(x, style));
    let bounded = found.rounding.low.is_finite() && found.rounding.high.is_finite();
    match bounded && low != high {
        true => format!("{own} ({low} to {high})"),
        false => own,
    }
}
