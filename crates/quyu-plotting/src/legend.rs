//! Keys to what direct labels cannot say.

use crate::axis::{Quantity, Scale};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT, Shape, WIDTH, Xy};
use crate::colour::{BASE, INK, MUTED, Rgb, WHITE, on};
use crate::text::Face;

/// What stands before the words of an entry.
pub(crate) enum Key {
    /// A filled square.
    Fill(Rgb),
    /// A filled square with the number of the category, as on the map.
    Numbered(Rgb, usize),
    /// A marker of a scatter plot.
    Marker(Shape, Rgb),
    /// A line.
    Line(Rgb),
    /// The dot at the sum of signed parts.
    Sum,
    /// Hatching.
    NoData,
}

/// Right edge of a ramp with the key to missing data beside it.
pub(crate) const RAMP_END: f64 = MARGIN + 390.0;

/// Width of a key with the gap to its words.
const KEY: f64 = 20.0;

/// Entries in a row that breaks where it is full, at the left of what follows. Moves `canvas.y` below.
pub(crate) fn draw_row(canvas: &mut Canvas, entries: &[(Key, String)]) {
    let line = Face::LABEL.line() + 3.0;
    let mut x = MARGIN;
    for (key, words) in entries {
        let lines = canvas.fonts.wrap(words, Face::LABEL, RIGHT - MARGIN - KEY);
        let width = KEY + canvas.fonts.widest(lines.iter().map(String::as_str), Face::LABEL);
        if x > MARGIN && x + width > RIGHT {
            x = MARGIN;
            canvas.y += line;
        }
        draw_key(canvas, key, (x + 7.0, canvas.y + 8.0));
        for (place, text) in lines.iter().enumerate() {
            if place > 0 {
                canvas.y += line;
            }
            let at = (x + KEY, canvas.y + 8.0 + Face::LABEL.drop());
            canvas.text(at, text, Face::LABEL, INK, Anchor::Start);
        }
        x += width + 18.0;
    }
    if !entries.is_empty() {
        canvas.y += line + 8.0;
    }
}

fn draw_key(canvas: &mut Canvas, key: &Key, at: Xy) {
    let square = Area::around(at, 14.0, 14.0);
    match key {
        Key::Fill(fill) => canvas.rect(square, *fill),
        Key::Numbered(fill, number) => {
            canvas.rect(square, *fill);
            let baseline = (at.0, at.1 + Face::SMALL.drop());
            canvas.text(
                baseline,
                &number.to_string(),
                Face::SMALL,
                on(*fill),
                Anchor::Middle,
            );
        }
        Key::Marker(shape, fill) => canvas.marker(*shape, at, 5.0, *fill),
        Key::Line(colour) => canvas.line((at.0 - 8.0, at.1), (at.0 + 8.0, at.1), 1.6, *colour),
        Key::Sum => draw_sum(canvas, at),
        Key::NoData => canvas.hatch(square),
    }
}

/// The dot that marks a sum.
pub(crate) fn draw_sum(canvas: &mut Canvas, at: Xy) {
    canvas.circle(at, 5.0, WHITE);
    canvas.circle(at, 3.8, INK);
}

/// A ramp with its ticks, its title above, and the key to missing data beside it. Moves `canvas.y` below.
pub(crate) fn draw_ramp(
    canvas: &mut Canvas,
    quantity: &Quantity,
    ticks: &[(f64, String)],
    colour: impl Fn(f64) -> Rgb,
    no_data: bool,
) {
    const STEPS: usize = 56;
    let title = quantity.title.clone();
    canvas.paragraph(&title, Face::SMALL, MUTED);
    canvas.y += 5.0;
    let bar = Area {
        left: MARGIN,
        top: canvas.y,
        right: RAMP_END - 110.0,
        bottom: canvas.y + 13.0,
    };
    let width = bar.width() / STEPS as f64;
    for step in 0..STEPS {
        let left = bar.left + step as f64 * width;
        // Overlapping a little, so that no seam shows.
        let right = if step + 1 < STEPS {
            left + width + 0.5
        } else {
            bar.right
        };
        canvas.rect(
            Area { left, right, ..bar },
            colour((step as f64 + 0.5) / STEPS as f64),
        );
    }
    let mut free = f64::NEG_INFINITY;
    for (place, label) in ticks {
        let x = bar.left + place * bar.width();
        canvas.line((x, bar.bottom), (x, bar.bottom + 4.0), 1.0, BASE);
        let half = canvas.fonts.width(label, Face::SMALL) / 2.0;
        let middle = x.clamp(half, WIDTH - half);
        if middle - half > free {
            canvas.text(
                (middle, bar.bottom + 16.0),
                label,
                Face::SMALL,
                MUTED,
                Anchor::Middle,
            );
            free = middle + half + 8.0;
        }
    }
    if no_data {
        let x = bar.right + 37.0;
        draw_key(canvas, &Key::NoData, (x, bar.centre().1));
        let at = (x + KEY - 7.0, bar.centre().1 + Face::LABEL.drop());
        canvas.text(at, "no data", Face::LABEL, INK, Anchor::Start);
    }
    canvas.y = bar.bottom + 30.0;
}

/// Ticks of a quantity as shares of its ramp.
pub(crate) fn ramp_ticks(quantity: &Quantity) -> Vec<(f64, String)> {
    let scale = Scale {
        of: quantity.clone(),
        start: 0.0,
        end: 1.0,
    };
    quantity
        .ticks()
        .into_iter()
        .map(|tick| (scale.at(tick), quantity.tick(tick)))
        .collect()
}
