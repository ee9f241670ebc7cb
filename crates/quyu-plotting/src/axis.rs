//! Quantities along an axis: nice ticks, readable numbers, and the lines that carry them.

use quyu_core::figure::Axis;

use crate::PlotError;
use crate::canvas::{Anchor, Area, Canvas, MARGIN};
use crate::colour::{BASE, GRID, MUTED};
use crate::text::Face;

/// More digits than this after the decimal point are noise.
const MOST_DECIMALS: usize = 9;

/// What the ends of an axis do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// They are the smallest and the largest value.
    Tight,
    /// They move outwards to the next tick.
    Nice,
    /// They leave some air around the values.
    Airy,
}

/// A range of values with its ticks and the way its numbers are written.
#[derive(Debug, Clone)]
pub(crate) struct Quantity {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Label, unit and the power of ten that was taken out of the numbers.
    pub(crate) title: String,
    step: f64,
    power: i32,
    tick_decimals: usize,
    value_decimals: usize,
    years: bool,
}

impl Quantity {
    /// The range of `values`, which must be finite, with about `ticks` ticks.
    pub(crate) fn new(
        axis: &Axis,
        values: impl IntoIterator<Item = f64>,
        ends: Ends,
        ticks: usize,
    ) -> Result<Self, PlotError> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            (low, high) = (low.min(value), high.max(value));
        }
        if !(high - low).is_finite() {
            return Err(PlotError::Range {
                axis: axis.label.clone(),
            });
        }
        let years = *axis == Axis::years();
        let decimals = axis.decimals.map(|decimals| decimals.min(MOST_DECIMALS));
        let largest = low.abs().max(high.abs());
        // A range that rounding makes is no range.
        if high - low <= largest * 1e-9 {
            let air = if years { 1.0 } else { largest * 0.1 };
            (low, high) = if largest == 0.0 {
                (0.0, 1.0)
            } else {
                (low - air, high + air)
            };
        } else if ends == Ends::Airy {
            let air = (high - low) * 0.05;
            (low, high) = (low - air, high + air);
        }

        let power = if years {
            0
        } else {
            power_of(low.abs().max(high.abs()))
        };
        let finest = match decimals {
            Some(decimals) => ten_to(power - decimals as i32),
            None => 0.0,
        };
        let step = nice_step((high - low) / ticks.max(1) as f64).max(finest);
        if ends == Ends::Nice {
            // A sum of shares that rounding put a hair over 100 % does not ask for another tick.
            (low, high) = (
                (low / step + 1e-9).floor() * step,
                (high / step - 1e-9).ceil() * step,
            );
        }
        let largest = low.abs().max(high.abs()) / ten_to(power);
        let tick_decimals = decimals.unwrap_or((power - exponent(step)).max(0) as usize);
        let value_decimals = decimals.unwrap_or(match largest {
            x if x >= 100.0 => 0,
            x if x >= 10.0 => 1,
            x if x >= 1.0 => 2,
            _ => 3,
        });
        let title = title(axis, power);
        Ok(Self {
            low,
            high,
            title,
            step,
            power,
            tick_decimals,
            value_decimals,
            years,
        })
    }

    /// The ticks within the range.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let slack = (self.high - self.low) * 1e-9;
        let first = ((self.low - slack) / self.step).ceil();
        let count = (((self.high + slack) / self.step).floor() - first).clamp(0.0, 60.0) as usize;
        (0..=count)
            .map(|n| (first + n as f64) * self.step)
            .filter(|tick| *tick >= self.low - slack && *tick <= self.high + slack)
            .collect()
    }

    /// How a tick is written.
    pub(crate) fn tick(&self, value: f64) -> String {
        self.write(value, self.tick_decimals)
    }

    /// How a value is written beside what shows it.
    pub(crate) fn value(&self, value: f64) -> String {
        self.write(value, self.value_decimals)
    }

    fn write(&self, value: f64, decimals: usize) -> String {
        number(value / ten_to(self.power), decimals, !self.years)
    }

    /// Where on the way from the low to the high end a value lies.
    pub(crate) fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// A quantity laid along pixels.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) of: Quantity,
    /// Pixel of the low end.
    pub(crate) start: f64,
    /// Pixel of the high end.
    pub(crate) end: f64,
}

impl Scale {
    pub(crate) fn at(&self, value: f64) -> f64 {
        self.start + self.of.share(value) * (self.end - self.start)
    }
}

/// Room that the tick labels of a vertical axis need, with the gap to the plot.
pub(crate) fn tick_room(canvas: &Canvas, of: &Quantity) -> f64 {
    let labels: Vec<_> = of.ticks().into_iter().map(|tick| of.tick(tick)).collect();
    canvas
        .fonts
        .widest(labels.iter().map(String::as_str), Face::SMALL)
        + 7.0
}

/// The title of a vertical axis, level above the plot, where it reads without turning the head.
pub(crate) fn draw_title_above(canvas: &mut Canvas, of: &Quantity) {
    let title = of.title.clone();
    canvas.paragraph(&title, Face::SMALL, MUTED);
    canvas.y += 8.0;
}

/// Horizontal lines of the grid with the tick labels at their left.
pub(crate) fn draw_vertical(canvas: &mut Canvas, y: &Scale, plot: Area) {
    for tick in y.of.ticks() {
        let at = y.at(tick);
        let colour = if tick == 0.0 { BASE } else { GRID };
        canvas.line((plot.left, at), (plot.right, at), 1.0, colour);
        let baseline = at + Face::SMALL.drop();
        canvas.text(
            (plot.left - 6.0, baseline),
            &y.of.tick(tick),
            Face::SMALL,
            MUTED,
            Anchor::End,
        );
    }
}

/// Whether a horizontal axis draws lines through the plot or short ticks under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Across {
    Grid,
    Ticks,
}

/// A horizontal axis under the plot: lines or ticks, their labels, and the title. Moves `canvas.y` below it.
pub(crate) fn draw_horizontal(canvas: &mut Canvas, x: &Scale, plot: Area, across: Across) {
    let mut free = f64::NEG_INFINITY;
    for tick in x.of.ticks() {
        let at = x.at(tick);
        match across {
            Across::Grid => {
                let colour = if tick == 0.0 { BASE } else { GRID };
                canvas.line((at, plot.top), (at, plot.bottom), 1.0, colour);
            }
            Across::Ticks => canvas.line((at, plot.bottom), (at, plot.bottom + 4.0), 1.0, BASE),
        }
        let label = x.of.tick(tick);
        let half = canvas.fonts.width(&label, Face::SMALL) / 2.0;
        if at - half > free && at - half > MARGIN / 2.0 && at + half < crate::canvas::WIDTH - MARGIN / 2.0 {
            canvas.text(
                (at, plot.bottom + 17.0),
                &label,
                Face::SMALL,
                MUTED,
                Anchor::Middle,
            );
            free = at + half + 8.0;
        }
    }
    canvas.y = plot.bottom + 22.0;
    draw_title_below(canvas, &x.of.title, plot);
}

/// The title of a horizontal axis, centred under the plot.
pub(crate) fn draw_title_below(canvas: &mut Canvas, title: &str, plot: Area) {
    for line in canvas.fonts.wrap(title, Face::SMALL, plot.width()) {
        let at = (plot.centre().0, canvas.y + Face::SMALL.size + 1.0);
        canvas.text(at, &line, Face::SMALL, MUTED, Anchor::Middle);
        canvas.y += Face::SMALL.line();
    }
}

/// A number with commas between thousands and a true minus sign; zero has no sign.
pub(crate) fn number(value: f64, decimals: usize, separators: bool) -> String {
    let digits = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let negative = value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let mut written = String::new();
    if negative {
        written.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if separators && place > 0 && (whole.len() - place) % 3 == 0 {
            written.push(',');
        }
        written.push(digit);
    }
    if !fraction.is_empty() {
        written.push('.');
        written.push_str(fraction);
    }
    written
}

fn title(axis: &Axis, power: i32) -> String {
    let unit = axis.unit.trim();
    let unit = match (unit.is_empty(), power) {
        (_, 0) => unit.to_owned(),
        (true, _) => format!("×{}", superscript(power)),
        (false, _) => format!("{} {unit}", superscript(power)),
    };
    match (axis.label.trim(), unit.is_empty()) {
        (label, true) => label.to_owned(),
        ("", false) => unit,
        (label, false) => format!("{label} ({unit})"),
    }
}

/// `10⁶` and its like.
fn superscript(power: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let mut written = String::from("10");
    for c in power.to_string().chars() {
        written.push(c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]));
    }
    written
}

/// The power of ten, a multiple of three, to take out of numbers too long or too small to read; mostly none.
fn power_of(largest: f64) -> i32 {
    if largest == 0.0 || (1e-3..1e7).contains(&largest) {
        return 0;
    }
    exponent(largest).div_euclid(3) * 3
}

/// The decimal exponent, read off the number as it is written, so that no logarithm is needed.
fn exponent(value: f64) -> i32 {
    format!("{value:e}")
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0)
}

fn ten_to(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

/// That of 1, 2, 5 and 10 times a power of ten whose ratio to `wanted` is nearest to one.
fn nice_step(wanted: f64) -> f64 {
    let power = exponent(wanted);
    // Parsed, not multiplied, so that 5e-9 is the number nearest to it. The limits are the geometric means.
    let times = |factor: u32| format!("{factor}e{power}").parse::<f64>().unwrap_or(wanted);
    match wanted / ten_to(power) {
        ratio if ratio < 1.414 => times(1),
        ratio if ratio < 3.162 => times(2),
        ratio if ratio < 7.071 => times(5),
        _ => times(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(values: &[f64], ends: Ends) -> Quantity {
        Quantity::new(&Axis::new("Value", "yuan"), values.iter().copied(), ends, 5).unwrap()
    }

    fn labels(quantity: &Quantity) -> Vec<String> {
        quantity
            .ticks()
            .into_iter()
            .map(|tick| quantity.tick(tick))
            .collect()
    }

    #[test]
    fn numbers_are_written_for_readers() {
        assert_eq!(number(1234567.891, 1, true), "1,234,567.9");
        assert_eq!(number(-1000.0, 0, true), "\u{2212}1,000");
        assert_eq!(number(-0.0004, 3, true), "0.000");
        assert_eq!(number(2020.0, 0, false), "2020");
        assert_eq!(number(999.96, 1, true), "1,000.0");
    }

    #[test]
    fn ticks_are_nice() {
        assert_eq!(
            labels(&quantity(&[0.0, 184_000.0], Ends::Tight)),
            ["0", "50,000", "100,000", "150,000"]
        );
        assert_eq!(
            labels(&quantity(&[0.21, 0.29], Ends::Nice)),
            ["0.20", "0.22", "0.24", "0.26", "0.28", "0.30"]
        );
        assert_eq!(
            labels(&quantity(&[-4.5, 4.5], Ends::Tight)),
            ["\u{2212}4", "\u{2212}2", "0", "2", "4"]
        );
        let years = Quantity::new(&Axis::years(), [2010.0, 2024.0], Ends::Tight, 7).unwrap();
        assert_eq!(
            labels(&years),
            ["2010", "2012", "2014", "2016", "2018", "2020", "2022", "2024"]
        );
        let two = Quantity::new(&Axis::years(), [2010.0, 2011.0], Ends::Tight, 7).unwrap();
        assert_eq!(labels(&two), ["2010", "2011"]);
    }

    #[test]
    fn huge_and_tiny_numbers_leave_a_power_of_ten_to_the_title() {
        let huge = quantity(&[0.0, 3.2e12], Ends::Nice);
        assert_eq!(huge.title, "Value (10¹² yuan)");
        assert_eq!(
            labels(&huge),
            ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5"]
        );
        let tiny = quantity(&[0.0, 4e-9], Ends::Nice);
        assert_eq!(tiny.title, "Value (10⁻⁹ yuan)");
        assert_eq!(labels(&tiny), ["0", "1", "2", "3", "4"]);
    }

    #[test]
    fn degenerate_ranges_have_ticks() {
        for values in [
            &[0.0][..],
            &[5.0, 5.0],
            &[-1e12, -1e12],
            &[1e12, 1e12 + 1e-3],
            &[1e-300],
            &[f64::MIN_POSITIVE],
        ] {
            let quantity = quantity(values, Ends::Nice);
            assert!(quantity.high > quantity.low);
            assert!(
                (2..=12).contains(&quantity.ticks().len()),
                "{values:?}: {:?}",
                quantity.ticks()
            );
        }
        let wide = Quantity::new(&Axis::new("x", ""), [f64::MIN, f64::MAX], Ends::Nice, 5);
        assert!(matches!(wide, Err(PlotError::Range { .. })));
        assert!(matches!(
            Quantity::new(&Axis::new("x", ""), [], Ends::Nice, 5),
            Err(PlotError::Range { .. })
        ));
    }
}
