//! One analysis on one table: from flags to a result.

use std::path::Path;
use std::sync::Arc;

use clap::ArgMatches;
use quyu_core::{Entry, Params, Period, Study, VintageChoice, Year};
use quyu_io::table::warn::is_per_head;
use quyu_io::table::{Input, Own, Raw, Sheet, Source, Warning, filter, links};

use crate::advice::Adviser;
use crate::columns::{self, Asked, Chosen};
use crate::exit::Failure;
use crate::flags::{self, given, list};
use crate::message::Message;
use crate::output::{self, Asking};
use crate::progress::Waiting;
use crate::rows;
use crate::shell::Typed;
use crate::terminal::Terminal;

/// Reads the table, runs the analysis, writes the result.
pub(crate) fn run(
    entry: &'static Entry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    if matches.get_flag(flags::ROWS) {
        let asked = rows::Asked {
            entry,
            matches,
            typed,
        };
        return rows::run(asked, terminal);
    }
    let asking = Asking::new(matches)?;
    let mut adviser = Adviser::new(typed, Some(entry));
    let mut sheet = read(entry, matches, &adviser)?;
    let mut chosen = Chosen::new(entry, matches, &sheet).map_err(|faults| {
        let failure = adviser.faults(&sheet.raw.name, faults);
        adviser.with_sheets(failure, &sheet.warnings, &sheet.raw.name)
    })?;
    adviser.roles = chosen.roles.clone();
    let params = Params::check(entry.id, entry.params, &chosen.given)
        .map_err(|e| adviser.param(&e, &sheet.raw.header))?;
    let analysis = (entry.build)(&params).map_err(|e| adviser.param(&e, &sheet.raw.header))?;
    let needs = analysis.needs();
    let wanted = chosen.wanted(matches, &sheet).map_err(|asked| match asked {
        Asked::Fault(fault) => adviser.faults(&sheet.raw.name, vec![*fault]),
        Asked::Wrong(failure) => failure,
    })?;
    let partitions =
        columns::partitions(&needs, &sheet).map_err(|fault| adviser.faults(&sheet.raw.name, vec![fault]))?;
    sheet
        .check_dimensions(&wanted, &partitions)
        .map_err(|e| adviser.table(e))?;
    let mut own = sheet.build(&wanted, &partitions).map_err(|e| adviser.table(e))?;
    own.warnings.extend(unweighted(entry, &chosen));
    let mut inputs = sheet.raw.inputs.clone();
    if let Some(path) = &chosen.links {
        inputs.extend(link(path, matches, &mut own, &adviser)?);
    }
    for warning in &own.warnings {
        terminal.tell(&adviser.warning(warning, &sheet.raw.name));
    }
    let study = study(entry, matches, &sheet, &own).map_err(|e| adviser.core(&e, &sheet, &own))?;
    study.check(&needs).map_err(|e| adviser.core(&e, &sheet, &own))?;
    let waiting = Waiting::new(entry.id, terminal);
    let found = analysis.run(&study, &waiting);
    waiting.over();
    let findings = found.map_err(|e| adviser.analysis(&e, &sheet, &own))?;
    let findings = output::own(findings, &own.names);
    output::write(
        entry,
        matches,
        &asking,
        &chosen.written,
        inputs,
        findings,
        own.warnings.iter().map(ToString::to_string).collect(),
        terminal,
    )
}

/// The table with its keys.
fn read(entry: &Entry, matches: &ArgMatches, adviser: &Adviser<'_>) -> Result<Sheet, Failure> {
    let options = flags::read_options(matches)?;
    let sources = flags::sources(matches, adviser)?;
    let mut raw = Raw::of(&sources, &options).map_err(|e| adviser.table(e))?;
    if let Some(condition) = given(matches, "where") {
        filter::apply(&mut raw, condition).map_err(|e| adviser.table(e))?;
    }
    let keys = flags::key_options(matches, entry.params);
    let (name, warnings) = (raw.name.clone(), raw.warnings.clone());
    Sheet::new(raw, &keys).map_err(|e| adviser.with_sheets(adviser.table(e), &warnings, &name))
}

/// Makes the links of a file the neighbours of the regions.
fn link(
    path: &Path,
    matches: &ArgMatches,
    own: &mut Own,
    adviser: &Adviser<'_>,
) -> Result<Vec<Input>, Failure> {
    let mut options = flags::read_options(matches)?;
    // How the table is written says nothing of this one.
    (options.delimiter, options.sheet) = (None, None);
    (options.header, options.header_row) = (true, None);
    let source = [Source::File(path.to_owned())];
    let raw = Raw::of(&source, &options).map_err(|e| adviser.table(e))?;
    links::join(&raw, own).map_err(|e| adviser.table(e))?;
    Ok(raw.inputs)
}

/// A figure per head, in an analysis that could count heads and does not.
fn unweighted(entry: &Entry, chosen: &Chosen) -> Option<Warning> {
    let takes = entry.params.iter().any(|p| p.name == "weight");
    let value = chosen.roles.iter().find(|(_, (flag, _))| flag == "--value")?.0;
    let counts = chosen.written.contains_key("weight");
    (takes && !counts && is_per_head(value)).then(|| Warning::Unweighted {
        column: value.clone(),
    })
}

fn study(
    entry: &Entry,
    matches: &ArgMatches,
    sheet: &Sheet,
    own: &Own,
) -> Result<Study, quyu_core::CoreError> {
    // A parameter of the same name is text; the study's own flag is a number.
    let year = |name: &str| -> Result<Option<Year>, quyu_core::CoreError> {
        let number = if entry.params.iter().any(|p| p.name == name) {
            given(matches, name).and_then(|t| t.parse::<i32>().ok())
        } else {
            matches.try_get_one::<i32>(name).ok().flatten().copied()
        };
        number.map(Year::new).transpose()
    };
    let focus = match list(matches, "focus") {
        names if names.is_empty() => own.all.clone(),
        names => sheet.focus(own, &names)?,
    };
    let flag = || matches.try_get_one::<u32>("seed").ok().flatten().copied();
    let seed = match given(matches, "seed") {
        Some(text) => text.parse().unwrap_or(1),
        None => flag().map_or(1, u64::from),
    };
    Ok(Study {
        atlas: Arc::new(own.atlas.clone()),
        focus,
        reference: own.all.clone(),
        period: Period {
            from: year("from")?.unwrap_or(own.from),
            to: year("to")?.unwrap_or(own.to),
        },
        vintages: VintageChoice::default(),
        missing: flags::missing(matches),
        seed,
    })
}

/// A note that a result has more than was written.
pub(crate) fn more_tables(shown: &str, others: &[String]) -> Message {
    let text = format!(
        "this is the table `{shown}`; the result has more: {}",
        others.join(", ")
    );
    Message::note(text).help("--table ID writes another one, --format json all of them")
}
