//! How location quotients are shown: one region by class, several as a matrix.

use quyu_core::figure::{Axis, Bar, Chart, Figure, HeatRow, Mark, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::{Head, Shown, Style, View, ViewRow};

use crate::frame::{Against, Frame, ranks};

/// Classes up to which a reader sees the matrix itself.
const WIDEST: usize = 6;
/// Classes up to which they are the columns of a matrix.
const MOST_COLUMNS: usize = 12;

/// What the numbers mean.
pub(crate) struct Shape {
    /// Of the figure.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// As in the reference.
    pub(crate) centre: f64,
    pub(crate) decimals: u8,
    /// Whether the reference has a place on the axis of bars.
    pub(crate) marked: bool,
    /// Whether the numbers start at zero.
    pub(crate) ratio: bool,
}

impl Shape {
    fn style(&self) -> Style {
        if self.ratio {
            Style::Fixed(self.decimals)
        } else {
            Style::Signed(self.decimals)
        }
    }
}

/// What the quotients stand beside, as a label.
fn compared(frame: &Frame, against: Against) -> String {
    match against {
        Against::Whole => frame.reference.clone(),
        Against::Rest => format!("Rest of {}", frame.reference),
    }
}

/// The rows that are shown: those of the focus.
fn shown(frame: &Frame) -> Vec<usize> {
    frame.looked_at()
}

pub(crate) fn view(
    frame: &Frame,
    y: usize,
    against: Against,
    quotients: &[Option<f64>],
    shape: &Shape,
) -> View {
    let (head, rows) = match shown(frame).as_slice() {
        [one] => of_one(frame, y, against, quotients, shape, *one),
        rows if frame.cols() <= WIDEST => matrix(frame, quotients, shape, rows),
        rows => extremes(frame, quotients, shape, rows),
    };
    View {
        head,
        rows,
        source: frame.source.clone(),
    }
}

type Body = (Vec<Head>, Vec<ViewRow>);

fn of_one(
    frame: &Frame,
    y: usize,
    against: Against,
    quotients: &[Option<f64>],
    shape: &Shape,
    r: usize,
) -> Body {
    let cols = frame.cols();
    let (values, base) = (frame.table(y), frame.benchmark(y, against));
    let share = |of: &[f64], c: usize| {
        let whole = quyu_math::sum(&of[r * cols..(r + 1) * cols]);
        (whole > 0.0).then(|| of[r * cols + c] / whole)
    };
    let head = vec![
        Head::text("Class"),
        Head::number(format!("{} ({})", frame.rows[r].name, frame.unit)),
        Head::number("Share (%)"),
        Head::number(format!("{} (%)", compared(frame, against))),
        Head::number(shape.label),
        Head::number("Rank"),
    ];
    let rows = (0..cols)
        .map(|c| {
            let column: Vec<Option<f64>> = (0..frame.rows.len()).map(|q| quotients[q * cols + c]).collect();
            let n = column.iter().flatten().count();
            ViewRow {
                cells: vec![
                    Shown::Text(frame.classes[c].name.clone()),
                    Shown::Number(values[r * cols + c], Style::Fixed(0)),
                    Shown::maybe(share(&values, c), Style::Percent(1)),
                    Shown::maybe(share(&base, c), Style::Percent(1)),
                    Shown::maybe(quotients[r * cols + c], shape.style()),
                    ranks(&column)[r].map_or(Shown::Missing, |rank| Shown::Rank(rank, n)),
                ],
                strong: false,
            }
        })
        .collect();
    (head, rows)
}

fn matrix(frame: &Frame, quotients: &[Option<f64>], shape: &Shape, rows: &[usize]) -> Body {
    let cols = frame.cols();
    let mut head = vec![Head::text("Region")];
    head.extend(frame.classes.iter().map(|class| Head::number(class.name.clone())));
    let row = |&r: &usize| {
        let mut cells = vec![Shown::Text(frame.rows[r].name.clone())];
        cells.extend((0..cols).map(|c| Shown::maybe(quotients[r * cols + c], shape.style())));
        ViewRow { cells, strong: false }
    };
    (head, rows.iter().map(row).collect())
}

/// The two largest quotients of each region and the smallest one.
fn extremes(frame: &Frame, quotients: &[Option<f64>], shape: &Shape, rows: &[usize]) -> Body {
    let head = ["Highest", "Second", "Lowest"];
    let mut heads = vec![Head::text("Region")];
    for label in head {
        heads.extend([Head::text(label), Head::number(shape.label)]);
    }
    let row = |&r: &usize| {
        let order = in_order(frame, quotients, r);
        let mut cells = vec![Shown::Text(frame.rows[r].name.clone())];
        for place in [order.first(), order.get(1), order.last()] {
            match place {
                Some((name, x)) => {
                    cells.extend([Shown::Text(name.clone()), Shown::Number(*x, shape.style())]);
                }
                None => cells.extend([Shown::Missing, Shown::Missing]),
            }
        }
        ViewRow { cells, strong: false }
    };
    (heads, rows.iter().map(row).collect())
}

/// Classes of a region from the largest quotient to the smallest.
fn in_order(frame: &Frame, quotients: &[Option<f64>], r: usize) -> Vec<(String, f64)> {
    let cols = frame.cols();
    let mut order: Vec<(String, f64)> = (0..cols)
        .filter_map(|c| Some((frame.classes[c].name.clone(), quotients[r * cols + c]?)))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order
}

/// Bars for one region, shaded cells for several; none if nothing is defined.
pub(crate) fn figure(
    frame: &Frame,
    y: usize,
    against: Against,
    quotients: &[Option<f64>],
    shape: &Shape,
) -> Option<Figure> {
    let rows = shown(frame);
    let alt = sentence(frame, against, quotients, shape, &rows)?;
    let chart = match rows.as_slice() {
        [one] => bars(frame, against, quotients, shape, *one),
        several => heat(frame, quotients, shape, several),
    };
    let of = match rows.as_slice() {
        [one] => frame.rows[*one].name.clone(),
        _ => frame.focus.clone(),
    };
    Some(Figure {
        id: shape.id.to_owned(),
        title: format!(
            "{of}: {} of {}, {}",
            lower_first(shape.label),
            lower_first(&frame.label),
            frame.years[y]
        ),
        alt,
        source: frame.source.clone(),
        chart,
    })
}

fn bars(frame: &Frame, against: Against, quotients: &[Option<f64>], shape: &Shape, r: usize) -> Chart {
    let axis = Axis::new(shape.label, "");
    let order = in_order(frame, quotients, r);
    if shape.ratio {
        return Chart::Bars {
            axis,
            bars: order
                .into_iter()
                .map(|(label, value)| Bar {
                    label,
                    value,
                    role: if value >= shape.centre {
                        Role::Focus
                    } else {
                        Role::Other
                    },
                })
                .collect(),
            reference: shape.marked.then(|| Mark {
                label: compared(frame, against),
                value: shape.centre,
            }),
        };
    }
    Chart::Diverging {
        axis,
        parts: vec![lower_first(shape.label)],
        rows: order
            .into_iter()
            .map(|(label, value)| Stack {
                label,
                parts: vec![value],
                role: Role::Other,
            })
            .collect(),
    }
}

/// A matrix with the fewer of regions and classes as columns where the classes are many: their names need room.
fn heat(frame: &Frame, quotients: &[Option<f64>], shape: &Shape, rows: &[usize]) -> Chart {
    let cols = frame.cols();
    let regions: Vec<(String, Vec<Option<f64>>)> = rows
        .iter()
        .map(|&r| {
            (
                frame.rows[r].name.clone(),
                quotients[r * cols..(r + 1) * cols].to_vec(),
            )
        })
        .collect();
    let classes = frame.classes.iter().map(|c| c.name.clone());
    let row = |(label, values)| HeatRow {
        label,
        values,
        role: Role::Other,
    };
    let (columns, rows) = if cols > MOST_COLUMNS && regions.len() < cols {
        let of_class = |c: usize| regions.iter().map(|(_, values)| values[c]).collect();
        let rows = classes
            .enumerate()
            .map(|(c, label)| row((label, of_class(c))))
            .collect();
        (regions.iter().map(|(label, _)| label.clone()).collect(), rows)
    } else {
        (classes.collect(), regions.into_iter().map(row).collect())
    };
    Chart::Heat {
        axis: Axis::new(shape.label, ""),
        centre: Some(shape.centre),
        columns,
        rows,
    }
}

/// The strongest and the weakest specialisation.
fn sentence(
    frame: &Frame,
    against: Against,
    quotients: &[Option<f64>],
    shape: &Shape,
    rows: &[usize],
) -> Option<String> {
    let cols = frame.cols();
    let mut all: Vec<(usize, usize, f64)> = rows
        .iter()
        .flat_map(|&r| (0..cols).map(move |c| (r, c)))
        .filter_map(|(r, c)| Some((r, c, quotients[r * cols + c]?)))
        .collect();
    all.sort_by(|a, b| b.2.total_cmp(&a.2));
    let said = |(r, c, x): &(usize, usize, f64)| {
        let class = lower_first(&frame.classes[*c].name);
        let place = match rows {
            [_] => class,
            _ => format!("{} in {class}", frame.rows[*r].name),
        };
        format!("{place} ({})", styled(*x, shape.style()))
    };
    let beside = match against {
        Against::Whole => frame.reference.clone(),
        Against::Rest => format!("the rest of {}", frame.reference),
    };
    Some(format!(
        "{} beside {beside}. Highest: {}; lowest: {}.",
        shape.label,
        said(all.first()?),
        said(all.last()?)
    ))
}
