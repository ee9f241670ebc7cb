//! The index after the Regional Innovation Scoreboard, over several years or for one.

use quyu_core::number::ranks;
use quyu_core::{AnalysisError, Block, Note, NoteKind, Study, Year};
use quyu_econometrics::profiles::{Direction, Scoreboard, regional_scoreboard, ris_like};
use quyu_econometrics::{Error, Matrix};

use super::{Composite, ENTRY, Made};
use crate::steps;

impl Composite {
    pub(super) fn ris(
        &self,
        study: &Study,
        directions: &[Direction],
    ) -> Result<(Block, Made), AnalysisError> {
        let years = self.scale_years(study)?;
        let members = study.reference.members();
        let all = study.block(&self.features.terms, members, &years)?;
        // The figures that are shown are those of the last year; what was left out for another year is left out.
        let mut block = study.block(&self.features.terms, &all.regions, &[study.period.to])?;
        let n = all.regions.len();
        let table: Vec<f64> = (0..years.len()).flat_map(|y| all.regions_by_terms(y)).collect();
        let cols = self.features.terms.len();
        let run = |table: &[f64], cols: usize, directions: &[Direction], reference: &[f64]| {
            regional_scoreboard(Matrix::new(table, n * years.len(), cols)?, directions, reference)
        };
        let reference = self.of_reference(study)?;
        let found = run(&table, cols, directions, &reference).map_err(|error| {
            steps::blame(ENTRY.id, study, &block, &error, |j| {
                let column: Vec<f64> = table.iter().skip(j).step_by(cols).copied().collect();
                // An index of the reference of zero is no fault of one indicator.
                match run(&column, 1, &directions[j..=j], &reference[j..=j]) {
                    Err(Error::Undefined {
                        reason: "the reference has the index zero",
                    }) => Ok(()),
                    // The row of an error is a region-year.
                    Err(Error::Negative {
                        argument,
                        index,
                        value,
                    }) => Err(Error::Negative {
                        argument,
                        index: index % n,
                        value,
                    }),
                    other => other.map(|_| ()),
                }
            })
        })?;
        let last = years.iter().position(|y| *y == study.period.to).unwrap_or(0);
        let made = self.made(&found, last * n..(last + 1) * n, &years);
        block.notes = all.notes;
        Ok((block, made))
    }

    /// The years over which the scale runs, the last year of the period among them.
    fn scale_years(&self, study: &Study) -> Result<Vec<Year>, AnalysisError> {
        let refused = |reason: String| AnalysisError::Study {
            analysis: ENTRY.id,
            reason,
        };
        if self.years.is_empty() {
            let mut years = study.years();
            for term in &self.features.terms {
                let observed = study.observed_years(term, study.reference.members())?;
                years.retain(|y| observed.contains(y));
            }
            if !years.contains(&study.period.to) {
                return Err(refused(format!(
                    "not every indicator has figures for {}",
                    study.period.to
                )));
            }
            return Ok(years);
        }
        let mut years = self
            .years
            .iter()
            .map(|&y| {
                i32::try_from(y)
                    .ok()
                    .and_then(|y| Year::new(y).ok())
                    .ok_or_else(|| refused(format!("{y} is no year")))
            })
            .collect::<Result<Vec<Year>, _>>()?;
        years.sort_unstable();
        years.dedup();
        if !years.contains(&study.period.to) {
            return Err(refused(format!(
                "`years` must hold {}, the year that is shown",
                study.period.to
            )));
        }
        Ok(years)
    }

    pub(super) fn ris_like(
        &self,
        study: &Study,
        directions: &[Direction],
    ) -> Result<(Block, Made), AnalysisError> {
        let Some(weight) = &self.weight else {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: "`ris-like` needs `weight`, the population".to_owned(),
            });
        };
        let cols = self.features.terms.len();
        let mut terms = self.features.terms.clone();
        terms.push(weight.clone());
        let both = study.block(&terms, study.reference.members(), &[study.period.to])?;
        let population = both.column(cols, 0).to_vec();
        let mut block = study.block(&self.features.terms, &both.regions, &[study.period.to])?;
        let raw = block.regions_by_terms(0);
        let rows = block.regions.len();
        let run = |table: &[f64], cols: usize, directions: &[Direction]| {
            ris_like(Matrix::new(table, rows, cols)?, directions, &population)
        };
        let found = run(&raw, cols, directions).map_err(|error| {
            steps::blame(ENTRY.id, study, &block, &error, |j| {
                run(block.column(j, 0), 1, &directions[j..=j]).map(|_| ())
            })
        })?;
        let made = self.made(&found, 0..rows, &[study.period.to]);
        // Notes and source of the wider block: the population is a figure, too.
        (block.notes, block.source, block.from) = (both.notes, both.source, both.from);
        Ok((block, made))
    }

    fn made(&self, found: &Scoreboard, rows: std::ops::Range<usize>, years: &[Year]) -> Made {
        let cols = self.features.terms.len();
        let index = found.relative[rows.clone()].to_vec();
        let mut notes = Vec::new();
        if let ([first, .., last], "ris") = (years, self.variant.as_str()) {
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "Scales run over {} years from {first} to {last}: scores of other years do not change when a year is shown.",
                    years.len()
                ),
            ));
        }
        Made {
            ranks: ranks(&index),
            raw: found.index[rows.clone()].iter().map(|v| Some(*v)).collect(),
            groups: found.group[rows.clone()].iter().map(|g| Some(g.name())).collect(),
            scores: found.scores[rows.start * cols..rows.end * cols].to_vec(),
            weights: vec![Some(1.0 / cols as f64); cols],
            treatment: found
                .roots
                .iter()
                .map(|roots| match roots {
                    0 => String::new(),
                    1 => "square root".to_owned(),
                    n => format!("square root taken {n} times"),
                })
                .collect(),
            additive: false,
            index,
            notes,
        }
    }
}
