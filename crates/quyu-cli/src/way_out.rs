//! The way out of each fault of a table: what to do in words, and a command that would work.

use std::path::Path;

use quyu_core::suggest::quoted;
use quyu_io::table::fault::Guess;
use quyu_io::table::{Apart, Fault, Problem, Unit};

use crate::advice::{Adviser, SMALLER};
use crate::describe::classed;
use crate::message::Message;
use crate::shell::quoted as shell_quoted;
use crate::warned::equal;

/// Longest stretch of the user's own text in a sentence.
const LONGEST: usize = 48;
/// How many columns are named in a sentence.
const COLUMNS: usize = 30;

/// A fault in words: on one line, and a text of the table that is very long is cut.
pub(crate) fn told(fault: &Fault) -> String {
    let mut words = fault.to_string();
    if let Fault::NotANumber { text, .. } | Fault::NotFinite { text } | Fault::NotAYear { text } = fault
        && text.chars().count() > LONGEST
    {
        let short: String = text.chars().take(LONGEST).collect();
        words = words.replacen(text.as_str(), &format!("{short}…"), 1);
    }
    words.replace(['\n', '\r'], " ")
}

impl Adviser<'_> {
    /// The message with what helps against its fault.
    pub(crate) fn way_out(&self, message: Message, file: &str, problem: &Problem) -> Message {
        let with = |flag: &str, value: &str| self.typed.with(flag, value);
        let (fault, place) = (&problem.fault, &problem.place);
        match fault {
            Fault::Empty => message.help("check that the file is the right one and was written to its end"),
            Fault::HeaderOnly => message.help(
                "if the first row is data already, say --no-header; columns then go by number, as in --region 1 --value 2",
            ),
            Fault::Foreign { what } if what.contains("Excel") || what.contains("workbook") => {
                message.help("save it as a workbook of the form xlsx, without a password, or the sheet as CSV UTF-8")
            }
            Fault::Foreign { .. } => message.help("export it as CSV and name that file"),
            Fault::Binary => message.help("export the table as CSV in UTF-8"),
            Fault::Encoding { encoding, fits } => match fits.first() {
                // Bytes of UTF-16 are bytes of anything.
                Some(fit) if *encoding != "UTF-16" => {
                    let all: Vec<String> = fits.iter().map(|f| (*f).to_owned()).collect();
                    let message = message.help(format!("it can be read as {}:", quoted(&all, "or")));
                    message.command(with("--encoding", fit))
                }
                _ => message.help("save it as UTF-8"),
            },
            Fault::NoFigures { .. } => message.help("a figure is a number; a region, class or group is a text or a number"),
            Fault::UnknownSheet { name, near, sheets } => {
                let message = match near.0.first() {
                    Some(close) => message
                        .help("with the nearest sheet:")
                        .command(self.typed.replacing("--sheet", name, close)),
                    None => message,
                };
                message.help(format!("the sheets are {}", quoted(sheets, "and")))
            }
            Fault::EmptySheet { others, .. } => message
                .help("to read another one:")
                .command(with("--sheet", others.first().map_or("", String::as_str))),
            Fault::SheetOfWhat { .. } => message.help("leave --sheet out"),
            Fault::NoHeaderRow { .. } => message.help("--header-row counts from the top of the file, empty lines among them"),
            Fault::OtherHeader { lacks, besides, .. } if lacks.is_empty() && besides.is_empty() => {
                message.help("they have the same names in another order: write the columns of all files in one order")
            }
            Fault::OtherHeader { .. } => {
                message.help("files that are read as one table have the same columns: name the ones that belong together")
            }
            Fault::Varying { columns } => {
                let message = columns.iter().fold(message, |message, varying| {
                    let more = match varying.more {
                        0 => String::new(),
                        n => format!(" and {n} more"),
                    };
                    message.help(format!("`{}` is {}{more}", varying.column, quoted(&varying.values, "or")))
                });
                let fixed: Vec<String> = columns.iter().map(|v| equal(&v.column, &v.common)).collect();
                message
                    .help("for example:")
                    .command(self.typed.with_condition(&fixed.join(" and ")))
            }
            Fault::Packed { .. } | Fault::Damaged { .. } => message.help("the file is damaged or was not written to its end: fetch it again"),
            Fault::TooLong { .. } | Fault::TooHeavy { .. } => message.help(SMALLER),
            Fault::Scattered { .. } => message.help("delete what stands far to the right of the table, and try again"),
            Fault::Ragged { found, expected } => match place {
                Some(place) if place.spot.unit == Unit::Row && *expected > 1 => message
                    .help("what stands in a column without a name is not read: name the column in the header, or clear the cell"),
                Some(place) if *expected == 1 && *found > 1 => message
                    .help("if text stands above the header, name the line that holds the header; if that is this one:")
                    .command(with("--header-row", &place.spot.number.to_string())),
                _ if found > expected => message.help(
                    "a field that holds the delimiter must stand in quotes; if another character separates the fields, name it with \
                     --delimiter",
                ),
                _ if *found == 1 => message.help(
                    "a note below the table must be taken out of the file; a row needs a field for every column, if only an empty one",
                ),
                _ => message.help("every row needs a field for every column, if only an empty one"),
            },
            Fault::OpenQuote => message.help("close the quote, or name another quoting character with --quote"),
            Fault::UnknownColumn { .. } => self.slips(message, std::slice::from_ref(fault)),
            Fault::AmbiguousColumn { numbers, .. } => message.help(format!(
                "name the column by its number: {}",
                quoted(&numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), "or")
            )),
            Fault::NoRegions { candidates } => match candidates.first() {
                Some(all) if candidates.len() == 1 && all.contains([',', ';', '\t', '|']) => message.help(
                    "the header was read as one column: name the character between fields with --delimiter, or leave the flag out and \
                     it is found",
                ),
                Some(first) => message
                    .help("name the column of regions, for example:")
                    .command(with("--region", first)),
                None => message.help("add a column of region names or codes, or name one with --region"),
            },
            Fault::NoYears => message.help("a long table, one row a region and year, is read without --wide"),
            Fault::NotANumber { text, guess } => self.number(message, file, problem, text, *guess),
            Fault::NotFinite { text } => self.missing(message, text),
            Fault::NotAYear { .. } => message.help(
                "periods are years: `2020` or `2020年`; take the year out of dates, quarters and months first, or name another column \
                 with --time",
            ),
            Fault::EmptyKey { role } => message.help(format!("fill the {role} in, or leave the row out with --where")),
            Fault::Duplicate { told_apart_by, .. } => self.duplicate(message, told_apart_by),
            Fault::TwoGroups { .. } => message.help("a partition is the same in all years: choose one year with --where"),
            Fault::NoGroup { .. } => message.help("every region needs a group: fill it in, or leave the region out with --where"),
            Fault::OwnNeighbour { .. } => message.help("leave the row out: a region is no neighbour of its own"),
            Fault::LinkedTwice { .. } => message.help("keep the row with the weight that is meant"),
            Fault::NegativeLink { .. } => message.help("weights are 0, which is no link, or more"),
            Fault::NoLinks { .. } => message.help(
                "regions are called in it as they are in the table; its columns are i and j, region and other_region, or the first two",
            ),
            Fault::NoNumbers { .. } | Fault::NothingLeft { .. } => described(message, file),
            Fault::Condition { .. } => message.help(
                "conditions are `COLUMN >= NUMBER`, `COLUMN = 'TEXT'`, `COLUMN in ('A', 'B')`, `COLUMN between 2010 and 2020`, \
                 `COLUMN like '%市'`, `COLUMN is not null`, joined by `and`, `or`, `not` and brackets; names with spaces stand in double quotes",
            ),
            Fault::NoSums { .. } => {
                let id = self.entry.map_or("ID", |e| e.id);
                message.help(format!("`quyu sql {id}` writes the query whose result is read here"))
            }
            _ => message,
        }
    }

    /// Columns that are not there: one command with the nearest ones, and the columns that are.
    pub(crate) fn slips(&self, message: Message, faults: &[Fault]) -> Message {
        let mut slips = Vec::new();
        let mut known: &[String] = &[];
        for fault in faults {
            if let Fault::UnknownColumn {
                role,
                name,
                near,
                columns,
            } = fault
            {
                known = columns;
                let flag = format!("--{}", role.replace('_', "-"));
                let there = self.typed.value(&flag).unwrap_or_default();
                // A column that is named already is not what was meant, if there is another.
                let named = |c: &&String| there.split([',', ' ']).any(|w| w == c.as_str());
                let close = near.0.iter().find(|c| !named(c)).or(near.0.first());
                slips.extend(close.map(|c| (flag, name.clone(), c.clone())));
            }
        }
        let message = match slips.len() {
            0 => message,
            1 => message.help("with the nearest column:"),
            _ => message.help("with the nearest columns:"),
        };
        let message = match slips.is_empty() {
            true => message,
            false => message.command(self.typed.corrected(&slips)),
        };
        match known.len().checked_sub(COLUMNS) {
            None | Some(0) => message.help(format!("the columns are {}", quoted(known, "and"))),
            Some(more) => {
                let some: Vec<String> = known[..COLUMNS].iter().map(|c| format!("`{c}`")).collect();
                message.help(format!(
                    "the columns are {} and {more} more, which `quyu describe` shows",
                    some.join(", ")
                ))
            }
        }
    }

    /// Many rows to a region: a key that was not named, or what is wanted.
    fn duplicate(&self, message: Message, apart: &[Apart]) -> Message {
        let classed = self.entry.is_some_and(classed);
        let message = match apart.first() {
            Some(Apart {
                column, years: true, ..
            }) => message
                .help(format!("`{column}` tells the rows apart; if it holds the years:"))
                .command(self.typed.with("--time", column)),
            Some(Apart { column, .. }) if classed => message
                .help(format!(
                    "`{column}` tells the rows apart; if figures are split by it:"
                ))
                .command(self.typed.with("--class", column)),
            Some(Apart { column, example, .. }) => message
                .help(format!(
                    "`{column}` tells the rows apart; to keep one kind of them:"
                ))
                .command(self.typed.with_condition(&equal(column, example))),
            None => {
                message.help("keep one row for each region and year, or leave the others out with --where")
            }
        };
        let keyed = self.typed.has("--wide") || (classed && !self.typed.has("--class"));
        let message = match self.entry.and_then(|e| e.additive) {
            Some(_) if !keyed => message
                .help("if every row is a unit of its own, such as a firm:")
                .command(self.typed.with("--rows", "")),
            _ => message,
        };
        message.help("`quyu cells` adds the rows of a region and year up to one")
    }

    fn number(&self, message: Message, file: &str, problem: &Problem, text: &str, guess: Guess) -> Message {
        let with = |flags: &[(&str, &str)]| self.typed.with_all(flags);
        let column = problem.place.as_ref().and_then(|p| p.column.as_ref());
        match guess {
            Guess::DecimalComma if self.typed.gives("--thousands", ",") => message
                .help("if the table writes decimals with a comma:")
                .command(with(&[("--thousands", "none"), ("--decimal", ",")])),
            Guess::DecimalComma => message
                .help("if the table writes decimals with a comma:")
                .command(with(&[("--decimal", ",")])),
            Guess::Continental => message
                .help("if the table writes decimals with a comma and thousands with a point:")
                .command(with(&[("--decimal", ","), ("--thousands", ".")])),
            Guess::Thousands(mark) => {
                let word = if mark == ' ' {
                    "space".to_owned()
                } else {
                    mark.to_string()
                };
                let message = message
                    .help("if the table sets thousands apart:")
                    .command(with(&[("--thousands", &word)]));
                match mark {
                    ',' => message
                        .help("if the comma stands before a fraction:")
                        .command(with(&[("--decimal", ",")])),
                    _ => message,
                }
            }
            Guess::Percent => message
                .help("take the sign out of the column, so that it is plain whether 12.5 or 0.125 is meant"),
            Guess::Attached => {
                message.help("what stands behind a number may change it: take the unit or mark out of the column, or put it into one of its own")
            }
            Guess::Bracketed => message.help("a number below zero is written with a minus"),
            Guess::Mark | Guess::Word if self.typed.gives("--neighbours", file) => message.help("weights are numbers"),
            // No parameter asks for the column: the condition does.
            Guess::Mark | Guess::Word if self.typed.has("--where") && column.is_some_and(|c| !self.roles.contains_key(c)) => {
                message.help("`<` and `>` of --where compare numbers; a text is compared by `=` or `like`, and stands in single quotes")
            }
            Guess::Mark | Guess::Word if text.contains(char::is_numeric) && !text.starts_with('#') => message.help(
                "take what stands beside the figure out of the column, or put it into one of its own; digits are written 0 to 9",
            ),
            Guess::Mark | Guess::Word => self.missing(message, text),
        }
    }

    /// A text that may stand for a missing value.
    fn missing(&self, message: Message, text: &str) -> Message {
        let plain =
            text.chars().count() <= LONGEST / 2 && !text.contains(|c: char| c == ',' || c.is_control());
        if !plain {
            return message.help("if the figure is missing, clear the field");
        }
        let marks = self
            .typed
            .value("--missing-values")
            .unwrap_or_else(|| "default".to_owned());
        message
            .help("if it stands for a missing value, and what lacks one may be left out:")
            .command(self.typed.with_all(&[
                ("--missing-values", &format!("{marks},{text}")),
                ("--missing", "drop"),
            ]))
    }
}

/// What a table holds, by a command if it is a file.
fn described(message: Message, file: &str) -> Message {
    match Path::new(file).is_file() {
        true => message
            .help("what each column holds:")
            .command(format!("quyu describe {}", shell_quoted(file))),
        false => message.help("`quyu describe FILE` shows what each column holds"),
    }
}
