//! Decompositions by groups of an entropy index as functions of sums: rows stream through in any number.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::additive::grouped::Grouped;
use quyu_core::additive::sums::{Expr, Key, Refusal, Sign, SumRow, SumTerm, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Cell, Column, Findings, Need, ParamError, Params, Table};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{RunningGroup, decompose_ge_groups};

use super::groups_shown::rows;
use super::split::{Form, Parts};
use crate::sample::Sample;
use crate::terms::term;

/// Builds the stream of `decompose`; only entropy indices are functions of sums by group.
pub(crate) fn build(analysis: &'static str, params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let form = Form::read(analysis, params)?;
    let refuse = |reason: String| ParamError::Combination {
        analysis: analysis.to_owned(),
        reason,
    };
    let Some(alpha) = form.alpha() else {
        return Err(refuse(format!(
            "`{}` compares every value with the others and is no function of sums; `theil-t`, `mld` and `ge` are",
            form.variant()
        )));
    };
    let group = RunningGroup::new(alpha).map_err(|e| refuse(e.to_string()))?;
    let sample = Sample::new(analysis, params)?;
    let mut columns = vec![
        Need::Period,
        Need::Partition(params.text("group").unwrap_or_default().to_owned()),
    ];
    columns.extend(sample.terms().into_iter().map(Need::Indicator));
    Ok(Box::new(Stream {
        analysis,
        form,
        empty: group,
        weighted: sample.weighted(),
        columns,
        years: BTreeMap::new(),
        broken: None,
    }))
}

/// What is known of every group in every year.
struct Stream {
    analysis: &'static str,
    form: Form,
    empty: RunningGroup,
    weighted: bool,
    columns: Vec<Need>,
    years: BTreeMap<String, BTreeMap<String, RunningGroup>>,
    /// Why sums could not be merged; said when the stream ends.
    broken: Option<Error>,
}

impl Stream {
    fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.analysis,
            reason,
        }
    }

    fn failed(&self, year: &str, group: &str, error: &Error) -> AnalysisError {
        let what = |argument: &str| if argument == "w" { "weight" } else { "value" };
        let reason = match error {
            Error::Negative { argument, value, .. } => {
                format!("a {} is negative ({value})", what(argument))
            }
            Error::Zero { argument, .. } => {
                format!("a {} is zero, where the index is not defined", what(argument))
            }
            Error::NotFinite { argument, .. } => format!("a {} is not finite", what(argument)),
            other => other.to_string(),
        };
        self.refuse(format!(
            "{} in {year}, group `{group}`: {reason}",
            self.form.name()
        ))
    }

    fn split(&self, year: &str, groups: &BTreeMap<String, RunningGroup>) -> Result<Parts, AnalysisError> {
        let parts: Vec<RunningGroup> = groups.values().cloned().collect();
        decompose_ge_groups(&parts)
            .map(Parts::entropy)
            .map_err(|e| self.refuse(format!("{} in {year}: {e}", self.form.name())))
    }
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, groups, x) = (batch.labels(0)?, batch.labels(1)?, batch.numbers(2)?);
        let weights = if self.weighted {
            Some(batch.numbers(3)?)
        } else {
            None
        };
        let grouped = Grouped::by(&[years, groups]);
        let (x, ends) = grouped.sorted(x);
        let w = weights.map(|w| grouped.sorted(w).0);
        let mut from = 0;
        for (key, end) in grouped.keys.iter().zip(ends) {
            let (year, group) = (key[0], key[1]);
            let rows = from..end;
            from = end;
            let known = self.years.get(year).and_then(|groups| groups.get(group));
            let mut sums = known.unwrap_or(&self.empty).clone();
            sums.push(&x[rows.clone()], w.as_ref().map(|w| &w[rows]))
                .map_err(|e| self.failed(year, group, &e))?;
            let of_year = self.years.entry(year.to_owned()).or_default();
            of_year.insert(group.to_owned(), sums);
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        let Ok(other) = other.downcast::<Stream>() else {
            self.broken.get_or_insert(Error::Undefined {
                reason: "a stream of another analysis was merged into this one",
            });
            return;
        };
        self.broken = self.broken.take().or(other.broken);
        for (year, groups) in other.years {
            let of_year = self.years.entry(year).or_default();
            for (group, sums) in groups {
                let ours = of_year.entry(group).or_insert_with(|| self.empty.clone());
                if let Err(error) = ours.merge(&sums) {
                    self.broken.get_or_insert(error);
                }
            }
        }
    }

    fn sums(&self) -> Option<Sums> {
        let (x, w) = (2, self.weighted.then_some(3));
        let alpha = self.form.alpha().unwrap_or_default();
        let moment = match alpha {
            1.0 => "sum-wx-ln-x",
            0.0 => "sum-w-ln-x",
            _ => "sum-w-x-to-alpha",
        };
        let counted = match w {
            Some(w) => Expr::Constant(1.0).where_positive(w),
            None => Expr::Constant(1.0),
        };
        let mut terms = vec![SumTerm {
            name: "n",
            of: counted,
        }];
        terms.extend(["sum-w", "sum-wx", moment].map(|name| SumTerm {
            name,
            of: term(name, alpha, x, w),
        }));
        let key = |name, column| Key { name, column };
        let refuse = |name, when| Refusal { name, when };
        let mut refusals = vec![refuse("negative-value", vec![(x, Sign::Negative)])];
        refusals.extend(w.map(|w| refuse("negative-weight", vec![(w, Sign::Negative)])));
        if alpha <= 0.0 {
            let counts = w.map(|w| (w, Sign::Positive));
            let when = [(x, Sign::Zero)].into_iter().chain(counts).collect();
            refusals.push(refuse("zero-value", when));
        }
        Some(Sums {
            keys: vec![key(C::Year, 0), key(C::Group, 1)],
            terms,
            refusals,
        })
    }

    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError> {
        let alpha = self.form.alpha().unwrap_or_default();
        for row in rows {
            let (year, group) = (row.keys[0].as_str(), row.keys[1].as_str());
            let part = <[f64; 4]>::try_from(row.sums.as_slice())
                .map_err(|_| Error::Empty { argument: "sums" })
                .and_then(|sums| RunningGroup::of_sums(alpha, sums))
                .map_err(|e| self.failed(year, group, &e))?;
            let of_year = self.years.entry(year.to_owned()).or_default();
            let ours = of_year
                .entry(group.to_owned())
                .or_insert_with(|| self.empty.clone());
            if let Err(error) = ours.merge(&part) {
                self.broken.get_or_insert(error);
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        if self.years.is_empty() {
            return Err(self.refuse("there are no rows".to_owned()));
        }
        if let Some(error) = &self.broken {
            return Err(self.refuse(format!("{}: {error}", self.form.name())));
        }
        let mut table = Table::new(
            self.analysis,
            self.form.name(),
            vec![
                Column::key(C::Year),
                Column::key(C::Vintage),
                Column::key(C::Variant),
                Column::key(C::Component),
                Column::key(C::Group),
                Column::of(C::Estimate, "1"),
                Column::of(C::Share, "1"),
                Column::key(C::N),
            ],
        );
        for (year, groups) in &self.years {
            let names: Vec<&String> = groups.keys().collect();
            let split = self.split(year, groups)?;
            let year = year.parse().map_or_else(|_| year.clone().into(), Cell::Integer);
            // A stream of rows knows no vintage.
            table
                .rows
                .extend(rows(&split, self.form, &[year, Cell::Missing], |g| {
                    names.get(g).map(|n| (*n).clone())
                }));
        }
        Ok(Findings {
            tables: vec![table],
            ..Findings::default()
        })
    }
}
