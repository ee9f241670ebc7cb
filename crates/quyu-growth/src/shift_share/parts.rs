//! Tables and figures of the variants whose parts add up to the change.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    AnalysisError, Cell, Column, Findings, Head, Indicator, Note, NoteKind, RegionCode, Shown, Style, Table,
    View, ViewRow, Year,
};
use quyu_econometrics::shift_share::{ShiftShare, Table as Component};

use super::ENTRY;
use super::variant::{Group, Layout};
use crate::frame::{Frame, refuse};

/// A shift-share worked out.
pub(super) struct Worked<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// What changed.
    pub(super) indicator: &'a Indicator,
    /// Its table of the first year.
    pub(super) base: &'a [f64],
    pub(super) parts: ShiftShare,
    pub(super) layout: &'static Layout,
    pub(super) dynamic: bool,
    pub(super) unit: String,
}

pub(super) fn year(y: Year) -> Cell {
    Cell::Integer(i64::from(y.get()))
}

/// Names as in a sentence: `a, b and c`.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl<'a> Worked<'a> {
    /// Everything, with the notes of the figures and the one on zeros.
    pub(super) fn findings(&self, mut notes: Vec<Note>) -> Result<Findings, AnalysisError> {
        notes.extend(self.zero_note());
        let mut figures = vec![self.sector_figure()?];
        figures.extend(self.region_figure()?);
        Ok(Findings {
            tables: vec![self.sector_table()?, self.region_table()],
            figures,
            notes,
        })
    }

    /// Sum over the regions of the focus of one part (or the change) of a sector.
    fn of_sector(&self, cells: &[f64], sector: usize) -> f64 {
        let cols = self.frame.terms.len();
        let rows = self.frame.focus_rows();
        quyu_math::sum_by(rows.len(), |k| cells[rows[k] * cols + sector])
    }

    /// The tables of the components of a group.
    pub(super) fn tables<'t>(
        &self,
        parts: &'t ShiftShare,
        group: &Group,
    ) -> Result<Vec<&'t Component>, AnalysisError> {
        let table = |component| {
            parts
                .part(component)
                .ok_or_else(|| refuse(ENTRY.id, "a component is missing from the result"))
        };
        group.components.iter().map(|c| table(*c)).collect()
    }

    /// A group of components, summed for a sector over the focus.
    fn group_of_sector(&self, group: &Group, sector: usize) -> Result<f64, AnalysisError> {
        let tables = self.tables(&self.parts, group)?;
        Ok(added(tables.iter().map(|t| self.of_sector(&t.cells, sector))))
    }

    /// Of all sectors of the focus: the first value, the change, and the groups of parts.
    pub(super) fn totals(&self) -> Result<(f64, f64, Vec<f64>), AnalysisError> {
        let sectors = self.frame.terms.len();
        let total = |cells: &[f64]| quyu_math::sum_by(sectors, |s| self.of_sector(cells, s));
        let group = |g: &Group| {
            let amounts: Vec<f64> = (0..sectors)
                .map(|s| self.group_of_sector(g, s))
                .collect::<Result<_, _>>()?;
            Ok(quyu_math::sum(&amounts))
        };
        let groups = self.layout.groups.iter().map(group);
        Ok((
            total(self.base),
            total(&self.parts.change.cells),
            groups.collect::<Result<_, AnalysisError>>()?,
        ))
    }

    fn label(&self) -> String {
        lower_first(&self.indicator.label_en)
    }

    /// The focus, sector by sector.
    fn sector_table(&self) -> Result<Table, AnalysisError> {
        let frame = self.frame;
        let study = frame.study;
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{}: shift-share of {}, {}",
                study.focus.name_en,
                self.label(),
                frame.span()
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Class),
                Column::key(C::Name),
                Column::key(C::From),
                Column::key(C::To),
                Column::key(C::Component),
                Column::of(C::Contribution, self.unit.clone()),
                Column::of(C::Share, "1"),
            ],
        );
        let sectors = frame.sectors();
        let base_total = quyu_math::sum_by(sectors.len(), |s| self.of_sector(self.base, s));
        let mut push = |class: String, label: &str, name: &str, amount: f64| {
            table.push(vec![
                study.focus.id.clone().into(),
                class.into(),
                label.into(),
                year(frame.from()),
                year(frame.to()),
                name.into(),
                amount.into(),
                (base_total > 0.0).then(|| amount / base_total).into(),
            ]);
        };
        let names: Vec<&str> = ["change"]
            .into_iter()
            .chain(self.parts.parts.iter().map(|(c, _)| c.name()))
            .collect();
        let mut totals = vec![0.0; names.len()];
        let mut group_totals = vec![0.0; self.layout.groups.len()];
        let mut rows = Vec::new();
        for (s, label) in sectors.iter().enumerate() {
            let mut amounts = vec![self.of_sector(&self.parts.change.cells, s)];
            amounts.extend(self.parts.parts.iter().map(|(_, t)| self.of_sector(&t.cells, s)));
            for (slot, amount) in amounts.iter().enumerate() {
                push(frame.class(s), label, names[slot], *amount);
                totals[slot] += amount;
            }
            let mut groups = Vec::new();
            for (slot, group) in self.layout.groups.iter().enumerate() {
                let amount = self.group_of_sector(group, s)?;
                group_totals[slot] += amount;
                groups.push(amount);
            }
            rows.push(self.view_row(label, self.of_sector(self.base, s), amounts[0], &groups, false));
        }
        for (name, amount) in names.iter().zip(&totals) {
            push("total".into(), "All sectors", name, *amount);
        }
        rows.push(self.view_row("All sectors", base_total, totals[0], &group_totals, true));
        let head = self.head("Sector");
        Ok(table.with_view(View {
            head,
            rows,
            source: frame.source.clone(),
        }))
    }

    /// The rate of change has a column of its own where there is room.
    fn shows_rate(&self) -> bool {
        self.layout.groups.len() < 4
    }

    pub(super) fn head(&self, first: &str) -> Vec<Head> {
        let mut head = vec![
            Head::text(first),
            Head::number(format!("{} ({})", self.frame.from(), self.unit)),
            Head::number("Change"),
        ];
        head.extend(self.shows_rate().then(|| Head::number("Change (%)")));
        head.extend(self.layout.groups.iter().map(|g| Head::number(g.head)));
        head
    }

    pub(super) fn view_row(
        &self,
        label: &str,
        base: f64,
        change: f64,
        groups: &[f64],
        strong: bool,
    ) -> ViewRow {
        let mut cells = vec![
            Shown::Text(label.to_owned()),
            Shown::Number(base, Style::Fixed(0)),
            Shown::Number(change, Style::Signed(0)),
        ];
        if self.shows_rate() {
            let rate = (base > 0.0).then(|| change / base);
            cells.push(Shown::maybe(rate, Style::SignedPercent(1)));
        }
        cells.extend(groups.iter().map(|x| Shown::Number(*x, Style::Signed(0))));
        ViewRow { cells, strong }
    }

    /// All regions of the reference, in total.
    fn region_table(&self) -> Table {
        let frame = self.frame;
        let mut table = Table::new(
            "regions",
            format!("Shift-share of {}, all regions, {}", self.label(), frame.span()),
            vec![
                Column::key(C::Region),
                Column::key(C::Name),
                Column::key(C::From),
                Column::key(C::To),
                Column::key(C::Component),
                Column::of(C::Contribution, self.unit.clone()),
                Column::of(C::Share, "1"),
            ],
        );
        for (r, region) in frame.regions.iter().enumerate() {
            let base = frame.total(self.base, r);
            let mut amounts = vec![("change", self.parts.change.by_region[r])];
            amounts.extend(self.parts.parts.iter().map(|(c, t)| (c.name(), t.by_region[r])));
            for (name, amount) in amounts {
                table.push(vec![
                    region.to_string().into(),
                    frame.region(r).into(),
                    year(frame.from()),
                    year(frame.to()),
                    name.into(),
                    amount.into(),
                    (base > 0.0).then(|| amount / base).into(),
                ]);
            }
        }
        table
    }

    fn labels(groups: &[Group]) -> Vec<&'static str> {
        groups.iter().map(|g| g.label).collect()
    }

    fn sector_figure(&self) -> Result<Figure, AnalysisError> {
        let frame = self.frame;
        let mut rows = Vec::new();
        for (s, label) in frame.sectors().into_iter().enumerate() {
            let groups = self.layout.groups.iter();
            rows.push(Stack {
                label,
                parts: groups
                    .map(|g| self.group_of_sector(g, s))
                    .collect::<Result<_, _>>()?,
                role: Role::Other,
            });
        }
        let skipped = self.layout.groups.len() - self.layout.beyond().len();
        let total = |row: &Stack| added(row.parts[skipped..].iter().copied());
        rows.sort_by(|a, b| total(b).total_cmp(&total(a)));
        let name = &frame.study.focus.name_en;
        let (best, worst) = (&rows[0], &rows[rows.len() - 1]);
        let said = |row: &Stack| {
            format!(
                "{} ({}, in {})",
                row.label,
                styled(total(row), Style::Signed(0)),
                self.unit
            )
        };
        let scope = if self.layout.national {
            "Beyond the national rate"
        } else {
            "In all"
        };
        let labels = Self::labels(self.layout.groups);
        Ok(Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{name}: what the sectors' growth consists of, {}", frame.span()),
            alt: format!(
                "Diverging bars of {} by sector. {scope}, {} gained most and {} least.",
                listed(&labels),
                said(best),
                said(worst)
            ),
            source: frame.source.clone(),
            chart: Chart::Diverging {
                axis: Axis::new("Contribution to growth", self.unit.clone()),
                parts: labels.into_iter().map(str::to_owned).collect(),
                rows,
            },
        })
    }

    /// What is beyond the national share, of every region in percent of its first year.
    fn region_figure(&self) -> Result<Option<Figure>, AnalysisError> {
        let (frame, groups) = (self.frame, self.layout.beyond());
        let mut rows = Vec::new();
        for r in 0..frame.regions.len() {
            let base = frame.total(self.base, r);
            if base <= 0.0 {
                continue;
            }
            let mut parts = Vec::new();
            for group in groups {
                let tables = self.tables(&self.parts, group)?;
                parts.push(added(tables.iter().map(|t| 100.0 * t.by_region[r] / base)));
            }
            rows.push(Stack {
                label: frame.region(r),
                parts,
                role: self.role(r),
            });
        }
        let net = |s: &Stack| added(s.parts.iter().copied());
        rows.sort_by(|a, b| net(b).total_cmp(&net(a)));
        let labels = Self::labels(groups);
        // Beside peers a reference may have nothing: no region has a rate.
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(None);
        };
        let mut rate = String::new();
        if self.layout.national {
            let tables = self.tables(&self.parts, &self.layout.groups[0])?;
            let national = added(tables.iter().map(|t| t.total));
            let percent = styled(national / quyu_math::sum(self.base), Style::Percent(1));
            rate = format!("The national rate is {percent} %. ");
        }
        let what = if self.layout.national {
            "Growth beyond the national rate"
        } else {
            "Growth through output and productivity"
        };
        Ok(Some(Figure {
            id: "regions".to_owned(),
            title: format!("{what} by region, {}", frame.span()),
            alt: format!(
                "Diverging bars of {} in percent of {}. {rate}{} leads ({} %), {} is last ({} %).",
                listed(&labels),
                frame.from(),
                first.label,
                styled(net(first), Style::Signed(1)),
                last.label,
                styled(net(last), Style::Signed(1))
            ),
            source: frame.source.clone(),
            chart: Chart::Diverging {
                axis: Axis::new(what, format!("% of {}", frame.from())),
                parts: labels.into_iter().map(str::to_owned).collect(),
                rows,
            },
        }))
    }

    /// Bold for the focus, unless it is everybody.
    fn role(&self, row: usize) -> Role {
        role(self.frame, row)
    }

    /// Where the change of cells stands that have no growth rate.
    fn zero_note(&self) -> Option<Note> {
        let frame = self.frame;
        let mut flagged: Vec<RegionCode> = self
            .parts
            .zero_base
            .iter()
            .enumerate()
            .filter(|(_, zero)| **zero)
            .map(|(i, _)| frame.regions[i / frame.terms.len()].clone())
            .collect();
        if flagged.is_empty() {
            return None;
        }
        let (cells, when) = (
            flagged.len(),
            if self.dynamic {
                format!("a year before {}", frame.to())
            } else {
                frame.from().to_string()
            },
        );
        flagged.dedup();
        Some(Note {
            kind: NoteKind::Zero,
            text: format!(
                "Cells that are zero in {when}: {cells}. They have no growth rate; their change stands in {}.",
                self.layout.zero
            ),
            regions: flagged,
        })
    }
}

/// Bold for a region of the focus, unless it is everybody.
pub(super) fn role(frame: &Frame<'_>, row: usize) -> Role {
    let focus = &frame.study.focus;
    if focus.contains(&frame.regions[row]) && focus.members().len() < frame.regions.len() {
        Role::Focus
    } else {
        Role::Other
    }
}

/// A sum of a few parts; one part is itself.
pub(super) fn added(parts: impl Iterator<Item = f64>) -> f64 {
    parts.reduce(|a, b| a + b).unwrap_or_default()
}
