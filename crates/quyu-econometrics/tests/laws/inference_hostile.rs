//! Whatever is thrown at resampling, it answers with finite numbers or a typed error.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use crate::thrown::{answer, call, cases};
use proptest::prelude::*;
use quyu_econometrics::disparity::*;
use quyu_econometrics::inference::*;
use quyu_testkit::strategies::{extreme, hostile};

fn indices() -> Vec<Index> {
    vec![
        Index::Gini(GiniOptions::default()),
        Index::Gini(GiniOptions {
            correction: Correction::EffectiveSample,
            ..Default::default()
        }),
        Index::TheilT,
        Index::Mld,
        Index::Ge(-2.0),
        Index::Atkinson(1.5),
        Index::Kolm(0.3),
        Index::Hoover,
    ]
}

#[track_caller]
fn finite_all(values: impl IntoIterator<Item = f64>) {
    for v in values {
        assert!(v.is_finite(), "{v}");
    }
}

fn all(x: &[f64], w: Option<&[f64]>, labels: &[usize]) {
    let options = BootstrapOptions {
        replicates: 12,
        seed: 3,
    };
    let tests = PermutationOptions {
        permutations: 9,
        exact_up_to: 6,
        ..Default::default()
    };
    for index in indices() {
        let jack = call(jackknife_index(x, w, index));
        if let Ok(j) = &jack {
            finite_all(j.values.iter().copied().chain([j.estimate, j.bias, j.std_error]));
        }
        for strata in [None, Some(labels)] {
            let Ok(b) = call(bootstrap_index(x, w, strata, index, &options)) else {
                continue;
            };
            finite_all(b.replicates.iter().copied().chain([
                b.estimate,
                b.bias().unwrap(),
                b.std_error().unwrap_or(0.0),
            ]));
            for rule in [QuantileRule::Normal, QuantileRule::Linear] {
                let mut intervals = vec![b.percentile(0.9, rule), b.basic(0.9999, rule), b.normal(0.5)];
                intervals.extend(
                    jack.as_ref()
                        .ok()
                        .map(|j| b.bca(j, 0.95, rule, Acceleration::Estimate)),
                );
                intervals
                    .into_iter()
                    .flatten()
                    .for_each(|i| finite_all([i.low, i.high]));
            }
        }
        for variant in [GiniLinearisation::Derivative, GiniLinearisation::Convey] {
            if let Ok(l) = call(linearised(x, w, index, variant)) {
                finite_all(l.influence.into_iter().chain([l.estimate, l.std_error]));
            }
        }
        let (a, b) = (Sampled { x, w }, Sampled { x: w.unwrap_or(x), w });
        for paired in [true, false] {
            if let Ok(d) = call(bootstrap_difference(a, b, paired, index, &options)) {
                finite_all(d.replicates);
            }
            if let Ok(t) = call(difference_test(a, b, paired, index, &tests)) {
                finite_all([t.observed, t.p_value, t.mean, t.std_dev, t.z.unwrap_or(0.0)]);
            }
        }
    }
    if let Ok(t) = call(between_test(x, w, labels, 3, 1.0, &tests)) {
        finite_all(t.values.into_iter().chain([
            t.observed,
            t.p_value,
            t.mean,
            t.std_dev,
            t.z.unwrap_or(0.0),
        ]));
    }
}

/// Statistics of one's own, which may be anything.
fn own(x: &[f64], labels: &[usize], rows: &[usize]) {
    let options = BootstrapOptions {
        replicates: 9,
        seed: 2,
    };
    let mean = |rows: &[usize]| theil_t(&rows.iter().map(|i| x[*i]).collect::<Vec<_>>(), None);
    for strata in [None, Some(labels)] {
        answer(bootstrap(x.len(), strata, mean, &options));
        let with_error = |rows: &[usize]| Ok((mean(rows)?, x[rows[0]].abs()));
        if let Some(found) = answer(bootstrap_studentised(x.len(), strata, with_error, &options)) {
            answer(found.interval(0.9, QuantileRule::Normal));
        }
    }
    answer(bootstrap_given(x.len(), rows, mean));
    if let Some(jack) = answer(jackknife(x.len(), mean)) {
        answer(jack.acceleration(Acceleration::JackknifeMean));
    }
    let tests = PermutationOptions {
        permutations: 9,
        exact_up_to: 6,
        ..Default::default()
    };
    answer(permutation_test_of_values(x, |x| hoover(x, None), &tests));
    answer(permutation_test(
        labels,
        |labels| decompose_ge(x, None, labels, 4, 1.0).map(|s| s.between),
        &tests,
    ));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_numbers(x in hostile(6), w in hostile(6), labels in prop::collection::vec(0usize..4, 0..6)) {
        all(&x, None, &labels);
        all(&x, Some(&w), &labels);
        own(&x, &labels, &labels);
        let labels: Vec<usize> = (0..x.len()).map(|i| i % 2).collect();
        all(&x, Some(&vec![1.0; x.len()]), &labels);
        own(&x, &labels, &[labels.clone(), labels.clone()].concat());
    }

    #[test]
    fn extreme_sizes(x in extreme(1..6), by in 0usize..6) {
        let mut w = x.clone();
        w.rotate_left(by % x.len());
        let labels: Vec<usize> = (0..x.len()).map(|i| i % 2).collect();
        all(&x, None, &labels);
        all(&x, Some(&w), &labels);
    }
}
