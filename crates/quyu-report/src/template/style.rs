//! How a placeholder writes its number.

use quyu_core::Style;
use quyu_core::number::{ordinal, styled};

/// What stands after the bar of a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// As tables write it.
    Number(Style),
    /// A share as a percentage with the sign: 0.1234 is "12.3 %".
    Percent(u8),
    /// 1st, 2nd, 3rd.
    Rank,
    /// Zero to twelve in words, with a capital at the start of a sentence.
    Words {
        /// Whether the first letter is a capital.
        capital: bool,
    },
    /// Words of a text cell, as they are.
    Text,
}

/// The names of the styles, which the documentation of [`super::Template`] explains.
pub(crate) const STYLES: &[(&str, Show)] = &[
    ("share0", Show::Number(Style::Percent(0))),
    ("share1", Show::Number(Style::Percent(1))),
    ("share2", Show::Number(Style::Percent(2))),
    ("percent0", Show::Percent(0)),
    ("percent1", Show::Percent(1)),
    ("percent2", Show::Percent(2)),
    ("signed_share0", Show::Number(Style::SignedPercent(0))),
    ("signed_share1", Show::Number(Style::SignedPercent(1))),
    ("signed_share2", Show::Number(Style::SignedPercent(2))),
    ("index3", Show::Number(Style::Fixed(3))),
    ("yuan0", Show::Number(Style::Fixed(0))),
    ("fixed0", Show::Number(Style::Fixed(0))),
    ("fixed1", Show::Number(Style::Fixed(1))),
    ("fixed2", Show::Number(Style::Fixed(2))),
    ("fixed3", Show::Number(Style::Fixed(3))),
    ("p", Show::Number(Style::P)),
    ("signed0", Show::Number(Style::Signed(0))),
    ("signed1", Show::Number(Style::Signed(1))),
    ("signed2", Show::Number(Style::Signed(2))),
    ("signed3", Show::Number(Style::Signed(3))),
    ("rank", Show::Rank),
    ("year", Show::Number(Style::Year)),
    ("text", Show::Text),
];

const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

impl Show {
    /// The style of this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        STYLES.iter().find(|(n, _)| *n == name).map(|(_, show)| *show)
    }

    /// Writes a number; `None` if the style is not for this number.
    pub(crate) fn write(self, x: f64) -> Option<String> {
        let whole = (x >= 0.0 && x.fract() == 0.0 && x < 1e9).then_some(x as usize);
        match self {
            Show::Number(style) => Some(styled(x, style)),
            // No line break before the sign.
            Show::Percent(d) => Some(format!("{}\u{a0}%", styled(x, Style::Percent(d)))),
            Show::Rank => whole.filter(|n| *n > 0).map(ordinal),
            Show::Words { capital } => whole.map(|n| in_words(n, capital)),
            Show::Text => None,
        }
    }
}

fn in_words(n: usize, capital: bool) -> String {
    match WORDS.get(n) {
        Some(word) if capital => word[..1].to_uppercase() + &word[1..],
        Some(word) => (*word).to_owned(),
        None => styled(n as f64, Style::Fixed(0)),
    }
}
