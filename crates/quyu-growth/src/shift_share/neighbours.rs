//! Who is whose neighbour.

use quyu_core::{AnalysisError, RegionCode};

use super::ENTRY;
use crate::frame::{Frame, refuse};

/// What the relations are called.
pub(super) const NAMES: &[&str] = &["contiguity", "contiguity-all"];

/// The parameter `neighbours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Borders that count by default.
    Contiguity,
    /// All borders, links over water too.
    ContiguityAll,
}

impl Relation {
    pub(super) fn named(name: Option<&str>) -> Self {
        match name {
            Some("contiguity-all") => Self::ContiguityAll,
            _ => Self::Contiguity,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Contiguity => NAMES[0],
            Self::ContiguityAll => NAMES[1],
        }
    }

    /// Weights of 1 for neighbours, row-major. An island is refused: it has no neighbour effect.
    pub(super) fn weights(self, frame: &Frame<'_>) -> Result<Vec<f64>, AnalysisError> {
        let weights = self.matrix(frame);
        let alone = islands(&weights, frame.regions.len());
        if alone.is_empty() {
            return Ok(weights);
        }
        let names: Vec<String> = alone.iter().map(|&r| frame.region(r)).collect();
        let verb = if names.len() == 1 { "has" } else { "have" };
        let linked = self == Self::Contiguity
            && islands(&Self::ContiguityAll.matrix(frame), frame.regions.len()).is_empty();
        let advice = if linked {
            "; `neighbours = \"contiguity-all\"` counts optional links, by which everybody has one"
        } else {
            "; leave such regions out of the reference"
        };
        Err(refuse(
            ENTRY.id,
            format!(
                "{} {verb} no neighbour among the regions of {} over `{}`, so there is no neighbour effect{advice}",
                names.join(", "),
                frame.study.reference.name_en,
                self.name()
            ),
        ))
    }

    fn matrix(self, frame: &Frame<'_>) -> Vec<f64> {
        let n = frame.regions.len();
        let mut weights = vec![0.0; n * n];
        let row = |region: &RegionCode| frame.regions.binary_search(region);
        for border in &frame.study.atlas.relations.contiguity {
            if let (Ok(a), Ok(b)) = (row(&border.a), row(&border.b))
                && a != b
                && (border.default || self == Self::ContiguityAll)
            {
                weights[a * n + b] = 1.0;
                weights[b * n + a] = 1.0;
            }
        }
        weights
    }
}

fn islands(weights: &[f64], n: usize) -> Vec<usize> {
    (0..n)
        .filter(|r| weights[r * n..(r + 1) * n].iter().all(|w| *w == 0.0))
        .collect()
}
