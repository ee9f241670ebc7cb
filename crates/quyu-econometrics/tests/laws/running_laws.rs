//! Streams of rows: however they are cut and merged, they give the index of the whole.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_testkit::{Tolerance, assert_close, close, strategies};

/// Every index that is a function of sums.
const ADDITIVE: [Index; 18] = [
    Index::TheilT,
    Index::Mld,
    Index::Ge(-1.5),
    Index::Ge(0.0),
    Index::Ge(0.3),
    Index::Ge(1.0),
    Index::Ge(1.000001),
    Index::Ge(2.0),
    Index::Ge(3.5),
    Index::Atkinson(0.0),
    Index::Atkinson(0.5),
    Index::Atkinson(1.0),
    Index::Atkinson(2.5),
    Index::Cv(CvOptions {
        ddof: 0,
        normalisation: Normalisation::None,
        negative: Negative::Error,
    }),
    Index::WilliamsonUnweighted,
    Index::VarianceOfLogs(LogCentre::MeanOfLogs),
    Index::VarianceOfLogs(LogCentre::LogOfMean),
    Index::Coulter,
];

fn stream(index: Index, x: &[f64], w: Option<&[f64]>) -> Running {
    let mut stream = Running::new(index).unwrap();
    stream.push(x, w).unwrap();
    stream
}

/// The rows cut at positions, merged from the right or from the left.
fn merged(index: Index, x: &[f64], w: &[f64], cuts: &[usize], from_right: bool) -> f64 {
    let mut cuts: Vec<usize> = cuts.iter().map(|c| c % (x.len() + 1)).collect();
    cuts.extend([0, x.len()]);
    cuts.sort_unstable();
    let mut parts: Vec<Running> = cuts
        .windows(2)
        .map(|c| stream(index, &x[c[0]..c[1]], Some(&w[c[0]..c[1]])))
        .collect();
    if from_right {
        parts.reverse();
    }
    let mut whole = Running::new(index).unwrap();
    for part in parts {
        whole.merge(&part).unwrap();
    }
    assert_eq!(whole.rows(), x.len());
    whole.value().unwrap()
}

proptest! {
    #[test]
    fn merged_parts_are_the_whole((x, w) in strategies::weighted(1..60), cuts in prop::collection::vec(0usize..1000, 0..8), from_right: bool) {
        for index in ADDITIVE.into_iter().chain([Index::Kolm(0.01), Index::Kolm(3.0)]) {
            let (whole, parts) = (index.of(&x, Some(&w)).unwrap(), merged(index, &x, &w, &cuts, from_right));
            prop_assert!(close(whole, parts, Tolerance { rel: 1e-12, abs: 1e-14 }), "{index:?}: {whole} {parts}");
        }
    }

    #[test]
    fn nearly_equal_values_keep_their_digits(gaps in prop::collection::vec(-1.0f64..1.0, 4..40), cut in 1usize..3) {
        // Raw sums would leave nothing of an index of 1e-14.
        let x: Vec<f64> = gaps.iter().map(|g| 1e3 + 1e-4 * g).collect();
        let w = vec![1.0; x.len()];
        for index in [Index::TheilT, Index::Mld, Index::Ge(2.0), Index::Ge(-1.5), Index::Atkinson(0.5)] {
            let (whole, parts) = (index.of(&x, Some(&w)).unwrap(), merged(index, &x, &w, &[cut], false));
            prop_assert!(close(whole, parts, Tolerance { rel: 1e-5, abs: 1e-19 }), "{index:?}: {whole} {parts}");
        }
    }

    #[test]
    fn batches_do_not_show((x, w) in strategies::weighted(1..60), sizes in prop::collection::vec(1usize..9, 1..8)) {
        for index in ADDITIVE {
            let mut fed = Running::new(index).unwrap();
            let (mut from, mut k) = (0, 0);
            while from < x.len() {
                let to = x.len().min(from + sizes[k % sizes.len()]);
                fed.push(&x[from..to], Some(&w[from..to])).unwrap();
                (from, k) = (to, k + 1);
            }
            prop_assert_eq!(fed, stream(index, &x, Some(&w)), "{:?}", index);
        }
    }

    #[test]
    fn zeros_count_where_the_index_has_a_limit(x in strategies::non_negative(2..40), cut in 0usize..40) {
        let w = vec![1.0; x.len()];
        for index in [Index::TheilT, Index::Ge(0.3), Index::Ge(2.0), Index::Atkinson(0.5), Index::Atkinson(1.0), Index::Atkinson(3.0),
            Index::Cv(CvOptions::default()), Index::WilliamsonUnweighted, Index::Coulter] {
            let (whole, parts) = (index.of(&x, Some(&w)).unwrap(), merged(index, &x, &w, &[cut], false));
            prop_assert!(close(whole, parts, Tolerance { rel: 1e-12, abs: 1e-14 }), "{index:?}: {whole} {parts}");
        }
    }

    #[test]
    fn hostile_rows_are_refused_or_have_a_finite_index(x in strategies::hostile(12), w in strategies::hostile(12), pair: bool, cut in 0usize..12) {
        for index in ADDITIVE.into_iter().chain([Index::Kolm(1e-300), Index::Kolm(1e300)]) {
            let w = pair.then_some(w.as_slice());
            let (mut first, mut second) = (Running::new(index).unwrap(), Running::new(index).unwrap());
            let cut = cut.min(x.len());
            let taken = first.push(&x[..cut], w.map(|w| &w[..cut.min(w.len())]));
            let other = second.push(&x[cut..], w.map(|w| &w[cut.min(w.len())..]));
            if taken.is_ok() && other.is_ok() && first.merge(&second).is_ok() && let Ok(value) = first.value() {
                prop_assert!(value.is_finite(), "{index:?}: {value}");
            }
        }
    }
}

#[test]
fn many_chunks_are_one_index() {
    let n = 30_001;
    let x: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i * 7919 % 1013)).collect();
    let w: Vec<f64> = (0..n).map(|i| 0.5 + f64::from(i * 31 % 17)).collect();
    for index in ADDITIVE {
        let whole = index.of(&x, Some(&w)).unwrap();
        assert_close(
            stream(index, &x, Some(&w)).value().unwrap(),
            whole,
            Tolerance { rel: 1e-12, abs: 0.0 },
        );
        let mut fed = Running::new(index).unwrap();
        for (x, w) in x.chunks(777).zip(w.chunks(777)) {
            fed.push(x, Some(w)).unwrap();
        }
        assert_eq!(fed, stream(index, &x, Some(&w)), "{index:?}: batches show");
        assert_close(
            merged(index, &x, &w, &[1, 4096, 5000, 29_000], true),
            whole,
            Tolerance { rel: 1e-12, abs: 0.0 },
        );
    }
}

#[test]
fn the_sums_are_those_of_the_formula() {
    let (x, w) = ([1.0, 2.0, 6.0], [2.0, 1.0, 3.0]);
    let sum = |f: &dyn Fn(f64) -> f64| x.iter().zip(&w).map(|(x, w)| w * f(*x)).sum::<f64>();
    let ln = |x: f64| quyu_math::ln(x);
    let cases: [(Index, &str, f64); 9] = [
        (Index::TheilT, "sum-wx", 22.0),
        (Index::TheilT, "sum-wx-ln-x", sum(&|x| x * ln(x))),
        (Index::Mld, "sum-w-ln-x", sum(&ln)),
        (Index::Ge(-1.0), "sum-w-x-to-alpha", sum(&|x| 1.0 / x)),
        (
            Index::Cv(CvOptions::default()),
            "sum-w-x-to-alpha",
            sum(&|x| x * x),
        ),
        (
            Index::VarianceOfLogs(LogCentre::MeanOfLogs),
            "sum-w-ln-x-squared",
            sum(&|x| ln(x) * ln(x)),
        ),
        (Index::WilliamsonUnweighted, "sum-xx", 41.0),
        (Index::Coulter, "sum-wwxx", 4.0 + 4.0 + 324.0),
        (
            Index::Kolm(0.5),
            "sum-w-exp-alpha-x",
            sum(&|x| quyu_math::exp(-0.5 * x)),
        ),
    ];
    for (index, name, expected) in cases {
        let sums = stream(index, &x, Some(&w)).sums().unwrap();
        let found = sums.iter().find(|s| s.name == name).unwrap();
        assert_close(found.value, expected, Tolerance::ROUNDING);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut weighted = stream(Index::TheilT, &[1.0], Some(&[1.0]));
    assert!(matches!(weighted.push(&[1.0], None), Err(Error::Length { .. })));
    assert!(matches!(
        weighted.merge(&stream(Index::TheilT, &[1.0], None)),
        Err(Error::Length { .. })
    ));
    assert_eq!(
        Running::new(Index::TheilT).unwrap().value(),
        Err(Error::Empty { argument: "x" })
    );
    let undefined = |index, x: &[f64], w: Option<&[f64]>| {
        matches!(stream(index, x, w).value(), Err(Error::Undefined { .. }))
    };
    assert!(undefined(Index::TheilT, &[0.0, 0.0], None));
    assert!(undefined(Index::Atkinson(2.0), &[0.0, 0.0], None));
    assert!(undefined(Index::TheilT, &[1.0], Some(&[0.0])));
    for index in [
        Index::Hoover,
        Index::Gini(GiniOptions::default()),
        Index::SGini(2.0),
        Index::QuintileShareRatio,
        Index::Cv(CvOptions {
            negative: Negative::Allow,
            ..CvOptions::default()
        }),
    ] {
        assert!(matches!(Running::new(index), Err(Error::Undefined { .. })));
    }
    let mut far = Running::new(Index::Ge(2.0)).unwrap();
    assert!(matches!(far.push(&[1e200], None), Err(Error::Range { .. })));
    let mut one = Running::new(Index::Cv(CvOptions {
        ddof: 1,
        ..CvOptions::default()
    }))
    .unwrap();
    one.push(&[1.0], None).unwrap();
    assert!(matches!(one.value(), Err(Error::TooFew { .. })));
    one.push(&[3.0], None).unwrap();
    assert_close(one.value().unwrap(), 0.5f64.sqrt(), Tolerance::ROUNDING);
}
