//! The nouns of quyu: regions, indicators, vintages, panels, studies, analyses and findings.
//!
//! | noun | what it is |
//! |---|---|
//! | [`Atlas`] | what the loaded data packages hold together: regions, codebook, panel, relations |
//! | [`Study`] | what an analysis is asked about: a focus, a reference, a period, vintages |
//! | [`Analysis`], [`Entry`], [`Registry`] | a plugin, its declaration, the list of all |
//! | [`Findings`] | what comes back: tidy tables, figures without pixels, notes |
//!
//! This crate knows no statistics and opens no files.

pub mod additive;
pub mod analysis;
pub mod atlas;
pub mod audit;
pub mod error;
pub mod figure;
pub mod findings;
pub mod indicator;
pub mod names;
pub mod number;
pub mod panel;
pub mod params;
pub mod policy;
pub mod region;
pub mod registry;
pub mod relations;
pub mod rounding;
pub mod study;
pub mod suggest;
pub mod vintage;

pub use additive::{Additive, Batch, Values};
pub use analysis::{Analysis, AnalysisError, Entry, Need, Progress};
pub use atlas::{Atlas, PackageStamp};
pub use audit::Audit;
pub use error::CoreError;
pub use findings::{
    Cell, Column, ColumnName, Findings, Head, Note, NoteKind, Shown, Style, Table, View, ViewRow,
};
pub use indicator::{Basis, Class, Codebook, Direction, Indicator, Nature, Source, Term};
pub use names::{ClassCode, IndicatorId, OWN, RegionCode, Vintage, Year};
pub use panel::{Observation, Panel};
pub use params::{Param, ParamError, ParamKind, ParamValue, Params};
pub use region::{Level, Partition, Region, RegionSet, Regions};
pub use registry::Registry;
pub use relations::{Links, Relations};
pub use rounding::Span;
pub use study::{Block, Datum, Missing, Period, Study};
pub use vintage::{VintageChoice, VintagePair, VintageRules, VintageSeries};
