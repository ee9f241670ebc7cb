//! What is told to a person: an error, a warning or a note, with its place, its reason and a way out.

use quyu_io::table::Place;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::shell::broken;
use crate::terminal::{Colour, Paint, visible, wrapped};

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

    /// The message as it is printed. Prose is wrapped at the width, and so are commands, before their flags.
    pub(crate) fn rendered(&self, paint: Paint, width: usize) -> String {
        let word = paint.bold_in(self.level.colour(), self.level.word());
        let mut text = String::new();
        let head = wrapped(
            &visible(&self.text),
            width.saturating_sub(self.level.word().len() + 2),
            "  ",
        );
        text.push_str(&format!("{word}: {}\n", paint.bold(&head)));
        if let Some(file) = &self.file {
            text.push_str(&self.place_in(file, paint, width));
        }
        for line in &self.lines {
            match line {
                Line::Why(why) => text.push_str(&labelled("why", &visible(why), paint, width)),
                Line::Help(help) => text.push_str(&labelled("help", &visible(help), paint, width)),
                Line::Command(command) => {
                    let command = broken(&visible(command), width, "      ");
                    text.push_str(&format!("      {}\n", paint.bold(&command)));
                }
            }
        }
        text
    }

    fn place_in(&self, file: &str, paint: Paint, width: usize) -> String {
        let arrow = paint.in_colour(Colour::Blue, "-->");
        let file = visible(file);
        let Some(place) = &self.place else {
            return format!("  {arrow} {file}\n");
        };
        let column = place
            .column
            .as_ref()
            .map(|c| format!(", column `{}`", visible(c)))
            .unwrap_or_default();
        let file = place.spot.file.as_deref().map_or(file, visible);
        let (unit, number) = (place.spot.unit.word(), place.spot.number.to_string());
        let margin = " ".repeat(number.len());
        let bar = paint.in_colour(Colour::Blue, "|");
        let (text, start, length) = fitted(place, width.saturating_sub(number.len() + 4));
        let before: String = text.chars().take(start).collect();
        let inner: String = text.chars().skip(start).take(length).collect();
        // An empty field has no width, and still a place.
        let carets = "^".repeat(inner.width().max(1));
        let carets = paint.bold_in(self.level.colour(), &carets);
        format!(
            "  {arrow} {file}, {unit} {number}{column}\n {margin} {bar}\n {} {bar} {text}\n {margin} {bar} {}{carets}\n",
            paint.in_colour(Colour::Blue, &number),
            " ".repeat(before.width()),
        )
    }
}

/// The stretch of a line around what is marked that is no wider than the room, and first place and length of what is
/// marked in it, in characters. Chinese takes two columns a character.
fn fitted(place: &Place, room: usize) -> (String, usize, usize) {
    let text = visible(&place.text);
    if text.width() <= room {
        return (text.into_owned(), place.start, place.length);
    }
    let chars: Vec<char> = text.chars().collect();
    let wide = |at: usize| chars[at].width().unwrap_or(0);
    // A mark of omission may stand on either side.
    let room = room.saturating_sub(2).max(2);
    let (mut from, mut to, mut used) = (place.start, place.start, 0);
    let end = (place.start + place.length).min(chars.len());
    while to < end && used + wide(to) <= room {
        used += wide(to);
        to += 1;
    }
    let length = to - from;
    loop {
        let before = (from, to);
        if to < chars.len() && used + wide(to) <= room {
            used += wide(to);
            to += 1;
        }
        if from > 0 && used + wide(from - 1) <= room {
            from -= 1;
            used += wide(from);
        }
        if before == (from, to) {
            break;
        }
    }
    let mark = |cut: bool| if cut { "…" } else { "" };
    let shown: String = chars[from..to].iter().collect();
    let start = place.start - from + usize::from(from > 0);
    let text = format!("{}{shown}{}", mark(from > 0), mark(to < chars.len()));
    (text, start, length)
}

fn labelled(label: &str, text: &str, paint: Paint, width: usize) -> String {
    let indent = " ".repeat(label.len() + 6);
    let text = wrapped(text, width.saturating_sub(indent.len()), &indent);
    format!("  = {}: {text}\n", paint.in_colour(Colour::Cyan, label))
}

#[cfg(test)]
mod tests {
    use quyu_io::table::Spot;

    use super::*;

    fn shown(text: &str, start: usize, length: usize, width: usize) -> String {
        let place = Place {
            spot: Spot::line(2),
            column: None,
            text: text.to_owned(),
            start,
            length,
        };
        Message::error("e")
            .at("t.csv", Some(place))
            .rendered(Paint(false), width)
    }

    /// What stands above the carets.
    fn marked(message: &str) -> String {
        let lines: Vec<&str> = message.lines().collect();
        let carets = lines.iter().position(|l| l.contains('^')).unwrap();
        let from = lines[carets].find('^').unwrap();
        let to = lines[carets].width();
        let mut at = 0;
        let above = |c: &char| {
            at += c.width().unwrap_or(0);
            (from + 1..=to).contains(&at)
        };
        lines[carets - 1].chars().filter(above).collect()
    }

    #[test]
    fn a_line_of_chinese_fits_the_terminal_and_the_carets_stand_below_its_field() {
        let long = format!("{},一二三,{}", "江苏省".repeat(20), "浙江省".repeat(20));
        for width in [40, 80, 200] {
            let message = shown(&long, 61, 3, width);
            assert!(message.lines().all(|l| l.width() <= width), "{message}");
            assert!(message.contains("一二三"), "{message}");
            assert_eq!(marked(&message).trim(), "一二三", "{message}");
        }
        assert!(!shown(&long, 61, 3, 400).contains('…'));
    }

    #[test]
    fn what_stands_in_a_table_does_not_steer_the_terminal() {
        let message = shown("A,\u{1b}[2Jbad\u{7f}\u{9b}", 2, 9, 80);
        assert!(message.contains("A,␛[2Jbad␡\u{fffd}"), "{message}");
        assert!(
            !message.contains(|c: char| c.is_control() && c != '\n'),
            "{message}"
        );
        let message = Message::error("`a\u{7}` is none")
            .help("or \u{8}")
            .rendered(Paint(false), 80);
        assert!(message.contains("`a␇`") && message.contains("or ␈"), "{message}");
    }
}
