//! Plugins on disparity: one index a year, the Lorenz curve, and decomposition by groups.

mod bins;
mod classes;
mod compare;
mod decompose;
mod dominance;
mod entries;
mod families;
mod held;
mod index;
mod lorenz;
mod lorenz_rows;
mod measure;
mod panel_rows;
mod panels;
mod rows;
mod sample;
mod shares;
mod stream;
mod terms;
mod uncertainty;
mod undefined;
mod view;

use quyu_core::Entry;

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[
    families::ATKINSON,
    panels::CONCENTRATION,
    families::COULTER,
    entries::CV,
    decompose::GROUPS,
    decompose::CHANGE,
    decompose::NESTED,
    decompose::REGRESSION,
    decompose::SOURCES,
    decompose::TWO_WAY,
    panels::DISPARITY,
    families::GE,
    families::GENERALISED_GINI,
    entries::GINI,
    shares::ENTRY,
    entries::HOOVER,
    families::KOLM,
    lorenz::ENTRY,
    entries::MLD,
    panels::POLARISATION,
    panels::QUANTILE_RATIOS,
    decompose::SHAPLEY,
    decompose::SPATIAL_GINI,
    entries::THEIL,
    families::VARIANCE_OF_LOGS,
];
