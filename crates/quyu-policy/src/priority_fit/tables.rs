//! The three tables: lists, items, classes.

use quyu_core::ColumnName as C;
use quyu_core::{Cell, Column, Head, Shown, Style, Table, View, ViewRow};

use super::ENTRY;
use super::items::{ItemFit, ListFit, Named, Reading};
use super::sectors::Sectors;

/// What all tables need beside the lists.
pub(super) struct Setting<'a> {
    pub(super) sectors: &'a Sectors,
    pub(super) year: i32,
    pub(super) breadth: usize,
    pub(super) source: &'a str,
}

impl Setting<'_> {
    fn year(&self) -> Cell {
        Cell::Integer(i64::from(self.year))
    }

    fn source(&self) -> String {
        format!("{} Crosswalk of priorities.", self.source)
    }
}

const COUNT: Style = Style::Fixed(0);

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// A row a statistic of a list.
pub(super) fn lists(fits: &[ListFit<'_>], setting: &Setting<'_>) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        "Priorities beside what the region is strong in (a pilot crosswalk)",
        vec![
            Column::key(C::List),
            Column::key(C::Region),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::of(C::Expected, "1"),
            Column::of(C::PValue, "1"),
            Column::key(C::N),
        ],
    );
    for fit in fits {
        let (n, measured) = (fit.items.len(), fit.measured());
        let strong = fit.count(Reading::Strong);
        let count = |x: usize| Some(x as f64);
        let c = &fit.chance;
        // Without figures of the region nothing is known of its classes.
        let known = (!fit.classes.is_empty()).then_some(());
        let rows = [
            ("items", count(n), None, None, n),
            ("measurable", count(measured), None, None, n),
            ("strong", count(strong), None, None, measured),
            ("fit-rate", share(strong, measured), None, None, measured),
            ("classes-named", known.and(count(c.named)), None, None, c.all),
            ("classes-strong", known.and(count(c.strong)), None, None, c.all),
            (
                "named-and-strong",
                known.and(count(c.both)),
                known.and(c.expected),
                known.and(c.p_value),
                c.named,
            ),
            (
                "strong-without-priority",
                known.and(count(fit.unnamed().len())),
                None,
                None,
                c.strong,
            ),
        ];
        for (statistic, estimate, expected, p, n) in rows {
            table.push(vec![
                fit.id.into(),
                fit.region.as_str().into(),
                fit.title.as_str().into(),
                setting.year(),
                statistic.into(),
                estimate.into(),
                expected.into(),
                p.into(),
                n.into(),
            ]);
        }
    }
    table.with_view(View {
        head: vec![
            Head::text("List"),
            Head::number("Items"),
            Head::number("Measurable"),
            Head::number("Fit rate (%)"),
            Head::number("Strong among named classes"),
            Head::number("By chance"),
            Head::number("p (one-sided)"),
        ],
        rows: fits.iter().map(list_row).collect(),
        source: setting.source(),
    })
}

fn list_row(fit: &ListFit<'_>) -> ViewRow {
    let number = |n: usize| Shown::Number(n as f64, COUNT);
    let (measured, c) = (fit.measured(), &fit.chance);
    let drawn = c.named > 0;
    ViewRow {
        cells: vec![
            Shown::Text(fit.title.clone()),
            number(fit.items.len()),
            number(measured),
            Shown::maybe(share(fit.count(Reading::Strong), measured), Style::Percent(1)),
            if drawn {
                Shown::Text(format!("{} of {}", c.both, c.named))
            } else {
                Shown::Missing
            },
            Shown::maybe(c.expected.filter(|_| drawn), Style::Fixed(2)),
            Shown::maybe(c.p_value, Style::P),
        ],
        strong: false,
    }
}

/// A row an item.
pub(super) fn items(fits: &[ListFit<'_>], setting: &Setting<'_>) -> Table {
    let mut table = Table::new(
        "priority-fit-items",
        "Items of the lists, and what can be said of each (a pilot crosswalk)",
        vec![
            Column::key(C::List),
            Column::key(C::Item),
            Column::key(C::Name),
            Column::key(C::Class),
            Column::key(C::Year),
            Column::key(C::Variant),
            Column::of(C::Share, "1"),
            Column::of(C::Expected, "1"),
            Column::of(C::Estimate, "1"),
            Column::key(C::Rank),
            Column::key(C::N),
            Column::key(C::Note),
        ],
    );
    let mut view = Vec::new();
    for fit in fits {
        for item in &fit.items {
            let q = item.quotient.as_ref();
            let codes: Vec<&str> = item
                .classes
                .iter()
                .map(|(c, _)| setting.sectors.list[*c].code.as_str())
                .collect();
            let why = why(fit, item, setting);
            let rank = q.and_then(|q| q.rank);
            table.push(vec![
                fit.id.into(),
                item.number.into(),
                item.item.name_en.as_str().into(),
                text(&codes.join(", ")),
                setting.year(),
                item.reading.as_str().into(),
                q.and_then(|q| q.share).into(),
                q.and_then(|q| q.expected).into(),
                q.and_then(|q| q.lq).into(),
                rank.map_or(Cell::Missing, |(r, _)| r.into()),
                rank.map_or(Cell::Missing, |(_, n)| n.into()),
                text(&why),
            ]);
            view.push(ViewRow {
                cells: vec![
                    Shown::Text(fit.short.clone()),
                    Shown::Text(item.item.name_en.clone()),
                    Shown::Text(names(item, setting)),
                    Shown::maybe(q.and_then(|q| q.share), Style::Percent(1)),
                    Shown::maybe(q.and_then(|q| q.lq), Style::Fixed(2)),
                    rank.map_or(Shown::Missing, |(r, n)| Shown::Rank(r, n)),
                    Shown::Text(if why.is_empty() {
                        item.reading.as_str().replace('-', " ")
                    } else {
                        why
                    }),
                ],
                strong: item.reading == Reading::Strong,
            });
        }
    }
    table.with_view(View {
        head: vec![
            Head::text("List"),
            Head::text("Item"),
            Head::text("Classes that it touches"),
            Head::number("Share of the region (%)"),
            Head::number("Location quotient"),
            Head::number("Rank"),
            Head::text("Reading"),
        ],
        rows: view,
        source: setting.source(),
    })
}

fn text(words: &str) -> Cell {
    if words.is_empty() {
        Cell::Missing
    } else {
        words.into()
    }
}

fn names(item: &ItemFit<'_>, setting: &Setting<'_>) -> String {
    let name = |(c, touched): &(usize, usize)| {
        let sector = &setting.sectors.list[*c];
        match sector.divisions {
            1 => sector.name.clone(),
            n => format!("{} ({touched} of {n} divisions)", sector.name),
        }
    };
    item.classes.iter().map(name).collect::<Vec<_>>().join("; ")
}

/// Why an item is not measurable; nothing where it is.
fn why(fit: &ListFit<'_>, item: &ItemFit<'_>, setting: &Setting<'_>) -> String {
    let broad = || {
        let sectors = item.classes.iter().map(|(c, _)| &setting.sectors.list[*c]);
        sectors.filter(|s| s.divisions > setting.breadth)
    };
    match item.reading {
        Reading::Strong | Reading::NotStrong => String::new(),
        Reading::TooBroad => {
            let named: Vec<&str> = broad().map(|s| s.name.as_str()).collect();
            format!("too broad a class: {}", named.join(", "))
        }
        Reading::NoCode => "no division of a class is named".to_owned(),
        Reading::NoFigures => format!("no figures by class for {}", fit.place),
    }
}

/// A row a class of the region of a list; a reader is shown the strong and the named ones.
pub(super) fn classes(fits: &[ListFit<'_>], setting: &Setting<'_>) -> Option<Table> {
    let mut table = Table::new(
        "priority-fit-classes",
        "Classes that are strong or named in a list (a pilot crosswalk)",
        vec![
            Column::key(C::List),
            Column::key(C::Region),
            Column::key(C::Class),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Group),
            Column::key(C::Variant),
            Column::of(C::Share, "1"),
            Column::of(C::Expected, "1"),
            Column::of(C::Estimate, "1"),
            Column::key(C::Rank),
            Column::key(C::N),
        ],
    );
    let mut view = Vec::new();
    for fit in fits {
        for (class, sector) in fit.classes.iter().zip(&setting.sectors.list) {
            let q = &class.quotient;
            table.push(vec![
                fit.id.into(),
                fit.region.as_str().into(),
                sector.code.as_str().into(),
                sector.name.as_str().into(),
                setting.year(),
                class.named.as_str().into(),
                class.reading.as_str().into(),
                q.share.into(),
                q.expected.into(),
                q.lq.into(),
                q.rank.map_or(Cell::Missing, |(r, _)| r.into()),
                q.rank.map_or(Cell::Missing, |(_, n)| n.into()),
            ]);
        }
        view.extend(class_rows(fit, setting));
    }
    (!table.rows.is_empty()).then(|| {
        table.with_view(View {
            head: vec![
                Head::text("List"),
                Head::text("Class"),
                Head::number("Divisions"),
                Head::number("Location quotient"),
                Head::number("Rank"),
                Head::text("Named by the list"),
                Head::text("Reading"),
            ],
            rows: view,
            source: setting.source(),
        })
    })
}

fn class_rows(fit: &ListFit<'_>, setting: &Setting<'_>) -> Vec<ViewRow> {
    let mut order: Vec<usize> = (0..fit.classes.len())
        .filter(|c| {
            let class = &fit.classes[*c];
            class.named != Named::None || class.reading == Reading::Strong
        })
        .collect();
    let lq = |c: usize| fit.classes[c].quotient.lq.unwrap_or_default();
    order.sort_by(|a, b| lq(*b).total_cmp(&lq(*a)));
    let row = |c: usize| {
        let (class, sector) = (&fit.classes[c], &setting.sectors.list[c]);
        let named = match class.named {
            Named::Priority => "yes",
            Named::InPart => "only by items that cannot be measured",
            Named::None => "no",
        };
        ViewRow {
            cells: vec![
                Shown::Text(fit.short.clone()),
                Shown::Text(sector.name.clone()),
                Shown::Number(sector.divisions as f64, COUNT),
                Shown::maybe(class.quotient.lq, Style::Fixed(2)),
                class
                    .quotient
                    .rank
                    .map_or(Shown::Missing, |(r, n)| Shown::Rank(r, n)),
                Shown::Text(named.to_owned()),
                Shown::Text(class.reading.as_str().replace('-', " ")),
            ],
            strong: false,
        }
    };
    order.into_iter().map(row).collect()
}
