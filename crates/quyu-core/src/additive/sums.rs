//! Sums as data: by which keys, of which terms, and which rows are refused. One declaration is both a query for another engine
//! ([`super::sql`]) and an evaluation here, so that the two cannot differ.

use std::collections::BTreeMap;

use quyu_math::{Sum, exp, ln, pow};

use super::Batch;
use crate::analysis::AnalysisError;
use crate::findings::ColumnName;

/// On which side of zero a number lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Below zero.
    Negative,
    /// Zero.
    Zero,
    /// Above zero.
    Positive,
}

impl Sign {
    fn holds(self, x: f64) -> bool {
        match self {
            Sign::Negative => x < 0.0,
            Sign::Zero => x == 0.0,
            Sign::Positive => x > 0.0,
        }
    }
}

/// A number that follows from the numbers of one row. Columns are positions among [`super::Additive::columns`].
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// The number of a column.
    Column(usize),
    /// The same for every row.
    Constant(f64),
    /// A product.
    Product(Vec<Expr>),
    /// Natural logarithm.
    Ln(Box<Expr>),
    /// Exponential.
    Exp(Box<Expr>),
    /// A power with a fixed exponent.
    Power(Box<Expr>, f64),
    /// The expression where the column has this sign, zero elsewhere.
    Where(usize, Sign, Box<Expr>),
}

impl Expr {
    /// A product of two.
    #[must_use]
    pub fn times(self, other: Expr) -> Self {
        let factors = |of: Expr| match of {
            Expr::Product(factors) => factors,
            one => vec![one],
        };
        Expr::Product([factors(self), factors(other)].concat())
    }

    /// This where a column is positive, zero elsewhere: what a logarithm needs.
    #[must_use]
    pub fn where_positive(self, column: usize) -> Self {
        Expr::Where(column, Sign::Positive, Box::new(self))
    }

    /// Its value in a row.
    fn value(&self, numbers: &impl Fn(usize) -> f64) -> f64 {
        match self {
            Expr::Column(column) => numbers(*column),
            Expr::Constant(x) => *x,
            Expr::Product(factors) => factors.iter().map(|f| f.value(numbers)).product(),
            Expr::Ln(of) => ln(of.value(numbers)),
            Expr::Exp(of) => exp(of.value(numbers)),
            Expr::Power(of, exponent) => pow(of.value(numbers), *exponent),
            Expr::Where(column, sign, of) => match sign.holds(numbers(*column)) {
                true => of.value(numbers),
                false => 0.0,
            },
        }
    }
}

/// A sum over rows.
#[derive(Debug, Clone, PartialEq)]
pub struct SumTerm {
    /// Its name, also the column of the result of a query: `sum-wx`.
    pub name: &'static str,
    /// What is added up.
    pub of: Expr,
}

/// Rows outside the domain of a statistic. They are counted, for a sum without them would be a sum over other rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name, also the column of the result of a query: `negative-value`.
    pub name: &'static str,
    /// A row is refused where all of these columns have these signs.
    pub when: Vec<(usize, Sign)>,
}

/// What rows are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name in the result.
    pub name: ColumnName,
    /// The column of labels.
    pub column: usize,
}

/// The sums that a statistic is a function of.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// One set of sums for each combination of these.
    pub keys: Vec<Key>,
    /// The sums; the first counts rows.
    pub terms: Vec<SumTerm>,
    /// Which rows have no place in them.
    pub refusals: Vec<Refusal>,
}

/// The sums of one combination of keys.
#[derive(Debug, Clone, PartialEq)]
pub struct SumRow {
    /// Labels, in the order of [`Sums::keys`].
    pub keys: Vec<String>,
    /// Numbers, in the order of [`Sums::terms`].
    pub sums: Vec<f64>,
}

impl Sums {
    /// The numbers columns that a row must have to count.
    pub fn numbers(&self) -> Vec<usize> {
        let mut all = Vec::new();
        self.terms.iter().for_each(|t| columns(&t.of, &mut all));
        all.extend(self.refusals.iter().flat_map(|r| r.when.iter().map(|(c, _)| *c)));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Adds the rows of a batch up: what an engine would answer, with the rows of the domain only.
    ///
    /// # Errors
    /// [`AnalysisError::Batch`] if a column is missing; [`AnalysisError::Sums`] if a row is refused.
    pub fn add_up(&self, batch: &Batch<'_>) -> Result<Vec<SumRow>, AnalysisError> {
        let mut numbers = BTreeMap::new();
        for column in self.numbers() {
            numbers.insert(column, batch.numbers(column)?);
        }
        let labels: Vec<&[&str]> = self
            .keys
            .iter()
            .map(|k| batch.labels(k.column))
            .collect::<Result<_, _>>()?;
        let mut cells: BTreeMap<Vec<&str>, Vec<Sum>> = BTreeMap::new();
        for row in 0..batch.rows() {
            let number = |column: usize| numbers.get(&column).map_or(f64::NAN, |x| x[row]);
            let refused = |r: &&Refusal| r.when.iter().all(|(c, sign)| sign.holds(number(*c)));
            let key: Vec<&str> = labels.iter().map(|l| l[row]).collect();
            if let Some(refusal) = self.refusals.iter().find(refused) {
                return Err(AnalysisError::Sums {
                    reason: format!("{}: {}", key.join(", "), refusal.name),
                });
            }
            let sums = cells
                .entry(key)
                .or_insert_with(|| vec![Sum::default(); self.terms.len()]);
            for (sum, term) in sums.iter_mut().zip(&self.terms) {
                sum.add(term.of.value(&number));
            }
        }
        let row = |(keys, sums): (Vec<&str>, Vec<Sum>)| SumRow {
            keys: keys.into_iter().map(str::to_owned).collect(),
            sums: sums.iter().map(Sum::value).collect(),
        };
        Ok(cells.into_iter().map(row).collect())
    }
}

fn columns(expr: &Expr, all: &mut Vec<usize>) {
    match expr {
        Expr::Column(column) => all.push(*column),
        Expr::Constant(_) => {}
        Expr::Product(factors) => factors.iter().for_each(|f| columns(f, all)),
        Expr::Ln(of) | Expr::Exp(of) | Expr::Power(of, _) => columns(of, all),
        Expr::Where(column, _, of) => {
            all.push(*column);
            columns(of, all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Values;
    use super::*;

    #[test]
    fn terms_are_added_up_by_key() {
        let x = || Expr::Column(1);
        let sums = Sums {
            keys: vec![Key {
                name: ColumnName::Year,
                column: 0,
            }],
            terms: vec![
                SumTerm {
                    name: "n",
                    of: Expr::Constant(1.0),
                },
                SumTerm {
                    name: "sum-w-ln-x",
                    of: Expr::Column(2).times(Expr::Ln(Box::new(x()))).where_positive(1),
                },
            ],
            refusals: vec![Refusal {
                name: "negative-weight",
                when: vec![(2, Sign::Negative)],
            }],
        };
        let batch = |w: &'static [f64]| {
            let labels = Values::Labels(&["b", "a", "b"]);
            Batch::new(vec![
                labels,
                Values::Numbers(&[1.0, 0.0, 1.0]),
                Values::Numbers(w),
            ])
            .unwrap()
        };
        let rows = sums.add_up(&batch(&[1.0, 2.0, 3.0])).unwrap();
        let row = |key: &str, n: f64| SumRow {
            keys: vec![key.to_owned()],
            sums: vec![n, 0.0],
        };
        assert_eq!(rows, [row("a", 1.0), row("b", 2.0)]);
        let error = sums.add_up(&batch(&[1.0, 2.0, -3.0])).unwrap_err();
        assert_eq!(error.to_string(), "the sums do not fit: b: negative-weight");
    }
}
