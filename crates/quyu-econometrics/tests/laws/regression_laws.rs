//! Laws of regression.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::regression::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::{Tolerance, assert_close, close};

const NEAR: Tolerance = Tolerance {
    rel: 1e-9,
    abs: 1e-11,
};

fn up_to(rel: f64, abs: f64) -> Tolerance {
    Tolerance { rel, abs }
}

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

/// y, and two regressors row by row, for 5 to 20 units.
fn sample() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((-3.0..3.0, -2.0..2.0, 0.0..1.0), 5..20).prop_map(|rows: Vec<(f64, f64, f64)>| {
        let y = rows.iter().map(|r| r.0).collect();
        let x = rows.iter().flat_map(|r| [r.1, r.2]).collect();
        (y, x)
    })
}

fn fit(y: &[f64], x: &[f64]) -> Option<Ols> {
    ols(y, matrix(x, 2), &OlsOptions::default()).ok()
}

fn std_errors(fit: &Ols, covariance: Covariance<'_>) -> Vec<f64> {
    let inference = fit.inference(covariance).unwrap();
    inference.coefficients.iter().map(|c| c.std_error).collect()
}

fn all_close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b, NEAR))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn residuals_are_orthogonal_to_the_regressors((y, x) in sample()) {
        let Some(fit) = fit(&y, &x) else { return Ok(()) };
        let with = |f: &dyn Fn(usize) -> f64| -> f64 { (0..y.len()).map(|i| fit.residuals[i] * f(i)).sum() };
        prop_assert!(with(&|_| 1.0).abs() < 1e-11);
        prop_assert!(with(&|i| x[2 * i]).abs() < 1e-11 && with(&|i| x[2 * i + 1]).abs() < 1e-11);
        let leverages: f64 = fit.leverages.iter().sum();
        prop_assert!((leverages - 3.0).abs() < 1e-12);
        prop_assert!(fit.leverages.iter().all(|h| (-1e-12..=1.0 + 1e-12).contains(h)));
        prop_assert!((0.0..=1.0).contains(&fit.r_squared().unwrap()));
    }

    #[test]
    fn units_shifts_and_order((y, x) in sample(), factor in 0.1..10.0f64, shift in -5.0..5.0f64) {
        let Some(plain) = fit(&y, &x) else { return Ok(()) };
        let scaled: Vec<f64> = y.iter().map(|v| factor * v + shift).collect();
        let other = fit(&scaled, &x).unwrap();
        let expected: Vec<f64> = plain.coefficients.iter().enumerate()
            .map(|(j, b)| factor * b + if j == 0 { shift } else { 0.0 }).collect();
        prop_assert!(all_close(&other.coefficients, &expected));
        let wide: Vec<f64> = x.iter().map(|v| 1024.0 * v).collect();
        let narrow = fit(&y, &wide).unwrap();
        prop_assert!(close(narrow.coefficients[1] * 1024.0, plain.coefficients[1], NEAR));
        // Rows in reverse.
        let (yr, xr): (Vec<f64>, Vec<f64>) = (
            y.iter().rev().copied().collect(),
            x.chunks_exact(2).rev().flatten().copied().collect(),
        );
        let reversed = fit(&yr, &xr).unwrap();
        prop_assert!(all_close(&reversed.coefficients, &plain.coefficients));
        for covariance in [Covariance::Classical, Covariance::Hc0, Covariance::Hc3, Covariance::NeweyWest(2)] {
            match (plain.inference(covariance), reversed.inference(covariance)) {
                (Ok(a), Ok(b)) => prop_assert!(all_close(&a.covariance, &b.covariance)),
                (a, b) => prop_assert!(a.is_err() || b.is_err()),
            }
        }
    }

    #[test]
    fn covariances_are_ordered_and_nest((y, x) in sample()) {
        let Some(fit) = fit(&y, &x) else { return Ok(()) };
        let hc0 = std_errors(&fit, Covariance::Hc0);
        let hc1 = std_errors(&fit, Covariance::Hc1);
        let n = y.len() as f64;
        for (a, b) in hc0.iter().zip(&hc1) {
            prop_assert!(close(a * (n / (n - 3.0)).sqrt(), *b, NEAR));
        }
        // Everybody in a cluster alone: HC1.
        let labels: Vec<usize> = (0..y.len()).collect();
        prop_assert!(all_close(&std_errors(&fit, Covariance::Clustered(&labels)), &hc1));
        prop_assert!(all_close(&std_errors(&fit, Covariance::NeweyWest(0)), &hc0));
        if let (Ok(hc2), Ok(hc3)) = (fit.inference(Covariance::Hc2), fit.inference(Covariance::Hc3)) {
            for ((a, b), c) in hc0.iter().zip(&hc2.coefficients).zip(&hc3.coefficients) {
                prop_assert!(*a <= b.std_error * (1.0 + 1e-12) && b.std_error <= c.std_error * (1.0 + 1e-12));
            }
        }
    }

    #[test]
    fn tests_agree_with_each_other((y, x) in sample()) {
        let Some(fit) = fit(&y, &x) else { return Ok(()) };
        let inference = fit.inference(Covariance::Classical).unwrap();
        let b = inference.coefficients[1];
        let joint = inference.joint_test(&[1]).unwrap();
        prop_assert!(close(joint.statistic, b.t().unwrap().powi(2), NEAR));
        prop_assert!(close(joint.p_value, b.p_value().unwrap(), up_to(1e-8, 1e-12)));
        let (whole, both) = (fit.f_test().unwrap(), inference.joint_test(&[1, 2]).unwrap());
        prop_assert!(close(whole.statistic, both.statistic, up_to(1e-6, 1e-9)));
        // The interval excludes zero exactly if the test rejects.
        let (low, high) = b.interval(0.95).unwrap();
        let rejects = b.p_value().unwrap() < 0.05;
        prop_assert!((low > 0.0 || high < 0.0) == rejects || (b.p_value().unwrap() - 0.05).abs() < 1e-9);
    }

    #[test]
    fn within_is_least_squares_with_dummies(
        cells in prop::collection::vec((-3.0..3.0f64, -2.0..2.0f64), 12..=12),
    ) {
        let (regions, years) = (4, 3);
        let (y, x): (Vec<f64>, Vec<f64>) = cells.into_iter().unzip();
        let panel = within(matrix(&y, years), &[matrix(&x, years)], Effects::TwoWays).unwrap();
        let mut rows = Vec::new();
        for r in 0..regions {
            for t in 0..years {
                rows.push(x[r * years + t]);
                rows.extend((1..regions).map(|d| f64::from(u8::from(d == r))));
                rows.extend((1..years).map(|d| f64::from(u8::from(d == t))));
            }
        }
        let dummies = ols(&y, matrix(&rows, regions + years - 1), &OlsOptions::default()).unwrap();
        prop_assert!(close(panel.coefficients[0], dummies.coefficients[1], NEAR));
        prop_assert!(all_close(&panel.residuals, &dummies.residuals));
        prop_assert_eq!(panel.df, dummies.df());
        let error = |p: PanelCovariance| panel.inference(p).unwrap().coefficients[0].std_error;
        prop_assert!(close(
            error(PanelCovariance::Classical),
            std_errors(&dummies, Covariance::Classical)[1],
            NEAR
        ));
        let labels: Vec<usize> = (0..12).map(|i| i / years).collect();
        // The clustered covariance of the dummies differs by the factor alone.
        let ours = error(PanelCovariance::Clustered(SmallSample::None));
        let theirs = std_errors(&dummies, Covariance::Clustered(&labels))[1];
        let factor: f64 = 4.0 / 3.0 * 11.0 / dummies.df() as f64;
        prop_assert!(close(ours * factor.sqrt(), theirs, NEAR));
    }

    #[test]
    fn a_linear_model_is_its_own_tangent((y, x) in sample(), start in -4.0..4.0f64) {
        let Some(linear) = fit(&y, &x) else { return Ok(()) };
        let model = |p: &[f64], i: usize, d: &mut [f64]| {
            (d[0], d[1], d[2]) = (1.0, x[2 * i], x[2 * i + 1]);
            p[0] + p[1] * d[1] + p[2] * d[2]
        };
        let found = nls(&y, &[start, -start, 1.0], model, &NlsOptions::default()).unwrap();
        for (a, b) in found.parameters.iter().zip(&linear.coefficients) {
            prop_assert!(close(*a, *b, up_to(1e-6, 1e-6)));
        }
        prop_assert!(close(found.rss, linear.rss, up_to(1e-9, 1e-12)));
    }
}

#[test]
fn random_effects_are_generalised_least_squares() {
    let y = [1.0, 2.0, 2.5, 4.0, 5.5, 5.0, 9.0, 9.5, 11.0, 3.0, 4.5, 4.0];
    let x = [0.0, 1.0, 1.5, 0.5, 1.0, 2.0, 1.0, 2.0, 2.5, 0.0, 1.0, 1.0];
    let found = random_effects(matrix(&y, 3), &[matrix(&x, 3)]).unwrap();
    assert!(found.theta > 0.1 && found.theta < 1.0);
    // The inverse covariance of a region's three years is proportional to I - phi J.
    let (se, su) = (found.variance_within, found.variance_effects);
    let phi = su / (se + 3.0 * su);
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.chunks(3)
            .zip(b.chunks(3))
            .map(|(a, b)| {
                let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                dot - phi * a.iter().sum::<f64>() * b.iter().sum::<f64>()
            })
            .sum()
    };
    let one = [1.0; 12];
    let (a, b, d) = (product(&one, &one), product(&one, &x), product(&x, &x));
    let (u, v) = (product(&one, &y), product(&x, &y));
    let slope = (a * v - b * u) / (a * d - b * b);
    assert_close(found.ols.coefficients[1], slope, NEAR);
    assert_close(found.ols.coefficients[0], (u - b * slope) / a, NEAR);
}

#[test]
fn worked_by_hand() {
    // y on 0, 1, 2: slope 1, constant 1/3; residuals -1/3, 2/3, -1/3 (Golub's example needs no computer).
    let fit = ols(
        &[0.0, 2.0, 2.0],
        matrix(&[0.0, 1.0, 2.0], 1),
        &OlsOptions::default(),
    )
    .unwrap();
    let exact = Tolerance {
        rel: 1e-14,
        abs: 1e-14,
    };
    assert_close(fit.coefficients[0], 1.0 / 3.0, exact);
    assert_close(fit.coefficients[1], 1.0, exact);
    assert_close(fit.rss, 6.0 / 9.0, exact);
    assert_close(fit.r_squared().unwrap(), 0.75, exact);
    // s2 = 2/3 over one degree of freedom, Sxx = 2; HC0: sum e2 x2 / Sxx2 = (1/9 + 1/9) / 4.
    assert_close(
        std_errors(&fit, Covariance::Classical)[1],
        (1.0f64 / 3.0).sqrt(),
        exact,
    );
    assert_close(
        std_errors(&fit, Covariance::Hc0)[1],
        (2.0f64 / 36.0).sqrt(),
        exact,
    );
    let through_zero = ols(
        &[0.0, 2.0, 2.0],
        matrix(&[0.0, 1.0, 2.0], 1),
        &OlsOptions { constant: false },
    )
    .unwrap();
    assert_close(through_zero.coefficients[0], 6.0 / 5.0, exact);
}

/// The Longley-like trap: regressors far from zero that differ in the last digits.
#[test]
fn digits_survive_far_from_zero() {
    let x: Vec<f64> = (0..20).map(|i| 1e6 + f64::from(i)).collect();
    let y: Vec<f64> = x.iter().map(|v| 3.0 * (v - 1e6) + 7.0).collect();
    let fit = ols(&y, matrix(&x, 1), &OlsOptions::default()).unwrap();
    assert_close(fit.coefficients[1], 3.0, Tolerance { rel: 1e-9, abs: 0.0 });
}

#[test]
fn what_cannot_be_is_an_error() {
    let y = [1.0, 2.0, 4.0, 3.0];
    let options = OlsOptions::default();
    let fit = |x: &[f64], cols: usize| ols(&y, matrix(x, cols), &options);
    assert!(matches!(fit(&[1.0; 4], 1), Err(Error::Singular { .. })));
    assert!(matches!(
        fit(&[0.0, 0.0, 1.0, 2.0, 2.0, 4.0, 3.0, 6.0], 2),
        Err(Error::Singular { .. })
    ));
    assert!(matches!(fit(&[1.0, 2.0], 1), Err(Error::Length { .. })));
    assert!(matches!(
        fit(&[1.0, 2.0, f64::NAN, 0.0], 1),
        Err(Error::NotFinite { .. })
    ));
    let few = ols(&[1.0, 2.0], matrix(&[1.0, 3.0], 1), &options);
    assert!(matches!(few, Err(Error::TooFew { needed: 3, .. })));
    let good = fit(&[1.0, 2.0, 3.0, 5.0], 1).unwrap();
    assert!(matches!(
        good.inference(Covariance::Clustered(&[0, 0, 0, 0])),
        Err(Error::TooFew { .. })
    ));
    assert!(matches!(
        good.inference(Covariance::Clustered(&[0, 1])),
        Err(Error::Length { .. })
    ));
    // One unit alone decides a dummy: its leverage is one.
    let dummy = fit(&[0.0, 0.0, 0.0, 1.0], 1).unwrap();
    assert!(matches!(
        dummy.inference(Covariance::Hc3),
        Err(Error::Undefined { .. })
    ));
    let inference = good.inference(Covariance::Classical).unwrap();
    assert!(matches!(inference.joint_test(&[7]), Err(Error::Label { .. })));
    assert!(inference.joint_test(&[]).is_err());
    assert!(inference.coefficients[0].interval(1.0).is_err());
    // A perfect fit has no t that is a number, and says so.
    let flat = ols(&[2.0; 4], matrix(&[1.0, 2.0, 3.0, 5.0], 1), &options).unwrap();
    assert_eq!(flat.r_squared(), None);
    let explained = within(
        matrix(&[1.0, 2.0, 3.0, 4.0, 5.0, 7.0], 3),
        &[matrix(&[1.0, 1.0, 1.0, 2.0, 2.0, 2.0], 3)],
        Effects::Region,
    );
    assert!(matches!(explained, Err(Error::Singular { .. })));
}
