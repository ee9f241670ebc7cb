//! What every analysis here starts from: values and weights of the focus, year by year, line by line.

use quyu_core::{
    AnalysisError, Block, Need, Param, ParamError, ParamKind, Params, RegionCode, Study, Term, Year,
};

/// The variable.
pub(crate) const VALUE: Param = Param::required(
    "value",
    ParamKind::Column,
    "the variable whose distribution is studied",
);
/// Its weight.
pub(crate) const WEIGHT: Param = Param::optional(
    "weight",
    ParamKind::Column,
    "population or another weight; without it every region counts once",
);
/// Repetition.
pub(crate) const BY: Param = Param::with_default(
    "by",
    ParamKind::Choice(&["year", "last"]),
    "year",
    "repeat for every year of the period, or take the last year only",
);
/// Lines that are never joined.
pub(crate) const VINTAGE: Param = Param::optional(
    "vintage",
    ParamKind::List(&ParamKind::Expr),
    "choices of vintages (`gdp=4EC, pop=pre-7PC`), each a line of its own that is joined to no other; in a list on the \
     command line, write `;` within a choice",
);

/// What the parameters say.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    analysis: &'static str,
    value: Term,
    weight: Option<Term>,
    rank: Option<Term>,
    last_only: bool,
    vintages: Vec<String>,
}

/// Complete figures of one choice of vintages.
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) block: Block,
    weighted: bool,
    ranked: bool,
}

impl Sample {
    pub(crate) fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            analysis,
            value: params.term(analysis, "value")?,
            weight: params
                .text("weight")
                .map(|_| params.term(analysis, "weight"))
                .transpose()?,
            rank: params
                .text("ranked_by")
                .map(|_| params.term(analysis, "ranked_by"))
                .transpose()?,
            last_only: params.text("by") == Some("last"),
            vintages: params
                .texts("vintage")
                .into_iter()
                .map(|v| v.replace(';', ","))
                .collect(),
        })
    }

    pub(crate) fn terms(&self) -> Vec<Term> {
        std::iter::once(self.value.clone())
            .chain(self.weight.clone())
            .chain(self.rank.clone())
            .collect()
    }

    pub(crate) fn last_only(&self) -> bool {
        self.last_only
    }

    pub(crate) fn weighted(&self) -> bool {
        self.weight.is_some()
    }

    pub(crate) fn weight(&self) -> Option<&Term> {
        self.weight.as_ref()
    }

    /// The variable that orders the regions, where it is another one.
    pub(crate) fn rank(&self) -> Option<&Term> {
        self.rank.as_ref()
    }

    pub(crate) fn value(&self) -> &Term {
        &self.value
    }

    /// The needs of a study. Where lines name their own vintages, the study's choice need not fit.
    pub(crate) fn needs(&self) -> Vec<Need> {
        match self.vintages.is_empty() {
            true => self.terms().into_iter().map(Need::Indicator).collect(),
            false => vec![Need::Period],
        }
    }

    /// One line a choice of vintages; the study's own choice if none is named.
    pub(crate) fn lines(&self, study: &Study) -> Result<Vec<Line>, AnalysisError> {
        if self.vintages.is_empty() {
            return Ok(vec![self.line(study)?]);
        }
        self.vintages
            .iter()
            .map(|v| self.line(&study.with_vintages(v)?))
            .collect()
    }

    fn line(&self, study: &Study) -> Result<Line, AnalysisError> {
        let members = study.focus.members();
        let years = if self.last_only {
            vec![study.period.to]
        } else {
            self.observed(study, members)?
        };
        let block = study.block(&self.terms(), members, &years)?;
        Ok(Line {
            label: block.vintages(&study.atlas.vintages),
            block,
            weighted: self.weighted(),
            ranked: self.rank.is_some(),
        })
    }

    /// The years in which anything is observed; the policy on missing values takes over from there.
    fn observed(&self, study: &Study, members: &[RegionCode]) -> Result<Vec<Year>, AnalysisError> {
        let mut years = study.observed_years(&self.value, members)?;
        for other in self.weight.iter().chain(&self.rank) {
            let with_other = study.observed_years(other, members)?;
            years.retain(|y| with_other.contains(y));
        }
        if years.is_empty() {
            return Err(AnalysisError::Study {
                analysis: self.analysis,
                reason: format!(
                    "`{}` has no figures for {} between {} and {} in the vintages chosen",
                    self.value, study.focus.name_en, study.period.from, study.period.to
                ),
            });
        }
        Ok(years)
    }
}

impl Line {
    pub(crate) fn x(&self, year: usize) -> &[f64] {
        self.block.column(0, year)
    }

    pub(crate) fn w(&self, year: usize) -> Option<&[f64]> {
        self.weighted.then(|| self.block.column(1, year))
    }

    /// The variable that orders the regions.
    pub(crate) fn rank(&self, year: usize) -> Option<&[f64]> {
        self.ranked
            .then(|| self.block.column(1 + usize::from(self.weighted), year))
    }
}

/// Notes of all lines, each once.
pub(crate) fn notes(lines: &[Line]) -> Vec<quyu_core::Note> {
    let mut notes: Vec<quyu_core::Note> = Vec::new();
    for line in lines {
        for note in &line.block.notes {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
    }
    notes
}

/// What the vintages mean that several lines are named after.
pub(crate) fn meanings(study: &Study, lines: &[Line]) -> Vec<quyu_core::Note> {
    if lines.len() < 2 {
        return Vec::new();
    }
    let names: std::collections::BTreeSet<&str> = lines.iter().flat_map(|l| l.label.split(" / ")).collect();
    let meaning = |name: &&str| {
        let vintage = quyu_core::Vintage::new(name).ok()?;
        let meaning = study.atlas.codebook.vintage(&vintage)?;
        let text = format!("{name}: {}.", meaning.trim_end_matches('.'));
        Some(quyu_core::Note::new(quyu_core::NoteKind::Vintage, text))
    };
    names.iter().filter_map(meaning).collect()
}

/// Sources of all lines, each once.
pub(crate) fn source(lines: &[Line]) -> String {
    source_of(lines.iter())
}

/// [`source`] of lines that stand in several lists.
pub(crate) fn source_of<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for line in lines {
        if !sources.contains(&line.block.source.as_str()) {
            sources.push(&line.block.source);
        }
    }
    sources.join(" ")
}
