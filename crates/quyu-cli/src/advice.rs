//! From what went wrong, as data, to what is told: where, why it matters, what would work.

use quyu_core::suggest::quoted;
use quyu_core::{AnalysisError, CoreError, Entry, ParamError, ParamKind, RegionCode, Year};
use quyu_io::table::fault::Guess;
use quyu_io::table::{Fault, Own, Problem, Sheet, TableError, Unit};

use crate::columns::Roles;
use crate::exit::{ANALYSIS, DATA, Failure, IO, USAGE};
use crate::flags;
use crate::message::Message;
use crate::shell::{Typed, quoted as shell_quoted};
use crate::warned::equal;

/// Knows what was typed and what each column is for.
pub(crate) struct Adviser<'a> {
    pub(crate) typed: &'a Typed,
    entry: Option<&'static Entry>,
    pub(crate) roles: Roles,
}

impl<'a> Adviser<'a> {
    pub(crate) fn new(typed: &'a Typed, entry: Option<&'static Entry>) -> Self {
        Self {
            typed,
            entry,
            roles: Roles::new(),
        }
    }

    /// What is wrong with a table.
    pub(crate) fn table(&self, error: TableError) -> Failure {
        match error {
            TableError::Io { file, source } => {
                let message = Message::error(format!("{file} cannot be read: {}", plainly(&source)));
                let links = self.typed.gives("--neighbours", &file);
                let message = match links {
                    true => message.help("--neighbours takes a file of pairs of regions: columns i and j, with a column w if they have weights"),
                    false => message,
                };
                let message = match source.kind() {
                    std::io::ErrorKind::OutOfMemory => message.help(SMALLER),
                    _ => message,
                };
                Failure::new(IO, message)
            }
            TableError::Model { file, source } => {
                Failure::new(DATA, Message::error(source.to_string()).at(&file, None))
            }
            TableError::Problems(problems) => {
                let code = problems
                    .all
                    .iter()
                    .map(|p| code_of(&p.fault))
                    .min()
                    .unwrap_or(DATA);
                let mut messages: Vec<Message> = Vec::new();
                let mut advised: Vec<std::mem::Discriminant<Fault>> = Vec::new();
                for problem in &problems.all {
                    // The same advice once is enough.
                    let kind = std::mem::discriminant(&problem.fault);
                    let first = !advised.contains(&kind);
                    advised.push(kind);
                    messages.push(self.problem(&problems.file, problem, first));
                }
                if problems.more > 0 {
                    messages.push(Message::error(format!("and {} more of these", problems.more)));
                }
                Failure { messages, code }
            }
        }
    }

    /// Faults without a place: columns.
    pub(crate) fn faults(&self, file: &str, faults: Vec<Fault>) -> Failure {
        let messages = faults
            .iter()
            .map(|f| self.problem(file, &Problem::from(f.clone()), true))
            .collect();
        Failure {
            messages,
            code: USAGE,
        }
    }

    fn problem(&self, file: &str, problem: &Problem, advise: bool) -> Message {
        let place = problem.place.clone();
        let role = place
            .as_ref()
            .and_then(|p| p.column.as_ref())
            .and_then(|c| self.roles.get(c));
        let message = Message::error(problem.fault.to_string()).at(file, place);
        if !advise {
            return message;
        }
        let message = match (role, self.entry) {
            (Some((flag, help)), Some(entry)) => message.why(format!(
                "`{}` reads this column as {flag}: {help}; it leaves nothing out without saying so",
                entry.id
            )),
            _ => message,
        };
        match (&problem.fault, &problem.place) {
            (Fault::Ragged { expected, .. }, Some(place)) if place.spot.unit == Unit::Row && *expected > 1 => {
                message.help("what stands in a column without a name is not read: name the column in the header, or clear the cell")
            }
            (fault, _) => self.way_out(message, fault),
        }
    }

    fn way_out(&self, message: Message, fault: &Fault) -> Message {
        let with = |flag: &str, value: &str| self.typed.with(flag, value);
        match fault {
            Fault::Empty => message.help("check that the file is the right one and was written to its end"),
            Fault::HeaderOnly => message
                .help("if the first row is data already:")
                .command(with("--no-header", "")),
            Fault::Foreign { what } if what.contains("Excel") || what.contains("workbook") => {
                message.help("save it as a workbook of the form xlsx, without a password, or the sheet as CSV UTF-8")
            }
            Fault::Foreign { .. } => message.help("export it as CSV and name that file"),
            Fault::Binary => message.help("export the table as CSV in UTF-8"),
            Fault::Encoding { fits, .. } => match fits.first() {
                Some(fit) => {
                    let message = message.help(format!("it can be read as {}:", quoted(&owned(fits), "or")));
                    message.command(with("--encoding", fit))
                }
                None => message.help("save it as UTF-8"),
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
            Fault::Ragged { found, expected: 1 } if *found > 1 => message
                .help("if lines of text stand above the header, name the line that holds it:")
                .command(with("--header-row", "LINE")),
            Fault::Ragged { found, expected } if found > expected => message.help(
                "a field that holds the delimiter must stand in quotes; if another character separates the fields, name it with \
                 --delimiter",
            ),
            Fault::Ragged { .. } => message.help("every row needs a field for every column, if only an empty one"),
            Fault::OpenQuote => message.help("close the quote, or name another quoting character with --quote"),
            Fault::UnknownColumn { role, name, near, columns } => {
                let message = match near.0.first() {
                    Some(close) => message
                        .help("with the nearest column:")
                        .command(self.typed.replacing(&format!("--{}", role.replace('_', "-")), name, close)),
                    None => message,
                };
                message.help(format!("the columns are {}", quoted(columns, "and")))
            }
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
                    .help("name the column of regions:")
                    .command(with("--region", first)),
                None => message.help("add a column of region names or codes, or name one with --region"),
            },
            Fault::NoYears => message.help("a long table, one row a region and year, is read without --wide"),
            Fault::NotANumber { text, guess } => self.number(message, text, *guess),
            Fault::NotFinite { text } => message
                .help("if it stands for a missing value:")
                .command(with("--missing-values", &format!("NA,{text}"))),
            Fault::NotAYear { .. } => message.help(
                "periods are years: `2020` or `2020年`; take the year out of dates, quarters and months first, or name another column \
                 with --time",
            ),
            Fault::EmptyKey { role } => message.help(format!("fill the {role} in, or leave the row out with --where")),
            Fault::Duplicate { told_apart_by, .. } => {
                let message = match told_apart_by.first() {
                    Some(column) => message
                        .help(format!("`{column}` tells the rows apart; if it holds years or sectors:"))
                        .command(with("--time", column))
                        .command(with("--class", column)),
                    None => message.help("keep one row for each region and year, or leave the others out with --where"),
                };
                self.micro_data(message)
            }
            Fault::TwoGroups { .. } => message.help("a partition is the same in all years: choose one year with --where"),
            Fault::NoGroup { .. } => message.help("every region needs a group: fill it in, or leave the region out with --where"),
            Fault::OwnNeighbour { .. } => message.help("leave the row out: a region is no neighbour of its own"),
            Fault::LinkedTwice { .. } => message.help("keep the row with the weight that is meant"),
            Fault::NegativeLink { .. } => message.help("weights are 0, which is no link, or more"),
            Fault::NoLinks { .. } => message.help(
                "regions are called in it as they are in the table; its columns are i and j, region and other_region, or the first two",
            ),
            Fault::NoNumbers { .. } => message.help("`quyu describe FILE` shows what each column holds"),
            Fault::Condition { .. } => message.help(
                "conditions are `COLUMN >= NUMBER`, `COLUMN = 'TEXT'`, `COLUMN in ('A', 'B')`, `COLUMN between 2010 and 2020`, \
                 `COLUMN like '%市'`, `COLUMN is not null`, joined by `and`, `or`, `not` and brackets; names with spaces stand in double quotes",
            ),
            Fault::NoSums { .. } => {
                let id = self.entry.map_or("ID", |e| e.id);
                message.help(format!("`quyu sql {id}` writes the query whose result is read here"))
            }
            Fault::NothingLeft { .. } => message.help("`quyu describe FILE` shows what each column holds"),
            _ => message,
        }
    }

    /// Many rows to a region may be what is wanted.
    fn micro_data(&self, message: Message) -> Message {
        let message = match self.entry.and_then(|e| e.additive) {
            Some(_) => message
                .help("if every row is a unit of its own, such as a firm:")
                .command(self.typed.with("--rows", "")),
            None => message,
        };
        message.help("`quyu cells` adds the rows of a region and year up to one")
    }

    fn number(&self, message: Message, text: &str, guess: Guess) -> Message {
        let with = |flags: &[(&str, &str)]| self.typed.with_all(flags);
        match guess {
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
            Guess::Mark | Guess::Word => message
                .help("if it stands for a missing value:")
                .command(with(&[("--missing-values", &format!("NA,{text}"))])),
        }
    }

    /// What is wrong with the parameters.
    pub(crate) fn param(&self, error: &ParamError, header: &[String]) -> Failure {
        let message = match error {
            ParamError::Required { name, help, .. } => {
                let param = self.entry.and_then(|e| e.params.iter().find(|p| p.name == *name));
                let flag = param.map_or_else(|| (*name).to_owned(), flags::long);
                let id = self.entry.map_or("", |e| e.id);
                let message = Message::error(format!("`{id}` needs --{flag}: {help}"));
                let columns = param.is_some_and(|p| {
                    matches!(
                        p.kind,
                        ParamKind::Column | ParamKind::List(ParamKind::Column) | ParamKind::Expr
                    )
                });
                match header {
                    _ if !columns => message,
                    all if all.len() > 12 => message.help(format!(
                        "the columns are {} and {} more",
                        quoted(&all[..12], "and"),
                        all.len() - 12
                    )),
                    all => message.help(format!("the columns are {}", quoted(all, "and"))),
                }
            }
            ParamError::Value { name, near, .. } => {
                let message = Message::error(error.to_string());
                match near.0.first() {
                    Some(close) => {
                        message.command(self.typed.with(&format!("--{}", name.replace('_', "-")), close))
                    }
                    None => message,
                }
            }
            _ => Message::error(error.to_string()),
        };
        Failure::new(USAGE, message)
    }

    /// What the data model refuses.
    pub(crate) fn core(&self, error: &CoreError, sheet: &Sheet, own: &Own) -> Failure {
        let file = &sheet.raw.name;
        let named = |id: &str| own.names.get(id).cloned().unwrap_or_else(|| id.to_owned());
        let (code, message) = match error {
            CoreError::Missing { indicator, cells } => {
                let name = named(indicator);
                let some: Vec<String> = cells.iter().take(5).map(|(r, y)| cell(r, *y)).collect();
                let more = match cells.len().saturating_sub(5) {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                let text = format!("`{name}` is missing for {}{more}", some.join(", "));
                let place = cells
                    .first()
                    .and_then(|(r, y)| sheet.find(&name, r.code(), *y, |x| x.is_none()));
                let message = Message::error(text)
                    .at(file, place)
                    .why("a region that is left out changes the result, so it is left out only if you say so")
                    .help("to leave these regions out of all years, with a note:")
                    .command(self.typed.with("--missing", "drop"));
                (DATA, message)
            }
            CoreError::NotAggregable { indicator } => {
                let name = named(indicator.as_str());
                let message = Message::error(format!("nobody said how `{name}` of several regions is put together"))
                    .why("totals add up and ratios do not: a mean of ratios is not the ratio of the regions together")
                    .help("if it adds up:")
                    .command(self.typed.with("--sums", &name))
                    .help("if it is a ratio of two columns:")
                    .command(self.typed.with("--ratio", &format!("{name} = NUMERATOR / DENOMINATOR")))
                    .help("if it is so much per unit of a column, such as the population:")
                    .command(self.typed.with("--per", &format!("{name} = WEIGHT")));
                (DATA, message)
            }
            CoreError::Unknown {
                what: "region",
                near,
                name,
            } => {
                let message = Message::error(error.to_string());
                let message = match near.0.first() {
                    Some(close) => message.command(self.typed.replacing("--focus", name, close)),
                    None => message,
                };
                (USAGE, message)
            }
            CoreError::NoBorders => {
                let message = Message::error("a table says nothing of who is whose neighbour, and this analysis asks")
                    .help("name a file of pairs of neighbours, columns i and j, with a column w if they have weights:")
                    .command(self.typed.with("--neighbours", "PAIRS.csv"));
                (USAGE, message)
            }
            CoreError::Malformed { what: "year", .. } => (USAGE, Message::error(error.to_string())),
            CoreError::ClassMismatch {
                classed: false,
                indicator,
            } => {
                let name = named(indicator.as_str());
                let message = Message::error(format!("`{name}` is not split by class"))
                    .help("name the column of sectors or other classes with --class");
                (USAGE, message)
            }
            other => (DATA, Message::error(other.to_string()).at(file, None)),
        };
        Failure::new(code, message)
    }

    /// What the analysis refuses.
    pub(crate) fn analysis(&self, error: &AnalysisError, sheet: &Sheet, own: &Own) -> Failure {
        match error {
            AnalysisError::Data(core) => self.core(core, sheet, own),
            AnalysisError::Param(param) => self.param(param, &sheet.raw.header),
            AnalysisError::Statistic { region, .. } => {
                // The numerics call their arguments x and w.
                let of_weight = error.to_string().contains("`w[");
                let flag = if of_weight { "--weight" } else { "--value" };
                let named = self
                    .roles
                    .iter()
                    .find(|(_, (f, _))| f == flag)
                    .map(|(name, _)| name);
                let place = region.as_ref().zip(named).and_then(|(r, name)| {
                    let suspect =
                        |x: Option<f64>| x.is_some_and(|x| if of_weight { x < 0.0 } else { x <= 0.0 });
                    sheet.find_in_any_year(name, r.code(), suspect)
                });
                let message = Message::error(error.to_string()).at(&sheet.raw.name, place);
                Failure::new(ANALYSIS, self.see_manual(message))
            }
            AnalysisError::Study { reason, .. } => {
                let message = self.see_manual(Message::error(error.to_string()));
                let unsplit = sheet.classes.is_empty() && reason.contains("not split");
                let message = match unsplit {
                    true => message.help("name the column of sectors or other classes with --class"),
                    false if reason.contains("focus") => {
                        message.help("--focus REGION chooses the regions that are looked at")
                    }
                    false => message,
                };
                Failure::new(ANALYSIS, message)
            }
            other => Failure::new(ANALYSIS, Message::error(other.to_string())),
        }
    }

    pub(crate) fn see_manual(&self, message: Message) -> Message {
        match self.entry {
            Some(entry) => message.help(format!(
                "`quyu explain {}` has the definition and its limits",
                entry.id
            )),
            None => message,
        }
    }
}

/// What to do with a table that is too large.
const SMALLER: &str = "keep the columns and rows that are needed, and try again";

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn cell(region: &RegionCode, year: Year) -> String {
    if year == Year::UNDATED {
        region.to_string()
    } else {
        format!("{region} in {year}")
    }
}

/// Slips in a command are told apart from slips in a table.
fn code_of(fault: &Fault) -> u8 {
    match fault {
        Fault::UnknownColumn { .. }
        | Fault::AmbiguousColumn { .. }
        | Fault::NoFigures { .. }
        | Fault::UnknownSheet { .. }
        | Fault::SheetOfWhat { .. }
        | Fault::NoHeaderRow { .. }
        | Fault::Varying { .. }
        | Fault::NoRegions { .. }
        | Fault::NoYears
        | Fault::Condition { .. } => USAGE,
        _ => DATA,
    }
}

/// The system's words without its numbers, which differ between systems.
pub(crate) fn plainly(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        // What we say ourselves is plain already.
        _ if error.get_ref().is_some() => error.to_string(),
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::AlreadyExists => "it exists already".to_owned(),
        ErrorKind::InvalidInput => "it is a device or pipe, not a file".to_owned(),
        ErrorKind::StorageFull => "there is no space left".to_owned(),
        ErrorKind::OutOfMemory => "there is not enough memory".to_owned(),
        _ => error.to_string(),
    }
}

/// A file that cannot be written.
pub(crate) fn unwritten(typed_flag: &str, error: &quyu_io::atomic::WriteError) -> Failure {
    let path = error.path.display().to_string();
    let message = Message::error(format!(
        "{} cannot be written: {}",
        shell_quoted(&path),
        plainly(&error.source)
    ));
    let message = match error.source.kind() {
        std::io::ErrorKind::AlreadyExists => message.help(format!(
            "--force replaces it, another name for {typed_flag} keeps it"
        )),
        _ => message,
    };
    Failure::new(IO, message)
}
