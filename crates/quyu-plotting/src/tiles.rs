//! A tile-grid map: one square a region.

use quyu_core::figure::{Axis, Fill, Role, Tile};

use crate::axis::{Ends, Quantity};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, INK, MUTED, Rgb, WHITE};
use crate::legend::{self, Key};
use crate::text::Face;
use crate::{PlotError, finite, some};

/// White between tiles.
const GAP: f64 = 4.0;
/// Sides of a tile without the gap: the least, and the most.
const SIDES: (f64, f64) = (30.0, 84.0);

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: Option<&Axis>,
    categories: &[String],
    rest: Option<&str>,
    tiles: &[Tile],
) -> Result<(), PlotError> {
    some(tiles, "tiles")?;
    check(axis, categories, rest, tiles)?;
    let quantity = match axis {
        Some(axis) => {
            let values = tiles.iter().filter_map(|tile| match tile.fill {
                Fill::Value(value) => Some(value),
                _ => None,
            });
            let values: Vec<f64> = values.collect();
            some(&values, "values")?;
            Some(Quantity::new(axis, values, Ends::Tight, 4)?)
        }
        None => None,
    };
    let no_data = tiles.iter().any(|tile| tile.fill == Fill::NoData);
    let legend_top = canvas.y;
    match &quantity {
        Some(of) => legend::draw_ramp(canvas, of, &legend::ramp_ticks(of), colour::ramp, no_data),
        None => {
            let fills = categories.iter().enumerate();
            let mut key: Vec<_> = fills
                .map(|(n, name)| (Key::Numbered(colour::category(n), n + 1), name.clone()))
                .collect();
            if let Some(rest) = rest {
                key.push((Key::Fill(colour::GRID), rest.to_owned()));
            }
            if no_data {
                key.push((Key::NoData, "no data".into()));
            }
            legend::draw_row(canvas, &key);
        }
    }

    let first = |of: fn(&Tile) -> usize| tiles.iter().map(of).min().unwrap_or(0);
    let last = |of: fn(&Tile) -> usize| tiles.iter().map(of).max().unwrap_or(0);
    let (row, col) = (first(|tile| tile.row), first(|tile| tile.col));
    let cols = (last(|tile| tile.col) - col + 1) as f64;
    let widest = |tile: &Tile| canvas.fonts.widest(tile.label.split_whitespace(), face(tile));
    let wished = tiles.iter().map(widest).fold(0.0, f64::max) + 8.0;
    let side = wished
        .clamp(60.0, SIDES.1)
        .min((RIGHT - MARGIN) / cols - GAP)
        .max(SIDES.0);
    let left = (MARGIN + (RIGHT - MARGIN - cols * (side + GAP) + GAP) / 2.0).max(MARGIN);
    let place = |tile: &Tile, top: f64| {
        let x = left + (tile.col - col) as f64 * (side + GAP);
        let y = top + (tile.row - row) as f64 * (side + GAP);
        Area {
            left: x,
            top: y,
            right: x + side,
            bottom: y + side,
        }
    };
    // The map moves up beside the ramp where a corner of it is empty.
    let ramp = Area {
        left: 0.0,
        top: legend_top,
        right: legend::RAMP_END + 20.0,
        bottom: canvas.y,
    };
    let beside = quantity.is_some() && !tiles.iter().any(|tile| place(tile, legend_top).meets(&ramp));
    let top = if beside { legend_top } else { canvas.y };
    let place = |tile: &Tile| place(tile, top);
    for tile in tiles {
        draw_tile(canvas, tile, place(tile), quantity.as_ref());
    }
    for tile in tiles.iter().filter(|tile| tile.role == Role::Focus) {
        canvas.border(place(tile), 3.0, INK);
    }
    canvas.y = top + (last(|tile| tile.row) - row + 1) as f64 * (side + GAP);
    Ok(())
}

fn check(
    axis: Option<&Axis>,
    categories: &[String],
    rest: Option<&str>,
    tiles: &[Tile],
) -> Result<(), PlotError> {
    let mut places: Vec<_> = tiles.iter().map(|tile| (tile.row, tile.col)).collect();
    places.sort_unstable();
    if let Some(two) = places.windows(2).find(|two| two[0] == two[1]) {
        return Err(PlotError::Taken {
            row: two[0].0,
            col: two[0].1,
        });
    }
    for tile in tiles {
        let label = tile.label.clone();
        match (tile.fill, axis) {
            (Fill::Value(value), Some(_)) => finite(&label, value)?,
            (Fill::Category(n), None) if n < categories.len() => {}
            (Fill::Category(group), None) => {
                return Err(PlotError::Group {
                    label,
                    group,
                    groups: categories.len(),
                });
            }
            (Fill::Rest, None) if rest.is_some() => {}
            (Fill::NoData, _) => {}
            _ => return Err(PlotError::Filling { label }),
        }
    }
    Ok(())
}

fn face(tile: &Tile) -> Face {
    if tile.role == Role::Focus {
        Face::SMALL_STRONG
    } else {
        Face::SMALL
    }
}

fn draw_tile(canvas: &mut Canvas, tile: &Tile, area: Area, quantity: Option<&Quantity>) {
    let (fill, second): (Option<Rgb>, Option<String>) = match (tile.fill, quantity) {
        (Fill::Value(value), Some(of)) => (Some(colour::ramp(of.share(value))), Some(of.value(value))),
        (Fill::Category(n), _) => (Some(colour::category(n)), Some((n + 1).to_string())),
        (Fill::Rest, _) => (Some(colour::GRID), None),
        _ => (None, None),
    };
    match fill {
        Some(fill) => canvas.rect(area, fill),
        None => canvas.hatch(area),
    }
    let ink = fill.map_or(MUTED, colour::on);
    let face = face(tile);
    let mut lines = canvas.fonts.wrap(&tile.label, face, area.width() - 4.0);
    let fits = (area.height() / face.line()) as usize;
    lines.truncate(fits.max(1));
    if fill.is_none() {
        let width = canvas.fonts.widest(lines.iter().map(String::as_str), face) + 4.0;
        let plate = Area::around(area.centre(), width, lines.len() as f64 * face.line() + 2.0);
        canvas.rect(plate, WHITE);
    }
    if let Some(second) = second {
        let narrow = canvas.fonts.width(&second, face) <= area.width() - 4.0;
        if narrow && lines.len() < fits {
            lines.push(second);
        }
    }
    canvas.lines(area.centre(), &lines, face, ink, Anchor::Middle);
}
