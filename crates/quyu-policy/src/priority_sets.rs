//! `priority-sets`: what local lists of priorities take up of national ones, and what they add.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Role};
use quyu_core::policy::{Fit, Item, Policy};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::policy::{SetComparison, alone, compare_sets};

use crate::lists::{title, unknown};

/// The declaration of `priority-sets`.
pub(crate) const ENTRY: Entry = Entry {
    id: "priority-sets",
    summary: "What lists of priorities take up of the national ones, and what they add",
    manual: MANUAL,
    params: &[
        Param::required(
            "lists",
            ParamKind::List(&ParamKind::Expr),
            "ids of the priority lists compared",
        ),
        Param::required(
            "schemes",
            ParamKind::List(&ParamKind::Expr),
            "ids of the national lists whose codes items are mapped to",
        ),
    ],
    example: "lists = [\"P\", \"Q\"]\nschemes = [\"N\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does a region echo the priorities of the nation, and what does it add of its own?

**Definition.** A crosswalk maps each item of a list to codes of a national list, in full or in part (`fit`, one judgement an item for all
national lists). For each list and national list: `mapped` = items with a code, of which `full` are judged to be met in full and `partial` in
part; `containment` = mapped / items, 1 if the list is a subset of the national one; `containment-full` counts what is met in full alone;
`tailoring` = 1 - containment, the share of items that are local; `echo` = national codes that an item touches / national codes;
`specificity` = codes touched by this list and by none of the others compared / codes touched. Pairs of lists are compared as sets A and B of
national codes: `containment` = |A and B| / |A|, `jaccard` = |A and B| / |A or B|, `overlap` = |A and B| / min(|A|, |B|). A ratio without a
denominator is missing. All lie between 0 and 1.

**Limits.** The crosswalk is a judgement by name, without a second reader. A broad item touches many codes: lists of few broad items echo
more. A mapped item says nothing of money or action.

**References.** Jaccard 1912, New Phytologist 11:37-50; Simpson 1943, American Journal of Science 241:1-31 (overlap); Lex et al. 2014, IEEE
Transactions on Visualization and Computer Graphics 20:1983-1992 (sets as a matrix). Echo and tailoring rate are conventions of this tool.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let words = |name| params.texts(name).into_iter().map(str::to_owned).collect();
    Ok(Box::new(PrioritySets {
        lists: words("lists"),
        schemes: words("schemes"),
    }))
}

#[derive(Debug)]
struct PrioritySets {
    lists: Vec<String>,
    schemes: Vec<String>,
}

/// An item with its codes in one scheme.
struct Mapped<'a> {
    number: &'a str,
    item: &'a Item,
    codes: BTreeSet<&'a str>,
}

impl Mapped<'_> {
    /// How far it meets this scheme: one that has no code of it meets nothing.
    fn fit(&self) -> Fit {
        match self.item.fit {
            _ if self.codes.is_empty() => Fit::None,
            Some(Fit::Full) => Fit::Full,
            _ => Fit::Partial,
        }
    }
}

/// One list beside one scheme.
struct Side<'a> {
    list: &'a str,
    scheme: &'a str,
    items: Vec<Mapped<'a>>,
    /// Membership of the codes of the scheme, in order.
    set: Vec<bool>,
    universe: Vec<&'a str>,
}

impl Side<'_> {
    fn count(&self, fit: Fit) -> usize {
        self.items.iter().filter(|i| i.fit() == fit).count()
    }

    fn touched(&self) -> usize {
        self.set.iter().filter(|x| **x).count()
    }

    /// The best fit of the items that touch a code: 1 in full, 1/2 in part, 0 not at all.
    fn reach(&self, code: &str) -> f64 {
        let best = self
            .items
            .iter()
            .filter(|i| i.codes.contains(code))
            .map(Mapped::fit)
            .max();
        match best {
            Some(Fit::Full) => 1.0,
            Some(Fit::Partial) => 0.5,
            _ => 0.0,
        }
    }
}

impl Analysis for PrioritySets {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Priorities]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let policy = &study.atlas.policy;
        let mut table = rates_table();
        let mut pairs = pairs_table();
        let mut each = items_table();
        let mut view = Vec::new();
        let mut pair_view = Vec::new();
        let mut sides_of = Vec::new();
        for scheme in &self.schemes {
            let sides = self
                .lists
                .iter()
                .map(|list| side(study, list, scheme))
                .collect::<Result<Vec<_>, _>>()?;
            let sets: Vec<Vec<bool>> = sides.iter().map(|s| s.set.clone()).collect();
            let failed = |e| AnalysisError::statistic("comparison of sets", e);
            let lone = alone(&sets).map_err(failed)?;
            for (s, own) in sides.iter().zip(lone) {
                rates(policy, s, own, &mut table);
                view.push(rates_row(policy, s));
            }
            for (i, a) in sides.iter().enumerate() {
                for b in &sides[i + 1..] {
                    let c = compare_sets(&a.set, &b.set).map_err(failed)?;
                    let back = compare_sets(&b.set, &a.set).map_err(failed)?;
                    pair_rows((a, b), (c, back), &mut pairs);
                    pair_view.push(pair_row(policy, (a, b), (c, back)));
                }
            }
            sides_of.push(sides);
        }
        let item_view = items_rows(policy, &sides_of, &mut each);
        let figures = sides_of.iter().map(|s| figure(policy, s)).collect();
        let mut tables = vec![table.with_view(rates_view(view))];
        if !pair_view.is_empty() {
            tables.push(pairs.with_view(pairs_view(pair_view)));
        }
        tables.push(each.with_view(items_view(&self.schemes, item_view)));
        let mut notes = vec![Note::new(
            NoteKind::Trust,
            "Which national code an item touches, and whether in full or in part, is the judgement of one analyst by name; \
             fit is judged once an item for all national lists.",
        )];
        if let Some(unshown) = self.schemes.get(SHOWN_SCHEMES..).filter(|u| !u.is_empty()) {
            let text = format!(
                "The table of items has no column for {}; the CSV has.",
                unshown.join(", ")
            );
            notes.push(Note::new(NoteKind::Method, text));
        }
        Ok(Findings {
            tables,
            figures,
            notes,
        })
    }
}

fn side<'a>(study: &'a Study, list: &'a str, scheme: &'a str) -> Result<Side<'a>, AnalysisError> {
    let policy = &study.atlas.policy;
    let universe: Vec<&str> = policy
        .items_of(scheme)
        .into_iter()
        .map(|(_, item)| item.code.as_str())
        .filter(|code| !code.is_empty())
        .collect();
    if universe.is_empty() {
        return Err(unknown("national list with codes", scheme, policy));
    }
    let mut codes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let touched = study.atlas.relations.priorities.iter();
    for row in touched.filter(|row| row.list == list && row.scheme == scheme) {
        codes
            .entry(row.item.as_str())
            .or_default()
            .insert(row.code.as_str());
    }
    let items: Vec<Mapped<'_>> = policy
        .items_of(list)
        .into_iter()
        .map(|(number, item)| Mapped {
            number,
            item,
            codes: codes.get(number).cloned().unwrap_or_default(),
        })
        .collect();
    if items.is_empty() {
        return Err(unknown("priority list", list, policy));
    }
    let set = universe
        .iter()
        .map(|code| items.iter().any(|i| i.codes.contains(code)))
        .collect();
    Ok(Side {
        list,
        scheme,
        items,
        set,
        universe,
    })
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn rates_table() -> Table {
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

fn rates(policy: &Policy, side: &Side<'_>, own: usize, table: &mut Table) {
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
            title(policy, side.list).into(),
            statistic.into(),
            estimate.into(),
            n.into(),
        ]);
    }
}

fn rates_row(policy: &Policy, side: &Side<'_>) -> ViewRow {
    let count = |n: usize| Shown::Number(n as f64, Style::Fixed(0));
    ViewRow {
        cells: vec![
            Shown::Text(title(policy, side.list)),
            Shown::Text(side.scheme.to_owned()),
            count(side.items.len()),
            count(side.count(Fit::Full)),
            count(side.count(Fit::Partial)),
            Shown::maybe(share(side.count(Fit::None), side.items.len()), Style::Percent(1)),
            Shown::maybe(share(side.touched(), side.universe.len()), Style::Percent(1)),
        ],
        strong: false,
    }
}

fn rates_view(rows: Vec<ViewRow>) -> View {
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

fn pairs_table() -> Table {
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

type Pair<'a> = (&'a Side<'a>, &'a Side<'a>);

fn pair_rows((a, b): Pair<'_>, (c, back): (SetComparison, SetComparison), table: &mut Table) {
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

fn pair_row(policy: &Policy, (a, b): Pair<'_>, (c, back): (SetComparison, SetComparison)) -> ViewRow {
    ViewRow {
        cells: vec![
            Shown::Text(format!("{} and {}", title(policy, a.list), title(policy, b.list))),
            Shown::Text(a.scheme.to_owned()),
            Shown::Number(c.both as f64, Style::Fixed(0)),
            Shown::maybe(c.containment, Style::Percent(1)),
            Shown::maybe(back.containment, Style::Percent(1)),
            Shown::maybe(c.jaccard, Style::Fixed(3)),
            Shown::maybe(c.overlap, Style::Fixed(3)),
        ],
        strong: false,
    }
}

fn pairs_view(rows: Vec<ViewRow>) -> View {
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

fn items_table() -> Table {
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
const SHOWN_SCHEMES: usize = 4;

/// Fills the table, and gives a row for readers an item.
fn items_rows(policy: &Policy, schemes: &[Vec<Side<'_>>], table: &mut Table) -> Vec<ViewRow> {
    let mut view = Vec::new();
    let lists = schemes.first().map_or(0, Vec::len);
    for l in 0..lists {
        for i in 0..schemes[0][l].items.len() {
            let first = &schemes[0][l];
            let item = first.items[i].item;
            let mut cells = vec![
                Shown::Text(title(policy, first.list)),
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

fn items_view(schemes: &[String], rows: Vec<ViewRow>) -> View {
    let mut head = vec![Head::text("List"), Head::text("Item"), Head::text("Category")];
    head.extend(schemes.iter().take(SHOWN_SCHEMES).map(Head::text));
    View {
        head,
        rows,
        source: "Crosswalk of priorities".to_owned(),
    }
}

/// Lists by national codes, as a matrix.
fn figure(policy: &Policy, sides: &[Side<'_>]) -> Figure {
    let first = &sides[0];
    let row = |side: &Side<'_>| HeatRow {
        label: title(policy, side.list),
        values: first.universe.iter().map(|c| Some(side.reach(c))).collect(),
        role: Role::Other,
    };
    let most = sides.iter().max_by_key(|s| s.touched()).unwrap_or(first);
    Figure {
        id: format!("{}-{}", ENTRY.id, first.scheme.to_lowercase()),
        title: format!("Which codes of {} the lists take up", first.scheme),
        alt: format!(
            "Of {} codes of {}, {} takes up the most: {}.",
            first.universe.len(),
            first.scheme,
            title(policy, most.list),
            most.touched()
        ),
        source: "Crosswalk of priorities".to_owned(),
        chart: Chart::Heat {
            axis: Axis::new("Taken up: 1 in full, 1/2 in part", ""),
            centre: None,
            columns: first.universe.iter().map(|c| (*c).to_owned()).collect(),
            rows: sides.iter().map(row).collect(),
        },
    }
}
