//! What a reader sees of `match`: tables and figures.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Role, Stack};
use quyu_core::number::styled;
use quyu_core::{Column, Head, Shown, Study, Style, Table, View, ViewRow};
use quyu_econometrics::profiles::Match;

use super::load::Loaded;
use super::{ENTRY, Matching, PARTS, Pair, Ranked};

/// So many candidates are named beside a figure.
const NAMED: usize = 5;

pub(super) struct Output<'a> {
    pub(super) study: &'a Study,
    pub(super) loaded: &'a Loaded,
    pub(super) asked: &'a Matching,
    pub(super) found: &'a [Ranked],
}

impl Output<'_> {
    pub(super) fn name(&self, row: usize) -> String {
        self.loaded.names[row].clone()
    }

    pub(super) fn code(&self, row: usize) -> String {
        self.loaded.codes[row].clone()
    }

    pub(super) fn label(&self, feature: usize) -> String {
        self.loaded.labels[feature].clone()
    }

    /// The indicator that adds most to a distance; none where there is no distance.
    fn furthest(&self, found: &Match) -> String {
        if found.distance == 0.0 {
            return String::new();
        }
        let c = &found.contributions;
        let most = (1..c.len()).fold(0, |m, j| if c[j] > c[m] { j } else { m });
        let share = styled(c[most] / found.distance, Style::Percent(0));
        format!("{} ({share} %)", self.label(most))
    }

    fn counted(&self) -> usize {
        let excluded: Vec<bool> = self.loaded.roles.iter().map(|role| !role.candidate).collect();
        self.asked.counted(&excluded)
    }

    pub(super) fn main(&self) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            match self.found {
                [one] => format!(
                    "Regions nearest to {} in structure, {}",
                    self.name(one.target),
                    self.study.period.to
                ),
                _ => format!("Structurally nearest regions, {}", self.study.period.to),
            },
            [
                C::Region,
                C::OtherRegion,
                C::Name,
                C::Rank,
                C::Distance,
                C::Stability,
                C::N,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let mut rows = Vec::new();
        for ranked in self.found {
            for (at, found) in ranked.matches.iter().enumerate() {
                // Equal distances share the smaller rank.
                let rank = 1 + ranked.matches.partition_point(|m| m.distance < found.distance);
                let stability = ranked.stability[found.region];
                table.push(vec![
                    self.code(ranked.target).into(),
                    self.code(found.region).into(),
                    self.name(found.region).into(),
                    rank.into(),
                    found.distance.into(),
                    stability.into(),
                    ranked.matches.len().into(),
                ]);
                if at < self.asked.top {
                    rows.push(ViewRow {
                        cells: vec![
                            Shown::Text(self.name(ranked.target)),
                            Shown::Rank(rank, ranked.matches.len()),
                            Shown::Text(self.name(found.region)),
                            Shown::Number(found.distance, Style::Fixed(4)),
                            Shown::Text(self.furthest(found)),
                            Shown::Number(stability, Style::Percent(0)),
                        ],
                        strong: at == 0 && self.asked.top > 1,
                    });
                }
            }
        }
        let mut view = View {
            head: vec![
                Head::text("Region"),
                Head::number("Rank"),
                Head::text("Like it"),
                Head::number("Distance"),
                Head::text("Least alike in (share of the distance)"),
                Head::number(match self.counted() {
                    1 => "Nearest (% of draws)".to_owned(),
                    top => format!("Among the {top} nearest (% of draws)"),
                }),
            ],
            rows,
            source: self.loaded.source.clone(),
        };
        if self.found.len() == 1 {
            // The title names the only one.
            view.head.remove(0);
            view.rows.iter_mut().for_each(|row| drop(row.cells.remove(0)));
        }
        table.with_view(view)
    }

    pub(super) fn contributions(&self) -> Table {
        let mut table = Table::new(
            "contributions",
            "What each indicator adds to the distance",
            [
                C::Region,
                C::OtherRegion,
                C::Statistic,
                C::Name,
                C::Contribution,
                C::Share,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for ranked in self.found {
            for found in ranked.matches.iter().take(self.asked.top) {
                for (j, term) in self.loaded.terms.iter().enumerate() {
                    let share = (found.distance > 0.0).then(|| found.contributions[j] / found.distance);
                    table.push(vec![
                        self.code(ranked.target).into(),
                        self.code(found.region).into(),
                        term.clone().into(),
                        self.label(j).into(),
                        found.contributions[j].into(),
                        share.into(),
                    ]);
                }
            }
        }
        table
    }

    pub(super) fn assignment(&self, pairs: &[Pair]) -> Table {
        let mut table = Table::new(
            "assignment",
            "One candidate for each region, so that the sum of distances is least",
            [C::Region, C::OtherRegion, C::Name, C::Distance]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        for &(target, other, distance) in pairs {
            table.push(vec![
                self.code(target).into(),
                self.code(other).into(),
                self.name(other).into(),
                distance.into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(self.name(target)),
                    Shown::Text(self.name(other)),
                    Shown::Number(distance, Style::Fixed(4)),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::text("Assigned"),
                Head::number("Distance"),
            ],
            rows,
            source: self.loaded.source.clone(),
        })
    }

    fn figure(&self, title: String, alt: String, chart: Chart) -> Figure {
        Figure {
            id: ENTRY.id.to_owned(),
            title,
            alt,
            source: self.loaded.source.clone(),
            chart,
        }
    }

    /// Names of the parts of a bar and the indicators that have one: those that add most to the nearest candidates. More
    /// parts than colours can be told apart are put together.
    fn parts(&self, ranked: &Ranked) -> (Vec<String>, Vec<usize>) {
        let count = self.loaded.labels.len();
        let nearest = &ranked.matches[..self.asked.top.min(ranked.matches.len())];
        let weight = |j: usize| quyu_math::sum_by(nearest.len(), |m| nearest[m].contributions[j]);
        let mut shown: Vec<usize> = (0..count).collect();
        if count > PARTS {
            shown.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
            shown.truncate(PARTS - 1);
            shown.sort_unstable();
        }
        let mut parts: Vec<String> = shown.iter().map(|&j| self.label(j)).collect();
        parts.extend((shown.len() < count).then(|| "All others".to_owned()));
        (parts, shown)
    }

    /// The distance of the nearest candidates of the first target, by indicator.
    pub(super) fn stacks(&self) -> Figure {
        let ranked = &self.found[0];
        let nearest = || ranked.matches.iter().take(self.asked.top);
        let (parts, shown) = self.parts(ranked);
        let rows = nearest()
            .map(|m| {
                let mut sums: Vec<f64> = shown.iter().map(|&j| m.contributions[j]).collect();
                if shown.len() < m.contributions.len() {
                    let rest = (0..m.contributions.len()).filter(|j| !shown.contains(j));
                    sums.push(quyu_math::sum(
                        &rest.map(|j| m.contributions[j]).collect::<Vec<_>>(),
                    ));
                }
                Stack {
                    label: self.name(m.region),
                    parts: sums,
                    role: Role::Other,
                }
            })
            .collect();
        let mut names: Vec<String> = nearest().map(|m| self.name(m.region)).collect();
        let others = names.len().saturating_sub(NAMED);
        if others > 0 {
            names.truncate(NAMED);
            names.push(format!("and {others} others"));
        }
        self.figure(
            format!("Regions most like {}, {}", self.name(ranked.target), self.study.period.to),
            format!(
                "Bars of the structural distance to {}, made of the contributions of the indicators. Nearest first: {}.",
                self.name(ranked.target),
                names.join(", ")
            ),
            Chart::Diverging {
                axis: Axis::new("Structural distance", ""),
                parts,
                rows,
            },
        )
    }

    pub(super) fn bars(&self, pairs: &[Pair]) -> Figure {
        // Those that are most alike first.
        let mut sorted: Vec<&Pair> = pairs.iter().collect();
        sorted.sort_by(|a, b| a.2.total_cmp(&b.2));
        let bars = sorted
            .iter()
            .map(|&&(target, other, distance)| Bar {
                label: format!("{}: {}", self.name(target), self.name(other)),
                value: distance,
                role: Role::Other,
            })
            .collect();
        let all: Vec<f64> = pairs.iter().map(|p| p.2).collect();
        self.figure(
            format!("Pairs of the optimal assignment, {}", self.study.period.to),
            format!(
                "Bars of the structural distance of {} pairs; the sum is {}.",
                pairs.len(),
                styled(quyu_math::sum(&all), Style::Fixed(3))
            ),
            Chart::Bars {
                axis: Axis::new("Structural distance", ""),
                bars,
                reference: None,
            },
        )
    }
}
