//! Figures as data and intent: what is shown and what it says, without a single pixel.
//!
//! `quyu-plotting` draws them. Text in a figure is Latin; Chinese names stand in the report around it.

/// One figure: one idea.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Stem of the file, unique within the findings.
    pub id: String,
    /// What the figure shows, as a short heading.
    pub title: String,
    /// The finding in a sentence or two, for somebody who cannot see the figure.
    pub alt: String,
    /// Data and vintage; printed under the figure.
    pub source: String,
    /// What is drawn.
    pub chart: Chart,
}

/// The part that an element plays, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// The region or item that the report is about: the accent colour.
    Focus,
    /// A named comparator: a strong grey.
    Peer,
    /// Everything else: a light grey.
    #[default]
    Other,
    /// The nation or another reference: a thin dark line.
    Reference,
    /// The n-th category of the colour-blind-safe palette.
    Category(usize),
}

/// A quantity along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The variable.
    pub label: String,
    /// Its unit, printed beside the label; empty for a pure number.
    pub unit: String,
    /// Digits after the decimal point of the tick labels; `None` lets the range decide.
    pub decimals: Option<usize>,
}

impl Axis {
    /// An axis whose tick digits follow from its range.
    pub fn new(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: unit.into(),
            decimals: None,
        }
    }

    /// An axis of years: tick labels are whole numbers without thousands separators.
    pub fn years() -> Self {
        Self {
            label: "Year".into(),
            unit: String::new(),
            decimals: Some(0),
        }
    }
}

/// The kinds of figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Horizontal bars from zero, in the order given (a ranking: largest first).
    Bars {
        /// The quantity.
        axis: Axis,
        /// The bars.
        bars: Vec<Bar>,
        /// A thin line at a reference value.
        reference: Option<Mark>,
    },
    /// An interval a row, with a dot at the estimate and, where there is one, a mark at what it is compared with.
    Intervals {
        /// The quantity.
        axis: Axis,
        /// What the dots are, for example "mean rank".
        estimate: String,
        /// What the marks are, for example "nominal rank".
        nominal: Option<String>,
        /// The rows, in the order given.
        rows: Vec<Interval>,
    },
    /// Lines over years or another quantity. A gap (`None`) breaks the line: two series are never joined.
    Lines {
        /// Horizontal axis.
        x: Axis,
        /// Vertical axis.
        y: Axis,
        /// The lines, labelled at their ends.
        lines: Vec<Line>,
        /// Whether the vertical axis starts at zero.
        from_zero: bool,
    },
    /// Lorenz curves in the unit square, with the line of equality.
    Lorenz {
        /// Cumulative share of the weight.
        x: Axis,
        /// Cumulative share of the value.
        y: Axis,
        /// The curves; each starts at (0, 0) and ends at (1, 1).
        curves: Vec<Line>,
    },
    /// Vertical bars, one a period, stacked from parts that are not negative.
    Stacked {
        /// The quantity.
        axis: Axis,
        /// Names of the parts, bottom first.
        parts: Vec<String>,
        /// One bar a period.
        bars: Vec<Stack>,
    },
    /// Horizontal bars left and right of zero, each made of signed parts, with a dot at their sum.
    Diverging {
        /// The quantity.
        axis: Axis,
        /// Names of the parts.
        parts: Vec<String>,
        /// One row an item.
        rows: Vec<Stack>,
    },
    /// Points in a plane, coloured by group, labelled where they can be without overlap.
    Scatter {
        /// Horizontal axis.
        x: Axis,
        /// Vertical axis.
        y: Axis,
        /// Names of the groups.
        groups: Vec<String>,
        /// The points.
        points: Vec<Point>,
        /// What is drawn over them.
        over: Over,
    },
    /// Two columns of values with a line from each to its like: who rose, who fell, who changed places.
    Slope {
        /// The quantity, of both columns.
        axis: Axis,
        /// What the left column is, for example a year.
        from: String,
        /// What the right column is.
        to: String,
        /// The lines.
        lines: Vec<SlopeLine>,
    },
    /// Two sides back to back: bars of one to the left, of the other to the right, on one scale. No value is negative.
    Butterfly {
        /// The quantity.
        axis: Axis,
        /// Name of the left side.
        left: String,
        /// Name of the right side.
        right: String,
        /// The rows, in the order given.
        rows: Vec<Wings>,
    },
    /// A small chart of lines for each of many, all on the same axes.
    Panels {
        /// Horizontal axis.
        x: Axis,
        /// Vertical axis.
        y: Axis,
        /// The panels, row by row. The lines of the first one name those of all, by position.
        panels: Vec<Panel>,
        /// Whether the vertical axis starts at zero.
        from_zero: bool,
    },
    /// Horizontal bars under headings, for example silhouette widths by cluster.
    Groups {
        /// The quantity.
        axis: Axis,
        /// The groups, in the order given.
        groups: Vec<BarGroup>,
        /// A thin line at a reference value.
        reference: Option<Mark>,
    },
    /// Rows with a dot a series: a profile beside those of others.
    Dots {
        /// The quantity, the same for all rows.
        axis: Axis,
        /// The series; their shapes and colours tell them apart.
        series: Vec<Series>,
        /// The rows, in the order given.
        rows: Vec<DotRow>,
        /// A thin line at a reference value.
        reference: Option<Mark>,
    },
    /// A tree of merges, leaves from top to bottom, heights to the right.
    Dendrogram {
        /// The height of a merge.
        axis: Axis,
        /// Leaf labels in drawing order.
        leaves: Vec<Leaf>,
        /// Merges in order of height. Nodes below `leaves.len()` are leaves (by position in `leaves`); node
        /// `leaves.len() + i` is the i-th merge.
        merges: Vec<Merge>,
        /// Height at which the tree is cut into clusters.
        cut: Option<f64>,
    },
    /// A tile-grid map: one square a region.
    Tiles {
        /// The quantity, for a ramp; `None` when tiles carry categories.
        axis: Option<Axis>,
        /// Names of the categories, when tiles carry categories.
        categories: Vec<String>,
        /// What tiles with data but without a category are called, for example "not significant".
        rest: Option<String>,
        /// The tiles.
        tiles: Vec<Tile>,
    },
    /// What sets share: a column for each combination of them, with its dots below and, above, a bar as high as the number of
    /// elements that lie in exactly these sets.
    Overlaps {
        /// What is counted.
        axis: Axis,
        /// The sets, in the order given.
        sets: Vec<OverlapSet>,
        /// The combinations, in the order given (largest first).
        shared: Vec<Shared>,
        /// How many combinations are shown at most; how many more there are is said below.
        most: usize,
    },
    /// Values by row and column as shaded cells, for a matrix of few columns.
    Heat {
        /// The quantity; the ramp diverges around `centre` where it is given.
        axis: Axis,
        /// A meaningful middle, for example 1 for location quotients and 0 for z-scores.
        centre: Option<f64>,
        /// Column labels.
        columns: Vec<String>,
        /// Rows: label, role and one value a column.
        rows: Vec<HeatRow>,
    },
}

/// One interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Label at its left.
    pub label: String,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Where the dot is.
    pub estimate: f64,
    /// Where the mark is, if there is one.
    pub nominal: Option<f64>,
    /// Decides the colour of the dot.
    pub role: Role,
}

/// One horizontal bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Label at its left.
    pub label: String,
    /// Length.
    pub value: f64,
    /// Colour.
    pub role: Role,
}

/// A labelled reference value.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Label.
    pub label: String,
    /// Position on the axis.
    pub value: f64,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Label at its end.
    pub label: String,
    /// Points in order; `None` breaks the line.
    pub points: Vec<Option<(f64, f64)>>,
    /// Colour.
    pub role: Role,
}

/// A labelled stack of parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// Label of the bar.
    pub label: String,
    /// One value a part.
    pub parts: Vec<f64>,
    /// Whether the bar is the one the report is about (its label is bold).
    pub role: Role,
}

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Label.
    pub label: String,
    /// Horizontal position.
    pub x: f64,
    /// Vertical position.
    pub y: f64,
    /// Position in the list of groups.
    pub group: usize,
    /// Colour and weight of the label.
    pub role: Role,
}

/// What stands over the points of a scatter plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Over {
    /// Arrows from the origin, for example the loadings of a biplot, in the units of the axes.
    pub arrows: Vec<Arrow>,
    /// A straight line through the points.
    pub trend: Option<Trend>,
    /// Names of the quarters around the origin: upper left, upper right, lower left, lower right. Its axes are then drawn.
    pub quarters: Option<[String; 4]>,
}

/// An arrow from the origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// Label at its head.
    pub label: String,
    /// Horizontal position of the head.
    pub x: f64,
    /// Vertical position of the head.
    pub y: f64,
}

/// A straight line.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// What it is, for the key.
    pub label: String,
    /// Height at 0.
    pub intercept: f64,
    /// Rise.
    pub slope: f64,
}

/// One line of a slope chart.
#[derive(Debug, Clone, PartialEq)]
pub struct SlopeLine {
    /// Label at both ends.
    pub label: String,
    /// Value in the left column.
    pub from: f64,
    /// Value in the right column.
    pub to: f64,
    /// Colour.
    pub role: Role,
}

/// One row of two bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Wings {
    /// Label between them.
    pub label: String,
    /// Length of the left bar.
    pub left: f64,
    /// Length of the right bar.
    pub right: f64,
    /// Focus is set in bold.
    pub role: Role,
}

/// One of many small charts.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its heading.
    pub label: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Focus is set in bold.
    pub role: Role,
}

/// Bars under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct BarGroup {
    /// The heading.
    pub label: String,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// What the dots of one kind are.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub label: String,
    /// Colour.
    pub role: Role,
}

/// One row of dots.
#[derive(Debug, Clone, PartialEq)]
pub struct DotRow {
    /// Label at its left.
    pub label: String,
    /// One value a series.
    pub values: Vec<Option<f64>>,
    /// Focus is set in bold.
    pub role: Role,
}

/// One leaf of a dendrogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Label.
    pub label: String,
    /// Position of its cluster, which decides its colour.
    pub cluster: usize,
    /// Focus is set in bold.
    pub role: Role,
}

/// One merge of a dendrogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// First node.
    pub a: usize,
    /// Second node.
    pub b: usize,
    /// Height at which they join.
    pub height: f64,
}

/// One tile of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Label inside the tile: a short name.
    pub label: String,
    /// Row, 0 at the top.
    pub row: usize,
    /// Column, 0 at the left.
    pub col: usize,
    /// What it is filled with.
    pub fill: Fill,
    /// Focus gets a strong border.
    pub role: Role,
}

/// The filling of a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// A quantity on the ramp.
    Value(f64),
    /// A category by position.
    Category(usize),
    /// Data, and none of the categories: pale, and named by the chart.
    Rest,
    /// No data: hatched, and said.
    NoData,
}

/// One of several sets that overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct OverlapSet {
    /// Label at its left.
    pub label: String,
    /// How many elements it has.
    pub size: usize,
    /// Focus is set in bold.
    pub role: Role,
}

/// One combination of sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Whether each set takes part.
    pub members: Vec<bool>,
    /// Elements that lie in these sets and in no other.
    pub size: usize,
    /// Colour.
    pub role: Role,
}

/// One row of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Label at its left.
    pub label: String,
    /// One value a column; `None` is hatched.
    pub values: Vec<Option<f64>>,
    /// Focus is set in bold.
    pub role: Role,
}
