//! Putting a report together: which tables and figures stand where, and the prose around them.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::figure::Figure;
use quyu_core::suggest::Near;
use quyu_core::{Entry, Note, Table};

use crate::case::{Case, ChapterId, ChapterSpec, SectionSpec};
use crate::error::{Cause, Place, Problems, ReportError};
use crate::model::{
    Block, Chapter, Method, Report, Section, ShownFigure, ShownTable, Summary, TableFile, Use,
};
use crate::run::Ran;
use crate::template::{Known, Scope};
use crate::texts::Texts;

/// Numbers and files of all that is shown, known before any prose is written.
pub(crate) struct Layout {
    /// Tables of the summary.
    summary: Vec<ShownTable>,
    /// Tables and figures by section.
    sections: BTreeMap<String, (Vec<ShownTable>, Vec<ShownFigure>)>,
}

impl Layout {
    /// Numbers tables and figures in the order in which a reader meets them.
    pub(crate) fn of(case: &Case, ran: &[Ran<'_>], problems: &mut Problems) -> Self {
        let mut layout = Self {
            summary: Vec::new(),
            sections: BTreeMap::new(),
        };
        let (mut tables, mut figures) = (0, 0);
        let figures_of = case.summary.as_ref().and_then(|s| s.figures.as_ref());
        if let Some(main) = ran.iter().find(|r| Some(&r.spec.id) == figures_of) {
            layout.summary.extend(summary_table(main, &mut tables, problems));
        }
        for ran in in_order(ran) {
            let place = || Place::Section(ran.spec.id.clone());
            let shown_tables = problems
                .note(place(), shown_tables(ran, &mut tables))
                .unwrap_or_default();
            let shown_figures = problems
                .note(place(), shown_figures(ran, &mut figures))
                .unwrap_or_default();
            layout
                .sections
                .insert(ran.spec.id.clone(), (shown_tables, shown_figures));
        }
        clashes(ran, problems);
        layout
    }

    /// Number of the first table shown of a section.
    pub(crate) fn first_table(&self, section: &str) -> Option<usize> {
        let own = self.sections.get(section).and_then(|(tables, _)| tables.first());
        let of_summary = || {
            self.summary
                .iter()
                .find(|t| t.file.name == format!("{section}.csv"))
        };
        own.or_else(of_summary).map(|t| t.number)
    }

    /// Number of the first figure shown of a section.
    pub(crate) fn first_figure(&self, section: &str) -> Option<usize> {
        let (_, figures) = self.sections.get(section)?;
        figures.first().map(|f| f.number)
    }
}

/// All tables of a section with their files.
pub(crate) fn csv_files<'a>(ran: &'a Ran<'_>) -> impl Iterator<Item = (String, &'a Table)> {
    ran.findings
        .tables
        .iter()
        .map(|t| (format!("{}.csv", stem(ran, &t.id)), t))
}

/// The figures of a section that are shown, with their stems.
pub(crate) fn figure_files<'a>(
    ran: &'a Ran<'_>,
    layout: &'a Layout,
) -> impl Iterator<Item = (String, &'a Figure)> {
    let shown = layout
        .sections
        .get(&ran.spec.id)
        .map(|(_, figures)| figures.as_slice())
        .unwrap_or_default();
    let figures = ran.findings.figures.iter().map(|f| (stem(ran, &f.id), f));
    figures.filter(|(stem, _)| shown.iter().any(|s| s.stem == *stem))
}

/// The stem of the file of a table or figure: the section's id, and what tells it from the main one.
fn stem(ran: &Ran<'_>, id: &str) -> String {
    let section = &ran.spec.id;
    match id.strip_prefix(ran.entry.id) {
        Some("") => section.clone(),
        Some(rest) if rest.starts_with('-') => format!("{section}{rest}"),
        _ => format!("{section}-{id}"),
    }
}

/// Sections that a chapter prints, in the order of the chapters.
fn in_order<'a, 'b>(ran: &'a [Ran<'b>]) -> impl Iterator<Item = &'a Ran<'b>> {
    ChapterId::ALL
        .into_iter()
        .flat_map(move |c| ran.iter().filter(move |r| r.spec.chapter == Some(c)))
}

fn summary_table(ran: &Ran<'_>, number: &mut usize, problems: &mut Problems) -> Option<ShownTable> {
    let main = ran.findings.table(ran.entry.id);
    let shown = main.and_then(|t| show_table(ran, t, number));
    if shown.is_none() {
        let table = ran.entry.id.to_owned();
        problems.add(Place::SummaryFigures, Cause::NoView { table });
    }
    shown
}

fn show_table(ran: &Ran<'_>, table: &Table, number: &mut usize) -> Option<ShownTable> {
    let view = table.view.clone()?;
    *number += 1;
    Some(ShownTable {
        number: *number,
        view,
        rows: ran.spec.show.rows,
        file: table_file(ran, table),
    })
}

fn shown_tables(ran: &Ran<'_>, number: &mut usize) -> Result<Vec<ShownTable>, Cause> {
    let all = &ran.findings.tables;
    let Some(ids) = &ran.spec.show.tables else {
        return Ok(all.iter().filter_map(|t| show_table(ran, t, number)).collect());
    };
    let mut shown = Vec::new();
    for id in ids {
        let table = all.iter().find(|t| t.id == *id);
        let table = table.ok_or_else(|| unknown("table", id, all.iter().map(|t| t.id.as_str())))?;
        let view = show_table(ran, table, number);
        shown.push(view.ok_or_else(|| Cause::NoView { table: id.clone() })?);
    }
    Ok(shown)
}

fn shown_figures(ran: &Ran<'_>, number: &mut usize) -> Result<Vec<ShownFigure>, Cause> {
    let all = &ran.findings.figures;
    let mut show = |figure: &Figure| {
        *number += 1;
        ShownFigure {
            number: *number,
            stem: stem(ran, &figure.id),
            title: figure.title.clone(),
            alt: figure.alt.clone(),
            source: figure.source.clone(),
        }
    };
    let Some(ids) = &ran.spec.show.figures else {
        return Ok(all.iter().map(show).collect());
    };
    ids.iter()
        .map(|id| match all.iter().find(|f| f.id == *id) {
            Some(figure) => Ok(show(figure)),
            None => Err(unknown("figure", id, all.iter().map(|f| f.id.as_str()))),
        })
        .collect()
}

fn unknown<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> Cause {
    let known: Vec<String> = known.map(str::to_owned).collect();
    Cause::UnknownShown {
        what,
        name: name.to_owned(),
        near: Near::to(name, known.iter().map(String::as_str)),
        known,
    }
}

fn table_file(ran: &Ran<'_>, table: &Table) -> TableFile {
    let unit = |c: &quyu_core::Column| c.unit.clone().map(|u| (c.name.to_string(), u));
    TableFile {
        name: format!("{}.csv", stem(ran, &table.id)),
        title: table.title.clone(),
        rows: table.rows.len(),
        units: table.columns.iter().filter_map(unit).collect(),
    }
}

/// Notes files that two sections would write.
fn clashes(ran: &[Ran<'_>], problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for ran in ran {
        let tables = ran
            .findings
            .tables
            .iter()
            .map(|t| format!("{}.csv", stem(ran, &t.id)));
        let figures = ran
            .findings
            .figures
            .iter()
            .map(|f| format!("{}.svg", stem(ran, &f.id)));
        for file in tables.chain(figures) {
            if !seen.insert(file.clone()) {
                problems.add(Place::Section(ran.spec.id.clone()), Cause::Clash { file });
            }
        }
    }
}

/// Writes the prose and puts the report together.
pub(crate) fn assemble(
    case: &Case,
    ran: &[Ran<'_>],
    layout: &Layout,
    texts: &Texts,
    scope: Scope<'_>,
    mut known: BTreeMap<String, Known>,
) -> Result<Report, ReportError> {
    let mut problems = Problems::default();
    // Titles first: the prose may link to a section by its title.
    let mut writer = Writer::new(texts, scope, &known, &mut problems);
    let titles: Vec<Option<String>> = case.sections.iter().map(|s| title(s, &mut writer)).collect();
    for (spec, title) in case.sections.iter().zip(titles) {
        if let Some(section) = known.get_mut(&spec.id) {
            section.title = title;
        }
    }
    let mut writer = Writer::new(texts, scope, &known, &mut problems);
    let report = Report {
        id: case.id.clone(),
        title: writer.write(Place::Title).unwrap_or_default(),
        title_zh: case.title.zh.clone(),
        lede: writer.write(Place::Lede).unwrap_or_default(),
        summary: summary(case, ran, layout, &mut writer),
        chapters: ChapterId::ALL
            .into_iter()
            .filter_map(|id| chapter(id, case, ran, layout, &mut writer))
            .collect(),
        methods: methods(ran, &known),
        files: ran
            .iter()
            .flat_map(|r| r.findings.tables.iter().map(|t| table_file(r, t)))
            .collect(),
        packages: scope.atlas.packages.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    problems.stop(&case.id)?;
    Ok(report)
}

/// Writes templates and notes what is wrong with them.
struct Writer<'a> {
    texts: &'a Texts,
    scope: Scope<'a>,
    problems: &'a mut Problems,
}

impl<'a> Writer<'a> {
    fn new(
        texts: &'a Texts,
        scope: Scope<'a>,
        known: &'a BTreeMap<String, Known>,
        problems: &'a mut Problems,
    ) -> Self {
        let scope = Scope {
            sections: known,
            ..scope
        };
        Self {
            texts,
            scope,
            problems,
        }
    }

    /// The prose at a place; `None` if there is none, or nothing of it is left.
    fn write(&mut self, place: Place) -> Option<String> {
        let template = self.texts.get(&place)?;
        let period = match &place {
            Place::SectionTitle(id) | Place::Text(id) | Place::After(id) => {
                self.scope.sections.get(id)?.period
            }
            _ => self.scope.period,
        };
        let scope = Scope { period, ..self.scope };
        let text = self.problems.note(place, template.render(&scope))?;
        (!text.is_empty()).then_some(text)
    }
}

/// The title of a section that a chapter prints.
fn title(spec: &SectionSpec, writer: &mut Writer<'_>) -> Option<String> {
    spec.chapter?;
    writer.write(Place::SectionTitle(spec.id.clone()))
}

fn summary(case: &Case, ran: &[Ran<'_>], layout: &Layout, writer: &mut Writer<'_>) -> Option<Summary> {
    let spec = case.summary.as_ref()?;
    let main = ran.iter().find(|r| Some(&r.spec.id) == spec.figures.as_ref());
    let unprinted = main.filter(|r| r.spec.chapter.is_none());
    let mut blocks: Vec<Block> = layout.summary.iter().cloned().map(Block::Table).collect();
    blocks.extend(unprinted.and_then(|r| notes(&r.findings.notes)));
    let findings = (0..spec.findings.len())
        .filter_map(|i| writer.write(Place::Finding(i)))
        .collect();
    Some(Summary {
        blocks,
        anchor: unprinted.map(|r| r.spec.id.clone()),
        findings,
        care: writer.write(Place::Care),
    })
}

/// A chapter, if the case says anything in it.
fn chapter(
    id: ChapterId,
    case: &Case,
    ran: &[Ran<'_>],
    layout: &Layout,
    writer: &mut Writer<'_>,
) -> Option<Chapter> {
    let specs: Vec<&SectionSpec> = case.sections.iter().filter(|s| s.chapter == Some(id)).collect();
    let spec: Option<&ChapterSpec> = case.chapters.get(id);
    if specs.is_empty() && spec.is_none() {
        return None;
    }
    Some(Chapter {
        id,
        title: writer
            .write(Place::ChapterTitle(id))
            .unwrap_or_else(|| id.title().to_owned()),
        question: writer.write(Place::Question(id)),
        answer: writer.write(Place::Answer(id)),
        sections: specs
            .into_iter()
            .map(|s| section(s, ran.iter().find(|r| r.spec.id == s.id), layout, writer))
            .collect(),
    })
}

fn section(spec: &SectionSpec, ran: Option<&Ran<'_>>, layout: &Layout, writer: &mut Writer<'_>) -> Section {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(writer.write(Place::Text(spec.id.clone())).map(Block::Prose));
    if let Some((tables, figures)) = layout.sections.get(&spec.id) {
        blocks.extend(figures.iter().cloned().map(Block::Figure));
        blocks.extend(tables.iter().cloned().map(Block::Table));
    }
    blocks.extend(ran.and_then(|r| notes(&r.findings.notes)));
    blocks.extend(writer.write(Place::After(spec.id.clone())).map(Block::Prose));
    Section {
        id: spec.id.clone(),
        title: writer
            .scope
            .sections
            .get(&spec.id)
            .and_then(|s| s.title.clone())
            .unwrap_or_default(),
        blocks,
        files: ran
            .map(|r| r.findings.tables.iter().map(|t| table_file(r, t)).collect())
            .unwrap_or_default(),
    }
}

/// The notes of a section, each once.
fn notes(all: &[Note]) -> Option<Block> {
    let mut kept: Vec<Note> = Vec::new();
    for note in all {
        if !kept.contains(note) {
            kept.push(note.clone());
        }
    }
    (!kept.is_empty()).then_some(Block::Notes(kept))
}

/// The manual as far as the variants and parameters that were used go.
fn manual(entry: &Entry, uses: &[Use]) -> String {
    let mut used: Vec<&str> = Vec::new();
    for one in uses {
        let variant = one.params.iter().find(|(name, _)| name == "variant");
        used.extend(
            variant
                .map(|(_, value)| value.as_str())
                .or(entry.default_of("variant")),
        );
        used.extend(one.params.iter().map(|(name, _)| name.as_str()));
    }
    entry.manual_of(&used)
}

/// The analyses in the order of their first use.
fn methods(ran: &[Ran<'_>], known: &BTreeMap<String, Known>) -> Vec<Method> {
    let mut methods: Vec<Method> = Vec::new();
    for ran in ran {
        let title = known.get(&ran.spec.id).and_then(|s| s.title.clone());
        let one = Use {
            section: ran.spec.id.clone(),
            title,
            params: ran
                .spec
                .params
                .iter()
                .map(|(k, v)| (k.clone(), v.to_string()))
                .collect(),
        };
        match methods.iter_mut().find(|m| m.id == ran.entry.id) {
            Some(method) => method.uses.push(one),
            None => methods.push(Method {
                id: ran.entry.id.to_owned(),
                summary: ran.entry.summary.to_owned(),
                manual: String::new(),
                uses: vec![one],
            }),
        }
    }
    for method in &mut methods {
        if let Some(ran) = ran.iter().find(|ran| ran.entry.id == method.id) {
            method.manual = manual(ran.entry, &method.uses);
        }
    }
    methods
}
