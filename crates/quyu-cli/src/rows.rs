//! Analyses of rows that stream by: every row is a unit, and the table may be larger than memory.

use clap::ArgMatches;
use quyu_core::analysis::BuildAdditive;
use quyu_core::{Additive, AnalysisError, Entry, Note, NoteKind, ParamError, Params, Year};
use quyu_io::table::filter::Conditions;
use quyu_io::table::head::Named;
use quyu_io::table::rows::{Chunk, Files, Read, RowsError, Wish};
use quyu_io::table::{Fault, TableError};

use crate::advice::Adviser;
use crate::exit::{ANALYSIS, Failure, USAGE};
use crate::flags::{self, given};
use crate::layout::{Chosen, Layout, Wanted};
use crate::message::Message;
use crate::output::{self, Asking};
use crate::shell::Typed;
use crate::terminal::{Terminal, to_stdout};

/// Flags that speak of regions and years, which rows without a key do not have.
const KEYED: [&str; 12] = [
    "wide", "focus", "from", "to", "sums", "ratio", "per", "unit", "plot", "figure", "vintage", "seed",
];

/// One analysis that is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) entry: &'static Entry,
    pub(crate) matches: &'a ArgMatches,
    /// The command that asks for it alone.
    pub(crate) typed: &'a Typed,
}

/// An analysis that knows its columns.
struct Job<'a> {
    asked: Asked<'a>,
    adviser: Adviser<'a>,
    chosen: Chosen,
    params: Params,
    build: BuildAdditive,
    layout: Layout,
}

/// Reads the rows, runs the analysis, writes the result.
pub(crate) fn run(asked: Asked<'_>, terminal: &Terminal) -> Result<(), Failure> {
    together(&[asked], asked.typed, terminal)
}

/// Reads the rows once for several analyses; how they are read is what the first of them says. `typed` is the command that asks for all.
pub(crate) fn together(asked: &[Asked<'_>], typed: &Typed, terminal: &Terminal) -> Result<(), Failure> {
    let Some(first) = asked.first() else { return Ok(()) };
    let askings: Vec<Asking> = asked
        .iter()
        .map(|a| Asking::new(a.matches))
        .collect::<Result<_, _>>()?;
    for a in asked {
        streamable(a.entry, a.matches)?;
    }
    let memory = memory(first.matches)?;
    let mut adviser = Adviser::new(typed, Some(first.entry).filter(|_| asked.len() == 1));
    let files = opened(first.matches, &adviser)?;
    let named = files.named().clone();
    let mut wanted = Wanted::default();
    let jobs: Vec<Job<'_>> = asked
        .iter()
        .map(|a| Job::new(*a, &named, &mut wanted))
        .collect::<Result<_, _>>()?;
    adviser.roles = jobs.iter().flat_map(|job| job.chosen.roles.clone()).collect();
    let wish = Wish {
        columns: wanted.0,
        conditions: conditions(first.matches, &named).map_err(|f| adviser.faults(&named.name, vec![f]))?,
        missing: flags::missing(first.matches),
        threads: flags::threads(first.matches),
    };
    let mut totals: Vec<Box<dyn Additive>> = jobs
        .iter()
        .map(|job| job.begun(&named))
        .collect::<Result<_, _>>()?;
    let take = |chunk: &Chunk<'_>| -> Result<Vec<_>, (usize, AnalysisError)> {
        let part = |(number, job): (usize, &Job<'_>)| job.part(chunk).map_err(|e| (number, e));
        jobs.iter().enumerate().map(part).collect()
    };
    let merge = |parts: Vec<Box<dyn Additive>>| {
        totals
            .iter_mut()
            .zip(parts)
            .for_each(|(total, part)| total.merge(part));
        match totals.iter().map(|total| total.held()).sum::<usize>() > memory {
            true => condense(&mut totals),
            false => Ok(()),
        }
    };
    let read = files.fold(&wish, take, merge).map_err(|error| match error {
        RowsError::Table(error) => adviser.table(error),
        RowsError::Taker((number, error)) => failed(&jobs[number].adviser, &named, &error),
    })?;
    some_left(&read, first.matches, &named).map_err(|e| adviser.table(e))?;
    let finished: Vec<_> = totals
        .into_iter()
        .zip(&jobs)
        .map(|(total, job)| total.finish().map_err(|e| failed(&job.adviser, &named, &e)))
        .collect::<Result<_, _>>()?;
    let mut shown = false;
    for ((mut findings, job), asking) in finished.into_iter().zip(&jobs).zip(&askings) {
        if shown && asking.is_shown() {
            to_stdout("\n")?;
        }
        shown |= asking.is_shown();
        findings.notes.extend(left_out(&read));
        output::write(
            job.asked.entry,
            job.asked.matches,
            asking,
            &job.chosen.written,
            read.inputs.clone(),
            output::own(findings, &job.chosen.names),
            Vec::new(),
            terminal,
        )?;
    }
    Ok(())
}

/// Has every analysis that holds rows give them up.
fn condense(totals: &mut [Box<dyn Additive>]) -> Result<(), (usize, AnalysisError)> {
    let holding = totals
        .iter_mut()
        .enumerate()
        .filter(|(_, total)| total.held() > 0);
    for (number, total) in holding {
        total.condense().map_err(|e| (number, e))?;
    }
    Ok(())
}

impl<'a> Job<'a> {
    fn new(asked: Asked<'a>, named: &Named, wanted: &mut Wanted) -> Result<Self, Failure> {
        let Asked {
            entry,
            matches,
            typed,
        } = asked;
        let build = streamable(entry, matches)?;
        let mut adviser = Adviser::new(typed, Some(entry));
        let chosen = Chosen::new(entry, matches, named).map_err(|f| adviser.faults(&named.name, f))?;
        adviser.roles = chosen.roles.clone();
        let refused = |e: ParamError| adviser.param(&e, &named.header);
        let params = Params::check(entry.id, entry.params, &chosen.given).map_err(refused)?;
        let empty = build(&params).map_err(refused)?;
        let (of, where_) = ((entry, matches), (named, &adviser));
        let layout = Layout::new(empty.as_ref(), &chosen, of, where_, wanted)?;
        Ok(Self {
            asked,
            adviser,
            chosen,
            params,
            build,
            layout,
        })
    }

    /// The analysis before the first row.
    fn begun(&self, named: &Named) -> Result<Box<dyn Additive>, Failure> {
        (self.build)(&self.params).map_err(|e| self.adviser.param(&e, &named.header))
    }

    /// What is known of the rows of a chunk.
    fn part(&self, chunk: &Chunk<'_>) -> Result<Box<dyn Additive>, AnalysisError> {
        self.layout.part(&|| (self.build)(&self.params), chunk)
    }
}

/// The files, the first of them open.
pub(crate) fn opened(matches: &ArgMatches, adviser: &Adviser<'_>) -> Result<Files, Failure> {
    let options = flags::read_options(matches)?;
    Files::open(&flags::sources(matches, adviser)?, &options).map_err(|e| adviser.table(e))
}

/// The form for rows of an analysis, if it has one and no flag contradicts it.
pub(crate) fn streamable(entry: &'static Entry, matches: &ArgMatches) -> Result<BuildAdditive, Failure> {
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
    let message = Message::error(text).at(&named.name, None);
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

/// The condition on rows, if one was given.
pub(crate) fn conditions(matches: &ArgMatches, named: &Named) -> Result<Conditions, Fault> {
    match given(matches, "where") {
        Some(text) => Conditions::parse(text, |name| named.column("where", name)),
        None => Ok(Conditions::default()),
    }
}
