//! Laws and hostile input of profiles and clusters.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, profiles::*};

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

/// Rows, columns and values on a coarse grid (with ties) or anywhere.
fn table() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (4usize..14, 1usize..5).prop_flat_map(|(n, p)| {
        let value = prop_oneof![(-3i32..4).prop_map(f64::from), -100.0..100.0];
        (Just(n), Just(p), prop::collection::vec(value, n * p))
    })
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
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

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

proptest! {
    #[test]
    fn z_scores_have_mean_zero_and_deviation_one((n, p, data) in table(), ddof in 0usize..2) {
        if let Ok(s) = standardise(matrix(&data, p), ddof) {
            for j in 0..p {
                let column = s.matrix().col(j);
                let mean: f64 = column.iter().sum::<f64>() / n as f64;
                let variance: f64 =
                    column.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / (n - ddof) as f64;
                prop_assert!(mean.abs() < 1e-12 && (variance - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn z_scores_do_not_know_unit_or_origin((_n, p, data) in table()) {
        let other: Vec<f64> = data.iter().map(|v| v * 8.0 + 64.0).collect();
        if let (Ok(a), Ok(b)) = (
            standardise(matrix(&data, p), 0),
            standardise(matrix(&other, p), 0),
        ) {
            for (a, b) in a.z.iter().zip(&b.z) {
                prop_assert!((a - b).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn skewness_turns_with_the_values((_n, _p, data) in table()) {
        let mirrored: Vec<f64> = data.iter().map(|v| -v).collect();
        for kind in [MomentType::Type1, MomentType::Type2, MomentType::Type3] {
            if let (Ok(a), Ok(b)) = (skewness(&data, kind), skewness(&mirrored, kind)) {
                prop_assert!((a + b).abs() < 1e-10);
            }
            if let (Ok(a), Ok(b)) = (kurtosis(&data, kind), kurtosis(&mirrored, kind)) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn components_are_orthogonal_and_keep_the_variance((n, p, data) in table(), scale: bool) {
        if let Ok(found) = pca(matrix(&data, p), &PcaOptions { scale, ddof: 0 }) {
            let all: f64 = if scale {
                p as f64
            } else {
                found.sd.iter().map(|s| s * s).sum()
            };
            let sum: f64 = found.eigenvalues.iter().sum();
            prop_assert!((sum - all).abs() < 1e-9 * all);
            prop_assert!((found.explained.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(found.eigenvalues.is_sorted_by(|a, b| a >= b));
            let scores = Matrix::new(&found.scores, n, found.components).unwrap();
            for a in 0..found.components {
                for b in 0..=a {
                    let product: f64 = scores.col(a).iter().zip(scores.col(b)).map(|(x, y)| x * y).sum();
                    let expected = if a == b {
                        found.eigenvalues[a] * n as f64
                    } else {
                        0.0
                    };
                    prop_assert!((product - expected).abs() < 1e-8 * all * n as f64);
                }
            }
        }
    }

    #[test]
    fn distances_are_a_metric((_n, p, data) in table()) {
        let d = Distances::euclidean(matrix(&data, p)).unwrap();
        for i in 0..d.points() {
            for j in 0..d.points() {
                prop_assert_eq!(d.between(i, j), d.between(j, i));
                for k in 0..d.points() {
                    prop_assert!(d.between(i, j) <= d.between(i, k) + d.between(k, j) + 1e-9);
                }
            }
        }
    }

    #[test]
    fn sums_of_squares_add_up((n, p, data) in table(), labels in prop::collection::vec(0usize..3, 14)) {
        let labels = renumber(&labels[..n]).unwrap();
        let ss = sum_of_squares(matrix(&data, p), &labels).unwrap();
        let one = sum_of_squares(matrix(&data, p), &vec![0; n]).unwrap();
        prop_assert!((ss.total - one.within).abs() <= 1e-12 * (one.within + 1.0));
        prop_assert_eq!(one.between, 0.0);
    }

    #[test]
    fn eta_squared_is_the_share_between(
        (n, p, data) in table(),
        labels in prop::collection::vec(0usize..3, 14),
    ) {
        let labels = renumber(&labels[..n]).unwrap();
        if let Ok(s) = separation(matrix(&data, p), &labels) {
            for (j, share) in s.between_share.iter().enumerate() {
                let ss = sum_of_squares(matrix(&matrix(&data, p).col(j), 1), &labels).unwrap();
                prop_assert!((share - ss.between / ss.total).abs() < 1e-12);
            }
            let z = standardise(matrix(&data, p), 0).unwrap();
            let of_z = separation(z.matrix(), &labels).unwrap();
            for (a, b) in s.mean_z.iter().zip(&of_z.means) {
                prop_assert!((a - b).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn kmeans_is_a_local_minimum_that_repeats((n, p, data) in table(), k in 1usize..5) {
        let options = KMeansOptions {
            starts: 5,
            ..Default::default()
        };
        match kmeans(matrix(&data, p), k, &options) {
            Ok(found) => {
                prop_assert_eq!(&found, &kmeans(matrix(&data, p), k, &options).unwrap());
                prop_assert_eq!(found.sizes.len(), k);
                prop_assert!(found.sizes.iter().all(|&size| size > 0));
                prop_assert_eq!(&renumber(&found.labels).unwrap(), &found.labels);
                let ss = sum_of_squares(matrix(&data, p), &found.labels).unwrap();
                prop_assert!((ss.within - found.within).abs() <= 1e-12 * (ss.total + 1.0));
                for i in 0..n {
                    for c in 0..k {
                        let mut moved = found.labels.clone();
                        moved[i] = c;
                        let moved = sum_of_squares(matrix(&data, p), &renumber(&moved).unwrap()).unwrap();
                        if moved.by_cluster.len() == k {
                            prop_assert!(moved.within >= found.within * (1.0 - 1e-9));
                        }
                    }
                }
            }
            Err(error) => {
                let too_few = matches!(
                    error,
                    Error::TooFew {
                        argument: "distinct rows",
                        ..
                    }
                );
                prop_assert!(too_few, "{}", error);
            }
        }
    }

    #[test]
    fn trees_hold_every_point_and_nest((n, p, data) in table()) {
        let d = Distances::euclidean(matrix(&data, p)).unwrap();
        for method in LINKAGES {
            let tree = linkage(&d, method).unwrap();
            prop_assert_eq!(tree.merges.len(), n - 1);
            prop_assert_eq!(tree.merges[n - 2].size, n);
            let mut leaves = tree.leaf_order();
            leaves.sort_unstable();
            prop_assert_eq!(leaves, (0..n).collect::<Vec<_>>());
            for k in 1..=n {
                let labels = tree.cut(k).unwrap();
                prop_assert_eq!(labels.iter().max().unwrap() + 1, k);
                if k > 1 {
                    let coarse = tree.cut(k - 1).unwrap();
                    for i in 0..n {
                        for j in 0..n {
                            prop_assert!(labels[i] != labels[j] || coarse[i] == coarse[j]);
                        }
                    }
                }
            }
            if !matches!(method, Linkage::Centroid | Linkage::Median) {
                prop_assert!(tree.merges.is_sorted_by(|a, b| a.height <= b.height));
                let height = tree.merges[n / 2].height;
                let ties = tree.merges.iter().filter(|m| m.height <= height).count();
                prop_assert_eq!(tree.cut_height(height).unwrap(), tree.cut(n - ties).unwrap());
            }
        }
    }

    #[test]
    fn ward_heights_are_the_growth_of_the_sum_of_squares((n, p, data) in table()) {
        let tree = ward(matrix(&data, p)).unwrap();
        let total = sum_of_squares(matrix(&data, p), &vec![0; n]).unwrap().total;
        for k in 1..n {
            let fine = sum_of_squares(matrix(&data, p), &tree.cut(k + 1).unwrap())
                .unwrap()
                .within;
            let coarse = sum_of_squares(matrix(&data, p), &tree.cut(k).unwrap())
                .unwrap()
                .within;
            let height = tree.merges[n - 1 - k].height;
            prop_assert!((coarse - fine - height * height / 2.0).abs() <= 1e-10 * (total + 1.0));
        }
    }

    #[test]
    fn silhouettes_lie_between_minus_one_and_one(
        (n, p, data) in table(),
        labels in prop::collection::vec(0usize..3, 14),
    ) {
        let labels = renumber(&labels[..n]).unwrap();
        let d = Distances::euclidean(matrix(&data, p)).unwrap();
        match silhouette(&d, &labels) {
            Ok(s) => {
                prop_assert!(s.values.iter().all(|v| (-1.0..=1.0).contains(v)));
                prop_assert!(s.neighbour.iter().zip(&labels).all(|(a, b)| a != b));
                let mean: f64 = s.values.iter().sum::<f64>() / n as f64;
                prop_assert!((mean - s.mean).abs() < 1e-12);
            }
            Err(error) => prop_assert_eq!(
                error,
                Error::TooFew {
                    argument: "clusters",
                    found: 1,
                    needed: 2
                }
            ),
        }
    }

    #[test]
    fn hostile_tables_never_panic_and_never_give_nan(
        (n, p) in (1usize..7, 1usize..4),
        pool in prop::collection::vec(hostile(), 18),
        labels in prop::collection::vec(0usize..4, 6),
        k in 0usize..8,
    ) {
        let m = Matrix::new(&pool[..n * p], n, p).unwrap();
        for ddof in 0..3 {
            if let Ok(s) = standardise(m, ddof) {
                prop_assert!(finite(&s.z) && finite(&s.mean) && finite(&s.sd));
            }
            for scale in [true, false] {
                if let Ok(f) = pca(m, &PcaOptions { scale, ddof }) {
                    prop_assert!(
                        finite(&f.scores)
                            && finite(&f.loadings)
                            && finite(&f.correlations)
                            && finite(&f.explained)
                    );
                }
            }
        }
        for kind in [MomentType::Type1, MomentType::Type2, MomentType::Type3] {
            if let Ok(v) = skewness(m.data(), kind) {
                prop_assert!(v.is_finite());
            }
            if let Ok(v) = kurtosis(m.data(), kind) {
                prop_assert!(v.is_finite());
            }
        }
        if let Ok(t) = log_skewed(m, 0.5) {
            prop_assert!(finite(&t.table) && finite(&t.skewness));
        }
        if let Ok(f) = kmeans(
            m,
            k,
            &KMeansOptions {
                starts: 2,
                ..Default::default()
            },
        ) {
            prop_assert!(finite(&f.centres) && f.within.is_finite());
            prop_assert_eq!(f.sizes.len(), k);
        }
        let labels = &labels[..n];
        if let Ok(s) = sum_of_squares(m, labels) {
            prop_assert!(finite(&s.by_cluster) && s.total.is_finite());
        }
        if let Ok(s) = separation(m, labels) {
            prop_assert!(finite(&s.means) && finite(&s.mean_z) && finite(&s.between_share));
        }
        if let Ok(d) = Distances::euclidean(m) {
            prop_assert!(finite(d.condensed()));
            if let Ok(s) = silhouette(&d, labels) {
                prop_assert!(finite(&s.values));
            }
            for method in LINKAGES {
                if let Ok(tree) = linkage(&d, method) {
                    prop_assert!(tree.merges.iter().all(|m| m.height.is_finite()));
                    let _ = tree.cut(k);
                    prop_assert_eq!(tree.leaf_order().len(), n);
                }
            }
        }
    }
}

const LINKAGES: [Linkage; 7] = [
    Linkage::Single,
    Linkage::Complete,
    Linkage::Average,
    Linkage::Weighted,
    Linkage::Ward,
    Linkage::Centroid,
    Linkage::Median,
];

#[test]
fn a_cluster_of_one_has_silhouette_zero() {
    let d = Distances::euclidean(matrix(&[0.0, 1.0, 100.0], 1)).unwrap();
    let s = silhouette(&d, &[0, 0, 1]).unwrap();
    assert_eq!(s.values[2], 0.0);
    assert_eq!(s.cluster_means[1], 0.0);
}

#[test]
fn labels_with_a_gap_are_refused() {
    let d = Distances::euclidean(matrix(&[0.0, 1.0, 100.0], 1)).unwrap();
    assert!(matches!(silhouette(&d, &[0, 0, 2]), Err(Error::Undefined { .. })));
    assert!(matches!(
        silhouette(&d, &[0, 0, 3]),
        Err(Error::Label {
            index: 2,
            found: 3,
            limit: 3,
            ..
        })
    ));
}

#[test]
fn a_constant_column_is_named() {
    let error = standardise(matrix(&[1.0, 0.1, 2.0, 0.1, 3.0, 0.1], 2), 0).unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "standard deviation",
            index: 1
        }
    );
}

#[test]
fn a_skewed_column_with_a_zero_has_no_logarithm() {
    let error = log_skewed(matrix(&[0.0, 1.0, 1.0, 1.0, 50.0], 1), 1.0).unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "table",
            index: 0
        }
    );
}

#[test]
fn z_scores_of_huge_and_tiny_values_are_the_same() {
    let plain = standardise(matrix(&[1.0, 2.0, 4.0], 1), 0).unwrap().z;
    for factor in [1e-305, 1e305] {
        let scaled = [1.0 * factor, 2.0 * factor, 4.0 * factor];
        for (a, b) in standardise(matrix(&scaled, 1), 0).unwrap().z.iter().zip(&plain) {
            assert!((a - b).abs() < 1e-14);
        }
    }
}

#[test]
fn kmeans_does_not_depend_on_the_number_of_threads() {
    let data: Vec<f64> = (0..120).map(|i| f64::from((i * 7919) % 101)).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| kmeans(matrix(&data, 3), 4, &KMeansOptions::default()).unwrap())
    };
    assert_eq!(run(1), run(2));
    assert_eq!(run(1), run(5));
}
