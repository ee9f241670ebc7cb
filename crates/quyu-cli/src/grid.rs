//! Columns of text that stand under each other, in any script.

use unicode_width::UnicodeWidthStr as _;

use crate::terminal::{Paint, visible, wrapped_within};

/// A table of texts.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Heads, and whether a column is set flush right.
    pub(crate) head: Vec<(String, bool)>,
    /// Rows, and whether a row is set in bold.
    pub(crate) rows: Vec<(Vec<String>, bool)>,
}

/// Between columns.
const GAP: &str = "  ";
/// A list is not broken into a column narrower than this.
const NARROWEST: usize = 12;

impl Grid {
    /// Heads in lines, and the width of each column. Heads are broken between words where the grid would be wider than the
    /// terminal.
    fn layout(&self, width: usize) -> (Vec<Vec<String>>, Vec<usize>) {
        let widest = |c: usize| self.rows.iter().map(|(r, _)| r[c].width()).max().unwrap_or(0);
        let body: Vec<usize> = (0..self.head.len()).map(widest).collect();
        let full: usize = self
            .head
            .iter()
            .zip(&body)
            .map(|((h, _), b)| h.width().max(*b))
            .sum();
        let fits = full + GAP.len() * self.head.len().saturating_sub(1) <= width;
        let heads: Vec<Vec<String>> = self
            .head
            .iter()
            .zip(&body)
            .map(|((head, _), body)| {
                if fits {
                    vec![head.clone()]
                } else {
                    broken(head, *body)
                }
            })
            .collect();
        let widths: Vec<usize> = heads
            .iter()
            .zip(&body)
            .map(|(lines, body)| lines.iter().map(|l| l.width()).max().unwrap_or(0).max(*body))
            .collect();
        (heads, widths)
    }

    /// How wide it will be in a terminal of this width.
    pub(crate) fn width(&self, width: usize) -> usize {
        let (_, widths) = self.layout(width);
        widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
    }

    /// The grid as text, a line a row. A list in the last column goes on in lines below where it would not fit.
    pub(crate) fn rendered(&self, paint: Paint, width: usize) -> String {
        let (heads, mut widths) = self.layout(width);
        let taken = self.width(width) - widths.last().copied().unwrap_or(0);
        let room = width.saturating_sub(taken);
        let lists = self.head.last().is_some_and(|(_, right)| !right) && room >= NARROWEST;
        if let Some(last) = widths.last_mut().filter(|last| lists && **last > room) {
            *last = room;
        }
        let height = heads.iter().map(Vec::len).max().unwrap_or(0);
        let mut text = String::new();
        for line in 0..height {
            // Heads stand on the rule, not under the ceiling.
            let cells = heads
                .iter()
                .map(|h| (line + h.len()).checked_sub(height).and_then(|l| h.get(l)));
            let cells: Vec<&str> = cells.map(|c| c.map_or("", String::as_str)).collect();
            text.push_str(&paint.bold(&self.line(&cells, &widths)));
            text.push('\n');
        }
        let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
        text.push_str(&paint.dim(&rule.join(GAP)));
        text.push('\n');
        for (row, strong) in &self.rows {
            let list = row
                .last()
                .filter(|_| lists)
                .map(|cell| wrapped_within(cell, room, ""));
            let lines = list.as_ref().map_or_else(
                || row.last().into_iter().map(String::as_str).collect(),
                |l| l.lines().collect::<Vec<_>>(),
            );
            for at in 0..lines.len().max(1) {
                let cell = |(i, cell): (usize, &'_ String)| match i + 1 == row.len() {
                    true => lines.get(at).copied().unwrap_or_default().to_owned(),
                    false if at == 0 => cell.clone(),
                    false => String::new(),
                };
                let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                let line = self.line(&cells, &widths);
                text.push_str(&if *strong { paint.bold(&line) } else { line });
                text.push('\n');
            }
        }
        text
    }

    fn line(&self, cells: &[&str], widths: &[usize]) -> String {
        let mut line = String::new();
        for (i, ((cell, width), (_, right))) in cells.iter().zip(widths).zip(&self.head).enumerate() {
            if i > 0 {
                line.push_str(GAP);
            }
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let cell = visible(cell);
            if *right {
                line.push_str(&room);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&room);
            }
        }
        line.trim_end().to_owned()
    }
}

/// A head in lines no wider than the widest cell or word.
fn broken(head: &str, body: usize) -> Vec<String> {
    let longest = head.split(' ').map(|w| w.width()).max().unwrap_or(0).max(body);
    let mut lines: Vec<String> = Vec::new();
    for word in head.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= longest => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let names = ["Anhui", "Chongqing", "Fujian", "Gansu", "Guangxi", "Guizhou"].join(", ");
        Grid {
            head: vec![
                ("Cluster".to_owned(), false),
                ("Regions".to_owned(), true),
                ("Members".to_owned(), false),
            ],
            rows: vec![
                (vec!["1".to_owned(), "6".to_owned(), names], false),
                (vec!["2".to_owned(), "1".to_owned(), "Hebei".to_owned()], false),
            ],
        }
    }

    #[test]
    fn a_list_goes_on_below_where_the_terminal_ends() {
        let text = grid().rendered(Paint(false), 40);
        assert!(text.lines().all(|l| l.width() <= 40), "{text}");
        assert_eq!(
            text.lines().nth(2).unwrap(),
            "1              6  Anhui, Chongqing,"
        );
        assert_eq!(text.lines().nth(3).unwrap(), "                  Fujian, Gansu,");
        assert_eq!(text.lines().last().unwrap(), "2              1  Hebei");
        let narrow = grid().rendered(Paint(false), 32);
        assert!(narrow.lines().all(|l| l.width() <= 32), "{narrow}");
        assert_eq!(grid().rendered(Paint(false), 100).lines().count(), 4);
    }
}
