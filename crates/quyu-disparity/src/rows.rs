//! Columns of rows that stream by, held as numbers and codes of labels and nothing else: for statistics that need all rows at once.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};

use quyu_core::additive::grouped::Grouped;
use quyu_core::additive::sums::{SumRow, Sums};
use quyu_core::{Additive, AnalysisError, Batch, Findings, Need};

use crate::classes::Classes;
use crate::held::COPIES;

/// What a column of numbers may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Zero and above.
    Value,
    /// Above zero: its logarithm is taken.
    Positive,
    /// Any finite number.
    Signed,
    /// Zero and above: a weight.
    Weight,
}

/// The rows of a year.
pub(crate) enum Year {
    /// All of them.
    Whole(Rows),
    /// Counted in narrow classes.
    Counted(Classes),
}

/// Columns in pieces, as the batches brought them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    n: usize,
    labels: Vec<Labels>,
    numbers: Vec<Vec<Vec<f64>>>,
}

/// A column of labels.
#[derive(Debug, Default)]
struct Labels {
    /// Each once, in the order of their first rows.
    names: Vec<String>,
    codes: HashMap<String, u32>,
    pieces: Vec<Vec<u32>>,
}

impl Labels {
    fn code(&mut self, name: &str) -> u32 {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.codes.insert(name.to_owned(), code);
        code
    }

    fn append(&mut self, other: Labels) {
        let codes: Vec<u32> = other.names.iter().map(|name| self.code(name)).collect();
        self.pieces.extend(other.pieces.into_iter().map(|mut piece| {
            piece.iter_mut().for_each(|code| *code = codes[*code as usize]);
            piece
        }));
    }
}

impl Rows {
    fn new(labels: usize, numbers: usize) -> Self {
        Self {
            n: 0,
            labels: (0..labels).map(|_| Labels::default()).collect(),
            numbers: vec![Vec::new(); numbers],
        }
    }

    fn append(&mut self, other: Rows) {
        self.n += other.n;
        for (own, theirs) in self.labels.iter_mut().zip(other.labels) {
            own.append(theirs);
        }
        for (own, theirs) in self.numbers.iter_mut().zip(other.numbers) {
            own.extend(theirs);
        }
    }

    /// Number of rows.
    pub(crate) fn n(&self) -> usize {
        self.n
    }

    /// Takes a column of numbers out.
    pub(crate) fn take(&mut self, column: usize) -> Vec<f64> {
        let mut whole = Vec::with_capacity(self.n);
        // Each piece is given back as soon as it was copied.
        for piece in self
            .numbers
            .get_mut(column)
            .map(std::mem::take)
            .unwrap_or_default()
        {
            whole.extend_from_slice(&piece);
        }
        whole
    }

    /// Takes a column of labels out: the code of each row, and the labels in the order of their names.
    pub(crate) fn take_labels(&mut self, column: usize) -> (Vec<usize>, Vec<String>) {
        let Some(labels) = self.labels.get_mut(column).map(std::mem::take) else {
            return (Vec::new(), Vec::new());
        };
        let mut order: Vec<usize> = (0..labels.names.len()).collect();
        order.sort_by(|a, b| labels.names[*a].cmp(&labels.names[*b]));
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(k, code)| place[*code] = k);
        let codes = labels.pieces.iter().flatten().map(|code| place[*code as usize]);
        let codes = codes.collect();
        (
            codes,
            order.iter().map(|code| labels.names[*code].clone()).collect(),
        )
    }

    fn bytes(&self) -> usize {
        self.n * (4 * self.labels.len() + 8 * self.numbers.len())
    }
}

/// Makes the result of the years, in their order.
pub(crate) type Show = Box<dyn FnOnce(Vec<(String, Year)>) -> Result<Findings, AnalysisError> + Send>;

/// What is asked of a stream of columns.
pub(crate) struct Asked {
    pub(crate) analysis: &'static str,
    /// The statistic, for a refusal.
    pub(crate) name: String,
    /// Partitions, whose labels are held.
    pub(crate) partitions: Vec<String>,
    /// Columns of numbers.
    pub(crate) numbers: Vec<(Need, Role)>,
    pub(crate) last_only: bool,
    /// The column of numbers in whose classes rows can be counted where memory ends, if they can.
    pub(crate) classed_by: Option<usize>,
    /// Whether the result has a figure.
    pub(crate) draws: bool,
}

/// The columns of every year.
pub(crate) struct Columns {
    asked: Asked,
    needs: Vec<Need>,
    years: BTreeMap<String, Year>,
    show: Show,
    /// Whether a part was merged in that could not be taken.
    lost: bool,
}

/// Columns before the labels.
const BEFORE: usize = 2;

impl Columns {
    pub(crate) fn new(asked: Asked, show: Show) -> Self {
        let labels = asked.partitions.iter().cloned().map(Need::Partition);
        let numbers = asked.numbers.iter().map(|(need, _)| need.clone());
        Self {
            needs: [Need::Period, Need::Region]
                .into_iter()
                .chain(labels)
                .chain(numbers)
                .collect(),
            asked,
            years: BTreeMap::new(),
            show,
            lost: false,
        }
    }

    fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.asked.analysis,
            reason,
        }
    }

    /// What no statistic here takes is said while the row is at hand.
    fn check(&self, role: Role, x: f64, (row, year): (&str, &str)) -> Result<(), AnalysisError> {
        let name = &self.asked.name;
        let what = match role {
            _ if !x.is_finite() => format!("a figure of {row} in {year} is not a finite number"),
            Role::Weight if x < 0.0 => format!("the weight of {row} in {year} is negative ({x})"),
            Role::Positive if x <= 0.0 => {
                format!("{name}: the value of {row} in {year} is {x}, which has no logarithm")
            }
            Role::Value if x < 0.0 => format!("{name}: the value of {row} in {year} is negative ({x})"),
            _ => return Ok(()),
        };
        Err(self.refuse(what))
    }

    fn count(&self, rows: &mut Rows, classes: &mut Classes) {
        let roles = &self.asked.numbers;
        let of = |role: &dyn Fn(Role) -> bool| roles.iter().position(|(_, r)| role(*r));
        let by = self.asked.classed_by.unwrap_or_default();
        let x = rows.take(of(&|r| r != Role::Weight).unwrap_or_default());
        let w = of(&|r| r == Role::Weight).map(|at| rows.take(at));
        // The values order themselves unless another column does.
        let other = (by != 0).then(|| rows.take(by));
        classes.push(&x, w.as_deref(), other.as_deref().unwrap_or(&x));
        if !self.asked.partitions.is_empty() {
            let (labels, names) = rows.take_labels(0);
            classes.group(&x, w.as_deref(), (&labels, &names));
        }
    }
}

impl Additive for Columns {
    fn columns(&self) -> &[Need] {
        &self.needs
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (years, names) = (batch.labels(0)?, batch.labels(1)?);
        let (partitions, roles) = (self.asked.partitions.len(), self.asked.numbers.len());
        let labels: Vec<&[&str]> = (0..partitions)
            .map(|k| batch.labels(BEFORE + k))
            .collect::<Result<_, _>>()?;
        let numbers: Vec<&[f64]> = (0..roles)
            .map(|k| batch.numbers(BEFORE + partitions + k))
            .collect::<Result<_, _>>()?;
        for row in 0..batch.rows() {
            for (x, (_, role)) in numbers.iter().zip(&self.asked.numbers) {
                self.check(*role, x[row], (names[row], years[row]))?;
            }
        }
        let grouped = Grouped::by(&[years]);
        let mut members = vec![Vec::new(); grouped.keys.len()];
        for (row, year) in grouped.of.iter().enumerate() {
            members[*year as usize].push(row);
        }
        for (key, members) in grouped.keys.iter().zip(members) {
            let mut rows = Rows::new(partitions, roles);
            rows.n = members.len();
            for (own, labels) in rows.labels.iter_mut().zip(&labels) {
                let codes = members.iter().map(|row| own.code(labels[*row])).collect();
                own.pieces.push(codes);
            }
            for (own, numbers) in rows.numbers.iter_mut().zip(&numbers) {
                own.push(members.iter().map(|row| numbers[*row]).collect());
            }
            self.append(key[0], rows);
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        let other = match other.downcast::<Columns>() {
            Ok(other) if other.asked.analysis == self.asked.analysis => other,
            _ => {
                self.lost = true;
                return;
            }
        };
        self.lost |= other.lost;
        for (year, rows) in other.years {
            match rows {
                Year::Whole(rows) => self.append(&year, rows),
                // Parts are counted after they were merged.
                Year::Counted(_) => self.lost = true,
            }
        }
    }

    fn sums(&self) -> Option<Sums> {
        None
    }

    fn take(&mut self, _rows: &[SumRow]) -> Result<(), AnalysisError> {
        Err(self.refuse("it is no function of sums".to_owned()))
    }

    fn held(&self) -> usize {
        let of = |year: &Year| match year {
            Year::Whole(rows) => rows.bytes(),
            Year::Counted(_) => 0,
        };
        COPIES * self.years.values().map(of).sum::<usize>()
    }

    fn draws(&self) -> bool {
        self.asked.draws
    }

    fn condense(&mut self) -> Result<(), AnalysisError> {
        if self.asked.classed_by.is_none() {
            return Err(self.refuse(format!(
                "{} needs every row, and they are more than the memory allowed holds",
                self.asked.name
            )));
        }
        for (year, held) in std::mem::take(&mut self.years) {
            let counted = match held {
                Year::Counted(classes) => classes,
                Year::Whole(mut rows) => {
                    let mut classes = Classes::default();
                    self.count(&mut rows, &mut classes);
                    classes
                }
            };
            self.years.insert(year, Year::Counted(counted));
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Findings, AnalysisError> {
        if self.lost {
            return Err(self.refuse("a stream of another analysis was merged into this one".to_owned()));
        }
        if self.asked.last_only {
            self.years = self.years.pop_last().into_iter().collect();
        }
        if self.years.is_empty() {
            return Err(self.refuse("there are no rows".to_owned()));
        }
        (self.show)(self.years.into_iter().collect())
    }
}

impl Columns {
    fn append(&mut self, year: &str, mut rows: Rows) {
        match self.years.remove(year) {
            None => {
                self.years.insert(year.to_owned(), Year::Whole(rows));
            }
            Some(Year::Whole(mut own)) => {
                own.append(rows);
                self.years.insert(year.to_owned(), Year::Whole(own));
            }
            Some(Year::Counted(mut classes)) => {
                self.count(&mut rows, &mut classes);
                self.years.insert(year.to_owned(), Year::Counted(classes));
            }
        }
    }
}
