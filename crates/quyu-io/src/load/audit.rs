//! Claims and trials.

use quyu_core::audit::{Claim, Trial};
use quyu_core::{Atlas, CoreError};

use super::{LoadError, each, optional, some, text};
use crate::package::{Package, Row};

/// Reads what the package has of them.
pub(super) fn read(package: &Package, atlas: &mut Atlas) -> Result<(), LoadError> {
    let audit = &mut atlas.audit;
    each(optional(package, "claims")?, |row| {
        audit.claims.push(claim(row)?);
        Ok(())
    })?;
    each(optional(package, "trials")?, |row| {
        audit.trials.push(trial(row)?);
        Ok(())
    })?;
    Ok(())
}

/// A number that may be absent.
fn maybe<T: std::str::FromStr>(row: Row<'_>, column: &'static str) -> Result<Option<T>, CoreError> {
    let digits = text(row, column);
    let read = |digits: String| {
        digits.parse::<T>().map_err(|_| CoreError::Malformed {
            what: column,
            text: digits.clone(),
        })
    };
    some(digits).map(read).transpose()
}

fn claim(row: Row<'_>) -> Result<Claim, CoreError> {
    Ok(Claim {
        id: text(row, "claim").to_owned(),
        place: text(row, "slide").to_owned(),
        subject: text(row, "subject").to_owned(),
        statement: text(row, "statement").to_owned(),
        value: maybe(row, "value")?,
        last_digit: maybe(row, "last_digit")?,
        unit: text(row, "unit").to_owned(),
        year: maybe(row, "year")?,
    })
}

fn trial(row: Row<'_>) -> Result<Trial, CoreError> {
    let word = |column: &str| text(row, column).to_owned();
    Ok(Trial {
        claim: word("claim"),
        number: maybe(row, "trial")?.unwrap_or_default(),
        said: word("said"),
        statistic: word("statistic"),
        term: word("term"),
        of: word("of"),
        against: word("against"),
        year: maybe(row, "year")?,
        vintages: word("vintages"),
        criterion: word("criterion"),
        remark: word("remark"),
    })
}
