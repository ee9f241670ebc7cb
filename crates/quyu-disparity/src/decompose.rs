//! `decompose`: inequality within and between groups of regions.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::region::Group;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind, Params,
    Progress, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{GeDecomposition, decompose_ge};

use crate::index::at_region;
use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE, WEIGHT};

/// The declaration of `decompose`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose",
    summary: "Inequality within and between groups of regions, with each group's contribution",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        Param::required(
            "group",
            ParamKind::Expr,
            "the partition of the regions into groups",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["theil-t", "mld"]),
            "theil-t",
            "the index that is split: Theil's T or L",
        ),
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How much of the inequality lies between groups of regions, and how much inside which group?

**Definition.** With v_g the group's share of the weight and s_g its share of the total:
Theil T = sum s_g T_g + sum s_g ln(s_g / v_g); Theil L (mean log deviation) = sum v_g L_g + sum v_g ln(v_g / s_g). The first sum is
*within*, the second *between*. The contribution of a group to *within* is its addend, which is never negative; its addend of
*between* is positive for a group above the mean in T (below it in L) and negative on the other side, and only their sum
has a meaning of its own. Within is computed from the groups, not as a remainder; the parts add up to the total to
1e-12. Shares are of the total index.

**Limits.** The split depends on the partition: more groups put more into *between*. A group of one region has no inequality
inside.

**References.** Theil 1967; Shorrocks 1984, Econometrica 52:1369-1385.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Decompose {
        sample: Sample::new(ENTRY.id, params)?,
        group: params.text("group").unwrap_or_default().to_owned(),
        mld: params.text("variant") == Some("mld"),
    }))
}

#[derive(Debug)]
struct Decompose {
    sample: Sample,
    group: String,
    mld: bool,
}

/// The split of one year of one line.
struct Split {
    line: String,
    year: Year,
    parts: GeDecomposition,
}

impl Analysis for Decompose {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.push(Need::Partition(self.group.clone()));
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let partition = study.atlas.partition(&self.group)?;
        let lines = self.sample.lines(study)?;
        let (_, groups) = partition.cover(&study.focus.id, &lines[0].block.regions)?;
        let mut splits = Vec::new();
        for line in &lines {
            let (labels, of_line) = partition.cover(&study.focus.id, &line.block.regions)?;
            if of_line != groups {
                return Err(AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: "the lines cover different groups, so they cannot stand in one table".to_owned(),
                });
            }
            splits.extend(self.splits(line, &labels, groups.len())?);
        }
        let title = self.title(study, &partition.label);
        let source = sample::source(&lines);
        let table = self.table(&title, &groups, &splits, lines.len() > 1, &source);
        let figure = self.figure(&title, &groups, &splits, lines.len() > 1, source);
        Ok(Findings {
            tables: vec![table],
            figures: vec![figure],
            notes: sample::notes(&lines),
        })
    }
}

impl Decompose {
    fn name(&self) -> &'static str {
        if self.mld {
            "Theil L (mean log deviation)"
        } else {
            "Theil T"
        }
    }

    fn title(&self, study: &Study, partition: &str) -> String {
        format!(
            "{} of {}, {}, by {}",
            self.name(),
            study.atlas.codebook.label(self.sample.value()),
            study.focus.name_en,
            lower_first(partition)
        )
    }

    fn splits(&self, line: &Line, labels: &[usize], groups: usize) -> Result<Vec<Split>, AnalysisError> {
        let alpha = if self.mld { 0.0 } else { 1.0 };
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let parts = decompose_ge(line.x(y), line.w(y), labels, groups, alpha)
                .map_err(|e| at_region(self.name(), e, &line.block.regions))?;
            out.push(Split {
                line: line.label.clone(),
                year: *year,
                parts,
            });
        }
        Ok(out)
    }

    fn table(&self, title: &str, groups: &[Group], splits: &[Split], several: bool, source: &str) -> Table {
        let mut table = Table::new(
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
        );
        let variant = if self.mld { "mld" } else { "theil-t" };
        for s in splits {
            let mut push = |component: &str, group: Option<&Group>, estimate: f64, n: Option<usize>| {
                table.push(vec![
                    Cell::Integer(i64::from(s.year.get())),
                    s.line.clone().into(),
                    variant.into(),
                    component.into(),
                    group.map_or(Cell::Missing, |g| g.id.clone().into()),
                    estimate.into(),
                    share(estimate, s.parts.total).into(),
                    n.map_or(Cell::Missing, Cell::from),
                ]);
            };
            push(
                "total",
                None,
                s.parts.total,
                Some(s.parts.groups.iter().map(|g| g.n).sum()),
            );
            push("between", None, s.parts.between, None);
            push("within", None, s.parts.within, None);
            for (group, part) in groups.iter().zip(&s.parts.groups) {
                push("within-group", Some(group), part.within, Some(part.n));
                push("between-group", Some(group), part.between, Some(part.n));
                if let Some(index) = part.index {
                    push("inside", Some(group), index, Some(part.n));
                }
            }
        }
        table.with_view(self.view(groups, splits, several, source))
    }

    fn view(&self, groups: &[Group], splits: &[Split], several: bool, source: &str) -> View {
        let mut head = vec![
            Head::text("Year"),
            Head::number(self.name()),
            Head::number("Between groups (%)"),
        ];
        head.extend(
            groups
                .iter()
                .map(|g| Head::number(format!("Within {} (%)", g.label))),
        );
        let rows = splits
            .iter()
            .map(|s| {
                let year = if several {
                    format!("{} [{}]", s.year, s.line)
                } else {
                    s.year.to_string()
                };
                let percent = |x: f64| Shown::maybe(share(x, s.parts.total), Style::Percent(1));
                let mut cells = vec![
                    Shown::Text(year),
                    Shown::Number(s.parts.total, Style::Fixed(4)),
                    percent(s.parts.between),
                ];
                cells.extend(s.parts.groups.iter().map(|g| percent(g.within)));
                ViewRow { cells, strong: false }
            })
            .collect();
        View {
            head,
            rows,
            source: source.to_owned(),
        }
    }

    fn figure(
        &self,
        title: &str,
        groups: &[Group],
        splits: &[Split],
        several: bool,
        source: String,
    ) -> Figure {
        let mut parts = vec!["between groups".to_owned()];
        parts.extend(groups.iter().map(|g| format!("within {}", g.label)));
        let bars = splits
            .iter()
            .map(|s| {
                let mut values = vec![s.parts.between];
                values.extend(s.parts.groups.iter().map(|g| g.within));
                // Two vintages of one year stand side by side, told apart by their label.
                let label = if several {
                    format!("{} {}", s.year, s.line)
                } else {
                    s.year.to_string()
                };
                Stack {
                    label,
                    parts: values,
                    role: Role::Other,
                }
            })
            .collect();
        let mut alt = format!("Stacked bars of {title}.");
        if let (Some(first), Some(last)) = (splits.first(), splits.last()) {
            for s in [first, last] {
                alt.push_str(&format!(
                    " {}: {}, of which {} % between groups.",
                    s.year,
                    styled(s.parts.total, Style::Fixed(4)),
                    styled(
                        share(s.parts.between, s.parts.total).unwrap_or(0.0),
                        Style::Percent(1)
                    )
                ));
            }
        }
        Figure {
            id: ENTRY.id.to_owned(),
            title: title.to_owned(),
            alt,
            source,
            chart: Chart::Stacked {
                axis: Axis::new(self.name(), ""),
                parts,
                bars,
            },
        }
    }
}

fn share(part: f64, total: f64) -> Option<f64> {
    (total > 0.0).then(|| part / total)
}
