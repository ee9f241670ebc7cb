//! Spatial weights: who neighbours whom, and how much.

use crate::{Error, check};
use quyu_math::{sum, sum_by};

/// Spatial weights in compressed rows: the weight `w_ij` of neighbour `j` for unit `i`.
///
/// Units are numbered from 0. Row `i` holds the neighbours of unit `i` in ascending order, each with a weight above zero; no
/// unit is its own neighbour. A unit with an empty row is an island. Weights need not be symmetric. [`Weights::styled`]
/// scales them: a row-standardised matrix, say.
///
/// ```
/// use quyu_econometrics::space::{Style, Weights};
/// // Four regions in a row, the last one an island.
/// let w = Weights::contiguity(4, &[(0, 1), (1, 2)])?.styled(Style::Row)?;
/// assert_eq!(w.neighbours(1).collect::<Vec<_>>(), [(0, 0.5), (2, 0.5)]);
/// assert_eq!(w.islands(), [3]);
/// assert_eq!(w.lag(&[1.0, 2.0, 5.0, 9.0])?, [2.0, 3.0, 2.0, 0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

/// Which links a symmetric version of a matrix keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symmetry {
    /// A link where either unit names the other.
    Either,
    /// A link where each names the other.
    Mutual,
}

impl Weights {
    /// Weights from links `(i, j, w_ij)`. Links of weight zero are left out.
    ///
    /// # Errors
    /// [`Error::Empty`] for no units; [`Error::Label`] for a position that is not below `units`; [`Error::NotFinite`],
    /// [`Error::Negative`] for a weight; [`Error::Domain`] for a unit that names itself or names another twice, or for
    /// more than 2^32 - 1 units.
    ///
    /// ```
    /// use quyu_econometrics::space::Weights;
    /// let w = Weights::new(3, &[(0, 2, 0.5), (0, 1, 2.0)])?;
    /// assert_eq!((w.weight(0, 2), w.weight(2, 0), w.links()), (0.5, 0.0, 2));
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn new(units: usize, links: &[(usize, usize, f64)]) -> Result<Self, Error> {
        check_links(units, links)?;
        let mut sorted: Vec<(usize, usize, f64)> =
            links.iter().copied().filter(|(_, _, w)| *w > 0.0).collect();
        sorted.sort_unstable_by_key(|(i, j, _)| (*i, *j));
        if let Some(twice) = sorted.windows(2).find(|p| (p[0].0, p[0].1) == (p[1].0, p[1].1)) {
            return Err(Error::Domain {
                option: "links",
                value: twice[0].1 as f64,
                domain: "a unit names another once",
            });
        }
        Ok(Self::from_sorted(units, sorted.into_iter()))
    }

    /// Binary weights (1) from pairs of units that touch. Order and repeats do not matter.
    ///
    /// # Errors
    /// [`Error::Empty`] for no units; [`Error::Label`] for a position that is not below `units`; [`Error::Domain`] for a
    /// unit that touches itself, or for more than 2^32 - 1 units.
    ///
    /// ```
    /// use quyu_econometrics::space::Weights;
    /// let w = Weights::contiguity(3, &[(0, 1), (1, 0), (2, 1)])?;
    /// assert!(w.is_symmetric(0.0) && w.links() == 4);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn contiguity(units: usize, pairs: &[(usize, usize)]) -> Result<Self, Error> {
        let mut links: Vec<(usize, usize, f64)> = pairs
            .iter()
            .flat_map(|(a, b)| [(*a, *b, 1.0), (*b, *a, 1.0)])
            .collect();
        check_links(units, &links)?;
        links.sort_unstable_by_key(|(i, j, _)| (*i, *j));
        links.dedup_by_key(|(i, j, _)| (*i, *j));
        Ok(Self::from_sorted(units, links.into_iter()))
    }

    /// Rows from links that are checked, sorted and unique.
    pub(super) fn from_sorted(units: usize, links: impl Iterator<Item = (usize, usize, f64)>) -> Self {
        let mut starts = vec![0; units + 1];
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (i, j, w) in links {
            starts[i + 1] += 1;
            columns.push(j as u32);
            values.push(w);
        }
        for i in 0..units {
            starts[i + 1] += starts[i];
        }
        Self {
            starts,
            columns,
            values,
        }
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of links: pairs (i, j) with a weight.
    pub fn links(&self) -> usize {
        self.columns.len()
    }

    /// The neighbours of a unit with their weights, in ascending order; none for a unit that does not exist.
    pub fn neighbours(&self, unit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (columns, values) = self.row(unit);
        columns.iter().map(|j| *j as usize).zip(values.iter().copied())
    }

    pub(super) fn row(&self, unit: usize) -> (&[u32], &[f64]) {
        match (self.starts.get(unit), self.starts.get(unit + 1)) {
            (Some(from), Some(to)) => (&self.columns[*from..*to], &self.values[*from..*to]),
            _ => (&[], &[]),
        }
    }

    /// The rows as three slices: where each row begins (and where the last ends), column numbers, weights.
    pub fn rows(&self) -> (&[usize], &[u32], &[f64]) {
        (&self.starts, &self.columns, &self.values)
    }

    /// The weight of neighbour `j` for unit `i`; 0 where there is no link.
    pub fn weight(&self, i: usize, j: usize) -> f64 {
        let (columns, values) = self.row(i);
        u32::try_from(j)
            .ok()
            .and_then(|j| columns.binary_search(&j).ok())
            .map_or(0.0, |place| values[place])
    }

    /// Number of neighbours of each unit.
    pub fn degrees(&self) -> Vec<usize> {
        self.starts.windows(2).map(|w| w[1] - w[0]).collect()
    }

    /// Sum of the weights of each row.
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.units()).map(|i| sum(self.row(i).1)).collect()
    }

    /// The units without neighbours: those whose row is empty, even if others name them.
    pub fn islands(&self) -> Vec<usize> {
        (0..self.units())
            .filter(|i| self.starts[*i] == self.starts[i + 1])
            .collect()
    }

    /// The spatial lag `(Wx)_i = Σ_j w_ij x_j`. For row-standardised weights the mean of the neighbours; 0 for an island.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Range`] if a sum overflows.
    pub fn lag(&self, x: &[f64]) -> Result<Vec<f64>, Error> {
        check::length("x", x.len(), self.units())?;
        check::finite("x", x)?;
        let lag = self.lag_of(x);
        check::in_range("a spatial lag", &lag)?;
        Ok(lag)
    }

    pub(super) fn lag_of(&self, x: &[f64]) -> Vec<f64> {
        let of = |i: usize| {
            let (columns, values) = self.row(i);
            sum_by(columns.len(), |k| values[k] * x[columns[k] as usize])
        };
        (0..self.units()).map(of).collect()
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let n = self.units();
        let mut starts = vec![0; n + 1];
        for j in &self.columns {
            starts[*j as usize + 1] += 1;
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let (mut columns, mut values) = (vec![0; self.links()], vec![0.0; self.links()]);
        for i in 0..n {
            for (j, w) in self.neighbours(i) {
                columns[next[j]] = i as u32;
                values[next[j]] = w;
                next[j] += 1;
            }
        }
        Self {
            starts,
            columns,
            values,
        }
    }

    /// Whether `|w_ij - w_ji|` is at most `tolerance` for every pair.
    pub fn is_symmetric(&self, tolerance: f64) -> bool {
        self.asymmetric_links(tolerance).is_empty()
    }

    /// The links `(i, j)` with `|w_ij - w_ji|` above `tolerance`: what a check of symmetry shows to a person.
    pub fn asymmetric_links(&self, tolerance: f64) -> Vec<(usize, usize)> {
        let differs = |i: usize, j: usize, w: f64| {
            let gap = (w - self.weight(j, i)).abs();
            gap.is_nan() || gap > tolerance
        };
        (0..self.units())
            .flat_map(|i| {
                self.neighbours(i)
                    .filter(move |(j, w)| differs(i, *j, *w))
                    .map(move |(j, _)| (i, j))
            })
            .collect()
    }

    /// Symmetric binary weights (1): k nearest neighbours, say, are rarely mutual.
    ///
    /// ```
    /// use quyu_econometrics::space::{Symmetry, Weights};
    /// let w = Weights::new(3, &[(0, 1, 1.0), (1, 2, 1.0), (2, 1, 1.0)])?;
    /// assert_eq!(w.symmetrised(Symmetry::Either).links(), 4);
    /// assert_eq!(w.symmetrised(Symmetry::Mutual).links(), 2);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn symmetrised(&self, keep: Symmetry) -> Self {
        let back = self.transposed();
        let mut links = Vec::new();
        for i in 0..self.units() {
            let mut row: Vec<u32> = [self.row(i).0, back.row(i).0].concat();
            row.sort_unstable();
            let runs = row.chunk_by(|a, b| a == b);
            let kept = runs.filter(|run| keep == Symmetry::Either || run.len() == 2);
            links.extend(kept.map(|run| (i, run[0] as usize, 1.0)));
        }
        Self::from_sorted(self.units(), links.into_iter())
    }

    /// The component of each unit: units are in one component if a chain of links, in whatever direction, joins them.
    /// Components are numbered from 0 by their first unit; an island that nobody names is a component of its own.
    ///
    /// ```
    /// use quyu_econometrics::space::Weights;
    /// assert_eq!(Weights::contiguity(5, &[(0, 3), (1, 4)])?.components(), [0, 1, 2, 0, 1]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn components(&self) -> Vec<usize> {
        let n = self.units();
        let back = self.transposed();
        let mut labels = vec![usize::MAX; n];
        let mut found = 0;
        for first in 0..n {
            if labels[first] != usize::MAX {
                continue;
            }
            let mut open = vec![first];
            labels[first] = found;
            while let Some(i) = open.pop() {
                for j in self.row(i).0.iter().chain(back.row(i).0) {
                    let j = *j as usize;
                    if labels[j] == usize::MAX {
                        labels[j] = found;
                        open.push(j);
                    }
                }
            }
            found += 1;
        }
        labels
    }

    /// The same links with other weights, one for each link in the order of the rows.
    pub(super) fn with_values(&self, values: Vec<f64>) -> Self {
        Self {
            starts: self.starts.clone(),
            columns: self.columns.clone(),
            values,
        }
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }
}

fn check_links(units: usize, links: &[(usize, usize, f64)]) -> Result<(), Error> {
    if units == 0 {
        return Err(Error::Empty { argument: "units" });
    }
    if u32::try_from(units).is_err() {
        return Err(Error::Domain {
            option: "units",
            value: units as f64,
            domain: "at most 2^32 - 1",
        });
    }
    for (index, (i, j, w)) in links.iter().enumerate() {
        if let Some(found) = [*i, *j].into_iter().find(|unit| *unit >= units) {
            return Err(Error::Label {
                argument: "links",
                index,
                found,
                limit: units,
            });
        }
        if i == j {
            return Err(Error::Domain {
                option: "links",
                value: *i as f64,
                domain: "no unit is its own neighbour",
            });
        }
        if !w.is_finite() {
            return Err(Error::NotFinite {
                argument: "links",
                index,
            });
        }
        if *w < 0.0 {
            return Err(Error::Negative {
                argument: "links",
                index,
                value: *w,
            });
        }
    }
    Ok(())
}
