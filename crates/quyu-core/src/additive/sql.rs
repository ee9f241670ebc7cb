//! Sums as a query in the SQL of another engine.

use std::fmt::Write as _;

use super::sums::{Expr, Sign, Sums};

/// Whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Apache DataFusion.
    DataFusion,
    /// Apache Spark SQL.
    Spark,
    /// ClickHouse.
    ClickHouse,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 4] = [
        Dialect::DuckDb,
        Dialect::DataFusion,
        Dialect::Spark,
        Dialect::ClickHouse,
    ];

    /// Name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::DataFusion => "datafusion",
            Dialect::Spark => "spark",
            Dialect::ClickHouse => "clickhouse",
        }
    }

    /// The dialect of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == name)
    }

    /// A name in quotes; whatever stands in it stays a part of the name.
    ///
    /// ```
    /// use quyu_core::additive::sql::Dialect;
    /// assert_eq!(Dialect::DuckDb.name("a\" b"), "\"a\"\" b\"");
    /// assert_eq!(Dialect::Spark.name("a` b"), "`a`` b`");
    /// ```
    pub fn name(self, name: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::DataFusion => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            Dialect::ClickHouse => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }

    /// A text in quotes; whatever stands in it stays a part of the text.
    ///
    /// ```
    /// use quyu_core::additive::sql::Dialect;
    /// assert_eq!(Dialect::DuckDb.text("it's \\"), "'it''s \\'");
    /// assert_eq!(Dialect::ClickHouse.text("it's \\"), "'it\\'s \\\\'");
    /// ```
    pub fn text(self, text: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::DataFusion => format!("'{}'", text.replace('\'', "''")),
            Dialect::Spark | Dialect::ClickHouse => {
                format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
            }
        }
    }

    /// A table, with its schema and catalogue if the name has points between plain words.
    pub fn table(self, name: &str) -> String {
        let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if name.split('.').all(plain) {
            let parts: Vec<String> = name.split('.').map(|p| self.name(p)).collect();
            return parts.join(".");
        }
        self.name(name)
    }

    /// As a double; what is missing stays missing.
    fn double(self, name: &str) -> String {
        match self {
            Dialect::ClickHouse => format!("toFloat64({name})"),
            _ => format!("CAST({name} AS DOUBLE)"),
        }
    }

    /// A sum, with the errors of rounding kept in check where the engine offers it.
    fn sum(self, of: &str) -> String {
        match self {
            Dialect::DuckDb => format!("fsum({of})"),
            Dialect::ClickHouse => format!("sumKahan({of})"),
            Dialect::DataFusion | Dialect::Spark => format!("sum({of})"),
        }
    }
}

/// Where a column of the sums comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A column of the table.
    Column(String),
    /// The same label for every row.
    Label(String),
    /// It is not asked for.
    Nowhere,
}

/// Column of a query's result that says what was asked.
pub const STAMP: &str = "quyu";
/// Column of a query's result that counts rows with a missing value.
pub const MISSING: &str = "missing";

/// The query that computes sums over a table. `columns` says for each column of the analysis where it comes from; `stamp` is
/// carried into the result as it is.
///
/// A row with a missing key or number counts as missing; a row outside the domain of the statistic is counted under the name of its
/// refusal. Neither is in the sums.
///
/// ```
/// use quyu_core::additive::sql::{Dialect, From, query};
/// use quyu_core::additive::sums::{Expr, Sums, SumTerm};
/// let term = SumTerm { name: "sum-x", of: Expr::Column(0) };
/// let sums = Sums { keys: vec![], terms: vec![term], refusals: vec![] };
/// let text = query(&sums, Dialect::DuckDb, "firms", &[From::Column("output".into())], "");
/// assert!(text.contains("fsum(CASE WHEN quyu_state = 'taken' THEN quyu_c0 END)"));
/// ```
pub fn query(sums: &Sums, dialect: Dialect, table: &str, columns: &[From], stamp: &str) -> String {
    let alias = |column: usize| format!("quyu_c{column}");
    let numbers = sums.numbers();
    let mut used: Vec<usize> = sums.keys.iter().map(|k| k.column).collect();
    used.extend(&numbers);
    let mut text = String::from("WITH quyu_rows AS (\n  SELECT\n");
    let lines: Vec<String> = used
        .iter()
        .map(|&column| {
            let source = match columns.get(column) {
                Some(From::Column(name)) if numbers.contains(&column) => dialect.double(&dialect.name(name)),
                Some(From::Column(name)) => dialect.name(name),
                Some(From::Label(label)) => dialect.text(label),
                Some(From::Nowhere) | None => "NULL".to_owned(),
            };
            format!("    {source} AS {}", alias(column))
        })
        .collect();
    // Writing to a string fails at nothing.
    let _ = write!(
        text,
        "{}\n  FROM {}\n), quyu_states AS (\n  SELECT *,\n    CASE\n",
        lines.join(",\n"),
        dialect.table(table)
    );
    let missing: Vec<String> = used.iter().map(|c| format!("{} IS NULL", alias(*c))).collect();
    let _ = writeln!(text, "      WHEN {} THEN '{MISSING}'", missing.join(" OR "));
    for refusal in &sums.refusals {
        let when: Vec<String> = refusal
            .when
            .iter()
            .map(|(c, sign)| format!("{} {}", alias(*c), comparison(*sign)))
            .collect();
        let _ = writeln!(text, "      WHEN {} THEN '{}'", when.join(" AND "), refusal.name);
    }
    text.push_str("      ELSE 'taken'\n    END AS quyu_state\n  FROM quyu_rows\n)\nSELECT\n");
    let mut lines = vec![format!("  {} AS {}", dialect.text(stamp), dialect.name(STAMP))];
    for key in &sums.keys {
        lines.push(format!(
            "  {} AS {}",
            alias(key.column),
            dialect.name(key.name.as_str())
        ));
    }
    for state in std::iter::once(MISSING).chain(sums.refusals.iter().map(|r| r.name)) {
        lines.push(format!(
            "  count(CASE WHEN quyu_state = '{state}' THEN 1 END) AS {}",
            dialect.name(state)
        ));
    }
    for term in &sums.terms {
        let of = format!("CASE WHEN quyu_state = 'taken' THEN {} END", expression(&term.of));
        lines.push(format!("  {} AS {}", dialect.sum(&of), dialect.name(term.name)));
    }
    let _ = write!(text, "{}\nFROM quyu_states", lines.join(",\n"));
    let keys: Vec<String> = sums.keys.iter().map(|k| alias(k.column)).collect();
    if !keys.is_empty() {
        let keys = keys.join(", ");
        let _ = write!(text, "\nGROUP BY {keys}\nORDER BY {keys}");
    }
    text.push('\n');
    text
}

fn comparison(sign: Sign) -> &'static str {
    match sign {
        Sign::Negative => "< 0",
        Sign::Zero => "= 0",
        Sign::Positive => "> 0",
    }
}

fn expression(expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => format!("quyu_c{column}"),
        Expr::Constant(x) => constant(*x),
        Expr::Product(factors) => factors.iter().map(expression).collect::<Vec<_>>().join(" * "),
        Expr::Ln(of) => format!("ln({})", expression(of)),
        Expr::Exp(of) => format!("exp({})", expression(of)),
        Expr::Power(of, exponent) => format!("power({}, {})", expression(of), constant(*exponent)),
        Expr::Where(column, sign, of) => format!(
            "CASE WHEN quyu_c{column} {} THEN {} ELSE 0e0 END",
            comparison(*sign),
            expression(of)
        ),
    }
}

/// A double: with an exponent it is one in every dialect, without it some read an exact decimal.
fn constant(x: f64) -> String {
    let text = format!("{x:e}");
    match x < 0.0 {
        true => format!("({text})"),
        false => text,
    }
}
