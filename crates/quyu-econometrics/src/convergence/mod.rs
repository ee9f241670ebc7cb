//! Convergence: do regions become more alike, and how?
//!
//! Panels are regions (rows) by periods (columns), periods in the order of time.
//!
//! | question | function |
//! |---|---|
//! | does the spread fall? | [`sigma`], [`sigma_trend`], [`sigma_change`] (paired tests) |
//! | do the poor grow faster, and how fast is the gap closed? | [`beta`], [`beta_nls`], [`panel_beta`] |
//! | do regions change places? | [`gamma`], [`kendall_tau`], [`spatial_tau`], [`theta`] |
//! | do all come nearer to the best? | [`delta`] |
//! | which regions converge to each other? | [`log_t`], [`clubs`], [`merge_clubs`], on trends from [`hp_filter`] |
//! | how do regions move between classes? | [`markov`] |
//! | how does the whole distribution move? | [`density`], [`stochastic_kernel`] |

mod beta;
mod club_search;
mod delta;
mod gamma;
mod hp;
mod kernel;
mod log_t;
pub mod markov;
mod panel_beta;
mod ranks;
mod sigma;
mod sigma_change;
mod speed;

pub use beta::{Beta, BetaNls, beta, beta_nls};
pub use club_search::{Club, ClubOptions, Clubs, CoreThreshold, Merging, SortBy, clubs, merge_clubs};
pub use delta::{Best, delta};
pub use gamma::{Gamma, gamma};
pub use hp::{HpTrend, hp_filter};
pub use kernel::{
    Bandwidth, Density, KernelMarginal, StochasticKernel, bandwidth, density, stochastic_kernel,
};
pub use log_t::{LogT, LogTOptions, Trim, log_t};
pub use panel_beta::{PanelBeta, PanelBetaOptions, panel_beta};
pub use ranks::{KendallTau, SpatialTau, kendall_tau, spatial_tau, theta};
pub use sigma::{SigmaMeasure, SigmaOptions, SigmaTrend, sigma, sigma_trend};
pub use sigma_change::{NormalTest, SigmaChange, sigma_change};
pub use speed::Speed;

/// Spatial neighbours: for each region the positions of its neighbours and their weights.
pub(crate) fn check_neighbours(neighbours: &[Vec<(usize, f64)>], n: usize) -> Result<(), crate::Error> {
    crate::check::length("neighbours", neighbours.len(), n)?;
    for (i, list) in neighbours.iter().enumerate() {
        for (j, weight) in list {
            if *j >= n {
                return Err(crate::Error::Label {
                    argument: "neighbours",
                    index: i,
                    found: *j,
                    limit: n,
                });
            }
            if !weight.is_finite() {
                return Err(crate::Error::NotFinite {
                    argument: "neighbours",
                    index: i,
                });
            }
        }
    }
    Ok(())
}
