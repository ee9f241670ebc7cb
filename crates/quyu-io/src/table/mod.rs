//! Somebody's own table: from a CSV file to an atlas in memory, which every analysis runs on.
//!
//! 1. [`source`] opens files or standard input, unpacks gzip and zstd, and tells what kind of file it is.
//! 2. [`raw`] makes a header and rows of it that know where they stand: of a text by [`text`] and `split`, of Parquet and Arrow by
//!    [`columnar`], of an Excel workbook by `workbook`.
//! 3. [`filter`] keeps the rows that `where` names.
//! 4. [`sheet`] says which columns are the keys: region, time, class; long or wide; [`sdmx`] knows those of Eurostat and the OECD.
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
pub mod cells;
pub mod columnar;
mod date;
pub mod describe;
pub mod fault;
pub mod filter;
pub mod guard;
pub mod head;
mod header;
pub mod links;
pub mod number;
mod parts;
mod place;
pub mod raw;
pub mod rows;
pub mod sdmx;
pub mod sheet;
pub mod source;
mod split;
mod spot;
pub mod sums;
pub mod text;
pub mod warn;
mod workbook;

#[cfg(test)]
mod tests;

pub use build::{How, Own, Wanted};
pub use fault::{Apart, Fault, Place, Problem, Spot, TableError, Unit};
pub use number::Numbers;
pub use raw::{Input, Layout, Raw, ReadOptions};
pub use sheet::{KeyOptions, Sheet};
pub use source::{Form, Source};
pub use text::Encoding;
pub use warn::Warning;
