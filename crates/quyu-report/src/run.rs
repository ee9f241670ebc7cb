//! Running a case: check everything, run the analyses, put the report together.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::analysis::Progress;
use quyu_core::figure::Figure;
use quyu_core::suggest::Near;
use quyu_core::{
    Analysis, AnalysisError, Atlas, Entry, Findings, ParamValue, Params, Period, RegionSet, Registry, Study,
};

use crate::assemble::{Layout, assemble, csv_files, figure_files};
use crate::case::{Case, SectionSpec, StudySpec};
use crate::csv::csv;
use crate::error::{Cause, Place, Problems, ReportError};
use crate::markdown::{Card, markdown};
use crate::model::Report;
use crate::study::{Studies, set};
use crate::template::{Known, Scope};
use crate::texts::{check, texts};

/// Hears which section runs and how far its analysis is.
pub trait Watch: Progress {
    /// A section begins, with its analysis: which of how many, from 1.
    fn section(&self, case: &str, section: &str, analysis: &str, number: usize, total: usize);
}

/// Nobody listens.
impl Watch for () {
    fn section(&self, _case: &str, _section: &str, _analysis: &str, _number: usize, _total: usize) {}
}

/// Everything that a case yields.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifacts {
    /// The report as data.
    pub report: Report,
    /// The report as Markdown.
    pub markdown: String,
    /// File names and CSV texts.
    pub tables: Vec<(String, String)>,
    /// Stems of files and figures.
    pub figures: Vec<(String, Figure)>,
    /// What the index says.
    pub card: Card,
}

/// A section whose analysis is ready to run.
struct Ready<'a> {
    spec: &'a SectionSpec,
    entry: &'static Entry,
    analysis: Box<dyn Analysis>,
    study: Study,
}

/// What a section found.
pub(crate) struct Ran<'a> {
    pub(crate) spec: &'a SectionSpec,
    pub(crate) entry: &'static Entry,
    pub(crate) findings: Findings,
}

/// Runs a case.
///
/// # Errors
/// [`ReportError`] lists all problems of the step that failed: first names, parameters and needs of every section and
/// every template, before anything runs; then the first analysis that fails; then placeholders without value.
pub fn run(
    case: &Case,
    atlas: &Arc<Atlas>,
    registry: &Registry,
    watch: &dyn Watch,
) -> Result<Artifacts, ReportError> {
    let mut problems = Problems::default();
    let sets = sets(case, atlas, &mut problems);
    let atlas = &with_sets(atlas, &sets);
    let studies = Studies {
        case,
        atlas,
        sets: &sets,
    };
    let period = problems
        .note(Place::Study, studies.period(&StudySpec::default()))
        .flatten();
    // What is wrong here would be wrong again in every section.
    problems.stop(&case.id)?;

    let mut problems = Problems::default();
    let ready = prepare(case, &studies, registry, &mut problems);
    let periods = periods(case, &studies, &mut problems);
    let texts = texts(case, &mut problems);
    let mut known = unknown_yet(case, &periods);
    let analyses = case
        .sections
        .iter()
        .map(|s| (s.id.clone(), s.analysis.is_some()))
        .collect();
    let scope = Scope {
        atlas,
        sets: &sets,
        sections: &known,
        period,
    };
    check(&texts, &scope, &analyses, &mut problems);
    figures_of_summary(case, &mut problems);
    problems.stop(&case.id)?;

    let ran = run_all(case, ready, watch)?;
    let mut problems = Problems::default();
    let layout = Layout::of(case, &ran, &mut problems);
    problems.stop(&case.id)?;
    for ran in &ran {
        if let Some(section) = known.get_mut(&ran.spec.id) {
            section.found = Some((ran.entry.id.to_owned(), ran.findings.clone()));
            section.table = layout.first_table(&ran.spec.id);
            section.figure = layout.first_figure(&ran.spec.id);
        }
    }
    let scope = Scope {
        atlas,
        sets: &sets,
        sections: &BTreeMap::new(),
        period,
    };
    let report = assemble(case, &ran, &layout, &texts, scope, known)?;
    Ok(Artifacts {
        markdown: markdown(&report),
        card: Card::of(&report),
        tables: ran.iter().flat_map(csv_files).map(|(n, t)| (n, csv(t))).collect(),
        figures: ran
            .iter()
            .flat_map(|r| figure_files(r, &layout))
            .map(|(s, f)| (s, f.clone()))
            .collect(),
        report,
    })
}

/// The atlas with the sets of the case, so that parameters can name them as they name those of a package.
fn with_sets(atlas: &Atlas, sets: &BTreeMap<String, RegionSet>) -> Arc<Atlas> {
    let mut own = atlas.clone();
    own.sets
        .extend(sets.iter().map(|(id, set)| (id.clone(), set.clone())));
    Arc::new(own)
}

fn sets(case: &Case, atlas: &Atlas, problems: &mut Problems) -> BTreeMap<String, RegionSet> {
    let mut sets = BTreeMap::new();
    for (id, spec) in &case.sets {
        if let Some(set) = problems.note(Place::Set(id.clone()), set(atlas, id, spec)) {
            sets.insert(id.clone(), set);
        }
    }
    sets
}

/// Builds every analysis and checks what it needs.
fn prepare<'a>(
    case: &'a Case,
    studies: &Studies<'_>,
    registry: &Registry,
    problems: &mut Problems,
) -> Vec<Ready<'a>> {
    let mut ready = Vec::new();
    for spec in &case.sections {
        let Some(id) = &spec.analysis else {
            continue;
        };
        let one = || -> Result<Ready<'a>, Cause> {
            let entry = registry.get(id)?;
            let given: BTreeMap<String, ParamValue> = spec
                .params
                .iter()
                .map(|(k, v)| (k.clone(), ParamValue::from(v)))
                .collect();
            let params = Params::check(entry.id, entry.params, &given).map_err(AnalysisError::from)?;
            let analysis = (entry.build)(&params).map_err(AnalysisError::from)?;
            let study = studies.of(&spec.study)?;
            study.check(&analysis.needs())?;
            Ok(Ready {
                spec,
                entry,
                analysis,
                study,
            })
        };
        ready.extend(problems.note(Place::Section(spec.id.clone()), one()));
    }
    ready
}

/// The period of every section. What is wrong with one that runs an analysis is noted when its study is built.
fn periods(case: &Case, studies: &Studies<'_>, problems: &mut Problems) -> BTreeMap<String, Option<Period>> {
    let mut periods = BTreeMap::new();
    for spec in &case.sections {
        let period = match (studies.period(&spec.study), &spec.analysis) {
            (Ok(period), _) => period,
            (Err(_), Some(_)) => None,
            (Err(cause), None) => {
                problems.add(Place::Section(spec.id.clone()), cause);
                None
            }
        };
        periods.insert(spec.id.clone(), period);
    }
    periods
}

/// The sections by id, before anything has run.
fn unknown_yet(case: &Case, periods: &BTreeMap<String, Option<Period>>) -> BTreeMap<String, Known> {
    let known = |spec: &SectionSpec| Known {
        title: None,
        period: periods.get(&spec.id).copied().flatten(),
        found: None,
        table: None,
        figure: None,
    };
    case.sections.iter().map(|s| (s.id.clone(), known(s))).collect()
}

fn figures_of_summary(case: &Case, problems: &mut Problems) {
    let Some(name) = case.summary.as_ref().and_then(|s| s.figures.as_ref()) else {
        return;
    };
    let with_analysis = || case.sections.iter().filter(|s| s.analysis.is_some());
    if !with_analysis().any(|s| s.id == *name) {
        let cause = Cause::UnknownSection {
            name: name.clone(),
            near: Near::to(name, with_analysis().map(|s| s.id.as_str())),
        };
        problems.add(Place::SummaryFigures, cause);
    }
}

fn run_all<'a>(case: &Case, ready: Vec<Ready<'a>>, watch: &dyn Watch) -> Result<Vec<Ran<'a>>, ReportError> {
    let total = ready.len();
    let mut ran = Vec::with_capacity(total);
    for (i, section) in ready.into_iter().enumerate() {
        watch.section(&case.id, &section.spec.id, section.entry.id, i + 1, total);
        let mut problems = Problems::default();
        let place = Place::Section(section.spec.id.clone());
        let findings = problems.note(place, section.analysis.run(&section.study, watch));
        problems.stop(&case.id)?;
        ran.extend(findings.map(|findings| Ran {
            spec: section.spec,
            entry: section.entry,
            findings,
        }));
    }
    Ok(ran)
}
