//! What is told to a person: an error, a warning or a note, with its place, its reason and a way out.

use quyu_io::table::Place;
use unicode_width::UnicodeWidthStr as _;

use crate::terminal::{Colour, Paint, wrapped};

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }

    fn colour(self) -> Colour {
        match self {
            Level::Error => Colour::Red,
            Level::Warning => Colour::Yellow,
            Level::Note => Colour::Cyan,
        }
    }
}

/// A line below the message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Why(String),
    Help(String),
    Command(String),
}

/// Something that is told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    level: Level,
    text: String,
    file: Option<String>,
    place: Option<Place>,
    lines: Vec<Line>,
}

impl Message {
    fn new(level: Level, text: impl Into<String>) -> Self {
        Self {
            level,
            text: text.into(),
            file: None,
            place: None,
            lines: Vec::new(),
        }
    }

    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self::new(Level::Error, text)
    }

    pub(crate) fn warning(text: impl Into<String>) -> Self {
        Self::new(Level::Warning, text)
    }

    pub(crate) fn note(text: impl Into<String>) -> Self {
        Self::new(Level::Note, text)
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn at(mut self, file: &str, place: Option<Place>) -> Self {
        self.file = Some(file.to_owned());
        self.place = place;
        self
    }

    /// Why it matters.
    #[must_use]
    pub(crate) fn why(mut self, text: impl Into<String>) -> Self {
        self.lines.push(Line::Why(text.into()));
        self
    }

    /// What to do, in words.
    #[must_use]
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.lines.push(Line::Help(text.into()));
        self
    }

    /// A command that would work, or would tell more.
    #[must_use]
    pub(crate) fn command(mut self, text: impl Into<String>) -> Self {
        self.lines.push(Line::Command(text.into()));
        self
    }

    /// Whether it is an error.
    pub(crate) fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// The message as it is printed. Prose is wrapped at the width, the user's own text and commands are not.
    pub(crate) fn rendered(&self, paint: Paint, width: usize) -> String {
        let word = paint.bold_in(self.level.colour(), self.level.word());
        let mut text = String::new();
        let head = wrapped(
            &self.text,
            width.saturating_sub(self.level.word().len() + 2),
            "  ",
        );
        text.push_str(&format!("{word}: {}\n", paint.bold(&head)));
        if let Some(file) = &self.file {
            text.push_str(&self.place_in(file, paint));
        }
        for line in &self.lines {
            match line {
                Line::Why(why) => text.push_str(&labelled("why", why, paint, width)),
                Line::Help(help) => text.push_str(&labelled("help", help, paint, width)),
                Line::Command(command) => text.push_str(&format!("      {}\n", paint.bold(command))),
            }
        }
        text
    }

    fn place_in(&self, file: &str, paint: Paint) -> String {
        let arrow = paint.in_colour(Colour::Blue, "-->");
        let Some(place) = &self.place else {
            return format!("  {arrow} {file}\n");
        };
        let column = place
            .column
            .as_ref()
            .map(|c| format!(", column `{c}`"))
            .unwrap_or_default();
        let file = place.spot.file.as_deref().unwrap_or(file);
        let (unit, number) = (place.spot.unit.word(), place.spot.number.to_string());
        let margin = " ".repeat(number.len());
        let bar = paint.in_colour(Colour::Blue, "|");
        let before: String = place.text.chars().take(place.start).collect();
        let inner: String = place.text.chars().skip(place.start).take(place.length).collect();
        // An empty field has no width, and still a place.
        let carets = "^".repeat(inner.width().max(1));
        let carets = paint.bold_in(self.level.colour(), &carets);
        format!(
            "  {arrow} {file}, {unit} {number}{column}\n {margin} {bar}\n {} {bar} {}\n {margin} {bar} {}{carets}\n",
            paint.in_colour(Colour::Blue, &number),
            place.text,
            " ".repeat(before.width()),
        )
    }
}

fn labelled(label: &str, text: &str, paint: Paint, width: usize) -> String {
    let indent = " ".repeat(label.len() + 6);
    let text = wrapped(text, width.saturating_sub(indent.len()), &indent);
    format!("  = {}: {text}\n", paint.in_colour(Colour::Cyan, label))
}
