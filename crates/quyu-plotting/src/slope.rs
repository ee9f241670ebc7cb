//! Two columns of values with a line from each to its like.

use quyu_core::figure::{Axis, Role, SlopeLine};

use crate::axis::{Ends, Quantity, Scale, draw_title_above};
use crate::canvas::{Anchor, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, INK};
use crate::labels::spread;
use crate::text::Face;
use crate::{PlotError, finite, some};

/// Longest label at an end.
const WORDS: f64 = 230.0;
/// From the end of a line to the words.
const GAP: f64 = 22.0;

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    from: &str,
    to: &str,
    lines: &[SlopeLine],
) -> Result<(), PlotError> {
    some(lines, "lines")?;
    for line in lines {
        finite(&line.label, line.from)?;
        finite(&line.label, line.to)?;
    }
    let of = Quantity::new(axis, lines.iter().flat_map(|l| [l.from, l.to]), Ends::Tight, 6)?;
    draw_title_above(canvas, &of);
    let words = |value: f64, label: &str, before: bool| {
        let number = of.value(value);
        if before {
            format!("{label}  {number}")
        } else {
            format!("{number}  {label}")
        }
    };
    let ends = |before: bool| -> Vec<(f64, Vec<String>, Face)> {
        lines
            .iter()
            .map(|line| {
                let value = if before { line.from } else { line.to };
                let face = if line.role == Role::Focus {
                    Face::STRONG
                } else {
                    Face::LABEL
                };
                (
                    value,
                    canvas.fonts.wrap(&words(value, &line.label, before), face, WORDS),
                    face,
                )
            })
            .collect()
    };
    let (left, right) = (ends(true), ends(false));
    let room = |ends: &[(f64, Vec<String>, Face)]| {
        let width = |(_, lines, face): &(f64, Vec<String>, Face)| {
            canvas.fonts.widest(lines.iter().map(String::as_str), *face)
        };
        ends.iter().map(width).fold(0.0, f64::max)
    };
    let tall = |(_, lines, face): &(f64, Vec<String>, Face)| lines.len() as f64 * face.line() + 1.0;
    let (x0, x1) = (MARGIN + room(&left) + GAP, RIGHT - room(&right) - GAP);
    let needed = |ends: &[(f64, Vec<String>, Face)]| ends.iter().map(tall).sum::<f64>();
    let height = needed(&left).max(needed(&right)).clamp(260.0, 620.0);

    let heads = [(x0, from, Anchor::Middle), (x1, to, Anchor::Middle)];
    for (x, head, anchor) in heads {
        canvas.text((x, canvas.y + Face::STRONG.size), head, Face::STRONG, INK, anchor);
    }
    let top = canvas.y + Face::STRONG.line() + 10.0;
    let up = Scale {
        of: of.clone(),
        start: top + height,
        end: top,
    };
    for x in [x0, x1] {
        canvas.line((x, top - 4.0), (x, top + height + 4.0), 1.0, BASE);
    }
    let mut order: Vec<&SlopeLine> = lines.iter().collect();
    order.sort_by_key(|line| match line.role {
        Role::Other => 0,
        Role::Reference => 1,
        Role::Peer | Role::Category(_) => 2,
        Role::Focus => 3,
    });
    for line in order {
        let (a, b) = ((x0, up.at(line.from)), (x1, up.at(line.to)));
        let (width, radius) = if line.role == Role::Focus {
            (3.0, 4.2)
        } else {
            (1.6, 3.2)
        };
        canvas.line(a, b, width, colour::role(line.role));
        for end in [a, b] {
            canvas.circle(end, radius, colour::role(line.role));
        }
    }
    for (ends, x, side, anchor) in [(left, x0, -1.0, Anchor::End), (right, x1, 1.0, Anchor::Start)] {
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by(|a, b| ends[*b].0.total_cmp(&ends[*a].0));
        let wanted: Vec<f64> = order.iter().map(|n| up.at(ends[*n].0)).collect();
        let heights: Vec<f64> = order.iter().map(|n| tall(&ends[*n])).collect();
        let middles = spread(&wanted, &heights, top - 10.0, top + height + 10.0);
        for ((n, middle), wanted) in order.into_iter().zip(middles).zip(wanted) {
            let (_, words, face) = &ends[n];
            let ink = colour::label(lines[n].role);
            if (middle - wanted).abs() > 3.0 {
                let leader = [(x + side * 6.0, wanted), (x + side * (GAP - 3.0), middle)];
                canvas.line(leader[0], leader[1], 0.8, ink);
            }
            canvas.lines((x + side * GAP, middle), words, *face, ink, anchor);
        }
    }
    canvas.y = top + height.max(needed_height(lines.len())) + 10.0;
    Ok(())
}

/// More labels than the column holds go on below it.
fn needed_height(lines: usize) -> f64 {
    lines as f64 * (Face::LABEL.line() + 1.0) - 10.0
}
