//! Innovation profiles: standardisation, principal components, clusters and their validity.
//!
//! A profile is a row of indicators of a region; all tables here are regions (rows) by indicators (columns). The
//! usual path: [`log_skewed`] and [`standardise`] the indicators, then [`pca`], [`kmeans`] or [`linkage`], then ask
//! how good the clusters are ([`silhouette`]) and what makes them ([`separation`]).
//!
//! Clusters are numbered 0, 1, 2, … in the order of their first member ([`renumber`]), so that two runs that find
//! the same groups give the same numbers.

mod aggregate;
mod agreement;
mod dbscan;
mod distance;
mod doubt;
mod eigen;
mod fuzzy;
mod gap;
mod hierarchical;
mod impute;
mod kmeans;
mod kmedoids;
mod linear;
mod matching;
mod mixture;
mod moments;
mod normalise;
mod outliers;
mod partition;
mod pca;
mod regionalise;
mod scoreboard;
mod separation;
mod silhouette;
mod stability;
mod standardise;
mod validity;
mod weights;

pub use aggregate::{
    Coupling, CouplingForm, Mean, MpiOptions, ObservedMean, aggregate, copeland, coupling_coordination,
    grey_relational, mazziotta_pareto, observed_mean, outranking, topsis, weighted_mean,
};
pub use agreement::{Agreement, agreement};
pub use dbscan::dbscan;
pub use distance::{Distances, mahalanobis};
pub use doubt::{BenefitOfDoubt, benefit_of_doubt};
pub use fuzzy::{Fuzzy, FuzzyOptions, fuzzy_cmeans};
pub use gap::{Dispersion, Gap, GapOptions, gap_statistic};
pub use hierarchical::{Dendrogram, Linkage, Merge, linkage, ward};
pub use impute::{Centre, carry_forward, impute_by_group, interpolate};
pub use kmeans::{KMeans, KMeansOptions, kmeans};
pub use kmedoids::{KMedoids, kmedoids};
pub use matching::{
    Comparable, Match, MatchOptions, MatchStabilityOptions, match_stability, nearest_regions,
    optimal_assignment,
};
pub use mixture::{Covariance, Mixture, MixtureOptions, gaussian_mixture};
pub use moments::{MomentType, kurtosis, skewness};
pub use normalise::{Direction, Scale, normalise};
pub use outliers::{OutlierOptions, Treated, box_cox, box_cox_lambda, treat, winsorise};
pub use partition::renumber;
pub use pca::{Pca, PcaOptions, pca};
pub use regionalise::{Regionalisation, SkaterOptions, constrained_ward, skater};
pub use scoreboard::{PerformanceGroup, Scoreboard, regional_scoreboard, ris_like};
pub use separation::{Separation, SumOfSquares, separation, sum_of_squares};
pub use silhouette::{Silhouette, silhouette};
pub use stability::{Stability, StabilityOptions, cluster_stability};
pub use standardise::{LogSkewed, Standardised, log_skewed, standardise};
pub use validity::{Apart, Wide, calinski_harabasz, davies_bouldin, dunn, generalised_dunn};
pub use weights::{critic_weights, cronbach_alpha, entropy_weights, pca_weights};

pub(crate) use eigen::symmetric as symmetric_eigen;
pub(crate) use partition::sizes;
