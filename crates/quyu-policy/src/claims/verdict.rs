//! The rule: what a claim is worth, from its digits and the interval that the rounding of the inputs implies.

use quyu_core::Span;

/// Whether one trial bears out the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It does.
    Fits,
    /// It does not.
    Misses,
    /// The rounding of the inputs leaves both open.
    Open,
    /// A figure is missing.
    Lacking,
    /// The figure stands beside the claim and decides nothing.
    Beside,
}

impl Fit {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Fit::Fits => "fits",
            Fit::Misses => "does not fit",
            Fit::Open => "open",
            Fit::Lacking => "figure missing",
            Fit::Beside => "beside",
        }
    }
}

/// The verdict on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A trial as said fits.
    Reproduced,
    /// No trial as said fits, but one under another definition.
    UnderAnother,
    /// A trial as said does not fit, nor any other.
    NotReproduced,
    /// No trial as said can be computed, or there is nothing to compute.
    CannotBeChecked,
}

impl Verdict {
    pub(crate) const ALL: [Verdict; 4] = [
        Verdict::Reproduced,
        Verdict::UnderAnother,
        Verdict::NotReproduced,
        Verdict::CannotBeChecked,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::UnderAnother => "reproduced under another definition",
            Verdict::NotReproduced => "not reproduced",
            Verdict::CannotBeChecked => "cannot be checked",
        }
    }
}

/// The numbers that are `value` when rounded to its last digit.
pub(crate) fn said(value: f64, last_digit: f64) -> Span {
    Span::around(value, last_digit / 2.0)
}

/// A claimed number fits if some number of the interval rounds to it. An unbounded interval says nothing.
pub(crate) fn number_fits(value: f64, last_digit: f64, ours: Span) -> Fit {
    let said = said(value, last_digit);
    match (
        ours.low.is_finite() && ours.high.is_finite(),
        ours.high >= said.low && ours.low < said.high,
    ) {
        (false, _) => Fit::Open,
        (true, true) => Fit::Fits,
        (true, false) => Fit::Misses,
    }
}

/// A comparison that makes a claim without a number true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Criterion {
    sign: &'static str,
    /// The number compared with.
    pub(crate) bound: f64,
}

/// The signs of a criterion, and the words for them.
const SIGNS: [(&str, &str); 4] = [
    (">=", "at least"),
    ("<=", "at most"),
    (">", "more than"),
    ("<", "less than"),
];

impl Criterion {
    /// Reads `> 0`, `>= 100`, `< 100`, `<= 5`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = SIGNS
            .iter()
            .find_map(|(sign, _)| Some((*sign, text.strip_prefix(sign)?)))?;
        let bound: f64 = rest.trim().parse().ok()?;
        bound.is_finite().then_some(Self { sign, bound })
    }

    /// The comparison in words, without the number.
    pub(crate) fn words(self) -> &'static str {
        SIGNS
            .iter()
            .find(|(sign, _)| *sign == self.sign)
            .map_or("", |(_, words)| words)
    }

    fn holds(self, x: f64) -> bool {
        match self.sign {
            ">=" => x >= self.bound,
            "<=" => x <= self.bound,
            ">" => x > self.bound,
            _ => x < self.bound,
        }
    }

    /// It fits if it holds all over the interval, misses if nowhere; in between it is open.
    pub(crate) fn fit(self, ours: Span) -> Fit {
        match (self.holds(ours.low), self.holds(ours.high)) {
            (true, true) => Fit::Fits,
            (false, false) => Fit::Misses,
            _ => Fit::Open,
        }
    }
}

/// The verdict from the fits of the trials, and the position of the trial that decided it: the first that fits as said; else the
/// first that fits under another definition; else the first that misses as said; else the first that could not be told.
pub(crate) fn verdict(trials: &[(bool, Fit)]) -> (Verdict, Option<usize>) {
    let first = |as_said: Option<bool>, fit: fn(Fit) -> bool| {
        trials
            .iter()
            .position(|(said, f)| as_said.is_none_or(|s| s == *said) && fit(*f))
    };
    let fits = |f: Fit| f == Fit::Fits;
    let rules = [
        (Verdict::Reproduced, first(Some(true), fits)),
        (Verdict::UnderAnother, first(Some(false), fits)),
        (Verdict::NotReproduced, first(Some(true), |f| f == Fit::Misses)),
    ];
    let found = rules.into_iter().find(|(_, position)| position.is_some());
    found.unwrap_or((Verdict::CannotBeChecked, first(None, |f| f != Fit::Beside)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_digits_of_the_claim_decide() {
        let ours = Span {
            low: 123_597.0,
            high: 123_612.3,
        };
        assert_eq!(number_fits(123_600.0, 100.0, ours), Fit::Fits);
        assert_eq!(number_fits(123_600.0, 1.0, ours), Fit::Fits);
        assert_eq!(number_fits(123_620.0, 1.0, ours), Fit::Misses);
        assert_eq!(number_fits(123_620.0, 100.0, ours), Fit::Fits);
        // 11.9 rounds to 12, not to 11; 11.5 rounds up.
        assert_eq!(number_fits(11.0, 1.0, Span::around(11.9, 0.01)), Fit::Misses);
        assert_eq!(number_fits(11.0, 1.0, Span::exact(11.5)), Fit::Misses);
        assert_eq!(number_fits(12.0, 1.0, Span::exact(11.5)), Fit::Fits);
    }

    #[test]
    fn an_unbounded_interval_says_nothing() {
        let all = Span {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        };
        assert_eq!(number_fits(1.0, 1.0, all), Fit::Open);
    }

    #[test]
    fn a_criterion_holds_all_over_or_nowhere_or_is_open() {
        let more = Criterion::parse("> 0").unwrap();
        assert_eq!(more.fit(Span::exact(0.0)), Fit::Misses);
        assert_eq!(more.fit(Span::exact(3.0)), Fit::Fits);
        assert_eq!(more.fit(Span { low: 0.0, high: 1.0 }), Fit::Open);
        assert_eq!(
            Criterion::parse(">= 100").unwrap().fit(Span::exact(100.0)),
            Fit::Fits
        );
        assert_eq!(Criterion::parse("<= 5").unwrap().words(), "at most");
        for wrong in ["", "0", "= 3", "> x", "> inf"] {
            assert_eq!(Criterion::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_verdict_is_that_of_the_first_trial_that_can_give_it() {
        use Fit::{Beside, Fits, Lacking, Misses, Open};
        type Case<'a> = (&'a [(bool, Fit)], Verdict, Option<usize>);
        let cases: [Case<'_>; 7] = [
            (
                &[(true, Misses), (true, Fits), (false, Fits)],
                Verdict::Reproduced,
                Some(1),
            ),
            (
                &[(true, Misses), (false, Misses), (false, Fits)],
                Verdict::UnderAnother,
                Some(2),
            ),
            (
                &[(true, Lacking), (true, Misses), (false, Misses)],
                Verdict::NotReproduced,
                Some(1),
            ),
            (
                &[(true, Lacking), (false, Misses)],
                Verdict::CannotBeChecked,
                Some(0),
            ),
            (&[(true, Open)], Verdict::CannotBeChecked, Some(0)),
            (&[(false, Beside)], Verdict::CannotBeChecked, None),
            (&[], Verdict::CannotBeChecked, None),
        ];
        for (trials, expected, position) in cases {
            assert_eq!(verdict(trials), (expected, position), "{trials:?}");
        }
    }

    proptest! {
        /// Coarser inputs never take a fit away, and neither do fewer digits of the claim.
        #[test]
        fn a_wider_interval_keeps_what_fits(
            value in -1e6_f64..1e6, digit in 1e-3_f64..1e3, middle in -1e6_f64..1e6, half in 0.0_f64..1e3, more in 0.0_f64..1e3,
        ) {
            let narrow = number_fits(value, digit, Span::around(middle, half));
            let wide = number_fits(value, digit, Span::around(middle, half + more));
            prop_assert!(narrow != Fit::Fits || wide == Fit::Fits);
            let coarse = number_fits(value, digit + more, Span::around(middle, half));
            prop_assert!(narrow != Fit::Fits || coarse == Fit::Fits);
        }

        /// A number fits itself and what it rounds to, and no whole number more than one away.
        #[test]
        fn a_number_fits_what_it_rounds_to(x in -1e6_f64..1e6) {
            prop_assert_eq!(number_fits(x, 1e-3, Span::exact(x)), Fit::Fits);
            prop_assert_eq!(number_fits((x + 0.5).floor(), 1.0, Span::exact(x)), Fit::Fits);
            prop_assert_eq!(number_fits(x.floor() + 2.0, 1.0, Span::exact(x)), Fit::Misses);
        }

        /// What holds on an interval holds on a narrower one inside it, and so does what fails.
        #[test]
        fn a_narrower_interval_settles_no_criterion_otherwise(
            bound in -100_f64..100.0, middle in -100_f64..100.0, half in 0.0_f64..50.0, part in 0.0_f64..1.0, sign in 0_usize..4,
        ) {
            let criterion = Criterion { sign: SIGNS[sign].0, bound };
            let wide = criterion.fit(Span::around(middle, half));
            let narrow = criterion.fit(Span::around(middle, half * part));
            prop_assert!(wide == Fit::Open || narrow == wide);
        }
    }
}
