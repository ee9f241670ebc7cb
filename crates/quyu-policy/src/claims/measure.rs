//! What a trial computes: one figure with the interval that the rounding of its inputs implies, or the figure that is missing.

use quyu_core::audit::{Claim, ListItem, Trial};
use quyu_core::number::styled;
use quyu_core::{AnalysisError, CoreError, Datum, Missing, RegionSet, Span, Study, Style, Term, Year};
use quyu_math::sum;

use super::place::{listed, parts, regions};
use super::verdict::{Criterion, Fit, number_fits};
use super::words::capital;

/// A trial with what came of it.
pub(crate) struct Tried<'a> {
    pub(crate) trial: &'a Trial,
    /// What was computed, in words.
    pub(crate) definition: String,
    pub(crate) outcome: Outcome,
    pub(crate) fit: Fit,
}

/// What came of a trial.
pub(crate) enum Outcome {
    /// A figure.
    Found(Found),
    /// What is missing, in words.
    Lacking(String),
}

/// A figure.
pub(crate) struct Found {
    pub(crate) value: f64,
    pub(crate) rounding: Span,
    pub(crate) unit: String,
    /// The observations behind it.
    pub(crate) used: Vec<Datum>,
    pub(crate) terms: Vec<Term>,
    /// Where it comes from, if not from observations.
    pub(crate) register: Option<String>,
    /// Ids of the priority lists behind it.
    pub(crate) lists: Vec<String>,
    /// Of how many, where some were counted.
    pub(crate) out_of: Option<usize>,
    /// What else a reader wants to know.
    pub(crate) remark: String,
}

impl Found {
    fn counted(value: f64, unit: &str, register: String) -> Self {
        Self {
            value,
            rounding: Span::exact(value),
            unit: unit.to_owned(),
            used: Vec::new(),
            terms: Vec::new(),
            register: Some(register),
            lists: Vec::new(),
            out_of: None,
            remark: String::new(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        style(&self.unit)
    }
}

/// How numbers of a unit are written for a reader.
pub(crate) fn style(unit: &str) -> Style {
    match unit {
        "year" => Style::Year,
        "%" => Style::Fixed(1),
        u if u.starts_with("yuan") || matches!(u, "count" | "rank" | "members" | "items" | "clauses") => {
            Style::Fixed(0)
        }
        _ => Style::Fixed(2),
    }
}

/// Tries a claim under one definition.
pub(crate) fn tried<'a>(study: &Study, claim: &Claim, trial: &'a Trial) -> Result<Tried<'a>, AnalysisError> {
    let refused = |reason: String| AnalysisError::Study {
        analysis: super::ENTRY.id,
        reason: format!("trial {} of {}: {reason}", trial.number, trial.claim),
    };
    let criterion = match trial.criterion.as_str() {
        "" => None,
        text => Some(
            Criterion::parse(text)
                .ok_or_else(|| refused(format!("`{text}` is not a comparison such as `> 0` or `<= 100`")))?,
        ),
    };
    let (definition, outcome) = match Measure::of(study, trial).and_then(|m| m.run()) {
        Ok((definition, found)) => (definition, Outcome::Found(found)),
        Err(Stop::Lacks(definition, what)) => (definition, Outcome::Lacking(what)),
        Err(Stop::Data(error)) => return Err(refused(error.to_string())),
        Err(Stop::Malformed(reason)) => return Err(refused(reason)),
    };
    let decides = trial.said != "beside";
    let fit = match (&outcome, decides) {
        (Outcome::Lacking(_), true) => Fit::Lacking,
        (_, false) => Fit::Beside,
        (Outcome::Found(found), true) => match (claim.value, criterion) {
            (Some(value), _) => number_fits(value, claim.last_digit.unwrap_or(1.0), found.rounding),
            (None, Some(criterion)) => criterion.fit(found.rounding),
            (None, None) => return Err(refused("a claim without a number needs a criterion".to_owned())),
        },
    };
    Ok(Tried {
        trial,
        definition,
        outcome,
        fit,
    })
}

/// Why there is no figure.
enum Stop {
    /// One is missing: the definition, and which.
    Lacks(String, String),
    /// The data model refuses.
    Data(CoreError),
    /// The trial cannot be read.
    Malformed(String),
}

impl From<CoreError> for Stop {
    fn from(error: CoreError) -> Self {
        Stop::Data(error)
    }
}

/// A trial on its own study.
struct Measure<'a> {
    study: Study,
    trial: &'a Trial,
}

/// The definition in words, and the figure.
type Measured = Result<(String, Found), Stop>;

impl<'a> Measure<'a> {
    fn of(study: &Study, trial: &'a Trial) -> Result<Self, Stop> {
        let study = Study {
            missing: Missing::Error,
            ..study.with_vintages(&trial.vintages)?
        };
        Ok(Self { study, trial })
    }

    fn run(&self) -> Measured {
        match self.trial.statistic.as_str() {
            "missing" => Err(Stop::Lacks(String::new(), self.trial.remark.clone())),
            "members" => self.members(),
            "items" => self.items(),
            "contained" => self.contained(),
            "issued" => self.issued(),
            "coded" => self.coded(),
            "vague" => self.vague(),
            _ => self.observed(),
        }
    }

    fn malformed(&self, what: &str) -> Stop {
        Stop::Malformed(format!("`{}` needs {what}", self.trial.statistic))
    }

    /// The definition with the remark of the trial.
    fn defined(&self, text: String) -> String {
        match self.trial.remark.as_str() {
            "" => text,
            remark => format!("{text}: {remark}"),
        }
    }

    // Figures of regions.

    fn observed(&self) -> Measured {
        let term = Term::parse(&self.trial.term).map_err(|_| self.malformed("a term"))?;
        let year = self.trial.year.ok_or_else(|| self.malformed("a year"))?;
        let year = Year::new(year)?;
        let atlas = &self.study.atlas;
        let of = regions(atlas, &self.trial.of)?;
        let label = atlas.codebook.label(&term);
        let against = &self.trial.against;
        let (text, found) = match self.trial.statistic.as_str() {
            "value" => (
                format!("{label}, {}, {year}", of.name_en),
                self.value(&term, &of, year),
            ),
            "mean-of-ratios" => (
                format!("{label}, mean of {}, {year}", of.name_en),
                self.mean(&term, &of, year),
            ),
            "share" => {
                let whole = regions(atlas, against)?;
                let of_whole = format!("{year}: {label}, % of {}", inside(&whole));
                let text = match (of.members().len(), self.trial.remark.as_str()) {
                    (1, _) | (_, "") => self.defined(format!("{}, {of_whole}", of.name_en)),
                    (_, remark) => format!("{} ({}), {of_whole}", capital(remark), of.name_en),
                };
                (text, self.share(&term, &of, &whole, year))
            }
            "relative" => {
                let other = regions(atlas, against)?;
                let text = format!("{label}: {} in % of {}, {year}", of.name_en, inside(&other));
                (text, self.relative(&term, &of, &other, year))
            }
            "below" => {
                let whole = if against.contains('%') {
                    " of the whole"
                } else {
                    ""
                };
                let text = format!(
                    "Members of {} with {label} below {against}{whole}, {year}",
                    of.name_en
                );
                (text, self.below(&term, &of, year))
            }
            "spread" => (
                format!("{label}: highest over lowest member of {}, {year}", inside(&of)),
                self.spread(&term, &of, year),
            ),
            other => return Err(Stop::Malformed(format!("there is no statistic `{other}`"))),
        };
        let text = if self.trial.statistic == "share" {
            text
        } else {
            self.defined(text)
        };
        match found {
            Ok(mut found) => {
                found.terms = vec![term];
                Ok((text, found))
            }
            Err(Stop::Data(CoreError::Missing { indicator, cells })) => {
                let named = Term::parse(&indicator).map_or(indicator, |t| atlas.codebook.label(&t));
                let years: Vec<String> = cells.iter().map(|(_, y)| y.to_string()).collect();
                let mut names: Vec<String> = cells.iter().map(|(r, _)| atlas.regions.label(r)).collect();
                let more = names.len().saturating_sub(3);
                names.truncate(3);
                if more > 0 {
                    names.push(format!("{more} more"));
                }
                let year = years.first().cloned().unwrap_or_default();
                Err(Stop::Lacks(
                    text,
                    format!("{named} of {}, {year}", listed(&names)),
                ))
            }
            Err(other) => Err(other),
        }
    }

    /// The figure of a set; the vintages at hand are those of its members.
    fn figure(&self, term: &Term, set: &RegionSet, year: Year) -> Result<Datum, Stop> {
        let study = Study {
            focus: set.clone(),
            reference: set.clone(),
            ..self.study.clone()
        };
        let found = study.aggregate(term, set, year)?;
        found.ok_or_else(|| {
            let cells = set.members().iter().map(|r| (r.clone(), year)).collect();
            Stop::Data(CoreError::Missing {
                indicator: term.to_string(),
                cells,
            })
        })
    }

    /// The figures of the members, one by one.
    fn each(&self, term: &Term, set: &RegionSet, year: Year) -> Result<Vec<Datum>, Stop> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        let study = Study {
            focus: set.clone(),
            reference: set.clone(),
            ..self.study.clone()
        };
        for member in set.members() {
            match study.value(term, member, year)? {
                Some(datum) => found.push(datum),
                None => missing.push((member.clone(), year)),
            }
        }
        match missing.is_empty() {
            true => Ok(found),
            false => Err(Stop::Data(CoreError::Missing {
                indicator: term.to_string(),
                cells: missing,
            })),
        }
    }

    fn found(&self, value: f64, rounding: Span, unit: &str, used: Vec<Datum>) -> Found {
        Found {
            value,
            rounding,
            unit: unit.to_owned(),
            used,
            terms: Vec::new(),
            register: None,
            lists: Vec::new(),
            out_of: None,
            remark: String::new(),
        }
    }

    fn value(&self, term: &Term, of: &RegionSet, year: Year) -> Result<Found, Stop> {
        let unit = self.study.atlas.codebook.check(term)?.unit.clone();
        let datum = self.figure(term, of, year)?;
        Ok(self.found(datum.value, datum.rounding, &unit, vec![datum]))
    }

    fn mean(&self, term: &Term, of: &RegionSet, year: Year) -> Result<Found, Stop> {
        let unit = self.study.atlas.codebook.check(term)?.unit.clone();
        let data = self.each(term, of, year)?;
        let n = data.len() as f64;
        let value = sum(&data.iter().map(|d| d.value).collect::<Vec<_>>()) / n;
        let total = Span::total(&data.iter().map(|d| d.rounding).collect::<Vec<_>>());
        Ok(self.found(value, total.over(Span::exact(n), 1.0), &unit, data))
    }

    fn share(&self, term: &Term, of: &RegionSet, whole: &RegionSet, year: Year) -> Result<Found, Stop> {
        if let Some(outside) = of.members().iter().find(|r| !whole.contains(r)) {
            return Err(Stop::Malformed(format!("{outside} lies outside of the whole")));
        }
        let part = self.figure(term, of, year)?;
        let total = self.figure(term, whole, year)?;
        let others: Vec<_> = whole
            .members()
            .iter()
            .filter(|r| !of.contains(r))
            .cloned()
            .collect();
        let rounding = match others.is_empty() {
            true => Span::exact(100.0),
            false => {
                let rest = RegionSet::new(&self.study.atlas.regions, "rest", "rest", None, others)?;
                part.rounding
                    .share(self.figure(term, &rest, year)?.rounding, 100.0)
            }
        };
        Ok(self.found(part.value / total.value * 100.0, rounding, "%", vec![part, total]))
    }

    fn relative(&self, term: &Term, of: &RegionSet, other: &RegionSet, year: Year) -> Result<Found, Stop> {
        let (a, b) = (self.figure(term, of, year)?, self.figure(term, other, year)?);
        Ok(self.found(
            a.value / b.value * 100.0,
            a.rounding.over(b.rounding, 100.0),
            "%",
            vec![a, b],
        ))
    }

    fn below(&self, term: &Term, of: &RegionSet, year: Year) -> Result<Found, Stop> {
        let text = self.trial.against.trim();
        let number = |t: &str| t.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        let (line, span) = match text.strip_suffix('%').map(number) {
            Some(Some(percent)) => {
                let whole = self.figure(term, of, year)?;
                let part = percent / 100.0;
                let span = whole.rounding;
                (
                    whole.value * part,
                    Span {
                        low: span.low * part,
                        high: span.high * part,
                    },
                )
            }
            Some(None) => return Err(self.malformed("a line such as `75 %` or `50`")),
            None => {
                let line = number(text).ok_or_else(|| self.malformed("a line such as `75 %` or `50`"))?;
                (line, Span::exact(line))
            }
        };
        let data = self.each(term, of, year)?;
        let count = |under: &dyn Fn(&Datum) -> bool| data.iter().filter(|d| under(d)).count() as f64;
        let rounding = Span {
            low: count(&|d| d.rounding.high < span.low),
            high: count(&|d| d.rounding.low < span.high),
        };
        let value = count(&|d| d.value < line);
        let under = data.iter().zip(of.members()).filter(|(d, _)| d.value < line);
        let names: Vec<String> = under.map(|(_, r)| self.study.atlas.regions.label(r)).collect();
        let mut found = self.found(value, rounding, "members", data);
        found.out_of = Some(of.members().len());
        found.remark = listed(&names);
        Ok(found)
    }

    fn spread(&self, term: &Term, of: &RegionSet, year: Year) -> Result<Found, Stop> {
        let data = self.each(term, of, year)?;
        let order = |a: &&Datum, b: &&Datum| a.value.total_cmp(&b.value);
        let (Some(low), Some(high)) = (data.iter().min_by(order), data.iter().max_by(order)) else {
            return Err(self.malformed("members"));
        };
        if low.value <= 0.0 {
            return Err(self.malformed("values above zero"));
        }
        let (value, rounding) = (high.value / low.value, high.rounding.over(low.rounding, 1.0));
        Ok(self.found(value, rounding, "times", data))
    }

    // Lists, documents, sets.

    fn members(&self) -> Measured {
        let set = regions(&self.study.atlas, &self.trial.of)?;
        let found = Found::counted(
            set.members().len() as f64,
            "members",
            "sets of the data".to_owned(),
        );
        Ok((self.defined(format!("Members of {}", inside(&set))), found))
    }

    /// The items of `LIST` or `LIST/category`, several joined by plus signs.
    fn listed(&self) -> Result<Vec<&ListItem>, Stop> {
        let mut found = Vec::new();
        for part in parts(&self.trial.of) {
            let (list, category) = part.split_once('/').map_or((part, None), |(l, c)| (l, Some(c)));
            let items = &self.study.atlas.audit.items;
            let before = found.len();
            found.extend(
                items
                    .iter()
                    .filter(|i| i.list == list && category.is_none_or(|c| i.category == c)),
            );
            if found.len() == before {
                return Err(Stop::Malformed(format!("no list at hand has items of `{part}`")));
            }
        }
        Ok(found)
    }

    /// The lists in words: whose, of which year, which category.
    fn lists_in_words(&self) -> String {
        let name = |part: &str| {
            let (id, category) = part.split_once('/').map_or((part, None), |(l, c)| (l, Some(c)));
            let list = self.study.atlas.audit.lists.iter().find(|l| l.id == id);
            let list = list.map_or_else(
                || id.to_owned(),
                |l| format!("the list of {}, {}", l.region, l.year),
            );
            match category {
                Some(category) => format!("{list} ({})", category.replace('_', " ")),
                None => list,
            }
        };
        listed(&parts(&self.trial.of).map(name).collect::<Vec<_>>())
    }

    /// The lists named, on both sides.
    fn list_ids(&self) -> Vec<String> {
        let both = parts(&self.trial.of).chain(parts(&self.trial.against));
        both.map(|part| part.split('/').next().unwrap_or(part).to_owned())
            .collect()
    }

    /// The documents in words: the number of one, how many there are of several.
    fn documents_in_words(&self) -> String {
        let ids: Vec<&str> = parts(&self.trial.of).collect();
        let documents = &self.study.atlas.audit.documents;
        match ids.as_slice() {
            [id] => documents
                .iter()
                .find(|d| d.id == *id)
                .map_or_else(|| (*id).to_owned(), |d| d.label.clone()),
            several => format!("{} documents", several.len()),
        }
    }

    fn items(&self) -> Measured {
        let items = self.listed()?;
        let mut found = Found::counted(items.len() as f64, "items", "priority lists".to_owned());
        found.remark = listed(&items.iter().map(|i| i.name.clone()).collect::<Vec<_>>());
        found.lists = self.list_ids();
        Ok((self.defined(format!("Items of {}", self.lists_in_words())), found))
    }

    fn contained(&self) -> Measured {
        let items = self.listed()?;
        let schemes: Vec<&str> = parts(&self.trial.against).collect();
        let priorities = &self.study.atlas.relations.priorities;
        if let Some(unknown) = schemes
            .iter()
            .find(|s| !priorities.iter().any(|p| p.scheme == **s))
        {
            return Err(Stop::Malformed(format!(
                "no item at hand touches a code of `{unknown}`"
            )));
        }
        let touches = |item: &&ListItem| {
            let own = priorities
                .iter()
                .filter(|p| p.list == item.list && p.item == item.item);
            own.into_iter().any(|p| schemes.contains(&p.scheme.as_str()))
        };
        let (inside, outside): (Vec<&ListItem>, Vec<&ListItem>) = items.iter().partition(|i| touches(i));
        let value = inside.len() as f64 / items.len() as f64 * 100.0;
        let mut found = Found::counted(value, "%", "crosswalk of priority lists".to_owned());
        found.lists = self.list_ids();
        let names: Vec<String> = outside.iter().map(|i| i.name.clone()).collect();
        found.remark = match names.is_empty() {
            true => format!("all {} items have a counterpart", items.len()),
            false => format!("no counterpart: {}", listed(&names)),
        };
        let text = format!(
            "Items of {} with a counterpart in {}",
            self.lists_in_words(),
            schemes.join(" or ")
        );
        Ok((self.defined(text), found))
    }

    fn issued(&self) -> Measured {
        let id = &self.trial.of;
        let documents = &self.study.atlas.audit.documents;
        let document = documents.iter().find(|d| d.id == *id);
        let document = document.ok_or_else(|| Stop::Malformed(format!("there is no document `{id}`")))?;
        let text = self.defined(format!("Year of issue: {}", document.label));
        if document.text_basis == "not_found" {
            return Err(Stop::Lacks(
                text,
                "a text of the document, or a page that dates it".to_owned(),
            ));
        }
        let year = document.issued.get(..4).and_then(|y| y.parse::<f64>().ok());
        let year = year.ok_or_else(|| Stop::Malformed(format!("`{}` has no year", document.issued)))?;
        let mut found = Found::counted(year, "year", "register of documents".to_owned());
        found.remark = format!("{} is of {}", document.label, document.issued);
        Ok((text, found))
    }

    fn coded(&self) -> Measured {
        let code = &self.trial.against;
        let clauses = &self.study.atlas.audit.clauses;
        let own: Vec<_> = clauses
            .iter()
            .filter(|c| parts(&self.trial.of).any(|d| d == c.document))
            .collect();
        if own.is_empty() {
            return Err(Stop::Malformed(format!(
                "no clause of `{}` is coded",
                self.trial.of
            )));
        }
        let with = own
            .iter()
            .filter(|c| c.primary == *code || c.secondary.contains(code))
            .count();
        let mut found = Found::counted(with as f64, "clauses", "coded clauses (pilot)".to_owned());
        found.out_of = Some(own.len());
        Ok((
            self.defined(format!("Clauses coded {code} in {}", self.documents_in_words())),
            found,
        ))
    }

    fn vague(&self) -> Measured {
        let code = &self.trial.against;
        let clauses = self.study.atlas.audit.clauses.iter();
        let own: Vec<_> = clauses
            .filter(|c| c.primary == *code && parts(&self.trial.of).any(|d| d == c.document))
            .collect();
        if own.is_empty() {
            return Err(Stop::Malformed(format!(
                "no clause of `{}` has the primary code {code}",
                self.trial.of
            )));
        }
        let vague = own.iter().filter(|c| c.concreteness == 0).count();
        let value = vague as f64 / own.len() as f64 * 100.0;
        let mut found = Found::counted(value, "%", "coded clauses (pilot)".to_owned());
        found.remark = format!("{vague} of {} clauses", own.len());
        Ok((
            self.defined(format!(
                "Clauses with the primary code {code} that name no measure"
            )),
            found,
        ))
    }
}

/// The name of a set within a sentence.
fn inside(set: &RegionSet) -> String {
    match set.name_en.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => set.name_en.clone(),
    }
}

/// A number with its interval, where a reader would see that it has one.
pub(crate) fn shown(found: &Found) -> String {
    let style = found.style();
    let [own, low, high] = [found.value, found.rounding.low, found.rounding.high].map(|x| styled(x, style));
    let bounded = found.rounding.low.is_finite() && found.rounding.high.is_finite();
    match bounded && low != high {
        true => format!("{own} ({low} to {high})"),
        false => own,
    }
}
