//! Indicators, their nature, and the codebook that describes them.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::CoreError;
use crate::names::{ClassCode, IndicatorId, Vintage};
use crate::suggest::Near;

/// An indicator, or one class of a classed indicator: `gdp`, `va.industry`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The class, for an indicator that is split by one.
    pub class: Option<ClassCode>,
}

impl Term {
    /// Reads `gdp` or `va.industry`.
    ///
    /// # Errors
    /// [`CoreError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, CoreError> {
        match text.split_once('.') {
            Some((indicator, class)) => Ok(Self {
                indicator: IndicatorId::new(indicator)?,
                class: Some(ClassCode::new(class)?),
            }),
            None => Ok(Self {
                indicator: IndicatorId::new(text)?,
                class: None,
            }),
        }
    }

    /// One class of an indicator.
    pub fn of_class(indicator: &IndicatorId, class: &ClassCode) -> Self {
        Self {
            indicator: indicator.clone(),
            class: Some(class.clone()),
        }
    }
}

impl From<&IndicatorId> for Term {
    fn from(id: &IndicatorId) -> Self {
        Self {
            indicator: id.clone(),
            class: None,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.class {
            Some(class) => write!(f, "{}.{class}", self.indicator),
            None => write!(f, "{}", self.indicator),
        }
    }
}

/// In which year a denominator is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The denominator of the same year.
    SameYear,
    /// The mean of the year-end values of this year and the one before.
    MeanOfYearEnds,
}

/// How an indicator behaves when regions are put together.
#[derive(Debug, Clone, PartialEq)]
pub enum Nature {
    /// Adds up over regions.
    Extensive {
        /// A stock at a date; otherwise a flow over a year.
        stock: bool,
        /// Where nobody counted it: the numerator and the ratio that imply it (`gdp` over `gdp_pc`), and the scale.
        implied: Option<(IndicatorId, IndicatorId, f64)>,
    },
    /// A ratio of sums, never averaged: value = numerator / denominator x scale.
    Intensive {
        /// Numerator.
        numerator: Term,
        /// Denominator.
        denominator: Term,
        /// Factor that brings the ratio into the indicator's unit.
        scale: f64,
        /// In which year the denominator is taken.
        basis: Basis,
    },
    /// Chained over time, never aggregated over regions.
    Index,
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neutral,
}

/// One indicator of the codebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// Label in English.
    pub label_en: String,
    /// Label in Chinese.
    pub label_zh: String,
    /// Unit, as the codebook words it.
    pub unit: String,
    /// How it aggregates.
    pub nature: Nature,
    /// Whether more is better.
    pub direction: Direction,
    /// `current`, `constant` or `none`.
    pub price_basis: String,
    /// The scheme of its classes, if it is split.
    pub scheme: Option<String>,
    /// Whether its source is of lower trust.
    pub low_trust: bool,
    /// Definition and limits.
    pub definition: String,
}

/// One class of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its code.
    pub code: ClassCode,
    /// Label in English.
    pub label_en: String,
    /// Label in Chinese.
    pub label_zh: String,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
}

/// Indicators, class schemes, sources and vintages of the loaded packages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Codebook {
    indicators: BTreeMap<IndicatorId, Indicator>,
    classes: BTreeMap<String, Vec<Class>>,
    schemes: BTreeMap<String, String>,
    sources: BTreeMap<String, Source>,
    vintages: BTreeMap<Vintage, String>,
}

impl Codebook {
    /// Adds an indicator.
    ///
    /// # Errors
    /// [`CoreError::Conflict`] if another package defines it differently.
    pub fn insert(&mut self, indicator: Indicator) -> Result<(), CoreError> {
        let conflict = CoreError::Conflict {
            what: "indicator",
            name: indicator.id.to_string(),
        };
        let known = self
            .indicators
            .entry(indicator.id.clone())
            .or_insert_with(|| indicator.clone());
        if *known == indicator {
            Ok(())
        } else {
            Err(conflict)
        }
    }

    /// Adds the classes of a scheme, in their order.
    ///
    /// # Errors
    /// [`CoreError::Conflict`] if another package lists other classes.
    pub fn insert_scheme(&mut self, scheme: &str, classes: Vec<Class>) -> Result<(), CoreError> {
        let conflict = CoreError::Conflict {
            what: "class scheme",
            name: scheme.to_owned(),
        };
        let known = self
            .classes
            .entry(scheme.to_owned())
            .or_insert_with(|| classes.clone());
        if *known == classes { Ok(()) } else { Err(conflict) }
    }

    /// Adds the name of a scheme.
    pub fn insert_scheme_label(&mut self, scheme: &str, label: &str) {
        self.schemes
            .entry(scheme.to_owned())
            .or_insert_with(|| label.to_owned());
    }

    /// The name of a scheme, or its id where no package names it.
    pub fn scheme_label<'a>(&'a self, scheme: &'a str) -> &'a str {
        self.schemes.get(scheme).map_or(scheme, String::as_str)
    }

    /// Adds a source.
    ///
    /// # Errors
    /// [`CoreError::Conflict`] if another package gives the id to another source.
    pub fn insert_source(&mut self, source: Source) -> Result<(), CoreError> {
        let conflict = CoreError::Conflict {
            what: "source",
            name: source.id.clone(),
        };
        let known = self
            .sources
            .entry(source.id.clone())
            .or_insert_with(|| source.clone());
        if *known == source { Ok(()) } else { Err(conflict) }
    }

    /// Adds a vintage and its meaning.
    pub fn insert_vintage(&mut self, vintage: Vintage, meaning: &str) {
        self.vintages.entry(vintage).or_insert_with(|| meaning.to_owned());
    }

    /// The indicator of this id.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn indicator(&self, id: &IndicatorId) -> Result<&Indicator, CoreError> {
        self.indicators.get(id).ok_or_else(|| CoreError::Unknown {
            what: "indicator",
            name: id.to_string(),
            near: Near::to(id.as_str(), self.indicators.keys().map(IndicatorId::as_str)),
        })
    }

    /// Finds an indicator by id, English label or Chinese label.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn find(&self, query: &str) -> Result<&Indicator, CoreError> {
        let by_id = IndicatorId::new(query)
            .ok()
            .and_then(|id| self.indicators.get(&id));
        let by_label = || {
            self.indicators
                .values()
                .find(|i| i.label_en.eq_ignore_ascii_case(query) || i.label_zh == query)
        };
        by_id.or_else(by_label).ok_or_else(|| CoreError::Unknown {
            what: "indicator",
            name: query.to_owned(),
            near: Near::to(
                query,
                self.indicators
                    .values()
                    .flat_map(|i| [i.id.as_str(), &i.label_en, &i.label_zh]),
            ),
        })
    }

    /// All indicators in order of id.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.values()
    }

    /// The classes of an indicator, in the order of their scheme; none if it is not split.
    pub fn classes_of(&self, indicator: &Indicator) -> &[Class] {
        indicator
            .scheme
            .as_ref()
            .and_then(|s| self.classes.get(s))
            .map_or(&[], Vec::as_slice)
    }

    /// Checks that a term names a known indicator, and a known class exactly where the indicator is split.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] or [`CoreError::ClassMismatch`].
    pub fn check(&self, term: &Term) -> Result<&Indicator, CoreError> {
        let indicator = self.indicator(&term.indicator)?;
        match (&term.class, &indicator.scheme) {
            (None, None) => Ok(indicator),
            (Some(class), Some(_)) => {
                let classes = self.classes_of(indicator);
                if classes.iter().any(|c| c.code == *class) {
                    return Ok(indicator);
                }
                Err(CoreError::Unknown {
                    what: "class",
                    name: term.to_string(),
                    near: Near::to(class.as_str(), classes.iter().map(|c| c.code.as_str())),
                })
            }
            (class, _) => Err(CoreError::ClassMismatch {
                indicator: indicator.id.clone(),
                classed: class.is_none(),
            }),
        }
    }

    /// Label of a term: that of the indicator, and that of the class.
    pub fn label(&self, term: &Term) -> String {
        let Some(indicator) = self.indicators.get(&term.indicator) else {
            return term.to_string();
        };
        let class = term
            .class
            .as_ref()
            .and_then(|c| self.classes_of(indicator).iter().find(|k| k.code == *c));
        match class {
            Some(class) => format!("{}: {}", indicator.label_en, class.label_en),
            None => indicator.label_en.clone(),
        }
    }

    /// The source of this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// What a vintage means.
    pub fn vintage(&self, vintage: &Vintage) -> Option<&str> {
        self.vintages.get(vintage).map(String::as_str)
    }
}
