//! `geary`: how much neighbours differ.

use quyu_core::{Analysis, AnalysisError, Entry, Findings, Need, ParamError, Params, Progress, Study};
use quyu_econometrics::space::{Islands, geary, geary_test};

use crate::global::{Line, Moments, TEST, Test, table};
use crate::map::{ALTERNATIVE, COUNT, DISTANCE, NEIGHBOURS, PERMUTATIONS, Question, ROW, SEED, VALUE};

/// The declaration of `geary`.
pub(crate) const ENTRY: Entry = Entry {
    id: "geary",
    summary: "Geary's C: how much neighbours differ",
    manual: MANUAL,
    params: &[
        VALUE,
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        ROW,
        TEST,
        PERMUTATIONS,
        ALTERNATIVE,
        SEED,
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do neighbouring regions differ less than any two regions do?

**Definition.** C = ((n - 1) / (2 S0)) Σ w_ij (x_i - x_j)² / Σ z², with z the deviation from the plain mean and S0 the sum of the weights.
Expected without pattern: 1; below it neighbours are alike, above it they differ. z is (C - 1) / standard error: negative where neighbours
are alike (spdep prints the opposite sign); `alternative = less` asks for likeness. Regions, weights and p as in `moran`.

**Limits.** A single pair of very different neighbours weighs heavily, because gaps are squared. Islands leave n, with a note.

**References.** Geary 1954, The Incorporated Statistician 5:115-145; Cliff & Ord 1981, Spatial Processes.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Contrast {
        question: Question::new(ENTRY.id, params)?,
        test: Test::of(params),
    }))
}

#[derive(Debug)]
struct Contrast {
    question: Question,
    test: Test,
}

impl Analysis for Contrast {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let failed = |e| AnalysisError::statistic("Geary's C", e);
        let map = self.question.map(study)?;
        let found = geary(&map.x, &map.weights, Islands::Drop).map_err(failed)?;
        let moments = Moments {
            randomisation: found.randomisation,
            normality: found.normality,
        };
        let permuted = || {
            let options = self.question.options(study);
            geary_test(&map.x, &map.weights, Islands::Drop, &options).map_err(failed)
        };
        let line = Line::new("Geary's C", found.estimate, found.expected, found.n).tested(
            self.test,
            self.question.alternative,
            moments,
            permuted,
        )?;
        let title = self.question.title(study, "Geary's C of");
        Ok(Findings {
            tables: vec![table(
                study,
                ENTRY.id,
                title,
                self.test,
                &[line],
                &map.block.source,
                3,
            )],
            figures: Vec::new(),
            notes: map.notes,
        })
    }
}
