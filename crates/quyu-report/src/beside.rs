//! What a reader sees and the tidy tables do not hold: files of its own for a table as shown and a figure as drawn.
//!
//! A plugin may show a growth rate or a difference that its tidy table holds the parts of. So that every number can be had at full
//! precision, such a table is written as it is shown and such a figure as it is drawn.

use quyu_core::figure::{Chart, Figure, Fill, Line};
use quyu_core::number::{significant, twelve_digits};
use quyu_core::{Cell, Column, ColumnName, Shown, Style, Table, View};

use crate::csv::{csv, line};

/// A number of a figure: the label of the element, what the number is, and the number.
type Drawn = (String, String, f64);

/// The numbers of the tidy tables of a section, sorted.
pub(crate) struct Held(Vec<f64>);

impl Held {
    pub(crate) fn of<'a>(tables: impl Iterator<Item = &'a Table>) -> Self {
        let cells = tables.flat_map(|t| t.rows.iter().flatten());
        let mut numbers: Vec<f64> = cells.filter_map(Cell::number).collect();
        numbers.sort_by(f64::total_cmp);
        Self(numbers)
    }

    /// Whether the number is here, or the share that it is a percentage of, to the digits of a CSV.
    fn has(&self, x: f64) -> bool {
        self.near(x) || self.near(x / 100.0)
    }

    fn near(&self, x: f64) -> bool {
        let reach = 1e-12 * x.abs();
        let at = self.0.partition_point(|v| *v < x - reach);
        self.0.get(at).is_some_and(|v| *v <= x + reach)
    }

    pub(crate) fn has_view(&self, view: &View) -> bool {
        let cells = view.rows.iter().flat_map(|r| &r.cells);
        cells.into_iter().all(|cell| match cell {
            Shown::Number(x, _) => self.has(*x),
            Shown::Text(text) => text.parse().map_or(true, |x| self.has(x)),
            Shown::Rank(..) | Shown::Missing => true,
        })
    }

    pub(crate) fn has_figure(&self, figure: &Figure) -> bool {
        drawn(&figure.chart).iter().all(|(_, _, x)| self.has(*x))
    }
}

/// A table as it is shown, all rows of it, with its heads and at full precision.
pub(crate) fn view_csv(view: &View) -> String {
    let mut text = String::new();
    let heads: Vec<String> = view.head.iter().map(|h| h.label.clone()).collect();
    line(&mut text, &heads);
    for row in &view.rows {
        let fields: Vec<String> = row.cells.iter().map(field).collect();
        line(&mut text, &fields);
    }
    text
}

/// A cell in the unit of its head: a share that is shown in percent is written in percent.
fn field(cell: &Shown) -> String {
    match cell {
        Shown::Text(text) => text.clone(),
        Shown::Number(x, Style::Percent(_) | Style::SignedPercent(_)) => twelve_digits(100.0 * x),
        Shown::Number(x, Style::P) => significant(*x, 4),
        Shown::Number(x, _) => twelve_digits(*x),
        Shown::Rank(rank, n) => format!("{rank} of {n}"),
        Shown::Missing => String::new(),
    }
}

/// A figure as it is drawn: one row a number, in the order of drawing.
pub(crate) fn figure_csv(figure: &Figure) -> (usize, String) {
    let columns = [ColumnName::Name, ColumnName::Statistic, ColumnName::Value];
    let mut table = Table::new("figure", figure.title.clone(), columns.map(Column::key).to_vec());
    for (label, what, x) in drawn(&figure.chart) {
        table.push(vec![label.into(), what.into(), x.into()]);
    }
    (table.rows.len(), csv(&table))
}

/// The numbers that a chart draws.
fn drawn(chart: &Chart) -> Vec<Drawn> {
    let mut all = Vec::new();
    let mut add = |label: &str, what: &str, x: f64| all.push((label.to_owned(), what.to_owned(), x));
    match chart {
        Chart::Bars {
            axis,
            bars,
            reference,
        } => {
            bars.iter().for_each(|b| add(&b.label, &axis.label, b.value));
            reference.iter().for_each(|m| add(&m.label, &axis.label, m.value));
        }
        Chart::Intervals {
            estimate,
            nominal,
            rows,
            ..
        } => {
            for row in rows {
                add(&row.label, "lower end", row.low);
                add(&row.label, estimate, row.estimate);
                add(&row.label, "upper end", row.high);
                let mark = nominal.as_deref().unwrap_or("mark");
                row.nominal.iter().for_each(|x| add(&row.label, mark, *x));
            }
        }
        Chart::Lines { x, y, lines, .. } | Chart::Lorenz { x, y, curves: lines } => {
            points(lines, "", (&x.label, &y.label), &mut add);
        }
        Chart::Panels { x, y, panels, .. } => {
            for panel in panels {
                points(&panel.lines, &panel.label, (&x.label, &y.label), &mut add);
            }
        }
        Chart::Stacked { parts, bars, .. } => {
            for bar in bars {
                parts
                    .iter()
                    .zip(&bar.parts)
                    .for_each(|(part, v)| add(&bar.label, part, *v));
            }
        }
        Chart::Diverging { parts, rows, .. } => {
            for row in rows {
                parts
                    .iter()
                    .zip(&row.parts)
                    .for_each(|(part, v)| add(&row.label, part, *v));
                // The dot, and what the parts come to without the first ones: beyond the national rate.
                for first in 0..parts.len().saturating_sub(1) {
                    add(
                        &row.label,
                        &parts[first..].join(" + "),
                        quyu_math::sum(&row.parts[first..]),
                    );
                }
            }
        }
        Chart::Scatter {
            x, y, points, over, ..
        } => {
            let arrows = over.arrows.iter().map(|a| (&a.label, a.x, a.y));
            for (label, px, py) in points.iter().map(|p| (&p.label, p.x, p.y)).chain(arrows) {
                add(label, &x.label, px);
                add(label, &y.label, py);
            }
            if let Some(trend) = &over.trend {
                add(&trend.label, "intercept", trend.intercept);
                add(&trend.label, "slope", trend.slope);
            }
        }
        Chart::Slope { from, to, lines, .. } => {
            for l in lines {
                add(&l.label, from, l.from);
                add(&l.label, to, l.to);
            }
        }
        Chart::Butterfly {
            left, right, rows, ..
        } => {
            for row in rows {
                add(&row.label, left, row.left);
                add(&row.label, right, row.right);
            }
        }
        Chart::Groups {
            axis,
            groups,
            reference,
        } => {
            for bar in groups.iter().flat_map(|g| &g.bars) {
                add(&bar.label, &axis.label, bar.value);
            }
            reference.iter().for_each(|m| add(&m.label, &axis.label, m.value));
        }
        Chart::Dots {
            axis,
            series,
            rows,
            reference,
        } => {
            for row in rows {
                let known = series
                    .iter()
                    .zip(&row.values)
                    .filter_map(|(s, v)| Some((s, (*v)?)));
                known.for_each(|(s, v)| add(&row.label, &s.label, v));
            }
            reference.iter().for_each(|m| add(&m.label, &axis.label, m.value));
        }
        Chart::Dendrogram {
            axis, merges, cut, ..
        } => {
            let nth = |i: usize| format!("merge {}", i + 1);
            merges
                .iter()
                .enumerate()
                .for_each(|(i, m)| add(&nth(i), &axis.label, m.height));
            cut.iter().for_each(|x| add("cut", &axis.label, *x));
        }
        Chart::Tiles { axis, tiles, .. } => {
            let what = axis.as_ref().map_or("", |a| a.label.as_str());
            for tile in tiles {
                if let Fill::Value(x) = tile.fill {
                    add(&tile.label, what, x);
                }
            }
        }
        Chart::Overlaps {
            axis, sets, shared, ..
        } => {
            for set in sets {
                add(&set.label, "size", set.size as f64);
            }
            for one in shared {
                let members = sets.iter().zip(&one.members).filter(|(_, member)| **member);
                let labels: Vec<&str> = members.map(|(set, _)| set.label.as_str()).collect();
                add(&labels.join(" + "), &axis.label, one.size as f64);
            }
        }
        Chart::Heat { columns, rows, .. } => {
            for row in rows {
                let known = columns
                    .iter()
                    .zip(&row.values)
                    .filter_map(|(c, v)| Some((c, (*v)?)));
                known.for_each(|(c, v)| add(&row.label, c, v));
            }
        }
    }
    all
}

/// The points of lines, each its place on both axes.
fn points(lines: &[Line], panel: &str, (x, y): (&str, &str), add: &mut dyn FnMut(&str, &str, f64)) {
    for line in lines {
        let label = match panel {
            "" => line.label.clone(),
            _ => format!("{panel}: {}", line.label),
        };
        for (px, py) in line.points.iter().flatten() {
            add(&label, x, *px);
            add(&label, y, *py);
        }
    }
}
