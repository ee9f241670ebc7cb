//! Parameters of an analysis: declared once, read from case.toml and from the command line.

use std::collections::BTreeMap;

use crate::indicator::Term;
use crate::suggest::{Near, quoted};

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParamKind {
    /// An indicator id, a term `indicator.class`, or a column of a table.
    Column,
    /// A number in a range, ends included.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A whole number in a range, ends included.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Flag,
    /// Several values of one kind.
    List(&'static ParamKind),
    /// A file.
    Path,
    /// An expression, or the name of a partition, set or relation.
    Expr,
}

impl ParamKind {
    /// What is expected, in words.
    pub fn expected(&self) -> String {
        match self {
            ParamKind::Column => "an indicator or column".to_owned(),
            ParamKind::Number { min, max } => format!("a number from {min} to {max}"),
            ParamKind::Integer { min, max } => format!("a whole number from {min} to {max}"),
            ParamKind::Choice(words) => {
                format!(
                    "one of {}",
                    quoted(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>(), "or")
                )
            }
            ParamKind::Flag => "true or false".to_owned(),
            ParamKind::List(kind) => format!("a list, each {}", kind.expected()),
            ParamKind::Path => "a path".to_owned(),
            ParamKind::Expr => "a name or expression".to_owned(),
        }
    }
}

/// Declaration of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Name: the key of case.toml, and the long flag with hyphens for underscores.
    pub name: &'static str,
    /// Kind.
    pub kind: ParamKind,
    /// Default as written on the command line (a list separated by commas); `None` if there is none.
    pub default: Option<&'static str>,
    /// Whether the analysis cannot run without it.
    pub required: bool,
    /// Help in a sentence.
    pub help: &'static str,
}

impl Param {
    /// A parameter that must be given.
    pub const fn required(name: &'static str, kind: ParamKind, help: &'static str) -> Self {
        Self {
            name,
            kind,
            default: None,
            required: true,
            help,
        }
    }

    /// A parameter that may be left out.
    pub const fn optional(name: &'static str, kind: ParamKind, help: &'static str) -> Self {
        Self {
            name,
            kind,
            default: None,
            required: false,
            help,
        }
    }

    /// A parameter with a default.
    pub const fn with_default(
        name: &'static str,
        kind: ParamKind,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            default: Some(default),
            required: false,
            help,
        }
    }
}

/// A value as it was given.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// A word.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// Several values.
    List(Vec<ParamValue>),
}

/// Why parameters were refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ParamError {
    /// No parameter of this name.
    #[error("`{analysis}` has no parameter `{name}`{near}")]
    Unknown {
        /// The analysis.
        analysis: String,
        /// The name.
        name: String,
        /// Names that resemble it.
        near: Near,
    },
    /// A value of the wrong kind or outside its range.
    #[error("`{analysis}` takes for `{name}` {expected}, not `{found}`{near}")]
    Value {
        /// The analysis.
        analysis: String,
        /// The parameter.
        name: &'static str,
        /// What was expected, in words.
        expected: String,
        /// What was found.
        found: String,
        /// Allowed words that resemble it.
        near: Near,
    },
    /// A parameter without which the analysis cannot run.
    #[error("`{analysis}` needs the parameter `{name}`: {help}")]
    Required {
        /// The analysis.
        analysis: String,
        /// The parameter.
        name: &'static str,
        /// Its help.
        help: &'static str,
    },
    /// Parameters that exclude each other or need one another.
    #[error("`{analysis}`: {reason}")]
    Combination {
        /// The analysis.
        analysis: String,
        /// What does not fit, in a sentence.
        reason: String,
    },
}

/// Checked parameters: every value is of its declared kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Params {
    values: BTreeMap<&'static str, ParamValue>,
}

impl Params {
    /// Checks what was given against a declaration and fills in the defaults.
    ///
    /// # Errors
    /// [`ParamError`] for an unknown name, a wrong value or a missing required parameter.
    pub fn check(
        analysis: &str,
        declared: &'static [Param],
        given: &BTreeMap<String, ParamValue>,
    ) -> Result<Self, ParamError> {
        if let Some(name) = given.keys().find(|g| !declared.iter().any(|p| p.name == **g)) {
            return Err(ParamError::Unknown {
                analysis: analysis.to_owned(),
                name: name.clone(),
                near: Near::to(name, declared.iter().map(|p| p.name)),
            });
        }
        let mut values = BTreeMap::new();
        for param in declared {
            let value = match (given.get(param.name), param.default) {
                (Some(value), _) => value.clone(),
                (None, Some(text)) => ParamValue::Text(text.to_owned()),
                (None, None) if param.required => {
                    return Err(ParamError::Required {
                        analysis: analysis.to_owned(),
                        name: param.name,
                        help: param.help,
                    });
                }
                (None, None) => continue,
            };
            let refused = |found: String, near: Near| ParamError::Value {
                analysis: analysis.to_owned(),
                name: param.name,
                expected: param.kind.expected(),
                found,
                near,
            };
            if param.required && value == ParamValue::List(Vec::new()) {
                return Err(refused(shown(&value), Near::default()));
            }
            values.insert(
                param.name,
                coerce(&param.kind, &value).map_err(|(found, near)| refused(found, near))?,
            );
        }
        Ok(Self { values })
    }

    /// Text of a parameter, if it was given or has a default.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(ParamValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The term that a parameter names.
    ///
    /// # Errors
    /// [`ParamError::Value`] if the text is not a well-formed term; [`ParamError::Required`] if there is none.
    pub fn term(&self, analysis: &str, name: &'static str) -> Result<Term, ParamError> {
        let text = self.text(name).ok_or_else(|| ParamError::Required {
            analysis: analysis.to_owned(),
            name,
            help: "an indicator id",
        })?;
        term(analysis, name, text)
    }

    /// The terms that a list names.
    ///
    /// # Errors
    /// [`ParamError::Value`] if one is not well formed.
    pub fn terms(&self, analysis: &str, name: &'static str) -> Result<Vec<Term>, ParamError> {
        self.texts(name)
            .into_iter()
            .map(|t| term(analysis, name, t))
            .collect()
    }

    /// Number of a parameter.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.values.get(name) {
            Some(ParamValue::Number(x)) => Some(*x),
            Some(ParamValue::Integer(i)) => Some(*i as f64),
            _ => None,
        }
    }

    /// Whole number of a parameter.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name) {
            Some(ParamValue::Integer(i)) => Some(*i),
            _ => None,
        }
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(ParamValue::Flag(true)))
    }

    /// Texts of a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.values.get(name) {
            Some(ParamValue::List(items)) => items
                .iter()
                .filter_map(|i| match i {
                    ParamValue::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Numbers of a list.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        match self.values.get(name) {
            Some(ParamValue::List(items)) => items
                .iter()
                .filter_map(|i| match i {
                    ParamValue::Number(x) => Some(*x),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whole numbers of a list.
    pub fn integers(&self, name: &str) -> Vec<i64> {
        match self.values.get(name) {
            Some(ParamValue::List(items)) => items
                .iter()
                .filter_map(|i| match i {
                    ParamValue::Integer(i) => Some(*i),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn term(analysis: &str, name: &'static str, text: &str) -> Result<Term, ParamError> {
    Term::parse(text).map_err(|_| ParamError::Value {
        analysis: analysis.to_owned(),
        name,
        expected: ParamKind::Column.expected(),
        found: text.to_owned(),
        near: Near::default(),
    })
}

type Refused = (String, Near);

/// Brings a value into the declared kind; text is read, as it comes from a command line.
fn coerce(kind: &ParamKind, value: &ParamValue) -> Result<ParamValue, Refused> {
    let refuse = || (shown(value), Near::default());
    match (kind, value) {
        (ParamKind::List(inner), ParamValue::List(items)) => items
            .iter()
            .map(|i| coerce(inner, i))
            .collect::<Result<_, _>>()
            .map(ParamValue::List),
        (ParamKind::List(inner), ParamValue::Text(text)) => text
            .split(',')
            .map(|part| coerce(inner, &ParamValue::Text(part.trim().to_owned())))
            .collect::<Result<_, _>>()
            .map(ParamValue::List),
        (ParamKind::Number { min, max }, _) => {
            let x = match value {
                ParamValue::Number(x) => *x,
                ParamValue::Integer(i) => *i as f64,
                ParamValue::Text(t) => t.parse().map_err(|_| refuse())?,
                _ => return Err(refuse()),
            };
            if x >= *min && x <= *max {
                Ok(ParamValue::Number(x))
            } else {
                Err(refuse())
            }
        }
        (ParamKind::Integer { min, max }, _) => {
            let i = match value {
                ParamValue::Integer(i) => *i,
                ParamValue::Text(t) => t.parse().map_err(|_| refuse())?,
                _ => return Err(refuse()),
            };
            if (*min..=*max).contains(&i) {
                Ok(ParamValue::Integer(i))
            } else {
                Err(refuse())
            }
        }
        (ParamKind::Flag, ParamValue::Flag(_)) => Ok(value.clone()),
        (ParamKind::Flag, ParamValue::Text(t)) => t.parse().map(ParamValue::Flag).map_err(|_| refuse()),
        (ParamKind::Choice(words), ParamValue::Text(t)) => {
            if words.contains(&t.as_str()) {
                Ok(value.clone())
            } else {
                Err((t.clone(), Near::to(t, words.iter().copied())))
            }
        }
        (ParamKind::Column | ParamKind::Path | ParamKind::Expr, ParamValue::Text(t)) if !t.is_empty() => {
            Ok(value.clone())
        }
        _ => Err(refuse()),
    }
}

fn shown(value: &ParamValue) -> String {
    match value {
        ParamValue::Text(t) => t.clone(),
        // `3.0` is not the whole number `3`.
        ParamValue::Number(x) => format!("{x:?}"),
        ParamValue::Integer(i) => i.to_string(),
        ParamValue::Flag(b) => b.to_string(),
        ParamValue::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}
