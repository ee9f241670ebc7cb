//! The commands: one for each analysis, made from its declaration, and a few more.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Styles};
use clap::{Arg, ArgAction, ArgMatches, ColorChoice, Command, value_parser};
use clap_complete::Shell;
use quyu_core::suggest::Near;
use quyu_core::{Entry, Param, ParamKind, Registry};

use crate::columns::NEIGHBOURS;
use crate::exit::{self, Failure};
use crate::flags;
use crate::message::Message;
use crate::terminal::to_stdout;
use crate::{cells, finish, several, sql};

/// Heading of the flags that an analysis declares.
const PARAMETERS: &str = "Parameters";

/// Parameters that a table has no use for: it has one vintage, and no tile map.
const IN_VAIN: [&str; 3] = ["vintage", "neighbour_count", "distance"];

/// What a table of one's own takes for neighbours: it has no borders.
const LINKS: &str = "Pairs of neighbours: a table with two columns of regions (i and j, or the first two), and a column w if they have \
                     weights";

/// The whole command line.
pub(crate) fn command(registry: &Registry, plain: bool) -> Command {
    let mut command = Command::new("quyu")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Statistical tools for regional innovation, on your own tables")
        .after_help(format!(
            "`quyu list` names the analyses by family, `quyu explain ID` says what one of them computes, `quyu ID --help` how to ask \
             for it.\n\n{}",
            exit::HELP
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(100)
        .styles(Styles::plain().literal(clap::builder::styling::Style::new().bold()))
        .color(if plain { ColorChoice::Never } else { ColorChoice::Auto })
        .arg(global("quiet", "Say nothing but errors").short('q'))
        .arg(global("no-color", "Do not colour anything; NO_COLOR does the same"))
        .subcommand(list())
        .subcommand(explain())
        .subcommand(describe())
        .subcommand(cells::command())
        .subcommand(several::command())
        .subcommand(sql::command(registry))
        .subcommand(finish::command())
        .subcommand(check())
        .subcommand(report())
        .subcommand(Command::new("schema").about("Writes the JSON Schema of a result (--format json)"))
        .subcommand(completions_command())
        .subcommand(man());
    for entry in registry.iter() {
        command = command.subcommand(analysis(entry));
    }
    command
}

/// What is told of a command that does not exist.
pub(crate) fn unknown(registry: &Registry, name: &str) -> Message {
    let command = command(registry, true);
    let near = Near::to(name, command.get_subcommands().map(Command::get_name));
    Message::error(format!("there is no command and no analysis `{name}`{near}"))
        .help("`quyu list` names the analyses, `quyu --help` the commands")
}

fn global(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .global(true)
        // After the flags of the command itself.
        .display_order(900)
        .help(help)
}

fn list() -> Command {
    Command::new("list")
        .about("Names the analyses, by family")
        .arg(
            Arg::new("family")
                .long("family")
                .value_name("FAMILY")
                .help("The analyses of one family only"),
        )
        .arg(
            Arg::new(flags::ROWS)
                .long(flags::ROWS)
                .action(ArgAction::SetTrue)
                .help("The analyses that take rows without a key only"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(["table", "json"]))
                .help("Form of the list [default: table]"),
        )
}

fn explain() -> Command {
    Command::new("explain")
        .about("Says what an analysis computes: question, formula, units, limits, references")
        .arg(
            Arg::new("id")
                .value_name("ID")
                .required(true)
                .help("The analysis"),
        )
}

fn describe() -> Command {
    Command::new("describe")
        .about("Says what a table holds: columns, keys, gaps, and which analyses it could feed")
        .arg(flags::file())
        .args(flags::keys())
        .args(flags::input())
}

fn check() -> Command {
    let path = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .value_parser(value_parser!(PathBuf))
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    Command::new("check")
        .about("Checks a table against a Table Schema: types, constraints, keys, foreign keys")
        .after_help(format!("{}\n\n{}", CHECK_HELP, exit::HELP))
        .arg(flags::file())
        .arg(
            path("schema", "FILE")
                .required(true)
                .help("The schema: a datapackage.json, or a Table Schema by itself"),
        )
        .arg(Arg::new("resource").long("resource").value_name("NAME").help(
            "The table of the package that FILE is [default: the one whose path is FILE, or the only one]",
        ))
        .arg(flag(
            "all",
            "Tell every problem, not only the first five of each kind in each column",
        ))
        .args(
            flags::input()
                .into_iter()
                .filter(|a| OF_A_FILE.contains(&a.get_id().as_str())),
        )
}

/// Flags on how a file is written; what its values look like is said by the schema.
const OF_A_FILE: [&str; 6] = [
    "delimiter",
    "quote",
    "encoding",
    "no-header",
    "header-row",
    "sheet",
];

/// What the help of `quyu check` says at its end.
const CHECK_HELP: &str = "\
The schema is one of Frictionless Data (version 1, and the keys of version 2 that mean the same): specs.frictionlessdata.io. What the \
resource says of its delimiter, quote, header and encoding holds unless a flag says otherwise.";

fn report() -> Command {
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .value_parser(value_parser!(PathBuf))
            .help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    Command::new("report")
        .about("Writes the report of a case: prose, tables and figures from case.toml and data packages")
        .after_help(exit::HELP)
        .arg(
            Arg::new("case")
                .value_name("CASE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("case.toml, or the folder that holds it"),
        )
        .arg(path(
            "packages",
            "DIR",
            "The folder of the data packages [default: the nearest `datasets` beside the case or above it that holds them]",
        ))
        .arg(path("out", "DIR", "A folder for the report alone, replaced as a whole [default: `report` beside the case]"))
        .arg(flag("html", "Also write report.html, one page that needs nothing else"))
        .arg(flag("force", "Replace a report that is there"))
}

fn man() -> Command {
    Command::new("man")
        .about("Writes manual pages for `man`")
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .help("The command to print the page of [default: quyu itself]"),
        )
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("command")
                .help("Write all pages into a folder: quyu.1, quyu-gini.1, ..."),
        )
        .arg(
            Arg::new("force")
                .long("force")
                .action(ArgAction::SetTrue)
                .requires("out")
                .help("Replace pages that exist"),
        )
}

fn completions_command() -> Command {
    Command::new("completions")
        .about("Writes a script that completes commands in a shell")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("The shell"),
        )
}

/// Writes the completions of a shell.
pub(crate) fn completions(registry: &Registry, matches: &ArgMatches) -> Result<(), Failure> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Ok(());
    };
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut command(registry, true), "quyu", &mut script);
    to_stdout(&String::from_utf8_lossy(&script))
}

/// The command of one analysis.
fn analysis(entry: &'static Entry) -> Command {
    let command = Command::new(entry.id)
        .about(entry.summary)
        .override_usage(usage(entry))
        .after_help(format!(
            "`quyu explain {}` has the definition, its limits and its sources.\n\n{}",
            entry.id,
            exit::HELP
        ))
        .arg(flags::file())
        .args(parameters(entry));
    let renamed = flags::keys().into_iter().map(|a| flags::renamed(a, entry.params));
    let declared = |a: &Arg| entry.params.iter().any(|p| p.name == a.get_id().as_str());
    let rest = flags::natures()
        .into_iter()
        .chain(flags::study())
        .chain(flags::rows(entry.additive.is_some()))
        .chain(flags::input())
        .chain(flags::output());
    command
        .args(renamed)
        // Where an analysis declares `from` or `seed` itself, the study takes its value from there.
        .args(rest.filter(|a| !declared(a)))
}

/// The flags that an analysis declares.
pub(crate) fn parameters(entry: &'static Entry) -> impl Iterator<Item = Arg> {
    let used = entry.params.iter().filter(|p| !IN_VAIN.contains(&p.name));
    used.map(parameter)
}

fn usage(entry: &Entry) -> String {
    let mut usage = format!("quyu {} [FILE]", entry.id);
    if entry
        .params
        .iter()
        .any(|p| p.name == NEIGHBOURS && p.default.is_some())
    {
        usage.push_str(" --neighbours <FILE>");
    }
    for param in entry.params.iter().filter(|p| p.required) {
        usage.push_str(&format!(
            " --{} <{}>",
            flags::long(param),
            value_name(&param.kind)
        ));
    }
    usage.push_str(" [OPTIONS]");
    usage
}

fn value_name(kind: &ParamKind) -> &'static str {
    match kind {
        ParamKind::Column => "COLUMN",
        ParamKind::Number { .. } => "NUMBER",
        ParamKind::Integer { .. } => "INTEGER",
        ParamKind::Choice(_) => "WORD",
        ParamKind::Flag => "BOOL",
        ParamKind::List(inner) => match inner {
            ParamKind::Column => "COLUMNS",
            _ => "LIST",
        },
        ParamKind::Path => "FILE",
        ParamKind::Expr => "NAME",
    }
}

fn parameter(param: &'static Param) -> Arg {
    if param.name == NEIGHBOURS {
        let required = if param.default.is_some() {
            " [required]"
        } else {
            ""
        };
        return Arg::new(param.name)
            .long(param.name)
            .value_name("FILE")
            .help(format!("{LINKS}{required}"))
            .help_heading(PARAMETERS);
    }
    let mut help = sentence(param.help);
    match (param.default, param.required) {
        (Some(default), _) => help.push_str(&format!(" [default: {default}]")),
        (None, true) => help.push_str(" [required]"),
        (None, false) => {}
    }
    let arg = Arg::new(param.name)
        .long(flags::long(param))
        .value_name(value_name(&param.kind))
        .help(help)
        .help_heading(PARAMETERS)
        .allow_hyphen_values(true);
    match param.kind {
        ParamKind::Choice(words) => arg.value_parser(PossibleValuesParser::new(words)),
        // `--members` and `--members=false`: a word after a blank would be taken for the file or the other way round.
        ParamKind::Flag => arg
            .value_parser(PossibleValuesParser::new(["true", "false"]))
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        _ => arg,
    }
}

/// A phrase of a declaration as the beginning of a help line.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
