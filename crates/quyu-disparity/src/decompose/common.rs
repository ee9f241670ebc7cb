//! What the decompositions share: words for a refusal, shares, and the choice between two kinds of figure.

use quyu_core::figure::{Axis, Chart, Role, Stack};
use quyu_core::{AnalysisError, Need, Note, NoteKind, ParamError, Params, RegionCode, Study, Year};
use quyu_econometrics::Error;

/// Two partitions of the same regions.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) first: String,
    pub(crate) second: String,
}

impl Pair {
    /// Those that the parameters `group` and `second` name, which must be two; `advice` says what else could be meant.
    pub(crate) fn new(
        analysis: &str,
        params: &Params,
        second: &str,
        advice: &str,
    ) -> Result<Self, ParamError> {
        let text = |name: &str| params.text(name).unwrap_or_default().to_owned();
        let pair = Self {
            first: text("group"),
            second: text(second),
        };
        if pair.first != pair.second {
            return Ok(pair);
        }
        Err(ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: format!("`group` and `{second}` are both `{}`{advice}", pair.first),
        })
    }

    pub(crate) fn needs(&self) -> [Need; 2] {
        [&self.first, &self.second].map(|id| Need::Partition(id.clone()))
    }
}

/// The part of a total that is positive.
pub(crate) fn share(part: f64, total: f64) -> Option<f64> {
    (total > 0.0).then(|| part / total)
}

/// Where a statistic was computed: what a refusal names.
pub(crate) struct Place<'a> {
    pub(crate) analysis: &'static str,
    pub(crate) statistic: &'a str,
    pub(crate) study: &'a Study,
    pub(crate) regions: &'a [RegionCode],
    pub(crate) year: Year,
}

/// What a reader can do about a zero where an index has no value.
pub(crate) const ZERO_ADVICE: &str = "leave the region out of the focus, or take an index for which a zero counts \
                                      (`theil-t`, `ge` with `alpha` above 0)";

impl Place<'_> {
    /// Says at which region, and what to do. `zero` is the advice for a value of zero.
    pub(crate) fn refuse(&self, error: Error, zero: &str) -> AnalysisError {
        let name = |index: usize| {
            self.regions.get(index).map_or_else(
                || format!("row {index}"),
                |code| format!("{} ({code})", self.study.atlas.regions.label(code)),
            )
        };
        let what = |argument: &str| if argument == "w" { "weight" } else { "value" };
        let reason = match &error {
            Error::Negative {
                argument,
                index,
                value,
            } => format!(
                "{} in {}: the {} of {} is negative ({value}), where the index is not defined; leave the region out of the focus",
                self.statistic,
                self.year,
                what(argument),
                name(*index)
            ),
            Error::Zero { argument, index } => format!(
                "{} in {}: the {} of {} is zero, where the index is not defined; {zero}",
                self.statistic,
                self.year,
                what(argument),
                name(*index)
            ),
            _ => format!("{} in {}: {error}", self.statistic, self.year),
        };
        self.reason(reason)
    }

    /// A refusal in the words given.
    pub(crate) fn reason(&self, reason: String) -> AnalysisError {
        AnalysisError::Study {
            analysis: self.analysis,
            reason,
        }
    }
}

/// Stacked bars, or bars on both sides of zero if a part is negative.
pub(crate) fn parts_chart(axis: Axis, parts: Vec<String>, mut bars: Vec<Stack>) -> Chart {
    for bar in &mut bars {
        let size: f64 = bar.parts.iter().map(|part| part.abs()).sum();
        for part in &mut bar.parts {
            // A part that is negative by rounding is drawn as nothing.
            if *part < 0.0 && *part >= -1e-12 * size {
                *part = 0.0;
            }
        }
    }
    if bars.iter().flat_map(|bar| &bar.parts).any(|part| *part < 0.0) {
        return Chart::Diverging {
            axis,
            parts,
            rows: bars,
        };
    }
    Chart::Stacked { axis, parts, bars }
}

/// A bar of a year. Two vintages of one year stand side by side, told apart by their label.
pub(crate) fn bar(year: Year, line: &str, several: bool, parts: Vec<f64>) -> Stack {
    Stack {
        label: if several {
            format!("{year} {line}")
        } else {
            year.to_string()
        },
        parts,
        role: Role::Other,
    }
}

/// The first cell of a row of a view.
pub(crate) fn year_cell(year: Year, line: &str, several: bool) -> String {
    if several {
        format!("{year} [{line}]")
    } else {
        year.to_string()
    }
}

/// Said where a partition separates nothing.
pub(crate) fn one_group(units: &str, groups: usize, partition: &str) -> Option<Note> {
    (groups == 1).then(|| {
        Note::new(
            NoteKind::Method,
            format!("All {units} lie in one group of `{partition}`, so nothing lies between groups."),
        )
    })
}
