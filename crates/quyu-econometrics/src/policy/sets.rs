//! Sets side by side: two of them, or what several have in common.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::{Error, check};

/// What two sets have in common. A ratio whose denominator is zero is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetComparison {
    /// Elements of the first set.
    pub a: usize,
    /// Elements of the second set.
    pub b: usize,
    /// Elements of both.
    pub both: usize,
    /// Share of the first set that lies in the second: `|A ∩ B| / |A|`; 1 if A is a subset of B.
    pub containment: Option<f64>,
    /// `|A ∩ B| / |A ∪ B|`.
    pub jaccard: Option<f64>,
    /// `|A ∩ B| / min(|A|, |B|)`: 1 if either is a subset of the other (Szymkiewicz 1934; Simpson 1943).
    pub overlap: Option<f64>,
}

/// Compares two sets, given as membership of the same elements in the same order. Elements in neither set do not matter.
///
/// # Errors
/// [`Error::Length`] if they differ in length.
///
/// # Reference
/// Jaccard (1912), New Phytologist 11, 37-50; Simpson (1943), American Journal of Science 241, 1-31.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::compare_sets;
/// let c = compare_sets(&[true, true, false, true], &[true, false, true, true])?;
/// assert_eq!((c.a, c.b, c.both), (3, 3, 2));
/// assert_eq!(c.jaccard, Some(0.5));
/// assert_eq!(c.containment, Some(2.0 / 3.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn compare_sets(a: &[bool], b: &[bool]) -> Result<SetComparison, Error> {
    check::length("b", b.len(), a.len())?;
    let size = |set: &[bool]| set.iter().filter(|x| **x).count();
    let (first, second) = (size(a), size(b));
    let both = a.iter().zip(b).filter(|(x, y)| **x && **y).count();
    let ratio = |over: usize| (over > 0).then(|| both as f64 / over as f64);
    Ok(SetComparison {
        a: first,
        b: second,
        both,
        containment: ratio(first),
        jaccard: ratio(first + second - both),
        overlap: ratio(first.min(second)),
    })
}

/// How many elements of each set lie in no other.
///
/// # Errors
/// [`Error::Length`] if the sets differ in length.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::alone;
/// let sets = [vec![true, true, false], vec![true, false, true]];
/// assert_eq!(alone(&sets)?, [1, 1]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn alone(sets: &[Vec<bool>]) -> Result<Vec<usize>, Error> {
    let Some(first) = sets.first() else {
        return Ok(Vec::new());
    };
    for set in sets {
        check::length("sets", set.len(), first.len())?;
    }
    let held = |e: usize| sets.iter().filter(|s| s[e]).count();
    let lone: Vec<bool> = (0..first.len()).map(|e| held(e) == 1).collect();
    let count = |set: &Vec<bool>| set.iter().zip(&lone).filter(|(x, l)| **x && **l).count();
    Ok(sets.iter().map(count).collect())
}

/// The elements that lie in exactly one combination of sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination {
    /// Whether each set takes part.
    pub members: Vec<bool>,
    /// Positions of the elements, in order.
    pub elements: Vec<usize>,
}

impl Combination {
    /// How many sets take part.
    pub fn degree(&self) -> usize {
        self.members.iter().filter(|m| **m).count()
    }
}

/// Shares out elements among the combinations of sets that hold them, each element once: those with the most elements first,
/// then those of fewer sets, then in the order of their first element. Elements in no set are left out, and so are
/// combinations without elements.
///
/// # Errors
/// [`Error::Length`] if the sets differ in length.
///
/// # Reference
/// Lex et al. (2014), IEEE Transactions on Visualization and Computer Graphics 20, 1983-1992.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::combinations;
/// let sets = [vec![true, true, true, false], vec![true, false, true, false]];
/// let found = combinations(&sets)?;
/// assert_eq!((found[0].members.clone(), found[0].elements.clone()), (vec![true, true], vec![0, 2]));
/// assert_eq!((found[1].degree(), found[1].elements.clone()), (1, vec![1]));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn combinations(sets: &[Vec<bool>]) -> Result<Vec<Combination>, Error> {
    let Some(first) = sets.first() else {
        return Ok(Vec::new());
    };
    for set in sets {
        check::length("sets", set.len(), first.len())?;
    }
    let mut found: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for element in 0..first.len() {
        let members: Vec<bool> = sets.iter().map(|set| set[element]).collect();
        if members.contains(&true) {
            found.entry(members).or_default().push(element);
        }
    }
    let mut found: Vec<Combination> = found
        .into_iter()
        .map(|(members, elements)| Combination { members, elements })
        .collect();
    found.sort_by_key(|c| (Reverse(c.elements.len()), c.degree(), c.elements[0]));
    Ok(found)
}
