//! Numbers as people write them.

use super::fault::{Fault, Guess};

/// How numbers are written in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Before the fraction: a point or a comma.
    pub decimal: char,
    /// Between thousands, if anything.
    pub thousands: Option<char>,
    /// Texts that stand for a missing value, besides the empty one.
    pub missing: Vec<String>,
}

/// What stands for a missing value unless somebody says otherwise: what R, Python, Excel, Eurostat and yearbooks write.
pub const MISSING: [&str; 16] = [
    "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", ".", "..", "...", "…", "-", "–", ":",
];

impl Default for Numbers {
    fn default() -> Self {
        Self {
            decimal: '.',
            thousands: None,
            missing: MISSING.map(str::to_owned).to_vec(),
        }
    }
}

impl Numbers {
    /// Whether the text stands for a missing value.
    pub fn is_missing(&self, text: &str) -> bool {
        text.is_empty() || self.missing.iter().any(|m| m == text)
    }

    /// Reads a number; `None` is a missing value.
    ///
    /// # Errors
    /// [`Fault::NotANumber`] with a guess at what it is, [`Fault::NotFinite`].
    ///
    /// ```
    /// use quyu_io::table::Numbers;
    /// let german = Numbers { decimal: ',', thousands: Some('.'), ..Numbers::default() };
    /// assert_eq!(german.read("1.234,5")?, Some(1234.5));
    /// assert_eq!(german.read("NA")?, None);
    /// assert!(german.read("12.34,5").is_err(), "thousands come in threes");
    /// # Ok::<(), quyu_io::table::Fault>(())
    /// ```
    pub fn read(&self, text: &str) -> Result<Option<f64>, Fault> {
        if self.is_missing(text) {
            return Ok(None);
        }
        if let Some(number) = self.quickly(text.as_bytes()) {
            return Ok(Some(number));
        }
        let plain = self.plain(text).ok_or_else(|| Fault::NotANumber {
            text: text.to_owned(),
            guess: guess(text),
        })?;
        match plain.parse::<f64>() {
            Ok(x) if x.is_finite() => Ok(Some(x)),
            _ => Err(Fault::NotFinite {
                text: text.to_owned(),
            }),
        }
    }

    /// The number, if it can be read the quick way; it may be a mark for a missing value all the same.
    pub(crate) fn quickly(&self, text: &[u8]) -> Option<f64> {
        (self.decimal == '.').then(|| quick(text)).flatten()
    }

    /// A number as this table would write it, with the shortest digits that read back to the same bits.
    pub(crate) fn write(&self, x: f64) -> String {
        let text = format!("{x:?}");
        let text = text.strip_suffix(".0").unwrap_or(&text);
        match self.decimal {
            '.' => text.to_owned(),
            mark => text.replace('.', &mark.to_string()),
        }
    }

    /// The numbers that stand for a missing value, as `-9` or `999` does in surveys.
    pub(crate) fn number_marks(&self) -> Vec<f64> {
        self.missing
            .iter()
            .filter_map(|m| self.read_plainly(m))
            .filter(|x| x.is_finite())
            .collect()
    }

    /// Whether a text that reads as a number may stand for a missing value, as `-9` or `999` does in surveys.
    pub(crate) fn marks_with_numbers(&self) -> bool {
        self.missing.iter().any(|m| self.quickly(m.as_bytes()).is_some())
    }

    /// The number in plain form: an optional sign, digits, a point, digits, an exponent. `None` if it is none.
    fn plain(&self, text: &str) -> Option<String> {
        let (negative, body) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let infinite = ["inf", "infinity", "nan", "∞"];
        if infinite.contains(&body.to_lowercase().as_str()) {
            return Some(body.replace('∞', "inf"));
        }
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((m, e)) => (m, Some(e)),
            None => (body, None),
        };
        let (whole, fraction) = match mantissa.split_once(self.decimal) {
            Some((w, f)) => (w, f),
            None => (mantissa, ""),
        };
        let whole = match self.thousands {
            Some(mark) => ungrouped(whole, mark)?,
            None => whole.to_owned(),
        };
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !digits(&whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let sign = if negative { "-" } else { "" };
        let mut plain = format!("{sign}{whole}.{fraction}");
        if let Some(exponent) = exponent {
            let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if power.is_empty() || !digits(power) {
                return None;
            }
            plain.push('e');
            plain.push_str(exponent);
        }
        // `.5` and `5.` are numbers; the parser wants a digit on one side.
        Some(plain)
    }
}

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A plain number of at most fifteen digits: its digits are a whole number that a double holds, and one division by an exact power
/// of ten rounds once, which is what correct reading means (Clinger 1990, PLDI: How to read floating point numbers accurately).
fn quick(text: &[u8]) -> Option<f64> {
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if !(1..=16).contains(&body.len()) {
        return None;
    }
    let (mut digits, mut count, mut point) = (0u64, 0, None);
    for (at, byte) in body.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    if !(1..=15).contains(&count) {
        return None;
    }
    // Below 10^15 it is a whole number with a sign, too, which a processor turns into a double at once.
    let whole = digits as i64 as f64;
    let size = match point {
        None => whole,
        Some(at) => whole / POWERS[body.len() - at - 1],
    };
    Some(if negative { -size } else { size })
}

/// The digits without their marks, if the marks stand where they must: after the first one to three digits, then after each
/// three. A space stands for every kind of space.
fn ungrouped(whole: &str, mark: char) -> Option<String> {
    let is_mark = |c: char| c == mark || (mark == ' ' && c.is_whitespace());
    let groups: Vec<&str> = whole.split(is_mark).collect();
    let good = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => (1..=3).contains(&first.len()) && rest.iter().all(|g| g.len() == 3),
        [] => false,
    };
    good.then(|| groups.concat())
}

/// What a text that is no number may be.
fn guess(text: &str) -> Guess {
    let reads = |decimal: char, thousands: Option<char>| {
        let other = Numbers {
            decimal,
            thousands,
            missing: Vec::new(),
        };
        matches!(other.read_plainly(text), Some(x) if x.is_finite())
    };
    if text.ends_with(['%', '‰']) {
        Guess::Percent
    } else if reads('.', Some(',')) {
        // `1,234` is a number of thousands to some and 1.234 to others; the first is the likelier in a table with points.
        Guess::Thousands(',')
    } else if reads(',', None) {
        Guess::DecimalComma
    } else if reads(',', Some('.')) {
        Guess::Continental
    } else if reads('.', Some(' ')) {
        Guess::Thousands(' ')
    } else if reads('.', Some('\'')) {
        Guess::Thousands('\'')
    } else if text.starts_with('(') && text.ends_with(')') && text.contains(|c: char| c.is_ascii_digit()) {
        Guess::Bracketed
    } else if text
        .trim_start_matches(['-', '+'])
        .starts_with(|c: char| c.is_ascii_digit())
    {
        Guess::Attached
    } else if text.chars().count() <= 4 && !text.contains(|c: char| c.is_ascii_digit()) {
        Guess::Mark
    } else {
        Guess::Word
    }
}

impl Numbers {
    fn read_plainly(&self, text: &str) -> Option<f64> {
        self.plain(text)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_quick_way_reads_the_same_number(text in "-?[0-9]{0,9}\\.?[0-9]{0,8}") {
            if let Some(quick) = quick(text.as_bytes()) {
                prop_assert_eq!(quick.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
            }
        }
    }

    #[test]
    fn the_quick_way_takes_plain_numbers_only() {
        for text in [
            "",
            "-",
            ".",
            "-.",
            "1.2.3",
            "1e5",
            "+1",
            "1,5",
            "1234567890123456",
        ] {
            assert_eq!(quick(text.as_bytes()), None, "{text}");
        }
        assert_eq!(quick(b"-0").map(f64::to_bits), Some((-0.0f64).to_bits()));
        assert_eq!(quick(b"5."), Some(5.0));
        assert_eq!(quick(b".5"), Some(0.5));
    }
}
