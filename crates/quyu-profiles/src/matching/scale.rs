//! The scale on which regions are compared: that of all rows, or of those of a set.

use std::cmp::Ordering;

use quyu_core::AnalysisError;
use quyu_econometrics::profiles::{Comparable, log_skewed};
use quyu_econometrics::{Error, Matrix};

use super::load::Loaded;
use super::{ENTRY, refused};
use crate::features::{SKEWNESS_LIMIT, Transform};
use crate::typology::blamed_by;

impl Loaded {
    /// Values on the scale of the rows that give it.
    pub(super) fn scaled(&self, values: &[f64], comparable: Comparable) -> Result<Vec<f64>, AnalysisError> {
        let (rows, cols) = (self.names.len(), self.labels.len());
        let mut out = values.to_vec();
        for j in 0..cols {
            let giving = self.rows(|role| role.scale);
            let column: Vec<f64> = giving.iter().map(|&r| values[r * cols + j]).collect();
            let (shift, width) = match comparable {
                Comparable::MinMax => {
                    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
                    (
                        low,
                        column.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low,
                    )
                }
                Comparable::ZScore => {
                    let n = column.len() as f64;
                    let mean = quyu_math::sum(&column) / n;
                    let squares =
                        quyu_math::sum_by(column.len(), |k| (column[k] - mean) * (column[k] - mean));
                    (mean, (squares / n).sqrt())
                }
                Comparable::AsGiven => (0.0, 1.0),
            };
            if width.partial_cmp(&0.0) != Some(Ordering::Greater) {
                return Err(refused(format!(
                    "{} does not vary over the regions that give the scale",
                    self.labels[j]
                )));
            }
            (0..rows).for_each(|r| out[r * cols + j] = (values[r * cols + j] - shift) / width);
        }
        Ok(out)
    }

    /// The table as it is compared, and which columns are logged.
    pub(super) fn transformed(&self, transform: Transform) -> Result<(Vec<f64>, Vec<bool>), AnalysisError> {
        match transform {
            Transform::LogSkewed => self.logged(),
            Transform::Plain => Ok((self.raw.clone(), vec![false; self.labels.len()])),
        }
    }

    /// The table with logarithms of what is skewed over the rows that give the scale.
    fn logged(&self) -> Result<(Vec<f64>, Vec<bool>), AnalysisError> {
        let cols = self.labels.len();
        let giving = self.rows(|role| role.scale);
        let cells = |r: &usize| self.raw[r * cols..(r + 1) * cols].iter().copied();
        let part: Vec<f64> = giving.iter().flat_map(cells).collect();
        let names: Vec<String> = giving.iter().map(|&r| self.names[r].clone()).collect();
        let blame = |e: Error| blamed_by(ENTRY.id, &names, &self.labels, &e);
        let table = Matrix::new(&part, giving.len(), cols).map_err(blame)?;
        let logged = log_skewed(table, SKEWNESS_LIMIT).map_err(blame)?.logged;
        let mut out = self.raw.clone();
        for (at, x) in out.iter_mut().enumerate().filter(|(at, _)| logged[at % cols]) {
            if (*x).partial_cmp(&0.0) != Some(Ordering::Greater) {
                let (region, label) = (&self.names[at / cols], &self.labels[at % cols]);
                return Err(refused(format!(
                    "{label} of {region} has no logarithm, which its skewness asks for"
                )));
            }
            *x = quyu_math::ln(*x);
        }
        Ok((out, logged))
    }
}
