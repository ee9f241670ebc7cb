//! Micro-data added up to cells: one row for each region, year and class, from any number of rows, in memory that grows with the cells
//! and not with the rows.

use std::collections::BTreeMap;

use quyu_core::additive::grouped::Grouped;
use quyu_math::Compensated;

use super::rows::Chunk;

/// What is made of the numbers of a column in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Their sum.
    Sum,
    /// Their mean, by the weight if there is one.
    Mean,
    /// How many there are.
    Count,
    /// The least.
    Min,
    /// The largest.
    Max,
}

impl Statistic {
    /// Their names.
    pub const NAMES: [&'static str; 5] = ["sum", "mean", "count", "min", "max"];

    /// The statistic of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Sum, Self::Mean, Self::Count, Self::Min, Self::Max];
        all.into_iter().find(|s| s.as_str() == name)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

/// What is known of one column in one cell.
#[derive(Debug, Clone, Copy)]
struct Known {
    n: u64,
    sum: Compensated,
    weight: Compensated,
    weighted: Compensated,
    min: f64,
    max: f64,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            n: 0,
            sum: Compensated::default(),
            weight: Compensated::default(),
            weighted: Compensated::default(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Known {
    fn add(&mut self, x: f64, w: f64) {
        self.n += 1;
        self.sum.add(x);
        self.weight.add(w);
        self.weighted.add(w * x);
        self.min = self.min.min(x);
        self.max = self.max.max(x);
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.merge(other.sum);
        self.weight.merge(other.weight);
        self.weighted.merge(other.weighted);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// A mean without weight is none.
    fn value(&self, statistic: Statistic) -> Option<f64> {
        match statistic {
            Statistic::Sum => Some(self.sum.value()),
            Statistic::Mean => Some(self.weighted.value() / self.weight.value()).filter(|x| x.is_finite()),
            Statistic::Count => Some(self.n as f64),
            Statistic::Min => Some(self.min),
            Statistic::Max => Some(self.max),
        }
    }
}

/// Cells so far.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    cells: BTreeMap<Vec<String>, Vec<Known>>,
}

/// Which columns of a chunk are which.
#[derive(Debug, Clone, Default)]
pub struct CellColumns {
    /// Labels.
    pub keys: Vec<usize>,
    /// Numbers.
    pub values: Vec<usize>,
    /// The weight of means.
    pub weight: Option<usize>,
}

impl Cells {
    /// The cells of one chunk.
    pub fn of(chunk: &Chunk<'_>, columns: &CellColumns) -> Self {
        let labels: Vec<Vec<&str>> = columns.keys.iter().map(|k| chunk.labels(*k).collect()).collect();
        let weights = columns.weight.map(|w| chunk.numbers(w));
        let labels: Vec<&[&str]> = labels.iter().map(Vec::as_slice).collect();
        let grouped = match labels.is_empty() {
            true => Grouped {
                of: vec![0; chunk.rows()],
                keys: vec![Vec::new()],
            },
            false => Grouped::by(&labels),
        };
        let mut found = vec![vec![Known::default(); columns.values.len()]; grouped.keys.len()];
        for (at, value) in columns.values.iter().enumerate() {
            let numbers = chunk.numbers(*value).iter().enumerate();
            for ((row, number), group) in numbers.zip(&grouped.of) {
                found[*group as usize][at].add(*number, weights.map_or(1.0, |w| w[row]));
            }
        }
        let owned = |key: Vec<&str>| key.into_iter().map(str::to_owned).collect();
        Self {
            cells: grouped.keys.into_iter().map(owned).zip(found).collect(),
        }
    }

    /// Takes in the cells of the rows that follow.
    pub fn merge(&mut self, other: Cells) {
        for (key, theirs) in other.cells {
            match self.cells.entry(key) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(theirs);
                }
                std::collections::btree_map::Entry::Occupied(mut ours) => {
                    ours.get_mut()
                        .iter_mut()
                        .zip(&theirs)
                        .for_each(|(o, t)| o.merge(t));
                }
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Keys and statistics of every cell, in the order of the keys. `asked` names for each statistic its place among the values.
    pub fn rows(&self, asked: &[(usize, Statistic)]) -> impl Iterator<Item = (&[String], Vec<Option<f64>>)> {
        self.cells.iter().map(move |(key, known)| {
            let values = asked.iter().map(|(v, s)| known.get(*v).and_then(|k| k.value(*s)));
            (key.as_slice(), values.collect())
        })
    }
}
