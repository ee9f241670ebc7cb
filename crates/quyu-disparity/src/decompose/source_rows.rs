//! `decompose-sources` and `shapley` of rows without a key.

use quyu_core::{Additive, AnalysisError, Cell, Findings, Need, ParamError, Params, Term};
use quyu_econometrics::{Error, Matrix};

use super::stream::refuse;
use super::{shapley, sources};
use crate::rows::{Asked, Columns, Role, Rows, Year};
use crate::stream::year_cell;

/// The sources of rows, and their weight.
struct Sources {
    analysis: &'static str,
    values: Vec<Term>,
    weight: Option<Term>,
    last_only: bool,
}

impl Sources {
    fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let weight = params.text("weight").map(|_| params.term(analysis, "weight"));
        let values = params.terms(analysis, "value")?;
        let refused = |reason: String| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason,
        };
        let twice = (1..values.len()).find(|k| values[..*k].contains(&values[*k]));
        if let Some(twice) = twice {
            return Err(refused(format!("the source `{}` is named twice", values[twice])));
        }
        if let [one] = values.as_slice() {
            return Err(refused(format!(
                "`{one}` is one source; name several columns: `{one}, ...`"
            )));
        }
        Ok(Self {
            analysis,
            values,
            weight: weight.transpose()?,
            last_only: params.text("by") == Some("last"),
        })
    }

    /// Classes of one indicator go by their codes.
    fn names(&self) -> Vec<String> {
        let first = self.values.first().map(|term| &term.indicator);
        let one = self.values.iter().all(|term| Some(&term.indicator) == first);
        let name = |term: &Term| match term.class.as_ref().filter(|_| one) {
            Some(class) => class.to_string(),
            None => term.to_string(),
        };
        self.values.iter().map(name).collect()
    }

    fn title(&self, index: &str) -> String {
        format!("{index} of the sum of {}, by source", self.names().join(", "))
    }

    fn asked(&self, name: String) -> Asked {
        let sources = self.values.iter().map(|term| (term, Role::Signed));
        let weight = self.weight.iter().map(|term| (term, Role::Weight));
        Asked {
            analysis: self.analysis,
            name,
            partitions: Vec::new(),
            numbers: sources
                .chain(weight)
                .map(|(term, role)| (Need::Indicator(term.clone()), role))
                .collect(),
            last_only: self.last_only,
            classed_by: None,
            draws: false,
        }
    }
}

/// Rows x sources, row after row, and the weights.
fn table(mut rows: Rows, k: usize, weighted: bool) -> (Vec<f64>, Option<Vec<f64>>) {
    let mut data = vec![0.0; rows.n() * k];
    for source in 0..k {
        for (cell, x) in data.iter_mut().skip(source).step_by(k).zip(rows.take(source)) {
            *cell = x;
        }
    }
    (data, weighted.then(|| rows.take(k)))
}

/// A stream whose years are split one by one; `split` makes the rows of a year under its cells.
fn stream(
    sources: &Sources,
    name: String,
    empty: fn(&str) -> quyu_core::Table,
    split: impl Fn(Matrix<'_>, Option<&[f64]>, &[Cell; 2]) -> Result<Vec<Vec<Cell>>, Error> + Send + 'static,
) -> Box<dyn Additive> {
    let (id, k, weighted) = (sources.analysis, sources.values.len(), sources.weight.is_some());
    let (title, asked) = (sources.title(&name), sources.asked(name.clone()));
    let show = move |years: Vec<(String, Year)>| {
        let mut found = empty(&title);
        for (year, rows) in years {
            let Year::Whole(rows) = rows else { continue };
            let n = rows.n();
            let (data, w) = table(rows, k, weighted);
            let keys = [year_cell(&year), Cell::Missing];
            let rows = Matrix::new(&data, n, k)
                .and_then(|table| split(table, w.as_deref(), &keys))
                .map_err(|e| failed(id, &name, &year, &e))?;
            found.rows.extend(rows);
        }
        Ok(Findings {
            tables: vec![found],
            ..Findings::default()
        })
    };
    Box::new(Columns::new(asked, Box::new(show)))
}

fn failed(analysis: &'static str, name: &str, year: &str, error: &Error) -> AnalysisError {
    let reason = match error {
        Error::Negative { value, .. } => format!(
            "{name} in {year}: the sources that are present add up to less than nothing in a row ({value}), where the index is not defined"
        ),
        Error::Zero { .. } => format!(
            "{name} in {year}: the sources that are present add up to nothing in a row, where the index is not defined"
        ),
        other => format!("{name} in {year}: {other}"),
    };
    refuse(analysis, reason)
}

/// The stream of `decompose-sources`.
pub(crate) fn by_source(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let sources = Sources::new(sources::ENTRY.id, params)?;
    let (rule, names) = (sources::Rule::read(params), sources.names());
    let split = move |table: Matrix<'_>, w: Option<&[f64]>, keys: &[Cell; 2]| {
        let (total, rows) = rule.split(table, w)?;
        Ok(rule.rows((total, &rows), keys, names.iter().map(String::as_str)))
    };
    Ok(stream(&sources, rule.name().to_owned(), sources::empty, split))
}

/// The stream of `shapley`.
pub(crate) fn shapley(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let id = shapley::ENTRY.id;
    let sources = Sources::new(id, params)?;
    if let Some(reason) = shapley::Rule::too_many(sources.values.len()) {
        return Err(ParamError::Combination {
            analysis: id.to_owned(),
            reason,
        });
    }
    let (rule, names) = (shapley::Rule::read(params)?, sources.names());
    let split = move |table: Matrix<'_>, w: Option<&[f64]>, keys: &[Cell; 2]| {
        let (total, parts) = rule.split(table, w)?;
        Ok(rule.rows((total, &parts), keys, names.iter().map(String::as_str)))
    };
    Ok(stream(&sources, rule.label(), shapley::empty, split))
}
