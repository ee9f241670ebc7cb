//! The command that was typed, and commands like it that would work.

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

    /// The command with a flag set to a value: replaced if it is there, else added.
    pub(crate) fn with(&self, flag: &str, value: &str) -> String {
        let mut words = self.words.clone();
        let assigned = format!("{flag}=");
        if let Some(at) = words.iter().position(|w| w == flag) {
            match words.get_mut(at + 1) {
                Some(old) if !value.is_empty() => value.clone_into(old),
                _ => {}
            }
        } else if let Some(word) = words.iter_mut().find(|w| w.starts_with(&assigned)) {
            *word = format!("{assigned}{value}");
        } else {
            words.push(flag.to_owned());
            if !value.is_empty() {
                words.push(value.to_owned());
            }
        }
        joined(&words)
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
        let mut text = joined(&command.words);
        for (flag, value) in flags {
            text = command.with(flag, value);
            command.words.push((*flag).to_owned());
            command.words.push((*value).to_owned());
        }
        text
    }

    /// The command with one word put in the place of another, inside a list too.
    pub(crate) fn replacing(&self, flag: &str, old: &str, new: &str) -> String {
        let assigned = format!("{flag}=");
        let mut words = self.words.clone();
        let value = match words.iter().position(|w| w == flag) {
            Some(at) => words.get_mut(at + 1),
            None => words.iter_mut().find(|w| w.starts_with(&assigned)),
        };
        if let Some(value) = value {
            *value = value.replacen(old, new, 1);
            return joined(&words);
        }
        self.with(flag, new)
    }
}

/// Words as a POSIX shell reads them back.
pub(crate) fn joined(words: &[String]) -> String {
    words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(" ")
}

/// One word, in quotes if it needs them.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
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
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("人均"), "人均");
    }
}
