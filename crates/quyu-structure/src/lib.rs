//! Plugins on structure: what regions are specialised in, where classes sit, how alike structures are, what is near to
//! what a region can do.

mod agglomeration;
mod complexity;
mod concentration;
mod frame;
mod location_quotient;
mod opportunities;
mod overlap;
mod quotient_view;
mod relatedness;
mod scope;
mod space;
mod specialisation;
mod stream;

use quyu_core::{Cell, Entry};

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    location_quotient::ENTRY,
    specialisation::ENTRY,
    concentration::ENTRY,
    agglomeration::ENTRY,
    overlap::ENTRY,
    relatedness::ENTRY,
    complexity::ENTRY,
    opportunities::ENTRY,
];

/// A whole number, or nothing.
fn cell(x: Option<usize>) -> Cell {
    x.map_or(Cell::Missing, Cell::from)
}
