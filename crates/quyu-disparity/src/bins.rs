//! Values counted in narrow classes: what stands in for the rows where they are more than memory holds.
//!
//! A class spans 1/4096 of an octave. It keeps its weight, its total and its two ends, so that an index which obeys the transfer
//! principle is bracketed: from below if all rows of a class have its mean, from above if they stand at its two ends.

use std::collections::BTreeMap;

use quyu_econometrics::Error;
use quyu_math::Compensated;

use crate::measure::{Columns, Measure};

/// Bits of the fraction that tell classes apart.
const BITS: u32 = 12;
const CLASSES: usize = 1 << BITS;

/// The classes of one sign and power of two.
type Octave = Vec<Class>;

/// One class.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    weight: Compensated,
    total: Compensated,
    low: f64,
    high: f64,
}

/// Values in classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bins {
    octaves: BTreeMap<u64, Octave>,
    rows: usize,
    weight: Compensated,
}

impl Bins {
    /// Takes rows in; values are finite and not negative, weights too.
    pub(crate) fn push(&mut self, x: &[f64], w: Option<&[f64]>) {
        for (i, &value) in x.iter().enumerate() {
            let weight = w.map_or(1.0, |w| w[i]);
            self.rows += 1;
            if weight == 0.0 {
                continue;
            }
            self.weight.add(weight);
            // The sign of a zero is no difference.
            let bits = (value + 0.0).to_bits();
            let octave = self.octaves.entry(bits >> 52).or_default();
            if octave.is_empty() {
                octave.resize(CLASSES, Class::default());
            }
            let class = &mut octave[(bits >> (52 - BITS)) as usize % CLASSES];
            if class.weight.value() == 0.0 {
                (class.low, class.high) = (value, value);
            }
            class.low = class.low.min(value);
            class.high = class.high.max(value);
            class.weight.add(weight);
            class.total.add(weight * value);
        }
    }

    /// Number of rows, and the sum of their weights.
    pub(crate) fn counted(&self) -> (usize, f64) {
        (self.rows, self.weight.value())
    }

    /// The least and the largest value that an index may have; it must obey the transfer principle.
    pub(crate) fn bracket(&self, measure: &Measure) -> Result<(f64, f64), Error> {
        let classes = || self.octaves.values().flatten().filter(|c| c.weight.value() > 0.0);
        let middle = |c: &Class| (c.total.value() / c.weight.value()).clamp(c.low, c.high);
        let low: Vec<(f64, f64)> = classes().map(|c| (middle(c), c.weight.value())).collect();
        let ends = classes().flat_map(|c| {
            let weight = c.weight.value();
            let upper = match c.high - c.low {
                0.0 => 0.0,
                width => weight * (middle(c) - c.low) / width,
            };
            [(c.low, weight - upper), (c.high, upper)]
        });
        let ends: Vec<(f64, f64)> = ends.collect();
        Ok((of(measure, &low)?, of(measure, &ends)?))
    }
}

fn of(measure: &Measure, rows: &[(f64, f64)]) -> Result<f64, Error> {
    let (x, w): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    measure.of(&Columns {
        x: x.into(),
        w: Some(w.into()),
        rank: None,
        groups: None,
    })
}
