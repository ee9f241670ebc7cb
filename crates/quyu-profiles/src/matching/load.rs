//! The table of targets and candidates that `match` compares: one study of both, or structures under two classifications.

use quyu_core::indicator::Nature;
use quyu_core::{
    AnalysisError, Block, ClassCode, Missing, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    RegionCode, RegionSet, Study, Term, Year,
};

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

/// Share of the total that the observed classes of a candidate must make.
const COVERED: f64 = 0.97;

/// What is compared, where targets and candidates come from two data sets.
#[derive(Debug)]
pub(super) struct TwoSided {
    peer_features: Vec<Term>,
    composition: Option<Composition>,
    pooled: Vec<String>,
    scaled_over: Option<String>,
}

#[derive(Debug)]
struct Composition {
    value: Term,
    peer_value: Term,
    peer_total: Option<Term>,
    peer_year: Option<i64>,
    classes: Vec<String>,
}

/// A table of regions by what is compared.
pub(super) struct Loaded {
    pub(super) codes: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) target: Vec<bool>,
    pub(super) candidate: Vec<bool>,
    /// Who gives skewness and scale.
    pub(super) scale: Vec<bool>,
    /// Row-major.
    pub(super) raw: Vec<f64>,
    /// Ids and labels of the columns.
    pub(super) terms: Vec<String>,
    pub(super) labels: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) source: String,
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
        Ok(Self {
            codes: block.regions.iter().map(ToString::to_string).collect(),
            names: names(study, &block.regions),
            target: block.regions.iter().map(|r| targets.contains(r)).collect(),
            candidate: block.regions.iter().map(|r| candidates.contains(r)).collect(),
            scale: vec![true; block.regions.len()],
            raw: block.regions_by_terms(0),
            terms: features.terms.iter().map(ToString::to_string).collect(),
            labels: (0..features.terms.len())
                .map(|j| features.label(study, j))
                .collect(),
            notes: block.notes,
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
        let factors = self.factors(study, features)?;
        let mut sides = Sides {
            left: Vec::new(),
            right: Vec::new(),
            factors,
        };
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

    /// What brings an indicator of the candidates to the unit of that of the targets.
    fn factors(&self, study: &Study, features: &Features) -> Result<Vec<f64>, AnalysisError> {
        let unit = |term: &Term| -> Result<String, AnalysisError> {
            Ok(study.atlas.codebook.indicator(&term.indicator)?.unit.clone())
        };
        let pairs = features.terms.iter().zip(&self.peer_features);
        pairs
            .map(|(own, peer)| {
                let (a, b) = (unit(own)?, unit(peer)?);
                let ((x, one), (y, other)) = (multiple(&a), multiple(&b));
                match one == other {
                    true => Ok(y / x),
                    false => Err(refused(format!(
                        "`{own}` is in {a}, `{peer}` in {b}: they cannot be compared"
                    ))),
                }
            })
            .collect()
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
        let mut out = Loaded {
            codes: Vec::new(),
            names: Vec::new(),
            target: Vec::new(),
            candidate: Vec::new(),
            scale: Vec::new(),
            raw: Vec::new(),
            terms: features.terms.iter().map(ToString::to_string).collect(),
            labels: (0..features.terms.len())
                .map(|j| features.label(study, j))
                .collect(),
            notes: sides.notes(),
            source: sides.source(),
        };
        out.terms.extend(classes.iter().map(|g| g.peer.to_string()));
        out.labels.extend(classes.iter().map(|g| g.label.clone()));
        let count = features.terms.len();
        let scale = self.scale(study)?;
        for region in study.focus.members() {
            let Some(cells) = sides.row(&sides.left, std::slice::from_ref(region)) else {
                continue;
            };
            let label = study.atlas.regions.label(region);
            let row = finished(cells, count, None, &own);
            out.push(region.to_string(), label, (true, false, scale.is_none()), row);
        }
        let mut uncovered = Vec::new();
        let mut single: Vec<&RegionCode> = candidates.members().iter().collect();
        let others = scale.iter().flat_map(|s| s.members());
        single.extend(others.filter(|r| !candidates.contains(r)));
        let single = single.into_iter().map(|r| {
            let gives = scale.is_none_or(|s| s.contains(r));
            let label = study.atlas.regions.label(r);
            let role = (false, candidates.contains(r), gives);
            (r.to_string(), label, std::slice::from_ref(r), role)
        });
        let pooled = sets.iter().map(|s| {
            let role = (false, true, scale.is_none());
            (s.id.clone(), s.name_en.clone(), s.members(), role)
        });
        for (code, label, parts, role) in single.chain(pooled) {
            if !self.covered(study, parts)? {
                uncovered.push(label);
            } else if let Some(cells) = sides.row(&sides.right, parts) {
                let row = finished(cells, count, Some(&sides.factors), &one);
                out.push(code, label, role, row);
            }
        }
        if parts_are_pooled_ratios(study, &self.peer_features, sets)? {
            return Err(refused(
                "`pooled` adds regions up: its features must be totals".to_owned(),
            ));
        }
        out.say(study, self, &uncovered)?;
        Ok(out)
    }

    /// Whether the observed classes of some regions together make up their total.
    fn covered(&self, study: &Study, parts: &[RegionCode]) -> Result<bool, AnalysisError> {
        let Some(c) = &self.composition else {
            return Ok(true);
        };
        let Some(total) = &c.peer_total else {
            return Ok(true);
        };
        let year = c.year(study)?;
        let (mut seen, mut whole) = (Vec::new(), Vec::new());
        for region in parts {
            for term in c.reached(study)? {
                seen.extend(study.value(&term, region, year)?.map(|d| d.value));
            }
            whole.extend(study.value(total, region, year)?.map(|d| d.value));
        }
        Ok(whole.len() == parts.len() && quyu_math::sum(&seen) >= COVERED * quyu_math::sum(&whole))
    }
}

fn parts_are_pooled_ratios(
    study: &Study,
    terms: &[Term],
    sets: &[&RegionSet],
) -> Result<bool, AnalysisError> {
    for term in terms {
        let nature = &study.atlas.codebook.indicator(&term.indicator)?.nature;
        if !sets.is_empty() && !matches!(nature, Nature::Extensive { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The leading number of a unit and what it multiplies: `10,000 persons` is 10000 times `persons`.
fn multiple(unit: &str) -> (f64, &str) {
    let cut = unit.split_once(' ');
    let read = cut.and_then(|(number, rest)| Some((number.replace(',', "").parse().ok()?, rest)));
    read.unwrap_or((1.0, unit))
}

/// Indicators in the unit of the targets, then shares of groups of classes.
fn finished(cells: Vec<f64>, count: usize, factors: Option<&[f64]>, sizes: &[usize]) -> Vec<f64> {
    let mut row = cells[..count].to_vec();
    if let Some(factors) = factors {
        row.iter_mut().zip(factors).for_each(|(x, f)| *x *= f);
    }
    let whole = quyu_math::sum(&cells[count..]);
    let mut at = count;
    for size in sizes {
        row.push(quyu_math::sum(&cells[at..at + size]) / whole);
        at += size;
    }
    row
}

/// Blocks of both data sets: indicators, then classes.
struct Sides {
    left: Vec<Block>,
    right: Vec<Block>,
    factors: Vec<f64>,
}

impl Sides {
    /// Sums over some regions of all terms; none if a figure is missing.
    fn row(&self, blocks: &[Block], parts: &[RegionCode]) -> Option<Vec<f64>> {
        let mut row = Vec::new();
        for block in blocks {
            let at: Option<Vec<usize>> = parts
                .iter()
                .map(|p| block.regions.iter().position(|r| r == p))
                .collect();
            let at = at?;
            for term in 0..block.terms.len() {
                let column = block.column(term, 0);
                row.push(quyu_math::sum_by(at.len(), |k| column[at[k]]));
            }
        }
        Some(row)
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        for note in self.left.iter().chain(&self.right).flat_map(|b| &b.notes) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        notes
    }

    fn source(&self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for block in self.left.iter().chain(&self.right) {
            if !lines.contains(&block.source.as_str()) {
                lines.push(&block.source);
            }
        }
        lines.join(" ")
    }
}

/// A class of the candidates with those of the targets that lead to it.
struct Group {
    peer: Term,
    own: Vec<Term>,
    label: String,
}

impl Composition {
    fn year(&self, study: &Study) -> Result<Year, AnalysisError> {
        match self.peer_year.and_then(|y| i32::try_from(y).ok()) {
            Some(year) => Ok(Year::new(year)?),
            None => Ok(study.period.to),
        }
    }

    /// The classes of the candidates that any class of the targets leads to: not those of no answer.
    fn reached(&self, study: &Study) -> Result<Vec<Term>, AnalysisError> {
        let (from, to) = (
            self.scheme(study, &self.value)?,
            self.scheme(study, &self.peer_value)?,
        );
        let own = study.classes(&self.value)?;
        let leads = |class: &ClassCode| {
            let mut codes = own.iter().filter_map(|t| t.class.as_ref());
            from == to || codes.any(|code| study.atlas.relations.crosswalk(&from, code, &to).contains(class))
        };
        let mut all = study.classes(&self.peer_value)?;
        all.retain(|t| t.class.as_ref().is_some_and(leads));
        Ok(all)
    }

    fn scheme(&self, study: &Study, term: &Term) -> Result<String, AnalysisError> {
        let found = study.atlas.codebook.indicator(&term.indicator)?.scheme.clone();
        found.ok_or_else(|| refused(format!("`{term}` is not split by class")))
    }

    fn groups(&self, study: &Study) -> Result<Vec<Group>, AnalysisError> {
        let codebook = &study.atlas.codebook;
        let (from, to) = (
            self.scheme(study, &self.value)?,
            self.scheme(study, &self.peer_value)?,
        );
        let own = study.classes(&self.value)?;
        let leads = |term: &Term, class: &ClassCode| match &term.class {
            Some(code) if from == to => code == class,
            Some(code) => study.atlas.relations.crosswalk(&from, code, &to) == [class.clone()],
            None => false,
        };
        let theirs = study.classes(&self.peer_value)?;
        let is = |t: &Term, name: &str| t.class.as_ref().is_some_and(|c| c.as_str() == name);
        if let Some(unknown) = self.classes.iter().find(|c| !theirs.iter().any(|t| is(t, c))) {
            return Err(refused(format!("`{}` has no class `{unknown}`", self.peer_value)));
        }
        let mut groups = Vec::new();
        for peer in theirs {
            let taken = self.classes.is_empty() || self.classes.iter().any(|c| is(&peer, c));
            let Some(class) = peer.class.clone().filter(|_| taken) else {
                continue;
            };
            let own: Vec<Term> = own.iter().filter(|t| leads(t, &class)).cloned().collect();
            if own.is_empty() {
                return Err(refused(format!("no class of `{}` leads to `{peer}`", self.value)));
            }
            let classes = codebook.classes_of(codebook.indicator(&peer.indicator)?);
            let found = classes.iter().find(|c| c.code == class);
            groups.push(Group {
                label: found.map_or_else(|| peer.to_string(), |c| c.label_en.clone()),
                peer,
                own,
            });
        }
        match groups.len() {
            0 | 1 => Err(refused("shares need two classes or more".to_owned())),
            _ => Ok(groups),
        }
    }
}

impl Loaded {
    /// `role`: target, candidate, who gives the scale.
    fn push(&mut self, code: String, name: String, role: (bool, bool, bool), row: Vec<f64>) {
        self.codes.push(code);
        self.names.push(name);
        self.target.push(role.0);
        self.candidate.push(role.1);
        self.scale.push(role.2);
        self.raw.extend(row);
    }

    /// What a reader must know of two data sets.
    fn say(&mut self, study: &Study, asked: &TwoSided, uncovered: &[String]) -> Result<(), AnalysisError> {
        let mut say = |text: String| self.notes.push(Note::new(NoteKind::Method, text));
        if let Some(c) = &asked.composition {
            let label = |t: &Term| study.atlas.codebook.label(t);
            say(format!(
                "Shares of two data sets stand side by side: {} in {} of the targets, {} in {} of the candidates, by the crosswalk of their \
                 classifications and of the sum of the classes taken.",
                label(&c.value),
                study.period.to,
                label(&c.peer_value),
                c.year(study)?
            ));
        }
        if !uncovered.is_empty() {
            let percent = COVERED * 100.0;
            say(format!(
                "{} candidates are left out because their observed classes make less than {percent} % of the total, or the total is missing.",
                uncovered.len()
            ));
        }
        if study.missing == Missing::Drop && !asked.pooled.is_empty() {
            let shown = |name: &String| self.names.contains(name);
            let sets = asked.pooled.iter().filter_map(|n| study.atlas.set(n).ok());
            let lost: Vec<String> = sets.map(|s| s.name_en.clone()).filter(|n| !shown(n)).collect();
            if !lost.is_empty() {
                let text = format!(
                    "Left out because a figure of a member is missing: {}.",
                    lost.join("; ")
                );
                self.notes.push(Note::new(NoteKind::Method, text));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{finished, multiple};

    #[test]
    fn a_unit_is_a_number_times_another() {
        assert_eq!(multiple("10,000 persons"), (10_000.0, "persons"));
        assert_eq!(multiple("persons"), (1.0, "persons"));
        assert_eq!(multiple("yuan per person"), (1.0, "yuan per person"));
    }

    #[test]
    fn shares_are_of_the_classes_taken() {
        let row = finished(vec![20.0, 1.0, 2.0, 5.0], 1, Some(&[0.5]), &[2, 1]);
        assert_eq!(row, [10.0, 0.375, 0.625]);
    }
}
