//! Plugins that describe: key figures, comparison, ranking, series, composition, vintages, coverage.
//!
//! They add and divide but infer nothing; every aggregate follows the nature of its indicator.

mod comparison;
mod composition;
mod coverage;
mod key_figures;
mod ranking;
mod series;
mod vintages;

use quyu_core::{Entry, IndicatorId, Style};

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    comparison::ENTRY,
    composition::ENTRY,
    coverage::ENTRY,
    key_figures::ENTRY,
    ranking::ENTRY,
    series::ENTRY,
    vintages::ENTRY,
];

/// How many digits a reader can use for values of a unit.
fn style_of(unit: &str, largest: f64) -> Style {
    match (unit, largest.abs()) {
        (_, x) if x >= 1000.0 => Style::Fixed(0),
        ("%", _) => Style::Fixed(2),
        (_, x) if x >= 100.0 => Style::Fixed(1),
        (_, x) if x >= 1.0 => Style::Fixed(2),
        _ => Style::Fixed(3),
    }
}

/// The largest of some values by size.
fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |m, x| m.max(x.abs()))
}

/// `indicator[vintage], …` in a cell.
fn vintage_cell<'a>(from: impl IntoIterator<Item = &'a (IndicatorId, quyu_core::Vintage)>) -> String {
    from.into_iter()
        .map(|(i, v)| format!("{i}[{v}]"))
        .collect::<Vec<_>>()
        .join(" ")
}
