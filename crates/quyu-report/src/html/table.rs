//! Tables: every row in the page, those that the text leaves out folded away.

use std::fmt::Write as _;

use quyu_core::number::styled;
use quyu_core::{Shown, View, ViewRow};

use super::text::{escape, words};
use crate::markdown::cut;
use crate::model::{ShownTable, TableFile};

/// Fewer rows are in order at a glance.
const FEWEST_TO_SORT: usize = 3;

/// A table with its number, its source and its file.
pub(super) fn table(shown: &ShownTable) -> String {
    let number = shown.number;
    let view = &shown.view;
    let mut out = String::new();
    let _ = write!(
        out,
        "<div class=\"table\" id=\"table-{number}\">\n\
         <div class=\"scroll\" role=\"group\" aria-labelledby=\"table-{number}-caption\" tabindex=\"0\">\n\
         <table{}>\n<caption><span id=\"table-{number}-caption\"><b>Table {number}.</b> {}</span></caption>\n",
        if view.rows.len() < FEWEST_TO_SORT {
            ""
        } else {
            " data-sort"
        },
        words(&shown.file.title),
    );
    head(&mut out, view);
    rows(&mut out, shown);
    out.push_str("</table>\n</div>\n<p class=\"source\">");
    if !view.source.is_empty() {
        let _ = write!(out, "Source: {} ", words(view.source.trim()));
    }
    let _ = write!(out, "{}</p>\n</div>\n", download(&shown.file));
    out
}

/// A link to the file, which stands once in the page, in the list at its end. The script makes it a download.
pub(super) fn download(file: &TableFile) -> String {
    let name = escape(&file.name);
    format!("<a class=\"csv\" href=\"#file-{name}\" data-csv=\"file-{name}\">{name}</a>")
}

fn head(out: &mut String, view: &View) {
    out.push_str("<thead><tr>");
    for head in &view.head {
        let class = if head.numeric { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", words(&head.label));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn rows(out: &mut String, table: &ShownTable) {
    let (view, (shown, is_cut)) = (&table.view, cut(table));
    let has_gaps = shown.contains(&None);
    let is_shown = |row: &ViewRow| shown.iter().flatten().any(|s| std::ptr::eq(*s, row));
    // What names a row is its first words.
    let name = view.head.iter().position(|h| !h.numeric);
    let mut hiding = false;
    for (i, row) in view.rows.iter().enumerate() {
        let hidden = is_cut && !is_shown(row);
        if has_gaps && hidden && !hiding {
            let _ = writeln!(
                out,
                "<tr class=\"gap\"><td colspan=\"{}\">…</td></tr>",
                view.head.len()
            );
        }
        hiding = hidden;
        let last = i + 1 == view.rows.len();
        out.push_str(if row.strong { "<tr class=\"strong\"" } else { "<tr" });
        out.push_str(if hidden { " data-more" } else { "" });
        out.push_str(if last && ends_with_total(view) {
            " data-total"
        } else {
            ""
        });
        out.push('>');
        for (column, cell) in row.cells.iter().enumerate() {
            self::cell(
                out,
                cell,
                Some(column) == name,
                view.head.get(column).is_some_and(|h| h.numeric),
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n");
}

/// Whether the last row sums up the others and keeps its place when they are sorted: the only one in bold, and words
/// begin it. A region of interest that is last of a ranking begins with its rank.
fn ends_with_total(view: &View) -> bool {
    let strong = view.rows.iter().filter(|r| r.strong).count();
    let last = view.rows.last();
    strong == 1 && last.is_some_and(|r| r.strong && matches!(r.cells.first(), Some(Shown::Text(_))))
}

fn cell(out: &mut String, shown: &Shown, is_name: bool, numeric: bool) {
    let (open, close) = match is_name {
        true => ("<th scope=\"row\"", "</th>"),
        false => ("<td", "</td>"),
    };
    out.push_str(open);
    out.push_str(if numeric { " class=\"n\"" } else { "" });
    if let Some(key) = key(shown) {
        let _ = write!(out, " data-v=\"{key}\"");
    }
    let _ = write!(out, ">{}{close}", content(shown));
}

/// What a cell is sorted by, where that is not its words: the number in full, not as far as it is printed.
fn key(shown: &Shown) -> Option<String> {
    match shown {
        Shown::Text(_) | Shown::Missing => None,
        Shown::Number(x, _) => Some(x.to_string()),
        Shown::Rank(rank, _) => Some(rank.to_string()),
    }
}

/// What a cell shows.
pub(super) fn content(shown: &Shown) -> String {
    match shown {
        Shown::Text(text) => words(text),
        Shown::Number(x, style) => escape(&styled(*x, *style)),
        Shown::Rank(rank, n) => format!("{rank}\u{a0}of\u{a0}{n}"),
        Shown::Missing => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use quyu_core::{Head, Style};

    use super::*;

    fn view(rows: &[(&[Shown], bool)]) -> View {
        View {
            head: vec![Head::text("name"), Head::number("value")],
            rows: rows
                .iter()
                .map(|(cells, strong)| ViewRow {
                    cells: cells.to_vec(),
                    strong: *strong,
                })
                .collect(),
            source: String::new(),
        }
    }

    #[test]
    fn a_total_is_known_by_its_place_and_its_words() {
        let words = [Shown::Text("All sectors".into()), Shown::Missing];
        let ranked = [Shown::Rank(2, 2), Shown::Text("Gansu".into())];
        assert!(ends_with_total(&view(&[(&words, false), (&words, true)])));
        assert!(!ends_with_total(&view(&[(&words, false), (&words, false)])));
        assert!(!ends_with_total(&view(&[(&words, true), (&words, true)])));
        assert!(!ends_with_total(&view(&[(&ranked, false), (&ranked, true)])));
        assert!(!ends_with_total(&view(&[])));
    }

    #[test]
    fn a_cell_is_sorted_by_the_whole_number_and_shows_what_is_printed() {
        let mut out = String::new();
        cell(
            &mut out,
            &Shown::Number(1.0 / 3.0, Style::Percent(1)),
            false,
            true,
        );
        cell(&mut out, &Shown::Missing, false, true);
        cell(&mut out, &Shown::Text("R&D".into()), true, false);
        assert_eq!(
            out,
            "<td class=\"n\" data-v=\"0.3333333333333333\">33.3</td><td class=\"n\">–</td><th scope=\"row\">R&amp;D</th>"
        );
    }
}
