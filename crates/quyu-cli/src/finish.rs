//! `quyu finish`: from the sums that an engine computed to the result.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Command};
use quyu_core::{Entry, Missing, Note, NoteKind, Registry};
use quyu_io::table::sums::{self, Answer};
use quyu_io::table::{Fault, Raw, TableError};

use crate::advice::Adviser;
use crate::exit::{self, ANALYSIS, DATA, Failure};
use crate::flags::{self, given, wrong};
use crate::message::Message;
use crate::output::{self, Asking};
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
        .args(flags::input().into_iter().filter(|a| a.get_id() != "where"))
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
    let sources = flags::sources(matches, &adviser)?;
    let raw = Raw::of(&sources, &options).map_err(|e| adviser.table(e))?;
    let stamp = stamp(entry, &raw, &adviser)?;
    let chosen = sql::chosen(entry, &|name| stamp.parameters.get(name).cloned())?;
    let (mut stream, asked) = sql::summed(entry, &chosen)?;
    let answer = sums::read(&raw, &asked).map_err(|e| adviser.table(e))?;
    let missing = said(&answer, flags::missing(matches), &raw, &adviser)?;
    let failed = |e: quyu_core::AnalysisError| {
        let message = Message::error(e.to_string()).at(&raw.name, None);
        Failure::new(ANALYSIS, adviser.see_manual(message))
    };
    stream.take(&answer.rows).map_err(failed)?;
    let mut findings = stream.finish().map_err(failed)?;
    findings.notes.extend(missing);
    output::write(
        entry,
        matches,
        &asking,
        &chosen.written,
        raw.inputs.clone(),
        output::own(findings, &chosen.names),
        Vec::new(),
        terminal,
    )
}

/// What the query was made for.
fn stamp(entry: &Entry, raw: &Raw, adviser: &Adviser<'_>) -> Result<Stamp, Failure> {
    let text = sums::stamp(raw).map_err(|e| adviser.table(e))?;
    let stamp = sql::stamped(text).ok_or_else(|| {
        let reason = format!("the column `quyu` says `{text}`");
        adviser.table(TableError::of(&raw.name, Fault::NoSums { reason }))
    })?;
    match stamp.analysis == entry.id {
        true => Ok(stamp),
        false => Err(wrong(format!(
            "these are sums for `{}`, not for `{}`",
            stamp.analysis, entry.id
        ))),
    }
}

/// What is in none of the sums is an error, or a note.
fn said(answer: &Answer, policy: Missing, raw: &Raw, adviser: &Adviser<'_>) -> Result<Option<Note>, Failure> {
    if let Some(refused) = answer.refused.first() {
        let text = format!(
            "{} of {} with a {}",
            counted(refused.count),
            refused.keys.join(", "),
            refused.name.replace('-', " ")
        );
        let message = Message::error(text)
            .at(&raw.name, None)
            .why("the analysis is not defined for such a row, and none is left out in silence");
        return Err(Failure::new(ANALYSIS, adviser.see_manual(message)));
    }
    let what = format!("{} with a missing figure or key", counted(answer.missing));
    match (answer.missing, policy) {
        (0, _) => Ok(None),
        (_, Missing::Drop) => {
            let text = format!("The sums are without {what}.");
            Ok(Some(Note::new(NoteKind::Missing, text)))
        }
        (_, Missing::Error) => {
            let message = Message::error(format!("the table has {what}"))
                .at(&raw.name, None)
                .why("they are in none of the sums, and rows are left out only if you say so")
                .help("to leave them out, with a note:")
                .command(adviser.typed.with("--missing", "drop"));
            Err(Failure::new(DATA, message))
        }
    }
}

fn counted(rows: u64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}
