//! The tables on policy: priority lists, documents, coded clauses.

use quyu_core::CoreError;
use quyu_core::policy::{ClauseKey, Coding, Document, Fit, Instrument, Item, Policy, PriorityList};

use super::{LoadError, each, optional, text};
use crate::package::{Package, Row};

/// Reads the tables that the package has.
pub(super) fn read(package: &Package, policy: &mut Policy) -> Result<(), LoadError> {
    priorities(package, policy)?;
    each(optional(package, "instruments")?, |row| {
        let instrument = Instrument {
            name_en: cell(row, "name_en"),
            group: cell(row, "group"),
        };
        policy.instruments.insert(cell(row, "instrument"), instrument);
        Ok(())
    })?;
    each(optional(package, "documents")?, |row| {
        let document = Document {
            level: cell(row, "level"),
            region: cell(row, "region"),
            region_name: cell(row, "region_name"),
            title_en: cell(row, "title_en"),
            title_zh: cell(row, "title_zh"),
            number: cell(row, "document_number"),
            issued: cell(row, "issued"),
            text_basis: cell(row, "text_basis"),
        };
        policy.documents.insert(cell(row, "document"), document);
        Ok(())
    })?;
    each(optional(package, "clauses")?, |row| {
        policy.clauses.insert(key(row), coding(row)?);
        Ok(())
    })?;
    each(optional(package, "codings")?, |row| {
        let coder = policy.codings.entry(cell(row, "coder")).or_default();
        coder.insert(key(row), coding(row)?);
        Ok(())
    })
}

fn priorities(package: &Package, policy: &mut Policy) -> Result<(), LoadError> {
    each(optional(package, "lists")?, |row| {
        let list = PriorityList {
            level: cell(row, "level"),
            region: cell(row, "region"),
            region_name: cell(row, "region_name"),
            year: cell(row, "year"),
            document: cell(row, "source_document"),
        };
        policy.lists.insert(cell(row, "list"), list);
        Ok(())
    })?;
    each(optional(package, "items")?, |row| {
        let item = Item {
            code: cell(row, "code"),
            name_en: cell(row, "name_en"),
            name_zh: cell(row, "name_zh"),
            category: cell(row, "category"),
            fit: None,
        };
        policy.items.insert((cell(row, "list"), cell(row, "item")), item);
        Ok(())
    })?;
    each(optional(package, "fit")?, |row| {
        let fit = Fit::parse(text(row, "fit")).ok_or_else(|| malformed("fit", row))?;
        if let Some(item) = policy.items.get_mut(&(cell(row, "list"), cell(row, "item"))) {
            item.fit = Some(fit);
        }
        Ok(())
    })
}

fn cell(row: Row<'_>, column: &str) -> String {
    text(row, column).to_owned()
}

fn key(row: Row<'_>) -> ClauseKey {
    (cell(row, "document"), cell(row, "clause"))
}

fn coding(row: Row<'_>) -> Result<Coding, CoreError> {
    let digit = text(row, "concreteness").parse();
    Ok(Coding {
        primary: cell(row, "primary"),
        secondary: further(row),
        concreteness: digit.map_err(|_| malformed("concreteness", row))?,
    })
}

/// Second codes, with semicolons between them; the tables of further coders have none.
fn further(row: Row<'_>) -> Vec<String> {
    let codes = text(row, "secondary").split(';').filter(|code| !code.is_empty());
    codes.map(str::to_owned).collect()
}

fn malformed(column: &'static str, row: Row<'_>) -> CoreError {
    CoreError::Malformed {
        what: column,
        text: text(row, column).to_owned(),
    }
}
