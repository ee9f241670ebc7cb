//! Disparity indices and their decomposition.
//!
//! Every index takes values `x` and optional weights `w`: x is a value per head (or any intensity) of each region, w the
//! heads. Without weights every region counts once. Only the proportions of the weights matter, and a region of weight
//! zero is left out. Indices describe the population at hand: no correction for samples unless one is asked for.

mod atkinson;
mod atkinson_groups;
mod change;
mod coulter;
mod cv;
mod decompose;
mod entropy;
mod fields;
mod gini;
mod gini_groups;
mod gini_parts;
mod hoover;
mod index;
mod kolm;
mod logs;
mod lorenz;
mod missing;
mod nested;
mod polarisation;
mod quantiles;
mod rank;
mod running;
mod running_groups;
mod running_sums;
mod s_gini;
mod sample;
mod shapley;
mod shares;
mod sources;
mod theil;

pub use atkinson::atkinson;
pub use atkinson_groups::{
    AtkinsonDecomposition, AtkinsonGroup, AtkinsonParts, AtkinsonResidual, decompose_atkinson,
};
pub use change::{MldChange, MldChangeApproximation, MldChangeGroup, Year, mld_change};
pub use coulter::{coulter, dalton};
pub use cv::{CvOptions, Normalisation, cv, williamson, williamson_unweighted};
pub use decompose::{GeDecomposition, GeGroup, decompose_ge, max_between_ge};
pub use fields::{Fields, fields};
pub use gini::{Correction, GiniOptions, Negative, gini};
pub use gini_groups::{
    DagumDecomposition, DagumPair, GiniGroup, IndividualGini, ResidualDecomposition, SpatialGini,
    YitzhakiDecomposition, decompose_gini_dagum, decompose_gini_residual, decompose_gini_yitzhaki,
    individual_gini, spatial_gini,
};
pub use gini_parts::{Part, gini_of_parts};
pub use hoover::{hoover, hoover_between};
pub use index::Index;
pub use kolm::kolm;
pub use logs::{LogCentre, variance_of_logs};
pub use lorenz::{Dominance, Lorenz, lorenz};
pub use missing::{Complete, drop_missing};
pub use nested::{NestedDecomposition, TwoWayDecomposition, decompose_nested, decompose_two_way};
pub use polarisation::{WolfsonScale, esteban_ray, wolfson};
pub use quantiles::{palma, quantile, quantile_ratio, quintile_share_ratio, top_bottom_ratio};
pub use running::Running;
pub use running_groups::{RunningGroup, decompose_ge_groups};
pub use running_sums::NamedSum;
pub use s_gini::{concentration, s_gini};
pub use shapley::{Absent, shapley, shapley_sources};
pub use shares::{Herfindahl, ShareEntropy, generalised_herfindahl, herfindahl, rosenbluth, share_entropy};
pub use sources::{GiniSource, GiniSources, gini_by_source, shorrocks_shares};
pub use theil::{ge, mld, theil_t};

pub(crate) use decompose::BetweenGroups;
pub(crate) use rank::{Sorted, order};
pub(crate) use sample::{Domain, Sample, counted};
