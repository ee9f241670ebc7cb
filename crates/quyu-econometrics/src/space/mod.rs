//! How regions lie in space: neighbours, clusters, and regressions whose regions depend on each other.
//!
//! First the weights, from borders ([`Weights::contiguity`]), distances ([`distance_band`], [`nearest`]) or any list of links
//! ([`Weights::new`]), in a [`Style`]. Then the question:
//!
//! | question | function | its test |
//! |---|---|---|
//! | Do like values lie together? | [`moran`], [`geary`] | [`moran_test`], [`geary_test`] |
//! | Does a variable go with another one next door? | [`moran_bivariate`] | [`moran_bivariate_test`] |
//! | Do rates of small populations cluster? | [`standardised_rates`], then [`moran`] | [`moran_test`] |
//! | Do high values lie with high ones? | [`general_g`] | [`general_g_test`] |
//! | Do units of a kind touch? | [`join_counts`] | [`join_counts_test`] |
//! | Which regions form clusters, which stand out? | [`local_moran`], [`local_geary`] | [`local_moran_test`], [`local_geary_test`] |
//! | Where does a variable go with another one next door? | [`local_moran_bivariate`] | [`local_moran_bivariate_test`] |
//! | Where are hot and cold spots? | [`local_g`] | [`local_g_test`] |
//! | Does inequality lie between neighbours? | [`gini_test`] | the same |
//! | Is a regression disturbed by neighbours? | [`moran_residuals`], [`lagrange_tests`] | the same |
//! | Which regression allows for them? | [`spatial_lag`], [`spatial_error`] | the same |
//!
//! Missing values are an error: a region without a figure is taken out of values and weights by the caller, who knows its name.
//! Permutation i is drawn from stream i of the seed, whatever the number of threads.

mod conditional;
mod distance;
mod false_discovery;
mod geary;
mod getis_ord;
mod inequality;
mod join_counts;
mod lagrange;
mod likelihood;
mod local_bivariate;
mod local_g;
mod local_geary;
mod local_moran;
mod lu;
mod moran;
mod pairs;
mod permute;
mod rates;
mod regression;
mod residuals;
mod sample;
mod shuffle;
mod spatial_models;
mod style;
mod tails;
mod weights;

pub use conditional::LocalTest;
pub use distance::{Decay, EARTH_RADIUS_KM, Metric, Ties, distance, distance_band, nearest};
pub use false_discovery::false_discovery_threshold;
pub use geary::{Geary, geary, geary_test};
pub use getis_ord::{GeneralG, general_g, general_g_test};
pub use inequality::{SpatialGiniTest, gini_test};
pub use join_counts::{JoinCounts, JoinKind, Joins, join_counts, join_counts_test};
pub use lagrange::{LagrangeTests, SpatialModel, lagrange_tests};
pub use local_bivariate::{local_moran_bivariate, local_moran_bivariate_test};
pub use local_g::{LocalG, local_g, local_g_test};
pub use local_geary::{LocalGeary, local_geary, local_geary_test};
pub use local_moran::{LocalMoran, LocalMoranOptions, LocalScale, Quadrant, local_moran, local_moran_test};
pub use moran::{Moran, moran, moran_bivariate, moran_bivariate_test, moran_test};
pub use rates::standardised_rates;
pub use residuals::{ResidualMoran, moran_residuals};
pub use sample::Islands;
pub use spatial_models::{Coefficient, Impact, SpatialRegression, spatial_error, spatial_lag};
pub use style::Style;
pub use tails::{Analytic, Tails};
pub use weights::{Symmetry, Weights};
