//! Whatever is thrown at an index, it answers with a finite number or a typed error.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

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
        finite(gini(x, w, &GiniOptions { correction, negative }));
    }
    for ddof in 0..3 {
        for normalisation in [Normalisation::None, Normalisation::Maximum, Normalisation::Reat] {
            finite(cv(
                x,
                w,
                &CvOptions {
                    ddof,
                    normalisation,
                    negative: Negative::Allow,
                },
            ));
        }
    }
    finite(theil_t(x, w));
    finite(mld(x, w));
    finite(ge(x, w, alpha));
    finite(hoover(x, w));
    if let Some(w) = w {
        finite(williamson(x, w));
        finite(williamson_unweighted(x, w));
        finite(hoover_between(x, w));
    }
    if let Ok(curve) = lorenz(x, w) {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

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
    fn decompositions(x in hostile(8), w in hostile(8), g in prop::collection::vec(0usize..4, 0..8), alpha in hostile_value()) {
        finite_split(decompose_ge(&x, None, &g, 3, alpha));
        finite_split(decompose_ge(&x, Some(&w), &g, 3, 1.0));
        let g: Vec<usize> = (0..x.len()).map(|i| i % 3).collect();
        finite_split(decompose_ge(&x, Some(&vec![1.0; x.len()]), &g, 3, alpha));
        finite_split(decompose_ge(&x, None, &g, 0, 0.0));
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
