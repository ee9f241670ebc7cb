//! Says which report and analysis runs: a bar on a terminal, plain lines elsewhere, on standard error.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use quyu_report::Watch;

/// Talks to the person who waits.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    /// Analyses that have begun: all but the last of them are done.
    begun: AtomicU64,
}

impl Progress {
    /// A bar where there is a terminal to draw it on.
    pub(super) fn new() -> Self {
        Self {
            bar: std::io::stderr()
                .is_terminal()
                .then(|| ProgressBar::new(0).with_style(style())),
            begun: AtomicU64::new(0),
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
    fn section(&self, case: &str, section: &str, analysis: &str, number: usize, total: usize) {
        match &self.bar {
            Some(bar) if section == analysis => bar.set_message(format!("{case}: {analysis}")),
            Some(bar) => bar.set_message(format!("{case}: {analysis} ({section})")),
            None if number == 1 => self.line(&format!("{case}: {total} analyses")),
            None => {}
        }
        let done = self.begun.fetch_add(1, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_names_report_and_analysis_and_counts_what_is_done() {
        let progress = Progress {
            bar: Some(ProgressBar::hidden()),
            begun: AtomicU64::new(0),
        };
        progress.total(2);
        let bar = progress.bar.as_ref().unwrap();
        progress.section("jiangsu", "gini", "gini", 1, 2);
        assert_eq!((bar.message().as_str(), bar.position()), ("jiangsu: gini", 0));
        progress.section("jiangsu", "cities", "ranking", 2, 2);
        assert_eq!(
            (bar.message().as_str(), bar.position(), bar.length()),
            ("jiangsu: ranking (cities)", 1, Some(2))
        );
    }
}
