//! Somebody's own table: from a CSV file to an atlas in memory, which every analysis runs on.
//!
//! 1. [`source`] opens the file or standard input, unpacks gzip and refuses what is no text table.
//! 2. [`text`] turns bytes into text, [`raw`] into a header and rows that know where they stand.
//! 3. [`filter`] keeps the rows that `where` names.
//! 4. [`sheet`] says which columns are the keys: region, time, class; long or wide.
//! 5. [`build`] makes regions, indicators, partitions and a panel of them.
//!
//! A second table may say which regions are neighbours: [`links`].
//!
//! A table whose rows need no key streams instead: [`head`] reads its header, [`rows`] its rows.
//!
//! Nothing is repaired silently. What cannot be read is a [`fault::Fault`] with its place; several are told at once. What is legal
//! and probably wrong is a [`warn::Warning`].

mod blocks;
pub mod build;
pub mod describe;
pub mod fault;
pub mod filter;
pub mod head;
pub mod links;
pub mod number;
pub mod raw;
pub mod rows;
pub mod sheet;
pub mod source;
pub mod text;
pub mod warn;

#[cfg(test)]
mod tests;

pub use build::{How, Own, Wanted};
pub use fault::{Fault, Place, Problem, TableError};
pub use number::Numbers;
pub use raw::{Raw, ReadOptions};
pub use sheet::{KeyOptions, Sheet};
pub use source::Source;
pub use text::Encoding;
pub use warn::Warning;
