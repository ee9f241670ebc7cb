//! Horizontal bars: a ranking, or bars under headings.

use quyu_core::figure::{Axis, Bar, BarGroup, Mark, Role};

use crate::axis::{Across, Ends, Quantity, Scale, draw_horizontal};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, INK, WHITE};
use crate::labels::{RowLabels, draw_mark};
use crate::text::Face;
use crate::{PlotError, finite, some};

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    bars: &[Bar],
    reference: Option<&Mark>,
) -> Result<(), PlotError> {
    some(bars, "bars")?;
    let rows: Vec<Row<'_>> = bars.iter().map(Row::Bar).collect();
    draw_rows(canvas, axis, &rows, reference)
}

/// Bars under headings.
pub(crate) fn draw_groups(
    canvas: &mut Canvas,
    axis: &Axis,
    groups: &[BarGroup],
    reference: Option<&Mark>,
) -> Result<(), PlotError> {
    some(groups, "groups")?;
    for group in groups {
        some(&group.bars, "bars")?;
    }
    let mut rows = Vec::new();
    for group in groups {
        rows.push(Row::Heading(&group.label));
        rows.extend(group.bars.iter().map(Row::Bar));
    }
    draw_rows(canvas, axis, &rows, reference)
}

/// What stands in a row.
enum Row<'a> {
    Bar(&'a Bar),
    Heading(&'a str),
}

impl<'a> Row<'a> {
    fn bar(&self) -> Option<&'a Bar> {
        match self {
            Row::Bar(bar) => Some(bar),
            Row::Heading(_) => None,
        }
    }

    fn label(&self) -> (&'a str, bool) {
        match self {
            Row::Bar(bar) => (&bar.label, bar.role == Role::Focus),
            Row::Heading(_) => ("", false),
        }
    }
}

fn draw_rows(
    canvas: &mut Canvas,
    axis: &Axis,
    rows: &[Row<'_>],
    reference: Option<&Mark>,
) -> Result<(), PlotError> {
    let bars = || rows.iter().filter_map(Row::bar);
    for bar in bars() {
        finite(&bar.label, bar.value)?;
    }
    if let Some(mark) = reference {
        finite(&mark.label, mark.value)?;
    }

    let shown = bars()
        .map(|bar| bar.value)
        .chain(reference.map(|mark| mark.value))
        .chain([0.0]);
    let quantity = Quantity::new(axis, shown, Ends::Tight, 6)?;
    let (row, thick) = if rows.len() > 14 {
        (19.0, 13.0)
    } else {
        (25.0, 17.0)
    };
    let labels = RowLabels::new(canvas, rows.iter().map(Row::label), 230.0, row);
    // Numbers stand in a column beside the names, where neither the grid nor the reference runs through them.
    let value = |row: &Row<'_>| row.bar().map(|bar| quantity.value(bar.value)).unwrap_or_default();
    let values: Vec<String> = rows.iter().map(value).collect();
    let value_room = canvas
        .fonts
        .widest(values.iter().map(String::as_str), Face::SMALL_STRONG)
        + 8.0;

    if reference.is_some() {
        canvas.y += Face::SMALL.line() + 4.0;
    }
    let left = MARGIN + labels.room + value_room;
    let plot = Area {
        left,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + labels.height() + 6.0,
    };
    let start = if bars().any(|bar| bar.value < 0.0) {
        plot.left + 6.0
    } else {
        plot.left
    };
    let scale = Scale {
        start,
        end: plot.right - 6.0,
        of: quantity,
    };
    draw_horizontal(canvas, &scale, plot, Across::Grid);

    let zero = scale.at(0.0);
    let middles = labels.middles(plot.top + 3.0);
    labels.draw(canvas, MARGIN + labels.room - 8.0, &middles);
    for ((row, text), middle) in rows.iter().zip(&values).zip(middles) {
        match row {
            Row::Heading(words) => {
                let first = canvas.fonts.wrap(words, Face::STRONG, RIGHT - MARGIN);
                let baseline = middle + Face::STRONG.drop() + 2.0;
                if let Some(line) = first.first() {
                    canvas.text((MARGIN, baseline), line, Face::STRONG, INK, Anchor::Start);
                }
            }
            Row::Bar(bar) => {
                let face = if bar.role == Role::Focus {
                    Face::SMALL_STRONG
                } else {
                    Face::SMALL
                };
                let at = (plot.left - 8.0, middle + face.drop());
                canvas.text(at, text, face, INK, Anchor::End);
                let end = scale.at(bar.value);
                let body = Area::around(((zero + end) / 2.0, middle), (end - zero).abs(), thick);
                canvas.rect(body, colour::role(bar.role));
                if bar.role == Role::Reference && body.width() > 3.0 {
                    canvas.rect(body.grown(-1.2), WHITE);
                }
            }
        }
    }
    canvas.line((zero, plot.top), (zero, plot.bottom), 1.0, BASE);
    if let Some(mark) = reference {
        draw_mark(canvas, &mark.label, scale.at(mark.value), plot);
    }
    Ok(())
}
