//! Points in a plane, with as many labels as find a place.

use quyu_core::figure::{Axis, Point, Role};

use crate::axis::{
    Across, Ends, Quantity, Scale, draw_horizontal, draw_title_above, draw_vertical, tick_room,
};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT, Shape, Xy};
use crate::colour::{self, BASE, INK, MUTED, Rgb, WHITE};
use crate::labels::{Beside, leader_ends, place};
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
    let across = Quantity::new(x, points.iter().map(|point| point.x), Ends::Airy, 7)?;
    let up = Quantity::new(y, points.iter().map(|point| point.y), Ends::Airy, 6)?;

    let grouped = groups.len() > 1;
    if grouped {
        let markers = groups.iter().enumerate();
        let key: Vec<_> = markers
            .map(|(n, name)| (Key::Marker(Shape::of(n), colour::category(n)), name.clone()))
            .collect();
        legend::draw_row(canvas, &key);
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
