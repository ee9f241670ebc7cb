//! Policy as data: priority lists of several levels of government, documents and their coded clauses.

use std::collections::BTreeMap;

/// How far an item meets the national lists that it is mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Nothing national corresponds.
    None,
    /// A part of the item corresponds.
    Partial,
    /// The item corresponds.
    Full,
}

impl Fit {
    /// Reads `full`, `partial`, `none`; an item of a national list is its own (`self`).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "full" | "self" => Some(Self::Full),
            "partial" => Some(Self::Partial),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    /// The name as written in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// A list of priorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorityList {
    /// Level of government: `national`, `province`, `city`, `composite`.
    pub level: String,
    /// Code of the region, or name of a set.
    pub region: String,
    /// Its name.
    pub region_name: String,
    /// Year.
    pub year: String,
    /// The document.
    pub document: String,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Code that a national list gives it, if it is national.
    pub code: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Category within the list.
    pub category: String,
    /// How far it meets the national lists, where that was judged.
    pub fit: Option<Fit>,
}

/// An instrument of policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// Name in English.
    pub name_en: String,
    /// `supply`, `environment` or `demand`.
    pub group: String,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Level of government: `central`, `province`, `city`.
    pub level: String,
    /// Code of the region.
    pub region: String,
    /// Name of the region.
    pub region_name: String,
    /// Title in English.
    pub title_en: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Official number, if it has one.
    pub number: String,
    /// When it was issued, as far as that is known; begins with the year.
    pub issued: String,
    /// How much of its text was read; `not_found` if none was.
    pub text_basis: String,
}

impl Document {
    /// Its official number, or its title where it has none.
    pub fn label(&self) -> &str {
        if self.number.is_empty() {
            &self.title_en
        } else {
            &self.number
        }
    }
}

/// What one coder said of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// The instrument that carries the clause; `NONE` if it is organisational.
    pub primary: String,
    /// Further instruments in it.
    pub secondary: Vec<String>,
    /// 0 advocacy or heading only; 1 a named measure; 2 an amount, rate or deadline.
    pub concreteness: usize,
}

/// A clause by document and number.
pub type ClauseKey = (String, String);

/// All tables on policy of the loaded packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Lists by id.
    pub lists: BTreeMap<String, PriorityList>,
    /// Items by list and number.
    pub items: BTreeMap<(String, String), Item>,
    /// Instruments by code.
    pub instruments: BTreeMap<String, Instrument>,
    /// Documents by id.
    pub documents: BTreeMap<String, Document>,
    /// Codings by clause: the only coder's, or the first one's.
    pub clauses: BTreeMap<ClauseKey, Coding>,
    /// Codings of other coders, by coder and clause.
    pub codings: BTreeMap<String, BTreeMap<ClauseKey, Coding>>,
}

impl Policy {
    /// Items of a list in the order of their numbers.
    pub fn items_of(&self, list: &str) -> Vec<(&str, &Item)> {
        let own = self.items.iter().filter(|((l, _), _)| l == list);
        let mut found: Vec<(&str, &Item)> = own.map(|((_, n), item)| (n.as_str(), item)).collect();
        found.sort_by_key(|(n, _)| (n.parse::<u32>().unwrap_or(u32::MAX), *n));
        found
    }
}
