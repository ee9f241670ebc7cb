//! The command that was typed, and commands like it that would work.

use unicode_width::UnicodeWidthStr as _;

/// The words of the command line.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    words: Vec<String>,
}

impl Typed {
    pub(crate) fn new(args: &[String]) -> Self {
        let mut words = args.to_vec();
        if let Some(program) = words.first_mut() {
            // Where the program lies is of no use in an advice.
            "quyu".clone_into(program);
        }
        Self { words }
    }

    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// Of `quyu rows`: the command that asks for one of its analyses alone.
    pub(crate) fn of_run(&self, run: &[String]) -> Self {
        let mut words = vec![self.words[0].clone()];
        let (id, own) = run.split_at(run.len().min(1));
        words.extend_from_slice(id);
        let mut rest = self.words.iter().skip(1);
        let mut named = false;
        while let Some(word) = rest.next() {
            match word.as_str() {
                "rows" if !named => named = true,
                "--run" => {
                    rest.next();
                }
                run if run.starts_with("--run=") => {}
                _ => words.push(word.clone()),
            }
        }
        words.push("--rows".to_owned());
        words.extend_from_slice(own);
        Self { words }
    }

    /// Whether the command gives a flag this value.
    pub(crate) fn gives(&self, flag: &str, value: &str) -> bool {
        let apart = self.words.windows(2).any(|w| w[0] == flag && w[1] == value);
        apart || self.words.contains(&format!("{flag}={value}"))
    }

    /// The command with a word joined to the value of the flag before it; `None` if it is not such a word, or has the form of a file.
    pub(crate) fn listed(&self, word: &str) -> Option<String> {
        let flag = |w: &String| w.starts_with("--") && !w.contains('=');
        let follows = |w: &[String]| flag(&w[0]) && !w[1].starts_with('-') && w[2] == word;
        let at = self.words.windows(3).position(follows)?;
        if word.contains(['.', '/', '*']) {
            return None;
        }
        let mut words = self.words.clone();
        words.remove(at + 2);
        words[at + 1] = format!("{},{word}", words[at + 1]);
        Some(joined(&words))
    }

    /// The command with a flag set to a value: replaced if it is there, else added.
    pub(crate) fn with(&self, flag: &str, value: &str) -> String {
        self.with_all(&[(flag, value)])
    }

    /// The command with one more condition on its rows.
    pub(crate) fn with_condition(&self, condition: &str) -> String {
        let at = self.words.iter().position(|w| w == "--where");
        match at.and_then(|at| self.words.get(at + 1)) {
            Some(before) if before.split_whitespace().any(|w| w.eq_ignore_ascii_case("or")) => {
                self.with("--where", &format!("({before}) and {condition}"))
            }
            Some(before) => self.with("--where", &format!("{before} and {condition}")),
            None => self.with("--where", condition),
        }
    }

    /// The command with several flags set.
    pub(crate) fn with_all(&self, flags: &[(&str, &str)]) -> String {
        let mut command = self.clone();
        flags.iter().for_each(|(flag, value)| command.set(flag, value));
        joined(&command.words)
    }

    fn set(&mut self, flag: &str, value: &str) {
        let assigned = format!("{flag}=");
        let alone = self.words.last().is_some_and(|w| w == flag);
        match self.value_of(flag) {
            Some(_) if value.is_empty() => {}
            Some(old) if old.starts_with(&assigned) => *old = format!("{assigned}{value}"),
            Some(old) => value.clone_into(old),
            None if alone => {}
            None => {
                self.words.push(flag.to_owned());
                self.words.extend((!value.is_empty()).then(|| value.to_owned()));
            }
        }
    }

    /// The command with one word put in the place of another, inside a list or a condition too.
    pub(crate) fn replacing(&self, flag: &str, old: &str, new: &str) -> String {
        self.corrected(&[(flag.to_owned(), old.to_owned(), new.to_owned())])
    }

    /// The command with several slips mended: a flag, the word that it has, the word that was meant.
    pub(crate) fn corrected(&self, slips: &[(String, String, String)]) -> String {
        let mut command = self.clone();
        for (flag, old, new) in slips {
            match command.value_of(flag) {
                Some(value) => *value = with_word(value, old, new),
                None => command.words.extend([flag.clone(), new.clone()]),
            }
        }
        joined(&command.words)
    }

    /// The command with one whole word in the place of another, or of what stands before its `=`.
    pub(crate) fn with_words(&self, old: &str, new: &str) -> String {
        let assigned = format!("{old}=");
        let put = |w: &String| match w.strip_prefix(&assigned) {
            Some(value) => format!("{new}={value}"),
            None if w == old => new.to_owned(),
            None => w.clone(),
        };
        joined(&self.words.iter().map(put).collect::<Vec<_>>())
    }

    /// The program and its commands, without files and flags.
    pub(crate) fn command(&self) -> String {
        // Only `sql` has commands below it.
        let deep = if self.words.get(1).is_some_and(|w| w == "sql") {
            3
        } else {
            2
        };
        let named = self.words.iter().take(deep).take_while(|w| !w.starts_with('-'));
        named.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether the command has a flag.
    pub(crate) fn has(&self, flag: &str) -> bool {
        let assigned = format!("{flag}=");
        self.words.iter().any(|w| w == flag || w.starts_with(&assigned))
    }

    /// The value of a flag, as the word that follows it or behind its `=`.
    pub(crate) fn value(&self, flag: &str) -> Option<String> {
        let assigned = format!("{flag}=");
        let apart = self.words.windows(2).find(|w| w[0] == flag).map(|w| w[1].clone());
        apart.or_else(|| {
            self.words
                .iter()
                .find_map(|w| w.strip_prefix(&assigned))
                .map(str::to_owned)
        })
    }

    /// The word that holds the value of a flag.
    fn value_of(&mut self, flag: &str) -> Option<&mut String> {
        let assigned = format!("{flag}=");
        match self.words.iter().position(|w| w == flag) {
            Some(at) => self.words.get_mut(at + 1),
            None => self.words.iter_mut().find(|w| w.starts_with(&assigned)),
        }
    }
}

/// A text with one word put in the place of another; a word that is part of a longer one is left alone.
fn with_word(text: &str, old: &str, new: &str) -> String {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + old.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    };
    let at = text.match_indices(old).map(|(at, _)| at).find(whole);
    match at {
        Some(at) => format!("{}{new}{}", &text[..at], &text[at + old.len()..]),
        None => text.replacen(old, new, 1),
    }
}

/// Words as a POSIX shell reads them back.
pub(crate) fn joined(words: &[String]) -> String {
    words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(" ")
}

/// A command in lines that are not wider than the terminal, broken before its flags as a shell reads it. The first line
/// stands behind an indent, and so do the others.
pub(crate) fn broken(command: &str, width: usize, indent: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut quote = None;
    for word in command.split(' ') {
        match parts.last_mut() {
            Some(part) if quote.is_some() || !word.starts_with("--") => {
                part.push(' ');
                part.push_str(word);
            }
            _ => parts.push(word.to_owned()),
        }
        for c in word.chars().filter(|c| "'\"".contains(*c)) {
            quote = match quote {
                None => Some(c),
                Some(open) if open == c => None,
                open => open,
            };
        }
    }
    let mut text = String::new();
    let mut used = indent.len();
    for (i, part) in parts.iter().enumerate() {
        // A mark of continuation may have to stand behind it.
        let mark = if i + 1 < parts.len() { 2 } else { 0 };
        if i > 0 && used + 1 + part.width() + mark > width {
            text.push_str(&format!(" \\\n{indent}   "));
            used = indent.len() + 3;
        }
        if i > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(part);
        used += part.width();
    }
    text
}

/// One word, in quotes if it needs them: single ones, or double ones around a text that has single ones in it and nothing
/// that a shell would read between double ones.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c);
    // `!=` is read as it stands.
    let read = word.replace("!=", "").contains(['"', '$', '`', '\\', '!']);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if word.contains('\'') && !read {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &str) -> Typed {
        Typed::new(&words.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn an_advice_is_the_command_with_one_change() {
        let command = typed("/some/where/quyu gini a.csv --value gpd --time=yr");
        assert_eq!(
            command.with("--decimal", ","),
            "quyu gini a.csv --value gpd --time=yr --decimal ,"
        );
        assert_eq!(
            command.with("--value", "GDP per head"),
            "quyu gini a.csv --value 'GDP per head' --time=yr"
        );
        assert_eq!(
            command.with("--time", "year"),
            "quyu gini a.csv --value gpd --time=year"
        );
        assert_eq!(
            command.replacing("--value", "gpd", "gdp"),
            "quyu gini a.csv --value gdp --time=yr"
        );
        assert_eq!(
            command.with_all(&[("--decimal", ","), ("--thousands", " ")]),
            "quyu gini a.csv --value gpd --time=yr --decimal , --thousands ' '"
        );
        assert_eq!(
            typed("quyu gini --thousands ,").with_all(&[("--thousands", "none"), ("--decimal", ",")]),
            "quyu gini --thousands none --decimal ,"
        );
        let two = typed("quyu gini a.csv --compare 2010 2019 --value x");
        assert_eq!(
            two.listed("2019").unwrap(),
            "quyu gini a.csv --compare 2010,2019 --value x"
        );
        assert_eq!(two.listed("x"), None, "it belongs to its flag");
        assert_eq!(typed("quyu gini --value x b.csv").listed("b.csv"), None);
        let filtered = typed("quyu gini a.csv --where x>1 --value gdp");
        assert_eq!(
            filtered.with_condition("x < 9"),
            "quyu gini a.csv --where 'x>1 and x < 9' --value gdp"
        );
        let either = Typed::new(&["quyu", "gini", "--where", "x = 1 or y = 2"].map(str::to_owned));
        assert_eq!(
            either.with_condition("x < 9"),
            "quyu gini --where '(x = 1 or y = 2) and x < 9'"
        );
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("region != 'A'"), "\"region != 'A'\"");
        assert_eq!(quoted("it's $1"), "'it'\\''s $1'");
        let rows = Typed::new(
            &[
                "quyu",
                "-q",
                "rows",
                "rows",
                "--run",
                "gini --value x",
                "--memory",
                "1",
            ]
            .map(str::to_owned),
        );
        assert_eq!(
            joined(rows.of_run(&["gini", "--value", "x"].map(str::to_owned)).words()),
            "quyu gini -q rows --memory 1 --rows --value x"
        );
        assert_eq!(quoted("人均"), "人均");
    }

    #[test]
    fn a_long_command_is_broken_before_flags_and_not_in_a_text() {
        let command = "quyu gini a.csv --value gdp --where 'note = \"a --b c\"' --by last";
        assert_eq!(broken(command, 80, "  "), command);
        assert_eq!(
            broken(command, 46, "  "),
            "quyu gini a.csv --value gdp \\\n      --where 'note = \"a --b c\"' --by last"
        );
    }

    #[test]
    fn a_slip_is_mended_where_it_stands_and_nowhere_else() {
        let command =
            Typed::new(&["quyu", "clusters", "a.csv", "--features", "gdp_pc,gdp_p"].map(str::to_owned));
        assert_eq!(
            command.replacing("--features", "gdp_p", "pop"),
            "quyu clusters a.csv --features gdp_pc,pop"
        );
        let command = Typed::new(&["quyu", "gini", "--where", "gdppc > 1 and gdpp < 9"].map(str::to_owned));
        assert_eq!(
            command.replacing("--where", "gdpp", "gdp"),
            "quyu gini --where 'gdppc > 1 and gdp < 9'"
        );
        let slip = |flag: &str, old: &str, new: &str| (flag.to_owned(), old.to_owned(), new.to_owned());
        let command = typed("quyu gini a.csv --value gpd --weight=pob");
        assert_eq!(
            command.corrected(&[slip("--value", "gpd", "gdp"), slip("--weight", "pob", "pop")]),
            "quyu gini a.csv --value gdp --weight=pop"
        );
        assert_eq!(
            command.with_words("--weight", "--weights"),
            "quyu gini a.csv --value gpd --weights=pob"
        );
        assert_eq!(command.value("--weight").as_deref(), Some("pob"));
        assert!(command.has("--weight") && !command.has("--wei"));
    }
}
