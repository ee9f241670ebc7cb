//! Sums by region, sector and year: rows stream through in any number, micro-data too.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::additive::grouped::Grouped;
use quyu_core::additive::sums::{Expr, Key, SumRow, SumTerm, Sums};
use quyu_core::{AnalysisError, Batch, Need, Term};
use quyu_math::Sum;

use crate::frame::refuse;

/// The sums so far: one number a cell, or two.
pub(crate) struct Cells {
    analysis: &'static str,
    columns: Vec<Need>,
    sums: BTreeMap<(String, String, String), Vec<Sum>>,
    /// Whether a part was merged in that could not be taken.
    lost: bool,
}

/// Complete tables, regions by classes, one for each number and year.
pub(crate) struct Tables {
    pub(crate) regions: Vec<String>,
    pub(crate) classes: Vec<String>,
    pub(crate) years: Vec<String>,
    /// By number, then by year.
    pub(crate) numbers: Vec<Vec<Vec<f64>>>,
}

impl Cells {
    /// Columns: region, class, period, then a number for each term.
    pub(crate) fn new(analysis: &'static str, terms: Vec<Term>) -> Self {
        let mut columns = vec![Need::Region, Need::Class, Need::Period];
        columns.extend(terms.into_iter().map(Need::Indicator));
        Self {
            analysis,
            columns,
            sums: BTreeMap::new(),
            lost: false,
        }
    }

    pub(crate) fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.columns.len() - 3
    }

    pub(crate) fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (regions, classes, years) = (batch.labels(0)?, batch.labels(1)?, batch.labels(2)?);
        let grouped = Grouped::by(&[regions, classes, years]);
        for number in 0..self.count() {
            let x = batch.numbers(3 + number)?;
            for (i, value) in x.iter().enumerate() {
                if !value.is_finite() {
                    return Err(refuse(
                        self.analysis,
                        format!("a value of {} in {} is not finite", regions[i], years[i]),
                    ));
                }
            }
            let (x, ends) = grouped.sorted(x);
            let mut from = 0;
            for (key, end) in grouped.keys.iter().zip(ends) {
                let key = (key[0].to_owned(), key[1].to_owned(), key[2].to_owned());
                self.cell(key)[number].push(&x[from..end]);
                from = end;
            }
        }
        Ok(())
    }

    fn cell(&mut self, key: (String, String, String)) -> &mut Vec<Sum> {
        let count = self.count();
        self.sums
            .entry(key)
            .or_insert_with(|| vec![Sum::default(); count])
    }

    /// A part was not of this analysis; said when the stream ends.
    pub(crate) fn lose(&mut self) {
        self.lost = true;
    }

    pub(crate) fn merge(&mut self, other: Cells) {
        self.lost |= other.lost;
        for (key, sums) in other.sums {
            for (mine, theirs) in self.cell(key).iter_mut().zip(sums) {
                mine.add(theirs.value());
            }
        }
    }

    /// The sum of each number by region, class and year.
    pub(crate) fn sums(&self) -> Sums {
        let key = |name, column| Key { name, column };
        let names = ["sum-value", "sum-employment"];
        let numbers = names.into_iter().take(self.count()).enumerate();
        let count = SumTerm {
            name: "n",
            of: Expr::Constant(1.0),
        };
        let terms = numbers.map(|(i, name)| SumTerm {
            name,
            of: Expr::Column(3 + i),
        });
        Sums {
            keys: vec![key(C::Region, 0), key(C::Class, 1), key(C::Year, 2)],
            terms: std::iter::once(count).chain(terms).collect(),
            refusals: Vec::new(),
        }
    }

    /// Takes in sums as [`Cells::sums`] declares them.
    pub(crate) fn take(&mut self, rows: &[SumRow]) {
        for row in rows.iter().filter(|row| row.sums[0] > 0.0) {
            let key = (row.keys[0].clone(), row.keys[1].clone(), row.keys[2].clone());
            for (sum, value) in self.cell(key).iter_mut().zip(&row.sums[1..]) {
                sum.add(*value);
            }
        }
    }

    /// All cells in order. A cell without rows is zero; a region without any row in one of the years is refused, for
    /// nothing is known of it.
    pub(crate) fn finish(self) -> Result<Tables, AnalysisError> {
        if self.lost {
            let reason = "a stream of another analysis was merged into this one";
            return Err(refuse(self.analysis, reason));
        }
        let keys = |pick: fn(&(String, String, String)) -> &String| {
            let mut all: Vec<String> = self.sums.keys().map(pick).cloned().collect();
            all.sort();
            all.dedup();
            all
        };
        let (regions, classes, years) = (keys(|k| &k.0), keys(|k| &k.1), keys(|k| &k.2));
        if years.is_empty() {
            return Err(refuse(self.analysis, "there are no rows"));
        }
        if years.len() < 2 {
            let only = &years[0];
            return Err(refuse(
                self.analysis,
                format!("there are rows of {only} only, and growth needs two periods"),
            ));
        }
        for region in &regions {
            let has = |year: &&String| self.sums.keys().any(|k| k.0 == *region && k.2 == **year);
            if let Some(year) = years.iter().find(|y| !has(y)) {
                return Err(refuse(
                    self.analysis,
                    format!("there are no rows of {region} in {year}"),
                ));
            }
        }
        let table = |number: usize, year: &String| -> Vec<f64> {
            let pairs = regions.iter().flat_map(|r| classes.iter().map(move |c| (r, c)));
            let value = |(r, c): (&String, &String)| {
                let sums = self.sums.get(&(r.clone(), c.clone(), year.clone()));
                sums.map_or(0.0, |s| s[number].value())
            };
            pairs.map(value).collect()
        };
        let numbers: Vec<Vec<Vec<f64>>> = (0..self.count())
            .map(|number| years.iter().map(|year| table(number, year)).collect())
            .collect();
        for (table, year) in numbers.iter().flat_map(|tables| tables.iter().zip(&years)) {
            if let Some(at) = table.iter().position(|x| *x < 0.0) {
                let (region, class) = (&regions[at / classes.len()], &classes[at % classes.len()]);
                return Err(refuse(
                    self.analysis,
                    format!("the sum of {class} of {region} in {year} is negative"),
                ));
            }
        }
        Ok(Tables {
            regions,
            classes,
            years,
            numbers,
        })
    }
}
