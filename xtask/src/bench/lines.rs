//! The lines of JSON that both sides print.

use serde::Deserialize;

/// One task, measured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Measured {
    pub(super) task: String,
    /// The package and its version; empty for us.
    #[serde(default)]
    pub(super) peer: String,
    #[serde(default)]
    pub(super) kind: Kind,
    pub(super) median_s: f64,
    pub(super) runs: usize,
    /// What was computed, where both sides must find the same.
    pub(super) value: Option<f64>,
}

/// What a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A function of a package.
    #[default]
    Package,
    /// A few lines of numpy or pandas.
    Baseline,
}

/// What could not be measured.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Skipped {
    /// The packages that are missing, or the program.
    pub(super) skipped: String,
    #[serde(default)]
    pub(super) tasks: Vec<String>,
    pub(super) why: String,
}

/// A line of output.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Measured(Measured),
    Skipped(Skipped),
}

impl Line {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let line: Self = serde_json::from_str(text).ok()?;
        match &line {
            Self::Measured(m) if !(m.median_s > 0.0 && m.median_s.is_finite()) => None,
            _ => Some(line),
        }
    }
}

/// All lines of a program.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) measured: Vec<Measured>,
    pub(super) skipped: Vec<Skipped>,
}

impl Output {
    pub(super) fn push(&mut self, line: Line) {
        match line {
            Line::Measured(measured) => self.measured.push(measured),
            Line::Skipped(skipped) => self.skipped.push(skipped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_and_gaps_are_told_apart() {
        let ours = Line::parse(r#"{"task": "gini_1e7", "median_s": 0.25, "runs": 5, "value": 0.5}"#);
        let Some(Line::Measured(ours)) = ours else {
            panic!("{ours:?}")
        };
        assert_eq!((ours.peer.as_str(), ours.value), ("", Some(0.5)));
        let gap = Line::parse(r#"{"skipped": "esda", "tasks": ["moran_9999_3000"], "why": "not installed"}"#);
        assert!(matches!(gap, Some(Line::Skipped(s)) if s.skipped == "esda"));
    }

    #[test]
    fn what_is_no_measurement_is_refused() {
        for text in [
            "Loading",
            "{}",
            r#"{"task": "a", "median_s": 0.0, "runs": 5}"#,
            r#"{"task": "a", "runs": 5}"#,
        ] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }
}
