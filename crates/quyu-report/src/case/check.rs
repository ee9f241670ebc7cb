//! Reading `case.toml` against its own published schema, so that every slip has a line, a column and near names.

use std::fmt;

use quyu_core::suggest::{Near, quoted};
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Case;

/// Everything that is wrong with the form of a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CaseError {
    /// In order of line.
    pub problems: Vec<CaseProblem>,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.text)
    }
}

/// One step down into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Item(usize),
}

impl Step {
    pub(super) fn key(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}

pub(super) fn path(keys: &[&str]) -> Vec<Step> {
    keys.iter().map(|k| Step::key(k)).collect()
}

/// The schema of a case.
pub(super) fn schema() -> Json {
    schemars::schema_for!(Case).to_value()
}

/// Reads a case.
pub(super) fn parse(text: &str) -> Result<Case, CaseError> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let slips = errors.iter().map(|e| Slip {
            at: e.span().map_or(0, |s| s.start),
            text: e.message().trim().replace('\n', "; "),
        });
        return Err(report(text, slips.collect()));
    }
    let root = schema();
    let mut checker = Checker {
        root: &root,
        slips: Vec::new(),
    };
    checker.table(table.get_ref(), table.span().start, &root, "the case");
    if !checker.slips.is_empty() {
        return Err(report(text, checker.slips));
    }
    let case: Case = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        let text_of_error = e.message().to_owned();
        report(
            text,
            vec![Slip {
                at,
                text: text_of_error,
            }],
        )
    })?;
    let broken = case.rules();
    if broken.is_empty() {
        return Ok(case);
    }
    let slips = broken.into_iter().map(|(path, text)| Slip {
        at: locate(table.get_ref(), &path),
        text,
    });
    Err(report(text, slips.collect()))
}

/// Something wrong at a byte of the text.
struct Slip {
    at: usize,
    text: String,
}

fn report(text: &str, mut slips: Vec<Slip>) -> CaseError {
    slips.sort_by_key(|s| s.at);
    let problems = slips.into_iter().map(|slip| {
        let before = text.get(..slip.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        CaseProblem {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            text: slip.text,
        }
    });
    CaseError {
        problems: problems.collect(),
    }
}

/// Where the deepest part of the path that exists stands.
fn locate(table: &DeTable<'_>, path: &[Step]) -> usize {
    let mut at = 0;
    let mut steps = path.iter();
    let Some(Step::Key(first)) = steps.next() else {
        return at;
    };
    let Some((key, mut here)) = entry(table, first) else {
        return at;
    };
    at = key.span().start;
    for step in steps {
        let next = match (step, here.get_ref()) {
            (Step::Key(key), DeValue::Table(table)) => entry(table, key).map(|(k, v)| (k.span().start, v)),
            (Step::Item(i), DeValue::Array(items)) => items.get(*i).map(|v| (v.span().start, v)),
            _ => None,
        };
        let Some((start, value)) = next else {
            return at;
        };
        (at, here) = (start, value);
    }
    at
}

type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

fn entry<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<Entry<'a, 'i>> {
    table.iter().find(|(k, _)| k.get_ref() == key)
}

/// Walks a document along a schema. It knows the words of JSON Schema that our own types produce.
struct Checker<'s> {
    root: &'s Json,
    slips: Vec<Slip>,
}

impl<'s> Checker<'s> {
    /// Follows references within the schema.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let target = schema.get("$ref").and_then(Json::as_str);
        match target.and_then(|r| self.root.pointer(r.trim_start_matches('#'))) {
            Some(found) => self.resolve(found),
            None => schema,
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Json, name: &str) {
        let schema = self.resolve(schema);
        let at = value.span().start;
        if let Some(options) = schema.get("anyOf").and_then(Json::as_array) {
            return self.one_of(value, options, name);
        }
        if let Some(words) = words(schema) {
            return self.word(value, &words, name);
        }
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|t| fits(t, value.get_ref())) {
            let expected: Vec<&str> = types
                .iter()
                .filter(|t| **t != "null")
                .map(|t| in_words(t))
                .collect();
            return self.slip(
                at,
                format!(
                    "{name} is {}; expected {}",
                    kind(value.get_ref()),
                    expected.join(" or ")
                ),
            );
        }
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, at, schema, name),
            DeValue::Array(items) => {
                if let Some(schema) = schema.get("items") {
                    for (i, item) in items.iter().enumerate() {
                        self.value(item, schema, &format!("{name}, item {}", i + 1));
                    }
                }
            }
            _ => {}
        }
    }

    /// A value of which one of several schemas holds; the slips are those of the only one that is not `null`.
    fn one_of(&mut self, value: &Spanned<DeValue<'_>>, options: &'s [Json], name: &str) {
        let some: Vec<&Json> = options.iter().filter(|o| o["type"] != "null").collect();
        if let [only] = some.as_slice() {
            return self.value(value, only, name);
        }
        let holds = some.iter().any(|option| {
            let mut trial = Checker {
                root: self.root,
                slips: Vec::new(),
            };
            trial.value(value, option, name);
            trial.slips.is_empty()
        });
        if !holds {
            let expected = "expected a word, a number, true or false, or a list of them";
            let text = format!("{name} is {}; {expected}", kind(value.get_ref()));
            self.slip(value.span().start, text);
        }
    }

    fn word(&mut self, value: &Spanned<DeValue<'_>>, words: &[String], name: &str) {
        let found = value.get_ref().as_str();
        if found.is_some_and(|f| words.iter().any(|w| w == f)) {
            return;
        }
        let what = match found {
            Some(word) => format!("`{word}`"),
            None => kind(value.get_ref()).to_owned(),
        };
        let text = format!("{name} is {what}; expected {}", quoted(words, "or"));
        self.slip(value.span().start, text);
    }

    fn table(&mut self, table: &DeTable<'_>, at: usize, schema: &'s Json, name: &str) {
        let none = serde_json::Map::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties").filter(|o| o.is_object());
        for (key, value) in table.iter() {
            let key_name = format!("`{}`", key.get_ref());
            let own = properties.and_then(|p| p.get(key.get_ref().as_ref()));
            match own.or(others) {
                Some(schema) => self.value(value, schema, &key_name),
                None => {
                    let known = properties.unwrap_or(&none).keys().map(String::as_str);
                    let text = unknown_key(key.get_ref(), name, known);
                    self.slip(key.span().start, text);
                }
            }
        }
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if !table.contains_key(key) {
                self.slip(at, format!("{name} needs the key `{key}`"));
            }
        }
    }

    fn slip(&mut self, at: usize, text: String) {
        self.slips.push(Slip { at, text });
    }
}

fn unknown_key<'a>(key: &str, place: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let near = Near::to(key, known.iter().copied());
    let all: Vec<String> = known.iter().map(|k| (*k).to_owned()).collect();
    match near.0.is_empty() {
        true => format!("{place} has no key `{key}`; it has {}", quoted(&all, "and")),
        false => format!("{place} has no key `{key}`{near}"),
    }
}

/// The words of an enumeration, if the schema is one.
fn words(schema: &Json) -> Option<Vec<String>> {
    let texts = |values: &[Json]| {
        values
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect()
    };
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return Some(texts(values));
    }
    let variants = schema.get("oneOf").and_then(Json::as_array)?;
    let constants: Vec<Json> = variants.iter().filter_map(|v| v.get("const").cloned()).collect();
    Some(texts(&constants))
}

fn types(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(one)) => vec![one],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn fits(name: &str, value: &DeValue<'_>) -> bool {
    match value {
        DeValue::String(_) => name == "string",
        DeValue::Integer(_) => name == "integer" || name == "number",
        DeValue::Float(_) => name == "number",
        DeValue::Boolean(_) => name == "boolean",
        DeValue::Array(_) => name == "array",
        DeValue::Table(_) => name == "object",
        DeValue::Datetime(_) => false,
    }
}

fn in_words(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table of keys",
        other => other,
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table of keys",
        DeValue::Datetime(_) => "a date",
    }
}
