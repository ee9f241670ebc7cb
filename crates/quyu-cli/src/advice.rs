//! From what went wrong, as data, to what is told: where, why it matters, what would work.

use quyu_core::suggest::quoted;
use quyu_core::{AnalysisError, CoreError, Entry, ParamError, ParamKind, RegionCode, Year};
use quyu_io::table::{Fault, Own, Problem, Sheet, TableError};

use crate::columns::Roles;
use crate::exit::{ANALYSIS, DATA, Failure, IO, USAGE};
use crate::flags;
use crate::message::Message;
use crate::shell::{Typed, quoted as shell_quoted};
use crate::way_out::told;

/// Knows what was typed and what each column is for.
pub(crate) struct Adviser<'a> {
    pub(crate) typed: &'a Typed,
    pub(crate) entry: Option<&'static Entry>,
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
                let message = match (source.kind(), self.typed.listed(&file)) {
                    (std::io::ErrorKind::OutOfMemory, _) => message.help(SMALLER),
                    (std::io::ErrorKind::NotFound, Some(command)) => message
                        .help("if it is one more word of the flag before it, a comma joins them:")
                        .command(command),
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

    /// Faults without a place: columns. Several slips are mended by one command.
    pub(crate) fn faults(&self, file: &str, faults: Vec<Fault>) -> Failure {
        let slips = faults.len() > 1 && faults.iter().all(|f| matches!(f, Fault::UnknownColumn { .. }));
        let mut messages: Vec<Message> = faults
            .iter()
            .map(|f| self.problem(file, &Problem::from(f.clone()), !slips))
            .collect();
        if slips && let Some(last) = messages.pop() {
            messages.push(self.slips(last, &faults));
        }
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
        let message = Message::error(told(&problem.fault)).at(file, place);
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
        self.way_out(message, file, problem)
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
                    Some(close) => message
                        .help("with the nearest word:")
                        .command(self.typed.with(&format!("--{}", name.replace('_', "-")), close)),
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
                    Some(close) => message
                        .help("with the nearest region:")
                        .command(self.typed.replacing("--focus", name, close)),
                    None => message,
                };
                (USAGE, message)
            }
            CoreError::Unknown {
                what: "set", name, ..
            } => {
                let message = Message::error(format!("there is no set of regions `{name}`"))
                    .why("sets are named in data packages and cases; a table of one's own has regions and groups")
                    .help("--where keeps some of the regions, --focus names those looked at, --group a column of groups");
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
            AnalysisError::Statistic {
                statistic,
                region,
                source,
            } => {
                let text = source.to_string();
                // The numerics call their arguments x and w.
                let of_weight = text.contains("`w[");
                let flag = if of_weight { "--weight" } else { "--value" };
                let named = self
                    .roles
                    .iter()
                    .find(|(_, (f, _))| f == flag)
                    .map(|(name, _)| name);
                let at = region.as_ref().zip(named);
                let place = at.and_then(|(r, name)| {
                    let suspect =
                        |x: Option<f64>| x.is_some_and(|x| if of_weight { x < 0.0 } else { x <= 0.0 });
                    sheet.find_in_any_year(name, r.code(), suspect)
                });
                let text = at
                    .and_then(|(r, name)| of_column(&text, name, r))
                    .map_or_else(|| error.to_string(), |text| format!("{statistic}: {text}"));
                let message = Message::error(text).at(&sheet.raw.name, place);
                Failure::new(ANALYSIS, self.see_manual(message))
            }
            AnalysisError::Study { reason, .. } => {
                // A table has one vintage, and nobody chose it.
                let text = error.to_string().replace(" in the vintages chosen", "");
                let message = self.see_manual(Message::error(text));
                let (from, to) = sheet.period();
                let message = match reason.contains("no figures") && from != Year::UNDATED {
                    true if from == to => message.help(format!("the table has rows of {from}")),
                    true => message.help(format!("the table has rows of {from} to {to}")),
                    false => message,
                };
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
pub(crate) const SMALLER: &str = "keep the columns and rows that are needed, and try again; or let the rows stream by: `quyu cells` adds them up to \
                                  regions and years, and --rows takes rows that need no key";

/// `x[1]` of the numerics in words: the column, and the region whose figure it is.
fn of_column(text: &str, column: &str, region: &RegionCode) -> Option<String> {
    let (before, rest) = text.split_once("`x[").or_else(|| text.split_once("`w["))?;
    let (index, after) = rest.split_once("]`")?;
    let number = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
    let after = match after
        .strip_prefix(" = ")
        .and_then(|a| a.strip_suffix(" is negative"))
    {
        Some(value) => format!(" is negative: {value}"),
        None => after.to_owned(),
    };
    number.then(|| format!("{before}`{column}` of {region}{after}"))
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
    let reason = match error.source.kind() {
        std::io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        _ => plainly(&error.source),
    };
    let message = Message::error(format!("{} cannot be written: {reason}", shell_quoted(&path)));
    let message = match error.source.kind() {
        std::io::ErrorKind::AlreadyExists => message.help(format!(
            "--force replaces it, another name for {typed_flag} keeps it"
        )),
        _ => message,
    };
    Failure::new(IO, message)
}
