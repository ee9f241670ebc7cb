//! Laws that every disparity index obeys, on random regions.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_testkit::{Tolerance, assert_adds_up, assert_close, strategies};

type Index = fn(&[f64], Option<&[f64]>) -> Result<f64, Error>;

/// Relative indices: no unit of measurement, zero for equality.
const RELATIVE: [(&str, Index); 14] = [
    ("gini", |x, w| gini(x, w, &GiniOptions::default())),
    ("theil_t", theil_t),
    ("mld", mld),
    ("ge(-1)", |x, w| ge(x, w, -1.0)),
    ("ge(0.3)", |x, w| ge(x, w, 0.3)),
    ("ge(2)", |x, w| ge(x, w, 2.0)),
    ("ge(3.5)", |x, w| ge(x, w, 3.5)),
    ("cv", |x, w| cv(x, w, &CvOptions::default())),
    ("hoover", hoover),
    ("s_gini(1.5)", |x, w| s_gini(x, w, 1.5)),
    ("s_gini(4)", |x, w| s_gini(x, w, 4.0)),
    ("atkinson(0.5)", |x, w| atkinson(x, w, 0.5)),
    ("atkinson(1)", |x, w| atkinson(x, w, 1.0)),
    ("atkinson(20)", |x, w| atkinson(x, w, 20.0)),
];

fn value(index: Index, x: &[f64], w: Option<&[f64]>) -> f64 {
    index(x, w).unwrap()
}

proptest! {
    #[test]
    fn order_of_regions_does_not_matter((x, w) in strategies::weighted(1..40), by in 0usize..40) {
        let rotate = |v: &[f64]| { let mut v = v.to_vec(); v.rotate_left(by % x.len()); v.reverse(); v };
        for (name, index) in RELATIVE {
            let there = value(index, &x, Some(&w));
            let back = value(index, &rotate(&x), Some(&rotate(&w)));
            prop_assert!(quyu_testkit::close(there, back, Tolerance::LAW), "{name}: {there} {back}");
        }
    }

    #[test]
    fn units_of_values_and_weights_do_not_matter((x, w) in strategies::weighted(1..40), c in 1e-9f64..1e9, k in 1e-9f64..1e9) {
        let times = |v: &[f64], c: f64| v.iter().map(|v| v * c).collect::<Vec<_>>();
        for (name, index) in RELATIVE {
            let there = value(index, &x, Some(&w));
            let back = value(index, &times(&x, c), Some(&times(&w, k)));
            prop_assert!(quyu_testkit::close(there, back, Tolerance::LAW), "{name}: {there} {back}");
        }
    }

    #[test]
    fn equal_weights_are_none(x in strategies::positive(1..40), k in 1e-3f64..1e3) {
        for (name, index) in RELATIVE {
            let (none, same) = (value(index, &x, None), value(index, &x, Some(&vec![k; x.len()])));
            prop_assert!(quyu_testkit::close(none, same, Tolerance::LAW), "{name}: {none} {same}");
        }
    }

    #[test]
    fn whole_weights_repeat_rows(rows in prop::collection::vec((strategies::positive_value(), 0usize..4), 1..20)) {
        prop_assume!(rows.iter().any(|(_, k)| *k > 0));
        let x: Vec<f64> = rows.iter().map(|(x, _)| *x).collect();
        let w: Vec<f64> = rows.iter().map(|(_, k)| *k as f64).collect();
        let repeated: Vec<f64> = rows.iter().flat_map(|(x, k)| vec![*x; *k]).collect();
        for (name, index) in RELATIVE {
            let (weighted, long) = (value(index, &x, Some(&w)), value(index, &repeated, None));
            prop_assert!(quyu_testkit::close(weighted, long, Tolerance::LAW), "{name}: {weighted} {long}");
        }
    }

    #[test]
    fn a_transfer_to_the_poorer_reduces((x, w) in strategies::weighted(2..30), part in 0.01f64..0.49) {
        let (i, j) = (0, x.len() - 1);
        prop_assume!((x[i] - x[j]).abs() > 1e-6 * x[i]);
        let mut after = x.clone();
        let moved = (x[i] - x[j]).abs() * part * w[i].min(w[j]);
        let (rich, poor) = if x[i] > x[j] { (i, j) } else { (j, i) };
        after[rich] -= moved / w[rich];
        after[poor] += moved / w[poor];
        for (name, index) in RELATIVE {
            let (before, now) = (value(index, &x, Some(&w)), value(index, &after, Some(&w)));
            prop_assert!(now <= before * (1.0 + 1e-12), "{name}: {before} {now}");
        }
    }

    #[test]
    fn bounds((x, w) in strategies::weighted(1..40)) {
        let total: f64 = w.iter().sum();
        let smallest = w.iter().copied().fold(f64::INFINITY, f64::min) / total;
        let slack = 1.0 + 1e-12;
        prop_assert!((0.0..=(1.0 - smallest) * slack).contains(&value(RELATIVE[0].1, &x, Some(&w))));
        prop_assert!((0.0..=-smallest.ln() * slack + 1e-15).contains(&theil_t(&x, Some(&w)).unwrap()));
        prop_assert!((0.0..=(1.0 - smallest) * slack).contains(&hoover(&x, Some(&w)).unwrap()));
        prop_assert!((0.0..=(1.0 / smallest - 1.0).sqrt() * slack).contains(&williamson(&x, &w).unwrap()));
        prop_assert!(mld(&x, Some(&w)).unwrap() >= 0.0);
    }

    #[test]
    fn gini_by_pairs((x, w) in strategies::weighted(1..25)) {
        let total: f64 = w.iter().sum();
        let mean: f64 = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() / total;
        let mut sum = 0.0;
        for i in 0..x.len() {
            for j in 0..x.len() {
                sum += w[i] * w[j] * (x[i] - x[j]).abs();
            }
        }
        assert_close(value(RELATIVE[0].1, &x, Some(&w)), sum / (2.0 * mean * total * total), Tolerance::LAW);
    }

    #[test]
    fn corrections_agree_for_equal_weights(x in strategies::positive(2..30), k in 0.1f64..9.0) {
        let w = vec![k; x.len()];
        let n = x.len() as f64;
        let with = |correction| gini(&x, Some(&w), &GiniOptions { correction, ..Default::default() }).unwrap();
        let expected = with(Correction::None) * n / (n - 1.0);
        assert_close(with(Correction::EffectiveSample), expected, Tolerance::LAW);
        assert_close(with(Correction::WithoutSelf), expected, Tolerance { rel: 1e-11, abs: 1e-13 });
    }

    #[test]
    fn entropy_is_smooth_in_its_parameter((x, w) in strategies::weighted(2..20)) {
        let step = 1e-7;
        for alpha in [0.0, 0.5, 1.0, 2.0] {
            let here = ge(&x, Some(&w), alpha).unwrap();
            for near in [alpha - step, alpha + step] {
                let there = ge(&x, Some(&w), near).unwrap();
                prop_assert!((here - there).abs() <= 1e-4 * here, "{alpha}: {here} {there}");
            }
        }
        let [two, cv] = [ge(&x, Some(&w), 2.0).unwrap(), cv(&x, Some(&w), &CvOptions::default()).unwrap()];
        assert_close(two, cv * cv / 2.0, Tolerance::LAW);
    }

    /// What cancels in a difference of logarithms must not cancel here.
    #[test]
    fn nearly_equal_regions_keep_their_digits(steps in prop::collection::vec(1u32..1000, 2..30), exponent in 3i32..12) {
        let h = 0.1f64.powi(exponent);
        let x: Vec<f64> = steps.iter().map(|s| 1.0 + h * f64::from(*s) / 1000.0).collect();
        let d: Vec<f64> = x.iter().map(|x| x - 1.0).collect();
        let n = x.len() as f64;
        let mean = d.iter().sum::<f64>() / n;
        let half_variance = d.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n / 2.0;
        for alpha in [-1.0, 0.0, 0.3, 0.999_999, 1.0, 1.000_001, 2.0, 3.0] {
            assert_close(ge(&x, None, alpha).unwrap(), half_variance, Tolerance { rel: 10.0 * h + 1e-13, abs: 0.0 });
        }
    }

    #[test]
    fn entropy_adds_up((x, w, g) in strategies::grouped(1..40, 4), alpha in -2.0f64..3.0, which in 0usize..5) {
        let alpha = [alpha, 0.0, 1.0, 2.0, 0.5][which];
        let split = decompose_ge(&x, Some(&w), &g, 4, alpha).unwrap();
        assert_adds_up(split.total, &[split.within, split.between]);
        let part = |f: fn(&GeGroup) -> f64| split.groups.iter().map(f).collect::<Vec<_>>();
        assert_adds_up(split.within, &part(|g| g.within));
        assert_adds_up(split.between, &part(|g| g.between));
        assert_adds_up(1.0, &part(|g| g.population_share));
        assert_adds_up(1.0, &part(|g| g.income_share));
        assert_close(split.total, ge(&x, Some(&w), alpha).unwrap(), Tolerance::LAW);
        for (label, group) in split.groups.iter().enumerate() {
            let members: Vec<usize> = (0..x.len()).filter(|i| g[*i] == label).collect();
            prop_assert_eq!(members.len(), group.n);
            if !members.is_empty() {
                let pick = |v: &[f64]| members.iter().map(|i| v[*i]).collect::<Vec<_>>();
                assert_close(group.index.unwrap(), ge(&pick(&x), Some(&pick(&w)), alpha).unwrap(), Tolerance::LAW);
            }
        }
    }

    #[test]
    fn nearly_equal_regions_add_up(steps in prop::collection::vec((0u32..1000, 0usize..3), 1..30), exponent in 3i32..11) {
        let h = 0.1f64.powi(exponent);
        let x: Vec<f64> = steps.iter().map(|(s, _)| 7.0 + h * f64::from(*s)).collect();
        let g: Vec<usize> = steps.iter().map(|(_, g)| *g).collect();
        for alpha in [-1.0, 0.0, 0.4, 1.0, 2.0, 2.5] {
            let split = decompose_ge(&x, None, &g, 3, alpha).unwrap();
            let slack = 1e-12 + 1e-28 / split.total.max(1e-300);
            let gap = (split.total - split.within - split.between).abs();
            prop_assert!(gap <= slack * 2.0 * split.total, "{split:?}");
        }
    }

    #[test]
    fn lorenz_curve_holds_the_gini((x, w) in strategies::weighted(1..30)) {
        let curve = lorenz(&x, Some(&w)).unwrap();
        let area: f64 = (1..curve.cum_weight.len())
            .map(|k| (curve.cum_weight[k] - curve.cum_weight[k - 1]) * (curve.cum_share[k] + curve.cum_share[k - 1]))
            .sum();
        assert_close(1.0 - area, value(RELATIVE[0].1, &x, Some(&w)), Tolerance::LAW);
        prop_assert!(curve.cum_share.windows(2).all(|p| p[0] <= p[1]));
        prop_assert!(curve.cum_share.iter().zip(&curve.cum_weight).all(|(l, p)| *l <= p + 1e-14));
        prop_assert_eq!(curve.at(0.0).unwrap(), 0.0);
        prop_assert_eq!(curve.at(1.0).unwrap(), 1.0);
        // The steepest distance to the diagonal is the Hoover index.
        let widest = curve.cum_weight.iter().zip(&curve.cum_share).map(|(p, l)| p - l).fold(0.0, f64::max);
        assert_close(widest, hoover(&x, Some(&w)).unwrap(), Tolerance::LAW);
    }

    #[test]
    fn hoover_of_totals_is_hoover_per_head((x, w) in strategies::weighted(1..30)) {
        let totals: Vec<f64> = x.iter().zip(&w).map(|(x, w)| x * w).collect();
        assert_close(hoover_between(&totals, &w).unwrap(), hoover(&x, Some(&w)).unwrap(), Tolerance::LAW);
    }

    #[test]
    fn williamson_unweighted_is_cv_for_equal_weights(x in strategies::positive(1..30)) {
        let w = vec![2.5; x.len()];
        let expected = cv(&x, None, &CvOptions::default()).unwrap();
        assert_close(williamson_unweighted(&x, &w).unwrap(), expected, Tolerance::LAW);
    }
}

#[test]
fn only_hoover_is_blind_to_transfers_on_one_side_of_the_mean() {
    for (name, index) in RELATIVE {
        let (before, after) = (
            value(index, &[1.0, 3.0, 9.0], None),
            value(index, &[1.5, 2.5, 9.0], None),
        );
        assert_eq!(after < before, name != "hoover", "{name}: {before} {after}");
    }
}

#[test]
fn zeros_have_their_limits() {
    let x = [0.0, 0.0, 1.0, 2.0, 3.0, 10.0];
    assert_close(
        theil_t(&x, None).unwrap(),
        0.750_919_6,
        Tolerance { rel: 1e-7, abs: 0.0 },
    );
    assert_eq!(
        mld(&x, None),
        Err(Error::Zero {
            argument: "x",
            index: 0
        })
    );
    assert_eq!(
        ge(&x, None, -1.0),
        Err(Error::Zero {
            argument: "x",
            index: 0
        })
    );
    assert!(mld(&x, Some(&[0.0, 0.0, 1.0, 1.0, 1.0, 1.0])).is_ok());
    let one_has_all = [0.0, 0.0, 0.0, 5.0];
    assert_close(
        value(RELATIVE[0].1, &one_has_all, None),
        0.75,
        Tolerance::ROUNDING,
    );
    assert_close(
        ge(&one_has_all, None, 1.5).unwrap(),
        (2.0 - 1.0) / 0.75,
        Tolerance::ROUNDING,
    );
    assert_close(
        ge(&one_has_all, None, 0.5).unwrap(),
        (0.5 - 1.0) / -0.25,
        Tolerance::ROUNDING,
    );
    let undefined = Error::Undefined {
        reason: "all values are zero",
    };
    for (name, index) in RELATIVE {
        let error = index(&[0.0, 0.0], None).unwrap_err();
        assert!(
            error == undefined || matches!(error, Error::Zero { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn equality_is_exactly_zero() {
    for (name, index) in RELATIVE {
        assert_eq!(
            index(&[0.1; 7], Some(&[0.1, 0.7, 3.0, 1e9, 1e-9, 2.0, 5.0])),
            Ok(0.0),
            "{name}"
        );
        assert_eq!(index(&[3.3], None), Ok(0.0), "{name} of one region");
        assert_eq!(index(&[1e308; 3], None), Ok(0.0), "{name} of the largest");
    }
}

#[test]
fn negative_values_by_pairs() {
    let allow = GiniOptions {
        negative: Negative::Allow,
        ..Default::default()
    };
    let x = [-2.0, 1.0, 4.0, 8.0];
    assert_close(gini(&x, None, &allow).unwrap(), 0.75, Tolerance::ROUNDING);
    assert_eq!(
        gini(&x, None, &GiniOptions::default()),
        Err(Error::Negative {
            argument: "x",
            index: 0,
            value: -2.0
        })
    );
    assert!(matches!(
        gini(&[-2.0, 1.0], None, &allow),
        Err(Error::Undefined { .. })
    ));
}

#[test]
fn one_region_corrected_is_undefined() {
    for correction in [Correction::EffectiveSample, Correction::WithoutSelf] {
        let options = GiniOptions {
            correction,
            ..Default::default()
        };
        assert!(matches!(
            gini(&[3.0], None, &options),
            Err(Error::Undefined { .. })
        ));
        assert!(matches!(
            gini(&[3.0, 1.0], Some(&[1.0, 0.0]), &options),
            Err(Error::Undefined { .. })
        ));
    }
}

#[test]
fn sizes_that_overflow_when_squared() {
    let (tiny, huge) = ([1e-308, 3e-308], [0.5e308, 1.5e308]);
    for (name, index) in RELATIVE {
        let expected = value(index, &[1.0, 3.0], None);
        for x in [tiny, huge] {
            let found = value(index, &x, None);
            assert!(
                quyu_testkit::close(found, expected, Tolerance::LAW),
                "{name}: {found} {expected}"
            );
            let weighted = value(index, &x, Some(&[1e308, 1e308]));
            assert!(
                quyu_testkit::close(weighted, expected, Tolerance::LAW),
                "{name}: {weighted} {expected}"
            );
        }
    }
    assert_close(
        theil_t(&[1e308, 1e-308], None).unwrap(),
        2f64.ln(),
        Tolerance::LAW,
    );
    assert!(matches!(mld(&[1e308, 1e-308], None), Err(Error::Range { .. })));
    assert!(matches!(
        ge(&[1e308, 1e-308], None, 0.01),
        Err(Error::Range { .. })
    ));
    assert!(ge(&[1e308, 0.0], None, 0.01).is_ok());
}

#[test]
fn threads_and_large_inputs_do_not_change_a_bit() {
    let n = 100_000;
    let x: Vec<f64> = (0..n).map(|i| 1.0 + f64::from((i * 7919) % 10_007)).collect();
    let w: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i % 13)).collect();
    let g: Vec<usize> = (0..n as usize).map(|i| i % 31).collect();
    let on = |threads: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| {
                let indices = RELATIVE.map(|(_, index)| value(index, &x, Some(&w)));
                (
                    indices,
                    decompose_ge(&x, Some(&w), &g, 31, 1.0).unwrap(),
                    value(RELATIVE[0].1, &x, None),
                )
            })
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}
