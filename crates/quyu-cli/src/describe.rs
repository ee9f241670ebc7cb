//! `quyu describe`: what a table holds, and which analyses it could feed.

use clap::ArgMatches;
use quyu_core::{Entry, Need, Param, ParamKind, ParamValue, Params, Registry, Year};
use quyu_io::table::describe::{Kind, Profile, profiles};
use quyu_io::table::sdmx::Sdmx;
use quyu_io::table::{Layout, Raw, Sheet, filter};
use unicode_width::UnicodeWidthStr as _;

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
        "{}: {}, {}, {layout}\n\n",
        terminal.paint.bold(&raw.name),
        counted(raw.len(), "row"),
        counted(columns.len(), "column"),
    );
    text.push_str(&grid(&columns, terminal.width).rendered(terminal.paint, terminal.width));
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
        let [alone, linked] = feeds(registry, &columns, sheet);
        let also = "With a file of pairs (--neighbours FILE) too";
        for (with, could) in [("With its columns it could feed", alone), (also, linked)] {
            let ids: Vec<&str> = could.iter().map(|e| e.id).collect();
            if !ids.is_empty() {
                let line = format!("{with}: {}.", ids.join(", "));
                text.push_str(&format!("\n{}\n", wrapped(&line, terminal.prose(), "")));
            }
        }
    } else {
        text.push_str("\nNo column holds words that could be regions; name one with --region.\n");
    }
    to_stdout(&text)
}

/// A line for each column, with as many of its values as the terminal has room for.
fn grid(columns: &[Profile], width: usize) -> Grid {
    let odd = columns.iter().any(|c| c.odd > 0);
    let heads = [
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
    let head = heads.iter().filter(|(name, _)| odd || *name != "no number");
    let row = |(i, c): (usize, &Profile)| {
        let (from, to) = c
            .range
            .map_or_else(Default::default, |(a, b)| (digits(a), digits(b)));
        let mut cells = vec![
            (i + 1).to_string(),
            c.name.clone(),
            c.kind.name().to_owned(),
            c.present.to_string(),
            c.missing.to_string(),
        ];
        cells.extend(odd.then(|| c.odd.to_string()));
        cells.extend([c.distinct.to_string(), from, to, String::new()]);
        (cells, false)
    };
    let mut grid = Grid {
        head: head.map(|(h, right)| ((*h).to_owned(), *right)).collect(),
        rows: columns.iter().enumerate().map(row).collect(),
    };
    let room = width.saturating_sub(grid.width(width)) + "such as".len();
    for ((cells, _), column) in grid.rows.iter_mut().zip(columns) {
        if let Some(last) = cells.last_mut() {
            *last = some(&column.sample, room);
        }
    }
    grid
}

/// The first values that have room, and one in any case.
fn some(sample: &[String], room: usize) -> String {
    let mut text = String::new();
    for value in sample {
        if !text.is_empty() && text.width() + 2 + value.width() > room {
            break;
        }
        let gap = if text.is_empty() { "" } else { ", " };
        text.push_str(&format!("{gap}{value}"));
    }
    text
}

/// A number of things, in the singular or the plural.
pub(crate) fn counted(n: usize, what: &str) -> String {
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
            let have = if cells - there == 1 { "has" } else { "have" };
            line.push_str(&format!(
                "; {} of {cells} pairs of region and year {have} no row",
                cells - there
            ));
        }
    }
    if !sheet.classes.is_empty() {
        let classes = match sheet.classes.len() {
            1 => "1 class".to_owned(),
            n => format!("{n} classes"),
        };
        line.push_str(&format!(", `{}` {classes}", name(&keys.class, "class")));
    }
    line.push('.');
    let repeated = sheet.repeated_keys();
    if repeated > 0 {
        let rows = counted(repeated, "row");
        let have = if repeated == 1 { "has" } else { "have" };
        line.push_str(&format!(" {rows} {have} the key of another one."));
    }
    line
}

/// What an analysis asks for whatever its parameters say.
fn needs(entry: &Entry) -> Vec<Need> {
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
    analysis.map_or_else(|_| Vec::new(), |analysis| analysis.needs())
}

/// Whether the figures of a parameter must be split by a class, as its declaration says.
fn split(param: &Param) -> bool {
    param.required && param.help.contains("split by")
}

/// Whether an analysis asks for figures that are split by a class.
pub(crate) fn classed(entry: &Entry) -> bool {
    entry.params.iter().any(split)
}

/// Claims and policies, which no table of figures holds.
fn absent(need: &Need) -> bool {
    matches!(
        need,
        Need::Claims | Need::Priorities | Need::Clauses | Need::Documents
    )
}

/// Analyses all of whose required parameters the columns can fill; and those that want a file of neighbours as well.
fn feeds(registry: &Registry, columns: &[Profile], sheet: &Sheet) -> [Vec<&'static Entry>; 2] {
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
            if split(param) && sheet.classes.is_empty() {
                return false;
            }
            match param.kind {
                ParamKind::Column => columns += 1,
                ParamKind::List(_) => columns = columns.max(2),
                ParamKind::Expr => groups += 1,
                _ => return false,
            }
        }
        columns <= numbers && groups <= partitions && !needs(entry).iter().any(absent)
    };
    let could = registry.iter().filter(could);
    let (linked, alone) = could.partition(|e| needs(e).contains(&Need::Neighbours));
    [alone, linked]
}
