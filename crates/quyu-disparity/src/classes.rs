//! Rows counted in narrow classes of what orders them: what stands in for the rows where they are more than memory holds.
//!
//! A class spans 1/4096 of an octave. It keeps its weight, its total and the ends of what is in it, so that cumulative shares at its ends are
//! exact and bounds on what lies inside are known.

use std::collections::BTreeMap;

use quyu_math::Compensated;

/// Bits of the fraction that tell classes apart.
const BITS: u32 = 12;
const CLASSES: usize = 1 << BITS;

/// One class.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    weight: Compensated,
    total: Compensated,
    low: f64,
    high: f64,
    /// What orders its first row.
    by: f64,
    /// Whether another row is ordered by another number.
    mixed: bool,
}

/// A class that holds something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Class {
    /// Sum of the weights.
    pub(crate) weight: f64,
    /// Sum of weight times value.
    pub(crate) total: f64,
    /// The least and the largest value in it.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Whether its rows are not all ordered alike.
    pub(crate) mixed: bool,
}

impl Class {
    /// The mean of the values in it.
    pub(crate) fn mean(&self) -> f64 {
        (self.total / self.weight).clamp(self.low, self.high)
    }

    /// The least and the most that the poorest part of this weight can hold of it.
    pub(crate) fn poorest(&self, weight: f64) -> [f64; 2] {
        let rest = (self.weight - weight).max(0.0);
        let most = self.mean() * weight;
        let least = (self.low * weight).max(self.total - self.high * rest);
        [least.min(most), most]
    }

    /// The largest that the mean distance of its values from their mean, or from each other, can be: where all stand at the two ends.
    pub(crate) fn deviation(&self) -> f64 {
        match self.high - self.low {
            0.0 => 0.0,
            width => 2.0 * (self.high - self.mean()) * (self.mean() - self.low) / width,
        }
    }
}

/// Rows in classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    /// By sign and power of two, in ascending order.
    octaves: BTreeMap<u64, Vec<Kept>>,
    rows: usize,
    weight: Compensated,
    /// Weight and total of groups, by their names.
    groups: BTreeMap<String, (Compensated, Compensated)>,
}

impl Classes {
    /// Takes rows in; `by` is what orders them. Numbers are finite, weights not negative.
    pub(crate) fn push(&mut self, x: &[f64], w: Option<&[f64]>, by: &[f64]) {
        for (i, &value) in x.iter().enumerate() {
            let weight = w.map_or(1.0, |w| w[i]);
            self.rows += 1;
            if weight == 0.0 {
                continue;
            }
            self.weight.add(weight);
            let place = place(by[i]);
            let octave = self.octaves.entry(place >> 52).or_default();
            if octave.is_empty() {
                octave.resize(CLASSES, Kept::default());
            }
            let class = &mut octave[(place >> (52 - BITS)) as usize % CLASSES];
            if class.weight.value() == 0.0 {
                (class.low, class.high, class.by) = (value, value, by[i]);
            }
            class.mixed |= class.by != by[i];
            class.low = class.low.min(value);
            class.high = class.high.max(value);
            class.weight.add(weight);
            class.total.add(weight * value);
        }
    }

    /// Takes the groups of rows in, beside the rows themselves.
    pub(crate) fn group(&mut self, x: &[f64], w: Option<&[f64]>, (labels, names): (&[usize], &[String])) {
        for (i, (label, value)) in labels.iter().zip(x).enumerate() {
            let weight = w.map_or(1.0, |w| w[i]);
            let name = &names[*label];
            if !self.groups.contains_key(name) {
                self.groups.insert(name.clone(), Default::default());
            }
            if let Some((own, total)) = self.groups.get_mut(name) {
                own.add(weight);
                total.add(weight * value);
            }
        }
    }

    /// Weight and total of each group that has a weight.
    pub(crate) fn groups(&self) -> Vec<(f64, f64)> {
        let sums = self.groups.values().map(|(w, t)| (w.value(), t.value()));
        sums.filter(|(weight, _)| *weight > 0.0).collect()
    }

    /// Number of rows, and the sum of their weights.
    pub(crate) fn counted(&self) -> (usize, f64) {
        (self.rows, self.weight.value())
    }

    /// The classes in ascending order of what orders the rows.
    pub(crate) fn ascending(&self) -> Vec<Class> {
        let kept = self.octaves.values().flatten();
        kept.filter(|class| class.weight.value() > 0.0)
            .map(|class| Class {
                weight: class.weight.value(),
                total: class.total.value(),
                low: class.low,
                high: class.high,
                mixed: class.mixed,
            })
            .collect()
    }
}

/// Whole numbers that ascend with the numbers; the sign of a zero is no difference.
fn place(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    match bits >> 63 {
        0 => bits | 1 << 63,
        _ => !bits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_ascend_through_zero_and_keep_their_ends() {
        let by = [3.0, -0.0, -2.0, 0.0, 3.0001, -2.5];
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut classes = Classes::default();
        classes.push(&x, None, &by);
        let found = classes.ascending();
        let ends: Vec<(f64, f64, f64)> = found.iter().map(|c| (c.low, c.high, c.weight)).collect();
        assert_eq!(
            ends,
            [(6.0, 6.0, 1.0), (3.0, 3.0, 1.0), (2.0, 4.0, 2.0), (1.0, 5.0, 2.0)]
        );
        assert_eq!((found[2].mean(), found[2].deviation()), (3.0, 1.0));
        let mixed: Vec<bool> = found.iter().map(|c| c.mixed).collect();
        assert_eq!(mixed, [false, false, false, true]);
        assert_eq!(classes.counted(), (6, 6.0));
    }
}
