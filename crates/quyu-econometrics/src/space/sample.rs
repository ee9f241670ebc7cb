//! Values on a map made ready: checked, centred, and scaled so that no power of them leaves the range of a double.

use super::weights::Weights;
use crate::{Error, check};
use quyu_math::{sum, sum_by};

/// What happens to units without neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Islands {
    /// They leave the number of units n in the factor and in the moments; mean and variance stay those of all units (spdep's
    /// default, Bivand & Portnov 2004).
    #[default]
    Drop,
    /// They count in n: a statistic of them is zero.
    Keep,
}

impl Islands {
    /// The n of a statistic.
    pub(super) fn count(self, weights: &Weights) -> usize {
        match self {
            Self::Drop => weights.units() - weights.islands().len(),
            Self::Keep => weights.units(),
        }
    }
}

/// The power of two below the largest absolute value; 1 for zeros.
pub(super) fn unit(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0f64, |largest, v| largest.max(v.abs()));
    match largest >= f64::MIN_POSITIVE {
        true => f64::from_bits(largest.to_bits() & 0x7ff0_0000_0000_0000),
        false if largest > 0.0 => f64::MIN_POSITIVE,
        false => 1.0,
    }
}

/// `values / unit`, exact because the unit is a power of two; subnormal values are scaled up as a whole.
pub(super) fn scaled(values: &[f64], unit: f64) -> Vec<f64> {
    values.iter().map(|v| v / unit).collect()
}

/// One value for each unit, finite, and enough of them.
pub(super) fn check_values(
    argument: &'static str,
    x: &[f64],
    weights: &Weights,
    needed: usize,
) -> Result<(), Error> {
    check::length(argument, x.len(), weights.units())?;
    check::finite(argument, x)?;
    check::at_least(argument, x.len(), needed)?;
    if weights.links() == 0 {
        return Err(Error::Undefined {
            reason: "no unit has a neighbour",
        });
    }
    Ok(())
}

/// Deviations from the mean in a unit of their own, the largest of them between 1 and 2.
pub(super) struct Deviations {
    /// `(x - mean) / unit`.
    pub(super) z: Vec<f64>,
    /// Σ z².
    pub(super) square: f64,
}

impl Deviations {
    pub(super) fn new(x: &[f64]) -> Result<Self, Error> {
        let constant = Error::Undefined {
            reason: "all values are equal",
        };
        if x.iter().all(|v| *v == x[0]) {
            return Err(constant);
        }
        // Halved, so that the difference of two values cannot overflow.
        let unit_of_x = unit(x);
        let v: Vec<f64> = x.iter().map(|v| 0.5 * (v / unit_of_x)).collect();
        let n = v.len() as f64;
        let first = v[0];
        let shifted: Vec<f64> = v.iter().map(|v| v - first).collect();
        let mean = sum(&shifted) / n;
        let centred: Vec<f64> = shifted.iter().map(|v| v - mean).collect();
        let z = scaled(&centred, unit(&centred));
        // What is left of the mean after rounding.
        let drift = sum(&z) / n;
        let z: Vec<f64> = z.iter().map(|z| z - drift).collect();
        let square = sum_by(z.len(), |i| z[i] * z[i]);
        match square > 0.0 {
            true => Ok(Self { z, square }),
            false => Err(constant),
        }
    }

    pub(super) fn sum_of_fourth_powers(&self) -> f64 {
        sum_by(self.z.len(), |i| {
            let square = self.z[i] * self.z[i];
            square * square
        })
    }

    /// `n Σ z⁴ / (Σ z²)²` over all units.
    pub(super) fn kurtosis(&self) -> f64 {
        self.z.len() as f64 * (self.sum_of_fourth_powers() / self.square) / self.square
    }
}
