//! Claims that somebody made, and the definitions under which each is tried.

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

/// All of these, in the order of the packages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Audit {
    /// Claims.
    pub claims: Vec<Claim>,
    /// Trials.
    pub trials: Vec<Trial>,
}
