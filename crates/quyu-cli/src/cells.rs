//! `quyu cells`: micro-data added up to one row for each region, year and class.

use clap::{Arg, ArgAction, ArgMatches, Command};
use quyu_io::atomic::{Existing, write_asked};
use quyu_io::table::cells::{CellColumns, Cells, Statistic};
use quyu_io::table::columnar::write::{Values, parquet};
use quyu_io::table::head::Named;
use quyu_io::table::rows::{Chunk, Kind, RowsError, Wish};
use quyu_io::table::{Fault, TableError};

use crate::advice::{Adviser, unwritten};
use crate::exit::{self, Failure};
use crate::flags::{self, given, wrong};
use crate::message::Message;
use crate::output::{self, digits};
use crate::progress::Waiting;
use crate::rows;
use crate::shell::Typed;
use crate::terminal::{Terminal, to_stdout};

/// The columns that rows can be added up by, in the order of the result.
const KEYS: [(&str, &str); 4] = [
    ("region", "Add up by this column: regions"),
    ("time", "Add up by this column: years or other periods"),
    ("class", "Add up by this column: sectors or other classes"),
    (
        "group",
        "Add up by this column, whatever it holds; may be given several times",
    ),
];

/// The command.
pub(crate) fn command() -> Command {
    let keys = KEYS.map(|(name, help)| {
        Arg::new(name)
            .long(name)
            .value_name("COLUMN")
            .help(help)
            .action(ArgAction::Append)
    });
    Command::new("cells")
        .about("Adds micro-data up: firms or patents to regions, years and classes, in constant memory")
        .override_usage("quyu cells [FILE] --value <COLUMN[:STATISTIC]>...\n           [--region <COLUMN>] [OPTIONS]")
        .after_help(format!(
            "The result is a CSV, or Parquet where --out ends in .parquet, with the columns of the keys and a column for each statistic. The sum of a column bears the name of the \
             column, other statistics are called COLUMN_mean and so on. It can be sent on:\n\n  \
             quyu cells firms.csv --region city --time year --value output |\n    quyu gini --region city --value output\n\n{}",
            exit::HELP
        ))
        .arg(flags::file())
        .args(keys)
        .arg(
            Arg::new("value")
                .long("value")
                .value_name("COLUMN[:STATISTIC]")
                .help("What is added up: sum, mean, count, min or max of a column [default: sum]; may be given several times")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .required(true),
        )
        .arg(
            Arg::new("weight")
                .long("weight")
                .value_name("COLUMN")
                .help("The weight of means; without it every row counts once"),
        )
        .arg(flags::missing_rows())
        .arg(flags::reading_threads("Threads that read; the result is the same for any number [default: all]"))
        .args(flags::input())
        .args(flags::output().into_iter().filter(|a| ["out", "force"].contains(&a.get_id().as_str())))
}

/// Reads the rows and writes the cells.
pub(crate) fn run(matches: &ArgMatches, typed: &Typed, terminal: &Terminal) -> Result<(), Failure> {
    let adviser = Adviser::new(typed, None);
    let out = output::free_file(matches)?;
    let files = rows::opened(matches, &adviser)?;
    let named = files.named().clone();
    let plan = Plan::new(matches, &named)?.map_err(|faults| adviser.faults(&named.name, faults))?;
    let wish = Wish {
        columns: plan.wanted.clone(),
        conditions: rows::conditions(matches, &named).map_err(|f| adviser.faults(&named.name, vec![f]))?,
        missing: flags::missing(matches),
        threads: flags::threads(matches),
    };
    let mut cells = Cells::default();
    let waiting = Waiting::new("cells", terminal);
    let take = |chunk: &Chunk<'_>| {
        let part = (chunk.rows(), Cells::of(chunk, &plan.columns));
        Ok::<_, std::convert::Infallible>(part)
    };
    let merge = |(rows, part)| {
        waiting.read(rows);
        cells.merge(part);
        Ok(())
    };
    let read = files.fold(&wish, take, merge);
    waiting.over();
    let read = read.map_err(|error| match error {
        RowsError::Table(error) => adviser.table(error),
        RowsError::Taker(never) => match never {},
    })?;
    rows::some_left(&read, matches, &named).map_err(|e: TableError| adviser.table(e))?;
    if let Some(note) = rows::left_out(&read) {
        terminal.tell(&Message::note(note.text));
    }
    match out {
        Some(path) => {
            let parquet = path.extension().is_some_and(|e| e == "parquet");
            let bytes = match parquet {
                true => plan.parquet(&cells)?,
                false => plan.csv(&cells).into_bytes(),
            };
            let existing = match matches.get_flag("force") {
                true => Existing::Replace,
                false => Existing::Keep,
            };
            write_asked(&path, &bytes, existing).map_err(|e| unwritten("--out", &e))
        }
        None => to_stdout(&plan.csv(&cells)),
    }
}

/// What is read and what is written.
struct Plan {
    header: Vec<String>,
    wanted: Vec<(usize, Kind)>,
    columns: CellColumns,
    asked: Vec<(usize, Statistic)>,
}

impl Plan {
    fn new(matches: &ArgMatches, named: &Named) -> Result<Result<Self, Vec<Fault>>, Failure> {
        let mut plan = Self {
            header: Vec::new(),
            wanted: Vec::new(),
            columns: CellColumns::default(),
            asked: Vec::new(),
        };
        let mut faults = Vec::new();
        for (role, _) in KEYS {
            for name in flags::list(matches, role) {
                match named.column(role, &name) {
                    Ok(column) => {
                        plan.header.push(named.header[column].clone());
                        let place = plan.want(column, Kind::Label);
                        plan.columns.keys.push(place);
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
        for text in flags::list(matches, "value") {
            let (name, statistic) = asked(&text, named)?;
            match named.column("value", &name) {
                Ok(column) => plan.ask(column, &named.header[column], statistic),
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(name) = given(matches, "weight") {
            match named.column("weight", name) {
                Ok(column) => plan.columns.weight = Some(plan.want(column, Kind::Number)),
                Err(fault) => faults.push(fault),
            }
        }
        let mut names = plan.header.clone();
        names.sort();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            return Err(wrong(format!(
                "the column `{}` would stand in the result twice",
                twice[0]
            )));
        }
        Ok(match faults.is_empty() {
            true => Ok(plan),
            false => Err(faults),
        })
    }

    fn ask(&mut self, column: usize, name: &str, statistic: Statistic) {
        self.header.push(match statistic {
            Statistic::Sum => name.to_owned(),
            other => format!("{name}_{}", other.as_str()),
        });
        let place = self.want(column, Kind::Number);
        let value = self.columns.values.iter().position(|v| *v == place);
        let value = value.unwrap_or_else(|| {
            self.columns.values.push(place);
            self.columns.values.len() - 1
        });
        self.asked.push((value, statistic));
    }

    /// The place of a column among those that are read.
    fn want(&mut self, column: usize, kind: Kind) -> usize {
        let found = self.wanted.iter().position(|w| *w == (column, kind));
        found.unwrap_or_else(|| {
            self.wanted.push((column, kind));
            self.wanted.len() - 1
        })
    }

    fn parquet(&self, cells: &Cells) -> Result<Vec<u8>, Failure> {
        let keys = self.columns.keys.len();
        let mut texts = vec![Vec::with_capacity(cells.len()); keys];
        let mut numbers = vec![Vec::with_capacity(cells.len()); self.asked.len()];
        for (labels, values) in cells.rows(&self.asked) {
            let labels = labels.iter().cloned().map(Some);
            texts
                .iter_mut()
                .zip(labels)
                .for_each(|(column, label)| column.push(label));
            numbers
                .iter_mut()
                .zip(values)
                .for_each(|(column, value)| column.push(value));
        }
        let columns = texts.into_iter().map(Values::Texts);
        let columns: Vec<(String, Values)> = self
            .header
            .iter()
            .cloned()
            .zip(columns.chain(numbers.into_iter().map(Values::Numbers)))
            .collect();
        parquet(&columns, &[]).map_err(|e| Failure::new(exit::BUG, Message::error(e.to_string())))
    }

    fn csv(&self, cells: &Cells) -> String {
        let mut text = String::new();
        output::csv::line(&mut text, self.header.iter().cloned());
        for (keys, values) in cells.rows(&self.asked) {
            let values = values.into_iter().map(|v| v.map(digits).unwrap_or_default());
            output::csv::line(&mut text, keys.iter().cloned().chain(values));
        }
        text
    }
}

/// Reads `output:mean`. A column whose name ends in a colon and a word is found by its name.
fn asked(text: &str, named: &Named) -> Result<(String, Statistic), Failure> {
    if named.header.iter().any(|h| h == text) {
        return Ok((text.to_owned(), Statistic::Sum));
    }
    match text.rsplit_once(':') {
        None => Ok((text.to_owned(), Statistic::Sum)),
        Some((name, word)) => match Statistic::parse(word.trim()) {
            Some(statistic) => Ok((name.trim().to_owned(), statistic)),
            None => Err(wrong(format!(
                "`{word}` is no statistic of a column: --value is written COLUMN or COLUMN:STATISTIC, with {}",
                Statistic::NAMES.join(", ")
            ))),
        },
    }
}
