//! The dynamic variants: steps from year to year, and what they bring one by one.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::suggest::quoted;
use quyu_core::{
    AnalysisError, Column, Note, NoteKind, ParamError, Params, Study, Style, Table, Term, View, Year,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::shift_share::{self as numerics, ShiftShare, Variant, YearlyReference};

use super::compare::Compare;
use super::explain::Asked;
use super::parts::{Worked, added, listed, year};
use super::variant::{Group, Kind};
use super::{ENTRY, misfit};
use crate::frame::{Frame, refuse};

/// The parameter `years`, in order.
pub(super) fn asked(params: &Params) -> Result<Vec<Year>, ParamError> {
    let mut years = Vec::new();
    for y in params.integers("years") {
        let year = i32::try_from(y).ok().and_then(|y| Year::new(y).ok());
        years.push(year.ok_or_else(|| misfit(format!("{y} is not a year")))?);
    }
    years.sort();
    years.dedup();
    if years.len() == 1 {
        return Err(misfit("`years` needs at least two years"));
    }
    Ok(years)
}

/// The years between which the steps lie: those asked for, or all of the period with figures.
pub(super) fn steps(study: &Study, terms: &[Term], asked: &[Year]) -> Result<Vec<Year>, AnalysisError> {
    let (from, to) = (study.period.from, study.period.to);
    if !asked.is_empty() {
        let outside: Vec<String> = asked
            .iter()
            .filter(|y| **y < from || **y > to)
            .map(ToString::to_string)
            .collect();
        if outside.is_empty() {
            return Ok(asked.to_vec());
        }
        return Err(refuse(
            ENTRY.id,
            format!(
                "{} of `years` lie outside {from} to {to}",
                quoted(&outside, "and")
            ),
        ));
    }
    let years = study.observed_years(&terms[0], study.reference.members())?;
    if years.len() < 2 {
        return Err(refuse(
            ENTRY.id,
            format!(
                "`{}` has figures for {} year(s) between {from} and {to}; a step needs two",
                terms[0],
                years.len()
            ),
        ));
    }
    Ok(years)
}

/// Says which steps are longer than a year, and where the first or the last year is not that of the study.
pub(super) fn gaps(frame: &Frame<'_>, kind: Kind) -> Vec<Note> {
    let mut notes = Vec::new();
    if !kind.is_dynamic() {
        return notes;
    }
    let long: Vec<String> = frame
        .years
        .windows(2)
        .filter(|p| p[1].get() - p[0].get() > 1)
        .map(|p| format!("{}–{}", p[0], p[1]))
        .collect();
    if !long.is_empty() {
        notes.push(Note::new(
            NoteKind::Method,
            format!("Steps of more than one year: {}.", long.join(", ")),
        ));
    }
    let (from, to) = (frame.study.period.from, frame.study.period.to);
    if (frame.from(), frame.to()) != (from, to) {
        notes.push(Note::new(
            NoteKind::Missing,
            format!(
                "The steps lead from {} to {}, a part of {from} to {to}: the others of these years have no figures or were not \
                 asked for.",
                frame.from(),
                frame.to()
            ),
        ));
    }
    notes
}

/// The tables of all years as the numerics take them.
pub(super) fn matrices<'f>(asked: &Asked<'f, '_>) -> Result<Vec<Matrix<'f>>, AnalysisError> {
    asked.frame.value.iter().map(|t| asked.frame.matrix(t)).collect()
}

/// The rows of the peers, one a year, one after the other.
pub(super) fn peer_rows(asked: &Asked<'_, '_>) -> Vec<f64> {
    asked.peers.map(|p| p.value.concat()).unwrap_or_default()
}

/// The reference of a series of years; `rows` are the peers', if there are any.
pub(super) fn yearly<'r>(
    asked: &Asked<'_, '_>,
    rows: &'r [f64],
) -> Result<YearlyReference<'r>, AnalysisError> {
    Ok(match asked.compare {
        Compare::Nation => YearlyReference::Nation,
        Compare::Rest => YearlyReference::Rest,
        Compare::Peers(_) => YearlyReference::Given(asked.frame.matrix(rows)?),
    })
}

/// All steps and their sums.
pub(super) fn dynamic(asked: &Asked<'_, '_>, variant: Variant) -> Result<numerics::Dynamic, AnalysisError> {
    let (tables, rows) = (matrices(asked)?, peer_rows(asked));
    numerics::dynamic(&tables, yearly(asked, &rows)?, variant).map_err(|error| {
        // The error does not say in which step it lies: the first step that fails by itself does.
        let failing = (1..tables.len()).find(|&t| {
            let reference = asked.reference(t - 1, t);
            numerics::shift_share(tables[t - 1], tables[t], reference, variant).is_err()
        });
        asked.explain_step(error, failing.map_or(0, |t| t - 1))
    })
}

/// The focus as a whole, step by step.
struct Step<'s> {
    from: Year,
    to: Year,
    base: f64,
    change: f64,
    parts: &'s ShiftShare,
}

fn over_steps<'s>(worked: &Worked<'_>, steps: &'s [ShiftShare]) -> Vec<Step<'s>> {
    let frame = worked.frame;
    let step = |(t, parts): (usize, &'s ShiftShare)| Step {
        from: frame.years[t],
        to: frame.years[t + 1],
        base: quyu_math::sum(&frame.pooled(&frame.value[t], &frame.focus_rows())),
        change: of_focus(worked, &parts.change.by_region),
        parts,
    };
    steps.iter().enumerate().map(step).collect()
}

fn of_focus(worked: &Worked<'_>, by_region: &[f64]) -> f64 {
    let rows = worked.frame.focus_rows();
    quyu_math::sum_by(rows.len(), |k| by_region[rows[k]])
}

fn of_group(worked: &Worked<'_>, parts: &ShiftShare, group: &Group) -> f64 {
    let amount = |component| {
        parts
            .part(component)
            .map_or(0.0, |t| of_focus(worked, &t.by_region))
    };
    added(group.components.iter().map(|c| amount(*c)))
}

/// A row for each step and component.
pub(super) fn table(worked: &Worked<'_>, steps: &[ShiftShare]) -> Table {
    let frame = worked.frame;
    let mut table = Table::new(
        "steps",
        format!(
            "{}: shift-share of {}, step by step",
            frame.study.focus.name_en,
            lower_first(&worked.indicator.label_en)
        ),
        vec![
            Column::key(C::Region),
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Component),
            Column::of(C::Contribution, worked.unit.clone()),
            Column::of(C::Share, "1"),
        ],
    );
    let mut rows = Vec::new();
    for step in over_steps(worked, steps) {
        let mut amounts = vec![("change", step.change)];
        let parts = step.parts.parts.iter();
        amounts.extend(parts.map(|(c, t)| (c.name(), of_focus(worked, &t.by_region))));
        for (name, amount) in amounts {
            table.push(vec![
                frame.study.focus.id.clone().into(),
                year(step.from),
                year(step.to),
                name.into(),
                amount.into(),
                (step.base > 0.0).then(|| amount / step.base).into(),
            ]);
        }
        let groups = worked.layout.groups.iter();
        let groups: Vec<f64> = groups.map(|g| of_group(worked, step.parts, g)).collect();
        let label = format!("{}–{}", step.from, step.to);
        rows.push(worked.view_row(&label, step.base, step.change, &groups, false));
    }
    let mut head = worked.head("Step");
    head[1].label = format!("At the start ({})", worked.unit);
    table.with_view(View {
        head,
        rows,
        source: frame.source.clone(),
    })
}

/// What is beyond the national share, in percent of the first year of each step.
pub(super) fn figure(worked: &Worked<'_>, steps: &[ShiftShare]) -> Figure {
    let (frame, groups) = (worked.frame, worked.layout.beyond());
    let rows: Vec<Stack> = over_steps(worked, steps)
        .iter()
        .filter(|step| step.base > 0.0)
        .map(|step| Stack {
            label: format!("{}–{}", step.from, step.to),
            parts: groups
                .iter()
                .map(|g| 100.0 * of_group(worked, step.parts, g) / step.base)
                .collect(),
            role: Role::Other,
        })
        .collect();
    let labels: Vec<&str> = groups.iter().map(|g| g.label).collect();
    let net = |row: &&Stack| added(row.parts.iter().copied());
    let best = rows.iter().max_by(|a, b| net(a).total_cmp(&net(b)));
    let said = best.map_or_else(String::new, |row| {
        format!(
            " It was largest in {} ({} %).",
            row.label,
            styled(net(&row), Style::Signed(1))
        )
    });
    Figure {
        id: "steps".to_owned(),
        title: format!(
            "{}: growth beyond the national rate, step by step",
            frame.study.focus.name_en
        ),
        alt: format!(
            "Diverging bars of {} for {} steps from {} to {}, in percent of the start of each.{said}",
            listed(&labels),
            rows.len(),
            frame.from(),
            frame.to()
        ),
        source: frame.source.clone(),
        chart: Chart::Diverging {
            axis: Axis::new("Growth beyond the national rate", "% of the start of the step"),
            parts: labels.into_iter().map(str::to_owned).collect(),
            rows,
        },
    }
}
