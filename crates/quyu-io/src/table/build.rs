//! From a sheet to an atlas: regions, indicators, partitions and a panel, in memory.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use quyu_core::{
    Atlas, Basis, Class, ClassCode, CoreError, Direction, Indicator, IndicatorId, Level, Nature, OWN, Panel,
    Partition, Region, RegionCode, RegionSet, Source, Term, Vintage, Year,
};

use super::fault::{Apart, Fault, Gathered, Guess, Problem, TableError, only};
use super::parts;
use super::sheet::{Columns, Key, Sheet, Variable};
use super::warn::Warning;

/// How a variable behaves when regions are put together: what a codebook says of an indicator, and a table does not.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// It adds up.
    Sums,
    /// It is a ratio of two other variables, by their ids, times a scale.
    Ratio {
        /// Id of the numerator.
        numerator: String,
        /// Id of the denominator.
        denominator: String,
        /// Scale.
        scale: f64,
    },
    /// It is so much per unit of this variable: a set of regions has the weighted mean.
    Per {
        /// Id of the variable.
        denominator: String,
    },
    /// Nobody said: it is never put together.
    Unsaid,
}

/// A variable that an analysis asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The variable.
    pub variable: Variable,
    /// How it aggregates.
    pub how: How,
    /// Its unit; `None` takes what the header has in brackets.
    pub unit: Option<String>,
}

/// What came of a table.
#[derive(Debug, Clone)]
pub struct Own {
    /// Regions, codebook, panel.
    pub atlas: Atlas,
    /// All regions of the table.
    pub all: RegionSet,
    /// First year.
    pub from: Year,
    /// Last year.
    pub to: Year,
    /// What is legal and probably wrong.
    pub warnings: Vec<Warning>,
    /// Names behind ids: of variables and classes.
    pub names: BTreeMap<String, String>,
}

/// The unit of a variable that has none in its header.
pub const UNSAID_UNIT: &str = "own unit";

impl Sheet {
    /// Builds the atlas of these variables and of the partitions in these columns.
    ///
    /// # Errors
    /// [`TableError`] with every field that is no number, every key that occurs twice, every region in two groups.
    pub fn build(&self, wanted: &[Wanted], partitions: &[String]) -> Result<Own, TableError> {
        let mut warnings = self.warnings.clone();
        let mut wrong = Gathered::default();
        let figures = self.figures(wanted, &mut wrong);
        let first = self.unique(wanted, &mut wrong, &mut warnings);
        let groups = self.partitions(partitions, &mut wrong)?;
        wrong.stop(&self.raw.name)?;
        for w in wanted {
            warnings.extend(parts::percentages(self, &w.variable.all(), &w.variable.name));
            if let Columns::One(column) = w.variable.columns {
                warnings.extend(parts::shares(self, column, &w.variable.name));
            }
        }
        let model = |source| TableError::Model {
            file: self.raw.name.clone(),
            source,
        };
        let mut atlas = Atlas::default();
        self.regions_into(&mut atlas).map_err(model)?;
        self.codebook_into(&mut atlas, wanted).map_err(model)?;
        atlas.partitions = groups;
        atlas.panel = self.panel(wanted, &figures, &first).map_err(model)?;
        let codes = atlas.regions.iter().map(|r| r.code.clone()).collect();
        let name = match self.regions.len() {
            1 => self.regions[0].clone(),
            n => format!("all {n} regions"),
        };
        let all = RegionSet::new(&atlas.regions, "all", name, None, codes).map_err(model)?;
        let (from, to) = self.period();
        Ok(Own {
            atlas,
            all,
            from,
            to,
            warnings,
            names: self.names(wanted),
        })
    }

    /// Values of every variable at every key.
    fn figures(&self, wanted: &[Wanted], wrong: &mut Gathered) -> Vec<Vec<Option<f64>>> {
        let mut all = Vec::new();
        for w in wanted {
            let mut values = Vec::with_capacity(self.keys.len());
            let mut problems = Vec::new();
            for key in &self.keys {
                let number = w.variable.column(key.year).map(|c| self.raw.number(key.row, c));
                values.push(match number {
                    Some(Ok(value)) => value,
                    Some(Err(problem)) => {
                        problems.push(problem);
                        None
                    }
                    None => None,
                });
            }
            let words = problems.iter().filter(|p| is_word(&p.fault)).count();
            if values.iter().all(Option::is_none) && (problems.is_empty() || words > 1) {
                // A column of words is one slip, not as many as it has rows.
                wrong.add(Problem {
                    fault: Fault::NoNumbers {
                        column: w.variable.name.clone(),
                    },
                    place: problems.into_iter().next().and_then(|p| p.place),
                });
            } else {
                problems.into_iter().for_each(|p| wrong.add(p));
            }
            all.push(values);
        }
        all
    }

    /// Which keys are the first of their kind. A second one is a problem, unless its row says the same.
    fn unique(&self, wanted: &[Wanted], wrong: &mut Gathered, warnings: &mut Vec<Warning>) -> Vec<bool> {
        let mut seen: BTreeMap<(usize, Year, Option<usize>), usize> = BTreeMap::new();
        let mut first = vec![true; self.keys.len()];
        let mut told_apart_by: Option<Vec<Apart>> = None;
        for (i, key) in self.keys.iter().enumerate() {
            let before = match seen.entry((key.region, key.year, key.class)) {
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(i);
                    continue;
                }
                std::collections::btree_map::Entry::Occupied(old) => &self.keys[*old.get()],
            };
            first[i] = false;
            let same = |w: &Wanted| {
                let text = |k: &Key| w.variable.column(k.year).map(|c| self.raw.field(k.row, c));
                text(key) == text(before)
            };
            let spot = self.raw.spot(before.row);
            if wanted.iter().all(same) {
                // One row of a wide table repeats all its years.
                let new = i == 0 || self.keys[i - 1].row != key.row;
                warnings.extend(new.then(|| Warning::Repeated {
                    key: self.in_words(key),
                    spot: self.raw.spot(key.row),
                    first: spot,
                }));
                continue;
            }
            let told_apart_by = told_apart_by.get_or_insert_with(|| self.told_apart_by()).clone();
            let fault = Fault::Duplicate {
                key: self.in_words(key),
                first: spot,
                told_apart_by,
            };
            wrong.add(self.problem(key.row, self.region, fault));
        }
        first
    }

    fn partitions(
        &self,
        columns: &[String],
        wrong: &mut Gathered,
    ) -> Result<BTreeMap<String, Partition>, TableError> {
        let mut all = BTreeMap::new();
        for name in columns {
            let column = self.partition_column(name)?;
            let mut partition = Partition::new(name.clone(), name.clone());
            let mut known: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
            let mut reported: Vec<usize> = Vec::new();
            for key in &self.keys {
                let group = self.raw.field(key.row, column);
                let region = &self.regions[key.region];
                let fault = match known.get(&key.region) {
                    _ if group.is_empty() => Fault::NoGroup {
                        region: region.clone(),
                        column: name.clone(),
                    },
                    Some((same, _)) if *same == group => continue,
                    Some((other, first)) => Fault::TwoGroups {
                        region: region.clone(),
                        found: group.to_owned(),
                        expected: (*other).to_owned(),
                        first: self.raw.spot(*first),
                    },
                    None => {
                        known.insert(key.region, (group, key.row));
                        let code = RegionCode::new(OWN, region).map_err(|source| self.model(source))?;
                        partition
                            .assign(code, group, group)
                            .map_err(|source| self.model(source))?;
                        continue;
                    }
                };
                if !reported.contains(&key.region) {
                    reported.push(key.region);
                    wrong.add(self.problem(key.row, column, fault));
                }
            }
            all.insert(name.clone(), partition);
        }
        Ok(all)
    }

    fn model(&self, source: CoreError) -> TableError {
        TableError::Model {
            file: self.raw.name.clone(),
            source,
        }
    }

    fn regions_into(&self, atlas: &mut Atlas) -> Result<(), CoreError> {
        for name in &self.regions {
            atlas.regions.insert(Region {
                code: RegionCode::new(OWN, name)?,
                name_en: name.clone(),
                name_zh: None,
                short_en: name.clone(),
                short_zh: None,
                level: Level::Toy,
                parent: None,
            })?;
        }
        Ok(())
    }

    fn codebook_into(&self, atlas: &mut Atlas, wanted: &[Wanted]) -> Result<(), CoreError> {
        let scheme = (!self.classes.is_empty()).then(|| OWN.to_owned());
        if scheme.is_some() {
            let mut classes = Vec::new();
            for (i, name) in self.classes.iter().enumerate() {
                classes.push(Class {
                    code: ClassCode::new(&self.class_code(i))?,
                    label_en: name.clone(),
                    label_zh: String::new(),
                });
            }
            atlas.codebook.insert_scheme(OWN, classes)?;
        }
        atlas.codebook.insert_source(Source {
            id: self.raw.name.clone(),
            title: self.raw.name.clone(),
            publisher: self.raw.name.clone(),
        })?;
        atlas
            .codebook
            .insert_vintage(Vintage::new(OWN)?, "as it stands in the table");
        let ids: Vec<&str> = wanted.iter().map(|w| w.variable.id.as_str()).collect();
        for w in wanted {
            let nature = match &w.how {
                How::Sums => Nature::Extensive {
                    stock: false,
                    implied: None,
                },
                How::Ratio {
                    numerator,
                    denominator,
                    scale,
                } => ratio(numerator, denominator, *scale)?,
                How::Per { denominator } => {
                    // The numerator is not a column: it is implied by value and weight.
                    let mut hidden = format!("{}_total", w.variable.id);
                    while ids.contains(&hidden.as_str()) {
                        hidden.push('_');
                    }
                    let sums = Nature::Extensive {
                        stock: false,
                        implied: None,
                    };
                    let label = format!("Total of {}", w.variable.name);
                    atlas
                        .codebook
                        .insert(indicator(&hidden, &label, UNSAID_UNIT, sums, scheme.clone())?)?;
                    ratio(&hidden, denominator, 1.0)?
                }
                How::Unsaid => Nature::Index,
            };
            let (label, in_header) = label_and_unit(&w.variable.name);
            let unit = w
                .unit
                .clone()
                .or(in_header)
                .unwrap_or_else(|| UNSAID_UNIT.to_owned());
            let made = indicator(&w.variable.id, &label, &unit, nature, scheme.clone())?;
            atlas.codebook.insert(made)?;
        }
        Ok(())
    }

    fn panel(
        &self,
        wanted: &[Wanted],
        figures: &[Vec<Option<f64>>],
        first: &[bool],
    ) -> Result<Panel, CoreError> {
        let codes: Vec<String> = self
            .regions
            .iter()
            .map(|r| RegionCode::new(OWN, r).map(|c| c.spelled()))
            .collect::<Result<_, _>>()?;
        let classes: Vec<String> = (0..self.classes.len()).map(|c| self.class_code(c)).collect();
        let mut rows: Vec<(&str, &Key, f64)> = Vec::new();
        for (w, values) in wanted.iter().zip(figures) {
            for ((key, value), first) in self.keys.iter().zip(values).zip(first) {
                if let (Some(value), true) = (value, first) {
                    rows.push((&w.variable.id, key, *value));
                }
            }
        }
        let text = |name: &str, get: &dyn Fn(&(&str, &Key, f64)) -> String| {
            Series::new(name.into(), rows.iter().map(get).collect::<Vec<String>>()).into_column()
        };
        let years: Vec<i32> = rows.iter().map(|r| r.1.year.get()).collect();
        let values: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let frame = DataFrame::new_infer_height(vec![
            text("indicator", &|r| r.0.to_owned()),
            text("class", &|r| {
                r.1.class.map(|c| classes[c].clone()).unwrap_or_default()
            }),
            text("vintage", &|_| OWN.to_owned()),
            Series::new("year".into(), years).into_column(),
            text("region", &|r| codes[r.1.region].clone()),
            Series::new("value".into(), values).into_column(),
            text("source", &|_| self.raw.name.clone()),
            text("note", &|_| String::new()),
        ]);
        Panel::new(frame.map_err(|e| CoreError::Frame {
            reason: e.to_string(),
        })?)
    }

    /// Names behind the ids that are not names themselves.
    fn names(&self, wanted: &[Wanted]) -> BTreeMap<String, String> {
        let variables = wanted
            .iter()
            .map(|w| (w.variable.id.clone(), w.variable.name.clone()));
        let classes = self
            .classes
            .iter()
            .enumerate()
            .map(|(i, name)| (self.class_code(i), name.clone()));
        variables.chain(classes).filter(|(id, name)| id != name).collect()
    }

    /// The members of the focus, from their names.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names.
    pub fn focus(&self, own: &Own, names: &[String]) -> Result<RegionSet, CoreError> {
        if let [one] = names {
            return own.atlas.regions.find(one).map(RegionSet::single);
        }
        let label = match names.len() {
            0..=3 => names.join(", "),
            n => format!("{n} regions"),
        };
        own.atlas.set_of("focus", &label, None, names)
    }
}

fn is_word(fault: &Fault) -> bool {
    let word = |g: &Guess| matches!(g, Guess::Word | Guess::Mark);
    matches!(fault, Fault::NotANumber { guess, .. } if word(guess))
}

fn ratio(numerator: &str, denominator: &str, scale: f64) -> Result<Nature, CoreError> {
    Ok(Nature::Intensive {
        numerator: Term::from(&IndicatorId::new(numerator)?),
        denominator: Term::from(&IndicatorId::new(denominator)?),
        scale,
        basis: Basis::SameYear,
    })
}

fn indicator(
    id: &str,
    label: &str,
    unit: &str,
    nature: Nature,
    scheme: Option<String>,
) -> Result<Indicator, CoreError> {
    Ok(Indicator {
        id: IndicatorId::new(id)?,
        label_en: label.to_owned(),
        label_zh: String::new(),
        unit: unit.to_owned(),
        nature,
        direction: Direction::Higher,
        price_basis: "none".to_owned(),
        scheme,
        low_trust: false,
        definition: String::new(),
    })
}

/// `GDP (100 million yuan)` and `人口（万人）` have their unit in brackets.
fn label_and_unit(header: &str) -> (String, Option<String>) {
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']')] {
        if let Some((label, unit)) = header.strip_suffix(close).and_then(|h| h.rsplit_once(open)) {
            let (label, unit) = (label.trim(), unit.trim());
            if !label.is_empty() && !unit.is_empty() {
                return (label.to_owned(), Some(unit.to_owned()));
            }
        }
    }
    (header.to_owned(), None)
}

/// Refuses a partition that no column holds.
///
/// # Errors
/// [`TableError`] with near names.
pub fn check_partition(sheet: &Sheet, role: &str, name: &str) -> Result<String, TableError> {
    let column = sheet
        .raw
        .column(role, name)
        .map_err(|fault| only(&sheet.raw.name, fault))?;
    Ok(sheet.raw.header[column].clone())
}
