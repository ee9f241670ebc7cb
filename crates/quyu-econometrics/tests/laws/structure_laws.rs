//! Laws and hostile input of structure.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, structure::*};

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

/// Regions, industries and cells, all positive.
fn full_table() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (2usize..6, 2usize..6)
        .prop_flat_map(|(r, i)| (Just(r), Just(i), prop::collection::vec(0.5..1000.0, r * i)))
}

/// An incidence with at least one 1 in every row and column.
fn incidence() -> impl Strategy<Value = (usize, Vec<f64>)> {
    (2usize..8, 2usize..8).prop_flat_map(|(r, i)| {
        prop::collection::vec(any::<bool>(), r * i).prop_map(move |cells| {
            let mut cells: Vec<f64> = cells.into_iter().map(f64::from).collect();
            for k in 0..r.max(i) {
                cells[(k % r) * i + k % i] = 1.0;
            }
            (i, cells)
        })
    })
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => Just(0.0),
        3 => Just(1.0),
        1 => prop_oneof![
            Just(-0.0),
            Just(-1.0),
            Just(f64::NAN),
            Just(f64::INFINITY),
            Just(1e308),
            Just(1e-308),
            Just(5e-324),
            Just(3e9),
        ],
        2 => 0.0..10.0,
    ]
}

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

proptest! {
    #[test]
    fn quotients_average_to_one((r, n, cells) in full_table()) {
        let table = matrix(&cells, n);
        let lq = location_quotients(table, QuotientForm::Ratio).unwrap();
        let total: f64 = cells.iter().sum();
        for i in 0..n {
            let mean: f64 = (0..r)
                .map(|q| table.row(q).iter().sum::<f64>() / total * lq[q * n + i].unwrap())
                .sum();
            prop_assert!((mean - 1.0).abs() < 1e-12);
        }
        let incidence = specialised(table, 1.0).unwrap();
        for (lq, held) in lq.iter().zip(incidence) {
            prop_assert!((lq.unwrap() - 1.0).abs() < 1e-12 || (lq.unwrap() >= 1.0) == (held == 1.0));
        }
        let symmetric = location_quotients(table, QuotientForm::Symmetric).unwrap();
        prop_assert!(symmetric.iter().all(|q| q.unwrap().abs() < 1.0));
    }

    #[test]
    fn the_unit_does_not_matter((_r, n, cells) in full_table()) {
        let other: Vec<f64> = cells.iter().map(|v| v * 1024.0).collect();
        let (a, b) = (matrix(&cells, n), matrix(&other, n));
        prop_assert_eq!(
            location_quotients(a, QuotientForm::Ratio),
            location_quotients(b, QuotientForm::Ratio)
        );
        prop_assert_eq!(specialised(a, 1.0), specialised(b, 1.0));
        let options = KrugmanOptions::default();
        prop_assert_eq!(krugman(a, &options), krugman(b, &options));
        prop_assert_eq!(
            regional_profiles(a).unwrap()[0].hachman,
            regional_profiles(b).unwrap()[0].hachman
        );
    }

    #[test]
    fn shrinking_moves_towards_one((_r, n, cells) in full_table()) {
        let table = matrix(&cells, n);
        let lq = location_quotients(table, QuotientForm::Ratio).unwrap();
        for (raw, shrunken) in lq.iter().zip(shrunken_quotients(table).unwrap()) {
            let raw = raw.unwrap();
            prop_assert!((shrunken - 1.0).abs() <= (raw - 1.0).abs() + 1e-9);
            prop_assert!((shrunken - 1.0) * (raw - 1.0) >= -1e-9);
        }
    }

    #[test]
    fn krugman_lies_between_zero_and_two((r, n, cells) in full_table()) {
        let table = matrix(&cells, n);
        for benchmark in [
            Benchmark::Rest,
            Benchmark::All,
            Benchmark::MeanOfOthers,
            Benchmark::Region(0),
        ] {
            let whole = krugman(
                table,
                &KrugmanOptions {
                    benchmark,
                    range: Range::ZeroToTwo,
                },
            )
            .unwrap();
            let half = krugman(
                table,
                &KrugmanOptions {
                    benchmark,
                    range: Range::ZeroToOne,
                },
            )
            .unwrap();
            for (w, h) in whole.iter().zip(half) {
                prop_assert!((0.0..=2.0).contains(w) && *w == 2.0 * h);
            }
        }
        let pair = krugman(
            table,
            &KrugmanOptions {
                benchmark: Benchmark::Region(0),
                ..Default::default()
            },
        )
        .unwrap();
        let o = overlap(table.row(r - 1), table.row(0)).unwrap();
        prop_assert!((pair[r - 1] - o.krugman).abs() < 1e-12);
        prop_assert_eq!(pair[0], 0.0);
    }

    #[test]
    fn equal_structures_have_no_specialisation(
        row in prop::collection::vec(0.5..100.0, 2..6),
        factor in 0.1..10.0,
    ) {
        let cells: Vec<f64> = row
            .iter()
            .copied()
            .chain(row.iter().map(|v| v * factor))
            .collect();
        let table = matrix(&cells, row.len());
        prop_assert!(
            krugman(table, &KrugmanOptions::default())
                .unwrap()
                .iter()
                .all(|k| *k < 1e-12)
        );
        prop_assert!(
            regional_profiles(table)
                .unwrap()
                .iter()
                .all(|p| (p.hachman - 1.0).abs() < 1e-12)
        );
        prop_assert!(
            locational_gini(table, GiniSide::Concentration, GiniWeights::Size)
                .unwrap()
                .iter()
                .all(|g| *g < 1e-12)
        );
        prop_assert!(
            hoover_concentration(table, None)
                .unwrap()
                .iter()
                .all(|h| *h < 1e-12)
        );
    }

    #[test]
    fn overlap_is_symmetric_and_bounded((_r, n, cells) in full_table()) {
        let (a, b) = (&cells[..n], &cells[n..2 * n]);
        let (one, two) = (overlap(a, b).unwrap(), overlap(b, a).unwrap());
        prop_assert!(
            (one.krugman - two.krugman).abs() < 1e-15
                && (one.jensen_shannon - two.jensen_shannon).abs() < 1e-15
        );
        prop_assert!((one.finger_kreinin - (1.0 - one.krugman / 2.0)).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&one.cosine) && (0.0..=1.0).contains(&one.bray_curtis));
        let same = overlap(a, a).unwrap();
        prop_assert!(same.krugman == 0.0 && same.jensen_shannon == 0.0 && (same.cosine - 1.0).abs() < 1e-12);
    }

    #[test]
    fn relatedness_is_symmetric((n, cells) in incidence()) {
        let table = matrix(&cells, n);
        for kind in KINDS {
            let related = relatedness(table, kind).unwrap();
            for i in 0..n {
                for j in 0..n {
                    prop_assert!((related[i * n + j] - related[j * n + i]).abs() < 1e-12);
                    prop_assert!(related[i * n + j] >= 0.0);
                }
            }
            let d = density(table, matrix(&related, n)).unwrap();
            prop_assert!(d.iter().all(|v| (0.0..=1.0 + 1e-12).contains(v)));
        }
    }

    #[test]
    fn complexity_is_an_eigenvector((n, cells) in incidence()) {
        let table = matrix(&cells, n);
        let r = cells.len() / n;
        let Ok(found) = complexity(table, ComplexityScaling::Regions) else {
            return Ok(());
        };
        prop_assert!((0.0..1.0).contains(&found.eigenvalue));
        for i in 0..n {
            let image: f64 = (0..r)
                .map(|q| table.at(q, i) * found.region_vector[q])
                .sum::<f64>()
                / found.ubiquity[i];
            prop_assert!((image - found.eigenvalue * found.industry_vector[i]).abs() < 1e-9);
        }
        // With this scaling a region is the mean of its industries.
        for q in 0..r {
            let mean: f64 =
                (0..n).map(|i| table.at(q, i) * found.industries[i]).sum::<f64>() / found.diversity[q];
            prop_assert!((mean - found.regions[q]).abs() < 1e-6);
        }
        let own = complexity(table, ComplexityScaling::Own).unwrap();
        prop_assert!(own.regions.iter().sum::<f64>().abs() < 1e-8 * r as f64);
    }

    #[test]
    fn fitness_has_mean_one((n, cells) in incidence()) {
        if let Ok(found) = fitness(
            matrix(&cells, n),
            &FitnessOptions {
                iterations: 20,
                ..Default::default()
            },
        ) {
            prop_assert!((found.regions.iter().sum::<f64>() - found.regions.len() as f64).abs() < 1e-9);
            prop_assert!((found.industries.iter().sum::<f64>() - n as f64).abs() < 1e-9);
        }
    }

    #[test]
    fn order_of_plants_does_not_matter(e in prop::collection::vec(1.0..100.0, 12), shift in 1usize..11) {
        let industry: Vec<usize> = (0..12).map(|k| k % 3).collect();
        let region: Vec<usize> = (0..12).map(|k| (k * k + k / 4) % 4).collect();
        let turn = |v: &[usize]| {
            let mut v = v.to_vec();
            v.rotate_left(shift);
            v
        };
        let mut e2 = e.clone();
        e2.rotate_left(shift);
        let one = ellison_glaeser(
            &e,
            &industry,
            &quyu_econometrics::profiles::renumber(&region).unwrap(),
            None,
        )
        .unwrap();
        let two = ellison_glaeser(
            &e2,
            &turn(&industry),
            &quyu_econometrics::profiles::renumber(&turn(&region)).unwrap(),
            None,
        )
        .unwrap();
        for (a, b) in one.iter().zip(two) {
            prop_assert!((a.gamma - b.gamma).abs() < 1e-9 && (a.raw - b.raw).abs() < 1e-12);
        }
    }

    #[test]
    fn hostile_tables_never_panic_and_never_give_nan(
        (r, n) in (1usize..5, 1usize..5),
        pool in prop::collection::vec(hostile(), 48),
        labels in prop::collection::vec(0usize..4, 8),
    ) {
        let table = matrix(&pool[..r * n], n);
        for form in [
            QuotientForm::Ratio,
            QuotientForm::Difference,
            QuotientForm::Symmetric,
        ] {
            if let Ok(lq) = location_quotients(table, form) {
                prop_assert!(lq.iter().flatten().all(|v| v.is_finite()));
            }
        }
        for values in [
            standardised_quotients(table, 0),
            standardised_quotients(table, 1),
            shrunken_quotients(table),
            specialised(table, 1.0),
            specialised(table, pool[40]),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(finite(&values));
        }
        for benchmark in [
            Benchmark::Rest,
            Benchmark::All,
            Benchmark::MeanOfOthers,
            Benchmark::Region(1),
        ] {
            if let Ok(k) = krugman(
                table,
                &KrugmanOptions {
                    benchmark,
                    ..Default::default()
                },
            ) {
                prop_assert!(finite(&k), "{benchmark:?} {k:?}");
            }
        }
        if let Ok(profiles) = regional_profiles(table) {
            prop_assert!(profiles.iter().all(|p| p.hhi.is_finite()
                && p.hachman.is_finite()
                && p.mean_quotient.is_finite()
                && p.relative_diversity.is_none_or(f64::is_finite)));
        }
        for side in [GiniSide::Concentration, GiniSide::Specialisation] {
            for weights in [GiniWeights::Size, GiniWeights::None] {
                if let Ok(g) = locational_gini(table, side, weights) {
                    prop_assert!(finite(&g));
                }
            }
        }
        for reference in [None, Some(&pool[20..20 + r])] {
            if let Ok(h) = hoover_concentration(table, reference) {
                prop_assert!(finite(&h));
            }
        }
        if let Ok(o) = overlap(&pool[..n], &pool[16..16 + n]) {
            prop_assert!(finite(&[
                o.krugman,
                o.cosine,
                o.bray_curtis,
                o.jensen_shannon,
                o.finger_kreinin
            ]));
        }
        for kind in KINDS {
            if let Ok(related) = relatedness(table, kind) {
                prop_assert!(finite(&related));
            }
        }
        if let Ok(z) = cooccurrence_z(table) {
            prop_assert!(finite(&z));
        }
        if let Ok(d) = density(table, matrix(&pool[16..16 + n * n], n)) {
            prop_assert!(finite(&d));
        }
        if let Ok(o) = opportunities(table, matrix(&pool[16..16 + n * n], n), &pool[40..40 + n]) {
            prop_assert!(finite(&o.outlook) && finite(&o.gain));
        }
        for scaling in [ComplexityScaling::Own, ComplexityScaling::Regions] {
            if let Ok(c) = complexity(table, scaling) {
                prop_assert!(finite(&c.regions) && finite(&c.industries));
            }
        }
        if let Ok(f) = fitness(table, &FitnessOptions::default()) {
            prop_assert!(finite(&f.regions));
        }
        if let Ok(steps) = reflections(table, 3) {
            prop_assert!(steps.iter().all(|s| finite(&s.regions) && finite(&s.industries)));
        }
        let region: Vec<usize> = labels.iter().rev().copied().collect();
        for totals in [None, Some(&pool[20..24])] {
            if let Ok(all) = ellison_glaeser(&pool[..8], &labels, &region, totals) {
                prop_assert!(
                    all.iter()
                        .all(|e| e.gamma.is_finite() && e.raw.is_finite() && e.z.is_none_or(f64::is_finite))
                );
            }
        }
        if let Ok(c) = coagglomeration(&pool[..8], &labels, &region, &pool[20..24]) {
            prop_assert!(c.is_finite());
        }
        let plants = matrix(&pool[16..16 + r * n], n);
        if let Ok(index) = litzenberger_sternberg(table, plants, &pool[32..32 + r], &pool[40..40 + r]) {
            prop_assert!(finite(&index));
        }
    }

    #[test]
    fn the_sum_of_the_table_as_reference_gives_the_quotients_of_the_table((r, n, cells) in full_table()) {
        let table = matrix(&cells, n);
        let whole: Vec<f64> = (0..n).map(|i| (0..r).map(|q| table.at(q, i)).sum()).collect();
        for form in [QuotientForm::Ratio, QuotientForm::Difference, QuotientForm::Symmetric, QuotientForm::Log] {
            let own = location_quotients(table, form).unwrap();
            let beside = quotients_against(table, matrix(&whole, n), form).unwrap();
            for (a, b) in own.iter().zip(beside) {
                prop_assert!((a.unwrap() - b.unwrap()).abs() < 1e-11 * (1.0 + a.unwrap().abs()));
            }
        }
        // Beside itself a region is as everywhere, and its specialisations are those of the other shared in full.
        let itself = quotients_against(table, table, QuotientForm::Ratio).unwrap();
        prop_assert!(itself.iter().all(|q| *q == Some(1.0)));
        prop_assert!(specialised_against(table, table, 1.0).unwrap().iter().all(|h| *h == 1.0));
        let lq = location_quotients(table, QuotientForm::Ratio).unwrap();
        let same = quotient_overlap(&lq[..n], &lq[..n], 1.0).unwrap();
        prop_assert!(same.complementary == 0 && same.shared == Some(1.0));
        prop_assert!(same.correlation.is_none_or(|c| (c - 1.0).abs() < 1e-9));
        let (a, b) = (
            quotient_overlap(&lq[..n], &lq[n..2 * n], 1.0).unwrap(),
            quotient_overlap(&lq[n..2 * n], &lq[..n], 1.0).unwrap(),
        );
        prop_assert_eq!((a.shared, a.complementary), (b.shared, b.complementary));
    }

    #[test]
    fn raw_concentration_is_nothing_for_equal_structures_and_knows_no_unit((r, n, cells) in full_table()) {
        let table = matrix(&cells, n);
        let larger: Vec<f64> = cells.iter().map(|v| v * 1024.0).collect();
        prop_assert_eq!(raw_concentration(table), raw_concentration(matrix(&larger, n)));
        prop_assert!(raw_concentration(table).unwrap().iter().all(|g| (0.0..2.0).contains(&g.raw)));
        let same: Vec<f64> = (0..r).flat_map(|q| (0..n).map(move |i| ((q + 1) * (i + 1)) as f64)).collect();
        prop_assert!(raw_concentration(matrix(&same, n)).unwrap().iter().all(|g| g.raw < 1e-25));
    }

    #[test]
    fn hostile_references_never_panic_and_never_give_nan(
        (r, n) in (1usize..5, 1usize..5),
        pool in prop::collection::vec(hostile(), 48),
        threshold in hostile(),
    ) {
        let table = matrix(&pool[..r * n], n);
        for reference in [matrix(&pool[16..16 + n], n), matrix(&pool[16..16 + r * n], n), matrix(&pool[16..18], 1)] {
            for form in [QuotientForm::Ratio, QuotientForm::Difference, QuotientForm::Symmetric, QuotientForm::Log] {
                if let Ok(lq) = quotients_against(table, reference, form) {
                    prop_assert!(lq.iter().flatten().all(|v| v.is_finite()));
                }
            }
            if let Ok(held) = specialised_against(table, reference, threshold) {
                prop_assert!(held.iter().all(|h| *h == 0.0 || *h == 1.0));
            }
        }
        if let Ok(all) = raw_concentration(table) {
            prop_assert!(all.iter().all(|g| g.raw.is_finite() && g.scaled.is_finite()));
        }
        let some = |v: &[f64]| v.iter().map(|x| (*x != 1.0).then_some(*x)).collect::<Vec<_>>();
        if let Ok(o) = quotient_overlap(&some(&pool[..n]), &some(&pool[32..32 + n]), threshold) {
            prop_assert!(o.correlation.is_none_or(|c| (-1.0..=1.0).contains(&c)));
            prop_assert!(o.shared.is_none_or(|s| (0.0..=1.0).contains(&s)));
        }
    }
}

const KINDS: [Relatedness; 5] = [
    Relatedness::Association,
    Relatedness::Probability,
    Relatedness::Cosine,
    Relatedness::Jaccard,
    Relatedness::MinimumConditional,
];

#[test]
fn an_empty_region_or_industry_has_no_quotient() {
    let cells = [1.0, 0.0, 0.0, 0.0, 2.0, 0.0];
    let lq = location_quotients(matrix(&cells, 2), QuotientForm::Ratio).unwrap();
    assert_eq!(lq, [Some(1.0), None, None, None, Some(1.0), None]);
    assert_eq!(
        specialised(matrix(&cells, 2), 1.0).unwrap(),
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    );
}

#[test]
fn a_region_without_diversity_is_named() {
    let cells = [1.0, 1.0, 0.0, 0.0, 1.0, 0.0];
    let error = complexity(matrix(&cells, 2), ComplexityScaling::Own).unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "diversity",
            index: 1
        }
    );
}

#[test]
fn two_unlinked_halves_have_no_complexity() {
    let cells = [1.0, 0.0, 0.0, 1.0];
    let error = complexity(matrix(&cells, 2), ComplexityScaling::Own).unwrap_err();
    assert!(matches!(error, Error::Undefined { .. }));
}

/// Two small parts, each too small to be seen beside the largest double, are seen together.
#[test]
fn bray_curtis_keeps_its_range_at_the_end_of_the_doubles() {
    let part = 7.13864063858553e291;
    let o = overlap(&[0.001, part, 0.001, 0.001], &[f64::MAX, 0.001, 0.001, part]).unwrap();
    assert!((o.bray_curtis - 1.0).abs() < 1e-12, "{}", o.bray_curtis);
}
