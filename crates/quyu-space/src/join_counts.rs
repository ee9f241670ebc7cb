//! `join-counts`: how often regions above the whole touch each other.

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, ParamError, Params, Progress, Study,
};
use quyu_econometrics::space::{JoinKind, join_counts, join_counts_test};

use crate::global::{Line, Moments, TEST_OF_ORDERS, Test, table};
use crate::map::{ALTERNATIVE, BINARY, COUNT, DISTANCE, NEIGHBOURS, PERMUTATIONS, Question, SEED, VALUE};

/// The declaration of `join-counts`.
pub(crate) const ENTRY: Entry = Entry {
    id: "join-counts",
    summary: "Join counts: how often regions above the value of the whole touch each other",
    manual: MANUAL,
    params: &[
        VALUE,
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        BINARY,
        TEST_OF_ORDERS,
        PERMUTATIONS,
        ALTERNATIVE,
        SEED,
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do the regions above the whole lie next to each other more often than chance would have it?

**Definition.** A region is marked if its value is above that of the reference as a whole (for a ratio: the ratio of sums). *Both*: ½ Σ w_ij y_i
y_j; *one*: ½ Σ w_ij (y_i - y_j)²; *neither*: ½ Σ w_ij (1 - y_i)(1 - y_j). With binary symmetric weights these are numbers of borders, and
they add up to all borders. Expected values and p are those of marks that change places at random. Regions and weights as in `moran`, binary by
default; p as there, without `normality`.

**Limits.** Only the side of the whole counts, not the distance from it. Regions without neighbours have no joins; here they stay in n.

**References.** Cliff & Ord 1981, Spatial Processes, ch. 2.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Joined {
        question: Question::new(ENTRY.id, params)?,
        test: Test::of(params),
    }))
}

#[derive(Debug)]
struct Joined {
    question: Question,
    test: Test,
}

impl Analysis for Joined {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let failed = |e| AnalysisError::statistic("join counts", e);
        let map = self.question.map(study)?;
        let whole = study.aggregate(&self.question.value, &study.reference, study.period.to)?;
        let whole = whole.ok_or_else(|| AnalysisError::Study {
            analysis: ENTRY.id,
            reason: format!(
                "{} has no value for the reference as a whole",
                self.question.label(study)
            ),
        })?;
        let marked: Vec<bool> = map.x.iter().map(|v| *v > whole.value).collect();
        let found = join_counts(&marked, &map.weights).map_err(failed)?;
        let kinds = [
            ("both above the whole", JoinKind::Both, found.both),
            ("one above, one not", JoinKind::One, found.one),
            ("neither above", JoinKind::Neither, found.neither),
        ];
        let mut lines = Vec::new();
        for (name, kind, joins) in kinds {
            let moments = Moments {
                randomisation: joins.randomisation,
                normality: None,
            };
            let line = Line::new(name, joins.count, joins.expected, marked.len()).tested(
                self.test,
                self.question.alternative,
                moments,
                || {
                    let options = self.question.options(study);
                    join_counts_test(&marked, &map.weights, kind, &options).map_err(failed)
                },
            )?;
            lines.push(line);
        }
        let title = self.question.title(study, "Joins of regions by");
        let mut notes = map.notes;
        notes.push(Note::new(
            NoteKind::Method,
            format!(
                "{} of {} regions are above the whole.",
                marked.iter().filter(|m| **m).count(),
                marked.len()
            ),
        ));
        Ok(Findings {
            tables: vec![table(
                study,
                ENTRY.id,
                title,
                self.test,
                &lines,
                &map.block.source,
                2,
            )],
            figures: Vec::new(),
            notes,
        })
    }
}
