//! Names of columns, and how a column is found by its name or number.

use quyu_core::suggest::Near;

use super::fault::Fault;

/// Names of columns: those of the first row if it is a header, else `column1`, `column2`, …
pub(crate) fn names(first: &[String], header: bool) -> Vec<String> {
    let name = |(i, n): (usize, &String)| match header && !n.is_empty() {
        true => n.clone(),
        false => format!("column{}", i + 1),
    };
    first.iter().enumerate().map(name).collect()
}

/// The column of this name, or of this number from 1 if none bears the name.
pub(crate) fn column(header: &[String], role: &str, name: &str) -> Result<usize, Fault> {
    let found: Vec<usize> = (0..header.len()).filter(|&c| header[c] == name).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => match name.parse::<usize>() {
            Ok(number) if (1..=header.len()).contains(&number) => Ok(number - 1),
            _ => Err(unknown(header, role, name)),
        },
        several => Err(Fault::AmbiguousColumn {
            name: name.to_owned(),
            numbers: several.iter().map(|c| c + 1).collect(),
        }),
    }
}

/// The fault that no column bears the name.
pub(crate) fn unknown(header: &[String], role: &str, name: &str) -> Fault {
    Fault::UnknownColumn {
        role: role.to_owned(),
        name: name.to_owned(),
        near: Near::to(name, header.iter().map(String::as_str)),
        columns: header.to_vec(),
    }
}
