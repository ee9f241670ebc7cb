//! Innovation profiles: standardisation, principal components, clusters and their validity.
//!
//! A profile is a row of indicators of a region; all tables here are regions (rows) by indicators (columns). The
//! usual path: [`log_skewed`] and [`standardise`] the indicators, then [`pca`], [`kmeans`] or [`linkage`], then ask
//! how good the clusters are ([`silhouette`]) and what makes them ([`separation`]).
//!
//! Clusters are numbered 0, 1, 2, … in the order of their first member ([`renumber`]), so that two runs that find
//! the same groups give the same numbers.

mod distance;
mod eigen;
mod hierarchical;
mod kmeans;
mod moments;
mod partition;
mod pca;
mod separation;
mod silhouette;
mod standardise;

pub use distance::Distances;
pub use hierarchical::{Dendrogram, Linkage, Merge, linkage, ward};
pub use kmeans::{KMeans, KMeansOptions, kmeans};
pub use moments::{MomentType, kurtosis, skewness};
pub use partition::renumber;
pub(crate) use partition::sizes;
pub use pca::{Pca, PcaOptions, pca};
pub use separation::{Separation, SumOfSquares, separation, sum_of_squares};
pub use silhouette::{Silhouette, silhouette};
pub use standardise::{LogSkewed, Standardised, log_skewed, standardise};
