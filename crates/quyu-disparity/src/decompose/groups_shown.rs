//! Tables and figure of a decomposition by groups.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Figure};
use quyu_core::number::{lower_first, styled};
use quyu_core::region::Group;
use quyu_core::{Cell, Column, Head, Style, Table, View, ViewRow};

use super::common::{bar, parts_chart, share, year_cell};
use super::groups::ENTRY;
use super::split::{Form, Parts, Split, part_label};

/// More groups than this have no column and no colour of their own.
const MOST_GROUPS: usize = 5;

/// What is shown, and of what.
pub(crate) struct Shown<'a> {
    pub(crate) form: Form,
    pub(crate) value: String,
    pub(crate) focus: &'a str,
    pub(crate) partition: &'a str,
    pub(crate) groups: &'a [Group],
    pub(crate) splits: &'a [Split],
    pub(crate) several: bool,
    pub(crate) source: String,
}

impl Shown<'_> {
    pub(crate) fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.main()];
        if self.form == Form::Dagum {
            tables.push(self.pairs());
        }
        tables
    }

    pub(crate) fn title(&self) -> String {
        format!(
            "{} of {}, {}, by {}",
            self.form.name(),
            self.value,
            self.focus,
            lower_first(self.partition)
        )
    }

    /// Whether the addends of the groups are shown: a form with two parts, of few groups.
    fn by_group(&self) -> bool {
        self.form.alpha().is_some() && self.groups.len() <= MOST_GROUPS
    }

    fn main(&self) -> Table {
        let mut table = empty(self.title());
        for split in self.splits {
            let keys = [
                Cell::Integer(i64::from(split.year.get())),
                split.line.clone().into(),
            ];
            table.rows.extend(rows(&split.of, self.form, &keys, |g| {
                self.groups.get(g).map(|group| group.id.clone())
            }));
        }
        table.with_view(self.view())
    }

    fn view(&self) -> View {
        let mut head = vec![Head::text("Year"), Head::number(self.form.name())];
        if self.by_group() {
            head.push(Head::number("Between groups (%)"));
            head.extend(
                self.groups
                    .iter()
                    .map(|g| Head::number(format!("Within {} (%)", g.label))),
            );
        } else if let Some(split) = self.splits.first() {
            let parts = split.of.parts.iter();
            head.extend(parts.map(|(part, _)| Head::number(format!("{} (%)", part_label(part)))));
        }
        View {
            head,
            rows: self.splits.iter().map(|split| self.view_row(split)).collect(),
            source: self.source.clone(),
        }
    }

    fn view_row(&self, split: &Split) -> ViewRow {
        let percent = |x: f64| quyu_core::Shown::maybe(share(x, split.of.total), Style::Percent(1));
        let mut cells = vec![
            quyu_core::Shown::Text(year_cell(split.year, &split.line, self.several)),
            quyu_core::Shown::Number(split.of.total, Style::Fixed(4)),
        ];
        if self.by_group() {
            cells.push(percent(split.of.part("between").unwrap_or(0.0)));
            let within = split.of.groups.iter().map(|g| g.within.unwrap_or(0.0));
            cells.extend(within.map(percent));
        } else {
            cells.extend(split.of.parts.iter().map(|(_, part)| percent(*part)));
        }
        ViewRow { cells, strong: false }
    }

    /// The pairs of a Dagum decomposition, and each group with itself.
    fn pairs(&self) -> Table {
        let mut table = empty_pairs(format!(
            "Gini coefficient of {} between pairs of groups, {}, by {}",
            self.value,
            self.focus,
            lower_first(self.partition)
        ));
        for split in self.splits {
            let keys = [
                Cell::Integer(i64::from(split.year.get())),
                split.line.clone().into(),
            ];
            let name = |g: usize| self.groups[g].id.clone().into();
            table.rows.extend(pair_rows(&split.of, &keys, name));
        }
        match self.pairs_view() {
            Some(view) => table.with_view(view),
            None => table,
        }
    }

    /// The pairs of the last year, where there are few enough to read.
    fn pairs_view(&self) -> Option<View> {
        let last = self.splits.last()?;
        if self.groups.len() > MOST_GROUPS || last.of.pairs.is_empty() {
            return None;
        }
        let number = |x: f64| quyu_core::Shown::Number(x, Style::Fixed(4));
        let percent = |x: f64| quyu_core::Shown::maybe(share(x, last.of.total), Style::Percent(1));
        let row = |pair: &quyu_econometrics::disparity::DagumPair| ViewRow {
            cells: vec![
                quyu_core::Shown::Text(self.groups[pair.first].label.clone()),
                quyu_core::Shown::Text(self.groups[pair.second].label.clone()),
                number(pair.gini),
                number(pair.affluence),
                percent(pair.net_between),
                percent(pair.transvariation),
            ],
            strong: false,
        };
        Some(View {
            head: vec![
                Head::text(format!("Group ({})", last.year)),
                Head::text("Other group"),
                Head::number("Gini between the two"),
                Head::number("Relative affluence"),
                Head::number("Net between (% of the total)"),
                Head::number("Transvariation (% of the total)"),
            ],
            rows: last.of.pairs.iter().map(row).collect(),
            source: self.source.clone(),
        })
    }

    pub(crate) fn figure(&self) -> Figure {
        let parts = if self.by_group() {
            let mut parts = vec!["between groups".to_owned()];
            parts.extend(self.groups.iter().map(|g| format!("within {}", g.label)));
            parts
        } else {
            let parts = self.splits.iter().take(1).flat_map(|s| &s.of.parts);
            parts.map(|(part, _)| lower_first(part_label(part))).collect()
        };
        let bars = self.splits.iter().map(|split| {
            let values = if self.by_group() {
                let mut values = vec![split.of.part("between").unwrap_or(0.0)];
                values.extend(split.of.groups.iter().map(|g| g.within.unwrap_or(0.0)));
                values
            } else {
                split.of.parts.iter().map(|(_, part)| *part).collect()
            };
            bar(split.year, &split.line, self.several, values)
        });
        Figure {
            id: ENTRY.id.to_owned(),
            title: self.title(),
            alt: self.alt(),
            source: self.source.clone(),
            chart: parts_chart(Axis::new(self.form.name(), ""), parts, bars.collect()),
        }
    }

    fn alt(&self) -> String {
        let kind = if self.form.alpha().is_some() {
            "Stacked bars"
        } else {
            "Bars"
        };
        let mut alt = format!("{kind} of {}.", self.title());
        let (Some(first), Some(last)) = (self.splits.first(), self.splits.last()) else {
            return alt;
        };
        // The part that says most about the partition.
        let (part, words) = match self.form {
            Form::Dagum => ("net-between", "net between groups"),
            _ => ("between", "between groups"),
        };
        let ends = if self.splits.len() > 1 {
            vec![first, last]
        } else {
            vec![last]
        };
        for split in ends {
            let part = split.of.part(part).unwrap_or(0.0);
            alt.push_str(&format!(
                " {}: {}, of which {} % {words}.",
                split.year,
                styled(split.of.total, Style::Fixed(4)),
                styled(share(part, split.of.total).unwrap_or(0.0), Style::Percent(1))
            ));
        }
        alt
    }
}

/// The main table without rows.
pub(crate) fn empty(title: String) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::key(C::Group),
            Column::of(C::Estimate, "1"),
            Column::of(C::Share, "1"),
            Column::key(C::N),
        ],
    )
}

/// The table of pairs without rows.
pub(crate) fn empty_pairs(title: String) -> Table {
    Table::new(
        "pairs",
        title,
        vec![
            Column::key(C::Group),
            Column::key(C::OtherGroup),
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Component),
            Column::of(C::Estimate, "1"),
            Column::of(C::Share, "1"),
        ],
    )
}

/// The pairs of one split under the cells of year and vintage.
pub(crate) fn pair_rows(split: &Parts, keys: &[Cell; 2], name: impl Fn(usize) -> Cell) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut push = |a: usize, b: usize, component: &str, estimate: f64, share: Option<f64>| {
        rows.push(vec![
            name(a),
            name(b),
            keys[0].clone(),
            keys[1].clone(),
            component.into(),
            estimate.into(),
            share.into(),
        ]);
    };
    for (g, group) in split.groups.iter().enumerate() {
        if let Some(index) = group.inside {
            push(g, g, "gini", index, None);
        }
    }
    for pair in &split.pairs {
        let (a, b) = (pair.first, pair.second);
        let of_total = |part: f64| share(part, split.total);
        push(a, b, "gini", pair.gini, None);
        push(a, b, "affluence", pair.affluence, None);
        push(a, b, "net-between", pair.net_between, of_total(pair.net_between));
        push(
            a,
            b,
            "transvariation",
            pair.transvariation,
            of_total(pair.transvariation),
        );
    }
    rows
}

/// The rows of one split under the cells of year and vintage; `name` is the id of a group.
pub(crate) fn rows(
    split: &Parts,
    form: Form,
    keys: &[Cell; 2],
    name: impl Fn(usize) -> Option<String>,
) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut push =
        |component: &str, group: Option<usize>, estimate: f64, of: Option<f64>, n: Option<usize>| {
            rows.push(vec![
                keys[0].clone(),
                keys[1].clone(),
                form.variant().into(),
                component.into(),
                group.and_then(&name).map_or(Cell::Missing, Cell::from),
                estimate.into(),
                of.into(),
                n.map_or(Cell::Missing, Cell::from),
            ]);
        };
    let of_total = |x: f64| share(x, split.total);
    let n = split.groups.iter().map(|g| g.n).sum();
    push("total", None, split.total, of_total(split.total), Some(n));
    for (part, value) in &split.parts {
        push(part, None, *value, of_total(*value), None);
    }
    for (g, group) in split.groups.iter().enumerate() {
        let addends = [
            ("within-group", group.within),
            ("between-group", group.between),
            ("inside", group.inside),
        ];
        for (component, value) in addends {
            if let Some(value) = value {
                push(component, Some(g), value, of_total(value), Some(group.n));
            }
        }
        if let Some(q) = group.stratum {
            push("stratum", Some(g), q, None, Some(group.n));
        }
    }
    rows
}
