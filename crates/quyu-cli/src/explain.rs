//! `quyu explain`: the manual of an analysis in the terminal.

use clap::ArgMatches;
use quyu_core::{Entry, Param, Registry};

use crate::app::LINKS;
use crate::columns::NEIGHBOURS;
use crate::exit::Failure;
use crate::flags;
use crate::shell::{broken, quoted};
use crate::terminal::{Paint, Terminal, to_stdout, wrapped};

/// Writes the manual.
pub(crate) fn run(registry: &Registry, matches: &ArgMatches, terminal: &Terminal) -> Result<(), Failure> {
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    let entry = registry.get(id)?;
    let (paint, width) = (terminal.paint, terminal.prose());
    let title = wrapped(&format!("**{}**: {}", entry.id, entry.summary), width, "  ");
    let mut text = emphasised(&title, paint) + "\n";
    for paragraph in paragraphs(entry) {
        // An item of a list hangs behind its mark.
        let indent = if paragraph.starts_with("- ") { "  " } else { "" };
        let gap = if indent.is_empty() { "\n" } else { "" };
        let lines = wrapped(&paragraph, width.saturating_sub(indent.len()), indent);
        text.push_str(&format!("{gap}{}\n", emphasised(&lines, paint)));
    }
    text.push_str(&format!("\n{}\n", paint.bold("Parameters.")));
    for param in entry.params.iter().filter(|p| !flags::in_vain(p)) {
        let said = match param.name {
            NEIGHBOURS => format!(
                "{LINKS}.{}",
                if param.default.is_some() { " Required." } else { "" }
            ),
            _ => format!(
                "{}; {}.{}",
                flags::takes(param),
                flags::spoken(param.help),
                default(param)
            ),
        };
        let name = format!("--{}", flags::long(param));
        text.push_str(&line(&name, &said, width));
    }
    let mut more = entry.params.iter().filter(|p| flags::in_vain(p)).peekable();
    if more.peek().is_some() {
        text.push_str(&format!("\n{}\n", paint.bold("In a case alone, not on a table.")));
    }
    for param in more {
        let said = format!("{}; {}.{}", param.kind.expected(), param.help, default(param));
        text.push_str(&line(param.name, &said, width));
    }
    text.push_str(&format!(
        "\n{}\n  {}\n",
        paint.bold("Example."),
        broken(&example(entry), width, "  ")
    ));
    to_stdout(&text)
}

/// What holds where nobody says otherwise.
fn default(param: &Param) -> String {
    match (param.default, param.required) {
        (Some(default), _) => format!(" Default: {default}."),
        (None, true) => " Required.".to_owned(),
        (None, false) => String::new(),
    }
}

fn line(name: &str, said: &str, width: usize) -> String {
    format!(
        "  {name}\n      {}\n",
        wrapped(said, width.saturating_sub(6), "      ")
    )
}

/// The paragraphs of a manual, and the items of its lists, each on a line: they are broken where the source is, and here at
/// the width of the terminal.
pub(crate) fn paragraphs(entry: &Entry) -> Vec<String> {
    let items = entry.manual.trim().replace("\n- ", "\n\n- ");
    let line = |p: &str| flags::spoken(&p.split_whitespace().collect::<Vec<_>>().join(" "));
    items.split("\n\n").map(line).filter(|l| !l.is_empty()).collect()
}

/// `**bold**` as the terminal has it.
fn emphasised(text: &str, paint: Paint) -> String {
    let parts = text.split("**").enumerate();
    parts
        .map(|(i, part)| {
            if i % 2 == 1 {
                paint.bold(part)
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// The example of the declaration as a command.
fn example(entry: &Entry) -> String {
    let mut command = format!("quyu {} data.csv", entry.id);
    if entry
        .params
        .iter()
        .any(|p| p.name == NEIGHBOURS && p.default.is_some())
    {
        command.push_str(" --neighbours pairs.csv");
    }
    for line in entry.example.lines() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim();
        let list = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
        let unquoted = |v: &str| v.trim().trim_matches('"').to_owned();
        let text = match list {
            Some(items) => items
                .split(',')
                .map(unquoted)
                .filter(|v| !v.is_empty())
                .collect::<Vec<_>>()
                .join(","),
            None => unquoted(value),
        };
        let flag = name.trim().replace('_', "-");
        match text.as_str() {
            "true" => command.push_str(&format!(" --{flag}")),
            "false" => command.push_str(&format!(" --{flag}=false")),
            text => command.push_str(&format!(" --{flag} {}", quoted(text))),
        }
    }
    command
}
