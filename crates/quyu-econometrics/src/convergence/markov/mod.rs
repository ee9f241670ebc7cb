//! Markov chains: how regions move between classes of income.
//!
//! | step | function |
//! |---|---|
//! | classes of each region and period | [`classes`], or [`States::new`] with your own |
//! | counts of transitions | [`States::transitions`] |
//! | probabilities, long run, passage times, sojourn, mobility | [`Transitions::chain`] and the methods of [`Chain`] |
//! | are several chains the same? | [`homogeneity`] |
//! | does the neighbourhood matter? | [`spatial_markov`], [`lisa_markov`] |
//! | chains of ranks | [`full_rank_states`], [`geographic_rank_states`] |
//!
//! States count from 0, the lowest class first.

mod chain;
mod classes;
mod counts;
mod homogeneity;
mod lisa;
mod mobility;
mod rank;
mod spatial;
mod states;

pub use chain::{Chain, PassageTimes};
pub(super) use classes::linear_quantile;
pub use classes::{ClassOptions, ClassRule, Classes, classes};
pub use counts::Transitions;
pub use homogeneity::{Homogeneity, homogeneity};
pub use lisa::{LisaMarkov, lisa_markov};
pub use mobility::Mobility;
pub use rank::{full_rank_states, geographic_rank_states};
pub use spatial::{LagClasses, SpatialMarkov, SpatialMarkovOptions, spatial_markov};
pub use states::States;
