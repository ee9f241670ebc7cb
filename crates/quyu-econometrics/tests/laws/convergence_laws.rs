//! Laws of convergence: sigma, beta, gamma, delta, trends, clubs, ranks and kernels.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::convergence::*;
use quyu_econometrics::regression::{Covariance, NlsOptions, nls};
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::strategies::positive;
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

fn all_close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b, NEAR))
}

fn pairs(n: std::ops::Range<usize>) -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((0.5..50.0f64, 0.5..50.0f64), n).prop_map(|rows| rows.into_iter().unzip())
}

/// Regions by 20 periods: smooth paths to one of three levels, with a ripple.
fn paths() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0usize..3, -2.0..2.0f64, 0.01..0.2f64, 0u32..7), 3..12).prop_map(|rows| {
        let path = |(level, gap, ripple, phase): (usize, f64, f64, u32)| {
            (0..20).map(move |t: u32| {
                let end = [5.0, 8.0, 11.0][level];
                end + gap * 0.85f64.powi(t as i32) + ripple / f64::from(t + 1) * f64::from((t + phase) % 5)
            })
        };
        rows.into_iter().flat_map(path).collect()
    })
}

const MEASURES: [SigmaMeasure; 3] = [
    SigmaMeasure::SdOfLogs,
    SigmaMeasure::CoefficientOfVariation,
    SigmaMeasure::Sd,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sigma_keeps_its_laws(x in positive(2..20), factor in 0.1..10.0f64) {
        for measure in MEASURES {
            let options = SigmaOptions { measure, ddof: 0 };
            let of = |x: &[f64]| sigma(matrix(x, 1), None, &options).unwrap()[0];
            let plain = of(&x);
            let scaled: Vec<f64> = x.iter().map(|v| v * factor).collect();
            let expected = if measure == SigmaMeasure::Sd { plain * factor } else { plain };
            prop_assert!(close(of(&scaled), expected, NEAR));
            prop_assert!(close(of(&x.repeat(3)), plain, NEAR));
            let reversed: Vec<f64> = x.iter().rev().copied().collect();
            prop_assert!(close(of(&reversed), plain, NEAR));
            // Weights: equal ones are none, whole ones are repetitions.
            let weighted = |w: &[f64]| sigma(matrix(&x, 1), Some(matrix(w, 1)), &options).unwrap()[0];
            prop_assert!(close(weighted(&vec![2.5; x.len()]), plain, NEAR));
            let mut w = vec![1.0; x.len()];
            w[0] = 3.0;
            let repeated: Vec<f64> = [x[0], x[0]].iter().chain(&x).copied().collect();
            prop_assert!(close(weighted(&w), of(&repeated), NEAR));
            // n - 1.
            let n = x.len() as f64;
            let sample = sigma(matrix(&x, 1), None, &SigmaOptions { measure, ddof: 1 }).unwrap()[0];
            prop_assert!(close(sample, plain * (n / (n - 1.0)).sqrt(), NEAR));
            prop_assert!(of(&vec![x[0]; x.len()]) <= 1e-12 * x[0].max(1.0));
        }
    }

    #[test]
    fn time_runs_both_ways((a, b) in pairs(4..20)) {
        let options = SigmaOptions::default();
        let (there, back) = (sigma_change(&a, &b, &options), sigma_change(&b, &a, &options));
        let (there, back) = (there.unwrap(), back.unwrap());
        prop_assert!(close(there.quotient * back.quotient, 1.0, NEAR));
        prop_assert!(close(there.independent.p_value, back.independent.p_value, NEAR));
        prop_assert!(close(there.lichtenberg.p_value + back.lichtenberg.p_value, 1.0, NEAR));
        let (l, m) = (there.carree_klomp_lr.unwrap(), back.carree_klomp_lr.unwrap());
        prop_assert!(close(l.statistic, m.statistic, up_to(1e-7, 1e-10)));
        if let Some(z) = there.carree_klomp {
            prop_assert_eq!(z.z > 0.0, there.quotient > 1.0);
        }
        prop_assert_eq!(there.n, a.len());
    }

    #[test]
    fn the_unit_moves_the_constant_alone((a, b) in pairs(4..20), factor in 0.1..10.0f64, years in 1.0..30.0f64) {
        let fit = |a: &[f64], b: &[f64]| beta(a, b, years, None, Covariance::Hc1).unwrap();
        let plain = fit(&a, &b);
        let times = |x: &[f64]| -> Vec<f64> { x.iter().map(|v| v * factor).collect() };
        let scaled = fit(&times(&a), &times(&b));
        prop_assert!(close(plain.beta.estimate, scaled.beta.estimate, NEAR));
        prop_assert!(close(plain.beta.std_error, scaled.beta.std_error, NEAR));
        let Some(speed) = plain.speed else {
            prop_assert!(1.0 + plain.beta.estimate * years <= 0.0);
            return Ok(());
        };
        let kept = (-speed.speed.estimate * years).exp();
        prop_assert!(close(kept, 1.0 + plain.beta.estimate * years, NEAR));
        prop_assert_eq!(speed.half_life.is_some(), speed.speed.estimate > 0.0);
        if let Some(half) = speed.half_life {
            prop_assert!(close((-half.estimate * speed.speed.estimate).exp(), 0.5, NEAR));
            // Delta method: the relative errors of speed and half-life are equal.
            prop_assert!(close(half.std_error / half.estimate, speed.speed.std_error / speed.speed.estimate, NEAR));
        }
    }

    #[test]
    fn the_nonlinear_form_has_the_same_minimum((a, b) in pairs(6..15), offset in -0.02..0.02f64) {
        let years = 10.0;
        let Ok(exact) = beta_nls(&a, &b, years, None, Covariance::Hc0) else { return Ok(()) };
        // Where nearly nothing of the first level is left, the model is flat in the speed and iteration finds no way.
        if (-exact.speed.estimate * years).exp() < 0.05 {
            return Ok(());
        }
        let growth: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (b / a).ln() / years).collect();
        let logs: Vec<f64> = a.iter().map(|a| a.ln()).collect();
        let model = |p: &[f64], i: usize, d: &mut [f64]| {
            let kept = (-p[1] * years).exp();
            (d[0], d[1]) = (1.0, -kept * logs[i]);
            p[0] - (1.0 - kept) / years * logs[i]
        };
        let start = [exact.alpha.estimate + offset, exact.speed.estimate + offset];
        let found = nls(&growth, &start, model, &NlsOptions::default()).unwrap();
        prop_assert!(close(found.rss, exact.rss, up_to(1e-8, 1e-14)));
        let gauss_newton = found.inference(Covariance::Hc0).unwrap().coefficients[1];
        let loose = up_to(1e-4, 1e-7);
        prop_assert!(close(found.parameters[1], exact.speed.estimate, loose));
        prop_assert!(close(gauss_newton.std_error, exact.speed.std_error, loose));
    }

    #[test]
    fn gamma_looks_at_order_alone(x in positive(6..30)) {
        let cols = 3;
        let cells = &x[..x.len() / cols * cols];
        let panel = matrix(cells, cols);
        let Ok(g) = gamma(panel) else {
            prop_assert!(panel.col(0).iter().all(|v| *v == panel.at(0, 0)));
            return Ok(());
        };
        // With ties a later year may be more spread than the first: only without is the bound one.
        prop_assert!(g.full.iter().chain(&g.binary).all(|v| *v >= 0.0));
        let logs: Vec<f64> = cells.iter().map(|v| v.ln()).collect();
        prop_assert_eq!(&gamma(matrix(&logs, cols)).unwrap(), &g);
        let still: Vec<f64> = (0..panel.rows()).flat_map(|r| [panel.at(r, 0); 3]).collect();
        let same = gamma(matrix(&still, cols)).unwrap();
        prop_assert!(same.full.iter().chain(&same.binary).all(|v| (*v - 1.0).abs() < 1e-14));
    }

    #[test]
    fn delta_is_a_distance(x in positive(4..20), factor in 0.1..10.0f64, shift in -5.0..5.0f64) {
        let cells = &x[..x.len() / 2 * 2];
        let other: Vec<f64> = cells.iter().map(|v| factor * v + shift).collect();
        let (a, b) = (delta(matrix(cells, 2), Best::Highest).unwrap(), delta(matrix(&other, 2), Best::Highest).unwrap());
        let tolerance = 1e-10 * (1.0 + x.iter().sum::<f64>() * factor);
        prop_assert!(a.iter().zip(&b).all(|(a, b)| (a * factor - b).abs() < tolerance && *a >= 0.0));
        let negative: Vec<f64> = cells.iter().map(|v| -v).collect();
        prop_assert_eq!(delta(matrix(&negative, 2), Best::Lowest).unwrap(), a);
    }

    #[test]
    fn a_trend_solves_its_equations(y in prop::collection::vec(-5.0..5.0f64, 3..40), lambda in 0.0..2000.0f64) {
        let split = hp_filter(&y, lambda).unwrap();
        let n = y.len();
        let t = &split.trend;
        let second = |i: usize| t[i] - 2.0 * t[i + 1] + t[i + 2];
        for i in 0..n {
            let mut left = t[i];
            if i + 2 < n { left += lambda * second(i); }
            if i >= 1 && i + 1 < n { left -= 2.0 * lambda * second(i - 1); }
            if i >= 2 { left += lambda * second(i - 2); }
            prop_assert!((left - y[i]).abs() < 1e-9, "{left} {}", y[i]);
            prop_assert!((t[i] + split.cycle[i] - y[i]).abs() < 1e-13);
        }
        let reversed: Vec<f64> = y.iter().rev().copied().collect();
        let back: Vec<f64> = hp_filter(&reversed, lambda).unwrap().trend.into_iter().rev().collect();
        prop_assert!(back.iter().zip(t).all(|(a, b)| (a - b).abs() < 1e-8));
        prop_assert!(all_close(&hp_filter(&y, 0.0).unwrap().trend, &y));
    }

    #[test]
    fn clubs_divide_the_regions(cells in paths(), factor in 0.1..10.0f64) {
        let panel = matrix(&cells, 20);
        for threshold in [CoreThreshold::Fixed(0.0), CoreThreshold::Rising { start: 0.0, step: 0.1, cap: 3.0 }] {
            let options = ClubOptions { threshold, ..ClubOptions::default() };
            let found = clubs(panel, &options).unwrap();
            let mut all: Vec<usize> = found.clubs.iter().flat_map(|c| c.members.clone()).chain(found.divergent.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..panel.rows()).collect::<Vec<_>>());
            prop_assert!(found.clubs.iter().all(|c| c.members.len() >= 2));
            if matches!(threshold, CoreThreshold::Rising { .. }) {
                prop_assert!(found.clubs.iter().all(|c| c.log_t.is_none_or(|fit| fit.t > options.critical)));
            }
            // Relative paths have no unit, and rows no order.
            let scaled: Vec<f64> = cells.iter().map(|v| v * factor).collect();
            let other = clubs(matrix(&scaled, 20), &options).unwrap();
            let members = |clubs: &Clubs| -> Vec<Vec<usize>> { clubs.clubs.iter().map(|c| c.members.clone()).collect() };
            prop_assert_eq!(members(&other), members(&found));
            let n = panel.rows();
            let reversed: Vec<f64> = (0..n).rev().flat_map(|i| panel.row(i).to_vec()).collect();
            let mut back = members(&clubs(matrix(&reversed, 20), &options).unwrap());
            back.iter_mut().for_each(|m| { m.iter_mut().for_each(|i| *i = n - 1 - *i); m.sort_unstable(); });
            prop_assert_eq!(back, members(&found));
            for merging in [Merging::PhillipsSul, Merging::VonLynckerThoennessen] {
                let merged = merge_clubs(panel, &found.clubs, merging, &options).unwrap();
                let count = |clubs: &[Club]| clubs.iter().map(|c| c.members.len()).sum::<usize>();
                prop_assert_eq!(count(&merged), count(&found.clubs));
                prop_assert!(merged.len() <= found.clubs.len());
            }
        }
        let (plain, wide) = (log_t(panel, &LogTOptions::default()), log_t(matrix(&cells.repeat(2), 20), &LogTOptions::default()));
        // A set twice has the same relative spread.
        let (plain, wide) = (plain.unwrap(), wide.unwrap());
        prop_assert!(close(plain.slope, wide.slope, up_to(1e-7, 1e-9)));
    }

    #[test]
    fn places((a, b) in pairs(3..15)) {
        let Ok(t) = kendall_tau(&a, &b) else { return Ok(()) };
        prop_assert!((-1.0..=1.0).contains(&t.tau) && (0.0..=1.0).contains(&t.p_value));
        prop_assert_eq!(kendall_tau(&b, &a).unwrap().tau, t.tau);
        let negative: Vec<f64> = b.iter().map(|v| -v).collect();
        prop_assert_eq!(kendall_tau(&a, &negative).unwrap().tau, -t.tau);
        prop_assert_eq!(kendall_tau(&a, &a).unwrap().tau, 1.0);
        // If everybody is a neighbour, the neighbours are everybody.
        let n = a.len();
        let all: Vec<Vec<(usize, f64)>> = (0..n).map(|i| (0..n).filter(|j| *j != i).map(|j| (j, 0.5)).collect()).collect();
        let s = spatial_tau(&a, &b, &all).unwrap();
        prop_assert!(s.concordant == t.concordant && close(s.tau, t.tau, NEAR));
        let one = vec![3; n];
        let each: Vec<usize> = (0..n).collect();
        if let Ok(value) = theta(&a, &b, &each) {
            prop_assert!((value - 1.0).abs() < 1e-14);
            // Ranks are only exchanged: together nobody moves.
            prop_assert!(theta(&a, &b, &one).unwrap() < 1e-12);
        }
    }

    #[test]
    fn densities_integrate_to_one((a, b) in pairs(5..20)) {
        let grid: Vec<f64> = (0..1500).map(|g| -100.0 + f64::from(g) * 0.2).collect();
        for rule in [Bandwidth::Scott, Bandwidth::Nrd0, Bandwidth::Given(3.0)] {
            let d = density(&a, &grid, rule).unwrap();
            if d.bandwidth > 0.5 {
                prop_assert!((d.density.iter().sum::<f64>() * 0.2 - 1.0).abs() < 1e-6);
            }
            let shifted: Vec<f64> = a.iter().map(|v| v + 4.0).collect();
            let there = density(&shifted, &[a[0] + 4.0], rule).unwrap();
            prop_assert!(close(there.density[0], density(&a, &[a[0]], rule).unwrap().density[0], NEAR));
        }
        let Ok(k) = stochastic_kernel(&a, &b, &[a[0]], &grid, KernelMarginal::Joint) else { return Ok(()) };
        let (h, r) = (bandwidth(&b, Bandwidth::Scott).unwrap(), kendall_tau(&a, &b).unwrap().tau);
        if h > 2.0 && r.abs() < 0.6 {
            let row: f64 = k.conditional.iter().map(|f| f.unwrap()).sum::<f64>() * 0.2;
            prop_assert!((row - 1.0).abs() < 1e-6, "{row}");
        }
    }
}

/// Half of each gap is closed in ten years: everything about it is known.
#[test]
fn a_known_speed() {
    let first = [1.0, 2.0, 4.0, 8.0, 16.0];
    let last = first.map(|y: f64| 3.0 * y.sqrt());
    let fit = beta(&first, &last, 10.0, None, Covariance::Classical).unwrap();
    assert_close(fit.beta.estimate, -0.05, NEAR);
    let speed = fit.speed.unwrap();
    assert_close(speed.speed.estimate, std::f64::consts::LN_2 / 10.0, NEAR);
    assert_close(speed.half_life.unwrap().estimate, 10.0, NEAR);
    // Two groups, each with its own level: conditional convergence finds the slope that absolute convergence hides.
    let group = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let first = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let last: Vec<f64> = first
        .iter()
        .zip(group)
        .map(|(y, g): (&f64, f64)| (1.0 + g) * y.powf(0.7))
        .collect();
    let conditional = beta(&first, &last, 1.0, Some(matrix(&group, 1)), Covariance::Classical).unwrap();
    assert_close(conditional.beta.estimate, -0.3, NEAR);
    assert_close(conditional.inference.coefficients[2].estimate, 2.0f64.ln(), NEAR);
    let absolute = beta(&first, &last, 1.0, None, Covariance::Classical).unwrap();
    assert!(absolute.beta.estimate > conditional.beta.estimate + 0.1);
    // Places exchanged within the period: there is no speed, and the nonlinear form says so.
    let crossed = [9.0, 5.0, 3.0, 1.0];
    let fit = beta(&[1.0, 2.0, 4.0, 8.0], &crossed, 1.0, None, Covariance::Classical).unwrap();
    assert!(fit.speed.is_none());
    let nonlinear = beta_nls(&[1.0, 2.0, 4.0, 8.0], &crossed, 1.0, None, Covariance::Classical);
    assert!(matches!(nonlinear, Err(Error::Undefined { .. })));
}

/// The panel with effects of regions: every region converges to its own level at a known speed.
#[test]
fn a_known_panel_speed() {
    let mut levels = Vec::new();
    for (region, start) in [(1.0f64, 0.0f64), (2.0, 3.0), (3.0, 1.5)] {
        let mut y = start;
        for _ in 0..6 {
            levels.push(y.exp());
            y += 0.25 * (region - y);
        }
    }
    let options = PanelBetaOptions {
        effects: quyu_econometrics::regression::Effects::Region,
        step: 5.0,
        ..PanelBetaOptions::default()
    };
    let fit = panel_beta(matrix(&levels, 6), &[], &options).unwrap();
    assert_close(fit.beta.estimate, -0.05, NEAR);
    assert_close(fit.speed.unwrap().speed.estimate, -0.75f64.ln() / 5.0, NEAR);
}

/// The tests of Carree and Klomp on numbers that were worked with a calculator: variances of logs 2 and 1 (ddof 0), covariance 1.
#[test]
fn paired_tests_by_hand() {
    let e = |x: f64| x.exp();
    let first = [e(-2.0), e(0.0), e(0.0), e(2.0)];
    let last = [e(-1.0), e(-1.0), e(1.0), e(1.0)];
    let change = sigma_change(&first, &last, &SigmaOptions::default()).unwrap();
    assert_close(change.first * change.first, 2.0, NEAR);
    assert_close(change.last * change.last, 1.0, NEAR);
    // T2 = 1.5 ln(1 + 1 / (4 (2 - 1))) = 1.5 ln 1.25
    assert_close(
        change.carree_klomp_lr.unwrap().statistic,
        1.5 * 1.25f64.ln(),
        NEAR,
    );
    // pi = 1 / 2; T3 = 2 (2 - 1) / (2 sqrt(3/4))
    assert_close(change.carree_klomp.unwrap().z, 1.0 / 0.75f64.sqrt(), NEAR);
    assert_eq!(change.lichtenberg.df, (2.0, 2.0));
    assert_close(change.lichtenberg.p_value, 1.0 / 3.0, NEAR); // F with 2 and 2: 1 / (1 + x)
}

/// The same tests without their formulas: T2 from two likelihoods of the bivariate normal distribution that scipy maximised numerically (free,
/// and with equal variances), twice their difference times (n - 2.5) / n; T3 from variances as means of squared pairwise gaps and a slope
/// of numpy's least squares, which is standard normal in samples drawn with equal variances; Lichtenberg's p from scipy's F.
#[test]
fn paired_tests_against_numerical_likelihoods() {
    let first = [8.1, 9.4, 12.2, 7.5, 15.8, 22.3, 10.9, 13.7, 9.9, 18.4, 11.6, 14.2];
    let last = [
        13.0, 14.1, 17.9, 12.8, 20.1, 25.7, 15.2, 18.8, 15.5, 22.0, 16.1, 19.4,
    ];
    let change = sigma_change(&first, &last, &SigmaOptions::default()).unwrap();
    let t2 = change.carree_klomp_lr.unwrap();
    assert_close(
        t2.statistic,
        23.124373460776003,
        Tolerance { rel: 1e-9, abs: 0.0 },
    );
    assert_close(
        t2.p_value,
        1.5185355467724133e-6,
        Tolerance { rel: 1e-7, abs: 0.0 },
    );
    let t3 = change.carree_klomp.unwrap();
    assert_close(t3.z, 2.989263429768241, NEAR);
    assert_close(t3.p_value, 0.0013982545560489298, NEAR);
    assert_close(change.lichtenberg.statistic, 2.3080708383996584, NEAR);
    assert_close(change.lichtenberg.p_value, 0.10164015798785839, NEAR);
}

/// The rule of Phillips and Sul, and halves to even.
#[test]
fn the_first_period_of_log_t() {
    let first = |periods: usize, trim: Trim| {
        let ripple = |i: usize, t: usize| 5.0 + i as f64 / (t + 1) as f64 + 0.01 * ((i + t) % 3) as f64;
        let cells: Vec<f64> = (0..4 * periods)
            .map(|c| ripple(c / periods, c % periods))
            .collect();
        log_t(matrix(&cells, periods), &LogTOptions { trim })
            .unwrap()
            .first
    };
    assert_eq!(first(20, Trim::PhillipsSul), 7);
    assert_eq!(first(50, Trim::PhillipsSul), 16);
    assert_eq!(first(75, Trim::PhillipsSul), 20); // r = 0.25: 18.75
    assert_eq!(first(100, Trim::PhillipsSul), 21);
    assert_eq!(first(10, Trim::Fraction(0.25)), 3); // 2.5 to 2
    assert_eq!(first(14, Trim::Fraction(0.25)), 5); // 3.5 to 4
    assert_eq!(first(34, Trim::Fraction(1.0 / 3.0)), 12);
    assert_eq!(first(9, Trim::Fraction(0.0)), 2); // ln(ln 1) does not exist
}
