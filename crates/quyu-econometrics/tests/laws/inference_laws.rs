//! Laws of resampling: one answer for any number of threads, and what theory says about simple cases.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_econometrics::inference::*;
use quyu_testkit::{Tolerance, assert_close, close, strategies};

const GINI: Index = Index::Gini(GiniOptions {
    correction: Correction::None,
    negative: Negative::Error,
});

fn options(replicates: usize) -> BootstrapOptions {
    BootstrapOptions {
        replicates,
        ..Default::default()
    }
}

fn slow(
    x: &[f64],
    w: Option<&[f64]>,
    strata: Option<&[usize]>,
    index: Index,
    options: &BootstrapOptions,
) -> Bootstrap {
    let statistic = |rows: &[usize]| {
        let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<_>>();
        index.of(&pick(x), w.map(pick).as_deref())
    };
    bootstrap(x.len(), strata, statistic, options).unwrap()
}

proptest! {
    #[test]
    fn counts_give_the_replicates_of_rows((x, w, g) in strategies::grouped(1..40, 3), stratified: bool, weighted: bool, seed: u64) {
        let options = BootstrapOptions { replicates: 50, seed };
        let (w, g) = (weighted.then_some(w.as_slice()), stratified.then_some(g.as_slice()));
        let fast = bootstrap_index(&x, w, g, GINI, &options).unwrap();
        let slow = slow(&x, w, g, GINI, &options);
        prop_assert_eq!(fast.undefined, slow.undefined);
        for (a, b) in fast.replicates.iter().zip(&slow.replicates) {
            prop_assert!(close(*a, *b, Tolerance { rel: 1e-11, abs: 1e-14 }), "{} {}", a, b);
        }
    }

    #[test]
    fn strata_keep_their_sizes(g in prop::collection::vec(0usize..4, 1..30)) {
        let sizes = |rows: &[usize]| { let mut s = [0.0; 4]; rows.iter().for_each(|r| s[g[*r]] += 1.0); s };
        let wanted = sizes(&(0..g.len()).collect::<Vec<_>>());
        let statistic = |rows: &[usize]| { assert_eq!(sizes(rows), wanted); Ok(0.0) };
        prop_assert!(bootstrap(g.len(), Some(&g), statistic, &options(20)).is_ok());
    }

    #[test]
    fn jackknife_of_gini_by_parts((x, w) in strategies::weighted(3..30), weighted: bool) {
        let w = weighted.then_some(w.as_slice());
        let fast = jackknife_index(&x, w, GINI).unwrap();
        let statistic = |rows: &[usize]| {
            let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<_>>();
            gini(&pick(&x), w.map(pick).as_deref(), &GiniOptions::default())
        };
        let slow = jackknife(x.len(), statistic).unwrap();
        for (a, b) in fast.values.iter().zip(&slow.values) {
            prop_assert!(close(*a, *b, Tolerance { rel: 1e-10, abs: 1e-12 }), "{} {}", a, b);
        }
        assert_close(fast.std_error, slow.std_error, Tolerance { rel: 1e-8, abs: 1e-12 });
    }

    #[test]
    fn linearised_variable_is_the_derivative((x, w) in strategies::weighted(3..12), which in 0usize..8) {
        let index = [GINI, Index::TheilT, Index::Mld, Index::Ge(2.0), Index::Ge(0.4), Index::Atkinson(1.5),
            Index::Cv(CvOptions::default()), Index::VarianceOfLogs(LogCentre::MeanOfLogs)][which];
        let result = linearised(&x, Some(&w), index, GiniLinearisation::Derivative).unwrap();
        for i in 0..x.len() {
            let at = |step: f64| { let mut w = w.clone(); w[i] *= 1.0 + step; index.of(&x, Some(&w)).unwrap() };
            let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            prop_assert!((slope - result.influence[i]).abs() < 1e-6 * (1.0 + slope.abs()), "{} {}", slope, result.influence[i]);
        }
    }

    #[test]
    fn permutation_p_values_are_probabilities(x in strategies::positive(2..9), g in prop::collection::vec(0usize..2, 9), exact_up_to in prop::sample::select(vec![0usize, 10_000])) {
        let g = &g[..x.len()];
        let options = PermutationOptions { permutations: 99, exact_up_to, ..Default::default() };
        let test = between_test(&x, None, g, 2, 1.0, &options).unwrap();
        prop_assert_eq!(test.exact, exact_up_to > 0);
        let least = if test.exact { 1.0 / test.values.len() as f64 } else { 0.01 };
        for p in [test.greater, test.less, test.two_sided] {
            prop_assert!(p >= least - 1e-15 && p <= 1.0);
        }
        // Both tails hold the observed arrangement and those that tie with it.
        prop_assert!(test.greater + test.less >= 1.0);
        prop_assert_eq!(test.two_sided, (2.0 * test.greater.min(test.less)).min(1.0));
    }
}

proptest! {
    // 4,000 permutations a case are many draws of their own.
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn exact_and_random_agree(x in prop::collection::vec(1.0f64..50.0, 8), seed: u64) {
        let g = [0, 0, 0, 0, 1, 1, 1, 1];
        let exact = between_test(&x, None, &g, 2, 1.0, &PermutationOptions::default()).unwrap();
        let random = PermutationOptions { exact_up_to: 0, seed, permutations: 4_000, ..Default::default() };
        let random = between_test(&x, None, &g, 2, 1.0, &random).unwrap();
        prop_assert!(exact.exact && exact.values.len() == 70);
        prop_assert!((exact.greater - random.greater).abs() < 0.05);
        assert_close(exact.mean, random.mean, Tolerance { rel: 0.2, abs: 1e-12 });
    }
}

#[test]
fn threads_do_not_show() {
    let x: Vec<f64> = (0..60).map(|i| 1.0 + f64::from((i * 37) % 41)).collect();
    let g: Vec<usize> = (0..60).map(|i| i % 4).collect();
    let on = |threads: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| {
                (
                    bootstrap_index(&x, None, Some(&g), GINI, &options(500)).unwrap(),
                    bootstrap_index(&x, Some(&x), None, Index::TheilT, &options(300)).unwrap(),
                    between_test(&x, None, &g, 4, 1.0, &PermutationOptions::default()).unwrap(),
                    jackknife_index(&x, None, Index::Mld).unwrap(),
                )
            })
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}

#[test]
fn a_seed_is_an_answer() {
    let x = [3.0, 1.0, 4.0, 1.0, 5.0];
    let first = bootstrap_index(&x, None, None, GINI, &options(20)).unwrap();
    let longer = bootstrap_index(&x, None, None, GINI, &options(40)).unwrap();
    assert_eq!(first.replicates, longer.replicates[..20]);
    let other = bootstrap_index(
        &x,
        None,
        None,
        GINI,
        &BootstrapOptions {
            replicates: 20,
            seed: 2,
        },
    )
    .unwrap();
    assert_ne!(first.replicates, other.replicates);
    // Frozen: a new release of any dependency must not move these.
    let frozen: Vec<f64> = first.replicates[..4].to_vec();
    assert_eq!(frozen, FROZEN);
}

const FROZEN: [f64; 4] = [
    0.35555555555555557,
    0.3142857142857143,
    0.2222222222222222,
    0.36666666666666664,
];

#[test]
fn the_mean_has_its_textbook_intervals() {
    let x: Vec<f64> = (0..200).map(|i| f64::from((i * 7919) % 211)).collect();
    let n = x.len() as f64;
    let mean = |rows: &[usize]| Ok(rows.iter().map(|i| x[*i]).sum::<f64>() / rows.len() as f64);
    let result = bootstrap(x.len(), None, mean, &options(4_999)).unwrap();
    let average = x.iter().sum::<f64>() / n;
    let sd = (x.iter().map(|v| (v - average).powi(2)).sum::<f64>() / n).sqrt();
    assert_close(
        result.std_error().unwrap(),
        sd / n.sqrt(),
        Tolerance { rel: 0.05, abs: 0.0 },
    );
    assert!(result.bias().unwrap().abs() < 0.3);
    let jack = jackknife(x.len(), mean).unwrap();
    let bca = result
        .bca(&jack, 0.95, QuantileRule::Linear, Acceleration::default())
        .unwrap();
    let student = |rows: &[usize]| {
        let m = mean(rows)?;
        let s = (rows.iter().map(|i| (x[*i] - m).powi(2)).sum::<f64>() / n).sqrt();
        Ok((m, s / n.sqrt()))
    };
    let student = bootstrap_studentised(x.len(), None, student, &options(4_999)).unwrap();
    let all = [
        result.percentile(0.95, QuantileRule::Normal).unwrap(),
        result.basic(0.95, QuantileRule::Linear).unwrap(),
        result.normal(0.95).unwrap(),
        student.interval(0.95, QuantileRule::Normal).unwrap(),
        bca,
    ];
    let half = 1.96 * sd / n.sqrt();
    for interval in all {
        assert!(
            (interval.low - (average - half)).abs() < 0.15 * half,
            "{interval:?}"
        );
        assert!(
            (interval.high - (average + half)).abs() < 0.15 * half,
            "{interval:?}"
        );
    }
}

#[test]
fn difference_of_two_years() {
    let before: Vec<f64> = (0..24).map(|i| 10.0 + f64::from(i)).collect();
    let after: Vec<f64> = before.iter().map(|v| v * v).collect();
    let (a, b) = (Sampled { x: &before, w: None }, Sampled { x: &after, w: None });
    let paired = bootstrap_difference(a, b, true, GINI, &options(499)).unwrap();
    let apart = bootstrap_difference(a, b, false, GINI, &options(499)).unwrap();
    assert_eq!(paired.estimate, apart.estimate);
    assert!(paired.estimate > 0.0 && paired.std_error().unwrap() < apart.std_error().unwrap());
    let test = PermutationOptions {
        permutations: 499,
        ..Default::default()
    };
    let differs = difference_test(a, b, true, GINI, &test).unwrap();
    assert!(!differs.exact && differs.p_value < 0.05, "{}", differs.p_value);
    let same = difference_test(a, a, true, GINI, &test).unwrap();
    assert_eq!((same.p_value, same.observed, same.z), (1.0, 0.0, None));
    let pooled = difference_test(a, b, false, GINI, &test).unwrap();
    assert!(pooled.p_value > 0.002 && !pooled.exact);
}

#[test]
fn mistakes_are_named() {
    let x = [1.0, 2.0];
    let ok = |_: &[usize]| Ok(1.0);
    assert_eq!(
        bootstrap(0, None, ok, &options(9)),
        Err(Error::Empty { argument: "n" })
    );
    assert!(matches!(
        bootstrap(2, None, ok, &options(0)),
        Err(Error::Domain {
            option: "replicates",
            ..
        })
    ));
    assert!(matches!(
        bootstrap(2, Some(&[0]), ok, &options(9)),
        Err(Error::Length {
            argument: "strata",
            ..
        })
    ));
    assert!(matches!(
        bootstrap_given(2, &[0, 1, 2, 0], ok),
        Err(Error::Label { index: 2, .. })
    ));
    assert!(matches!(
        bootstrap_given(2, &[0, 1, 1], ok),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        jackknife_index(&[1.0], None, GINI),
        Err(Error::TooFew { .. })
    ));
    let result = bootstrap(2, None, ok, &options(9)).unwrap();
    assert!(matches!(
        result.percentile(1.0, QuantileRule::Normal),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(result.bias_correction(), Err(Error::Undefined { .. })));
    let flat = jackknife(3, ok).unwrap();
    assert!(matches!(
        flat.acceleration(Acceleration::default()),
        Err(Error::Undefined { .. })
    ));
    let broken = |rows: &[usize]| {
        if rows == [0, 1] {
            Ok(1.0)
        } else {
            Err(Error::Undefined { reason: "always" })
        }
    };
    let one = bootstrap(2, None, broken, &options(50)).unwrap();
    assert!(one.undefined > 0 && one.replicates.iter().all(|v| *v == 1.0));
    assert!(matches!(
        linearised(&x, None, Index::Hoover, GiniLinearisation::Derivative),
        Err(Error::Undefined { .. })
    ));
    let none = PermutationOptions {
        permutations: 0,
        exact_up_to: 0,
        ..Default::default()
    };
    assert!(matches!(
        permutation_test(&[0, 1], |_| Ok(0.0), &none),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        permutation_test(&[], |_| Ok(0.0), &none),
        Err(Error::Empty { .. })
    ));
}

#[test]
fn zeros_that_make_a_replicate_undefined_are_counted() {
    let result = bootstrap_index(&[0.0, 0.0, 5.0], None, None, GINI, &options(400)).unwrap();
    assert!(
        result.undefined > 60 && result.undefined < 180,
        "{}",
        result.undefined
    );
    assert_eq!(result.undefined + result.replicates.len(), 400);
}
