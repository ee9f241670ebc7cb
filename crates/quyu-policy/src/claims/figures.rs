//! Figures of regions: what the study gives, with the interval that the rounding of its inputs implies.

use quyu_core::{CoreError, Datum, RegionCode, RegionSet, Span, Study, Term, Year};
use quyu_math::sum;

use super::measure::{Found, Measure, Measured, Stop};
use super::place::{inside, listed, regions};
use super::words::capital;

/// Regions without a figure that are named.
const MOST_MISSING: usize = 3;

impl Measure<'_> {
    /// The figure of a trial on observations.
    pub(super) fn observed(&self) -> Measured {
        let term = Term::parse(&self.trial.term).map_err(|_| self.malformed("a term"))?;
        let year = Year::new(self.trial.year.ok_or_else(|| self.malformed("a year"))?)?;
        let of = regions(&self.study.atlas, &self.trial.of)?;
        let (text, found) = self.by_statistic(&term, &of, year)?;
        match found {
            Ok(mut found) => {
                found.terms = vec![term];
                Ok((text, found))
            }
            Err(Stop::Data(CoreError::Missing { indicator, cells })) => {
                Err(Stop::Lacks(text, self.lacking(indicator, &cells)))
            }
            Err(other) => Err(other),
        }
    }

    /// The definition in words, and the figure or what stood in its way.
    fn by_statistic(
        &self,
        term: &Term,
        of: &RegionSet,
        year: Year,
    ) -> Result<(String, Result<Found, Stop>), Stop> {
        let label = self.study.atlas.codebook.label(term);
        let (name, against) = (&of.name_en, self.trial.against.as_str());
        let other = || regions(&self.study.atlas, against);
        let (text, found) = match self.trial.statistic.as_str() {
            "value" => (format!("{label}, {name}, {year}"), self.value(term, of, year)),
            "mean-of-ratios" => (
                format!("{label}, mean of {name}, {year}"),
                self.mean(term, of, year),
            ),
            "share" => {
                let whole = other()?;
                return Ok((
                    self.boundary(&label, of, &whole, year),
                    self.share(term, of, &whole, year),
                ));
            }
            "relative" => {
                let other = other()?;
                let text = format!("{label}: {name} in % of {}, {year}", inside(&other));
                (text, self.relative(term, of, &other, year))
            }
            "below" => {
                let whole = if against.contains('%') {
                    " of the whole"
                } else {
                    ""
                };
                let text = format!(
                    "Members of {} with {label} below {against}{whole}, {year}",
                    inside(of)
                );
                (text, self.below(term, of, year))
            }
            "spread" => {
                let text = format!("{label}: highest over lowest member of {}, {year}", inside(of));
                (text, self.spread(term, of, year))
            }
            unknown => return Err(Stop::Malformed(format!("there is no statistic `{unknown}`"))),
        };
        Ok((self.defined(text), found))
    }

    /// The definition of a share: what bounds the part stands first.
    fn boundary(&self, label: &str, of: &RegionSet, whole: &RegionSet, year: Year) -> String {
        let rest = format!("{year}: {label}, % of {}", inside(whole));
        match (of.members().len(), self.trial.remark.as_str()) {
            (1, _) | (_, "") => self.defined(format!("{}, {rest}", of.name_en)),
            (_, remark) => format!("{} ({}), {rest}", capital(remark), of.name_en),
        }
    }

    /// The figures that are missing, in words.
    fn lacking(&self, indicator: String, cells: &[(RegionCode, Year)]) -> String {
        let atlas = &self.study.atlas;
        let label = Term::parse(&indicator).map_or(indicator, |t| atlas.codebook.label(&t));
        let named = cells.iter().take(MOST_MISSING);
        let mut names: Vec<String> = named.map(|(region, _)| atlas.regions.label(region)).collect();
        if cells.len() > MOST_MISSING {
            names.push(format!("{} more", cells.len() - MOST_MISSING));
        }
        let year = cells
            .first()
            .map(|(_, year)| year.to_string())
            .unwrap_or_default();
        format!("{label} of {}, {year}", listed(&names))
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
}
