//! Hostile input to regression and convergence: a typed error or finite numbers, never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use crate::thrown::{answer, call, cases, table};
use proptest::prelude::*;
use quyu_econometrics::convergence::markov::*;
use quyu_econometrics::convergence::*;
use quyu_econometrics::regression::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

fn probability(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

fn coefficient(c: &Coefficient) -> bool {
    let interval = c
        .interval(0.95)
        .map_or(true, |(low, high)| finite(&[low, high]) && low <= high);
    finite(&[c.estimate, c.std_error])
        && c.std_error >= 0.0
        && c.p_value().is_none_or(probability)
        && interval
}

fn inference(found: &Result<Inference, Error>) -> bool {
    found.as_ref().map_or(true, |i| {
        let joint = i.joint_test(&[i.coefficients.len() - 1]);
        finite(&i.covariance)
            && i.coefficients.iter().all(coefficient)
            && joint.map_or(true, |t| finite(&[t.statistic]) && probability(t.p_value))
    })
}

fn speed(speed: Option<Speed>) -> bool {
    speed.is_none_or(|s| coefficient(&s.speed) && s.half_life.is_none_or(|h| coefficient(&h)))
}

fn check_regression(y: &[f64], x: &[f64], cols: usize, labels: &[usize]) {
    let Some(x) = table(x, cols) else { return };
    for constant in [true, false] {
        let Ok(fit) = call(ols(y, x, &OlsOptions { constant })) else {
            continue;
        };
        assert!(finite(&fit.coefficients) && finite(&fit.residuals) && finite(&[fit.rss, fit.tss]));
        assert!(
            fit.r_squared().is_none_or(probability) && fit.adjusted_r_squared().is_none_or(f64::is_finite)
        );
        assert!(fit.log_likelihood().is_none_or(f64::is_finite) && fit.aic().is_none_or(f64::is_finite));
        for covariance in [
            Covariance::Classical,
            Covariance::Hc0,
            Covariance::Hc1,
            Covariance::Hc2,
            Covariance::Hc3,
            Covariance::Clustered(labels),
            Covariance::NeweyWest(3),
        ] {
            let found = fit.inference(covariance);
            assert!(inference(&found), "{covariance:?} {found:?}");
        }
        assert!(fit.f_test().map_or(true, |t| probability(t.p_value)));
        assert!(fit.breusch_pagan().map_or(true, |t| probability(t.p_value)));
    }
}

fn check_panels(cells: &[f64], cols: usize) {
    let Some(panel) = table(cells, cols) else { return };
    for measure in [
        SigmaMeasure::SdOfLogs,
        SigmaMeasure::CoefficientOfVariation,
        SigmaMeasure::Sd,
    ] {
        for ddof in [0, 1, 2] {
            let options = SigmaOptions { measure, ddof };
            assert!(call(sigma(panel, None, &options)).map_or(true, |s| finite(&s)));
            assert!(call(sigma(panel, Some(panel), &options)).map_or(true, |s| finite(&s)));
            if let Ok(c) = call(sigma_change(&panel.col(0), &panel.col(cols - 1), &options)) {
                assert!(finite(&[c.first, c.last, c.quotient]), "{c:?}");
                assert!(probability(c.independent.p_value) && probability(c.lichtenberg.p_value));
                assert!(
                    c.carree_klomp_lr
                        .is_none_or(|t| finite(&[t.statistic]) && probability(t.p_value))
                );
                assert!(
                    c.carree_klomp
                        .is_none_or(|t| finite(&[t.z]) && probability(t.p_value))
                );
            }
        }
    }
    assert!(call(delta(panel, Best::Highest)).map_or(true, |d| finite(&d)));
    assert!(call(gamma(panel)).map_or(true, |g| finite(&g.full) && finite(&g.binary)));
    if let Ok(fit) = call(beta(
        &panel.col(0),
        &panel.col(cols - 1),
        3.0,
        Some(panel),
        Covariance::Hc1,
    )) {
        assert!(coefficient(&fit.beta) && speed(fit.speed), "{fit:?}");
    }
    if let Ok(fit) = call(beta_nls(
        &panel.col(0),
        &panel.col(cols - 1),
        1e-3,
        None,
        Covariance::Hc3,
    )) {
        assert!(coefficient(&fit.speed) && coefficient(&fit.alpha));
    }
    for effects in [Effects::Pooled, Effects::Region, Effects::Time, Effects::TwoWays] {
        for covariance in [
            PanelCovariance::Classical,
            PanelCovariance::default(),
            PanelCovariance::DriscollKraay { lags: 1 },
        ] {
            let options = PanelBetaOptions {
                effects,
                covariance,
                step: 2.0,
            };
            if let Ok(fit) = call(panel_beta(panel, &[], &options)) {
                assert!(coefficient(&fit.beta) && speed(fit.speed));
                assert!(fit.regression.r_squared_within.is_none_or(f64::is_finite));
            }
        }
    }
    for effects in [Effects::Pooled, Effects::Region, Effects::Time, Effects::TwoWays] {
        let Ok(fit) = call(within(panel, &[panel], effects)) else {
            continue;
        };
        // What the slopes rest on may be out of range where they are not; it is what `inference` answers for.
        assert!(finite(&fit.coefficients) && finite(&fit.residuals) && finite(&[fit.rss]));
        assert!(fit.r_squared_within.is_none_or(f64::is_finite));
        for covariance in [
            PanelCovariance::Classical,
            PanelCovariance::default(),
            PanelCovariance::DriscollKraay { lags: 1 },
        ] {
            assert!(inference(&fit.inference(covariance)));
        }
    }
    if let Ok(random) = call(random_effects(panel, &[panel])) {
        assert!(finite(&random.ols.coefficients) && probability(random.theta));
    }
    for trim in [Trim::PhillipsSul, Trim::Fraction(0.0)] {
        let options = ClubOptions {
            log_t: LogTOptions { trim },
            ..ClubOptions::default()
        };
        let all_finite = |c: &Club| {
            c.log_t
                .is_none_or(|f| finite(&[f.slope, f.t, f.std_error, f.constant]))
        };
        assert!(call(log_t(panel, &options.log_t)).map_or(true, |f| finite(&[
            f.slope,
            f.std_error,
            f.t,
            f.p_value
        ])));
        if let Ok(found) = call(clubs(panel, &options)) {
            assert!(found.clubs.iter().all(all_finite));
            let merged = call(merge_clubs(
                panel,
                &found.clubs,
                Merging::VonLynckerThoennessen,
                &options,
            ));
            assert!(merged.unwrap().iter().all(all_finite));
        }
    }
}

fn check_markov(cells: &[f64], cols: usize, neighbours: &[Vec<(usize, f64)>]) {
    let Some(panel) = table(cells, cols) else { return };
    for rule in [
        ClassRule::PooledQuantiles(3),
        ClassRule::YearlyQuantiles(2),
        ClassRule::Limits(&cells[..2.min(cells.len())]),
    ] {
        for relative in [true, false] {
            if let Ok(found) = call(classes(panel, &ClassOptions { rule, relative }))
                && let Ok(moves) = found.states.transitions()
            {
                check_chain(&moves);
            }
            for lags in [
                LagClasses::Rule(rule),
                LagClasses::SameLimits,
                LagClasses::MostFrequent,
            ] {
                let options = SpatialMarkovOptions { rule, lags, relative };
                if let Ok(found) = call(spatial_markov(panel, neighbours, &options)) {
                    let test = found.homogeneity();
                    assert!(test.map_or(true, |t| probability(t.pearson.p_value)
                        && probability(t.likelihood_ratio.p_value)
                        && finite(&[t.pearson.statistic])));
                }
            }
        }
    }
    if let Ok(found) = call(lisa_markov(panel, neighbours)) {
        assert!(finite(&found.expected) && probability(found.independence.p_value));
        check_chain(&found.transitions);
    }
    for states in [call(full_rank_states(panel)), call(geographic_rank_states(panel))]
        .into_iter()
        .flatten()
    {
        assert!(states.transitions().map_or(cols == 1, |t| finite(t.counts())));
    }
}

fn check_chain(moves: &Transitions) {
    let Ok(chain) = moves.chain() else { return };
    assert!(
        chain
            .steady_state()
            .map_or(true, |pi| pi.iter().all(|p| probability(*p)))
    );
    assert!(
        chain
            .passage_times()
            .map_or(true, |t| finite(&t.mean) && finite(&t.variance))
    );
    if let Ok(m) = chain.mobility(None) {
        assert!(finite(&[
            m.trace,
            m.determinant,
            m.second_eigenvalue,
            m.leaving,
            m.crossing
        ]));
        assert!(m.half_life.is_none_or(f64::is_finite));
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn anything(
        a in hostile(24),
        b in hostile(24),
        cols in 1usize..8,
        labels in prop::collection::vec(0usize..4, 0..12),
        value in hostile_value(),
    ) {
        check_regression(&a, &b, cols.min(3), &labels);
        check_panels(&a, cols);
        check_markov(&a, cols, &[]);
        let points = &b[..b.len().min(3)];
        prop_assert!(call(hp_filter(&a, value)).map_or(true, |s| finite(&s.trend) && finite(&s.cycle)));
        for rule in [Bandwidth::Scott, Bandwidth::Nrd0, Bandwidth::Given(value)] {
            answer(bandwidth(&a, rule));
            prop_assert!(call(density(&a, points, rule)).map_or(true, |d| finite(&d.density)));
        }
        for marginal in [KernelMarginal::Own, KernelMarginal::Joint] {
            if let Ok(k) = call(stochastic_kernel(&a, &b, points, points, marginal)) {
                prop_assert!(finite(&k.joint) && k.conditional.iter().flatten().all(|f| f.is_finite()));
            }
        }
        prop_assert!(call(kendall_tau(&a, &b)).map_or(true, |t| t.tau.is_finite() && probability(t.p_value)));
        prop_assert!(call(spatial_tau(&a, &b, &[vec![(1, value)], vec![(0, 1.0), (7, 1.0)]])).map_or(true, |t| t.tau.is_finite()));
        prop_assert!(call(theta(&a, &b, &labels)).map_or(true, |t| (-1e-12..=1.0 + 1e-12).contains(&t)));
        prop_assert!(call(sigma_trend(&a, &b, Covariance::NeweyWest(50))).map_or(true, |t| coefficient(&t.slope)));
        if let Ok(moves) = call(Transitions::new(a.iter().take(9).copied().collect(), 3)) {
            check_chain(&moves);
            let same = call(homogeneity(&[moves.clone(), moves]));
            prop_assert!(same.map_or(true, |t| finite(&[t.pearson.statistic, t.likelihood_ratio.statistic])));
        }
        if let Ok(chain) = call(Chain::new(b.iter().take(4).copied().collect(), 2)) {
            prop_assert!(chain.after(&a, 3).map_or(true, |s| finite(&s)));
            prop_assert!(chain.mobility(Some(&a)).map_or(true, |m| m.leaving.is_finite()));
        }
    }

    #[test]
    fn finite_but_extreme(x in extreme(8..40), y in extreme(8..40), cols in 2usize..8, scale in hostile_value()) {
        let n = x.len().min(y.len());
        check_regression(&y[..n], &x[..n], 1, &(0..n).map(|i| i % 3).collect::<Vec<_>>());
        check_panels(&x, cols);
        let rows = x.len() / cols;
        let lists: Vec<Vec<(usize, f64)>> = (0..rows).map(|i| if i == 1 { vec![] } else { vec![((i + 1) % rows, scale)] }).collect();
        check_markov(&x, cols, &lists);
        let model = |p: &[f64], i: usize, d: &mut [f64]| {
            d[0] = x[i];
            p[0] * x[i]
        };
        if let Ok(fit) = call(nls(&y[..n], &[scale], model, &NlsOptions::default())) {
            prop_assert!(finite(&fit.parameters) && inference(&fit.inference(Covariance::Hc1)));
        }
    }
}

/// A panel of twenty periods is long enough for clubs; extremes of size must not matter.
#[test]
fn clubs_of_any_size() {
    for size in [1e-308, 1e-150, 1.0, 1e150, 1e307] {
        let cells: Vec<f64> = (0..100)
            .map(|c| size * (1.0 + f64::from(c / 20) / f64::from(c % 20 + 1) + 0.01 * f64::from(c % 3)))
            .collect();
        let found = clubs(Matrix::new(&cells, 5, 20).unwrap(), &ClubOptions::default()).unwrap();
        assert_eq!(
            found.clubs[0].members.len() + found.divergent.len(),
            5,
            "{size:e}"
        );
    }
    // Equal regions converge, whatever happens to them; a region that is zero in a period has no path.
    let same = [3.0; 60];
    let found = clubs(Matrix::new(&same, 3, 20).unwrap(), &ClubOptions::default()).unwrap();
    assert_eq!(found.clubs[0].members, [0, 1, 2]);
    assert_eq!(found.clubs[0].log_t, None);
    assert!(matches!(
        log_t(Matrix::new(&same, 3, 20).unwrap(), &LogTOptions::default()),
        Err(Error::Undefined { .. })
    ));
    let mut zero = same;
    zero[5] = 0.0;
    let refused = clubs(Matrix::new(&zero, 3, 20).unwrap(), &ClubOptions::default());
    assert!(matches!(refused, Err(Error::Undefined { .. })));
}

#[test]
fn options_out_of_range_are_errors() {
    let cells: Vec<f64> = (0..60).map(|c| 1.0 + f64::from(c % 7)).collect();
    let panel = Matrix::new(&cells, 3, 20).unwrap();
    let domain =
        |found: Result<Clubs, Error>| matches!(found, Err(Error::Domain { .. } | Error::NotFinite { .. }));
    let plain = ClubOptions::default();
    let trim = |r| ClubOptions {
        log_t: LogTOptions {
            trim: Trim::Fraction(r),
        },
        ..plain
    };
    assert!(domain(clubs(panel, &trim(-0.1))) && domain(clubs(panel, &trim(f64::NAN))));
    assert!(matches!(clubs(panel, &trim(0.9)), Err(Error::TooFew { .. })));
    let rising = |start, step, cap| ClubOptions {
        threshold: CoreThreshold::Rising { start, step, cap },
        ..plain
    };
    for options in [
        rising(0.0, 0.0, 1.0),
        rising(0.0, 0.1, f64::INFINITY),
        rising(2.0, 0.1, 1.0),
        ClubOptions {
            critical: f64::NAN,
            ..plain
        },
        ClubOptions {
            sort: SortBy::MeanOfLast(2.0),
            ..plain
        },
    ] {
        assert!(domain(clubs(panel, &options)), "{options:?}");
    }
    let absent = Club {
        members: vec![0, 9],
        log_t: None,
    };
    let merged = merge_clubs(panel, &[absent], Merging::PhillipsSul, &plain);
    assert!(matches!(merged, Err(Error::Label { .. })));
    for k in [0, 5000] {
        let options = ClassOptions {
            rule: ClassRule::PooledQuantiles(k),
            relative: true,
        };
        assert!(matches!(classes(panel, &options), Err(Error::Domain { .. })));
    }
    let descending = ClassOptions {
        rule: ClassRule::Limits(&[2.0, 1.0]),
        relative: false,
    };
    assert!(matches!(classes(panel, &descending), Err(Error::Domain { .. })));
    assert!(Chain::new(vec![0.5, 0.6, 0.5, 0.5], 2).is_err());
    assert!(matches!(
        States::new(vec![0, 1, 2], 3, 2),
        Err(Error::Label { .. })
    ));
    assert!(matches!(
        States::new(vec![0, 1, 1, 0], 3, 2),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        lisa_markov(panel, &[vec![(5, 1.0)], vec![], vec![]]),
        Err(Error::Label { .. })
    ));
    assert!(matches!(
        lisa_markov(panel, &[vec![], vec![], vec![]]),
        Err(Error::Undefined { .. })
    ));
    let million = States::new(vec![0, 1], 2, 1_000_000).unwrap();
    assert!(matches!(million.transitions(), Err(Error::Range { .. })));
}
