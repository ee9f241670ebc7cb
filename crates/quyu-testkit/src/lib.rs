//! Tolerance tiers, proptest strategies and the reader of reference cases.
//!
//! For tests only: nothing here is published, and nothing here knows Polars.

mod close;
pub mod reference;
pub mod strategies;

pub use close::{Tolerance, adds_up, assert_adds_up, assert_close, close};
