//! The indices of one change of structure.

use quyu_core::AnalysisError;
use quyu_econometrics::Error;
use quyu_econometrics::shift_share::{LilienWeights, Moore, lilien, moore, norm_of_absolute_values};

use super::ENTRY;
use crate::frame::{Frame, refuse};

/// What the weights of Lilien's index are called.
pub(super) const NAMES: &[&str] = &["lilien", "lilien-base", "lilien-modified"];

/// The parameter `variant`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    pub(super) name: &'static str,
    weights: LilienWeights,
}

/// All indices of one change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indices {
    /// Name of the variant.
    name: &'static str,
    /// Lilien's index, or the sector for which it is undefined.
    pub(super) lilien: Result<f64, usize>,
    pub(super) nav: f64,
    pub(super) moore: Moore,
}

impl Indices {
    /// The indices under the names of results.
    pub(super) fn named(&self) -> [(&'static str, Option<f64>); 4] {
        [
            (self.name, self.lilien.ok()),
            ("nav", Some(self.nav)),
            ("moore-angle", Some(self.degrees())),
            ("moore-cosine", Some(self.moore.cosine)),
        ]
    }

    /// Moore's angle in degrees.
    pub(super) fn degrees(&self) -> f64 {
        self.moore.angle * 180.0 / std::f64::consts::PI
    }
}

/// The unit of each of the indices.
pub(super) fn unit(statistic: &str) -> &'static str {
    if statistic == "moore-angle" {
        "degrees"
    } else {
        "1"
    }
}

impl Weights {
    pub(super) fn named(name: Option<&str>) -> Self {
        let (name, weights) = match name {
            Some("lilien-base") => (NAMES[1], LilienWeights::Base),
            Some("lilien-modified") => (NAMES[2], LilienWeights::Product),
            _ => (NAMES[0], LilienWeights::End),
        };
        Self { name, weights }
    }

    /// The indices of a change; `Err` of the numerics comes back with the position of the sector or total.
    pub(super) fn work(self, from: &[f64], to: &[f64]) -> Result<Indices, Error> {
        let lilien = match lilien(from, to, self.weights) {
            Ok(sigma) => Ok(sigma),
            Err(Error::Zero {
                argument: "base" | "end",
                index,
            }) => Err(index),
            Err(other) => return Err(other),
        };
        Ok(Indices {
            name: self.name,
            lilien,
            nav: norm_of_absolute_values(from, to)?,
            moore: moore(from, to)?,
        })
    }

    /// The same with the name of the region in an error.
    pub(super) fn of(
        self,
        frame: &Frame<'_>,
        name: &str,
        from: &[f64],
        to: &[f64],
    ) -> Result<Indices, AnalysisError> {
        self.work(from, to).map_err(|error| match error {
            Error::Zero { .. } => refuse(
                ENTRY.id,
                format!("all sectors of {name} are zero in a year, so there are no shares"),
            ),
            other => frame.failed(other),
        })
    }
}
