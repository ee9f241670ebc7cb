//! Shares and location quotients of the classes that an item touches, in its region beside the reference.

use std::collections::BTreeSet;

use quyu_core::{AnalysisError, Note, RegionCode, RegionSet, Study};
use quyu_econometrics::structure::{QuotientForm, quotients_against, specialised_against};
use quyu_econometrics::{Error, Matrix};

use super::sectors::Sectors;

/// What a region holds of some classes, taken together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quotient {
    /// Share of the region that they make.
    pub(super) share: Option<f64>,
    /// Their share in the reference.
    pub(super) expected: Option<f64>,
    /// The one over the other.
    pub(super) lq: Option<f64>,
    pub(super) strong: bool,
    /// Rank among the regions of the reference, and how many have a quotient; a set of regions has none.
    pub(super) rank: Option<(usize, usize)>,
}

/// Figures of one year: regions by classes.
pub(super) struct Figures {
    regions: Vec<RegionCode>,
    cells: Vec<f64>,
    classes: usize,
    /// Sum of the reference by class.
    base: Vec<f64>,
    /// Positions of the regions of the reference.
    within: Vec<usize>,
    threshold: f64,
    pub(super) notes: Vec<Note>,
    pub(super) source: String,
}

impl Figures {
    /// The figures of the reference and of those places that have any, in the last year of the study.
    pub(super) fn of(
        study: &Study,
        sectors: &Sectors,
        places: &[&RegionSet],
        threshold: f64,
    ) -> Result<Self, AnalysisError> {
        let mut wanted: BTreeSet<RegionCode> = study.reference.members().iter().cloned().collect();
        for place in places {
            for region in place.members() {
                if has_any(study, sectors, region)? {
                    wanted.insert(region.clone());
                }
            }
        }
        let wanted: Vec<RegionCode> = wanted.into_iter().collect();
        let block = study.block(&sectors.terms, &wanted, &[study.period.to])?;
        let (cells, classes) = (block.regions_by_terms(0), sectors.terms.len());
        let within: Vec<usize> = (0..block.regions.len())
            .filter(|at| study.reference.contains(&block.regions[*at]))
            .collect();
        let mut figures = Self {
            regions: block.regions.clone(),
            cells,
            classes,
            base: Vec::new(),
            within,
            threshold,
            notes: block.notes.clone(),
            source: block.source.clone(),
        };
        figures.base = figures.sums(&figures.within);
        Ok(figures)
    }

    fn sums(&self, regions: &[usize]) -> Vec<f64> {
        let cell = |r: usize, class: usize| self.cells[regions[r] * self.classes + class];
        (0..self.classes)
            .map(|class| quyu_math::sum_by(regions.len(), |r| cell(r, class)))
            .collect()
    }

    /// Positions of the members of a place; none if a member has no figures, for the others are another place.
    pub(super) fn members(&self, place: &RegionSet) -> Option<Vec<usize>> {
        let position = |code: &RegionCode| self.regions.iter().position(|r| r == code);
        place.members().iter().map(position).collect()
    }

    /// Some classes of a place taken together.
    pub(super) fn quotient(
        &self,
        members: &[usize],
        classes: &BTreeSet<usize>,
    ) -> Result<Quotient, AnalysisError> {
        let failed = |e: Error| AnalysisError::statistic("location quotient", e);
        let base = parted(&self.base, classes);
        let own = parted(&self.sums(members), classes);
        let (lq, strong) = self.beside(own, base).map_err(failed)?;
        let mut rank = None;
        if let ([one], Some(own)) = (members, lq)
            && self.within.contains(one)
        {
            let mut others = Vec::new();
            for r in &self.within {
                let row = parted(&self.sums(&[*r]), classes);
                others.extend(self.beside(row, base).map_err(failed)?.0);
            }
            let above = others.iter().filter(|x| **x > own).count();
            rank = Some((above + 1, others.len()));
        }
        let share = |[of, rest]: [f64; 2]| (of + rest > 0.0).then(|| of / (of + rest));
        Ok(Quotient {
            share: share(own),
            expected: share(base),
            lq,
            strong,
            rank,
        })
    }

    /// The quotient of two parted rows, and whether it reaches the threshold.
    fn beside(&self, own: [f64; 2], base: [f64; 2]) -> Result<(Option<f64>, bool), Error> {
        let (own, base) = (Matrix::new(&own, 1, 2)?, Matrix::new(&base, 1, 2)?);
        let lq = quotients_against(own, base, QuotientForm::Ratio)?;
        let strong = specialised_against(own, base, self.threshold)?;
        Ok((lq[0], lq[0].is_some() && strong[0] > 0.0))
    }
}

/// The sum of the classes named, and that of the others.
fn parted(row: &[f64], classes: &BTreeSet<usize>) -> [f64; 2] {
    let part = |inside: bool| {
        let kept: Vec<f64> = (0..row.len())
            .filter(|c| classes.contains(c) == inside)
            .map(|c| row[c])
            .collect();
        quyu_math::sum(&kept)
    };
    [part(true), part(false)]
}

fn has_any(study: &Study, sectors: &Sectors, region: &RegionCode) -> Result<bool, AnalysisError> {
    for term in &sectors.terms {
        if study.value(term, region, study.period.to)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
