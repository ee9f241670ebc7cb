//! Laws and hostile input of clusters beyond k-means and trees, of their validity, and of matching.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, profiles::*};

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

fn table() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (5usize..14, 1usize..4)
        .prop_flat_map(|(n, p)| (Just(n), Just(p), prop::collection::vec(-100.0..100.0, n * p)))
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        Just(-1.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(1e308),
        Just(-1e308),
        Just(1e-308),
        Just(5e-324),
        0.0..10.0,
    ]
}

/// A path through all points.
fn path(n: usize) -> Vec<(usize, usize)> {
    (1..n).map(|i| (i - 1, i)).collect()
}

/// On a path, a contiguous cluster is a run.
fn contiguous(labels: &[usize]) -> bool {
    let changes = labels.windows(2).filter(|w| w[0] != w[1]).count();
    changes + 1 == labels.iter().max().unwrap() + 1
}

proptest! {
    #[test]
    fn medoids_are_members_and_no_single_exchange_helps((n, p, x) in table(), k in 1usize..5) {
        let d = Distances::euclidean(matrix(&x, p)).unwrap();
        let found = kmedoids(&d, k).unwrap();
        prop_assert_eq!(found.medoids.len(), k);
        for (c, &medoid) in found.medoids.iter().enumerate() {
            prop_assert_eq!(found.labels[medoid], c);
        }
        let cost = |medoids: &[usize]| {
            (0..n)
                .map(|i| {
                    medoids
                        .iter()
                        .map(|&m| d.between(i, m))
                        .fold(f64::INFINITY, f64::min)
                })
                .sum::<f64>()
        };
        prop_assert!((cost(&found.medoids) - found.cost).abs() < 1e-9);
        for slot in 0..k {
            for i in 0..n {
                let mut other = found.medoids.clone();
                other[slot] = i;
                prop_assert!(cost(&other) >= found.cost * (1.0 - 1e-9));
            }
        }
    }

    #[test]
    fn dbscan_with_everything_near_is_one_cluster((n, p, x) in table()) {
        let d = Distances::euclidean(matrix(&x, p)).unwrap();
        prop_assert_eq!(dbscan(&d, 1e4, 1).unwrap(), vec![Some(0); n]);
        prop_assert!(dbscan(&d, 0.0, n + 1).unwrap().iter().all(Option::is_none));
    }

    #[test]
    fn memberships_sum_to_one((_n, p, x) in table(), k in 1usize..4) {
        match fuzzy_cmeans(
            matrix(&x, p),
            k,
            &FuzzyOptions {
                start: KMeansOptions {
                    starts: 3,
                    ..Default::default()
                },
                ..Default::default()
            },
        ) {
            Ok(found) => {
                for row in found.memberships.chunks_exact(k) {
                    prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                }
            }
            Err(error) => {
                let expected = matches!(error, Error::NotConverged { .. });
                prop_assert!(expected, "{}", error);
            }
        }
    }

    #[test]
    fn likelihood_grows_with_the_model((n, p, x) in table()) {
        let start: Vec<usize> = (0..n).map(|i| usize::from(i >= n / 2)).collect();
        let fit =
            |covariance| gaussian_mixture(matrix(&x, p), &start, covariance, &MixtureOptions::default());
        if let Ok(one) = fit(Covariance::Eii) {
            prop_assert!((one.proportions.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            for row in one.probabilities.chunks_exact(2) {
                prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            }
            prop_assert!(
                (one.bic - (2.0 * one.log_likelihood - one.parameters as f64 * quyu_math::ln(n as f64)))
                    .abs()
                    < 1e-9
            );
        }
    }

    #[test]
    fn one_component_is_the_normal_likelihood((n, _p, x) in table()) {
        let x = &x[..n];
        let fit = gaussian_mixture(
            matrix(x, 1),
            &vec![0; n],
            Covariance::Vvv,
            &MixtureOptions::default(),
        )
        .unwrap();
        let mean = x.iter().sum::<f64>() / n as f64;
        let variance = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64;
        let expected = -0.5 * n as f64 * (quyu_math::ln(std::f64::consts::TAU * variance) + 1.0);
        prop_assert!((fit.log_likelihood - expected).abs() < 1e-8 * expected.abs().max(1.0));
    }

    #[test]
    fn regions_hang_together((n, p, x) in table(), k in 1usize..5) {
        let edges = path(n);
        let ward = constrained_ward(matrix(&x, p), &edges, k).unwrap();
        let tree = skater(matrix(&x, p), &edges, k, &SkaterOptions::default()).unwrap();
        for found in [&ward, &tree] {
            prop_assert_eq!(found.labels.iter().max().unwrap() + 1, k);
            prop_assert!(contiguous(&found.labels));
            let within = sum_of_squares(matrix(&x, p), &found.labels).unwrap().within;
            prop_assert!((within - found.within).abs() <= 1e-9 * (within + 1.0));
        }
        // With every pair a neighbour, the constraint does not bind.
        let all: Vec<(usize, usize)> = (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
        let free = constrained_ward(matrix(&x, p), &all, k).unwrap();
        prop_assert_eq!(free.labels, super_ward(&x, p, k));
    }

    #[test]
    fn validity_is_free_of_scale((n, p, x) in table()) {
        let labels: Vec<usize> = (0..n).map(|i| i % 2).collect();
        let other: Vec<f64> = x.iter().map(|v| v * 64.0).collect();
        let (a, b) = (matrix(&x, p), matrix(&other, p));
        prop_assert_eq!(davies_bouldin(a, &labels), davies_bouldin(b, &labels));
        prop_assert_eq!(dunn(a, &labels), dunn(b, &labels));
        let (one, two) = (
            calinski_harabasz(a, &labels).unwrap(),
            calinski_harabasz(b, &labels).unwrap(),
        );
        prop_assert!((one - two).abs() <= 1e-12 * one);
    }

    #[test]
    fn agreement_is_symmetric_and_one_for_the_same(
        a in prop::collection::vec(0usize..4, 2..20),
        b in prop::collection::vec(0usize..4, 20),
    ) {
        let b = &b[..a.len()];
        let (one, two) = (agreement(&a, b).unwrap(), agreement(b, &a).unwrap());
        prop_assert!((one.adjusted_rand - two.adjusted_rand).abs() < 1e-12);
        prop_assert!((one.adjusted_mutual_information - two.adjusted_mutual_information).abs() < 1e-9);
        prop_assert!(one.adjusted_rand <= 1.0 && one.adjusted_mutual_information <= 1.0 + 1e-9);
        let turned: Vec<usize> = a.iter().map(|l| 7 - l).collect();
        let same = agreement(&a, &turned).unwrap();
        prop_assert_eq!(
            (same.rand, same.adjusted_rand, same.adjusted_mutual_information),
            (1.0, 1.0, 1.0)
        );
    }

    #[test]
    fn matches_add_up((n, p, x) in table(), target in 0usize..5) {
        let found = nearest_regions(matrix(&x, p), target, &MatchOptions::default()).unwrap();
        prop_assert_eq!(found.len(), n - 1);
        prop_assert!(found.is_sorted_by(|a, b| a.distance <= b.distance));
        for m in &found {
            prop_assert!((m.contributions.iter().sum::<f64>() - m.distance).abs() < 1e-12);
            prop_assert!(m.distance <= 1.0 + 1e-12);
        }
    }

    #[test]
    fn no_assignment_is_cheaper(costs in prop::collection::vec(0.0..10.0, 12)) {
        let table = matrix(&costs, 4);
        let found = optimal_assignment(table).unwrap();
        let cost: f64 = found.iter().enumerate().map(|(r, &c)| table.at(r, c)).sum();
        for a in 0..4 {
            for b in 0..4 {
                for c in 0..4 {
                    if a != b && b != c && a != c {
                        prop_assert!(cost <= table.at(0, a) + table.at(1, b) + table.at(2, c) + 1e-12);
                    }
                }
            }
        }
    }

    #[test]
    fn hostile_input_never_panics_and_never_gives_nan(
        (n, p) in (1usize..7, 1usize..4),
        pool in prop::collection::vec(hostile(), 24),
        labels in prop::collection::vec(0usize..3, 6),
        edges in prop::collection::vec((0usize..7, 0usize..7), 0..8),
        k in 0usize..5,
    ) {
        let (table, labels) = (matrix(&pool[..n * p], p), &labels[..n]);
        if let Ok(d) = Distances::euclidean(table) {
            if let Ok(found) = kmedoids(&d, k) {
                prop_assert!(found.cost.is_finite());
            }
            let _ = dbscan(&d, pool[20], k);
        }
        if let Ok(d) = Distances::gower(table, &[labels]) {
            prop_assert!(finite(d.condensed()));
        }
        if let Ok(d) = mahalanobis(table) {
            prop_assert!(finite(&d));
        }
        let start = KMeansOptions {
            starts: 2,
            ..Default::default()
        };
        let fuzzy = FuzzyOptions {
            start,
            max_iterations: 200,
            ..Default::default()
        };
        for fuzzy in [
            fuzzy,
            FuzzyOptions {
                fuzzifier: 1.3,
                ..fuzzy
            },
        ] {
            if let Ok(found) = fuzzy_cmeans(table, k, &fuzzy) {
                prop_assert!(finite(&found.memberships) && found.objective.is_finite());
            }
        }
        for covariance in [
            Covariance::Eii,
            Covariance::Vii,
            Covariance::Eei,
            Covariance::Vvi,
            Covariance::Eee,
            Covariance::Vvv,
        ] {
            if let Ok(fit) = gaussian_mixture(
                table,
                labels,
                covariance,
                &MixtureOptions {
                    max_iterations: 50,
                    ..Default::default()
                },
            ) {
                prop_assert!(fit.bic.is_finite() && finite(&fit.probabilities));
            }
        }
        for found in [
            constrained_ward(table, &edges, k),
            skater(table, &edges, k, &SkaterOptions::default()),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(found.within.is_finite());
        }
        for index in [
            calinski_harabasz(table, labels),
            davies_bouldin(table, labels),
            dunn(table, labels),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(index.is_finite());
        }
        for apart in [
            Apart::Nearest,
            Apart::Farthest,
            Apart::Mean,
            Apart::Centres,
            Apart::OwnCentres,
        ] {
            for wide in [Wide::Largest, Wide::Mean, Wide::Centre] {
                if let Ok(index) = generalised_dunn(table, labels, apart, wide) {
                    prop_assert!(index.is_finite());
                }
            }
        }
        let a = agreement(labels, labels).unwrap();
        prop_assert_eq!(a.adjusted_rand, 1.0);
        if let Ok(gap) = gap_statistic(
            table,
            k,
            &GapOptions {
                replicates: 2,
                kmeans: start,
                ..Default::default()
            },
        ) {
            prop_assert!(finite(&gap.gap) && finite(&gap.std_error));
        }
        let method = |rows: Matrix<'_>| Ok(kmeans(rows, 2, &start)?.labels);
        if let Ok(s) = cluster_stability(
            table,
            labels,
            method,
            &StabilityOptions {
                replicates: 3,
                seed: 1,
            },
        ) {
            prop_assert!(finite(&s.mean_jaccard) && finite(&s.point_stability));
        }
        for comparable in [Comparable::MinMax, Comparable::ZScore, Comparable::AsGiven] {
            let options = MatchOptions {
                comparable,
                weights: Some(&pool[20..20 + p]),
                ..Default::default()
            };
            if let Ok(found) = nearest_regions(table, k, &options) {
                prop_assert!(found.iter().all(|m| m.distance.is_finite()));
            }
        }
        if let Ok(assigned) = optimal_assignment(table) {
            prop_assert_eq!(assigned.len(), n);
        }
    }
}

fn super_ward(x: &[f64], p: usize, k: usize) -> Vec<usize> {
    ward(matrix(x, p)).unwrap().cut(k).unwrap()
}

#[test]
fn stability_does_not_depend_on_the_number_of_threads() {
    let data: Vec<f64> = (0..60).map(|i| f64::from((i * 7919) % 101)).collect();
    let table = matrix(&data, 3);
    let options = KMeansOptions {
        starts: 5,
        ..Default::default()
    };
    let labels = kmeans(table, 3, &options).unwrap().labels;
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let method = |rows: Matrix<'_>| Ok(kmeans(rows, 3, &options)?.labels);
            let stability = cluster_stability(
                table,
                &labels,
                method,
                &StabilityOptions {
                    replicates: 40,
                    seed: 3,
                },
            );
            let gap = gap_statistic(
                table,
                4,
                &GapOptions {
                    replicates: 20,
                    ..Default::default()
                },
            );
            (stability.unwrap(), gap.unwrap())
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn a_map_in_two_parts_cannot_be_one_region() {
    let data = [0.0, 1.0, 2.0, 3.0];
    let error = constrained_ward(matrix(&data, 1), &[(0, 1), (2, 3)], 1).unwrap_err();
    assert!(matches!(error, Error::Undefined { .. }));
    assert_eq!(
        constrained_ward(matrix(&data, 1), &[(0, 1), (2, 3)], 2)
            .unwrap()
            .labels,
        [0, 0, 1, 1]
    );
}
