//! Tables beside a spatial regression: tests of the least squares, and what is left by region.

use quyu_core::ColumnName as C;
use quyu_core::{Cell, Column, Head, Shown, Style, Table, View, ViewRow};
use quyu_econometrics::regression::ChiSquareTest;

use crate::regression::Worked;

/// Tests of the least squares: what they are called in the CSV and for readers.
pub(crate) fn tests(worked: &Worked<'_>) -> Table {
    let chi = |test: ChiSquareTest| (test.statistic, test.p_value);
    let t = &worked.tests;
    let lines = [
        ("lm-lag", "LM, lag", Some(chi(t.lag))),
        ("robust-lm-lag", "Robust LM, lag", t.robust_lag.map(chi)),
        ("lm-error", "LM, errors", Some(chi(t.error))),
        ("robust-lm-error", "Robust LM, errors", t.robust_error.map(chi)),
        ("sarma", "LM, both (SARMA)", t.both.map(chi)),
    ];
    let columns = [C::Statistic, C::Estimate, C::Expected, C::Z, C::PValue];
    let title = format!(
        "{}: tests of spatial dependence in the least squares",
        worked.title
    );
    let mut table = Table::new("tests", title, columns.map(Column::key).to_vec());
    let moran = &worked.moran;
    let z = moran.normality.map(|n| n.z);
    let p = moran.normality.map(|n| n.p.two_sided);
    table.push(vec![
        "moran".into(),
        moran.estimate.into(),
        moran.expected.into(),
        z.into(),
        p.into(),
    ]);
    let row = |label: &str, value: Option<f64>, p: Option<f64>| ViewRow {
        cells: vec![
            Shown::Text(label.to_owned()),
            Shown::maybe(value, Style::Fixed(3)),
            Shown::maybe(p, Style::P),
        ],
        strong: false,
    };
    let mut rows = vec![row("Moran's I of the residuals", Some(moran.estimate), p)];
    for (id, label, test) in lines {
        let (statistic, p) = test.unzip();
        table.push(vec![
            id.into(),
            statistic.into(),
            Cell::Missing,
            Cell::Missing,
            p.into(),
        ]);
        rows.push(row(label, statistic, p));
    }
    table.with_view(View {
        head: vec![Head::text("Test"), Head::number("Statistic"), Head::number("p")],
        rows,
        source: worked.map.block.source.clone(),
    })
}

/// What is explained, and what is left, by region.
pub(crate) fn regions(worked: &Worked<'_>) -> Table {
    let columns = [C::Region, C::Name, C::Value, C::Estimate];
    let title = format!("{}: what was explained, and residuals", worked.title);
    let mut table = Table::new("regions", title, columns.map(Column::key).to_vec());
    let residuals = worked
        .spatial
        .as_ref()
        .map_or(&worked.ols.residuals, |fit| &fit.residuals);
    for ((region, y), residual) in worked.map.block.regions.iter().zip(&worked.y).zip(residuals) {
        table.push(vec![
            region.to_string().into(),
            worked.study.atlas.regions.label(region).into(),
            (*y).into(),
            (*residual).into(),
        ]);
    }
    table
}
