//! The result: which table, in which form, to which place.

pub(crate) mod csv;
mod json;
mod markdown;
mod parquet;
mod png;
mod text;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use quyu_core::{Cell, ColumnName, Entry, Findings, OWN, Shown, Table, ViewRow, Year};
use quyu_io::atomic::{Existing, write_asked};
use quyu_io::table::Input;
use quyu_io::table::build::UNSAID_UNIT;

use crate::advice::unwritten;
use crate::analysis::more_tables;
use crate::exit::{ANALYSIS, Failure};
use crate::flags::{given, wrong};
use crate::message::Message;
use crate::terminal::{Paint, Terminal, bytes_to_stdout};

pub(crate) use json::schema;

/// The form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Csv,
    Json,
    Ndjson,
    Markdown,
    Parquet,
}

impl Format {
    /// The names by which forms are chosen.
    pub(crate) const NAMES: [&'static str; 6] = ["table", "csv", "json", "ndjson", "markdown", "parquet"];

    fn parse(name: &str) -> Option<Self> {
        let all = [
            Format::Table,
            Format::Csv,
            Format::Json,
            Format::Ndjson,
            Format::Markdown,
            Format::Parquet,
        ];
        Self::NAMES.iter().position(|n| *n == name).map(|i| all[i])
    }

    /// What the name of a file says.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "csv" => Some(Format::Csv),
            "json" => Some(Format::Json),
            "ndjson" | "jsonl" => Some(Format::Ndjson),
            "md" => Some(Format::Markdown),
            "parquet" => Some(Format::Parquet),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }
}

/// The form of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawing {
    Svg,
    Png,
}

impl Drawing {
    /// The form that the name of a file asks for.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "svg" => Some(Drawing::Svg),
            "png" => Some(Drawing::Png),
            _ => None,
        }
    }
}

/// What is asked of the output; checked before anything is read.
#[derive(Debug)]
pub(crate) struct Asking {
    format: Format,
    out: Option<PathBuf>,
    plot: Option<PathBuf>,
    existing: Existing,
    full: bool,
}

impl Asking {
    pub(crate) fn new(matches: &ArgMatches) -> Result<Self, Failure> {
        // A command without figures has no flag for them.
        let path = |name: &str| matches.try_get_one::<PathBuf>(name).ok().flatten().cloned();
        let (out, plot) = (path("out"), path("plot"));
        if let Some(plot) = plot.as_ref().filter(|p| Drawing::of_file(p).is_none()) {
            let text = format!(
                "--plot writes SVG or PNG: name a file that ends in .svg or .png, not `{}`",
                plot.display()
            );
            return Err(wrong(text));
        }
        let by_name = given(matches, "format").and_then(|f| Format::parse(f));
        let format = match (by_name, &out) {
            (Some(format), _) => format,
            (None, None) => Format::Table,
            (None, Some(path)) => Format::of_file(path).ok_or_else(|| {
                wrong(format!(
                    "the name `{}` does not say in which form to write: end it in .csv, .json, .ndjson, .md, .parquet or .txt, or choose --format",
                    path.display()
                ))
            })?,
        };
        if format == Format::Parquet && out.is_none() && std::io::stdout().is_terminal() {
            return Err(wrong(
                "Parquet is no text for a terminal: name a file with --out".to_owned(),
            ));
        }
        let existing = match matches.get_flag("force") {
            true => Existing::Replace,
            false => Existing::Keep,
        };
        let asking = Self {
            format,
            out,
            plot,
            existing,
            full: matches.get_flag("full"),
        };
        asking.free()?;
        Ok(asking)
    }

    /// Whether the result is a text that people read on standard output.
    pub(crate) fn is_shown(&self) -> bool {
        self.out.is_none() && matches!(self.format, Format::Table | Format::Markdown)
    }

    /// An hour of work is not to end at a file that exists.
    fn free(&self) -> Result<(), Failure> {
        let paths = [("--out", &self.out), ("--plot", &self.plot)];
        for (flag, path) in paths.into_iter().filter_map(|(f, p)| p.as_ref().map(|p| (f, p))) {
            if self.existing == Existing::Keep && path.symlink_metadata().is_ok() {
                let source = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
                let error = quyu_io::atomic::WriteError {
                    path: path.clone(),
                    source,
                };
                return Err(unwritten(flag, &error));
            }
        }
        Ok(())
    }
}

/// The file that a command without other forms writes to; checked before anything is read.
pub(crate) fn free_file(matches: &ArgMatches) -> Result<Option<PathBuf>, Failure> {
    let out = matches.get_one::<PathBuf>("out").cloned();
    let asking = Asking {
        format: Format::Csv,
        out: out.clone(),
        plot: None,
        existing: match matches.get_flag("force") {
            true => Existing::Replace,
            false => Existing::Keep,
        },
        full: false,
    };
    asking.free().map(|()| out)
}

/// A result, ready to be written in any form.
pub(crate) struct Outcome<'a> {
    pub(crate) entry: &'static Entry,
    /// Parameters as they were written, by name.
    pub(crate) written: &'a BTreeMap<String, String>,
    /// Flags of the study, by name.
    pub(crate) study: Vec<(String, String)>,
    /// The table first, then what stands beside it.
    pub(crate) inputs: Vec<Input>,
    pub(crate) findings: Findings,
    /// Warnings on the table.
    pub(crate) warnings: Vec<String>,
}

/// Findings in the words of the table: names for ids, no vintage and no year where the table has none.
pub(crate) fn own(mut findings: Findings, names: &BTreeMap<String, String>) -> Findings {
    for table in &mut findings.tables {
        for row in &mut table.rows {
            for (cell, column) in row.iter_mut().zip(&table.columns) {
                use ColumnName::{Class, Component, OtherClass, Statistic};
                if let (Cell::Text(text), Class | OtherClass | Statistic | Component) = (&*cell, column.name)
                    && let Some(name) = named(text, names)
                {
                    *cell = Cell::Text(name);
                }
            }
        }
        let own_vintage = format!("[{OWN}]");
        without(table, ColumnName::Vintage, |c| {
            let own = |t: &str| t == OWN || t.ends_with(&own_vintage);
            matches!(c, Cell::Text(t) if own(t)) || *c == Cell::Missing
        });
        let undated = Cell::Integer(i64::from(Year::UNDATED.get()));
        let label = Year::UNDATED.to_string();
        for column in [ColumnName::Year, ColumnName::From, ColumnName::To] {
            // Rows that stream by have labels in the place of years.
            without(table, column, |c| {
                *c == undated || matches!(c, Cell::Text(t) if *t == label)
            });
        }
        plain(table);
    }
    findings
}

/// Takes out of titles and heads what a table does not say: a year, a unit.
fn plain(table: &mut Table) {
    let period = format!(", {}", Year::UNDATED);
    table.title = table.title.replace(&period, "");
    let unit = format!(" ({UNSAID_UNIT})");
    for column in table
        .columns
        .iter_mut()
        .filter(|c| c.unit.as_deref() == Some(UNSAID_UNIT))
    {
        column.unit = None;
    }
    let Some(view) = &mut table.view else { return };
    view.head
        .iter_mut()
        .for_each(|h| h.label = h.label.replace(&unit, ""));
    // The one vintage of a table is not shown.
    let own = |at: usize, rows: &[ViewRow]| {
        rows.iter()
            .all(|r| matches!(r.cells.get(at), Some(Shown::Text(t)) if t == OWN))
    };
    let vintage = view.head.iter().position(|h| h.label == "Vintage");
    if let Some(at) = vintage.filter(|at| !view.rows.is_empty() && own(*at, &view.rows)) {
        view.head.remove(at);
        view.rows.iter_mut().for_each(|r| {
            r.cells.remove(at);
        });
    }
    let undated =
        |row: &ViewRow| matches!(row.cells.first(), Some(Shown::Text(t)) if *t == Year::UNDATED.to_string());
    if !view.rows.is_empty() && view.head.len() > 1 && view.rows.iter().all(undated) {
        view.head.remove(0);
        view.rows.iter_mut().for_each(|r| {
            r.cells.remove(0);
        });
    }
}

/// The name behind an id, or behind an id and a class.
fn named(text: &str, names: &BTreeMap<String, String>) -> Option<String> {
    if let Some(name) = names.get(text) {
        return Some(name.clone());
    }
    let (id, class) = text.split_once('.')?;
    let part = |id: &str| names.get(id).cloned();
    match (part(id), part(class)) {
        (None, None) => None,
        (a, b) => Some(format!(
            "{}.{}",
            a.unwrap_or_else(|| id.to_owned()),
            b.unwrap_or_else(|| class.to_owned())
        )),
    }
}

/// Takes a column out if all its cells say nothing.
fn without(table: &mut Table, name: ColumnName, nothing: impl Fn(&Cell) -> bool) {
    let Some(at) = table.position(name) else { return };
    if table.rows.iter().all(|r| nothing(&r[at])) && !table.rows.is_empty() {
        table.columns.remove(at);
        table.rows.iter_mut().for_each(|r| {
            r.remove(at);
        });
    }
}

/// Writes the result and the figure.
#[expect(
    clippy::too_many_arguments,
    reason = "what a run knows at its end, each of another kind"
)]
pub(crate) fn write(
    entry: &'static Entry,
    matches: &ArgMatches,
    asking: &Asking,
    written: &BTreeMap<String, String>,
    inputs: Vec<Input>,
    findings: Findings,
    warnings: Vec<String>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let flags = [
        "region", "time", "class", "wide", "focus", "from", "to", "missing", "seed", "where", "sums",
        "ratio", "per", "rows", "memory",
    ];
    let flag = |name: &&str| {
        let raw = matches.try_get_raw(name).ok().flatten()?;
        let set = matches.value_source(name)? == clap::parser::ValueSource::CommandLine;
        let words: Vec<String> = raw.map(|w| w.to_string_lossy().into_owned()).collect();
        let words = if words.is_empty() {
            vec!["true".to_owned()]
        } else {
            words
        };
        (set && !written.contains_key(*name)).then(|| ((*name).to_owned(), words.join(",")))
    };
    let outcome = Outcome {
        entry,
        written,
        study: flags.iter().filter_map(flag).collect(),
        inputs,
        findings,
        warnings,
    };
    let table = outcome.table(given(matches, "table"))?;
    let figure = match &asking.plot {
        Some(path) => {
            let svg = outcome.figure(given(matches, "figure"))?;
            Some((path, drawn(svg, path, terminal)?))
        }
        None => None,
    };
    let paint = if asking.out.is_some() {
        Paint(false)
    } else {
        terminal.paint
    };
    let chosen = given(matches, "table").is_some();
    let bytes = match asking.format {
        Format::Table => text::rendered(
            &outcome,
            chosen.then_some(table),
            asking.full,
            paint,
            terminal.width,
        )
        .into_bytes(),
        Format::Csv => csv::rendered(table).into_bytes(),
        Format::Json => json::envelope(&outcome).into_bytes(),
        Format::Ndjson => json::lines(table).into_bytes(),
        Format::Markdown => markdown::rendered(&outcome, chosen.then_some(table)).into_bytes(),
        Format::Parquet => parquet::rendered(&outcome, table)?,
    };
    match &asking.out {
        Some(path) => write_asked(path, &bytes, asking.existing).map_err(|e| unwritten("--out", &e))?,
        None => bytes_to_stdout(&bytes)?,
    }
    if let Some((path, bytes)) = figure {
        write_asked(path, &bytes, asking.existing).map_err(|e| unwritten("--plot", &e))?;
    }
    if matches!(asking.format, Format::Csv | Format::Ndjson | Format::Parquet) && !chosen {
        let others = outcome.findings.tables.iter().filter(|t| t.id != table.id);
        let others: Vec<String> = others
            .map(|t| format!("`{}` ({} rows)", t.id, t.rows.len()))
            .collect();
        if !others.is_empty() {
            terminal.tell(&more_tables(&table.id, &others));
        }
        for note in &outcome.findings.notes {
            terminal.tell(&Message::note(note.text.clone()));
        }
    }
    Ok(())
}

/// The drawing as the bytes of the file of this name.
fn drawn(svg: String, path: &Path, terminal: &Terminal) -> Result<Vec<u8>, Failure> {
    if Drawing::of_file(path) != Some(Drawing::Png) {
        return Ok(svg.into_bytes());
    }
    let png = png::rendered(&svg)?;
    if let Some(warning) = png::warning(&png.boxes) {
        terminal.tell(&warning);
    }
    Ok(png.bytes)
}

impl Outcome<'_> {
    /// The table of this id; else the main one.
    fn table(&self, id: Option<&String>) -> Result<&Table, Failure> {
        let tables = &self.findings.tables;
        let found = match id {
            Some(id) => self.findings.table(id),
            None => self.findings.table(self.entry.id).or(tables.first()),
        };
        found.ok_or_else(|| {
            let ids: Vec<&str> = tables.iter().map(|t| t.id.as_str()).collect();
            wrong(format!(
                "the result has no table `{}`; it has {}",
                id.map_or("", String::as_str),
                ids.join(", ")
            ))
        })
    }

    /// The figure of this id, or the first, drawn.
    fn figure(&self, id: Option<&String>) -> Result<String, Failure> {
        let figures = &self.findings.figures;
        let found = match id {
            Some(id) => figures.iter().find(|f| f.id == *id),
            None => figures.first(),
        };
        let Some(figure) = found else {
            let text = match figures.is_empty() {
                true => "this result has no figure; a line over years needs more than one year".to_owned(),
                false => {
                    let ids: Vec<&str> = figures.iter().map(|f| f.id.as_str()).collect();
                    format!(
                        "the result has no figure `{}`; it has {}",
                        id.map_or("", String::as_str),
                        ids.join(", ")
                    )
                }
            };
            return Err(Failure::new(ANALYSIS, Message::error(text)));
        };
        quyu_plotting::svg(figure).map_err(|error| {
            let text = format!("the figure `{}` cannot be drawn: {error}", figure.id);
            Failure::new(ANALYSIS, Message::error(text))
        })
    }
}

/// A number with the shortest digits that read back to the same bits.
pub(crate) fn digits(x: f64) -> String {
    // Adding zero takes the sign off a zero.
    let text = format!("{:?}", x + 0.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A cell in full.
pub(crate) fn full(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(i) => i.to_string(),
        Cell::Number(x) => digits(*x),
        Cell::Missing => String::new(),
    }
}
