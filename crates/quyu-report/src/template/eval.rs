//! From the tree of a template and the findings to text.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use quyu_core::number::twelve_digits;
use quyu_core::suggest::Near;
use quyu_core::{Atlas, Cell, ColumnName, Findings, Period, RegionSet, Style, Term, Vintage};

use super::error::{Lack, TemplateError};
use super::style::Show;
use super::tree::{
    Condition, Direction, End, Expr, Lookup, Mention, Operator, Part, Placeholder, Reference, Relation,
    Subject, Test, mentions,
};
use crate::escape::escape;

/// What is known about one section when prose is written.
#[derive(Debug, Clone)]
pub struct Known {
    /// Title of the section, as Markdown; `None` if no chapter prints it.
    pub title: Option<String>,
    /// Its years.
    pub period: Option<Period>,
    /// Its analysis and what it found; `None` for a section of prose.
    pub found: Option<(String, Findings)>,
    /// Number of the first table that the report shows of it.
    pub table: Option<usize>,
    /// Number of the first figure that the report shows of it.
    pub figure: Option<usize>,
}

/// Everything that prose may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Names of regions, sets, indicators, sources.
    pub atlas: &'a Atlas,
    /// Sets of the case.
    pub sets: &'a BTreeMap<String, RegionSet>,
    /// Sections by id.
    pub sections: &'a BTreeMap<String, Known>,
    /// The years that `{from}` and `{to}` mean.
    pub period: Option<Period>,
}

/// A number that prose states.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The placeholder that it comes from, as written.
    pub placeholder: String,
    /// The number behind the words.
    pub value: f64,
    /// How the text writes it.
    pub shown: String,
}

/// A value on its way into the text.
enum Value {
    Number(f64, Option<Show>),
    Words(String),
    /// A link, not to be escaped.
    Markdown(String),
}

/// Writes the parts, and puts every number that it writes to those said before.
pub(super) fn render(
    parts: &[Part],
    scope: &Scope<'_>,
    said: &mut Vec<Said>,
) -> Result<String, TemplateError> {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Value(p) => {
                let (shown, value) = scope.show(p).map_err(|e| e.at(&p.written))?;
                said.extend(value.map(|value| Said {
                    placeholder: p.written.clone(),
                    value,
                    shown: shown.clone(),
                }));
                out.push_str(&shown);
            }
            Part::Choose { arms, otherwise } => {
                let body = scope.choose(arms)?.unwrap_or(otherwise);
                out.push_str(&render(body, scope, said)?);
            }
        }
    }
    Ok(out)
}

/// Checks every name in the parts that can be checked before an analysis has run, in all arms of all conditions.
pub(super) fn check(
    parts: &[Part],
    scope: &Scope<'_>,
    analyses: &BTreeMap<String, bool>,
) -> Vec<TemplateError> {
    let mut wrong = Vec::new();
    mentions(parts, &mut |placeholder, mention| {
        if let Err(lack) = scope.check(mention, analyses) {
            wrong.push(lack.at(placeholder));
        }
    });
    wrong
}

impl Scope<'_> {
    fn check(&self, mention: Mention<'_>, analyses: &BTreeMap<String, bool>) -> Result<(), Lack> {
        let section = |id: &str| match analyses.get(id) {
            Some(runs) => Ok(*runs),
            None => Err(unknown_section(id, analyses.keys())),
        };
        match mention {
            Mention::Cell(r) => match section(&r.section)? {
                true => Ok(()),
                false => Err(no_analysis(&r.section)),
            },
            Mention::Lookup(Lookup::Table | Lookup::Figure | Lookup::Section, id) => section(id).map(|_| ()),
            Mention::Lookup(lookup, word) => self.lookup(lookup, word).map(|_| ()),
        }
    }

    fn choose<'p>(&self, arms: &'p [(Condition, Vec<Part>)]) -> Result<Option<&'p Vec<Part>>, TemplateError> {
        for (condition, body) in arms {
            if self
                .holds(&condition.test)
                .map_err(|e| e.at(&condition.written))?
            {
                return Ok(Some(body));
            }
        }
        Ok(None)
    }

    fn holds(&self, test: &Test) -> Result<bool, Lack> {
        match test {
            Test::Any(tests) => any(tests, |t| self.holds(t)),
            Test::All(tests) => any(tests, |t| self.holds(t).map(|h| !h)).map(|h| !h),
            Test::Missing(r) => Ok(self.rows(r)?.cells().all(|cell| matches!(cell, Cell::Missing))),
            Test::Compare(a, relation, b, show) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                if let (Value::Words(a), Value::Words(b)) = (&a, &b) {
                    return match relation {
                        Relation::Equal => Ok(a == b),
                        Relation::NotEqual => Ok(a != b),
                        _ => Err(Lack::NotANumber { text: a.clone() }),
                    };
                }
                let order = order(a.number()?, b.number()?, *show)?;
                Ok(relation.holds(order))
            }
        }
    }

    /// The text of a placeholder, and the number in it if there is one.
    fn show(&self, placeholder: &Placeholder) -> Result<(String, Option<f64>), Lack> {
        let show = placeholder.show;
        // The style of a word of direction says at which digits the two values are compared.
        if let Expr::Direction(direction, a, b) = &placeholder.expr {
            return Ok((self.direction(*direction, a, b, show)?.to_owned(), None));
        }
        match self.value(&placeholder.expr)? {
            Value::Words(text) if matches!(show, None | Some(Show::Text)) => Ok((escape(&text), None)),
            Value::Markdown(text) if show.is_none() => Ok((text, None)),
            Value::Words(text) | Value::Markdown(text) => Err(Lack::NotANumber { text }),
            Value::Number(x, own) => Ok((write(x, show.or(own).ok_or(Lack::NoStyle)?)?, Some(x))),
        }
    }

    fn direction(
        &self,
        direction: Direction,
        a: &Expr,
        b: &Expr,
        show: Option<Show>,
    ) -> Result<&'static str, Lack> {
        let (larger, smaller, equal) = direction.words();
        match order(self.value(a)?.number()?, self.value(b)?.number()?, show)? {
            Ordering::Greater => Ok(larger),
            Ordering::Less => Ok(smaller),
            Ordering::Equal => equal.ok_or(Lack::Tie),
        }
    }

    fn value(&self, expr: &Expr) -> Result<Value, Lack> {
        match expr {
            Expr::Number(x) => Ok(Value::Number(*x, None)),
            Expr::Quoted(text) => Ok(Value::Words(text.clone())),
            Expr::Cell(reference) => self.cell(reference),
            Expr::Period(end) => self.year(self.period, *end),
            Expr::Abs(inner) => Ok(Value::Number(self.value(inner)?.number()?.abs(), None)),
            Expr::Binary(a, operator, b) => {
                let (a, b) = (self.value(a)?.number()?, self.value(b)?.number()?);
                calculate(a, *operator, b).map(|x| Value::Number(x, None))
            }
            Expr::Direction(direction, a, b) => self
                .direction(*direction, a, b, None)
                .map(|w| Value::Words(w.to_owned())),
            Expr::Count(reference) => {
                let n = self.rows(reference)?.rows.len();
                Ok(Value::Number(n as f64, Some(Show::Number(Style::Fixed(0)))))
            }
            Expr::List(reference) => self.list(reference),
            Expr::Lookup(lookup, Subject::Word(word)) => self.lookup(*lookup, word),
            Expr::Lookup(lookup, Subject::Cell(reference)) => match self.cell(reference)? {
                Value::Words(word) => self.lookup(*lookup, &word),
                _ => Err(Lack::NotWords),
            },
        }
    }

    fn year(&self, period: Option<Period>, end: End) -> Result<Value, Lack> {
        let period = period.ok_or(Lack::MissingCell)?;
        let year = match end {
            End::From => period.from,
            End::To => period.to,
        };
        Ok(Value::Number(
            f64::from(year.get()),
            Some(Show::Number(Style::Year)),
        ))
    }

    fn cell(&self, reference: &Reference) -> Result<Value, Lack> {
        let rows = self.rows(reference)?;
        match rows.rows.as_slice() {
            [] => Err(self.no_row(reference, rows.table)),
            [row] => match &rows.table.rows[*row][rows.column] {
                Cell::Text(text) => Ok(Value::Words(text.clone())),
                Cell::Integer(i) => Ok(Value::Number(*i as f64, Some(integer_style(rows.name())))),
                Cell::Number(x) => Ok(Value::Number(*x, None)),
                Cell::Missing => Err(Lack::MissingCell),
            },
            several => Err(Lack::SeveralRows {
                section: reference.section.clone(),
                table: rows.table.id.clone(),
                n: several.len(),
                by: self.differing(&rows),
            }),
        }
    }

    fn list(&self, reference: &Reference) -> Result<Value, Lack> {
        let rows = self.rows(reference)?;
        if rows.rows.is_empty() {
            return Err(self.no_row(reference, rows.table));
        }
        let words: Result<Vec<&str>, Lack> = rows
            .cells()
            .map(|cell| match cell {
                Cell::Text(text) => Ok(text.as_str()),
                Cell::Missing => Err(Lack::MissingCell),
                _ => Err(Lack::NotWords),
            })
            .collect();
        Ok(Value::Words(joined(&words?)))
    }

    fn lookup(&self, lookup: Lookup, word: &str) -> Result<Value, Lack> {
        let words = |text: &str| Ok(Value::Words(text.to_owned()));
        let chinese = |name: Option<&String>| match name {
            Some(name) => words(name),
            None => Err(Lack::NoChineseName {
                name: word.to_owned(),
            }),
        };
        match lookup {
            Lookup::Name => words(&self.atlas.regions.find(word)?.short_en),
            Lookup::NameZh => {
                let region = self.atlas.regions.find(word)?;
                chinese(region.short_zh.as_ref().or(region.name_zh.as_ref()))
            }
            Lookup::Set => words(&self.set(word)?.name_en),
            Lookup::SetZh => chinese(self.set(word)?.name_zh.as_ref()),
            Lookup::Members => {
                let n = self.set(word)?.members().len();
                Ok(Value::Number(n as f64, Some(Show::Number(Style::Fixed(0)))))
            }
            Lookup::Label => {
                let term = Term::parse(word)?;
                self.atlas.codebook.check(&term)?;
                words(&self.atlas.codebook.label(&term))
            }
            Lookup::LabelZh => words(&self.atlas.codebook.find(word)?.label_zh),
            Lookup::Source => match self.atlas.codebook.source(word) {
                Some(source) => words(&source.title),
                None => Err(unknown("source", word)),
            },
            Lookup::Vintage => match self.atlas.codebook.vintage(&Vintage::new(word)?) {
                Some(meaning) => words(meaning),
                None => Err(unknown("vintage", word)),
            },
            Lookup::Table | Lookup::Figure | Lookup::Section => self.link(lookup, word),
        }
    }

    /// A link to the place of a section, under the number of its table or figure, or its title.
    fn link(&self, lookup: Lookup, id: &str) -> Result<Value, Lack> {
        let section = self
            .sections
            .get(id)
            .ok_or_else(|| unknown_section(id, self.sections.keys()))?;
        let (what, label) = match lookup {
            Lookup::Table => ("table", section.table.map(|n| format!("Table {n}"))),
            Lookup::Figure => ("figure", section.figure.map(|n| format!("Figure {n}"))),
            _ => ("title", section.title.clone()),
        };
        let label = label.ok_or_else(|| Lack::NotShown {
            name: id.to_owned(),
            what,
        })?;
        Ok(Value::Markdown(format!("[{label}](#{id})")))
    }

    fn set(&self, id: &str) -> Result<&RegionSet, Lack> {
        match self.sets.get(id).or_else(|| self.atlas.sets.get(id)) {
            Some(set) => Ok(set),
            None => {
                let known = self.sets.keys().chain(self.atlas.sets.keys());
                Err(Lack::Core(quyu_core::CoreError::Unknown {
                    what: "set",
                    name: id.to_owned(),
                    near: Near::to(id, known.map(String::as_str)),
                }))
            }
        }
    }
}

impl Value {
    fn number(self) -> Result<f64, Lack> {
        match self {
            Value::Number(x, _) => Ok(x),
            Value::Words(text) | Value::Markdown(text) => Err(Lack::NotANumber { text }),
        }
    }
}

fn write(x: f64, show: Show) -> Result<String, Lack> {
    show.write(x).ok_or_else(|| Lack::WrongStyle {
        value: twelve_digits(x),
    })
}

/// Compares two numbers as a reader sees them; without a style, as the CSV holds them.
fn order(a: f64, b: f64, show: Option<Show>) -> Result<Ordering, Lack> {
    let same = match show {
        Some(show) => write(a, show)? == write(b, show)?,
        None => twelve_digits(a) == twelve_digits(b),
    };
    if same {
        return Ok(Ordering::Equal);
    }
    Ok(a.total_cmp(&b))
}

fn calculate(a: f64, operator: Operator, b: f64) -> Result<f64, Lack> {
    let x = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
    };
    if x.is_finite() {
        Ok(x)
    } else {
        Err(Lack::DivisionByZero)
    }
}

/// Whether any test holds; later ones are not asked once one does.
fn any<T>(tests: &[T], holds: impl Fn(&T) -> Result<bool, Lack>) -> Result<bool, Lack> {
    for test in tests {
        if holds(test)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn integer_style(column: ColumnName) -> Show {
    match column {
        ColumnName::Year | ColumnName::From | ColumnName::To => Show::Number(Style::Year),
        _ => Show::Number(Style::Fixed(0)),
    }
}

/// "A, B and C"; "A, a; B; C, c" where a comma stands inside one of them.
fn joined(words: &[&str]) -> String {
    if words.len() > 1 && words.iter().any(|word| word.contains(", ")) {
        return words.join("; ");
    }
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

pub(super) fn unknown_section<'a>(id: &str, known: impl Iterator<Item = &'a String>) -> Lack {
    Lack::UnknownSection {
        name: id.to_owned(),
        near: Near::to(id, known.map(String::as_str)),
    }
}

pub(super) fn no_analysis(id: &str) -> Lack {
    Lack::NoAnalysis { name: id.to_owned() }
}

fn unknown(what: &'static str, name: &str) -> Lack {
    Lack::Core(quyu_core::CoreError::Unknown {
        what,
        name: name.to_owned(),
        near: Near::default(),
    })
}
