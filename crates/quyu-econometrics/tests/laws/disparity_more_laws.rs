//! Laws of the indices beside the relative ones, and of every decomposition.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::disparity::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::{Tolerance, adds_up, assert_adds_up, assert_close, close, strategies};

const LOOSE: Tolerance = Tolerance {
    rel: 1e-10,
    abs: 1e-13,
};

fn plain(x: &[f64], w: Option<&[f64]>) -> f64 {
    gini(x, w, &GiniOptions::default()).unwrap()
}

fn times(v: &[f64], c: f64) -> Vec<f64> {
    v.iter().map(|v| v * c).collect()
}

fn repeat(x: &[f64], counts: &[usize]) -> Vec<f64> {
    x.iter().zip(counts).flat_map(|(x, k)| vec![*x; *k]).collect()
}

/// Indices that do not obey every law of the relative ones: weights of 1, repeated rows, scale of weights and order hold.
type Statistic = fn(&[f64], Option<&[f64]>) -> Result<f64, Error>;
const OTHERS: [(&str, Statistic); 10] = [
    ("variance_of_logs", |x, w| {
        variance_of_logs(x, w, LogCentre::MeanOfLogs)
    }),
    ("logarithmic variance", |x, w| {
        variance_of_logs(x, w, LogCentre::LogOfMean)
    }),
    ("kolm", |x, w| kolm(x, w, 0.01)),
    ("wolfson", |x, w| wolfson(x, w, WolfsonScale::FosterWolfson)),
    ("quantile", |x, w| quantile(x, w, 0.3)),
    ("P90/P10", |x, w| quantile_ratio(x, w, 0.9, 0.1)),
    ("S80/S20", |x, w| top_bottom_ratio(x, w, 0.2, 0.2)),
    ("palma", palma),
    ("dalton", dalton),
    ("quintile", quintile_share_ratio),
];

proptest! {
    #[test]
    fn whole_weights_repeat_rows(rows in prop::collection::vec((strategies::positive_value(), 0usize..4), 2..20)) {
        prop_assume!(rows.iter().any(|(_, k)| *k > 0));
        let (x, k): (Vec<f64>, Vec<usize>) = rows.into_iter().unzip();
        let w: Vec<f64> = k.iter().map(|k| *k as f64).collect();
        let long = repeat(&x, &k);
        for (name, index) in OTHERS {
            match (index(&x, Some(&w)), index(&long, None)) {
                (Ok(a), Ok(b)) => prop_assert!(close(a, b, LOOSE), "{name}: {a} {b}"),
                (a, b) => prop_assert!(a.is_err() && b.is_err(), "{name}: {a:?} {b:?}"),
            }
        }
    }

    #[test]
    fn order_and_scale_of_weights_do_not_matter((x, w) in strategies::weighted(2..30), k in 1e-6f64..1e6) {
        let back = |v: &[f64]| v.iter().rev().copied().collect::<Vec<_>>();
        for (name, index) in OTHERS {
            let (a, b) = (index(&x, Some(&w)), index(&back(&x), Some(&back(&times(&w, k)))));
            match (a, b) {
                (Ok(a), Ok(b)) => prop_assert!(close(a, b, LOOSE), "{name}: {a} {b}"),
                (a, b) => prop_assert!(a.is_err() && b.is_err(), "{name}: {a:?} {b:?}"),
            }
        }
    }

    #[test]
    fn kolm_does_not_see_a_common_amount((x, w) in strategies::weighted(1..20), c in -500.0f64..500.0, alpha in 1e-4f64..1.0) {
        let moved: Vec<f64> = x.iter().map(|x| x + c).collect();
        let (a, b) = (kolm(&x, Some(&w), alpha).unwrap(), kolm(&moved, Some(&w), alpha).unwrap());
        prop_assert!(close(a, b, Tolerance { rel: 1e-9, abs: 1e-10 }), "{a} {b}");
        let smallest = x.iter().copied().fold(f64::INFINITY, f64::min);
        let total: f64 = w.iter().sum();
        let mean = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() / total;
        prop_assert!(a >= 0.0 && a <= (mean - smallest) * (1.0 + 1e-12) + 1e-12);
    }

    #[test]
    fn kolm_by_definition((x, w) in strategies::weighted(1..20), alpha in 1e-3f64..0.2) {
        let total: f64 = w.iter().sum();
        let mean = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() / total;
        let sum: f64 = x.iter().zip(&w).map(|(x, w)| w / total * (alpha * (mean - x)).exp()).sum();
        let expected = sum.ln() / alpha;
        assert_close(kolm(&x, Some(&w), alpha).unwrap(), expected, Tolerance { rel: 1e-9, abs: 1e-9 });
    }

    #[test]
    fn atkinson_by_definition((x, w) in strategies::weighted(1..20), epsilon in 0.01f64..6.0) {
        let total: f64 = w.iter().sum();
        let mean = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() / total;
        let a = 1.0 - epsilon;
        let power: f64 = x.iter().zip(&w).map(|(x, w)| w / total * (x / mean).powf(a)).sum();
        let expected = if a.abs() < 1e-9 { 1.0 - (-mld(&x, Some(&w)).unwrap()).exp() } else { 1.0 - power.powf(1.0 / a) };
        assert_close(atkinson(&x, Some(&w), epsilon).unwrap(), expected, Tolerance { rel: 1e-9, abs: 1e-13 / a.abs() });
    }

    #[test]
    fn atkinson_and_s_gini_grow_with_aversion((x, w) in strategies::weighted(2..20), low in 0.0f64..3.0, step in 0.01f64..3.0) {
        let a = |e| atkinson(&x, Some(&w), e).unwrap();
        prop_assert!((0.0..=1.0).contains(&a(low)) && a(low) <= a(low + step) + 1e-14);
        let s = |nu| s_gini(&x, Some(&w), nu).unwrap();
        prop_assert!(s(1.0 + low) <= s(1.0 + low + step) + 1e-13 && s(1.0) < 1e-14);
        assert_close(s(2.0), plain(&x, Some(&w)), Tolerance::LAW);
    }

    #[test]
    fn concentration_lies_between_minus_and_plus_gini((x, w) in strategies::weighted(1..20), by in prop::collection::vec(0u8..5, 20)) {
        let by: Vec<f64> = by[..x.len()].iter().map(|b| f64::from(*b)).collect();
        let (g, c) = (plain(&x, Some(&w)), concentration(&x, &by, Some(&w), 2.0).unwrap());
        prop_assert!(c.abs() <= g + 1e-13, "{c} {g}");
        assert_close(concentration(&x, &x, Some(&w), 2.0).unwrap(), g, Tolerance::LAW);
        let against: Vec<f64> = x.iter().map(|x| -x).collect();
        assert_close(concentration(&x, &against, Some(&w), 2.0).unwrap(), -g, Tolerance::LAW);
        let back = |v: &[f64]| v.iter().rev().copied().collect::<Vec<_>>();
        assert_close(concentration(&back(&x), &back(&by), Some(&back(&w)), 2.0).unwrap(), c, Tolerance::LAW);
    }

    #[test]
    fn shares(x in strategies::non_negative(1..20)) {
        let n = x.len() as f64;
        let h = herfindahl(&x).unwrap();
        prop_assert!(h.hhi >= 1.0 / n - 1e-15 && h.hhi <= 1.0 + 1e-14);
        assert_close(generalised_herfindahl(&x, 1.0).unwrap(), h.hhi, Tolerance::LAW);
        let e = share_entropy(&x).unwrap();
        prop_assert!(e.nats >= 0.0 && e.nats <= n.ln() + 1e-14);
        assert_close(n.ln() - e.nats, theil_t(&x, None).unwrap(), Tolerance { rel: 1e-10, abs: 1e-13 });
        assert_close(generalised_herfindahl(&x, 0.0).unwrap(), 1.0 / e.equivalent, Tolerance::LAW);
        let near = generalised_herfindahl(&x, 1e-6).unwrap();
        prop_assert!((near * e.equivalent - 1.0).abs() < 1e-4);
        let r = rosenbluth(&x).unwrap();
        prop_assert!(r >= 1.0 / n - 1e-15 && r <= 1.0 + 1e-12);
    }

    #[test]
    fn coulter_is_bounded_by_hoover((x, a) in strategies::weighted(1..20)) {
        let (c, h) = (coulter(&x, Some(&a)).unwrap(), hoover_between(&x, &a).unwrap());
        prop_assert!(c <= h + 1e-15 && c <= 1.0);
        prop_assert!(coulter(&x, Some(&x)).unwrap() < 1e-15);
    }

    #[test]
    fn quantiles_are_ordered((x, w) in strategies::weighted(1..20), p in 0.0f64..=1.0, q in 0.0f64..=1.0) {
        let of = |p| quantile(&x, Some(&w), p).unwrap();
        prop_assert!(of(p.min(q)) <= of(p.max(q)));
        prop_assert_eq!(of(0.0), x.iter().copied().fold(f64::INFINITY, f64::min));
        prop_assert_eq!(of(1.0), x.iter().copied().fold(0.0, f64::max));
        // A quantile has at most p of the weight below and at most 1 - p above.
        let total: f64 = w.iter().sum();
        let share = |side: &dyn Fn(f64) -> bool| x.iter().zip(&w).filter(|(x, _)| side(**x)).map(|(_, w)| w).sum::<f64>() / total;
        prop_assert!(share(&|x| x < of(p)) <= p + 1e-11 && share(&|x| x > of(p)) <= 1.0 - p + 1e-11);
    }

    #[test]
    fn dominance_agrees_with_indices((x, w) in strategies::weighted(2..15), (y, v) in strategies::weighted(2..15)) {
        let (a, b) = (lorenz(&x, Some(&w)).unwrap(), lorenz(&y, Some(&v)).unwrap());
        prop_assert_eq!(a.dominance(&a, 1e-12), Dominance::Equal);
        let indices = |x: &[f64], w: &[f64]| [plain(x, Some(w)), theil_t(x, Some(w)).unwrap(), mld(x, Some(w)).unwrap()];
        let (of_a, of_b) = (indices(&x, &w), indices(&y, &v));
        match a.dominance(&b, 1e-12) {
            Dominance::First => prop_assert!(of_a.iter().zip(of_b).all(|(a, b)| *a <= b + 1e-10)),
            Dominance::Second => prop_assert!(of_b.iter().zip(of_a).all(|(b, a)| *b <= a + 1e-10)),
            Dominance::Equal | Dominance::Crossing => {}
        }
        let richer = Lorenz { mean: a.mean * 2.0, ..a.clone() };
        prop_assert_eq!(richer.generalised_dominance(&a, 1e-12), Dominance::First);
        prop_assert_eq!(a.generalised_dominance(&richer, 1e-12), Dominance::Second);
    }

    #[test]
    fn esteban_ray_at_zero_is_twice_gini_times_mean((m, p) in strategies::weighted(1..10)) {
        let total: f64 = p.iter().sum();
        let mean = m.iter().zip(&p).map(|(m, p)| m * p).sum::<f64>() / total;
        assert_close(esteban_ray(&m, &p, 0.0).unwrap(), 2.0 * mean * plain(&m, Some(&p)), LOOSE);
        assert_close(esteban_ray(&times(&m, 7.0), &times(&p, 0.1), 1.3).unwrap(), 7.0 * esteban_ray(&m, &p, 1.3).unwrap(), LOOSE);
    }

    #[test]
    fn nested_adds_up((x, w, g) in strategies::grouped(1..40, 3), inner in prop::collection::vec(0usize..3, 40), alpha in prop::sample::select(vec![-1.0, 0.0, 0.3, 1.0, 2.0, 2.7])) {
        let inner = &inner[..x.len()];
        let split = decompose_nested(&x, Some(&w), &g, 3, inner, 3, alpha).unwrap();
        let parts = [split.between_regions, split.between_provinces, split.within_provinces];
        assert_adds_up(split.total, &parts);
        prop_assert!(parts.iter().all(|p| *p >= 0.0));
        assert_adds_up(split.between_provinces, &split.between_provinces_by_region);
        assert_adds_up(split.within_provinces, &split.within_provinces_by_region);
        // What lies within regions is what their provinces have between and within them.
        assert_close(split.regions.within, split.between_provinces + split.within_provinces, Tolerance::LAW);
        let one = decompose_nested(&x, Some(&w), &vec![0; x.len()], 1, inner, 3, alpha).unwrap();
        let flat = decompose_ge(&x, Some(&w), inner, 3, alpha).unwrap();
        assert_close(one.between_provinces, flat.between, Tolerance::LAW);
        prop_assert!(one.between_regions < 1e-25);
    }

    #[test]
    fn two_ways_add_up((x, w, g) in strategies::grouped(1..40, 3), other in prop::collection::vec(0usize..4, 40), alpha in prop::sample::select(vec![0.0, 1.0, 2.0])) {
        let other = &other[..x.len()];
        let split = decompose_two_way(&x, Some(&w), &g, 3, other, 4, alpha).unwrap();
        assert_adds_up(split.total, &[split.between_first, split.between_second, split.interaction, split.within_cells]);
        // The same partition twice: the second adds nothing that the first has not, and the interaction takes it back.
        let same = decompose_two_way(&x, Some(&w), &g, 3, &g, 3, alpha).unwrap();
        prop_assert!((same.interaction + same.between_first).abs() <= 1e-12 * same.total + 1e-15);
    }

    #[test]
    fn gini_by_groups_adds_up((x, w, g) in strategies::grouped(1..40, 4)) {
        let dagum = decompose_gini_dagum(&x, Some(&w), &g, 4).unwrap();
        assert_adds_up(dagum.total, &[dagum.within, dagum.net_between, dagum.transvariation]);
        assert_adds_up(dagum.within, &dagum.groups.iter().map(|g| g.within).collect::<Vec<_>>());
        assert_close(dagum.total, plain(&x, Some(&w)), Tolerance::LAW);
        for p in &dagum.pairs {
            prop_assert!((0.0..=1.0 + 1e-14).contains(&p.gini) && (0.0..=1.0).contains(&p.affluence));
            prop_assert!(p.net_between >= 0.0 && p.transvariation >= 0.0);
        }
        let residual = decompose_gini_residual(&x, Some(&w), &g, 4).unwrap();
        assert_close(residual.overlap, dagum.transvariation, LOOSE);
        assert_close(residual.between, dagum.net_between, LOOSE);
        assert_adds_up(residual.total, &[residual.within, residual.between, residual.overlap]);
        let yitzhaki = decompose_gini_yitzhaki(&x, Some(&w), &g, 4).unwrap();
        assert_adds_up(yitzhaki.total, &[yitzhaki.within, yitzhaki.between, yitzhaki.stratification]);
        let own = individual_gini(&x, Some(&w), &g, 4).unwrap();
        assert_adds_up(own.total, &own.g);
        assert_adds_up(own.total, &[own.within.iter().sum(), own.between.iter().sum()]);
        assert_close(own.within.iter().sum(), dagum.within, LOOSE);
        for (label, group) in dagum.groups.iter().enumerate().filter(|(_, g)| g.n > 0) {
            let pick = |v: &[f64]| v.iter().zip(&g).filter(|(_, l)| **l == label).map(|(v, _)| *v).collect::<Vec<_>>();
            let expected = plain(&pick(&x), Some(&pick(&w)));
            assert_close(group.index.unwrap(), expected, LOOSE);
            assert_close(yitzhaki.groups[label].index.unwrap(), expected, LOOSE);
        }
    }

    #[test]
    fn dagum_by_definition((x, w, g) in strategies::grouped(2..14, 2)) {
        let split = decompose_gini_dagum(&x, Some(&w), &g, 2).unwrap();
        let pick = |label: usize| (0..x.len()).filter(|i| g[*i] == label).collect::<Vec<_>>();
        let (a, b) = (pick(0), pick(1));
        let mass = |rows: &[usize]| rows.iter().map(|i| w[*i]).sum::<f64>();
        let mean = |rows: &[usize]| rows.iter().map(|i| w[*i] * x[*i]).sum::<f64>() / mass(rows);
        let (mut above, mut below) = (0.0, 0.0);
        for i in &a {
            for j in &b {
                let gap = w[*i] * w[*j] / mass(&a) / mass(&b) * (x[*i] - x[*j]);
                if gap > 0.0 { above += gap } else { below -= gap }
            }
        }
        let (d, p) = if mean(&a) > mean(&b) { (above, below) } else { (below, above) };
        let pair = &split.pairs[0];
        assert_close(pair.gini, (d + p) / (mean(&a) + mean(&b)), LOOSE);
        assert_close(pair.affluence, if d + p > 0.0 { (d - p) / (d + p) } else { 0.0 }, Tolerance { rel: 1e-9, abs: 1e-9 });
    }

    #[test]
    fn groups_apart_do_not_overlap(a in strategies::positive(1..10), b in strategies::positive(1..10)) {
        let gap = a.iter().copied().fold(0.0, f64::max);
        let x: Vec<f64> = a.iter().copied().chain(b.iter().map(|b| b + gap)).collect();
        let g: Vec<usize> = a.iter().map(|_| 0).chain(b.iter().map(|_| 1)).collect();
        let split = decompose_gini_dagum(&x, None, &g, 2).unwrap();
        prop_assert!(split.transvariation <= 1e-14 * split.total);
    }

    #[test]
    fn atkinson_by_groups_adds_up((x, w, g) in strategies::grouped(1..30, 3), epsilon in prop::sample::select(vec![0.2, 0.5, 1.0, 1.5, 3.0])) {
        let split = decompose_atkinson(&x, Some(&w), &g, 3, epsilon).unwrap();
        for p in [split.ede, split.means] {
            assert_adds_up(split.total, &[p.within, p.between, -p.cross]);
            prop_assert!((0.0..=1.0).contains(&p.within) && (0.0..=1.0).contains(&p.between));
        }
        if let Some(p) = split.das_parikh {
            assert_adds_up(split.total, &[p.within, p.between, p.residual]);
        }
        assert_close(split.total, atkinson(&x, Some(&w), epsilon).unwrap(), Tolerance::LAW);
    }

    #[test]
    fn sources_add_up(rows in prop::collection::vec((strategies::positive_value(), strategies::positive_value(), -1.0f64..1.0, strategies::positive_value()), 2..25)) {
        let data: Vec<f64> = rows.iter().flat_map(|(a, b, c, _)| [*a, *b, c * a]).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.3).collect();
        let sources = Matrix::new(&data, rows.len(), 3).unwrap();
        let totals: Vec<f64> = (0..rows.len()).map(|i| sources.row(i).iter().sum()).collect();
        let split = gini_by_source(sources, Some(&w)).unwrap();
        assert_adds_up(split.total, &split.sources.iter().map(|s| s.absolute).collect::<Vec<_>>());
        assert_close(split.total, plain(&totals, Some(&w)), LOOSE);
        for s in &split.sources {
            prop_assert!(s.correlation.is_none_or(|r| r.abs() <= 1.0 + 1e-9), "{s:?}");
        }
        if let Ok(shares) = shorrocks_shares(sources, Some(&w)) {
            prop_assert!(adds_up(1.0, &shares), "{shares:?}");
        }
        let allow = GiniOptions { negative: Negative::Allow, ..Default::default() };
        for absent in [Absent::Mean, Absent::Zero] {
            // A coalition of the signed source alone may have no positive mean.
            if let Ok(phi) = shapley_sources(sources, Some(&w), absent, |x, w| gini(x, w, &allow)) {
                prop_assert!(adds_up(split.total, &phi), "{phi:?}");
            }
        }
        // The order of rows does not matter, ties of the total included.
        let reversed: Vec<f64> = (0..rows.len()).rev().flat_map(|i| sources.row(i).to_vec()).collect();
        let back: Vec<f64> = w.iter().rev().copied().collect();
        let again = gini_by_source(Matrix::new(&reversed, rows.len(), 3).unwrap(), Some(&back)).unwrap();
        for (a, b) in split.sources.iter().zip(&again.sources) {
            prop_assert!(close(a.absolute, b.absolute, LOOSE), "{a:?} {b:?}");
        }
    }

    #[test]
    fn change_adds_up((x, w, g) in strategies::grouped(3..25, 3), (y, v, h) in strategies::grouped(3..25, 3)) {
        let split = mld_change(Year { x: &x, w: Some(&w), groups: &g }, Year { x: &y, w: Some(&v), groups: &h }, 3).unwrap();
        assert_adds_up(split.change, &[split.within, split.population_within, split.population_between, split.means]);
        assert_close(split.from, mld(&x, Some(&w)).unwrap(), Tolerance::LAW);
        let a = split.approximation;
        assert_adds_up(split.change, &[split.within, split.population_within, a.population_between, a.means, a.error]);
        // Growth of everybody by one factor changes nothing.
        let grown = times(&x, 3.0);
        let none = mld_change(Year { x: &x, w: Some(&w), groups: &g }, Year { x: &grown, w: Some(&w), groups: &g }, 3).unwrap();
        prop_assert!(none.change.abs() < 1e-13 && none.means.abs() < 1e-13);
    }

    #[test]
    fn regression_shares_add_up(rows in prop::collection::vec((-3.0f64..3.0, -1.0f64..1.0, 0usize..3, 0.1f64..5.0, -1.0f64..1.0), 8..30)) {
        let data: Vec<f64> = rows.iter().flat_map(|r| [r.0, r.1, f64::from(u8::from(r.2 == 1)), f64::from(u8::from(r.2 == 2))]).collect();
        let y: Vec<f64> = rows.iter().map(|r| 0.7 * r.0 - r.1 + 0.4 * r.2 as f64 + r.4).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.3).collect();
        match fields(&y, Matrix::new(&data, rows.len(), 4).unwrap(), &[0, 1, 2, 2], 3, Some(&w)) {
            Ok(split) => {
                let parts: Vec<f64> = split.shares.iter().copied().chain([split.residual]).collect();
                prop_assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-10, "{parts:?}");
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(&split.residual));
            }
            Err(error) => prop_assert_eq!(error, Error::Singular { argument: "x" }),
        }
    }

    #[test]
    fn no_grouping_explains_more_than_the_best((x, w, g) in strategies::grouped(2..25, 3), alpha in prop::sample::select(vec![0.0, 1.0, 2.0])) {
        let split = decompose_ge(&x, None, &g, 3, alpha).unwrap();
        let best = max_between_ge(&x, None, &g, 3, alpha).unwrap();
        prop_assert!(best <= split.total * (1.0 + 1e-11) + 1e-15);
        prop_assert!(max_between_ge(&x, Some(&w), &g, 3, alpha).unwrap() <= ge(&x, Some(&w), alpha).unwrap() * (1.0 + 1e-10) + 1e-15);
        // Groups that are cut from the sorted values already are the best.
        let mut sorted = x.clone();
        sorted.sort_by(f64::total_cmp);
        let cut: Vec<usize> = (0..x.len()).map(|i| i * 2 / x.len()).collect();
        let apart = decompose_ge(&sorted, None, &cut, 2, alpha).unwrap();
        assert_close(max_between_ge(&sorted, None, &cut, 2, alpha).unwrap(), apart.between, LOOSE);
    }

    #[test]
    fn spatial_gini_adds_up(x in strategies::positive(2..20), edges in prop::collection::vec((0usize..20, 0usize..20), 0..40)) {
        let n = x.len();
        let edges: Vec<(usize, usize)> = edges.into_iter().map(|(i, j)| (i % n, j % n)).collect();
        let split = spatial_gini(&x, &edges).unwrap();
        assert_adds_up(split.total, &[split.neighbours, split.others]);
        let all: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).collect();
        prop_assert!(spatial_gini(&x, &all).unwrap().others <= 1e-13);
    }

    #[test]
    fn shapley_of_a_sum_is_the_addend(parts in prop::collection::vec(-5.0f64..5.0, 1..8)) {
        let phi = shapley(parts.len(), |here| Ok(parts.iter().zip(here).filter(|(_, h)| **h).map(|(p, _)| p).sum())).unwrap();
        for (phi, part) in phi.iter().zip(&parts) {
            prop_assert!((phi - part).abs() < 1e-12);
        }
    }
}

#[test]
fn limits() {
    assert_eq!(atkinson(&[1.0, 0.0], None, 1.0), Ok(1.0));
    assert_eq!(atkinson(&[1.0, 0.0], None, 7.0), Ok(1.0));
    assert_eq!(atkinson(&[1.0, 3.0], None, 0.0), Ok(0.0));
    assert_close(
        atkinson(&[1.0, 3.0], None, 1e6).unwrap(),
        0.5,
        Tolerance { rel: 1e-5, abs: 0.0 },
    );
    assert_close(
        atkinson(&[1e-10, 1.0], None, 50.0).unwrap(),
        1.0,
        Tolerance { rel: 1e-9, abs: 0.0 },
    );
    assert_close(
        kolm(&[1.0, 3.0], None, 1e4).unwrap(),
        1.0,
        Tolerance { rel: 1e-4, abs: 0.0 },
    );
    assert!(matches!(
        palma(&[0.0, 0.0, 0.0, 0.0, 1.0], None),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        wolfson(&[0.0, 0.0, 0.0, 1.0], None, WolfsonScale::default()),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        quintile_share_ratio(&[1.0, 1.0], None),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(shapley(21, |_| Ok(0.0)), Err(Error::Domain { .. })));
    let h = herfindahl(&[5.0]).unwrap();
    assert_eq!((h.hhi, h.normalised), (1.0, None));
    assert!(drop_missing(&[f64::NAN], None).is_err());
}

#[test]
fn index_names_its_function() {
    let (x, w) = ([1.0, 2.0, 6.0, 3.0], [1.0, 2.0, 1.0, 3.0]);
    let w = Some(w.as_slice());
    for (index, expected) in [
        (
            Index::Gini(GiniOptions::default()),
            gini(&x, w, &GiniOptions::default()),
        ),
        (Index::SGini(3.0), s_gini(&x, w, 3.0)),
        (Index::TheilT, theil_t(&x, w)),
        (Index::Mld, mld(&x, w)),
        (Index::Ge(2.0), ge(&x, w, 2.0)),
        (Index::Atkinson(0.5), atkinson(&x, w, 0.5)),
        (Index::Cv(CvOptions::default()), cv(&x, w, &CvOptions::default())),
        (Index::Hoover, hoover(&x, w)),
        (
            Index::VarianceOfLogs(LogCentre::MeanOfLogs),
            variance_of_logs(&x, w, LogCentre::MeanOfLogs),
        ),
        (Index::Kolm(0.5), kolm(&x, w, 0.5)),
        (
            Index::Wolfson(WolfsonScale::Wolfson1994),
            wolfson(&x, w, WolfsonScale::Wolfson1994),
        ),
    ] {
        assert_eq!(index.of(&x, w), expected, "{index:?}");
    }
}
