//! The data model on small hand-made data: names, sets, vintages, panels, aggregation, parameters, numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

mod aggregation;
mod made;
mod names;
mod numbers;
mod panel;
mod params;
mod regions;
mod registry;
mod relations;
mod study;
mod vintages;
