//! The tables of structural change.

use quyu_core::ColumnName as C;
use quyu_core::{AnalysisError, Cell, Column, Head, Shown, Style, Table, View, ViewRow, Year};
use quyu_econometrics::shift_share::{GroupContribution, group_contributions};

use super::indices::{Indices, unit};
use super::{ENTRY, Worked};
use crate::frame::refuse;

fn year(y: Year) -> Cell {
    Cell::Integer(i64::from(y.get()))
}

/// A group beside its label.
pub(super) type Labelled = (String, String, GroupContribution);

impl Worked<'_> {
    pub(super) fn tables(&self) -> Result<Vec<Table>, AnalysisError> {
        let sectors = self.sectors()?;
        let mut tables = vec![self.main(), self.regions_table()];
        tables.push(self.contributions("classes", C::Class, "sector", &sectors));
        if self.grouped {
            let groups = self.groups()?;
            tables.push(self.contributions("groups", C::Group, "group of sectors", &groups));
        }
        Ok(tables)
    }

    /// What each sector added.
    pub(super) fn sectors(&self) -> Result<Vec<Labelled>, AnalysisError> {
        let count = self.frame.terms.len();
        let found = self.contribution(&(0..count).collect::<Vec<_>>())?;
        let named = found.into_iter().enumerate();
        Ok(named
            .map(|(s, group)| (self.frame.class(s), self.frame.sector(s), group))
            .collect())
    }

    /// What each group added.
    pub(super) fn groups(&self) -> Result<Vec<Labelled>, AnalysisError> {
        let (labels, names) = &self.labels;
        let found = self.contribution(labels)?;
        let named = found.into_iter().zip(names);
        Ok(named
            .map(|(group, name)| (name.clone(), name.clone(), group))
            .collect())
    }

    fn contribution(&self, labels: &[usize]) -> Result<Vec<GroupContribution>, AnalysisError> {
        let (first, last) = (&self.focus[0], &self.focus[self.focus.len() - 1]);
        group_contributions(first, last, labels).map_err(|e| match e {
            quyu_econometrics::Error::Zero { .. } => refuse(
                ENTRY.id,
                format!(
                    "all sectors of {} are zero in a year, so nothing grows",
                    self.frame.study.focus.name_en
                ),
            ),
            other => self.frame.failed(other),
        })
    }

    /// The focus and the reference over the whole period, and the focus step by step.
    fn main(&self) -> Table {
        let frame = self.frame;
        let study = frame.study;
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{}: change of the structure of {}, {}",
                study.focus.name_en,
                self.label,
                frame.span()
            ),
            statistics(),
        );
        let mut rows = Vec::new();
        let (focus, reference) = (&study.focus, &study.reference);
        let mut lines = vec![(
            &focus.id,
            &focus.name_en,
            (frame.from(), frame.to()),
            &self.whole[0],
        )];
        if focus.members() != reference.members() {
            let span = (frame.from(), frame.to());
            lines.push((&reference.id, &reference.name_en, span, &self.whole[1]));
        }
        if self.steps.len() > 1 {
            for (pair, step) in frame.years.windows(2).zip(&self.steps) {
                lines.push((&focus.id, &focus.name_en, (pair[0], pair[1]), step));
            }
        }
        for (at, (id, name, (from, to), indices)) in lines.into_iter().enumerate() {
            push(&mut table, id, name, (from, to), indices);
            rows.push(view_row(name, (from, to), indices, at == 0));
        }
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::text("Change"),
                Head::number("Lilien"),
                Head::number("NAV (%)"),
                Head::number("Moore (degrees)"),
            ],
            rows,
            source: frame.source.clone(),
        })
    }

    /// Every region of the focus and the reference over the whole period.
    fn regions_table(&self) -> Table {
        let frame = self.frame;
        let title = format!(
            "Change of the structure of {}, all regions, {}",
            self.label,
            frame.span()
        );
        let mut table = Table::new("regions", title, statistics());
        for (r, indices) in self.regions.iter().enumerate() {
            let (code, name) = (frame.regions[r].to_string(), frame.region(r));
            push(&mut table, &code, &name, (frame.from(), frame.to()), indices);
        }
        table
    }

    /// What the sectors, or groups of them, added to the growth of the focus.
    fn contributions(&self, id: &str, key: C, what: &str, groups: &[Labelled]) -> Table {
        let frame = self.frame;
        let focus = &frame.study.focus;
        let mut table = Table::new(
            id,
            format!(
                "{}: growth by {what}, {}, {}",
                focus.name_en,
                self.label,
                frame.span()
            ),
            [
                C::Region,
                key,
                C::Name,
                C::From,
                C::To,
                C::Statistic,
                C::Estimate,
                C::Unit,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let mut rows = Vec::new();
        for (code, label, group) in groups {
            for (statistic, estimate, unit) in self.named(group) {
                table.push(vec![
                    focus.id.clone().into(),
                    code.clone().into(),
                    label.clone().into(),
                    year(frame.from()),
                    year(frame.to()),
                    statistic.into(),
                    estimate.into(),
                    unit.into(),
                ]);
            }
            rows.push(contribution_row(label, group));
        }
        let head = |text: String| Head::number(text);
        table.with_view(View {
            head: vec![
                Head::text(if key == C::Group { "Group" } else { "Sector" }),
                head(format!("{} ({})", frame.from(), self.unit)),
                head(frame.to().to_string()),
                head(format!("Share {} (%)", frame.from())),
                head(format!("Share {} (%)", frame.to())),
                head("Growth (%)".to_owned()),
                head("Contribution (% points)".to_owned()),
            ],
            rows,
            source: frame.source.clone(),
        })
    }

    fn named(&self, group: &GroupContribution) -> [(&'static str, Option<f64>, String); 7] {
        let pure = || "1".to_owned();
        [
            ("base", Some(group.base), self.unit.clone()),
            ("end", Some(group.end), self.unit.clone()),
            ("base-share", Some(group.base_share), pure()),
            ("end-share", Some(group.end_share), pure()),
            ("growth", group.growth, pure()),
            ("contribution", Some(group.contribution), pure()),
            ("share-of-growth", group.share_of_change, pure()),
        ]
    }
}

fn contribution_row(label: &str, group: &GroupContribution) -> ViewRow {
    ViewRow {
        cells: vec![
            Shown::Text(label.to_owned()),
            Shown::Number(group.base, Style::Fixed(0)),
            Shown::Number(group.end, Style::Fixed(0)),
            Shown::Number(group.base_share, Style::Percent(1)),
            Shown::Number(group.end_share, Style::Percent(1)),
            Shown::maybe(group.growth, Style::SignedPercent(1)),
            Shown::Number(group.contribution, Style::SignedPercent(1)),
        ],
        strong: false,
    }
}

/// Columns of a table of indices.
fn statistics() -> Vec<Column> {
    [
        C::Region,
        C::Name,
        C::From,
        C::To,
        C::Statistic,
        C::Estimate,
        C::Unit,
    ]
    .map(Column::key)
    .to_vec()
}

fn push(table: &mut Table, code: &str, name: &str, (from, to): (Year, Year), indices: &Indices) {
    for (statistic, estimate) in indices.named() {
        table.push(vec![
            code.into(),
            name.into(),
            year(from),
            year(to),
            statistic.into(),
            estimate.into(),
            unit(statistic).into(),
        ]);
    }
}

fn view_row(name: &str, (from, to): (Year, Year), indices: &Indices, strong: bool) -> ViewRow {
    ViewRow {
        cells: vec![
            Shown::Text(name.to_owned()),
            Shown::Text(format!("{from}–{to}")),
            Shown::maybe(indices.lilien.ok(), Style::Fixed(3)),
            Shown::Number(indices.nav, Style::Percent(1)),
            Shown::Number(indices.degrees(), Style::Fixed(1)),
        ],
        strong,
    }
}
