//! `lisa-markov`: how regions and their neighbourhoods move together.

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, ParamError, Params, Progress, Study,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::convergence::markov::lisa_markov;

use crate::map::{COUNT, DISTANCE, NEIGHBOURS, Question, ROW, VALUE};
use crate::moves::{Moves, Panel, heat, table, tests};

/// The declaration of `lisa-markov`.
pub(crate) const ENTRY: Entry = Entry {
    id: "lisa-markov",
    summary: "Moves of regions between the quadrants of the Moran scatter plot, with a test that neighbours move apart",
    manual: MANUAL,
    params: &[VALUE, NEIGHBOURS, COUNT, DISTANCE, ROW],
    example: "value = \"income_yearly\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do regions and their neighbours rise and fall together?

**Definition.** In each year a region is high if its value is above the plain mean, its neighbourhood if the weighted sum of the neighbours' deviations is
positive; what is exactly at the mean counts as low. The kind names first the region, then its neighbours. Moves are counted from each
observed year to the next. `expected` is the number of moves if regions and neighbourhoods were two chains that know nothing of each other: the number that began in
the kind times the probability of the region's move times that of the neighbourhood's. The test: Σ (count - expected)² / expected as chi-square.
Degrees of freedom: three free probabilities in each of the four kinds, less two in each of the two chains, so 8 where all occur; a test of 4 by 4 independence
would have 9, as giddy counts, but here the two chains are estimated, and samples of independent chains have a mean of 8. Regions and
weights as in `moran`.

**Limits.** The neighbourhoods of two neighbours overlap, so moves are not independent of each other, and p is too small. A region without
neighbours is left out. Steps between years must have one length.

**References.** Rey 2001, Geographical Analysis 33:195-214.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Quadrants {
        question: Question::new(ENTRY.id, params)?,
    }))
}

#[derive(Debug)]
struct Quadrants {
    question: Question,
}

/// The kinds in the order of the states.
const KINDS: [&str; 4] = ["high-high", "low-high", "low-low", "high-low"];

impl Analysis for Quadrants {
    fn needs(&self) -> Vec<Need> {
        self.question.needs().into_iter().chain([Need::Period]).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let panel = Panel::load(ENTRY.id, &self.question, study)?;
        let failed = panel.failed("LISA Markov chain");
        let cells = Matrix::new(&panel.cells, panel.map.block.regions.len(), panel.years).map_err(&failed)?;
        let found = lisa_markov(cells, &panel.neighbours).map_err(&failed)?;
        let title = format!(
            "Moves in the Moran scatter plot of {}, {}",
            self.question.label(study),
            panel.span
        );
        let states = KINDS.map(str::to_owned);
        let all = [Moves {
            around: "all".to_owned(),
            counts: &found.transitions,
            expected: Some(&found.expected),
        }];
        let source = &panel.map.block.source;
        let mut notes = panel.map.notes.clone();
        let small = found.expected.iter().filter(|e| **e > 0.0 && **e < 5.0).count();
        if small > 0 {
            notes.push(Note::new(
                NoteKind::Method,
                format!("In {small} cells fewer than five moves are expected; the chi-square distribution is rough there."),
            ));
        }
        let test = (
            "independence",
            "Regions and neighbours move independently",
            found.independence,
        );
        Ok(Findings {
            tables: vec![
                table(ENTRY.id, &title, &states, &all, source),
                tests(format!("{title}: test"), &[test], source),
            ],
            figures: vec![heat(ENTRY.id, &title, &states, &all, source)],
            notes,
        })
    }
}
