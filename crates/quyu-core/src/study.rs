//! A study: what an analysis is asked about, and how it gets at figures.
//!
//! Three rules live here and nowhere else: which vintage of a figure is meant, how a ratio is put together from its
//! parts, and how an indicator is aggregated over a set of regions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quyu_math::sum;

use crate::analysis::Need;
use crate::atlas::Atlas;
use crate::error::CoreError;
use crate::findings::{Note, NoteKind};
use crate::indicator::{Basis, Indicator, Nature, Term};
use crate::names::{IndicatorId, OWN, RegionCode, Vintage, Year};
use crate::region::RegionSet;
use crate::rounding::Span;
use crate::suggest::Near;
use crate::vintage::{VintageChoice, VintageRules, applies};

/// First and last year, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First year.
    pub from: Year,
    /// Last year.
    pub to: Year,
}

/// What to do where something is not observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Stop with an error that names the cells.
    #[default]
    Error,
    /// Leave the region out of everything, balanced over years and classes, and say so.
    Drop,
}

/// Series of one vintage that a source line names; more are counted.
const MOST_NAMED: usize = 4;

/// What an analysis is asked about.
#[derive(Debug, Clone)]
pub struct Study {
    /// Regions, codebook, observations.
    pub atlas: Arc<Atlas>,
    /// The regions looked at.
    pub focus: RegionSet,
    /// The regions compared with, computed from its members.
    pub reference: RegionSet,
    /// Years.
    pub period: Period,
    /// Which vintage of each indicator is meant.
    pub vintages: VintageChoice,
    /// Policy on missing values.
    pub missing: Missing,
    /// Seed of everything random.
    pub seed: u64,
}

/// How far the package trusts a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Less than the others.
    Low,
    /// Not at all: the figure is kept because it was published.
    None,
}

/// A remark of the package on one figure that it trusts less.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// Label of the indicator.
    pub term: String,
    /// How far the figure is trusted.
    pub trust: Trust,
    /// Why.
    pub remark: String,
    /// Region and year.
    pub place: String,
}

/// One figure with its provenance.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    /// The value.
    pub value: f64,
    /// The interval that the rounding of the printed figures behind it implies.
    pub rounding: Span,
    /// Indicators and vintages that it rests on: `gdp[4EC]`.
    pub from: BTreeSet<(IndicatorId, Vintage)>,
    /// Ids of its sources.
    pub sources: BTreeSet<String>,
    /// Remarks on figures of lower trust that went in.
    pub warnings: BTreeSet<Warning>,
}

impl Datum {
    fn combine(&self, other: &Datum, value: f64, rounding: Span) -> Datum {
        let mut out = self.clone();
        out.value = value;
        out.rounding = rounding;
        out.from.extend(other.from.iter().cloned());
        out.sources.extend(other.sources.iter().cloned());
        out.warnings.extend(other.warnings.iter().cloned());
        out
    }

    /// `scale` times the ratio of two figures.
    fn over(&self, denominator: &Datum, scale: f64) -> Datum {
        let rounding = self.rounding.over(denominator.rounding, scale);
        self.combine(denominator, self.value / denominator.value * scale, rounding)
    }

    /// The vintage, if the figure rests on one observation series only.
    fn vintage(&self) -> Option<&Vintage> {
        let vintages: BTreeSet<&Vintage> = self.from.iter().map(|(_, v)| v).collect();
        match vintages.len() {
            1 => vintages.into_iter().next(),
            _ => None,
        }
    }
}

/// Complete figures: terms x years x regions, after the policy on missing values was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The terms.
    pub terms: Vec<Term>,
    /// The years.
    pub years: Vec<Year>,
    /// The regions that are left.
    pub regions: Vec<RegionCode>,
    /// What a reader must know: drops, low trust.
    pub notes: Vec<Note>,
    /// Data and vintages in a line.
    pub source: String,
    /// Indicators and vintages that the figures rest on.
    pub from: BTreeSet<(IndicatorId, Vintage)>,
    values: Vec<f64>,
}

impl Block {
    /// Values of all regions for one term and year, by position.
    pub fn column(&self, term: usize, year: usize) -> &[f64] {
        let n = self.regions.len();
        let start = (term * self.years.len() + year) * n;
        &self.values[start..start + n]
    }

    /// The vintages that the figures rest on, in a few words: `4EC / pre-7PC`.
    pub fn vintages(&self, rules: &VintageRules) -> String {
        rules.short(&self.from.iter().map(|(_, v)| v).collect(), " / ")
    }

    /// Values as a row-major matrix regions x terms for one year, by position.
    pub fn regions_by_terms(&self, year: usize) -> Vec<f64> {
        let terms = 0..self.terms.len();
        (0..self.regions.len())
            .flat_map(|r| terms.clone().map(move |t| (t, r)))
            .map(|(t, r)| self.column(t, year)[r])
            .collect()
    }
}

/// Where the values of a term come from.
enum Route {
    /// They are observed, in one of these vintages.
    Observed(Vec<Vintage>),
    /// They follow from the parts of the indicator.
    Computed,
}

impl Study {
    /// Checks that everything an analysis needs exists, before anything runs.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names, or what is wrong with the vintages.
    pub fn check(&self, needs: &[Need]) -> Result<(), CoreError> {
        self.check_choices()?;
        for need in needs {
            match need {
                Need::Indicator(term) => {
                    for term in self.classes(term)? {
                        self.route(&term)?;
                    }
                }
                Need::Partition(id) => {
                    self.atlas
                        .partition(id)?
                        .cover(&self.focus.id, self.focus.members())?;
                }
                Need::Neighbours if self.atlas.relations.contiguity.is_empty() => {
                    return Err(CoreError::NoBorders);
                }
                Need::Priorities if self.atlas.policy.items.is_empty() => {
                    return Err(CoreError::NoPolicy {
                        what: "priority lists",
                        tables: "`lists.csv` and `items.csv`",
                    });
                }
                Need::Clauses if self.atlas.policy.clauses.is_empty() => {
                    return Err(CoreError::NoPolicy {
                        what: "coded clauses",
                        tables: "`documents.csv` and `clauses.csv`",
                    });
                }
                Need::Documents if self.atlas.policy.documents.is_empty() => {
                    return Err(CoreError::NoPolicy {
                        what: "policy documents",
                        tables: "`documents.csv`",
                    });
                }
                Need::Claims if self.atlas.audit.claims.is_empty() => return Err(CoreError::NoClaims),
                Need::Neighbours
                | Need::Claims
                | Need::Priorities
                | Need::Clauses
                | Need::Documents
                | Need::Tiles
                | Need::Period
                | Need::Region
                | Need::Class => {}
            }
        }
        Ok(())
    }

    /// Every choice of a vintage must mean an indicator.
    fn check_choices(&self) -> Result<(), CoreError> {
        let ids = || self.atlas.codebook.indicators().map(|i| i.id.as_str());
        match self.vintages.keys().find(|key| !ids().any(|id| applies(key, id))) {
            Some(key) => Err(CoreError::Unknown {
                what: "indicator in a choice of vintages",
                name: key.to_owned(),
                near: Near::to(key, ids()),
            }),
            None => Ok(()),
        }
    }

    /// This study with other vintages for some indicators, written `gdp=4EC, pop=pre-7PC`. Empty text changes nothing.
    ///
    /// # Errors
    /// [`CoreError::Malformed`] text, or [`CoreError::Unknown`] indicator or vintage.
    pub fn with_vintages(&self, text: &str) -> Result<Self, CoreError> {
        let mut choices = Vec::new();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (key, word) = part.split_once('=').ok_or_else(|| CoreError::Malformed {
                what: "choice of a vintage (`indicator=vintage`)",
                text: part.to_owned(),
            })?;
            choices.push((key.trim().to_owned(), word.trim().to_owned()));
        }
        let chosen = VintageChoice::new(&self.atlas.vintages, &self.atlas.known_vintages(), choices)?;
        let study = Self {
            vintages: self.vintages.overridden_by(&chosen),
            ..self.clone()
        };
        study.check_choices()?;
        Ok(study)
    }

    /// The years of the period.
    pub fn years(&self) -> Vec<Year> {
        self.period.from.through(self.period.to)
    }

    /// The years of the period in which any of the regions has a figure for the term. For a computed indicator: the
    /// years in which all its parts have one.
    ///
    /// # Errors
    /// As [`Study::value`].
    pub fn observed_years(&self, term: &Term, regions: &[RegionCode]) -> Result<Vec<Year>, CoreError> {
        let mut years = Vec::new();
        for year in self.years() {
            for region in regions {
                if self.value(term, region, year)?.is_some() {
                    years.push(year);
                    break;
                }
            }
        }
        Ok(years)
    }

    /// The terms that a term without class stands for: one a class if its indicator is split, else itself.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] indicator or class.
    pub fn classes(&self, term: &Term) -> Result<Vec<Term>, CoreError> {
        let codebook = &self.atlas.codebook;
        let indicator = codebook.indicator(&term.indicator)?;
        if indicator.scheme.is_some() && term.class.is_none() {
            let classes = codebook.classes_of(indicator).iter();
            return Ok(classes.map(|c| Term::of_class(&indicator.id, &c.code)).collect());
        }
        codebook.check(term)?;
        Ok(vec![term.clone()])
    }

    /// Decides whether a term is read or computed.
    fn route(&self, term: &Term) -> Result<Route, CoreError> {
        let indicator = self.atlas.codebook.check(term)?;
        let available = self.atlas.panel.vintages(term);
        let computable = match &indicator.nature {
            Nature::Intensive { .. } => true,
            Nature::Extensive { implied, .. } => implied.is_some(),
            Nature::Index => false,
        };
        if let Some((word, vintages)) = self.vintages.of(&term.indicator) {
            let chosen: Vec<Vintage> = vintages
                .iter()
                .filter(|v| available.contains(v))
                .cloned()
                .collect();
            return match (chosen.is_empty(), computable, available.as_slice()) {
                (false, _, _) => Ok(Route::Observed(chosen)),
                (true, true, _) => Ok(Route::Computed),
                // A prefix such as `pop` may also fit an indicator that exists in one vintage only.
                (true, false, [one]) if !self.vintages.keys().any(|k| k == term.indicator.as_str()) => {
                    Ok(Route::Observed(vec![one.clone()]))
                }
                _ => Err(CoreError::NoSuchVintage {
                    indicator: term.indicator.clone(),
                    chosen: word.to_owned(),
                    available,
                }),
            };
        }
        let available = if available.len() > 1 {
            self.at_hand(term, available)
        } else {
            available
        };
        match (available.as_slice(), computable) {
            ([], true) => Ok(Route::Computed),
            ([one], _) => Ok(Route::Observed(vec![one.clone()])),
            ([], false) => Err(CoreError::NoSuchVintage {
                indicator: term.indicator.clone(),
                chosen: "at all".to_owned(),
                available,
            }),
            _ => Err(CoreError::AmbiguousVintage {
                indicator: term.indicator.clone(),
                available,
            }),
        }
    }

    /// The vintages in which a region of the focus or the reference has any figure: a vintage that only cities have is no
    /// choice for provinces.
    fn at_hand(&self, term: &Term, vintages: Vec<Vintage>) -> Vec<Vintage> {
        let concerned = |region: &RegionCode| self.focus.contains(region) || self.reference.contains(region);
        let has = |v: &Vintage| self.atlas.panel.keys(term, v).iter().any(|(_, r)| concerned(r));
        vintages.into_iter().filter(has).collect()
    }

    /// One figure, read or put together from its parts; `None` where it is not observed.
    ///
    /// # Errors
    /// [`CoreError`] for an unknown term, an ambiguous vintage, vintages that must not meet, or a zero denominator.
    pub fn value(&self, term: &Term, region: &RegionCode, year: Year) -> Result<Option<Datum>, CoreError> {
        match self.route(term)? {
            Route::Observed(vintages) => self.observed(term, &vintages, region, year),
            Route::Computed => self.computed(term, region, year),
        }
    }

    fn observed(
        &self,
        term: &Term,
        vintages: &[Vintage],
        region: &RegionCode,
        year: Year,
    ) -> Result<Option<Datum>, CoreError> {
        let panel = &self.atlas.panel;
        let mut found = vintages
            .iter()
            .filter_map(|v| panel.get(term, v, year, region).map(|o| (v.clone(), o)));
        let Some((vintage, observation)) = found.next() else {
            return Ok(None);
        };
        if let Some((other, _)) = found.next() {
            return Err(CoreError::SeriesOverlap {
                indicator: term.indicator.clone(),
                region: region.clone(),
                year,
                chosen: self
                    .vintages
                    .of(&term.indicator)
                    .map(|(w, _)| w.to_owned())
                    .unwrap_or_default(),
                vintages: vec![vintage, other],
            });
        }
        let trust = [("low trust:", Trust::Low), ("distrusted:", Trust::None)];
        let warnings = trust
            .into_iter()
            .filter_map(|(mark, trust)| {
                let remark = observation.note.strip_prefix(mark)?.trim().to_owned();
                let place = format!("{} {year}", self.atlas.regions.label(region));
                Some(Warning {
                    term: self.atlas.codebook.label(term),
                    trust,
                    remark,
                    place,
                })
            })
            .collect();
        Ok(Some(Datum {
            value: observation.value,
            rounding: Span::around(observation.value, observation.half_unit),
            from: BTreeSet::from([(term.indicator.clone(), vintage)]),
            sources: BTreeSet::from([observation.source]),
            warnings,
        }))
    }

    /// A part of a ratio that is split by the same classes as the ratio is taken class by class.
    fn part(&self, term: &Term, part: &Term) -> Result<Term, CoreError> {
        let split = self.atlas.codebook.indicator(&part.indicator)?.scheme.is_some();
        match (&part.class, &term.class) {
            (None, Some(class)) if split => Ok(Term::of_class(&part.indicator, class)),
            _ => Ok(part.clone()),
        }
    }

    fn computed(&self, term: &Term, region: &RegionCode, year: Year) -> Result<Option<Datum>, CoreError> {
        let indicator = self.atlas.codebook.check(term)?;
        let (numerator, denominator, scale, basis) = match &indicator.nature {
            Nature::Intensive {
                numerator,
                denominator,
                scale,
                basis,
            } => (
                self.part(term, numerator)?,
                self.part(term, denominator)?,
                *scale,
                *basis,
            ),
            Nature::Extensive {
                implied: Some((n, d, scale)),
                ..
            } => (Term::from(n), Term::from(d), *scale, Basis::SameYear),
            _ => return Ok(None),
        };
        let (Some(n), Some(d)) = (
            self.value(&numerator, region, year)?,
            self.denominator(&denominator, basis, region, year)?,
        ) else {
            return Ok(None);
        };
        self.may_meet(&numerator.indicator, &n, &denominator.indicator, &d, year)?;
        if d.value == 0.0 {
            return Err(CoreError::ZeroDenominator {
                indicator: term.indicator.clone(),
                denominator: denominator.indicator,
                region: region.clone(),
                year,
            });
        }
        Ok(Some(n.over(&d, scale)))
    }

    /// The denominator of a year: as it is, or the mean of two year-ends of one vintage.
    fn denominator(
        &self,
        term: &Term,
        basis: Basis,
        region: &RegionCode,
        year: Year,
    ) -> Result<Option<Datum>, CoreError> {
        let now = self.value(term, region, year)?;
        if basis == Basis::SameYear {
            return Ok(now);
        }
        let (Some(now), Some(before)) = (now, self.value(term, region, year.previous())?) else {
            return Ok(None);
        };
        if now.from != before.from {
            return Ok(None);
        }
        Ok(Some(mean(&now, &before)))
    }

    /// The denominators of a set. Where a mean of year-ends lacks its first one, that is the year that is missing.
    fn denominators(
        &self,
        term: &Term,
        basis: Basis,
        set: &RegionSet,
        year: Year,
    ) -> Result<Option<Vec<Datum>>, CoreError> {
        if basis == Basis::MeanOfYearEnds {
            let now = self.parts(term, set, |r| self.value(term, r, year), year)?;
            if now.is_none() {
                return Ok(None);
            }
        }
        let missing = match basis {
            Basis::SameYear => year,
            Basis::MeanOfYearEnds => year.previous(),
        };
        self.parts(term, set, |r| self.denominator(term, basis, r, year), missing)
    }

    /// Vintages meet only where the rules say so. Parts that are themselves computed were checked on their way.
    fn may_meet(
        &self,
        numerator: &IndicatorId,
        n: &Datum,
        denominator: &IndicatorId,
        d: &Datum,
        year: Year,
    ) -> Result<(), CoreError> {
        match (n.vintage(), d.vintage()) {
            (Some(a), Some(b)) => self.atlas.vintages.meet((numerator, a), (denominator, b), year),
            _ => Ok(()),
        }
    }

    /// A figure for a set of regions: sums of what adds up, ratios of sums for what is a ratio, never a mean of ratios.
    /// `Ok(None)` if `missing` is `drop` and a part is missing somewhere.
    ///
    /// Where the ratio itself is observed, its parts are taken in its own vintage, and the part that is not observed
    /// is implied by the other; where the ratio is computed, it is the ratio of the sums of its parts.
    ///
    /// # Errors
    /// [`CoreError::NotAggregable`], [`CoreError::NoParts`], [`CoreError::Missing`], and as [`Study::value`].
    pub fn aggregate(&self, term: &Term, set: &RegionSet, year: Year) -> Result<Option<Datum>, CoreError> {
        if let [single] = set.members() {
            return self.required(term, single, year);
        }
        let indicator = self.atlas.codebook.check(term)?;
        match &indicator.nature {
            Nature::Index => Err(CoreError::NotAggregable {
                indicator: indicator.id.clone(),
            }),
            Nature::Extensive { .. } => {
                let parts = self.parts(term, set, |r| self.value(term, r, year), year)?;
                Ok(parts.map(|p| total(&p)))
            }
            Nature::Intensive {
                numerator,
                denominator,
                scale,
                basis,
            } => {
                let (numerator, denominator) = (&self.part(term, numerator)?, &self.part(term, denominator)?);
                let (n, d) = match self.route(term)? {
                    Route::Computed => (
                        self.parts(numerator, set, |r| self.value(numerator, r, year), year)?,
                        self.denominators(denominator, *basis, set, year)?,
                    ),
                    Route::Observed(vintages) => self.implied_parts(indicator, term, &vintages, set, year)?,
                };
                let (Some(n), Some(d)) = (n, d) else {
                    return Ok(None);
                };
                for (a, b) in n.iter().zip(&d) {
                    self.may_meet(&numerator.indicator, a, &denominator.indicator, b, year)?;
                }
                let (n, d) = (total(&n), total(&d));
                if d.value == 0.0 {
                    return Err(CoreError::ZeroDenominator {
                        indicator: indicator.id.clone(),
                        denominator: denominator.indicator.clone(),
                        region: set.members()[0].clone(),
                        year,
                    });
                }
                Ok(Some(n.over(&d, *scale)))
            }
        }
    }

    /// Numerators and denominators behind an observed ratio, one of them implied if need be.
    #[allow(clippy::type_complexity)]
    fn implied_parts(
        &self,
        indicator: &Indicator,
        term: &Term,
        vintages: &[Vintage],
        set: &RegionSet,
        year: Year,
    ) -> Result<(Option<Vec<Datum>>, Option<Vec<Datum>>), CoreError> {
        let Nature::Intensive {
            numerator,
            denominator,
            scale,
            basis,
        } = &indicator.nature
        else {
            return Ok((None, None));
        };
        let Some(ratios) = self.parts(term, set, |r| self.observed(term, vintages, r, year), year)? else {
            return Ok((None, None));
        };
        let in_vintage = |part: &Term, year: Year| -> Option<Vec<Datum>> {
            let own = |(region, ratio): (&RegionCode, &Datum)| {
                let vintage = ratio.vintage()?.clone();
                self.observed(part, &[vintage], region, year).ok().flatten()
            };
            set.members().iter().zip(&ratios).map(own).collect()
        };
        let (numerator, denominator) = (self.part(term, numerator)?, self.part(term, denominator)?);
        let denominators = match basis {
            Basis::SameYear => in_vintage(&denominator, year),
            Basis::MeanOfYearEnds => in_vintage(&denominator, year)
                .zip(in_vintage(&denominator, year.previous()))
                .map(|(now, before)| now.iter().zip(&before).map(|(n, b)| mean(n, b)).collect()),
        };
        match (in_vintage(&numerator, year), denominators) {
            (Some(n), Some(d)) => Ok((Some(n), Some(d))),
            (Some(n), None) => {
                // A ratio of zero says nothing about its denominator.
                if let Some((region, _)) = set.members().iter().zip(&ratios).find(|(_, r)| r.value == 0.0) {
                    return Err(CoreError::ZeroDenominator {
                        indicator: denominator.indicator,
                        denominator: indicator.id.clone(),
                        region: region.clone(),
                        year,
                    });
                }
                let implied = n.iter().zip(&ratios).map(|(n, r)| n.over(r, *scale)).collect();
                Ok((Some(n), Some(implied)))
            }
            (None, Some(d)) => {
                let implied = d
                    .iter()
                    .zip(&ratios)
                    .map(|(d, r)| {
                        d.combine(r, d.value * r.value / scale, d.rounding.times(r.rounding, *scale))
                    })
                    .collect();
                Ok((Some(implied), Some(d)))
            }
            (None, None) => Err(CoreError::NoParts {
                indicator: indicator.id.clone(),
                numerator: numerator.indicator,
                denominator: denominator.indicator,
                set: set.id.clone(),
                year,
            }),
        }
    }

    /// One datum a member. A missing one is an error, or nothing at all under `drop`: a sum over some of the members
    /// would be the value of another set.
    fn parts(
        &self,
        term: &Term,
        set: &RegionSet,
        get: impl Fn(&RegionCode) -> Result<Option<Datum>, CoreError>,
        year: Year,
    ) -> Result<Option<Vec<Datum>>, CoreError> {
        let found: Vec<Option<Datum>> = set.members().iter().map(get).collect::<Result<_, _>>()?;
        let missing: Vec<(RegionCode, Year)> = set
            .members()
            .iter()
            .zip(&found)
            .filter(|(_, d)| d.is_none())
            .map(|(r, _)| (r.clone(), year))
            .collect();
        if missing.is_empty() {
            return Ok(found.into_iter().collect());
        }
        match self.missing {
            Missing::Error => Err(CoreError::Missing {
                indicator: term.to_string(),
                cells: missing,
            }),
            Missing::Drop => Ok(None),
        }
    }

    fn required(&self, term: &Term, region: &RegionCode, year: Year) -> Result<Option<Datum>, CoreError> {
        let found = self.value(term, region, year)?;
        if found.is_none() && self.missing == Missing::Error {
            return Err(CoreError::Missing {
                indicator: term.to_string(),
                cells: vec![(region.clone(), year)],
            });
        }
        Ok(found)
    }

    /// Complete figures for regions and years, after the policy on missing values: under `drop`, a region that lacks
    /// one of the terms in one of the years is left out of all, and a note says so.
    ///
    /// # Errors
    /// [`CoreError::Missing`], [`CoreError::NothingLeft`], and as [`Study::value`].
    pub fn block(&self, terms: &[Term], regions: &[RegionCode], years: &[Year]) -> Result<Block, CoreError> {
        let mut cells: Vec<Option<Datum>> = Vec::with_capacity(terms.len() * years.len() * regions.len());
        for term in terms {
            for year in years {
                for region in regions {
                    cells.push(self.value(term, region, *year)?);
                }
            }
        }
        let n = regions.len();
        let lacking: BTreeSet<usize> = cells
            .iter()
            .enumerate()
            .filter(|(_, c)| c.is_none())
            .map(|(i, _)| i % n)
            .collect();
        let names = terms
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        if !lacking.is_empty() && self.missing == Missing::Error {
            return Err(self.first_missing(&cells, terms, regions, years));
        }
        if lacking.len() == n {
            return Err(CoreError::NothingLeft {
                indicator: names,
                set: self.focus.id.clone(),
            });
        }
        let kept: Vec<&Datum> = cells
            .iter()
            .enumerate()
            .filter(|(i, _)| !lacking.contains(&(i % n)))
            .filter_map(|(_, c)| c.as_ref())
            .collect();
        let dropped: Vec<RegionCode> = lacking.iter().map(|&i| regions[i].clone()).collect();
        Ok(Block {
            terms: terms.to_vec(),
            years: years.to_vec(),
            regions: (0..n)
                .filter(|i| !lacking.contains(i))
                .map(|i| regions[i].clone())
                .collect(),
            notes: self.notes(terms, &kept, &dropped, n),
            source: self.source_line(kept.iter().copied()),
            from: kept.iter().flat_map(|d| d.from.iter().cloned()).collect(),
            values: kept.iter().map(|d| d.value).collect(),
        })
    }

    fn first_missing(
        &self,
        cells: &[Option<Datum>],
        terms: &[Term],
        regions: &[RegionCode],
        years: &[Year],
    ) -> CoreError {
        let per_term = years.len() * regions.len();
        let position = cells.iter().position(Option::is_none).unwrap_or_default();
        let term = position / per_term;
        let missing = (term * per_term..(term + 1) * per_term)
            .filter(|&i| cells[i].is_none())
            .map(|i| {
                (
                    regions[i % regions.len()].clone(),
                    years[(i % per_term) / regions.len()],
                )
            })
            .collect();
        CoreError::Missing {
            indicator: terms[term].to_string(),
            cells: missing,
        }
    }

    /// Notes on drops, distrusted figures and indicators of lower trust.
    fn notes(&self, terms: &[Term], used: &[&Datum], dropped: &[RegionCode], n: usize) -> Vec<Note> {
        let mut notes = Vec::new();
        if !dropped.is_empty() {
            let names: Vec<String> = dropped.iter().map(|r| self.atlas.regions.label(r)).collect();
            let verb = if dropped.len() == 1 { "is" } else { "are" };
            notes.push(Note {
                kind: NoteKind::Missing,
                text: format!(
                    "{} of {n} regions {verb} left out because a figure is missing: {}.",
                    dropped.len(),
                    names.join(", ")
                ),
                regions: dropped.to_vec(),
            });
        }
        let warnings: BTreeSet<&Warning> = used.iter().flat_map(|d| &d.warnings).collect();
        notes.extend(warning_notes(warnings));
        notes.extend(self.trust_notes(terms, used));
        notes
    }

    fn trust_notes(&self, terms: &[Term], used: &[&Datum]) -> Option<Note> {
        let codebook = &self.atlas.codebook;
        let named: BTreeSet<&IndicatorId> = terms
            .iter()
            .map(|t| &t.indicator)
            .chain(used.iter().flat_map(|d| d.from.iter().map(|(i, _)| i)))
            .collect();
        let low: Vec<String> = named
            .into_iter()
            .filter_map(|id| codebook.indicator(id).ok())
            .filter(|i| i.low_trust)
            .map(|i| i.label_en.clone())
            .collect();
        (!low.is_empty()).then(|| {
            Note::new(
                NoteKind::Trust,
                format!("The source is of lower trust for: {}.", low.join("; ")),
            )
        })
    }

    /// Notes on single figures, for analyses that do not go through a block.
    pub fn notes_on(&self, terms: &[Term], used: &[Datum]) -> Vec<Note> {
        self.notes(terms, &used.iter().collect::<Vec<_>>(), &[], 0)
    }

    /// Publishers, indicators and vintages in a line: what stands under a table or figure.
    pub fn source_line<'a>(&self, data: impl IntoIterator<Item = &'a Datum>) -> String {
        let mut publishers: BTreeSet<&str> = BTreeSet::new();
        let mut vintages: BTreeMap<&IndicatorId, BTreeSet<&Vintage>> = BTreeMap::new();
        for datum in data {
            for id in &datum.sources {
                let publisher = self
                    .atlas
                    .codebook
                    .source(id)
                    .map_or(id.as_str(), |s| s.publisher.as_str());
                publishers.extend(publisher.split(';').map(str::trim));
            }
            for (indicator, vintage) in &datum.from {
                vintages.entry(indicator).or_default().insert(vintage);
            }
        }
        let mut by_vintage: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (indicator, found) in &vintages {
            by_vintage
                .entry(self.atlas.vintages.short(found, ", "))
                .or_default()
                .push(indicator.as_str());
        }
        let named: Vec<String> = by_vintage
            .iter()
            .map(|(vintage, series)| match series.len() {
                0..=MOST_NAMED => format!("{} [{vintage}]", series.join(", ")),
                n => format!("{n} series [{vintage}]"),
            })
            .collect();
        let publishers: Vec<&str> = publishers.into_iter().collect();
        let own = |v: &&Vintage| v.as_str() == OWN;
        if !vintages.is_empty() && vintages.values().flatten().all(own) {
            // Somebody's own table has its columns and no vintages.
            let columns = vintages
                .keys()
                .map(|id| self.atlas.codebook.label(&Term::from(*id)));
            let columns: Vec<String> = columns.collect();
            return format!("{}: {}.", publishers.join("; "), columns.join(", "));
        }
        format!("{}. Vintages: {}.", publishers.join("; "), named.join("; "))
    }

    /// Checks that growth of a term between two years stays inside one series of vintages, for every region.
    ///
    /// # Errors
    /// [`CoreError::BrokenSeries`], and as [`Study::value`].
    pub fn one_series(
        &self,
        term: &Term,
        regions: &[RegionCode],
        from: Year,
        to: Year,
    ) -> Result<(), CoreError> {
        for region in regions {
            let (Some(a), Some(b)) = (self.value(term, region, from)?, self.value(term, region, to)?) else {
                continue;
            };
            for (indicator, start) in &a.from {
                for (_, end) in b.from.iter().filter(|(i, _)| i == indicator) {
                    self.atlas
                        .vintages
                        .one_series(indicator, (from, start), (to, end))?;
                }
            }
        }
        Ok(())
    }
}

/// The mean of two year-ends.
fn mean(now: &Datum, before: &Datum) -> Datum {
    let rounding = before.rounding.midpoint(now.rounding);
    now.combine(before, (before.value + now.value) / 2.0, rounding)
}

/// Places that a note on trust names; a remark on more of them is on the series.
const MOST_PLACES: usize = 4;

/// One note a remark, with the places it is about.
fn warning_notes(warnings: BTreeSet<&Warning>) -> Vec<Note> {
    let mut places: BTreeMap<(&str, Trust, &str), Vec<&str>> = BTreeMap::new();
    for w in warnings {
        places
            .entry((&w.term, w.trust, &w.remark))
            .or_default()
            .push(&w.place);
    }
    let note = |((term, trust, remark), places): ((&str, Trust, &str), Vec<&str>)| {
        let at = match places.len() {
            n if n > MOST_PLACES => format!("{n} figures"),
            _ => places.join(", "),
        };
        let word = match trust {
            Trust::Low => "lower trust",
            Trust::None => "marked as distrusted",
        };
        Note::new(NoteKind::Trust, format!("{term}, {at} ({word}): {remark}."))
    };
    places.into_iter().map(note).collect()
}

fn total(parts: &[Datum]) -> Datum {
    let value = sum(&parts.iter().map(|p| p.value).collect::<Vec<_>>());
    let rounding = Span::total(&parts.iter().map(|p| p.rounding).collect::<Vec<_>>());
    let mut out = parts[0].clone();
    for part in &parts[1..] {
        out = out.combine(part, value, rounding);
    }
    (out.value, out.rounding) = (value, rounding);
    out
}
