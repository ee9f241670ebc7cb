//! From the columns that flags name to the variables, parameters and partitions of an analysis.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ArgMatches;
use quyu_core::{Entry, Need, ParamKind, ParamValue};
use quyu_io::table::sheet::Variable;
use quyu_io::table::{Fault, How, Sheet, Wanted};

use crate::exit::Failure;
use crate::flags::{self, given, list};

/// The parameter that a file of links may take the place of.
pub(crate) const NEIGHBOURS: &str = "neighbours";

/// What a column is to an analysis: flag, and help of its parameter.
pub(crate) type Roles = BTreeMap<String, (String, &'static str)>;

/// Columns and parameters, read from the flags.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// Parameters with ids in the place of columns.
    pub(crate) given: BTreeMap<String, ParamValue>,
    /// Parameters as they were written.
    pub(crate) written: BTreeMap<String, String>,
    /// What each column is for.
    pub(crate) roles: Roles,
    /// The file that says which regions are neighbours.
    pub(crate) links: Option<PathBuf>,
    variables: Vec<Variable>,
    /// Id of the variable behind a parameter.
    by_param: BTreeMap<&'static str, String>,
}

impl Chosen {
    /// Resolves every parameter that was given. All unknown columns are gathered.
    pub(crate) fn new(
        entry: &'static Entry,
        matches: &ArgMatches,
        sheet: &Sheet,
    ) -> Result<Self, Vec<Fault>> {
        let mut chosen = Self::default();
        let mut faults = Vec::new();
        for param in entry.params {
            // A table of SDMX has its figures in one column, which is known.
            let known = sheet.sdmx.as_ref().filter(|_| param.name == "value");
            let known = known.map(|sdmx| &sheet.raw.header[sdmx.value]);
            let Some(text) = given(matches, param.name).or(known) else {
                continue;
            };
            chosen.written.insert(param.name.to_owned(), text.clone());
            let value = match param.kind {
                ParamKind::Choice(words) if param.name == NEIGHBOURS && !words.contains(&text.as_str()) => {
                    chosen.links = Some(PathBuf::from(text));
                    // The links of the file are the borders; a relation of borders is the first word.
                    Ok(words.first().copied().unwrap_or_default().to_owned())
                }
                ParamKind::Column => chosen.term(param.name, param.help, text, sheet),
                ParamKind::List(ParamKind::Column) => {
                    let mut ids = Vec::new();
                    for one in text.split(',') {
                        match chosen.term(param.name, param.help, one.trim(), sheet) {
                            Ok(id) => ids.push(id),
                            Err(fault) => faults.push(fault),
                        }
                    }
                    Ok(ids.join(","))
                }
                // A partition is a column of words.
                ParamKind::Expr => Ok(sheet
                    .raw
                    .column(param.name, text)
                    .map_or_else(|_| text.clone(), |c| sheet.raw.header[c].clone())),
                _ => Ok(text.clone()),
            };
            match value {
                Ok(value) => {
                    chosen
                        .given
                        .insert(param.name.to_owned(), ParamValue::Text(value));
                }
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            Ok(chosen)
        } else {
            Err(faults)
        }
    }

    /// The term of a column, or of one class of it (`jobs.industry`).
    fn term(
        &mut self,
        param: &'static str,
        help: &'static str,
        text: &str,
        sheet: &Sheet,
    ) -> Result<String, Fault> {
        let (variable, class) = match sheet.variable(param, text) {
            Ok(variable) => (variable, None),
            Err(fault) => class_of(param, text, sheet).ok_or(fault)?,
        };
        let id = self.add(variable.clone());
        self.by_param.insert(param, id.clone());
        self.roles
            .insert(variable.name, (format!("--{}", param.replace('_', "-")), help));
        Ok(class.map_or(id.clone(), |c| format!("{id}.{c}")))
    }

    fn add(&mut self, variable: Variable) -> String {
        let id = variable.id.clone();
        if !self.variables.iter().any(|v| v.id == id) {
            self.variables.push(variable);
        }
        id
    }

    /// What is asked of the table: each variable with how it aggregates and its unit.
    pub(crate) fn wanted(&mut self, matches: &ArgMatches, sheet: &Sheet) -> Result<Vec<Wanted>, Asked> {
        let mut how: BTreeMap<String, How> = BTreeMap::new();
        let weight = self.by_param.get("weight").cloned();
        if let (Some(value), Some(weight)) = (self.by_param.get("value"), &weight)
            && value != weight
        {
            let denominator = weight.clone();
            how.insert(value.clone(), How::Per { denominator });
        }
        if !sheet.classes.is_empty() {
            how.extend(self.variables.iter().map(|v| (v.id.clone(), How::Sums)));
        }
        how.extend(weight.map(|w| (w, How::Sums)));
        for name in list(matches, "sums") {
            let id = self.add(sheet.variable("sums", &name)?);
            how.insert(id, How::Sums);
        }
        for text in flags::list(matches, "ratio") {
            let (of, parts) = self.ratio(&text, sheet)?;
            for id in [&parts.0, &parts.1] {
                how.insert(id.clone(), How::Sums);
            }
            let (numerator, denominator, scale) = parts;
            how.insert(
                of,
                How::Ratio {
                    numerator,
                    denominator,
                    scale,
                },
            );
        }
        for text in flags::list(matches, "per") {
            let Some((of, weight)) = text.split_once('=') else {
                return Err(Asked::Wrong(flags::wrong(format!(
                    "--per is written \"COLUMN = WEIGHT\", not `{text}`"
                ))));
            };
            let of = self.add(sheet.variable("per", of.trim())?);
            let denominator = self.add(sheet.variable("per", weight.trim())?);
            how.insert(denominator.clone(), How::Sums);
            how.insert(of, How::Per { denominator });
        }
        let mut units: BTreeMap<String, String> = BTreeMap::new();
        for text in flags::list(matches, "unit") {
            let Some((name, unit)) = text.split_once('=') else {
                return Err(Asked::Wrong(flags::wrong(format!(
                    "--unit is written COLUMN=UNIT, not `{text}`"
                ))));
            };
            units.insert(sheet.variable("unit", name.trim())?.id, unit.trim().to_owned());
        }
        let wanted = self.variables.iter().map(|v| Wanted {
            variable: v.clone(),
            how: how.get(&v.id).cloned().unwrap_or(How::Unsaid),
            unit: units.get(&v.id).cloned(),
        });
        Ok(wanted.collect())
    }

    /// Reads `gdp_pc = gdp / pop * 10000`.
    fn ratio(&mut self, text: &str, sheet: &Sheet) -> Result<(String, (String, String, f64)), Asked> {
        let wrong = || {
            Asked::Wrong(flags::wrong(format!(
                "--ratio is written \"COLUMN = A / B\" or \"COLUMN = A / B * SCALE\", not `{text}`"
            )))
        };
        let (of, formula) = text.split_once('=').ok_or_else(wrong)?;
        let (numerator, rest) = formula.split_once('/').ok_or_else(wrong)?;
        let (denominator, scale) = match rest.split_once('*') {
            Some((d, s)) => (d, s.trim().parse::<f64>().map_err(|_| wrong())?),
            None => (rest, 1.0),
        };
        if !scale.is_finite() || scale <= 0.0 {
            return Err(wrong());
        }
        let mut id =
            |name: &str| -> Result<String, Asked> { Ok(self.add(sheet.variable("ratio", name.trim())?)) };
        Ok((id(of)?, (id(numerator)?, id(denominator)?, scale)))
    }
}

/// Why columns cannot be had.
pub(crate) enum Asked {
    /// A column.
    Fault(Box<Fault>),
    /// A flag.
    Wrong(Failure),
}

impl From<Fault> for Asked {
    fn from(fault: Fault) -> Self {
        Asked::Fault(Box::new(fault))
    }
}

fn class_of(param: &str, text: &str, sheet: &Sheet) -> Option<(Variable, Option<String>)> {
    text.match_indices('.').find_map(|(at, _)| {
        let variable = sheet.variable(param, &text[..at]).ok()?;
        let class = &text[at + 1..];
        let position = sheet.classes.iter().position(|c| c == class)?;
        Some((variable, Some(sheet.class_code(position))))
    })
}

/// The partitions that an analysis needs, each the name of a column.
pub(crate) fn partitions(needs: &[Need], sheet: &Sheet) -> Result<Vec<String>, Fault> {
    let named = needs.iter().filter_map(|n| match n {
        Need::Partition(id) => Some(id),
        _ => None,
    });
    named
        .map(|id| sheet.raw.column("group", id).map(|c| sheet.raw.header[c].clone()))
        .collect()
}
