//! The flags that every command on a table has, and what they mean.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use quyu_core::{Missing, Param, ParamKind};
use quyu_io::table::{Encoding, KeyOptions, Numbers, ReadOptions, Source};

use crate::advice::Adviser;
use crate::columns::NEIGHBOURS;
use crate::exit::{Failure, USAGE};
use crate::message::Message;
use crate::output::Format;

/// Headings of the help page.
const COLUMNS: &str = "Columns";
const STUDY: &str = "Study";
const ROWS_HEADING: &str = "Rows without a key";
const INPUT: &str = "Input";
const OUTPUT: &str = "Output";

fn text(name: &'static str, value: &'static str, heading: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .help(help)
        .help_heading(heading)
}

/// The file.
pub(crate) fn file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .num_args(0..)
        .value_parser(value_parser!(PathBuf))
        .help(
            "A table: CSV, TSV, SDMX-CSV, Parquet, Arrow or Excel (xlsx), plain or packed with gzip or zstd; several files, or a pattern \
             in quotes such as 'data/*.csv', are read as one table; `-` or nothing reads standard input",
        )
}

/// Flags on how a table is read.
pub(crate) fn input() -> Vec<Arg> {
    vec![
        text("delimiter", "CHAR", INPUT, "Between fields; `tab` for a tab [default: found in the first line]"),
        text("quote", "CHAR", INPUT, "Around fields that hold the delimiter [default: \"]"),
        text("decimal", "CHAR", INPUT, "Before the fraction of a number: `.` or `,` [default: .]"),
        text("thousands", "CHAR", INPUT, "Between thousands: `,`, `.`, `'` or `space` [default: nothing]"),
        text("encoding", "NAME", INPUT, "Encoding; `auto` is UTF-8, or UTF-16 with a byte order mark [default: auto]")
            .value_parser(PossibleValuesParser::new(Encoding::NAMES)),
        text(
            "missing-values",
            "LIST",
            INPUT,
            "Texts that stand for a missing value, besides the empty one; `default` among them keeps the usual ones [default: NA, N/A, NaN, null, \
             `.`, `..`, `-`, `:` and the like]",
        )
        .value_delimiter(',')
        .allow_hyphen_values(true),
        Arg::new("no-header")
            .long("no-header")
            .action(ArgAction::SetTrue)
            .help("The first row is data; columns are called column1, column2, or by number")
            .help_heading(INPUT),
        text(
            "header-row",
            "NUMBER",
            INPUT,
            "The line or row that names the columns; what stands above it is left out [default: the first that is not empty]",
        )
        .value_parser(value_parser!(u32).range(1..)),
        text("sheet", "NAME", INPUT, "The sheet of a workbook, by name or number [default: the first]"),
        text("where", "CONDITION", INPUT, "Keep the rows that meet it, as in SQL (and, or, not, in, between, like, is null): \"year >= 2010 and region != '全国'\""),
    ]
}

/// Flags that name the keys of a table.
pub(crate) fn keys() -> Vec<Arg> {
    vec![
        text(
            "region",
            "COLUMN",
            COLUMNS,
            "The column of regions, by name or number [default: region]",
        ),
        text(
            "time",
            "COLUMN",
            COLUMNS,
            "The column of years [default: year if there is one, else all rows are of one period]",
        ),
        text(
            "class",
            "COLUMN",
            COLUMNS,
            "The column of sectors or other classes that figures are split by",
        ),
        Arg::new("wide")
            .long("wide")
            .action(ArgAction::SetTrue)
            .help("Years are columns: 2019, 2020, or gdp_2019, gdp_2020, pop_2019, pop_2020")
            .help_heading(COLUMNS),
    ]
}

/// The flag on rows with a missing figure.
pub(crate) fn missing_rows() -> Arg {
    text(
        "missing",
        "POLICY",
        STUDY,
        "What to do about a row with a missing figure or key: stop, or drop it and say so [default: error]",
    )
    .value_parser(PossibleValuesParser::new(["error", "drop"]))
}

/// The flag that makes every row a unit.
pub(crate) const ROWS: &str = "rows";

/// Flags on rows that stream by, for an analysis that takes them or not.
pub(crate) fn rows(takes: bool) -> Vec<Arg> {
    let flags = [
        Arg::new(ROWS)
            .long(ROWS)
            .action(ArgAction::SetTrue)
            .help("Every row is a unit, a firm or a patent: no key is needed, and the table may be larger than memory"),
        memory_of_rows(
            "With --rows: memory for rows that must be held and what is computed from them; beyond it a result is bracketed or refused \
             [default: 2]",
        ),
        reading_threads("With --rows: threads that read; the result is the same for any number [default: all]"),
    ];
    flags.map(|a| a.help_heading(ROWS_HEADING).hide(!takes)).to_vec()
}

/// The flag on memory for rows.
pub(crate) fn memory_of_rows(help: &'static str) -> Arg {
    Arg::new("memory")
        .long("memory")
        .value_name("GIB")
        .value_parser(value_parser!(f64))
        .help(help)
}

/// The flag on threads that read.
pub(crate) fn reading_threads(help: &'static str) -> Arg {
    Arg::new("threads")
        .long("threads")
        .value_name("NUMBER")
        .value_parser(value_parser!(u16).range(1..=1024))
        .help(help)
}

/// Threads that read.
pub(crate) fn threads(matches: &ArgMatches) -> usize {
    let given = matches.try_get_one::<u16>("threads").ok().flatten();
    let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    given.map_or_else(all, |n| usize::from(*n))
}

/// Flags on how figures of several regions are put together.
pub(crate) fn natures() -> Vec<Arg> {
    vec![
        text(
            "sums",
            "COLUMNS",
            COLUMNS,
            "Columns that add up over regions (jobs, GDP); a weight, and whatever is split by class, does without saying",
        )
        .value_delimiter(','),
        text(
            "ratio",
            "\"C = A / B\"",
            COLUMNS,
            "A column that is a ratio of two others, with its scale if it has one: \"gdp_pc = gdp / pop * 10000\"",
        )
        .action(ArgAction::Append),
        text(
            "per",
            "\"C = W\"",
            COLUMNS,
            "A column that is so much per unit of another, whose numerator is no column: \"income = pop\"; regions together have \
             the weighted mean",
        )
        .action(ArgAction::Append),
        text("unit", "COLUMN=UNIT", COLUMNS, "The unit of a column [default: what the header has in brackets]")
            .action(ArgAction::Append),
    ]
}

/// Flags that make a study of a table.
pub(crate) fn study() -> Vec<Arg> {
    vec![
        text("focus", "REGIONS", STUDY, "The regions looked at; the reference is always all of the table [default: all]")
            .value_delimiter(','),
        text("from", "YEAR", STUDY, "First year [default: of the table]").value_parser(value_parser!(i32)),
        text("to", "YEAR", STUDY, "Last year [default: of the table]").value_parser(value_parser!(i32)),
        text(
            "missing",
            "POLICY",
            STUDY,
            "What to do about a missing figure: stop, or drop its region from all years and say so [default: error]",
        )
        .value_parser(PossibleValuesParser::new(["error", "drop"])),
        text("seed", "NUMBER", STUDY, "Seed of everything random [default: 1]").value_parser(value_parser!(u32)),
    ]
}

/// Flags on where the result goes.
pub(crate) fn output() -> Vec<Arg> {
    vec![
        text(
            "format",
            "FORMAT",
            OUTPUT,
            "Form of the result [default: table, or what the name of --out ends in]",
        )
        .value_parser(PossibleValuesParser::new(Format::NAMES)),
        text(
            "table",
            "ID",
            OUTPUT,
            "The table to write, where a result has several [default: the main one]",
        ),
        Arg::new("full")
            .long("full")
            .action(ArgAction::SetTrue)
            .help("On the terminal too, all rows and columns with all digits")
            .help_heading(OUTPUT),
        text(
            "out",
            "FILE",
            OUTPUT,
            "Write the result to a file, whole or not at all",
        )
        .value_parser(value_parser!(PathBuf)),
        text(
            "plot",
            "FILE",
            OUTPUT,
            "Draw the figure of the result: .svg, or .png at twice the size",
        )
        .value_parser(value_parser!(PathBuf)),
        text(
            "figure",
            "ID",
            OUTPUT,
            "The figure to draw, where a result has several [default: the first]",
        ),
        Arg::new("force")
            .long("force")
            .action(ArgAction::SetTrue)
            .help("Replace files that exist")
            .help_heading(OUTPUT),
    ]
}

/// A key flag where an analysis has a parameter of the same name: the flag stays, and the parameter is called otherwise.
pub(crate) fn renamed(arg: Arg, params: &[Param]) -> Arg {
    let id = key_name(arg.get_id().as_str(), params);
    arg.id(id)
}

/// The flag of a parameter, without its hyphens. A list of classes is `--only-class`, because `--class` is a column everywhere.
pub(crate) fn long(param: &Param) -> String {
    match param.name {
        "region" | "time" | "class" => format!("only-{}", param.name),
        name => name.replace('_', "-"),
    }
}

/// Parameters that name a partition: on a table, a column.
pub(crate) const PARTITIONS: [&str; 5] = ["group", "nested", "crossed", "strata", "other_group"];

/// Whether a table has no use for a parameter: it has one vintage, no tile map, and no sets of regions.
pub(crate) fn in_vain(param: &Param) -> bool {
    let of_a_set =
        param.help.contains("`package:") && ["peers", "pooled", "scaled_over"].contains(&param.name);
    ["vintage", "neighbour_count", "distance"].contains(&param.name)
        || (of_a_set && !param.help.contains("or regions"))
}

/// What a parameter takes on the command line.
pub(crate) fn takes(param: &Param) -> String {
    match param.kind {
        _ if param.name == NEIGHBOURS => "a file of pairs of regions".to_owned(),
        ParamKind::Column => "a column".to_owned(),
        ParamKind::List(ParamKind::Column) => "columns, with commas between".to_owned(),
        ParamKind::Expr if PARTITIONS.contains(&param.name) => "a column of groups".to_owned(),
        ParamKind::Expr => "a name".to_owned(),
        ParamKind::List(ParamKind::Expr) => "a list, with commas between".to_owned(),
        ParamKind::List(ParamKind::Number { .. }) => "numbers, with commas between".to_owned(),
        _ => param.kind.expected().replace(&format!(" to {}", i64::MAX), " up"),
    }
}

/// A text of a declaration as the command line has it: `name = "word"` of a case is `--name word` here.
pub(crate) fn spoken(text: &str) -> String {
    let is_name = |n: &str| !n.is_empty() && n.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_word = |w: &str| w.starts_with(|c: char| c.is_ascii_lowercase()) && !w.contains(' ');
    let part = |(i, part): (usize, &str)| {
        let assigned = part
            .split_once(" = ")
            .map(|(name, word)| (name, word.trim_matches('"')));
        match assigned {
            Some((name, word)) if i % 2 == 1 && is_name(name) && is_word(word) => {
                format!("--{} {word}", name.replace('_', "-"))
            }
            _ => part.to_owned(),
        }
    };
    text.split('`')
        .enumerate()
        .map(part)
        .collect::<Vec<_>>()
        .join("`")
}

/// The id under which a key flag of this analysis goes.
pub(crate) fn key_name(name: &str, params: &[Param]) -> String {
    if params.iter().any(|p| p.name == name) {
        format!("{name}-column")
    } else {
        name.to_owned()
    }
}

/// A text flag, if the command has it and it was given.
pub(crate) fn given<'a>(matches: &'a ArgMatches, name: &str) -> Option<&'a String> {
    matches.try_get_one::<String>(name).ok().flatten()
}

/// A list flag.
pub(crate) fn list(matches: &ArgMatches, name: &str) -> Vec<String> {
    let values = matches.try_get_many::<String>(name).ok().flatten();
    values
        .map(|v| v.map(|t| t.trim().to_owned()).collect())
        .unwrap_or_default()
}

/// Where the table comes from: at least one source.
pub(crate) fn sources(matches: &ArgMatches, adviser: &Adviser<'_>) -> Result<Vec<Source>, Failure> {
    use std::io::IsTerminal as _;
    let words: Vec<PathBuf> = matches
        .get_many("file")
        .map(|all| all.cloned().collect())
        .unwrap_or_default();
    if words.is_empty() && std::io::stdin().is_terminal() {
        let message = Message::error("no table: name a file, or send one to standard input");
        return Err(Failure::new(USAGE, message));
    }
    if words.is_empty() {
        return Ok(vec![Source::Stdin]);
    }
    if words.iter().filter(|w| w.as_os_str() == "-").count() > 1 {
        return Err(wrong("standard input can be read once: name `-` once".to_owned()));
    }
    Source::all(&words).map_err(|e| adviser.table(e))
}

/// How the table is read.
pub(crate) fn read_options(matches: &ArgMatches) -> Result<ReadOptions, Failure> {
    let mut options = ReadOptions::default();
    if let Some(text) = given(matches, "delimiter") {
        options.delimiter = Some(byte("delimiter", text)?);
    }
    if let Some(text) = given(matches, "quote") {
        options.quote = byte("quote", text)?;
    }
    if options.delimiter == Some(options.quote) {
        return Err(wrong("--delimiter and --quote are the same character".to_owned()));
    }
    if let Some(name) = given(matches, "encoding") {
        options.encoding = Encoding::parse(name).unwrap_or_default();
    }
    options.header = !matches.get_flag("no-header");
    options.header_row = matches.get_one::<u32>("header-row").copied().map(u64::from);
    options.sheet = given(matches, "sheet").cloned();
    options.numbers = numbers(matches)?;
    Ok(options)
}

fn numbers(matches: &ArgMatches) -> Result<Numbers, Failure> {
    let mut numbers = Numbers::default();
    if let Some(text) = given(matches, "decimal") {
        numbers.decimal = match text.as_str() {
            "." | "point" => '.',
            "," | "comma" => ',',
            _ => return Err(wrong(format!("--decimal is `.` or `,`, not `{text}`"))),
        };
    }
    if let Some(text) = given(matches, "thousands") {
        let mark = match text.as_str() {
            "space" => Some(' '),
            "none" | "" => None,
            one if one.chars().count() == 1 => one.chars().next(),
            _ => {
                return Err(wrong(format!(
                    "--thousands is one character or `space`, not `{text}`"
                )));
            }
        };
        if mark == Some(numbers.decimal) || mark.is_some_and(|m| m.is_ascii_digit() || "+-eE".contains(m)) {
            return Err(wrong(format!(
                "--thousands cannot be `{text}`: it would be taken for another part of a number"
            )));
        }
        numbers.thousands = mark;
    }
    if matches.try_contains_id("missing-values").unwrap_or(false) {
        let named = list(matches, "missing-values");
        let usual = |text: String| match text.as_str() {
            "default" => std::mem::take(&mut numbers.missing),
            _ => vec![text],
        };
        numbers.missing = named.into_iter().flat_map(usual).collect();
    }
    Ok(numbers)
}

fn byte(flag: &str, text: &str) -> Result<u8, Failure> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        _ => match text.as_bytes() {
            [one] if one.is_ascii() && !one.is_ascii_alphanumeric() && !b"\n\r".contains(one) => Ok(*one),
            _ => Err(wrong(format!(
                "--{flag} is one character that is no letter or digit, not `{text}`"
            ))),
        },
    }
}

/// The keys of the table.
pub(crate) fn key_options(matches: &ArgMatches, params: &[Param]) -> KeyOptions {
    let key = |name: &str| given(matches, &key_name(name, params)).cloned();
    KeyOptions {
        region: key("region"),
        time: key("time"),
        class: key("class"),
        wide: matches.get_flag("wide"),
    }
}

/// The policy on missing figures.
pub(crate) fn missing(matches: &ArgMatches) -> Missing {
    match given(matches, "missing").map(String::as_str) {
        Some("drop") => Missing::Drop,
        _ => Missing::Error,
    }
}

/// A flag with a value that does not fit.
pub(crate) fn wrong(text: String) -> Failure {
    Failure::new(USAGE, Message::error(text))
}
