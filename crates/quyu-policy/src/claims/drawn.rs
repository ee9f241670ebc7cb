//! The figures: verdicts by subject, and numbers claimed beside ours.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, DotRow, Figure, HeatRow, Mark, Role, Series};
use quyu_core::number::styled;
use quyu_core::{Column, Style, Table};

use super::measure::{Found, Tried};
use super::verdict::{Fit, Verdict};
use super::{Checked, ENTRY, found, words};

/// Fewer subjects, or fewer numbers, are read faster in the table.
const LEAST: (usize, usize) = (4, 3);

/// Subjects with the number of claims by verdict, the most claims first.
fn by_subject<'a>(checked: &[Checked<'a>]) -> Vec<(&'a str, [usize; 4])> {
    let mut counts: Vec<(&str, [usize; 4])> = Vec::new();
    for one in checked {
        let subject = one.claim.subject.as_str();
        let at = counts.iter().position(|(s, _)| *s == subject).unwrap_or_else(|| {
            counts.push((subject, [0; 4]));
            counts.len() - 1
        });
        let verdict = Verdict::ALL.iter().position(|v| *v == one.verdict);
        if let Some(verdict) = verdict {
            counts[at].1[verdict] += 1;
        }
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(n.iter().sum::<usize>()));
    counts
}

/// Claims by subject and verdict.
pub(super) fn subjects(checked: &[Checked<'_>]) -> Table {
    let columns = [C::Group, C::Verdict, C::N].map(Column::key).to_vec();
    let mut table = Table::new("verdicts-by-subject", "Claims by subject and verdict", columns);
    for (subject, counts) in by_subject(checked) {
        for (verdict, n) in Verdict::ALL.iter().zip(counts) {
            table.push(vec![subject.into(), verdict.as_str().into(), n.into()]);
        }
    }
    table
}

/// How many claims on each subject have which verdict.
pub(super) fn verdicts(checked: &[Checked<'_>]) -> Option<Figure> {
    let counts = by_subject(checked);
    let of = |verdict: usize| counts.iter().map(|(_, n)| n[verdict]).sum::<usize>();
    let all = Verdict::ALL
        .iter()
        .zip(0..)
        .map(|(v, i)| format!("{} {}", of(i), v.as_str()));
    let (most, n) = counts.first()?;
    (counts.len() >= LEAST.0).then(|| Figure {
        id: format!("{}-verdicts", ENTRY.id),
        title: "Claims by subject and verdict".to_owned(),
        alt: format!(
            "Of {} claims: {}. Most are on {most}: {}, of which {} cannot be checked.",
            checked.len(),
            all.collect::<Vec<_>>().join(", "),
            n.iter().sum::<usize>(),
            n[3]
        ),
        source: "Counted from the verdicts of this report".to_owned(),
        chart: Chart::Heat {
            axis: Axis {
                decimals: Some(0),
                ..Axis::new("Claims", "")
            },
            centre: None,
            columns: Verdict::ALL.map(|v| v.as_str().to_owned()).to_vec(),
            rows: counts
                .iter()
                .map(|(subject, n)| HeatRow {
                    label: format!("{subject} ({})", n.iter().sum::<usize>()),
                    values: n.map(|n| Some(n as f64)).to_vec(),
                    role: Role::Other,
                })
                .collect(),
        },
    })
}

/// A claimed number with what was found, as said and, where that decided, under another definition.
struct Number<'a> {
    label: String,
    claimed: f64,
    said: Option<&'a Found>,
    fits: bool,
    another: Option<&'a Found>,
}

/// Claims with a number that can be compared by its size; a year or a rank cannot.
fn numbers<'a>(checked: &'a [Checked<'_>]) -> Vec<Number<'a>> {
    let number = |one: &'a Checked<'_>| {
        let claim = one.claim;
        let claimed = claim.value.filter(|x| *x > 0.0)?;
        if matches!(claim.unit.as_str(), "year" | "rank") {
            return None;
        }
        let known = |t: &Tried<'_>| {
            found(t).is_some_and(|f| f.rounding.low.is_finite() && f.rounding.high.is_finite())
        };
        let as_said = |t: &&Tried<'_>| t.trial.said == "as-said" && known(t);
        let said = one.tried.iter().find(as_said);
        let another = one.shown().filter(|t| t.trial.said == "another" && known(t));
        (said.is_some() || another.is_some()).then(|| Number {
            label: words::short(claim),
            claimed,
            said: said.and_then(found),
            fits: said.is_some_and(|t| t.fit == Fit::Fits),
            another: another.and_then(found),
        })
    };
    checked.iter().filter_map(number).collect()
}

/// Ours in percent of what is claimed.
pub(super) fn beside(checked: &[Checked<'_>]) -> Option<Figure> {
    let numbers = numbers(checked);
    let percent = |number: &Number<'_>, ours: &Found| ours.value / number.claimed * 100.0;
    let off = |number: &Number<'_>| {
        number
            .said
            .map_or(0.0, |f| (f.value / number.claimed - 1.0).abs())
    };
    let furthest = numbers.iter().max_by(|a, b| off(a).total_cmp(&off(b)))?;
    let ratio = furthest.said.map_or(1.0, |f| f.value / furthest.claimed);
    let rounding = numbers
        .iter()
        .flat_map(|n| n.said.iter().chain(&n.another).map(|f| wide(n, f)))
        .fold(0.0, f64::max);
    (numbers.len() >= LEAST.1).then(|| Figure {
        id: format!("{}-numbers", ENTRY.id),
        title: "Numbers claimed, and ours".to_owned(),
        alt: format!(
            "Of {} numbers that are computed {} fit as said. Furthest off as said: {}; ours is {} % of it.",
            numbers.len(),
            numbers.iter().filter(|n| n.fits).count(),
            furthest.label,
            styled(ratio, Style::Percent(0))
        ),
        source: format!(
            "Claims and trials of this report. The rounding of printed inputs moves ours by {} % at most",
            styled(rounding, Style::Percent(2))
        ),
        chart: Chart::Dots {
            axis: Axis::new("Ours, % of the number claimed", ""),
            series: vec![
                series("as said", Role::Peer),
                series("under another definition", Role::Category(0)),
            ],
            rows: numbers
                .iter()
                .map(|n| DotRow {
                    label: n.label.clone(),
                    values: [n.said, n.another].map(|f| f.map(|f| percent(n, f))).to_vec(),
                    role: Role::Other,
                })
                .collect(),
            reference: Some(Mark {
                label: "claimed".to_owned(),
                value: 100.0,
            }),
        },
    })
}

fn series(label: &str, role: Role) -> Series {
    Series {
        label: label.to_owned(),
        role,
    }
}

/// How far the rounding of the inputs moves ours, relative to the claim.
fn wide(number: &Number<'_>, ours: &Found) -> f64 {
    let gap = |end: f64| ((end - ours.value) / number.claimed).abs();
    gap(ours.rounding.low).max(gap(ours.rounding.high))
}
