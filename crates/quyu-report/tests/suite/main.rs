//! A small hand-made case on hand-made data, from its text to its Markdown.

#![allow(clippy::unwrap_used)]

mod cases;
mod fake;
mod pages;
mod reports;
mod templates;
