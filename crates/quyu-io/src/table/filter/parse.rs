//! From the text of a condition to its tree.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::super::fault::Fault;
use super::{Check, Expr, Operand, Operator};

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

/// Deepest nesting of brackets and negations: far more than anybody writes, and far less than the stack holds.
const DEEPEST: usize = 100;

/// Reads a condition.
pub(super) fn parse(text: &str, column: &dyn Fn(&str) -> Result<usize, Fault>) -> Result<Expr, Fault> {
    let mut parser = Parser {
        text,
        column,
        tokens: Vec::new().into_iter().peekable(),
    };
    parser.tokens = tokens(text)
        .map_err(|expected| parser.wrong(expected))?
        .into_iter()
        .peekable();
    let expr = parser.any(0)?;
    match parser.tokens.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.wrong("`and`, `or` or the end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    column: &'a dyn Fn(&str) -> Result<usize, Fault>,
    tokens: Peekable<IntoIter<Token>>,
}

impl Parser<'_> {
    /// Something else stands at the next token.
    fn wrong(&mut self, expected: &'static str) -> Fault {
        Fault::Condition {
            text: self.text.to_owned(),
            expected,
            found: self.tokens.peek().map(Token::written),
        }
    }

    fn word(&mut self, keyword: &str) -> bool {
        let is = |token: &Token| matches!(token, Token::Word(w) if w.eq_ignore_ascii_case(keyword));
        self.tokens.next_if(is).is_some()
    }

    fn sign(&mut self, sign: &str) -> bool {
        self.tokens
            .next_if(|t| matches!(t, Token::Sign(s) if s == sign))
            .is_some()
    }

    fn any(&mut self, depth: usize) -> Result<Expr, Fault> {
        let mut parts = vec![self.all(depth)?];
        while self.word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Expr::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Expr, Fault> {
        let mut parts = vec![self.factor(depth)?];
        while self.word("and") {
            parts.push(self.factor(depth)?);
        }
        Ok(one_or(parts, Expr::All))
    }

    fn factor(&mut self, depth: usize) -> Result<Expr, Fault> {
        if depth > DEEPEST {
            return Err(self.wrong("a condition with fewer brackets"));
        }
        if self.word("not") {
            return Ok(Expr::Not(Box::new(self.factor(depth + 1)?)));
        }
        if self.sign("(") {
            let inner = self.any(depth + 1)?;
            return match self.sign(")") {
                true => Ok(inner),
                false => Err(self.wrong("`and`, `or` or a closing bracket")),
            };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expr, Fault> {
        let column = match self.tokens.peek() {
            Some(Token::Word(name) | Token::Name(name)) => (self.column)(name)?,
            _ => return Err(self.wrong("a column")),
        };
        self.tokens.next();
        if self.word("is") {
            let negated = self.word("not");
            return match self.word("null") {
                true => Ok(negated_if(negated, Expr::Check(column, Check::Null))),
                false => Err(self.wrong("`null`")),
            };
        }
        let negated = self.word("not");
        let check = if self.word("in") {
            Expr::Check(column, Check::In(self.list()?))
        } else if self.word("between") {
            self.between(column)?
        } else if self.word("like") {
            Expr::Check(column, self.pattern(false)?)
        } else if self.word("ilike") {
            Expr::Check(column, self.pattern(true)?)
        } else if negated {
            return Err(self.wrong("`in`, `between` or `like`"));
        } else {
            let operator = match self.tokens.peek() {
                Some(Token::Sign(sign)) => operator(sign),
                _ => None,
            };
            let operator =
                operator.ok_or_else(|| self.wrong("a comparison such as `=`, `>=`, `in` or `like`"))?;
            self.tokens.next();
            let ordered = !matches!(operator, Operator::Equal | Operator::Unequal);
            Expr::Check(column, Check::Compare(operator, self.operand(ordered)?))
        };
        Ok(negated_if(negated, check))
    }

    /// What stands on the right of a comparison.
    fn operand(&mut self, ordered: bool) -> Result<Operand, Fault> {
        if let Some(Token::Name(name)) = self.tokens.next_if(|t| matches!(t, Token::Name(_))) {
            return (self.column)(&name).map(Operand::Column);
        }
        // A bare word has no order; where one is asked for, it can only be a column.
        let bare = |t: &Token| ordered && matches!(t, Token::Word(w) if number(w).is_none());
        if let Some(Token::Word(name)) = self.tokens.next_if(bare) {
            return (self.column)(&name).map(Operand::Column);
        }
        self.literal(ordered)
    }

    fn literal(&mut self, ordered: bool) -> Result<Operand, Fault> {
        // As texts, '900' comes behind '1000': whoever asks for an order of numbers writes numbers.
        let quoted = |t: &Token| matches!(t, Token::Text(text) if number(text).is_some());
        if ordered && self.tokens.peek().is_some_and(quoted) {
            return Err(self.wrong("a number without quotes"));
        }
        match self
            .tokens
            .next_if(|t| matches!(t, Token::Word(_) | Token::Text(_)))
        {
            Some(Token::Text(text)) => Ok(Operand::Text(text)),
            Some(Token::Word(word)) => Ok(match number(&word) {
                Some(x) => Operand::Number(x, word),
                None => Operand::Text(word),
            }),
            _ => Err(self.wrong("a number or a text in single quotes")),
        }
    }

    /// `(a, b, c)`.
    fn list(&mut self) -> Result<Vec<Operand>, Fault> {
        if !self.sign("(") {
            return Err(self.wrong("a list in brackets"));
        }
        let mut literals = vec![self.literal(false)?];
        while self.sign(",") {
            literals.push(self.literal(false)?);
        }
        match self.sign(")") {
            true => Ok(literals),
            false => Err(self.wrong("a comma or a closing bracket")),
        }
    }

    fn between(&mut self, column: usize) -> Result<Expr, Fault> {
        let from = self.literal(true)?;
        if !self.word("and") {
            return Err(self.wrong("`and` and the end of the range"));
        }
        let to = self.literal(true)?;
        let part = |operator, limit| Expr::Check(column, Check::Compare(operator, limit));
        Ok(Expr::All(vec![
            part(Operator::AtLeast, from),
            part(Operator::AtMost, to),
        ]))
    }

    fn pattern(&mut self, folded: bool) -> Result<Check, Fault> {
        match self.tokens.next_if(|t| matches!(t, Token::Text(_))) {
            Some(Token::Text(text)) if folded => Ok(Check::Like(text.to_lowercase().chars().collect(), true)),
            Some(Token::Text(text)) => Ok(Check::Like(text.chars().collect(), false)),
            _ => Err(self.wrong("a pattern in single quotes, such as '%市'")),
        }
    }
}

impl Token {
    fn written(&self) -> String {
        match self {
            Token::Word(text) | Token::Sign(text) => text.clone(),
            Token::Name(text) => format!("\"{text}\""),
            Token::Text(text) => format!("'{text}'"),
        }
    }
}

fn one_or(mut parts: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match (parts.len(), parts.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            parts.extend(last);
            several(parts)
        }
    }
}

fn negated_if(negated: bool, expr: Expr) -> Expr {
    if negated { Expr::Not(Box::new(expr)) } else { expr }
}

fn operator(sign: &str) -> Option<Operator> {
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

fn number(word: &str) -> Option<f64> {
    // `inf`, `nan` and `infinity` are words.
    let begins = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    word.parse::<f64>().ok().filter(|x| begins && x.is_finite())
}

fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
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
                        None => return Err("a closing quote"),
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
    Ok(found)
}
