//! `decompose-regression` of rows without a key.

use quyu_core::{Additive, AnalysisError, Cell, Findings, Need, ParamError, Params};
use quyu_econometrics::Error;
use quyu_math::ln;

use super::regression::{ENTRY, Regression, empty, fit, rows};
use super::stream::refuse;
use crate::rows::{Asked, Columns, Role, Rows, Year};
use crate::stream::year_cell;

/// A group is a column of the regression: more than these would take more memory than the rows.
const MOST_GROUPS: usize = 100;

/// The stream of `decompose-regression`.
pub(crate) fn build(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let asked = Regression::new(params)?;
    let value = if asked.log { Role::Positive } else { Role::Signed };
    let columns = std::iter::once((&asked.value, value))
        .chain(asked.features.iter().map(|term| (term, Role::Signed)))
        .chain(asked.weight.iter().map(|term| (term, Role::Weight)));
    let columns = Asked {
        analysis: ENTRY.id,
        name: "Regression".to_owned(),
        partitions: asked.group.iter().cloned().collect(),
        numbers: columns
            .map(|(term, role)| (Need::Indicator(term.clone()), role))
            .collect(),
        last_only: asked.last_only,
        classed_by: None,
        draws: false,
    };
    let show = move |years: Vec<(String, Year)>| {
        let transform = if asked.log { "logarithm of " } else { "" };
        let mut table = empty(&format!(
            "Variance of the {transform}{}, by term of a regression",
            asked.value
        ));
        let names: Vec<String> = asked
            .features
            .iter()
            .map(ToString::to_string)
            .chain(asked.group.clone())
            .collect();
        for (year, of_year) in years {
            let Year::Whole(of_year) = of_year else { continue };
            let n = of_year.n();
            let of = fitted(&asked, of_year, &year)?.map_err(|e| failed(&e, &year, n))?;
            let keys = [year_cell(&year), Cell::Missing];
            let names = names.iter().map(String::as_str);
            table
                .rows
                .extend(rows((&of, n), asked.features.len(), &keys, names));
        }
        Ok(Findings {
            tables: vec![table],
            ..Findings::default()
        })
    };
    Ok(Box::new(Columns::new(columns, Box::new(show))))
}

/// The regression of a year, or why it cannot be tried.
fn fitted(
    asked: &Regression,
    mut rows: Rows,
    year: &str,
) -> Result<Result<quyu_econometrics::disparity::Fields, Error>, AnalysisError> {
    let groups = asked.group.as_ref().map(|group| (group, rows.take_labels(0)));
    if let Some((group, (_, names))) = groups
        .as_ref()
        .filter(|(_, (_, names))| names.len() > MOST_GROUPS)
    {
        return Err(refuse(
            ENTRY.id,
            format!(
                "`{group}` has {} groups in {year}, and each is a column of the regression; rows take at most {MOST_GROUPS}",
                names.len()
            ),
        ));
    }
    let k = asked.features.len();
    let mut explained = rows.take(0);
    if asked.log {
        explained.iter_mut().for_each(|x| *x = ln(*x));
    }
    let features: Vec<Vec<f64>> = (1..=k).map(|feature| rows.take(feature)).collect();
    let features: Vec<&[f64]> = features.iter().map(Vec::as_slice).collect();
    let w = asked.weight.is_some().then(|| rows.take(k + 1));
    let labels = groups
        .as_ref()
        .map(|(_, (labels, names))| (labels.as_slice(), names.len()));
    Ok(fit(&explained, &features, labels, w.as_deref()))
}

fn failed(error: &Error, year: &str, n: usize) -> AnalysisError {
    let reason = match error {
        Error::Singular { .. } => format!(
            "in {year} one of the terms follows from the others (a feature that is equal everywhere, or constant inside the groups), so \
             their shares are not determined; leave one out"
        ),
        Error::TooFew { needed, .. } => format!(
            "the regression of {year} has {n} of the {needed} rows that it needs at least; take fewer `features`"
        ),
        Error::Zero { argument: "w", .. } => {
            format!("Regression in {year}: a weight is zero; leave such rows out with --where")
        }
        other => format!("Regression in {year}: {other}"),
    };
    refuse(ENTRY.id, reason)
}
