//! What regions are compared with.

use quyu_core::{AnalysisError, ParamError, Params, RegionCode, Study};

use super::{ENTRY, misfit};
use crate::frame::{Frame, refuse};

/// The parameter `reference`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Compare {
    /// The sum of all regions of the study's reference.
    Nation,
    /// The same without the region itself.
    Rest,
    /// The sum of another set.
    Peers(String),
}

/// Sums over the peers, a row of sectors for each year.
pub(super) struct Peers {
    pub(super) value: Vec<Vec<f64>>,
    pub(super) employment: Vec<Vec<f64>>,
}

impl Compare {
    pub(super) fn new(params: &Params) -> Result<Self, ParamError> {
        match (params.text("reference"), params.text("peers")) {
            (Some("peers"), Some(set)) => Ok(Self::Peers(set.to_owned())),
            (Some("peers"), None) => Err(misfit("`reference = \"peers\"` needs `peers`, a set of regions")),
            (_, Some(_)) => Err(misfit("`peers` is used with `reference = \"peers\"` only")),
            (Some("rest"), None) => Ok(Self::Rest),
            _ => Ok(Self::Nation),
        }
    }

    /// The regions whose figures are needed.
    pub(super) fn regions(&self, study: &Study) -> Result<Vec<RegionCode>, AnalysisError> {
        let mut regions = study.reference.members().to_vec();
        if let Self::Peers(set) = self {
            regions.extend_from_slice(study.atlas.set(set)?.members());
            regions.sort();
            regions.dedup();
        }
        Ok(regions)
    }

    /// Sums the peers up and takes those out of the tables that are not part of the reference of the study.
    pub(super) fn peers(&self, study: &Study, frame: &mut Frame<'_>) -> Result<Option<Peers>, AnalysisError> {
        let Self::Peers(name) = self else {
            return Ok(None);
        };
        let set = study.atlas.set(name)?;
        let rows: Vec<usize> = (0..frame.regions.len())
            .filter(|&r| set.contains(&frame.regions[r]))
            .collect();
        if rows.is_empty() {
            return Err(refuse(
                ENTRY.id,
                format!("all regions of `{name}` are left out because a figure is missing"),
            ));
        }
        let sums = |tables: &[Vec<f64>]| tables.iter().map(|t| frame.pooled(t, &rows)).collect();
        let peers = Peers {
            value: sums(&frame.value),
            employment: sums(&frame.employment),
        };
        frame.split(|region| study.reference.contains(region));
        Ok(Some(peers))
    }
}
