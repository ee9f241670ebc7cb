//! Chains of ranks.

use super::states::States;
use crate::{Error, Matrix, check};

/// The rank of each region in each period, from 0 for the highest value: row-major. Of equal values the one in the later row has the better
/// rank, as in giddy: a chain of ranks needs a rank for each region.
fn ranks(panel: Matrix<'_>) -> Vec<usize> {
    let (n, periods) = (panel.rows(), panel.cols());
    let mut ranks = vec![0; n * periods];
    for t in 0..periods {
        let x = panel.col(t);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| {
            x[*b]
                .partial_cmp(&x[*a])
                .unwrap_or(std::cmp::Ordering::Equal)
                .then(b.cmp(a))
        });
        for (rank, i) in order.into_iter().enumerate() {
            ranks[i * periods + t] = rank;
        }
    }
    ranks
}

/// States of the full-rank chain: the rank of each region (0 for the highest value). A region that keeps its place stays in its state.
///
/// Of equal values the one in the later row has the better rank.
///
/// # Errors
/// [`Error::NotFinite`]; later [`Error::Range`] from the transitions of more than 16,384 regions.
///
/// # References
/// Rey 2014, Rank-based Markov chains for regional income distribution dynamics, Journal of Geographical Systems 16:115-137.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::markov::full_rank_states};
/// let states = full_rank_states(Matrix::new(&[1.0, 5.0, 3.0, 2.0], 2, 2)?)?; // (1, 3) and then (5, 2)
/// assert_eq!(states.states(), [1, 0, 0, 1]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn full_rank_states(panel: Matrix<'_>) -> Result<States, Error> {
    check::finite("panel", panel.data())?;
    States::new(ranks(panel), panel.cols(), panel.rows())
}

/// States of the geographic-rank chain: for each rank (row, the highest first) the region that holds it. Its transitions say to whom a rank
/// passes.
///
/// # Errors
/// As [`full_rank_states`].
///
/// # References
/// Rey 2014, as in [`full_rank_states`].
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::markov::geographic_rank_states};
/// let states = geographic_rank_states(Matrix::new(&[1.0, 5.0, 3.0, 2.0], 2, 2)?)?;
/// assert_eq!(states.states(), [1, 0, 0, 1]); // the first rank passes from region 1 to region 0
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn geographic_rank_states(panel: Matrix<'_>) -> Result<States, Error> {
    check::finite("panel", panel.data())?;
    let (n, periods) = (panel.rows(), panel.cols());
    let mut holders = vec![0; n * periods];
    for (cell, rank) in ranks(panel).into_iter().enumerate() {
        holders[rank * periods + cell % periods] = cell / periods;
    }
    States::new(holders, periods, n)
}
