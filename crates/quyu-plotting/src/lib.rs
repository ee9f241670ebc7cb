//! Figures as SVG, the same bytes everywhere.
//!
//! A [`Figure`] says what is shown; [`svg`] draws it with plotters, 800 pixels wide and as high as its content needs.
//! Text stays text, measured with DejaVu Sans, which is embedded, so that no label depends on the fonts of a machine.
//! Each figure carries its title and its alternative text for readers who cannot see it.
//!
//! ```
//! use quyu_core::figure::{Axis, Bar, Chart, Figure, Mark, Role};
//!
//! let bar = |label: &str, value, role| Bar { label: label.into(), value, role };
//! let figure = Figure {
//!     id: "ranking".into(),
//!     title: "GDP per person, 2020".into(),
//!     alt: "Sichuan stands below the mean of the three regions.".into(),
//!     source: "toy data, vintage 2021".into(),
//!     chart: Chart::Bars {
//!         axis: Axis::new("GDP per person", "yuan"),
//!         bars: vec![
//!             bar("Jiangsu", 121_231.0, Role::Peer),
//!             bar("Sichuan", 58_126.0, Role::Focus),
//!             bar("Gansu", 35_995.0, Role::Other),
//!         ],
//!         reference: Some(Mark { label: "mean".into(), value: 71_784.0 }),
//!     },
//! };
//! let svg = quyu_plotting::svg(&figure)?;
//! assert!(svg.starts_with("<svg") && svg.contains("Sichuan") && svg.contains("58,126"));
//! # Ok::<(), quyu_plotting::PlotError>(())
//! ```
//!
//! What cannot be drawn honestly, such as a value that is not finite or a negative part of a stack, is a [`PlotError`].
//!
//! The licence of the font is in the file `LICENSE-DejaVu` beside this crate.

mod axis;
mod bars;
mod butterfly;
mod canvas;
mod colour;
mod dendrogram;
mod dots;
mod heat;
mod intervals;
mod labels;
mod legend;
mod lines;
mod overlaps;
mod panels;
mod scatter;
mod slope;
mod stacked;
mod text;
mod tiles;

use quyu_core::figure::{Chart, Figure};

use crate::canvas::Canvas;

pub use crate::text::fonts;

/// The largest figure in bytes; a larger one shows more than a reader can take in.
const MOST_BYTES: usize = 60_000;

/// Why a figure cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The chart holds nothing to draw.
    #[error("the chart has no {what}")]
    Empty {
        /// What is missing, in the plural.
        what: &'static str,
    },
    /// A value is NaN or infinite.
    #[error("the value of {label:?} is not finite")]
    NotFinite {
        /// The element that holds it.
        label: String,
    },
    /// The values along an axis are further apart than a number can say.
    #[error("the range of the axis {axis:?} is not finite")]
    Range {
        /// Label of the axis.
        axis: String,
    },
    /// An element has more or fewer values than the chart has parts or columns.
    #[error("{label:?} has {found} values where {expected} are needed")]
    Length {
        /// The element.
        label: String,
        /// Number of parts or columns.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A part of a stack is negative.
    #[error("{label:?} has a negative part ({value}), which a stack cannot show")]
    Negative {
        /// The bar.
        label: String,
        /// The part.
        value: f64,
    },
    /// An element refers to a group or category that the chart does not name.
    #[error("{label:?} is in group {group}, but the chart names {groups}")]
    Group {
        /// The element.
        label: String,
        /// Position that it refers to.
        group: usize,
        /// Number of groups that have a name.
        groups: usize,
    },
    /// A tile carries a value without an axis, or a category beside one.
    #[error("the filling of tile {label:?} does not suit the map: a map has an axis or categories")]
    Filling {
        /// The tile.
        label: String,
    },
    /// Two tiles stand in the same place.
    #[error("two tiles stand at row {row}, column {col}")]
    Taken {
        /// Row of both.
        row: usize,
        /// Column of both.
        col: usize,
    },
    /// A merge joins a node that does not exist yet or has been joined before.
    #[error("merge {position} joins node {node}, which is not free")]
    Merge {
        /// Position in the list of merges.
        position: usize,
        /// The node.
        node: usize,
    },
    /// The figure shows more than fits.
    #[error("the figure has {bytes} bytes; at most {most} are readable")]
    TooLarge {
        /// Size of the drawing.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// The embedded font cannot be read.
    #[error("the embedded font cannot be read")]
    Font,
    /// The drawing library failed.
    #[error("plotters: {0}")]
    Backend(String),
}

/// Draws a figure as a complete SVG document.
///
/// The same figure gives the same bytes on every machine and in every build.
///
/// # Errors
///
/// A [`PlotError`] where the chart is empty, holds a value that is not finite, contradicts itself, or shows so much
/// that the drawing passes 60 KB.
pub fn svg(figure: &Figure) -> Result<String, PlotError> {
    let mut canvas = Canvas::new(&figure.title)?;
    match &figure.chart {
        Chart::Bars {
            axis,
            bars,
            reference,
        } => bars::draw(&mut canvas, axis, bars, reference.as_ref())?,
        Chart::Lines {
            x,
            y,
            lines,
            from_zero,
        } => lines::draw(&mut canvas, x, y, lines, *from_zero)?,
        Chart::Lorenz { x, y, curves } => lines::draw_lorenz(&mut canvas, x, y, curves)?,
        Chart::Stacked { axis, parts, bars } => stacked::draw(&mut canvas, axis, parts, bars)?,
        Chart::Diverging { axis, parts, rows } => stacked::draw_diverging(&mut canvas, axis, parts, rows)?,
        Chart::Scatter {
            x,
            y,
            groups,
            points,
            over,
        } => scatter::draw(&mut canvas, x, y, groups, points, over)?,
        Chart::Slope {
            axis,
            from,
            to,
            lines,
        } => slope::draw(&mut canvas, axis, from, to, lines)?,
        Chart::Butterfly {
            axis,
            left,
            right,
            rows,
        } => butterfly::draw(&mut canvas, axis, left, right, rows)?,
        Chart::Panels {
            x,
            y,
            panels,
            from_zero,
        } => panels::draw(&mut canvas, x, y, panels, *from_zero)?,
        Chart::Groups {
            axis,
            groups,
            reference,
        } => bars::draw_groups(&mut canvas, axis, groups, reference.as_ref())?,
        Chart::Dots {
            axis,
            series,
            rows,
            reference,
        } => dots::draw(&mut canvas, axis, series, rows, reference.as_ref())?,
        Chart::Intervals {
            axis,
            estimate,
            nominal,
            rows,
        } => intervals::draw(&mut canvas, axis, estimate, nominal.as_deref(), rows)?,
        Chart::Dendrogram {
            axis,
            leaves,
            merges,
            cut,
        } => {
            dendrogram::draw(&mut canvas, axis, leaves, merges, *cut)?;
        }
        Chart::Tiles {
            axis,
            categories,
            rest,
            tiles,
        } => tiles::draw(&mut canvas, axis.as_ref(), categories, rest.as_deref(), tiles)?,
        Chart::Overlaps {
            axis,
            sets,
            shared,
            most,
        } => overlaps::draw(&mut canvas, axis, sets, shared, *most)?,
        Chart::Heat {
            axis,
            centre,
            columns,
            rows,
        } => heat::draw(&mut canvas, axis, *centre, columns, rows)?,
    }
    let svg = canvas.finish(figure)?;
    if svg.len() > MOST_BYTES {
        return Err(PlotError::TooLarge {
            bytes: svg.len(),
            most: MOST_BYTES,
        });
    }
    Ok(svg)
}

/// Refuses a chart without any `what`.
fn some<T>(items: &[T], what: &'static str) -> Result<(), PlotError> {
    if items.is_empty() {
        Err(PlotError::Empty { what })
    } else {
        Ok(())
    }
}

/// Refuses a value that is not finite.
fn finite(label: &str, value: f64) -> Result<(), PlotError> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(PlotError::NotFinite { label: label.into() })
    }
}
