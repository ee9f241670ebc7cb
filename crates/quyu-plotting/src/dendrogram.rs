//! A tree of merges: leaves at the left, heights to the right.

use quyu_core::figure::{Axis, Leaf, Merge, Role};

use crate::axis::{Across, Ends, Quantity, Scale, draw_horizontal};
use crate::canvas::{Area, Canvas, MARGIN, RIGHT, Xy};
use crate::colour::{self, BASE, Rgb};
use crate::labels::{RowLabels, draw_mark};
use crate::text::Face;
use crate::{PlotError, finite, some};

/// Width of the bands that mark clusters, with the gap to the tree.
const BAND: f64 = 14.0;

/// A node on its way to be joined.
#[derive(Clone, Copy)]
struct Node {
    at: Xy,
    /// The cluster that all its leaves share.
    cluster: Option<usize>,
    joined: bool,
}

pub(crate) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    leaves: &[Leaf],
    merges: &[Merge],
    cut: Option<f64>,
) -> Result<(), PlotError> {
    some(leaves, "leaves")?;
    for merge in merges {
        finite("merge", merge.height)?;
    }
    if let Some(height) = cut {
        finite("cut", height)?;
    }
    let heights = merges.iter().map(|merge| merge.height).chain(cut).chain([0.0]);
    let quantity = Quantity::new(axis, heights, Ends::Tight, 6)?;

    let names = leaves
        .iter()
        .map(|leaf| (leaf.label.as_str(), leaf.role == Role::Focus));
    let labels = RowLabels::new(canvas, names, 230.0, 18.0);
    if cut.is_some() {
        canvas.y += Face::SMALL.line() + 2.0;
    }
    let plot = Area {
        left: MARGIN + labels.room + BAND,
        top: canvas.y,
        right: RIGHT,
        bottom: canvas.y + labels.height() + 6.0,
    };
    let scale = Scale {
        of: quantity,
        start: plot.left,
        end: plot.right - 16.0,
    };
    draw_horizontal(canvas, &scale, plot, Across::Grid);
    if let Some(height) = cut {
        let label = format!("cut at {}", scale.of.value(height));
        draw_mark(canvas, &label, scale.at(height), plot);
    }
    let middles = labels.middles(plot.top + 3.0);
    labels.draw(canvas, MARGIN + labels.room - 8.0, &middles);
    draw_bands(canvas, leaves, &labels, &middles, MARGIN + labels.room - 2.0);

    let mut nodes: Vec<Node> = leaves
        .iter()
        .zip(&middles)
        .map(|(leaf, y)| Node {
            at: (scale.at(0.0), *y),
            cluster: Some(leaf.cluster),
            joined: false,
        })
        .collect();
    for (position, merge) in merges.iter().enumerate() {
        let mut take = |node: usize| match nodes.get_mut(node) {
            Some(free) if !free.joined => {
                free.joined = true;
                Ok(*free)
            }
            _ => Err(PlotError::Merge { position, node }),
        };
        let (a, b) = (take(merge.a)?, take(merge.b)?);
        let x = scale.at(merge.height);
        let cluster = a.cluster.filter(|_| a.cluster == b.cluster);
        canvas.path(vec![a.at, (x, a.at.1), (x, b.at.1), b.at], 1.6, stroke(cluster));
        nodes.push(Node {
            at: (x, (a.at.1 + b.at.1) / 2.0),
            cluster,
            joined: false,
        });
    }
    // What is never joined, the root above all, ends in a short stub.
    for node in nodes.iter().filter(|node| !node.joined) {
        canvas.line(node.at, (node.at.0 + 10.0, node.at.1), 1.6, stroke(node.cluster));
    }
    Ok(())
}

fn stroke(cluster: Option<usize>) -> Rgb {
    cluster.map_or(BASE, colour::category)
}

/// A band beside each run of leaves of one cluster, so that clusters differ without colour too.
fn draw_bands(canvas: &mut Canvas, leaves: &[Leaf], labels: &RowLabels, middles: &[f64], left: f64) {
    let mut start = 0;
    while start < leaves.len() {
        let cluster = leaves[start].cluster;
        let run = leaves[start..]
            .iter()
            .take_while(|leaf| leaf.cluster == cluster)
            .count();
        let end = start + run - 1;
        let top = middles[start] - labels.heights[start] / 2.0 + 2.0;
        let bottom = middles[end] + labels.heights[end] / 2.0 - 2.0;
        canvas.rect(
            Area {
                left,
                top,
                right: left + 6.0,
                bottom,
            },
            colour::category(cluster),
        );
        start = end + 1;
    }
}
