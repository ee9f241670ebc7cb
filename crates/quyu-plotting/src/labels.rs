//! Where labels go so that no two of them overlap.

use quyu_core::figure::Role;

use crate::canvas::{Anchor, Area, Canvas, MARGIN, RIGHT, Xy};
use crate::colour::{self, INK, Rgb};
use crate::text::Face;

/// Middles of boxes of the given heights, as near as possible to the wanted ones, without overlap, in the order
/// given and, where they fit, between `top` and `bottom`. The wanted middles must not fall.
///
/// Taking the height of all boxes above off each wanted middle turns the task into isotonic regression.
pub(crate) fn spread(wanted: &[f64], heights: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut above = 0.0;
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (middle, height) in wanted.iter().zip(heights) {
        let mut block = (middle - above - height / 2.0, 1);
        above += height;
        while let Some(&(mean, count)) = blocks.last() {
            if mean <= block.0 {
                break;
            }
            let both = count + block.1;
            block = (
                (mean * count as f64 + block.0 * block.1 as f64) / both as f64,
                both,
            );
            blocks.pop();
        }
        blocks.push(block);
    }
    let last = (bottom - above).max(top);
    let mut above = 0.0;
    let starts = blocks
        .iter()
        .flat_map(|&(mean, count)| std::iter::repeat_n(mean, count));
    starts
        .zip(heights)
        .map(|(start, height)| {
            let middle = start.clamp(top, last) + above + height / 2.0;
            above += height;
            middle
        })
        .collect()
}

/// Labels at the left of rows, wrapped, with the height that each row needs.
pub(crate) struct RowLabels {
    rows: Vec<(Vec<String>, Face)>,
    /// Room for the labels with the gap to the plot.
    pub(crate) room: f64,
    pub(crate) heights: Vec<f64>,
}

impl RowLabels {
    /// Labels with whether they are bold, no wider than `most`, in rows no lower than `row`.
    pub(crate) fn new<'a>(
        canvas: &Canvas,
        labels: impl IntoIterator<Item = (&'a str, bool)>,
        most: f64,
        row: f64,
    ) -> Self {
        let rows: Vec<_> = labels
            .into_iter()
            .map(|(label, bold)| {
                let face = if bold { Face::STRONG } else { Face::LABEL };
                (canvas.fonts.wrap(label, face, most), face)
            })
            .collect();
        let widest = rows
            .iter()
            .map(|(lines, face)| canvas.fonts.widest(lines.iter().map(String::as_str), *face))
            .fold(0.0, f64::max);
        let heights = rows
            .iter()
            .map(|(lines, face)| row.max(lines.len() as f64 * face.line() + 4.0))
            .collect();
        Self {
            rows,
            room: if widest > 0.0 { widest + 8.0 } else { 0.0 },
            heights,
        }
    }

    /// Height of all rows.
    pub(crate) fn height(&self) -> f64 {
        self.heights.iter().sum()
    }

    /// Middles of the rows below `top`.
    pub(crate) fn middles(&self, top: f64) -> Vec<f64> {
        let mut edge = top;
        self.heights
            .iter()
            .map(|height| {
                edge += height;
                edge - height / 2.0
            })
            .collect()
    }

    /// Draws the labels flush right, ending at `right`.
    pub(crate) fn draw(&self, canvas: &mut Canvas, right: f64, middles: &[f64]) {
        for ((lines, face), middle) in self.rows.iter().zip(middles) {
            canvas.lines((right, *middle), lines, *face, INK, Anchor::End);
        }
    }
}

/// A label this far away from what it names gets a leader.
const FAR: f64 = 36.0;

/// A label at the right of the plot for something that ends at `from`.
pub(crate) struct EndLabel {
    pub(crate) from: Xy,
    pub(crate) text: String,
    pub(crate) bold: bool,
    pub(crate) colour: Rgb,
}

impl EndLabel {
    pub(crate) fn face(&self) -> Face {
        if self.bold { Face::STRONG } else { Face::LABEL }
    }
}

/// Room that end labels need at the right, within reason; longer ones are wrapped.
pub(crate) fn end_room(canvas: &Canvas, labels: &[(&str, bool)]) -> f64 {
    let width = |&(text, bold): &(&str, bool)| {
        canvas
            .fonts
            .width(text, if bold { Face::STRONG } else { Face::LABEL })
    };
    labels.iter().map(width).fold(0.0, f64::max).min(190.0)
}

/// Height that end labels need in all.
pub(crate) fn end_height(canvas: &Canvas, labels: &[(&str, bool)]) -> f64 {
    let lines = |&(text, bold): &(&str, bool)| {
        let face = if bold { Face::STRONG } else { Face::LABEL };
        canvas.fonts.wrap(text, face, 190.0).len() as f64 * face.line() + 2.0
    };
    labels.iter().map(lines).sum()
}

/// Draws labels in a column from `x` to the right edge; a label that had to move, or that stands away from what it
/// names, gets a thin leader.
pub(crate) fn draw_ends(canvas: &mut Canvas, x: f64, top: f64, bottom: f64, mut labels: Vec<EndLabel>) {
    labels.retain(|label| !label.text.trim().is_empty());
    labels.sort_by(|a, b| a.from.1.total_cmp(&b.from.1));
    let wrapped: Vec<_> = labels
        .iter()
        .map(|label| canvas.fonts.wrap(&label.text, label.face(), RIGHT - x))
        .collect();
    let heights: Vec<f64> = labels
        .iter()
        .zip(&wrapped)
        .map(|(label, lines)| lines.len() as f64 * label.face().line() + 1.0)
        .collect();
    let wanted: Vec<f64> = labels.iter().map(|label| label.from.1).collect();
    let middles = spread(&wanted, &heights, top, bottom);
    for ((label, lines), middle) in labels.iter().zip(&wrapped).zip(middles) {
        let away = x - label.from.0;
        if (middle - label.from.1).abs() > 4.0 || away > FAR {
            let elbow = (label.from.0 + 5.0).max(x - 12.0);
            let mut leader = vec![(label.from.0 + 5.0, label.from.1)];
            if away > FAR {
                leader.push((elbow, label.from.1));
            }
            leader.push((x - 3.0, middle));
            canvas.path(leader, 0.8, label.colour);
        }
        canvas.lines((x, middle), lines, label.face(), label.colour, Anchor::Start);
    }
}

/// A thin dark line across a plot at a value that matters, with its label above.
pub(crate) fn draw_mark(canvas: &mut Canvas, label: &str, x: f64, plot: Area) {
    canvas.line(
        (x, plot.top - 3.0),
        (x, plot.bottom),
        1.2,
        colour::role(Role::Reference),
    );
    let lines = canvas.fonts.wrap(label, Face::SMALL, RIGHT - MARGIN);
    let Some(line) = lines.first() else { return };
    let half = canvas.fonts.width(line, Face::SMALL) / 2.0;
    let centre = x.clamp(MARGIN + half, RIGHT - half);
    canvas.text((centre, plot.top - 7.0), line, Face::SMALL, INK, Anchor::Middle);
}

/// A label that wants to stand beside a point.
pub(crate) struct Beside {
    pub(crate) at: Xy,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Distance from the point to the edge of a label right beside it.
    pub(crate) near: f64,
    /// How far away, at most, before the label is left out.
    pub(crate) reach: f64,
}

/// Directions from a point in the order of preference, as (x, y) with y downwards.
const AROUND: [Xy; 16] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.7, -0.7),
    (-0.7, -0.7),
    (0.7, 0.7),
    (-0.7, 0.7),
    (0.4, -0.9),
    (-0.4, -0.9),
    (0.4, 0.9),
    (-0.4, 0.9),
    (0.9, -0.4),
    (-0.9, -0.4),
    (0.9, 0.4),
    (-0.9, 0.4),
];

/// Boxes for labels that keep clear of each other, of all points, of the obstacles and of the bounds; `None` for a
/// label without a place.
///
/// Labels choose one after another. Who found no place right beside its point chooses first in the next round, and
/// the best round counts; `first` labels at the beginning of the list always choose first.
pub(crate) fn place(labels: &[Beside], first: usize, bounds: Area, obstacles: &[Area]) -> Vec<Option<Area>> {
    const ROUNDS: usize = 24;
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let mut best = (usize::MAX, Vec::new());
    for _ in 0..ROUNDS {
        let placed = place_in(&order, labels, bounds, obstacles);
        let far = |n: &usize| placed[*n].is_none_or(|area: Area| leader_ends(&labels[*n], &area).is_some());
        let lost = placed.iter().filter(|area| area.is_none()).count();
        let cost = lost * 3 + order.iter().filter(|n| far(n)).count();
        order[first.min(labels.len())..].sort_by_key(|n| !far(n));
        if cost < best.0 {
            best = (cost, placed);
        }
        if cost == 0 {
            break;
        }
    }
    best.1
}

/// One round: first the places right beside the points, then those with leaders.
fn place_in(order: &[usize], labels: &[Beside], bounds: Area, obstacles: &[Area]) -> Vec<Option<Area>> {
    // Around other points there is air, so that a label without a leader does not seem to be theirs.
    let air = |own: usize, n: usize, other: &Beside, with_leader: bool| {
        let reach = match (n == own, with_leader) {
            (true, _) => other.near - 2.0,
            (false, true) => other.near - 1.0,
            (false, false) => other.near + 3.0,
        };
        Area::around(other.at, 2.0 * reach, 2.0 * reach)
    };
    let mut taken = obstacles.to_vec();
    let mut placed = vec![None; labels.len()];
    for with_leader in [false, true] {
        for &own in order {
            let label = &labels[own];
            if placed[own].is_some() {
                continue;
            }
            let clear: Vec<_> = labels
                .iter()
                .enumerate()
                .map(|(n, other)| air(own, n, other, with_leader))
                .collect();
            let free = |area: &Area| {
                let leader = leader(label, area);
                bounds.holds(area)
                    && leader.is_empty() != with_leader
                    && !clear.iter().chain(&taken).any(|other| area.meets(other))
                    && !leader
                        .iter()
                        .any(|dot| taken.iter().any(|other| dot.meets(other)))
                    && !leader
                        .iter()
                        .any(|dot| labels.iter().any(|other| on_marker(label, other, dot)))
            };
            let mut distance = label.near;
            let mut found = None;
            while found.is_none() && distance <= label.reach {
                found = AROUND.iter().map(|&way| beside(label, way, distance)).find(free);
                distance += 4.0;
                if !with_leader {
                    break;
                }
            }
            if let Some(area) = found {
                taken.extend(leader(label, &area));
                taken.push(area.grown(1.5));
                placed[own] = Some(area);
            }
        }
    }
    placed
}

/// Whether a dot of a leader lies on somebody else's marker.
fn on_marker(own: &Beside, other: &Beside, dot: &Area) -> bool {
    let side = 2.0 * other.near - 4.0;
    own.at != other.at && dot.meets(&Area::around(other.at, side, side))
}

fn beside(label: &Beside, (dx, dy): Xy, distance: f64) -> Area {
    let x = label.at.0 + dx * distance + (dx * 1.5).clamp(-1.0, 1.0) * label.width / 2.0;
    let y = label.at.1 + dy * distance + (dy * 1.5).clamp(-1.0, 1.0) * label.height / 2.0;
    Area::around((x, y), label.width, label.height)
}

/// The ends of the thin line from a point to its label, where the label is not right beside it.
pub(crate) fn leader_ends(label: &Beside, area: &Area) -> Option<(Xy, Xy)> {
    let at = label.at;
    let to = (
        at.0.clamp(area.left, area.right),
        at.1.clamp(area.top, area.bottom),
    );
    let (dx, dy) = (to.0 - at.0, to.1 - at.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length <= label.near + 3.0 {
        return None;
    }
    let start = (label.near - 2.0) / length;
    Some((
        (at.0 + dx * start, at.1 + dy * start),
        (to.0 - dx / length, to.1 - dy / length),
    ))
}

/// Small boxes along the leader, which other labels and leaders keep clear of.
fn leader(label: &Beside, area: &Area) -> Vec<Area> {
    leader_ends(label, area).map_or_else(Vec::new, |(from, to)| along(from, to, 2.0))
}

/// Small boxes of that size along a line.
pub(crate) fn along(from: Xy, to: Xy, size: f64) -> Vec<Area> {
    let length = (to.0 - from.0).abs().max((to.1 - from.1).abs());
    let steps = (length / size).ceil().clamp(1.0, 400.0) as u32;
    (0..=steps)
        .map(|step| {
            let t = f64::from(step) / f64::from(steps);
            Area::around(
                (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t),
                size,
                size,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_keeps_what_fits_and_parts_what_overlaps() {
        assert_eq!(spread(&[10.0, 50.0], &[10.0, 10.0], 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[50.0, 50.0], &[10.0, 10.0], 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(
            spread(&[0.0, 1.0, 2.0], &[10.0, 10.0, 10.0], 0.0, 100.0),
            [5.0, 15.0, 25.0]
        );
        assert_eq!(spread(&[99.0, 99.0], &[10.0, 20.0], 0.0, 100.0), [75.0, 90.0]);
        assert!(spread(&[], &[], 0.0, 1.0).is_empty());
    }

    #[test]
    fn a_crowd_of_labels_is_placed_without_overlap() {
        let labels: Vec<_> = (0..40)
            .map(|n| Beside {
                at: (200.0 + f64::from(n % 7) * 20.0, 150.0 + f64::from(n / 7) * 20.0),
                width: 50.0,
                height: 12.0,
                near: 6.0,
                reach: 120.0,
            })
            .collect();
        let bounds = Area {
            left: 0.0,
            top: 0.0,
            right: 500.0,
            bottom: 400.0,
        };
        let placed: Vec<_> = place(&labels, 0, bounds, &[]).into_iter().flatten().collect();
        assert!(placed.len() > 15);
        for (n, area) in placed.iter().enumerate() {
            assert!(bounds.holds(area));
            assert!(placed[n + 1..].iter().all(|other| !area.meets(other)));
        }
    }
}
