//! Which vintages may meet in a ratio, which form one series, and which a study means.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::CoreError;
use crate::names::{IndicatorId, Vintage, Year};
use crate::suggest::Near;

/// A row of `vintage_pairs.csv`: numerator and denominator vintages that may meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VintagePair {
    /// Numerators (ids, or a pattern ending in `*`).
    pub numerators: Vec<String>,
    /// Vintages of the numerator.
    pub numerator_vintages: Vec<Vintage>,
    /// Denominator (an id or a pattern).
    pub denominators: Vec<String>,
    /// Vintages of the denominator; empty means any.
    pub denominator_vintages: Vec<Vintage>,
    /// First year.
    pub from: Year,
    /// Last year.
    pub to: Year,
    /// Remark.
    pub note: String,
}

/// A row of `vintage_series.csv`: vintages that form one series for growth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VintageSeries {
    /// Its name.
    pub id: String,
    /// Its vintages.
    pub vintages: Vec<Vintage>,
    /// Growth must not run from this year or before to a later one.
    pub break_after: Option<Year>,
}

/// The rules about vintages of the loaded packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VintageRules {
    /// Pairs that may meet in a ratio.
    pub pairs: Vec<VintagePair>,
    /// Series.
    pub series: Vec<VintageSeries>,
}

fn matches(patterns: &[String], id: &IndicatorId) -> bool {
    patterns.iter().any(|p| match p.strip_suffix('*') {
        Some(prefix) => id.as_str().starts_with(prefix),
        None => p == id.as_str(),
    })
}

impl VintagePair {
    fn covers(&self, numerator: (&IndicatorId, &Vintage), denominator: &IndicatorId, year: Year) -> bool {
        matches(&self.numerators, numerator.0)
            && self.numerator_vintages.contains(numerator.1)
            && matches(&self.denominators, denominator)
            && (self.from..=self.to).contains(&year)
    }
}

impl VintageRules {
    /// Checks that two vintages may meet in a ratio in a year. Equal vintages always may.
    ///
    /// # Errors
    /// [`CoreError::VintagePair`] names the partners that the numerator may have.
    pub fn meet(
        &self,
        numerator: (&IndicatorId, &Vintage),
        denominator: (&IndicatorId, &Vintage),
        year: Year,
    ) -> Result<(), CoreError> {
        if numerator.1 == denominator.1 {
            return Ok(());
        }
        let rows: Vec<&VintagePair> = self
            .pairs
            .iter()
            .filter(|p| p.covers(numerator, denominator.0, year))
            .collect();
        let any = |p: &&VintagePair| {
            p.denominator_vintages.is_empty() || p.denominator_vintages.contains(denominator.1)
        };
        if rows.iter().any(any) {
            return Ok(());
        }
        let mut allowed: Vec<String> = rows
            .iter()
            .flat_map(|p| &p.denominator_vintages)
            .map(|v| format!("{}[{v}]", denominator.0))
            .collect();
        allowed.sort();
        allowed.dedup();
        Err(CoreError::VintagePair {
            numerator: numerator.0.clone(),
            numerator_vintage: numerator.1.clone(),
            denominator: denominator.0.clone(),
            denominator_vintage: denominator.1.clone(),
            year,
            allowed,
        })
    }

    /// Checks that growth between two cells stays inside one series.
    ///
    /// # Errors
    /// [`CoreError::BrokenSeries`].
    pub fn one_series(
        &self,
        indicator: &IndicatorId,
        from: (Year, &Vintage),
        to: (Year, &Vintage),
    ) -> Result<(), CoreError> {
        let broken = |s: &VintageSeries| s.break_after.is_some_and(|b| from.0 <= b && to.0 > b);
        let mut rows = self
            .series
            .iter()
            .filter(|s| s.vintages.contains(from.1) && s.vintages.contains(to.1));
        let together = match rows.next() {
            Some(row) => !broken(row) || rows.any(|s| !broken(s)),
            None => from.1 == to.1,
        };
        if together {
            return Ok(());
        }
        Err(CoreError::BrokenSeries {
            indicator: indicator.clone(),
            from: from.0,
            from_vintage: from.1.clone(),
            to: to.0,
            to_vintage: to.1.clone(),
        })
    }

    /// Vintages in a few words: the name of their series if there are more than two of them, else their own names.
    pub fn short(&self, vintages: &BTreeSet<&Vintage>, separator: &str) -> String {
        let holds_all = |s: &&VintageSeries| vintages.iter().all(|v| s.vintages.contains(v));
        match self.series.iter().find(holds_all) {
            Some(series) if vintages.len() > 2 => series.id.clone(),
            _ => vintages
                .iter()
                .map(|v| v.as_str())
                .collect::<Vec<_>>()
                .join(separator),
        }
    }

    /// The vintages that a word means: those of a series of that name, else the vintage itself.
    fn expand(&self, word: &str) -> Result<Vec<Vintage>, CoreError> {
        match self.series.iter().find(|s| s.id == word) {
            Some(series) => Ok(series.vintages.clone()),
            None => Ok(vec![Vintage::new(word)?]),
        }
    }
}

/// Whether a key of a choice means an indicator: it is its id, or a prefix of it up to an underscore.
pub(crate) fn applies(key: &str, id: &str) -> bool {
    id.strip_prefix(key)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// What a study says about vintages: indicator or prefix = vintage or series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VintageChoice {
    chosen: BTreeMap<String, (String, Vec<Vintage>)>,
}

impl VintageChoice {
    /// Reads the choices; every word must be a known vintage or series.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn new(
        rules: &VintageRules,
        known: &[Vintage],
        choices: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, CoreError> {
        let mut chosen = BTreeMap::new();
        for (key, word) in choices {
            let vintages = rules.expand(&word)?;
            if !rules.series.iter().any(|s| s.id == word) && !known.contains(&vintages[0]) {
                let names = known
                    .iter()
                    .map(Vintage::as_str)
                    .chain(rules.series.iter().map(|s| s.id.as_str()));
                let near = Near::to(&word, names);
                return Err(CoreError::Unknown {
                    what: "vintage or series",
                    name: word,
                    near,
                });
            }
            chosen.insert(key, (word, vintages));
        }
        Ok(Self { chosen })
    }

    /// These choices, overridden by others.
    #[must_use]
    pub fn overridden_by(&self, other: &Self) -> Self {
        let mut chosen = self.chosen.clone();
        chosen.extend(other.chosen.clone());
        Self { chosen }
    }

    /// The choice for an indicator: the longest key that is its id or a prefix of it up to an underscore.
    pub fn of(&self, id: &IndicatorId) -> Option<(&str, &[Vintage])> {
        self.chosen
            .iter()
            .filter(|(key, _)| applies(key, id.as_str()))
            .max_by_key(|(key, _)| key.len())
            .map(|(_, (word, vintages))| (word.as_str(), vintages.as_slice()))
    }

    /// The keys that were chosen.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.chosen.keys().map(String::as_str)
    }
}
