//! What the rounding of printed figures implies: intervals carried through sums and ratios.

/// The values that the true figure behind a printed one can have: from half a unit of its last digit below to half a unit
/// above. Sums and ratios of figures have the interval of all sums and ratios of such values. A figure that enters twice
/// counts as two, so that an interval is at times too wide and never too narrow.
///
/// ```
/// use quyu_core::rounding::Span;
/// let gdp = Span::around(120.0, 0.5);
/// let population = Span::around(10.0, 0.5);
/// let per_head = gdp.over(population, 1.0);
/// assert_eq!((per_head.low, per_head.high), (119.5 / 10.5, 120.5 / 9.5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Span {
    /// A figure and half a unit of its last digit.
    pub fn around(value: f64, half_unit: f64) -> Self {
        Self {
            low: value - half_unit,
            high: value + half_unit,
        }
    }

    /// A number that was counted, not rounded.
    pub fn exact(value: f64) -> Self {
        Self::around(value, 0.0)
    }

    /// The sum of figures.
    pub fn total(parts: &[Span]) -> Self {
        let end = |of: fn(&Span) -> f64| quyu_math::sum(&parts.iter().map(of).collect::<Vec<_>>());
        Self {
            low: end(|s| s.low),
            high: end(|s| s.high),
        }
    }

    /// The mean of two figures.
    pub fn midpoint(self, other: Span) -> Self {
        Self {
            low: (self.low + other.low) / 2.0,
            high: (self.high + other.high) / 2.0,
        }
    }

    /// `scale` times the ratio of two figures. A denominator that may be zero bounds nothing: the ends are infinite.
    pub fn over(self, denominator: Span, scale: f64) -> Self {
        if denominator.low <= 0.0 && denominator.high >= 0.0 {
            return Self {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
            };
        }
        Self::hull([
            self.low / denominator.low * scale,
            self.low / denominator.high * scale,
            self.high / denominator.low * scale,
            self.high / denominator.high * scale,
        ])
    }

    /// The product of two figures over `scale`.
    pub fn times(self, other: Span, scale: f64) -> Self {
        Self::hull([
            self.low * other.low / scale,
            self.low * other.high / scale,
            self.high * other.low / scale,
            self.high * other.high / scale,
        ])
    }

    /// The share of a part in the whole that it forms with the rest, times `scale`: the part enters once.
    pub fn share(self, rest: Span, scale: f64) -> Self {
        let of = |part: f64, rest: f64| part / (part + rest) * scale;
        match self.low + rest.low > 0.0 {
            true => Self {
                low: of(self.low, rest.high),
                high: of(self.high, rest.low),
            },
            false => self.over(Self::total(&[self, rest]), scale),
        }
    }

    fn hull(ends: [f64; 4]) -> Self {
        Self {
            low: ends.into_iter().fold(f64::INFINITY, f64::min),
            high: ends.into_iter().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// Powers of ten with as many zeros as decimals are looked for.
const POWERS: [f64; 8] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// How many decimals a figure was printed with, at least: the fewest that write it. `None` for a figure with more than seven, which
/// was computed and not printed.
pub(crate) fn decimals(value: f64) -> Option<usize> {
    POWERS.iter().position(|p| (value * p).round() / p == value)
}

/// Half a unit of the last of so many decimals.
pub(crate) fn half_unit(decimals: Option<usize>) -> f64 {
    decimals.map_or(0.0, |d| 0.5 / POWERS[d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_shortest_way_to_write_a_figure() {
        for (value, expected) in [
            (8070.0, Some(0)),
            (98_656.8, Some(1)),
            (99_631.52, Some(2)),
            (2_504.429_25, Some(5)),
            (-0.3, Some(1)),
            (1.0 / 3.0, None),
        ] {
            assert_eq!(decimals(value), expected, "{value}");
        }
        assert_eq!(half_unit(Some(2)), 0.005);
        assert_eq!(half_unit(None), 0.0);
    }

    #[test]
    fn a_share_counts_its_part_once() {
        let (part, rest) = (Span::around(10.0, 0.5), Span::around(30.0, 0.5));
        let share = part.share(rest, 100.0);
        assert_eq!((share.low, share.high), (100.0 * 9.5 / 40.0, 100.0 * 10.5 / 40.0));
        let twice = part.over(Span::total(&[part, rest]), 100.0);
        assert!(twice.low < share.low && share.high < twice.high);
    }

    #[test]
    fn a_denominator_that_may_be_zero_bounds_nothing() {
        let ratio = Span::exact(1.0).over(Span::around(0.2, 0.5), 1.0);
        assert!(ratio.low.is_infinite() && ratio.high.is_infinite());
    }
}
