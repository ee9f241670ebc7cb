//! Says which report and analysis runs: a bar on a terminal, plain lines elsewhere, on standard error.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use quyu_report::Watch;

/// Talks to the person who waits.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar where there is a terminal to draw it on.
    pub(super) fn new() -> Self {
        Self {
            bar: std::io::stderr()
                .is_terminal()
                .then(|| ProgressBar::new(0).with_style(style())),
        }
    }

    /// How many analyses there will be.
    pub(super) fn total(&self, analyses: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(analyses as u64);
        }
    }

    /// What happens besides analyses.
    pub(super) fn doing(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(what.to_owned()),
            None => self.line(what),
        }
    }

    /// Takes the bar away.
    pub(super) fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line that stays.
    #[expect(clippy::print_stderr, reason = "xtask talks to a person")]
    pub(super) fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl quyu_core::analysis::Progress for Progress {
    fn step(&self, _done: usize, _total: usize) {
        if let Some(bar) = &self.bar {
            bar.tick();
        }
    }
}

impl Watch for Progress {
    fn section(&self, case: &str, section: &str, number: usize, total: usize) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(format!("{case}: {section}"));
                bar.inc(1);
            }
            None if number == 1 => self.line(&format!("{case}: {total} analyses")),
            None => {}
        }
    }
}
