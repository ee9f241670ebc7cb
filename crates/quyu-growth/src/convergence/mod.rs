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

use quyu_core::{AnalysisError, RegionCode, Study};
use quyu_econometrics::Error;

fn refuse(analysis: &'static str, reason: String) -> AnalysisError {
    AnalysisError::Study { analysis, reason }
}

/// Refuses a set of fewer regions than a statistic needs.
fn at_least(analysis: &'static str, study: &Study, n: usize, needed: usize) -> Result<(), AnalysisError> {
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
