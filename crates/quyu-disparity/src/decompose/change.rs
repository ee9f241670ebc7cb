//! `decompose-change`: the change of the mean log deviation between two years, and its causes.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::region::Group;
use quyu_core::{
    Analysis, AnalysisError, Block, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param,
    ParamError, ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{self, MldChange, MldChangeGroup, decompose_ge, mld_change};

use super::by_rows;
use super::columns::{choices, notes, source, with_choices};
use super::common::{Place, one_group};
use super::groups::GROUP;
use super::split::counts;
use crate::sample::{VALUE, VINTAGE, WEIGHT};

const YEAR: ParamKind = ParamKind::Integer { min: 1800, max: 2200 };

/// The declaration of `decompose-change`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose-change",
    summary: "Why inequality changed: within groups, by moves of population, by relative group means",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        GROUP,
        Param::optional("from", YEAR, "first year; by default that of the period"),
        Param::optional("to", YEAR, "last year; by default that of the period"),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["exact", "approximation"]),
            "exact",
            "relative group means, which add up, or group means as the article prints them",
        ),
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\n",
    build: |p| Ok(Box::new(Change::new(p)?)),
    additive: Some(by_rows::change),
};

const MANUAL: &str = "\
**Question.** Inequality moved between two years: because it moved inside the groups, because people moved between groups, or because the groups
grew apart?

**Definition.** For the mean log deviation L, with shares of the weight v_g, L_g inside group g, group means m_g and the mean of all m; a bar is the mean
of the two years, d the difference:
dL = sum v_g dL_g (*within*) + sum L_g dv_g (*population-within*) - sum ln(m_g/m) dv_g (*population-between*) - sum v_g d ln(m_g/m) (*means*),
every factor without d being a mean of two years. The four add up to the change to 1e-12. Rows that end in *-group* are the addends of the
groups; between groups only their sums have a meaning of their own. Without a weight every region counts once, and no population moves unless regions
do.

**Variant `approximation`.** The article's printed form replaces the two last parts by sum (r_g - ln r_g) dv_g and sum (s_g - v_g) d ln m_g with r_g = m_g/m and
shares of the total s_g; what this leaves is the row *error*.

**Limits.** An identity, not a cause. The years must lie in one series of vintages. A value of zero is an error, because L is infinite there.

**References.** Mookherjee and Shorrocks 1982, Economic Journal 92:886-902.
";

#[derive(Debug)]
struct Change {
    value: Term,
    weight: Option<Term>,
    group: String,
    from: Option<Year>,
    to: Option<Year>,
    approximate: bool,
    vintages: Vec<String>,
}

/// One choice of vintages, worked out.
struct Worked {
    label: String,
    block: Block,
    groups: Vec<Group>,
    /// In each of the two years.
    n: [Vec<usize>; 2],
    of: MldChange,
}

impl Change {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let year = |name: &str| {
            let number = params.integer(name)?;
            i32::try_from(number).ok().and_then(|y| Year::new(y).ok())
        };
        let weight = params.text("weight").map(|_| params.term(ENTRY.id, "weight"));
        Ok(Self {
            value: params.term(ENTRY.id, "value")?,
            weight: weight.transpose()?,
            group: params.text("group").unwrap_or_default().to_owned(),
            from: year("from"),
            to: year("to"),
            approximate: params.text("variant") == Some("approximation"),
            vintages: choices(params),
        })
    }

    /// The two years, in order.
    fn years(&self, study: &Study) -> Result<(Year, Year), AnalysisError> {
        let from = self.from.unwrap_or(study.period.from);
        let to = self.to.unwrap_or(study.period.to);
        if from < to {
            return Ok((from, to));
        }
        Err(AnalysisError::Study {
            analysis: ENTRY.id,
            reason: format!("the first year ({from}) must lie before the last ({to})"),
        })
    }

    fn work(&self, study: &Study) -> Result<Worked, AnalysisError> {
        let (from, to) = self.years(study)?;
        let members = study.focus.members();
        let terms: Vec<Term> = std::iter::once(&self.value)
            .chain(&self.weight)
            .cloned()
            .collect();
        for term in &terms {
            study.one_series(term, members, from, to)?;
        }
        let block = study.block(&terms, members, &[from, to])?;
        let (labels, groups) = study
            .atlas
            .partition(&self.group)?
            .cover(&study.focus.id, &block.regions)?;
        let year = |y: usize| disparity::Year {
            x: block.column(0, y),
            w: self.weight.is_some().then(|| block.column(1, y)),
            groups: &labels,
        };
        for (y, at) in [from, to].into_iter().enumerate() {
            self.check(study, &block, &groups, at, year(y))?;
        }
        let of = mld_change(year(0), year(1), groups.len())
            .map_err(|e| self.place(study, &block, to).refuse(e, ADVICE))?;
        let n = [0, 1].map(|y| counts(year(y).w, &labels, groups.len()));
        Ok(Worked {
            label: block.vintages(&study.atlas.vintages),
            block,
            groups,
            n,
            of,
        })
    }

    fn place<'a>(&self, study: &'a Study, block: &'a Block, year: Year) -> Place<'a> {
        Place {
            analysis: ENTRY.id,
            statistic: "Theil L (mean log deviation)",
            study,
            regions: &block.regions,
            year,
        }
    }

    /// Each year by itself, so that what is wrong is said of the year and the region or group at which it is.
    fn check(
        &self,
        study: &Study,
        block: &Block,
        groups: &[Group],
        at: Year,
        year: disparity::Year<'_>,
    ) -> Result<(), AnalysisError> {
        let place = self.place(study, block, at);
        let split = decompose_ge(year.x, year.w, year.groups, groups.len(), 0.0)
            .map_err(|e| place.refuse(e, ADVICE))?;
        match split.groups.iter().position(|g| g.n == 0) {
            Some(empty) => Err(place.reason(format!(
                "the group `{}` has no region with a weight above zero in {at}, so nothing can be said of its change; leave it out of the focus",
                groups[empty].id
            ))),
            None => Ok(()),
        }
    }

    /// The parts of the change, which add up to it.
    fn parts(&self, of: &MldChange) -> Vec<(&'static str, f64)> {
        parts(of, self.approximate)
    }

    fn table(&self, title: &str, lines: &[Worked], view: View) -> Table {
        let mut table = empty(title);
        for line in lines {
            let [from, to] = [0, 1].map(|y| Cell::Integer(i64::from(line.block.years[y].get())));
            let keys = [from, to, line.label.clone().into()];
            let n = [&line.n[0], &line.n[1]].map(Vec::as_slice);
            let id = |g: usize| line.groups[g].id.clone();
            table
                .rows
                .extend(rows((&line.of, self.approximate), &keys, n, id));
        }
        table.with_view(view)
    }

    fn view(&self, lines: &[Worked], source: String) -> View {
        let mut head = vec![Head::text("Part")];
        for line in lines {
            let of = if lines.len() > 1 {
                format!(" [{}]", line.label)
            } else {
                String::new()
            };
            head.push(Head::number(format!("Contribution{of}")));
            head.push(Head::number(format!("Share of the change{of} (%)")));
        }
        let row = |label: String, strong: bool, of: &dyn Fn(&MldChange) -> f64, share: bool| {
            let mut cells = vec![Shown::Text(label)];
            for line in lines {
                cells.push(Shown::Number(
                    of(&line.of),
                    if share { Style::Signed(4) } else { Style::Fixed(4) },
                ));
                let part = of_change(of(&line.of), &line.of).filter(|_| share);
                cells.push(Shown::maybe(part, Style::Percent(1)));
            }
            ViewRow { cells, strong }
        };
        let years = lines
            .first()
            .map_or([0, 0], |l| [0, 1].map(|y| l.block.years[y].get()));
        let mut rows = vec![row(format!("Index in {}", years[0]), false, &|of| of.from, false)];
        let names: Vec<&str> = lines
            .first()
            .map(|line| self.parts(&line.of).into_iter().map(|(name, _)| name).collect())
            .unwrap_or_default();
        for (k, name) in names.iter().enumerate() {
            rows.push(row(
                words(name).to_owned(),
                false,
                &|of| self.parts(of)[k].1,
                true,
            ));
        }
        rows.push(row("Change".to_owned(), true, &|of| of.change, true));
        rows.push(row(format!("Index in {}", years[1]), false, &|of| of.to, false));
        View { head, rows, source }
    }

    fn figure(&self, title: &str, lines: &[Worked], source: String) -> Figure {
        let mut alt = format!("Diverging bars: {title}.");
        for line in lines {
            let of = &line.of;
            alt.push_str(&format!(
                " The index moved from {} to {}; within groups {}, population {}, group means {}.",
                styled(of.from, Style::Fixed(4)),
                styled(of.to, Style::Fixed(4)),
                styled(of.within, Style::Signed(4)),
                styled(of.change - of.within - of.means, Style::Signed(4)),
                styled(of.means, Style::Signed(4))
            ));
        }
        let names = lines.first().map(|line| self.parts(&line.of)).unwrap_or_default();
        let rows = lines.iter().map(|line| Stack {
            label: if lines.len() > 1 {
                line.label.clone()
            } else {
                format!("{} to {}", line.block.years[0], line.block.years[1])
            },
            parts: self.parts(&line.of).into_iter().map(|(_, x)| x).collect(),
            role: Role::Other,
        });
        Figure {
            id: ENTRY.id.to_owned(),
            title: title.to_owned(),
            alt,
            source,
            chart: Chart::Diverging {
                axis: Axis::new("Change of Theil L", ""),
                parts: names.iter().map(|(name, _)| lower_first(words(name))).collect(),
                rows: rows.collect(),
            },
        }
    }
}

const ADVICE: &str = "leave the region out of the focus: the mean log deviation is infinite there";

impl Analysis for Change {
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Period, Need::Partition(self.group.clone())];
        if self.vintages.is_empty() {
            let terms = std::iter::once(&self.value).chain(&self.weight).cloned();
            needs.extend(terms.map(Need::Indicator));
        }
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (from, to) = self.years(study)?;
        let studies = with_choices(study, &self.vintages)?;
        let lines: Vec<Worked> = studies.iter().map(|s| self.work(s)).collect::<Result<_, _>>()?;
        let partition = study.atlas.partition(&self.group)?;
        let title = format!(
            "Change of Theil L (mean log deviation) of {}, {}, by {}, {from} to {to}",
            study.atlas.codebook.label(&self.value),
            study.focus.name_en,
            lower_first(&partition.label)
        );
        let source = source(lines.iter().map(|l| &l.block));
        let mut all = notes(lines.iter().map(|l| &l.block));
        all.extend(one_group("regions", lines[0].groups.len(), &partition.id));
        all.extend(lines.iter().find_map(|line| no_change(&line.of)));
        let view = self.view(&lines, source.clone());
        Ok(Findings {
            tables: vec![self.table(&title, &lines, view)],
            figures: vec![self.figure(&title, &lines, source)],
            notes: all,
        })
    }
}

/// The table without rows.
pub(super) fn empty(title: &str) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::key(C::Group),
            Column::of(C::Contribution, "1"),
            Column::of(C::Share, "1"),
            Column::key(C::N),
        ],
    )
}

/// The rows of one change under the cells of years and vintage; `n` counts the units of each group in both years, `id` names it.
pub(super) fn rows(
    (of, approximate): (&MldChange, bool),
    keys: &[Cell; 3],
    n: [&[usize]; 2],
    id: impl Fn(usize) -> String,
) -> Vec<Vec<Cell>> {
    let variant = if approximate { "approximation" } else { "exact" };
    let mut rows = Vec::new();
    let all = n.map(|n| n.iter().sum::<usize>());
    // What is of both years has a number of units if it is the same in both.
    let both = |[first, last]: [usize; 2]| (first == last).then_some(first);
    let mut push = |component: &str, group: Option<usize>, x: f64, share: Option<f64>, n: Option<usize>| {
        let mut row = keys.to_vec();
        row.extend([
            variant.into(),
            component.into(),
            group.map_or(Cell::Missing, |g| id(g).into()),
            x.into(),
            share.into(),
            n.map_or(Cell::Missing, Cell::from),
        ]);
        rows.push(row);
    };
    push("first-year", None, of.from, None, Some(all[0]));
    push("last-year", None, of.to, None, Some(all[1]));
    push("total", None, of.change, of_change(of.change, of), both(all));
    for (part, x) in parts(of, approximate) {
        push(part, None, x, of_change(x, of), both(all));
    }
    for (g, group) in of.groups.iter().enumerate() {
        for (part, x) in addends(group, approximate) {
            push(part, Some(g), x, of_change(x, of), both(n.map(|n| n[g])));
        }
    }
    rows
}

/// The parts of a change, which add up to it.
fn parts(of: &MldChange, approximate: bool) -> Vec<(&'static str, f64)> {
    let mut parts = vec![("within", of.within), ("population-within", of.population_within)];
    if approximate {
        parts.push(("population-between", of.approximation.population_between));
        parts.push(("means", of.approximation.means));
        parts.push(("error", of.approximation.error));
    } else {
        parts.push(("population-between", of.population_between));
        parts.push(("means", of.means));
    }
    parts
}

/// Said where there is no change to share out.
pub(super) fn no_change(of: &MldChange) -> Option<Note> {
    let text = "The index is the same in both years, so the parts have no shares.";
    (of.change == 0.0).then(|| Note::new(NoteKind::Method, text))
}

/// A part over the change, of either sign.
fn of_change(part: f64, of: &MldChange) -> Option<f64> {
    (of.change != 0.0).then(|| part / of.change)
}

/// The addends of a group; the approximation has other ones between groups.
fn addends(group: &MldChangeGroup, approximate: bool) -> Vec<(&'static str, f64)> {
    let mut parts = vec![
        ("within-group", group.within),
        ("population-within-group", group.population_within),
    ];
    if !approximate {
        parts.push(("population-between-group", group.population_between));
        parts.push(("means-group", group.means));
    }
    parts
}

fn words(part: &str) -> &'static str {
    match part {
        "within" => "Within groups",
        "population-within" => "Population, by inequality inside groups",
        "population-between" => "Population, by group means",
        "means" => "Relative group means",
        _ => "Error of the approximation",
    }
}
