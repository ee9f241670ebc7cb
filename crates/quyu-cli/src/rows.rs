//! One analysis on rows that stream by: every row is a unit, and the table may be larger than memory.

use std::collections::BTreeMap;

use clap::ArgMatches;
use quyu_core::{
    Additive, AnalysisError, Batch, Entry, Need, Note, NoteKind, ParamError, ParamKind, ParamValue, Params,
    Values, Year,
};
use quyu_io::table::filter::Conditions;
use quyu_io::table::head::Named;
use quyu_io::table::rows::{Chunk, Files, Kind, Read, RowsError, Wish};
use quyu_io::table::{Fault, TableError, sheet};

use crate::advice::Adviser;
use crate::exit::{ANALYSIS, Failure, USAGE};
use crate::flags::{self, given};
use crate::message::Message;
use crate::output::{self, Asking};
use crate::shell::Typed;
use crate::terminal::Terminal;

/// Flags that speak of regions and years, which rows without a key do not have.
const KEYED: [&str; 10] = [
    "wide", "focus", "from", "to", "sums", "ratio", "per", "unit", "vintage", "seed",
];

/// Reads the rows, runs the analysis, writes the result.
pub(crate) fn run(
    entry: &'static Entry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let asking = Asking::new(matches)?;
    let mut adviser = Adviser::new(typed, Some(entry));
    let build = streamable(entry, matches)?;
    let memory = memory(matches)?;
    let files = opened(matches, &adviser)?;
    let named = files.named().clone();
    let chosen = Chosen::new(entry, matches, &named).map_err(|f| adviser.faults(&named.name, f))?;
    adviser.roles = chosen.roles.clone();
    let refused = |e: ParamError| adviser.param(&e, &named.header);
    let params = Params::check(entry.id, entry.params, &chosen.given).map_err(refused)?;
    let mut total = build(&params).map_err(refused)?;
    drawable(entry, matches, total.as_ref())?;
    let layout = Layout::new(total.as_ref(), &chosen, (entry, matches), (&named, &adviser))?;
    let wish = layout
        .wish(matches, &named)
        .map_err(|fault| adviser.faults(&named.name, vec![fault]))?;
    let take = |chunk: &Chunk<'_>| layout.part(&|| build(&params), chunk);
    let merge = |part| {
        total.merge(part);
        match total.held() > memory {
            true => total.condense(),
            false => Ok(()),
        }
    };
    let read = files.fold(&wish, take, merge).map_err(|error| match error {
        RowsError::Table(error) => adviser.table(error),
        RowsError::Taker(error) => failed(&adviser, &named, &error),
    })?;
    some_left(&read, matches, &named).map_err(|e| adviser.table(e))?;
    let mut findings = total.finish().map_err(|e| failed(&adviser, &named, &e))?;
    findings.notes.extend(left_out(&read));
    output::write(
        entry,
        matches,
        &asking,
        &chosen.written,
        read.inputs,
        output::own(findings, &chosen.names),
        Vec::new(),
        terminal,
    )
}

/// The files, the first of them open.
pub(crate) fn opened(matches: &ArgMatches, adviser: &Adviser<'_>) -> Result<Files, Failure> {
    let options = flags::read_options(matches)?;
    Files::open(&flags::sources(matches, adviser)?, &options).map_err(|e| adviser.table(e))
}

/// The form for rows of an analysis, if it has one and no flag contradicts it.
pub(crate) fn streamable(
    entry: &'static Entry,
    matches: &ArgMatches,
) -> Result<quyu_core::analysis::BuildAdditive, Failure> {
    let Some(build) = entry.additive else {
        let text = format!(
            "`{}` looks at regions that are known by name, not at rows without a key",
            entry.id
        );
        let message = Message::error(text)
            .help("add the rows up to regions and years first, and send the result on:")
            .command(format!(
                "quyu cells FILE --region REGION --time YEAR --value VALUE | quyu {} --region REGION --time YEAR --value VALUE",
                entry.id
            ))
            .help("`quyu list --rows` names the analyses that take rows");
        return Err(Failure::new(USAGE, message));
    };
    let declared = |name: &str| entry.params.iter().any(|p| p.name == name);
    let on_line = |name: &&&str| {
        matches.try_contains_id(name).is_ok_and(|there| there)
            && matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine)
    };
    let Some(flag) = KEYED.iter().filter(|n| !declared(n)).find(on_line) else {
        return Ok(build);
    };
    let message = Message::error(format!(
        "--{flag} speaks of regions and years, and with --rows every row is a unit without a key"
    ));
    let message = match *flag {
        "from" | "to" | "focus" => {
            message.help("leave rows out with --where: \"year >= 2015\", \"region = 'North'\"")
        }
        _ => message.help("leave the flag out"),
    };
    Err(Failure::new(USAGE, message))
}

/// A figure is asked for only where there is one: that is said before anything is read.
fn drawable(entry: &Entry, matches: &ArgMatches, additive: &dyn Additive) -> Result<(), Failure> {
    let asked = matches.contains_id("plot") || matches.contains_id("figure");
    if !asked || additive.draws() {
        return Ok(());
    }
    let message = Message::error(format!("`{}` of rows without a key has no figure", entry.id))
        .help("leave --plot out, or send the result as CSV to what draws for you");
    Err(Failure::new(USAGE, message))
}

/// Bytes of columns that may be held. What is computed from them takes as much again, twice.
fn memory(matches: &ArgMatches) -> Result<usize, Failure> {
    let gib = matches.get_one::<f64>("memory").copied().unwrap_or(2.0);
    if !(0.001..=1e6).contains(&gib) {
        return Err(flags::wrong(format!(
            "--memory is a number of GiB between 0.001 and 1000000, not {gib}"
        )));
    }
    Ok((gib * 1_073_741_824.0 / 3.0) as usize)
}

/// What the analysis refuses.
fn failed(adviser: &Adviser<'_>, named: &Named, error: &AnalysisError) -> Failure {
    if let AnalysisError::Param(param) = error {
        return adviser.param(param, &named.header);
    }
    // A table without years has one period, and nobody gave it a name.
    let text = error.to_string().replace(&format!(" in {}", Year::UNDATED), "");
    let mut message = Message::error(&*text).at(&named.name, None);
    if text.contains(" line ") {
        message =
            message.help("if such rows are no part of the question, leave them out: --where 'COLUMN > 0'");
    }
    if text.contains("memory allowed") {
        message = message.help("--memory allows more, in GiB: --memory 8");
    }
    Failure::new(ANALYSIS, adviser.see_manual(message))
}

/// Nothing left to compute with is an error that says why.
pub(crate) fn some_left(read: &Read, matches: &ArgMatches, named: &Named) -> Result<(), TableError> {
    let tally = read.tally;
    if tally.taken > 0 {
        return Ok(());
    }
    let fault = match (tally.missing, given(matches, "where")) {
        (0, Some(text)) => Fault::NothingLeft { text: text.clone() },
        _ => Fault::MissingValue,
    };
    Err(TableError::of(&named.name, fault))
}

/// The note on rows that were left out.
pub(crate) fn left_out(read: &Read) -> Option<Note> {
    let text = match read.tally.missing {
        0 => return None,
        1 => "1 row was left out, because a figure or a key of it is missing.".to_owned(),
        n => format!("{n} rows were left out, because a figure or a key of theirs is missing."),
    };
    Some(Note::new(NoteKind::Missing, text))
}

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
    fn new(entry: &'static Entry, matches: &ArgMatches, named: &Named) -> Result<Self, Vec<Fault>> {
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
    /// A position among the columns that are read.
    Column(usize),
    /// The same label for every row.
    Label(String),
    /// The number of the line: rows have no other name.
    Line,
}

/// The columns of an analysis, found in a table.
pub(crate) struct Layout {
    sources: Vec<Source>,
    wanted: Vec<(usize, Kind)>,
}

impl Layout {
    fn new(
        additive: &dyn Additive,
        chosen: &Chosen,
        (entry, matches): (&Entry, &ArgMatches),
        (named, adviser): (&Named, &Adviser<'_>),
    ) -> Result<Self, Failure> {
        let keys = additive.sums().map(|s| s.keys).unwrap_or_default();
        let mut layout = Self {
            sources: Vec::new(),
            wanted: Vec::new(),
        };
        for (position, need) in additive.columns().iter().enumerate() {
            let is_key = keys.iter().any(|k| k.column == position);
            let fault = |fault| adviser.faults(&named.name, vec![fault]);
            let find = |role: &str, name: &str| named.column(role, name).map_err(fault);
            let key = |name: &'static str| key_column((entry, matches), named, name).map_err(fault);
            let source = match need {
                Need::Indicator(term) => {
                    let id = term.to_string();
                    let name = chosen.names.get(&id).unwrap_or(&id);
                    layout.column(find("value", name)?, Kind::Number)
                }
                Need::Partition(name) => layout.column(find("group", name)?, Kind::Label),
                Need::Class => layout.column(
                    key("class")?.ok_or_else(|| needs(entry, named, "class"))?,
                    Kind::Label,
                ),
                // Many rows may share a region: only their lines tell them apart.
                Need::Region if !is_key => {
                    key("region")?;
                    Source::Line
                }
                Need::Region => match key("region")? {
                    Some(column) => layout.column(column, Kind::Label),
                    None => return Err(needs(entry, named, "region")),
                },
                _ => match key("time")? {
                    Some(column) => layout.column(column, Kind::Label),
                    None => Source::Label(Year::UNDATED.to_string()),
                },
            };
            layout.sources.push(source);
        }
        Ok(layout)
    }

    fn column(&mut self, column: usize, kind: Kind) -> Source {
        let found = self.wanted.iter().position(|w| *w == (column, kind));
        Source::Column(found.unwrap_or_else(|| {
            self.wanted.push((column, kind));
            self.wanted.len() - 1
        }))
    }

    fn wish(&self, matches: &ArgMatches, named: &Named) -> Result<Wish, Fault> {
        Ok(Wish {
            columns: self.wanted.clone(),
            conditions: conditions(matches, named)?,
            missing: flags::missing(matches),
            threads: flags::threads(matches),
        })
    }

    /// What is known of the rows of a chunk. If they are refused, they are read once more with their lines for names.
    fn part(
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
        let labels: Vec<Vec<&str>> = self
            .sources
            .iter()
            .map(|source| match source {
                Source::Column(at) if self.wanted[*at].1 == Kind::Label => chunk.labels(*at),
                Source::Column(_) => Vec::new(),
                Source::Label(label) => vec![label.as_str(); chunk.rows()],
                Source::Line if lines.is_empty() => vec![""; chunk.rows()],
                Source::Line => lines.iter().map(String::as_str).collect(),
            })
            .collect();
        let columns = self
            .sources
            .iter()
            .zip(&labels)
            .map(|(source, labels)| match *source {
                Source::Column(at) if self.wanted[at].1 == Kind::Number => Values::Numbers(chunk.numbers(at)),
                _ => Values::Labels(labels),
            });
        part.push(&Batch::new(columns.collect())?)
    }
}

/// The condition on rows, if one was given.
pub(crate) fn conditions(matches: &ArgMatches, named: &Named) -> Result<Conditions, Fault> {
    match given(matches, "where") {
        Some(text) => Conditions::parse(text, |name| named.column("where", name)),
        None => Ok(Conditions::default()),
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
