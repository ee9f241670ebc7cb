//! `where`: which rows are kept. Comparisons, lists, ranges, patterns and missing values, joined as in SQL.
//!
//! ```text
//! condition  = part { OR part }
//! part       = factor { AND factor }
//! factor     = NOT factor | ( condition ) | comparison
//! comparison = column OPERATOR operand
//!            | column [NOT] IN ( literal, … )
//!            | column [NOT] BETWEEN literal AND literal
//!            | column [NOT] LIKE 'pattern'          % any characters, _ one; ILIKE: in large or small letters
//!            | column IS [NOT] NULL
//! OPERATOR   = one of = == != <> < <= > >=
//! column     = a word, "a name" or `a name`, or the number of a column
//! operand    = literal | "a column"
//! literal    = 2010 | 'a text' | a word, which is a text
//! ```
//!
//! Words of the language may be written in large or small letters. A quote inside quotes is written twice.
//!
//! - With a number, numbers are compared. A field that is no number is an error where an order is asked for, and is unequal to every
//!   number where it is not.
//! - With a text, texts are compared, by the codes of their characters.
//! - A missing value meets no comparison and no negation of one, as in SQL: `x != 5` leaves out rows without an `x`; `or x is null`
//!   keeps them. In comparisons of texts only the empty field is missing, so that a region `NA` is one; `is null` and comparisons of
//!   numbers know all marks for missing values.

mod parse;
#[cfg(test)]
mod tests;

use super::fault::{Fault, Problem, TableError, only};
use super::number::Numbers;
use super::raw::Raw;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Text(String),
    /// A number, and how it is written.
    Number(f64, String),
    Column(usize),
}

/// What is asked of one field.
#[derive(Debug, Clone, PartialEq)]
enum Check {
    Compare(Operator, Operand),
    In(Vec<Operand>),
    /// A pattern; whether large and small letters are the same.
    Like(Vec<char>, bool),
    Null,
}

/// A condition as a tree.
#[derive(Debug, Clone, PartialEq)]
enum Expr {
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Not(Box<Expr>),
    Check(usize, Check),
}

/// A condition that a row meets or not; the default one is met by every row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions(Option<Expr>);

/// Keeps the rows that meet a condition. Nothing is left is an error.
///
/// # Errors
/// [`Fault::Condition`], [`Fault::UnknownColumn`], [`Fault::NotANumber`], [`Fault::NothingLeft`].
pub fn apply(raw: &mut Raw, text: &str) -> Result<(), TableError> {
    let conditions =
        Conditions::parse(text, |name| raw.column("where", name)).map_err(|fault| only(&raw.name, fault))?;
    let mut problem: Option<Problem> = None;
    let mut keep = vec![true; raw.len()];
    for (row, kept) in keep.iter_mut().enumerate() {
        match conditions.hold(&raw.options.numbers, |column| raw.field(row, column)) {
            Ok(holds) => *kept = holds,
            Err((column, fault)) => {
                problem.get_or_insert_with(|| Problem {
                    fault,
                    place: Some(raw.place(row, column)),
                });
            }
        }
    }
    if let Some(problem) = problem {
        return Err(only(&raw.name, problem));
    }
    raw.keep(|_, row| keep[row]);
    if raw.is_empty() {
        let text = text.to_owned();
        return Err(only(&raw.name, Fault::NothingLeft { text }));
    }
    Ok(())
}

impl Conditions {
    /// Reads a condition; `column` finds a column by its name.
    ///
    /// # Errors
    /// [`Fault::Condition`], or what `column` says.
    pub fn parse(text: &str, column: impl Fn(&str) -> Result<usize, Fault>) -> Result<Self, Fault> {
        parse::parse(text, &column).map(|expr| Self(Some(expr)))
    }

    /// The columns that are compared.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        let mut all = Vec::new();
        if let Some(expr) = &self.0 {
            expr.columns(&mut all);
        }
        all.into_iter()
    }

    /// Whether a row meets the condition.
    ///
    /// # Errors
    /// The column in which a number is expected, and what stands there.
    pub(crate) fn hold<'f>(
        &self,
        numbers: &Numbers,
        field: impl Fn(usize) -> &'f str,
    ) -> Result<bool, (usize, Fault)> {
        let row = Fields { numbers, field };
        match &self.0 {
            Some(expr) => Ok(row.meets(expr)? == Some(true)),
            None => Ok(true),
        }
    }
}

impl Expr {
    fn columns(&self, all: &mut Vec<usize>) {
        match self {
            Expr::Any(parts) | Expr::All(parts) => parts.iter().for_each(|p| p.columns(all)),
            Expr::Not(inner) => inner.columns(all),
            Expr::Check(column, check) => {
                all.push(*column);
                if let Check::Compare(_, Operand::Column(other)) = check {
                    all.push(*other);
                }
            }
        }
    }
}

/// The fields of a row.
struct Fields<'n, F> {
    numbers: &'n Numbers,
    field: F,
}

/// True, false, or unknown for want of a value.
type Truth = Result<Option<bool>, (usize, Fault)>;

impl<'f, F: Fn(usize) -> &'f str> Fields<'_, F> {
    fn meets(&self, expr: &Expr) -> Truth {
        match expr {
            Expr::Any(parts) => self.decided(parts, true),
            Expr::All(parts) => self.decided(parts, false),
            Expr::Not(inner) => Ok(self.meets(inner)?.map(|truth| !truth)),
            Expr::Check(column, check) => self.check(*column, check),
        }
    }

    /// One part of this truth decides; without one, a part that is unknown leaves all unknown.
    fn decided(&self, parts: &[Expr], by: bool) -> Truth {
        let mut unknown = false;
        for part in parts {
            match self.meets(part)? {
                Some(truth) if truth == by => return Ok(Some(by)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok((!unknown).then_some(!by))
    }

    fn check(&self, column: usize, check: &Check) -> Truth {
        let field = (self.field)(column);
        Ok(match check {
            Check::Null => Some(self.numbers.is_missing(field)),
            Check::Like(_, _) if field.is_empty() => None,
            Check::Like(pattern, folded) => Some(like(field, pattern, *folded)),
            Check::In(operands) => {
                let mut unknown = false;
                for operand in operands {
                    match self.equal(field, operand) {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => unknown = true,
                    }
                }
                (!unknown).then_some(false)
            }
            Check::Compare(Operator::Equal, operand) => self.equal(field, operand),
            Check::Compare(Operator::Unequal, operand) => self.equal(field, operand).map(|truth| !truth),
            Check::Compare(operator, operand) => self.ordered(column, field, operand)?.map(|order| {
                use std::cmp::Ordering::{Equal, Greater, Less};
                match operator {
                    Operator::Less => order == Less,
                    Operator::AtMost => order != Greater,
                    Operator::More => order == Greater,
                    Operator::AtLeast => order != Less,
                    Operator::Equal => order == Equal,
                    Operator::Unequal => order != Equal,
                }
            }),
        })
    }

    fn equal(&self, field: &str, operand: &Operand) -> Option<bool> {
        let texts = |other: &str| match field == other && !field.is_empty() {
            true => Some(true),
            false => (!field.is_empty() && !other.is_empty()).then_some(false),
        };
        match operand {
            // The empty text is asked for by name.
            Operand::Text(text) if text.is_empty() => Some(field.is_empty()),
            Operand::Text(text) => texts(text),
            Operand::Number(x, text) => match self.numbers.read(field) {
                _ if field == text => Some(true),
                Ok(number) => number.map(|y| *x == y),
                Err(_) => Some(false),
            },
            Operand::Column(other) => {
                let other = (self.field)(*other);
                match (self.numbers.read(field), self.numbers.read(other)) {
                    (Ok(Some(x)), Ok(Some(y))) => Some(x == y),
                    _ => texts(other),
                }
            }
        }
    }

    fn ordered(
        &self,
        column: usize,
        field: &str,
        operand: &Operand,
    ) -> Result<Option<std::cmp::Ordering>, (usize, Fault)> {
        let number = |column: usize, field: &str| self.numbers.read(field).map_err(|fault| (column, fault));
        let limit = match operand {
            Operand::Text(text) => return Ok((!field.is_empty()).then(|| field.cmp(text.as_str()))),
            Operand::Number(x, _) => Some(*x),
            Operand::Column(other) => number(*other, (self.field)(*other))?,
        };
        // Numbers that were read are finite, and so can be ordered.
        Ok(number(column, field)?
            .zip(limit)
            .and_then(|(x, y)| x.partial_cmp(&y)))
    }
}

/// Whether a text has the form of a pattern: `%` stands for any characters, `_` for one. Time is at most the product of the lengths.
fn like(text: &str, pattern: &[char], folded: bool) -> bool {
    let text: Vec<char> = match folded {
        true => text.to_lowercase().chars().collect(),
        false => text.chars().collect(),
    };
    let (mut t, mut p) = (0, 0);
    // Where the last `%` stands, and how much of the text it has taken.
    let mut open: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                open = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '_' || *c == text[t] => (t, p) = (t + 1, p + 1),
            _ => match open {
                Some((at, taken)) => {
                    open = Some((at, taken + 1));
                    (t, p) = (taken + 1, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}
