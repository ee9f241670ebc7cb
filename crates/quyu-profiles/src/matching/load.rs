//! The table of targets and candidates that `match` compares: one study of both, or structures under two classifications.

use quyu_core::{
    AnalysisError, Datum, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionCode, RegionSet,
    Study, Term,
};

use super::shares::{COVERED, Composition, Group};
use super::sides::{Sides, factors, finished, parts_are_pooled_ratios};
use super::{ENTRY, refused};
use crate::features::Features;

/// Indicators of the candidates.
pub(super) const PEER_FEATURES: Param = Param::optional(
    "peer_features",
    ParamKind::List(&ParamKind::Column),
    "the indicators of the candidates that stand for `features`, in their order, where the data sets name them differently",
);
pub(super) const VALUE: Param = Param::optional(
    "value",
    ParamKind::Column,
    "a total of the targets that is split by class: its shares stand beside the features",
);
pub(super) const PEER_VALUE: Param = Param::optional(
    "peer_value",
    ParamKind::Column,
    "with `value`: the total of the candidates, under the classification that the classes of `value` lead to",
);
pub(super) const PEER_TOTAL: Param = Param::optional(
    "peer_total",
    ParamKind::Column,
    "with `peer_value`: all classes together; a candidate is left out whose classes, as far as the crosswalk leads to them, make less than 97 % of it",
);
pub(super) const PEER_YEAR: Param = Param::optional(
    "peer_year",
    ParamKind::Integer { min: 1800, max: 2200 },
    "with `peer_value`: its year; absent: the last year of the study",
);
pub(super) const CLASS: Param = Param::optional(
    "class",
    ParamKind::List(&ParamKind::Expr),
    "with `peer_value`: its classes that are taken; shares are of their sum. Absent: all",
);
pub(super) const POOLED: Param = Param::optional(
    "pooled",
    ParamKind::List(&ParamKind::Expr),
    "sets (`package:set`) that stand among the candidates as one region each, their members added up",
);

pub(super) const SCALED_OVER: Param = Param::optional(
    "scaled_over",
    ParamKind::Expr,
    "the set (`package:set`) whose regions give skewness and scale, so that distances of several tables can be compared; absent: targets and candidates",
);

/// What is compared, where targets and candidates come from two data sets.
#[derive(Debug)]
pub(super) struct TwoSided {
    peer_features: Vec<Term>,
    composition: Option<Composition>,
    pooled: Vec<String>,
    scaled_over: Option<String>,
}

/// A table of regions by what is compared.
pub(super) struct Loaded {
    pub(super) codes: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) roles: Vec<Role>,
    /// How many of the columns are features; the others are shares of classes.
    pub(super) features: usize,
    /// Their units.
    pub(super) units: Vec<String>,
    /// Row-major.
    pub(super) raw: Vec<f64>,
    /// Ids and labels of the columns.
    pub(super) terms: Vec<String>,
    pub(super) labels: Vec<String>,
    pub(super) notes: Vec<Note>,
    /// Who is not among the rows.
    pub(super) left: LeftOut,
    pub(super) source: String,
}

/// What a row is there for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Role {
    pub(super) target: bool,
    pub(super) candidate: bool,
    /// It gives skewness and scale.
    pub(super) scale: bool,
    /// It is a set whose members are added up.
    pub(super) pooled: bool,
}

impl Loaded {
    /// Targets and candidates of one study.
    pub(super) fn of_one(
        study: &Study,
        features: &Features,
        candidates: &RegionSet,
    ) -> Result<Self, AnalysisError> {
        let targets = study.focus.members();
        let mut regions: Vec<RegionCode> = targets.to_vec();
        let others = candidates.members().iter().filter(|r| !targets.contains(r));
        regions.extend(others.cloned());
        let block = study.block(&features.terms, &regions, &[study.period.to])?;
        let role = |r: &RegionCode| Role {
            target: targets.contains(r),
            candidate: candidates.contains(r),
            scale: true,
            pooled: false,
        };
        Ok(Self {
            codes: block.regions.iter().map(ToString::to_string).collect(),
            names: names(study, &block.regions),
            roles: block.regions.iter().map(role).collect(),
            features: features.terms.len(),
            units: (0..features.terms.len())
                .map(|j| features.unit(study, j))
                .collect(),
            raw: block.regions_by_terms(0),
            terms: features.terms.iter().map(ToString::to_string).collect(),
            labels: (0..features.terms.len())
                .map(|j| features.label(study, j))
                .collect(),
            notes: block.notes,
            left: LeftOut::default(),
            source: block.source,
        })
    }
}

fn names(study: &Study, regions: &[RegionCode]) -> Vec<String> {
    regions.iter().map(|r| study.atlas.regions.label(r)).collect()
}

impl TwoSided {
    /// None where one study holds all.
    pub(super) fn read(params: &Params, features: &Features) -> Result<Option<Self>, ParamError> {
        let optional = |name: &'static str| {
            let given = params.text(name).is_some();
            given.then(|| params.term(ENTRY.id, name)).transpose()
        };
        let refuse = |reason: &str| {
            Err(ParamError::Combination {
                analysis: ENTRY.id.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let pooled: Vec<String> = params.texts("pooled").into_iter().map(str::to_owned).collect();
        let mut peer_features = params.terms(ENTRY.id, "peer_features")?;
        if peer_features.is_empty() {
            peer_features.clone_from(&features.terms);
        }
        if peer_features.len() != features.terms.len() {
            return refuse("`peer_features` needs one indicator for each of `features`");
        }
        let composition = match (optional("value")?, optional("peer_value")?) {
            (Some(value), Some(peer_value)) => Some(Composition {
                value,
                peer_value,
                peer_total: optional("peer_total")?,
                peer_year: params.integer("peer_year"),
                classes: params.texts("class").into_iter().map(str::to_owned).collect(),
            }),
            (None, None) => None,
            _ => return refuse("`value` and `peer_value` are given together"),
        };
        let scaled_over = params.text("scaled_over").map(str::to_owned);
        let same = pooled.is_empty() && scaled_over.is_none() && peer_features == features.terms;
        let none = composition.is_none() && same;
        Ok((!none).then_some(Self {
            peer_features,
            composition,
            pooled,
            scaled_over,
        }))
    }

    /// Whether shares of classes stand beside the features.
    pub(super) fn splits(&self) -> bool {
        self.composition.is_some()
    }

    pub(super) fn needs(&self) -> Vec<Need> {
        let mut terms = self.peer_features.clone();
        if let Some(c) = &self.composition {
            terms.extend([c.value.clone(), c.peer_value.clone()]);
            terms.extend(c.peer_total.clone());
        }
        terms.into_iter().map(Need::Indicator).collect()
    }

    /// Targets from the focus, candidates from their own data set, and sets of them as one region each.
    pub(super) fn load(
        &self,
        study: &Study,
        features: &Features,
        candidates: &RegionSet,
    ) -> Result<Loaded, AnalysisError> {
        let sets: Vec<&RegionSet> = (self.pooled.iter())
            .map(|name| study.atlas.set(name))
            .collect::<Result<_, _>>()?;
        let targets = study.focus.members();
        if let Some(both) = targets.iter().find(|r| candidates.contains(r)) {
            let label = study.atlas.regions.label(both);
            return Err(refused(format!(
                "{label} is in the focus and among the candidates, whose indicators are not the same"
            )));
        }
        let mut peers: Vec<RegionCode> = candidates.members().to_vec();
        let scale = self.scale(study)?;
        for region in sets.iter().chain(&scale).flat_map(|s| s.members()) {
            if !peers.contains(region) {
                peers.push(region.clone());
            }
        }
        let mut sides = Sides {
            left: Vec::new(),
            right: Vec::new(),
            factors: factors(study, &features.terms, &self.peer_features)?,
        };
        if parts_are_pooled_ratios(study, &self.peer_features, &sets)? {
            return Err(refused(
                "`pooled` adds regions up: its features must be totals".to_owned(),
            ));
        }
        let (first, second) = (&features.terms, &self.peer_features);
        if !first.is_empty() {
            let year = [study.period.to];
            sides.left.push(study.block(first, targets, &year)?);
            sides.right.push(study.block(second, &peers, &year)?);
        }
        let mut classes = Vec::new();
        if let Some(c) = &self.composition {
            classes = c.groups(study)?;
            let own: Vec<Term> = classes.iter().flat_map(|g| g.own.clone()).collect();
            let theirs: Vec<Term> = classes.iter().map(|g| g.peer.clone()).collect();
            sides.left.push(study.block(&own, targets, &[study.period.to])?);
            sides.right.push(study.block(&theirs, &peers, &[c.year(study)?])?);
        }
        self.table(study, features, candidates, &sets, &sides, &classes)
    }

    /// The set that gives the scale, if one is named.
    fn scale<'s>(&self, study: &'s Study) -> Result<Option<&'s RegionSet>, AnalysisError> {
        let found = self.scaled_over.as_ref().map(|name| study.atlas.set(name));
        Ok(found.transpose()?)
    }

    fn table(
        &self,
        study: &Study,
        features: &Features,
        candidates: &RegionSet,
        sets: &[&RegionSet],
        sides: &Sides,
        classes: &[Group],
    ) -> Result<Loaded, AnalysisError> {
        let own: Vec<usize> = classes.iter().map(|g| g.own.len()).collect();
        let one: Vec<usize> = vec![1; classes.len()];
        let count = features.terms.len();
        let mut out = Loaded {
            codes: Vec::new(),
            names: Vec::new(),
            roles: Vec::new(),
            features: count,
            units: (0..count).map(|j| features.unit(study, j)).collect(),
            raw: Vec::new(),
            terms: features.terms.iter().map(ToString::to_string).collect(),
            labels: (0..count).map(|j| features.label(study, j)).collect(),
            notes: sides.notes(),
            left: LeftOut::default(),
            source: self.source(study, sides)?,
        };
        out.terms.extend(classes.iter().map(|g| g.peer.to_string()));
        out.labels.extend(classes.iter().map(|g| g.label.clone()));
        let scale = self.scale(study)?;
        let base = Role {
            scale: scale.is_none(),
            ..Role::default()
        };
        for region in study.focus.members() {
            let Some(cells) = sides.row(&sides.left, std::slice::from_ref(region)) else {
                continue;
            };
            let role = Role { target: true, ..base };
            let label = study.atlas.regions.label(region);
            out.push(
                region.to_string(),
                label,
                role,
                finished(cells, count, None, &own),
            );
        }
        let mut left = LeftOut::default();
        let others = scale.iter().flat_map(|s| s.members());
        let others = others.filter(|r| !candidates.contains(r));
        for region in candidates.members().iter().chain(others) {
            let parts = std::slice::from_ref(region);
            left.asked += 1;
            let Some(cells) = sides.row(&sides.right, parts) else {
                left.incomplete.push(region.clone());
                continue;
            };
            if !self.covers(study, parts)? {
                left.uncovered.push(region.clone());
                continue;
            }
            let role = Role {
                candidate: candidates.contains(region),
                scale: scale.is_none_or(|s| s.contains(region)),
                ..Role::default()
            };
            let label = study.atlas.regions.label(region);
            let row = finished(cells, count, Some(&sides.factors), &one);
            out.push(region.to_string(), label, role, row);
        }
        for set in sets {
            let covers = self.covers(study, set.members())?;
            let Some(cells) = sides.row(&sides.right, set.members()).filter(|_| covers) else {
                left.pooled.push(set.name_en.clone());
                continue;
            };
            let role = Role {
                candidate: true,
                pooled: true,
                ..base
            };
            let row = finished(cells, count, Some(&sides.factors), &one);
            out.push(set.id.clone(), set.name_en.clone(), role, row);
        }
        out.notes.extend(left.notes(study));
        out.notes.extend(self.note(study)?);
        out.left = left;
        Ok(out)
    }

    fn covers(&self, study: &Study, parts: &[RegionCode]) -> Result<bool, AnalysisError> {
        self.composition
            .as_ref()
            .map_or(Ok(true), |c| c.covers(study, parts))
    }

    /// Publishers and vintages of both data sets in one line.
    fn source(&self, study: &Study, sides: &Sides) -> Result<String, AnalysisError> {
        let mut used: Vec<Datum> = Vec::new();
        for block in sides.left.iter().chain(&sides.right) {
            for (term, region) in block
                .terms
                .iter()
                .flat_map(|t| block.regions.iter().map(move |r| (t, r)))
            {
                used.extend(study.value(term, region, block.years[0])?);
            }
        }
        Ok(study.source_line(&used))
    }

    /// What a reader must know where shares of two data sets meet.
    fn note(&self, study: &Study) -> Result<Option<Note>, AnalysisError> {
        let Some(c) = &self.composition else {
            return Ok(None);
        };
        let label = |t: &Term| study.atlas.codebook.label(t);
        let text = format!(
            "Shares of two data sets stand side by side: {} in {} of the targets, {} in {} of the candidates, by the crosswalk of their \
             classifications and of the sum of the classes taken.",
            label(&c.value),
            study.period.to,
            label(&c.peer_value),
            c.year(study)?
        );
        Ok(Some(Note::new(NoteKind::Method, text)))
    }
}

/// Who is not compared, and why.
#[derive(Default)]
pub(super) struct LeftOut {
    asked: usize,
    /// A figure is missing.
    pub(super) incomplete: Vec<RegionCode>,
    /// All figures are there, and too much of the total is in no class.
    pub(super) uncovered: Vec<RegionCode>,
    /// Names of sets that could not be added up.
    pooled: Vec<String>,
}

/// More regions are counted and not named in a note.
const NAMED: usize = 15;

impl LeftOut {
    fn notes(&self, study: &Study) -> Vec<Note> {
        let regions = [self.incomplete.as_slice(), &self.uncovered].concat();
        let mut notes = Vec::new();
        if !regions.is_empty() {
            let mut text = format!(
                "Of {} regions on the side of the candidates {} have all that is asked. Left out are {} that lack a figure and {} whose observed \
                 classes make less than {} % of their total.",
                self.asked,
                self.asked - regions.len(),
                self.incomplete.len(),
                self.uncovered.len(),
                COVERED * 100.0
            );
            if regions.len() <= NAMED {
                let names: Vec<String> = regions.iter().map(|r| study.atlas.regions.label(r)).collect();
                text.push_str(&format!(" They are {}.", names.join(", ")));
            }
            notes.push(Note {
                kind: NoteKind::Missing,
                text,
                regions,
            });
        }
        if !self.pooled.is_empty() {
            let text = format!(
                "Left out because the figures of the members are not complete: {}.",
                self.pooled.join("; ")
            );
            notes.push(Note::new(NoteKind::Missing, text));
        }
        notes
    }
}

impl Loaded {
    fn push(&mut self, code: String, name: String, role: Role, row: Vec<f64>) {
        self.codes.push(code);
        self.names.push(name);
        self.roles.push(role);
        self.raw.extend(row);
    }

    /// Rows that play a role.
    pub(super) fn rows(&self, plays: fn(&Role) -> bool) -> Vec<usize> {
        (0..self.roles.len()).filter(|&r| plays(&self.roles[r])).collect()
    }
}
