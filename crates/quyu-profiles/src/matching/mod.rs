//! `match`: which regions of another set are structurally most like each region of the focus.

mod choices;
mod load;
mod output;
mod ranges;
mod scale;
mod shares;
mod sides;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, Study,
};
use quyu_econometrics::profiles::{
    Comparable, Match, MatchOptions, MatchStabilityOptions, match_stability, nearest_regions,
    optimal_assignment,
};
use quyu_econometrics::{Error, Matrix};

use crate::composite::GIVEN_WEIGHTS;
use crate::features::{FEATURES, Features, TRANSFORM, Transform, logged_note};
use crate::steps;
use crate::typology::{blamed_by, whole};
use load::{
    CLASS, Loaded, PEER_FEATURES, PEER_TOTAL, PEER_VALUE, PEER_YEAR, POOLED, SCALED_OVER, TwoSided, VALUE,
};
use output::Output;

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
        PEER_FEATURES,
        VALUE,
        PEER_VALUE,
        PEER_TOTAL,
        PEER_YEAR,
        CLASS,
        POOLED,
        SCALED_OVER,
        Param::with_default(
            "assess",
            ParamKind::Flag,
            "false",
            "also show what is compared, and rank under other weights of the features, transforms and scales",
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
*Stability*: share of the draws of weights, each multiplied by a factor uniform on [1 - spread, 1 + spread], in which a candidate is among the `top` nearest (the nearest, if `top` takes in
all of them). *Optimal assignment* (Hungarian method), where there are several targets
and at least as many candidates that are not targets: one candidate for each target, none twice, so that the sum of distances is least.

**With `peer_features`.** The candidates have other indicators for the same things; a number in front of their unit is converted. Both are of the last year of the study.

**With `value`.** Shares of classes stand beside the features: for each class of `peer_value` that is taken, the sum of the classes of `value` that the crosswalk leads to it alone, over
the sum of all classes taken. The share of each class counts as one indicator.

**With `pooled`.** The members of the set are added up before shares are taken: never the mean of their shares.

**With `scaled_over`.** Skewness, range or mean and deviation are those of the regions of this set, wherever targets and candidates lie, so that distances of several tables have one scale.

**With `assess`.** The candidates are also ranked under other choices: the weight of each feature times 0, 1 and 2 (where shares stand beside features), skewed indicators
in logarithms and as they are, the scale by the range and by z-scores. `choices` names the nearest under each, `steady` in how many of them a candidate is among the `top` nearest. A pooled set takes no rank from a
region; its own rank is the one it would have. `ranges` shows what is compared beside the lowest and the highest candidate, `left-out` who is not compared.

**Limits.** Like in these indicators is not like in others. A distance has no unit: compare distances of one table only. Across countries read the notes on definitions first.

**References.** Navarro et al. 2014, JRC S3 Working Paper 03/2014; Kuhn 1955, Naval Research Logistics Quarterly 2:83-97.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let features = Features::new(ENTRY.id, params)?;
    let given = params.text("weights") == Some("given");
    let sides = TwoSided::read(params, &features)?;
    let weights = match &sides {
        // How many classes are taken is known when they are loaded.
        Some(sides) if sides.splits() => {
            if given {
                params.numbers("given_weights")
            } else {
                Vec::new()
            }
        }
        _ => steps::one_each(ENTRY.id, params, "given_weights", given, features.terms.len())?,
    };
    Ok(Box::new(Matching {
        weights,
        sides,
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
        assess: params.flag("assess"),
        replicates: whole(params, "replicates", 1000),
    }))
}

#[derive(Debug)]
struct Matching {
    features: Features,
    sides: Option<TwoSided>,
    transform: Transform,
    weights: Vec<f64>,
    peers: Option<String>,
    comparable: Comparable,
    top: usize,
    spread: f64,
    replicates: usize,
    assess: bool,
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
        let mut needs = self.features.needs();
        needs.extend(self.sides.iter().flat_map(TwoSided::needs));
        needs
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let candidates = match &self.peers {
            Some(name) => study.atlas.set(name)?,
            None => &study.reference,
        };
        let loaded = match &self.sides {
            Some(sides) => sides.load(study, &self.features, candidates)?,
            None => Loaded::of_one(study, &self.features, candidates)?,
        };
        let (rows, cols) = (loaded.names.len(), loaded.labels.len());
        if !self.weights.is_empty() && self.weights.len() != cols {
            return Err(refused(format!(
                "`given_weights` has {} numbers for {cols} indicators and classes",
                self.weights.len()
            )));
        }
        let blame = |e: Error| blamed_by(ENTRY.id, &loaded.names, &loaded.labels, &e);
        let (values, logged) = loaded.transformed(self.transform)?;
        let values = loaded.scaled(&values, self.comparable)?;
        let table = Matrix::new(&values, rows, cols).map_err(blame)?;
        let excluded: Vec<bool> = loaded.roles.iter().map(|role| !role.candidate).collect();
        let mut found = Vec::new();
        let target_rows = loaded.rows(|role| role.target);
        for (at, &target) in target_rows.iter().enumerate() {
            found.push(self.ranked(study, table, &excluded, target).map_err(blame)?);
            progress.step(at + 1, target_rows.len());
        }
        if found.is_empty() {
            return Err(refused(format!(
                "no region of the focus {} has all indicators",
                study.focus.name_en
            )));
        }
        let mut notes = loaded.notes.clone();
        notes.extend(logged_note(&loaded.labels, &logged));
        let output = Output {
            study,
            loaded: &loaded,
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
        if self.assess {
            let all = self.under_choices(&loaded, &found)?;
            tables.extend([output.ranges(), output.choices(&all), output.steady(&all)]);
            tables.extend(output.left_out());
        }
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
    /// How many candidates count as the nearest in a draw: among all of them everybody is always.
    fn counted(&self, excluded: &[bool]) -> usize {
        match excluded.iter().filter(|out| !**out).count() <= self.top {
            true => 1,
            false => self.top,
        }
    }

    fn ranked(
        &self,
        study: &Study,
        table: Matrix<'_>,
        excluded: &[bool],
        target: usize,
    ) -> Result<Ranked, Error> {
        let options = MatchOptions {
            weights: (!self.weights.is_empty()).then_some(self.weights.as_slice()),
            // Scaled already, over the regions that give the scale.
            comparable: Comparable::AsGiven,
            excluded: Some(excluded),
        };
        let stability = MatchStabilityOptions {
            top: self.counted(excluded),
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
