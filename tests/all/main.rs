//! Tests that cross crates, in one binary: each module is a subject.

mod contract;
mod data_model;
mod packages;
mod plugin;
