//! Whatever is thrown at an index, it answers with a finite number or a typed error.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use crate::thrown::{answer, call, cases};
use proptest::prelude::*;
use quyu_econometrics::disparity::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

#[track_caller]
fn finite(result: Result<f64, Error>) {
    if let Ok(value) = result {
        assert!(value.is_finite(), "{value}");
    }
}

fn all(x: &[f64], w: Option<&[f64]>, alpha: f64) {
    let negative = [Negative::Error, Negative::Allow];
    let corrections = [
        Correction::None,
        Correction::EffectiveSample,
        Correction::WithoutSelf,
    ];
    for (correction, negative) in corrections.iter().flat_map(|c| negative.map(|n| (*c, n))) {
        finite(call(gini(x, w, &GiniOptions { correction, negative })));
    }
    for ddof in 0..3 {
        for normalisation in [Normalisation::None, Normalisation::Maximum, Normalisation::Reat] {
            finite(call(cv(
                x,
                w,
                &CvOptions {
                    ddof,
                    normalisation,
                    negative: Negative::Allow,
                },
            )));
        }
    }
    finite(call(theil_t(x, w)));
    finite(call(mld(x, w)));
    finite(call(ge(x, w, alpha)));
    finite(call(hoover(x, w)));
    more(x, w, alpha);
    if let Some(w) = w {
        finite(call(williamson(x, w)));
        finite(call(williamson_unweighted(x, w)));
        finite(call(hoover_between(x, w)));
    }
    if let Ok(curve) = call(lorenz(x, w)) {
        assert!(
            curve
                .cum_weight
                .iter()
                .chain(&curve.cum_share)
                .all(|v| v.is_finite())
        );
        finite(curve.at(alpha));
        finite(curve.at(0.5));
    }
}

/// The indices that take a parameter or have no weights.
fn more(x: &[f64], w: Option<&[f64]>, p: f64) {
    for epsilon in [0.0, 0.5, 1.0, 1.0 + 1e-12, 2.0, 100.0, p] {
        finite(call(atkinson(x, w, epsilon)));
    }
    for nu in [1.0, 2.0, 7.5, p] {
        finite(call(s_gini(x, w, nu)));
        finite(call(concentration(x, x, w, nu)));
        finite(call(concentration(x, w.unwrap_or(x), None, nu)));
    }
    for alpha in [1e-300, 1e-9, 1.0, 1e9, p] {
        finite(call(kolm(x, w, alpha)));
    }
    for q in [0.0, 0.25, 0.5, 1.0, p] {
        finite(call(quantile(x, w, q)));
        finite(call(quantile_ratio(x, w, q, 0.5)));
        finite(call(top_bottom_ratio(x, w, q, 0.3)));
    }
    for centre in [LogCentre::MeanOfLogs, LogCentre::LogOfMean] {
        finite(call(variance_of_logs(x, w, centre)));
    }
    finite(call(quintile_share_ratio(x, w)));
    finite(call(palma(x, w)));
    finite(call(wolfson(x, w, WolfsonScale::Wolfson1994)));
    finite(call(coulter(x, w)));
    finite(call(dalton(x, w)));
    finite(call(rosenbluth(x)));
    finite(call(generalised_herfindahl(x, p)));
    if let Ok(h) = call(herfindahl(x)) {
        assert!(h.hhi.is_finite() && h.equivalent.is_finite() && h.normalised.is_none_or(f64::is_finite));
    }
    if let Ok(e) = call(share_entropy(x)) {
        assert!([e.nats, e.bits, e.equivalent].iter().all(|v| v.is_finite()));
    }
    if let Some(w) = w {
        finite(call(esteban_ray(x, w, 1.3)));
        finite(call(esteban_ray(x, w, p)));
    }
    if let Ok(rest) = call(drop_missing(x, w)) {
        assert!(rest.x.iter().all(|v| !v.is_nan()));
    }
    if let (Ok(a), Ok(b)) = (call(lorenz(x, w)), call(lorenz(x, None))) {
        a.dominance(&b, p);
        a.generalised_dominance(&b, 0.0);
    }
}

#[track_caller]
fn finite_all(values: impl IntoIterator<Item = f64>) {
    for v in values {
        assert!(v.is_finite(), "{v}");
    }
}

/// Every decomposition by groups.
fn groups_of(x: &[f64], w: Option<&[f64]>, g: &[usize], n: usize, p: f64) {
    finite_split(call(decompose_ge(x, w, g, n, p)));
    for alpha in [0.0, 1.0, 2.0] {
        finite_split(call(decompose_ge(x, w, g, n, alpha)));
        finite(call(max_between_ge(x, w, g, n, alpha)));
        if let Ok(s) = call(decompose_nested(x, w, g, n, g, n, alpha)) {
            finite_all([
                s.total,
                s.between_regions,
                s.between_provinces,
                s.within_provinces,
            ]);
        }
        if let Ok(s) = call(decompose_two_way(x, w, g, n, g, n, alpha)) {
            finite_all([
                s.total,
                s.between_first,
                s.between_second,
                s.interaction,
                s.within_cells,
            ]);
        }
    }
    let rows = |rows: &[GiniGroup]| {
        rows.iter().for_each(|g| {
            finite_all([
                g.population_share,
                g.income_share,
                g.within,
                g.index.unwrap_or(0.0),
            ])
        });
    };
    if let Ok(s) = call(decompose_gini_dagum(x, w, g, n)) {
        finite_all([s.total, s.within, s.net_between, s.transvariation]);
        s.pairs
            .iter()
            .for_each(|p| finite_all([p.gini, p.affluence, p.net_between, p.transvariation]));
        rows(&s.groups);
    }
    if let Ok(s) = call(decompose_gini_residual(x, w, g, n)) {
        finite_all([s.total, s.within, s.between, s.overlap]);
        rows(&s.groups);
    }
    if let Ok(s) = call(decompose_gini_yitzhaki(x, w, g, n)) {
        finite_all([s.total, s.within, s.between, s.stratification]);
        finite_all(s.strata);
        rows(&s.groups);
    }
    if let Ok(s) = call(individual_gini(x, w, g, n)) {
        finite_all(s.g.into_iter().chain(s.within).chain(s.between));
    }
    for epsilon in [0.5, 1.0, 3.0, p] {
        if let Ok(s) = call(decompose_atkinson(x, w, g, n, epsilon)) {
            finite_all([
                s.total,
                s.ede.within,
                s.ede.between,
                s.ede.cross,
                s.means.within,
                s.means.between,
            ]);
            finite_all(
                s.das_parikh
                    .into_iter()
                    .flat_map(|p| [p.within, p.between, p.residual]),
            );
        }
    }
    for players in 0..4 {
        answer(shapley(players, |taken| {
            let kept = |i: &usize| taken.get(i % 4) == Some(&true);
            call(hoover(
                &(0..x.len()).filter(kept).map(|i| x[i]).collect::<Vec<_>>(),
                None,
            ))
        }));
    }
    let mut running: Vec<RunningGroup> = [0.0, 1.0, p].iter().flat_map(|a| RunningGroup::new(*a)).collect();
    for group in &mut running {
        let _ = call(group.push(x, w));
        answer(decompose_ge_groups(&[group.clone(), group.clone()]));
    }
    let year = Year { x, w, groups: g };
    if let Ok(c) = call(mld_change(
        year,
        Year {
            x,
            w: None,
            groups: g,
        },
        n,
    )) {
        finite_all([
            c.from,
            c.to,
            c.change,
            c.within,
            c.population_within,
            c.population_between,
            c.means,
        ]);
        finite_all([
            c.approximation.population_between,
            c.approximation.means,
            c.approximation.error,
        ]);
    }
    let edges: Vec<(usize, usize)> = g.iter().enumerate().map(|(i, l)| (i, *l)).collect();
    if let Ok(s) = call(spatial_gini(x, &edges)) {
        finite_all([s.total, s.neighbours, s.others, s.share_of_others.unwrap_or(0.0)]);
    }
}

fn sources_of(data: &[f64], cols: usize, w: Option<&[f64]>) {
    let Ok(m) = Matrix::new(data, data.len() / cols, cols) else {
        return;
    };
    if let Ok(s) = call(gini_by_source(m, w)) {
        finite_all([s.total]);
        for s in s.sources {
            let options = [s.gini, s.correlation, s.relative, s.elasticity, s.marginal];
            finite_all(
                [s.share, s.absolute]
                    .into_iter()
                    .chain(options.into_iter().flatten()),
            );
        }
    }
    if let Ok(s) = call(shorrocks_shares(m, w)) {
        finite_all(s);
    }
    for absent in [Absent::Mean, Absent::Zero] {
        if let Ok(s) = call(shapley_sources(m, w, absent, |x, w| {
            call(gini(x, w, &GiniOptions::default()))
        })) {
            finite_all(s);
        }
    }
    let terms: Vec<usize> = (0..cols).collect();
    if let Ok(s) = call(fields(&m.col(0), m, &terms, cols, w)) {
        finite_all(
            s.shares
                .into_iter()
                .chain(s.coefficients)
                .chain([s.residual, s.variance]),
        );
    }
    if cols > 1 {
        let y: Vec<f64> = (0..m.rows()).map(|i| m.at(i, 0) - 2.0 * m.at(i, 1)).collect();
        if let Ok(s) = call(fields(&y, m, &terms, cols, w)) {
            finite_all(
                s.shares
                    .into_iter()
                    .chain(s.coefficients)
                    .chain([s.residual, s.variance]),
            );
        }
    }
}

fn finite_split(split: Result<GeDecomposition, Error>) {
    if let Ok(s) = split {
        for g in &s.groups {
            let values = [
                g.population_share,
                g.income_share,
                g.relative_mean,
                g.within,
                g.between,
            ];
            assert!(
                values.iter().all(|v| v.is_finite()) && g.index.is_none_or(f64::is_finite),
                "{g:?}"
            );
        }
        assert!(
            [s.total, s.within, s.between].iter().all(|v| v.is_finite()),
            "{s:?}"
        );
    }
}

/// Values and weights in two parts, as often as makes them many.
fn in_parts(x: &[f64], w: &[f64]) {
    let often = 40_000 / x.len().max(1);
    let (x, w) = (x.repeat(often), w.repeat(often));
    let (mut sorted, mut with) = (x.clone(), w.clone());
    let at = x.len() / 3;
    let (low, high) = sorted.split_at_mut(at);
    let (w_low, w_high) = with.split_at_mut(at.min(w.len()));
    let part = |x, w| Part { x, w: Some(w) };
    let found = call(gini_of_parts(&mut [part(low, w_low), part(high, w_high)]));
    match (found, gini(&x, Some(&w), &GiniOptions::default())) {
        (Ok(found), Ok(expected)) => assert!((found - expected).abs() < 1e-12, "{found} {expected}"),
        // Of two things that are wrong, each may tell another.
        (Err(_), Err(_)) => {}
        (found, expected) => panic!("{found:?}, {expected:?}"),
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn hostile_values_in_parts(x in hostile(8), w in hostile(8)) {
        in_parts(&x, &w);
        in_parts(&x, &vec![1.0; x.len()]);
    }

    #[test]
    fn extreme_sizes_in_parts(x in extreme(1..8), by in 0usize..8) {
        let mut w = x.clone();
        w.rotate_left(by % x.len());
        in_parts(&x, &w);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn indices(x in hostile(8), w in hostile(8), alpha in hostile_value()) {
        all(&x, None, alpha);
        all(&x, Some(&w), alpha);
        all(&x, Some(&vec![1.0; x.len()]), alpha);
    }

    #[test]
    fn extreme_sizes(x in extreme(1..8), alpha in -3.0f64..3.0, by in 0usize..8) {
        let mut w = x.clone();
        w.rotate_left(by % x.len());
        all(&x, None, alpha);
        all(&x, Some(&w), alpha);
    }

    #[test]
    fn decompositions(x in hostile(8), w in hostile(8), g in prop::collection::vec(0usize..4, 0..8), p in hostile_value()) {
        groups_of(&x, None, &g, 3, p);
        groups_of(&x, Some(&w), &g, 3, p);
        let g: Vec<usize> = (0..x.len()).map(|i| i % 3).collect();
        groups_of(&x, Some(&vec![1.0; x.len()]), &g, 3, p);
        groups_of(&x, None, &g, 0, p);
    }

    #[test]
    fn decompositions_of_extreme_sizes(x in extreme(1..8), g in prop::collection::vec(0usize..3, 8), p in -3.0f64..3.0, by in 0usize..8) {
        let mut w = x.clone();
        w.rotate_left(by % x.len());
        groups_of(&x, None, &g[..x.len()], 3, p);
        groups_of(&x, Some(&w), &g[..x.len()], 3, p);
    }

    #[test]
    fn sources(data in hostile(13), w in hostile(6), cols in 1usize..4) {
        let rows = data.len() / cols;
        sources_of(&data[..rows * cols], cols, None);
        sources_of(&data[..rows * cols], cols, Some(&w));
        sources_of(&data[..rows * cols], cols, Some(&vec![2.0; rows]));
    }

    #[test]
    fn sources_of_extreme_sizes(data in extreme(1..13), cols in 1usize..4) {
        let rows = data.len() / cols;
        sources_of(&data[..rows * cols], cols, None);
        sources_of(&data[..rows * cols], cols, Some(&data[..rows]));
    }
}

#[test]
fn errors_name_the_offender() {
    let index = GiniOptions::default();
    assert_eq!(gini(&[], None, &index), Err(Error::Empty { argument: "x" }));
    assert_eq!(
        gini(&[1.0, f64::NAN], None, &index),
        Err(Error::NotFinite {
            argument: "x",
            index: 1
        })
    );
    assert_eq!(
        gini(&[1.0], Some(&[1.0, 2.0]), &index),
        Err(Error::Length {
            argument: "w",
            found: 2,
            expected: 1
        })
    );
    let negative = Error::Negative {
        argument: "w",
        index: 0,
        value: -1.0,
    };
    assert_eq!(gini(&[1.0], Some(&[-1.0]), &index), Err(negative));
    assert_eq!(
        gini(&[1.0], Some(&[0.0]), &index),
        Err(Error::Undefined {
            reason: "all weights are zero"
        })
    );
    assert!(matches!(
        ge(&[1.0], None, f64::NAN),
        Err(Error::Domain { option: "alpha", .. })
    ));
    let label = Error::Label {
        argument: "groups",
        index: 1,
        found: 2,
        limit: 2,
    };
    assert_eq!(decompose_ge(&[1.0, 2.0], None, &[0, 2], 2, 1.0), Err(label));
    assert!(matches!(
        cv(
            &[1.0, 2.0],
            Some(&[1.0, 1.0]),
            &CvOptions {
                ddof: 1,
                ..Default::default()
            }
        ),
        Err(Error::Domain { .. })
    ));
}
