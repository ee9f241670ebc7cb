//! `cargo xtask tidy`: the house rules that no compiler checks.

mod layers;
mod text;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::checkout;

/// Nothing to choose.
#[derive(Debug, Args)]
#[command(after_help = "\
Every breach is a line `file:line: rule: what to do`.\n\n\
Exit codes: 0 all rules are kept, 1 a rule is broken, 5 a file cannot be read.")]
pub(crate) struct TidyArgs {}

/// A house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    ModuleDocs,
    Unfinished,
    MachinePath,
    LineEnds,
    Links,
    Size,
    TopLevel,
    Snapshots,
    Manifest,
    Map,
    Layers,
    Effects,
    Private,
    Vocabulary,
    Excerpts,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Rule::ModuleDocs => "module-docs",
            Rule::Unfinished => "unfinished",
            Rule::MachinePath => "machine-path",
            Rule::LineEnds => "line-ends",
            Rule::Links => "links",
            Rule::Size => "size",
            Rule::TopLevel => "top-level",
            Rule::Snapshots => "snapshots",
            Rule::Manifest => "manifest",
            Rule::Map => "map",
            Rule::Layers => "layers",
            Rule::Effects => "effects",
            Rule::Private => "private",
            Rule::Vocabulary => "vocabulary",
            Rule::Excerpts => "excerpts",
        }
    }
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Breach {
    file: PathBuf,
    line: Option<usize>,
    rule: Rule,
    advice: String,
}

impl Breach {
    fn at(file: &Path, line: usize, rule: Rule, advice: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: Some(line),
            rule,
            advice: advice.into(),
        }
    }

    fn of(file: &Path, rule: Rule, advice: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            rule,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}: {}", self.rule.name(), self.advice)
    }
}

/// What keeps the rules from being checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TidyError {
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A manifest that is no TOML.
    #[error("{}: {source}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
    /// Cargo cannot say what a crate depends on.
    #[error("cargo tree failed: {message}")]
    Tree {
        /// What cargo said.
        message: String,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> TidyError {
    let path = path.to_owned();
    move |source| TidyError::Io { path, source }
}

/// A file of the project: its path from the root, its length, its text unless it is binary.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    bytes: usize,
    text: Option<String>,
}

impl File {
    fn read(root: &Path, path: PathBuf) -> Result<Self, TidyError> {
        let bytes = std::fs::read(root.join(&path)).map_err(io(&path))?;
        let binary = bytes.contains(&0);
        Ok(Self {
            path,
            bytes: bytes.len(),
            text: (!binary).then(|| String::from_utf8(bytes).ok()).flatten(),
        })
    }

    fn extension(&self) -> &str {
        self.path.extension().and_then(|e| e.to_str()).unwrap_or_default()
    }

    /// Lines with their numbers, from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .iter()
            .flat_map(|t| t.lines())
            .enumerate()
            .map(|(i, l)| (i + 1, l))
    }

    #[cfg(test)]
    fn made(path: &str, text: &str) -> Self {
        Self {
            path: PathBuf::from(path),
            bytes: text.len(),
            text: Some(text.to_owned()),
        }
    }
}

/// All breaches in a checkout, in order of file.
fn breaches(root: &Path) -> Result<Vec<Breach>, TidyError> {
    let paths = checkout::files(root).map_err(io(root))?;
    let files = paths
        .into_iter()
        .map(|path| File::read(root, path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut found: Vec<Breach> = files.iter().flat_map(text::breaches).collect();
    found.extend(tree::breaches(&files));
    found.extend(layers::breaches(root, &files)?);
    found.sort();
    Ok(found)
}

/// Checks the rules and prints every breach.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(_args: &TidyArgs) -> ExitCode {
    match breaches(&checkout::root()) {
        Ok(found) if found.is_empty() => {
            println!("tidy: all rules are kept");
            ExitCode::SUCCESS
        }
        Ok(found) => {
            found.iter().for_each(|b| println!("{b}"));
            println!("tidy: {} to mend", found.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(5)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_names_file_line_rule_and_remedy() {
        let breach = Breach::at(Path::new("a/b.rs"), 3, Rule::ModuleDocs, "begin with `//!`");
        assert_eq!(breach.to_string(), "a/b.rs:3: module-docs: begin with `//!`");
        let breach = Breach::of(Path::new("big.csv"), Rule::Size, "split it");
        assert_eq!(breach.to_string(), "big.csv: size: split it");
    }
}
