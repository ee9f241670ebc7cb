//! Values by row and column as shaded cells.

use quyu_core::figure::{Axis, HeatRow, Role};

use crate::axis::{Ends, Quantity, number};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, INK, Rgb};
use crate::labels::RowLabels;
use crate::legend;
use crate::text::Face;
use crate::{PlotError, finite, some};

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    centre: Option<f64>,
    columns: &[String],
    rows: &[HeatRow],
) -> Result<(), PlotError> {
    some(columns, "columns")?;
    some(rows, "rows")?;
    for row in rows {
        let (label, expected, found) = (row.label.clone(), columns.len(), row.values.len());
        if found != expected {
            return Err(PlotError::Length {
                label,
                expected,
                found,
            });
        }
        for value in row.values.iter().flatten() {
            finite(&row.label, *value)?;
        }
    }
    if let Some(centre) = centre {
        finite("centre", centre)?;
    }
    let values: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.values.iter().flatten().copied())
        .collect();
    some(&values, "values")?;
    let no_data = rows.iter().any(|row| row.values.iter().any(Option::is_none));
    let shades = Shades::new(axis, centre, &values)?;
    legend::draw_ramp(
        canvas,
        &shades.quantity,
        &shades.ticks(),
        |t| shades.along(t),
        no_data,
    );

    let names = rows
        .iter()
        .map(|row| (row.label.as_str(), row.role == Role::Focus));
    let row_labels = RowLabels::new(canvas, names, 230.0, if rows.len() > 20 { 19.0 } else { 24.0 });
    let left = MARGIN + row_labels.room;
    let width = ((RIGHT - left) / columns.len() as f64).min(120.0);
    let heads: Vec<_> = columns
        .iter()
        .map(|column| {
            // A word that fits without the gap to its neighbour is not broken.
            let longest = canvas.fonts.widest(column.split_whitespace(), Face::SMALL);
            let gap = if longest > width - 6.0 && longest <= width {
                0.0
            } else {
                6.0
            };
            canvas.fonts.wrap(column, Face::SMALL, width - gap)
        })
        .collect();
    let head_lines = heads.iter().map(Vec::len).max().unwrap_or(0);
    let top = canvas.y + head_lines as f64 * Face::SMALL.line() + 4.0;
    for (place, head) in heads.iter().enumerate() {
        let centre = left + (place as f64 + 0.5) * width;
        for (line, text) in head.iter().rev().enumerate() {
            let baseline = top - 6.0 - line as f64 * Face::SMALL.line();
            canvas.text((centre, baseline), text, Face::SMALL, INK, Anchor::Middle);
        }
    }

    let middles = row_labels.middles(top);
    row_labels.draw(canvas, left - 8.0, &middles);
    for ((row, middle), height) in rows.iter().zip(&middles).zip(&row_labels.heights) {
        for (place, value) in row.values.iter().enumerate() {
            let centre = (left + (place as f64 + 0.5) * width, *middle);
            let cell = Area::around(centre, width - 2.0, height - 2.0);
            draw_cell(canvas, &shades, *value, cell, row.role == Role::Focus);
        }
        if row.role == Role::Focus {
            let all = Area {
                left,
                right: left + width * columns.len() as f64,
                top: middle - height / 2.0,
                bottom: middle + height / 2.0,
            };
            canvas.border(all, 2.0, INK);
        }
    }
    canvas.y = top + row_labels.height();
    Ok(())
}

fn draw_cell(canvas: &mut Canvas, shades: &Shades, value: Option<f64>, cell: Area, bold: bool) {
    let Some(value) = value else {
        return canvas.hatch(cell);
    };
    let fill = shades.of(value);
    canvas.rect(cell, fill);
    let face = if bold { Face::SMALL_STRONG } else { Face::SMALL };
    let text = shades.quantity.value(value);
    if canvas.fonts.width(&text, face) <= cell.width() - 2.0 {
        canvas.lines(cell.centre(), &[text], face, colour::on(fill), Anchor::Middle);
    }
}

/// From values to colours.
struct Shades {
    quantity: Quantity,
    kind: Kind,
}

enum Kind {
    /// Light to dark over the range.
    Even,
    /// As far below the centre as above it, by difference; the number is the largest difference.
    Differences(f64, f64),
    /// As far below a positive centre as above it, by ratio: `(v - c) / (v + c)`, so that half the centre is as far
    /// as twice the centre. Location quotients need this: they reach down to zero but have no upper end.
    Ratios(f64, f64),
}

impl Shades {
    fn new(axis: &Axis, centre: Option<f64>, values: &[f64]) -> Result<Self, PlotError> {
        let Some(centre) = centre else {
            return Ok(Self {
                quantity: Quantity::new(axis, values.iter().copied(), Ends::Tight, 5)?,
                kind: Kind::Even,
            });
        };
        let furthest = |of: &dyn Fn(f64) -> f64| values.iter().map(|v| of(*v).abs()).fold(0.0, f64::max);
        if centre > 0.0 && values.iter().all(|value| *value >= 0.0) {
            // Beyond nine times the centre, or a ninth of it, colours do not change any more.
            let reach = furthest(&|v| ratio(v, centre)).clamp(0.06, 0.8);
            let quantity = Quantity::new(axis, values.iter().copied().chain([centre]), Ends::Tight, 4)?;
            return Ok(Self {
                quantity,
                kind: Kind::Ratios(centre, reach),
            });
        }
        let reach = furthest(&|v| v - centre);
        let quantity = Quantity::new(axis, [centre - reach, centre + reach], Ends::Tight, 6)?;
        let reach = (quantity.high - quantity.low) / 2.0;
        Ok(Self {
            quantity,
            kind: Kind::Differences(centre, reach),
        })
    }

    /// The colour of a value.
    fn of(&self, value: f64) -> Rgb {
        match self.kind {
            Kind::Even => colour::ramp(self.quantity.share(value)),
            Kind::Differences(centre, reach) => colour::diverging((value - centre) / reach),
            Kind::Ratios(centre, reach) => colour::diverging(ratio(value, centre) / reach),
        }
    }

    /// The colour at a share of the legend's length.
    fn along(&self, t: f64) -> Rgb {
        match self.kind {
            Kind::Even => colour::ramp(t),
            Kind::Differences(..) | Kind::Ratios(..) => colour::diverging(2.0 * t - 1.0),
        }
    }

    /// Ticks of the legend as shares of its length.
    fn ticks(&self) -> Vec<(f64, String)> {
        let Kind::Ratios(centre, reach) = self.kind else {
            return legend::ramp_ticks(&self.quantity);
        };
        let coarse = [(0.25, 2), (0.5, 1), (1.0, 0), (2.0, 0), (4.0, 0)];
        let fine = [(0.8, 1), (0.9, 1), (1.0, 1), (1.1, 1), (1.25, 2)];
        let times = if reach > 0.34 { coarse } else { fine };
        let within = times
            .into_iter()
            .filter(|(factor, _)| ratio(*factor, 1.0).abs() <= reach);
        within
            .map(|(factor, decimals)| {
                let place = 0.5 + ratio(factor, 1.0) / reach / 2.0;
                (
                    place,
                    if centre == 1.0 {
                        number(factor, decimals, true)
                    } else {
                        self.quantity.value(factor * centre)
                    },
                )
            })
            .collect()
    }
}

fn ratio(value: f64, centre: f64) -> f64 {
    (value - centre) / (value + centre)
}
