//! Gerfin's factors: growth beside the reference as a product.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Point, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{AnalysisError, Cell, Column, Findings, Head, Shown, Style, Table, View, ViewRow};
use quyu_econometrics::Error;
use quyu_econometrics::shift_share::{self as numerics, Gerfin};

use super::explain::Asked;
use super::parts::{role, year};
use super::years::{matrices, peer_rows, yearly};
use super::{ENTRY, ShiftShare};
use crate::frame::Frame;

/// Factors under the names of results.
pub(super) fn named(factors: &Gerfin) -> [(&'static str, f64); 3] {
    [
        ("net-shift", factors.net_shift),
        ("industry-mix", factors.industry_mix),
        ("regional", factors.regional),
    ]
}

/// One line of the table: a region, or the focus as a whole.
struct Row {
    region: String,
    name: String,
    /// One for each step, or one for the whole period.
    steps: Vec<Gerfin>,
    /// The whole period, or the geometric mean of the steps.
    all: Gerfin,
    role: Role,
}

pub(super) fn findings(
    analysis: &ShiftShare,
    asked: &Asked<'_, '_>,
    dynamic: bool,
) -> Result<Findings, AnalysisError> {
    let frame = asked.frame;
    let regions = work(asked, dynamic)?;
    let mut rows: Vec<Row> = Vec::new();
    for (r, (steps, all)) in regions.into_iter().enumerate() {
        rows.push(Row {
            region: frame.regions[r].to_string(),
            name: frame.region(r),
            steps,
            all,
            role: role(frame, r),
        });
    }
    rows.extend(pooled(asked, dynamic)?);
    let label = lower_first(&frame.study.atlas.codebook.label(&analysis.value));
    let mut tables = vec![main(frame, &rows, &label, dynamic)];
    if dynamic {
        tables.push(steps(frame, &rows, &label));
    }
    Ok(Findings {
        tables,
        figures: vec![figure(frame, &rows, dynamic)],
        notes: analysis.notes(frame)?,
    })
}

type Factors = (Vec<Gerfin>, Gerfin);

/// The factors of every region.
fn work(asked: &Asked<'_, '_>, dynamic: bool) -> Result<Vec<Factors>, AnalysisError> {
    let tables = matrices(asked)?;
    let last = tables.len() - 1;
    if !dynamic {
        let found = numerics::gerfin(tables[0], tables[last], asked.reference(0, last));
        let found = found.map_err(|e| asked.explain(e))?;
        return Ok(found.into_iter().map(|g| (vec![g], g)).collect());
    }
    let rows = peer_rows(asked);
    let found = numerics::gerfin_dynamic(&tables, yearly(asked, &rows)?).map_err(|error: Error| {
        let failing = (1..tables.len())
            .find(|&t| numerics::gerfin(tables[t - 1], tables[t], asked.reference(t - 1, t)).is_err());
        asked.explain_step(error, failing.map_or(0, |t| t - 1))
    })?;
    let of = |r: usize| found.yearly.iter().map(|year| year[r]).collect();
    Ok(found
        .mean
        .iter()
        .enumerate()
        .map(|(r, mean)| (of(r), *mean))
        .collect())
}

/// A focus of several regions as one region, unless it is everybody beside itself.
fn pooled(asked: &Asked<'_, '_>, dynamic: bool) -> Result<Option<Row>, AnalysisError> {
    let frame = asked.frame;
    let rows = frame.focus_rows();
    let others: Vec<usize> = (0..frame.regions.len()).filter(|r| !rows.contains(r)).collect();
    if rows.len() < 2 || (others.is_empty() && asked.peers.is_none()) {
        return Ok(None);
    }
    // The focus as the first region, everybody else as the second: nation and rest are what they were.
    let parts: Vec<&[usize]> = [&rows[..], &others[..]]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect();
    let both = |table: &Vec<f64>| parts.iter().flat_map(|p| frame.pooled(table, p)).collect();
    let joined = Frame {
        study: frame.study,
        analysis: frame.analysis,
        terms: frame.terms.clone(),
        regions: parts.iter().map(|p| frame.regions[p[0]].clone()).collect(),
        years: frame.years.clone(),
        value: frame.value.iter().map(both).collect(),
        employment: Vec::new(),
        notes: Vec::new(),
        source: String::new(),
    };
    let asked = Asked {
        frame: &joined,
        compare: asked.compare,
        peers: asked.peers,
    };
    let (steps, all) = work(&asked, dynamic)?.swap_remove(0);
    let focus = &frame.study.focus;
    Ok(Some(Row {
        region: focus.id.clone(),
        name: focus.name_en.clone(),
        steps,
        all,
        role: Role::Focus,
    }))
}

fn columns() -> Vec<Column> {
    vec![
        Column::key(C::Region),
        Column::key(C::Name),
        Column::key(C::From),
        Column::key(C::To),
        Column::key(C::Component),
        Column::of(C::Estimate, "1"),
    ]
}

fn main(frame: &Frame<'_>, rows: &[Row], label: &str, dynamic: bool) -> Table {
    let kind = if dynamic {
        ", geometric means of the steps"
    } else {
        ""
    };
    let mut table = Table::new(
        ENTRY.id,
        format!(
            "Factors of growth of {label} beside the reference, {}{kind}",
            frame.span()
        ),
        columns(),
    );
    let mut view = Vec::new();
    for row in rows {
        for (name, factor) in named(&row.all) {
            table.push(line(row, year(frame.from()), year(frame.to()), name, factor));
        }
        let mut cells = vec![Shown::Text(row.name.clone())];
        cells.extend(named(&row.all).map(|(_, x)| Shown::Number(x, Style::Fixed(3))));
        view.push(ViewRow {
            cells,
            strong: row.role == Role::Focus,
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Region"),
            Head::number("Net shift (factor)"),
            Head::number("Industry mix (factor)"),
            Head::number("Regional (factor)"),
        ],
        rows: view,
        source: frame.source.clone(),
    })
}

fn line(row: &Row, from: Cell, to: Cell, name: &str, factor: f64) -> Vec<Cell> {
    vec![
        row.region.clone().into(),
        row.name.clone().into(),
        from,
        to,
        name.into(),
        factor.into(),
    ]
}

/// Every step of every region.
fn steps(frame: &Frame<'_>, rows: &[Row], label: &str) -> Table {
    let mut table = Table::new(
        "steps",
        format!("Factors of growth of {label} beside the reference, step by step"),
        columns(),
    );
    for row in rows {
        for (pair, factors) in frame.years.windows(2).zip(&row.steps) {
            for (name, factor) in named(factors) {
                table.push(line(row, year(pair[0]), year(pair[1]), name, factor));
            }
        }
    }
    table
}

fn figure(frame: &Frame<'_>, rows: &[Row], dynamic: bool) -> Figure {
    let points = rows
        .iter()
        .map(|row| Point {
            label: row.name.clone(),
            x: row.all.industry_mix,
            y: row.all.regional,
            group: 0,
            role: row.role,
        })
        .collect();
    let net = |row: &&Row| row.all.net_shift;
    let best = rows.iter().max_by(|a, b| net(a).total_cmp(&net(b)));
    let said = best.map_or_else(String::new, |row| {
        format!(
            " {} grew most beside the reference (factor {}).",
            row.name,
            styled(row.all.net_shift, Style::Fixed(2))
        )
    });
    let means = if dynamic {
        " Geometric means of the steps."
    } else {
        ""
    };
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!("Industry mix and regional factor, {}", frame.span()),
        alt: format!(
            "Scatter of the factor of industry mix against the regional factor of {} regions; above 1 is favourable.{said}{means}",
            rows.len()
        ),
        source: frame.source.clone(),
        chart: Chart::Scatter {
            x: Axis::new("Industry mix", "factor"),
            y: Axis::new("Regional factor", "factor"),
            groups: Vec::new(),
            points,
            over: quyu_core::figure::Over::default(),
        },
    }
}
