//! `ranking`: the regions of a set in order of one indicator.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Mark, Role};
use quyu_core::number::{ordinal, ranks, styled};
use quyu_core::{
    Analysis, AnalysisError, Block, Cell, Column, Direction, Entry, Findings, Head, Indicator, Need, Param,
    ParamError, ParamKind, Params, Progress, RegionCode, Shown, Study, Table, Term, View, ViewRow,
};

use crate::{largest, style_of};

/// The declaration of `ranking`.
pub(crate) const ENTRY: Entry = Entry {
    id: "ranking",
    summary: "The regions of a set in order of one indicator",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "the indicator that ranks"),
        Param::with_default(
            "among",
            ParamKind::Choice(&["reference", "focus"]),
            "reference",
            "rank the members of the reference, or those of the focus",
        ),
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Where does the region stand among its peers?

**Definition.** Regions in order of the indicator in the last year of the period, best first; an indicator without a better
direction puts the largest first. The rank is one plus the number of regions with a better value, so equal values share the
smaller rank. The line in the figure is the value of the reference, computed from its members.

**Limits.** Ranks hide distances: read the values.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let value = params.term(ENTRY.id, "value")?;
    Ok(Box::new(Ranking {
        value,
        focus_only: params.text("among") == Some("focus"),
    }))
}

#[derive(Debug)]
struct Ranking {
    value: Term,
    focus_only: bool,
}

impl Analysis for Ranking {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone())]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let set = if self.focus_only {
            &study.focus
        } else {
            &study.reference
        };
        let year = study.period.to;
        let indicator = study.atlas.codebook.check(&self.value)?;
        let block = study.block(std::slice::from_ref(&self.value), set.members(), &[year])?;
        let values = block.column(0, 0);
        let sign = if indicator.direction == Direction::Lower {
            -1.0
        } else {
            1.0
        };
        let rank = ranks(&values.iter().map(|x| sign * x).collect::<Vec<_>>());
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&i| (rank[i], block.regions[i].clone()));
        let mean = study
            .aggregate(&self.value, set, year)
            .ok()
            .flatten()
            .map(|d| d.value);
        let ranked = Ranked {
            study,
            indicator,
            block: &block,
            order: &order,
            rank: &rank,
        };
        let table = ranked.table(&self.value);
        let figure = ranked.figure(&self.value, mean.filter(|_| indicator_is_ratio(indicator)));
        Ok(Findings {
            tables: vec![table],
            figures: vec![figure],
            notes: block.notes.clone(),
        })
    }
}

/// A sum over all regions is no yardstick for one of them; a ratio is.
fn indicator_is_ratio(indicator: &Indicator) -> bool {
    matches!(indicator.nature, quyu_core::Nature::Intensive { .. })
}

struct Ranked<'a> {
    study: &'a Study,
    indicator: &'a Indicator,
    block: &'a Block,
    order: &'a [usize],
    rank: &'a [usize],
}

impl Ranked<'_> {
    fn in_focus(&self, region: &RegionCode) -> bool {
        self.study.focus.contains(region)
    }

    /// Where every region is in the focus, none stands out.
    fn all_in_focus(&self) -> bool {
        self.block.regions.iter().all(|r| self.in_focus(r))
    }

    fn table(&self, term: &Term) -> Table {
        let label = self.study.atlas.codebook.label(term);
        let year = self.block.years[0];
        let unit = self.indicator.unit.clone();
        let mut table = Table::new(
            ENTRY.id,
            format!("{label}, {year}"),
            vec![
                Column::key(C::Rank),
                Column::key(C::Region),
                Column::key(C::Name),
                Column::key(C::Year),
                Column::key(C::Statistic),
                Column::of(C::Value, unit.clone()),
            ],
        );
        let mut rows = Vec::new();
        let values = self.block.column(0, 0);
        let style = style_of(&unit, largest(values.iter().copied()));
        for &i in self.order {
            let region = &self.block.regions[i];
            let name = self.study.atlas.regions.label(region);
            table.push(vec![
                self.rank[i].into(),
                region.to_string().into(),
                name.clone().into(),
                Cell::Integer(i64::from(year.get())),
                term.to_string().into(),
                values[i].into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(self.rank[i].to_string()),
                    Shown::Text(name),
                    Shown::Number(values[i], style),
                ],
                strong: self.in_focus(region) && !self.all_in_focus(),
            });
        }
        let head = vec![
            Head::number("Rank"),
            Head::text("Region"),
            Head::number(format!("{label} ({unit})")),
        ];
        table.with_view(View {
            head,
            rows,
            source: self.block.source.clone(),
        })
    }

    fn figure(&self, term: &Term, mean: Option<f64>) -> Figure {
        let label = self.study.atlas.codebook.label(term);
        let values = self.block.column(0, 0);
        let unit = &self.indicator.unit;
        let style = style_of(unit, largest(values.iter().copied()));
        let all_in_focus = self.all_in_focus();
        let bars = self
            .order
            .iter()
            .map(|&i| Bar {
                label: self.study.atlas.regions.label(&self.block.regions[i]),
                value: values[i],
                role: if self.in_focus(&self.block.regions[i]) && !all_in_focus {
                    Role::Focus
                } else {
                    Role::Other
                },
            })
            .collect();
        let name = |i: usize| self.study.atlas.regions.label(&self.block.regions[i]);
        let (first, last) = (self.order[0], self.order[self.order.len() - 1]);
        let mut alt = format!(
            "Bars of {label} in {} for {} regions. First: {} ({} {unit}); last: {} ({} {unit}).",
            self.block.years[0],
            values.len(),
            name(first),
            styled(values[first], style),
            name(last),
            styled(values[last], style),
        );
        if !all_in_focus {
            for &i in self
                .order
                .iter()
                .filter(|&&i| self.in_focus(&self.block.regions[i]))
            {
                alt.push_str(&format!(
                    " {} is {} of {}.",
                    name(i),
                    ordinal(self.rank[i]),
                    values.len()
                ));
            }
        }
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{label}, {}", self.block.years[0]),
            alt,
            source: self.block.source.clone(),
            chart: Chart::Bars {
                axis: Axis::new(label, unit.clone()),
                bars,
                reference: mean.map(|value| Mark {
                    label: "all regions together".into(),
                    value,
                }),
            },
        }
    }
}
