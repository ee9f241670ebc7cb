//! Structures from rows that stream through: sums by year, region and class.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;

use quyu_core::ColumnName as C;
use quyu_core::additive::grouped::Grouped;
use quyu_core::additive::sums::{Expr, Key, SumRow, SumTerm, Sums};
use quyu_core::{
    Additive, Analysis, AnalysisError, Batch, Findings, Need, ParamError, Progress, Study, Table,
};
use quyu_math::Sum;

use crate::frame::{Class, Frame, Row};
use crate::scope::Scope;

/// An analysis that is a function of one frame, whether a study or a stream fills it.
pub(crate) trait FromFrame: Debug + Send + Sync {
    /// What is looked at.
    fn scope(&self) -> &Scope;

    /// The frame of a study.
    ///
    /// # Errors
    /// [`AnalysisError`] for a study that the analysis has no answer for.
    fn frame(&self, study: &Study) -> Result<Frame, AnalysisError> {
        self.scope().frame(study)
    }

    /// What the frame says.
    ///
    /// # Errors
    /// [`AnalysisError`] if the statistic is undefined for it.
    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError>;
}

/// Such an analysis as a plugin.
#[derive(Debug)]
pub(crate) struct Framed<T>(pub(crate) T);

impl<T: FromFrame> Analysis for Framed<T> {
    fn needs(&self) -> Vec<Need> {
        self.0.scope().needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        self.0.findings(&self.0.frame(study)?)
    }
}

/// Such an analysis as a stream.
///
/// # Errors
/// [`ParamError::Combination`] for parameters that a stream cannot follow.
pub(crate) fn stream(analysis: impl FromFrame + 'static) -> Result<Box<dyn Additive>, ParamError> {
    analysis.scope().streams()?;
    Ok(Box::new(Stream::new(
        &analysis.scope().clone(),
        Box::new(analysis),
    )))
}

/// The sums so far; rows need no unique key, so micro-data streams through in constant memory.
struct Stream {
    scope: Scope,
    analysis: Box<dyn FromFrame>,
    columns: Vec<Need>,
    /// Year, region, class.
    cells: BTreeMap<(String, String, String), Sum>,
    /// Whether a part was merged in that could not be taken.
    lost: bool,
}

impl Stream {
    fn new(scope: &Scope, analysis: Box<dyn FromFrame>) -> Self {
        Self {
            columns: vec![
                Need::Period,
                Need::Region,
                Need::Class,
                Need::Indicator(scope.value().clone()),
            ],
            scope: scope.clone(),
            analysis,
            cells: BTreeMap::new(),
            lost: false,
        }
    }

    fn labels(&self, pick: fn(&(String, String, String)) -> &String) -> Vec<String> {
        let mut all: Vec<String> = self.cells.keys().map(pick).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// All regions are looked at and compared with; a pair that no row names holds nothing.
    fn frame(&self) -> Result<Frame, AnalysisError> {
        let (mut years, regions, classes) = (
            self.labels(|k| &k.0),
            self.labels(|k| &k.1),
            self.labels(|k| &k.2),
        );
        if self.scope.last_only() {
            years = years.pop().into_iter().collect();
        }
        if years.is_empty() {
            return Err(AnalysisError::Study {
                analysis: self.scope.analysis,
                reason: "there are no rows".to_owned(),
            });
        }
        let of_year = |year: &String| -> Vec<f64> {
            let pairs = regions.iter().flat_map(|r| classes.iter().map(move |c| (r, c)));
            pairs
                .map(|(r, c)| {
                    let key = (year.clone(), r.clone(), c.clone());
                    self.cells.get(&key).map_or(0.0, Sum::value)
                })
                .collect()
        };
        let row = |(at, code): (usize, &String)| Row {
            code: code.clone(),
            name: code.clone(),
            focus: true,
            inside: true,
            parts: vec![at],
        };
        let class = |code: &String| Class {
            code: code.clone(),
            name: code.clone(),
        };
        Ok(Frame {
            analysis: self.scope.analysis,
            label: self.scope.value().to_string(),
            unit: String::new(),
            focus: "all regions".to_owned(),
            reference: "all regions".to_owned(),
            members: regions.len(),
            rows: regions.iter().enumerate().map(row).collect(),
            classes: classes.iter().map(class).collect(),
            cells: years.iter().map(of_year).collect(),
            years,
            notes: Vec::new(),
            source: String::new(),
            within: (0..regions.len()).collect(),
        })
    }
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, regions, classes) = (batch.labels(0)?, batch.labels(1)?, batch.labels(2)?);
        let x = batch.numbers(3)?;
        for (i, value) in x.iter().enumerate() {
            if !value.is_finite() {
                return Err(AnalysisError::Study {
                    analysis: self.scope.analysis,
                    reason: format!("a value of {} in {} is not finite", regions[i], years[i]),
                });
            }
        }
        let grouped = Grouped::by(&[years, regions, classes]);
        let (x, ends) = grouped.sorted(x);
        let mut from = 0;
        for (key, end) in grouped.keys.iter().zip(ends) {
            let key = (key[0].to_owned(), key[1].to_owned(), key[2].to_owned());
            self.cells.entry(key).or_default().push(&x[from..end]);
            from = end;
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        match other.downcast::<Stream>() {
            Ok(other) if other.scope.analysis == self.scope.analysis => {
                self.lost |= other.lost;
                for (key, sum) in other.cells {
                    self.cells.entry(key).or_default().add(sum.value());
                }
            }
            _ => self.lost = true,
        }
    }

    fn sums(&self) -> Option<Sums> {
        let key = |name, column| Key { name, column };
        let term = |name, of| SumTerm { name, of };
        Some(Sums {
            keys: vec![key(C::Year, 0), key(C::Region, 1), key(C::Class, 2)],
            terms: vec![term("n", Expr::Constant(1.0)), term("sum-value", Expr::Column(3))],
            refusals: Vec::new(),
        })
    }

    fn take(&mut self, rows: &[SumRow]) -> Result<(), AnalysisError> {
        for row in rows.iter().filter(|row| row.sums[0] > 0.0) {
            let key = (row.keys[0].clone(), row.keys[1].clone(), row.keys[2].clone());
            self.cells.entry(key).or_default().add(row.sums[1]);
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        if self.lost {
            return Err(AnalysisError::Study {
                analysis: self.scope.analysis,
                reason: "a stream of another analysis was merged into this one".to_owned(),
            });
        }
        let found = self.analysis.findings(&self.frame()?)?;
        // A stream has codes only: the columns and views for readers would show them in the place of names.
        let bare = |table: Table| {
            let kept: Vec<usize> = (0..table.columns.len())
                .filter(|&c| table.columns[c].name != C::Name)
                .collect();
            Table {
                columns: kept.iter().map(|&c| table.columns[c].clone()).collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| kept.iter().map(|&c| row[c].clone()).collect())
                    .collect(),
                view: None,
                ..table
            }
        };
        Ok(Findings {
            tables: found.tables.into_iter().map(bare).collect(),
            figures: Vec::new(),
            notes: found.notes,
        })
    }
}

#[cfg(test)]
mod tests {
    use quyu_core::{Entry, ParamValue, Params};

    use super::*;
    use crate::{concentration, overlap};

    fn stream(entry: &Entry) -> Box<dyn Additive> {
        let given = BTreeMap::from([("value".to_owned(), ParamValue::Text("jobs".to_owned()))]);
        let params = Params::check(entry.id, entry.params, &given).unwrap();
        entry.additive.unwrap()(&params).unwrap()
    }

    #[test]
    fn a_part_of_another_analysis_is_not_lost_in_silence() {
        let said = |parts: &[&Entry]| {
            let mut all = stream(&concentration::ENTRY);
            for part in parts {
                all.merge(stream(part));
            }
            all.finish().unwrap_err().to_string()
        };
        let own = said(&[&concentration::ENTRY]);
        assert!(own.contains("there are no rows"), "{own}");
        let other = said(&[&overlap::ENTRY, &concentration::ENTRY]);
        assert!(other.contains("another analysis"), "{other}");
    }
}
