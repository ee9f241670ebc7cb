//! Data packages, people's own tables and files: the only crate that opens one.

pub mod atomic;
pub mod files;
pub mod load;
pub mod package;
pub mod schema;
pub mod table;
