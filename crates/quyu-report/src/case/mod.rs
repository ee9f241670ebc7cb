//! The case: what a report is asked to tell, as `case.toml` writes it.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use quyu_core::ParamValue;
use schemars::JsonSchema;
use serde::Deserialize;

pub use check::{CaseError, CaseProblem};

/// The version of the form that this crate reads.
pub const SCHEMA: i64 = 1;

/// One case: sets, defaults and sections in order.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "case.toml of a quyu report")]
pub struct Case {
    /// Version of this form: 1.
    pub schema: i64,
    /// Id of the case: the name of its folder.
    pub id: String,
    /// Ids of the data packages that it uses.
    pub packages: Vec<String>,
    /// Title of the report.
    pub title: Name,
    /// One sentence on what the region is.
    pub lede: Prose,
    /// Sets of regions by id.
    #[serde(default)]
    pub sets: BTreeMap<String, SetSpec>,
    /// Defaults of every section.
    #[serde(default)]
    pub study: StudySpec,
    /// What a reader sees first.
    pub summary: Option<Summary>,
    /// Titles, questions and answers of the chapters.
    #[serde(default)]
    pub chapters: Chapters,
    /// The sections in order.
    #[serde(default, rename = "section")]
    pub sections: Vec<SectionSpec>,
}

/// A name in English and, where there is one, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: Option<String>,
}

/// A template of prose by language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prose {
    /// English: Markdown with placeholders.
    pub en: String,
}

/// A set of regions: either its members or the set of a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSpec {
    /// Its name; that of the package's set if none is given.
    pub name: Option<Name>,
    /// Codes or names of its members.
    pub members: Option<Vec<String>>,
    /// A set that a package defines: `package:set`.
    pub from_package: Option<String>,
}

/// What a section looks at; what it leaves out is taken from the case.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudySpec {
    /// Regions looked at: a set of the case, `package:set`, or a region by code or name.
    pub focus: Option<String>,
    /// Regions compared with, named like `focus`.
    pub reference: Option<String>,
    /// First and last year.
    pub period: Option<PeriodSpec>,
    /// Indicator or prefix = vintage or series.
    #[serde(default)]
    pub vintages: BTreeMap<String, String>,
    /// What to do where something is not observed; `error` if nothing is said.
    pub missing: Option<MissingSpec>,
    /// Seed of everything random; 1 if nothing is said.
    pub seed: Option<u32>,
}

/// First and last year, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodSpec {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
}

/// Policy on what is not observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MissingSpec {
    /// Stop and name the cells.
    Error,
    /// Leave the region out and say so.
    Drop,
}

/// What a reader sees first: five figures, three findings, what to be careful about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The section whose main table holds the figures.
    pub figures: Option<String>,
    /// The findings, a sentence each; the first is the headline of the index.
    #[serde(default)]
    pub findings: Vec<Prose>,
    /// What to be careful about.
    pub care: Option<Prose>,
}

/// The chapters, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChapterId {
    /// What the region is.
    Background,
    /// Its parts and its boundaries.
    Territorial,
    /// Levels, priorities, instruments.
    Governance,
    /// What the data shows.
    Findings,
    /// What follows from it.
    Recommendations,
}

impl ChapterId {
    /// All chapters in order.
    pub const ALL: [ChapterId; 5] = [
        ChapterId::Background,
        ChapterId::Territorial,
        ChapterId::Governance,
        ChapterId::Findings,
        ChapterId::Recommendations,
    ];

    /// As `case.toml` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            ChapterId::Background => "background",
            ChapterId::Territorial => "territorial",
            ChapterId::Governance => "governance",
            ChapterId::Findings => "findings",
            ChapterId::Recommendations => "recommendations",
        }
    }

    /// The title of a chapter that a case gives none.
    pub fn title(self) -> &'static str {
        match self {
            ChapterId::Background => "Background",
            ChapterId::Territorial => "Territorial dimension",
            ChapterId::Governance => "Governance",
            ChapterId::Findings => "Findings",
            ChapterId::Recommendations => "Recommendations",
        }
    }
}

impl fmt::Display for ChapterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The chapters that a case says something about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapters {
    /// What the region is.
    pub background: Option<ChapterSpec>,
    /// Its parts and its boundaries.
    pub territorial: Option<ChapterSpec>,
    /// Levels, priorities, instruments.
    pub governance: Option<ChapterSpec>,
    /// What the data shows.
    pub findings: Option<ChapterSpec>,
    /// What follows from it.
    pub recommendations: Option<ChapterSpec>,
}

impl Chapters {
    /// What the case says about a chapter.
    pub fn get(&self, id: ChapterId) -> Option<&ChapterSpec> {
        match id {
            ChapterId::Background => self.background.as_ref(),
            ChapterId::Territorial => self.territorial.as_ref(),
            ChapterId::Governance => self.governance.as_ref(),
            ChapterId::Findings => self.findings.as_ref(),
            ChapterId::Recommendations => self.recommendations.as_ref(),
        }
    }
}

/// The opening of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChapterSpec {
    /// Title, if not the usual one.
    pub title: Option<Prose>,
    /// The question that the chapter answers.
    pub question: Option<Prose>,
    /// The answer in a sentence or two.
    pub answer: Option<Prose>,
}

/// One section: an analysis with its parameters, and prose.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionSpec {
    /// Its id: the stem of its tables and figures, and what placeholders call it.
    pub id: String,
    /// The chapter that prints it; without one it is computed for the prose and the summary only.
    pub chapter: Option<ChapterId>,
    /// Its title.
    pub title: Option<Prose>,
    /// Id of the analysis; without one the section is prose.
    pub analysis: Option<String>,
    /// What differs from the defaults of the case.
    #[serde(default)]
    pub study: StudySpec,
    /// Parameters of the analysis by name.
    #[serde(default)]
    pub params: BTreeMap<String, Given>,
    /// Prose before tables and figures.
    pub text: Option<Prose>,
    /// Prose after them: what they do not show.
    pub after: Option<Prose>,
    /// What is shown; all tables with a reader's version and all figures if nothing is said.
    #[serde(default)]
    pub show: Show,
}

/// Which tables and figures a section shows, by the ids that the analysis gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// Tables in order.
    pub tables: Option<Vec<String>>,
    /// Figures in order.
    pub figures: Option<Vec<String>>,
    /// Rows that the text shows of a longer table, from 2; 15 if nothing is said. The file beside the report has all.
    #[serde(default, deserialize_with = "at_least_two")]
    #[schemars(range(min = 2))]
    pub rows: Option<usize>,
}

fn at_least_two<'de, D: serde::Deserializer<'de>>(rows: D) -> Result<Option<usize>, D::Error> {
    match usize::deserialize(rows)? {
        few @ 0..2 => Err(serde::de::Error::custom(format!(
            "`rows` is {few}; a table that is cut shows its first row and its last, so at least 2"
        ))),
        rows => Ok(Some(rows)),
    }
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Given {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
    /// Several values.
    List(Vec<Given>),
}

impl From<&Given> for ParamValue {
    fn from(given: &Given) -> Self {
        match given {
            Given::Flag(b) => ParamValue::Flag(*b),
            Given::Integer(i) => ParamValue::Integer(*i),
            Given::Number(x) => ParamValue::Number(*x),
            Given::Text(t) => ParamValue::Text(t.clone()),
            Given::List(items) => ParamValue::List(items.iter().map(ParamValue::from).collect()),
        }
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Given::Flag(b) => write!(f, "{b}"),
            Given::Integer(i) => write!(f, "{i}"),
            Given::Number(x) => write!(f, "{x}"),
            Given::Text(t) => f.write_str(t),
            Given::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                f.write_str(&items.join(", "))
            }
        }
    }
}

impl Case {
    /// Reads `case.toml`.
    ///
    /// # Errors
    /// [`CaseError`] lists everything that is wrong with the form, with line and column and near names.
    pub fn parse(text: &str) -> Result<Self, CaseError> {
        check::parse(text)
    }

    /// The JSON Schema of `case.toml`, as published with the reports.
    pub fn json_schema() -> String {
        let mut text = serde_json::to_string_pretty(&check::schema()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What the form cannot say: where it is wrong, and why.
    fn rules(&self) -> Vec<(Vec<check::Step>, String)> {
        let mut wrong = Vec::new();
        if self.schema != SCHEMA {
            let text = format!("`schema` is {}; this version reads {SCHEMA}", self.schema);
            wrong.push((check::path(&["schema"]), text));
        }
        if !is_id(&self.id) {
            wrong.push((check::path(&["id"]), not_an_id(&self.id)));
        }
        for (id, set) in &self.sets {
            let at = || check::path(&["sets", id]);
            match (&set.members, &set.from_package, &set.name) {
                (Some(_), None, None) => wrong.push((at(), format!("the set `{id}` needs a `name`"))),
                (Some(_), None, Some(_)) | (None, Some(_), _) => {}
                _ => wrong.push((
                    at(),
                    format!("the set `{id}` needs either `members` or `from_package`"),
                )),
            }
        }
        wrong.extend(self.section_rules());
        wrong
    }

    fn section_rules(&self) -> Vec<(Vec<check::Step>, String)> {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for (i, section) in self.sections.iter().enumerate() {
            let at = |key: &str| {
                vec![
                    check::Step::key("section"),
                    check::Step::Item(i),
                    check::Step::key(key),
                ]
            };
            if !is_id(&section.id) {
                wrong.push((at("id"), not_an_id(&section.id)));
            }
            if !seen.insert(&section.id) {
                wrong.push((at("id"), format!("two sections are called `{}`", section.id)));
            }
            if section.analysis.is_none() && !section.params.is_empty() {
                let text = format!("the section `{}` has `params` but no `analysis`", section.id);
                wrong.push((at("params"), text));
            }
            if section.chapter.is_some() && section.title.is_none() {
                wrong.push((at("id"), format!("the section `{}` needs a `title`", section.id)));
            }
        }
        wrong
    }
}

/// Ids are stems of files, anchors and parts of placeholders.
fn is_id(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(inner) && !text.ends_with('-')
}

fn not_an_id(text: &str) -> String {
    format!("`{text}` is not an id: small letters, digits and hyphens, a letter first")
}
