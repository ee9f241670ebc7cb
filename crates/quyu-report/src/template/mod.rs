//! Templates of prose: no number, name or direction in a report is typed by hand.
//!
//! A template is Markdown with placeholders in braces. `{{` and `}}` are the characters themselves.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{section.column[key=value,…]\|style}` | one cell of the table that bears the id of the section's analysis |
//! | `{section/table.column[…]\|style}` | one cell of another table of the section |
//! | `{a - b\|style}`, `{a / b - 1\|style}`, `{abs(a - b)\|style}` | arithmetic of cells: `+ - * /`, brackets, typed factors |
//! | `{count(section.column[…])}` | number of matching rows |
//! | `{list(section.column[…])}` | words of all matching rows: "A, B and C"; with semicolons where a comma stands inside one |
//! | `{from}`, `{to}` | first and last year of the section's period |
//! | `{rose(a, b)}` | "rose", "fell" or "did not change", from a to b |
//! | `{above(a, b)}` | "above", "below" or "equal to" |
//! | `{more(a, b)}`, `{larger(a, b)}`, `{higher(a, b)}`, `{faster(a, b)}` | the word or its opposite; equal values are an error |
//! | `{name(REGION)}`, `{name_zh(REGION)}` | short name of a region, given by code, name or a reference |
//! | `{set(ID)}`, `{set_zh(ID)}`, `{members(ID)}` | names and size of a set of the case or `package:set` |
//! | `{label(TERM)}`, `{label_zh(INDICATOR)}` | label of an indicator or `indicator.class` |
//! | `{source(ID)}`, `{vintage(ID)}` | title of a source, meaning of a vintage |
//! | `{table(SECTION)}`, `{figure(SECTION)}`, `{section(SECTION)}` | link to a section: "Table 3", "Figure 2", its title |
//! | `{if test}…{else if test}…{else}…{end}` | the first arm whose test holds |
//!
//! A filter compares a cell as the CSV writes it with `=` or `!=`, or a number with `<`, `<=`, `>`, `>=`; regions may be
//! given by code or name; `from` and `to` in a column of years mean the ends of the section's period. A value with a comma
//! or bracket stands in quotation marks. Without filters the table must have one row.
//!
//! A test compares two values with `== != < <= > >=`, words in quotation marks with `==` and `!=`, or is `missing(ref)`;
//! `and` binds stronger than `or`.
//!
//! Values in directions and tests are compared as a reader sees them where a style is named (`{rose(a, b)|index3}`,
//! `{if a > b|share1}`), else at the twelve digits of the CSV.
//!
//! | style | 0.1234 | |
//! |---|---|---|
//! | `share0` `share1` `share2` | 12.3 | a share as a percentage, without the sign |
//! | `percent0` `percent1` `percent2` | 12.3 % | the same with the sign |
//! | `signed_share0` `signed_share1` `signed_share2` | +12.3 | a change of a share, in points |
//! | `index3` | 0.123 | three decimals |
//! | `yuan0` | 0 | whole yuan, thousands separated |
//! | `fixed0` `fixed1` `fixed2` `fixed3` | 0.1 | so many decimals |
//! | `p` | 0.1234 | a p-value: four decimals, "<0.0001" below |
//! | `signed0` `signed1` `signed2` `signed3` | +0.1 | with a sign |
//! | `rank` | | 3rd |
//! | `year` | | 2019 (default of the columns `year`, `from`, `to`) |
//! | `text` | | words as they are (default of words) |
//! | ` in words`, ` in Words` | | zero to twenty in words; with a capital at the start of a sentence |
//!
//! Whole numbers without a style are written with thousands separators; other numbers must name one.

mod error;
mod eval;
mod parse;
mod rows;
mod style;
mod tree;

use std::collections::BTreeMap;

pub use error::{Lack, Syntax, SyntaxError, TemplateError};
pub use eval::{Known, Said, Scope};

use tree::Part;

/// A template that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`SyntaxError`] names the placeholder and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parse::parse(text).map(|parts| Self { parts })
    }

    /// Writes the prose. Paragraphs that conditions left empty disappear.
    ///
    /// # Errors
    /// [`TemplateError`] names the placeholder and why it has no value.
    pub fn render(&self, scope: &Scope<'_>) -> Result<String, TemplateError> {
        self.written(scope).map(|(text, _)| text)
    }

    /// The prose, and the numbers in it in the order in which they stand.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn written(&self, scope: &Scope<'_>) -> Result<(String, Vec<Said>), TemplateError> {
        let mut said = Vec::new();
        let text = eval::render(&self.parts, scope, &mut said)?;
        Ok((tidy(&text), said))
    }

    /// What is wrong with the names in all arms, as far as it can be known before an analysis has run. `analyses` says
    /// for every section whether it runs one.
    pub fn check(&self, scope: &Scope<'_>, analyses: &BTreeMap<String, bool>) -> Vec<TemplateError> {
        eval::check(&self.parts, scope, analyses)
    }
}

/// The words of a template that hold a digit outside of placeholders: numbers that would go stale.
///
/// ```
/// use quyu_report::template::{Template, typed_digits};
/// let template = Template::parse("In 2019 {count(gini.estimate)} of 31 regions")?;
/// assert_eq!(typed_digits(&template), ["2019", "31"]);
/// # Ok::<(), quyu_report::template::SyntaxError>(())
/// ```
pub fn typed_digits(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    collect_digits(&template.parts, &mut found);
    found
}

fn collect_digits(parts: &[Part], found: &mut Vec<String>) {
    for part in parts {
        match part {
            Part::Text(text) => {
                let words = text.split_whitespace();
                found.extend(words.filter(|w| w.contains(char::is_numeric)).map(str::to_owned));
            }
            Part::Value(_) => {}
            Part::Choose { arms, otherwise } => {
                arms.iter().for_each(|(_, body)| collect_digits(body, found));
                collect_digits(otherwise, found);
            }
        }
    }
}

/// Paragraphs without white space around them, empty ones left out.
fn tidy(text: &str) -> String {
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        match line.trim().is_empty() {
            true => paragraphs.push(Vec::new()),
            false => {
                if let Some(paragraph) = paragraphs.last_mut() {
                    paragraph.push(line.trim_end());
                }
            }
        }
    }
    let kept: Vec<String> = paragraphs
        .iter()
        .filter(|p| !p.is_empty())
        .map(|p| p.join("\n"))
        .collect();
    kept.join("\n\n").trim_start().to_owned()
}
