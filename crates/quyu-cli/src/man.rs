//! `quyu man`: manual pages for `man`, made from the same commands as the help.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use clap_mangen::Man;
use quyu_core::suggest::Near;
use quyu_core::{Entry, Registry};
use quyu_io::atomic::{Existing, make_folder, write_asked};

use crate::advice::unwritten;
use crate::app;
use crate::exit::Failure;
use crate::explain::paragraphs;
use crate::flags::{given, wrong};
use crate::terminal::to_stdout;

/// Writes one page to standard output, or all of them into a folder.
pub(crate) fn run(registry: &Registry, matches: &ArgMatches) -> Result<(), Failure> {
    let mut root = app::command(registry, true);
    // Gives the flags of every command to each of them.
    root.build();
    let root = registry.iter().fold(root, |root, entry| {
        root.mut_subcommand(entry.id, |c| c.long_about(described(entry)))
    });
    if let Some(folder) = matches.get_one::<PathBuf>("out") {
        let existing = match matches.get_flag("force") {
            true => Existing::Replace,
            false => Existing::Keep,
        };
        return all(&root, folder, existing);
    }
    let page = match given(matches, "command") {
        None => page(&root, None),
        Some(name) => match root.find_subcommand(name) {
            Some(command) => page(&root, Some(command)),
            None => {
                let near = Near::to(name, root.get_subcommands().map(Command::get_name));
                return Err(wrong(format!("there is no command `{name}`{near}")));
            }
        },
    };
    to_stdout(&page)
}

/// The manual of an analysis as the description of its page.
fn described(entry: &Entry) -> String {
    let text = paragraphs(entry).join("\n\n").replace("**", "");
    format!("{}.\n\n{text}", entry.summary)
}

fn all(root: &Command, folder: &Path, existing: Existing) -> Result<(), Failure> {
    make_folder(folder).map_err(|e| unwritten("--out", &e))?;
    let write = |name: &str, page: String| {
        let path = folder.join(format!("{name}.1"));
        write_asked(&path, page.as_bytes(), existing).map_err(|e| unwritten("--out", &e))
    };
    write("quyu", page(root, None))?;
    for command in root.get_subcommands() {
        write(&format!("quyu-{}", command.get_name()), page(root, Some(command)))?;
    }
    Ok(())
}

/// The page of the command as a whole, or of one of its commands, in roff.
fn page(root: &Command, command: Option<&Command>) -> String {
    let name = command.map_or_else(|| "quyu".to_owned(), |c| format!("quyu-{}", c.get_name()));
    let mut shown = command.unwrap_or(root).clone();
    let usage = shown.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let shown = shown.name(name).override_usage(usage);
    let man = Man::new(shown)
        .manual("quyu")
        .source(format!("quyu {}", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = man.render(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
