//! From text to the tree of a template.

use quyu_core::suggest::Near;

use super::error::{Syntax, SyntaxError};
use super::style::{STYLES, Show};
use super::tree::{
    Condition, Direction, End, Expr, Filter, Lookup, Operator, Part, Placeholder, Reference, Relation,
    Subject, Test,
};

/// Conditions and brackets inside each other: deeper than anybody writes, shallow enough for any stack.
const DEEPEST: usize = 16;

/// What a pair of braces holds, or what lies between two.
enum Token<'a> {
    Text(String),
    If(&'a str),
    ElseIf(&'a str),
    Else,
    End,
    Value(&'a str),
}

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Vec<Part>, SyntaxError> {
    let tokens = tokens(text)?;
    let mut rest = tokens.iter().peekable();
    let parts = block(&mut rest, 0)?;
    match rest.next() {
        None => Ok(parts),
        Some(token) => Err(Syntax::NoIf.at(token.written())),
    }
}

impl Token<'_> {
    fn written(&self) -> &str {
        match self {
            Token::Text(text) => text,
            Token::If(inner) | Token::ElseIf(inner) | Token::Value(inner) => inner,
            Token::Else => "else",
            Token::End => "end",
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, SyntaxError> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(position) = rest.find(['{', '}']) {
        plain.push_str(&rest[..position]);
        let (brace, after) = rest[position..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(Syntax::Stray.at(excerpt(&rest[position..])));
        }
        let Some((inner, after)) = after.split_once('}') else {
            return Err(Syntax::Unclosed.at(excerpt(&rest[position..])));
        };
        if !plain.is_empty() {
            found.push(Token::Text(std::mem::take(&mut plain)));
        }
        found.push(token(inner.trim()));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        found.push(Token::Text(plain));
    }
    Ok(found)
}

fn token(inner: &str) -> Token<'_> {
    match inner {
        "else" => Token::Else,
        "end" => Token::End,
        _ if inner.starts_with("if ") => Token::If(inner),
        _ if inner.starts_with("else if ") => Token::ElseIf(inner),
        _ => Token::Value(inner),
    }
}

/// The beginning of a text, for a message.
fn excerpt(text: &str) -> &str {
    let end = text.char_indices().nth(40).map_or(text.len(), |(i, _)| i);
    text[..end].lines().next().unwrap_or_default()
}

type Tokens<'a, 'b> = std::iter::Peekable<std::slice::Iter<'b, Token<'a>>>;

/// Parts up to the end of the text or of the arm.
fn block(rest: &mut Tokens<'_, '_>, depth: usize) -> Result<Vec<Part>, SyntaxError> {
    let mut parts = Vec::new();
    while let Some(token) = rest.peek() {
        match token {
            Token::ElseIf(_) | Token::Else | Token::End => break,
            Token::Text(text) => parts.push(Part::Text(text.clone())),
            Token::Value(inner) => parts.push(Part::Value(placeholder(inner)?)),
            Token::If(inner) => {
                if depth == DEEPEST {
                    return Err(Syntax::TooDeep.at(inner));
                }
                parts.push(choice(rest, depth + 1)?);
                continue;
            }
        }
        rest.next();
    }
    Ok(parts)
}

/// `{if …}…{else if …}…{else}…{end}`.
fn choice(rest: &mut Tokens<'_, '_>, depth: usize) -> Result<Part, SyntaxError> {
    let mut arms = Vec::new();
    let mut otherwise = None;
    let opening = rest.peek().map(|t| t.written()).unwrap_or_default();
    loop {
        match rest.next() {
            Some(Token::If(inner) | Token::ElseIf(inner)) if otherwise.is_none() => {
                arms.push((condition(inner)?, block(rest, depth)?));
            }
            Some(Token::Else) if otherwise.is_none() => otherwise = Some(block(rest, depth)?),
            Some(Token::End) => break,
            Some(token) => return Err(Syntax::AfterElse.at(token.written())),
            None => return Err(Syntax::NoEnd.at(opening)),
        }
    }
    Ok(Part::Choose {
        arms,
        otherwise: otherwise.unwrap_or_default(),
    })
}

fn condition(inner: &str) -> Result<Condition, SyntaxError> {
    let test = inner
        .strip_prefix("else ")
        .unwrap_or(inner)
        .strip_prefix("if ")
        .unwrap_or(inner);
    let mut reader = Reader::new(test);
    let test = reader.test().and_then(|t| reader.finish(t));
    test.map(|test| Condition {
        written: inner.to_owned(),
        test,
    })
    .map_err(|e| e.at(inner))
}

fn placeholder(inner: &str) -> Result<Placeholder, SyntaxError> {
    let mut reader = Reader::new(inner);
    let mut read = || {
        let expr = reader.expr()?;
        let show = reader.show()?;
        reader.finish((expr, show))
    };
    let (expr, show) = read().map_err(|e| e.at(inner))?;
    if !expr.rests_on_findings() {
        return Err(Syntax::OnlyTyped.at(inner));
    }
    Ok(Placeholder {
        written: inner.to_owned(),
        expr,
        show,
    })
}

/// Reads the inside of one pair of braces from left to right.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, depth: 0 }
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a token if it comes next.
    fn take(&mut self, token: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word if it comes next and ends there.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip();
        let ends = |rest: &str| !rest.starts_with(|c: char| is_name(c) || c == '.');
        match self.rest.strip_prefix(word) {
            Some(rest) if ends(rest) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, token: &'static str) -> Result<(), Syntax> {
        if self.take(token) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{token}`")))
        }
    }

    fn unexpected(&self, expected: &str) -> Syntax {
        let found = excerpt(self.rest);
        Syntax::Expected {
            expected: expected.to_owned(),
            found: if found.is_empty() {
                "the end".to_owned()
            } else {
                format!("`{found}`")
            },
        }
    }

    fn finish<T>(&mut self, value: T) -> Result<T, Syntax> {
        self.skip();
        if self.rest.is_empty() {
            Ok(value)
        } else {
            Err(self.unexpected("`}`"))
        }
    }

    /// The longest run of characters that names have.
    fn name(&mut self) -> &'a str {
        self.skip();
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        // A hyphen belongs to a name only in its middle: `a.b -c.d` is a difference.
        let name = self.rest[..end].trim_end_matches('-');
        self.rest = &self.rest[name.len()..];
        name
    }

    fn show(&mut self) -> Result<Option<Show>, Syntax> {
        if self.take_word("in") {
            return match () {
                () if self.take_word("words") => Ok(Some(Show::Words { capital: false })),
                () if self.take_word("Words") => Ok(Some(Show::Words { capital: true })),
                () => Err(self.unexpected("`words` or `Words` after `in`")),
            };
        }
        if !self.take("|") {
            return Ok(None);
        }
        let name = self.name();
        Show::parse(name).map(Some).ok_or_else(|| Syntax::UnknownStyle {
            name: name.to_owned(),
            near: Near::to(name, STYLES.iter().map(|(n, _)| *n)),
        })
    }

    fn test(&mut self) -> Result<Test, Syntax> {
        let mut any = Vec::new();
        loop {
            let mut all = vec![self.comparison()?];
            while self.take_word("and") {
                all.push(self.comparison()?);
            }
            any.push(one_or(all, Test::All));
            if !self.take_word("or") {
                return Ok(one_or(any, Test::Any));
            }
        }
    }

    fn comparison(&mut self) -> Result<Test, Syntax> {
        if self.take("missing(") {
            let reference = self.reference()?;
            self.expect(")")?;
            return Ok(Test::Missing(reference));
        }
        let left = self.expr()?;
        let relation = self.relation().ok_or_else(|| self.unexpected("a comparison"))?;
        let right = self.expr()?;
        let show = self.show()?;
        Ok(Test::Compare(left, relation, right, show))
    }

    fn relation(&mut self) -> Option<Relation> {
        Relation::WRITTEN
            .iter()
            .find(|(written, _)| self.take(written))
            .map(|(_, relation)| *relation)
    }

    fn expr(&mut self) -> Result<Expr, Syntax> {
        let mut left = self.product()?;
        loop {
            let operator = match () {
                () if self.take("+") => Operator::Add,
                () if self.take("-") => Operator::Subtract,
                () => return Ok(left),
            };
            left = Expr::Binary(Box::new(left), operator, Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expr, Syntax> {
        let mut left = self.operand()?;
        loop {
            let operator = match () {
                () if self.take("*") => Operator::Multiply,
                () if self.take("/") => Operator::Divide,
                () => return Ok(left),
            };
            left = Expr::Binary(Box::new(left), operator, Box::new(self.operand()?));
        }
    }

    fn operand(&mut self) -> Result<Expr, Syntax> {
        if self.take("(") {
            self.enter()?;
            let inner = self.expr()?;
            self.expect(")")?;
            self.depth -= 1;
            return Ok(inner);
        }
        self.skip();
        match self.rest.chars().next() {
            Some(c) if c.is_ascii_digit() => self.number(),
            Some('-') if self.rest[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(),
            Some('\'' | '"') => Ok(Expr::Quoted(self.quoted()?)),
            _ if self.take_word("from") => Ok(Expr::Period(End::From)),
            _ if self.take_word("to") => Ok(Expr::Period(End::To)),
            _ => self.call_or_cell(),
        }
    }

    fn enter(&mut self) -> Result<(), Syntax> {
        self.depth += 1;
        if self.depth > DEEPEST {
            Err(Syntax::TooDeep)
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<Expr, Syntax> {
        let digits = self
            .rest
            .trim_start_matches('-')
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let end = self.rest.len() - digits.len();
        let (text, rest) = self.rest.split_at(end);
        let x: f64 = text.parse().map_err(|_| self.unexpected("a number"))?;
        self.rest = rest;
        Ok(Expr::Number(x))
    }

    /// Words between quotation marks.
    fn quoted(&mut self) -> Result<String, Syntax> {
        let mark = self.rest.chars().next().unwrap_or('"');
        let inside = &self.rest[mark.len_utf8()..];
        let (text, rest) = inside
            .split_once(mark)
            .ok_or_else(|| self.unexpected("words in quotation marks"))?;
        self.rest = rest;
        Ok(text.to_owned())
    }

    fn call_or_cell(&mut self) -> Result<Expr, Syntax> {
        let start = self.rest;
        let name = self.name();
        if name.is_empty() {
            return Err(self.unexpected("a reference `section.column[…]` or a function"));
        }
        if !self.rest.starts_with('(') {
            self.rest = start;
            return self.reference().map(Expr::Cell);
        }
        self.expect("(")?;
        self.enter()?;
        let value = self.call(name)?;
        self.expect(")")?;
        self.depth -= 1;
        Ok(value)
    }

    fn call(&mut self, name: &'a str) -> Result<Expr, Syntax> {
        let named = |n: &&str| *n == name;
        if let Some((_, direction)) = Direction::NAMES.iter().find(|(n, _)| named(n)) {
            let first = self.expr()?;
            self.expect(",")?;
            let second = self.expr()?;
            return Ok(Expr::Direction(*direction, Box::new(first), Box::new(second)));
        }
        if let Some((_, lookup)) = Lookup::NAMES.iter().find(|(n, _)| named(n)) {
            return Ok(Expr::Lookup(*lookup, self.subject()?));
        }
        match name {
            "abs" => Ok(Expr::Abs(Box::new(self.expr()?))),
            "count" => Ok(Expr::Count(self.reference()?)),
            "list" => Ok(Expr::List(self.reference()?)),
            _ => {
                let others = ["abs", "count", "list", "missing"];
                let known = Direction::NAMES.iter().map(|(n, _)| *n);
                let known = known.chain(Lookup::NAMES.iter().map(|(n, _)| *n)).chain(others);
                Err(Syntax::UnknownFunction {
                    name: name.to_owned(),
                    near: Near::to(name, known),
                })
            }
        }
    }

    /// A name as it stands up to the closing bracket, or a reference to the cell that holds it.
    fn subject(&mut self) -> Result<Subject, Syntax> {
        let start = self.rest;
        if let Ok(reference) = self.reference()
            && reference.column().is_some()
        {
            return Ok(Subject::Cell(reference));
        }
        self.rest = start;
        self.plain(")").map(Subject::Word)
    }

    /// Words in quotation marks, or as they stand up to one of the characters of `stops`.
    fn plain(&mut self, stops: &str) -> Result<String, Syntax> {
        self.skip();
        if self.rest.starts_with(['\'', '"']) {
            return self.quoted();
        }
        let end = self.rest.find(|c| stops.contains(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        if text.trim().is_empty() {
            return Err(self.unexpected("a value"));
        }
        self.rest = rest;
        Ok(text.trim().to_owned())
    }

    /// `section.column[filter,…]` or `section/table.column[filter,…]`.
    fn reference(&mut self) -> Result<Reference, Syntax> {
        let section = self.name();
        if section.is_empty() {
            return Err(self.unexpected("a section"));
        }
        let mut table = None;
        if let Some(rest) = self.rest.strip_prefix('/') {
            self.rest = rest;
            table = Some(self.name().to_owned());
        }
        if !self.rest.starts_with('.') {
            return Err(self.unexpected("`.` and a column"));
        }
        self.rest = &self.rest[1..];
        let column = self.name();
        if column.is_empty() {
            return Err(self.unexpected("a column"));
        }
        Ok(Reference {
            section: section.to_owned(),
            table,
            column: column.to_owned(),
            filters: self.filters()?,
        })
    }

    fn filters(&mut self) -> Result<Vec<Filter>, Syntax> {
        let mut filters = Vec::new();
        if !self.rest.starts_with('[') {
            return Ok(filters);
        }
        self.expect("[")?;
        loop {
            let column = self.name().to_owned();
            let relation = self.relation().ok_or_else(|| self.unexpected("`column=value`"))?;
            let value = self.plain(",]")?;
            filters.push(Filter {
                column,
                relation,
                value,
            });
            if self.take("]") {
                return Ok(filters);
            }
            self.expect(",")?;
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A single test by itself, several joined.
fn one_or(mut tests: Vec<Test>, join: fn(Vec<Test>) -> Test) -> Test {
    match tests.pop() {
        Some(only) if tests.is_empty() => only,
        Some(last) => {
            tests.push(last);
            join(tests)
        }
        None => join(tests),
    }
}
