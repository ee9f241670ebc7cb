//! A table of regions by classes, year by year: what every analysis here is a function of.

use quyu_core::figure::{Line, Role};
use quyu_core::number::styled;
use quyu_core::{AnalysisError, Cell, Note, NoteKind, RegionCode, Style};
use quyu_econometrics::{Error, Matrix};

/// One row: a region, or several that are looked at as one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Whether the study looks at it.
    pub(crate) focus: bool,
    /// Whether all of it lies in the reference.
    pub(crate) inside: bool,
    /// The regions that it is the sum of, by position.
    pub(crate) parts: Vec<usize>,
}

/// One class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Class {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// With what a structure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Against {
    /// The sum of the reference, the region itself included.
    Whole,
    /// The sum of the reference without the region itself.
    Rest,
}

/// Regions by classes, year by year, with the names that a reader needs.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) analysis: &'static str,
    /// Label and unit of the indicator.
    pub(crate) label: String,
    pub(crate) unit: String,
    /// Names of the regions looked at and compared with.
    pub(crate) focus: String,
    pub(crate) reference: String,
    /// How many regions the focus has, those left out for a missing figure included.
    pub(crate) members: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) classes: Vec<Class>,
    pub(crate) years: Vec<String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) source: String,
    /// One table a year: regions (parts of rows) by classes.
    pub(crate) cells: Vec<Vec<f64>>,
    /// The regions of the reference, by position.
    pub(crate) within: Vec<usize>,
}

impl Frame {
    pub(crate) fn cols(&self) -> usize {
        self.classes.len()
    }

    /// The last year, by position.
    pub(crate) fn last(&self) -> usize {
        self.years.len() - 1
    }

    /// A year as a cell: a number where it is one.
    pub(crate) fn year(&self, y: usize) -> Cell {
        let text = &self.years[y];
        text.parse().map_or_else(|_| text.clone().into(), Cell::Integer)
    }

    /// The years in words: `2020`, or `2010 to 2020`.
    pub(crate) fn span(&self) -> String {
        match self.years.as_slice() {
            [one] => one.clone(),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        }
    }

    /// The years that a figure shows: all, or the last.
    pub(crate) fn when(&self, all: bool) -> String {
        match all {
            true => self.span(),
            false => self.years[self.last()].clone(),
        }
    }

    /// A line through the years.
    pub(crate) fn line(&self, label: &str, role: Role, value: impl Fn(usize) -> Option<f64>) -> Line {
        let point = |y: usize| Some((self.years[y].parse::<f64>().ok()?, value(y)?));
        Line {
            label: label.to_owned(),
            points: (0..self.years.len()).map(point).collect(),
            role,
        }
    }

    fn sum(&self, y: usize, regions: &[usize], class: usize) -> f64 {
        quyu_math::sum_by(regions.len(), |k| self.cells[y][regions[k] * self.cols() + class])
    }

    /// Rows by classes, row-major.
    pub(crate) fn table(&self, y: usize) -> Vec<f64> {
        let cell = |row: &Row, class| self.sum(y, &row.parts, class);
        let rows = self.rows.iter();
        rows.flat_map(|row| (0..self.cols()).map(move |class| cell(row, class)))
            .collect()
    }

    /// What each row is compared with, row-major in the shape of the table.
    pub(crate) fn benchmark(&self, y: usize, against: Against) -> Vec<f64> {
        let mut out = Vec::with_capacity(self.rows.len() * self.cols());
        for row in &self.rows {
            let kept: Vec<usize> = match against {
                Against::Whole => self.within.clone(),
                Against::Rest => (self.within.iter().copied())
                    .filter(|p| !row.parts.contains(p))
                    .collect(),
            };
            out.extend((0..self.cols()).map(|class| self.sum(y, &kept, class)));
        }
        out
    }

    /// Sum of the reference by class.
    pub(crate) fn whole(&self, y: usize) -> Vec<f64> {
        (0..self.cols())
            .map(|class| self.sum(y, &self.within, class))
            .collect()
    }

    /// Rows of the focus, by position.
    pub(crate) fn looked_at(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|&r| self.rows[r].focus).collect()
    }

    /// Whether the focus is some of the rows and not all, so that it should stand out.
    pub(crate) fn stands_out(&self, r: usize) -> bool {
        self.rows[r].focus && self.rows.iter().any(|row| !row.focus)
    }

    pub(crate) fn refuse(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.analysis,
            reason,
        }
    }

    /// For statistics over the regions of the reference: refuses a focus that lies outside.
    pub(crate) fn one_set(&self) -> Result<(), AnalysisError> {
        match self.rows.iter().find(|row| !row.inside) {
            Some(row) => Err(self.refuse(format!(
                "{} is not part of the reference {}, over whose regions this is computed",
                row.name, self.reference
            ))),
            None => Ok(()),
        }
    }

    /// The table of a year without empty regions and classes.
    pub(crate) fn held(&self, y: usize) -> Result<Held, AnalysisError> {
        let (table, cols) = (self.table(y), self.cols());
        let in_row = |r: &usize| table[r * cols..(r + 1) * cols].iter().any(|v| *v != 0.0);
        let in_col = |c: &usize| (0..self.rows.len()).any(|r| table[r * cols + c] != 0.0);
        let rows: Vec<usize> = (0..self.rows.len()).filter(in_row).collect();
        let classes: Vec<usize> = (0..cols).filter(in_col).collect();
        if rows.is_empty() {
            return Err(self.refuse(format!(
                "`{}` is zero everywhere in {}",
                self.label, self.years[y]
            )));
        }
        let cells = rows
            .iter()
            .flat_map(|r| std::iter::repeat(*r).zip(&classes))
            .map(|(r, c)| table[r * cols + c])
            .collect();
        Ok(Held { rows, classes, cells })
    }

    /// Says where a region or a class holds nothing, and what that means for the result.
    pub(crate) fn empty_notes(&self, years: &[usize], consequence: &str) -> Vec<Note> {
        let mut notes = Vec::new();
        for &y in years {
            let (table, cols, year) = (self.table(y), self.cols(), &self.years[y]);
            let empty: Vec<&Row> = (0..self.rows.len())
                .filter(|r| table[r * cols..(r + 1) * cols].iter().all(|v| *v == 0.0))
                .map(|r| &self.rows[r])
                .collect();
            if !empty.is_empty() {
                let names: Vec<&str> = empty.iter().map(|row| row.name.as_str()).collect();
                notes.push(Note {
                    kind: NoteKind::Zero,
                    text: format!(
                        "Nothing is held in {year} by {}: {consequence}.",
                        names.join(", ")
                    ),
                    regions: empty
                        .iter()
                        .filter_map(|row| RegionCode::parse(&row.code).ok())
                        .collect(),
                });
            }
            let whole = self.whole(y);
            let nobody: Vec<&str> = (0..cols)
                .filter(|&c| whole[c] == 0.0)
                .map(|c| self.classes[c].name.as_str())
                .collect();
            if !nobody.is_empty() {
                notes.push(Note::new(
                    NoteKind::Zero,
                    format!(
                        "Nobody in {} holds anything in {year} of {}: {consequence}.",
                        self.reference,
                        nobody.join(", ")
                    ),
                ));
            }
        }
        notes
    }

    /// An error of the numerics, with the region named where it is known.
    pub(crate) fn failed(
        &self,
        statistic: &'static str,
        error: Error,
        rows: &[usize],
        cols: usize,
    ) -> AnalysisError {
        let row = match &error {
            Error::Zero {
                argument: "region total" | "diversity",
                index,
            } => Some(*index),
            Error::Negative {
                argument: "table",
                index,
                ..
            } => Some(*index / cols.max(1)),
            _ => None,
        };
        let code = row.and_then(|r| rows.get(r)).map(|r| &self.rows[*r].code);
        AnalysisError::Statistic {
            statistic,
            region: code.and_then(|code| RegionCode::parse(code).ok()),
            source: Box::new(error),
        }
    }
}

/// A table without empty rows and columns, and where its rows and columns stand in the whole one.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) rows: Vec<usize>,
    pub(crate) classes: Vec<usize>,
    pub(crate) cells: Vec<f64>,
}

impl Held {
    pub(crate) fn matrix(&self) -> Result<Matrix<'_>, Error> {
        Matrix::new(&self.cells, self.rows.len(), self.classes.len())
    }

    /// Values of the small table at their places in the whole one of `rows` by `cols`; none elsewhere.
    pub(crate) fn spread(&self, values: &[f64], rows: usize, cols: usize) -> Vec<Option<f64>> {
        let mut out = vec![None; rows * cols];
        for (k, &r) in self.rows.iter().enumerate() {
            for (l, &c) in self.classes.iter().enumerate() {
                out[r * cols + c] = Some(values[k * self.classes.len() + l]);
            }
        }
        out
    }

    /// One value a row of the small table at its place in the whole one.
    pub(crate) fn by_row(&self, values: &[f64], rows: usize) -> Vec<Option<f64>> {
        places(&self.rows, values, rows)
    }

    /// One value a class of the small table at its place in the whole one.
    pub(crate) fn by_class(&self, values: &[f64], cols: usize) -> Vec<Option<f64>> {
        places(&self.classes, values, cols)
    }
}

fn places(at: &[usize], values: &[f64], n: usize) -> Vec<Option<f64>> {
    let mut out = vec![None; n];
    for (&place, &value) in at.iter().zip(values) {
        out[place] = Some(value);
    }
    out
}

/// Ranks with 1 for the largest; equal values share the smaller rank, and what is missing has none.
pub(crate) fn ranks(values: &[Option<f64>]) -> Vec<Option<usize>> {
    let above = |x: f64| values.iter().flatten().filter(|y| **y > x).count();
    values.iter().map(|v| v.map(|x| 1 + above(x))).collect()
}

/// Position and value of what is defined, the largest first.
pub(crate) fn descending(values: &[Option<f64>]) -> Vec<(usize, f64)> {
    let mut order: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(i, v)| Some((i, (*v)?)))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order
}

/// Positions, the largest value first and what is undefined at the end.
pub(crate) fn reading_order(values: &[Option<f64>]) -> Vec<usize> {
    let undefined = (0..values.len()).filter(|i| values[*i].is_none());
    descending(values)
        .into_iter()
        .map(|(i, _)| i)
        .chain(undefined)
        .collect()
}

/// The first `most` of a list in words.
pub(crate) fn named(items: &[(String, f64)], most: usize, style: Style) -> String {
    let items: Vec<String> = items
        .iter()
        .take(most)
        .map(|(name, x)| format!("{name} ({})", styled(*x, style)))
        .collect();
    items.join(", ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Regions a and b as one, c beside them; y is of a and b alone, z of nobody.
    pub(crate) fn frame() -> Frame {
        let row = |code: &str, focus, parts: &[usize]| Row {
            code: code.to_owned(),
            name: code.to_owned(),
            focus,
            inside: true,
            parts: parts.to_vec(),
        };
        let class = |code: &str| Class {
            code: code.to_owned(),
            name: code.to_owned(),
        };
        Frame {
            analysis: "test",
            label: "Jobs".to_owned(),
            unit: "persons".to_owned(),
            focus: "ab".to_owned(),
            reference: "all".to_owned(),
            members: 2,
            rows: vec![row("ab", true, &[0, 1]), row("c", false, &[2])],
            classes: vec![class("x"), class("y"), class("z")],
            years: vec!["2020".to_owned()],
            notes: Vec::new(),
            source: String::new(),
            cells: vec![vec![1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 5.0, 0.0, 0.0]],
            within: vec![0, 1, 2],
        }
    }

    #[test]
    fn several_regions_as_one_are_their_sum_and_the_rest_is_the_others() {
        let frame = frame();
        assert_eq!(frame.table(0), [4.0, 6.0, 0.0, 5.0, 0.0, 0.0]);
        assert_eq!(frame.benchmark(0, Against::Rest), [5.0, 0.0, 0.0, 4.0, 6.0, 0.0]);
        assert_eq!(frame.whole(0), [9.0, 6.0, 0.0]);
        assert!(frame.stands_out(0) && !frame.stands_out(1));
    }

    #[test]
    fn an_empty_class_is_left_out_and_said() {
        let frame = frame();
        let held = frame.held(0).unwrap();
        assert_eq!(
            (held.classes.as_slice(), held.cells.len()),
            ([0, 1].as_slice(), 4)
        );
        assert_eq!(
            held.spread(&[1.0, 2.0, 3.0, 4.0], 2, 3),
            [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), None]
        );
        let notes = frame.empty_notes(&[0], "no quotient");
        assert_eq!(notes.len(), 1);
        assert_eq!(
            notes[0].text,
            "Nobody in all holds anything in 2020 of z: no quotient."
        );
    }

    #[test]
    fn what_is_missing_has_no_rank() {
        assert_eq!(
            ranks(&[Some(1.0), None, Some(3.0), Some(1.0)]),
            [Some(2), None, Some(1), Some(2)]
        );
    }
}
