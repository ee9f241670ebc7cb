//! The first page of the site: every report with its title, what it is on, and its key figures.

use std::fmt::Write as _;

use quyu_core::{Shown, View};

use super::frame::{Frame, framed};
use super::table::content;
use super::text::{blocks, escape, inline, words};
use crate::model::{Block, Report, Summary};

/// Writes the index of the reports, in the order given.
pub fn html_index(reports: &[&Report]) -> String {
    let mut main = String::from(
        "<header class=\"title\">\n<h1>Reports on regional innovation</h1>\n<div class=\"lede\"><p>How unequal regions are, \
         what they live on, who grew and why, and which regions resemble each other. Every number comes from official \
         figures and names its definition, source and vintage.</p></div>\n</header>\n<div class=\"cards\">\n",
    );
    reports.iter().for_each(|r| main.push_str(&card(r)));
    main.push_str("</div>\n");
    let version = reports.first().map(|r| format!(" {}", escape(&r.version)));
    framed(&Frame {
        title: "Reports on regional innovation – quyu",
        description: "Reports on regional innovation, with their key figures",
        contents: None,
        main: &main,
        foot: &format!(
            "<p>Written by quyu{} with <code>cargo xtask report --html</code>: the same data and cases give the same bytes.</p>\n",
            version.unwrap_or_default()
        ),
    })
}

fn card(report: &Report) -> String {
    let id = escape(&report.id);
    // The links of a text lead into its own report.
    let from_here = |text: &str| text.replace("](#", &format!("]({id}.html#"));
    let chinese = report.title_zh.as_ref().map(|zh| format!(" {}", words(zh)));
    let mut out = format!(
        "<article>\n<h2><a href=\"{id}.html\">{}{}</a></h2>\n{}",
        inline(&report.title),
        chinese.unwrap_or_default(),
        blocks(&from_here(&report.lede)),
    );
    if let Some(summary) = &report.summary {
        key_figures(&mut out, summary);
        if let Some(finding) = summary.findings.first() {
            let _ = writeln!(out, "<p class=\"finding\">{}</p>", inline(&from_here(finding)));
        }
    }
    out.push_str("</article>\n");
    out
}

/// Of each row of the summary's first table: what it is of, the first figure with its unit, and the rank.
fn key_figures(out: &mut String, summary: &Summary) {
    let table = summary.blocks.iter().find_map(|b| match b {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let Some(table) = table else {
        return;
    };
    let _ = writeln!(out, "<h3>{}</h3>\n<dl>", words(&table.file.title));
    for row in figures(&table.view) {
        let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", row.0, row.1);
    }
    out.push_str("</dl>\n");
}

fn figures(view: &View) -> impl Iterator<Item = (String, String)> {
    view.rows.iter().filter_map(|row| {
        let (label, rest) = row.cells.split_first()?;
        let figure = rest
            .iter()
            .find(|c| matches!(c, Shown::Number(..)) || **c == Shown::Missing)?;
        let mut text = format!("<b>{}</b>", content(figure));
        if let Some(unit) = rest.iter().find(|c| matches!(c, Shown::Text(_))) {
            let _ = write!(text, " {}", content(unit));
        }
        if let Some(rank) = rest.iter().find(|c| matches!(c, Shown::Rank(..))) {
            let _ = write!(text, " <span>rank {}</span>", content(rank));
        }
        Some((content(label), text))
    })
}
