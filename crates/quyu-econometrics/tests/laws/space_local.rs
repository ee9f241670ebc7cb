//! Local Geary, bivariate local Moran and Moran's I of residuals: values of other packages, laws, hostile input.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::inference::PermutationOptions;
use quyu_econometrics::space::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::strategies::hostile_value;
use quyu_testkit::{Tolerance, assert_close, close};

const X: [f64; 10] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0];
const Y: [f64; 10] = [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0, 2.0, 8.0];
const PAIRS: [(usize, usize); 12] = [
    (0, 1),
    (0, 3),
    (1, 2),
    (1, 4),
    (3, 4),
    (3, 5),
    (4, 6),
    (5, 6),
    (5, 8),
    (6, 7),
    (6, 9),
    (8, 9),
];

fn map(style: Style) -> Weights {
    Weights::contiguity(10, &PAIRS).unwrap().styled(style).unwrap()
}

fn options(scale: LocalScale) -> LocalMoranOptions {
    LocalMoranOptions {
        scale,
        islands: Islands::Drop,
    }
}

#[track_caller]
fn peer(found: f64, expected: f64) {
    assert_close(found, expected, Tolerance { rel: 1e-8, abs: 1e-8 });
}

/// esda 2.x: `Geary_Local(w).fit(x).localG`, row-standardised; moments by enumeration of all draws of the neighbours.
#[test]
fn local_geary_is_that_of_esda() {
    let expected = [
        0.72859745, 1.76077717, 1.63934426, 5.10018215, 2.48937462, 7.83242259, 3.41530055, 2.9143898,
        1.82149362, 0.45537341,
    ];
    let found = local_geary(&X, &map(Style::Row), &options(LocalScale::N)).unwrap();
    for (found, expected) in found.iter().zip(expected) {
        peer(found.unwrap().estimate, expected);
    }
    let found = local_geary(&X, &map(Style::Row), &LocalMoranOptions::default()).unwrap();
    for (unit, mean, variance) in [
        (0, 1.1475409836065573, 1.309011914359939),
        (6, 1.657559198542805, 0.8952981244255991),
    ] {
        let moments = found[unit].unwrap().conditional.unwrap();
        peer(moments.expected, mean);
        peer(moments.variance, variance);
    }
}

/// esda 2.x: `Moran_Local_BV(x, y, w)`, its `Is` and its quadrants.
#[test]
fn bivariate_local_moran_is_that_of_esda() {
    let expected = [
        -0.30904546,
        1.07879759,
        0.02820653,
        0.24895329,
        0.08543717,
        -0.64629746,
        -0.41941884,
        -0.95289018,
        0.44517263,
        0.35319482,
    ];
    let quadrants = [2, 3, 1, 3, 1, 4, 2, 4, 1, 3];
    let of = [
        Quadrant::HighHigh,
        Quadrant::LowHigh,
        Quadrant::LowLow,
        Quadrant::HighLow,
    ];
    let w = map(Style::Row);
    let found = local_moran_bivariate(&X, &Y, &w, &LocalMoranOptions::default()).unwrap();
    for ((found, expected), quadrant) in found.iter().zip(expected).zip(quadrants) {
        peer(found.unwrap().estimate, expected);
        assert_eq!(found.unwrap().quadrant, of[quadrant - 1]);
    }
    peer(
        moran_bivariate(&X, &Y, &w, Islands::Drop).unwrap(),
        -0.009765545982091808,
    );
}

/// Dense matrices of numpy, and the moments of 400,000 draws of normal errors.
#[test]
fn residual_moran_is_that_of_dense_matrices() {
    let x = Matrix::new(&X, 10, 1).unwrap();
    for (style, estimate, expected, variance) in [
        (
            Style::Row,
            -0.7223844521329459,
            -0.08619839101396476,
            0.05621832637358996,
        ),
        (
            Style::Binary,
            -0.6321664201713595,
            -0.07627504553734062,
            0.04024253610638319,
        ),
    ] {
        let found = moran_residuals(&Y, x, &map(style)).unwrap();
        peer(found.estimate, estimate);
        peer(found.expected, expected);
        peer(found.normality.unwrap().variance, variance);
    }
    // Without regressors it is Moran's I, with its moments of normal values.
    let none = Matrix::new(&[], 10, 0);
    if let Ok(none) = none {
        let (own, plain) = (
            moran_residuals(&Y, none, &map(Style::Row)).unwrap(),
            moran(&Y, &map(Style::Row), Islands::Drop).unwrap(),
        );
        peer(own.estimate, plain.estimate);
        peer(own.expected, plain.expected);
        peer(own.normality.unwrap().variance, plain.normality.unwrap().variance);
    }
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-5.0f64..20.0, 10)
}

fn near(a: f64, b: f64) -> bool {
    close(a, b, Tolerance { rel: 1e-8, abs: 1e-8 })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Parts add up to the global statistic; neither unit nor origin matters.
    #[test]
    fn local_values_add_up((x, y) in (values(), values()), factor in 0.1f64..50.0, shift in -9.0f64..9.0) {
        for style in [Style::Row, Style::Binary] {
            let w = map(style);
            let s0: f64 = w.row_sums().iter().sum();
            for scale in [LocalScale::N, LocalScale::NMinusOne] {
                let s = if scale == LocalScale::N { 10.0 } else { 9.0 };
                let geary_of = |x: &[f64]| local_geary(x, &w, &options(scale)).unwrap();
                let local = geary_of(&x);
                let total: f64 = local.iter().flatten().map(|l| l.estimate).sum();
                prop_assert!(near(total, 2.0 * s / 9.0 * s0 * geary(&x, &w, Islands::Drop).unwrap().estimate));
                prop_assert!(local.iter().flatten().all(|l| l.estimate >= 0.0));
                let moved: Vec<f64> = x.iter().map(|v| factor * v + shift).collect();
                for (a, b) in local.iter().flatten().zip(geary_of(&moved).iter().flatten()) {
                    prop_assert!(near(a.estimate, b.estimate));
                }
                let two = local_moran_bivariate(&x, &y, &w, &options(scale)).unwrap();
                let total: f64 = two.iter().flatten().map(|l| l.estimate).sum();
                prop_assert!(near(total, s / 10.0 * s0 * moran_bivariate(&x, &y, &w, Islands::Drop).unwrap()));
                let own = local_moran_bivariate(&x, &x, &w, &options(scale)).unwrap();
                for (a, b) in own.iter().flatten().zip(local_moran(&x, &w, &options(scale)).unwrap().iter().flatten()) {
                    prop_assert!(near(a.estimate, b.estimate) && near(a.conditional.unwrap().variance, b.conditional.unwrap().variance));
                }
            }
        }
    }

    /// The moments of random draws are those of the formulas; the observed value is the statistic.
    #[test]
    fn draws_have_the_moments_of_the_formula((x, y) in (values(), values())) {
        let w = map(Style::Row);
        let many = PermutationOptions { permutations: 4_000, ..Default::default() };
        let local = LocalMoranOptions::default();
        let gaps = local_geary_test(&x, &w, &local, &many).unwrap();
        let lags = local_moran_bivariate_test(&x, &y, &w, &local, &many).unwrap();
        let of_gaps = local_geary(&x, &w, &local).unwrap();
        let of_lags = local_moran_bivariate(&x, &y, &w, &local).unwrap();
        for i in 0..10 {
            for (test, estimate, moments) in [
                (gaps[i].unwrap(), of_gaps[i].unwrap().estimate, of_gaps[i].unwrap().conditional),
                (lags[i].unwrap(), of_lags[i].unwrap().estimate, of_lags[i].unwrap().conditional),
            ] {
                prop_assert!(near(test.observed, estimate));
                let Some(moments) = moments else { continue };
                let sd = moments.variance.sqrt();
                prop_assert!((test.mean - moments.expected).abs() <= 0.1 * sd, "{test:?} {moments:?}");
                prop_assert!((test.std_dev / sd - 1.0).abs() < 0.15, "{test:?} {moments:?}");
            }
        }
    }

    /// Residuals, and so their Moran's I, do not change with what the regressors explain.
    #[test]
    fn residual_moran_does_not_see_the_regressors((e, x) in (values(), values()), slope in -3.0f64..3.0) {
        let (w, table) = (map(Style::Row), Matrix::new(&x, 10, 1).unwrap());
        let y: Vec<f64> = e.iter().zip(&x).map(|(e, x)| 100.0 + e + slope * x).collect();
        let (a, b) = (moran_residuals(&e, table, &w), moran_residuals(&y, table, &w));
        let (Ok(a), Ok(b)) = (a, b) else { return Ok(()) };
        prop_assert!(near(a.estimate, b.estimate) && near(a.expected, b.expected));
    }

    #[test]
    fn whatever_comes_is_finite_or_an_error((x, y) in (prop::collection::vec(hostile_value(), 10), prop::collection::vec(hostile_value(), 10)), style in 0usize..4) {
        let w = map([Style::Row, Style::Binary, Style::VarianceStabilising, Style::Spectral][style]);
        let few = PermutationOptions { permutations: 19, ..Default::default() };
        let finite = |numbers: &[f64]| numbers.iter().all(|v| v.is_finite());
        for islands in [Islands::Drop, Islands::Keep] {
            let options = LocalMoranOptions { islands, ..Default::default() };
            for l in local_geary(&x, &w, &options).into_iter().flatten().flatten() {
                prop_assert!(finite(&[l.estimate, l.z, l.lag]));
                prop_assert!(l.conditional.is_none_or(|c| finite(&[c.expected, c.variance, c.z, c.p.less])));
            }
            for l in local_moran_bivariate(&x, &y, &w, &options).into_iter().flatten().flatten() {
                prop_assert!(finite(&[l.estimate, l.z, l.lag]));
                prop_assert!(l.conditional.is_none_or(|c| finite(&[c.expected, c.variance, c.z, c.p.less])));
            }
            let tests = [local_geary_test(&x, &w, &options, &few), local_moran_bivariate_test(&x, &y, &w, &options, &few)];
            for t in tests.into_iter().flatten().flatten().flatten() {
                prop_assert!(finite(&[t.observed, t.mean, t.std_dev, t.z.unwrap_or(0.0), t.p.two_sided]));
            }
        }
        if let Ok(table) = Matrix::new(&x, 10, 1) && let Ok(m) = moran_residuals(&y, table, &w) {
            prop_assert!(finite(&[m.estimate, m.expected]));
            prop_assert!(m.normality.is_none_or(|c| finite(&[c.variance, c.z])));
        }
    }
}

#[test]
fn what_has_no_answer_is_an_error() {
    let w = map(Style::Row);
    let local = LocalMoranOptions::default();
    let few = PermutationOptions {
        permutations: 0,
        ..Default::default()
    };
    assert!(matches!(
        local_geary(&[1.0; 10], &w, &local),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        local_geary(&X[..9], &w, &local),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        local_moran_bivariate(&X, &[1.0; 10], &w, &local),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        local_geary_test(&X, &w, &local, &few),
        Err(Error::Domain { .. })
    ));
    let islands = Weights::contiguity(10, &PAIRS[..5]).unwrap();
    assert!(local_geary(&X, &islands, &local).unwrap()[9].is_none());
    assert!(local_moran_bivariate_test(&X, &Y, &islands, &local, &Default::default()).unwrap()[9].is_none());
    let kept = LocalMoranOptions {
        islands: Islands::Keep,
        ..local
    };
    assert_eq!(
        local_geary(&X, &islands, &kept).unwrap()[9].unwrap().estimate,
        0.0
    );
}
