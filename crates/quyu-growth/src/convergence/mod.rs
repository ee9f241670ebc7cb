//! Plugins on convergence: spread, growth of the poor, moves between classes.

pub(crate) mod beta;
pub(crate) mod clubs;
pub(crate) mod gamma;
pub(crate) mod kernel;
pub(crate) mod markov;
pub(crate) mod panel_beta;
pub(crate) mod rank_markov;
mod series;
pub(crate) mod sigma;

use quyu_core::{AnalysisError, Block, RegionCode, Study, Term, Year};
use quyu_econometrics::Error;

/// Complete figures of the focus in the years in which the value is observed, first term first. Neighbouring years lie in
/// one series of vintages: what looks like a change must not be a revision.
fn observed(analysis: &'static str, study: &Study, terms: &[Term]) -> Result<Block, AnalysisError> {
    observed_by(analysis, study, terms, study.focus.members())
}

/// The same for some of its regions.
fn observed_by(
    analysis: &'static str,
    study: &Study,
    terms: &[Term],
    members: &[RegionCode],
) -> Result<Block, AnalysisError> {
    let mut years = study.observed_years(&terms[0], members)?;
    for term in &terms[1..] {
        let too = study.observed_years(term, members)?;
        years.retain(|y| too.contains(y));
    }
    if years.len() < 2 {
        return Err(refuse(
            analysis,
            format!(
                "`{}` is observed in fewer than two years from {} to {}",
                terms[0], study.period.from, study.period.to
            ),
        ));
    }
    chain(study, terms, members, &years)?;
    Ok(study.block(terms, members, &years)?)
}

fn chain(study: &Study, terms: &[Term], members: &[RegionCode], years: &[Year]) -> Result<(), AnalysisError> {
    for term in terms {
        for pair in years.windows(2) {
            study.one_series(term, members, pair[0], pair[1])?;
        }
    }
    Ok(())
}

/// Regions by years of a term, row-major.
fn panel(block: &Block, term: usize) -> Vec<f64> {
    let years = 0..block.years.len();
    (0..block.regions.len())
        .flat_map(|r| years.clone().map(move |y| (y, r)))
        .map(|(y, r)| block.column(term, y)[r])
        .collect()
}

fn refuse(analysis: &'static str, reason: String) -> AnalysisError {
    AnalysisError::Study { analysis, reason }
}

/// Refuses a set of fewer regions than a statistic needs.
fn at_least(
    analysis: &'static str,
    study: &Study,
    block: &Block,
    needed: usize,
) -> Result<(), AnalysisError> {
    at_least_regions(analysis, study, block.regions.len(), needed)
}

fn at_least_regions(
    analysis: &'static str,
    study: &Study,
    n: usize,
    needed: usize,
) -> Result<(), AnalysisError> {
    match n < needed {
        true => Err(refuse(
            analysis,
            format!(
                "{} has {n} regions with figures, at least {needed} are needed",
                study.focus.name_en
            ),
        )),
        false => Ok(()),
    }
}

/// Names the region at which a statistic failed; the position is that of a list of regions repeated `per_region` times.
fn failed(
    statistic: &'static str,
    regions: &[RegionCode],
    per_region: usize,
) -> impl Fn(Error) -> AnalysisError {
    move |error| {
        let index = match &error {
            Error::NotFinite { index, .. } | Error::Negative { index, .. } | Error::Zero { index, .. } => {
                Some(*index / per_region.max(1))
            }
            _ => None,
        };
        AnalysisError::Statistic {
            statistic,
            region: index.and_then(|i| regions.get(i).cloned()),
            source: Box::new(error),
        }
    }
}
