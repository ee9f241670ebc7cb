//! The tree of a parsed template.

use quyu_core::ColumnName;

use super::style::Show;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    /// Words as they are.
    Text(String),
    /// Something that is looked up or computed.
    Value(Placeholder),
    /// The first arm whose test holds, else the last.
    Choose {
        /// Tests and what they lead to.
        arms: Vec<(Condition, Vec<Part>)>,
        /// What remains.
        otherwise: Vec<Part>,
    },
}

/// `{…}` with a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placeholder {
    /// As it stands in the template, without braces.
    pub(crate) written: String,
    pub(crate) expr: Expr,
    pub(crate) show: Option<Show>,
}

/// `{if …}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// As it stands in the template, without braces.
    pub(crate) written: String,
    pub(crate) test: Test,
}

/// A test of findings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// One of them holds.
    Any(Vec<Test>),
    /// All of them hold.
    All(Vec<Test>),
    /// Two values compare like this, as displayed if a style is named.
    Compare(Expr, Relation, Expr, Option<Show>),
    /// No row matches, or the cell is missing.
    Missing(Reference),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// How it is written, longest first so that `<=` is not read as `<`.
    pub(crate) const WRITTEN: &[(&str, Relation)] = &[
        ("==", Relation::Equal),
        ("!=", Relation::NotEqual),
        ("<=", Relation::LessOrEqual),
        (">=", Relation::GreaterOrEqual),
        ("<", Relation::Less),
        (">", Relation::Greater),
        ("=", Relation::Equal),
    ];

    /// Whether the relation holds for an order.
    pub(crate) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Relation::Equal => order.is_eq(),
            Relation::NotEqual => order.is_ne(),
            Relation::Less => order.is_lt(),
            Relation::LessOrEqual => order.is_le(),
            Relation::Greater => order.is_gt(),
            Relation::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    /// A number, for arithmetic and comparison.
    Number(f64),
    /// Quoted words, for comparison.
    Quoted(String),
    /// One cell.
    Cell(Reference),
    /// First or last year of the period of the section.
    Period(End),
    /// Arithmetic of two values.
    Binary(Box<Expr>, Operator, Box<Expr>),
    /// Without its sign.
    Abs(Box<Expr>),
    /// A word for how two values compare.
    Direction(Direction, Box<Expr>, Box<Expr>),
    /// Number of matching rows.
    Count(Reference),
    /// The cells of all matching rows: "A, B and C".
    List(Reference),
    /// A name or number that belongs to a region, set, indicator, source or section.
    Lookup(Lookup, Subject),
}

/// An end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    From,
    To,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Words for how the first of two values compares with the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Rose,
    Above,
    More,
    Larger,
    Higher,
    Faster,
}

impl Direction {
    /// Names of the functions.
    pub(crate) const NAMES: &[(&str, Direction)] = &[
        ("rose", Direction::Rose),
        ("above", Direction::Above),
        ("more", Direction::More),
        ("larger", Direction::Larger),
        ("higher", Direction::Higher),
        ("faster", Direction::Faster),
    ];

    /// Words for a first value that is larger, smaller, or equal; `None` where a sentence would not read with any.
    pub(crate) fn words(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            // From the first to the second.
            Direction::Rose => ("fell", "rose", Some("did not change")),
            Direction::Above => ("above", "below", Some("equal to")),
            Direction::More => ("more", "less", None),
            Direction::Larger => ("larger", "smaller", None),
            Direction::Higher => ("higher", "lower", None),
            Direction::Faster => ("faster", "slower", None),
        }
    }
}

/// What is looked up by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup {
    Name,
    NameZh,
    Set,
    SetZh,
    Members,
    Label,
    LabelZh,
    Source,
    Vintage,
    Table,
    Figure,
    Section,
}

impl Lookup {
    /// Names of the functions.
    pub(crate) const NAMES: &[(&str, Lookup)] = &[
        ("name", Lookup::Name),
        ("name_zh", Lookup::NameZh),
        ("set", Lookup::Set),
        ("set_zh", Lookup::SetZh),
        ("members", Lookup::Members),
        ("label", Lookup::Label),
        ("label_zh", Lookup::LabelZh),
        ("source", Lookup::Source),
        ("vintage", Lookup::Vintage),
        ("table", Lookup::Table),
        ("figure", Lookup::Figure),
        ("section", Lookup::Section),
    ];
}

/// What a lookup is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Subject {
    /// A name as it stands.
    Word(String),
    /// The words of a cell.
    Cell(Reference),
}

/// `section/table.column[filter,…]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    pub(crate) section: String,
    /// The table; that of the analysis' id if none is named.
    pub(crate) table: Option<String>,
    /// As written: whether the glossary and the table have it is checked later, where near names are known.
    pub(crate) column: String,
    pub(crate) filters: Vec<Filter>,
}

/// One condition on rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter {
    pub(crate) column: String,
    pub(crate) relation: Relation,
    pub(crate) value: String,
}

impl Reference {
    /// The column, if the glossary has it.
    pub(crate) fn column(&self) -> Option<ColumnName> {
        ColumnName::parse(&self.column)
    }
}

/// Everything in a template that names something, for checks before anything runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mention<'a> {
    Cell(&'a Reference),
    Lookup(Lookup, &'a str),
}

/// Calls `see` for every mention in these parts, in all arms, with the placeholder that it stands in.
pub(crate) fn mentions<'a>(parts: &'a [Part], see: &mut dyn FnMut(&'a str, Mention<'a>)) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Value(p) => p.expr.mentions(&mut |m| see(&p.written, m)),
            Part::Choose { arms, otherwise } => {
                for (condition, body) in arms {
                    condition.test.mentions(&mut |m| see(&condition.written, m));
                    mentions(body, see);
                }
                mentions(otherwise, see);
            }
        }
    }
}

impl Expr {
    fn mentions<'a>(&'a self, see: &mut dyn FnMut(Mention<'a>)) {
        match self {
            Expr::Number(_) | Expr::Quoted(_) | Expr::Period(_) => {}
            Expr::Cell(r) | Expr::Count(r) | Expr::List(r) => see(Mention::Cell(r)),
            Expr::Abs(e) => e.mentions(see),
            Expr::Binary(a, _, b) | Expr::Direction(_, a, b) => {
                a.mentions(see);
                b.mentions(see);
            }
            Expr::Lookup(_, Subject::Cell(r)) => see(Mention::Cell(r)),
            Expr::Lookup(lookup, Subject::Word(word)) => see(Mention::Lookup(*lookup, word)),
        }
    }

    /// Whether the value rests on anything but typed numbers and words.
    pub(crate) fn rests_on_findings(&self) -> bool {
        match self {
            Expr::Number(_) | Expr::Quoted(_) => false,
            Expr::Abs(e) => e.rests_on_findings(),
            Expr::Binary(a, _, b) | Expr::Direction(_, a, b) => {
                a.rests_on_findings() || b.rests_on_findings()
            }
            Expr::Cell(_) | Expr::Period(_) | Expr::Count(_) | Expr::List(_) | Expr::Lookup(..) => true,
        }
    }
}

impl Test {
    fn mentions<'a>(&'a self, see: &mut dyn FnMut(Mention<'a>)) {
        match self {
            Test::Any(tests) | Test::All(tests) => tests.iter().for_each(|t| t.mentions(see)),
            Test::Compare(a, _, b, _) => {
                a.mentions(see);
                b.mentions(see);
            }
            Test::Missing(r) => see(Mention::Cell(r)),
        }
    }
}
