//! Tests that cross crates; they live in `all/`.
