//! Figures of both data sets, brought to one unit and to shares.

use quyu_core::indicator::Nature;
use quyu_core::{AnalysisError, Block, Note, NoteKind, RegionCode, RegionSet, Study, Term};

use super::refused;

/// Blocks of both data sets: indicators, then classes.
pub(super) struct Sides {
    pub(super) left: Vec<Block>,
    pub(super) right: Vec<Block>,
    pub(super) factors: Vec<f64>,
}

impl Sides {
    /// Sums over some regions of all terms; none if a figure is missing.
    pub(super) fn row(&self, blocks: &[Block], parts: &[RegionCode]) -> Option<Vec<f64>> {
        let mut row = Vec::new();
        for block in blocks {
            let at: Option<Vec<usize>> = parts
                .iter()
                .map(|p| block.regions.iter().position(|r| r == p))
                .collect();
            let at = at?;
            for term in 0..block.terms.len() {
                let column = block.column(term, 0);
                row.push(quyu_math::sum_by(at.len(), |k| column[at[k]]));
            }
        }
        Some(row)
    }

    /// Remarks on both data sets. Who of the candidates is left out is said elsewhere, once for all figures.
    pub(super) fn notes(&self) -> Vec<Note> {
        let own = self.left.iter().flat_map(|b| &b.notes);
        let peers = self.right.iter().flat_map(|b| &b.notes);
        let mut notes: Vec<Note> = Vec::new();
        for note in own.chain(peers.filter(|n| n.kind != NoteKind::Missing)) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        notes
    }
}

/// What brings an indicator of the candidates to the unit of that of the targets.
pub(super) fn factors(study: &Study, own: &[Term], peer: &[Term]) -> Result<Vec<f64>, AnalysisError> {
    let unit = |term: &Term| -> Result<String, AnalysisError> {
        Ok(study.atlas.codebook.indicator(&term.indicator)?.unit.clone())
    };
    let pairs = own.iter().zip(peer);
    pairs
        .map(|(own, peer)| {
            let (a, b) = (unit(own)?, unit(peer)?);
            let ((x, one), (y, other)) = (multiple(&a), multiple(&b));
            match one == other {
                true => Ok(y / x),
                false => Err(refused(format!(
                    "`{own}` is in {a}, `{peer}` in {b}: they cannot be compared"
                ))),
            }
        })
        .collect()
}

/// Whether a ratio would have to be added up.
pub(super) fn parts_are_pooled_ratios(
    study: &Study,
    terms: &[Term],
    sets: &[&RegionSet],
) -> Result<bool, AnalysisError> {
    for term in terms {
        let nature = &study.atlas.codebook.indicator(&term.indicator)?.nature;
        if !sets.is_empty() && !matches!(nature, Nature::Extensive { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The leading number of a unit and what it multiplies: `10,000 persons` is 10000 times `persons`.
fn multiple(unit: &str) -> (f64, &str) {
    let cut = unit.split_once(' ');
    let read = cut.and_then(|(number, rest)| Some((number.replace(',', "").parse().ok()?, rest)));
    read.unwrap_or((1.0, unit))
}

/// Indicators in the unit of the targets, then shares of groups of classes.
pub(super) fn finished(cells: Vec<f64>, count: usize, factors: Option<&[f64]>, sizes: &[usize]) -> Vec<f64> {
    let mut row = cells[..count].to_vec();
    if let Some(factors) = factors {
        row.iter_mut().zip(factors).for_each(|(x, f)| *x *= f);
    }
    let whole = quyu_math::sum(&cells[count..]);
    let mut at = count;
    for size in sizes {
        row.push(quyu_math::sum(&cells[at..at + size]) / whole);
        at += size;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::{finished, multiple};

    #[test]
    fn a_unit_is_a_number_times_another() {
        assert_eq!(multiple("10,000 persons"), (10_000.0, "persons"));
        assert_eq!(multiple("persons"), (1.0, "persons"));
        assert_eq!(multiple("yuan per person"), (1.0, "yuan per person"));
    }

    #[test]
    fn shares_are_of_the_classes_taken() {
        let row = finished(vec![20.0, 1.0, 2.0, 5.0], 1, Some(&[0.5]), &[2, 1]);
        assert_eq!(row, [10.0, 0.375, 0.625]);
    }
}
