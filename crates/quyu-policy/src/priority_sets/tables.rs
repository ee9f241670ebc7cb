//! The tables: rates of each list, pairs of lists, items, combinations of lists.

use quyu_core::ColumnName as C;
use quyu_core::policy::{Fit, Policy};
use quyu_core::{Cell, Column, Head, Shown, Style, Table, View, ViewRow};
use quyu_econometrics::policy::{Combination, SetComparison};

use super::ENTRY;
use super::side::Side;
use crate::lists::shorts;

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

pub(super) fn rates_table() -> Table {
    Table::new(
        ENTRY.id,
        "Lists of priorities beside the national lists",
        vec![
            Column::key(C::List),
            Column::key(C::OtherList),
            Column::key(C::Name),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::key(C::N),
        ],
    )
}

pub(super) fn rates(side: &Side<'_>, own: usize, table: &mut Table) {
    let n = side.items.len();
    let (full, partial) = (side.count(Fit::Full), side.count(Fit::Partial));
    let rows = [
        ("mapped", Some((full + partial) as f64), n),
        ("full", Some(full as f64), n),
        ("partial", Some(partial as f64), n),
        ("containment", share(full + partial, n), n),
        ("containment-full", share(full, n), n),
        ("tailoring", share(side.count(Fit::None), n), n),
        (
            "echo",
            share(side.touched(), side.universe.len()),
            side.universe.len(),
        ),
        ("specificity", share(own, side.touched()), side.touched()),
    ];
    for (statistic, estimate, n) in rows {
        table.push(vec![
            side.list.into(),
            side.scheme.into(),
            side.title.clone().into(),
            statistic.into(),
            estimate.into(),
            n.into(),
        ]);
    }
}

pub(super) fn rates_row(side: &Side<'_>) -> ViewRow {
    let count = |n: usize| Shown::Number(n as f64, Style::Fixed(0));
    ViewRow {
        cells: vec![
            Shown::Text(side.title.clone()),
            Shown::Text(side.nation.to_owned()),
            count(side.items.len()),
            count(side.count(Fit::Full)),
            count(side.count(Fit::Partial)),
            Shown::maybe(share(side.count(Fit::None), side.items.len()), Style::Percent(1)),
            Shown::maybe(share(side.touched(), side.universe.len()), Style::Percent(1)),
        ],
        strong: false,
    }
}

pub(super) fn rates_view(rows: Vec<ViewRow>) -> View {
    View {
        head: vec![
            Head::text("List"),
            Head::text("National list"),
            Head::number("Items"),
            Head::number("Met in full"),
            Head::number("Met in part"),
            Head::number("Tailoring rate (%)"),
            Head::number("Echo rate (%)"),
        ],
        rows,
        source: "Crosswalk of priorities".to_owned(),
    }
}

pub(super) fn pairs_table() -> Table {
    Table::new(
        "priority-sets-pairs",
        "Pairs of lists as sets of national codes",
        vec![
            Column::key(C::List),
            Column::key(C::OtherList),
            Column::key(C::Class),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
        ],
    )
}

pub(super) type Pair<'a> = (&'a Side<'a>, &'a Side<'a>);

pub(super) fn pair_rows((a, b): Pair<'_>, (c, back): (SetComparison, SetComparison), table: &mut Table) {
    let mut row = |x: &Side<'_>, y: &Side<'_>, statistic: &str, estimate: Option<f64>| {
        table.push(vec![
            x.list.into(),
            y.list.into(),
            x.scheme.into(),
            statistic.into(),
            estimate.into(),
        ]);
    };
    row(a, b, "both", Some(c.both as f64));
    row(a, b, "jaccard", c.jaccard);
    row(a, b, "overlap", c.overlap);
    row(a, b, "containment", c.containment);
    row(b, a, "containment", back.containment);
}

pub(super) fn pair_row((a, b): Pair<'_>, (c, back): (SetComparison, SetComparison)) -> ViewRow {
    ViewRow {
        cells: vec![
            Shown::Text(format!("{} and {}", a.title, b.title)),
            Shown::Text(a.nation.to_owned()),
            Shown::Number(c.both as f64, Style::Fixed(0)),
            Shown::maybe(c.containment, Style::Percent(1)),
            Shown::maybe(back.containment, Style::Percent(1)),
            Shown::maybe(c.jaccard, Style::Fixed(3)),
            Shown::maybe(c.overlap, Style::Fixed(3)),
        ],
        strong: false,
    }
}

pub(super) fn pairs_view(rows: Vec<ViewRow>) -> View {
    View {
        head: vec![
            Head::text("Lists"),
            Head::text("Codes of"),
            Head::number("Shared codes"),
            Head::number("First in second (%)"),
            Head::number("Second in first (%)"),
            Head::number("Jaccard"),
            Head::number("Overlap"),
        ],
        rows,
        source: "Crosswalk of priorities".to_owned(),
    }
}

pub(super) fn items_table() -> Table {
    Table::new(
        "priority-sets-items",
        "Items and the national codes that they touch",
        vec![
            Column::key(C::List),
            Column::key(C::Item),
            Column::key(C::OtherList),
            Column::key(C::Name),
            Column::key(C::Group),
            Column::key(C::Value),
            Column::key(C::Variant),
        ],
    )
}

/// National lists with a column of their own for readers.
pub(super) const SHOWN_SCHEMES: usize = 4;

/// Fills the table, and gives a row for readers an item.
pub(super) fn items_rows(schemes: &[Vec<Side<'_>>], table: &mut Table) -> Vec<ViewRow> {
    let mut view = Vec::new();
    let lists = schemes.first().map_or(0, Vec::len);
    for l in 0..lists {
        for i in 0..schemes[0][l].items.len() {
            let first = &schemes[0][l];
            let item = first.items[i].item;
            let mut cells = vec![
                Shown::Text(first.title.clone()),
                Shown::Text(format!("{} ({})", item.name_en, item.name_zh)),
                Shown::Text(item.category.replace('_', " ")),
            ];
            for (n, sides) in schemes.iter().enumerate() {
                let mapped = &sides[l].items[i];
                let codes = mapped.codes.iter().copied().collect::<Vec<_>>().join(", ");
                table.push(vec![
                    sides[l].list.into(),
                    mapped.number.into(),
                    sides[l].scheme.into(),
                    item.name_en.as_str().into(),
                    item.category.as_str().into(),
                    if codes.is_empty() {
                        Cell::Missing
                    } else {
                        codes.clone().into()
                    },
                    mapped.fit().as_str().into(),
                ]);
                if n < SHOWN_SCHEMES {
                    cells.push(match mapped.fit() {
                        Fit::None => Shown::Missing,
                        Fit::Partial => Shown::Text(format!("{codes} (in part)")),
                        Fit::Full => Shown::Text(codes),
                    });
                }
            }
            view.push(ViewRow { cells, strong: false });
        }
    }
    view
}

pub(super) fn items_view(schemes: &[String], rows: Vec<ViewRow>) -> View {
    let mut head = vec![Head::text("List"), Head::text("Item"), Head::text("Category")];
    head.extend(schemes.iter().take(SHOWN_SCHEMES).map(Head::text));
    View {
        head,
        rows,
        source: "Crosswalk of priorities".to_owned(),
    }
}

pub(super) fn overlaps_table() -> Table {
    Table::new(
        "priority-sets-overlaps",
        "National codes by the lists that take them up",
        vec![
            Column::key(C::OtherList),
            Column::key(C::Group),
            Column::key(C::N),
            Column::of(C::Estimate, "1"),
            Column::key(C::Value),
        ],
    )
}

/// Fills the table with the combinations of lists beside one national list, and gives a row for readers each.
pub(super) fn overlap_rows(
    policy: &Policy,
    sides: &[Side<'_>],
    found: &[Combination],
    table: &mut Table,
) -> Vec<ViewRow> {
    let ids: Vec<&str> = sides.iter().map(|s| s.list).collect();
    let names = shorts(policy, &ids);
    let row = |combination: &Combination| {
        // The first set is the nation, which takes part in all.
        let taking = || (0..sides.len()).filter(|s| combination.members[s + 1]);
        let words = |of: &dyn Fn(usize) -> String, empty: &str, sep: &str| match taking().count() {
            0 => empty.to_owned(),
            _ => taking().map(of).collect::<Vec<_>>().join(sep),
        };
        let fields = combination.elements.iter().map(|e| sides[0].universe[*e].1);
        let fields = fields.collect::<Vec<_>>().join("; ");
        table.push(vec![
            sides[0].scheme.into(),
            words(&|s| sides[s].list.to_owned(), "none", ", ").into(),
            (combination.degree() - 1).into(),
            (combination.elements.len() as f64).into(),
            fields.as_str().into(),
        ]);
        ViewRow {
            cells: vec![
                Shown::Text(sides[0].nation.to_owned()),
                Shown::Text(words(&|s| names[s].clone(), "no list", "; ")),
                Shown::Number(combination.elements.len() as f64, Style::Fixed(0)),
                Shown::Text(fields),
            ],
            strong: combination.degree() == sides.len() + 1,
        }
    };
    found.iter().map(row).collect()
}

pub(super) fn overlaps_view(rows: Vec<ViewRow>) -> View {
    View {
        head: vec![
            Head::text("National list"),
            Head::text("Taken up by exactly"),
            Head::number("Codes"),
            Head::text("Which"),
        ],
        rows,
        source: "Crosswalk of priorities".to_owned(),
    }
}
