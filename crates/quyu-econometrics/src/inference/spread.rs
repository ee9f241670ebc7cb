//! Mean and spread of replicates, which may be as large as doubles can be.

use quyu_math::{sqrt, sum_by};

/// The power of two by which squares are kept in range; 1 for no values.
fn unit(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0f64, |largest, v| largest.max(v.abs()));
    if (1e-140..1e140).contains(&largest) || largest == 0.0 {
        return 1.0;
    }
    f64::from_bits(largest.max(4.0 * f64::MIN_POSITIVE).to_bits() & 0x7ff0_0000_0000_0000)
}

/// The mean of at least one value.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let unit = unit(values);
    sum_by(values.len(), |i| values[i] / unit) / values.len() as f64 * unit
}

/// sqrt(sum (value - centre)^2 / divisor).
pub(crate) fn root_square(values: &[f64], centre: f64, divisor: f64) -> f64 {
    let unit = unit(values).max(unit(&[centre]));
    let deviation = |i: usize| values[i] / unit - centre / unit;
    sqrt(sum_by(values.len(), |i| deviation(i) * deviation(i)) / divisor) * unit
}
