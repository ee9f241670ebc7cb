//! `spatial-markov`: whether moves between classes depend on the neighbours.

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, Study,
};
use quyu_econometrics::convergence::markov::{ClassRule, LagClasses, SpatialMarkovOptions, spatial_markov};
use quyu_econometrics::{Error, Matrix};

use crate::map::{COUNT, DISTANCE, NEIGHBOURS, Question, ROW, VALUE};
use crate::moves::{Moves, Panel, heat, table, tests};

/// The declaration of `spatial-markov`.
pub(crate) const ENTRY: Entry = Entry {
    id: "spatial-markov",
    summary: "Moves between classes given the class of the neighbours, with tests that neighbours matter",
    manual: MANUAL,
    params: &[
        VALUE,
        Param::with_default(
            "classes",
            ParamKind::Integer { min: 2, max: 6 },
            "4",
            "how many classes of equal frequency",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["lag-quantiles", "same-limits", "most-frequent"]),
            "lag-quantiles",
            "classes of the neighbourhood: quantiles of the lags, the limits of the values, or the class most neighbours have",
        ),
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        ROW,
    ],
    example: "value = \"income_yearly\"\nclasses = 2\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Is a region more likely to rise among rich neighbours than among poor ones?

**Definition.** Classes of equal frequency as in `markov` with pooled limits: values over the plain mean of their year, quantiles of all years together.
A move is put down under the class of the neighbourhood at its start: the weighted sum of the neighbours' values by its own quantiles
(`variant = \"lag-quantiles\"`), by the limits of the values (`same-limits`), or the class with the largest weight among the neighbours, of several the
lowest (`most-frequent`). Tests that the tables are one: likelihood ratio 2 Σ n ln(p of the table / p of all) and Pearson's
Σ n (p of the table - p of all)² / p of all, both with the degrees of freedom of cells that can differ, and `kullback`, the likelihood ratio with
k (m - 1)(k - 1) for k classes and m neighbourhoods. Regions and weights as in `moran`.

**Limits.** Moves are spread over many cells: with few regions most rest on a handful; read their number. The tests take moves as independent, which
neighbours are not. A region without neighbours is left out. Steps between years must have one length.

**References.** Rey 2001, Geographical Analysis 33:195-214; Bickenbach and Bode 2003, International Regional Science Review 26:363-392; Kullback, Kupperman and Ku
1962, Technometrics 4:573-608.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Chains {
        question: Question::new(ENTRY.id, params)?,
        classes: params.integer("classes").map_or(4, |k| k as usize),
        variant: params.text("variant").unwrap_or("lag-quantiles").to_owned(),
    }))
}

#[derive(Debug)]
struct Chains {
    question: Question,
    classes: usize,
    variant: String,
}

impl Analysis for Chains {
    fn needs(&self) -> Vec<Need> {
        self.question.needs().into_iter().chain([Need::Period]).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let panel = Panel::load(ENTRY.id, &self.question, study)?;
        let failed = panel.failed("spatial Markov chain");
        let cells = Matrix::new(&panel.cells, panel.map.block.regions.len(), panel.years).map_err(&failed)?;
        let rule = ClassRule::PooledQuantiles(self.classes);
        let options = SpatialMarkovOptions {
            rule,
            lags: match self.variant.as_str() {
                "same-limits" => LagClasses::SameLimits,
                "most-frequent" => LagClasses::MostFrequent,
                _ => LagClasses::Rule(rule),
            },
            relative: true,
        };
        let found = spatial_markov(cells, &panel.neighbours, &options).map_err(&failed)?;
        let title = format!(
            "Moves between classes of {} by the class of the neighbours, {}",
            self.question.label(study),
            panel.span
        );
        let states: Vec<String> = (1..=self.classes).map(|i| format!("class {i}")).collect();
        let mut all: Vec<Moves<'_>> = found
            .conditional
            .iter()
            .enumerate()
            .map(|(i, counts)| Moves {
                around: format!("class {}", i + 1),
                counts,
                expected: None,
            })
            .collect();
        all.push(Moves {
            around: "all".to_owned(),
            counts: &found.pooled,
            expected: None,
        });
        let source = &panel.map.block.source;
        let mut tables = vec![table(ENTRY.id, &title, &states, &all, source)];
        let mut notes = panel.map.notes.clone();
        match found.homogeneity() {
            Ok(test) => tables.push(tests(
                format!("{title}: tests that neighbours do not matter"),
                &[
                    ("likelihood-ratio", "Likelihood ratio", test.likelihood_ratio),
                    ("pearson", "Pearson", test.pearson),
                    ("kullback", "Kullback", test.kullback),
                ],
                source,
            )),
            Err(Error::Undefined { .. }) => notes.push(Note::new(
                NoteKind::Method,
                "There is no test: no probability can differ between the neighbourhoods.",
            )),
            Err(error) => return Err(failed(error)),
        }
        Ok(Findings {
            tables,
            figures: vec![heat(ENTRY.id, &title, &states, &all, source)],
            notes,
        })
    }
}
