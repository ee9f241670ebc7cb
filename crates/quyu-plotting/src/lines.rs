//! Lines over years or another quantity, and Lorenz curves.

use quyu_core::figure::{Axis, Line, Role};

use crate::axis::{
    Across, Ends, Quantity, Scale, draw_horizontal, draw_title_above, draw_vertical, tick_room,
};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT, Xy};
use crate::colour::{self, BASE, WHITE};
use crate::labels::{Beside, EndLabel, along, draw_ends, end_height, end_room, leader_ends, place};
use crate::text::Face;
use crate::{PlotError, finite, some};

pub(crate) fn draw(
    canvas: &mut Canvas,
    x: &Axis,
    y: &Axis,
    lines: &[Line],
    from_zero: bool,
) -> Result<(), PlotError> {
    check(lines)?;
    let points = || lines.iter().flat_map(|line| line.points.iter().flatten());
    let zero = from_zero.then_some(0.0);
    let across = Quantity::new(x, points().map(|point| point.0), Ends::Tight, 7)?;
    let up = Quantity::new(y, points().map(|point| point.1).chain(zero), Ends::Nice, 6)?;

    draw_title_above(canvas, &up);
    let names: Vec<_> = lines
        .iter()
        .map(|line| (line.label.as_str(), line.role == Role::Focus))
        .collect();
    let room = end_room(canvas, &names);
    let height = end_height(canvas, &names).clamp(340.0, 620.0);
    let plot = Area {
        left: MARGIN + tick_room(canvas, &up),
        top: canvas.y,
        right: RIGHT - room - 22.0,
        bottom: canvas.y + height,
    };
    let across = Scale {
        of: across,
        start: plot.left + 8.0,
        end: plot.right - 6.0,
    };
    let up = Scale {
        of: up,
        start: plot.bottom,
        end: plot.top,
    };
    draw_vertical(canvas, &up, plot);
    draw_horizontal(canvas, &across, plot, Across::Ticks);
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), 1.0, BASE);

    let ordered = in_drawing_order(lines);
    for line in &ordered {
        draw_line(canvas, line, &across, &up);
    }
    let mut ends = Vec::new();
    for line in &ordered {
        if let Some(&(last_x, last_y)) = line.points.iter().flatten().last() {
            let from = (across.at(last_x), up.at(last_y));
            let bold = line.role == Role::Focus;
            canvas.circle(from, if bold { 3.6 } else { 2.6 }, colour::role(line.role));
            ends.push(EndLabel {
                from,
                text: line.label.clone(),
                bold,
                colour: colour::label(line.role),
            });
        }
    }
    let (early, mut ends): (Vec<_>, Vec<_>) =
        ends.into_iter().partition(|end| end.from.0 < plot.right - 40.0);
    ends.extend(draw_early_ends(canvas, early, &ordered, (&across, &up), plot));
    draw_ends(canvas, RIGHT - room, plot.top - 8.0, plot.bottom + 8.0, ends);
    Ok(())
}

/// Labels of lines that end before the others stand beside their ends; hands back those without a place.
fn draw_early_ends(
    canvas: &mut Canvas,
    ends: Vec<EndLabel>,
    lines: &[&Line],
    (across, up): (&Scale, &Scale),
    plot: Area,
) -> Vec<EndLabel> {
    let mut obstacles = Vec::new();
    for pair in lines.iter().flat_map(|line| line.points.windows(2)) {
        if let [Some(a), Some(b)] = pair {
            obstacles.extend(along(
                (across.at(a.0), up.at(a.1)),
                (across.at(b.0), up.at(b.1)),
                4.0,
            ));
        }
    }
    let wrapped: Vec<_> = ends
        .iter()
        .map(|end| canvas.fonts.wrap(&end.text, end.face(), 190.0))
        .collect();
    let wanted: Vec<_> = ends
        .iter()
        .zip(&wrapped)
        .map(|(end, lines)| Beside {
            at: end.from,
            width: canvas.fonts.widest(lines.iter().map(String::as_str), end.face()),
            height: lines.len() as f64 * end.face().line(),
            near: 7.0,
            reach: 60.0,
        })
        .collect();
    let places = place(&wanted, 0, plot.grown(-2.0), &obstacles);
    let mut homeless = Vec::new();
    for (((end, lines), label), area) in ends.into_iter().zip(&wrapped).zip(&wanted).zip(places) {
        let Some(area) = area else {
            homeless.push(end);
            continue;
        };
        if let Some((from, to)) = leader_ends(label, &area) {
            canvas.line(from, to, 0.8, end.colour);
        }
        canvas.lines(area.centre(), lines, end.face(), end.colour, Anchor::Middle);
    }
    homeless
}

pub(crate) fn draw_lorenz(canvas: &mut Canvas, x: &Axis, y: &Axis, curves: &[Line]) -> Result<(), PlotError> {
    check(curves)?;
    let points = || curves.iter().flat_map(|line| line.points.iter().flatten());
    let across = Quantity::new(x, points().map(|point| point.0).chain([0.0, 1.0]), Ends::Tight, 5)?;
    let up = Quantity::new(y, points().map(|point| point.1).chain([0.0, 1.0]), Ends::Tight, 5)?;

    draw_title_above(canvas, &up);
    let side = 460.0;
    let left = MARGIN + tick_room(canvas, &up);
    let plot = Area {
        left,
        top: canvas.y,
        right: left + side,
        bottom: canvas.y + side,
    };
    let across = Scale {
        of: across,
        start: plot.left,
        end: plot.right,
    };
    let up = Scale {
        of: up,
        start: plot.bottom,
        end: plot.top,
    };
    draw_vertical(canvas, &up, plot);
    draw_horizontal(canvas, &across, plot, Across::Grid);
    canvas.line(
        (across.at(0.0), up.at(0.0)),
        (across.at(1.0), up.at(1.0)),
        1.0,
        BASE,
    );
    for curve in in_drawing_order(curves) {
        draw_line(canvas, curve, &across, &up);
    }
    canvas.border(plot, 1.0, BASE);

    // A key at the right: curves meet at both ends, so that no end is free for a label. It is in the order of the
    // curves at the middle, seen from the line of equality.
    let mut key: Vec<_> = curves
        .iter()
        .map(|curve| (height_at_half(curve), Some(curve)))
        .collect();
    key.push((f64::INFINITY, None));
    key.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (sample, words) = (plot.right + 28.0, plot.right + 62.0);
    let mut middle = plot.top + 10.0;
    for (_, curve) in key {
        let (label, role) = curve.map_or(("line of equality", None), |c| (&c.label, Some(c.role)));
        let face = if role == Some(Role::Focus) {
            Face::STRONG
        } else {
            Face::LABEL
        };
        let lines = canvas.fonts.wrap(label, face, RIGHT - words);
        if lines.is_empty() {
            continue;
        }
        let (width, stroke) = role.map_or((1.0, BASE), |role| (thickness(role), colour::role(role)));
        canvas.line((sample, middle), (sample + 26.0, middle), width, stroke);
        let tall = (lines.len() - 1) as f64 * face.line();
        let ink = role.map_or(colour::MUTED, colour::label);
        canvas.lines((words, middle + tall / 2.0), &lines, face, ink, Anchor::Start);
        middle += tall + 22.0;
    }
    canvas.y = canvas.y.max(middle);
    Ok(())
}

pub(crate) fn check(lines: &[Line]) -> Result<(), PlotError> {
    some(lines, "lines")?;
    for line in lines {
        for &(x, y) in line.points.iter().flatten() {
            finite(&line.label, x)?;
            finite(&line.label, y)?;
        }
    }
    if lines.iter().all(|line| line.points.iter().all(Option::is_none)) {
        return Err(PlotError::Empty { what: "points" });
    }
    Ok(())
}

/// What matters most is drawn last, on top.
pub(crate) fn in_drawing_order(lines: &[Line]) -> Vec<&Line> {
    let mut ordered: Vec<_> = lines.iter().collect();
    ordered.sort_by_key(|line| match line.role {
        Role::Other => 0,
        Role::Reference => 1,
        Role::Peer => 2,
        Role::Category(_) => 3,
        Role::Focus => 4,
    });
    ordered
}

fn thickness(role: Role) -> f64 {
    match role {
        Role::Focus => 3.0,
        Role::Category(_) => 2.2,
        Role::Peer => 2.0,
        Role::Other => 1.4,
        Role::Reference => 1.1,
    }
}

/// A line broken at its gaps; a point between two gaps is a dot.
pub(crate) fn draw_line(canvas: &mut Canvas, line: &Line, across: &Scale, up: &Scale) {
    let colour = colour::role(line.role);
    for run in line.points.split(Option::is_none) {
        let run: Vec<Xy> = run
            .iter()
            .flatten()
            .map(|&(x, y)| (across.at(x), up.at(y)))
            .collect();
        match run.as_slice() {
            [] => {}
            [alone] => canvas.circle(*alone, 2.6, colour),
            _ => {
                if line.role == Role::Focus {
                    canvas.path(run.clone(), thickness(line.role) + 2.0, WHITE);
                }
                canvas.path(run, thickness(line.role), colour);
            }
        }
    }
}

/// Height of a curve at one half, between the points around it.
fn height_at_half(curve: &Line) -> f64 {
    let points: Vec<Xy> = curve.points.iter().flatten().copied().collect();
    let after = points
        .iter()
        .position(|point| point.0 >= 0.5)
        .unwrap_or(points.len());
    match (
        after.checked_sub(1).and_then(|before| points.get(before)),
        points.get(after),
    ) {
        (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (0.5 - a.0) / (b.0 - a.0),
        (Some(point), _) | (None, Some(point)) => point.1,
        (None, None) => 0.0,
    }
}
