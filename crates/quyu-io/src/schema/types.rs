//! The types of a Table Schema: which texts are values, and how values compare.

use std::cmp::Ordering;

use regex::Regex;
use serde_json::Value;

use super::form::{Field, Kind};

/// A value, as far as it has to be compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typed {
    Number(f64),
    Flag(bool),
    /// A text; a date or time in a form whose order is that of the text.
    Text(String),
}

impl Typed {
    /// Which of the two is smaller; nothing where they cannot be compared.
    pub(super) fn compare(&self, other: &Typed) -> Option<Ordering> {
        match (self, other) {
            (Typed::Number(a), Typed::Number(b)) => a.partial_cmp(b),
            (Typed::Text(a), Typed::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// A type with its format, ready to read texts.
#[derive(Debug)]
pub(super) struct Format<'a> {
    field: &'a Field,
    /// The form of dates and times, and the order of their parts.
    moment: Option<(Regex, Vec<char>)>,
}

/// What texts of these formats look like.
const TEXTS: [(&str, &str); 3] = [
    ("email", r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    ("uri", r"^[A-Za-z][A-Za-z0-9+.\-]*:\S+$"),
    ("uuid", r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
];

impl<'a> Format<'a> {
    /// # Errors
    /// What is wrong with the format, as the end of "the field has".
    pub(super) fn of(field: &'a Field) -> Result<Self, String> {
        let format = field.format.as_deref().unwrap_or("default");
        let moment = match (field.kind, format) {
            (Kind::Date | Kind::Time | Kind::Datetime, "any") => None,
            (Kind::Date, "default") => Some("%Y-%m-%d"),
            (Kind::Time, "default") => Some("%H:%M:%S"),
            (Kind::Date | Kind::Time | Kind::Datetime, own) if own != "default" => Some(own),
            _ => None,
        };
        let moment = moment.map(strptime).transpose()?;
        Ok(Self { field, moment })
    }

    /// The type with its article.
    pub(super) fn name(&self) -> String {
        let format = self
            .field
            .format
            .as_deref()
            .filter(|f| *f != "default" && *f != "any");
        let kind = match self.field.kind {
            Kind::String => match format {
                Some("email") => "an e-mail address",
                Some("uri") => "a URI",
                Some("uuid") => "a UUID",
                _ => "a text",
            },
            Kind::Number => "a number",
            Kind::Integer => "a whole number",
            Kind::Boolean => "true or false",
            Kind::Object => "a JSON object",
            Kind::Array => "a JSON array",
            Kind::List => "a list",
            Kind::Date => "a date",
            Kind::Time => "a time",
            Kind::Datetime => "a date with a time",
            Kind::Year => "a year",
            Kind::Yearmonth => "a month (2020-07)",
            Kind::Duration => "a duration (P1Y2M)",
            Kind::Geopoint => "a point (longitude, latitude)",
            Kind::Geojson => "GeoJSON",
            Kind::Any => "a value",
        };
        match (format, self.field.kind) {
            (Some(format), Kind::Date | Kind::Time | Kind::Datetime) => {
                format!("{kind} of the form {format}")
            }
            (None, Kind::Date) => format!("{kind} (2020-07-31)"),
            (None, Kind::Time) => format!("{kind} (15:00:00)"),
            (None, Kind::Datetime) => format!("{kind} (2020-07-31T15:00:00Z)"),
            _ => kind.to_owned(),
        }
    }

    /// Reads a text that is not missing; nothing if it is not of the type.
    pub(super) fn read(&self, text: &str) -> Option<Typed> {
        let plain = || Typed::Text(text.to_owned());
        let field = self.field;
        match field.kind {
            Kind::String => {
                let format = field.format.as_deref();
                let form = TEXTS.iter().find(|(name, _)| format == Some(*name));
                matches(form.map(|(_, form)| *form), text).then(plain)
            }
            Kind::Number => self.number(text).map(Typed::Number),
            Kind::Integer => self.whole(text).map(|i| Typed::Number(i as f64)),
            Kind::Boolean => self.flag(text).map(Typed::Flag),
            Kind::Date | Kind::Time | Kind::Datetime => self.moment(text).map(Typed::Text),
            Kind::Year => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                let whole = digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit());
                whole.then(|| text.parse().ok().map(Typed::Number)).flatten()
            }
            Kind::Yearmonth => matches(Some(r"^-?\d{4,}-(0[1-9]|1[0-2])$"), text).then(plain),
            Kind::Duration => {
                let form =
                    r"^-?P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$";
                let ends = text.ends_with(['P', 'T']);
                (matches(Some(form), text) && !ends).then(plain)
            }
            Kind::Object | Kind::Geojson => json(text).is_some_and(|v| v.is_object()).then(plain),
            Kind::Array => json(text).is_some_and(|v| v.is_array()).then(plain),
            Kind::Geopoint => point(text, field.format.as_deref()).then(plain),
            Kind::List | Kind::Any => Some(plain()),
        }
    }

    /// A bound or a member of a closed list, read like the values it is compared with.
    pub(super) fn bound(&self, value: &Value) -> Option<Typed> {
        match value {
            Value::Number(n) => n.as_f64().map(Typed::Number),
            Value::Bool(b) => Some(Typed::Flag(*b)),
            Value::String(text) => self.read(text),
            _ => None,
        }
    }

    fn bare(&self, text: &str) -> String {
        let own = self.field.group_char.as_deref().unwrap_or("");
        let text = if own.is_empty() {
            text.to_owned()
        } else {
            text.replace(own, "")
        };
        match self.field.bare_number {
            Some(false) => {
                let part = |c: char| c.is_ascii_digit() || "+-.,eE".contains(c);
                text.trim_start_matches(|c| !part(c))
                    .trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.')
                    .to_owned()
            }
            _ => text,
        }
    }

    fn number(&self, text: &str) -> Option<f64> {
        // The specification has these three spellings.
        match text {
            "NaN" => return Some(f64::NAN),
            "INF" => return Some(f64::INFINITY),
            "-INF" => return Some(f64::NEG_INFINITY),
            _ => {}
        }
        let mut bare = self.bare(text);
        if let Some(mark) = self.field.decimal_char.as_deref().filter(|m| *m != ".") {
            if bare.contains('.') {
                return None;
            }
            bare = bare.replace(mark, ".");
        }
        let digits = bare.bytes().any(|b| b.is_ascii_digit());
        let plain = bare.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        (digits && plain).then(|| bare.parse().ok()).flatten()
    }

    fn whole(&self, text: &str) -> Option<i64> {
        let bare = self.bare(text);
        bare.strip_prefix('+').unwrap_or(&bare).parse().ok()
    }

    fn flag(&self, text: &str) -> Option<bool> {
        let among = |own: &Option<Vec<String>>, usual: [&str; 4]| match own {
            Some(own) => own.iter().any(|t| t == text),
            None => usual.contains(&text),
        };
        if among(&self.field.true_values, ["true", "True", "TRUE", "1"]) {
            return Some(true);
        }
        among(&self.field.false_values, ["false", "False", "FALSE", "0"]).then_some(false)
    }

    /// A date or time in a form whose order is that of the text.
    fn moment(&self, text: &str) -> Option<String> {
        let default = self.field.format.as_deref().is_none_or(|f| f == "default");
        if self.field.kind == Kind::Datetime && default {
            let (date, time) = text.split_once('T')?;
            let form = r"^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$";
            let mut parts = date.split('-').map(|p| p.parse::<u32>().ok());
            let day = [parts.next()??, parts.next()??, parts.next()??];
            return (matches(Some(r"^\d{4}-\d{2}-\d{2}$"), date) && exists(day) && matches(Some(form), time))
                .then(|| text.to_owned());
        }
        let Some((form, order)) = &self.moment else {
            return Some(text.to_owned());
        };
        let found = form.captures(text)?;
        // Year, month, day, hour, minute, second.
        let mut parts = [1u32, 1, 1, 0, 0, 0];
        for (i, part) in order.iter().enumerate() {
            let number: u32 = found.get(i + 1)?.as_str().parse().ok()?;
            let at = match part {
                'Y' | 'y' => 0,
                'm' => 1,
                'd' => 2,
                'H' => 3,
                'M' => 4,
                _ => 5,
            };
            parts[at] = if *part == 'y' {
                2000 + number - if number >= 69 { 100 } else { 0 }
            } else {
                number
            };
        }
        let [y, m, d, hour, minute, second] = parts;
        let there = exists([y, m, d]) && hour < 24 && minute < 60 && second <= 60;
        there.then(|| format!("{y:04}-{m:02}-{d:02} {hour:02}:{minute:02}:{second:02}"))
    }
}

/// Whether there is such a day.
fn exists([year, month, day]: [u32; 3]) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// A form of `strptime` as a regular expression, and which part each group of it is.
fn strptime(format: &str) -> Result<(Regex, Vec<char>), String> {
    let (mut form, mut order) = ("^".to_owned(), Vec::new());
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            form.push_str(&regex::escape(&c.to_string()));
            continue;
        }
        match rest.next() {
            Some('Y') => form.push_str(r"(\d{4})"),
            Some('%') => {
                form.push('%');
                continue;
            }
            Some('y' | 'm' | 'd' | 'H' | 'M' | 'S') => form.push_str(r"(\d{2})"),
            _ => {
                return Err(format!(
                    "the format `{format}`, which is not known here: %Y %y %m %d %H %M %S are"
                ));
            }
        }
        order.extend(form_part(format, order.len()));
    }
    form.push('$');
    let regex = Regex::new(&form).map_err(|e| format!("the format `{format}`: {e}"))?;
    Ok((regex, order))
}

/// The directive with this number in a format.
fn form_part(format: &str, number: usize) -> Option<char> {
    let plain = format.replace("%%", "");
    plain.split('%').skip(1).nth(number)?.chars().next()
}

fn matches(form: Option<&str>, text: &str) -> bool {
    form.is_none_or(|form| Regex::new(form).is_ok_and(|r| r.is_match(text)))
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn point(text: &str, format: Option<&str>) -> bool {
    let pair = match format {
        Some("array") => serde_json::from_str::<[f64; 2]>(text).ok(),
        Some("object") => json(text).and_then(|v| Some([v.get("lon")?.as_f64()?, v.get("lat")?.as_f64()?])),
        _ => text
            .split_once(',')
            .and_then(|(a, b)| Some([a.trim().parse().ok()?, b.trim().parse().ok()?])),
    };
    pair.is_some_and(|[lon, lat]: [f64; 2]| lon.abs() <= 180.0 && lat.abs() <= 90.0)
}
