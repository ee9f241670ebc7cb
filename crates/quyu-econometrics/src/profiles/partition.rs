//! Partitions of points into numbered clusters.

use crate::{Error, check};

/// The same clusters, numbered 0, 1, 2, … in the order of their first member. Any labels will do, from 1 or
/// with gaps.
///
/// # Errors
/// [`Error::Empty`] for no points.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::renumber;
/// assert_eq!(renumber(&[7, 2, 7, 3, 2])?, [0, 1, 0, 2, 1]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn renumber(labels: &[usize]) -> Result<Vec<usize>, Error> {
    if labels.is_empty() {
        return Err(Error::Empty { argument: "labels" });
    }
    let mut number = std::collections::BTreeMap::new();
    let mut renumbered = Vec::with_capacity(labels.len());
    for &label in labels {
        let next = number.len();
        renumbered.push(*number.entry(label).or_insert(next));
    }
    Ok(renumbered)
}

/// The number of members of each cluster, for `points` labels that run from 0 without a gap.
pub(crate) fn sizes(labels: &[usize], points: usize) -> Result<Vec<usize>, Error> {
    check::length("labels", labels.len(), points)?;
    let mut sizes = Vec::new();
    for (index, &label) in labels.iter().enumerate() {
        if label >= points {
            return Err(Error::Label {
                argument: "labels",
                index,
                found: label,
                limit: points,
            });
        }
        if label >= sizes.len() {
            sizes.resize(label + 1, 0);
        }
        sizes[label] += 1;
    }
    if sizes.contains(&0) {
        return Err(Error::Undefined {
            reason: "a cluster has no member: number clusters from 0 without a gap",
        });
    }
    Ok(sizes)
}
