//! Words inside Markdown that are to be read as they stand.

/// Escapes what GitHub Markdown would take for markup inside a line: emphasis, code, links, HTML, formulas and the bars
/// of a table. Line ends become spaces. An underscore inside a word and a bracket that opens no link are left alone, so
/// that the raw text stays readable.
pub fn escape(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (i, &c) in characters.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| characters[b]);
        let after = characters.get(i + 1).copied();
        let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let markup = match c {
            '\\' | '`' | '*' | '|' | '<' | '~' | '$' => true,
            '_' => !(in_word(before) && in_word(after)),
            '[' => after == Some('^'),
            ']' => matches!(after, Some('(' | '[' | ':')),
            '&' => is_entity(&characters[i + 1..]),
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }
    out
}

/// Whether what follows an ampersand makes it a character reference: `amp;` or `#38;`, but not the D of `R&D`.
fn is_entity(rest: &[char]) -> bool {
    let name = rest
        .iter()
        .take_while(|c| c.is_ascii_alphanumeric() || **c == '#')
        .count();
    name > 0 && rest.get(name) == Some(&';')
}
