//! `quyu finish`: from the sums that an engine computed to the result.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Command};
use quyu_core::additive::sql::{STAMP, result_columns};
use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{Entry, Missing, Note, NoteKind, Registry};
use quyu_io::table::{Fault, Problem, Raw, TableError};

use crate::advice::Adviser;
use crate::exit::{self, ANALYSIS, DATA, Failure};
use crate::flags::{self, given, wrong};
use crate::message::Message;
use crate::output::{self, Asking, Input};
use crate::shell::Typed;
use crate::sql;
use crate::terminal::Terminal;

/// The command.
pub(crate) fn command() -> Command {
    Command::new("finish")
        .about("Turns the sums that an engine computed by the query of `quyu sql` into the result")
        .after_help(exit::HELP)
        .arg(
            Arg::new("id")
                .value_name("ID")
                .required(true)
                .help("The analysis whose sums they are; its parameters are in the file"),
        )
        .arg(flags::file())
        .arg(flags::missing_rows())
        .args(
            flags::input()
                .into_iter()
                .filter(|a| a.get_id() != "where" && a.get_id() != "no-header"),
        )
        .args(
            flags::output()
                .into_iter()
                .filter(|a| a.get_id() != "plot" && a.get_id() != "figure"),
        )
}

/// What a query was made for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) analysis: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Reads the sums and writes the result.
pub(crate) fn run(
    registry: &Registry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let entry = registry.get(given(matches, "id").map_or("", String::as_str))?;
    let asking = Asking::new(matches)?;
    let adviser = Adviser::new(typed, Some(entry));
    let options = flags::read_options(matches)?;
    let bytes = flags::source(matches)?.read().map_err(|e| adviser.table(e))?;
    let raw = Raw::read(bytes, &options).map_err(|e| adviser.table(e))?;
    let stamp = stamp(entry, &raw)?;
    let chosen = sql::chosen(entry, &|name| stamp.parameters.get(name).cloned())?;
    let (mut stream, sums) = sql::summed(entry, &chosen)?;
    let read = Reading::new(&raw, &sums).map_err(|e| adviser.table(e))?;
    let (rows, missing) = read.rows(flags::missing(matches), &adviser)?;
    let failed = |e: quyu_core::AnalysisError| {
        let message = Message::error(e.to_string()).at(&raw.name, None);
        Failure::new(ANALYSIS, adviser.see_manual(message))
    };
    stream.take(&rows).map_err(failed)?;
    let mut findings = stream.finish().map_err(failed)?;
    findings.notes.extend(missing);
    let input = Input {
        name: raw.name.clone(),
        sha256: raw.sha256.clone(),
        rows: raw.len(),
    };
    output::write(
        entry,
        matches,
        &asking,
        &chosen.written,
        input,
        output::own(findings, &chosen.names),
        Vec::new(),
        terminal,
    )
}

/// What the query was made for; all rows must say the same.
fn stamp(entry: &Entry, raw: &Raw) -> Result<Stamp, Failure> {
    let at = raw.header.iter().position(|h| h == STAMP);
    let text = at.filter(|_| !raw.is_empty()).map(|at| raw.field(0, at));
    let Some((at, stamp)) = at.zip(text.and_then(sql::stamped)) else {
        let message = Message::error("these are no sums that a query of `quyu sql` computed")
            .at(&raw.name, None)
            .why(format!(
                "the column `{STAMP}` of such sums says for which analysis and parameters they are"
            ))
            .help(format!("`quyu sql {}` writes the query", entry.id));
        return Err(Failure::new(DATA, message));
    };
    let same = (0..raw.len()).all(|row| raw.field(row, at) == raw.field(0, at));
    if !same {
        return Err(wrong(
            "the file holds sums of several queries: take one".to_owned(),
        ));
    }
    if stamp.analysis != entry.id {
        return Err(wrong(format!(
            "these are sums for `{}`, not for `{}`",
            stamp.analysis, entry.id
        )));
    }
    Ok(stamp)
}

/// The columns of sums in a table.
struct Reading<'a> {
    raw: &'a Raw,
    sums: &'a Sums,
    keys: Vec<usize>,
    missing: usize,
    refusals: Vec<usize>,
    terms: Vec<usize>,
}

impl<'a> Reading<'a> {
    fn new(raw: &'a Raw, sums: &'a Sums) -> Result<Self, TableError> {
        let mut columns = Vec::new();
        for name in result_columns(sums) {
            let column = raw
                .column("value", name)
                .map_err(|f| TableError::of(&raw.name, f))?;
            columns.push(column);
        }
        let mut rest = columns.into_iter().skip(1);
        let mut next = |n: usize| -> Vec<usize> { rest.by_ref().take(n).collect() };
        Ok(Self {
            raw,
            sums,
            keys: next(sums.keys.len()),
            missing: next(1)[0],
            refusals: next(sums.refusals.len()),
            terms: next(sums.terms.len()),
        })
    }

    /// The sums of all keys, and a note on what is in none of them.
    fn rows(&self, policy: Missing, adviser: &Adviser<'_>) -> Result<(Vec<SumRow>, Option<Note>), Failure> {
        let (mut rows, mut missing) = (Vec::new(), 0.0);
        for row in 0..self.raw.len() {
            let number = |column: usize| self.number(row, column).map_err(|e| adviser.table(e));
            for (refusal, column) in self.sums.refusals.iter().zip(&self.refusals) {
                let count = number(*column)?.unwrap_or_default();
                if count > 0.0 {
                    return Err(self.refused(row, refusal.name, count, adviser));
                }
            }
            missing += number(self.missing)?.unwrap_or_default();
            let sums: Vec<Option<f64>> = self.terms.iter().map(|c| number(*c)).collect::<Result<_, _>>()?;
            // A key of which no row counts has no sums at all.
            if sums[0].is_none_or(|n| n == 0.0) {
                continue;
            }
            let sums = sums.into_iter().zip(&self.terms).map(|(sum, column)| {
                sum.ok_or_else(|| {
                    let problem = Problem {
                        fault: Fault::MissingValue,
                        place: Some(self.raw.place(row, *column)),
                    };
                    adviser.table(TableError::of(&self.raw.name, problem))
                })
            });
            rows.push(SumRow {
                keys: self
                    .keys
                    .iter()
                    .map(|c| self.raw.field(row, *c).to_owned())
                    .collect(),
                sums: sums.collect::<Result<_, _>>()?,
            });
        }
        if missing > 0.0 && policy == Missing::Error {
            let message = Message::error(format!(
                "{missing} rows of the table have a missing figure or key"
            ))
            .at(&self.raw.name, None)
            .why("they are in none of the sums, and rows are left out only if you say so")
            .help("to leave them out, with a note, give --missing drop");
            return Err(Failure::new(DATA, message));
        }
        let text = format!("{missing} rows were left out, because a figure or a key of theirs is missing.");
        let note = (missing > 0.0).then(|| Note::new(NoteKind::Missing, text));
        Ok((rows, note))
    }

    fn number(&self, row: usize, column: usize) -> Result<Option<f64>, TableError> {
        let of = |problem| TableError::of(&self.raw.name, problem);
        self.raw.number(row, column).map_err(of)
    }

    fn refused(&self, row: usize, name: &str, count: f64, adviser: &Adviser<'_>) -> Failure {
        let keys: Vec<&str> = self.keys.iter().map(|c| self.raw.field(row, *c)).collect();
        let what = name.replace('-', " ");
        let message = Message::error(format!("{count} rows of {} have a {what}", keys.join(", ")))
            .at(&self.raw.name, None)
            .why("the analysis is not defined for them, and none is left out in silence");
        Failure::new(ANALYSIS, adviser.see_manual(message))
    }
}
