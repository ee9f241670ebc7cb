//! Claims that somebody made, the definitions under which each is tried, and the documents, lists and clauses that some of them are
//! about.

/// A claim: something said about regions or policy that can be true or false, or only wished.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// Where it was made.
    pub place: String,
    /// What it is about.
    pub subject: String,
    /// What is said.
    pub statement: String,
    /// The number said, if it is one.
    pub value: Option<f64>,
    /// The unit of the last digit said: 100 for 123,600.
    pub last_digit: Option<f64>,
    /// Its unit; `aim`, `definition` or `advice` for what says nothing about the state of things.
    pub unit: String,
    /// The year that it speaks of.
    pub year: Option<i32>,
}

/// One definition under which a claim is tried, as the package writes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trial {
    /// The claim.
    pub claim: String,
    /// Its number among the trials of the claim.
    pub number: usize,
    /// `as-said`, `another` or `beside`.
    pub said: String,
    /// What is computed.
    pub statistic: String,
    /// Indicator, or indicator and class.
    pub term: String,
    /// Regions, sets, lists or documents.
    pub of: String,
    /// What it is compared with.
    pub against: String,
    /// Year.
    pub year: Option<i32>,
    /// Choice of vintages.
    pub vintages: String,
    /// For claims without a number: the comparison that makes them true.
    pub criterion: String,
    /// The definition in further words, or the figure that is missing.
    pub remark: String,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// When it was issued, as far as that is known; begins with the year.
    pub issued: String,
    /// Official number, or its title where it has none.
    pub label: String,
    /// How much of its text was read; `not_found` if none was.
    pub text_basis: String,
}

/// A priority list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorityList {
    /// Its id.
    pub id: String,
    /// Whose it is, in words.
    pub region: String,
    /// Its year.
    pub year: String,
    /// The document that holds it.
    pub document: String,
}

/// An item of a priority list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// The list.
    pub list: String,
    /// Its number in the list.
    pub item: String,
    /// Its name.
    pub name: String,
    /// Category within the list.
    pub category: String,
}

/// A coded clause of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The document.
    pub document: String,
    /// The instrument that carries it.
    pub primary: String,
    /// Further instruments.
    pub secondary: Vec<String>,
    /// Whether it names a measure or more: above 0.
    pub concreteness: u32,
}

/// All of these, in the order of the packages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Audit {
    /// Claims.
    pub claims: Vec<Claim>,
    /// Trials.
    pub trials: Vec<Trial>,
    /// Documents.
    pub documents: Vec<Document>,
    /// Priority lists.
    pub lists: Vec<PriorityList>,
    /// Items of lists.
    pub items: Vec<ListItem>,
    /// Clauses.
    pub clauses: Vec<Clause>,
}
