//! Whatever is thrown at spatial statistics, they answer with finite numbers or a typed error.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use crate::thrown::{answer, call, cases};
use proptest::prelude::*;
use quyu_econometrics::inference::PermutationOptions;
use quyu_econometrics::space::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::strategies::{hostile, hostile_value};

#[track_caller]
fn finite(values: impl IntoIterator<Item = f64>) {
    for v in values {
        assert!(v.is_finite(), "{v}");
    }
}

fn analytic(a: Option<Analytic>) -> Vec<f64> {
    a.map_or(vec![], |a| {
        vec![a.expected, a.variance, a.z, a.p.two_sided, a.p.greater, a.p.less]
    })
}

fn local(tests: Result<Vec<Option<LocalTest>>, Error>) {
    for t in tests.into_iter().flatten().flatten() {
        finite([t.observed, t.mean, t.std_dev, t.z.unwrap_or(0.0), t.p.two_sided]);
    }
}

fn statistics(x: &[f64], w: &Weights) {
    let few = PermutationOptions {
        permutations: 19,
        exact_up_to: 6,
        ..Default::default()
    };
    for islands in [Islands::Drop, Islands::Keep] {
        if let Ok(m) = call(moran(x, w, islands)) {
            finite(
                [m.estimate, m.expected]
                    .into_iter()
                    .chain(analytic(m.normality))
                    .chain(analytic(m.randomisation)),
            );
        }
        if let Ok(c) = call(geary(x, w, islands)) {
            finite(
                [c.estimate]
                    .into_iter()
                    .chain(analytic(c.normality))
                    .chain(analytic(c.randomisation)),
            );
        }
        if let Ok(g) = call(general_g(x, w, islands)) {
            finite(
                [g.estimate, g.expected]
                    .into_iter()
                    .chain(analytic(g.randomisation)),
            );
        }
        for test in [
            call(moran_test(x, w, islands, &few)),
            call(geary_test(x, w, islands, &few)),
            call(moran_bivariate_test(x, x, w, islands, &few)),
        ]
        .into_iter()
        .flatten()
        {
            finite(
                test.values
                    .into_iter()
                    .chain([test.observed, test.p_value, test.mean, test.std_dev]),
            );
        }
        for scale in [LocalScale::N, LocalScale::NMinusOne] {
            let options = LocalMoranOptions { scale, islands };
            for l in call(local_moran(x, w, &options)).into_iter().flatten().flatten() {
                finite(
                    [l.estimate, l.z, l.lag]
                        .into_iter()
                        .chain(analytic(l.total))
                        .chain(analytic(l.conditional)),
                );
            }
            local(call(local_moran_test(x, w, &options, &few)));
            for l in call(local_moran_bivariate(x, x, w, &options))
                .into_iter()
                .flatten()
                .flatten()
            {
                finite([l.estimate, l.z, l.lag]);
            }
            local(call(local_moran_bivariate_test(x, x, w, &options, &few)));
            for l in call(local_geary(x, w, &options)).into_iter().flatten().flatten() {
                finite([l.estimate, l.z, l.lag]);
            }
            local(call(local_geary_test(x, w, &options, &few)));
        }
    }
    for kind in [LocalG::Gi, LocalG::GiStar(1.0), LocalG::GiStar(1e300)] {
        finite(call(local_g(x, w, kind)).into_iter().flatten().flatten());
        local(call(local_g_test(x, w, kind, &few)));
    }
    if let Ok(t) = call(general_g_test(x, w, &few)) {
        finite(t.values);
    }
    if let Ok(t) = call(gini_test(x, w, &few)) {
        finite(t.test.values.into_iter().chain([t.split.total]));
    }
    let marks: Vec<bool> = x.iter().map(|v| *v > 1.0).collect();
    if let Ok(j) = call(join_counts(&marks, w)) {
        for joins in [j.both, j.one, j.neither] {
            finite(
                [joins.count, joins.expected]
                    .into_iter()
                    .chain(analytic(joins.randomisation)),
            );
        }
    }
    for kind in [JoinKind::Both, JoinKind::One, JoinKind::Neither] {
        answer(join_counts_test(&marks, w, kind, &few));
    }
    answer(moran_bivariate(x, x, w, Islands::Drop));
    if let Ok(table) = Matrix::new(x, x.len(), 1) {
        answer(moran_residuals(x, table, w));
    }
    if let Ok(z) = call(standardised_rates(x, &vec![2.0; x.len()])) {
        finite(z);
    }
    let _ = call(false_discovery_threshold(x, 0.05));
    if let Ok(lag) = w.lag(x) {
        finite(lag);
    }
    for style in [
        Style::Binary,
        Style::Row,
        Style::Global,
        Style::Unit,
        Style::VarianceStabilising,
        Style::Spectral,
    ] {
        if let Ok(styled) = w.styled(style) {
            finite(styled.rows().2.iter().copied());
        }
    }
}

fn models(y: &[f64], x: &[f64], w: &Weights) {
    let Ok(x) = Matrix::new(x, x.len(), 1) else { return };
    if let Ok(t) = call(lagrange_tests(y, x, w)) {
        finite([t.lag.statistic, t.lag.p_value, t.error.statistic, t.error.p_value]);
        finite(
            [t.robust_lag, t.robust_error, t.both]
                .into_iter()
                .flatten()
                .map(|t| t.statistic),
        );
        t.choice(0.05);
    }
    for fit in [call(spatial_lag(y, x, w)), call(spatial_error(y, x, w))]
        .into_iter()
        .flatten()
    {
        let numbers = fit
            .coefficients
            .iter()
            .chain([&fit.spatial])
            .flat_map(|c| [c.estimate, c.std_error, c.z]);
        finite(numbers.chain([
            fit.log_likelihood,
            fit.variance,
            fit.aic,
            fit.likelihood_ratio.statistic,
        ]));
        finite(fit.residuals);
    }
}

fn weights(n: usize) -> impl Strategy<Value = Vec<(usize, usize, f64)>> {
    let weight = prop_oneof![6 => Just(1.0), 2 => 0.1f64..5.0, 1 => hostile_value()];
    prop::collection::vec((0..n + 1, 0..n + 1, weight), 0..3 * n + 2)
}

/// The links that [`Weights::new`] takes.
fn sound(n: usize, links: &[(usize, usize, f64)]) -> Vec<(usize, usize, f64)> {
    let mut kept: Vec<(usize, usize, f64)> = links
        .iter()
        .copied()
        .filter(|(i, j, w)| i != j && *i < n && *j < n && w.is_finite() && *w >= 0.0)
        .collect();
    kept.sort_by_key(|(i, j, _)| (*i, *j));
    kept.dedup_by_key(|(i, j, _)| (*i, *j));
    kept
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn any_links(links in weights(6)) {
        prop_assert!(call(Weights::new(6, &sound(6, &links))).is_ok());
        // A link of weight zero between two units is none, and may be there beside another.
        let none = |(i, j, w): &(usize, usize, f64)| *w == 0.0 && i != j && *i < 6 && *j < 6;
        let links_that_count: Vec<_> = links.iter().copied().filter(|link| !none(link)).collect();
        let all_sound = sound(6, &links_that_count).len() == links_that_count.len();
        prop_assert_eq!(call(Weights::new(6, &links)).is_ok(), all_sound);
    }

    #[test]
    fn any_values(x in hostile(9), y in hostile(9), links in weights(7)) {
        for n in [x.len().max(1), 7] {
            let w = call(Weights::new(n, &sound(n, &links))).unwrap();
            statistics(&x, &w);
            models(&x, &y, &w);
        }
    }

    #[test]
    fn finite_values_on_any_map(x in prop::collection::vec(hostile_value(), 7), y in prop::collection::vec(-4.0f64..4.0, 7), links in weights(7)) {
        let x: Vec<f64> = x.into_iter().map(|v| if v.is_finite() { v } else { 2.0 }).collect();
        let w = call(Weights::new(7, &sound(7, &links))).unwrap();
        statistics(&x, &w);
        models(&x, &y, &w);
        models(&y, &x, &w);
    }

    #[test]
    fn any_points(points in prop::collection::vec((hostile_value(), hostile_value()), 0..6), k in 0usize..7, band in hostile_value()) {
        for metric in [Metric::Planar, Metric::GreatCircle] {
            for pair in points.windows(2) {
                answer(distance(pair[0], pair[1], metric));
            }
            for ties in [Ties::First, Ties::All] {
                let found = call(nearest(&points, k, ties, metric));
                prop_assert!(found.is_err() || (1..points.len()).contains(&k));
            }
            for decay in [Decay::Binary, Decay::Power(2.0), Decay::Power(band)] {
                if let Ok(w) = call(distance_band(&points, None, band, decay, metric)) {
                    finite(w.rows().2.iter().copied());
                }
                let _ = call(distance_band(&points, Some(band), 1.0, decay, metric));
            }
        }
    }
}

/// Found by many cases: the variance of a local Moran was infinite.
#[test]
fn a_weight_whose_square_leaves_the_range() {
    let w = Weights::new(7, &[(0, 1, 6.95908695347941e153)]).unwrap();
    statistics(&[0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.01], &w);
}

#[test]
fn errors_name_what_is_wrong() {
    let w = Weights::contiguity(4, &[(0, 1), (1, 2), (2, 3)]).unwrap();
    let of = |x: &[f64]| moran(x, &w, Islands::Drop).unwrap_err();
    assert_eq!(
        of(&[1.0, f64::NAN, 2.0, 3.0]),
        Error::NotFinite {
            argument: "x",
            index: 1
        }
    );
    assert!(matches!(of(&[2.0; 4]), Error::Undefined { .. }));
    assert!(matches!(
        of(&[1.0; 3]),
        Error::Length {
            found: 3,
            expected: 4,
            ..
        }
    ));
    let alone = Weights::new(4, &[]).unwrap();
    assert!(matches!(
        moran(&[1.0, 2.0, 3.0, 4.0], &alone, Islands::Drop),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(alone.styled(Style::Row), Err(Error::Undefined { .. })));
    assert_eq!(
        general_g(&[1.0, -2.0, 0.0, 3.0], &w, Islands::Drop),
        Err(Error::Negative {
            argument: "x",
            index: 1,
            value: -2.0
        })
    );
    assert!(matches!(
        join_counts(&[true; 4], &w),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        Weights::new(2, &[(1, 1, 1.0)]),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(Weights::new(0, &[]), Err(Error::Empty { .. })));
    let none = PermutationOptions {
        permutations: 0,
        exact_up_to: 0,
        ..Default::default()
    };
    assert!(matches!(
        moran_test(&[1.0, 2.0, 3.0, 5.0], &w, Islands::Drop, &none),
        Err(Error::Domain { .. })
    ));
}
