//! Every number of a committed report is reachable: what its text, its tables and its figures show stands in a CSV beside it, in the
//! tables of the section where it is shown.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use quyu_core::figure::{Chart, Fill, Line, Stack};
use quyu_core::{Shown, Style};
use quyu_report::model::{Block, Section, ShownTable};
use quyu_report::{Artifacts, Case, run};

use crate::packages::{datasets, real};
use crate::prose::cases;

/// All committed cases, run once.
fn written() -> &'static BTreeMap<String, Artifacts> {
    static CELL: OnceLock<BTreeMap<String, Artifacts>> = OnceLock::new();
    CELL.get_or_init(|| {
        let registry = quyu_catalog::registry().unwrap();
        let one = |(id, text): (String, String)| {
            let case = Case::parse(&text).unwrap();
            // With its own packages: another one may bring a second vintage, between which a case did not choose.
            let atlas = Arc::new(quyu_io::load::atlas(&datasets(), &case.packages).unwrap());
            (id, run(&case, &atlas, &registry, &()).unwrap())
        };
        cases().into_iter().map(one).collect()
    })
}

/// The fields of a CSV, line by line.
fn fields(csv: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let (mut quoted, mut chars) = (false, csv.chars().peekable());
    while let Some(c) = chars.next() {
        let line = lines.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                line.last_mut().unwrap().push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(String::new()),
            '\n' if !quoted => lines.push(vec![String::new()]),
            _ => line.last_mut().unwrap().push(c),
        }
    }
    lines.pop();
    lines
}

/// The numbers and words of some tables.
#[derive(Default)]
struct Pool {
    numbers: Vec<f64>,
    words: Vec<String>,
}

impl Pool {
    /// The tables of a section: those that bear its id.
    fn of(artifacts: &Artifacts, section: &str) -> Self {
        let own = |name: &str| {
            let stem = name.trim_end_matches(".csv");
            stem == section || stem.starts_with(&format!("{section}-"))
        };
        let mut pool = Self::default();
        for (name, csv) in artifacts.tables.iter().filter(|(name, _)| own(name)) {
            let rows = fields(csv);
            // How many rows a table has is a number that anybody can count in it.
            pool.numbers.push((rows.len() - 1) as f64);
            for field in rows.iter().skip(1).flatten() {
                // A number inside the words of a table as shown is what is asked about.
                if field.parse::<f64>().is_ok() || !name.ends_with("-shown.csv") {
                    pool.add(field);
                }
            }
        }
        let files = artifacts.report.files.iter().filter(|f| own(&f.name));
        let units = files.flat_map(|f| f.units.iter().map(|(_, unit)| unit.clone()));
        pool.words.extend(units);
        let in_words = |w: &str| w.parse::<f64>().is_err() && w.contains(|c: char| c.is_ascii_digit());
        pool.words.retain(|w| in_words(w));
        // The longest first: a unit may be part of a name.
        pool.words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        pool.words.dedup();
        pool
    }

    /// The numbers in a text that are in no name or unit of these tables and not written from one of their numbers.
    fn lacks(&self, text: &str) -> Vec<Token> {
        let mut rest = without_names(text);
        for word in &self.words {
            rest = rest.replace(word.as_str(), "");
        }
        tokens(&rest).into_iter().filter(|t| !self.writes(t)).collect()
    }

    fn add(&mut self, field: &str) {
        match field.parse() {
            Ok(x) => self.numbers.push(x),
            Err(_) if !field.is_empty() => self.words.push(field.to_owned()),
            Err(_) => {}
        }
    }

    /// Whether the number stands here as the CSV holds it, or as the share that it is a percentage of.
    fn holds(&self, x: f64) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-10 * a.abs().max(b.abs()).max(1e-3);
        self.numbers.iter().any(|v| near(*v, x) || near(100.0 * v, x))
    }

    /// Whether a number is here that is written like this.
    fn writes(&self, shown: &Token) -> bool {
        let half = shown.half() * (1.0 + 1e-9);
        let near = |v: f64| (v - shown.value).abs() <= half;
        self.numbers.iter().any(|v| near(*v) || near(100.0 * v))
    }
}

/// A number in words.
#[derive(Debug)]
struct Token {
    value: f64,
    decimals: i32,
}

impl Token {
    /// Half of its last digit: how far a number may lie from what is written of it.
    fn half(&self) -> f64 {
        (0..self.decimals).fold(0.5, |half, _| half / 10.0)
    }

    /// Whether it can be read as a year, which belongs to a name: "Made in China 2025", "Suzhou, 2023".
    fn year(&self) -> bool {
        self.decimals == 0 && (1949.0..2100.0).contains(&self.value)
    }
}

/// The numbers that stand in a text: digits that no letter touches, with thousands separated by commas.
fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        let inside = |i: usize| {
            let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
            digit(i) || (matches!(chars.get(i), Some('.' | ',')) && digit(i + 1))
        };
        while inside(i) {
            i += 1;
        }
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
        let before = start.checked_sub(1).and_then(|b| chars.get(b));
        let ordinal: String = chars[i..].iter().take(2).collect();
        if word(before) || (word(chars.get(i)) && !["st", "nd", "rd", "th"].contains(&ordinal.as_str())) {
            continue;
        }
        let digits: String = chars[start..i].iter().filter(|c| **c != ',').collect();
        let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len() as i32);
        let sign = if matches!(before, Some('\u{2212}')) {
            -1.0
        } else {
            1.0
        };
        found.push(Token {
            value: sign * digits.parse::<f64>().unwrap(),
            decimals,
        });
    }
    found
}

/// Names of regions and of national lists that hold numbers, the longest first.
fn names() -> &'static [String] {
    static CELL: OnceLock<Vec<String>> = OnceLock::new();
    CELL.get_or_init(|| {
        let atlas = real();
        let regions = atlas.regions.iter().flat_map(|r| [&r.name_en, &r.short_en]);
        let schemes = atlas.policy.lists.keys();
        let lists = schemes.map(|s| atlas.codebook.scheme_label(s).to_owned());
        let mut names: Vec<String> = regions.cloned().chain(lists).collect();
        names.retain(|n| n.contains(|c: char| c.is_ascii_digit()));
        names.sort_by_key(|n| std::cmp::Reverse(n.len()));
        names
    })
}

/// A text without those names.
fn without_names(text: &str) -> String {
    names()
        .iter()
        .fold(text.to_owned(), |rest, name| rest.replace(name.as_str(), ""))
}

/// A text without its links: the number of a table is no finding.
fn without_links(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        text.push_str(before);
        rest = match link
            .split_once("](")
            .and_then(|(_, target)| target.split_once(')'))
        {
            Some((_, after)) => after,
            None => link,
        };
    }
    text + rest
}

fn of_lines(lines: &[Line]) -> Vec<f64> {
    let points = lines.iter().flat_map(|line| line.points.iter().flatten());
    points.flat_map(|(x, y)| [*x, *y]).collect()
}

/// The numbers that a figure draws.
fn drawn(chart: &Chart) -> Vec<f64> {
    let mark = |mark: &Option<quyu_core::figure::Mark>| mark.iter().map(|m| m.value).collect::<Vec<f64>>();
    match chart {
        Chart::Bars { bars, reference, .. } => bars.iter().map(|b| b.value).chain(mark(reference)).collect(),
        Chart::Intervals { rows, .. } => rows
            .iter()
            .flat_map(|r| [Some(r.low), Some(r.high), Some(r.estimate), r.nominal])
            .flatten()
            .collect(),
        Chart::Lines { lines, .. } | Chart::Lorenz { curves: lines, .. } => of_lines(lines),
        Chart::Stacked { bars, .. } => bars.iter().flat_map(|b| b.parts.clone()).collect(),
        // With the dot at the sum of the parts.
        Chart::Diverging { rows, .. } => {
            let dot = |r: &Stack| quyu_math::sum(&r.parts);
            rows.iter()
                .flat_map(|r| [r.parts.clone(), vec![dot(r)]].concat())
                .collect()
        }
        Chart::Scatter { points, over, .. } => {
            let arrows = over.arrows.iter().flat_map(|a| [a.x, a.y]);
            let trend = over.trend.iter().flat_map(|t| [t.intercept, t.slope]);
            let points = points.iter().flat_map(|p| [p.x, p.y]);
            points.chain(arrows).chain(trend).collect()
        }
        Chart::Slope { lines, .. } => lines.iter().flat_map(|l| [l.from, l.to]).collect(),
        Chart::Butterfly { rows, .. } => rows.iter().flat_map(|r| [r.left, r.right]).collect(),
        Chart::Panels { panels, .. } => panels.iter().flat_map(|p| of_lines(&p.lines)).collect(),
        Chart::Groups {
            groups, reference, ..
        } => {
            let bars = groups.iter().flat_map(|g| g.bars.iter().map(|b| b.value));
            bars.chain(mark(reference)).collect()
        }
        Chart::Dots { rows, reference, .. } => {
            let values = rows.iter().flat_map(|r| r.values.iter().flatten().copied());
            values.chain(mark(reference)).collect()
        }
        Chart::Dendrogram { merges, cut, .. } => merges.iter().map(|m| m.height).chain(*cut).collect(),
        Chart::Tiles { tiles, .. } => {
            let value = |fill: &Fill| match fill {
                Fill::Value(x) => Some(*x),
                Fill::Category(_) | Fill::Rest | Fill::NoData => None,
            };
            tiles.iter().filter_map(|t| value(&t.fill)).collect()
        }
        Chart::Overlaps { sets, shared, .. } => {
            let sizes = sets.iter().map(|s| s.size).chain(shared.iter().map(|s| s.size));
            sizes.map(|size| size as f64).collect()
        }
        Chart::Heat { rows, .. } => rows
            .iter()
            .flat_map(|r| r.values.iter().flatten().copied())
            .collect(),
    }
}

/// What a table shows and its section's CSV does not hold.
fn lost_of_table(table: &ShownTable, pool: &Pool) -> Vec<String> {
    let mut lost = Vec::new();
    for (i, cell) in table.view.rows.iter().flat_map(|r| &r.cells).enumerate() {
        let (column, row) = (i % table.view.head.len(), i / table.view.head.len());
        let missing = match cell {
            // A p-value is promised to four digits.
            Shown::Number(x, Style::P) => !pool.writes(&Token {
                value: *x,
                decimals: 4,
            }),
            // A table as shown holds percentages as such.
            Shown::Number(x, _) => !pool.holds(*x) && !pool.holds(100.0 * x),
            Shown::Rank(rank, n) => !pool.holds(*rank as f64) || !pool.holds(*n as f64),
            // The number of a document is its name.
            Shown::Text(_) if table.view.head[column].label == "Number" => false,
            Shown::Text(text) => pool.lacks(text).iter().any(|t| !t.year()),
            Shown::Missing => false,
        };
        if missing {
            let head = &table.view.head[column].label;
            lost.push(format!(
                "Table {}, row {}, {head}: {cell:?}",
                table.number,
                row + 1
            ));
        }
    }
    lost
}

/// What a caption says and the CSV of its section does not hold. It may count what is drawn, and name years, units and the level of an
/// interval.
fn lost_of_caption(alt: &str, values: &[f64], pool: &Pool) -> Vec<Token> {
    let mut rest = alt.to_owned();
    for named in ["10,000 persons", "100 million", "95 % interval"] {
        rest = rest.replace(named, "");
    }
    let whole = |t: &Token| t.decimals == 0;
    let counted = |t: &Token| whole(t) && (0.0..=values.len() as f64).contains(&t.value);
    let total = quyu_math::sum(values);
    let adds_up = |t: &Token| (total - t.value).abs() <= t.half() + 1e-9;
    let lacking = pool.lacks(&rest).into_iter();
    lacking
        .filter(|t| !counted(t) && !t.year() && !adds_up(t))
        .collect()
}

/// Every section that a chapter prints.
fn sections(artifacts: &Artifacts) -> impl Iterator<Item = &Section> {
    artifacts.report.chapters.iter().flat_map(|c| &c.sections)
}

fn none(lost: &[String]) {
    assert!(
        lost.is_empty(),
        "{} numbers are in no CSV:\n{}",
        lost.len(),
        lost.join("\n")
    );
}

#[test]
fn what_a_table_shows_stands_in_the_csv_of_its_section() {
    let mut lost = Vec::new();
    for (id, artifacts) in written() {
        for section in sections(artifacts) {
            let pool = Pool::of(artifacts, &section.id);
            for block in &section.blocks {
                if let Block::Table(table) = block {
                    let found = lost_of_table(table, &pool);
                    lost.extend(found.iter().map(|l| format!("{id}, {}: {l}", section.id)));
                }
            }
        }
        let summary = artifacts.report.summary.iter().flat_map(|s| &s.blocks);
        for block in summary {
            if let Block::Table(table) = block {
                let pool = Pool::of(artifacts, table.file.name.trim_end_matches(".csv"));
                let found = lost_of_table(table, &pool);
                lost.extend(found.iter().map(|l| format!("{id}, summary: {l}")));
            }
        }
    }
    none(&lost);
}

#[test]
fn what_a_figure_draws_and_its_caption_says_stands_in_the_csv_of_its_section() {
    let mut lost = Vec::new();
    for (id, artifacts) in written() {
        for section in sections(artifacts) {
            let pool = Pool::of(artifacts, &section.id);
            for block in &section.blocks {
                let Block::Figure(shown) = block else { continue };
                let (_, figure) = artifacts.figures.iter().find(|(s, _)| *s == shown.stem).unwrap();
                let here = format!("{id}, figure {}", shown.stem);
                let values = drawn(&figure.chart);
                lost.extend(
                    values
                        .iter()
                        .filter(|x| !pool.holds(**x))
                        .map(|x| format!("{here}: draws {x}")),
                );
                let said = lost_of_caption(&shown.alt, &values, &pool);
                lost.extend(
                    said.iter()
                        .map(|t| format!("{here}: says {} in {}", t.value, shown.alt)),
                );
            }
        }
    }
    none(&lost);
}

/// The column of a table, by its name.
fn column(csv: &str, name: &str) -> Vec<String> {
    let rows = fields(csv);
    let at = rows[0].iter().position(|head| head == name).unwrap();
    rows.iter().skip(1).map(|row| row[at].clone()).collect()
}

#[test]
fn every_number_of_the_text_stands_in_its_table_with_the_cells_that_it_comes_from() {
    let mut lost = Vec::new();
    for (id, artifacts) in written() {
        let (_, csv) = artifacts
            .tables
            .iter()
            .find(|(name, _)| name == "text.csv")
            .unwrap();
        let (sources, values, notes) = (column(csv, "source"), column(csv, "value"), column(csv, "note"));
        // What is one cell of a section stands in the tables of that section, digit by digit.
        for (source, value) in sources.iter().zip(&values) {
            let plain = source
                .split('|')
                .next()
                .unwrap()
                .split(" in ")
                .next()
                .unwrap()
                .trim();
            let before = plain.split('[').next().unwrap();
            let one_cell =
                plain.ends_with(']') && plain.matches('[').count() == 1 && !before.contains([' ', '(']);
            let Some((section, _)) = plain.split_once(['.', '/']).filter(|_| one_cell) else {
                continue;
            };
            if !Pool::of(artifacts, section).holds(value.parse().unwrap()) {
                lost.push(format!("{id}: {source} = {value}"));
            }
        }
        // What the text writes is what the table of its numbers says.
        let mut said = Pool::default();
        notes
            .iter()
            .flat_map(|n| tokens(n))
            .for_each(|t| said.numbers.push(t.value));
        for (place, text) in texts(artifacts) {
            let words = without_names(&without_links(&text));
            let missing = tokens(&words).into_iter().filter(|t| !said.holds(t.value));
            lost.extend(missing.map(|t| format!("{id}, {place}: {}", t.value)));
        }
    }
    none(&lost);
}

/// Every text of a report, with where it stands.
fn texts(artifacts: &Artifacts) -> Vec<(String, String)> {
    let report = &artifacts.report;
    let mut all = vec![("lede".to_owned(), report.lede.clone())];
    if let Some(summary) = &report.summary {
        let texts = summary.findings.iter().chain(&summary.care);
        all.extend(texts.map(|t| ("summary".to_owned(), t.clone())));
    }
    for chapter in &report.chapters {
        let texts = chapter.question.iter().chain(&chapter.answer);
        all.extend(texts.map(|t| (chapter.title.clone(), t.clone())));
        for section in &chapter.sections {
            let prose = section.blocks.iter().filter_map(|block| match block {
                Block::Prose(text) => Some(text),
                _ => None,
            });
            all.extend(prose.map(|t| (section.id.clone(), t.clone())));
        }
    }
    all
}

#[test]
fn a_number_that_is_nowhere_is_found_out() {
    let mut pool = Pool::default();
    "region,0.123456789012,7".split(',').for_each(|f| pool.add(f));
    assert!(pool.holds(0.123456789012) && pool.holds(12.3456789012) && !pool.holds(0.1235));
    let written = |text: &str| tokens(text).iter().all(|t| pool.writes(t));
    assert!(written("12.3 % of 7 items, 7th; MIC2025, 12.346"));
    assert!(!written("12.4 %") && !written("\u{2212}7") && !written("8 items") && !written("1,207"));
    assert_eq!(without_links("see [Table 3](#x), 4"), "see , 4");
    assert_eq!(
        fields("a,\"b, \"\"c\"\"\"\n1,2\n"),
        [["a", "b, \"c\""], ["1", "2"]]
    );
}
