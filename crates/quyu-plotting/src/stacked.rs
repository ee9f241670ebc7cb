//! Bars made of parts: vertical stacks over periods, and horizontal rows of signed parts around zero.

use quyu_core::figure::{Axis, Role, Stack};

use crate::axis::{
    Across, Ends, Quantity, Scale, draw_horizontal, draw_title_above, draw_vertical, tick_room,
};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, INK};
use crate::labels::{EndLabel, RowLabels, draw_ends, end_height, end_room};
use crate::legend::{self, Key};
use crate::text::Face;
use crate::{PlotError, finite, some};

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    parts: &[String],
    bars: &[Stack],
) -> Result<(), PlotError> {
    check(parts, bars, "bars")?;
    for bar in bars {
        if let Some(&value) = bar.parts.iter().find(|part| **part < 0.0) {
            return Err(PlotError::Negative {
                label: bar.label.clone(),
                value,
            });
        }
    }
    let sums = bars.iter().map(|bar| bar.parts.iter().sum());
    let quantity = Quantity::new(axis, sums.chain([0.0]), Ends::Nice, 6)?;

    draw_title_above(canvas, &quantity);
    let names: Vec<_> = parts.iter().map(|part| (part.as_str(), false)).collect();
    let room = end_room(canvas, &names);
    let plot = Area {
        left: MARGIN + tick_room(canvas, &quantity),
        top: canvas.y,
        right: RIGHT - room - 16.0,
        bottom: canvas.y + end_height(canvas, &names).clamp(340.0, 620.0),
    };
    let scale = Scale {
        of: quantity,
        start: plot.bottom,
        end: plot.top,
    };
    draw_vertical(canvas, &scale, plot);

    let slot = (plot.width() - 4.0) / bars.len() as f64;
    let width = (slot * 0.78).min(90.0);
    let middle = |place: usize| plot.left + 4.0 + (place as f64 + 0.5) * slot;
    for (place, bar) in bars.iter().enumerate() {
        let mut below = 0.0;
        for (part, value) in bar.parts.iter().enumerate() {
            let (bottom, top) = (scale.at(below), scale.at(below + value));
            below += value;
            // A hair of white parts the parts, so that they differ in greyscale too.
            let hair = if bottom - top > 3.0 { 0.6 } else { 0.0 };
            let (left, right) = (middle(place) - width / 2.0, middle(place) + width / 2.0);
            canvas.rect(
                Area {
                    left,
                    top: top + hair,
                    right,
                    bottom,
                },
                colour::category(part),
            );
        }
    }
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), 1.0, BASE);
    canvas.y = plot.bottom + 6.0;
    draw_periods(canvas, bars, slot, middle);

    let mut ends = Vec::new();
    if let Some(last) = bars.last() {
        let mut below = 0.0;
        for (part, value) in last.parts.iter().enumerate() {
            let from = (
                middle(bars.len() - 1) + width / 2.0 - 3.0,
                scale.at(below + value / 2.0),
            );
            below += value;
            let colour = colour::ink(colour::category(part));
            ends.push(EndLabel {
                from,
                text: parts[part].clone(),
                bold: false,
                colour,
            });
        }
    }
    // From the top down, so that parts of no height keep the order of the stack.
    ends.reverse();
    draw_ends(canvas, RIGHT - room, plot.top - 8.0, plot.bottom + 8.0, ends);
    Ok(())
}

/// Labels under the bars: all of them where they fit, wrapped where words fit, otherwise every n-th.
fn draw_periods(canvas: &mut Canvas, bars: &[Stack], slot: f64, middle: impl Fn(usize) -> f64) {
    let face = |bar: &Stack| {
        if bar.role == Role::Focus {
            Face::SMALL_STRONG
        } else {
            Face::SMALL
        }
    };
    let widest = bars
        .iter()
        .map(|bar| canvas.fonts.width(&bar.label, Face::SMALL_STRONG))
        .fold(0.0, f64::max);
    let words = bars.iter().flat_map(|bar| bar.label.split_whitespace());
    let fits = canvas.fonts.widest(words, Face::SMALL_STRONG) <= slot - 8.0;
    let needed = if fits { 1.0 } else { (widest + 8.0) / slot };
    let every = [1, 2, 5, 10, 20]
        .into_iter()
        .find(|n| f64::from(*n) >= needed)
        .unwrap_or(50) as usize;
    let mut lowest = canvas.y;
    for (place, bar) in bars.iter().enumerate().step_by(every) {
        let lines = canvas
            .fonts
            .wrap(&bar.label, face(bar), slot * every as f64 - 8.0);
        for (row, line) in lines.iter().enumerate() {
            let baseline = canvas.y + 11.0 + row as f64 * Face::SMALL.line();
            let half = canvas.fonts.width(line, face(bar)) / 2.0;
            let centre = middle(place).max(MARGIN + half);
            canvas.text((centre, baseline), line, face(bar), INK, Anchor::Middle);
            lowest = lowest.max(baseline + 4.0);
        }
    }
    canvas.y = lowest;
}

pub(crate) fn draw_diverging(
    canvas: &mut Canvas,
    axis: &Axis,
    parts: &[String],
    rows: &[Stack],
) -> Result<(), PlotError> {
    check(parts, rows, "rows")?;
    let ends = rows.iter().flat_map(|row| {
        let side = |sign: f64| row.parts.iter().filter(|part| **part * sign > 0.0).sum();
        [side(1.0), side(-1.0), 0.0]
    });
    let quantity = Quantity::new(axis, ends, Ends::Airy, 6)?;

    let fills = parts
        .iter()
        .enumerate()
        .map(|(n, part)| (Key::Fill(colour::category(n)), part.clone()));
    // A single part is its own sum and is named by the axis.
    let several = parts.len() > 1;
    if several {
        let key: Vec<_> = fills.chain([(Key::Sum, "sum".to_owned())]).collect();
        legend::draw_row(canvas, &key);
    }

    let row = if rows.len() > 14 { 19.0 } else { 26.0 };
    let names = rows
        .iter()
        .map(|row| (row.label.as_str(), row.role == Role::Focus));
    let labels = RowLabels::new(canvas, names, 230.0, row);
    let left = MARGIN + labels.room;
    let plot = Area {
        left,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + labels.height() + 6.0,
    };
    let scale = Scale {
        of: quantity,
        start: plot.left,
        end: plot.right,
    };
    draw_horizontal(canvas, &scale, plot, Across::Grid);

    let middles = labels.middles(plot.top + 3.0);
    labels.draw(canvas, plot.left - 8.0, &middles);
    let zero = scale.at(0.0);
    for (row, middle) in rows.iter().zip(&middles) {
        let (mut right, mut left) = (0.0, 0.0);
        for (part, value) in row.parts.iter().enumerate() {
            let from = if *value < 0.0 { &mut left } else { &mut right };
            let (a, b) = (scale.at(*from), scale.at(*from + value));
            *from += value;
            let hair = if (b - a).abs() > 3.0 { 0.6 } else { 0.0 };
            let thick = if rows.len() > 14 { 13.0 } else { 17.0 };
            let body = Area::around(((a + b) / 2.0, *middle), (b - a).abs() - hair, thick);
            canvas.rect(body, colour::category(part));
        }
    }
    canvas.line((zero, plot.top), (zero, plot.bottom), 1.2, INK);
    for (row, middle) in rows.iter().zip(&middles).filter(|_| several) {
        legend::draw_sum(canvas, (scale.at(row.parts.iter().sum()), *middle));
    }
    Ok(())
}

fn check(parts: &[String], stacks: &[Stack], what: &'static str) -> Result<(), PlotError> {
    some(stacks, what)?;
    some(parts, "parts")?;
    for stack in stacks {
        let (label, expected, found) = (stack.label.clone(), parts.len(), stack.parts.len());
        if found != expected {
            return Err(PlotError::Length {
                label,
                expected,
                found,
            });
        }
        for part in &stack.parts {
            finite(&stack.label, *part)?;
        }
    }
    Ok(())
}
