//! What a region is compared with, and the growth rates that follow from it.

use crate::{Error, Matrix, check};

/// What regions are compared with.
///
/// The choice changes the numbers: packages differ in it without saying so. The reference is a base and an end
/// value for each sector, and their totals.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Reference<'a> {
    /// The sum of all regions given, the region itself included.
    #[default]
    Nation,
    /// The sum of all regions given but the region itself: each region has its own reference.
    Rest,
    /// Values for each sector, of a larger nation or of a set of peers; the total is their sum.
    Given {
        /// Base value of each sector.
        base: &'a [f64],
        /// End value of each sector.
        end: &'a [f64],
    },
    /// Values for each sector with totals published apart from them. Where sectors are suppressed or rounded
    /// the published total differs from the sum, and the national growth rate with it.
    Published {
        /// Base value of each sector.
        base: &'a [f64],
        /// End value of each sector.
        end: &'a [f64],
        /// Base value of the total.
        base_total: f64,
        /// End value of the total.
        end_total: f64,
    },
}

/// The reference worked out: one row of sectors for all regions, or one row a region.
pub(crate) struct Benchmark {
    sectors: usize,
    own_row: bool,
    /// Growth rate of each sector; 0 where neither region nor reference had anything in the base year.
    rate: Vec<f64>,
    /// Share of each sector in the base total.
    share: Vec<f64>,
    /// Growth rate of the total.
    total_rate: Vec<f64>,
}

impl Benchmark {
    /// Works `reference` out for the tables `base` and `end`, which are checked here.
    pub(crate) fn new(base: Matrix<'_>, end: Matrix<'_>, reference: Reference<'_>) -> Result<Self, Error> {
        check::same_shape("end", end, base)?;
        check::non_negative("base", base.data())?;
        check::non_negative("end", end.data())?;
        let built = match reference {
            Reference::Nation => {
                let (from, to) = (base.column_sums(), end.column_sums());
                let totals = (quyu_math::sum(&from), quyu_math::sum(&to));
                Self::shared(base, &from, &to, totals)?
            }
            Reference::Rest => Self::rest(base, end)?,
            Reference::Given { base: from, end: to } => {
                check_given(base.cols(), from, to)?;
                let totals = (quyu_math::sum(from), quyu_math::sum(to));
                Self::shared(base, from, to, totals)?
            }
            Reference::Published {
                base: from,
                end: to,
                base_total,
                end_total,
            } => {
                check_given(base.cols(), from, to)?;
                check::non_negative("reference total", &[base_total, end_total])?;
                Self::shared(base, from, to, (base_total, end_total))?
            }
        };
        check::in_range("a growth rate of the reference", &built.rate)?;
        check::in_range("a growth rate of the reference", &built.total_rate)?;
        Ok(built)
    }

    fn shared(base: Matrix<'_>, from: &[f64], to: &[f64], totals: (f64, f64)) -> Result<Self, Error> {
        let held = base.column_sums();
        let mut built = Self::empty(base.cols(), false);
        built.push(&held, from, to, totals)?;
        Ok(built)
    }

    fn rest(base: Matrix<'_>, end: Matrix<'_>) -> Result<Self, Error> {
        let (from, to) = (base.sums_of_other_rows(), end.sums_of_other_rows());
        let mut built = Self::empty(base.cols(), true);
        for r in 0..base.rows() {
            let span = r * base.cols()..(r + 1) * base.cols();
            let (from, to) = (&from[span.clone()], &to[span]);
            built.push(base.row(r), from, to, (quyu_math::sum(from), quyu_math::sum(to)))?;
        }
        Ok(built)
    }

    fn empty(sectors: usize, own_row: bool) -> Self {
        Self {
            sectors,
            own_row,
            rate: Vec::new(),
            share: Vec::new(),
            total_rate: Vec::new(),
        }
    }

    /// Adds one row of rates for regions that hold `held` in the base year.
    fn push(&mut self, held: &[f64], from: &[f64], to: &[f64], totals: (f64, f64)) -> Result<(), Error> {
        if totals.0 == 0.0 {
            return Err(Error::Zero {
                argument: "reference total",
                index: 0,
            });
        }
        for i in 0..from.len() {
            if from[i] == 0.0 && held[i] > 0.0 {
                return Err(Error::Zero {
                    argument: "reference",
                    index: i,
                });
            }
            // Nobody held the sector: its rate is multiplied by a base of zero wherever it is used.
            self.rate.push(if from[i] == 0.0 {
                0.0
            } else {
                growth(from[i], to[i])
            });
            self.share.push(from[i] / totals.0);
        }
        self.total_rate.push(growth(totals.0, totals.1));
        Ok(())
    }

    /// Growth rates of the sectors in the reference of region `r`.
    pub(crate) fn rates(&self, r: usize) -> &[f64] {
        let row = self.row(r);
        &self.rate[row * self.sectors..(row + 1) * self.sectors]
    }

    /// Each sector of region `r` with its rates and its expected size.
    pub(crate) fn sectors(
        &self,
        base: Matrix<'_>,
        end: Matrix<'_>,
        r: usize,
    ) -> impl Iterator<Item = Sector> + use<'_> {
        let total = quyu_math::sum(base.row(r));
        let row = self.row(r);
        let shares = &self.share[row * self.sectors..(row + 1) * self.sectors];
        let cells: Vec<(f64, f64)> = base
            .row(r)
            .iter()
            .copied()
            .zip(end.row(r).iter().copied())
            .collect();
        let total_rate = self.total_rate(r);
        cells
            .into_iter()
            .zip(self.rates(r))
            .zip(shares)
            .map(move |(((base, end), &rate), share)| Sector {
                base,
                end,
                rate,
                total_rate,
                expected: total * share,
            })
    }

    /// Growth rate of the total in the reference of region `r`.
    pub(crate) fn total_rate(&self, r: usize) -> f64 {
        self.total_rate[self.row(r)]
    }

    fn row(&self, r: usize) -> usize {
        if self.own_row { r } else { 0 }
    }
}

/// One sector of one region beside its reference.
pub(crate) struct Sector {
    pub(crate) base: f64,
    pub(crate) end: f64,
    /// Growth rate of the sector in the reference.
    pub(crate) rate: f64,
    /// Growth rate of the reference as a whole.
    pub(crate) total_rate: f64,
    /// The size the sector would have if the region had the structure of the reference (homothetic).
    pub(crate) expected: f64,
}

impl Sector {
    /// The classic regional part: a residual, so that it exists without a growth rate of the cell.
    pub(crate) fn regional(&self) -> f64 {
        (self.end - self.base) - self.base * self.rate
    }

    /// The regional part split into [competitive, allocation]; all competitive where the cell has no growth
    /// rate.
    pub(crate) fn homothetic(&self) -> [f64; 2] {
        if self.base == 0.0 {
            return [self.regional(), 0.0];
        }
        let competitive = self.expected * (growth(self.base, self.end) - self.rate);
        [competitive, self.regional() - competitive]
    }
}

/// The growth rate from `from` (not zero) to `to`.
pub(crate) fn growth(from: f64, to: f64) -> f64 {
    (to - from) / from
}

fn check_given(sectors: usize, from: &[f64], to: &[f64]) -> Result<(), Error> {
    check::length("reference base", from.len(), sectors)?;
    check::length("reference end", to.len(), sectors)?;
    check::non_negative("reference base", from)?;
    check::non_negative("reference end", to)
}
