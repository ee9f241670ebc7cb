//! Laws and hostile input, a module for each family: one binary, because linking one is quicker than linking twenty.

mod convergence_hostile;
mod convergence_laws;
mod decomposition_streams;
mod disparity_hostile;
mod disparity_laws;
mod disparity_more_laws;
mod inference_hostile;
mod inference_laws;
mod markov_laws;
mod profiles_cluster_laws;
mod profiles_composite_laws;
mod profiles_index_laws;
mod profiles_laws;
mod regression_laws;
mod running_laws;
mod shift_share_laws;
mod space_hostile;
mod space_laws;
mod space_local;
mod space_regression;
mod structure_laws;
