//! Sources whose sum is studied: the classes of an indicator, or several indicators.

use std::collections::BTreeSet;

use quyu_core::figure::{Axis, Figure, Stack};
use quyu_core::number::lower_first;
use quyu_core::{
    AnalysisError, Block, Nature, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, Progress,
    Study, Term, Year,
};

use super::common::parts_chart;

/// The sources.
pub(crate) const SOURCES: Param = Param::required(
    "value",
    ParamKind::List(&ParamKind::Column),
    "the sources that are added up: an indicator that is split by class, or several indicators or classes",
);

/// What the parameters say of sources, weight and vintages.
#[derive(Debug)]
pub(crate) struct Sources {
    analysis: &'static str,
    values: Vec<Term>,
    weight: Option<Term>,
    last_only: bool,
    vintages: Vec<String>,
}

/// Complete figures of one choice of vintages.
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) block: Block,
    /// Key and label of each source.
    pub(crate) sources: Vec<(String, String)>,
    weighted: bool,
    /// Whether sources are divided by the weight.
    per_weight: bool,
}

impl Sources {
    pub(crate) fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let weight = params.text("weight").map(|_| params.term(analysis, "weight"));
        Ok(Self {
            analysis,
            values: params.terms(analysis, "value")?,
            weight: weight.transpose()?,
            last_only: params.text("by") == Some("last"),
            vintages: choices(params),
        })
    }

    pub(crate) fn needs(&self) -> Vec<Need> {
        if !self.vintages.is_empty() {
            return vec![Need::Period];
        }
        let terms = self.values.iter().chain(&self.weight);
        terms.cloned().map(Need::Indicator).collect()
    }

    fn lines(&self, study: &Study) -> Result<Vec<Line>, AnalysisError> {
        let studies = with_choices(study, &self.vintages)?;
        studies.iter().map(|study| self.line(study)).collect()
    }

    fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.analysis,
            reason,
        }
    }

    /// The sources, one a class where an indicator is split.
    fn terms(&self, study: &Study) -> Result<Vec<Term>, AnalysisError> {
        let mut terms: Vec<Term> = Vec::new();
        for value in &self.values {
            for term in study.classes(value)? {
                if terms.contains(&term) {
                    return Err(self.refuse(format!("the source `{term}` is named twice")));
                }
                terms.push(term);
            }
        }
        match terms.as_slice() {
            [] | [_] => Err(self.refuse(format!(
                "`{}` is one source; name an indicator that is split by class, or several indicators",
                self.values
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
            _ => Ok(terms),
        }
    }

    /// Whether the sources add up over regions. They must all do, or none, and in one unit.
    fn extensive(&self, study: &Study, terms: &[Term]) -> Result<bool, AnalysisError> {
        let mut kinds: Vec<(bool, &str, &Term)> = Vec::new();
        for term in terms {
            let indicator = study.atlas.codebook.indicator(&term.indicator)?;
            let extensive = matches!(indicator.nature, Nature::Extensive { .. });
            kinds.push((extensive, &indicator.unit, term));
        }
        let (extensive, unit, first) = kinds[0];
        for (other, other_unit, term) in &kinds[1..] {
            if *other != extensive {
                return Err(self.refuse(format!(
                    "of `{first}` and `{term}` one adds up over regions and one is a ratio: they have no sum"
                )));
            }
            if *other_unit != unit {
                return Err(self.refuse(format!(
                    "sources are added up, but `{first}` is in {unit} and `{term}` in {other_unit}"
                )));
            }
        }
        Ok(extensive)
    }

    fn line(&self, study: &Study) -> Result<Line, AnalysisError> {
        let terms = self.terms(study)?;
        let extensive = self.extensive(study, &terms)?;
        let all: Vec<Term> = terms.iter().chain(&self.weight).cloned().collect();
        let years = if self.last_only {
            vec![study.period.to]
        } else {
            common_years(study, &all)?
        };
        if years.is_empty() {
            return Err(self.refuse(format!(
                "there is no year between {} and {} in which {} has figures of all sources in the vintages chosen",
                study.period.from, study.period.to, study.focus.name_en
            )));
        }
        let mut block = study.block(&all, study.focus.members(), &years)?;
        let per_weight = extensive && self.weight.is_some();
        if let (true, Some(weight)) = (per_weight, &self.weight) {
            self.check_weights(study, &block, terms.len())?;
            block.notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "The sources add up over regions, so each is divided by the weight: they are per unit of {}.",
                    lower_first(&study.atlas.codebook.label(weight))
                ),
            ));
        }
        let one = terms.iter().all(|t| t.indicator == terms[0].indicator);
        Ok(Line {
            label: block.vintages(&study.atlas.vintages),
            sources: terms.iter().map(|t| named(study, t, one)).collect(),
            block,
            weighted: self.weight.is_some(),
            per_weight,
        })
    }

    /// What is divided by a weight needs one.
    fn check_weights(&self, study: &Study, block: &Block, weight: usize) -> Result<(), AnalysisError> {
        for (y, year) in block.years.iter().enumerate() {
            if let Some(r) = block.column(weight, y).iter().position(|w| *w <= 0.0) {
                return Err(self.refuse(format!(
                    "the weight of {} ({}) in {year} is not positive, and the sources are divided by it; leave the region out of the focus",
                    study.atlas.regions.label(&block.regions[r]),
                    block.regions[r]
                )));
            }
        }
        Ok(())
    }

    /// Complete figures, and what `split` makes of each choice of vintages.
    pub(crate) fn splits<T>(
        &self,
        study: &Study,
        progress: &dyn Progress,
        split: impl Fn(&Line) -> Result<Vec<T>, AnalysisError>,
    ) -> Result<(Vec<Line>, Vec<T>), AnalysisError> {
        let lines = self.lines(study)?;
        let mut splits = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            splits.extend(split(line)?);
            progress.step(i + 1, lines.len());
        }
        Ok((lines, splits))
    }

    /// The title of a table and a figure of an index of the sum.
    pub(crate) fn title(&self, study: &Study, index: &str) -> String {
        let codebook = &study.atlas.codebook;
        let sum = match self.values.as_slice() {
            [one] => codebook
                .indicator(&one.indicator)
                .map_or_else(|_| one.to_string(), |i| i.label_en.clone()),
            several => format!("the sum of {} indicators", several.len()),
        };
        format!(
            "{index} of {}, {}, by source",
            lower_first(&sum),
            study.focus.name_en
        )
    }
}

/// Bars of an index that the sources make up.
pub(crate) fn figure(
    id: &str,
    index: &str,
    title: String,
    alt: String,
    lines: &[Line],
    bars: Vec<Stack>,
) -> Figure {
    let labels = lines.iter().take(1).flat_map(|line| &line.sources);
    Figure {
        id: id.to_owned(),
        title,
        alt,
        source: source(lines.iter().map(|line| &line.block)),
        chart: parts_chart(
            Axis::new(index, ""),
            labels.map(|(_, label)| lower_first(label)).collect(),
            bars,
        ),
    }
}

impl Line {
    /// Regions x sources, row after row, per unit of the weight where they add up.
    pub(crate) fn table(&self, year: usize) -> Vec<f64> {
        let (n, k) = (self.block.regions.len(), self.sources.len());
        let divisor = |r: usize| {
            if self.per_weight {
                self.block.column(k, year)[r]
            } else {
                1.0
            }
        };
        (0..n)
            .flat_map(|r| (0..k).map(move |s| (r, s)))
            .map(|(r, s)| self.block.column(s, year)[r] / divisor(r))
            .collect()
    }

    pub(crate) fn w(&self, year: usize) -> Option<&[f64]> {
        self.weighted.then(|| self.block.column(self.sources.len(), year))
    }
}

/// The choices of vintages that a parameter names.
pub(crate) fn choices(params: &Params) -> Vec<String> {
    let texts = params.texts("vintage").into_iter();
    texts.map(|v| v.replace(';', ",")).collect()
}

/// One study a choice of vintages; the study itself if there is none.
pub(crate) fn with_choices(study: &Study, choices: &[String]) -> Result<Vec<Study>, AnalysisError> {
    if choices.is_empty() {
        return Ok(vec![study.clone()]);
    }
    let studies = choices.iter().map(|choice| study.with_vintages(choice));
    Ok(studies.collect::<Result<_, _>>()?)
}

/// The years of the period in which every term is observed somewhere in the focus.
pub(crate) fn common_years(study: &Study, terms: &[Term]) -> Result<Vec<Year>, AnalysisError> {
    let mut years: BTreeSet<Year> = study.years().into_iter().collect();
    for term in terms {
        let observed = study.observed_years(term, study.focus.members())?;
        years.retain(|year| observed.contains(year));
    }
    Ok(years.into_iter().collect())
}

/// Key and label of a term: the class alone where all terms are classes of one indicator.
fn named(study: &Study, term: &Term, one: bool) -> (String, String) {
    let codebook = &study.atlas.codebook;
    let class = term.class.as_ref().filter(|_| one);
    let label = class.and_then(|code| {
        let indicator = codebook.indicator(&term.indicator).ok()?;
        codebook.classes_of(indicator).iter().find(|c| c.code == *code)
    });
    match (class, label) {
        (Some(code), Some(class)) => (code.to_string(), class.label_en.clone()),
        _ => (term.to_string(), codebook.label(term)),
    }
}

/// Notes of blocks, each once.
pub(crate) fn notes<'a>(blocks: impl Iterator<Item = &'a Block>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for note in blocks.flat_map(|block| &block.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes
}

/// Sources of blocks, each once.
pub(crate) fn source<'a>(blocks: impl Iterator<Item = &'a Block>) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for block in blocks {
        if !sources.contains(&block.source.as_str()) {
            sources.push(&block.source);
        }
    }
    sources.join(" ")
}
