//! What local statistics share: a row a region, and how many of the finds are false.

use quyu_core::ColumnName as C;
use quyu_core::{Column, Head, Note, NoteKind, Shown, Study, Style, Table, View, ViewRow};
use quyu_econometrics::space::LocalTest;

use crate::map::Map;

/// The level at which a region is shown.
pub(crate) const LEVEL: f64 = 0.05;

/// A local statistic as it is shown.
pub(crate) struct LocalLine {
    pub(crate) kind: &'static str,
    pub(crate) estimate: Option<f64>,
    pub(crate) test: Option<LocalTest>,
    pub(crate) p: Option<f64>,
}

impl LocalLine {
    /// A region without neighbours.
    pub(crate) fn island() -> Self {
        Self {
            kind: "no neighbours",
            estimate: None,
            test: None,
            p: None,
        }
    }
}

/// How many regions are significant, and how many if the share of false finds is held.
pub(crate) fn said(p: &[f64], threshold: Option<f64>) -> Note {
    let significant = p.iter().filter(|p| **p <= LEVEL).count();
    let corrected = match threshold {
        None => "none".to_owned(),
        Some(threshold) => p.iter().filter(|p| **p <= threshold).count().to_string(),
    };
    Note::new(
        NoteKind::Method,
        format!(
            "{significant} of {} regions have p up to {LEVEL}; {corrected} if the expected share of false finds is held at 5 %.",
            p.len()
        ),
    )
}

pub(crate) fn local_table(
    study: &Study,
    map: &Map,
    id: &str,
    title: String,
    name: &str,
    lines: &[LocalLine],
) -> Table {
    let columns = [
        C::Region,
        C::Name,
        C::Value,
        C::Group,
        C::Estimate,
        C::Expected,
        C::StdError,
        C::Z,
        C::PValue,
    ];
    let mut table = Table::new(id, title, columns.map(Column::key).to_vec());
    let mut rows = Vec::new();
    for ((region, line), value) in map.block.regions.iter().zip(lines).zip(map.block.column(0, 0)) {
        let label = study.atlas.regions.label(region);
        let z = line.test.and_then(|t| t.z);
        table.push(vec![
            region.to_string().into(),
            label.clone().into(),
            (*value).into(),
            line.kind.into(),
            line.estimate.into(),
            line.test.map(|t| t.mean).into(),
            line.test.map(|t| t.std_dev).into(),
            z.into(),
            line.p.into(),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(label),
                Shown::Text(line.kind.to_owned()),
                Shown::maybe(line.estimate, Style::Fixed(3)),
                Shown::maybe(z, Style::Signed(2)),
                Shown::maybe(line.p, Style::P),
            ],
            strong: line.p.is_some_and(|p| p <= LEVEL),
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Region"),
            Head::text("Kind (region - neighbours)"),
            Head::number(name),
            Head::number("z"),
            Head::number("p (permutation)"),
        ],
        rows,
        source: map.block.source.clone(),
    })
}
