//! How sure is a number? Resampling, standard errors and permutation tests.
//!
//! A set of regions is a population, not a sample from one. An interval or standard error here answers another
//! question: how far would the index move if the same process had drawn regions like these again? Say so beside the number.
//! A permutation test asks whether the labels (macro-regions, neighbours, years) matter, and needs no sampling at all.
//!
//! Replicate i draws from stream i of the seed ([`quyu_math::rng::Stream`]), so that any number of threads makes the same
//! replicates, and a result is repeated by its seed alone.

mod bootstrap;
mod counts;
mod difference;
mod interval;
mod jackknife;
mod linearised;
mod permutation;
mod spread;

pub use bootstrap::{
    Bootstrap, BootstrapOptions, StudentisedBootstrap, bootstrap, bootstrap_given, bootstrap_index,
    bootstrap_studentised,
};
pub use difference::{DifferenceTest, Sampled, bootstrap_difference, difference_test};
pub use interval::{Acceleration, Interval, Method, QuantileRule};
pub use jackknife::{Jackknife, jackknife, jackknife_index};
pub use linearised::{GiniLinearisation, Linearised, linearised};
pub use permutation::{
    Alternative, PermutationOptions, PermutationTest, between_test, permutation_test,
    permutation_test_of_values,
};
