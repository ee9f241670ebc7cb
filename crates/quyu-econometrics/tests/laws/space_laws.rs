//! Laws of spatial weights and of the statistics of neighbours.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::inference::{PermutationOptions, PermutationTest};
use quyu_econometrics::space::*;
use quyu_testkit::{Tolerance, adds_up, close};

/// Links of random weight: about `share` of all, at least one.
fn links(n: usize) -> impl Strategy<Value = Vec<(usize, usize, f64)>> {
    prop::collection::vec((0.1f64..3.0, any::<bool>(), any::<bool>()), n * n).prop_map(move |cells| {
        let mut links = vec![(0, 1, 1.0), (n - 1, 0, 0.5)];
        for (c, (w, a, b)) in cells.into_iter().enumerate() {
            let (i, j) = (c / n, c % n);
            if a && b && i != j && (i, j) != (0, 1) && (i, j) != (n - 1, 0) {
                links.push((i, j, w));
            }
        }
        links
    })
}

/// Values that are not all equal.
fn values(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        prop_oneof![2 => -5.0f64..20.0, 1 => (0u8..4).prop_map(f64::from)],
        n,
    )
    .prop_filter("not all equal", |x| x.iter().any(|v| (v - x[0]).abs() > 0.01))
}

fn map(n: usize) -> impl Strategy<Value = (Vec<f64>, Vec<(usize, usize, f64)>)> {
    (values(n), links(n))
}

fn near(a: f64, b: f64) -> bool {
    close(a, b, Tolerance { rel: 1e-9, abs: 1e-9 })
}

/// Moments over all orders are those of the formula.
fn agrees(all: &PermutationTest, expected: f64, analytic: Option<Analytic>) -> bool {
    let spread = analytic.map_or(0.0, |a| a.variance);
    all.exact
        && near(all.mean, expected)
        && close(
            all.std_dev * all.std_dev,
            spread,
            Tolerance { rel: 1e-8, abs: 1e-9 },
        )
}

/// Every order of the values of units other than `fixed`.
fn orders(n: usize, fixed: Option<usize>) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for place in 0..n {
        let mut longer = Vec::new();
        for order in &all {
            for unit in (0..n).filter(|u| !order.contains(u)) {
                let stays = fixed.is_none_or(|f| (f == place) == (f == unit));
                if stays {
                    longer.push(order.iter().copied().chain([unit]).collect());
                }
            }
        }
        all = longer;
    }
    all
}

fn exact() -> PermutationOptions {
    PermutationOptions::default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn moments_are_those_of_all_orders((x, links) in map(5)) {
        let w = Weights::new(5, &links).unwrap();
        let keep = Islands::Keep;
        let found = moran(&x, &w, keep).unwrap();
        prop_assert!(agrees(&moran_test(&x, &w, keep, &exact()).unwrap(), found.expected, found.randomisation));
        let found = geary(&x, &w, keep).unwrap();
        prop_assert!(agrees(&geary_test(&x, &w, keep, &exact()).unwrap(), 1.0, found.randomisation));
        let positive: Vec<f64> = x.iter().map(|v| v + 6.0).collect();
        let found = general_g(&positive, &w, keep).unwrap();
        prop_assert!(agrees(&general_g_test(&positive, &w, &exact()).unwrap(), found.expected, found.randomisation));
    }

    #[test]
    fn joins_have_the_moments_of_all_orders(marks in prop::collection::vec(any::<bool>(), 6), links in links(6)) {
        let w = Weights::new(6, &links).unwrap();
        let Ok(found) = join_counts(&marks, &w) else {
            prop_assert!(marks.iter().all(|m| *m == marks[0]));
            return Ok(());
        };
        let kinds = [(JoinKind::Both, found.both), (JoinKind::One, found.one), (JoinKind::Neither, found.neither)];
        for (kind, joins) in kinds {
            let all = join_counts_test(&marks, &w, kind, &exact()).unwrap();
            prop_assert!(agrees(&all, joins.expected, joins.randomisation), "{kind:?}");
            prop_assert!((all.observed - joins.count).abs() < 1e-12);
        }
        prop_assert!(adds_up(found.total, &[found.both.count, found.one.count, found.neither.count]));
    }

    #[test]
    fn local_moments_are_those_of_all_orders((x, links) in map(5), unit in 0usize..5) {
        let w = Weights::new(5, &links).unwrap();
        let options = LocalMoranOptions { islands: Islands::Keep, ..Default::default() };
        let found = local_moran(&x, &w, &options).unwrap()[unit].unwrap();
        for (fixed, analytic) in [(None, found.total), (Some(unit), found.conditional)] {
            let all: Vec<f64> = orders(5, fixed)
                .iter()
                .map(|order| {
                    let y: Vec<f64> = order.iter().map(|i| x[*i]).collect();
                    local_moran(&y, &w, &options).unwrap()[unit].unwrap().estimate
                })
                .collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let variance = all.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / all.len() as f64;
            match analytic {
                Some(a) => prop_assert!(near(mean, a.expected) && near(variance, a.variance)),
                None => prop_assert!(variance < 1e-9),
            }
        }
    }

    #[test]
    fn conditional_permutations_have_the_conditional_moments((x, links) in map(7)) {
        let w = Weights::new(7, &links).unwrap();
        let options = LocalMoranOptions::default();
        let random = PermutationOptions { permutations: 2_000, ..Default::default() };
        let tests = local_moran_test(&x, &w, &options, &random).unwrap();
        for (test, local) in tests.iter().zip(local_moran(&x, &w, &options).unwrap()) {
            prop_assert_eq!(test.is_some(), local.is_some());
            let (Some(test), Some(local)) = (test, local) else { continue };
            prop_assert!(near(test.observed, local.estimate));
            let Some(moments) = local.conditional else { continue };
            // Six standard errors of a mean of 2,000.
            let error = moments.variance.sqrt() / 2_000f64.sqrt();
            prop_assert!((test.mean - moments.expected).abs() < 6.0 * error + 1e-12);
            let ratio = test.std_dev * test.std_dev / moments.variance;
            prop_assert!((0.6..1.5).contains(&ratio), "{}", ratio);
            prop_assert!(test.p.greater + test.p.less >= 1.0 && test.p.two_sided <= 1.0);
        }
        // Gi is the lag of the others: the same draws, the same counts where the own value is above the mean.
        let spots = local_g_test(&x, &w, LocalG::Gi, &random).unwrap();
        for (spot, local) in spots.iter().zip(&tests) {
            if let (Some(spot), Some(local)) = (spot, local) && local.observed * spot.observed > 0.0 {
                prop_assert!((spot.p.greater - local.p.greater).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn unit_origin_and_order_do_not_matter((x, links) in map(8), turn in 1usize..8) {
        let w = Weights::new(8, &links).unwrap();
        let moved: Vec<f64> = x.iter().map(|v| 3.0 * v - 40.0).collect();
        let scaled: Vec<_> = links.iter().map(|(i, j, w)| (*i, *j, 7.0 * w)).collect();
        let scaled = Weights::new(8, &scaled).unwrap();
        let place = |i: usize| (i + turn) % 8;
        let turned: Vec<_> = links.iter().map(|(i, j, w)| (place(*i), place(*j), *w)).collect();
        let turned = Weights::new(8, &turned).unwrap();
        let mut y = x.clone();
        (0..8).for_each(|i| y[place(i)] = x[i]);
        for islands in [Islands::Drop, Islands::Keep] {
            let all = |x: &[f64], w: &Weights| {
                let (i, c) = (moran(x, w, islands).unwrap(), geary(x, w, islands).unwrap());
                [i.estimate, i.normality.map_or(0.0, |a| a.z), i.randomisation.map_or(0.0, |a| a.z),
                 c.estimate, c.normality.map_or(0.0, |a| a.z), c.randomisation.map_or(0.0, |a| a.z)]
            };
            let own = all(&x, &w);
            for other in [all(&moved, &w), all(&x, &scaled), all(&y, &turned)] {
                prop_assert!(own.iter().zip(other).all(|(a, b)| near(*a, b)), "{:?} {:?}", own, other);
            }
        }
        let gi = local_g(&x, &w, LocalG::Gi).unwrap();
        for (other, at) in [(local_g(&moved, &w, LocalG::Gi).unwrap(), 0), (local_g(&x, &scaled, LocalG::Gi).unwrap(), 0), (local_g(&y, &turned, LocalG::Gi).unwrap(), turn)] {
            for (i, own) in gi.iter().enumerate() {
                prop_assert!(near(own.unwrap_or(0.0), other[(i + at) % 8].unwrap_or(0.0)));
            }
        }
    }

    #[test]
    fn local_values_add_up_to_the_global_one((x, links) in map(8)) {
        let w = Weights::new(8, &links).unwrap();
        let s0: f64 = w.row_sums().iter().sum();
        for islands in [Islands::Drop, Islands::Keep] {
            let global = moran(&x, &w, islands).unwrap();
            let n = global.n as f64;
            for (scale, factor) in [(LocalScale::N, 1.0), (LocalScale::NMinusOne, (n - 1.0) / n)] {
                let local = local_moran(&x, &w, &LocalMoranOptions { scale, islands }).unwrap();
                let parts: Vec<f64> = local.iter().flatten().map(|l| l.estimate).collect();
                prop_assert!(adds_up(s0 * global.estimate * factor, &parts));
            }
        }
        prop_assert!(near(moran_bivariate(&x, &x, &w, Islands::Drop).unwrap(), moran(&x, &w, Islands::Drop).unwrap().estimate));
        // Over the complete graph both are constant.
        let all: Vec<_> = (0..8).flat_map(|i| (0..8).filter(move |j| *j != i).map(move |j| (i, j, 1.0))).collect();
        let complete = Weights::new(8, &all).unwrap();
        prop_assert!(near(moran(&x, &complete, Islands::Drop).unwrap().estimate, -1.0 / 7.0));
        prop_assert!(near(geary(&x, &complete, Islands::Drop).unwrap().estimate, 1.0));
        prop_assert!(moran(&x, &complete, Islands::Drop).unwrap().randomisation.is_none());
    }

    #[test]
    fn the_gini_of_neighbours_is_a_part((x, links) in map(6)) {
        let x: Vec<f64> = x.iter().map(|v| v + 6.0).collect();
        let w = Weights::new(6, &links).unwrap();
        let found = gini_test(&x, &w, &exact()).unwrap();
        prop_assert!(adds_up(found.split.total, &[found.split.neighbours, found.split.others]));
        prop_assert!(near(found.test.observed, found.split.neighbours));
        // Over all orders, neighbours have their share of the pairs.
        prop_assert!(near(found.test.mean, found.split.total * w.links() as f64 / 30.0));
    }

    #[test]
    fn styles_have_their_sums((_, links) in map(7)) {
        let w = Weights::new(7, &links).unwrap();
        let m = (7 - w.islands().len()) as f64;
        let sum = |w: &Weights| w.row_sums().iter().sum::<f64>();
        let styled = |style| w.styled(style).unwrap();
        for (i, row) in styled(Style::Row).row_sums().iter().enumerate() {
            prop_assert!(w.islands().contains(&i) && *row == 0.0 || (row - 1.0).abs() < 1e-14);
        }
        prop_assert!(near(sum(&styled(Style::Binary)), w.links() as f64));
        prop_assert!(near(sum(&styled(Style::Global)), m) && near(sum(&styled(Style::Unit)), 1.0));
        prop_assert!(near(sum(&styled(Style::VarianceStabilising)), m));
        match w.styled(Style::Spectral) {
            Ok(spectral) => prop_assert!(near(spectral.spectral_radius().unwrap(), 1.0)),
            Err(_) => prop_assert_eq!(w.spectral_radius().unwrap(), 0.0),
        }
        prop_assert_eq!(w.transposed().transposed(), w.clone());
        let both = w.symmetrised(Symmetry::Either);
        let mutual = w.symmetrised(Symmetry::Mutual);
        prop_assert!(both.is_symmetric(0.0) && mutual.is_symmetric(0.0));
        prop_assert_eq!(both.links() + mutual.links(), 2 * w.links());
        prop_assert_eq!(w.is_symmetric(1e-12), w.asymmetric_links(1e-12).is_empty());
        let parts = both.components();
        prop_assert!((0..7).all(|i| both.neighbours(i).all(|(j, _)| parts[i] == parts[j])));
        let x = [1.0, -2.0, 0.5, 4.0, 0.0, 3.0, 9.0];
        let lag = w.lag(&x).unwrap();
        prop_assert!((0..7).all(|i| near(lag[i], (0..7).map(|j| w.weight(i, j) * x[j]).sum())));
    }

    #[test]
    fn distances_make_neighbours(points in prop::collection::vec((-170.0f64..170.0, -85.0f64..85.0), 3..12), k in 1usize..3) {
        let n = points.len();
        for metric in [Metric::Planar, Metric::GreatCircle] {
            let d = |i: usize, j: usize| distance(points[i], points[j], metric).unwrap();
            prop_assert!((0..n).all(|i| d(i, i) == 0.0 && (0..n).all(|j| near(d(i, j), d(j, i)))));
            prop_assert!((0..n).all(|i| (0..n).all(|j| d(0, i) <= d(0, j) + d(j, i) + 1e-9)));
            let w = nearest(&points, k, Ties::First, metric).unwrap();
            for i in 0..n {
                prop_assert_eq!(w.neighbours(i).count(), k);
                let far = w.neighbours(i).map(|(j, _)| d(i, j)).fold(0.0, f64::max);
                let nearer = (0..n).filter(|j| *j != i && d(i, *j) < far * (1.0 - 1e-9)).count();
                prop_assert!(nearer < k.max(1));
            }
            let widest = (0..n).map(|j| d(0, j)).fold(0.0, f64::max);
            let band = distance_band(&points, None, widest, Decay::Power(1.0), metric);
            if let Ok(band) = band {
                prop_assert!(band.is_symmetric(1e-12));
                prop_assert!((1..n).all(|j| near(band.weight(0, j) * d(0, j), 1.0)));
            }
        }
    }
}

#[test]
fn distances_on_the_sphere_that_are_known() {
    let quarter = EARTH_RADIUS_KM * std::f64::consts::FRAC_PI_2;
    let d = |a, b| distance(a, b, Metric::GreatCircle).unwrap();
    assert!((d((0.0, 0.0), (90.0, 0.0)) - quarter).abs() < 1e-9);
    assert!((d((12.0, 0.0), (77.0, 90.0)) - quarter).abs() < 1e-9);
    assert!((d((0.0, 0.0), (180.0, 0.0)) - 2.0 * quarter).abs() < 1e-9);
    assert!((d((179.9, 10.0), (-180.1, 10.0))).abs() < 1e-9);
}

#[test]
fn ties_are_broken_by_order_or_kept() {
    let cross = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
    let first = nearest(&cross, 2, Ties::First, Metric::Planar).unwrap();
    assert_eq!(first.neighbours(0).map(|(j, _)| j).collect::<Vec<_>>(), [1, 2]);
    let all = nearest(&cross, 2, Ties::All, Metric::Planar).unwrap();
    assert_eq!(all.neighbours(0).count(), 4);
}

/// A map of 300 places, large enough for threads.
fn large() -> (Vec<f64>, Weights) {
    let mut stream = quyu_math::rng::Stream::new(3, 0);
    let points: Vec<(f64, f64)> = (0..300).map(|_| (stream.unit(), stream.unit())).collect();
    let x = points.iter().map(|(a, _)| a + stream.unit()).collect();
    let w = nearest(&points, 5, Ties::First, Metric::Planar).unwrap();
    (x, w.styled(Style::Row).unwrap())
}

#[test]
fn threads_do_not_show() {
    let (x, w) = large();
    let options = PermutationOptions {
        permutations: 501,
        seed: 7,
        ..Default::default()
    };
    let local = LocalMoranOptions::default();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            (
                moran_test(&x, &w, Islands::Drop, &options).unwrap(),
                geary_test(&x, &w, Islands::Drop, &options).unwrap(),
                moran_bivariate_test(&x, &x, &w, Islands::Drop, &options).unwrap(),
                local_moran_test(&x, &w, &local, &options).unwrap(),
                spatial_lag(
                    &x,
                    quyu_econometrics::Matrix::new(&w.lag(&x).unwrap(), 300, 1).unwrap(),
                    &w,
                )
                .unwrap(),
            )
        })
    };
    let one = on(1);
    assert!(one == on(2) && one == on(5));
    // More permutations begin with the same ones.
    let more = PermutationOptions {
        permutations: 777,
        ..options
    };
    let longer = moran_test(&x, &w, Islands::Drop, &more).unwrap();
    assert_eq!(longer.values[..501], one.0.values);
}

#[test]
fn random_permutations_have_the_moments_of_all() {
    let (x, w) = large();
    let options = PermutationOptions::default();
    let found = moran(&x, &w, Islands::Drop).unwrap();
    let moments = found.randomisation.unwrap();
    let test = moran_test(&x, &w, Islands::Drop, &options).unwrap();
    let sd = moments.variance.sqrt();
    assert!((test.observed - found.estimate).abs() < 1e-12);
    assert!((test.mean - moments.expected).abs() < 5.0 * sd / 100.0);
    assert!((test.std_dev / sd - 1.0).abs() < 0.05);
    let c = geary(&x, &w, Islands::Drop).unwrap().randomisation.unwrap();
    let test = geary_test(&x, &w, Islands::Drop, &options).unwrap();
    assert!((test.mean - 1.0).abs() < 5.0 * c.variance.sqrt() / 100.0);
    assert!((test.std_dev / c.variance.sqrt() - 1.0).abs() < 0.05);
}

#[test]
fn islands_keep_their_value_in_the_mean() {
    let w = Weights::contiguity(4, &[(0, 1), (1, 2)]).unwrap();
    let x = [1.0, 2.0, 6.0, 3.0];
    let (drop, keep) = (
        moran(&x, &w, Islands::Drop).unwrap(),
        moran(&x, &w, Islands::Keep).unwrap(),
    );
    assert_eq!((drop.n, keep.n, drop.islands), (3, 4, vec![3]));
    // z = -2, -1, 3, 0; Σ z² = 14; products 2 (2 - 3) = -2; S0 = 4.
    assert!((keep.estimate - 4.0 / 4.0 * -2.0 / 14.0).abs() < 1e-15);
    assert!((drop.estimate - 3.0 / 4.0 * -2.0 / 14.0).abs() < 1e-15);
    assert!(local_moran(&x, &w, &LocalMoranOptions::default()).unwrap()[3].is_none());
    assert!(local_g(&x, &w, LocalG::Gi).unwrap()[3].is_none());
    assert!(local_g(&x, &w, LocalG::GiStar(1.0)).unwrap()[3].is_some());
}
