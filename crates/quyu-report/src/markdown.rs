//! The report as GitHub Markdown.

use std::fmt::Write as _;

use quyu_core::number::styled;
use quyu_core::{Note, Shown, View, ViewRow};

use crate::escape::escape;
use crate::model::{Block, Method, Report, Section, ShownFigure, ShownTable, Summary, TableFile};

/// Longer tables are cut in the text; the file beside the report has all rows.
const MOST_ROWS: usize = 15;

/// How many of them stand at the end: the latest years, the last ranks.
const LAST_ROWS: usize = 7;

/// Writes a report.
pub fn markdown(report: &Report) -> String {
    let mut page = Page::default();
    let chinese = report
        .title_zh
        .as_ref()
        .map(|zh| format!(" ({zh})"))
        .unwrap_or_default();
    page.add(format!("# {}{chinese}", report.title));
    page.add(&report.lede);
    if let Some(summary) = &report.summary {
        page.summary(summary);
    }
    for chapter in &report.chapters {
        page.add(format!("## {}", chapter.title));
        if let Some(question) = &chapter.question {
            page.add(format!("*{question}*"));
        }
        page.maybe(chapter.answer.as_ref());
        chapter.sections.iter().for_each(|s| page.section(s));
    }
    page.data(report);
    page.methods(&report.methods);
    page.foot(report);
    page.text
}

/// Blocks of Markdown with an empty line between them.
#[derive(Default)]
struct Page {
    text: String,
    /// Files of this section that a shortened table has linked already.
    linked: Vec<String>,
}

impl Page {
    fn add(&mut self, block: impl AsRef<str>) {
        let block = block.as_ref().trim_end();
        if block.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(block);
        self.text.push('\n');
    }

    fn maybe(&mut self, block: Option<&String>) {
        if let Some(block) = block {
            self.add(block);
        }
    }

    fn summary(&mut self, summary: &Summary) {
        self.add("## Summary");
        self.maybe(summary.anchor.as_ref().map(|id| anchor(id)).as_ref());
        summary.blocks.iter().for_each(|b| self.block(b));
        self.add(list(summary.findings.iter().map(String::as_str)));
        if let Some(care) = &summary.care {
            self.add(format!("**Read with care.** {care}"));
        }
    }

    fn section(&mut self, section: &Section) {
        self.add(anchor(&section.id));
        self.add(format!("### {}", section.title));
        self.linked.clear();
        section.blocks.iter().for_each(|b| self.block(b));
        let rest = section.files.iter().filter(|f| !self.linked.contains(&f.name));
        let links: Vec<String> = rest.map(link).collect();
        if !links.is_empty() {
            self.add(format!("Full precision: {}", links.join(", ")));
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Prose(text) => self.add(text),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Notes(notes) => self.add(note_list(notes)),
        }
    }

    fn table(&mut self, shown: &ShownTable) {
        self.add(format!(
            "**Table {}.** {}",
            shown.number,
            escape(&shown.file.title)
        ));
        let (rows, cut) = cut(shown);
        self.add(grid(&shown.view, &rows));
        self.add(source(&shown.view.source));
        if cut {
            self.add(format!(
                "All {} rows with full precision: {}",
                shown.file.rows,
                link(&shown.file)
            ));
            self.linked.push(shown.file.name.clone());
        }
    }

    fn figure(&mut self, figure: &ShownFigure) {
        let alt = escape(&figure.alt).replace('[', "\\[").replace(']', "\\]");
        self.add(format!("![{alt}](figures/{}.svg)", figure.stem));
        let caption = format!("{}.{}", figure.title, finding(&figure.alt));
        self.add(format!("**Figure {}.** {}", figure.number, escape(&caption)));
    }

    fn data(&mut self, report: &Report) {
        self.add("## Data");
        let mut packages =
            "| package | version | sha256 of datapackage.json |\n|:---|:---|:---|\n".to_owned();
        for p in &report.packages {
            let _ = writeln!(
                packages,
                "| {} | {} | `{}` |",
                escape(&p.id),
                escape(&p.version),
                p.sha256
            );
        }
        self.add(packages);
        let sources: Vec<String> = report
            .packages
            .iter()
            .map(|p| format!("[{0}](../../datasets/{0}/README.md)", p.id))
            .collect();
        self.add(format!(
            "The source of every figure is named beside it in the packages ({}), and so is its vintage.",
            sources.join(", ")
        ));
        if !report.files.is_empty() {
            self.add(
                "Every number of this report stands in one of these tables with twelve significant digits.",
            );
            self.add(format!(
                "<details><summary>List of tables ({})</summary>",
                report.files.len()
            ));
            let lines: Vec<String> = report.files.iter().map(file_line).collect();
            self.add(list(lines.iter().map(String::as_str)));
            self.add("</details>");
        }
    }

    fn methods(&mut self, methods: &[Method]) {
        if !methods.is_empty() {
            self.add("## Methods");
        }
        for method in methods {
            self.add(format!(
                "### {} (`{}`)",
                escape(method.summary.trim_end_matches('.')),
                method.id
            ));
            self.add(uses(method));
            self.add(demoted(&method.manual, 4));
        }
    }

    fn foot(&mut self, report: &Report) {
        self.add("---");
        self.add(format!(
            "Written by quyu {} with `cargo xtask report {}`: the same data and case give the same bytes.",
            report.version, report.id
        ));
    }
}

/// What the alternative text says after its first sentence, which describes the drawing. Data and vintage stand in the
/// figure itself.
pub(crate) fn finding(alt: &str) -> String {
    let end = alt.find(". ").map_or(alt.len(), |i| i + 1);
    alt[end..].to_owned()
}

fn anchor(id: &str) -> String {
    format!("<a id=\"{id}\"></a>")
}

fn link(file: &TableFile) -> String {
    format!("[tables/{0}](tables/{0})", file.name)
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items
        .map(|i| format!("- {}\n", i.replace('\n', "\n  ")))
        .collect()
}

fn source(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("*Source: {}*", escape(text.trim()))
}

fn file_line(file: &TableFile) -> String {
    let unit = |u: &str| match u {
        "1" => "pure number".to_owned(),
        _ => escape(u),
    };
    let units: Vec<String> = file
        .units
        .iter()
        .map(|(c, u)| format!("`{c}` {}", unit(u)))
        .collect();
    let units = match units.is_empty() {
        true => String::new(),
        false => format!(" Units: {}.", units.join(", ")),
    };
    let plural = if file.rows == 1 { "row" } else { "rows" };
    let title = escape(file.title.trim_end_matches('.'));
    format!("{}: {title} ({} {plural}).{units}", link(file), file.rows)
}

fn uses(method: &Method) -> String {
    let one = |u: &crate::model::Use| {
        let place = match &u.title {
            Some(title) => format!("[{title}](#{})", u.section),
            None => format!("`{}`", u.section),
        };
        let params: Vec<String> = u
            .params
            .iter()
            .map(|(k, v)| format!("`{k}` = {}", escape(v)))
            .collect();
        match params.is_empty() {
            true => place,
            false => format!("{place} ({})", params.join(", ")),
        }
    };
    let all: Vec<String> = method.uses.iter().map(one).collect();
    format!("Used in {}.", all.join("; "))
}

fn note_list(notes: &[Note]) -> String {
    notes
        .iter()
        .map(|n| format!("> - {}\n", escape(&n.text)))
        .collect()
}

/// The rows that the text shows, with every row in bold; `None` marks a gap. Says whether any is left out. Of a table by year with a number of rows
/// of its own it shows round years, the ends, and the first and last year of each line: the figure beside has all. Else the first and the last rows.
pub(crate) fn cut(table: &ShownTable) -> (Vec<Option<&ViewRow>>, bool) {
    let (all, most) = (&table.view.rows, table.rows.unwrap_or(MOST_ROWS).max(2));
    if all.len() <= most {
        return (all.iter().map(Some).collect(), false);
    }
    let round = table.rows.and_then(|rows| round_years(all, rows));
    let last = table.rows.map_or(LAST_ROWS, |rows| rows / 2);
    let kept = |i: usize| match &round {
        Some(years) => years[i],
        None => i < most - last || i >= all.len() - last,
    };
    let mut rows: Vec<Option<&ViewRow>> = Vec::new();
    for (i, row) in all.iter().enumerate() {
        if kept(i) || row.strong {
            rows.push(Some(row));
        } else if round.is_none() && rows.last().is_some_and(Option::is_some) {
            rows.push(None);
        }
    }
    (rows, true)
}

/// Which rows of a table by year are kept, with about `most` of them; none if its rows are not years, each once.
fn round_years(rows: &[ViewRow], most: usize) -> Option<Vec<bool>> {
    let year = |row: &ViewRow| match row.cells.first() {
        Some(Shown::Text(text)) => text.parse::<i32>().ok().filter(|y| (1000..3000).contains(y)),
        _ => None,
    };
    let years: Vec<i32> = rows.iter().map(year).collect::<Option<_>>()?;
    if years.windows(2).any(|pair| pair[0] >= pair[1]) {
        return None;
    }
    let end = rows.len() - 1;
    let kept = |step: i32| -> Vec<bool> {
        let keep = |i: usize| i == 0 || i == end || years[i] % step == 0 || turns(rows, i);
        (0..rows.len()).map(keep).collect()
    };
    let few = |kept: &Vec<bool>| kept.iter().filter(|k| **k).count() <= most;
    [2, 5, 10]
        .into_iter()
        .map(kept)
        .find(few)
        .or_else(|| Some(kept(10)))
}

/// Whether a column begins or ends with this row.
fn turns(rows: &[ViewRow], at: usize) -> bool {
    let gaps = |row: &ViewRow| row.cells.iter().map(|c| *c == Shown::Missing).collect::<Vec<_>>();
    let own = gaps(&rows[at]);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let differs = |i: usize| {
        let theirs = rows.get(i).map(&gaps);
        theirs.is_some_and(|theirs| own.iter().zip(theirs).any(|(own, theirs)| !own && theirs))
    };
    beside.into_iter().any(differs)
}

fn grid(view: &View, rows: &[Option<&ViewRow>]) -> String {
    let mut text = String::new();
    let heads: Vec<String> = view.head.iter().map(|h| escape(&h.label)).collect();
    let _ = writeln!(text, "| {} |", heads.join(" | "));
    let rules: Vec<&str> = view
        .head
        .iter()
        .map(|h| if h.numeric { "---:" } else { ":---" })
        .collect();
    let _ = writeln!(text, "|{}|", rules.join("|"));
    for row in rows {
        let cells: Vec<String> = match row {
            Some(row) => row.cells.iter().map(|c| cell(c, row.strong)).collect(),
            None => view.head.iter().map(|_| "…".to_owned()).collect(),
        };
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn cell(shown: &Shown, strong: bool) -> String {
    let text = match shown {
        Shown::Text(text) => escape(text),
        Shown::Number(x, style) => styled(*x, *style),
        // No line break inside "3 of 31".
        Shown::Rank(rank, n) => format!("{rank}\u{a0}of\u{a0}{n}"),
        Shown::Missing => "–".to_owned(),
    };
    match strong && !text.is_empty() && *shown != Shown::Missing {
        true => format!("**{text}**"),
        false => text,
    }
}

/// A manual with its headings moved down so that the highest has this level. Code blocks are left alone.
pub(crate) fn demoted(manual: &str, level: usize) -> String {
    let highest = headings(manual).map(|(_, depth)| depth).min().unwrap_or(level);
    let down = level.saturating_sub(highest);
    let deep: Vec<usize> = headings(manual).map(|(line, _)| line).collect();
    let lines: Vec<String> = manual
        .trim()
        .lines()
        .enumerate()
        .map(|(i, line)| match deep.binary_search(&i) {
            Ok(_) => format!("{}{line}", "#".repeat(down)),
            Err(_) => line.to_owned(),
        })
        .collect();
    lines.join("\n")
}

/// Number and depth of each line that is a heading.
fn headings(manual: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut in_code = false;
    manual.trim().lines().enumerate().filter_map(move |(i, line)| {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let depth = line.chars().take_while(|c| *c == '#').count();
        let heading = depth > 0 && line[depth..].starts_with(' ');
        (heading && !in_code).then_some((i, depth))
    })
}

/// What the index says about one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Id of the case.
    pub id: String,
    /// Title.
    pub title: String,
    /// Title in Chinese.
    pub title_zh: Option<String>,
    /// One sentence on what the region is.
    pub lede: String,
    /// The first finding.
    pub headline: Option<String>,
}

/// The index of all reports, in the order given.
pub fn index(cards: &[Card]) -> String {
    let mut page = Page::default();
    page.add("# Reports");
    page.add("Each report is written from the `case.toml` in its folder; `cargo xtask report` writes all of them anew, and `cargo xtask report --check` proves that they are what the data says.");
    for card in cards {
        let chinese = card
            .title_zh
            .as_ref()
            .map(|zh| format!(" ({zh})"))
            .unwrap_or_default();
        page.add(format!("## [{}{chinese}]({}/report.md)", card.title, card.id));
        page.add(&card.lede);
        page.maybe(card.headline.as_ref());
    }
    page.text
}

impl Card {
    /// The card of a report.
    pub fn of(report: &Report) -> Self {
        // The links of a finding lead into its own report.
        let from_index = |text: &String| text.replace("](#", &format!("]({}/report.md#", report.id));
        Self {
            id: report.id.clone(),
            title: report.title.clone(),
            title_zh: report.title_zh.clone(),
            lede: from_index(&report.lede),
            headline: report
                .summary
                .as_ref()
                .and_then(|s| s.findings.first())
                .map(from_index),
        }
    }
}

#[cfg(test)]
mod tests {
    use quyu_core::Head;

    use super::*;

    fn table(names: impl Iterator<Item = String>, rows: Option<usize>) -> ShownTable {
        let row = |name| ViewRow {
            cells: vec![Shown::Text(name), Shown::Missing],
            strong: false,
        };
        ShownTable {
            number: 1,
            view: View {
                head: vec![Head::text("Key"), Head::number("Value")],
                rows: names.map(row).collect(),
                source: String::new(),
            },
            rows,
            file: TableFile {
                name: "x.csv".into(),
                title: "X".into(),
                rows: 0,
                units: Vec::new(),
            },
        }
    }

    fn shown(table: &ShownTable) -> String {
        let word = |row: &Option<&ViewRow>| match row.and_then(|r| r.cells.first()) {
            Some(Shown::Text(text)) => text.clone(),
            _ => "…".to_owned(),
        };
        let words: Vec<String> = cut(table).0.iter().map(word).collect();
        words.join(" ")
    }

    #[test]
    fn round_years_are_shown_and_other_rows_at_both_ends() {
        let years = |rows| table((2000..2020).map(|y| y.to_string()), rows);
        assert_eq!(shown(&years(Some(6))), "2000 2005 2010 2015 2019");
        assert_eq!(shown(&years(Some(2))), "2000 2010 2019");
        // A line that begins in 2016.
        let mut two = years(Some(6));
        for row in &mut two.view.rows[16..] {
            row.cells[1] = Shown::Text("x".into());
        }
        assert_eq!(shown(&two), "2000 2005 2010 2015 2016 2019");
        assert_eq!(shown(&years(None)).split(' ').count(), MOST_ROWS + 1);
        let ranks = |rows| table((1..=20).map(|r| r.to_string()), rows);
        assert_eq!(shown(&ranks(Some(5))), "1 2 3 … 19 20");
        assert!(!cut(&ranks(Some(20))).1);
    }
}
