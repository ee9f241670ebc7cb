//! Intervals in rows: how far an estimate may move.

use quyu_core::figure::{Axis, Interval, Role};

use crate::axis::{Across, Ends, Quantity, Scale, draw_horizontal};
use crate::canvas::{Area, Canvas, MARGIN, RIGHT, Shape};
use crate::colour::{self, BASE, INK, WHITE};
use crate::labels::RowLabels;
use crate::legend::{self, Key};
use crate::{PlotError, finite, some};

/// Radius of the dot at the estimate.
const RADIUS: f64 = 4.0;

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    estimate: &str,
    nominal: Option<&str>,
    rows: &[Interval],
) -> Result<(), PlotError> {
    some(rows, "intervals")?;
    for row in rows {
        for value in [row.low, row.estimate, row.high].into_iter().chain(row.nominal) {
            finite(&row.label, value)?;
        }
    }
    let mut key = vec![(
        Key::Marker(Shape::Circle, colour::role(Role::Peer)),
        estimate.to_owned(),
    )];
    if let Some(nominal) = nominal {
        key.push((Key::Marker(Shape::Diamond, INK), nominal.to_owned()));
    }
    legend::draw_row(canvas, &key);

    let shown = rows
        .iter()
        .flat_map(|row| [row.low, row.high, row.estimate].into_iter().chain(row.nominal));
    let names = rows
        .iter()
        .map(|row| (row.label.as_str(), row.role == Role::Focus));
    let labels = RowLabels::new(canvas, names, 230.0, if rows.len() > 14 { 19.0 } else { 25.0 });
    let plot = Area {
        left: MARGIN + labels.room,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + labels.height() + 6.0,
    };
    let scale = Scale {
        start: plot.left + 8.0,
        end: plot.right - 8.0,
        of: Quantity::new(axis, shown, Ends::Tight, 6)?,
    };
    draw_horizontal(canvas, &scale, plot, Across::Grid);
    let middles = labels.middles(plot.top + 3.0);
    labels.draw(canvas, plot.left - 8.0, &middles);
    for (row, middle) in rows.iter().zip(middles) {
        let at = |value: f64| (scale.at(value), middle);
        canvas.line(at(row.low), at(row.high), 3.0, BASE);
        for end in [row.low, row.high] {
            let (x, y) = at(end);
            canvas.line((x, y - 4.0), (x, y + 4.0), 1.5, BASE);
        }
        if let Some(nominal) = row.nominal {
            canvas.marker(Shape::Diamond, at(nominal), RADIUS + 2.2, WHITE);
            canvas.marker(Shape::Diamond, at(nominal), RADIUS + 1.0, INK);
        }
        canvas.circle(at(row.estimate), RADIUS + 1.2, WHITE);
        canvas.circle(at(row.estimate), RADIUS, colour::role(row.role));
    }
    Ok(())
}
