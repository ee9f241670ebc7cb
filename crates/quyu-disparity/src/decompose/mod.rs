//! Decompositions: what an index consists of, by groups, sources, years, terms of a regression, neighbours.

mod by_rows;
mod chance;
mod change;
mod columns;
mod common;
mod groups;
mod groups_shown;
mod known;
mod nested;
mod regression;
mod regression_rows;
mod shapley;
mod source_rows;
mod sources;
mod spatial;
mod split;
mod stream;
mod two_way;

pub(crate) use change::ENTRY as CHANGE;
pub(crate) use groups::ENTRY as GROUPS;
pub(crate) use nested::ENTRY as NESTED;
pub(crate) use regression::ENTRY as REGRESSION;
pub(crate) use shapley::ENTRY as SHAPLEY;
pub(crate) use sources::ENTRY as SOURCES;
pub(crate) use spatial::ENTRY as SPATIAL_GINI;
pub(crate) use two_way::ENTRY as TWO_WAY;
