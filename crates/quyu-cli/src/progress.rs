//! How far a long analysis is, for somebody who waits at a terminal.

use std::cell::Cell;
use std::time::{Duration, Instant};

use quyu_core::analysis::Progress;

use crate::terminal::{Terminal, to_stderr};

/// Nobody is told of work that is over before they wonder.
const PATIENCE: Duration = Duration::from_millis(800);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(200);
/// Back to the beginning of the line, which is then empty.
const CLEAR: &str = "\r\u{1b}[K";

/// A line on standard error that is written over, if that is a terminal.
pub(crate) struct Waiting<'a> {
    analysis: &'a str,
    shown: bool,
    begun: Instant,
    last: Cell<Option<Instant>>,
    rows: Cell<u64>,
}

impl<'a> Waiting<'a> {
    pub(crate) fn new(analysis: &'a str, terminal: &Terminal) -> Self {
        Self {
            analysis,
            shown: terminal.shows_progress(),
            begun: Instant::now(),
            last: Cell::new(None),
            rows: Cell::new(0),
        }
    }

    /// So many rows more were read, of nobody knows how many.
    pub(crate) fn read(&self, rows: usize) {
        self.rows.set(self.rows.get() + rows as u64);
        if self.is_due() {
            to_stderr(&counted(self.analysis, self.rows.get()));
        }
    }

    /// Whether it is time to say something; then it is about to be said.
    fn is_due(&self) -> bool {
        let now = Instant::now();
        let last = self.last.get();
        let paused = last.is_none_or(|last| now.duration_since(last) >= PAUSE);
        let due = self.shown && paused && now.duration_since(self.begun) >= PATIENCE;
        if due {
            self.last.set(Some(now));
        }
        due
    }

    /// Takes the line away.
    pub(crate) fn over(&self) {
        if self.last.take().is_some() {
            to_stderr(CLEAR);
        }
    }
}

impl Progress for Waiting<'_> {
    fn step(&self, done: usize, total: usize) {
        if total > 0 && self.is_due() {
            to_stderr(&line(self.analysis, done, total));
        }
    }
}

fn counted(analysis: &str, rows: u64) -> String {
    format!("{CLEAR}{analysis}: {:.1} million rows read", rows as f64 / 1e6)
}

fn line(analysis: &str, done: usize, total: usize) -> String {
    let percent = 100 * done.min(total) / total;
    format!("{CLEAR}{analysis}: {percent} %, step {done} of {total}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        assert_eq!(line("gini", 3, 12), "\r\u{1b}[Kgini: 25 %, step 3 of 12");
        assert_eq!(
            counted("gini", 12_345_678),
            "\r\u{1b}[Kgini: 12.3 million rows read"
        );
        assert_eq!(line("gini", 13, 12), "\r\u{1b}[Kgini: 100 %, step 13 of 12");
    }
}
