//! Cells that are taken from another indicator, because the sectors of a region do not close.

use quyu_core::number::styled;
use quyu_core::suggest::Near;
use quyu_core::{AnalysisError, ClassCode, Note, NoteKind, ParamError, RegionCode, Style, Term, Year};

use super::ENTRY;
use crate::frame::{Frame, codes, refuse};

/// One cell and what stands in for it.
#[derive(Debug)]
pub(super) struct Substitute {
    region: RegionCode,
    year: Year,
    class: ClassCode,
    term: Term,
}

impl Substitute {
    /// Reads `REGION YEAR class = term`.
    pub(super) fn parse(text: &str) -> Result<Self, ParamError> {
        let read = || {
            let (cell, term) = text.split_once('=')?;
            let words: Vec<&str> = cell.split_whitespace().collect();
            let [region, year, class] = words.as_slice() else {
                return None;
            };
            Some(Self {
                region: RegionCode::parse(region).ok()?,
                year: Year::new(year.parse().ok()?).ok()?,
                class: ClassCode::new(class).ok()?,
                term: Term::parse(term.trim()).ok()?,
            })
        };
        read().ok_or_else(|| ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("`{text}` is not of the form `REGION YEAR class = term`"),
        })
    }

    /// Puts the figure into its cell and says so.
    pub(super) fn apply(&self, frame: &mut Frame<'_>) -> Result<Option<Note>, AnalysisError> {
        let Self {
            region,
            year,
            class,
            term,
        } = self;
        let study = frame.study;
        // A slip in a name must not leave the cell as it is.
        study.atlas.regions.find(&region.to_string())?;
        let known = codes(&frame.terms);
        let Some(col) = known.iter().position(|c| *c == class.as_str()) else {
            let near = Near::to(class.as_str(), known);
            return Err(refuse(
                ENTRY.id,
                format!("there is no sector `{class}` to substitute{near}"),
            ));
        };
        let row = frame.regions.iter().position(|r| r == region);
        let at = frame.years.iter().position(|y| y == year);
        let (Some(row), Some(at)) = (row, at) else {
            return Ok(None);
        };
        let Some(datum) = study.value(term, region, *year)? else {
            return Err(refuse(
                ENTRY.id,
                format!("`{term}` of {region} in {year}, which is to stand for {class}, is not observed"),
            ));
        };
        let (label, sector) = (frame.region(row), frame.sector(col));
        let cell = &mut frame.value[at][row * frame.terms.len() + col];
        let text = format!(
            "{label}: {sector} of {year} is taken from {} ({} instead of {}), so that the sectors add up.",
            study.atlas.codebook.label(term),
            styled(datum.value, Style::Fixed(1)),
            styled(*cell, Style::Fixed(1)),
        );
        *cell = datum.value;
        Ok(Some(Note {
            kind: NoteKind::Method,
            text,
            regions: vec![region.clone()],
        }))
    }
}
