//! Proptest strategies for regional data.

use proptest::collection::vec;
use proptest::prelude::*;

/// Positive values over six orders of magnitude, with ties: `n` of them.
pub fn positive(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    vec(positive_value(), n)
}

/// One positive value; every third is a small whole number, so that ties are common.
pub fn positive_value() -> impl Strategy<Value = f64> {
    prop_oneof![2 => (1.0f64..10.0, 0usize..6).prop_map(|(m, e)| m * [1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0][e]), 1 => (1u8..6).prop_map(f64::from)]
}

/// Values that are positive or zero, at least one of them positive.
pub fn non_negative(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![4 => positive_value(), 1 => Just(0.0)], n)
        .prop_filter("one value is positive", |x| x.iter().any(|v| *v > 0.0))
}

/// Values with a positive weight each.
pub fn weighted(n: std::ops::Range<usize>) -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    vec((positive_value(), positive_value()), n).prop_map(|pairs| pairs.into_iter().unzip())
}

/// Values, weights, and a label below `groups` for each: every label is used where there are enough values.
pub fn grouped(
    n: std::ops::Range<usize>,
    groups: usize,
) -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<usize>)> {
    vec((positive_value(), positive_value(), 0..groups), n).prop_map(move |rows| {
        let (mut x, mut w, mut g) = (Vec::new(), Vec::new(), Vec::new());
        for (i, (value, weight, label)) in rows.into_iter().enumerate() {
            x.push(value);
            w.push(weight);
            g.push(if i < groups { i } else { label });
        }
        (x, w, g)
    })
}

/// Numbers that break arithmetic: zeros, the largest, the smallest, NaN, infinities, negatives.
pub fn hostile_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => positive_value(),
        1 => any::<f64>(),
        2 => proptest::sample::select(vec![
            0.0, -0.0, 1.0, -1.0, 1e308, -1e308, f64::MAX, f64::MIN, 1e-308, f64::MIN_POSITIVE, 5e-324, -5e-324,
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::EPSILON, 9_007_199_254_740_993.0, 2_147_483_648.0,
        ]),
    ]
}

/// Slices of any length below `n`, empty ones included, of [`hostile_value`].
pub fn hostile(n: usize) -> impl Strategy<Value = Vec<f64>> {
    vec(hostile_value(), 0..n)
}

/// Finite numbers only, but as extreme as doubles can be.
pub fn extreme(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    vec(
        hostile_value().prop_map(|v| if v.is_finite() { v.abs() } else { f64::MAX }),
        n,
    )
}
