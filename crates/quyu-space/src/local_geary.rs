//! `local-geary`: which regions are like their neighbours, and which differ from them.

use quyu_core::figure::Fill;
use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Param, ParamError, ParamKind, Params, Progress, Study,
};
use quyu_econometrics::space::{
    LocalGeary, LocalMoranOptions, LocalScale, LocalTest, Quadrant, false_discovery_threshold, local_geary,
    local_geary_test,
};

use crate::local::{LEVEL, LocalLine, local_table, said};
use crate::map::{ALTERNATIVE, COUNT, DISTANCE, NEIGHBOURS, PERMUTATIONS, Question, ROW, SEED, VALUE};

const VARIANT: Param = Param::with_default(
    "variant",
    ParamKind::Choice(&["n", "n-minus-one"]),
    "n",
    "the scale of the statistic: the sum of squares over n (Anselin, esda), or over n - 1 (spdep)",
);

/// The declaration of `local-geary`.
pub(crate) const ENTRY: Entry = Entry {
    id: "local-geary",
    summary: "Local Geary: which regions are like their neighbours, and which differ from them",
    manual: MANUAL,
    params: &[
        VALUE,
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
**Question.** Which regions are like their neighbours, and which differ from them, whatever the mean of all?

**Definition.** c_i = (n / Σ z²) Σ_j w_ij (x_i - x_j)², with z the deviation from the plain mean (`variant = n-minus-one` has n - 1 for n). Small
where a region is like its neighbours: *alike, high* if it and they lie above the mean, *alike, low* if both lie below, *alike, across* otherwise;
*different* where c_i is above what draws give on average. p: the value of the region stays, its neighbours are drawn at random from the others,
(1 + count) / (1 + permutations) on one side, twice the smaller side for two-sided. Regions and weights as in `moran`. The map
shows the kind of regions with p up to 0.05.

**Limits.** A gap is squared: one very different neighbour decides. Every region is tested: one in twenty is significant at 5 % by chance; the note
says how many are left if the share of false finds is held at 5 % (Benjamini & Hochberg). A region without neighbours has no value.

**References.** Anselin 1995, Geographical Analysis 27:93-115; 2019, Geographical Analysis 51:133-150; Benjamini & Hochberg 1995, JRSS B 57:289-300.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Contrast {
        question: Question::new(ENTRY.id, params)?,
        scale: match params.text("variant") {
            Some("n-minus-one") => LocalScale::NMinusOne,
            _ => LocalScale::N,
        },
    }))
}

#[derive(Debug)]
struct Contrast {
    question: Question,
    scale: LocalScale,
}

const KINDS: [&str; 4] = ["alike, high", "alike, low", "alike, across", "different"];

/// The position of a region's kind.
fn kind(value: &LocalGeary, test: &LocalTest) -> usize {
    match value.quadrant {
        _ if test.observed > test.mean => 3,
        Quadrant::HighHigh => 0,
        Quadrant::LowLow => 1,
        _ => 2,
    }
}

impl Analysis for Contrast {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let failed = |e| AnalysisError::statistic("local Geary", e);
        let map = self.question.map(study)?;
        let options = LocalMoranOptions {
            scale: self.scale,
            ..Default::default()
        };
        let values = local_geary(&map.x, &map.weights, &options).map_err(failed)?;
        let permutations = self.question.options(study);
        let tests = local_geary_test(&map.x, &map.weights, &options, &permutations).map_err(failed)?;
        let p_of = |test: &LocalTest| test.p.p_value(self.question.alternative);
        let found: Vec<Option<(LocalGeary, LocalTest)>> =
            values.into_iter().zip(tests).map(|(v, t)| v.zip(t)).collect();
        let p: Vec<f64> = found.iter().flatten().map(|(_, test)| p_of(test)).collect();
        let mut notes = map.notes.clone();
        notes.push(said(&p, false_discovery_threshold(&p, LEVEL).map_err(failed)?));
        let fill = |found: &Option<(LocalGeary, LocalTest)>| match found {
            Some((value, test)) if p_of(test) <= LEVEL => Fill::Category(kind(value, test)),
            Some(_) => Fill::Rest,
            None => Fill::NoData,
        };
        let fills: Vec<Fill> = found.iter().map(fill).collect();
        let significant = p.iter().filter(|p| **p <= LEVEL).count();
        let (label, year) = (self.question.label(study), study.period.to);
        let figure = map.tiles(
            study,
            format!("Likeness of neighbours in {label}, {year}"),
            format!(
                "Tile-grid map of kinds of neighbours. {significant} of {} regions have a local Geary with p up to {LEVEL}.",
                p.len()
            ),
            &KINDS,
            "not significant",
            &fills,
        );
        let lines = found.iter().map(|found| match found {
            Some((value, test)) => LocalLine {
                kind: KINDS[kind(value, test)],
                estimate: Some(value.estimate),
                test: Some(*test),
                p: Some(p_of(test)),
            },
            None => LocalLine::island(),
        });
        let title = self.question.title(study, "Local Geary of");
        let table = local_table(
            study,
            &map,
            ENTRY.id,
            title,
            "Local Geary",
            &lines.collect::<Vec<_>>(),
        );
        Ok(Findings {
            tables: vec![table],
            figures: figure.into_iter().collect(),
            notes,
        })
    }
}
