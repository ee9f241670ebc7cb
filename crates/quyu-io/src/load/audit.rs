//! Claims, trials, and the documents, lists and clauses that they are checked against.

use quyu_core::audit::{Audit, Claim, Clause, Document, ListItem, PriorityList, Trial};
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
    each(optional(package, "documents")?, |row| {
        audit.documents.push(document(row));
        Ok(())
    })?;
    each(optional(package, "clauses")?, |row| {
        audit.clauses.push(clause(row)?);
        Ok(())
    })?;
    lists(package, audit)
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

fn document(row: Row<'_>) -> Document {
    let number = some(text(row, "document_number"));
    Document {
        id: text(row, "document").to_owned(),
        issued: text(row, "issued").to_owned(),
        label: number.unwrap_or_else(|| text(row, "title_en").to_owned()),
        text_basis: text(row, "text_basis").to_owned(),
    }
}

fn clause(row: Row<'_>) -> Result<Clause, CoreError> {
    let secondary = text(row, "secondary").split(';').filter(|code| !code.is_empty());
    Ok(Clause {
        document: text(row, "document").to_owned(),
        primary: text(row, "primary").to_owned(),
        secondary: secondary.map(str::to_owned).collect(),
        concreteness: maybe(row, "concreteness")?.unwrap_or_default(),
    })
}

fn lists(package: &Package, audit: &mut Audit) -> Result<(), LoadError> {
    each(optional(package, "lists")?, |row| {
        audit.lists.push(PriorityList {
            id: text(row, "list").to_owned(),
            region: text(row, "region_name").to_owned(),
            year: text(row, "year").to_owned(),
            document: text(row, "source_document").to_owned(),
        });
        Ok(())
    })?;
    each(optional(package, "items")?, |row| {
        audit.items.push(ListItem {
            list: text(row, "list").to_owned(),
            item: text(row, "item").to_owned(),
            name: text(row, "name_en").to_owned(),
            category: text(row, "category").to_owned(),
        });
        Ok(())
    })
}
