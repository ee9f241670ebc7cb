//! `where`: which rows are kept. A small part of SQL: comparisons and lists, joined by `and`.

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
    In,
    NotIn,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Text(String),
    Number(f64, String),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    column: usize,
    operator: Operator,
    literals: Vec<Literal>,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A bare word: a column, a word of the language or a number.
    Word(String),
    /// `"a name"` or a name in backticks.
    Name(String),
    /// `'a text'`.
    Text(String),
    /// A comparison, a bracket or a comma.
    Sign(String),
}

/// Conditions that a row meets or not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions(Vec<Condition>);

/// Keeps the rows that meet every condition: `year >= 2010 and region != '全国'`.
///
/// A comparison of order reads the field as a number; a field without a number meets none. Equality with a number compares
/// numbers where the field is one, else texts. Nothing is left is an error.
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
    /// Reads conditions; `column` finds a column by its name.
    ///
    /// # Errors
    /// [`Fault::Condition`], or what `column` says.
    pub fn parse(text: &str, column: impl Fn(&str) -> Result<usize, Fault>) -> Result<Self, Fault> {
        parse(column, text).map(Self)
    }

    /// The columns that are compared.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|c| c.column)
    }

    /// Whether a row meets all of them.
    ///
    /// # Errors
    /// The column in which a number is expected, and what stands there.
    pub(crate) fn hold<'f>(
        &self,
        numbers: &Numbers,
        field: impl Fn(usize) -> &'f str,
    ) -> Result<bool, (usize, Fault)> {
        for condition in &self.0 {
            let holds = condition.holds(numbers, field(condition.column));
            if !holds.map_err(|fault| (condition.column, fault))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Condition {
    fn holds(&self, numbers: &Numbers, field: &str) -> Result<bool, Fault> {
        let equal = |literal: &Literal| match literal {
            Literal::Text(text) => field == text,
            Literal::Number(x, text) => match numbers.read(field) {
                Ok(Some(y)) => *x == y,
                _ => field == text,
            },
        };
        let any = || self.literals.iter().any(equal);
        match self.operator {
            Operator::Equal | Operator::In => return Ok(any()),
            Operator::Unequal | Operator::NotIn => return Ok(!any()),
            _ => {}
        }
        let (Some(Literal::Number(limit, _)), Some(x)) = (self.literals.first(), numbers.read(field)?) else {
            return Ok(false);
        };
        Ok(match self.operator {
            Operator::Less => x < *limit,
            Operator::AtMost => x <= *limit,
            Operator::More => x > *limit,
            _ => x >= *limit,
        })
    }
}

fn parse(column_of: impl Fn(&str) -> Result<usize, Fault>, text: &str) -> Result<Vec<Condition>, Fault> {
    let wrong = || Fault::Condition {
        text: text.to_owned(),
    };
    let mut tokens = tokens(text).ok_or_else(wrong)?.into_iter().peekable();
    let mut conditions = Vec::new();
    loop {
        let column = match tokens.next() {
            Some(Token::Word(name) | Token::Name(name)) => column_of(&name)?,
            _ => return Err(wrong()),
        };
        let operator = match tokens.next() {
            Some(Token::Sign(sign)) => sign_of(&sign),
            Some(Token::Word(word)) if is(&word, "in") => Some(Operator::In),
            Some(Token::Word(word)) if is(&word, "not") => match tokens.next() {
                Some(Token::Word(word)) if is(&word, "in") => Some(Operator::NotIn),
                _ => None,
            },
            _ => None,
        }
        .ok_or_else(wrong)?;
        let literals = if matches!(operator, Operator::In | Operator::NotIn) {
            list(&mut tokens).ok_or_else(wrong)?
        } else {
            vec![tokens.next().and_then(literal).ok_or_else(wrong)?]
        };
        let ordered = !matches!(
            operator,
            Operator::Equal | Operator::Unequal | Operator::In | Operator::NotIn
        );
        if ordered && !matches!(literals.first(), Some(Literal::Number(..))) {
            return Err(wrong());
        }
        conditions.push(Condition {
            column,
            operator,
            literals,
        });
        match tokens.next() {
            None => return Ok(conditions),
            Some(Token::Word(word)) if is(&word, "and") => {}
            Some(_) => return Err(wrong()),
        }
    }
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

fn sign_of(sign: &str) -> Option<Operator> {
    Some(match sign {
        "=" | "==" => Operator::Equal,
        "!=" | "<>" => Operator::Unequal,
        "<" => Operator::Less,
        "<=" => Operator::AtMost,
        ">" => Operator::More,
        ">=" => Operator::AtLeast,
        _ => return None,
    })
}

fn literal(token: Token) -> Option<Literal> {
    match token {
        Token::Text(text) => Some(Literal::Text(text)),
        Token::Word(word) => Some(match word.parse::<f64>() {
            Ok(x) if x.is_finite() => Literal::Number(x, word),
            _ => Literal::Text(word),
        }),
        _ => None,
    }
}

/// `(a, b, c)`.
fn list(tokens: &mut impl Iterator<Item = Token>) -> Option<Vec<Literal>> {
    let sign = |token: Option<Token>, wanted: &str| matches!(token, Some(Token::Sign(s)) if s == wanted);
    if !sign(tokens.next(), "(") {
        return None;
    }
    let mut literals = vec![literal(tokens.next()?)?];
    loop {
        match tokens.next() {
            Some(Token::Sign(s)) if s == ")" => return Some(literals),
            Some(Token::Sign(s)) if s == "," => literals.push(literal(tokens.next()?)?),
            _ => return None,
        }
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        match c {
            c if c.is_whitespace() => {
                chars.next();
            }
            '\'' | '"' | '`' => {
                chars.next();
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        // A quote written twice is the quote itself.
                        Some(q) if q == c && chars.peek() == Some(&c) => {
                            chars.next();
                            inner.push(c);
                        }
                        Some(q) if q == c => break,
                        Some(other) => inner.push(other),
                        None => return None,
                    }
                }
                found.push(if c == '\'' {
                    Token::Text(inner)
                } else {
                    Token::Name(inner)
                });
            }
            '(' | ')' | ',' => {
                chars.next();
                found.push(Token::Sign(c.to_string()));
            }
            '=' | '!' | '<' | '>' => {
                let mut sign = String::new();
                while let Some(next) = chars.next_if(|n| matches!(n, '=' | '!' | '<' | '>')) {
                    sign.push(next);
                }
                found.push(Token::Sign(sign));
            }
            _ => {
                let mut word = String::new();
                while let Some(next) = chars.next_if(|n| !n.is_whitespace() && !"()=!<>,'\"`".contains(*n)) {
                    word.push(next);
                }
                found.push(Token::Word(word));
            }
        }
    }
    Some(found)
}
