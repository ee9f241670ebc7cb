//! The terminal: colour, width, and writing that survives a closed pipe.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use unicode_width::UnicodeWidthStr as _;

use crate::exit::{Failure, IO};
use crate::message::Message;

/// Width where nobody says another.
const WIDTH: usize = 80;
/// Lines of prose are not longer than this, however wide the terminal is.
const WIDEST: usize = 100;

/// A colour of the terminal's own palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Red,
    Yellow,
    Blue,
    Cyan,
}

/// Paints text, or leaves it plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(crate) fn in_colour(self, colour: Colour, text: &str) -> String {
        self.with(code(colour), text)
    }

    pub(crate) fn bold_in(self, colour: Colour, text: &str) -> String {
        self.with(&format!("1;{}", code(colour)), text)
    }
}

fn code(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "31",
        Colour::Yellow => "33",
        Colour::Blue => "34",
        Colour::Cyan => "36",
    }
}

/// What is known about both streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// For the result.
    pub(crate) paint: Paint,
    /// For messages.
    messages: Paint,
    /// Width of the terminal, or 80.
    pub(crate) width: usize,
    quiet: bool,
}

impl Terminal {
    pub(crate) fn new(no_color: bool, quiet: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        let colour = !no_color && !set("NO_COLOR") && !dumb;
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|c| c.parse::<usize>().ok());
        let sized = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            paint: Paint(colour && io::stdout().is_terminal()),
            messages: Paint(colour && io::stderr().is_terminal()),
            width: columns.or_else(sized).unwrap_or(WIDTH).max(20),
            quiet,
        }
    }

    /// Width of prose.
    pub(crate) fn prose(&self) -> usize {
        self.width.min(WIDEST)
    }

    /// Whether somebody sees a line on standard error that is written over.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
    }

    /// Tells a person something: errors always, warnings and notes unless asked to be quiet.
    pub(crate) fn tell(&self, message: &Message) {
        if message.is_error() || !self.quiet {
            to_stderr(&message.rendered(self.messages, self.prose()));
        }
    }
}

/// Writes to standard error; if nobody listens, nobody is told.
pub(crate) fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes the result to standard output. A closed pipe is no error: its reader has what it wants.
pub(crate) fn to_stdout(text: &str) -> Result<(), Failure> {
    bytes_to_stdout(text.as_bytes())
}

/// As [`to_stdout`], for what is no text.
pub(crate) fn bytes_to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let message = Message::error(format!(
                "the result cannot be written to standard output: {error}"
            ));
            Err(Failure::new(IO, message))
        }
    }
}

/// Text with its control characters as pictures: what stands in a table must not steer the terminal.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && c != '\n';
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match u32::from(c) {
        _ if !steers(c) => c,
        0x7f => '\u{2421}',
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(picture).collect())
}

/// Breaks prose between words so that no line is wider; lines after the first are indented.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    wrapped_within(text, width.max(20), indent)
}

/// As [`wrapped`], however narrow.
pub(crate) fn wrapped_within(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    for (i, paragraph) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
            out.push_str(indent);
        }
        let mut used = 0;
        for word in paragraph.split(' ') {
            let wide = word.width();
            if used > 0 && used + 1 + wide > width {
                out.push('\n');
                out.push_str(indent);
                used = 0;
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += wide;
        }
    }
    out
}
