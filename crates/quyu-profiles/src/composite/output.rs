//! Tables and figures of an index.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Fill, Mark, Role, Tile};
use quyu_core::number::styled;
use quyu_core::{Block, Cell, Column, Head, Shown, Study, Style, Table, View, ViewRow};
use quyu_econometrics::profiles::Direction;

use super::{ENTRY, Made};
use crate::features::Features;

pub(super) struct Output<'a> {
    pub(super) study: &'a Study,
    pub(super) block: &'a Block,
    pub(super) made: &'a Made,
    pub(super) features: &'a Features,
    pub(super) directions: &'a [Direction],
    pub(super) variant: &'a str,
}

/// The groups of the scoreboard, best first.
const GROUPS: [&str; 4] = ["Leader", "Strong", "Moderate", "Emerging"];

impl Output<'_> {
    fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn cols(&self) -> usize {
        self.features.terms.len()
    }

    fn focus(&self, row: usize) -> bool {
        let focus = &self.study.focus;
        focus.contains(&self.block.regions[row]) && focus.members().len() < self.block.regions.len()
    }

    fn grouped(&self) -> bool {
        self.variant != "steps"
    }

    /// Rows from the best to the last.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.made.index.len()).collect();
        order.sort_by_key(|&r| self.made.ranks[r]);
        order
    }

    fn style(&self) -> Style {
        let largest = self.made.index.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
        if largest >= 20.0 {
            Style::Fixed(1)
        } else {
            Style::Fixed(3)
        }
    }

    /// The indicators with the highest and the lowest score of a region, where it has more than one.
    fn ends(&self, row: usize) -> (String, String) {
        let scores = &self.made.scores[row * self.cols()..(row + 1) * self.cols()];
        let best = (1..scores.len()).fold(0, |b, j| if scores[j] > scores[b] { j } else { b });
        let worst = (1..scores.len()).fold(0, |b, j| if scores[j] < scores[b] { j } else { b });
        (
            self.features.label(self.study, best),
            self.features.label(self.study, worst),
        )
    }

    pub(super) fn main(&self) -> Table {
        let of_reference = if self.grouped() {
            format!(" ({} = 100)", self.study.reference.name_en)
        } else {
            String::new()
        };
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Composite index of {} indicators, {}{of_reference}",
                self.cols(),
                self.study.period.to
            ),
            [
                C::Region,
                C::Name,
                C::Year,
                C::Variant,
                C::Estimate,
                C::Value,
                C::Rank,
                C::N,
                C::Group,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let n = self.block.regions.len();
        for (r, region) in self.block.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                Cell::Integer(i64::from(self.study.period.to.get())),
                self.variant.into(),
                self.made.index[r].into(),
                self.made.raw[r].into(),
                self.made.ranks[r].into(),
                n.into(),
                self.made.groups[r].map_or(Cell::Missing, Cell::from),
            ]);
        }
        let mut head = vec![
            Head::number("Rank"),
            Head::text("Region"),
            Head::number(format!("Index{of_reference}")),
        ];
        if self.grouped() {
            head.push(Head::text("Group"));
        }
        head.extend([Head::text("Strongest in"), Head::text("Weakest in")]);
        let rows = self
            .order()
            .into_iter()
            .map(|r| {
                let (best, worst) = self.ends(r);
                let mut cells = vec![
                    Shown::Rank(self.made.ranks[r], n),
                    Shown::Text(self.name(r)),
                    Shown::Number(self.made.index[r], self.style()),
                ];
                if self.grouped() {
                    cells.push(Shown::Text(self.made.groups[r].unwrap_or_default().to_owned()));
                }
                cells.extend([Shown::Text(best), Shown::Text(worst)]);
                ViewRow {
                    cells,
                    strong: self.focus(r),
                }
            })
            .collect();
        table.with_view(View {
            head,
            rows,
            source: self.block.source.clone(),
        })
    }

    pub(super) fn scores(&self) -> Table {
        let mut table = Table::new(
            "scores",
            "Scores of the indicators; more is better",
            [
                C::Region,
                C::Name,
                C::Statistic,
                C::Value,
                C::Estimate,
                C::Contribution,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for (r, region) in self.block.regions.iter().enumerate() {
            for (j, term) in self.features.terms.iter().enumerate() {
                let score = self.made.scores[r * self.cols() + j];
                let contribution = self.made.weights[j]
                    .filter(|_| self.made.additive)
                    .map(|w| w * score);
                table.push(vec![
                    region.to_string().into(),
                    self.name(r).into(),
                    term.to_string().into(),
                    self.block.column(j, 0)[r].into(),
                    score.into(),
                    contribution.into(),
                ]);
            }
        }
        table
    }

    pub(super) fn weights(&self, effective: Option<&[f64]>) -> Table {
        let said = |j: usize| {
            let direction = match self.directions[j] {
                Direction::Lower => "less is better",
                Direction::Higher => "more is better",
            };
            match self.made.treatment[j].as_str() {
                "" => direction.to_owned(),
                treatment => format!("{direction}; {treatment}"),
            }
        };
        let said: Vec<String> = (0..self.cols()).map(said).collect();
        let of = Weighed {
            study: self.study,
            features: self.features,
            nominal: &self.made.weights,
            effective,
            source: &self.block.source,
        };
        of.table(
            "Weights of the indicators: nominal, and effective as squared correlation with the index",
            Some(&said),
        )
    }

    fn said(&self) -> String {
        let order = self.order();
        let value = |r: usize| styled(self.made.index[r], self.style());
        let mut text = String::new();
        if let (Some(&first), Some(&last)) = (order.first(), order.last()) {
            text = format!(
                "{} leads with {}, {} is last with {}.",
                self.name(first),
                value(first),
                self.name(last),
                value(last)
            );
        }
        for &r in order.iter().filter(|&&r| self.focus(r)) {
            text.push_str(&format!(
                " {} is at {}, rank {}.",
                self.name(r),
                value(r),
                self.made.ranks[r]
            ));
        }
        text
    }

    pub(super) fn bars(&self) -> Figure {
        let bars = self
            .order()
            .into_iter()
            .map(|r| Bar {
                label: self.name(r),
                value: self.made.index[r],
                role: if self.focus(r) { Role::Focus } else { Role::Other },
            })
            .collect();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "Composite index of {} indicators, {}",
                self.cols(),
                self.study.period.to
            ),
            alt: format!("Bars of the index by region. {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Bars {
                axis: Axis::new(
                    "Composite index",
                    if self.grouped() {
                        format!("{} = 100", self.study.reference.name_en)
                    } else {
                        String::new()
                    },
                ),
                bars,
                reference: self.grouped().then(|| Mark {
                    label: self.study.reference.name_en.clone(),
                    value: 100.0,
                }),
            },
        }
    }

    /// The tile-grid map, where the packages hold one for the regions: groups, or the index itself.
    pub(super) fn map(&self) -> Option<Figure> {
        let places = &self.study.atlas.relations.tiles;
        if !self.block.regions.iter().all(|r| places.contains_key(r)) {
            return None;
        }
        let scheme = self.block.regions.first()?.scheme();
        let fill = |r: usize| match self.made.groups[r] {
            Some(group) => Fill::Category(GROUPS.iter().position(|g| *g == group).unwrap_or(0)),
            None => Fill::Value(self.made.index[r]),
        };
        let tiles = places
            .iter()
            .filter(|(code, _)| code.scheme() == scheme)
            .map(|(code, place)| {
                let row = self.block.regions.iter().position(|r| r == code);
                Tile {
                    label: place.label.clone(),
                    row: place.row,
                    col: place.col,
                    fill: row.map_or(Fill::NoData, fill),
                    role: match row {
                        Some(r) if self.focus(r) => Role::Focus,
                        _ => Role::Other,
                    },
                }
            })
            .collect();
        Some(Figure {
            id: "map".to_owned(),
            title: format!("Composite index by region, {}", self.study.period.to),
            alt: format!("Tile-grid map of the index. {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Tiles {
                axis: (!self.grouped()).then(|| Axis::new("Composite index", "")),
                categories: if self.grouped() {
                    GROUPS.map(str::to_owned).to_vec()
                } else {
                    Vec::new()
                },
                rest: None,
                tiles,
            },
        })
    }
}

/// Indicators with what they should count and what they do.
pub(crate) struct Weighed<'a> {
    pub(crate) study: &'a Study,
    pub(crate) features: &'a Features,
    pub(crate) nominal: &'a [Option<f64>],
    pub(crate) effective: Option<&'a [f64]>,
    pub(crate) source: &'a str,
}

impl Weighed<'_> {
    /// The table `weights`, with what was done to each indicator where `said` has it.
    pub(crate) fn table(&self, title: &str, said: Option<&[String]>) -> Table {
        let mut columns = vec![C::Statistic, C::Name, C::Share, C::Estimate];
        let mut head = vec![
            Head::text("Indicator"),
            Head::number("Nominal weight (%)"),
            Head::number("Effective weight (r²)"),
        ];
        if said.is_some() {
            columns.push(C::Note);
            head.push(Head::text("Treatment"));
        }
        let mut table = Table::new("weights", title, columns.into_iter().map(Column::key).collect());
        let mut rows = Vec::new();
        for (j, term) in self.features.terms.iter().enumerate() {
            let label = self.features.label(self.study, j);
            let (nominal, real) = (self.nominal[j], self.effective.map(|e| e[j]));
            let said = said.map(|said| &said[j]);
            let mut row = vec![
                term.to_string().into(),
                label.clone().into(),
                nominal.into(),
                real.into(),
            ];
            row.extend(said.map(|text| text.clone().into()));
            table.push(row);
            let mut cells = vec![
                Shown::Text(label),
                Shown::maybe(nominal, Style::Percent(1)),
                Shown::maybe(real, Style::Fixed(2)),
            ];
            cells.extend(said.cloned().map(Shown::Text));
            rows.push(ViewRow { cells, strong: false });
        }
        table.with_view(View {
            head,
            rows,
            source: self.source.to_owned(),
        })
    }
}
