//! The report as one HTML page that needs nothing else: pictures, tables, style and script stand in it, and it fetches
//! nothing. The anchors of sections are those of the Markdown.

mod data;
mod figure;
mod frame;
mod index;
mod table;
mod text;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quyu_core::Note;

use crate::model::{Block, Chapter, Report, Section, Summary};
use data::{data, foot, methods};
use frame::{Frame, framed};
use text::{blocks, inline, plain, words};

pub use index::html_index;

/// What a page holds besides the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Drawings as SVG, by the stem of their file.
    pub figures: BTreeMap<String, String>,
    /// Tables as CSV, by the name of their file.
    pub tables: BTreeMap<String, String>,
}

/// Writes the page of a report; the same report and parts give the same bytes.
pub fn html(report: &Report, parts: &Parts) -> String {
    let chapters = Anchors::of(report);
    let mut main = title(report);
    if let Some(summary) = &report.summary {
        main.push_str(&self::summary(&chapters.summary, summary, parts));
    }
    for (chapter, anchor) in report.chapters.iter().zip(&chapters.chapters) {
        main.push_str(&self::chapter(anchor, chapter, parts));
    }
    main.push_str(&data(&chapters.data, report, parts));
    main.push_str(&methods(&chapters.methods, &report.methods));
    framed(&Frame {
        title: &format!("{} – quyu", plain(&report.title)),
        description: &plain(&report.lede),
        contents: Some(&contents(report, &chapters)),
        main: &main,
        foot: &foot(report),
    })
}

/// Anchors of the chapters: their titles in small letters, as GitHub makes them, unless a section has that name.
struct Anchors {
    summary: String,
    chapters: Vec<String>,
    data: String,
    methods: String,
}

impl Anchors {
    fn of(report: &Report) -> Self {
        let sections: Vec<&str> = report
            .chapters
            .iter()
            .flat_map(|c| c.sections.iter().map(|s| s.id.as_str()))
            .chain(report.summary.iter().filter_map(|s| s.anchor.as_deref()))
            .collect();
        let mut taken: Vec<String> = sections.into_iter().map(str::to_owned).collect();
        let mut free = |title: &str| {
            let mut slug = slug(&plain(title));
            while slug.is_empty() || taken.contains(&slug) {
                slug.push_str("-chapter");
            }
            taken.push(slug.clone());
            slug
        };
        Self {
            summary: free("Summary"),
            chapters: report.chapters.iter().map(|c| free(&c.title)).collect(),
            data: free("Data"),
            methods: free("Methods"),
        }
    }
}

fn slug(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn title(report: &Report) -> String {
    let chinese = report.title_zh.as_ref().map(|zh| format!(" {}", words(zh)));
    format!(
        "<header class=\"title\">\n<h1>{}{}</h1>\n<div class=\"lede\">{}</div>\n</header>\n",
        inline(&report.title),
        chinese.unwrap_or_default(),
        blocks(&report.lede)
    )
}

fn contents(report: &Report, anchors: &Anchors) -> String {
    let mut out = String::from("<ul>\n");
    let mut entry = |anchor: &str, title: &str, sections: &[Section]| {
        let _ = write!(out, "<li><a href=\"#{anchor}\">{}</a>", words(&plain(title)));
        if !sections.is_empty() {
            out.push_str("\n<ul>\n");
            for section in sections {
                let title = words(&plain(&section.title));
                let _ = writeln!(out, "<li><a href=\"#{}\">{title}</a></li>", section.id);
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</li>\n");
    };
    if report.summary.is_some() {
        entry(&anchors.summary, "Summary", &[]);
    }
    for (chapter, anchor) in report.chapters.iter().zip(&anchors.chapters) {
        entry(anchor, &chapter.title, &chapter.sections);
    }
    entry(&anchors.data, "Data", &[]);
    if !report.methods.is_empty() {
        entry(&anchors.methods, "Methods", &[]);
    }
    out.push_str("</ul>\n");
    out
}

fn summary(anchor: &str, summary: &Summary, parts: &Parts) -> String {
    let mut out = format!("<section id=\"{anchor}\" class=\"summary\">\n<h2>Summary</h2>\n");
    let blocks: String = summary.blocks.iter().map(|b| block(b, parts)).collect();
    match &summary.anchor {
        Some(anchor) => {
            let _ = write!(out, "<div id=\"{anchor}\">\n{blocks}</div>\n");
        }
        None => out.push_str(&blocks),
    }
    if !summary.findings.is_empty() {
        out.push_str("<ul class=\"findings\">\n");
        for finding in &summary.findings {
            let _ = writeln!(out, "<li>{}</li>", inline(finding));
        }
        out.push_str("</ul>\n");
    }
    if let Some(care) = &summary.care {
        let _ = write!(
            out,
            "<div class=\"care\" role=\"note\">\n{}</div>\n",
            text::blocks(&format!("**Read with care.** {care}"))
        );
    }
    out.push_str("</section>\n");
    out
}

fn chapter(anchor: &str, chapter: &Chapter, parts: &Parts) -> String {
    let mut out = format!(
        "<section id=\"{anchor}\" class=\"chapter\">\n<h2>{}</h2>\n",
        inline(&chapter.title)
    );
    if let Some(question) = &chapter.question {
        let _ = writeln!(out, "<p class=\"question\">{}</p>", inline(question));
    }
    if let Some(answer) = &chapter.answer {
        let _ = writeln!(out, "<div class=\"answer\">{}</div>", blocks(answer));
    }
    for section in &chapter.sections {
        out.push_str(&self::section(section, parts));
    }
    out.push_str("</section>\n");
    out
}

fn section(section: &Section, parts: &Parts) -> String {
    let mut out = format!(
        "<section id=\"{}\">\n<h3>{}</h3>\n",
        section.id,
        inline(&section.title)
    );
    for one in &section.blocks {
        out.push_str(&block(one, parts));
    }
    // A table that is shown links its own file.
    let shown = |name: &str| {
        let mut tables = section.blocks.iter().filter_map(|b| match b {
            Block::Table(table) => Some(&table.file.name),
            _ => None,
        });
        tables.any(|n| n == name)
    };
    let rest = section.files.iter().filter(|f| !shown(&f.name));
    let links: Vec<String> = rest.map(table::download).collect();
    if !links.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"source\">Also behind this section: {}</p>",
            links.join(" ")
        );
    }
    out.push_str("</section>\n");
    out
}

fn block(block: &Block, parts: &Parts) -> String {
    match block {
        Block::Prose(text) => blocks(text),
        Block::Table(shown) => table::table(shown),
        Block::Figure(shown) => figure::figure(shown, parts.figures.get(&shown.stem).map(String::as_str)),
        Block::Notes(notes) => note_list(notes),
    }
}

fn note_list(notes: &[Note]) -> String {
    let items: String = notes
        .iter()
        .map(|n| format!("<li>{}</li>\n", words(&n.text)))
        .collect();
    format!("<div class=\"notes\" role=\"note\">\n<ul>\n{items}</ul>\n</div>\n")
}
