//! A table of regions by industries with its sums.

use crate::{Error, Matrix, check};

/// The table and its sums; nothing negative, something in it.
pub(crate) struct Structure<'a> {
    pub(crate) cells: Matrix<'a>,
    pub(crate) regions: Vec<f64>,
    pub(crate) industries: Vec<f64>,
    pub(crate) total: f64,
}

impl<'a> Structure<'a> {
    pub(crate) fn of(table: Matrix<'a>) -> Result<Self, Error> {
        check::non_negative("table", table.data())?;
        let regions: Vec<f64> = (0..table.rows()).map(|r| quyu_math::sum(table.row(r))).collect();
        let industries = table.column_sums();
        let total = quyu_math::sum(&regions);
        check::in_range("the sum of the table", &[total])?;
        if total == 0.0 {
            return Err(Error::Undefined {
                reason: "the table holds nothing",
            });
        }
        Ok(Self {
            cells: table,
            regions,
            industries,
            total,
        })
    }

    /// The same, for statistics that need every region: an empty one is an error that names it.
    pub(crate) fn with_full_regions(table: Matrix<'a>) -> Result<Self, Error> {
        let structure = Self::of(table)?;
        check::positive("region total", &structure.regions)?;
        Ok(structure)
    }

    /// Share of industry `i` in region `r`.
    pub(crate) fn in_region(&self, r: usize, i: usize) -> f64 {
        self.cells.at(r, i) / self.regions[r]
    }

    /// Share of industry `i` in the whole table.
    pub(crate) fn industry_share(&self, i: usize) -> f64 {
        self.industries[i] / self.total
    }

    /// The location quotient, or none where region or industry is empty.
    pub(crate) fn quotient(&self, r: usize, i: usize) -> Option<f64> {
        (self.regions[r] > 0.0 && self.industries[i] > 0.0)
            .then(|| self.in_region(r, i) / self.industry_share(i))
    }
}

/// An incidence table: every cell 0 or 1.
pub(crate) fn check_incidence(table: Matrix<'_>) -> Result<(), Error> {
    check::finite("incidence", table.data())?;
    match table.data().iter().find(|&&v| v != 0.0 && v != 1.0) {
        Some(&value) => Err(Error::Domain {
            option: "incidence",
            value,
            domain: "0 or 1",
        }),
        None => Ok(()),
    }
}
