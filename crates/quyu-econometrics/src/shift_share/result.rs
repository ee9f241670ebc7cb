//! What every additive shift-share returns.

use crate::{Error, Matrix, check, parallel};

/// A part of the change, named as the field names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Component {
    /// Growth at the rate of the whole reference.
    National,
    /// Growth of the sectors held beyond the rate of the whole reference.
    IndustryMix,
    /// Growth of the region's sectors beyond their rates in the reference (competitive shift).
    Regional,
    /// The competitive effect at the size the sector would have with the structure of the reference.
    Competitive,
    /// The competitive effect on what the region holds beyond that size: specialised where it grows well?
    Allocation,
    /// National growth of the expected (homothetic) size of the sector.
    NationalExpected,
    /// National growth of the rest of the sector.
    NationalDifferential,
    /// Industry mix of the expected size.
    IndustryMixExpected,
    /// Industry mix of the rest.
    IndustryMixDifferential,
    /// Growth of the whole region beyond the whole reference, on the expected size.
    RegionalExpected,
    /// The same on the rest.
    RegionalDifferential,
    /// What is particular to this sector in this region, on the expected size.
    InteractionExpected,
    /// The same on the rest.
    InteractionDifferential,
    /// Growth of the neighbours in the same sector beyond what stands before it in the formula.
    Neighbour,
    /// Growth of the region beyond its neighbours.
    Local,
    /// Jobs that output brings, at the rate of the whole reference.
    OutputNational,
    /// Jobs that output brings through the sectors held.
    OutputIndustryMix,
    /// Jobs that output brings beyond the sector's rate in the reference.
    OutputRegional,
    /// Jobs that productivity saves (negative) at the rate of the whole reference.
    ProductivityNational,
    /// Jobs that productivity saves through the sectors held.
    ProductivityIndustryMix,
    /// Jobs that productivity saves beyond the sector's rate in the reference.
    ProductivityRegional,
}

impl Component {
    /// The name in lower case with hyphens, as results and case files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::IndustryMix => "industry-mix",
            Self::Regional => "regional",
            Self::Competitive => "competitive",
            Self::Allocation => "allocation",
            Self::NationalExpected => "national-expected",
            Self::NationalDifferential => "national-differential",
            Self::IndustryMixExpected => "industry-mix-expected",
            Self::IndustryMixDifferential => "industry-mix-differential",
            Self::RegionalExpected => "regional-expected",
            Self::RegionalDifferential => "regional-differential",
            Self::InteractionExpected => "interaction-expected",
            Self::InteractionDifferential => "interaction-differential",
            Self::Neighbour => "neighbour",
            Self::Local => "local",
            Self::OutputNational => "output-national",
            Self::OutputIndustryMix => "output-industry-mix",
            Self::OutputRegional => "output-regional",
            Self::ProductivityNational => "productivity-national",
            Self::ProductivityIndustryMix => "productivity-industry-mix",
            Self::ProductivityRegional => "productivity-regional",
        }
    }
}

/// One quantity for each cell, with its sums. All in the unit of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Each cell, row-major: regions by sectors.
    pub cells: Vec<f64>,
    /// Each region, summed over sectors.
    pub by_region: Vec<f64>,
    /// Each sector, summed over regions.
    pub by_sector: Vec<f64>,
    /// All cells.
    pub total: f64,
}

impl Table {
    pub(crate) fn new(cells: Vec<f64>, sectors: usize) -> Result<Self, Error> {
        let sums = Sums::of(&cells, sectors)?;
        Ok(Self::with(cells, sums))
    }

    fn with(cells: Vec<f64>, sums: Sums) -> Self {
        Self {
            cells,
            by_region: sums.by_region,
            by_sector: sums.by_sector,
            total: sums.total,
        }
    }

    fn check(&self) -> Result<(), Error> {
        check::in_range("a component", &self.cells)?;
        check_sums(&self.by_region, &self.by_sector, self.total)
    }
}

/// The sums of cells, all of which are finite.
struct Sums {
    by_region: Vec<f64>,
    by_sector: Vec<f64>,
    total: f64,
}

impl Sums {
    fn of(cells: &[f64], sectors: usize) -> Result<Self, Error> {
        check::in_range("a component", cells)?;
        let by_region: Vec<f64> = cells.chunks_exact(sectors).map(quyu_math::sum).collect();
        let by_sector = Matrix::of(cells, by_region.len(), sectors).column_sums();
        let total = quyu_math::sum(&by_region);
        check_sums(&by_region, &by_sector, total)?;
        Ok(Self {
            by_region,
            by_sector,
            total,
        })
    }
}

fn check_sums(by_region: &[f64], by_sector: &[f64], total: f64) -> Result<(), Error> {
    check::in_range("the sum of a component", by_region)?;
    check::in_range("the sum of a component", by_sector)?;
    check::in_range("the sum of a component", &[total])
}

/// A change and the parts that add up to it: in every cell, every region, every sector and in all.
#[derive(Debug, Clone, PartialEq)]
pub struct ShiftShare {
    /// Number of regions (rows).
    pub regions: usize,
    /// Number of sectors (columns).
    pub sectors: usize,
    /// The parts, in the order of the variant's formula.
    pub parts: Vec<(Component, Table)>,
    /// End minus base.
    pub change: Table,
    /// True for a cell whose base is zero and which therefore has no growth rate of its own.
    pub zero_base: Vec<bool>,
}

impl ShiftShare {
    /// The part of that name, if the variant has it.
    pub fn part(&self, component: Component) -> Option<&Table> {
        self.parts
            .iter()
            .find(|(name, _)| *name == component)
            .map(|(_, table)| table)
    }
}

/// Makes the last part the change less the other parts, in every cell and every sum. This differs from its own
/// formula by rounding only; but where large terms cancel, that rounding is large beside what is left, and the
/// parts would not add up.
pub(crate) fn close(parts: &mut [(Component, Table)], change: &Table) -> Result<(), Error> {
    let Some(((_, last), others)) = parts.split_last_mut() else {
        return Ok(());
    };
    let less = |change: f64, part: fn(&Table, usize) -> f64, at: usize| {
        others
            .iter()
            .fold(change, |rest, (_, table)| rest - part(table, at))
    };
    for (at, cell) in last.cells.iter_mut().enumerate() {
        *cell = less(change.cells[at], |table, at| table.cells[at], at);
    }
    for (at, sum) in last.by_region.iter_mut().enumerate() {
        *sum = less(change.by_region[at], |table, at| table.by_region[at], at);
    }
    for (at, sum) in last.by_sector.iter_mut().enumerate() {
        *sum = less(change.by_sector[at], |table, at| table.by_sector[at], at);
    }
    last.total = less(change.total, |table, _| table.total, 0);
    last.check()
}

/// Cells of each component in the making, one after the other.
pub(crate) struct Cells<const N: usize> {
    components: [Component; N],
    cells: [Vec<f64>; N],
}

impl<const N: usize> Cells<N> {
    pub(crate) fn new(components: [Component; N], count: usize) -> Self {
        Self {
            components,
            cells: std::array::from_fn(|_| Vec::with_capacity(count)),
        }
    }

    pub(crate) fn push(&mut self, parts: [f64; N]) {
        for (cells, part) in self.cells.iter_mut().zip(parts) {
            // A base of zero times a falling rate is -0: nobody wants to read that.
            cells.push(part + 0.0);
        }
    }

    /// Sums the cells of each component and of the change from `base` to `end`. The last component is the
    /// residual.
    pub(crate) fn finish(self, base: Matrix<'_>, end: Matrix<'_>) -> Result<ShiftShare, Error> {
        let sectors = base.cols();
        let pairs = base.data().iter().zip(end.data());
        let change: Vec<f64> = pairs.map(|(from, to)| to - from).collect();
        // The sums of the last one come from the others: the change takes its turn.
        let cells_of = |k: usize| if k + 1 < N { &self.cells[k] } else { &change };
        let turn = if change.len() < parallel::WORTHWHILE { N } else { 1 };
        let sums: Result<Vec<Sums>, Error> = parallel::map(N, turn, |k| Sums::of(cells_of(k), sectors))
            .into_iter()
            .collect();
        let mut sums = sums?;
        let of_change = sums.pop().ok_or(Error::Empty {
            argument: "components",
        })?;
        sums.push(Sums {
            by_region: vec![0.0; base.rows()],
            by_sector: vec![0.0; sectors],
            total: 0.0,
        });
        let change = Table::with(change, of_change);
        let tables = self
            .cells
            .into_iter()
            .zip(sums)
            .map(|(cells, sums)| Table::with(cells, sums));
        let mut parts: Vec<(Component, Table)> = self.components.into_iter().zip(tables).collect();
        close(&mut parts, &change)?;
        let zero_base = base.data().iter().map(|&from| from == 0.0).collect();
        Ok(ShiftShare {
            regions: base.rows(),
            sectors,
            parts,
            change,
            zero_base,
        })
    }
}
