//! Slips in a command that the parser of flags finds, told as everything else is.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use quyu_core::suggest::quoted;

use crate::message::Message;
use crate::shell::Typed;

/// The slip in words, with the command that was meant; `None` where the parser's own words do.
pub(crate) fn told(error: &clap::Error, typed: &Typed) -> Option<Message> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => all.first().cloned(),
        _ => None,
    };
    let argument = || text(ContextKind::InvalidArg).map(|a| plain(&a));
    let valid = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(all)) => all.clone(),
        _ => Vec::new(),
    };
    let message = match error.kind() {
        ErrorKind::UnknownArgument => {
            let flag = argument()?;
            let message = Message::error(format!("there is no flag `{flag}`"));
            match text(ContextKind::SuggestedArg) {
                Some(meant) => message
                    .help("with the nearest flag:")
                    .command(typed.with_words(&flag, &plain(&meant))),
                None => message,
            }
        }
        ErrorKind::InvalidValue => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let argument = argument()?;
            if value.is_empty() {
                let message = Message::error(format!("`{argument}` needs a value"));
                return Some(manual(words(message, &valid), typed));
            }
            let message = Message::error(format!("`{argument}` cannot be `{value}`"));
            let message = match text(ContextKind::SuggestedValue) {
                Some(meant) => message
                    .help("with the nearest word:")
                    .command(typed.with_words(&value, &meant)),
                None => message,
            };
            words(message, &valid)
        }
        ErrorKind::ValueValidation => {
            let value = text(ContextKind::InvalidValue)?;
            let reason = std::error::Error::source(error)
                .map(ToString::to_string)
                .unwrap_or_default();
            Message::error(format!(
                "`{}` cannot be `{value}`: it takes {}",
                argument()?,
                number(&reason)
            ))
        }
        ErrorKind::MissingSubcommand => {
            return Some(
                Message::error("no command is given")
                    .help("`quyu list` names the analyses, `quyu --help` the commands"),
            );
        }
        ErrorKind::MissingRequiredArgument => {
            let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
                return None;
            };
            let missing: Vec<String> = missing.iter().map(|m| plain(m)).collect();
            Message::error(format!("the command needs {}", quoted(&missing, "and")))
        }
        ErrorKind::ArgumentConflict => {
            let argument = argument()?;
            let other = text(ContextKind::PriorArg).map(|a| plain(&a));
            match other.filter(|o| *o != argument) {
                Some(other) => Message::error(format!("`{argument}` and `{other}` cannot go together")),
                None => Message::error(format!("`{argument}` is given twice")),
            }
        }
        _ => return None,
    };
    Some(manual(message, typed))
}

/// The words that a flag takes.
fn words(message: Message, valid: &[String]) -> Message {
    match valid {
        [] => message,
        all => message.help(format!("it takes {}", quoted(all, "or"))),
    }
}

/// What a flag takes whose value is a number, from the reason why the value is none.
fn number(reason: &str) -> String {
    let range = reason.split_once(" is not in ").map(|(_, range)| range);
    match range.and_then(|r| r.split_once("..=")) {
        Some((from, to)) if to.len() < 10 => format!("a whole number from {from} to {to}"),
        Some((from, _)) => format!("a whole number from {from} up"),
        None if reason.contains("float") => "a number".to_owned(),
        None => "a whole number".to_owned(),
    }
}

/// Where all flags stand.
fn manual(message: Message, typed: &Typed) -> Message {
    message.help(format!("`{} --help` lists the flags", typed.command()))
}

/// `--value <COLUMN>` without the name of its value.
fn plain(argument: &str) -> String {
    let name = argument.split([' ', '=', '[']).next().unwrap_or(argument);
    name.trim_end_matches('.').trim_matches(['<', '>']).to_owned()
}
