//! Two sides back to back on one scale.

use quyu_core::figure::{Axis, Role, Wings};

use crate::axis::{Ends, Quantity, draw_title_below};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, GRID, INK, MUTED};
use crate::text::Face;
use crate::{PlotError, finite, some};

/// Widest label between the bars.
const WORDS: f64 = 210.0;

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    left: &str,
    right: &str,
    rows: &[Wings],
) -> Result<(), PlotError> {
    some(rows, "rows")?;
    for row in rows {
        for value in [row.left, row.right] {
            finite(&row.label, value)?;
            if value < 0.0 {
                return Err(PlotError::Negative {
                    label: row.label.clone(),
                    value,
                });
            }
        }
    }
    let values = rows.iter().flat_map(|row| [row.left, row.right]).chain([0.0]);
    let of = Quantity::new(axis, values, Ends::Tight, 4)?;
    let face = |row: &Wings| {
        if row.role == Role::Focus {
            Face::STRONG
        } else {
            Face::LABEL
        }
    };
    let wrapped: Vec<Vec<String>> = rows
        .iter()
        .map(|row| canvas.fonts.wrap(&row.label, face(row), WORDS))
        .collect();
    let widest = |(row, lines): (&Wings, &Vec<String>)| {
        canvas.fonts.widest(lines.iter().map(String::as_str), face(row))
    };
    let half = rows.iter().zip(&wrapped).map(widest).fold(40.0, f64::max) / 2.0 + 10.0;
    let numbers: Vec<String> = rows
        .iter()
        .flat_map(|r| [of.value(r.left), of.value(r.right)])
        .collect();
    let number = canvas
        .fonts
        .widest(numbers.iter().map(String::as_str), Face::SMALL)
        + 8.0;
    let centre = (MARGIN + RIGHT) / 2.0;
    let reach = centre - half - MARGIN - number;

    for (words, at, anchor) in [
        (left, centre - half, Anchor::End),
        (right, centre + half, Anchor::Start),
    ] {
        let line = canvas.fonts.wrap(words, Face::STRONG, reach);
        if let Some(line) = line.first() {
            canvas.text(
                (at, canvas.y + Face::STRONG.size),
                line,
                Face::STRONG,
                INK,
                anchor,
            );
        }
    }
    canvas.y += Face::STRONG.line() + 6.0;

    let heights: Vec<f64> = wrapped
        .iter()
        .map(|lines| (lines.len() as f64 * Face::LABEL.line() + 4.0).max(22.0))
        .collect();
    let plot = Area {
        left: MARGIN,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + heights.iter().sum::<f64>() + 4.0,
    };
    let length = |value: f64| of.share(value) * reach;
    for tick in of.ticks() {
        let away = half + length(tick);
        let colour = if tick == 0.0 { BASE } else { GRID };
        for x in [centre - away, centre + away] {
            canvas.line((x, plot.top), (x, plot.bottom), 1.0, colour);
            let at = (x, plot.bottom + 16.0);
            canvas.text(at, &of.tick(tick), Face::SMALL, MUTED, Anchor::Middle);
        }
    }
    let mut edge = plot.top + 2.0;
    for ((row, lines), height) in rows.iter().zip(&wrapped).zip(&heights) {
        let middle = edge + height / 2.0;
        edge += height;
        canvas.lines((centre, middle), lines, face(row), INK, Anchor::Middle);
        let (a, b) = (length(row.left), length(row.right));
        let bar = |x: f64, width: f64| Area::around((x, middle), width, 14.0);
        canvas.rect(bar(centre - half - a / 2.0, a), colour::role(Role::Focus));
        canvas.rect(bar(centre + half + b / 2.0, b), colour::role(Role::Peer));
        let baseline = middle + Face::SMALL.drop();
        let ends = [
            (centre - half - a - 4.0, row.left, Anchor::End),
            (centre + half + b + 4.0, row.right, Anchor::Start),
        ];
        for (x, value, anchor) in ends {
            canvas.text((x, baseline), &of.value(value), Face::SMALL, INK, anchor);
        }
    }
    canvas.y = plot.bottom + 22.0;
    draw_title_below(canvas, &of.title, plot);
    Ok(())
}
