//! `decompose-nested`: Theil's indices over groups, the groups inside them, and the regions inside those.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Figure};
use quyu_core::number::{lower_first, styled};
use quyu_core::region::Group;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{NestedDecomposition, decompose_nested};

use super::by_rows;
use super::common::{Pair, Place, ZERO_ADVICE, bar, one_group, parts_chart, share, year_cell};
use super::groups::{ALPHA, GROUP};
use super::split::Form;
use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE, WEIGHT};

/// The declaration of `decompose-nested`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose-nested",
    summary: "Theil's indices between groups, between the groups inside them, and within those",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        GROUP,
        Param::required(
            "nested",
            ParamKind::Expr,
            "a finer partition; one of its groups counts once in each group of the first that it meets",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["theil-t", "mld", "ge"]),
            "theil-t",
            "the index that is split: Theil's T or L, or generalised entropy of order `alpha`",
        ),
        ALPHA,
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\nnested = \"zones\"\n",
    build: |p| Ok(Box::new(Nested::new(p)?)),
    additive: Some(by_rows::nested),
};

const MANUAL: &str = "\
**Question.** At which level does inequality arise: between the large groups, between the small groups inside one large group, or
inside the small groups?

**Definition.** Two stages of the same split. For Theil's T, with s_g the share of group g in the total and s_gn that of its nested group n:
T = T of the group means + sum s_g T_g of the means of its nested groups + sum s_gn T_gn. The addends are the rows *between*,
*between-nested* and *within*; the rows *between-nested-group* and *within-group* are their addends by group, *within-nested* those by
nested group, and *inside* is the index inside a nested group. Weights are shares of the total for T (`theil-t`), shares of the weight for the
mean log deviation (`mld`), and v^(1-a) s^a for generalised entropy (`ge` with `alpha` = a). The parts add up to the total to 1e-12.

**Limits.** The shares depend on how fine the partitions are. A nested group of one region has no inequality inside. Some programs weight the
inner level by population in T, which does not add up.

**References.** Akita 2003, Annals of Regional Science 37(1):55-77; Shorrocks 1984, Econometrica 52:1369-1385.
";

#[derive(Debug)]
struct Nested {
    sample: Sample,
    partitions: Pair,
    form: Form,
}

/// The split of one year of one line.
struct Split {
    line: String,
    year: Year,
    n: usize,
    of: NestedDecomposition,
}

impl Nested {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            form: Form::read(ENTRY.id, params)?,
            sample: Sample::new(ENTRY.id, params)?,
            partitions: Pair::new(
                ENTRY.id,
                params,
                "nested",
                ": nothing would lie between the two levels; take `decompose`",
            )?,
        })
    }
}

impl Analysis for Nested {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.extend(self.partitions.needs());
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (outer, inner) = (
            study.atlas.partition(&self.partitions.first)?,
            study.atlas.partition(&self.partitions.second)?,
        );
        let lines = self.sample.lines(study)?;
        let cover = |line: &Line| {
            let regions = &line.block.regions;
            let outer = outer.cover(&study.focus.id, regions)?;
            Ok::<_, AnalysisError>((outer, inner.cover(&study.focus.id, regions)?))
        };
        let ((_, groups), (_, nested)) = cover(&lines[0])?;
        let mut splits = Vec::new();
        for line in &lines {
            let ((labels, of_line), (inside, nested_of_line)) = cover(line)?;
            if of_line != groups || nested_of_line != nested {
                return Err(AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: "the lines cover different groups, so they cannot stand in one table".to_owned(),
                });
            }
            for (y, year) in line.block.years.iter().enumerate() {
                let name = self.form.name();
                let place = Place {
                    analysis: ENTRY.id,
                    statistic: &name,
                    study,
                    regions: &line.block.regions,
                    year: *year,
                };
                let (x, w) = (line.x(y), line.w(y));
                let alpha = self.form.alpha().unwrap_or(1.0);
                let of = decompose_nested(x, w, &labels, groups.len(), &inside, nested.len(), alpha)
                    .map_err(|e| place.refuse(e, ZERO_ADVICE))?;
                splits.push(Split {
                    line: line.label.clone(),
                    year: *year,
                    n: of.regions.groups.iter().map(|g| g.n).sum(),
                    of,
                });
            }
        }
        let shown = Presented {
            form: self.form,
            title: format!(
                "{} of {}, {}, by {} and {}",
                self.form.name(),
                study.atlas.codebook.label(self.sample.value()),
                study.focus.name_en,
                lower_first(&outer.label),
                lower_first(&inner.label)
            ),
            groups: &groups,
            nested: &nested,
            splits: &splits,
            several: lines.len() > 1,
            source: sample::source(&lines),
        };
        let mut notes = sample::notes(&lines);
        notes.extend(one_group("regions", groups.len(), &outer.id));
        notes.extend(
            splits
                .first()
                .and_then(|split| nothing_nested(&split.of, &inner.id)),
        );
        Ok(Findings {
            tables: vec![shown.table()],
            figures: vec![shown.figure()],
            notes,
        })
    }
}

/// Which of the two partitions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    Group,
    Nested,
}

/// The table without rows.
pub(super) fn empty(title: String) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::key(C::Group),
            Column::key(C::Nested),
            Column::of(C::Contribution, "1"),
            Column::of(C::Share, "1"),
            Column::key(C::N),
        ],
    )
}

/// The rows of one split of `n` units under the cells of year and vintage; `id` names a group.
pub(super) fn rows(
    (form, n, of): (Form, usize, &NestedDecomposition),
    keys: &[Cell; 2],
    id: impl Fn(Level, usize) -> Option<String>,
) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let named =
        |level: Level, at: Option<usize>| at.and_then(|at| id(level, at)).map_or(Cell::Missing, Cell::from);
    let mut push =
        |component: &str, group: Option<usize>, nested: Option<usize>, x: f64, n: Option<usize>| {
            rows.push(vec![
                keys[0].clone(),
                keys[1].clone(),
                form.variant().into(),
                component.into(),
                named(Level::Group, group),
                named(Level::Nested, nested),
                x.into(),
                share(x, of.total).into(),
                n.map_or(Cell::Missing, Cell::from),
            ]);
        };
    push("total", None, None, of.total, Some(n));
    push("between", None, None, of.between_regions, None);
    push("between-nested", None, None, of.between_provinces, None);
    push("within", None, None, of.within_provinces, None);
    for (g, group) in of.regions.groups.iter().enumerate() {
        let between = of.between_provinces_by_region[g];
        push("between-nested-group", Some(g), None, between, Some(group.n));
        let within = of.within_provinces_by_region[g];
        push("within-group", Some(g), None, within, Some(group.n));
    }
    // In the order of the partitions, not of the regions.
    let mut cells: Vec<_> = of.province_labels.iter().zip(&of.provinces.groups).collect();
    cells.sort_by_key(|(label, _)| **label);
    for ((g, n), cell) in cells {
        push("within-nested", Some(*g), Some(*n), cell.within, Some(cell.n));
        if let Some(index) = cell.index {
            push("inside", Some(*g), Some(*n), index, Some(cell.n));
        }
    }
    rows
}

/// Said where no group has more than one nested group.
pub(super) fn nothing_nested(of: &NestedDecomposition, partition: &str) -> Option<Note> {
    (of.province_labels.len() == of.regions.groups.len()).then(|| {
        Note::new(
            NoteKind::Method,
            format!(
                "No group has more than one group of `{partition}` inside, so nothing lies between those."
            ),
        )
    })
}

/// What is shown.
struct Presented<'a> {
    form: Form,
    title: String,
    groups: &'a [Group],
    nested: &'a [Group],
    splits: &'a [Split],
    several: bool,
    source: String,
}

impl Presented<'_> {
    fn table(&self) -> Table {
        let mut table = empty(self.title.clone());
        for split in self.splits {
            let keys = [
                Cell::Integer(i64::from(split.year.get())),
                split.line.clone().into(),
            ];
            let id = |groups: &[Group], at: usize| groups.get(at).map(|g| g.id.clone());
            let rows = rows((self.form, split.n, &split.of), &keys, |level, at| match level {
                Level::Group => id(self.groups, at),
                Level::Nested => id(self.nested, at),
            });
            table.rows.extend(rows);
        }
        table.with_view(self.view())
    }

    fn view(&self) -> View {
        let row = |split: &Split| {
            let percent = |x: f64| Shown::maybe(share(x, split.of.total), Style::Percent(1));
            ViewRow {
                cells: vec![
                    Shown::Text(year_cell(split.year, &split.line, self.several)),
                    Shown::Number(split.of.total, Style::Fixed(4)),
                    percent(split.of.between_regions),
                    percent(split.of.between_provinces),
                    percent(split.of.within_provinces),
                ],
                strong: false,
            }
        };
        View {
            head: vec![
                Head::text("Year"),
                Head::number(self.form.name()),
                Head::number("Between groups (%)"),
                Head::number("Between nested groups (%)"),
                Head::number("Within nested groups (%)"),
            ],
            rows: self.splits.iter().map(row).collect(),
            source: self.source.clone(),
        }
    }

    fn figure(&self) -> Figure {
        let parts = ["between groups", "between nested groups", "within nested groups"];
        let bars = self.splits.iter().map(|s| {
            let of = &s.of;
            let parts = vec![of.between_regions, of.between_provinces, of.within_provinces];
            bar(s.year, &s.line, self.several, parts)
        });
        let mut alt = format!("Stacked bars of {}.", self.title);
        if let (Some(first), Some(last)) = (self.splits.first(), self.splits.last()) {
            for s in [first, last] {
                let percent = |x: f64| styled(share(x, s.of.total).unwrap_or(0.0), Style::Percent(1));
                alt.push_str(&format!(
                    " {}: {}, of which {} % between groups and {} % between the groups inside them.",
                    s.year,
                    styled(s.of.total, Style::Fixed(4)),
                    percent(s.of.between_regions),
                    percent(s.of.between_provinces)
                ));
            }
        }
        Figure {
            id: ENTRY.id.to_owned(),
            title: self.title.clone(),
            alt,
            source: self.source.clone(),
            chart: parts_chart(
                Axis::new(self.form.name(), ""),
                parts.map(str::to_owned).to_vec(),
                bars.collect(),
            ),
        }
    }
}
