//! What sets share: a matrix of dots, with bars of set sizes at its left and of combinations above it.

use quyu_core::figure::{Axis, OverlapSet, Role, Shared};

use crate::axis::{Ends, Quantity, number};
use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT};
use crate::colour::{self, BASE, GRID, INK, MUTED, Rgb};
use crate::labels::RowLabels;
use crate::text::Face;
use crate::{PlotError, some};

/// Length of the bar of the largest set, and height of that of the largest combination.
const LONGEST: f64 = 70.0;
const HIGHEST: f64 = 120.0;
/// Widest column of the matrix.
const COLUMN: f64 = 46.0;
const RADIUS: f64 = 5.4;
/// Ground of every second row.
const STRIPE: Rgb = Rgb(246, 246, 246);

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    sets: &[OverlapSet],
    shared: &[Shared],
    most: usize,
) -> Result<(), PlotError> {
    some(sets, "sets")?;
    some(shared, "combinations")?;
    if let Some(odd) = shared.iter().find(|s| s.members.len() != sets.len()) {
        return Err(PlotError::Length {
            label: format!("combination of {}", odd.size),
            expected: sets.len(),
            found: odd.members.len(),
        });
    }
    let names = sets.iter().map(|s| (s.label.as_str(), s.role == Role::Focus));
    let labels = RowLabels::new(canvas, names, 250.0, 26.0);
    let bars = MARGIN + labels.room;
    let count = |n: usize| number(n as f64, 0, true);
    let counts: Vec<String> = sets.iter().map(|s| count(s.size)).collect();
    let room = canvas
        .fonts
        .widest(counts.iter().map(String::as_str), Face::SMALL);
    let left = bars + LONGEST + room + 16.0;
    let heads: Vec<String> = shared.iter().map(|s| count(s.size)).collect();
    let narrowest = canvas.fonts.widest(heads.iter().map(String::as_str), Face::SMALL);
    let narrowest = (narrowest + 6.0).max(2.0 * RADIUS + 8.0);
    let fitting = ((RIGHT - left) / narrowest) as usize;
    let (shared, hidden) = shared.split_at(shared.len().min(most.clamp(1, fitting.max(1))));
    let width = ((RIGHT - left) / shared.len() as f64).min(COLUMN);
    let column = |place: usize| left + (place as f64 + 0.5) * width;

    // The title of the axis says what both kinds of bar count.
    let title = Quantity::new(axis, [0.0, 1.0], Ends::Tight, 2)?.title;
    canvas.paragraph(&title, Face::SMALL, MUTED);
    let base = canvas.y + Face::SMALL.line() + 6.0 + HIGHEST;
    let right = left + width * shared.len() as f64;
    let tallest = shared.iter().map(|s| s.size).max().unwrap_or(0).max(1) as f64;
    for ((place, combination), head) in shared.iter().enumerate().zip(&heads) {
        let height = combination.size as f64 / tallest * HIGHEST;
        let middle = (column(place), base - height / 2.0);
        let fill = colour::role(combination.role);
        canvas.rect(Area::around(middle, (width - 6.0).min(28.0), height), fill);
        let above = (column(place), base - height - 4.0);
        canvas.text(above, head, Face::SMALL, INK, Anchor::Middle);
    }
    canvas.line((left, base), (right, base), 1.0, BASE);
    let head = (bars, base - 4.0);
    canvas.text(head, "in all", Face::SMALL, MUTED, Anchor::Start);

    let middles = labels.middles(base + 6.0);
    let largest = sets.iter().map(|s| s.size).max().unwrap_or(0).max(1) as f64;
    for (n, (set, middle)) in sets.iter().zip(&middles).enumerate() {
        if n % 2 == 0 {
            let stripe = Area {
                left: MARGIN,
                right,
                top: middle - labels.heights[n] / 2.0,
                bottom: middle + labels.heights[n] / 2.0,
            };
            canvas.rect(stripe, STRIPE);
        }
        let length = set.size as f64 / largest * LONGEST;
        let bar = Area::around((bars + length / 2.0, *middle), length, 12.0);
        canvas.rect(bar, colour::role(set.role));
        let beside = (bars + length + 5.0, middle + Face::SMALL.drop());
        canvas.text(beside, &counts[n], Face::SMALL, INK, Anchor::Start);
    }
    labels.draw(canvas, bars - 8.0, &middles);
    for (place, combination) in shared.iter().enumerate() {
        let taking: Vec<f64> = (0..sets.len())
            .filter(|n| combination.members[*n])
            .map(|n| middles[n])
            .collect();
        for (held, middle) in combination.members.iter().zip(&middles) {
            if !held {
                canvas.circle((column(place), *middle), RADIUS, GRID);
            }
        }
        let dark = colour::label(combination.role);
        if let [first, .., last] = taking.as_slice() {
            canvas.line((column(place), *first), (column(place), *last), 2.4, dark);
        }
        for middle in taking {
            canvas.circle((column(place), middle), RADIUS, dark);
        }
    }
    canvas.y = base + 6.0 + labels.height() + 4.0;
    if let Some(largest) = hidden.iter().map(|s| s.size).max() {
        let more = match hidden.len() {
            1 => "one more combination".to_owned(),
            n => format!("{} more combinations", count(n)),
        };
        let text = format!("Not shown: {more}, the largest of {}.", count(largest));
        canvas.paragraph(&text, Face::SMALL, MUTED);
    }
    Ok(())
}
