//! `quyu rows`: several analyses of rows in one reading of the table.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use quyu_core::{Entry, Registry};

use crate::app;
use crate::exit::{self, Failure, USAGE};
use crate::flags;
use crate::message::Message;
use crate::rows::{self, Asked};
use crate::shell::{Typed, quoted};
use crate::slips;
use crate::terminal::Terminal;

/// The command.
pub(crate) fn command() -> Command {
    Command::new("rows")
        .about("Computes several analyses of rows without a key in one reading of the table")
        .override_usage("quyu rows [FILE] --run <ANALYSIS>... [OPTIONS]")
        .after_help(format!(
            "What follows --run is what would follow `quyu` if the analysis were asked for alone, without the file and without --rows:\n\n  \
             quyu rows firms.csv --run 'gini --value output' \\\n    --run 'decompose --value output --group region --out parts.csv'\n\n\
             Results without --out are written one after the other. `quyu list --rows` names the analyses.\n\n{}",
            exit::HELP
        ))
        .arg(flags::file())
        .arg(
            Arg::new("run")
                .long("run")
                .value_name("ANALYSIS")
                .help("An analysis with its flags, in quotes; may be given several times")
                .action(ArgAction::Append)
                .required(true),
        )
        .args(shared())
}

/// Flags that hold for all: how the table is read.
fn shared() -> Vec<Arg> {
    let mut shared = vec![
        flags::missing_rows(),
        flags::memory_of_rows(
            "Memory for rows that must be held and what is computed from them, for all analyses together; beyond it results are \
             bracketed or refused [default: 2]",
        ),
        flags::reading_threads("Threads that read; the results are the same for any number [default: all]"),
    ];
    shared.extend(flags::input());
    shared
}

/// Reads the table once and writes all results.
pub(crate) fn run(
    registry: &Registry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let texts: Vec<&String> = matches.get_many("run").into_iter().flatten().collect();
    let mut alone = Vec::new();
    for text in &texts {
        let (entry, own) = read(registry, text)?;
        let command = typed.of_run(&own);
        let parsed = parsed(registry, text, &command)?;
        alone.push((entry, command, parsed));
    }
    let asked: Vec<Asked<'_>> = alone
        .iter()
        .map(|(entry, typed, matches)| Asked {
            entry,
            matches,
            typed,
        })
        .collect();
    separate(&asked)?;
    rows::together(&asked, typed, terminal)
}

/// The analysis that a text asks for, and the words of the text.
fn read(registry: &Registry, text: &str) -> Result<(&'static Entry, Vec<String>), Failure> {
    let words = shlex::split(text).filter(|words| !words.is_empty());
    let Some(words) = words else {
        let message = Message::error(format!(
            "--run {} is no command: a quote is open, or it is empty",
            quoted(text)
        ));
        return Err(Failure::new(USAGE, message));
    };
    let entry = registry.get(&words[0]).map_err(|_| {
        let message = app::unknown_name(registry, &words[0]);
        Failure::new(USAGE, message)
    })?;
    // Read alone it may hold nothing that is said of the table. A slip in it is told with the whole command.
    let mut command = vec!["quyu".to_owned()];
    command.extend(words.iter().cloned());
    let Ok(own) = parsed(registry, text, &Typed::new(&command)) else {
        return Ok((entry, words));
    };
    let on_line = |name: &str| {
        own.try_contains_id(name).is_ok_and(|there| there)
            && own.value_source(name) == Some(ValueSource::CommandLine)
    };
    let declared = |name: &str| entry.params.iter().any(|p| p.name == name);
    if on_line("file") {
        let message = Message::error(format!("--run {} names a file", quoted(text)))
            .help("name the table once, before the first --run; all analyses read it");
        return Err(Failure::new(USAGE, message));
    }
    let of_all = shared();
    let twice = of_all
        .iter()
        .map(|a| a.get_id().as_str())
        .find(|name| on_line(name) && !declared(name));
    if let Some(name) = twice {
        let message = Message::error(format!(
            "--{name} stands in --run {}, but holds for all analyses",
            quoted(text)
        ))
        .help("the table is read once: write the flag outside of --run");
        return Err(Failure::new(USAGE, message));
    }
    Ok((entry, words))
}

/// The flags of one analysis, as its own command reads them.
fn parsed(registry: &Registry, text: &str, typed: &Typed) -> Result<ArgMatches, Failure> {
    let refused = |error: clap::Error| {
        let message = slips::told(&error, typed).unwrap_or_else(|| {
            let rendered = error.render().to_string();
            let said = rendered.lines().next().unwrap_or_default();
            Message::error(said.trim_start_matches("error: ").to_owned())
        });
        Failure::new(USAGE, message.why(format!("it stands in --run {}", quoted(text))))
    };
    let matches = app::command(registry, true)
        .try_get_matches_from(typed.words())
        .map_err(refused)?;
    match matches.subcommand() {
        Some((_, own)) => Ok(own.clone()),
        // The first word is an analysis, which is a command.
        None => Err(Failure::new(
            USAGE,
            Message::error(format!("--run {} is no analysis", quoted(text))),
        )),
    }
}

/// No two results go to one place: files have one name each, and where one CSV ends in a stream of several is not to be seen.
fn separate(asked: &[Asked<'_>]) -> Result<(), Failure> {
    let mut paths: Vec<&PathBuf> = asked
        .iter()
        .flat_map(|a| ["out", "plot"].map(|flag| a.matches.try_get_one(flag).ok().flatten()))
        .flatten()
        .collect();
    paths.sort();
    if let Some(twice) = paths.windows(2).find(|pair| pair[0] == pair[1]) {
        let text = format!("two results would be written to {}", twice[0].display());
        let message = Message::error(text).help("give each a file of its own");
        return Err(Failure::new(USAGE, message));
    }
    let to_stdout: Vec<_> = asked
        .iter()
        .filter(|a| a.matches.value_source("out").is_none())
        .collect();
    let whole = to_stdout
        .iter()
        .filter_map(|a| flags::given(a.matches, "format"))
        .find(|format| ["csv", "parquet"].contains(&format.as_str()));
    match whole {
        Some(format) if to_stdout.len() > 1 => {
            let text = format!(
                "several results go to standard output, and one of them as {format}: where it ends would not be seen"
            );
            let message = Message::error(text)
                .help("give each --run a file of its own, as in --out gini.csv, or choose --format json, ndjson or markdown");
            Err(Failure::new(USAGE, message))
        }
        _ => Ok(()),
    }
}
