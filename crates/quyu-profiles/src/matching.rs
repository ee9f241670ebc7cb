//! `match`: which regions of another set are structurally most like each region of the focus.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Role, Stack};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, RegionCode, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::profiles::{
    Comparable, Match, MatchOptions, MatchStabilityOptions, log_skewed, match_stability, nearest_regions,
    optimal_assignment,
};
use quyu_econometrics::{Error, Matrix};

use crate::composite::GIVEN_WEIGHTS;
use crate::features::{FEATURES, Features, Prepared, SKEWNESS_LIMIT, TRANSFORM, Transform, transform_note};
use crate::steps;
use crate::typology::{blamed, whole};

/// The declaration of `match`.
pub(crate) const ENTRY: Entry = Entry {
    id: "match",
    summary: "Regions of another set that are structurally most like each region of the focus, and why",
    manual: MANUAL,
    params: &[
        FEATURES,
        TRANSFORM,
        Param::optional(
            "peers",
            ParamKind::Expr,
            "the set (`package:set`) of candidates; absent: the reference",
        ),
        Param::with_default(
            "standardise",
            ParamKind::Choice(&["min-max", "z-score", "none"]),
            "min-max",
            "how indicators are made comparable, over targets and candidates together",
        ),
        Param::with_default(
            "weights",
            ParamKind::Choice(&["equal", "given"]),
            "equal",
            "where the weights of the indicators come from",
        ),
        GIVEN_WEIGHTS,
        Param::with_default(
            "top",
            ParamKind::Integer { min: 1, max: 1000 },
            "5",
            "how many candidates count as the nearest",
        ),
        Param::with_default(
            "spread",
            ParamKind::Number { min: 0.001, max: 1.0 },
            "0.5",
            "for the stability each weight is multiplied by a factor drawn from 1 - spread to 1 + spread",
        ),
        Param::with_default(
            "replicates",
            ParamKind::Integer {
                min: 1,
                max: 1_000_000,
            },
            "1000",
            "number of draws of weights",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\ntop = 3\nreplicates = 100\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Whom should a region compare itself with, and what makes them alike?

**Definition.** Indicators of the last year for the regions of the focus (targets) and the candidates (`peers`, or the reference; a target is no candidate for itself), made
comparable over all of them together: by the range to [0, 1], by z-scores (ddof 0), or not at all; with `transform = \"log-skewed\"` those whose skewness
(type 2) exceeds 1 are logged first. *Structural distance*: d = sum of w (u_target - u_candidate)², weights divided by their sum, no root. The *contribution* of an indicator is its term of the sum.
*Stability*: share of the draws of weights, each multiplied by a factor uniform on [1 - spread, 1 + spread], in which a candidate is among the `top` nearest. *Optimal assignment* (Hungarian method), where there are several targets
and at least as many candidates that are not targets: one candidate for each target, none twice, so that the sum of distances is least.

**Limits.** Like in these indicators is not like in others. A distance has no unit: compare distances of one table only. Across countries read the notes on definitions first.

**References.** Navarro et al. 2014, JRC S3 Working Paper 03/2014; Kuhn 1955, Naval Research Logistics Quarterly 2:83-97.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let features = Features::new(ENTRY.id, params)?;
    let given = params.text("weights") == Some("given");
    Ok(Box::new(Matching {
        weights: steps::one_each(ENTRY.id, params, "given_weights", given, features.terms.len())?,
        features,
        transform: Transform::of(params),
        peers: params.text("peers").map(str::to_owned),
        comparable: match params.text("standardise") {
            Some("z-score") => Comparable::ZScore,
            Some("none") => Comparable::AsGiven,
            _ => Comparable::MinMax,
        },
        top: whole(params, "top", 5),
        spread: params.number("spread").unwrap_or(0.5),
        replicates: whole(params, "replicates", 1000),
    }))
}

#[derive(Debug)]
struct Matching {
    features: Features,
    transform: Transform,
    weights: Vec<f64>,
    peers: Option<String>,
    comparable: Comparable,
    top: usize,
    spread: f64,
    replicates: usize,
}

/// A target with all candidates, nearest first.
struct Ranked {
    target: usize,
    matches: Vec<Match>,
    stability: Vec<f64>,
}

/// Parts of a bar whose colours can be told apart.
const PARTS: usize = 7;

/// Target, candidate and their distance.
type Pair = (usize, usize, f64);

fn refused(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

impl Analysis for Matching {
    fn needs(&self) -> Vec<Need> {
        self.features.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let candidates = match &self.peers {
            Some(name) => study.atlas.set(name)?,
            None => &study.reference,
        };
        let targets = study.focus.members();
        let mut regions: Vec<RegionCode> = targets.to_vec();
        regions.extend(
            candidates
                .members()
                .iter()
                .filter(|r| !targets.contains(r))
                .cloned(),
        );
        let block = study.block(&self.features.terms, &regions, &[study.period.to])?;
        let raw = block.regions_by_terms(0);
        let (rows, cols) = (block.regions.len(), self.features.terms.len());
        let blame = |e: Error| blamed(ENTRY.id, study, &block, &e);
        let mut prepared = Prepared {
            logged: vec![false; cols],
            z: raw,
            rows,
            cols,
        };
        if self.transform == Transform::LogSkewed {
            let table = Matrix::new(&prepared.z, rows, cols).map_err(blame)?;
            let treated = log_skewed(table, SKEWNESS_LIMIT).map_err(blame)?;
            (prepared.z, prepared.logged) = (treated.table, treated.logged);
        }
        let table = prepared.matrix()?;
        let candidate: Vec<bool> = block.regions.iter().map(|r| candidates.contains(r)).collect();
        let mut found = Vec::new();
        let target_rows: Vec<usize> = (0..rows)
            .filter(|&r| targets.contains(&block.regions[r]))
            .collect();
        for (at, &target) in target_rows.iter().enumerate() {
            found.push(self.ranked(study, table, &candidate, target).map_err(blame)?);
            progress.step(at + 1, target_rows.len());
        }
        if found.is_empty() {
            return Err(refused(format!(
                "no region of the focus {} has all indicators",
                study.focus.name_en
            )));
        }
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        let output = Output {
            study,
            block: &block,
            asked: self,
            found: &found,
        };
        let mut tables = vec![output.main(), output.contributions()];
        let assigned = self.assigned(&found, &target_rows).map_err(blame)?;
        let figure = match &assigned {
            Some(pairs) => {
                tables.push(output.assignment(pairs));
                output.bars(pairs)
            }
            None => output.stacks(),
        };
        if found.len() > 1 && assigned.is_none() {
            notes.push(Note::new(
                NoteKind::Method,
                "No optimal assignment: there are fewer candidates that are no targets than targets.",
            ));
        }
        Ok(Findings {
            tables,
            figures: vec![figure],
            notes,
        })
    }
}

impl Matching {
    fn ranked(
        &self,
        study: &Study,
        table: Matrix<'_>,
        candidate: &[bool],
        target: usize,
    ) -> Result<Ranked, Error> {
        let excluded: Vec<bool> = candidate.iter().map(|c| !c).collect();
        let options = MatchOptions {
            weights: (!self.weights.is_empty()).then_some(self.weights.as_slice()),
            comparable: self.comparable,
            excluded: Some(&excluded),
        };
        let stability = MatchStabilityOptions {
            top: self.top,
            spread: self.spread,
            draws: self.replicates,
            seed: study.seed,
        };
        Ok(Ranked {
            target,
            matches: nearest_regions(table, target, &options)?,
            stability: match_stability(table, target, &options, &stability)?,
        })
    }

    /// Target, candidate and distance of the optimal assignment among the candidates that are no targets.
    fn assigned(&self, found: &[Ranked], targets: &[usize]) -> Result<Option<Vec<Pair>>, Error> {
        let mut open: Vec<usize> = found[0]
            .matches
            .iter()
            .map(|m| m.region)
            .filter(|r| !targets.contains(r))
            .collect();
        open.sort_unstable();
        if found.len() < 2 || open.len() < found.len() {
            return Ok(None);
        }
        let mut costs = Vec::with_capacity(found.len() * open.len());
        for ranked in found {
            for region in &open {
                let own = ranked.matches.iter().find(|m| m.region == *region);
                costs.push(own.map_or(0.0, |m| m.distance));
            }
        }
        let columns = optimal_assignment(Matrix::new(&costs, found.len(), open.len())?)?;
        let pair = |(t, c): (usize, usize)| (found[t].target, open[c], costs[t * open.len() + c]);
        Ok(Some(columns.into_iter().enumerate().map(pair).collect()))
    }
}

struct Output<'a> {
    study: &'a Study,
    block: &'a Block,
    asked: &'a Matching,
    found: &'a [Ranked],
}

impl Output<'_> {
    fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn code(&self, row: usize) -> String {
        self.block.regions[row].to_string()
    }

    fn label(&self, feature: usize) -> String {
        self.asked.features.label(self.study, feature)
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

    fn main(&self) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!("Structurally nearest regions, {}", self.study.period.to),
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
                        strong: at == 0,
                    });
                }
            }
        }
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::number("Rank"),
                Head::text("Like it"),
                Head::number("Distance"),
                Head::text("Least alike in (share of the distance)"),
                Head::number(format!("Among the {} nearest (% of draws)", self.asked.top)),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    fn contributions(&self) -> Table {
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
                for (j, term) in self.asked.features.terms.iter().enumerate() {
                    let share = (found.distance > 0.0).then(|| found.contributions[j] / found.distance);
                    table.push(vec![
                        self.code(ranked.target).into(),
                        self.code(found.region).into(),
                        term.to_string().into(),
                        self.label(j).into(),
                        found.contributions[j].into(),
                        share.into(),
                    ]);
                }
            }
        }
        table
    }

    fn assignment(&self, pairs: &[Pair]) -> Table {
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
            source: self.block.source.clone(),
        })
    }

    fn figure(&self, title: String, alt: String, chart: Chart) -> Figure {
        Figure {
            id: ENTRY.id.to_owned(),
            title,
            alt,
            source: self.block.source.clone(),
            chart,
        }
    }

    /// Names of the parts of a bar and the indicators that have one: those that add most to the nearest candidates. More
    /// parts than colours can be told apart are put together.
    fn parts(&self, ranked: &Ranked) -> (Vec<String>, Vec<usize>) {
        let count = self.asked.features.terms.len();
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
    fn stacks(&self) -> Figure {
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
        let names: Vec<String> = nearest().map(|m| self.name(m.region)).collect();
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

    fn bars(&self, pairs: &[Pair]) -> Figure {
        let bars = pairs
            .iter()
            .map(|&(target, other, distance)| Bar {
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
