//! Rows by their labels: which rows of a batch belong together.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use foldhash::fast::FixedState;

/// Rows grouped by one label or several. Groups are numbered in the order of their first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouped<'a> {
    /// The group of each row.
    pub of: Vec<u32>,
    /// The labels of each group.
    pub keys: Vec<Vec<&'a str>>,
}

impl<'a> Grouped<'a> {
    /// Groups rows by columns of labels, which have one length.
    ///
    /// ```
    /// use quyu_core::additive::grouped::Grouped;
    /// let grouped = Grouped::by(&[&["2020", "2020", "2021"], &["b", "a", "b"]]);
    /// assert_eq!(grouped.of, [0, 1, 2]);
    /// assert_eq!(grouped.keys[1], ["2020", "a"]);
    /// ```
    pub fn by(columns: &[&[&'a str]]) -> Self {
        let Some((first, rest)) = columns.split_first() else {
            return Self {
                of: Vec::new(),
                keys: Vec::new(),
            };
        };
        let (of, firsts) = numbered(first.iter().copied(), same);
        let mut grouped = Self {
            of,
            keys: firsts.into_iter().map(|label| vec![label]).collect(),
        };
        for column in rest {
            let (codes, names) = numbered(column.iter().copied(), same);
            // A column of one label tells nothing apart.
            if let [name] = names.as_slice() {
                grouped.keys.iter_mut().for_each(|key| key.push(name));
                continue;
            }
            if let [only] = grouped.keys.as_slice() {
                let key = |name: &&'a str| only.iter().copied().chain([*name]).collect();
                grouped = Self {
                    of: codes,
                    keys: names.iter().map(key).collect(),
                };
                continue;
            }
            let (of, pairs) = numbered(grouped.of.iter().copied().zip(codes), |a, b| a == b);
            let key = |(group, code): (u32, u32)| {
                let mut key = grouped.keys[group as usize].clone();
                key.push(names[code as usize]);
                key
            };
            let keys = pairs.into_iter().map(key).collect();
            grouped = Self { of, keys };
        }
        grouped
    }

    /// The numbers of the rows, group after group, in the order of the rows, and where each group ends.
    pub fn sorted(&self, numbers: &[f64]) -> (Vec<f64>, Vec<usize>) {
        let mut ends = vec![0; self.keys.len()];
        self.of.iter().for_each(|group| ends[*group as usize] += 1);
        let mut next = 0;
        for end in &mut ends {
            (*end, next) = (next, next + *end);
        }
        let mut sorted = vec![0.0; numbers.len()];
        for (group, number) in self.of.iter().zip(numbers) {
            let place = &mut ends[*group as usize];
            sorted[*place] = *number;
            *place += 1;
        }
        (sorted, ends)
    }
}

/// Rows of one label that stand together, one run after the other: the label and the rows.
///
/// ```
/// use quyu_core::additive::grouped::runs;
/// let runs: Vec<_> = runs(&["2020", "2020", "2021"]).collect();
/// assert_eq!(runs, [("2020", 0..2), ("2021", 2..3)]);
/// ```
pub fn runs<'a>(labels: &[&'a str]) -> impl Iterator<Item = (&'a str, Range<usize>)> {
    let mut from = 0;
    labels.chunk_by(|a, b| same(a, b)).map(move |run| {
        let rows = from..from + run.len();
        from = rows.end;
        (run[0], rows)
    })
}

/// Whether two labels are equal; one that stands for many rows is often the very same.
fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// Numbers things in the order of their first appearance: the number of each, and each of them once.
fn numbered<T: Copy + Eq + Hash>(
    all: impl Iterator<Item = T>,
    same: impl Fn(T, T) -> bool,
) -> (Vec<u32>, Vec<T>) {
    let mut numbers: HashMap<T, u32, FixedState> = HashMap::default();
    let (mut of, mut firsts) = (Vec::with_capacity(all.size_hint().0), Vec::new());
    let mut last: Option<(T, u32)> = None;
    for thing in all {
        // Rows that belong together often stand together.
        let number = match last {
            Some((before, number)) if same(before, thing) => number,
            _ => *numbers.entry(thing).or_insert_with(|| {
                firsts.push(thing);
                firsts.len() as u32 - 1
            }),
        };
        last = Some((thing, number));
        of.push(number);
    }
    (of, firsts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_one_label_tells_nothing_apart() {
        let one: &[&str] = &["x"; 3];
        let two: &[&str] = &["b", "a", "b"];
        let keys = |columns: &[&[&'static str]]| Grouped::by(columns).keys.concat().concat();
        assert_eq!(keys(&[one, two]), "xbxa");
        assert_eq!(keys(&[two, one]), "bxax");
        assert_eq!(Grouped::by(&[one, two, two]).of, [0, 1, 0]);
    }

    #[test]
    fn numbers_are_sorted_by_group_and_keep_their_order() {
        let grouped = Grouped::by(&[&["b", "a", "b", "a"], &["x", "x", "x", "y"]]);
        assert_eq!(grouped.keys, [["b", "x"], ["a", "x"], ["a", "y"]]);
        let (sorted, ends) = grouped.sorted(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((sorted, ends), (vec![1.0, 3.0, 2.0, 4.0], vec![2, 3, 4]));
    }
}
