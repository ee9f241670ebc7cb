//! Which columns of a table an analysis on rows reads, and how rows are handed to it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use clap::ArgMatches;
use quyu_core::{
    Additive, AnalysisError, Batch, Entry, Need, ParamError, ParamKind, ParamValue, Values, Year,
};
use quyu_io::table::head::Named;
use quyu_io::table::rows::{Chunk, Kind};
use quyu_io::table::{Fault, sheet};

use crate::advice::Adviser;
use crate::exit::{Failure, USAGE};
use crate::flags::{self, given};
use crate::message::Message;

/// Finds a column by its role and name: its id and its name in the table.
pub(crate) type Find<'a> = dyn Fn(&str, &str) -> Result<(String, String), Fault> + 'a;

/// Columns and parameters, read from the flags.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// Parameters with ids in the place of columns.
    pub(crate) given: BTreeMap<String, ParamValue>,
    /// Parameters as they were written.
    pub(crate) written: BTreeMap<String, String>,
    /// Names of columns by their ids.
    pub(crate) names: BTreeMap<String, String>,
    /// What each column is for.
    pub(crate) roles: crate::columns::Roles,
}

impl Chosen {
    pub(crate) fn new(
        entry: &'static Entry,
        matches: &ArgMatches,
        named: &Named,
    ) -> Result<Self, Vec<Fault>> {
        let find = |role: &str, text: &str| {
            let column = named.column(role, text)?;
            Ok((
                sheet::id(&named.header[column], column),
                named.header[column].clone(),
            ))
        };
        Self::of(entry, &|name| given(matches, name).cloned(), &find)
    }

    /// Resolves every parameter that was written; `find` gives id and name of a column.
    pub(crate) fn of(
        entry: &'static Entry,
        written: &dyn Fn(&str) -> Option<String>,
        find: &Find<'_>,
    ) -> Result<Self, Vec<Fault>> {
        let (mut chosen, mut faults) = (Self::default(), Vec::new());
        for param in entry.params {
            let Some(text) = written(param.name) else {
                continue;
            };
            let columns: Vec<&str> = match param.kind {
                ParamKind::Column => vec![text.trim()],
                ParamKind::List(ParamKind::Column) => text.split(',').map(str::trim).collect(),
                _ => Vec::new(),
            };
            let mut ids = Vec::new();
            for name in &columns {
                match find(param.name, name) {
                    Ok((id, name)) => {
                        let flag = format!("--{}", param.name.replace('_', "-"));
                        chosen.roles.insert(name.clone(), (flag, param.help));
                        chosen.names.insert(id.clone(), name);
                        ids.push(id);
                    }
                    Err(fault) => faults.push(fault),
                }
            }
            let value = match columns.is_empty() {
                true => text.clone(),
                false => ids.join(","),
            };
            chosen
                .given
                .insert(param.name.to_owned(), ParamValue::Text(value));
            chosen.written.insert(param.name.to_owned(), text);
        }
        match faults.is_empty() {
            true => Ok(chosen),
            false => Err(faults),
        }
    }
}

/// Where a column of the analysis comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// A position among the columns that are read, which holds numbers.
    Numbers(usize),
    /// A position among the columns that are read, which holds labels.
    Labels(usize),
    /// One period for all rows.
    Undated,
    /// The number of the line, where rows have no other name.
    Line,
}

/// One label as often as there are rows, kept for the next block and for every thread.
#[derive(Default)]
struct Repeated(Mutex<Arc<Vec<&'static str>>>);

static UNDATED: LazyLock<Repeated> = LazyLock::new(Repeated::default);
static NAMELESS: LazyLock<Repeated> = LazyLock::new(Repeated::default);
static NO_YEAR: LazyLock<String> = LazyLock::new(|| Year::UNDATED.to_string());

impl Repeated {
    fn of(&self, label: &'static str, rows: usize) -> Arc<Vec<&'static str>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < rows {
            *all = Arc::new(vec![label; rows]);
        }
        Arc::clone(&all)
    }
}

/// The labels of a column.
enum Labels<'a> {
    None,
    Each(Vec<&'a str>),
    Same(Arc<Vec<&'static str>>),
}

/// The columns that are read: position in the header and kind.
#[derive(Debug, Default)]
pub(crate) struct Wanted(pub(crate) Vec<(usize, Kind)>);

impl Wanted {
    /// The position of a column among them; it is added if it is new.
    fn at(&mut self, column: usize, kind: Kind) -> usize {
        let found = self.0.iter().position(|w| *w == (column, kind));
        found.unwrap_or_else(|| {
            self.0.push((column, kind));
            self.0.len() - 1
        })
    }
}

/// The columns of an analysis, found in a table.
pub(crate) struct Layout {
    sources: Vec<Source>,
    /// Memory for labels that was used before.
    spare: Mutex<Vec<Vec<&'static str>>>,
}

/// The memory of labels, without the labels.
fn emptied(labels: Labels<'_>) -> Option<Vec<&'static str>> {
    let Labels::Each(mut labels) = labels else {
        return None;
    };
    labels.clear();
    // Nothing is left that would have to live so long, and what collects in place keeps the memory.
    Some(labels.into_iter().map(|_| "").collect())
}

impl Layout {
    pub(crate) fn new(
        additive: &dyn Additive,
        chosen: &Chosen,
        (entry, matches): (&Entry, &ArgMatches),
        (named, adviser): (&Named, &Adviser<'_>),
        wanted: &mut Wanted,
    ) -> Result<Self, Failure> {
        let keys = additive.sums().map(|s| s.keys).unwrap_or_default();
        let mut sources = Vec::new();
        for (position, need) in additive.columns().iter().enumerate() {
            let is_key = keys.iter().any(|k| k.column == position);
            let fault = |fault| adviser.faults(&named.name, vec![fault]);
            let find = |role: &str, name: &str| named.column(role, name).map_err(fault);
            let key = |name: &'static str| key_column((entry, matches), named, name).map_err(fault);
            let mut labels = |column| Source::Labels(wanted.at(column, Kind::Label));
            let source = match need {
                Need::Indicator(term) => {
                    let id = term.to_string();
                    let name = chosen.names.get(&id).unwrap_or(&id);
                    Source::Numbers(wanted.at(find("value", name)?, Kind::Number))
                }
                Need::Partition(name) => labels(find("group", name)?),
                Need::Class => labels(key("class")?.ok_or_else(|| needs(entry, named, "class"))?),
                Need::Region => match key("region")? {
                    Some(column) => labels(column),
                    None if is_key => return Err(needs(entry, named, "region")),
                    None => Source::Line,
                },
                _ => match key("time")? {
                    Some(column) => labels(column),
                    None => Source::Undated,
                },
            };
            sources.push(source);
        }
        Ok(Self {
            sources,
            spare: Mutex::default(),
        })
    }

    /// What is known of the rows of a chunk. If they are refused, they are read once more with their lines for names.
    pub(crate) fn part(
        &self,
        build: &dyn Fn() -> Result<Box<dyn Additive>, ParamError>,
        chunk: &Chunk<'_>,
    ) -> Result<Box<dyn Additive>, AnalysisError> {
        let mut part = build()?;
        if let Err(error) = self.push(part.as_mut(), chunk, &[]) {
            let lines: Vec<String> = (0..chunk.rows())
                .map(|row| format!("line {}", chunk.line(row)))
                .collect();
            let again = self.push(build()?.as_mut(), chunk, &lines);
            return Err(again.err().unwrap_or(error));
        }
        Ok(part)
    }

    fn push(
        &self,
        part: &mut dyn Additive,
        chunk: &Chunk<'_>,
        lines: &[String],
    ) -> Result<(), AnalysisError> {
        let rows = chunk.rows();
        let labels: Vec<Labels<'_>> = self
            .sources
            .iter()
            .map(|source| match source {
                Source::Numbers(_) => Labels::None,
                Source::Labels(at) => {
                    let mut labels: Vec<&str> = self.spare().pop().unwrap_or_default();
                    labels.extend(chunk.labels(*at));
                    Labels::Each(labels)
                }
                Source::Undated => Labels::Same(UNDATED.of(&NO_YEAR, rows)),
                Source::Line if lines.is_empty() => Labels::Same(NAMELESS.of("", rows)),
                Source::Line => Labels::Each(lines.iter().map(String::as_str).collect()),
            })
            .collect();
        let pairs = self.sources.iter().zip(&labels);
        let columns = pairs.map(|(source, labels)| match (source, labels) {
            (Source::Numbers(at), _) => Values::Numbers(chunk.numbers(*at)),
            (_, Labels::Each(labels)) => Values::Labels(labels),
            (_, Labels::Same(labels)) => Values::Labels(&labels[..rows]),
            (_, Labels::None) => Values::Labels(&[]),
        });
        part.push(&Batch::new(columns.collect())?)?;
        self.spare().extend(labels.into_iter().filter_map(emptied));
        Ok(())
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<&'static str>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key column: the one that is named, else the one that bears its usual name.
fn key_column(
    (entry, matches): (&Entry, &ArgMatches),
    named: &Named,
    name: &'static str,
) -> Result<Option<usize>, Fault> {
    if let Some(column) = given(matches, &flags::key_name(name, entry.params)) {
        return named.column(name, column).map(Some);
    }
    let usual = match name {
        "region" => "region",
        "time" => "year",
        _ => return Ok(None),
    };
    Ok(named.header.iter().position(|h| h == usual))
}

/// A key without which the analysis has nothing to add up by.
fn needs(entry: &Entry, named: &Named, role: &'static str) -> Failure {
    let flag = flags::key_name(role, entry.params);
    let what = if role == "class" {
        "sectors or other classes"
    } else {
        "regions"
    };
    let message = Message::error(format!("`{}` needs --{flag}: the column of {what}", entry.id))
        .at(&named.name, None)
        .help(format!(
            "the columns are {}",
            quyu_core::suggest::quoted(&named.header, "and")
        ));
    Failure::new(USAGE, message)
}
