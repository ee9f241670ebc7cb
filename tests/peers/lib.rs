//! Tests only: see `tests/agree.rs`.
