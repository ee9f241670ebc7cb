//! Laws of sets, mixes and agreement, and values of other packages.

use proptest::prelude::*;
use quyu_econometrics::policy::{
    Disagreement, KappaWeights, alone, chance_fit, chi_square_distance, cohen_kappa, combinations,
    compare_sets, krippendorff_alpha, mix,
};
use quyu_econometrics::{Error, Matrix};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * (1.0 + a.abs() + b.abs())
}

fn pairs() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    (2_usize..40).prop_flat_map(|n| {
        (
            prop::collection::vec(0_usize..4, n),
            prop::collection::vec(0_usize..4, n),
        )
    })
}

proptest! {
    #[test]
    fn sets_are_compared_both_ways(cells in prop::collection::vec((any::<bool>(), any::<bool>()), 1..40)) {
        let (a, b): (Vec<bool>, Vec<bool>) = cells.into_iter().unzip();
        let (ab, ba) = (compare_sets(&a, &b).unwrap(), compare_sets(&b, &a).unwrap());
        prop_assert_eq!(ab.jaccard, ba.jaccard);
        prop_assert_eq!(ab.overlap, ba.overlap);
        if let (Some(x), Some(y)) = (ab.containment, ba.containment) {
            prop_assert_eq!(ab.overlap, Some(x.max(y)));
            prop_assert!(ab.jaccard.unwrap() <= x.min(y));
        }
        let lone = alone(&[a, b]).unwrap();
        prop_assert_eq!(lone, [ab.a - ab.both, ab.b - ab.both]);
    }

    #[test]
    fn a_fit_is_that_of_all_blind_draws(strong in prop::collection::vec(any::<bool>(), 1..10), bits in any::<u32>()) {
        let n = strong.len();
        let member = |set: u32| (0..n).map(|i| set >> i & 1 == 1).collect::<Vec<bool>>();
        let named = member(bits);
        let fit = chance_fit(&named, &strong).unwrap();
        // Every other choice of the same size, one by one.
        let draws: Vec<usize> = (0..1_u32 << n)
            .map(member)
            .filter(|d| d.iter().filter(|x| **x).count() == fit.named)
            .map(|d| d.iter().zip(&strong).filter(|(x, y)| **x && **y).count())
            .collect();
        let all = draws.len() as f64;
        let mean = draws.iter().sum::<usize>() as f64 / all;
        prop_assert!(close(fit.expected.unwrap(), mean));
        let at_least = draws.iter().filter(|d| **d >= fit.both).count() as f64 / all;
        match fit.p_value {
            Some(p) => prop_assert!(close(p, at_least)),
            None => prop_assert_eq!(fit.named, 0),
        }
    }

    #[test]
    fn combinations_share_out_every_element_once(
        sets in (1_usize..30).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(any::<bool>(), n), 1..5))
    ) {
        let found = combinations(&sets).unwrap();
        let mut seen: Vec<usize> = found.iter().flat_map(|c| c.elements.clone()).collect();
        seen.sort_unstable();
        let held: Vec<usize> = (0..sets[0].len()).filter(|e| sets.iter().any(|s| s[*e])).collect();
        prop_assert_eq!(seen, held);
        // The size of a set is that of the combinations in which it takes part.
        for (s, set) in sets.iter().enumerate() {
            let sum: usize = found.iter().filter(|c| c.members[s]).map(|c| c.elements.len()).sum();
            prop_assert_eq!(sum, set.iter().filter(|x| **x).count());
        }
        let keys: Vec<_> = found.iter().map(|c| (std::cmp::Reverse(c.elements.len()), c.degree())).collect();
        prop_assert!(keys.windows(2).all(|w| w[0] <= w[1]));
    }

    #[test]
    fn a_mix_has_bounds_and_no_scale(values in prop::collection::vec(0.0_f64..1e6, 2..12), scale in 1e-3_f64..1e3) {
        prop_assume!(values.iter().any(|v| *v > 1.0));
        let m = mix(&values).unwrap();
        let k = values.len() as f64;
        prop_assert!(m.hhi >= 1.0 / k - 1e-12 && m.hhi <= 1.0 + 1e-12);
        // Rényi's entropies fall with their order: Shannon's is at least minus the log of the HHI.
        prop_assert!(m.entropy >= -quyu_math::ln(m.hhi) - 1e-12);
        let scaled: Vec<f64> = values.iter().map(|v| v * scale).collect();
        prop_assert!(close(mix(&scaled).unwrap().entropy, m.entropy));
    }

    #[test]
    fn chi_square_distances_are_symmetric_and_know_no_size(values in prop::collection::vec(1.0_f64..100.0, 12)) {
        let d = chi_square_distance(Matrix::new(&values, 3, 4).unwrap()).unwrap();
        for a in 0..3 {
            prop_assert_eq!(d[a * 3 + a], 0.0);
            for b in 0..3 {
                prop_assert_eq!(d[a * 3 + b], d[b * 3 + a]);
                prop_assert!(d[a * 3 + b] <= d[a * 3] + d[b] + 1e-12);
            }
        }
        // Distributional equivalence: a class split in equal proportions leaves the distances as they are.
        let split: Vec<f64> = values.chunks(4).flat_map(|r| [r[0], r[1], r[2], r[3] / 4.0, r[3] * 3.0 / 4.0]).collect();
        let e = chi_square_distance(Matrix::new(&split, 3, 5).unwrap()).unwrap();
        prop_assert!(d.iter().zip(&e).all(|(x, y)| close(*x, *y)));
    }

    #[test]
    fn coders_are_exchangeable((a, b) in pairs()) {
        for weights in [KappaWeights::Unweighted, KappaWeights::Linear, KappaWeights::Quadratic] {
            match (cohen_kappa(&a, &b, 4, weights), cohen_kappa(&b, &a, 4, weights)) {
                (Ok(x), Ok(y)) => prop_assert!(close(x, y) && x <= 1.0),
                (x, y) => prop_assert_eq!(x, y),
            }
        }
        let codes = |p: &[usize], q: &[usize]| p.iter().zip(q).flat_map(|(x, y)| [Some(*x), Some(*y)]).collect::<Vec<_>>();
        for kind in [Disagreement::Nominal, Disagreement::Ordinal] {
            let (x, y) = (krippendorff_alpha(&codes(&a, &b), 2, 4, kind), krippendorff_alpha(&codes(&b, &a), 2, 4, kind));
            match (x, y) {
                (Ok(x), Ok(y)) => prop_assert!(close(x, y) && x <= 1.0),
                (x, y) => prop_assert_eq!(x, y),
            }
        }
    }

    #[test]
    fn full_agreement_is_one((a, _) in pairs()) {
        prop_assume!(a.iter().any(|x| *x != a[0]));
        prop_assert_eq!(cohen_kappa(&a, &a, 4, KappaWeights::Linear), Ok(1.0));
        let codes: Vec<Option<usize>> = a.iter().flat_map(|x| [Some(*x), Some(*x), None]).collect();
        prop_assert_eq!(krippendorff_alpha(&codes, 3, 4, Disagreement::Ordinal), Ok(1.0));
    }
}

/// Krippendorff (2011), example C: four coders, twelve units, missing codes.
#[test]
fn krippendorffs_own_example() {
    let coders: [&[usize; 12]; 4] = [
        &[1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        &[1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        &[0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        &[1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];
    let codes: Vec<Option<usize>> = (0..12)
        .flat_map(|u| coders.map(|c| c[u].checked_sub(1)))
        .collect();
    let nominal = krippendorff_alpha(&codes, 4, 5, Disagreement::Nominal).unwrap();
    let ordinal = krippendorff_alpha(&codes, 4, 5, Disagreement::Ordinal).unwrap();
    assert!((nominal - 0.743).abs() < 5e-4, "{nominal}");
    assert!((ordinal - 0.815).abs() < 5e-4, "{ordinal}");
}

/// The values of `sklearn.metrics.cohen_kappa_score`.
#[test]
fn kappa_as_scikit_learn() {
    let a = [0, 0, 1, 1, 2, 2, 2, 1, 0, 2];
    let b = [0, 1, 1, 2, 2, 2, 1, 1, 0, 0];
    let of = |w| cohen_kappa(&a, &b, 3, w).unwrap();
    assert!(close(of(KappaWeights::Unweighted), 0.4029850746268657));
    assert!(close(of(KappaWeights::Linear), 0.4318181818181819));
    assert!(close(of(KappaWeights::Quadratic), 0.46153846153846156));
}

#[test]
fn what_has_no_value_is_an_error() {
    assert!(matches!(chance_fit(&[true], &[]), Err(Error::Length { .. })));
    let nothing = chance_fit(&[], &[]).unwrap();
    assert_eq!((nothing.expected, nothing.p_value), (None, None));
    assert!(matches!(compare_sets(&[true], &[]), Err(Error::Length { .. })));
    assert_eq!(compare_sets(&[false], &[false]).unwrap().jaccard, None);
    assert!(matches!(mix(&[0.0, 0.0]), Err(Error::Undefined { .. })));
    assert!(matches!(mix(&[-1.0, 2.0]), Err(Error::Negative { index: 0, .. })));
    assert!(matches!(mix(&[f64::NAN]), Err(Error::NotFinite { .. })));
    assert!(matches!(
        cohen_kappa(&[0, 0], &[0, 0], 2, KappaWeights::Unweighted),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        cohen_kappa(&[0, 2], &[0, 0], 2, KappaWeights::Unweighted),
        Err(Error::Label { index: 1, .. })
    ));
    let lone = [Some(0), None, None, Some(1)];
    assert!(matches!(
        krippendorff_alpha(&lone, 2, 2, Disagreement::Nominal),
        Err(Error::TooFew { .. })
    ));
    assert!(matches!(
        krippendorff_alpha(&lone[..3], 2, 2, Disagreement::Nominal),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        krippendorff_alpha(&[Some(1), Some(1)], 2, 2, Disagreement::Nominal),
        Err(Error::Undefined { .. })
    ));
}
