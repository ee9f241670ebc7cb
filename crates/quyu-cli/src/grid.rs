//! Columns of text that stand under each other, in any script.

use unicode_width::UnicodeWidthStr as _;

use crate::terminal::Paint;

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

impl Grid {
    /// The grid as text, a line a row. Heads are broken between words where the grid would be wider than the terminal.
    pub(crate) fn rendered(&self, paint: Paint, width: usize) -> String {
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
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            let line = self.line(&cells, &widths);
            text.push_str(&if *strong { paint.bold(&line) } else { line });
            text.push('\n');
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
            if *right {
                line.push_str(&room);
                line.push_str(cell);
            } else {
                line.push_str(cell);
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
