//! Laws and hostile input of composite indices.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, profiles::*};

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

/// Rows, columns and scores between 0.01 and 1.
fn scores() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (4usize..12, 2usize..5)
        .prop_flat_map(|(n, p)| (Just(n), Just(p), prop::collection::vec(0.01..1.0, n * p)))
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => Just(0.0),
        2 => Just(1.0),
        2 => prop_oneof![
            Just(-0.0),
            Just(-1.0),
            Just(f64::NAN),
            Just(f64::INFINITY),
            Just(1e308),
            Just(-1e308),
            Just(1e-308),
            Just(5e-324),
        ],
        3 => -10.0..10.0,
    ]
}

fn scales(a: f64, b: f64) -> [Scale; 10] {
    [
        Scale::MinMax { low: a, high: b },
        Scale::ZScore { ddof: 0 },
        Scale::ZScore { ddof: 1 },
        Scale::Rank,
        Scale::PercentileRank,
        Scale::Borda,
        Scale::DistanceToBest,
        Scale::DistanceToReference {
            reference: a,
            cap: true,
        },
        Scale::DistanceToTarget {
            target: b,
            cap: false,
        },
        Scale::Goalposts {
            low: a,
            high: b,
            cut: false,
        },
    ]
}

proptest! {
    #[test]
    fn means_are_ordered_and_lie_between((_n, p, x) in scores(), w in prop::collection::vec(0.1..1.0, 5)) {
        let (x, w) = (&x[..p], &w[..p]);
        let mean = |m| weighted_mean(x, w, m).unwrap();
        let (low, high) = (
            x.iter().copied().fold(1.0, f64::min),
            x.iter().copied().fold(0.0, f64::max),
        );
        let means = [
            mean(Mean::Harmonic),
            mean(Mean::Geometric),
            mean(Mean::Arithmetic),
            mean(Mean::Power(2.0)),
        ];
        prop_assert!(means.is_sorted_by(|a, b| *a <= b + 1e-12), "{means:?}");
        prop_assert!(means.iter().all(|m| *m >= low - 1e-12 && *m <= high + 1e-12));
        prop_assert!((mean(Mean::Power(1.0)) - mean(Mean::Arithmetic)).abs() < 1e-12);
        prop_assert!((mean(Mean::Power(-1.0)) - mean(Mean::Harmonic)).abs() < 1e-12);
        prop_assert!((mean(Mean::Power(1e-7)) - mean(Mean::Geometric)).abs() < 1e-5);
        let scaled: Vec<f64> = w.iter().map(|v| v * 7.0).collect();
        prop_assert!((weighted_mean(x, &scaled, Mean::Geometric).unwrap() - means[1]).abs() < 1e-12);
        let all: Vec<Option<f64>> = x.iter().map(|v| Some(*v)).collect();
        let observed = observed_mean(&all, w, Mean::Arithmetic).unwrap();
        prop_assert!((observed.value - means[2]).abs() < 1e-12 && (observed.observed - 1.0).abs() < 1e-12);
    }

    #[test]
    fn directions_turn_scales_round((_n, _p, x) in scores()) {
        let turned: Vec<f64> = x.iter().map(|v| -v).collect();
        for scale in [
            Scale::MinMax { low: 0.0, high: 1.0 },
            Scale::ZScore { ddof: 0 },
            Scale::Rank,
            Scale::PercentileRank,
            Scale::DistanceToBest,
        ] {
            let one = normalise(&x, scale, Direction::Lower).unwrap();
            let two = normalise(&turned, scale, Direction::Higher).unwrap();
            prop_assert_eq!(one, two);
        }
        let goal = Scale::Goalposts {
            low: 0.0,
            high: 1.0,
            cut: false,
        };
        for (a, b) in normalise(&x, goal, Direction::Higher)
            .unwrap()
            .iter()
            .zip(normalise(&x, goal, Direction::Lower).unwrap())
        {
            prop_assert!((a + b - 100.0).abs() < 1e-10);
        }
    }

    #[test]
    fn weights_sum_to_one((_n, p, x) in scores()) {
        let table = matrix(&x, p);
        for w in [entropy_weights(table), critic_weights(table), pca_weights(table)]
            .into_iter()
            .flatten()
        {
            prop_assert!(w.iter().all(|v| *v >= 0.0) && (w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn scores_lie_in_their_ranges((n, p, x) in scores(), w in prop::collection::vec(0.1..1.0, 5)) {
        let (table, w) = (matrix(&x, p), &w[..p]);
        prop_assert!(topsis(table, w).unwrap().iter().all(|c| (0.0..=1.0).contains(c)));
        prop_assert!(
            grey_relational(table, w, 0.5)
                .unwrap()
                .iter()
                .all(|c| *c > 0.0 && *c <= 1.0 + 1e-12)
        );
        for form in [CouplingForm::Standard, CouplingForm::Adjusted] {
            for c in coupling_coordination(table, w, form).unwrap() {
                prop_assert!((0.0..=1.0).contains(&c.coupling) && (0.0..=1.0).contains(&c.coordination));
            }
        }
        let better = outranking(table, w).unwrap();
        for a in 0..n {
            for b in (0..n).filter(|&b| b != a) {
                prop_assert!((better[a * n + b] + better[b * n + a] - 1.0).abs() < 1e-12);
            }
        }
        prop_assert!(copeland(table, w).unwrap().iter().sum::<f64>() == 0.0);
        let mpi = mazziotta_pareto(table, &MpiOptions::default()).unwrap();
        let mpi_plus = mazziotta_pareto(
            table,
            &MpiOptions {
                add_penalty: true,
                ..Default::default()
            },
        )
        .unwrap();
        prop_assert!(mpi.iter().zip(mpi_plus).all(|(a, b)| *a <= b));
    }

    #[test]
    fn nobody_beats_one_with_anothers_weights((n, p, x) in scores()) {
        let table = matrix(&x, p);
        let found = benefit_of_doubt(table).unwrap();
        prop_assert!(found.iter().any(|f| (f.score - 1.0).abs() < 1e-9));
        for f in &found {
            prop_assert!(f.weights.iter().all(|w| *w >= 0.0));
            for r in 0..n {
                let score: f64 = table.row(r).iter().zip(&f.weights).map(|(y, w)| y * w).sum();
                prop_assert!(score <= 1.0 + 1e-9);
            }
        }
        // Equal weights are among those one could have had.
        for r in 0..n {
            let sums: Vec<f64> = (0..n).map(|s| table.row(s).iter().sum::<f64>()).collect();
            let most = sums.iter().copied().fold(0.0, f64::max);
            prop_assert!(found[r].score >= sums[r] / most - 1e-9);
        }
    }

    #[test]
    fn winsorisation_keeps_its_limit(
        x in prop::collection::vec(prop_oneof![0.0..1.0, Just(50.0), 0.0..1e4], 8..40),
        max_points in 0usize..6,
    ) {
        let options = OutlierOptions {
            max_points,
            ..Default::default()
        };
        let treated = winsorise(&x, &options).unwrap();
        let changed = treated.values.iter().zip(&x).filter(|(a, b)| a != b).count();
        prop_assert!(changed <= treated.changed && treated.changed <= max_points);
        prop_assert_eq!(treated.values.len(), x.len());
        let again = winsorise(&treated.values, &options).unwrap();
        prop_assert!(!treated.passes || again.values == treated.values);
    }

    #[test]
    fn box_cox_is_monotone((_n, _p, x) in scores(), lambda in -2.0..2.0) {
        let y = box_cox(&x, lambda).unwrap();
        for i in 1..x.len() {
            prop_assert!((x[i] - x[i - 1]) * (y[i] - y[i - 1]) >= 0.0);
        }
        let best = box_cox_lambda(&x).unwrap();
        prop_assert!((-2.0..=2.0).contains(&best));
    }

    #[test]
    fn filling_keeps_what_is_known(x in prop::collection::vec(prop::option::of(-10.0..10.0), 1..12)) {
        let times: Vec<f64> = (0..x.len()).map(|t| t as f64).collect();
        let (filled, carried) = (interpolate(&times, &x).unwrap(), carry_forward(&x).unwrap());
        for i in 0..x.len() {
            if x[i].is_some() {
                prop_assert!(filled[i] == x[i] && carried[i] == x[i]);
            }
            prop_assert_eq!(filled[i].is_some(), x.iter().any(Option::is_some));
        }
    }

    #[test]
    fn hostile_input_never_panics_and_never_gives_nan(
        (n, p) in (1usize..7, 1usize..4),
        pool in prop::collection::vec(hostile(), 48),
        (a, b) in (hostile(), hostile()),
        groups in prop::collection::vec(0usize..3, 6),
    ) {
        let table = matrix(&pool[..n * p], p);
        let (w, x) = (&pool[24..24 + p], &pool[..n]);
        for scale in scales(a, b).into_iter().chain([Scale::FractionOfBest]) {
            for direction in [Direction::Higher, Direction::Lower] {
                if let Ok(v) = normalise(x, scale, direction) {
                    prop_assert!(finite(&v), "{scale:?} {x:?} {v:?}");
                }
            }
        }
        for mean in [
            Mean::Arithmetic,
            Mean::Geometric,
            Mean::Harmonic,
            Mean::Power(2.0),
            Mean::Power(-3.0),
            Mean::Power(a),
        ] {
            if let Ok(v) = aggregate(table, w, mean) {
                prop_assert!(finite(&v), "{mean:?} {v:?}");
            }
        }
        for v in [
            entropy_weights(table),
            critic_weights(table),
            pca_weights(table),
            topsis(table, w),
            grey_relational(table, w, 0.5),
            grey_relational(table, w, a),
            outranking(table, w),
            copeland(table, w),
            mazziotta_pareto(
                table,
                &MpiOptions {
                    ddof: 1,
                    add_penalty: false,
                },
            ),
            box_cox(x, a),
            mahalanobis(table),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(finite(&v));
        }
        for form in [CouplingForm::Standard, CouplingForm::Adjusted] {
            if let Ok(all) = coupling_coordination(table, w, form) {
                prop_assert!(
                    all.iter()
                        .all(|c| c.coupling.is_finite() && c.coordination.is_finite())
                );
            }
        }
        if let Ok(all) = benefit_of_doubt(table) {
            prop_assert!(all.iter().all(|f| f.score.is_finite() && finite(&f.weights)));
        }
        let options = OutlierOptions {
            skewness: 0.1,
            kurtosis: 0.0,
            max_points: 3,
        };
        for treated in [winsorise(x, &options), treat(x, &options)].into_iter().flatten() {
            prop_assert!(finite(&treated.values));
        }
        if let Ok(lambda) = box_cox_lambda(x) {
            prop_assert!(lambda.is_finite());
        }
        if let Ok(alpha) = cronbach_alpha(table) {
            prop_assert!(alpha.is_finite());
        }
        let missing: Vec<Option<f64>> = pool[..6].iter().map(|&v| (v != 1.0).then_some(v)).collect();
        if let Ok(alpha) = cronbach_alpha_observed(&missing, 2) {
            prop_assert!(alpha.is_finite());
        }
        for centre in [Centre::Mean, Centre::Median] {
            if let Ok(v) = impute_by_group(&missing, &groups, centre) {
                prop_assert!(finite(&v));
            }
        }
        if let Ok(v) = interpolate(&pool[30..36], &missing) {
            prop_assert!(v.iter().flatten().all(|v| v.is_finite()));
        }
        if let Ok(m) = observed_mean(&missing, &pool[40..46], Mean::Geometric) {
            prop_assert!(m.value.is_finite());
        }
        let directions = vec![Direction::Lower; p];
        for found in [
            ris_like(table, &directions, &pool[24..24 + n]),
            regional_scoreboard(table, &directions, w),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(finite(&found.index) && finite(&found.relative));
        }
    }
}

#[test]
fn intervals_of_ranks_do_not_depend_on_the_number_of_threads() {
    let cells: Vec<f64> = (0..30).map(|i| f64::from((i * 37) % 31)).collect();
    let (table, directions) = (
        matrix(&cells, 3),
        [Direction::Higher, Direction::Lower, Direction::Higher],
    );
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let options = SensitivityOptions {
            replicates: 200,
            ..Default::default()
        };
        pool.install(|| rank_sensitivity(table, &directions, &[1.0, 1.0, 1.0], &options).unwrap())
    };
    let found = run(1);
    assert_eq!(found, run(2));
    for r in 0..10 {
        assert!(found.low[r] <= found.high[r]);
        assert!(found.low[r] >= 1.0 && found.high[r] <= 10.0);
    }
}

#[test]
fn without_freedom_ranks_are_nominal() {
    let cells = [9.0, 1.0, 5.0, 5.0, 1.0, 8.0];
    let options = SensitivityOptions {
        means: &[Mean::Arithmetic],
        weight_spread: 0.0,
        replicates: 10,
        ..Default::default()
    };
    let found = rank_sensitivity(matrix(&cells, 2), &[Direction::Higher; 2], &[1.0, 1.0], &options).unwrap();
    assert_eq!((&found.low, &found.high), (&found.nominal, &found.nominal));
}

#[test]
fn interactions_show_in_the_total_index_only() {
    // The product of two centred inputs has no effect of either alone.
    let found = sobol_indices(2, 20_000, 7, |u| Ok((u[0] - 0.5) * (u[1] - 0.5))).unwrap();
    assert!(found.first.iter().all(|s| s.abs() < 0.05));
    assert!(found.total.iter().all(|t| (t - 1.0).abs() < 0.05));
    assert!(matches!(
        sobol_indices(1, 100, 1, |_| Ok(3.0)),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        sobol_indices(1, 100, 1, |_| Ok(f64::NAN)),
        Err(Error::Range { .. })
    ));
}

#[test]
fn a_geometric_mean_of_zero_is_an_error() {
    let error = weighted_mean(&[1.0, 0.0], &[1.0, 1.0], Mean::Geometric).unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "values",
            index: 1
        }
    );
}

#[test]
fn groups_change_at_their_limits() {
    let names = [125.0, 124.9, 100.0, 99.9, 70.0, 69.9].map(|r| PerformanceGroup::of(r).name());
    assert_eq!(
        names,
        ["Leader", "Strong", "Strong", "Moderate", "Moderate", "Emerging"]
    );
}
