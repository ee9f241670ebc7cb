//! How numbers are written: the same way on every machine.

use crate::findings::Style;

/// A number with twelve significant digits, as committed CSV holds it: plain decimals without trailing zeros, in scientific form beyond 1e15 and below 1e-15, "-" for minus.
///
/// ```
/// use quyu_core::number::twelve_digits;
/// assert_eq!(twelve_digits(1.0 / 3.0), "0.333333333333");
/// assert_eq!(twelve_digits(123_605.0), "123605");
/// assert_eq!(twelve_digits(-0.0), "0");
/// ```
pub fn twelve_digits(x: f64) -> String {
    significant(x, 12)
}

/// A number with this many significant digits, in plain decimals without trailing zeros.
pub fn significant(x: f64, digits: usize) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    // The exponent form rounds correctly and says where the first digit stands.
    let scientific = format!("{:.*e}", digits.saturating_sub(1), x);
    let (_, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-15..=15).contains(&exponent) {
        return scientific;
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let rounded: f64 = scientific.parse().unwrap_or(x);
    let plain = format!("{rounded:.decimals$}");
    if plain.contains('.') {
        plain.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        plain
    }
}

/// A number as a reader sees it: thousands separated by commas, U+2212 for minus, and never "-0".
///
/// ```
/// use quyu_core::{Style, number::styled};
/// assert_eq!(styled(123_604.9, Style::Fixed(0)), "123,605");
/// assert_eq!(styled(-0.1234, Style::Percent(1)), "−12.3");
/// assert_eq!(styled(-0.0004, Style::Fixed(2)), "0.00");
/// assert_eq!(styled(0.05, Style::SignedPercent(1)), "+5.0");
/// assert_eq!(styled(2019.0, Style::Year), "2019");
/// assert_eq!(styled(0.00004, Style::P), "<0.0001");
/// assert_eq!(styled(0.00006, Style::P), "0.0001");
/// ```
pub fn styled(x: f64, style: Style) -> String {
    match style {
        Style::Percent(d) => grouped(x * 100.0, d, false),
        Style::Fixed(d) => grouped(x, d, false),
        Style::Year => grouped(x, 0, false).replace(',', ""),
        Style::Signed(d) => grouped(x, d, true),
        Style::SignedPercent(d) => grouped(x * 100.0, d, true),
        // No p-value is zero.
        Style::P if x < 0.00005 => "<0.0001".to_owned(),
        Style::P => grouped(x, 4, false),
    }
}

fn grouped(x: f64, decimals: u8, plus: bool) -> String {
    let digits = format!("{:.*}", usize::from(decimals), x.abs());
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let is_zero = digits.bytes().all(|b| b == b'0' || b == b'.');
    let mut text = String::new();
    if x < 0.0 && !is_zero {
        text.push('\u{2212}');
    } else if plus && !is_zero {
        text.push('+');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A label inside a sentence: "Three macro-regions" becomes "three macro-regions"; "GDP per head" and "R&D" stay.
pub fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => label.to_owned(),
    }
}

/// 1st, 2nd, 3rd, 4th, 11th, 21st.
pub fn ordinal(n: usize) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// Ranks with 1 for the largest; equal values share the smaller rank.
///
/// ```
/// assert_eq!(quyu_core::number::ranks(&[5.0, 9.0, 5.0, 1.0]), [2, 1, 2, 4]);
/// ```
pub fn ranks(values: &[f64]) -> Vec<usize> {
    values
        .iter()
        .map(|x| 1 + values.iter().filter(|y| *y > x).count())
        .collect()
}
