//! Innovation profiles: indicators made comparable, components, composite indices, clusters and their validity.
//!
//! A profile is a row of indicators of a region; all tables here are regions (rows) by indicators (columns).
//!
//! | question | function |
//! |---|---|
//! | make indicators comparable | [`standardise`], [`log_skewed`], [`normalise`], [`winsorise`], [`treat`], [`box_cox`] |
//! | fill gaps, where one must | [`impute_by_group`], [`carry_forward`], [`interpolate`] |
//! | see a few dimensions instead of many | [`pca`] |
//! | make one index of many indicators | [`composite`], [`entropy_weights`], [`critic_weights`], [`pca_weights`], [`benefit_of_doubt`], [`aggregate`], [`mazziotta_pareto`], [`copeland`], [`topsis`], [`grey_relational`], [`coupling_coordination`], [`ris_like`], [`regional_scoreboard`] |
//! | what does the index owe to its choices? | [`composite_sensitivity`], [`composite_sobol`], [`rank_sensitivity`], [`sobol_indices`], [`effective_weights`], [`cronbach_alpha`] |
//! | which regions group together? | [`kmeans`], [`ward`], [`linkage`], [`kmedoids`], [`gaussian_mixture`], [`fuzzy_cmeans`], [`dbscan`], on the map [`constrained_ward`], [`skater`] |
//! | how many groups, how good, how sure? | [`silhouette`], [`calinski_harabasz`], [`davies_bouldin`], [`dunn`], [`gap_statistic`], [`cluster_stability`], [`agreement`] |
//! | what makes the groups? | [`separation`], [`sum_of_squares`] |
//! | who is like this region? | [`nearest_regions`], [`match_stability`], [`optimal_assignment`], [`mahalanobis`] |
//!
//! Clusters are numbered 0, 1, 2, … in the order of their first member ([`renumber`]), so that two runs that
//! find the same groups give the same numbers.

mod aggregate;
mod agreement;
mod choices;
mod composite;
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
mod matching;
mod mixture;
mod moments;
mod normalise;
mod outliers;
mod partition;
mod pca;
mod regionalise;
mod scoreboard;
mod sensitivity;
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
pub use choices::{ChoiceSobol, CompositeChoices, Step, composite_sensitivity, composite_sobol};
pub use composite::{
    Aggregation, Composite, CompositeOptions, OutlierRule, Reshape, Scales, WeightRule, composite,
};
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
pub use sensitivity::{
    RankSensitivity, SensitivityOptions, SobolIndices, effective_weights, rank_sensitivity, sobol_indices,
};
pub use separation::{Separation, SumOfSquares, separation, sum_of_squares};
pub use silhouette::{Silhouette, silhouette};
pub use stability::{Stability, StabilityOptions, cluster_stability};
pub use standardise::{LogSkewed, Standardised, log_skewed, standardise};
pub use validity::{Apart, Wide, calinski_harabasz, davies_bouldin, dunn, generalised_dunn};
pub use weights::{critic_weights, cronbach_alpha, cronbach_alpha_observed, entropy_weights, pca_weights};

#[cfg(test)]
pub(crate) use eigen::symmetric as symmetric_eigen;
pub(crate) use partition::sizes;
