//! Which regions are nearest under choices that could have been made otherwise.

use quyu_core::ColumnName as C;
use quyu_core::{AnalysisError, Column, Head, Shown, Table, View, ViewRow};
use quyu_econometrics::Matrix;
use quyu_econometrics::profiles::{Comparable, MatchOptions, nearest_regions};

use super::load::Loaded;
use super::output::Output;
use super::{ENTRY, Matching, Ranked};
use crate::features::Transform;
use crate::typology::blamed_by;

/// Factors by which the weight of the features is multiplied beside shares of classes.
const FACTORS: [f64; 3] = [0.0, 1.0, 2.0];
/// More targets than this have no column of their own.
pub(super) const SHOWN_TARGETS: usize = 4;
/// How many counts of a target are shown, each with all candidates that have it.
const SHOWN_STEADY: usize = 3;
/// Stands behind a region that a pooled set is nearer than.
const NEARER: &str = "†";

/// Weights, transform and scale that could have been chosen.
#[derive(Clone, Copy)]
struct Choice {
    factor: f64,
    transform: Transform,
    comparable: Comparable,
}

/// A candidate by its distance from a target. A pooled set takes no rank away: its own is the one it would have.
struct Placed {
    region: usize,
    rank: usize,
    distance: f64,
}

/// A choice with the nearest candidates of each target.
pub(super) struct Under {
    choice: Choice,
    placed: Vec<Vec<Placed>>,
}

impl Choice {
    /// All combinations; features alone have no weight against shares.
    fn all(loaded: &Loaded) -> Vec<Choice> {
        let splits = loaded.features > 0 && loaded.features < loaded.labels.len();
        let factors = if splits { FACTORS.as_slice() } else { &[1.0] };
        let mut all = Vec::new();
        for transform in [Transform::LogSkewed, Transform::Plain] {
            for comparable in [Comparable::MinMax, Comparable::ZScore] {
                all.extend(factors.iter().map(|&factor| Choice {
                    factor,
                    transform,
                    comparable,
                }));
            }
        }
        all
    }

    fn values(&self) -> &'static str {
        match self.transform {
            Transform::LogSkewed => "logarithms",
            Transform::Plain => "levels",
        }
    }

    fn scale(&self) -> &'static str {
        match self.comparable {
            Comparable::ZScore => "z-scores",
            _ => "range",
        }
    }

    fn name(&self) -> String {
        format!("weight {}, {}, {}", self.factor, self.values(), self.scale())
    }
}

impl Matching {
    /// The nearest candidates of each target under every choice.
    pub(super) fn under_choices(
        &self,
        loaded: &Loaded,
        found: &[Ranked],
    ) -> Result<Vec<Under>, AnalysisError> {
        let (rows, cols) = (loaded.names.len(), loaded.labels.len());
        let blame = |e| blamed_by(ENTRY.id, &loaded.names, &loaded.labels, &e);
        let excluded: Vec<bool> = loaded.roles.iter().map(|role| !role.candidate).collect();
        let mut all = Vec::new();
        for choice in Choice::all(loaded) {
            let mut weights = match self.weights.is_empty() {
                true => vec![1.0; cols],
                false => self.weights.clone(),
            };
            weights[..loaded.features]
                .iter_mut()
                .for_each(|w| *w *= choice.factor);
            let values = loaded.transformed(choice.transform)?.0;
            let values = loaded.scaled(&values, choice.comparable)?;
            let table = Matrix::new(&values, rows, cols).map_err(blame)?;
            let options = MatchOptions {
                weights: Some(&weights),
                comparable: Comparable::AsGiven,
                excluded: Some(&excluded),
            };
            let mut placed = Vec::new();
            for ranked in found {
                let matches = nearest_regions(table, ranked.target, &options).map_err(blame)?;
                let single: Vec<f64> = (matches.iter())
                    .filter(|m| !loaded.roles[m.region].pooled)
                    .map(|m| m.distance)
                    .collect();
                let all = matches.iter().map(|m| Placed {
                    region: m.region,
                    rank: 1 + single.partition_point(|d| *d < m.distance),
                    distance: m.distance,
                });
                placed.push(
                    all.filter(|p| p.rank <= self.top || loaded.roles[p.region].pooled)
                        .collect(),
                );
            }
            all.push(Under { choice, placed });
        }
        Ok(all)
    }
}

impl Output<'_> {
    fn as_asked(&self, choice: &Choice) -> bool {
        let one = (choice.factor - 1.0).abs() < f64::EPSILON;
        one && choice.transform == self.asked.transform && choice.comparable == self.asked.comparable
    }

    /// The nearest region under each choice, a column for each target.
    pub(super) fn choices(&self, all: &[Under]) -> Table {
        let mut table = Table::new(
            "choices",
            self.choices_title(all),
            [
                C::Region,
                C::Variant,
                C::Rank,
                C::OtherRegion,
                C::Name,
                C::Distance,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for (under, (ranked, placed)) in
            (all.iter()).flat_map(|u| self.found.iter().zip(&u.placed).map(move |p| (u, p)))
        {
            for p in placed {
                table.push(vec![
                    self.code(ranked.target).into(),
                    under.choice.name().into(),
                    p.rank.into(),
                    self.code(p.region).into(),
                    self.name(p.region).into(),
                    p.distance.into(),
                ]);
            }
        }
        if self.found.len() > SHOWN_TARGETS {
            return table;
        }
        let weight = match self.loaded.features {
            1 => format!("Weight of {}", self.label(0)),
            _ => "Weight of the features".to_owned(),
        };
        let mut head = vec![
            Head::text(weight),
            Head::text("Skewed values in"),
            Head::text("Scale"),
        ];
        head.extend(self.found.iter().map(|r| Head::text(self.name(r.target))));
        let rows = all.iter().map(|under| {
            let choice = &under.choice;
            let words = [
                format!("× {}", choice.factor),
                choice.values().to_owned(),
                choice.scale().to_owned(),
            ];
            let nearest = under.placed.iter().map(|placed| self.nearest(placed));
            ViewRow {
                cells: words.into_iter().chain(nearest).map(Shown::Text).collect(),
                strong: self.as_asked(choice),
            }
        });
        let rows = rows.collect();
        table.with_view(View {
            head,
            rows,
            source: self.loaded.source.clone(),
        })
    }

    fn choices_title(&self, all: &[Under]) -> String {
        let pooled = self.loaded.rows(|role| role.pooled);
        let names: Vec<String> = pooled.iter().map(|&r| self.name(r)).collect();
        let mut title = format!("The nearest region under {} choices", all.len());
        if !names.is_empty() {
            title.push_str(&format!(
                "; {NEARER}: {}, added up, would be nearer still",
                names.join(" or ")
            ));
        }
        title
    }

    /// The nearest that is no pooled set, marked where a pooled set is nearer.
    fn nearest(&self, placed: &[Placed]) -> String {
        let pooled = |p: &Placed| self.loaded.roles[p.region].pooled;
        let Some(at) = placed.iter().position(|p| !pooled(p)) else {
            return placed.first().map(|p| self.name(p.region)).unwrap_or_default();
        };
        let name = self.name(placed[at].region);
        if at == 0 {
            name
        } else {
            format!("{name}\u{a0}{NEARER}")
        }
    }

    /// In how many choices a candidate is among the nearest.
    pub(super) fn steady(&self, all: &[Under]) -> Table {
        let top = self.asked.top;
        let mut table = Table::new(
            "steady",
            format!(
                "Candidates that stay among the {top} nearest under {} choices",
                all.len()
            ),
            [C::Region, C::Rank, C::OtherRegion, C::Name, C::Stability, C::N]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        for (t, ranked) in self.found.iter().enumerate() {
            let single = ranked
                .matches
                .iter()
                .filter(|m| !self.loaded.roles[m.region].pooled);
            let mut counted: Vec<(usize, usize)> = single
                .map(|m| {
                    let near = |u: &&Under| u.placed[t].iter().any(|p| p.region == m.region);
                    (m.region, all.iter().filter(near).count())
                })
                .filter(|(_, times)| *times > 0)
                .collect();
            // Equal counts stay in the order of the distance as asked.
            counted.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
            for &(region, times) in &counted {
                // Equal counts share the smaller rank.
                let rank = 1 + counted.iter().filter(|(_, other)| *other > times).count();
                table.push(vec![
                    self.code(ranked.target).into(),
                    rank.into(),
                    self.code(region).into(),
                    self.name(region).into(),
                    (times as f64 / all.len() as f64).into(),
                    all.len().into(),
                ]);
            }
            let mut counts: Vec<usize> = counted.iter().map(|(_, times)| *times).collect();
            counts.dedup();
            rows.extend(counts.into_iter().take(SHOWN_STEADY).map(|times| {
                let same = counted.iter().filter(|(_, other)| *other == times);
                let names: Vec<String> = same.map(|(region, _)| self.name(*region)).collect();
                ViewRow {
                    cells: vec![
                        Shown::Text(self.name(ranked.target)),
                        Shown::Rank(times, all.len()),
                        Shown::Text(names.join(", ")),
                    ],
                    strong: times == all.len(),
                }
            }));
        }
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::number(format!("Choices with them among the {top} nearest")),
                Head::text("Like it"),
            ],
            rows,
            source: self.loaded.source.clone(),
        })
    }
}
