//! `local-moran`: which regions form clusters, and which stand out from their neighbours.

use quyu_core::figure::Fill;
use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Param, ParamError, ParamKind, Params, Progress, Study,
    Table,
};
use quyu_econometrics::space::{
    LocalMoran, LocalMoranOptions, LocalScale, LocalTest, false_discovery_threshold,
    local_moran_bivariate_test, local_moran_test,
};

use crate::local::{LEVEL, LocalLine, local_table, said};
use crate::map::{
    ALTERNATIVE, COUNT, DISTANCE, Map, NEIGHBOURS, OTHER, PERMUTATIONS, POPULATION, Question, ROW, SEED,
    VALUE,
};
use crate::moran::{QUADRANTS, local, position};

const VARIANT: Param = Param::with_default(
    "variant",
    ParamKind::Choice(&["n-minus-one", "n"]),
    "n-minus-one",
    "the scale of the statistic: the sum of squares over n - 1 (esda), or over n (spdep)",
);

/// The declaration of `local-moran`.
pub(crate) const ENTRY: Entry = Entry {
    id: "local-moran",
    summary: "Local Moran: which regions form clusters, and which stand out from their neighbours",
    manual: MANUAL,
    params: &[
        VALUE,
        OTHER,
        POPULATION,
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        ROW,
        VARIANT,
        PERMUTATIONS,
        ALTERNATIVE,
        SEED,
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Which regions form a cluster of like values, and which stand out from their neighbours?

**Definition.** I_i = ((n - 1) / Σ z²) z_i Σ_j w_ij z_j, with z the deviation from the plain mean (`variant = n` has n for n - 1). The
kind: first the region, then its neighbours, above (*high*) or not above (*low*) the mean. p: the value of the region stays, its neighbours are
drawn at random from the others, (1 + count) / (1 + permutations) on one side, twice the smaller side for two-sided. Regions and weights as
in `moran`. The map shows the kind of regions with p up to 0.05.

**With `other`.** I_i = (n - 1) dx_i Σ_j w_ij dy_j / sqrt(Σ dx² Σ dy²): the value of the region beside the other indicator of its neighbours, whose
figures are drawn.

**With `population`.** Of rates that allow for small populations, as in `moran`.

**Limits.** Every region is tested: one in twenty is significant at 5 % by chance. The note says which p holds the share of false finds at 5
% (Benjamini & Hochberg). A region without neighbours has no value.

**References.** Anselin 1995, Geographical Analysis 27:93-115; Benjamini & Hochberg 1995, JRSS B 57:289-300.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Local {
        question: Question::new(ENTRY.id, params)?,
        scale: match params.text("variant") {
            Some("n") => LocalScale::N,
            _ => LocalScale::NMinusOne,
        },
    }))
}

#[derive(Debug)]
struct Local {
    question: Question,
    scale: LocalScale,
}

/// A region with neighbours.
type Found = Option<(LocalMoran, LocalTest)>;

impl Analysis for Local {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let failed = |e| AnalysisError::statistic("local Moran", e);
        let map = self.question.map(study)?;
        let options = LocalMoranOptions {
            scale: self.scale,
            ..Default::default()
        };
        let values = local(&map, &options).map_err(failed)?;
        let permutations = self.question.options(study);
        let tests = match &map.other {
            Some(other) => local_moran_bivariate_test(&map.x, other, &map.weights, &options, &permutations),
            None => local_moran_test(&map.x, &map.weights, &options, &permutations),
        }
        .map_err(failed)?;
        let found: Vec<Found> = values
            .into_iter()
            .zip(tests)
            .map(|(value, test)| value.zip(test))
            .collect();
        let p: Vec<f64> = found.iter().flatten().map(|(_, test)| self.p(test)).collect();
        let threshold = false_discovery_threshold(&p, LEVEL).map_err(failed)?;
        let mut notes = map.notes.clone();
        notes.push(said(&p, threshold));
        let kind = |found: &Found| match found {
            Some((value, test)) if self.p(test) <= LEVEL => Fill::Category(position(value.quadrant)),
            Some(_) => Fill::Rest,
            None => Fill::NoData,
        };
        let kinds: Vec<Fill> = found.iter().map(kind).collect();
        let significant = p.iter().filter(|p| **p <= LEVEL).count();
        let figure = map.tiles(
            study,
            format!("Clusters of {}, {}", self.question.label(study), study.period.to),
            format!(
                "Tile-grid map of kinds of neighbours. {significant} of {} regions have a local Moran with p up to {LEVEL}.",
                p.len()
            ),
            &QUADRANTS.map(|q| q.name()),
            "not significant",
            &kinds,
        );
        Ok(Findings {
            tables: vec![self.table(study, &map, &found)],
            figures: figure.into_iter().collect(),
            notes,
        })
    }
}

impl Local {
    fn p(&self, test: &LocalTest) -> f64 {
        test.p.p_value(self.question.alternative)
    }

    fn table(&self, study: &Study, map: &Map, found: &[Found]) -> Table {
        let lines = found.iter().map(|found| match found {
            Some((value, test)) => LocalLine {
                kind: value.quadrant.name(),
                estimate: Some(value.estimate),
                test: Some(*test),
                p: Some(self.p(test)),
            },
            None => LocalLine::island(),
        });
        let title = self.question.title(study, "Local Moran of");
        local_table(
            study,
            map,
            ENTRY.id,
            title,
            "Local Moran",
            &lines.collect::<Vec<_>>(),
        )
    }
}
