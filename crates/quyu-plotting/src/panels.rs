//! Many small charts on the same axes.

use quyu_core::figure::{Axis, Line, Panel, Role};

use crate::axis::{Ends, Quantity, Scale, draw_title_above, tick_room};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, GRID, INK, MUTED};
use crate::legend::{self, Key};
use crate::lines::{check, draw_line, in_drawing_order};
use crate::text::Face;
use crate::{PlotError, some};

/// Panels in a row.
const ACROSS: usize = 4;
/// Height of a panel without its heading.
const HEIGHT: f64 = 92.0;

pub(crate) fn draw(
    canvas: &mut Canvas,
    x: &Axis,
    y: &Axis,
    panels: &[Panel],
    from_zero: bool,
) -> Result<(), PlotError> {
    some(panels, "panels")?;
    for panel in panels {
        check(&panel.lines)?;
    }
    let points = || {
        let lines = panels.iter().flat_map(|panel| &panel.lines);
        lines.flat_map(|line| line.points.iter().flatten())
    };
    let zero = from_zero.then_some(0.0);
    let across = Quantity::new(x, points().map(|p| p.0), Ends::Tight, 2)?;
    let up = Quantity::new(y, points().map(|p| p.1).chain(zero), Ends::Nice, 3)?;
    draw_key(canvas, &panels[0].lines);
    draw_title_above(canvas, &up);

    let room = tick_room(canvas, &up);
    let columns = panels.len().min(ACROSS);
    let width = (RIGHT - MARGIN - room) / columns as f64;
    let heads: Vec<Vec<String>> = panels
        .iter()
        .map(|panel| canvas.fonts.wrap(&panel.label, head(panel), width - 14.0))
        .collect();
    for (panels, heads) in panels.chunks(columns).zip(heads.chunks(columns)) {
        let lines = heads.iter().map(Vec::len).max().unwrap_or(0);
        let top = canvas.y + lines as f64 * Face::LABEL.line() + 6.0;
        for (place, (panel, words)) in panels.iter().zip(heads).enumerate() {
            let left = MARGIN + room + place as f64 * width;
            let plot = Area {
                left,
                top,
                right: left + width - 14.0,
                bottom: top + HEIGHT,
            };
            for (n, line) in words.iter().rev().enumerate() {
                let baseline = top - 6.0 - n as f64 * Face::LABEL.line();
                canvas.text((left, baseline), line, head(panel), INK, Anchor::Start);
            }
            draw_panel(canvas, panel, (&across, &up), plot, place == 0);
        }
        canvas.y = top + HEIGHT + 24.0;
    }
    Ok(())
}

fn head(panel: &Panel) -> Face {
    if panel.role == Role::Focus {
        Face::STRONG
    } else {
        Face::LABEL
    }
}

/// The names of the lines, where there is more than one.
fn draw_key(canvas: &mut Canvas, lines: &[Line]) {
    if lines.len() > 1 {
        let key: Vec<_> = lines
            .iter()
            .map(|line| (Key::Fill(colour::role(line.role)), line.label.clone()))
            .collect();
        legend::draw_row(canvas, &key);
    }
}

fn draw_panel(
    canvas: &mut Canvas,
    panel: &Panel,
    (across, up): (&Quantity, &Quantity),
    plot: Area,
    first: bool,
) {
    let across = Scale {
        of: across.clone(),
        start: plot.left + 4.0,
        end: plot.right - 4.0,
    };
    let up = Scale {
        of: up.clone(),
        start: plot.bottom,
        end: plot.top,
    };
    for tick in up.of.ticks() {
        let at = up.at(tick);
        let colour = if tick == 0.0 { BASE } else { GRID };
        canvas.line((plot.left, at), (plot.right, at), 1.0, colour);
        if first {
            let place = (plot.left - 6.0, at + Face::SMALL.drop());
            canvas.text(place, &up.of.tick(tick), Face::SMALL, MUTED, Anchor::End);
        }
    }
    // The ends say which years these are; what lies between follows.
    for (value, anchor) in [(across.of.low, Anchor::Start), (across.of.high, Anchor::End)] {
        let at = across.at(value);
        canvas.line((at, plot.bottom), (at, plot.bottom + 3.0), 1.0, BASE);
        let edge = if anchor == Anchor::Start {
            plot.left
        } else {
            plot.right
        };
        let text = across.of.tick(value);
        canvas.text((edge, plot.bottom + 15.0), &text, Face::SMALL, MUTED, anchor);
    }
    for line in in_drawing_order(&panel.lines) {
        draw_line(canvas, line, &across, &up);
    }
}
