//! Checks of arguments that every family shares. Each names the argument and the first offending element.

use crate::{Error, Matrix};
use quyu_math::lanes::{Path, Scan, chunk_scan};

/// One quick look; the first offender is looked for only where there is one.
fn scan(values: &[f64]) -> Scan {
    chunk_scan(Path::best(), values)
}

pub(crate) fn not_empty(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    if values.is_empty() {
        Err(Error::Empty { argument })
    } else {
        Ok(())
    }
}

pub(crate) fn at_least(argument: &'static str, found: usize, needed: usize) -> Result<(), Error> {
    if found < needed {
        Err(Error::TooFew {
            argument,
            found,
            needed,
        })
    } else {
        Ok(())
    }
}

pub(crate) fn length(argument: &'static str, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        Ok(())
    } else {
        Err(Error::Length {
            argument,
            found,
            expected,
        })
    }
}

pub(crate) fn finite(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    if scan(values).finite {
        return Ok(());
    }
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(Error::NotFinite { argument, index }),
        None => Ok(()),
    }
}

/// Finite and not negative.
pub(crate) fn non_negative(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    let seen = scan(values);
    if seen.finite && seen.min >= 0.0 {
        return Ok(());
    }
    finite(argument, values)?;
    match values.iter().position(|v| *v < 0.0) {
        Some(index) => Err(Error::Negative {
            argument,
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

/// One label below `limit` for each of `expected` elements.
pub(crate) fn labels(
    argument: &'static str,
    labels: &[usize],
    expected: usize,
    limit: usize,
) -> Result<(), Error> {
    length(argument, labels.len(), expected)?;
    match labels.iter().position(|label| *label >= limit) {
        Some(index) => Err(Error::Label {
            argument,
            index,
            found: labels[index],
            limit,
        }),
        None => Ok(()),
    }
}

/// An option between two bounds, both included.
pub(crate) fn between(
    option: &'static str,
    value: f64,
    (low, high): (f64, f64),
    domain: &'static str,
) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Error::Domain {
            option,
            value,
            domain,
        })
    }
}

/// Two tables with the same numbers of rows and columns.
pub(crate) fn same_shape(
    argument: &'static str,
    found: Matrix<'_>,
    expected: Matrix<'_>,
) -> Result<(), Error> {
    length(argument, found.rows(), expected.rows())?;
    length(argument, found.cols(), expected.cols())
}

/// The last check of a statistic: no infinity and no NaN leaves this crate.
pub(crate) fn in_range(what: &'static str, values: &[f64]) -> Result<(), Error> {
    if scan(values).finite {
        Ok(())
    } else {
        Err(Error::Range { what })
    }
}

/// [`in_range`] for one value, which is handed on.
pub(crate) fn result(what: &'static str, value: f64) -> Result<f64, Error> {
    in_range(what, &[value]).map(|()| value)
}

/// Finite and above zero.
pub(crate) fn positive(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    non_negative(argument, values)?;
    match values.iter().position(|v| *v == 0.0) {
        Some(index) => Err(Error::Zero { argument, index }),
        None => Ok(()),
    }
}
