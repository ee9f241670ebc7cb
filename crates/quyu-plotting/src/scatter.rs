//! Points in a plane, with as many labels as find a place.

use quyu_core::figure::{Axis, Over, Point, Role};

use crate::axis::{
    Across, Ends, Quantity, Scale, draw_horizontal, draw_title_above, draw_vertical, tick_room,
};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT, Shape, Xy};
use crate::colour::{self, BASE, INK, MUTED, Rgb, WHITE};
use crate::labels::{Beside, along, leader_ends, place};
use crate::legend::{self, Key};
use crate::text::Face;
use crate::{PlotError, finite, some};

/// Radius of a marker.
const RADIUS: f64 = 4.6;
/// Distance from a point to the edge of a label right beside it.
const NEAR: f64 = 8.0;

pub(crate) fn draw(
    canvas: &mut Canvas,
    x: &Axis,
    y: &Axis,
    groups: &[String],
    points: &[Point],
    over: &Over,
) -> Result<(), PlotError> {
    some(points, "points")?;
    for point in points {
        finite(&point.label, point.x)?;
        finite(&point.label, point.y)?;
        if point.group >= groups.len().max(1) {
            let (label, group, groups) = (point.label.clone(), point.group, groups.len());
            return Err(PlotError::Group { label, group, groups });
        }
    }
    check_over(over)?;
    let origin = (!over.arrows.is_empty() || over.quarters.is_some()).then_some(0.0);
    let heads = || over.arrows.iter();
    let xs = points
        .iter()
        .map(|p| p.x)
        .chain(heads().map(|a| a.x))
        .chain(origin);
    let ys = points
        .iter()
        .map(|p| p.y)
        .chain(heads().map(|a| a.y))
        .chain(origin);
    let across = Quantity::new(x, xs, Ends::Airy, 7)?;
    let up = Quantity::new(y, ys, Ends::Airy, 6)?;

    let grouped = groups.len() > 1;
    if grouped {
        let markers = groups.iter().enumerate();
        let key: Vec<_> = markers
            .map(|(n, name)| (Key::Marker(Shape::of(n), colour::category(n)), name.clone()))
            .collect();
        legend::draw_row(canvas, &key);
    }
    if let Some(trend) = &over.trend {
        legend::draw_row(canvas, &[(Key::Line(BASE), trend.label.clone())]);
    }
    draw_title_above(canvas, &up);
    let left = MARGIN + tick_room(canvas, &up);
    let plot = Area {
        left,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + 460.0,
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
    canvas.border(plot, 1.0, BASE);

    let mut ordered: Vec<(&Point, Xy)> = points
        .iter()
        .map(|point| (point, (across.at(point.x), up.at(point.y))))
        .collect();
    ordered.sort_by_key(|(point, _)| match point.role {
        Role::Focus => 0,
        Role::Reference => 1,
        Role::Peer => 2,
        Role::Category(_) | Role::Other => 3,
    });
    // No label stands on the lines at zero.
    let mut zeros = Vec::new();
    if (across.of.low..across.of.high).contains(&0.0) {
        zeros.push(Area {
            left: across.at(0.0),
            right: across.at(0.0) + 1.0,
            ..plot
        });
    }
    if (up.of.low..up.of.high).contains(&0.0) {
        zeros.push(Area {
            top: up.at(0.0),
            bottom: up.at(0.0) + 1.0,
            ..plot
        });
    }
    let obstacles = draw_over(canvas, over, (&across, &up), plot);
    zeros.extend(obstacles);
    draw_labels(canvas, &ordered, plot, &zeros);
    for (point, at) in ordered.iter().rev() {
        let fill = if grouped {
            colour::category(point.group)
        } else {
            colour::role(point.role)
        };
        let shape = if grouped {
            Shape::of(point.group)
        } else {
            Shape::Circle
        };
        draw_point(canvas, shape, *at, fill, grouped && point.role == Role::Focus);
    }
    Ok(())
}

fn check_over(over: &Over) -> Result<(), PlotError> {
    for arrow in &over.arrows {
        finite(&arrow.label, arrow.x)?;
        finite(&arrow.label, arrow.y)?;
    }
    match &over.trend {
        Some(trend) => {
            finite(&trend.label, trend.intercept)?;
            finite(&trend.label, trend.slope)
        }
        None => Ok(()),
    }
}

/// Draws the names of the quarters, the trend and the arrows; hands back what labels keep clear of.
fn draw_over(canvas: &mut Canvas, over: &Over, (across, up): (&Scale, &Scale), plot: Area) -> Vec<Area> {
    let mut taken = Vec::new();
    if let Some(names) = &over.quarters {
        let (top, bottom) = (plot.top + 4.0 + Face::SMALL.size, plot.bottom - 6.0);
        let (left, right) = (plot.left + 6.0, plot.right - 6.0);
        let corners = [
            (left, top, Anchor::Start),
            (right, top, Anchor::End),
            (left, bottom, Anchor::Start),
            (right, bottom, Anchor::End),
        ];
        for (name, (x, y, anchor)) in names.iter().zip(corners) {
            let width = canvas.fonts.width(name, Face::SMALL);
            let from = if anchor == Anchor::Start { x } else { x - width };
            canvas.text((x, y), name, Face::SMALL, MUTED, anchor);
            taken.push(Area {
                left: from,
                right: from + width,
                top: y - Face::SMALL.size,
                bottom: y + 3.0,
            });
        }
    }
    if let Some(trend) = &over.trend {
        let height = |x: f64| trend.intercept + trend.slope * x;
        if let Some((a, b)) = inside(height, trend.slope, &across.of, &up.of) {
            canvas.line(
                (across.at(a), up.at(height(a))),
                (across.at(b), up.at(height(b))),
                1.6,
                BASE,
            );
        }
    }
    let origin = (across.at(0.0), up.at(0.0));
    for arrow in &over.arrows {
        let head = (across.at(arrow.x), up.at(arrow.y));
        draw_arrow(canvas, origin, head);
        taken.extend(along(origin, head, 4.0));
    }
    let wanted: Vec<Beside> = over
        .arrows
        .iter()
        .map(|arrow| Beside {
            at: (across.at(arrow.x), up.at(arrow.y)),
            width: canvas.fonts.width(&arrow.label, Face::SMALL_STRONG),
            height: Face::SMALL_STRONG.line(),
            near: NEAR,
            reach: 120.0,
        })
        .collect();
    let places = place(&wanted, wanted.len(), plot.grown(-2.0), &taken);
    for ((arrow, label), area) in over.arrows.iter().zip(&wanted).zip(places) {
        let Some(area) = area else { continue };
        if let Some((from, to)) = leader_ends(label, &area) {
            canvas.line(from, to, 0.7, BASE);
        }
        let words = [arrow.label.clone()];
        canvas.lines(area.centre(), &words, Face::SMALL_STRONG, INK, Anchor::Middle);
        taken.push(area.grown(1.5));
    }
    taken
}

/// Where a line enters and leaves the plot.
fn inside(height: impl Fn(f64) -> f64, slope: f64, across: &Quantity, up: &Quantity) -> Option<(f64, f64)> {
    let (mut a, mut b) = (across.low, across.high);
    if slope != 0.0 {
        let at = |y: f64| (y - height(0.0)) / slope;
        let (one, other) = (at(up.low), at(up.high));
        (a, b) = (a.max(one.min(other)), b.min(one.max(other)));
    } else if !(up.low..=up.high).contains(&height(0.0)) {
        return None;
    }
    (a < b).then_some((a, b))
}

fn draw_arrow(canvas: &mut Canvas, from: Xy, to: Xy) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 1.0 {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    canvas.line(from, to, 1.4, INK);
    let barb = |side: f64| {
        (
            to.0 - 8.0 * ux + side * 4.0 * uy,
            to.1 - 8.0 * uy - side * 4.0 * ux,
        )
    };
    canvas.path(vec![barb(1.0), to, barb(-1.0)], 1.4, INK);
}

/// A marker in a thin white rim; the focus among groups is larger and has a dark one.
fn draw_point(canvas: &mut Canvas, shape: Shape, at: Xy, fill: Rgb, focus: bool) {
    let radius = if focus { RADIUS + 1.2 } else { RADIUS };
    if focus {
        canvas.marker(shape, at, radius + 2.6, INK);
    }
    canvas.marker(shape, at, radius + 1.1, WHITE);
    canvas.marker(shape, at, radius, fill);
}

fn draw_labels(canvas: &mut Canvas, points: &[(&Point, Xy)], plot: Area, zeros: &[Area]) {
    let strong = |point: &Point| point.role == Role::Focus;
    let face = |point: &Point| if strong(point) { Face::STRONG } else { Face::SMALL };
    let wrapped: Vec<_> = points
        .iter()
        .map(|(point, _)| canvas.fonts.wrap(&point.label, face(point), 200.0))
        .collect();
    let wanted: Vec<_> = points
        .iter()
        .zip(&wrapped)
        .map(|((point, at), lines)| Beside {
            at: *at,
            width: canvas.fonts.widest(lines.iter().map(String::as_str), face(point)),
            height: lines.len() as f64 * face(point).line(),
            near: if strong(point) { NEAR + 3.0 } else { NEAR },
            reach: if matches!(point.role, Role::Other | Role::Category(_)) {
                110.0
            } else {
                160.0
            },
        })
        .collect();
    let first = points.iter().filter(|(point, _)| strong(point)).count();
    let places = place(&wanted, first, plot.grown(-2.0), zeros);
    let silent = wanted
        .iter()
        .zip(&places)
        .filter(|(label, area)| label.width > 0.0 && area.is_none())
        .count();
    if silent > 0 {
        let note = format!("{silent} of {} points have no room for a label", points.len());
        canvas.y += 4.0;
        canvas.paragraph(&note, Face::SMALL, MUTED);
    }
    for ((((point, _), lines), label), area) in points.iter().zip(&wrapped).zip(&wanted).zip(places) {
        let Some(area) = area else { continue };
        if let Some((from, to)) = leader_ends(label, &area) {
            canvas.line(from, to, 0.7, BASE);
        }
        canvas.lines(
            area.centre(),
            lines,
            face(point),
            colour::label(point.role),
            Anchor::Middle,
        );
    }
}
