//! k-medoids.

use super::{distance::Distances, partition::renumber};
use crate::{Error, check};

/// A partition around members.
#[derive(Debug, Clone, PartialEq)]
pub struct KMedoids {
    /// Cluster of each point; clusters are numbered by first member.
    pub labels: Vec<usize>,
    /// The point at the centre of each cluster.
    pub medoids: Vec<usize>,
    /// Sum of the distances to the medoids.
    pub cost: f64,
}

/// k-medoids by PAM: the `k` points whose distances to the others sum to least, as far as single exchanges find
/// them.
///
/// Build takes one medoid after the other, each the one that lowers the cost most; swap exchanges a medoid with
/// another point while that lowers the cost, always the best exchange. No random start: the result depends on
/// the distances alone (of equal exchanges the first point is taken). Any distances will do, squared ones or
/// [`Distances::gower`] too.
///
/// # Errors
/// [`Error::Domain`] unless 1 <= k <= points; [`Error::Range`].
///
/// # Reference
/// Kaufman, L. & Rousseeuw, P. J. (1990), Finding Groups in Data, Wiley, chapter 2.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, profiles::{Distances, kmedoids}};
/// let d = Distances::euclidean(Matrix::new(&[0.0, 9.0, 1.0, 11.0, 2.0, 10.0], 6, 1)?)?;
/// let found = kmedoids(&d, 2)?;
/// assert_eq!(found.labels, [0, 1, 0, 1, 0, 1]);
/// assert_eq!(found.medoids, [2, 5]);
/// assert_eq!(found.cost, 4.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn kmedoids(distances: &Distances, k: usize) -> Result<KMedoids, Error> {
    let n = distances.points();
    if k == 0 || k > n {
        return Err(Error::Domain {
            option: "k",
            value: k as f64,
            domain: "1 to the number of points",
        });
    }
    let mut medoids = Vec::with_capacity(k);
    while medoids.len() < k {
        let candidates = (0..n).filter(|point| !medoids.contains(point));
        let added = candidates.map(|point| {
            let mut with = medoids.clone();
            with.push(point);
            (cost(distances, &with), point)
        });
        medoids.push(smallest(added).1);
    }
    let mut current = cost(distances, &medoids);
    loop {
        let (swaps, set) = (0..k, &medoids);
        let exchanged = swaps.flat_map(|slot| {
            (0..n).filter(|point| !set.contains(point)).map(move |point| {
                let mut with = set.clone();
                with[slot] = point;
                (cost(distances, &with), (slot, point))
            })
        });
        let Some((best, (slot, point))) = smallest_of(exchanged) else {
            break;
        };
        // The margin keeps rounding from exchanging to and fro.
        if best >= current * (1.0 - 1e-12) {
            break;
        }
        medoids[slot] = point;
        current = best;
    }
    check::in_range("the sum of distances", &[current])?;
    let own = |point: usize| {
        // A medoid belongs to itself, even where another lies at distance zero.
        let slot = medoids.iter().position(|&medoid| medoid == point);
        slot.unwrap_or_else(|| smallest((0..k).map(|slot| (distances.between(point, medoids[slot]), slot))).1)
    };
    let slots: Vec<usize> = (0..n).map(own).collect();
    let labels = renumber(&slots)?;
    let mut ordered = vec![0; k];
    for (point, &label) in labels.iter().enumerate() {
        ordered[label] = medoids[slots[point]];
    }
    Ok(KMedoids {
        labels,
        medoids: ordered,
        cost: current,
    })
}

fn cost(distances: &Distances, medoids: &[usize]) -> f64 {
    quyu_math::sum_by(distances.points(), |point| {
        medoids.iter().fold(f64::INFINITY, |least, &medoid| {
            least.min(distances.between(point, medoid))
        })
    })
}

/// The first of the smallest, or infinity with the default.
fn smallest<T: Default>(candidates: impl Iterator<Item = (f64, T)>) -> (f64, T) {
    smallest_of(candidates).unwrap_or((f64::INFINITY, T::default()))
}

fn smallest_of<T>(candidates: impl Iterator<Item = (f64, T)>) -> Option<(f64, T)> {
    candidates.reduce(|best, other| if other.0 < best.0 { other } else { best })
}
