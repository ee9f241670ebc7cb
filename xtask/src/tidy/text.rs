//! Rules on the text of one file.

use super::{Breach, File, Rule};

/// What a finished file does not say; written in pieces so that this file keeps the rule itself.
const UNFINISHED: [&str; 5] = [
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
];

/// Folders that exist on somebody's machine only.
const MACHINE: [&str; 4] = [
    concat!("/tm", "p/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Use", "rs/"),
];

/// Breaches in one file.
pub(super) fn breaches(file: &File) -> Vec<Breach> {
    let mut found = Vec::new();
    let Some(text) = &file.text else { return found };
    if file.extension() == "rs" && !text.starts_with("//!") {
        found.push(Breach::at(
            &file.path,
            1,
            Rule::ModuleDocs,
            "begin the module with a `//!` line that says what it owns",
        ));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        found.push(Breach::at(
            &file.path,
            text.lines().count(),
            Rule::LineEnds,
            "end the last line with a line feed",
        ));
    }
    let prose = matches!(file.extension(), "rs" | "md" | "toml" | "sh" | "");
    for (number, line) in text.split('\n').enumerate().map(|(i, l)| (i + 1, l)) {
        if line.ends_with('\r') {
            found.push(Breach::at(
                &file.path,
                number,
                Rule::LineEnds,
                "end lines with a line feed alone",
            ));
        }
        if let Some(word) = UNFINISHED.iter().find(|w| prose && has_word(line, w)) {
            found.push(Breach::at(
                &file.path,
                number,
                Rule::Unfinished,
                format!("finish what `{word}` leaves open, or open an issue and remove it"),
            ));
        }
        if let Some(folder) = MACHINE.iter().find(|m| names_path(line, m)) {
            found.push(Breach::at(
                &file.path,
                number,
                Rule::MachinePath,
                format!(
                    "name no folder of one machine (`{folder}`): write a relative path, or ask the system"
                ),
            ));
        }
    }
    found
}

/// Whether the line holds the word, not as a part of another.
fn has_word(line: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(inside) && (word.ends_with('!') || !after.is_some_and(inside))
    })
}

/// Whether the line names an absolute path that starts so. `https://host/home/` is none.
fn names_path(line: &str, start: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '}' | ')');
    line.match_indices(start)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(Option<usize>, Rule)> {
        breaches(&File::made(path, text))
            .iter()
            .map(|b| (b.line, b.rule))
            .collect()
    }

    #[test]
    fn a_module_begins_with_its_docs() {
        assert_eq!(rules("a.rs", "//! What it owns.\nfn a() {}\n"), []);
        assert_eq!(rules("a.rs", "fn a() {}\n"), [(Some(1), Rule::ModuleDocs)]);
        assert_eq!(rules("a.md", "No Rust.\n"), []);
    }

    #[test]
    fn lines_end_with_a_line_feed() {
        assert_eq!(
            rules("a.csv", "a\r\nb"),
            [(Some(2), Rule::LineEnds), (Some(1), Rule::LineEnds)]
        );
        assert_eq!(rules("a.csv", ""), []);
    }

    #[test]
    fn unfinished_work_is_found_as_a_word() {
        for word in UNFINISHED {
            let text = format!("A line.\nHere {word} stands.\n");
            assert_eq!(rules("a.md", &text), [(Some(2), Rule::Unfinished)], "{word}");
            assert_eq!(rules("a.csv", &text), [], "data may hold any word");
        }
        assert_eq!(
            rules("a.md", &format!("A{}Y and notes/todo.md\n", concat!("XX", "X"))),
            []
        );
    }

    #[test]
    fn machine_paths_are_found_but_addresses_are_not() {
        for folder in MACHINE {
            assert_eq!(
                rules("a.md", &format!("see `{folder}x`\n")),
                [(Some(1), Rule::MachinePath)]
            );
            assert_eq!(rules("a.csv", &format!("https://host.org{folder}x\n")), []);
        }
    }
}
