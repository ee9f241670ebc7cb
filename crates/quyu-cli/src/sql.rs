//! `quyu sql`: the query that computes the sums of an analysis in an engine of one's own.

use std::cell::RefCell;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use quyu_core::additive::sql::{Dialect, From, query};
use quyu_core::additive::sums::Sums;
use quyu_core::{Additive, Entry, Need, ParamError, Params, Registry, Year};
use quyu_io::table::{Fault, sheet};
use serde_json::json;

use crate::exit::{self, Failure, USAGE};
use crate::flags::{self, given, wrong};
use crate::layout::Chosen;
use crate::message::Message;
use crate::terminal::to_stdout;
use crate::{app, finish};

/// The command, with one below it for each analysis that takes rows.
pub(crate) fn command(registry: &Registry) -> Command {
    let mut command = Command::new("sql")
        .about("Writes the query that computes the sums of an analysis in DuckDB, DataFusion, Spark or ClickHouse")
        .after_help(format!(
            "The query is one statement. Run it where the table is, write its result as CSV with a header, and let `quyu finish` turn it \
             into the result:\n\n  \
             quyu sql theil --dialect duckdb --table firms --value output --time year > q.sql\n  \
             duckdb -csv my.db < q.sql > sums.csv\n  \
             quyu finish theil sums.csv\n\n{}",
            exit::HELP
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    for entry in registry.iter().filter(|e| e.additive.is_some()) {
        command = command.subcommand(of(entry));
    }
    command
}

fn of(entry: &'static Entry) -> Command {
    let renamed = flags::keys().into_iter().filter(|a| a.get_id() != "wide");
    Command::new(entry.id)
        .about(entry.summary)
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("NAME")
                .required(true)
                .value_parser(PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str)))
                .help("Whose SQL is written"),
        )
        .arg(
            Arg::new("from-table")
                .long("table")
                .value_name("NAME")
                .required(true)
                .help("The table, if need be with its schema: firms, or statistics.firms"),
        )
        .args(app::parameters(entry))
        .args(renamed.map(|a| flags::renamed(a, entry.params)))
}

/// Writes the query.
pub(crate) fn run(registry: &Registry, matches: &ArgMatches) -> Result<(), Failure> {
    let Some((id, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let entry = registry.get(id)?;
    let chosen = chosen(entry, &|name| given(matches, name).cloned())?;
    let (stream, sums) = summed(entry, &chosen)?;
    let columns = columns((entry, matches), &chosen, (stream.as_ref(), &sums))?;
    let dialect = given(matches, "dialect").and_then(|d| Dialect::parse(d));
    let table = given(matches, "from-table").filter(|t| !t.trim().is_empty());
    let (Some(dialect), Some(table)) = (dialect, table) else {
        return Err(wrong("--table is empty: name the table".to_owned()));
    };
    let stamp = json!({ "analysis": entry.id, "parameters": chosen.written }).to_string();
    let mut text = format!(
        "-- The sums of `{}`. Its result as CSV: quyu finish {} SUMS.csv\n",
        entry.id, entry.id
    );
    text.push_str(&query(&sums, dialect, table, &columns, &stamp));
    to_stdout(&text)
}

/// Parameters as they were written; a column of a table that is elsewhere is taken at its name.
pub(crate) fn chosen(
    entry: &'static Entry,
    written: &dyn Fn(&str) -> Option<String>,
) -> Result<Chosen, Failure> {
    let names = RefCell::new(Vec::new());
    let find = |_: &str, name: &str| -> Result<(String, String), Fault> {
        let mut names = names.borrow_mut();
        let place = names.iter().position(|n| n == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        Ok((sheet::id(name, place), name.to_owned()))
    };
    Chosen::of(entry, written, &find).map_err(|_| wrong("a column has no name".to_owned()))
}

/// The empty stream of an analysis, and its sums.
pub(crate) fn summed(entry: &'static Entry, chosen: &Chosen) -> Result<(Box<dyn Additive>, Sums), Failure> {
    let refused = |e: ParamError| Failure::new(USAGE, Message::error(e.to_string()));
    let params = Params::check(entry.id, entry.params, &chosen.given).map_err(refused)?;
    let none = || {
        let text = format!("`{}` is no function of sums: it needs every row", entry.id);
        let message = Message::error(text).help(format!(
            "`quyu {} FILE --rows` reads a table row by row and holds no more than its columns",
            entry.id
        ));
        Failure::new(USAGE, message)
    };
    let stream = (entry.additive.ok_or_else(none)?)(&params).map_err(refused)?;
    let sums = stream.sums().ok_or_else(none)?;
    Ok((stream, sums))
}

/// Where each column of the analysis comes from.
fn columns(
    (entry, matches): (&Entry, &ArgMatches),
    chosen: &Chosen,
    (stream, sums): (&dyn Additive, &Sums),
) -> Result<Vec<From>, Failure> {
    let key = |name: &str| given(matches, &flags::key_name(name, entry.params)).cloned();
    let column = |(position, need): (usize, &Need)| {
        Ok(match need {
            Need::Indicator(term) => {
                let id = term.to_string();
                From::Column(chosen.names.get(&id).cloned().unwrap_or(id))
            }
            Need::Partition(name) => From::Column(name.clone()),
            Need::Region if sums.keys.iter().all(|k| k.column != position) => From::Nowhere,
            Need::Region => From::Column(key("region").unwrap_or_else(|| "region".to_owned())),
            Need::Class => From::Column(key("class").ok_or_else(|| {
                let flag = flags::key_name("class", entry.params);
                wrong(format!(
                    "`{}` needs --{flag}: the column of sectors or other classes",
                    entry.id
                ))
            })?),
            _ => match key("time") {
                Some(name) => From::Column(name),
                None => From::Label(Year::UNDATED.to_string()),
            },
        })
    };
    stream.columns().iter().enumerate().map(column).collect()
}

/// Reads the stamp that a query carries into its result.
pub(crate) fn stamped(text: &str) -> Option<finish::Stamp> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let parameters = value.get("parameters")?.as_object()?;
    let parameters = parameters
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Some(finish::Stamp {
        analysis: value.get("analysis")?.as_str()?.to_owned(),
        parameters: parameters.collect::<Option<_>>()?,
    })
}
