//! Theil's T and L as functions of sums: rows stream through in any number.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::{Additive, AnalysisError, Batch, Cell, Column, Findings, Need, Table};
use quyu_math::{Sum, ln};

use crate::index::{Kind, empty_table};
use crate::sample::Sample;

/// Sums of one year.
#[derive(Debug, Clone, Default)]
struct Sums {
    n: usize,
    weight: Sum,
    total: Sum,
    logs: Sum,
}

/// The sums of every year, in constant memory.
#[derive(Debug)]
pub(crate) struct Stream {
    id: &'static str,
    kind: Kind,
    weighted: bool,
    columns: Vec<Need>,
    years: BTreeMap<String, Sums>,
}

impl Stream {
    pub(crate) fn new(id: &'static str, kind: Kind, sample: &Sample) -> Self {
        let mut columns: Vec<Need> = vec![Need::Period];
        columns.extend(sample.terms().into_iter().map(Need::Indicator));
        Self {
            id,
            kind,
            weighted: sample.weighted(),
            columns,
            years: BTreeMap::new(),
        }
    }

    /// The summand that the index needs beside the weight and the total: w x ln x for T, w ln x for L.
    fn log_term(&self, x: f64, w: f64) -> Result<f64, AnalysisError> {
        let refuse = |reason: &'static str| {
            Err(AnalysisError::Study {
                analysis: self.id,
                reason: reason.to_owned(),
            })
        };
        match self.kind {
            _ if !x.is_finite() || !w.is_finite() || w < 0.0 => {
                refuse("values and weights must be finite, weights not negative")
            }
            _ if x < 0.0 => refuse("a value is negative"),
            _ if w == 0.0 => Ok(0.0),
            Kind::Theil if x == 0.0 => Ok(0.0),
            Kind::Theil => Ok(w * x * ln(x)),
            _ if x == 0.0 => refuse("a value is zero, where the mean log deviation is infinite"),
            _ => Ok(w * ln(x)),
        }
    }

    fn estimate(&self, sums: &Sums) -> Option<f64> {
        let (weight, total, logs) = (sums.weight.value(), sums.total.value(), sums.logs.value());
        let mean = total / weight;
        let defined = weight > 0.0 && total > 0.0;
        defined.then(|| match self.kind {
            Kind::Theil => (logs / total - ln(mean)).max(0.0),
            _ => (ln(mean) - logs / weight).max(0.0),
        })
    }
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, x) = (batch.labels(0)?, batch.numbers(1)?);
        let weights = if self.weighted {
            Some(batch.numbers(2)?)
        } else {
            None
        };
        for (i, &value) in x.iter().enumerate() {
            let w = weights.map_or(1.0, |w| w[i]);
            let term = self.log_term(value, w)?;
            let sums = self.years.entry(years[i].to_owned()).or_default();
            sums.n += 1;
            sums.weight.add(w);
            sums.total.add(w * value);
            sums.logs.add(term);
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Stream>() {
            for (year, theirs) in other.years {
                let ours = self.years.entry(year).or_default();
                ours.n += theirs.n;
                ours.weight.add(theirs.weight.value());
                ours.total.add(theirs.total.value());
                ours.logs.add(theirs.logs.value());
            }
        }
    }

    fn sums(&self) -> Table {
        let columns = [C::Year, C::Component, C::Value].map(Column::key).to_vec();
        let mut table = Table::new(
            format!("{}-sums", self.id),
            "Sums that the index follows from",
            columns,
        );
        for (year, sums) in &self.years {
            let parts = [
                ("n", sums.n as f64),
                ("sum-w", sums.weight.value()),
                ("sum-wx", sums.total.value()),
                (
                    if matches!(self.kind, Kind::Theil) {
                        "sum-wx-ln-x"
                    } else {
                        "sum-w-ln-x"
                    },
                    sums.logs.value(),
                ),
            ];
            for (name, value) in parts {
                table.push(vec![year.clone().into(), name.into(), value.into()]);
            }
        }
        table
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        let mut table = empty_table(self.id, self.kind.label().to_owned());
        for (year, sums) in &self.years {
            let estimate = self.estimate(sums).ok_or_else(|| AnalysisError::Study {
                analysis: self.id,
                reason: format!("the values of {year} add up to zero, where the index is undefined"),
            })?;
            table.push(vec![
                year.parse().map_or_else(|_| year.clone().into(), Cell::Integer),
                Cell::Missing,
                self.kind.name().into(),
                estimate.into(),
                sums.n.into(),
                sums.weight.value().into(),
            ]);
        }
        Ok(Findings {
            tables: vec![table],
            ..Findings::default()
        })
    }
}
