//! Tests that cross crates, in one binary: each module is a subject.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

mod aggregation;
mod claims;
mod contract;
mod data_model;
mod decomposition_laws;
mod decomposition_streams;
mod decompositions;
mod disparity;
mod growth;
mod growth_laws;
mod hostile;
mod identities;
mod loader;
mod matching;
mod movements;
mod packages;
mod plugin;
mod policy;
mod profiles;
mod prose;
mod reachable;
mod refusals;
mod structure;
mod toy;
