//! `quyu describe`: what a table holds, and which analyses it could feed.

use clap::ArgMatches;
use quyu_core::{Entry, Need, ParamKind, ParamValue, Params, Registry, Year};
use quyu_io::table::describe::{Kind, Profile, profiles};
use quyu_io::table::sdmx::Sdmx;
use quyu_io::table::{Layout, Raw, Sheet, filter};

use crate::advice::Adviser;
use crate::exit::Failure;
use crate::flags::{self, given};
use crate::grid::Grid;
use crate::output::digits;
use crate::shell::Typed;
use crate::terminal::{Terminal, to_stdout, wrapped};

/// Writes the description.
pub(crate) fn run(
    registry: &Registry,
    matches: &ArgMatches,
    typed: &Typed,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let adviser = Adviser::new(typed, None);
    let options = flags::read_options(matches)?;
    let sources = flags::sources(matches, &adviser)?;
    let mut raw = Raw::of(&sources, &options).map_err(|e| adviser.table(e))?;
    if let Some(condition) = given(matches, "where") {
        filter::apply(&mut raw, condition).map_err(|e| adviser.table(e))?;
    }
    let columns = profiles(&raw);
    let layout = match raw.layout {
        Layout::Delimited(b'\t') => "delimited by tabs".to_owned(),
        Layout::Delimited(other) => format!("delimited by `{}`", char::from(other)),
        Layout::Other(form) => form.name().to_owned(),
    };
    let mut text = format!(
        "{}: {} rows, {} columns, {layout}\n\n",
        terminal.paint.bold(&raw.name),
        raw.len(),
        columns.len(),
    );
    text.push_str(&grid(&columns).rendered(terminal.paint, terminal.width));
    let mut keys = flags::key_options(matches, &[]);
    if let Some(sdmx) = Sdmx::of(&raw.header) {
        let name = |column: usize| raw.header[column].clone();
        keys.region = keys.region.or(sdmx.region.map(name));
        keys.time = keys.time.or(Some(name(sdmx.time)));
    }
    if keys.region.is_none() && !raw.header.iter().any(|h| h == "region") {
        keys.region = columns
            .iter()
            .find(|c| c.kind == Kind::Words)
            .map(|c| c.name.clone());
    }
    if keys.time.is_none() && !keys.wide && !raw.header.iter().any(|h| h == "year") {
        keys.time = columns
            .iter()
            .find(|c| c.kind == Kind::Years && c.missing == 0)
            .map(|c| c.name.clone());
    }
    let sheet = match keys.region.is_some() || raw.header.iter().any(|h| h == "region") {
        true => Some(Sheet::new(raw, &keys).map_err(|e| adviser.table(e))?),
        false => None,
    };
    if let Some(sheet) = &sheet {
        text.push_str(&format!(
            "\n{}\n",
            wrapped(&key_line(sheet, &keys), terminal.prose(), "")
        ));
        for warning in &sheet.warnings {
            terminal.tell(&adviser.warning(warning, &sheet.raw.name));
        }
        let could = feeds(registry, &columns, sheet);
        let line = format!("With its columns it could feed: {}.", could.join(", "));
        text.push_str(&format!("\n{}\n", wrapped(&line, terminal.prose(), "")));
    } else {
        text.push_str("\nNo column holds words that could be regions; name one with --region.\n");
    }
    to_stdout(&text)
}

fn grid(columns: &[Profile]) -> Grid {
    let head = [
        ("#", true),
        ("column", false),
        ("holds", false),
        ("values", true),
        ("missing", true),
        ("no number", true),
        ("different", true),
        ("from", true),
        ("to", true),
        ("such as", false),
    ];
    let row = |(i, c): (usize, &Profile)| {
        let (from, to) = c
            .range
            .map_or_else(Default::default, |(a, b)| (digits(a), digits(b)));
        let count = |n: usize| if n == 0 { String::new() } else { n.to_string() };
        let cells = vec![
            (i + 1).to_string(),
            c.name.clone(),
            c.kind.name().to_owned(),
            c.present.to_string(),
            count(c.missing),
            count(c.odd),
            c.distinct.to_string(),
            from,
            to,
            c.sample.join(", "),
        ];
        (cells, false)
    };
    Grid {
        head: head.map(|(h, right)| (h.to_owned(), right)).to_vec(),
        rows: columns.iter().enumerate().map(row).collect(),
    }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn key_line(sheet: &Sheet, keys: &quyu_io::table::KeyOptions) -> String {
    let name = |given: &Option<String>, default: &str| given.clone().unwrap_or_else(|| default.to_owned());
    let (from, to) = sheet.period();
    let mut line = format!(
        "Keys: `{}` holds {}",
        name(&keys.region, "region"),
        counted(sheet.regions.len(), "region")
    );
    if from != Year::UNDATED {
        let years = sheet.years();
        let column = if keys.wide {
            "the header".to_owned()
        } else {
            format!("`{}`", name(&keys.time, "year"))
        };
        match years.len() {
            1 => line.push_str(&format!(", {column} one year, {from}")),
            n => line.push_str(&format!(", {column} {n} years from {from} to {to}")),
        }
        let cells = sheet.regions.len() * years.len();
        let there = sheet.observed_pairs();
        if there < cells {
            line.push_str(&format!(
                "; {} of {cells} pairs of region and year have no row",
                cells - there
            ));
        }
    }
    if !sheet.classes.is_empty() {
        line.push_str(&format!(
            ", `{}` {} classes",
            name(&keys.class, "class"),
            sheet.classes.len()
        ));
    }
    line.push('.');
    let repeated = sheet.repeated_keys();
    if repeated > 0 {
        line.push_str(&format!(" {repeated} rows have the key of another one."));
    }
    line
}

/// Whether an analysis looks at neighbours, claims or policies whatever its parameters say: a table holds none.
fn asks_for_more_than_a_table(entry: &Entry) -> bool {
    let name = |name: &str| ParamValue::Text(name.to_owned());
    let required = entry.params.iter().filter(|p| p.required);
    let given = required.map(|param| {
        let value = match param.kind {
            ParamKind::List(_) => ParamValue::List(vec![name("a"), name("b")]),
            _ => name(param.name),
        };
        (param.name.to_owned(), value)
    });
    let params = Params::check(entry.id, entry.params, &given.collect());
    let analysis = params.and_then(|params| (entry.build)(&params));
    let absent = |need: &Need| {
        matches!(
            need,
            Need::Neighbours | Need::Claims | Need::Priorities | Need::Clauses
        )
    };
    analysis.is_ok_and(|analysis| analysis.needs().iter().any(absent))
}

/// Analyses all of whose required parameters the columns can fill.
fn feeds(registry: &Registry, columns: &[Profile], sheet: &Sheet) -> Vec<String> {
    let keys = sheet.key_columns();
    let free = |kind: Kind| {
        let of_kind = columns
            .iter()
            .enumerate()
            .filter(|(i, c)| c.kind == kind && !keys.contains(i));
        of_kind.count()
    };
    let (numbers, partitions) = (free(Kind::Numbers), free(Kind::Words));
    let could = |entry: &&'static quyu_core::Entry| {
        let required = entry.params.iter().filter(|p| p.required);
        let (mut columns, mut groups) = (0, 0);
        for param in required {
            // Said in the declaration: the figures must be split by a class.
            if param.help.contains("split by") && sheet.classes.is_empty() {
                return false;
            }
            match param.kind {
                ParamKind::Column => columns += 1,
                ParamKind::List(_) => columns = columns.max(2),
                ParamKind::Expr => groups += 1,
                _ => return false,
            }
        }
        columns <= numbers && groups <= partitions && !asks_for_more_than_a_table(entry)
    };
    registry.iter().filter(could).map(|e| e.id.to_owned()).collect()
}
