//! Rows of dots: a profile beside those of others.

use quyu_core::figure::{Axis, DotRow, Mark, Role, Series};

use crate::axis::{Across, Ends, Quantity, Scale, draw_horizontal};
use crate::canvas::{Area, Canvas, MARGIN, RIGHT, Shape};
use crate::colour::{self, GRID, WHITE};
use crate::labels::{RowLabels, draw_mark};
use crate::legend::{self, Key};
use crate::text::Face;
use crate::{PlotError, finite, some};

/// Radius of a dot.
const RADIUS: f64 = 4.6;

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    series: &[Series],
    rows: &[DotRow],
    reference: Option<&Mark>,
) -> Result<(), PlotError> {
    some(series, "series")?;
    some(rows, "rows")?;
    for row in rows {
        if row.values.len() != series.len() {
            return Err(PlotError::Length {
                label: row.label.clone(),
                expected: series.len(),
                found: row.values.len(),
            });
        }
        for value in row.values.iter().flatten() {
            finite(&row.label, *value)?;
        }
    }
    if let Some(mark) = reference {
        finite(&mark.label, mark.value)?;
    }
    let shown: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.values.iter().flatten().copied())
        .collect();
    some(&shown, "values")?;

    let key: Vec<_> = series
        .iter()
        .enumerate()
        .map(|(n, s)| (Key::Marker(Shape::of(n), colour::role(s.role)), s.label.clone()))
        .collect();
    legend::draw_row(canvas, &key);
    if reference.is_some() {
        canvas.y += Face::SMALL.line() + 4.0;
    }
    let names = rows
        .iter()
        .map(|row| (row.label.as_str(), row.role == Role::Focus));
    let labels = RowLabels::new(canvas, names, 280.0, if rows.len() > 14 { 21.0 } else { 27.0 });
    let plot = Area {
        left: MARGIN + labels.room,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + labels.height() + 6.0,
    };
    let scale = Scale {
        start: plot.left + 8.0,
        end: plot.right - 8.0,
        of: Quantity::new(
            axis,
            shown.into_iter().chain(reference.map(|m| m.value)),
            Ends::Tight,
            6,
        )?,
    };
    draw_horizontal(canvas, &scale, plot, Across::Grid);
    let middles = labels.middles(plot.top + 3.0);
    labels.draw(canvas, plot.left - 8.0, &middles);
    if let Some(mark) = reference {
        draw_mark(canvas, &mark.label, scale.at(mark.value), plot);
    }
    for (row, middle) in rows.iter().zip(middles) {
        canvas.line((plot.left, middle), (plot.right, middle), 1.0, GRID);
        // What the report is about is drawn last, on top.
        let mut order: Vec<usize> = (0..series.len()).collect();
        order.sort_by_key(|n| series[*n].role == Role::Focus);
        for n in order {
            let Some(value) = row.values[n] else { continue };
            let at = (scale.at(value), middle);
            let radius = if series[n].role == Role::Focus {
                RADIUS + 1.2
            } else {
                RADIUS
            };
            canvas.marker(Shape::of(n), at, radius + 1.1, WHITE);
            canvas.marker(Shape::of(n), at, radius, colour::role(series[n].role));
        }
    }
    Ok(())
}
