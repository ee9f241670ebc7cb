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
}

impl<'a> Waiting<'a> {
    pub(crate) fn new(analysis: &'a str, terminal: &Terminal) -> Self {
        Self {
            analysis,
            shown: terminal.shows_progress(),
            begun: Instant::now(),
            last: Cell::new(None),
        }
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
        let now = Instant::now();
        let due = self
            .last
            .get()
            .is_none_or(|last| now.duration_since(last) >= PAUSE);
        if self.shown && total > 0 && due && now.duration_since(self.begun) >= PATIENCE {
            self.last.set(Some(now));
            to_stderr(&line(self.analysis, done, total));
        }
    }
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
        assert_eq!(line("gini", 13, 12), "\r\u{1b}[Kgini: 100 %, step 13 of 12");
    }
}
