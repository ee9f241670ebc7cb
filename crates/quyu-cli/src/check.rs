//! `quyu check`: a table against its Table Schema, all differences at once.

use std::path::PathBuf;

use clap::ArgMatches;
use quyu_io::schema::{self, Difference, SchemaError};
use quyu_io::table::{Raw, ReadOptions, Source};

use crate::advice::{Adviser, plainly};
use crate::describe::counted;
use crate::exit::{DATA, Failure, IO, USAGE};
use crate::flags::{self, given};
use crate::message::Message;
use crate::shell::{Typed, quoted};
use crate::terminal::{Terminal, to_stdout};

/// How many differences of one kind in one column are told unless all are wanted.
const SOME: usize = 5;

/// Checks the table; says in a line that it holds, or tells each difference.
pub(crate) fn run(matches: &ArgMatches, typed: &Typed, _terminal: &Terminal) -> Result<(), Failure> {
    let adviser = Adviser::new(typed, None);
    let path = matches.get_one::<PathBuf>("schema").cloned().unwrap_or_default();
    let sources = flags::sources(matches, &adviser)?;
    let name = sources.first().map(Source::name).unwrap_or_default();
    let wrong = |error: SchemaError| no_schema(&path, error, typed, &adviser);
    let resource = given(matches, "resource").map(String::as_str);
    let schema = schema::open(&path, &name, resource).map_err(wrong)?;
    let said = schema.dialect.options(&schema.dialect.encoding);
    let options = options(matches, said)?;
    let mut raw = Raw::of(&sources, &options).map_err(|e| adviser.table(e))?;
    if !options.header {
        // Without a header the fields name the columns.
        for (name, field) in raw.header.iter_mut().zip(&schema.table.fields) {
            name.clone_from(&field.name);
        }
    }
    let found = schema::check(&schema, &raw).map_err(wrong)?;
    if found.is_empty() {
        let (rows, columns) = (counted(raw.len(), "row"), counted(raw.header.len(), "column"));
        let name = path.display();
        return to_stdout(&format!(
            "{}: {rows} and {columns} are what {name} says\n",
            raw.name
        ));
    }
    Err(Failure {
        messages: told(&raw.name, &found, matches.get_flag("all"), typed),
        code: DATA,
    })
}

/// What the resource says of its file, and flags that say otherwise.
fn options(matches: &ArgMatches, said: ReadOptions) -> Result<ReadOptions, Failure> {
    let asked = flags::read_options(matches)?;
    let typed = |name: &str| given(matches, name).is_some();
    Ok(ReadOptions {
        delimiter: asked.delimiter.or(said.delimiter),
        quote: if typed("quote") { asked.quote } else { said.quote },
        encoding: if typed("encoding") {
            asked.encoding
        } else {
            said.encoding
        },
        header: asked.header && said.header,
        ..asked
    })
}

fn told(file: &str, found: &[Difference], all: bool, typed: &Typed) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut counts: Vec<((std::mem::Discriminant<schema::What>, &str), usize)> = Vec::new();
    let mut more = 0;
    for difference in found {
        let kind = (
            std::mem::discriminant(&difference.what),
            difference.column.as_str(),
        );
        let count = match counts.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                counts.push((kind, 1));
                1
            }
        };
        if all || count <= SOME {
            let text = match &difference.place {
                // The place names one column of a key.
                Some(_) if difference.column.contains(", ") => {
                    format!("{} ({})", difference.what, difference.column)
                }
                _ => difference.what.to_string(),
            };
            messages.push(Message::error(text).at(file, difference.place.clone()));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let message = Message::error(format!("and {more} more like these"))
            .help("to see all of them:")
            .command(typed.with("--all", ""));
        messages.push(message);
    }
    messages
}

fn no_schema(path: &std::path::Path, error: SchemaError, typed: &Typed, adviser: &Adviser<'_>) -> Failure {
    let file = path.display().to_string();
    match error {
        SchemaError::Io { path, source } => {
            let path = quoted(&path.display().to_string());
            let text = format!("{path} cannot be read: {}", plainly(&source));
            Failure::new(IO, Message::error(text))
        }
        SchemaError::Table(error) => adviser.table(error),
        SchemaError::NoResource { ref known, .. } => {
            let message = Message::error(error.to_string()).at(&file, None);
            let message = match known.first() {
                Some(first) => message
                    .help("to say which of them the table is:")
                    .command(typed.with("--resource", first)),
                None => message,
            };
            Failure::new(USAGE, message)
        }
        SchemaError::Json { path, source } => {
            // What the reader of JSON calls a variant is a word from a list.
            let text = format!("this is no schema: {source}").replace("unknown variant", "unknown word");
            Failure::new(DATA, Message::error(text).at(&path.display().to_string(), None))
        }
        other => Failure::new(DATA, Message::error(other.to_string()).at(&file, None)),
    }
}
