//! When two numbers count as equal.

/// Two numbers are close if they differ by at most `abs + rel * max(|a|, |b|)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Relative part.
    pub rel: f64,
    /// Absolute part.
    pub abs: f64,
}

impl Tolerance {
    /// The same bits up to the sign of zero.
    pub const EXACT: Self = Self { rel: 0.0, abs: 0.0 };
    /// A few roundings: two ways of writing one formula.
    pub const ROUNDING: Self = Self {
        rel: 1e-14,
        abs: 1e-15,
    };
    /// Laws: an index after a change that must not matter.
    pub const LAW: Self = Self {
        rel: 1e-12,
        abs: 1e-14,
    };
    /// Values printed by another package with 15 digits.
    pub const PEER: Self = Self {
        rel: 1e-9,
        abs: 1e-12,
    };
}

/// Whether `a` and `b` are close; NaN is close to NaN, an infinity to itself.
pub fn close(a: f64, b: f64, tolerance: Tolerance) -> bool {
    if a == b || (a.is_nan() && b.is_nan()) {
        return true;
    }
    let difference = (a - b).abs();
    difference.is_finite() && difference <= tolerance.abs + tolerance.rel * a.abs().max(b.abs())
}

/// Panics unless [`close`].
///
/// # Panics
/// If the numbers are not close; the message has both and their difference.
#[track_caller]
pub fn assert_close(a: f64, b: f64, tolerance: Tolerance) {
    assert!(
        close(a, b, tolerance),
        "{a:?} and {b:?} differ by {:e}, more than {tolerance:?}",
        (a - b).abs()
    );
}

/// "Adds up": |sum of parts - total| <= 1e-12 (|total| + sum |parts|).
pub fn adds_up(total: f64, parts: &[f64]) -> bool {
    let sum: f64 = parts.iter().sum();
    let size: f64 = total.abs() + parts.iter().map(|p| p.abs()).sum::<f64>();
    (sum - total).abs() <= 1e-12 * size
}

/// Panics unless [`adds_up`].
///
/// # Panics
/// If the parts do not add up; the message has them.
#[track_caller]
pub fn assert_adds_up(total: f64, parts: &[f64]) {
    assert!(
        adds_up(total, parts),
        "{parts:?} add up to {:?}, not to {total:?}",
        parts.iter().sum::<f64>()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers() {
        assert!(close(1.0, 1.0 + 1e-10, Tolerance::PEER) && !close(1.0, 1.0 + 1e-10, Tolerance::LAW));
        assert!(close(f64::NAN, f64::NAN, Tolerance::EXACT) && !close(f64::NAN, 1.0, Tolerance::PEER));
        assert!(close(f64::INFINITY, f64::INFINITY, Tolerance::EXACT));
        assert!(!close(f64::INFINITY, f64::NEG_INFINITY, Tolerance::PEER));
        assert!(adds_up(0.3, &[0.1, 0.2]) && !adds_up(0.3, &[0.1, 0.2 + 1e-11]));
    }
}
