//! Spatial regressions against PySAL's spreg, and their laws.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::space::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::{Tolerance, assert_close, close};

const Y: [f64; 25] = [
    5.357422, 10.966839, 8.543799, 12.505718, 13.347089, 6.569899, 8.607792, 7.089478, 5.268162, 14.308652,
    8.540719, 8.726218, 10.730299, 9.682817, 15.282737, 11.27122, 7.732065, 11.878018, 5.500241, 4.067493,
    10.845212, 7.367988, 7.953361, 7.555295, 5.653838,
];

/// A chessboard of 5 by 5 where a king moves, row-standardised.
fn board(side: usize) -> Weights {
    let apart = |a: usize, b: usize| (a / side).abs_diff(b / side).max((a % side).abs_diff(b % side));
    let n = side * side;
    let pairs: Vec<_> = (0..n)
        .flat_map(|a| (0..a).map(move |b| (a, b)))
        .filter(|(a, b)| apart(*a, *b) == 1)
        .collect();
    Weights::contiguity(n, &pairs)
        .unwrap()
        .styled(Style::Row)
        .unwrap()
}

fn regressors() -> Vec<f64> {
    (0..25)
        .flat_map(|i| {
            [
                ((i * 7) % 11) as f64 + 0.5 * (i % 3) as f64,
                ((i * i) % 13) as f64,
            ]
        })
        .collect()
}

fn peer(found: f64, expected: f64, rel: f64) {
    assert_close(found, expected, Tolerance { rel, abs: 1e-12 });
}

/// spreg 1.x: OLS(y, X, w=w, spat_diag=True).
#[test]
fn lagrange_multipliers_are_those_of_spreg() {
    let x = regressors();
    let found = lagrange_tests(&Y, Matrix::new(&x, 25, 2).unwrap(), &board(5)).unwrap();
    let all = [
        (found.error, 11.662897214056581, 0.0006375896914426917),
        (found.lag, 10.611486801303958, 0.0011238728378015835),
        (
            found.robust_error.unwrap(),
            2.1800741065041165,
            0.13980772978274766,
        ),
        (found.robust_lag.unwrap(), 1.1286636937514938, 0.2880605549771857),
        (found.both.unwrap(), 12.791560907808075, 0.001668583103161602),
    ];
    for (test, statistic, p) in all {
        peer(test.statistic, statistic, 1e-9);
        peer(test.p_value, p, 1e-9);
    }
    assert_eq!(found.choice(0.05), SpatialModel::Error);
    assert_eq!(found.choice(0.0001), SpatialModel::Linear);
}

/// spreg 1.x: ML_Lag(y, X, w=w, method="full", epsilon=1e-14). The optimum of spreg is found without derivatives: to 1e-8.
#[test]
fn the_lag_model_is_that_of_spreg() {
    let x = regressors();
    let fit = spatial_lag(&Y, Matrix::new(&x, 25, 2).unwrap(), &board(5)).unwrap();
    let estimates = [
        2.041223967783215,
        0.6854192169217087,
        -0.3607585283176964,
        0.6338367444291662,
    ];
    let errors = [
        1.3221983242617232,
        0.07204500438733998,
        0.05389922263538984,
        0.129975499092907,
    ];
    for (c, (b, e)) in fit
        .coefficients
        .iter()
        .chain([&fit.spatial])
        .zip(estimates.into_iter().zip(errors))
    {
        peer(c.estimate, b, 1e-6);
        peer(c.std_error, e, 1e-6);
    }
    peer(fit.log_likelihood, -39.73291792808591, 1e-11);
    peer(fit.variance, 1.2779557563376631, 1e-6);
    // spreg does not count the variance among the parameters.
    peer(fit.aic, 87.46583585617182 + 2.0, 1e-10);
    for (impact, c) in fit.impacts.iter().zip(&fit.coefficients[1..]) {
        // Row-standardised weights: all regions together answer with β / (1 - ρ).
        peer(impact.total, c.estimate / (1.0 - fit.spatial.estimate), 1e-10);
        peer(impact.direct + impact.indirect, impact.total, 1e-12);
        assert!(impact.direct.abs() > c.estimate.abs());
    }
}

/// spreg 1.x: ML_Error(y, X, w=w, method="full", epsilon=1e-14).
#[test]
fn the_error_model_is_that_of_spreg() {
    let x = regressors();
    let fit = spatial_error(&Y, Matrix::new(&x, 25, 2).unwrap(), &board(5)).unwrap();
    let estimates = [
        8.0235947522242,
        0.5959586094052189,
        -0.32919483357472534,
        0.8444810856099494,
    ];
    let errors = [
        1.3369183687996509,
        0.054416785911015474,
        0.03939510549165292,
        0.09550235820218372,
    ];
    for (c, (b, e)) in fit
        .coefficients
        .iter()
        .chain([&fit.spatial])
        .zip(estimates.into_iter().zip(errors))
    {
        peer(c.estimate, b, 1e-6);
        peer(c.std_error, e, 1e-6);
    }
    peer(fit.log_likelihood, -38.38159009705016, 1e-11);
    peer(fit.variance, 1.0180557135247366, 1e-6);
    assert!(fit.impacts.is_empty());
}

type Model = fn(&[f64], Matrix<'_>, &Weights) -> Result<SpatialRegression, Error>;

fn within(rel: f64, abs: f64) -> Tolerance {
    Tolerance { rel, abs }
}

/// A random map, and y with a lag of its own.
fn data() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (
        prop::collection::vec(-3.0f64..3.0, 16),
        prop::collection::vec(0.0f64..9.0, 16),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn units_change_the_coefficients_as_they_must((e, x) in data(), factor in 0.01f64..100.0) {
        let w = board(4);
        let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 2.0 + x + e).collect();
        let other_y: Vec<f64> = y.iter().map(|v| v * factor).collect();
        let other_x: Vec<f64> = x.iter().map(|v| v * 10.0).collect();
        let tolerance = within(1e-6, 1e-7);
        let models: [Model; 2] = [spatial_lag, spatial_error];
        for model in models {
            let own = model(&y, Matrix::new(&x, 16, 1).unwrap(), &w);
            let other = model(&other_y, Matrix::new(&other_x, 16, 1).unwrap(), &w);
            let (Ok(own), Ok(other)) = (own, other) else { continue };
            prop_assert!(close(own.spatial.estimate, other.spatial.estimate, tolerance));
            prop_assert!(close(own.spatial.std_error, other.spatial.std_error, tolerance));
            prop_assert!(close(own.coefficients[1].estimate * factor / 10.0, other.coefficients[1].estimate, within(1e-6, 1e-6 * factor)));
            prop_assert!(close(own.likelihood_ratio.statistic, other.likelihood_ratio.statistic, tolerance));
            prop_assert!(own.log_likelihood >= own.log_likelihood_linear - 1e-9);
            prop_assert!(own.spatial.estimate.abs() < 1.0);
        }
    }

    #[test]
    fn the_error_model_takes_what_x_explains((e, x) in data()) {
        let w = board(4);
        let shifted: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 5.0 + 2.0 * x + e).collect();
        let own = spatial_error(&e, Matrix::new(&x, 16, 1).unwrap(), &w);
        let other = spatial_error(&shifted, Matrix::new(&x, 16, 1).unwrap(), &w);
        let (Ok(own), Ok(other)) = (own, other) else { return Ok(()) };
        let tolerance = within(1e-6, 1e-6);
        prop_assert!(close(own.spatial.estimate, other.spatial.estimate, tolerance));
        prop_assert!(close(own.coefficients[1].estimate + 2.0, other.coefficients[1].estimate, tolerance));
        prop_assert!(close(own.coefficients[0].estimate + 5.0, other.coefficients[0].estimate, within(1e-6, 1e-5)));
    }

    /// With X alone, Lagrange multipliers do not change with the unit of y; with weights without influence they are small.
    #[test]
    fn multipliers_have_no_unit((e, x) in data(), factor in 1e-3f64..1e3) {
        let w = board(4);
        let scaled: Vec<f64> = e.iter().map(|v| v * factor).collect();
        let own = lagrange_tests(&e, Matrix::new(&x, 16, 1).unwrap(), &w).unwrap();
        let other = lagrange_tests(&scaled, Matrix::new(&x, 16, 1).unwrap(), &w).unwrap();
        prop_assert!(close(own.lag.statistic, other.lag.statistic, within(1e-9, 1e-10)));
        prop_assert!(close(own.error.statistic, other.error.statistic, within(1e-9, 1e-10)));
        // Lag and robust error, error and robust lag: two ways to the same sum.
        if let (Some(lag), Some(error), Some(both)) = (own.robust_lag, own.robust_error, own.both) {
            prop_assert!(close(both.statistic, own.lag.statistic + error.statistic, within(1e-6, 1e-8)));
            prop_assert!(close(both.statistic, own.error.statistic + lag.statistic, within(1e-9, 1e-10)));
        }
    }
}

#[test]
fn what_cannot_be_estimated_is_an_error() {
    let w = board(4);
    let x: Vec<f64> = (0..16).map(f64::from).collect();
    let line: Vec<f64> = x.iter().map(|v| 3.0 * v + 1.0).collect();
    let of = |y: &[f64], x: &[f64], w: &Weights| spatial_lag(y, Matrix::new(x, x.len(), 1).unwrap(), w);
    assert!(matches!(of(&line, &x, &w), Err(Error::Undefined { .. })));
    assert!(matches!(of(&line, &[1.0; 16], &w), Err(Error::Singular { .. })));
    assert!(matches!(of(&line[..3], &x, &w), Err(Error::Length { .. })));
    let noise: Vec<f64> = (0..16).map(|i| f64::from((i * 7) % 5)).collect();
    // Links in one direction only: there is no feedback, and no largest eigenvalue.
    let one_way: Vec<_> = (0..15).map(|i| (i, i + 1, 1.0)).collect();
    let one_way = Weights::new(16, &one_way).unwrap();
    assert!(matches!(of(&noise, &x, &one_way), Err(Error::Undefined { .. })));
    let nobody = Weights::new(16, &[]).unwrap();
    assert!(matches!(of(&noise, &x, &nobody), Err(Error::Undefined { .. })));
}
