//! `quyu`: every analysis of the registry on somebody's own table.
//!
//! The commands are made from the same declarations that read `case.toml`. Standard output holds the result and nothing else;
//! whatever is said about it goes to standard error.

mod advice;
mod analysis;
mod app;
mod cells;
mod check;
mod columns;
mod describe;
mod exit;
mod explain;
mod finish;
mod flags;
mod grid;
mod interrupt;
mod layout;
mod list;
mod man;
mod message;
mod output;
mod progress;
mod report;
mod rows;
mod several;
mod shell;
mod sql;
mod terminal;
mod warned;

use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::exit::Failure;
use crate::shell::Typed;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // A damaged file at which somebody else's reader stumbles is told as such.
        if quyu_io::table::guard::is_guarded() {
            return;
        }
        terminal::to_stderr(&format!(
            "error: this is a bug in quyu, not in your table: {panic}\n  = help: report it with the command and, if you may, the table\n"
        ));
        std::process::exit(i32::from(exit::BUG));
    }));
    interrupt::watch();
    let args: Vec<String> = std::env::args_os()
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    ExitCode::from(run(&args))
}

fn run(args: &[String]) -> u8 {
    let registry = match quyu_catalog::registry() {
        Ok(registry) => registry,
        Err(error) => {
            terminal::to_stderr(&format!("error: {error}\n"));
            return exit::BUG;
        }
    };
    let plain = args.iter().any(|a| a == "--no-color");
    let matches = match app::command(&registry, plain).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => {
            let named = |a: &&String| !a.starts_with('-');
            let name = args.iter().skip(1).find(named).map_or("", String::as_str);
            Terminal::new(plain, false).tell(&app::unknown(&registry, name));
            return exit::USAGE;
        }
        Err(error) => {
            // Whoever closed the pipe has read enough.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit::OK,
                _ => exit::USAGE,
            };
        }
    };
    let terminal = Terminal::new(matches.get_flag("no-color"), matches.get_flag("quiet"));
    let typed = Typed::new(args);
    let done = match matches.subcommand() {
        Some(("list", m)) => list::run(&registry, m, &terminal),
        Some(("explain", m)) => explain::run(&registry, m, &terminal),
        Some(("describe", m)) => describe::run(&registry, m, &typed, &terminal),
        Some(("cells", m)) => cells::run(m, &typed, &terminal),
        Some(("rows", m)) => several::run(&registry, m, &typed, &terminal),
        Some(("sql", m)) => sql::run(&registry, m),
        Some(("finish", m)) => finish::run(&registry, m, &typed, &terminal),
        Some(("check", m)) => check::run(m, &typed, &terminal),
        Some(("report", m)) => report::run(&registry, m, &typed, &terminal),
        Some(("schema", _)) => terminal::to_stdout(&output::schema()),
        Some(("man", m)) => man::run(&registry, m),
        Some(("completions", m)) => app::completions(&registry, m),
        Some((id, m)) => registry
            .get(id)
            .map_err(Failure::from)
            .and_then(|entry| analysis::run(entry, m, &typed, &terminal)),
        None => Ok(()),
    };
    match done {
        Ok(()) => exit::OK,
        Err(failure) => {
            failure.messages.iter().for_each(|m| terminal.tell(m));
            failure.code
        }
    }
}
